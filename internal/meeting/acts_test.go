package meeting

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// filled is a form that answers what any act asks.
func filled(version int64) url.Values {
	return url.Values{"_version": {strconv.FormatInt(version, 10)}, "_key": {web.NewKey()}, "reason": {"核对以后改"}, "kind": {"联席会议"}, "title": {"改过的名称"}, "day": {string(today)},
		"chair": {"周启明"}, "people": {"市民政局 赵亮"}, "no": {"1"}, "reply": {"comes"}, "came_1": {"self"}, "seats": {"1"}, "body": {"市教育局"}, "speech_title": {"发言"}, "text": {"写上的内容"},
		"number": {"第9期"}, "lead": {"市民政局"}, "due": {"2019-06-30"}, "evidence": {"办好了"}}
}

// try sends the form of an act: it is answered as what the definition of the acts offers in that state.
func try[T any](w *world, d *desk[T], a act[T], o one[T]) {
	w.Helper()
	clerk, at := w.as("9902"), d.here(o.Ref)+"/do/"+a.name
	offered := a.offered(o, clock.Today(w.ctx))
	if a.name == "file" { // takes a file, and is always offered
		return
	}
	r := httptest.NewRequest(http.MethodPost, at, strings.NewReader(filled(o.N).Encode())).WithContext(clerk)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := w.send(r)
	if want := map[bool]int{true: http.StatusSeeOther, false: http.StatusConflict}[offered]; got.Code != want {
		w.Errorf("%s answers %d, want %d: %.300s", a.name, got.Code, want, got.Body)
	}
}

// R64: in each state of a meeting and its minutes, what the definition of the acts offers is done, and all else is refused.
func TestAMeetingsActsAreThoseOffered(t *testing.T) {
	written := func(w *world) id.Ref {
		m := w.held()
		w.must(w.s.Write(w.as("9902"), m, w.version(m), "会议通报了情况。"))
		return m
	}
	approved := func(w *world) id.Ref {
		m := written(w)
		w.must(w.s.Approve(w.as("9902"), m, w.version(m), ""))
		return m
	}
	made := func(w *world, m Meeting) id.Ref {
		m.Unit = w.unit("9902").ID
		ref, err := w.s.CreateWith(w.as("9902"), m, []string{"市教育局 王明"})
		w.must(err)
		return ref
	}
	for name, make := range map[string]func(w *world) id.Ref{
		"to come": func(w *world) id.Ref {
			return made(w, Meeting{Kind: "联席会议", Title: "下一次", Day: today.AddDays(9), Chair: "周启明"})
		},
		"empty": func(w *world) id.Ref {
			ref, err := w.s.Create(w.as("9902"), Meeting{Unit: w.unit("9902").ID, Kind: "联席会议", Title: "没有登记人", Day: "2019-05-24"})
			w.must(err)
			return ref
		},
		"held": (*world).held, "draft": written, "approved": approved,
		"issued": func(w *world) id.Ref {
			m := approved(w)
			w.must(w.s.Issue(w.as("9902"), m, w.version(m), "", "第2期"))
			return m
		},
		"spoken": func(w *world) id.Ref {
			m := w.held()
			w.must(w.s.Speak(w.as("9902"), m, w.version(m), "市教育局", Speech{Title: "发言", Text: "各位"}))
			return m
		},
		"cancelled": func(w *world) id.Ref {
			m := w.held()
			c := w.version(m)
			c.Reason = "没开成"
			w.must(w.s.Cancel(w.as("9902"), m, c))
			return m
		},
		"above": func(w *world) id.Ref {
			return made(w, Meeting{Kind: "上级工作会议", Title: "全省推进会", Day: "2019-04-18", Host: "省关工委"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t)
			for _, a := range meetingActs {
				ref := make(w)
				m, v, err := w.s.meetings.book.Get(w.as("9902"), ref)
				w.must(err)
				try(w, w.s.meetings, a, oneMeeting{Ref: ref, V: m, N: v.N})
			}
		})
	}
}

// R64: the same of a decision: running, closed, dropped.
func TestADecisionsActsAreThoseOffered(t *testing.T) {
	w := open(t)
	clerk, m := w.as("9902"), w.held()
	for _, state := range []string{Open, Done, Dropped} {
		for _, a := range decisionActs {
			ref, err := w.s.Decide(clerk, Decision{Meeting: m, Text: state + a.name, Due: "2019-06-05"}, "市教育局", nil)
			w.must(err)
			switch state {
			case Done:
				w.must(w.s.Close(clerk, ref, Change{Version: 1}, "", Evidence{Text: "好了"}))
			case Dropped:
				w.must(w.s.Drop(clerk, ref, Change{Version: 1, Reason: "并入"}))
			}
			d, v, err := w.s.Decision(clerk, ref)
			w.must(err)
			try(w, w.s.decisions, a, oneDecision{Ref: ref, V: d, N: v.N})
		}
	}
}

// R64: the minutes wait in the inbox of the chair's own account to be approved; who entered an approval for the chair is said.
func TestTheChairApproves(t *testing.T) {
	w := open(t)
	clerk := w.as("9902")
	a := scope.From(clerk)
	a.Name, a.Account = "周启明", 78
	chair := scope.With(clerk, a)
	m := w.held()
	w.must(w.s.Write(clerk, m, w.version(m), "会议通报了情况。"))
	line := func(as string, lang string) flow.Item {
		who := clerk
		if as == "chair" {
			who = chair
		}
		items, _, err := w.flow.Inbox(i18n.In(who, lang), 10)
		w.must(err)
		for _, x := range items {
			if x.Link == "/meeting/"+m.String()+"#minutes" {
				return x
			}
		}
		return flow.Item{}
	}
	for _, x := range [][3]string{{"chair", "zh", "核定会议纪要：第二季度联席会议"}, {"chair", "en", "Approve the minutes: 第二季度联席会议"}, {"office", "zh", "印发会议纪要：第二季度联席会议"}} {
		if got := line(x[0], x[1]); got.Title != x[2] {
			t.Errorf("%s, %s: %+v", x[0], x[1], got)
		}
	}
	// minutes that are written on the day of the meeting wait on that day
	now, err := w.s.CreateWith(clerk, Meeting{Unit: w.unit("9902").ID, Kind: "联席会议", Title: "今天的会", Day: today, Chair: "周启明"}, nil)
	w.must(err)
	w.must(w.s.Write(clerk, now, w.version(now), "会议通报了情况。"))
	if items, _, err := w.flow.Inbox(chair, 10); err != nil || len(items) != 2 {
		t.Errorf("of today: %+v, %v", items, err)
	}
	w.must(w.s.Approve(clerk, m, w.version(m), ""))
	w.get(clerk, "/meeting/"+m.String(), http.StatusOK).MustHave("#minutes", "周启明核定，林素云登记")
	c := w.version(m)
	c.Reason = "主持人要改一句"
	w.must(w.s.Reopen(clerk, m, c))
	w.must(w.s.Approve(chair, m, w.version(m), ""))
	if page := w.raw(clerk, "/meeting/"+m.String(), http.StatusOK).Body.String(); !strings.Contains(page, "周启明核定<") {
		t.Error("the chair's own approval is not shown as that")
	}
	if got := line("chair", "zh"); got.Title != "印发会议纪要：第二季度联席会议" {
		t.Errorf("after it: %+v", got)
	}
}

// R59, R60: what others report on a decision stands in the inbox of the unit that decided until it was read; its own report
// does not.
func TestReportsOnADecisionAreTold(t *testing.T) {
	w := open(t)
	ref := id.Ref{Root: 9902, ID: id.New()}
	w.s.SetPartners(partners{{Ref: ref, Name: "市教育局"}})
	clerk := w.as("9902")
	d, err := w.s.Decide(clerk, Decision{Meeting: w.held(), Text: "开放校园场地", Due: "2019-06-05"}, "市教育局", []string{"南江区关工委"})
	w.must(err)
	notes := func(lang string) (out []flow.Item) {
		items, _, err := w.flow.Inbox(i18n.In(clerk, lang), 20)
		w.must(err)
		for _, x := range items {
			if x.Kind == flow.KindNote {
				out = append(out, x)
			}
		}
		return out
	}
	w.must(w.s.Report(clerk, d, Change{Version: 1}, "已经开过协调会"))
	if list := notes("zh"); len(list) != 0 {
		t.Errorf("one's own report: %+v", list)
	}
	body := scope.With(w.ctx, scope.Actor{Account: seated, Name: "何知远", Unit: w.unit("9902").ID, Pos: w.unit("9902").Pos})
	w.must(w.s.ReportAs(body, d, 2, "已经开放62所"))
	for lang, want := range map[string]string{"zh": "看议定事项的进展：开放校园场地", "en": "Read how a decision goes on: 开放校园场地"} {
		if list := notes(lang); len(list) != 1 || list[0].Title != want || list[0].Link != "/decision/"+d.String() || !strings.Contains(list[0].Why, "何知远") {
			t.Errorf("%s: %+v", lang, list)
		}
	}
	w.must(w.s.Report(w.as("990203"), d, Change{Version: 3}, strings.Repeat("说得很长", 40)))
	list := notes("zh")
	if len(list) != 2 || len([]rune(list[0].Why+list[1].Why)) > 200 {
		t.Fatalf("a county's report: %+v", list)
	}
	w.must(w.flow.TickOff(clerk, list[0].Task))
	if list := notes("zh"); len(list) != 1 {
		t.Errorf("one was read: %+v", list)
	}
}
