package care

import (
	"context"
	"encoding/json"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

type deskRow struct {
	Root  int64  `db:"root"`
	Unit  id.ID  `db:"unit"`
	Pos   int64  `db:"pos"`
	Open  int64  `db:"open"`
	Kinds string `db:"kinds"`
	Phone string `db:"phone"`
	Hours string `db:"hours"`
	About string `db:"about"`
	Leads string `db:"leads"`
	Ver   int64  `db:"ver"`
}

const desks = `root, unit, pos, open, kinds, phone, hours, about, leads, ver`

func (r deskRow) desk() (Desk, error) {
	d := Desk{Root: r.Root, Unit: r.Unit, Pos: r.Pos, Open: r.Open == 1, Phone: r.Phone, Hours: r.Hours, About: r.About, Ver: r.Ver}
	if r.Kinds != "" {
		d.Kinds = strings.Split(r.Kinds, ",")
	}
	return d, json.Unmarshal([]byte(r.Leads), &d.Leads)
}

// deskAcrossUnits reads a unit's desk, one with version 0 where it has none; everybody may know of it.
func (s store) deskAcrossUnits(ctx context.Context, unit id.ID) (Desk, error) {
	r, err := db.Get[deskRow](ctx, s.db, `-- care.deskAcrossUnits
		SELECT `+desks+` FROM care_desk WHERE unit = $1`, unit)
	if errs.Is(err, errs.NotFound) {
		return Desk{Unit: unit, Kinds: Kinds}, nil
	}
	if err != nil {
		return Desk{}, err
	}
	return r.desk()
}

// openDesksAcrossUnits are those that take requests in a subtree; everybody may know of them.
func (s store) openDesksAcrossUnits(ctx context.Context, r scope.Range, limit int) (out []Desk, err error) {
	rows, err := db.Select[deskRow](ctx, s.db, `-- care.openDesksAcrossUnits
		SELECT `+desks+` FROM care_desk WHERE open = 1 AND pos >= $1 AND pos < $2 ORDER BY pos LIMIT $3`, r.From, r.To, limit)
	for _, r := range rows {
		d, err := r.desk()
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, err
}

// putDesk keeps a desk; false when it stood otherwise than was thought.
func (s store) putDesk(ctx context.Context, d Desk) (bool, error) {
	leads, err := json.Marshal(d.Leads)
	if err != nil {
		return false, err
	}
	open := int64(0)
	if d.Open {
		open = 1
	}
	if d.Ver == 0 {
		n, err := s.db.Exec(ctx, `-- care.putDesk
			INSERT INTO care_desk (`+desks+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1) ON CONFLICT (root, unit) DO NOTHING`,
			d.Root, d.Unit, d.Pos, open, strings.Join(d.Kinds, ","), d.Phone, d.Hours, d.About, string(leads))
		return n == 1, err
	}
	n, err := s.db.Exec(ctx, `-- care.putDesk
		UPDATE care_desk SET open = $3, kinds = $4, phone = $5, hours = $6, about = $7, leads = $8, ver = ver + 1 WHERE root = $1 AND unit = $2 AND ver = $9`,
		d.Root, d.Unit, open, strings.Join(d.Kinds, ","), d.Phone, d.Hours, d.About, string(leads), d.Ver)
	return n == 1, err
}

const duties = `root, id, unit, account, name, phone, from_day, to_day`

func (s store) putDuty(ctx context.Context, d Duty) error {
	_, err := s.db.Exec(ctx, `-- care.putDuty
		INSERT INTO care_duty (`+duties+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, d.Root, d.ID, d.Unit, d.Account, d.Name, d.Phone, d.From, d.To)
	return err
}

func (s store) dropDuty(ctx context.Context, unit, duty id.ID) (int64, error) {
	return s.db.Exec(ctx, `-- care.dropDuty
		DELETE FROM care_duty WHERE unit = $1 AND id = $2`, unit, duty)
}

// dutiesAcrossUnits are who is on call at a desk on a day and after it; the service asks who may know.
func (s store) dutiesAcrossUnits(ctx context.Context, unit id.ID, from clock.Day) ([]Duty, error) {
	return db.Select[Duty](ctx, s.db, `-- care.dutiesAcrossUnits
		SELECT `+duties+` FROM care_duty WHERE unit = $1 AND to_day >= $2 ORDER BY from_day, id LIMIT 60`, unit, from)
}

const requests = `root, id, unit, pos, no, kind, asker, way, danger, urgency, state, at, due_at, answered_at, closed_at, holder, holder_name, outcome, score, risen, pass, ver, calls, called_at, reached, rule`

// insertRequest keeps a new request under its receipt; false when the receipt has one already.
func (s store) insertRequest(ctx context.Context, q Request, mark string) (bool, error) {
	n, err := s.db.Exec(ctx, `-- care.insertRequest
		INSERT INTO care_receipt (mark, root, id) VALUES ($1, $2, $3) ON CONFLICT (mark) DO NOTHING`, mark, q.Root, q.ID)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = s.db.Exec(ctx, `-- care.insertRequest
		INSERT INTO care_request (`+requests+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 1, 0, 0, 0, $22)`,
		q.Root, q.ID, q.Unit, q.Pos, q.No, q.Kind, q.Asker, q.Way, q.Danger, q.Urgency, q.State, q.At, q.DueAt, q.AnsweredAt, q.ClosedAt, q.Holder, q.HolderName, q.Outcome, q.Score, q.Risen, q.Pass, q.Rule)
	return err == nil, err
}

// byReceiptAcrossUnits finds the request of a receipt; the phrase is asked by the service.
func (s store) byReceiptAcrossUnits(ctx context.Context, mark string) (Request, error) {
	return db.Get[Request](ctx, s.db, `-- care.byReceiptAcrossUnits
		SELECT `+prefixed(requests)+` FROM care_receipt c JOIN care_request q ON q.root = c.root AND q.id = c.id WHERE c.mark = $1`, mark)
}

func prefixed(columns string) string { return "q." + strings.ReplaceAll(columns, ", ", ", q.") }

// requestAcrossUnits reads a request; the service asks who may know of it.
func (s store) requestAcrossUnits(ctx context.Context, ref id.Ref) (Request, error) {
	return db.Get[Request](ctx, s.db, `-- care.requestAcrossUnits
		SELECT `+requests+` FROM care_request WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
}

// updateRequest keeps a request's new state; false when it stood otherwise than was thought.
func (s store) updateRequest(ctx context.Context, q Request) (bool, error) {
	n, err := s.db.Exec(ctx, `-- care.updateRequest
		UPDATE care_request SET urgency = $3, state = $4, due_at = $5, answered_at = $6, closed_at = $7, holder = $8, holder_name = $9, outcome = $10, score = $11, risen = $12, danger = $13, calls = $15, called_at = $16, reached = $17, ver = ver + 1
		WHERE root = $1 AND id = $2 AND ver = $14`,
		q.Root, q.ID, q.Urgency, q.State, q.DueAt, q.AnsweredAt, q.ClosedAt, q.Holder, q.HolderName, q.Outcome, q.Score, q.Risen, q.Danger, q.Ver, q.Calls, q.CalledAt, q.Reached)
	return n == 1, err
}

// ofUnitAcrossUnits are a unit's requests: the running ones by when they are due, then those that ended last. The service asks who
// may know.
func (s store) ofUnitAcrossUnits(ctx context.Context, unit id.ID, closed bool, limit int) ([]Request, error) {
	where, order := `state <> 'closed'`, `CASE WHEN due_at = 0 THEN 1 ELSE 0 END, due_at, id`
	if closed {
		where, order = `state = 'closed'`, `closed_at DESC, id DESC`
	}
	return db.Select[Request](ctx, s.db, `-- care.ofUnitAcrossUnits
		SELECT `+requests+` FROM care_request WHERE unit = $1 AND `+where+` ORDER BY `+order+` LIMIT $2`, unit, limit)
}

// numberedAcrossUnits is the latest request of a desk with a number; the service asks who may know.
func (s store) numberedAcrossUnits(ctx context.Context, unit id.ID, no string) (Request, error) {
	return db.Get[Request](ctx, s.db, `-- care.numberedAcrossUnits
		SELECT `+requests+` FROM care_request WHERE unit = $1 AND no = $2 ORDER BY id DESC LIMIT 1`, unit, no)
}

// overdueAcrossUnits are those nobody answered in time.
func (s store) overdueAcrossUnits(ctx context.Context, now int64, limit int) ([]Request, error) {
	return db.Select[Request](ctx, s.db, `-- care.overdueAcrossUnits
		SELECT `+requests+` FROM care_request WHERE due_at > 0 AND due_at <= $1 AND risen < $2 ORDER BY due_at LIMIT $3`, now, mostRisen, limit)
}

// lateAcrossUnits counts a desk's requests that were not answered in time; whoever views the unit may know.
func (s store) lateAcrossUnits(ctx context.Context, unit id.ID, now int64) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- care.lateAcrossUnits
		SELECT COUNT(*) FROM care_request WHERE unit = $1 AND state <> 'closed' AND (due_at > 0 AND due_at <= $2 OR risen > 0)`, unit, now)
}

const entries = `root, id, request, kind, at, day, by_account, by_name, arg, sealed, mark, clock, way, reply, fate`

func (s store) insertEntry(ctx context.Context, e Entry) error {
	_, err := s.db.Exec(ctx, `-- care.insertEntry
		INSERT INTO care_entry (`+entries+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, e.Root, e.ID, e.Request, e.Kind, e.At, e.Day, e.By, e.ByName, e.Arg, e.Sealed, e.Mark, e.Clock, e.Way, e.Reply, e.Fate)
	return err
}

// entriesAcrossUnits are a request's lines, the first first; the service asks who may read them.
func (s store) entriesAcrossUnits(ctx context.Context, ref id.Ref) ([]Entry, error) {
	return db.Select[Entry](ctx, s.db, `-- care.entriesAcrossUnits
		SELECT `+entries+` FROM care_entry WHERE root = $1 AND request = $2 ORDER BY id`, ref.Root, ref.ID)
}

// reply keeps what whoever asked says to an appointment; false when it is none, or was answered already.
func (s store) reply(ctx context.Context, ref id.Ref, entry id.ID, reply string) (bool, error) {
	n, err := s.db.Exec(ctx, `-- care.reply
		UPDATE care_entry SET reply = $4 WHERE root = $1 AND request = $2 AND id = $3 AND kind = 'booked' AND reply = '' AND fate = ''`, ref.Root, ref.ID, entry, reply)
	return n == 1, err
}

// endSlot keeps what became of an appointment; false when it is none, or has ended already.
func (s store) endSlot(ctx context.Context, ref id.Ref, entry id.ID, fate string) (bool, error) {
	n, err := s.db.Exec(ctx, `-- care.endSlot
		UPDATE care_entry SET fate = $4 WHERE root = $1 AND request = $2 AND id = $3 AND kind = 'booked' AND fate = ''`, ref.Root, ref.ID, entry, fate)
	return n == 1, err
}

// offSlots calls off the appointments of a request from a day on.
func (s store) offSlots(ctx context.Context, ref id.Ref, from clock.Day) error {
	_, err := s.db.Exec(ctx, `-- care.offSlots
		UPDATE care_entry SET fate = 'off' WHERE root = $1 AND request = $2 AND kind = 'booked' AND fate = '' AND day >= $3`, ref.Root, ref.ID, from)
	return err
}

// toCallAcrossUnits are a unit's requests of those who want to be called and were not reached yet, the most urgent first; the service
// asks who may know.
func (s store) toCallAcrossUnits(ctx context.Context, unit id.ID) ([]Request, error) {
	return db.Select[Request](ctx, s.db, `-- care.toCallAcrossUnits
		SELECT `+requests+` FROM care_request WHERE unit = $1 AND state <> 'closed' AND way = 'call' AND reached = 0 ORDER BY CASE WHEN due_at = 0 THEN 1 ELSE 0 END, due_at, id LIMIT 100`, unit)
}

// answersAcrossUnits counts the answers that whoever asked was given, and each desk that took the request over: until the next one, all
// that waits is one task.
func (s store) answersAcrossUnits(ctx context.Context, ref id.Ref) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- care.answersAcrossUnits
		SELECT COUNT(*) FROM care_entry WHERE root = $1 AND request = $2 AND (kind IN ('told', 'booked') OR kind = 'step' AND (arg LIKE 'accepted:%' OR arg = 'reached'))`, ref.Root, ref.ID)
}

// markedAcrossUnits tells whether a form was taken already.
func (s store) markedAcrossUnits(ctx context.Context, ref id.Ref, mark string) (bool, error) {
	return db.Get[bool](ctx, s.db, `-- care.markedAcrossUnits
		SELECT COUNT(*) > 0 FROM care_entry WHERE root = $1 AND request = $2 AND mark = $3`, ref.Root, ref.ID, mark)
}

// keepsAcrossUnits tells whether a unit has any request.
func (s store) keepsAcrossUnits(ctx context.Context, unit id.ID) (bool, error) {
	return db.Get[bool](ctx, s.db, `-- care.keepsAcrossUnits
		SELECT EXISTS (SELECT 1 FROM care_request WHERE unit = $1)`, unit)
}

// move follows a unit to its place of today; what its heir took over is the heir's.
func (s store) move(ctx context.Context, unit, to id.ID, pos int64) error {
	if _, err := s.db.Exec(ctx, `-- care.move
		UPDATE care_request SET unit = $2, pos = $3 WHERE unit = $1`, unit, to, pos); err != nil {
		return err
	}
	shut := ""
	if to != unit {
		shut = ", open = 0"
	}
	_, err := s.db.Exec(ctx, `-- care.move
		UPDATE care_desk SET pos = $2`+shut+` WHERE unit = $1`, unit, pos)
	return err
}

// ruleAcrossUnits is the latest version of the rule; it is the same for everybody.
func (s store) ruleAcrossUnits(ctx context.Context) (Rule, error) {
	return db.Get[Rule](ctx, s.db, `-- care.ruleAcrossUnits
		SELECT t.version, t.asks, t.body, t.by_name, t.day FROM care_rule t ORDER BY t.version DESC LIMIT 1`)
}

func (s store) putRule(ctx context.Context, r Rule) error {
	_, err := s.db.Exec(ctx, `-- care.putRule
		INSERT INTO care_rule (version, asks, body, by_name, day) VALUES ($1, $2, $3, $4, $5)`, r.Version, r.Asks, r.Body, r.ByName, r.Day)
	return err
}
