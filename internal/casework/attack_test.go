package casework

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/citizen"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// A volunteer who also works at an office elsewhere reads no more at the addresses of offices than at their own: not why the case was
// opened, no number of an identity card, no assessment, no note. // R45
func TestPairedReadsNoMoreByAnotherAddress(t *testing.T) {
	w := openWorld(t)
	a := w.as["beside"]
	n := w.opening("left_behind")
	n.Person["id_no"] = "11010120110707003" + string(citizen.CheckDigit("11010120110707003"))
	ref, err := w.s.OpenCase(w.by("lead"), n)
	w.must(err)
	w.must(w.s.Assess(w.by("lead"), ref, 0, today, scores, "yes", "外婆年纪大，村里帮着照看。"))
	w.must(w.s.Plan(w.by("lead"), ref, 0, "按时上学", "每月到家一次", w.today().AddDays(90), 20))
	w.must(w.s.Note(w.by("lead"), ref, "父亲在押", "n1"))
	w.must(w.s.Pair(w.by("lead"), ref, 0, w.vol.add(a.Name, a.Account, w.today().AddDays(400)), w.today().AddDays(60)))
	for _, path := range []string{"/casework/" + ref.String(), "/casework/" + ref.String() + "/print?whole=1", "/api/v1/casework/" + ref.String(), MinePath + "/" + ref.String()} {
		page := w.do("beside", http.MethodGet, path, nil, http.StatusOK).Body.String()
		if !strings.Contains(page, "秦晓禾") || !strings.Contains(page, "每月到家一次") {
			t.Errorf("%s: the volunteer does not find the child or the plan", path)
		}
		for _, word := range []string{n.Person["id_no"], "跟外婆住", "父亲在押", "村里帮着照看"} {
			if strings.Contains(page, word) {
				t.Errorf("%s tells a volunteer %q", path, word)
			}
		}
	}
	o, err := w.s.Open(w.by("lead"), ref)
	w.must(err)
	if o.Person["narrative"] == "" || !slices.ContainsFunc(o.Entries, func(e Entry) bool { return e.Kind == Assessed }) {
		t.Errorf("the lead reads %+v", o)
	}
}

// A colleague who reads a case as its volunteer does not come by the pages of what is sealed, where their grant alone would open it, once their check has
// run out; when the pairing has been suspended they may have to let themselves in, as any colleague. // R45 R133
func TestPairedColleagueWhoseCheckHasRunOutLooksAfterNothing(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "correction")
	a := w.as["office"]
	helper := w.vol.add(a.Name, a.Account, w.today().AddDays(10))
	w.must(w.s.Pair(w.by("lead"), ref, 0, helper, w.today().AddDays(30)))
	_, err := w.s.matter(w.by("office"), ref)
	w.must(err)
	w.vol.until[helper] = w.today() // the program has not looked yet, and the grant still runs
	if may, err := w.seal.May(w.by("office"), owner(w.known(ref).class().Seal, w.known(ref))); err != nil || !may {
		t.Fatalf("the grant: %v, %v", may, err)
	}
	_, err = w.s.Open(w.by("office"), ref)
	w.kind(err, errs.Forbidden)
	_, err = w.s.matter(w.by("office"), ref)
	w.kind(err, errs.NotFound)
	_, err = w.s.OpenMine(w.by("office"), ref) // here it is suspended
	w.kind(err, errs.NotFound)
	_, err = w.s.matter(w.by("office"), ref)
	w.must(err)
}

// Whoever handed a case of somebody who has offended on reads it no longer, though their grant had days left. // R48
func TestHandedOnEndsTheGrant(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "correction")
	w.must(w.s.Hand(w.by("lead"), ref, 0, "holder", "接手帮教", w.today().AddDays(30)))
	_, err := w.s.Open(w.by("holder"), ref)
	w.must(err)
	w.must(w.s.Hand(w.by("lead"), ref, 0, "office", "接手帮教", w.today().AddDays(30)))
	_, err = w.s.Open(w.by("holder"), ref)
	w.kind(err, errs.Forbidden)
	_, err = w.s.Open(w.by("office"), ref)
	w.must(err)
	w.must(w.s.Hand(w.by("lead"), ref, 0, "lead", "收回", w.today()))
	_, err = w.s.Open(w.by("office"), ref)
	w.kind(err, errs.Forbidden)
}

// An administrator who can end the posts of holder and lead does not become the lead of their cases that way. // R48
func TestNobodyNamesThemself(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "correction")
	a := w.as["lead"]
	a.Unit, a.WorkSet = w.city.ID, scope.Set{}
	w.as["lead"] = a
	w.kind(w.s.Name(w.by("chief"), ref, 0, "chief"), errs.Invalid)
	_, err := w.s.Open(w.by("chief"), ref)
	w.kind(err, errs.Forbidden)
	page := w.do("chief", http.MethodGet, "/casework/"+ref.String(), nil, http.StatusOK).Body.String()
	if !strings.Contains(page, `value="office"`) || strings.Contains(page, `value="chief"`) {
		t.Error("others are not offered by name, or they themself are")
	}
	w.must(w.s.Name(w.by("chief"), ref, 0, "office"))
	w.must(w.s.Name(w.by("office"), ref, 0, "office")) // who leads it may say so again
}

// Somebody who works at the unit and was let in for a day does not hand the case to themselves, to read it for good, nor to anybody else. // R48
func TestWhoWasLetInPassesNothingOn(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "at_risk")
	w.must(w.s.Hand(w.by("lead"), ref, 0, "holder", "接手", w.today().AddDays(30)))
	w.lets("office", ref, 1)
	_, err := w.s.Open(w.by("office"), ref)
	w.must(err)
	if page := w.do("office", http.MethodGet, "/casework/"+ref.String(), nil, http.StatusOK).Body.String(); strings.Contains(page, ref.String()+"/hand") || strings.Contains(page, ref.String()+"/pair") {
		t.Error("it is offered to them")
	}
	w.kind(w.s.Hand(w.by("office"), ref, 0, "office", "接手", w.today().AddDays(30)), errs.Forbidden)
	w.kind(w.s.Hand(w.by("office"), ref, 0, "chief", "接手", w.today().AddDays(30)), errs.Forbidden)
	w.kind(w.s.Pair(w.by("office"), ref, 0, w.vol.add("方小雨", w.as["office"].Account, w.today().AddDays(400)), w.today().AddDays(60)), errs.Forbidden)
	w.in(2)
	_, err = w.s.Open(w.by("office"), ref)
	w.kind(err, errs.Forbidden)
	w.must(w.s.Hand(w.by("holder"), ref, 0, "lead", "交回", w.today()))
}

// Which cases wait for a visit, and how many, is told nobody above, neither as lines of the inbox nor in its number. // R45
func TestThoseAboveAreNotToldWhichCasesAreLate(t *testing.T) {
	w := openWorld(t)
	w.opened("lead", "left_behind")
	w.in(100)
	w.must(w.s.Daily(w.ctx))
	if got := w.inbox("office"); !slices.ContainsFunc(got, func(x string) bool { return strings.Contains(x, "走访个案") }) {
		t.Errorf("the unit itself is not told: %v", got)
	}
	if list, n, err := w.flow.Below(w.by("above"), 50); err != nil || n != 0 || len(list) != 0 {
		t.Errorf("above: %d, %+v, %v", n, list, err)
	}
	if got := w.inbox("above"); len(got) != 0 {
		t.Errorf("above: %v", got)
	}
}

// Whoever was let in until a day, or let themselves in, neither ends a case nor lets it rest, so that nobody visits the child any more; they write what
// they saw.
func TestWhoWasLetInEndsNothing(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "at_risk")
	helper := w.vol.add("梁水旺", 2000, w.today().AddDays(300))
	w.must(w.s.Pair(w.by("lead"), ref, 0, helper, w.today().AddDays(30)))
	o, err := w.s.Open(w.by("lead"), ref)
	w.must(err)
	w.lets("office", ref, 30)
	offered := func(login string, acts ...string) {
		t.Helper()
		page := w.do(login, http.MethodGet, path(ref), nil, http.StatusOK).Body.String()
		for _, act := range acts {
			if got := strings.Contains(page, path(ref)+"/"+act+`"`); got != (login == "lead") {
				t.Errorf("%s is offered to %s: %t", act, login, got)
			}
		}
	}
	offered("office", "close", "pause", "unpair")
	offered("lead", "close", "pause", "unpair")
	w.kind(w.s.Close(w.by("office"), ref, 0, "moved", "搬走了"), errs.Forbidden)
	w.kind(w.s.Pause(w.by("office"), ref, 0, w.today().AddDays(300), "不用走访了"), errs.Forbidden)
	w.kind(w.s.Unpair(w.by("office"), ref, 0, o.Pairs[0].ID, "other"), errs.Forbidden)
	w.must(w.s.Visit(w.by("office"), ref, w.today(), "home", "孩子在家。", "", 0, ""))
	w.must(w.s.Offer(w.by("lead"), ref, 0, w.as["beside"].Unit, false, "搬家"))
	offered("office", "withdraw")
	offered("lead", "withdraw")
	w.kind(w.s.Withdraw(w.by("office"), ref, 0), errs.Forbidden)
	w.must(w.s.Pause(w.by("lead"), ref, 0, w.today().AddDays(20), "住院"))
	offered("office", "resume")
	w.kind(w.s.Resume(w.by("office"), ref, 0), errs.Forbidden)
	w.must(w.s.Close(w.by("lead"), ref, 0, "moved", "搬走了"))
	offered("office", "reopen")
	w.kind(w.s.Reopen(w.by("office"), ref, 0, "又回来了"), errs.Forbidden)
}

// Whoever keeps the file of a volunteer writes their own account there: by it nobody reads the case that a lead pairs with the volunteer.
func TestAFileWithAnothersAccountIsNotPaired(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "at_risk")
	for _, account := range []id.ID{w.as["office"].Account, 987654} { // a colleague's, and one that is not there
		helper := w.vol.add("梁水旺", account, w.today().AddDays(300))
		w.kind(w.s.Pair(w.by("lead"), ref, 0, helper, w.today().AddDays(30)), errs.Invalid)
	}
	_, err := w.s.Open(w.by("office"), ref)
	w.kind(err, errs.Forbidden)
	w.must(w.s.Pair(w.by("lead"), ref, 0, w.vol.add("梁 水旺", 2000, w.today().AddDays(300)), w.today().AddDays(30)))
}
