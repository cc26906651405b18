package assess

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// quarter is the quarter of a day, in words.
func quarter(ctx context.Context, d clock.Day) string {
	if d == clock.Open {
		return ""
	}
	return i18n.T(ctx, "assess.quarter", "Year", d.Year(), "N", (int(d.Time().Month())+2)/3)
}

// behind says in words how far a unit is behind.
func behind(ctx context.Context, x Scheduled) string {
	switch {
	case x.First == clock.Open:
		return ""
	case x.Moved > 0:
		return i18n.T(ctx, "assess.days_behind", "N", x.Moved)
	case x.Moved < 0:
		return i18n.T(ctx, "assess.days_ahead", "N", -x.Moved)
	case x.Status == Planned || x.Status == Revoked:
		return i18n.T(ctx, "assess.unmoved")
	}
	return i18n.T(ctx, "assess.in_time")
}

// timetablePage is a county's reform, town by town (R148, R193).
func (s *Service) timetablePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	o, list, err := s.overviewIn(r)
	if err != nil {
		return err
	}
	v := timetableView{List: list}
	if v.Timetable, err = s.Timetable(ctx, o); err != nil {
		return err
	}
	title := i18n.T(ctx, "assess.timetable")
	p := web.Page{Title: title + " · " + o.Unit.Name, Current: "reform", Crumbs: []ui.Link{{Text: i18n.T(ctx, "assess.title"), Href: "/reform?unit=" + o.Unit.ID.String()}, {Text: title}}}
	return web.Render(w, r, p, timetableBody(v))
}

type timetableView struct {
	Timetable
	List []Listed
}

// at is this page for a programme, or its file in a format.
func (v timetableView) at(path string, programme id.Ref, more ...string) string {
	q := url.Values{"unit": {v.Unit.ID.String()}, "day": {string(v.Day)}}
	if programme.ID != 0 {
		q.Set("programme", programme.String())
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return path + "?" + q.Encode()
}

// timetableFile is the timetable as a table, every unit in it.
func (s *Service) timetableFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	o, _, err := s.overviewIn(r)
	if err != nil {
		return err
	}
	t, err := s.Timetable(ctx, o)
	if err != nil {
		return err
	}
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	var cols []table.Column
	for _, c := range []struct {
		key  string
		kind table.Kind
	}{{"place", table.Text}, {"unit", table.Text}, {"unit_code", table.Text}, {"state", table.Text}, {"first_planned", table.Day}, {"planned_on", table.Day}, {"quarter_of", table.Text}, {"adopted_on", table.Day},
		{"slip_days", table.Int}, {"slip_reason", table.Text}, {"mentor", table.Text}} {
		cols = append(cols, table.Column{Key: c.key, Titles: []string{i18n.T(ctx, "assess."+c.key)}, Kind: c.kind})
	}
	title := i18n.T(ctx, "assess.timetable") + "-" + o.Unit.Name
	var b bytes.Buffer // an error half way would leave a broken file behind
	if err := table.Write(&b, format, table.Table{Title: title, Columns: cols, BOM: format == table.CSV, Rows: func(yield func([]table.Value, error) bool) {
		for _, x := range slices.Concat(t.Coming, t.Through, t.Unplanned) {
			adopted, days := clock.Open, table.Value{}
			if x.Status == Accepted {
				adopted = x.AdoptedOn
			}
			if x.First != clock.Open {
				days = table.OfInt(int64(x.Moved))
			}
			if !yield([]table.Value{table.OfText(t.Places[x.Parent].Name), table.OfText(x.Name), table.OfText(x.Code), table.OfText(statusText(ctx, x.Status)), table.OfDay(string(x.First)), table.OfDay(string(x.PlannedOn)),
				table.OfText(quarter(ctx, x.PlannedOn)), table.OfDay(string(adopted)), days, table.OfText(x.Reason), table.OfText(x.Mentor)}, nil) {
				return
			}
		}
	}}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+"."+format))
	_, err = w.Write(b.Bytes())
	return err
}

func (v timetableView) sum(ctx context.Context) (parts []ui.Part, total ui.Part) {
	late := 0
	for _, x := range v.Coming {
		if x.Late(v.Day) {
			late++
		}
	}
	part := func(key, to string, n int) ui.Part {
		return ui.Part{Text: i18n.T(ctx, key), N: int64(n), Number: strconv.Itoa(n), Href: to}
	}
	return []ui.Part{part("assess.t_through", "#through", len(v.Through)), part("assess.t_coming", "#coming", len(v.Coming)-late), part("assess.t_late", "#coming", late), part("assess.t_unplanned", "#unplanned", len(v.Unplanned))},
		part("assess.targets", "", len(v.Lines))
}

// named is a unit's cell, with the place it belongs to where the page shows more than one.
func (v timetableView) named(x Scheduled) ui.Cell {
	c := ui.To(x.Name, listView{}.href(x.Line))
	if x.Parent != v.Unit.ID && x.Unit != v.Unit.ID {
		c.Sub = v.Places[x.Parent].Name
	}
	return c
}

func (v timetableView) coming(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "assess.t_coming"), Columns: []ui.Column{{Text: i18n.T(ctx, "assess.unit")}, {Text: i18n.T(ctx, "assess.state")}, {Text: i18n.T(ctx, "assess.planned_on"), Label: true},
		{Text: i18n.T(ctx, "assess.slip_days"), Label: true}, {Text: i18n.T(ctx, "assess.mentor"), Label: true}}}
	for _, x := range v.Coming {
		state, planned, slip := ui.State(statusText(ctx, x.Status), statusTone(x.Status)), ui.Text(i18n.Day(ctx, x.PlannedOn)), ui.Text(behind(ctx, x))
		if x.Late(v.Day) {
			state = ui.State(i18n.T(ctx, "assess.late"), "w")
		}
		if planned.Sub = quarter(ctx, x.PlannedOn); x.Moved > 0 {
			slip.Sub = x.Reason
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{v.named(x), state, planned, slip, ui.Text(cmp.Or(x.Mentor, i18n.T(ctx, "assess.nobody")))}})
	}
	return t
}

func (v timetableView) through(ctx context.Context) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "assess.t_through"), Columns: []ui.Column{{Text: i18n.T(ctx, "assess.unit")}, {Text: i18n.T(ctx, "assess.adopted_on"), Label: true}, {Text: i18n.T(ctx, "assess.slip_days"), Label: true},
		{Text: i18n.T(ctx, "assess.maturity"), Label: true}, {Text: i18n.T(ctx, "assess.mentor"), Label: true}}}
	for _, x := range v.Through {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{v.named(x), ui.Text(i18n.Day(ctx, x.AdoptedOn)), ui.Text(behind(ctx, x)), ui.Text(x.Level), ui.Text(x.Mentor)}})
	}
	return t
}

// unplanned are names; whoever may put one on the plan does it from here.
func (v timetableView) unplanned(ctx context.Context) []ui.Link {
	var out []ui.Link
	for _, x := range v.Unplanned {
		l := ui.Link{Text: x.Name, Sub: v.named(x).Sub, Href: listView{}.href(x.Line)}
		if x.Status == Revoked {
			l.Sub = i18n.T(ctx, "assess.revoked_since", "Day", i18n.Day(ctx, x.RevokedOn))
		}
		if x.Plans && l.Href == "" {
			l.Href, l.Sub = "/reform/new?unit="+x.Unit.String()+"&programme="+v.Ref.String(), i18n.T(ctx, "assess.to_plan")
		}
		if l.Sub != "" {
			l.Sub = i18n.T(ctx, "assess.t_sub", "Text", l.Sub)
		}
		out = append(out, l)
	}
	return out
}

func (v timetableView) programmes() []ui.Link {
	var out []ui.Link
	for _, p := range v.List {
		out = append(out, ui.Link{Text: p.Name, Href: v.at("/reform/timetable", p.Ref), Current: p.Ref == v.Ref})
	}
	return out
}

func (v timetableView) acts(ctx context.Context) []ui.Button {
	file := func(format string) string { return v.at("/reform/timetable/export", v.Ref, "format", format) }
	return []ui.Button{{Text: i18n.T(ctx, "assess.export_xlsx"), Href: file(table.XLSX)}, {Text: i18n.T(ctx, "assess.export_csv"), Href: file(table.CSV)}}
}
