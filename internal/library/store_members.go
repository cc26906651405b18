package library

import (
	"context"
	"fmt"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// mark is what an account keeps and thinks of a document.
type mark struct {
	Kept  bool  `db:"kept"`
	Stars int64 `db:"stars"`
}

// markOf is an account's own; none is no error.
func (s store) markOf(ctx context.Context, ref id.Ref, account id.ID) (mark, error) {
	list, err := db.Select[mark](ctx, s.db, `-- library.markOf
		SELECT kept <> 0 AS kept, stars FROM library_mark WHERE root = $1 AND doc = $2 AND account = $3`, ref.Root, ref.ID, account)
	if err != nil || len(list) == 0 {
		return mark{}, err
	}
	return list[0], nil
}

func (s store) putMark(ctx context.Context, ref id.Ref, account id.ID, m mark, at int64) error {
	_, err := s.db.Exec(ctx, `-- library.putMark
		INSERT INTO library_mark (root, doc, account, kept, stars, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (root, doc, account) DO UPDATE SET kept = excluded.kept, stars = excluded.stars, at = excluded.at`, ref.Root, ref.ID, account, bit(m.Kept), m.Stars, at)
	return err
}

// Rating is what members think of a document together.
type Rating struct {
	N   int64 `db:"n" json:"n"`
	Sum int64 `db:"sum" json:"sum"` // of the stars
}

// ratingOf adds up the stars of a document that the service has found to be seen.
func (s store) ratingOf(ctx context.Context, ref id.Ref) (Rating, error) {
	return db.Get[Rating](ctx, s.db, `-- library.ratingOf
		SELECT COUNT(*) AS n, COALESCE(SUM(stars), 0) AS sum FROM library_mark WHERE root = $1 AND doc = $2 AND stars > 0`, ref.Root, ref.ID)
}

// Comment is what a member says of a document.
type Comment struct {
	Root    int64  `db:"root" json:"-"`
	ID      id.ID  `db:"id" json:"-"`
	Doc     id.ID  `db:"doc" json:"-"`
	Account id.ID  `db:"account" json:"-"`
	Name    string `db:"name" json:"name"`
	Unit    id.ID  `db:"unit" json:"-"`
	Words   string `db:"words" json:"words"`
	At      int64  `db:"at" json:"at"` // UTC milliseconds
	GoneAt  int64  `db:"gone_at" json:"gone_at,omitempty"`
	GoneBy  string `db:"gone_by" json:"gone_by,omitempty"`
	Reason  string `db:"reason" json:"reason,omitempty"`
}

// Ref is the comment's outside name.
func (c Comment) Ref() id.Ref { return id.Ref{Root: c.Root, ID: c.ID} }

const commented = `root, id, doc, account, name, unit, words, at, gone_at, gone_by, reason`

func (s store) insertComment(ctx context.Context, c Comment) error {
	_, err := s.db.Exec(ctx, `-- library.insertComment
		INSERT INTO library_comment (`+commented+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, c.Root, c.ID, c.Doc, c.Account, c.Name, c.Unit, c.Words, c.At, c.GoneAt, c.GoneBy, c.Reason)
	return err
}

// takeOff marks a comment as gone; false when it was already.
func (s store) takeOff(ctx context.Context, c Comment) (bool, error) {
	n, err := s.db.Exec(ctx, `-- library.takeOff
		UPDATE library_comment SET gone_at = $3, gone_by = $4, reason = $5 WHERE root = $1 AND id = $2 AND gone_at = 0`, c.Root, c.ID, c.GoneAt, c.GoneBy, c.Reason)
	return n == 1, err
}

// commentsOf are the comments on a document that the service has found to be seen, the newest first.
func (s store) commentsOf(ctx context.Context, ref id.Ref, limit int) ([]Comment, error) {
	return db.Select[Comment](ctx, s.db, `-- library.commentsOf
		SELECT `+commented+` FROM library_comment WHERE root = $1 AND doc = $2 ORDER BY id DESC LIMIT $3`, ref.Root, ref.ID, limit)
}

// commentsSince counts what an account wrote lately.
func (s store) commentsSince(ctx context.Context, account id.ID, since int64) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- library.commentsSince
		SELECT COUNT(*) FROM library_comment WHERE account = $1 AND at > $2`, account, since)
}

// commentAcrossUnits reads a comment; the service asks who may.
func (s store) commentAcrossUnits(ctx context.Context, ref id.Ref) (Comment, error) {
	return db.Get[Comment](ctx, s.db, `-- library.commentAcrossUnits
		SELECT `+commented+` FROM library_comment WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
}

// addOpened adds to how often a post opened a document in a month.
func (s store) addOpened(ctx context.Context, o opened, n int64) error {
	_, err := s.db.Exec(ctx, `-- library.addOpened
		INSERT INTO library_opened (root, doc, post, month, n) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (root, doc, post, month) DO UPDATE SET n = library_opened.n + excluded.n`, o.ref.Root, o.ref.ID, o.post, o.month, n)
	return err
}

// openedBy are the documents that a reader sees and that those of one kind of post opened most since a month.
func (s store) openedBy(ctx context.Context, a scope.Actor, post, since string, not id.ID, least, limit int) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- library.openedBy
		SELECT `+listed+` FROM (SELECT root, doc, SUM(n) AS n FROM library_opened WHERE post = $1 AND month >= $2 GROUP BY root, doc HAVING SUM(n) >= $3) o
		JOIN library_document d ON d.root = o.root AND d.id = o.doc WHERE d.state = 'issued' AND d.id <> $4 AND `+visibleTo(a)+`
		ORDER BY o.n DESC, d.id DESC LIMIT $5`, post, since, least, not, limit)
}

// Collection is a set of documents that a unit puts together under a title. Visible and State are as of a document.
type Collection struct {
	Root    int64   `db:"root" json:"-"`
	ID      id.ID   `db:"id" json:"-"`
	Unit    id.ID   `db:"unit" json:"-"`
	Pos     int64   `db:"pos" json:"-"`
	PosTo   int64   `db:"pos_to" json:"-"`
	Title   string  `db:"title" json:"title"`
	Note    string  `db:"note" json:"note,omitempty"`
	Visible Visible `db:"visible" json:"visible"`
	State   State   `db:"state" json:"-"` // Issued, or Withdrawn for one that was dissolved
	Version int64   `db:"version" json:"version"`
}

// Ref is the collection's outside name.
func (c Collection) Ref() id.Ref { return id.Ref{Root: c.Root, ID: c.ID} }

const collection = `d.root, d.id, d.unit, d.pos, d.pos_to, d.title, d.note, d.visible, d.state, d.version`

// putCollection keeps a collection; false when it stands in another version than was thought. Version 1 is a new one.
func (s store) putCollection(ctx context.Context, c Collection) (bool, error) {
	if c.Version == 1 {
		_, err := s.db.Exec(ctx, `-- library.putCollection
			INSERT INTO library_collection (root, id, unit, pos, pos_to, title, note, visible, state, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			c.Root, c.ID, c.Unit, c.Pos, c.PosTo, c.Title, c.Note, c.Visible, c.State, c.Version)
		return true, err
	}
	n, err := s.db.Exec(ctx, `-- library.putCollection
		UPDATE library_collection SET title = $3, note = $4, visible = $5, state = $6, version = $7 WHERE root = $1 AND id = $2 AND version = $8`,
		c.Root, c.ID, c.Title, c.Note, c.Visible, c.State, c.Version, c.Version-1)
	return n == 1, err
}

// collections are those that the reader sees, the newest first; of one unit when it is named.
func (s store) collections(ctx context.Context, a scope.Actor, unit, after id.ID, limit int) ([]Collection, error) {
	where, args := visibleTo(a)+" AND d.state = 'issued'", []any{limit}
	if unit != 0 {
		where += fmt.Sprintf(" AND d.unit = %d", int64(unit))
	}
	if after != 0 {
		where += fmt.Sprintf(" AND d.id < %d", int64(after))
	}
	return db.Select[Collection](ctx, s.db, `-- library.collections
		SELECT `+collection+` FROM library_collection d WHERE `+where+` ORDER BY d.id DESC LIMIT $1`, args...)
}

// collectionSeen is a collection that the reader sees.
func (s store) collectionSeen(ctx context.Context, a scope.Actor, ref id.Ref) (Collection, error) {
	return db.Get[Collection](ctx, s.db, `-- library.collectionSeen
		SELECT `+collection+` FROM library_collection d WHERE d.root = $1 AND d.id = $2 AND d.state = 'issued' AND `+visibleTo(a), ref.Root, ref.ID)
}

// collected are the documents of a collection that the reader sees, in its order.
func (s store) collected(ctx context.Context, a scope.Actor, ref id.Ref) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- library.collected
		SELECT `+listed+` FROM library_collected c JOIN library_document d ON d.root = c.doc_root AND d.id = c.doc
		WHERE c.root = $1 AND c.collection = $2 AND `+visibleTo(a)+` ORDER BY c.ord, d.id`, ref.Root, ref.ID)
}

// countCollected is how many documents a collection holds, seen or not.
func (s store) countCollected(ctx context.Context, ref id.Ref) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- library.countCollected
		SELECT COUNT(*) FROM library_collected WHERE root = $1 AND collection = $2`, ref.Root, ref.ID)
}

func (s store) collect(ctx context.Context, c, doc id.Ref) error {
	_, err := s.db.Exec(ctx, `-- library.collect
		INSERT INTO library_collected (root, collection, doc_root, doc, ord)
		SELECT $1, $2, $3, $4, COALESCE(MAX(ord), 0) + 1 FROM library_collected WHERE root = $1 AND collection = $2
		ON CONFLICT (root, collection, doc) DO NOTHING`, c.Root, c.ID, doc.Root, doc.ID)
	return err
}

func (s store) uncollect(ctx context.Context, c id.Ref, doc id.ID) error {
	_, err := s.db.Exec(ctx, `-- library.uncollect
		DELETE FROM library_collected WHERE root = $1 AND collection = $2 AND doc = $3`, c.Root, c.ID, doc)
	return err
}

// collectionsOf are the collections that a reader sees in which a document stands.
func (s store) collectionsOf(ctx context.Context, a scope.Actor, doc id.ID) ([]Collection, error) {
	return db.Select[Collection](ctx, s.db, `-- library.collectionsOf
		SELECT `+collection+` FROM library_collected c JOIN library_collection d ON d.root = c.root AND d.id = c.collection
		WHERE c.doc = $1 AND d.state = 'issued' AND `+visibleTo(a)+` ORDER BY d.id DESC LIMIT 20`, doc)
}

// moveCollections follows a unit to its place of today, or to its heir's.
func (s store) moveCollections(ctx context.Context, unit id.ID, at scope.Range) error {
	_, err := s.db.Exec(ctx, `-- library.moveCollections
		UPDATE library_collection SET pos = $2, pos_to = $3 WHERE unit = $1`, unit, at.From, at.To)
	return err
}

// reportsSince counts what an account reported lately.
func (s store) reportsSince(ctx context.Context, account id.ID, since int64) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- library.reportsSince
		SELECT COUNT(*) FROM library_report WHERE by_account = $1 AND at > $2`, account, since)
}

// reportsBy are what an account reported, the newest first.
func (s store) reportsBy(ctx context.Context, account id.ID, limit int) ([]Report, error) {
	return db.Select[Report](ctx, s.db, `-- library.reportsBy
		SELECT `+reported+` FROM library_report WHERE by_account = $1 AND by_account <> 0 ORDER BY id DESC LIMIT $2`, account, limit)
}

// reportByReceiptAcrossUnits reads a report for whoever holds its receipt.
func (s store) reportByReceiptAcrossUnits(ctx context.Context, receipt string) (Report, error) {
	return db.Get[Report](ctx, s.db, `-- library.reportByReceiptAcrossUnits
		SELECT `+reported+` FROM library_report WHERE receipt = $1 AND receipt <> ''`, receipt)
}

// ruled are the units of a range that have documents of some categories in force in the library (R196).
func (s store) ruled(ctx context.Context, r scope.Set, codes []string) ([]id.ID, error) {
	in, args := texts(codes, 0)
	return db.Select[id.ID](ctx, s.db, `-- library.ruled
		SELECT DISTINCT d.unit FROM library_document d WHERE d.category IN `+in+` AND d.hash <> '' AND d.state = 'issued' AND `+r.SQL("d.pos"), args...)
}
