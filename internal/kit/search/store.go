package search

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

// Index holds the texts of one kind of document. Its methods run in the caller's transaction, so that a text is found from
// the moment on at which its document is kept, and never without it.
type Index struct {
	db   *db.DB
	name string
}

// New names an index: its tables are name_search and name_search_text.
func New(d *db.DB, name string) *Index { return &Index{d, name} }

func (x *Index) table() string { return x.name + "_search" }

// version is that of the tables and of what stands in them; an index of another is made anew.
const version = 3

// Make makes the tables where there are none, or anew where another version of the program made them. Then the texts have to be
// put in: see Fill.
func (x *Index) Make(ctx context.Context) error {
	return x.db.Tx(ctx, func(ctx context.Context) error {
		has := `SELECT COUNT(*) = 3 FROM sqlite_master WHERE name IN ($1, $2, $3)`
		if x.db.Engine == db.Postgres {
			has = `SELECT COUNT(*) = 3 FROM pg_tables WHERE schemaname = current_schema() AND tablename IN ($1, $2, $3)`
		}
		there, err := db.Get[bool](ctx, x.db, `-- search.Make
			`+has, x.table(), x.table()+"_text", x.table()+"_mark")
		if err != nil {
			return err
		}
		if there {
			of, err := db.Get[int](ctx, x.db, `-- search.Make
				SELECT version FROM `+x.table()+`_mark`)
			if err != nil || of == version {
				return err
			}
		}
		for _, q := range x.ddl() {
			if _, err := x.db.Exec(ctx, `-- search.Make
				`+q); err != nil {
				return err
			}
		}
		_, err = x.db.Exec(ctx, `-- search.Make
			INSERT INTO `+x.table()+`_mark (version, filled) VALUES ($1, 0)`, version)
		return err
	})
}

func (x *Index) ddl() []string {
	t := x.table()
	out := []string{
		`DROP TABLE IF EXISTS ` + t, `DROP TABLE IF EXISTS ` + t + `_text`, `DROP TABLE IF EXISTS ` + t + `_mark`,
		`CREATE TABLE ` + t + `_mark (version BIGINT NOT NULL, filled BIGINT NOT NULL)`,
		`CREATE TABLE ` + t + `_text (doc BIGINT PRIMARY KEY, title TEXT NOT NULL, sounds TEXT NOT NULL, mark TEXT NOT NULL, body TEXT NOT NULL)`,
	}
	if x.db.Engine == db.Postgres {
		return append(out,
			`CREATE TABLE `+t+` (doc BIGINT PRIMARY KEY, title BIGINT[] NOT NULL, body BIGINT[] NOT NULL)`,
			// Nothing is known of how often a token comes: then the engine takes the indexes on them, not one row after the other.
			`ALTER TABLE `+t+` ALTER COLUMN title SET STATISTICS 0, ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN body SET STORAGE EXTERNAL`,
			// What waits to be sorted in is gone through with each search, so that it must not grow to the usual 4 MB: docs/benchmarks.md.
			`CREATE INDEX `+t+`_title ON `+t+` USING gin (title) WITH (gin_pending_list_limit = 256)`,
			`CREATE INDEX `+t+`_body ON `+t+` USING gin (body) WITH (gin_pending_list_limit = 512)`)
	}
	return append(out,
		// Whatever is not ASCII belongs to a token here: the tokens are made by ourselves.
		`CREATE VIRTUAL TABLE `+t+` USING fts5 (title, body, content = '', contentless_delete = 1, tokenize = 'ascii')`,
		// What is written together is sorted together, and pieces of it are merged less often: docs/benchmarks.md.
		`INSERT INTO `+t+` (`+t+`, rank) VALUES ('hashsize', 67108864)`,
		`INSERT INTO `+t+` (`+t+`, rank) VALUES ('automerge', 8)`,
		`INSERT INTO `+t+` (`+t+`, rank) VALUES ('pgsz', 16000)`)
}

// Filled tells up to which document the texts are in that were there when the index was made; all of them at the end.
func (x *Index) Filled(ctx context.Context) (upTo id.ID, all bool, err error) {
	upTo, err = db.Get[id.ID](ctx, x.db, `-- search.Filled
		SELECT filled FROM `+x.table()+`_mark`)
	return upTo, upTo == last, err
}

// last is behind every document.
const last = id.ID(1<<63 - 1)

// Fill puts in the next texts of those that were there when the index was made, in a transaction of its own, and tells whether
// there are no more: next gives those after one, in the order of their documents, and none at the end. Until it says so, words are
// found in the texts that are in. Cut off, it goes on where it was.
func (x *Index) Fill(ctx context.Context, next func(ctx context.Context, after id.ID) ([]Text, error)) (all bool, err error) {
	err = x.db.Tx(ctx, func(ctx context.Context) error {
		var upTo id.ID
		if upTo, all, err = x.Filled(ctx); err != nil || all {
			return err
		}
		list, err := next(ctx, upTo)
		if err != nil {
			return err
		}
		if all = len(list) == 0; all {
			upTo = last
		} else {
			upTo = list[len(list)-1].Doc
		}
		if err := x.Put(ctx, list...); err != nil {
			return err
		}
		_, err = x.db.Exec(ctx, `-- search.Fill
			UPDATE `+x.table()+`_mark SET filled = $1`, upTo)
		return err
	})
	return all && err == nil, err
}

// ready is a text as it is written.
type ready struct {
	doc                 id.ID
	title, sounds, body string
	mark                string
	inTitle, inBody     string // their tokens
}

func (t Text) ready() ready {
	// a zero byte ends a text for one engine and is refused by the other
	plain := func(s string) string { return strings.ReplaceAll(Fold(s), "\x00", "") }
	return ready{doc: t.Doc, title: plain(t.Title), sounds: t.sounds(), body: plain(t.Body), mark: t.Mark}
}

func (r *ready) takeApart(e db.Engine) {
	write := func(tokens []string) string { return strings.Join(tokens, " ") }
	if e == db.Postgres {
		write = array
	}
	title := append(append(pairs(r.title), apart), soundTokens(r.sounds)...)
	if r.mark != "" {
		title = append(title, apart, markToken(r.mark))
	}
	r.inTitle = write(title)
	r.inBody = write(pairs(r.body))
}

// markToken is a mark as a token, which no text makes.
func markToken(mark string) string { return "\ue000" + mark }

// Put keeps the texts of documents, or keeps them anew. What is there already costs nothing: a document is written more often
// than its text changes. Of several, the next are taken apart while one is written.
func (x *Index) Put(ctx context.Context, texts ...Text) error {
	if len(texts) == 1 {
		return x.write(ctx, texts[0].ready())
	}
	ahead, stop := make(chan ready, 16), make(chan struct{})
	defer close(stop)
	go func() {
		defer close(ahead)
		for _, t := range texts {
			r := t.ready()
			r.takeApart(x.db.Engine)
			select {
			case ahead <- r:
			case <-stop:
				return
			}
		}
	}()
	for r := range ahead {
		if err := x.write(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (x *Index) write(ctx context.Context, r ready) error {
	if fresh, err := x.putText(ctx, r); err != nil || !fresh {
		return err
	}
	if r.inTitle == "" {
		r.takeApart(x.db.Engine)
	}
	key, array := "rowid", ""
	if x.db.Engine == db.Postgres {
		key, array = "doc", "::BIGINT[]"
	}
	_, err := x.db.Exec(ctx, `-- search.write
		INSERT INTO `+x.table()+` (`+key+`, title, body) VALUES ($1, $2`+array+`, $3`+array+`)`, r.doc, r.inTitle, r.inBody)
	return err
}

// putText keeps the text itself and tells whether it is another than before; then the old one is out of the index.
func (x *Index) putText(ctx context.Context, r ready) (fresh bool, err error) {
	insert := func() (bool, error) {
		n, err := x.db.Exec(ctx, `-- search.putText
			INSERT INTO `+x.table()+`_text (doc, title, sounds, mark, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (doc) DO NOTHING`, r.doc, r.title, r.sounds, r.mark, r.body)
		return n == 1, err
	}
	if fresh, err = insert(); err != nil || fresh {
		return fresh, err
	}
	same, err := db.Get[bool](ctx, x.db, `-- search.putText
		SELECT COUNT(*) > 0 FROM `+x.table()+`_text WHERE doc = $1 AND title = $2 AND sounds = $3 AND mark = $4 AND body = $5`, r.doc, r.title, r.sounds, r.mark, r.body)
	if err != nil || same {
		return false, err
	}
	if err := x.Drop(ctx, r.doc); err != nil {
		return false, err
	}
	return insert()
}

// Drop forgets the text of a document; that it has none is no error.
func (x *Index) Drop(ctx context.Context, doc id.ID) error {
	key := "rowid"
	if x.db.Engine == db.Postgres {
		key = "doc"
	}
	n, err := x.db.Exec(ctx, `-- search.Drop
		DELETE FROM `+x.table()+`_text WHERE doc = $1`, doc)
	if err != nil || n == 0 {
		return err
	}
	_, err = x.db.Exec(ctx, `-- search.Drop
		DELETE FROM `+x.table()+` WHERE `+key+` = $1`, doc)
	return err
}

// array writes the numbers of tokens as PostgreSQL reads an array, each once.
func array(tokens []string) string {
	list := make([]int64, 0, len(tokens))
	for _, t := range tokens {
		if t != apart {
			list = append(list, number(t))
		}
	}
	slices.Sort(list)
	b := []byte("{")
	for i, n := range slices.Compact(list) {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, n, 10)
	}
	return string(append(b, '}'))
}

// number is a token as a number: of two characters exactly theirs, of what holds a word a hash that is none of those.
func number(token string) int64 {
	a, n := utf8.DecodeRuneInString(token)
	if b, m := utf8.DecodeRuneInString(token[n:]); n+m == len(token) && alone(a) && alone(b) {
		return int64(a)<<21 | int64(b)
	}
	h := fnv.New64a()
	h.Write([]byte(token))
	return int64(h.Sum64()>>2 | 1<<62)
}

// Among is the table of the documents and the condition on those that may be found, in the caller's words: who may see them,
// and what they are narrowed to. Args are $1 and so on in Where. Where all that may be found bears a mark (Text.Mark), naming it spares
// asking Where of every other text that holds the words; it changes no answer.
type Among struct {
	From  string // such as "library_document d"
	Doc   string // its key, such as "d.id"
	Where string
	Args  []any
	Mark  string
}

// match is what the one engine looks for, in one column or in both.
func (a Among) match(q, in string) string {
	if in != "" {
		q = in + " : (" + q + ")"
	}
	if a.Mark != "" {
		q = `(title : "` + markToken(a.Mark) + `") AND (` + q + `)`
	}
	return q
}

// arrays is what the other looks for.
func (a Among) arrays(q string) string {
	if a.Mark != "" {
		q = `s.title @> '` + array([]string{markToken(a.Mark)}) + `' AND (` + q + `)`
	}
	return q
}

// Most is how many hits are counted; beyond, it is said that there are more.
const Most = 2_000

// ranked is how many of the newest are put in order by how well they answer, beside those whose title answers.
const ranked = 300

// Hit is a document that answers a query, with what the caller wants to know of it.
type Hit[T any] struct {
	Doc  id.ID
	Row  T
	rank float64
}

// Find lists the documents that answer: first those of the newest, and of those whose title answers, that answer best, then
// the others, the newest first; at most Most, and whether there are more. Columns are the caller's, for T, of Among.From; T
// holds "doc" among its columns and key tells it.
func Find[T any](ctx context.Context, x *Index, q Query, a Among, columns string, key func(T) id.ID) (hits []Hit[T], more bool, err error) {
	err = x.db.Read(ctx, func(ctx context.Context) error {
		titled, _, err := candidates(ctx, x, q, a, "title", columns, key, ranked/3)
		if err != nil {
			return err
		}
		all, left, err := candidates(ctx, x, q, a, "", columns, key, Most)
		if err != nil {
			return err
		}
		more = left
		rows := map[id.ID]T{}
		var first, rest []id.ID
		for i, r := range append(titled, all...) {
			k := key(r)
			if _, seen := rows[k]; seen {
				continue
			}
			if rows[k] = r; i < len(titled)+ranked {
				first = append(first, k)
			} else {
				rest = append(rest, k)
			}
		}
		texts, err := x.texts(ctx, first, true)
		if err != nil {
			return err
		}
		for _, k := range first {
			hits = append(hits, Hit[T]{k, rows[k], q.score(texts[k].Title, texts[k].Sounds, texts[k].Body)})
		}
		slices.SortFunc(hits, func(a, b Hit[T]) int { return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(b.Doc, a.Doc)) })
		for _, k := range rest {
			hits = append(hits, Hit[T]{Doc: k, Row: rows[k]})
		}
		return nil
	})
	return hits[:min(len(hits), Most)], more, err
}

// candidates are the newest documents that answer, at most most of them; with in, those of which only that column is asked.
func candidates[T any](ctx context.Context, x *Index, q Query, a Among, in, columns string, key func(T) id.ID, most int) (out []T, more bool, err error) {
	for before, n := last, most+1; ; n *= 4 {
		list, err := among[T](ctx, x, q, a, in, columns, before, n)
		if err != nil {
			return nil, false, err
		}
		var next id.ID
		if len(list) == n { // cut off at so many that answer
			next = key(list[n-1])
		}
		if list, err = checked(ctx, x, q, in, list, key); err != nil {
			return nil, false, err
		}
		if out = append(out, list...); len(out) > most {
			return out[:most], true, nil
		}
		if next == 0 {
			return out, false, nil
		}
		before = next
	}
}

// among asks the engine for the newest documents before one that hold the tokens, at most n.
func among[T any](ctx context.Context, x *Index, q Query, a Among, in, columns string, before id.ID, n int) ([]T, error) {
	k := len(a.Args)
	args := append(slices.Clone(a.Args), before, n)
	if x.db.Engine == db.Postgres { // which hold them, alone, then in order: beside other conditions the engine would rather read one text after the other
		return db.Select[T](ctx, x.db, `-- search.among
			WITH held AS MATERIALIZED (SELECT s.doc FROM `+x.table()+` s WHERE `+a.arrays(q.arrays(in))+`)
			SELECT `+columns+fmt.Sprintf(` FROM (SELECT doc FROM held WHERE doc < $%[1]d ORDER BY doc DESC OFFSET 0) h CROSS JOIN %[3]s WHERE %[4]s = h.doc AND (%[5]s) ORDER BY h.doc DESC LIMIT $%[2]d`,
			k+1, k+2, a.From, a.Doc, a.Where), args...)
	}
	return db.Select[T](ctx, x.db, `-- search.among
		SELECT `+columns+` FROM `+x.table()+` CROSS JOIN `+a.From+` WHERE `+fmt.Sprintf(`%[1]s.rowid < $%[2]d AND %[1]s MATCH $%[4]d AND %[3]s = %[1]s.rowid AND (%[5]s) ORDER BY %[1]s.rowid DESC LIMIT $%[6]d`,
		x.table(), k+1, a.Doc, k+3, a.Where, k+2), append(args, a.match(q.match(in), in))...)
}

// match writes the query for the one engine: each needle a phrase of pairs, which overlap, so that it is found exactly.
func (q Query) match(in string) string {
	var all []string
	for _, n := range q.Needles {
		var one []string
		for _, t := range n.tokens {
			one = append(one, `"`+strings.Join(t, " ")+`"`)
		}
		if n.sound != "" {
			t, _ := soundToken(n.sound)
			if one = append(one, `"`+t+`"`); in == "" {
				one = append(one, `"`+apart+t+`"`)
			}
		}
		all = append(all, "("+strings.Join(one, " OR ")+")")
	}
	return strings.Join(all, " AND ")
}

// arrays writes it for the other: documents that hold all the pairs of a spelling, in one column.
func (q Query) arrays(in string) string {
	var all []string
	for _, n := range q.Needles {
		var one []string
		for _, t := range n.tokens {
			if one = append(one, `s.title @> '`+array(t)+`'`); in == "" {
				one = append(one, `s.body @> '`+array(t)+`'`)
			}
		}
		if n.sound != "" {
			t, _ := soundToken(n.sound)
			if one = append(one, `s.title @> '`+array([]string{t})+`'`); in == "" {
				one = append(one, `s.title @> '`+array([]string{apart + t})+`'`)
			}
		}
		all = append(all, "("+strings.Join(one, " OR ")+")")
	}
	return strings.Join(all, " AND ")
}

// inexact tells of a needle that an engine finds more by its tokens than what holds it: where it knows no order of the pairs, and
// where only a piece of a sound is a token.
func (n Needle) inexact(e db.Engine) bool {
	if n.sound != "" {
		if _, exact := soundToken(n.sound); !exact {
			return true
		}
	}
	return e == db.Postgres && slices.ContainsFunc(n.tokens, func(t []string) bool { return len(t) > 1 })
}

// checked leaves out documents that hold the tokens of a needle but not the needle. Most are told by title and sounds; only of the
// others the text is read.
func checked[T any](ctx context.Context, x *Index, q Query, in string, list []T, key func(T) id.ID) ([]T, error) {
	if len(list) == 0 || !slices.ContainsFunc(q.Needles, func(n Needle) bool { return n.inexact(x.db.Engine) }) {
		return list, nil
	}
	right := map[id.ID]bool{}
	try := func(body bool) error {
		var docs []id.ID
		for _, r := range list {
			if k := key(r); !right[k] {
				docs = append(docs, k)
			}
		}
		texts, err := x.texts(ctx, docs, body)
		for k, t := range texts {
			if in != "" {
				t.Sounds = ofTitle(t.Sounds)
			}
			right[k] = q.Matches(t.Title, t.Sounds, t.Body)
		}
		return err
	}
	if slices.ContainsFunc(q.Needles, func(n Needle) bool { return n.sound != "" }) || in != "" {
		if err := try(false); err != nil {
			return nil, err
		}
	}
	if in == "" {
		if err := try(true); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(list, func(r T) bool { return !right[key(r)] }), nil
}

type textRow struct {
	Doc    id.ID
	Title  string
	Sounds string
	Body   string
}

// texts are those of documents; without body only what stands before it.
func (x *Index) texts(ctx context.Context, docs []id.ID, body bool) (map[id.ID]textRow, error) {
	out := map[id.ID]textRow{}
	columns := "doc, title, sounds, body"
	if !body {
		columns = "doc, title, sounds, '' AS body"
	}
	for part := range slices.Chunk(docs, 500) {
		list, err := db.Select[textRow](ctx, x.db, `-- search.texts
			SELECT `+columns+` FROM `+x.table()+`_text WHERE doc IN `+db.In(part))
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			out[t.Doc] = t
		}
	}
	return out, nil
}
