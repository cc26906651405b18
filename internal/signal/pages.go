package signal

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

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

// raised is the figure of what is published.
const raised = "signal.raised"

// Routes are the addresses of this module.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/signal", Right: scope.View, Scope: web.ByUnit, Name: "signal.show", Handler: s.showPage},
		{Method: get, Path: "/signal/export", Right: scope.View, Scope: web.ByUnit, Name: "signal.export", Handler: s.exportFile},
		{Method: get, Path: "/signal/reported", Right: scope.View, Scope: web.ByUnit, Name: "signal.reporting", Handler: s.reportingPage},
		{Method: get, Path: "/signal/reported/export", Right: scope.View, Scope: web.ByUnit, Name: "signal.reportingExport", Handler: s.reportingExport},
		{Method: get, Path: "/signal/own", Right: scope.Work, Scope: web.Self, Name: "signal.own", Handler: s.ownPage},
		{Method: post, Path: "/signal/own", Right: scope.Work, Scope: web.Self, Name: "signal.report", Handler: s.ownPost},
		{Method: post, Path: "/signal/own/undo", Right: scope.Work, Scope: web.Self, Name: "signal.undo", Handler: s.undoPost},
		{Method: get, Path: "/api/v1/signals", Right: scope.View, Scope: web.ByUnit, Name: "signal.apiShow", Handler: s.apiShow},
		{Method: get, Path: "/api/v1/signals/reported", Right: scope.View, Scope: web.ByUnit, Name: "signal.apiReporting", Handler: s.apiReporting},
		{Method: get, Path: "/api/v1/signals/own", Right: scope.Work, Scope: web.Self, Name: "signal.apiOwn", Handler: s.apiOwn},
		{Method: post, Path: "/api/v1/signals/own", Right: scope.Work, Scope: web.Self, Name: "signal.apiReport", Handler: s.apiReport},
	}
}

// unitOf is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

// pageAt is the page of what is published at a unit in a month; of the last twelve without one.
func pageAt(unit id.ID, m Month) string {
	v := url.Values{"unit": {unit.String()}}
	if m != "" {
		v.Set("month", string(m))
	}
	return "/signal?" + v.Encode()
}

// ownAt is the page of the reader's own report of a month.
func ownAt(m Month) string { return "/signal/own?month=" + string(m) }

// period is what the address asks for: a month, or the last twelve that could be published.
func period(r *http.Request) (from, to Month, one bool) {
	if m, ok := ParseMonth(r.URL.Query().Get("month")); ok {
		return m, m, true
	}
	to = lastClosed(clock.Today(r.Context()))
	return to.add(1 - lookBack), to, false
}

type showView struct {
	Heading ui.Heading
	Choices []ui.Choice
	Topics  ui.Table
	Units   ui.Table
	Bar     []ui.Button
	Total   string
	Empty   bool
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	tr := func(k string, a ...any) string { return i18n.T(ctx, k, a...) }
	from, to, one := period(r)
	months, err := s.Months(ctx, u)
	if err != nil {
		return err
	}
	t, err := s.Of(ctx, u, from, to)
	if err != nil {
		return err
	}
	a := scope.From(ctx)
	v := showView{Empty: t.Total.Reported == 0, Heading: ui.Heading{Title: tr("signal.title"), Under: tr("signal.under", "Unit", u.Name, "Period", periodText(ctx, from, to))}}
	if a.Unit != 0 && a.May(scope.Work, a.Pos) {
		v.Heading.Acts = []ui.Button{{Text: tr("signal.do"), Href: "/signal/own", Main: true}}
	}
	if !u.Level.Leaf() {
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr("signal.who"), Href: reportingAt(u.ID, "")})
	}
	when := []ui.Link{{Text: tr("signal.year"), Href: pageAt(u.ID, ""), Current: !one}}
	for _, m := range months {
		when = append(when, ui.Link{Text: monthText(ctx, m), Href: pageAt(u.ID, m), Current: one && m == from})
	}
	v.Choices = []ui.Choice{{Label: tr("signal.period"), Links: when}}
	v.Total = tr("signal.reported", "N", t.Total.Reported)
	for _, f := range []string{table.XLSX, table.CSV} {
		v.Bar = append(v.Bar, ui.Button{Text: tr("signal.export_" + f), Href: "/signal/export?" + url.Values{"unit": {u.ID.String()}, "from": {string(from)}, "to": {string(to)}, "format": {f}}.Encode()})
	}
	v.Topics = topicTable(ctx, t)
	v.Units = unitTable(ctx, t)
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr("signal.title")}}}, showTempl(v))
}

// topicTable lists the topics, the most first, with where it shows most and what can be done.
func topicTable(ctx context.Context, t Table) ui.Table {
	tr := func(k string, a ...any) string { return i18n.T(ctx, k, a...) }
	out := ui.Table{Caption: tr("signal.by_topic"), Columns: []ui.Column{{Text: tr("signal.f.topic")}, {Text: tr("signal.f.n"), Label: true, Right: true}, {Text: tr("signal.f.most"), Label: true}, {Text: tr("signal.f.do")}}}
	order := slices.Clone(Topics)
	slices.SortStableFunc(order, func(a, b string) int { return int(t.Total.Counts[b].N - t.Total.Counts[a].N) })
	a := scope.From(ctx)
	for _, topic := range order {
		at := t.Unit
		most := int64(0)
		for _, l := range t.Below {
			if n := l.Counts[topic].N; n > most {
				at, most = l.Unit, n
			}
		}
		row := ui.Row{Cells: []ui.Cell{ui.Text(topicText(ctx, topic)), cellOf(ctx, t, t.Total, topic, true), ui.Text(tr("signal.dash")), {}}}
		if most > 0 {
			row.Cells[2] = ui.To(at.Name, pageAt(at.ID, ""))
		}
		if need := needs[topic]; need != "" && t.Total.Counts[topic].N > 0 {
			q := url.Values{"unit": {at.ID.String()}, "need": {need}}.Encode()
			row.Cells[3] = ui.To(tr("signal.who_helps"), "/team/match?"+q)
			if a.May(scope.Work, at.Pos) {
				row.Cells[3] = ui.To(tr("signal.propose"), "/team/new?"+q)
			}
			row.Cells[3].Sub = at.Name
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// unitTable sets units beside topics.
func unitTable(ctx context.Context, t Table) ui.Table {
	tr := func(k string, a ...any) string { return i18n.T(ctx, k, a...) }
	out := ui.Table{Caption: tr("signal.by_unit"), Columns: []ui.Column{{Text: tr("signal.f.unit")}, {Text: tr("signal.f.reported"), Label: true, Right: true}}}
	for _, topic := range Topics {
		out.Columns = append(out.Columns, ui.Column{Text: topicText(ctx, topic), Label: true, Right: true})
	}
	add := func(name ui.Cell, l Line, linked bool) {
		row := ui.Row{Cells: []ui.Cell{name, ui.Text(ui.Number(l.Reported))}}
		for _, topic := range Topics {
			row.Cells = append(row.Cells, cellOf(ctx, t, l, topic, linked))
		}
		out.Rows = append(out.Rows, row)
	}
	var month Month
	if t.From == t.To {
		month = t.From
	}
	for _, l := range t.Below {
		add(ui.To(l.Unit.Name, pageAt(l.Unit.ID, month)), l, true)
	}
	if t.Own.Reported > 0 {
		add(ui.Text(tr("signal.own_line", "Unit", t.Unit.Name)), t.Own, false)
	}
	if len(t.Together.Counts) > 0 {
		add(ui.Text(tr("signal.together")), t.Together, false)
		last := out.Rows[len(out.Rows)-1]
		last.Cells[1] = ui.Text(tr("signal.dash"))
	}
	return out
}

// cellOf is a number, linked with the way to what it is made of; where nothing is published it says so.
func cellOf(ctx context.Context, t Table, l Line, topic string, linked bool) ui.Cell {
	x, ok := l.Counts[topic]
	switch {
	case !ok && l.Reported == 0:
		return ui.Text(i18n.T(ctx, "signal.dash"))
	case !ok && t.From < t.To:
		return ui.Text(i18n.T(ctx, "signal.small_year"))
	case !ok:
		return ui.Text(i18n.T(ctx, "signal.small", "N", Fewest))
	case !linked: // what stands at the unit itself has no list of its own
		return ui.Text(sumText(ctx, x))
	}
	q := ledger.Query{Figure: raised, Unit: l.Unit.ID, Day: clock.Today(ctx), From: t.From.First(), To: t.To.add(1).First()}
	return ui.Num(sumText(ctx, x), record.EvidenceHref(q)+"&topic="+topic)
}

func sumText(ctx context.Context, x Sum) string {
	if x.Least == 1 {
		return i18n.T(ctx, "signal.least", "N", ui.Number(x.N))
	}
	return ui.Number(x.N)
}

func periodText(ctx context.Context, from, to Month) string {
	if from == to {
		return monthText(ctx, from)
	}
	return i18n.T(ctx, "signal.from_to", "From", monthText(ctx, from), "To", monthText(ctx, to))
}

type ownView struct {
	Heading  ui.Heading
	Lead     string
	Saved    *ui.Note
	Faults   []ui.Fault
	Form     *ui.FormSpec
	Inputs   []ui.Input
	Facts    []ui.Fact
	Timeline []ui.Change
	Months   []ui.Link
}

// month is the month that the address of one's own report names; without one it is last month's while that is open and not
// reported yet, otherwise this one's.
func (s *Service) month(r *http.Request, filed []Filed) Month {
	if m, ok := ParseMonth(r.URL.Query().Get("month")); ok {
		return m
	}
	months := openMonths(clock.Today(r.Context()))
	for _, m := range slices.Backward(months) {
		if !slices.ContainsFunc(filed, func(f Filed) bool { return f.Month == m }) {
			return m
		}
	}
	return months[0]
}

func (s *Service) ownPage(w http.ResponseWriter, r *http.Request) error {
	return s.showOwn(w, r, nil, nil)
}

// showOwn is the page of one's own report of a month, with what was typed and what to change when it came back.
func (s *Service) showOwn(w http.ResponseWriter, r *http.Request, typed *web.Form, failed error) error {
	ctx := r.Context()
	tr := func(k string, a ...any) string { return i18n.T(ctx, k, a...) }
	at, summary, rest := web.Problems(ctx, failed)
	if rest != nil {
		return rest
	}
	u, filed, err := s.Reports(ctx)
	if err != nil {
		return err
	}
	m := s.month(r, filed)
	rep, v, ok, err := s.Own(ctx, m)
	if err != nil {
		return err
	}
	today := clock.Today(ctx)
	view := ownView{Heading: ui.Heading{Title: tr("signal.own_title", "Month", monthText(ctx, m)), Under: u.Name}, Faults: summary}
	p := web.Page{Title: view.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr("signal.title"), Href: "/signal"}, {Text: tr("signal.own")}}}
	switch {
	case m.open(today):
		view.Lead = tr("signal.own_lead", "Day", i18n.Day(ctx, m.Published().AddDays(-1)))
		view.Form = &ui.FormSpec{Action: ownAt(m), Key: web.NewKey(), Submit: tr("signal.save"), Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(v.N, 10)}}, Keep: scope.From(ctx).Account.String()}
		p.Keeps = true
		for _, t := range Topics {
			in := ui.Input{Kind: ui.KindNumber, Name: t, Label: topicText(ctx, t), Hint: tr("signal.hint." + t), Inline: true, Error: at[t]}
			switch {
			case typed != nil:
				in.Value = typed.Text(t)
			case ok:
				in.Value = strconv.FormatInt(rep.Counts[t], 10)
			}
			view.Inputs = append(view.Inputs, in)
		}
	case m.First() > today:
		view.Lead = tr("signal.not_yet", "Month", monthText(ctx, m))
	case ok:
		view.Lead = tr("signal.own_closed", "Day", i18n.Day(ctx, m.Published()))
	default:
		view.Lead = tr("signal.own_missed", "Day", i18n.Day(ctx, m.Published()))
	}
	if ok {
		if view.Form == nil {
			for _, t := range Topics {
				view.Facts = append(view.Facts, ui.Fact{Label: topicText(ctx, t), Text: tr("signal.n_people", "N", rep.Counts[t])})
			}
		}
		if view.Timeline, err = s.reports.Timeline(ctx, v.Ref(), "/signal/own/undo?month="+string(m)); err != nil {
			return err
		}
		if r.URL.Query().Get("saved") != "" {
			view.Saved = &ui.Note{Title: tr("signal.saved", "Month", monthText(ctx, m)), Text: tr("signal.saved_why", "Day", i18n.Day(ctx, m.Published()))}
		}
	}
	months := openMonths(today)
	for _, f := range filed {
		if !slices.Contains(months, f.Month) {
			months = append(months, f.Month)
		}
	}
	for _, x := range months {
		l := ui.Link{Text: monthText(ctx, x), Href: ownAt(x), Current: x == m, Sub: tr("signal.state.missing")}
		if slices.ContainsFunc(filed, func(f Filed) bool { return f.Month == x }) {
			l.Sub = tr("signal.state.reported")
		}
		view.Months = append(view.Months, l)
	}
	if len(summary) > 0 {
		p.Error, p.Status = true, http.StatusUnprocessableEntity
	}
	return web.Render(w, r, p, ownTempl(view))
}

func (s *Service) ownPost(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	m, ok := ParseMonth(r.URL.Query().Get("month"))
	if !ok {
		return errs.New(errs.Invalid, "signal.month_unreadable")
	}
	counts := map[string]int64{}
	for _, t := range Topics {
		if f.Text(t) == "" {
			continue
		}
		n, err := table.ParseInt(f.Text(t))
		if err != nil {
			n = -1 // out of every bound
		}
		counts[t] = n
	}
	version, _ := strconv.ParseInt(f.Text("_version"), 10, 64) // none is a new report
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return ownAt(m) + "&saved=1", s.Keep(ctx, version, m, counts)
	})
	if err != nil {
		return s.showOwn(w, r, f, err)
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) undoPost(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	m, ok := ParseMonth(r.URL.Query().Get("month"))
	if !ok {
		return errs.New(errs.Invalid, "signal.month_unreadable")
	}
	version, _ := strconv.ParseInt(f.Text("_version"), 10, 64)
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return ownAt(m), s.Undo(ctx, m, version)
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// exportFile is what is published of some months in a unit's subtree, a line for each number.
func (s *Service) exportFile(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	from, to, _ := period(r)
	if m, ok := ParseMonth(q.Get("from")); ok {
		from = m
	}
	if m, ok := ParseMonth(q.Get("to")); ok {
		to = m
	}
	list, err := s.Items(ctx, u, from, to)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(list))
	for i, x := range list {
		ids[i] = x.Unit
	}
	names, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	tr := func(k string, a ...any) string { return i18n.T(ctx, k, a...) }
	col := func(key string, kind table.Kind) table.Column {
		return table.Column{Key: key, Titles: []string{tr("signal.f." + key)}, Kind: kind}
	}
	out := table.Table{Title: u.Name + tr("signal.title"), BOM: true, Columns: []table.Column{col("month", table.Text), col("code", table.Text), col("unit", table.Text), col("topic", table.Text), col("n", table.Int), col("note", table.Text)},
		Rows: func(yield func([]table.Value, error) bool) {
			for _, x := range list {
				note := ""
				switch {
				case x.Least == 1:
					note = tr("signal.note_least")
				case x.Pooled == 1:
					note = tr("signal.together")
				}
				if !yield([]table.Value{table.OfText(string(x.Month)), table.OfText(names[x.Unit].Code), table.OfText(names[x.Unit].Name), table.OfText(topicText(ctx, x.Topic)), table.OfInt(x.N), table.OfText(note)}, nil) {
					return
				}
			}
		}}
	return sendTable(w, r, out)
}

// sendTable hands a table out in the format that the address asks for.
func sendTable(w http.ResponseWriter, r *http.Request, out table.Table) error {
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	var file bytes.Buffer
	if err := table.Write(&file, format, out); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", table.ContentType(format))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(out.Title+"."+format))
	_, err := file.WriteTo(w)
	return err
}
