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

// fileOfAcrossUnits is the hash of a document's file as it is listed, none when it is not.
func (s store) fileOfAcrossUnits(ctx context.Context, ref id.Ref) ([]string, error) {
	return db.Select[string](ctx, s.db, `-- library.fileOfAcrossUnits
		SELECT hash FROM library_document WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
}

// putCitations keeps what a document cites in the place of what it cited before.
func (s store) putCitations(ctx context.Context, doc id.Ref, cites []citeKey) error {
	if _, err := s.db.Exec(ctx, `-- library.putCitations
		DELETE FROM library_citation WHERE root = $1 AND doc = $2`, doc.Root, doc.ID); err != nil {
		return err
	}
	args := make([]any, 0, 5*len(cites))
	for i, c := range cites {
		args = append(args, doc.Root, doc.ID, i, c.Title, c.Number)
	}
	return s.db.InsertMany(ctx, "-- library.putCitations\nINSERT INTO library_citation (root, doc, ord, title, number)", "", 5, args)
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
	var args []any
	var titled, numbered []string
	for i, c := range cites {
		if c.Title == "" {
			args = append(args, c.Number)
			numbered = append(numbered, fmt.Sprintf("(%d, CAST($%d AS TEXT))", i, len(args)))
			continue
		}
		args = append(args, c.Title, c.Number)
		titled = append(titled, fmt.Sprintf("(%d, CAST($%d AS TEXT), CAST($%d AS TEXT))", i, len(args)-1, len(args)))
	}
	seen := fmt.Sprintf("d.state = 'issued' AND d.id <> %d AND %s", int64(doc), visibleTo(a))
	var parts []string // apart, so that each is found by its index
	if len(titled) > 0 {
		parts = append(parts, `SELECT c.ord, d.no, d.id, d.dated, CASE WHEN c.number <> '' AND d.number_key = c.number THEN 1 ELSE 0 END AS exact
			FROM (SELECT column1 AS ord, column2 AS title, column3 AS number FROM (VALUES `+strings.Join(titled, ", ")+`) v) c JOIN library_document d ON d.title_key = c.title
			WHERE (c.number = '' OR d.number_key = '' OR d.number_key = c.number) AND `+seen)
	}
	if len(numbered) > 0 {
		parts = append(parts, `SELECT c.ord, d.no, d.id, d.dated, 1 AS exact
			FROM (SELECT column1 AS ord, column2 AS number FROM (VALUES `+strings.Join(numbered, ", ")+`) v) c JOIN library_document d ON d.number_key = c.number AND d.number_key <> '' WHERE `+seen)
	}
	return db.Select[aimed](ctx, s.db, `-- library.aimedAt
		WITH m AS (`+strings.Join(parts, " UNION ALL ")+`)
		SELECT ord, no, others FROM (SELECT ord, no, COUNT(*) OVER (PARTITION BY ord, exact) - 1 AS others, ROW_NUMBER() OVER (PARTITION BY ord ORDER BY exact DESC, dated DESC, id DESC) AS place FROM m) x
		WHERE place = 1 ORDER BY ord`, args...)
}

// parts are the conditions on citations x that can mean a document, each found by its own index, behind n other arguments.
func (c cited) parts(n int) (conds []string, args []any) {
	if c.key.Number == "" {
		return []string{fmt.Sprintf("x.title = $%d", n+1)}, []any{c.key.Title}
	}
	return []string{fmt.Sprintf("x.title = $%d AND x.number IN ('', $%d)", n+1, n+2), fmt.Sprintf("x.number = $%d AND x.number <> '' AND x.title = ''", n+2)}, []any{c.key.Title, c.key.Number}
}

// citing is the condition on documents d whose text cites one, behind n other arguments.
func (c *cited) citing(n int) (string, []any) {
	if c == nil {
		return "1 = 0", nil
	}
	conds, args := c.parts(n)
	for i, x := range conds {
		conds[i] = "SELECT x.doc FROM library_citation x WHERE " + x
	}
	return fmt.Sprintf("d.id <> %d AND d.id IN (%s)", int64(c.id), strings.Join(conds, " UNION ")), args
}

// citedBy are the newest issued documents that the reader sees and that cite one, at most limit: from the newest on, so that what half of
// all cite is as quick as what few do.
func (s store) citedBy(ctx context.Context, a scope.Actor, c cited, limit int) ([]id.ID, error) {
	conds, args := c.parts(0)
	for i, x := range conds {
		conds[i] = fmt.Sprintf(`SELECT doc FROM (SELECT x.doc FROM library_citation x JOIN library_document d ON d.root = x.root AND d.id = x.doc
			WHERE %s AND d.state = 'issued' AND d.id <> %d AND %s ORDER BY x.doc DESC LIMIT %d) p%d`, x, int64(c.id), visibleTo(a), limit, i)
	}
	return db.Select[id.ID](ctx, s.db, `-- library.citedBy
		SELECT doc FROM (`+strings.Join(conds, " UNION ")+fmt.Sprintf(`) u ORDER BY doc DESC LIMIT %d`, limit), args...)
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
