package signal

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

type store struct{ db *db.DB }

const (
	filed = `root, id, unit, pos, month, released`
	shown = `root, id, unit, pos, month, topic, pooled, n, least`
)

func (s store) putReport(ctx context.Context, f Filed, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- signal.putReport
		DELETE FROM signal_report WHERE root = $1 AND id = $2`, f.Root, f.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- signal.putReport
		INSERT INTO signal_report (`+filed+`) VALUES ($1, $2, $3, $4, $5, $6)`, f.Root, f.ID, f.Unit, f.Pos, f.Month, f.Released)
	return err
}

// ownReports lists the months that a unit reported, the latest first.
func (s store) ownReports(ctx context.Context, unit id.ID) ([]Filed, error) {
	return db.Select[Filed](ctx, s.db, `-- signal.ownReports
		SELECT `+filed+` FROM signal_report WHERE unit = $1 ORDER BY month DESC LIMIT 36`, unit)
}

func (s store) ownReport(ctx context.Context, unit id.ID, month Month) (Filed, error) {
	return db.Get[Filed](ctx, s.db, `-- signal.ownReport
		SELECT `+filed+` FROM signal_report WHERE unit = $1 AND month = $2`, unit, month)
}

// pendingAcrossUnits lists what was reported of months up to one and is not published yet.
func (s store) pendingAcrossUnits(ctx context.Context, last Month) ([]Filed, error) {
	return db.Select[Filed](ctx, s.db, `-- signal.pendingAcrossUnits
		SELECT `+filed+` FROM signal_report WHERE released = 0 AND month <= $1 ORDER BY root, month, pos, id`, last)
}

func (s store) released(ctx context.Context, root int64, month Month) error {
	_, err := s.db.Exec(ctx, `-- signal.released
		UPDATE signal_report SET released = 1 WHERE root = $1 AND month = $2`, root, month)
	return err
}

// close notes that a city's month is published; 0 when it was already.
func (s store) close(ctx context.Context, root int64, month Month) (int64, error) {
	return s.db.Exec(ctx, `-- signal.close
		INSERT INTO signal_month (root, month) VALUES ($1, $2) ON CONFLICT (root, month) DO NOTHING`, root, month)
}

// reporting counts the units within the reader's view that reported one of some published months.
func (s store) reporting(ctx context.Context, view scope.Set, r scope.Range, from, to Month) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- signal.reporting
		SELECT COUNT(DISTINCT unit) FROM signal_report WHERE released = 1 AND month >= $1 AND month <= $2 AND `+view.Within(r).SQL("pos"), from, to)
}

// filed lists the reports of some months in a subtree, published or not, within the reader's view: that, not what.
func (s store) filed(ctx context.Context, view scope.Set, r scope.Range, from, to Month) ([]Filed, error) {
	return db.Select[Filed](ctx, s.db, `-- signal.filed
		SELECT `+filed+` FROM signal_report WHERE month >= $1 AND month <= $2 AND `+view.Within(r).SQL("pos")+` ORDER BY pos, month`, from, to)
}

// months lists those published in the cities of a subtree, the latest first.
func (s store) months(ctx context.Context, r scope.Range, limit int) ([]Month, error) {
	return db.Select[Month](ctx, s.db, `-- signal.months
		SELECT DISTINCT month FROM signal_month WHERE root >= $1 AND root <= $2 ORDER BY month DESC LIMIT $3`, org.RootOf(r.From), org.RootOf(r.To-1), limit)
}

const (
	allKinds   = `1 = 1`
	ownKind    = `pooled = 0`
	pooledKind = `pooled = 1`
)

// sums adds what is published of some months in a subtree by topic, within the reader's view.
func (s store) sums(ctx context.Context, view scope.Set, r scope.Range, from, to Month, kinds string) ([]Sum, error) {
	return db.Select[Sum](ctx, s.db, `-- signal.sums
		SELECT topic, SUM(n) AS n, MAX(least) AS least FROM signal_item WHERE month >= $1 AND month <= $2 AND `+kinds+` AND `+view.Within(r).SQL("pos")+` GROUP BY topic`, from, to)
}

// items lists what is published of some months in a subtree, within the reader's view.
func (s store) items(ctx context.Context, view scope.Set, r scope.Range, from, to Month) ([]Shown, error) {
	return db.Select[Shown](ctx, s.db, `-- signal.items
		SELECT `+shown+` FROM signal_item WHERE month >= $1 AND month <= $2 AND `+view.Within(r).SQL("pos")+` ORDER BY month, pos, pooled, topic`, from, to)
}

func (s store) putItem(ctx context.Context, x Shown) error {
	_, err := s.db.Exec(ctx, `-- signal.putItem
		INSERT INTO signal_item (`+shown+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, x.Root, x.ID, x.Unit, x.Pos, x.Month, x.Topic, x.Pooled, x.N, x.Least)
	return err
}

func (s store) dropItems(ctx context.Context, ref id.Ref) error {
	_, err := s.db.Exec(ctx, `-- signal.dropItems
		DELETE FROM signal_item WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
	return err
}

func (s store) ofUnitAcrossUnits(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- signal.ofUnitAcrossUnits
		SELECT DISTINCT id FROM signal_item WHERE unit = $1 ORDER BY id`, unit)
}

// byIDsAcrossUnits names published records: a line of each.
func (s store) byIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]Shown, error) {
	return db.Select[Shown](ctx, s.db, `-- signal.byIDsAcrossUnits
		SELECT `+shown+` FROM signal_item WHERE id IN `+db.In(ids))
}

// move follows a unit to its place of today.
func (s store) move(ctx context.Context, unit id.ID, pos int64) error {
	if _, err := s.db.Exec(ctx, `-- signal.move
		UPDATE signal_item SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `-- signal.move
		UPDATE signal_report SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	return err
}
