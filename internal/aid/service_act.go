package aid

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// course is the approval's definition in package flow.
const course = "aid.approval"

var (
	errEnded = errs.New(errs.Conflict, "aid.ended_already")
	errStep  = errs.New(errs.Conflict, "aid.not_this_step")
)

// change edits an aid as it was read at a version and keeps it, in one transaction; 0 takes the version that stands.
func (s *Service) change(ctx context.Context, ref id.Ref, version int64, act, reason string, edit func(ctx context.Context, a *Aid) error) (err error) {
	defer errs.Wrapf(&err, "aid.%s %s", act, ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		ch := record.Change{Act: "aid.act." + act, Reason: reason}
		if err := s.book.MayWork(ctx, ref, ch); err != nil {
			return err
		}
		a, v, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if version == 0 {
			version = v.N
		}
		if version != v.N {
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		}
		if err := edit(ctx, &a); err != nil {
			return err
		}
		return s.book.Save(ctx, ref, version, a, ch)
	})
}

// say seals the words of a step.
func (s *Service) say(ctx context.Context, ref id.Ref, a Aid, step, text string) error {
	_, err := s.seal.Seal(ctx, owner(wordsKind, ref, a), map[string]string{"of": step, "text": text})
	return err
}

// another refuses whoever applied: somebody else looks and somebody else approves.
func another(ctx context.Context, a Aid) error {
	if by := scope.From(ctx); !by.System && a.By != 0 && by.Account == a.By {
		return errs.New(errs.Forbidden, "aid.own_application", "Name", a.ByName)
	}
	return nil
}

// Verify writes down that somebody visited or called and what they found, and asks for approval: of the unit that decides so much. It is
// not for whoever applied.
func (s *Service) Verify(ctx context.Context, ref id.Ref, version int64, c Check, found string) error {
	return s.change(ctx, ref, version, "verify", "", func(ctx context.Context, a *Aid) error {
		if a.State != Applied {
			return errStep
		}
		if err := another(ctx, *a); err != nil {
			return err
		}
		if err := s.mayGoOn(ctx, ref, *a); err != nil {
			return err
		}
		var f errs.Fields
		if !slices.Contains(Ways, c.Way) {
			f.Add("way", "aid.way_missing")
		}
		dayProblem(&f, "day", c.Day, a.Applied.AddDays(-receiptWithin), clock.Today(ctx))
		required(&f, "by", c.By, "aid.by_missing")
		long(&f, "by", c.By, maxShort)
		required(&f, "found", found, "aid.found_missing")
		long(&f, "found", found, maxWords)
		if err := f.Err(); err != nil {
			return err
		}
		a.Check, a.State = &c, Verified
		if err := s.say(ctx, ref, *a, "check", found); err != nil {
			return err
		}
		return s.ask(ctx, ref, *a)
	})
}

// ask opens the approval at the unit that decides it.
func (s *Service) ask(ctx context.Context, ref id.Ref, a Aid) error {
	u, err := s.rec.Home(ctx, a.Unit)
	if err != nil {
		return err
	}
	decider, err := s.Decider(ctx, u, a.Asked.Fen)
	if err != nil {
		return err
	}
	_, err = s.flow.Open(ctx, flow.OpenCase{Definition: course, SubjectKind: Kind, Subject: ref, Unit: u.ID, Pos: u.Pos, Title: s.title(ctx, ref, a), Link: path(ref), Issuer: decider.ID})
	return err
}

// Decider is who approves an amount, in fen, for a unit: itself up to the limit of its level, otherwise the nearest above it whose limit
// suffices, the highest of its city when none does.
func (s *Service) Decider(ctx context.Context, u org.Unit, fen int64) (org.Unit, error) {
	limits, err := s.Limits(ctx, u.Root())
	if err != nil {
		return u, err
	}
	above, err := s.org.Ancestors(ctx, u.ID, clock.Today(ctx))
	if err != nil {
		return u, err
	}
	above = slices.DeleteFunc(above, func(x org.Unit) bool { return x.Root() != u.Root() })
	slices.Reverse(above)
	for _, x := range above {
		if slices.ContainsFunc(limits, func(l Limit) bool { return l.Level == string(x.Level) && fen <= l.Fen }) {
			return x, nil
		}
	}
	if len(above) > 0 {
		return above[len(above)-1], nil
	}
	return u, nil
}

// running is the approval that an aid waits for.
func (s *Service) running(ctx context.Context, ref id.Ref) (flow.Case, error) {
	list, err := s.flow.ForSubject(ctx, Kind, ref)
	if err != nil {
		return flow.Case{}, err
	}
	for _, c := range list {
		if c.Open() && c.Definition == course {
			return c, nil
		}
	}
	return flow.Case{}, errStep
}

// approval is what goes along with an approval.
type approval struct {
	Amount Amount `json:"amount"`
}

// Approve grants an aid, or less than was asked; who may is asked by the approval's course. It is not for whoever applied.
func (s *Service) Approve(ctx context.Context, ref id.Ref, version int64, m Amount, note string) error {
	a, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	// Somebody may have been helped elsewhere since the application was compared: the warning stays, whatever becomes of this approval.
	if err := s.db.Tx(ctx, func(ctx context.Context) error { return s.look(ctx, ref, a, ahead) }); err != nil {
		return err
	}
	return s.decide(ctx, ref, version, flow.Act{Key: "approve", Reason: strings.TrimSpace(note), Data: approval{m}})
}

// Refuse ends an application; the reason is told to who applied.
func (s *Service) Refuse(ctx context.Context, ref id.Ref, version int64, reason string) error {
	var f errs.Fields
	required(&f, "reason", reason, "aid.reason_to_end_missing")
	long(&f, "reason", reason, maxText)
	if err := f.Err(); err != nil {
		return err
	}
	return s.decide(ctx, ref, version, flow.Act{Key: "refuse", Reason: strings.TrimSpace(reason)})
}

func (s *Service) decide(ctx context.Context, ref id.Ref, version int64, act flow.Act) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		_, v, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if version != 0 && version != v.N {
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		}
		c, err := s.running(ctx, ref)
		if err != nil {
			return err
		}
		_, err = s.flow.Act(ctx, c.Ref(), act)
		return err
	})
}

// listen connects approvals with what they do to an aid. Flow has asked for the right; the write at the unit follows from it.
func (s *Service) listen() {
	s.flow.On(course, "approve", s.decided("approve", func(ctx context.Context, ref id.Ref, a *Aid, p flow.Step) error {
		var ap approval
		if err := p.Into(&ap); err != nil {
			return err
		}
		m := ap.Amount.bare(a.Form)
		if m.What == "" {
			m.What = a.Asked.What
		}
		var f errs.Fields
		m.problems(&f, a.Form)
		if len(f) == 0 {
			m.within(&f, a.Asked, "aid.more_than_asked")
		}
		if err := f.Err(); err != nil {
			return err
		}
		a.Decision = &Decision{Amount: m, Day: clock.Today(ctx), By: flow.StepName(ctx, p), Unit: p.Unit, Note: p.Reason}
		a.State = Approved
		return s.mayGoOn(ctx, ref, *a)
	}))
	s.flow.On(course, "refuse", s.decided("refuse", func(_ context.Context, _ id.Ref, a *Aid, p flow.Step) error {
		a.State, a.Ended = Refused, p.Reason
		return nil
	}))
	s.flow.On(course, "withdraw", s.decided("withdraw", func(_ context.Context, _ id.Ref, a *Aid, p flow.Step) error {
		a.State, a.Ended = Withdrawn, p.Reason
		return nil
	}))
}

func (s *Service) decided(act string, edit func(ctx context.Context, ref id.Ref, a *Aid, p flow.Step) error) flow.Effect {
	return func(ctx context.Context, c flow.Case, p flow.Step) error {
		ref := c.Subject()
		u, err := s.rec.Home(ctx, c.Unit)
		if err != nil {
			return err
		}
		ctx = widened(ctx, u)
		return s.change(ctx, ref, 0, act, p.Reason, func(ctx context.Context, a *Aid) error {
			if a.State != Verified {
				return errStep
			}
			if act != "withdraw" {
				if err := another(ctx, *a); err != nil {
					return err
				}
			}
			return edit(ctx, ref, a, p)
		})
	}
}

// widened lets the actor work at one more unit: for what follows from an act that was permitted already. The log keeps the person.
func widened(ctx context.Context, u org.Unit) context.Context {
	a := scope.From(ctx)
	a.WorkSet = append(append(scope.Set{}, a.WorkSet...), u.Range())
	a.ViewSet = append(append(scope.Set{}, a.ViewSet...), u.Range())
	return scope.With(ctx, a)
}

// Give writes down that an aid was handed over, by two people, out of a gift or of the unit's own means: never more than was approved
// and never more than the gift has left.
func (s *Service) Give(ctx context.Context, ref id.Ref, version int64, h Handing) error {
	return s.change(ctx, ref, version, "give", "", func(ctx context.Context, a *Aid) error {
		if a.State != Approved {
			return errStep
		}
		if err := s.handing(ctx, a, &h); err != nil {
			return err
		}
		a.State = Given
		if from, err := id.ParseRef(a.Request); err == nil && s.requests != nil {
			return s.requests.Told(ctx, from, "aided", a.No, ref)
		}
		return nil
	})
}

// handing checks what is handed over and puts it into the aid.
func (s *Service) handing(ctx context.Context, a *Aid, h *Handing) error {
	var f errs.Fields
	h.Amount = h.Amount.bare(a.Form)
	if h.Amount.What == "" {
		h.Amount.What = a.Decision.Amount.What
	}
	h.Amount.problems(&f, a.Form)
	if len(f) == 0 {
		h.Amount.within(&f, a.Decision.Amount, "aid.more_than_approved")
	}
	dayProblem(&f, "day", h.Day, a.Decision.Day, clock.Today(ctx))
	for i := range h.Hands {
		h.Hands[i] = strings.TrimSpace(h.Hands[i])
	}
	h.Hands = slices.DeleteFunc(h.Hands, func(n string) bool { return n == "" })
	if len(h.Hands) != 2 || h.Hands[0] == h.Hands[1] {
		f.Add("hand_a", "aid.two_hands")
	}
	for _, n := range h.Hands {
		long(&f, "hand_a", n, maxShort)
	}
	if h.Gift.ID != 0 {
		ok, err := s.fitting(ctx, *a, h.Gift, h.Day)
		if err != nil {
			return err
		}
		if !ok {
			f.Add("gift", "aid.gift_unfit")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	a.Given = h
	return nil
}

// Correct puts right what was typed, with a reason that stands in the history: as long as nobody looked into it what is asked, once it was
// handed over how.
func (s *Service) Correct(ctx context.Context, ref id.Ref, version int64, next Aid, reason string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		elsewhere := false // another kind, purpose or year: compared anew once it is kept
		if err := s.change(ctx, ref, version, "correct", reason, func(ctx context.Context, a *Aid) error {
			var f errs.Fields
			required(&f, "why", reason, "aid.why_missing")
			long(&f, "why", reason, maxText)
			switch {
			case a.State == Applied:
				kinds, err := s.Kinds(ctx, ref.Root)
				if err != nil {
					return err
				}
				was := *a
				a.Kind, a.Purpose, a.Year, a.Form, a.Reason = next.Kind, next.Purpose, next.Year, next.Form, next.Reason
				a.Asked = next.Asked.bare(a.Form)
				if elsewhere = was.Kind != a.Kind || was.Purpose != a.Purpose || was.Year != a.Year; elsewhere {
					a.Double = ""
				}
				return append(f, a.problems(kinds, &was, clock.Today(ctx))...).Err()
			case a.State.handedOver() && next.Given != nil && !a.Past:
				h := *next.Given
				if a.Receipt != nil && a.Receipt.Day < h.Day {
					f.Add("day", "aid.day_odd")
				}
				if err := f.Err(); err != nil {
					return err
				}
				return s.handing(ctx, a, &h)
			}
			return errStep
		}); err != nil || !elsewhere {
			return err
		}
		if err := s.store.dropDoubles(ctx, ref); err != nil {
			return err
		}
		a, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		return s.compare(ctx, ref, a)
	})
}

// CorrectChild puts right for whom an application is, or that a guardian agreed: what stood there is destroyed, and what stands now is
// compared anew.
func (s *Service) CorrectChild(ctx context.Context, ref id.Ref, version int64, c Child, agreed Agreed) error {
	return s.change(ctx, ref, version, "child", "", func(ctx context.Context, a *Aid) error {
		if a.State.stopped() || a.Past {
			return errStep
		}
		today := clock.Today(ctx)
		c = c.clean()
		if err := append(c.problems(today), agreed.problems(today)...).Err(); err != nil {
			return err
		}
		o := owner(childKind, ref, *a)
		list, err := s.seal.Open(ctx, o)
		if err != nil {
			return err
		}
		for _, r := range list {
			if r.Erased == clock.Open {
				if err := s.seal.Erase(ctx, o, r.Ref, seal.Mistyped, tr(ctx, "aid.child_corrected")); err != nil {
					return err
				}
			}
		}
		if err := s.store.dropDoubles(ctx, ref); err != nil {
			return err
		}
		a.Double = ""
		return s.sealChild(ctx, ref, *a, c, agreed)
	})
}

// Sign writes down that the receipt was signed.
func (s *Service) Sign(ctx context.Context, ref id.Ref, version int64, r Receipt) error {
	return s.change(ctx, ref, version, "sign", "", func(ctx context.Context, a *Aid) error {
		if a.State != Given {
			return errStep
		}
		var f errs.Fields
		dayProblem(&f, "day", r.Day, a.Given.Day, clock.Today(ctx))
		if !slices.Contains(Signers, r.By) {
			f.Add("by", "aid.signer_missing")
		}
		long(&f, "paper", r.No, maxShort)
		if err := f.Err(); err != nil {
			return err
		}
		a.Receipt, a.State = &r, Signed
		return s.flow.DoneTask(ctx, receiptTask(ref))
	})
}

// Follow writes down how the child is doing some time after; with it the aid is done.
func (s *Service) Follow(ctx context.Context, ref id.Ref, version int64, day clock.Day, words string) error {
	return s.change(ctx, ref, version, "follow", "", func(ctx context.Context, a *Aid) error {
		if a.State != Signed {
			return errStep
		}
		if err := s.mayEnd(ctx, ref); err != nil {
			return err
		}
		var f errs.Fields
		dayProblem(&f, "day", day, a.Given.Day, clock.Today(ctx))
		required(&f, "words", words, "aid.follow_missing")
		long(&f, "words", words, maxWords)
		if err := f.Err(); err != nil {
			return err
		}
		a.Followed, a.State = day, Done
		if err := s.say(ctx, ref, *a, "follow", words); err != nil {
			return err
		}
		return s.flow.DoneTask(ctx, followTask(ref))
	})
}

// Withdraw ends an application that nothing was given for yet.
func (s *Service) Withdraw(ctx context.Context, ref id.Ref, version int64, reason string) error {
	var f errs.Fields
	required(&f, "reason", reason, "aid.reason_to_end_missing")
	long(&f, "reason", reason, maxText)
	if err := f.Err(); err != nil {
		return err
	}
	a, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	if err := s.mayEnd(ctx, ref); err != nil {
		return err
	}
	if a.State == Verified { // the approval ends with it
		return s.decide(ctx, ref, version, flow.Act{Key: "withdraw", Reason: strings.TrimSpace(reason)})
	}
	return s.change(ctx, ref, version, "withdraw", reason, func(_ context.Context, a *Aid) error {
		if a.State != Applied && a.State != Approved {
			return errStep
		}
		a.State, a.Ended = Withdrawn, strings.TrimSpace(reason)
		return nil
	})
}

func receiptTask(ref id.Ref) string { return fmt.Sprintf("aid.receipt:%s", ref) }
func followTask(ref id.Ref) string  { return fmt.Sprintf("aid.follow:%s", ref) }
