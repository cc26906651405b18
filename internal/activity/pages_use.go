package activity

import (
	"context"
	"net/http"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// yearOf is the year that a page is about: the one in the address, or the day's.
func yearOf(r *http.Request) int {
	if y, err := strconv.Atoi(r.URL.Query().Get("year")); err == nil && y > 1949 && y < 3000 {
		return y
	}
	return clock.Today(r.Context()).Year()
}

func years(ctx context.Context, path string, u org.Unit, at int) []ui.Choice {
	last := clock.Today(ctx).Year()
	var links []ui.Link
	for y := last; y > last-4; y-- {
		links = append(links, ui.Link{Text: i18n.T(ctx, "activity.year_n", "Year", y), Href: link(path, "unit", u.ID.String(), "year", strconv.Itoa(y)), Current: y == at})
	}
	return []ui.Choice{{Label: i18n.T(ctx, "activity.year"), Links: links}}
}

type seriesView struct {
	Unit   org.Unit
	Year   int
	Years  []ui.Choice
	Groups []seriesGroup
}

// seriesGroup are the series for enterprises, or those for villages, with their sums.
type seriesGroup struct {
	ID, Title string
	Table     ui.Table
	Total     string
}

// seriesPage sums the named series of a year: events and attendances (R27, R32).
func (s *Service) seriesPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v := seriesView{Unit: u, Year: yearOf(r)}
	v.Years = years(ctx, "/activity/series", u, v.Year)
	l, err := s.Lists(ctx, u.Root())
	if err != nil {
		return err
	}
	p := clock.YearOf(v.Year)
	q := year(u.ID, clock.Today(ctx))
	q.From, q.To = p.From, p.To
	events := map[string]int64{}
	for _, code := range []string{"activity.series_enterprise", "activity.series_village"} {
		q.Figure = code
		by, err := s.ledger.ByValue(ctx, q, "series")
		if err != nil {
			return err
		}
		for k, n := range by {
			events[k] += n
		}
	}
	q.Figure = "activity.series_times"
	heads, err := s.ledger.ByValue(ctx, q, "series")
	if err != nil {
		return err
	}
	for _, whom := range SeriesFors {
		g := seriesGroup{ID: whom, Title: i18n.T(ctx, "activity.series_for."+whom), Table: ui.Table{Caption: i18n.T(ctx, "activity.series_for."+whom),
			Columns: []ui.Column{{Text: i18n.T(ctx, "activity.f.series")}, {Text: i18n.T(ctx, "activity.n_events"), Label: true, Right: true}, {Text: i18n.T(ctx, "activity.n_heads"), Label: true, Right: true}}}}
		var n, h int64
		for _, c := range l[SeriesList] {
			if c.Parent != whom {
				continue
			}
			n, h = n+events[c.Code], h+heads[c.Code]
			g.Table.Rows = append(g.Table.Rows, ui.Row{ID: c.Code, Cells: []ui.Cell{ui.To(c.in(ctx), link("/activity", "unit", u.ID.String(), "series", c.Code, "from", string(p.From), "to", string(p.To))),
				ui.Text(ui.Number(events[c.Code])), ui.Text(ui.Number(heads[c.Code]))}})
		}
		g.Total = i18n.T(ctx, "activity.series_total", "N", ui.Number(n), "Heads", ui.Number(h))
		v.Groups = append(v.Groups, g)
	}
	title := i18n.T(ctx, "activity.series")
	return web.Render(w, r, web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "activity.title"), Href: link("/activity", "unit", u.ID.String())}, {Text: title}}}, seriesTempl(v))
}

type basesView struct {
	Unit  org.Unit
	Year  int
	Years []ui.Choice
	Lead  string
	Idle  int
	Table ui.Table
}

// basesPage says what each base of a unit gave in a year; those without a single activity come first (R98, R101).
func (s *Service) basesPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v := basesView{Unit: u, Year: yearOf(r)}
	v.Years = years(ctx, "/activity/bases", u, v.Year)
	rows, uses, err := s.basesUse(ctx, u, v.Year)
	if err != nil {
		return err
	}
	v.Table = ui.Table{Caption: i18n.T(ctx, "activity.bases"), Columns: []ui.Column{{Text: i18n.T(ctx, "activity.base")}, {Text: i18n.T(ctx, "activity.n_events"), Label: true, Right: true},
		{Text: i18n.T(ctx, "activity.n_heads"), Label: true, Right: true}, {Text: i18n.T(ctx, "activity.f.works"), Label: true, Right: true}, {Text: i18n.T(ctx, "activity.f.awards"), Label: true, Right: true},
		{Text: i18n.T(ctx, "activity.state")}}}
	for _, b := range rows {
		n := uses[b.Ref()]
		state := ui.State(i18n.T(ctx, "activity.base_used"), "p")
		events := ui.Text("0")
		if n.Events == 0 {
			v.Idle++
			state = ui.State(i18n.T(ctx, "activity.base_idle"), "w")
		} else {
			p := clock.YearOf(v.Year)
			events = ui.To(ui.Number(n.Events), link("/activity", "unit", u.ID.String(), "base", b.Ref().String(), "status", string(Held), "from", string(p.From), "to", string(p.To)))
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{ID: b.Ref().String(), Cells: []ui.Cell{ui.To(b.Name, "/base/"+b.Ref().String()), events, ui.Text(ui.Number(n.Heads)),
			ui.Text(ui.Number(n.Works)), ui.Text(ui.Number(n.Awards)), state}})
	}
	v.Lead = i18n.T(ctx, "activity.bases_lead", "Year", v.Year, "N", len(rows), "Idle", v.Idle)
	title := i18n.T(ctx, "activity.bases")
	return web.Render(w, r, web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "activity.title"), Href: link("/activity", "unit", u.ID.String())}, {Text: title}}}, basesTempl(v))
}

type placesView struct {
	Unit   org.Unit
	Year   int
	Years  []ui.Choice
	Filter ui.FormSpec
	Fields []ui.Input
	Open   bool
	Table  ui.Table
}

// placesPage sums a year's activities by place: which schools had how many lessons in law, and how many came (R44).
func (s *Service) placesPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v := placesView{Unit: u, Year: yearOf(r)}
	topic, venue := q.Get("topic"), q.Get("venue")
	v.Years = years(ctx, "/activity/places", u, v.Year)
	p := clock.YearOf(v.Year)
	list, err := s.places(ctx, Filter{Unit: u, Topic: topic, Venue: venue, From: p.From, To: p.To})
	if err != nil {
		return err
	}
	l, err := s.Lists(ctx, u.Root())
	if err != nil {
		return err
	}
	v.Open = topic != "" || venue != ""
	v.Filter = ui.FormSpec{Method: "get", Action: "/activity/places", Submit: i18n.T(ctx, "activity.filter_do"),
		Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}, {Name: "year", Value: strconv.Itoa(v.Year)}}}
	v.Fields = []ui.Input{
		{Kind: ui.KindSelect, Name: "topic", Label: i18n.T(ctx, "activity.filter.topic"), Value: topic, Options: withNone(ctx, "activity.any", entries(ctx, l[TopicList]))},
		{Kind: ui.KindSelect, Name: "venue", Label: i18n.T(ctx, "activity.filter.venue"), Value: venue, Options: withNone(ctx, "activity.any", options(ctx, "activity.venue.", Venues...))}}
	v.Table = ui.Table{Caption: i18n.T(ctx, "activity.places"), Columns: []ui.Column{{Text: i18n.T(ctx, "activity.f.place")}, {Text: i18n.T(ctx, "activity.n_events"), Label: true, Right: true},
		{Text: i18n.T(ctx, "activity.n_heads"), Label: true, Right: true}}}
	for _, n := range list {
		v.Table.Rows = append(v.Table.Rows, ui.Row{Cells: []ui.Cell{ui.To(n.Place, link("/activity", "unit", u.ID.String(), "q", n.Place, "topic", topic, "venue", venue, "status", string(Held), "from", string(p.From), "to", string(p.To))),
			ui.Text(ui.Number(n.Events)), ui.Text(ui.Number(n.Heads))}})
	}
	title := i18n.T(ctx, "activity.places")
	return web.Render(w, r, web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "activity.title"), Href: link("/activity", "unit", u.ID.String())}, {Text: title}}}, placesTempl(v))
}
