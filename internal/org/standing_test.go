package org

import (
	"slices"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// R68: the units that stood on one day and still stand on another, wherever they are now, whichever set is the narrower.
func TestStandingSQL(t *testing.T) {
	ctx, s := open(t)
	var ids = map[string]Unit{}
	for _, n := range []NewUnit{
		{Code: "99", Name: "东江省", Level: Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北江区", Level: County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203001", Name: "望江街道", Level: Township, Kind: Street, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203002", Name: "稻香镇", Level: Township, Kind: Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203003", Name: "清泉镇", Level: Township, Kind: Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203004", Name: "新立镇", Level: Township, Kind: Town, ParentCode: "990203", From: "2019-05-10"},
		{Code: "990203005", Name: "石桥镇", Level: Township, Kind: Town, ParentCode: "990203", From: "2000-01-01", Bare: true},
	} {
		u, err := s.Found(ctx, n)
		if err != nil {
			t.Fatal(err)
		}
		ids[n.Code] = u
	}
	if err := s.Move(ctx, ids["990203003"].ID, ids["990204"].ID, "2019-05-20", ""); err != nil {
		t.Fatal(err)
	}
	if err := s.SetKind(ctx, ids["990203002"].ID, Street, "2019-05-20", ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(ctx, ids["990203001"].ID, "2019-05-25", ""); err != nil {
		t.Fatal(err)
	}
	all := scope.Set{ids["99"].Range()}
	south, north := scope.Set{ids["990203"].Range()}, scope.Set{ids["990204"].Range()}
	for _, x := range []struct {
		what       string
		at, view   scope.Set
		since, day clock.Day
		kinds      []Kind
		want       []string
	}{
		{"before anything happened", south, all, "2019-05-01", "2019-05-24", nil, []string{"990203001", "990203002", "990203003"}},
		{"after one closed", south, all, "2019-05-01", "2019-05-25", nil, []string{"990203002", "990203003"}},
		{"the one that moved is seen where it is now", south, north, "2019-05-01", "2019-05-31", nil, []string{"990203003"}},
		{"and no more where it was", all, south, "2019-05-01", "2019-05-31", nil, []string{"990203002"}},
		{"sent after the move", south, all, "2019-05-21", "2019-05-31", nil, []string{"990203002", "990203004"}},
		{"kinds are those of the day", south, all, "2019-05-01", "2019-05-31", []Kind{Town}, []string{"990203002", "990203003"}},
		{"kinds after the change", south, all, "2019-05-21", "2019-05-31", []Kind{Street}, []string{"990203002"}},
		{"nobody may look", south, nil, "2019-05-01", "2019-05-31", nil, nil},
	} {
		got, err := db.Select[id.ID](ctx, s.db, "-- org.test\nSELECT t.id FROM "+StandingSQL(x.at, x.view, []Level{Township}, x.kinds)+" t ORDER BY t.code", x.since, x.day)
		if err != nil {
			t.Fatal(x.what, err)
		}
		var want []id.ID
		for _, c := range x.want {
			want = append(want, ids[c].ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %d units, want %v", x.what, len(got), x.want)
		}
	}
}
