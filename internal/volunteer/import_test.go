package volunteer

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// A row that is refused after it wrote leaves nothing behind, in the lists and in the figures, and the rows around it
// stand (R33): an import runs over its table once, and posts all of it at its end.
func TestRefusedRowLeavesNothing(t *testing.T) {
	f := open(t)
	refused := errors.New("refused")
	f.must(f.d.Tx(f.ctx, func(ctx context.Context) error {
		return f.led.Batch(ctx, func(ctx context.Context) error {
			for i := range 12 {
				err := f.d.Try(ctx, func(ctx context.Context) error {
					return f.led.Part(ctx, func(ctx context.Context) error {
						v := Volunteer{Unit: f.unit("990203013").ID, Name: fmt.Sprint("王德", i), Kind: Teacher, AdmittedOn: "2018-02-01"}
						if _, err := f.s.Create(ctx, v); err != nil {
							return err
						}
						if i%3 == 1 {
							return refused
						}
						return nil
					})
				})
				if i%3 == 1 != errors.Is(err, refused) {
					return fmt.Errorf("row %d: %w", i, err)
				}
			}
			return nil
		})
	}))
	p, err := f.s.List(f.ctx, f.unit("9902"), today, Filter{}, -1, "", 100)
	f.must(err)
	if len(p.Volunteers) != 8 {
		t.Errorf("%d stand in the list, want 8", len(p.Volunteers))
	}
	f.expect("9902", today, map[string]int64{"volunteer.active": 8})
	faults, err := f.led.Verify(f.ctx, nil)
	f.must(err)
	if len(faults.Faults) > 0 {
		t.Error(faults.Faults)
	}
}

// A row that the rules refuse is told with the column's own name in the table and what its cell says.
func TestRefusedRowSaysWhatItsCellSays(t *testing.T) { // R33
	f := open(t)
	p, err := f.rec.Upload(f.ctx, Kind, f.unit("9902").ID, "a.csv", []byte("姓名,类别,所属单位,入队日期\n赵测试,老教师,没有的镇,2018-05-01\n"))
	f.must(err)
	if len(p.Problems) != 1 || p.Problems[0].Column != "所属单位" || p.Problems[0].Args["Cell"] != "没有的镇" {
		t.Errorf("%+v", p.Problems)
	}
}
