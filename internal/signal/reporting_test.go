package signal

import (
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
)

// R160: who reported lately and not last month is reminded on the days on which it still can be done, who never did is not; the
// county sees by name who has and who has not, and no number; the neighbour sees nothing of it.
func TestWhoHasReported(t *testing.T) {
	w := open(t)
	w.day("2019-02-20")
	w.report("990203001", "2019-02", map[string]int64{"mind": 3})
	w.day("2019-01-20")
	w.report("990203002", "2019-01", map[string]int64{"mind": 3})
	waits := func(code string, d clock.Day) bool {
		t.Helper()
		w.day(d)
		ctx := w.as(code)
		list, err := w.s.Waiting(ctx, w.unit(code).ID)
		w.must(err)
		if len(list) > 0 && (list[0].Link != "/signal/own?month="+string(MonthOf(d).add(-1)) || list[0].Due != MonthOf(d).First().AddDays(9) || list[0].Title == "") {
			t.Errorf("%s is led to %+v", code, list[0])
		}
		return len(list) == 1
	}
	for _, x := range []struct {
		code string
		day  clock.Day
		want bool
	}{{"990203001", "2019-03-01", false}, // February is reported
		{"990203001", "2019-04-01", true}, {"990203001", "2019-04-10", true}, {"990203001", "2019-04-11", false}, {"990203001", "2019-03-31", false},
		{"990203001", "2019-06-05", true}, {"990203001", "2019-07-05", false}, // three months back, four
		{"990203002", "2019-05-05", true}, {"990203002", "2019-06-05", false}, {"990203003", "2019-04-05", false}} {
		if got := waits(x.code, x.day); got != x.want {
			t.Errorf("%s on %s: %v", x.code, x.day, got)
		}
	}
	w.day("2019-04-05")
	w.report("990203002", "2019-03", map[string]int64{"mind": 4})
	w.day("2019-04-06")
	if waits("990203002", "2019-04-06") {
		t.Error("reminded after it was reported")
	}
	county := w.site(w.as("990203"))
	body := w.send(county, "GET", "/signal/reported?unit="+w.unit("990203").ID.String()+"&month=2019-03", "", 200).Body.String()
	first, second := strings.Index(body, ">"+w.unit("990203001").Name+"<"), strings.Index(body, ">"+w.unit("990203002").Name+"<")
	if first < 0 || second < first || !strings.Contains(body, "已报1个") {
		t.Errorf("who has not reported stands at %d, who has at %d: %s", first, second, body)
	}
	list, err := w.s.Reporting(w.as("990203"), w.unit("990203"), "2019-03")
	w.must(err)
	var said []string
	for _, r := range list {
		state := "-"
		if r.Reported {
			state = "+"
		}
		said = append(said, r.Unit.Code+state+string(r.Last))
	}
	if len(said) < 3 || said[0] != "990203001-2019-02" || said[len(said)-1] != "990203002+2019-01" {
		t.Errorf("%v", said)
	}
	api := w.send(county, "GET", "/api/v1/signals/reported?month=2019-03", "", 200).Body.String()
	if !strings.Contains(api, `"reported":true`) || strings.Contains(api, `"n":`) || strings.Contains(api, "mind") {
		t.Error(api)
	}
	file := w.send(county, "GET", "/signal/reported/export?format=csv&month=2019-03", "", 200).Body.String()
	if name := w.unit("990203002").Name; !strings.Contains(file, "2019-03,990203002,"+name+",已报,2019-01") || strings.Contains(file, "心理") {
		t.Error(file)
	}
	if list, err := w.s.Reporting(w.as("990203003"), w.unit("990203"), "2019-03"); err != nil || len(list) != 1 || list[0].Unit.Code != "990203003" {
		t.Errorf("a town reads others on the county's list: %+v, %v", list, err)
	}
}
