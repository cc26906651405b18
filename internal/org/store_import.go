package org

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const batchColumns = `id, unit, file, at, actor, actor_name, state, plan`

func (s store) insertBatch(ctx context.Context, b Batch) error {
	return s.insert(ctx, into{"org_batch", batchColumns, 8}, [][]any{{b.ID, b.Unit, b.File, b.At, b.Actor, b.ActorName, b.State, b.Plan}})
}

func (s store) batch(ctx context.Context, b id.ID) (Batch, error) {
	return db.Get[Batch](ctx, s.db, "-- org.Batch\nSELECT "+batchColumns+" FROM org_batch WHERE id = $1", b)
}

func (s store) batches(ctx context.Context, unit id.ID, limit int) ([]Batch, error) {
	return db.Select[Batch](ctx, s.db, `-- org.Batches
		SELECT id, unit, file, at, actor, actor_name, state, '' AS plan FROM org_batch WHERE unit = $1 ORDER BY id DESC LIMIT $2`, unit, limit)
}

func (s store) setBatch(ctx context.Context, b id.ID, from, to string) error {
	n, err := s.db.Exec(ctx, "-- org.setBatch\nUPDATE org_batch SET state = $3 WHERE id = $1 AND state = $2", b, from, to)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "org.import_taken")
	}
	return err
}

func (s store) subtree(ctx context.Context, r scope.Range, day clock.Day, after int64, limit int) ([]Unit, error) {
	return db.Select[Unit](ctx, s.db, "-- org.EachUnit\n"+unitOn+standing+" AND p.pos >= $2 AND p.pos < $3 AND p.pos > $4 ORDER BY p.pos LIMIT $5",
		day, r.From, r.To, after, limit)
}
