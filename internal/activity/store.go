package activity

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

type store struct{ db *db.DB }

const listColumns = `a.root, a.id, a.lead, a.code, a.title, a.type, a.class, a.topic, a.day, a.last_day, a.place, a.heads, a.online, a.hosts, a.status, a.late`

// put writes what lists need of an activity; gone takes it out of every list.
func (s store) put(ctx context.Context, ref id.Ref, a Activity, places map[id.ID]int64, gone bool) error {
	for _, q := range []string{`-- activity.put
		DELETE FROM activity_activity WHERE root = $1 AND id = $2`, `-- activity.put
		DELETE FROM activity_host WHERE root = $1 AND id = $2`, `-- activity.put
		DELETE FROM activity_stop WHERE root = $1 AND id = $2`, `-- activity.put
		DELETE FROM activity_theme WHERE root = $1 AND id = $2`, `-- activity.put
		DELETE FROM activity_photo WHERE root = $1 AND id = $2`, `-- activity.put
		DELETE FROM activity_class WHERE root = $1 AND id = $2`} {
		if _, err := s.db.Exec(ctx, q, ref.Root, ref.ID); err != nil {
			return err
		}
	}
	if gone {
		return nil
	}
	words := []string{a.Code, a.Title, a.Responsible}
	for _, st := range a.Stops {
		words = append(words, st.Place)
	}
	for _, p := range a.People {
		words = append(words, p.Name)
	}
	late := 0
	if a.Late() {
		late = 1
	}
	agreed := len(a.Units())
	if _, err := s.db.Exec(ctx, `-- activity.put
		INSERT INTO activity_activity (root, id, lead, code, title, type, class, topic, series, mode, venue, day, last_day, place, heads, online, hosts, status,
			late, works, awards, search)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		ref.Root, ref.ID, a.Lead(), a.Code, a.Title, a.Type, a.Class, a.Topic, a.Series, string(a.Mode), a.Venue(), string(a.Day), string(a.LastDay), a.Place(),
		a.Heads(), a.Online, agreed, string(a.Status), late, a.Works, a.Awards, strings.ToLower(strings.Join(words, "\n"))); err != nil {
		return err
	}
	for n, h := range a.Hosts {
		ok := 0
		if h.Asked == Agreed {
			ok = 1
		}
		if _, err := s.db.Exec(ctx, `-- activity.put
			INSERT INTO activity_host (root, id, n, unit, pos, before_pos, agreed, day, class, topic, series, mode, venue, status)
			VALUES ($1, $2, $3, $4, $5, -1, $6, $7, $8, $9, $10, $11, $12, $13)`,
			ref.Root, ref.ID, n, h.Unit, places[h.Unit], ok, string(a.Day), a.Class, a.Topic, a.Series, string(a.Mode), a.Venue(), string(a.Status)); err != nil {
			return err
		}
	}
	if len(a.Hosts) > 1 {
		if _, err := s.db.Exec(ctx, beforePos+`WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil {
			return err
		}
	}
	for n, st := range a.Stops {
		if _, err := s.db.Exec(ctx, `-- activity.put
			INSERT INTO activity_stop (root, id, n, base_root, base, day) VALUES ($1, $2, $3, $4, $5, $6)`, ref.Root, ref.ID, n, st.Base.Root, st.Base.ID, string(a.Day)); err != nil {
			return err
		}
	}
	for _, c := range a.Themes {
		if _, err := s.db.Exec(ctx, `-- activity.put
			INSERT INTO activity_theme (root, id, campaign_root, campaign) VALUES ($1, $2, $3, $4)`, ref.Root, ref.ID, c.Root, c.ID); err != nil {
			return err
		}
	}
	for n, sc := range a.Schools {
		for m, c := range sc.Classes {
			if _, err := s.db.Exec(ctx, `-- activity.put
				INSERT INTO activity_class (root, id, n, m, unit, pos, class, heads, lesson, credit, day, status) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
				ref.Root, ref.ID, n, m, sc.Unit, places[sc.Unit], c.Name, c.Count, sc.Lesson, sc.Credit, string(a.Day), string(a.Status)); err != nil {
				return err
			}
		}
	}
	for _, p := range a.Photos {
		if _, err := s.db.Exec(ctx, `-- activity.put
			INSERT INTO activity_photo (root, id, hash) VALUES ($1, $2, $3) ON CONFLICT (root, id, hash) DO NOTHING`, ref.Root, ref.ID, p.Full); err != nil {
			return err
		}
	}
	return nil
}

// beforePos puts the place of the host before each one anew.
const beforePos = `-- activity.beforePos
	UPDATE activity_host SET before_pos = COALESCE((SELECT MAX(o.pos) FROM activity_host o WHERE o.root = activity_host.root AND o.id = activity_host.id AND o.agreed = 1
		AND (o.pos < activity_host.pos OR o.pos = activity_host.pos AND o.n < activity_host.n)), -1) `

// where is the condition of a filter within the reader's scope: an activity is listed once, by the first of its hosts
// there that has agreed.
func (f Filter) where(within scope.Set) (string, []any) {
	in := within.Within(f.Unit.Range())
	cond := []string{in.SQL("h.pos"), `h.agreed = 1`}
	if len(in) == 1 {
		cond = append(cond, `h.before_pos < `+strconv.FormatInt(in[0].From, 10))
	} else {
		cond = append(cond, `(h.before_pos < 0 OR NOT EXISTS (SELECT 1 FROM activity_host o WHERE o.root = h.root AND o.id = h.id AND o.agreed = 1
			AND (o.pos < h.pos OR o.pos = h.pos AND o.n < h.n) AND `+in.SQL("o.pos")+`))`)
	}
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	for _, p := range []struct{ column, value string }{{"h.class", f.Class}, {"h.topic", f.Topic}, {"h.series", f.Series}, {"h.mode", string(f.Mode)}, {"h.venue", f.Venue}, {"h.status", string(f.Status)}} {
		if p.value != "" {
			cond = append(cond, p.column+" = "+arg(p.value))
		}
	}
	if f.From != clock.Open {
		cond = append(cond, "h.day >= "+arg(string(f.From)))
	}
	if f.To != clock.Open {
		cond = append(cond, "h.day <= "+arg(string(f.To)))
	}
	if f.Campaign.ID != 0 {
		cond = append(cond, `EXISTS (SELECT 1 FROM activity_theme t WHERE t.root = h.root AND t.id = h.id AND t.campaign_root = `+arg(f.Campaign.Root)+` AND t.campaign = `+arg(f.Campaign.ID)+`)`)
	}
	if f.Base.ID != 0 {
		cond = append(cond, `EXISTS (SELECT 1 FROM activity_stop st WHERE st.root = h.root AND st.id = h.id AND st.base_root = `+arg(f.Base.Root)+` AND st.base = `+arg(f.Base.ID)+`)`)
	}
	if f.Text != "" {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(f.Text)) + "%"
		cond = append(cond, `EXISTS (SELECT 1 FROM activity_activity w WHERE w.root = h.root AND w.id = h.id AND w.search LIKE `+arg(like)+` ESCAPE '\')`)
	}
	return strings.Join(cond, " AND "), args
}

// list reads a page of a filter's activities, the latest first, and one row more when there are any.
func (s store) list(ctx context.Context, f Filter, within scope.Set) ([]Listed, error) {
	where, args := f.where(within)
	if f.After != "" {
		day, key, _ := strings.Cut(f.After, "~")
		key, _, _ = strings.Cut(key, "~")
		rec, err := id.Parse(key)
		if err != nil {
			return nil, errs.Wrap(err, errs.Invalid, "activity.page_unknown")
		}
		n := strconv.Itoa(len(args) + 1)
		where += ` AND (h.day < $` + n + ` OR h.day = $` + n + ` AND h.id < $` + strconv.Itoa(len(args)+2) + `)`
		args = append(args, day, rec)
	}
	args = append(args, f.Limit+1)
	return db.Select[Listed](ctx, s.db, `-- activity.list
		SELECT `+listColumns+` FROM (SELECT h.root, h.id, h.day FROM activity_host h WHERE `+where+` ORDER BY h.day DESC, h.id DESC LIMIT $`+strconv.Itoa(len(args))+`) p
		JOIN activity_activity a ON a.root = p.root AND a.id = p.id ORDER BY p.day DESC, p.id DESC`, args...)
}

func (s store) count(ctx context.Context, f Filter, within scope.Set) (int64, error) {
	where, args := f.where(within)
	return db.Get[int64](ctx, s.db, `-- activity.count
		SELECT COUNT(*) FROM activity_host h WHERE `+where, args...)
}

// likelyAcrossUnits lists what units of a stretch of the tree do on a day: one activity is perhaps reported by two of
// its hosts, and neither sees the other's records. Only what everybody reads on a poster is answered.
func (s store) likelyAcrossUnits(ctx context.Context, in scope.Range, day clock.Day) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- activity.likelyAcrossUnits
		SELECT DISTINCT `+listColumns+` FROM activity_host h JOIN activity_activity a ON a.root = h.root AND a.id = h.id WHERE `+scope.Set{in}.SQL("h.pos")+` AND h.day = $1 AND h.agreed = 1 AND a.status <> 'cancelled' ORDER BY a.id LIMIT 200`, string(day))
}

func (s store) byCodeAcrossUnits(ctx context.Context, root int64, code string) (Listed, error) {
	return db.Get[Listed](ctx, s.db, `-- activity.byCodeAcrossUnits
		SELECT `+listColumns+` FROM activity_activity a WHERE a.root = $1 AND a.code = $2`, root, code)
}

func (s store) byIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]Listed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Select[Listed](ctx, s.db, `-- activity.byIDsAcrossUnits
		SELECT `+listColumns+` FROM activity_activity a WHERE a.id IN `+db.In(ids))
}

func (s store) ofUnitAcrossUnits(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- activity.ofUnitAcrossUnits
		SELECT id FROM activity_host WHERE unit = $1 AND agreed = 1 ORDER BY id`, unit)
}

// move follows a unit to its place of today.
func (s store) move(ctx context.Context, unit id.ID, pos int64) error {
	n, err := s.db.Exec(ctx, `-- activity.move
		UPDATE activity_host SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	if err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `-- activity.move
		UPDATE activity_class SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos); err != nil || n == 0 {
		return err
	}
	_, err = s.db.Exec(ctx, beforePos+`WHERE EXISTS (SELECT 1 FROM activity_host m WHERE m.root = activity_host.root AND m.id = activity_host.id AND m.unit = $1)`, unit)
	return err
}

// othersWithPhotoAcrossUnits counts the activities beside ref that show the same picture.
func (s store) othersWithPhotoAcrossUnits(ctx context.Context, ref id.Ref, hash string) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- activity.othersWithPhotoAcrossUnits
		SELECT COUNT(*) FROM activity_photo p WHERE p.hash = $1 AND NOT (p.root = $2 AND p.id = $3)`, hash, ref.Root, ref.ID)
}

// stop is a consent to a picture that was taken back.
type stop struct {
	Hash string    `db:"hash"`
	ID   id.ID     `db:"id"`
	Day  clock.Day `db:"day"`
	By   string    `db:"by_name"`
}

func (s store) stopPhoto(ctx context.Context, root int64, x stop) error {
	_, err := s.db.Exec(ctx, `-- activity.stopPhoto
		INSERT INTO activity_photo_stop (root, hash, id, day, by_name) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (root, hash) DO UPDATE SET id = excluded.id, day = excluded.day, by_name = excluded.by_name`, root, x.Hash, x.ID, x.Day, x.By)
	return err
}

// stopsAcrossUnits are the withdrawals for pictures, whichever activity they were taken back at. The hashes are hexadecimal.
func (s store) stopsAcrossUnits(ctx context.Context, hashes []string) ([]stop, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	return db.Select[stop](ctx, s.db, `-- activity.stopsAcrossUnits
		SELECT hash, id, day, by_name FROM activity_photo_stop WHERE hash IN ('`+strings.Join(hashes, "', '")+`')`)
}

// allStopsAcrossUnits are the withdrawals for all pictures of a database.
func (s store) allStopsAcrossUnits(ctx context.Context) ([]stop, error) {
	return db.Select[stop](ctx, s.db, `-- activity.allStopsAcrossUnits
		SELECT hash, id, day, by_name FROM activity_photo_stop`)
}

// use is what one base did in one year.
type use struct {
	Base   id.ID `db:"base"`
	Root   int64 `db:"base_root"`
	Year   int64 `db:"year"`
	Events int64 `db:"events"`
	Heads  int64 `db:"heads"`
	Works  int64 `db:"works"`
	Awards int64 `db:"awards"`
}

const useColumns = `v.base_root, v.base, CAST(SUBSTR(v.day, 1, 4) AS INTEGER) AS year, CAST(COUNT(*) AS BIGINT) AS events, CAST(SUM(v.heads) AS BIGINT) AS heads,
	CAST(SUM(v.works) AS BIGINT) AS works, CAST(SUM(v.awards) AS BIGINT) AS awards`

// visits are the activities held at bases, each once a base, whoever hosted them: a base's use is its own, and only sums
// leave here.
const visits = `(SELECT DISTINCT st.base_root, st.base, a.root, a.id, a.day, a.heads, a.works, a.awards
	FROM activity_stop st JOIN activity_activity a ON a.root = st.root AND a.id = st.id
	WHERE a.status = 'held' AND st.base <> 0 AND `

func (s store) useOfBaseAcrossUnits(ctx context.Context, base id.Ref) ([]use, error) {
	return db.Select[use](ctx, s.db, `-- activity.useOfBaseAcrossUnits
		SELECT `+useColumns+` FROM `+visits+`st.base_root = $1 AND st.base = $2) v
		GROUP BY v.base_root, v.base, SUBSTR(v.day, 1, 4) ORDER BY year DESC`, base.Root, base.ID)
}

func (s store) useOfBasesAcrossUnits(ctx context.Context, root int64, year int) ([]use, error) {
	y := strconv.Itoa(year)
	return db.Select[use](ctx, s.db, `-- activity.useOfBasesAcrossUnits
		SELECT `+useColumns+` FROM `+visits+`st.base_root = $1 AND st.day >= $2 AND st.day <= $3) v
		GROUP BY v.base_root, v.base, SUBSTR(v.day, 1, 4)`, root, y+"-01-01", y+"-12-31")
}

// lastUseAcrossUnits is the day of the last activity held at a base; "" when there was none.
func (s store) lastUseAcrossUnits(ctx context.Context, base id.Ref) (clock.Day, error) {
	return db.Get[clock.Day](ctx, s.db, `-- activity.lastUseAcrossUnits
		SELECT COALESCE(MAX(a.day), '') FROM activity_stop st JOIN activity_activity a ON a.root = st.root AND a.id = st.id
		WHERE st.base_root = $1 AND st.base = $2 AND a.status = 'held'`, base.Root, base.ID)
}

// usedTypes counts the types of a unit's own activities, for the form to offer the usual ones first.
type usedType struct {
	Type string `db:"type"`
	N    int64  `db:"n"`
}

func (s store) usedTypes(ctx context.Context, unit id.ID) ([]usedType, error) {
	return db.Select[usedType](ctx, s.db, `-- activity.usedTypes
		SELECT a.type, CAST(COUNT(*) AS BIGINT) AS n FROM activity_host h JOIN activity_activity a ON a.root = h.root AND a.id = h.id
		WHERE h.unit = $1 AND h.agreed = 1 GROUP BY a.type ORDER BY n DESC, a.type LIMIT 50`, unit)
}

// lists and limits of a city

// choices are all lists of a city and those that ship.
func (s store) choices(ctx context.Context, root int64) ([]Choice, error) {
	return db.Select[Choice](ctx, s.db, `-- activity.choices
		SELECT root, list, code, zh, en, parent, minor, ord FROM activity_choice WHERE root IN (0, $1) ORDER BY root, list, ord, code`, root)
}

func (s store) setChoices(ctx context.Context, root int64, list string, all []Choice) error {
	if _, err := s.db.Exec(ctx, `-- activity.setChoices
		DELETE FROM activity_choice WHERE root = $1 AND list = $2`, root, list); err != nil {
		return err
	}
	for i, c := range all {
		if _, err := s.db.Exec(ctx, `-- activity.setChoices
			INSERT INTO activity_choice (root, list, code, zh, en, parent, minor, ord) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			root, list, c.Code, c.Zh, c.En, c.Parent, c.Minor, i+1); err != nil {
			return err
		}
	}
	return nil
}

func (s store) limits(ctx context.Context, root int64) (Limits, error) {
	return db.Get[Limits](ctx, s.db, `-- activity.limits
		SELECT minors, camp_ratio, keep_days, keep_incident_days FROM activity_limit WHERE root IN (0, $1) ORDER BY root DESC LIMIT 1`, root)
}

func (s store) setLimits(ctx context.Context, root int64, l Limits) error {
	if _, err := s.db.Exec(ctx, `-- activity.setLimits
		DELETE FROM activity_limit WHERE root = $1`, root); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `-- activity.setLimits
		INSERT INTO activity_limit (root, minors, camp_ratio, keep_days, keep_incident_days) VALUES ($1, $2, $3, $4, $5)`, root, l.Minors, l.CampRatio, l.Keep, l.KeepIncident)
	return err
}

// usedChoicesAcrossUnits are the entries of a list that activities of a city have. Groups stand in the records alone,
// so that none of theirs can be told from here: they are kept by who changes the list.
func (s store) usedChoicesAcrossUnits(ctx context.Context, root int64, list string) ([]string, error) {
	column, ok := map[string]string{TypeList: "a.type", TopicList: "a.topic", SeriesList: "a.series"}[list]
	if !ok {
		return nil, nil
	}
	return db.Select[string](ctx, s.db, `-- activity.usedChoicesAcrossUnits
		SELECT DISTINCT `+column+` FROM activity_activity a WHERE a.root = $1 AND `+column+` <> ''`, root)
}

// overAcrossUnits lists planned and open activities whose last day lies before a day, by key.
func (s store) overAcrossUnits(ctx context.Context, day clock.Day, after id.ID) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- activity.overAcrossUnits
		SELECT `+listColumns+` FROM activity_activity a WHERE a.status IN ('planned', 'open') AND a.day < $1 AND a.last_day < $1 AND a.id > $2 ORDER BY a.id LIMIT 500`, string(day), after)
}

// placeSum is what happened at one place.
type placeSum struct {
	Place  string `db:"place"`
	Events int64  `db:"events"`
	Heads  int64  `db:"heads"`
}

// places sums a filter's activities by their first place, the busiest first.
func (s store) places(ctx context.Context, f Filter, within scope.Set) ([]placeSum, error) {
	where, args := f.where(within)
	args = append(args, f.Limit)
	return db.Select[placeSum](ctx, s.db, `-- activity.places
		SELECT a.place, CAST(COUNT(*) AS BIGINT) AS events, CAST(SUM(a.heads) AS BIGINT) AS heads FROM activity_host h
		JOIN activity_activity a ON a.root = h.root AND a.id = h.id WHERE `+where+` AND a.place <> ''
		GROUP BY a.place ORDER BY events DESC, heads DESC, a.place LIMIT $`+strconv.Itoa(len(args)), args...)
}

// mostVisits bounds the page of a school's visits.
const mostVisits = 2000

// visits asks by school, not by host: a school's own people read of its classes wherever they were.
func (s store) visits(ctx context.Context, u org.Unit, p clock.Period, within scope.Set) ([]Visit, error) {
	in := within.Within(u.Range())
	return db.Select[Visit](ctx, s.db, `-- activity.visits
		SELECT c.root, c.id, c.unit, a.lead, c.class, c.day, a.title, a.place, c.heads, c.lesson, c.credit FROM activity_class c
		JOIN activity_activity a ON a.root = c.root AND a.id = c.id WHERE `+in.SQL("c.pos")+` AND c.status = $1 AND c.day >= $2 AND c.day <= $3
		ORDER BY c.day DESC, c.id DESC, c.n, c.m LIMIT $4`, string(Held), string(p.From), string(p.To), mostVisits)
}
