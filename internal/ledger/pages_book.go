package ledger

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// The figures that have a place of their own on a unit's page. What a chapter has beside them follows in a line, so that
// a figure which a committee adds is seen at once.
const (
	leadFigure   = "base.accredited"
	townships    = "unit.townships"
	adopted      = "reform.adopted"
	adoptedShare = "reform.adopted_share"
	teams        = "team.active"
	signedCount  = "project.signed"
	signedMoney  = "project.signed_fen"
	received     = "project.received_fen"
)

var (
	beside    = []string{"base.accredited_new7y", "base.city_new7y", "base.province", "base.categories"}
	teamBands = []string{"team.townships_5plus", "team.townships_1to4", "team.townships_none"}
	// measures are what child units are compared on.
	measures = []string{adoptedShare, leadFigure, teams, signedMoney}
	placed   = slices.Concat([]string{leadFigure, townships, adopted, teams, signedCount, signedMoney, received}, beside, teamBands)
)

const (
	leadYears   = 16
	leadWindow  = 7 // years that the course shades, as "new in the last 7 years" counts them
	mostBars    = 20
	mostColumns = 12 // categories that the matrix can show side by side
)

type bookView struct {
	title, caption string
	inner          bool // part of another page: the title is a section's
	missing        string
	choices        []ui.Choice
	day            dayForm
	lead           *ui.Figure
	course         ui.Series
	beside         []ui.Figure
	baseMore       figures
	reform         *reformView
	project        *projectView
	chapters       []chapterView // the first that count something, open
	folded         []chapterView // the others, each a line
	measures       []ui.Link
	compare        *compareView
	matrix         *ui.Matrix
	fresh          string
}

type reformView struct {
	townships *ui.Figure
	share     *ui.Parts
	teams     *ui.Figure
	bands     *ui.Parts
	more      figures
}

type projectView struct {
	title    string
	figs     []ui.Figure
	parts    *partsView
	received []ui.Figure
	more     figures
}

type chapterView struct {
	id, title, lead string
	line            string      // what it counts in a few words, where it is folded
	figs            []ui.Figure // the first of a chapter that count something, large
	more            []ui.Figure // the others, folded away
}

const (
	mostLarge = 4 // figures of a chapter that stand open
	mostOpen  = 3 // chapters that do
	mostSaid  = 3 // figures that the line of a folded chapter says
)

// figures are further figures, parted so that a small unit's page is not a column of zeros.
type figures struct {
	some []ui.Figure // count something
	none []ui.Figure // count nothing on that day, folded away
}

func (f *figures) add(x ui.Figure, v Value) {
	if v.Int() == 0 {
		f.none = append(f.none, x)
	} else {
		f.some = append(f.some, x)
	}
}

// Book is a unit's own account (本级一本账) as a part of another page: every figure of the unit by chapter, each leading to
// its records. Figures of last year are those of the calendar year before day's.
func (s *Service) Book(ctx context.Context, unit org.Unit, day clock.Day, bounds Boundary) (templ.Component, error) {
	q := question{Query: Query{Unit: unit.ID, Day: day, Boundary: bounds}, unit: unit, today: clock.Today(ctx)}
	v, err := s.book(ctx, q, "")
	if err != nil {
		return nil, err
	}
	v.inner = true
	return bookBody(v), nil
}

func (s *Service) bookPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q, err := s.read(r, "")
	if err != nil {
		return err
	}
	q.From, q.To, q.KnownAt = "", "", 0
	v, err := s.book(ctx, q, r.URL.Query().Get("by"))
	if err != nil {
		return err
	}
	crumbs, err := s.crumbs(ctx, q)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.title, Crumbs: crumbs, Current: "ledger"}, bookBody(v))
}

// book reads a unit's whole account from one snapshot.
func (s *Service) book(ctx context.Context, q question, measure string) (v bookView, err error) {
	v.title = i18n.T(ctx, "ledger.book_of", "Unit", q.unit.Name)
	v.caption = q.stands(ctx)
	v.choices = q.choices(ctx, q.bookHref)
	v.day = q.dayForm(ctx, "/book")
	if !q.unit.StandsOn(q.Day) {
		v.missing = i18n.T(ctx, "ledger.not_standing", "Unit", q.unit.Name, "Day", i18n.Day(ctx, q.Day))
	}
	err = s.snapshot(ctx, func(ctx context.Context) error {
		values, err := s.bookValues(ctx, q)
		if err != nil {
			return err
		}
		if err := s.bases(ctx, q, values, &v); err != nil {
			return err
		}
		v.reform = s.reform(ctx, q, values)
		if v.project, err = s.projects(ctx, q, values); err != nil {
			return err
		}
		v.chapters, v.folded = s.others(ctx, q, values)
		if err := s.comparison(ctx, q, measure, &v); err != nil {
			return err
		}
		if v.matrix, err = s.matrix(ctx, q, values[leadFigure]); err != nil {
			return err
		}
		n, ok, err := s.recordsBehind(ctx, q.Query)
		if ok {
			key := "ledger.fresh"
			if n > mostCounted {
				key = "ledger.fresh_more"
			}
			v.fresh = i18n.T(ctx, key, "N", ui.Number(min(n, mostCounted)), "Time", moment(ctx, clock.Millis(ctx)))
		}
		return err
	})
	return v, err
}

// lastYear tells whether a figure is told of the calendar year before the day's: contracts are looked back on once a year
// is whole. Other events run from 1 January, so that what was done today shows today.
func (q question) lastYear(s *Service, code string) bool {
	at := q.about(s, code)
	return at.eventful && at.def.Chapter == "project"
}

// inYear is the question of a figure on a unit's page.
func (q question) inYear(s *Service, code string) question {
	at := q.about(s, code)
	if q.lastYear(s, code) {
		y := clock.YearOf(q.Day.Year() - 1)
		at.From, at.To = y.From, y.To
	}
	return at
}

func (s *Service) bookValues(ctx context.Context, q question) (map[string]Value, error) {
	q.From, q.To = "", ""
	out, err := s.balances(ctx, q.Query)
	if err != nil {
		return nil, err
	}
	for _, d := range s.Figures() {
		_, have := out[d.Code]
		if d.Kind == Derived || have && !q.lastYear(s, d.Code) {
			continue // shares come from their terms, below
		}
		v, err := s.Ask(ctx, q.inYear(s, d.Code).Query)
		if err != nil {
			return nil, err
		}
		out[d.Code] = v
	}
	for _, d := range s.Figures() {
		if d.Kind == Derived {
			out[d.Code] = ratio(d.Code, out[d.Numerator].Int(), out[d.Denominator].Int())
		}
	}
	return out, nil
}

func (s *Service) bookFig(ctx context.Context, q question, values map[string]Value, code, size string) *ui.Figure {
	v, ok := values[code]
	if !ok {
		return nil
	}
	f := q.inYear(s, code).fig(ctx, v, size)
	return &f
}

// rest are the figures of chapters that have no place of their own.
func (s *Service) rest(ctx context.Context, q question, values map[string]Value, chapters ...string) (out figures) {
	for _, chapter := range chapters {
		for _, d := range s.Figures() {
			if d.Chapter == chapter && !slices.Contains(placed, d.Code) {
				out.add(*s.bookFig(ctx, q, values, d.Code, ""), values[d.Code])
			}
		}
	}
	return out
}

func (s *Service) bases(ctx context.Context, q question, values map[string]Value, v *bookView) error {
	v.baseMore = s.rest(ctx, q, values, "base")
	for _, code := range beside {
		if f := s.bookFig(ctx, q, values, code, ""); f != nil {
			v.beside = append(v.beside, *f)
		}
	}
	if v.lead = s.bookFig(ctx, q, values, leadFigure, "xl"); v.lead == nil {
		return nil
	}
	at := q.about(s, leadFigure)
	points, err := s.course(ctx, at.Query, leadYears)
	if err != nil {
		return err
	}
	v.course = s.drawn(ctx, at, points)
	v.course.Window = q.Day.AddYears(-leadWindow).Time().Unix() / 86400
	if added, ok := values["base.accredited_new7y"]; ok {
		v.course.End = i18n.T(ctx, "ledger.shaded", "Years", leadWindow, "Value", joined(ctx, at.def, added.Amount))
	}
	return nil
}

func (s *Service) reform(ctx context.Context, q question, values map[string]Value) *reformView {
	v := reformView{townships: s.bookFig(ctx, q, values, townships, "l"), teams: s.bookFig(ctx, q, values, teams, "l")}
	whole := values[townships].Int()
	part := func(code string) ui.Part {
		at, n := q.about(s, code), values[code].Int()
		return ui.Part{Text: at.def.Short.In(i18n.Lang(ctx)), N: n, Number: ui.Number(n), Note: percentOf(n, whole), Href: at.evidenceHref()}
	}
	if _, ok := values[adopted]; ok && whole > 0 {
		p := part(adopted)
		v.share = &ui.Parts{Parts: []ui.Part{p, {Text: i18n.T(ctx, "ledger.not_yet"), N: whole - p.N, Number: ui.Number(whole - p.N),
			Note: percentOf(whole-p.N, whole), Rest: true}}}
		v.share.Label = shareLabel(ctx, v.share.Parts)
	}
	if _, ok := values[teamBands[0]]; ok && whole > 0 {
		v.bands = &ui.Parts{}
		for i, code := range teamBands {
			p := part(code)
			p.Rest = i == len(teamBands)-1
			v.bands.Parts = append(v.bands.Parts, p)
		}
		v.bands.Label = shareLabel(ctx, v.bands.Parts)
	}
	v.more = s.rest(ctx, q, values, "reform", "team")
	if v.townships == nil && v.teams == nil {
		return nil
	}
	return &v
}

func percentOf(n, whole int64) string {
	if whole == 0 {
		return ""
	}
	return ui.Percent((n*2000 + whole) / (whole * 2))
}

// projects shows what was signed last year, by kind, and apart from it what has arrived.
func (s *Service) projects(ctx context.Context, q question, values map[string]Value) (*projectView, error) {
	count, money := s.bookFig(ctx, q, values, signedCount, "l"), s.bookFig(ctx, q, values, signedMoney, "l")
	if count == nil || money == nil {
		return nil, nil
	}
	v := projectView{title: i18n.T(ctx, "ledger.projects_signed", "Year", q.Day.Year()-1), figs: []ui.Figure{*count, *money},
		more: s.rest(ctx, q, values, "project")}
	at := q.inYear(s, signedMoney)
	var err error
	if v.parts, err = s.parts(ctx, at, "kind", values[signedMoney]); err != nil {
		return nil, err
	}
	if v.parts != nil {
		n, err := s.ByValue(ctx, q.inYear(s, signedCount).Query, "kind")
		if err != nil {
			return nil, err
		}
		by, err := s.ByValue(ctx, at.Query, "kind")
		if err != nil {
			return nil, err
		}
		counted := q.about(s, signedCount)
		for i, value := range byAmount(by) {
			k := n[value]
			v.parts.parts[i].Text = i18n.T(ctx, "ledger.part_count", "Name", v.parts.parts[i].Text, "Value", joined(ctx, counted.def, &k))
		}
		if v.parts.share != nil {
			v.parts.share.Label = shareLabel(ctx, v.parts.parts)
		}
	}
	if _, ok := values[received]; !ok {
		return &v, nil
	}
	last := s.bookFig(ctx, q, values, received, "")
	last.Label = i18n.T(ctx, "ledger.received_in", "Year", q.Day.Year()-1)
	now := q.about(s, received)
	got, err := s.Ask(ctx, now.Query)
	if err != nil {
		return nil, err
	}
	since := now.fig(ctx, got, "")
	since.Label = i18n.T(ctx, "ledger.received_since", "Year", q.Day.Year())
	v.received = []ui.Figure{*last, since}
	return &v, nil
}

// others are the chapters that this page does not know: figures which modules and committees add. The first that count something stand
// open, what counts something before what does not; of the others each is a line that opens, those that count nothing last.
func (s *Service) others(ctx context.Context, q question, values map[string]Value) (open, folded []chapterView) {
	var out []chapterView
	for _, d := range s.Figures() {
		switch d.Chapter {
		case "base", "reform", "team", "project":
			continue
		}
		f := *s.bookFig(ctx, q, values, d.Code, "")
		i := slices.IndexFunc(out, func(c chapterView) bool { return c.id == "chapter-"+d.Chapter })
		if i < 0 {
			title := i18n.T(ctx, "ledger.chapter_other")
			if key := "ledger.chapter." + d.Chapter; i18n.Has(ctx, key) {
				title = i18n.T(ctx, key)
			}
			out = append(out, chapterView{id: "chapter-" + d.Chapter, title: title})
			i = len(out) - 1
		}
		if c := &out[i]; len(c.figs) < mostLarge && values[d.Code].Int() != 0 {
			c.figs = append(c.figs, f)
		} else {
			c.more = append(c.more, f)
		}
	}
	var empty []chapterView
	for _, c := range out {
		switch {
		case len(c.figs) == 0:
			c.line = i18n.T(ctx, "ledger.chapter_empty", "Name", c.title, "N", len(c.more))
			empty = append(empty, c)
		case len(open) < mostOpen:
			open = append(open, c)
		default:
			c.line = chapterLine(ctx, c)
			folded = append(folded, c)
		}
	}
	if len(open) > 0 { // said once: it holds for all that follow
		open[0].lead = i18n.T(ctx, "ledger.chapter_lead", "Year", q.Day.Year())
	}
	return open, append(folded, empty...)
}

// chapterLine is a folded chapter with the first that it counts.
func chapterLine(ctx context.Context, c chapterView) string {
	said := make([]string, 0, mostSaid)
	for _, f := range c.figs[:min(len(c.figs), mostSaid)] {
		said = append(said, strings.TrimSpace(i18n.T(ctx, "ledger.said", "Label", f.Label, "Number", f.Number, "Unit", f.Unit)))
	}
	return i18n.T(ctx, "ledger.chapter_line", "Name", c.title, "Said", strings.Join(said, i18n.T(ctx, "ledger.said_comma")))
}

// comparison sets the units right below on one measure that the reader chooses.
func (s *Service) comparison(ctx context.Context, q question, measure string, v *bookView) error {
	var known []string
	for _, code := range measures {
		if _, err := s.Figure(code); err == nil {
			known = append(known, code)
		}
	}
	if len(known) == 0 {
		return nil
	}
	if !slices.Contains(known, measure) {
		measure = known[0]
	}
	at := q.inYear(s, measure)
	children, whole, err := s.compare(ctx, at.Query)
	if err != nil {
		return err
	}
	if v.compare = at.compareView(ctx, children, whole, mostBars); v.compare == nil {
		return nil
	}
	for _, code := range known {
		by := code
		if code == known[0] {
			by = ""
		}
		v.measures = append(v.measures, ui.Link{Text: q.about(s, code).def.Short.In(i18n.Lang(ctx)), Href: q.bookHref("by", by) + "#compare", Current: code == measure})
	}
	return nil
}

// matrix is units by categories of the lead figure: a zero shows a gap.
func (s *Service) matrix(ctx context.Context, q question, whole Value) (*ui.Matrix, error) {
	c, err := s.figure(leadFigure)
	if err != nil || len(c.Breakdowns) == 0 {
		return nil, nil // a program without bases
	}
	at, breakdown := q.about(s, leadFigure), c.Breakdowns[0]
	units, err := s.below(ctx, at.normal())
	if err != nil {
		return nil, err
	}
	g, err := s.gridOf(ctx, c, at.normal(), units)
	if err != nil {
		return nil, err
	}
	all := s.byValue(g, g.own, breakdown)
	rows := map[org.Unit]map[string]int64{}
	for _, u := range units {
		rows[u] = s.byValue(g, g.child[u.ID], breakdown)
		for value, n := range rows[u] {
			all[value] += n
		}
	}
	values := byAmount(all)
	if len(values) < 2 || len(units) == 0 {
		return nil, nil
	}
	values = values[:min(len(values), mostColumns)]
	m := &ui.Matrix{Caption: i18n.T(ctx, "ledger.matrix", "Unit", q.unit.Name), Corner: i18n.T(ctx, "ledger.unit")}
	for _, value := range values {
		m.Columns = append(m.Columns, s.valueName(ctx, c.Record, breakdown, value))
	}
	line := func(at question, name string, by map[string]int64, n int64) ui.MatrixRow {
		r := ui.MatrixRow{Name: name, Total: strconv.FormatInt(n, 10), TotalRef: at.evidenceHref()}
		for i, value := range values {
			count := by[value]
			r.Cells = append(r.Cells, ui.MatrixCell{N: count, Href: at.partHref(breakdown, value),
				Label: i18n.T(ctx, "ledger.cell", "Unit", name, "Name", m.Columns[i], "Value", joined(ctx, c.Definition, &count))})
		}
		return r
	}
	for _, u := range units {
		n := total(g.child[u.ID])
		if n == 0 && u.Level.Leaf() { // schools and enterprises beside towns hold bases now and then only
			continue
		}
		r := line(at.at(u), u.Name, rows[u], n)
		r.Href = q.at(u).bookHref()
		m.Rows = append(m.Rows, r)
	}
	if len(m.Rows) == 0 {
		return nil, nil
	}
	foot := line(at, i18n.T(ctx, "ledger.total"), all, whole.Int())
	m.Foot = &foot
	return m, nil
}
