package testkit

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
)

// Kind holds which kind of error somebody met; no error is none.
func Kind(t testing.TB, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Errorf("%v, want kind %v", err, kind)
	}
}

// Told holds what somebody who is refused is told, and nothing beside it: the key of the error, or the keys of all fields that it names.
func Told(t testing.TB, err error, keys ...string) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) {
		t.Errorf("%v, want %v", err, keys)
		return
	}
	got := []string{e.Key}
	if len(e.Fields) > 0 {
		got = nil
		for _, f := range e.Fields {
			got = append(got, f.Key)
		}
	}
	slices.Sort(got)
	if want := slices.Sorted(slices.Values(keys)); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", err, want)
	}
}

// Handle serves a handler that may fail. What fails answers with its status and its keys instead of a page, so that a test reads which error it was.
func Handle(mux *http.ServeMux, pattern string, h func(http.ResponseWriter, *http.Request) error) {
	mux.HandleFunc(pattern, func(rw http.ResponseWriter, r *http.Request) {
		if err := h(rw, r); err != nil {
			var e *errs.Error
			if !errors.As(err, &e) {
				e = errs.New(errs.Internal, err.Error())
			}
			http.Error(rw, (&errs.Error{Key: e.Key, Fields: e.Fields}).Error(), e.Kind.Status()) // the cause is for the log alone
		}
	})
}

// Send asks a handler as whoever ctx says, with a form unless it is nil, and holds the status of the answer.
func Send(ctx context.Context, t testing.TB, h http.Handler, method, path string, form url.Values, want int) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r.WithContext(ctx))
	if rec.Code != want {
		t.Fatalf("%s %s: %d, want %d\n%.1200s", method, path, rec.Code, want, rec.Body)
	}
	return rec
}
