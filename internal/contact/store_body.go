package contact

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type bodyRecord struct {
	Root  int64     `db:"root"`
	ID    id.ID     `db:"id"`
	Unit  id.ID     `db:"unit"`
	Pos   int64     `db:"pos"`
	Name  string    `db:"name"`
	Field string    `db:"field"`
	From  clock.Day `db:"from_day"`
	To    clock.Day `db:"to_day"`
}

func (r bodyRecord) listed() ListedBody {
	return ListedBody{Ref: id.Ref{Root: r.Root, ID: r.ID}, Unit: r.Unit, Name: r.Name, Field: r.Field, From: r.From, To: r.To}
}

const bodyColumns = `root, id, unit, pos, name, field, from_day, to_day`

func (s store) putBody(ctx context.Context, ref id.Ref, pos int64, b Body, gone bool) error {
	for _, q := range []string{`-- contact.putBody
		DELETE FROM contact_body WHERE root = $1 AND id = $2`, `-- contact.putBody
		DELETE FROM contact_seat WHERE root = $1 AND body = $2`} {
		if _, err := s.db.Exec(ctx, q, ref.Root, ref.ID); err != nil {
			return err
		}
	}
	if gone {
		return nil
	}
	if _, err := s.db.Exec(ctx, `-- contact.putBody
		INSERT INTO contact_body (root, id, unit, pos, name, field, from_day, to_day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		ref.Root, ref.ID, b.Unit, pos, b.Name, b.Field, b.From, b.To); err != nil {
		return err
	}
	for _, x := range b.Seats {
		if _, err := s.db.Exec(ctx, `-- contact.putBody
			INSERT INTO contact_seat (account, root, body) VALUES ($1, $2, $3)`, x.Account, ref.Root, ref.ID); err != nil {
			return err
		}
	}
	return nil
}

// bodies are those of a subtree as far as the reader may view, by place and name.
func (s store) bodies(ctx context.Context, r scope.Range, view scope.Set, limit int) ([]bodyRecord, error) {
	return db.Select[bodyRecord](ctx, s.db, `-- contact.bodies
		SELECT `+bodyColumns+` FROM contact_body WHERE `+scope.Set{r}.SQL("pos")+` AND `+view.SQL("pos")+` ORDER BY pos, name LIMIT $1`, limit)
}

// bodiesOfAcrossUnits are those that some units register: a unit works with its own and with those of the units above it.
func (s store) bodiesOfAcrossUnits(ctx context.Context, places []int64) ([]bodyRecord, error) {
	return db.Select[bodyRecord](ctx, s.db, `-- contact.bodiesOfAcrossUnits
		SELECT `+bodyColumns+` FROM contact_body WHERE pos IN `+db.In(places)+` ORDER BY pos DESC, name`)
}

func (s store) bodyIDsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- contact.bodyIDsOfUnit
		SELECT id FROM contact_body WHERE unit = $1 ORDER BY id`, unit)
}

// bodiesAcrossUnits are bodies by their key, for lists whose own right was asked.
func (s store) bodiesAcrossUnits(ctx context.Context, ids []id.ID) ([]bodyRecord, error) {
	return db.Select[bodyRecord](ctx, s.db, `-- contact.bodiesAcrossUnits
		SELECT `+bodyColumns+` FROM contact_body WHERE id IN `+db.In(ids))
}

// bodyOfAcrossUnits is the body for which an account stands.
func (s store) bodyOfAcrossUnits(ctx context.Context, account id.ID) ([]bodyRecord, error) {
	return db.Select[bodyRecord](ctx, s.db, `-- contact.bodyOfAcrossUnits
		SELECT b.root, b.id, b.unit, b.pos, b.name, b.field, b.from_day, b.to_day FROM contact_seat s JOIN contact_body b ON b.root = s.root AND b.id = s.body WHERE s.account = $1`, account)
}

func (s store) bodyByName(ctx context.Context, unit id.ID, name string) ([]bodyRecord, error) {
	return db.Select[bodyRecord](ctx, s.db, `-- contact.bodyByName
		SELECT `+bodyColumns+` FROM contact_body WHERE unit = $1 AND name = $2`, unit, name)
}
