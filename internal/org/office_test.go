package org

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

func TestAMistakenAppointmentIsTakenBackAndRestored(t *testing.T) { // R12
	ctx, s := open(t)
	small(t, ctx, s)
	town, neighbour := codeOf(t, ctx, s, "990203013"), codeOf(t, ctx, s, "990203001")
	wrong, err := s.AppointPost(ctx, Post{Unit: town.ID, Kind: "director", Person: "沈国樑", Account: 42, From: "2019-01-01"})
	must(t, err)
	w := serve(t, s, clerk(town))
	row := wrong.ID.String()
	_, page := w.get("/unit/990203013/do/remove_post?row=" + row)
	page.MustHave("main", "沈国樑")
	rec, page := w.post("/unit/990203013/do/remove_post", url.Values{"_key": {"a"}, "row": {row}})
	if rec.Code != http.StatusUnprocessableEntity {
		t.Errorf("without a reason it answers %d", rec.Code)
	}
	page.MustHave("main", "写为什么撤下")
	if rec, _ = w.post("/unit/990203013/do/remove_post", url.Values{"_key": {"b"}, "row": {row}, "why": {"登到了邻镇的人"}}); rec.Code != http.StatusSeeOther {
		t.Fatalf("taking back answers %d %s", rec.Code, rec.Body)
	}
	rights, err := s.RightsOf(ctx, 42, today)
	must(t, err)
	if ps, err := s.Posts(ctx, town.ID, clock.Open); err != nil || len(ps) != 0 || len(rights) != 0 {
		t.Errorf("after it was taken back: %v, rights %v, %v", ps, rights, err)
	}
	_, page = w.get("/unit/990203013/posts")
	page.MustHave("main", "登到了邻镇的人")
	page.MustHave("main", "由陈玉兰撤下")
	page.MustHave("main", "恢复任职")
	// the office is free again, and whoever holds it keeps it
	right, err := s.AppointPost(ctx, Post{Unit: town.ID, Kind: "director", Person: "梅若兰", From: "2019-02-01"})
	must(t, err)
	rec, page = w.post("/unit/990203013/do/restore_post", url.Values{"_key": {"c"}, "row": {row}})
	if rec.Code != http.StatusUnprocessableEntity {
		t.Errorf("restoring beside a holder answers %d", rec.Code)
	}
	page.MustHave("main", "梅若兰")
	must(t, s.RemovePost(ctx, right.ID, "试"))
	if rec, _ = w.post("/unit/990203013/do/restore_post", url.Values{"_key": {"d"}, "row": {row}}); rec.Code != http.StatusSeeOther {
		t.Fatalf("restoring answers %d %s", rec.Code, rec.Body)
	}
	if ps, err := s.Posts(ctx, town.ID, today); err != nil || len(ps) != 1 || ps[0].Person != "沈国樑" {
		t.Errorf("restored: %+v %v", ps, err)
	}
	// nobody else's: not by a row of another unit, nor without the right to administer what gives rights
	if rec, _ = w.post("/unit/990203013/do/remove_post", url.Values{"_key": {"e"}, "row": {neighbour.ID.String()}, "why": {"x"}}); rec.Code != http.StatusNotFound {
		t.Errorf("a row that is none answers %d", rec.Code)
	}
	a := clerk(town)
	a.AdminSet = nil
	if err := s.RemovePost(scope.With(ctx, a), wrong.ID, "x"); !errs.Is(err, errs.Forbidden) {
		t.Errorf("without the right to administer: %v", err)
	}
	if code, _ := serve(t, s, clerk(neighbour)).get("/unit/990203013/posts"); code != http.StatusNotFound {
		t.Errorf("the neighbour reads %d", code)
	}
}

func TestAUnitHasKindsOfOfficeOfItsOwn(t *testing.T) { // R12
	ctx, s := open(t)
	small(t, ctx, s)
	city, south, town, north := codeOf(t, ctx, s, "9902"), codeOf(t, ctx, s, "990203"), codeOf(t, ctx, s, "990203013"), codeOf(t, ctx, s, "990204")
	w := serve(t, s, clerk(south))
	rec, _ := w.post("/unit/990203/do/add_office", url.Values{"_key": {"a"}, "zh": {"联络组组长"}, "en": {"Head of liaison"}, "rights": {"work"}, "single": {"1"}})
	if rec.Code != http.StatusSeeOther {
		t.Fatalf("adding answers %d %s", rec.Code, rec.Body)
	}
	rec, page := w.post("/unit/990203/do/add_office", url.Values{"_key": {"b"}, "zh": {"联络组组长"}, "rights": {"view"}})
	if rec.Code != http.StatusUnprocessableEntity {
		t.Errorf("the same name again answers %d", rec.Code)
	}
	page.MustHave("main", "换一个名称")
	find := func(u Unit, name string) (PostKind, bool) {
		ks, err := s.PostKindsAt(ctx, u)
		must(t, err)
		for _, k := range ks {
			if k.Zh == name {
				return k, true
			}
		}
		return PostKind{}, false
	}
	own, ok := find(town, "联络组组长")
	if !ok || own.Unit != south.ID {
		t.Fatalf("below it is %+v", own)
	}
	for _, u := range []Unit{city, north} {
		if _, ok := find(u, "联络组组长"); ok {
			t.Errorf("%s has the county's own office", u.Name)
		}
		if _, err := s.AppointPost(ctx, Post{Unit: u.ID, Kind: own.Code, Person: "某人", From: "2019-01-01"}); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s appoints to the county's own office: %v", u.Name, err)
		}
	}
	held, err := s.AppointPost(ctx, Post{Unit: town.ID, Kind: own.Code, Person: "陆文澜", Account: 9, From: "2019-01-01"})
	must(t, err)
	rights, err := s.RightsOf(ctx, 9, today)
	must(t, err)
	if len(rights) != 2 || rights[1].Kind != scope.Work || rights[1].Role != "联络组组长" {
		t.Errorf("it gives %+v", rights)
	}

	// the city's word holds below, the county's own goes before it, the neighbour keeps the city's
	must(t, s.CallPostKind(ctx, city.ID, PostKind{Code: "clerk", Zh: "专干"}))
	must(t, s.CallPostKind(ctx, south.ID, PostKind{Code: "clerk", Zh: "干事", En: "Officer"}))
	for u, want := range map[id.ID]string{city.ID: "专干", north.ID: "专干", town.ID: "干事"} {
		at, err := s.Unit(ctx, u)
		must(t, err)
		if k, ok := find(at, want); !ok || k.Code != "clerk" || k.Rights != "work" {
			t.Errorf("%s calls it otherwise than %s", at.Name, want)
		}
	}
	if err := s.CallPostKind(ctx, south.ID, PostKind{Code: "clerk", Zh: "主任"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a name that is taken: %v", err)
	}

	// hidden: no longer offered, its holder stays
	rec, _ = w.post("/unit/990203/do/call_office", url.Values{"_key": {"c"}, "row": {own.Code}, "zh": {"联络组组长"}, "hidden": {"1"}})
	if rec.Code != http.StatusSeeOther {
		t.Fatalf("hiding answers %d %s", rec.Code, rec.Body)
	}
	_, page = w.get("/unit/990203013/do/appoint")
	page.MustNotContain("联络组组长")
	if _, err := s.AppointPost(ctx, Post{Unit: town.ID, Kind: own.Code, Person: "某人", Acting: 1, From: "2019-01-01"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a hidden office is filled: %v", err)
	}
	_, page = w.get("/unit/990203013")
	page.MustHave("main", "联络组组长")
	page.MustHave("main", "陆文澜")
	must(t, s.EndPost(ctx, held.ID, "2019-05-01"))
	_, page = w.get("/unit/990203/offices")
	page.MustHave("main", "联络组组长")
	page.MustHave("main", "已隐藏")
	page.MustHave("main", "干事")

	a := clerk(south)
	a.AdminSet = nil
	if _, err := s.AddPostKind(scope.With(ctx, a), south.ID, PostKind{Zh: "试"}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("without the right to administer: %v", err)
	}
	if err := s.CallPostKind(scope.With(ctx, clerk(north)), south.ID, PostKind{Code: "clerk", Zh: "试"}); !errs.Is(err, errs.NotFound) {
		t.Errorf("from beside: %v", err)
	}
}

func TestTheTreeOffersTheUnitsOpenedLast(t *testing.T) { // R3
	ctx, s := open(t)
	small(t, ctx, s)
	city := codeOf(t, ctx, s, "9902")
	w := serve(t, s, clerk(city))
	_, page := w.get("/tree")
	page.MustNotContain("最近打开")
	for i, code := range []string{"990203", "9902", "990203013", "990203001", "990204", "990203", "990204"} {
		u := codeOf(t, ctx, s, code)
		tick := clock.With(scope.With(context.Background(), clerk(city)), at(today.AddDays(i)))
		must(t, s.noteVisit(tick, u))
	}
	ids, err := s.store.visited(ctx, clerk(city).Account, 10)
	must(t, err)
	want := []string{"990204", "990203", "990203001", "990203013"} // each once, without the own unit
	if len(ids) != len(want) {
		t.Fatalf("kept %d units", len(ids))
	}
	for i, code := range want {
		if ids[i] != codeOf(t, ctx, s, code).ID {
			t.Errorf("%d is not %s", i, code)
		}
	}
	_, page = w.get("/tree?to=/book")
	page.MustHave("#recent", "稻香镇")
	// nothing of what may no longer be looked into
	a := clerk(codeOf(t, ctx, s, "990204"))
	_, page = serve(t, s, a).get("/tree")
	page.MustNotContain("稻香镇")
}
