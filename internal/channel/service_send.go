package channel

import (
	"context"
	"errors"
	"sync"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// posted writes the messages about a new task, in the transaction that posts it.
func (s *Service) posted(ctx context.Context, t flow.Task) error {
	list, err := s.receiversAcrossUnits(ctx, t.Unit)
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.Account != 0 && r.Account == t.NotBy {
			continue
		}
		if err := s.put(ctx, r, t.Unit, t.Pos, OfTask, Counts{}); err != nil {
			return err
		}
	}
	return nil
}

// came writes the messages about what has come to many units at once, to those of them that have a way or somebody who wants
// to know at once.
func (s *Service) came(ctx context.Context, to flow.Came) error {
	for after := id.ID(0); ; {
		units, err := s.receivingAcrossUnits(ctx, after, unitsAtOnce)
		if err != nil || len(units) == 0 {
			return err
		}
		after = units[len(units)-1]
		reached, err := to(ctx, units)
		if err != nil {
			return err
		}
		for _, k := range reached {
			u, err := s.org.Unit(ctx, k)
			if err != nil {
				return err
			}
			if err := s.posted(ctx, flow.Task{Unit: k, Pos: u.Pos}); err != nil {
				return err
			}
		}
	}
}

// unitsAtOnce is how many units a statement asks about.
const unitsAtOnce = 500

// put adds a message to the end of a queue.
func (s *Service) put(ctx context.Context, r receiver, unit id.ID, pos int64, what string, n Counts) error {
	no, err := s.nextNo(ctx, r.Root, r.ID)
	if err != nil {
		return err
	}
	return s.insertMessage(ctx, Message{Root: r.Root, ID: id.New(), Queue: r.ID, No: no, Unit: unit, Pos: pos, Kind: r.Kind, What: what,
		Waiting: n.Waiting, Late: n.Late, Fresh: n.Fresh, At: clock.Millis(ctx), State: Ready})
}

// atOnce is how many queues one process serves at the same time, so that a receiver that hangs holds up no other.
const atOnce = 4

// Deliver sends what is due and answers how many messages arrived. It may be killed at any moment: a message that went out
// and was not noted goes out again with the same ID once its lease has run out.
func (s *Service) Deliver(ctx context.Context) (sent int, err error) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range atOnce {
		wg.Go(func() {
			for ctx.Err() == nil {
				q, ok, e := s.claim(ctx)
				n := 0
				if e == nil && ok {
					n, e = s.serve(ctx, q)
				}
				mu.Lock()
				sent, err = sent+n, errors.Join(err, e)
				mu.Unlock()
				if e != nil || !ok {
					return
				}
			}
		})
	}
	wg.Wait()
	return sent, err
}

// claim takes a queue that is due, for this process alone until the lease ends.
func (s *Service) claim(ctx context.Context) (q queue, ok bool, err error) {
	now := clock.Millis(ctx)
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		list, err := s.dueQueueAcrossUnits(ctx, now)
		if ok = len(list) > 0; err != nil || !ok {
			return err
		}
		q = list[0]
		q.lease = id.New()
		return s.takeLease(ctx, q, now+leaseFor.Milliseconds())
	})
	return q, ok, err
}

// serve sends from the head of a queue until it is empty, a message does not arrive, or somebody else has taken the queue.
func (s *Service) serve(ctx context.Context, q queue) (sent int, err error) {
	for {
		list, err := s.headAcrossUnits(ctx, q)
		if err != nil {
			return sent, err
		}
		if len(list) == 0 { // numbers without a message: nothing is lost, whoever wrote them took them back
			_, err := s.give(ctx, q, 0, 0)
			return sent, err
		}
		m := list[0]
		reason, failed := s.send(ctx, m)
		if ctx.Err() != nil { // stopped on the way: the lease runs out and somebody goes on
			return sent, nil
		}
		now := clock.Millis(ctx)
		m.Tries, m.TriedAt = m.Tries+1, now
		next := q
		tryAt, until := int64(0), now+leaseFor.Milliseconds()
		switch {
		case failed == nil:
			m.State, m.Error = Sent, ""
			next.Head, next.Tries = m.No, 0
		case reason == gone || now-m.At > giveUp.Milliseconds():
			m.State, m.Error = Aside, failed.Error()
			next.Head, next.Tries = m.No, 0
		default:
			m.Error = failed.Error()
			next.Tries++
			tryAt, until = now+pause(next.Tries).Milliseconds(), 0
		}
		var ours bool
		err = s.db.Tx(ctx, func(ctx context.Context) (err error) {
			if ours, err = s.passOn(ctx, q, next.Head, next.Tries, tryAt, until); err != nil || !ours {
				return err
			}
			return s.noteTry(ctx, m)
		})
		if err != nil || !ours {
			return sent, err
		}
		if failed == nil {
			sent++
		}
		if until == 0 {
			return sent, nil
		}
		q = next
	}
}

// give lets go of a queue.
func (s *Service) give(ctx context.Context, q queue, tries, tryAt int64) (ok bool, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		ok, err = s.passOn(ctx, q, q.Head, tries, tryAt, 0)
		return err
	})
	return ok, err
}

// why tells a failure that may pass from one that will not.
type why int

const (
	passing why = iota
	gone
)

// send hands one message over. The words are made here, of counts and a link alone.
func (s *Service) send(ctx context.Context, m Message) (why, error) {
	if m.Kind == Mail {
		return s.sendMail(ctx, m)
	}
	ways, err := s.wayAcrossUnits(ctx, m.Root, m.Queue)
	if err != nil {
		return passing, problem("channel.err.key", err)
	}
	if len(ways) == 0 || ways[0].Live == 0 {
		return gone, problem("channel.err.off", nil)
	}
	c, err := s.config(ways[0])
	if err != nil {
		return passing, problem("channel.err.key", err)
	}
	return passing, s.sender.hook(ctx, m, c, words(inLang(ctx, ""), m, ways[0].Site), ways[0].Site+"/inbox", clock.Now(ctx))
}

func (s *Service) sendMail(ctx context.Context, m Message) (why, error) {
	list, err := s.choiceOf(ctx, m.Queue)
	if err != nil {
		return passing, problem("channel.err.key", err)
	}
	if len(list) == 0 || list[0].VerifiedAt == 0 || list[0].Mode == None {
		return gone, problem("channel.err.choice", nil)
	}
	c := list[0]
	a, err := s.people.Actor(ctx, c.Account)
	if err != nil {
		return passing, problem("channel.err.key", err)
	}
	if !a.May(scope.Work, m.Pos) && !a.May(scope.View, m.Pos) {
		return gone, problem("channel.err.person", nil)
	}
	ways, err := s.mailAt(ctx, a.Pos)
	if err != nil {
		return passing, problem("channel.err.key", err)
	}
	if len(ways) == 0 {
		return gone, problem("channel.err.off", nil)
	}
	to, err := s.address(c, c.Mail)
	if err != nil {
		return passing, problem("channel.err.key", err)
	}
	conf, err := s.config(ways[0])
	if err != nil {
		return passing, problem("channel.err.key", err)
	}
	ctx = inLang(ctx, c.Lang)
	return passing, s.sender.mail(ctx, conf, to, i18n.T(ctx, "channel.msg.subject"), words(ctx, m, ways[0].Site), m.ID.String(), clock.Now(ctx))
}

// words are all that a message says.
func words(ctx context.Context, m Message, site string) string {
	args := []any{"Link", site + "/inbox", "ID", m.ID.String()}
	switch m.What {
	case OfDigest:
		return i18n.T(ctx, "channel.msg.digest", append(args, "Waiting", m.Waiting, "Late", m.Late, "New", m.Fresh)...)
	case OfTest:
		return i18n.T(ctx, "channel.msg.test", args...)
	}
	return i18n.T(ctx, "channel.msg.task", args...)
}

// trouble is why a message did not arrive, as a text key, so that no address and no answer of a stranger stands in the log.
type trouble struct {
	key   string
	cause error
}

func problem(key string, cause error) error { return trouble{key, cause} }

func (t trouble) Error() string { return t.key }
func (t trouble) Unwrap() error { return t.cause }

// Digest writes the day's message to those who want one, from eight in the morning on; whoever has nothing waiting gets none. It
// may run at any time and twice.
func (s *Service) Digest(ctx context.Context) (n int, err error) {
	const batch = 200
	now, today := clock.Now(ctx).In(clock.Shanghai), clock.Today(ctx)
	if now.Hour() < digestHour {
		return 0, nil
	}
	for after := id.ID(0); ; {
		list, err := s.digestDueAcrossUnits(ctx, today, after, batch)
		if err != nil || len(list) == 0 {
			return n, err
		}
		for _, c := range list {
			after = c.Account
			ok, err := s.digest(ctx, c, today)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return n, err
			}
			if ok {
				n++
			}
		}
	}
}

func (s *Service) digest(ctx context.Context, c Choice, today clock.Day) (told bool, err error) {
	a, err := s.people.Actor(ctx, c.Account)
	if err != nil {
		return false, err
	}
	var w flow.Waiting
	if a.Account != 0 {
		if _, w, err = s.flow.InboxOf(scope.With(ctx, a), flow.Everybodys, 0); err != nil {
			return false, err
		}
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		told = false
		ours, err := s.markDigest(ctx, c, today)
		if err != nil || !ours || w.All == 0 {
			return err
		}
		ways, err := s.mailAt(ctx, a.Pos)
		if err != nil || len(ways) == 0 {
			return err
		}
		told = true
		return s.put(ctx, receiver{Root: c.Root, ID: c.Account, Kind: Mail}, a.Unit, a.Pos, OfDigest, Counts{Waiting: int64(w.All), Late: int64(w.Late), Fresh: int64(w.New)})
	})
	return told, err
}
