package flow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// rootOf is the four-digit city code of a place, by which a distributed engine shards.
func rootOf(pos int64) int64 { return pos / 1e9 }

// jsonOf is a value as it is kept; nil is "null".
func jsonOf(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

const caseColumns = `root, id, definition, version, subject_kind, subject_ref, unit, pos, issuer, title, link, state, steps,
	since_day, due_day, wake_day, wait_unit, wait_pos, data, opened_at, opened_by, sent_by, closed_at`

const stepColumns = `root, id, case_id, no, act, from_state, to_state, at, by_account, by_name, unit, for_account, for_name,
	reason, day, document, data`

const taskColumns = `root, id, key, case_id, kind, unit, pos, not_by, title_key, why_key, args, due_day, link, opened_at,
	done_at, done_by, done_name, own_only`

const substituteColumns = `root, id, person, person_name, unit, pos, sub, sub_name, from_day, to_day, made_at, made_by, ended_at`

// caseAcrossUnits reads one case; the service asks for the right to see it. lock holds the row for a change.
func (s *Service) caseAcrossUnits(ctx context.Context, ref id.Ref, lock bool) (Case, error) {
	q := `-- flow.caseAcrossUnits
		SELECT ` + caseColumns + ` FROM flow_case WHERE root = $1 AND id = $2`
	if lock {
		q += s.db.ForUpdate()
	}
	return db.Get[Case](ctx, s.db, q, ref.Root, ref.ID)
}

func (s *Service) casesOfSubjectAcrossUnits(ctx context.Context, kind string, ref id.Ref) ([]Case, error) {
	return db.Select[Case](ctx, s.db, `-- flow.casesOfSubjectAcrossUnits
		SELECT `+caseColumns+` FROM flow_case WHERE subject_ref = $1 AND subject_kind = $2 ORDER BY opened_at DESC, id DESC`,
		ref.String(), kind)
}

// casesByIDAcrossUnits reads the cases behind tasks that the reader may already see.
func (s *Service) casesByIDAcrossUnits(ctx context.Context, tasks []Task) (map[id.ID]Case, error) {
	keys := make([]string, 0, len(tasks))
	for _, t := range tasks {
		if t.Case != 0 {
			keys = append(keys, fmt.Sprintf("(root = %d AND id = %d)", t.Root, int64(t.Case)))
		}
	}
	out := make(map[id.ID]Case, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	list, err := db.Select[Case](ctx, s.db, `-- flow.casesByIDAcrossUnits
		SELECT `+caseColumns+` FROM flow_case WHERE `+strings.Join(keys, " OR "))
	for _, c := range list {
		out[c.ID] = c
	}
	return out, err
}

// saidAcrossUnits reads the latest steps of cases that the reader may already see, where a reason was given, by case.
func (s *Service) saidAcrossUnits(ctx context.Context, cases map[id.ID]Case) (map[id.ID]Step, error) {
	keys := make([]string, 0, len(cases))
	for _, c := range cases {
		keys = append(keys, fmt.Sprintf("(root = %d AND case_id = %d AND no = %d)", c.Root, int64(c.ID), c.Steps))
	}
	out := map[id.ID]Step{}
	if len(keys) == 0 {
		return out, nil
	}
	list, err := db.Select[Step](ctx, s.db, `-- flow.saidAcrossUnits
		SELECT `+stepColumns+` FROM flow_step WHERE reason <> '' AND (`+strings.Join(keys, " OR ")+`)`)
	for _, p := range list {
		out[p.Case] = p
	}
	return out, err
}

// wakingAcrossUnits lists cases whose next step the clock has to take.
func (s *Service) wakingAcrossUnits(ctx context.Context, today clock.Day, limit int) ([]Case, error) {
	return db.Select[Case](ctx, s.db, `-- flow.wakingAcrossUnits
		SELECT `+caseColumns+` FROM flow_case WHERE wake_day <> '' AND wake_day <= $1 ORDER BY wake_day, root, id LIMIT $2`,
		today, limit)
}

func (s *Service) insertCase(ctx context.Context, c Case) error {
	_, err := s.db.Exec(ctx, `-- flow.insertCase
		INSERT INTO flow_case (`+caseColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
			$17, $18, $19, $20, $21, $22, $23)`,
		c.Root, c.ID, c.Definition, c.Version, c.SubjectKind, c.SubjectRef, c.Unit, c.Pos, c.Issuer, c.Title, c.Link, c.State,
		c.Steps, c.SinceDay, c.DueDay, c.WakeDay, c.WaitUnit, c.WaitPos, c.Data, c.OpenedAt, c.OpenedBy, c.SentBy, c.ClosedAt)
	return err
}

// updateCase moves the case on if nobody else has; it answers whether it did.
func (s *Service) updateCase(ctx context.Context, c Case, seen int64) (bool, error) {
	n, err := s.db.Exec(ctx, `-- flow.updateCase
		UPDATE flow_case SET state = $3, steps = $4, since_day = $5, due_day = $6, wake_day = $7, wait_unit = $8,
			wait_pos = $9, wait_was = 0, sent_by = $10, closed_at = $11
		WHERE root = $1 AND id = $2 AND steps = $12`,
		c.Root, c.ID, c.State, c.Steps, c.SinceDay, c.DueDay, c.WakeDay, c.WaitUnit, c.WaitPos, c.SentBy, c.ClosedAt, seen)
	return n == 1, err
}

func (s *Service) renameCases(ctx context.Context, kind string, ref id.Ref, title string) error {
	_, err := s.db.Exec(ctx, `-- flow.renameCases
		UPDATE flow_case SET title = $3 WHERE subject_ref = $1 AND subject_kind = $2`, ref.String(), kind, title)
	return err
}

func (s *Service) insertStep(ctx context.Context, p Step) error {
	_, err := s.db.Exec(ctx, `-- flow.insertStep
		INSERT INTO flow_step (`+stepColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		p.Root, p.ID, p.Case, p.No, p.Act, p.From, p.To, p.At, p.By, p.ByName, p.Unit, p.For, p.ForName, p.Reason, p.Day,
		p.Document, p.Data)
	return err
}

// stepsAcrossUnits reads the steps of a case that the service has found to be visible.
func (s *Service) stepsAcrossUnits(ctx context.Context, ref id.Ref) ([]Step, error) {
	return db.Select[Step](ctx, s.db, `-- flow.stepsAcrossUnits
		SELECT `+stepColumns+` FROM flow_step WHERE root = $1 AND case_id = $2 ORDER BY no`, ref.Root, ref.ID)
}

// actedSinceAcrossUnits counts steps on a record's cases after an instant.
func (s *Service) actedSinceAcrossUnits(ctx context.Context, kind string, ref id.Ref, since int64) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- flow.actedSinceAcrossUnits
		SELECT COUNT(*) FROM flow_step p JOIN flow_case c ON c.root = p.root AND c.id = p.case_id
		WHERE c.subject_ref = $1 AND c.subject_kind = $2 AND p.at > $3`, ref.String(), kind, since)
}

// putTask posts a task; the same key again changes it while it is open. It answers whether the task is new.
func (s *Service) putTask(ctx context.Context, t Task) (fresh bool, err error) {
	_, err = s.db.Exec(ctx, `-- flow.putTask
		INSERT INTO flow_task (`+taskColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, '', $15)
		ON CONFLICT (key, root) DO UPDATE SET kind = excluded.kind, unit = excluded.unit, pos = excluded.pos,
			title_key = excluded.title_key, why_key = excluded.why_key, args = excluded.args, due_day = excluded.due_day,
			link = excluded.link, own_only = excluded.own_only
		WHERE flow_task.done_at = 0`,
		t.Root, t.ID, t.Key, t.Case, t.Kind, t.Unit, t.Pos, t.NotBy, t.TitleKey, t.WhyKey, t.Args, t.DueDay, t.Link, t.OpenedAt, t.OwnOnly)
	if err != nil || len(s.heard) == 0 {
		return false, err
	}
	return db.Get[bool](ctx, s.db, `-- flow.putTask
		SELECT EXISTS (SELECT 1 FROM flow_task WHERE root = $1 AND id = $2)`, t.Root, t.ID)
}

// endTasks closes the open tasks of a case.
func (s *Service) endTasks(ctx context.Context, c Case, at int64, by scope.Actor) error {
	_, err := s.db.Exec(ctx, `-- flow.endTasks
		UPDATE flow_task SET done_at = $3, done_by = $4, done_name = $5 WHERE root = $1 AND case_id = $2 AND done_at = 0`,
		c.Root, c.ID, at, by.Account, by.Name)
	return err
}

// endTask closes one open task by its key; it answers whether there was one.
func (s *Service) endTask(ctx context.Context, key string, at int64, by scope.Actor) (bool, error) {
	n, err := s.db.Exec(ctx, `-- flow.endTask
		UPDATE flow_task SET done_at = $2, done_by = $3, done_name = $4 WHERE key = $1 AND done_at = 0`, key, at, by.Account, by.Name)
	return n > 0, err
}

// hands says whose tasks a person may do: those of units where they work, and those of units for which they are
// somebody's substitute.
type hands struct {
	actor scope.Actor
	own   []id.ID // within the actor's Work ranges
	sub   []Substitute
}

// only are the hands for tasks of the one kind.
func (h hands) only(whose Whose) hands {
	switch whose {
	case OwnOnes:
		h.own, h.sub = slices.DeleteFunc(slices.Clone(h.own), func(u id.ID) bool { return u != h.actor.Unit }), nil
	case ForOthers:
		h.own = slices.DeleteFunc(slices.Clone(h.own), func(u id.ID) bool { return u == h.actor.Unit })
	}
	return h
}

// where is the condition on tasks, with the account as $1; "" when there are none.
func (h hands) where() string {
	parts := []string{}
	if len(h.own) > 0 {
		parts = append(parts, "(unit IN "+db.In(h.own)+" AND "+h.actor.WorkSet.SQL("pos")+")")
	}
	for _, u := range h.sub { // the task may not be the absent one's either
		parts = append(parts, fmt.Sprintf("(unit = %d AND not_by <> %d)", int64(u.Unit), int64(u.Person)))
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, " OR ") + ") AND not_by <> $1"
}

// ints writes keys of our own in place, so that the plan sees them.
// account is what not_by is compared with; tasks for everybody hold 0, which must not hide them from the system.
func (h hands) account() id.ID {
	if h.actor.Account == 0 {
		return -1
	}
	return h.actor.Account
}

// waitingRow is Waiting as the database counts it.
type waitingRow struct{ All, Due, Late, New int }

// openTasks are those of what waits that inOrder puts first, by the day, and how much waits in all.
func (s *Service) openTasks(ctx context.Context, h hands, today clock.Day, limit int) ([]Task, waitingRow, error) {
	where := h.where()
	if where == "" {
		return nil, waitingRow{}, nil
	}
	where = ` FROM flow_task WHERE done_at = 0 AND ` + where
	n, err := db.Get[waitingRow](ctx, s.db, `-- flow.openTasks
		SELECT COUNT(*) AS "all", COUNT(*) FILTER (WHERE due_day <> '' AND due_day <= $2) AS due,
			COUNT(*) FILTER (WHERE due_day <> '' AND due_day < $2) AS late, COUNT(*) FILTER (WHERE opened_at >= $3) AS new`+where,
		h.account(), today, today.AddDays(-1).Time().UnixMilli())
	if err != nil || n.All == 0 {
		return nil, n, err
	}
	const byDay = ` ORDER BY due_day, opened_at, id`
	if n.All <= limit {
		list, err := db.Select[Task](ctx, s.db, `-- flow.openTasks
			SELECT `+taskColumns+where+byDay, h.account())
		return list, n, err
	}
	// What is pressing stands first, however many days others are late: the home page shows five.
	const pressing = `(args LIKE '%"` + ArgUrgency + `":"` + Express + `"%' OR args LIKE '%"` + ArgUrgency + `":"` + Urgent + `"%')`
	list, err := db.Select[Task](ctx, s.db, `-- flow.openTasks
		SELECT `+taskColumns+where+` AND `+pressing+` ORDER BY CASE WHEN args LIKE '%"`+ArgUrgency+`":"`+Express+`"%' THEN 0 ELSE 1 END, due_day, opened_at, id LIMIT $2`, h.account(), limit)
	if err != nil {
		return nil, n, err
	}
	// Where ten thousand wait, each group is taken as the index has it, for sorting them all takes longer than the rest of the page.
	soon := today.AddDays(soonDays)
	for _, due := range [][2]clock.Day{{"0001-01-01", today}, {today.AddDays(1), soon}, {soon.AddDays(1), "9999-12-31"}, {clock.Open, clock.Open}} {
		for _, whose := range []string{"=", "<>"} { // one's own, then what is done for others
			if len(list) >= limit {
				return list, n, nil
			}
			more, err := db.Select[Task](ctx, s.db, `-- flow.openTasks
				SELECT `+taskColumns+where+` AND NOT `+pressing+` AND unit `+whose+` $2 AND due_day BETWEEN $3 AND $4`+byDay+` LIMIT $5`,
				h.account(), h.actor.Unit, due[0], due[1], limit-len(list))
			if err != nil {
				return nil, n, err
			}
			list = append(list, more...)
		}
	}
	return list, n, nil
}

// sentTasks are the open tasks of cases of the reader's own unit, or that the reader opened, which others have to do.
func (s *Service) sentTasks(ctx context.Context, h hands, limit int) ([]Task, int, error) {
	own := "0 = 1"
	if a := h.actor; a.Unit != 0 && a.May(scope.Work, a.Pos) {
		own = fmt.Sprintf("unit = %d", int64(a.Unit))
	}
	where := ` FROM flow_task WHERE done_at = 0 AND case_id <> 0 AND (NOT (` + own + `) OR not_by = $1) AND (root, case_id) IN
		(SELECT root, id FROM flow_case WHERE closed_at = 0 AND (` + own + ` OR opened_by = $1))`
	total, err := db.Get[int](ctx, s.db, `-- flow.sentTasks
		SELECT COUNT(*)`+where, h.account())
	if err != nil || total == 0 {
		return nil, total, err
	}
	list, err := db.Select[Task](ctx, s.db, `-- flow.sentTasks
		SELECT `+taskColumns+where+` ORDER BY CASE WHEN due_day = '' THEN 1 ELSE 0 END, due_day, opened_at, id LIMIT $2`, h.account(), limit)
	return list, total, err
}

// openLinks are those of some pages to which open tasks lead that call for them. A note without a day, which tells what somebody
// said about the matter, does not.
func (s *Service) openLinks(ctx context.Context, h hands, links []string) ([]string, error) {
	where := h.where()
	if where == "" || len(links) == 0 {
		return nil, nil
	}
	args, in := []any{h.account()}, []string{}
	for _, l := range links {
		args = append(args, l)
		in = append(in, "$"+strconv.Itoa(len(args)))
	}
	return db.Select[string](ctx, s.db, `-- flow.openLinks
		SELECT DISTINCT link FROM flow_task WHERE done_at = 0 AND (kind <> 'note' OR due_day <> '') AND link IN (`+strings.Join(in, ", ")+`) AND `+where, args...)
}

// standingAcrossUnits counts the open tasks of units whose tasks somebody has, and says when the last came.
func (s *Service) standingAcrossUnits(ctx context.Context, units []id.ID) (map[id.ID]standing, error) {
	out := map[id.ID]standing{}
	for part := range slices.Chunk(units, 500) {
		type row struct {
			Unit id.ID `db:"unit"`
			N    int64 `db:"n"`
			Last int64 `db:"last"`
		}
		list, err := db.Select[row](ctx, s.db, `-- flow.standingAcrossUnits
			SELECT unit, COUNT(*) AS n, MAX(opened_at) AS last FROM flow_task WHERE done_at = 0 AND unit IN `+db.In(part)+` GROUP BY unit`)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			out[r.Unit] = standing{r.N, r.Last}
		}
	}
	return out, nil
}

func (s *Service) doneTasks(ctx context.Context, h hands, since int64, limit int) ([]Task, error) {
	where := h.where()
	if where == "" {
		return nil, nil
	}
	return db.Select[Task](ctx, s.db, `-- flow.doneTasks
		SELECT `+taskColumns+` FROM flow_task WHERE done_at > $2 AND `+where+` ORDER BY done_at DESC, id DESC LIMIT $3`, h.account(), since, limit)
}

// overdueBelow lists what is late within the reader's view, outside the units whose tasks are theirs. What says something of what is sealed is not
// among it, nor counted: numbers of requests and cases are published by the month alone.
func (s *Service) overdueBelow(ctx context.Context, h hands, today clock.Day, limit int) ([]Task, int, error) {
	where := ` FROM flow_task WHERE done_at = 0 AND due_day <> '' AND due_day < $1 AND own_only = 0 AND ` + h.actor.ViewSet.SQL("pos")
	all := append([]id.ID{}, h.own...)
	for _, u := range h.sub {
		all = append(all, u.Unit)
	}
	if len(all) > 0 {
		where += " AND unit NOT IN " + db.In(all)
	}
	total, err := db.Get[int](ctx, s.db, `-- flow.overdueBelow
		SELECT COUNT(*)`+where, today)
	if err != nil || total == 0 || limit == 0 {
		return nil, total, err
	}
	list, err := db.Select[Task](ctx, s.db, `-- flow.overdueBelow
		SELECT `+taskColumns+where+` ORDER BY due_day, id LIMIT $2`, today, limit)
	return list, total, err
}

// unitsBelow are units other than the actor's own, within their Work ranges, that have open tasks, in the order of the tree.
// It leaps from place to place and over the actor's own tasks, because one unit may have ten thousand.
func (s *Service) unitsBelow(ctx context.Context, a scope.Actor, limit int) ([]id.ID, error) {
	var out []id.ID
	for _, r := range a.WorkSet {
		if len(out) == limit {
			break
		}
		units, err := db.Select[id.ID](ctx, s.db, `-- flow.unitsBelow
			WITH RECURSIVE place (pos, n) AS (SELECT MIN(pos), 1 FROM flow_task WHERE done_at = 0 AND pos >= $1 AND pos < $2
				UNION ALL SELECT (SELECT MIN(t.pos) FROM flow_task t WHERE t.done_at = 0 AND t.pos > place.pos AND t.pos < $2), n + 1 FROM place WHERE pos IS NOT NULL AND n <= $4)
			SELECT unit FROM (SELECT t.pos, t.unit FROM place p JOIN flow_task t ON t.pos = p.pos AND t.unit < $3 WHERE t.done_at = 0
				UNION SELECT t.pos, t.unit FROM place p JOIN flow_task t ON t.pos = p.pos AND t.unit > $3 WHERE t.done_at = 0) u ORDER BY pos, unit LIMIT $5`,
			r.From, r.To, a.Unit, limit, limit-len(out))
		if err != nil {
			return nil, err
		}
		out = append(out, units...)
	}
	return out, nil
}

// vacated are those of some units where a post was left and its handover still waits.
func (s *Service) vacated(ctx context.Context, units []id.ID, limit int) ([]Substitute, error) {
	if len(units) == 0 {
		return nil, nil
	}
	return db.Select[Substitute](ctx, s.db, `-- flow.vacated
		SELECT DISTINCT unit, pos FROM flow_task WHERE done_at = 0 AND link = $1 AND unit IN `+db.In(units)+` ORDER BY pos, unit LIMIT $2`, HandoverPath, limit)
}

// taskAcrossUnits reads one task; the service asks whether it is the reader's.
func (s *Service) taskAcrossUnits(ctx context.Context, ref id.Ref) (Task, error) {
	return db.Get[Task](ctx, s.db, `-- flow.taskAcrossUnits
		SELECT `+taskColumns+` FROM flow_task WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
}

// held are the columns that name a unit which can end, each with the one that remembers it and the one of its place.
var held = []struct{ table, unit, was, pos string }{
	{"flow_case", "unit", "unit_was", "pos"},
	{"flow_case", "wait_unit", "wait_was", "wait_pos"},
	{"flow_case", "issuer", "issuer_was", ""},
	{"flow_task", "unit", "unit_was", "pos"},
}

// moveUnit lets what a unit holds follow it to its place.
func (s *Service) moveUnit(ctx context.Context, unit id.ID, pos int64) error {
	for _, h := range append(held, struct{ table, unit, was, pos string }{"flow_substitute", "unit", "", "pos"}) {
		if h.pos == "" {
			continue
		}
		if _, err := s.db.Exec(ctx, fmt.Sprintf(`-- flow.moveUnit
			UPDATE %s SET %s = $2 WHERE %s = $1`, h.table, h.pos, h.unit), unit, pos); err != nil {
			return err
		}
	}
	return nil
}

// inherit gives what a unit holds to its heir at pos and remembers whose it was.
func (s *Service) inherit(ctx context.Context, unit, heir id.ID, pos int64) error {
	for _, h := range held {
		q := fmt.Sprintf("UPDATE %s SET %s = $2, %s = $1", h.table, h.unit, h.was)
		args := []any{unit, heir}
		if h.pos != "" {
			q += ", " + h.pos + " = $3"
			args = append(args, pos)
		}
		if _, err := s.db.Exec(ctx, "-- flow.inherit\n"+q+" WHERE "+h.unit+" = $1", args...); err != nil {
			return err
		}
	}
	return nil
}

// giveBack returns what an heir had taken over when the unit's end is undone.
func (s *Service) giveBack(ctx context.Context, unit id.ID) error {
	for _, h := range held {
		if _, err := s.db.Exec(ctx, fmt.Sprintf(`-- flow.giveBack
			UPDATE %s SET %s = $1, %s = 0 WHERE %s = $1 AND %s <> 0`, h.table, h.unit, h.was, h.was, h.was), unit); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) insertDefinition(ctx context.Context, version, code string, body []byte) error {
	_, err := s.db.Exec(ctx, `-- flow.insertDefinition
		INSERT INTO flow_definition (version, code, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, version, code, string(body))
	return err
}

func (s *Service) definitionBody(ctx context.Context, version string) (string, error) {
	return db.Get[string](ctx, s.db, `-- flow.definitionBody
		SELECT body FROM flow_definition WHERE version = $1`, version)
}

// overrideAt is the version that the nearest unit above a place has put in the place of the shipped one; "" for none.
func (s *Service) overrideAt(ctx context.Context, code string, pos int64) (string, error) {
	list, err := db.Select[string](ctx, s.db, `-- flow.overrideAt
		SELECT version FROM flow_override WHERE code = $1 AND pos_from <= $2 AND pos_to > $2 AND ended_at = 0
		ORDER BY pos_to - pos_from, made_at DESC, id DESC LIMIT 1`, code, pos)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0], nil
}

func (s *Service) endOverrides(ctx context.Context, code string, unit id.ID, at int64) error {
	_, err := s.db.Exec(ctx, `-- flow.endOverrides
		UPDATE flow_override SET ended_at = $3 WHERE code = $1 AND unit = $2 AND ended_at = 0`, code, unit, at)
	return err
}

func (s *Service) insertOverride(ctx context.Context, code string, unit id.ID, r scope.Range, version string, at int64, a scope.Actor) error {
	_, err := s.db.Exec(ctx, `-- flow.insertOverride
		INSERT INTO flow_override (root, id, code, unit, pos_from, pos_to, version, made_at, made_by, made_name)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, rootOf(r.From), id.New(), code, unit, r.From, r.To, version, at, a.Account, a.Name)
	return err
}

// overrideOwner is the unit whose course holds at a place; 0 when the shipped one does.
func (s *Service) overrideOwner(ctx context.Context, code string, pos int64) (id.ID, error) {
	list, err := db.Select[id.ID](ctx, s.db, `-- flow.overrideOwner
		SELECT unit FROM flow_override WHERE code = $1 AND pos_from <= $2 AND pos_to > $2 AND ended_at = 0
		ORDER BY pos_to - pos_from, made_at DESC, id DESC LIMIT 1`, code, pos)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}

// pastCourses are the courses of its own that a unit has had, the latest first.
func (s *Service) pastCourses(ctx context.Context, code string, unit id.ID, limit int) ([]PastCourse, error) {
	return db.Select[PastCourse](ctx, s.db, `-- flow.pastCourses
		SELECT version, made_at, made_name, ended_at FROM flow_override WHERE code = $1 AND unit = $2 ORDER BY made_at DESC, id DESC LIMIT $3`, code, unit, limit)
}

// moveOverrides lets a unit's own courses hold where it stands now.
func (s *Service) moveOverrides(ctx context.Context, unit id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- flow.moveOverrides
		UPDATE flow_override SET pos_to = pos_to - pos_from + $2, pos_from = $2 WHERE unit = $1 AND pos_from <> $2`, unit, pos)
	return err
}

func (s *Service) insertSubstitute(ctx context.Context, u Substitute) error {
	_, err := s.db.Exec(ctx, `-- flow.insertSubstitute
		INSERT INTO flow_substitute (`+substituteColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)`,
		u.Root, u.ID, u.Person, u.Name, u.Unit, u.Pos, u.Sub, u.SubName, u.From, u.To, u.MadeAt, u.MadeBy)
	return err
}

// substitutesOf are the arrangements, running or to come, in which the account is away or stands in.
func (s *Service) substitutesOf(ctx context.Context, account id.ID, today clock.Day) ([]Substitute, error) {
	return db.Select[Substitute](ctx, s.db, `-- flow.substitutesOf
		SELECT `+substituteColumns+` FROM flow_substitute
		WHERE (person = $1 OR sub = $1) AND to_day > $2 AND ended_at = 0 ORDER BY from_day, id`, account, today)
}

func (s *Service) endSubstitute(ctx context.Context, ref id.Ref, person id.ID, at int64) (bool, error) {
	n, err := s.db.Exec(ctx, `-- flow.endSubstitute
		UPDATE flow_substitute SET ended_at = $4 WHERE root = $1 AND id = $2 AND person = $3 AND ended_at = 0`, ref.Root, ref.ID, person, at)
	return n == 1, err
}
