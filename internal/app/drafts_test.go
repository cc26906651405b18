package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
)

// drafters are those who have put a form by.
var drafters = []string{"chenyulan", "zhouwenqin", "liangshuiwang", "caihuiqin", "mixed", "disabled"}

// draftKey is the key under which the draft of an account stands.
func draftKey(login string) string { return "draft-" + login }

// drafts lets those who work put a report by, each with a word that is theirs alone.
func (s *seeder) drafts(h http.Handler, cookies map[string]string) error {
	for _, login := range drafters {
		acc, err := s.a.Account.ByLogin(s.ctx, login)
		if err != nil {
			return err
		}
		u, err := s.a.Org.Unit(s.ctx, acc.Unit)
		if err != nil {
			return err
		}
		// the word of an account: its unit's code alone would be two accounts' word
		word := s.seeds.word("unfinished"+login, org.Unit{Code: u.Code, Pos: u.Pos}, 0)
		c := &s.seeds.canaries[len(s.seeds.canaries)-1]
		c.kind, c.owner = "unfinished", acc.ID
		to := url.QueryEscape("/activity/new?unit=" + u.ID.String())
		w := httptest.NewRecorder()
		h.ServeHTTP(w, newRequest("POST", "/draft?to="+to, url.Values{"_key": {draftKey(login)}, "title": {word}, "summary": {word}}, cookies[login]))
		if w.Code != http.StatusSeeOther {
			return fmt.Errorf("%s puts a draft by: %d", login, w.Code)
		}
	}
	return nil
}

// R27 R189: a form that is put by comes back to whoever typed it, on the home page, where things are added and at its own address;
// no figure moves, no log has it, and whoever else asks for it by its key gets an empty form.
func TestDrafts(t *testing.T) {
	w := openWorld(t)
	clerk, office, province := w.byLogin["liangshuiwang"], w.byLogin["chenyulan"], w.byLogin["linguangping"]
	form := "/activity/new?unit=" + w.unit("990203013").ID.String()
	word := "zkunfinishedliangshuiwangq990203013q"
	wrote := w.writes()
	count := func() int64 {
		n, err := db.Get[int64](w.ctx, w.a.DB, `SELECT COUNT(*) FROM web_draft`)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := count()
	for _, at := range []string{"/", "/add", "/draft", form, form + "&draft=" + draftKey("liangshuiwang")} {
		if got := w.get(clerk, at); !strings.Contains(got.body, word) {
			t.Errorf("%s: %d without the draft", at, got.code)
		}
		if got := w.get(office, at); strings.Contains(got.body, word) {
			t.Errorf("%s shows it to the city", at)
		}
	}
	page := testkit.HTML(t, w.get(clerk, form+"&draft="+draftKey("liangshuiwang")).body)
	if page.One("input[name=title]").Attr("value") != word || page.Text("textarea[name=summary]") != word || page.One("form[data-keep] input[name=_key]").Attr("value") != draftKey("liangshuiwang") {
		t.Error("the form is not as it was typed")
	}
	send := func(as *role, path string, form url.Values) answer {
		return w.send(newRequest("POST", path, form, as.cookie))
	}
	// put by again, by the button of the page
	again := page.One("form[data-keep] button[formaction]").Attr("formaction")
	if got := send(clerk, again, url.Values{"_key": {draftKey("liangshuiwang")}, "title": {word + "二"}}); got.code != http.StatusSeeOther {
		t.Errorf("put by again: %d", got.code)
	}
	if got := w.get(clerk, "/draft"); strings.Count(got.body, word) != 2 || !strings.Contains(got.body, word+"二") { // once for the eye, once for a reader
		t.Errorf("put by twice it stands %d times", strings.Count(got.body, word))
	}
	// of others nothing is thrown away, and nothing is put by where one does not work or where no form is
	send(office, "/draft/drop", url.Values{"_key": {web.NewKey()}, "draft": {draftKey("liangshuiwang")}})
	for path, as := range map[string]*role{again: w.byLogin["caihuiqin"], "/draft?to=" + url.QueryEscape("/base/new?unit="+w.unit("990203013").ID.String()): clerk,
		"/draft?to=" + url.QueryEscape("//elsewhere.example/activity/new?unit="+w.unit("990203013").ID.String()): clerk, "/draft": clerk} {
		if got := send(as, path, url.Values{"_key": {web.NewKey()}, "title": {"x"}}); got.code != http.StatusNotFound {
			t.Errorf("%s by %s: %d", path, as.name, got.code)
		}
	}
	if got := send(province, again, url.Values{"_key": {web.NewKey()}}); got.code != http.StatusForbidden {
		t.Errorf("who only views puts a form by: %d", got.code)
	}
	if n := count(); n != before {
		t.Errorf("%d drafts, before %d", n, before)
	}
	if now := w.writes(); now != wrote {
		t.Errorf("%d acts in the log", now-wrote)
	}
	if got := send(clerk, "/draft/drop", url.Values{"_key": {web.NewKey()}, "draft": {draftKey("liangshuiwang")}}); got.code != http.StatusSeeOther {
		t.Errorf("thrown away: %d", got.code)
	}
	if got := w.get(clerk, "/draft"); strings.Contains(got.body, word) {
		t.Error("it cannot be thrown away")
	}
	if err := w.a.Daily(w.ctx); err != nil {
		t.Error(err)
	}
}
