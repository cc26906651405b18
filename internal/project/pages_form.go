package project

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

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

// formView is one form: its title, where it leads back to, its inputs.
type formView struct {
	Title, Lead string
	Back        ui.Link
	Step        string
	Faults      []ui.Fault
	Spec        ui.FormSpec
	Inputs      []ui.Input
}

// show puts what was typed and what is wrong into the inputs.
func (v formView) show(w http.ResponseWriter, r *http.Request, f *web.Form, at map[string]string) error {
	for i := range v.Inputs {
		in := &v.Inputs[i]
		in.Error = at[in.Name]
		if f != nil && f.Has(in.Name) {
			in.Value = f.Get(in.Name)
		}
	}
	p := web.Page{Title: v.Title, Current: "project", Plain: true}
	if len(v.Faults) > 0 {
		p.Error, p.Status = true, http.StatusUnprocessableEntity
	}
	return web.Render(w, r, p, formTempl(v))
}

// again shows the form once more, or hands on an error that is not the form's.
func (v formView) again(w http.ResponseWriter, r *http.Request, f *web.Form, err error) error {
	at, faults, rest := web.Problems(r.Context(), err)
	if rest != nil {
		return rest
	}
	v.Faults = faults
	return v.show(w, r, f, at)
}

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

// fen reads money as people write it: 6万元, 60,000.00.
func fen(f *web.Form, name string) int64 {
	v := f.Text(name)
	if v == "" {
		f.Problems.Add(name, "project.amount_missing")
		return 0
	}
	n, err := table.ParseMoney(v)
	if err != nil {
		f.Problems.Add(name, "project.amount_unreadable")
	}
	return n
}

// yuan writes fen for an input.
func yuan(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }

func kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, k := range Kinds {
		out = append(out, ui.Option{Value: string(k), Text: kindName(ctx, k)})
	}
	return out
}

func newView(ctx context.Context, u org.Unit, key string) formView {
	tr := func(k string) string { return i18n.T(ctx, k) }
	return formView{Title: tr("project.add"), Lead: tr("project.add_lead"), Step: u.Name, Back: ui.Link{Href: "/project?unit=" + u.ID.String()},
		Spec: ui.FormSpec{Action: "/project/new?unit=" + u.ID.String(), Key: key, Submit: tr("project.save_new")},
		Inputs: []ui.Input{
			{Name: "number", Label: tr("project.number"), Hint: tr("project.number_hint"), MaxLength: maxText, Focus: true},
			{Name: "title", Label: tr("project.title_of"), MaxLength: maxText, Optional: true},
			{Kind: ui.KindRadio, Name: "kind", Label: tr("project.kind"), Options: kindOptions(ctx)},
			{Kind: ui.KindDate, Name: "signed_on", Label: tr("project.signed_on")},
			{Kind: ui.KindMoney, Name: "amount", Label: tr("project.amount"), Hint: tr("project.amount_hint")},
			{Kind: ui.KindNumber, Name: "version", Label: tr("project.version"), Value: "1", Hint: tr("project.version_hint"), Short: true, Min: "1"},
			{Name: "purchaser", Label: tr("project.purchaser"), Optional: true, MaxLength: maxText},
			{Name: "provider", Label: tr("project.provider"), Optional: true, MaxLength: maxText},
			{Name: "audience", Label: tr("project.audience"), Optional: true, MaxLength: maxText},
			{Kind: ui.KindDate, Name: "served_by", Label: tr("project.served_by"), Optional: true},
			{Kind: ui.KindArea, Name: "note", Label: tr("project.note"), Optional: true, Lines: 3},
		}}
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	return newView(r.Context(), u, web.NewKey()).show(w, r, nil, nil)
}

func (s *Service) newPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	e := Entry{Number: f.Text("number"), Title: f.Text("title"), Purchaser: f.Text("purchaser"), Provider: f.Text("provider"), Audience: f.Text("audience"),
		Note: f.Text("note"), ServedBy: day(f, "served_by"), Report: Report{Unit: u.ID, Kind: Kind(f.Text("kind")), SignedOn: day(f, "signed_on"),
			AmountFen: fen(f, "amount"), Status: Signed, Version: 1, ReportedOn: clock.Today(ctx)}}
	if v := f.Text("version"); v != "" {
		if e.Version, err = strconv.ParseInt(v, 10, 64); err != nil || e.Version < 1 {
			f.Problems.Add("version", "project.version_odd")
			e.Version = 1
		}
	}
	// what cannot be read and what is missing are said at once
	fields := f.Problems
	for _, p := range e.clean().problems() {
		if !named(fields, p.Name) {
			fields = append(fields, p)
		}
	}
	if err = fields.Err(); err == nil {
		err = s.act(w, r, f, e.SignedOn, func(ctx context.Context) (id.Ref, string, error) {
			known, err := s.AcrossUnitsByNumber(ctx, u.Root(), e.Number)
			if err == nil { // a slip of the pen must not overwrite one's own row
				if err := s.notTwice(ctx, known.Ref(), e); err != nil {
					return id.Ref{}, "", err
				}
				if f.Text("join") == "" {
					if err := s.askToJoin(ctx, known, e); err != nil {
						return id.Ref{}, "", err
					}
				}
			} else if !errs.Is(err, errs.NotFound) {
				return id.Ref{}, "", err
			}
			got, err := s.Report(ctx, e)
			name := "joined"
			switch {
			case known.ID == 0:
				name = "report"
			case !got.Decides:
				name = "kept"
			}
			return got.Ref, name, err
		})
	}
	if err == nil {
		return nil
	}
	v := newView(ctx, u, f.Key())
	if at, _, _ := web.Problems(ctx, err); at["join"] != "" || f.Has("join") {
		v.Inputs = append([]ui.Input{{Kind: ui.KindCheck, Name: "join", Label: i18n.T(ctx, "project.join")}}, v.Inputs...)
	}
	return v.again(w, r, f, err)
}

func named(fields errs.Fields, name string) bool {
	for _, f := range fields {
		if f.Name == name {
			return true
		}
	}
	return false
}

// stepName is one of the short forms about a contract.
type stepName string

const (
	stepEdit    stepName = "edit"
	stepVersion stepName = "version"
	stepVoid    stepName = "void"
	stepReceipt stepName = "receipt"
	// stepWithdraw takes back a report that should not be there, such as one under a wrong number.
	stepWithdraw stepName = "withdraw"
)

// toWork reads a contract for a form; the right to work at one of its reporters, or at a unit that may join, is asked
// when it is shown, so that nobody types in vain.
func (s *Service) toWork(ctx context.Context, ref id.Ref) (Contract, int64, []org.Unit, error) {
	c, v, err := s.Get(ctx, ref)
	if err != nil {
		return c, 0, nil, err
	}
	if !s.keeps(ctx, c) {
		return c, v.N, nil, s.mayWork(ctx, c.Home(), ref, record.Change{Act: "project.act.correct"})
	}
	mine, err := s.Mine(ctx, c, ref.Root)
	return c, v.N, mine, err
}

func (s *Service) stepView(ctx context.Context, name stepName, ref id.Ref, c Contract, version int64, mine []org.Unit, key string) formView {
	tr := func(k string) string { return i18n.T(ctx, k) }
	here, d := "/project/"+ref.String(), c.Deciding()
	v := formView{Title: tr("project.step." + string(name)), Lead: tr("project.step_lead." + string(name)), Step: c.Name(), Back: ui.Link{Href: here},
		Spec: ui.FormSpec{Action: here + "/" + string(name), Key: key, Submit: tr("project.step_do." + string(name)), Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}}}
	var unit []ui.Input
	if len(mine) == 1 {
		v.Spec.Hidden = append(v.Spec.Hidden, ui.Pair{Name: "unit", Value: mine[0].ID.String()})
	} else {
		in := ui.Input{Kind: ui.KindSelect, Name: "unit", Label: tr("project.report_as")}
		for _, u := range mine {
			in.Options = append(in.Options, ui.Option{Value: u.ID.String(), Text: u.Name})
		}
		unit = []ui.Input{in}
	}
	reason := ui.Input{Name: "reason", Label: tr("project.reason"), Hint: tr("project.reason_hint"), MaxLength: maxText}
	switch name {
	case stepEdit:
		v.Inputs = []ui.Input{
			{Name: "title", Label: tr("project.title_of"), Value: c.Title, MaxLength: maxText, Optional: true},
			{Name: "purchaser", Label: tr("project.purchaser"), Value: c.Purchaser, Optional: true, MaxLength: maxText},
			{Name: "provider", Label: tr("project.provider"), Value: c.Provider, Optional: true, MaxLength: maxText},
			{Name: "audience", Label: tr("project.audience"), Value: c.Audience, Optional: true, MaxLength: maxText},
			{Kind: ui.KindDate, Name: "served_by", Label: tr("project.served_by"), Value: string(c.ServedBy), Optional: true},
			{Kind: ui.KindArea, Name: "note", Label: tr("project.note"), Value: c.Note, Optional: true, Lines: 3}, reason}
	case stepVersion:
		v.Inputs = append(unit,
			ui.Input{Kind: ui.KindRadio, Name: "kind", Label: tr("project.kind"), Value: string(d.Kind), Options: kindOptions(ctx)},
			ui.Input{Kind: ui.KindDate, Name: "signed_on", Label: tr("project.signed_on"), Value: string(d.SignedOn)},
			ui.Input{Kind: ui.KindMoney, Name: "amount", Label: tr("project.amount"), Value: yuan(d.AmountFen), Hint: tr("project.amount_hint")}, reason)
	case stepVoid:
		v.Inputs = append(unit, reason)
	case stepWithdraw:
		in := ui.Input{Kind: ui.KindSelect, Name: "report", Label: tr("project.which_report")}
		for _, r := range c.Reports {
			for _, u := range mine {
				if u.ID == r.Unit {
					in.Options = append(in.Options, ui.Option{Value: reportKey(r), Text: i18n.T(ctx, "project.version_of", "Unit", u.Name, "N", r.Version)})
				}
			}
		}
		v.Inputs = []ui.Input{in, reason}
	case stepReceipt:
		v.Inputs = []ui.Input{
			{Kind: ui.KindDate, Name: "day", Label: tr("project.receipt_day")},
			{Kind: ui.KindMoney, Name: "amount", Label: tr("project.receipt_amount"), Hint: tr("project.amount_hint")},
			{Name: "from", Label: tr("project.receipt_from"), Value: c.Purchaser, Optional: true, MaxLength: maxText},
			{Name: "document", Label: tr("project.receipt_document"), Optional: true, MaxLength: maxText},
			{Name: "note", Label: tr("project.note"), Optional: true, MaxLength: maxText}}
	}
	return v
}

func (s *Service) stepForm(name stepName) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		c, n, mine, err := s.toWork(r.Context(), ref)
		if err != nil {
			return err
		}
		return s.stepView(r.Context(), name, ref, c, n, mine, web.NewKey()).show(w, r, nil, nil)
	}
}

func (s *Service) stepPost(name stepName) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, f, n, err := sent(w, r)
		if err != nil {
			return err
		}
		ctx := r.Context()
		c, _, mine, err := s.toWork(ctx, ref)
		if errs.Is(err, errs.NotFound) { // sent twice: the first one took the last report back
			c, _, err = s.book.Removed(ctx, ref)
		}
		if err != nil {
			return err
		}
		moved := c.Deciding().SignedOn
		do := s.stepDo(ctx, name, ref, c, n, f, &moved)
		if err = f.Problems.Err(); err == nil {
			err = s.act(w, r, f, moved, func(ctx context.Context) (id.Ref, string, error) {
				if err := do(ctx); err != nil {
					return ref, "", err
				}
				return ref, string(name), nil
			})
		}
		if err == nil {
			return nil
		}
		return s.stepView(ctx, name, ref, c, n, mine, f.Key()).again(w, r, f, err)
	}
}

// stepDo reads a step's form and answers the act; moved is a day of the year whose figures the act moves.
func (s *Service) stepDo(ctx context.Context, name stepName, ref id.Ref, c Contract, n int64, f *web.Form, moved *clock.Day) func(ctx context.Context) error {
	reason := f.Text("reason")
	if name != stepReceipt && reason == "" {
		f.Problems.Add("reason", "project.reason_missing")
	}
	unit, err := id.Parse(f.Text("unit"))
	if err != nil && (name == stepVersion || name == stepVoid) {
		f.Problems.Add("unit", "project.reporter_missing")
	}
	switch name {
	case stepEdit:
		c.Title, c.Purchaser, c.Provider, c.Audience, c.Note = f.Text("title"), f.Text("purchaser"), f.Text("provider"), f.Text("audience"), f.Text("note")
		c.ServedBy = day(f, "served_by")
		return func(ctx context.Context) error { return s.Save(ctx, ref, n, c, reason) }
	case stepVersion:
		r := Report{Unit: unit, Kind: Kind(f.Text("kind")), SignedOn: day(f, "signed_on"), AmountFen: fen(f, "amount"), Status: Signed, ReportedOn: clock.Today(ctx), Reason: reason}
		return func(ctx context.Context) error { return s.Amend(ctx, ref, n, r) }
	case stepVoid:
		return func(ctx context.Context) error { return s.Cancel(ctx, ref, n, unit, clock.Today(ctx), reason) }
	case stepWithdraw:
		for _, r := range c.Reports {
			if reportKey(r) == f.Text("report") {
				r.Reason = reason
				return func(ctx context.Context) error { return s.withdraw(ctx, ref, n, r) }
			}
		}
		f.Problems.Add("report", "project.report_missing")
		return nil
	default:
		r := Receipt{Day: day(f, "day"), AmountFen: fen(f, "amount"), From: f.Text("from"), Document: f.Text("document"), Note: f.Text("note")}
		*moved = r.Day
		return func(ctx context.Context) error { return s.Receive(ctx, ref, n, r) }
	}
}

func reportKey(r Report) string {
	return r.Unit.String() + "~" + strconv.FormatInt(r.Version, 10) + "~" + r.Code
}

func sent(w http.ResponseWriter, r *http.Request) (id.Ref, *web.Form, int64, error) {
	ref, err := refOf(r)
	if err != nil {
		return ref, nil, 0, err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return ref, nil, 0, err
	}
	n, err := strconv.ParseInt(f.Text("_version"), 10, 64)
	if err != nil {
		n = 0
	}
	return ref, f, n, nil
}

// year asks the figures of a day's year in the reader's own book.
func year(ctx context.Context, d clock.Day) ledger.Query {
	q := ledger.Query{Unit: scope.From(ctx).Unit, Day: clock.Today(ctx)}
	if len(d) == 10 {
		p := clock.YearOf(d.Year())
		q.From, q.To = p.From, p.To
	}
	return q
}

// act runs a change once and leads to the page that says what moved.
func (s *Service) act(w http.ResponseWriter, r *http.Request, f *web.Form, d clock.Day, do func(ctx context.Context) (id.Ref, string, error)) error {
	ctx := r.Context()
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		var ref id.Ref
		var name string
		moved, err := s.rec.Watched(ctx, year(ctx, d), figures, func(ctx context.Context) (err error) {
			ref, name, err = do(ctx)
			return err
		})
		if err != nil {
			return "", err
		}
		return "/project/" + ref.String() + "/done?" + url.Values{"act": {name}, "day": {string(d)}, "moved": {moved}}.Encode(), nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

var doneActs = map[string]bool{"report": true, "joined": true, "kept": true, "edit": true, "version": true, "void": true, "receipt": true, "drop": true, "undo": true, "withdraw": true}

// getOrRemoved reads a contract as it stands, or as it was before the reader took its report back a moment ago.
func (s *Service) getOrRemoved(ctx context.Context, ref id.Ref) (c Contract, v record.Version, removed bool, err error) {
	if c, v, err = s.Get(ctx, ref); errs.Is(err, errs.NotFound) {
		c, v, err = s.book.Removed(ctx, ref)
		removed = true
	}
	return c, v, removed, err
}

func (s *Service) donePage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	c, v, removed, err := s.getOrRemoved(ctx, ref)
	if err != nil {
		return err
	}
	name := q.Get("act")
	if !doneActs[name] || removed && name != string(stepWithdraw) {
		return web.NotFound(r)
	}
	here, d, list := "/project/"+ref.String(), c.Deciding(), c.Home()
	if removed { // the last report, or the reader's only one, was taken back: the reader's own list is left
		list = scope.From(ctx).Unit
	}
	title := i18n.T(ctx, "project.done."+name)
	res := ui.Result{Title: title, CodeLabel: i18n.T(ctx, "project.number"), Code: c.Number,
		Acts: []ui.Button{{Text: i18n.T(ctx, "project.to_list"), Href: "/project?unit=" + list.String(), Main: removed}}}
	if !removed {
		res.Next = []ui.Link{{Text: i18n.T(ctx, "project.counted."+string(d.Status), "Year", d.SignedOn.Year(), "N", len(c.Units()))}}
		res.Acts = append([]ui.Button{{Text: i18n.T(ctx, "project.see"), Href: here, Main: true}}, res.Acts...)
	}
	at, err := clock.ParseDay(q.Get("day"))
	if err != nil {
		at = d.SignedOn
	}
	if res.Moved, err = s.rec.Moved(ctx, year(ctx, at), figures, q.Get("moved")); err != nil {
		return err
	}
	if name != "undo" {
		res.Undo, res.UndoUntil = s.book.UndoPost(ctx, v, here+"/undo")
	}
	return web.Render(w, r, web.Page{Title: title, Current: "project"}, doneTempl(res))
}

func (s *Service) undoPost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	c, _, _, err := s.toWork(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		c, _, err = s.book.Removed(ctx, ref)
	}
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		if err := s.Undo(ctx, ref, n); err != nil {
			return "", err
		}
		if _, _, err := s.Get(ctx, ref); err != nil { // the entry itself, or the reader's only part in it, was taken back
			return "/project?unit=" + scope.From(ctx).Unit.String(), nil
		}
		return "/project/" + ref.String() + "/done?act=undo&day=" + string(c.Deciding().SignedOn), nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) dropPost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	receipt, err := id.Parse(r.PathValue("receipt"))
	if err != nil {
		return web.NotFound(r)
	}
	c, _, _, err := s.toWork(ctx, ref)
	if err != nil {
		return err
	}
	var at clock.Day
	for _, x := range c.Receipts {
		if x.ID == receipt {
			at = x.Day
		}
	}
	return s.act(w, r, f, at, func(ctx context.Context) (id.Ref, string, error) {
		return ref, "drop", s.DropReceipt(ctx, ref, n, receipt, "")
	})
}
