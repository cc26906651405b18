package seal

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// unitsAcrossRoots are the units of some roots that sealed records name as their keeper.
func (s store) unitsAcrossRoots(ctx context.Context, roots scope.Range) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- seal.unitsAcrossRoots
		SELECT DISTINCT unit FROM seal_record WHERE `+scope.Set{roots}.SQL("root"))
}

// kindYearAcrossUnits counts the sealed records of units by kind: entered and erased in some days, and live today.
func (s store) kindYearAcrossUnits(ctx context.Context, units []id.ID, from, to clock.Day) ([]KindYear, error) {
	return db.Select[KindYear](ctx, s.db, `-- seal.kindYearAcrossUnits
		SELECT kind, CAST(SUM(CASE WHEN entered >= $1 AND entered <= $2 THEN 1 ELSE 0 END) AS BIGINT) AS entered_n,
			CAST(SUM(CASE WHEN erased = '' THEN 1 ELSE 0 END) AS BIGINT) AS live_n,
			CAST(SUM(CASE WHEN erased >= $1 AND erased <= $2 AND erased_why <> 'expired' THEN 1 ELSE 0 END) AS BIGINT) AS erased_n,
			CAST(SUM(CASE WHEN erased >= $1 AND erased <= $2 AND erased_why = 'expired' THEN 1 ELSE 0 END) AS BIGINT) AS expired_n
		FROM seal_record WHERE unit IN `+db.In(units)+` GROUP BY kind ORDER BY kind`, from, to)
}

// consentYear counts the consents to what is sealed of a kind.
type consentYear struct {
	Kind      string `db:"kind"`
	Given     int64  `db:"given_n"`
	Withdrawn int64  `db:"withdrawn_n"`
	Refused   int64  `db:"refused_n"`
}

func (s store) consentYearAcrossUnits(ctx context.Context, units []id.ID, from, to clock.Day) ([]consentYear, error) {
	return db.Select[consentYear](ctx, s.db, `-- seal.consentYearAcrossUnits
		SELECT r.kind, CAST(SUM(CASE WHEN c.given >= $1 AND c.given <= $2 THEN 1 ELSE 0 END) AS BIGINT) AS given_n,
			CAST(SUM(CASE WHEN c.withdrawn >= $1 AND c.withdrawn <= $2 THEN 1 ELSE 0 END) AS BIGINT) AS withdrawn_n,
			CAST(SUM(CASE WHEN c.refused >= $1 AND c.refused <= $2 THEN 1 ELSE 0 END) AS BIGINT) AS refused_n
		FROM seal_record r JOIN seal_consent c ON c.root = r.root AND c.record = r.id WHERE r.unit IN `+db.In(units)+` GROUP BY r.kind ORDER BY r.kind`, from, to)
}

// liveGrantsAcrossUnits counts who may look at what units keep, beside themselves.
func (s store) liveGrantsAcrossUnits(ctx context.Context, units []id.ID, today clock.Day) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- seal.liveGrantsAcrossUnits
		SELECT CAST(COUNT(*) AS BIGINT) FROM seal_grant WHERE revoked = '' AND until >= $1 AND ends_at = 0 AND unit IN `+db.In(units), today)
}

// wishYearAcrossUnits counts the wishes of a subtree by kind.
func (s store) wishYearAcrossUnits(ctx context.Context, r scope.Range, from, to, today clock.Day) ([]WishYear, error) {
	return db.Select[WishYear](ctx, s.db, `-- seal.wishYearAcrossUnits
		SELECT kind, CAST(COUNT(*) AS BIGINT) AS received_n, CAST(SUM(CASE WHEN answered <> '' THEN 1 ELSE 0 END) AS BIGINT) AS answered_n,
			CAST(SUM(CASE WHEN answered > due OR answered = '' AND due < $3 THEN 1 ELSE 0 END) AS BIGINT) AS late_n
		FROM seal_wish WHERE `+scope.Set{r}.SQL("pos")+` AND received >= $1 AND received <= $2 GROUP BY kind ORDER BY kind`, from, to, today)
}
