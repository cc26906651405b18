package aid

import (
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/seal"
)

// A list holds what lies at its unit and below, within the reader's view, and a request for help tells of no aid elsewhere.
func TestListsStayWithinTheirUnit(t *testing.T) {
	w := openWorld(t)
	w.apply("liang", w.study("990203013", 100), child("甲", "2011-01-01"))
	w.apply("liu", w.study("990203014", 100), child("乙", "2011-01-01"))
	for _, x := range []struct {
		login, unit string
		want        int
	}{{"liang", "990203013", 1}, {"liang", "990203", 1}, {"chen", "990203014", 1}, {"zhou", "990203", 2}, {"cai", "9902", 0}} {
		p, err := w.s.List(w.by(x.login), w.unit[x.unit], Filter{})
		w.must(err)
		if len(p.Rows) != x.want || p.Total != int64(x.want) {
			t.Errorf("%s at %s: %d of %d, want %d", x.login, x.unit, len(p.Rows), p.Total, x.want)
		}
	}
	if list, err := w.s.store.placed(w.ctx, w.as["liang"].ViewSet, 9); err != nil || len(list) != 1 { // what a figure left out
		t.Errorf("%v, %v", list, err)
	}
	same := w.apply("liu", w.study("990203014", 100), child("甲", "2011-01-01"))
	if d, err := w.s.DoublesOf(w.by("reader"), same, w.aid(same)); err != nil || d.Any() { // who only looks learns nothing of doubles
		t.Errorf("%+v, %v", d, err)
	}
	from := id.Ref{Root: 9902, ID: 5}
	_, err := w.s.Apply(w.by("liang"), w.study("990203013", 200), child("丙", "2011-01-01"), agreed, from)
	w.must(err)
	for login, want := range map[string]int{"liang": 1, "liu": 0} {
		if list, err := w.s.store.ofRequest(w.ctx, from.String(), w.as[login].ViewSet); err != nil || len(list) != want {
			t.Errorf("%s: %d, %v", login, len(list), err)
		}
	}
}

// A button leads only to what whoever looks may do: each page has it for one who may, and not for one who only sees the page.
func TestButtonsAreForThoseWhoMay(t *testing.T) {
	w := openWorld(t)
	city, town := w.unit["9902"].ID, w.unit["990203013"]
	gift := w.gift("chen", "9902", Gift{Fen: 100_000, Below: true})
	g, _, _, err := w.s.Gift(w.ctx, gift)
	w.must(err)
	ref := w.approved(60_000, child("张小满", "2008-03-04"))
	w.must(w.give(ref, gift, 60_000))
	w.as["guest"] = w.as["reader"] // of the city, let in to what is sealed of this aid
	_, err = w.seal.Grant(w.by("liang"), owner(childKind, ref, w.aid(ref)), seal.Grant{Account: w.as["guest"].Account, Name: "干事", Purpose: "核对", Until: today})
	w.must(err)
	w.as["looker"] = w.as["liang"] // of the town, without a post that works
	looker := w.as["looker"]
	looker.Account, looker.WorkSet, looker.AdminSet = 2001, nil, nil
	w.as["looker"] = looker
	for _, x := range []struct{ page, leads, may, not string }{
		{at("/aid", city), "/aid/new", "chen", "reader"},
		{path(ref), path(ref) + "/sign", "liang", "looker"},
		{path(ref), path(ref) + "/child", "liang", "zhou"}, // stands higher, and may not know for whom it is
		{path(ref), "/seal/" + ref.String(), "liang", "guest"},
		{path(ref), giftPath(gift), "chen", "liang"},
		{at("/aid/gifts", city), "/aid/gift/new", "chen", "reader"},
		{giftPath(gift), giftPath(gift) + "/edit", "chen", "reader"},
		{at("/aid/donors", city), "/aid/donor/new", "chen", "reader"},
		{donorPath(g.Donor), donorPath(g.Donor) + "/edit", "chen", "reader"},
		{at("/aid/kinds", city), "/aid/kinds/change", "chen", "reader"},
	} {
		for login, has := range map[string]bool{x.may: true, x.not: false} {
			if testkit.HTML(t, w.do(login, "GET", x.page, nil, 200).Body.String()).Has(`a[href^="`+x.leads+`"]`) != has {
				t.Errorf("%s: %s sees a way to %s: %v", x.page, login, x.leads, !has)
			}
		}
	}
	drawn := func(c templ.Component, err error) string {
		t.Helper()
		w.must(err)
		var out strings.Builder
		if c != nil {
			w.must(c.Render(w.ctx, &out))
		}
		return out.String()
	}
	panel := w.s.panel().Render
	for login, has := range map[string]bool{"liang": true, "looker": false} {
		if box := drawn(panel(w.by(login), town, today)); strings.Contains(box, "/aid/new") != has || !strings.Contains(box, "/aid?") {
			t.Errorf("the box of the unit for %s: %s", login, box)
		}
		if box := drawn(w.s.RequestPanel(w.by(login), id.Ref{Root: town.Root(), ID: 5}, town.ID, true)); strings.Contains(box, "/aid/new") != has {
			t.Errorf("the box of a request for %s: %s", login, box)
		}
	}
	if box := drawn(w.s.RequestPanel(w.by("zhou"), id.Ref{Root: town.Root(), ID: 5}, town.ID, true)); strings.Contains(box, "/aid/new") { // works above, and was let in
		t.Errorf("the box of a request from above: %s", box)
	}
	if box := drawn(panel(w.by("liang"), w.unit["990203"], today)); box != "" { // the town is below it
		t.Errorf("the box of a unit that is not seen: %s", box)
	}
}

// Gifts and donors are seen within the reader's view and at the unit that was asked for.
func TestGiftsStayWithinTheirUnit(t *testing.T) {
	w := openWorld(t)
	offices := map[string]string{"9902": "chen", "990203013": "liang", "990203014": "liu", "9907": "cai"}
	for unit, login := range offices {
		w.gift(login, unit, Gift{Fen: 100_000})
		quiet, err := w.s.SaveDonor(w.by(login), id.Ref{}, 0, Donor{Unit: w.unit[unit].ID, Name: "李默默", Kind: "person"})
		w.must(err)
		_, err = w.s.SaveGift(w.by(login), id.Ref{}, 0, Gift{Unit: w.unit[unit].ID, Donor: quiet, Day: today, Form: Money, Fen: 500})
		w.must(err)
	}
	for _, x := range []struct {
		login, unit         string
		sees, named, others int
	}{{"chen", "9902", 6, 3, 3}, {"chen", "990203014", 2, 1, 1}, {"liang", "9902", 2, 3, 3}, {"cai", "9902", 0, 3, 3}, {"cai", "9907", 2, 1, 1}} {
		u := w.unit[x.unit]
		gifts, err := w.s.Gifts(w.by(x.login), u, 0)
		w.must(err)
		donors, err := w.s.Donors(w.by(x.login), u)
		w.must(err)
		thanked, others, err := w.s.Thanked(w.by(x.login), u)
		w.must(err)
		if len(gifts) != x.sees || len(donors) != x.sees || len(thanked) != x.named || others != int64(x.others) { // who agreed is named before everybody
			t.Errorf("%s at %s: %d gifts, %d donors, thanks to %d and %d others", x.login, x.unit, len(gifts), len(donors), len(thanked), others)
		}
	}
	w.do("visitor", "GET", "/aid/thanks", nil, 404) // of no unit
	a := w.study("990203013", 100)
	for login, fits := range map[string]bool{"liang": true, "reader": false} { // what a gift has left is for those who give out of it
		if list, err := w.s.Fitting(w.by(login), a); err != nil || len(list) > 0 != fits {
			t.Errorf("%s: %d gifts fit, %v", login, len(list), err)
		}
	}
}

// What is not there is answered so, by pages and by the service alike, and a city's settings are no other city's.
func TestWhatIsNotThere(t *testing.T) {
	w := openWorld(t)
	city := w.unit["9902"]
	w.do("chen", "GET", at("/aid/kinds/change", city.ID, "do", "edit", "code", "none"), nil, 404)
	w.kind(w.s.changeKind(w.by("chen"), city, "none", Class{Name: "x"}, &web.Form{Values: url.Values{}}), errs.NotFound)
	w.kind(w.s.EditKind(w.by("chen"), city, "none", Class{Name: "x", Purposes: "x"}), errs.NotFound)
	w.kind(w.s.SetLimits(w.by("fan"), city, nil), errs.NotFound)
	w.s.SetRequests(nil)
	_, err := w.s.Apply(w.by("liang"), w.study("990203013", 100), child("甲", "2011-01-01"), agreed, id.Ref{Root: city.Root(), ID: 5})
	w.kind(err, errs.NotFound)
}
