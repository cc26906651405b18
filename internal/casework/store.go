package casework

import (
	"context"
	"fmt"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

const cases = `root, id, unit, pos, no, class, state, holder, holder_name, holder_reads, lead, lead_name, consent, unsafe, rhythm, opened_on, since_on, last_on, next_on, floor_on, due_on, closed_on, outcome, result_due, result, from_root, from_id, ver`

func (s store) insertCase(ctx context.Context, c Case) error {
	_, err := s.db.Exec(ctx, `-- casework.insertCase
		INSERT INTO casework_case (`+cases+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, 1)`,
		c.Root, c.ID, c.Unit, c.Pos, c.No, c.Class, c.State, c.Holder, c.HolderName, c.HolderReads, c.Lead, c.LeadName, c.Consent, c.Unsafe, c.Rhythm, c.OpenedOn, c.SinceOn, c.LastOn, c.NextOn, c.FloorOn, c.DueOn, c.ClosedOn, c.Outcome, c.ResultDue, c.Result, c.FromRoot, c.FromID)
	return err
}

// takenAcrossUnits tells whether a case of a unit bears a number already.
func (s store) takenAcrossUnits(ctx context.Context, unit id.ID, no string) (bool, error) {
	return db.Get[bool](ctx, s.db, `-- casework.takenAcrossUnits
		SELECT COUNT(*) > 0 FROM casework_case WHERE unit = $1 AND no = $2`, unit, no)
}

// caseAcrossUnits reads a case; the service asks who may know of it.
func (s store) caseAcrossUnits(ctx context.Context, ref id.Ref) (Case, error) {
	return db.Get[Case](ctx, s.db, `-- casework.caseAcrossUnits
		SELECT `+cases+` FROM casework_case WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
}

// updateCase keeps a case's new state; false when it stood otherwise than was thought.
func (s store) updateCase(ctx context.Context, c Case) (bool, error) {
	n, err := s.db.Exec(ctx, `-- casework.updateCase
		UPDATE casework_case SET state = $3, holder = $4, holder_name = $5, holder_reads = $6, lead = $7, lead_name = $8, consent = $9, unsafe = $10, rhythm = $11, since_on = $12, last_on = $13, next_on = $14,
			floor_on = $15, due_on = $16, closed_on = $17, outcome = $18, result_due = $19, result = $20, ver = ver + 1
		WHERE root = $1 AND id = $2 AND ver = $21`,
		c.Root, c.ID, c.State, c.Holder, c.HolderName, c.HolderReads, c.Lead, c.LeadName, c.Consent, c.Unsafe, c.Rhythm, c.SinceOn, c.LastOn, c.NextOn, c.FloorOn, c.DueOn, c.ClosedOn, c.Outcome, c.ResultDue, c.Result, c.Ver)
	return n == 1, err
}

// ofUnitAcrossUnits are a unit's cases, those first whose visit has been owed longest; the service asks who may know.
func (s store) ofUnitAcrossUnits(ctx context.Context, unit, who id.ID, f Filter, today clock.Day, limit int) ([]Case, error) {
	where, order, args := `state <> 'closed'`, `due_on, id`, []any{unit, f.Class, limit}
	switch f.Only {
	case "overdue":
		where, args = `due_on <> '' AND due_on < $4`, append(args, today)
	case "result":
		where, order, args = `result_due <> '' AND result_due <= $4`, `result_due, id`, append(args, today)
	case "mine":
		where, args = `state <> 'closed' AND (holder = $4 OR lead = $4)`, append(args, who)
	case "closed":
		where, order = `state = 'closed'`, `closed_on DESC, id DESC`
	}
	if f.Days > 0 {
		args = append(args, today.AddDays(-f.Days))
		where += fmt.Sprintf(` AND state <> 'closed' AND CASE WHEN last_on > since_on THEN last_on ELSE since_on END <= $%d`, len(args))
	}
	return db.Select[Case](ctx, s.db, `-- casework.ofUnitAcrossUnits
		SELECT `+cases+` FROM casework_case WHERE unit = $1 AND ($2 = '' OR class = $2) AND `+where+` ORDER BY `+order+` LIMIT $3`, args...)
}

// talliesAcrossUnits counts a unit's cases by class, exactly; the service asks who may know.
func (s store) talliesAcrossUnits(ctx context.Context, unit id.ID, today clock.Day) ([]Tally, error) {
	return db.Select[Tally](ctx, s.db, `-- casework.talliesAcrossUnits
		SELECT class, SUM(CASE WHEN state <> 'closed' THEN 1 ELSE 0 END) AS open, SUM(CASE WHEN due_on <> '' AND due_on < $2 THEN 1 ELSE 0 END) AS overdue, SUM(CASE WHEN state = 'closed' THEN 1 ELSE 0 END) AS closed
		FROM casework_case WHERE unit = $1 GROUP BY class`, unit, today)
}

// fromAcrossUnits are the cases that came from a request for help; the service asks who may know.
func (s store) fromAcrossUnits(ctx context.Context, ref id.Ref) ([]Case, error) {
	return db.Select[Case](ctx, s.db, `-- casework.fromAcrossUnits
		SELECT `+cases+` FROM casework_case WHERE from_root = $1 AND from_id = $2 ORDER BY id`, ref.Root, ref.ID)
}

// overdueAcrossUnits are all cases whose visit is overdue, after one, by id.
func (s store) overdueAcrossUnits(ctx context.Context, today clock.Day, after id.ID, limit int) ([]Case, error) {
	return db.Select[Case](ctx, s.db, `-- casework.overdueAcrossUnits
		SELECT `+cases+` FROM casework_case WHERE due_on <> '' AND due_on < $1 AND id > $2 ORDER BY id LIMIT $3`, today, after, limit)
}

// resultsAcrossUnits are all cases of which it is to be said what came of them, after one, by id.
func (s store) resultsAcrossUnits(ctx context.Context, today clock.Day, after id.ID, limit int) ([]Case, error) {
	return db.Select[Case](ctx, s.db, `-- casework.resultsAcrossUnits
		SELECT `+cases+` FROM casework_case WHERE result_due <> '' AND result_due <= $1 AND id > $2 ORDER BY id LIMIT $3`, today, after, limit)
}

// restedAcrossUnits are all paused cases whose pause is over.
func (s store) restedAcrossUnits(ctx context.Context, today clock.Day, limit int) ([]Case, error) {
	return db.Select[Case](ctx, s.db, `-- casework.restedAcrossUnits
		SELECT `+cases+` FROM casework_case WHERE state = 'paused' AND floor_on <= $1 ORDER BY id LIMIT $2`, today, limit)
}

// late is how many visits are overdue at a unit.
type late struct {
	Unit id.ID `db:"unit"`
	N    int64 `db:"n"`
}

// latesAcrossUnits counts the overdue visits of each unit in a subtree, for the operator.
func (s store) latesAcrossUnits(ctx context.Context, r scope.Range, today clock.Day) ([]late, error) {
	return db.Select[late](ctx, s.db, `-- casework.latesAcrossUnits
		SELECT unit, COUNT(*) AS n FROM casework_case WHERE pos >= $1 AND pos < $2 AND due_on <> '' AND due_on < $3 GROUP BY unit, pos ORDER BY pos`, r.From, r.To, today)
}

// putMark notes that somebody has a case; the case that they have already, where they do.
func (s store) putMark(ctx context.Context, mark string, ref id.Ref) (there id.Ref, err error) {
	n, err := s.db.Exec(ctx, `-- casework.putMark
		INSERT INTO casework_mark (mark, root, id) VALUES ($1, $2, $3) ON CONFLICT (mark) DO NOTHING`, mark, ref.Root, ref.ID)
	if err != nil || n == 1 {
		return id.Ref{}, err
	}
	row, err := db.Get[struct {
		Root int64 `db:"root"`
		ID   id.ID `db:"id"`
	}](ctx, s.db, `-- casework.putMark
		SELECT root, id FROM casework_mark WHERE mark = $1`, mark)
	return id.Ref{Root: row.Root, ID: row.ID}, err
}

func (s store) dropMarks(ctx context.Context, ref id.Ref) error {
	_, err := s.db.Exec(ctx, `-- casework.dropMarks
		DELETE FROM casework_mark WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
	return err
}

const entries = `root, id, case_id, kind, at, day, by_account, by_name, arg, n, until_on, sealed, mark`

func (s store) insertEntry(ctx context.Context, e Entry) error {
	_, err := s.db.Exec(ctx, `-- casework.insertEntry
		INSERT INTO casework_entry (`+entries+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, e.Root, e.ID, e.Case, e.Kind, e.At, e.Day, e.By, e.ByName, e.Arg, e.N, e.Until, e.Sealed, e.Mark)
	return err
}

// entriesAcrossUnits are a case's lines, the first first; the service asks who may read them.
func (s store) entriesAcrossUnits(ctx context.Context, ref id.Ref) ([]Entry, error) {
	return db.Select[Entry](ctx, s.db, `-- casework.entriesAcrossUnits
		SELECT `+entries+` FROM casework_entry WHERE root = $1 AND case_id = $2 ORDER BY id`, ref.Root, ref.ID)
}

// markedAcrossUnits tells whether a form was taken already.
func (s store) markedAcrossUnits(ctx context.Context, ref id.Ref, mark string) (bool, error) {
	return db.Get[bool](ctx, s.db, `-- casework.markedAcrossUnits
		SELECT COUNT(*) > 0 FROM casework_entry WHERE root = $1 AND case_id = $2 AND mark = $3`, ref.Root, ref.ID, mark)
}

const pairs = `root, id, case_id, person_root, person, name, account, from_on, until_on, state, ended_on, why, grant_id`

func (s store) insertPair(ctx context.Context, p Pair) error {
	_, err := s.db.Exec(ctx, `-- casework.insertPair
		INSERT INTO casework_pair (`+pairs+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, p.Root, p.ID, p.Case, p.PersonRoot, p.Person, p.Name, p.Account, p.From, p.Until, p.State, p.EndedOn, p.Why, p.Grant)
	return err
}

// updatePair keeps how a pairing stands.
func (s store) updatePair(ctx context.Context, p Pair) error {
	_, err := s.db.Exec(ctx, `-- casework.updatePair
		UPDATE casework_pair SET state = $3, ended_on = $4, why = $5, grant_id = $6, until_on = $7 WHERE root = $1 AND id = $2`, p.Root, p.ID, p.State, p.EndedOn, p.Why, p.Grant, p.Until)
	return err
}

// pairsAcrossUnits are a case's pairings, the first first; the service asks who may know.
func (s store) pairsAcrossUnits(ctx context.Context, ref id.Ref) ([]Pair, error) {
	return db.Select[Pair](ctx, s.db, `-- casework.pairsAcrossUnits
		SELECT `+pairs+` FROM casework_pair WHERE root = $1 AND case_id = $2 ORDER BY id`, ref.Root, ref.ID)
}

// pairsOfAcrossUnits are the pairings of an account that stand.
func (s store) pairsOfAcrossUnits(ctx context.Context, account id.ID) ([]Pair, error) {
	return db.Select[Pair](ctx, s.db, `-- casework.pairsOfAcrossUnits
		SELECT `+pairs+` FROM casework_pair WHERE account = $1 AND state = 'live' ORDER BY id LIMIT 100`, account)
}

// livePairsAcrossUnits are all pairings that stand, after one, by id.
func (s store) livePairsAcrossUnits(ctx context.Context, after id.ID, limit int) ([]Pair, error) {
	return db.Select[Pair](ctx, s.db, `-- casework.livePairsAcrossUnits
		SELECT `+pairs+` FROM casework_pair WHERE state = 'live' AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// pairedAcrossUnits names the volunteers of a unit's cases that are paired today; the service asks who may know.
func (s store) pairedAcrossUnits(ctx context.Context, unit id.ID) ([]Pair, error) {
	return db.Select[Pair](ctx, s.db, `-- casework.pairedAcrossUnits
		SELECT p.root, p.id, p.case_id, p.person_root, p.person, p.name, p.account, p.from_on, p.until_on, p.state, p.ended_on, p.why, p.grant_id
		FROM casework_pair p JOIN casework_case c ON c.root = p.root AND c.id = p.case_id WHERE c.unit = $1 AND p.state <> 'ended' ORDER BY p.id`, unit)
}

// move follows a unit to its place of today; what its heir took over is the heir's.
func (s store) move(ctx context.Context, unit, to id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- casework.move
		UPDATE casework_case SET unit = $2, pos = $3 WHERE unit = $1`, unit, to, pos)
	return err
}
