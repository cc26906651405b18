package aid

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

// gift is a gift of money to a unit by a donor who may be named.
func (w *world) gift(login, unit string, g Gift) id.Ref {
	w.Helper()
	donor, err := w.s.SaveDonor(w.by(login), id.Ref{}, 0, Donor{Unit: w.unit[unit].ID, Name: "向阳商行", Kind: "enterprise", Named: true})
	w.must(err)
	g.Unit, g.Donor, g.Day = w.unit[unit].ID, donor, today.AddDays(-10)
	if g.Form == "" {
		g.Form = Money
	}
	ref, err := w.s.SaveGift(w.by(login), id.Ref{}, 0, g)
	w.must(err)
	return ref
}

func (w *world) give(ref, gift id.Ref, fen int64) error {
	return w.s.Give(w.by("liang"), ref, 0, Handing{Day: today, Amount: Amount{Fen: fen}, Gift: gift, Hands: []string{"甲", "乙"}})
}

// What is spent of a gift is never more than was given, also after both were corrected; its number leads to the aids.
func TestGiftIsNeverOverspent(t *testing.T) {
	w := openWorld(t)
	gift := w.gift("chen", "9902", Gift{Fen: 100_000, Below: true, Kinds: []string{"study"}})
	own := w.gift("chen", "9902", Gift{Fen: 100_000})
	bound := w.gift("chen", "9902", Gift{Fen: 100_000, Below: true, Kinds: []string{"medical"}})
	things := w.gift("chen", "9902", Gift{Fen: 100_000, Below: true, Form: Goods, Qty: 10, What: "书包"})
	a, b := w.approved(60_000, child("甲", "2008-01-01")), w.approved(60_000, child("乙", "2008-01-02"))
	for _, unfit := range []id.Ref{own, bound, things, {Root: gift.Root, ID: 5}} {
		w.key(w.give(a, unfit, 60_000), "aid.gift_unfit")
	}
	w.must(w.give(a, gift, 60_000))
	w.key(w.give(b, gift, 60_000), "aid.gift_short")
	w.must(w.give(b, gift, 40_000))
	h := *w.aid(a).Given
	h.Amount.Fen = 10_000
	w.must(w.s.Correct(w.by("liang"), a, 0, Aid{Given: &h}, "实送100元"))
	g, row, v, err := w.s.Gift(w.by("chen"), gift)
	w.must(err)
	if row.SpentFen != 50_000 || row.LeftFen() != 50_000 || row.Aids != 2 {
		t.Errorf("spent %d of %d", row.SpentFen, row.Fen)
	}
	g.Fen = 49_999
	_, err = w.s.SaveGift(w.by("chen"), gift, v.N, g)
	w.key(err, "aid.gift_under_spent")
	g.Form, g.Fen, g.Qty, g.What = Goods, 100_000, 5, "书包"
	_, err = w.s.SaveGift(w.by("chen"), gift, v.N, g)
	w.key(err, "aid.gift_spent")
	page := w.do("chen", "GET", "/aid?gift="+gift.String(), nil, http.StatusOK).Body.String()
	if strings.Count(page, `href="/aid/`+fmt.Sprint(gift.Root)+"-") < 2 || !strings.Contains(page, path(a)) {
		t.Errorf("the number does not lead to its aids")
	}
	w.do("chen", "GET", giftPath(gift), nil, http.StatusOK)
	w.do("chen", "GET", "/aid/gifts", nil, http.StatusOK)
	w.do("chen", "GET", "/aid/donors", nil, http.StatusOK)
	w.do("chen", "GET", donorPath(g.Donor)+"/edit", nil, http.StatusOK)
	w.do("liang", "GET", giftPath(gift), nil, http.StatusNotFound)
	_, err = w.s.SaveGift(w.by("liang"), id.Ref{}, 0, Gift{Unit: w.unit["9902"].ID, Donor: g.Donor, Form: Money, Fen: 1, Day: today})
	w.kind(err, errs.NotFound)
}

// The balance of each gift equals a plain recount of all aids, whatever was given, corrected and refused, by many at once.
func TestGiftsEqualARecount(t *testing.T) {
	w := openWorld(t)
	steps := 6
	if testkit.Long() {
		steps = 60
	}
	gifts := []id.Ref{w.gift("chen", "9902", Gift{Fen: 50_000, Below: true}), w.gift("zhou", "990203", Gift{Fen: 70_000, Below: true}), w.gift("liang", "990203013", Gift{Fen: 20_000})}
	var aids []id.Ref
	for i := range 2 * steps {
		aids = append(aids, w.approved(30_000, child(fmt.Sprintf("孩子%d", i), "2008-01-01")))
	}
	var all sync.WaitGroup
	for part := range 4 { // four offices at once
		all.Add(1)
		go func() {
			defer all.Done()
			r := rand.New(rand.NewPCG(uint64(part), 7))
			for i := part; i < len(aids); i += 4 {
				if err := w.give(aids[i], gifts[r.IntN(len(gifts))], 1+r.Int64N(30_000)); err != nil && !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
					t.Error(err)
				}
				if a, _, err := w.s.Get(w.ctx, aids[i]); err == nil && a.Given != nil && r.IntN(2) == 0 {
					h := *a.Given
					h.Amount.Fen = 1 + r.Int64N(30_000)
					if err := w.s.Correct(w.by("liang"), aids[i], 0, Aid{Given: &h}, "更正"); err != nil && !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
						t.Error(err)
					}
				}
			}
		}()
	}
	all.Wait()
	spent, given := map[id.Ref]int64{}, 0
	for _, ref := range aids {
		if g := w.aid(ref).Given; g != nil {
			spent[g.Gift] += g.Amount.Fen
			given++
		}
	}
	if given == 0 {
		t.Fatal("nothing was given")
	}
	for _, gift := range gifts {
		g, row, _, err := w.s.Gift(w.ctx, gift)
		w.must(err)
		if row.SpentFen != spent[gift] || row.SpentFen > g.Fen {
			t.Errorf("gift of %d: %d spent, by a recount %d", g.Fen, row.SpentFen, spent[gift])
		}
	}
}

// The public list names only who agreed.
func TestThanksNameOnlyWhoAgreed(t *testing.T) {
	w := openWorld(t)
	w.gift("chen", "9902", Gift{Fen: 100_000})
	quiet, err := w.s.SaveDonor(w.by("chen"), id.Ref{}, 0, Donor{Unit: w.unit["9902"].ID, Name: "李默默", Kind: "person"})
	w.must(err)
	_, err = w.s.SaveDonor(w.by("chen"), id.Ref{}, 0, Donor{Unit: w.unit["9902"].ID, Kind: "person", Named: true})
	w.key(err, "aid.named_without_name")
	_, err = w.s.SaveGift(w.by("chen"), id.Ref{}, 0, Gift{Unit: w.unit["9902"].ID, Donor: quiet, Day: today, Form: Money, Fen: 500})
	w.must(err)
	page := w.do("visitor", "GET", "/aid/thanks?unit="+w.unit["9902"].ID.String(), nil, http.StatusOK).Body.String()
	if !strings.Contains(page, "向阳商行") || strings.Contains(page, "李默默") || !strings.Contains(page, "另有1位") {
		t.Errorf("thanks: %s", page)
	}
}

// A donor who comes for the first time is kept with the gift, in one go; one of that name is the same; nothing typed is lost. // R46
func TestGiftOfANewDonor(t *testing.T) {
	w := openWorld(t)
	form := func(more url.Values) url.Values {
		out := url.Values{"donor": {""}, "donor_name": {"稻香米业"}, "donor_kind": {"enterprise"}, "day": {string(today)}, "form": {"money"}, "fen": {"５０００"}, "_key": {id.New().String()}}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	donors := func() []DonorRow {
		t.Helper()
		list, err := w.s.Donors(w.by("liang"), w.unit["990203013"])
		w.must(err)
		return list
	}
	page := w.do("liang", "POST", "/aid/gift/new", form(url.Values{"donor_kind": {""}, "fen": {"一笔"}, "day": {"2031-01-01"}}), http.StatusUnprocessableEntity).Body.String()
	for _, says := range []string{"稻香米业", "一笔", tr(w.ctx, "aid.donor_kind_missing"), tr(w.ctx, "aid.fen_unreadable"), tr(w.ctx, "aid.gift_day_odd")} {
		if !strings.Contains(page, says) {
			t.Errorf("not said at once: %s", says)
		}
	}
	w.do("liang", "POST", "/aid/gift/new", form(url.Values{"fen": {"0"}}), http.StatusUnprocessableEntity)
	if n := len(donors()); n != 0 {
		t.Fatalf("%d donors of a gift that was not kept", n)
	}
	for range 2 {
		w.do("liang", "POST", "/aid/gift/new", form(nil), http.StatusSeeOther)
	}
	if list := donors(); len(list) != 1 || list[0].Name != "稻香米业" || list[0].Gifts != 2 || list[0].Fen != 1_000_000 || list[0].Named != 0 {
		t.Errorf("%+v", list)
	}
}
