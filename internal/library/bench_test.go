package library

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// scribe writes texts in which words come as often as words do (Zipf): a few are in every text, most in a handful.
type scribe struct {
	r     *rand.Rand
	words []string
	often *rand.Zipf
}

func newScribe() *scribe {
	r := rand.New(rand.NewPCG(1, 2))
	w := &scribe{r: r, words: []string{"工作", "青少年", "关工委", "教育", "五老", "志愿者", "活动", "学校", "社区", "阵地", "基地", "项目", "2019年"}}
	for len(w.words) < 20_000 {
		var b strings.Builder
		for range 2 + r.IntN(3) {
			b.WriteRune(rune(0x4E00 + int(2500*r.Float64()*r.Float64())))
		}
		w.words = append(w.words, b.String())
	}
	w.often = rand.NewZipf(r, 1.1, 4, uint64(len(w.words)-1))
	return w
}

func (w *scribe) text(bytes int) string {
	var b strings.Builder
	for b.Len() < bytes {
		for range 3 + w.r.IntN(6) {
			b.WriteString(w.words[w.often.Uint64()])
		}
		b.WriteString("，")
	}
	return b.String()
}

func (w *scribe) title() string {
	var b strings.Builder
	for range 4 {
		b.WriteString(w.words[w.often.Uint64()])
	}
	return b.String()
}

// BenchmarkLibrary fills a library with XINHUO_LIBRARY_DOCS documents (20,000 when not said), straight through the store, and asks for
// its pages through their handlers. Run it with -benchtime 1x; what it prints stands in docs/benchmarks.md.
func BenchmarkLibrary(b *testing.B) {
	docs := 20_000
	if n, err := strconv.Atoi(os.Getenv("XINHUO_LIBRARY_DOCS")); err == nil {
		docs = n
	}
	w, a := openWorld(b), newScribe()
	for b.Loop() {
		began := time.Now()
		for from := 0; from < docs; from += 500 {
			w.must(w.db.Tx(w.ctx, func(ctx context.Context) error { return w.fillWith(ctx, a, min(500, docs-from)) }))
		}
		fmt.Printf("%d documents put in, %.0f a second; their texts put into the index, %.0f a second\n", docs, float64(docs)/time.Since(began).Seconds(), float64(docs)/w.indexing.Seconds())
		if w.db.Engine == db.Postgres {
			rows, err := w.db.Rows(w.ctx, `VACUUM ANALYZE`) // what PostgreSQL does by itself within a minute, where it is not told to leave it
			w.must(err)
			w.must(errors.Join(rows.Close(), rows.Err()))
		}
		w.timed(a)
	}
}

// fillWith writes documents of every unit, circle and category with their texts, sketches and words.
func (w *world) fillWith(ctx context.Context, a *scribe, n int) error {
	units := map[string]org.Unit{}
	var list []Listed
	var numbers []any
	for range n {
		code := places[a.r.IntN(len(places))]
		if units[code].ID == 0 {
			units[code] = w.unit(code)
		}
		u, ref := units[code], id.Ref{ID: id.New()}
		ref.Root = u.Root()
		t := Text{Blocks: []extract.Block{{Text: a.text(2_000 + a.r.IntN(2_000))}}}
		d := Document{No: int64(20_000_000 + w.filled), Unit: u.ID, Title: a.title(), Category: kinds[a.r.IntN(len(kinds))], Year: 2000 + a.r.IntN(20), Visible: Circles[a.r.IntN(len(Circles))],
			State: Issued, Uploaded: today, Pages: 3, File: file.Kept{Kind: "docx", Size: 40_000, Hash: fmt.Sprintf("%064d", w.filled)}}
		w.filled++
		body, err := json.Marshal(t)
		if err != nil {
			return err
		}
		sketch := Sketch(t.document().Text())
		if err := cmp.Or(w.s.putText(ctx, ref.Root, d.File.Hash, string(body), hex.EncodeToString(sketch.Bytes())), w.s.put(ctx, ref, d, u.Range(), false)); err != nil {
			return err
		}
		numbers = append(numbers, d.No, ref.Root, ref.ID)
		list = append(list, Listed{ID: ref.ID, Unit: d.Unit, Title: d.Title, Hash: d.File.Hash, State: d.State, Visible: d.Visible})
	}
	if err := w.db.InsertMany(ctx, `INSERT INTO library_number (no, root, id)`, "", 3, numbers); err != nil {
		return err
	}
	began := time.Now()
	defer func() { w.indexing += time.Since(began) }()
	texts, err := w.s.searched(ctx, list)
	if err != nil {
		return err
	}
	return w.s.index.Put(ctx, texts...)
}

// timed asks for the pages and prints how long each took.
func (w *world) timed(a *scribe) {
	frequent := func() string { return a.words[a.r.IntN(20)] }
	any := func() string { return a.words[a.r.IntN(len(a.words))] }
	list := func(words string) string { return "/library?q=" + url.QueryEscape(words) }
	var shown []string
	var kept []Document
	for i := range 20 {
		_, d := w.issued("990203", fmt.Sprintf("文件%d.txt", i), a.text(3_000), Document{Visible: VisiblePublic})
		shown, kept = append(shown, Path(d.No)), append(kept, d)
	}
	for _, who := range []string{"9902", "visitor"} {
		get := func(path func() string) func() { return func() { w.get(who, path(), 200) } }
		for _, x := range []struct {
			name string
			do   func()
		}{
			{"search, the 20 words that come most often", get(func() string { return list(frequent()) })},
			{"search, any word of the dictionary", get(func() string { return list(any()) })},
			{"search, two words", get(func() string { return list(a.words[a.often.Uint64()] + " " + a.words[a.often.Uint64()]) })},
			{"list without words", get(func() string { return "/library" })},
			{"list of a category", get(func() string { return "/library?category=" + kinds[a.r.IntN(len(kinds))] })},
			{"page of a document", get(func() string { return shown[a.r.IntN(len(shown))] })},
			{"suggestions, characters", get(func() string { return "/library/suggest?q=" + url.QueryEscape(any()) })},
			{"suggestions, frequent words", get(func() string { return "/library/suggest?q=" + url.QueryEscape(frequent()) })},
			{"suggestions, letters", get(func() string {
				return "/library/suggest?q=" + string([]byte{byte('a' + a.r.IntN(26)), byte('a' + a.r.IntN(26))}) + "angonge"[:a.r.IntN(8)]
			})},
			{"a text put in, issued, and found", func() {
				mark := fmt.Sprintf("%c%c%c", 0x9000+a.r.IntN(2_000), 0x9000+a.r.IntN(2_000), 0x9000+a.r.IntN(2_000))
				w.issued("990203", mark+".txt", a.text(3_000)+mark, Document{Visible: VisiblePublic})
				w.get(who, list(mark), 200)
			}},
			{"nearly the same", func() {
				d := kept[a.r.IntN(len(kept))]
				t, err := w.s.Text(w.ctx, d)
				w.must(err)
				_, err = w.s.Near(w.by(who), 0, d.File.Hash, t)
				w.must(err)
			}},
			{"related", func() {
				d := kept[a.r.IntN(len(kept))]
				t, err := w.s.Text(w.ctx, d)
				w.must(err)
				_, err = w.s.Related(w.by(who), 0, d, t)
				w.must(err)
			}},
		} {
			var all []time.Duration
			for range 100 {
				began := time.Now()
				x.do()
				all = append(all, time.Since(began))
			}
			slices.Sort(all)
			fmt.Printf("%-8s %-44s p50 %6.1f ms  p95 %6.1f ms\n", who, x.name, float64(all[50].Microseconds())/1000, float64(all[95].Microseconds())/1000)
		}
	}
}
