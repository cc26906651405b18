package seal

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
)

// people are the accounts of the tests by login.
type people map[string]scope.Actor

func (p people) ByLogin(_ context.Context, login string) (scope.Actor, error) {
	a, ok := p[login]
	if !ok {
		return a, errs.New(errs.NotFound, "errs.not_found")
	}
	return a, nil
}

func (p people) Colleagues(context.Context, id.ID) ([]Colleague, error) { return nil, nil }

// pages serves the module's pages about the one matter of the world for one person.
func (w *world) pages(ctx context.Context) http.Handler {
	w.Helper()
	w.s.matters = []Matters{w.s.wishMatter, func(ctx context.Context, of id.Ref) (Matter, error) {
		if u, err := w.s.home(ctx, w.owner.Unit); err != nil || of != w.owner.Of || !scope.From(ctx).May(scope.View, u.Pos) {
			return Matter{}, errs.New(errs.NotFound, "errs.not_found")
		}
		return Matter{Owners: append([]Owner{w.owner}, w.more...), Title: "红色研学营", Href: "/camp", Hint: "seal.erased_lead", Label: func(context.Context, string) string { return "营员" },
			Name: func(_ string, r Record) string { return r.Fields["name"] }}, nil
	}}
	site := &web.Site{Actor: func(*http.Request) (scope.Actor, error) { return scope.From(ctx), nil },
		UnitPos: func(ctx context.Context, ref string) (int64, error) {
			u, err := w.s.org.Resolve(ctx, ref)
			return u.Pos, err
		},
		Fail: func(rw http.ResponseWriter, r *http.Request, err error) {
			http.Error(rw, i18n.Error(r.Context(), err)+fmt.Sprintf(" (%v)", err), errs.KindOf(err).Status())
		}}
	site.Add(w.s.Routes()...)
	h, err := site.Handler()
	w.must(err)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { h.ServeHTTP(rw, r.WithContext(ctx)) })
}

func (w *world) fetch(who context.Context, path string, status int) string {
	w.Helper()
	return w.sent(who, httptest.NewRequest("GET", path, nil), status)
}

func (w *world) post(who context.Context, path string, form url.Values, status int) string {
	w.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.sent(who, r, status)
}

func (w *world) sent(who context.Context, r *http.Request, status int) string {
	w.Helper()
	rec := httptest.NewRecorder()
	w.pages(who).ServeHTTP(rec, r)
	if rec.Code != status {
		w.Fatalf("%s %s answers %d, want %d: %.700s", r.Method, r.URL, rec.Code, status, rec.Body)
	}
	return rec.Body.String()
}

func (w *world) holds(what, page string, words ...string) {
	w.Helper()
	for _, word := range words {
		if !strings.Contains(page, word) {
			w.Errorf("%s lacks %q", what, word)
		}
	}
}

// auditor holds the log of a unit's subtree and works nowhere.
func (w *world) auditor(u org.Unit) context.Context {
	all := scope.Set{u.Range()}
	return scope.With(w.ctx, scope.Actor{Account: 70, Name: "蔡惠琴", Unit: u.ID, Pos: u.Pos, ViewSet: all, AuditSet: all, Auditor: true})
}

// above works above without the log there.
func (w *world) above(account id.ID) context.Context {
	all := scope.Set{w.city.Range()}
	return scope.With(w.ctx, scope.Actor{Account: account, Name: "周文琴", Unit: w.city.ID, Pos: w.city.Pos, ViewSet: all, WorkSet: all})
}

// R133: the keeper lets somebody in by login, for a purpose and until a day, and ends it early; the unit above sees neither the
// list nor the child, and who cannot see the unit is not let in.
func TestGrantPages(t *testing.T) {
	w := open(t)
	w.seal()
	guest, keeper, at := w.above(5), w.as(w.town, 1), "/seal/"+w.owner.Of.String()
	w.s.SetAccounts(people{"zhou": scope.From(guest), "far": {Account: 9, Name: "吴远"}})
	for _, path := range []string{at, at + "/readings", at + "/grant", at + "/revoke", at + "/erase", "/api/v1" + at + "/grants", "/api/v1" + at + "/readings"} {
		w.holds(path, w.fetch(guest, path, http.StatusForbidden), "稻香镇")
	}
	w.post(guest, at+"/grant", url.Values{"_key": {web.NewKey()}, "login": {"zhou"}, "purpose": {"x"}, "until": {string(today)}}, http.StatusForbidden)
	w.holds("the form", w.fetch(keeper, at+"/grant", http.StatusOK), `value="2019-06-07"`)
	for _, login := range []string{"far", "nobody", ""} {
		w.holds(login, w.post(keeper, at+"/grant", url.Values{"_key": {web.NewKey()}, "login": {login}, "purpose": {"核对保险名单"}, "until": {string(today)}}, http.StatusUnprocessableEntity), "没有这个账号")
	}
	w.holds("no purpose", w.post(keeper, at+"/grant", url.Values{"_key": {web.NewKey()}, "login": {"zhou"}, "until": {"2029-01-01"}}, http.StatusUnprocessableEntity), "写明查看做什么用", "最长180天")
	key := web.NewKey()
	for range 2 { // sent twice
		w.post(keeper, at+"/grant", url.Values{"_key": {key}, "login": {"zhou"}, "purpose": {"核对保险名单"}, "until": {"2019年6月3日"}}, http.StatusSeeOther)
	}
	list, err := w.s.Grants(keeper, w.owner)
	w.must(err)
	if len(list) != 1 || list[0].Name != "周文琴" || list[0].Until != "2019-06-03" {
		t.Fatalf("%+v", list)
	}
	got, err := w.s.Open(guest, w.owner)
	w.must(err)
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	w.fetch(guest, at, http.StatusForbidden) // who may read what is sealed does not hear who else may
	page := w.fetch(keeper, at+"?done=grant", http.StatusOK)
	w.holds("the keeper's page", page, "周文琴", "核对保险名单", "2019年6月3日", "/revoke?grant="+list[0].ID.String(), "2019-05-31 09:00", "云州市")
	if strings.Contains(page, name) {
		t.Error("the page about readings names a child")
	}
	w.holds("the confirmation", w.fetch(keeper, at+"/revoke?grant="+list[0].ID.String(), http.StatusOK), "核对保险名单", "checked")
	w.post(keeper, at+"/revoke", url.Values{"_key": {web.NewKey()}, "grant": {list[0].ID.String()}}, http.StatusSeeOther)
	_, err = w.s.Open(guest, w.owner)
	w.refused(errs.Forbidden, "seal.closed", err)
	w.holds("after the end", w.fetch(keeper, at, http.StatusOK), "2019年5月31日收回", "以前的授权", "未准许")
}

// R133: who has read, when and for what stands before the unit and its auditor, on the page and as JSON, page by page; an auditor
// of another place and a grant that has run out see nothing.
func TestReadings(t *testing.T) {
	w := open(t)
	w.seal()
	guest, keeper, at := w.above(5), w.as(w.town, 1), "/seal/"+w.owner.Of.String()
	_, err := w.s.Grant(keeper, w.owner, Grant{Account: 5, Name: "周文琴", Purpose: "核对保险名单", Until: today})
	w.must(err)
	_, err = w.s.Open(guest, w.owner)
	w.must(err)
	_, err = w.s.Open(w.above(6), w.owner)
	w.refused(errs.Forbidden, "seal.closed", err)
	_, err = w.s.Open(keeper, w.owner)
	w.must(err)
	w.now = w.now.AddDate(0, 0, 1)
	_, err = w.s.Open(guest, w.owner)
	w.refused(errs.Forbidden, "seal.closed", err)
	for _, who := range []context.Context{keeper, w.auditor(w.city), w.auditor(w.town)} {
		page := w.fetch(who, at+"/readings", http.StatusOK)
		w.holds("readings", page, "核对保险名单", "本单位工作", "未准许", "周文琴", "陈玉兰", "2019-06-01 09:00", "营员")
		if strings.Contains(page, name) {
			t.Error("it names a child")
		}
		w.holds("past grants", w.fetch(who, at, http.StatusOK), "已到期")
	}
	if strings.Contains(w.fetch(w.auditor(w.city), at, http.StatusOK), at+"/grant") {
		t.Error("an auditor is offered to let somebody in")
	}
	w.fetch(w.auditor(w.city), at+"/grant", http.StatusForbidden)
	province, err := w.s.org.ByCode(w.ctx, "99")
	w.must(err)
	far := scope.From(w.above(8))
	far.Auditor, far.AuditSet = true, scope.Set{{From: province.Pos, To: province.Pos + 1}}
	w.fetch(scope.With(w.ctx, far), at+"/readings", http.StatusForbidden)

	for range pageSize {
		_, err = w.s.Open(keeper, w.owner)
		w.must(err)
	}
	var out struct {
		Readings []apiReading
		Next     string
	}
	seen := map[id.ID]bool{}
	for path := "/api/v1" + at + "/readings"; ; path = "/api/v1" + at + "/readings?" + out.Next {
		out.Next, out.Readings = "", nil
		w.must(json.Unmarshal([]byte(w.fetch(keeper, path, http.StatusOK)), &out))
		for _, x := range out.Readings {
			seen[x.ID] = true
		}
		if out.Next == "" {
			break
		}
	}
	if len(seen) != pageSize+7 { // sealed, let in, a reading and two refusals of guests, one reading of the keeper, one look of an auditor from elsewhere
		t.Errorf("%d rows over all pages", len(seen))
	}
	w.holds("JSON of grants", w.fetch(keeper, "/api/v1"+at+"/grants", http.StatusOK), `"purpose":"核对保险名单"`, `"live":false`, `"erased":[]`)
}

// R133: a guardian has a child erased: a page asks once more, the reason names nobody, and afterwards it says that something was
// erased, by whom, when and why, never what; a consent ends with it. Sent twice it is erased once.
func TestErasePages(t *testing.T) {
	w := open(t)
	ref := w.seal()
	keeper, at := w.as(w.town, 1), "/seal/"+w.owner.Of.String()
	w.must(w.s.Consent(keeper, w.owner, ref, Consent{Purpose: "join", Given: today, Form: "paper"}))
	w.holds("the form", w.fetch(keeper, at+"/erase?record="+ref.String(), http.StatusOK), name, `value="`+ref.String()+`" selected`, "监护人要求销毁")
	form := url.Values{"_key": {web.NewKey()}, "record": {ref.String()}, "ground": {ByGuardian}, "reason": {name + "的妈妈来电"}}
	w.holds("a reason that tells", w.post(keeper, at+"/erase", form, http.StatusUnprocessableEntity), "去掉再提交")
	form.Set("sure", "1")
	w.holds("the same at the last step", w.post(keeper, at+"/erase", form, http.StatusUnprocessableEntity), "去掉再提交")
	form.Del("sure")
	w.holds("nothing said", w.post(keeper, at+"/erase", url.Values{"_key": {web.NewKey()}, "record": {ref.String()}}, http.StatusUnprocessableEntity), "选销毁的原因", "写明为什么销毁")
	form.Set("reason", "母亲5月31日来电提出")
	w.holds("the last page", w.post(keeper, at+"/erase", form, http.StatusOK), "确认销毁", name, "母亲5月31日来电提出")
	if got, err := w.s.Open(keeper, w.owner); err != nil || got[0].Fields == nil {
		t.Fatalf("erased before it was confirmed: %v", err)
	}
	form.Set("sure", "1")
	w.post(w.above(5), at+"/erase", form, http.StatusForbidden)
	for range 2 {
		w.post(keeper, at+"/erase", form, http.StatusSeeOther)
	}
	w.refused(errs.Conflict, "seal.erased_already", w.s.Erase(keeper, w.owner, ref, ByGuardian, "再来一次"))
	for _, path := range []string{at, at + "/readings", "/api/v1" + at + "/grants"} {
		page := w.fetch(w.auditor(w.city), path, http.StatusOK)
		w.holds(path, page, "陈玉兰")
		if strings.Contains(page, name) || strings.Contains(page, "13900000001") {
			t.Errorf("%s says what was erased", path)
		}
	}
	w.holds("the page", w.fetch(keeper, at, http.StatusOK), "监护人要求销毁", "2019年5月31日", "营员1条")
	n, err := w.s.Counts(keeper, w.owner)
	w.must(err)
	if n.Records != 0 || n.Consented["join"] != 0 {
		t.Errorf("%+v", n)
	}
	w.holds("nothing left", w.fetch(keeper, at+"/erase", http.StatusOK), "没有可以销毁的内容")
}

// R133: who entered a child by mistake for the unit takes it back, that one alone and on no other ground, without reading any.
func TestTypistTakesBack(t *testing.T) {
	w := open(t)
	other := w.seal()
	typist, at := w.above(5), "/seal/"+w.owner.Of.String()
	ref, err := w.s.Seal(typist, w.owner, map[string]string{"name": "打错的名字"})
	w.must(err)
	page := w.fetch(typist, at+"/erase", http.StatusOK)
	w.holds("the typist's page", page, "第1条", ref.String())
	if strings.Contains(page, other.String()) || strings.Contains(page, "打错的名字") || strings.Contains(page, ByGuardian) {
		t.Error("the typist is shown what is not theirs")
	}
	w.refused(errs.Forbidden, "seal.closed", w.s.Erase(typist, w.owner, other, Mistyped, "看错行"))
	w.refused(errs.Forbidden, "seal.closed", w.s.Erase(typist, w.owner, ref, ByGuardian, "看错行"))
	w.refused(errs.Forbidden, "seal.closed", w.s.Erase(w.above(6), w.owner, ref, Mistyped, "看错行"))
	w.post(typist, at+"/erase", url.Values{"_key": {web.NewKey()}, "record": {ref.String()}, "ground": {Mistyped}, "reason": {"看错行"}, "sure": {"1"}}, http.StatusSeeOther)
	w.fetch(typist, at+"/erase", http.StatusForbidden)
	n, err := w.s.Counts(typist, w.owner)
	w.must(err)
	if n.Records != 1 {
		t.Errorf("%+v", n)
	}
}

// R133: a unit's page counts what it keeps; whose unit has ended, its heir has. From above the counts are seen, not the way in.
func TestKept(t *testing.T) {
	w := open(t)
	w.seal()
	path := "/seal?unit=" + w.town.ID.String()
	page := w.fetch(w.above(5), path, http.StatusOK)
	w.holds("from above", page, "红色研学营", "由登记单位掌握")
	if strings.Contains(page, "/seal/"+w.owner.Of.String()) {
		t.Error("from above it leads to who may look")
	}
	w.holds("the unit's own", w.fetch(w.as(w.town, 1), path, http.StatusOK), "/seal/"+w.owner.Of.String())
	w.holds("the city keeps none", w.fetch(w.above(5), "/seal", http.StatusOK), "没有封存的内容")
	county, err := w.s.org.ByCode(w.ctx, "990203")
	w.must(err)
	heir, err := w.s.org.Found(w.ctx, org.NewUnit{Code: "990203014", Name: "新稻街道", Level: org.Township, Kind: org.Town, Parent: county.ID, From: "2010-01-01"})
	w.must(err)
	w.must(w.s.org.Merge(w.ctx, []id.ID{w.town.ID}, heir.ID, today, "云政〔2019〕1号"))
	list, err := w.s.KeptBy(w.as(heir, 1), heir)
	w.must(err)
	if len(list) != 1 || list[0].Live != 1 {
		t.Errorf("the heir keeps %+v", list)
	}
}
