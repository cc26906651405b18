package meeting

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

func (s *Service) decisionsPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f := DecisionFilter{Text: strings.TrimSpace(q.Get("q")), Body: q.Get("body")}
	if slices.Contains(States, q.Get("state")) {
		f.State = q.Get("state")
	}
	v := listView{overView: over(ctx, u, "decisions"), Empty: tr("meeting.no_decisions_here"), Why: tr("meeting.no_decisions_why")}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: tr("meeting.import"), Href: at("/import/"+KindDecision, u)}}
	}
	if v.Figures, err = s.figures(ctx, u, clock.Today(ctx), "decision.made", "decision.open", "decision.overdue", "decision.done", "decision.in_time_share"); err != nil {
		return err
	}
	state := ui.Input{Kind: ui.KindSelect, Name: "state", Label: tr("meeting.state"), Value: f.State, Options: []ui.Option{{Text: tr("meeting.any")}}}
	for _, k := range States {
		state.Options = append(state.Options, ui.Option{Value: k, Text: tr("meeting.state." + k)})
	}
	v.Filter = ui.FormSpec{Method: "get", Action: "/decision", Submit: tr("meeting.find"), Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}}}
	v.Fields = []ui.Input{{Name: "q", Label: tr("meeting.find_decision"), Value: f.Text, Optional: true, MaxLength: 60}, state,
		{Name: "body", Label: tr("meeting.find_body"), Value: f.Body, Optional: true, MaxLength: maxTitle}}
	v.Open = f.Text+f.Body+f.State != ""
	due, code := afterOf(q.Get("after"))
	list, total, err := s.Decisions(ctx, u, f, due, code, pageSize+1)
	if err != nil {
		return err
	}
	v.Total, v.Bar = tr("meeting.total_decisions", "N", ui.Number(total)), exports(ctx, "/decision/export", u)
	more := len(list) > pageSize
	list = list[:min(len(list), pageSize)]
	v.Table = s.decisionTable(ctx, list, true)
	v.Paging.Here = len(list)
	if more {
		last := list[len(list)-1]
		v.Paging.Next = web.Address("/decision", q, "after", string(last.Due)+"~"+last.Code)
	}
	if q.Get("after") != "" {
		v.Paging.First = web.Address("/decision", q, "after", "")
	}
	return web.Render(w, r, crumbs(ctx, v.Heading.Title, u), listTempl(v))
}

// overduePage lists what is late by the body that leads it, the one with most first (R64).
func (s *Service) overduePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, total, err := s.Decisions(ctx, u, DecisionFilter{State: Late}, "", "", math.MaxInt16)
	if err != nil {
		return err
	}
	v := over(ctx, u, "overdue")
	by := map[string][]ListedDecision{}
	var bodies []string
	for _, d := range list {
		if by[d.Lead] == nil {
			bodies = append(bodies, d.Lead)
		}
		by[d.Lead] = append(by[d.Lead], d)
	}
	slices.SortStableFunc(bodies, func(a, b string) int { return len(by[b]) - len(by[a]) })
	for i, b := range bodies {
		v.Sections = append(v.Sections, section{ID: fmt.Sprintf("body-%d", i+1), Title: i18n.T(ctx, "meeting.late_of", "Name", b, "N", len(by[b])), Table: s.decisionTable(ctx, by[b], false)})
	}
	v.Heading.Under = i18n.T(ctx, "meeting.late_under", "Unit", u.Name, "Day", i18n.Day(ctx, clock.Today(ctx)), "N", ui.Number(total))
	if total == 0 {
		v.Sections = []section{{ID: "none", Title: i18n.T(ctx, "meeting.nothing_late"), Empty: i18n.T(ctx, "meeting.nothing_late_why")}}
	}
	return web.Render(w, r, crumbs(ctx, v.Heading.Title, u), overTempl(v))
}

// bodiesPage lists the member bodies of a year: how often each came, and what it leads; of one, each seat and task (R58,
// R65).
func (s *Service) bodiesPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	year, today := yearOf(r), clock.Today(ctx)
	v := over(ctx, u, "bodies")
	body := r.URL.Query().Get("body")
	years := ui.Choice{Label: tr("meeting.year")}
	for y := today.Year(); y > today.Year()-4; y-- {
		years.Links = append(years.Links, ui.Link{Text: tr("meeting.year_n", "N", y), Href: at("/meeting/bodies", u, "year", fmt.Sprint(y), "body", body), Current: y == year})
	}
	v.Choices = append(v.Choices, years)
	if body != "" {
		return s.bodyPage(w, r, u, v, body, year)
	}
	list, err := s.Bodies(ctx, u, year)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: tr("meeting.view.bodies"), Columns: []ui.Column{{Text: tr("meeting.f.body")}, {Text: tr("meeting.asked"), Label: true, Right: true}, {Text: tr("meeting.came"), Label: true, Right: true},
		{Text: tr("meeting.came.deputy"), Label: true, Right: true}, {Text: tr("meeting.came.excused"), Label: true, Right: true}, {Text: tr("meeting.came.away"), Label: true, Right: true},
		{Text: tr("meeting.share"), Label: true, Right: true}, {Text: tr("meeting.leads"), Label: true, Right: true}, {Text: tr("meeting.state.late"), Label: true, Right: true}}}
	for i, b := range list {
		href := at("/meeting/bodies", u, "year", fmt.Sprint(year), "body", b.Name)
		share := ""
		if b.Asked > 0 {
			share = ui.Percent((b.Self + b.Deputy) * 1000 / b.Asked)
		}
		t.Rows = append(t.Rows, ui.Row{ID: fmt.Sprintf("body-%d", i+1), Bad: b.Away > 0 || b.Late > 0, Cells: []ui.Cell{ui.To(b.Name, href), ui.Num(ui.Number(b.Asked), href), ui.Num(ui.Number(b.Self+b.Deputy), href), ui.Num(ui.Number(b.Deputy), href),
			ui.Num(ui.Number(b.Excused), href), ui.Num(ui.Number(b.Away), href), ui.Text(share), ui.Num(ui.Number(b.Leads), href+"#decisions"), ui.Num(ui.Number(b.Late), href+"#decisions")}})
	}
	v.Sections = []section{{ID: "bodies", Title: tr("meeting.bodies_of", "Year", year), Lead: tr("meeting.bodies_lead"), Table: t, Empty: tr("meeting.no_bodies")}}
	seats, err := s.Seats(ctx, u, "", year)
	if err != nil {
		return err
	}
	v.Sections = append(v.Sections, s.awayPart(ctx, seats))
	return web.Render(w, r, crumbs(ctx, v.Heading.Title, u), overTempl(v))
}

// awayPart names who stayed away how often.
func (s *Service) awayPart(ctx context.Context, seats []SeatRow) section {
	type who struct {
		body, person string
		asked, away  int
	}
	by := map[[2]string]*who{}
	var order []*who
	for _, x := range seats {
		key := [2]string{x.Body, x.Person}
		if by[key] == nil {
			by[key] = &who{body: x.Body, person: strings.TrimSpace(x.Person + " " + x.Post)}
			order = append(order, by[key])
		}
		if x.Came == "" {
			continue
		}
		by[key].asked++
		if x.Came == "away" {
			by[key].away++
		}
	}
	order = slices.DeleteFunc(order, func(w *who) bool { return w.away == 0 })
	slices.SortStableFunc(order, func(a, b *who) int { return b.away - a.away })
	out := section{ID: "away", Title: i18n.T(ctx, "meeting.away_by_name"), Empty: i18n.T(ctx, "meeting.nobody_away")}
	for _, x := range order {
		out.Dots = append(out.Dots, ui.Link{Text: strings.TrimSpace(x.body + " " + x.person), Sub: i18n.T(ctx, "meeting.away_n", "N", x.away, "Of", x.asked)})
	}
	return out
}

// bodyPage is one body's year: each meeting to which it was asked, and what it leads or helps with.
func (s *Service) bodyPage(w http.ResponseWriter, r *http.Request, u org.Unit, v overView, body string, year int) error {
	ctx := r.Context()
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	seats, err := s.Seats(ctx, u, body, year)
	if err != nil {
		return err
	}
	list, _, err := s.Decisions(ctx, u, DecisionFilter{Body: body}, "", "", maxSeats)
	if err != nil {
		return err
	}
	if len(seats)+len(list) == 0 {
		return web.NotFound(r)
	}
	v.Heading.Title = body
	t := ui.Table{Caption: tr("meeting.title"), Columns: []ui.Column{{Text: tr("meeting.col.meeting")}, {Text: tr("meeting.f.day"), Label: true}, {Text: tr("meeting.person"), Label: true}, {Text: tr("meeting.f.came")}}}
	for _, x := range seats {
		came := ui.Text("")
		if x.Came != "" {
			kind := map[string]string{"self": "p", "deputy": "p", "excused": "-", "away": "w"}[x.Came]
			came = ui.State(tr("meeting.came."+x.Came), kind)
		}
		ref := id.Ref{Root: x.Root, ID: x.Meeting}
		t.Rows = append(t.Rows, ui.Row{ID: fmt.Sprintf("%s-%d", ref, x.No), Bad: x.Came == "away", Cells: []ui.Cell{ui.To(x.Title, "/meeting/"+ref.String()), ui.Text(string(x.Day)), ui.Text(strings.TrimSpace(x.Person + " " + x.Post)), came}})
	}
	v.Sections = []section{{ID: "seats", Title: tr("meeting.meetings_of", "Year", year), Table: t, Empty: tr("meeting.no_bodies")},
		{ID: "decisions", Title: tr("meeting.leads_or_helps"), Table: s.decisionTable(ctx, list, true), Empty: tr("meeting.no_decisions_here")}}
	p := crumbs(ctx, body, u)
	p.Crumbs = slices.Insert(p.Crumbs, 1, ui.Link{Text: tr("meeting.view.bodies"), Href: at("/meeting/bodies", u)})
	return web.Render(w, r, p, overTempl(v))
}

func (s *Service) sortsPage(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	return s.showSorts(w, r, u, nil, web.NewKey(), nil)
}

// natures are what a kind of meeting may be beside an ordinary one.
var natures = []string{"own", "joint", "above"}

func nature(k Sort) string {
	switch {
	case k.Joined == 1:
		return "joint"
	case k.Above == 1:
		return "above"
	}
	return "own"
}

// showSorts shows the list of kinds, with what was typed.
func (s *Service) showSorts(w http.ResponseWriter, r *http.Request, u org.Unit, f *web.Form, key string, wrong error) error {
	ctx := r.Context()
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	list, err := s.Sorts(ctx, u)
	if err != nil {
		return err
	}
	v := over(ctx, u, "kinds")
	admin := org.SetsCity(ctx, u)
	t := ui.Table{Caption: tr("meeting.view.kinds"), Columns: []ui.Column{{Text: tr("meeting.f.kind")}, {Text: tr("meeting.nature"), Label: true}, {Text: tr("meeting.origin"), Label: true}}}
	for _, k := range list {
		origin := ui.Text(tr("meeting.sort_shipped"))
		if k.Root != 0 {
			origin = ui.Text(tr("meeting.sort_own"))
			if admin {
				origin = ui.Cell{Post: &ui.Post{Text: tr("meeting.sort_drop"), Action: at("/meeting/kinds/off", u), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "name", Value: k.Name}}}}
			}
		}
		t.Rows = append(t.Rows, ui.Row{ID: k.Name, Cells: []ui.Cell{ui.Text(k.in(ctx)), ui.Text(tr("meeting.nature." + nature(k))), origin}})
	}
	v.Sections = []section{{ID: "kinds", Title: tr("meeting.view.kinds"), Lead: tr("meeting.kinds_lead"), Table: t}}
	p := crumbs(ctx, v.Heading.Title, u)
	if admin {
		in := ui.Input{Kind: ui.KindRadio, Name: "nature", Label: tr("meeting.nature"), Value: "own"}
		for _, n := range natures {
			in.Options = append(in.Options, ui.Option{Value: n, Text: tr("meeting.nature." + n)})
		}
		v.Form = &formView{Title: tr("meeting.sort_add"), Spec: ui.FormSpec{Action: at("/meeting/kinds", u), Key: key, Submit: tr("meeting.sort_add")},
			Inputs: []ui.Input{{Name: "name", Label: tr("meeting.f.kind"), MaxLength: 20}, {Name: "en", Label: tr("meeting.sort_en"), Optional: true, MaxLength: maxTitle}, in}}
	}
	if wrong != nil && !admin {
		return wrong
	}
	if wrong != nil {
		beside, faults, rest := web.Problems(ctx, wrong)
		if rest != nil {
			return rest
		}
		v.Form.Faults = faults
		for i := range v.Form.Inputs {
			in := &v.Form.Inputs[i]
			in.Value, in.Error = f.Get(in.Name), beside[in.Name]
		}
		p.Error, p.Status = true, http.StatusUnprocessableEntity
	}
	return web.Render(w, r, p, overTempl(v))
}

func (s *Service) sortPost(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	k := Sort{Name: f.Text("name"), En: f.Text("en")}
	switch f.Text("nature") {
	case "joint":
		k.Joined = 1
	case "above":
		k.Above = 1
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) { return at("/meeting/kinds", u), s.AddSort(ctx, u, k) })
	if errs.Is(err, errs.Invalid) {
		return s.showSorts(w, r, u, f, f.Key(), err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) dropSortPost(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return at("/meeting/kinds", u), s.DropSort(ctx, u, f.Text("name"))
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}
