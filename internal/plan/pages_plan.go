package plan

import (
	"context"
	"net/http"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// planActs are what can be done with a plan, beside taking a change back.
var planActs = []string{"add", "extract", "sign", "issue", "edit", "remove"}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	p, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, p.Unit)
	if err != nil {
		return err
	}
	items, err := s.Items(ctx, ref)
	if err != nil {
		return err
	}
	v := record.Shown{Heading: ui.Heading{Title: p.Title, Under: u.Name}, Known: "/plan/known/" + ref.String()}
	mark := ui.Mark{Text: i18n.T(ctx, "plan.drafted")}
	if p.IssuedOn != clock.Open {
		mark = ui.Mark{Text: i18n.T(ctx, "plan.is_issued"), Kind: "p"}
	}
	v.Heading.Tags = []ui.Mark{mark}
	works := scope.From(ctx).May(scope.Work, u.Pos)
	if works {
		for _, a := range planActs {
			if a == "issue" && p.IssuedOn != clock.Open || a == "remove" && len(items) > 0 {
				continue
			}
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "plan.do."+a), Href: path(ref) + "/" + a, Main: a == "add"})
		}
	}
	for _, f := range planFacts(ctx, p) {
		if f.Text != "" && f.Key != "plan.f.title" && f.Key != "plan.f.duties" && f.Key != "plan.f.signs" {
			v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
		}
	}
	v.Sections = append(v.Sections, signSection(ctx, p), dutySection(ctx, p, items))
	parts, err := s.itemSections(ctx, p, items)
	if err != nil {
		return err
	}
	v.Sections = append(v.Sections, parts...)
	if v.Timeline, err = s.plans.Timeline(ctx, ref, path(ref)+"/"+record.ActUndo); err != nil {
		return err
	}
	return web.Render(w, r, crumbs(ctx, u, p.Year, p.Title), record.ShownBody(v))
}

// signSection says who has signed and whose signature is missing (R182).
func signSection(ctx context.Context, p Plan) record.Section {
	x := record.Section{ID: "signs", Title: i18n.T(ctx, "plan.f.signs")}
	for _, side := range p.needs() {
		it := ui.Item{Name: i18n.T(ctx, "plan.side."+side), Text: i18n.T(ctx, "plan.not_signed")}
		if side == "association" {
			it.Name = p.Partner
		}
		if s, ok := p.signed(side); ok {
			it.Met, it.Text = true, i18n.T(ctx, "plan.signed", "Name", s.Name, "Post", s.Post, "Day", i18n.Day(ctx, s.On))
		}
		x.Checks = append(x.Checks, it)
	}
	return x
}

// dutySection is the checklist of duties: each should have an item (R180).
func dutySection(ctx context.Context, p Plan, items []Numbered) record.Section {
	x := record.Section{ID: "duties", Title: i18n.T(ctx, "plan.duty_list", "N", len(p.Duties))}
	for _, d := range p.Duties {
		n, done := 0, 0
		for _, i := range items {
			if i.Item.Duty == d && i.Item.Dropped == clock.Open {
				n++
				if i.Item.DoneOn != clock.Open {
					done++
				}
			}
		}
		it := ui.Item{Name: d, Text: i18n.T(ctx, "plan.duty_empty")}
		if n > 0 {
			it.Met, it.Text = true, i18n.T(ctx, "plan.duty_items", "N", n, "Done", done)
		}
		x.Checks = append(x.Checks, it)
	}
	return x
}

// itemSections are the items by quarter, plan beside actual (R124, R181).
func (s *Service) itemSections(ctx context.Context, p Plan, items []Numbered) ([]record.Section, error) {
	day := asOf(ctx, p.Year)
	var out []record.Section
	for _, q := range []int{1, 2, 3, 4, 0} {
		t := ui.Table{Caption: quarter(ctx, q), Columns: []ui.Column{{Text: i18n.T(ctx, "plan.f.item")}, {Text: i18n.T(ctx, "plan.f.owner"), Label: true}, {Text: i18n.T(ctx, "plan.f.budget"), Label: true, Right: true},
			{Text: i18n.T(ctx, "plan.planned"), Label: true, Right: true}, {Text: i18n.T(ctx, "plan.actual"), Label: true, Right: true}, {Text: i18n.T(ctx, "plan.f.state")}}}
		for _, n := range items {
			if n.Item.Quarter != q {
				continue
			}
			row, err := s.itemRow(ctx, n, day)
			if err != nil {
				return nil, err
			}
			t.Rows = append(t.Rows, row)
		}
		if len(t.Rows) > 0 {
			out = append(out, record.Section{ID: "q" + string(rune('0'+q)), Title: quarter(ctx, q), Table: t})
		}
	}
	if len(out) == 0 {
		out = []record.Section{{ID: "items", Title: i18n.T(ctx, "plan.items"), Empty: i18n.T(ctx, "plan.items_none")}}
	}
	return out, nil
}

func (s *Service) itemRow(ctx context.Context, n Numbered, day clock.Day) (ui.Row, error) {
	i := n.Item
	a, err := s.ActualOf(ctx, i, day)
	if err != nil {
		return ui.Row{}, err
	}
	budget, planned, actual := ui.Text(""), ui.Text(""), ui.Text("")
	if i.Budget > 0 {
		budget = ui.Text(money(ctx, i.Budget))
	}
	if i.Target > 0 {
		planned = ui.Text(s.amount(ctx, i.Figure, i.Target))
	}
	if a != nil {
		actual = ui.Num(s.amount(ctx, i.Figure, a.Value), record.EvidenceHref(s.question(i, day)))
		if a.Target > 0 {
			actual.Sub = ui.Number(a.Percent()) + "%"
		}
	}
	st := i.On(clock.Today(ctx))
	return ui.Row{ID: n.Ref.String(), Bad: st == Late, Cells: []ui.Cell{ui.To(i.Title, itemPath(n.Ref)), ui.Text(i.Owner), budget, planned, actual, stateCell(ctx, st)}}, nil
}

func stateCell(ctx context.Context, st State) ui.Cell {
	return ui.State(i18n.T(ctx, "plan.state."+string(st)), map[State]string{Done: "p", Late: "w"}[st])
}

func (s *Service) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	p, _, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.plans.KnownPage(w, r, ref, ui.Link{Text: p.Title, Href: path(ref)}, Kind)
}

func planInputs(ctx context.Context, p Plan) []ui.Input {
	return []ui.Input{
		{Name: "title", Label: i18n.T(ctx, "plan.f.title"), Value: p.Title, MaxLength: maxName},
		{Kind: ui.KindArea, Name: "duties", Label: i18n.T(ctx, "plan.f.duties"), Hint: i18n.T(ctx, "plan.duties_hint"), Value: strings.Join(p.Duties, "\n"), Lines: 5},
		{Name: "partner", Label: i18n.T(ctx, "plan.f.partner"), Hint: i18n.T(ctx, "plan.partner_hint"), Value: p.Partner, Optional: true, MaxLength: maxName},
		{Kind: ui.KindArea, Name: "note", Label: i18n.T(ctx, "plan.f.note"), Value: p.Note, Optional: true, Lines: 3},
	}
}

func planTyped(f *web.Form) Plan {
	return Plan{Title: f.Text("title"), Duties: f.Lines("duties"), Partner: f.Text("partner"), Note: f.Text("note")}
}

func (s *Service) toBegin(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return record.Form{}, err
	}
	year := yearIn(r)
	p := Plan{Unit: u.ID, Year: year, Title: i18n.T(ctx, "plan.title_of", "Year", year)}
	if err := s.plans.MayCreate(ctx, p, record.Change{Act: "plan.act.create"}); err != nil {
		return record.Form{}, err
	}
	p.Duties, err = s.DutiesFor(ctx, u, year)
	return record.Form{Current: Kind, Unit: u, Year: year, Title: i18n.T(ctx, "plan.begin_year", "Year", year), Over: u.Name, Back: at("/plan", u, year), Action: at("/plan/new", u, year), Submit: i18n.T(ctx, "plan.save"), Inputs: planInputs(ctx, p)}, err
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.toBegin(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) createPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.toBegin(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		p := planTyped(f)
		p.Unit, p.Year = v.Unit.ID, v.Year
		ref, err := s.Create(ctx, p, record.Change{})
		return path(ref), err
	})
}

// aboutPlan is the form of an act on a plan, for somebody who works at its unit.
func (s *Service) aboutPlan(r *http.Request) (record.Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	p, v, err := record.Opened(r, record.Subject[Plan]{Book: s.plans, Get: s.Get, Acts: planActs, Save: "plan.act.save", Home: func(p Plan) (id.ID, int) { return p.Unit, p.Year }, Path: path, Submit: "plan.save", Current: Kind})
	if err != nil {
		return v, err
	}
	u, today := v.Unit, clock.Today(ctx)
	v.Over = p.Title
	if act != record.ActUndo {
		v.Title = i18n.T(ctx, "plan.do."+act)
	}
	switch act {
	case "edit":
		v.Inputs = planInputs(ctx, p)
	case "add":
		v.Inputs, err = s.itemInputs(ctx, u, p, Item{Kind: Kinds[0]})
	case "extract":
		v.Lead = i18n.T(ctx, "plan.extract_lead")
		v.Inputs = []ui.Input{{Name: "document", Label: i18n.T(ctx, "plan.f.document"), Hint: i18n.T(ctx, "plan.document_hint"), MaxLength: maxName},
			{Kind: ui.KindArea, Name: "text", Label: i18n.T(ctx, "plan.paragraphs"), Hint: i18n.T(ctx, "plan.paragraphs_hint"), Lines: 12}}
	case "sign":
		in := ui.Input{Kind: ui.KindRadio, Name: "side", Label: i18n.T(ctx, "plan.side"), Value: Sides[0]}
		for _, side := range p.needs() {
			in.Options = append(in.Options, ui.Option{Value: side, Text: i18n.T(ctx, "plan.side."+side)})
		}
		v.Inputs = []ui.Input{in, {Name: "name", Label: i18n.T(ctx, "plan.signer"), MaxLength: 40}, {Name: "post", Label: i18n.T(ctx, "plan.signer_post"), Optional: true, MaxLength: 40}, dayInput(ctx, "on", "plan.signed_on", today)}
	case "issue":
		v.Inputs = []ui.Input{dayInput(ctx, "on", "plan.f.issued_on", today), {Name: "number", Label: i18n.T(ctx, "plan.f.number"), Optional: true, MaxLength: 40}}
	case "remove":
		v.Inputs = []ui.Input{reasonInput(ctx)}
	}
	return v, err
}

func (s *Service) doPlan(ctx context.Context, v record.Form, act string, f *web.Form) (string, error) {
	n, to := f.Version(), path(v.Ref)
	switch act {
	case "edit":
		return to, s.Save(ctx, v.Ref, n, planTyped(f), record.Change{})
	case "add":
		i := itemTyped(f)
		i.Plan = v.Ref
		_, err := s.Add(ctx, i, record.Change{})
		return to, err
	case "extract":
		_, err := s.Extract(ctx, v.Ref, f.Text("document"), f.Get("text"))
		return to, err
	case "sign":
		return to, s.Sign(ctx, v.Ref, n, Sign{Side: f.Text("side"), Name: f.Text("name"), Post: f.Text("post"), On: f.Day("on")})
	case "issue":
		return to, s.Issue(ctx, v.Ref, n, f.Day("on"), f.Text("number"))
	case "remove":
		return at("/plan", v.Unit, v.Year), s.Remove(ctx, v.Ref, n, f.Text("reason"))
	}
	err := s.Undo(ctx, v.Ref, n)
	if err == nil && gone(ctx, s.Get, v.Ref) {
		to = at("/plan", v.Unit, v.Year)
	}
	return to, err
}

// option finds the central tasks that a form offers, by the place's own name.
func (s *Service) centralOptions(ctx context.Context, u org.Unit, i Item, year int) ([]ui.Option, error) {
	list, err := s.CentralFor(ctx, u, year)
	if err != nil {
		return nil, err
	}
	more, err := s.CentralNamed(ctx, i.Central)
	if err != nil {
		return nil, err
	}
	var out []ui.Option
	seen := map[id.ID]bool{}
	for _, c := range append(list, more...) {
		if !seen[c.ID] {
			seen[c.ID] = true
			out = append(out, ui.Option{Value: c.Ref().String(), Text: org.Local(c.Name, u.Name)})
		}
	}
	return out, nil
}
