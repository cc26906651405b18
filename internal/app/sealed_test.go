package app

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
)

// The words of children in this test begin alike, so that one look through a file finds any of them.
const (
	childLatin  = "zkchild"
	childNumber = "1987"
	childName   = "龘" // a character that stands nowhere else
)

// children are what was said of children, each word said once.
type children struct {
	r    *rand.Rand
	said map[string]bool
}

func (c *children) keep(word string) string {
	c.said[word] = true
	return word
}

func (c *children) word() string { return c.keep(fmt.Sprintf("%s%08x", childLatin, c.r.Uint32())) }

func (c *children) phone() string { return c.keep(fmt.Sprintf("%s%07d", childNumber, c.r.IntN(1e7))) }

func (c *children) name() string {
	return c.keep(childName + string(rune(0x4e00+c.r.IntN(5000))) + string(rune(0x4e00+c.r.IntN(5000))))
}

// in lists what a text holds of them, as it is and as JSON, addresses and the engines' files may write it.
func (c *children) in(text []byte) (out []string) {
	for begin, size := range map[string]int{childLatin: len(childLatin) + 8, childNumber: 11, childName: 3 * len(childName)} {
		for rest := text; ; {
			i := bytes.Index(rest, []byte(begin))
			if i < 0 {
				break
			}
			if word := string(rest[i:min(len(rest), i+size)]); c.said[word] {
				out = append(out, word)
			}
			rest = rest[i+len(begin):]
		}
	}
	for _, other := range []string{`\u9f98`, url.QueryEscape(childName)} {
		if i := bytes.Index(text, []byte(other)); i >= 0 {
			out = append(out, fmt.Sprintf("%q", text[i:min(len(text), i+40)]))
		}
	}
	return out
}

// unpacked gives a file with everything that is packed in it, layer by layer.
func unpacked(b []byte, each func(b []byte)) {
	each(b)
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				continue
			}
			if in, err := io.ReadAll(r); err == nil {
				unpacked(in, each)
			}
			r.Close()
		}
	case bytes.HasPrefix(b, []byte("\x1f\x8b")):
		if r, err := gzip.NewReader(bytes.NewReader(b)); err == nil {
			if in, err := io.ReadAll(r); err == nil {
				unpacked(in, each)
			}
		}
	}
}

// R133 R164: a thousand names, numbers and words of children, sent as people send them, lists, requests for help and who was hurt, with what goes
// wrong on the way; then read, searched for, exported and backed up. None of them stands in the database's files, in those beside them, in the
// log of the program or in its own, in what is searched, previewed, exported or backed up.
func TestNothingSealedStandsAnywhere(t *testing.T) {
	w := openWorld(t)
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	log := watchLog(t)
	c := &children{rand.New(rand.NewPCG(133, 164)), map[string]bool{}}
	n := 100
	if testkit.Long() {
		n = 1000
	}
	office, u, refs := w.byLogin["zhouwenqin"], w.unit("990203"), w.seeds.refs
	camp, request := refs["camp"][u.Code], refs["care"][u.Code]
	post := func(as *role, path string, form url.Values, want ...int) answer {
		t.Helper()
		form.Set("_key", web.NewKey())
		cookie := ""
		if as != nil {
			cookie = as.cookie
		}
		got := w.send(newRequest("POST", path, form, cookie))
		for _, code := range want {
			if got.code == code {
				return got
			}
		}
		t.Fatalf("POST %s: %d %.400s", path, got.code, testkit.HTML(t, got.body).Content())
		return got
	}
	asked := 0
	for len(c.said) < n {
		minor := url.Values{"minor_name": {c.name()}, "guardian": {c.word()}, "guardian_phone": {c.phone()}, "contact": {c.word()}, "contact_phone": {c.phone()}, "form": {"paper"}, "_version": {"1"}}
		if len(c.said)%3 == 0 { // sent with a mistake first
			wrong := url.Values{}
			for k, v := range minor {
				wrong[k] = v
			}
			wrong.Set("given", "2019-99-99")
			post(office, "/activity/"+camp+"/minor", wrong, http.StatusUnprocessableEntity)
		}
		post(office, "/activity/"+camp+"/minor", minor, http.StatusSeeOther)
		if asked++; asked%2 == 0 {
			got := w.askForHelp(t, u.ID.String(), "我叫"+c.name()+"，"+c.word()+"，电话"+c.phone())
			if got.code != http.StatusOK || !strings.Contains(got.body, "我们收到了") {
				t.Fatalf("%d %.300s", got.code, got.body)
			}
			page := testkit.HTML(t, w.get(office, "/care/"+request).body)
			form := url.Values{}
			for _, x := range page.All("form input") {
				if x.Attr("type") == "hidden" {
					form.Set(x.Attr("name"), x.Attr("value"))
				}
			}
			form.Set("text", "给"+c.name()+"回了电话"+c.phone()+c.word())
			form.Set("kind", "noted")
			post(office, "/care/"+request+"/write", form, http.StatusSeeOther)
		}
	}
	shown := map[string]bool{}
	for _, at := range []string{"/activity/" + camp + "/minors", "/care/" + request, "/api/v1/activities/" + camp + "/minors"} {
		for _, word := range c.in([]byte(w.get(office, at).body)) {
			shown[word] = true
		}
	}
	if len(shown) < n/2 {
		t.Errorf("who may read meets only %d of %d words: they do not stand where they should", len(shown), len(c.said))
	}
	if err := w.a.Ledger.Fold(w.ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := w.a.Audit.Seal(w.ctx); err != nil {
		t.Fatal(err)
	}
	looked := 0
	check := func(what string, b []byte) {
		unpacked(b, func(b []byte) {
			looked++
			if found := c.in(b); len(found) > 0 {
				t.Errorf("%s holds %d of them: %q", what, len(found), found[0])
			}
		})
	}
	// what anybody sees, for whom the words are not, or where they have no place even for those who read them
	unit := "unit=" + u.ID.String()
	for _, at := range []string{"/", "/inbox", "/activity?" + unit, "/activity/" + camp, "/activity/" + camp + "/known", "/care?" + unit, "/seal?" + unit, "/seal/" + camp, "/seal/" + camp + "/readings", "/seal/" + request + "/readings", "/export/activity?format=csv&" + unit,
		"/export/activity?format=xlsx&" + unit, "/activity/export?format=xlsx&" + unit, "/import/activity/template?" + unit, "/api/v1/activities/" + camp, "/api/v1/care?" + unit, "/evidence/activity.held?all=1&format=xlsx&" + unit, "/api/v1/seal/" + camp + "/readings",
		"/audit?" + unit, "/audit?ref=" + camp, "/me", "/add", "/all", "/search?q=" + childLatin, "/search?q=" + url.QueryEscape(childName), "/search?q=" + childNumber, "/tree?q=" + childLatin, "/library?q=" + childLatin} {
		for _, as := range []*role{office, w.byLogin["chenyulan"], w.byLogin["xusuqing"]} {
			got := w.get(as, at)
			body := got.body
			for _, begin := range []string{childLatin, childName, url.QueryEscape(childName), childNumber} { // a search says what it looked for
				if strings.Contains(at, begin) || strings.Contains(at, url.QueryEscape(begin)) {
					body = strings.ReplaceAll(strings.ReplaceAll(body, url.QueryEscape(childName), ""), "\""+begin+"\"", "")
				}
			}
			check(as.name+" "+at, []byte(body))
		}
	}
	check("the program's log", log.b.Bytes())
	archive := filepath.Join(t.TempDir(), "city.zip")
	if _, err := Backup(w.ctx, w.dsn, w.files, archive, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	folders := []string{archive, tmp, w.files, here(w.dsn, w.files) + "-cache"}
	known := []byte("zkbasenameq990203q") // of a base: no secret, so it stands where these would
	if w.a.DB.Engine == db.SQLite {
		folders = append(folders, filepath.Dir(db.PathOf(w.dsn)))
	} else {
		at, err := db.Get[string](w.ctx, w.a.DB, `SHOW data_directory`)
		if err == nil {
			err = w.a.DB.Tx(w.ctx, func(ctx context.Context) error {
				_, err := w.a.DB.Exec(ctx, `CHECKPOINT`)
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.ReadDir(at); err == nil { // a server on another machine has its files there
			folders = append(folders, at)
		}
	}
	found := map[string]bool{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() || path == w.keyFile {
				return nil // a temporary file of the engine that is gone again
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return nil
			}
			unpacked(b, func(b []byte) {
				if bytes.Contains(b, known) {
					found[folder] = true
				}
			})
			check(path, b)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if !found[archive] || !found[folders[len(folders)-1]] {
		t.Errorf("%s does not stand where it should (%v): the test looks in the wrong places", known, found)
	}
	t.Logf("%d words, %d of them met by who may, %d texts looked through", len(c.said), len(shown), looked)
}
