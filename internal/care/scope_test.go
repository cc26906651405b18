package care

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

// Each of these holds one check in its place: go run ./tools/mutate takes them out one by one.

// Who belongs to the unit and may only look works at no desk: they are told of no request, and can be made nothing there.
func TestToLookIsNotToWork(t *testing.T) {
	w := openWorld(t)
	w.open()
	a := w.as["helper"]
	a.Account, a.Name, a.WorkSet = 2000, "许素清", nil
	w.as["looks"] = a
	q, _ := w.ask(Ask{Text: "想找人说说话。"})
	_, _, err := w.s.Known(w.by("looks"), q.Ref())
	w.kind(err, errs.NotFound)
	if list, err := w.s.Requests(w.by("looks"), w.desk, false); err != nil || len(list) > 0 {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := w.s.OnCall(w.by("looks"), w.desk); err != nil || len(list) > 0 {
		t.Errorf("%+v %v", list, err)
	}
	d, err := w.s.Desk(w.ctx, w.desk.ID)
	w.must(err)
	w.kind(w.s.SetDesk(w.by("lead"), d, []string{"lead", "looks"}), errs.Invalid)
	w.kind(w.s.Assign(w.by("lead"), q.Ref(), 0, "looks"), errs.Invalid)
	w.kind(w.s.AddDuty(w.by("lead"), w.desk.ID, "looks", Duty{Phone: "13900000002", From: today, To: today}), errs.Invalid)
}

// Leads are as many as were named, each once; one who has gone to work elsewhere leads no more, and who never did opens not even the form.
func TestWhoLeads(t *testing.T) {
	w := openWorld(t)
	w.open()
	d, err := w.s.Desk(w.ctx, w.desk.ID)
	w.must(err)
	w.must(w.s.SetDesk(w.by("lead"), d, []string{"lead", "helper", "lead"}))
	if d, err = w.s.Desk(w.ctx, w.desk.ID); err != nil || !slices.Equal(d.names(), []string{"周文琴", "宋以宁"}) {
		t.Errorf("%v %v", d.names(), err)
	}
	w.do("lead", "GET", "/care/desk", nil, 200)
	w.do("office", "GET", "/care/desk", nil, 403)
	w.kind(w.s.DropDuty(w.by("lead"), w.desk.ID, id.New()), errs.NotFound)
	gone := w.as["lead"]
	gone.Unit = w.as["beside"].Unit
	w.kind(w.s.SetDesk(scope.With(w.ctx, gone), d, []string{"lead"}), errs.Forbidden)
}

// Nobody has to know accounts: who leads, who is on call, who answers what and whom a request is given to are chosen by name. A lead who
// has left stands there, too, ticked, and says so.
func TestColleaguesAreChosenByName(t *testing.T) {
	w := openWorld(t)
	w.open()
	d, err := w.s.Desk(w.ctx, w.desk.ID)
	w.must(err)
	w.must(w.s.SetDesk(w.by("lead"), d, []string{"lead", "helper"}))
	page := func(path string) testkit.Doc {
		return testkit.HTML(t, w.do("lead", "GET", path, nil, 200).Body.String())
	}
	desk := page(at("/care/desk", w.desk.ID))
	for _, x := range []string{`input[name=leads][value=lead][checked]`, `input[name=leads][value=night]`, `input[type=radio][name=login][value=night]`, `input[type=radio][name=member][value=helper]`} {
		desk.MustHave(x, "")
	}
	if desk.Has(`input[value=above]`) {
		t.Error("somebody of the city is offered")
	}
	q, _ := w.ask(Ask{Text: "睡不着"})
	page(path(q.Ref())).MustHave(`#assign input[type=radio][name=login][value=helper]`, "")
	gone := w.as["helper"]
	gone.Unit = w.as["beside"].Unit
	w.as["helper"] = gone
	desk = page(at("/care/desk", w.desk.ID))
	desk.MustHave(`input[name=leads][value=helper][checked]`, "")
	desk.MustHave("label", "已不在本单位")
	d, err = w.s.Desk(w.ctx, w.desk.ID)
	w.must(err)
	form := url.Values{"_version": {numbered(d.Ver)}, "open": {"1"}, "kinds": d.Kinds, "phone": {d.Phone}, "hours": {d.Hours}, "leads": {"lead", "night"}}
	w.do("lead", "POST", at("/care/desk", w.desk.ID), form, 303)
	if d, err = w.s.Desk(w.ctx, w.desk.ID); err != nil || !slices.Equal(d.names(), []string{"周文琴", "何家明"}) {
		t.Errorf("%v %v", d.names(), err)
	}
}

// A list of desks is of the places asked for; how many wait too long at one is told to those who see it.
func TestDesksOfAPlace(t *testing.T) {
	w := openWorld(t)
	w.open()
	list := func(r scope.Range) int {
		t.Helper()
		got, err := w.s.Desks(w.by("visitor"), r)
		w.must(err)
		return len(got)
	}
	beside := w.as["beside"]
	if in, out := list(w.city.Range()), list(scope.Range{From: beside.Pos, To: beside.Pos + 1e7}); in != 1 || out != 0 {
		t.Errorf("%d desks in the city, %d in the county beside", in, out)
	}
	_, err := w.s.Late(w.by("beside"), w.desk)
	w.kind(err, errs.NotFound)
	_, err = w.s.Late(w.by("above"), w.desk)
	w.must(err)
}

// A guest writes to who asked and holds nothing by it; only who works at the desk is offered to take a request, and not one that is theirs.
func TestWhoHoldsARequest(t *testing.T) {
	w := openWorld(t)
	w.open()
	w.as["nowhere"] = scope.Actor{Account: 2001, Name: "吴远"}
	q, receipt := w.ask(Ask{Text: "有人在校门口要我的钱。", Kind: "law"})
	if err := w.s.Refer(w.by("lead"), q.Ref(), 0, "nowhere", "提供法律援助", today.AddDays(30), true); err == nil || !strings.Contains(err.Error(), "care.no_guest") {
		t.Errorf("who works nowhere: %v", err)
	}
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "beside", "提供法律援助", today.AddDays(30), true))
	takes := func(login string) bool {
		t.Helper()
		return testkit.HTML(t, w.do(login, "GET", path(q.Ref()), nil, 200).Body.String()).Has(`form[action$="/take"]`)
	}
	if !takes("lead") || takes("beside") {
		t.Error("the desk's lead is not offered to take it, or a guest is")
	}
	w.must(w.s.Write(w.by("beside"), q.Ref(), Entry{Kind: Told, Text: "你没有做错，我来帮你。"}))
	got, _, err := w.s.Known(w.by("lead"), q.Ref())
	w.must(err)
	if got.Holder != 0 {
		t.Errorf("%s holds it, who is a guest", got.HolderName)
	}
	w.must(w.s.Write(w.by("lead"), q.Ref(), Entry{Kind: Told, Text: "我是区关工委的。"}))
	if got, _, err = w.s.Known(w.by("lead"), q.Ref()); err != nil || got.HolderName != "周文琴" || takes("lead") {
		t.Errorf("who answered first holds it: %q %v", got.HolderName, err)
	}
	o, err := w.s.Open(w.by("lead"), q.Ref())
	w.must(err)
	var by []string
	for _, e := range o.Entries {
		by = append(by, e.ByName)
	}
	if !slices.Equal(by, []string{"", "周文琴", "蔡慧琴", "周文琴"}) { // who asked has no name here
		t.Errorf("%q", by)
	}
	if out := w.back(receipt); len(out.Entries) == 0 {
		t.Errorf("%+v", out)
	}
}

// standIns lets everybody of the fixture stand in for everybody.
type standIns struct{ w *world }

func (p standIns) StandIns(context.Context, id.ID) (out []flow.Person, err error) {
	for _, a := range p.w.as {
		out = append(out, flow.Person{Account: a.Account, Name: a.Name})
	}
	return out, nil
}

func (p standIns) Holds(context.Context, id.ID, id.ID) (bool, error) { return true, nil }

// R166: whoever holds a request is away: who stands in for them reads and answers it from that day to the last, and nobody else of the office;
// once an answer is overdue whoever is on call does.
func TestTheHolderIsAway(t *testing.T) {
	w := openWorld(t)
	w.flow.SetPeople(standIns{w})
	w.open()
	q, _ := w.ask(Ask{Text: "睡不着，想找人说说话。"})
	w.must(w.s.Assign(w.by("lead"), q.Ref(), 0, "helper"))
	reads := func(login string) bool {
		t.Helper()
		_, may, err := w.s.Known(w.by(login), q.Ref())
		w.must(err)
		return may
	}
	today := clock.Today(w.by("helper"))
	w.must(w.flow.SetSubstitute(w.by("helper"), w.as["office"].Account, today.AddDays(1), today.AddDays(2)))
	if reads("office") || !reads("helper") || reads("night") {
		t.Error("before they are away somebody else reads it, or they do not")
	}
	start := w.now
	w.now = start.AddDate(0, 0, 1).Add(-8 * time.Hour)
	if !reads("office") || !reads("helper") {
		t.Error("who stands in does not read it")
	}
	w.must(w.s.Write(w.by("office"), q.Ref(), Entry{Kind: Told, Text: "小何出差了，我先陪你聊。"}))
	w.now = start.AddDate(0, 0, 3)
	if reads("office") {
		t.Error("they are back, and who stood in reads on")
	}
	q, _ = w.ask(Ask{Text: "又睡不着。"})
	w.must(w.s.Assign(w.by("lead"), q.Ref(), 0, "helper"))
	if reads("night") {
		t.Error("on call reads what somebody holds in time")
	}
	w.now = w.now.Add(25 * time.Hour)
	w.must(w.s.AddDuty(w.by("lead"), w.desk.ID, "night", Duty{Phone: "13900000002", From: clock.Today(w.by("night")), To: clock.Today(w.by("night"))}))
	if !reads("night") {
		t.Error("an answer is overdue and nobody on call reads it")
	}
}

// Who was let in sees that another desk was asked, and does not take that back.
func TestAGuestWithdrawsNothing(t *testing.T) {
	w := openWorld(t)
	w.open()
	to := w.other()
	q, _ := w.ask(Ask{Text: "转学后在北仓上学，被人欺负。", Kind: "law"})
	w.must(w.s.Refer(w.by("lead"), q.Ref(), 0, "above", "提供法律援助", today.AddDays(30), true))
	w.must(w.s.Offer(w.by("lead"), q.Ref(), 0, to, true))
	for login, want := range map[string]bool{"lead": true, "above": false} {
		page := testkit.HTML(t, w.do(login, "GET", path(q.Ref()), nil, 200).Body.String())
		if got := page.Has(`form[action$="/withdraw"]`); got != want {
			t.Errorf("%s may take it back: %v", login, got)
		}
		page.MustHave("body", "北仓区关工委")
	}
	// nobody at the other desk takes it over before they proved who they are // R133
	w.s.seal.SetStrong(func(context.Context) error { return errs.New(errs.StepUp, "seal.second") })
	w.kind(w.s.Accept(w.by("beside"), q.Ref()), errs.StepUp)
}

// What became of a request is written into it by who reads it, and only what is known to come of one.
func TestWhatBecameOfIt(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, _ := w.ask(Ask{Text: "家里交不起学费。", Kind: "hardship"})
	other := id.Ref{Root: 9902, ID: 7}
	w.kind(w.s.Became(w.by("lead"), q.Ref(), "nonsense", "2019-1", other), errs.NotFound)
	w.kind(w.s.Became(w.by("office"), q.Ref(), Aid, "2019-1", other), errs.NotFound)
	w.must(w.s.Became(w.by("lead"), q.Ref(), Aid, "2019-1", other))
	if got := w.steps("lead", q.Ref()); len(got) != 1 || got[0] != Aid {
		t.Errorf("%v", got)
	}
}

// What is published of a place is of that place, whatever else the reader sees.
func TestCountsOfAPlace(t *testing.T) {
	w := openWorld(t)
	w.open()
	w.other()
	w.came(w.desk.ID, w.desk.Pos, "mind", 7, time.Date(2019, 4, 10, 4, 0, 0, 0, time.UTC))
	w.came(w.as["beside"].Unit, w.as["beside"].Pos, "mind", 8, time.Date(2019, 4, 10, 4, 0, 0, 0, time.UTC))
	_, err := w.s.Publish(w.ctx)
	w.must(err)
	if _, _, got, err := w.s.Counts(w.by("above"), w.desk); err != nil || !slices.Equal(got, []Count{{"mind", 7, false}}) {
		t.Errorf("%+v %v", got, err)
	}
}

// Those above read who leads a desk, as on its page, and not by which account they sign in.
func TestThoseAboveAreToldNoAccount(t *testing.T) {
	w := openWorld(t)
	w.open()
	for login, tells := range map[string]bool{"lead": true, "office": true, "above": false} {
		body := w.do(login, "GET", "/api/v1/care?unit="+w.desk.ID.String(), nil, 200).Body.String()
		if !strings.Contains(body, w.as["lead"].Name) || strings.Contains(body, `"login":"lead"`) != tells || strings.Contains(body, `"account":`) != tells {
			t.Errorf("%s reads %.600s", login, body)
		}
	}
}
