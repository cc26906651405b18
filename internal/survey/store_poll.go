package survey

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const pollColumns = `root, id, unit, title, closes, closed, counted`

func (s store) putPoll(ctx context.Context, ref id.Ref, pos int64, p Poll, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- survey.putPoll
		DELETE FROM survey_poll WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	closed, counted := 0, int64(0)
	if p.Closed {
		closed = 1
	}
	if p.Outcome.Shown() {
		counted = p.Outcome.Counted
	}
	_, err := s.db.Exec(ctx, `-- survey.putPoll
		INSERT INTO survey_poll (`+pollColumns+`, pos) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, ref.Root, ref.ID, p.Unit, p.Title, p.Closes, closed, counted, pos)
	return err
}

// polls are the questionnaires of a subtree, the latest first.
func (s store) polls(ctx context.Context, r scope.Range, view scope.Set, limit int) ([]ListedPoll, error) {
	return db.Select[ListedPoll](ctx, s.db, `-- survey.polls
		SELECT `+pollColumns+` FROM survey_poll WHERE `+scope.Set{r}.SQL("pos")+` AND `+view.SQL("pos")+` ORDER BY closes DESC, id DESC LIMIT $1`, limit)
}

func (s store) pollsByIDs(ctx context.Context, ids []id.ID) ([]ListedPoll, error) {
	return db.Select[ListedPoll](ctx, s.db, `-- survey.pollsByIDs
		SELECT `+pollColumns+` FROM survey_poll WHERE id IN `+db.In(ids))
}

func (s store) pollsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- survey.pollsOfUnit
		SELECT id FROM survey_poll WHERE unit = $1 ORDER BY id`, unit)
}

// overAcrossUnits are questionnaires that are still open although their last day is past.
func (s store) overAcrossUnits(ctx context.Context, today clock.Day) ([]ListedPoll, error) {
	return db.Select[ListedPoll](ctx, s.db, `-- survey.overAcrossUnits
		SELECT `+pollColumns+` FROM survey_poll WHERE closed = 0 AND closes < $1 ORDER BY closes LIMIT 500`, today)
}

func (s store) movePolls(ctx context.Context, unit id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- survey.movePolls
		UPDATE survey_poll SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	return err
}

// keys are what signs and hashes for one questionnaire.
type keys struct {
	Sign string `db:"sign"`
	Net  string `db:"net"`
}

// keysAcrossUnits reads a questionnaire's keys; whoever writes a sheet holds them, so that sheets come one after another.
func (s store) keysAcrossUnits(ctx context.Context, poll id.Ref, hold bool) (keys, error) {
	q := `-- survey.keysAcrossUnits
		SELECT sign, net FROM survey_key WHERE root = $1 AND poll = $2`
	if hold {
		q += s.db.ForUpdate()
	}
	return db.Get[keys](ctx, s.db, q, poll.Root, poll.ID)
}

func (s store) addKeys(ctx context.Context, poll id.Ref, k keys) error {
	_, err := s.db.Exec(ctx, `-- survey.addKeys
		INSERT INTO survey_key (root, poll, sign, net) VALUES ($1, $2, $3, $4)`, poll.Root, poll.ID, k.Sign, k.Net)
	return err
}

// seen is what has come in so far: at all, from one network, and lately.
type seen struct {
	All    int64 `db:"total"`
	Net    int64 `db:"net"`
	Lately int64 `db:"lately"`
}

func (s store) seen(ctx context.Context, poll id.Ref, net string, since int64) (seen, error) {
	return db.Get[seen](ctx, s.db, `-- survey.seen
		SELECT COUNT(*) AS total, COALESCE(SUM(CASE WHEN net = $3 THEN 1 ELSE 0 END), 0) AS net,
			COALESCE(SUM(CASE WHEN net = $3 AND at > $4 THEN 1 ELSE 0 END), 0) AS lately
		FROM survey_sheet WHERE root = $1 AND poll = $2`, poll.Root, poll.ID, net, since)
}

func (s store) addSheet(ctx context.Context, poll id.Ref, x Sheet) error {
	_, err := s.db.Exec(ctx, `-- survey.addSheet
		INSERT INTO survey_sheet (root, poll, n, at, net, age, mood, needs, aside) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		poll.Root, poll.ID, x.N, x.At, x.Net, x.Age, x.Mood, x.Needs, x.Aside)
	return err
}

// sheets are all of a questionnaire, in their order; the right is asked at its unit.
func (s store) sheets(ctx context.Context, poll id.Ref) ([]Sheet, error) {
	return db.Select[Sheet](ctx, s.db, `-- survey.sheets
		SELECT n, at, net, age, mood, needs, aside FROM survey_sheet WHERE root = $1 AND poll = $2 ORDER BY n`, poll.Root, poll.ID)
}

// forget leaves nothing of a questionnaire but what was counted.
func (s store) forget(ctx context.Context, poll id.Ref) error {
	for _, q := range []string{`-- survey.forget
		DELETE FROM survey_sheet WHERE root = $1 AND poll = $2`, `-- survey.forget
		UPDATE survey_key SET net = '' WHERE root = $1 AND poll = $2`} {
		if _, err := s.db.Exec(ctx, q, poll.Root, poll.ID); err != nil {
			return err
		}
	}
	return nil
}
