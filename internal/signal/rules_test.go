package signal

import "testing"

func TestMonths(t *testing.T) { // R160
	if m, ok := ParseMonth("2019-02"); !ok || m.Last() != "2019-02-28" || m.Published() != "2019-03-11" || m.add(-2) != "2018-12" {
		t.Errorf("February ends on %s and is published on %s", m.Last(), m.Published())
	}
	if got := openMonths("2019-03-10"); len(got) != 2 || got[1] != "2019-02" {
		t.Errorf("on the tenth one can report %v", got)
	}
	if got := openMonths("2019-03-11"); len(got) != 1 || got[0] != "2019-03" {
		t.Errorf("on the eleventh one can report %v", got)
	}
	for _, bad := range []string{"", "2019-13", "2019-5", "abcdefg", "2019/05"} {
		if _, ok := ParseMonth(bad); ok {
			t.Errorf("%q is a month", bad)
		}
	}
}
