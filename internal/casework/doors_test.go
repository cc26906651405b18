package casework

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/org"
	"xinhuo/internal/seal"
)

// R45: numbers and names of a unit's cases are for who works in that very unit; nobody else opens one there; how many visits are overdue at each
// unit is the operator's alone.
func TestDoorsOfAUnit(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "at_risk")
	if _, err := w.s.FromRequest(w.by("lead"), w.desk, ref); !errs.Is(err, errs.NotFound) { // where there are no requests for help
		t.Error(err)
	}
	n := w.opening("at_risk")
	n.From = ref
	_, err := w.s.OpenCase(w.by("lead"), n)
	w.kind(err, errs.NotFound)
	w.s.SetRequests(&request{})
	for _, login := range []string{"above", "beside", "clerk"} {
		by := w.by(login)
		if list, err := w.s.Tallies(by, w.desk); err != nil || len(list) != 0 {
			t.Errorf("%s counts %v, %v", login, list, err)
		}
		if list, err := w.s.Paired(by, w.desk); err != nil || list != nil {
			t.Errorf("%s is told who is paired: %v, %v", login, list, err)
		}
		if _, err := w.s.FromRequest(by, w.desk, id.Ref{Root: 9902, ID: 7}); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", login, err)
		}
		if _, err := w.s.Lates(by, w.desk); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s is told what is overdue: %v", login, err)
		}
		if _, _, err := w.s.Known(by, ref); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s knows of it: %v", login, err)
		}
		if box, err := w.s.RequestPanel(by, ref, w.desk.ID, w.desk.Pos); err != nil || box != nil {
			t.Errorf("%s may open a case from a request: %v", login, err)
		}
		if box, err := w.s.unitPanel().Render(by, w.desk, today); err != nil || box != nil { // nothing is published yet
			t.Errorf("%s has a box: %v", login, err)
		}
	}
	if box, err := w.s.RequestPanel(w.by("office"), ref, w.desk.ID, w.desk.Pos); err != nil || box == nil {
		t.Error(err)
	}
	if box, err := w.s.unitPanel().Render(w.by("office"), w.desk, today); err != nil || box == nil {
		t.Error(err)
	}
	w.kind(w.s.Name(w.by("lead"), ref, 0, "clerk"), errs.Invalid)            // has a post there, and does not work
	w.do("above", "POST", at("/casework/new", w.desk.ID), url.Values{}, 403) // not what is wrong with the form
	_, err = w.s.OpenCase(w.by("above"), w.opening("left_behind"))
	w.kind(err, errs.Forbidden)
	_, err = w.s.OpenCase(w.by("beside"), w.opening("left_behind"))
	w.kind(err, errs.NotFound)
	w.kind(w.s.Name(w.by("above"), ref, 0, "above"), errs.NotFound)
	_, err = w.s.matter(w.by("office"), ref) // a colleague may have to let themselves in
	w.must(err)
	if _, err := w.s.matter(w.by("clerk"), ref); !errs.Is(err, errs.NotFound) { // there is nothing for whoever only reads to look after
		t.Errorf("a clerk: %v", err)
	}
	w.in(40)
	for unit, want := range map[string]int{"desk": 1, "beside": 0} {
		u := w.desk
		if unit == "beside" {
			var err error
			u, err = w.s.org.ByCode(w.ctx, "990204")
			w.must(err)
		}
		if list, err := w.s.Lates(w.ctx, u); err != nil || len(list) != want {
			t.Errorf("%s: %v, %v", unit, list, err)
		}
	}
}

// A page offers what whoever looks at it may do, and nothing else. // R45
func TestWhatACaseOffers(t *testing.T) {
	w := openWorld(t)
	open, named, secret := w.opened("lead", "left_behind"), w.opened("lead", "at_risk"), w.opened("lead", "correction")
	w.must(w.s.Hand(w.by("lead"), named, 0, "holder", "", ""))
	w.must(w.s.Hand(w.by("lead"), secret, 0, "holder", "接手帮教", w.today().AddDays(30)))
	w.lets("above", open, 30)
	look := func(login string, ref id.Ref, sel string, want bool) {
		t.Helper()
		if got := testkit.HTML(t, w.do(login, "GET", path(ref), nil, 200).Body.String()).Has(sel); got != want {
			t.Errorf("%s of %s: %q is there: %v", login, w.known(ref).Class, sel, got)
		}
	}
	for _, x := range []struct {
		who, other string
		ref        id.Ref
		sel        string
	}{
		{"office", "above", open, "#do-note"}, // who was let in from elsewhere reads alone
		{"lead", "holder", named, "#do-name"},
		{"lead", "office", named, "#do-name"},
		{"lead", "holder", secret, "a[href='/seal/" + secret.String() + "']"}, // who reads by a grant lets nobody in
	} {
		look(x.who, x.ref, x.sel, true)
		look(x.other, x.ref, x.sel, false)
	}
	w.do("lead", "POST", path(open)+"/nonsense", url.Values{"_key": {"k"}}, 404)
	// what is not drawn is not done either
	w.kind(w.s.Name(w.by("above"), open, 0, "office"), errs.Forbidden)
	w.kind(w.s.Hand(w.by("holder"), secret, 0, "office", "接手帮教", w.today()), errs.Forbidden)
	helper := w.vol.add("梁水旺", 2000, w.today().AddDays(100))
	w.kind(w.s.Pair(w.by("holder"), secret, 0, helper, w.today()), errs.Forbidden)
	// who leads and holds a case and does not work any more leaves it to an administrator
	for _, login := range []string{"lead", "holder"} {
		a := w.as[login]
		a.WorkSet = nil
		w.as[login] = a
	}
	look("chief", named, "#do-name", true)
	w.must(w.s.Name(w.by("chief"), named, 0, "office"))
}

// lets lets somebody in by a grant of some days.
func (w *world) lets(login string, ref id.Ref, days int) id.ID {
	w.Helper()
	c := w.known(ref)
	grant, err := w.seal.Grant(w.by("lead"), owner(c.class().Seal, c), seal.Grant{Account: w.as[login].Account, Name: w.as[login].Name, Purpose: "到户走访", Until: w.today().AddDays(days)})
	w.must(err)
	return grant
}

// Where the operator asks for a second factor, nobody opens a case or does anything with one before they proved it. // R133
func TestSecondFactorFirst(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "left_behind")
	w.must(w.s.Pair(w.by("lead"), ref, 0, w.vol.add("梁水旺", 2000, w.today().AddDays(100)), w.today().AddDays(60)))
	w.seal.SetStrong(func(context.Context) error { return errs.New(errs.StepUp, "errs.step_up") })
	_, err := w.s.OpenCase(w.by("lead"), w.opening("at_risk"))
	w.kind(err, errs.StepUp)
	w.kind(w.s.Note(w.by("lead"), ref, "电话里说的", ""), errs.StepUp)
	w.kind(w.visit("volunteer", ref, today), errs.StepUp)
}

// A volunteer finds their cases while they are paired, checked and let in, each by itself, and writes for nobody else. // R48
func TestWhatIsMine(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "left_behind")
	volunteer, until := w.by("volunteer"), w.today().AddDays(30)
	helper := w.vol.add("梁水旺", 2000, w.today().AddDays(400))
	mine := func(want int) {
		t.Helper()
		if list, err := w.s.Mine(volunteer); err != nil || len(list) != want {
			t.Errorf("%d, %v; want %d", len(list), err, want)
		}
	}
	pair := func() Pair {
		w.must(w.s.Pair(w.by("lead"), ref, 0, helper, until))
		list, err := w.s.pairsAcrossUnits(w.ctx, ref)
		w.must(err)
		return list[len(list)-1]
	}
	p := pair()
	mine(1)
	w.kind(w.s.Visit(volunteer, ref, today, "home", "看过", "", p.ID, ""), errs.Invalid)
	w.must(w.seal.Revoke(w.by("lead"), owner("casework.child", w.known(ref)), p.Grant)) // the pairing stands
	mine(0)
	w.must(w.s.Unpair(w.by("lead"), ref, 0, p.ID, "other"))
	pair()
	w.vol.until[helper] = today // the check is over
	_, err := w.s.Open(volunteer, ref)
	w.kind(err, errs.NotFound)
	mine(0)
	w.vol.until[helper] = w.today().AddDays(400)
	pair()
	w.lets("volunteer", ref, 60) // longer than they are paired
	w.now = until.AddDays(1).Time()
	mine(0)
	// of one without an account nobody who is not signed in is taken for
	old := w.vol.add("赵长生", 0, w.today().AddDays(1))
	w.must(w.s.Pair(w.by("lead"), ref, 0, old, w.today().AddDays(30)))
	w.in(2)
	_, err = w.s.OpenMine(w.by("visitor"), ref)
	w.kind(err, errs.NotFound)
	list, err := w.s.pairsAcrossUnits(w.ctx, ref)
	w.must(err)
	if list[len(list)-1].State != Live {
		t.Error("somebody who is not signed in ended a pairing")
	}
	o, err := w.s.Open(w.by("lead"), ref)
	w.must(err)
	if got := o.Entries[0].ByName; got != "周文琴" {
		t.Errorf("opened by %q", got)
	}
}

// What is published of a unit adds up its own places. // R45
func TestCountsOfOneUnit(t *testing.T) {
	w := openWorld(t)
	beside, err := w.s.org.ByCode(w.ctx, "990204")
	w.must(err)
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error {
		_, err := w.s.closeMonth(ctx, w.desk.Root(), "2019-04")
		for n, u := range map[int64]org.Unit{5: w.desk, 8: beside} {
			err = errors.Join(err, w.s.insertCount(ctx, u.Root(), "2019-04", countRow{Unit: u.ID, Pos: u.Pos, Class: "at_risk", Measure: "opened", N: n}))
		}
		return err
	}))
	if _, _, list, err := w.s.Counts(w.by("lead"), w.desk); err != nil || len(list) != 1 || list[0].N != 5 {
		t.Errorf("%+v, %v", list, err)
	}
}
