package seal

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

const grantColumns = `g.id, g.account, g.name, g.purpose, g.until, g.revoked, g.by_name, g.given, g.ends_at, g.seen, g.waits, g.second, g.at_unit, g.body`

func (s store) putGrant(ctx context.Context, of id.Ref, unit id.ID, g Grant) error {
	_, err := s.db.Exec(ctx, `-- seal.putGrant
		INSERT INTO seal_grant (root, id, of_root, of_id, account, name, purpose, until, revoked, by_name, given, ends_at, unit, waits, at_unit, body) VALUES ($1, $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		of.Root, g.ID, of.ID, g.Account, g.Name, g.Purpose, g.Until, g.Revoked, g.ByName, g.Given, g.EndsAt, unit, g.Waits, g.At, g.Body)
	return err
}

func (s store) revoke(ctx context.Context, of id.Ref, grant id.ID, day clock.Day) (int64, error) {
	return s.db.Exec(ctx, `-- seal.revoke
		UPDATE seal_grant SET revoked = $1 WHERE root = $2 AND id = $3 AND of_id = $4 AND revoked = ''`, day, of.Root, grant, of.ID)
}

func (s store) grantsAcrossUnits(ctx context.Context, of id.Ref) ([]Grant, error) {
	return db.Select[Grant](ctx, s.db, `-- seal.grantsAcrossUnits
		SELECT `+grantColumns+` FROM seal_grant g WHERE g.of_root = $1 AND g.of_id = $2 ORDER BY g.id`, of.Root, of.ID)
}

// grantOf is a grant with the matter that it opens.
type grantOf struct {
	Grant
	OfRoot int64 `db:"of_root"`
	OfID   id.ID `db:"of_id"`
}

// grantsOfAcrossUnits are the grants of an account that may run on a day, the latest first.
func (s store) grantsOfAcrossUnits(ctx context.Context, account id.ID, today clock.Day) ([]grantOf, error) {
	return db.Select[grantOf](ctx, s.db, `-- seal.grantsOfAcrossUnits
		SELECT `+grantColumns+`, g.of_root, g.of_id FROM seal_grant g WHERE g.account = $1 AND g.until >= $2 AND g.revoked = '' ORDER BY g.id DESC LIMIT 200`, account, today)
}

// emergenciesByAcrossUnits counts how often an account let itself in since a day.
func (s store) emergenciesByAcrossUnits(ctx context.Context, account id.ID, since clock.Day) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- seal.emergenciesByAcrossUnits
		SELECT CAST(COUNT(*) AS BIGINT) FROM seal_grant g WHERE g.account = $1 AND g.ends_at > 0 AND g.given >= $2`, account, since)
}

// confirm lets an emergency look open that waits for its second person; 0 when there is none such any more.
func (s store) confirm(ctx context.Context, of id.Ref, grant id.ID, by string, now int64, day, until clock.Day, ends int64) (int64, error) {
	return s.db.Exec(ctx, `-- seal.confirm
		UPDATE seal_grant SET waits = 0, second = $4, seen = $6, until = $7, ends_at = $8 WHERE root = $1 AND of_id = $2 AND id = $3 AND waits = 1 AND revoked = '' AND ends_at > $5`, of.Root, of.ID, grant, by, now, day, until, ends)
}

// secondAcrossUnits tells whether a unit asks for a second person.
func (s store) secondAcrossUnits(ctx context.Context, root int64, unit id.ID) (bool, error) {
	return db.Get[bool](ctx, s.db, `-- seal.secondAcrossUnits
		SELECT COUNT(*) > 0 FROM seal_second WHERE root = $1 AND unit = $2`, root, unit)
}

func (s store) putSecond(ctx context.Context, root int64, unit id.ID, on bool, by string, day clock.Day) error {
	q := `-- seal.putSecond
		DELETE FROM seal_second WHERE root = $1 AND unit = $2`
	if !on {
		_, err := s.db.Exec(ctx, q, root, unit)
		return err
	}
	_, err := s.db.Exec(ctx, `-- seal.putSecond
		INSERT INTO seal_second (root, unit, by_name, day) VALUES ($1, $2, $3, $4) ON CONFLICT (root, unit) DO NOTHING`, root, unit, by, day)
	return err
}

// seen notes that the keeper has looked at an emergency look.
func (s store) seen(ctx context.Context, of id.Ref, grant id.ID, day clock.Day) (int64, error) {
	return s.db.Exec(ctx, `-- seal.seen
		UPDATE seal_grant SET seen = $1 WHERE root = $2 AND id = $3 AND of_id = $4 AND ends_at > 0 AND seen = ''`, day, of.Root, grant, of.ID)
}

// grantRow is a grant with what it opens and the unit that keeps that.
type grantRow struct {
	Grant
	Root int64 `db:"root"`
	OfID id.ID `db:"of_id"`
	Unit id.ID `db:"unit"`
}

// grantsAboutAcrossUnits are the grants of whole cities, the latest first: those that are live on a day, and all emergency looks since another. Who
// reads them sees the cities in part at most: the service takes out what lies beyond.
func (s store) grantsAboutAcrossUnits(ctx context.Context, in scope.Set, live, since clock.Day, before id.ID, limit int) ([]grantRow, error) {
	var roots scope.Set
	for _, r := range in {
		roots = append(roots, scope.Range{From: r.From / org.City.Span(), To: (r.To-1)/org.City.Span() + 1})
	}
	return db.Select[grantRow](ctx, s.db, `-- seal.grantsAboutAcrossUnits
		SELECT `+grantColumns+`, g.root, g.of_id, g.unit FROM seal_grant g
		WHERE (g.until >= $1 AND g.revoked = '' AND g.ends_at = 0 OR g.ends_at > 0 AND g.given >= $2) AND (CAST($3 AS BIGINT) = 0 OR g.id < $3) AND `+roots.SQL("g.root")+`
		ORDER BY g.id DESC LIMIT $4`, live, since, before, limit)
}
