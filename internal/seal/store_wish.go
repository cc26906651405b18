package seal

import (
	"context"
	"fmt"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

const wishColumns = `w.root, w.id, w.unit, w.pos, w.no, w.kind, w.asker, w.proof, w.received, w.due, w.answered, w.outcome, w.by_name, w.ver`

func (s store) insertWish(ctx context.Context, x Wish) error {
	_, err := s.db.Exec(ctx, `-- seal.insertWish
		INSERT INTO seal_wish (root, id, unit, pos, no, kind, asker, proof, received, due, answered, outcome, by_name, ver) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', '', $11)`,
		x.Root, x.ID, x.Unit, x.Pos, x.No, x.Kind, x.Asker, x.Proof, x.Received, x.Due, x.Ver)
	return err
}

// answerWish ends a wish that nobody has answered; false when somebody has.
func (s store) answerWish(ctx context.Context, x Wish) (bool, error) {
	n, err := s.db.Exec(ctx, `-- seal.answerWish
		UPDATE seal_wish SET answered = $1, outcome = $2, by_name = $3, ver = ver + 1 WHERE root = $4 AND id = $5 AND ver = $6 AND answered = ''`, x.Answered, x.Outcome, x.ByName, x.Root, x.ID, x.Ver)
	return n == 1, err
}

// wishAcrossUnits is one wish; its service asks who reads. It is read without a lock, on pages too: answerWish sees that nobody answered meanwhile.
func (s store) wishAcrossUnits(ctx context.Context, ref id.Ref) (Wish, error) {
	return db.Get[Wish](ctx, s.db, `-- seal.wishAcrossUnits
		SELECT `+wishColumns+` FROM seal_wish w WHERE w.root = $1 AND w.id = $2`, ref.Root, ref.ID)
}

// wishesAcrossUnits are the wishes of one unit, those that wait first.
func (s store) wishesAcrossUnits(ctx context.Context, root int64, unit id.ID) ([]Wish, error) {
	return db.Select[Wish](ctx, s.db, `-- seal.wishesAcrossUnits
		SELECT `+wishColumns+` FROM seal_wish w WHERE w.root = $1 AND w.unit = $2 ORDER BY CASE WHEN w.answered = '' THEN 0 ELSE 1 END, w.due DESC, w.id DESC LIMIT 500`, root, unit)
}

// wishesOfAcrossUnits counts the wishes of a unit that were received in a year.
func (s store) wishesOfAcrossUnits(ctx context.Context, root int64, unit id.ID, year int) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- seal.wishesOfAcrossUnits
		SELECT CAST(COUNT(*) AS BIGINT) FROM seal_wish w WHERE w.root = $1 AND w.unit = $2 AND w.received >= $3 AND w.received <= $4`, root, unit, fmt.Sprintf("%d-01-01", year), fmt.Sprintf("%d-12-31", year))
}
