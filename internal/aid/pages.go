package aid

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Routes are the addresses of this module.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/aid", Right: scope.View, Scope: web.ByUnit, Name: "aid.list", Handler: s.listPage},
		{Method: get, Path: "/aid/new", Right: scope.Work, Scope: web.ByUnit, Name: "aid.new", Handler: s.newPage},
		{Method: post, Path: "/aid/new", Right: scope.Work, Scope: web.ByUnit, Name: "aid.apply", Handler: s.newPost},
		{Method: get, Path: "/aid/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "aid.show", Handler: s.showPage},
		{Method: get, Path: "/aid/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "aid.known", Handler: s.knownPage},
		{Method: get, Path: "/aid/paper/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "aid.paperForm", Handler: s.paperForm},
		{Method: post, Path: "/aid/paper/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "aid.paperAdd", Handler: s.paperAdd},
		{Method: get, Path: "/aid/paper/{ref}/{no}", Right: scope.View, Scope: web.ByRecord, Name: "aid.paper", Handler: s.paperFile},
		{Method: get, Path: "/aid/past", Right: scope.Work, Scope: web.ByUnit, Name: "aid.past", Handler: s.pastPage},
		{Method: post, Path: "/aid/past", Right: scope.Work, Scope: web.ByUnit, Name: "aid.pastAdd", Handler: s.pastAdd},
		{Method: get, Path: "/aid/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "aid.form", Handler: record.ActForm(s.aboutAid)},
		{Method: post, Path: "/aid/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "aid.act", Handler: s.rec.ActPost(s.aboutAid, s.doAid)},
		{Method: get, Path: "/aid/gifts", Right: scope.View, Scope: web.ByUnit, Name: "aid.gifts", Handler: s.giftsPage},
		{Method: get, Path: "/aid/gift/new", Right: scope.Work, Scope: web.ByUnit, Name: "aid.giftNew", Handler: s.giftNew},
		{Method: post, Path: "/aid/gift/new", Right: scope.Work, Scope: web.ByUnit, Name: "aid.giftAdd", Handler: s.giftAdd},
		{Method: get, Path: "/aid/gift/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "aid.gift", Handler: s.giftPage},
		{Method: get, Path: "/aid/gift/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "aid.giftForm", Handler: record.ActForm(s.aboutGift)},
		{Method: post, Path: "/aid/gift/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "aid.giftAct", Handler: s.rec.ActPost(s.aboutGift, s.doGift)},
		{Method: get, Path: "/aid/donors", Right: scope.View, Scope: web.ByUnit, Name: "aid.donors", Handler: s.donorsPage},
		{Method: get, Path: "/aid/donor/new", Right: scope.Work, Scope: web.ByUnit, Name: "aid.donorNew", Handler: s.donorNew},
		{Method: post, Path: "/aid/donor/new", Right: scope.Work, Scope: web.ByUnit, Name: "aid.donorAdd", Handler: s.donorAdd},
		{Method: get, Path: "/aid/donor/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "aid.donor", Handler: s.donorPage},
		{Method: get, Path: "/aid/donor/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "aid.donorForm", Handler: record.ActForm(s.aboutDonor)},
		{Method: post, Path: "/aid/donor/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "aid.donorAct", Handler: s.rec.ActPost(s.aboutDonor, s.doDonor)},
		{Method: get, Path: "/aid/kinds", Right: scope.View, Scope: web.ByUnit, Name: "aid.kinds", Handler: s.kindsPage},
		{Method: get, Path: "/aid/kinds/change", Right: scope.Admin, Scope: web.ByUnit, Name: "aid.kindForm", Handler: s.kindForm},
		{Method: post, Path: "/aid/kinds/change", Right: scope.Admin, Scope: web.ByUnit, Name: "aid.kindDo", Handler: s.kindDo},
		{Method: get, Path: "/aid/thanks", Right: scope.Anyone, Scope: web.Public, Name: "aid.thanks", Handler: s.thanksPage},
		{Method: get, Path: "/api/v1/aids", Right: scope.View, Scope: web.ByUnit, Name: "aid.apiList", Handler: s.apiList},
		{Method: get, Path: "/api/v1/aids/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "aid.apiShow", Handler: s.apiShow},
		{Method: get, Path: "/api/v1/aid-kinds", Right: scope.View, Scope: web.ByUnit, Name: "aid.apiKinds", Handler: s.apiKinds},
		{Method: get, Path: "/api/v1/aid-gifts", Right: scope.View, Scope: web.ByUnit, Name: "aid.apiGifts", Handler: s.apiGifts},
	}
}

func tr(ctx context.Context, key string, args ...any) string { return i18n.T(ctx, key, args...) }

func path(ref id.Ref) string { return "/aid/" + ref.String() }

// at is an address about a unit, with further pairs of the query.
func at(path string, unit id.ID, pairs ...string) string {
	return web.Address(path, url.Values{"unit": {unit.String()}}, pairs...)
}

// unitOf is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

// onlys are what a list can be narrowed to beside its columns.
var onlys = []string{"given", "receipt", "double"}

func filterIn(r *http.Request) Filter {
	q := r.URL.Query()
	f := Filter{Kind: q.Get("kind"), Day: clock.Today(r.Context())}
	if y, err := strconv.ParseInt(q.Get("year"), 10, 64); err == nil && y >= 1990 && y <= 2200 {
		f.Year = y
	}
	if v := q.Get("form"); slices.Contains(Forms, v) {
		f.Form = v
	}
	if v := State(q.Get("state")); slices.Contains(States, v) {
		f.State = v
	}
	if v := q.Get("only"); slices.Contains(onlys, v) {
		f.Only = v
	}
	if ref, err := id.ParseRef(q.Get("gift")); err == nil {
		f.Gift = ref
	}
	if v, err := id.Parse(q.Get("after")); err == nil {
		f.After = v
	}
	return f
}

// listPage is a unit's aids and those below it, with what was given by kind: each sum leads to its records.
func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f := filterIn(r)
	p, err := s.List(ctx, u, f)
	if err != nil {
		return err
	}
	kinds, err := s.Kinds(ctx, u.Root())
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: tr(ctx, "aid.title"), Under: u.Name}}
	a := scope.From(ctx)
	if a.May(scope.Work, u.Pos) {
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr(ctx, "aid.apply"), Href: at("/aid/new", u.ID), Main: true}, ui.Button{Text: tr(ctx, "aid.import"), Href: at("/import/aid", u.ID)}, ui.Button{Text: tr(ctx, "aid.past"), Href: at("/aid/past", u.ID)})
	}
	v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr(ctx, "aid.gifts"), Href: at("/aid/gifts", u.ID)}, ui.Button{Text: tr(ctx, "aid.donors"), Href: at("/aid/donors", u.ID)},
		ui.Button{Text: tr(ctx, "aid.kinds"), Href: at("/aid/kinds", u.ID)}, ui.Button{Text: tr(ctx, "aid.thanks"), Href: at("/aid/thanks", u.ID)})
	v.Choices = listChoices(ctx, r, u, f, kinds)
	q := r.URL.Query()
	list := record.Section{ID: "list", Title: tr(ctx, "aid.list"), Lead: tr(ctx, "aid.total", "N", ui.Number(p.Total)), Empty: tr(ctx, "aid.none"), Table: s.aidTable(ctx, p.Rows)}
	if p.Total > 0 {
		list.Acts = []ui.Button{{Text: tr(ctx, "aid.export"), Href: at("/export/aid", u.ID, "format", table.XLSX)}}
	}
	children, err := s.childrenSection(ctx, u)
	if err != nil {
		return err
	}
	v.Sections = []record.Section{{ID: "sums", Title: tr(ctx, "aid.sums"), Lead: tr(ctx, "aid.sums_lead"), Empty: tr(ctx, "aid.sums_none"), Table: s.sumTable(ctx, r, u, p.Sums)}, children, list}
	v.Paging = ui.Paging{Here: len(p.Rows)}
	if p.Next != 0 {
		v.Paging.Rest, v.Paging.Next = max(1, p.Total-int64(len(p.Rows))), web.Address("/aid", q, "after", p.Next.String(), "unit", u.ID.String())
	}
	if f.After != 0 {
		v.Paging.First = web.Address("/aid", q, "after", "", "unit", u.ID.String())
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, record.OverviewBody(v))
}

// listChoices are the rows of views above the list.
func listChoices(ctx context.Context, r *http.Request, u org.Unit, f Filter, kinds []Class) []ui.Choice {
	q := r.URL.Query()
	link := func(text, name, value string, current bool) ui.Link {
		return ui.Link{Text: text, Href: web.Address("/aid", q, "after", "", "unit", u.ID.String(), name, value), Current: current}
	}
	year := int64(f.Day.Year())
	years := ui.Choice{Label: tr(ctx, "aid.f.year"), Links: []ui.Link{link(tr(ctx, "aid.all"), "year", "", f.Year == 0)}}
	for y := year; y > year-3; y-- {
		years.Links = append(years.Links, link(tr(ctx, "aid.year_n", "Year", y), "year", strconv.FormatInt(y, 10), f.Year == y))
	}
	ofKind := ui.Choice{Label: tr(ctx, "aid.f.kind"), Links: []ui.Link{link(tr(ctx, "aid.all"), "kind", "", f.Kind == "")}}
	for _, c := range kinds {
		if c.Closed == clock.Open || f.Kind == c.Code {
			ofKind.Links = append(ofKind.Links, link(c.In(ctx), "kind", c.Code, f.Kind == c.Code))
		}
	}
	states := ui.Choice{Label: tr(ctx, "aid.f.state"), Links: []ui.Link{link(tr(ctx, "aid.all"), "state", "", f.State == "")}}
	for _, st := range States {
		states.Links = append(states.Links, link(tr(ctx, "aid.is."+string(st)), "state", string(st), f.State == st))
	}
	only := ui.Choice{Label: tr(ctx, "aid.f.only"), Links: []ui.Link{link(tr(ctx, "aid.all"), "only", "", f.Only == "")}}
	for _, o := range onlys {
		only.Links = append(only.Links, link(tr(ctx, "aid.only."+o), "only", o, f.Only == o))
	}
	return []ui.Choice{years, ofKind, states, only}
}

func (s *Service) sumTable(ctx context.Context, r *http.Request, u org.Unit, sums []Sum) ui.Table {
	t := ui.Table{Caption: tr(ctx, "aid.sums"), Columns: []ui.Column{{Text: tr(ctx, "aid.f.kind")}, {Text: tr(ctx, "aid.f.times"), Label: true, Right: true}, {Text: tr(ctx, "aid.form.money"), Label: true, Right: true},
		{Text: tr(ctx, "aid.f.value"), Label: true, Right: true}, {Text: tr(ctx, "aid.f.hours"), Label: true, Right: true}}}
	name := s.kindNames(ctx)
	for _, x := range sums {
		to := func(form string) string {
			return web.Address("/aid", r.URL.Query(), "after", "", "unit", u.ID.String(), "kind", x.Kind, "only", "given", "form", form)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(name(u.Root(), x.Kind)), ui.Num(ui.Number(x.N), to(r.URL.Query().Get("form"))), ui.Num(money(ctx, x.MoneyFen), to(Money)),
			ui.Num(money(ctx, x.GoodsFen), to(Goods)), ui.Num(ui.Hours(x.Minutes), to(Hours))}})
	}
	return t
}

func (s *Service) aidTable(ctx context.Context, list []Row) ui.Table {
	t := ui.Table{Caption: tr(ctx, "aid.list"), Columns: []ui.Column{{Text: tr(ctx, "aid.f.no")}, {Text: tr(ctx, "aid.f.kind"), Label: true}, {Text: tr(ctx, "aid.f.unit"), Label: true}, {Text: tr(ctx, "aid.f.applied"), Label: true},
		{Text: tr(ctx, "aid.f.asked"), Label: true, Right: true}, {Text: tr(ctx, "aid.f.given"), Label: true, Right: true}, {Text: tr(ctx, "aid.f.state")}}}
	var units []id.ID
	for _, r := range list {
		units = append(units, r.Unit)
	}
	at, err := s.org.ByIDs(ctx, units)
	if err != nil {
		at = nil // the list without the names of units is better than none
	}
	name := s.kindNames(ctx)
	for _, r := range list {
		kind := ui.Text(name(r.Root, r.Kind))
		kind.Sub = r.Purpose
		given := ui.Text(tr(ctx, "aid.dash"))
		if r.GivenOn != clock.Open {
			given = ui.Text(amountText(ctx, r.Form, Amount{Fen: r.GivenFen, Qty: r.GivenQty, Minutes: r.Minutes}))
			given.Sub = tr(ctx, "aid.on_day", "Day", r.GivenOn)
		}
		asked := ui.Text(tr(ctx, "aid.form."+r.Form))
		if r.AskedFen > 0 {
			asked = ui.Text(money(ctx, r.AskedFen))
		}
		m := mark(ctx, r.State)
		t.Rows = append(t.Rows, ui.Row{ID: r.Ref().String(), Cells: []ui.Cell{ui.To(r.No, path(r.Ref())), kind, ui.Text(at[r.Unit].Name), ui.Text(i18n.Day(ctx, r.AppliedOn)), asked, given, ui.State(m.Text, m.Kind)}})
	}
	return t
}

func mark(ctx context.Context, st State) ui.Mark {
	m := ui.Mark{Text: tr(ctx, "aid.is."+string(st))}
	switch st {
	case Signed, Done:
		m.Kind = "p"
	case Applied, Verified, Approved, Given:
		m.Kind = "w"
	}
	return m
}

func (s *Service) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	a, _, err := s.book.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.book.KnownPage(w, r, ref, ui.Link{Text: s.title(r.Context(), ref, a), Href: path(ref)}, Kind)
}

// showPage is an aid: its steps for all who see the unit, for whom it is for those who may open it, which the log then says.
func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	a, v, err := s.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	if a, err = s.shown(ctx, ref, a); err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, a.Unit)
	if err != nil {
		return err
	}
	works := scope.From(ctx).May(scope.Work, u.Pos)
	out := record.Shown{Heading: ui.Heading{Title: s.title(ctx, ref, a), Under: tr(ctx, "aid.under", "Unit", u.Name, "Purpose", a.Purpose, "Year", a.Year), Tags: []ui.Mark{mark(ctx, a.State)}}, Known: "/aid/known/" + ref.String()}
	step, wait, err := s.turn(ctx, ref, a)
	if err != nil {
		return err
	}
	if works {
		out.Heading.Acts = s.acts(ctx, ref, a, step)
	}
	if out.Notes, err = s.notes(ctx, ref, a, v, works); err != nil {
		return err
	}
	if works && wait != nil {
		out.Notes = append(out.Notes, *wait)
	}
	out.Facts = s.askedFacts(ctx, a)
	steps, err := s.stepFacts(ctx, a)
	if err != nil {
		return err
	}
	out.Sections = []record.Section{{ID: "steps", Title: tr(ctx, "aid.steps"), Empty: tr(ctx, "aid.steps_none"), Facts: steps}}
	reads, err := s.May(ctx, ref, a)
	if err != nil {
		return err
	}
	if reads && !a.Past {
		if out.Boxes, err = s.lent(ctx, ref); err != nil {
			return err
		}
	}
	child, err := s.childSection(ctx, ref, a, reads)
	if err != nil {
		return err
	}
	out.Sections = append(out.Sections, child)
	if out.Timeline, err = s.book.Timeline(ctx, ref, ""); err != nil {
		return err
	}
	for i := range out.Timeline { // each step has a way of its own to be put right
		out.Timeline[i].Undo = nil
	}
	return web.Render(w, r, web.Page{Title: out.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "aid.title"), Href: at("/aid", a.Unit)}, {Text: out.Heading.Title}}}, record.ShownBody(out))
}

// next is the step that an aid waits for.
func next(st State) string {
	return map[State]string{Applied: "verify", Verified: "approve", Approved: "give", Given: "sign", Signed: "follow"}[st]
}

// turn is the step that the reader may take now, "" for none, and whom it waits for where that is somebody else: nobody fills in a form to be refused.
func (s *Service) turn(ctx context.Context, ref id.Ref, a Aid) (step string, wait *ui.Note, err error) {
	if step = next(a.State); step == "" || a.Past {
		return "", nil, nil
	}
	if a.State != Applied && a.State != Verified {
		return step, nil, nil
	}
	if another(ctx, a) != nil {
		return "", &ui.Note{Title: tr(ctx, "aid.others_turn"), Text: tr(ctx, "aid.own_application", "Name", a.ByName)}, nil
	}
	if a.State == Applied {
		return step, nil, nil
	}
	c, err := s.running(ctx, ref)
	if err != nil {
		return "", nil, err
	}
	if slices.ContainsFunc(s.flow.Allowed(ctx, c), func(t flow.Transition) bool { return t.Act == "approve" }) {
		return step, nil, nil
	}
	u, err := s.rec.Home(ctx, c.Issuer)
	if err != nil {
		return "", nil, err
	}
	return "", &ui.Note{Title: tr(ctx, "aid.others_turn"), Text: tr(ctx, "aid.decides", "Unit", u.Name)}, nil
}

// barred says why the reader would only be refused an act whose form they opened, nil where they may fill it in: whose turn it is, where the
// aid stands, or that a second aid wants its reason first.
func (s *Service) barred(ctx context.Context, ref id.Ref, a Aid, act string) (*ui.Note, error) {
	late := &ui.Note{Title: tr(ctx, "aid.step_else"), Text: tr(ctx, "aid.step_now", "State", mark(ctx, a.State).Text)}
	switch act {
	case "correct":
		if a.Past || a.State != Applied && !a.State.handedOver() {
			return late, nil
		}
	case "withdraw":
		if a.State != Applied && a.State != Verified && a.State != Approved {
			return late, nil
		}
	case "child", "go_on":
		if a.Past || a.State.stopped() {
			return late, nil
		}
		if act == "go_on" {
			if d, err := s.doubles(ctx, ref, a); err != nil || !d.Any() {
				return &ui.Note{Title: tr(ctx, "aid.no_double")}, err
			}
		}
	default:
		due := act
		if act == "refuse" { // the other answer to the same question
			due = "approve"
		}
		step, wait, err := s.turn(ctx, ref, a)
		switch {
		case err != nil:
			return nil, err
		case due != next(a.State) || a.Past:
			return late, nil
		case step != due:
			return wait, nil
		}
		if act != "verify" && act != "approve" {
			return nil, nil
		}
		if err := s.mayGoOn(ctx, ref, a); errs.Is(err, errs.Conflict) {
			return &ui.Note{Kind: "w", Title: tr(ctx, "aid.double_found"), Text: tr(ctx, "aid.double_say"), Links: []ui.Link{{Text: tr(ctx, "aid.do.go_on"), Href: path(ref) + "/go_on"}}}, nil
		} else if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// acts are the buttons of an aid for who works there; step is the one that is theirs now.
func (s *Service) acts(ctx context.Context, ref id.Ref, a Aid, step string) (out []ui.Button) {
	add := func(act string, main bool) {
		out = append(out, ui.Button{Text: tr(ctx, "aid.do."+act), Href: path(ref) + "/" + act, Main: main})
	}
	if step != "" {
		add(step, true)
	}
	if step == "approve" {
		add("refuse", false)
	}
	if (a.State == Applied || a.State.handedOver()) && !a.Past {
		add("correct", false)
	}
	if keeps, err := s.May(ctx, ref, a); err == nil && keeps && !a.State.stopped() && !a.Past {
		add("child", false)
	}
	if a.State == Applied || a.State == Verified || a.State == Approved {
		add("withdraw", false)
	}
	if !a.State.stopped() && !a.Past {
		out = append(out, ui.Button{Text: tr(ctx, "aid.add_paper"), Href: paperPath(ref)})
	}
	return out
}

// notes are what has to be known before the next step: that there is another aid for the same, and which figures a step moved.
func (s *Service) notes(ctx context.Context, ref id.Ref, a Aid, v record.Version, works bool) (out []ui.Note, err error) {
	d, err := s.DoublesOf(ctx, ref, a)
	if err != nil {
		return nil, err
	}
	if d.Any() && !a.State.stopped() {
		n := ui.Note{Kind: "w", Title: tr(ctx, "aid.double_found")}
		for _, x := range d.Own {
			n.Text += tr(ctx, "aid.double_own", "No", x.No)
		}
		if d.Past > 0 {
			n.Text += tr(ctx, "aid.double_past", "N", d.Past)
		}
		if d.PastElse > 0 {
			n.Text += tr(ctx, "aid.double_past_else", "N", d.PastElse)
		}
		if d.Elsewhere > 0 {
			n.Text += tr(ctx, "aid.double_elsewhere", "N", d.Elsewhere)
		}
		if len(d.Own) > 0 {
			n.Links = append(n.Links, ui.Link{Text: tr(ctx, "aid.see_no", "No", d.Own[0].No), Href: path(d.Own[0].Ref())})
		}
		if a.Double == "" && works {
			n.Text += tr(ctx, "aid.double_say")
			n.Links = append(n.Links, ui.Link{Text: tr(ctx, "aid.do.go_on"), Href: path(ref) + "/go_on"})
		} else if a.Double != "" {
			n.Text += tr(ctx, "aid.double_said", "Why", a.Double)
		}
		out = append(out, n)
	}
	if a.State == Given && a.Given != nil && a.Given.Day.AddDays(receiptWithin) <= clock.Today(ctx) {
		out = append(out, ui.Note{Kind: "w", Title: tr(ctx, "aid.receipt_open"), Text: tr(ctx, "aid.receipt_open_why", "N", receiptWithin)})
	}
	return out, nil
}

func (s *Service) askedFacts(ctx context.Context, a Aid) []ui.Fact {
	out := []ui.Fact{{Label: tr(ctx, "aid.f.asked"), Text: amountText(ctx, a.Form, a.Asked)}}
	if a.Reason != "" {
		out = append(out, ui.Fact{Label: tr(ctx, "aid.f.reason"), Text: tr(ctx, "aid.reason."+a.Reason)})
	}
	out = append(out, ui.Fact{Label: tr(ctx, "aid.f.applied"), Text: i18n.Day(ctx, a.Applied)})
	if a.ByName != "" {
		out = append(out, ui.Fact{Label: tr(ctx, "aid.f.applicant"), Text: a.ByName})
	}
	if a.Request != "" {
		out = append(out, ui.Fact{Label: tr(ctx, "aid.f.request"), Text: a.RequestN, Href: "/care/" + a.Request})
	}
	if a.Ended != "" {
		out = append(out, ui.Fact{Label: tr(ctx, "aid.f.ended"), Text: a.Ended})
	}
	return out
}

// stepFacts are the steps that were taken.
func (s *Service) stepFacts(ctx context.Context, a Aid) (out []ui.Fact, err error) {
	if a.Check != nil {
		out = append(out, ui.Fact{Label: tr(ctx, "aid.f.check"), Text: checkText(ctx, *a.Check)})
	}
	if d := a.Decision; d != nil {
		by := d.By
		if d.Unit != 0 {
			u, err := s.org.Unit(ctx, d.Unit)
			if err != nil {
				return nil, err
			}
			by = tr(ctx, "aid.by_of", "Unit", u.Name, "Name", d.By)
		}
		text := tr(ctx, "aid.decided_n", "Day", i18n.Day(ctx, d.Day), "By", by, "Amount", amountText(ctx, a.Form, d.Amount))
		if d.Note != "" {
			text = tr(ctx, "aid.with_note", "Text", text, "Note", d.Note)
		}
		out = append(out, ui.Fact{Label: tr(ctx, "aid.f.approved"), Text: text})
	}
	if g := a.Given; g != nil {
		text := tr(ctx, "aid.given_n", "Day", i18n.Day(ctx, g.Day), "Amount", amountText(ctx, a.Form, g.Amount))
		if len(g.Hands) == 2 {
			text = tr(ctx, "aid.given_by", "Text", text, "A", g.Hands[0], "B", g.Hands[1])
		}
		out = append(out, ui.Fact{Label: tr(ctx, "aid.f.given"), Text: text})
		from := ui.Fact{Label: tr(ctx, "aid.f.gift"), Text: tr(ctx, "aid.own_means")}
		if g.Gift.ID != 0 {
			x, err := s.store.giftAcrossUnits(ctx, g.Gift)
			if err != nil {
				return nil, err
			}
			from.Text = giftName(ctx, x)
			if scope.From(ctx).May(scope.View, x.Pos) {
				from.Href = giftPath(g.Gift)
			}
		}
		out = append(out, from)
	}
	if a.Receipt != nil {
		out = append(out, ui.Fact{Label: tr(ctx, "aid.f.receipt"), Text: receiptText(ctx, *a.Receipt)})
	}
	if a.Followed != "" {
		out = append(out, ui.Fact{Label: tr(ctx, "aid.f.followed"), Text: i18n.Day(ctx, a.Followed)})
	}
	return out, nil
}

// childSection is for whom an aid is, or that the reader may not know.
func (s *Service) childSection(ctx context.Context, ref id.Ref, a Aid, reads bool) (record.Section, error) {
	sec := record.Section{ID: "child", Title: tr(ctx, "aid.child"), Empty: tr(ctx, "aid.child_closed")}
	if a.Past {
		sec.Empty = tr(ctx, "aid.child_past")
		return sec, nil
	}
	if !reads {
		return sec, nil
	}
	o, err := s.Open(ctx, ref)
	if err != nil {
		return sec, err
	}
	if !o.Present {
		sec.Empty = tr(ctx, "aid.child_erased")
	}
	c := o.Child
	add := func(key, text string) {
		if text != "" {
			sec.Facts = append(sec.Facts, ui.Fact{Label: tr(ctx, key), Text: text})
		}
	}
	if o.Present {
		add("aid.f.child", c.Name)
		add("aid.f.number", c.Number)
		add("aid.f.born", i18n.Day(ctx, c.Born))
		add("aid.f.guardian", c.Guardian)
		add("aid.f.phone", c.Phone)
		add("aid.f.school", c.School)
		add("aid.f.address", c.Address)
		add("aid.f.bank", c.Bank)
		add("aid.f.words", c.Words)
	}
	for _, p := range o.Papers {
		f := ui.Fact{Label: tr(ctx, "aid.f.papers"), Text: tr(ctx, "aid.paper_gone")}
		if p.Name != "" {
			f.Text, f.Href = tr(ctx, "aid.paper_n", "Name", p.Name, "Day", i18n.Day(ctx, p.Day), "By", p.ByName), paperPath(ref)+"/"+strconv.FormatInt(p.No, 10)
		}
		sec.Facts = append(sec.Facts, f)
	}
	add("aid.f.found", o.Words["check"])
	add("aid.f.follow_words", o.Words["follow"])
	if o.Agreed.Given != clock.Open {
		add("aid.f.agreed", tr(ctx, "aid.agreed_n", "Day", i18n.Day(ctx, o.Agreed.Given), "Form", tr(ctx, "aid.agreed_form."+o.Agreed.Form)))
	}
	if keeps, err := s.seal.Keeps(ctx, owner(childKind, ref, a)); err != nil {
		return sec, err
	} else if keeps {
		sec.Acts = []ui.Button{{Text: tr(ctx, "aid.who_looked"), Href: "/seal/" + ref.String() + "/readings"}, {Text: tr(ctx, "aid.let_in"), Href: "/seal/" + ref.String()}}
	}
	return sec, nil
}
