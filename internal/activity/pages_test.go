package activity

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

// picture is a JPEG file of its own colour.
func picture(t *testing.T, shade uint8) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 1700, 300))
	for x := range 1700 {
		for y := range 300 {
			m.Set(x, y, color.RGBA{shade, uint8(x / 8), uint8(y / 4), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// report is what a secretary fills in on a phone.
func report() url.Values {
	return url.Values{"type": {"lecture"}, "title": {"法治宣讲"}, "topic": {"law"}, "day": {"2019-05-24"}, "from": {"9点"}, "to": {"10点半"}, "place.0": {"稻香小学"}, "venue.0": {"campus"}, "mode": {"face"},
		"group.0": {"primary"}, "count.0": {"60"}, "group.1": {""}, "count.1": {""}, "online": {""}, "lecturers": {""}, "helpers": {""}, "responsible": {"周文琴"}, "phone": {"0500-555 0101"},
		"summary": {"讲了三个案例"}, "series": {""}, "hosts": {""}, "asked_campaigns": {"1"}}
}

// upload sends a form with files, by the names of their inputs.
func (w *world) upload(h http.Handler, path string, form url.Values, status int, files ...[]byte) string {
	w.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, list := range form {
		for _, v := range list {
			w.must(m.WriteField(name, v))
		}
	}
	for i, f := range files {
		p, err := m.CreateFormFile("photo", fmt.Sprintf("IMG_%d.jpg", i+1))
		w.must(err)
		_, err = p.Write(f)
		w.must(err)
	}
	w.must(m.Close())
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return w.send(h, r, status)
}

func refIn(t *testing.T, address string) id.Ref {
	t.Helper()
	part, _, _ := strings.Cut(strings.TrimPrefix(address, "/activity/"), "/")
	ref, err := id.ParseRef(part)
	if err != nil {
		t.Fatalf("%s leads to no activity", address)
	}
	return ref
}

// A secretary reports an activity with two photos by phone, and the province's figure moves. Sent twice it is once.
func TestReportByPhone(t *testing.T) {
	w := open(t)
	h := w.site(w.as("990203013"))
	page := testkit.HTML(t, w.fetch(h, "/activity/new", 200))
	for selector, value := range map[string]string{"input[name=day]": "2019-05-31", "input[name=responsible]": "稻香镇的周文琴"} {
		if got := page.One(selector).Attr("value"); got != value {
			t.Errorf("%s is preset with %q", selector, got)
		}
	}
	form := report()
	form.Set("_key", "k1")
	form.Set("photo_minors", "none")
	to := w.upload(h, "/activity/new", form, 303, picture(t, 10), picture(t, 20))
	if again := w.upload(h, "/activity/new", form, 303, picture(t, 10), picture(t, 20)); again != to {
		t.Errorf("sent twice leads to %s and %s", to, again)
	}
	w.wants("99", map[string]int64{"activity.held": 1, "activity.person_times": 60})
	ref := refIn(t, to)
	a, _ := w.get(ref)
	if len(a.Photos) != 2 || a.Photos[0].W != 1600 || a.Photos[0].Minors != None || a.From != "09:00" || a.To != "10:30" || a.Photos[0].Alt != "法治宣讲" {
		t.Errorf("%+v", a)
	}
	done := w.fetch(h, to, 200)
	for _, word := range []string{"登记好了", "举办活动", ref.String() + "/undo"} {
		has(t, done, word)
	}
	show := w.fetch(h, "/activity/"+ref.String(), 200)
	has(t, show, "/photo/"+a.Photos[0].Thumb)
	w.fetch(h, "/activity/"+ref.String()+"/photo/"+a.Photos[1].Full, 200)
	// the next report begins where this one ended
	page = testkit.HTML(t, w.fetch(h, "/activity/new", 200))
	if got := page.One("input[name=phone]").Attr("value"); got != "0500-555 0101" {
		t.Errorf("the phone is preset with %q", got)
	}
	// who did it takes it back in one tap
	w.post(h, "/activity/"+ref.String()+"/undo", url.Values{"_key": {"k2"}, "_version": {"1"}}, 303)
	w.wants("99", map[string]int64{"activity.held": 0})
}

// R27: a report that was put by unfinished is filled in again, says what it is, and is gone when it is sent; what has to be changed
// in it leaves it there.
func TestReportFromADraft(t *testing.T) {
	w := open(t)
	me := scope.From(w.as("990203013"))
	me.Account = 77
	ctx := scope.With(w.ctx, me)
	h := w.site(ctx)
	form := report()
	form["group.1"], form["campaigns"] = []string{"parent"}, []string{"x"}
	draft, err := web.KeepDraft(ctx, w.d, web.Draft{Key: "k1", Form: newAt(w.units["990203013"]), Title: "法治宣讲", Lost: 2, Values: form})
	w.must(err)
	body := w.fetch(h, draft.Href(), 200)
	page := testkit.HTML(t, body)
	for name, value := range map[string]string{"title": "法治宣讲", "place.0": "稻香小学", "from": "9点", "count.0": "60", "_key": "k1"} {
		if got := page.One("form[data-keep] input[name='" + name + "']").Attr("value"); got != value {
			t.Errorf("%s came back as %q", name, got)
		}
	}
	for _, word := range []string{"还没有提交", "选过的2张照片没有存", "/draft/drop", `data-draft="k1"`} {
		has(t, body, word)
	}
	body = w.fetch(h, "/activity/new", 200)
	has(t, body, "有没填完的")
	has(t, body, "draft=k1")
	hasNot(t, body, "稻香小学")
	form.Set("_key", "k1")
	form.Set("count.0", "许多")
	body = w.upload(h, "/activity/new", form, 422)
	has(t, body, `data-draft="k1"`)
	w.wants("99", map[string]int64{"activity.held": 0})
	form.Set("count.0", "60")
	w.upload(h, "/activity/new", form, 303)
	w.wants("99", map[string]int64{"activity.held": 1})
	body = w.fetch(h, draft.Href(), 200)
	hasNot(t, body, "还没有提交")
	hasNot(t, body, "稻香小学")
}

// A file that is no photo: said by its name, while what was typed and the good photo stay.
func TestBadPhotoLosesNothing(t *testing.T) {
	w := open(t)
	h := w.site(w.as("990203013"))
	form := report()
	form.Set("_key", "k1")
	body := w.upload(h, "/activity/new", form, 422, picture(t, 10), []byte("not a picture"))
	has(t, body, "IMG_2.jpg")
	page := testkit.HTML(t, body)
	if page.One("input[name=title]").Attr("value") != "法治宣讲" {
		t.Error("the title is lost")
	}
	kept := page.One("input[name=kept]").Attr("value")
	form.Set("kept", kept)
	to := w.upload(h, "/activity/new", form, 303)
	if a, _ := w.get(refIn(t, to)); len(a.Photos) != 1 || a.Photos[0].Minors != "" {
		t.Errorf("%+v", a.Photos)
	}
}

// R27: photos follow the report that is confirmed; each counts once however often it is sent, nobody's work on the activity
// is in their way, and the report is still taken back in one tap.
func TestPhotosFollowTheReport(t *testing.T) {
	w := open(t)
	h := w.site(w.as("990203013"))
	form := report()
	form.Set("_key", "k1")
	to := w.post(h, "/activity/new", form, 303)
	ref := refIn(t, to)
	later := "/activity/" + ref.String() + "/photo-later"
	one := url.Values{"_key": {"k1.0"}, "alt": {"法治宣讲"}, "photo_minors": {"none"}}
	for range 2 {
		w.upload(h, later, one, 200, picture(t, 10))
	}
	one.Set("_key", "k1.1")
	w.upload(h, later, one, 200, picture(t, 10)) // the same picture again
	one.Set("_key", "k1.2")
	w.upload(h, later, one, 200, picture(t, 20))
	if a, v := w.get(ref); len(a.Photos) != 2 || v != 3 || a.Photos[1].Minors != None || a.Photos[1].Alt != "法治宣讲" {
		t.Errorf("version %d: %+v", v, a.Photos)
	}
	one.Set("_key", "k1.3")
	body := w.upload(h, later, one, 422, []byte("not a picture"))
	has(t, body, "IMG_1.jpg")
	w.upload(w.site(w.as("990204")), later, one, 404, picture(t, 30))
	w.wants("99", map[string]int64{"activity.held": 1})
	w.post(h, "/activity/"+ref.String()+"/undo", url.Values{"_key": {"k2"}, "_version": {"1"}}, 303)
	w.wants("99", map[string]int64{"activity.held": 0})
}

// A photo of 40 MB came back as an error page, and what was typed was gone.
func TestPhotoOf40MBLosesNothing(t *testing.T) {
	w := open(t)
	h := w.site(w.as("990203013"))
	form := report()
	form.Set("_key", "k1")
	large := append(picture(t, 10), make([]byte, 40<<20)...)
	heic := []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")
	svg := []byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
	body := w.upload(h, "/activity/new", form, 422, large, large, large, picture(t, 20), heic, svg, picture(t, 10)[:900])
	page := testkit.HTML(t, body)
	for name, value := range map[string]string{"title": "法治宣讲", "place.0": "稻香小学", "phone": "0500-555 0101"} {
		if got := page.One("input[name='" + name + "']").Attr("value"); got != value {
			t.Errorf("%s came back as %q", name, got)
		}
	}
	for _, word := range []string{"IMG_1.jpg：文件超过25MB", "IMG_5.jpg：这是苹果手机的HEIC照片", "IMG_6.jpg", "IMG_7.jpg：照片已损坏"} {
		has(t, body, word)
	}
	hasNot(t, body, "IMG_4.jpg：")
	if n := len(page.All("input[name=kept]")); n != 1 {
		t.Errorf("%d photos are kept", n)
	}
}

// Photos without consent are for those who work at it; the same photo under two activities is seen (fraud).
func TestPhotosWithoutConsent(t *testing.T) {
	w := open(t)
	h := w.site(w.as("990203013"))
	var refs []id.Ref
	for i, title := range []string{"法治宣讲", "包粽子"} {
		form := report()
		form.Set("_key", fmt.Sprint("k", i))
		form.Set("title", title)
		form.Set("place.0", title)
		refs = append(refs, refIn(t, w.upload(h, "/activity/new", form, 303, picture(t, 10))))
	}
	a, _ := w.get(refs[0])
	page := w.fetch(h, "/activity/"+refs[0].String(), 200)
	has(t, page, "只有主办单位看得到")
	has(t, page, "另一场活动也用了这张照片")
	above := w.site(w.as("990203"))
	hasNot(t, w.fetch(above, "/activity/"+refs[0].String(), 200), a.Photos[0].Thumb)
	w.fetch(above, "/activity/"+refs[0].String()+"/photo/"+a.Photos[0].Full, 404)
	hasNot(t, w.fetch(above, "/api/v1/activities/"+refs[0].String(), 200), a.Photos[0].Full)
	form := url.Values{"_key": {"k9"}, "_version": {"1"}, "hash": {a.Photos[0].Full}}
	w.post(h, "/activity/"+refs[0].String()+"/photo-remove", form, 303)
	hasNot(t, w.fetch(h, "/activity/"+refs[1].String(), 200), "另一场活动也用了这张照片")
}

// R145 on the phone: the form comes back with the questions that are missing, and nothing else is lost.
func TestFormAsksForThePlan(t *testing.T) {
	w := open(t)
	h := w.site(w.as("990203013"))
	form := report()
	form.Set("_key", "k1")
	form.Set("count.0", "120")
	body := w.upload(h, "/activity/new", form, 422)
	has(t, body, "安全预案")
	testkit.HTML(t, body).One("textarea[name=plan]")
	form.Set("plan", "校门口集合，两人带队")
	form["risks"] = []string{"traffic", "fire"}
	form.Set("emergency", "陈老师0500-555 0102")
	form.Set("signed_by", "周文琴")
	form.Set("signed_on", "2019-05-23")
	ref := refIn(t, w.upload(h, "/activity/new", form, 303))
	if a, _ := w.get(ref); len(a.Safety.Risks) != 2 || a.Safety.SignedOn != "2019-05-23" {
		t.Errorf("%+v", a.Safety)
	}
}

// R56 on the page: the second host is led to the first report, joins it with one tap, and the lead agrees with one tap.
func TestJoinOnThePage(t *testing.T) {
	w := open(t)
	ref := w.create(w.as("990203013"), w.lecture("990203013"))
	h := w.site(w.as("990203109"))
	form := report()
	form.Set("_key", "k1")
	body := w.upload(h, "/activity/new", form, 422)
	has(t, body, "可能已经有人报过这场活动")
	has(t, body, "/activity/"+ref.String()+"/join")
	w.post(h, "/activity/"+ref.String()+"/join", url.Values{"_key": {"k2"}, "unit": {w.units["990203109"].ID.String()}}, 303)
	lead := w.site(w.as("990203013"))
	page := w.fetch(lead, "/activity/"+ref.String(), 200)
	has(t, page, "等牵头单位同意")
	w.post(lead, "/activity/"+ref.String()+"/answer", url.Values{"_key": {"k3"}, "_version": {"2"}, "unit": {w.units["990203109"].ID.String()}, "say": {"yes"}}, 303)
	w.wants("990203109", map[string]int64{"activity.held": 1})
	w.wants("990203", map[string]int64{"activity.held": 1})
	// an office that works for the lead, too, need not wait for its word, and is not told to
	office := scope.From(w.as("990203"))
	office.WorkSet = office.ViewSet
	to := w.post(w.site(scope.With(w.as("990203"), office)), "/activity/"+ref.String()+"/join", url.Values{"_key": {"k9"}, "unit": {w.units["990203"].ID.String()}}, 303)
	if !strings.Contains(to, "done=joined") {
		t.Errorf("told to wait for itself: %s", to)
	}
	// not the same one after all
	form.Set("different", "1")
	form.Set("_key", "k4")
	w.upload(h, "/activity/new", form, 303)
	w.wants("990203", map[string]int64{"activity.held": 2})
}

// A plan becomes public and then a report; its page says at each step what comes next.
func TestFromPlanToReport(t *testing.T) {
	w := open(t)
	h := w.site(w.as("990203013"))
	form := report()
	form.Set("_key", "k1")
	form.Set("day", "2019年6月20日")
	form.Set("phone", "")
	to := w.upload(h, "/activity/new", form, 303)
	has(t, w.fetch(h, to, 200), "计划记下了")
	ref := refIn(t, to)
	here := "/activity/" + ref.String()
	page := w.fetch(h, here, 200)
	has(t, page, "还差这些")
	hasNot(t, page, here+"/open")
	w.post(h, here+"/open", url.Values{"_key": {"k2"}, "_version": {"1"}}, 422)
	edit := testkit.HTML(t, w.fetch(h, here+"/edit", 200))
	if edit.One("input[name=title]").Attr("value") != "法治宣讲" || len(edit.All("input[name='place.1']")) != 1 {
		t.Error("the form of a change is not filled")
	}
	form.Set("phone", "0500-555 0101")
	form.Set("_version", "1")
	form.Set("_key", "k3")
	form.Set("place.1", "稻香学农园")
	form.Set("venue.1", "village")
	for i := range 2 {
		form.Set("stop_from."+strconv.Itoa(i), "")
		form.Set("stop_to."+strconv.Itoa(i), "")
	}
	w.post(h, here+"/edit", form, 303)
	has(t, w.fetch(h, here, 200), here+"/open")
	w.post(h, here+"/open", url.Values{"_key": {"k4"}, "_version": {"2"}}, 303)
	hasNot(t, w.fetch(h, here, 200), here+"/held") // its day has not come
	w.now = w.now.AddDate(0, 0, 21)
	has(t, w.fetch(h, here, 200), here+"/held")
	w.fetch(h, here+"/held", 200)
	w.post(h, here+"/held", url.Values{"_key": {"k5"}, "_version": {"3"}, "group.0": {"primary"}, "count.0": {"55"}, "online": {""}, "works": {"3"}, "awards": {""}, "summary": {"下了雨"}}, 303)
	a, _ := w.get(ref)
	if a.Status != Held || a.Heads() != 55 || len(a.Stops) != 2 || a.Works != 3 {
		t.Errorf("%+v", a)
	}
	w.post(h, here+"/cancel", url.Values{"_key": {"k6"}, "_version": {"4"}, "reason": {"不办了"}}, 409)
}

// Every form opens for the host, and for nobody else (404 outside the view, 403 within).
func TestFormsAreTheHosts(t *testing.T) {
	w := open(t)
	ref := w.create(w.as("990203013"), with(w.lecture("990203013"), func(a *Activity) { a.Type = "contest" }))
	mine, above, other := w.site(w.as("990203013")), w.site(w.as("990203")), w.site(w.as("990203109"))
	for _, a := range acts {
		path := "/activity/" + ref.String() + "/" + a.path
		status := 200
		if a.path == "minor" || a.path == "consent" || a.path == "withdraw" { // this is no camp: back to the activity
			status = 303
		}
		w.fetch(mine, path, status)
		w.fetch(above, path, 403)
		w.fetch(other, path, 404)
	}
	page := w.fetch(above, "/activity/"+ref.String(), 200)
	for _, a := range acts {
		hasNot(t, page, ref.String()+"/"+a.path+`"`)
	}
	w.fetch(other, "/activity/"+ref.String(), 404)
	w.fetch(other, "/activity/new?unit="+w.units["990203013"].ID.String(), 404)
	w.fetch(above, "/activity/new?unit="+w.units["990203013"].ID.String(), 403)
	w.fetch(mine, "/activity/settings?unit="+w.units["9902"].ID.String(), 404)
}

// Every act by its form.
func TestActs(t *testing.T) {
	w := open(t)
	h := w.site(w.as("990203013"))
	ref := w.create(w.as("990203013"), with(w.lecture("990203013"), func(a *Activity) { a.Type = "contest" }))
	here, version := "/activity/"+ref.String(), 0
	do := func(path string, status int, form url.Values) string {
		version++
		form.Set("_key", fmt.Sprint("k", version))
		_, v := w.get(ref)
		form.Set("_version", strconv.FormatInt(v, 10))
		return w.post(h, here+"/"+path, form, status)
	}
	// a form sent with nothing in it is no plan, no result and no feedback
	has(t, do("safety", 422, url.Values{"plan": {""}}), "写预案的内容")
	has(t, do("contest", 422, url.Values{"entries": {""}}), "写成绩")
	has(t, do("feedback", 422, url.Values{"answers": {""}, "satisfied": {""}}), "填收回多少份")
	do("contest", 303, url.Values{"rules": {"两轮"}, "entries": {"3号，92.5分，一等奖\n1号 88\n\n2号,88,二等奖"}})
	has(t, do("contest", 422, url.Values{"entries": {"3号"}}), "第1行")
	page := testkit.HTML(t, w.fetch(h, here, 200))
	if rows := page.All("#contest tbody tr"); len(rows) != 3 || !strings.Contains(rows[0].Content(), "92.5") {
		t.Errorf("%d rows", len(rows))
	}
	do("feedback", 303, url.Values{"answers": {"40"}, "satisfied": {"39"}})
	has(t, w.fetch(h, here, 200), "97.5%")
	do("safety", 303, url.Values{"plan": {"分组"}, "emergency": {"陈老师"}, "signed_by": {"周文琴"}, "signed_on": {"2019-05-20"}, "risks": {"traffic"}})
	has(t, do("incident", 422, url.Values{"what": {""}, "on": {"2019-05-24"}}), "发生了什么")
	do("incident", 303, url.Values{"what": {"一名学生擦伤"}, "on": {"2019-05-24"}, "at": {"9:20"}, "hurt": {"1"}, "done": {"已处理"}})
	has(t, w.fetch(h, here, 200), "一名学生擦伤")
	has(t, w.fetch(w.site(w.as("990203")), here, 200), "一名学生擦伤")
	form := url.Values{"_key": {"kx"}, "_version": {"1"}, "rules": {"x"}, "entries": {""}} // somebody was quicker
	w.post(h, here+"/contest", form, 409)
	to := do("remove", 303, url.Values{"reason": {"登错"}})
	at, err := url.Parse(to)
	w.must(err)
	w.fetch(h, here, 404)
	w.fetch(h, to, 200)
	w.post(h, here+"/undo", url.Values{"_key": {"ky"}, "_version": {at.Query().Get("version")}}, 303)
	w.fetch(h, here, 200)
	w.fetch(h, here+"/known?at=2019-05-31", 200)
}

// Every filter of the list, and the pages of a long one.
func TestListFilters(t *testing.T) {
	w := open(t)
	hall, theme := w.hall("990203", "云州法治馆", 0), id.Ref{Root: 9902, ID: 5}
	w.themes.titles[theme] = "纪念活动"
	w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) {
		a.Title, a.Type, a.Topic, a.Series, a.Mode, a.Online, a.Stops, a.Campaigns = "特别的", "training", "science", "learn_skills", Both, 5, []Stop{{Base: hall}}, []id.Ref{theme}
	}))
	for i := range 30 {
		w.create(w.ctx, with(w.lecture("990204003"), func(a *Activity) { a.Title = fmt.Sprint("第", i, "场") }))
	}
	h := w.site(w.as("9902"))
	for _, q := range []string{"class=training", "topic=science", "series=learn_skills", "mode=both", "venue=base", "q=特别", "q=云州法治馆", "campaign=" + theme.String(), "base=" + hall.String(), "area=" + w.units["990203"].ID.String()} {
		page := testkit.HTML(t, w.fetch(h, "/activity?"+strings.ReplaceAll(q, "特别", url.QueryEscape("特别")), 200))
		if rows := page.All("#list tbody tr"); len(rows) != 1 || !strings.Contains(rows[0].Content(), "特别的") {
			t.Errorf("%s lists %d rows", q, len(rows))
		}
	}
	for q, n := range map[string]int{"status=planned": 0, "from=2019-05-25": 0, "to=2019-05-24": 20, "": 20} {
		if rows := testkit.HTML(t, w.fetch(h, "/activity?"+q, 200)).All("#list tbody tr"); len(rows) != n {
			t.Errorf("%q lists %d rows, want %d", q, len(rows), n)
		}
	}
	seen, after := 0, ""
	for {
		p, err := w.s.List(w.as("9902"), Filter{Unit: w.units["9902"], After: after, Limit: 7})
		w.must(err)
		seen += len(p.Rows)
		if int64(seen)+p.Rest != p.Total || p.Total != 31 {
			t.Fatalf("%d seen, %d left of %d", seen, p.Rest, p.Total)
		}
		if after = p.Next; after == "" {
			break
		}
	}
	if seen != 31 {
		t.Errorf("the pages hold %d rows", seen)
	}
	w.fetch(h, "/activity?after=x~u", 422)
	w.fetch(h, "/activity?area="+w.units["9907"].ID.String(), 404)
	english := i18n.With(w.as("9902"), w.texts, "en")
	has(t, w.fetch(w.site(english), "/activity", 200), "31 activities")
}

// The settings of a city: every list by its form.
func TestSettings(t *testing.T) {
	w := open(t)
	h := w.site(w.as("9902"))
	has(t, w.fetch(h, "/activity/settings", 200), "主题宣讲")
	l, err := w.s.Lists(w.ctx, 9902)
	w.must(err)
	form := url.Values{"_key": {"k1"}, "what": {GroupList}, "zh.new0": {"退役军人子女"}, "minor.new0": {"1"}}
	for _, c := range l[GroupList] {
		form.Set("zh."+c.Code, c.Zh)
		form.Set("en."+c.Code, c.En)
		if c.Minor == 1 {
			form.Set("minor."+c.Code, "1")
		}
	}
	w.post(h, "/activity/settings", form, 303)
	now, err := w.s.Lists(w.ctx, 9902)
	w.must(err)
	if c, ok := find(now[GroupList], "退役军人子女"); !ok || c.Minor != 1 || len(now[GroupList]) != len(l[GroupList])+1 {
		t.Errorf("%+v", now[GroupList])
	}
	form = url.Values{"_key": {"k2"}, "what": {"limits"}, "minors": {"0"}, "camp_ratio": {"10"}, "keep": {"30"}, "keep_incident": {"800"}}
	w.post(h, "/activity/settings", form, 422)
	form.Set("minors", "80")
	w.post(h, "/activity/settings", form, 303)
	if limit, err := w.s.Limits(w.ctx, 9902); err != nil || limit != (Limits{80, 10, 30, 800}) {
		t.Errorf("%+v, %v", limit, err)
	}
	if limit, err := w.s.Limits(w.ctx, 9907); err != nil || limit != (Limits{100, 15, 90, 1095}) {
		t.Errorf("another city: %+v, %v", limit, err)
	}
}

// Programs write and read what people do, with the same rules.
func TestAPI(t *testing.T) {
	w := open(t)
	h := w.site(w.as("990203013"))
	call := func(method, path string, body any, status int) apiActivity {
		t.Helper()
		b, err := json.Marshal(body)
		w.must(err)
		r := httptest.NewRequest(method, path, bytes.NewReader(b))
		answer := w.send(h, r, status)
		var out apiActivity
		if status < 300 {
			w.must(json.Unmarshal([]byte(answer), &out))
		}
		return out
	}
	in := apiActivity{Activity: w.lecture("990203013")}
	in.Activity.Photos = []Photo{{Full: strings.Repeat("a", 64), Consent: true}}
	got := call("POST", "/api/v1/activities", in, 201)
	if got.Version != 1 || got.Activity.Class != "lecture" || len(got.Activity.Photos) != 0 {
		t.Errorf("%+v", got)
	}
	got.Activity.Title = "法治大讲堂"
	path := "/api/v1/activities/" + got.Ref.String()
	if again := call("PUT", path, got, 200); again.Version != 2 || again.Activity.Title != "法治大讲堂" {
		t.Errorf("%+v", again)
	}
	call("PUT", path, got, 409)
	bad := in
	bad.Activity.Phone = ""
	call("POST", "/api/v1/activities", bad, 422)
	foreign := in
	foreign.Activity.Hosts = []Host{{Unit: w.units["990203109"].ID}}
	call("POST", "/api/v1/activities", foreign, 404)
	var list struct {
		Activities []map[string]any
		Total      int64
	}
	w.must(json.Unmarshal([]byte(w.fetch(h, "/api/v1/activities?topic=law", 200)), &list))
	if list.Total != 1 || list.Activities[0]["unit"] != "990203013" || list.Activities[0]["person_times"] != float64(60) {
		t.Errorf("%+v", list)
	}
}

// R121: people of one name are told apart by their unit; a name that is not in the register is a guest.
func TestPeopleByName(t *testing.T) {
	w := open(t)
	one, two := w.volunteer("林育德", "稻香镇", ""), w.volunteer("林育德", "桥南镇", "")
	h := w.site(w.as("990203013"))
	form := report()
	form.Set("_key", "k1")
	form.Set("lecturers", "林育德、外请专家")
	body := w.upload(h, "/activity/new", form, 422)
	has(t, body, "叫林育德的有2位（稻香镇、桥南镇）")
	form.Set("lecturers", "林育德（桥南镇）、外请专家")
	ref := refIn(t, w.upload(h, "/activity/new", form, 303))
	a, _ := w.get(ref)
	if len(a.People) != 2 || a.People[0].Volunteer != two || a.People[0].Name != "林育德" || a.People[1].Volunteer.ID != 0 || a.People[0].Role != "lecturer" {
		t.Errorf("%+v, not %v", a.People, one)
	}
	has(t, w.fetch(h, "/activity/"+ref.String(), 200), "外请专家不在志愿者名册里")
	// a change that leaves the name as it is keeps the person
	form.Set("lecturers", "林育德、外请专家")
	form.Set("_version", "1")
	form.Set("_key", "k2")
	w.post(h, "/activity/"+ref.String()+"/edit", form, 303)
	if a, _ = w.get(ref); a.People[0].Volunteer != two {
		t.Errorf("%+v", a.People)
	}
}

// The unit's page carries the year's activities; readers without the right see none.
func TestUnitPanel(t *testing.T) {
	w := open(t)
	w.create(w.ctx, w.lecture("990203013"))
	box, err := w.s.panel().Render(w.as("990203"), w.units["990203"], today)
	w.must(err)
	var b bytes.Buffer
	w.must(box.Render(w.as("990203"), &b))
	for _, word := range []string{"法治宣讲", "有效覆盖"} {
		has(t, b.String(), word)
	}
	if box, err = w.s.panel().Render(w.as("990204"), w.units["990203"], today); err != nil || box != nil {
		t.Errorf("a neighbour sees %v, %v", box, err)
	}
}

// A unit that is merged takes its activities to its heir's place.
func TestActivitiesFollowTheirUnit(t *testing.T) {
	w := open(t)
	ref := w.create(w.as("990203013"), w.lecture("990203013"))
	w.must(w.org.Merge(w.ctx, []id.ID{w.units["990203013"].ID}, w.units["990203109"].ID, "2019-05-30", "云政〔2019〕1号"))
	heir := w.as("990203109")
	p, err := w.s.List(heir, Filter{Unit: w.units["990203109"]})
	if err != nil || len(p.Rows) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	a, v, err := w.s.Get(heir, ref)
	w.must(err)
	w.must(w.s.Save(heir, ref, v.N, with(a, func(a *Activity) { a.Summary = "接着写" }), record0("edit")))
}

// The reader's own rights decide at every address (R-scope): a canary in the title is not seen by the other county.
func TestCanary(t *testing.T) {
	w := open(t)
	ref := w.create(w.ctx, with(w.lecture("990203013"), func(a *Activity) { a.Title = "canary-7f3" }))
	h := w.site(w.as("990204"))
	for _, path := range []string{"/activity", "/activity?q=canary", "/activity/series", "/activity/bases", "/activity/export?format=csv", "/api/v1/activities"} {
		hasNot(t, w.fetch(h, path, 200), "canary-7f3")
	}
	for _, path := range []string{"", "/known", "/done", "/edit"} {
		w.fetch(h, "/activity/"+ref.String()+path, 404)
	}
	_, err := w.s.Photo(w.as("990204"), ref, "x")
	w.kind(err, errs.NotFound)
	anonymous := scope.With(w.ctx, scope.Actor{})
	w.fetch(w.site(anonymous), "/activity?unit="+w.units["9902"].ID.String(), 401)
}
