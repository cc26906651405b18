package survey

import (
	"context"
	"errors"
	"maps"
	"slices"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Task is a survey as one unit has to answer it.
type Task struct {
	Ref      id.Ref
	Survey   Survey
	Unit     org.Unit
	Answer   Answer
	Answers  id.Ref // of the answer; zero while there is none
	Version  int64
	Fields   []Field
	Works    bool // the reader works at the unit
	Issues   bool // the reader works at the issuer
	Issuer   org.Unit
	Reminded []Reminder
}

// Task reads a survey as one unit has to answer it. Needs View at the unit; NotFound when it does not concern it.
func (s *Service) Task(ctx context.Context, ref id.Ref, unit id.ID) (t Task, err error) {
	missing := errs.New(errs.NotFound, "errs.not_found")
	t.Ref = ref
	if t.Unit, err = s.org.Unit(ctx, unit); err != nil {
		return t, missing
	}
	home, err := s.rec.Home(ctx, unit)
	if err != nil {
		return t, err
	}
	if !scope.From(ctx).May(scope.View, home.Pos) {
		return t, missing
	}
	t.Works = scope.From(ctx).May(scope.Work, home.Pos)
	if t.Survey, _, err = s.Get(ctx, ref); err != nil {
		return t, err
	}
	if t.Issuer, t.Issues, err = s.issuerOf(ctx, t.Survey); err != nil {
		return t, err
	}
	list, err := s.store.answerAcrossUnits(ctx, ref.ID, unit)
	if err != nil {
		return t, err
	}
	t.Answer = Answer{Survey: ref, Issuer: t.Survey.Unit, Unit: unit}
	if len(list) > 0 {
		var v record.Version
		if t.Answer, v, err = s.answers.Get(ctx, list[0].Ref()); err != nil {
			return t, err
		}
		t.Answers, t.Version = list[0].Ref(), v.N
	} else if target, err := s.isTarget(ctx, t.Survey, t.Unit); err != nil || !target {
		return t, errors.Join(err, missing)
	}
	if t.Fields, err = s.register.Fields(ctx, t.Unit); err != nil {
		return t, err
	}
	t.Reminded, err = s.store.remindersAcrossUnits(ctx, ref.ID, home.Pos)
	return t, err
}

// isTarget tells whether a survey went to a unit: by where and what it was on the day of issue.
func (s *Service) isTarget(ctx context.Context, v Survey, u org.Unit) (bool, error) {
	if v.IssuedOn == clock.Open || u.ID == v.besides() || !v.goes(u.Level) || !u.StandsOn(clock.Today(ctx)) {
		return false, nil
	}
	then, err := s.org.AsOf(ctx, u.ID, v.IssuedOn)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil || then.Formed == clock.Open || then.Formed > v.IssuedOn {
		return false, err
	}
	at, err := s.asked(ctx, v)
	if err != nil || !at.Contains(then.Pos) || v.About != "base" {
		return at.Contains(then.Pos), err
	}
	home, err := s.rec.Home(ctx, u.ID)
	if err != nil {
		return false, err
	}
	hosts, err := s.hosts(ctx, v, at)
	return slices.Contains(hosts, home.Pos), err
}

// Subjects are what an answer has to speak of now: each base that the unit hosts with what the register holds of it, or the
// unit itself.
func (s *Service) Subjects(ctx context.Context, t Task) ([]Entry, error) {
	if t.Survey.About != "base" {
		return []Entry{{Name: t.Unit.Name}}, nil
	}
	home, err := s.rec.Home(ctx, t.Unit.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.register.Of(ctx, home)
	out := make([]Entry, len(list))
	for i, x := range list {
		out[i] = Entry{Base: x.Ref, Name: x.Name, Was: map[int]Value{}}
		for _, q := range t.Survey.bound() {
			out[i].Was[q.No] = q.order(x.Values[q.Field], q.choosable(t.Fields))
		}
	}
	return out, err
}

// mayAnswer refuses, and logs, whoever does not work at the unit.
func (s *Service) mayAnswer(ctx context.Context, t Task, act string) error {
	if t.Works {
		return nil
	}
	return s.refused(ctx, act, KindAnswer, t.Answers, t.Unit)
}

// write keeps what became of an answer; the first act of a unit makes its record.
func (s *Service) write(ctx context.Context, t Task, a Answer, ch record.Change) error {
	if t.Version > 0 {
		return s.answers.Save(ctx, t.Answers, t.Version, a, ch)
	}
	_, err := s.answers.Create(ctx, a, ch)
	if errs.Is(err, errs.Conflict) { // two of one office at the same time
		err = errs.New(errs.Conflict, "record.changed_meanwhile")
	}
	return err
}

// about runs an act on a unit's answer as it was read at a version.
func (s *Service) about(ctx context.Context, ref id.Ref, unit id.ID, version int64, may func(t Task) error, do func(ctx context.Context, t Task) error) error {
	t, err := s.Task(ctx, ref, unit) // outside of the transaction, so that a refusal stays in the log
	if err != nil {
		return err
	}
	if err := may(t); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		t, err := s.Task(ctx, ref, unit)
		if err != nil {
			return err
		}
		if t.Version != version {
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		}
		return do(ctx, t)
	})
}

// Fill writes the answers about one base, or about the unit itself under the key "unit", into the unit's draft. typed are
// the values by number of the question; what is left out is not answered.
func (s *Service) Fill(ctx context.Context, ref id.Ref, unit id.ID, version int64, key string, typed map[int][]string, ch record.Change) error {
	return s.about(ctx, ref, unit, version, func(t Task) error { return s.mayAnswer(ctx, t, "fill") }, func(ctx context.Context, t Task) error {
		if !t.Answer.editable() {
			return errs.New(errs.Conflict, "survey.sent_already")
		}
		subjects, err := s.Subjects(ctx, t)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(subjects, func(e Entry) bool { return e.key() == key })
		if i < 0 {
			return errs.New(errs.NotFound, "survey.entry_unknown")
		}
		e := subjects[i]
		e.Values = map[int]Value{}
		var f errs.Fields
		for _, no := range slices.Sorted(maps.Keys(typed)) {
			q, ok := t.Survey.question(no)
			if !ok {
				f.Add(inputName(no), "survey.question_unknown")
				continue
			}
			if v := q.read(&f, inputName(no), typed[no], q.choosable(t.Fields)); len(v) > 0 {
				e.Values[no] = v
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		a := t.Answer
		a.Entries = slices.Clone(a.Entries)
		if a.State == None {
			a.State = Draft
		}
		if k := a.entry(key); k >= 0 {
			a.Entries[k] = e
		} else {
			if len(a.Entries) >= maxEntries {
				return errs.New(errs.Conflict, "survey.entries_many", "N", maxEntries)
			}
			a.Entries = append(a.Entries, e)
		}
		if ch.Act == "" {
			ch.Act = "survey.act.fill"
		}
		return s.write(ctx, t, a, ch)
	})
}

// Confirm answers every bound question that is still open with what the register holds, for a unit that has looked at it all.
func (s *Service) Confirm(ctx context.Context, ref id.Ref, unit id.ID, version int64) error {
	return s.about(ctx, ref, unit, version, func(t Task) error { return s.mayAnswer(ctx, t, "confirm") }, func(ctx context.Context, t Task) error {
		if !t.Answer.editable() {
			return errs.New(errs.Conflict, "survey.sent_already")
		}
		subjects, err := s.Subjects(ctx, t)
		if err != nil {
			return err
		}
		a := t.Answer
		a.Entries = slices.Clone(a.Entries)
		if a.State == None {
			a.State = Draft
		}
		for _, e := range subjects {
			if a.entry(e.key()) < 0 && e.Base.ID != 0 {
				e.Values = maps.Clone(e.Was)
				a.Entries = append(a.Entries, e)
			}
		}
		return s.write(ctx, t, a, acted("confirm"))
	})
}

// Send hands an answer in. Everything that is required has to be there, for each base.
func (s *Service) Send(ctx context.Context, ref id.Ref, unit id.ID, version int64) error {
	return s.about(ctx, ref, unit, version, func(t Task) error { return s.mayAnswer(ctx, t, "send") }, func(ctx context.Context, t Task) error {
		subjects, err := s.Subjects(ctx, t)
		if err != nil {
			return err
		}
		a := t.Answer
		if err := a.send(t.Survey, subjects, clock.Today(ctx), scope.From(ctx).Name); err != nil {
			return err
		}
		for _, x := range t.Reminded { // the calls in the unit's inbox end
			if err := s.flow.DoneTask(ctx, remindKey(t.Ref, t.Unit.ID, x.Day)); err != nil {
				return err
			}
		}
		return s.write(ctx, t, a, acted("send"))
	})
}

// mayReview refuses, and logs, whoever does not work at the issuer.
func (s *Service) mayReview(ctx context.Context, t Task, act string) error {
	if t.Issues {
		return nil
	}
	return s.refused(ctx, act, KindAnswer, t.Answers, t.Issuer)
}

// over lets the issuer write into a unit's answer what is the issuer's to write there; mayReview has asked for the right.
func (s *Service) over(ctx context.Context, t Task) (context.Context, org.Unit, error) {
	u, err := s.rec.Home(ctx, t.Unit.ID)
	return scope.Widened(ctx, u.Pos, true), u, err
}

// SendBack returns an answer to its unit with what is to be mended.
func (s *Service) SendBack(ctx context.Context, ref id.Ref, unit id.ID, version int64, why string) error {
	return s.about(ctx, ref, unit, version, func(t Task) error { return s.mayReview(ctx, t, "return") }, func(ctx context.Context, t Task) error {
		a := t.Answer
		if err := a.sendBack(why); err != nil {
			return err
		}
		over, _, err := s.over(ctx, t)
		if err != nil {
			return err
		}
		return s.answers.Save(over, t.Answers, t.Version, a, record.Change{Act: "survey.act.return", Reason: a.Why})
	})
}

// Accept takes an answer as it is and merges its corrections into the register: a new version of each base, whose history
// names the survey and the unit. Nothing is written when one of the bases no longer holds what the unit saw.
func (s *Service) Accept(ctx context.Context, ref id.Ref, unit id.ID, version int64) error {
	return s.about(ctx, ref, unit, version, func(t Task) error { return s.mayReview(ctx, t, "accept") }, func(ctx context.Context, t Task) error {
		a := t.Answer
		if err := a.accept(clock.Today(ctx), scope.From(ctx).Name); err != nil {
			return err
		}
		over, home, err := s.over(ctx, t)
		if err != nil {
			return err
		}
		ch := record.Change{Act: "survey.act.merge", Reason: i18n.T(ctx, "survey.source", "Title", t.Survey.Title, "Unit", t.Unit.Name, "Day", i18n.Day(ctx, a.DoneOn))}
		a.Merged = nil
		for _, e := range a.Entries {
			was, now := e.corrections(t.Survey)
			if len(now) == 0 || e.Base.ID == 0 {
				continue
			}
			n, err := s.register.Correct(over, e.Base, home, was, now, ch)
			if errs.Is(err, errs.NotFound) {
				err = errs.New(errs.Conflict, "survey.base_gone", "Name", e.Name)
			}
			if err != nil {
				return err
			}
			a.Merged = append(a.Merged, Merged{e.Base, n})
		}
		return s.answers.Save(over, t.Answers, t.Version, a, acted("accept"))
	})
}

// UndoAnswer takes one's own last act on an answer back; with an acceptance, everything that it merged.
func (s *Service) UndoAnswer(ctx context.Context, ref id.Ref, unit id.ID, version int64) error {
	return s.about(ctx, ref, unit, version, func(t Task) error {
		if t.Works || t.Issues {
			return nil
		}
		return s.refused(ctx, "undo", KindAnswer, t.Answers, t.Unit)
	}, func(ctx context.Context, t Task) error {
		if t.Version == 0 {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		over, _, err := s.over(ctx, t)
		if err != nil {
			return err
		}
		if err := s.answers.Undo(over, t.Answers, t.Version); err != nil {
			return err
		}
		if t.Answer.State != Reviewed {
			return nil
		}
		for _, m := range t.Answer.Merged {
			if err := s.register.Undo(ctx, m.Base, m.Version); err != nil {
				return err
			}
		}
		return nil
	})
}

// AnswersWithin are the answers to a survey of the units within u, in the order of the tree. Needs View at u.
func (s *Service) AnswersWithin(ctx context.Context, ref id.Ref, u org.Unit) ([]Answer, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	ids, err := s.store.answersWithin(ctx, ref.ID, u.Range(), scope.From(ctx).ViewSet)
	if err != nil {
		return nil, err
	}
	bodies, err := s.answers.Bodies(ctx, ids)
	out := make([]Answer, len(ids))
	for i, k := range ids {
		out[i] = bodies[k]
	}
	return out, err
}

// Results are what the answers of the units within u say that are in, question by question. Needs View at u.
func (s *Service) Results(ctx context.Context, ref id.Ref, v Survey, u org.Unit) ([]Results, error) {
	answers, err := s.AnswersWithin(ctx, ref, u)
	return v.results(answers, s.fieldsOf(ctx, v.Unit)), err
}

const (
	// mostWaiting bounds the surveys that an inbox looks at.
	mostWaiting = 30
)

// waiting are the lines that surveys lend to a unit's inbox: what it has to answer or to mend, and what it has to review.
func (s *Service) waiting(ctx context.Context, unit id.ID) ([]flow.Item, error) {
	u, err := s.org.Unit(ctx, unit)
	if err != nil || !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, nil // somebody without a unit has no such lines
	}
	list, err := s.store.listAcrossUnits(ctx, u, scope.From(ctx).ViewSet, mostWaiting)
	if err != nil {
		return nil, err
	}
	today := clock.Today(ctx)
	var out []flow.Item
	for _, l := range list {
		if l.IssuedOn == clock.Open {
			continue
		}
		if l.Unit == unit {
			v, _, err := s.Get(ctx, l.Ref())
			if err != nil {
				return nil, err
			}
			b, err := s.Board(ctx, l.Ref(), v, u)
			if err != nil {
				return nil, err
			}
			if n := b.All.Sent - b.All.Reviewed; n > 0 {
				out = append(out, flow.Item{Kind: flow.KindDo, Title: i18n.T(ctx, "survey.task.review", "Title", l.Title, "N", n), Link: path(l.Ref()) + "?list=" + string(Sent)})
			}
		}
		t, err := s.Task(ctx, l.Ref(), unit)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if t.Answer.stands() {
			continue
		}
		it := flow.Item{Kind: flow.KindDo, Title: i18n.T(ctx, "survey.task.answer", "Title", l.Title), Due: l.Due, Overdue: l.Due < today, Link: answerPath(l.Ref(), unit),
			Why: i18n.T(ctx, "survey.task.why", "Unit", t.Issuer.Name, "Day", i18n.Day(ctx, l.IssuedOn))}
		if t.Answer.State == Returned {
			it.Title, it.Said = i18n.T(ctx, "survey.task.mend", "Title", l.Title), t.Answer.Why
		}
		out = append(out, it)
	}
	return out, nil
}
