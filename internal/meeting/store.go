package meeting

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

const (
	listed   = `root, id, unit, pos, code, title, kind, above, host, day, cancelled_on, minutes, seats, came`
	decision = `root, id, unit, pos, code, meeting, text, decided_on, due, done_on, dropped_on, lead, lead_unit, lead_pos`
)

// placed is a party with its place, for the tables beside a record.
type placed struct {
	Party
	pos int64
}

// putMeeting writes a meeting's lines anew; gone leaves nothing.
func (s store) putMeeting(ctx context.Context, l Listed, m Meeting, seats, speakers []placed, gone bool) error {
	for _, q := range []string{`-- meeting.putMeeting
		DELETE FROM meeting_meeting WHERE root = $1 AND id = $2`, `-- meeting.putMeeting
		DELETE FROM meeting_seat WHERE root = $1 AND meeting = $2`, `-- meeting.putMeeting
		DELETE FROM meeting_speech WHERE root = $1 AND meeting = $2`, `-- meeting.putMeeting
		DELETE FROM meeting_guest WHERE root = $1 AND meeting = $2`} {
		if _, err := s.db.Exec(ctx, q, l.Root, l.ID); err != nil {
			return err
		}
	}
	if gone {
		return nil
	}
	if _, err := s.db.Exec(ctx, `-- meeting.putMeeting
		INSERT INTO meeting_meeting (`+listed+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		l.Root, l.ID, l.Unit, l.Pos, l.Code, l.Title, l.Kind, l.Above, l.Host, l.Day, l.Cancelled, l.Minutes, l.Seats, l.Came); err != nil {
		return err
	}
	for i, x := range m.Seats {
		if _, err := s.db.Exec(ctx, `-- meeting.putMeeting
			INSERT INTO meeting_seat (root, meeting, no, home_pos, unit, pos, body, person, post, day, invited_on, reply, came)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
			l.Root, l.ID, x.No, l.Pos, x.Party.Unit, seats[i].pos, x.Party.Name, x.Person, x.Post, m.Day, x.InvitedOn, x.Reply, x.Came); err != nil {
			return err
		}
	}
	for _, p := range m.guests() {
		if _, err := s.db.Exec(ctx, `-- meeting.putMeeting
			INSERT INTO meeting_guest (root, meeting, partner) VALUES ($1, $2, $3)`, l.Root, l.ID, p); err != nil {
			return err
		}
	}
	for i, x := range m.Speeches {
		if _, err := s.db.Exec(ctx, `-- meeting.putMeeting
			INSERT INTO meeting_speech (root, meeting, no, home_pos, unit, pos, body, speaker, title, day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			l.Root, l.ID, x.No, l.Pos, x.Party.Unit, speakers[i].pos, x.Party.Name, x.Speaker, x.Title, m.Day); err != nil {
			return err
		}
	}
	return nil
}

// putDecision writes a decision's lines anew; gone leaves nothing.
func (s store) putDecision(ctx context.Context, l ListedDecision, assist []placed, bodies []id.ID, gone bool) error {
	for _, q := range []string{`-- meeting.putDecision
		DELETE FROM meeting_decision WHERE root = $1 AND id = $2`, `-- meeting.putDecision
		DELETE FROM meeting_assist WHERE root = $1 AND decision = $2`, `-- meeting.putDecision
		DELETE FROM meeting_partner WHERE root = $1 AND decision = $2`} {
		if _, err := s.db.Exec(ctx, q, l.Root, l.ID); err != nil {
			return err
		}
	}
	if gone {
		return nil
	}
	if _, err := s.db.Exec(ctx, `-- meeting.putDecision
		INSERT INTO meeting_decision (`+decision+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		l.Root, l.ID, l.Unit, l.Pos, l.Code, l.Meeting, l.Text, l.DecidedOn, l.Due, l.DoneOn, l.DroppedOn, l.Lead, l.LeadUnit, l.LeadPos); err != nil {
		return err
	}
	for i, p := range assist {
		if _, err := s.db.Exec(ctx, `-- meeting.putDecision
			INSERT INTO meeting_assist (root, decision, n, unit, pos, body) VALUES ($1, $2, $3, $4, $5, $6)`, l.Root, l.ID, i, p.Unit, p.pos, p.Name); err != nil {
			return err
		}
	}
	for _, p := range bodies {
		if _, err := s.db.Exec(ctx, `-- meeting.putDecision
			INSERT INTO meeting_partner (root, decision, partner) VALUES ($1, $2, $3)`, l.Root, l.ID, p); err != nil {
			return err
		}
	}
	return nil
}

// meetingsOfBodyAcrossUnits are those to which a registered body is asked, the latest first.
func (s store) meetingsOfBodyAcrossUnits(ctx context.Context, body id.ID, limit int) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- meeting.meetingsOfBodyAcrossUnits
		SELECT `+listed+` FROM meeting_meeting WHERE id IN (SELECT meeting FROM meeting_guest WHERE partner = $1) ORDER BY day DESC, code LIMIT $2`, body, limit)
}

// decisionsOfBodyAcrossUnits are those that a registered body leads or helps with.
func (s store) decisionsOfBodyAcrossUnits(ctx context.Context, body id.ID, limit int) ([]ListedDecision, error) {
	return db.Select[ListedDecision](ctx, s.db, `-- meeting.decisionsOfBodyAcrossUnits
		SELECT `+decision+` FROM meeting_decision WHERE id IN (SELECT decision FROM meeting_partner WHERE partner = $1) ORDER BY due DESC, code LIMIT $2`, body, limit)
}

func like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
}

// args collects the values of a condition.
type args []any

func (a *args) add(v any) string {
	*a = append(*a, v)
	return "$" + strconv.Itoa(len(*a))
}

// where is the condition of a list of meetings: those of the subtree, and those to which it is invited.
func (f Filter) where(within scope.Set, r scope.Range) (string, args) {
	var a args
	here := func(column string) string {
		return within.SQL(column) + " AND " + scope.Set{r}.SQL(column)
	}
	cond := []string{`(` + here("pos") + ` OR id IN (SELECT meeting FROM meeting_seat WHERE ` + here("pos") + `) OR id IN (SELECT meeting FROM meeting_speech WHERE ` + here("pos") + `))`}
	if f.Kind != "" {
		cond = append(cond, "kind = "+a.add(f.Kind))
	}
	if f.Year != 0 {
		y := clock.YearOf(int(f.Year))
		cond = append(cond, "day >= "+a.add(y.From)+" AND day < "+a.add(clock.YearOf(int(f.Year)+1).From))
	}
	if f.Text != "" {
		p := a.add(like(f.Text)) + ` ESCAPE '\'`
		cond = append(cond, "(title LIKE "+p+" OR code LIKE "+p+" OR host LIKE "+p+")")
	}
	return strings.Join(cond, " AND "), a
}

// list reads a page of meetings, the latest first.
func (s store) list(ctx context.Context, where string, a args, day clock.Day, code string, limit int) ([]Listed, error) {
	if day != clock.Open {
		d := a.add(day)
		where += " AND (day < " + d + " OR day = " + d + " AND code > " + a.add(code) + ")"
	}
	return db.Select[Listed](ctx, s.db, `-- meeting.list
		SELECT `+listed+` FROM meeting_meeting WHERE `+where+` ORDER BY day DESC, code LIMIT `+a.add(limit), a...)
}

func (s store) count(ctx context.Context, where string, a args) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- meeting.count
		SELECT COUNT(*) FROM meeting_meeting WHERE `+where, a...)
}

// where is the condition of a list of decisions: of the subtree, or led or helped by it.
func (f DecisionFilter) where(within scope.Set, r scope.Range) (string, args) {
	var a args
	here := func(column string) string {
		return within.SQL(column) + " AND " + scope.Set{r}.SQL(column)
	}
	cond := []string{`(` + here("pos") + ` OR ` + here("lead_pos") + ` OR id IN (SELECT decision FROM meeting_assist WHERE ` + here("pos") + `))`}
	if f.Meeting != 0 {
		cond = append(cond, "meeting = "+a.add(f.Meeting))
	}
	if f.Body != "" {
		b := a.add(f.Body)
		cond = append(cond, "(lead = "+b+" OR id IN (SELECT decision FROM meeting_assist WHERE body = "+b+"))")
	}
	switch f.State {
	case Open:
		cond = append(cond, "done_on = '' AND dropped_on = '' AND due >= "+a.add(f.Day))
	case Late:
		cond = append(cond, "done_on = '' AND dropped_on = '' AND due < "+a.add(f.Day))
	case Done:
		cond = append(cond, "done_on <> ''")
	case Dropped:
		cond = append(cond, "dropped_on <> ''")
	}
	if f.Text != "" {
		p := a.add(like(f.Text)) + ` ESCAPE '\'`
		cond = append(cond, "(text LIKE "+p+" OR code LIKE "+p+" OR lead LIKE "+p+")")
	}
	return strings.Join(cond, " AND "), a
}

// decisions reads a page of decisions, those due first before the others.
func (s store) decisions(ctx context.Context, where string, a args, due clock.Day, code string, limit int) ([]ListedDecision, error) {
	d, c := a.add(due), a.add(code)
	return db.Select[ListedDecision](ctx, s.db, `-- meeting.decisions
		SELECT `+decision+` FROM meeting_decision WHERE `+where+` AND (due > `+d+` OR due = `+d+` AND code > `+c+`) ORDER BY due, code LIMIT `+a.add(limit), a...)
}

func (s store) countDecisions(ctx context.Context, where string, a args) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- meeting.countDecisions
		SELECT COUNT(*) FROM meeting_decision WHERE `+where, a...)
}

// idsOf lists the meetings that a unit holds, for the ledger; speeches are counted at the speaker's unit.
func (s store) idsOf(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- meeting.idsOf
		SELECT id FROM meeting_meeting WHERE unit = $1 OR id IN (SELECT meeting FROM meeting_speech WHERE unit = $1) ORDER BY id`, unit)
}

func (s store) decisionsOf(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- meeting.decisionsOf
		SELECT id FROM meeting_decision WHERE unit = $1 ORDER BY id`, unit)
}

func (s store) near(ctx context.Context, within scope.Set, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- meeting.near
		SELECT id FROM meeting_meeting WHERE `+within.SQL("pos")+` ORDER BY day DESC, id LIMIT $1`, limit)
}

func (s store) nearDecisions(ctx context.Context, within scope.Set, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- meeting.nearDecisions
		SELECT id FROM meeting_decision WHERE `+within.SQL("pos")+` ORDER BY due DESC, id LIMIT $1`, limit)
}

func (s store) byIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]Listed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Select[Listed](ctx, s.db, `-- meeting.byIDsAcrossUnits
		SELECT `+listed+` FROM meeting_meeting WHERE id IN `+db.In(ids))
}

func (s store) decisionsByIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]ListedDecision, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Select[ListedDecision](ctx, s.db, `-- meeting.decisionsByIDsAcrossUnits
		SELECT `+decision+` FROM meeting_decision WHERE id IN `+db.In(ids))
}

// meetingByCodeAcrossUnits finds a meeting by its code wherever in the city it is: codes are the city's own.
func (s store) meetingByCodeAcrossUnits(ctx context.Context, root int64, code string) (id.ID, error) {
	return db.Get[id.ID](ctx, s.db, `-- meeting.meetingByCodeAcrossUnits
		SELECT id FROM meeting_meeting WHERE root = $1 AND code = $2`, root, code)
}

func (s store) decisionByCodeAcrossUnits(ctx context.Context, root int64, code string) (id.ID, error) {
	return db.Get[id.ID](ctx, s.db, `-- meeting.decisionByCodeAcrossUnits
		SELECT id FROM meeting_decision WHERE root = $1 AND code = $2`, root, code)
}

// speeches lists those of a subtree, the latest first; one is seen with its meeting.
func (s store) speeches(ctx context.Context, within scope.Set, r scope.Range, limit int) ([]ListedSpeech, error) {
	return db.Select[ListedSpeech](ctx, s.db, `-- meeting.speeches
		SELECT root, meeting, no, body, speaker, title, day FROM meeting_speech WHERE `+within.SQL("pos")+` AND `+scope.Set{r}.SQL("pos")+` ORDER BY day DESC, meeting, no LIMIT $1`, limit)
}

// bodies sums up the seats of meetings of a subtree from a day up to another, by body, leaving out what is not noted yet.
func (s store) bodies(ctx context.Context, within scope.Set, r scope.Range, from, to clock.Day) ([]Body, error) {
	sum := func(came string) string {
		return `CAST(SUM(CASE WHEN x.came = '` + came + `' THEN 1 ELSE 0 END) AS BIGINT)`
	}
	return db.Select[Body](ctx, s.db, `-- meeting.bodies
		SELECT x.body, CAST(COUNT(*) AS BIGINT) AS asked, `+sum("self")+` AS self, `+sum("deputy")+` AS deputy, `+sum("excused")+` AS excused, `+sum("away")+` AS away
		FROM meeting_seat x JOIN meeting_meeting m ON m.root = x.root AND m.id = x.meeting
		WHERE x.came <> '' AND x.day >= $1 AND x.day < $2 AND m.above = 0 AND m.cancelled_on = '' AND `+within.SQL("x.home_pos")+` AND `+scope.Set{r}.SQL("x.home_pos")+` GROUP BY x.body ORDER BY x.body`, from, to)
}

// led counts what bodies lead of the decisions of a subtree, on a day.
func (s store) led(ctx context.Context, within scope.Set, r scope.Range, from, to, day clock.Day) ([]Body, error) {
	return db.Select[Body](ctx, s.db, `-- meeting.led
		SELECT lead AS body, CAST(COUNT(*) AS BIGINT) AS leads, CAST(SUM(CASE WHEN done_on = '' AND dropped_on = '' THEN 1 ELSE 0 END) AS BIGINT) AS open,
			CAST(SUM(CASE WHEN done_on = '' AND dropped_on = '' AND due < $3 THEN 1 ELSE 0 END) AS BIGINT) AS late
		FROM meeting_decision WHERE decided_on >= $1 AND decided_on < $2 AND `+within.SQL("pos")+` AND `+scope.Set{r}.SQL("pos")+` GROUP BY lead ORDER BY lead`, from, to, day)
}

// seats lists those of a body, or all, at meetings of a subtree: who came and who did not.
func (s store) seats(ctx context.Context, within scope.Set, r scope.Range, body string, from, to clock.Day, limit int) ([]SeatRow, error) {
	return db.Select[SeatRow](ctx, s.db, `-- meeting.seats
		SELECT x.root, x.meeting, x.no, x.unit, x.body, x.person, x.post, x.day, x.reply, x.came, m.title FROM meeting_seat x JOIN meeting_meeting m ON m.root = x.root AND m.id = x.meeting
		WHERE x.day >= $1 AND x.day < $2 AND ($3 = '' OR x.body = $3) AND m.above = 0 AND m.cancelled_on = '' AND `+within.SQL("x.home_pos")+` AND `+scope.Set{r}.SQL("x.home_pos")+`
		ORDER BY x.day DESC, x.meeting, x.no LIMIT $4`, from, to, body, limit)
}

// unanswered lists the invitations to the unit at a place, or to one that it took over, that it has not answered, for meetings from a day on.
func (s store) unanswered(ctx context.Context, pos int64, day clock.Day) ([]SeatRow, error) {
	return db.Select[SeatRow](ctx, s.db, `-- meeting.unanswered
		SELECT x.root, x.meeting, x.no, x.unit, x.body, x.person, x.post, x.day, x.reply, x.came, m.title FROM meeting_seat x JOIN meeting_meeting m ON m.root = x.root AND m.id = x.meeting
		WHERE x.pos = $1 AND x.home_pos <> $1 AND x.invited_on <> '' AND x.reply = '' AND x.day >= $2 AND m.cancelled_on = '' ORDER BY x.day, x.meeting, x.no LIMIT 50`, pos, day)
}

// silent counts by meeting the invited bodies of a unit's meetings that have not answered, up to a day.
func (s store) silent(ctx context.Context, pos int64, from, to clock.Day) ([]SeatRow, error) {
	return db.Select[SeatRow](ctx, s.db, `-- meeting.silent
		SELECT x.root, x.meeting, x.no, x.unit, x.body, x.person, x.post, x.day, x.reply, x.came, m.title FROM meeting_seat x JOIN meeting_meeting m ON m.root = x.root AND m.id = x.meeting
		WHERE x.home_pos = $1 AND x.pos <> $1 AND x.invited_on <> '' AND x.reply = '' AND x.day >= $2 AND x.day < $3 AND m.cancelled_on = '' ORDER BY x.day, x.meeting, x.no LIMIT 200`, pos, from, to)
}

// unissued lists a unit's own meetings of some days whose minutes were not issued.
func (s store) unissued(ctx context.Context, pos int64, from, to clock.Day) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- meeting.unissued
		SELECT `+listed+` FROM meeting_meeting WHERE pos = $1 AND above = 0 AND cancelled_on = '' AND minutes <> 'issued' AND day >= $2 AND (day < $3 OR day = $3 AND minutes <> '') ORDER BY day LIMIT 20`, pos, from, to)
}

// waitingFor lists open decisions that a unit has to see to, up to a due day: what it leads, and what it decided when the
// lead is no unit of the tree.
func (s store) waitingFor(ctx context.Context, pos int64, to clock.Day) ([]ListedDecision, error) {
	return db.Select[ListedDecision](ctx, s.db, `-- meeting.waitingFor
		SELECT `+decision+` FROM meeting_decision WHERE (lead_pos = $1 OR lead_unit = 0 AND pos = $1) AND done_on = '' AND dropped_on = '' AND due <= $2 ORDER BY due, code LIMIT 50`, pos, to)
}

// move follows a unit to its place of today.
func (s store) move(ctx context.Context, unit id.ID, pos int64) error {
	for _, q := range []string{`-- meeting.move
		UPDATE meeting_meeting SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- meeting.move
		UPDATE meeting_seat SET home_pos = $2 WHERE meeting IN (SELECT id FROM meeting_meeting WHERE unit = $1) AND home_pos <> $2`, `-- meeting.move
		UPDATE meeting_speech SET home_pos = $2 WHERE meeting IN (SELECT id FROM meeting_meeting WHERE unit = $1) AND home_pos <> $2`, `-- meeting.move
		UPDATE meeting_seat SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- meeting.move
		UPDATE meeting_speech SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- meeting.move
		UPDATE meeting_decision SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- meeting.move
		UPDATE meeting_decision SET lead_pos = $2 WHERE lead_unit = $1 AND lead_pos <> $2`, `-- meeting.move
		UPDATE meeting_assist SET pos = $2 WHERE unit = $1 AND pos <> $2`} {
		if _, err := s.db.Exec(ctx, q, unit, pos); err != nil {
			return err
		}
	}
	return nil
}

// sorts is a city's list of kinds: the shipped ones first.
func (s store) sorts(ctx context.Context, root int64) ([]Sort, error) {
	return db.Select[Sort](ctx, s.db, `-- meeting.sorts
		SELECT root, name, en, joined, above FROM meeting_kind WHERE root IN (0, $1) ORDER BY root, rank, name`, root)
}

// anySortAcrossUnits finds a kind by its name in any list, for the label of a figure's part: the shipped one first.
func (s store) anySortAcrossUnits(ctx context.Context, name string) (Sort, error) {
	return db.Get[Sort](ctx, s.db, `-- meeting.anySortAcrossUnits
		SELECT root, name, en, joined, above FROM meeting_kind WHERE name = $1 ORDER BY root LIMIT 1`, name)
}

func (s store) addSort(ctx context.Context, k Sort) error {
	_, err := s.db.Exec(ctx, `-- meeting.addSort
		INSERT INTO meeting_kind (root, name, en, joined, above, rank) VALUES ($1, $2, $3, $4, $5, 100)`, k.Root, k.Name, k.En, k.Joined, k.Above)
	return err
}

func (s store) dropSort(ctx context.Context, root int64, name string) (int64, error) {
	return s.db.Exec(ctx, `-- meeting.dropSort
		DELETE FROM meeting_kind WHERE root = $1 AND name = $2`, root, name)
}

// usesAcrossUnits counts the meetings of a city of a kind.
func (s store) usesAcrossUnits(ctx context.Context, root int64, kind string) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- meeting.usesAcrossUnits
		SELECT COUNT(*) FROM meeting_meeting WHERE root = $1 AND kind = $2`, root, kind)
}
