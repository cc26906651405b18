package seal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Year is what a unit has to be able to show of a year in which it handled what is known of minors (Regulations on the Protection of Minors
// in Cyberspace, article 37: an audit each year, reported to the cyberspace administration). Numbers alone; each is counted anew.
type Year struct {
	Unit     org.Unit
	Subtree  bool // with all units below: for who holds the log there
	From, To clock.Day
	Kinds    []KindYear
	Acts     []audit.Tally // reading, letting in, refused attempts, erasing …: by act, over all kinds
	Wishes   []WishYear
	Late     int64 // wishes answered after their day, or open beyond it
	Grants   int64 // live at the end
	Log      audit.Head
	Watched  audit.Watched // when the whole log was last verified
	Damaged  int           // differences that were found in it, looked into or not
	Keys     *KeyState     // nil when the key file is not there
}

// KindYear is a kind of sealed record in a year.
type KindYear struct {
	Kind      string `db:"kind"`
	Entered   int64  `db:"entered_n"`
	Live      int64  `db:"live_n"` // today
	Erased    int64  `db:"erased_n"`
	Expired   int64  `db:"expired_n"`
	Consented int64  `db:"-"`
	Withdrawn int64  `db:"-"`
	Refused   int64  `db:"-"`
	Keep      int64  `db:"-"` // days; 0 when its module says so elsewhere
}

// WishYear counts wishes by kind.
type WishYear struct {
	Kind     string `db:"kind"`
	Received int64  `db:"received_n"`
	Answered int64  `db:"answered_n"`
	Late     int64  `db:"late_n"`
}

// Year gathers it for a unit: for its own office what the unit itself did, for who holds the log there with all units below.
func (s *Service) Year(ctx context.Context, u org.Unit, year int) (y Year, err error) {
	defer errs.Wrapf(&err, "seal.Year")
	a, today := scope.From(ctx), clock.Today(ctx)
	y = Year{Unit: u, From: clock.Day(fmt.Sprintf("%d-01-01", year)), To: clock.Day(fmt.Sprintf("%d-12-31", year))}
	if year < 2000 || y.From > today {
		return y, errs.New(errs.NotFound, "errs.not_found")
	}
	y.To = min(y.To, today)
	y.Subtree = a.Auditor && a.AuditSet.Contains(u.Pos)
	if !y.Subtree {
		if err := s.tends(ctx, u); err != nil {
			return y, err
		}
	}
	units, reach := []id.ID(nil), scope.Range{From: u.Pos, To: u.Pos + 1}
	if units, err = s.kept(ctx, u); err != nil {
		return y, err
	}
	if y.Subtree {
		reach = u.Range()
		if units, err = s.unitsWithin(ctx, reach); err != nil {
			return y, err
		}
	}
	if len(units) > 0 {
		if y.Kinds, err = s.store.kindYearAcrossUnits(ctx, units, y.From, y.To); err != nil {
			return y, err
		}
		rows, err := s.store.consentYearAcrossUnits(ctx, units, y.From, y.To)
		if err != nil {
			return y, err
		}
		for i := range y.Kinds {
			for _, r := range rows {
				if k := &y.Kinds[i]; r.Kind == k.Kind {
					k.Consented, k.Withdrawn, k.Refused = r.Given, r.Withdrawn, r.Refused
				}
			}
			if y.Kinds[i].Keep, err = s.keepIn(ctx, u.Root(), y.Kinds[i].Kind); err != nil {
				return y, err
			}
		}
		if y.Grants, err = s.store.liveGrantsAcrossUnits(ctx, units, today); err != nil {
			return y, err
		}
	}
	tallies, err := s.audit.Tallies(ctx, reach, "seal.act.", y.From, y.To)
	if err != nil {
		return y, err
	}
	for _, t := range tallies {
		i := slices.IndexFunc(y.Acts, func(x audit.Tally) bool { return x.Act == t.Act })
		if i < 0 {
			i = len(y.Acts)
			y.Acts = append(y.Acts, audit.Tally{Act: t.Act})
		}
		y.Acts[i].Done, y.Acts[i].Refused = y.Acts[i].Done+t.Done, y.Acts[i].Refused+t.Refused
	}
	slices.SortFunc(y.Acts, func(a, b audit.Tally) int { return strings.Compare(a.Act, b.Act) })
	if y.Wishes, err = s.store.wishYearAcrossUnits(ctx, reach, y.From, y.To, today); err != nil {
		return y, err
	}
	for _, w := range y.Wishes {
		y.Late += w.Late
	}
	if y.Log, err = s.audit.Head(ctx); err != nil {
		return y, err
	}
	if y.Watched, err = s.audit.Watched(ctx); err != nil {
		return y, err
	}
	faults, err := s.audit.Faults(ctx)
	if err != nil {
		return y, err
	}
	y.Damaged = len(faults)
	if k, err := s.KeyState(); err == nil {
		y.Keys = &k
	}
	return y, nil
}

// unitsWithin are the units of a subtree that keep something sealed.
func (s *Service) unitsWithin(ctx context.Context, r scope.Range) (out []id.ID, err error) {
	all, err := s.store.unitsAcrossRoots(ctx, scope.Range{From: r.From / org.City.Span(), To: (r.To-1)/org.City.Span() + 1})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	known, err := s.org.ByIDs(ctx, all)
	for _, x := range all {
		if p := known[x].Pos; r.From <= p && p < r.To {
			out = append(out, x)
		}
	}
	return out, err
}

// keepIn is how long a kind is kept in a city; 0 when nobody has told.
func (s *Service) keepIn(ctx context.Context, root int64, kind string) (int64, error) {
	for _, c := range s.classes {
		if c.Kind != kind {
			continue
		}
		if c.Live != nil {
			return c.Live(ctx, root)
		}
		return s.KeepDays(ctx, kind)
	}
	return 0, nil
}

// Label is what records of a kind are called: as its class says, or by its own key.
func (s *Service) Label(ctx context.Context, kind string) string {
	for _, c := range s.classes {
		if c.Kind == kind {
			return tr(ctx, c.Name)
		}
	}
	if kind == wishKind {
		return tr(ctx, "seal.wish_what")
	}
	return tr(ctx, "seal.kind_other")
}
