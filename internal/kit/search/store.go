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

// Make makes the tables where there are none, and tells whether it did: then the texts have to be put in.
func (x *Index) Make(ctx context.Context) (made bool, err error) {
	has := `SELECT COUNT(*) > 0 FROM sqlite_master WHERE name = $1`
	ddl := []string{
		`CREATE TABLE ` + x.table() + `_text (doc BIGINT PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL)`,
		// Whatever is not ASCII belongs to a token here: the tokens are made by ourselves.
		`CREATE VIRTUAL TABLE ` + x.table() + ` USING fts5 (title, body, content = '', contentless_delete = 1, tokenize = 'ascii')`,
	}
	if x.db.Engine == db.Postgres {
		has = `SELECT COUNT(*) > 0 FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1`
		ddl = []string{ddl[0],
			`CREATE TABLE ` + x.table() + ` (doc BIGINT PRIMARY KEY, title BIGINT[] NOT NULL, body BIGINT[] NOT NULL)`,
			`CREATE INDEX ` + x.table() + `_title ON ` + x.table() + ` USING gin (title)`,
			`CREATE INDEX ` + x.table() + `_body ON ` + x.table() + ` USING gin (body)`,
		}
	}
	err = x.db.Tx(ctx, func(ctx context.Context) error {
		there, err := db.Get[bool](ctx, x.db, `-- search.Make
			`+has, x.table())
		if made = !there; err != nil || there {
			return err
		}
		for _, q := range ddl {
			if _, err := x.db.Exec(ctx, `-- search.Make
				`+q); err != nil {
				return err
			}
		}
		return nil
	})
	return made, err
}

// Put keeps the text of a document, or keeps it anew.
func (x *Index) Put(ctx context.Context, doc id.ID, title, body string) error {
	if err := x.Drop(ctx, doc); err != nil {
		return err
	}
	title, body = Fold(title), Fold(body)
	// a zero byte ends a text for one engine and is refused by the other
	title, body = strings.ReplaceAll(title, "\x00", ""), strings.ReplaceAll(body, "\x00", "")
	if _, err := x.db.Exec(ctx, `-- search.Put
		INSERT INTO `+x.table()+`_text (doc, title, body) VALUES ($1, $2, $3)`, doc, title, body); err != nil {
		return err
	}
	if x.db.Engine == db.Postgres {
		_, err := x.db.Exec(ctx, `-- search.Put
			INSERT INTO `+x.table()+` (doc, title, body) VALUES ($1, $2::BIGINT[], $3::BIGINT[])`, doc, array(pairs(title)), array(pairs(body)))
		return err
	}
	_, err := x.db.Exec(ctx, `-- search.Put
		INSERT INTO `+x.table()+` (rowid, title, body) VALUES ($1, $2, $3)`, doc, strings.Join(pairs(title), " "), strings.Join(pairs(body), " "))
	return err
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
// and what they are narrowed to. Args are $1 and so on in Where.
type Among struct {
	From  string // such as "library_document d"
	Doc   string // its key, such as "d.id"
	Where string
	Args  []any
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
		texts, err := x.texts(ctx, first)
		if err != nil {
			return err
		}
		for _, k := range first {
			hits = append(hits, Hit[T]{k, rows[k], q.score(texts[k].Title, texts[k].Body)})
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
	n := len(a.Args)
	for before := id.ID(1<<63 - 1); ; {
		args := append(slices.Clone(a.Args), before, most+1)
		stmt := `-- search.candidates
			SELECT ` + columns + ` FROM ` + x.table() + ` CROSS JOIN ` + a.From + ` WHERE ` + fmt.Sprintf(`%[1]s.rowid < $%[2]d AND %[1]s MATCH $%[4]d AND %[3]s = %[1]s.rowid AND (%[5]s) ORDER BY %[1]s.rowid DESC LIMIT $%[6]d`,
			x.table(), n+1, a.Doc, n+3, a.Where, n+2)
		if x.db.Engine == db.Postgres {
			stmt = `-- search.candidates
			SELECT ` + columns + ` FROM ` + x.table() + ` s JOIN ` + a.From + ` ON ` + a.Doc + ` = s.doc WHERE s.doc < ` + fmt.Sprintf("$%d AND (%s) AND %s ORDER BY s.doc DESC LIMIT $%d",
				n+1, a.Where, q.arrays(in), n+2)
		} else {
			args = append(args, q.match(in))
		}
		list, err := db.Select[T](ctx, x.db, stmt, args...)
		if err != nil {
			return nil, false, err
		}
		last := len(list) <= most
		if !last {
			before = key(list[most-1])
			list = list[:most]
		}
		if list, err = checked(ctx, x, q, in, list, key); err != nil {
			return nil, false, err
		}
		if out = append(out, list...); len(out) >= most {
			return out[:most], !last || len(out) > most, nil
		}
		if last {
			return out, false, nil
		}
	}
}

// match writes the query for the one engine: each needle a phrase of pairs, which overlap, so that it is found exactly.
func (q Query) match(in string) string {
	var all []string
	for _, n := range q.Needles {
		var one []string
		for _, t := range n.tokens {
			one = append(one, `"`+strings.Join(t, " ")+`"`)
		}
		all = append(all, "("+strings.Join(one, " OR ")+")")
	}
	if text := strings.Join(all, " AND "); in == "" {
		return text
	} else {
		return in + " : (" + text + ")"
	}
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
		all = append(all, "("+strings.Join(one, " OR ")+")")
	}
	return strings.Join(all, " AND ")
}

// checked leaves out documents that hold the pairs of a spelling but not the spelling. Of one pair, or of phrases, there are
// none.
func checked[T any](ctx context.Context, x *Index, q Query, in string, list []T, key func(T) id.ID) ([]T, error) {
	long := slices.ContainsFunc(q.Needles, func(n Needle) bool {
		return slices.ContainsFunc(n.tokens, func(t []string) bool { return len(t) > 1 })
	})
	if x.db.Engine != db.Postgres || !long || len(list) == 0 {
		return list, nil
	}
	docs := make([]id.ID, len(list))
	for i, r := range list {
		docs[i] = key(r)
	}
	texts, err := x.texts(ctx, docs)
	return slices.DeleteFunc(list, func(r T) bool {
		t := texts[key(r)]
		if in != "" {
			t.Body = ""
		}
		return !q.Matches(t.Title, t.Body)
	}), err
}

type textRow struct {
	Doc   id.ID
	Title string
	Body  string
}

func (x *Index) texts(ctx context.Context, docs []id.ID) (map[id.ID]textRow, error) {
	out := map[id.ID]textRow{}
	for part := range slices.Chunk(docs, 500) {
		list, err := db.Select[textRow](ctx, x.db, `-- search.texts
			SELECT doc, title, body FROM `+x.table()+`_text WHERE doc IN `+db.In(part))
		if err != nil {
			return nil, err
		}
		for _, t := range list {
			out[t.Doc] = t
		}
	}
	return out, nil
}
