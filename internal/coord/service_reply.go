package coord

import (
	"context"
	"errors"
	"slices"
	"strings"

	"xinhuo/internal/dispatch"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Acts of a unit on its reply, as they stand in its addresses; it also has ActRemove and ActUndo. The last two are those
// of the units above.
const (
	ActReceive = "receive"
	ActRead    = "read"
	ActPass    = "pass"
	ActCarry   = "carry"
	ActAsk     = "ask"
	ActAnswer  = "answer"
	ActInspect = "inspect"
)

// asked tells whether the notice went to the unit: by where and what it was on the day of issue.
func (s *Service) asked(ctx context.Context, n Notice, unit org.Unit) (bool, error) {
	if n.IssuedOn == clock.Open || slices.Contains(n.Issuing(), unit.ID) {
		return false, nil
	}
	then, err := s.org.AsOf(ctx, unit.ID, n.IssuedOn)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if then.Formed == clock.Open || then.Formed > n.IssuedOn || !n.Targets.Goes(then) {
		return false, nil
	}
	r, err := s.reaching(ctx, id.Ref{}, n, unit, clock.Today(ctx), nil)
	if err != nil || !r.at.Contains(then.Pos) {
		return false, err
	}
	if t, ok := n.Targets.test(n.IssuedOn); ok {
		return s.ledger.Meets(ctx, t, unit.ID)
	}
	return true, nil
}

// isTarget tells whether the unit has to answer: it was asked itself, or has taken over units that were, and these had not
// carried it out; taken are all that it has taken over. It says in whose place it answers.
func (s *Service) isTarget(ctx context.Context, ref id.Ref, n Notice, unit org.Unit, taken []org.Unit) (target bool, left []org.Unit, err error) {
	if !unit.StandsOn(clock.Today(ctx)) || slices.Contains(n.Issuing(), unit.ID) {
		return false, nil, nil
	}
	if target, err = s.asked(ctx, n, unit); err != nil {
		return false, nil, err
	}
	for _, x := range taken {
		was, err := s.asked(ctx, n, x)
		if err != nil {
			return false, nil, err
		}
		if !was {
			continue
		}
		rows, err := s.store.replyAcrossUnits(ctx, ref.ID, x.ID)
		if err != nil {
			return false, nil, err
		}
		if len(rows) == 0 || rows[0].DoneOn == clock.Open {
			left = append(left, x)
		}
	}
	return target || len(left) > 0, left, nil
}

// between tells whether the unit issues the notice, or stands above units that it may go to.
func (s *Service) between(ctx context.Context, n Notice, u org.Unit) (bool, error) {
	if slices.Contains(n.Issuing(), u.ID) {
		return true, nil
	}
	if !slices.ContainsFunc(n.Targets.asked(), u.Level.MayHold) {
		return false, nil
	}
	r, err := s.reaching(ctx, id.Ref{}, n, u, clock.Today(ctx), nil)
	if err != nil || !r.at.Contains(u.Pos) || !n.Targets.Named() {
		return err == nil && r.at.Contains(u.Pos), err
	}
	us, err := s.org.ByIDs(ctx, n.Targets.Units)
	for _, x := range us {
		if in := u.Range(); x.Pos > in.From && x.Pos < in.To {
			return true, err
		}
	}
	return false, err
}

// Task reads a notice as one unit has to answer it, with the wordings and days of the units above it. Needs View at the
// unit; NotFound when the notice does not concern it.
func (s *Service) Task(ctx context.Context, ref id.Ref, unit id.ID) (t Task, err error) {
	t.Ref = ref
	if t.Unit, err = s.org.Unit(ctx, unit); err != nil {
		return t, errs.New(errs.NotFound, "errs.not_found")
	}
	home, err := s.rec.Home(ctx, unit)
	if err != nil {
		return t, err
	}
	if !scope.From(ctx).May(scope.View, home.Pos) {
		return t, errs.New(errs.NotFound, "errs.not_found")
	}
	if t.Notice, _, err = s.Notice(ctx, ref); err != nil {
		return t, err
	}
	if t.Notice.IssuedOn == clock.Open {
		return t, errs.New(errs.NotFound, "errs.not_found")
	}
	list, err := s.store.replyAcrossUnits(ctx, ref.ID, unit)
	if err != nil {
		return t, err
	}
	t.Reply = Reply{Notice: ref, Unit: unit}
	if len(list) > 0 {
		var v record.Version
		if t.Reply, v, err = s.replies.Get(ctx, list[0].ref()); err != nil {
			return t, err
		}
		t.Replies, t.Version = list[0].ref(), v.N
	}
	taken, err := s.org.TakenOver(ctx, unit)
	if err != nil {
		return t, err
	}
	if t.Target, t.Left, err = s.isTarget(ctx, ref, t.Notice, t.Unit, taken); err != nil {
		return t, err
	}
	if !t.Target && t.Version == 0 {
		some, err := s.between(ctx, t.Notice, t.Unit)
		if err != nil {
			return t, err
		}
		if !some || slices.Contains(t.Notice.Issuing(), unit) {
			return t, errs.New(errs.NotFound, "coord.not_addressed")
		}
	}
	if err := s.fillAbove(ctx, &t); err != nil {
		return t, err
	}
	t.Reminded, err = s.reminders(ctx, ref, t.Unit.Pos)
	return t, err
}

// fillAbove reads what the units between the issuers and this one have added, which holds here, too; and whether the
// reader works at one of them.
func (s *Service) fillAbove(ctx context.Context, t *Task) error {
	up, err := s.org.Ancestors(ctx, t.Unit.ID, clock.Today(ctx))
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	of := map[id.ID]org.Unit{}
	var ids []id.ID
	for _, u := range up {
		if u.ID == t.Unit.ID {
			continue
		}
		of[u.ID], ids = u, append(ids, u.ID)
		if scope.From(ctx).May(scope.Work, u.Pos) && !t.Over {
			if t.Over, err = s.between(ctx, t.Notice, u); err != nil {
				return err
			}
		}
	}
	rows, err := s.store.repliesOfUnitsAcrossUnits(ctx, t.Ref.ID, ids)
	if err != nil {
		return err
	}
	t.Due = t.Notice.Due
	for _, r := range rows {
		if r.PassedOn == clock.Open {
			continue
		}
		d, _, err := s.replies.Get(scope.Widened(ctx, r.Pos, false), r.ref())
		if err != nil {
			return err
		}
		t.Above = append(t.Above, Above{Unit: of[r.Unit], Wording: d.Wording, Due: d.Due})
		t.Due = dispatch.Earliest(t.Due, d.Due)
	}
	return nil
}

// DueHere is the day by which this unit's answer is due: its own when it has set one.
func (t Task) DueHere() clock.Day { return dispatch.Earliest(t.Due, t.Reply.Due) }

// Act takes one act on a unit's reply. The right to work is asked at the unit; to answer its question and to write down
// what supervision found, at a unit above it that issues the notice or hands it on. Errors: Invalid with the fields of
// Step, Conflict when somebody was faster, Forbidden and NotFound.
func (s *Service) Act(ctx context.Context, ref id.Ref, unit id.ID, act string, st Step) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		t, err := s.Task(ctx, ref, unit)
		if err != nil {
			return err
		}
		if err := s.mayAct(ctx, t, act); err != nil {
			return err
		}
		if t.Version != st.Version {
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		}
		return s.acted(ctx, t, act, st)
	})
}

func (s *Service) acted(ctx context.Context, t Task, act string, st Step) error {
	today, who := clock.Today(ctx), scope.From(ctx).Name
	r, ch := t.Reply, record.Change{Act: "coord.act." + act}
	if slices.Contains([]string{ActReceive, ActRead, ActCarry, ActAsk, ActInspect}, act) && !t.Target {
		return errs.New(errs.Conflict, "coord.only_passes")
	}
	switch act {
	case ActReceive:
		return s.write(ctx, t, r, r.receive(who, today), ch)
	case ActRead:
		return s.write(ctx, t, r, r.read(who, today), ch)
	case ActPass:
		refused := r.hand(st, t.Due, today, t.Target, who)
		return s.write(ctx, t, r, refused, ch)
	case ActAsk:
		refused := r.ask(st, who, today)
		return s.write(ctx, t, r, refused, ch)
	case ActAnswer:
		if refused := r.answer(st, who, today); refused != nil {
			return refused
		}
		if err := s.flow.AddTask(ctx, flow.NewTask{Key: "coord.answer:" + t.Ref.String() + ":" + t.Unit.ID.String() + ":" + string(r.AskedOn), Kind: flow.KindNote, Unit: t.Unit.ID,
			Pos: t.Unit.Pos, TitleKey: "coord.task.answered", Args: map[string]any{"Title": t.Notice.Title}, Link: replyPath(t.Ref, t.Unit.ID)}); err != nil {
			return err
		}
		return s.write(s.over(ctx, t), t, r, nil, ch)
	case ActInspect:
		if refused := r.inspect(t.Notice, st, who, today); refused != nil {
			return refused
		}
		if err := s.tellUnmet(ctx, t, r, today); err != nil {
			return err
		}
		return s.write(s.over(ctx, t), t, r, nil, ch)
	case ActCarry:
		if r.DoneOn != clock.Open {
			ch.Act = "coord.act.correct"
		}
		refused := r.carry(t.Notice, t.Unit.Level, st, t.DueHere(), today, who)
		if err := s.write(ctx, t, r, refused, ch); err != nil {
			return err
		}
		for _, x := range t.Reminded { // the calls in the unit's inbox end
			if err := s.flow.DoneTask(ctx, remindKey(t.Ref, t.Unit.ID, x.Day)); err != nil {
				return err
			}
		}
		return nil
	case ActRemove:
		if strings.TrimSpace(st.Reason) == "" {
			var f errs.Fields
			f.Add("reason", "coord.reason_missing")
			return f.Err()
		}
		if t.Version == 0 {
			return errs.New(errs.Conflict, "coord.nothing_done")
		}
		return s.replies.Remove(ctx, t.Replies, t.Version, record.Change{Act: "coord.act.remove_reply", Reason: strings.TrimSpace(st.Reason)})
	case ActUndo:
		if t.Version == 0 {
			return errs.New(errs.Conflict, "coord.nothing_done")
		}
		return s.replies.Undo(ctx, t.Replies, t.Version)
	}
	return errs.New(errs.NotFound, "errs.not_found")
}

// tellUnmet puts into the unit's inbox, until somebody has read it, how many points supervision did not find met.
func (s *Service) tellUnmet(ctx context.Context, t Task, r Reply, today clock.Day) error {
	unmet := 0
	for _, f := range r.Findings {
		if !f.Met {
			unmet++
		}
	}
	if unmet == 0 {
		return nil
	}
	return s.flow.AddTask(ctx, flow.NewTask{Key: "coord.inspect:" + t.Ref.String() + ":" + t.Unit.ID.String() + ":" + string(today), Kind: flow.KindNote, Unit: t.Unit.ID,
		Pos: t.Unit.Pos, TitleKey: "coord.task.inspected", Args: map[string]any{"Title": t.Notice.Title, "N": unmet}, Link: replyPath(t.Ref, t.Unit.ID) + "#findings"})
}

// over lets a unit above write into a reply what is its own to write there; mayAct has asked for the right.
func (s *Service) over(ctx context.Context, t Task) context.Context {
	u, err := s.rec.Home(ctx, t.Unit.ID)
	if err != nil {
		return ctx
	}
	return scope.Widened(ctx, u.Pos, true)
}

// Restore brings back what a unit withdrew, as long as the reader's own act can be undone and the unit has not begun anew.
func (s *Service) Restore(ctx context.Context, reply id.Ref, version int64) error {
	err := s.replies.Undo(ctx, reply, version)
	var e *errs.Error
	if errs.Is(err, errs.Conflict) && errors.As(err, &e) && e.Key == "errs.exists_already" {
		err = errs.New(errs.Conflict, "coord.begun_anew")
	}
	return err
}

// Withdrawn reads what the reader's own last act withdrew, as long as that can be undone.
func (s *Service) Withdrawn(ctx context.Context, reply id.Ref) (Reply, record.Version, error) {
	return s.replies.Removed(ctx, reply)
}

// write keeps what a rule made of the reply; the first act of a unit makes its record.
func (s *Service) write(ctx context.Context, t Task, r Reply, refused error, ch record.Change) error {
	if refused != nil {
		return refused
	}
	if t.Version > 0 {
		return s.replies.Save(ctx, t.Replies, t.Version, r, ch)
	}
	_, err := s.replies.Create(ctx, r, ch)
	if errs.Is(err, errs.Conflict) { // two of one office at the same time
		err = errs.New(errs.Conflict, "record.changed_meanwhile")
	}
	return err
}

// mayAct refuses, and logs, whoever does not work at the unit, or not above it when the act is that of a unit above.
func (s *Service) mayAct(ctx context.Context, t Task, act string) error {
	u, err := s.rec.Home(ctx, t.Unit.ID)
	if err != nil {
		return err
	}
	may := scope.From(ctx).May(scope.Work, u.Pos)
	if act == ActAnswer || act == ActInspect {
		may = t.Over
	}
	if may {
		return nil
	}
	return s.desk.Refused(ctx, "coord.act."+act, KindReply, t.Replies, u)
}

// MayAct tells which acts the reader can do on a reply now, for buttons.
func (s *Service) MayAct(ctx context.Context, t Task) (map[string]bool, error) {
	out := map[string]bool{ActAnswer: t.Over && t.Reply.asking(), ActInspect: t.Over && t.Target && len(t.Notice.Points) > 0}
	if t.Version > 0 {
		_, v, err := s.replies.Get(ctx, t.Replies)
		if err != nil {
			return nil, err
		}
		out[ActUndo] = !s.replies.Undoable(ctx, v).IsZero()
	}
	u, err := s.rec.Home(ctx, t.Unit.ID)
	if err != nil || !scope.From(ctx).May(scope.Work, u.Pos) {
		return out, err
	}
	out[ActReceive] = t.Target && t.Reply.ReceivedOn == clock.Open
	out[ActRead] = t.Target && !slices.ContainsFunc(t.Reply.Readers, func(m Mark) bool { return m.Name == scope.From(ctx).Name })
	out[ActPass] = !t.Unit.Level.Leaf()
	out[ActCarry], out[ActAsk] = t.Target, t.Target
	out[ActRemove] = t.Version > 0
	return out, nil
}

// States are how far a unit has come with some notices, for its list; those that did not go to it are left out.
func (s *Service) States(ctx context.Context, u org.Unit, list []Listed, day clock.Day) (map[id.ID]State, error) {
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Ref.ID
	}
	rows, err := s.store.repliesOfUnitAcrossUnits(ctx, u.ID, ids)
	if err != nil {
		return nil, err
	}
	done := map[id.ID]State{}
	for _, r := range rows {
		done[r.Notice] = r.state(day)
	}
	taken, err := s.org.TakenOver(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	out := map[id.ID]State{}
	for _, l := range list {
		if l.IssuedOn == clock.Open {
			continue
		}
		n, _, err := s.Notice(ctx, l.Ref)
		if err != nil {
			return nil, err
		}
		target, _, err := s.isTarget(ctx, l.Ref, n, u, taken)
		if err != nil {
			return nil, err
		}
		if !target {
			continue
		}
		if out[l.Ref.ID] = None; done[l.Ref.ID] != "" {
			out[l.Ref.ID] = done[l.Ref.ID]
		}
	}
	return out, nil
}

const (
	// mostWaiting bounds the notices that an inbox looks at, of mostInForce that it goes through.
	mostWaiting, mostInForce = 40, 500
	// soon is how many days before its day a notice is called for by itself.
	soon = 3
)

// waiting are the lines that notices lend to a unit's inbox, for which no row was written: what it has to receive or
// carry out, called for when its day is near; what units below it are late with, which climbs from level to level by the
// week; and their questions.
func (s *Service) waiting(ctx context.Context, unit id.ID) ([]flow.Item, error) {
	u, err := s.org.Unit(ctx, unit)
	if err != nil || !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, nil // somebody without a unit has no such lines
	}
	list, err := s.unanswered(ctx, u)
	if err != nil {
		return nil, err
	}
	states, err := s.States(ctx, u, list, clock.Today(ctx))
	if err != nil {
		return nil, err
	}
	asked, err := s.store.askedAboutAcrossUnits(ctx, list)
	if err != nil {
		return nil, err
	}
	var out []flow.Item
	for _, l := range list {
		st, target := states[l.Ref.ID]
		if target && st != Done && !(l.Due == clock.Open && st != None) {
			it, err := s.own(ctx, l, unit, st)
			if err != nil {
				return nil, err
			}
			out = append(out, it)
		}
		late := l.Due != clock.Open && l.Due < clock.Today(ctx)
		if u.Level.Leaf() || !late && !slices.Contains(asked, l.Ref.ID) { // without reading the notice: an issuer has many
			continue
		}
		below, err := s.ofBelow(ctx, l, u)
		if err != nil {
			return nil, err
		}
		out = append(out, below...)
	}
	return out, nil
}

// unanswered are the notices in force about which the unit, or somebody below it, may still have to do something: those with
// a day first. What it has answered and is not late below it is left out before any is read.
func (s *Service) unanswered(ctx context.Context, u org.Unit) ([]Listed, error) {
	var dated, open []Listed
	today := clock.Today(ctx)
	for after, seen := "", 0; seen < mostInForce; {
		list, next, err := s.List(ctx, u, today, Filter{State: "open", After: after, Limit: 100})
		if err != nil {
			return nil, err
		}
		ids := make([]id.ID, len(list))
		for i, l := range list {
			ids[i] = l.Ref.ID
		}
		rows, err := s.store.repliesOfUnitAcrossUnits(ctx, u.ID, ids)
		if err != nil {
			return nil, err
		}
		of := map[id.ID]replyRow{}
		for _, r := range rows {
			of[r.Notice] = r
		}
		for _, l := range list {
			done := of[l.Ref.ID].DoneOn != clock.Open || l.Due == clock.Open && of[l.Ref.ID].ReceivedOn != clock.Open
			switch {
			case l.IssuedOn == clock.Open || done && (l.Due == clock.Open || l.Due >= today):
			case l.Due != clock.Open:
				dated = append(dated, l)
			default:
				open = append(open, l)
			}
		}
		if seen += len(list); next == "" {
			break
		}
		after = next
	}
	out := append(dated, open...)
	return out[:min(len(out), mostWaiting)], nil
}

// own is the line of a notice that the unit itself has to answer.
func (s *Service) own(ctx context.Context, l Listed, unit id.ID, st State) (flow.Item, error) {
	t, err := s.Task(ctx, l.Ref, unit)
	if err != nil {
		return flow.Item{}, err
	}
	today, due := clock.Today(ctx), t.DueHere()
	it := flow.Item{Kind: flow.KindDo, Title: i18n.T(ctx, "coord.task.do", "Title", l.Title), Due: due, Overdue: due != clock.Open && due < today, Link: replyPath(l.Ref, unit)}
	if st == None {
		it.Title = i18n.T(ctx, "coord.task.receive", "Title", l.Title)
	}
	it.Urgency = t.Notice.Urgency
	it.Why = i18n.T(ctx, "coord.task.why", "Unit", s.unitName(ctx, l.Unit), "Day", i18n.Day(ctx, l.IssuedOn))
	if t.Reply.unseen(t.Notice) {
		it.Why = i18n.T(ctx, "coord.task.amended", "Unit", s.unitName(ctx, l.Unit), "Day", i18n.Day(ctx, t.Notice.AmendedOn))
	} else if left := days(today, due); due != clock.Open && left >= 0 && left <= soon {
		it.Why = i18n.T(ctx, "coord.task.soon", "N", left)
	}
	return it, nil
}

// ofBelow are the lines about the units below one: late ones, and their questions to an issuer.
func (s *Service) ofBelow(ctx context.Context, l Listed, u org.Unit) (out []flow.Item, err error) {
	today := clock.Today(ctx)
	late := 0
	if l.Due != clock.Open {
		late = days(l.Due, today)
	}
	n, _, err := s.Notice(ctx, l.Ref)
	if err != nil {
		return nil, err
	}
	issues := slices.Contains(n.Issuing(), u.ID)
	if late <= 0 && !issues {
		return nil, nil
	}
	some, err := s.between(ctx, n, u)
	if err != nil || !some {
		return nil, err
	}
	b, err := s.Board(ctx, l.Ref, n, u, today)
	if err != nil {
		return nil, err
	}
	above := 1 // those named may stand anywhere below
	if !n.Targets.Named() {
		above = n.Targets.Levels[len(n.Targets.Levels)-1].Rank() - u.Level.Rank()
	}
	if b.All.Waiting() > 0 && (escalated(above, late) || issues && late > 0) {
		out = append(out, flow.Item{Kind: flow.KindDo, Title: i18n.T(ctx, "coord.task.late", "Title", l.Title, "N", b.All.Waiting()), Why: i18n.T(ctx, "coord.task.late_why", "N", late),
			Due: l.Due, Overdue: true, Link: latePath(l.Ref, u.ID)})
	}
	if issues && b.All.Asked > 0 {
		out = append(out, flow.Item{Kind: flow.KindDo, Title: i18n.T(ctx, "coord.task.questions", "Title", l.Title, "N", b.All.Asked), Due: l.Due, Overdue: late > 0, Link: path(l.Ref) + "?unit=" + u.ID.String() + "&list=" + string(Asked)})
	}
	return out, nil
}
