package base_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"testing"
	"time"

	"xinhuo/internal/base"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func TestTheNeighbourSeesNothing(t *testing.T) { // R189
	w := open(t)
	ref := w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "")))
	for _, code := range []string{"9907", "990204", "990203109"} {
		ctx := w.as(code)
		_, _, err := w.s.Get(ctx, ref)
		kindIs(t, err, errs.NotFound)
		_, _, _, err = w.s.ByCode(ctx, 9902, "B001")
		kindIs(t, err, errs.NotFound)
		p, err := w.s.List(ctx, base.Filter{Unit: w.units["9902"]})
		must(t, err)
		if p.Total != 0 || len(p.Rows) != 0 {
			t.Errorf("%s sees %d bases", code, p.Total)
		}
		kindIs(t, w.s.Agree(ctx, ref, 1, base.Agreement{Document: "1", Parties: "甲", From: "2019-01-01"}), errs.NotFound)
		kindIs(t, w.s.Remove(ctx, ref, 1, "x"), errs.NotFound)
		kindIs(t, w.s.SetStandard(ctx, w.units["9902"], []base.StandardItem{{Name: "有牌子"}}), errs.NotFound)
	}
	// The city sees it, but the town keeps it.
	kindIs(t, w.s.Agree(w.as("9902"), ref, 1, base.Agreement{Document: "1", Parties: "甲", From: "2019-01-01"}), errs.Forbidden)
	must(t, w.s.Agree(w.as("990203013"), ref, 1, base.Agreement{Document: "1", Parties: "甲", From: "2019-01-01"}))
}

func TestWhoComesSecondIsTold(t *testing.T) {
	w := open(t)
	ref := w.create(w.base("990203013", "国防"))
	ctx := w.as("990203013")
	b, v, err := w.s.Get(ctx, ref)
	must(t, err)
	b.Name = "甲改的"
	_, err = w.s.Save(ctx, ref, v.N, b, record.Change{Act: "base.act.edit"})
	must(t, err)
	b.Name = "乙改的"
	_, err = w.s.Save(ctx, ref, v.N, b, record.Change{Act: "base.act.edit"})
	kindIs(t, err, errs.Conflict)
	if b, _ := w.get(ref); b.Name != "甲改的" {
		t.Errorf("the name is %s", b.Name)
	}
}

func TestACodeBelongsToOneBaseOfACity(t *testing.T) {
	w := open(t)
	b := w.base("990203013", "国防")
	w.create(b)
	_, err := w.s.Create(w.ctx, b, record.Change{Act: "base.act.create"})
	kindIs(t, err, errs.Invalid)
	b.Host = w.units["9907"].ID
	w.create(b) // another city may have it
	b.Host, b.Code = w.units["990204"].ID, ""
	if got, _ := w.get(w.create(b)); got.Code == "" {
		t.Error("no code was given")
	}
}

func TestUndoBringsEveryFigureBack(t *testing.T) {
	w := open(t)
	ref := w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "")))
	before := w.picture()
	ctx := w.as("9902")
	b, v, err := w.s.Get(ctx, ref)
	must(t, err)
	w.later(time.Minute)
	must(t, w.s.Revoke(ctx, ref, v.N, base.Revocation{Accreditation: b.Accreditations[0].ID.String(), On: "2016-01-01", Reason: "停办", Document: "云关工〔2016〕3号"}))
	w.wants("base.accredited", "9902", today, 0)
	if w.picture() == before {
		t.Fatal("no figure moved")
	}
	now, v2 := w.get(ref)
	if now.Accreditations[0].Status != base.Revoked || w.s.Undoable(ctx, v2).IsZero() || !w.s.Undoable(w.as("990203"), v2).IsZero() {
		t.Error("undo is offered to the wrong person")
	}
	w.later(11 * time.Minute)
	kindIs(t, w.s.Undo(ctx, ref, v2.N), errs.Conflict)
	w.later(-11 * time.Minute)
	must(t, w.s.Undo(ctx, ref, v2.N))
	if got := w.picture(); got != before {
		t.Errorf("figures differ after the undo:\n%s\nbefore:\n%s", got, before)
	}
}

func TestAnApplicationGoesItsWay(t *testing.T) { // R80: apply, inspect, grant; the issuer's grant writes the plaque
	w := open(t)
	ref := w.create(w.base("990203013", "国防"))
	town := w.as("990203013")
	w.later(time.Minute)
	pending, err := w.s.Accredit(town, ref, 1, base.Accreditation{Level: org.City, Issuer: base.Body{Unit: w.units["9902"].ID}})
	must(t, err)
	if !pending {
		t.Fatal("the town granted itself a plaque of the city")
	}
	w.wants("base.accredited", "9902", today, 0)
	cases, err := w.flow.ForSubject(town, base.Kind, ref)
	must(t, err)
	w.page(w.as("990203"), "/flow/"+cases[0].Ref().String()).MustHave("#matter", "0/7")
	if len(cases) != 1 {
		t.Fatalf("%d cases", len(cases))
	}
	w.later(time.Minute)
	_, err = w.flow.Act(w.as("990203"), cases[0].Ref(), flow.Act{Key: "inspect", Day: "2019-05-30"})
	must(t, err)
	_, v := w.get(ref)
	kindIs(t, w.s.Undo(town, ref, v.N), errs.Conflict) // a step was taken since
	w.later(time.Minute)
	_, err = w.flow.Act(w.as("9902"), cases[0].Ref(), flow.Act{Key: "grant", Day: "2019-05-31", Document: "云关工〔2019〕12号"})
	must(t, err)
	w.wants("base.accredited", "9902", today, 1)
	b, v := w.get(ref)
	if a := b.Accreditations[0]; a.Document != "云关工〔2019〕12号" || v.ActorName != "云州市的办事员1" {
		t.Errorf("%+v by %s", a, v.ActorName)
	}
	kindIs(t, w.s.Undo(w.as("9902"), ref, v.N), errs.Conflict)
	must(t, w.s.Revoke(w.as("9902"), ref, v.N, base.Revocation{Accreditation: b.Accreditations[0].ID.String(), On: today, Reason: "搬走", Document: "云关工〔2019〕13号"}))
	w.wants("base.accredited", "9902", today, 0)
}

func TestOnlyTheIssuerHangsAndTakesDown(t *testing.T) { // R131
	w := open(t)
	ref := w.create(w.base("990203013", "国防", w.plaque("9902", "2019-05-20", "")))
	b, _ := w.get(ref)
	kindIs(t, w.s.Revoke(w.as("990203013"), ref, 1, base.Revocation{Accreditation: b.Accreditations[0].ID.String(), On: today, Reason: "x", Document: "x"}), errs.Forbidden)
	_, err := w.s.Accredit(w.as("990203"), ref, 1, base.Accreditation{Level: org.County, Issuer: base.Body{Unit: w.units["990203"].ID}, GrantedOn: today})
	kindIs(t, err, errs.Invalid) // without a document
	pending, err := w.s.Accredit(w.as("990203"), ref, 1, base.Accreditation{Level: org.County, Issuer: base.Body{Unit: w.units["990203"].ID}, GrantedOn: today, Document: "南关工1号"})
	must(t, err)
	if pending {
		t.Error("the county's own plaque waits")
	}
	pending, err = w.s.Accredit(w.as("990203013"), ref, 2, base.Accreditation{Level: org.City, Issuer: base.Body{Name: "市委宣传部"}, GrantedOn: "2010-01-01", Document: "宣2号"})
	must(t, err)
	if pending {
		t.Error("another department's plaque waits for nobody")
	}
}

func TestAnOldPlaqueIsCorrectedByTwo(t *testing.T) {
	w := open(t)
	ref := w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "")))
	ctx, other := w.as("990203013"), w.person("990203013", 1)
	b, _ := w.get(ref)
	a := b.Accreditations[0]
	a.GrantedOn = "2016-01-01"
	_, err := w.s.Correct(ctx, ref, 1, a, "")
	kindIs(t, err, errs.Invalid)
	pending, err := w.s.Correct(ctx, ref, 1, a, "录入时看错了文件")
	must(t, err)
	if !pending {
		t.Fatal("nobody else was asked")
	}
	w.wants("base.accredited", "9902", "2015-06-01", 1)
	cases, err := w.flow.ForSubject(ctx, base.Kind, ref)
	must(t, err)
	// the second pair of eyes saw a name and a button, and not what it would agree to
	p := w.page(other, "/flow/"+cases[0].Ref().String())
	p.MustHave("#matter", "录入时看错了文件")
	p.MustHave("#matter del", "2015年1月1日")
	p.MustHave("#matter ins", "2016年1月1日")
	_, err = w.flow.Act(ctx, cases[0].Ref(), flow.Act{Key: "apply"})
	kindIs(t, err, errs.Forbidden)
	_, err = w.flow.Act(other, cases[0].Ref(), flow.Act{Key: "apply"})
	must(t, err)
	w.wants("base.accredited", "9902", "2015-06-01", 0)
	w.wants("base.accredited", "9902", today, 1)
	if _, v := w.get(ref); v.Reason != "录入时看错了文件" {
		t.Errorf("the reason is %q", v.Reason)
	}
}

// An agreement entered after a correction was proposed stood on its page as if the correction took it back.
func TestACorrectionIsShownBesideWhatItWasProposedOver(t *testing.T) {
	w := open(t)
	ref := w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "")))
	ctx := w.as("990203013")
	b, _ := w.get(ref)
	a := b.Accreditations[0]
	a.GrantedOn = "2016-01-01"
	w.later(time.Minute)
	_, err := w.s.Correct(ctx, ref, 1, a, "看错了")
	must(t, err)
	w.later(time.Minute)
	must(t, w.s.Inspect(ctx, ref, 1, base.Check{Year: 2019, Day: today, By: "周文琴", Result: "pass"}))
	cases, err := w.flow.ForSubject(ctx, base.Kind, ref)
	must(t, err)
	p := w.page(w.person("990203013", 1), "/flow/"+cases[0].Ref().String())
	p.MustHave("#matter", "后来又改过")
	p.MustHave("#matter ins", "2016年1月1日")
	if n := len(p.All("#matter del")); n != 1 {
		t.Errorf("%d things would go, want the day alone", n)
	}
}

func TestGapsFirstIsReproducible(t *testing.T) { // R105, R102
	w := open(t)
	for i := range 5 {
		b := w.base("990203013", "国防", w.plaque("9902", "2015-01-01", ""))
		for _, code := range []string{"plaque", "place", "staff"}[:i%3] {
			b.Items = append(b.Items, base.ItemState{Item: code, Met: true, Day: "2019-01-01", Evidence: "看过"})
		}
		w.create(b)
	}
	for order, met := range map[base.Order][]int64{base.GapsFirst: {0, 0, 1, 1, 2}, base.Best: {2, 1, 1, 0, 0}} {
		var all []id.ID
		var got []int64
		f := base.Filter{Unit: w.units["9902"], Order: order, Limit: 2}
		for {
			p, err := w.s.List(w.as("9902"), f)
			must(t, err)
			for _, r := range p.Rows {
				got, all = append(got, r.Met), append(all, r.ID)
			}
			if p.Next == "" {
				break
			}
			if int(p.Rest) != 5-len(all) {
				t.Errorf("%d after %d", p.Rest, len(all))
			}
			f.After = p.Next
		}
		if !slices.Equal(got, met) {
			t.Errorf("%s: %v, want %v", order, got, met)
		}
	}
	_, err := w.s.List(w.ctx, base.Filter{Unit: w.units["9902"], After: "x~y~z"})
	kindIs(t, err, errs.Invalid)
}

func TestTheListAgreesWithTheFigure(t *testing.T) { // R89
	w := open(t)
	w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "2018-01-01")))
	w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", ""), w.plaque("990203", "2015-01-01", "")))
	w.create(w.base("990204", "法治", w.plaque("9902", "2020-01-01", "")))
	for _, day := range []clock.Day{"2014-12-31", "2015-01-01", "2017-12-31", "2018-01-01", today, "2020-01-01"} {
		p, err := w.s.List(w.ctx, base.Filter{Unit: w.units["9902"], Standing: day})
		must(t, err)
		v, err := w.ledger.Ask(w.ctx, ledger.Query{Figure: "base.accredited", Unit: w.units["9902"].ID, Day: day, Boundary: ledger.Today})
		must(t, err)
		if p.Total != v.Int() || len(p.Rows) != int(v.Int()) {
			t.Errorf("on %s the list has %d, the figure says %d", day, p.Total, v.Int())
		}
	}
}

func TestWhatComesDueIsPostedOnceAndEnds(t *testing.T) { // R106, R94
	w := open(t)
	b := w.base("990203013", "国防", w.plaque("9902", "2015-01-01", ""))
	b.RunMode, b.Agreements = base.Other, []base.Agreement{{Document: "1", Parties: "甲", From: "2015-01-01", To: "2019-07-01"}}
	b.Checks = []base.Check{{Year: 2019, DueOn: "2019-06-30"}}
	ref := w.create(b)
	for range 2 {
		_, err := w.s.Daily(w.ctx)
		must(t, err)
	}
	ctx := w.as("990203013")
	_, n, err := w.flow.Inbox(ctx, 10)
	must(t, err)
	if n != 2 {
		t.Fatalf("%d tasks", n)
	}
	must(t, w.s.Agree(ctx, ref, 1, base.Agreement{Document: "2", Parties: "甲", From: "2019-07-01", To: "2022-07-01"}))
	must(t, w.s.Inspect(ctx, ref, 2, base.Check{Year: 2019, Day: today, By: "柳春兰", Result: "pass"}))
	if _, n, err = w.flow.Inbox(ctx, 10); err != nil || n != 0 {
		t.Errorf("%d tasks are left, %v", n, err)
	}
	if b, _ := w.get(ref); len(b.Checks) != 1 || b.LastCheck().DueOn != "2019-06-30" {
		t.Errorf("checks: %+v", b.Checks)
	}
}

func TestAPlanIsClosedWithBeforeAndAfter(t *testing.T) { // R95
	w := open(t)
	ref := w.create(w.base("990203013", "国防"))
	ctx := w.as("990203013")
	p := base.Plan{ID: 5, Title: "修屋顶", OpenedOn: "2019-01-01"}
	must(t, w.s.Plan(ctx, ref, 1, p))
	p.ClosedOn = today
	kindIs(t, w.s.Plan(ctx, ref, 2, p), errs.Invalid)
	p.Before, p.After = "漏雨", "换了瓦"
	must(t, w.s.Plan(ctx, ref, 2, p))
	if b, _ := w.get(ref); len(b.Plans) != 1 || b.OpenPlans() != 0 {
		t.Errorf("plans: %+v", b.Plans)
	}
}

func TestPhotosStayWithTheirBase(t *testing.T) {
	w := open(t)
	ref, other := w.create(w.base("990203013", "国防")), w.create(w.base("990204", "国防"))
	var raw bytes.Buffer
	must(t, jpeg.Encode(&raw, image.NewRGBA(image.Rect(0, 0, 40, 30)), nil))
	ctx := w.as("990203013")
	kindIs(t, w.s.AddPhoto(ctx, ref, 1, bytes.NewReader(raw.Bytes()), ""), errs.Invalid)
	kindIs(t, w.s.AddPhoto(ctx, ref, 1, bytes.NewReader([]byte("<html>")), "正门"), errs.Unsupported)
	must(t, w.s.AddPhoto(ctx, ref, 1, bytes.NewReader(raw.Bytes()), "正门"))
	b, _ := w.get(ref)
	f, err := w.s.Photo(ctx, ref, b.Photos[0].Thumb)
	must(t, err)
	f.Close()
	_, err = w.s.Photo(w.ctx, other, b.Photos[0].Thumb)
	kindIs(t, err, errs.NotFound)
	_, err = w.s.Photo(w.as("990204"), ref, b.Photos[0].Thumb)
	kindIs(t, err, errs.NotFound)
	must(t, w.s.RemovePhoto(ctx, ref, 2, b.Photos[0].Full))
}

func TestACategoryInUseStays(t *testing.T) { // R100
	w := open(t)
	w.create(w.base("990203013", "国防"))
	kindIs(t, w.s.SetCategories(w.as("9902"), w.units["9902"], []base.Category{{Name: "法治"}}), errs.Invalid)
	must(t, w.s.SetCategories(w.as("9902"), w.units["9902"], []base.Category{{Name: "法制", Aliases: "法治"}, {Name: "国防"}}))
	if b, _ := w.get(w.create(w.base("990203013", "法治"))); b.Category != "法制" {
		t.Errorf("the category is %s", b.Category)
	}
	if b, _ := w.get(w.create(w.base("9907", "法制"))); b.Category != "法治" {
		t.Errorf("the neighbour's category is %s", b.Category)
	}
}

func TestTheOwnerNeedNotBeTheManager(t *testing.T) { // R70
	w := open(t)
	b := w.base("990203013", "爱国主义", w.plaque("9902", "2015-01-01", ""))
	b.Owner, b.Manager = base.Body{Name: "南江区文化馆"}, base.Body{Unit: w.units["990203013"].ID}
	got, _ := w.get(w.create(b))
	if got.Owner.Name != "南江区文化馆" || got.Manager.Unit != w.units["990203013"].ID {
		t.Errorf("owner %+v, manager %+v", got.Owner, got.Manager)
	}
}
