package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

// writer writes texts in which words come as often as words do (Zipf): a few are in every text, most in a handful.
type writer struct {
	r     *rand.Rand
	words []string
	often *rand.Zipf
}

func newWriter() *writer {
	r := rand.New(rand.NewPCG(1, 2))
	w := &writer{r: r, words: []string{"工作", "青少年", "关工委", "教育", "五老", "志愿者", "活动", "学校", "社区", "阵地", "基地", "项目", "2019年"}}
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

func (w *writer) text(bytes int) string {
	var b strings.Builder
	for b.Len() < bytes {
		for range 3 + w.r.IntN(6) {
			b.WriteString(w.words[w.often.Uint64()])
		}
		b.WriteString("，")
	}
	return b.String()
}

// BenchmarkFind puts XINHUO_SEARCH_DOCS texts of 2 to 4 KB (20,000 when not said) into an index and looks for words of every
// frequency: those that are in every text, too. Run it with -benchtime 1x; what it prints stands in docs/benchmarks.md.
func BenchmarkFind(b *testing.B) {
	docs := 20_000
	if n, err := strconv.Atoi(os.Getenv("XINHUO_SEARCH_DOCS")); err == nil {
		docs = n
	}
	ctx := context.Background()
	d, err := db.Open(ctx, testkit.DSN(b))
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	x, w := New(d, "paper"), newWriter()
	tx := func(do func(ctx context.Context) error) {
		b.Helper()
		if err := d.Tx(ctx, do); err != nil {
			b.Fatal(err)
		}
	}
	tx(func(ctx context.Context) error {
		_, err := d.Exec(ctx, `CREATE TABLE paper (id BIGINT PRIMARY KEY, kind TEXT NOT NULL)`)
		return err
	})
	if err := x.Make(ctx); err != nil {
		b.Fatal(err)
	}
	texts := make([]string, docs)
	for i := range texts {
		texts[i] = w.text(2_000 + w.r.IntN(2_000))
	}
	for b.Loop() {
		began := time.Now()
		for part := range slices.Chunk(texts, 500) {
			tx(func(ctx context.Context) error {
				list := make([]Text, len(part))
				for i, t := range part {
					doc := id.New()
					list[i] = Text{Doc: doc, Title: t[:30], Body: t, Names: []string{"云州市南江区柳溪镇关工委"}, People: []string{"林素云"}}
					if _, err := d.Exec(ctx, `INSERT INTO paper (id, kind) VALUES ($1, $2)`, doc, string(t[:3])); err != nil {
						return err
					}
				}
				return x.Put(ctx, list...)
			})
		}
		if d.Engine == db.Postgres {
			tx(func(ctx context.Context) error { _, err := d.Exec(ctx, `ANALYZE`); return err })
		}
		fmt.Printf("%d texts put in, %.0f a second\n", docs, float64(docs)/time.Since(began).Seconds())
		for _, group := range []struct {
			name  string
			words func() string
		}{
			{"the 20 words that come most often", func() string { return w.words[w.r.IntN(20)] }},
			{"words as often as texts say them", func() string { return w.words[w.often.Uint64()] }},
			{"two words together", func() string { return w.words[w.often.Uint64()] + " " + w.words[w.often.Uint64()] }},
			{"any word of the dictionary", func() string { return w.words[w.r.IntN(len(w.words))] }},
		} {
			var all []time.Duration
			found := 0
			for range 200 {
				q, err := Parse(group.words(), nil)
				if err != nil {
					b.Fatal(err)
				}
				began := time.Now()
				hits, _, err := Find(ctx, x, q, Among{From: "paper d", Doc: "d.id", Where: "d.kind <> $1", Args: []any{"no"}}, "d.id AS doc, d.kind", func(r row) id.ID { return r.Doc })
				if err != nil {
					b.Fatal(err)
				}
				all, found = append(all, time.Since(began)), found+len(hits)
			}
			slices.Sort(all)
			fmt.Printf("%-36s p50 %5.1f ms  p95 %5.1f ms  %d hits on average\n", group.name, ms(all[100]), ms(all[190]), found/200)
		}
	}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
