package org

import (
	"testing"

	"xinhuo/internal/kit/id"
)

// An import that remembers units reads its own changes (R57): a unit that was merged while it was remembered has its heir.
func TestRememberingForgetsWhatChanges(t *testing.T) {
	ctx, s := open(t)
	small(t, ctx, s)
	canal, rice := codeOf(t, ctx, s, "990203109"), codeOf(t, ctx, s, "990203013")
	ctx = Remembering(ctx)
	for range 2 {
		if u, err := s.Unit(ctx, canal.ID); err != nil || u != canal {
			t.Fatalf("the town before the merger: %+v %v", u, err)
		}
	}
	must(t, s.Merge(ctx, []id.ID{canal.ID}, rice.ID, "2016-09-01", "云关委〔2016〕9号"))
	if u, err := s.Unit(ctx, canal.ID); err != nil || u.Heir != rice.ID {
		t.Errorf("after the merger the import still reads %+v, %v", u, err)
	}
}
