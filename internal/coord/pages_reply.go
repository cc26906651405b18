package coord

import (
	"context"
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
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
)

// replyView is a notice as one unit answers it.
type replyView struct {
	Task
	Lead    string
	Cites   []ui.Fact
	State   State
	Day     clock.Day
	May     map[string]bool
	Bound   []FieldValue
	Figures map[string]ledger.Definition
	History []ui.Change
	Key     string
}

func (v replyView) path() string { return replyPath(v.Ref, v.Unit.ID) }

func overPath(ref id.Ref, unit id.ID) string { return path(ref) + "/over/" + unit.String() }

func (s *Service) taskIn(r *http.Request) (Task, error) {
	ref, err := web.RefIn(r)
	if err != nil {
		return Task{}, err
	}
	u, err := s.org.Resolve(r.Context(), r.PathValue("unit"))
	if err != nil {
		return Task{}, web.NotFound(r)
	}
	t, err := s.Task(r.Context(), ref, u.ID)
	if errs.Is(err, errs.NotFound) {
		return t, web.NotFound(r)
	}
	return t, err
}

func (s *Service) reply(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	v := replyView{Task: t, Lead: s.unitName(ctx, t.Notice.Unit), Day: clock.Today(ctx), Key: web.NewKey(), Figures: map[string]ledger.Definition{}}
	v.State = t.Reply.StateOn(v.Day)
	if v.May, err = s.MayAct(ctx, t); err != nil {
		return err
	}
	if v.Cites, err = s.citeFacts(ctx, t.Notice); err != nil {
		return err
	}
	if v.Bound, err = s.Bound(ctx, t.Notice, t.Unit.ID); err != nil {
		return err
	}
	for _, x := range v.Bound {
		if d, err := s.ledger.Figure(x.Field.Figure); err == nil {
			v.Figures[x.Field.Figure] = d
		}
	}
	if t.Version > 0 {
		if v.History, err = s.replies.Timeline(ctx, t.Replies, v.path()+"/undo"); err != nil {
			return err
		}
		if len(v.History) > 0 && !v.May[ActUndo] {
			v.History[0].Undo = nil
		}
	}
	title := v.Unit.Name + " · " + v.Notice.Title
	p := web.Page{Title: title, Current: "notice", Crumbs: []ui.Link{{Text: i18n.T(ctx, "coord.heading"), Href: "/notice"}, {Text: v.Notice.Title, Href: path(v.Ref)}, {Text: v.Unit.Name}}}
	return web.Render(w, r, p, replyPage(v))
}

// replyActs are the acts of a unit with a page of their own, overActs those of the units above.
var (
	replyActs = []string{ActPass, ActCarry, ActAsk, ActRemove}
	overActs  = []string{ActAnswer, ActInspect}
)

func (s *Service) replyForm(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("act") == "done" {
		t, err := s.taskIn(r)
		if err != nil {
			return err
		}
		return s.replyDone(w, r, t)
	}
	return s.formOf(w, r, replyActs)
}

func (s *Service) overForm(w http.ResponseWriter, r *http.Request) error {
	return s.formOf(w, r, overActs)
}

func (s *Service) formOf(w http.ResponseWriter, r *http.Request, acts []string) error {
	ctx := r.Context()
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	act := r.PathValue("act")
	if !slices.Contains(acts, act) {
		return web.NotFound(r)
	}
	if err := s.mayAct(ctx, t, act); err != nil {
		return err
	}
	may, err := s.MayAct(ctx, t)
	if err != nil {
		return err
	}
	if !may[act] {
		return errs.New(errs.Conflict, "coord.not_now")
	}
	return s.renderAct(w, r, s.replyActOf(ctx, t, act), nil, 0)
}

func (s *Service) replyActOf(ctx context.Context, t Task, act string) actView {
	tr := func(key string, args ...any) string { return i18n.T(ctx, key, args...) }
	here, x := replyPath(t.Ref, t.Unit.ID), t.Reply
	v := actView{Act: act, Over: t.Unit.Name + " · " + t.Notice.Title, Title: tr("coord.form." + act), Action: here + "/" + act, BackTo: here, Version: t.Version, Key: web.NewKey()}
	switch act {
	case ActPass:
		hint := tr("coord.own_due_open")
		if t.Due != clock.Open {
			hint = tr("coord.own_due_hint", "Due", i18n.Day(ctx, t.Due))
		}
		v.Fields = []ui.Input{{Kind: ui.KindArea, Name: "text", Label: tr("coord.wording"), Hint: tr("coord.wording_hint"), Value: x.Wording, Lines: 6},
			{Kind: ui.KindDate, Name: "day", Label: tr("coord.own_due"), Hint: hint, Value: string(x.Due), Max: string(t.Due), Optional: true}}
	case ActCarry:
		if x.DoneOn != clock.Open {
			v.Title = tr("coord.form.correct")
		}
		v.Files, v.Fields = true, s.carryFields(ctx, t)
	case ActAsk:
		v.Fields = []ui.Input{{Kind: ui.KindArea, Name: "text", Label: tr("coord.question"), Hint: tr("coord.question_hint"), Value: x.Question, Lines: 4}}
	case ActRemove:
		v.Title = tr("coord.form.remove_reply")
		v.Fields = []ui.Input{{Kind: ui.KindArea, Name: "reason", Label: tr("coord.remove_reason"), Hint: tr("coord.remove_reply_hint")}}
	case ActAnswer:
		v.Action, v.Lead = overPath(t.Ref, t.Unit.ID)+"/"+act, x.Question
		v.Fields = []ui.Input{{Kind: ui.KindArea, Name: "text", Label: tr("coord.answer"), Lines: 4}}
	case ActInspect:
		v.Action = overPath(t.Ref, t.Unit.ID) + "/" + act
		for i, p := range t.Notice.Points {
			met, note := "", ""
			for _, f := range x.Findings {
				if f.Point == i {
					met, note = "0", f.Note
					if f.Met {
						met = "1"
					}
				}
			}
			no := strconv.Itoa(i)
			v.Fields = append(v.Fields, ui.Input{Kind: ui.KindRadio, Name: "met_" + no, Label: p, Value: met, Optional: true, Options: []ui.Option{{Value: "1", Text: tr("coord.met")}, {Value: "0", Text: tr("coord.unmet")}}},
				ui.Input{Name: "note_" + no, Label: tr("coord.point_note", "N", i+1), Value: note, Optional: true})
		}
		if len(v.Fields) > 0 {
			v.Fields[0].ID = ui.FieldID("points")
		}
	}
	return v
}

// carryFields are what a unit is asked when it says how a notice was carried out: only what the ledger does not know.
func (s *Service) carryFields(ctx context.Context, t Task) []ui.Input {
	tr := func(key string) string { return i18n.T(ctx, key) }
	x := t.Reply
	out := []ui.Input{{Kind: ui.KindArea, Name: "text", Label: tr("coord.report"), Hint: tr("coord.report_hint"), Value: x.Text, Lines: 6}}
	for _, f := range t.Notice.typed() {
		in := ui.Input{Name: fieldName(f.No), Label: f.Label}
		if f.Number {
			in.Kind, in.Short = ui.KindNumber, true
		}
		for _, a := range x.Answers {
			if a.No == f.No {
				in.Value = a.Text
			}
		}
		out = append(out, in)
	}
	kept := ui.Input{Kind: ui.KindChecks, Name: "kept", Label: tr("coord.kept"), Optional: true}
	for _, o := range t.Notice.Obligations {
		if o.Binds(t.Unit.Level) {
			kept.Options = append(kept.Options, ui.Option{Value: strconv.Itoa(o.No), Text: obligationText(ctx, o)})
		}
	}
	for _, no := range x.Kept {
		kept.Values = append(kept.Values, strconv.Itoa(no))
	}
	if len(kept.Options) > 0 {
		out = append(out, kept)
	}
	return append(out, ui.Input{Kind: ui.KindArea, Name: "links", Label: tr("coord.links"), Hint: tr("coord.links_hint"), Value: strings.Join(x.Links, "\n"), Lines: 2, Optional: true},
		ui.Input{Kind: ui.KindFile, Name: "file", Label: tr("coord.file"), Hint: tr("coord.file_hint"), Optional: true})
}

// stepIn reads what was typed for an act on a reply.
func stepIn(t Task, f *web.Form, files []Attachment) Step {
	st := Step{Version: f.Version(), Text: f.Text("text"), Reason: f.Text("reason"), Day: f.Day("day"), Files: files}
	for _, l := range f.Lines("links") {
		st.Links = append(st.Links, ownAddress(l))
	}
	for _, x := range t.Notice.typed() {
		st.Answers = append(st.Answers, Answer{No: x.No, Text: f.Text(fieldName(x.No))})
	}
	for _, k := range f.Values["kept"] {
		if no, err := strconv.Atoi(k); err == nil {
			st.Kept = append(st.Kept, no)
		}
	}
	for i := range t.Notice.Points {
		no := strconv.Itoa(i)
		if met := f.Text("met_" + no); met != "" {
			st.Findings = append(st.Findings, Finding{Point: i, Met: met == "1", Note: f.Text("note_" + no)})
		}
	}
	return st
}

// ownAddress is the page of an address as a browser shows it: what stands before it is left out. One that names no page
// stays as typed and is refused, not dropped.
func ownAddress(text string) string {
	if u, err := url.Parse(text); err == nil && u.Host != "" && u.Path != "" {
		return u.Path
	}
	return text
}

func (s *Service) replyAct(w http.ResponseWriter, r *http.Request) error {
	return s.actOn(w, r, append([]string{ActReceive, ActRead, ActUndo}, replyActs...))
}

func (s *Service) overAct(w http.ResponseWriter, r *http.Request) error {
	return s.actOn(w, r, overActs)
}

func (s *Service) actOn(w http.ResponseWriter, r *http.Request, acts []string) error {
	ctx := r.Context()
	act := r.PathValue("act")
	if !slices.Contains(acts, act) {
		return web.NotFound(r)
	}
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	withdrawn, bad := id.ParseRef(r.URL.Query().Get("reply"))
	restoring := act == ActUndo && bad == nil && t.Version == 0
	if act != ActUndo { // before anything of what was sent is kept
		if err := s.mayAct(ctx, t, act); err != nil {
			return err
		}
	}
	f, files, err := s.readForm(w, r)
	if err != nil {
		return err
	}
	st := stepIn(t, f, files)
	if err = f.Problems.Err(); err == nil {
		var to string
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			q := url.Values{"act": {act}}
			moved, err := s.rec.Watched(ctx, ownBook(ctx), watched, func(ctx context.Context) error {
				if restoring {
					return s.Restore(ctx, withdrawn, st.Version)
				}
				return s.Act(ctx, t.Ref, t.Unit.ID, act, st)
			})
			if q.Set("moved", moved); act == ActRemove {
				q.Set("reply", t.Replies.String())
			}
			return replyPath(t.Ref, t.Unit.ID) + "/done?" + q.Encode(), err
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	if !slices.Contains(append(replyActs, overActs...), act) {
		return err
	}
	v := s.replyActOf(ctx, t, act)
	v.Version = st.Version
	return s.again(w, r, v, f, err)
}

// replyDone says what was done about a unit's reply, which figures moved, and how to take it back.
func (s *Service) replyDone(w http.ResponseWriter, r *http.Request, t Task) error {
	ctx, q := r.Context(), r.URL.Query()
	act := q.Get("act")
	if !slices.Contains(slices.Concat([]string{ActReceive, ActRead, ActUndo}, replyActs, overActs), act) {
		return web.NotFound(r)
	}
	key := "coord.done." + act
	if act == ActCarry && t.Reply.CorrectedOn != clock.Open {
		key = "coord.done.correct"
	}
	if act == ActRemove {
		key = "coord.done.remove_reply"
	}
	here := replyPath(t.Ref, t.Unit.ID)
	res := ui.Result{Title: i18n.T(ctx, key), CodeLabel: t.Notice.Title, Code: t.Unit.Name, Acts: []ui.Button{{Text: i18n.T(ctx, "coord.see"), Href: here, Main: true},
		{Text: i18n.T(ctx, "coord.to_list"), Href: "/notice"}}}
	var err error
	if res.Moved, err = s.rec.Moved(ctx, ownBook(ctx), watched, q.Get("moved")); err != nil {
		return err
	}
	if due := t.DueHere(); t.Target && due != clock.Open && t.Reply.DoneOn == clock.Open {
		res.Next = []ui.Link{{Text: i18n.T(ctx, "coord.next_due", "Due", i18n.Day(ctx, due))}}
	}
	if withdrawn, bad := id.ParseRef(q.Get("reply")); act == ActRemove && bad == nil && t.Version == 0 {
		_, v, err := s.Withdrawn(ctx, withdrawn)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err == nil {
			res.Undo, res.UndoUntil = s.replies.UndoPost(ctx, v, here+"/undo?reply="+withdrawn.String())
		}
	}
	if t.Version > 0 && act != ActUndo && !slices.Contains(overActs, act) {
		_, v, err := s.replies.Get(ctx, t.Replies)
		if err != nil {
			return err
		}
		res.Undo, res.UndoUntil = s.replies.UndoPost(ctx, v, here+"/undo")
	}
	return web.Render(w, r, web.Page{Title: res.Title, Current: "notice"}, donePanel(res))
}

// exportRecipients is the list of a notice's recipients within a unit as a table, with what each has done and a column for
// each field, whoever answered it.
func (s *Service) exportRecipients(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	n, _, err := s.Notice(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.seenFrom(r, n)
	if err != nil {
		return err
	}
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return web.NotFound(r)
	}
	rows, err := s.recipientRows(ctx, ref, n, u)
	if err != nil {
		return err
	}
	title := n.Title + "-" + u.Name
	format := attach(w, r, title)
	return table.Write(w, format, table.Table{Title: title, Columns: boardColumns(ctx, n), BOM: format == table.CSV, Rows: func(yield func([]table.Value, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}})
}
