package seal

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// Routes are the addresses about sealed data: who may open it, who has, and erasing. What is sealed is read on the pages of the
// module to which it belongs.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/seal", Right: scope.View, Scope: web.ByUnit, Name: "seal.index", Handler: s.index},
		{Method: "GET", Path: "/seal/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "seal.show", Handler: s.show},
		{Method: "GET", Path: "/seal/{ref}/readings", Right: scope.View, Scope: web.ByRecord, Name: "seal.readings", Handler: s.readings},
		{Method: "GET", Path: "/seal/{ref}/grant", Right: scope.Work, Scope: web.ByRecord, Name: "seal.grantForm", Handler: s.grantForm},
		{Method: "POST", Path: "/seal/{ref}/grant", Right: scope.Work, Scope: web.ByRecord, Name: "seal.grant", Handler: s.grantDo},
		{Method: "GET", Path: "/seal/{ref}/revoke", Right: scope.Work, Scope: web.ByRecord, Name: "seal.revokeForm", Handler: s.revokeForm},
		{Method: "POST", Path: "/seal/{ref}/revoke", Right: scope.Work, Scope: web.ByRecord, Name: "seal.revoke", Handler: s.revokeDo},
		{Method: "GET", Path: "/seal/{ref}/erase", Right: scope.Work, Scope: web.ByRecord, Name: "seal.eraseForm", Handler: s.eraseForm},
		{Method: "POST", Path: "/seal/{ref}/erase", Right: scope.Work, Scope: web.ByRecord, Name: "seal.erase", Handler: s.eraseDo},
		{Method: "GET", Path: "/seal/{ref}/emergency", Right: scope.Work, Scope: web.ByRecord, Name: "seal.emergencyForm", Handler: s.emergencyForm},
		{Method: "POST", Path: "/seal/{ref}/emergency", Right: scope.Work, Scope: web.ByRecord, Name: "seal.emergency", Handler: s.emergencyDo},
		{Method: "POST", Path: "/seal/{ref}/confirm", Right: scope.Work, Scope: web.ByRecord, Name: "seal.confirm", Handler: s.confirmDo},
		{Method: "POST", Path: "/seal", Right: scope.Admin, Scope: web.ByUnit, Name: "seal.second", Handler: s.secondDo},
		{Method: "POST", Path: "/seal/{ref}/seen", Right: scope.Work, Scope: web.ByRecord, Name: "seal.seen", Handler: s.seenDo},
		{Method: "GET", Path: "/seal/{ref}/export", Right: scope.Work, Scope: web.ByRecord, Name: "seal.exportForm", Handler: s.exportForm},
		{Method: "POST", Path: "/seal/{ref}/export", Right: scope.Work, Scope: web.ByRecord, Name: "seal.export", Handler: s.exportDo},
		{Method: "GET", Path: "/seal/{ref}/list.xlsx", Right: scope.View, Scope: web.ByRecord, Name: "seal.redacted", Handler: s.redacted},
		{Method: "GET", Path: "/seal/grants", Right: scope.View, Scope: web.ByUnit, Name: "seal.overview", Handler: s.overview},
		{Method: "GET", Path: "/seal/keeping", Right: scope.View, Scope: web.ByUnit, Name: "seal.keeping", Handler: s.keeping},
		{Method: "POST", Path: "/seal/keeping", Right: scope.Operate, Scope: web.ByUnit, Name: "seal.keep", Handler: s.keepDo},
		{Method: "GET", Path: "/seal/texts", Right: scope.View, Scope: web.ByUnit, Name: "seal.texts", Handler: s.texts},
		{Method: "GET", Path: "/seal/text", Right: scope.View, Scope: web.ByUnit, Name: "seal.text", Handler: s.text},
		{Method: "POST", Path: "/seal/text", Right: scope.Operate, Scope: web.ByUnit, Name: "seal.setText", Handler: s.textDo},
		{Method: "GET", Path: "/seal/year", Right: scope.View, Scope: web.ByUnit, Name: "seal.year", Handler: s.yearPage},
		{Method: "GET", Path: "/seal/year.docx", Right: scope.View, Scope: web.ByUnit, Name: "seal.yearDocx", Handler: s.yearDocx},
		{Method: "GET", Path: "/seal/find", Right: scope.Work, Scope: web.ByUnit, Name: "seal.findForm", Handler: s.findForm},
		{Method: "POST", Path: "/seal/find", Right: scope.Work, Scope: web.ByUnit, Name: "seal.find", Handler: s.findDo},
		{Method: "GET", Path: "/wishes", Right: scope.View, Scope: web.ByUnit, Name: "seal.wishes", Handler: s.wishes},
		{Method: "GET", Path: "/wishes/new", Right: scope.Work, Scope: web.ByUnit, Name: "seal.wishForm", Handler: s.wishForm},
		{Method: "POST", Path: "/wishes/new", Right: scope.Work, Scope: web.ByUnit, Name: "seal.addWish", Handler: s.wishAdd},
		{Method: "GET", Path: "/wishes/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "seal.wish", Handler: s.wishPage},
		{Method: "GET", Path: "/wishes/{ref}/sheet", Right: scope.Work, Scope: web.ByRecord, Name: "seal.wishSheet", Handler: s.wishSheet},
		{Method: "GET", Path: "/wishes/{ref}/answer", Right: scope.Work, Scope: web.ByRecord, Name: "seal.answerForm", Handler: s.answerForm},
		{Method: "POST", Path: "/wishes/{ref}/answer", Right: scope.Work, Scope: web.ByRecord, Name: "seal.answer", Handler: s.answerDo},
		{Method: "GET", Path: "/wishes/{ref}/erase", Right: scope.Work, Scope: web.ByRecord, Name: "seal.eraseNamedForm", Handler: s.eraseNamedForm},
		{Method: "POST", Path: "/wishes/{ref}/erase", Right: scope.Work, Scope: web.ByRecord, Name: "seal.eraseNamed", Handler: s.eraseNamedDo},
		{Method: "GET", Path: "/api/v1/seal/year", Right: scope.View, Scope: web.ByUnit, Name: "seal.apiYear", Handler: s.apiYear},
		{Method: "GET", Path: "/api/v1/seal/keeping", Right: scope.View, Scope: web.ByUnit, Name: "seal.apiKeeping", Handler: s.apiKeeping},
		{Method: "GET", Path: "/api/v1/seal/grants", Right: scope.View, Scope: web.ByUnit, Name: "seal.apiOverview", Handler: s.apiOverview},
		{Method: "GET", Path: "/wishes/{ref}/correct", Right: scope.Work, Scope: web.ByRecord, Name: "seal.correctForm", Handler: s.correctForm},
		{Method: "POST", Path: "/wishes/{ref}/correct", Right: scope.Work, Scope: web.ByRecord, Name: "seal.correct", Handler: s.correctDo},
		{Method: "GET", Path: "/api/v1/wishes", Right: scope.View, Scope: web.ByUnit, Name: "seal.apiWishes", Handler: s.apiWishes},
		{Method: "GET", Path: "/api/v1/seal/{ref}/grants", Right: scope.View, Scope: web.ByRecord, Name: "seal.apiGrants", Handler: s.apiGrants},
		{Method: "GET", Path: "/api/v1/seal/{ref}/readings", Right: scope.View, Scope: web.ByRecord, Name: "seal.apiReadings", Handler: s.apiReadings},
	}
}

// of reads what the page is about from the address, as far as the reader sees it.
func (s *Service) of(r *http.Request) (id.Ref, Matter, error) {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return ref, Matter{}, web.NotFound(r)
	}
	m, err := s.matter(r.Context(), ref)
	return ref, m, err
}

// overseen does the same for those who may know who was let in and who has read; a refusal stands in the log.
func (s *Service) overseen(r *http.Request) (id.Ref, Matter, error) {
	ref, m, err := s.of(r)
	if err != nil {
		return ref, m, err
	}
	ok, err := s.Oversees(r.Context(), m.Owners[0])
	if err == nil && !ok {
		err = s.refuse(r.Context(), m.Owners[0], "seal.act.oversee")
	}
	return ref, m, err
}

// kept does the same for the keeper, who lets in.
func (s *Service) keptMatter(r *http.Request) (id.Ref, Matter, error) {
	ref, m, err := s.of(r)
	if err != nil {
		return ref, m, err
	}
	ok, err := s.Keeps(r.Context(), m.Owners[0])
	if err == nil && !ok {
		err = s.refuse(r.Context(), m.Owners[0], "seal.act.grant")
	}
	return ref, m, err
}

func (s *Service) refuse(ctx context.Context, o Owner, act string) error {
	u, err := s.home(ctx, o.Unit)
	if err != nil {
		return err
	}
	if err := s.audit.Refuse(ctx, audit.Entry{Act: act, Subject: o.Kind, Ref: o.Of, Pos: u.Pos, Unit: u.ID}); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "seal.closed", "Unit", u.Name)
}

func tr(ctx context.Context, key string, args ...any) string { return i18n.T(ctx, key, args...) }

func here(of id.Ref, tail string) string { return "/seal/" + of.String() + tail }

// page is one about a matter, never kept on the way.
func (s *Service) page(w http.ResponseWriter, ctx context.Context, m Matter, of id.Ref, title string) web.Page {
	w.Header().Set("Cache-Control", "no-store")
	crumbs := []ui.Link{{Text: m.Title, Href: m.Href}}
	if title != i18n.T(ctx, "seal.title") {
		crumbs = append(crumbs, ui.Link{Text: i18n.T(ctx, "seal.title"), Href: here(of, "")})
	}
	return web.Page{Title: title, Current: "seal", Crumbs: append(crumbs, ui.Link{Text: title})}
}

type indexView struct {
	Unit    org.Unit
	Figures []ui.Figure
	Table   ui.Table
	Links   []ui.Link
	Second  string // whether an emergency look needs a second person
	Turn    *ui.Post
}

// index lists what a unit keeps sealed, in numbers: they rise, what is counted does not.
func (s *Service) index(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.KeptBy(ctx, u)
	if err != nil {
		return err
	}
	a := scope.From(ctx)
	v := indexView{Unit: u}
	opens := keeper(ctx, u) || a.Auditor && a.AuditSet.Contains(u.Pos)
	link := func(key, href string) { v.Links = append(v.Links, ui.Link{Text: i18n.T(ctx, key), Href: href}) }
	if keeper(ctx, u) {
		link("seal.find", FindPath(u.ID))
	}
	if opens {
		link("seal.wishes", "/wishes?unit="+u.ID.String())
		link("seal.year_link", "/seal/year?unit="+u.ID.String())
	}
	if len(a.AuditSet)+len(a.AdminSet) > 0 {
		link("seal.overview", "/seal/grants")
	}
	link("seal.keeping", "/seal/keeping")
	link("seal.texts", "/seal/texts")
	if a.Auditor {
		link("seal.to_log", "/audit?act=seal.")
	}
	v.Table = ui.Table{Caption: i18n.T(ctx, "seal.kept"), Columns: []ui.Column{{Text: i18n.T(ctx, "seal.matter")}, {Text: i18n.T(ctx, "seal.live"), Label: true, Right: true},
		{Text: i18n.T(ctx, "seal.grants_live"), Label: true, Right: true}, {Text: i18n.T(ctx, "seal.gone"), Label: true, Right: true}, {Text: i18n.T(ctx, "seal.who_opens"), Label: true}}}
	var live, gone int64
	for _, k := range list {
		live, gone = live+k.Live, gone+k.Erased
		look := ui.Text(i18n.T(ctx, "seal.unit_only"))
		if may, err := s.Oversees(ctx, k.Matter.Owners[0]); err != nil {
			return err
		} else if may {
			look = ui.To(i18n.T(ctx, "seal.see"), here(k.Of, ""))
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{ID: k.Of.String(), Cells: []ui.Cell{ui.To(k.Matter.Title, k.Matter.Href), ui.Text(ui.Number(k.Live)), ui.Text(ui.Number(k.Grants)), ui.Text(ui.Number(k.Erased)), look}})
	}
	if opens {
		second, err := s.Second(ctx, u)
		if err != nil {
			return err
		}
		state, to := "seal.second_off", "1"
		if second {
			state, to = "seal.second_on", ""
		}
		if v.Second = i18n.T(ctx, state, "N", int(emergencyFor.Hours())); s.setsSecond(ctx, u) {
			v.Turn = &ui.Post{Text: i18n.T(ctx, state+"_turn"), Action: "/seal?unit=" + u.ID.String(), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "on", Value: to}}}
		}
	}
	v.Figures = []ui.Figure{{Number: ui.Number(live), Unit: i18n.T(ctx, "seal.item"), Label: i18n.T(ctx, "seal.live")}, {Number: ui.Number(gone), Unit: i18n.T(ctx, "seal.item"), Label: i18n.T(ctx, "seal.gone")}}
	title := i18n.T(ctx, "seal.kept")
	return web.Render(w, r, web.Page{Title: title, Current: "seal", Crumbs: []ui.Link{{Text: u.Name, Href: "/unit/" + u.ID.String()}, {Text: title}}}, indexTempl(v))
}

func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

type showView struct {
	Of       id.Ref
	Matter   Matter
	Keeps    bool
	Live     ui.Table
	Past     ui.Table
	Alone    ui.Table  // who let themselves in
	Unseen   []ui.Post // what the keeper has still to look at
	Do       []ui.Button
	Readings ui.Table
	More     bool
	Erased   ui.Table
}

// narrow is the text for a matter that only those in charge of it read, of which the others of the unit are no part.
func (v showView) narrow(key string) string {
	if len(v.Matter.Owners) > 0 && len(v.Matter.Owners[0].Only) > 0 {
		return key + "_only"
	}
	return key
}

// few is how many readings the page of a matter shows; the rest stands on a page of its own.
const few = 10

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	of, m, err := s.overseen(r)
	if err != nil {
		return err
	}
	v := showView{Of: of, Matter: m}
	if v.Keeps, err = s.Keeps(ctx, m.Owners[0]); err != nil {
		return err
	}
	grants, err := s.Grants(ctx, m.Owners[0])
	if err != nil {
		return err
	}
	v.Live, v.Past = s.grantTables(ctx, of, slices.DeleteFunc(slices.Clone(grants), Grant.Emergency), v.Keeps)
	v.Alone, v.Unseen = s.aloneTable(ctx, of, grants, v.Keeps)
	if v.Keeps {
		v.Do = append(v.Do, ui.Button{Text: i18n.T(ctx, "seal.do.grant"), Href: here(of, "/grant")}, ui.Button{Text: i18n.T(ctx, "seal.do.export"), Href: here(of, "/export")})
	}
	v.Do = append(v.Do, ui.Button{Text: i18n.T(ctx, "seal.do.redacted"), Href: here(of, "/list.xlsx")})
	rows, err := s.Readings(ctx, m.Owners[0], "open", 0, few+1)
	if err != nil {
		return err
	}
	v.More = len(rows) > few
	if v.Readings, err = s.readingTable(ctx, m, rows[:min(len(rows), few)]); err != nil {
		return err
	}
	erased, err := s.Erasures(ctx, of)
	if err != nil {
		return err
	}
	v.Erased = ErasureTable(ctx, m, erased)
	p := s.page(w, ctx, m, of, i18n.T(ctx, "seal.title"))
	switch done := r.URL.Query().Get("done"); done {
	case "grant", "revoke", "erase":
		p.Flash = &ui.Note{Title: i18n.T(ctx, "seal.did."+done)}
	}
	return web.Render(w, r, p, showTempl(v))
}

func (s *Service) grantTables(ctx context.Context, of id.Ref, list []Grant, keeps bool) (live, past ui.Table) {
	cols := []ui.Column{{Text: i18n.T(ctx, "seal.f.who")}, {Text: i18n.T(ctx, "seal.f.purpose"), Label: true, Block: true}, {Text: i18n.T(ctx, "seal.f.until"), Label: true}}
	live = ui.Table{Caption: i18n.T(ctx, "seal.grants_live"), Columns: append(cols[:3:3], ui.Column{Text: i18n.T(ctx, "seal.state")})}
	past = ui.Table{Caption: i18n.T(ctx, "seal.grants_past"), Columns: live.Columns}
	now := clock.Now(ctx)
	for i := len(list) - 1; i >= 0; i-- { // the latest first
		g := list[i]
		cells := []ui.Cell{ui.Text(g.Name), ui.Text(g.Purpose), ui.Text(i18n.Day(ctx, g.Until))}
		switch {
		case g.Live(now) && keeps:
			live.Rows = append(live.Rows, ui.Row{ID: g.ID.String(), Cells: append(cells, ui.To(i18n.T(ctx, "seal.do.revoke"), here(of, "/revoke?grant="+g.ID.String())))})
		case g.Live(now):
			live.Rows = append(live.Rows, ui.Row{ID: g.ID.String(), Cells: append(cells, ui.State(i18n.T(ctx, "seal.holds"), "p"))})
		case g.Revoked != clock.Open:
			past.Rows = append(past.Rows, ui.Row{ID: g.ID.String(), Cells: append(cells, ui.State(i18n.T(ctx, "seal.revoked", "Day", i18n.Day(ctx, g.Revoked)), "-"))})
		default:
			past.Rows = append(past.Rows, ui.Row{ID: g.ID.String(), Cells: append(cells, ui.State(i18n.T(ctx, "seal.ran_out"), "-"))})
		}
	}
	return live, past
}

// aloneTable lists who let themselves in, and what the keeper ticks off.
func (s *Service) aloneTable(ctx context.Context, of id.Ref, list []Grant, keeps bool) (t ui.Table, unseen []ui.Post) {
	t = ui.Table{Caption: i18n.T(ctx, "seal.emergencies"), Columns: []ui.Column{{Text: i18n.T(ctx, "seal.f.who")}, {Text: i18n.T(ctx, "seal.f.emergency"), Label: true, Block: true}, {Text: i18n.T(ctx, "seal.f.until"), Label: true}, {Text: i18n.T(ctx, "seal.state")}}}
	for _, g := range slices.Backward(list) {
		if !g.Emergency() {
			continue
		}
		t.Rows = append(t.Rows, ui.Row{ID: g.ID.String(), Bad: g.Seen == clock.Open, Cells: []ui.Cell{ui.Text(g.Name), ui.Text(g.Purpose), ui.Text(minute(g.EndsAt)), emergencyState(ctx, g, clock.Now(ctx))}})
		if keeps && g.Seen == clock.Open && g.Account != scope.From(ctx).Account {
			if g.Pending(clock.Now(ctx)) {
				unseen = append(unseen, ui.Post{Text: i18n.T(ctx, "seal.do.confirm"), Sub: g.Name, Action: here(of, "/confirm"), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "grant", Value: g.ID.String()}}})
			}
			unseen = append(unseen, ui.Post{Text: i18n.T(ctx, "seal.do.seen"), Sub: g.Name, Action: here(of, "/seen"), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "grant", Value: g.ID.String()}}})
		}
	}
	return t, unseen
}

// readingTable says who read, was refused, was let in or erased.
func (s *Service) readingTable(ctx context.Context, m Matter, rows []audit.Row) (ui.Table, error) {
	t := ui.Table{Caption: i18n.T(ctx, "seal.readings"), Columns: []ui.Column{{Text: i18n.T(ctx, "seal.when")}, {Text: i18n.T(ctx, "seal.f.who"), Label: true}, {Text: i18n.T(ctx, "seal.did_what"), Label: true},
		{Text: i18n.T(ctx, "seal.what_for"), Label: true, Block: true}, {Text: i18n.T(ctx, "seal.state")}}}
	var ids []id.ID
	for _, r := range rows {
		ids = append(ids, r.ActorUnit)
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return t, err
	}
	for _, r := range rows {
		who := ui.Cell{Text: r.ActorName, Sub: units[r.ActorUnit].Name}
		if r.Act == expireAct {
			who = ui.Text(i18n.T(ctx, "seal.by_itself"))
		} else if r.Actor == 0 && r.ActorUnit == 0 { // entered or read by the program for them: they have no account
			who = ui.Text(i18n.T(ctx, "seal.by_subject"))
		}
		state := ui.State(i18n.T(ctx, "seal.let"), "p")
		if r.Refused != 0 {
			state = ui.State(i18n.T(ctx, "seal.refused"), "w")
		}
		t.Rows = append(t.Rows, ui.Row{ID: r.ID.String(), Bad: r.Refused != 0, Cells: []ui.Cell{ui.Text(minute(r.At)), who, {Text: i18n.T(ctx, r.Act), Sub: m.Label(ctx, r.Subject)}, ui.Text(purpose(ctx, r)), state}})
	}
	return t, nil
}

// purpose is what a reading was for: what its grant says, or the reader's own work.
func purpose(ctx context.Context, r audit.Row) string {
	if r.Note == "" && r.Act == openAct && r.Refused == 0 && (r.Actor != 0 || r.ActorUnit != 0) {
		return i18n.T(ctx, "seal.own_work")
	}
	return r.Note
}

func minute(millis int64) string {
	return time.UnixMilli(millis).In(clock.Shanghai).Format("2006-01-02 15:04")
}

// ErasureTable lists what was erased of a matter, for its own pages, too.
func ErasureTable(ctx context.Context, m Matter, list []Erasure) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "seal.erased"), Columns: []ui.Column{{Text: i18n.T(ctx, "seal.what")}, {Text: i18n.T(ctx, "seal.when"), Label: true}, {Text: i18n.T(ctx, "seal.by"), Label: true}, {Text: i18n.T(ctx, "seal.f.ground"), Label: true}}}
	for _, e := range list {
		by := e.By
		if e.Ground == Expired {
			by = i18n.T(ctx, "seal.by_itself")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(i18n.T(ctx, "seal.one_of", "Kind", m.Label(ctx, e.Kind))), ui.Text(i18n.Day(ctx, e.Day)), ui.Text(by), ui.Text(ground(ctx, e.Ground))}})
	}
	return t
}

// ground is a ground in words; records erased before grounds were noted have none.
func ground(ctx context.Context, g string) string {
	if g == "" {
		g = Other
	}
	return i18n.T(ctx, "seal.ground."+g)
}

type readingsView struct {
	Matter      Matter
	Table       ui.Table
	Next, First string
}

// turn leads to older rows and back to the newest.
func (v readingsView) turn(ctx context.Context) []ui.Button {
	var out []ui.Button
	if v.Next != "" {
		out = append(out, ui.Button{Text: i18n.T(ctx, "seal.older"), Href: v.Next})
	}
	if v.First != "" {
		out = append(out, ui.Button{Text: i18n.T(ctx, "seal.newest"), Href: v.First})
	}
	return out
}

const pageSize = 50

// pageOf reads a page of readings by the address.
func (s *Service) pageOf(r *http.Request, m Matter) (rows []audit.Row, next string, err error) {
	var after id.ID
	if q := r.URL.Query().Get("after"); q != "" {
		if after, err = id.Parse(q); err != nil {
			return nil, "", web.NotFound(r)
		}
	}
	rows, err = s.Readings(r.Context(), m.Owners[0], "", after, pageSize+1)
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		next = url.Values{"after": {rows[pageSize-1].ID.String()}}.Encode()
	}
	return rows, next, err
}

func (s *Service) readings(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	of, m, err := s.overseen(r)
	if err != nil {
		return err
	}
	rows, next, err := s.pageOf(r, m)
	if err != nil {
		return err
	}
	v := readingsView{Matter: m}
	if v.Table, err = s.readingTable(ctx, m, rows); err != nil {
		return err
	}
	if next != "" {
		v.Next = here(of, "/readings?"+next)
	}
	if r.URL.Query().Get("after") != "" {
		v.First = here(of, "/readings")
	}
	return web.Render(w, r, s.page(w, ctx, m, of, i18n.T(ctx, "seal.all_readings")), readingsTempl(v))
}
