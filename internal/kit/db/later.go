package db

import (
	"context"
	"slices"
	"strings"
)

// Rows says how rows of a table are inserted: Insert is all before VALUES, After all behind it.
type Rows struct{ Table, Insert, After string }

// waiting are rows of one table that wait to be written together.
type waiting struct {
	Rows
	width int
	args  []any
}

// Gather lets rows that Later is given from here on wait in the transaction, until a statement names their table or the
// transaction commits. A rehearsal never writes them, and Try needs no savepoint where nothing else is written. For
// imports, which do the same for each of thousands of rows.
func (d *DB) Gather(ctx context.Context) {
	if t := d.tx(ctx); t != nil {
		t.gather = true
	}
}

// Gathers tells whether the context carries a transaction that gathers.
func (d *DB) Gathers(ctx context.Context) bool { t := d.tx(ctx); return t != nil && t.gather }

// Later inserts rows, all columns of all of them in args: at once, or with others when the transaction gathers. A row that
// collides is then found out when it is written, so the caller looks before. With an After, of several rows with the same
// first column the last one is written.
func (d *DB) Later(ctx context.Context, r Rows, width int, args ...any) error {
	t := d.tx(ctx)
	if t == nil || !t.gather {
		return d.InsertMany(ctx, r.Insert, r.After, width, args)
	}
	for i := range t.waits {
		if w := &t.waits[i]; w.Insert == r.Insert {
			w.args = append(w.args, args...)
			return nil
		}
	}
	t.waits = append(t.waits, waiting{r, width, slices.Clone(args)})
	return nil
}

type pastKey struct{}

// Past reads past the rows that wait: the caller knows of them himself.
func Past(ctx context.Context) context.Context { return context.WithValue(ctx, pastKey{}, true) }

// settle writes what waits for the tables that a statement names; with an empty text, all.
func (d *DB) settle(ctx context.Context, t *tx, q string) error {
	if ctx.Value(pastKey{}) != nil {
		return nil
	}
	for i := range t.waits {
		w := &t.waits[i]
		if len(w.args) == 0 || q != "" && !strings.Contains(q, w.Table) {
			continue
		}
		args := w.args
		w.args = nil // not emptied: a Try around this may have to put the rows back
		if w.After != "" {
			args = lastOfEach(args, w.width)
		}
		if err := d.InsertMany(ctx, w.Insert, w.After, w.width, args); err != nil {
			return err
		}
	}
	return nil
}

// lastOfEach are the rows without those whose first column comes again.
func lastOfEach(args []any, width int) (out []any) {
	last := map[any]int{}
	for i := 0; i < len(args); i += width {
		last[args[i]] = i
	}
	for i := 0; i < len(args); i += width {
		if last[args[i]] == i {
			out = append(out, args[i:i+width]...)
		}
	}
	return out
}
