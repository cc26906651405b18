package association

import (
	"context"
	"net/http"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// formView is one form: its title, where it leads back to, its inputs.
type formView struct {
	Title, Lead, Step string
	Back              ui.Link
	Faults            []ui.Fault
	Spec              ui.FormSpec
	Inputs            []ui.Input
}

// day reads a day as people write it; nothing is open.
func day(f *web.Form, name string) clock.Day {
	v := f.Text(name)
	if v == "" {
		return clock.Open
	}
	d, err := table.ParseDay(v)
	if err != nil {
		f.Problems.Add(name, "errs.day_unreadable")
	}
	return clock.Day(d)
}

// number reads a whole number as people write it; nothing is 0.
func number(f *web.Form, name string) int64 {
	v := f.Text(name)
	if v == "" {
		return 0
	}
	n, err := table.ParseInt(v)
	if err != nil {
		f.Problems.Add(name, "association.number_odd")
	}
	return n
}

// inputs are the questions about a record; u is the unit whose page the form belongs to.
func (d *desk[T]) inputs(ctx context.Context, u org.Unit, t *T, fresh bool) ([]ui.Input, error) {
	var out []ui.Input
	if d.placed && fresh {
		where := ""
		if u.Level.Rank() >= org.Township.Rank() {
			where = u.Name
		}
		out = append(out, ui.Input{Name: "unit", Label: i18n.T(ctx, "association.f.town"), Value: where, Hint: i18n.T(ctx, "association.hint.town"), MaxLength: 60})
	}
	for _, x := range d.fields {
		in := ui.Input{Kind: x.kind, Name: x.key, Label: i18n.T(ctx, "association.f."+x.key), Optional: x.optional, MaxLength: x.max}
		if x.hint {
			in.Hint = i18n.T(ctx, "association.hint."+x.key)
		}
		none := ui.Option{Text: i18n.T(ctx, "association.choose")}
		if x.optional {
			none.Text = i18n.T(ctx, "association.none_chosen")
		}
		switch {
		case x.text != nil:
			in.Value = *x.text(t)
			for _, k := range x.choices {
				in.Options = append(in.Options, ui.Option{Value: k, Text: i18n.T(ctx, "association."+x.key+"."+k)})
			}
			if len(x.choices) > 0 && in.Value == "" {
				in.Value = x.choices[0]
			}
		case x.day != nil:
			in.Value = string(*x.day(t))
		case x.num != nil:
			in.Short, in.Min = true, "0"
			if *x.num(t) != 0 {
				in.Value = strconv.FormatInt(*x.num(t), 10)
			}
		case x.unit != nil:
			up, err := d.s.org.Ancestors(ctx, u.ID, clock.Today(ctx))
			if err != nil {
				return nil, err
			}
			in.Options = []ui.Option{none}
			for _, a := range up {
				if a.Level.Rank() >= org.City.Rank() {
					in.Options = append(in.Options, ui.Option{Value: a.ID.String(), Text: a.Name})
				}
			}
			if *x.unit(t) != 0 {
				in.Value = x.unit(t).String()
			}
		case x.association != nil:
			list, err := d.s.Beside(ctx, u, clock.Today(ctx))
			if err != nil {
				return nil, err
			}
			in.Options = []ui.Option{none}
			for _, a := range list {
				in.Options = append(in.Options, ui.Option{Value: a.Ref.String(), Text: a.Name})
			}
			in.Value = named(*x.association(t))
		}
		out = append(out, in)
	}
	return out, nil
}

// read takes over what was typed; what cannot be read is a problem of the form.
func (d *desk[T]) read(ctx context.Context, f *web.Form, t *T) error {
	for _, x := range d.fields {
		if !f.Has(x.key) {
			continue
		}
		switch {
		case x.text != nil:
			*x.text(t) = f.Text(x.key)
		case x.day != nil:
			*x.day(t) = day(f, x.key)
		case x.num != nil:
			*x.num(t) = number(f, x.key)
		case x.unit != nil:
			*x.unit(t) = 0
			if v := f.Text(x.key); v != "" {
				u, err := d.s.org.Resolve(ctx, v)
				if errs.Is(err, errs.NotFound) {
					f.Problems.Add(x.key, "association.task_not_above")
				} else if err != nil {
					return err
				}
				*x.unit(t) = u.ID
			}
		case x.association != nil:
			*x.association(t) = f.Ref(x.key)
		}
	}
	return nil
}

func (d *desk[T]) fresh(ctx context.Context, u org.Unit) T {
	var t T
	*d.unit(&t) = u.ID
	for _, x := range d.fields {
		if x.day != nil && x.key == "day" {
			*x.day(&t) = clock.Today(ctx)
		}
	}
	return t
}

func (d *desk[T]) newView(ctx context.Context, u org.Unit, t T, key string) (formView, error) {
	inputs, err := d.inputs(ctx, u, &t, true)
	inputs = append(inputs, ui.Input{Name: "code", Label: i18n.T(ctx, "association.f.code"), Optional: true, Hint: i18n.T(ctx, "association.hint.code"), MaxLength: 40})
	return formView{Title: i18n.T(ctx, "association.add."+d.kind), Step: u.Name, Back: ui.Link{Href: d.at(u)}, Inputs: inputs,
		Spec: ui.FormSpec{Action: d.path + "/new?unit=" + u.ID.String(), Key: key, Submit: i18n.T(ctx, "association.save_new")}}, err
}

func (d *desk[T]) newForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := d.s.unitOf(r)
	if err != nil {
		return err
	}
	v, err := d.newView(ctx, u, d.fresh(ctx, u), web.NewKey())
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.Title, Current: "association", Plain: true}, formTempl(v))
}

func (d *desk[T]) createPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := d.s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	t := d.fresh(ctx, u)
	if err := d.read(ctx, f, &t); err != nil {
		return err
	}
	*d.code(&t) = f.Text("code")
	if err = f.Problems.Err(); err == nil && d.placed {
		var at org.Unit
		if at, err = d.s.rec.UnitOf(ctx, u, "", f.Text("unit")); err == nil {
			*d.unit(&t) = at.ID
		}
	}
	if err == nil {
		err = d.act(w, r, f, "create", func(ctx context.Context) (id.Ref, error) {
			return d.create(ctx, t, record.Change{Act: "association.act.create"})
		})
	}
	if err == nil {
		return nil
	}
	v, verr := d.newView(ctx, u, t, f.Key())
	if verr != nil {
		return verr
	}
	return again(w, r, err, v, f, formTempl)
}

func (d *desk[T]) editView(ctx context.Context, ref id.Ref, t T, u org.Unit, version int64, key string) (formView, error) {
	here := d.path + "/" + ref.String()
	inputs, err := d.inputs(ctx, u, &t, false)
	inputs = append(inputs, ui.Input{Name: "reason", Label: i18n.T(ctx, "association.why"), Hint: i18n.T(ctx, "association.hint.why"), MaxLength: 200})
	return formView{Title: i18n.T(ctx, "association.edit"), Step: d.name(t), Back: ui.Link{Href: here}, Inputs: inputs,
		Spec: ui.FormSpec{Action: here + "/edit", Key: key, Submit: i18n.T(ctx, "association.save"), Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}}}, err
}

func (d *desk[T]) editForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	t, v, u, err := d.toWork(ctx, ref, "correct")
	if err != nil {
		return err
	}
	view, err := d.editView(ctx, ref, t, u, v.N, web.NewKey())
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: view.Title, Current: "association", Plain: true}, formTempl(view))
}

func (d *desk[T]) editPost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	t, _, u, err := d.toWork(ctx, ref, "correct")
	if err != nil {
		return err
	}
	if err := d.read(ctx, f, &t); err != nil {
		return err
	}
	reason := f.Text("reason")
	if reason == "" {
		f.Problems.Add("reason", "association.reason_missing")
	}
	if err = f.Problems.Err(); err == nil {
		err = d.act(w, r, f, "correct", func(ctx context.Context) (id.Ref, error) {
			return ref, d.save(ctx, ref, n, t, record.Change{Act: "association.act.correct", Reason: reason})
		})
	}
	if err == nil {
		return nil
	}
	view, verr := d.editView(ctx, ref, t, u, n, f.Key())
	if verr != nil {
		return verr
	}
	return again(w, r, err, view, f, formTempl)
}

func (d *desk[T]) removeView(ctx context.Context, ref id.Ref, t T, version int64, key string) formView {
	here := d.path + "/" + ref.String()
	return formView{Title: i18n.T(ctx, "association.remove"), Lead: i18n.T(ctx, "association.remove_lead"), Step: d.name(t), Back: ui.Link{Href: here},
		Inputs: []ui.Input{{Name: "reason", Label: i18n.T(ctx, "association.why"), Hint: i18n.T(ctx, "association.hint.why"), MaxLength: 200}},
		Spec:   ui.FormSpec{Action: here + "/remove", Key: key, Submit: i18n.T(ctx, "association.remove_do"), Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}}}
}

func (d *desk[T]) removeForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	t, v, _, err := d.toWork(ctx, ref, "remove")
	if err != nil {
		return err
	}
	view := d.removeView(ctx, ref, t, v.N, web.NewKey())
	return web.Render(w, r, web.Page{Title: view.Title, Current: "association", Plain: true}, formTempl(view))
}

func (d *desk[T]) removePost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	t, _, _, err := d.toWork(ctx, ref, "remove")
	if errs.Is(err, errs.NotFound) { // sent twice: the first one took it out
		t, _, err = d.book.Removed(ctx, ref)
	}
	if err != nil {
		return err
	}
	reason := f.Text("reason")
	if reason == "" {
		f.Problems.Add("reason", "association.reason_missing")
	}
	if err = f.Problems.Err(); err == nil {
		err = d.act(w, r, f, "remove", func(ctx context.Context) (id.Ref, error) {
			return ref, d.book.Remove(ctx, ref, n, record.Change{Act: "association.act.remove", Reason: reason})
		})
	}
	if err == nil {
		return nil
	}
	return again(w, r, err, d.removeView(ctx, ref, t, n, f.Key()), f, formTempl)
}
