package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

func openDB(t *testing.T) *db.DB {
	t.Helper()
	ctx := context.Background()
	dsn := testkit.Prepared(t, "web", func(dsn string) error {
		d, err := db.Open(ctx, dsn)
		if err != nil {
			return err
		}
		err = d.Migrate(ctx, []db.Source{{Module: "web", Files: Migrations}})
		if err == nil {
			err = d.Tx(ctx, func(ctx context.Context) error {
				_, err := d.Exec(ctx, "CREATE TABLE act (who BIGINT NOT NULL)")
				return err
			})
		}
		return errors.Join(err, d.Close())
	})
	d, err := db.Open(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func as(account id.ID) context.Context {
	return scope.With(context.Background(), scope.Actor{Account: account})
}

func acts(t *testing.T, d *db.DB) int64 {
	t.Helper()
	n, err := db.Get[int64](context.Background(), d, "SELECT count(*) FROM act")
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// An impatient tap sends a form twice: one act, and both are led to the same place.
func TestOnceActsOnce(t *testing.T) {
	d, key := openDB(t), NewKey()
	n := 0
	act := func(ctx context.Context) (string, error) {
		n++
		_, err := d.Exec(ctx, "INSERT INTO act (who) VALUES ($1)", scope.From(ctx).Account)
		return fmt.Sprint("/base/", n), err
	}
	for range 3 {
		if to, err := Once(as(1), d, key, act); err != nil || to != "/base/1" {
			t.Errorf("led to %q, %v", to, err)
		}
	}
	if acts(t, d) != 1 {
		t.Errorf("%d acts", acts(t, d))
	}
	// the key of one is not the key of another
	if to, err := Once(as(2), d, key, act); err != nil || to != "/base/2" {
		t.Errorf("another person was led to %q, %v", to, err)
	}
	for _, bad := range []string{"", strings.Repeat("k", 65)} {
		if _, err := Once(as(1), d, bad, act); !errs.Is(err, errs.Invalid) {
			t.Errorf("key %q: %v", bad, err)
		}
	}
}

// What was refused may be put right and sent again with the same key.
func TestOnceForgetsWhatFailed(t *testing.T) {
	d, key := openDB(t), NewKey()
	refuse := errs.New(errs.Invalid, "errs.invalid")
	if _, err := Once(as(1), d, key, func(ctx context.Context) (string, error) {
		if _, err := d.Exec(ctx, "INSERT INTO act (who) VALUES (1)"); err != nil {
			return "", err
		}
		return "/x", refuse
	}); !errors.Is(err, error(refuse)) {
		t.Errorf("err %v", err)
	}
	to, err := Once(as(1), d, key, func(ctx context.Context) (string, error) {
		_, err := d.Exec(ctx, "INSERT INTO act (who) VALUES (1)")
		return "/y", err
	})
	if err != nil || to != "/y" || acts(t, d) != 1 {
		t.Errorf("led to %q, %v, %d acts", to, err, acts(t, d))
	}
}

// Two taps that arrive at the same moment are one act as well.
func TestOnceAtTheSameMoment(t *testing.T) {
	d, key := openDB(t), NewKey()
	const taps = 8
	var to [taps]string
	var fail [taps]error
	var done sync.WaitGroup
	for i := range taps {
		done.Go(func() {
			to[i], fail[i] = Once(as(1), d, key, func(ctx context.Context) (string, error) {
				_, err := d.Exec(ctx, "INSERT INTO act (who) VALUES (1)")
				return "/done", err
			})
		})
	}
	done.Wait()
	if err := errors.Join(fail[:]...); err != nil {
		t.Fatal(err)
	}
	for _, l := range to {
		if l != "/done" {
			t.Errorf("one was led to %q", l)
		}
	}
	if acts(t, d) != 1 {
		t.Errorf("%d acts", acts(t, d))
	}
}

func post(body string) (*httptest.ResponseRecorder, *http.Request) {
	r := httptest.NewRequest("POST", "/x?name=query", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return httptest.NewRecorder(), r
}

func TestReadForm(t *testing.T) {
	f, err := ReadForm(post("name=%20%E8%96%AA%E7%81%AB+&_key=k1&ref=9902-3k&bad=990-1&name=second"))
	if err != nil {
		t.Fatal(err)
	}
	if f.Text("name") != "薪火" || f.Key() != "k1" || len(f.Values["name"]) != 2 {
		t.Errorf("%v", f.Values) // what stands in the address is no part of the form
	}
	if r := f.Ref("ref"); r != (id.Ref{Root: 9902, ID: 115}) {
		t.Errorf("ref %v", r)
	}
	if f.Ref("missing") != (id.Ref{}) || len(f.Problems) != 0 {
		t.Errorf("an empty reference is a problem: %v", f.Problems)
	}
	if f.Ref("bad") != (id.Ref{}) || len(f.Problems) != 1 || f.Problems[0].Name != "bad" {
		t.Errorf("problems %v", f.Problems)
	}
}

func TestReadFormLimits(t *testing.T) {
	if _, err := ReadForm(post("a=" + strings.Repeat("x", MaxForm-2))); err != nil {
		t.Errorf("a form of exactly the limit: %v", err)
	}
	if _, err := ReadForm(post("a=" + strings.Repeat("x", MaxForm-1))); !errs.Is(err, errs.TooLarge) {
		t.Errorf("a byte above the limit: %v", err)
	}
	// what is spoilt is not too large
	if _, err := ReadForm(post("a=%zz")); !errs.Is(err, errs.Invalid) {
		t.Errorf("a spoilt form: %v", err)
	}
}

func TestReadJSON(t *testing.T) {
	type body struct{ Name string }
	read := func(s string) (b body, err error) {
		err = ReadJSON(httptest.NewRecorder(), httptest.NewRequest("POST", "/api/x", strings.NewReader(s)), &b)
		return b, err
	}
	if b, err := read(`{"Name":"薪火"} `); err != nil || b.Name != "薪火" {
		t.Errorf("%v, %v", b, err)
	}
	for _, s := range []string{``, `{`, `{"Name":1}`, `{"Other":"x"}`, `{"Name":"a"}{"Name":"b"}`, `[]`} {
		if _, err := read(s); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", s, err)
		}
	}
	if _, err := read(`{"Name":"` + strings.Repeat("x", MaxForm) + `"}`); !errs.Is(err, errs.TooLarge) {
		t.Errorf("above the limit: %v", err)
	}
}

// A form sends nobody to an address outside, whatever was put into its hidden field.
func TestSeeOtherStaysInside(t *testing.T) {
	for to, want := range map[string]string{
		"/base/9902-1": "/base/9902-1", "/base?unit=x&day=2019-05-31": "/base?unit=x&day=2019-05-31", "/": "/", "/a#b": "/a#b",
		"": "/", "base": "/", "//example.com": "/", "https://example.com/": "/", "javascript:alert(1)": "/", "/\\example.com": "/",
		"/x\r\nSet-Cookie: a=b": "/", "\t//example.com": "/",
		"/\t/example.com":   "/", // browsers drop the tab and read //example.com
		"/\x00/example.com": "/", "/\x7f": "/",
	} {
		w := httptest.NewRecorder()
		if err := SeeOther(w, httptest.NewRequest("POST", "/form", nil), to); err != nil {
			t.Fatal(err)
		}
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != want || len(w.Header()["Set-Cookie"]) != 0 {
			t.Errorf("%q led to %q (%d)", to, w.Header().Get("Location"), w.Code)
		}
	}
}

func TestWantsJSON(t *testing.T) {
	page, api := httptest.NewRequest("GET", "/base", nil), httptest.NewRequest("GET", "/api/base", nil)
	asks := httptest.NewRequest("GET", "/base", nil)
	asks.Header.Set("Accept", "application/json")
	if WantsJSON(page) || !WantsJSON(api) || !WantsJSON(asks) {
		t.Error("a page is answered as JSON, or a program as a page")
	}
}
