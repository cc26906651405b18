package survey

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// poll is an open questionnaire of the city with the signature of its link.
func (w *world) poll(expected int64) (id.Ref, string) {
	w.Helper()
	ref, err := w.s.AddPoll(w.as("9902"), Poll{Unit: w.unit("9902").ID, Title: "你想要什么", Audience: "young", Needs: []string{"心理健康", "书画", "助学"}, Expected: expected, Closes: "2019-06-10"})
	w.must(err)
	link, err := w.s.PollLink(w.as("9902"), ref)
	w.must(err)
	return ref, strings.TrimPrefix(link, "/q/"+ref.String()+"?k=")
}

// A need leads to the teams that can answer it; how people feel is told as a total, and what is small, or would follow from the
// rest, is told nobody; once it is closed no sheet is left (R156, R160).
func TestNeedsAreToldAsCountsAlone(t *testing.T) { // R156 R160
	w := open(t)
	ref, sig := w.poll(60)
	for n := range 40 {
		x := Sheet{Age: "12to14", Mood: "seldom", Needs: "书画"}
		if n%4 == 0 {
			x.Age, x.Mood, x.Needs = "15to17", "often", "书画\n心理健康"
		}
		if n < 3 {
			x.Age, x.Needs = "from18", "助学"
		}
		w.must(w.s.Answer(w.ctx, ref, sig, fmt.Sprintf("10.0.%d.1:80", n), x))
	}
	p, v, err := w.s.Poll(w.as("9902"), ref)
	w.must(err)
	if p.Outcome != nil {
		t.Error("a result is there while answers come in")
	}
	w.must(w.s.ClosePoll(w.as("9902"), ref, v.N))
	p, _, err = w.s.Poll(w.as("9902"), ref)
	w.must(err)
	o := p.Outcome
	if o.Counted != 40 || o.Needs["助学"][0] != anon.Hidden || o.Needs["心理健康"][0] != 9 || o.Moods[2] != 10 && o.Moods[2] != anon.Hidden {
		t.Errorf("the outcome is %+v", o)
	}
	for need, row := range o.Needs {
		for _, n := range row {
			if n != anon.Hidden && n < anon.Fewest {
				t.Errorf("%s tells %v", need, row)
			}
		}
	}
	if list, err := w.s.store.sheets(w.ctx, ref); err != nil || len(list) != 0 {
		t.Errorf("%d sheets are left, %v", len(list), err)
	}
	w.wants("9902", map[string]int64{"poll.answers": 40, "poll.needs": 37 + 9})
	page := w.get(w.as("9902"), "/poll/"+ref.String(), 200)
	page.MustHave(`a[href^="/team/match?need="]`, "看谁能帮")
	w.get(w.as("9902"), "/poll", 200)
	w.refused(w.s.Answer(w.ctx, ref, sig, "10.9.9.9:80", Sheet{Age: "12to14", Mood: "seldom"}), errs.Conflict, "survey.poll_over")
	if _, _, err := w.s.Poll(w.as(county(1)), ref); !errs.Is(err, errs.NotFound) {
		t.Errorf("a county reads the city's questionnaire: %v", err)
	}
}

// Bursts from one network are set aside, no more count than people were asked, and fewer than five are told nobody (R160).
func TestAStuffedBoxAndAnEmptyOne(t *testing.T) { // R160
	w := open(t)
	ref, sig := w.poll(20)
	for range 30 {
		w.must(w.s.Answer(w.ctx, ref, sig, "10.0.0.1:80", Sheet{Age: "12to14", Mood: "often", Needs: "书画"}))
	}
	*w.now = w.now.AddDate(0, 0, 20)
	if n, err := w.s.Daily(w.ctx); err != nil || n != 1 {
		t.Fatalf("closed %d, %v", n, err)
	}
	p, _, err := w.s.Poll(w.as("9902"), ref)
	w.must(err)
	if p.Outcome.Counted != 5 || p.Outcome.Aside != 25 {
		t.Errorf("the outcome is %+v", p.Outcome)
	}
	w = open(t)
	ref, sig = w.poll(20)
	for n := range 4 {
		w.must(w.s.Answer(w.ctx, ref, sig, fmt.Sprintf("10.0.%d.1:80", n), Sheet{Age: "12to14", Mood: "often", Needs: "书画"}))
	}
	w.must(w.s.ClosePoll(w.as("9902"), ref, 1))
	if p, _, err = w.s.Poll(w.as("9902"), ref); err != nil || p.Outcome.Shown() || len(p.Outcome.Needs) != 0 {
		t.Errorf("four answers are told as %+v, %v", p.Outcome, err)
	}
	w.wants("9902", map[string]int64{"poll.answers": 0, "poll.needs": 0, "poll.low": 0})
}

// The link is the right: without its signature there is nothing, with it no login and no cookie (R156).
func TestTheSheetIsOpenToWhoeverHasTheLink(t *testing.T) { // R156
	w := open(t)
	ref, sig := w.poll(30)
	nobody := scope.With(w.ctx, scope.Actor{})
	path := "/q/" + ref.String()
	for _, bad := range []string{path, path + "?k=" + sig + "x", "/q/9902-zzzzzz?k=" + sig, "/q/x?k=1"} {
		if got := w.send(nobody, "GET", bad, nil); got.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", bad, got.Code)
		}
	}
	got := w.send(nobody, "GET", path+"?k="+sig, nil)
	if got.Code != 200 || len(got.Result().Cookies()) > 0 || !strings.Contains(got.Body.String(), "心理健康") {
		t.Errorf("the sheet answers %d, %v", got.Code, got.Result().Cookies())
	}
	send := func(f url.Values) *httptest.ResponseRecorder {
		f.Set("_key", web.NewKey())
		return w.send(nobody, "POST", path+"?k="+sig, f)
	}
	if got := send(url.Values{"age": {"99"}, "mood": {"<script>"}, "need_mind": {"x"}}); got.Code != 422 || strings.Contains(got.Body.String(), "<script>") {
		t.Errorf("hostile input answers %d", got.Code)
	}
	if got := send(url.Values{"age": {"12to14"}, "mood": {"often"}, "need_mind": {"心理健康", "心理健康"}}); got.Code != 303 {
		t.Errorf("a sheet answers %d: %.200s", got.Code, got.Body)
	}
	list, err := w.s.store.sheets(w.ctx, ref)
	if err != nil || len(list) != 1 || list[0].Needs != "心理健康" || strings.Contains(list[0].Net, "192.0") {
		t.Errorf("kept is %+v, %v", list, err)
	}
}
