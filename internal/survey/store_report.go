package survey

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const reportColumns = `root, id, unit, title, topic, finished_on, adopted_on, adopted_by`

func (s store) putReport(ctx context.Context, ref id.Ref, pos int64, r Report, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- survey.putReport
		DELETE FROM survey_report WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- survey.putReport
		INSERT INTO survey_report (`+reportColumns+`, pos) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		ref.Root, ref.ID, r.Unit, r.Title, r.Topic, r.FinishedOn, r.AdoptedOn, r.AdoptedBy, pos)
	return err
}

// reports are those of a subtree that were finished within some days, the latest first.
func (s store) reports(ctx context.Context, r scope.Range, view scope.Set, days clock.Period, limit int) ([]ListedReport, error) {
	return db.Select[ListedReport](ctx, s.db, `-- survey.reports
		SELECT `+reportColumns+` FROM survey_report WHERE `+scope.Set{r}.SQL("pos")+` AND `+view.SQL("pos")+` AND finished_on >= $1 AND finished_on <= $2
		ORDER BY finished_on DESC, pos, id LIMIT $3`, days.From, days.To, limit)
}

func (s store) reportsByIDs(ctx context.Context, ids []id.ID) ([]ListedReport, error) {
	return db.Select[ListedReport](ctx, s.db, `-- survey.reportsByIDs
		SELECT `+reportColumns+` FROM survey_report WHERE id IN `+db.In(ids))
}

func (s store) reportsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- survey.reportsOfUnit
		SELECT id FROM survey_report WHERE unit = $1 ORDER BY id`, unit)
}

// sameReport finds a unit's report by its title, for tables without keys.
func (s store) sameReport(ctx context.Context, unit id.ID, title string) ([]ListedReport, error) {
	return db.Select[ListedReport](ctx, s.db, `-- survey.sameReport
		SELECT `+reportColumns+` FROM survey_report WHERE unit = $1 AND title = $2 ORDER BY id`, unit, title)
}

func (s store) moveReports(ctx context.Context, unit id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- survey.moveReports
		UPDATE survey_report SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, pos)
	return err
}
