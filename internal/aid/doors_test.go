package aid

import (
	"testing"

	"xinhuo/internal/kit/id"
)

// A list holds what lies at its unit and below, within the reader's view, and a request for help tells of no aid elsewhere.
func TestListsStayWithinTheirUnit(t *testing.T) {
	w := openWorld(t)
	w.apply("liang", w.study("990203013", 100), child("甲", "2011-01-01"))
	w.apply("liu", w.study("990203014", 100), child("乙", "2011-01-01"))
	for _, x := range []struct {
		login, unit string
		want        int
	}{{"liang", "990203013", 1}, {"liang", "990203", 1}, {"chen", "990203014", 1}, {"zhou", "990203", 2}, {"cai", "9902", 0}} {
		p, err := w.s.List(w.by(x.login), w.unit[x.unit], Filter{})
		w.must(err)
		if len(p.Rows) != x.want || p.Total != int64(x.want) {
			t.Errorf("%s at %s: %d of %d, want %d", x.login, x.unit, len(p.Rows), p.Total, x.want)
		}
	}
	same := w.apply("liu", w.study("990203014", 100), child("甲", "2011-01-01"))
	if d, err := w.s.DoublesOf(w.by("reader"), same, w.aid(same)); err != nil || d.Any() { // who only looks learns nothing of doubles
		t.Errorf("%+v, %v", d, err)
	}
	from := id.Ref{Root: 9902, ID: 5}
	_, err := w.s.Apply(w.by("liang"), w.study("990203013", 200), child("丙", "2011-01-01"), agreed, from)
	w.must(err)
	for login, want := range map[string]int{"liang": 1, "liu": 0} {
		if list, err := w.s.store.ofRequest(w.ctx, from.String(), w.as[login].ViewSet); err != nil || len(list) != want {
			t.Errorf("%s: %d, %v", login, len(list), err)
		}
	}
}
