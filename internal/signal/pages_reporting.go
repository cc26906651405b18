package signal

import (
	"net/http"
	"net/url"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// reportingAt is the list of who has reported a month in a unit's subtree.
func reportingAt(unit id.ID, m Month) string {
	v := url.Values{"unit": {unit.String()}}
	if m != "" {
		v.Set("month", string(m))
	}
	return "/signal/reported?" + v.Encode()
}

// reportedMonth is the month that the address names; without one last month.
func reportedMonth(r *http.Request) Month {
	if m, ok := ParseMonth(r.URL.Query().Get("month")); ok {
		return m
	}
	return MonthOf(clock.Today(r.Context())).add(-1)
}

type reportingView struct {
	Heading ui.Heading
	Choices []ui.Choice
	Rows    ui.Table
	Total   string
	Bar     []ui.Button
	Open    bool
}

func (s *Service) reportingPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	m := reportedMonth(r)
	list, err := s.Reporting(ctx, u, m)
	if err != nil {
		return err
	}
	tr := func(k string, a ...any) string { return i18n.T(ctx, k, a...) }
	v := reportingView{Heading: ui.Heading{Title: tr("signal.who_title", "Month", monthText(ctx, m)), Under: u.Name}, Open: m.open(clock.Today(ctx)),
		Rows: ui.Table{Caption: tr("signal.who_title", "Month", monthText(ctx, m)), Columns: []ui.Column{{Text: tr("signal.f.unit")}, {Text: tr("signal.f.state"), Label: true}, {Text: tr("signal.f.last"), Label: true}}}}
	var when []ui.Link
	for i := range lately + 1 {
		x := MonthOf(clock.Today(ctx)).add(-i)
		when = append(when, ui.Link{Text: monthText(ctx, x), Href: reportingAt(u.ID, x), Current: x == m})
	}
	if !slices.ContainsFunc(when, func(l ui.Link) bool { return l.Current }) {
		when = append(when, ui.Link{Text: monthText(ctx, m), Href: reportingAt(u.ID, m), Current: true})
	}
	v.Choices = []ui.Choice{{Label: tr("signal.f.month"), Links: when}}
	done := 0
	for _, x := range list {
		state, last := tr("signal.state.missing"), tr("signal.dash")
		if x.Reported {
			state = tr("signal.state.reported")
			done++
		}
		if x.Last != "" {
			last = monthText(ctx, x.Last)
		}
		v.Rows.Rows = append(v.Rows.Rows, ui.Row{Bad: !x.Reported && x.Last != "", Cells: []ui.Cell{ui.To(x.Unit.Name, "/unit/"+x.Unit.ID.String()), ui.Text(state), ui.Text(last)}})
	}
	for _, f := range []string{table.XLSX, table.CSV} {
		v.Bar = append(v.Bar, ui.Button{Text: tr("signal.export_" + f), Href: "/signal/reported/export?" + url.Values{"unit": {u.ID.String()}, "month": {string(m)}, "format": {f}}.Encode()})
	}
	v.Total = tr("signal.who_total", "N", done, "Missing", len(list)-done)
	p := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr("signal.title"), Href: pageAt(u.ID, "")}, {Text: tr("signal.who")}}}
	return web.Render(w, r, p, reportingTempl(v))
}

// reportingExport is the list of who has reported a month as a table.
func (s *Service) reportingExport(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	m := reportedMonth(r)
	list, err := s.Reporting(ctx, u, m)
	if err != nil {
		return err
	}
	out := table.Table{Title: u.Name + i18n.T(ctx, "signal.who_title", "Month", monthText(ctx, m)), BOM: true}
	for _, key := range []string{"month", "code", "unit", "state", "last"} {
		out.Columns = append(out.Columns, table.Column{Key: key, Titles: []string{i18n.T(ctx, "signal.f."+key)}, Kind: table.Text})
	}
	out.Rows = func(yield func([]table.Value, error) bool) {
		for _, x := range list {
			state := "signal.state.missing"
			if x.Reported {
				state = "signal.state.reported"
			}
			if !yield([]table.Value{table.OfText(string(m)), table.OfText(x.Unit.Code), table.OfText(x.Unit.Name), table.OfText(i18n.T(ctx, state)), table.OfText(string(x.Last))}, nil) {
				return
			}
		}
	}
	return sendTable(w, r, out)
}

// apiReporter is a unit that reports, for a program.
type apiReporter struct {
	Unit     id.ID  `json:"unit"`
	Code     string `json:"code"`
	Name     string `json:"name"`
	Reported bool   `json:"reported"`
	Last     Month  `json:"last,omitempty"`
}

func (s *Service) apiReporting(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	m := reportedMonth(r)
	list, err := s.Reporting(r.Context(), u, m)
	if err != nil {
		return err
	}
	out := struct {
		Month Month         `json:"month"`
		Units []apiReporter `json:"units"`
	}{m, []apiReporter{}}
	for _, x := range list {
		out.Units = append(out.Units, apiReporter{x.Unit.ID, x.Unit.Code, x.Unit.Name, x.Reported, x.Last})
	}
	return web.JSON(w, http.StatusOK, out)
}
