package care

import (
	"context"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/seal"
)

// A guardian or a child asks what is kept of them: whoever leads the desk finds the request by name, with its words; nobody else at the office
// does. A guardian is handed nothing that a child asked by themselves, and what runs still is not erased. // R133
func TestWishFindsARequest(t *testing.T) {
	w := openWorld(t)
	w.open()
	w.ask(Ask{Name: "秦晓禾", Text: "爸爸喝酒以后打我，别告诉他"})
	w.ask(Ask{Name: "秦晓禾", Asker: "parent", Text: "孩子不肯上学"})
	x := w.s.seal
	found := func(login, asker, kind string) (out []seal.Found) {
		t.Helper()
		ref, err := x.AddWish(w.by(login), w.desk.ID, seal.Wish{Kind: kind, Asker: asker, Proof: "papers", Received: today, Name: "秦晓禾"})
		w.must(err)
		_, out, err = x.Wish(w.by(login), ref)
		w.must(err)
		_, told, err := x.Tell(w.by(login), ref)
		w.must(err)
		for _, f := range told {
			if f.Found.Hold.Tell != "" {
				t.Errorf("handed over: %+v", f)
			}
		}
		return out
	}
	if n := len(found("office", "minor", seal.ToSee)); n != 0 {
		t.Errorf("the office finds %d", n)
	}
	list := found("lead", "minor", seal.ToSee)
	if len(list) != 4 { // two requests, each with who asked and what was said
		t.Fatalf("%d found", len(list))
	}
	withheld := func(list []seal.Found) (n int) {
		for _, f := range list {
			if f.Hold.Tell != "" {
				n++
			}
			if f.Hold.Erase == "" {
				t.Error("a request that runs can be erased")
			}
		}
		return n
	}
	if n := withheld(list); n != 2 { // the child's own has a word of danger
		t.Errorf("%d held back from the child, want 2", n)
	}
	if n := withheld(found("lead", "guardian", seal.ToSee)); n != 2 {
		t.Errorf("%d held back from the guardian, want the child's 2", n)
	}
	for _, f := range list {
		q, err := w.s.requestAcrossUnits(w.ctx, f.Of)
		w.must(err)
		if q.State == Closed {
			continue
		}
		if q.Holder == 0 {
			w.must(w.s.Take(w.by("lead"), f.Of, 0))
		}
		w.must(w.s.Close(w.by("lead"), f.Of, 0, "helped", "好了"))
	}
	kept := 0
	for _, f := range found("lead", "guardian", seal.ToErase) {
		if f.Hold.Erase != "" {
			kept++
		}
	}
	if kept == 0 {
		t.Error("a guardian has a child's own request erased")
	}
	// what has to be reported keeps all of it
	w.s.AddCloser(func(context.Context, id.Ref) error { return errs.New(errs.Invalid, "mandatory.first") })
	for _, f := range found("lead", "minor", seal.ToErase) {
		if f.Hold.Erase != "care.stays_duty" || f.Hold.Tell != "care.not_told_danger" {
			t.Errorf("%+v", f.Hold)
		}
	}
}

// What is refused to a guardian's request is not erased on the page of what is sealed either: neither a child's own request on a guardian's word, nor
// anything while something has to be reported. A slip of the pen is.
func TestErasedByHand(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, _ := w.ask(Ask{Name: "秦晓禾", Text: "爸爸喝酒以后打我，别告诉他"})
	var duty error
	w.s.AddCloser(func(context.Context, id.Ref) error { return duty })
	_, d, on, err := w.s.about(w.ctx, q.Ref())
	w.must(err)
	o := owner(entryKind, q, d, on, today)
	said, err := w.s.seal.Open(w.by("lead"), o)
	w.must(err)
	erase := func(ground string) error { return w.s.seal.Erase(w.by("lead"), o, said[0].Ref, ground, "家里提出") }
	w.kind(erase(seal.ByGuardian), errs.Conflict)
	var f errs.Fields
	f.Add("mandatory", "care.stays_duty")
	duty = f.Err()
	w.kind(erase(seal.Mistyped), errs.Conflict)
	duty = nil
	w.must(erase(seal.Mistyped))
}
