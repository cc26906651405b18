package activity

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

// calendar reads a file as a telephone does: the events by their names, each with when and where.
func (w *world) calendar(as, query string) map[string]string {
	w.Helper()
	cal, err := ics.ParseCalendar(strings.NewReader(w.fetch(w.site(w.as(as)), "/activity/calendar"+query, 200)))
	w.must(err)
	out := map[string]string{}
	for _, e := range cal.Events() {
		text := func(p ics.ComponentProperty) string {
			if v := e.GetProperty(p); v != nil {
				return v.Value
			}
			return ""
		}
		ref := strings.TrimSuffix(e.Id(), "@xinhuo")
		if _, twice := out[ref]; twice {
			w.Errorf("%s stands twice", ref)
		}
		out[ref] = strings.Join([]string{text(ics.ComponentPropertySummary), text(ics.ComponentPropertyDtStart), text(ics.ComponentPropertyDtEnd), text(ics.ComponentPropertyLocation), text(ics.ComponentPropertyStatus)}, "|")
	}
	return out
}

// R144: a unit, its county and its city take the same activities along in their calendars that their lists show, each once, at its hours
// or days; a cancelled one says so, and a neighbour has none of them.
func TestTheCalendarHoldsWhatTheListShows(t *testing.T) {
	w := open(t)
	plan := func(unit string, edit func(a *Activity)) id.Ref {
		a := with(w.lecture(unit), func(a *Activity) { a.Day, a.Status = "2019-06-20", Planned })
		return w.create(w.as(unit), with(a, edit))
	}
	const title = "长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长长宣讲；第1场, 法治; 提问\\n回答" // all that a calendar's own language is made of
	hostile := plan("990203013", func(a *Activity) { a.Title = title })
	long := plan("990203109", func(a *Activity) { a.Title, a.LastDay, a.From, a.To = "学习班", "2019-06-22", "", "" })
	off := plan("990203013", func(a *Activity) { a.Title, a.From, a.To = "参观", "14:00", "15:30" })
	joint := plan("990203", func(a *Activity) { a.Title, a.From, a.To = "联合宣讲", "", "" })
	w.create(w.as("990203013"), with(w.lecture("990203013"), func(a *Activity) { a.Title, a.Day = "很久以前", "2019-01-10" }))
	_, v := w.get(off)
	w.must(w.s.Cancel(w.as("990203013"), off, v, "下雨"))

	for _, unit := range []string{"990203013", "990203109", "990203", "9902", "990204"} {
		list, err := w.s.List(w.as(unit), Filter{Unit: w.units[unit], From: today.AddDays(-calendarDays)})
		w.must(err)
		var want, got []string
		for _, l := range list.Rows {
			want = append(want, l.Ref().String())
		}
		for ref := range w.calendar(unit, "") {
			got = append(got, ref)
		}
		slices.Sort(want)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: %v, the list shows %v", unit, got, want)
		}
	}
	city := w.calendar("9902", "")
	for ref, want := range map[id.Ref]string{
		hostile: title + "|20190620T010000Z|20190620T023000Z|稻香小学|CONFIRMED",
		long:    "学习班|20190620|20190623|稻香小学|CONFIRMED",
		off:     "参观|20190620T060000Z|20190620T073000Z|稻香小学|CANCELLED",
		joint:   "联合宣讲|20190620|20190621|稻香小学|CONFIRMED",
	} {
		if got := city[ref.String()]; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if len(city) != 4 {
		t.Errorf("%d events: %v", len(city), city)
	}
	// as narrow as the list, and as wide when days are named
	if got := w.calendar("9902", "?area="+w.units["990203013"].ID.String()+"&status=planned"); len(got) != 1 || got[hostile.String()] == "" {
		t.Errorf("narrowed: %v", got)
	}
	if got := w.calendar("9902", "?from=2019-01-01&to=2019-01-31"); len(got) != 1 {
		t.Errorf("January: %v", got)
	}
	w.fetch(w.site(w.as("990204")), "/activity/calendar?unit="+w.units["990203"].ID.String(), 404)
	page := testkit.HTML(t, w.fetch(w.site(w.as("9902")), "/activity?status=planned", 200))
	at, err := url.Parse(page.One(`a[href^="/activity/calendar"]`).Attr("href"))
	w.must(err)
	if got := w.calendar("9902", "?"+at.RawQuery); len(got) != 3 {
		t.Errorf("the list's own file: %v", got)
	}
}
