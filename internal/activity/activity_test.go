package activity

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/booking"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/ledger"
)

func TestWhatWasHeldCountsOnceAtEveryLevel(t *testing.T) {
	w := open(t)
	w.create(w.as("990203013"), w.lecture("990203013"))
	w.create(w.as("990203013"), with(w.lecture("990203013"), func(a *Activity) { a.Day, a.Status, a.From, a.To = "2019-06-20", Planned, "", "" }))
	for _, u := range []string{"99", "9902", "990203", "990203013"} {
		w.wants(u, map[string]int64{"activity.held": 1, "activity.lectures": 1, "activity.law": 1, "activity.law_times": 60, "activity.person_times": 60, "activity.minors_times": 60, "activity.trainings": 0})
	}
	w.wants("990204", map[string]int64{"activity.held": 0})
}

// R56: an activity of three hosts counts once at each of them and once above.
func TestJointHostsCountOnceAbove(t *testing.T) {
	w := open(t)
	a := w.lecture("990203013")
	a.Hosts = append(a.Hosts, Host{Unit: w.units["990203109"].ID}, Host{Unit: w.units["990204003"].ID})
	ref := w.create(w.as("990203013"), a)
	w.wants("9902", map[string]int64{"activity.held": 1, "activity.joint": 0})
	w.wants("990203109", map[string]int64{"activity.held": 0}) // nobody signs for others
	for _, code := range []string{"990203109", "990204003"} {
		ctx := w.as(code)
		list, _, err := w.flow.Inbox(ctx, 10)
		w.must(err)
		if len(list) != 1 || list[0].Link != "/activity/"+ref.String() {
			t.Fatalf("%s is not asked: %+v", code, list)
		}
		_, v, err := w.s.Get(ctx, ref) // who was asked sees what it is about
		w.must(err)
		w.kind(w.s.Answer(w.as("990203013"), ref, v.N, w.units[code].ID, true), errs.Forbidden) // the lead cannot answer for them
		w.must(w.s.Answer(ctx, ref, v.N, w.units[code].ID, true))
		if list, _, err = w.flow.Inbox(ctx, 10); err != nil || len(list) != 0 {
			t.Errorf("%s is still asked: %+v, %v", code, list, err)
		}
	}
	for _, u := range []string{"99", "9902", "990203", "990204", "990203013", "990203109", "990204003"} {
		w.wants(u, map[string]int64{"activity.held": 1, "activity.joint": 1, "activity.person_times": 60})
	}
	p, err := w.s.List(w.as("9902"), Filter{Unit: w.units["9902"]})
	if err != nil || len(p.Rows) != 1 || p.Rows[0].Hosts != 3 || p.Total != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err = w.s.List(w.as("990204"), Filter{Unit: w.units["990204"]}); err != nil || len(p.Rows) != 1 {
		t.Errorf("the neighbour's county lists %+v, %v", p, err)
	}
}

// R56: who says no is no host, and who was only asked changes nothing of the record.
func TestAskedUnitsAnswerAndWriteNothingElse(t *testing.T) {
	w := open(t)
	a := w.lecture("990203013")
	a.Hosts = append(a.Hosts, Host{Unit: w.units["990203109"].ID})
	ref := w.create(w.as("990203013"), a)
	kept, v := w.get(ref)
	other := w.as("990203109")
	w.kind(w.s.Save(other, ref, v, with(kept, func(a *Activity) { a.Title = "别的" }), record0("edit")), errs.Forbidden)
	w.kind(w.s.Remove(other, ref, v, "不是"), errs.Forbidden)
	w.must(w.s.Answer(other, ref, v, w.units["990203109"].ID, false))
	if _, _, err := w.s.Get(other, ref); !errs.Is(err, errs.NotFound) {
		t.Errorf("who declined still sees it: %v", err)
	}
	w.wants("990203109", map[string]int64{"activity.held": 0})
}

// R56: the same activity reported by two hosts is offered to be joined; it counts for the second one when the lead agrees.
func TestTheSameActivityIsJoined(t *testing.T) {
	w := open(t)
	ref := w.create(w.as("990203013"), w.lecture("990203013"))
	mine := w.lecture("990203109")
	mine.Title = "法治 宣讲！"
	list, err := w.s.Similar(w.as("990203109"), mine)
	w.must(err)
	if len(list) != 1 || list[0].Ref() != ref {
		t.Fatalf("similar: %+v", list)
	}
	for name, other := range map[string]Activity{
		"another day":    with(mine, func(a *Activity) { a.Day = "2019-05-25" }),
		"another county": with(mine, func(a *Activity) { a.Hosts = []Host{{Unit: w.units["990204003"].ID}} }),
		"another thing":  with(mine, func(a *Activity) { a.Title, a.Stops = "包粽子", []Stop{{Place: "桥南社区"}} }),
	} {
		if list, err := w.s.Similar(w.as("990203109"), other); err != nil || len(list) != 0 {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
	// every township has a square: another's lecture there is another lecture, one's own is perhaps entered twice
	for name, c := range map[string]struct {
		place string
		want  [2]int // for another township, for the one that reported
	}{"a common name": {"文化广场", [2]int{0, 1}}, "a name of its own": {"云州棉纺厂旧址陈列馆", [2]int{1, 1}}} {
		held := with(w.lecture("990203013"), func(a *Activity) { a.Title, a.Stops = "家风课"+name, []Stop{{Place: c.place}} })
		w.create(w.as("990203013"), held)
		for i, unit := range []string{"990203109", "990203013"} {
			asked := with(w.lecture(unit), func(a *Activity) { a.Title, a.Stops = "包粽子", []Stop{{Place: c.place}} })
			if list, err := w.s.Similar(w.as(unit), asked); err != nil || len(list) != c.want[i] {
				t.Errorf("%s, asked by %s: %+v, %v", name, unit, list, err)
			}
		}
	}
	w.must(w.s.Join(w.as("990203109"), ref, w.units["990203109"].ID))
	w.wants("990203109", map[string]int64{"activity.held": 0})
	if _, _, err := w.s.Get(w.as("990203109"), ref); !errs.Is(err, errs.NotFound) {
		t.Errorf("who asks to join sees the record before the lead agreed: %v", err)
	}
	w.kind(w.s.Join(w.as("990203109"), ref, w.units["990203109"].ID), errs.Conflict)
	w.kind(w.s.Join(w.as("990203109"), ref, w.units["990203110"].ID), errs.NotFound) // not for another
	w.kind(w.s.Join(w.as("990204003"), ref, w.units["990204003"].ID), errs.NotFound) // another county
	lead := w.as("990203013")
	tasks, _, err := w.flow.Inbox(lead, 10)
	if err != nil || len(tasks) != 1 {
		t.Fatalf("the lead is not asked: %+v, %v", tasks, err)
	}
	_, v := w.get(ref)
	w.must(w.s.Answer(lead, ref, v, w.units["990203109"].ID, true))
	w.wants("990203109", map[string]int64{"activity.held": 1})
	w.wants("990203", map[string]int64{"activity.held": 3, "activity.person_times": 180})
}

// R135: an itinerary of three stops is one activity and three places gone to; R125: kinds of place sum to the whole.
func TestItineraries(t *testing.T) {
	w := open(t)
	a := w.lecture("990203013")
	a.Stops = []Stop{{Place: "稻香村", Venue: "village"}, {Place: "云州棉纺厂", Venue: "enterprise"}, {Place: "望江社区", Venue: "community"}}
	w.create(w.ctx, a)
	w.create(w.ctx, w.lecture("990203109"))
	w.wants("9902", map[string]int64{"activity.held": 2, "activity.venue_visits": 4})
	sum := int64(0)
	by := w.parts("activity.venue_visits", "9902", "venue")
	for _, n := range by {
		sum += n
	}
	if sum != 4 || by["village"] != 1 || by["enterprise"] != 1 || by["campus"] != 1 {
		t.Errorf("by kind of place: %v", by)
	}
	if by = w.parts("activity.held", "9902", "venue"); by["village"] != 1 || by["campus"] != 1 || len(by) != 2 {
		t.Errorf("activities by their first place: %v", by)
	}
}

// R126: who came and who followed online are two figures.
func TestModesAreCountedApart(t *testing.T) {
	w := open(t)
	w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Mode, a.Online = Both, 500 }))
	w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Day, a.Mode, a.Online, a.Audience, a.Stops = "2019-05-23", Online, 80, nil, nil }))
	w.wants("9902", map[string]int64{"activity.person_times": 60, "activity.online_times": 580})
	if by := w.parts("activity.held", "9902", "mode"); by["both"] != 1 || by["online"] != 1 {
		t.Errorf("%v", by)
	}
	_, err := w.s.Create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Online = 3 }), created)
	w.says(err, "online", "线上线下同步")
	_, err = w.s.Create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Mode, a.Online = Online, 3 }), created)
	w.says(err, "count.0", "线上人次")
	_, err = w.s.Create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Audience = nil }), created)
	w.says(err, "count.0", "多少人")
}

// R39, R44, R113: topics are figures and filters, and a window of days around a key day is a period.
func TestTopicsAndWindows(t *testing.T) {
	w := open(t)
	for i, d := range []clock.Day{"2019-05-09", "2019-05-10", "2019-05-17", "2019-05-24", "2019-05-25"} { // key day 17 May, seven days on both sides
		w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Day, a.Topic, a.Title = d, "patriotism", fmt.Sprint("爱国主义教育", i) }))
	}
	w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Topic = "ideology" }))
	v, err := w.ledger.Ask(w.ctx, ledger.Query{Figure: "activity.patriotic", Unit: w.units["9902"].ID, Day: today, From: "2019-05-10", To: "2019-05-24"})
	if err != nil || v.Int() != 3 {
		t.Errorf("within seven days of the key day: %d, %v", v.Int(), err)
	}
	p, err := w.s.List(w.ctx, Filter{Unit: w.units["9902"], Topic: "patriotism", From: "2019-05-10", To: "2019-05-24"}) // R139: the sum equals the rows
	if err != nil || len(p.Rows) != 3 || p.Total != 3 {
		t.Errorf("%+v, %v", p, err)
	}
	// R23: what a theme's numbers are made of is that theme's alone, also as the table that a report takes along
	var file bytes.Buffer
	w.must(w.ledger.WriteEvidence(w.ctx, &file, ledger.Query{Figure: "activity.held", Unit: w.units["9902"].ID, Day: today, From: "2019-01-01", To: "2019-12-31", Where: map[string]string{"topic": "patriotism"}}, table.CSV))
	if rows, err := csv.NewReader(&file).ReadAll(); err != nil || len(rows) != 1+5 || strings.Count(fmt.Sprint(rows), "爱国主义教育") != 5 {
		t.Errorf("the theme's table: %v, %v", rows, err)
	}
	w.wants("9902", map[string]int64{"activity.moral": 1, "activity.moral_times": 60, "activity.patriotic": 5, "activity.patriotic_times": 300, "activity.law": 0})
}

// R121, R130, R134, R137: types are a city's own list; each counts by the class that it belongs to.
func TestTypesAreData(t *testing.T) {
	w := open(t)
	l, err := w.s.Lists(w.ctx, 9902)
	w.must(err)
	types := append(slices.Clone(l[TypeList]), Choice{Code: "bench", Zh: "板凳宣讲", En: "Bench talks", Parent: "lecture"})
	w.must(w.s.SetChoices(w.as("9902"), w.units["9902"], TypeList, types))
	w.create(w.as("990203013"), with(w.lecture("990203013"), func(a *Activity) { a.Type = "板凳宣讲" }))
	for typ, class := range map[string]string{"study_tour": "practice", "show": "culture", "training": "training", "visit": "visit"} {
		ref := w.create(w.ctx, with(w.lecture("990203109"), func(a *Activity) { a.Type = typ }))
		if a, _ := w.get(ref); a.Class != class {
			t.Errorf("%s is %s", typ, a.Class)
		}
	}
	w.wants("9902", map[string]int64{"activity.lectures": 1, "activity.practices": 1, "activity.cultures": 1, "activity.trainings": 1, "activity.visits": 1, "activity.held": 5})
	if by := w.parts("activity.lectures", "9902", "type"); by["bench"] != 1 {
		t.Errorf("%v", by)
	}
	other, err := w.s.Lists(w.ctx, 9907)
	w.must(err)
	if _, ok := find(other[TypeList], "bench"); ok {
		t.Error("another city's list has changed")
	}
	err = w.s.SetChoices(w.as("9902"), w.units["9902"], TypeList, l[TypeList]) // in use
	w.says(err, "type.bench", "板凳宣讲")
	w.kind(w.s.SetChoices(w.as("990203013"), w.units["9902"], TypeList, types), errs.NotFound)
}

// R141: five kinds of activities with which the love of one's country is taught are there to choose from, and a city words them as it likes.
func TestFiveKindsOfTeachingPatriotism(t *testing.T) {
	w := open(t)
	kinds := []string{"读书征文", "文艺演出", "爱国歌曲演唱", "观看红色影片", "知识竞赛"}
	form := w.fetch(w.site(w.as("990203013")), "/activity/new", 200)
	for i, name := range kinds {
		has(t, form, name)
		w.create(w.as("990203013"), with(w.lecture("990203013"), func(a *Activity) { a.Type, a.Topic, a.Title = name, "patriotism", fmt.Sprint("第", i, "场") }))
	}
	w.wants("9902", map[string]int64{"activity.patriotic": 5})
	for _, n := range w.parts("activity.held", "9902", "type") {
		if n != 1 {
			t.Errorf("two kinds count as one: %v", w.parts("activity.held", "9902", "type"))
		}
	}
	l, err := w.s.Lists(w.ctx, 9902)
	w.must(err)
	own := slices.Clone(l[TypeList])
	for i := range own {
		if own[i].Code == "song" {
			own[i].Zh = "红歌快闪"
		}
	}
	w.must(w.s.SetChoices(w.as("9902"), w.units["9902"], TypeList, own))
	form = w.fetch(w.site(w.as("990203013")), "/activity/new", 200)
	has(t, form, "红歌快闪")
	hasNot(t, form, "爱国歌曲演唱")
}

// R27, R32, R34: named series for enterprises and villages with their sums; trainings for young farmers.
func TestSeriesAndFarmers(t *testing.T) {
	w := open(t)
	w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) {
		a.Type, a.Series, a.Audience = "training", "learn_skills", []Audience{{"young_worker", 40}}
	}))
	w.create(w.ctx, with(w.lecture("990203109"), func(a *Activity) {
		a.Type, a.Series, a.Topic, a.Audience = "training", "创新业", "science", []Audience{{"young_farmer", 25}, {"young_farmer", 5}, {"parent", 3}}
	}))
	w.wants("9902", map[string]int64{"activity.series_enterprise": 1, "activity.series_village": 1, "activity.series_times": 73, "activity.farmer_trainings": 1, "activity.farmers": 30, "activity.workers": 40})
	w.wants("990203109", map[string]int64{"activity.farmer_trainings": 1, "activity.farmers": 30, "activity.workers": 0})
	if by := w.parts("activity.series_times", "9902", "series"); by["learn_skills"] != 40 || by["village_business"] != 33 {
		t.Errorf("%v", by)
	}
	page := w.fetch(w.site(w.as("9902")), "/activity/series", 200)
	for _, word := range []string{"企业系列", "共1场，现场40人次", "农村系列", "共1场，现场33人次"} {
		has(t, page, word)
	}
}

// R28: the ranking follows from the scores, whatever order they were entered in.
func TestRankingIsReproduced(t *testing.T) {
	list := []Entry{{"3号", 9250, ""}, {"1号", 9800, "一等奖"}, {"7号", 9250, ""}, {"5号", 6000, ""}}
	want := []string{"1号 1", "3号 2", "7号 2", "5号 4"}
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 50 {
		rnd.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		var got []string
		for _, r := range (Contest{Entries: list}).Ranking() {
			got = append(got, fmt.Sprint(r.Name, " ", r.Place))
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v from %v", got, list)
		}
	}
	w := open(t)
	ref := w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Type = "contest" }))
	_, v := w.get(ref)
	w.must(w.s.SetContest(w.as("990203013"), ref, v, Contest{Rules: "去掉一个最高分", Entries: list}))
	w.wants("9902", map[string]int64{"activity.contests": 1, "activity.awards": 1})
	_, v = w.get(ref)
	w.says(w.s.SetContest(w.as("990203013"), ref, v, Contest{Entries: []Entry{{"1号", 1, ""}, {"1号", 2, ""}}}), "entries", "1号")
}

// R111: satisfaction is computed from the sheets.
func TestSatisfaction(t *testing.T) {
	w := open(t)
	for i, f := range []Feedback{{Answers: 50, Satisfied: 47}, {Answers: 10, Satisfied: 9}} {
		ref := w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Day = clock.Day(fmt.Sprint("2019-05-1", i)) }))
		_, v := w.get(ref)
		w.must(w.s.SetFeedback(w.as("990203013"), ref, v, f))
	}
	w.wants("9902", map[string]int64{"activity.answers": 60, "activity.satisfied": 56, "activity.satisfaction": 933})
	ref := w.create(w.ctx, w.lecture("990203013"))
	w.says(w.s.SetFeedback(w.ctx, ref, 1, Feedback{Answers: 1, Satisfied: 2}), "satisfied")
}

// An activity counts in each of its campaigns and in those that they are part of, and once in the total (R117).
func TestCampaignsNest(t *testing.T) {
	w := open(t)
	outer, inner, other := id.Ref{Root: 9902, ID: 11}, id.Ref{Root: 9902, ID: 12}, id.Ref{Root: 9902, ID: 13}
	w.themes.within[inner] = outer
	for ref, title := range map[id.Ref]string{outer: "纪念活动", inner: "红色故事", other: "学农月"} {
		w.themes.titles[ref] = title
	}
	_, err := w.s.Create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Campaigns = []id.Ref{{Root: 9902, ID: 99}} }), created)
	w.says(err, "campaigns", "主题教育")
	w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Campaigns = []id.Ref{inner, other} }))
	w.create(w.ctx, with(w.lecture("990203109"), func(a *Activity) { a.Campaigns = []id.Ref{outer} }))
	w.wants("9902", map[string]int64{"activity.held": 2, "activity.themed": 2, "activity.in_campaign": 4})
	if by := w.parts("activity.in_campaign", "9902", "campaign"); by[outer.String()] != 2 || by[inner.String()] != 1 || by[other.String()] != 1 {
		t.Errorf("%v", by)
	}
	if p, err := w.s.List(w.ctx, Filter{Unit: w.units["9902"], Campaign: outer}); err != nil || p.Total != 2 {
		t.Errorf("%+v, %v", p, err)
	}
}

// R119: a campaign's lectures are a figure of it, and its records are the list of them; practice and what belongs to no
// campaign are not among them.
func TestLecturesOfACampaign(t *testing.T) {
	w := open(t)
	theme := id.Ref{Root: 9902, ID: 11}
	w.themes.titles[theme] = "红色故事"
	in := func(a *Activity) { a.Campaigns = []id.Ref{theme} }
	first := w.create(w.ctx, with(w.lecture("990203013"), in))
	second := w.create(w.ctx, with(w.lecture("990203109"), in))
	w.create(w.ctx, with(w.lecture("990203109"), func(a *Activity) { in(a); a.Type = "study_tour" }))
	w.create(w.ctx, w.lecture("990203013"))
	w.wants("9902", map[string]int64{"activity.lectures": 3, "activity.in_campaign": 3, "activity.lectures_in_campaign": 2})
	q := ledger.Query{Figure: "activity.lectures_in_campaign", Unit: w.units["9902"].ID, Day: today, From: "2019-01-01", To: today, Where: map[string]string{"campaign": theme.String()}}
	list, err := w.ledger.Evidence(w.ctx, q, "", 0)
	w.must(err)
	var got []id.ID
	for _, it := range list.Items {
		got = append(got, it.Ref.ID)
	}
	slices.Sort(got)
	if want := []id.ID{first.ID, second.ID}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	page := w.fetch(w.site(w.as("9902")), "/activity?class=lecture&campaign="+theme.String(), 200)
	has(t, page, "/activity/"+first.String())
	has(t, page, "/activity/"+second.String())
}

// R29: groups of an audience are a city's own list, hold counts and no names, and add up to all who came.
func TestGroupsAddUp(t *testing.T) {
	w := open(t)
	l, err := w.s.Lists(w.ctx, 9902)
	w.must(err)
	groups := append(slices.Clone(l[GroupList]), Choice{Code: "courier", Zh: "快递小哥", En: "Couriers"})
	w.must(w.s.SetChoices(w.as("9902"), w.units["9902"], GroupList, groups))
	w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Audience = []Audience{{"young_worker", 40}, {"快递小哥", 12}} }))
	w.create(w.ctx, with(w.lecture("990203109"), func(a *Activity) { a.Audience = []Audience{{"courier", 8}, {"parent", 5}} }))
	by := w.parts("activity.person_times", "9902", "group")
	sum := int64(0)
	for _, n := range by {
		sum += n
	}
	if by["courier"] != 20 || by["young_worker"] != 40 || by["parent"] != 5 || sum != 65 {
		t.Errorf("by group %v", by)
	}
	w.wants("9902", map[string]int64{"activity.person_times": sum})
	w.wants("990203109", map[string]int64{"activity.person_times": 13})
}

// R98, R101, R108, R132: a base's year is what its activities sum to; a place that is no base counts for none.
func TestUseOfBases(t *testing.T) {
	w := open(t)
	used, idle := w.hall("990203", "云州法治馆", 100), w.hall("990203013", "稻香学农园", 0)
	at := func(day clock.Day, base id.Ref, heads int64) {
		w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) {
			a.Day, a.Stops, a.Audience, a.Works, a.Awards = day, []Stop{{Base: base}, {Base: base, From: "10:00", To: "10:15"}}, []Audience{{"parent", heads}}, 2, 1
		}))
	}
	at("2019-03-01", used, 30)
	at("2019-04-01", used, 40)
	at("2018-04-01", used, 7)
	w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Stops = []Stop{{Place: "望江烈士陵园", Memorial: true, Venue: "other"}} }))
	w.wants("9902", map[string]int64{"activity.at_base": 2, "activity.base_visits": 70, "activity.memorial": 1, "activity.held": 3})
	h := w.site(w.as("9902"))
	page := w.fetch(h, "/base/"+used.String(), 200)
	for _, word := range []string{"2019年", "70", "2018年"} {
		has(t, page, word)
	}
	hasNot(t, page, "一年没有活动了")
	page = w.fetch(h, "/base/"+idle.String(), 200)
	has(t, page, "一年没有活动了")
	page = w.fetch(h, "/activity/bases?year=2019", 200)
	has(t, page, "没有活动的1个")
	list, err := w.s.store.useOfBaseAcrossUnits(w.ctx, used)
	if err != nil || len(list) != 2 || list[0].Events != 2 || list[0].Heads != 70 || list[0].Works != 4 || list[0].Awards != 2 || list[1].Heads != 7 {
		t.Errorf("%+v, %v", list, err)
	}
}

// R110: more people than the base takes are warned about, not refused.
func TestOverCapacityWarns(t *testing.T) {
	w := open(t)
	hall := w.hall("990203", "云州法治馆", 50)
	ref := w.create(w.as("990203013"), with(w.lecture("990203013"), func(a *Activity) { a.Stops = []Stop{{Base: hall}} }))
	page := w.fetch(w.site(w.as("990203013")), "/activity/"+ref.String(), 200)
	has(t, page, "云州法治馆装不下这么多人")
	has(t, page, "能容纳50人，这场来60人")
}

// R51: a committee without activities is covered by name only.
func TestEffectiveCoverage(t *testing.T) {
	w := open(t)
	for i := range 4 {
		w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Day = clock.Day(fmt.Sprint("2018-1", i%3, "-1", i)) }))
		if i < 3 {
			w.create(w.ctx, with(w.lecture("990203109"), func(a *Activity) { a.Day = clock.Day(fmt.Sprint("2019-0", i+1, "-01")) }))
		}
	}
	for unit, want := range map[string][3]int64{"9902": {4, 1, 250}, "990203": {3, 1, 333}, "990204": {1, 0, 0}} {
		w.wants(unit, map[string]int64{"unit.townships": want[0], "activity.active_townships": want[1], "activity.active_share": want[2]})
	}
	v, err := w.ledger.Ask(w.ctx, ledger.Query{Figure: "activity.active_townships", Unit: w.units["9902"].ID, Day: "2019-12-31"})
	if err != nil || v.Int() != 0 { // the activities of October and November are older than twelve months by then
		t.Errorf("a year later: %d, %v", v.Int(), err)
	}
}

// R143: nobody responsible, nothing published.
func TestResponsiblePerson(t *testing.T) {
	w := open(t)
	_, err := w.s.Create(w.as("990203013"), with(w.lecture("990203013"), func(a *Activity) { a.Phone = "" }), created)
	w.says(err, "responsible", "负责人")
	plan := with(w.lecture("990203013"), func(a *Activity) { a.Status, a.Day, a.Responsible = Planned, "2019-06-20", "" })
	ref := w.create(w.as("990203013"), plan)
	w.says(w.s.Publish(w.as("990203013"), ref, 1), "responsible")
	kept, v := w.get(ref)
	w.must(w.s.Save(w.as("990203013"), ref, v, with(kept, func(a *Activity) { a.Responsible = "周文琴" }), record0("edit")))
	w.must(w.s.Publish(w.as("990203013"), ref, v+1))
	if a, _ := w.get(ref); a.Status != Open {
		t.Errorf("%s", a.Status)
	}
}

// A fault in what was sent told whether the unit is there: 422 for one out of reach, 404 for one that is not.
func TestAFaultDoesNotTellThatAUnitIsThere(t *testing.T) {
	w := open(t)
	bad := with(w.lecture("990203013"), func(a *Activity) { a.Phone = "x" })
	_, err := w.s.Create(w.as("990204"), bad, created)
	if errs.Is(err, errs.Invalid) || err == nil {
		t.Errorf("a stranger is told %v", err)
	}
	_, err = w.s.Create(w.as("990203013"), bad, created)
	w.says(err, "phone")
}

func TestAGuestIsCheckedBeforeItIsMadeKnownThatTheyLeadMinors(t *testing.T) { // R162: a name in no register was let through
	w := open(t)
	ctx := w.as("990203013")
	plan := with(w.lecture("990203013"), func(a *Activity) {
		a.Status, a.Day, a.People = Planned, clock.Day("2019-07-01"), []Person{{Name: "外请老师", Role: "lecturer"}}
	})
	ref := w.create(ctx, plan)
	w.says(w.s.Publish(ctx, ref, 1), "lecturers")
	plan.Title, plan.Audience, plan.Minors = "给家长讲的", []Audience{{"parent", 5}}, 0
	w.must(w.s.Publish(ctx, w.create(ctx, plan), 1))
	plan.Title, plan.Status, plan.Day = "已经办过的", Held, "2019-05-10"
	plan.Audience, plan.Minors = []Audience{{"primary", 20}}, 20
	w.create(ctx, plan) // what was held is reported as it was, with a warning on its page
}

// R145: many minors take a signed plan before they may open or be reported; the number is the city's own.
func TestManyMinorsTakeAPlan(t *testing.T) {
	w := open(t)
	many := with(w.lecture("990203013"), func(a *Activity) { a.Audience = []Audience{{"primary", 100}} })
	_, err := w.s.Create(w.as("990203013"), many, created)
	w.says(err, "signed_by", "安全预案", "100人")
	w.says(err, "emergency", "应急")
	w.create(w.as("990203013"), with(many, func(a *Activity) { a.Audience[0].Count = 99 }))
	many.Audience = []Audience{{"primary", 100}}
	signed := Safety{Plan: "两名带队老师，校门口集合", Risks: []string{"traffic"}, Emergency: "陈老师0500-555 0102", SignedBy: "周文琴", SignedOn: "2019-05-23"}
	w.create(w.as("990203013"), with(many, func(a *Activity) { a.Safety, a.Day, a.Title = signed, "2019-05-25", "开学第一课" }))
	_, err = w.s.Create(w.as("990203013"), with(many, func(a *Activity) { a.Safety, a.Day = signed, "2019-05-22" }), created) // signed afterwards
	w.says(err, "signed_by")
	w.must(w.s.SetLimits(w.as("9902"), w.units["9902"], Limits{Minors: 50, CampRatio: 15, Keep: 90, KeepIncident: 1095}))
	_, err = w.s.Create(w.as("990203013"), with(w.lecture("990203013"), func(a *Activity) { a.Title = "又一场" }), created)
	w.says(err, "signed_by", "50人")
	adults := with(many, func(a *Activity) { a.Audience, a.Title = []Audience{{"parent", 500}}, "家长课堂" })
	w.create(w.as("990203013"), adults)
}

// R133: a camp opens only with guardians' consent, insurance, staff and a signed plan.
func TestCamps(t *testing.T) {
	w := open(t)
	camp := Activity{Hosts: []Host{{Unit: w.units["990203013"].ID}}, Title: "红色夏令营", Type: "camp", Topic: "patriotism", Day: "2019-07-10", LastDay: "2019-07-14", From: "08:00", To: "17:00", Mode: Face,
		Stops: []Stop{{Place: "云州营地", Venue: "other"}}, Audience: []Audience{{"junior", 40}}, Responsible: "周文琴", Phone: "0500-555 0101", Status: Planned}
	ctx := w.as("990203013")
	ref := w.create(ctx, camp)
	err := w.s.Publish(ctx, ref, 1)
	for _, field := range []string{"signed_by", "emergency", "minors", "insurance", "staff"} {
		w.says(err, field)
	}
	safe := Safety{Plan: "白天两人一组", Risks: Risks, Emergency: "陈老师", SignedBy: "周文琴", SignedOn: "2019-05-30", Insurance: "平江财险01号", Staff: 2}
	w.must(w.s.SetSafety(ctx, ref, 1, safe))
	err = w.s.Publish(ctx, ref, 2)
	w.says(err, "minors", "40名", "0名")
	w.says(err, "staff", "15个")
	safe.Staff = 3
	w.must(w.s.SetSafety(ctx, ref, 2, safe))
	for range 40 {
		w.must(w.s.AddMinor(ctx, ref, child("陈小满")))
	}
	w.must(w.s.Publish(ctx, ref, 3))
	// and once open it does not lose them
	safe.Insurance = ""
	w.says(w.s.SetSafety(ctx, ref, 4, safe), "insurance")
}

// R162 at work: somebody without a check is not assigned to minors; it says who and what to do.
func TestUnfitPeople(t *testing.T) {
	w := open(t)
	who := w.volunteer("林育德", "稻香镇", "背景核查已过期")
	a := with(w.lecture("990203013"), func(a *Activity) { a.People = []Person{{Volunteer: who, Name: "林育德", Role: "lecturer"}} })
	_, err := w.s.Create(w.as("990203013"), a, created)
	w.says(err, "lecturers", "林育德", "背景核查已过期", "换人")
	w.create(w.as("990203013"), with(a, func(a *Activity) { a.Audience = []Audience{{"parent", 60}} }))                                                      // not with minors
	_, err = w.s.Create(w.as("990203013"), with(a, func(a *Activity) { a.People = []Person{{Volunteer: id.Ref{Root: 9902, ID: 5}, Name: "林育德"}} }), created) // nobody's hours are taken
	w.says(err, "lecturers", "林育德")
	w.people.unfit[who] = ""
	ref := w.create(w.as("990203013"), with(a, func(a *Activity) { a.Day = "2019-05-20" }))
	w.people.unfit[who] = "背景核查已撤销"
	// an incident is reported whatever has changed meanwhile
	w.must(w.s.ReportIncident(w.as("990203013"), ref, 1, Incident{On: "2019-05-20", What: "一名学生擦伤", Hurt: 1}, ""))
}

// R145: an incident stands in the parent's inbox in the same moment.
func TestIncidentRisesAtOnce(t *testing.T) {
	w := open(t)
	ref := w.create(w.as("990203013"), w.lecture("990203013"))
	w.must(w.s.ReportIncident(w.as("990203013"), ref, 1, Incident{On: "2019-05-24", At: "9点20", What: "一名学生擦伤", Hurt: 1, Done: "已处理"}, ""))
	list, _, err := w.flow.Inbox(w.as("990203"), 10)
	w.must(err)
	if len(list) != 1 || list[0].Link != "/activity/"+ref.String() {
		t.Fatalf("the parent's inbox: %+v", list)
	}
	has(t, list[0].Title+list[0].Why, "稻香镇报告突发情况：一名学生擦伤")
	w.wants("9902", map[string]int64{"activity.incidents": 1})
	a, v := w.get(ref)
	if a.Incidents[0].At != "09:20" {
		t.Errorf("%+v", a.Incidents)
	}
	w.says(w.s.ReportIncident(w.as("990203013"), ref, v, Incident{On: "2019-06-24", What: "x"}, ""), "on")
	// a report that was refused tells nobody
	if _, total, err := w.flow.Inbox(w.as("990203"), 10); err != nil || total != 1 {
		t.Errorf("%d, %v", total, err)
	}
}

// R122: an activity holds the hours of its lecturer and of its base, change and cancellation give them back.
func TestHoursAreHeld(t *testing.T) {
	w := open(t)
	who, hall := w.volunteer("林育德", "稻香镇", ""), w.hall("990203", "云州法治馆", 0)
	plan := with(w.lecture("990203013"), func(a *Activity) {
		a.Day, a.Status, a.Stops, a.People = "2019-06-20", Planned, []Stop{{Base: hall}}, []Person{{Volunteer: who, Name: "林育德", Role: "lecturer"}}
	})
	ref := w.create(w.as("990203013"), plan)
	other := with(plan, func(a *Activity) {
		a.Hosts, a.Title, a.Stops = []Host{{Unit: w.units["990203109"].ID}}, "另一场", []Stop{{Place: "桥南小学"}}
	})
	_, err := w.s.Create(w.as("990203109"), other, created)
	w.kind(err, errs.Conflict)
	has(t, w.words(err), "林育德在2019年6月20日09:00至10:30已约给“法治宣讲”")
	_, err = w.s.Create(w.as("990203109"), with(other, func(a *Activity) { a.People, a.Stops = nil, []Stop{{Base: hall}} }), created)
	has(t, w.words(err), "云州法治馆在2019年6月20日")
	w.wants("9902", map[string]int64{"activity.held": 0})
	kept, v := w.get(ref)
	w.must(w.s.Save(w.as("990203013"), ref, v, with(kept, func(a *Activity) { a.From, a.To = "14:00", "15:00" }), record0("edit")))
	second := w.create(w.as("990203109"), other)
	page := w.fetch(w.site(w.as("990203013")), "/base/"+w.hall("990203013", "稻香学农园", 0).String(), 200)
	hasNot(t, page, "30天内已约")
	for unit, word := range map[string]string{"990203": "法治宣讲", "99": "法治宣讲"} {
		page = w.fetch(w.site(w.as(unit)), "/base/"+hall.String(), 200)
		has(t, page, "2019年6月20日，14:00至15:00")
		has(t, page, word)
	}
	_, v = w.get(ref)
	w.must(w.s.Cancel(w.as("990203013"), ref, v, "下雨"))
	if free, err := w.booking.Free(w.ctx, booking.Booked, []id.Ref{who, hall}, at("2019-06-20", "14:00"), at("2019-06-20", "15:00")); err != nil || len(free) != 2 {
		t.Errorf("after the cancellation: %v, %v", free, err)
	}
	// taking the other one out gives its hours back, and bringing it back holds them again
	_, v = w.get(second)
	mine := w.as("990203109")
	w.must(w.s.Remove(mine, second, v, "登错"))
	w.must(w.s.Undo(mine, second, v+1))
	if free, err := w.booking.Free(w.ctx, booking.Booked, []id.Ref{who}, at("2019-06-20", "09:00"), at("2019-06-20", "10:00")); err != nil || len(free) != 0 {
		t.Errorf("after the undo: %v, %v", free, err)
	}
}

// Two classes may have been at one base in one hour; a lecturer cannot (a false alarm on honest data, and a fraud).
func TestWhatWasHeldTogether(t *testing.T) {
	w := open(t)
	who, hall := w.volunteer("林育德", "稻香镇", ""), w.hall("990203", "云州法治馆", 0)
	one := with(w.lecture("990203013"), func(a *Activity) { a.Stops = []Stop{{Base: hall}} })
	w.create(w.as("990203013"), one)
	w.create(w.as("990203109"), with(one, func(a *Activity) { a.Hosts = []Host{{Unit: w.units["990203109"].ID}} }))
	w.create(w.as("990203013"), with(one, func(a *Activity) { a.Day, a.People = "2019-05-20", []Person{{Volunteer: who, Name: "林育德"}} }))
	_, err := w.s.Create(w.as("990203109"), with(one, func(a *Activity) {
		a.Day, a.Hosts, a.People = "2019-05-20", []Host{{Unit: w.units["990203109"].ID}}, []Person{{Volunteer: who, Name: "林育德"}}
	}), created)
	w.kind(err, errs.Conflict)
}

// The frauds that this module can see: what is refused, what is flagged, and that honest data raises no alarm.
func TestFrauds(t *testing.T) {
	w := open(t)
	ref := w.create(w.as("990203013"), with(w.lecture("990203013"), func(a *Activity) { a.Day, a.ReportedOn = "2019-03-01", "2019-03-01" })) // says it was reported in time
	a, _ := w.get(ref)
	if !a.Late() || a.ReportedOn != today {
		t.Errorf("late backfill is not flagged: %s", a.ReportedOn)
	}
	w.wants("9902", map[string]int64{"activity.late_reports": 1})
	honest := w.create(w.as("990203013"), w.lecture("990203013"))
	if a, _ = w.get(honest); a.Late() || a.Entered != EnteredOwn {
		t.Errorf("an honest report is flagged: %+v", a)
	}
	_, err := w.s.Create(w.as("990203109"), w.lecture("990203013"), created) // for another unit
	w.kind(err, errs.NotFound)
	office := scope.From(w.as("990203"))
	office.WorkSet = append(office.WorkSet, w.units["990203109"].Range())
	back := w.create(scope.With(w.ctx, office), with(w.lecture("990203109"), func(a *Activity) { a.Day = "2019-05-22" }))
	if a, _ = w.get(back); a.Entered != EnteredFor {
		t.Errorf("an entry of the office above is not visible as such: %s", a.Entered)
	}
	if by := w.parts("activity.held", "9902", "entered"); by["own"] != 2 || by["for"] != 1 {
		t.Errorf("%v", by)
	}
	_, err = w.s.Create(w.as("990203013"), with(w.lecture("990203013"), func(a *Activity) { a.Day = "2019-06-01" }), created) // held tomorrow
	w.says(err, "day", "还没到")
}

// A plan whose day has passed is brought to mind until it is reported or called off.
func TestOutcomeIsAskedFor(t *testing.T) {
	w := open(t)
	plan := with(w.lecture("990203013"), func(a *Activity) { a.Status = Planned })
	one, two := w.create(w.as("990203013"), plan), w.create(w.as("990203013"), with(plan, func(a *Activity) { a.Day = "2019-05-20" }))
	w.create(w.as("990203013"), with(plan, func(a *Activity) { a.Day, a.LastDay = "2019-05-29", today }))
	for range 2 {
		if n, err := w.s.Daily(w.ctx); err != nil || n != 2 {
			t.Fatalf("%d, %v", n, err)
		}
	}
	inbox := func(want int) {
		t.Helper()
		if _, n, err := w.flow.Inbox(w.as("990203013"), 10); err != nil || n != want {
			t.Errorf("%d wait, want %d, %v", n, want, err)
		}
	}
	inbox(2)
	w.must(w.s.Cancel(w.as("990203013"), one, 1, "下雨"))
	inbox(1)
	w.must(w.s.Finish(w.as("990203013"), two, 1, Outcome{Audience: []Audience{{"primary", 20}}}))
	inbox(0)
	w.wants("9902", map[string]int64{"activity.held": 1, "activity.person_times": 20})
}

// R44: lessons in law by school, with those who came.
func TestLawBySchool(t *testing.T) {
	w := open(t)
	for i, x := range []struct {
		unit, school, topic string
	}{{"990203013", "稻香小学", "law"}, {"990203013", "稻香小学", "law"}, {"990203109", "桥南中学", "law"}, {"990203109", "桥南中学", "science"}, {"990204003", "桥头小学", "law"}} {
		w.create(w.ctx, with(w.lecture(x.unit), func(a *Activity) {
			a.Day, a.Topic, a.Stops = clock.Day(fmt.Sprint("2019-05-0", i+1)), x.topic, []Stop{{Place: x.school, Venue: "campus"}}
		}))
	}
	list, err := w.s.places(w.as("990203"), Filter{Unit: w.units["990203"], Topic: "law", Venue: "campus"})
	if err != nil || !slices.Equal(list, []placeSum{{"稻香小学", 2, 120}, {"桥南中学", 1, 60}}) {
		t.Errorf("%+v, %v", list, err)
	}
	page := w.fetch(w.site(w.as("990203")), "/activity/places?topic=law", 200)
	has(t, page, "稻香小学")
	hasNot(t, page, "桥头小学")
	hasNot(t, w.fetch(w.site(w.as("990204")), "/activity/places", 200), "稻香小学")
}
