package care

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
)

// R166: once a desk has said who answers what, a request of that kind goes to them alone, and to nobody whose qualification has run out; of other kinds
// to any colleague. Only a lead says so.
func TestAssignedToWhoIsQualified(t *testing.T) {
	w := openWorld(t)
	w.open()
	mind, _ := w.ask(Ask{Text: "睡不着"})
	law, _ := w.ask(Ask{Kind: "law", Text: "老板不给工钱"})
	w.must(w.s.Assign(w.by("lead"), mind.Ref(), 0, "office")) // nobody was named yet
	counsel := Member{Kinds: []string{"mind", "nothing"}, Skill: "国家二级心理咨询师", Until: today.AddDays(10)}
	w.kind(w.s.AddMember(w.by("office"), w.desk.ID, "helper", counsel), errs.Forbidden)
	w.kind(w.s.AddMember(w.by("beside"), w.desk.ID, "helper", counsel), errs.Forbidden)
	w.kind(w.s.AddMember(w.by("lead"), w.desk.ID, "above", counsel), errs.Invalid)
	for _, m := range []Member{{Skill: "会"}, {Kinds: []string{"mind"}}, {Kinds: []string{"mind"}, Skill: "会", Until: today.AddDays(-1)}, {Kinds: []string{"mind"}, Skill: "会", Until: "soon"}, {Kinds: []string{"mind"}, Skill: strings.Repeat("会", 41)}} {
		w.kind(w.s.AddMember(w.by("lead"), w.desk.ID, "helper", m), errs.Invalid)
	}
	w.must(w.s.AddMember(w.by("lead"), w.desk.ID, "helper", counsel))
	w.must(w.s.AddMember(w.by("lead"), w.desk.ID, "helper", counsel)) // once more is put anew
	w.must(w.s.AddMember(w.by("lead"), w.desk.ID, "night", counsel))  // somebody else beside
	if list, err := w.s.Team(w.by("office"), w.desk); err != nil || len(list) != 2 {
		t.Errorf("%+v, %v", list, err)
	} else {
		i := slices.IndexFunc(list, func(m Member) bool { return m.Name == "何家明" })
		w.must(w.s.DropMember(w.by("lead"), w.desk.ID, list[i].ID))
	}
	if list, err := w.s.Team(w.by("office"), w.desk); err != nil || len(list) != 1 || list[0].Name != "宋以宁" || len(list[0].Kinds) != 1 {
		t.Fatalf("%+v %v", list, err)
	}
	w.must(w.s.AddMember(w.by("lead"), w.desk.ID, "night", Member{Kinds: []string{"law"}, Skill: "律师"}))
	both, err := w.s.Team(w.by("office"), w.desk)
	if err != nil || len(both) != 2 {
		t.Fatalf("who is named puts out who was: %+v %v", both, err)
	}
	for _, m := range both {
		if m.Login == "night" {
			w.must(w.s.DropMember(w.by("lead"), w.desk.ID, m.ID))
		}
	}
	for _, login := range []string{"above", "beside", "visitor"} {
		if list, err := w.s.Team(w.by(login), w.desk); err != nil || list != nil {
			t.Errorf("%s knows of %+v", login, list)
		}
	}
	w.kind(w.s.Assign(w.by("lead"), mind.Ref(), 0, "office"), errs.Invalid)
	w.must(w.s.Assign(w.by("lead"), law.Ref(), 0, "office"))
	page := testkit.HTML(t, w.do("lead", "GET", path(mind.Ref()), nil, 200).Body.String())
	page.MustHave(`form[action$="/assign"] input[type="radio"][value="helper"]`, "")
	page.MustHave(`form[action$="/assign"]`, "国家二级心理咨询师")
	w.do("lead", "POST", path(mind.Ref())+"/assign", url.Values{"login": {"office"}, "_key": {"k1"}}, 422)
	w.do("lead", "POST", path(mind.Ref())+"/assign", url.Values{"login": {"helper"}, "_key": {"k2"}}, 303)
	if _, err := w.s.Open(w.by("helper"), mind.Ref()); err != nil {
		t.Error(err)
	}
	w.now = today.AddDays(11).Time()
	w.kind(w.s.Assign(w.by("lead"), mind.Ref(), 0, "helper"), errs.Invalid)
	if got := w.do("lead", "GET", at("/care/desk", w.desk.ID), nil, 200).Body.String(); !strings.Contains(got, "已到期") {
		t.Error("nobody is told that it has run out")
	}
	form := url.Values{"team": {"1"}, "member": {"helper"}, "member_kinds": {"mind", "law"}, "skill": {"心理咨询师"}, "skill_until": {""}, "_key": {"k3"}}
	w.do("lead", "POST", at("/care/desk", w.desk.ID), form, 303)
	list, err := w.s.Team(w.by("lead"), w.desk)
	if err != nil || len(list) != 1 || list[0].Until != clock.Open {
		t.Fatalf("%+v %v", list, err)
	}
	w.must(w.s.Assign(w.by("lead"), mind.Ref(), 0, "helper"))
	drop := url.Values{"team": {"1"}, "drop": {list[0].ID.String()}}
	w.kind(w.s.DropMember(w.by("office"), w.desk.ID, list[0].ID), errs.Forbidden)
	w.do("lead", "POST", at("/care/desk", w.desk.ID), drop, 303)
	w.do("lead", "POST", at("/care/desk", w.desk.ID), drop, 404)
	w.must(w.s.Assign(w.by("lead"), mind.Ref(), 0, "office"))
}

// R166: nobody takes what others are named for, nor holds it by answering once; when somebody may be in danger or an answer is overdue, whoever reads it may.
func TestTakenByWhoIsQualified(t *testing.T) {
	w := openWorld(t)
	w.open()
	w.must(w.s.AddMember(w.by("lead"), w.desk.ID, "helper", Member{Kinds: []string{"mind"}, Skill: "国家二级心理咨询师", Until: today.AddDays(10)}))
	q, _ := w.ask(Ask{Text: "睡不着"})
	w.kind(w.s.Take(w.by("lead"), q.Ref(), 0), errs.Conflict)
	if testkit.HTML(t, w.do("lead", "GET", path(q.Ref()), nil, 200).Body.String()).Has(`form[action$="/take"]`) {
		t.Error("offered what is refused")
	}
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Told, Text: "收到了，心理老师明天回你。"}))
	if x, _, err := w.s.Known(w.by("lead"), q.Ref()); err != nil || x.Holder != 0 {
		t.Errorf("held by %q, %v", x.HolderName, err)
	}
	law, _ := w.ask(Ask{Kind: "law", Text: "老板不给工钱"})
	w.must(w.s.Take(w.by("lead"), law.Ref(), 0))
	danger, _ := w.ask(Ask{Text: "我不想活了"})
	w.must(w.s.Take(w.by("night"), danger.Ref(), 0))
	late, _ := w.ask(Ask{Text: "睡不着"})
	w.now = w.now.Add(25 * time.Hour)
	w.must(w.s.Take(w.by("lead"), late.Ref(), 0))
	w.now = today.AddDays(11).Time() // the counsellor's qualification has run out
	none, _ := w.ask(Ask{Text: "睡不着"})
	w.must(w.s.Take(w.by("lead"), none.Ref(), 0))
}
