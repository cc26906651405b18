package library

import (
	"context"
	"fmt"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// putCitations keeps what the text of a file cites.
func (s store) putCitations(ctx context.Context, root int64, hash string, cites []citeKey) error {
	args := make([]any, 0, 5*len(cites))
	for i, c := range cites {
		args = append(args, root, hash, i, c.Title, c.Number)
	}
	return s.db.InsertMany(ctx, "-- library.putCitations\nINSERT INTO library_citation (root, hash, ord, title, number)", "ON CONFLICT (root, hash, ord) DO NOTHING", 5, args)
}

// aimed is the document that a citation leads to, and how many others it could mean.
type aimed struct {
	Ord    int   `db:"ord"`
	No     int64 `db:"no"`
	Others int64 `db:"others"`
}

// aimedAt finds for each citation the newest issued document that the reader sees and that it can mean, one with the very number before one
// of which none is known. Beside whom it is said: doc itself is none of them.
func (s store) aimedAt(ctx context.Context, a scope.Actor, doc id.ID, cites []citeKey) ([]aimed, error) {
	if len(cites) == 0 {
		return nil, nil
	}
	args, rows := make([]any, 0, 2*len(cites)), make([]string, len(cites))
	for i, c := range cites {
		args = append(args, c.Title, c.Number)
		rows[i] = fmt.Sprintf("(%d, CAST($%d AS TEXT), CAST($%d AS TEXT))", i, 2*i+1, 2*i+2)
	}
	seen := fmt.Sprintf("d.state = 'issued' AND d.id <> %d AND %s", int64(doc), visibleTo(a))
	return db.Select[aimed](ctx, s.db, `-- library.aimedAt
		WITH c (ord, title, number) AS (VALUES `+strings.Join(rows, ", ")+`),
		m AS (SELECT c.ord, d.no, d.id, d.dated, CASE WHEN c.number <> '' AND d.number_key = c.number THEN 1 ELSE 0 END AS exact
			FROM c JOIN library_document d ON d.title_key = c.title WHERE c.title <> '' AND (c.number = '' OR d.number_key = '' OR d.number_key = c.number) AND `+seen+`
			UNION ALL SELECT c.ord, d.no, d.id, d.dated, 1 FROM c JOIN library_document d ON d.number_key = c.number WHERE c.title = '' AND `+seen+`)
		SELECT ord, no, others FROM (SELECT ord, no, COUNT(*) OVER (PARTITION BY ord, exact) - 1 AS others, ROW_NUMBER() OVER (PARTITION BY ord ORDER BY exact DESC, dated DESC, id DESC) AS place FROM m) x
		WHERE place = 1 ORDER BY ord`, args...)
}

// citing is the condition on documents d whose text cites one, behind n other arguments.
func (c *cited) citing(n int) (string, []any) {
	if c == nil {
		return "1 = 0", nil
	}
	cond, args := fmt.Sprintf("SELECT hash FROM library_citation WHERE title = $%d", n+1), []any{c.key.Title}
	if c.key.Number != "" {
		cond += fmt.Sprintf(" AND number IN ('', $%[1]d) UNION SELECT hash FROM library_citation WHERE title = '' AND number = $%[1]d", n+2)
		args = append(args, c.key.Number)
	}
	return fmt.Sprintf("d.id <> %d AND d.hash IN (%s)", int64(c.id), cond), args
}

type rootHash struct {
	Root   int64  `db:"root"`
	Hash   string `db:"hash"`
	Blocks string `db:"blocks"`
}

// uncitedAcrossUnits are texts out of which it was not read what they cite.
func (s store) uncitedAcrossUnits(ctx context.Context, limit int) ([]rootHash, error) {
	return db.Select[rootHash](ctx, s.db, `-- library.uncitedAcrossUnits
		SELECT root, hash, blocks FROM library_text WHERE cited = 0 ORDER BY root, hash LIMIT $1`, limit)
}

// citedText keeps what a text cites that was kept before texts were read for it.
func (s store) citedText(ctx context.Context, t rootHash, cites []citeKey) error {
	if _, err := s.db.Exec(ctx, `-- library.citedText
		UPDATE library_text SET cited = 1 WHERE root = $1 AND hash = $2`, t.Root, t.Hash); err != nil {
		return err
	}
	return s.putCitations(ctx, t.Root, t.Hash, cites)
}

// unkeyedAcrossUnits are documents that were kept before citations led to them.
func (s store) unkeyedAcrossUnits(ctx context.Context, limit int) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- library.unkeyedAcrossUnits
		SELECT `+listed+` FROM library_document d WHERE d.title_key = '' ORDER BY d.id LIMIT $1`, limit)
}

func (s store) putKey(ctx context.Context, ref id.Ref, key citeKey, dated clock.Day) error {
	_, err := s.db.Exec(ctx, `-- library.putKey
		UPDATE library_document SET title_key = $3, number_key = $4, dated = $5 WHERE root = $1 AND id = $2`, ref.Root, ref.ID, key.Title, key.Number, dated)
	return err
}
