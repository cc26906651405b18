package association

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

const listed = `root, id, kind, unit, pos, code, name, association, detail, from_day, to_day, n`

// put writes a record's line anew; gone leaves nothing.
func (s store) put(ctx context.Context, l Listed, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- association.put
		DELETE FROM association_record WHERE root = $1 AND id = $2`, l.Root, l.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- association.put
		INSERT INTO association_record (`+listed+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		l.Root, l.ID, l.Kind, l.Unit, l.Pos, l.Code, l.Name, l.Association, l.Detail, l.From, l.To, l.N)
	return err
}

// where is the condition of a list: the reader's scope, the unit's subtree, the filter.
func (f Filter) where(kind string, within scope.Set, r scope.Range) (string, []any) {
	cond := []string{"kind = $1", within.SQL("pos"), scope.Set{r}.SQL("pos")}
	args := []any{kind}
	if f.Association != "" {
		args = append(args, f.Association)
		cond = append(cond, "association = $"+strconv.Itoa(len(args)))
	}
	if f.Text != "" {
		args = append(args, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(f.Text)+"%")
		like := "$" + strconv.Itoa(len(args)) + ` ESCAPE '\'`
		cond = append(cond, "(name LIKE "+like+" OR code LIKE "+like+")")
	}
	return strings.Join(cond, " AND "), args
}

// list reads a page by place and code.
func (s store) list(ctx context.Context, where string, args []any, pos int64, code string, limit int) ([]Listed, error) {
	n := len(args)
	p, c, l := "$"+strconv.Itoa(n+1), "$"+strconv.Itoa(n+2), "$"+strconv.Itoa(n+3)
	return db.Select[Listed](ctx, s.db, `-- association.list
		SELECT `+listed+` FROM association_record
		WHERE `+where+` AND (pos > `+p+` OR pos = `+p+` AND code > `+c+`) ORDER BY pos, code LIMIT `+l, append(args, pos, code, limit)...)
}

func (s store) count(ctx context.Context, where string, args []any) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- association.count
		SELECT COUNT(*) FROM association_record WHERE `+where, args...)
}

func (s store) idsOf(ctx context.Context, kind string, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- association.idsOf
		SELECT id FROM association_record WHERE kind = $1 AND unit = $2 ORDER BY id`, kind, unit)
}

// placed lists the records at places of a scope, the latest first.
func (s store) placed(ctx context.Context, kind string, within scope.Set, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- association.placed
		SELECT id FROM association_record WHERE kind = $1 AND `+within.SQL("pos")+` ORDER BY id DESC LIMIT $2`, kind, limit)
}

func (s store) byIDs(ctx context.Context, ids []id.ID) ([]Listed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Select[Listed](ctx, s.db, `-- association.byIDs
		SELECT `+listed+` FROM association_record WHERE id IN `+db.In(ids))
}

// atUnits lists the records of units themselves that stand on a day; who may see them is asked by the caller.
func (s store) atUnits(ctx context.Context, kind string, units []id.ID, day clock.Day) ([]Listed, error) {
	if len(units) == 0 {
		return nil, nil
	}
	return db.Select[Listed](ctx, s.db, `-- association.atUnits
		SELECT `+listed+` FROM association_record
		WHERE kind = $1 AND unit IN `+db.In(units)+` AND from_day <= $2 AND (to_day = '' OR to_day > $2) ORDER BY pos DESC, code`, kind, day)
}

// AcrossUnitsByCode finds a record by its code wherever in the city it is: codes are the city's own.
func (s store) AcrossUnitsByCode(ctx context.Context, root int64, kind, code string) (Listed, error) {
	return db.Get[Listed](ctx, s.db, `-- association.AcrossUnitsByCode
		SELECT `+listed+` FROM association_record WHERE root = $1 AND kind = $2 AND code = $3`, root, kind, code)
}

// alike lists a unit's records of one name.
func (s store) alike(ctx context.Context, kind string, unit id.ID, name string) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- association.alike
		SELECT `+listed+` FROM association_record WHERE kind = $1 AND unit = $2 AND name = $3 ORDER BY id`, kind, unit, name)
}

// guided lists the units that an association guided on days from one up to another, within the reader's view.
func (s store) guided(ctx context.Context, within scope.Set, association id.Ref, from, to clock.Day) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- association.guided
		SELECT `+listed+` FROM association_record
		WHERE kind = 'guidance' AND association = $1 AND from_day >= $2 AND from_day <= $3 AND `+within.SQL("pos")+` ORDER BY pos, from_day LIMIT 2000`, association.String(), from, to)
}

// move follows a unit to its place of today.
func (s store) move(ctx context.Context, unit id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- association.move
		UPDATE association_record SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	return err
}
