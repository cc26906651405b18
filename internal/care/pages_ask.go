package care

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// Address tells who asks, for the throttle alone: it is not kept.
type Address func(r *http.Request) string

const (
	askPath  = "/ask"
	backPath = "/ask/back"
	// neutral is where somebody who leaves in a hurry lands: a page that is nothing to be asked about.
	neutral = "https://www.weather.com.cn/"
)

// askView is one of the public pages. Titles say nothing: they stand in the history of a telephone that others hold, too.
type askView struct {
	Head, Lead string
	Texts      []string // what went wrong
	Step, Way  string   // which step it is; how to come back to those before
	Danger     string   // whom words of danger speak to: "young" who may be in it, "other" who tells of somebody; "" without such words
	Numbers    []ui.Link
	Desk       string // whose desk, its hours
	Phone      string
	Faults     []ui.Fault
	Spec       *ui.FormSpec
	Inputs     []ui.Input
	Rule       []string // the text that whoever asks agrees to
	After      string   // under the form
	Receipt    string
	Next       []string // what happens now
	Links      []ui.Link
	Lines      []ui.Word
	Stay       *ui.Post // do not hand over to another desk
	Part       *ui.Post // take back the consent to let others read
	Rate       *ui.FormSpec
	RateInputs []ui.Input
	Lang       ui.Link
}

// in answers in the language that the form or the address names: nothing is kept of whoever asks, no cookie either.
func in(r *http.Request, lang string) *http.Request {
	if lang == "zh" || lang == "en" {
		return r.WithContext(i18n.In(r.Context(), lang))
	}
	return r
}

func (s *Service) public(w http.ResponseWriter, r *http.Request, v askView, status int) error {
	ctx := r.Context()
	w.Header().Set("Referrer-Policy", "no-referrer")
	for _, n := range Numbers() {
		name := n.Zh
		if i18n.Lang(ctx) == "en" {
			name = n.En
		}
		v.Numbers = append(v.Numbers, ui.Link{Text: n.Tel + " " + name, Href: "tel:" + n.Tel})
	}
	return web.Render(w, r, web.Page{Title: strings.TrimSpace(v.Step + " " + tr(ctx, "care.ask.title")), Plain: true, Bare: true, Leaves: true, Status: status, Error: len(v.Faults) > 0}, askTempl(v))
}

// askPage is the first step, or the choice of a desk where the address names none.
func (s *Service) askPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	r = in(r, q.Get("lang"))
	ctx := r.Context()
	u, err := id.Parse(q.Get("unit"))
	if err != nil {
		return s.choose(w, r, Ask{})
	}
	d, err := s.Desk(ctx, u)
	if err != nil {
		return err
	}
	if !d.Open {
		return s.choose(w, r, Ask{})
	}
	return s.form(w, r, d, Ask{Unit: d.Unit}, 1, nil, http.StatusOK)
}

// named is the key of a text that promises that nobody has to leave a name, or of the one in its place where the rule asks for it.
func named(rule Rule, key string) string {
	if rule.Asks == 1 {
		return key + "_named"
	}
	return key
}

// everywhere is the whole tree: all may know of the desks.
var everywhere = scope.Range{To: math.MaxInt64}

// choose lists the desks. What was typed already, by somebody who came back this far, goes along to the desk that is chosen: by a form,
// so that it stands in no address.
func (s *Service) choose(w http.ResponseWriter, r *http.Request, a Ask) error {
	ctx := r.Context()
	list, err := s.Desks(ctx, everywhere)
	if err != nil {
		return err
	}
	if web.WantsJSON(r) {
		return s.desksJSON(w, r, list)
	}
	rule, err := s.Rule(ctx)
	if err != nil {
		return err
	}
	v := askView{Head: tr(ctx, "care.ask.where"), Lead: tr(ctx, named(rule, "care.ask.where_lead")), Links: []ui.Link{}}
	typed := a.carried(0)
	if len(typed) > 0 {
		v.Spec = &ui.FormSpec{Action: askPath, Hidden: append(typed, ui.Pair{Name: "step", Value: "0"}, ui.Pair{Name: "lang", Value: i18n.Lang(ctx)})}
	}
	for _, d := range list {
		u, err := s.rec.Home(ctx, d.Unit)
		if err != nil {
			return err
		}
		if v.Spec != nil {
			v.Spec.More = append(v.Spec.More, ui.Button{Text: u.Name, Name: "unit", Value: d.Unit.String(), Sub: reached(ctx, d)})
			continue
		}
		v.Links = append(v.Links, ui.Link{Text: u.Name, Href: askPath + "?" + url.Values{"unit": {d.Unit.String()}, "lang": {i18n.Lang(ctx)}}.Encode(), Sub: reached(ctx, d)})
	}
	if len(list) == 0 {
		v.Head, v.Lead = tr(ctx, "care.ask.nowhere"), tr(ctx, "care.ask.nowhere_lead")
	}
	v.After = tr(ctx, "care.ask.have")
	return s.public(w, r, v, http.StatusOK)
}

// reached is when somebody is at a desk, and under which number: a human's number stands on every page.
func reached(ctx context.Context, d Desk) string {
	return tr(ctx, "care.ask.phone_of", "Hours", d.Hours, "Phone", d.Phone)
}

func read(f *web.Form) Ask {
	a := Ask{Kind: f.Text("kind"), Asker: f.Text("asker"), Text: f.Text("text"), Way: f.Text("way"), Contact: f.Text("contact"), Name: f.Text("name"), Receipt: f.Text("receipt"), Proof: f.Text("proof"), Phrase: f.Text("phrase")}
	a.Unit, _ = id.Parse(f.Text("unit"))
	a.Rule, _ = strconv.ParseInt(f.Text("rule"), 10, 64)
	a.Agree = f.Text("agree") != ""
	return a
}

// carried is what was typed on other steps than this one.
func (a Ask) carried(step int) (out []ui.Pair) {
	hide := func(at int, name, value string) {
		if at != step && value != "" {
			out = append(out, ui.Pair{Name: name, Value: value})
		}
	}
	hide(1, "kind", a.Kind)
	hide(1, "asker", a.Asker)
	hide(2, "text", a.Text)
	hide(3, "way", a.Way)
	hide(3, "contact", a.Contact)
	hide(3, "name", a.Name)
	hide(3, "phrase", a.Phrase)
	hide(4, "receipt", a.Receipt) // of all steps
	hide(4, "proof", a.Proof)
	return out
}

// askPost goes on to the next step, or keeps the request at the last. What was typed travels in the form; nothing is kept before.
func (s *Service) askPost(w http.ResponseWriter, r *http.Request) error {
	f, files, err := readWithFiles(w, r)
	if err != nil {
		return err
	}
	r = in(r, f.Text("lang"))
	ctx := r.Context()
	a := read(f)
	a.Files = files
	step, err := strconv.Atoi(f.Text("step"))
	if err != nil {
		step = 1
	}
	if web.WantsJSON(r) {
		return s.askJSON(w, r, a, step)
	}
	step = min(max(step, 0), 3) // 0 is the choice of a desk
	d, err := s.Desk(ctx, a.Unit)
	if err != nil {
		return err
	}
	switch {
	case f.Has("back") && step <= 1:
		return s.choose(w, r, a)
	case f.Has("back"):
		return s.form(w, r, d, a, step-1, nil, http.StatusOK)
	case step == 0:
		return s.form(w, r, d, a, 1, nil, http.StatusOK)
	}
	var q Request
	if step == 3 {
		q, err = s.Ask(ctx, a, s.addr(r))
	} else {
		err = s.Check(ctx, a, step)
	}
	switch {
	case err != nil:
		return s.form(w, r, d, a, step, err, 0)
	case step < 3:
		return s.form(w, r, d, a, step+1, nil, http.StatusOK)
	}
	return s.received(w, r, d, a, q)
}

// form shows a step, with what has to be changed.
func (s *Service) form(w http.ResponseWriter, r *http.Request, d Desk, a Ask, step int, failed error, status int) error {
	ctx := r.Context()
	u, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return err
	}
	rule, err := s.Rule(ctx)
	if err != nil {
		return err
	}
	var at map[string]string
	lead := "care.ask.lead_" + strconv.Itoa(step)
	if step == 1 {
		lead = named(rule, lead)
	}
	v := askView{Head: tr(ctx, "care.ask.head_"+strconv.Itoa(step)), Lead: tr(ctx, lead), Step: tr(ctx, "care.ask.step", "N", step), Desk: tr(ctx, "care.ask.desk", "Unit", u.Name, "Hours", d.Hours), Phone: d.Phone, Danger: spoken(Dangerous(a.Text), a.Asker)}
	if failed != nil {
		var rest error
		if at, v.Faults, status, rest = faults(ctx, failed); rest != nil {
			return rest
		}
	}
	if step == 3 && a.Receipt == "" {
		if a.Receipt, a.Proof, err = s.NewReceipt(ctx); err != nil {
			return err
		}
	}
	v.Spec = &ui.FormSpec{Action: askPath, Submit: tr(ctx, "care.ask.on")}
	v.Spec.More = []ui.Button{{Text: tr(ctx, "care.ask.one_back"), Name: "back", Value: "1", NoCheck: true}}
	v.Spec.Hidden = a.carried(step)
	if step > 1 {
		v.Way = tr(ctx, "care.ask.way_back")
	}
	hide := func(name, value string) {
		if value != "" {
			v.Spec.Hidden = append(v.Spec.Hidden, ui.Pair{Name: name, Value: value})
		}
	}
	hide("step", strconv.Itoa(step))
	hide("lang", i18n.Lang(ctx))
	hide("unit", d.Unit.String())
	field := func(in ui.Input) {
		in.Error, in.Autocomplete, in.Sealed = at[in.Name], "off", true
		v.Inputs = append(v.Inputs, in)
	}
	switch step {
	case 1:
		field(ui.Input{Kind: ui.KindRadio, Name: "kind", Label: tr(ctx, "care.ask.kind"), Value: a.Kind, Options: options(ctx, "care.kind.", d.Kinds, "care.kind_sub.")})
		field(ui.Input{Kind: ui.KindRadio, Name: "asker", Label: tr(ctx, "care.ask.asker"), Value: a.Asker, Options: options(ctx, "care.asker.", Askers, "")})
	case 2:
		field(ui.Input{Kind: ui.KindArea, Name: "text", Label: tr(ctx, "care.ask.text"), Hint: tr(ctx, "care.ask.text_hint"), Value: a.Text, Lines: 8})
	case 3:
		v.Spec.Submit = tr(ctx, "care.ask.send")
		field(ui.Input{Kind: ui.KindRadio, Name: "way", Label: tr(ctx, "care.ask.way"), Value: a.Way, Options: waysFor(ctx, a.Asker, rule)})
		field(ui.Input{Name: "contact", Label: tr(ctx, "care.ask.contact"), Hint: tr(ctx, "care.ask.contact_hint"), Value: a.Contact, Optional: true, MaxLength: maxContact})
		field(ui.Input{Name: "name", Label: tr(ctx, "care.ask.name"), Hint: tr(ctx, "care.ask.name_hint"), Value: a.Name, Optional: true, MaxLength: maxName})
		field(ui.Input{Name: "phrase", Label: tr(ctx, "care.ask.phrase"), Hint: tr(ctx, "care.ask.phrase_hint"), Value: a.Phrase, MaxLength: maxPhrase})
		if rule.Asks == 1 {
			hide("rule", numbered(rule.Version))
			agreed := ""
			if a.Agree && a.Rule == rule.Version {
				agreed = "1"
			}
			v.Rule = web.TextLines(rule.Body)
			for i := range v.Inputs {
				if v.Inputs[i].Name == "name" || v.Inputs[i].Name == "contact" {
					v.Inputs[i].Optional, v.Inputs[i].Hint, v.Inputs[i].Label = false, tr(ctx, "care.rule_hint"), tr(ctx, named(rule, "care.ask."+v.Inputs[i].Name))
				}
			}
			field(ui.Input{Kind: ui.KindCheck, Name: "agree", Label: tr(ctx, "care.rule_i_agree", "N", rule.Version, "Day", i18n.Day(ctx, rule.Day)), Value: agreed})
		}
		v.Spec.Multipart = true
		v.Inputs = append(v.Inputs, filesInput(tr(ctx, "care.ask.files"), tr(ctx, "care.ask.files_hint", "N", MostFiles, "MB", MaxFileBytes>>20), at["files"]))
	}
	v.After = tr(ctx, "care.ask.private")
	return s.public(w, r, v, status)
}

// Trouble says on a page for those who ask what went wrong: the way out and the numbers stand on every one, and what was typed can be
// copied from it. It is a web.Dresser.
func (s *Service) Trouble(w http.ResponseWriter, r *http.Request, t web.Trouble) bool {
	if r.URL.Path != askPath && !strings.HasPrefix(r.URL.Path, askPath+"/") {
		return false
	}
	r = in(r, r.URL.Query().Get("lang"))
	ctx := r.Context()
	v := askView{Head: tr(ctx, "care.ask.trouble"), Texts: t.Texts, Links: []ui.Link{{Text: tr(ctx, "care.ask.again"), Href: askPath + "?lang=" + i18n.Lang(ctx)}}}
	if r.Method == http.MethodGet { // nothing was sent
		v.Head = tr(ctx, "care.ask.no_page")
	}
	if t.Number != "" {
		v.Texts = append(v.Texts, tr(ctx, "care.ask.number", "Number", t.Number))
	}
	if typed := web.TextLines(readable(r.PostForm.Get("text"))); len(typed) > 0 {
		v.Lead = tr(ctx, "care.ask.trouble_typed")
		v.Lines = []ui.Word{{Mine: true, Who: tr(ctx, "care.ask.me"), Paras: typed}}
	}
	return s.public(w, r, v, t.Status) == nil
}

// readable is a text without what no page can show.
func readable(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\n' {
			return -1
		}
		return c
	}, strings.ToValidUTF8(text, ""))
}

// spoken tells to whom words of danger speak: whoever is young themself, or who tells of a young person.
func spoken(danger bool, asker string) string {
	switch {
	case !danger:
		return ""
	case asker == "young":
		return "young"
	}
	return "other"
}

// wayKey is how somebody wants to be answered in words that fit who asks: a teacher has no parents to be rung.
func wayKey(way, asker string) string {
	if way == "school" && asker != "young" {
		return "school_other"
	}
	return way
}

func waysFor(ctx context.Context, asker string, rule Rule) (out []ui.Option) {
	for _, x := range Ways {
		if x != "guardian" || asker == "young" {
			sub := "care.way_sub." + x
			if x == "here" { // the one that says that no number is needed
				sub = named(rule, sub)
			}
			out = append(out, ui.Option{Value: x, Text: tr(ctx, "care.way."+wayKey(x, asker)), Sub: tr(ctx, sub)})
		}
	}
	return out
}

func options(ctx context.Context, key string, list []string, sub string) (out []ui.Option) {
	for _, x := range list {
		o := ui.Option{Value: x, Text: tr(ctx, key+x)}
		if sub != "" {
			o.Sub = tr(ctx, sub+x)
		}
		out = append(out, o)
	}
	return out
}

// received shows the receipt: not at an address of its own, which would stay in the history.
func (s *Service) received(w http.ResponseWriter, r *http.Request, d Desk, a Ask, q Request) error {
	ctx := r.Context()
	u, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return err
	}
	v := askView{Head: tr(ctx, "care.ask.received"), Lead: tr(ctx, "care.ask.received_lead"), Receipt: grouped(anon.Digits(a.Receipt)), Danger: spoken(q.Danger == 1, q.Asker), Phone: d.Phone,
		Desk: tr(ctx, "care.ask.desk", "Unit", u.Name, "Hours", d.Hours), After: tr(ctx, "care.ask.keep")}
	v.Next = []string{tr(ctx, "care.ask.next_read")}
	if q.Way != "here" { // whoever is to be rung, or whose family or school, reads that it will be so
		next := "care.ask.next_" + wayKey(q.Way, q.Asker)
		if q.careful() {
			next = "care.ask.next_careful." + spoken(true, q.Asker)
		}
		v.Next = append(v.Next, tr(ctx, next))
	}
	v.Next = append(v.Next, tr(ctx, "care.ask.next_due", "At", moment(ctx, q.DueAt)), tr(ctx, "care.ask.next_back"))
	v.Links = []ui.Link{{Text: tr(ctx, "care.ask.back"), Href: backPath + "?lang=" + i18n.Lang(ctx)}}
	return s.public(w, r, v, http.StatusOK)
}

func moment(ctx context.Context, millis int64) string {
	t := time.UnixMilli(millis).In(clock.Shanghai)
	return i18n.Day(ctx, clock.DayOf(t)) + " " + t.Format("15:04")
}

// backPage asks for receipt and phrase.
func (s *Service) backPage(w http.ResponseWriter, r *http.Request) error {
	r = in(r, r.URL.Query().Get("lang"))
	return s.askBack(w, r, url.Values{}, nil)
}

// askBack asks for receipt and phrase, with the receipt that was typed; the phrase is typed anew. Words that were written on a page which had
// grown old stay in the form and stand in their box once it is open again, but are not shown before.
func (s *Service) askBack(w http.ResponseWriter, r *http.Request, typed url.Values, failed error) error {
	ctx, status := r.Context(), http.StatusOK
	v := askView{Head: tr(ctx, "care.ask.back"), Lead: tr(ctx, "care.ask.back_lead"), Spec: &ui.FormSpec{Action: backPath, Submit: tr(ctx, "care.ask.open"), Hidden: []ui.Pair{{Name: "lang", Value: i18n.Lang(ctx)}}}, After: tr(ctx, "care.ask.lost")}
	if failed != nil {
		var rest error
		if _, v.Faults, status, rest = faults(ctx, failed); rest != nil {
			return rest
		}
	}
	if text := typed.Get("text"); text != "" {
		v.Spec.Hidden = append(v.Spec.Hidden, ui.Pair{Name: "text", Value: text})
	}
	v.Inputs = []ui.Input{{Name: "receipt", Label: tr(ctx, "care.ask.receipt"), Hint: tr(ctx, "care.ask.receipt_hint"), Value: typed.Get("receipt"), Autocomplete: "off", MaxLength: 40, Sealed: true},
		{Name: "phrase", Label: tr(ctx, "care.ask.phrase"), Autocomplete: "off", MaxLength: maxPhrase, Sealed: true}}
	v.Links = []ui.Link{{Text: tr(ctx, "care.ask.desks"), Href: askPath + "?lang=" + i18n.Lang(ctx)}}
	return s.public(w, r, v, status)
}

// faults are what has to be changed, or that somebody has to wait, over the form that is shown again with what was typed; other errors
// are handed back.
func faults(ctx context.Context, failed error) (at map[string]string, list []ui.Fault, status int, rest error) {
	if errs.Is(failed, errs.Throttled) {
		return nil, web.Faults(ctx, failed), http.StatusTooManyRequests, nil
	}
	at, list, rest = web.Problems(ctx, failed)
	return at, list, http.StatusUnprocessableEntity, rest
}

func (s *Service) backPost(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	r = in(r, f.Text("lang"))
	out, err := s.Back(r.Context(), f.Text("receipt"), f.Text("phrase"), s.addr(r))
	if errs.Is(err, errs.Throttled) || errs.Is(err, errs.Invalid) {
		return s.askBack(w, r, f.Values, err)
	}
	if err != nil {
		return err
	}
	return s.thread(w, r, out, nil, f.Get("text"))
}

func (s *Service) sayPost(w http.ResponseWriter, r *http.Request) error {
	f, files, err := readWithFiles(w, r)
	if err != nil {
		return err
	}
	r = in(r, f.Text("lang"))
	if f.Has("part") {
		out, err := s.Part(r.Context(), f.Text("token"))
		return s.spoken(w, r, out, err, "")
	}
	if f.Has("reply") {
		entry, _ := id.Parse(f.Text("entry"))
		out, err := s.Reply(r.Context(), f.Text("token"), entry, f.Text("reply"))
		return s.spoken(w, r, out, err, "")
	}
	if f.Has("stay") {
		out, err := s.Stay(r.Context(), f.Text("token"))
		return s.spoken(w, r, out, err, "")
	}
	out, err := s.Say(r.Context(), f.Text("token"), f.Text("text"), f.Key(), files...)
	return s.spoken(w, r, out, err, f.Text("text"))
}

func (s *Service) ratePost(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	r = in(r, f.Text("lang"))
	score, _ := strconv.ParseInt(f.Text("score"), 10, 64)
	out, err := s.Rate(r.Context(), f.Text("token"), score)
	return s.spoken(w, r, out, err, "")
}

// spoken is the page after a word of the asker; an old one asks for receipt and phrase again and keeps nothing from anybody.
func (s *Service) spoken(w http.ResponseWriter, r *http.Request, out Answer, err error, typed string) error {
	if out.Request.ID == 0 {
		if errs.Is(err, errs.Conflict) || errs.Is(err, errs.NotFound) {
			old := "care.page_old"
			if strings.TrimSpace(typed) != "" {
				old = "care.page_old_kept"
			}
			return s.askBack(w, r, url.Values{"text": {typed}}, errs.New(errs.Invalid, old))
		}
		return err
	}
	return s.thread(w, r, out, err, typed)
}

// thread is a request as whoever asked reads it, with the box to write in.
func (s *Service) thread(w http.ResponseWriter, r *http.Request, out Answer, failed error, typed string) error {
	if failed == nil && web.WantsJSON(r) {
		return threadJSON(w, out)
	}
	ctx := r.Context()
	q := out.Request
	v := askView{Head: tr(ctx, "care.ask.thread"), Lead: tr(ctx, "care.ask.is."+string(q.State)), Desk: tr(ctx, "care.ask.desk", "Unit", out.Unit, "Hours", out.Desk.Hours), Phone: out.Desk.Phone, Danger: spoken(q.Danger == 1, q.Asker)}
	status := http.StatusOK
	var at map[string]string
	if failed != nil {
		var rest error
		if at, v.Faults, status, rest = faults(ctx, failed); rest != nil {
			return rest
		}
	}
	hidden := []ui.Pair{{Name: "lang", Value: i18n.Lang(ctx)}, {Name: "token", Value: out.Token}}
	for _, e := range out.Entries {
		l := ui.Word{Mine: e.Kind == Asked, Who: tr(ctx, "care.ask.me"), When: moment(ctx, e.At), Paras: web.TextLines(e.Text)}
		if e.Kind == Step {
			if what, arg, _ := strings.Cut(e.Arg, ":"); what != "closed" {
				v.Lines = append(v.Lines, ui.Word{Step: true, Who: tr(ctx, "care.ask.step_"+what, "Arg", arg), When: l.When})
			}
			continue
		}
		if e.Kind == Booked {
			l.Paras = append([]string{tr(ctx, "care.ask.booked", "Day", slotText(ctx, e))}, l.Paras...)
			if e.Fate != "" {
				l.Important = tr(ctx, "care.ask.fate_"+e.Fate)
			}
			if e.Fate == "" && e.Reply == "" && e.Day >= clock.Today(ctx) && q.State != Closed {
				for _, reply := range Replies {
					l.Posts = append(l.Posts, ui.Post{Text: tr(ctx, "care.ask.reply_"+reply), Sub: slotText(ctx, e), Action: "/ask/say", Key: web.NewKey(), Hidden: append(hidden[:len(hidden):len(hidden)], ui.Pair{Name: "reply", Value: reply}, ui.Pair{Name: "entry", Value: e.ID.String()})})
				}
			}
		}
		if !l.Mine {
			l.Who = out.Unit
		}
		for _, f := range e.Files {
			l.Posts = append(l.Posts, ui.Post{Text: tr(ctx, "care.ask.see_file", "N", f.No), Sub: f.Name, Action: "/ask/file", Hidden: append(hidden[:len(hidden):len(hidden)], ui.Pair{Name: "no", Value: numbered(f.No)})})
		}
		v.Lines = append(v.Lines, l)
	}
	v.Spec = &ui.FormSpec{Action: "/ask/say", Key: web.NewKey(), Submit: tr(ctx, "care.ask.say"), Hidden: hidden}
	v.Inputs = []ui.Input{{Kind: ui.KindArea, Name: "text", Label: tr(ctx, "care.ask.more"), Value: typed, Error: at["text"], Autocomplete: "off", Sealed: true},
		filesInput(tr(ctx, "care.ask.files"), tr(ctx, "care.ask.files_hint", "N", MostFiles, "MB", MaxFileBytes>>20), at["files"])}
	v.Spec.Multipart = true
	if q.State == Closed && q.Score == 0 {
		v.Rate = &ui.FormSpec{Action: "/ask/rate", Submit: tr(ctx, "care.ask.rate"), Hidden: hidden}
		in := ui.Input{Kind: ui.KindRadio, Name: "score", Label: tr(ctx, "care.ask.score"), Error: at["score"]}
		for n := 5; n >= 1; n-- {
			in.Options = append(in.Options, ui.Option{Value: strconv.Itoa(n), Text: tr(ctx, "care.score."+strconv.Itoa(n))})
		}
		v.RateInputs = []ui.Input{in}
	}
	if out.Offer != "" {
		v.Stay = &ui.Post{Text: tr(ctx, "care.ask.stay"), Sub: out.Offer, Action: "/ask/say", Key: web.NewKey(), Hidden: append(hidden[:len(hidden):len(hidden)], ui.Pair{Name: "stay", Value: "1"})}
	}
	if out.Helpers {
		v.Part = &ui.Post{Text: tr(ctx, "care.ask.part"), Action: "/ask/say", Key: web.NewKey(), Hidden: append(hidden[:len(hidden):len(hidden)], ui.Pair{Name: "part", Value: "1"})}
	}
	v.After = tr(ctx, "care.ask.reload")
	return s.public(w, r, v, status)
}

// leavePage forgets what the browser keeps of us and goes somewhere harmless; the script of the page leaves no entry in its history.
func (s *Service) leavePage(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Clear-Site-Data", `"cache"`)
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, neutral, http.StatusSeeOther)
	return nil
}
