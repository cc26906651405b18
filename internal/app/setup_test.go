package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/account"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/org"
)

// visitor is one browser: its cookies, and the page it is on.
type visitor struct {
	t      *testing.T
	client *http.Client
	base   string
	path   string
	status int
	body   string
}

func openEmpty(t *testing.T) (*App, *httptest.Server) {
	t.Helper()
	a, err := Open(context.Background(), Config{DSN: testkit.DSN(t), Files: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return a, srv
}

func visit(t *testing.T, srv *httptest.Server) *visitor {
	jar, _ := cookiejar.New(nil)
	return &visitor{t: t, client: &http.Client{Jar: jar}, base: srv.URL}
}

func (v *visitor) take(res *http.Response, err error) testkit.Doc {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.status, v.body, v.path = res.StatusCode, string(b), res.Request.URL.RequestURI()
	return testkit.HTML(v.t, v.body)
}

func (v *visitor) get(path string) testkit.Doc {
	v.t.Helper()
	return v.take(v.client.Get(v.base + path))
}

// send fills the form of a page that leads to an address, with its hidden values, and sends it.
func (v *visitor) send(doc testkit.Doc, action string, fill url.Values) testkit.Doc {
	v.t.Helper()
	for _, form := range doc.All("form") {
		if !strings.HasPrefix(form.Attr("action"), action) {
			continue
		}
		q := url.Values{}
		for _, in := range form.All("input[type=hidden]") {
			q.Add(in.Attr("name"), in.Attr("value"))
		}
		for k, x := range fill {
			q[k] = x
		}
		if strings.EqualFold(form.Attr("method"), "get") {
			return v.get(form.Attr("action") + "?" + q.Encode())
		}
		return v.take(v.client.PostForm(v.base+form.Attr("action"), q))
	}
	v.t.Fatalf("no form to %s on %s:\n%s", action, v.path, v.body)
	return doc
}

// upload sends files to the form of a page.
func (v *visitor) upload(doc testkit.Doc, action string, files map[string][]byte, fill url.Values) testkit.Doc {
	v.t.Helper()
	for _, form := range doc.All("form") {
		if !strings.HasPrefix(form.Attr("action"), action) {
			continue
		}
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for _, in := range form.All("input[type=hidden]") {
			_ = w.WriteField(in.Attr("name"), in.Attr("value"))
		}
		for k := range fill {
			_ = w.WriteField(k, fill.Get(k))
		}
		for name, data := range files {
			part, err := w.CreateFormFile("file", name)
			if err != nil {
				v.t.Fatal(err)
			}
			_, _ = part.Write(data)
		}
		_ = w.Close()
		return v.take(v.client.Post(v.base+form.Attr("action"), w.FormDataContentType(), &b))
	}
	v.t.Fatalf("no form to %s on %s:\n%s", action, v.path, v.body)
	return doc
}

// sheet makes an xlsx of words.
func sheet(t *testing.T, titles []string, rows [][]string) []byte {
	t.Helper()
	tab := table.Table{Title: "表"}
	for _, x := range titles {
		tab.Columns = append(tab.Columns, table.Column{Key: x, Titles: []string{x}})
	}
	tab.Rows = func(yield func([]table.Value, error) bool) {
		for _, r := range rows {
			var out []table.Value
			for _, c := range r {
				out = append(out, table.OfText(c))
			}
			if !yield(out, nil) {
				return
			}
		}
	}
	var b bytes.Buffer
	if err := table.Write(&b, table.XLSX, tab); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const setupWord = "木棉花开在三月天"

// walkSetup answers all questions of the first start.
func walkSetup(v *visitor, answers map[string]string) testkit.Doc {
	v.t.Helper()
	doc := v.get("/")
	if !strings.HasPrefix(v.path, "/setup") {
		v.t.Fatalf("an empty program leads to %s, want /setup", v.path)
	}
	doc.MustHave("b", "xinhuo demo")
	var begin string
	for _, l := range doc.All("a") {
		if strings.Contains(l.Attr("href"), "step=name") {
			begin = l.Attr("href")
		}
	}
	doc = v.get(begin)
	for _, s := range setupSteps[:len(setupSteps)-1] {
		if !doc.Has(`[name="` + s.name + `"]`) {
			v.t.Fatalf("step %s is not asked on %s (%d)", s.name, v.path, v.status)
		}
		doc = v.send(doc, "/setup", url.Values{s.name: {answers[s.name]}})
	}
	return doc
}

var yunzhou = map[string]string{"name": "云州市关工委", "level": "city", "code": "9902", "above": "东江省", "founded": "", "person": "梁秋水", "login": "liangqs"}

// Issue 2, item 11: an empty program becomes one's own city from pages alone.
func TestOwnCityFromPages(t *testing.T) {
	a, srv := openEmpty(t)
	ctx := a.System(context.Background(), "test")
	admin := visit(t, srv)
	doc := walkSetup(admin, yunzhou)
	doc.MustHave("main", "云州市")
	doc.MustHave("main", "东江省")

	// Two different passwords, and one that is too short, found nothing.
	doc = admin.send(doc, "/setup", url.Values{"password": {setupWord}, "again": {"木棉花落在四月天"}})
	if admin.status != http.StatusUnprocessableEntity {
		t.Fatalf("two different passwords: %d", admin.status)
	}
	doc = admin.send(doc, "/setup", url.Values{"password": {"短"}, "again": {"短"}})
	if empty, err := a.Org.Empty(ctx); err != nil || !empty {
		t.Fatalf("a refused password left units behind (%v, %v)", empty, err)
	}
	doc = admin.send(doc, "/setup", url.Values{"password": {setupWord}, "again": {setupWord}})
	if admin.path != "/setup/next" || admin.status != 200 {
		t.Fatalf("after the last page: %s, %d\n%s", admin.path, admin.status, admin.body)
	}
	doc.MustHave("main", "云州市")
	city, err := a.Org.ByCode(ctx, "990200")
	if err != nil || city.Name != "云州市" || city.Root() != 9902 {
		t.Fatalf("the city stands as %+v (%v), want 云州市 in root 9902", city, err)
	}

	if doc := admin.get("/"); admin.status != 200 || !doc.Has(`a[href="/setup/next"]`) {
		t.Errorf("the home page (%d) does not lead to what is left to do", admin.status)
	}

	// The page of results once had two boxes to type into.
	if n := len(admin.get("/search?q=%E5%B7%9E").All("form[role=search]")); n != 1 {
		t.Errorf("%d search boxes on the page of results", n)
	}

	// A new city asks for a second factor before sealed data from its first day; what was there before does not.
	if r, err := a.Account.Rules(ctx); err != nil || !r.Strong || r.Apart {
		t.Errorf("a new city has the rules %+v, %v", r, err)
	}

	// Nobody takes the city again.
	if other := visit(t, srv); other.get("/setup").Has("form[action='/setup']") || strings.HasPrefix(other.path, "/setup") {
		t.Errorf("a second setup is open at %s", other.path)
	}

	// Ten counties and 150 townships from one xlsx, whose parents are named in words; one bad row is told and left out.
	var rows [][]string
	for c := 1; c <= 10; c++ {
		county := fmt.Sprintf("第%d区", c)
		rows = append(rows, []string{county, "区县", "", "云州市", fmt.Sprintf("9902%02d", c+1)})
		for k := 1; k <= 15; k++ {
			rows = append(rows, []string{fmt.Sprintf("%s第%d镇", county, k), "乡镇", "镇", county, fmt.Sprintf("9902%02d%03d", c+1, k)})
		}
	}
	bad := append(rows[:len(rows):len(rows)], []string{"无名镇", "乡镇", "镇", "不存在区", "990299001"})
	doc = admin.upload(admin.get("/setup/units"), "/setup/units", map[string][]byte{"单位.xlsx": sheet(t, []string{"名称", "层级", "类别", "上级", "代码"}, bad)}, nil)
	if !strings.HasPrefix(admin.path, "/units/import/") {
		t.Fatalf("after the upload: %s, %d\n%s", admin.path, admin.status, admin.body)
	}
	doc.MustHave("main", "不存在区")
	if n := unitCount(t, a, org.Township); n != 0 {
		t.Fatalf("a preview founded %d townships", n)
	}
	preview := admin.path
	admin.send(doc, preview+"/take", nil)
	if n := unitCount(t, a, org.Township); n != 150 {
		t.Fatalf("%d townships after taking the list, want 150", n)
	}
	admin.send(admin.get(preview), preview+"/undo", nil)
	if n := unitCount(t, a, org.Township) + unitCount(t, a, org.County); n != 0 {
		t.Fatalf("%d units are left after the list was taken back", n)
	}
	doc = admin.upload(admin.get("/setup/units"), "/setup/units", map[string][]byte{"单位.xlsx": sheet(t, []string{"名称", "层级", "类别", "上级", "代码"}, rows)}, nil)
	admin.send(doc, admin.path+"/take", nil)
	if c, n := unitCount(t, a, org.County), unitCount(t, a, org.Township); c != 10 || n != 150 {
		t.Fatalf("%d counties and %d townships, want 10 and 150", c, n)
	}

	// 150 accounts from one xlsx, their slips with one-time codes and the code of the address.
	var people [][]string
	for i, r := range rows {
		if r[1] == "乡镇" {
			people = append(people, []string{fmt.Sprintf("town%03d", i), "联络员" + r[0], r[4], "办公室工作人员"})
		}
	}
	doc = admin.upload(admin.get("/account/invite"), "/account/invite", map[string][]byte{"账号.xlsx": sheet(t, []string{"账号", "姓名", "单位代码", "职务"}, people)}, nil)
	doc = admin.send(doc, "/account/invite/make", nil)
	slips := doc.All(".slip")
	if len(slips) != 150 {
		t.Fatalf("%d slips, want 150 (%d)\n%s", len(slips), admin.status, admin.body)
	}
	seen := map[string]bool{}
	for _, s := range slips {
		seen[s.Text(".code1")] = true
		if !s.Has("svg.qr") {
			t.Fatal("a slip has no QR of its address")
		}
	}
	if len(seen) != 150 {
		t.Fatalf("%d different codes, want 150", len(seen))
	}

	// One code is accepted and signs in; used up, it is worth nothing.
	code := slips[0].Text(".code1")
	town := visit(t, srv)
	doc = town.send(town.get("/invite"), "/invite", url.Values{"code": {strings.ToLower(code)}})
	town.send(doc, "/invite", url.Values{"password": {setupWord}})
	if town.get("/me"); town.status != 200 || town.path != "/me" {
		t.Fatalf("after the code: %s, %d", town.path, town.status)
	}
	again := visit(t, srv)
	if again.send(again.get("/invite"), "/invite", url.Values{"code": {code}}); again.status == 200 {
		t.Error("a used code is accepted again")
	}

	// A forgotten password: the administrator makes a new code, the old password ends.
	first, err := a.Account.ByLogin(ctx, people[0][0])
	if err != nil {
		t.Fatal(err)
	}
	page := "/account/" + first.ID.String()
	doc = admin.send(admin.get(page), page+"/code", nil)
	fresh := doc.One(".slip").Text(".code1")
	if fresh == code || fresh == "" {
		t.Fatalf("the new code is %q, the old one %q", fresh, code)
	}
	if town.get("/me"); town.path == "/me" && town.status == 200 {
		t.Error("a session outlives the reset of its password")
	}
	town = visit(t, srv)
	doc = town.send(town.get("/invite"), "/invite", url.Values{"code": {fresh}})
	town.send(doc, "/invite", url.Values{"password": {"三月里木棉花又开"}})
	if town.get("/me"); town.path != "/me" {
		t.Errorf("the new code does not sign in: %s", town.path)
	}

	// R189: the neighbour under the same province sees nothing of it.
	if err := a.Org.FoundAll(ctx, []org.NewUnit{{Code: "990300", Name: "邻州市", Level: org.City, ParentCode: "990000", From: "1990-01-01"}}); err != nil {
		t.Fatal(err)
	}
	next, err := a.Org.ByCode(ctx, "990300")
	if err != nil {
		t.Fatal(err)
	}
	acc, err := a.Account.Create(ctx, account.NewAccount{Login: "neighbour", Person: "邻州人", Unit: next.ID, Password: setupWord})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Org.AppointPost(ctx, org.Post{Unit: next.ID, Kind: "office", Account: acc.ID, Person: "邻州人", From: clock.Today(ctx)}); err != nil {
		t.Fatal(err)
	}
	neighbour := visit(t, srv)
	neighbour.send(neighbour.get("/login"), "/login", url.Values{"name": {"neighbour"}, "password": {setupWord}})
	if neighbour.get("/setup/next"); neighbour.status != 200 {
		t.Fatalf("the neighbour is not signed in: %d", neighbour.status)
	}
	for _, path := range []string{"/unit/990200", "/unit/990202", "/setup/next?unit=990200", "/setup/units?unit=990200", "/account?unit=990200", "/unit/export?unit=990200", preview, page} {
		if d := neighbour.get(path); neighbour.status < 400 {
			t.Errorf("the neighbour opens %s: %d", path, neighbour.status)
		} else {
			d.MustNotContain("第1区", "联络员", "梁秋水")
		}
	}
}

func unitCount(t *testing.T, a *App, l org.Level) int64 {
	t.Helper()
	ctx := a.System(context.Background(), "test")
	u, err := a.Org.ByCode(ctx, "990200")
	if err != nil {
		t.Fatal(err)
	}
	c, err := a.Org.Coverage(ctx, u.ID, clock.Today(ctx))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range c.Levels {
		if x.Level == l {
			return x.Should
		}
	}
	return 0
}

// Issue 2, item 11: on a local network nobody takes the city without the key of the console; a proxy on the same machine
// makes nobody local.
func TestSetupAsksForTheKeyOfTheConsole(t *testing.T) {
	a, _ := openEmpty(t)
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	path, err := a.SetupPath(a.System(context.Background(), "test"))
	if err != nil || !strings.HasPrefix(path, "/setup?key=") {
		t.Fatalf("SetupPath = %q, %v", path, err)
	}
	key := strings.TrimPrefix(path, "/setup?key=")
	form := url.Values{"_key": {"k"}, "password": {setupWord}, "again": {setupWord}}
	for k, v := range yunzhou {
		form.Set(k, v)
	}
	ask := func(method, path, from, host, forwarded string, form url.Values) int {
		r := httptest.NewRequest(method, "http://"+host+path, strings.NewReader(form.Encode()))
		r.RemoteAddr = from
		if form != nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		if forwarded != "" {
			r.Header.Set("X-Forwarded-For", forwarded)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	for _, c := range []struct {
		name, path, from, host, forwarded string
		want                              int
	}{
		{"another machine", "/setup", "192.168.1.9:5000", "192.168.1.2:8080", "", 403},
		{"a wrong key", "/setup?key=" + key + "x", "192.168.1.9:5000", "192.168.1.2:8080", "", 403},
		{"through a proxy", "/setup", "127.0.0.1:5000", "127.0.0.1:8080", "203.0.113.4", 403},
		{"another name for this machine", "/setup", "127.0.0.1:5000", "attacker.example:8080", "", 403},
		{"with the key", "/setup?key=" + key, "192.168.1.9:5000", "192.168.1.2:8080", "", 200},
		{"this machine", "/setup", "127.0.0.1:5000", "127.0.0.1:8080", "", 200},
	} {
		if got := ask("GET", c.path, c.from, c.host, c.forwarded, nil); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if got := ask("POST", "/setup", "192.168.1.9:5000", "192.168.1.2:8080", "", form); got != 403 {
		t.Errorf("founding without the key: %d, want 403", got)
	}
	form.Set("key", key)
	if got := ask("POST", "/setup", "192.168.1.9:5000", "192.168.1.2:8080", "", form); got != http.StatusSeeOther {
		t.Errorf("founding with the key: %d, want 303", got)
	}
	if path, err := a.SetupPath(a.System(context.Background(), "test")); err != nil || path != "" {
		t.Errorf("SetupPath of a program with a committee = %q, %v", path, err)
	}
}

// Issue 2, item 11: the open files of divisions load a city; other cities' rows and rows on paper only are left out.
func TestDivisionsFilesLoadACity(t *testing.T) {
	a, srv := openEmpty(t)
	v := visit(t, srv)
	doc := walkSetup(v, yunzhou)
	v.send(doc, "/setup", url.Values{"password": {setupWord}, "again": {setupWord}})
	areas := "code,name,cityCode,provinceCode\n990201,\"市辖区\",9902,99\n990202,\"东渡区\",9902,99\n990203,\"西渡县\",9902,99\n990302,\"别处区\",9903,99\n"
	streets := `[{"code":"990202001","name":"望江街道","areaCode":"990202","provinceCode":"99","cityCode":"9902"},
		{"code":"990203200","name":"桥头乡","areaCode":"990203","provinceCode":"99","cityCode":"9902"},
		{"code":"990200100","name":"开发镇","areaCode":"990200","provinceCode":"99","cityCode":"9902"},
		{"code":"990302001","name":"别处街道","areaCode":"990302","provinceCode":"99","cityCode":"9903"}]`

	// Streets alone do not land under the city: their counties come first.
	v.upload(v.get("/setup/units"), "/setup/units", map[string][]byte{"streets.json": []byte(streets)}, nil)
	if v.status != http.StatusUnprocessableEntity || !strings.Contains(v.body, "望江街道") {
		t.Fatalf("streets without their counties: %d", v.status)
	}
	doc = v.upload(v.get("/setup/units"), "/setup/units", map[string][]byte{"areas.csv": []byte(areas), "streets.json": []byte(streets)}, nil)
	if v.status != 200 {
		t.Fatalf("the files: %d\n%s", v.status, v.body)
	}
	doc.MustNotContain("别处", "市辖区")
	v.send(doc, v.path+"/take", nil)
	ctx := a.System(context.Background(), "test")
	for code, want := range map[string]struct {
		parent string
		kind   org.Kind
	}{"990202001": {"990202", org.Street}, "990203200": {"990203", org.Rural}, "990202": {"990200", ""}, "990200100": {"990200", org.Town}} {
		u, err := a.Org.ByCode(ctx, code)
		if err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		p, err := a.Org.Unit(ctx, u.Parent)
		if err != nil || p.Code != want.parent || u.Kind != want.kind {
			t.Errorf("%s stands under %s as %q, want %s and %q (%v)", u.Name, p.Code, u.Kind, want.parent, want.kind, err)
		}
	}
	// A file of another city says so.
	v.upload(v.get("/setup/units"), "/setup/units", map[string][]byte{"areas.csv": []byte("code,name,cityCode,provinceCode\n990302,别处区,9903,99\n")}, nil)
	if v.status != http.StatusUnprocessableEntity {
		t.Errorf("a file without a row of the city: %d", v.status)
	}
}

// Each answer that cannot be used is asked for again with what to do.
func TestSetupAnswers(t *testing.T) {
	for _, c := range []struct {
		step string
		v    setupAnswers
		key  string
	}{
		{"name", setupAnswers{}, "app.setup.name_missing"},
		{"level", setupAnswers{Level: "township"}, "app.setup.level_missing"},
		{"code", setupAnswers{Level: "city", Code: "990203"}, "app.setup.code_city"},
		{"code", setupAnswers{Level: "county", Code: "990200"}, "app.setup.code_county"},
		{"code", setupAnswers{Level: "county", Code: "990203"}, ""},
		{"code", setupAnswers{Level: "city"}, ""},
		{"above", setupAnswers{Level: "city"}, ""},
		{"above", setupAnswers{Level: "city", Code: "440100"}, ""},
		{"above", setupAnswers{Level: "city", Code: "990200"}, "app.setup.above_province"},
		{"above", setupAnswers{Level: "county", Code: "440103"}, "app.setup.above_city"},
		{"above", setupAnswers{Level: "county", Code: "110101"}, ""},
		{"founded", setupAnswers{Founded: "2019-02-30"}, "errs.day_unreadable"},
		{"founded", setupAnswers{Founded: "2019-06-01"}, "app.setup.founded_late"},
		{"person", setupAnswers{}, "account.person_missing"},
		{"login", setupAnswers{Login: "梁"}, "account.login_shape"},
	} {
		if got := c.v.fault(c.step, "2019-05-31"); got.key != c.key {
			t.Errorf("%s of %+v: %q, want %q", c.step, c.v, got.key, c.key)
		}
	}
	v := answersOf(url.Values{"name": {"云州市关心下一代工作委员会"}, "level": {"city"}, "code": {"９９０２"}, "founded": {"1991年6月1日"}})
	if v.Name != "云州市" || v.Code != "990200" || v.Founded != "1991-06-01" {
		t.Errorf("read as %+v", v)
	}
}

// The units above are founded with the committee, whatever was answered.
func TestSetupUnitsAbove(t *testing.T) {
	for _, c := range []struct {
		v    setupAnswers
		want string
	}{
		{setupAnswers{Name: "云州市", Level: "city"}, "云州市"},
		{setupAnswers{Name: "云州市", Level: "city", Above: "东江省"}, "东江省/云州市"},
		{setupAnswers{Name: "羊城市", Level: "city", Code: "440100"}, "广东省/羊城市"},
		{setupAnswers{Name: "东渡区", Level: "county", Code: "440103", Above: "羊城市"}, "广东省/羊城市/东渡区"},
		{setupAnswers{Name: "东渡区", Level: "county", Code: "110101"}, "北京市/东渡区"},
		{setupAnswers{Name: "东渡区", Level: "county"}, "东渡区"},
	} {
		t.Run(c.want, func(t *testing.T) {
			a, _ := openEmpty(t)
			c.v.Person, c.v.Login = "梁秋水", "liangqs"
			ctx := a.System(context.Background(), "test")
			if err := a.foundCommittee(ctx, c.v, setupWord, clock.Today(ctx)); err != nil {
				t.Fatal(err)
			}
			acc, err := a.Account.ByLogin(ctx, "liangqs")
			if err != nil {
				t.Fatal(err)
			}
			up, err := a.Org.Ancestors(ctx, acc.Unit, clock.Today(ctx))
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, u := range up {
				names = append(names, u.Name)
			}
			if got := strings.Join(names, "/"); got != c.want {
				t.Errorf("the tree is %s, want %s", got, c.want)
			}
		})
	}
}

// What the manual quotes stands on the pages: a name that was changed there is changed here.
func TestManualQuotesThePages(t *testing.T) {
	texts, err := Texts()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"zh", "en"} {
		var all strings.Builder
		for _, x := range texts.Keys(lang) {
			all.WriteString(x + "\n")
		}
		source, err := manualFiles.ReadFile("manual/" + lang + ".md")
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split(string(source), "“")[1:] {
			name, _, _ := strings.Cut(part, "”")
			if !strings.Contains(all.String(), name) {
				t.Errorf("%s: no page says “%s”", lang, name)
			}
		}
	}
}

// The manual opens in both languages, also before there is a city, and each line of its contents leads somewhere.
func TestManual(t *testing.T) {
	_, srv := openEmpty(t)
	for _, lang := range []string{"zh", "en"} {
		v := visit(t, srv)
		v.get("/view?lang=" + lang + "&back=/manual")
		doc := v.get("/manual")
		if v.path != "/manual" || v.status != 200 {
			t.Fatalf("%s: %s, %d", lang, v.path, v.status)
		}
		contents := doc.All("ol a[href^='#']")
		if len(contents) == 0 {
			t.Fatalf("%s: no contents", lang)
		}
		for _, l := range contents {
			doc.One(l.Attr("href"))
		}
	}
}
