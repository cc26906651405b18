package base_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/base"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/ledger"
)

const hostile = `"><script>alert(1)</script>`

func TestRoutesDeclareRightAndScope(t *testing.T) { // R189
	w := open(t)
	must(t, web.Check(w.s.Routes()))
}

func TestTheListShowsItsNumbersAndLinks(t *testing.T) { // R77, R89
	w := open(t)
	for range 25 {
		w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "")))
	}
	evil := w.base("990204", "法治", w.plaque("9902", "2018-01-01", ""))
	evil.Name, evil.Intro = hostile, hostile
	w.create(evil)
	ctx := w.as("9902")
	raw, err := w.do(ctx, "GET", "/base?unit=9902", nil)
	must(t, err)
	if strings.Contains(raw.Body.String(), "<script>alert") {
		t.Error("a name got into the page as it was typed")
	}
	p := testkit.HTML(t, raw.Body.String())
	p.MustHave("h1", "校外教育阵地")
	p.MustHave(".fig", "26")
	p.MustHave("th", hostile)
	if n := len(p.All("table.rows tbody tr")); n != 20 {
		t.Errorf("%d rows", n)
	}
	next := ""
	for _, a := range p.All(".pager a") {
		next = a.Attr("href")
	}
	if n := len(w.page(ctx, next).All("table.rows tbody tr")); n != 6 {
		t.Errorf("%d rows on the second page", n)
	}
	p = w.page(ctx, "/base?unit=9902&category="+url.QueryEscape("法治"))
	if n := len(p.All("table.rows tbody tr")); n != 1 {
		t.Errorf("%d rows of one category", n)
	}
	w.page(ctx, "/base?unit=9902&area=990203&level=city&run_mode=self&order=gaps&all=1").MustHave("p", "25")
	w.page(w.as("990203109"), "/base").MustHave("main", "这里还没有阵地")
	if _, err := w.do(ctx, "GET", "/base?unit=9902&area=9907", nil); !errs.Is(err, errs.NotFound) {
		t.Errorf("an area outside: %v", err)
	}
}

// Somebody registered a base, gave it no plaque yet and could not find it again.
func TestABaseWithoutAPlaqueIsFoundAgain(t *testing.T) { // R77
	w := open(t)
	w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "")))
	bare := w.base("990203013", "法治")
	bare.Name = "稻香校史馆"
	w.create(bare)
	ctx := w.as("9902")
	p := w.page(ctx, "/base?unit=9902")
	p.MustNotContain("稻香校史馆")
	more := ""
	for _, a := range p.All("#list a") {
		if strings.Contains(a.Content(), "另有1个没有有效牌子的") {
			more = strings.TrimSuffix(a.Attr("href"), "#list")
		}
	}
	if more == "" {
		t.Fatal("the list does not say that it leaves one out")
	}
	w.page(ctx, more).MustHave("th", "稻香校史馆")
	p = w.page(ctx, "/base?unit=9902&q="+url.QueryEscape("校史"))
	p.MustHave("th", "稻香校史馆")
	p.MustNotContain("没有有效牌子的，也")
}

func TestOurShareOfTheProvince(t *testing.T) { // R81: both terms
	w := open(t)
	w.create(w.base("990203013", "国防", w.plaque("99", "2015-01-01", "")))
	for range 2 {
		w.create(w.base("9907", "国防", w.plaque("99", "2015-01-01", "")))
	}
	w.page(w.as("9902"), "/base").MustHave("main", "持有省级牌的1个，东江省一共3个")
	if strings.Contains(w.page(w.as("99"), "/base").Content(), "持有省级牌的") {
		t.Error("the province has a share of itself")
	}
}

// The English list, the tags and the facts of a base, and the list behind a figure showed the category in Chinese (R100);
// a category of the city's own keeps its name where it has no English one. What stands behind a figure says its day once,
// in its column, not another one beside the name.
func TestEnglishPagesNameTheCategoryInEnglish(t *testing.T) {
	w := open(t)
	b := w.base("990203013", "国防", w.plaque("9902", "2015-01-01", ""))
	b.Secondary = []string{"法治"}
	ref := w.create(b)
	ctx := i18n.With(w.as("9902"), w.words, "en")
	for at, where := range map[string]string{"/base": "table.rows", "/base/" + ref.String(): "main"} {
		p := w.page(ctx, at)
		p.MustHave(where, "Defence")
		p.MustNotContain(">国防<", "国防, ")
	}
	w.page(ctx, "/base/"+ref.String()).MustHave(".facts", "Defence, Law")
	w.page(w.as("9902"), "/base").MustHave("table.rows", "国防")
	list, err := w.ledger.Evidence(ctx, ledger.Query{Figure: "base.accredited", Unit: w.units["9902"].ID, Day: today}, "", 10)
	must(t, err)
	if len(list.Items) != 1 || strings.Join(list.Items[0].Detail, "/") != "Defence/City" {
		t.Errorf("the list behind the figure says %+v", list.Items)
	}
}

// The title of the standard broke into three lines on a phone: it is a title, and how much is met stands under it (R93).
func TestStandardSaysUnderItsTitleHowMuchIsMet(t *testing.T) {
	w := open(t)
	some := w.base("990203013", "国防")
	some.Items = []base.ItemState{{Item: "staff", Met: true, Day: "2019-01-01", Evidence: "名单"}}
	p := w.page(w.as("990203013"), "/base/"+w.create(some).String())
	p.MustHave("#standard h2", "本市标准")
	p.MustHave("#standard header p", "共7项，达到1项。还缺的排在前面。")
	if got := p.One("#standard h2").Content(); got != "本市标准" {
		t.Errorf("the title is %q", got)
	}
}

func TestEveryPageOpensInBothStates(t *testing.T) {
	w := open(t)
	full := w.base("990203013", "国防", w.plaque("9902", "2015-01-01", ""), w.plaque("990203", "2015-01-01", "2016-01-01"))
	full.RunMode, full.Phone, full.Facilities = base.Other, "0500-555 0188", []string{"toilet", "water"}
	full.Agreements = []base.Agreement{{Document: "协议1", Parties: "甲、乙", From: "2015-01-01", To: "2019-06-20"}}
	full.Checks = []base.Check{{Year: 2018, Day: "2018-05-01", By: "柳春兰", Result: "pass"}, {Year: 2019, DueOn: "2019-06-30"}}
	full.Plans = []base.Plan{{ID: 7, Title: "修屋顶", OpenedOn: "2019-01-01"}, {Title: "换灯", OpenedOn: "2018-01-01", ClosedOn: "2018-02-01", Before: "暗", After: "亮"}}
	full.Items = []base.ItemState{{Item: "staff", Met: true, Day: "2019-01-01", Evidence: "名单"}, {Item: "plan", Gap: "还没有报"}}
	refs := []string{w.create(full).String(), w.create(w.base("990203013", "法治")).String()}
	ctx := w.as("990203013")
	for _, lang := range []string{"zh", "en"} {
		ctx := i18n.With(ctx, w.words, lang)
		for _, ref := range refs {
			for _, at := range []string{"", "/history", "/history?at=2019-05-31", "/history?at=2010-01-01", "/edit", "/accredit", "/revoke", "/agreement", "/standard", "/check",
				"/plan", "/photo", "/photo-remove", "/remove", "/done?did=edit", "/done?did=correct&pending=1"} {
				p := w.page(ctx, "/base/"+ref+at)
				p.One("h1")
				p.MustNotContain("base.", "{{", "&lt;no value")
			}
		}
		for _, at := range []string{"/base", "/base/new", "/base/matrix", "/base/rank", "/base?all=1"} {
			p := w.page(ctx, at)
			p.One("h1")
			p.MustNotContain("{{", ">base.")
		}
	}
	p := w.page(ctx, "/base/"+refs[0])
	p.MustHave("main", "2019年6月20日到期")  // R106
	p.MustHave("main", "登记活动时写上这个阵地")   // R101: empty, and says why
	p.MustHave(".have li.miss", "还没有报") // R93
	p.MustHave("main", "无障碍通道")         // R97: what is missing is listed
	if got := p.Texts(".have li b"); !strings.Contains(got[len(got)-1], "有队伍") {
		t.Errorf("gaps do not come first: %v", got) // R105
	}
}

func (w *world) post(ctx context.Context, address string, form url.Values) (*httptest.ResponseRecorder, error) {
	if form.Get("_key") == "" {
		form.Set("_key", web.NewKey())
	}
	return w.do(ctx, "POST", address, form)
}

func TestAFormKeepsWhatWasTypedAndSaysWhatToChange(t *testing.T) {
	w := open(t)
	ctx := w.as("990203013")
	form := url.Values{"name": {""}, "host": {"990203013"}, "run_mode": {"self"}, "category": {"国防"}, "address": {hostile}, "capacity": {"很多"}}
	rw, err := w.post(ctx, "/base/new", form)
	must(t, err)
	if rw.Code != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", rw.Code)
	}
	p := testkit.HTML(t, rw.Body.String())
	p.MustHave(".errsum", "整数")
	if strings.Contains(rw.Body.String(), "<script>alert") {
		t.Error("an address got into the page as it was typed")
	}
	if got := p.One("input[name=address]").Attr("value"); got != hostile {
		t.Errorf("the address came back as %q", got)
	}
	form.Set("name", "桥南读书屋")
	form.Set("capacity", "60")
	rw, err = w.post(ctx, "/base/new", form)
	must(t, err)
	to := rw.Header().Get("Location")
	again, err := w.post(ctx, "/base/new", form) // sent twice
	must(t, err)
	if again.Header().Get("Location") != to {
		t.Errorf("%s, then %s", to, again.Header().Get("Location"))
	}
	list, err := w.s.List(w.ctx, base.Filter{Unit: w.units["9902"]})
	must(t, err)
	if list.Total != 1 {
		t.Errorf("%d bases", list.Total)
	}
	w.page(ctx, to).MustHave("h1", "已经登记")
}

func TestTheDonePageShowsWhichFiguresMoved(t *testing.T) {
	w := open(t)
	ref := w.create(w.base("9902", "国防"))
	ctx := w.as("9902")
	w.later(time.Minute)
	rw, err := w.post(ctx, "/base/"+ref.String()+"/accredit", url.Values{"_version": {"1"}, "level": {"city"}, "issuer": {"云州市"}, "granted_on": {"2019-05-30"}, "document": {"云1号"}})
	must(t, err)
	p := w.page(ctx, rw.Header().Get("Location"))
	p.MustHave("h1", "牌子已经记下")
	p.MustHave(".moved li", "校外教育阵地")
	undo := p.One(".undo form")
	w.wants("base.accredited", "9902", today, 1)
	rw, err = w.post(ctx, undo.Attr("action"), url.Values{"_version": {"2"}})
	must(t, err)
	w.page(ctx, rw.Header().Get("Location")).One("h1")
	w.wants("base.accredited", "9902", today, 0)
	// somebody was faster
	rw, err = w.post(ctx, "/base/"+ref.String()+"/check", url.Values{"_version": {"1"}, "year": {"2019"}, "day": {"2019-05-30"}, "by": {"何德旺"}, "result": {"pass"}})
	must(t, err)
	if rw.Code != http.StatusConflict {
		t.Errorf("status %d", rw.Code)
	}
	testkit.HTML(t, rw.Body.String()).MustHave(".errsum", "刚才有人改过")
}

func TestEveryActWorksFromItsForm(t *testing.T) {
	w := open(t)
	ref := w.create(w.base("9902", "国防", w.plaque("9902", "2019-05-20", "")))
	ctx := w.as("9902")
	b, _ := w.get(ref)
	plaque := b.Accreditations[0].ID.String()
	for i, act := range []struct {
		path string
		form url.Values
	}{
		{"edit", url.Values{"name": {"新名"}, "code": {b.Code}, "host": {"9902"}, "category": {"法制"}, "run_mode": {"joint"}, "owner": {"市文化局"}, "facilities": {"water"}}},
		{"agreement", url.Values{"document": {"共建1号"}, "parties": {"甲、乙"}, "from": {"2019-01-01"}, "to": {"2022-12-31"}}},
		{"standard", url.Values{"met.place": {"yes"}, "evidence.place": {"平面图"}, "day.place": {"2019-05-01"}}},
		{"check", url.Values{"year": {"2019"}, "day": {"2019-05-30"}, "by": {"何德旺"}, "result": {"pass"}}},
		{"plan", url.Values{"title": {"添急救箱"}, "opened_on": {"2019-05-01"}}},
		{"correct", url.Values{"id": {plaque}, "level": {"city"}, "issuer": {"云州市"}, "granted_on": {"2019-05-21"}, "reason": {"抄错"}}},
		{"revoke", url.Values{"accreditation": {plaque}, "on": {"2019-05-30"}, "reason": {"搬走"}, "document": {"云2号"}}},
	} {
		w.later(time.Second)
		act.form.Set("_version", string(rune('1'+i)))
		rw, err := w.post(ctx, "/base/"+ref.String()+"/"+act.path, act.form)
		must(t, err)
		if rw.Code != http.StatusSeeOther {
			t.Fatalf("%s: %d %s", act.path, rw.Code, testkit.HTML(t, rw.Body.String()).Text(".errsum"))
		}
		w.page(ctx, rw.Header().Get("Location")).One("h1")
	}
	b, v := w.get(ref)
	if b.Category != "法治" || b.Owner.Name != "市文化局" || b.Agreements[0].To != "2023-01-01" || b.ItemsMet() != 1 || len(b.Checks) != 1 || len(b.Plans) != 1 ||
		b.Accreditations[0].GrantedOn != "2019-05-21" || b.Accreditations[0].Status != base.Revoked {
		t.Errorf("%+v", b)
	}
	w.page(ctx, "/base/"+ref.String()+"/history").MustHave("dl.diff", "法治")
	rw, err := w.post(ctx, "/base/"+ref.String()+"/remove", url.Values{"_version": {string(rune('0' + v.N))}, "reason": {"登记重了"}})
	must(t, err)
	back, err := url.Parse(rw.Header().Get("Location"))
	must(t, err)
	w.page(ctx, back.String()).MustHave("main", "还没有阵地")
	undo := url.Values{"_version": {back.Query().Get("version")}}
	_, err = w.post(w.as("990204"), "/base/"+ref.String()+"/undo", undo)
	kindIs(t, err, errs.NotFound) // to others it is not there
	undo.Del("_key")
	_, err = w.post(ctx, "/base/"+back.Query().Get("ref")+"/undo", undo)
	must(t, err)
	if b, _ := w.get(ref); b.Name != "新名" {
		t.Errorf("came back as %q", b.Name)
	}
}

func TestSettingsAreSaved(t *testing.T) { // R93, R100
	w := open(t)
	ctx := w.as("9902")
	rw, err := w.post(ctx, "/base/settings?unit=9902", url.Values{"what": {"standard"}, "item.0": {"有匾牌"}, "text.0": {"挂在门口"}, "item.1": {""}, "item.2": {"有人"}})
	must(t, err)
	for _, lang := range []string{"zh", "en"} {
		p := w.page(i18n.With(ctx, w.words, lang), rw.Header().Get("Location"))
		p.One("input[value=有匾牌]")
		p.MustNotContain("{{", ">base.")
	}
	rw, err = w.post(ctx, "/base/settings?unit=9902", url.Values{"what": {"categories"}, "name.0": {"国防"}, "name.1": {"国防"}})
	must(t, err)
	if rw.Code != http.StatusUnprocessableEntity {
		t.Errorf("status %d", rw.Code)
	}
}

func TestTheAPIUsesTheSameService(t *testing.T) {
	w := open(t)
	ctx := w.as("990203013")
	ref := w.create(w.base("990203013", "国防"))
	rw, err := w.do(ctx, "GET", "/api/v1/bases/"+ref.String(), nil)
	must(t, err)
	var got map[string]any
	must(t, json.Unmarshal(rw.Body.Bytes(), &got))
	got["base"].(map[string]any)["name"] = "新名"
	delete(got, "ref")
	put := func() error {
		body, _ := json.Marshal(got)
		r := httptest.NewRequest("PUT", "/api/v1/bases/"+ref.String(), strings.NewReader(string(body))).WithContext(ctx)
		r.SetPathValue("ref", ref.String())
		for _, rt := range w.s.Routes() {
			if rt.Method == "PUT" {
				return rt.Handler(httptest.NewRecorder(), r)
			}
		}
		return nil
	}
	must(t, put())
	kindIs(t, put(), errs.Conflict)
	rw, err = w.do(ctx, "GET", "/api/v1/bases", nil)
	must(t, err)
	if body := rw.Body.String(); !strings.Contains(body, "新名") || !strings.Contains(body, `"total":1`) {
		t.Errorf("%s", body)
	}
	_, err = w.do(w.as("9907"), "GET", "/api/v1/bases/"+ref.String(), nil)
	kindIs(t, err, errs.NotFound)
}

func TestExportsLeaveWhole(t *testing.T) {
	w := open(t)
	w.create(w.base("990203013", "国防", w.plaque("9902", "2015-01-01", "")))
	for format, sign := range map[string]string{"csv": "\ufeff编号", "xlsx": "PK"} {
		rw, err := w.do(w.as("9902"), "GET", "/base/export?format="+format, nil)
		must(t, err)
		if !strings.HasPrefix(rw.Body.String(), sign) || !strings.Contains(rw.Header().Get("Content-Disposition"), "."+format) {
			t.Errorf("%s begins %q", format, rw.Body.String()[:8])
		}
	}
}

// The form once filled in 9902 where everybody reads the unit's name.
func TestTheFormNamesTheUnitAndFindsItAsPeopleDo(t *testing.T) {
	w := open(t)
	ctx := w.as("990203013")
	if got := w.page(ctx, "/base/new").One("input[name=host]").Attr("value"); got != "稻香镇" {
		t.Errorf("the form shows %q", got)
	}
	for text, want := range map[string]int{"稻香镇": http.StatusSeeOther, "dxz": http.StatusSeeOther, "990203013": http.StatusSeeOther, "没有这个镇": http.StatusUnprocessableEntity} {
		rw, err := w.post(ctx, "/base/new", url.Values{"name": {"读书屋" + text}, "host": {text}, "run_mode": {"self"}, "category": {"国防"}})
		must(t, err)
		if rw.Code != want {
			t.Errorf("%s: %d", text, rw.Code)
		}
	}
	list, err := w.s.List(w.ctx, base.Filter{Unit: w.units["990203013"]})
	must(t, err)
	if list.Total != 3 {
		t.Errorf("%d bases", list.Total)
	}
	if got := w.page(ctx, "/base/"+list.Rows[0].Ref().String()+"/edit").One("input[name=host]").Attr("value"); got != "稻香镇" {
		t.Errorf("the form of a standing base shows %q", got)
	}
}
