package aid

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// fenIn reads money as people write it; nothing typed is 0.
func fenIn(f *web.Form, name string) int64 {
	v := f.Text(name)
	if v == "" {
		return 0
	}
	n, err := table.ParseMoney(v)
	if err != nil {
		key := "aid.fen_unreadable"
		if errors.Is(err, table.ErrTooFine) {
			key = "aid.fen_too_fine"
		}
		f.Problems.Add(name, key)
	}
	return n
}

var hoursShape = regexp.MustCompile(`^[0-9]{1,5}(\.[0-9]{1,2})?$`)

// minutesIn reads hours, as 1.5.
func minutesIn(f *web.Form, name string) int64 {
	v := norm.NFKC.String(f.Text(name))
	if v == "" {
		return 0
	}
	h, err := strconv.ParseFloat(v, 64)
	if err != nil || !hoursShape.MatchString(v) {
		f.Problems.Add(name, "aid.hours_odd")
		return 0
	}
	return int64(math.Round(h * 60))
}

func countIn(f *web.Form, name string) int64 {
	v := f.Text(name)
	if v == "" {
		return 0
	}
	n, err := table.ParseInt(v)
	if err != nil {
		f.Problems.Add(name, "aid.qty_odd")
	}
	return n
}

func amountIn(f *web.Form) Amount {
	return Amount{Fen: fenIn(f, "fen"), What: f.Text("what"), Qty: countIn(f, "qty"), Minutes: minutesIn(f, "hours")}
}

// yuan writes fen for an input, empty for none.
func yuan(fen int64) string {
	if fen == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%02d", fen/100, fen%100)
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func hours(minutes int64) string {
	if minutes == 0 {
		return ""
	}
	return ui.Hours(minutes)
}

// amountInputs ask for an amount of one form, or of any where form is empty.
func amountInputs(ctx context.Context, form string, m Amount) (out []ui.Input) {
	if form != Hours {
		in := ui.Input{Kind: ui.KindMoney, Name: "fen", Label: tr(ctx, "aid.f.fen"), Hint: tr(ctx, "aid.fen_hint"), Value: yuan(m.Fen), Optional: form == ""}
		switch form {
		case Goods:
			in.Label, in.Hint = tr(ctx, "aid.f.value_yuan"), ""
		case Money:
			in.Label = tr(ctx, "aid.f.money")
		}
		out = append(out, in)
	}
	if form != Money {
		out = append(out, ui.Input{Name: "what", Label: tr(ctx, "aid.f.what"), Hint: tr(ctx, "aid.what_hint"), Value: m.What, MaxLength: maxText, Optional: form == ""})
	}
	if form != Money && form != Hours {
		out = append(out, ui.Input{Kind: ui.KindNumber, Name: "qty", Label: tr(ctx, "aid.f.qty"), Value: number(m.Qty), Min: "1", Short: true, Optional: form == ""})
	}
	if form != Money && form != Goods {
		out = append(out, ui.Input{Name: "hours", Label: tr(ctx, "aid.f.hours_asked"), Hint: tr(ctx, "aid.hours_hint"), Value: hours(m.Minutes), Short: true, Optional: form == ""})
	}
	return out
}

func options(ctx context.Context, prefix string, keys []string) (out []ui.Option) {
	for _, k := range keys {
		out = append(out, ui.Option{Value: k, Text: tr(ctx, prefix+k)})
	}
	return out
}

// between separates kind and purpose in one value of the form.
const between = "|"

// purposeOptions are the kinds of aid that are offered, each with what it is for; the one that an aid has stays among them.
func purposeOptions(ctx context.Context, kinds []Class, a Aid) (out []ui.Option) {
	out = append(out, ui.Option{Text: tr(ctx, "aid.choose")})
	has := false
	for _, c := range kinds {
		if c.Closed != clock.Open && c.Closed <= clock.Today(ctx) {
			continue
		}
		for _, p := range c.For() {
			has = has || c.Code == a.Kind && p == a.Purpose
			out = append(out, ui.Option{Value: c.Code + between + p, Text: tr(ctx, "aid.kind_purpose", "Kind", c.In(ctx), "Purpose", p)})
		}
	}
	if !has && a.Kind != "" {
		name := a.Kind
		if i := slices.IndexFunc(kinds, func(c Class) bool { return c.Code == a.Kind }); i >= 0 {
			name = kinds[i].In(ctx)
		}
		out = append(out, ui.Option{Value: a.Kind + between + a.Purpose, Text: tr(ctx, "aid.kind_purpose", "Kind", name, "Purpose", a.Purpose)})
	}
	return out
}

// askedInputs ask for what is applied for.
func askedInputs(ctx context.Context, kinds []Class, a Aid) []ui.Input {
	kind := ""
	if a.Kind != "" {
		kind = a.Kind + between + a.Purpose
	}
	if a.Year == 0 {
		a.Year = int64(clock.Today(ctx).Year())
	}
	if a.Form == "" {
		a.Form = Money
	}
	out := []ui.Input{{Kind: ui.KindSelect, Name: "kind", Label: tr(ctx, "aid.f.kind_purpose"), Value: kind, Options: purposeOptions(ctx, kinds, a)},
		{Kind: ui.KindNumber, Name: "year", Label: tr(ctx, "aid.f.for_year"), Value: number(a.Year), Short: true},
		{Kind: ui.KindRadio, Name: "form", Label: tr(ctx, "aid.f.form"), Value: a.Form, Options: options(ctx, "aid.form.", Forms)}}
	out = append(out, amountInputs(ctx, "", a.Asked)...)
	return append(out, ui.Input{Kind: ui.KindSelect, Name: "reason", Label: tr(ctx, "aid.f.reason"), Hint: tr(ctx, "aid.reason_hint"), Value: a.Reason,
		Options: append([]ui.Option{{Text: tr(ctx, "aid.choose")}}, options(ctx, "aid.reason.", Reasons)...)})
}

func askedIn(f *web.Form) Aid {
	kind, purpose, _ := strings.Cut(f.Text("kind"), between)
	year, _ := table.ParseInt(f.Text("year")) // 0 is no year: the rules say so
	return Aid{Kind: kind, Purpose: purpose, Year: year, Form: f.Text("form"), Asked: amountIn(f), Reason: f.Text("reason")}
}

// childInputs ask for whom it is; none of it stays on a telephone.
func childInputs(ctx context.Context, c Child, g Agreed) []ui.Input {
	in := func(name, label, value string, more func(*ui.Input)) ui.Input {
		x := ui.Input{Name: name, Label: tr(ctx, "aid.f."+label), Value: value, Autocomplete: "off", Sealed: true, MaxLength: maxShort}
		if more != nil {
			more(&x)
		}
		return x
	}
	optional := func(x *ui.Input) { x.Optional = true }
	if g.Form == "" {
		g.Form = seal.Forms[0]
	}
	return []ui.Input{
		in("child", "child", c.Name, func(x *ui.Input) { x.Hint = tr(ctx, "aid.child_hint") }),
		in("number", "number", c.Number, func(x *ui.Input) { x.Optional, x.Hint = true, tr(ctx, "aid.number_hint") }),
		in("born", "born", string(c.Born), func(x *ui.Input) { x.Kind, x.Optional = ui.KindDate, true }),
		in("guardian", "guardian", c.Guardian, nil),
		in("phone", "phone", c.Phone, nil),
		in("school", "school", c.School, optional),
		in("address", "address", c.Address, func(x *ui.Input) { x.Optional, x.MaxLength = true, maxText }),
		in("bank", "bank", c.Bank, func(x *ui.Input) { x.Optional, x.Short, x.MaxLength = true, true, 4 }),
		in("words", "words", c.Words, func(x *ui.Input) { x.Kind, x.Lines, x.MaxLength = ui.KindArea, 6, 0 }),
		in("agreed", "agreed", string(g.Given), func(x *ui.Input) { x.Kind, x.Hint = ui.KindDate, tr(ctx, "aid.agreed_hint") }),
		in("agreed_form", "agreed_form", g.Form, func(x *ui.Input) {
			x.Kind, x.Options = ui.KindRadio, options(ctx, "aid.agreed_form.", seal.Forms)
		}),
	}
}

func childIn(f *web.Form) (Child, Agreed) {
	return Child{Name: f.Text("child"), Number: f.Text("number"), Born: f.Day("born"), Guardian: f.Text("guardian"), Phone: f.Text("phone"), School: f.Text("school"), Address: f.Text("address"),
		Bank: f.Text("bank"), Words: f.Text("words")}, Agreed{Given: f.Day("agreed"), Form: f.Text("agreed_form")}
}

// newForm is the form of an application, filled from a request for help where the address names one: whoever may read that opens it here,
// which the log says.
func (s *Service) newForm(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return record.Form{}, err
	}
	kinds, err := s.Kinds(ctx, u.Root())
	if err != nil {
		return record.Form{}, err
	}
	v := record.Form{Unit: u, Over: u.Name, Title: tr(ctx, "aid.apply"), Lead: tr(ctx, "aid.apply_lead"), Back: at("/aid", u.ID), Action: at("/aid/new", u.ID), Submit: tr(ctx, "aid.apply_it"), Current: Kind}
	var a Aid
	var c Child
	if from, err := id.ParseRef(r.URL.Query().Get("request")); err == nil && s.requests != nil {
		q, err := s.requests.Read(ctx, from)
		if err != nil {
			return record.Form{}, err
		}
		a.Reason, c.Phone, c.Words = "poor", q.Contact, q.Words
		if q.Young {
			c.Name = q.Name
		} else {
			c.Guardian = q.Name
		}
		for _, k := range kinds {
			if k.Code == "hardship" && k.Closed == clock.Open && len(k.For()) > 0 {
				a.Kind, a.Purpose = k.Code, k.For()[0]
			}
		}
		v.Lead, v.Back, v.Action = tr(ctx, "aid.from_request", "No", q.No), "/care/"+from.String(), at("/aid/new", u.ID, "request", from.String())
	}
	v.Inputs = append(askedInputs(ctx, kinds, a), childInputs(ctx, c, Agreed{})...)
	return v, nil
}

func (s *Service) newPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.newForm(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) newPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.newForm(r)
	if err != nil {
		return err
	}
	from, _ := id.ParseRef(r.URL.Query().Get("request")) // zero: from none
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		a := askedIn(f)
		a.Unit = v.Unit.ID
		c, agreed := childIn(f)
		ref, err := s.Apply(ctx, a, c, agreed, from)
		return path(ref), err
	})
}

// acts are the forms about an aid.
var acts = []string{"verify", "approve", "refuse", "give", "sign", "follow", "withdraw", "go_on", "correct", "child"}

// aboutAid begins the form of an act.
func (s *Service) aboutAid(r *http.Request) (record.Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	a, v, err := record.Opened(r, record.Subject[Aid]{Book: s.book, Get: s.Get, Acts: acts, Save: "aid.act." + act, Home: func(a Aid) (id.ID, int) { return a.Unit, int(a.Year) }, Path: path, Submit: "aid.save", Current: Kind})
	if err != nil || act == record.ActUndo {
		if err == nil {
			err = web.NotFound(r)
		}
		return v, err
	}
	v.Title, v.Over, v.Submit = tr(ctx, "aid.do."+act), s.title(ctx, v.Ref, a), tr(ctx, "aid.do_it."+act)
	if r.Method == http.MethodGet {
		if v.Instead, err = s.barred(ctx, v.Ref, a, act); err != nil || v.Instead != nil {
			return v, err
		}
	}
	today := string(clock.Today(ctx))
	why := func(name, label string) ui.Input {
		return ui.Input{Kind: ui.KindArea, Name: name, Label: tr(ctx, label), Lines: 3, MaxLength: maxText}
	}
	switch act {
	case "verify":
		v.Lead = tr(ctx, "aid.verify_lead")
		v.Inputs = []ui.Input{{Kind: ui.KindRadio, Name: "way", Label: tr(ctx, "aid.f.way"), Value: Ways[0], Options: options(ctx, "aid.way.", Ways)}, {Kind: ui.KindDate, Name: "day", Label: tr(ctx, "aid.f.day"), Value: today, Max: today},
			{Name: "by", Label: tr(ctx, "aid.f.checked_by"), MaxLength: maxShort}, {Kind: ui.KindArea, Name: "found", Label: tr(ctx, "aid.f.found"), Lines: 5, Sealed: true, Autocomplete: "off"}}
	case "approve":
		v.Lead = tr(ctx, "aid.approve_lead", "Amount", amountText(ctx, a.Form, a.Asked))
		if a.Double != "" {
			v.Lead += tr(ctx, "aid.approve_double", "Why", a.Double)
		}
		v.Inputs = append(amountInputs(ctx, a.Form, a.Asked), ui.Input{Kind: ui.KindArea, Name: "note", Label: tr(ctx, "aid.f.decision_note"), Lines: 2, MaxLength: maxText, Optional: true})
	case "give":
		err = s.giveForm(ctx, &v, a, a.Decision, today)
	case "sign":
		v.Lead = tr(ctx, "aid.sign_lead")
		v.Inputs = []ui.Input{{Kind: ui.KindDate, Name: "day", Label: tr(ctx, "aid.f.signed_on"), Value: today, Max: today}, {Kind: ui.KindRadio, Name: "by", Label: tr(ctx, "aid.f.signer"), Value: Signers[0], Options: options(ctx, "aid.signer.", Signers)},
			{Name: "paper", Label: tr(ctx, "aid.f.paper"), Hint: tr(ctx, "aid.paper_hint"), Optional: true, MaxLength: maxShort}}
	case "follow":
		v.Inputs = []ui.Input{{Kind: ui.KindDate, Name: "day", Label: tr(ctx, "aid.f.day"), Value: today, Max: today}, {Kind: ui.KindArea, Name: "words", Label: tr(ctx, "aid.f.follow_words"), Lines: 5, Sealed: true, Autocomplete: "off"}}
	case "refuse", "withdraw":
		v.Inputs = []ui.Input{why("reason", "aid.f.ended")}
		v.Inputs[0].Hint = tr(ctx, "aid.no_names")
	case "go_on":
		v.Lead = tr(ctx, "aid.go_on_lead")
		v.Inputs = []ui.Input{why("why", "aid.f.double")}
		v.Inputs[0].Hint = tr(ctx, "aid.no_names")
	case "correct":
		err = s.correctForm(ctx, &v, a)
	case "child":
		err = s.childForm(ctx, &v, a)
	}
	return v, err
}

// giveForm asks how an aid was handed over.
func (s *Service) giveForm(ctx context.Context, v *record.Form, a Aid, d *Decision, today string) error {
	if d == nil {
		return errStep
	}
	m, day, hands, from := d.Amount, today, []string{"", ""}, ""
	if g := a.Given; g != nil {
		m, day, hands = g.Amount, string(g.Day), g.Hands
		if g.Gift.ID != 0 {
			from = g.Gift.String()
		}
	}
	list, err := s.Fitting(ctx, a)
	if err != nil {
		return err
	}
	gift := ui.Input{Kind: ui.KindSelect, Name: "gift", Label: tr(ctx, "aid.f.gift"), Value: from, Options: []ui.Option{{Text: tr(ctx, "aid.own_means")}}}
	for _, g := range list {
		if g.LeftFen() > 0 || g.Ref().String() == from {
			gift.Options = append(gift.Options, ui.Option{Value: g.Ref().String(), Text: tr(ctx, "aid.gift_left", "Name", giftName(ctx, g), "Left", leftText(ctx, g))})
		}
	}
	v.Lead = tr(ctx, "aid.give_lead", "Amount", amountText(ctx, a.Form, d.Amount))
	v.Inputs = append([]ui.Input{{Kind: ui.KindDate, Name: "day", Label: tr(ctx, "aid.f.given_on"), Value: day, Max: today}}, amountInputs(ctx, a.Form, m)...)
	if a.Form != Hours {
		v.Inputs = append(v.Inputs, gift)
	}
	for len(hands) < 2 {
		hands = append(hands, "")
	}
	v.Inputs = append(v.Inputs, ui.Input{Name: "hand_a", Label: tr(ctx, "aid.f.hand_a"), Hint: tr(ctx, "aid.hands_hint"), Value: hands[0], MaxLength: maxShort}, ui.Input{Name: "hand_b", Label: tr(ctx, "aid.f.hand_b"), Value: hands[1], MaxLength: maxShort})
	return nil
}

func handingIn(f *web.Form) Handing {
	h := Handing{Day: f.Day("day"), Amount: amountIn(f), Hands: []string{f.Text("hand_a"), f.Text("hand_b")}}
	if f.Text("gift") != "" {
		ref, err := id.ParseRef(f.Text("gift"))
		if err != nil {
			f.Problems.Add("gift", "aid.gift_unfit")
		}
		h.Gift = ref
	}
	return h
}

func (s *Service) correctForm(ctx context.Context, v *record.Form, a Aid) error {
	switch {
	case a.State == Applied:
		kinds, err := s.Kinds(ctx, v.Ref.Root)
		if err != nil {
			return err
		}
		v.Inputs = askedInputs(ctx, kinds, a)
	case a.State.handedOver() && !a.Past:
		if err := s.giveForm(ctx, v, a, a.Decision, string(clock.Today(ctx))); err != nil {
			return err
		}
	default:
		return errStep
	}
	v.Inputs = append(v.Inputs, ui.Input{Kind: ui.KindArea, Name: "why", Label: tr(ctx, "aid.f.why"), Hint: tr(ctx, "aid.no_names"), Lines: 2, MaxLength: maxText})
	return nil
}

func (s *Service) childForm(ctx context.Context, v *record.Form, a Aid) error {
	o, err := s.Open(ctx, v.Ref)
	if err != nil {
		return err
	}
	v.Lead, v.Inputs = tr(ctx, "aid.child_lead"), childInputs(ctx, o.Child, o.Agreed)
	return nil
}

// doAid takes the form of an act.
func (s *Service) doAid(ctx context.Context, v record.Form, act string, f *web.Form) (string, error) {
	n := f.Version()
	var err error
	switch act {
	case "verify":
		c := Check{Way: f.Text("way"), Day: f.Day("day"), By: f.Text("by")}
		err = s.Verify(ctx, v.Ref, n, c, f.Text("found"))
	case "approve":
		err = s.Approve(ctx, v.Ref, n, amountIn(f), f.Text("note"))
	case "refuse":
		err = s.Refuse(ctx, v.Ref, n, f.Text("reason"))
	case "give":
		err = s.Give(ctx, v.Ref, n, handingIn(f))
	case "sign":
		r := Receipt{Day: f.Day("day"), By: f.Text("by"), No: f.Text("paper")}
		err = s.Sign(ctx, v.Ref, n, r)
	case "follow":
		err = s.Follow(ctx, v.Ref, n, f.Day("day"), f.Text("words"))
	case "withdraw":
		err = s.Withdraw(ctx, v.Ref, n, f.Text("reason"))
	case "go_on":
		err = s.GoOn(ctx, v.Ref, n, f.Text("why"))
	case "correct":
		next := askedIn(f)
		if f.Has("hand_a") {
			h := handingIn(f)
			next.Given = &h
		}
		err = s.Correct(ctx, v.Ref, n, next, f.Text("why"))
	case "child":
		c, agreed := childIn(f)
		err = s.CorrectChild(ctx, v.Ref, n, c, agreed)
	default:
		err = errStep
	}
	return path(v.Ref), err
}

// blankForm is a form about a unit, under its name.
func blankForm(ctx context.Context, u org.Unit, title, back, action string) record.Form {
	return record.Form{Unit: u, Over: u.Name, Title: tr(ctx, title), Back: back, Action: action, Submit: tr(ctx, "aid.save"), Current: Kind}
}
