package ledger

import (
	"context"
	"sort"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const (
	// mostLeft is how many records that were not counted a page lists.
	mostLeft = 50
	// mostLooked is how many records of a subtree are looked at, the latest first: beyond, a page would wait for it.
	mostLooked = 3000
)

// Left is a record that a figure left out, and why.
type Left struct {
	Description
	Reason string // in the reader's language: 2018年3月1日已撤牌
}

// LeftOut are the records near a question that were not counted.
type LeftOut struct {
	Rows []Left
	More int  // further ones that are not listed
	Cut  bool // there are records that were not looked at
}

// LeftOut lists the records of a unit's subtree, as far as the reader views it, that a figure did not count on its day or
// in its period, with the reason: handed in and not granted, void, ended, not begun, of a unit that has ended, outside
// the years asked for. Of a ratio those of its numerator; a source without Near has none, and neither has a question of
// what was known earlier.
func (s *Service) LeftOut(ctx context.Context, q Query) (out LeftOut, err error) {
	defer errs.Wrapf(&err, "ledger.LeftOut %s", q.Figure)
	err = s.db.Read(ctx, func(ctx context.Context) error {
		out, err = s.leftOut(ctx, q.normal())
		return err
	})
	return out, err
}

func (s *Service) leftOut(ctx context.Context, q Query) (LeftOut, error) {
	var out LeftOut
	c, err := s.figure(q.Figure)
	if err != nil {
		return out, err
	}
	if c.Kind == Derived {
		return s.leftOut(ctx, q.of(c.Numerator))
	}
	src := s.sources[c.Record]
	if src == nil || src.Near == nil || q.KnownAt > 0 {
		return out, nil
	}
	u, err := s.org.Unit(ctx, q.Unit)
	if err != nil {
		return out, err
	}
	ids, err := src.Near(ctx, scope.From(ctx).ViewSet.Within(u.Range()), mostLooked)
	if err != nil || len(ids) == 0 {
		return out, err
	}
	out.Cut = len(ids) == mostLooked
	type found struct {
		rec id.ID
		missing
	}
	var list []found
	for len(ids) > 0 {
		n := min(len(ids), 500)
		recs, err := src.Load(ctx, ids[:n])
		if err != nil {
			return out, err
		}
		ids = ids[n:]
		units := map[id.ID]bool{}
		for _, r := range recs {
			for _, row := range r.Rows {
				for _, u := range row.Units {
					units[u] = true
				}
			}
		}
		t, err := s.nodes(ctx, keys(units))
		if err != nil {
			return out, err
		}
		for _, r := range recs {
			m, err := c.why(r, t, q)
			if err != nil {
				return out, err
			}
			if m.why != counted {
				list = append(list, found{r.Ref.ID, m})
			}
		}
	}
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i], list[j]
		switch {
		case a.why != b.why:
			return a.why < b.why
		case a.day != b.day:
			return a.day > b.day
		}
		return a.rec > b.rec
	})
	out.More = max(0, len(list)-mostLeft)
	list = list[:len(list)-out.More]
	recs, units := make([]id.ID, len(list)), map[id.ID]bool{}
	for i, f := range list {
		recs[i], units[f.unit] = f.rec, true
	}
	desc, err := s.describe(ctx, src.Kind, recs)
	if err != nil {
		return out, err
	}
	names, err := s.org.ByIDs(ctx, keys(units))
	if err != nil {
		return out, err
	}
	for _, f := range list {
		key := f.key(func(key string) bool { return i18n.Has(ctx, key) })
		out.Rows = append(out.Rows, Left{desc[f.rec], i18n.T(ctx, key, "Day", i18n.Day(ctx, f.day), "Unit", names[f.unit].Name)})
	}
	return out, nil
}
