package guarantee

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

func (s store) putStandard(ctx context.Context, ref id.Ref, pos int64, v Standard, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- guarantee.putStandard
		DELETE FROM guarantee_standard WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- guarantee.putStandard
		INSERT INTO guarantee_standard (root, id, unit, pos, first_year, last_year) VALUES ($1, $2, $3, $4, $5, $6)`, ref.Root, ref.ID, v.Unit, pos, v.From, v.Until)
	return err
}

func (s store) putYear(ctx context.Context, ref id.Ref, pos int64, y Year, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- guarantee.putYear
		DELETE FROM guarantee_cited WHERE root = $1 AND rec = $2`, ref.Root, ref.ID); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, `-- guarantee.putYear
		DELETE FROM guarantee_year WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	if _, err := s.db.Exec(ctx, `-- guarantee.putYear
		INSERT INTO guarantee_year (root, id, unit, pos, year) VALUES ($1, $2, $3, $4, $5)`, ref.Root, ref.ID, y.Unit, pos, y.Year); err != nil {
		return err
	}
	for _, h := range y.Points {
		if h.Paper.Ref == (id.Ref{}) || h.Since == clock.Open || h.ToConfirm {
			continue
		}
		if _, err := s.db.Exec(ctx, `-- guarantee.putYear
			INSERT INTO guarantee_cited (root, rec, point, unit, pos, year, name, paper, no) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			ref.Root, ref.ID, h.Code, y.Unit, pos, y.Year, h.Name, h.Paper.Ref.ID, h.Paper.No); err != nil {
			return err
		}
	}
	return nil
}

// citing are the points that rest on a document, the latest year first.
func (s store) citing(ctx context.Context, paper id.ID, view scope.Set, limit int) ([]Citing, error) {
	return db.Select[Citing](ctx, s.db, `-- guarantee.citing
		SELECT root, rec, unit, year, name, no FROM guarantee_cited WHERE paper = $1 AND `+view.SQL("pos")+` ORDER BY year DESC, pos, point LIMIT $2`, paper, limit)
}

type standardRow struct {
	Root  int64 `db:"root"`
	ID    id.ID `db:"id"`
	Unit  id.ID `db:"unit"`
	Pos   int64 `db:"pos"`
	First int   `db:"first_year"`
	Last  int   `db:"last_year"`
}

func (r standardRow) ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

// standardsAcrossUnits are the standards at some places, the nearest and the newest last: a unit's own and those above it, which everybody
// below may read.
func (s store) standardsAcrossUnits(ctx context.Context, places []int64) ([]standardRow, error) {
	return db.Select[standardRow](ctx, s.db, `-- guarantee.standardsAcrossUnits
		SELECT root, id, unit, pos, first_year, last_year FROM guarantee_standard WHERE pos IN `+db.In(places)+` ORDER BY pos, first_year, id`)
}

func (s store) standardsByIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]standardRow, error) {
	return db.Select[standardRow](ctx, s.db, `-- guarantee.standardsByIDsAcrossUnits
		SELECT root, id, unit, pos, first_year, last_year FROM guarantee_standard WHERE id IN `+db.In(ids))
}

func (s store) yearsByIDs(ctx context.Context, ids []id.ID) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- guarantee.yearsByIDs
		SELECT root, id, unit, year FROM guarantee_year WHERE id IN `+db.In(ids))
}

// ofUnits are some units' records of a year, as far as the reader may view them.
func (s store) ofUnits(ctx context.Context, units []id.ID, view scope.Set, year int) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- guarantee.ofUnits
		SELECT root, id, unit, year FROM guarantee_year WHERE unit IN `+db.In(units)+` AND year = $1 AND `+view.SQL("pos"), year)
}

// moveUnit follows a unit to its place of today, or to its heir's.
func (s store) moveUnit(ctx context.Context, unit id.ID, pos int64) error {
	for _, table := range []string{"standard", "year", "budget", "revenue", "should", "cited"} {
		q := `-- guarantee.moveUnit
			UPDATE guarantee_` + table + ` SET pos = $2 WHERE unit = $1 AND pos <> $2`
		if _, err := s.db.Exec(ctx, q, unit, pos); err != nil {
			return err
		}
	}
	return nil
}
