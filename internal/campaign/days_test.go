package campaign_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/campaign"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// R112: the days of the list that ships are those of the calendar, year by year, also where they move.
func TestKeyDaysFallOnTheirDays(t *testing.T) {
	f := open(t)
	list, err := f.s.Days(f.as("9902"), f.unit["9902"].Root())
	must(t, err)
	moving := map[string][]clock.Day{
		"清明节": {"2024-04-04", "2025-04-04", "2026-04-05", "2027-04-05", "2028-04-04", "2029-04-04", "2030-04-05", "2031-04-05", "2032-04-04", "2033-04-04", "2034-04-05"},
		"重阳节": {"2024-10-11", "2025-10-29", "2026-10-18", "2027-10-08", "2028-10-26", "2029-10-16", "2030-10-05", "2031-10-24", "2032-10-12", "2033-10-01", "2034-10-20"},
	}
	fixed := map[string]string{"七一建党节": "-07-01", "八一建军节": "-08-01", "十一国庆节": "-10-01", "六一儿童节": "-06-01", "国家宪法日": "-12-04"}
	for _, k := range list {
		for i := range 11 {
			got := k.On(2024 + i)
			if want := moving[k.Zh]; want != nil && got != want[i] {
				t.Errorf("%s: %s, want %s", k.Zh, got, want[i])
			}
			if end, there := fixed[k.Zh]; there && string(got)[4:] != end {
				t.Errorf("%s: %s, want …%s", k.Zh, got, end)
			}
			if got.Year() != 2024+i {
				t.Errorf("%s of %d is %q", k.Zh, 2024+i, got)
			}
		}
		delete(fixed, k.Zh)
		delete(moving, k.Zh)
	}
	if len(fixed)+len(moving) != 0 {
		t.Errorf("not in the list: %v %v", fixed, moving)
	}
	for rule, want := range map[string]clock.Day{"term:冬至": "2026-12-22", "lunar:12-08": "2027-01-15", "lunar:01-15": "2026-03-03", "term:没有": "", "02-30": "", "lunar:13-01": ""} {
		if got := (campaign.KeyDay{Rule: rule}).On(2026); got != want {
			t.Errorf("%s in 2026: %q, want %q", rule, got, want)
		}
	}
	// the end of a lunar year lies in the next common one
	if got := (campaign.KeyDay{Rule: "lunar:12-08"}).Next("2027-01-10"); got != "2027-01-15" {
		t.Errorf("next: %s", got)
	}
}

// daysForm is the form of a page as it stands.
func daysForm(t *testing.T, body string) url.Values {
	t.Helper()
	form := url.Values{}
	for _, in := range testkit.HTML(t, body).All("#key-days input") {
		form.Set(in.Attr("name"), in.Attr("value"))
	}
	delete(form, "_key")
	return form
}

// line is the end of the names of a day's inputs.
func line(form url.Values, name string) string {
	for key := range form {
		if n, is := strings.CutPrefix(key, "name."); is && form.Get(key) == name {
			return "." + n
		}
	}
	return ""
}

// R138: a city writes its own list of key days; another one keeps that which ships. What was typed stays when it has to be changed, and a
// campaign names the days that lie in its time.
func TestACityHasItsOwnKeyDays(t *testing.T) {
	f := open(t)
	page := f.page("9902", "/campaign/days", "八一建军节", "2019年8月1日", "8月1日", "农历9月9日", "清明")
	form := daysForm(t, page)
	army, party := line(form, "八一建军节"), line(form, "七一建党节")
	for name, input := range map[string]string{"农历13月1日": "rule", "2月30日": "rule", "2-29": "rule", "农历12-30": "rule", "QING_MING": "rule", "某天": "rule", "<b>7-1": "rule", "七一建党节": "name", "91": "before", "-1": "before", "三": "before"} {
		input += army
		bad := url.Values{"_key": {"k" + name}}
		for k, v := range form {
			bad[k] = v
		}
		bad.Set(input, name)
		w := f.serve("9902", "zh", "POST", "/campaign/days", bad, "")
		doc := testkit.HTML(t, w.Body.String())
		if w.Code != 422 || !slices.Contains([]string{input, "name" + party}, doc.One("#key-days [aria-invalid=true]").Attr("name")) {
			t.Errorf("%s: %d", name, w.Code)
			continue
		}
		if got := doc.One(`#key-days input[name="` + input + `"]`).Attr("value"); got != name {
			t.Errorf("%q was typed, %q stands there", name, got)
		}
	}
	none := url.Values{}
	for k := range form {
		none.Set(k, "")
	}
	none.Set("_key", "none")
	if w := f.serve("9902", "zh", "POST", "/campaign/days", none, ""); w.Code != 422 || !strings.Contains(w.Body.String(), "至少留一个日子") {
		t.Errorf("an empty list: %d", w.Code)
	}
	form.Set("rule"+army, "8-2")
	form.Set("before"+army, "7")
	form.Set("name"+party, "")
	form.Set("name"+line(form, "清明节"), "清明扫墓")
	blank := line(form, "")
	form.Set("name"+blank, "建市纪念日")
	form.Set("rule"+blank, "农历正月")
	f.post("9902", "/campaign/days", 422, form)
	form.Set("rule"+blank, "农历 12-8")
	delete(form, "_key")
	to := f.post("9902", "/campaign/days", 303, form)
	page = f.page("9902", to, "2019年8月2日", "清明扫墓", "建市纪念日", "2020年1月2日")
	if strings.Contains(page, "建党节") {
		t.Error("a day that was taken out is still there")
	}
	for _, lang := range []string{"zh", "en"} { // sent as it stands it changes nothing, in either language
		was, err := f.s.Days(f.sys(), f.unit["9902"].Root())
		must(t, err)
		same := daysForm(t, f.serve("9902", lang, "GET", "/campaign/days", nil, "").Body.String())
		same.Set("_key", "same"+lang)
		if w := f.serve("9902", lang, "POST", "/campaign/days", same, ""); w.Code != 303 {
			t.Fatalf("%s: %d %s", lang, w.Code, w.Body)
		}
		if now, err := f.s.Days(f.sys(), f.unit["9902"].Root()); err != nil || !slices.Equal(now, was) {
			t.Errorf("%s: %v became %v, %v", lang, was, now, err)
		}
	}
	f.page("990203", "/campaign/days", "清明扫墓") // a county reads the city's list, and writes none
	if strings.Contains(f.serve("990203", "zh", "GET", "/campaign/days", nil, "").Body.String(), `id="key-days"`) {
		t.Error("a county is offered the form")
	}
	if page := f.page("9903", "/campaign/days", "七一建党节"); strings.Contains(page, "清明扫墓") {
		t.Error("another city's list has changed")
	}
	for as, kind := range map[string]errs.Kind{"99": errs.Forbidden, "990203": errs.NotFound, "9903": errs.NotFound} {
		if err := f.s.SetDays(f.as(as), f.unit["9902"], nil); !errs.Is(err, kind) {
			t.Errorf("%s: %v", as, err)
		}
	}
	if err := f.s.SetDays(f.as("990203"), f.unit["990203"], nil); !errs.Is(err, errs.Forbidden) {
		t.Errorf("a county for the whole city: %v", err)
	}
	ref := f.issued("9902", f.anniversary("9902", org.Township))
	page = f.page("9902", "/campaign/"+ref.String(), "八一建军节 2019年8月2日")
	if strings.Contains(page, "国家宪法日") {
		t.Error("a day outside the campaign's time")
	}
}

// R112: so many days before a key day, and until it is past, a committee of city or county that has no campaign on that day is told so; a campaign of
// its own, a draft too, or one from above is enough.
func TestAKeyDayIsRemindedOf(t *testing.T) {
	f := open(t)
	list, err := f.s.Days(f.sys(), f.unit["9902"].Root())
	must(t, err)
	for i := range list {
		if list[i].Zh == "七一建党节" {
			list[i].Before = 7
		}
	}
	must(t, f.s.SetDays(f.as("9902"), f.unit["9902"], list))
	told := func(units ...string) {
		t.Helper()
		var got []string
		for _, u := range []string{"9902", "990203", "990204", "990203001", "9903", "990301"} {
			items, _, err := f.flow.Inbox(f.as(u), 20)
			must(t, err)
			for _, x := range items {
				if x.Title == "“七一建党节”快到了，还没有主题教育" && x.Due == "2019-07-01" && strings.HasPrefix(x.Link, "/campaign/new") {
					got = append(got, u)
				}
			}
		}
		if !slices.Equal(got, units) {
			t.Errorf("%s: %v are told, want %v", clock.DayOf(*f.now), got, units)
		}
	}
	f.later(23)
	told()
	f.later(1) // 24 June
	told("9902", "990203", "990204")
	on := func(lead string, from, last clock.Day) campaign.Campaign {
		c := f.anniversary(lead, org.Township)
		c.Anniversary, c.Title, c.Code, c.From, c.Last, c.Due, c.Window = nil, "童心向党", "", from, last, "2019-08-01", campaign.Window{}
		return c
	}
	f.issued("990203", on("990203", "2019-06-20", "2019-06-30")) // over before the day
	told("9902", "990203", "990204")
	_, err = f.s.Create(f.as("990203"), on("990203", "2019-07-01", "2019-07-10"), record.Change{})
	must(t, err)
	told("9902", "990204")
	f.later(7) // the day itself
	told("9902", "990204")
	f.issued("9902", on("9902", "2019-06-01", "2019-07-01"))
	told()
	f.later(1)
	told()
}
