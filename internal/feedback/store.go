package feedback

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

const listed = `root, id, activity, unit, title, day, closes, closed, counted, points, satisfied, admitted`

// put writes a round's line anew; gone leaves nothing.
func (s store) put(ctx context.Context, l Listed, pos int64, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- feedback.put
		DELETE FROM feedback_round WHERE root = $1 AND id = $2`, l.Root, l.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- feedback.put
		INSERT INTO feedback_round (`+listed+`, pos) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		l.Root, l.ID, l.Activity, l.Unit, l.Title, l.Day, l.Closes, l.Closed, l.Counted, l.Points, l.Satisfied, l.Admitted, pos)
	return err
}

// roundOfAcrossUnits finds an activity's round; who may see it is asked at the activity.
func (s store) roundOfAcrossUnits(ctx context.Context, activity id.Ref) (id.ID, error) {
	return db.Get[id.ID](ctx, s.db, `-- feedback.roundOfAcrossUnits
		SELECT id FROM feedback_round WHERE root = $1 AND activity = $2`, activity.Root, activity.ID)
}

// list reads the rounds of a subtree within the reader's view, the latest activities first.
func (s store) list(ctx context.Context, view scope.Set, r scope.Range, limit int) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- feedback.list
		SELECT `+listed+` FROM feedback_round WHERE `+view.SQL("pos")+` AND `+scope.Set{r}.SQL("pos")+` ORDER BY day DESC, id DESC LIMIT $1`, limit)
}

func (s store) byIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]Listed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Select[Listed](ctx, s.db, `-- feedback.byIDsAcrossUnits
		SELECT `+listed+` FROM feedback_round WHERE id IN `+db.In(ids))
}

func (s store) ofUnitAcrossUnits(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- feedback.ofUnitAcrossUnits
		SELECT id FROM feedback_round WHERE unit = $1 ORDER BY id`, unit)
}

// overAcrossUnits lists rounds that are still open although their time is over.
func (s store) overAcrossUnits(ctx context.Context, now int64) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- feedback.overAcrossUnits
		SELECT `+listed+` FROM feedback_round WHERE closed = 0 AND closes <= $1 ORDER BY closes LIMIT 500`, now)
}

// move follows a unit to its place of today.
func (s store) move(ctx context.Context, unit id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- feedback.move
		UPDATE feedback_round SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	return err
}

// keysAcrossUnits reads an activity's keys; whoever writes answers holds them, so that answers come one after another.
func (s store) keysAcrossUnits(ctx context.Context, activity id.Ref, hold bool) (keys, error) {
	q := `-- feedback.keysAcrossUnits
		SELECT sign, net FROM feedback_key WHERE root = $1 AND activity = $2`
	if hold {
		q += s.db.ForUpdate()
	}
	return db.Get[keys](ctx, s.db, q, activity.Root, activity.ID)
}

func (s store) putKeys(ctx context.Context, activity id.Ref, k keys) error {
	_, err := s.db.Exec(ctx, `-- feedback.putKeys
		INSERT INTO feedback_key (root, activity, sign, net) VALUES ($1, $2, $3, $4)
		ON CONFLICT (root, activity) DO UPDATE SET sign = excluded.sign, net = excluded.net`, activity.Root, activity.ID, k.Sign, k.Net)
	return err
}

// seen is what has come in so far.
type seen struct {
	All    int64 `db:"total"`
	Net    int64 `db:"net"`
	Lately int64 `db:"lately"`
}

func (s store) seen(ctx context.Context, activity id.Ref, net string, since int64) (seen, error) {
	return db.Get[seen](ctx, s.db, `-- feedback.seen
		SELECT COUNT(*) AS total, COALESCE(SUM(CASE WHEN net = $3 THEN 1 ELSE 0 END), 0) AS net,
			COALESCE(SUM(CASE WHEN net = $3 AND at > $4 THEN 1 ELSE 0 END), 0) AS lately
		FROM feedback_answer WHERE root = $1 AND activity = $2`, activity.Root, activity.ID, net, since)
}

func (s store) slipUsed(ctx context.Context, activity id.Ref, slip int64) (bool, error) {
	n, err := db.Get[int64](ctx, s.db, `-- feedback.slipUsed
		SELECT COUNT(*) FROM feedback_answer WHERE root = $1 AND activity = $2 AND slip = $3`, activity.Root, activity.ID, slip)
	return n > 0, err
}

func (s store) add(ctx context.Context, activity id.Ref, a Answer) error {
	_, err := s.db.Exec(ctx, `-- feedback.add
		INSERT INTO feedback_answer (root, activity, n, slip, at, net, satisfaction, useful, line, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		activity.Root, activity.ID, a.N, a.Slip, a.At, a.Net, a.Satisfaction, a.Useful, a.Line, a.State)
	return err
}

// answers reads a round's sheets in their order; the right is asked at the activity.
func (s store) answers(ctx context.Context, activity id.Ref) ([]Answer, error) {
	return db.Select[Answer](ctx, s.db, `-- feedback.answers
		SELECT n, slip, at, net, satisfaction, useful, line, state FROM feedback_answer WHERE root = $1 AND activity = $2 ORDER BY n`, activity.Root, activity.ID)
}

func (s store) admit(ctx context.Context, activity id.Ref) (int64, error) {
	return s.db.Exec(ctx, `-- feedback.admit
		UPDATE feedback_answer SET state = 'admitted' WHERE root = $1 AND activity = $2 AND state = 'aside'`, activity.Root, activity.ID)
}

// forget strikes out what an answer said of where and when it came from.
func (s store) forget(ctx context.Context, activity id.Ref) error {
	if _, err := s.db.Exec(ctx, `-- feedback.forget
		UPDATE feedback_key SET net = '' WHERE root = $1 AND activity = $2`, activity.Root, activity.ID); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `-- feedback.forget
		UPDATE feedback_answer SET net = '', at = 0 WHERE root = $1 AND activity = $2`, activity.Root, activity.ID)
	return err
}

// dayAt is the day of an instant.
func dayAt(ms int64) clock.Day { return clock.DayOf(timeOf(ms)) }
