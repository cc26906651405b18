package ledger

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// The entries of the book are only ever added to, so how many have been posted names its state: a statement over entries
// and cells, asked again while that number stands, answers what it answered before. Pages are asked for far more often
// than something is posted. The tree is not part of it: where a unit stands is read anew, and is in the statement's text.

// memo is what a page reads from one snapshot: what its questions ask again, and the state of the book that they read.
type memo struct {
	nodes    tree
	below    map[unitOn][]org.Unit
	counties map[scope.Range][]int64
	state    state // unknown, and nothing kept, inside a transaction that may itself post
}

// state names a state of the book. Folding changes no figure, but moves what is posted from one statement's answer to
// another's: how much is folded is therefore part of it.
type state struct{ Posted, Folded int64 }

var unknown = state{-1, -1}

// before tells whether a state came earlier than another: entries are only added, and only folded.
func (a state) before(b state) bool {
	return a.Posted < b.Posted || a.Posted == b.Posted && a.Folded < b.Folded
}

type unitOn struct {
	unit id.ID
	day  clock.Day
}

type memoKey struct{}

func memoOf(ctx context.Context) *memo {
	m, _ := ctx.Value(memoKey{}).(*memo)
	return m
}

// snapshot lets a page read everything that it shows from one state of the ledger.
func (s store) snapshot(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.Read(ctx, func(ctx context.Context) error {
		m := &memo{nodes: tree{}, below: map[unitOn][]org.Unit{}, counties: map[scope.Range][]int64{}, state: unknown}
		if !s.db.CanWrite(ctx) {
			var err error
			if m.state, err = s.standing(ctx); err != nil {
				return err
			}
		}
		return fn(context.WithValue(ctx, memoKey{}, m))
	})
}

// standing is the state of the book: how many entries it has, folded or not, and how many are folded.
func (s store) standing(ctx context.Context) (state, error) {
	return db.Get[state](ctx, s.db, `-- ledger.standing
		SELECT seq + CAST((SELECT COUNT(*) FROM ledger_tail) AS BIGINT) AS posted, seq AS folded FROM ledger_folder WHERE id = 1`)
}

// mostKept bounds what is kept: the home pages of some hundred units, a few megabytes.
const mostKept = 50_000

// kept holds the answers to statements for one state of the book.
type kept struct {
	mu      sync.Mutex
	state   state
	answers map[[sha256.Size]byte]any
}

// readKept reads by a statement over entries and cells, or answers what it answered for the same state of the book. The
// caller must not change what it is given.
func readKept[T any](ctx context.Context, s store, read func(context.Context, *db.DB, string, ...any) (T, error), q string, args ...any) (T, error) {
	m := memoOf(ctx)
	if m == nil || m.state == unknown {
		return read(ctx, s.db, q, args...)
	}
	key := sha256.Sum256(fmt.Append([]byte(q), args...))
	if v, ok := s.kept.find(m.state, key).(T); ok {
		return v, nil
	}
	v, err := read(ctx, s.db, q, args...)
	if err == nil {
		s.kept.keep(m.state, key, v)
	}
	return v, err
}

func (k *kept) find(at state, key [sha256.Size]byte) any {
	k.mu.Lock()
	defer k.mu.Unlock()
	if at != k.state {
		return nil
	}
	return k.answers[key]
}

func (k *kept) keep(at state, key [sha256.Size]byte, answer any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if at.before(k.state) {
		return // a reader that began before the last posting
	}
	if at != k.state || k.answers == nil || len(k.answers) >= mostKept {
		k.state, k.answers = at, map[[sha256.Size]byte]any{}
	}
	k.answers[key] = answer
}
