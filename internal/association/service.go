package association

import (
	"context"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/record"
)

// Service keeps associations, stations and guidance.
type Service struct {
	store
	rec    *record.Service
	led    *ledger.Service
	org    *org.Service
	people *people.Service
	audit  *audit.Service

	associations *desk[Association]
	stations     *desk[Station]
	guidance     *desk[Guidance]
}

// New opens the three books, offers them for import and export, lends a box to the unit's page and follows units that
// move.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, p *people.Service, a *audit.Service) *Service {
	s := &Service{store: store{d}, rec: rec, led: led, org: o, people: p, audit: a}
	s.associations = s.associationDesk()
	s.stations = s.stationDesk()
	s.guidance = s.guidanceDesk()
	o.AddPanel(s.panel())
	o.OnMoved(s.unitChanged)
	return s
}

// unitChanged keeps lists at the unit's place of today, or at its heir's; the ledger follows by itself.
func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.move(ctx, c.Unit, u.Pos)
}

// CreateAssociation keeps a new association beside a unit's committee; without a code it is given one. Invalid with fields
// when something has to be changed.
func (s *Service) CreateAssociation(ctx context.Context, a Association) (id.Ref, error) {
	return s.associations.create(ctx, a, record.Change{Act: "association.act.create"})
}

// SaveAssociation corrects an association as it was read at a version; Conflict when somebody was quicker.
func (s *Service) SaveAssociation(ctx context.Context, ref id.Ref, version int64, a Association, reason string) error {
	return s.associations.save(ctx, ref, version, a, record.Change{Act: "association.act.correct", Reason: reason})
}

// Association reads an association; NotFound outside the reader's view.
func (s *Service) Association(ctx context.Context, ref id.Ref) (Association, record.Version, error) {
	return s.associations.book.Get(ctx, ref)
}

// CreateStation keeps a new station or branch.
func (s *Service) CreateStation(ctx context.Context, st Station) (id.Ref, error) {
	return s.stations.create(ctx, st, record.Change{Act: "association.act.create"})
}

// CreateGuidance keeps a visit or a task.
func (s *Service) CreateGuidance(ctx context.Context, g Guidance) (id.Ref, error) {
	return s.guidance.create(ctx, g, record.Change{Act: "association.act.create"})
}

// Named are those of some associations that there are: what people asks for, whoever reads.
func (s *Service) Named(ctx context.Context, refs []id.Ref) (out []people.Association, err error) {
	ids := make([]id.ID, len(refs))
	for i, r := range refs {
		ids[i] = r.ID
	}
	list, err := s.byIDs(ctx, ids)
	for _, l := range list {
		if l.Kind == Kind {
			out = append(out, people.Association{Ref: l.Ref(), Code: l.Code, Name: l.Name})
		}
	}
	return out, err
}

// Beside are the associations beside a unit's committee and those above it that stand on a day, the nearest first.
func (s *Service) Beside(ctx context.Context, u org.Unit, day clock.Day) (out []people.Association, err error) {
	up, err := s.org.Ancestors(ctx, u.ID, day)
	if err != nil {
		return nil, err
	}
	var units []id.ID
	for _, a := range up {
		if a.Level.Rank() >= org.City.Rank() {
			units = append(units, a.ID)
		}
	}
	list, err := s.atUnits(ctx, Kind, units, day)
	for _, l := range list {
		out = append(out, people.Association{Ref: l.Ref(), Code: l.Code, Name: l.Name})
	}
	return out, err
}

// Round is the guidance of an association in a year: how often it was where, and the townships where it was not (R169).
type Round struct {
	Year     int
	Visits   int
	By       []Guided
	Unguided []org.Unit
}

// Guided is a unit with the visits that it had.
type Guided struct {
	Unit   org.Unit
	Visits []Listed
}

// Round reads the guidance that an association gave from the beginning of a day's year up to the day.
func (s *Service) Round(ctx context.Context, ref id.Ref, a Association, day clock.Day) (out Round, err error) {
	out.Year = day.Year()
	err = s.db.Read(ctx, func(ctx context.Context) error {
		list, err := s.guided(ctx, scope.From(ctx).ViewSet, ref, clock.YearOf(out.Year).From, day)
		if err != nil {
			return err
		}
		out.Visits = len(list)
		units, err := s.unitsOf(ctx, list)
		if err != nil {
			return err
		}
		at := map[id.ID]int{}
		for _, l := range list {
			i, ok := at[l.Unit]
			if !ok {
				i = len(out.By)
				at[l.Unit] = i
				out.By = append(out.By, Guided{Unit: units[l.Unit]})
			}
			out.By[i].Visits = append(out.By[i].Visits, l)
		}
		u, err := s.rec.Home(ctx, a.Unit)
		if err != nil || u.Level == org.Township {
			return err
		}
		towns, err := s.people.Towns(ctx, u, day)
		for _, t := range towns {
			if _, ok := at[t.ID]; !ok {
				out.Unguided = append(out.Unguided, t)
			}
		}
		return err
	})
	return out, err
}

// unitsOf are the units of a list.
func (s *Service) unitsOf(ctx context.Context, list []Listed) (map[id.ID]org.Unit, error) {
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Unit
	}
	return s.org.ByIDs(ctx, ids)
}

// under fills in whose association a record names, and refuses one that does not reach its unit.
func (s *Service) under(ctx context.Context, unit id.ID, association id.Ref) (by id.ID, ok bool, err error) {
	list, err := s.byIDs(ctx, []id.ID{association.ID})
	if err != nil || len(list) == 0 || list[0].Kind != Kind || list[0].Ref() != association {
		return 0, false, err
	}
	up, err := s.org.Ancestors(ctx, unit, clock.Today(ctx))
	if errs.Is(err, errs.NotFound) {
		return 0, false, nil
	}
	for _, u := range up {
		if u.ID == list[0].Unit {
			return u.ID, true, err
		}
	}
	return 0, false, err
}

// name is what a record is called by those who may see that it is there; "" when it is not there any more.
func (s *Service) name(ctx context.Context, ref id.Ref) string {
	if ref.ID == 0 {
		return ""
	}
	list, err := s.byIDs(ctx, []id.ID{ref.ID})
	if err != nil || len(list) == 0 {
		return ""
	}
	return list[0].Name
}

func (s *Service) unitName(ctx context.Context, unit id.ID) string {
	if unit == 0 {
		return ""
	}
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return ""
	}
	return u.Name
}
