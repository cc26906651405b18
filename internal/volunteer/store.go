package volunteer

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/pinyin"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

type store struct{ db *db.DB }

const listed = `root, id, unit, pos, code, name, sex, birth_year, kind, profession, admitted_on, left_on, complete, due`

// put writes a volunteer anew; gone leaves nothing. fresh: nothing stands of it yet.
func (s store) put(ctx context.Context, ref id.Ref, v Volunteer, pos int64, gone, fresh bool) error {
	if !fresh {
		if err := s.drop(ctx, ref); err != nil || gone {
			return err
		}
	}
	reading, initials := pinyin.PersonKeys(v.Name)
	retired, found := 0, 0
	if v.Retired {
		retired = 1
	}
	if v.FindConsent != "" {
		found = 1
	}
	if err := s.db.Later(ctx, people, 20,
		ref.Root, ref.ID, v.Unit, pos, v.Code, v.Name, v.Sex, v.BirthYear, v.Kind, v.Profession, v.AdmittedOn, v.LeftOn, v.Complete(), v.due(),
		reading, initials, retired, v.Education, found, v.Account); err != nil {
		return err
	}
	for _, x := range []struct {
		what string
		list []Stay
	}{{"core", joined(v.Core)}, {"insured", v.insured()}, {string(Background), v.spansOf(Background)}, {string(Certificate), v.spansOf(Certificate)}} {
		for _, sp := range x.list {
			if err := s.db.Later(ctx, spans, 5, ref.Root, ref.ID, x.what, sp.From, sp.To); err != nil {
				return err
			}
		}
	}
	for _, name := range v.Specialities {
		if err := s.db.Later(ctx, skills, 3, ref.Root, ref.ID, name); err != nil {
			return err
		}
	}
	return nil
}

var (
	people = db.Rows{Table: "volunteer_person", Insert: `-- volunteer.people
		INSERT INTO volunteer_person (` + listed + `, reading, initials, retired, education, found, account)`}
	spans = db.Rows{Table: "volunteer_span", Insert: `-- volunteer.spans
		INSERT INTO volunteer_span (root, person, what, from_day, to_day)`}
	skills = db.Rows{Table: "volunteer_speciality", Insert: `-- volunteer.skills
		INSERT INTO volunteer_speciality (root, person, name)`}
	numbers = db.Rows{Table: "volunteer_number", Insert: `-- volunteer.numbers
		INSERT INTO volunteer_number (unit, last)`, After: "ON CONFLICT (unit) DO UPDATE SET last = excluded.last"}
)

// setNumber says which number a unit gave last, where one transaction gives many.
func (s store) setNumber(ctx context.Context, unit id.ID, n int64) error {
	return s.db.Later(ctx, numbers, 2, unit, n)
}

// lot is how many texts a statement is asked for at once, always as many, so that it stays open.
const lot = 50

func inLot(first int) string {
	var b strings.Builder
	for i := range lot {
		b.WriteString(", $" + strconv.Itoa(first+i))
	}
	return "(" + b.String()[2:] + ")"
}

// lots are the texts in lots, the last filled up with its own end, each behind what comes before.
func lots(texts []string, before ...any) (out [][]any) {
	for len(texts) > 0 {
		args := slices.Clone(before)
		for i := range lot {
			args = append(args, texts[min(i, len(texts)-1)])
		}
		out = append(out, args)
		texts = texts[min(lot, len(texts)):]
	}
	return out
}

// codesAcrossUnits are those of the codes that somebody in the city has.
func (s store) codesAcrossUnits(ctx context.Context, root int64, codes []string) (out []string, err error) {
	for _, args := range lots(codes, root) {
		has, err := db.Select[string](ctx, s.db, `-- volunteer.codesAcrossUnits
			SELECT code FROM volunteer_person WHERE root = $1 AND code IN `+inLot(2), args...)
		if err != nil {
			return nil, err
		}
		out = append(out, has...)
	}
	return out, nil
}

type readingYear struct {
	Reading   string
	BirthYear int64
}

// readingsAcrossUnits are the readings of names, with years of birth, that people in the city have of those asked for.
func (s store) readingsAcrossUnits(ctx context.Context, root int64, readings []string) (out []readingYear, err error) {
	for _, args := range lots(readings, root) {
		has, err := db.Select[readingYear](ctx, s.db, `-- volunteer.readingsAcrossUnits
			SELECT DISTINCT reading, birth_year FROM volunteer_person WHERE root = $1 AND reading IN `+inLot(2), args...)
		if err != nil {
			return nil, err
		}
		out = append(out, has...)
	}
	return out, nil
}

// drop takes out what stands of a volunteer.
func (s store) drop(ctx context.Context, ref id.Ref) error {
	n, err := s.db.Exec(ctx, `-- volunteer.drop
		DELETE FROM volunteer_person WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
	if err != nil || n == 0 {
		return err
	}
	if _, err := s.db.Exec(ctx, `-- volunteer.drop
		DELETE FROM volunteer_span WHERE root = $1 AND person = $2`, ref.Root, ref.ID); err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `-- volunteer.drop
		DELETE FROM volunteer_speciality WHERE root = $1 AND person = $2`, ref.Root, ref.ID)
	return err
}

// added is where the professions that a city added stand among the shipped ones.
const added = 1000

// addProfession lets a profession stand in the list of a city, once, and tells whether it is new there.
func (s store) addProfession(ctx context.Context, p Profession) (bool, error) {
	n, err := s.db.Exec(ctx, `-- volunteer.addProfession
		INSERT INTO volunteer_profession (root, name, en, ord)
		SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT)
		WHERE NOT EXISTS (SELECT 1 FROM volunteer_profession WHERE root IN (0, $1) AND name = $2)`, p.Root, p.Name, p.En, added)
	return n == 1, err
}

func (s store) professions(ctx context.Context, root int64) ([]Profession, error) {
	return db.Select[Profession](ctx, s.db, `-- volunteer.professions
		SELECT root, name, en FROM volunteer_profession WHERE root = 0 OR root = $1 ORDER BY ord, name`, root)
}

func (s store) profession(ctx context.Context, name string) (Profession, error) {
	return db.Get[Profession](ctx, s.db, `-- volunteer.profession
		SELECT root, name, en FROM volunteer_profession WHERE name = $1 ORDER BY root LIMIT 1`, name)
}

// number is the next number of a unit. A number that is drawn and not used stays free: codes are names, not a count.
func (s store) number(ctx context.Context, unit id.ID) (int64, error) {
	n, err := s.db.Exec(ctx, `-- volunteer.number
		UPDATE volunteer_number SET last = last + 1 WHERE unit = $1`, unit)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		if _, err := s.db.Exec(ctx, `-- volunteer.number
			INSERT INTO volunteer_number (unit, last) VALUES ($1, 1)`, unit); err != nil {
			return 0, err
		}
	}
	return db.Get[int64](ctx, s.db, `-- volunteer.number
		SELECT last FROM volunteer_number WHERE unit = $1`, unit)
}

// query gathers the conditions of a list with their arguments.
type query struct {
	cond []string
	args []any
}

func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

func (q *query) and(cond string) { q.cond = append(q.cond, cond) }

func (q *query) where() string { return strings.Join(q.cond, " AND ") }

func like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text) + "%"
}

// covers is the condition that a span of a volunteer holds on a day.
func (q *query) covers(what string, day clock.Day) string {
	d := q.arg(day)
	return `EXISTS (SELECT 1 FROM volunteer_span x WHERE x.root = volunteer_person.root AND x.person = volunteer_person.id AND x.what = '` + what +
		`' AND x.from_day <= ` + d + ` AND (x.to_day = '' OR x.to_day > ` + d + `))`
}

func (q *query) state(st State, day clock.Day) {
	switch st {
	case Active:
		d := q.arg(day)
		q.and("admitted_on <> '' AND admitted_on <= " + d + " AND (left_on = '' OR left_on > " + d + ")")
	case Candidate:
		d := q.arg(day)
		q.and("(admitted_on = '' OR admitted_on > " + d + ") AND (left_on = '' OR left_on > " + d + ")")
	case Left:
		q.and("left_on <> '' AND left_on <= " + q.arg(day))
	}
}

// find adds the conditions by which a person is looked for.
func (q *query) find(f Filter) {
	if f.Profession != "" {
		q.and("profession = " + q.arg(f.Profession))
	}
	if f.Speciality != "" {
		q.and(`EXISTS (SELECT 1 FROM volunteer_speciality x WHERE x.root = volunteer_person.root AND x.person = volunteer_person.id AND x.name LIKE ` +
			q.arg(like(f.Speciality)) + ` ESCAPE '\')`)
	}
	if f.Text != "" {
		t, k := q.arg(like(f.Text)), q.arg(like(strings.ToLower(f.Text)))
		q.and(`(name LIKE ` + t + ` ESCAPE '\' OR code LIKE ` + t + ` ESCAPE '\' OR reading LIKE ` + k + ` ESCAPE '\' OR initials LIKE ` + k + ` ESCAPE '\')`)
	}
	if f.Retired {
		q.and("retired = 1")
	}
	if f.Kind != "" {
		q.and("kind = " + q.arg(f.Kind))
	}
}

// listOf is the condition of a list: the reader's scope, the unit's subtree, the filter.
func listOf(a scope.Actor, r scope.Range, f Filter, day clock.Day) *query {
	q := &query{}
	q.and(a.ViewSet.SQL("pos"))
	q.and(scope.Set{r}.SQL("pos"))
	if f.Profession != "" || f.Speciality != "" || f.Text != "" {
		q.and("(found = 1 OR " + a.WorkSet.SQL("pos") + ")")
	}
	q.find(f)
	q.state(f.State, day)
	switch f.Only {
	case "unchecked":
		q.state(Active, day)
		q.and("NOT " + q.covers(string(Background), day))
	case "core":
		q.state(Active, day)
		q.and(q.covers("core", day))
	case "expiring":
		q.and("due <> '' AND due <= " + q.arg(day.AddDays(RemindDays)))
	case "gaps":
		q.state(Active, day)
		q.and("complete < 100")
	}
	return q
}

// findOf is the condition of a search for candidates: who agreed to be found anywhere in the reader's province, and
// everybody where the reader works.
func findOf(a scope.Actor, r scope.Range, f Filter, day clock.Day) *query {
	q := &query{}
	q.and("(found = 1 AND " + a.FindSet.SQL("pos") + " OR " + a.WorkSet.SQL("pos") + ")")
	q.and(scope.Set{r}.SQL("pos"))
	q.find(f)
	q.state(f.State, day)
	if f.State == "" {
		q.and("(left_on = '' OR left_on > " + q.arg(day) + ")")
	}
	return q
}

// list reads a page of volunteers by place and code.
func (s store) list(ctx context.Context, q *query, pos int64, code string, limit int) ([]Listed, error) {
	page := query{args: append([]any(nil), q.args...)}
	p, c, l := page.arg(pos), page.arg(code), page.arg(limit)
	return db.Select[Listed](ctx, s.db, `-- volunteer.list
		SELECT `+listed+` FROM volunteer_person
		WHERE `+q.where()+` AND (pos > `+p+` OR pos = `+p+` AND code > `+c+`) ORDER BY pos, code LIMIT `+l, page.args...)
}

// count counts the rows of a list, from after a row on.
func (s store) count(ctx context.Context, q *query, pos int64, code string) (int64, error) {
	page := query{args: append([]any(nil), q.args...)}
	p, c := page.arg(pos), page.arg(code)
	return db.Get[int64](ctx, s.db, `-- volunteer.count
		SELECT COUNT(*) FROM volunteer_person WHERE `+q.where()+` AND (pos > `+p+` OR pos = `+p+` AND code > `+c+`)`, page.args...)
}

// idsOf lists the volunteers of a unit, for the ledger.
func (s store) idsOf(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- volunteer.idsOf
		SELECT id FROM volunteer_person WHERE unit = $1 ORDER BY id`, unit)
}

func (s store) byIDs(ctx context.Context, ids []id.ID) (out []Listed, err error) {
	for len(ids) > 0 {
		n := min(len(ids), 500)
		part, err := db.Select[Listed](ctx, s.db, `-- volunteer.byIDs
			SELECT `+listed+` FROM volunteer_person WHERE id IN `+db.In(ids[:n]))
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
		ids = ids[n:]
	}
	return out, nil
}

// AcrossUnitsByCode finds a volunteer by the code wherever in the city: codes are the city's own.
func (s store) AcrossUnitsByCode(ctx context.Context, root int64, code string) (Listed, error) {
	return db.Get[Listed](ctx, s.db, `-- volunteer.AcrossUnitsByCode
		SELECT `+listed+` FROM volunteer_person WHERE root = $1 AND code = $2`, root, code)
}

// alikeAcrossUnits finds who may be the same person: the same reading of the name in the city, and a year of birth that
// does not say otherwise.
func (s store) alikeAcrossUnits(ctx context.Context, own id.Ref, name string, birth int64) ([]Listed, error) {
	reading, _ := pinyin.PersonKeys(name)
	return db.Select[Listed](ctx, s.db, `-- volunteer.alikeAcrossUnits
		SELECT `+listed+` FROM volunteer_person
		WHERE root = $1 AND reading = $2 AND (birth_year = $3 OR birth_year = 0 OR CAST($3 AS BIGINT) = 0) AND id <> $4 ORDER BY pos, code LIMIT 10`, own.Root, reading, birth, own.ID)
}

// dueAcrossUnits lists who has a check that runs out by a day and did not begin to run before another, by id.
func (s store) dueAcrossUnits(ctx context.Context, by clock.Day, after id.ID) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- volunteer.dueAcrossUnits
		SELECT `+listed+` FROM volunteer_person WHERE due <> '' AND due <= $1 AND id > $2 ORDER BY id LIMIT 500`, by, after)
}

// ofAccount is the volunteer to whom an account belongs.
func (s store) ofAccount(ctx context.Context, account id.ID) (Listed, error) {
	return db.Get[Listed](ctx, s.db, `-- volunteer.ofAccount
		SELECT `+listed+` FROM volunteer_person WHERE account = $1 AND account <> 0 ORDER BY root, id LIMIT 1`, account)
}

type heldSpan struct {
	Person id.ID
	What   string
}

// holding says which checks of volunteers hold on a day.
func (s store) holding(ctx context.Context, ids []id.ID, day clock.Day) ([]heldSpan, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Select[heldSpan](ctx, s.db, `-- volunteer.holding
		SELECT person, what FROM volunteer_span WHERE person IN `+db.In(ids)+` AND from_day <= $1 AND (to_day = '' OR to_day > $1)`, day)
}

// part is one value of a breakdown of the people of a subtree.
type part struct {
	Value string
	N     int64
}

// years counts who is active on a day by year of birth; ages are made of it.
func (s store) years(ctx context.Context, a scope.Actor, r scope.Range, day clock.Day) ([]yearCount, error) {
	q := listOf(a, r, Filter{State: Active}, day)
	return db.Select[yearCount](ctx, s.db, `-- volunteer.years
		SELECT birth_year AS year, COUNT(*) AS n FROM volunteer_person WHERE `+q.where()+` GROUP BY birth_year`, q.args...)
}

type yearCount struct {
	Year int64
	N    int64
}

// educations counts who is active on a day by education.
func (s store) educations(ctx context.Context, a scope.Actor, r scope.Range, day clock.Day) ([]part, error) {
	q := listOf(a, r, Filter{State: Active}, day)
	return db.Select[part](ctx, s.db, `-- volunteer.educations
		SELECT education AS value, COUNT(*) AS n FROM volunteer_person WHERE `+q.where()+` GROUP BY education`, q.args...)
}

// specialities counts who is active on a day by speciality, the most first.
func (s store) specialities(ctx context.Context, a scope.Actor, r scope.Range, day clock.Day, limit int) ([]part, error) {
	q := listOf(a, r, Filter{State: Active}, day)
	l := q.arg(limit)
	return db.Select[part](ctx, s.db, `-- volunteer.specialities
		SELECT sp.name AS value, COUNT(*) AS n FROM volunteer_speciality sp
		JOIN (SELECT root, id FROM volunteer_person WHERE `+q.where()+`) p ON p.root = sp.root AND p.id = sp.person
		GROUP BY sp.name ORDER BY n DESC, sp.name LIMIT `+l, q.args...)
}

// move follows a unit to its place of today.
func (s store) move(ctx context.Context, unit id.ID, pos int64) error {
	if _, err := s.db.Exec(ctx, `-- volunteer.move
		UPDATE volunteer_person SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `-- volunteer.move
		UPDATE volunteer_service SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	return err
}

// secret is the key of the codes on certificates; the first call makes it.
func (s store) secret(ctx context.Context, fresh string) (string, error) {
	if _, err := s.db.Exec(ctx, `-- volunteer.secret
		INSERT INTO volunteer_key (id, secret) SELECT 1, CAST($1 AS TEXT) WHERE NOT EXISTS (SELECT 1 FROM volunteer_key WHERE id = 1)`, fresh); err != nil {
		return "", err
	}
	return s.keptSecret(ctx)
}

// keptSecret is the key as it stands; NotFound before the first certificate.
func (s store) keptSecret(ctx context.Context) (string, error) {
	return db.Get[string](ctx, s.db, `-- volunteer.keptSecret
		SELECT secret FROM volunteer_key WHERE id = 1`)
}

// named finds volunteers of a subtree by their whole name; two are enough to know that there are several.
func (s store) named(ctx context.Context, r scope.Range, name string) ([]Listed, error) {
	reading, _ := pinyin.PersonKeys(name)
	return db.Select[Listed](ctx, s.db, `-- volunteer.named
		SELECT `+listed+` FROM volunteer_person WHERE `+scope.Set{r}.SQL("pos")+` AND reading = $1 AND name = $2 ORDER BY id LIMIT 2`, reading, name)
}

// professionOf finds a profession in a city's list.
func (s store) professionOf(ctx context.Context, root int64, name string) (Profession, error) {
	return db.Get[Profession](ctx, s.db, `-- volunteer.professionOf
		SELECT root, name, en FROM volunteer_profession WHERE root IN (0, $1) AND name = $2 ORDER BY root LIMIT 1`, root, name)
}

// manyOf is the condition of the volunteers for whom an office enters hours at once: active, of the unit and those below,
// where the reader works.
func manyOf(a scope.Actor, u org.Unit, day clock.Day) *query {
	q := &query{}
	q.and(a.WorkSet.SQL("pos"))
	q.and(scope.Set{u.Range()}.SQL("pos"))
	q.state(Active, day)
	return q
}

type skill struct {
	Person id.ID
	Name   string
}

// specialitiesOf are what the volunteers of a page can do.
func (s store) specialitiesOf(ctx context.Context, list []Listed) (map[id.ID][]string, error) {
	out := map[id.ID][]string{}
	if len(list) == 0 {
		return out, nil
	}
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.ID
	}
	rows, err := db.Select[skill](ctx, s.db, `-- volunteer.specialitiesOf
		SELECT person, name FROM volunteer_speciality WHERE person IN `+db.In(ids)+` ORDER BY person, name`)
	for _, r := range rows {
		out[r.Person] = append(out[r.Person], r.Name)
	}
	return out, err
}
