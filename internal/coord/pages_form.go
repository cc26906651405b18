package coord

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinhuo/internal/dispatch"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// formView is the form of a notice, new or as it stands.
type formView struct {
	Ref         id.Ref
	Version     int64
	Lead        org.Unit
	Value       Notice
	Issuers     string // as typed: one name or code a line
	Units       string
	RuleValue   string
	RuleN       string
	Figures     []ui.Option
	Replaceable []ui.Option
	At          map[string]string
	Faults      []ui.Fault
	Key         string
}

func (v formView) action() string {
	if v.Ref.ID == 0 {
		return "/notice/new?unit=" + v.Lead.ID.String()
	}
	return path(v.Ref) + "/" + ActEdit
}

func (v formView) back() string {
	if v.Ref.ID == 0 {
		return "/notice?unit=" + v.Lead.ID.String()
	}
	return path(v.Ref)
}

func (s *Service) newIn(r *http.Request) (formView, error) {
	u, err := s.unitIn(r)
	v := formView{Lead: u, Key: web.NewKey(), At: map[string]string{}, RuleN: "1"}
	v.Value.Unit, v.Value.Kind = u.ID, Kinds[0]
	if cite := r.URL.Query().Get("cite"); cite != "" { // from the document's page
		var unread errs.Fields
		v.Value.Cites = readCites([]string{cite}, &unread)
	}
	if below := u.Level.Below(); below != "" {
		v.Value.Targets.Levels = []org.Level{below}
	}
	return v, err
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.newIn(r)
	if err != nil {
		return err
	}
	return s.renderForm(w, r, v, 0)
}

func (s *Service) editIn(r *http.Request) (formView, error) {
	ctx := r.Context()
	v := formView{Key: web.NewKey(), At: map[string]string{}, RuleN: "1"}
	ref, err := web.RefIn(r)
	if err != nil {
		return v, err
	}
	n, ver, err := s.Notice(ctx, ref)
	if err != nil {
		return v, err
	}
	if err := s.mayLead(ctx, ref, n, "coord.act.save"); err != nil {
		return v, err
	}
	v.Ref, v.Value, v.Version = ref, n, ver.N
	for _, i := range n.Issuers {
		v.Issuers += s.unitName(ctx, i.Unit) + "\n"
	}
	if x := n.Targets.Rule; x != nil {
		v.RuleN, v.RuleValue = strconv.FormatInt(x.N, 10), s.ledger.ValueName(ctx, x.Figure, x.By, x.Value)
	} else {
		for _, u := range n.Targets.Units {
			v.Units += s.unitName(ctx, u) + "\n"
		}
	}
	v.Lead, err = s.org.Unit(ctx, n.Unit)
	return v, err
}

// figureOptions are the figures that a rule can ask, or that can answer a field.
func (s *Service) figureOptions(ctx context.Context, ofUnits bool) []ui.Option {
	out := []ui.Option{{Text: i18n.T(ctx, "coord.no_figure")}}
	for _, d := range s.ledger.Figures() {
		if !ofUnits || s.ledger.Testable(d.Code) {
			out = append(out, ui.Option{Value: d.Code, Text: d.Name.In(i18n.Lang(ctx))})
		}
	}
	return out
}

func (s *Service) renderForm(w http.ResponseWriter, r *http.Request, v formView, status int) error {
	ctx := r.Context()
	v.Figures = s.figureOptions(ctx, true)
	old, _, err := s.List(ctx, v.Lead, clock.Today(ctx), Filter{Issuer: v.Lead.ID, State: "open", Limit: 100})
	if err != nil {
		return err
	}
	v.Replaceable = []ui.Option{{Text: i18n.T(ctx, "coord.replaces_none")}}
	for _, l := range old {
		if l.Ref != v.Ref && l.Unit == v.Lead.ID {
			v.Replaceable = append(v.Replaceable, ui.Option{Value: l.Ref.String(), Text: l.Title})
		}
	}
	if was := v.Value.Supersedes; was != (id.Ref{}) && !slices.ContainsFunc(v.Replaceable, func(o ui.Option) bool { return o.Value == was.String() }) {
		if x, err := s.store.noticeAcrossUnits(ctx, was); err == nil {
			v.Replaceable = append(v.Replaceable, ui.Option{Value: was.String(), Text: x.Title})
		}
	}
	title := i18n.T(ctx, "coord.form.new")
	if v.Ref.ID != 0 {
		title = i18n.T(ctx, "coord.form.edit")
	}
	return web.Render(w, r, web.Page{Title: title, Plain: true, Error: len(v.Faults) > 0, Status: status}, formPage(v, title))
}

// typed reads the form; what cannot be read is a problem beside its input. What has pages of its own stays.
func (s *Service) typed(ctx context.Context, f *web.Form, was Notice) Notice {
	n := was
	n.Kind, n.Code, n.Title, n.Document, n.Text = f.Text("kind"), f.Text("code"), f.Text("title"), f.Text("document"), f.Text("text")
	n.Urgency = f.Text("urgency")
	if f.Has("cites") {
		n.Cites = readCites(f.Lines("cites"), &f.Problems)
	}
	n.Due, n.From, n.Until = f.Day("due"), f.Day("from"), f.Day("until")
	n.Supersedes, n.Points, n.Bodies, n.Copies = f.Ref("supersedes"), f.Lines("points"), f.Lines("bodies"), f.Lines("copies")
	n.Issuers = nil
	for _, name := range f.Lines("issuers") {
		if unit := s.unitNamed(ctx, f, "issuers", name); unit != 0 {
			n.Issuers = append(n.Issuers, dispatch.Issuer{Unit: unit})
		}
	}
	if was.IssuedOn != clock.Open {
		return n
	}
	n.Targets = Targets{}
	for _, name := range f.Lines("units") {
		if unit := s.unitNamed(ctx, f, "units", name); unit != 0 {
			n.Targets.Units = append(n.Targets.Units, unit)
		}
	}
	if len(n.Targets.Units) > 0 || len(f.Lines("units")) > 0 {
		return n
	}
	for _, l := range f.Values["levels"] {
		n.Targets.Levels = append(n.Targets.Levels, org.Level(l))
	}
	for _, k := range f.Values["kinds"] {
		n.Targets.Kinds = append(n.Targets.Kinds, org.Kind(k))
	}
	n.Targets.Rule = s.typedRule(ctx, f)
	return n
}

func (s *Service) typedRule(ctx context.Context, f *web.Form) *Rule {
	if f.Text("figure") == "" {
		if n := f.Text("n"); f.Text("value") != "" || f.Text("fixed") != "" || n != "" && n != "1" { // half a rule would send it to all
			f.Problems.Add("figure", "coord.figure_missing")
		}
		return nil
	}
	r := &Rule{Figure: f.Text("figure"), Less: f.Text("less") != "0", Fixed: f.Text("fixed") != ""}
	var err error
	if r.N, err = table.ParseCount(f.Text("n")); err != nil {
		f.Problems.Add("n", "coord.n_unfit")
	}
	if text := f.Text("value"); text != "" {
		var ok bool
		if r.By, r.Value, ok = s.ledger.ValueNamed(ctx, r.Figure, text); !ok {
			f.Problems.Add("value", "coord.value_unfit")
		}
	}
	return r
}

// unitNamed finds a unit by its code or whole name.
func (s *Service) unitNamed(ctx context.Context, f *web.Form, input, name string) id.ID {
	list, err := s.org.Called(ctx, name)
	switch {
	case err != nil || len(list) == 0:
		f.Problems.Add(input, "coord.unit_unknown", "Name", name)
	case len(list) > 1:
		f.Problems.Add(input, "coord.unit_several", "Name", name)
	default:
		return list[0].ID
	}
	return 0
}

func (s *Service) create(w http.ResponseWriter, r *http.Request) error {
	v, err := s.newIn(r)
	if err != nil {
		return err
	}
	return s.writeForm(w, r, v, func(ctx context.Context, n Notice, _ int64) (id.Ref, error) {
		return s.Create(ctx, n, record.Change{})
	})
}

func (s *Service) writeForm(w http.ResponseWriter, r *http.Request, v formView, write func(context.Context, Notice, int64) (id.Ref, error)) error {
	ctx := r.Context()
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	n := s.typed(ctx, f, v.Value)
	if err = f.Problems.Err(); err == nil {
		var to string
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			ref, err := write(ctx, n, f.Version())
			act := ActEdit
			if v.Ref.ID == 0 {
				act = "new"
			}
			return path(ref) + "/done?act=" + act, err
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	v.Issuers, v.Units, v.RuleValue, v.RuleN, v.Value = f.Get("issuers"), f.Get("units"), f.Text("value"), f.Text("n"), n
	status, rest := http.StatusUnprocessableEntity, error(nil)
	if errs.KindOf(err) == errs.Conflict {
		v.Faults, status = web.Faults(ctx, err), http.StatusConflict
	} else if v.At, v.Faults, rest = web.Problems(ctx, err); rest != nil {
		return rest
	}
	return s.renderForm(w, r, v, status)
}

// actView is the page of one act on a notice or a reply.
type actView struct {
	Act            string
	Over, Title    string
	Lead           string
	Note           *ui.Note
	Action, BackTo string
	Version        int64
	Fields         []ui.Input
	Files          bool
	Faults         []ui.Fault
	Key            string
	Current        string
}

// watched are the figures that these acts move in the reader's own book.
var watched = []string{"notice.issued", "notice.in_force", "notice.received", "notice.passed_on", "notice.done", "notice.done_late"}

// ownBook asks for the numbers of the reader's own unit: what they see move.
func ownBook(ctx context.Context) ledger.Query {
	return ledger.Query{Unit: scope.From(ctx).Unit, Day: clock.Today(ctx)}
}

// formActs are the acts on a notice with a page of their own.
var formActs = []string{ActIssue, ActRemove, ActObligation, ActField, ActFile}

func (s *Service) actForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	act := r.PathValue("act")
	switch act {
	case "done":
		return s.donePage(w, r)
	case "export":
		return s.exportRecipients(w, r)
	case "paper":
		return s.paperPage(w, r)
	case ActEdit:
		v, err := s.editIn(r)
		if err != nil {
			return err
		}
		return s.renderForm(w, r, v, 0)
	}
	if !slices.Contains(formActs, act) {
		return web.NotFound(r)
	}
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	n, ver, err := s.Notice(ctx, ref)
	if err != nil {
		return err
	}
	if err := s.mayLead(ctx, ref, n, "coord.act."+act); err != nil {
		return err
	}
	v, err := s.actOf(ctx, ref, n, ver.N, act)
	if err != nil {
		return err
	}
	return s.renderAct(w, r, v, nil, 0)
}

func (s *Service) actOf(ctx context.Context, ref id.Ref, n Notice, version int64, act string) (actView, error) {
	t := func(key string) string { return i18n.T(ctx, key) }
	v := actView{Act: act, Over: n.Title, Title: t("coord.form." + act), Action: path(ref) + "/" + act, BackTo: path(ref), Version: version, Key: web.NewKey()}
	switch act {
	case ActRemove:
		v.Fields = []ui.Input{{Kind: ui.KindArea, Name: "reason", Label: t("coord.remove_reason"), Hint: t("coord.remove_hint")}}
	case ActObligation:
		v.Fields = []ui.Input{{Kind: ui.KindArea, Name: "text", Label: t("coord.obligation"), Hint: t("coord.obligation_hint"), Lines: 3},
			{Kind: ui.KindDate, Name: "due", Label: t("coord.obligation_due_of"), Optional: true}}
		if levels := n.Targets.Levels; len(levels) > 1 {
			in := ui.Input{Kind: ui.KindChecks, Name: "levels", Label: t("coord.binds"), Hint: t("coord.binds_hint"), Optional: true}
			for _, l := range levels {
				in.Options = append(in.Options, ui.Option{Value: string(l), Text: levelName(ctx, l)})
			}
			v.Fields = append(v.Fields, in)
		}
	case ActField:
		v.Lead = t("coord.field_lead")
		v.Fields = []ui.Input{{Name: "label", Label: t("coord.label"), Hint: t("coord.label_hint")},
			{Kind: ui.KindCheck, Name: "number", Label: t("coord.number"), Optional: true},
			{Kind: ui.KindSelect, Name: "figure", Label: t("coord.bind"), Hint: t("coord.bind_hint"), Options: s.figureOptions(ctx, false), Optional: true},
			{Kind: ui.KindDate, Name: "since", Label: t("coord.since"), Hint: t("coord.since_hint"), Optional: true},
			{Kind: ui.KindArea, Name: "apart", Label: t("coord.apart"), Hint: t("coord.apart_hint"), Lines: 2, Optional: true}}
	case ActFile:
		v.Files = true
		v.Fields = []ui.Input{{Kind: ui.KindFile, Name: "file", Label: t("coord.file"), Hint: t("coord.file_hint")}}
	case ActIssue:
		to, err := s.Addressed(ctx, id.Ref{}, n)
		key := "coord.issue_lead"
		if n.Due == clock.Open {
			key = "coord.issue_lead_open"
		}
		v.Lead = i18n.T(ctx, key, "N", to, "Due", i18n.Day(ctx, n.Due), "To", s.targetsText(ctx, n.Targets))
		if to == 0 {
			v.Note = &ui.Note{Kind: "w", Text: t("coord.nobody_below")}
		}
		return v, err
	}
	return v, nil
}

func (s *Service) renderAct(w http.ResponseWriter, r *http.Request, v actView, f *web.Form, status int) error {
	if f != nil {
		for i := range v.Fields {
			in := &v.Fields[i]
			in.Value = f.Text(in.Name)
			if in.Kind == ui.KindChecks {
				in.Values = f.Values[in.Name]
			}
		}
	}
	return web.Render(w, r, web.Page{Title: v.Title, Plain: true, Error: len(v.Faults) > 0, Status: status}, actPage(v))
}

// again puts a refusal into a page of an act, so that what was typed stays.
func (s *Service) again(w http.ResponseWriter, r *http.Request, v actView, f *web.Form, err error) error {
	ctx := r.Context()
	if errs.KindOf(err) == errs.Conflict {
		v.Faults = web.Faults(ctx, err)
		return s.renderAct(w, r, v, f, http.StatusConflict)
	}
	at, faults, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	v.Faults = faults
	for i := range v.Fields {
		v.Fields[i].Error = at[v.Fields[i].Name]
	}
	return s.renderAct(w, r, v, f, http.StatusUnprocessableEntity)
}

// readForm reads a form that may carry files, within its own bound, and keeps them.
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

func (s *Service) act(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	act := r.PathValue("act")
	if act == ActEdit {
		v, err := s.editIn(r)
		if err != nil {
			return err
		}
		return s.writeForm(w, r, v, func(ctx context.Context, n Notice, version int64) (id.Ref, error) {
			return v.Ref, s.Save(ctx, v.Ref, version, n, record.Change{})
		})
	}
	if !slices.Contains(append([]string{ActJoin, ActRemind, ActUndo, ActDrop}, formActs...), act) {
		return web.NotFound(r)
	}
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	n, _, err := s.Notice(ctx, ref)
	if (act == ActUndo || act == ActRemove) && errs.Is(err, errs.NotFound) { // brought back, or taken out twice
		n, _, err = s.Removed(ctx, ref)
	}
	if err != nil {
		return err
	}
	if slices.Contains(formActs, act) {
		if err := s.mayLead(ctx, ref, n, "coord.act."+act); err != nil { // before anything of what was sent is kept
			return err
		}
	}
	f, files, err := s.readForm(w, r)
	if err != nil {
		return err
	}
	do := s.doing(ref, act, f, files)
	if err = f.Problems.Err(); err == nil {
		var to string
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			moved, err := s.rec.Watched(ctx, ownBook(ctx), watched, do)
			switch act {
			case ActRemind:
				return path(ref) + "?done=" + act, err
			case ActDrop, ActObligation, ActField, ActFile:
				return path(ref), err
			}
			return path(ref) + "/done?" + url.Values{"act": {act}, "moved": {moved}}.Encode(), err
		})
		if err == nil {
			if _, _, gone := s.Notice(ctx, ref); gone != nil && act == ActUndo { // taking back the first version leaves nothing to show
				to = "/notice?unit=" + n.Unit.String()
			}
			return web.SeeOther(w, r, to)
		}
	}
	if !slices.Contains(formActs, act) {
		return err
	}
	v, bad := s.actOf(ctx, ref, n, f.Version(), act)
	if bad != nil {
		return bad
	}
	if act == ActField {
		s.offer(ctx, &v, typedField(f))
	}
	return s.again(w, r, v, f, err)
}

// doing is an act with what was typed for it.
func (s *Service) doing(ref id.Ref, act string, f *web.Form, files []Attachment) func(context.Context) error {
	version := f.Version()
	switch act {
	case ActObligation:
		o := Obligation{Text: f.Text("text"), Due: f.Day("due")}
		for _, l := range f.Values["levels"] {
			o.Levels = append(o.Levels, org.Level(l))
		}
		return func(ctx context.Context) error { return s.Oblige(ctx, ref, version, o) }
	case ActField:
		x := typedField(f)
		return func(ctx context.Context) error { return s.Question(ctx, ref, version, x) }
	case ActFile:
		return func(ctx context.Context) error { return s.Attach(ctx, ref, version, files) }
	case ActDrop:
		no, _ := strconv.Atoi(f.Text("no"))
		return func(ctx context.Context) error { return s.Drop(ctx, ref, version, no, f.Text("hash")) }
	}
	return func(ctx context.Context) error {
		return s.Do(ctx, ref, act, Step{Version: version, Reason: f.Text("reason")})
	}
}

func typedField(f *web.Form) Field {
	return Field{Label: f.Text("label"), Number: f.Text("number") != "", Figure: f.Text("figure"), Since: f.Day("since"), Apart: f.Text("apart")}
}

// offer puts the figures that answer a question already before the others, with a word of why it was refused.
func (s *Service) offer(ctx context.Context, v *actView, x Field) {
	list := s.Offered(x)
	if len(list) == 0 || x.Figure != "" {
		return
	}
	v.Note = &ui.Note{Kind: "w", Title: i18n.T(ctx, "coord.offer_title"), Text: i18n.T(ctx, "coord.offer_text",
		"Names", comma(ctx, list, func(d ledger.Definition) string { return d.Name.In(i18n.Lang(ctx)) }))}
	for i := range v.Fields {
		if in := &v.Fields[i]; in.Name == "figure" {
			first := []ui.Option{in.Options[0]}
			for _, d := range list {
				first = append(first, ui.Option{Value: d.Code, Text: d.Name.In(i18n.Lang(ctx))})
			}
			in.Options = append(first, slices.DeleteFunc(in.Options[1:], func(o ui.Option) bool {
				return slices.ContainsFunc(list, func(d ledger.Definition) bool { return d.Code == o.Value })
			})...)
		}
	}
}

// donePage says what was done, which figures moved, and how to take it back.
func (s *Service) donePage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	act := q.Get("act")
	if !slices.Contains([]string{"new", ActEdit, ActIssue, ActJoin, ActRemove, ActUndo}, act) {
		return web.NotFound(r)
	}
	n, v, err := s.Notice(ctx, ref)
	if act == ActRemove && errs.Is(err, errs.NotFound) {
		n, v, err = s.Removed(ctx, ref)
	}
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "coord.done."+act)
	res := ui.Result{Title: title, CodeLabel: i18n.T(ctx, "coord.code"), Code: n.Code, Acts: []ui.Button{{Text: i18n.T(ctx, "coord.to_list"), Href: "/notice", Main: act == ActRemove}}}
	if act != ActRemove {
		res.Next = []ui.Link{{Text: n.Title}}
		if n.IssuedOn == clock.Open {
			res.Next = append(res.Next, ui.Link{Text: i18n.T(ctx, "coord.draft_next")})
			to, err := s.Addressed(ctx, ref, n)
			if err != nil {
				return err
			}
			if to == 0 {
				res.Next = append(res.Next, ui.Link{Text: i18n.T(ctx, "coord.nobody_below")})
			}
		}
		res.Acts = append([]ui.Button{{Text: i18n.T(ctx, "coord.see"), Href: path(ref), Main: true}}, res.Acts...)
	}
	if res.Moved, err = s.rec.Moved(ctx, ownBook(ctx), watched, q.Get("moved")); err != nil {
		return err
	}
	if act != ActUndo {
		lead, err := s.rec.Home(ctx, n.Unit)
		if err != nil {
			return err
		}
		res.Undo, res.UndoUntil = s.notices.UndoPost(scope.Widened(ctx, lead.Pos, false), v, path(ref)+"/undo")
	}
	return web.Render(w, r, web.Page{Title: title, Current: "notice"}, donePanel(res))
}
