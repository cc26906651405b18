package record

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// Section is a part of a page: facts, a checklist, a table, and what can be done with them.
type Section struct {
	ID, Title, Lead, Empty string
	Facts                  []ui.Fact
	Checks                 []ui.Item
	Table                  ui.Table
	Acts                   []ui.Button
}

// Overview is a page of lists.
type Overview struct {
	Heading  ui.Heading
	Figures  []ui.Figure
	Choices  []ui.Choice
	Sections []Section
	Paging   ui.Paging
}

// Shown is the page of a record; Known leads to what was said before.
type Shown struct {
	Heading  ui.Heading
	Notes    []ui.Note
	Boxes    []templ.Component // lent by other modules
	Facts    []ui.Fact
	Sections []Section
	Timeline []ui.Change
	Known    string
}

// Form is a page with one form, about a record that is there or one that is to be. Current is the subject under which the
// page stands; Over a quiet line above the title.
type Form struct {
	Ref     id.Ref
	Unit    org.Unit
	Year    int
	Title   string
	Lead    string
	Over    string
	Back    string
	Action  string
	Submit  string
	More    []ui.Button
	Current string
	Version int64
	Inputs  []ui.Input
	Faults  []ui.Fault
	Spec    ui.FormSpec
	After   []Section // below the form, such as what was brought in with it before
	// Find narrows what the form offers: asked above it, put into the address of the page and of the form.
	Find []ui.Input
	// Instead stands where the form would, for a reader who would only be refused: whose turn it is.
	Instead *ui.Note

	status int // of a page with faults, where it is no 422
}

// Finding begins a search above a form: what the address asks for stands in its inputs, and the form is sent to the same.
func (v *Form) Finding(r *http.Request, inputs ...ui.Input) {
	q := url.Values{}
	for n := range inputs {
		inputs[n].Value = strings.TrimSpace(r.URL.Query().Get(inputs[n].Name))
		q.Set(inputs[n].Name, inputs[n].Value)
	}
	v.Find, v.Action = inputs, web.Address(v.Action, q)
}

// Sought is what a search above a form asks for.
func (v Form) Sought(name string) string {
	for _, in := range v.Find {
		if in.Name == name {
			return in.Value
		}
	}
	return ""
}

// findSpec is the search above the form.
func (v Form) findSpec(ctx context.Context) ui.FormSpec {
	to, _, _ := strings.Cut(v.Action, "?")
	return ui.FormSpec{Method: http.MethodGet, Action: to, Submit: i18n.T(ctx, "record.find_do")}
}

// Doer does what a form asks for and answers where to go.
type Doer func(ctx context.Context, v Form, act string, f *web.Form) (string, error)

// ActUndo is the act that takes one's own last change back.
const ActUndo = "undo"

// Subject is a kind of record that forms can be about.
type Subject[T any] struct {
	Book *Book[T]
	Get  func(ctx context.Context, ref id.Ref) (T, Version, error)
	Acts []string
	Save string // the act for which the right is asked
	Home func(v T) (unit id.ID, year int)
	Path func(ref id.Ref) string
	// Submit is the text key of the button; Current the subject under which the page stands.
	Submit, Current string
}

// Opened reads what an act is about and begins its form, for somebody who works there. What was taken out is still there for
// the undo of that.
func Opened[T any](r *http.Request, k Subject[T]) (T, Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	var none T
	ref, err := web.RefIn(r)
	if err != nil {
		return none, Form{}, err
	}
	v, ver, err := k.Get(ctx, ref)
	if act == ActUndo && errs.Is(err, errs.NotFound) {
		v, ver, err = k.Book.Removed(ctx, ref)
	}
	if err != nil {
		return none, Form{}, err
	}
	if act != ActUndo {
		if !slices.Contains(k.Acts, act) {
			return none, Form{}, web.NotFound(r)
		}
		if err := k.Book.MayWork(ctx, ref, Change{Act: k.Save}); err != nil {
			return none, Form{}, err
		}
	}
	unit, year := k.Home(v)
	u, err := k.Book.s.Home(ctx, unit)
	return v, Form{Ref: ref, Unit: u, Year: year, Back: k.Path(ref), Action: k.Path(ref) + "/" + act, Version: ver.N, Submit: i18n.T(ctx, k.Submit), Current: k.Current}, err
}

// ActForm shows the form of an act; an undo has none.
func ActForm(about func(r *http.Request) (Form, error)) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if r.PathValue("act") == ActUndo {
			return web.NotFound(r)
		}
		v, err := about(r)
		if err != nil {
			return err
		}
		return ShowForm(w, r, v, web.NewKey())
	}
}

// ActPost takes the form of an act.
func (s *Service) ActPost(about func(r *http.Request) (Form, error), do Doer) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := about(r)
		if err != nil {
			return err
		}
		return s.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) { return do(ctx, v, r.PathValue("act"), f) })
	}
}

// ShowForm renders a form with its key.
func ShowForm(w http.ResponseWriter, r *http.Request, v Form, key string) error {
	v.Spec.Action, v.Spec.Key, v.Spec.Submit, v.Spec.More = v.Action, key, v.Submit, v.More
	if v.Version > 0 {
		v.Spec.Hidden = append(v.Spec.Hidden, ui.Pair{Name: "_version", Value: strconv.FormatInt(v.Version, 10)})
	}
	page := web.Page{Title: v.Title, Current: v.Current, Plain: true, Parts: v.Spec.Parts != ""}
	if len(v.Faults) > 0 {
		page.Error, page.Status = true, cmp.Or(v.status, http.StatusUnprocessableEntity)
	}
	return web.Render(w, r, page, FormBody(v))
}

// Send does what a form asks for, once; what has to be changed is said beside what was typed.
func (s *Service) Send(w http.ResponseWriter, r *http.Request, v Form, do func(ctx context.Context, f *web.Form) (string, error)) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	return s.Sent(w, r, v, f, do)
}

// Sent is Send for a form that was read already, such as one that came with files.
func (s *Service) Sent(w http.ResponseWriter, r *http.Request, v Form, f *web.Form, do func(ctx context.Context, f *web.Form) (string, error)) error {
	ctx := r.Context()
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		to, err := do(ctx, f)
		if len(f.Problems) > 0 { // with all else that has to be changed: nobody is sent back twice
			var e *errs.Error
			if errors.As(err, &e) {
				f.Problems = f.Problems.And(e.Fields)
			}
			err = f.Problems.Err()
		}
		return to, err
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	beside, faults, rest := web.Problems(ctx, err)
	switch {
	case rest == nil:
		v.Faults, v.Version = faults, f.Version()
	case errs.Is(rest, errs.Conflict) && !web.WantsJSON(r): // whoever sends it once more has been told, and does it to what stands now
		v.Faults, v.status = []ui.Fault{{Text: i18n.T(ctx, "record.kept_below", "Why", i18n.Error(ctx, rest))}}, http.StatusConflict
	default:
		return rest
	}
	for n := range v.Inputs {
		in := &v.Inputs[n]
		in.Value, in.Values, in.Error = f.Get(in.Name), f.Values[in.Name], beside[in.Name]
		delete(beside, in.Name)
	}
	for n := range v.Faults {
		if _, nowhere := beside[v.Faults[n].Name]; nowhere || v.Faults[n].Name == "" { // no input to lead to
			v.Faults[n].ID = "main"
		}
	}
	return ShowForm(w, r, v, f.Key())
}
