package plan

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// itemActs are what can be done with an item, beside taking a change back.
var itemActs = []string{"done", "attach", "scheme", "approve", "edit", "drop", "reopen", "remove"}

// offered tells whether an act fits an item as it stands.
func (i Item) offered(act string) bool {
	ended := i.DoneOn != clock.Open || i.Dropped != clock.Open
	switch act {
	case "done", "drop", "scheme":
		return !ended
	case "approve":
		return !ended && i.Scheme.Text != "" && i.Scheme.ApprovedOn == clock.Open
	case "reopen":
		return ended
	}
	return true
}

func (s *Service) itemPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	i, _, err := s.Item(ctx, ref)
	if err != nil {
		return err
	}
	p, _, err := s.Get(ctx, i.Plan)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, i.Unit)
	if err != nil {
		return err
	}
	day := asOf(ctx, i.Year)
	st := stateCell(ctx, i.On(clock.Today(ctx)))
	v := record.Shown{Heading: ui.Heading{Title: i.Title, Under: u.Name, Tags: []ui.Mark{{Text: st.Text, Kind: st.Tag}}}, Known: "/plan/item/known/" + ref.String()}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		for _, a := range itemActs {
			if i.offered(a) {
				v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "plan.do."+a), Href: itemPath(ref) + "/" + a, Main: a == "done"})
			}
		}
	}
	v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, "plan.f.plan"), Text: p.Title, Href: path(i.Plan)})
	for _, f := range s.itemFacts(ctx, i) {
		if f.Text != "" && f.Key != "plan.f.item" && f.Key != "plan.f.works" && f.Key != "plan.f.central" {
			v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
		}
	}
	parts, err := s.itemParts(ctx, i, u, day)
	if err != nil {
		return err
	}
	v.Sections = parts
	if v.Timeline, err = s.items.Timeline(ctx, ref, itemPath(ref)+"/"+record.ActUndo); err != nil {
		return err
	}
	page := crumbs(ctx, u, i.Year, p.Title)
	page.Title = i.Title
	page.Crumbs[1].Href = path(i.Plan)
	page.Crumbs = append(page.Crumbs, ui.Link{Text: i.Title})
	return web.Render(w, r, page, record.ShownBody(v))
}

// itemParts are the number behind an item, the central tasks that it serves, and what was done for it.
func (s *Service) itemParts(ctx context.Context, i Item, u org.Unit, day clock.Day) (out []record.Section, err error) {
	a, err := s.ActualOf(ctx, i, day)
	if err != nil {
		return nil, err
	}
	if a != nil {
		name, _ := s.figureName(ctx, a.Figure)
		t := ui.Table{Caption: i18n.T(ctx, "plan.actual"), Columns: []ui.Column{{Text: i18n.T(ctx, "plan.f.figure")}, {Text: i18n.T(ctx, "plan.span"), Label: true}, {Text: i18n.T(ctx, "plan.planned"), Label: true, Right: true}, {Text: i18n.T(ctx, "plan.actual"), Label: true, Right: true}}}
		planned, actual := ui.Text(""), ui.Num(s.amount(ctx, a.Figure, a.Value), record.EvidenceHref(s.question(i, day)))
		if a.Target > 0 {
			planned = ui.Text(s.amount(ctx, a.Figure, a.Target))
			actual.Sub = ui.Number(a.Percent()) + "%"
		}
		t.Rows = []ui.Row{{ID: "number", Cells: []ui.Cell{ui.Text(name), ui.Text(i18n.T(ctx, "plan.from_to", "From", i18n.Day(ctx, a.From), "To", i18n.Day(ctx, a.To))), planned, actual}}}
		out = append(out, record.Section{ID: "actual", Title: i18n.T(ctx, "plan.compared"), Lead: i18n.T(ctx, "plan.compared_lead"), Table: t})
	}
	served, err := s.CentralNamed(ctx, i.Central)
	if err != nil {
		return nil, err
	}
	if len(served) > 0 {
		x := record.Section{ID: "central", Title: i18n.T(ctx, "plan.f.central")}
		for _, c := range served {
			x.Facts = append(x.Facts, ui.Fact{Label: i18n.T(ctx, "plan.serves"), Text: org.Local(c.Name, u.Name), Href: centralPath(c.Ref())})
		}
		out = append(out, x)
	}
	x := record.Section{ID: "works", Title: i18n.T(ctx, "plan.f.works"), Empty: i18n.T(ctx, "plan.works_none")}
	x.Table = ui.Table{Caption: x.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "plan.f.title")}, {Text: i18n.T(ctx, "plan.f.kind"), Label: true}, {Text: i18n.T(ctx, "plan.f.day"), Label: true}}}
	for _, l := range i.Links {
		x.Table.Rows = append(x.Table.Rows, ui.Row{ID: l.Path, Cells: []ui.Cell{ui.To(l.Title, l.Path), ui.Text(i18n.T(ctx, "plan.work."+l.Kind)), ui.Text(i18n.Day(ctx, l.Day))}})
	}
	return append(out, x), nil
}

func (s *Service) itemKnownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	i, _, err := s.Item(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.items.KnownPage(w, r, ref, ui.Link{Text: i.Title, Href: itemPath(ref)}, Kind)
}

// itemInputs ask what is planned. What few items have stands at the end.
func (s *Service) itemInputs(ctx context.Context, u org.Unit, p Plan, i Item) ([]ui.Input, error) {
	tr := func(key string) string { return i18n.T(ctx, key) }
	duty := ui.Input{Kind: ui.KindSelect, Name: "duty", Label: tr("plan.f.duty"), Value: i.Duty, Optional: true, Options: []ui.Option{{Text: tr("plan.duty_none")}}}
	for _, d := range p.Duties {
		duty.Options = append(duty.Options, ui.Option{Value: d, Text: d})
	}
	time := ui.Input{Kind: ui.KindSelect, Name: "quarter", Label: tr("plan.f.quarter"), Value: strconv.Itoa(i.Quarter)}
	for n := range 5 {
		time.Options = append(time.Options, ui.Option{Value: strconv.Itoa(n), Text: quarter(ctx, n)})
	}
	kind := ui.Input{Kind: ui.KindRadio, Name: "kind", Label: tr("plan.f.kind"), Value: i.Kind}
	for _, k := range Kinds {
		kind.Options = append(kind.Options, ui.Option{Value: k, Text: tr("plan.kind." + k), Sub: tr("plan.kind_sub." + k)})
	}
	figure := ui.Input{Kind: ui.KindSelect, Name: "figure", Label: tr("plan.f.figure"), Value: i.Figure, Optional: true, Hint: tr("plan.figure_hint"), Options: []ui.Option{{Text: tr("plan.figure_none")}}}
	for _, o := range s.figureOptions(ctx) {
		figure.Options = append(figure.Options, ui.Option{Value: o.Key, Text: o.Titles[0]})
	}
	target, budget := "", ""
	if i.Target > 0 {
		target = strconv.FormatInt(i.Target, 10)
	}
	if i.Budget > 0 {
		budget = fmt.Sprintf("%d.%02d", i.Budget/100, i.Budget%100)
	}
	out := []ui.Input{
		{Kind: ui.KindArea, Name: "title", Label: tr("plan.f.item"), Value: i.Title, Lines: 2}, time,
		{Name: "owner", Label: tr("plan.f.owner"), Value: i.Owner, Optional: true, MaxLength: 40, Hint: tr("plan.owner_hint")}, duty,
		figure, {Name: "target", Label: tr("plan.f.target"), Value: target, Optional: true, Short: true, Hint: tr("plan.target_hint")},
		{Kind: ui.KindMoney, Name: "budget", Label: tr("plan.f.budget"), Value: budget, Optional: true, Unit: tr("plan.yuan")}, kind,
	}
	options, err := s.centralOptions(ctx, u, i, p.Year)
	if len(options) > 0 {
		in := ui.Input{Kind: ui.KindChecks, Name: "central", Label: tr("plan.f.central"), Optional: true, Options: options}
		for _, c := range i.Central {
			in.Values = append(in.Values, c.String())
		}
		out = append(out, in)
	}
	return append(out, ui.Input{Name: "document", Label: tr("plan.f.document"), Value: i.Source.Document, Optional: true, MaxLength: maxName},
		ui.Input{Kind: ui.KindArea, Name: "paragraph", Label: tr("plan.f.paragraph"), Value: i.Source.Paragraph, Optional: true, Lines: 3}), err
}

func itemTyped(f *web.Form) Item {
	i := Item{Title: f.Text("title"), Kind: f.Text("kind"), Duty: f.Text("duty"), Owner: f.Text("owner"), Figure: f.Text("figure"), Source: Source{f.Text("document"), f.Text("paragraph")}}
	n, err := strconv.Atoi(f.Text("quarter"))
	if err != nil {
		n = -1 // no quarter, and refused beside the input
	}
	i.Quarter = n
	if t := f.Text("target"); t != "" {
		if i.Target, err = table.ParseCount(t); err != nil {
			f.Problems.Add("target", "plan.number_unreadable")
		}
	}
	if t := f.Text("budget"); t != "" {
		if i.Budget, err = table.ParseMoney(t); err != nil {
			f.Problems.Add("budget", "plan.money_unreadable")
		}
	}
	for _, t := range f.Values["central"] {
		ref, err := id.ParseRef(t)
		if err != nil {
			f.Problems.Add("central", "errs.ref_unreadable")
			continue
		}
		i.Central = append(i.Central, ref)
	}
	return i
}

// aboutItem is the form of an act on an item, for somebody who works at its unit.
func (s *Service) aboutItem(r *http.Request) (record.Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	i, v, err := record.Opened(r, record.Subject[Item]{Book: s.items, Get: s.Item, Acts: itemActs, Save: "plan.act.item_save", Home: func(i Item) (id.ID, int) { return i.Unit, i.Year }, Path: itemPath, Submit: "plan.save", Current: Kind})
	if err != nil {
		return v, err
	}
	u, today := v.Unit, clock.Today(ctx)
	v.Over = i.Title
	if act != record.ActUndo {
		v.Title = i18n.T(ctx, "plan.do."+act)
	}
	switch act {
	case "edit":
		p, _, err := s.Get(ctx, i.Plan)
		if err != nil {
			return v, err
		}
		v.Inputs, err = s.itemInputs(ctx, u, p, i)
		return v, err
	case "done":
		v.Inputs = []ui.Input{dayInput(ctx, "on", "plan.f.done_on", today), {Kind: ui.KindArea, Name: "result", Label: i18n.T(ctx, "plan.f.result"), Hint: i18n.T(ctx, "plan.result_hint"), Value: i.Result, Lines: 5}}
	case "attach":
		v.Lead = i18n.T(ctx, "plan.attach_lead")
		kind := ui.Input{Kind: ui.KindSelect, Name: "kind", Label: i18n.T(ctx, "plan.f.kind"), Optional: true, Options: []ui.Option{{Text: i18n.T(ctx, "plan.work_any")}}}
		for _, k := range WorkKinds {
			kind.Options = append(kind.Options, ui.Option{Value: k, Text: i18n.T(ctx, "plan.work."+k)})
		}
		v.Finding(r, ui.Input{Name: "q", Label: i18n.T(ctx, "plan.f.title"), Optional: true, MaxLength: maxName}, kind)
		v.Inputs, err = s.attachInputs(ctx, i, v)
	case "scheme":
		v.Lead = i18n.T(ctx, "plan.scheme_lead")
		v.Inputs = []ui.Input{{Kind: ui.KindArea, Name: "text", Label: i18n.T(ctx, "plan.f.scheme"), Value: i.Scheme.Text, Lines: 12}}
	case "approve":
		v.Lead = i.Scheme.Text
		v.Inputs = []ui.Input{{Name: "by", Label: i18n.T(ctx, "plan.approver"), MaxLength: 40}, dayInput(ctx, "on", "plan.approved_on", today)}
	case "drop", "reopen", "remove":
		v.Lead = i18n.T(ctx, "plan.lead."+act)
		v.Inputs = []ui.Input{reasonInput(ctx)}
	}
	return v, err
}

func sought(v record.Form) Sought { return Sought{v.Sought("q"), v.Sought("kind")} }

func (s *Service) attachInputs(ctx context.Context, i Item, v record.Form) ([]ui.Input, error) {
	list, err := s.Found(ctx, i, sought(v))
	in := ui.Input{Kind: ui.KindChecks, Name: "works", Label: i18n.T(ctx, "plan.f.works"), Optional: true}
	for _, l := range list {
		in.Options = append(in.Options, ui.Option{Value: l.Path, Text: l.Title, Sub: i18n.T(ctx, "plan.work_sub", "Kind", i18n.T(ctx, "plan.work."+l.Kind), "Day", i18n.Day(ctx, l.Day))})
	}
	for _, l := range i.Links {
		in.Values = append(in.Values, l.Path)
	}
	switch {
	case len(list) == len(i.Links) && sought(v) != (Sought{}):
		in.Hint = i18n.T(ctx, "plan.sought_none")
	case len(list) == 0:
		in.Hint = i18n.T(ctx, "plan.found_none")
	}
	return []ui.Input{in}, err
}

func (s *Service) doItem(ctx context.Context, v record.Form, act string, f *web.Form) (string, error) {
	n, to := f.Version(), itemPath(v.Ref)
	switch act {
	case "edit":
		return to, s.SaveItem(ctx, v.Ref, n, itemTyped(f), record.Change{})
	case "done":
		return to, s.Close(ctx, v.Ref, n, f.Day("on"), f.Text("result"), record.Change{})
	case "attach":
		return to, s.Attach(ctx, v.Ref, n, sought(v), f.Values["works"])
	case "scheme":
		return to, s.Write(ctx, v.Ref, n, f.Text("text"))
	case "approve":
		return to, s.Approve(ctx, v.Ref, n, f.Text("by"), f.Day("on"))
	case "drop":
		return to, s.Drop(ctx, v.Ref, n, f.Text("reason"))
	case "reopen":
		return to, s.Reopen(ctx, v.Ref, n, f.Text("reason"))
	case "remove":
		return at("/plan", v.Unit, v.Year), s.RemoveItem(ctx, v.Ref, n, f.Text("reason"))
	}
	err := s.UndoItem(ctx, v.Ref, n)
	if err == nil && gone(ctx, s.Item, v.Ref) {
		to = at("/plan", v.Unit, v.Year)
	}
	return to, err
}
