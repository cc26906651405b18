package portal

import (
	"compress/gzip"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/static"
	"xinhuo/internal/ledger"
)

// R164 R168: off, nobody finds it; on, it is read without an account; what its office changes shows at the next reading.
func TestOffIsAbsentAndAChangeShowsAtOnce(t *testing.T) {
	w := openWorld(t)
	u := w.unit("9902")
	x := site("yunzhou")
	x.On = false
	w.must(w.s.SetSite(w.by("9902"), u.ID, x))
	off, said := w.get("/s/yunzhou")
	none, other := w.get("/s/nowhere")
	if off != 404 || none != 404 || strings.ReplaceAll(said, "yunzhou", "") != strings.ReplaceAll(other, "nowhere", "") {
		t.Fatalf("off %d %s, absent %d %s", off, said, none, other)
	}
	if rec := w.send("9902", "", "GET", "/portal/preview?unit="+u.ID.String(), nil); rec.Code != 200 || !strings.Contains(rec.Body.String(), "yunzhou网上关工委") {
		t.Errorf("the office has no preview: %d", rec.Code)
	}
	if rec := w.send("9907", "", "GET", "/portal/preview?unit="+u.ID.String(), nil); rec.Code == 200 {
		t.Error("the neighbour previews it")
	}
	w.must(w.s.SetOn(w.by("9902"), u, true))
	for _, c := range append([]string{""}, Columns...) {
		if code, body := w.get(strings.TrimSuffix("/s/yunzhou/"+c, "/")); code != 200 || !strings.Contains(body, "12355") || !strings.Contains(body, "0500-5550126") {
			t.Errorf("%q: %d, with hotline %t", c, code, strings.Contains(body, "12355"))
		}
	}
	if _, body := w.get("/s/yunzhou"); strings.Contains(body, "第一条") {
		t.Fatal("too early")
	}
	ref := w.news("9902", News{Title: "第一条", Text: "正文", State: Published})
	if _, body := w.get("/s/yunzhou"); !strings.Contains(body, "第一条") {
		t.Error("news do not show at once")
	}
	w.must(w.s.TakeDown(w.by("9902"), ref, 1, "写错了"))
	if _, body := w.get("/s/yunzhou"); strings.Contains(body, "第一条") {
		t.Error("taken down, and still there")
	}
	if code, _ := w.get("/s/yunzhou/news/" + ref.String()); code != 404 {
		t.Errorf("taken down, and %d", code)
	}
	_, gone := w.get("/s/yunzhou/news/" + ref.String())
	for _, path := range []string{"/s/yunzhou/news/9902-sarv449t9800", "/s/yunzhou/nothing", "/s/yunzhou/bases?place=" + w.unit("9907").ID.String()} {
		if code, body := w.get(path); code != 404 || body != gone {
			t.Errorf("%s: %d, told otherwise than what was taken down", path, code)
		}
	}
	for _, want := range []string{"12355", "0500-5550126", `href="/s/yunzhou/help"`} { // whoever is lost finds a human's number
		if !strings.Contains(gone, want) {
			t.Errorf("a page that is not there says nothing of %s", want)
		}
	}
	if rec := w.send("", "", "GET", "/s/yunzhou/nothing", nil, "Accept", "application/json"); rec.Code != 404 || strings.Contains(rec.Body.String(), "<html") {
		t.Errorf("a program: %d %.100s", rec.Code, rec.Body)
	}
	w.must(w.s.SetOn(w.by("9902"), u, false))
	if code, _ := w.get("/s/yunzhou"); code != 404 {
		t.Errorf("switched off, and %d", code)
	}
}

// R168: two cities on one server; whatever is kept, no page of one says a word of the other.
func TestNothingCrosses(t *testing.T) {
	w := openWorld(t)
	rng := rand.New(rand.NewPCG(1, 9))
	codes := []string{"9902", "990203", "9907", "990701"}
	slugs := map[string]string{"9902": "yunzhou", "990203": "nanjiang", "9907": "ximen", "990701": "chaowan"}
	city := func(code string) string { return code[:4] }
	refs := map[string][]id.Ref{}
	var events []id.Ref
	for _, code := range codes {
		w.open(code, slugs[code])
	}
	steps := 40
	if testkit.Long() {
		steps = 400
	}
	for n := range steps {
		code := codes[rng.IntN(len(codes))]
		u, canary := w.unit(code), fmt.Sprintf("zk%sq%d", code, n)
		switch rng.IntN(5) {
		case 0:
			refs[code] = append(refs[code], w.news(code, News{Title: canary, Text: canary, State: []State{Published, Draft}[rng.IntN(2)]}))
		case 1:
			w.bases = append(w.bases, Base{Name: canary, Host: u.ID, HostName: canary, Address: canary, Phone: "0500-5550126"})
		case 2:
			e := Event{Ref: id.Ref{Root: u.Root(), ID: id.New()}, Title: canary, Lead: canary, Place: canary, Day: today.AddDays(1 + rng.IntN(40))}
			w.events, events = append(w.events, e), append(events, e.Ref)
			w.must(w.s.Show(w.by(code), u, events, nil)) // all that there are, those of the other city too
		case 3:
			w.docs = append(w.docs, Document{No: int64(n), Title: canary, Unit: u.Name, Day: today})
		case 4:
			w.desks = append(w.desks, Desk{Unit: u.ID, Name: canary, Phone: canary, Hours: canary})
		}
		w.s.kept.drop()
	}
	met := map[string]bool{}
	word := regexp.MustCompile(`zk(\d+)q\d+`)
	for _, code := range codes {
		paths := []string{"", "/bases?place=" + w.unit("990203").ID.String(), "/bases?place=" + w.unit("990701").ID.String(), "/bases?place=" + w.unit("99").ID.String()}
		for _, c := range Columns {
			paths = append(paths, "/"+c)
		}
		for _, list := range refs {
			for _, ref := range list {
				paths = append(paths, "/news/"+ref.String())
			}
		}
		for _, ref := range events {
			paths = append(paths, "/volunteer?for="+ref.String())
		}
		for _, p := range paths {
			status, body := w.get("/s/" + slugs[code] + p)
			for _, m := range word.FindAllStringSubmatch(body, -1) {
				if met[m[1]] = true; city(m[1]) != city(code) || len(code) > 4 && strings.HasPrefix(p, "/news") && m[1] != code {
					t.Fatalf("%s%s says %s", slugs[code], p, m[0])
				}
			}
			if strings.HasPrefix(p, "/bases?place=") && status == 200 && !w.inside(w.ctx, w.unit(code), mustID(t, p)) {
				t.Errorf("%s%s: %d", slugs[code], p, status)
			}
		}
	}
	for _, code := range codes {
		if !met[code] {
			t.Errorf("no page says anything of %s: the test looks in the wrong places", code)
		}
	}
}

func mustID(t *testing.T, p string) id.ID {
	t.Helper()
	_, text, _ := strings.Cut(p, "place=")
	v, err := id.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// R168: a domain is one site's, in any spelling, and given by who runs the program; at it no other site is there.
func TestDomains(t *testing.T) {
	w := openWorld(t)
	x, y := w.open("9902", "yunzhou"), w.open("9907", "ximen")
	set := func(code string, s Site, hosts ...string) error {
		s.Hosts = hosts
		return w.s.SetSite(w.by(code), s.Unit, s)
	}
	w.refused(set("9902", x, "ggw.yunzhou.example"), "hosts")
	w.runs = true
	for _, bad := range []string{"127.0.0.1", "[::1]", "localhost", "a b.example", "*.example.org", "http://x.example/", "x.example/path", "-x.example", "x..example", "127.1", "platform.example.org", "平台 . example"} {
		w.refused(set("9902", x, bad), "hosts")
	}
	w.must(set("9902", x, " GGW.YunZhou.Example.:443 ", "ggw.yunzhou.example", "云州.example"))
	x, err := w.s.Site(w.by("9902"), w.unit("9902"))
	w.must(err)
	if want := []string{"ggw.yunzhou.example", "xn--3et43h.example"}; len(x.Hosts) != 2 || x.Hosts[0] != want[0] || !strings.HasPrefix(x.Hosts[1], "xn--") {
		t.Errorf("hosts %v, want %v", x.Hosts, want)
	}
	w.refused(set("9907", y, "ggw.yunzhou.example"), "hosts")
	for host, want := range map[string]string{"ggw.yunzhou.example": "yunzhou", "GGW.yunzhou.EXAMPLE:8400": "yunzhou", "云州.example": "yunzhou", "other.example": "", "127.0.0.1:8400": "", "localhost": "", "": "", strings.Repeat("a.", 200): "", "a\x00b.example": ""} {
		if got, err := w.s.SlugAt(w.ctx, host); err != nil || got != want {
			t.Errorf("%q is %q, want %q (%v)", host, got, want, err)
		}
	}
	for path, want := range map[string]int{"/s/yunzhou": 200, "/s/ximen": 404, "/s/ximen/news": 404} {
		if rec := w.send("", "ggw.yunzhou.example", "GET", path, nil); rec.Code != want {
			t.Errorf("%s at the domain of yunzhou: %d, want %d", path, rec.Code, want)
		}
	}
	w.runs = false // an office changes the rest and keeps its domains
	w.must(w.s.SetOn(w.by("9902"), w.unit("9902"), false))
	if got, err := w.s.SlugAt(w.ctx, "ggw.yunzhou.example"); err != nil || got != "" {
		t.Errorf("off, and still at its domain: %q %v", got, err)
	}
}

// R168: at its own domain a site's addresses are short, in every link of every page, and only there; two cities on two domains say nothing of
// each other.
func TestShortAddressesAtADomain(t *testing.T) {
	w := openWorld(t)
	hosts := map[string]string{"9902": "ggw.yunzhou.example", "9907": "ggw.ximen.example"}
	slugs := map[string]string{"9902": "yunzhou", "9907": "ximen"}
	refs := map[string]id.Ref{}
	w.runs = true
	for code, host := range hosts {
		x := w.open(code, slugs[code])
		x.Hosts = []string{host, "www." + host}
		w.must(w.s.SetSite(w.by(code), x.Unit, x))
		u := w.unit(code)
		e := Event{Ref: id.Ref{Root: u.Root(), ID: id.New()}, Title: "zk" + code, Day: today.AddDays(2), Place: "江边"}
		w.events = append(w.events, e)
		w.must(w.s.Show(w.by(code), u, []id.Ref{e.Ref}, nil))
		for range mostNews + 1 {
			refs[code] = w.news(code, News{Title: "zk" + code, Text: "正文", State: Published})
		}
	}
	link := regexp.MustCompile(`(?:href|action|src)="([^"]*)"`)
	for code, host := range hosts {
		other := map[string]string{"9902": "9907", "9907": "9902"}[code]
		seen, todo := map[string]bool{}, []string{"/", "/?lang=en&size=26"}
		for len(todo) > 0 {
			path := todo[0]
			if todo = todo[1:]; seen[path] || len(seen) > 200 {
				continue
			}
			seen[path] = true
			rec := w.send("", host, "GET", path, nil)
			body := rec.Body.String()
			if rec.Code != 200 || strings.Contains(body, "/s/") || strings.Contains(body, "zk"+other) {
				t.Fatalf("%s%s: %d, long %t", host, path, rec.Code, strings.Contains(body, "/s/"))
			}
			for _, m := range link.FindAllStringSubmatch(body, -1) {
				to := html.UnescapeString(m[1])
				if short := regexp.MustCompile(`^/(about|news|bases|activities|join|documents|figures|help)?(/|\?|$)`); short.MatchString(to) {
					todo = append(todo, to)
				}
			}
			if p, _, _ := strings.Cut(path, "?"); !seen[p] {
				todo = append(todo, p)
			}
		}
		for _, want := range []string{"/", "/news", "/news?after=20", "/news/" + refs[code].String(), "/join", "/figures", "/help?lang=en&size=26"} {
			if !seen[want] {
				t.Errorf("%s: no link leads to %s", host, want)
			}
		}
		for path, want := range map[string]int{"/s/" + slugs[code]: 200, "/s/" + slugs[code] + "/news": 200, "/s/" + slugs[other]: 404, "/news/" + refs[other].String(): 404, "/volunteer": 404, "/news/x": 404, "/nowhere": 404} {
			if rec := w.send("", host, "GET", path, nil); rec.Code != want || strings.Contains(rec.Body.String(), "zk"+other) {
				t.Errorf("%s%s: %d, want %d", host, path, rec.Code, want)
			}
		}
		form := url.Values{"_key": {web.NewKey()}, "name": {"贺老师"}, "phone": {"0500-5552377"}, "can": {"会讲数学故事"}}
		if rec := w.send("", host, "POST", "/join", form); rec.Code != 200 || strings.Contains(rec.Body.String(), "/s/") {
			t.Errorf("%s/join takes no letter: %d", host, rec.Code)
		}
	}
	for code := range hosts {
		if list, err := w.s.Wishes(w.by(code), w.unit(code)); err != nil || len(list) != 1 {
			t.Errorf("%s has %d letters: %v", code, len(list), err)
		}
	}
	for _, host := range []string{"", "127.0.0.1:8400", "ggw.nowhere.example"} {
		for _, path := range []string{"/", "/news", "/join", "/about"} {
			if rec := w.send("", host, "GET", path, nil); rec.Code != 404 {
				t.Errorf("%s%s serves a site: %d", host, path, rec.Code)
			}
		}
		rec := w.send("", host, "GET", "/s/yunzhou?size=26", nil)
		if body := rec.Body.String(); rec.Code != 200 || strings.Contains(body, `href="/news"`) || !strings.Contains(body, `href="/s/yunzhou/news?size=26"`) {
			t.Errorf("%s: %d, links are short where nothing is", host, rec.Code)
		}
	}
	x, err := w.s.Site(w.by("9902"), w.unit("9902"))
	w.must(err)
	for _, c := range []struct {
		f    face
		want string
	}{
		{face{site: x, column: NewsColumn, size: 26}, "//ggw.yunzhou.example/news"},
		{face{site: x, own: true, size: sizes[0]}, "//ggw.yunzhou.example/"},
		{face{site: x, column: Figures, size: sizes[0], lang: "en", said: true}, "//ggw.yunzhou.example/figures?lang=en"},
		{face{site: Site{Slug: "none"}, column: NewsColumn, size: 22}, "/s/none/news"},
		{face{site: x, preview: true}, ""},
	} {
		if got := c.f.canonical(); got != c.want {
			t.Errorf("canonical %q, want %q", got, c.want)
		}
	}
}

// Hostile and careless input is refused beside its field, or shown as what it is: text.
func TestWhatIsTypedIsText(t *testing.T) {
	w := openWorld(t)
	x := w.open("9902", "yunzhou")
	for _, bad := range []string{"", "ab", "login", "api", "www", "../etc", "a/b", "云州", "-ab", "ab-", "a--b", "1ab", "a b", "%2e%2e", strings.Repeat("a", 33), "a\x00bc", "<b>abc"} {
		y := x
		y.Slug = bad
		w.refused(w.s.SetSite(w.by("9902"), y.Unit, y), "slug")
		if code, _ := w.get("/s/" + url.PathEscape(bad)); bad != "" && code != 404 {
			t.Errorf("/s/%q: %d", bad, code)
		}
	}
	for field, set := range map[string]func(*Site){"title": func(s *Site) { s.Title = "\u200b \n" }, "colour": func(s *Site) { s.Colour = "#ff0000" }, "hotline": func(s *Site) { s.Hotline = "javascript:alert(110)" }, "phone": func(s *Site) { s.Phone = "" },
		"human": func(s *Site) { s.Human = " " }, "hours": func(s *Site) { s.Hours = "" }, "about": func(s *Site) { s.About = strings.Repeat("长", maxAbout+1) }} {
		y := x
		set(&y)
		w.refused(w.s.SetSite(w.by("9902"), y.Unit, y), field)
	}
	y := x
	y.Title, y.Motto, y.About, y.Slug = `<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "第一段\n<b>第二段</b>\u202e", "ＹｕｎＺｈｏｕ"
	w.must(w.s.SetSite(w.by("9902"), y.Unit, y))
	for _, p := range []string{"/s/yunzhou", "/s/yunzhou/about", "/s/YUNZHOU"} {
		code, body := w.get(p)
		if code != 200 || strings.Contains(body, "<script") || strings.Contains(body, "<img") || strings.Contains(body, "<b>第二段") || strings.Contains(body, "\u202e") {
			t.Errorf("%s: %d %.300s", p, code, body)
		}
	}
	w.kind(w.s.SetSite(w.by("9902"), x.Unit, x), errs.Conflict) // read before the last change
	for _, n := range []News{{Title: "", Text: "x"}, {Title: "x", Text: ""}, {Title: "x", Text: "x", Day: today.AddDays(1)}, {Title: "x", Text: "x", Day: "2019-02-30"}} {
		n.Unit = x.Unit
		if n.Day == "" {
			n.Day = today
		}
		_, err := w.s.AddNews(w.by("9902"), n, true)
		w.kind(err, errs.Invalid)
	}
}

// A short address is one unit's.
func TestAShortAddressIsOneUnits(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	w.refused(w.s.SetSite(w.by("9907"), w.unit("9907").ID, site("yunzhou")), "slug")
	w.open("9907", "ximen")
	if w.kind(w.s.SetSite(w.by("9907"), w.unit("9902").ID, site("other")), errs.NotFound); t.Failed() {
		t.Error("the neighbour sets it")
	}
	w.kind(w.s.SetSite(w.by("99"), w.unit("9902").ID, site("other")), errs.Forbidden) // sees it, and does not work there
}

// Published figures stay as they were said, with their day; of fewer than five people no number is told, nor one from which it follows.
func TestFiguresAreSaidAndSmallNumbersAreNot(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	u := w.unit("9902")
	w.refused(w.s.Publish(w.by("9902"), u, today.AddDays(1), nil), "day")
	w.refused(w.s.Publish(w.by("9902"), u, "1999-01-01", nil), "day")
	w.refused(w.s.Publish(w.by("9902"), u, today, []string{"no.such"}), "codes")
	w.kind(w.s.Publish(w.by("9907"), u, today, nil), errs.NotFound)
	w.must(w.s.Publish(w.by("9902"), u, today, []string{"unit.townships"}))
	list, err := w.s.Published(w.by(""), u.ID)
	w.must(err)
	if len(list) == 0 || list[0].Day != today {
		t.Fatalf("published %+v", list)
	}
	_, body := w.get("/s/yunzhou/figures")
	if !strings.Contains(body, "截至2019年5月31日") {
		t.Errorf("no day: %.2000s", body)
	}
	w.now = w.now.AddDate(0, 0, 40)
	if _, later := w.get("/s/yunzhou/figures"); !strings.Contains(later, "截至2019年5月31日") {
		t.Error("it moved by itself")
	}
	n := func(v int64) *int64 { return &v }
	people, things := ledger.Definition{Code: "p", Kind: ledger.State, Measure: ledger.Words{Zh: "人"}}, ledger.Definition{Code: "t", Kind: ledger.State, Measure: ledger.Words{Zh: "个"}}
	share := ledger.Definition{Code: "s", Kind: ledger.Derived, Numerator: "p", Denominator: "p", Measure: ledger.Words{Zh: "%"}}
	known := func(code string) (ledger.Definition, error) {
		return map[string]ledger.Definition{"p": people, "t": things}[code], nil
	}
	for _, c := range []struct {
		d    ledger.Definition
		v    ledger.Value
		want int64
	}{
		{people, ledger.Value{Amount: n(0)}, anon.Hidden}, {people, ledger.Value{Amount: n(4)}, anon.Hidden}, {people, ledger.Value{Amount: n(5)}, 5}, {things, ledger.Value{Amount: n(1)}, 1}, {things, ledger.Value{}, anon.Hidden},
		{share, ledger.Value{Amount: n(75), Numerator: n(3), Denominator: n(40)}, anon.Hidden}, {share, ledger.Value{Amount: n(925), Numerator: n(37), Denominator: n(40)}, anon.Hidden},
		{share, ledger.Value{Amount: n(500), Numerator: n(20), Denominator: n(40)}, 500}, {share, ledger.Value{Amount: n(1000), Numerator: n(40), Denominator: n(40)}, 1000},
	} {
		if got := Told(c.d, c.v, known); got == anon.Hidden && c.d.Kind == ledger.Derived {
			if text, unit := numbered(w.ctx, c.d, got); unit != "" || !strings.Contains(text, "不公布") {
				t.Errorf("a share that is told nobody is said to be %s%s", text, unit)
			}
		} else if got == anon.Hidden && c.v.Amount != nil {
			if text, unit := numbered(w.ctx, c.d, got); text != "少于5" || unit == "" {
				t.Errorf("a small number is said to be %s%s", text, unit)
			}
		}
		if got := Told(c.d, c.v, known); got != c.want {
			t.Errorf("%s %v is told as %d, want %d", c.d.Code, c.v.Amount, got, c.want)
		}
	}
}

// Of the children who were helped stands what aid publishes by closed months, on the home page, too, however many figures there are.
func TestChildrenHelpedHaveAPlace(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	w.must(w.s.Publish(w.by("9902"), w.unit("9902"), today, []string{"unit.townships"}))
	at, err := w.s.Site(w.by("9902"), w.unit("9902"))
	w.must(err)
	for most, want := range map[int]string{1: "帮扶的孩子", 2: "乡镇（街道） 帮扶的孩子"} {
		b, err := w.s.figureBlock(w.by("9902"), face{site: at, unit: w.unit("9902")}, most)
		w.must(err)
		var names []string
		for _, f := range b.Figures {
			names = append(names, f.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("of %d there are %q", most, got)
		}
	}
	_, body := w.get("/s/yunzhou")
	page := testkit.HTML(t, body)
	page.MustHave(".told", "37")
	page.MustHave(".told", "2019年1月至2019年4月")
}

// One address cannot fill an inbox.
// Whatever goes wrong on a site is said in its own clothes: with its telephones and the ways on, in the language of the page, and in nothing else's.
// Signing up is for an activity that the site shows; over, or never shown, it takes nothing.
// A site says how many places an activity has; the last one is given once; who steps back frees theirs; whoever signed up is answered before the day.
// The self-check says what an inspection would, and nothing of a site that is as it should be.
func TestTheSelfCheckFindsWhatIsOldOrEmpty(t *testing.T) {
	w := openWorld(t)
	u := w.unit("9902")
	found := func() (out []string) {
		list, err := w.s.Check(w.by("9902"), u)
		w.must(err)
		for _, f := range list {
			out = append(out, f.What)
			if text := tr(w.ctx, "portal.find."+f.What); strings.HasPrefix(text, "portal.") {
				t.Errorf("%s has no words", f.What)
			}
		}
		return out
	}
	if got := found(); len(got) != 0 {
		t.Errorf("without a site: %v", got)
	}
	x := site("yunzhou")
	x.On, x.Hotline, x.Phone, x.About = false, "", "", ""
	w.must(w.s.SetSite(w.by("9902"), u.ID, x))
	for _, want := range []string{"off", "no_hotline", "no_human", "about_empty", "news_empty", "figures_empty", "activities_none", "home_old", "bases_empty", "documents_empty", "help_none"} {
		if got := found(); !slices.Contains(got, want) {
			t.Errorf("%s is not found: %v", want, got)
		}
	}
	x = site("yunzhou")
	x.Ver = 1
	w.must(w.s.SetSite(w.by("9902"), u.ID, x))
	ref := w.news("9902", News{Title: "一", Text: "看 /s/yunzhou/about 和 https://ggw.example/s/yunzhou", State: Published})
	w.must(w.s.Publish(w.by("9902"), u, today, []string{"unit.townships"}))
	e := Event{Ref: id.Ref{Root: u.Root(), ID: id.New()}, Title: "江边护鸟", Day: today.AddDays(50)}
	w.events, w.bases, w.docs, w.desks = []Event{e}, []Base{{Name: "馆", Host: u.ID}}, []Document{{Title: "x", Unit: u.Name}}, []Desk{{Unit: u.ID}}
	w.must(w.s.Show(w.by("9902"), u, []id.Ref{e.Ref}, nil))
	if got := found(); len(got) != 0 {
		t.Errorf("as it should be: %v", got)
	}
	current, err := w.s.Site(w.by("9902"), u)
	w.must(err)
	w.must(w.s.Wish(w.by(""), current, id.Ref{}, Words{Name: "x", Phone: "0500-5552377", Can: "x"}, "192.0.2.1"))
	w.late = 2
	_, ver, err := w.s.GetNews(w.by("9902"), ref)
	w.must(err)
	w.must(w.s.SaveNews(w.by("9902"), ref, ver.N, News{Day: today, Title: "一", Text: "看 /s/nowhere 和 /s/yunzhou/news/9902-0000000000"}))
	w.now = w.now.AddDate(0, 0, 40)
	got := found()
	for _, want := range []string{"news_old", "figures_old", "home_old", "wishes_wait", "help_late", "link_dead"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not found: %v", want, got)
		}
	}
	if _, err := w.s.Check(w.by("9907"), u); !errs.Is(err, errs.NotFound) {
		t.Errorf("the neighbour checks it: %v", err)
	}
	for _, lang := range []string{"zh", "en"} {
		rec := w.send("99", "", "GET", "/portal/check?unit="+u.ID.String()+"&lang="+lang, nil)
		if rec.Code != 200 || strings.Contains(rec.Body.String(), "portal.") {
			t.Errorf("%s: %d", lang, rec.Code)
		}
	}
	if rec := w.send("99", "", "GET", "/api/v1/portal/check?unit="+u.ID.String(), nil); rec.Code != 200 || !strings.Contains(rec.Body.String(), `"news_old"`) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}

// A page is small, has no script, says nothing in a cookie, is the same for everybody and is known again by its mark.
func TestAPageForAnOldTelephone(t *testing.T) { // R164
	w := openWorld(t)
	w.open("9902", "yunzhou")
	for n := range 60 {
		w.news("9902", News{Title: strings.Repeat("新闻", 20), Text: "正文", Day: today.AddDays(-n), State: Published})
		w.bases = append(w.bases, Base{Name: strings.Repeat("馆", 20), HostName: "稻香镇", Host: w.unit("990203").ID, Address: strings.Repeat("路", 30), Hours: "每天", Phone: "0500-5550001", Category: "红色基因"})
	}
	css, err := static.Files.ReadFile("xinhuo.css")
	w.must(err)
	for _, lang := range []string{"", "en"} {
		for _, c := range append([]string{""}, Columns...) {
			path := "/s/yunzhou"
			if c != "" {
				path += "/" + c
			}
			path += "?size=26&lang=" + lang
			rec := w.send("", "", "GET", path, nil)
			body := rec.Body.String()
			if n := len(body) + len(css); n > 60<<10 {
				t.Errorf("%s: %d bytes with its style sheet", path, n)
			}
			if rec.Code != 200 || strings.Contains(body, "<script") || rec.Header().Get("Set-Cookie") != "" || strings.Contains(body, "portal.") {
				t.Errorf("%s: %d", path, rec.Code)
			}
			if c == Volunteer {
				continue
			}
			mark := rec.Header().Get("ETag")
			if again := w.send("9902", "", "GET", path, nil, "If-None-Match", mark, "Accept-Language", "en", "Cookie", "view=en"); mark == "" || again.Code != http.StatusNotModified {
				t.Errorf("%s: %q answered %d", path, mark, again.Code)
			}
			small := w.send("", "", "GET", path, nil, "Accept-Encoding", "br, gzip")
			z, err := gzip.NewReader(small.Body)
			w.must(err)
			if whole, err := io.ReadAll(z); err != nil || string(whole) != body || small.Header().Get("Content-Encoding") != "gzip" || rec.Header().Get("Content-Encoding") != "" || !slices.Contains(rec.Header().Values("Vary"), "Accept-Encoding") {
				t.Errorf("%s: packed it is another page: %v %v", path, err, small.Header())
			}
			if got := rec.Header().Get("Cache-Control"); got != "public, max-age=30" {
				t.Errorf("%s: %s", path, got)
			}
		}
	}
	asked := len(w.asked)
	for range 20 {
		w.get("/s/yunzhou/bases?x=" + web.NewKey()) // whatever is added
	}
	if len(w.asked) > asked+1 {
		t.Errorf("20 readings asked %d times", len(w.asked)-asked)
	}
}

// The telephone in a person's own pocket is not published.
// A page is in the browser's language unless the address names one, and what is kept in memory is not handed to the other's readers.
func TestThePageFollowsTheBrowsersLanguage(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	w.get("/s/yunzhou") // the handler is there, and a Chinese page is kept
	for _, x := range []struct{ browser, path, want string }{{"en", "/s/yunzhou", "en"}, {"zh", "/s/yunzhou", "zh-CN"}, {"en", "/s/yunzhou?lang=zh", "zh-CN"}, {"zh", "/s/yunzhou?lang=en", "en"}, {"en", "/s/yunzhou?lang=xx", "en"}} {
		rec := httptest.NewRecorder()
		w.h.ServeHTTP(rec, httptest.NewRequest("GET", x.path, nil).WithContext(i18n.In(w.by(""), x.browser)))
		if got := rec.Header().Get("Content-Language"); got != x.want || !strings.Contains(strings.Join(rec.Header().Values("Vary"), ","), "Accept-Language") {
			t.Errorf("%s read by a browser in %s answers in %s, want %s; it varies by %q", x.path, x.browser, got, x.want, rec.Header().Values("Vary"))
		}
	}
}

func TestPrivateNumbersAreNotPublished(t *testing.T) {
	for in, want := range map[string]string{"0500-5550126": "0500-5550126", "13800138000": "", "138 0013 8000": "", "+86-138-0013-8000": "", "１３８００１３８０００": "", "12355": "12355"} {
		if got := PublicPhone(in); got != want {
			t.Errorf("%s is shown as %q", in, got)
		}
	}
}

// A unit that another took over has no site; what was written to it is its heir's.
func TestAMergedUnitsSiteEnds(t *testing.T) {
	w := openWorld(t)
	x := w.open("990203", "nanjiang")
	w.must(w.s.Wish(w.by(""), x, id.Ref{}, Words{Name: "x", Phone: "0500-5552377", Can: "x"}, "192.0.2.1"))
	w.must(w.org.Merge(w.ctx, []id.ID{w.unit("990203").ID}, w.unit("990204").ID, today, "云关委〔2019〕2号"))
	if code, _ := w.get("/s/nanjiang"); code != 404 {
		t.Errorf("merged away, and %d", code)
	}
	if list, err := w.s.Wishes(w.by("990204"), w.unit("990204")); err != nil || len(list) != 1 {
		t.Errorf("the heir has %d letters: %v", len(list), err)
	}
}

// Working days: a letter of Friday is due on Wednesday, over a holiday later.
func TestDue(t *testing.T) {
	for from, want := range map[clock.Day]clock.Day{"2019-05-31": "2019-06-05", "2019-05-27": "2019-05-30"} {
		if got := dueOn(from); got != want {
			t.Errorf("%s is due %s, want %s", from, got, want)
		}
	}
}

// The office's pages answer in both languages, to nobody beside those who work there.
func TestOfficePages(t *testing.T) {
	w := openWorld(t)
	w.open("9902", "yunzhou")
	u := w.unit("9902").ID.String()
	ref := w.news("9902", News{Title: "草稿一", Text: "正文"})
	for _, p := range []string{"/portal?unit=" + u, "/portal/settings?unit=" + u, "/portal/new?unit=" + u, "/portal/figures?unit=" + u, "/portal/activities?unit=" + u, "/portal/preview?unit=" + u, "/portal/check?unit=" + u, "/portal/news/" + ref.String(), "/portal/known/" + ref.String(),
		"/portal/news/" + ref.String() + "/edit", "/portal/news/" + ref.String() + "/publish", "/portal/news/" + ref.String() + "/down", "/api/v1/portal?unit=" + u} {
		if rec := w.send("9902", "", "GET", p, nil); rec.Code != 200 || strings.Contains(rec.Body.String(), "portal.f.") || strings.Contains(rec.Body.String(), "portal.hint.") {
			t.Errorf("%s: %d", p, rec.Code)
		}
		if rec := w.send("9907", "", "GET", p, nil); rec.Code != 404 && rec.Code != 403 {
			t.Errorf("%s for the neighbour: %d", p, rec.Code)
		}
	}
	edit := url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "title": {"改过"}, "text": {"正文"}, "day": {"2019-05-30"}}
	if rec := w.send("9902", "", "POST", "/portal/news/"+ref.String()+"/edit", edit); rec.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	edit.Set("_key", web.NewKey())
	if rec := w.send("9902", "", "POST", "/portal/news/"+ref.String()+"/edit", edit); rec.Code != http.StatusConflict {
		t.Errorf("an old version: %d", rec.Code)
	}
	set := url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "title": {"新名称"}, "slug": {"login"}, "colour": {"plum"}}
	if rec := w.send("9902", "", "POST", "/portal/settings?unit="+u, set); rec.Code != 422 || !strings.Contains(rec.Body.String(), "新名称") {
		t.Errorf("settings: %d", rec.Code)
	}
	if _, err := w.s.Site(scope.With(w.ctx, scope.Actor{}), w.unit("9902")); !errs.Is(err, errs.NotFound) {
		t.Errorf("settings for anybody: %v", err)
	}
}

// A site promises that nobody leaves a name only where it is so.
// Who wants to become a volunteer is entered as a candidate without typing it again, and nothing of them stands in an address.
// An address at a site's own domain is looked after like the long one.
func TestShortAddressesThatLeadNowhere(t *testing.T) {
	w := openWorld(t)
	x := w.open("9902", "yunzhou")
	w.runs, x.Hosts = true, []string{"ggw.yunzhou.example"}
	w.must(w.s.SetSite(w.by("9902"), x.Unit, x))
	ref := w.news("9902", News{Title: "一", Text: "一", State: Published})
	var want []string
	for path, dead := range map[string]bool{"": false, "/": false, "/news": false, "/news/" + ref.String(): false, "/join": false, "/d/7": false, "/news/9902-0000000000": true, "/about/x": true} {
		text := "https://GGW.yunzhou.example" + path
		w.news("9902", News{Title: "二", Text: "见" + text + "。", State: Published})
		if dead {
			want = append(want, text)
		}
	}
	list, err := w.s.Check(w.by("9902"), w.unit("9902"))
	w.must(err)
	var got []string
	for _, f := range list {
		if f.What == "link_dead" {
			got = append(got, f.Args["Address"].(string))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("dead are %v, want %v", got, want)
	}
}
