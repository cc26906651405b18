package ledger

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// UnitTest is what units of one level are put to by a figure of their own on a day: at least N, or Less than that. Where
// narrows it to values of its breakdowns.
type UnitTest struct {
	Figure string
	Where  map[string]string
	Level  org.Level
	Less   bool
	N      int64
	Day    clock.Day
}

// testable are the kinds of figure that can be asked of each unit in one pass.
func testable(k Kind) bool { return k == State || k == Condition || k == Event }

// Testable tells whether units can be found by a figure: one that counts, not a ratio nor a number of kinds.
func (s *Service) Testable(code string) bool {
	c, err := s.figure(code)
	return err == nil && testable(c.Kind)
}

// UnitsSQL is a list of units for another module's statement, as ( SELECT unit … ): those within the ranges that meet the
// test. It answers as Ask does for each of them at the boundaries of the day, so that number, evidence and list agree.
func (s *Service) UnitsSQL(t UnitTest, in scope.Set) (string, error) {
	c, err := s.figure(t.Figure)
	if err != nil {
		return "", err
	}
	if !testable(c.Kind) || !t.Level.Known() || len(in) == 0 {
		return "", errs.New(errs.Invalid, "ledger.not_of_units", "Code", t.Figure)
	}
	f, known, err := s.filter(c, Query{Where: t.Where})
	if err != nil {
		return "", err
	}
	if !known {
		f.dims = []int64{-1} // a value that never occurred: nobody has any
	}
	return f.unitsSQL(t.Level, in, c.firstDay(t.Day), t.Day.Int(), t.Less, t.N), nil
}

// Meets tells whether one unit meets the test; what it is asked is Ask's own answer.
func (s *Service) Meets(ctx context.Context, t UnitTest, unit id.ID) (bool, error) {
	v, err := s.Ask(ctx, Query{Figure: t.Figure, Unit: unit, Day: t.Day, Where: t.Where})
	return (v.Int() >= t.N) != t.Less, err
}

// AtEach answers a figure at units right below the one that is asked, for a table that compares them.
func (s *Service) AtEach(ctx context.Context, q Query, units []org.Unit) (map[id.ID]Value, error) {
	out := map[id.ID]Value{}
	q = q.normal()
	err := s.db.Read(ctx, func(ctx context.Context) error {
		list, err := s.atEach(ctx, q, units)
		for _, c := range list {
			out[c.unit.ID] = c.value
		}
		return err
	})
	return out, err
}

// ValueNamed finds a value of a figure's breakdowns by how it is written or called.
func (s *Service) ValueNamed(ctx context.Context, code, text string) (breakdown, value string, ok bool) {
	c, err := s.figure(code)
	if err != nil {
		return "", "", false
	}
	for _, b := range c.Breakdowns {
		for _, v := range s.knownValues(c, b) {
			if v != "" && (v == text || s.label(ctx, c.Record, b, v) == text) {
				return b, v, true
			}
		}
	}
	return "", "", false
}

// ValueName is a value of a figure's breakdown in words.
func (s *Service) ValueName(ctx context.Context, code, breakdown, value string) string {
	c, err := s.figure(code)
	if err != nil {
		return value
	}
	return s.label(ctx, c.Record, breakdown, value)
}
