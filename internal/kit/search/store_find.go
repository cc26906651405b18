package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

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

// Most is how many hits are counted; beyond, it is said that there are more.
const Most = 2_000

// titled is how many of the newest whose title answers are put in order with the newest that answer.
const titled = 100

// Hit is a document that answers a query, with what the caller wants to know of it.
type Hit[T any] struct {
	Doc  id.ID
	Row  T
	rank float64
}

// Find lists the documents that answer, the best first: of the newest, at most Most, and of the newest whose title answers; and whether there
// are more. Columns are the caller's, for T, of Among.From; T holds "doc" among its columns and key tells it.
func Find[T any](ctx context.Context, x *Index, q Query, a Among, columns string, key func(T) id.ID) (hits []Hit[T], more bool, err error) {
	err = x.look(ctx, func(ctx context.Context, l *looking) error {
		all, left, err := newest(ctx, l, q, a, false, columns, key, Most)
		if err != nil {
			return err
		}
		if more = left; more { // else all are there
			first, _, err := newest(ctx, l, q, a, true, columns, key, titled)
			if err != nil {
				return err
			}
			seen := make(map[id.ID]bool, len(all))
			for _, h := range all {
				seen[h.Doc] = true
			}
			all = append(all, slices.DeleteFunc(first, func(h Hit[T]) bool { return seen[h.Doc] })...)
		}
		slices.SortFunc(all, func(a, b Hit[T]) int { return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(b.Doc, a.Doc)) })
		hits = all
		return nil
	})
	return hits[:min(len(hits), Most)], more, err
}

// Titles lists the newest documents whose title, or a sound, answers a query, at most n: for whoever is still typing.
func Titles[T any](ctx context.Context, x *Index, q Query, a Among, columns string, key func(T) id.ID, n int) (out []T, err error) {
	err = x.look(ctx, func(ctx context.Context, l *looking) error {
		hits, _, err := newest(ctx, l, q, a, true, columns, key, n)
		out = nil
		for _, h := range hits {
			out = append(out, h.Row)
		}
		return err
	})
	return out, err
}

// newest are the newest documents that answer, or whose titles do, at most most, and whether there are more.
func newest[T any](ctx context.Context, l *looking, q Query, a Among, titles bool, columns string, key func(T) id.ID, most int) (out []Hit[T], more bool, err error) {
	s := stream{l: l, q: q, titles: titles, mark: a.Mark, left: l.parts}
	for n, asked := most+most/4+1, 0; ; {
		lot, err := s.next(ctx, n)
		if err != nil || len(lot) == 0 {
			return out, false, err
		}
		if lot, err = current(ctx, l.x, lot); err != nil {
			return nil, false, err
		}
		if lot, err = l.sure(ctx, q, lot, titles); err != nil {
			return nil, false, err
		}
		rows, err := among(ctx, l, a, columns, key, lot, most+1-len(out))
		if err != nil {
			return nil, false, err
		}
		for _, c := range lot {
			if row, ok := rows[c.doc]; ok {
				if out = append(out, Hit[T]{c.doc, row, c.rank}); len(out) > most {
					return out[:most], true, nil
				}
				delete(rows, c.doc)
			}
		}
		// as many as it takes when of the next as many may be seen as of these
		asked += n
		n = min(max((most+1-len(out))*asked/max(len(out), 1)*5/4, n/2), mostAsked)
	}
}

// mostAsked is of how many documents it is asked at once who may see them.
const mostAsked = 10_000

// among asks which of some documents the caller's condition leaves, the newest first. Where they lie close together what is between them
// is gone through rather than each looked up.
func among[T any](ctx context.Context, l *looking, a Among, columns string, key func(T) id.ID, lot []answer, most int) (map[id.ID]T, error) {
	if len(lot) == 0 {
		return nil, nil
	}
	docs := make([]id.ID, len(lot))
	for i, c := range lot {
		docs[i] = c.doc
	}
	k := len(a.Args)
	args := append(slices.Clone(a.Args), db.List(l.x.db, docs), most)
	q := fmt.Sprintf(`%s v CROSS JOIN %s WHERE %s = v.n`, l.x.values(fmt.Sprintf("$%d", k+1)), a.From, a.Doc)
	if from, to := slices.Min(docs), slices.Max(docs); l.between(from, to) <= nearby*len(docs) {
		q = fmt.Sprintf(`%[1]s WHERE %[2]s BETWEEN $%[3]d AND $%[4]d AND (%[2]s IN (SELECT v.n FROM %[5]s v)) IS TRUE`, a.From, a.Doc, k+3, k+4, l.x.values(fmt.Sprintf("$%d", k+1)))
		args = append(args, from, to)
	}
	list, err := db.Select[T](ctx, l.x.db, `-- search.among
		SELECT `+columns+fmt.Sprintf(` FROM %s AND (%s) ORDER BY %s DESC LIMIT $%d`, q, a.Where, a.Doc, k+2), args...)
	out := make(map[id.ID]T, len(list))
	for _, r := range list {
		out[key(r)] = r
	}
	return out, err
}

// nearby is how many documents may lie between two that are asked for so that going through them costs less: of a hundred thousand on
// PostgreSQL to look one up costs as much as to pass over eight.
const nearby = 6

// between is about how many documents lie between two.
func (l *looking) between(from, to id.ID) (n int) {
	for _, p := range l.parts {
		first, _ := slices.BinarySearch(p.docs, from)
		after, _ := slices.BinarySearch(p.docs, to+1)
		n += after - first
	}
	return n
}

// current leaves out what was changed or dropped since.
func current(ctx context.Context, x *Index, lot []answer) ([]answer, error) {
	if len(lot) == 0 {
		return lot, nil
	}
	docs := make([]id.ID, len(lot))
	for i, c := range lot {
		docs[i] = c.doc
	}
	gone, err := x.gone(ctx, docs)
	if err != nil || len(gone) == 0 {
		return lot, err
	}
	return slices.DeleteFunc(slices.Clone(lot), func(c answer) bool { return gone[c.stamp] }), nil
}

// looking is one look into the index: its parts as they stand, the newest first, and what was read of them.
type looking struct {
	x     *Index
	parts []opened
	pages map[int64][]byte
}

// opened is a part in which is looked.
type opened struct {
	number int64
	*head
}

func (o opened) newest() id.ID { return o.docs[len(o.docs)-1] }

// look does something with the index on one snapshot. In a transaction that writes there is none: then it begins anew when what it
// looked at was merged by others.
func (x *Index) look(ctx context.Context, do func(ctx context.Context, l *looking) error) error {
	for try := 1; ; try++ {
		err := x.db.Read(ctx, func(ctx context.Context) error {
			list, err := db.Select[int64](ctx, x.db, `-- search.look
				SELECT part FROM `+x.table()+`_part`)
			if err != nil {
				return err
			}
			heads, err := x.headsOf(ctx, list)
			if err != nil {
				return err
			}
			l := &looking{x: x, pages: map[int64][]byte{}}
			for i, h := range heads {
				l.parts = append(l.parts, opened{list[i], h})
			}
			slices.SortFunc(l.parts, func(a, b opened) int {
				return cmp.Or(cmp.Compare(b.newest(), a.newest()), cmp.Compare(b.number, a.number))
			})
			return do(ctx, l)
		})
		if !errors.Is(err, errGone) || try == 5 {
			return err
		}
	}
}

// load reads the pages on which some tokens stand, for some parts.
func (l *looking) load(ctx context.Context, parts []opened, keys []uint64) error {
	var missing []int64
	for _, p := range parts {
		last := -1
		for _, k := range keys { // in their order
			if n := p.page(k); n >= 0 && n != last {
				last = n
				at := p.number<<pageBits | int64(n)
				if l.pages[at] != nil {
					continue
				}
				if page, ok := l.x.pages.GetIfPresent(at); ok {
					l.pages[at] = page
				} else {
					missing = append(missing, at)
				}
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	list, err := db.Select[pageRow](ctx, l.x.db, `-- search.load
		SELECT p.page, p.data FROM `+l.x.values("$1")+` v CROSS JOIN `+l.x.table()+`_page p WHERE p.page = v.n`, db.List(l.x.db, missing))
	if err != nil {
		return err
	}
	if len(list) < len(missing) {
		return errGone
	}
	for _, r := range list {
		l.pages[r.Page] = r.Data
		l.x.pages.Set(r.Page, r.Data)
	}
	return nil
}

// list is the entry of a token in a part whose pages were read, nil when it stands nowhere there.
func (l *looking) list(p opened, key uint64) (out []byte, err error) {
	n := p.page(key)
	if n < 0 {
		return nil, nil
	}
	page := l.pages[p.number<<pageBits|int64(n)]
	err = entries(page, p.firsts[n], func(e entry) bool {
		if e.key == key {
			out = e.list
		}
		return e.key < key
	})
	return out, err
}

// inEach are, for each of some parts, the documents that answer; how well is known where all tokens were read. Several parts are looked into at once.
func (l *looking) inEach(parts []opened, q Query, titles bool, mark string) ([][]answer, error) {
	out := make([][]answer, len(parts))
	var all errgroup.Group
	all.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range parts {
		all.Go(func() (err error) {
			out[i], err = l.answers(p, q, titles, mark)
			return err
		})
	}
	return out, all.Wait()
}

// answers are the documents of a part that answer.
func (l *looking) answers(p opened, q Query, titles bool, mark string) ([]answer, error) {
	var broken error
	out, err := q.answers(p.head, func(key uint64) []byte {
		list, err := l.list(p, key)
		broken = cmp.Or(broken, err)
		return list
	}, titles, mark)
	return out, cmp.Or(broken, err)
}

// stream gives the documents that answer, the newest first, and reads no more parts than it takes.
type stream struct {
	l      *looking
	q      Query
	titles bool
	mark   string
	left   []opened // not read yet, the newest first
	ready  []answer // of those that were
	read   int      // documents of the parts that were
	found  int      // of them
}

// ahead is in how many documents is looked next to find n more: as many as it takes when as many answer as until now, or a few more.
func (s *stream) ahead(n int) int { return max(2*full, n*s.read/max(s.found, 1)*5/4) }

// next are the next n, fewer at the end.
func (s *stream) next(ctx context.Context, n int) ([]answer, error) {
	for len(s.left) > 0 && (len(s.ready) < n || s.left[0].newest() > s.ready[n-1].doc) {
		some, docs := 0, 0
		for ahead := s.ahead(n - len(s.ready)); some < len(s.left) && docs < ahead; some++ {
			docs += len(s.left[some].docs)
		}
		found, err := s.look(ctx, s.left[:some])
		if err != nil {
			return nil, err
		}
		s.left, s.ready, s.read, s.found = s.left[some:], append(s.ready, found...), s.read+docs, s.found+len(found)
		slices.SortFunc(s.ready, func(a, b answer) int { return cmp.Or(cmp.Compare(b.doc, a.doc), cmp.Compare(b.stamp, a.stamp)) })
	}
	n = min(n, len(s.ready))
	out := s.ready[:n:n]
	s.ready = s.ready[n:]
	return out, nil
}

// look looks into some parts. Where titles are asked, the texts of a part are only where a title answers.
func (s *stream) look(ctx context.Context, parts []opened) (out []answer, err error) {
	if err := s.l.load(ctx, parts, s.q.keys(s.titles, s.mark)); err != nil {
		return nil, err
	}
	if s.titles {
		found, err := s.l.inEach(parts, s.q, true, s.mark)
		if err != nil {
			return nil, err
		}
		var some []opened
		for i, p := range parts {
			if len(found[i]) > 0 {
				some = append(some, p)
			}
		}
		parts = some
		if err := s.l.load(ctx, parts, s.q.keys(false, s.mark)); err != nil {
			return nil, err
		}
	}
	found, err := s.l.inEach(parts, s.q, s.titles, s.mark)
	return slices.Concat(found...), err
}

type soundRow struct {
	Doc    id.ID
	Sounds string
}

// sure leaves out documents for which only a piece of a sound speaks, where they do not sound like it.
func (l *looking) sure(ctx context.Context, q Query, lot []answer, titles bool) ([]answer, error) {
	var docs []id.ID
	for _, c := range lot {
		if c.unsure != 0 {
			docs = append(docs, c.doc)
		}
	}
	if len(docs) == 0 {
		return lot, nil
	}
	list, err := db.Select[soundRow](ctx, l.x.db, `-- search.sure
		SELECT k.doc, k.sounds FROM `+l.x.values("$1")+` v CROSS JOIN `+l.x.table()+`_text k WHERE k.doc = v.n`, db.List(l.x.db, docs))
	if err != nil {
		return nil, err
	}
	sounds := map[id.ID]string{}
	for _, r := range list {
		if titles {
			r.Sounds = ofTitle(r.Sounds)
		}
		sounds[r.Doc] = r.Sounds
	}
	return slices.DeleteFunc(slices.Clone(lot), func(c answer) bool {
		for i, n := range q.Needles {
			if c.unsure&(1<<i) != 0 && !n.heard(sounds[c.doc]) {
				return true
			}
		}
		return false
	}), nil
}
