package survey

import (
	"context"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

type store struct{ db *db.DB }

const columns = `s.root, s.id, s.unit, s.pos, s.pos_to, s.title, s.about, s.due_day, s.issued_on`

func (s store) put(ctx context.Context, ref id.Ref, u scope.Range, v Survey, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- survey.put
		DELETE FROM survey_survey WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- survey.put
		INSERT INTO survey_survey (root, id, unit, pos, pos_to, title, about, due_day, issued_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		ref.Root, ref.ID, v.Unit, u.From, u.To, v.Title, v.About, v.Due, v.IssuedOn)
	return err
}

func (s store) putAnswer(ctx context.Context, ref id.Ref, pos int64, a Answer, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- survey.putAnswer
		DELETE FROM survey_answer WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- survey.putAnswer
		INSERT INTO survey_answer (root, id, survey, unit, issuer, pos, state, sent_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		ref.Root, ref.ID, a.Survey.ID, a.Unit, a.Issuer, pos, a.State, a.SentOn)
	return err
}

func (s store) surveyAcrossUnits(ctx context.Context, ref id.Ref) (Listed, error) {
	return db.Get[Listed](ctx, s.db, `-- survey.surveyAcrossUnits
		SELECT `+columns+` FROM survey_survey s WHERE s.root = $1 AND s.id = $2`, ref.Root, ref.ID)
}

func (s store) byIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- survey.byIDsAcrossUnits
		SELECT `+columns+` FROM survey_survey s WHERE s.id IN `+db.In(ids))
}

// listAcrossUnits are the surveys that come to a unit, that it issues, and that units below it issue: drafts first, then the
// latest. A survey is known to every unit below its issuer, which often cannot view the issuer itself.
func (s store) listAcrossUnits(ctx context.Context, u org.Unit, view scope.Set, limit int) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- survey.listAcrossUnits
		SELECT `+columns+` FROM survey_survey s
		WHERE (s.issued_on <> '' AND s.pos IN `+db.In(org.Enclosing(u.Pos))+` AND s.pos_to > $1 OR `+scope.Set{u.Range()}.SQL("s.pos")+` AND `+view.SQL("s.pos")+`)
		ORDER BY CASE WHEN s.issued_on = '' THEN 0 ELSE 1 END, s.issued_on DESC, s.id DESC LIMIT $2`, u.Pos, limit)
}

func (s store) idsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- survey.idsOfUnit
		SELECT id FROM survey_survey WHERE unit = $1 ORDER BY id`, unit)
}

// answersOfUnit are the answers that a unit gave, or that were given to it: both are counted at its place.
func (s store) answersOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- survey.answersOfUnit
		SELECT id FROM survey_answer WHERE unit = $1 OR issuer = $1 ORDER BY id`, unit)
}

const answerColumns = `root, id, survey, unit, state`

func (s store) answersByIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]ListedAnswer, error) {
	return db.Select[ListedAnswer](ctx, s.db, `-- survey.answersByIDsAcrossUnits
		SELECT `+answerColumns+` FROM survey_answer WHERE id IN `+db.In(ids))
}

// answerAcrossUnits finds a unit's answer; its service asks for the right.
func (s store) answerAcrossUnits(ctx context.Context, survey, unit id.ID) ([]ListedAnswer, error) {
	return db.Select[ListedAnswer](ctx, s.db, `-- survey.answerAcrossUnits
		SELECT `+answerColumns+` FROM survey_answer WHERE survey = $1 AND unit = $2`, survey, unit)
}

// answersWithin are the answers to a survey that stand in a subtree, in the order of the tree.
func (s store) answersWithin(ctx context.Context, survey id.ID, r scope.Range, view scope.Set) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- survey.answersWithin
		SELECT id FROM survey_answer WHERE survey = $1 AND `+scope.Set{r}.SQL("pos")+` AND `+view.SQL("pos")+` ORDER BY pos, id`, survey)
}

// allWithin are all answers of a subtree, for tables.
func (s store) allWithin(ctx context.Context, r scope.Range, view scope.Set) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- survey.allWithin
		SELECT id FROM survey_answer WHERE `+scope.Set{r}.SQL("pos")+` AND `+view.SQL("pos")+` ORDER BY survey DESC, pos, id`)
}

// reach is the question whom a survey went to, seen from where.
type reach struct {
	survey id.ID
	since  clock.Day // of issue
	day    clock.Day // as of
	at     scope.Set // the issuer's subtree on the day of issue
	view   scope.Set
	levels []org.Level
	hosts  []int64 // the places asked; nil when it is about no bases
	// besides is the unit that is not asked: the issuer, or nobody.
	besides id.ID
}

// target is the condition under which a unit that stands is asked, with the arguments of the statement: about bases one that
// hosts any, or has answered while it did.
func (s store) target(r reach, args ...any) (string, []any) {
	if r.hosts == nil {
		return "", args
	}
	args = append(args, db.List(s.db, r.hosts))
	return ` AND (t.pos` + s.db.OneOf("$"+strconv.Itoa(len(args))) + ` OR a.id IS NOT NULL)`, args
}

type countRow struct {
	Block    int64 `db:"block"`
	Targets  int64 `db:"targets"`
	Sent     int64 `db:"sent"`
	Reviewed int64 `db:"reviewed"`
	Returned int64 `db:"returned"`
}

// counts is one query whatever the number of recipients: a row for each block of the tree of the given width.
func (s store) counts(ctx context.Context, r reach, span int64) ([]countRow, error) {
	width := strconv.FormatInt(span, 10)
	target, args := s.target(r, r.since, r.day, r.survey, r.besides)
	return db.Select[countRow](ctx, s.db, `-- survey.counts
		SELECT t.pos / `+width+` * `+width+` AS block, COUNT(*) AS targets,
			SUM(CASE WHEN a.state IN ('sent', 'reviewed') THEN 1 ELSE 0 END) AS sent,
			SUM(CASE WHEN a.state = 'reviewed' THEN 1 ELSE 0 END) AS reviewed,
			SUM(CASE WHEN a.state = 'returned' THEN 1 ELSE 0 END) AS returned
		FROM `+org.StandingSQL(r.at, r.view, r.levels, nil)+` t LEFT JOIN survey_answer a ON a.survey = $3 AND a.unit = t.id
		WHERE t.id <> $4`+target+` GROUP BY 1 ORDER BY 1`, args...)
}

// lists are the conditions of the lists of recipients.
var lists = map[State]string{
	None: ``, Sent: ` AND a.state = 'sent'`, Reviewed: ` AND a.state = 'reviewed'`, Returned: ` AND a.state = 'returned'`,
	Waiting: ` AND NOT EXISTS (SELECT 1 FROM survey_answer x WHERE x.survey = $3 AND x.unit = t.id AND x.state IN ('sent', 'reviewed'))`,
}

// lines is one page of recipients in the order of the tree.
func (s store) lines(ctx context.Context, r reach, only State, after int64, limit int) ([]Line, error) {
	target, args := s.target(r, r.since, r.day, r.survey, r.besides, after, limit)
	return db.Select[Line](ctx, s.db, `-- survey.lines
		SELECT t.id, t.pos, t.code, t.name, t.parent, COALESCE(a.state, '') AS state, COALESCE(a.sent_on, '') AS sent_on, COALESCE(a.id, 0) AS answer
		FROM `+org.StandingSQL(r.at, r.view, r.levels, nil)+` t LEFT JOIN survey_answer a ON a.survey = $3 AND a.unit = t.id
		WHERE t.id <> $4 AND t.pos > $5`+target+lists[only]+` ORDER BY t.pos LIMIT $6`, args...)
}

func (s store) addReminder(ctx context.Context, ref id.Ref, u scope.Range, r Reminder) (bool, error) {
	n, err := s.db.Exec(ctx, `-- survey.addReminder
		INSERT INTO survey_reminder (root, survey, unit, day, pos, pos_to, name, sent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (root, survey, unit, day) DO NOTHING`, ref.Root, ref.ID, r.Unit, r.Day, u.From, u.To, r.Name, r.Sent)
	return n == 1, err
}

// remindersAcrossUnits are the calls that reached a place, the latest first.
func (s store) remindersAcrossUnits(ctx context.Context, survey id.ID, pos int64) ([]Reminder, error) {
	return db.Select[Reminder](ctx, s.db, `-- survey.remindersAcrossUnits
		SELECT unit, day, name, sent FROM survey_reminder WHERE survey = $1 AND pos <= $2 AND pos_to > $2 ORDER BY day DESC, unit LIMIT 50`, survey, pos)
}

// moveUnit follows a unit to its place of today, or to its heir's.
func (s store) moveUnit(ctx context.Context, unit id.ID, r scope.Range) error {
	for _, q := range []string{`-- survey.moveUnit
		UPDATE survey_survey SET pos = $2, pos_to = $3 WHERE unit = $1 AND pos <> $2`, `-- survey.moveUnit
		UPDATE survey_reminder SET pos = $2, pos_to = $3 WHERE unit = $1 AND pos <> $2`} {
		if _, err := s.db.Exec(ctx, q, unit, r.From, r.To); err != nil {
			return err
		}
	}
	_, err := s.db.Exec(ctx, `-- survey.moveUnit
		UPDATE survey_answer SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, r.From)
	return err
}
