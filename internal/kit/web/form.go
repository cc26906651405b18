package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

var (
	errSignIn   = errs.New(errs.Unauthenticated, "errs.sign_in")
	errNotYours = errs.New(errs.Forbidden, "errs.not_yours")
	errCrowded  = errs.New(errs.Throttled, "errs.crowded")
)

func notFound(r *http.Request) error {
	return errs.New(errs.NotFound, "errs.no_such_page", "Path", r.URL.Path)
}

// NotFound is the answer for what does not exist or may not be known to exist.
func NotFound(r *http.Request) error { return notFound(r) }

// MaxForm bounds an ordinary form, in bytes; uploads have limits of their own.
const MaxForm = 1 << 20

// Form is what was typed, kept as it was so that nothing is lost when something has to be changed.
type Form struct {
	url.Values
	Problems errs.Fields
}

// ReadForm parses an ordinary form within MaxForm. A program sends it as JSON: an object of what the inputs are called.
func ReadForm(w http.ResponseWriter, r *http.Request) (*Form, error) {
	if sendsJSON(r) {
		if err := formOfJSON(w, r); err != nil {
			return nil, err
		}
	}
	r.Body = http.MaxBytesReader(w, r.Body, MaxForm)
	if err := r.ParseForm(); err != nil {
		return nil, unreadable(err, "errs.form_unreadable")
	}
	if err := textIn(r.PostForm); err != nil {
		return nil, err
	}
	return &Form{Values: r.PostForm}, nil
}

// formOfJSON reads what a program sends in place of a form, into the request: words, numbers, true for what is ticked, and lists of
// them. The key comes as Idempotency-Key, or a new one is made; the version that was read as "version".
func formOfJSON(w http.ResponseWriter, r *http.Request) error {
	var in map[string]any
	err := readJSON(w, r, &in, (*json.Decoder).UseNumber)
	if err != nil {
		return err
	}
	form := url.Values{}
	add := func(name string, v any) {
		switch v := v.(type) {
		case nil:
		case string:
			form.Add(name, v)
		case json.Number:
			form.Add(name, v.String())
		case bool:
			if v {
				form.Add(name, "1")
			}
		default:
			err = fmt.Errorf("%s: words, a number, true or false, or a list of them", name)
		}
	}
	for name, v := range in {
		list, many := v.([]any)
		if !many {
			list = []any{v}
		}
		for _, v := range list {
			add(name, v)
		}
	}
	if err != nil {
		return unreadable(err, "errs.json_unreadable", "Detail", err.Error())
	}
	if v, ok := form["version"]; ok && !form.Has("_version") {
		form["_version"] = v
	}
	form.Set("_key", cmp.Or(r.Header.Get("Idempotency-Key"), NewKey()))
	r.PostForm, r.Form, r.Body = form, form, http.NoBody
	return nil
}

// unreadable tells what is too large from what is spoilt.
func unreadable(err error, key string, args ...any) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errs.Wrap(err, errs.TooLarge, "errs.form_too_large")
	}
	return errs.Wrap(err, errs.Invalid, key, args...)
}

// Text is a trimmed value.
func (f *Form) Text(name string) string { return strings.TrimSpace(f.Get(name)) }

// Ref is a record's outside name, zero and a problem noted when it cannot be read.
func (f *Form) Ref(name string) id.Ref {
	ref, err := id.ParseRef(f.Text(name))
	if err != nil && f.Text(name) != "" {
		f.Problems.Add(name, "errs.ref_unreadable")
	}
	return ref
}

// Key is the idempotency key that every form carries.
func (f *Form) Key() string { return f.Text("_key") }

// NewKey makes an idempotency key for a new form.
func NewKey() string { return id.New().String() }

// Once runs act at most once for an idempotency key and person, within one transaction: a form sent twice (an
// impatient tap, a retry after a cut line) answers where the first one led. act answers the address to go to. A draft of
// the form is gone with it.
func Once(ctx context.Context, d *db.DB, key string, act func(ctx context.Context) (string, error)) (location string, err error) {
	if key == "" || len(key) > 64 {
		return "", errs.New(errs.Invalid, "errs.key_missing")
	}
	who := scope.From(ctx).Account
	err = d.Tx(ctx, func(ctx context.Context) error {
		fresh, err := takeKey(ctx, d, who, key, clock.Millis(ctx))
		if err != nil {
			return err
		}
		if !fresh {
			location, err = locationOf(ctx, d, who, key)
			return err
		}
		if location, err = act(ctx); err != nil {
			return err
		}
		if err := dropDraft(ctx, d, who, key); err != nil {
			return err
		}
		return keepLocation(ctx, d, who, key, location)
	})
	return location, err
}

// OnceRef is Once for a program that makes a record: it may send a key of its own as Idempotency-Key, at most 64
// characters, and then gets the same record however often it sends the request. A unit that one may not know of and one
// that does not exist look alike.
func OnceRef(r *http.Request, d *db.DB, act func(ctx context.Context) (id.Ref, error)) (id.Ref, error) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		key = NewKey()
	}
	made, err := Once(r.Context(), d, key, func(ctx context.Context) (string, error) {
		ref, err := act(ctx)
		return ref.String(), err
	})
	if errs.Is(err, errs.NotFound) {
		return id.Ref{}, NotFound(r)
	}
	if err != nil {
		return id.Ref{}, err
	}
	return id.ParseRef(made)
}

// SeeOther sends the browser on after a form, and tells a program where; only to addresses of our own. Browsers drop control characters from an
// address, so that "/", tab, "/elsewhere" would lead outside.
func SeeOther(w http.ResponseWriter, r *http.Request, location string) error {
	strange := func(c rune) bool { return c < ' ' || c == 0x7f || c == '\\' }
	if !strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//") || strings.ContainsFunc(location, strange) {
		location = "/"
	}
	if programOf(r.Context()) != nil {
		return JSON(w, http.StatusOK, map[string]string{"location": location})
	}
	http.Redirect(w, r, location, http.StatusSeeOther)
	return nil
}

// onceDays is how long a form that was sent is known again.
const onceDays = 30

// ExpireOnce forgets the forms that were sent longer than onceDays ago.
func ExpireOnce(ctx context.Context, d *db.DB) (n int64, err error) {
	err = d.Tx(ctx, func(ctx context.Context) error {
		n, err = expireOnce(ctx, d, clock.Millis(ctx)-onceDays*day)
		return err
	})
	return n, err
}
