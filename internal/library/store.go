package library

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/search"
)

type store struct {
	db    *db.DB
	index *search.Index
}

const listed = `d.root, d.id AS doc, d.no, d.unit, d.title, d.category, d.year, d.format, d.pages, d.size, d.hash, d.visible, d.state, d.uploaded, d.approved <> 0 AS approved, d.speaker, d.number, d.issuers`

// visibleTo is the one rule that says which documents somebody sees, on library_document d. Numbers are our own.
func visibleTo(a scope.Actor) string {
	if a.System {
		return "1 = 1"
	}
	circles := []string{"d.visible = 'public'"}
	if a.SignedIn() {
		circles = append(circles, "d.visible = 'partners'", a.AuditSet.SQL("d.pos"))
	}
	if len(a.ViewSet) > 0 {
		circles = append(circles, "d.visible = 'members'", "d.visible IN ('below', 'above') AND "+a.ViewSet.SQL("d.pos"))
	}
	if a.ViewSet.Contains(a.Pos) { // an account outlives its post
		circles = append(circles, fmt.Sprintf("d.unit = %d", int64(a.Unit)), fmt.Sprintf("d.visible = 'below' AND d.pos <= %[1]d AND d.pos_to > %[1]d", a.Pos))
	}
	// what waits to be approved is read by whoever may be asked
	return "(" + a.WorkSet.SQL("d.pos") + " OR d.state IN ('review', 'approved') AND " + a.ViewSet.SQL("d.pos") + " OR d.state = 'issued' AND (" + strings.Join(circles, " OR ") + "))"
}

// put writes what lists need of a document; one that is gone leaves them and the index. Errors: errs.Conflict library.category_closed when
// its category does not stand; nobody closes that before this transaction has ended.
func (s store) put(ctx context.Context, ref id.Ref, v Document, at scope.Range, gone bool) error {
	if gone {
		if _, err := s.db.Exec(ctx, `-- library.put
			DELETE FROM library_document WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil {
			return err
		}
		return s.index.Drop(ctx, ref.ID)
	}
	key := v.key()
	n, err := s.db.Exec(ctx, `-- library.put
		INSERT INTO library_document (root, id, no, unit, pos, pos_to, title, category, year, format, pages, size, hash, visible, state, uploaded, approved, project_root, project, speaker, number, issuers, title_key, number_key, dated)
		SELECT $1, $2, $3, $4, $5, $6, $7, c.code, $9, $10, COALESCE((SELECT r.pages FROM library_rendition r WHERE r.root = $1 AND r.hash = $13 AND r.pages > 0), $11), $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25
		FROM library_category c WHERE c.code = $8 AND c.to_day = $26`+s.db.ForShare()+`
		ON CONFLICT (root, id) DO UPDATE SET no = excluded.no, unit = excluded.unit, pos = excluded.pos, pos_to = excluded.pos_to, title = excluded.title, category = excluded.category, year = excluded.year, format = excluded.format,
		pages = excluded.pages, size = excluded.size, hash = excluded.hash, visible = excluded.visible, state = excluded.state, uploaded = excluded.uploaded, approved = excluded.approved, project_root = excluded.project_root, project = excluded.project,
		speaker = excluded.speaker, number = excluded.number, issuers = excluded.issuers, title_key = excluded.title_key, number_key = excluded.number_key, dated = excluded.dated`,
		ref.Root, ref.ID, v.No, v.Unit, at.From, at.To, v.Title, v.Category, v.Year, v.File.Kind, v.Pages, v.File.Size, v.File.Hash, v.Visible, v.State, v.Uploaded, bit(v.approved()),
		v.Project.Root, v.Project.ID, v.Speaker.Person, v.Number, v.Issuers, key.Title, key.Number, v.dated(), clock.Open)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "library.category_closed")
	}
	return err
}

// texts writes the list of an SQL IN for texts that are parameters, after so many others.
func texts(list []string, after int) (in string, args []any) {
	names := make([]string, len(list))
	for i, x := range list {
		names[i], args = fmt.Sprintf("$%d", after+i+1), append(args, x)
	}
	return "(" + strings.Join(names, ", ") + ")", args
}

func bit(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// freeNumber gives a number to a document that has none: drawn, so that nobody waits for a counter, and kept for ever.
func (s store) freeNumber(ctx context.Context, draw func() int64) (int64, error) {
	for {
		no := draw()
		n, err := s.db.Exec(ctx, `-- library.freeNumber
			INSERT INTO library_number (no, root, id) VALUES ($1, 0, 0) ON CONFLICT (no) DO NOTHING`, no)
		if err != nil || n == 1 {
			return no, err
		}
	}
}

func (s store) bindNumber(ctx context.Context, no int64, ref id.Ref) error {
	_, err := s.db.Exec(ctx, `-- library.bindNumber
		UPDATE library_number SET root = $2, id = $3 WHERE no = $1`, no, ref.Root, ref.ID)
	return err
}

// putText keeps what was read out of a file, once, with its sketch.
func (s store) putText(ctx context.Context, root int64, hash, blocks, sketch string) error {
	_, err := s.db.Exec(ctx, `-- library.putText
		INSERT INTO library_text (root, hash, blocks, sketch) VALUES ($1, $2, $3, $4) ON CONFLICT (root, hash) DO NOTHING`, root, hash, blocks, sketch)
	return err
}

// textAcrossUnits reads the text of a file; the service has asked who sees a document with it.
func (s store) textAcrossUnits(ctx context.Context, hash string) (string, error) {
	list, err := db.Select[string](ctx, s.db, `-- library.textAcrossUnits
		SELECT blocks FROM library_text WHERE hash = $1 LIMIT 1`, hash)
	if err != nil || len(list) == 0 {
		return "{}", err
	}
	return list[0], nil
}

// keptText is what was read out of a file, as it is kept.
type keptText struct {
	Hash   string `db:"hash"`
	Blocks string `db:"blocks"`
	Sketch string `db:"sketch"`
}

func (s store) textsAcrossUnits(ctx context.Context, hashes []string) (map[string]keptText, error) {
	out := map[string]keptText{}
	if len(hashes) == 0 {
		return out, nil
	}
	in, args := texts(hashes, 0)
	list, err := db.Select[keptText](ctx, s.db, `-- library.textsAcrossUnits
		SELECT hash, blocks, sketch FROM library_text WHERE hash IN `+in, args...)
	for _, t := range list {
		out[t.Hash] = t
	}
	return out, err
}

// sketchRow is a document with the sketch of its text.
type sketchRow struct {
	Listed
	Sketch string `db:"sketch"`
}

// near are documents that the reader sees whose text shares a band with a sketch, or whose file is the same.
func (s store) near(ctx context.Context, a scope.Actor, not id.ID, hash string, bands []int64, limit int) ([]sketchRow, error) {
	kin, err := search.Kindred(ctx, s.index, bands, among(a, "d.id <> $1 AND "+visibleTo(a), []any{not}), "d.id AS doc", docOf, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]id.ID, len(kin))
	for i, k := range kin {
		ids[i] = k.Doc
	}
	return db.Select[sketchRow](ctx, s.db, `-- library.near
		SELECT `+listed+`, t.sketch FROM (SELECT id FROM library_document WHERE id`+s.db.OneOf("$4")+` UNION SELECT id FROM library_document WHERE hash = $2) h
		JOIN library_document d ON d.id = h.id JOIN library_text t ON t.root = d.root AND t.hash = d.hash
		WHERE d.id <> $1 AND `+visibleTo(a)+`
		ORDER BY d.id DESC LIMIT $3`, not, hash, limit, db.List(s.db, ids))
}

type docRow struct {
	Doc id.ID `db:"doc"`
}

func docOf(r docRow) id.ID { return r.Doc }

// filtered is the condition of a filter on library_document d, without its words, and its arguments; from is the first number.
func (f Filter) filtered(a scope.Actor) (string, []any) {
	where, args := []string{visibleTo(a)}, []any{}
	add := func(cond string, v any) {
		args = append(args, v)
		where = append(where, fmt.Sprintf(cond, len(args)))
	}
	if f.Category != "" {
		in, more := texts(f.under, len(args))
		where, args = append(where, "d.category IN "+in), append(args, more...)
	}
	if f.Format != "" {
		add("d.format = $%d", f.Format)
	}
	if f.Year != 0 {
		add("d.year = $%d", f.Year)
	}
	if f.State != "" {
		add("d.state = $%d", string(f.State))
	}
	if f.Unit != 0 {
		where = append(where, fmt.Sprintf("d.unit = %d", int64(f.Unit)))
	}
	if f.Within != (scope.Range{}) {
		where = append(where, scope.Set{f.Within}.SQL("d.pos"))
	}
	if f.Kept {
		where = append(where, fmt.Sprintf("EXISTS (SELECT 1 FROM library_mark k WHERE k.root = d.root AND k.doc = d.id AND k.account = %d AND k.kept = 1)", int64(a.Account)))
	}
	if f.Approved {
		where = append(where, "d.approved = 1")
	}
	if f.Speaker != "" {
		add("d.speaker = $%d", f.Speaker)
	}
	if f.Project != (id.Ref{}) {
		where = append(where, fmt.Sprintf("d.project = %d AND d.project_root = %d", int64(f.Project.ID), f.Project.Root))
	}
	if f.Cites != 0 {
		cond, more := f.cited.citing(len(args))
		where, args = append(where, cond), append(args, more...)
	}
	return strings.Join(where, " AND "), args
}

// list reads the newest documents of a filter without words, from the one after After on.
func (s store) list(ctx context.Context, a scope.Actor, f Filter) ([]Listed, error) {
	where, args := f.filtered(a)
	if f.After != 0 {
		args = append(args, f.After)
		where += fmt.Sprintf(" AND d.id < $%d", len(args))
	}
	args = append(args, f.Limit)
	return db.Select[Listed](ctx, s.db, `-- library.list
		SELECT `+listed+` FROM library_document d WHERE `+where+fmt.Sprintf(` ORDER BY d.id DESC LIMIT $%d`, len(args)), args...)
}

// tally is what is counted of a document.
type tally struct {
	Doc      id.ID  `db:"doc"`
	Category string `db:"category"`
	Format   string `db:"format"`
	Year     int    `db:"year"`
}

const tallied = `d.id AS doc, d.category, d.format, d.year`

// newest are the newest documents of a filter without words, at most n, to be counted: of a hundred thousand all cannot be with each page.
func (s store) newest(ctx context.Context, a scope.Actor, f Filter, n int) ([]tally, error) {
	where, args := f.filtered(a)
	return db.Select[tally](ctx, s.db, `-- library.newest
		SELECT `+tallied+` FROM library_document d WHERE `+where+fmt.Sprintf(` ORDER BY d.id DESC LIMIT %d`, n), args...)
}

// public is the mark of what everybody may read, all that visitors find.
const public = "public"

// among is where words are looked for: in what a filter leaves of what the reader sees.
func among(a scope.Actor, where string, args []any) search.Among {
	out := search.Among{From: "library_document d", Doc: "d.id", Where: where, Args: args}
	if !a.SignedIn() && !a.System {
		out.Mark = public
	}
	return out
}

// find looks for words among the documents of a filter.
func (s store) find(ctx context.Context, a scope.Actor, q search.Query, f Filter) ([]search.Hit[tally], bool, error) {
	where, args := f.filtered(a)
	return search.Find(ctx, s.index, q, among(a, where, args), tallied, func(t tally) id.ID { return t.Doc })
}

// inOrderAcrossUnits reads documents that were found, in the order of their ids.
func (s store) inOrderAcrossUnits(ctx context.Context, ids []id.ID) ([]Listed, error) {
	list, err := s.describedAcrossUnits(ctx, ids)
	slices.SortFunc(list, func(a, b Listed) int { return cmp.Compare(slices.Index(ids, a.ID), slices.Index(ids, b.ID)) })
	return list, err
}

func keyOf(l Listed) id.ID { return l.ID }

// byNumber finds a document that the reader sees.
func (s store) byNumber(ctx context.Context, a scope.Actor, no int64) (Listed, error) {
	return db.Get[Listed](ctx, s.db, `-- library.byNumber
		SELECT `+listed+` FROM library_number n JOIN library_document d ON d.root = n.root AND d.id = n.id WHERE n.no = $1 AND `+visibleTo(a), no)
}

// byRef finds a document that the reader sees.
func (s store) byRef(ctx context.Context, a scope.Actor, ref id.Ref) (Listed, error) {
	return db.Get[Listed](ctx, s.db, `-- library.byRef
		SELECT `+listed+` FROM library_document d WHERE d.root = $1 AND d.id = $2 AND `+visibleTo(a), ref.Root, ref.ID)
}

// ofFile are the numbers of a unit's documents of that very file.
func (s store) ofFile(ctx context.Context, unit id.ID, hash string) ([]int64, error) {
	return db.Select[int64](ctx, s.db, `-- library.ofFile
		SELECT no FROM library_document WHERE unit = $1 AND hash = $2 ORDER BY id`, unit, hash)
}

// idsOf lists the documents of a unit, for the ledger.
func (s store) idsOf(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- library.idsOf
		SELECT id FROM library_document WHERE unit = $1 ORDER BY id`, unit)
}

// describedAcrossUnits are the documents behind a figure, which the ledger has found to be within the reader's view.
func (s store) describedAcrossUnits(ctx context.Context, ids []id.ID) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- library.describedAcrossUnits
		SELECT `+listed+` FROM library_document d WHERE d.id`+s.db.OneOf("$1"), db.List(s.db, ids))
}

// allAcrossUnits reads the documents after one, for an index that has to be made anew.
func (s store) allAcrossUnits(ctx context.Context, after id.ID, limit int) ([]Listed, error) {
	return db.Select[Listed](ctx, s.db, `-- library.allAcrossUnits
		SELECT `+listed+` FROM library_document d WHERE d.id > $1 ORDER BY d.id LIMIT $2`, after, limit)
}

// move follows a unit to its place of today, or to its heir's.
func (s store) move(ctx context.Context, unit id.ID, at scope.Range) error {
	_, err := s.db.Exec(ctx, `-- library.move
		UPDATE library_document SET pos = $2, pos_to = $3 WHERE unit = $1`, unit, at.From, at.To)
	return err
}

const reported = `root, id, doc, unit, pos, ground, words, by_account, by_name, at, due_day, state, decision, decided_by, decided_at, appeal, receipt, by_unit`

func (s store) insertReport(ctx context.Context, r Report) error {
	_, err := s.db.Exec(ctx, `-- library.insertReport
		INSERT INTO library_report (`+reported+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		r.Root, r.ID, r.Doc, r.Unit, r.Pos, r.Ground, r.Words, r.By, r.ByName, r.At, r.Due, r.State, r.Decision, r.DecidedBy, r.DecidedAt, r.Appeal, r.Receipt, r.ByUnit)
	return err
}

// updateReport keeps what was decided; false when it stood otherwise than was thought.
func (s store) updateReport(ctx context.Context, r Report, was string) (bool, error) {
	n, err := s.db.Exec(ctx, `-- library.updateReport
		UPDATE library_report SET unit = $3, pos = $4, due_day = $5, state = $6, decision = $7, decided_by = $8, decided_at = $9, appeal = $10
		WHERE root = $1 AND id = $2 AND state = $11`, r.Root, r.ID, r.Unit, r.Pos, r.Due, r.State, r.Decision, r.DecidedBy, r.DecidedAt, r.Appeal, was)
	return n == 1, err
}

// reportAcrossUnits reads a report; the service asks who may.
func (s store) reportAcrossUnits(ctx context.Context, ref id.Ref) (Report, error) {
	return db.Get[Report](ctx, s.db, `-- library.reportAcrossUnits
		SELECT `+reported+` FROM library_report WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
}

// reportsOfAcrossUnits are the reports about one document, the newest first; the service asks who may read them.
func (s store) reportsOfAcrossUnits(ctx context.Context, doc id.ID, limit int) ([]Report, error) {
	return db.Select[Report](ctx, s.db, `-- library.reportsOfAcrossUnits
		SELECT `+reported+` FROM library_report WHERE doc = $1 ORDER BY id DESC LIMIT $2`, doc, limit)
}

// openReportsAcrossUnits counts the reports of a document that are not decided, to bound them.
func (s store) openReportsAcrossUnits(ctx context.Context, doc id.ID) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- library.openReportsAcrossUnits
		SELECT COUNT(*) FROM library_report WHERE doc = $1 AND state IN ('open', 'appealed')`, doc)
}

// moveReports gives the reports that a unit has to decide to the one that took it over.
func (s store) moveReports(ctx context.Context, unit, to id.ID, pos int64) error {
	_, err := s.db.Exec(ctx, `-- library.moveReports
		UPDATE library_report SET unit = $2, pos = $3 WHERE unit = $1`, unit, to, pos)
	return err
}
