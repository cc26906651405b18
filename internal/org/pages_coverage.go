package org

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

type coverageView struct {
	C         Coverage
	Figs      []ui.Figure
	Levels    ui.Table
	Seg       []ui.Link
	ListTitle string
	ListLead  string
	List      ui.Table
	Paging    ui.Paging
}

// The lists below the coverage; targets and vacancies are lists of their own kind.
const (
	listTargets   = "targets"
	listVacancies = "vacancies"
)

func (s *Service) coveragePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, err := dayOf(r)
	if err != nil {
		return err
	}
	c, err := s.Coverage(ctx, u.ID, day)
	if err != nil {
		return err
	}
	here := "/coverage?unit=" + u.ID.String() + "&day=" + string(day) + "&list="
	v := coverageView{C: c}
	n := func(x int64) string { return ui.Number(x) }
	v.Figs = []ui.Figure{
		{Number: n(c.Should - c.Have), Unit: i18n.T(ctx, "org.measure"), Label: i18n.T(ctx, "org.have", "Should", n(c.Should)), Href: here + GapCommittee},
		{Number: n(c.NoParty), Unit: i18n.T(ctx, "org.measure"), Label: i18n.T(ctx, "org.list.party"), Href: here + GapParty},
		{Number: n(c.Targets), Unit: i18n.T(ctx, "org.measure"), Label: i18n.T(ctx, "org.targets_done", "Done", n(c.TargetsDone)), Href: here + listTargets},
	}
	v.Levels = ui.Table{Caption: i18n.T(ctx, "org.coverage"), Columns: []ui.Column{{Text: i18n.T(ctx, "org.f.level")},
		{Text: i18n.T(ctx, "org.col_have"), Label: true, Right: true}, {Text: i18n.T(ctx, "org.col_should"), Label: true, Right: true}, {Text: i18n.T(ctx, "org.col_share"), Label: true, Right: true}}}
	for _, l := range c.Levels {
		share := "—"
		if l.Should > 0 {
			share = ui.Percent((l.Have*2000/l.Should + 1) / 2)
		}
		v.Levels.Rows = append(v.Levels.Rows, ui.Row{Cells: []ui.Cell{ui.Text(i18n.T(ctx, "org.level."+string(l.Level))), ui.Text(n(l.Have)), ui.Text(n(l.Should)), ui.Text(share)}})
	}
	which := r.URL.Query().Get("list")
	lists := []string{GapCommittee, GapParty, listTargets, listVacancies}
	known := false
	for _, l := range lists {
		known = known || l == which
	}
	if !known {
		which = GapCommittee
	}
	for _, l := range lists {
		v.Seg = append(v.Seg, ui.Link{Text: i18n.T(ctx, "org.list."+l), Href: here + l, Current: l == which})
	}
	v.ListTitle, v.ListLead = i18n.T(ctx, "org.list."+which), i18n.T(ctx, "org.list_lead."+which)
	after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	last, err := s.coverageList(ctx, &v, which, c.Unit, day, after)
	if err != nil {
		return err
	}
	v.Paging.Here = len(v.List.Rows)
	if len(v.List.Rows) == pageSize {
		v.Paging.Next = here + which + "&after=" + strconv.FormatInt(last, 10)
	}
	if after != 0 {
		v.Paging.First = here + which
	}
	crumbs, _, err := s.crumbs(ctx, c.Unit, day)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: i18n.T(ctx, "org.coverage_of", "Name", c.Unit.Name), Crumbs: crumbs, Current: "unit"}, coverageBody(v))
}

// coverageList fills one page of a list and answers the place of its last unit.
func (s *Service) coverageList(ctx context.Context, v *coverageView, which string, u Unit, day clock.Day, after int64) (last int64, err error) {
	cols := func(keys ...string) {
		v.List = ui.Table{Caption: v.ListTitle}
		for _, k := range keys {
			v.List.Columns = append(v.List.Columns, ui.Column{Text: i18n.T(ctx, k), Label: len(v.List.Columns) > 0})
		}
	}
	switch which {
	case listTargets:
		cols("org.f.unit", "org.state", "org.covered_by")
		ts, err := s.Targets(ctx, u.Range(), day, after, pageSize)
		for _, t := range ts {
			state := ui.State(i18n.T(ctx, "org.undone"), "w")
			if t.Done() {
				state = ui.State(i18n.T(ctx, "org.done"), "p")
			}
			var by []string
			if t.Own {
				by = append(by, i18n.T(ctx, "org.own_committee"))
			}
			for _, j := range t.Joint {
				by = append(by, j.Name)
			}
			v.List.Rows = append(v.List.Rows, ui.Row{Cells: []ui.Cell{ui.To(t.Unit.Name, href(t.Unit.ID)), state, ui.Text(strings.Join(by, i18n.T(ctx, "org.comma")))}})
			last = t.Unit.Pos
		}
		return last, err
	case listVacancies:
		cols("org.f.unit", "org.post", "org.missing", "org.from")
		vs, err := s.Vacancies(ctx, u.Range(), 3, after, pageSize)
		for _, x := range vs {
			v.List.Rows = append(v.List.Rows, ui.Row{Cells: []ui.Cell{ui.To(x.Unit.Name, href(x.Unit.ID)), ui.Text(x.Kind.In(i18n.Lang(ctx))),
				ui.Text(strconv.Itoa(x.Quota - x.Holders)), ui.Text(i18n.Day(ctx, x.Since))}})
			last = x.Unit.Pos
		}
		return last, err
	}
	cols("org.f.unit", "org.f.level", "org.f.code")
	us, err := s.Gaps(ctx, which, u.Range(), day, after, pageSize)
	for _, x := range us {
		v.List.Rows = append(v.List.Rows, ui.Row{Cells: []ui.Cell{ui.To(x.Name, href(x.ID)), ui.Text(levelText(ctx, x)), ui.Text(x.Code)}})
		last = x.Pos
	}
	return last, err
}
