package testkit

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"xinhuo/internal/kit/errs"
)

// recorder stands in for a test that is expected to fail.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }

const page = `<main><h1>东江省  云州市</h1>
<table><tr data-name="甲&amp;乙"><td>34</td><td>个</td></tr></table><script>secret()</script></main>`

func TestSelectorsReadAPage(t *testing.T) {
	doc := HTML(t, page)
	if got := doc.Text("h1"); got != "东江省 云州市" {
		t.Errorf("Text(h1) = %q", got)
	}
	if got := strings.Join(doc.Texts("td"), "|"); got != "34|个" {
		t.Errorf("Texts(td) = %q", got)
	}
	if got := doc.One("tr").Attr("data-name"); got != "甲&乙" {
		t.Errorf("Attr = %q", got)
	}
	if doc.Has("form") {
		t.Error("Has finds a form where none is")
	}
	doc.MustHave("td", "34")
	doc.MustNotContain("35", "鄰市")
	if strings.Contains(doc.Content(), "secret") {
		t.Error("Content holds a script's text")
	}
}

func TestAssertionsCanFail(t *testing.T) {
	for name, assert := range map[string]func(Doc){
		"missing text":        func(d Doc) { d.MustHave("td", "35") },
		"missing element":     func(d Doc) { d.MustHave("form", "") },
		"text":                func(d Doc) { d.MustNotContain("云州市") },
		"escaped attribute":   func(d Doc) { d.MustNotContain("甲&乙") },
		"text in a script":    func(d Doc) { d.MustNotContain("secret()") },
		"collapsed, in words": func(d Doc) { d.MustNotContain("东江省 云州市") },
	} {
		r := &recorder{TB: t}
		assert(HTML(r, page))
		if !r.failed {
			t.Errorf("%s: the assertion passed", name)
		}
	}
}

// A test that holds who is refused fails for another refusal, for more than was to be told, and for none.
func TestRefusalsCanDiffer(t *testing.T) {
	shut := errs.New(errs.Forbidden, "seal.closed")
	var two errs.Fields
	two.Add("name", "aid.name_missing")
	two.Add("born", "aid.born_odd")
	for name, holds := range map[string]struct {
		assert func(testing.TB)
		passes bool
	}{
		"the kind":            {func(t testing.TB) { Kind(t, fmt.Errorf("opening: %w", shut), errs.Forbidden) }, true},
		"another kind":        {func(t testing.TB) { Kind(t, shut, errs.NotFound) }, false},
		"no error":            {func(t testing.TB) { Kind(t, nil, errs.Internal) }, false},
		"the key":             {func(t testing.TB) { Told(t, fmt.Errorf("opening: %w", shut), "seal.closed") }, true},
		"another key":         {func(t testing.TB) { Told(t, shut, "seal.tampered") }, false},
		"nothing told":        {func(t testing.TB) { Told(t, nil, "seal.closed") }, false},
		"not ours":            {func(t testing.TB) { Told(t, io.EOF, "seal.closed") }, false},
		"both fields":         {func(t testing.TB) { Told(t, two.Err(), "aid.name_missing", "aid.born_odd") }, true},
		"one field of two":    {func(t testing.TB) { Told(t, two.Err(), "aid.name_missing") }, false},
		"the form, no fields": {func(t testing.TB) { Told(t, two.Err(), "errs.invalid") }, false},
	} {
		r := &recorder{TB: t}
		if holds.assert(r); r.failed == holds.passes {
			t.Errorf("%s: failed %v", name, r.failed)
		}
	}
}

// What fails behind a page answers with status and keys, and not with the cause, which is for the log.
func TestAPageThatFailsSaysWhy(t *testing.T) {
	mux := http.NewServeMux()
	type key struct{}
	Handle(mux, "POST /x", func(rw http.ResponseWriter, r *http.Request) error {
		if r.Context().Value(key{}) != "me" {
			return errs.Wrap(io.EOF, errs.NotFound, "errs.not_found")
		}
		if r.FormValue("name") == "" {
			var f errs.Fields
			f.Add("name", "aid.name_missing")
			return f.Err()
		}
		return io.EOF
	})
	me := context.WithValue(context.Background(), key{}, "me")
	for _, x := range []struct {
		ctx  context.Context
		form url.Values
		code int
		says string
	}{{context.Background(), nil, 404, "errs.not_found\n"}, {me, nil, 422, "errs.invalid [name: aid.name_missing]\n"}, {me, url.Values{"name": {"x"}}, 500, "EOF\n"}} {
		if got := Send(x.ctx, t, mux, "POST", "/x", x.form, x.code).Body.String(); got != x.says {
			t.Errorf("%v: %q, want %q", x.form, got, x.says)
		}
	}
}

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	if a, b := DSN(t), DSN(t); a == b {
		t.Errorf("two calls share %s", a)
	}
}

func TestPreparedRunsOncePerKeyAndIsCopied(t *testing.T) {
	runs := 0
	prepare := func(dsn string) error {
		runs++
		if Engine() == SQLite {
			return os.WriteFile(dsn, []byte("filled"), 0o600)
		}
		return run(dsn, "CREATE TABLE filled (id BIGINT)")
	}
	first := Prepared(t, "own", prepare)
	second := Prepared(t, "own", prepare)
	if runs != 1 {
		t.Errorf("prepare ran %d times, want once", runs)
	}
	if first == second {
		t.Fatal("two tests share one copy")
	}
	for _, dsn := range []string{first, second} {
		if Engine() == SQLite {
			if b, err := os.ReadFile(dsn); err != nil || string(b) != "filled" {
				t.Errorf("the copy holds %q, %v", b, err)
			}
			continue
		}
		if err := run(dsn, "INSERT INTO filled VALUES (1)"); err != nil {
			t.Error(err)
		}
	}
}

func run(dsn, sql string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}
