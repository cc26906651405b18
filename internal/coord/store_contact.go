package coord

import (
	"context"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type contactRow struct {
	Root  int64     `db:"root"`
	ID    id.ID     `db:"id"`
	Unit  id.ID     `db:"unit"`
	Pos   int64     `db:"pos"`
	Kind  string    `db:"kind"`
	Body  string    `db:"body"`
	Lead  int64     `db:"lead"`
	Day   clock.Day `db:"day"`
	Topic string    `db:"topic"`
}

func (r contactRow) entry() Entry {
	return Entry{Ref: id.Ref{Root: r.Root, ID: r.ID}, Unit: r.Unit, Kind: r.Kind, Body: r.Body, Lead: r.Lead == 1, Day: r.Day, Topic: r.Topic}
}

const contactColumns = `root, id, unit, pos, kind, body, lead, day, topic`

func (s store) putContact(ctx context.Context, ref id.Ref, pos int64, c Contact, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- coord.putContact
		DELETE FROM coord_contact WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	lead := 0
	if c.Lead {
		lead = 1
	}
	_, err := s.db.Exec(ctx, `-- coord.putContact
		INSERT INTO coord_contact (root, id, unit, pos, kind, body, lead, day, topic) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		ref.Root, ref.ID, c.Unit, pos, c.Kind, c.Body, lead, c.Day, c.Topic)
	return err
}

// contacts are the entries of a subtree as far as the reader may view, the latest first.
func (s store) contacts(ctx context.Context, r scope.Range, view scope.Set, f ContactFilter, from clock.Day, after id.ID, limit int) ([]contactRow, error) {
	args := []any{from, after, limit}
	add := func(v any) string { args = append(args, v); return "$" + strconv.Itoa(len(args)) }
	more := ""
	if f.Body != "" {
		more += ` AND body = ` + add(f.Body)
	}
	if f.Kind != "" {
		more += ` AND kind = ` + add(f.Kind)
	}
	if f.Year != 0 {
		y := clock.YearOf(f.Year)
		more += ` AND day >= ` + add(y.From) + ` AND day <= ` + add(y.To)
	}
	return db.Select[contactRow](ctx, s.db, `-- coord.contacts
		SELECT `+contactColumns+` FROM coord_contact WHERE `+scope.Set{r}.SQL("pos")+` AND `+view.SQL("pos")+`
		AND (day < $1 OR day = $1 AND id < $2)`+more+` ORDER BY day DESC, id DESC LIMIT $3`, args...)
}

type bodyRow struct {
	Body string `db:"body"`
	Kind string `db:"kind"`
	Lead int64  `db:"lead"`
	N    int64  `db:"n"`
}

// bodies counts a year's entries of a subtree by body and kind (R66, R69).
func (s store) bodies(ctx context.Context, r scope.Range, view scope.Set, from, to clock.Day) ([]bodyRow, error) {
	return db.Select[bodyRow](ctx, s.db, `-- coord.bodies
		SELECT body, kind, lead, COUNT(*) AS n FROM coord_contact WHERE `+scope.Set{r}.SQL("pos")+` AND `+view.SQL("pos")+` AND day >= $1 AND day <= $2
		GROUP BY body, kind, lead ORDER BY body, kind, lead LIMIT 1000`, from, to)
}

func (s store) contactIDsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- coord.contactIDsOfUnit
		SELECT id FROM coord_contact WHERE unit = $1 ORDER BY id`, unit)
}

func (s store) describedContacts(ctx context.Context, recs []id.ID) ([]contactRow, error) {
	return db.Select[contactRow](ctx, s.db, `-- coord.describedContacts
		SELECT `+contactColumns+` FROM coord_contact WHERE id IN `+db.In(recs))
}

// sameContact finds the entry of a unit with a body on a day about the same thing.
func (s store) sameContact(ctx context.Context, c Contact) ([]contactRow, error) {
	return db.Select[contactRow](ctx, s.db, `-- coord.sameContact
		SELECT `+contactColumns+` FROM coord_contact WHERE unit = $1 AND day = $2 AND body = $3 AND topic = $4 AND kind = $5 ORDER BY id LIMIT 1`, c.Unit, c.Day, c.Body, c.Topic, c.Kind)
}
