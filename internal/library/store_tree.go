package library

import (
	"context"
	"fmt"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const categorised = `code, parent, name, en, place, reviewed <> 0 AS reviewed, from_day, to_day, successor, version`

// categories are all of them: they belong to no unit.
func (s store) categories(ctx context.Context) (Tree, error) {
	list, err := db.Select[Category](ctx, s.db, `-- library.categories
		SELECT `+categorised+` FROM library_category`)
	return Tree(list).sorted(), err
}

// holdCategories lets nobody else change the tree before this transaction has ended, nor file anything under a category.
func (s store) holdCategories(ctx context.Context) error {
	_, err := db.Select[string](ctx, s.db, `-- library.holdCategories
		SELECT code FROM library_category ORDER BY code`+s.db.ForUpdate())
	return err
}

func (s store) insertCategory(ctx context.Context, c Category) error {
	_, err := s.db.Exec(ctx, `-- library.insertCategory
		INSERT INTO library_category (code, parent, name, en, place, reviewed, from_day, to_day, successor, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.Code, c.Parent, c.Name, c.En, c.Place, bit(c.Reviewed), c.From, c.To, c.Successor, c.Version)
	return err
}

func (s store) updateCategory(ctx context.Context, c Category) error {
	_, err := s.db.Exec(ctx, `-- library.updateCategory
		UPDATE library_category SET parent = $2, name = $3, en = $4, place = $5, reviewed = $6, to_day = $7, successor = $8, version = $9 WHERE code = $1`,
		c.Code, c.Parent, c.Name, c.En, c.Place, bit(c.Reviewed), c.To, c.Successor, c.Version)
	return err
}

// putPlace says where a category stands among those beside it. Its version stays: nobody else's edit of it is disturbed.
func (s store) putPlace(ctx context.Context, code string, place int) error {
	_, err := s.db.Exec(ctx, `-- library.putPlace
		UPDATE library_category SET place = $2 WHERE code = $1 AND place <> $2`, code, place)
	return err
}

func (s store) insertChange(ctx context.Context, x categoryRow) error {
	_, err := s.db.Exec(ctx, `-- library.insertChange
		INSERT INTO library_category_change (id, code, at, actor, actor_name, actor_unit, act, was, now, docs) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		x.ID, x.Code, x.At, x.Actor, x.ActorName, x.ActorUnit, x.Act, x.Was, x.Now, x.Docs)
	return err
}

// categoryRow is a change of the tree as it is kept.
type categoryRow struct {
	ID        id.ID  `db:"id"`
	Code      string `db:"code"`
	At        int64  `db:"at"`
	Actor     id.ID  `db:"actor"`
	ActorName string `db:"actor_name"`
	ActorUnit id.ID  `db:"actor_unit"`
	Act       string `db:"act"`
	Was       string `db:"was"` // JSON of the category, "" for one that was added
	Now       string `db:"now"`
	Docs      int64  `db:"docs"`
}

// categoryChanges are those before one, the newest first.
func (s store) categoryChanges(ctx context.Context, before id.ID, limit int) ([]categoryRow, error) {
	where := ""
	if before != 0 {
		where = fmt.Sprintf(" WHERE id < %d", int64(before))
	}
	return db.Select[categoryRow](ctx, s.db, `-- library.categoryChanges
		SELECT id, code, at, actor, actor_name, actor_unit, act, was, now, docs FROM library_category_change`+where+` ORDER BY id DESC LIMIT $1`, limit)
}

// filedRow is how many documents stand under a category, and how many of them are issued without having been approved.
type filedRow struct {
	N          int64 `db:"n"`
	Unapproved int64 `db:"unapproved"`
}

// filedAcrossUnits counts the documents of a category, whoever may see them.
func (s store) filedAcrossUnits(ctx context.Context, code string) (filedRow, error) {
	return db.Get[filedRow](ctx, s.db, `-- library.filedAcrossUnits
		SELECT COUNT(*) AS n, COALESCE(SUM(CASE WHEN state = 'issued' AND approved = 0 THEN 1 ELSE 0 END), 0) AS unapproved FROM library_document WHERE category = $1`, code)
}

// ofCategoryAcrossUnits are the next documents of a category, to be re-filed by whoever may close it.
func (s store) ofCategoryAcrossUnits(ctx context.Context, code string, after id.ID, limit int) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- library.ofCategoryAcrossUnits
		SELECT `+listed+` FROM library_document d WHERE d.category = $1 AND d.id > $2 ORDER BY d.id LIMIT $3`, code, after, limit)
}

// years are the years of all documents of a filter, the newest first: from each a step to the next, so that a large library costs no more
// than the years that there are.
func (s store) years(ctx context.Context, a scope.Actor, f Filter) ([]int, error) {
	where, args := f.filtered(a)
	if f.Category != "" { // what an index has of a category is read once, not anew for each year
		return db.Select[int](ctx, s.db, `-- library.years
		SELECT DISTINCT d.year FROM library_document d WHERE d.year > 0 AND `+where+` ORDER BY d.year DESC`, args...)
	}
	return db.Select[int](ctx, s.db, `-- library.years
		WITH RECURSIVE y (year) AS (
			SELECT (SELECT d.year FROM library_document d WHERE `+where+` ORDER BY d.year DESC LIMIT 1)
			UNION ALL
			SELECT (SELECT d.year FROM library_document d WHERE d.year < y.year AND `+where+` ORDER BY d.year DESC LIMIT 1) FROM y WHERE y.year > 0
		) SELECT year FROM y WHERE year > 0`, args...)
}

// used are those of some categories under which a filter finds anything.
func (s store) used(ctx context.Context, a scope.Actor, f Filter, codes []string) ([]string, error) {
	where, args := f.filtered(a)
	in, more := texts(codes, len(args))
	return db.Select[string](ctx, s.db, `-- library.used
		SELECT c.code FROM library_category c WHERE c.code IN `+in+` AND EXISTS (SELECT 1 FROM library_document d WHERE d.category = c.code AND `+where+`)`, append(args, more...)...)
}
