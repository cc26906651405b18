package seal

import (
	"context"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Class is a class of sealed records: how long they are kept, from when, and on what ground.
type Class struct {
	Kind    string // of the records
	Name    string // text key of what they are
	Since   string // text key of the day from which is counted
	Ground  string // text key of the law or the reason
	Days    int64  // unless somebody has set it otherwise
	Least   int64  // bounds of what may be set; both 0: it is not set here
	Most    int64
	Setting string // where it is set otherwise, when not here
	// Live answers how long it is kept in a city when it is not set here.
	Live func(ctx context.Context, root int64) (int64, error)
	// Over answers the day from which a matter's records are counted, "" while it goes on; nil where the module erases itself (Expire).
	Over func(ctx context.Context, of id.Ref) (clock.Day, error)
	// Erased hears in the transaction that a record of a matter was erased, by the clock or by people; nil for nobody.
	Erased func(ctx context.Context, of id.Ref) error
}

// AddClass tells how long a class of sealed records is kept; call it before serving.
func (s *Service) AddClass(c Class) { s.classes = append(s.classes, c) }

// keptRow is how long a class is kept as somebody has set it.
type keptRow struct {
	Kind   string    `db:"kind"`
	Days   int64     `db:"days"`
	ByName string    `db:"by_name"`
	Day    clock.Day `db:"day"`
}

// KeepDays is how many days records of a kind are kept.
func (s *Service) KeepDays(ctx context.Context, kind string) (int64, error) {
	rows, err := s.store.retentionAcrossUnits(ctx)
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		if r.Kind == kind {
			return r.Days, nil
		}
	}
	for _, c := range s.classes {
		if c.Kind == kind {
			return c.Days, nil
		}
	}
	return 0, errs.New(errs.NotFound, "errs.not_found")
}

// SetKeep says how long records of a kind are kept from now on, also those that are there. Errors: Forbidden; NotFound; Invalid on "days".
func (s *Service) SetKeep(ctx context.Context, kind string, days int64) (err error) {
	defer errs.Wrapf(&err, "seal.SetKeep %s", kind)
	if err := s.runner(ctx); err != nil {
		return err
	}
	i := slices.IndexFunc(s.classes, func(c Class) bool { return c.Kind == kind && c.Most > 0 })
	if i < 0 {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	if c := s.classes[i]; days < c.Least || days > c.Most {
		var f errs.Fields
		f.Add("days", "seal.days_odd", "Least", c.Least, "Most", c.Most)
		return f.Err()
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.store.putRetention(ctx, keptRow{kind, days, scope.From(ctx).Name, clock.Today(ctx)}); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "seal.act.keep", Subject: kind, Detail: map[string]int64{"days": days}})
	})
}

// Daily erases what was kept as long as its class says, turns the keys when their rhythm says so, and makes what is missing of the search (Index). It may run at any time and twice.
func (s *Service) Daily(ctx context.Context) (err error) {
	defer errs.Wrapf(&err, "seal.Daily")
	today := clock.Today(ctx)
	for _, c := range s.classes {
		if c.Over == nil {
			continue
		}
		days, err := s.KeepDays(ctx, c.Kind)
		if err != nil {
			return err
		}
		_, err = s.Expire(ctx, c.Kind, func(ctx context.Context, of id.Ref) (func(id.Ref) bool, error) {
			day, err := c.Over(ctx, of)
			if errs.Is(err, errs.NotFound) { // its module no longer knows it
				return nil, nil
			}
			if err != nil || day == clock.Open || day.AddDays(int(days)) >= today {
				return nil, err
			}
			return All, nil
		})
		if err != nil {
			return err
		}
	}
	if _, _, err = s.Turn(ctx); err != nil {
		return err
	}
	_, err = s.Index(ctx)
	return err
}
