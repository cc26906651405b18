package ledger

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// Routes are the module's addresses. All ask for the right to view the unit that they name; without ?unit= it is the
// reader's own.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/book", Right: scope.View, Scope: web.ByUnit, Name: "ledger.bookPage", Handler: s.bookPage},
		{Method: "GET", Path: "/figure/{code}", Right: scope.View, Scope: web.ByUnit, Name: "ledger.figurePage", Handler: s.figurePage},
		{Method: "GET", Path: "/figure/{code}/known", Right: scope.View, Scope: web.ByUnit, Name: "ledger.knownPage", Handler: s.knownPage},
		{Method: "GET", Path: "/evidence/{code}", Right: scope.View, Scope: web.ByUnit, Name: "ledger.evidencePage", Handler: s.evidencePage},
		{Method: "GET", Path: "/api/v1/figures", Right: scope.View, Scope: web.ByUnit, Name: "ledger.apiFigures", Handler: s.apiFigures},
		{Method: "GET", Path: "/api/v1/figures/{code}", Right: scope.View, Scope: web.ByUnit, Name: "ledger.apiFigure", Handler: s.apiFigure},
		{Method: "GET", Path: "/api/v1/figures/{code}/evidence", Right: scope.View, Scope: web.ByUnit, Name: "ledger.apiEvidence", Handler: s.apiEvidence},
	}
}

// question is what an address asks: a figure of a unit on a day, and what is needed to ask it a little differently.
type question struct {
	Query
	def      Definition
	unit     org.Unit
	today    clock.Day
	eventful bool
}

// reserved are the names of an address that no breakdown may take.
var reserved = []string{"unit", "day", "from", "to", "period", "bounds", "known", "after", "format", "all", "at", "by"}

// noValue stands in an address for records that lack a breakdown's value; an empty one asks for all.
const noValue = "-"

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// read reads the question of an address. code "" asks for no figure in particular: a whole book.
func (s *Service) read(r *http.Request, code string) (q question, err error) {
	ctx, v := r.Context(), r.URL.Query()
	q.today = clock.Today(ctx)
	if code != "" {
		if q.def, err = s.Figure(code); err != nil {
			return q, err
		}
		q.eventful = s.eventful(q.def)
	}
	q.Figure = code
	var u org.Unit
	switch ref := v.Get("unit"); {
	case ref != "":
		u, err = s.org.Resolve(ctx, ref)
	case scope.From(ctx).Unit != 0:
		u, err = s.org.Unit(ctx, scope.From(ctx).Unit)
	default:
		u, err = s.org.Top(ctx)
	}
	if err != nil {
		return q, err
	}
	days := map[string]clock.Day{}
	for _, name := range []string{"day", "from", "to"} {
		if v.Get(name) == "" {
			continue
		}
		if days[name], err = clock.ParseDay(v.Get(name)); err != nil {
			return q, errs.Wrap(err, errs.Invalid, "errs.day_unreadable")
		}
	}
	q.Day, q.From, q.To = days["day"], days["from"], days["to"]
	if q.Day == clock.Open {
		q.Day = q.today
	}
	if y, err := strconv.Atoi(v.Get("period")); err == nil && y >= 1900 && y <= 2999 {
		p := clock.YearOf(y)
		q.From, q.To = p.From, p.To
	}
	if q.From != clock.Open && q.To != clock.Open && q.To < q.From {
		return q, errs.New(errs.Invalid, "ledger.period_reversed")
	}
	q.Boundary = Then
	if v.Get("bounds") == string(Today) {
		q.Boundary = Today
	}
	if q.KnownAt, err = instant(v.Get("known")); err != nil {
		return q, err
	}
	for _, b := range q.def.Breakdowns {
		w := v.Get(b)
		if w == "" || slices.Contains(reserved, b) {
			continue
		}
		if q.Where == nil {
			q.Where = map[string]string{}
		}
		if w == noValue {
			w = ""
		}
		q.Where[b] = w
	}
	q.Unit, q.unit = u.ID, u
	if at, err := s.org.AsOf(ctx, u.ID, q.Day); err == nil { // its name of the day; one that did not stand keeps its last
		q.unit = at
	} else if !errs.Is(err, errs.NotFound) {
		return q, err
	}
	return q, nil
}

// instant reads Unix milliseconds, or a day, which stands for its last moment.
func instant(v string) (int64, error) {
	if v == "" {
		return 0, nil
	}
	if ms, err := strconv.ParseInt(v, 10, 64); err == nil && ms > 0 {
		return ms, nil
	}
	d, err := clock.ParseDay(v)
	if err != nil {
		return 0, errs.Wrap(err, errs.Invalid, "errs.day_unreadable")
	}
	return d.AddDays(1).Time().UnixMilli() - 1, nil
}

// values writes the question as an address does; change holds names and values, "" takes a name out.
func (q question) values(change ...string) url.Values {
	v := url.Values{"unit": {q.Unit.String()}}
	set := func(name, value string) {
		if value == "" {
			v.Del(name)
			return
		}
		v.Set(name, value)
	}
	if q.Day != q.today {
		set("day", string(q.Day))
	}
	if q.From != clock.Open && clock.YearOf(q.From.Year()) == (clock.Period{From: q.From, To: q.To}) {
		set("period", strconv.Itoa(q.From.Year()))
	} else {
		set("from", string(q.From))
		set("to", string(q.To))
	}
	if q.Boundary == Today {
		set("bounds", string(Today))
	}
	if q.KnownAt > 0 {
		set("known", strconv.FormatInt(q.KnownAt, 10))
	}
	for k, w := range q.Where {
		set(k, or(w, noValue))
	}
	for i := 0; i+1 < len(change); i += 2 {
		set(change[i], change[i+1])
	}
	return v
}

func address(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

func (q question) figureHref(change ...string) string {
	return address("/figure/"+q.Figure, q.values(change...))
}

func (q question) evidenceHref(change ...string) string {
	return address("/evidence/"+q.Figure, q.values(change...))
}

// partHref is the evidence of one value of a breakdown.
func (q question) partHref(breakdown, value string) string {
	return q.evidenceHref(breakdown, or(value, noValue))
}

func (q question) bookHref(change ...string) string {
	q.From, q.To, q.Where, q.KnownAt = "", "", nil, 0
	return address("/book", q.values(change...))
}

// about is the same question of another figure; breakdowns of the first mean nothing there.
func (q question) about(s *Service, code string) question {
	q.Figure, q.Where = code, nil
	if d, err := s.Figure(code); err == nil {
		q.def, q.eventful = d, s.eventful(d)
	}
	if !q.eventful {
		q.From, q.To = "", ""
	}
	return q
}

// at is the same question of another unit.
func (q question) at(u org.Unit) question {
	q.Unit, q.unit = u.ID, u
	return q
}

// caption stands beside every figure: whose, when, by which boundaries.
func (q question) caption(ctx context.Context) string {
	n := q.normal()
	key := "ledger.caption_day"
	if q.eventful {
		key = "ledger.caption_period"
	}
	text := i18n.T(ctx, key, "Unit", q.unit.Name, "Day", i18n.Day(ctx, q.Day), "From", i18n.Day(ctx, n.From), "To", i18n.Day(ctx, n.To),
		"Bounds", i18n.T(ctx, "ledger.bounds_"+string(n.Boundary)))
	if q.KnownAt > 0 {
		text = i18n.T(ctx, "ledger.caption_known", "Text", text, "Time", moment(ctx, q.KnownAt))
	}
	return text
}

// stands is "as of 31 May 2019, by the boundaries of the day", for pages that name the unit elsewhere.
func (q question) stands(ctx context.Context) string {
	return i18n.T(ctx, "ledger.as_of", "Day", i18n.Day(ctx, q.Day), "Bounds", i18n.T(ctx, "ledger.bounds_"+string(q.normal().Boundary)))
}

// moment writes an instant in the reader's language, Asia/Shanghai.
func moment(ctx context.Context, millis int64) string {
	t := time.UnixMilli(millis).In(clock.Shanghai)
	if i18n.Lang(ctx) == "en" {
		return t.Format("2 January 2006, 15:04")
	}
	return i18n.Day(ctx, clock.DayOf(t)) + t.Format("15:04")
}

// Number writes an amount of a figure for people, text and unit apart: money in yuan or ten thousand yuan, minutes in hours.
// A share over nothing is a dash.
func Number(ctx context.Context, d Definition, amount *int64) (text, unit string) {
	lang := i18n.Lang(ctx)
	switch {
	case amount == nil:
		return "—", ""
	case d.Unit == "percent":
		return strings.TrimSuffix(ui.Percent(*amount), "%"), "%"
	case d.Unit == "fen":
		return ui.Money(lang, *amount)
	case d.Unit == "minutes":
		return ui.Hours(*amount), d.MeasureIn(lang)
	}
	return ui.Number(*amount), d.MeasureIn(lang)
}

// joined writes number and unit in one piece: 119个, 58%, 1,200 yuan.
func joined(ctx context.Context, d Definition, amount *int64) string {
	text, unit := Number(ctx, d, amount)
	if unit == "" || unit == "%" || i18n.Lang(ctx) != "en" {
		return text + unit
	}
	return text + " " + unit
}

// exact writes money to the fen, for lists that are added up; other figures as joined does.
func exact(ctx context.Context, d Definition, amount int64) string {
	if d.Unit != "fen" {
		return joined(ctx, d, &amount)
	}
	text, _ := ui.FenEn(amount)
	return i18n.T(ctx, "ledger.yuan", "Number", text)
}

func (q question) fig(ctx context.Context, v Value, size string) ui.Figure {
	text, unit := Number(ctx, q.def, v.Amount)
	return ui.Figure{Number: text, Unit: unit, Label: q.def.Short.In(i18n.Lang(ctx)), Href: q.evidenceHref(), Size: size}
}

// crumbs lead from the highest unit that the reader may view down to this page.
func (s *Service) crumbs(ctx context.Context, q question, last ...ui.Link) ([]ui.Link, error) {
	above, err := s.org.Ancestors(ctx, q.Unit, q.Day)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	var out []ui.Link
	a := scope.From(ctx)
	for _, u := range above {
		if a.May(scope.View, u.Pos) {
			out = append(out, ui.Link{Text: u.Name, Href: q.at(u).bookHref()})
		}
	}
	if len(out) == 0 {
		out = []ui.Link{{Text: q.unit.Name, Href: q.bookHref()}}
	}
	return append(out, last...), nil
}

// choices are the days and boundaries among which a page can be changed; href makes the address of a change.
func (q question) choices(ctx context.Context, href func(change ...string) string) []ui.Choice {
	year := q.today.Year() - 1
	end := clock.YearOf(year).To
	plain := q.From == "" && q.To == ""
	today := ui.Link{Text: i18n.T(ctx, "ledger.today"), Href: href("day", "", "period", "", "from", "", "to", ""), Current: q.Day == q.today && plain}
	ended := ui.Link{Text: i18n.T(ctx, "ledger.year_end", "Year", year), Href: href("day", string(end), "period", "", "from", "", "to", ""),
		Current: q.Day == end && plain}
	if q.eventful {
		today.Text = i18n.T(ctx, "ledger.this_year")
		ended = ui.Link{Text: i18n.T(ctx, "ledger.whole_year", "Year", year), Href: href("day", "", "period", strconv.Itoa(year), "from", "", "to", ""),
			Current: q.Day == q.today && clock.YearOf(year) == clock.Period{From: q.From, To: q.To}}
	}
	when := ui.Choice{Label: i18n.T(ctx, "ledger.time"), Links: []ui.Link{today, ended}}
	if !today.Current && !ended.Current {
		own := i18n.Day(ctx, q.Day)
		if n := q.normal(); q.eventful {
			own = i18n.T(ctx, "ledger.from_to", "From", i18n.Day(ctx, n.From), "To", i18n.Day(ctx, n.To))
		}
		when.Links = append(when.Links, ui.Link{Text: own, Href: href(), Current: true})
	}
	bounds := ui.Choice{Label: i18n.T(ctx, "ledger.boundaries"), Links: []ui.Link{
		{Text: i18n.T(ctx, "ledger.bounds_then"), Href: href("bounds", ""), Current: q.Boundary != Today},
		{Text: i18n.T(ctx, "ledger.bounds_today"), Href: href("bounds", string(Today)), Current: q.Boundary == Today}}}
	return []ui.Choice{when, bounds}
}

// dayForm asks for a day, or a period, of one's own.
type dayForm struct {
	form   ui.FormSpec
	fields []ui.Input
}

func (q question) dayForm(ctx context.Context, path string) dayForm {
	f := dayForm{form: ui.FormSpec{Action: path, Method: "get", Submit: i18n.T(ctx, "ledger.show")}}
	for name, vs := range q.values("day", "", "period", "", "from", "", "to", "") {
		f.form.Hidden = append(f.form.Hidden, ui.Pair{Name: name, Value: vs[0]})
	}
	slices.SortFunc(f.form.Hidden, func(a, b ui.Pair) int { return strings.Compare(a.Name, b.Name) })
	f.fields = []ui.Input{{Kind: ui.KindDate, Name: "day", Label: i18n.T(ctx, "ledger.day"), Value: string(q.Day)}}
	if q.eventful {
		n := q.normal()
		f.fields = []ui.Input{
			{Kind: ui.KindDate, Name: "from", Label: i18n.T(ctx, "ledger.from"), Value: string(n.From)},
			{Kind: ui.KindDate, Name: "to", Label: i18n.T(ctx, "ledger.to"), Value: string(n.To)},
			{Kind: ui.KindDate, Name: "day", Label: i18n.T(ctx, "ledger.day_of"), Value: string(q.Day)}}
	}
	return f
}

// breakdownName is the name of a breakdown in words: 类别.
func breakdownName(ctx context.Context, breakdown string) string {
	if key := "ledger.by." + breakdown; i18n.Has(ctx, key) {
		return i18n.T(ctx, key)
	}
	return breakdown
}
