package people

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

const listed = `root, id, unit, pos, code, name, need, leader, members, status, founded_on, dissolved_on, owner, standard, run_by, guided_by, docked`

func (s store) put(ctx context.Context, ref id.Ref, t Team, pos int64, gone bool) error {
	n, err := s.db.Exec(ctx, `-- people.put
		DELETE FROM people_team WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
	if err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `-- people.put
		DELETE FROM people_member WHERE root = $1 AND team = $2`, ref.Root, ref.ID); err != nil {
		return err
	}
	if gone {
		return s.sweepNeeds(ctx, ref.Root)
	}
	if _, err := s.db.Exec(ctx, `-- people.put
		INSERT INTO people_team (`+listed+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		ref.Root, ref.ID, t.Unit, pos, t.Code, t.Name, t.Need, t.Leader, t.Members, t.Status, t.FoundedOn, t.DissolvedOn, t.Owner, t.standard(), named(t.RunBy), t.GuidedBy, named(t.Docked)); err != nil {
		return err
	}
	for i, m := range t.People {
		if _, err := s.db.Exec(ctx, `-- people.put
			INSERT INTO people_member (root, team, n, volunteer, from_day, to_day) VALUES ($1, $2, $3, $4, $5, $6)`, ref.Root, ref.ID, i, m.Volunteer.String(), m.From, m.To); err != nil {
			return err
		}
	}
	if err := s.addNeed(ctx, ref.Root, t.Need, "", broughtNeed); err != nil || n == 0 {
		return err
	}
	return s.sweepNeeds(ctx, ref.Root)
}

// named is a record as tables keep it; "" is none.
func named(ref id.Ref) string {
	if ref.ID == 0 {
		return ""
	}
	return ref.String()
}

// Needs that somebody added to the list stay; those that only a team brought along go with the last team that has them,
// so that an import that is taken back leaves the list as it was.
const (
	addedNeed   = 1000
	broughtNeed = 1001
)

func (s store) sweepNeeds(ctx context.Context, root int64) error {
	_, err := s.db.Exec(ctx, `-- people.sweepNeeds
		DELETE FROM people_need WHERE root = $1 AND ord = $2
			AND NOT EXISTS (SELECT 1 FROM people_team t WHERE t.root = people_need.root AND t.need = people_need.name)`, root, broughtNeed)
	return err
}

// addNeed lets a need stand in the list of a city, once.
func (s store) addNeed(ctx context.Context, root int64, name, en string, order int64) error {
	if name == "" {
		return nil
	}
	_, err := s.db.Exec(ctx, `-- people.addNeed
		INSERT INTO people_need (root, name, en, ord)
		SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT)
		WHERE NOT EXISTS (SELECT 1 FROM people_need WHERE root IN (0, $1) AND name = $2)`, root, name, en, order)
	if err != nil || order != addedNeed {
		return err
	}
	_, err = s.db.Exec(ctx, `-- people.addNeed
		UPDATE people_need SET ord = $3 WHERE root = $1 AND name = $2`, root, name, addedNeed)
	return err
}

func (s store) needs(ctx context.Context, root int64) ([]Need, error) {
	return db.Select[Need](ctx, s.db, `-- people.needs
		SELECT root, name, en, parent, certified, ord FROM people_need WHERE root = 0 OR root = $1 ORDER BY ord, name`, root)
}

func (s store) need(ctx context.Context, name string) (Need, error) {
	return db.Get[Need](ctx, s.db, `-- people.need
		SELECT root, name, en, parent, certified, ord FROM people_need WHERE name = $1 ORDER BY root LIMIT 1`, name)
}

// needOf is the need of a city by its name.
func (s store) needOf(ctx context.Context, root int64, name string) (Need, error) {
	return db.Get[Need](ctx, s.db, `-- people.needOf
		SELECT root, name, en, parent, certified, ord FROM people_need WHERE root IN (0, $1) AND name = $2 ORDER BY root LIMIT 1`, root, name)
}

// setParent says under which shipped need a city's own counts; it takes a certificate where that one does.
func (s store) setParent(ctx context.Context, root int64, name, parent string) error {
	_, err := s.db.Exec(ctx, `-- people.setParent
		UPDATE people_need SET parent = $3, certified = COALESCE((SELECT p.certified FROM people_need p WHERE p.root = 0 AND p.name = $3), 0) WHERE root = $1 AND name = $2`,
		root, name, parent)
	return err
}

// suits are by what volunteers suit a standard need.
func (s store) suits(ctx context.Context, need string) ([]Suit, error) {
	return db.Select[Suit](ctx, s.db, `-- people.suits
		SELECT what, word FROM people_suit WHERE need = $1 ORDER BY ord`, need)
}

// where is the condition of a list: the reader's scope, the unit's subtree, the filter.
func (f Filter) where(within scope.Set, r scope.Range, day clock.Day) (string, []any) {
	cond := []string{within.SQL("pos"), scope.Set{r}.SQL("pos")}
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if f.Need != "" {
		n := arg(f.Need)
		cond = append(cond, "(need = "+n+" OR standard = "+n+")")
	}
	switch f.Whose {
	case "own":
		cond = append(cond, "owner = ''")
	case "others":
		cond = append(cond, "owner <> ''")
	}
	switch f.State {
	case Active:
		d := arg(day)
		cond = append(cond, "status = 'approved' AND founded_on <= "+d+" AND (dissolved_on = '' OR dissolved_on > "+d+")")
	case Upcoming:
		d := arg(day)
		cond = append(cond, "status = 'approved' AND founded_on > "+d+" AND (dissolved_on = '' OR dissolved_on > "+d+")")
	case Proposed:
		cond = append(cond, "status <> 'approved' AND (dissolved_on = '' OR dissolved_on > "+arg(day)+")")
	case Dissolved:
		cond = append(cond, "dissolved_on <> '' AND dissolved_on <= "+arg(day))
	}
	if f.Text != "" {
		like := arg("%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(f.Text) + "%")
		cond = append(cond, "(name LIKE "+like+` ESCAPE '\' OR code LIKE `+like+` ESCAPE '\' OR leader LIKE `+like+` ESCAPE '\' OR owner LIKE `+like+` ESCAPE '\')`)
	}
	return strings.Join(cond, " AND "), args
}

// list reads a page of teams by place and code.
func (s store) list(ctx context.Context, where string, args []any, pos int64, code string, limit int) ([]Listed, error) {
	n := len(args)
	p, c, l := "$"+strconv.Itoa(n+1), "$"+strconv.Itoa(n+2), "$"+strconv.Itoa(n+3)
	return db.Select[Listed](ctx, s.db, `-- people.list
		SELECT `+listed+` FROM people_team
		WHERE `+where+` AND (pos > `+p+` OR pos = `+p+` AND code > `+c+`) ORDER BY pos, code LIMIT `+l, append(args, pos, code, limit)...)
}

func (s store) count(ctx context.Context, where string, args []any) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- people.count
		SELECT COUNT(*) FROM people_team WHERE `+where, args...)
}

// idsOf lists the teams of a unit, for the ledger.
func (s store) idsOf(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- people.idsOf
		SELECT id FROM people_team WHERE unit = $1 ORDER BY id`, unit)
}

// near lists the teams at places of a scope, the latest first.
func (s store) placed(ctx context.Context, within scope.Set, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- people.placed
		SELECT id FROM people_team WHERE `+within.SQL("pos")+` ORDER BY id DESC LIMIT $1`, limit)
}

func (s store) byIDs(ctx context.Context, ids []id.ID) ([]Listed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Select[Listed](ctx, s.db, `-- people.byIDs
		SELECT `+listed+` FROM people_team WHERE id IN `+db.In(ids))
}

// namesakes lists a unit's teams of one name.
func (s store) namesakes(ctx context.Context, unit id.ID, name string) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- people.namesakes
		SELECT `+listed+` FROM people_team WHERE unit = $1 AND name = $2 ORDER BY id`, unit, name)
}

// AcrossUnitsByCode finds a team by its code wherever in the city it is: codes are the city's own.
func (s store) AcrossUnitsByCode(ctx context.Context, root int64, code string) (Listed, error) {
	return db.Get[Listed](ctx, s.db, `-- people.AcrossUnitsByCode
		SELECT `+listed+` FROM people_team WHERE root = $1 AND code = $2`, root, code)
}

type ownCount struct {
	Pos int64
	N   int64
}

// own counts the teams that stand at each place itself on the day, without those below.
func (s store) own(ctx context.Context, places []int64, day clock.Day) (map[int64]int64, error) {
	out := map[int64]int64{}
	if len(places) == 0 {
		return out, nil
	}
	rows, err := db.Select[ownCount](ctx, s.db, `-- people.own
		SELECT pos, COUNT(*) AS n FROM people_team
		WHERE pos IN `+db.In(places)+` AND `+standing+`
		GROUP BY pos`, day)
	for _, r := range rows {
		out[r.Pos] = r.N
	}
	return out, err
}

// standing is the condition that a team of a committee's own stands on day $1.
const standing = `owner = '' AND status = 'approved' AND founded_on <= $1 AND (dissolved_on = '' OR dissolved_on > $1)`

// dockedTo lists the teams that stand on a day and are docked to others, within the reader's view.
func (s store) dockedTo(ctx context.Context, within scope.Set, teams []id.Ref, day clock.Day) ([]Listed, error) {
	if len(teams) == 0 {
		return nil, nil
	}
	args, list := []any{day}, make([]string, len(teams))
	for i, r := range teams {
		args = append(args, r.String())
		list[i] = "$" + strconv.Itoa(i+2)
	}
	return db.Select[Listed](ctx, s.db, `-- people.dockedTo
		SELECT `+listed+` FROM people_team WHERE docked IN (`+strings.Join(list, ",")+`) AND `+standing+` AND `+within.SQL("pos")+` ORDER BY pos, code`, args...)
}

// ofAssociation lists the teams that an association runs, within the reader's view.
func (s store) ofAssociation(ctx context.Context, within scope.Set, association id.Ref, day clock.Day, limit int) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- people.ofAssociation
		SELECT `+listed+` FROM people_team WHERE run_by = $2 AND `+standing+` AND `+within.SQL("pos")+` ORDER BY pos, code LIMIT $3`, day, association.String(), limit)
}

// atUnits lists the teams that stand at units themselves on a day; who may see them is asked by the caller.
func (s store) atUnits(ctx context.Context, units []id.ID, day clock.Day) ([]Listed, error) {
	if len(units) == 0 {
		return nil, nil
	}
	return db.Select[Listed](ctx, s.db, `-- people.atUnits
		SELECT `+listed+` FROM people_team WHERE unit IN `+db.In(units)+` AND `+standing+` ORDER BY pos, code`, day)
}

// proposedBy lists what units proposed and nobody has approved, within a scope.
func (s store) proposedBy(ctx context.Context, units []id.ID, within scope.Set) ([]Listed, error) {
	if len(units) == 0 {
		return nil, nil
	}
	return db.Select[Listed](ctx, s.db, `-- people.proposedBy
		SELECT `+listed+` FROM people_team WHERE unit IN `+db.In(units)+` AND status <> 'approved' AND dissolved_on = '' AND owner = '' AND `+within.SQL("pos")+` ORDER BY id`)
}

type needAt struct {
	Standard string `db:"standard"`
	Town     int64  `db:"town"` // where the township's subtree begins
	N        int64  `db:"n"`
}

// townsByNeed counts the teams that stand on a day in each township of a range, villages and enterprises with it, by
// the standard need.
func (s store) townsByNeed(ctx context.Context, within scope.Set, r scope.Range, day clock.Day) ([]needAt, error) {
	return db.Select[needAt](ctx, s.db, `-- people.townsByNeed
		SELECT standard, pos / 10000 * 10000 AS town, COUNT(*) AS n FROM people_team
		WHERE `+standing+` AND `+within.SQL("pos")+` AND `+scope.Set{r}.SQL("pos")+` GROUP BY standard, pos / 10000 * 10000`, day)
}

// ofNeedAcrossUnits lists the teams of a city's need, whatever their state.
func (s store) ofNeedAcrossUnits(ctx context.Context, root int64, need string) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- people.ofNeedAcrossUnits
		SELECT `+listed+` FROM people_team WHERE root = $1 AND need = $2 ORDER BY id`, root, need)
}

// move follows a unit to its place of today.
func (s store) move(ctx context.Context, unit id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- people.move
		UPDATE people_team SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	return err
}
