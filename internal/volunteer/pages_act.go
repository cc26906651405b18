package volunteer

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// stepNames are the short forms about a volunteer; each is an address below the record's.
var stepNames = []string{"check", "uncheck", "care", "uncare", "admit", "leave", "core", "uncore", "revoke", "remove", "hours"}

// step is a short form: check, admit, leave, …
type step struct {
	name, title, lead, submit string
	inputs                    []ui.Input
	do                        func(ctx context.Context, ref id.Ref, version int64, f *web.Form) error
}

func (s *Service) step(ctx context.Context, name string, v Volunteer, pic picture) step {
	tr := func(k string) string { return i18n.T(ctx, k) }
	today := string(clock.Today(ctx))
	reason := ui.Input{Name: "reason", Label: tr("volunteer.why"), Hint: tr("volunteer.why_hint"), MaxLength: 200}
	st := step{name: name, title: tr("volunteer.step." + name), lead: tr("volunteer.step." + name + "_lead"), submit: tr("volunteer.step." + name + "_do")}
	switch name {
	case "check":
		var kinds []ui.Option
		for _, k := range CheckKinds {
			kinds = append(kinds, ui.Option{Value: string(k), Text: tr("volunteer.check." + string(k)), Sub: tr("volunteer.check_sub." + string(k))})
		}
		st.inputs = []ui.Input{
			{Kind: ui.KindRadio, Name: "check_kind", Label: tr("volunteer.check_kind"), Options: kinds},
			{Kind: ui.KindDate, Name: "check_on", Label: tr("volunteer.check_on"), Value: today},
			{Kind: ui.KindDate, Name: "check_expires", Label: tr("volunteer.check_expires"), Optional: true, Hint: tr("volunteer.check_expires_hint")},
			{Name: "check_name", Label: tr("volunteer.check_name"), Optional: true, MaxLength: 60},
			{Name: "check_issuer", Label: tr("volunteer.check_issuer"), Optional: true, MaxLength: 60},
			{Name: "check_number", Label: tr("volunteer.check_number"), Optional: true, MaxLength: 60},
			{Kind: ui.KindFile, Name: "paper", Label: tr("volunteer.paper"), Hint: tr("volunteer.paper_hint"), Optional: true, Accept: "image/*,application/pdf"},
		}
		st.do = func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
			c := Check{Paper: pic.full, PDF: pic.pdf, Kind: CheckKind(f.Text("check_kind")), Name: f.Text("check_name"), Number: f.Text("check_number"), Issuer: f.Text("check_issuer"), On: day(f, "check_on"), Expires: day(f, "check_expires")}
			if err := f.Problems.Err(); err != nil {
				return err
			}
			return s.AddCheck(ctx, ref, n, c)
		}
	case "uncheck":
		var which []ui.Option
		for i, c := range v.Checks {
			which = append(which, ui.Option{Value: strconv.Itoa(i), Text: checkText(ctx, c)})
		}
		st.inputs = []ui.Input{{Kind: ui.KindSelect, Name: "which", Label: tr("volunteer.which"), Options: append([]ui.Option{{Text: tr("volunteer.choose")}}, which...)}, reason}
		st.do = func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
			i, err := strconv.Atoi(f.Text("which"))
			if err != nil {
				i = -1
			}
			return s.DropCheck(ctx, ref, n, i, f.Text("reason"))
		}
	case "care":
		var kinds []ui.Option
		for _, k := range CareKinds {
			kinds = append(kinds, ui.Option{Value: string(k), Text: tr("volunteer.care." + string(k)), Sub: tr("volunteer.care_sub." + string(k))})
		}
		st.inputs = []ui.Input{
			{Kind: ui.KindRadio, Name: "care_kind", Label: tr("volunteer.check_kind"), Options: kinds},
			{Kind: ui.KindDate, Name: "care_on", Label: tr("volunteer.care_on"), Value: today, Max: today},
			{Name: "care_what", Label: tr("volunteer.care_what"), Hint: tr("volunteer.care_what_hint"), MaxLength: maxWhat},
			{Name: "care_by", Label: tr("volunteer.care_by"), Hint: tr("volunteer.care_by_hint"), Optional: true, MaxLength: maxWhat},
		}
		st.do = func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
			c := Care{Kind: CareKind(f.Text("care_kind")), On: day(f, "care_on"), What: f.Text("care_what"), By: f.Text("care_by")}
			if err := f.Problems.Err(); err != nil {
				return err
			}
			return s.AddCare(ctx, ref, n, c)
		}
	case "uncare":
		which := []ui.Option{{Text: tr("volunteer.choose")}}
		for i, c := range v.Care {
			which = append(which, ui.Option{Value: strconv.Itoa(i), Text: careText(ctx, c)})
		}
		st.inputs = []ui.Input{{Kind: ui.KindSelect, Name: "which", Label: tr("volunteer.which"), Options: which}, reason}
		st.do = func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
			i, err := strconv.Atoi(f.Text("which"))
			if err != nil {
				i = -1
			}
			return s.DropCare(ctx, ref, n, i, f.Text("reason"))
		}
	case "admit":
		st.inputs = []ui.Input{{Kind: ui.KindDate, Name: "admitted_on", Label: tr("volunteer.admitted_on"), Value: today}}
		st.do = func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
			d := day(f, "admitted_on")
			if err := f.Problems.Err(); err != nil {
				return err
			}
			return s.Admit(ctx, ref, n, d)
		}
	case "leave":
		st.inputs = []ui.Input{{Kind: ui.KindDate, Name: "left_on", Label: tr("volunteer.left_on"), Value: today, Hint: tr("volunteer.left_hint")}, reason}
		st.do = func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
			d := day(f, "left_on")
			if err := f.Problems.Err(); err != nil {
				return err
			}
			return s.Leave(ctx, ref, n, d, f.Text("reason"))
		}
	case "core", "uncore":
		st.inputs = []ui.Input{{Kind: ui.KindDate, Name: "core_from", Label: tr("volunteer.step." + name + "_day"), Value: today}}
		st.do = func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
			d := day(f, "core_from")
			if err := f.Problems.Err(); err != nil {
				return err
			}
			return s.SetCore(ctx, ref, n, name == "core", d)
		}
	case "revoke":
		st.inputs = []ui.Input{reason}
		st.do = func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
			return s.Revoke(ctx, ref, n, f.Text("reason"))
		}
	case "remove":
		st.inputs = []ui.Input{reason}
		st.do = func(ctx context.Context, ref id.Ref, n int64, f *web.Form) error {
			return s.Remove(ctx, ref, n, f.Text("reason"))
		}
	case "hours":
		st.inputs = hoursInputs(ctx, Hours{Day: clock.Today(ctx)})
		st.do = func(ctx context.Context, ref id.Ref, _ int64, f *web.Form) error {
			h := typedHours(Hours{Volunteer: ref, Photo: pic.full, Thumb: pic.thumb}, f)
			if err := f.Problems.Err(); err != nil {
				return err
			}
			_, err := s.LogHours(ctx, h)
			return err
		}
	}
	return st
}

func stepView(st step, ref id.Ref, v Volunteer, version int64, key string) formView {
	here := "/volunteer/" + ref.String()
	return formView{Title: st.title, Lead: st.lead, Step: v.Name, Back: ui.Link{Href: here}, Groups: []group{{Inputs: st.inputs}},
		Spec: ui.FormSpec{Action: here + "/" + st.name, Key: key, Submit: st.submit, Multipart: st.name == "hours" || st.name == "check", Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}}}
}

func (s *Service) stepForm(name string) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		v, ver, _, err := s.toWork(r.Context(), ref)
		if err != nil {
			return err
		}
		view := stepView(s.step(r.Context(), name, v, picture{}), ref, v, ver.N, web.NewKey())
		return web.Render(w, r, plain(view), formTempl(view))
	}
}

func (s *Service) stepPost(name string) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, f, with, n, err := s.sentWith(w, r)
		if err != nil {
			return err
		}
		ctx := r.Context()
		v, _, _, err := s.toWork(ctx, ref)
		if errs.Is(err, errs.NotFound) { // sent twice: the first one took it out
			v, _, err = s.book.Removed(ctx, ref)
		}
		if err != nil {
			return err
		}
		take := s.picture
		if name == "check" {
			take = s.paper
		}
		pic, err := take(ctx, f, with)
		if err != nil {
			return err
		}
		st := s.step(ctx, name, v, pic)
		if err = f.Problems.Err(); err == nil {
			err = s.act(w, r, f, "/volunteer/", name, func(ctx context.Context) (id.Ref, error) { return ref, st.do(ctx, ref, n, f) })
		}
		if err == nil {
			return nil
		}
		return again(w, r, err, func(at map[string]string, faults []ui.Fault) (web.Page, templ.Component) {
			view := stepView(st, ref, v, n, f.Key())
			view.retyped(f, at, faults)
			if name == "admit" && len(v.lacking(clock.Today(ctx))) > 0 {
				view.Note = &ui.Note{Kind: "w", Text: i18n.T(ctx, "volunteer.admit_where"), Links: []ui.Link{{Text: i18n.T(ctx, "volunteer.step.check"), Href: "/volunteer/" + ref.String() + "/check"}}}
			}
			return plain(view), formTempl(view)
		})
	}
}

// retyped puts what was typed and what is wrong with it into the inputs.
func (v *formView) retyped(f *web.Form, at map[string]string, faults []ui.Fault) {
	v.Faults = faults
	v.keep(f)
	for _, g := range v.Groups {
		for i := range g.Inputs {
			g.Inputs[i].Error = at[g.Inputs[i].Name]
		}
	}
}

var doneActs = append([]string{"create", "correct", "merge", "unmerge", "undo"}, stepNames...)

func (s *Service) donePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	v, ver, removed, err := s.getOrRemoved(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, v.Unit)
	if err != nil {
		return err
	}
	name := r.URL.Query().Get("act")
	if !slices.Contains(doneActs, name) || removed != (name == "remove") {
		return web.NotFound(r)
	}
	here := "/volunteer/" + ref.String()
	res := ui.Result{Title: i18n.T(ctx, "volunteer.done."+name), CodeLabel: i18n.T(ctx, "volunteer.code"), Code: v.Code,
		Acts: []ui.Button{{Text: i18n.T(ctx, "volunteer.to_list"), Href: "/volunteer?unit=" + u.ID.String(), Main: removed}}}
	if !removed {
		today := clock.Today(ctx)
		if n := fitNote(ctx, v, today, here, false); n != nil {
			res.Next = append(res.Next, ui.Link{Text: n.Text})
		}
		if v.State(today) == Candidate {
			for _, k := range v.lacking(today) {
				res.Next = append(res.Next, ui.Link{Text: i18n.T(ctx, "volunteer.next."+string(k)), Href: here + "/check"})
			}
		}
		res.Acts = append([]ui.Button{{Text: i18n.T(ctx, "volunteer.see"), Href: here, Main: true}}, res.Acts...)
	}
	if name == "hours" {
		res.Acts = append(res.Acts, ui.Button{Text: i18n.T(ctx, "volunteer.hours_more"), Href: here + "/hours"})
	}
	if res.Moved, err = s.rec.Moved(ctx, s.ownBook(ctx), chapter, r.URL.Query().Get("moved")); err != nil {
		return err
	}
	if !slices.Contains([]string{"undo", "hours", "merge", "unmerge"}, name) {
		res.Undo, res.UndoUntil = s.book.UndoPost(ctx, ver, here+"/undo")
	}
	return web.Render(w, r, web.Page{Title: res.Title, Current: "volunteer"}, doneTempl(res))
}

func (s *Service) undoPost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := s.sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v, _, _, err := s.getOrRemoved(ctx, ref)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		if err := s.Undo(ctx, ref, n); err != nil {
			return "", err
		}
		if _, _, err := s.Get(ctx, ref); err != nil { // the entry itself was taken back
			return "/volunteer?unit=" + v.Unit.String(), nil
		}
		return "/volunteer/" + ref.String() + "/done?act=undo", nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

type mergeView struct {
	formView
	Table ui.Table
}

// mergeForm asks which file is the same person's, shows both side by side, and joins them.
func (s *Service) mergeForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	v, ver, _, err := s.toWork(ctx, ref)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	other, err := id.ParseRef(q.Get("other"))
	if code := q.Get("code"); err != nil && code != "" {
		var l Listed
		if l, err = s.store.AcrossUnitsByCode(ctx, ref.Root, code); err == nil {
			other = l.Ref()
		}
	}
	if err != nil || other.ID == 0 {
		view := mergeView{formView: formView{Title: i18n.T(ctx, "volunteer.merge"), Lead: i18n.T(ctx, "volunteer.merge_ask"), Step: v.Name, Back: ui.Link{Href: "/volunteer/" + ref.String()},
			Spec:   ui.FormSpec{Method: "get", Action: "/volunteer/" + ref.String() + "/merge", Submit: i18n.T(ctx, "volunteer.merge_look")},
			Groups: []group{{Inputs: []ui.Input{{Name: "code", Label: i18n.T(ctx, "volunteer.merge_code"), Value: q.Get("code"), MaxLength: 40}}}}}}
		if q.Get("code") != "" {
			text := i18n.T(ctx, "volunteer.person_unknown", "Name", q.Get("code"))
			view.Groups[0].Inputs[0].Error, view.Faults = text, []ui.Fault{{Name: "code", Text: text}}
		}
		return web.Render(w, r, plain(view.formView), mergeTempl(view))
	}
	view, err := s.merging(ctx, ref, other, v, ver.N, web.NewKey())
	if err != nil {
		return err
	}
	return web.Render(w, r, plain(view.formView), mergeTempl(view))
}

func (s *Service) merging(ctx context.Context, ref, other id.Ref, v Volunteer, version int64, key string) (mergeView, error) {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	here := "/volunteer/" + ref.String()
	view := mergeView{formView: formView{Title: tr("volunteer.merge"), Lead: tr("volunteer.merge_lead"), Step: v.Name, Back: ui.Link{Href: here}}}
	o, _, _, err := s.toWork(ctx, other)
	if err != nil {
		return view, err
	}
	view.Table = ui.Table{Caption: tr("volunteer.merge"), Columns: []ui.Column{{Text: tr("volunteer.merge_what")}, {Text: tr("volunteer.merge_kept", "Code", v.Code), Label: true}, {Text: tr("volunteer.merge_gone", "Code", o.Code), Label: true}}}
	left := map[string]string{}
	for _, f := range s.facts(ctx, v) {
		left[f.Key] = f.Text
	}
	for _, f := range s.facts(ctx, o) {
		if f.Key == "volunteer.code" || left[f.Key] == "" && f.Text == "" {
			continue
		}
		view.Table.Rows = append(view.Table.Rows, ui.Row{ID: "r" + strconv.Itoa(len(view.Table.Rows)), Cells: []ui.Cell{ui.Text(tr(f.Key)), ui.Text(left[f.Key]), ui.Text(f.Text)}, Bad: left[f.Key] != "" && f.Text != "" && left[f.Key] != f.Text})
	}
	if !mayBeOne(v, o) {
		view.Note = &ui.Note{Kind: "w", Text: tr("volunteer.merge_doubt")}
	}
	times, minutes, err := s.Total(ctx, other)
	if err != nil {
		return view, err
	}
	view.Lead += tr("volunteer.merge_hours", "Hours", ui.Hours(minutes), "N", ui.Number(times))
	view.Groups = []group{{Inputs: []ui.Input{{Name: "reason", Label: tr("volunteer.why"), Hint: tr("volunteer.why_hint"), MaxLength: 200}}}}
	view.Spec = ui.FormSpec{Action: here + "/merge", Key: key, Submit: tr("volunteer.merge_do"),
		Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}, {Name: "other", Value: other.String()}}}
	return view, nil
}

func (s *Service) mergePost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := s.sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	v, _, _, err := s.toWork(ctx, ref)
	if err != nil {
		return err
	}
	other := f.Ref("other")
	err = s.act(w, r, f, "/volunteer/", "merge", func(ctx context.Context) (id.Ref, error) { return ref, s.Merge(ctx, ref, n, other, f.Text("reason")) })
	if err == nil {
		return nil
	}
	var bad error
	shown := again(w, r, err, func(at map[string]string, faults []ui.Fault) (web.Page, templ.Component) {
		view, err := s.merging(ctx, ref, other, v, n, f.Key())
		if err != nil {
			bad = err
			return web.Page{}, templ.NopComponent
		}
		view.retyped(f, at, faults)
		return plain(view.formView), mergeTempl(view)
	})
	if bad != nil {
		return bad
	}
	return shown
}

func (s *Service) unmergePost(w http.ResponseWriter, r *http.Request) error {
	ref, f, _, err := s.sent(w, r)
	if err != nil {
		return err
	}
	if _, _, _, err := s.toWork(r.Context(), ref); err != nil {
		return err
	}
	batch, err := id.Parse(f.Text("batch"))
	if err != nil {
		return web.NotFound(r)
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return "/volunteer/" + ref.String() + "/done?" + url.Values{"act": {"unmerge"}}.Encode(), s.UndoMerge(ctx, ref, batch)
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}
