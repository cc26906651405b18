package ledger

import (
	"context"
	"fmt"
	"reflect"
)

// CheckShortcuts compares what the pages read in one go with the answers of Ask and Course; "" when they agree.
func (s *Service) CheckShortcuts(ctx context.Context, q Query) string {
	all, err := s.balances(ctx, q)
	if err != nil {
		return err.Error()
	}
	for code, v := range all {
		got, err := s.Ask(ctx, q.of(code))
		if err != nil || got.Int() != v.Int() {
			return fmt.Sprintf("%s: %d in the book, %d asked (%v)", code, v.Int(), got.Int(), err)
		}
	}
	for _, d := range s.Figures() {
		at := q.of(d.Code)
		fast, err := s.course(ctx, at, 8)
		if err != nil {
			return err.Error()
		}
		slow, err := s.Course(ctx, at, 8)
		if err != nil {
			return err.Error()
		}
		if !reflect.DeepEqual(values(fast), values(slow)) {
			return fmt.Sprintf("%s: course %v, asked %v", d.Code, values(fast), values(slow))
		}
		children, _, err := s.compare(ctx, at)
		if err != nil {
			return err.Error()
		}
		for _, c := range children {
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

func values(list []Point) (out []string) {
	for _, p := range list {
		out = append(out, fmt.Sprint(p.Day, p.Int(), p.Amount == nil))
	}
	return out
}
