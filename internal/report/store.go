package report

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

type documentRow struct {
	Root     int64     `db:"root"`
	ID       id.ID     `db:"id"`
	Unit     id.ID     `db:"unit"`
	Pos      int64     `db:"pos"`
	Title    string    `db:"title"`
	Byline   string    `db:"byline"`
	Day      clock.Day `db:"day"`
	IssuedOn clock.Day `db:"issued_on"`
}

const columns = `root, id, unit, pos, title, byline, day, issued_on`

func (s store) put(ctx context.Context, r documentRow, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- report.put
		DELETE FROM report_document WHERE root = $1 AND id = $2`, r.Root, r.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- report.put
		INSERT INTO report_document (root, id, unit, pos, title, byline, day, issued_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.Root, r.ID, r.Unit, r.Pos, r.Title, r.Byline, r.Day, r.IssuedOn)
	return err
}

// list is the newest documents of a subtree, as far as the reader may view.
func (s store) list(ctx context.Context, r scope.Range, within scope.Set, limit int) ([]documentRow, error) {
	return db.Select[documentRow](ctx, s.db, `-- report.list
		SELECT `+columns+` FROM report_document WHERE pos >= $1 AND pos < $2 AND `+within.SQL("pos")+` ORDER BY day DESC, id DESC LIMIT $3`,
		r.From, r.To, limit)
}

// issuedAcrossUnits tells whether a document was issued; its service has asked for the right.
func (s store) issuedAcrossUnits(ctx context.Context, ref id.Ref) (bool, error) {
	n, err := db.Get[int64](ctx, s.db, `-- report.issuedAcrossUnits
		SELECT count(*) FROM report_document WHERE root = $1 AND id = $2 AND issued_on <> ''`, ref.Root, ref.ID)
	return n > 0, err
}

func (s store) described(ctx context.Context, recs []id.ID) ([]documentRow, error) {
	return db.Select[documentRow](ctx, s.db, `-- report.described
		SELECT `+columns+` FROM report_document WHERE id IN `+db.In(recs))
}

// moveUnit lets documents follow a unit to its new place.
func (s store) moveUnit(ctx context.Context, unit id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- report.moveUnit
		UPDATE report_document SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	return err
}
