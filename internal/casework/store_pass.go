package casework

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

const passes = `root, id, case_id, no, class, from_unit, to_unit, to_pos, state, offered_on, offered_name, due_on, ended_on, ended_name`

// insertPass keeps an offer; false when there is one already.
func (s store) insertPass(ctx context.Context, p Pass) (bool, error) {
	n, err := s.db.Exec(ctx, `-- casework.insertPass
		INSERT INTO casework_pass (`+passes+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
		p.Root, p.ID, p.Case, p.No, p.Class, p.From, p.To, p.ToPos, p.State, p.OfferedOn, p.OfferedName, p.DueOn, p.EndedOn, p.EndedName)
	return n == 1, err
}

// offerAcrossUnits is the open offer of a case; the service asks who may know.
func (s store) offerAcrossUnits(ctx context.Context, ref id.Ref) (Pass, error) {
	return db.Get[Pass](ctx, s.db, `-- casework.offerAcrossUnits
		SELECT `+passes+` FROM casework_pass WHERE root = $1 AND case_id = $2 AND state = 'offered'`, ref.Root, ref.ID)
}

// endPass ends an offer; false when it had ended already.
func (s store) endPass(ctx context.Context, p Pass) (bool, error) {
	n, err := s.db.Exec(ctx, `-- casework.endPass
		UPDATE casework_pass SET state = $3, ended_on = $4, ended_name = $5 WHERE root = $1 AND id = $2 AND state = 'offered'`, p.Root, p.ID, p.State, p.EndedOn, p.EndedName)
	return n == 1, err
}

// offeredAcrossUnits are the open offers to a unit; the service asks who may know.
func (s store) offeredAcrossUnits(ctx context.Context, unit id.ID) ([]Pass, error) {
	return db.Select[Pass](ctx, s.db, `-- casework.offeredAcrossUnits
		SELECT `+passes+` FROM casework_pass WHERE to_unit = $1 AND state = 'offered' ORDER BY id LIMIT 100`, unit)
}

// handedAcrossUnits are what a unit offered and handed over, the last first; the service asks who may know.
func (s store) handedAcrossUnits(ctx context.Context, unit id.ID) ([]Pass, error) {
	return db.Select[Pass](ctx, s.db, `-- casework.handedAcrossUnits
		SELECT `+passes+` FROM casework_pass WHERE from_unit = $1 AND state IN ('offered', 'accepted') ORDER BY id DESC LIMIT 50`, unit)
}

// unansweredAcrossUnits are the offers whose last day has passed.
func (s store) unansweredAcrossUnits(ctx context.Context, today clock.Day, limit int) ([]Pass, error) {
	return db.Select[Pass](ctx, s.db, `-- casework.unansweredAcrossUnits
		SELECT `+passes+` FROM casework_pass WHERE state = 'offered' AND due_on < $1 ORDER BY due_on LIMIT $2`, today, limit)
}

// rehome makes another unit the one of a case.
func (s store) rehome(ctx context.Context, c Case) error {
	_, err := s.db.Exec(ctx, `-- casework.rehome
		UPDATE casework_case SET unit = $3, pos = $4 WHERE root = $1 AND id = $2`, c.Root, c.ID, c.Unit, c.Pos)
	return err
}

// movePasses keeps offers at the units' places of today.
func (s store) movePasses(ctx context.Context, unit, to id.ID, pos int64) error {
	if _, err := s.db.Exec(ctx, `-- casework.movePasses
		UPDATE casework_pass SET to_unit = $2, to_pos = $3 WHERE to_unit = $1`, unit, to, pos); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `-- casework.movePasses
		UPDATE casework_pass SET from_unit = $2 WHERE from_unit = $1`, unit, to)
	return err
}
