package org

import (
	"context"
	"net/http"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

type rowsView struct {
	Unit         Unit
	Title, Under string
	Acts         []ui.Button
	Table        ui.Table
}

// postAt is one of the unit's appointments; another unit's is as if absent.
func (s *Service) postAt(ctx context.Context, u Unit, row string) (Post, error) {
	k, err := id.Parse(row)
	if err != nil {
		return Post{}, errs.New(errs.NotFound, "org.no_such_row")
	}
	p, err := s.Post(ctx, k)
	if err != nil || p.Unit != u.ID {
		return Post{}, errs.New(errs.NotFound, "org.no_such_row")
	}
	return p, nil
}

// aboutPost says which appointment a form is about.
func aboutPost(inputs func(ctx context.Context) []ui.Input) func(context.Context, *Service, Unit, string) (string, []ui.Input, error) {
	return func(ctx context.Context, s *Service, u Unit, row string) (string, []ui.Input, error) {
		p, err := s.postAt(ctx, u, row)
		if err != nil {
			return "", nil, err
		}
		if p.Account != 0 && !scope.From(ctx).May(scope.Admin, u.Pos) { // it gives rights
			return "", nil, errs.New(errs.Forbidden, "org.post_gives_rights")
		}
		names, err := s.postNames(ctx, u)
		var in []ui.Input
		if inputs != nil {
			in = inputs(ctx)
		}
		return i18n.T(ctx, "org.post_of", "Name", p.Person, "Post", names[p.Kind], "Day", i18n.Day(ctx, p.From)), in, err
	}
}

// postsPage lists a unit's appointments of all times; those taken back are for whoever may let them hold again.
func (s *Service) postsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	ps, err := s.AllPosts(ctx, u.ID)
	if err != nil {
		return err
	}
	names, err := s.postNames(ctx, u)
	if err != nil {
		return err
	}
	a := scope.From(ctx)
	work, admin := a.May(scope.Work, u.Pos), a.May(scope.Admin, u.Pos)
	title := i18n.T(ctx, "org.posts_of", "Name", u.Name)
	v := rowsView{Unit: u, Title: title, Under: i18n.T(ctx, "org.posts_under"), Table: ui.Table{Caption: title,
		Columns: []ui.Column{{Text: i18n.T(ctx, "org.post")}, {Text: i18n.T(ctx, "org.holder")}, {Text: i18n.T(ctx, "org.from"), Label: true},
			{Text: i18n.T(ctx, "org.until"), Label: true}}}}
	if work && stands(u) {
		v.Table.Columns = append(v.Table.Columns, ui.Column{Text: i18n.T(ctx, "org.mistaken")})
	}
	if admin && stands(u) {
		v.Acts = append(v.Acts, ui.Button{Text: i18n.T(ctx, "org.offices"), Href: href(u.ID) + "/offices"})
	}
	for _, p := range ps {
		if p.RemovedAt != 0 && !work {
			continue
		}
		name := names[p.Kind]
		if p.Acting == 1 {
			name = i18n.T(ctx, "org.acting", "Post", name)
		}
		until := ui.Text(i18n.Day(ctx, p.To))
		act, link := "remove_post", ui.Cell{}
		if p.RemovedAt != 0 {
			act = "restore_post"
			until = ui.State(i18n.T(ctx, "org.removed_on", "Day", i18n.Day(ctx, clock.DayOf(time.UnixMilli(p.RemovedAt))), "By", p.RemovedBy, "Why", p.RemovedWhy), "w")
		} else if p.To == clock.Open {
			until = ui.Text(i18n.T(ctx, "org.in_office"))
		}
		if p.Account == 0 || admin {
			link = ui.To(i18n.T(ctx, "org.do."+act), href(u.ID)+"/do/"+act+"?row="+p.ID.String())
		}
		row := ui.Row{Cells: []ui.Cell{ui.Text(name), ui.Text(p.Person), ui.Text(i18n.Day(ctx, p.From)), until}}
		if work && stands(u) {
			row.Cells = append(row.Cells, link)
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	crumbs, _, err := s.crumbs(ctx, u, max(clock.Today(ctx), u.From))
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: title, Crumbs: crumbs, Current: "unit"}, rowsBody(v))
}

// aboutOffice asks how a kind of office is called, and whether it is hidden.
func aboutOffice(ctx context.Context, s *Service, u Unit, row string) (string, []ui.Input, error) {
	ks, err := s.PostKindsAt(ctx, u)
	if err != nil {
		return "", nil, err
	}
	for _, k := range ks {
		if k.Code != row {
			continue
		}
		hidden := ""
		if k.Hidden {
			hidden = "1"
		}
		return k.In(i18n.Lang(ctx)), []ui.Input{input(ctx, ui.KindText, "zh", k.Zh), optional(input(ctx, ui.KindText, "en", k.En)),
			optional(input(ctx, ui.KindCheck, "hidden", hidden))}, nil
	}
	return "", nil, errs.New(errs.NotFound, "org.no_such_row")
}

// officesPage lists the kinds of office that the unit and all below it choose from.
func (s *Service) officesPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	ks, err := s.PostKindsAt(ctx, u)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "org.offices_of", "Name", u.Name)
	v := rowsView{Unit: u, Title: title, Under: i18n.T(ctx, "org.offices_under"), Table: ui.Table{Caption: title,
		Columns: []ui.Column{{Text: i18n.T(ctx, "org.post")}, {Text: i18n.T(ctx, "org.f.rights"), Label: true}, {Text: i18n.T(ctx, "org.office_whose"), Label: true},
			{Text: i18n.T(ctx, "org.office_state"), Label: true}}}}
	if stands(u) {
		v.Table.Columns = append(v.Table.Columns, ui.Column{Text: i18n.T(ctx, "org.mistaken")})
		v.Acts = []ui.Button{{Text: i18n.T(ctx, "org.do.add_office"), Href: href(u.ID) + "/do/add_office"}}
	}
	for _, k := range ks {
		whose := i18n.T(ctx, "org.office_shipped")
		if k.Unit != 0 {
			owner, err := s.Unit(ctx, k.Unit)
			if err != nil {
				return err
			}
			whose = owner.Name
		}
		state := ui.Text(i18n.T(ctx, "org.office_offered"))
		if k.Hidden {
			state = ui.State(i18n.T(ctx, "org.office_hidden"), "w")
		}
		first := ui.Text(k.In(i18n.Lang(ctx)))
		if k.Single == 1 {
			first.Sub = i18n.T(ctx, "org.office_single")
		}
		row := ui.Row{Cells: []ui.Cell{first, ui.Text(i18n.T(ctx, "org.rights."+k.Rights)), ui.Text(whose), state}}
		if stands(u) {
			row.Cells = append(row.Cells, ui.To(i18n.T(ctx, "org.do.call_office"), href(u.ID)+"/do/call_office?row="+k.Code))
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	crumbs, _, err := s.crumbs(ctx, u, max(clock.Today(ctx), u.From))
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: title, Crumbs: crumbs, Current: "unit"}, rowsBody(v))
}

// recentUnits is how many of the units opened last a person is offered again.
const recentUnits = 5

// noteVisit remembers that the reader opened a unit, unless it is the one they opened last or their own.
func (s *Service) noteVisit(ctx context.Context, u Unit) error {
	a := scope.From(ctx)
	if a.Account == 0 || a.System || u.ID == a.Unit {
		return nil
	}
	last, err := s.store.visited(ctx, a.Account, 1)
	if err != nil || len(last) == 1 && last[0] == u.ID {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		return s.store.visit(ctx, a.Account, u.ID, clock.Now(ctx).UnixMilli(), recentUnits)
	})
}

// recent are the units that the reader opened last, as far as they may still look into them.
func (s *Service) recent(ctx context.Context, to string) ([]ui.Link, error) {
	a := scope.From(ctx)
	if a.Account == 0 {
		return nil, nil
	}
	ids, err := s.store.visited(ctx, a.Account, recentUnits)
	if err != nil {
		return nil, err
	}
	us, err := s.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []ui.Link
	for _, k := range ids {
		u := us[k]
		if !a.May(scope.View, u.Pos) {
			continue
		}
		up, err := s.Ancestors(ctx, k, clock.Today(ctx))
		if err != nil {
			return nil, err
		}
		out = append(out, ui.Link{Text: u.Name, Href: chosen(ctx, to, u), Sub: pathText(up[:max(0, len(up)-1)])})
	}
	return out, nil
}
