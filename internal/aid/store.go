package aid

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

const columns = `a.root, a.id, a.unit, a.pos, a.no, a.kind, a.purpose, a.year, a.form, a.state, a.asked_fen, a.applied_on, a.given_on, a.given_fen, a.given_qty, a.minutes, a.gift_root, a.gift, a.receipt_on, a.request`

// put writes what lists need of an aid; without a row it leaves every list.
func (s store) put(ctx context.Context, ref id.Ref, r *Row) error {
	if _, err := s.db.Exec(ctx, `-- aid.put
		DELETE FROM aid_aid WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil {
		return err
	}
	if r == nil {
		_, err := s.db.Exec(ctx, `-- aid.put
			DELETE FROM aid_mark WHERE root = $1 AND aid = $2`, ref.Root, ref.ID)
		return err
	}
	_, err := s.db.Exec(ctx, `-- aid.put
		INSERT INTO aid_aid (`+strings.ReplaceAll(columns, "a.", "")+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		ref.Root, ref.ID, r.Unit, r.Pos, r.No, r.Kind, r.Purpose, r.Year, r.Form, string(r.State), r.AskedFen, string(r.AppliedOn), string(r.GivenOn), r.GivenFen, r.GivenQty, r.Minutes, r.GiftRoot, r.Gift, string(r.ReceiptOn), r.Request)
	return err
}

// where is the condition of a filter within a subtree and the reader's scope.
func (f Filter) where(in scope.Range, within scope.Set) (string, []any) {
	cond := []string{scope.Set{in}.SQL("a.pos"), within.SQL("a.pos")}
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if f.Year != 0 {
		cond = append(cond, "a.year = "+arg(f.Year))
	}
	for column, v := range map[string]string{"a.kind": f.Kind, "a.form": f.Form, "a.state": string(f.State)} {
		if v != "" {
			cond = append(cond, column+" = "+arg(v))
		}
	}
	if f.Gift.ID != 0 {
		cond = append(cond, "a.gift_root = "+arg(f.Gift.Root), "a.gift = "+arg(f.Gift.ID))
	}
	switch f.Only {
	case "given":
		cond = append(cond, "a.given_on <> ''")
	case "receipt":
		cond = append(cond, "a.state = 'given'", "a.given_on <= "+arg(string(f.Day.AddDays(-receiptWithin))))
	case "double":
		cond = append(cond, "EXISTS (SELECT 1 FROM aid_double d WHERE d.root = a.root AND d.aid = a.id)")
	}
	return strings.Join(cond, " AND "), args
}

// list reads a page of a filter's aids, the latest first.
func (s store) list(ctx context.Context, f Filter, in scope.Range, within scope.Set) ([]Row, error) {
	where, args := f.where(in, within)
	if f.After != 0 {
		args = append(args, f.After)
		where += " AND a.id < $" + strconv.Itoa(len(args))
	}
	return db.Select[Row](ctx, s.db, `-- aid.list
		SELECT `+columns+` FROM aid_aid a WHERE `+where+` ORDER BY a.id DESC LIMIT $`+strconv.Itoa(len(args)+1), append(args, f.Limit)...)
}

func (s store) count(ctx context.Context, f Filter, in scope.Range, within scope.Set) (int64, error) {
	where, args := f.where(in, within)
	return db.Get[int64](ctx, s.db, `-- aid.count
		SELECT COUNT(*) FROM aid_aid a WHERE `+where, args...)
}

// sums adds up what a filter's aids gave, by kind.
func (s store) sums(ctx context.Context, f Filter, in scope.Range, within scope.Set) ([]Sum, error) {
	where, args := f.where(in, within)
	return db.Select[Sum](ctx, s.db, `-- aid.sums
		SELECT a.kind, COUNT(*) AS n, CAST(SUM(CASE WHEN a.form = 'money' THEN a.given_fen ELSE 0 END) AS BIGINT) AS money_fen,
			CAST(SUM(CASE WHEN a.form = 'goods' THEN a.given_fen ELSE 0 END) AS BIGINT) AS goods_fen, CAST(SUM(a.minutes) AS BIGINT) AS minutes
		FROM aid_aid a WHERE a.given_on <> '' AND `+where+` GROUP BY a.kind ORDER BY a.kind`, args...)
}

// byIDsAcrossUnits names aids for evidence, of which the ledger has asked for the right.
func (s store) byIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]Row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Select[Row](ctx, s.db, `-- aid.byIDsAcrossUnits
		SELECT `+columns+` FROM aid_aid a WHERE a.id IN `+db.In(ids))
}

// byNoAcrossUnits finds an aid of a city by its number; the service asks for the right.
func (s store) byNoAcrossUnits(ctx context.Context, root int64, no string) (Row, error) {
	return db.Get[Row](ctx, s.db, `-- aid.byNoAcrossUnits
		SELECT `+columns+` FROM aid_aid a WHERE a.root = $1 AND a.no = $2`, root, no)
}

// ofRequest are the aids that a request for help became.
func (s store) ofRequest(ctx context.Context, request string, within scope.Set) ([]Row, error) {
	return db.Select[Row](ctx, s.db, `-- aid.ofRequest
		SELECT `+columns+` FROM aid_aid a WHERE a.request = $1 AND `+within.SQL("a.pos")+` ORDER BY a.id`, request)
}

// ofUnitAcrossUnits lists a unit's aids, for the ledger.
func (s store) ofUnitAcrossUnits(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- aid.ofUnitAcrossUnits
		SELECT a.id FROM aid_aid a WHERE a.unit = $1 ORDER BY a.id`, unit)
}

// placed lists the aids at places of a scope, the latest first.
func (s store) placed(ctx context.Context, within scope.Set, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- aid.placed
		SELECT id FROM aid_aid WHERE `+within.SQL("pos")+` ORDER BY id DESC LIMIT $1`, limit)
}

// waitingAcrossUnits reads, by key, the aids in a state that were handed over on a day or before; for the daily job.
func (s store) waitingAcrossUnits(ctx context.Context, state State, by clock.Day, after id.ID) ([]Row, error) {
	return db.Select[Row](ctx, s.db, `-- aid.waitingAcrossUnits
		SELECT `+columns+` FROM aid_aid a WHERE a.state = $1 AND a.given_on <> '' AND a.given_on <= $2 AND a.id > $3 ORDER BY a.id LIMIT 200`, string(state), string(by), after)
}

// nextNumber counts the aids of a city's year on by one and answers the new number.
func (s store) nextNumber(ctx context.Context, root, year int64) (int64, error) {
	if _, err := s.db.Exec(ctx, `-- aid.nextNumber
		INSERT INTO aid_number (root, year, n) VALUES ($1, $2, 1) ON CONFLICT (root, year) DO UPDATE SET n = aid_number.n + 1`, root, year); err != nil {
		return 0, err
	}
	return db.Get[int64](ctx, s.db, `-- aid.nextNumber
		SELECT n FROM aid_number WHERE root = $1 AND year = $2`, root, year)
}

// moveUnit lets a unit's aids, donors and gifts follow it to its place.
func (s store) moveUnit(ctx context.Context, unit id.ID, pos int64) error {
	for _, q := range []string{`-- aid.moveUnit
		UPDATE aid_aid SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- aid.moveUnit
		UPDATE aid_donor SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- aid.moveUnit
		UPDATE aid_gift SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- aid.moveUnit
		UPDATE aid_count SET pos = $2 WHERE unit = $1 AND pos <> $2`} {
		if _, err := s.db.Exec(ctx, q, unit, pos); err != nil {
			return err
		}
	}
	return nil
}

// putMarks keeps by which hashes the child of an aid is found again.
func (s store) putMarks(ctx context.Context, ref id.Ref, marks []string) error {
	if _, err := s.db.Exec(ctx, `-- aid.putMarks
		DELETE FROM aid_mark WHERE root = $1 AND aid = $2`, ref.Root, ref.ID); err != nil {
		return err
	}
	for _, m := range marks {
		if _, err := s.db.Exec(ctx, `-- aid.putMarks
			INSERT INTO aid_mark (root, aid, mark) VALUES ($1, $2, $3) ON CONFLICT (root, aid, mark) DO NOTHING`, ref.Root, ref.ID, m); err != nil {
			return err
		}
	}
	return nil
}

// sameAcrossUnits are the other aids of every unit and city for the same child, kind, purpose and year that are under way or were
// given; only their number leaves the service.
func (s store) sameAcrossUnits(ctx context.Context, ref id.Ref) ([]Row, error) {
	return db.Select[Row](ctx, s.db, `-- aid.sameAcrossUnits
		SELECT DISTINCT `+columns+` FROM aid_aid me
			JOIN aid_mark m ON m.root = me.root AND m.aid = me.id
			JOIN aid_mark o ON o.mark = m.mark AND (o.root <> me.root OR o.aid <> me.id)
			JOIN aid_aid a ON a.root = o.root AND a.id = o.aid AND a.kind = me.kind AND a.purpose = me.purpose AND a.year = me.year AND a.state NOT IN ('refused', 'withdrawn')
		WHERE me.root = $1 AND me.id = $2 ORDER BY a.id`, ref.Root, ref.ID)
}

// putDoubles keeps what an application was found to be like; it answers how many were not known before.
func (s store) putDoubles(ctx context.Context, ref id.Ref, others []Row) (fresh []Row, err error) {
	for _, o := range others {
		n, err := s.db.Exec(ctx, `-- aid.putDoubles
			INSERT INTO aid_double (root, aid, other_root, other) VALUES ($1, $2, $3, $4) ON CONFLICT (root, aid, other_root, other) DO NOTHING`, ref.Root, ref.ID, o.Root, o.ID)
		if err != nil {
			return nil, err
		}
		if n == 1 {
			fresh = append(fresh, o)
		}
	}
	return fresh, nil
}

// doublesAcrossUnits are the aids that an application was found to be like and that still stand.
func (s store) doublesAcrossUnits(ctx context.Context, ref id.Ref) ([]Row, error) {
	return db.Select[Row](ctx, s.db, `-- aid.doublesAcrossUnits
		SELECT `+columns+` FROM aid_double d JOIN aid_aid a ON a.root = d.other_root AND a.id = d.other
		WHERE d.root = $1 AND d.aid = $2 AND a.state NOT IN ('refused', 'withdrawn') ORDER BY a.id`, ref.Root, ref.ID)
}

// dropDoubles forgets them, before an application that was corrected is compared anew.
func (s store) dropDoubles(ctx context.Context, ref id.Ref) error {
	_, err := s.db.Exec(ctx, `-- aid.dropDoubles
		DELETE FROM aid_double WHERE root = $1 AND aid = $2`, ref.Root, ref.ID)
	return err
}

// compared counts one more comparison of an account on a day and answers how many there were.
func (s store) compared(ctx context.Context, account id.ID, day clock.Day) (int64, error) {
	if _, err := s.db.Exec(ctx, `-- aid.compared
		INSERT INTO aid_compared (account, day, n) VALUES ($1, $2, 1) ON CONFLICT (account, day) DO UPDATE SET n = aid_compared.n + 1`, account, string(day)); err != nil {
		return 0, err
	}
	return db.Get[int64](ctx, s.db, `-- aid.compared
		SELECT n FROM aid_compared WHERE account = $1 AND day = $2`, account, string(day))
}

// kinds are a city's own, or those that ship (root 0).
func (s store) kinds(ctx context.Context, root int64) ([]Class, error) {
	return db.Select[Class](ctx, s.db, `-- aid.kinds
		SELECT root, code, name, en, purposes, ord, closed_on, by_name, at FROM aid_kind WHERE root = $1 ORDER BY ord, code`, root)
}

// setKinds puts a city's list in place of the one before.
func (s store) setKinds(ctx context.Context, root int64, list []Class) error {
	if _, err := s.db.Exec(ctx, `-- aid.setKinds
		DELETE FROM aid_kind WHERE root = $1`, root); err != nil {
		return err
	}
	for i, c := range list {
		if _, err := s.db.Exec(ctx, `-- aid.setKinds
			INSERT INTO aid_kind (root, code, name, en, purposes, ord, closed_on, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			root, c.Code, c.Name, c.En, c.Purposes, i+1, string(c.Closed), c.ByName, c.At); err != nil {
			return err
		}
	}
	return nil
}

// limits are a city's own, or those that ship (root 0).
func (s store) limits(ctx context.Context, root int64) ([]Limit, error) {
	return db.Select[Limit](ctx, s.db, `-- aid.limits
		SELECT level, fen FROM aid_limit WHERE root = $1 ORDER BY fen, level`, root)
}

func (s store) setLimits(ctx context.Context, root int64, list []Limit) error {
	if _, err := s.db.Exec(ctx, `-- aid.setLimits
		DELETE FROM aid_limit WHERE root = $1`, root); err != nil {
		return err
	}
	for _, l := range list {
		if _, err := s.db.Exec(ctx, `-- aid.setLimits
			INSERT INTO aid_limit (root, level, fen) VALUES ($1, $2, $3)`, root, l.Level, l.Fen); err != nil {
			return err
		}
	}
	return nil
}
