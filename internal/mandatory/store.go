package mandatory

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

type store struct{ db *db.DB }

const duties = `root, id, unit, pos, no, of_root, of_id, state, opened_at, opened_by, opened_name, due_at, risen, agency, reported_at, ended_at, ended_by, ended_name, ver`

func (s store) insert(ctx context.Context, d Duty) error {
	_, err := s.db.Exec(ctx, `-- mandatory.insert
		INSERT INTO mandatory_duty (`+duties+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1)`,
		d.Root, d.ID, d.Unit, d.Pos, d.No, d.OfRoot, d.OfID, d.State, d.OpenedAt, d.OpenedBy, d.OpenedName, d.DueAt, d.Risen, d.Agency, d.ReportedAt, d.EndedAt, d.EndedBy, d.EndedName)
	return err
}

// dutyAcrossUnits reads a duty; the service asks who may know of it.
func (s store) dutyAcrossUnits(ctx context.Context, ref id.Ref) (Duty, error) {
	return db.Get[Duty](ctx, s.db, `-- mandatory.dutyAcrossUnits
		SELECT `+duties+` FROM mandatory_duty WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
}

// update keeps a duty's new state; false when it stood otherwise than was thought.
func (s store) update(ctx context.Context, d Duty) (bool, error) {
	n, err := s.db.Exec(ctx, `-- mandatory.update
		UPDATE mandatory_duty SET state = $3, due_at = $4, risen = $5, agency = $6, reported_at = $7, ended_at = $8, ended_by = $9, ended_name = $10, ver = ver + 1
		WHERE root = $1 AND id = $2 AND ver = $11`,
		d.Root, d.ID, d.State, d.DueAt, d.Risen, d.Agency, d.ReportedAt, d.EndedAt, d.EndedBy, d.EndedName, d.Ver)
	return n == 1, err
}

// ofAcrossUnits are the duties found in a subject, the open ones first; the service asks who may know.
func (s store) ofAcrossUnits(ctx context.Context, of id.Ref) ([]Duty, error) {
	return db.Select[Duty](ctx, s.db, `-- mandatory.ofAcrossUnits
		SELECT `+duties+` FROM mandatory_duty WHERE of_root = $1 AND of_id = $2 ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, id DESC`, of.Root, of.ID)
}

// ofUnitAcrossUnits are a unit's duties, the open ones by when they are due, then those that ended last; the service asks who may know.
func (s store) ofUnitAcrossUnits(ctx context.Context, unit id.ID, open bool, limit int) ([]Duty, error) {
	where, order := `state = 'open'`, `opened_at, id`
	if !open {
		where, order = `state <> 'open'`, `ended_at DESC, id DESC`
	}
	return db.Select[Duty](ctx, s.db, `-- mandatory.ofUnitAcrossUnits
		SELECT `+duties+` FROM mandatory_duty WHERE unit = $1 AND `+where+` ORDER BY `+order+` LIMIT $2`, unit, limit)
}

// overdueAcrossUnits are those nobody reported in time.
func (s store) overdueAcrossUnits(ctx context.Context, now int64, limit int) ([]Duty, error) {
	return db.Select[Duty](ctx, s.db, `-- mandatory.overdueAcrossUnits
		SELECT `+duties+` FROM mandatory_duty WHERE due_at > 0 AND due_at <= $1 ORDER BY due_at LIMIT $2`, now, limit)
}

// lateAcrossUnits counts a unit's duties that were not reported within the hour; whoever views the unit may know.
func (s store) lateAcrossUnits(ctx context.Context, unit id.ID, before int64) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- mandatory.lateAcrossUnits
		SELECT COUNT(*) FROM mandatory_duty WHERE unit = $1 AND state = 'open' AND opened_at <= $2`, unit, before)
}

// move follows a unit to its place of today; what its heir took over is the heir's.
func (s store) move(ctx context.Context, unit, to id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- mandatory.move
		UPDATE mandatory_duty SET unit = $2, pos = $3 WHERE unit = $1`, unit, to, pos)
	return err
}

// pass follows a subject to the unit that it was handed over to.
func (s store) pass(ctx context.Context, of id.Ref, to id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- mandatory.pass
		UPDATE mandatory_duty SET unit = $3, pos = $4 WHERE of_root = $1 AND of_id = $2`, of.Root, of.ID, to, pos)
	return err
}
