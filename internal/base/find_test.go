package base_test

import (
	"testing"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Other modules find a base by its whole name or its code, whoever its host is, within what the reader may find.
func TestNamed(t *testing.T) {
	w := open(t)
	b := w.base("990203013", "法治", w.plaque("9902", "2015-01-01", ""))
	b.Name, b.Code, b.Capacity = "云州法治馆", "F1", 80
	ref := w.create(b)
	gone := w.create(w.base("990203013", "法治"))
	must(t, w.s.Remove(w.ctx, gone, 1, "登错"))
	sibling := w.as("990204003")
	for _, name := range []string{"云州法治馆", "F1"} {
		if list, err := w.s.Named(sibling, 9902, name); err != nil || len(list) != 1 || list[0].Ref != ref || list[0].Capacity != 80 {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
	for name, root := range map[string]int64{"法治馆": 9902, "云州法治馆": 9907} {
		if list, err := w.s.Named(sibling, root, name); err != nil || len(list) != 0 {
			t.Errorf("%s in %d: %+v, %v", name, root, list, err)
		}
	}
	narrow := scope.From(sibling)
	narrow.FindSet = scope.Set{w.units["990204"].Range()}
	if list, err := w.s.Named(scope.With(w.ctx, narrow), 9902, "F1"); err != nil || len(list) != 0 {
		t.Errorf("outside what may be found: %+v, %v", list, err)
	}
	known, err := w.s.Known(sibling, []id.Ref{ref, gone})
	if err != nil || len(known) != 1 || known[ref].Name != "云州法治馆" {
		t.Errorf("%+v, %v", known, err)
	}
}
