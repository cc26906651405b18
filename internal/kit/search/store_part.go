package search

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

const (
	pageBits = 20   // of the number of a page, which follows the number of its part
	full     = 2048 // documents: a part that has so many is merged no more
	tooMany  = 8    // parts of about one size
)

// putPart keeps a part. Its number is drawn, so that nobody waits for a counter.
func (x *Index) putPart(ctx context.Context, p part) error {
	if len(p.docs) == 0 {
		return nil
	}
	number := rand.Int64N(1 << (63 - pageBits))
	args := make([]any, 0, 2*len(p.pages))
	for n, data := range p.pages {
		args = append(args, number<<pageBits|int64(n), data)
	}
	if _, err := x.db.Exec(ctx, `-- search.putPart
		INSERT INTO `+x.table()+`_part (part, docs, head) VALUES ($1, $2, $3)`, number, len(p.docs), p.head.bytes()); err != nil {
		return err
	}
	return x.db.InsertMany(ctx, `-- search.putPart
		INSERT INTO `+x.table()+`_page (page, data)`, "", 2, args)
}

type sized struct {
	Part int64
	Docs int
}

// grade is of about which size a part is: parts of one grade are merged.
func grade(docs int) int {
	switch {
	case docs < 8:
		return 0
	case docs < 64:
		return 1
	case docs < 512:
		return 2
	case docs < full:
		return 3
	}
	return 4
}

// tidy merges parts where there are many of about one size, so that a word is looked for in few. What others merge just now is left to them.
func (x *Index) tidy(ctx context.Context) error {
	for g := 0; g < grade(full); {
		list, err := db.Select[sized](ctx, x.db, `-- search.tidy
			SELECT part, docs FROM `+x.table()+`_part WHERE docs < $1`, full)
		if err != nil {
			return err
		}
		if list = slices.DeleteFunc(list, func(s sized) bool { return grade(s.Docs) != g }); !ripe(list) {
			g++
			continue
		}
		if list, err = db.Select[sized](ctx, x.db, `-- search.tidy
			SELECT part, docs FROM `+x.table()+`_part WHERE part`+x.db.OneOf("$1")+` ORDER BY part`+x.skipLocked(), db.List(x.db, numbers(list))); err != nil {
			return err
		}
		if !ripe(list) {
			g++
			continue
		}
		if err := x.merge(ctx, numbers(list)); err != nil {
			return err
		}
		if g > 0 {
			if err := x.thin(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func numbers(list []sized) (out []int64) {
	for _, s := range list {
		out = append(out, s.Part)
	}
	return out
}

// ripe tells whether parts of one grade are merged: there are many, or together they have what two full ones have.
func ripe(list []sized) bool {
	docs := 0
	for _, s := range list {
		docs += s.Docs
	}
	return len(list) >= tooMany || docs >= 2*full
}

func (x *Index) skipLocked() string {
	if x.db.Engine == db.Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// merge makes one part of several that this transaction holds, without what was changed or dropped since.
func (x *Index) merge(ctx context.Context, list []int64) error {
	parts, gone := make([]part, 0, len(list)), map[id.ID]bool{}
	for _, n := range list {
		p, err := x.whole(ctx, n)
		if err != nil {
			return err
		}
		some, err := x.goneOf(ctx, &p.head)
		if err != nil {
			return err
		}
		parts = append(parts, p)
		maps.Copy(gone, some)
	}
	p, err := merged(parts, func(stamp id.ID) bool { return !gone[stamp] })
	if err != nil {
		return err
	}
	if len(gone) > 0 {
		if _, err := x.db.Exec(ctx, `-- search.merge
			DELETE FROM `+x.table()+`_gone WHERE stamp`+x.db.OneOf("$1"), db.List(x.db, slices.Collect(maps.Keys(gone)))); err != nil {
			return err
		}
	}
	for _, n := range list {
		if _, err := x.db.Exec(ctx, `-- search.merge
			DELETE FROM `+x.table()+`_page WHERE page >= $1 AND page < $2`, n<<pageBits, (n+1)<<pageBits); err != nil {
			return err
		}
	}
	if _, err := x.db.Exec(ctx, `-- search.merge
		DELETE FROM `+x.table()+`_part WHERE part`+x.db.OneOf("$1"), db.List(x.db, list)); err != nil {
		return err
	}
	return x.putPart(ctx, p)
}

// thin writes one of the full parts anew, another one each time, when an eighth of what it holds was changed or dropped since.
func (x *Index) thin(ctx context.Context) error {
	list, err := db.Select[sized](ctx, x.db, `-- search.thin
		SELECT part, docs FROM `+x.table()+`_part WHERE docs >= $1`, full)
	if err != nil || len(list) == 0 {
		return err
	}
	one := []int64{list[rand.IntN(len(list))].Part}
	if list, err = db.Select[sized](ctx, x.db, `-- search.thin
		SELECT part, docs FROM `+x.table()+`_part WHERE part`+x.db.OneOf("$1")+x.skipLocked(), db.List(x.db, one)); err != nil || len(list) == 0 {
		return err
	}
	heads, err := x.headsOf(ctx, one)
	if err != nil {
		return err
	}
	gone, err := x.goneOf(ctx, heads[0])
	if err != nil || 8*len(gone) < list[0].Docs {
		return err
	}
	return x.merge(ctx, one)
}

// goneOf are the stamps of a part whose texts were changed or dropped since.
func (x *Index) goneOf(ctx context.Context, h *head) (map[id.ID]bool, error) {
	all, err := x.gone(ctx, h.docs)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	out := map[id.ID]bool{}
	for _, s := range h.stamps {
		if all[s] {
			out[s] = true
		}
	}
	return out, nil
}

// gone are the stamps of texts of some documents that were changed or dropped and still stand in parts, perhaps with those of others. There
// are few, so that all between are read rather than many looked for.
func (x *Index) gone(ctx context.Context, docs []id.ID) (map[id.ID]bool, error) {
	q, args := x.values("$1")+` v CROSS JOIN `+x.table()+`_gone g WHERE g.doc = v.n`, []any{db.List(x.db, docs)}
	if len(docs) > 500 {
		q, args = x.table()+`_gone g WHERE g.doc >= $1 AND g.doc <= $2`, []any{slices.Min(docs), slices.Max(docs)}
	}
	list, err := db.Select[id.ID](ctx, x.db, `-- search.gone
		SELECT g.stamp FROM `+q, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	out := make(map[id.ID]bool, len(list))
	for _, s := range list {
		out[s] = true
	}
	return out, nil
}

// values are the whole numbers of a parameter, which db.List makes, as a table with the column n. PostgreSQL takes it to be short, so that it
// looks each of them up and does not read whole tables.
func (x *Index) values(param string) string {
	if x.db.Engine == db.Postgres {
		return `(SELECT n FROM unnest((SELECT CAST(` + param + ` AS BIGINT[]))) AS n OFFSET 0)`
	}
	return `(SELECT value AS n FROM json_each(` + param + `))`
}

type pageRow struct {
	Page int64
	Data []byte
}

// whole reads all of a part.
func (x *Index) whole(ctx context.Context, number int64) (part, error) {
	heads, err := x.headsOf(ctx, []int64{number})
	if err != nil {
		return part{}, err
	}
	h := heads[0]
	list, err := db.Select[pageRow](ctx, x.db, `-- search.whole
		SELECT page, data FROM `+x.table()+`_page WHERE page >= $1 AND page < $2 ORDER BY page`, number<<pageBits, (number+1)<<pageBits)
	if err != nil {
		return part{}, err
	}
	if len(list) != len(h.firsts) {
		return part{}, errBroken
	}
	p := part{head: *h}
	for _, row := range list {
		p.pages = append(p.pages, row.Data)
	}
	return p, nil
}

// errGone tells that a part was merged into another since it was listed: outside one snapshot that can be.
var errGone = errors.New("search: a part is there no more")

type headRow struct {
	Part int64
	Head []byte
}

// headsOf are the heads of parts, in their order.
func (x *Index) headsOf(ctx context.Context, list []int64) ([]*head, error) {
	out := make([]*head, len(list))
	var missing []int64
	x.mu.Lock()
	for i, n := range list {
		if out[i] = x.heads[n]; out[i] == nil {
			missing = append(missing, n)
		}
	}
	x.mu.Unlock()
	if len(missing) == 0 {
		return out, nil
	}
	rows, err := db.Select[headRow](ctx, x.db, `-- search.headsOf
		SELECT part, head FROM `+x.table()+`_part WHERE part`+x.db.OneOf("$1"), db.List(x.db, missing))
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.heads) > 4*len(list)+100 { // those of parts that were merged
		x.heads = map[int64]*head{}
	}
	for _, r := range rows {
		h, err := readHead(r.Head)
		if err != nil {
			return nil, err
		}
		x.heads[r.Part] = h
		if i := slices.Index(list, r.Part); i >= 0 {
			out[i] = h
		}
	}
	if slices.Contains(out, nil) {
		return nil, errGone
	}
	return out, nil
}
