package contact

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Acts on a task beside those on every record: a body's, then the unit's.
const (
	ActReceive = "receive"
	ActReport  = "report"
	ActReturn  = "return"
)

// mostTasks bounds a list of tasks.
const mostTasks = 300

// TaskFilter is what a list of tasks asks for.
type TaskFilter struct {
	State string    // open, late, done; "" all
	Day   clock.Day // as of, for late
	Body  id.ID
}

func (s *Service) putTask(ctx context.Context, ref id.Ref, t Task, gone bool) error {
	u, err := s.rec.Home(ctx, t.Unit)
	if err != nil {
		return err
	}
	return s.store.putTask(ctx, ref, u.Pos, t, gone)
}

// settleTask refuses bodies with which the unit does not work.
func (s *Service) settleTask(ctx context.Context, was, t Task) error {
	u, err := s.rec.Home(ctx, t.Unit)
	if err != nil {
		return err
	}
	list, err := s.PartnersOf(ctx, u)
	if err != nil {
		return err
	}
	var f errs.Fields
	for i, b := range t.parts() {
		known := slices.ContainsFunc(list, func(x ListedBody) bool { return x.Ref == b }) || slices.Contains(was.parts(), b)
		if !known && i == 0 {
			f.Add("lead", "contact.body_unknown")
		} else if !known {
			f.Add("assist", "contact.body_unknown")
		}
	}
	return f.Err()
}

// Assign asks something of bodies; it goes out at once.
func (s *Service) Assign(ctx context.Context, t Task, ch record.Change) (id.Ref, error) {
	if ch.Act == "" {
		ch.Act = "contact.act.task"
	}
	if err := s.tasks.MayCreate(ctx, t, ch); err != nil {
		return id.Ref{}, err
	}
	t = Task{Unit: t.Unit, Title: t.Title, Text: t.Text, Lead: t.Lead, Assist: t.Assist, IssuedOn: t.IssuedOn, Due: t.Due}
	if t.IssuedOn == clock.Open {
		t.IssuedOn = clock.Today(ctx)
	}
	t.clean()
	if err := t.check(clock.Today(ctx)); err != nil {
		return id.Ref{}, err
	}
	if err := s.settleTask(ctx, Task{}, t); err != nil {
		return id.Ref{}, err
	}
	return s.tasks.Create(ctx, t, ch)
}

// SaveTask changes what is asked; what bodies have said stays.
func (s *Service) SaveTask(ctx context.Context, ref id.Ref, version int64, t Task, ch record.Change) error {
	if ch.Act == "" {
		ch.Act = "contact.act.task_save"
	}
	if err := s.tasks.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	was, _, err := s.tasks.Get(ctx, ref)
	if err != nil {
		return err
	}
	now := was
	now.Title, now.Text, now.Lead, now.Assist, now.Due = t.Title, t.Text, t.Lead, t.Assist, t.Due
	now.clean()
	if err := now.check(clock.Today(ctx)); err != nil {
		return err
	}
	if err := s.settleTask(ctx, was, now); err != nil {
		return err
	}
	return s.tasks.Save(ctx, ref, version, now, ch)
}

// Return opens a task again that was reported as done, with what is missing.
func (s *Service) Return(ctx context.Context, ref id.Ref, st Step) error {
	ch := record.Change{Act: "contact.act.return"}
	if err := s.tasks.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	t, _, err := s.tasks.Get(ctx, ref)
	if err != nil {
		return err
	}
	if err := t.giveBack(scope.From(ctx).Name, clock.Today(ctx), st); err != nil {
		return err
	}
	return s.tasks.Save(ctx, ref, st.Version, t, ch)
}

// RemoveTask takes a task out; its history stays.
func (s *Service) RemoveTask(ctx context.Context, ref id.Ref, version int64, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		var f errs.Fields
		f.Add("reason", "contact.reason_missing")
		return f.Err()
	}
	return s.tasks.Remove(ctx, ref, version, record.Change{Act: "contact.act.task_remove", Reason: reason})
}

// UndoTask takes one's own last change back.
func (s *Service) UndoTask(ctx context.Context, ref id.Ref, version int64) error {
	return s.tasks.Undo(ctx, ref, version)
}

// Task reads a task, for whoever views its unit.
func (s *Service) Task(ctx context.Context, ref id.Ref) (Task, record.Version, error) {
	return s.tasks.Get(ctx, ref)
}

// Tasks are what a unit and those below it ask of bodies, the open ones first. Needs View at the unit.
func (s *Service) Tasks(ctx context.Context, u org.Unit, f TaskFilter) ([]ListedTask, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	list, err := s.store.tasks(ctx, u.Range(), scope.From(ctx).ViewSet, f, mostTasks)
	out := make([]ListedTask, len(list))
	for i, r := range list {
		out[i] = r.listed()
	}
	return out, err
}

// SharedTask reads a task as one of its bodies: only an account that stands for one of them today. The context that comes
// back may read and write this one task's unit, for the acts of a body.
func (s *Service) SharedTask(ctx context.Context, ref id.Ref) (context.Context, Task, record.Version, ListedBody, error) {
	none := errs.New(errs.NotFound, "errs.not_found")
	mine, err := s.Mine(ctx)
	if err != nil {
		return ctx, Task{}, record.Version{}, ListedBody{}, err
	}
	if mine == nil {
		return ctx, Task{}, record.Version{}, ListedBody{}, none
	}
	r, err := s.store.taskAcrossUnits(ctx, ref)
	if err != nil {
		return ctx, Task{}, record.Version{}, *mine, none
	}
	wide := scope.Widened(ctx, r.Pos, true)
	t, v, err := s.tasks.Get(wide, ref)
	if err != nil || !t.has(mine.Ref.ID) {
		return ctx, Task{}, v, *mine, none
	}
	return wide, t, v, *mine, nil
}

// Answer is an act of a body on a task: it signs for it, or reports.
func (s *Service) Answer(ctx context.Context, ref id.Ref, act string, st Step) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		wide, t, v, body, err := s.SharedTask(ctx, ref)
		if err != nil {
			return err
		}
		if v.N != st.Version {
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		}
		who := i18n.T(ctx, "contact.of_body", "Name", scope.From(ctx).Name, "Body", body.Name)
		switch act {
		case ActReceive:
			err = t.receive(body.Ref, who, clock.Today(ctx))
		case ActReport:
			err = t.report(body.Ref, who, clock.Today(ctx), st)
		case actUndo:
			if err := s.flow.DoneTask(ctx, reportKey(ref, v.N)); err != nil {
				return err
			}
			return s.tasks.Undo(wide, ref, v.N)
		default:
			return errs.New(errs.NotFound, "errs.not_found")
		}
		if err != nil {
			return err
		}
		if err := s.tasks.Save(wide, ref, v.N, t, record.Change{Act: "contact.act." + act}); err != nil || act != ActReport {
			return err
		}
		return s.tell(ctx, ref, v.N+1, t, body)
	})
}

// tell puts a body's report into the inbox of the unit that asked, until somebody has read it.
func (s *Service) tell(ctx context.Context, ref id.Ref, version int64, t Task, body ListedBody) error {
	u, err := s.rec.Home(ctx, t.Unit)
	if err != nil {
		return err
	}
	title := "contact.task.reported"
	if t.DoneOn != clock.Open {
		title = "contact.task.said_done"
	}
	return s.flow.AddTask(ctx, flow.NewTask{Key: reportKey(ref, version), Kind: flow.KindNote, Unit: u.ID, Pos: u.Pos, TitleKey: title, Why: "contact.task.report_why",
		Args: map[string]any{"Body": body.Name, "Title": t.Title, "Text": flow.Brief(t.lastReport())}, Link: taskPath(ref)})
}

// reportKey names the line of a report by the version that it made.
func reportKey(ref id.Ref, version int64) string {
	return "contact.report:" + ref.String() + ":" + strconv.FormatInt(version, 10)
}

// Share lets a module lend lines to what a body sees: what is shared with it there. It asks for no right; the module shows
// the rest to accounts of the body alone (Mine).
func (s *Service) Share(f func(ctx context.Context, body ListedBody) ([]Shared, error)) {
	s.lent = append(s.lent, f)
}

// SharedWithMe is all that the reader's body may see: its tasks, the open ones first, what other modules share, the entries
// of logs that were shared with it. It is logged nowhere: it is the body's own.
func (s *Service) SharedWithMe(ctx context.Context) (*ListedBody, []Shared, error) {
	mine, err := s.Mine(ctx)
	if err != nil || mine == nil {
		return nil, nil, err
	}
	tasks, err := s.store.tasksOfBodyAcrossUnits(ctx, mine.Ref.ID, mostTasks)
	if err != nil {
		return nil, nil, err
	}
	var out []Shared
	today := clock.Today(ctx)
	for _, r := range tasks {
		t := r.listed()
		out = append(out, Shared{Kind: "contact.shared.task", Title: t.Title, Unit: t.Unit, Day: t.Due, Open: t.DoneOn == clock.Open, Late: t.Late(today), Link: sharedPath(t.Ref)})
	}
	for _, f := range s.lent {
		list, err := f(ctx, *mine)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, list...)
	}
	slices.SortStableFunc(out, func(a, b Shared) int {
		if a.Open != b.Open {
			return map[bool]int{true: -1, false: 1}[a.Open]
		}
		return strings.Compare(string(a.Day), string(b.Day))
	})
	entries, err := s.store.sharedEntriesAcrossUnits(ctx, mine.Ref.ID, mostTasks)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range entries {
		e := r.entry()
		out = append(out, Shared{Kind: "contact.kind." + e.Kind, Title: e.Topic, Unit: e.Unit, Day: e.Day, Link: sharedEntryPath(e.Ref)})
	}
	for i := range out {
		if out[i].From, err = s.unitName(ctx, out[i].Unit); err != nil {
			return nil, nil, err
		}
	}
	return mine, out, nil
}

func (s *Service) unitName(ctx context.Context, unit id.ID) (string, error) {
	u, err := s.org.Unit(ctx, unit)
	return u.Name, err
}

// SharedEntry reads an entry of a log that was shared with the reader's body.
func (s *Service) SharedEntry(ctx context.Context, ref id.Ref) (Contact, error) {
	none := errs.New(errs.NotFound, "errs.not_found")
	mine, err := s.Mine(ctx)
	if err != nil {
		return Contact{}, err
	}
	if mine == nil {
		return Contact{}, none
	}
	list, err := s.store.described(ctx, []id.ID{ref.ID})
	if err != nil || len(list) == 0 {
		return Contact{}, none
	}
	c, _, err := s.book.Get(scope.Widened(ctx, list[0].Pos, false), ref)
	if err != nil || !c.Shared || c.Partner.ID != mine.Ref.ID {
		return Contact{}, none
	}
	return c, nil
}

func sharedPath(ref id.Ref) string { return "/shared/" + ref.String() }

func sharedEntryPath(ref id.Ref) string { return "/shared/entry/" + ref.String() }

func taskPath(ref id.Ref) string { return "/assign/" + ref.String() }

func bodyPath(ref id.Ref) string { return "/body/" + ref.String() }
