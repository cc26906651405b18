package volunteer

import (
	"context"
	"fmt"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const (
	kept  = `root, id, unit, person_root, person, day, from_minute, to_minute, what, entered_as, late, photo`
	twice = `(photo <> '' AND EXISTS (SELECT 1 FROM volunteer_service x WHERE x.photo = volunteer_service.photo AND x.day <> volunteer_service.day))`
)

// The reasons to look at hours once more, as conditions.
var (
	longDay = fmt.Sprintf(`((SELECT SUM(x.to_minute - x.from_minute) FROM volunteer_service x
		WHERE x.person_root = volunteer_service.person_root AND x.person = volunteer_service.person AND x.day = volunteer_service.day) > %d)`, LongDay)
	forMany = fmt.Sprintf(`(entered_as = '%s' AND entered_by <> '' AND (SELECT COUNT(DISTINCT x.person) FROM volunteer_service x WHERE x.unit = volunteer_service.unit
		AND x.entered_on = volunteer_service.entered_on AND x.entered_by = volunteer_service.entered_by AND x.entered_as = '%s') >= %d)`, ByHelper, ByHelper, ManyADay)
	looks = map[Look]string{LookLate: "late = 1", LookAgain: twice, LookLong: longDay, LookForMany: forMany,
		LookAny: "(late = 1 OR " + twice + " OR " + longDay + " OR " + forMany + ")"}
	given = kept + ", CASE WHEN " + twice + " THEN 1 ELSE 0 END AS again, CASE WHEN " + longDay + " THEN 1 ELSE 0 END AS long_day, CASE WHEN " + forMany + " THEN 1 ELSE 0 END AS for_many"
)

func (s store) putHours(ctx context.Context, ref id.Ref, h Hours, pos int64, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- volunteer.putHours
		DELETE FROM volunteer_service WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	late := 0
	if h.Late() {
		late = 1
	}
	_, err := s.db.Exec(ctx, `-- volunteer.putHours
		INSERT INTO volunteer_service (`+kept+`, pos, entered_by, entered_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		ref.Root, ref.ID, h.Unit, h.Volunteer.Root, h.Volunteer.ID, h.Day, minuteOf(h.From), minuteOf(h.To), h.What, h.EnteredAs, late, h.Photo, pos, h.EnteredBy, h.EnteredOn)
	return err
}

// hoursOf is the condition of a list of hours.
func hoursOf(a scope.Actor, r scope.Range, f HoursFilter) *query {
	q := &query{}
	q.and(a.ViewSet.SQL("pos"))
	q.and(scope.Set{r}.SQL("pos"))
	if f.From != "" {
		q.and("day >= " + q.arg(f.From))
	}
	if f.To != "" {
		q.and("day <= " + q.arg(f.To))
	}
	if f.Volunteer.ID != 0 {
		q.and("person_root = " + q.arg(f.Volunteer.Root) + " AND person = " + q.arg(f.Volunteer.ID))
	}
	if f.EnteredAs != "" {
		q.and("entered_as = " + q.arg(f.EnteredAs))
	}
	if cond := looks[f.Look]; cond != "" {
		q.and(cond)
	}
	return q
}

// hours reads a page of hours, the latest day first, from after (day, id) on; an empty day starts at the front.
func (s store) hours(ctx context.Context, q *query, day clock.Day, after id.ID, limit int) ([]Given, error) {
	page := query{cond: q.cond, args: append([]any(nil), q.args...)}
	page.behind(day, after)
	l := page.arg(limit)
	return db.Select[Given](ctx, s.db, `-- volunteer.hours
		SELECT `+given+` FROM volunteer_service WHERE `+page.where()+` ORDER BY day DESC, id DESC LIMIT `+l, page.args...)
}

func (q *query) behind(day clock.Day, after id.ID) {
	if day == "" {
		return
	}
	d, i := q.arg(day), q.arg(after)
	q.cond = append(append([]string(nil), q.cond...), "(day < "+d+" OR day = "+d+" AND id < "+i+")")
}

type hoursTotal struct {
	N       int64
	Minutes int64
}

func (s store) countHours(ctx context.Context, q *query, day clock.Day, after id.ID) (hoursTotal, error) {
	page := query{cond: q.cond, args: append([]any(nil), q.args...)}
	page.behind(day, after)
	return db.Get[hoursTotal](ctx, s.db, `-- volunteer.countHours
		SELECT COUNT(*) AS n, CAST(COALESCE(SUM(to_minute - from_minute), 0) AS BIGINT) AS minutes FROM volunteer_service WHERE `+page.where(), page.args...)
}

// ofPersonAcrossUnits are all hours of a volunteer, wherever they were entered, the latest first.
func (s store) ofPersonAcrossUnits(ctx context.Context, person id.Ref, limit int) ([]Given, error) {
	return db.Select[Given](ctx, s.db, `-- volunteer.ofPersonAcrossUnits
		SELECT `+given+` FROM volunteer_service WHERE person_root = $1 AND person = $2 ORDER BY day DESC, id DESC LIMIT $3`, person.Root, person.ID, limit)
}

// totalAcrossUnits is what a volunteer gave in all.
func (s store) totalAcrossUnits(ctx context.Context, person id.Ref) (hoursTotal, error) {
	return db.Get[hoursTotal](ctx, s.db, `-- volunteer.totalAcrossUnits
		SELECT COUNT(*) AS n, CAST(COALESCE(SUM(to_minute - from_minute), 0) AS BIGINT) AS minutes
		FROM volunteer_service WHERE person_root = $1 AND person = $2`, person.Root, person.ID)
}

func (s store) hoursIDsOf(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- volunteer.hoursIDsOf
		SELECT id FROM volunteer_service WHERE unit = $1 ORDER BY id`, unit)
}

func (s store) hoursByIDs(ctx context.Context, ids []id.ID) ([]Given, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Select[Given](ctx, s.db, `-- volunteer.hoursByIDs
		SELECT `+given+` FROM volunteer_service WHERE id IN `+db.In(ids))
}

// onDayAcrossUnits are a volunteer's hours of one day.
func (s store) onDayAcrossUnits(ctx context.Context, person id.Ref, day clock.Day) ([]Given, error) {
	return db.Select[Given](ctx, s.db, `-- volunteer.onDayAcrossUnits
		SELECT `+given+` FROM volunteer_service WHERE person_root = $1 AND person = $2 AND day = $3 ORDER BY from_minute`, person.Root, person.ID, day)
}
