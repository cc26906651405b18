package ledger

import (
	"context"
	"fmt"
	"reflect"

	"xinhuo/internal/kit/clock"
)

// shortcuts is what a page reads of a unit in one go.
type shortcuts struct {
	all      map[string]Value
	courses  map[string][]Point
	children map[string][]childValue
}

func (s *Service) shortcuts(ctx context.Context, q Query) (out shortcuts, err error) {
	out = shortcuts{courses: map[string][]Point{}, children: map[string][]childValue{}}
	err = s.snapshot(ctx, func(ctx context.Context) error {
		if out.all, err = s.balances(ctx, q); err != nil {
			return err
		}
		for _, d := range s.Figures() {
			if out.courses[d.Code], err = s.course(ctx, q.of(d.Code), 8); err != nil {
				return err
			}
			if out.children[d.Code], _, err = s.compare(ctx, q.of(d.Code)); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// CheckShortcuts compares what the pages read in one go, and read again while nothing is posted, with the answers of Ask
// and Course, which keep nothing; "" when they agree.
func (s *Service) CheckShortcuts(ctx context.Context, q Query) string {
	first, err := s.shortcuts(ctx, q)
	if err != nil {
		return err.Error()
	}
	got, err := s.shortcuts(ctx, q)
	if err != nil || !reflect.DeepEqual(first, got) {
		return fmt.Sprintf("read again it says something else (%v)", err)
	}
	for code, v := range got.all {
		got, err := s.Ask(ctx, q.of(code))
		if err != nil || got.Int() != v.Int() {
			return fmt.Sprintf("%s: %d in the book, %d asked (%v)", code, v.Int(), got.Int(), err)
		}
	}
	for _, d := range s.Figures() {
		at := q.of(d.Code)
		if bad := s.checkValues(ctx, at, d); bad != "" {
			return bad
		}
		fast := got.courses[d.Code]
		slow, err := s.Course(ctx, at, 8)
		if err != nil {
			return err.Error()
		}
		if !reflect.DeepEqual(values(fast), values(slow)) {
			return fmt.Sprintf("%s: course %v, asked %v", d.Code, values(fast), values(slow))
		}
		for _, c := range got.children[d.Code] {
			one := at
			one.Unit = c.unit.ID
			v, err := s.Ask(ctx, one)
			if err != nil || !reflect.DeepEqual(v.Amount, c.value.Amount) {
				return fmt.Sprintf("%s at %s: %d compared, %d asked (%v)", d.Code, c.unit.Name, c.value.Int(), v.Int(), err)
			}
		}
	}
	return ""
}

// checkValues compares a figure's parts, read together, with each asked by itself, in the year of the day and in a month of it.
func (s *Service) checkValues(ctx context.Context, q Query, d Definition) string {
	month := q
	month.From, month.To = clock.Day(string(q.Day)[:5]+"03-10"), clock.Day(string(q.Day)[:5]+"05-20")
	for _, at := range []Query{q, month} {
		for _, b := range d.Breakdowns {
			by, err := s.ByValue(ctx, at, b)
			if err != nil {
				return err.Error()
			}
			for _, v := range s.knownValues(s.byCode[d.Code], b) {
				one := at
				one.Where = map[string]string{b: v}
				if got, err := s.Ask(ctx, one); err != nil || got.Int() != by[v] {
					return fmt.Sprintf("%s by %s: %d are %s, %d asked (%v)", d.Code, b, by[v], v, got.Int(), err)
				}
			}
		}
	}
	return ""
}

func values(list []Point) (out []string) {
	for _, p := range list {
		out = append(out, fmt.Sprint(p.Day, p.Int(), p.Amount == nil))
	}
	return out
}

// InPage answers a figure as a page does: from one snapshot, with what is kept.
func (s *Service) InPage(ctx context.Context, q Query, more ...func() error) (n int64, err error) {
	err = s.snapshot(ctx, func(ctx context.Context) error {
		for _, f := range more {
			if err := f(); err != nil {
				return err
			}
		}
		v, err := s.ask(ctx, q.normal())
		n = v.Int()
		return err
	})
	return n, err
}

// Keeps tells how many answers are kept for pages.
func (s *Service) Keeps() int { return len(s.kept.answers) }

// PartsInPage answers a figure's parts as a page does.
func (s *Service) PartsInPage(ctx context.Context, q Query, breakdown string) (by map[string]int64, err error) {
	err = s.snapshot(ctx, func(ctx context.Context) error {
		by, err = s.ByValue(ctx, q, breakdown)
		return err
	})
	return by, err
}
