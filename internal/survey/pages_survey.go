package survey

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
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// surveyInputs ask what a survey says of itself; once it is issued, only what can still be changed.
func surveyInputs(ctx context.Context, u org.Unit, v Survey) []ui.Input {
	tr := func(key string) string { return i18n.T(ctx, key) }
	out := []ui.Input{{Name: "title", Label: tr("survey.f.title"), Value: v.Title, MaxLength: maxName},
		{Name: "document", Label: tr("survey.f.document"), Hint: tr("survey.document_hint"), Value: v.Document, Optional: true, MaxLength: maxName}}
	if v.IssuedOn == clock.Open {
		about := ui.Input{Kind: ui.KindRadio, Name: "about", Label: tr("survey.f.about"), Value: v.About}
		for _, a := range Abouts {
			about.Options = append(about.Options, ui.Option{Value: a, Text: tr("survey.about." + a), Sub: tr("survey.about_sub." + a)})
		}
		levels := ui.Input{Kind: ui.KindChecks, Name: "levels", Label: tr("survey.f.levels"), Hint: tr("survey.levels_hint"), Optional: true}
		for _, l := range org.Levels {
			if u.Level.MayHold(l) {
				levels.Options = append(levels.Options, ui.Option{Value: string(l), Text: levelName(ctx, l)})
			}
		}
		for _, l := range v.Levels {
			levels.Values = append(levels.Values, string(l))
		}
		out = append(out, about, levels)
	}
	return append(out, ui.Input{Kind: ui.KindDate, Name: "due", Label: tr("survey.f.due"), Value: string(v.Due)},
		ui.Input{Kind: ui.KindArea, Name: "text", Label: tr("survey.f.text"), Value: v.Text, Optional: true, Lines: 4})
}

func surveyTyped(f *web.Form) Survey {
	v := Survey{Title: f.Text("title"), Document: f.Text("document"), About: f.Text("about"), Due: f.Day("due"), Text: f.Text("text")}
	for _, l := range f.Values["levels"] {
		v.Levels = append(v.Levels, org.Level(l))
	}
	return v
}

func (s *Service) toBegin(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return record.Form{}, err
	}
	if err := s.surveys.MayCreate(ctx, Survey{Unit: u.ID}, acted("create")); err != nil {
		return record.Form{}, err
	}
	v := Survey{Unit: u.ID, About: "base", Due: clock.Today(ctx).AddDays(30)}
	return record.Form{Current: Kind, Unit: u, Title: i18n.T(ctx, "survey.begin"), Lead: i18n.T(ctx, "survey.begin_lead"), Over: u.Name, Back: at("/survey", u), Action: at("/survey/new", u), Submit: i18n.T(ctx, "survey.save"), Inputs: surveyInputs(ctx, u, v)}, nil
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.toBegin(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) createPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.toBegin(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		sv := surveyTyped(f)
		sv.Unit = v.Unit.ID
		ref, err := s.Create(ctx, sv)
		return path(ref), err
	})
}

// aboutSurvey is the form of an act on a survey, for somebody who works at its issuer; whoever stands between it and those
// asked may call upon them, too.
func (s *Service) aboutSurvey(r *http.Request) (record.Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	ref, err := web.RefIn(r)
	if err != nil {
		return record.Form{}, err
	}
	sv, ver, err := s.Get(ctx, ref)
	if act == record.ActUndo && errs.Is(err, errs.NotFound) {
		sv, ver, err = s.surveys.Removed(ctx, ref)
	}
	if err != nil {
		return record.Form{}, err
	}
	if act != record.ActUndo && !slices.Contains(surveyActs, act) {
		return record.Form{}, web.NotFound(r)
	}
	if act != "remind" && act != record.ActUndo {
		if err := s.mayIssue(ctx, ref, sv, act); err != nil {
			return record.Form{}, err
		}
	}
	u, err := s.rec.Home(ctx, sv.Unit)
	if err != nil {
		return record.Form{}, err
	}
	v := record.Form{Current: Kind, Ref: ref, Unit: u, Back: path(ref), Action: path(ref) + "/" + act, Version: ver.N, Submit: i18n.T(ctx, "survey.save"), Over: sv.Title}
	if act == record.ActUndo {
		return v, nil
	}
	v.Title = i18n.T(ctx, "survey.do."+act)
	switch act {
	case "edit":
		v.Inputs = surveyInputs(ctx, u, sv)
	case "ask":
		v.Inputs = questionInputs(ctx, s.fieldsOf(ctx, sv.Unit), sv)
	case "fields":
		v.Lead = i18n.T(ctx, "survey.fields_lead")
		in := ui.Input{Kind: ui.KindChecks, Name: "fields", Label: i18n.T(ctx, "survey.f.fields")}
		for _, f := range s.fieldsOf(ctx, sv.Unit) {
			if !slices.ContainsFunc(sv.Questions, func(q Question) bool { return q.Field == f.Key }) {
				in.Options = append(in.Options, ui.Option{Value: f.Key, Text: f.Label})
			}
		}
		v.Inputs = []ui.Input{in}
	case "unask":
		in := ui.Input{Kind: ui.KindSelect, Name: "no", Label: i18n.T(ctx, "survey.f.question")}
		for _, q := range sv.Questions {
			in.Options = append(in.Options, ui.Option{Value: strconv.Itoa(q.No), Text: q.Label})
		}
		v.Inputs = []ui.Input{in}
	case "issue":
		n, err := s.Addressed(ctx, sv)
		if err != nil {
			return v, err
		}
		v.Lead, v.Submit = i18n.T(ctx, "survey.issue_lead", "N", n, "Day", i18n.Day(ctx, sv.Due)), i18n.T(ctx, "survey.do.issue")
	case "remind":
		v.Lead, v.Submit, v.Version = i18n.T(ctx, "survey.remind_lead"), i18n.T(ctx, "survey.do.remind"), 0
	case "remove":
		v.Inputs = []ui.Input{{Kind: ui.KindArea, Name: "reason", Label: i18n.T(ctx, "survey.f.reason"), Lines: 2}}
	}
	return v, nil
}

func questionInputs(ctx context.Context, fields []Field, v Survey) []ui.Input {
	tr := func(key string) string { return i18n.T(ctx, key) }
	kind := ui.Input{Kind: ui.KindRadio, Name: "kind", Label: tr("survey.f.kind"), Value: "choice"}
	for _, k := range QuestionKinds {
		kind.Options = append(kind.Options, ui.Option{Value: k, Text: tr("survey.kind." + k)})
	}
	out := []ui.Input{{Name: "label", Label: tr("survey.f.question"), MaxLength: maxName}, kind,
		{Kind: ui.KindArea, Name: "options", Label: tr("survey.f.options"), Hint: tr("survey.options_hint"), Optional: true, Lines: 5}}
	if v.About == "base" {
		in := ui.Input{Kind: ui.KindSelect, Name: "field", Label: tr("survey.f.field"), Hint: tr("survey.field_hint"), Optional: true, Options: []ui.Option{{Text: tr("survey.field_none")}}}
		for _, f := range fields {
			in.Options = append(in.Options, ui.Option{Value: f.Key, Text: f.Label})
		}
		out = append(out, in)
	}
	return append(out, ui.Input{Kind: ui.KindCheck, Name: "required", Label: tr("survey.f.required")})
}

func (s *Service) doSurvey(ctx context.Context, v record.Form, act string, f *web.Form) (string, error) {
	n, to := f.Version(), path(v.Ref)
	switch act {
	case "edit":
		return to, s.Save(ctx, v.Ref, n, surveyTyped(f))
	case "ask":
		return to, s.Ask(ctx, v.Ref, n, Question{Label: f.Text("label"), Kind: f.Text("kind"), Options: f.Lines("options"), Required: f.Text("required") != "", Field: f.Text("field")})
	case "fields":
		return to, s.AskFields(ctx, v.Ref, n, f.Values["fields"])
	case "unask":
		no, _ := strconv.Atoi(f.Text("no")) // anything else is no question's number
		return to, s.Unask(ctx, v.Ref, n, no)
	case "issue":
		return to, s.Issue(ctx, v.Ref, n)
	case "remind":
		return to, s.Remind(ctx, v.Ref)
	case "remove":
		return at("/survey", v.Unit), s.Remove(ctx, v.Ref, n, f.Text("reason"))
	}
	err := s.Undo(ctx, v.Ref, n)
	if _, _, gone := s.Get(ctx, v.Ref); err == nil && errs.Is(gone, errs.NotFound) {
		to = at("/survey", v.Unit)
	}
	return to, err
}

// taskIn is the survey and the unit that the address names.
func (s *Service) taskIn(r *http.Request) (Task, error) {
	ref, err := web.RefIn(r)
	if err != nil {
		return Task{}, err
	}
	u, err := s.org.Resolve(r.Context(), r.PathValue("unit"))
	if err != nil {
		return Task{}, web.NotFound(r)
	}
	return s.Task(r.Context(), ref, u.ID)
}

// answerActs are what can be done with an answer, beside taking a change back; the last two are the issuer's.
var answerActs = []string{"fill", "confirm", "send", "accept", "return"}

// offers tells whether an act fits an answer as it stands, for this reader.
func (t Task) offers(act string) bool {
	switch act {
	case "fill":
		return t.Works && t.Answer.editable()
	case "confirm":
		return t.Works && t.Answer.editable() && t.Survey.About == "base"
	case "send":
		return t.Works && t.Answer.editable()
	}
	return t.Issues && t.Answer.State == Sent
}

func (s *Service) answerPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	a := t.Answer
	c := stateCell(ctx, a, t.Survey.Due)
	v := record.Shown{Heading: ui.Heading{Over: t.Unit.Name, Title: t.Survey.Title, Under: i18n.T(ctx, "survey.by_until", "Unit", t.Issuer.Name, "Day", i18n.Day(ctx, t.Survey.Due)), Tags: []ui.Mark{{Text: c.Text, Kind: strings.Trim(c.Tag, "-")}}}}
	main := "send"
	if t.Issues {
		main = "accept"
	}
	for _, act := range answerActs[1:] {
		if t.offers(act) {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "survey.do."+act), Href: answerPath(t.Ref, t.Unit.ID) + "/" + act, Main: act == main})
		}
	}
	if t.Issues && a.State != Sent { // decided: on to the next
		next, _, err := s.Recipients(ctx, t.Ref, t.Survey, t.Issuer, Sent, "", 1)
		if err != nil {
			return err
		}
		for _, l := range next {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "survey.review_next", "Unit", l.Name), Href: answerPath(t.Ref, l.Unit), Main: !t.Works})
		}
	}
	if a.State == Returned {
		v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: i18n.T(ctx, "survey.state.returned"), Text: a.Why})
	}
	v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, "survey.survey"), Text: t.Survey.Title, Href: path(t.Ref)})
	for _, f := range s.answerFacts(ctx, a) {
		if f.Text != "" && f.Key != "survey.f.answer" && f.Key != "survey.f.why" {
			v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
		}
	}
	subjects, err := s.Subjects(ctx, t)
	if err != nil {
		return err
	}
	v.Sections = entrySections(ctx, t, subjects)
	if t.Version > 0 {
		v.Known = "/survey/known/" + t.Answers.String()
		over, _, err := s.over(ctx, t)
		if err != nil {
			return err
		}
		if v.Timeline, err = s.answers.Timeline(over, t.Answers, answerPath(t.Ref, t.Unit.ID)+"/"+record.ActUndo); err != nil {
			return err
		}
	}
	return web.Render(w, r, crumbs(ctx, t.Unit, t.Survey.Title), record.ShownBody(v))
}

// entrySections are the answers one base below the other, what the register holds beside what was answered; first how far
// the unit has come when it has yet to send them.
func entrySections(ctx context.Context, t Task, subjects []Entry) (out []record.Section) {
	if t.Survey.About == "base" && len(subjects) == 0 {
		return []record.Section{{ID: "bases", Title: i18n.T(ctx, "survey.bases"), Empty: i18n.T(ctx, "survey.bases_none"), Acts: []ui.Button{{Text: i18n.T(ctx, "survey.bases_add"), Href: "/base/new?unit=" + t.Unit.ID.String()}}}}
	}
	if !t.Answer.editable() {
		subjects = t.Answer.Entries
	}
	for _, x := range subjects {
		e, i := x, t.Answer.entry(x.key())
		lead := i18n.T(ctx, "survey.entry_open")
		if i >= 0 {
			e = t.Answer.Entries[i]
			was, _ := e.corrections(t.Survey)
			if lead = ""; len(was) > 0 {
				lead = i18n.T(ctx, "survey.entry_done", "N", len(was))
			} else if t.Survey.About == "base" {
				lead = i18n.T(ctx, "survey.entry_same")
			}
		}
		sec := record.Section{ID: "e" + e.key(), Title: x.Name, Lead: lead}
		sec.Table = ui.Table{Caption: x.Name, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.question")}, column(ctx, "survey.f.value")}}
		bound := len(t.Survey.bound()) > 0
		if bound {
			sec.Table.Columns = []ui.Column{sec.Table.Columns[0], column(ctx, "survey.f.register"), sec.Table.Columns[1]}
		}
		for _, q := range t.Survey.Questions {
			row := ui.Row{Cells: []ui.Cell{ui.Text(q.Label)}}
			if bound {
				row.Cells = append(row.Cells, ui.Text(words(ctx, q, e.Was[q.No], t.Fields)))
			}
			value := ui.Text(words(ctx, q, e.Values[q.No], t.Fields))
			if i >= 0 && q.Field != "" && !slices.Equal(e.Was[q.No], e.Values[q.No]) {
				value.Sub = i18n.T(ctx, "survey.corrected")
			}
			row.Cells = append(row.Cells, value)
			sec.Table.Rows = append(sec.Table.Rows, row)
		}
		if t.offers("fill") {
			sec.Acts = append(sec.Acts, ui.Button{Text: i18n.T(ctx, "survey.do.fill"), Sub: x.Name, Href: answerPath(t.Ref, t.Unit.ID) + "/fill?base=" + x.key(), Main: i < 0})
		}
		if e.Base != (id.Ref{}) {
			sec.Acts = append(sec.Acts, ui.Button{Text: i18n.T(ctx, "survey.base_open"), Sub: x.Name, Href: "/base/" + e.Base.String()})
		}
		out = append(out, sec)
	}
	return out
}

// aboutAnswer is the form of an act on a unit's answer.
func (s *Service) aboutAnswer(r *http.Request) (record.Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	t, err := s.taskIn(r)
	if err != nil {
		return record.Form{}, err
	}
	if act != record.ActUndo && !slices.Contains(answerActs, act) {
		return record.Form{}, web.NotFound(r)
	}
	switch act {
	case "fill", "confirm", "send":
		err = s.mayAnswer(ctx, t, act)
	case "accept", "return":
		err = s.mayReview(ctx, t, act)
	}
	if err != nil {
		return record.Form{}, err
	}
	here := answerPath(t.Ref, t.Unit.ID)
	v := record.Form{Current: Kind, Ref: t.Ref, Unit: t.Unit, Back: here, Action: here + "/" + act, Version: t.Version, Over: t.Survey.Title}
	if act == record.ActUndo {
		return v, nil
	}
	v.Title, v.Submit = i18n.T(ctx, "survey.do."+act), i18n.T(ctx, "survey.do."+act)
	switch act {
	case "fill":
		return s.fillForm(r, t, v)
	case "return":
		v.Inputs = []ui.Input{{Kind: ui.KindArea, Name: "why", Label: i18n.T(ctx, "survey.f.why"), Hint: i18n.T(ctx, "survey.why_hint"), Lines: 3}}
	case "accept":
		n := 0
		for _, e := range t.Answer.Entries {
			if was, _ := e.corrections(t.Survey); len(was) > 0 {
				n++
			}
		}
		if v.Lead = i18n.T(ctx, "survey.accept_as_is"); n > 0 {
			v.Lead = i18n.T(ctx, "survey.accept_lead", "N", n, "Unit", t.Unit.Name)
		}
	default:
		v.Lead = i18n.T(ctx, "survey.lead."+act, "Unit", t.Issuer.Name)
	}
	return v, nil
}

// fillForm asks everything about one base; what the register holds stands there already.
func (s *Service) fillForm(r *http.Request, t Task, v record.Form) (record.Form, error) {
	ctx := r.Context()
	subjects, err := s.Subjects(ctx, t)
	if err != nil {
		return v, err
	}
	key := r.URL.Query().Get("base")
	if key == "" && len(subjects) > 0 {
		key = subjects[0].key()
	}
	i := slices.IndexFunc(subjects, func(e Entry) bool { return e.key() == key })
	if i < 0 {
		return v, web.NotFound(r)
	}
	e := subjects[i]
	values := e.Was
	if k := t.Answer.entry(key); k >= 0 {
		values = t.Answer.Entries[k].Values
	}
	v.Title, v.Action, v.Submit = e.Name, v.Action+"?base="+key, i18n.T(ctx, "survey.save_next")
	if i == len(subjects)-1 {
		v.Submit = i18n.T(ctx, "survey.save")
	}
	if len(subjects) > 1 {
		v.Over = i18n.T(ctx, "survey.nth", "Title", t.Survey.Title, "N", i+1, "All", len(subjects))
	}
	if t.Survey.About == "base" {
		v.Lead = i18n.T(ctx, "survey.fill_lead")
	}
	for _, q := range t.Survey.Questions {
		v.Inputs = append(v.Inputs, q.input(ctx, t.Fields, values[q.No], e.Was[q.No]))
	}
	return v, nil
}

// input asks one question.
func (q Question) input(ctx context.Context, fields []Field, value, held Value) ui.Input {
	in := ui.Input{Name: inputName(q.No), Label: q.Label, Optional: !q.Required, Value: strings.Join(value, ""), Values: value}
	if q.Field != "" {
		in.Hint = i18n.T(ctx, "survey.held", "Value", words(ctx, q, held, fields))
		if len(held) == 0 {
			in.Hint = i18n.T(ctx, "survey.held_nothing")
		}
	}
	for _, o := range q.choosable(fields) {
		in.Options = append(in.Options, ui.Option{Value: o.Key, Text: o.Text})
	}
	switch q.Kind {
	case "choice":
		if in.Kind = ui.KindRadio; len(in.Options) > 6 {
			in.Kind = ui.KindSelect
			in.Options = append([]ui.Option{{Text: i18n.T(ctx, "survey.choose")}}, in.Options...)
		}
	case "several":
		in.Kind, in.Value = ui.KindChecks, ""
	case "number":
		in.Short = true
	case "day":
		in.Kind = ui.KindDate
	default:
		in.Kind, in.Lines, in.MaxLength = ui.KindArea, 2, maxAnswer
	}
	return in
}

func (s *Service) answerPost(w http.ResponseWriter, r *http.Request) error {
	base := r.URL.Query().Get("base")
	return s.rec.ActPost(s.aboutAnswer, func(ctx context.Context, v record.Form, act string, f *web.Form) (string, error) {
		to := answerPath(v.Ref, v.Unit.ID)
		if act == "fill" {
			return s.fillPost(ctx, v, base, f)
		}
		return to, s.answerDo(ctx, v.Ref, v.Unit.ID, act, f.Version(), f.Text("why"))
	})(w, r)
}

// answerDo runs an act that needs no more than a reason.
func (s *Service) answerDo(ctx context.Context, ref id.Ref, unit id.ID, act string, version int64, why string) error {
	switch act {
	case "confirm":
		return s.Confirm(ctx, ref, unit, version)
	case "send":
		return s.Send(ctx, ref, unit, version)
	case "accept":
		return s.Accept(ctx, ref, unit, version)
	case "return":
		return s.SendBack(ctx, ref, unit, version, why)
	}
	return s.UndoAnswer(ctx, ref, unit, version)
}

// fillPost keeps the answers about one base and leads to the next that has none yet.
func (s *Service) fillPost(ctx context.Context, v record.Form, key string, f *web.Form) (string, error) {
	t, err := s.Task(ctx, v.Ref, v.Unit.ID)
	if err != nil {
		return "", err
	}
	subjects, err := s.Subjects(ctx, t)
	if err != nil {
		return "", err
	}
	if key == "" && len(subjects) > 0 {
		key = subjects[0].key()
	}
	typed := map[int][]string{}
	for _, q := range t.Survey.Questions {
		typed[q.No] = f.Values[inputName(q.No)]
	}
	to := answerPath(v.Ref, v.Unit.ID)
	if err := s.Fill(ctx, v.Ref, v.Unit.ID, f.Version(), key, typed, record.Change{}); err != nil {
		return to, err
	}
	for _, x := range subjects {
		if x.key() != key && t.Answer.entry(x.key()) < 0 {
			return to + "/fill?base=" + x.key(), nil
		}
	}
	return to, nil
}
