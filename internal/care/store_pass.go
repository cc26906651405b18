package care

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

const passes = `root, id, request, no, from_unit, to_unit, to_pos, state, offered_at, offered_name, due_at, ended_at, ended_name`

// insertPass keeps an offer; false when there is one already.
func (s store) insertPass(ctx context.Context, p Pass) (bool, error) {
	n, err := s.db.Exec(ctx, `-- care.insertPass
		INSERT INTO care_pass (`+passes+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`,
		p.Root, p.ID, p.Request, p.No, p.From, p.To, p.ToPos, p.State, p.OfferedAt, p.OfferedName, p.DueAt, p.EndedAt, p.EndedName)
	return n == 1, err
}

// offerAcrossUnits is the open offer of a request; the service asks who may know.
func (s store) offerAcrossUnits(ctx context.Context, ref id.Ref) (Pass, error) {
	return db.Get[Pass](ctx, s.db, `-- care.offerAcrossUnits
		SELECT `+passes+` FROM care_pass WHERE root = $1 AND request = $2 AND state = 'offered'`, ref.Root, ref.ID)
}

// endPass ends an offer; false when it had ended already.
func (s store) endPass(ctx context.Context, p Pass) (bool, error) {
	n, err := s.db.Exec(ctx, `-- care.endPass
		UPDATE care_pass SET state = $3, ended_at = $4, ended_name = $5 WHERE root = $1 AND id = $2 AND state = 'offered'`, p.Root, p.ID, p.State, p.EndedAt, p.EndedName)
	return n == 1, err
}

// offeredAcrossUnits are the open offers to a unit; the service asks who may know.
func (s store) offeredAcrossUnits(ctx context.Context, unit id.ID) ([]Pass, error) {
	return db.Select[Pass](ctx, s.db, `-- care.offeredAcrossUnits
		SELECT `+passes+` FROM care_pass WHERE to_unit = $1 AND state = 'offered' ORDER BY id LIMIT 100`, unit)
}

// handedAcrossUnits are what a unit offered and handed over, the last first; the service asks who may know.
func (s store) handedAcrossUnits(ctx context.Context, unit id.ID) ([]Pass, error) {
	return db.Select[Pass](ctx, s.db, `-- care.handedAcrossUnits
		SELECT `+passes+` FROM care_pass WHERE from_unit = $1 AND state IN ('offered', 'accepted') ORDER BY id DESC LIMIT 50`, unit)
}

// unansweredAcrossUnits are the offers whose time is up.
func (s store) unansweredAcrossUnits(ctx context.Context, now int64) ([]Pass, error) {
	return db.Select[Pass](ctx, s.db, `-- care.unansweredAcrossUnits
		SELECT `+passes+` FROM care_pass WHERE state = 'offered' AND due_at <= $1 ORDER BY due_at LIMIT 200`, now)
}

// rehome makes another desk the one of a request.
func (s store) rehome(ctx context.Context, ref id.Ref, to id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- care.rehome
		UPDATE care_request SET unit = $3, pos = $4 WHERE root = $1 AND id = $2`, ref.Root, ref.ID, to, pos)
	return err
}

// movePasses keeps offers at the place of today of the unit that they are made to.
func (s store) movePasses(ctx context.Context, unit, to id.ID, pos int64) error {
	if _, err := s.db.Exec(ctx, `-- care.movePasses
		UPDATE care_pass SET to_unit = $2, to_pos = $3 WHERE to_unit = $1`, unit, to, pos); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `-- care.movePasses
		UPDATE care_pass SET from_unit = $2 WHERE from_unit = $1`, unit, to)
	return err
}
