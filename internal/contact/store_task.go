package contact

import (
	"context"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type taskRow struct {
	Root     int64     `db:"root"`
	ID       id.ID     `db:"id"`
	Unit     id.ID     `db:"unit"`
	Pos      int64     `db:"pos"`
	Title    string    `db:"title"`
	IssuedOn clock.Day `db:"issued_on"`
	Due      clock.Day `db:"due_day"`
	DoneOn   clock.Day `db:"done_on"`
	Lead     id.ID     `db:"lead"`
}

func (r taskRow) listed() ListedTask {
	return ListedTask{Ref: id.Ref{Root: r.Root, ID: r.ID}, Unit: r.Unit, Title: r.Title, IssuedOn: r.IssuedOn, Due: r.Due, DoneOn: r.DoneOn, Lead: r.Lead}
}

const taskColumns = `t.root, t.id, t.unit, t.pos, t.title, t.issued_on, t.due_day, t.done_on, (SELECT l.body FROM contact_part l WHERE l.root = t.root AND l.task = t.id AND l.lead = 1) AS lead`

func (s store) putTask(ctx context.Context, ref id.Ref, pos int64, t Task, gone bool) error {
	for _, q := range []string{`-- contact.putTask
		DELETE FROM contact_task WHERE root = $1 AND id = $2`, `-- contact.putTask
		DELETE FROM contact_part WHERE root = $1 AND task = $2`} {
		if _, err := s.db.Exec(ctx, q, ref.Root, ref.ID); err != nil {
			return err
		}
	}
	if gone {
		return nil
	}
	if _, err := s.db.Exec(ctx, `-- contact.putTask
		INSERT INTO contact_task (root, id, unit, pos, title, issued_on, due_day, done_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		ref.Root, ref.ID, t.Unit, pos, t.Title, t.IssuedOn, t.Due, t.DoneOn); err != nil {
		return err
	}
	for i, b := range t.parts() {
		lead := 0
		if i == 0 {
			lead = 1
		}
		if _, err := s.db.Exec(ctx, `-- contact.putTask
			INSERT INTO contact_part (root, task, body, lead) VALUES ($1, $2, $3, $4)`, ref.Root, ref.ID, b.ID, lead); err != nil {
			return err
		}
	}
	return nil
}

// tasks are those of a subtree as far as the reader may view, by their day: the open ones first.
func (s store) tasks(ctx context.Context, r scope.Range, view scope.Set, f TaskFilter, limit int) ([]taskRow, error) {
	args := []any{limit}
	add := func(v any) string { args = append(args, v); return "$" + strconv.Itoa(len(args)) }
	more := ""
	switch f.State {
	case "open":
		more = ` AND t.done_on = ''`
	case "late":
		more = ` AND t.done_on = '' AND t.due_day < ` + add(f.Day)
	case "done":
		more = ` AND t.done_on <> ''`
	}
	if f.Body != 0 {
		more += ` AND EXISTS (SELECT 1 FROM contact_part p WHERE p.body = ` + add(f.Body) + ` AND p.task = t.id)`
	}
	return db.Select[taskRow](ctx, s.db, `-- contact.tasks
		SELECT `+taskColumns+` FROM contact_task t WHERE `+scope.Set{r}.SQL("t.pos")+` AND `+view.SQL("t.pos")+more+`
		ORDER BY CASE WHEN t.done_on = '' THEN 0 ELSE 1 END, t.due_day, t.id LIMIT $1`, args...)
}

// tasksOfBodyAcrossUnits are the tasks for a body, for its own accounts and its page.
func (s store) tasksOfBodyAcrossUnits(ctx context.Context, body id.ID, limit int) ([]taskRow, error) {
	return db.Select[taskRow](ctx, s.db, `-- contact.tasksOfBodyAcrossUnits
		SELECT `+taskColumns+` FROM contact_part p JOIN contact_task t ON t.root = p.root AND t.id = p.task WHERE p.body = $1
		ORDER BY CASE WHEN t.done_on = '' THEN 0 ELSE 1 END, t.due_day, t.id LIMIT $2`, body, limit)
}

// taskAcrossUnits finds a task by its key; its service asks for the right.
func (s store) taskAcrossUnits(ctx context.Context, ref id.Ref) (taskRow, error) {
	return db.Get[taskRow](ctx, s.db, `-- contact.taskAcrossUnits
		SELECT `+taskColumns+` FROM contact_task t WHERE t.root = $1 AND t.id = $2`, ref.Root, ref.ID)
}

// sameTask finds a unit's task by what it is called and its day.
func (s store) sameTask(ctx context.Context, unit id.ID, title string, due clock.Day) ([]taskRow, error) {
	return db.Select[taskRow](ctx, s.db, `-- contact.sameTask
		SELECT `+taskColumns+` FROM contact_task t WHERE t.unit = $1 AND t.title = $2 AND t.due_day = $3 ORDER BY t.id LIMIT 1`, unit, title, due)
}

func (s store) taskIDsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- contact.taskIDsOfUnit
		SELECT id FROM contact_task WHERE unit = $1 ORDER BY id`, unit)
}

func (s store) describedTasks(ctx context.Context, recs []id.ID) ([]taskRow, error) {
	return db.Select[taskRow](ctx, s.db, `-- contact.describedTasks
		SELECT `+taskColumns+` FROM contact_task t WHERE t.id IN `+db.In(recs))
}

// sharedEntriesAcrossUnits are the entries that a body's accounts may read, the latest first.
func (s store) sharedEntriesAcrossUnits(ctx context.Context, body id.ID, limit int) ([]row, error) {
	return db.Select[row](ctx, s.db, `-- contact.sharedEntriesAcrossUnits
		SELECT `+columns+` FROM contact_entry WHERE partner = $1 AND shared = 1 ORDER BY day DESC, id DESC LIMIT $2`, body, limit)
}

// usedAcrossUnits tells whether anything was done with a body.
func (s store) usedAcrossUnits(ctx context.Context, body id.ID) (bool, error) {
	list, err := db.Select[id.ID](ctx, s.db, `-- contact.usedAcrossUnits
		SELECT id FROM contact_entry WHERE partner = $1 UNION SELECT task FROM contact_part WHERE body = $1 LIMIT 1`, body)
	return len(list) > 0, err
}
