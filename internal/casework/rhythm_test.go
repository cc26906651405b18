package casework

import (
	"slices"
	"testing"

	"xinhuo/internal/kit/clock"
)

// R48: a case is judged by its own rhythm, as it stood at the end of the month, whatever was done since; published are tenths, and of fewer than
// nine cases nothing.
func TestShareInRhythm(t *testing.T) {
	w := openWorld(t)
	w.now = clock.Day("2019-04-01").Time()
	open := func(rhythm int64) Case {
		n := w.opening("venture")
		n.Rhythm, n.Other = rhythm, true
		n.Person["birth"] = "1970"
		ref, err := w.s.OpenCase(w.by("lead"), n)
		w.must(err)
		return w.known(ref)
	}
	var slow, quick []Case
	for range 7 { // owed in June at the earliest
		slow = append(slow, open(90))
	}
	publish := func(on clock.Day) {
		w.now = on.Time()
		_, err := w.s.Publish(w.ctx)
		w.must(err)
	}
	told := func(login string) int64 {
		t.Helper()
		u := w.desk
		if login == "above" {
			u = w.city
		}
		month, n, err := w.s.InRhythm(w.by(login), u)
		w.must(err)
		if month == "" {
			return -1
		}
		return n
	}
	for range 3 {
		quick = append(quick, open(10)) // owed in April
	}
	w.now = clock.Day("2019-04-28").Time()
	w.must(w.s.Visit(w.by("lead"), quick[0].Ref(), "2019-04-25", "home", "好", "", 0, ""))
	w.now = clock.Day("2019-05-03").Time() // the second is visited after the month, before it is published
	w.must(w.s.Visit(w.by("lead"), quick[1].Ref(), w.today(), "home", "好", "", 0, ""))
	w.must(w.s.Plan(w.by("lead"), quick[2].Ref(), 0, "目标", "措施", "2019-12-01", 90))
	w.must(w.s.Close(w.by("lead"), slow[0].Ref(), 0, "moved", "搬走了"))
	publish("2019-05-03")
	if got := told("lead"); got != 8 { // 8 of 10: two were overdue on 30 April
		t.Errorf("April: %d tenths, want 8", got)
	}
	if got := told("above"); got != 8 {
		t.Errorf("April at the city: %d", got)
	}
	publish("2019-06-01")
	if got := told("lead"); got != 8 { // 7 of 9: one ended, two of ten days were not visited again
		t.Errorf("May: %d tenths, want 8", got)
	}
	w.must(w.s.Close(w.by("lead"), slow[1].Ref(), 0, "moved", "搬走了"))
	publish("2019-07-01")
	if got := told("lead"); got != -1 {
		t.Errorf("of eight cases %d is published", got)
	}
	if _, n, err := w.s.InRhythm(w.by("beside"), w.desk); err == nil {
		t.Errorf("another county is told %d", n)
	}
	// the list of those not visited for so many days, live
	list, err := w.s.List(w.by("office"), w.desk, Filter{Days: 60})
	w.must(err)
	var nos []string
	for _, c := range list {
		nos = append(nos, c.No)
		if c.Unvisited(w.today()) < 60 {
			t.Errorf("%d days", c.Unvisited(w.today()))
		}
	}
	if len(list) != 7 || slices.Contains(nos, quick[1].No) { // five that run slowly and two of ten days
		t.Errorf("%d listed: %v", len(list), nos)
	}
	w.do("lead", "GET", "/casework?days=60&class=venture", nil, 200)
	w.do("lead", "GET", "/casework?days=nonsense", nil, 200)
}
