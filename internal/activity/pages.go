package activity

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
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

// Routes are the addresses of activities, each with its right and scope rule.
func (s *Service) Routes() []web.Route {
	list := []web.Route{
		{Method: "GET", Path: "/activity", Right: scope.View, Scope: web.ByUnit, Name: "activity.index", Handler: s.index},
		{Method: "GET", Path: "/activity/series", Right: scope.View, Scope: web.ByUnit, Name: "activity.series", Handler: s.seriesPage},
		{Method: "GET", Path: "/activity/bases", Right: scope.View, Scope: web.ByUnit, Name: "activity.bases", Handler: s.basesPage},
		{Method: "GET", Path: "/activity/places", Right: scope.View, Scope: web.ByUnit, Name: "activity.placesPage", Handler: s.placesPage},
		{Method: "GET", Path: "/activity/classes", Right: scope.View, Scope: web.ByUnit, Name: "activity.classesPage", Handler: s.classesPage},
		{Method: "GET", Path: "/activity/calendar", Right: scope.View, Scope: web.ByUnit, Name: "activity.calendarFile", Handler: s.calendarFile},
		{Method: "GET", Path: "/activity/export", Right: scope.View, Scope: web.ByUnit, Name: "activity.exportFile", Handler: s.exportFile},
		{Method: "GET", Path: "/activity/settings", Right: scope.Admin, Scope: web.ByUnit, Name: "activity.settings", Handler: s.settings},
		{Method: "POST", Path: "/activity/settings", Right: scope.Admin, Scope: web.ByUnit, Name: "activity.saveSettings", Handler: s.saveSettings},
		{Method: "GET", Path: "/activity/new", Right: scope.Work, Scope: web.ByUnit, Name: "activity.newForm", Handler: s.newForm},
		{Method: "POST", Path: "/activity/new", Right: scope.Work, Scope: web.ByUnit, Name: "activity.create", Handler: s.create},
		{Method: "GET", Path: "/activity/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "activity.show", Handler: s.show},
		{Method: "GET", Path: "/activity/{ref}/known", Right: scope.View, Scope: web.ByRecord, Name: "activity.known", Handler: s.knownPage},
		{Method: "GET", Path: "/activity/{ref}/minors", Right: scope.View, Scope: web.ByRecord, Name: "activity.minors", Handler: s.minorsList},
		{Method: "GET", Path: "/activity/{ref}/incidents", Right: scope.View, Scope: web.ByRecord, Name: "activity.incidentsPage", Handler: s.incidentsPage},
		{Method: "GET", Path: "/activity/{ref}/done", Right: scope.View, Scope: web.ByRecord, Name: "activity.done", Handler: s.done},
		{Method: "GET", Path: "/activity/{ref}/photo/{hash}", Right: scope.View, Scope: web.ByRecord, Name: "activity.photoFile", Handler: s.photoFile},
		{Method: "POST", Path: "/activity/{ref}/photo-later", Right: scope.Work, Scope: web.ByRecord, Name: "activity.photoLater", Handler: s.photoLater},
		{Method: "POST", Path: "/activity/{ref}/undo", Right: scope.Work, Scope: web.ByRecord, Name: "activity.undo", Handler: s.undo},
		{Method: "POST", Path: "/activity/{ref}/open", Right: scope.Work, Scope: web.ByRecord, Name: "activity.open", Handler: s.openPost},
		{Method: "POST", Path: "/activity/{ref}/join", Right: scope.Work, Scope: web.ByRecord, Name: "activity.join", Handler: s.joinPost},
		{Method: "POST", Path: "/activity/{ref}/answer", Right: scope.Work, Scope: web.ByRecord, Name: "activity.answer", Handler: s.answerPost},
	}
	for _, a := range acts {
		list = append(list,
			web.Route{Method: "GET", Path: "/activity/{ref}/" + a.path, Right: scope.Work, Scope: web.ByRecord, Name: "activity." + a.path + "Form", Handler: s.actForm(a)},
			web.Route{Method: "POST", Path: "/activity/{ref}/" + a.path, Right: scope.Work, Scope: web.ByRecord, Name: "activity." + a.path, Handler: s.actDo(a)})
	}
	return append(list, s.apiRoutes()...)
}

// refOf reads the record's outside name from the address.
func refOf(r *http.Request) (id.Ref, error) {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return ref, web.NotFound(r)
	}
	return ref, nil
}

// unitOf is the unit that the page is about: the one in the address, or the reader's own. The router has asked for the
// right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

// dayOf is a day of the address; the other one when it names none or one that cannot be read.
func dayOf(q url.Values, name string, other clock.Day) clock.Day {
	if d, err := clock.ParseDay(q.Get(name)); err == nil {
		return d
	}
	return other
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

// year asks the figures of a day's calendar year at a unit, up to the day.
func year(u id.ID, day clock.Day) ledger.Query {
	p := clock.YearOf(day.Year())
	return ledger.Query{Unit: u, Day: day, From: p.From, To: clock.MinEnd(p.To, max(day, p.From))}
}

// figure asks one figure for a page; the number leads to its evidence.
func (s *Service) figure(ctx context.Context, code string, q ledger.Query) (ui.Figure, error) {
	d, err := s.ledger.Figure(code)
	if err != nil {
		return ui.Figure{}, err
	}
	q.Figure = code
	v, err := s.ledger.Ask(ctx, q)
	if err != nil {
		return ui.Figure{}, err
	}
	f := ui.Figure{Number: "—", Label: d.Short.In(i18n.Lang(ctx))}
	if v.Amount != nil {
		f.Number, f.Unit = ledger.Number(ctx, d, v.Amount)
		f.Href = record.EvidenceHref(q)
	}
	return f, nil
}

func (s *Service) figures(ctx context.Context, q ledger.Query, codes ...string) ([]ui.Figure, error) {
	var out []ui.Figure
	for _, c := range codes {
		f, err := s.figure(ctx, c, q)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

type indexView struct {
	Unit    org.Unit
	Day     clock.Day
	Filter  Filter
	Lists   lists
	Areas   []org.Node
	Area    string
	Figures []ui.Figure
	Parts   ui.Parts
	Page    Page
	Leads   map[id.ID]org.Unit
	Theme   string // title of the campaign that is filtered by
	Base    string
	MayWork bool
	Admin   bool
}

// here is the list's address with its filter.
func (v indexView) here(more ...string) string {
	f := v.Filter
	ref := func(r id.Ref) string {
		if r.ID == 0 {
			return ""
		}
		return r.String()
	}
	return link("/activity", append([]string{"unit", v.Unit.ID.String(), "area", v.Area, "class", f.Class, "topic", f.Topic, "series", f.Series, "mode", string(f.Mode),
		"venue", f.Venue, "status", string(f.Status), "from", string(f.From), "to", string(f.To), "q", f.Text, "campaign", ref(f.Campaign), "base", ref(f.Base)}, more...)...)
}

// filterOf reads a filter; what is no value of its list is left out.
func filterOf(u org.Unit, q url.Values) Filter {
	f := Filter{Unit: u, Class: q.Get("class"), Topic: q.Get("topic"), Series: q.Get("series"), Mode: Mode(q.Get("mode")), Venue: q.Get("venue"), Status: Status(q.Get("status")),
		From: dayOf(q, "from", clock.Open), To: dayOf(q, "to", clock.Open), Text: table.CleanText(q.Get("q")), After: q.Get("after")}
	f.Campaign, _ = id.ParseRef(q.Get("campaign"))
	f.Base, _ = id.ParseRef(q.Get("base"))
	return f
}

// area is the unit below one to which its list is narrowed, itself without one.
func (s *Service) area(r *http.Request, u org.Unit) (org.Unit, error) {
	q := r.URL.Query().Get("area")
	if q == "" {
		return u, nil
	}
	below, err := s.org.Resolve(r.Context(), q)
	if err == nil && !(scope.Set{u.Range()}).Contains(below.Pos) {
		err = web.NotFound(r)
	}
	return below, err
}

func (s *Service) index(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	a := scope.From(ctx)
	v := indexView{Unit: u, Day: dayOf(q, "day", clock.Today(ctx)), Filter: filterOf(u, q), Area: q.Get("area"), MayWork: a.May(scope.Work, u.Pos), Admin: org.SetsCity(ctx, u)}
	if v.Filter.Unit, err = s.area(r, u); err != nil {
		return err
	}
	if v.Lists, err = s.Lists(ctx, u.Root()); err != nil {
		return err
	}
	if v.Areas, err = s.org.Children(ctx, u.ID, v.Day, "", 200); err != nil {
		return err
	}
	ask := year(v.Filter.Unit.ID, v.Day)
	if v.Figures, err = s.figures(ctx, ask, "activity.held", "activity.person_times", "activity.online_times", "activity.at_base"); err != nil {
		return err
	}
	if v.Parts, err = s.byClass(ctx, ask); err != nil {
		return err
	}
	if v.Page, err = s.List(ctx, v.Filter); err != nil {
		return err
	}
	ids := make([]id.ID, len(v.Page.Rows))
	for i, l := range v.Page.Rows {
		ids[i] = l.Lead
	}
	if v.Leads, err = s.org.ByIDs(ctx, ids); err != nil {
		return err
	}
	if v.Filter.Campaign.ID != 0 {
		v.Theme = s.campaignTitle(ctx, v.Filter.Campaign.String())
	}
	if v.Filter.Base.ID != 0 {
		known, err := s.base.Known(ctx, []id.Ref{v.Filter.Base})
		if err != nil {
			return err
		}
		v.Base = known[v.Filter.Base].Name
	}
	title := i18n.T(ctx, "activity.title")
	return web.Render(w, r, web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: title}}, Flash: flash(r)}, indexPage(v))
}

// byClass is how the year's activities are made up: the two most frequent classes and the rest.
func (s *Service) byClass(ctx context.Context, q ledger.Query) (ui.Parts, error) {
	q.Figure = "activity.held"
	by, err := s.ledger.ByValue(ctx, q, "class")
	if err != nil {
		return ui.Parts{}, err
	}
	classes := slices.Clone(Classes)
	slices.SortStableFunc(classes, func(a, b string) int { return int(by[b] - by[a]) })
	out := ui.Parts{Label: i18n.T(ctx, "activity.by_class")}
	var rest int64
	for i, c := range classes {
		if i >= 2 {
			rest += by[c]
			continue
		}
		if by[c] > 0 {
			out.Parts = append(out.Parts, ui.Part{Text: i18n.T(ctx, "activity.class."+c), N: by[c], Number: ui.Number(by[c]), Note: i18n.T(ctx, "activity.events"),
				Href: link("/activity", "unit", q.Unit.String(), "class", c, "status", string(Held), "from", string(q.From), "to", string(q.To))})
		}
	}
	if rest > 0 {
		out.Parts = append(out.Parts, ui.Part{Text: i18n.T(ctx, "activity.other_classes"), N: rest, Number: ui.Number(rest), Note: i18n.T(ctx, "activity.events"), Rest: true})
	}
	return out, nil
}

// flash says what was just done, on the page that one comes back to.
func flash(r *http.Request) *ui.Note {
	ctx, q := r.Context(), r.URL.Query()
	switch q.Get("done") {
	case "undo", "join", "answer", "settings", "joined":
		return &ui.Note{Title: i18n.T(ctx, "activity.did."+q.Get("done"))}
	case "remove":
		n := &ui.Note{Title: i18n.T(ctx, "activity.did.remove")}
		if ref, err := id.ParseRef(q.Get("ref")); err == nil {
			n.Post = &ui.Post{Text: i18n.T(ctx, "record.undo"), Action: "/activity/" + ref.String() + "/undo", Key: web.NewKey(),
				Hidden: []ui.Pair{{Name: "_version", Value: q.Get("version")}}}
		}
		return n
	}
	return nil
}

type showView struct {
	Ref       id.Ref
	A         Activity
	Version   int64
	Today     clock.Day
	Hosts     []hostLine
	Facts     []record.Fact
	Needs     []Need
	Notes     []ui.Note
	Photos    []shownPhoto
	Sealed    bool            // there is something sealed of an incident, and the reader may open it
	Repeated  map[string]bool // pictures that stand under another activity, too
	Timeline  []ui.Change
	MayWork   bool
	Undo      *ui.Post
	UndoUntil string
	Schools   []ui.Link
	Materials []ui.Link         // documents of the library that were used
	Boxes     []templ.Component // lent by other modules
}

// hostLine is one host; Answer is set when the reader speaks for the side whose word is missing.
type hostLine struct {
	Name, Href string
	Asked      Asked
	Answer     []ui.Post
}

func (v showView) at(act string) string { return "/activity/" + v.Ref.String() + "/" + act }

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	a, ver, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	v := showView{Ref: ref, A: a, Version: ver.N, Today: clock.Today(ctx), Facts: s.facts(ctx, a), MayWork: s.keeps(ctx, a)}
	if v.Hosts, err = s.hostLines(ctx, ref, ver.N, a); err != nil {
		return err
	}
	if v.Needs, err = s.needs(ctx, ref, a); err != nil {
		return err
	}
	for _, sc := range a.Schools {
		v.Schools = append(v.Schools, ui.Link{Text: s.schoolLine(ctx, sc)})
	}
	if v.Notes, err = s.notes(ctx, a); err != nil {
		return err
	}
	if s.seal != nil && slices.ContainsFunc(a.Incidents, func(in Incident) bool { return in.Sealed.ID != 0 }) {
		if v.Sealed, err = s.seal.May(ctx, incidentsOf(ref, a)); err != nil {
			return err
		}
	}
	if v.Photos, err = s.shownPhotos(ctx, ref, a, v.MayWork); err != nil {
		return err
	}
	if v.Repeated, err = s.repeated(ctx, ref, a); err != nil {
		return err
	}
	if v.Timeline, err = s.book.Timeline(ctx, ref, v.at("undo")); err != nil {
		return err
	}
	if v.Materials, err = s.materialLines(ctx, a); err != nil {
		return err
	}
	if v.Boxes, err = s.boxes(ctx, ref, a); err != nil {
		return err
	}
	p := web.Page{Title: a.Title, Current: Kind, Flash: flash(r), Follows: v.MayWork, Crumbs: []ui.Link{{Text: i18n.T(ctx, "activity.title"), Href: link("/activity", "unit", s.viewUnit(ctx, a.Lead()))}, {Text: a.Title}}}
	return web.Render(w, r, p, showPage(v))
}

func (s *Service) hostLines(ctx context.Context, ref id.Ref, version int64, a Activity) ([]hostLine, error) {
	ids := make([]id.ID, len(a.Hosts))
	for i, h := range a.Hosts {
		ids[i] = h.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []hostLine
	for _, h := range a.Hosts {
		line := hostLine{Name: units[h.Unit].Name, Href: "/unit/" + h.Unit.String(), Asked: h.Asked}
		may, err := s.mayAnswer(ctx, a, h)
		if err != nil {
			return nil, err
		}
		if may {
			for _, word := range []string{"yes", "no"} {
				line.Answer = append(line.Answer, ui.Post{Text: i18n.T(ctx, "activity.answer."+word), Sub: line.Name, Action: "/activity/" + ref.String() + "/answer", Key: web.NewKey(), Main: word == "yes",
					Hidden: []ui.Pair{{Name: "unit", Value: h.Unit.String()}, {Name: "say", Value: word}, {Name: "_version", Value: strconv.FormatInt(version, 10)}}})
			}
		}
		out = append(out, line)
	}
	return out, nil
}

// notes are what people should know about a record: too many for the place, guests nobody has checked, late reports.
func (s *Service) notes(ctx context.Context, a Activity) ([]ui.Note, error) {
	var out []ui.Note
	warn := func(title, text string) { out = append(out, ui.Note{Kind: "w", Title: title, Text: text}) }
	known, err := s.base.Known(ctx, a.Bases())
	if err != nil {
		return nil, err
	}
	for _, ref := range a.Bases() { // R110
		if b := known[ref]; b.Capacity > 0 && a.Heads() > b.Capacity {
			warn(i18n.T(ctx, "activity.over_capacity", "Base", b.Name), i18n.T(ctx, "activity.over_capacity_why", "N", ui.Number(b.Capacity), "Heads", ui.Number(a.Heads())))
		}
	}
	if g := a.guests(); len(g) > 0 && a.Minors > 0 && s.volunteers != nil {
		names := ""
		for i, n := range g {
			if i > 0 {
				names += i18n.T(ctx, "activity.and")
			}
			names += n
		}
		warn(i18n.T(ctx, "activity.guests", "Names", names), i18n.T(ctx, "activity.guests_why"))
	}
	if a.Late() {
		warn(i18n.T(ctx, "activity.late"), i18n.T(ctx, "activity.late_why", "Day", i18n.Day(ctx, a.ReportedOn), "N", lateAfter))
	}
	return out, nil
}

func (s *Service) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	a, _, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.book.KnownPage(w, r, ref, ui.Link{Text: a.Title, Href: "/activity/" + ref.String()}, Kind)
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
	h.Set("Cache-Control", "private, no-cache") // a consent may be taken back at any moment
	h.Set("ETag", `"`+r.PathValue("hash")+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// exportFile hands a unit's activities out as a table that can be imported again.
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
	title := u.Name + i18n.T(ctx, "activity.title")
	return handOut(w, table.ContentType(format), title+"."+format, func(file io.Writer) error { return s.rec.Export(ctx, file, Kind, format, u.ID, title) })
}

// handOut sends a file, whole or not at all.
func handOut(w http.ResponseWriter, kind, name string, write func(io.Writer) error) error {
	var file bytes.Buffer
	if err := write(&file); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	_, err := file.WriteTo(w)
	return err
}

func (s *Service) undo(w http.ResponseWriter, r *http.Request) error {
	return s.post(w, r, func(ctx context.Context, ref id.Ref, version int64, f *web.Form) (string, error) {
		if err := s.Undo(ctx, ref, version); err != nil {
			return "", err
		}
		if _, _, err := s.Get(ctx, ref); err != nil { // the entry itself was taken back
			return "/activity?done=undo", nil
		}
		return "/activity/" + ref.String() + "?done=undo", nil
	})
}

func (s *Service) openPost(w http.ResponseWriter, r *http.Request) error {
	return s.post(w, r, func(ctx context.Context, ref id.Ref, version int64, f *web.Form) (string, error) {
		return "/activity/" + ref.String() + "/done?did=open", s.Publish(ctx, ref, version)
	})
}

func (s *Service) joinPost(w http.ResponseWriter, r *http.Request) error {
	return s.post(w, r, func(ctx context.Context, ref id.Ref, _ int64, f *web.Form) (string, error) {
		unit, err := id.Parse(f.Text("unit"))
		if err != nil {
			return "", web.NotFound(r)
		}
		if err := s.Join(ctx, ref, unit); err != nil {
			return "", err
		}
		// who works for the lead, too, need not wait for its word
		if a, _, err := s.Get(ctx, ref); err == nil {
			if i := a.host(unit); i >= 0 && a.Hosts[i].Asked == Agreed {
				return "/activity/" + ref.String() + "?done=joined", nil
			}
		}
		return "/activity?done=join&unit=" + unit.String(), nil
	})
}

func (s *Service) answerPost(w http.ResponseWriter, r *http.Request) error {
	return s.post(w, r, func(ctx context.Context, ref id.Ref, version int64, f *web.Form) (string, error) {
		unit, err := id.Parse(f.Text("unit"))
		if err != nil {
			return "", web.NotFound(r)
		}
		if err := s.Answer(ctx, ref, version, unit, f.Text("say") == "yes"); err != nil {
			return "", err
		}
		if _, _, err := s.Get(ctx, ref); err != nil { // who said no no longer sees it
			return "/activity?done=answer", nil
		}
		return "/activity/" + ref.String() + "?done=answer", nil
	})
}

// post does a one-button act once.
func (s *Service) post(w http.ResponseWriter, r *http.Request, do func(ctx context.Context, ref id.Ref, version int64, f *web.Form) (string, error)) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(f.Text("_version"), 10, 64)
	if err != nil && f.Has("_version") {
		return errs.Wrap(err, errs.Invalid, "errs.key_missing")
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) { return do(ctx, ref, version, f) })
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}
