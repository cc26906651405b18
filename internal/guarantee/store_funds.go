package guarantee

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

func (s store) putBudget(ctx context.Context, ref id.Ref, pos int64, b Budget, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- guarantee.putBudget
		DELETE FROM guarantee_budget WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	in := 0
	if b.InBudget {
		in = 1
	}
	_, err := s.db.Exec(ctx, `-- guarantee.putBudget
		INSERT INTO guarantee_budget (root, id, unit, pos, year, amount, source, in_budget, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		ref.Root, ref.ID, b.Unit, pos, b.Year, b.Amount, b.Source, in, b.Doc.Name)
	return err
}

func (s store) putRevenue(ctx context.Context, ref id.Ref, pos int64, r Revenue, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- guarantee.putRevenue
		DELETE FROM guarantee_revenue WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- guarantee.putRevenue
		INSERT INTO guarantee_revenue (root, id, unit, pos, year, amount, source) VALUES ($1, $2, $3, $4, $5, $6, $7)`, ref.Root, ref.ID, r.Unit, pos, r.Year, r.Amount, r.Source)
	return err
}

func (s store) putShould(ctx context.Context, ref id.Ref, pos int64, x Should, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- guarantee.putShould
		DELETE FROM guarantee_should WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- guarantee.putShould
		INSERT INTO guarantee_should (root, id, unit, pos, name, kind, code, size, committee, founded_on, ceased) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		ref.Root, ref.ID, x.Unit, pos, x.Name, x.Kind, x.Code, x.Minors+x.Young, x.Committee, x.FoundedOn, x.Ceased)
	return err
}

const lineColumns = `root, id, unit, pos, year, amount, source, in_budget, document`

// lines are the lines of some units from a year to another, as far as the reader may view them.
func (s store) lines(ctx context.Context, units []id.ID, view scope.Set, from, to int) ([]ListedBudget, error) {
	return db.Select[ListedBudget](ctx, s.db, `-- guarantee.lines
		SELECT `+lineColumns+` FROM guarantee_budget WHERE unit IN `+db.In(units)+` AND year >= $1 AND year <= $2 AND `+view.SQL("pos")+` ORDER BY year DESC, in_budget DESC, amount DESC, id`, from, to)
}

// revenues are the revenues of some units from a year to another, as far as the reader may view them.
func (s store) revenues(ctx context.Context, units []id.ID, view scope.Set, from, to int) ([]ListedRevenue, error) {
	return db.Select[ListedRevenue](ctx, s.db, `-- guarantee.revenues
		SELECT root, id, unit, year, amount, source FROM guarantee_revenue WHERE unit IN `+db.In(units)+` AND year >= $1 AND year <= $2 AND `+view.SQL("pos")+` ORDER BY year DESC, id`, from, to)
}

func (s store) budgetsByIDs(ctx context.Context, ids []id.ID) ([]ListedBudget, error) {
	return db.Select[ListedBudget](ctx, s.db, `-- guarantee.budgetsByIDs
		SELECT `+lineColumns+` FROM guarantee_budget WHERE id IN `+db.In(ids))
}

func (s store) revenuesByIDs(ctx context.Context, ids []id.ID) ([]ListedRevenue, error) {
	return db.Select[ListedRevenue](ctx, s.db, `-- guarantee.revenuesByIDs
		SELECT root, id, unit, year, amount, source FROM guarantee_revenue WHERE id IN `+db.In(ids))
}

const shouldColumns = `root, id, unit, name, kind, size, committee, founded_on, ceased`

func (s store) shouldByIDs(ctx context.Context, ids []id.ID) ([]ListedShould, error) {
	return db.Select[ListedShould](ctx, s.db, `-- guarantee.shouldByIDs
		SELECT `+shouldColumns+` FROM guarantee_should WHERE id IN `+db.In(ids))
}

// should are those of a subtree that should have a committee on a day, those without one first, the largest first.
func (s store) should(ctx context.Context, r scope.Range, view scope.Set, kind string, day clock.Day, after, limit int) ([]ListedShould, error) {
	return db.Select[ListedShould](ctx, s.db, `-- guarantee.should
		SELECT `+shouldColumns+` FROM guarantee_should WHERE `+scope.Set{r}.SQL("pos")+` AND `+view.SQL("pos")+` AND ($1 = '' OR kind = $1) AND (ceased = '' OR ceased > $2)
		ORDER BY CASE WHEN committee = 0 THEN 0 ELSE 1 END, size DESC, pos, id LIMIT $3 OFFSET $4`, kind, day, limit, after)
}

// coveredBy are those whose committee is a unit.
func (s store) coveredBy(ctx context.Context, unit id.ID) ([]ListedShould, error) {
	return db.Select[ListedShould](ctx, s.db, `-- guarantee.coveredBy
		SELECT `+shouldColumns+` FROM guarantee_should WHERE committee = $1 ORDER BY id`, unit)
}

// sameShould finds those of a unit by code or name, for tables without keys and against entering one twice.
func (s store) sameShould(ctx context.Context, unit id.ID, code, name string) ([]ListedShould, error) {
	return db.Select[ListedShould](ctx, s.db, `-- guarantee.sameShould
		SELECT `+shouldColumns+` FROM guarantee_should WHERE unit = $1 AND (name = $2 OR (code <> '' AND code = $3)) ORDER BY id`, unit, name, code)
}

// idsOfUnit are the keys of a unit's records in a table of this module.
func (s store) idsOfUnit(table string) func(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return func(ctx context.Context, unit id.ID) ([]id.ID, error) {
		return db.Select[id.ID](ctx, s.db, `-- guarantee.idsOfUnit
			SELECT id FROM `+table+` WHERE unit = $1 ORDER BY id`, unit)
	}
}

// within are the keys of the records of a subtree in a table of this module.
func (s store) within(ctx context.Context, table, order string, r scope.Range, view scope.Set) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- guarantee.within
		SELECT id FROM `+table+` WHERE `+scope.Set{r}.SQL("pos")+` AND `+view.SQL("pos")+` ORDER BY `+order+`, pos, id`)
}
