package search

import (
	"cmp"
	"context"
	"strings"
	"sync"

	"github.com/maypok86/otter/v2"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

// Index holds the texts of one kind of document. Its methods run in the caller's transaction, so that a text is found from
// the moment on at which its document is kept, and never without it.
type Index struct {
	db   *db.DB
	name string

	mu    sync.Mutex
	heads map[int64]*head             // of parts that were read; a part never changes
	pages *otter.Cache[int64, []byte] // those that are asked for often
}

// New names an index: its tables are name_search_text, _mark, _part, _page and _gone.
func New(d *db.DB, name string) *Index {
	return &Index{db: d, name: name, heads: map[int64]*head{}, pages: otter.Must(&otter.Options[int64, []byte]{
		MaximumWeight: heldBytes, Weigher: func(_ int64, page []byte) uint32 { return uint32(len(page)) + 100 },
	})}
}

// heldBytes is how much of the pages is held in memory: those of the words that come and are asked for most.
const heldBytes = 64 << 20

func (x *Index) table() string { return x.name + "_search" }

// version is that of the tables and of what stands in them; an index of another is made anew.
const version = 5

// Make makes the tables where there are none, or anew where another version of the program made them. Then the texts have to be
// put in: see Fill.
func (x *Index) Make(ctx context.Context) error {
	return x.db.Tx(ctx, func(ctx context.Context) error {
		has := `SELECT COUNT(*) = 5 FROM sqlite_master WHERE name IN ($1, $2, $3, $4, $5)`
		if x.db.Engine == db.Postgres {
			has = `SELECT COUNT(*) = 5 FROM pg_tables WHERE schemaname = current_schema() AND tablename IN ($1, $2, $3, $4, $5)`
		}
		there, err := db.Get[bool](ctx, x.db, `-- search.Make
			`+has, x.table()+"_text", x.table()+"_mark", x.table()+"_part", x.table()+"_page", x.table()+"_gone")
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
	t, bytes := x.table(), "BLOB"
	if x.db.Engine == db.Postgres {
		bytes = "BYTEA"
	}
	out := []string{
		`DROP TABLE IF EXISTS ` + t, `DROP TABLE IF EXISTS ` + t + `_text`, `DROP TABLE IF EXISTS ` + t + `_mark`, `DROP TABLE IF EXISTS ` + t + `_part`, `DROP TABLE IF EXISTS ` + t + `_page`, `DROP TABLE IF EXISTS ` + t + `_gone`,
		`CREATE TABLE ` + t + `_mark (version BIGINT NOT NULL, filled BIGINT NOT NULL)`,
		`CREATE TABLE ` + t + `_text (doc BIGINT PRIMARY KEY, stamp BIGINT NOT NULL, title TEXT NOT NULL, sounds TEXT NOT NULL, mark TEXT NOT NULL, body TEXT NOT NULL)`,
		`CREATE TABLE ` + t + `_part (part BIGINT PRIMARY KEY, docs BIGINT NOT NULL, head ` + bytes + ` NOT NULL)`,
		`CREATE TABLE ` + t + `_page (page BIGINT PRIMARY KEY, data ` + bytes + ` NOT NULL)`,
		`CREATE TABLE ` + t + `_gone (doc BIGINT NOT NULL, stamp BIGINT NOT NULL, PRIMARY KEY (doc, stamp))`,
	}
	if x.db.Engine == db.Postgres { // what is packed already is not packed again
		out = append(out, `ALTER TABLE `+t+`_part ALTER COLUMN head SET STORAGE EXTERNAL`, `ALTER TABLE `+t+`_page ALTER COLUMN data SET STORAGE EXTERNAL`)
	}
	return out
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
	doc, stamp          id.ID
	title, sounds, body string
	mark                string
	kin                 []int64
	places              []place
}

func (t Text) ready() ready {
	// a zero byte ends a text for one engine and is refused by the other
	plain := func(s string) string { return strings.ReplaceAll(Fold(s), "\x00", "") }
	return ready{doc: t.Doc, stamp: id.New(), title: plain(t.Title), sounds: t.sounds(), body: plain(t.Body), mark: t.Mark, kin: t.Kin}
}

// markToken is a mark as a token, which no text makes.
func markToken(mark string) string { return "\ue000" + mark }

// Put keeps the texts of documents, or keeps them anew. What is there already costs little: a document is written more often
// than its text changes. Of several, the next are taken apart while some are written.
func (x *Index) Put(ctx context.Context, texts ...Text) error {
	ahead, stop := make(chan ready, inOneGo), make(chan struct{})
	defer close(stop)
	go func() {
		defer close(ahead)
		for _, t := range texts {
			r := t.ready()
			r.places = r.tokens()
			select {
			case ahead <- r:
			case <-stop:
				return
			}
		}
	}()
	var lot, fresh []ready
	any := false
	keep := func() error {
		some, err := x.putTexts(ctx, lot)
		lot, fresh = lot[:0], append(fresh, some...)
		return err
	}
	pack := func() error {
		if len(fresh) == 0 {
			return nil
		}
		p := partOf(fresh)
		any, fresh = true, nil
		return x.putPart(ctx, p)
	}
	for r := range ahead {
		if lot = append(lot, r); len(lot) == min(inOneGo, atOnce-len(fresh)) {
			if err := keep(); err != nil {
				return err
			}
		}
		if len(fresh) == atOnce {
			if err := pack(); err != nil {
				return err
			}
		}
	}
	if err := keep(); err != nil {
		return err
	}
	if err := pack(); err != nil || !any {
		return err
	}
	return x.tidy(ctx)
}

const (
	inOneGo = 50  // texts are written in one statement
	atOnce  = 512 // texts make a part at first, so that no more of them have to be held
)

// putTexts keeps texts themselves and tells which are others than before; what the index says of the old ones counts no more: their stamps
// are gone.
func (x *Index) putTexts(ctx context.Context, list []ready) (fresh []ready, err error) {
	kept, err := x.insert(ctx, list)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		if !kept[r.stamp] {
			same, err := db.Get[bool](ctx, x.db, `-- search.putTexts
				SELECT COUNT(*) > 0 FROM `+x.table()+`_text WHERE doc = $1 AND title = $2 AND sounds = $3 AND mark = $4 AND body = $5`, r.doc, r.title, r.sounds, r.mark, r.body)
			if err != nil {
				return nil, err
			}
			if same {
				continue
			}
			if err := x.Drop(ctx, r.doc); err != nil {
				return nil, err
			}
			if again, err := x.insert(ctx, []ready{r}); err != nil || !again[r.stamp] {
				return nil, cmp.Or(err, errGone)
			}
		}
		fresh = append(fresh, r)
	}
	return fresh, nil
}

// insert keeps the texts of documents that have none and tells their stamps.
func (x *Index) insert(ctx context.Context, list []ready) (kept map[id.ID]bool, err error) {
	var args []any
	docs := make([]id.ID, len(list))
	for i, r := range list {
		args, docs[i] = append(args, r.doc, r.stamp, r.title, r.sounds, r.mark, r.body), r.doc
	}
	if err := x.db.InsertMany(ctx, `-- search.insert
		INSERT INTO `+x.table()+`_text (doc, stamp, title, sounds, mark, body)`, "ON CONFLICT (doc) DO NOTHING", 6, args); err != nil {
		return nil, err
	}
	stamps, err := db.Select[id.ID](ctx, x.db, `-- search.insert
		SELECT stamp FROM `+x.table()+`_text WHERE doc`+x.db.OneOf("$1"), db.List(x.db, docs))
	kept = make(map[id.ID]bool, len(stamps))
	for _, s := range stamps {
		kept[s] = true
	}
	return kept, err
}

// Drop forgets the text of a document; that it has none is no error. In the parts it stands until they are merged.
func (x *Index) Drop(ctx context.Context, doc id.ID) error {
	list, err := db.Select[id.ID](ctx, x.db, `-- search.Drop
		SELECT stamp FROM `+x.table()+`_text WHERE doc = $1`+x.db.ForUpdate(), doc)
	if err != nil || len(list) == 0 {
		return err
	}
	if _, err := x.db.Exec(ctx, `-- search.Drop
		INSERT INTO `+x.table()+`_gone (doc, stamp) VALUES ($1, $2)`, doc, list[0]); err != nil {
		return err
	}
	_, err = x.db.Exec(ctx, `-- search.Drop
		DELETE FROM `+x.table()+`_text WHERE doc = $1`, doc)
	return err
}
