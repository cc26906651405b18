package casework

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/seal"
)

// change lets somebody who reads a case by their work do something with it: its row, its line of time, its tasks and its row in the log
// are one transaction. ver is the version that they saw; 0 is not asked.
func (s *Service) change(ctx context.Context, ref id.Ref, ver int64, act string, do func(ctx context.Context, c *Case) (Entry, error)) (err error) {
	defer errs.Wrapf(&err, "casework.%s %s", act, ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c, reads, err := s.Known(ctx, ref)
		if err != nil {
			return err
		}
		if err := s.mayAct(ctx, c, reads, act); err != nil {
			return err
		}
		if ver != 0 && ver != c.Ver {
			return errChanged
		}
		was := c
		e, err := do(ctx, &c)
		if err != nil {
			return err
		}
		return s.keep(ctx, was, c, e, act)
	})
}

// ofKeepers are the acts for which a grant until a day, or an emergency look, is not enough: those by which somebody else comes to read a case, else
// whoever was let in once would let themselves in for good, and those after which nobody visits the child any more.
var ofKeepers = []string{"hand", "pair", "unpair", "pause", "resume", "close", "reopen", "result", "withdraw"}

// mayAct lets in who reads the case and works at its unit, and for a visit the volunteer who is paired with it, once they proved who they
// are. Who is refused stands in the log.
func (s *Service) mayAct(ctx context.Context, c Case, reads bool, act string) error {
	works := worksAt(ctx, c.Unit, c.Pos)
	may := reads && works
	if may && slices.Contains(ofKeepers, act) {
		var err error
		if may, err = s.mayPassOn(ctx, c); err != nil {
			return err
		}
	}
	switch {
	case may:
		return s.seal.Proved(ctx)
	case reads && act == "visit":
		if _, _, err := s.mine(ctx, c.Ref()); err != nil {
			return err
		}
		return s.seal.Proved(ctx)
	case !works:
		return errNone
	}
	if err := s.audit.Refuse(ctx, s.log(c, act)); err != nil {
		return err
	}
	return errShut
}

// mayPassOn tells whether somebody who reads a case may let others read it, and end it: by their work, and not because they were let in.
func (s *Service) mayPassOn(ctx context.Context, c Case) (bool, error) {
	if scope.From(ctx).Account == c.Holder {
		return true, nil
	}
	return s.seal.Keeps(ctx, owner(c.class().Seal, c))
}

// keep writes a case's new state with what was said, and ends the tasks that are no longer owed.
func (s *Service) keep(ctx context.Context, was, c Case, e Entry, act string) error {
	if e.Mark != "" {
		if there, err := s.markedAcrossUnits(ctx, c.Ref(), e.Mark); err != nil || there {
			return err
		}
	}
	c.DueOn = c.due()
	ok, err := s.updateCase(ctx, c)
	if err != nil {
		return err
	}
	if !ok {
		return errChanged
	}
	if was.DueOn != c.DueOn && was.DueOn != "" {
		if err := s.flow.DoneTask(ctx, visitKey(was)); err != nil {
			return err
		}
	}
	if was.ResultDue != c.ResultDue && was.ResultDue != "" {
		if err := s.flow.DoneTask(ctx, resultKey(was)); err != nil {
			return err
		}
	}
	if err := s.write(ctx, c, e); err != nil {
		return err
	}
	log := s.log(c, act)
	log.Detail = map[string]string{"kind": e.Kind, "arg": e.Arg}
	return s.audit.Log(ctx, log)
}

// write adds a line to a case's time, its words sealed.
func (s *Service) write(ctx context.Context, c Case, e Entry) error {
	a := scope.From(ctx)
	e.Root, e.ID, e.Case, e.At = c.Root, id.New(), c.ID, clock.Millis(ctx)
	if e.Day == "" {
		e.Day = clock.Today(ctx)
	}
	if !a.System && e.ByName == "" {
		e.By, e.ByName = a.Account, a.Name
	}
	for field, text := range e.Words {
		if text = strings.TrimSpace(text); text == "" {
			delete(e.Words, field)
		} else {
			e.Words[field] = text
		}
	}
	if len(e.Words) > 0 {
		ref, err := s.seal.Seal(ctx, s.entering(ctx, owner(c.class().said(), c)), e.Words)
		if err != nil {
			return err
		}
		e.Sealed = ref.ID
	}
	return s.insertEntry(ctx, e)
}

// Assess writes an assessment: a score for each item of the class, from 0, good, to 3, and words. safe tells whether whoever it is about is safe.
func (s *Service) Assess(ctx context.Context, ref id.Ref, ver int64, day clock.Day, scores map[string]string, safe, text string) error {
	return s.change(ctx, ref, ver, "assess", func(ctx context.Context, c *Case) (Entry, error) {
		if c.State == Closed {
			return Entry{}, errEnded
		}
		var f errs.Fields
		k := c.class()
		k.scores(ctx, scores, &f)
		if safe != "yes" && safe != "no" {
			f.Add("safe", "casework.safe_missing")
		}
		words(&f, "assess_text", text, "casework.words_missing")
		s.past(ctx, &f, *c, "assess_day", day)
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		said := map[string]string{"text": text, "safe": safe}
		for _, item := range k.Items {
			said[item] = scores[item]
		}
		if c.Unsafe = 0; safe == "no" {
			c.Unsafe = 1
		}
		return Entry{Kind: Assessed, Day: day, Words: said}, nil
	})
}

// past refuses a day that is not one, or has not come yet.
func (s *Service) past(ctx context.Context, f *errs.Fields, _ Case, name string, day clock.Day) {
	if _, err := clock.ParseDay(string(day)); err != nil || day > clock.Today(ctx) {
		f.Add(name, "casework.day_odd")
	}
}

// Plan writes a plan: what is to be reached, the steps, until when, and how many days lie between two visits from now on.
func (s *Service) Plan(ctx context.Context, ref id.Ref, ver int64, goals, steps string, until clock.Day, rhythm int64) error {
	return s.change(ctx, ref, ver, "plan", func(ctx context.Context, c *Case) (Entry, error) {
		if c.State == Closed {
			return Entry{}, errEnded
		}
		var f errs.Fields
		words(&f, "goals", goals, "casework.goals_missing")
		words(&f, "steps", steps, "casework.steps_missing")
		if _, err := clock.ParseDay(string(until)); err != nil || until <= clock.Today(ctx) {
			f.Add("plan_until", "casework.until_odd")
		}
		if rhythm < 1 || rhythm > mostRhythm {
			f.Add("rhythm", "casework.rhythm_odd", "N", mostRhythm)
		}
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		c.Rhythm = rhythm
		return Entry{Kind: Planned, N: rhythm, Until: until, Words: map[string]string{"goals": goals, "steps": steps}}, nil
	})
}

// Visit records a visit of a day: how, what was seen, and when the next one is meant to be, "" for a rhythm later. By is the volunteer for whom
// the holder writes, zero for whoever is signed in. mark is the form's: taken once.
func (s *Service) Visit(ctx context.Context, ref id.Ref, day clock.Day, how, text string, next clock.Day, by id.ID, mark string) error {
	return s.change(ctx, ref, 0, "visit", func(ctx context.Context, c *Case) (Entry, error) {
		if c.State == Closed {
			return Entry{}, errEnded
		}
		var f errs.Fields
		s.past(ctx, &f, *c, "day", day)
		if len(f) == 0 && day < c.OpenedOn {
			f.Add("day", "casework.day_before")
		}
		if !slices.Contains(Hows, how) {
			f.Add("how", "casework.how_missing")
		}
		words(&f, "text", text, "casework.words_missing")
		if _, err := clock.ParseDay(string(next)); next != "" && (err != nil || next <= day || next > day.AddDays(int(c.Rhythm))) {
			f.Add("next", "casework.next_odd", "N", c.Rhythm)
		}
		e := Entry{Kind: Visited, Day: day, Arg: how, Until: next, Mark: mark, Words: map[string]string{"text": text}}
		if by != 0 {
			list, err := s.pairsAcrossUnits(ctx, c.Ref())
			if err != nil {
				return e, err
			}
			if i := slices.IndexFunc(list, func(p Pair) bool { return p.ID == by }); i >= 0 && worksAt(ctx, c.Unit, c.Pos) {
				e.ByName = list[i].Name
			} else {
				f.Add("by", "casework.pair_missing")
			}
		}
		if err := f.Err(); err != nil {
			return e, err
		}
		if day >= c.LastOn {
			c.LastOn, c.NextOn = day, next
		}
		return e, nil
	})
}

// Note writes something that is no visit.
func (s *Service) Note(ctx context.Context, ref id.Ref, text, mark string) error {
	return s.change(ctx, ref, 0, "note", func(context.Context, *Case) (Entry, error) {
		var f errs.Fields
		words(&f, "note_text", text, "casework.words_missing")
		return Entry{Kind: Noted, Mark: mark, Words: map[string]string{"text": text}}, f.Err()
	})
}

// Pause lets a case rest until a day, on which it goes on; no visit is owed before.
func (s *Service) Pause(ctx context.Context, ref id.Ref, ver int64, until clock.Day, reason string) error {
	return s.change(ctx, ref, ver, "pause", func(ctx context.Context, c *Case) (Entry, error) {
		if c.State == Closed {
			return Entry{}, errEnded
		}
		var f errs.Fields
		today := clock.Today(ctx)
		words(&f, "pause_reason", reason, "casework.reason_missing")
		if _, err := clock.ParseDay(string(until)); err != nil || until <= today || until > today.AddDays(mostPause) {
			f.Add("pause_until", "casework.pause_odd", "N", mostPause)
		}
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		c.State, c.FloorOn = Paused, until
		return Entry{Kind: Step, Arg: "paused", Until: until, Words: map[string]string{"text": reason}}, nil
	})
}

// Resume ends a pause before its day; a visit that was owed meanwhile is owed today.
func (s *Service) Resume(ctx context.Context, ref id.Ref, ver int64) error {
	return s.change(ctx, ref, ver, "resume", func(ctx context.Context, c *Case) (Entry, error) {
		if c.State != Paused {
			return Entry{}, errChanged
		}
		c.State, c.FloorOn = Open, min(c.FloorOn, clock.Today(ctx))
		return Entry{Kind: Step, Arg: "resumed"}, nil
	})
}

// Closer may refuse the end of a case with the reason, as an error to be shown; another module knows of something that is open.
type Closer func(ctx context.Context, ref id.Ref) error

// AddCloser asks another module before a case ends; call it before serving.
func (s *Service) AddCloser(c Closer) { s.closers = append(s.closers, c) }

// Close ends a case: its pairings end, and a year later it is to be said what came of it.
func (s *Service) Close(ctx context.Context, ref id.Ref, ver int64, outcome, text string) error {
	return s.change(ctx, ref, ver, "close", func(ctx context.Context, c *Case) (Entry, error) {
		if c.State == Closed {
			return Entry{}, errEnded
		}
		var f errs.Fields
		if !slices.Contains(Outcomes, outcome) {
			f.Add("outcome", "casework.outcome_missing")
		}
		words(&f, "close_text", text, "casework.words_missing")
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		for _, ask := range s.closers {
			if err := ask(ctx, ref); err != nil {
				return Entry{}, err
			}
		}
		if p, err := s.offerAcrossUnits(ctx, ref); err == nil {
			if err := s.endOffer(ctx, p, Withdrawn); err != nil {
				return Entry{}, err
			}
		} else if !errs.Is(err, errs.NotFound) {
			return Entry{}, err
		}
		list, err := s.pairsAcrossUnits(ctx, ref)
		if err != nil {
			return Entry{}, err
		}
		for _, p := range list {
			if p.State != Ended {
				if err := s.endPair(ctx, *c, p, Ended, "done"); err != nil {
					return Entry{}, err
				}
			}
		}
		today := clock.Today(ctx)
		c.State, c.Outcome, c.ClosedOn, c.ResultDue, c.Unsafe, c.NextOn, c.FloorOn = Closed, outcome, today, today.AddYears(1), 0, "", ""
		return Entry{Kind: Step, Arg: "closed:" + outcome, Words: map[string]string{"text": text}}, nil
	})
}

// Reopen opens a case again that has ended; the rhythm of visits begins anew.
func (s *Service) Reopen(ctx context.Context, ref id.Ref, ver int64, reason string) error {
	return s.change(ctx, ref, ver, "reopen", func(ctx context.Context, c *Case) (Entry, error) {
		if c.State != Closed {
			return Entry{}, errChanged
		}
		var f errs.Fields
		words(&f, "reopen_reason", reason, "casework.reason_missing")
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		today := clock.Today(ctx)
		c.State, c.Outcome, c.ClosedOn, c.SinceOn, c.ResultDue = Open, "", "", today, today.AddYears(1)
		return Entry{Kind: Step, Arg: "reopened", Words: map[string]string{"text": reason}}, nil
	})
}

// Result says what came of a case after a year; before and after are a year's income of who was
// helped to a living, as it was typed, kept in fen; "" for untold.
// A case that goes on is asked again a year later.
func (s *Service) Result(ctx context.Context, ref id.Ref, ver int64, result, text, before, after string) error {
	return s.change(ctx, ref, ver, "result", func(ctx context.Context, c *Case) (Entry, error) {
		today := clock.Today(ctx)
		if !c.ripeOn(today) {
			return Entry{}, errs.New(errs.Conflict, "casework.not_ripe")
		}
		var f errs.Fields
		if !slices.Contains(Results, result) {
			f.Add("result", "casework.result_missing")
		}
		words(&f, "result_text", text, "casework.words_missing")
		said := map[string]string{"text": text}
		for name, fen := range map[string]string{"income_before": before, "income_after": after} {
			if fen == "" || c.Class != "venture" {
				continue
			}
			if n, err := table.ParseMoney(fen); err != nil || n < 0 {
				f.Add(name, "casework.income_odd")
			} else {
				said[name] = strconv.FormatInt(n, 10)
			}
		}
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		if c.Result = result; c.State == Closed {
			c.ResultDue = ""
		} else {
			c.ResultDue = max(c.ResultDue, today).AddYears(1)
		}
		return Entry{Kind: Resulted, Arg: result, Words: said}, nil
	})
}

// Hand gives a case to somebody who works at its unit. Of a class that is Secret they read it by a grant until a day, which whoever hands
// it over gives with a purpose.
func (s *Service) Hand(ctx context.Context, ref id.Ref, ver int64, login, purpose string, until clock.Day) error {
	return s.change(ctx, ref, ver, "hand", func(ctx context.Context, c *Case) (Entry, error) {
		if c.State == Closed {
			return Entry{}, errEnded
		}
		var f errs.Fields
		if strings.TrimSpace(login) == "" {
			f.Add("login", "casework.no_colleague")
		}
		a, err := s.colleague(ctx, c.Unit, c.Pos, login, "login", &f)
		if err != nil {
			return Entry{}, err
		}
		if err := f.Err(); err != nil {
			return Entry{}, err
		}
		if c.class().Secret && a.Account != c.Holder { // whoever had it reads it no longer
			if err := s.seal.LapseOf(scope.With(ctx, scope.System(Kind)), owner(c.class().Seal, *c), c.Holder); err != nil {
				return Entry{}, err
			}
		}
		if c.class().Secret && a.Account != c.Lead {
			if _, err := s.seal.Grant(ctx, owner(c.class().Seal, *c), seal.Grant{Account: a.Account, At: a.Unit, Name: a.Name, Purpose: strings.TrimSpace(purpose), Until: until}); err != nil {
				return Entry{}, err
			}
			c.HolderReads = 0
		} else {
			c.HolderReads = 1
		}
		c.Holder, c.HolderName = a.Account, a.Name
		return Entry{Kind: Step, Arg: "handed:" + a.Name}, nil
	})
}

// Name makes somebody who works at the unit the lead of a case. The lead may, and where neither lead nor holder works there any more an
// administrator of the unit, so that no case is lost, but not themself, who read nothing of it; both stand in the log.
func (s *Service) Name(ctx context.Context, ref id.Ref, ver int64, login string) (err error) {
	defer errs.Wrapf(&err, "casework.Name %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c, _, err := s.Known(ctx, ref)
		if err != nil {
			return err
		}
		may, err := s.mayName(ctx, c)
		if err != nil {
			return err
		}
		if !may {
			if err := s.audit.Refuse(ctx, s.log(c, "name")); err != nil {
				return err
			}
			return errShut
		}
		if ver != 0 && ver != c.Ver {
			return errChanged
		}
		var f errs.Fields
		if strings.TrimSpace(login) == "" {
			f.Add("lead", "casework.no_colleague")
		}
		a, err := s.colleague(ctx, c.Unit, c.Pos, login, "lead", &f)
		if err != nil {
			return err
		}
		if by := scope.From(ctx).Account; c.class().Named && a.Account == by && !slices.Contains(c.readers(), by) {
			f.Add("lead", "casework.not_oneself")
		}
		if err := f.Err(); err != nil {
			return err
		}
		was := c
		c.Lead, c.LeadName = a.Account, a.Name
		return s.keep(ctx, was, c, Entry{Kind: Step, Arg: "named:" + a.Name}, "name")
	})
}

func (s *Service) mayName(ctx context.Context, c Case) (bool, error) {
	a := scope.From(ctx)
	if !worksAt(ctx, c.Unit, c.Pos) {
		return false, nil
	}
	if a.Account == c.Lead || !c.class().Named {
		return true, nil
	}
	for _, account := range c.readers() {
		x, err := s.people.Actor(ctx, account)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return false, err
		}
		if err == nil && x.Unit == c.Unit && x.May(scope.Work, c.Pos) {
			return false, nil
		}
	}
	return a.May(scope.Admin, c.Pos), nil
}
