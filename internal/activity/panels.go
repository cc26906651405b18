package activity

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/base"
	"xinhuo/internal/booking"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

type panelView struct {
	Unit    org.Unit
	Lead    string
	Figures []ui.Figure
	Latest  []ui.Link
	Work    bool
}

// panel shows a unit's activities of the year on its page, and how many townships are covered not only by name (R51).
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 40, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		a := scope.From(ctx)
		if !a.May(scope.View, u.Pos) {
			return nil, nil
		}
		v := panelView{Unit: u, Lead: i18n.T(ctx, "activity.panel_lead", "Year", day.Year()), Work: a.May(scope.Work, u.Pos) && u.StandsOn(day)}
		codes := []string{"activity.held", "activity.person_times", "activity.at_base"}
		if u.Level.Span() > org.Township.Span() {
			codes = append(codes, "activity.active_townships")
		}
		var err error
		if v.Figures, err = s.figures(ctx, year(u.ID, day), codes...); err != nil {
			return nil, err
		}
		p, err := s.List(ctx, Filter{Unit: u, To: day, Limit: 3})
		if err != nil {
			return nil, err
		}
		for _, l := range p.Rows {
			v.Latest = append(v.Latest, ui.Link{Text: l.Title, Href: "/activity/" + l.Ref().String(), Sub: i18n.T(ctx, "activity.comma") + i18n.Day(ctx, l.Day)})
		}
		return unitPanel(v), nil
	}}
}

type basePanelView struct {
	Flag  string // there was nothing for a year (R98)
	Why   string
	Table ui.Table
	All   string
	Busy  []ui.Link
}

// busyDays is how far ahead the page of a base shows what is booked.
const busyDays = 30

// basePanel fills the place that a base keeps for its use: activities and attendances by year, from the activities
// themselves (R98, R101), and when it is taken.
func (s *Service) basePanel() base.Panel {
	return base.Panel{Key: Kind, Render: func(ctx context.Context, ref id.Ref, b base.Base, day clock.Day) (templ.Component, error) {
		list, err := s.store.useOfBaseAcrossUnits(ctx, ref)
		if err != nil {
			return nil, err
		}
		v := basePanelView{All: link("/activity", "base", ref.String(), "unit", s.viewUnit(ctx, b.Host))}
		last, err := s.store.lastUseAcrossUnits(ctx, ref)
		if err != nil {
			return nil, err
		}
		if b.Standing(day) && last < day.AddYears(-1) {
			v.Flag = i18n.T(ctx, "activity.idle")
			if v.Why = i18n.T(ctx, "activity.idle_never"); last != clock.Open {
				v.Why = i18n.T(ctx, "activity.idle_since", "Day", i18n.Day(ctx, last))
			}
		}
		v.Table = ui.Table{Caption: i18n.T(ctx, "activity.use"), Columns: []ui.Column{{Text: i18n.T(ctx, "activity.year")}, {Text: i18n.T(ctx, "activity.n_events"), Label: true, Right: true},
			{Text: i18n.T(ctx, "activity.n_heads"), Label: true, Right: true}, {Text: i18n.T(ctx, "activity.f.works"), Label: true, Right: true}, {Text: i18n.T(ctx, "activity.f.awards"), Label: true, Right: true}}}
		for _, n := range list[:min(len(list), 5)] {
			v.Table.Rows = append(v.Table.Rows, ui.Row{Cells: []ui.Cell{ui.Text(i18n.T(ctx, "activity.year_n", "Year", n.Year)), ui.Text(ui.Number(n.Events)), ui.Text(ui.Number(n.Heads)),
				ui.Text(ui.Number(n.Works)), ui.Text(ui.Number(n.Awards))}})
		}
		if v.Busy, err = s.busy(ctx, ref, day); err != nil {
			return nil, err
		}
		return baseUse(v), nil
	}}
}

// busy lists when a base is taken in the days to come.
func (s *Service) busy(ctx context.Context, ref id.Ref, day clock.Day) ([]ui.Link, error) {
	list, err := s.booking.Of(ctx, booking.Booked, ref, day.Time(), day.AddDays(busyDays).Time())
	if err != nil {
		return nil, err
	}
	var out []ui.Link
	for _, sp := range list {
		text := i18n.Day(ctx, clock.DayOf(sp.From)) + i18n.T(ctx, "activity.comma") + span(ctx, sp.From.Format("15:04"), sp.To.Format("15:04"))
		line := ui.Link{Text: text, Sub: i18n.T(ctx, "activity.busy_other")}
		if _, _, err := s.Get(ctx, sp.Holder.Ref); err == nil { // what others plan is theirs to tell
			line.Href, line.Sub = "/activity/"+sp.Holder.Ref.String(), i18n.T(ctx, "activity.comma")+sp.Holder.Name
		}
		out = append(out, line)
	}
	return out, nil
}

// Panel is a box that another module lends to the page of an activity. A panel with nothing to show answers nil.
type Panel struct {
	Key    string
	Render func(ctx context.Context, ref id.Ref, a Activity) (templ.Component, error)
}

// AddPanel lends a box to the page of an activity; call it before serving.
func (s *Service) AddPanel(p Panel) { s.panels = append(s.panels, p) }

// boxes are what other modules show on the page of an activity.
func (s *Service) boxes(ctx context.Context, ref id.Ref, a Activity) ([]templ.Component, error) {
	var out []templ.Component
	for _, p := range s.panels {
		box, err := p.Render(ctx, ref, a)
		if err != nil {
			return nil, err
		}
		if box != nil {
			out = append(out, box)
		}
	}
	return out, nil
}
