package app

import (
	"context"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/activity"
	"xinhuo/internal/aid"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/meeting"
	"xinhuo/internal/org"
)

// A county's administrator could rewrite what holds for the whole city by naming their own county: lists and limits were written for the city of
// the unit for which the right was asked. Each of them is the city's alone, from whichever of its units it is asked.
func TestACountyCannotChangeTheListsOfItsCity(t *testing.T) {
	w := openWorld(t)
	type change struct {
		name string
		do   func(ctx context.Context, u org.Unit) error
	}
	root := w.unit("9902").Root()
	lists, err := w.a.Activity.Lists(w.ctx, root)
	if err != nil {
		t.Fatal(err)
	}
	limits, err := w.a.Activity.Limits(w.ctx, root)
	if err != nil {
		t.Fatal(err)
	}
	days, err := w.a.Campaign.Days(w.ctx, root)
	if err != nil {
		t.Fatal(err)
	}
	standard, err := w.a.Base.Standard(w.ctx, root)
	if err != nil {
		t.Fatal(err)
	}
	categories, err := w.a.Base.Categories(w.ctx, root)
	if err != nil {
		t.Fatal(err)
	}
	changes := []change{
		{"kinds of activity", func(ctx context.Context, u org.Unit) error {
			return w.a.Activity.SetChoices(ctx, u, activity.TypeList, lists[activity.TypeList])
		}},
		{"limits of activities", func(ctx context.Context, u org.Unit) error { return w.a.Activity.SetLimits(ctx, u, limits) }},
		{"categories of bases", func(ctx context.Context, u org.Unit) error {
			return w.a.Base.SetCategories(ctx, u, slices.Clone(categories))
		}},
		{"standard of bases", func(ctx context.Context, u org.Unit) error { return w.a.Base.SetStandard(ctx, u, standard) }},
		{"kinds of aid", func(ctx context.Context, u org.Unit) error {
			return w.a.Aid.AddKind(ctx, u, aid.Class{Name: "助学二", Purposes: "学费"})
		}},
		{"limits of aid", func(ctx context.Context, u org.Unit) error {
			return w.a.Aid.SetLimits(ctx, u, []aid.Limit{{Level: "county", Fen: 100}})
		}},
		{"key days", func(ctx context.Context, u org.Unit) error {
			return w.a.Campaign.SetDays(ctx, u, slices.Clone(days))
		}},
		{"kinds of meeting", func(ctx context.Context, u org.Unit) error {
			return w.a.Meeting.AddSort(ctx, u, meeting.Sort{Name: "碰头会"})
		}},
		{"words of training", func(ctx context.Context, u org.Unit) error {
			return w.a.Training.AddWord(ctx, u, "competence", "皮影", "")
		}},
		{"needs of teams", func(ctx context.Context, u org.Unit) error { return w.a.People.AddNeed(ctx, u, "木工", "", "") }},
		{"professions", func(ctx context.Context, u org.Unit) error { return w.a.Volunteer.AddProfession(ctx, u, "木匠", "") }},
	}
	as := func(login string) context.Context {
		return clock.With(scope.With(w.ctx, w.byLogin[login].actor), clockFrom(harnessDay, harnessDay))
	}
	for _, c := range changes {
		for _, code := range []string{"990203", "990203013"} { // its own, and a town's below it
			if err := c.do(as("zhouwenqin"), w.unit(code)); !errs.Is(err, errs.Forbidden) {
				t.Errorf("%s by a county at %s: %v", c.name, code, err)
			}
		}
		if err := c.do(as("caihuiqin"), w.unit("990203")); !errs.Is(err, errs.NotFound) { // another city's
			t.Errorf("%s by another city: %v", c.name, err)
		}
		if err := c.do(as("chenyulan"), w.unit("990203")); errs.Is(err, errs.Forbidden) || errs.Is(err, errs.NotFound) {
			t.Errorf("%s by the city: %v", c.name, err)
		}
	}
	for _, page := range []string{"/activity/settings", "/base/settings", "/aid/kinds/change?do=add"} {
		for login, want := range map[string]int{"zhouwenqin": 403, "chenyulan": 200} {
			if got := w.get(w.byLogin[login], page); got.code != want {
				t.Errorf("%s for %s: %d", page, login, got.code)
			}
		}
	}
	for _, page := range []string{"/activity", "/base", "/aid/kinds"} {
		if got := w.get(w.byLogin["zhouwenqin"], page); got.code != 200 || strings.Contains(got.body, "/settings?unit") || strings.Contains(got.body, "kinds/change") {
			t.Errorf("%s offers a county what is the city's: %d", page, got.code)
		}
	}
}
