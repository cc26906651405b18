package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// RefIn is the record that the address names.
func RefIn(r *http.Request) (id.Ref, error) {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return ref, NotFound(r)
	}
	return ref, nil
}

// DayIn is the day that the address names, today without one.
func DayIn(r *http.Request) clock.Day {
	if d, err := clock.ParseDay(r.URL.Query().Get("day")); err == nil && d != clock.Open {
		return d
	}
	return clock.Today(r.Context())
}

// Address is a page with some of its query changed; an empty value leaves a name out.
func Address(path string, q url.Values, pairs ...string) string {
	out := url.Values{}
	for k, x := range q {
		out[k] = x
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			out.Del(pairs[i])
		} else {
			out.Set(pairs[i], pairs[i+1])
		}
	}
	if len(out) == 0 {
		return path
	}
	return path + "?" + out.Encode()
}

// Version is the version of the record that a form was made from; 0 meets no version.
func (f *Form) Version() int64 {
	n, _ := strconv.ParseInt(f.Text("_version"), 10, 64)
	return n
}

// Day reads a day, and notes a problem when it cannot be read.
func (f *Form) Day(name string) clock.Day {
	d, err := clock.ParseDay(f.Text(name))
	if err != nil && f.Text(name) != "" {
		f.Problems.Add(name, "errs.day_unreadable")
	}
	return d
}

// Lines are the lines of a value that are not empty.
func (f *Form) Lines(name string) []string { return TextLines(f.Get(name)) }

// TextLines are the lines of a text that are not empty, trimmed.
func TextLines(text string) []string {
	var out []string
	for _, l := range strings.Split(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}
