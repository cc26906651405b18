package casework

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/seal"
)

type showView struct {
	Heading ui.Heading
	Notes   []ui.Note
	Facts   []ui.Fact
	Person  []ui.Fact
	Shut    string // why the words are not here
	ShutWhy string
	Break   []ui.Button // in an emergency
	Faults  []ui.Fault
	Visit   *form
	Current []ui.Fact // the last assessment
	Plan    []ui.Fact
	Pairs   ui.Table
	Lines   []ui.Word
	Forms   []form
	Posts   []ui.Post
	Links   []ui.Link
	Boxes   []templ.Component
}

// form is a form on a case's page.
type form struct {
	Title  string
	Spec   ui.FormSpec
	Inputs []ui.Input
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return s.show(w, r, ref, nil, nil)
}

// show is a case's page: with who it is about for those who may read it, which the log then says.
func (s *Service) show(w http.ResponseWriter, r *http.Request, ref id.Ref, f *web.Form, failed error) error {
	ctx := r.Context()
	c, reads, err := s.Known(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		return s.showOffered(w, r, ref, f, failed)
	}
	if err != nil {
		return err
	}
	v := showView{Heading: ui.Heading{Title: tr(ctx, "casework.one", "No", c.No), Under: tr(ctx, "casework.class."+c.Class), Tags: []ui.Mark{{Text: tr(ctx, "casework.is."+string(c.State))}}}, Facts: caseFacts(ctx, c)}
	page := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "casework.title"), Href: at("/casework", c.Unit)}, {Text: v.Heading.Title}}}
	beside, faults, err := problems(ctx, failed)
	if err != nil {
		return err
	}
	if v.Faults = faults; len(faults) > 0 {
		page.Error, page.Status = true, errs.KindOf(failed).Status()
	}
	if f == nil {
		f = &web.Form{Values: url.Values{}}
	}
	if !reads {
		v.Shut, v.ShutWhy = tr(ctx, "casework.shut"), tr(ctx, "casework.shut_why")
		if may, err := s.seal.MayBreak(ctx, owner(c.class().Seal, c)); err != nil {
			return err
		} else if may {
			v.Break = []ui.Button{{Text: tr(ctx, "seal.do.emergency"), Href: "/seal/" + ref.String() + "/emergency"}}
		}
		if may, err := s.mayName(ctx, c); err != nil {
			return err
		} else if may {
			staff, err := s.people.Colleagues(ctx, c.Unit)
			if err != nil {
				return err
			}
			staff = slices.DeleteFunc(staff, func(x seal.Colleague) bool { return x.Account == scope.From(ctx).Account }) // names somebody else
			v.Forms = []form{nameForm(ctx, c, staff, f, beside)}
		}
		return web.Render(w, r, page, showTempl(v))
	}
	o, err := s.Open(ctx, ref)
	if err != nil {
		return err
	}
	v.Person = personFacts(ctx, c.class().Fields, o.Person, c.Consent)
	if c.Unsafe == 1 {
		v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: tr(ctx, "casework.unsafe"), Text: tr(ctx, "casework.unsafe_what")})
	}
	if c.ripeOn(clock.Today(ctx)) {
		v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: tr(ctx, "casework.ripe", "Day", i18n.Day(ctx, c.ResultDue)), Text: tr(ctx, "casework.ripe_what")})
	}
	for i := len(o.Entries) - 1; i >= 0; i-- { // the latest first
		v.Lines = append(v.Lines, shownOf(ctx, c.class(), o.Entries, i))
	}
	v.Current, v.Plan = latest(ctx, c.class(), o.Entries)
	v.Pairs = pairTable(ctx, o.Pairs)
	if err := s.around(ctx, &v, c); err != nil {
		return err
	}
	if err := s.forms(ctx, &v, o, f, beside); err != nil {
		return err
	}
	if err := s.kept(ctx, &v, c); err != nil {
		return err
	}
	return web.Render(w, r, page, showTempl(v))
}

// problems are what was refused, beside the fields and on top; also what another module says against it.
func problems(ctx context.Context, failed error) (beside map[string]string, faults []ui.Fault, err error) {
	if failed == nil {
		return nil, nil, nil
	}
	if errs.Is(failed, errs.Conflict) {
		return nil, web.Faults(ctx, failed), nil
	}
	return web.Problems(ctx, failed)
}

// around are what other modules lend, and who has looked.
func (s *Service) around(ctx context.Context, v *showView, c Case) error {
	list := slices.SortedStableFunc(slices.Values(s.panels), func(a, b Panel) int { return a.Order - b.Order })
	for _, p := range list {
		box, err := p.Render(ctx, c)
		if err != nil {
			return err
		}
		if box != nil {
			v.Boxes = append(v.Boxes, box)
		}
	}
	v.Links = []ui.Link{{Text: tr(ctx, "casework.print"), Href: path(c.Ref()) + "/print"}}
	keeps, err := s.seal.Keeps(ctx, owner(c.class().Seal, c))
	if err == nil && keeps {
		v.Links = append(v.Links, ui.Link{Text: tr(ctx, "casework.who_looked"), Href: "/seal/" + c.Ref().String() + "/readings"}, ui.Link{Text: tr(ctx, "casework.let_in"), Href: "/seal/" + c.Ref().String()})
	}
	return err
}

func caseFacts(ctx context.Context, c Case) []ui.Fact {
	out := []ui.Fact{{Label: tr(ctx, "casework.f.holder"), Text: c.HolderName}, {Label: tr(ctx, "casework.f.lead"), Text: c.LeadName}, {Label: tr(ctx, "casework.f.opened"), Text: i18n.Day(ctx, c.OpenedOn)},
		{Label: tr(ctx, "casework.f.rhythm"), Text: tr(ctx, "casework.every", "N", c.Rhythm)}}
	add := func(key string, day clock.Day) {
		if day != "" {
			out = append(out, ui.Fact{Label: tr(ctx, key), Text: i18n.Day(ctx, day)})
		}
	}
	add("casework.f.last", c.LastOn)
	add("casework.f.due", c.DueOn)
	if c.State == Paused {
		add("casework.f.paused", c.FloorOn)
	}
	if c.Overdue(clock.Today(ctx)) {
		out = append(out, ui.Fact{Label: tr(ctx, "casework.f.overdue"), Text: tr(ctx, "casework.unvisited", "N", c.Unvisited(clock.Today(ctx)))})
	}
	if c.Outcome != "" {
		out = append(out, ui.Fact{Label: tr(ctx, "casework.f.outcome"), Text: tr(ctx, "casework.outcome."+c.Outcome)})
	}
	add("casework.f.closed_on", c.ClosedOn)
	add("casework.f.result_due", c.ResultDue)
	if c.Result != "" {
		out = append(out, ui.Fact{Label: tr(ctx, "casework.f.result"), Text: tr(ctx, "casework.result."+c.Result)})
	}
	return out
}

// personFacts are who a case is about; nothing where it was erased.
func personFacts(ctx context.Context, fields []string, person map[string]string, consent string) (out []ui.Fact) {
	if person == nil {
		return []ui.Fact{{Label: tr(ctx, "casework.f.name"), Text: tr(ctx, "casework.erased")}}
	}
	for _, name := range fields {
		if person[name] != "" {
			out = append(out, ui.Fact{Label: tr(ctx, "casework.f."+name), Text: person[name]})
		}
	}
	said := tr(ctx, "casework.consent."+consent)
	if why := person["consent_why"]; why != "" {
		said += tr(ctx, "casework.because", "Why", why)
	}
	return append(out, ui.Fact{Label: tr(ctx, "casework.f.consent"), Text: said})
}

// shownOf is line i of a case's time, with how often it was assessed or planned until then.
func shownOf(ctx context.Context, k Class, list []Entry, i int) ui.Word {
	e := list[i]
	out := ui.Word{Step: e.Kind == Step, Who: e.ByName, When: i18n.Day(ctx, e.Day), Paras: web.TextLines(e.Words["text"])}
	times := 0
	for _, x := range list[:i+1] {
		if x.Kind == e.Kind {
			times++
		}
	}
	switch e.Kind {
	case Assessed:
		if out.Tag, out.Facts = tr(ctx, "casework.assessed", "N", times), scoreFacts(ctx, k, e); e.Words["safe"] == "no" {
			out.Important = tr(ctx, "casework.unsafe")
		}
	case Planned:
		out.Tag, out.Facts = tr(ctx, "casework.planned", "N", times), planFacts(ctx, e)
	case Visited:
		out.Tag = tr(ctx, "casework.visited", "How", tr(ctx, "casework.how."+e.Arg))
		if e.Until != "" {
			out.Facts = []ui.Fact{{Label: tr(ctx, "casework.f.next"), Text: i18n.Day(ctx, e.Until)}}
		}
	case Noted:
		out.Tag = tr(ctx, "casework.noted")
	case Resulted:
		out.Tag, out.Facts = tr(ctx, "casework.resulted", "Result", tr(ctx, "casework.result."+e.Arg)), incomeFacts(ctx, e)
	default:
		what, arg, _ := strings.Cut(e.Arg, ":")
		if what == "closed" {
			arg = tr(ctx, "casework.outcome."+arg)
		}
		out.Tag = tr(ctx, "casework.step."+what, "Arg", arg, "Day", i18n.Day(ctx, e.Until))
	}
	return out
}

func scoreFacts(ctx context.Context, k Class, e Entry) (out []ui.Fact) {
	if e.Words == nil {
		return nil
	}
	for _, item := range k.Items {
		out = append(out, ui.Fact{Label: tr(ctx, "casework.item."+item), Text: tr(ctx, "casework.score."+e.Words[item])})
	}
	return append(out, ui.Fact{Label: tr(ctx, "casework.f.safe"), Text: tr(ctx, "casework.safe."+e.Words["safe"])})
}

func planFacts(ctx context.Context, e Entry) []ui.Fact {
	return []ui.Fact{{Label: tr(ctx, "casework.f.goals"), Text: e.Words["goals"]}, {Label: tr(ctx, "casework.f.steps"), Text: e.Words["steps"]}, {Label: tr(ctx, "casework.f.plan_until"), Text: i18n.Day(ctx, e.Until)}, {Label: tr(ctx, "casework.f.rhythm"), Text: tr(ctx, "casework.every", "N", e.N)}}
}

func incomeFacts(ctx context.Context, e Entry) (out []ui.Fact) {
	for _, name := range []string{"income_before", "income_after"} {
		if fen, err := strconv.ParseInt(e.Words[name], 10, 64); err == nil {
			n, unit := ui.Money(i18n.Lang(ctx), fen)
			out = append(out, ui.Fact{Label: tr(ctx, "casework.f."+name), Text: n + " " + unit})
		}
	}
	return out
}

// latest are the last assessment and the last plan.
func latest(ctx context.Context, k Class, list []Entry) (scores, plan []ui.Fact) {
	for _, e := range list {
		switch e.Kind {
		case Assessed:
			scores = append([]ui.Fact{{Label: tr(ctx, "casework.f.day"), Text: i18n.Day(ctx, e.Day)}}, scoreFacts(ctx, k, e)...)
		case Planned:
			plan = planFacts(ctx, e)
		}
	}
	return scores, plan
}

func pairTable(ctx context.Context, list []Pair) ui.Table {
	t := ui.Table{Caption: tr(ctx, "casework.pairs"), Columns: []ui.Column{{Text: tr(ctx, "casework.f.volunteer")}, {Text: tr(ctx, "casework.f.from"), Label: true}, {Text: tr(ctx, "casework.f.until"), Label: true}, {Text: tr(ctx, "casework.f.state"), Label: true}}}
	for i := len(list) - 1; i >= 0; i-- {
		p := list[i]
		state := ui.State(tr(ctx, "casework.pair."+p.State), map[string]string{Live: "p", Suspended: "w"}[p.State])
		if p.State == Ended {
			state = ui.State(tr(ctx, "casework.pair_ended", "Day", i18n.Day(ctx, p.EndedOn), "Why", tr(ctx, "casework.why."+p.Why)), "")
		}
		name := ui.Cell{Text: p.Name}
		if p.Account == 0 {
			name.Sub = tr(ctx, "casework.no_account")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(i18n.Day(ctx, p.From)), ui.Text(i18n.Day(ctx, p.Until)), state}})
	}
	return t
}

// asking makes the forms of a case's page: what was typed, and what is wrong with it.
type asking struct {
	ctx    context.Context
	c      Case
	typed  *web.Form
	beside map[string]string
	staff  []seal.Colleague // of the office, to choose from
}

func (a asking) in(kind ui.Kind, name, value string) ui.Input {
	label := "casework.f." + name
	in := ui.Input{Kind: kind, Name: name, Label: tr(a.ctx, label), Value: or(a.typed.Get(name), value), Error: a.beside[name], Autocomplete: "off", Sealed: kind == ui.KindArea}
	if hint := "casework.hint." + name; i18n.Has(a.ctx, hint) {
		in.Hint = tr(a.ctx, hint)
	}
	return in
}

// colleague asks for somebody of the office: by name where they are few, else by the login, and me is taken when nobody is said.
func (a asking) colleague(name string, me bool) ui.Input {
	in := a.in(ui.KindText, name, "")
	switch {
	case len(a.staff) > 0:
		in.Hint = ""
	case me:
		in.Hint = tr(a.ctx, "casework.hint.or_me")
	default:
		in.Hint = tr(a.ctx, "casework.hint.login")
	}
	for _, c := range a.staff {
		if me && in.Value == "" && c.Account == scope.From(a.ctx).Account {
			in.Value = c.Login
		}
	}
	return in.Among(seal.Options(a.staff))
}

func (a asking) pick(name, value string, list []ui.Option) ui.Input {
	in := a.in(ui.KindRadio, name, value)
	in.Options = list
	return in
}

func (a asking) form(act string, inputs ...ui.Input) form {
	return form{Title: tr(a.ctx, "casework.do."+act), Inputs: inputs, Spec: ui.FormSpec{ID: "do-" + act, Action: path(a.c.Ref()) + "/" + act, Key: web.NewKey(), Submit: tr(a.ctx, "casework.do_it."+act),
		Hidden: []ui.Pair{{Name: "_version", Value: numbered(a.c.Ver)}}}}
}

func nameForm(ctx context.Context, c Case, staff []seal.Colleague, f *web.Form, beside map[string]string) form {
	a := asking{ctx, c, f, beside, staff}
	return a.form("name", a.colleague("lead", false))
}

// visitForm asks for a visit; by lists for whom the holder may write.
func (a asking) visitForm(pairs []Pair) form {
	today := string(clock.Today(a.ctx))
	day := a.in(ui.KindDate, "day", today)
	day.Max = today
	next := a.in(ui.KindDate, "next", "")
	next.Optional, next.Hint = true, tr(a.ctx, "casework.next_hint", "N", a.c.Rhythm)
	list := []ui.Input{a.pick("how", "", options(a.ctx, "casework.how.", Hows)), day}
	var by []ui.Option
	for _, p := range pairs {
		if p.State == Live {
			by = append(by, ui.Option{Value: p.ID.String(), Text: p.Name})
		}
	}
	if len(by) > 0 {
		in := a.in(ui.KindSelect, "by", "")
		in.Options = append([]ui.Option{{Value: "", Text: tr(a.ctx, "casework.by_me")}}, by...)
		list = append(list, in)
	}
	f := a.form("visit", append(list, a.in(ui.KindArea, "text", ""), next)...)
	return f
}

// forms are what can be done with a case from where one stands.
func (s *Service) forms(ctx context.Context, v *showView, o Opened, f *web.Form, beside map[string]string) error {
	c := o.Case
	if !worksAt(ctx, c.Unit, c.Pos) {
		return nil
	}
	staff, err := s.people.Colleagues(ctx, c.Unit)
	if err != nil {
		return err
	}
	a := asking{ctx, c, f, beside, staff}
	if c.ripeOn(clock.Today(ctx)) {
		list := []ui.Input{a.pick("result", "", options(ctx, "casework.result.", Results)), a.in(ui.KindArea, "result_text", "")}
		if c.Class == "venture" {
			for _, name := range []string{"income_before", "income_after"} {
				in := a.in(ui.KindMoney, name, "")
				in.Optional, in.Unit = true, tr(ctx, "casework.yuan")
				list = append(list, in)
			}
		}
		v.Forms = append(v.Forms, a.form("result", list...))
	}
	note := a.form("note", a.in(ui.KindArea, "note_text", ""))
	if c.State == Closed {
		v.Forms = append(v.Forms, note, a.form("reopen", a.in(ui.KindArea, "reopen_reason", "")))
		return nil
	}
	visit := a.visitForm(o.Pairs)
	v.Visit = &visit
	if c.State == Paused {
		v.Posts = append(v.Posts, ui.Post{Text: tr(ctx, "casework.do.resume"), Action: path(c.Ref()) + "/resume", Key: web.NewKey(), Hidden: []ui.Pair{{Name: "_version", Value: numbered(c.Ver)}}})
	}
	v.Forms = append(v.Forms, note, a.assessForm(), a.planForm(o.Entries))
	pair, err := s.pairForms(a, o)
	if err != nil {
		return err
	}
	v.Forms = append(v.Forms, pair...)
	v.Forms = append(v.Forms, a.handForm(), nameForm(ctx, c, staff, f, beside),
		a.form("pause", a.in(ui.KindDate, "pause_until", ""), a.in(ui.KindArea, "pause_reason", "")),
		a.form("close", a.pick("outcome", "", options(ctx, "casework.outcome.", Outcomes)), a.in(ui.KindArea, "close_text", "")))
	if err := s.offerForm(a, v); err != nil {
		return err
	}
	if scope.From(ctx).Account != c.Lead && c.class().Named {
		v.Forms = slices.DeleteFunc(v.Forms, func(x form) bool { return x.Spec.ID == "do-name" })
	}
	return nil
}

// kept takes away what whoever was let in may not do.
func (s *Service) kept(ctx context.Context, v *showView, c Case) error {
	may, err := s.mayPassOn(ctx, c)
	if err != nil || may {
		return err
	}
	v.Forms = slices.DeleteFunc(v.Forms, func(x form) bool { return slices.Contains(ofKeepers, strings.TrimPrefix(x.Spec.ID, "do-")) })
	v.Posts = slices.DeleteFunc(v.Posts, func(x ui.Post) bool {
		return slices.Contains(ofKeepers, strings.TrimPrefix(x.Action, path(c.Ref())+"/"))
	})
	return nil
}

func (a asking) assessForm() form {
	var list []ui.Input
	var scores []string
	for n := range top + 1 {
		scores = append(scores, strconv.Itoa(n))
	}
	for _, item := range a.c.class().Items {
		in := a.pick(item, "", options(a.ctx, "casework.score.", scores))
		in.Label = tr(a.ctx, "casework.item."+item)
		list = append(list, in)
	}
	day := a.in(ui.KindDate, "assess_day", string(clock.Today(a.ctx)))
	day.Max = string(clock.Today(a.ctx))
	return a.form("assess", append(list, a.pick("safe", "", options(a.ctx, "casework.safe.", []string{"yes", "no"})), a.in(ui.KindArea, "assess_text", ""), day)...)
}

func (a asking) planForm(list []Entry) form {
	var was Entry
	for _, e := range list {
		if e.Kind == Planned {
			was = e
		}
	}
	rhythm := a.in(ui.KindNumber, "rhythm", numbered(a.c.Rhythm))
	rhythm.Unit, rhythm.Min, rhythm.Max, rhythm.Short = tr(a.ctx, "casework.days"), "1", strconv.Itoa(mostRhythm), true
	return a.form("plan", a.in(ui.KindArea, "goals", was.Words["goals"]), a.in(ui.KindArea, "steps", was.Words["steps"]), a.in(ui.KindDate, "plan_until", string(was.Until)), rhythm)
}

func (a asking) handForm() form {
	list := []ui.Input{a.colleague("login", false)}
	if k := a.c.class(); k.Secret {
		purpose := a.in(ui.KindText, "purpose", "")
		purpose.MaxLength = maxShort
		until := a.in(ui.KindDate, "until", string(clock.Today(a.ctx).AddDays(k.Grant)))
		until.Hint = tr(a.ctx, "casework.until_hint", "N", k.Grant)
		list = append(list, purpose, until)
	}
	return a.form("hand", list...)
}

// pairForms offer the volunteers around, and the end of pairings.
func (s *Service) pairForms(a asking, o Opened) (out []form, err error) {
	u, err := s.org.Unit(a.ctx, a.c.Unit)
	if err != nil {
		return nil, err
	}
	around, err := s.volunteers.Around(a.ctx, u, clock.Today(a.ctx))
	if err != nil {
		return nil, err
	}
	who := a.in(ui.KindSelect, "volunteer", "")
	who.Options = []ui.Option{{Value: "", Text: tr(a.ctx, "casework.choose")}}
	for _, h := range around {
		text := h.Name
		if !h.Fit {
			text = tr(a.ctx, "casework.unfit", "Name", h.Name)
		}
		who.Options = append(who.Options, ui.Option{Value: h.Ref.String(), Text: text})
	}
	until := a.in(ui.KindDate, "pair_until", string(clock.Today(a.ctx).AddDays(min(90, a.c.class().Grant))))
	until.Hint = tr(a.ctx, "casework.until_hint", "N", a.c.class().Grant)
	out = append(out, a.form("pair", who, until))
	var standing []ui.Option
	for _, p := range o.Pairs {
		if p.State != Ended {
			standing = append(standing, ui.Option{Value: p.ID.String(), Text: p.Name, Sub: tr(a.ctx, "casework.pair."+p.State)})
		}
	}
	if len(standing) > 0 {
		out = append(out, a.form("unpair", a.pick("pair", "", standing), a.pick("why", "", options(a.ctx, "casework.why.", Ends))))
	}
	return out, nil
}

func (s *Service) actPost(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	do, known := s.acts()[r.PathValue("act")]
	if !known {
		return web.NotFound(r)
	}
	err = do(r.Context(), ref, f)
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		return s.show(w, r, ref, f, err)
	}
	if err != nil {
		return err
	}
	if _, _, err := s.Known(r.Context(), ref); errs.Is(err, errs.NotFound) { // they gave it out of their hands
		return web.SeeOther(w, r, "/casework")
	}
	return web.SeeOther(w, r, path(ref))
}

// acts are what forms on a case's page do.
func (s *Service) acts() map[string]func(ctx context.Context, ref id.Ref, f *web.Form) error {
	return map[string]func(ctx context.Context, ref id.Ref, f *web.Form) error{
		"visit": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			by, _ := id.Parse(f.Text("by"))
			return s.Visit(ctx, ref, f.Day("day"), f.Text("how"), f.Text("text"), f.Day("next"), by, f.Key())
		},
		"note": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			return s.Note(ctx, ref, f.Text("note_text"), f.Key())
		},
		"assess": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			scores := map[string]string{}
			for name := range f.Values {
				scores[name] = f.Text(name)
			}
			return s.Assess(ctx, ref, f.Version(), f.Day("assess_day"), scores, f.Text("safe"), f.Text("assess_text"))
		},
		"plan": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			rhythm, _ := table.ParseInt(f.Text("rhythm")) // 0 is none: the rules say so
			return s.Plan(ctx, ref, f.Version(), f.Text("goals"), f.Text("steps"), f.Day("plan_until"), rhythm)
		},
		"pair": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			who, _ := id.ParseRef(f.Text("volunteer"))
			return s.Pair(ctx, ref, f.Version(), who, f.Day("pair_until"))
		},
		"unpair": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			pair, _ := id.Parse(f.Text("pair"))
			return s.Unpair(ctx, ref, f.Version(), pair, f.Text("why"))
		},
		"hand": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			return s.Hand(ctx, ref, f.Version(), f.Text("login"), f.Text("purpose"), f.Day("until"))
		},
		"name": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			return s.Name(ctx, ref, f.Version(), f.Text("lead"))
		},
		"pause": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			return s.Pause(ctx, ref, f.Version(), f.Day("pause_until"), f.Text("pause_reason"))
		},
		"offer": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			to, _ := id.Parse(f.Text("to"))
			return s.Offer(ctx, ref, f.Version(), to, f.Text("agreed") != "", f.Text("pass_reason"))
		},
		"withdraw": func(ctx context.Context, ref id.Ref, f *web.Form) error { return s.Withdraw(ctx, ref, f.Version()) },
		"accept":   func(ctx context.Context, ref id.Ref, _ *web.Form) error { return s.Accept(ctx, ref) },
		"decline": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			return s.Decline(ctx, ref, f.Text("decline_reason"))
		},
		"resume": func(ctx context.Context, ref id.Ref, f *web.Form) error { return s.Resume(ctx, ref, f.Version()) },
		"close": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			return s.Close(ctx, ref, f.Version(), f.Text("outcome"), f.Text("close_text"))
		},
		"reopen": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			return s.Reopen(ctx, ref, f.Version(), f.Text("reopen_reason"))
		},
		"result": func(ctx context.Context, ref id.Ref, f *web.Form) error {
			return s.Result(ctx, ref, f.Version(), f.Text("result"), f.Text("result_text"), f.Text("income_before"), f.Text("income_after"))
		},
	}
}

// mineShow is a case for the volunteer who is paired with it.
func (s *Service) mineShow(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return s.showMine(w, r, ref, &web.Form{Values: url.Values{}}, nil)
}

func (s *Service) showMine(w http.ResponseWriter, r *http.Request, ref id.Ref, f *web.Form, failed error) error {
	ctx := r.Context()
	o, err := s.OpenMine(ctx, ref)
	if err != nil {
		return err
	}
	c := o.Case
	v := showView{Heading: ui.Heading{Title: tr(ctx, "casework.one", "No", c.No), Under: tr(ctx, "casework.class."+c.Class)}}
	page := web.Page{Title: v.Heading.Title, Current: "me", Crumbs: []ui.Link{{Text: tr(ctx, "casework.mine"), Href: MinePath}, {Text: v.Heading.Title}}}
	beside, faults, err := problems(ctx, failed)
	if err != nil {
		return err
	}
	if v.Faults = faults; len(faults) > 0 {
		page.Error, page.Status = true, errs.KindOf(failed).Status()
	}
	for _, name := range c.class().Fields {
		if o.Person[name] != "" {
			v.Person = append(v.Person, ui.Fact{Label: tr(ctx, "casework.f."+name), Text: o.Person[name]})
		}
	}
	v.Facts = []ui.Fact{{Label: tr(ctx, "casework.f.holder"), Text: c.HolderName}, {Label: tr(ctx, "casework.f.due"), Text: i18n.Day(ctx, c.DueOn)}, {Label: tr(ctx, "casework.f.paired_until"), Text: i18n.Day(ctx, o.Pairs[0].Until)}}
	_, v.Plan = latest(ctx, c.class(), o.Entries)
	for i := len(o.Entries) - 1; i >= 0; i-- {
		v.Lines = append(v.Lines, shownOf(ctx, c.class(), o.Entries, i))
	}
	visit := asking{ctx, c, f, beside, nil}.visitForm(nil)
	visit.Spec.Action, visit.Spec.Hidden = MinePath+"/"+ref.String(), nil
	v.Visit = &visit
	return web.Render(w, r, page, showTempl(v))
}

func (s *Service) mineVisit(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if _, _, err := s.mine(ctx, ref); err != nil {
		return err
	}
	err = s.Visit(ctx, ref, f.Day("day"), f.Text("how"), f.Text("text"), f.Day("next"), 0, f.Key())
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict) {
		return s.showMine(w, r, ref, f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, MinePath+"/"+ref.String())
}
