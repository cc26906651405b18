package volunteer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"xinhuo/internal/kit/testkit"
)

// What an import knows ahead changes nothing of what it says: the same lines, codes and problems as row by row, in the
// preview and when it is taken, whatever the rows do to each other (R33).
func TestAheadSaysWhatEachRowWouldSay(t *testing.T) {
	f := open(t)
	r := rand.New(rand.NewPCG(33, 3))
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	rounds := 3
	if testkit.Long() {
		rounds = 30
	}
	for round := range rounds {
		var b strings.Builder
		b.WriteString("编号,姓名,出生年,类别,所属单位,原职业,入队日期,确非同一人\n")
		for range 620 { // more than are looked up at once
			code, name := "", pick("王", "李", "张", "单")+pick("兰", "芳", "桂", "贵", "安", "德", "春")+pick("", "海", "明", "鸣", "英", "平")
			if r.IntN(8) == 0 {
				code = fmt.Sprintf("%s-V%04d", pick("990203", "990203013", "990203109"), 1+r.IntN(260))
			}
			if r.IntN(40) == 0 {
				name = ""
			}
			year := fmt.Sprint(1930 + r.IntN(30))
			if r.IntN(25) == 0 {
				year = ""
			}
			fmt.Fprintf(&b, "%s,%s,%s,老教师,%s,%s,2018-03-01,%s\n", code, name, year, pick("", "稻香镇", "南江渠镇", "没有这个镇"), pick("", "", "教师", "没有这个"), pick("", "", "", "是"))
		}
		data, at := []byte(b.String()), f.unit("990203").ID
		ahead, err := f.rec.Upload(f.ctx, Kind, at, "x.csv", data)
		f.must(err)
		plain := f.s.importer()
		plain.Begin, plain.Ahead = nil, nil
		f.rec.AddImporter(plain)
		rows, err := f.rec.Upload(f.ctx, Kind, at, "x.csv", data)
		f.must(err)
		f.rec.AddImporter(f.s.importer())
		if len(ahead.Lines) < 50 || ahead.Bad < 50 {
			t.Fatalf("%d lines and %d bad rows test little", len(ahead.Lines), ahead.Bad)
		}
		if !reflect.DeepEqual(ahead.Lines, rows.Lines) || !reflect.DeepEqual(ahead.Problems, rows.Problems) {
			t.Fatalf("round %d: what was known ahead changed the answer", round)
		}
		taken, err := f.rec.Take(f.ctx, ahead.Ref, true)
		f.must(err)
		if !reflect.DeepEqual(taken.Lines, ahead.Lines) || !reflect.DeepEqual(taken.Problems, ahead.Problems) {
			t.Fatalf("round %d: the preview said something else than was done", round)
		}
	}
	faults, err := f.led.Verify(f.ctx, nil)
	f.must(err)
	if len(faults.Faults) > 0 {
		t.Error(faults.Faults)
	}
}

// The number after those that an import gave is the next one: nobody has to try all of them again (R33).
func TestImportLeavesTheNextNumber(t *testing.T) {
	f := open(t)
	var b strings.Builder
	b.WriteString("姓名,出生年,类别,入队日期\n")
	for i := range 120 {
		fmt.Fprintf(&b, "%s兰,%d,老教师,2018-03-01\n", []string{"王", "李", "张", "赵"}[i%4], 1925+i/4)
	}
	p, err := f.rec.Upload(f.ctx, Kind, f.unit("990203").ID, "x.csv", []byte(b.String()))
	f.must(err)
	_, err = f.rec.Take(f.ctx, p.Ref, false)
	f.must(err)
	f.must(f.d.Tx(f.ctx, func(ctx context.Context) error {
		n, err := f.s.store.number(ctx, f.unit("990203").ID)
		if n != 121 {
			t.Errorf("the next number is %d", n)
		}
		return err
	}))
}
