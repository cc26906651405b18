package seal

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

// An exact search over the blind index of a city that keeps XINHUO_SEAL_ROWS sealed records (20,000 without it), each with a name and
// a telephone, spread over a thousand matters and sealed as Seal does. The milliseconds are reported; a test asserts no time.
func BenchmarkFind(b *testing.B) {
	rows := 20_000
	if n, err := strconv.Atoi(os.Getenv("XINHUO_SEAL_ROWS")); err == nil {
		rows = n
	}
	w := open(b)
	w.s.AddSubject(Subject{Kind: w.owner.Kind, Find: []string{"phone"}})
	w.s.AddMatters(func(_ context.Context, of id.Ref) (Matter, error) {
		return Matter{Owners: []Owner{{Kind: w.owner.Kind, Of: of, Unit: w.town.ID}}}, nil
	})
	w.seal() // makes the key file
	ring, err := w.s.keys.ring(false)
	w.must(err)
	phone := func(i int) string { return fmt.Sprintf("139%08d", i) }
	analyze := func() { // as a server does by itself: what was planned for an empty table checks each reference through all rows
		if w.d.Engine != db.Postgres {
			return
		}
		for _, table := range []string{"seal_record", "seal_value"} {
			w.must(w.d.Tx(w.ctx, func(ctx context.Context) error {
				_, err := w.d.Exec(ctx, `ANALYZE `+table)
				return err
			}))
		}
	}
	began := time.Now()
	const lot = 400
	for from := 0; from < rows; from += lot {
		var records, values []any
		for i := from; i < min(rows, from+lot); i++ {
			r := recordRow{Root: w.town.Root(), ID: id.New(), Kind: w.owner.Kind}
			key := random()
			wrapped, err := ring.suite.encrypt(ring.kek[0].key, key, bound("seal_record", "wrapped", r.ref(), r.Kind))
			w.must(err)
			records = append(records, r.Root, r.ID, r.Kind, r.Root, id.ID(1000+i%1000), w.town.ID, ring.kek[0].name, wrapped, "")
			for field, text := range map[string]string{"name": fmt.Sprintf("陈小满%d", i), "phone": phone(i)} {
				value, err := ring.suite.encrypt(key, []byte(text), bound("seal_value", "value", r.ref(), field))
				w.must(err)
				blind := ""
				if field == "phone" {
					blind = ring.blindOf(r.Kind, field, text)
				}
				values = append(values, r.Root, r.ID, field, value, blind)
			}
		}
		w.must(w.d.Tx(w.ctx, func(ctx context.Context) error {
			if err := w.d.InsertMany(ctx, `INSERT INTO seal_record (root, id, kind, of_root, of_id, unit, kek, wrapped, erased)`, "", 9, records); err != nil {
				return err
			}
			return w.d.InsertMany(ctx, `INSERT INTO seal_value (root, record, field, value, blind)`, "", 5, values)
		}))
		if from == 0 {
			analyze()
		}
	}
	analyze()
	b.Logf("%d rows in %s", rows, time.Since(began).Round(time.Second))
	keeper := w.as(w.town, 1)
	for b.Loop() {
		var alone, whole []time.Duration // the search, and with its row in the log, which is on the disk before anything is shown
		for i := range 200 {
			value, want := phone(i*7919%rows), 1
			if i%4 == 0 {
				value, want = fmt.Sprintf("138%08d", i), 0
			}
			began := time.Now()
			got, err := w.s.store.foundAcrossUnits(w.ctx, w.town.Root(), w.owner.Kind, "phone", ring.blindOf(w.owner.Kind, "phone", value), w.town.ID)
			alone = append(alone, time.Since(began))
			w.must(err)
			began = time.Now()
			refs, err := w.s.Named(keeper, w.town, "", value)
			whole = append(whole, time.Since(began))
			w.must(err)
			if len(got) != want || len(refs) != want {
				b.Fatalf("%s: %d and %d found", value, len(got), len(refs))
			}
		}
		for what, took := range map[string][]time.Duration{"search": alone, "logged": whole} {
			slices.Sort(took)
			b.ReportMetric(float64(took[100].Microseconds())/1000, what+"-p50-ms")
			b.ReportMetric(float64(took[190].Microseconds())/1000, what+"-p95-ms")
		}
	}
}
