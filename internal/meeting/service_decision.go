package meeting

import (
	"context"
	"fmt"
	"slices"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func (s *Service) decisionDesk() *desk[Decision] {
	d := &desk[Decision]{s: s, kind: KindDecision, path: "/decision", letter: "YD", acts: decisionActs,
		unit: func(d Decision) id.ID { return d.Unit }, code: func(d *Decision) *string { return &d.Code }, name: func(d Decision) string { return d.Text },
		clean: Decision.clean, link: s.linkDecision, check: s.checkDecision, byCode: s.store.decisionByCodeAcrossUnits, ids: s.store.decisionsOf,
		shown: func(d Decision) Decision { return d }, figures: []string{"decision.made", "decision.open", "decision.done", "decision.done_in_time", "decision.overdue"}}
	return d.open(record.Kind[Decision]{Homes: Decision.Homes, Put: s.putDecision, Rows: decisionRows, Facts: s.decisionFacts}, ledger.Source{
		Name:     ledger.Words{Zh: "议定事项", En: "decision"},
		Fields:   map[string]any{"lead": "", "joint": false, "in_time": false},
		Near:     s.store.nearDecisions,
		Describe: s.describeDecisions,
		Label:    s.label,
	})
}

func (s *Service) putDecision(ctx context.Context, ref id.Ref, d Decision, gone bool) error {
	u, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return err
	}
	lead, err := s.places(ctx, []Party{d.Lead})
	if err != nil {
		return err
	}
	assist, err := s.places(ctx, d.Assist)
	if err != nil {
		return err
	}
	var bodies []id.ID
	for _, p := range append([]Party{d.Lead}, d.Assist...) {
		if p.Partner.ID != 0 && !slices.Contains(bodies, p.Partner.ID) {
			bodies = append(bodies, p.Partner.ID)
		}
	}
	return s.store.putDecision(ctx, ListedDecision{Root: ref.Root, ID: ref.ID, Unit: d.Unit, Pos: u.Pos, Code: d.Code, Meeting: d.Meeting.ID, Text: d.Text, DecidedOn: d.DecidedOn,
		Due: d.Due, DoneOn: d.DoneOn, DroppedOn: d.DroppedOn, Lead: d.Lead.Name, LeadUnit: d.Lead.Unit, LeadPos: lead[0].pos}, assist, bodies, gone)
}

// linkDecision takes unit and day from the meeting, so that they cannot say something else.
func (s *Service) linkDecision(ctx context.Context, _ org.Unit, d *Decision) error {
	list, err := s.store.byIDsAcrossUnits(ctx, []id.ID{d.Meeting.ID})
	if err != nil {
		return err
	}
	if len(list) == 0 || list[0].Ref() != d.Meeting || list[0].Unit != d.Unit {
		var f errs.Fields
		f.Add("meeting", "meeting.meeting_unknown")
		return f.Err()
	}
	d.DecidedOn = list[0].Day
	return nil
}

func (s *Service) checkDecision(ctx context.Context, home org.Unit, d, was Decision) (errs.Fields, error) {
	f := d.problems(was, clock.Today(ctx))
	if d.DecidedOn > clock.Today(ctx) {
		f.Add("text", "meeting.not_yet")
	}
	far, err := s.below(ctx, home, "lead", []Party{d.Lead})
	if err != nil {
		return nil, err
	}
	more, err := s.below(ctx, home, "assist", d.Assist)
	return append(append(f, far...), more...), err
}

// Decide keeps what a meeting decided, as a task: lead and those who help are named. Refused without a lead, with more than
// one, or with a day that has passed (R60, R64).
func (s *Service) Decide(ctx context.Context, d Decision, lead string, assist []string) (id.Ref, error) {
	return s.decide(ctx, d, lead, assist, record.Change{Act: "meeting.act.decide"})
}

func (s *Service) decide(ctx context.Context, d Decision, lead string, assist []string, c record.Change) (ref id.Ref, err error) {
	if d.Unit == 0 {
		m, _, err := s.meetings.book.Get(ctx, d.Meeting)
		if err != nil {
			return ref, err
		}
		d.Unit = m.Unit
	}
	if err := s.book().MayCreate(ctx, d, c); err != nil { // before what was typed is looked at
		return ref, err
	}
	if err := s.name(ctx, &d, lead, assist); err != nil {
		return ref, err
	}
	return s.decisions.create(ctx, d, c)
}

func (s *Service) book() *record.Book[Decision] { return s.decisions.book }

// name says which units or bodies are meant.
func (s *Service) name(ctx context.Context, d *Decision, lead string, assist []string) error {
	u, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return err
	}
	trim(&lead)
	if d.Lead, err = s.party(ctx, u, lead, "lead"); err != nil {
		return err
	}
	d.Assist = nil
	for _, x := range assist {
		trim(&x)
		p, err := s.party(ctx, u, x, "assist")
		if err != nil {
			return err
		}
		d.Assist = append(d.Assist, p)
	}
	return nil
}

// Decision reads a decision; NotFound outside the reader's view.
func (s *Service) Decision(ctx context.Context, ref id.Ref) (Decision, record.Version, error) {
	return s.decisions.get(ctx, ref)
}

// Amend corrects a decision: its words, its lead, those who help, its day.
func (s *Service) Amend(ctx context.Context, ref id.Ref, c Change, text, lead string, assist []string, due clock.Day) error {
	if err := c.reason(); err != nil {
		return err
	}
	return s.amend(ctx, ref, c, func(ctx context.Context, d *Decision) error {
		if d.DoneOn != "" || d.DroppedOn != "" {
			return errs.New(errs.Conflict, "meeting.not_now")
		}
		d.Text, d.Due = text, due
		return s.name(ctx, d, lead, assist)
	})
}

func (s *Service) amend(ctx context.Context, ref id.Ref, c Change, edit func(ctx context.Context, d *Decision) error) error {
	return s.decisions.change(ctx, ref, c.Version, c.record("meeting.act.amend"), nil, edit)
}

// works tells whether the reader works at one of some parties that are units.
func (s *Service) works(ctx context.Context, list ...Party) (bool, error) {
	places, err := s.places(ctx, list)
	return slices.ContainsFunc(places, func(p placed) bool { return p.Unit != 0 && scope.From(ctx).May(scope.Work, p.pos) }), err
}

// Report notes how a decision goes on: by the lead, by who helps, or by the unit that decided.
func (s *Service) Report(ctx context.Context, ref id.Ref, c Change, text string) error {
	return s.decisions.change(ctx, ref, c.Version, c.record("meeting.act.report"), func(ctx context.Context, d Decision) (bool, error) {
		return s.works(ctx, append([]Party{d.Lead}, d.Assist...)...)
	}, func(ctx context.Context, d *Decision) error {
		if d.DoneOn != "" || d.DroppedOn != "" {
			return errs.New(errs.Conflict, "meeting.not_now")
		}
		by := s.speaksFor(ctx, *d)
		d.Steps = append(d.Steps, Step{On: clock.Today(ctx), By: by, Text: text})
		return s.tellOthers(ctx, ref, c.Version, by, text, *d)
	})
}

// tell puts what others did about a decision into the inbox of the unit that decided, until somebody has read it.
func (s *Service) tell(ctx context.Context, ref id.Ref, version int64, by, text string, d Decision) error {
	u, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return err
	}
	title := "meeting.task.reported"
	if d.DoneOn != "" {
		title = "meeting.task.closed"
	}
	return s.flow.AddTask(ctx, flow.NewTask{Key: fmt.Sprintf("meeting.report:%s:%d", ref, version), Kind: flow.KindNote, Unit: u.ID, Pos: u.Pos, TitleKey: title, Why: "meeting.task.reported_why",
		Args: map[string]any{"Text": d.Text, "By": by, "Said": flow.Brief(text)}, Link: "/decision/" + ref.String()})
}

// tellOthers is tell, unless the unit that decided does it itself.
func (s *Service) tellOthers(ctx context.Context, ref id.Ref, version int64, by, text string, d Decision) error {
	if own, err := s.works(ctx, Party{Unit: d.Unit}); own || err != nil {
		return err
	}
	return s.tell(ctx, ref, version, by, text, d)
}

// speaksFor is for whom the reader reports: the reader's unit and name.
func (s *Service) speaksFor(ctx context.Context, _ Decision) string {
	a := scope.From(ctx)
	if u, err := s.org.Unit(ctx, a.Unit); err == nil {
		return u.Name + " " + a.Name
	}
	return a.Name
}

// Close says that a decision is carried out, with evidence: by the lead, or by the unit that decided.
func (s *Service) Close(ctx context.Context, ref id.Ref, c Change, on clock.Day, e Evidence) error {
	return s.decisions.change(ctx, ref, c.Version, c.record("meeting.act.close"), func(ctx context.Context, d Decision) (bool, error) { return s.works(ctx, d.Lead) },
		func(ctx context.Context, d *Decision) error {
			if d.DoneOn != "" || d.DroppedOn != "" {
				return errs.New(errs.Conflict, "meeting.not_now")
			}
			e.Files = append(d.Evidence.Files, e.Files...)
			d.DoneOn, d.Evidence = day(ctx, on), e
			return s.tellOthers(ctx, ref, c.Version, s.speaksFor(ctx, *d), e.Text, *d)
		})
}

// Again opens a decision that was closed or dropped too early.
func (s *Service) Again(ctx context.Context, ref id.Ref, c Change) error {
	if err := c.reason(); err != nil {
		return err
	}
	return s.decisions.change(ctx, ref, c.Version, c.record("meeting.act.again"), nil, func(_ context.Context, d *Decision) error {
		if d.DoneOn == "" && d.DroppedOn == "" {
			return errs.New(errs.Conflict, "meeting.not_now")
		}
		d.DoneOn, d.DroppedOn, d.Dropped = "", "", ""
		return nil
	})
}

// Drop says that a decision is no longer carried out, and why.
func (s *Service) Drop(ctx context.Context, ref id.Ref, c Change) error {
	if err := c.reason(); err != nil {
		return err
	}
	return s.decisions.change(ctx, ref, c.Version, c.record("meeting.act.drop"), nil, func(ctx context.Context, d *Decision) error {
		if d.DoneOn != "" || d.DroppedOn != "" {
			return errs.New(errs.Conflict, "meeting.not_now")
		}
		d.DroppedOn, d.Dropped = clock.Today(ctx), c.Reason
		return nil
	})
}

// Unmake takes out a decision that was entered by mistake.
func (s *Service) Unmake(ctx context.Context, ref id.Ref, c Change) error {
	return s.db.Tx(ctx, func(ctx context.Context) error { return s.decisions.remove(ctx, ref, c, "meeting.act.unmake", 0) })
}

// Named is the meeting at which something was decided, as those know it who carry it out; nothing when it is gone.
func (s *Service) Named(ctx context.Context, ref id.Ref) (Listed, error) {
	list, err := s.store.byIDsAcrossUnits(ctx, []id.ID{ref.ID})
	if err != nil || len(list) == 0 || list[0].Ref() != ref {
		return Listed{}, err
	}
	return list[0], nil
}
