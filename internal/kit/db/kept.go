package db

import (
	"context"
	"database/sql"
	"sync"
)

// manyTexts bounds what a pool or a transaction keeps of statements: an open one holds some ten kilobytes on each
// connection, so those that come often are worth it and the thousands that a filter can make are not.
const manyTexts = 200

// oftenEnough is how often a text comes before its statement is kept.
const oftenEnough = 8

// kept are the statements of a pool of SQLite that stay open for as long as the database does, because their text came
// often: SQLite takes as long to read the words of a short statement as to do what they say (40 % of a round of edits
// went there). The driver of PostgreSQL keeps its own. Rows of a text must be read to their end before the same text is
// asked again in the same transaction.
type kept struct {
	pool  *sql.DB
	mu    sync.Mutex
	often map[string]int
	stmts map[string]*sql.Stmt
}

// stmt is the statement that is kept for the text, nil while there is none. Preparing goes on beside the caller: he may
// hold the connection that it waits for.
func (k *kept) stmt(q string) *sql.Stmt {
	k.mu.Lock()
	defer k.mu.Unlock()
	st := k.stmts[q]
	if st != nil || len(k.stmts) == manyTexts {
		return st
	}
	if k.often == nil || len(k.often) > 10*manyTexts {
		k.often = map[string]int{}
	}
	if k.often[q]++; k.often[q] == oftenEnough {
		go k.keep(q)
	}
	return nil
}

func (k *kept) keep(q string) {
	st, err := k.pool.Prepare(q)
	if err != nil {
		return // said by whoever runs it, or the database is closed
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stmts == nil {
		k.stmts = map[string]*sql.Stmt{}
	}
	if k.stmts[q] != nil || len(k.stmts) == manyTexts {
		_ = st.Close()
		return
	}
	k.stmts[q] = st
}

// QueryContext reads outside a transaction.
func (k *kept) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	if st := k.stmt(q); st != nil {
		return st.QueryContext(ctx, args...)
	}
	return k.pool.QueryContext(ctx, q, args...)
}
