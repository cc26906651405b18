package app

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

// fullSite is a foot with every line set.
func fullSite() Imprint {
	return Imprint{Copyright: "© 2019 云州市关心下一代工作委员会", ICP: "京ICP备12345678号-1", Police: "京公网安备11010512345678号", Mark: "bm01000001",
		MarkURL: "https://mark.example.org/sitename?id=1&x=2", Phone: "0500-555 0126", PhoneNote: "办公室，工作日8:30–17:00"}
}

func put(s Imprint) func(*Imprint) {
	return func(was *Imprint) { s.Ver, s.Unit, *was = was.Ver, was.Unit, s }
}

// L35, L36: the copyright line, the numbers with their registers and the telephone stand at the foot of every page, before
// signing in and after, where something went wrong, too.
func TestFootOfEveryPageSaysWhoseSiteItIs(t *testing.T) { // L35 // L36
	w := openWorld(t)
	if err := w.a.SetImprint(w.ctx, -1, put(fullSite())); err != nil {
		t.Fatal(err)
	}
	nobody, clerk := w.roles[0], w.byLogin["chenyulan"]
	for _, c := range []struct {
		as     *role
		target string
	}{{nobody, "/login"}, {nobody, "/invite"}, {nobody, "/manual"}, {clerk, "/"}, {clerk, "/all"}, {clerk, "/base"}, {clerk, "/site"}, {clerk, "/base/new"}, {clerk, "/nowhere"}} {
		a := w.get(c.as, c.target)
		if !isPage(a) {
			t.Errorf("%s: %d is no page", c.target, a.code)
			continue
		}
		d := testkit.HTML(t, a.body)
		d.MustHave(".foot", "© 2019 云州市关心下一代工作委员会")
		d.MustHave(".foot a[href='https://beian.miit.gov.cn/']", "京ICP备12345678号-1")
		d.MustHave(".foot a[href='https://beian.mps.gov.cn/#/query/webSearch?code=11010512345678']", "京公网安备11010512345678号")
		d.MustHave(".foot a[href='https://mark.example.org/sitename?id=1&x=2']", "bm01000001")
		d.MustHave(".foot a[href='tel:05005550126']", "0500-555 0126")
		d.MustHave(".foot", "办公室，工作日8:30–17:00")
		for _, x := range d.All(".foot a[href^='https:']") {
			if !strings.Contains(x.Attr("rel"), "noopener") {
				t.Errorf("%s: %s leads outside unguarded", c.target, x.Attr("href"))
			}
		}
	}
	as := *nobody
	as.cookie = "xinhuo_view=en.18."
	testkit.HTML(t, w.get(&as, "/login").body).MustHave(".foot", "Mark of Party and government sites: bm01000001")
	if err := w.a.SetImprint(w.ctx, -1, put(Imprint{})); err != nil {
		t.Fatal(err)
	}
	d := testkit.HTML(t, w.get(nobody, "/login").body)
	if n := len(d.All(".foot a[href^='https:'], .foot .call")); n != 0 {
		t.Errorf("%d lines are left of a foot that was cleared", n)
	}
}

// L36: what does not look like such a number is told in plain words beside its field, and no address but https is a link.
func TestFootTakesOnlyWhatItCanShow(t *testing.T) { // L36
	w := openWorld(t)
	for _, c := range []struct{ field, text, key string }{
		{"icp", "12345678", "app.site.icp_shape"}, {"icp", "京ICP备号", "app.site.icp_shape"}, {"icp", "京ICP备12345678号<b>", "app.site.icp_shape"},
		{"police", "京公网安备号", "app.site.police_shape"}, {"police", "京公网安备1101051234567x号", "app.site.police_shape"},
		{"mark", "标识", "app.site.mark_shape"}, {"mark_url", "", "app.site.url_missing"}, {"mark", "", "app.site.mark_missing"},
		{"mark_url", "javascript:alert(1)", "app.site.url_shape"}, {"mark_url", "http://mark.example.org/", "app.site.url_shape"}, {"mark_url", "//mark.example.org/", "app.site.url_shape"},
		{"mark_url", "https://a:b@mark.example.org/", "app.site.url_shape"}, {"mark_url", "https://", "app.site.url_shape"}, {"mark_url", `https://mark.example.org/"onclick=x`, "app.site.url_shape"},
		{"phone", "办公室", "app.site.phone_shape"}, {"phone", "0500-5550126转3", "app.site.phone_shape"}, {"phone", "()", "app.site.phone_shape"},
		{"copyright", strings.Repeat("长", 121), "app.site.too_long"}, {"copyright", "© \u202egnol", "app.site.unprintable"},
	} {
		s := fullSite()
		*s.Field(c.field) = c.text
		err := w.a.SetImprint(w.ctx, -1, put(s))
		var f *errs.Error
		if !errs.Is(err, errs.Invalid) || !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Name != c.field || f.Fields[0].Key != c.key {
			t.Errorf("%s %q: %v", c.field, c.text, err)
		}
	}
	for _, good := range []struct{ field, text, kept string }{
		{"icp", " 粤icp备12345678号 ", "粤ICP备12345678号"}, {"icp", "京ICP证030173号", "京ICP证030173号"}, {"icp", "浙B2-20090059", ""}, {"icp", "京ＩＣＰ备 １２３４５６７８号－１", "京ICP备12345678号-1"},
		{"police", "京公网安备 11010512345678号", "京公网安备11010512345678号"}, {"phone", "+86 (500) 5550126", "+86 (500) 5550126"},
	} {
		s := fullSite()
		*s.Field(good.field) = good.text
		err := w.a.SetImprint(w.ctx, -1, put(s))
		if good.kept == "" {
			if err != nil {
				t.Errorf("%q: %v", good.text, err)
			}
			continue
		}
		if got := *w.a.site.Load().Field(good.field); err != nil || got != good.kept {
			t.Errorf("%q is kept as %q: %v", good.text, got, err)
		}
	}
	s := fullSite()
	s.Copyright, s.PhoneNote = `<script>alert(1)</script>`, `"><img src=x onerror=alert(2)>`
	if err := w.a.SetImprint(w.ctx, -1, put(s)); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"/login", "/site"} {
		body := w.get(w.byLogin["chenyulan"], target).body
		if target == "/login" {
			body = w.get(w.roles[0], target).body
		}
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img src=x") || !strings.Contains(body, "&lt;script&gt;alert(1)") {
			t.Errorf("%s shows what was typed as code", target)
		}
	}
}

// L35, L36: the office that runs the site sets its foot on a page; what is wrong comes back as it was typed, nobody else may, the
// log says who did, and who was slower is told.
func TestAdministratorSetsTheFoot(t *testing.T) { // L35 // L36
	w := openWorld(t)
	clerk := w.byLogin["chenyulan"]
	testkit.HTML(t, w.get(clerk, "/all").body).MustHave("main a[href='/site']", "页面底部")
	for _, login := range []string{"zhouwenqin", "liangshuiwang", "linguangping", "caihuiqin"} {
		as := w.byLogin[login]
		if got := w.get(as, "/site"); got.code != http.StatusForbidden {
			t.Errorf("%s opens the page: %d", login, got.code)
		}
		got := w.send(newRequest("POST", "/site", url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "copyright": {"zkforeign"}}, as.cookie))
		if got.code != http.StatusForbidden {
			t.Errorf("%s sets the foot: %d", login, got.code)
		}
		if strings.Contains(w.get(as, "/all").body, `href="/site"`) {
			t.Errorf("%s is led to the page", login)
		}
	}
	d := testkit.HTML(t, w.get(clerk, "/site").body)
	version := d.One("input[name=_version]").Attr("value")
	form := url.Values{"_key": {web.NewKey()}, "_version": {version}, "copyright": {"© zk 办公室"}, "icp": {"随便写的"}}
	bad := w.send(newRequest("POST", "/site", form, clerk.cookie))
	again := testkit.HTML(t, bad.body)
	if bad.code != http.StatusUnprocessableEntity || again.One("input[name=copyright]").Attr("value") != "© zk 办公室" || again.One("input[name=icp]").Attr("value") != "随便写的" {
		t.Errorf("what was typed is lost: %d", bad.code)
	}
	again.MustHave("main", "写完整的号，如京ICP备12345678号-1")
	form.Set("icp", "京ICP备12345678号")
	form.Set("_key", again.One("input[name=_key]").Attr("value"))
	if got := w.send(newRequest("POST", "/site", form, clerk.cookie)); got.code != http.StatusSeeOther {
		t.Fatalf("not saved: %d %s", got.code, got.body)
	}
	testkit.HTML(t, w.get(clerk, "/site?done=1").body).MustHave("main", "已保存")
	testkit.HTML(t, w.get(w.roles[0], "/login").body).MustHave(".foot", "© zk 办公室")
	form.Set("_key", web.NewKey())
	form.Set("copyright", "© zk 后来的")
	late := w.send(newRequest("POST", "/site", form, clerk.cookie))
	if late.code != http.StatusConflict || !strings.Contains(late.body, "后来的") {
		t.Errorf("who read an old version overwrites the new one: %d", late.code)
	}
	rows, err := w.a.Audit.List(w.ctx, audit.Filter{Act: siteAct})
	if err != nil {
		t.Fatal(err)
	}
	done, refused := 0, 0
	for _, r := range rows {
		switch {
		case r.Refused != 0:
			refused++
		case r.Actor == clerk.actor.Account:
			done++
			var detail map[string]string
			if err := json.Unmarshal([]byte(r.Detail), &detail); err != nil || detail["copyright"] != "© zk 办公室" || detail["icp"] != "京ICP备12345678号" {
				t.Errorf("the log says %s", r.Detail)
			}
		}
	}
	if done != 1 || refused == 0 {
		t.Errorf("the log has %d changes of the office and %d attempts", done, refused)
	}
}

// L36: what one server of a cluster sets, or the command line, the others show once they have looked.
func TestFootIsTheSameOnEveryServer(t *testing.T) { // L36
	dsn := testkit.DSN(t)
	open := func() *App {
		a, err := Open(context.Background(), Config{DSN: dsn, Files: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { a.Close() })
		return a
	}
	one, other := open(), open()
	ctx := one.System(context.Background(), "test")
	if err := one.SetImprint(ctx, -1, put(fullSite())); err != nil {
		t.Fatal(err)
	}
	if err := other.readSite(ctx); err != nil {
		t.Fatal(err)
	}
	if got := other.site.Load(); got.ICP != fullSite().ICP || got.Phone != fullSite().Phone {
		t.Errorf("the other server shows %+v", got)
	}
	if got := open().site.Load(); got.Copyright != fullSite().Copyright {
		t.Errorf("a server that starts shows %+v", got)
	}
	if err := one.SetImprint(scope.With(ctx, scope.Actor{}), -1, put(Imprint{})); !errs.Is(err, errs.Forbidden) {
		t.Errorf("nobody in particular clears it: %v", err)
	}
}
