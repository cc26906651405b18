package coord

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type replyRow struct {
	Root       int64     `db:"root"`
	ID         id.ID     `db:"id"`
	Notice     id.ID     `db:"notice"`
	Unit       id.ID     `db:"unit"`
	Pos        int64     `db:"pos"`
	ReceivedOn clock.Day `db:"received_on"`
	ReadOn     clock.Day `db:"read_on"`
	PassedOn   clock.Day `db:"passed_on"`
	Due        clock.Day `db:"due_day"`
	DoneOn     clock.Day `db:"done_on"`
}

func (r replyRow) ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

func (r replyRow) state(day clock.Day) State {
	x := Reply{ReceivedOn: r.ReceivedOn, DoneOn: r.DoneOn}
	if r.ReadOn != clock.Open {
		x.Readers = []Mark{{On: r.ReadOn}}
	}
	return x.StateOn(day)
}

const replyColumns = `root, id, notice, unit, pos, received_on, read_on, passed_on, due_day, done_on`

func (s store) putReply(ctx context.Context, ref id.Ref, pos int64, r Reply, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- coord.putReply
		DELETE FROM coord_reply WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil {
		return err
	}
	for _, wide := range []int64{countyWide, townWide} {
		if err := s.beat(ctx, ref.Root, r.Notice.ID, block(pos, wide).From, wide); err != nil {
			return err
		}
	}
	if gone {
		return nil
	}
	asking := 0
	if r.asking() {
		asking = 1
	}
	_, err := s.db.Exec(ctx, `-- coord.putReply
		INSERT INTO coord_reply (root, id, notice, unit, pos, received_on, read_on, passed_on, due_day, done_on, asking)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		ref.Root, ref.ID, r.Notice.ID, r.Unit, pos, r.ReceivedOn, r.readOn(), r.PassedOn, r.Due, r.DoneOn, asking)
	return err
}

// replyAcrossUnits finds what a unit did about a notice; its service asks for the right.
func (s store) replyAcrossUnits(ctx context.Context, notice, unit id.ID) ([]replyRow, error) {
	return db.Select[replyRow](ctx, s.db, `-- coord.replyAcrossUnits
		SELECT `+replyColumns+` FROM coord_reply WHERE notice = $1 AND unit = $2`, notice, unit)
}

// repliesOfUnitAcrossUnits are a unit's replies to some notices, for its list.
func (s store) repliesOfUnitAcrossUnits(ctx context.Context, unit id.ID, notices []id.ID) ([]replyRow, error) {
	return db.Select[replyRow](ctx, s.db, `-- coord.repliesOfUnitAcrossUnits
		SELECT `+replyColumns+` FROM coord_reply WHERE unit = $1 AND notice IN `+db.In(notices), unit)
}

// askedAboutAcrossUnits are those of some notices about which a unit has a question that nobody has answered.
func (s store) askedAboutAcrossUnits(ctx context.Context, list []Listed) ([]id.ID, error) {
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Ref.ID
	}
	return db.Select[id.ID](ctx, s.db, `-- coord.askedAboutAcrossUnits
		SELECT DISTINCT notice FROM coord_reply WHERE asking = 1 AND notice IN `+db.In(ids))
}

// repliesOfUnitsAcrossUnits are what some units did about one notice: the units above one, for its page.
func (s store) repliesOfUnitsAcrossUnits(ctx context.Context, notice id.ID, units []id.ID) ([]replyRow, error) {
	return db.Select[replyRow](ctx, s.db, `-- coord.repliesOfUnitsAcrossUnits
		SELECT `+replyColumns+` FROM coord_reply WHERE notice = $1 AND unit IN `+db.In(units)+` ORDER BY pos`, notice)
}

func (s store) replyIDsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- coord.replyIDsOfUnit
		SELECT id FROM coord_reply WHERE unit = $1 ORDER BY id`, unit)
}

func (s store) describedReplies(ctx context.Context, recs []id.ID) ([]replyRow, error) {
	return db.Select[replyRow](ctx, s.db, `-- coord.describedReplies
		SELECT `+replyColumns+` FROM coord_reply WHERE id IN `+db.In(recs))
}

// usedAcrossUnits tells whether any unit has done something about the notice.
func (s store) usedAcrossUnits(ctx context.Context, notice id.ID) (bool, error) {
	list, err := db.Select[id.ID](ctx, s.db, `-- coord.usedAcrossUnits
		SELECT id FROM coord_reply WHERE notice = $1 LIMIT 1`, notice)
	return len(list) > 0, err
}

type dueRow struct {
	Pos int64     `db:"pos"`
	Due clock.Day `db:"due_day"`
}

// duesAcrossUnits are the days of their own that units at these places have set: they hold for the units below them.
func (s store) duesAcrossUnits(ctx context.Context, notice id.ID, places []int64) ([]dueRow, error) {
	return db.Select[dueRow](ctx, s.db, `-- coord.duesAcrossUnits
		SELECT pos, due_day FROM coord_reply WHERE notice = $1 AND due_day <> '' AND pos IN `+db.In(places), notice)
}

type reminderRow struct {
	Reminder
	Pos   int64 `db:"pos"`
	PosTo int64 `db:"pos_to"`
}

// remindersAcrossUnits are the calls that reached a place, the latest first.
func (s store) remindersAcrossUnits(ctx context.Context, notice id.ID, pos int64) ([]reminderRow, error) {
	return db.Select[reminderRow](ctx, s.db, `-- coord.remindersAcrossUnits
		SELECT unit, day, by_name, sent, pos, pos_to FROM coord_reminder WHERE notice = $1 AND pos <= $2 AND pos_to > $2 ORDER BY day DESC, unit LIMIT 100`, notice, pos)
}

func (s store) addReminder(ctx context.Context, ref id.Ref, u scope.Range, r Reminder, at int64) (bool, error) {
	n, err := s.db.Exec(ctx, `-- coord.addReminder
		INSERT INTO coord_reminder (root, notice, unit, day, pos, pos_to, at, by_name, sent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (root, notice, unit, day) DO NOTHING`, ref.Root, ref.ID, r.Unit, r.Day, u.From, u.To, at, r.By, r.Sent)
	return n == 1, err
}
