package training

import (
	"context"
	"fmt"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

const (
	listed = `root, id, unit, pos, code, title, subject, mode, planned, from_day, last_day, cancelled_on, sort_day, competence, minutes, people, passed`
	seat   = `root, course, person, unit, pos, day, minutes, competence, expires`
)

// put writes a course's rows anew; gone leaves nothing. It answers who was in it before or is now.
func (s store) put(ctx context.Context, l Listed, seats []Seat, reads []Read, gone bool) (people []id.ID, err error) {
	people, err = db.Select[id.ID](ctx, s.db, `-- training.put
		SELECT person FROM training_seat WHERE root = $1 AND course = $2`, l.Root, l.ID)
	if err != nil {
		return nil, err
	}
	for _, text := range []string{`-- training.put
		DELETE FROM training_seat WHERE root = $1 AND course = $2`, `-- training.put
		DELETE FROM training_read WHERE root = $1 AND course = $2`, `-- training.put
		DELETE FROM training_course WHERE root = $1 AND id = $2`} {
		if _, err := s.db.Exec(ctx, text, l.Root, l.ID); err != nil {
			return nil, err
		}
	}
	if gone {
		return people, nil
	}
	if _, err := s.db.Exec(ctx, `-- training.put
		INSERT INTO training_course (`+listed+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		l.Root, l.ID, l.Unit, l.Pos, l.Code, l.Title, l.Subject, l.Mode, l.Planned, l.From, l.Last, l.Cancelled, l.Sort, l.Competence, l.Minutes, l.N, l.Passed); err != nil {
		return nil, err
	}
	for _, x := range seats {
		people = append(people, x.Person)
		if _, err := s.db.Exec(ctx, `-- training.put
			INSERT INTO training_seat (`+seat+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			x.Root, x.Course, x.Person, x.Unit, x.Pos, x.Day, x.Minutes, x.Competence, x.Expires); err != nil {
			return nil, err
		}
	}
	for _, x := range reads {
		if _, err := s.db.Exec(ctx, `-- training.put
			INSERT INTO training_read (root, course, unit, pos, document, title, day) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			l.Root, l.ID, x.Unit, x.Pos, x.Document, x.Title, x.Day); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// where is the condition of a list: the reader's scope, the unit's subtree, the filter.
func (f Filter) where(within scope.Set, r scope.Range) (string, []any) {
	cond := []string{within.SQL("pos"), scope.Set{r}.SQL("pos")}
	var args []any
	arg := func(v any) string { args = append(args, v); return fmt.Sprintf("$%d", len(args)) }
	if f.Year != 0 {
		cond = append(cond, "sort_day >= "+arg(fmt.Sprintf("%04d-01-01", f.Year)), "sort_day < "+arg(fmt.Sprintf("%04d-01-01", f.Year+1)))
	}
	if f.Subject != "" {
		cond = append(cond, "subject = "+arg(f.Subject))
	}
	if f.State != "" {
		day := arg(f.Day)
		off := "(cancelled_on <> '' AND cancelled_on <= " + day + ")"
		over := "(last_day <> '' AND last_day <= " + day + ")"
		cond = append(cond, map[State]string{Cancelled: off, Held: "NOT " + off + " AND " + over, Planned: "NOT " + off + " AND NOT " + over}[f.State])
	}
	return strings.Join(cond, " AND "), args
}

// list reads a page, the latest first, from the row after (day, code) on; a day of "" begins at the top.
func (s store) list(ctx context.Context, where string, args []any, day clock.Day, code string, limit int) ([]Listed, error) {
	n := len(args)
	d, c := fmt.Sprintf("$%d", n+1), fmt.Sprintf("$%d", n+2)
	return db.Select[Listed](ctx, s.db, `-- training.list
		SELECT `+listed+` FROM training_course WHERE `+where+` AND (`+d+` = '' OR sort_day < `+d+` OR sort_day = `+d+` AND code > `+c+`)
		ORDER BY sort_day DESC, code LIMIT `+fmt.Sprintf("$%d", n+3), append(args, day, code, limit)...)
}

func (s store) count(ctx context.Context, where string, args []any) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- training.count
		SELECT COUNT(*) FROM training_course WHERE `+where, args...)
}

// taught is what a subtree's volunteers were trained on days from one up to before another.
func (s store) taught(ctx context.Context, within scope.Set, r scope.Range, from, to clock.Day) (people, minutes int64, err error) {
	got, err := db.Get[struct {
		People  int64 `db:"people"`
		Minutes int64 `db:"minutes"`
	}](ctx, s.db, `-- training.taught
		SELECT COUNT(DISTINCT person) AS people, CAST(COALESCE(SUM(minutes), 0) AS BIGINT) AS minutes FROM training_seat
		WHERE `+within.SQL("pos")+` AND `+scope.Set{r}.SQL("pos")+` AND day >= $1 AND day < $2`, from, to)
	return got.People, got.Minutes, err
}

// coursesAt lists the courses that have a row at a unit, for when the unit changes.
func (s store) coursesAt(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- training.coursesAt
		SELECT id FROM training_course WHERE unit = $1 UNION SELECT course FROM training_seat WHERE unit = $1
		UNION SELECT course FROM training_read WHERE unit = $1 ORDER BY 1`, unit)
}

func (s store) peopleAt(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- training.peopleAt
		SELECT DISTINCT person FROM training_seat WHERE unit = $1 ORDER BY person`, unit)
}

// peopleAfter lists who has been trained at all, in order, for recounts.
func (s store) peopleAfter(ctx context.Context, after id.ID, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- training.peopleAfter
		SELECT DISTINCT person FROM training_seat WHERE person > $1 ORDER BY person LIMIT $2`, after, limit)
}

// seatsOfAcrossUnits reads all courses of some people wherever they were held; who may see the people is asked by the
// caller.
func (s store) seatsOfAcrossUnits(ctx context.Context, people []id.ID) ([]Seat, error) {
	if len(people) == 0 {
		return nil, nil
	}
	return db.Select[Seat](ctx, s.db, `-- training.seatsOfAcrossUnits
		SELECT `+seat+` FROM training_seat WHERE person IN `+db.In(people)+` ORDER BY person, day, course`)
}

// ending lists the certificates of a subtree's people that end on a day from one up to before another.
func (s store) ending(ctx context.Context, within scope.Set, r scope.Range, from, to clock.Day, limit int) ([]Seat, error) {
	return db.Select[Seat](ctx, s.db, `-- training.ending
		SELECT `+seat+` FROM training_seat WHERE `+within.SQL("pos")+` AND `+scope.Set{r}.SQL("pos")+` AND competence <> ''
			AND expires >= $1 AND expires < $2 ORDER BY expires, person, course LIMIT $3`, from, to, limit)
}

func (s store) byIDs(ctx context.Context, ids []id.ID) ([]Listed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Select[Listed](ctx, s.db, `-- training.byIDs
		SELECT `+listed+` FROM training_course WHERE id IN `+db.In(ids))
}

// placed lists the courses at places of a scope, the latest first.
func (s store) placed(ctx context.Context, within scope.Set, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- training.placed
		SELECT id FROM training_course WHERE `+within.SQL("pos")+` ORDER BY id DESC LIMIT $1`, limit)
}

// AcrossUnitsByCode finds a course by its code wherever in the city it is: codes are the city's own.
func (s store) AcrossUnitsByCode(ctx context.Context, root int64, code string) (Listed, error) {
	return db.Get[Listed](ctx, s.db, `-- training.AcrossUnitsByCode
		SELECT `+listed+` FROM training_course WHERE root = $1 AND code = $2`, root, code)
}

// alike finds a unit's course by its title and time, for tables without codes.
func (s store) alike(ctx context.Context, unit id.ID, title string, day clock.Day) (Listed, error) {
	return db.Get[Listed](ctx, s.db, `-- training.alike
		SELECT `+listed+` FROM training_course WHERE unit = $1 AND title = $2 AND sort_day = $3 ORDER BY id LIMIT 1`, unit, title, day)
}

func (s store) idsOf(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- training.idsOf
		SELECT id FROM training_course WHERE unit = $1 ORDER BY id`, unit)
}

// paper is a document with how many units of a subtree studied it.
type paper struct {
	Document string    `db:"document"`
	Title    string    `db:"title"`
	Units    int64     `db:"units"`
	Last     clock.Day `db:"last"`
}

// papers lists what a subtree studied since a day, the latest first.
func (s store) papers(ctx context.Context, within scope.Set, r scope.Range, since, until clock.Day, limit int) ([]paper, error) {
	return db.Select[paper](ctx, s.db, `-- training.papers
		SELECT document, MAX(title) AS title, COUNT(DISTINCT unit) AS units, MAX(day) AS last FROM training_read
		WHERE `+within.SQL("pos")+` AND `+scope.Set{r}.SQL("pos")+` AND day >= $1 AND day <= $2
		GROUP BY document ORDER BY last DESC, document LIMIT $3`, since, until, limit)
}

// reads lists which units of a subtree studied a document by a day, each with the first course.
func (s store) reads(ctx context.Context, within scope.Set, r scope.Range, document string, until clock.Day, limit int) ([]Read, error) {
	return db.Select[Read](ctx, s.db, `-- training.reads
		SELECT course, unit, pos, document, title, day FROM training_read
		WHERE document = $1 AND `+within.SQL("pos")+` AND `+scope.Set{r}.SQL("pos")+` AND day <= $2 ORDER BY pos, day, course LIMIT $3`, document, until, limit)
}

// move follows a unit to its place of today.
func (s store) move(ctx context.Context, unit id.ID, pos int64) error {
	for _, text := range []string{`-- training.move
		UPDATE training_course SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- training.move
		UPDATE training_seat SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- training.move
		UPDATE training_read SET pos = $2 WHERE unit = $1 AND pos <> $2`} {
		if _, err := s.db.Exec(ctx, text, unit, pos); err != nil {
			return err
		}
	}
	return nil
}

// words is a city's list of subjects or competences: the shipped ones first.
func (s store) words(ctx context.Context, root int64, kind string) ([]Word, error) {
	return db.Select[Word](ctx, s.db, `-- training.words
		SELECT root, kind, name, en, counts_as FROM training_word WHERE kind = $1 AND root IN (0, $2) ORDER BY root, rank, name`, kind, root)
}

func (s store) addWord(ctx context.Context, w Word) error {
	_, err := s.db.Exec(ctx, `-- training.addWord
		INSERT INTO training_word (root, kind, name, en, counts_as, rank) VALUES ($1, $2, $3, $4, '', 100)`, w.Root, w.Kind, w.Name, w.En)
	return err
}

// anyWordAcrossUnits finds a word in a list by its name, for the label of a figure's part: the shipped one first.
func (s store) anyWordAcrossUnits(ctx context.Context, kind, name string) (Word, error) {
	return db.Get[Word](ctx, s.db, `-- training.anyWordAcrossUnits
		SELECT root, kind, name, en, counts_as FROM training_word WHERE kind = $1 AND name = $2 ORDER BY root LIMIT 1`, kind, name)
}

func (s store) dropWord(ctx context.Context, w Word) (int64, error) {
	return s.db.Exec(ctx, `-- training.dropWord
		DELETE FROM training_word WHERE root = $1 AND kind = $2 AND name = $3`, w.Root, w.Kind, w.Name)
}

// usesAcrossUnits counts the courses of a city that name a word.
func (s store) usesAcrossUnits(ctx context.Context, w Word) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- training.usesAcrossUnits
		SELECT COUNT(*) FROM training_course WHERE root = $1 AND (subject = $2 AND $3 = 'subject' OR competence = $2 AND $3 = 'competence')`, w.Root, w.Name, w.Kind)
}

// earnedAcrossUnits are those of some people who hold on a day a certificate that counts as a check of volunteers.
func (s store) earnedAcrossUnits(ctx context.Context, people []id.ID, as string, day clock.Day) ([]id.ID, error) {
	if len(people) == 0 {
		return nil, nil
	}
	return db.Select[id.ID](ctx, s.db, `-- training.earnedAcrossUnits
		SELECT DISTINCT x.person FROM training_seat x JOIN training_word w ON w.root = 0 AND w.kind = 'competence' AND w.name = x.competence
		WHERE x.person IN `+db.In(people)+` AND w.counts_as = $1 AND x.day <= $2 AND (x.expires = '' OR x.expires > $2)`, as, day)
}
