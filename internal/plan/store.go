package plan

import (
	"context"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

func (s store) put(ctx context.Context, ref id.Ref, pos int64, p Plan, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- plan.put
		DELETE FROM plan_plan WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- plan.put
		INSERT INTO plan_plan (root, id, unit, pos, year, title, issued_on) VALUES ($1, $2, $3, $4, $5, $6, $7)`, ref.Root, ref.ID, p.Unit, pos, p.Year, p.Title, p.IssuedOn)
	return err
}

func (s store) putItem(ctx context.Context, ref id.Ref, pos int64, i Item, gone bool) error {
	for _, q := range []string{`-- plan.putItem
		DELETE FROM plan_item WHERE root = $1 AND id = $2`, `-- plan.putItem
		DELETE FROM plan_work WHERE root = $1 AND item = $2`, `-- plan.putItem
		DELETE FROM plan_served WHERE root = $1 AND item = $2`} {
		if _, err := s.db.Exec(ctx, q, ref.Root, ref.ID); err != nil {
			return err
		}
	}
	if gone {
		return nil
	}
	if _, err := s.db.Exec(ctx, `-- plan.putItem
		INSERT INTO plan_item (root, id, plan, unit, pos, year, title, kind, owner, due, figure, target, done_on, dropped_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		ref.Root, ref.ID, i.Plan.ID, i.Unit, pos, i.Year, i.Title, i.Kind, i.Owner, i.lastDay(), i.Figure, i.Target, i.DoneOn, i.Dropped); err != nil {
		return err
	}
	for n, l := range i.Links {
		if _, err := s.db.Exec(ctx, `-- plan.putItem
			INSERT INTO plan_work (root, item, no, kind, path, title, day) VALUES ($1, $2, $3, $4, $5, $6, $7)`, ref.Root, ref.ID, n, l.Kind, l.Path, l.Title, l.Day); err != nil {
			return err
		}
	}
	for _, c := range i.Central {
		if _, err := s.db.Exec(ctx, `-- plan.putItem
			INSERT INTO plan_served (root, item, task) VALUES ($1, $2, $3)`, ref.Root, ref.ID, c.ID); err != nil {
			return err
		}
	}
	return nil
}

func (s store) putCentral(ctx context.Context, ref id.Ref, pos int64, c Central, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- plan.putCentral
		DELETE FROM plan_central WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	civic := 0
	if c.Civic {
		civic = 1
	}
	_, err := s.db.Exec(ctx, `-- plan.putCentral
		INSERT INTO plan_central (root, id, unit, pos, year, name, civic) VALUES ($1, $2, $3, $4, $5, $6, $7)`, ref.Root, ref.ID, c.Unit, pos, c.Year, c.Name, civic)
	return err
}

// list are the plans of a year in a subtree, by place, with how many items they have, of them done and late on a day.
func (s store) list(ctx context.Context, r scope.Range, view scope.Set, year int, day clock.Day, after int64, limit int) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- plan.list
		SELECT p.root, p.id, p.unit, p.year, p.title, p.issued_on,
			(SELECT COUNT(*) FROM plan_item i WHERE i.root = p.root AND i.plan = p.id AND i.dropped_on = '') AS items,
			(SELECT COUNT(*) FROM plan_item i WHERE i.root = p.root AND i.plan = p.id AND i.dropped_on = '' AND i.done_on <> '') AS done,
			(SELECT COUNT(*) FROM plan_item i WHERE i.root = p.root AND i.plan = p.id AND i.dropped_on = '' AND i.done_on = '' AND i.due < $2) AS late
		FROM plan_plan p WHERE p.year = $1 AND `+scope.Set{r}.SQL("p.pos")+` AND `+view.SQL("p.pos")+` AND p.pos > $3 ORDER BY p.pos LIMIT $4`, year, day, after, limit)
}

func (s store) ofYear(ctx context.Context, unit id.ID, year int) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- plan.ofYear
		SELECT root, id, unit, year, title, issued_on, 0 AS items, 0 AS done, 0 AS late FROM plan_plan WHERE unit = $1 AND year = $2`, unit, year)
}

func (s store) byIDs(ctx context.Context, ids []id.ID) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- plan.byIDs
		SELECT root, id, unit, year, title, issued_on, 0 AS items, 0 AS done, 0 AS late FROM plan_plan WHERE id IN `+db.In(ids))
}

func (s store) idsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- plan.idsOfUnit
		SELECT id FROM plan_plan WHERE unit = $1 ORDER BY id`, unit)
}

const itemColumns = `i.root, i.id, i.unit, i.year, i.title, i.kind, i.owner, i.due, i.figure, i.target, i.done_on`

// itemsOf are the keys of a plan's items, by their last day.
func (s store) itemsOf(ctx context.Context, plan id.Ref) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- plan.itemsOf
		SELECT id FROM plan_item WHERE root = $1 AND plan = $2 ORDER BY due, id`, plan.Root, plan.ID)
}

// late are items in a subtree that have no result after their last day, the longest overdue first.
func (s store) late(ctx context.Context, r scope.Range, view scope.Set, day clock.Day, limit int) ([]ListedItem, error) {
	return db.Select[ListedItem](ctx, s.db, `-- plan.late
		SELECT `+itemColumns+` FROM plan_item i WHERE `+scope.Set{r}.SQL("i.pos")+` AND `+view.SQL("i.pos")+` AND i.done_on = '' AND i.dropped_on = '' AND i.due < $1 ORDER BY i.due, i.pos, i.id LIMIT $2`, day, limit)
}

func (s store) measures(ctx context.Context, r scope.Range, view scope.Set, year, limit int) ([]ListedItem, error) {
	return db.Select[ListedItem](ctx, s.db, `-- plan.measures
		SELECT `+itemColumns+` FROM plan_item i WHERE `+scope.Set{r}.SQL("i.pos")+` AND `+view.SQL("i.pos")+` AND i.kind = 'measure' AND i.dropped_on = '' AND i.year = $1 ORDER BY i.pos, i.id LIMIT $2`, year, limit)
}

// find looks for words in titles and owners of items.
func (s store) find(ctx context.Context, text string, view scope.Set, limit int) ([]ListedItem, error) {
	like := "%" + strings.NewReplacer(`!`, `!!`, `%`, `!%`, `_`, `!_`).Replace(strings.ToLower(text)) + "%"
	return db.Select[ListedItem](ctx, s.db, `-- plan.find
		SELECT `+itemColumns+` FROM plan_item i WHERE `+view.SQL("i.pos")+` AND (LOWER(i.title) LIKE $1 ESCAPE '!' OR LOWER(i.owner) LIKE $1 ESCAPE '!') ORDER BY i.year DESC, i.due DESC, i.pos, i.id LIMIT $2`, like, limit)
}

// itemsWithin are the keys of all items of a subtree, for tables.
func (s store) itemsWithin(ctx context.Context, r scope.Range, view scope.Set) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- plan.itemsWithin
		SELECT i.id FROM plan_item i WHERE `+scope.Set{r}.SQL("i.pos")+` AND `+view.SQL("i.pos")+` ORDER BY i.year DESC, i.pos, i.due, i.id`)
}

func (s store) itemsByIDs(ctx context.Context, ids []id.ID) ([]ListedItem, error) {
	return db.Select[ListedItem](ctx, s.db, `-- plan.itemsByIDs
		SELECT `+itemColumns+` FROM plan_item i WHERE i.id IN `+db.In(ids))
}

func (s store) itemIDsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- plan.itemIDsOfUnit
		SELECT id FROM plan_item WHERE unit = $1 ORDER BY id`, unit)
}

// sameItem finds an item of a unit's year by its title, for tables without keys.
func (s store) sameItem(ctx context.Context, unit id.ID, year int, title string) ([]ListedItem, error) {
	return db.Select[ListedItem](ctx, s.db, `-- plan.sameItem
		SELECT `+itemColumns+` FROM plan_item i WHERE i.unit = $1 AND i.year = $2 AND i.title = $3 ORDER BY i.id`, unit, year, title)
}

const centralColumns = `c.root, c.id, c.unit, c.year, c.name, c.civic,
	(SELECT COUNT(*) FROM plan_served v JOIN plan_item i ON i.root = v.root AND i.id = v.item WHERE v.task = c.id AND i.dropped_on = '' AND `
const centralColumns2 = `) AS items,
	(SELECT COUNT(*) FROM plan_served v JOIN plan_item i ON i.root = v.root AND i.id = v.item JOIN plan_work w ON w.root = v.root AND w.item = v.item WHERE v.task = c.id AND `

func counted(view scope.Set) string {
	return centralColumns + view.SQL("i.pos") + centralColumns2 + view.SQL("i.pos") + `) AS works`
}

// centralAcrossUnits are the central tasks of a year at some places: a unit's own and those of the units above it, whose
// names everybody below may read. What is counted is what the reader may view.
func (s store) centralAcrossUnits(ctx context.Context, places []int64, view scope.Set, year int) ([]ListedCentral, error) {
	return db.Select[ListedCentral](ctx, s.db, `-- plan.centralAcrossUnits
		SELECT `+counted(view)+` FROM plan_central c WHERE c.pos IN `+db.In(places)+` AND c.year = $1 ORDER BY c.civic, c.pos, c.name`, year)
}

func (s store) centralByIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]ListedCentral, error) {
	return db.Select[ListedCentral](ctx, s.db, `-- plan.centralByIDsAcrossUnits
		SELECT c.root, c.id, c.unit, c.year, c.name, c.civic, 0 AS items, 0 AS works FROM plan_central c WHERE c.id IN `+db.In(ids)+` ORDER BY c.civic, c.name`)
}

func (s store) centralIDsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- plan.centralIDsOfUnit
		SELECT id FROM plan_central WHERE unit = $1 ORDER BY id`, unit)
}

func (s store) centralNamed(ctx context.Context, unit id.ID, year int, name string) ([]ListedCentral, error) {
	return db.Select[ListedCentral](ctx, s.db, `-- plan.centralNamed
		SELECT c.root, c.id, c.unit, c.year, c.name, c.civic, 0 AS items, 0 AS works FROM plan_central c WHERE c.unit = $1 AND c.year = $2 AND c.name = $3`, unit, year, name)
}

// served tells whether an item serves a central task.
func (s store) served(ctx context.Context, task id.ID) (bool, error) {
	n, err := db.Select[id.ID](ctx, s.db, `-- plan.served
		SELECT item FROM plan_served WHERE task = $1 LIMIT 1`, task)
	return len(n) > 0, err
}

// servingItems are the items that serve a central task, as far as the reader may view them.
func (s store) servingItems(ctx context.Context, task id.ID, view scope.Set, limit int) ([]ListedItem, error) {
	return db.Select[ListedItem](ctx, s.db, `-- plan.servingItems
		SELECT `+itemColumns+` FROM plan_served v JOIN plan_item i ON i.root = v.root AND i.id = v.item WHERE v.task = $1 AND i.dropped_on = '' AND `+view.SQL("i.pos")+` ORDER BY i.pos, i.due, i.id LIMIT $2`, task, limit)
}

// works are what was done for a central task, the latest first, as far as the reader may view the items.
func (s store) works(ctx context.Context, task id.ID, view scope.Set, limit int) ([]ListedWork, error) {
	return db.Select[ListedWork](ctx, s.db, `-- plan.works
		SELECT i.root, i.id, i.unit, i.title AS item, w.kind, w.path, w.title, w.day FROM plan_served v JOIN plan_item i ON i.root = v.root AND i.id = v.item JOIN plan_work w ON w.root = v.root AND w.item = v.item
		WHERE v.task = $1 AND `+view.SQL("i.pos")+` ORDER BY w.day DESC, w.title LIMIT $2`, task, limit)
}

// moveUnit follows a unit to its place of today, or to its heir's.
func (s store) moveUnit(ctx context.Context, unit id.ID, pos int64) error {
	for _, q := range []string{`-- plan.moveUnit
		UPDATE plan_plan SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- plan.moveUnit
		UPDATE plan_item SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- plan.moveUnit
		UPDATE plan_central SET pos = $2 WHERE unit = $1 AND pos <> $2`} {
		if _, err := s.db.Exec(ctx, q, unit, pos); err != nil {
			return err
		}
	}
	return nil
}
