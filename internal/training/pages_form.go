package training

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/volunteer"
)

// formView is one form: its title, where it leads back to, its inputs.
type formView struct {
	Title, Lead, Step string
	Back              ui.Link
	Faults            []ui.Fault
	Spec              ui.FormSpec
	Inputs            []ui.Input
}

// dayIn reads a day as people write it; nothing is open.
func dayIn(f *web.Form, name string) clock.Day {
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
		f.Problems.Add(name, "training.number_odd")
	}
	return n
}

func digits(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// inputs are the questions about a course.
func (s *Service) inputs(ctx context.Context, root int64, c Course) ([]ui.Input, error) {
	tr := func(k string) string { return i18n.T(ctx, k) }
	choose := func(kind, none, value string) (ui.Input, error) {
		in := ui.Input{Kind: ui.KindSelect, Name: kind, Label: tr("training.f." + kind), Value: value, Options: []ui.Option{{Text: tr(none)}}}
		list, err := s.store.words(ctx, root, kind)
		for _, w := range list {
			in.Options = append(in.Options, ui.Option{Value: w.Name, Text: w.In(i18n.Lang(ctx))})
		}
		return in, err
	}
	subject, err := choose("subject", "training.choose", c.Subject)
	if err != nil {
		return nil, err
	}
	competence, err := choose("competence", "training.no_certificate", c.Competence)
	if err != nil {
		return nil, err
	}
	competence.Optional, competence.Hint = true, tr("training.hint.competence")
	mode := ui.Input{Kind: ui.KindRadio, Name: "mode", Label: tr("training.f.mode"), Value: c.Mode}
	for _, m := range Modes {
		mode.Options = append(mode.Options, ui.Option{Value: m, Text: tr("training.mode." + m)})
	}
	if mode.Value == "" {
		mode.Value = Modes[0]
	}
	return []ui.Input{
		{Name: "title", Label: tr("training.f.title"), Value: c.Title, MaxLength: maxTitle}, subject,
		{Kind: ui.KindDate, Name: "planned", Label: tr("training.f.planned"), Value: string(c.Planned), Hint: tr("training.hint.planned")},
		{Kind: ui.KindDate, Name: "from", Label: tr("training.f.from"), Value: string(c.From), Optional: true, Hint: tr("training.hint.from")},
		{Kind: ui.KindDate, Name: "last", Label: tr("training.f.last"), Value: string(c.Last), Optional: true, Hint: tr("training.hint.last")},
		{Kind: ui.KindNumber, Name: "minutes", Label: tr("training.f.minutes"), Value: digits(c.Minutes), Unit: tr("training.minute"), Short: true, Optional: true, Hint: tr("training.hint.minutes")},
		mode,
		{Name: "place", Label: tr("training.f.place"), Value: c.Place, Optional: true, MaxLength: maxText},
		{Name: "teacher", Label: tr("training.f.teacher"), Value: c.Teacher, Optional: true, MaxLength: maxTitle},
		{Kind: ui.KindArea, Name: "documents", Label: tr("training.f.documents"), Value: papersText(c.Documents, "\n"), Optional: true, Hint: tr("training.hint.documents"), Lines: 3},
		competence,
		{Kind: ui.KindNumber, Name: "months", Label: tr("training.f.months"), Value: digits(c.Months), Unit: tr("training.months"), Short: true, Optional: true, Hint: tr("training.hint.months")},
		{Kind: ui.KindArea, Name: "note", Label: tr("training.f.note"), Value: c.Note, Optional: true, MaxLength: maxText, Lines: 2},
	}, nil
}

// typed takes over what was typed; what cannot be read is a problem of the form.
func typed(c Course, f *web.Form) Course {
	for name, text := range map[string]*string{"title": &c.Title, "subject": &c.Subject, "mode": &c.Mode, "place": &c.Place, "teacher": &c.Teacher, "competence": &c.Competence, "note": &c.Note} {
		if f.Has(name) {
			*text = f.Text(name)
		}
	}
	for name, day := range map[string]*clock.Day{"planned": &c.Planned, "from": &c.From, "last": &c.Last} {
		if f.Has(name) {
			*day = dayIn(f, name)
		}
	}
	for name, n := range map[string]*int64{"minutes": &c.Minutes, "months": &c.Months} {
		if f.Has(name) {
			*n = number(f, name)
		}
	}
	if f.Has("documents") {
		c.Documents = papersOf(f.Get("documents"))
	}
	return c
}

func (s *Service) newView(ctx context.Context, u org.Unit, key string) (formView, error) {
	inputs, err := s.inputs(ctx, u.Root(), Course{Planned: month(clock.Today(ctx))})
	inputs = append(inputs, ui.Input{Name: "code", Label: i18n.T(ctx, "training.f.code"), Optional: true, Hint: i18n.T(ctx, "training.hint.code"), MaxLength: 40})
	return formView{Title: i18n.T(ctx, "training.add"), Step: u.Name, Back: ui.Link{Href: at("/training", u)}, Inputs: inputs,
		Spec: ui.FormSpec{Action: at("/training/new", u), Key: key, Submit: i18n.T(ctx, "training.save_new")}}, err
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v, err := s.newView(r.Context(), u, web.NewKey())
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.Title, Current: Kind, Plain: true}, formTempl(v))
}

func (s *Service) createPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	c := typed(Course{Unit: u.ID, Code: f.Text("code")}, f)
	if err = f.Problems.Err(); err == nil {
		err = s.act(w, r, f, "create", func(ctx context.Context) (id.Ref, error) { return s.Create(ctx, c) })
	}
	if err == nil {
		return nil
	}
	v, verr := s.newView(ctx, u, f.Key())
	if verr != nil {
		return verr
	}
	return again(w, r, err, v, f, formTempl)
}

// toWork reads a course for a form; the right to work is asked when it is shown, so that nobody types in vain.
func (s *Service) toWork(ctx context.Context, ref id.Ref, act string) (Course, record.Version, org.Unit, error) {
	c, v, err := s.book.Get(ctx, ref)
	if err != nil {
		return c, v, org.Unit{}, err
	}
	if err := s.book.MayWork(ctx, ref, record.Change{Act: "training.act." + act}); err != nil {
		return c, v, org.Unit{}, err
	}
	u, err := s.rec.Home(ctx, c.Unit)
	return c, v, u, err
}

func (s *Service) editView(ctx context.Context, ref id.Ref, c Course, version int64, key string) (formView, error) {
	here := "/training/" + ref.String()
	inputs, err := s.inputs(ctx, ref.Root, c)
	inputs = append(inputs, reasonInput(ctx))
	return formView{Title: i18n.T(ctx, "training.edit"), Step: c.Title, Back: ui.Link{Href: here}, Inputs: inputs,
		Spec: ui.FormSpec{Action: here + "/edit", Key: key, Submit: i18n.T(ctx, "training.save"), Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}}}, err
}

func reasonInput(ctx context.Context) ui.Input {
	return ui.Input{Name: "reason", Label: i18n.T(ctx, "training.why"), Hint: i18n.T(ctx, "training.hint.why"), MaxLength: maxText}
}

func (s *Service) editForm(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	c, v, _, err := s.toWork(r.Context(), ref, "correct")
	if err != nil {
		return err
	}
	view, err := s.editView(r.Context(), ref, c, v.N, web.NewKey())
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: view.Title, Current: Kind, Plain: true}, formTempl(view))
}

func (s *Service) editPost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	c, _, _, err := s.toWork(ctx, ref, "correct")
	if err != nil {
		return err
	}
	next := typed(c, f)
	reason := f.Text("reason")
	if reason == "" {
		f.Problems.Add("reason", "training.reason_missing")
	}
	if err = f.Problems.Err(); err == nil {
		err = s.act(w, r, f, "correct", func(ctx context.Context) (id.Ref, error) { return ref, s.Save(ctx, ref, n, next, reason) })
	}
	if err == nil {
		return nil
	}
	view, verr := s.editView(ctx, ref, c, n, f.Key())
	if verr != nil {
		return verr
	}
	return again(w, r, err, view, f, formTempl)
}

// act is one thing that is done to a course: when it is offered, a short form, and what its answers do.
type act struct {
	name    string
	offered func(c Course, day clock.Day) bool
	ask     func(ctx context.Context, s *Service, u org.Unit, c Course) ([]ui.Input, error)
	do      func(ctx context.Context, s *Service, u org.Unit, ref id.Ref, n int64, f *web.Form) error
}

var acts = []act{
	{"attend", func(c Course, day clock.Day) bool { return c.counts() && c.From <= day }, askAttend, doAttend},
	{"cadres", func(c Course, day clock.Day) bool { return c.counts() && c.From <= day }, askCadres, doCadres},
	{"drop", func(c Course, _ clock.Day) bool { return len(c.People) > 0 }, askDrop, doDrop},
	{"cancel", func(c Course, _ clock.Day) bool { return c.CancelledOn == "" && len(c.People)+len(c.Cadres) == 0 }, askWhy, doCancel},
	{"remove", func(Course, clock.Day) bool { return true }, askWhy, doRemove},
}

// mostTicks is how many of a unit's volunteers are offered to be ticked; others are typed.
const mostTicks = 60

func askAttend(ctx context.Context, s *Service, u org.Unit, c Course) ([]ui.Input, error) {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	p, err := s.volunteers.List(ctx, u, clock.Today(ctx), volunteer.Filter{State: volunteer.Active}, -1, "", mostTicks)
	if err != nil {
		return nil, err
	}
	ids := make([]id.ID, len(p.Volunteers))
	for i, l := range p.Volunteers {
		ids[i] = l.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	came := ui.Input{Kind: ui.KindChecks, Name: "came", Label: tr("training.who_came"), Optional: true}
	for _, l := range p.Volunteers {
		sub := units[l.Unit].Name
		if slices.ContainsFunc(c.People, func(x Attendee) bool { return x.Volunteer == l.Ref() }) {
			sub = tr("training.noted", "Unit", sub)
		}
		came.Options = append(came.Options, ui.Option{Value: l.Ref().String(), Text: l.Name, Sub: sub})
	}
	out := []ui.Input{}
	others := ui.Input{Kind: ui.KindArea, Name: "others", Label: tr("training.others"), Hint: tr("training.hint.others"), Optional: true}
	if len(came.Options) > 0 {
		out = append(out, came)
	}
	return append(out, others,
		ui.Input{Kind: ui.KindNumber, Name: "present", Label: tr("training.present"), Value: digits(c.Minutes), Unit: tr("training.minute"), Short: true, Hint: tr("training.hint.present")},
		ui.Input{Kind: ui.KindRadio, Name: "passed", Label: tr("training.passed"), Value: "yes", Options: []ui.Option{{Value: "yes", Text: tr("training.passed.yes")}, {Value: "no", Text: tr("training.passed.no")}}}), nil
}

// ticked are the people who were ticked.
func ticked(f *web.Form) (out []id.Ref) {
	for _, x := range f.Values["came"] {
		if ref, err := id.ParseRef(x); err == nil {
			out = append(out, ref)
		}
	}
	return out
}

func doAttend(ctx context.Context, s *Service, u org.Unit, ref id.Ref, n int64, f *web.Form) error {
	who := ticked(f)
	for _, line := range strings.FieldsFunc(f.Get("others"), func(r rune) bool { return strings.ContainsRune("\n\r，、,;；", r) }) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		x, err := s.named(ctx, u.Root(), line)
		if err != nil {
			return err
		}
		who = append(who, x)
	}
	minutes := number(f, "present")
	if err := f.Problems.Err(); err != nil {
		return err
	}
	return s.Attend(ctx, ref, n, who, minutes, f.Text("passed") != "no")
}

// named is the one volunteer whom a name or a code means.
func (s *Service) named(ctx context.Context, root int64, name string) (id.Ref, error) {
	found, err := s.volunteers.Named(ctx, root, name)
	if err != nil {
		return id.Ref{}, err
	}
	var f errs.Fields
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		f.Add("others", "training.person_unknown", "Name", name)
	default:
		f.Add("others", "training.person_several", "Name", name, "N", len(found))
	}
	return id.Ref{}, f.Err()
}

func askCadres(ctx context.Context, _ *Service, u org.Unit, _ Course) ([]ui.Input, error) {
	return []ui.Input{{Name: "unit", Label: i18n.T(ctx, "training.f.unit"), Value: u.Name, Hint: i18n.T(ctx, "training.hint.unit"), MaxLength: 60},
		{Kind: ui.KindNumber, Name: "cadres", Label: i18n.T(ctx, "training.cadres"), Unit: i18n.T(ctx, "training.persons"), Short: true, Hint: i18n.T(ctx, "training.hint.cadres")}}, nil
}

func doCadres(ctx context.Context, s *Service, u org.Unit, ref id.Ref, n int64, f *web.Form) error {
	if f.Text("cadres") == "" {
		f.Problems.Add("cadres", "training.number_odd")
	}
	many := number(f, "cadres")
	if err := f.Problems.Err(); err != nil {
		return err
	}
	at, err := s.rec.UnitOf(ctx, u, "", f.Text("unit"))
	if err != nil {
		return err
	}
	return s.SetCadres(ctx, ref, n, at.ID, many)
}

func askDrop(ctx context.Context, s *Service, _ org.Unit, c Course) ([]ui.Input, error) {
	refs := make([]id.Ref, len(c.People))
	for i, p := range c.People {
		refs[i] = p.Volunteer
	}
	names, err := s.volunteers.ByRefs(ctx, refs)
	in := ui.Input{Kind: ui.KindChecks, Name: "came", Label: i18n.T(ctx, "training.who_not")}
	for _, r := range refs {
		in.Options = append(in.Options, ui.Option{Value: r.String(), Text: nameOr(ctx, names[r].Name), Sub: names[r].Code})
	}
	return []ui.Input{in, reasonInput(ctx)}, err
}

func doDrop(ctx context.Context, s *Service, _ org.Unit, ref id.Ref, n int64, f *web.Form) error {
	return s.Drop(ctx, ref, n, ticked(f), f.Text("reason"))
}

func askWhy(ctx context.Context, _ *Service, _ org.Unit, _ Course) ([]ui.Input, error) {
	return []ui.Input{reasonInput(ctx)}, nil
}

func doCancel(ctx context.Context, s *Service, _ org.Unit, ref id.Ref, n int64, f *web.Form) error {
	if f.Text("reason") == "" {
		f.Problems.Add("reason", "training.reason_missing")
		return f.Problems.Err()
	}
	return s.Cancel(ctx, ref, n, f.Text("reason"))
}

func doRemove(ctx context.Context, s *Service, _ org.Unit, ref id.Ref, n int64, f *web.Form) error {
	return s.Remove(ctx, ref, n, f.Text("reason"))
}

func (s *Service) actView(ctx context.Context, a act, ref id.Ref, u org.Unit, c Course, version int64, key string) (formView, error) {
	here := "/training/" + ref.String()
	inputs, err := a.ask(ctx, s, u, c)
	return formView{Title: i18n.T(ctx, "training.do."+a.name), Lead: i18n.T(ctx, "training.lead."+a.name), Step: c.Title, Back: ui.Link{Href: here}, Inputs: inputs,
		Spec: ui.FormSpec{Action: here + "/" + a.name, Key: key, Submit: i18n.T(ctx, "training.do."+a.name), Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}}}, err
}

func (s *Service) actForm(a act) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		c, v, u, err := s.toWork(ctx, ref, a.name)
		if err != nil {
			return err
		}
		view, err := s.actView(ctx, a, ref, u, c, v.N, web.NewKey())
		if err != nil {
			return err
		}
		return web.Render(w, r, web.Page{Title: view.Title, Current: Kind, Plain: true}, formTempl(view))
	}
}

func (s *Service) actPost(a act) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, f, n, err := sent(w, r)
		if err != nil {
			return err
		}
		ctx := r.Context()
		c, _, u, err := s.toWork(ctx, ref, a.name)
		if errs.Is(err, errs.NotFound) && a.name == "remove" { // sent twice: the first one took it out
			c, _, err = s.book.Removed(ctx, ref)
		}
		if err != nil {
			return err
		}
		err = s.act(w, r, f, a.name, func(ctx context.Context) (id.Ref, error) { return ref, a.do(ctx, s, u, ref, n, f) })
		if err == nil {
			return nil
		}
		view, verr := s.actView(ctx, a, ref, u, c, n, f.Key())
		if verr != nil {
			return verr
		}
		return again(w, r, err, view, f, formTempl)
	}
}
