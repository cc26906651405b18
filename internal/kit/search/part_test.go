package search

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

func (f *fixture) putAll(texts []Text) error {
	return f.x.db.Tx(f.ctx, func(ctx context.Context) error {
		var args []any
		for _, t := range texts {
			args = append(args, t.Doc, "x")
		}
		if err := f.x.db.InsertMany(ctx, `INSERT INTO paper (id, kind)`, "ON CONFLICT (id) DO NOTHING", 2, args); err != nil {
			return err
		}
		return f.x.Put(ctx, texts...)
	})
}

func (f *fixture) parts() (list []sized) {
	f.Helper()
	list, err := db.Select[sized](f.ctx, f.x.db, `SELECT part, docs FROM paper_search_part`)
	if err != nil {
		f.Fatal(err)
	}
	return list
}

// L29: whatever is put in and changed, in whatever lots and order, is found as it is now, newest and best first; the parts stay few, and
// what was changed or dropped does not stay in them for ever.
func TestPartsBecomeOne(t *testing.T) {
	testkit.Full(t)
	f := open(t)
	r := rand.New(rand.NewPCG(7, 11))
	words := []string{"阵地建设", "志愿服务", "普法", "五老", "gov", "帮扶"}
	now := map[id.ID]string{}
	for step := range 60 {
		var list []Text
		for range []int{1, 3, 40, 300}[r.IntN(4)] {
			doc := id.ID(1 + r.IntN(6_000))
			body := fmt.Sprintf("%s，%s。%d", words[r.IntN(len(words))], words[r.IntN(len(words))], step)
			if !slices.ContainsFunc(list, func(x Text) bool { return x.Doc == doc }) {
				list, now[doc] = append(list, Text{Doc: doc, Title: "材料", Body: body}), body
			}
		}
		if err := f.putAll(list); err != nil {
			t.Fatal(err)
		}
		gone := list[0].Doc
		if err := f.x.db.Tx(f.ctx, func(ctx context.Context) error { return f.x.Drop(ctx, gone) }); err != nil {
			t.Fatal(err)
		}
		delete(now, gone)
		needle := words[r.IntN(len(words))]
		var want []id.ID
		for doc, body := range now {
			if strings.Contains(body, needle) {
				want = append(want, doc)
			}
		}
		got, more := f.find(needle, "1 = 1")
		slices.Sort(got)
		slices.Sort(want)
		if more || !slices.Equal(got, want) {
			t.Fatalf("step %d, %s: %d are found, want %d", step, needle, len(got), len(want))
		}
		held := map[int]int{}
		for _, p := range f.parts() {
			held[grade(p.Docs)]++
		}
		for g, n := range held {
			if g < grade(full) && n >= tooMany {
				t.Fatalf("step %d: %d parts of grade %d", step, n, g)
			}
		}
	}
}

// A full part of which much was changed since is written anew, without that.
func TestFullPartsBecomeThin(t *testing.T) {
	testkit.Full(t)
	f := open(t)
	lot := func(n int, body string) (list []Text) {
		for i := range n {
			list = append(list, Text{Doc: id.ID(i + 1), Title: "材料", Body: body})
		}
		return list
	}
	if err := f.putAll(lot(2*full, "旧的说法")); err != nil {
		t.Fatal(err)
	}
	for i := range tooMany {
		if err := f.putAll(lot(full/2+100, fmt.Sprintf("新的说法%d", i))[i*140 : (i+1)*140]); err != nil {
			t.Fatal(err)
		}
	}
	docs := 0
	for _, p := range f.parts() {
		docs += p.Docs
	}
	if docs != 2*full {
		t.Errorf("%d texts in the parts, %d in all", docs, 2*full)
	}
	if got, _ := f.find("旧的", "1 = 1"); len(got) != min(2*full-140*tooMany, Most) {
		t.Error(len(got))
	}
}

// Several write at once, and somebody looks within a transaction that writes: nothing is lost, nothing found twice.
func TestManyWriteAtOnce(t *testing.T) {
	f := open(t)
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range 30 {
				if err := f.putAll([]Text{{Doc: id.ID(1 + w + 4*i), Title: "通知", Body: "共同的说法"}}); err != nil {
					t.Error(err)
				}
				q, _ := Parse("共同的说法", nil)
				if err := f.x.db.Tx(f.ctx, func(ctx context.Context) error {
					_, _, err := Find(ctx, f.x, q, Among{From: "paper d", Doc: "d.id", Where: "1 = 1"}, "d.id AS doc, d.kind", func(r row) id.ID { return r.Doc })
					return err
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	got, _ := f.find("共同的说法", "1 = 1")
	for i := range 120 {
		if len(got) != 120 || got[i] != id.ID(120-i) {
			t.Fatal(got)
		}
	}
}

// Of more candidates than may be seen, as many are asked as it takes, the newest first.
func TestFewMayBeSeen(t *testing.T) {
	f := open(t)
	var list []Text
	for i := range 3_000 {
		list = append(list, Text{Doc: id.ID(i + 1), Title: "通知", Body: "阵地"})
	}
	if err := f.putAll(list); err != nil {
		t.Fatal(err)
	}
	for where, want := range map[string]int{"d.id % 50 = 0": 60, "d.id < 10": 9, "d.id > 2999": 1, "1 = 0": 0, "d.id > 1000": Most} {
		if got, more := f.find("阵地", where); len(got) != want || more {
			t.Errorf("%s: %d, %v", where, len(got), more)
		}
	}
	if got, more := f.find("阵地", "d.id > 999"); len(got) != Most || !more || got[0] != 3_000 {
		t.Error(len(got), more)
	}
}

// The newest are found first also when they stand in several parts beside older ones.
func TestPartsLieAcross(t *testing.T) {
	testkit.Full(t)
	f := open(t)
	for lot := range 3 {
		var list []Text
		for i := range full + 52 {
			list = append(list, Text{Doc: id.ID(3*i + lot + 1), Title: "通知", Body: "阵地"})
		}
		if err := f.putAll(list); err != nil {
			t.Fatal(err)
		}
	}
	got, more := f.find("阵地", "1 = 1")
	for i := range Most {
		if len(got) != Most || !more || got[i] != id.ID(3*(full+52)-i) {
			t.Fatal(len(got), more, i, got[i])
		}
	}
}

// FuzzPage: whatever stands in a page or a head, reading it ends, with an error or without.
func FuzzPage(f *testing.F) {
	one := Text{Doc: 7, Title: "关工委工作", Body: "关工委的工作，gov 的工作", Kin: []int64{-3}}.ready()
	one.places = one.tokens()
	p := partOf([]ready{one})
	f.Add(p.pages[0], p.head.bytes())
	f.Add([]byte{0, 200}, []byte{255, 255, 255})
	q, err := Parse("关工委 gov 工作", nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, page, first []byte) {
		h, err := readHead(first)
		if err != nil {
			h = &p.head
		}
		_ = h.page(3)
		_, _ = merged([]part{{head: head{docs: h.docs, stamps: h.stamps, titles: h.titles, firsts: []uint64{0}}, pages: [][]byte{page}}}, func(id.ID) bool { return true })
		_ = entries(page, 0, func(e entry) bool {
			for _, titles := range []bool{false, true} {
				_, _ = q.answers(h, func(uint64) []byte { return e.list }, titles, "public")
			}
			return true
		})
	})
}

// Pages are held in memory, also those that a transaction wrote and read before it was rolled back: nobody finds anything in them.
func TestWhatWasRolledBackIsNotFound(t *testing.T) {
	f := open(t)
	f.put(1, "a", "材料", "护苗行动")
	broken := errors.New("no")
	err := f.x.db.Tx(f.ctx, func(ctx context.Context) error {
		if err := f.x.Put(ctx, Text{Doc: 1, Title: "材料", Body: "旧的说法"}, Text{Doc: 2, Title: "材料", Body: "护苗行动"}); err != nil {
			return err
		}
		within := *f
		within.ctx = ctx
		if got, _ := within.find("护苗", "1 = 1"); len(got) != 0 { // the document of the second is not there
			t.Error(got)
		}
		if got, _ := within.find("旧的", "1 = 1"); !slices.Equal(got, []id.ID{1}) {
			t.Error(got)
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	for range 2 { // from the database, then from memory
		if got, _ := f.find("旧的", "1 = 1"); len(got) != 0 {
			t.Error(got)
		}
		if got, _ := f.find("护苗", "1 = 1"); !slices.Equal(got, []id.ID{1}) {
			t.Error(got)
		}
	}
}
