package contact

import (
	"context"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

type row struct {
	Root  int64     `db:"root"`
	ID    id.ID     `db:"id"`
	Unit  id.ID     `db:"unit"`
	Pos   int64     `db:"pos"`
	Kind  string    `db:"kind"`
	Body  string    `db:"body"`
	Lead  int64     `db:"lead"`
	Day   clock.Day `db:"day"`
	Topic string    `db:"topic"`

	Partner id.ID `db:"partner"`
	Shared  int64 `db:"shared"`
}

func (r row) entry() Entry {
	return Entry{Ref: id.Ref{Root: r.Root, ID: r.ID}, Unit: r.Unit, Kind: r.Kind, Body: r.Body, Lead: r.Lead == 1, Day: r.Day, Topic: r.Topic, Shared: r.Shared == 1}
}

const columns = `root, id, unit, pos, kind, body, lead, day, topic, partner, shared`

func (s store) put(ctx context.Context, ref id.Ref, pos int64, c Contact, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- contact.put
		DELETE FROM contact_entry WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	lead, shared := 0, 0
	if c.Lead {
		lead = 1
	}
	if c.Shared {
		shared = 1
	}
	_, err := s.db.Exec(ctx, `-- contact.put
		INSERT INTO contact_entry (root, id, unit, pos, kind, body, lead, day, topic, partner, shared) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		ref.Root, ref.ID, c.Unit, pos, c.Kind, c.Body, lead, c.Day, c.Topic, c.Partner.ID, shared)
	return err
}

// list are the entries of a subtree as far as the reader may view, the latest first.
func (s store) list(ctx context.Context, r scope.Range, view scope.Set, f Filter, from clock.Day, after id.ID, limit int) ([]row, error) {
	args := []any{from, after, limit}
	add := func(v any) string { args = append(args, v); return "$" + strconv.Itoa(len(args)) }
	more := ""
	if f.Body != "" {
		more += ` AND body = ` + add(f.Body)
	}
	if f.From.ID != 0 { // and what was written before it was registered
		more += ` AND (partner = ` + add(f.From.ID) + ` OR partner = 0 AND body = (SELECT b.name FROM contact_body b WHERE b.root = ` + add(f.From.Root) + ` AND b.id = ` + add(f.From.ID) + `))`
	}
	if f.Kind != "" {
		more += ` AND kind = ` + add(f.Kind)
	}
	if f.Year != 0 {
		y := clock.YearOf(f.Year)
		more += ` AND day >= ` + add(y.From) + ` AND day <= ` + add(y.To)
	}
	return db.Select[row](ctx, s.db, `-- contact.heading
		SELECT `+columns+` FROM contact_entry WHERE `+scope.Set{r}.SQL("pos")+` AND `+view.SQL("pos")+`
		AND (day < $1 OR day = $1 AND id < $2)`+more+` ORDER BY day DESC, id DESC LIMIT $3`, args...)
}

type bodyRow struct {
	Body string `db:"body"`
	Kind string `db:"kind"`
	Lead int64  `db:"lead"`
	N    int64  `db:"n"`
}

// byBody counts a year's entries of a subtree by body and kind (R66, R69).
func (s store) byBody(ctx context.Context, r scope.Range, view scope.Set, from, to clock.Day) ([]bodyRow, error) {
	return db.Select[bodyRow](ctx, s.db, `-- contact.byBody
		SELECT body, kind, lead, COUNT(*) AS n FROM contact_entry WHERE `+scope.Set{r}.SQL("pos")+` AND `+view.SQL("pos")+` AND day >= $1 AND day <= $2
		GROUP BY body, kind, lead ORDER BY body, kind, lead LIMIT 1000`, from, to)
}

func (s store) idsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- contact.idsOfUnit
		SELECT id FROM contact_entry WHERE unit = $1 ORDER BY id`, unit)
}

func (s store) described(ctx context.Context, recs []id.ID) ([]row, error) {
	return db.Select[row](ctx, s.db, `-- contact.described
		SELECT `+columns+` FROM contact_entry WHERE id IN `+db.In(recs))
}

// same finds the entry of a unit with a body on a day about the same thing.
func (s store) same(ctx context.Context, c Contact) ([]row, error) {
	return db.Select[row](ctx, s.db, `-- contact.same
		SELECT `+columns+` FROM contact_entry WHERE unit = $1 AND day = $2 AND body = $3 AND topic = $4 AND kind = $5 ORDER BY id LIMIT 1`, c.Unit, c.Day, c.Body, c.Topic, c.Kind)
}

// moveUnit lets entries, bodies and tasks follow a unit to its new place. root stays: it is a hint in addresses and a key
// of versions.
func (s store) moveUnit(ctx context.Context, unit id.ID, pos int64) error {
	for _, q := range []string{`-- contact.moveUnit
		UPDATE contact_entry SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- contact.moveUnit
		UPDATE contact_body SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- contact.moveUnit
		UPDATE contact_task SET pos = $2 WHERE unit = $1 AND pos <> $2`} {
		if _, err := s.db.Exec(ctx, q, unit, pos); err != nil {
			return err
		}
	}
	return nil
}
