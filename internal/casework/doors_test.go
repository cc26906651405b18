package casework

import (
	"testing"

	"xinhuo/internal/kit/errs"
)

// R45: numbers and names of a unit's cases are for who works in that very unit; nobody else opens one there; how many visits are overdue at each
// unit is the operator's alone.
func TestDoorsOfAUnit(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "at_risk")
	for _, login := range []string{"above", "beside"} {
		by := w.by(login)
		if list, err := w.s.Tallies(by, w.desk); err != nil || len(list) != 0 {
			t.Errorf("%s counts %v, %v", login, list, err)
		}
		if list, err := w.s.Paired(by, w.desk); err != nil || list != nil {
			t.Errorf("%s is told who is paired: %v, %v", login, list, err)
		}
		if _, err := w.s.FromRequest(by, w.desk, ref); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", login, err)
		}
		if _, err := w.s.Lates(by, w.desk); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s is told what is overdue: %v", login, err)
		}
	}
	_, err := w.s.OpenCase(w.by("above"), w.opening("left_behind"))
	w.kind(err, errs.Forbidden)
	_, err = w.s.OpenCase(w.by("beside"), w.opening("left_behind"))
	w.kind(err, errs.NotFound)
	w.kind(w.s.Name(w.by("above"), ref, 0, "above"), errs.NotFound)
	if _, err := w.s.matter(w.by("office"), ref); !errs.Is(err, errs.NotFound) { // there is nothing for a colleague to look after
		t.Errorf("a colleague: %v", err)
	}
	w.in(40)
	for unit, want := range map[string]int{"desk": 1, "beside": 0} {
		u := w.desk
		if unit == "beside" {
			var err error
			u, err = w.s.org.ByCode(w.ctx, "990204")
			w.must(err)
		}
		if list, err := w.s.Lates(w.ctx, u); err != nil || len(list) != want {
			t.Errorf("%s: %v, %v", unit, list, err)
		}
	}
}
