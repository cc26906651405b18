package contact

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func (s *Service) taskImporter() *record.Importer {
	return &record.Importer{Kind: KindTask, Title: "contact.tasks", Back: "/assign", Current: "contact", Columns: taskColumnsOf, Take: s.takeTask, Export: s.exportTasks}
}

func taskColumnsOf(context.Context) []table.Column {
	return []table.Column{
		{Key: "ref", Titles: []string{"记录号", "Record", "ref"}},
		{Key: "unit_code", Titles: []string{"单位代码", "Unit code", "unit_code"}},
		{Key: "unit", Titles: []string{"单位", "Unit", "unit"}},
		{Key: "title", Titles: []string{"事项", "Task", "title"}, Required: true},
		{Key: "text", Titles: []string{"要求", "What is asked", "text"}},
		{Key: "lead", Titles: []string{"牵头部门", "Lead", "lead"}, Required: true},
		{Key: "assist", Titles: []string{"配合部门", "Assisting", "assist"}},
		{Key: "issued_on", Titles: []string{"交办日期", "Issued on", "issued_on"}, Kind: table.Day},
		{Key: "due", Titles: []string{"完成时限", "Due", "due"}, Kind: table.Day, Required: true},
		{Key: "done_on", Titles: []string{"办结日期", "Done on", "done_on"}, Kind: table.Day},
		{Key: "report", Titles: []string{"最近上报", "Last report", "report"}},
	}
}

// takeTask writes one line: one that names its record corrects it; otherwise the same title and day of a unit are the same
// task, and any other goes out. When it was asked and what bodies have said is no table's to change.
func (s *Service) takeTask(ctx context.Context, root org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	u, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	title := strings.TrimSpace(row["title"].Text)
	ref, err := id.ParseRef(row["ref"].Text)
	if err != nil {
		list, err := s.store.sameTask(ctx, u.ID, title, clock.Day(row["due"].Text))
		if err != nil {
			return "", "", err
		}
		if len(list) > 0 {
			ref = list[0].listed().Ref
		}
	}
	var was Task
	var v record.Version
	var f errs.Fields
	if ref.ID != 0 {
		if was, v, err = s.Task(ctx, ref); err != nil || was.Unit != u.ID {
			f.Add("ref", "contact.unknown")
			return "", "", f.Err()
		}
		bodies, err := s.namesOf(ctx, was)
		if err != nil {
			return "", "", err
		}
		row = record.Kept(row, taskColumnsOf(ctx), taskCells(ref, u, was, bodies))
	}
	t := was
	t.Unit, t.Title, t.Text, t.Due = u.ID, row["title"].Over(was.Title), row["text"].Over(was.Text), clock.Day(row["due"].Text)
	if ref.ID == 0 {
		t.IssuedOn = clock.Day(row["issued_on"].Text)
	}
	for column, now := range map[string]string{"issued_on": string(t.IssuedOn), "done_on": string(was.DoneOn), "report": was.lastReport()} {
		if row[column].Over(now) != now {
			f.Add(column, "contact.column_fixed")
		}
	}
	if t.Lead, t.Assist, err = s.bodiesNamed(ctx, u, was, row["lead"].Text, table.Several(row["assist"].Text), &f); err != nil {
		return "", "", err
	}
	if err := f.Err(); err != nil {
		return "", "", err
	}
	t.clean()
	switch {
	case ref.ID == 0:
		_, err := s.Assign(ctx, t, ch)
		return t.Title, record.Added, err
	case reflect.DeepEqual(t, was):
		return t.Title, record.Same, nil
	}
	return t.Title, record.Changed, s.SaveTask(ctx, ref, v.N, t, ch)
}

// bodiesNamed are the registered bodies that names mean: those with which the unit works, and those that the task has.
func (s *Service) bodiesNamed(ctx context.Context, u org.Unit, was Task, lead string, assist []string, f *errs.Fields) (id.Ref, []id.Ref, error) {
	known, err := s.namesOf(ctx, was)
	if err != nil {
		return id.Ref{}, nil, err
	}
	refs := map[string]id.Ref{}
	list, err := s.PartnersOf(ctx, u)
	if err != nil {
		return id.Ref{}, nil, err
	}
	for _, b := range list {
		refs[b.Name] = b.Ref
	}
	for _, b := range was.parts() { // a name that two bodies have is the one that it was
		refs[known[b.ID]] = b
	}
	find := func(column, name string) id.Ref {
		ref, ok := refs[name]
		if !ok || ref.ID == 0 {
			f.Add(column, "contact.body_unknown")
		}
		return ref
	}
	first := find("lead", strings.TrimSpace(lead))
	var rest []id.Ref
	for _, name := range assist {
		rest = append(rest, find("assist", name))
	}
	return first, rest, nil
}

func taskCells(ref id.Ref, u org.Unit, t Task, names map[id.ID]string) []table.Value {
	var assist []string
	for _, b := range t.Assist {
		assist = append(assist, names[b.ID])
	}
	return []table.Value{table.OfText(ref.String()), table.OfText(u.Code), table.OfText(u.Name), table.OfText(t.Title), table.OfText(t.Text), table.OfText(names[t.Lead.ID]), table.OfText(strings.Join(assist, "、")),
		table.OfDay(string(t.IssuedOn)), table.OfDay(string(t.Due)), table.OfDay(string(t.DoneOn)), table.OfText(t.lastReport())}
}

// exportTasks writes what a unit and those below it ask of bodies, with how far it is.
func (s *Service) exportTasks(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	rows, err := s.store.tasks(ctx, u.Range(), scope.From(ctx).ViewSet, TaskFilter{}, math.MaxInt32)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(rows, 200) {
		var ids, units, parts []id.ID
		for _, r := range part {
			ids, units = append(ids, r.ID), append(units, r.Unit)
		}
		tasks, err := s.tasks.Bodies(ctx, ids)
		if err != nil {
			return err
		}
		for _, t := range tasks {
			for _, b := range t.parts() {
				parts = append(parts, b.ID)
			}
		}
		bodies, err := s.Named(ctx, parts)
		if err != nil {
			return err
		}
		names := map[id.ID]string{}
		for at, b := range bodies {
			names[at] = b.Name
		}
		us, err := s.org.ByIDs(ctx, units)
		if err != nil {
			return err
		}
		for _, r := range part {
			if err := yield(taskCells(r.listed().Ref, us[r.Unit], tasks[r.ID], names)); err != nil {
				return err
			}
		}
	}
	return nil
}
