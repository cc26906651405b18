package org

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// site serves the module's routes to one actor, on 31 May 2019, in Chinese.
type site struct {
	t testing.TB
	h http.Handler
}

func serve(t testing.TB, s *Service, a scope.Actor) site {
	t.Helper()
	texts, err := i18n.Load(Texts, audit.Texts, web.Texts, ui.Texts, table.Texts)
	must(t, err)
	w := &web.Site{
		Actor: func(*http.Request) (scope.Actor, error) { return a, nil },
		UnitPos: func(ctx context.Context, ref string) (int64, error) {
			u, err := s.Resolve(ctx, ref)
			return u.Pos, err
		},
		Fail: func(w http.ResponseWriter, r *http.Request, err error) {
			http.Error(w, i18n.Error(r.Context(), err), errs.KindOf(err).Status())
			if errs.KindOf(err) == errs.Internal {
				t.Errorf("%s: %v", r.URL, err)
			}
		},
		Middleware: []func(http.Handler) http.Handler{func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(clock.With(i18n.With(r.Context(), texts, "zh"), at(today))))
			})
		}},
	}
	w.Add(s.Routes()...)
	h, err := w.Handler()
	must(t, err)
	return site{t, h}
}

func (s site) get(path string) (int, testkit.Doc) {
	s.t.Helper()
	rec := httptest.NewRecorder()
	s.h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	return rec.Code, testkit.HTML(s.t, rec.Body.String())
}

func (s site) post(path string, form url.Values) (*httptest.ResponseRecorder, testkit.Doc) {
	s.t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	s.h.ServeHTTP(rec, r)
	return rec, testkit.HTML(s.t, rec.Body.String())
}

func clerk(u Unit) scope.Actor {
	r := scope.Set{u.Range()}
	return scope.Actor{Account: 7, Name: "陈玉兰", Unit: u.ID, Pos: u.Pos, FindSet: r, ViewSet: r, WorkSet: r, AdminSet: r}
}

func TestEveryPageOpens(t *testing.T) { // R3, R57
	ctx, s := open(t)
	small(t, ctx, s)
	park, err := s.Found(ctx, NewUnit{Code: "P1", Name: "云港园区", Level: Park, Kind: Joint, Parent: codeOf(t, ctx, s, "990203").ID, From: "2010-01-01"})
	must(t, err)
	firm, err := s.Found(ctx, NewUnit{Code: "E1", Name: "云州纺织", Level: Enterprise, Kind: Private, Parent: codeOf(t, ctx, s, "990203").ID, From: "2010-01-01", Bare: true})
	must(t, err)
	city := codeOf(t, ctx, s, "9902")
	w := serve(t, s, clerk(city))
	for _, path := range []string{"/tree", "/tree?q=njq", "/tree?q=xyz", "/tree?at=990203", "/unit/990203", "/unit/990203?day=2005-01-01", "/unit/990203/children",
		"/unit/P1", "/unit/E1", "/unit/990203/posts", "/unit/990203/offices", "/unit/990203/do/call_office?row=director", "/coverage?unit=9902", "/coverage?unit=9902&list=party", "/coverage?unit=9902&list=targets", "/coverage?unit=9902&list=vacancies", "/unit/import?unit=9902"} {
		code, page := w.get(path)
		if code != http.StatusOK || len(page.All("h1")) != 1 {
			t.Errorf("%s answers %d with %d h1", path, code, len(page.All("h1")))
		}
		page.MustNotContain("org.", "{{", "%!")
	}
	for _, f := range forms {
		for _, u := range []Unit{codeOf(t, ctx, s, "990203013"), park, firm} {
			if f.fits(u) && f.row == nil {
				code, page := w.get(href(u.ID) + "/do/" + f.key)
				if code != http.StatusOK {
					t.Errorf("%s at %s answers %d", f.key, u.Name, code)
				}
				page.MustNotContain("org.", "{{")
			}
		}
	}
}

func TestNeighbourSeesNothing(t *testing.T) { // R3
	ctx, s := open(t)
	small(t, ctx, s)
	w := serve(t, s, clerk(codeOf(t, ctx, s, "990204")))
	for _, path := range []string{"/unit/990203", "/unit/990203/children", "/coverage?unit=990203", "/unit/export?unit=990203", "/tree?at=990203", "/api/v1/units/990203", "/unit/990203/do/rename"} {
		if code, page := w.get(path); code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, code)
		} else {
			page.MustNotContain("南江区")
		}
	}
	_, page := w.get("/tree")
	page.MustNotContain("南江区", "稻香镇")
	_, page = w.get("/api/v1/units?q=njq")
	page.MustNotContain("南江")
}

func TestAMoveToAUnitOutOfReachKeepsTheForm(t *testing.T) { // R57: it answered "no such unit" and lost what was typed
	ctx, s := open(t)
	small(t, ctx, s)
	w := serve(t, s, clerk(codeOf(t, ctx, s, "990203")))
	for path, field := range map[string]string{"move": "parent", "merge": "into", "second": "other"} {
		rec, page := w.post("/unit/990203013/do/"+path, url.Values{"_key": {path}, field: {"990204"}, "day": {"2018-01-01"}, "from": {"2018-01-01"}, "link_kind": {"second_parent"}, "document": {"云关委〔2018〕1号"}})
		if rec.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d", path, rec.Code)
			continue
		}
		page.MustHave(".err", "不归你们管")
		if got := page.One("#f-" + field).Attr("value"); got != "990204" {
			t.Errorf("%s: what was typed is lost: %q", path, got)
		}
	}
}

func TestATelephoneNeedsANumber(t *testing.T) { // "abc" stood on the unit's page as its telephone
	ctx, s := open(t)
	small(t, ctx, s)
	w := serve(t, s, clerk(codeOf(t, ctx, s, "990203")))
	rec, page := w.post("/unit/990203013/do/facts", url.Values{"_key": {"k1"}, "phone": {"abc"}, "intro": {"镇里的"}})
	if rec.Code != http.StatusUnprocessableEntity {
		t.Fatalf("answers %d", rec.Code)
	}
	page.MustHave(".err", "号码")
	page.MustHave("#f-intro", "镇里的")
	for version, phone := range []string{"", "110", "王老师办公室0500-5550031转8", "１３８００１３８０００"} {
		if rec, _ := w.post("/unit/990203013/do/facts", url.Values{"_key": {"k" + phone}, "version": {strconv.Itoa(version)}, "phone": {phone}}); rec.Code != http.StatusSeeOther {
			t.Errorf("%q answers %d", phone, rec.Code)
		}
	}
}

func TestRenameByForm(t *testing.T) { // R57
	ctx, s := open(t)
	small(t, ctx, s)
	w := serve(t, s, clerk(codeOf(t, ctx, s, "9902")))
	path := "/unit/990203013/do/rename"
	rec, page := w.post(path, url.Values{"_key": {"k1"}, "name": {""}, "day": {"2018-01-01"}, "document": {"云关委〔2018〕1号"}})
	if rec.Code != http.StatusUnprocessableEntity {
		t.Fatalf("an empty name answers %d", rec.Code)
	}
	page.MustHave(".err", "写名称")
	if got := page.One("#f-document").Attr("value"); got != "云关委〔2018〕1号" {
		t.Errorf("what was typed is lost: %q", got)
	}
	for range 2 { // an impatient second tap
		if rec, _ = w.post(path, url.Values{"_key": {"k2"}, "name": {"稻花香镇"}, "day": {"2018-01-01"}}); rec.Code != http.StatusSeeOther {
			t.Fatalf("answers %d", rec.Code)
		}
	}
	h, err := s.History(ctx, codeOf(t, ctx, s, "990203013").ID)
	must(t, err)
	if len(h) != 2 {
		t.Errorf("two taps made %d events", len(h)-1)
	}
	_, page = w.get("/unit/990203013")
	page.MustHave("h1", "稻花香镇")
	page.MustHave("#history + *, section, aside", "改称稻花香镇")
	_, page = w.get("/unit/990203013?day=2017-12-31")
	page.MustHave("h1", "稻香镇")
}

func TestImportIsLookedAtTakenAndUndone(t *testing.T) { // R3, R150
	ctx, s := open(t)
	must(t, s.FoundAll(ctx, []NewUnit{{Code: "9902", Name: "云州市", Level: City, From: "2000-01-01"}}))
	city := codeOf(t, ctx, s, "9902")
	w := serve(t, s, clerk(city))
	var list strings.Builder
	list.WriteString("代码,名称,层级,上级代码,成立日期\n990203,南江区,区县,,2000-01-01\n")
	for i := 1; i <= 20; i++ {
		fmt.Fprintf(&list, "990203%03d,第%d街道,乡镇（街道）,,2000-01-01\n", i, i)
	}
	list.WriteString("990204001,无主镇,乡镇（街道）,990204,2000-01-01\n990205,日子不对区,区县,,2000-02-31\n")
	upload := func() string {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		must(t, m.WriteField("_key", web.NewKey()))
		part, err := m.CreateFormFile("file", "单位.csv")
		must(t, err)
		_, err = part.Write([]byte(list.String()))
		must(t, err)
		must(t, m.Close())
		r := httptest.NewRequest("POST", "/unit/import?unit=9902", &body)
		r.Header.Set("Content-Type", m.FormDataContentType())
		rec := httptest.NewRecorder()
		w.h.ServeHTTP(rec, r)
		if rec.Code != http.StatusSeeOther {
			t.Fatalf("the upload answers %d: %s", rec.Code, rec.Body)
		}
		return rec.Header().Get("Location")
	}
	before, err := s.ByCodes(ctx, []string{"990203"})
	must(t, err)
	export := func() string {
		rec := httptest.NewRecorder()
		w.h.ServeHTTP(rec, httptest.NewRequest("GET", "/unit/export?format=csv&unit=9902", nil))
		return rec.Body.String()
	}
	empty := export()
	preview := upload()
	_, page := w.get(preview)
	page.MustHave("main", "能收21个")
	page.MustHave("main", "2行要改")
	if len(before) != 0 || export() != empty {
		t.Error("looking at a list founded something")
	}
	rec, _ := w.post(preview+"/take", url.Values{"_key": {"t"}})
	if rec.Code != http.StatusSeeOther {
		t.Fatalf("taking answers %d %s", rec.Code, rec.Body)
	}
	if got := codeOf(t, ctx, s, "990203020"); got.Kind != Street || got.Pos != 9902030200000 {
		t.Errorf("the street stands as %+v", got)
	}
	_, page = w.get(upload()) // the same list again changes nothing
	page.MustHave("main", "21个已经有了")
	if rec, _ = w.post(preview+"/undo", url.Values{"_key": {"u"}}); rec.Code != http.StatusSeeOther {
		t.Fatalf("undoing answers %d %s", rec.Code, rec.Body)
	}
	if got := export(); got != empty {
		t.Errorf("the list after undoing differs:\n%s", got)
	}
}

func TestTwoDirectorsAreRefusedUnlessActing(t *testing.T) { // R12
	ctx, s := open(t)
	small(t, ctx, s)
	town := codeOf(t, ctx, s, "990203013")
	p, err := s.AppointPost(ctx, Post{Unit: town.ID, Kind: "director", Person: "沈国樑", From: "2010-01-01"})
	must(t, err)
	if _, err := s.AppointPost(ctx, Post{Unit: town.ID, Kind: "director", Person: "陆文澜", From: "2015-01-01"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a second director: %v", err)
	}
	_, err = s.AppointPost(ctx, Post{Unit: town.ID, Kind: "director", Person: "陆文澜", From: "2015-01-01", Acting: 1})
	must(t, err)
	must(t, s.EndPost(ctx, p.ID, "2016-01-01"))
	_, err = s.AppointPost(ctx, Post{Unit: town.ID, Kind: "director", Person: "梅若兰", From: "2016-01-01"})
	must(t, err)
	for day, want := range map[clock.Day]string{"2012-01-01": "沈国樑", "2018-01-01": "梅若兰"} {
		ps, err := s.Posts(ctx, town.ID, day)
		must(t, err)
		if len(ps) == 0 || ps[0].Person != want {
			t.Errorf("director on %s: %+v, want %s", day, ps, want)
		}
	}
}

func TestVacanciesAfterThreeMonths(t *testing.T) { // R10
	ctx, s := open(t)
	small(t, ctx, s)
	south := codeOf(t, ctx, s, "990203")
	for code, left := range map[string]clock.Day{"990203013": "2019-01-31", "990203001": "2019-03-15"} {
		u := codeOf(t, ctx, s, code)
		must(t, s.SetQuota(ctx, u.ID, "secretary_general", 1, "2010-01-01"))
		p, err := s.AppointPost(ctx, Post{Unit: u.ID, Kind: "secretary_general", Person: "某人" + code, From: "2010-01-01"})
		must(t, err)
		must(t, s.EndPost(ctx, p.ID, left))
	}
	vs, err := s.Vacancies(ctx, south.Range(), 0, 0, 10)
	must(t, err)
	if len(vs) != 1 || vs[0].Unit.Code != "990203013" || vs[0].Since != "2019-01-31" {
		t.Errorf("vacant for three months: %+v", vs)
	}
	if vs, err = s.Vacancies(ctx, south.Range(), 2, 0, 10); err != nil || len(vs) != 2 {
		t.Errorf("vacant for two months: %+v %v", vs, err)
	}
}

func TestCoverageCountsJointlyCoveredMembersOnce(t *testing.T) { // R1, R31, R49, R53, R55
	ctx, s := open(t)
	small(t, ctx, s)
	county := codeOf(t, ctx, s, "990203")
	var parks, firms []Unit
	for i := range 2 {
		p, err := s.Found(ctx, NewUnit{Name: fmt.Sprintf("第%d园区", i+1), Level: Park, Kind: Joint, Parent: county.ID, From: "2010-01-01"})
		must(t, err)
		parks = append(parks, p)
	}
	for i := range 3 {
		f, err := s.Found(ctx, NewUnit{Name: fmt.Sprintf("第%d公司", i+1), Level: Enterprise, Kind: Private, Parent: county.ID, From: "2010-01-01", Bare: true})
		must(t, err)
		must(t, s.AddTarget(ctx, f.ID, "2015-01-01"))
		firms = append(firms, f)
	}
	for _, p := range parks { // the first firm is covered twice
		_, err := s.AddLink(ctx, Link{Unit: firms[0].ID, Other: p.ID, Kind: LinkMember, From: "2016-01-01"})
		must(t, err)
	}
	must(t, s.PlanFounding(ctx, firms[1].ID, "2017-01-01"))
	if err := s.AdvanceFounding(ctx, firms[1].ID, "approved", "2017-03-01", "云关委〔2017〕3号", ""); !errs.Is(err, errs.Conflict) { // R52
		t.Errorf("approval before preparation: %v", err)
	}
	must(t, s.AdvanceFounding(ctx, firms[1].ID, "preparation", "2017-02-01", "", ""))
	must(t, s.AdvanceFounding(ctx, firms[1].ID, "approved", "2017-03-01", "云关委〔2017〕3号", ""))
	for day, want := range map[clock.Day][2]int64{"2015-06-01": {3, 0}, "2016-06-01": {3, 1}, today: {3, 2}} {
		c, err := s.Coverage(ctx, county.ID, day)
		must(t, err)
		if c.Targets != want[0] || c.TargetsDone != want[1] {
			t.Errorf("on %s %d of %d targets are done, want %v", day, c.TargetsDone, c.Targets, want)
		}
		if c.Should-c.Have != map[clock.Day]int64{"2015-06-01": 3, "2016-06-01": 3, today: 2}[day] {
			t.Errorf("on %s %d of %d have a committee", day, c.Have, c.Should)
		}
	}
	gaps, err := s.Gaps(ctx, GapParty, county.Range(), today, 0, 100)
	must(t, err)
	n := len(gaps)
	_, err = s.LinkParty(ctx, PartyLink{Unit: county.ID, Kind: PartyLeads, Name: "中共南江区委", Form: "committee", From: "2010-01-01"}, false)
	must(t, err)
	if gaps, err = s.Gaps(ctx, GapParty, county.Range(), today, 0, 100); err != nil || len(gaps) != n-1 {
		t.Errorf("%d units without a Party link after linking one of %d: %v", len(gaps), n, err)
	}
}

func TestStationHasTwoParentsAndIsCountedOnce(t *testing.T) { // R195
	ctx, s := open(t)
	small(t, ctx, s)
	town, city := codeOf(t, ctx, s, "990203013"), codeOf(t, ctx, s, "9902")
	assoc, err := s.Found(ctx, NewUnit{Name: "云州市志愿者协会", Level: Department, Parent: city.ID, From: "2010-01-01"})
	must(t, err)
	station, err := s.Found(ctx, NewUnit{Name: "稻香镇志愿者工作站", Level: Department, Parent: town.ID, From: "2012-01-01"})
	must(t, err)
	before, err := s.Coverage(ctx, city.ID, today)
	must(t, err)
	_, err = s.AddLink(ctx, Link{Unit: station.ID, Other: assoc.ID, Kind: LinkStation, From: "2012-01-01"})
	must(t, err)
	after, err := s.Coverage(ctx, city.ID, today)
	must(t, err)
	if before.Should != after.Should {
		t.Errorf("a second parent changed the count from %d to %d", before.Should, after.Should)
	}
	must(t, func() error {
		_, err := s.AppointPost(ctx, Post{Unit: assoc.ID, Kind: "secretary_general", Person: "白若松", Account: 5, From: "2012-01-01"})
		return err
	}())
	rights, err := s.RightsOf(ctx, 5, today)
	must(t, err)
	work, view := false, false
	for _, r := range rights {
		in := scope.Set{r.Range}.Contains(station.Pos)
		work = work || in && r.Kind == scope.Work
		view = view || in && r.Kind == scope.View
	}
	if work || !view {
		t.Errorf("the association works %v and views %v its station", work, view)
	}
}

func TestCreditCodes(t *testing.T) { // R26
	good := "99330200MA2AB12C3"
	n := 0
	for _, c := range creditDigits {
		if CreditCodeOK(good + string(c)) {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d check characters fit, want one", n)
	}
	// A worked example: the weighted sum of sixteen zeros and a leading 9 is 9, and 31-9 is 22 (N).
	if !CreditCodeOK("90000000000000000N") || CreditCodeOK("90000000000000000P") {
		t.Error("the worked example does not fit")
	}
}

func TestALeaderInChargeIsDatedAndLogged(t *testing.T) { // R2
	ctx, s := open(t)
	small(t, ctx, s)
	county := codeOf(t, ctx, s, "990203")
	must(t, s.SetLeader(ctx, Leader{Unit: county.ID, Name: "文德祥", Title: "南江区委副书记", From: "2012-01-01"}))
	must(t, s.SetLeader(ctx, Leader{Unit: county.ID, Name: "钱宝松", Title: "南江区委常委", From: "2017-03-01"}))
	leaders, err := s.Leaders(ctx, county.ID)
	must(t, err)
	ends := map[string]clock.Day{}
	for _, l := range leaders {
		ends[l.Name] = l.To
	}
	if len(leaders) != 2 || ends["文德祥"] != "2017-03-01" || ends["钱宝松"] != clock.Open {
		t.Errorf("the one before ends when the next begins: %+v", leaders)
	}
	rows, err := audit.New(s.db).List(ctx, audit.Filter{})
	must(t, err)
	n := 0
	for _, r := range rows {
		if r.Act == "org.leader" && r.Unit == county.ID {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d changes of the leader in the log, want 2", n)
	}
	code, page := serve(t, s, clerk(county)).get("/unit/" + county.ID.String())
	if code != http.StatusOK {
		t.Fatalf("unit page: %d", code)
	}
	page.MustHave("main", "钱宝松")
	page.MustHave("main", "南江区委常委")
}

func TestAnEnterpriseLiesInAnAreaWithoutACommitteeOfItsOwn(t *testing.T) { // R54
	ctx, s := open(t)
	small(t, ctx, s)
	county := codeOf(t, ctx, s, "990203")
	park, err := s.Found(ctx, NewUnit{Name: "南江开发园区", Level: Park, Kind: Joint, Parent: county.ID, From: "2010-01-01"})
	must(t, err)
	firm, err := s.Found(ctx, NewUnit{Name: "南江纺织公司", Level: Enterprise, Kind: Private, Parent: county.ID, From: "2010-01-01", Bare: true})
	must(t, err)
	must(t, s.SetDetail(ctx, Detail{Unit: firm.ID, Ownership: "private", Size: "above", HasParty: 1, Area: park.ID}))
	d, err := s.Detail(ctx, firm.ID)
	must(t, err)
	if d.Area != park.ID {
		t.Errorf("the firm lies in %v", d.Area)
	}
	if err := s.SetDetail(ctx, Detail{Unit: firm.ID, Area: county.ID, Ver: d.Ver}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a county as an area: %v", err)
	}
	c, err := s.Coverage(ctx, county.ID, today)
	must(t, err)
	if c.Should-c.Have != 1 {
		t.Errorf("%d of %d have a committee: the firm is the only one without", c.Have, c.Should)
	}
}

// The tree once linked a neighbouring city that may be found but not looked into, and its page said "not found".
func TestTheTreeLeadsOnlyWhereTheReaderMayLook(t *testing.T) { // R3
	ctx, s := open(t)
	small(t, ctx, s)
	other := codeOf(t, ctx, s, "990204")
	a := clerk(codeOf(t, ctx, s, "990203"))
	a.FindSet = scope.Set{codeOf(t, ctx, s, "99").Range()}
	w := serve(t, s, a)
	_, page := w.get("/tree")
	page.MustHave(".miller", "北仓区")
	for _, link := range page.All(".miller a") {
		if link.Attr("href") == "/unit/"+other.ID.String() {
			t.Error("the tree leads to a page that is not there for this reader")
		}
		if code, _ := w.get(link.Attr("href")); code != http.StatusOK {
			t.Errorf("%s answers %d", link.Attr("href"), code)
		}
	}
}
