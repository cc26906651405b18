package channel

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

const wayColumns = `root, id, unit, pos_from, pos_to, kind, live, config, shown, site, set_at, set_name`

const choiceColumns = `root, account, unit, pos, mode, lang, mail, verified_at, new_mail, code, code_at, code_tries, code_day, codes, digest_day`

const messageColumns = `root, id, queue, no, unit, pos, kind, what, waiting, late, fresh, at, state, tries, tried_at, error`

// waysOf are the ways of a unit that the service has found to be the reader's to run.
func (s *Service) waysOf(ctx context.Context, unit id.ID) ([]Way, error) {
	return db.Select[Way](ctx, s.db, `-- channel.waysOf
		SELECT `+wayColumns+` FROM channel_way WHERE unit = $1`, unit)
}

func (s *Service) wayAcrossUnits(ctx context.Context, root int64, way id.ID) ([]Way, error) {
	return db.Select[Way](ctx, s.db, `-- channel.wayAcrossUnits
		SELECT `+wayColumns+` FROM channel_way WHERE root = $1 AND id = $2`, root, way)
}

// mailAt is the mail server that serves a place: that of the nearest unit above which has one switched on.
func (s *Service) mailAt(ctx context.Context, pos int64) ([]Way, error) {
	return db.Select[Way](ctx, s.db, `-- channel.mailAt
		SELECT `+wayColumns+` FROM channel_way WHERE kind = 'mail' AND live = 1 AND pos_from <= $1 AND pos_to > $1
		ORDER BY pos_to - pos_from LIMIT 1`, pos)
}

func (s *Service) putWay(ctx context.Context, w Way) error {
	_, err := s.db.Exec(ctx, `-- channel.putWay
		INSERT INTO channel_way (`+wayColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (root, id) DO UPDATE SET live = excluded.live, config = excluded.config, shown = excluded.shown,
			site = excluded.site, set_at = excluded.set_at, set_name = excluded.set_name`,
		w.Root, w.ID, w.Unit, w.From, w.To, w.Kind, w.Live, w.Config, w.Shown, w.Site, w.SetAt, w.SetName)
	return err
}

// moveAcrossUnits lets the ways and choices of a unit follow it to its place.
func (s *Service) moveAcrossUnits(ctx context.Context, unit id.ID, pos, end int64) error {
	_, err := s.db.Exec(ctx, `-- channel.moveAcrossUnits
		UPDATE channel_way SET pos_from = $2, pos_to = $3 WHERE unit = $1 AND pos_from <> $2`, unit, pos, end)
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `-- channel.moveAcrossUnits
		UPDATE channel_message SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	return err
}

func (s *Service) addQueue(ctx context.Context, root int64, queue id.ID) error {
	_, err := s.db.Exec(ctx, `-- channel.addQueue
		INSERT INTO channel_queue (root, id) VALUES ($1, $2) ON CONFLICT DO NOTHING`, root, queue)
	return err
}

func (s *Service) choiceOf(ctx context.Context, account id.ID) ([]Choice, error) {
	return db.Select[Choice](ctx, s.db, `-- channel.choiceOf
		SELECT `+choiceColumns+` FROM channel_choice WHERE account = $1`, account)
}

func (s *Service) putChoice(ctx context.Context, c Choice) error {
	_, err := s.db.Exec(ctx, `-- channel.putChoice
		INSERT INTO channel_choice (`+choiceColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (account, root) DO UPDATE SET unit = excluded.unit, pos = excluded.pos, mode = excluded.mode, lang = excluded.lang, mail = excluded.mail,
			verified_at = excluded.verified_at, new_mail = excluded.new_mail, code = excluded.code, code_at = excluded.code_at,
			code_tries = excluded.code_tries, code_day = excluded.code_day, codes = excluded.codes`,
		c.Root, c.Account, c.Unit, c.Pos, c.Mode, c.Lang, c.Mail, c.VerifiedAt, c.NewMail, c.Code, c.CodeAt, c.CodeTries, c.CodeDay, c.Codes, c.DigestDay)
	return err
}

// digestDueAcrossUnits are those who want a digest and have not been looked at today.
func (s *Service) digestDueAcrossUnits(ctx context.Context, today clock.Day, after id.ID, limit int) ([]Choice, error) {
	return db.Select[Choice](ctx, s.db, `-- channel.digestDueAcrossUnits
		SELECT `+choiceColumns+` FROM channel_choice WHERE mode = 'daily' AND verified_at > 0 AND digest_day < $1 AND account > $2
		ORDER BY account LIMIT $3`, today, after, limit)
}

// markDigest takes the day of a person's digest; of two processes one gets it.
func (s *Service) markDigest(ctx context.Context, c Choice, today clock.Day) (bool, error) {
	n, err := s.db.Exec(ctx, `-- channel.markDigest
		UPDATE channel_choice SET digest_day = $3 WHERE account = $1 AND root = $2 AND digest_day < $3`, c.Account, c.Root, today)
	return n == 1, err
}

// receiversAcrossUnits are whom a unit's tasks are told to.
func (s *Service) receiversAcrossUnits(ctx context.Context, unit id.ID) ([]receiver, error) {
	return db.Select[receiver](ctx, s.db, `-- channel.receiversAcrossUnits
		SELECT root, id, kind, 0 AS account FROM channel_way WHERE unit = $1 AND live = 1 AND kind <> 'mail'
		UNION ALL SELECT root, account AS id, 'mail' AS kind, account FROM channel_choice WHERE unit = $1 AND mode = 'now' AND verified_at > 0
		ORDER BY id`, unit)
}

// receivingAcrossUnits are the units, in the order of their keys, whose tasks are told to somebody.
func (s *Service) receivingAcrossUnits(ctx context.Context, after id.ID, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- channel.receivingAcrossUnits
		SELECT unit FROM channel_way WHERE live = 1 AND kind <> 'mail' AND unit > $1
		UNION SELECT unit FROM channel_choice WHERE mode = 'now' AND verified_at > 0 AND unit > $1
		ORDER BY unit LIMIT $2`, after, limit)
}

// nextNo numbers a message. It holds the queue until the transaction ends, so that numbers become visible in their order.
func (s *Service) nextNo(ctx context.Context, root int64, queue id.ID) (int64, error) {
	if _, err := s.db.Exec(ctx, `-- channel.nextNo
		UPDATE channel_queue SET last_no = last_no + 1 WHERE root = $1 AND id = $2`, root, queue); err != nil {
		return 0, err
	}
	return db.Get[int64](ctx, s.db, `-- channel.nextNo
		SELECT last_no FROM channel_queue WHERE root = $1 AND id = $2`, root, queue)
}

func (s *Service) insertMessage(ctx context.Context, m Message) error {
	_, err := s.db.Exec(ctx, `-- channel.insertMessage
		INSERT INTO channel_message (`+messageColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		m.Root, m.ID, m.Queue, m.No, m.Unit, m.Pos, m.Kind, m.What, m.Waiting, m.Late, m.Fresh, m.At, m.State, m.Tries, m.TriedAt, m.Error)
	return err
}

// dealtWith empties a queue.
func (s *Service) dealtWith(ctx context.Context, root int64, queue id.ID) error {
	_, err := s.db.Exec(ctx, `-- channel.dealtWith
		UPDATE channel_queue SET head_no = last_no WHERE root = $1 AND id = $2`, root, queue)
	return err
}

// dueQueueAcrossUnits is a queue that has something to send and nobody at it, held for this transaction.
func (s *Service) dueQueueAcrossUnits(ctx context.Context, now int64) ([]queue, error) {
	lock := s.db.ForUpdate()
	if lock != "" {
		lock += " SKIP LOCKED"
	}
	return db.Select[queue](ctx, s.db, `-- channel.dueQueueAcrossUnits
		SELECT root, id, head_no, tries FROM channel_queue WHERE head_no < last_no AND try_at <= $1 AND lease_until <= $1
		ORDER BY try_at, id LIMIT 1`+lock, now)
}

func (s *Service) takeLease(ctx context.Context, q queue, until int64) error {
	_, err := s.db.Exec(ctx, `-- channel.takeLease
		UPDATE channel_queue SET lease = $3, lease_until = $4 WHERE root = $1 AND id = $2`, q.Root, q.ID, q.lease, until)
	return err
}

// headAcrossUnits is the first message of a queue that was not dealt with.
func (s *Service) headAcrossUnits(ctx context.Context, q queue) ([]Message, error) {
	return db.Select[Message](ctx, s.db, `-- channel.headAcrossUnits
		SELECT `+messageColumns+` FROM channel_message WHERE root = $1 AND queue = $2 AND no > $3 ORDER BY no LIMIT 1`, q.Root, q.ID, q.Head)
}

// passOn moves a queue on, as long as it is still this process's; it answers whether it was.
func (s *Service) passOn(ctx context.Context, q queue, head, tries, tryAt, until int64) (bool, error) {
	n, err := s.db.Exec(ctx, `-- channel.passOn
		UPDATE channel_queue SET head_no = $5, tries = $6, try_at = $7, lease_until = $8
		WHERE root = $1 AND id = $2 AND lease = $3 AND head_no = $4`, q.Root, q.ID, q.lease, q.Head, head, tries, tryAt, until)
	return n == 1, err
}

func (s *Service) noteTry(ctx context.Context, m Message) error {
	_, err := s.db.Exec(ctx, `-- channel.noteTry
		UPDATE channel_message SET state = $3, tries = $4, tried_at = $5, error = $6 WHERE root = $1 AND id = $2`,
		m.Root, m.ID, m.State, m.Tries, m.TriedAt, m.Error)
	return err
}

// again puts a message that was put aside at the end of its queue.
func (s *Service) again(ctx context.Context, m Message, no, at int64) (bool, error) {
	n, err := s.db.Exec(ctx, `-- channel.again
		UPDATE channel_message SET state = 'ready', no = $3, at = $4, error = '' WHERE root = $1 AND id = $2 AND state = 'aside'`, m.Root, m.ID, no, at)
	return n == 1, err
}

func (s *Service) messageOf(ctx context.Context, unit, message id.ID) ([]Message, error) {
	return db.Select[Message](ctx, s.db, `-- channel.messageOf
		SELECT `+messageColumns+` FROM channel_message WHERE unit = $1 AND id = $2`, unit, message)
}

// log reads a unit's messages, the latest first.
func (s *Service) log(ctx context.Context, unit, before id.ID, aside bool, limit int) ([]Message, error) {
	where := ""
	if aside {
		where = " AND state = 'aside'"
	}
	return db.Select[Message](ctx, s.db, `-- channel.log
		SELECT `+messageColumns+` FROM channel_message WHERE unit = $1 AND id < $2`+where+` ORDER BY id DESC LIMIT $3`, unit, before, limit)
}

// tally is how many messages of a kind stand in a state.
type tally struct {
	Kind  string `db:"kind"`
	State string `db:"state"`
	N     int64  `db:"n"`
	Last  int64  `db:"last"`
}

func (s *Service) tallies(ctx context.Context, unit id.ID) ([]tally, error) {
	return db.Select[tally](ctx, s.db, `-- channel.tallies
		SELECT kind, state, COUNT(*) AS n, MAX(tried_at) AS last FROM channel_message WHERE unit = $1 GROUP BY kind, state`, unit)
}
