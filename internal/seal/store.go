package seal

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

type store struct{ db *db.DB }

type recordRow struct {
	Root    int64     `db:"root"`
	ID      id.ID     `db:"id"`
	Kind    string    `db:"kind"`
	OfRoot  int64     `db:"of_root"`
	OfID    id.ID     `db:"of_id"`
	Unit    id.ID     `db:"unit"`
	KEK     string    `db:"kek"`
	Wrapped string    `db:"wrapped"`
	Erased  clock.Day `db:"erased"`

	EnteredBy id.ID     `db:"entered_by"`
	Entered   clock.Day `db:"entered"`
	ErasedBy  string    `db:"erased_by"`
	ErasedWhy string    `db:"erased_why"`
}

func (r recordRow) ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }
func (r recordRow) of() id.Ref  { return id.Ref{Root: r.OfRoot, ID: r.OfID} }

type valueRow struct {
	Record id.ID  `db:"record"`
	Field  string `db:"field"`
	Value  string `db:"value"`
	Blind  string `db:"blind"`
}

const recordColumns = `r.root, r.id, r.kind, r.of_root, r.of_id, r.unit, r.kek, r.wrapped, r.erased, r.entered_by, r.entered, r.erased_by, r.erased_why`

func (s store) insert(ctx context.Context, r recordRow) error {
	_, err := s.db.Exec(ctx, `-- seal.insert
		INSERT INTO seal_record (root, id, kind, of_root, of_id, unit, kek, wrapped, erased, entered_by, entered) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		r.Root, r.ID, r.Kind, r.OfRoot, r.OfID, r.Unit, r.KEK, r.Wrapped, r.Erased, r.EnteredBy, r.Entered)
	return err
}

func (s store) putValue(ctx context.Context, root int64, v valueRow) error {
	_, err := s.db.Exec(ctx, `-- seal.putValue
		INSERT INTO seal_value (root, record, field, value, blind) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (root, record, field) DO UPDATE SET value = excluded.value, blind = excluded.blind`, root, v.Record, v.Field, v.Value, v.Blind)
	return err
}

// recordAcrossUnits is one sealed record; its service asks who reads.
func (s store) recordAcrossUnits(ctx context.Context, ref id.Ref) (recordRow, error) {
	return db.Get[recordRow](ctx, s.db, `-- seal.recordAcrossUnits
		SELECT `+recordColumns+` FROM seal_record r WHERE r.root = $1 AND r.id = $2`+s.db.ForUpdate(), ref.Root, ref.ID)
}

// ofAcrossUnits are the sealed records of an owner.
func (s store) ofAcrossUnits(ctx context.Context, of id.Ref, kind string) ([]recordRow, error) {
	return db.Select[recordRow](ctx, s.db, `-- seal.ofAcrossUnits
		SELECT `+recordColumns+` FROM seal_record r WHERE r.of_root = $1 AND r.of_id = $2 AND r.kind = $3 ORDER BY r.id`, of.Root, of.ID, kind)
}

func (s store) valuesAcrossUnits(ctx context.Context, of id.Ref, kind string) ([]valueRow, error) {
	return db.Select[valueRow](ctx, s.db, `-- seal.valuesAcrossUnits
		SELECT v.record, v.field, v.value, v.blind FROM seal_record r JOIN seal_value v ON v.root = r.root AND v.record = r.id
		WHERE r.of_root = $1 AND r.of_id = $2 AND r.kind = $3`, of.Root, of.ID, kind)
}

// foundAcrossUnits are the records of a unit whose field has the hash. CROSS JOIN keeps SQLite from walking all records in the order of
// their keys: the hash comes first, and finds a few.
func (s store) foundAcrossUnits(ctx context.Context, root int64, kind, field, blind string, unit id.ID) ([]recordRow, error) {
	return db.Select[recordRow](ctx, s.db, `-- seal.foundAcrossUnits
		SELECT `+recordColumns+` FROM seal_value v CROSS JOIN seal_record r
		WHERE r.root = v.root AND r.id = v.record AND v.root = $1 AND v.field = $2 AND v.blind = $3 AND r.kind = $4 AND r.unit = $5 ORDER BY r.id`, root, field, blind, kind, unit)
}

// allAcrossUnits are the next records with a key, for turning the keys.
func (s store) allAcrossUnits(ctx context.Context, not string, after int64, limit int) ([]recordRow, error) {
	return db.Select[recordRow](ctx, s.db, `-- seal.allAcrossUnits
		SELECT `+recordColumns+` FROM seal_record r WHERE r.erased = '' AND r.kek <> $1 AND r.id > $2 ORDER BY r.id LIMIT $3`, not, after, limit)
}

// countAcrossUnits is how many records there are at all: with any, a new key file would be a lost one.
func (s store) countAcrossUnits(ctx context.Context) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- seal.countAcrossUnits
		SELECT COUNT(*) FROM seal_record WHERE erased = ''`)
}

func (s store) rewrap(ctx context.Context, ref id.Ref, kek, wrapped string) error {
	_, err := s.db.Exec(ctx, `-- seal.rewrap
		UPDATE seal_record SET kek = $1, wrapped = $2 WHERE root = $3 AND id = $4`, kek, wrapped, ref.Root, ref.ID)
	return err
}

// pass names another keeper for all that is sealed of a matter.
func (s store) pass(ctx context.Context, of id.Ref, to id.ID) error {
	_, err := s.db.Exec(ctx, `-- seal.pass
		UPDATE seal_record SET unit = $3 WHERE of_root = $1 AND of_id = $2`, of.Root, of.ID, to)
	return err
}

func (s store) erase(ctx context.Context, ref id.Ref, day clock.Day, by, why string) error {
	if _, err := s.db.Exec(ctx, `-- seal.eraseValues
		DELETE FROM seal_value WHERE root = $1 AND record = $2`, ref.Root, ref.ID); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `-- seal.erase
		UPDATE seal_record SET kek = '', wrapped = '', erased = $1, erased_by = $2, erased_why = $3 WHERE root = $4 AND id = $5`, day, by, why, ref.Root, ref.ID)
	return err
}

// ofRow is what live records belong to.
type ofRow struct {
	Root int64 `db:"of_root"`
	ID   id.ID `db:"of_id"`
}

// liveAcrossUnits are the next matters with a live record of a kind, for the clock.
func (s store) liveAcrossUnits(ctx context.Context, kind string, after id.ID, limit int) ([]ofRow, error) {
	return db.Select[ofRow](ctx, s.db, `-- seal.liveAcrossUnits
		SELECT DISTINCT r.of_root, r.of_id FROM seal_record r WHERE r.kind = $1 AND r.erased = '' AND r.of_id > $2 ORDER BY r.of_id, r.of_root LIMIT $3`, kind, after, limit)
}

// unitsAcrossUnits are the units of a root that sealed records name as their keeper: from one to the next through the index, not through
// all records (at a million 0.3 ms, not 60).
func (s store) unitsAcrossUnits(ctx context.Context, root int64) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- seal.unitsAcrossUnits
		WITH RECURSIVE next (unit) AS (
			SELECT MIN(unit) FROM seal_record WHERE root = $1
			UNION ALL
			SELECT (SELECT MIN(r.unit) FROM seal_record r WHERE r.root = $1 AND r.unit > next.unit) FROM next WHERE next.unit IS NOT NULL)
		SELECT unit FROM next WHERE unit IS NOT NULL`, root)
}

// kept is what a unit keeps of one matter, in numbers.
type kept struct {
	Root   int64 `db:"of_root"`
	ID     id.ID `db:"of_id"`
	Live   int64 `db:"live"`
	Erased int64 `db:"gone"`
	Grants int64 `db:"grants"`
}

// keptAcrossUnits counts by matter what units keep, the latest first.
func (s store) keptAcrossUnits(ctx context.Context, root int64, units []id.ID, day clock.Day, limit int) ([]kept, error) {
	return db.Select[kept](ctx, s.db, `-- seal.keptAcrossUnits
		SELECT r.of_root, r.of_id, CAST(SUM(CASE WHEN r.erased = '' THEN 1 ELSE 0 END) AS BIGINT) AS live, CAST(SUM(CASE WHEN r.erased = '' THEN 0 ELSE 1 END) AS BIGINT) AS gone,
			(SELECT CAST(COUNT(*) AS BIGINT) FROM seal_grant g WHERE g.of_root = r.of_root AND g.of_id = r.of_id AND g.revoked = '' AND g.until >= $2) AS grants
		FROM seal_record r WHERE r.root = $1 AND r.unit IN `+db.In(units)+` GROUP BY r.of_root, r.of_id ORDER BY r.of_id DESC LIMIT $3`, root, day, limit)
}

// erasedAcrossUnits are the records of a matter that were erased, of every kind, the latest first.
func (s store) erasedAcrossUnits(ctx context.Context, of id.Ref) ([]recordRow, error) {
	return db.Select[recordRow](ctx, s.db, `-- seal.erasedAcrossUnits
		SELECT `+recordColumns+` FROM seal_record r WHERE r.of_root = $1 AND r.of_id = $2 AND r.erased <> '' ORDER BY r.erased DESC, r.id`, of.Root, of.ID)
}

// valuesOfAcrossUnits are the fields of one record.
func (s store) valuesOfAcrossUnits(ctx context.Context, ref id.Ref) ([]valueRow, error) {
	return db.Select[valueRow](ctx, s.db, `-- seal.valuesOfAcrossUnits
		SELECT v.record, v.field, v.value, v.blind FROM seal_value v WHERE v.root = $1 AND v.record = $2`, ref.Root, ref.ID)
}

// lackAcrossUnits is how many records of an owner there are, and of how many nothing stands that agrees to a purpose. A slip of the
// pen does not count; whose time was up counts as it stood.
func (s store) lackAcrossUnits(ctx context.Context, of id.Ref, kind, purpose string, today clock.Day) (all, lack int64, err error) {
	type row struct {
		All  int64 `db:"all_n"`
		Lack int64 `db:"lack_n"`
	}
	r, err := db.Get[row](ctx, s.db, `-- seal.lackAcrossUnits
		SELECT CAST(COUNT(*) AS BIGINT) AS all_n, CAST(COALESCE(SUM(CASE WHEN c.record IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS lack_n
		FROM seal_record r LEFT JOIN seal_consent c ON c.root = r.root AND c.record = r.id AND c.purpose = $4 AND c.withdrawn = ''
			AND c.refused = '' AND (c.until = '' OR c.until >= $5)
		WHERE r.of_root = $1 AND r.of_id = $2 AND r.kind = $3 AND r.erased_why <> 'mistyped'`, of.Root, of.ID, kind, purpose, today)
	return r.All, r.Lack, err
}

// takenBackAcrossUnits counts the records of an owner of which a consent to a purpose was taken back.
func (s store) takenBackAcrossUnits(ctx context.Context, of id.Ref, kind, purpose string) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- seal.takenBackAcrossUnits
		SELECT CAST(COUNT(*) AS BIGINT) FROM seal_record r JOIN seal_consent c ON c.root = r.root AND c.record = r.id AND c.purpose = $4
		WHERE r.of_root = $1 AND r.of_id = $2 AND r.kind = $3 AND r.erased_why <> 'mistyped' AND c.withdrawn <> ''`, of.Root, of.ID, kind, purpose)
}

func (s store) consentsAcrossUnits(ctx context.Context, of id.Ref, kind string) ([]Consent, error) {
	return db.Select[Consent](ctx, s.db, `-- seal.consentsAcrossUnits
		SELECT c.record, c.purpose, c.given, c.form, c.taken_by, c.withdrawn, c.version, c.until, c.refused FROM seal_record r JOIN seal_consent c ON c.root = r.root AND c.record = r.id
		WHERE r.of_root = $1 AND r.of_id = $2 AND r.kind = $3 AND r.erased = '' ORDER BY c.record, c.purpose`, of.Root, of.ID, kind)
}
