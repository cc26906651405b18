package flow

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// Matter is what a case is about, in the reader's words: whoever has to decide reads it beside the buttons.
type Matter struct {
	Reason  string    // what the one who began it wrote
	Facts   []ui.Fact // what is asked for
	Changes []ui.Diff // what would become different
}

// Teller answers the matter of a case; it asks for the reader's right to see the record.
type Teller func(ctx context.Context, c Case) (Matter, error)

// Tell sets, at start, who knows the matters of the cases of a kind of record.
func (s *Service) Tell(subjectKind string, f Teller) { s.matters[subjectKind] = f }

type caseView struct {
	head   ui.Heading
	faults []ui.Fault
	note   *ui.Note
	facts  []ui.Fact
	matter Matter
	acts   []actView
	course []ui.Event
}

// actView is one thing that the reader may do: a form, one button, or the way to the record's page.
type actView struct {
	title  string
	form   ui.FormSpec
	fields []ui.Input
	post   ui.Post
	link   ui.Button
}

// typed is a form that came back: which act, what stood in it and what has to be changed.
type typed struct {
	act    string
	values *web.Form
	at     map[string]string
}

func (s *Service) showCase(w http.ResponseWriter, r *http.Request) error {
	p := web.Page{}
	if r.URL.Query().Get("done") != "" {
		ref, err := id.ParseRef(r.PathValue("ref"))
		if err != nil {
			return web.NotFound(r)
		}
		if p.Flash, err = s.justDone(r.Context(), ref); err != nil {
			return err
		}
		if p.Flash != nil {
			p.Flash.Links = nil
		}
	}
	return s.renderCase(w, r, p, typed{}, nil, nil)
}

// renderCase shows where a case stands; a form that came back keeps what was typed.
func (s *Service) renderCase(w http.ResponseWriter, r *http.Request, p web.Page, t typed, faults []ui.Fault, note *ui.Note) error {
	ctx := r.Context()
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return web.NotFound(r)
	}
	var v caseView
	var title string
	err = s.db.Read(ctx, func(ctx context.Context) error {
		c, err := s.Get(ctx, ref)
		if err != nil {
			return err
		}
		title = c.Title
		v, err = s.caseView(ctx, c, t)
		return err
	})
	if err != nil {
		return err
	}
	v.faults, v.note = faults, note
	for i, f := range v.faults {
		if f.Name != "" {
			v.faults[i].ID = fieldID(t.act, f.Name)
		}
	}
	p.Title, p.Current = title, "inbox"
	p.Crumbs = []ui.Link{{Text: i18n.T(ctx, "flow.inbox"), Href: "/inbox"}, {Text: title}}
	p.Error = len(faults) > 0
	return web.Render(w, r, p, casePage(v))
}

func (s *Service) caseView(ctx context.Context, c Case, t typed) (v caseView, err error) {
	def, err := s.definition(ctx, c.Version)
	if err != nil {
		return v, err
	}
	st, _ := def.State(c.State)
	v.head = ui.Heading{Over: def.Title.In(ctx), Title: c.Title, Tags: []ui.Mark{{Text: st.Title.In(ctx), Kind: st.Tone}}}
	if c.Overdue(clock.Today(ctx)) {
		v.head.Tags = append(v.head.Tags, ui.Mark{Text: i18n.T(ctx, "flow.overdue"), Kind: "w"})
	}
	own, err := s.units.Name(ctx, c.Unit)
	if err != nil {
		return v, err
	}
	waits := i18n.T(ctx, "flow.waits_nobody")
	if !c.Open() {
		waits = i18n.T(ctx, "flow.closed")
	} else if c.WaitUnit != 0 {
		if waits, err = s.units.Name(ctx, c.WaitUnit); err != nil {
			return v, err
		}
	}
	v.facts = []ui.Fact{{Label: i18n.T(ctx, "flow.state"), Text: st.Title.In(ctx)}, {Label: i18n.T(ctx, "flow.waits_for"), Text: waits}}
	if c.Open() && c.DueDay != clock.Open {
		v.facts = append(v.facts, ui.Fact{Label: i18n.T(ctx, "flow.until"), Text: i18n.Day(ctx, c.DueDay)})
	}
	v.facts = append(v.facts, ui.Fact{Label: i18n.T(ctx, "flow.unit"), Text: own})
	if c.Link != "" {
		v.facts = append(v.facts, ui.Fact{Label: i18n.T(ctx, "flow.record"), Text: c.Title, Href: c.Link})
	}
	if tell := s.matters[c.SubjectKind]; tell != nil && c.Open() {
		if v.matter, err = tell(ctx, c); err != nil && !errs.Is(err, errs.NotFound) {
			return v, err
		}
	}
	allowed := s.Allowed(ctx, c)
	// The act that is usually wanted stands first, the ways back after it.
	slices.SortStableFunc(allowed, func(a, b Transition) int {
		switch {
		case a.Main == b.Main:
			return 0
		case a.Main:
			return -1
		}
		return 1
	})
	for _, tr := range allowed {
		v.acts = append(v.acts, s.actView(ctx, c, tr, t))
	}
	steps, err := s.stepsAcrossUnits(ctx, c.Ref())
	if err != nil {
		return v, err
	}
	for i := len(steps) - 1; i >= 0; i-- {
		v.course = append(v.course, stepEvent(ctx, def, steps[i]))
	}
	return v, nil
}

func fieldID(act, name string) string { return ui.FieldID(act + "-" + name) }

func (s *Service) actView(ctx context.Context, c Case, tr Transition, t typed) actView {
	a := actView{title: tr.Title.In(ctx)}
	action := "/flow/" + c.Ref().String() + "/act"
	hidden := []ui.Pair{{Name: "act", Value: tr.Act}, {Name: "seen", Value: strconv.FormatInt(c.Steps, 10)}}
	switch {
	case tr.NeedsData && c.Link != "":
		a.link = ui.Button{Text: i18n.T(ctx, "flow.open_record"), Href: c.Link, Main: tr.Main}
		return a
	case tr.Plain():
		a.post = ui.Post{Text: a.title, Action: action, Key: web.NewKey(), Hidden: hidden, Main: tr.Main}
		return a
	}
	input := func(name string, kind ui.Kind, most int) ui.Input {
		in := ui.Input{Kind: kind, Name: name, ID: fieldID(tr.Act, name), Label: i18n.T(ctx, "flow.field_"+name), MaxLength: most}
		if t.act == tr.Act {
			in.Value, in.Error = t.values.Text(name), t.at[name]
		}
		return in
	}
	a.form = ui.FormSpec{Action: action, Key: web.NewKey(), Hidden: hidden}
	if tr.Main {
		a.form.Submit = a.title
	} else {
		a.form.More = []ui.Button{{Text: a.title}}
	}
	if tr.NeedsDay {
		day := input("day", ui.KindDate, 0)
		if t.act != tr.Act {
			day.Value = string(clock.Today(ctx))
		}
		a.fields = append(a.fields, day)
	}
	if tr.NeedsDocument {
		a.fields = append(a.fields, input("document", ui.KindText, MaxDocument))
	}
	reason := input("reason", ui.KindArea, MaxReason)
	reason.Lines, reason.Hint = 3, i18n.T(ctx, "flow.field_reason_hint")
	if !tr.NeedsReason {
		reason.Label, reason.Optional = i18n.T(ctx, "flow.field_note"), true
	}
	a.fields = append(a.fields, reason)
	return a
}

// stepEvent is one line of the course: when, what, by whom, and what was said.
func stepEvent(ctx context.Context, def Definition, p Step) ui.Event {
	st, _ := def.State(p.To)
	parts := []string{StepName(ctx, p), i18n.T(ctx, "flow.step_from_to", "Act", actTitle(ctx, def, p.Act), "State", st.Title.In(ctx))}
	if p.Day != clock.Open {
		parts = append(parts, i18n.T(ctx, "flow.step_day", "Day", i18n.Day(ctx, p.Day)))
	}
	if p.Document != "" {
		parts = append(parts, i18n.T(ctx, "flow.step_document", "Document", p.Document))
	}
	if p.Reason != "" {
		key := "flow.step_note"
		if tr, ok := def.Find(p.From, p.Act); ok && tr.NeedsReason {
			key = "flow.step_reason"
		}
		parts = append(parts, i18n.T(ctx, key, "Reason", p.Reason))
	}
	return ui.Event{When: i18n.Day(ctx, dayOf(p.At)), Text: strings.Join(parts, i18n.T(ctx, "flow.step_join"))}
}

func (s *Service) actOnCase(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return web.NotFound(r)
	}
	seen, _ := strconv.ParseInt(f.Text("seen"), 10, 64)
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		_, err := s.Act(ctx, ref, Act{Key: f.Text("act"), Reason: f.Text("reason"), Day: clock.Day(f.Text("day")), Document: f.Text("document"), Seen: seen})
		switch to := backTo(f, ""); to {
		case "":
			return "/flow/" + ref.String() + "?done=1", err
		case "/inbox":
			return "/inbox?done=" + ref.String(), err
		default:
			return to, err
		}
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid && e.Kind != errs.Conflict {
		return err
	}
	at, faults, _ := web.Problems(r.Context(), err)
	page := web.Page{Status: e.Kind.Status()}
	if e.Kind == errs.Conflict { // where it stands now is the answer
		return s.renderCase(w, r, page, typed{}, nil, &ui.Note{Kind: "w", Title: i18n.Error(r.Context(), err)})
	}
	return s.renderCase(w, r, page, typed{act: f.Text("act"), values: f, at: at}, faults, nil)
}
