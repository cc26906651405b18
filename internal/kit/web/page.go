package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web/ui"
)

// Page is what a module says about a page; the shell around it (navigation, who is signed in) is app's.
type Page struct {
	Title    string
	Crumbs   []ui.Link
	Current  string // key of the current place in the navigation: "inbox", "ledger", "base" …
	Plain    bool   // a task: no navigation
	Letter   bool   // prints as an official letter
	Error    bool   // the form came back: the title says so first
	Keeps    bool   // holds a form with Keep: the page brings the script that keeps what is typed
	Parts    bool   // holds a form with Parts: the page brings the script that sends files in parts
	Follows  bool   // after a report: the page goes on sending its photos
	Suggests bool   // holds a box that says while one types what there is
	Leaves   bool   // can be left in a hurry: the page brings the script that keeps it out of the history
	Passkeys bool   // may use or make a passkey: the page brings the script that asks the browser
	Aloud    bool   // holds text with ui.Aloud: the page brings the script that reads it aloud
	Flash    *ui.Note
	Status   int      // 200 when zero
	Gate     bool     // the sign-in page
	Art      []string // lines beside the flame on a Gate
	Front    *Front   // of a unit's own public site
	Bare     bool     // for people without an account: nothing that sets a cookie; the language stands in the address (?lang=)
}

// Front is what surrounds the pages of a unit's own public site: its name, its colours, where its pages are. Nothing of it may depend
// on who reads, so that one answer serves everybody.
type Front struct {
	Name, Unit string // of the site, and whose it is
	Scheme     string // see ui.Schemes
	Home       string
	Columns    []ui.Link
	Size       int
	SizeURL    func(px int) string
	LangURL    string
	Canonical  string // the page's one address, for search engines: a path, or //host/path; "" for none
}

// Shell builds the surroundings of a page; app sets it into the context of each request.
type Shell func(r *http.Request, p Page) ui.Chrome

type shellKey struct{}

// WithShell puts the shell into the context.
func WithShell(ctx context.Context, s Shell) context.Context {
	return context.WithValue(ctx, shellKey{}, s)
}

// Render writes a page: whole or not at all, so that an error half-way still becomes an error page.
func Render(w http.ResponseWriter, r *http.Request, p Page, body templ.Component) error {
	ctx := r.Context()
	if asked := programOf(ctx); asked != nil && (p.Error || p.Status >= http.StatusBadRequest) { // what would stand beside the inputs
		return cmp.Or(asked.err, error(errs.New(kindOf(p.Status), "errs.as_page")))
	}
	shell, ok := ctx.Value(shellKey{}).(Shell)
	if !ok {
		shell = func(r *http.Request, p Page) ui.Chrome {
			return ui.Chrome{Lang: i18n.Lang(ctx), Title: p.Title, Plain: true, T: func(k string, a ...any) string { return i18n.T(ctx, k, a...) }}
		}
	}
	c := shell(r, p)
	outer := ui.Page(c)
	if p.Gate {
		outer = ui.Gate(c, p.Art...)
	}
	var b bytes.Buffer
	if err := outer.Render(templ.WithChildren(ctx, body), &b); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	if p.Status != 0 {
		w.WriteHeader(p.Status)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// kindOf is the kind of errors that a page with a status shows.
func kindOf(status int) errs.Kind {
	if status == http.StatusConflict {
		return errs.Conflict
	}
	return errs.Invalid
}

// JSON writes an answer for a program.
func JSON(w http.ResponseWriter, status int, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := w.Write(b.Bytes())
	return err
}

// ReadJSON reads a program's request within MaxForm and refuses fields that we do not know.
func ReadJSON(w http.ResponseWriter, r *http.Request, v any) error {
	return readJSON(w, r, v, (*json.Decoder).DisallowUnknownFields)
}

// readJSON reads one value, which has to be text, within MaxForm; how says of the decoder what it takes.
func readJSON(w http.ResponseWriter, r *http.Request, v any, how func(*json.Decoder)) error {
	body, err := readText(w, r)
	if err != nil {
		return err
	}
	d := json.NewDecoder(strings.NewReader(body))
	how(d)
	err = d.Decode(v)
	if err == nil && d.More() {
		err = errors.New("more than one value")
	}
	if err != nil {
		return unreadable(err, "errs.json_unreadable", "Detail", err.Error())
	}
	return nil
}

// Faults say an error over a form that is shown again.
func Faults(ctx context.Context, err error) []ui.Fault {
	if p := programOf(ctx); p != nil {
		p.err = err
	}
	return []ui.Fault{{Text: i18n.Error(ctx, err)}}
}

// Problems turns a service's error into instructions beside the inputs and a summary on top; other errors are
// handed back.
func Problems(ctx context.Context, err error) (at map[string]string, summary []ui.Fault, rest error) {
	if p := programOf(ctx); p != nil {
		p.err = err
	}
	e, ok := asInvalid(err)
	if !ok {
		return nil, nil, err
	}
	at = map[string]string{}
	for _, f := range e.Fields {
		text := i18n.T(ctx, f.Key, flat(f.Args)...)
		if _, dup := at[f.Name]; !dup {
			at[f.Name] = text
		}
		summary = append(summary, ui.Fault{Name: f.Name, Text: text})
	}
	if len(e.Fields) == 0 {
		summary = Faults(ctx, err)
	}
	return at, summary, nil
}

func asInvalid(err error) (*errs.Error, bool) {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid {
		return nil, false
	}
	return e, true
}

func flat(m map[string]any) []any {
	out := make([]any, 0, 2*len(m))
	for k, v := range m {
		out = append(out, k, v)
	}
	return out
}
