package base

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
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

// Routes are the addresses of bases, each with its right and scope rule.
func (s *Service) Routes() []web.Route {
	list := []web.Route{
		{Method: "GET", Path: "/base", Right: scope.View, Scope: web.ByUnit, Name: "base.index", Handler: s.index},
		{Method: "GET", Path: "/base/matrix", Right: scope.View, Scope: web.ByUnit, Name: "base.matrix", Handler: s.matrix},
		{Method: "GET", Path: "/base/rank", Right: scope.View, Scope: web.ByUnit, Name: "base.rank", Handler: s.rank},
		{Method: "GET", Path: "/base/export", Right: scope.View, Scope: web.ByUnit, Name: "base.exportFile", Handler: s.exportFile},
		{Method: "GET", Path: "/base/settings", Right: scope.Admin, Scope: web.ByUnit, Name: "base.settings", Handler: s.settings},
		{Method: "POST", Path: "/base/settings", Right: scope.Admin, Scope: web.ByUnit, Name: "base.saveSettings", Handler: s.saveSettings},
		{Method: "GET", Path: "/base/new", Right: scope.Work, Scope: web.ByUnit, Name: "base.newForm", Handler: s.newForm},
		{Method: "POST", Path: "/base/new", Right: scope.Work, Scope: web.ByUnit, Name: "base.create", Handler: s.create},
		{Method: "GET", Path: "/base/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "base.show", Handler: s.show},
		{Method: "GET", Path: "/base/{ref}/history", Right: scope.View, Scope: web.ByRecord, Name: "base.history", Handler: s.history},
		{Method: "GET", Path: "/base/{ref}/done", Right: scope.View, Scope: web.ByRecord, Name: "base.done", Handler: s.done},
		{Method: "POST", Path: "/base/{ref}/undo", Right: scope.Work, Scope: web.ByRecord, Name: "base.undo", Handler: s.undo},
		{Method: "GET", Path: "/base/{ref}/photo/{hash}", Right: scope.View, Scope: web.ByRecord, Name: "base.photoFile", Handler: s.photoFile},
		{Method: "GET", Path: "/api/v1/bases", Right: scope.View, Scope: web.ByUnit, Name: "base.apiList", Handler: s.apiList},
		{Method: "POST", Path: "/api/v1/bases", Right: scope.Work, Scope: web.ByRecord, Name: "base.apiCreate", Handler: s.apiCreate},
		{Method: "GET", Path: "/api/v1/bases/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "base.apiGet", Handler: s.apiGet},
		{Method: "PUT", Path: "/api/v1/bases/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "base.apiSave", Handler: s.apiSave},
	}
	for _, a := range acts {
		list = append(list,
			web.Route{Method: "GET", Path: "/base/{ref}/" + a.path, Right: scope.Work, Scope: web.ByRecord, Name: "base." + a.path + "Form", Handler: s.actForm(a)},
			web.Route{Method: "POST", Path: "/base/{ref}/" + a.path, Right: scope.Work, Scope: web.ByRecord, Name: "base." + a.path, Handler: s.actDo(a)})
	}
	return list
}

// refOf reads the record's outside name from the address.
func refOf(r *http.Request) (id.Ref, error) {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return ref, web.NotFound(r)
	}
	return ref, nil
}

// unitOf is the unit that the page is about: the one in the address, or the actor's own. The router has asked for the
// right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

// dayOf is the day that the page is about, today without one.
func dayOf(r *http.Request) (clock.Day, error) {
	q := r.URL.Query().Get("day")
	if q == "" {
		return clock.Today(r.Context()), nil
	}
	d, err := clock.ParseDay(q)
	if err != nil {
		return "", errs.Wrap(err, errs.Invalid, "errs.day_unreadable")
	}
	return d, nil
}

// link is an address with its query, empty values left out.
func link(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// figure asks one figure for a page. The number leads to its evidence; one that cannot be given is shown as such.
func (s *Service) figure(ctx context.Context, code string, u org.Unit, day clock.Day) (ui.Figure, error) {
	d, err := s.ledger.Figure(code)
	if err != nil {
		return ui.Figure{}, err
	}
	q := ledger.Query{Figure: code, Unit: u.ID, Day: day, Boundary: ledger.Today}
	v, err := s.ledger.Ask(ctx, q)
	if err != nil {
		return ui.Figure{}, err
	}
	lang := i18n.Lang(ctx)
	f := ui.Figure{Number: written(d, v), Unit: d.MeasureIn(lang), Label: d.Short.In(lang),
		Href: link("/evidence/"+code, "unit", u.ID.String(), "day", string(day), "bounds", string(ledger.Today))}
	if d.Unit == "percent" {
		f.Unit = ""
	}
	if v.Amount == nil {
		f.Href = ""
	}
	return f, nil
}

// written is a figure's amount as people read it.
func written(d ledger.Definition, v ledger.Value) string {
	switch {
	case v.Amount == nil:
		return "—"
	case d.Unit == "percent":
		return ui.Percent(*v.Amount)
	}
	return ui.Number(*v.Amount)
}

type indexView struct {
	Unit       org.Unit
	Day        clock.Day
	Filter     Filter
	Area       string
	All        bool  // those without a plaque in force, too
	Without    int64 // how many of those are left out
	Areas      []org.Node
	Categories []Category
	Figures    []ui.Figure
	Parts      []ui.Part
	Total      ui.Part
	Share      string // of the province's plaques
	Page       Page
	Hosts      map[id.ID]org.Unit
	Category   func(root int64, name string) string // in the reader's language
	Next       string
	First      string
	Rounds     []ui.Link // in which they were looked at one by one
	MayWork    bool
}

// here is the list's address with its filter.
func (v indexView) here(path string, more ...string) string {
	all := ""
	if v.All {
		all = "1"
	}
	return link(path, append([]string{"unit", v.Unit.ID.String(), "day", string(v.Day), "area", v.Area, "category", v.Filter.Category,
		"level", string(v.Filter.TopLevel), "run_mode", string(v.Filter.RunMode), "q", v.Filter.Text, "all", all, "order", string(v.Filter.Order)}, more...)...)
}

func (s *Service) index(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v := indexView{Unit: u, Area: q.Get("area"), All: q.Get("all") != "", MayWork: scope.From(ctx).May(scope.Work, u.Pos)}
	if v.Day, err = dayOf(r); err != nil {
		return err
	}
	v.Filter = Filter{Unit: u, Category: q.Get("category"), TopLevel: org.Level(q.Get("level")), RunMode: RunMode(q.Get("run_mode")),
		Text: strings.TrimSpace(q.Get("q")), Order: Order(q.Get("order")), After: q.Get("after")}
	// Who looks for a name looks for the base, with a plaque or without.
	if !v.All && v.Filter.Text == "" {
		v.Filter.Standing = v.Day
	}
	if v.Area != "" {
		area, err := s.org.Resolve(ctx, v.Area)
		if err != nil {
			return err
		}
		if !(scope.Set{u.Range()}).Contains(area.Pos) {
			return web.NotFound(r)
		}
		v.Filter.Unit = area
	}
	if v.Areas, err = s.org.Children(ctx, u.ID, v.Day, "", 200); err != nil {
		return err
	}
	if v.Categories, err = s.Categories(ctx, u.Root()); err != nil {
		return err
	}
	for _, code := range []string{"base.accredited", "base.accredited_new7y", "base.standard_share", "base.county_up", "base.categories"} {
		f, err := s.figure(ctx, code, v.Filter.Unit, v.Day)
		if err != nil {
			return err
		}
		v.Figures = append(v.Figures, f)
	}
	if v.Parts, v.Total, err = s.byLevel(ctx, v.Filter.Unit, v.Day); err != nil {
		return err
	}
	if v.Share, err = s.share(ctx, v.Filter.Unit, v.Day); err != nil {
		return err
	}
	if v.Page, err = s.List(ctx, v.Filter); err != nil {
		return err
	}
	if v.Filter.Standing != clock.Open {
		every := v.Filter
		every.Standing, every.After = clock.Open, ""
		all, err := s.Count(ctx, every)
		if err != nil {
			return err
		}
		v.Without = all - v.Page.Total
	}
	if v.Hosts, err = s.hosts(ctx, v.Page.Rows); err != nil {
		return err
	}
	if s.rounds != nil {
		if v.Rounds, err = s.rounds(ctx, v.Filter.Unit); err != nil {
			return err
		}
	}
	if v.Page.Next != "" {
		v.Next = v.here("/base", "after", v.Page.Next)
	}
	if v.Filter.After != "" {
		v.First = v.here("/base")
	}
	v.Category = s.categoryNames(ctx)
	title := i18n.T(ctx, "base.title")
	return web.Render(w, r, web.Page{Title: title, Current: Kind, Crumbs: s.crumbs(ctx, u, ui.Link{Text: title}), Flash: flash(r)}, indexPage(v))
}

// everything is the list's address with those that have no plaque in force.
func (v indexView) everything() string {
	v.All, v.Filter.After = true, ""
	return v.here("/base") + "#list"
}

// flash says what was just done, on the page that one comes back to.
func flash(r *http.Request) *ui.Note {
	switch r.URL.Query().Get("done") {
	case "undo":
		return &ui.Note{Title: i18n.T(r.Context(), "base.did.undo")}
	case "remove":
		n := &ui.Note{Title: i18n.T(r.Context(), "base.did.remove")}
		if ref, err := id.ParseRef(r.URL.Query().Get("ref")); err == nil {
			n.Post = undoButton(r.Context(), ref, r.URL.Query().Get("version"))
		}
		return n
	}
	return nil
}

// byLevel shows how the bases in force are made up, each by its highest plaque (R96).
func (s *Service) byLevel(ctx context.Context, u org.Unit, day clock.Day) (parts []ui.Part, total ui.Part, err error) {
	q := ledger.Query{Figure: "base.accredited", Unit: u.ID, Day: day, Boundary: ledger.Today}
	by, err := s.ledger.ByValue(ctx, q, "top_level")
	if err != nil {
		return nil, total, err
	}
	address := func(level org.Level) string {
		return link("/evidence/base.accredited", "unit", u.ID.String(), "day", string(day), "bounds", string(ledger.Today), "top_level", string(level))
	}
	for _, l := range Levels {
		n := by[string(l)]
		if l == org.Nation && n == 0 {
			continue
		}
		total.N += n
		parts = append(parts, ui.Part{Text: levelName(ctx, l), N: n, Number: ui.Number(n), Href: address(l)})
	}
	total.Text, total.Number, total.Href = i18n.T(ctx, "base.total"), ui.Number(total.N), address("")
	return parts, total, nil
}

// share says how many of the province's bases stand in the unit (R81): both terms, never the quotient alone.
func (s *Service) share(ctx context.Context, u org.Unit, day clock.Day) (string, error) {
	above, err := s.org.Ancestors(ctx, u.ID, day)
	if err != nil {
		return "", err
	}
	for _, a := range above {
		if a.Level != org.Province || a.ID == u.ID {
			continue
		}
		own, err := s.ledger.Ask(ctx, ledger.Query{Figure: "base.province", Unit: u.ID, Day: day, Boundary: ledger.Today})
		if err != nil {
			return "", err
		}
		all, err := s.ledger.Ask(ctx, ledger.Query{Figure: "base.province", Unit: a.ID, Day: day, Boundary: ledger.Today})
		if err != nil || all.Int() == 0 {
			return "", err
		}
		return i18n.T(ctx, "base.share", "N", own.Int(), "Unit", a.Name, "All", all.Int()), nil
	}
	return "", nil
}

func (s *Service) hosts(ctx context.Context, rows []Row) (map[id.ID]org.Unit, error) {
	ids := make([]id.ID, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.Host)
	}
	return s.org.ByIDs(ctx, ids)
}

// crumbs lead from the units above, within the reader's view, to here.
func (s *Service) crumbs(ctx context.Context, u org.Unit, last ...ui.Link) []ui.Link {
	above, err := s.org.Ancestors(ctx, u.ID, clock.Today(ctx))
	if err != nil { // a page without crumbs is better than none
		return last
	}
	var out []ui.Link
	for _, a := range above {
		if scope.From(ctx).May(scope.View, a.Pos) {
			out = append(out, ui.Link{Text: a.Name, Href: link("/base", "unit", a.ID.String())})
		}
	}
	return append(out, last...)
}

type showView struct {
	Ref       id.Ref
	Base      Base
	Version   record.Version
	Host      org.Unit
	Category  string // in the reader's language
	Today     clock.Day
	Standard  []StandardItem
	Names     map[Body]string
	Facts     []record.Fact
	Steps     []record.Step
	Cases     []caseLine
	MayWork   bool
	Standing  bool
	Undo      *ui.Post
	UndoUntil string
	Use       []templ.Component // boxes of other modules
}

// caseLine is an approval under way.
type caseLine struct{ Title, State, Href string }

func (v showView) at(act string, pairs ...string) string {
	return link("/base/"+v.Ref.String()+"/"+act, pairs...)
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	v := showView{Ref: ref, Today: clock.Today(ctx), Names: map[Body]string{}}
	if v.Base, v.Version, err = s.Get(ctx, ref); err != nil {
		return err
	}
	if v.Host, err = s.org.Unit(ctx, v.Base.Host); err != nil {
		return err
	}
	at, err := s.rec.Home(ctx, v.Base.Host)
	if err != nil {
		return err
	}
	if v.Standard, err = s.Standard(ctx, v.Host.Root()); err != nil {
		return err
	}
	for _, a := range v.Base.Accreditations {
		v.Names[a.Issuer] = s.bodyName(ctx, a.Issuer)
	}
	v.Facts = s.plain(ctx, v.Base)
	v.Category = s.categoryNames(ctx)(v.Host.Root(), v.Base.Category)
	if v.Steps, err = s.book.History(ctx, ref); err != nil {
		return err
	}
	if v.Cases, err = s.casesOf(ctx, ref); err != nil {
		return err
	}
	v.MayWork = scope.From(ctx).May(scope.Work, at.Pos)
	v.Standing = v.Base.Standing(v.Today)
	v.Undo, v.UndoUntil = s.undoPost(ctx, ref, v.Version)
	for _, p := range s.panels {
		box, err := p.Render(ctx, ref, v.Base, v.Today)
		if err != nil {
			return err
		}
		if box != nil {
			v.Use = append(v.Use, box)
		}
	}
	p := web.Page{Title: v.Base.Name, Current: Kind, Crumbs: s.crumbs(ctx, v.Host, ui.Link{Text: v.Base.Name}), Flash: flash(r)}
	return web.Render(w, r, p, showPage(v))
}

func (s *Service) casesOf(ctx context.Context, ref id.Ref) ([]caseLine, error) {
	cases, err := s.flow.ForSubject(ctx, Kind, ref)
	if err != nil {
		return nil, err
	}
	var out []caseLine
	for _, c := range cases {
		if !c.Open() {
			continue
		}
		def, err := s.flow.DefinitionOf(ctx, c)
		if err != nil {
			return nil, err
		}
		st, _ := def.State(c.State)
		out = append(out, caseLine{def.Title.In(ctx), st.Title.In(ctx), "/flow/" + c.Ref().String()})
	}
	return out, nil
}

// undoPost is the button that takes the reader's last change back, while it can be.
func (s *Service) undoPost(ctx context.Context, ref id.Ref, v record.Version) (*ui.Post, string) {
	until := s.Undoable(ctx, v)
	if until.IsZero() {
		return nil, ""
	}
	return undoButton(ctx, ref, strconv.FormatInt(v.N, 10)), until.In(clock.Shanghai).Format("15:04")
}

func undoButton(ctx context.Context, ref id.Ref, version string) *ui.Post {
	return &ui.Post{Text: i18n.T(ctx, "base.undo"), Action: "/base/" + ref.String() + "/undo", Key: web.NewKey(),
		Hidden: []ui.Pair{{Name: "_version", Value: version}}}
}

func minute(at int64) string { return time.UnixMilli(at).In(clock.Shanghai).Format("2006-01-02 15:04") }

type historyView struct {
	Ref   id.Ref
	Base  Base
	Day   clock.Day
	Known *record.Version // of the day that was asked
	Facts []record.Fact
	Steps []record.Step
}

// history shows who changed what, and what was known at the end of a day (以前怎么说的).
func (s *Service) history(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	v := historyView{Ref: ref}
	if v.Base, _, err = s.Get(ctx, ref); err != nil {
		return err
	}
	if v.Steps, err = s.book.History(ctx, ref); err != nil {
		return err
	}
	if at := r.URL.Query().Get("at"); at != "" {
		if v.Day, err = clock.ParseDay(at); err != nil {
			return errs.Wrap(err, errs.Invalid, "errs.day_unreadable")
		}
		was, known, err := s.book.KnownAt(ctx, ref, v.Day.AddDays(1).Time().UnixMilli()-1)
		switch {
		case err == nil:
			v.Known, v.Facts = &known, s.facts(ctx, was)
		case !errs.Is(err, errs.NotFound):
			return err
		}
	}
	title := i18n.T(ctx, "base.history")
	p := web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: v.Base.Name, Href: "/base/" + ref.String()}, {Text: title}}}
	return web.Render(w, r, p, historyPage(v))
}

func (s *Service) photoFile(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	f, err := s.Photo(r.Context(), ref, r.PathValue("hash"))
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", "image/jpeg") // written by us, whatever was uploaded
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, max-age=86400")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// exportFile hands a unit's bases out as a table that can be imported again.
func (s *Service) exportFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	title := u.Name + i18n.T(ctx, "base.title")
	var file bytes.Buffer // whole or not at all
	if err := s.rec.Export(ctx, &file, Kind, format, u.ID, title); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", table.ContentType(format))
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+"."+format))
	_, err = file.WriteTo(w)
	return err
}
