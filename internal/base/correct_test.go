package base_test

import (
	"errors"
	"slices"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/record"
)

// What a survey found is written into a base with its source, as long as the register holds what was seen; the same person
// takes it back (R103).
func TestFactsAreCorrectedWithTheirSource(t *testing.T) { // R103
	w := open(t)
	ref := w.create(w.base("990203013", "法治"))
	town := w.units["990203013"]
	b, _, err := w.s.Get(w.ctx, ref)
	must(t, err)
	was := b.Values()
	ch := record.Change{Act: "base.act.edit", Reason: "调查《阵地普查》"}
	n, err := w.s.CorrectFacts(w.ctx, ref, town, was, map[string][]string{"run_mode": {"joint"}, "capacity": {"120"}, "facilities": {"wifi", "toilet"}, "built_on": {"2011-05-04"}}, ch)
	must(t, err)
	b, v, err := w.s.Get(w.ctx, ref)
	must(t, err)
	if v.N != n || v.Reason != ch.Reason || b.RunMode != "joint" || b.Capacity != 120 || !slices.Equal(b.Facilities, []string{"wifi", "toilet"}) || b.BuiltOn != "2011-05-04" {
		t.Errorf("the register holds %+v, version %+v", b, v)
	}
	var e *errs.Error
	if _, err := w.s.CorrectFacts(w.ctx, ref, town, was, map[string][]string{"capacity": {"60"}}, ch); !errs.Is(err, errs.Conflict) || !errors.As(err, &e) || e.Args["Now"] != "120" {
		t.Errorf("a base that changed since is corrected: %v", err)
	}
	if _, err := w.s.CorrectFacts(w.ctx, ref, w.units["990204003"], b.Values(), map[string][]string{"capacity": {"60"}}, ch); !errs.Is(err, errs.NotFound) {
		t.Errorf("a base of another host is corrected: %v", err)
	}
	if _, err := w.s.CorrectFacts(w.as("990204003"), ref, town, b.Values(), map[string][]string{"capacity": {"60"}}, ch); !errs.Is(err, errs.NotFound) {
		t.Errorf("somebody from elsewhere corrects it: %v", err)
	}
	must(t, w.s.Undo(w.ctx, ref, n))
	if b, _, err = w.s.Get(w.ctx, ref); err != nil || b.RunMode == "joint" {
		t.Errorf("taken back it holds %+v, %v", b, err)
	}
	refs, list, err := w.s.HostedBy(w.ctx, town)
	if err != nil || len(refs) != 1 || refs[0] != ref || list[0].Name != b.Name {
		t.Errorf("the town hosts %v %v, %v", refs, list, err)
	}
}
