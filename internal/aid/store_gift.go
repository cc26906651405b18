package aid

import (
	"context"
	"strconv"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// putDonor writes what lists need of a donor; gone takes it out.
func (s store) putDonor(ctx context.Context, ref id.Ref, d Donor, pos int64, gone bool) error {
	if gone {
		_, err := s.db.Exec(ctx, `-- aid.putDonor
			DELETE FROM aid_donor WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
		return err
	}
	_, err := s.db.Exec(ctx, `-- aid.putDonor
		INSERT INTO aid_donor (root, id, unit, pos, name, kind, named) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (root, id) DO UPDATE SET unit = $3, pos = $4, name = $5, kind = $6, named = $7`, ref.Root, ref.ID, d.Unit, pos, d.Name, d.Kind, one(d.Named))
	return err
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// putGift writes what lists need of a gift. The row stays the same row, so that whoever spends of it waits for whoever changes it.
func (s store) putGift(ctx context.Context, ref id.Ref, g Gift, kinds string, pos int64, gone bool) error {
	if gone {
		_, err := s.db.Exec(ctx, `-- aid.putGift
			DELETE FROM aid_gift WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
		return err
	}
	_, err := s.db.Exec(ctx, `-- aid.putGift
		INSERT INTO aid_gift (root, id, unit, pos, donor, day, form, fen, qty, what, kinds, below, held) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)
		ON CONFLICT (root, id) DO UPDATE SET unit = $3, pos = $4, donor = $5, day = $6, form = $7, fen = $8, qty = $9, what = $10, kinds = $11, below = $12, held = aid_gift.held + 1`,
		ref.Root, ref.ID, g.Unit, pos, g.Donor.ID, string(g.Day), g.Form, g.Fen, g.Qty, g.What, kinds, one(g.Below))
	return err
}

// hold lets everybody else who spends of a gift wait until the transaction ends; false when there is no such gift.
func (s store) hold(ctx context.Context, ref id.Ref) (bool, error) {
	n, err := s.db.Exec(ctx, `-- aid.hold
		UPDATE aid_gift SET held = held + 1 WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
	return n == 1, err
}

const gifts = `SELECT g.root, g.id, g.unit, g.pos, g.donor, COALESCE(d.name, '') AS name, COALESCE(d.named, 0) AS named, g.day, g.form, g.fen, g.qty, g.what, g.kinds, g.below,
	CAST(COALESCE((SELECT SUM(a.given_fen) FROM aid_aid a WHERE a.gift_root = g.root AND a.gift = g.id), 0) AS BIGINT) AS spent_fen,
	CAST(COALESCE((SELECT SUM(a.given_qty) FROM aid_aid a WHERE a.gift_root = g.root AND a.gift = g.id), 0) AS BIGINT) AS spent_qty,
	(SELECT COUNT(*) FROM aid_aid a WHERE a.gift_root = g.root AND a.gift = g.id) AS aids
	FROM aid_gift g LEFT JOIN aid_donor d ON d.root = g.root AND d.id = g.donor`

// giftAcrossUnits reads a gift with what was spent of it; the service asks for the right.
func (s store) giftAcrossUnits(ctx context.Context, ref id.Ref) (GiftRow, error) {
	return db.Get[GiftRow](ctx, s.db, `-- aid.giftAcrossUnits
		`+gifts+` WHERE g.root = $1 AND g.id = $2`, ref.Root, ref.ID)
}

// gifts lists those of a subtree within the reader's scope, or of one donor, the latest first.
func (s store) gifts(ctx context.Context, in scope.Range, within scope.Set, donor id.ID, limit int) ([]GiftRow, error) {
	where, args := scope.Set{in}.SQL("g.pos")+" AND "+within.SQL("g.pos"), []any{}
	if donor != 0 {
		args = append(args, donor)
		where += " AND g.donor = $1"
	}
	args = append(args, limit)
	return db.Select[GiftRow](ctx, s.db, `-- aid.gifts
		`+gifts+` WHERE `+where+` ORDER BY g.day DESC, g.id DESC LIMIT $`+strconv.Itoa(len(args)), args...)
}

// giftsAtAcrossUnits are the gifts of some units, for a unit that may give out of them.
func (s store) giftsAtAcrossUnits(ctx context.Context, units []id.ID) ([]GiftRow, error) {
	return db.Select[GiftRow](ctx, s.db, `-- aid.giftsAtAcrossUnits
		`+gifts+` WHERE g.unit IN `+db.In(units)+` ORDER BY g.day, g.id LIMIT 200`)
}

// donors lists those of a subtree within the reader's scope with what they gave.
func (s store) donors(ctx context.Context, in scope.Range, within scope.Set, limit int) ([]DonorRow, error) {
	return db.Select[DonorRow](ctx, s.db, `-- aid.donors
		SELECT d.root, d.id, d.unit, d.name, d.kind, d.named, (SELECT COUNT(*) FROM aid_gift g WHERE g.root = d.root AND g.donor = d.id) AS gifts,
			CAST(COALESCE((SELECT SUM(g.fen) FROM aid_gift g WHERE g.root = d.root AND g.donor = d.id), 0) AS BIGINT) AS fen
		FROM aid_donor d WHERE `+scope.Set{in}.SQL("d.pos")+" AND "+within.SQL("d.pos")+` ORDER BY d.name, d.id LIMIT $1`, limit)
}

// thankedAcrossUnits are the donors of a subtree who agreed to be named before everybody, with how often they gave.
func (s store) thankedAcrossUnits(ctx context.Context, in scope.Range, limit int) ([]DonorRow, error) {
	return db.Select[DonorRow](ctx, s.db, `-- aid.thankedAcrossUnits
		SELECT d.root, d.id, d.unit, d.name, d.kind, d.named, (SELECT COUNT(*) FROM aid_gift g WHERE g.root = d.root AND g.donor = d.id) AS gifts, 0 AS fen
		FROM aid_donor d WHERE d.named = 1 AND `+scope.Set{in}.SQL("d.pos")+` AND EXISTS (SELECT 1 FROM aid_gift g WHERE g.root = d.root AND g.donor = d.id) ORDER BY d.name, d.id LIMIT $1`, limit)
}

// unnamedAcrossUnits counts the donors of a subtree that gave and did not agree to be named.
func (s store) unnamedAcrossUnits(ctx context.Context, in scope.Range) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- aid.unnamedAcrossUnits
		SELECT COUNT(*) FROM aid_donor d WHERE d.named = 0 AND `+scope.Set{in}.SQL("d.pos")+` AND EXISTS (SELECT 1 FROM aid_gift g WHERE g.root = d.root AND g.donor = d.id)`)
}
