package ledger

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// List is evidence: the records behind a figure, a page of them.
type List struct {
	Items []Item
	Next  string // key of the next page; empty at the end
	// KnownAt is the fold to which a question "as known at" was snapped, in Unix milliseconds.
	KnownAt int64
}

// Evidence lists the records behind a figure, filtered as the figure was; page by page by key, or all at limit 0. Of a
// distinct figure it lists the values, of a ratio the records of its numerator.
func (s *Service) Evidence(ctx context.Context, q Query, after string, limit int) (list List, err error) {
	defer errs.Wrapf(&err, "ledger.Evidence %s", q.Figure)
	q = q.normal()
	err = s.db.Read(ctx, func(ctx context.Context) error {
		list, err = s.evidenceOf(ctx, q, after, limit)
		return err
	})
	return list, err
}

func (s *Service) evidenceOf(ctx context.Context, q Query, after string, limit int) (List, error) {
	c, err := s.figure(q.Figure)
	if err != nil {
		return List{}, err
	}
	switch c.Kind {
	case Derived:
		return s.evidenceOf(ctx, q.of(c.Numerator), after, limit)
	case Distinct:
		return s.distinctValues(ctx, c, q)
	}
	where, err := s.subtree(ctx, q, c.Kind)
	if err != nil || len(where) == 0 {
		return List{}, err
	}
	f, ok, err := s.filter(c, q)
	if err != nil || !ok {
		return List{}, err
	}
	var list List
	var seq int64
	if q.KnownAt > 0 {
		if seq, list.KnownAt, err = s.foldedBy(ctx, q.KnownAt); err != nil {
			return List{}, err
		}
	}
	var afterDay, afterRec int64
	if after != "" {
		d, r, _ := strings.Cut(after, "-")
		afterDay, _ = strconv.ParseInt(d, 10, 64)
		rec, err := id.Parse(r)
		if err != nil {
			return List{}, errs.Wrap(err, errs.Invalid, "ledger.page_key")
		}
		afterRec = int64(rec)
	}
	max := limit
	if max <= 0 {
		max = 1 << 30
	}
	rows, err := s.store.evidence(ctx, f, where, q.Boundary, seq, q.KnownAt > 0, afterDay, afterRec, max+1)
	if err != nil {
		return List{}, err
	}
	if len(rows) > max {
		rows = rows[:max]
		last := rows[max-1]
		list.Next = fmt.Sprintf("%d-%s", last.Day, id.ID(last.Rec))
	}
	recs := make([]id.ID, len(rows))
	for i, r := range rows {
		recs[i] = id.ID(r.Rec)
	}
	kind := c.Record
	if c.Kind == Condition {
		kind = "unit"
	}
	desc, err := s.describe(ctx, kind, recs)
	if err != nil {
		return List{}, err
	}
	units := map[id.ID]bool{}
	for _, r := range rows {
		it := Item{Rec: id.ID(r.Rec), Day: clock.DayOfInt(r.Day), Amount: r.Amount, Description: desc[id.ID(r.Rec)]}
		units[it.Unit] = true
		list.Items = append(list.Items, it)
	}
	names, err := s.org.ByIDs(ctx, keys(units))
	if err != nil {
		return List{}, err
	}
	for i := range list.Items {
		u := names[list.Items[i].Unit]
		list.Items[i].UnitName, list.Items[i].UnitCode = u.Name, u.Code
	}
	return list, nil
}

func (s *Service) describe(ctx context.Context, kind string, recs []id.ID) (map[id.ID]Description, error) {
	out := map[id.ID]Description{}
	src := s.sources[kind]
	for len(recs) > 0 {
		n := min(len(recs), 500)
		part, err := src.Describe(ctx, recs[:n])
		if err != nil {
			return nil, err
		}
		for k, v := range part {
			out[k] = v
		}
		recs = recs[n:]
	}
	return out, nil
}

func (s *Service) distinctValues(ctx context.Context, c *compiled, q Query) (List, error) {
	values, err := s.values(ctx, c, q)
	if err != nil {
		return List{}, err
	}
	of, err := s.figure(c.DistinctOf)
	if err != nil {
		return List{}, err
	}
	unit, err := s.org.Unit(ctx, q.Unit)
	if err != nil {
		return List{}, err
	}
	var list List
	for v := range values {
		label := v
		if src := s.sources[of.Record]; src.Label != nil {
			label = src.Label(ctx, c.DistinctBy, v)
		}
		list.Items = append(list.Items, Item{Value: v, Day: q.Day, Amount: 1, UnitName: unit.Name, UnitCode: unit.Code,
			Description: Description{Code: v, Name: label, Unit: q.Unit}})
	}
	sort.Slice(list.Items, func(i, j int) bool { return list.Items[i].Code < list.Items[j].Code })
	return list, nil
}

// Difference is what changed between what was known at an instant and what is known now: records with the amounts by
// which they changed; they sum to the difference of the two figures.
func (s *Service) Difference(ctx context.Context, q Query) ([]Item, error) {
	now := q
	now.KnownAt = 0
	a, err := s.Evidence(ctx, q, "", 0)
	if err != nil {
		return nil, err
	}
	b, err := s.Evidence(ctx, now, "", 0)
	if err != nil {
		return nil, err
	}
	type key struct {
		rec   id.ID
		value string // values of a distinct figure have no record
	}
	was := map[key]Item{}
	for _, it := range a.Items {
		was[key{it.Rec, it.Value}] = it
	}
	var out []Item
	for _, it := range b.Items {
		k := key{it.Rec, it.Value}
		old := was[k]
		delete(was, k)
		if d := it.Amount - old.Amount; d != 0 {
			it.Amount = d
			out = append(out, it)
		}
	}
	for _, it := range a.Items {
		if _, gone := was[key{it.Rec, it.Value}]; gone {
			it.Amount = -it.Amount
			out = append(out, it)
		}
	}
	return out, nil
}
