package volunteer

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
)

// A check carries its paper, and only those see it to whom the check may be shown whole.
func TestACheckCarriesItsPaper(t *testing.T) { // R162
	f := open(t)
	ref := f.person("990203013", "田世昌", func(v *Volunteer) { v.FindConsent = "2018-01-01" })
	other := f.person("990203013", "陈玉兰", nil)
	clerk := f.site(f.as("990203013"), f.s.Routes())
	here := "/volunteer/" + ref.String()
	form := func(key, version, kind string) url.Values {
		return url.Values{"_key": {key}, "_version": {version}, "check_kind": {kind}, "check_on": {"2019-05-30"}, "check_name": {"无犯罪记录证明"}}
	}
	page := testkit.HTML(t, f.uploadAs(clerk, here+"/check", "paper", form("k0", "1", "background"), []byte("MZ no paper"), 422))
	page.MustHave("main .err", "")
	f.uploadAs(clerk, here+"/check", "paper", form("k1", "1", "background"), jpegOf(3), 303)
	f.uploadAs(clerk, here+"/check", "paper", form("k2", "2", "health"), []byte("%PDF-1.4 zk"), 303)
	f.uploadAs(clerk, here+"/check", "paper", form("k3", "3", "training"), nil, 303) // none chosen
	v, ver, err := f.s.Get(f.as("990203013"), ref)
	f.must(err)
	paper := func(k CheckKind) string {
		i := slices.IndexFunc(v.Checks, func(c Check) bool { return c.Kind == k && c.Paper != "" })
		if i < 0 {
			t.Fatalf("%s has no paper: %+v", k, v.Checks)
		}
		return here + "/paper/" + v.Checks[i].Paper
	}
	photo, pdf := paper(Background), paper(Health)
	if data := f.get(clerk, photo, 200); !strings.HasPrefix(data, "\xff\xd8") {
		t.Error("the photo is no JPEG")
	}
	if data := f.get(clerk, pdf, 200); !strings.HasPrefix(data, "%PDF-") {
		t.Error("the PDF is none")
	}
	shown := testkit.HTML(t, f.get(clerk, here, 200))
	if got := shown.One(`#checks a[href="` + photo + `"]`).Content(); !strings.Contains(got, "附原件") {
		t.Error(got)
	}
	f.get(f.site(f.as("990203"), f.s.Routes()), photo, 403) // views, does not work there
	f.get(f.site(f.as("990204"), f.s.Routes()), photo, 404)
	f.get(clerk, "/volunteer/"+other.String()+"/paper/"+photo[len(here)+7:], 404) // not this person's
	county := f.get(f.site(f.as("990203"), f.s.Routes()), "/api/v1/volunteers/"+ref.String(), 200)
	if strings.Contains(county, `"paper"`) || strings.Contains(county, "附原件") {
		t.Error(county)
	}
	above := f.as("990203") // who works at the unit without being of it sees no paper of health
	town := f.unit("990203013")
	above = widened(above, town.Pos)
	_, open, err := f.s.Paper(above, ref, photo[len(here)+7:])
	f.must(err)
	f.must(open.Close())
	_, _, err = f.s.Paper(above, ref, pdf[len(here)+7:])
	f.kind(err, errs.NotFound)
	files, err := Uploads(f.ctx, f.d)
	f.must(err)
	for _, x := range []string{photo, pdf} {
		if !slices.Contains(files, x[len(here)+7:]) {
			t.Errorf("a backup does not hold %s", x)
		}
	}
	// nobody reads a file of another by naming it in their own
	claimed, _, err := f.s.Get(f.as("990203013"), other)
	f.must(err)
	claimed.Checks = append(claimed.Checks, Check{Kind: Training, On: "2019-05-01", Paper: pdf[len(here)+7:], PDF: true})
	f.must(f.s.Save(f.as("990203013"), other, 1, claimed, "补"))
	f.get(clerk, "/volunteer/"+other.String()+"/paper/"+pdf[len(here)+7:], 404)
	// a correction keeps the papers, each check has a line of its own in the history
	v.Note = "改一笔"
	f.must(f.s.Save(f.as("990203013"), ref, ver.N, v, "补"))
	f.get(clerk, photo, 200)
	history := testkit.HTML(t, f.get(clerk, here, 200)).One("#history").Content()
	if strings.Contains(history, "、无犯罪") || strings.Count(history, "无犯罪记录证明") != 3 {
		t.Errorf("history: %s", history)
	}
}
