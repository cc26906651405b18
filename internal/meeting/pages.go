package meeting

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

const pageSize = 20

// Routes are the addresses of this module.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	out := slices.Concat(s.meetings.routes(), s.decisions.routes(), s.sharedRoutes())
	return append(out, []web.Route{
		{Method: get, Path: "/meeting", Right: scope.View, Scope: web.ByUnit, Name: "meeting.list", Handler: s.listPage},
		{Method: get, Path: "/meeting/new", Right: scope.Work, Scope: web.ByUnit, Name: "meeting.new", Handler: s.newForm},
		{Method: post, Path: "/meeting/new", Right: scope.Work, Scope: web.ByUnit, Name: "meeting.create", Handler: s.createPost},
		{Method: get, Path: "/meeting/export", Right: scope.View, Scope: web.ByUnit, Name: "meeting.export", Handler: s.exportOf(Kind)},
		{Method: get, Path: "/meeting/bodies", Right: scope.View, Scope: web.ByUnit, Name: "meeting.bodies", Handler: s.bodiesPage},
		{Method: get, Path: "/meeting/kinds", Right: scope.View, Scope: web.ByUnit, Name: "meeting.kinds", Handler: s.sortsPage},
		{Method: post, Path: "/meeting/kinds", Right: scope.Admin, Scope: web.ByUnit, Name: "meeting.addKind", Handler: s.sortPost},
		{Method: post, Path: "/meeting/kinds/off", Right: scope.Admin, Scope: web.ByUnit, Name: "meeting.dropKind", Handler: s.dropSortPost},
		{Method: get, Path: "/meeting/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "meeting.show", Handler: s.showPage},
		{Method: get, Path: "/meeting/{ref}/speech/{no}", Right: scope.View, Scope: web.ByRecord, Name: "meeting.speech", Handler: s.speechPage},
		{Method: get, Path: "/meeting/{ref}/file/{hash}", Right: scope.View, Scope: web.ByRecord, Name: "meeting.file", Handler: s.filePage},
		{Method: get, Path: "/meeting/{ref}/paper", Right: scope.View, Scope: web.ByRecord, Name: "meeting.paper", Handler: s.paperPage},
		{Method: get, Path: "/meeting/{ref}/minutes", Right: scope.View, Scope: web.ByRecord, Name: "meeting.minutes", Handler: s.minutesFile},
		{Method: get, Path: "/meeting/{ref}/tasks", Right: scope.View, Scope: web.ByRecord, Name: "meeting.tasks", Handler: s.tasksPage},
		{Method: get, Path: "/meeting/{ref}/tasks/docx", Right: scope.View, Scope: web.ByRecord, Name: "meeting.tasksFile", Handler: s.tasksFile},
		{Method: get, Path: "/decision", Right: scope.View, Scope: web.ByUnit, Name: "meeting.decisions", Handler: s.decisionsPage},
		{Method: get, Path: "/decision/overdue", Right: scope.View, Scope: web.ByUnit, Name: "meeting.overdue", Handler: s.overduePage},
		{Method: get, Path: "/decision/export", Right: scope.View, Scope: web.ByUnit, Name: "meeting.exportDecisions", Handler: s.exportOf(KindDecision)},
		{Method: get, Path: "/decision/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "meeting.decision", Handler: s.decisionPage},
		{Method: get, Path: "/decision/{ref}/file/{hash}", Right: scope.View, Scope: web.ByRecord, Name: "meeting.decisionFile", Handler: s.evidencePage},
		{Method: get, Path: "/api/v1/meetings", Right: scope.View, Scope: web.ByUnit, Name: "meeting.apiList", Handler: s.apiList},
		{Method: post, Path: "/api/v1/meetings", Right: scope.Work, Scope: web.ByUnit, Name: "meeting.apiCreate", Handler: s.apiCreate},
		{Method: get, Path: "/api/v1/meetings/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "meeting.apiGet", Handler: s.meetings.apiGet},
		{Method: http.MethodPut, Path: "/api/v1/meetings/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "meeting.apiSave", Handler: s.apiSave},
		{Method: get, Path: "/api/v1/decisions", Right: scope.View, Scope: web.ByUnit, Name: "meeting.apiDecisions", Handler: s.apiDecisions},
		{Method: post, Path: "/api/v1/decisions", Right: scope.Work, Scope: web.ByUnit, Name: "meeting.apiDecide", Handler: s.apiDecide},
		{Method: get, Path: "/api/v1/decisions/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "meeting.apiDecision", Handler: s.decisions.apiGet},
		{Method: http.MethodPut, Path: "/api/v1/decisions/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "meeting.apiAmend", Handler: s.apiAmend},
	}...)
}

// unitOf is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

func at(path string, u org.Unit, pairs ...string) string {
	return web.Address(path, url.Values{"unit": {u.ID.String()}}, pairs...)
}

// afterOf is the row after which a page goes on: a day and a code.
func afterOf(key string) (clock.Day, string) {
	d, code, _ := strings.Cut(key, "~")
	day, err := clock.ParseDay(d)
	if err != nil {
		return clock.Open, ""
	}
	return day, code
}

func yearOf(r *http.Request) int {
	if n, err := strconv.Atoi(r.URL.Query().Get("year")); err == nil && n >= 1980 && n <= 2200 {
		return n
	}
	return clock.Today(r.Context()).Year()
}

// section is a part of a page.
type section struct {
	ID, Title, Lead string
	Text            []string
	Dots            []ui.Link
	Line            []ui.Event
	Table           ui.Table
	Acts            []ui.Button
	Empty           string
}

// overView is a page of a unit's meetings: figures, the way to the other pages, sections.
type overView struct {
	Heading  ui.Heading
	Figures  []ui.Figure
	Choices  []ui.Choice
	Sections []section
	Form     *formView
}

type listView struct {
	overView
	Filter     ui.FormSpec
	Fields     []ui.Input
	Open       bool
	Total      string
	Bar        []ui.Button
	Table      ui.Table
	Empty, Why string
	Paging     ui.Paging
}

// views are the pages of a unit's meetings beside each other.
func views(ctx context.Context, u org.Unit, current string) ui.Choice {
	c := ui.Choice{Label: i18n.T(ctx, "meeting.view")}
	for _, v := range [][2]string{{"list", "/meeting"}, {"decisions", "/decision"}, {"overdue", "/decision/overdue"}, {"bodies", "/meeting/bodies"}, {"kinds", "/meeting/kinds"}} {
		c.Links = append(c.Links, ui.Link{Text: i18n.T(ctx, "meeting.view."+v[0]), Href: at(v[1], u), Current: v[0] == current})
	}
	return c
}

// over begins a page of a unit's meetings.
func over(ctx context.Context, u org.Unit, view string) overView {
	return overView{Heading: ui.Heading{Title: i18n.T(ctx, "meeting.view."+view), Under: i18n.T(ctx, "meeting.under", "Unit", u.Name, "Day", i18n.Day(ctx, clock.Today(ctx)))}, Choices: []ui.Choice{views(ctx, u, view)}}
}

func crumbs(ctx context.Context, title string, u org.Unit) web.Page {
	return web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "meeting.title"), Href: at("/meeting", u)}, {Text: title}}}
}

func (s *Service) figures(ctx context.Context, u org.Unit, day clock.Day, codes ...string) (out []ui.Figure, err error) {
	for _, code := range codes {
		q := ledger.Query{Figure: code, Unit: u.ID, Day: day}
		def, err := s.led.Figure(code)
		if err != nil {
			return nil, err
		}
		v, err := s.led.Ask(ctx, q)
		if err != nil {
			return nil, err
		}
		n, unit := ledger.Number(ctx, def, v.Amount)
		out = append(out, ui.Figure{Number: n, Unit: unit, Label: def.Short.In(i18n.Lang(ctx)), Href: record.EvidenceHref(q)})
	}
	return out, nil
}

func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f := Filter{Text: strings.TrimSpace(q.Get("q")), Kind: q.Get("kind")}
	if q.Get("year") != "" {
		f.Year = int64(yearOf(r))
	}
	v := listView{overView: over(ctx, u, "list"), Empty: tr("meeting.none"), Why: tr("meeting.none_why")}
	v.Heading.Title = tr("meeting.title")
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: tr("meeting.add"), Href: at("/meeting/new", u), Main: true}, {Text: tr("meeting.import"), Href: at("/import/"+Kind, u)}}
	}
	if v.Figures, err = s.figures(ctx, u, clock.Today(ctx), "meeting.held", "meeting.attendance_share", "meeting.above_attended", "decision.open", "decision.overdue", "decision.in_time_share"); err != nil {
		return err
	}
	sorts, err := s.Sorts(ctx, u)
	if err != nil {
		return err
	}
	kind := ui.Input{Kind: ui.KindSelect, Name: "kind", Label: tr("meeting.f.kind"), Value: f.Kind, Options: []ui.Option{{Text: tr("meeting.any")}}}
	for _, k := range sorts {
		kind.Options = append(kind.Options, ui.Option{Value: k.Name, Text: k.in(ctx)})
	}
	year := ui.Input{Kind: ui.KindNumber, Name: "year", Label: tr("meeting.year"), Value: q.Get("year"), Optional: true, Short: true}
	v.Filter = ui.FormSpec{Method: "get", Action: "/meeting", Submit: tr("meeting.find"), Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}}}
	v.Fields = []ui.Input{{Name: "q", Label: tr("meeting.find_text"), Value: f.Text, Optional: true, MaxLength: 60}, kind, year}
	v.Open = f != Filter{}
	day, code := afterOf(q.Get("after"))
	list, total, err := s.List(ctx, u, f, day, code, pageSize+1)
	if err != nil {
		return err
	}
	v.Total = tr("meeting.total", "N", ui.Number(total))
	v.Bar = exports(ctx, "/meeting/export", u)
	more := len(list) > pageSize
	list = list[:min(len(list), pageSize)]
	if v.Table, err = s.meetingTable(ctx, list); err != nil {
		return err
	}
	v.Paging.Here = len(list)
	if more {
		last := list[len(list)-1]
		v.Paging.Next = web.Address("/meeting", q, "after", string(last.Day)+"~"+last.Code)
	}
	if q.Get("after") != "" {
		v.Paging.First = web.Address("/meeting", q, "after", "")
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, listTempl(v))
}

func exports(ctx context.Context, path string, u org.Unit) []ui.Button {
	return []ui.Button{{Text: i18n.T(ctx, "meeting.export_xlsx"), Href: at(path, u, "format", table.XLSX)}, {Text: i18n.T(ctx, "meeting.export_csv"), Href: at(path, u, "format", table.CSV)}}
}

// meetingTable lists meetings: what, when, which kind, whose, how many came, how it stands.
func (s *Service) meetingTable(ctx context.Context, list []Listed) (ui.Table, error) {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	t := ui.Table{Caption: tr("meeting.title"), Columns: []ui.Column{{Text: tr("meeting.col.meeting")}, {Text: tr("meeting.f.day"), Label: true}, {Text: tr("meeting.f.kind"), Label: true}, {Text: tr("meeting.f.unit"), Label: true},
		{Text: tr("meeting.col.came"), Label: true, Right: true}, {Text: tr("meeting.state")}}}
	today := clock.Today(ctx)
	for _, l := range list {
		came := ""
		if l.Came > 0 {
			came = tr("meeting.came_of", "N", l.Came, "Of", l.Seats)
		}
		state := ui.State(tr("meeting.state.held"), "p")
		switch {
		case l.Cancelled != "":
			state = ui.State(tr("meeting.state.cancelled"), "-")
		case l.Day > today:
			state = ui.State(tr("meeting.state.coming"), "-")
		case l.Minutes == "issued":
			state = ui.State(tr("meeting.minutes.issued"), "p")
		case l.Minutes != "":
			state = ui.State(tr("meeting.minutes."+l.Minutes), "-")
		case l.Above == 0:
			state = ui.State(tr("meeting.minutes.none"), "w")
		}
		whose := units[l.Unit].Name
		if l.Host != "" {
			whose = l.Host
		}
		t.Rows = append(t.Rows, ui.Row{ID: l.Ref().String(), Cells: []ui.Cell{ui.To(l.Title, "/meeting/"+l.Ref().String()), ui.Text(string(l.Day)), ui.Text(s.sort(ctx, l.Kind)), ui.Text(whose), ui.Text(came), state}})
	}
	return t, err
}

// decisionTable lists decisions: what, who leads, by when, how it stands.
func (s *Service) decisionTable(ctx context.Context, list []ListedDecision, lead bool) ui.Table {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	t := ui.Table{Caption: tr("meeting.decisions"), Columns: []ui.Column{{Text: tr("meeting.f.text")}}}
	if lead {
		t.Columns = append(t.Columns, ui.Column{Text: tr("meeting.f.lead"), Label: true})
	}
	t.Columns = append(t.Columns, ui.Column{Text: tr("meeting.f.due"), Label: true}, ui.Column{Text: tr("meeting.state")})
	today := clock.Today(ctx)
	for _, l := range list {
		st := l.StateOn(today)
		row := ui.Row{ID: l.Ref().String(), Bad: st == Late, Cells: []ui.Cell{ui.To(l.Text, "/decision/"+l.Ref().String())}}
		if lead {
			row.Cells = append(row.Cells, ui.Text(l.Lead))
		}
		row.Cells = append(row.Cells, ui.Text(string(l.Due)), stateCell(ctx, st, l.Due, l.DoneOn, today))
		t.Rows = append(t.Rows, row)
	}
	return t
}

// stateCell is how a decision stands, with the days that it is late.
func stateCell(ctx context.Context, st string, due, done, today clock.Day) ui.Cell {
	switch st {
	case Late:
		return ui.State(i18n.T(ctx, "meeting.late_days", "N", daysBetween(due, today)), "w")
	case Done:
		if done > due {
			return ui.State(i18n.T(ctx, "meeting.done_late"), "p")
		}
		return ui.State(i18n.T(ctx, "meeting.state.done"), "p")
	}
	return ui.State(i18n.T(ctx, "meeting.state."+st), "-")
}

func daysBetween(from, to clock.Day) int { return int(to.Time().Sub(from.Time()).Hours()/24 + 0.5) }

func (s *Service) exportOf(kind string) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		u, err := s.unitOf(r)
		if err != nil {
			return err
		}
		format := table.XLSX
		if r.URL.Query().Get("format") == table.CSV {
			format = table.CSV
		}
		title := i18n.T(ctx, "meeting.title")
		if kind == KindDecision {
			title = i18n.T(ctx, "meeting.decisions")
		}
		var b bytes.Buffer
		if err := s.rec.Export(ctx, &b, kind, format, u.ID, title); err != nil {
			return err
		}
		return send(w, table.ContentType(format), u.Name+title+"."+format, b.Bytes())
	}
}

func send(w http.ResponseWriter, kind, name string, data []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	_, err := w.Write(data)
	return err
}
