package org

import (
	"context"

	"xinhuo/internal/kit/id"
)

type memoKey struct{}

// Remembering lets Unit read each unit once within the context, for imports, which ask for the same few units with every
// record. A change to any unit within the context forgets them all; nobody else's change is looked for, so that the
// context must not outlive its transaction.
func Remembering(ctx context.Context) context.Context {
	return context.WithValue(ctx, memoKey{}, map[id.ID]Unit{})
}

func remembered(ctx context.Context) map[id.ID]Unit {
	m, _ := ctx.Value(memoKey{}).(map[id.ID]Unit)
	return m
}
