package org

import (
	"context"
	"fmt"
	"testing"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

const today = clock.Day("2019-05-31")

func at(day clock.Day) clock.Clock {
	return func() time.Time { return day.Time().Add(9 * time.Hour) }
}

// open gives a service over a fresh database; the context acts for the operator on 31 May 2019.
func open(t testing.TB) (context.Context, *Service) {
	t.Helper()
	dsn := testkit.Prepared(t, "org", func(dsn string) error {
		d, err := db.Open(context.Background(), dsn)
		if err != nil {
			return err
		}
		if err := d.Migrate(context.Background(), []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "org", Files: Migrations}}); err != nil {
			d.Close()
			return err
		}
		return d.Close()
	})
	d, err := db.Open(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	ctx := clock.With(scope.With(context.Background(), scope.System("test")), at(today))
	return ctx, New(d, audit.New(d))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func codeOf(t testing.TB, ctx context.Context, s *Service, code string) Unit {
	t.Helper()
	u, err := s.ByCode(ctx, code)
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return u
}

// small is a province with a city of two counties, four towns and a village.
func small(t testing.TB, ctx context.Context, s *Service) {
	t.Helper()
	must(t, s.FoundAll(ctx, []NewUnit{
		{Code: "99", Name: "东江省", Level: Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区", Level: County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203001", Name: "望江街道", Level: Township, Kind: Street, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203013", Name: "稻香镇", Level: Township, Kind: Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203109", Name: "南江渠镇", Level: Township, Kind: Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990204003", Name: "桥头镇", Level: Township, Kind: Town, ParentCode: "990204", From: "2000-01-01"},
		{Code: "990203109012", Name: "渠口村", Level: Village, ParentCode: "990203109", From: "2001-01-01"},
		{Code: "S1", Name: "云州市第一小学", Level: Campus, ParentCode: "990203013", From: "2005-01-01"},
		{Code: "S2", Name: "云州技师学院", Level: Campus, ParentCode: "9902", From: "2005-01-01"},
	}))
}

func TestPlacesFollowNationalCodes(t *testing.T) { // R3
	ctx, s := open(t)
	small(t, ctx, s)
	for code, want := range map[string]int64{"99": 9900000000000, "9902": 9902000000000, "990203": 9902030000000, "990203013": 9902030130000,
		"990203109012": 9902031090012, "S1": 9902030131000, "S2": 9902000001000} {
		if got := codeOf(t, ctx, s, code).Pos; got != want {
			t.Errorf("%s stands at %d, want %d", code, got, want)
		}
	}
	// A code whose place is taken keeps its code and gets the next number.
	must(t, s.FoundAll(ctx, []NewUnit{{Code: "990203013000", Name: "又一镇", Level: Township, Kind: Town, ParentCode: "990203", From: "2010-01-01"}}))
	if got := codeOf(t, ctx, s, "990203013000").Pos; got != 9902031100000 {
		t.Errorf("a colliding code got %d, want the number after the highest", got)
	}
}

func TestMergerKeepsHistory(t *testing.T) { // R57, R150
	ctx, s := open(t)
	small(t, ctx, s)
	var told []Changed
	s.OnChanged(func(_ context.Context, c Changed) error { told = append(told, c); return nil })
	canal, rice := codeOf(t, ctx, s, "990203109"), codeOf(t, ctx, s, "990203013")
	village := codeOf(t, ctx, s, "990203109012")
	must(t, s.Merge(ctx, []id.ID{canal.ID}, rice.ID, "2016-09-01", "云关委〔2016〕9号"))

	if len(told) != 2 {
		t.Errorf("told of %d units, want the merged town and its village", len(told))
	}
	if u, err := s.AsOf(ctx, canal.ID, "2016-08-31"); err != nil || u.Name != "南江渠镇" {
		t.Errorf("the day before: %v %v", u, err)
	}
	if _, err := s.AsOf(ctx, canal.ID, "2016-09-01"); !errs.Is(err, errs.NotFound) {
		t.Errorf("on the day of the merger the town still stands: %v", err)
	}
	for day, parent := range map[clock.Day]id.ID{"2016-08-31": canal.ID, "2016-09-01": rice.ID} {
		if u, err := s.AsOf(ctx, village.ID, day); err != nil || u.Parent != parent {
			t.Errorf("the village on %s: %+v %v", day, u, err)
		}
	}
	hits, err := s.Search(ctx, "njq", 10)
	must(t, err)
	if len(hits) != 2 || hits[1].Unit.ID != canal.ID || hits[1].Became == nil || hits[1].Became.ID != rice.ID {
		t.Errorf("a search for njq finds %+v, want 南江区 and 南江渠镇, merged into 稻香镇", hits)
	}
	h, err := s.History(ctx, rice.ID)
	must(t, err)
	if len(h) != 2 || h[1].Kind != EventMerge || h[1].Document != "云关委〔2016〕9号" {
		t.Fatalf("history %+v", h)
	}
	must(t, s.Undo(ctx, h[1].ID))
	now := codeOf(t, ctx, s, "990203109012")
	if now.Pos != village.Pos || now.Parent != canal.ID || codeOf(t, ctx, s, "990203109").To != clock.Open {
		t.Errorf("after undoing: %+v", now)
	}
	if err := s.Undo(ctx, h[1].ID); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second undo answers %v", err)
	}
}

func TestUndoRefusedAfterLaterChange(t *testing.T) { // R57
	ctx, s := open(t)
	small(t, ctx, s)
	canal, north := codeOf(t, ctx, s, "990203109"), codeOf(t, ctx, s, "990204")
	must(t, s.Move(ctx, canal.ID, north.ID, "2015-01-01", ""))
	h, err := s.History(ctx, canal.ID)
	must(t, err)
	_, err = s.Found(ctx, NewUnit{Name: "新渠村", Level: Village, Parent: canal.ID, From: "2018-01-01"})
	must(t, err)
	if err := s.Undo(ctx, h[len(h)-1].ID); !errs.Is(err, errs.Conflict) {
		t.Errorf("undo of a move under which a village was founded since: %v", err)
	}
}

func TestSearchIsTolerant(t *testing.T) { // R3
	ctx, s := open(t)
	small(t, ctx, s)
	for q, want := range map[string]string{"稻香镇": "990203013", "稻香镇关工委": "990203013", "香镇": "990203013", "dxz": "990203013",
		"daoxiang": "990203013", "道乡镇": "990203013", "99 02 03 013": "990203013", "ＤＸＺ": "990203013", "南江 桥头": "", "北仓 桥头": "990204003",
		"云州市南江区稻香镇": "990203013", "技师学院": "S2", "稻香真": "990203013"} {
		hits, err := s.Search(ctx, q, 5)
		must(t, err)
		got := ""
		if len(hits) > 0 {
			got = hits[0].Unit.Code
		}
		if got != want {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
}

func TestSearchStaysWithinFindScope(t *testing.T) { // R3
	ctx, s := open(t)
	small(t, ctx, s)
	north := codeOf(t, ctx, s, "990204")
	hits, err := s.Search(scope.With(ctx, scope.Actor{Account: 1, FindSet: scope.Set{north.Range()}}), "镇", 5)
	must(t, err)
	for _, h := range hits {
		if !(scope.Set{north.Range()}).Contains(h.Unit.Pos) {
			t.Errorf("found %s outside the reader's scope", h.Unit.Name)
		}
	}
	hits, err = s.Search(scope.With(ctx, scope.Actor{Account: 1, FindSet: scope.Set{north.Range()}}), "稻香镇", 5)
	must(t, err)
	if len(hits) != 0 {
		t.Errorf("found %v", hits)
	}
}

func TestCloseNeedsAnEmptyUnit(t *testing.T) { // R57
	ctx, s := open(t)
	small(t, ctx, s)
	canal := codeOf(t, ctx, s, "990203109")
	if err := s.Close(ctx, canal.ID, "2018-01-01", ""); !errs.Is(err, errs.Invalid) {
		t.Errorf("a town with a village closes: %v", err)
	}
	must(t, s.Close(ctx, codeOf(t, ctx, s, "990203109012").ID, "2017-01-01", ""))
	must(t, s.Close(ctx, canal.ID, "2018-01-01", ""))
	if err := s.Reopen(ctx, codeOf(t, ctx, s, "990203109012").ID, ""); !errs.Is(err, errs.Conflict) {
		t.Errorf("a village reopens under a closed town: %v", err)
	}
	must(t, s.Reopen(ctx, canal.ID, ""))
	if got := codeOf(t, ctx, s, "990203109"); got.To != clock.Open {
		t.Errorf("reopened: %+v", got)
	}
}

func TestSplitHandsUnitsOver(t *testing.T) { // R57
	ctx, s := open(t)
	small(t, ctx, s)
	canal, village := codeOf(t, ctx, s, "990203109"), codeOf(t, ctx, s, "990203109012")
	us, err := s.Split(ctx, canal.ID, []Part{{Unit: NewUnit{Name: "渠东镇", Kind: Town}, Children: []id.ID{village.ID}}}, true, "2012-03-01", "")
	must(t, err)
	if got := codeOf(t, ctx, s, "990203109012"); got.Parent != us[0].ID || !(scope.Set{us[0].Range()}).Contains(got.Pos) {
		t.Errorf("the village stands at %+v", got)
	}
	if got := codeOf(t, ctx, s, "990203109"); got.To != "2012-03-01" {
		t.Errorf("the old town ends on %q", got.To)
	}
}

func TestRightsOverTheTree(t *testing.T) { // R3
	ctx, s := open(t)
	small(t, ctx, s)
	south, north := codeOf(t, ctx, s, "990203"), codeOf(t, ctx, s, "990204")
	mine := scope.Set{south.Range()}
	clerk := scope.With(ctx, scope.Actor{Account: 7, Name: "陈玉兰", Pos: south.Pos, ViewSet: mine, AdminSet: mine, FindSet: mine})
	if err := s.Rename(clerk, north.ID, "北区", nil, "2018-01-01", ""); !errs.Is(err, errs.NotFound) {
		t.Errorf("a neighbour is renamed: %v", err)
	}
	if err := s.Move(clerk, codeOf(t, ctx, s, "990203013").ID, north.ID, "2018-01-01", ""); !errs.Is(err, errs.NotFound) {
		t.Errorf("a town is moved into a neighbour: %v", err)
	}
	must(t, s.Rename(clerk, codeOf(t, ctx, s, "990203013").ID, "稻花香镇", nil, "2018-01-01", ""))
	if u, err := s.AsOf(ctx, codeOf(t, ctx, s, "990203013").ID, "2017-12-31"); err != nil || u.Name != "稻香镇" {
		t.Errorf("the old name on the old day: %v %v", u.Name, err)
	}
	if err := s.Rename(clerk, south.ID, "南区", nil, "2019-06-01", ""); !errs.Is(err, errs.Invalid) {
		t.Errorf("a day ahead: %v", err)
	}
}

func TestLazyTreePages(t *testing.T) { // R3
	ctx, s := open(t)
	small(t, ctx, s)
	south := codeOf(t, ctx, s, "990203")
	page, err := s.Children(ctx, south.ID, today, "", 2)
	must(t, err)
	if len(page) != 2 || page[1].Children != 1 {
		t.Fatalf("first page %+v", page)
	}
	rest, err := s.Children(ctx, south.ID, today, page[1].Key(), 2)
	must(t, err)
	if len(rest) != 1 || rest[0].Children != 1 {
		t.Errorf("second page %+v", rest)
	}
}

func TestManyUnitsAtOnce(t *testing.T) { // R3: the nation's tree must fit
	ctx, s := open(t)
	batch := []NewUnit{{Code: "99", Name: "东江省", Level: Province, From: "2000-01-01"}}
	for c := 1; c <= 2; c++ {
		city := fmt.Sprintf("99%02d", c)
		batch = append(batch, NewUnit{Code: city, Name: "市" + city, Level: City, ParentCode: "99", From: "2000-01-01"})
		for x := 1; x <= 10; x++ {
			county := fmt.Sprintf("%s%02d", city, x)
			batch = append(batch, NewUnit{Code: county, Name: "县" + county, Level: County, ParentCode: city, From: "2000-01-01"})
			for y := 1; y <= 10; y++ {
				town := fmt.Sprintf("%s%03d", county, y)
				batch = append(batch, NewUnit{Code: town, Name: "镇" + town, Level: Township, ParentCode: county, From: "2000-01-01"})
				for z := 1; z <= 20; z++ {
					batch = append(batch, NewUnit{Code: fmt.Sprintf("%s%03d", town, z), Name: "村里" + town, Level: Village, ParentCode: town, From: "2000-01-01"})
				}
			}
		}
	}
	begin := time.Now()
	must(t, s.FoundAll(ctx, batch))
	t.Logf("%d units in %v", len(batch), time.Since(begin))
	begin = time.Now()
	must(t, s.Move(ctx, codeOf(t, ctx, s, "990101").ID, codeOf(t, ctx, s, "9902").ID, "2010-01-01", ""))
	t.Logf("a county moved in %v", time.Since(begin))
	u := codeOf(t, ctx, s, "990101001001")
	if u.Pos != 9902110010001 {
		t.Errorf("a village of the moved county stands at %d", u.Pos)
	}
	above, err := s.Ancestors(ctx, u.ID, today)
	must(t, err)
	if len(above) != 5 || above[1].Code != "9902" {
		t.Errorf("ancestors %+v", above)
	}
}
