package portal

import (
	"context"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// Published are the figures that a unit published; everybody may read them.
func (s *Service) Published(ctx context.Context, unit id.ID) ([]Figure, error) {
	return s.figuresAcrossUnits(ctx, unit)
}

// Publish says a unit's figures to everybody as they stand at the end of a day, in the place of what was said before. What would tell
// of fewer than five people is published as hidden.
func (s *Service) Publish(ctx context.Context, u org.Unit, day clock.Day, codes []string) (err error) {
	defer errs.Wrapf(&err, "portal.Publish %d", u.ID)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.rec.Home(ctx, u.ID)
		if err != nil {
			return err
		}
		if err := s.may(ctx, scope.Work, u, "figures"); err != nil {
			return err
		}
		var f errs.Fields
		if _, err := clock.ParseDay(string(day)); err != nil || day == clock.Open {
			f.Add("day", "portal.day_missing")
		} else if day > clock.Today(ctx) {
			f.Add("day", "portal.day_ahead")
		} else if !u.StandsOn(day) {
			f.Add("day", "portal.day_before_unit")
		}
		if len(codes) > maxFigures {
			f.Add("codes", "portal.figures_many", "N", maxFigures)
		}
		if err := f.Err(); err != nil {
			return err
		}
		var list []Figure
		for _, d := range s.ledger.Figures() {
			if !slices.Contains(codes, d.Code) {
				continue
			}
			v, err := s.ledger.Ask(ctx, ledger.Query{Figure: d.Code, Unit: u.ID, Day: day})
			if err != nil {
				return err
			}
			list = append(list, Figure{Code: d.Code, Amount: Told(d, v, s.ledger.Figure), Day: day, At: clock.Millis(ctx)})
		}
		if len(list) < len(slices.Compact(slices.Sorted(slices.Values(codes)))) {
			f.Add("codes", "portal.figure_unknown")
			return f.Err()
		}
		if err := s.putFigures(ctx, u.Root(), u.ID, list); err != nil {
			return err
		}
		s.db.AfterCommit(ctx, s.kept.drop)
		said := map[string]any{"day": day}
		for _, x := range list {
			said[x.Code] = x.Amount
		}
		return s.audit.Log(ctx, audit.Entry{Act: "portal.act.figures", Subject: Kind, Pos: u.Pos, Unit: u.ID, Detail: said})
	})
}

// Choice is a figure that could be published, with what it says on a day.
type Choice struct {
	Definition ledger.Definition
	Amount     int64 // as Told gives it
}

// Choices are the figures of which a unit has something to say on a day.
func (s *Service) Choices(ctx context.Context, u org.Unit, day clock.Day) (out []Choice, err error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errNone
	}
	for _, d := range s.ledger.Figures() {
		v, err := s.ledger.Ask(ctx, ledger.Query{Figure: d.Code, Unit: u.ID, Day: day})
		if err != nil {
			return nil, err
		}
		if v.Int() != 0 {
			out = append(out, Choice{d, Told(d, v, s.ledger.Figure)})
		}
	}
	return out, nil
}

// Coming are the activities that a unit could show, and which of them it does.
func (s *Service) Coming(ctx context.Context, u org.Unit) (list []Event, shown map[id.Ref]bool, err error) {
	if list, err = s.out.Coming(ctx, u, clock.Today(ctx), clock.Today(ctx).AddDays(limits.Ahead)); err != nil {
		return nil, nil, err
	}
	offers, err := s.eventsAcrossUnits(ctx, u.ID)
	shown = map[id.Ref]bool{}
	for i, e := range list {
		if o, ok := offers[e.Ref]; ok {
			shown[e.Ref], list[i].Places, list[i].Taken = true, o.Places, o.Taken
		}
	}
	return list, shown, err
}

// Show says which activities a unit's site shows: those that everybody may come to. A school's own are nobody else's business, so that
// nothing is shown by itself. places is how many may come, 0 for all; of what it does not name nothing changes.
func (s *Service) Show(ctx context.Context, u org.Unit, refs []id.Ref, places map[id.Ref]int64) (err error) {
	defer errs.Wrapf(&err, "portal.Show %d", u.ID)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.rec.Home(ctx, u.ID)
		if err != nil {
			return err
		}
		if err := s.may(ctx, scope.Work, u, "show"); err != nil {
			return err
		}
		list, _, err := s.Coming(ctx, u)
		if err != nil {
			return err
		}
		var keep []id.Ref
		most := map[id.Ref]int64{}
		for _, e := range list { // what is not among those that could be shown is not
			if slices.Contains(refs, e.Ref) {
				keep = append(keep, e.Ref)
				most[e.Ref] = e.Places
				if n, said := places[e.Ref]; said {
					most[e.Ref] = min(max(n, 0), mostPlaces)
				}
			}
		}
		if err := s.putEvents(ctx, u.Root(), u.ID, keep, most); err != nil {
			return err
		}
		s.db.AfterCommit(ctx, s.kept.drop)
		return s.audit.Log(ctx, audit.Entry{Act: "portal.act.show", Subject: Kind, Pos: u.Pos, Unit: u.ID, Detail: map[string]any{"activities": keep}})
	})
}

// shownEvents are the coming activities that a site shows.
func (s *Service) shownEvents(ctx context.Context, u org.Unit) ([]Event, error) {
	list, shown, err := s.Coming(ctx, u)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(e Event) bool { return !shown[e.Ref] })
	return list, s.out.Timed(ctx, u, list)
}
