package meeting

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// one is a record for which a form is shown or sent.
type one[T any] struct {
	Ref   id.Ref
	V     T
	N     int64    // the version that was read
	By    string   // who saved that version
	Unit  org.Unit // whose it is
	Works bool     // the reader works there
	No    int64    // the seat or speech that the address names
}

// act is one thing that is done to a record: when it is offered, a form, and what its answers do.
type act[T any] struct {
	name    string
	offered func(o one[T], day clock.Day) bool
	outside func(ctx context.Context, s *Service, o one[T]) (bool, error) // who else may; nil = nobody
	ask     func(ctx context.Context, s *Service, o one[T]) ([]ui.Input, error)
	do      func(ctx context.Context, s *Service, o one[T], c Change, f *web.Form, files []Attachment) (to string, err error)
	file    bool
}

// formView is one form: its title, where it leads back to, its inputs.
type formView struct {
	Title, Lead, Step string
	Back              ui.Link
	Faults            []ui.Fault
	Spec              ui.FormSpec
	Inputs            []ui.Input
	By                string    // who saved something else while this was filled in
	Now               []current // what stands there now, where it is not what was typed
}

// current is what one input would hold now.
type current struct {
	Label string
	Lines []string
}

func (d *desk[T]) routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	at, name := d.path+"/{ref}", "meeting."+d.kind+"_"
	out := []web.Route{
		{Method: get, Path: at + "/known", Right: scope.View, Scope: web.ByRecord, Name: name + "known", Handler: d.knownPage},
		{Method: get, Path: at + "/done", Right: scope.View, Scope: web.ByRecord, Name: name + "done", Handler: d.donePage},
		{Method: post, Path: at + "/undo", Right: scope.Work, Scope: web.ByRecord, Name: name + "undo", Handler: d.undoPost},
	}
	for _, a := range d.acts {
		out = append(out, web.Route{Method: get, Path: at + "/do/" + a.name, Right: scope.Work, Scope: web.ByRecord, Name: name + a.name + "Form", Handler: d.actForm(a)},
			web.Route{Method: post, Path: at + "/do/" + a.name, Right: scope.Work, Scope: web.ByRecord, Name: name + a.name, Handler: d.actPost(a)})
	}
	return out
}

func (d *desk[T]) here(ref id.Ref) string { return d.path + "/" + ref.String() }

// toWork reads a record for a form; the right to work is asked when it is shown, so that nobody types in vain.
func (d *desk[T]) toWork(r *http.Request, a act[T]) (o one[T], err error) {
	ctx := r.Context()
	if o.Ref, err = web.RefIn(r); err != nil {
		return o, err
	}
	c := Change{}.record("meeting.act." + a.name)
	t, v, err := d.book.Get(ctx, o.Ref)
	if errs.Is(err, errs.NotFound) && (a.name == "remove" || a.name == "unmake") { // sent twice: the first one took it out
		t, v, err = d.book.Removed(ctx, o.Ref)
	}
	if err != nil {
		return o, err
	}
	o.V, o.N, o.By = t, v.N, v.ActorName
	if v.Gone == 0 {
		if err := d.book.MayWork(ctx, o.Ref, c); err != nil {
			return o, err
		}
	}
	if o.Unit, o.Works, err = d.home(ctx, t); err != nil {
		return o, err
	}
	o.No, _ = strconv.ParseInt(r.URL.Query().Get("no"), 10, 64)
	if o.Works {
		return o, nil
	}
	if a.outside != nil {
		if ok, err := a.outside(ctx, d.s, o); ok || err != nil {
			return o, err
		}
	}
	return o, d.mayHome(ctx, o.Ref, t, c.Act)
}

func (d *desk[T]) actView(ctx context.Context, a act[T], o one[T], key string) (formView, error) {
	inputs, err := a.ask(ctx, d.s, o)
	action := d.here(o.Ref) + "/do/" + a.name
	if o.No != 0 {
		action += "?no=" + strconv.FormatInt(o.No, 10)
	}
	lead := ""
	if k := "meeting.lead." + a.name; i18n.Has(ctx, k) {
		lead = i18n.T(ctx, k)
	}
	return formView{Title: i18n.T(ctx, "meeting.do."+a.name), Lead: lead, Step: d.name(o.V), Back: ui.Link{Href: d.here(o.Ref)}, Inputs: inputs,
		Spec: ui.FormSpec{Action: action, Key: key, Submit: i18n.T(ctx, "meeting.do."+a.name), Multipart: a.file, Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(o.N, 10)}}}}, err
}

func (d *desk[T]) actForm(a act[T]) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		o, err := d.toWork(r, a)
		if err != nil {
			return err
		}
		v, err := d.actView(r.Context(), a, o, web.NewKey())
		if err != nil {
			return err
		}
		return web.Render(w, r, web.Page{Title: v.Title, Current: Kind, Plain: true}, formTempl(v))
	}
}

func (d *desk[T]) actPost(a act[T]) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		o, err := d.toWork(r, a)
		if err != nil {
			return err
		}
		f, files, err := d.s.readForm(w, r)
		if err != nil {
			return err
		}
		o.N = f.Version()
		c := Change{Version: o.N, Reason: f.Text("reason")}
		if err = f.Problems.Err(); err == nil {
			err = d.s.once(w, r, f, d.figures, func(ctx context.Context) (string, error) {
				if !a.offered(o, clock.Today(ctx)) { // once sent, a form that comes again leads where it led
					return "", errs.New(errs.Conflict, "meeting.not_now")
				}
				to, err := a.do(ctx, d.s, o, c, f, files)
				if unread := f.Problems.Err(); unread != nil {
					err = unread
				}
				if to == "" {
					to = d.here(o.Ref) + "/done?act=" + a.name
				}
				return to, err
			})
		}
		if err == nil {
			return nil
		}
		var was []ui.Input
		if errs.Is(err, errs.Conflict) {
			if o, was, err = d.meanwhile(r, a, c.Version, err); errs.KindOf(err) != errs.Conflict {
				return err
			}
		}
		v, verr := d.actView(r.Context(), a, o, f.Key())
		if verr != nil {
			return verr
		}
		if was != nil {
			v.By, v.Now = o.By, merge(r.Context(), v.Inputs, was, f)
		}
		return again(w, r, err, v, f)
	}
}

// meanwhile reads a record once more when a form about it came too late, with the inputs as the form showed them if the
// record was changed since. It answers the refusal, or what kept it from reading.
func (d *desk[T]) meanwhile(r *http.Request, a act[T], version int64, refused error) (o one[T], was []ui.Input, err error) {
	if o, err = d.toWork(r, a); err != nil {
		return o, nil, err
	}
	if o.N == version {
		return o, nil, refused
	}
	old := o
	if old.V, err = d.book.ReadAt(r.Context(), o.Ref, version); errs.Is(err, errs.NotFound) {
		return o, nil, refused
	} else if err != nil {
		return o, nil, err
	}
	if was, err = a.ask(r.Context(), d.s, old); err != nil {
		return o, nil, err
	}
	return o, was, refused
}

// merge puts what others have changed since a form was opened into the inputs that its sender left alone, and answers what
// others wrote where the sender wrote something else. Nothing that was typed is touched.
func merge(ctx context.Context, now, was []ui.Input, f *web.Form) (both []current) {
	plain := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
	for _, in := range now {
		i := slices.IndexFunc(was, func(x ui.Input) bool { return x.Name == in.Name })
		if i < 0 || !f.Has(in.Name) || plain(was[i].Value) == plain(in.Value) || plain(f.Get(in.Name)) == plain(in.Value) {
			continue
		}
		if plain(f.Get(in.Name)) == plain(was[i].Value) {
			f.Set(in.Name, in.Value)
			continue
		}
		text := plain(in.Value)
		if in.Kind == ui.KindDate {
			text = i18n.Day(ctx, clock.Day(text))
		}
		for _, o := range in.Options {
			if o.Value == in.Value {
				text = o.Text
			}
		}
		if text == "" {
			text = i18n.T(ctx, "meeting.now_empty")
		}
		both = append(both, current{in.Label, web.TextLines(text)})
	}
	return both
}

// readForm reads a form that may carry a file, within its own bound, and keeps the file.
func (s *Service) readForm(w http.ResponseWriter, r *http.Request) (*web.Form, []Attachment, error) {
	f, files, err := web.ReadFiles(w, r, MaxFile)
	if err != nil {
		return nil, nil, err
	}
	sent, chosen := files["file"]
	if !chosen {
		return f, nil, nil
	}
	a, err := s.Keep(r.Context(), sent.Name, bytes.NewReader(sent.Data))
	var e *errs.Error
	if errors.As(err, &e) && e.Kind != errs.Internal {
		f.Problems = append(f.Problems, errs.Field{Name: "file", Key: e.Key, Args: e.Args})
		return f, nil, nil
	}
	return f, []Attachment{a}, err
}

// once runs a change once and leads to the page that says what moved.
func (s *Service) once(w http.ResponseWriter, r *http.Request, f *web.Form, figures []string, do func(ctx context.Context) (string, error)) error {
	ctx := r.Context()
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (to string, err error) {
		moved, err := s.rec.Watched(ctx, s.ownBook(ctx), figures, func(ctx context.Context) error {
			to, err = do(ctx)
			return err
		})
		return to + "&moved=" + url.QueryEscape(moved), err
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) ownBook(ctx context.Context) ledger.Query {
	return ledger.Query{Unit: scope.From(ctx).Unit, Day: clock.Today(ctx)}
}

// again shows a form once more with what was typed, or hands the error on.
func again(w http.ResponseWriter, r *http.Request, err error, v formView, f *web.Form) error {
	at, faults, rest := web.Problems(r.Context(), err)
	status := http.StatusUnprocessableEntity
	switch {
	case errs.Is(rest, errs.Conflict):
		text := i18n.Error(r.Context(), rest)
		var e *errs.Error
		if errors.As(rest, &e) && v.By != "" {
			switch e.Key {
			case "record.changed_meanwhile":
				text = i18n.T(r.Context(), "meeting.changed_meanwhile", "Name", v.By)
			case "meeting.not_now":
				text = i18n.T(r.Context(), "meeting.not_now_kept", "Name", v.By)
			}
		}
		faults, status = []ui.Fault{{Name: first(v.Inputs), Text: text}}, http.StatusConflict
	case rest != nil:
		return rest
	}
	v.Faults = faults
	for i := range v.Inputs {
		in := &v.Inputs[i]
		in.Error = at[in.Name]
		if f.Has(in.Name) && in.Kind != ui.KindFile {
			in.Value, in.Values = f.Get(in.Name), f.Values[in.Name]
		}
	}
	return web.Render(w, r, web.Page{Title: v.Title, Current: Kind, Plain: true, Error: true, Status: status}, formTempl(v))
}

// first is the input to which a fault of the whole form leads.
func first(inputs []ui.Input) string {
	if len(inputs) == 0 {
		return ""
	}
	return inputs[0].Name
}

func (d *desk[T]) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	t, _, err := d.book.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return d.book.KnownPage(w, r, ref, ui.Link{Text: d.name(t), Href: d.here(ref)}, Kind)
}

// made are the acts by which a record comes to be, beside those that have a form on it.
var made = map[string]bool{"create": true, "decide": true, "undo": true}

func (d *desk[T]) donePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	t, v, err := d.book.Get(ctx, ref)
	gone := errs.Is(err, errs.NotFound)
	if gone {
		t, v, err = d.book.Removed(ctx, ref)
	}
	if err != nil {
		return err
	}
	name := r.URL.Query().Get("act")
	if !made[name] && !slices.ContainsFunc(d.acts, func(a act[T]) bool { return a.name == name }) || gone != (name == "remove" || name == "unmake") {
		return web.NotFound(r)
	}
	u, _, err := d.home(ctx, t)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "meeting.done."+name)
	res := ui.Result{Title: title, CodeLabel: i18n.T(ctx, "meeting.f.code"), Code: *d.code(&t), Acts: []ui.Button{{Text: i18n.T(ctx, "meeting.to_list"), Href: at(d.path, u), Main: gone}}}
	if !gone {
		res.Acts = append([]ui.Button{{Text: i18n.T(ctx, "meeting.see"), Href: d.here(ref), Main: true}}, res.Acts...)
	}
	if res.Moved, err = d.s.rec.Moved(ctx, d.s.ownBook(ctx), d.figures, r.URL.Query().Get("moved")); err != nil {
		return err
	}
	if name != "undo" {
		res.Undo, res.UndoUntil = d.book.UndoPost(ctx, v, d.here(ref)+"/undo")
	}
	return web.Render(w, r, web.Page{Title: title, Current: Kind}, doneTempl(res))
}

func (d *desk[T]) undoPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	t, _, err := d.book.Get(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		t, _, err = d.book.Removed(ctx, ref)
	}
	if err != nil {
		return err
	}
	u, _, err := d.home(ctx, t)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, d.s.db, f.Key(), func(ctx context.Context) (string, error) {
		if err := d.book.Undo(ctx, ref, f.Version()); err != nil {
			return "", err
		}
		if _, _, err := d.book.Get(ctx, ref); errs.Is(err, errs.NotFound) { // the entry itself was taken back
			return at(d.path, u), nil
		} else if err != nil {
			return "", err
		}
		return d.here(ref) + "/done?act=undo", nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// button is an act as a button, when it makes sense now.
func (d *desk[T]) buttons(ctx context.Context, o one[T], names ...string) (out []ui.Button) {
	today := clock.Today(ctx)
	for _, name := range names {
		i := slices.IndexFunc(d.acts, func(a act[T]) bool { return a.name == name })
		a := d.acts[i]
		may := o.Works
		if !may && a.outside != nil {
			may, _ = a.outside(ctx, d.s, o)
		}
		if may && a.offered(o, today) {
			out = append(out, ui.Button{Text: i18n.T(ctx, "meeting.do."+name), Href: d.here(o.Ref) + "/do/" + name})
		}
	}
	return out
}
