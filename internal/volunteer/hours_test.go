package volunteer

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
)

func (f *fixture) log(who id.Ref, day clock.Day, from, to string) id.Ref {
	f.Helper()
	ref, err := f.s.LogHours(f.ctx, Hours{Volunteer: who, Day: day, From: from, To: to, What: "讲故事"})
	f.must(err)
	return ref
}

// try asks for a page and answers its text, whatever the status.
func (f *fixture) try(h http.Handler, path string) string {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w.Body.String()
}

func regexpWord(text, w string) bool {
	return regexp.MustCompile(`\b` + w + `\b`).MatchString(text)
}

// owner acts for a volunteer with an account and no right anywhere.
func (f *fixture) owner(ref id.Ref, login string) context.Context {
	f.Helper()
	f.logins[login] = id.ID(1000 + len(f.logins))
	v, ver, err := f.s.Get(f.ctx, ref)
	f.must(err)
	v.Account = f.logins[login]
	f.must(f.s.Save(f.ctx, ref, ver.N, v, "开账号"))
	return scope.With(f.ctx, scope.Actor{Account: f.logins[login], Name: v.Name, Unit: v.Unit})
}

// the frauds and slips that hours are known for: which are refused, which are marked, and honest entries that look like them.
func TestHoursRefusedAndMarked(t *testing.T) { // R184
	f := open(t)
	ref := f.person("990203013", "田世昌", nil)
	clerk := f.as("990203013")
	log := func(day clock.Day, from, to string) error {
		_, err := f.s.LogHours(clerk, Hours{Volunteer: ref, Day: day, From: from, To: to, What: "讲故事"})
		return err
	}
	f.must(log("2019-05-30", "8:30", "10点半"))
	for name, c := range map[string]struct {
		day      clock.Day
		from, to string
		words    string
	}{
		"the same again":          {"2019-05-30", "08:30", "10:30", "同一段时间不能记两次"},
		"overlap at the end":      {"2019-05-30", "10:15", "11:00", "田世昌2019年5月30日08:30至10:30已经记过“讲故事”"},
		"overlap around":          {"2019-05-30", "00:00", "24:00", "同一段时间不能记两次"},
		"a day to come":           {"2019-06-01", "08:00", "09:00", "还没到"},
		"a dot for a colon":       {"2019-05-30", "8.30", "9.00", "同一段时间不能记两次"}, // 8.30 is read as 8:30
		"not over yet":            {today, "08:30", "09:15", "还没过完"},
		"before admission":        {"2018-01-31", "08:00", "09:00", "才入队"},
		"backwards":               {"2019-05-29", "09:00", "08:00", "晚于开始时间"},
		"past midnight":           {"2019-05-29", "23:00", "01:00", "分两天记"},
		"more than a day":         {"2019-05-29", "00:00", "25:00", "一刻钟"},
		"not a quarter":           {"2019-05-29", "08:05", "09:00", "一刻钟"},
		"no time":                 {"2019-05-29", "上午", "中午", "一刻钟"},
		"a day that is none (R2)": {"2019-02-30", "08:00", "09:00", "填写服务那天"},
	} {
		if err := log(c.day, c.from, c.to); err == nil {
			t.Errorf("%s went through", name)
		} else {
			f.says(err, c.words)
		}
	}
	// honest days that touch: right after, right before, a whole day, the last quarter
	f.must(log("2019-05-30", "10:30", "11:00"))
	f.must(log("2019-05-30", "00:00", "08:30"))
	f.must(log("2019-05-29", "00:00", "24:00"))
	f.must(log("2019-05-28", "23:45", "24:00"))
	f.must(log(today, "08:00", "09:00"))
	f.must(log("2019-05-01", "08:00", "09:00")) // 30 days ago: in time
	f.must(log("2019-04-30", "08:00", "09:00")) // 31 days ago: late
	p, err := f.s.ListHours(f.ctx, f.unit("9902"), HoursFilter{Look: LookLate}, "", 0, 10)
	f.must(err)
	if p.Total != 1 || p.Hours[0].Day != "2019-04-30" {
		t.Errorf("late are %+v", p.Hours)
	}
	f.expect("9902", today, map[string]int64{"volunteer.served_times": 8, "volunteer.hours": 120 + 30 + 510 + 1440 + 15 + 180, "volunteer.hours_late": 60, "volunteer.hours_office": 0})
	// after leaving
	v, ver, err := f.s.Get(clerk, ref)
	f.must(err)
	f.must(f.s.Leave(clerk, ref, ver.N, "2019-05-20", "迁居"))
	_ = v
	f.says(log("2019-05-20", "12:00", "13:00"), "已经离队")
	f.must(log("2019-05-19", "12:00", "13:00"))
	candidate := f.person("990203013", "候选", func(v *Volunteer) { v.AdmittedOn = "" })
	_, err = f.s.LogHours(clerk, Hours{Volunteer: candidate, Day: today, From: "08:00", To: "09:00", What: "x"})
	f.says(err, "还没有入队")
}

func TestOneQuarterOfAnHourUnderParallelEntry(t *testing.T) { // R122: the database decides
	f := open(t)
	ref := f.person("990203013", "田世昌", nil)
	var wg sync.WaitGroup
	var mu sync.Mutex
	good := 0
	for range 20 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err := f.s.LogHours(f.ctx, Hours{Volunteer: ref, Day: "2019-05-30", From: "08:00", To: "09:00", What: "讲故事"})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				good++
			} else if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.Conflict) {
				t.Error(err)
			}
		}()
	}
	wg.Wait()
	if times, minutes, err := f.s.Total(f.ctx, ref); good != 1 || times != 1 || minutes != 60 || err != nil {
		t.Errorf("%d went through, %d times, %d minutes, %v", good, times, minutes, err)
	}
}

func TestWhoEnteredHoursStays(t *testing.T) { // R184: entered for … by …
	f := open(t)
	one, two := f.person("990203013", "田世昌", nil), f.person("990203013", "陈玉兰", nil)
	clerk, self := f.as("990203013"), f.owner(one, "tian")
	h := Hours{Day: "2019-05-30", From: "08:00", To: "09:00", What: "讲故事"}
	h.Volunteer = one
	own, err := f.s.LogHours(self, h)
	f.must(err)
	h.Volunteer = two
	_, err = f.s.LogHours(self, h) // somebody else's
	f.kind(err, errs.NotFound)
	helped, err := f.s.LogHours(clerk, h)
	f.must(err)
	h.Day = "2019-05-29"
	h.EnteredAs, h.EnteredBy, h.EnteredOn = BySelf, "田世昌", "2019-05-29" // claimed, and not believed
	many, err := f.s.LogMany(clerk, h, []id.Ref{one, two})
	f.must(err)
	for ref, want := range map[id.Ref]Hours{own: {EnteredAs: BySelf, EnteredBy: "田世昌"}, helped: {EnteredAs: ByHelper, EnteredBy: "稻香镇办公室"}, many[0]: {EnteredAs: ByOffice, EnteredBy: "稻香镇办公室"}, many[1]: {EnteredAs: ByOffice, EnteredBy: "稻香镇办公室"}} {
		got, ver, err := f.s.given.Get(clerk, ref)
		f.must(err)
		if got.EnteredAs != want.EnteredAs || got.EnteredBy != want.EnteredBy || got.EnteredOn != today {
			t.Errorf("%s: %+v", ref, got)
		}
		got.EnteredAs, got.What = BySelf, "讲故事和下棋" // a correction does not make it one's own
		f.must(f.s.SaveHours(clerk, ref, ver.N, got, "补一句"))
		if got, _, err = f.s.given.Get(clerk, ref); err != nil || got.EnteredAs != want.EnteredAs {
			t.Errorf("after a correction: %+v, %v", got, err)
		}
	}
	ways, err := f.led.ByValue(f.ctx, ledger.Query{Figure: "volunteer.hours", Unit: f.unit("9902").ID, Day: today}, "entered_as")
	f.must(err)
	if ways["self"] != 60 || ways["helper"] != 60 || ways["office"] != 120 {
		t.Errorf("by way: %v", ways)
	}
	_, err = f.s.LogMany(clerk, h, []id.Ref{two, one}) // all or none
	f.kind(err, errs.Invalid)
	h.Day = "2019-05-28"
	stranger := f.person("990203001", "外人", nil)
	_, err = f.s.LogMany(clerk, h, []id.Ref{one, stranger})
	f.kind(err, errs.NotFound)
	f.expect("9902", today, map[string]int64{"volunteer.served_times": 4})
	// hours keep their person from being taken out
	_, ver, err := f.s.Get(clerk, two)
	f.must(err)
	f.says(f.s.Remove(clerk, two, ver.N, "错了"), "已经有2次服务时长")
}

func TestOnesOwnHours(t *testing.T) { // R184
	f := open(t)
	ref := f.person("990203013", "田世昌", nil)
	self := f.owner(ref, "tian")
	h := f.site(self, f.s.Routes())
	testkit.HTML(t, f.get(f.site(scope.With(f.ctx, scope.Actor{Account: 5, Name: "别人"}), f.s.Routes()), "/me/hours", 200)).MustHave("main", "没有和志愿者档案连上")
	form := url.Values{"_key": {"k1"}, "day": {"2019-05-30"}, "from": {"8:30"}, "to": {"10:00"}, "what": {"讲故事"}}
	testkit.HTML(t, f.post(h, "/me/hours", url.Values{"_key": {"k0"}, "day": {"2019-05-30"}, "from": {"8:30"}, "to": {"8:10"}, "what": {"讲故事"}}, 422)).MustHave("main", "一刻钟")
	f.post(h, "/me/hours", form, 303)
	f.post(h, "/me/hours", form, 303) // sent twice, kept once
	f.expect("9902", today, map[string]int64{"volunteer.hours": 90})
	page := testkit.HTML(t, f.get(h, "/me/hours", 200))
	page.MustHave("main", "1.5")
	page.MustHave("main", "本人登记")
	form.Set("_key", "k2")
	testkit.HTML(t, f.post(h, "/me/hours", form, 422)).MustHave("main", "同一段时间不能记两次")
	office := f.log(ref, "2019-05-29", "08:00", "09:00")
	drop := url.Values{"_key": {"k3"}, "_version": {"1"}, "hours": {office.String()}}
	f.post(h, "/me/hours/drop", drop, 404) // not entered by oneself
	own := page.One(`input[name="hours"]`).Attr("value")
	f.post(h, "/me/hours/drop", url.Values{"_key": {"k4"}, "_version": {"1"}, "hours": {own}}, 303)
	f.expect("9902", today, map[string]int64{"volunteer.hours": 60})
	if mine, err := f.s.IsMine(self); !mine || err != nil {
		t.Errorf("the file is not one's own: %v", err)
	}
	if mine, err := f.s.IsMine(f.as("990203013")); mine || err != nil {
		t.Errorf("the clerk has a file: %v", err)
	}
	f.get(h, "/volunteer/"+ref.String(), 403) // no right to view anything
}

func TestPagesOfHours(t *testing.T) { // R184
	f := open(t)
	one, two := f.person("990203013", "田世昌", nil), f.person("990203013", "陈玉兰", nil)
	town := "?unit=" + f.unit("990203013").ID.String()
	clerk, county := f.site(f.as("990203013"), f.s.Routes()), f.site(f.as("990203"), f.s.Routes())
	form := url.Values{"_key": {"k1"}, "day": {"2019-05-30"}, "from": {"8:30"}, "to": {"10:00"}, "what": {"讲故事"}}
	again := testkit.HTML(t, f.post(clerk, "/hours/new"+town, form, 422))
	again.MustHave("main", "勾上要记的人")
	form["people"] = []string{one.String(), two.String()}
	to := f.post(clerk, "/hours/new"+town, form, 303)
	testkit.HTML(t, f.get(clerk, to, 200)).MustHave("main", "批量登记")
	testkit.HTML(t, f.get(county, "/hours", 200)).MustHave("main", "批量登记") // the unit above sees how it was entered
	testkit.HTML(t, f.get(county, "/hours?way=self", 200)).MustHave("main", "没有服务时长")
	to = f.post(clerk, "/volunteer/"+one.String()+"/hours", url.Values{"_key": {"k2"}, "_version": {"1"}, "day": {"2019-05-29"}, "from": {"8:30"}, "to": {"10:00"}, "what": {"下棋"}}, 303)
	testkit.HTML(t, f.get(clerk, to, 200)).MustHave("h1", "服务时长记下了")
	page := testkit.HTML(t, f.get(clerk, "/volunteer/"+one.String(), 200))
	page.MustHave("#hours", "3小时，2次")
	page.MustHave("#hours", "下棋（代记）")
	list, err := f.s.ListHours(f.ctx, f.unit("9902"), HoursFilter{EnteredAs: ByHelper}, "", 0, 10)
	f.must(err)
	show := "/hours/" + list.Hours[0].Ref().String()
	testkit.HTML(t, f.get(clerk, show, 200)).MustHave("main", "稻香镇办公室")
	f.get(county, show+"/edit", 403)
	f.get(f.site(f.as("990204"), f.s.Routes()), show, 404)
	to = f.post(clerk, show+"/edit", url.Values{"_key": {"k3"}, "_version": {"1"}, "day": {"2019-05-29"}, "from": {"8:30"}, "to": {"9:30"}, "what": {"下棋"}, "reason": {"记多了"}}, 303)
	testkit.HTML(t, f.get(clerk, to, 200)).MustHave("main", "撤回")
	f.expect("9902", today, map[string]int64{"volunteer.hours": 240})
	f.post(clerk, show+"/undo", url.Values{"_key": {"k4"}, "_version": {"2"}}, 303)
	f.expect("9902", today, map[string]int64{"volunteer.hours": 270})
	to = f.post(clerk, show+"/remove", url.Values{"_key": {"k5"}, "_version": {"3"}, "reason": {"没有这回事"}}, 303)
	testkit.HTML(t, f.get(clerk, to, 200)).MustHave("h1", "拿掉了")
	f.expect("9902", today, map[string]int64{"volunteer.hours": 180})
	f.must(func() error { // the quarter is free again
		_, err := f.s.LogHours(f.ctx, Hours{Volunteer: one, Day: "2019-05-29", From: "08:30", To: "09:00", What: "x"})
		return err
	}())
	if api := f.get(county, "/api/v1/hours", 200); !strings.Contains(api, `"minutes":210`) || !strings.Contains(api, `"entered_as":"office"`) {
		t.Error(api)
	}
	f.call(clerk, "POST", "/api/v1/volunteers/"+one.String()+"/hours", `{"day":"2019-05-20","from":"8:00","to":"9:00","what":"x"}`, 201)
	f.call(county, "POST", "/api/v1/volunteers/"+one.String()+"/hours", `{"day":"2019-05-20","from":"9:00","to":"10:00","what":"x"}`, 403)
}

func TestImportOfHours(t *testing.T) { // R184
	f := open(t)
	one := f.person("990203013", "田世昌", func(v *Volunteer) { v.Code = "A1" })
	f.person("990203013", "同名", func(v *Volunteer) { v.BirthYear = 1950 })
	f.person("990203001", "同名", func(v *Volunteer) { v.BirthYear = 1940 })
	f.log(one, "2019-05-30", "08:00", "09:00")
	before := f.export(ServiceKind)
	csv := "编号,姓名,日期,开始时间,结束时间,服务内容\n" +
		"A1,,2019-05-30,8:00,9:00,讲故事\n" + // stands already
		"A1,,2019-05-29,8:00,9:00,讲故事\n" +
		",田世昌,2019.5.28,8:00,9点半,下棋\n" +
		"A1,,2019-05-29,8:30,9:30,重叠\n" +
		",同名,2019-05-29,8:00,9:00,x\n" +
		",没有这人,2019-05-29,8:00,9:00,x\n" +
		"A1,,2019-06-29,8:00,9:00,x\n"
	p, err := f.rec.Upload(f.as("990203013"), ServiceKind, f.unit("990203013").ID, "t.csv", []byte(csv))
	f.must(err)
	if p.Bad != 3 || len(p.Lines) != 4 || p.Count("same") != 1 { // within the township there is one of that name
		t.Fatalf("%d bad rows, %+v: %+v", p.Bad, p.Lines, p.Problems)
	}
	p, err = f.rec.Upload(f.ctx, ServiceKind, f.unit("990203").ID, "t.csv", []byte(csv))
	f.must(err)
	if p.Bad != 4 {
		t.Fatalf("at the county: %d bad rows: %+v", p.Bad, p.Problems)
	}
	_, err = f.rec.Take(f.ctx, p.Ref, true)
	f.must(err)
	f.expect("9902", today, map[string]int64{"volunteer.hours": 210, "volunteer.hours_office": 150})
	f.must(f.rec.UndoImport(f.ctx, p.Ref))
	if got := f.export(ServiceKind); got != before {
		t.Errorf("after the undo\n%s\nnot\n%s", got, before)
	}
	f.log(one, "2019-05-29", "08:00", "09:00") // free again
}

func TestTablesForTheServiceSystem(t *testing.T) { // R184
	f := open(t)
	one := f.person("990203013", "田世昌", func(v *Volunteer) {
		v.Phone, v.Health, v.Profession, v.Specialities = "0599-1", "zkhealth", "农技", []string{"果树栽培"}
	})
	f.log(one, "2019-05-30", "08:00", "09:30")
	table := func(ctx context.Context, what string) string {
		var b bytes.Buffer
		f.must(f.s.SystemTable(ctx, &b, what, "csv", f.unit("990203013"), HoursFilter{}))
		return b.String()
	}
	people := table(f.as("990203013"), "people")
	for _, want := range []string{"姓名,证件类型,证件号码,性别,出生日期", "田世昌,,,女,1952,,已退休", "0599-1", "农技、果树栽培", "稻香镇"} {
		if !strings.Contains(people, want) {
			t.Errorf("%s is not in\n%s", want, people)
		}
	}
	if strings.Contains(people, "zkhealth") {
		t.Error("health is in the table")
	}
	if hours := table(f.as("990203013"), "hours"); !strings.Contains(hours, "田世昌,,,稻香镇,,2019-05-30,08:00,09:30,1.5,讲故事,代记") {
		t.Error(hours)
	}
	var b bytes.Buffer
	f.kind(f.s.SystemTable(f.as("990203"), &b, "people", "csv", f.unit("990203013"), HoursFilter{}), errs.Forbidden)
}

func TestCertificatesAreVerifiedByTheirCodeAlone(t *testing.T) { // cloned or edited codes
	f := open(t)
	one, two := f.person("990203013", "田世昌", nil), f.person("990203013", "陈玉兰", nil)
	f.log(one, "2019-05-30", "08:00", "09:30")
	clerk := f.as("990203013")
	h := f.site(clerk, f.s.Routes())
	testkit.HTML(t, f.get(h, "/volunteer/"+one.String()+"/certificate", 200)).MustHave("main", "发一张志愿者证")
	f.post(h, "/volunteer/"+one.String()+"/certificate", url.Values{"_key": {"k1"}, "_version": {"1"}}, 303)
	f.must(f.s.Issue(clerk, two, 1))
	testkit.HTML(t, f.get(h, "/volunteer/"+one.String()+"/certificate", 200)).MustHave("main svg", "")
	code, err := f.s.Code(clerk, one)
	f.must(err)
	other, err := f.s.Code(clerk, two)
	f.must(err)
	if len(code) < 20 || code == other {
		t.Fatalf("codes %s, %s", code, other)
	}
	if c, err := f.s.Code(f.as("990203"), one); c != "" || err != nil { // who only views does not get it
		t.Errorf("the county reads %s, %v", c, err)
	}
	nobody := f.site(scope.With(f.ctx, scope.Actor{}), f.s.Routes())
	at := func(ref id.Ref, code string) string { return "/certificate/" + ref.String() + "?code=" + code }
	good := testkit.HTML(t, f.get(nobody, at(one, code), 200))
	good.MustHave("main", "田世昌")
	good.MustHave("main", "1.5小时")
	edited := []byte(code)
	edited[3] = map[bool]byte{true: 'A', false: 'B'}[edited[3] != 'A']
	for name, path := range map[string]string{"edited": at(one, string(edited)), "another's": at(one, other), "for another": at(two, code), "none": at(one, ""), "cut": at(one, code[:10]),
		"no person": at(id.Ref{Root: 9902, ID: 5}, code), "no ref": "/certificate/x?code=" + code} {
		page := testkit.HTML(t, f.get(nobody, path, 404))
		page.MustHave("main", "核对不上")
		page.MustNotContain("田世昌", "陈玉兰", "稻香镇")
		_ = name
	}
	f.must(f.s.Issue(clerk, one, 2)) // anew: the old paper is void
	f.get(nobody, at(one, code), 404)
	code, err = f.s.Code(clerk, one)
	f.must(err)
	f.get(nobody, at(one, strings.ToLower(code)), 200) // read aloud and typed
	f.must(f.s.Leave(clerk, one, 3, today, "迁居"))
	testkit.HTML(t, f.get(nobody, at(one, code), 200)).MustHave("main", "已经离队")
	f.must(f.s.Revoke(clerk, one, 4, "收回"))
	f.get(nobody, at(one, code), 404)
	f.kind(f.s.Issue(clerk, one, 5), errs.Conflict)
	// no answer of the program carries the seed
	v, _, err := f.s.Get(clerk, two)
	f.must(err)
	if v.Proof.Seed != "" {
		t.Error("the seed is shown")
	}
	v.Phone = "111"
	f.must(f.s.Save(clerk, two, 2, v, "补电话")) // and a correction keeps the certificate
	f.get(nobody, at(two, other), 200)
	f.now = f.now.Add(time.Minute)
}

// jpegOf is a small picture; another n makes another one.
func jpegOf(n int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			m.Set(x, y, color.RGBA{uint8(n * x), uint8(x * 3), uint8(y * 5), 255})
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, nil) // a buffer takes everything
	return b.Bytes()
}

// upload sends a form with a picture.
func (f *fixture) upload(h http.Handler, path string, form url.Values, data []byte, status int) string {
	f.Helper()
	return f.uploadAs(h, path, "photo", form, data, status)
}

func (f *fixture) uploadAs(h http.Handler, path, input string, form url.Values, data []byte, status int) string {
	f.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, list := range form {
		for _, v := range list {
			f.must(m.WriteField(k, v))
		}
	}
	name := "IMG_1.jpg"
	if data == nil { // as a browser sends an input in which nothing was chosen
		name = ""
	}
	w, err := m.CreateFormFile(input, name)
	f.must(err)
	_, err = w.Write(data)
	f.must(err)
	f.must(m.Close())
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return f.send(h, r, status)
}

func TestAPhotoIsEvidenceOfOneDay(t *testing.T) { // R184: evidence; the same photo twice is shown
	f := open(t)
	one, two := f.person("990203013", "田世昌", nil), f.person("990203013", "陈玉兰", nil)
	clerk := f.site(f.as("990203013"), f.s.Routes())
	form := func(key, day, from, to string) url.Values {
		return url.Values{"_key": {key}, "_version": {"1"}, "day": {day}, "from": {from}, "to": {to}, "what": {"讲故事"}}
	}
	page := testkit.HTML(t, f.upload(clerk, "/volunteer/"+one.String()+"/hours", form("k0", "2019-05-30", "8:00", "9:00"), []byte("no picture"), 422))
	page.MustHave("main .err", "不能上传")
	page = testkit.HTML(t, f.upload(clerk, "/volunteer/"+one.String()+"/hours", form("k0", "2019-05-30", "8:00", "9:00"), append(jpegOf(1), make([]byte, 40<<20)...), 422))
	page.MustHave("main .err", "25MB") // 40 MB: named at its input, and what was typed stays
	page.MustHave(`input[name=what][value=讲故事]`, "")
	f.upload(clerk, "/volunteer/"+one.String()+"/hours", form("k1", "2019-05-30", "8:00", "9:00"), nil, 303) // none chosen
	f.upload(clerk, "/volunteer/"+one.String()+"/hours", form("k2", "2019-05-30", "9:00", "10:00"), jpegOf(1), 303)
	f.upload(clerk, "/volunteer/"+two.String()+"/hours", form("k3", "2019-05-30", "9:00", "10:00"), jpegOf(1), 303) // both are on it
	again := func() (out []string) {
		p, err := f.s.ListHours(f.ctx, f.unit("9902"), HoursFilter{Look: LookAgain}, "", 0, 10)
		f.must(err)
		for _, g := range p.Hours {
			out = append(out, string(g.Day))
			if g.Again != 1 {
				t.Errorf("%+v is not marked", g)
			}
		}
		return out
	}
	if got := again(); len(got) != 0 {
		t.Errorf("one day, two people: %v", got)
	}
	f.upload(clerk, "/volunteer/"+two.String()+"/hours", form("k4", "2019-05-29", "9:00", "10:00"), jpegOf(2), 303)
	if got := again(); len(got) != 0 {
		t.Errorf("another photo: %v", got)
	}
	f.upload(clerk, "/volunteer/"+two.String()+"/hours", form("k5", "2019-05-28", "9:00", "10:00"), jpegOf(1), 303)
	if got := again(); len(got) != 3 {
		t.Errorf("the same photo on another day: %v", got)
	}
	testkit.HTML(t, f.get(clerk, "/hours", 200)).MustHave("main", "同一张照片用在了不同的日子")
	p, err := f.s.ListHours(f.ctx, f.unit("9902"), HoursFilter{Volunteer: one, From: "2019-05-30", To: "2019-05-30"}, "", 0, 10)
	f.must(err)
	with, without := p.Hours[0], p.Hours[1]
	if with.Photo == "" {
		with, without = without, with
	}
	show := "/hours/" + with.Ref().String()
	shown := testkit.HTML(t, f.get(clerk, show, 200))
	if got := shown.One("main img").Attr("src"); got != show+"/thumb" {
		t.Errorf("the picture is %s", got)
	}
	if data := f.get(clerk, show+"/photo", 200); !strings.HasPrefix(data, "\xff\xd8") {
		t.Error("the photo is no JPEG")
	}
	f.get(clerk, "/hours/"+without.Ref().String()+"/photo", 404)
	f.get(f.site(f.as("990204"), f.s.Routes()), show+"/photo", 404)
	many := form("k6", "2019-05-27", "8:00", "9:00")
	many["people"] = []string{one.String(), two.String()}
	f.upload(clerk, "/hours/new?unit="+f.unit("990203013").ID.String(), many, jpegOf(3), 303)
	if got := again(); len(got) != 3 {
		t.Errorf("one photo for many of one day: %v", got)
	}
	self := f.site(f.owner(one, "tian"), f.s.Routes())
	f.upload(self, "/me/hours", form("k7", "2019-05-26", "8:00", "9:00"), jpegOf(4), 303)
	// a correction keeps the photo, or takes a new one
	fix := form("k8", "2019-05-30", "9:00", "10:30")
	fix.Set("reason", "多讲了一会儿")
	f.upload(clerk, show+"/edit", fix, nil, 303)
	h, _, err := f.s.given.Get(f.ctx, with.Ref())
	f.must(err)
	if h.Photo != with.Photo {
		t.Error("the correction lost the photo")
	}
	fix.Set("_key", "k9")
	fix.Set("_version", "2")
	f.upload(clerk, show+"/edit", fix, jpegOf(5), 303)
	if h, _, err = f.s.given.Get(f.ctx, with.Ref()); err != nil || h.Photo == with.Photo {
		t.Errorf("the photo stays %s, %v", h.Photo, err)
	}
}
