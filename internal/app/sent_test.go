package app

import (
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
)

// What a unit sent down the tree and across to other bodies stands in one list, with whom it waits; a neighbour and a unit
// below see nothing of it there.
func TestWhatWasSentOfEverySubject(t *testing.T) { // R66
	w := openWorld(t)
	list := w.get(w.byLogin["chenyulan"], "/inbox?sent=1").body
	for _, part := range []string{`href="/notice/`, `href="/campaign/`, `href="/assign/`, `href="/decision/`} {
		if !strings.Contains(list, part) {
			t.Errorf("nothing leads to %s", part)
		}
	}
	for _, login := range []string{"caihuiqin", "liangshuiwang"} {
		other := w.get(w.byLogin[login], "/inbox?sent=1").body
		for _, kind := range []string{"notice", "campaign", "assign", "decision"} {
			for _, part := range strings.Split(other, `href="/`+kind+"/")[1:] {
				if ref, _, _ := strings.Cut(part, `"`); strings.Contains(list, ref) {
					t.Errorf("%s sees %s/%s as sent by itself", login, kind, ref)
				}
			}
		}
	}
}

// R64: what a meeting decided for others stays in the list when its day has passed.
func TestALateDecisionStaysSent(t *testing.T) {
	w := openWorld(t)
	at := func(days int) (n int) {
		ctx := clock.With(scope.With(w.ctx, w.byLogin["chenyulan"].actor), func() time.Time { return harnessDay.AddDays(days).Time() })
		items, err := w.a.sentAcross(ctx, w.byLogin["chenyulan"].actor.Unit)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range items {
			if strings.HasPrefix(x.Link, "/decision/") {
				n++
			}
		}
		return n
	}
	if now, later := at(0), at(200); now == 0 || later != now {
		t.Errorf("%d decisions wait, %d half a year later", now, later)
	}
}
