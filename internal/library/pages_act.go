package library

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

// accepted is what the input of a file offers; what a file is is told by its content.
const accepted = ".docx,.doc,.wps,.xlsx,.pptx,.pdf,.ofd,.txt,.md,.html,image/*"

// mostFiles is how many files one form takes.
const mostFiles = 20

func flowBrief(text string) string { return flow.Brief(text) }

func visibleInput(ctx context.Context, now Visible) ui.Input {
	in := ui.Input{Kind: ui.KindRadio, Name: "visible", Label: tr(ctx, "library.visible"), Value: string(now)}
	for _, c := range Circles {
		in.Options = append(in.Options, ui.Option{Value: string(c), Text: circle(ctx, c)})
	}
	return in
}

// categoryInput asks under which category a document is filed. Where the tree cannot be read nothing is offered, and what is sent is refused.
func (s *Service) categoryInput(ctx context.Context, now string) ui.Input {
	in := ui.Input{Kind: ui.KindSelect, Name: "category", Label: tr(ctx, "library.category"), Value: now}
	if t, err := s.categories(ctx); err == nil {
		in.Options = leafOptions(ctx, t, now)
	}
	return in
}

func fileInput(ctx context.Context, several bool) ui.Input {
	hint := i18n.T(ctx, "library.file_hint", "MB", MaxFile>>20)
	if several {
		hint = i18n.T(ctx, "library.files_hint", "MB", MaxFile>>20, "N", mostFiles)
	}
	return ui.Input{Kind: ui.KindFile, Name: "file", Label: tr(ctx, "library.file"), Hint: hint, Accept: accepted, Multiple: several}
}

func reasonInput(ctx context.Context) ui.Input {
	return ui.Input{Kind: ui.KindArea, Name: "reason", Label: tr(ctx, "library.reason"), Lines: 2, MaxLength: maxWords}
}

func (s *Service) aboutNew(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitOf(r)
	more := []ui.Button{{Text: tr(ctx, "library.bulk"), Href: "/library/bulk?unit=" + u.ID.String()}, {Text: tr(ctx, "library.entry"), Href: "/library/entry?unit=" + u.ID.String()}}
	v := record.Form{Unit: u, Title: tr(ctx, "library.add"), Lead: tr(ctx, "library.add_lead"), More: more, Back: "/library", Action: newPath(u.ID), Submit: tr(ctx, "library.add_do"), Current: "library",
		Spec: ui.FormSpec{Multipart: true, Parts: "/library/part?unit=" + u.ID.String()}, Inputs: []ui.Input{fileInput(ctx, true), s.categoryInput(ctx, r.URL.Query().Get("category")), visibleInput(ctx, VisibleMembers)}}
	if p, err := s.projectNamed(ctx, projectIn(r)); err == nil { // from the project's own page
		v.Lead, v.Back, v.Action = i18n.T(ctx, "library.add_to_project", "Title", p.Title), p.Href, v.Action+"&project="+p.Ref.String()
	}
	return v, err
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutNew(r)
	if err != nil {
		return err
	}
	if s.pdf != nil { // seconds at its first time: it is ready when the file has come
		go func() { _ = s.pdf.Prepare(context.WithoutCancel(r.Context())) }()
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

// readFiles reads a form with files, each of which is taken in as it comes. What is wrong with one of them is said beside the
// input, with its name.
func (s *Service) readFiles(w http.ResponseWriter, r *http.Request) (*web.Form, []Incoming, error) {
	var list []Incoming
	var problems errs.Fields
	f, err := web.ReadUpload(w, r, MaxTogether, "library.files_large", func(input, name string, from io.Reader) error {
		if input != "file" || len(list) == mostFiles {
			return nil
		}
		in, err := s.Take(r.Context(), name, from)
		var e *errs.Error
		if errors.As(err, &e) && e.Kind != errs.Internal {
			problems.Add("file", "library.file_refused", "Name", uploadName(name), "Why", i18n.Error(r.Context(), err))
			return nil
		}
		if err == nil {
			list = append(list, in)
		}
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	for _, sent := range f.Values["sent"] {
		in, err := s.Sent(r.Context(), sent)
		if errs.Is(err, errs.NotFound) {
			problems.Add("file", "library.upload_gone")
		} else if err != nil {
			return nil, nil, err
		} else if len(list) < mostFiles {
			list = append(list, in)
		}
	}
	if f.Problems = append(f.Problems, problems...); len(list) == 0 && len(problems) == 0 {
		f.Problems.Add("file", "library.file_missing")
	}
	return f, list, nil
}

func (s *Service) newPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutNew(r)
	if err != nil {
		return err
	}
	f, list, err := s.readFiles(w, r)
	if err != nil {
		return err
	}
	return s.rec.Sent(w, r, v, f, func(ctx context.Context, f *web.Form) (string, error) {
		as := Document{Category: f.Text("category"), Visible: Visible(f.Text("visible")), Project: projectIn(r)}
		if p := append(slices.Clone(f.Problems), s.notTitle(ctx, as)...); len(p) > 0 {
			f.Problems = nil
			return "", p.Err()
		}
		refs, err := s.Create(ctx, v.Unit.ID, list, as)
		if err != nil {
			return "", err
		}
		for _, sent := range f.Values["sent"] {
			if err := s.dropUpload(ctx, sent); err != nil {
				return "", err
			}
		}
		if len(refs) > 1 {
			return "/library?mine=1&state=" + string(Draft), nil
		}
		d, _, err := s.Get(ctx, refs[0])
		return Path(d.No), err
	})
}

// notTitle are the problems of what a form of files asks, where titles come from the files.
func (s *Service) notTitle(ctx context.Context, d Document) errs.Fields {
	d.Title, d.File.Hash = "-", "-"
	f := d.problems(minYear)
	t, err := s.categories(ctx)
	if err != nil {
		return f // said when it is kept
	}
	_, filed := t.filed(d.Category, "")
	return append(f, filed...)
}

func (s *Service) subject() record.Subject[Document] {
	return record.Subject[Document]{Book: s.book, Get: s.Get, Acts: []string{ActEdit, ActIssue, ActWithdraw, ActReplace, ActSubmit, ActRemove, ActSpeaker, ActPaper, ActProject}, Save: "library.act.edit", Submit: "library.save", Current: "library",
		Home: func(v Document) (id.ID, int) { return v.Unit, v.Year }, Path: actPath}
}

// aboutAct begins the form of an act on a document.
func (s *Service) aboutAct(r *http.Request) (record.Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	d, v, err := record.Opened(r, s.subject())
	if err != nil {
		return v, err
	}
	v.Back = Path(d.No)
	if act == record.ActUndo {
		return v, nil
	}
	v.Title, v.Lead, v.Submit = tr(ctx, "library.do."+act), d.Title, tr(ctx, "library.do."+act)
	switch act {
	case ActEdit:
		year := ""
		if d.Year != 0 {
			year = strconv.Itoa(d.Year)
		}
		v.Submit = tr(ctx, "library.save")
		v.Inputs = []ui.Input{{Name: "title", Label: tr(ctx, "library.name"), Value: d.Title, MaxLength: maxTitle}, s.categoryInput(ctx, d.Category),
			{Kind: ui.KindNumber, Name: "year", Label: tr(ctx, "library.year"), Value: year, Optional: true, Short: true, Hint: tr(ctx, "library.year_hint")},
			{Kind: ui.KindArea, Name: "summary", Label: tr(ctx, "library.summary"), Value: d.Summary, Optional: true, Lines: 3, MaxLength: maxSummary},
			{Name: "source", Label: tr(ctx, "library.source"), Value: d.Source, Optional: true, MaxLength: maxSource, Hint: tr(ctx, "library.source_hint")},
			visibleInput(ctx, d.Visible), {Kind: ui.KindCheck, Name: "view_only", Label: tr(ctx, "library.view_only"), Value: onWhen(d.ViewOnly)}}
		if d.State == Issued {
			if err := s.askChecked(ctx, &v, d); err != nil {
				return v, err
			}
		}
	case ActIssue:
		v.Lead = i18n.T(ctx, "library.issue_lead", "Title", d.Title, "To", tr(ctx, "library.to."+string(d.Visible)))
		if err := s.askChecked(ctx, &v, d); err != nil {
			return v, err
		}
	case ActSubmit:
		v.Lead = i18n.T(ctx, "library.submit_lead", "Title", d.Title)
		v.Inputs = []ui.Input{{Kind: ui.KindArea, Name: "note", Label: tr(ctx, "library.submit_note"), Optional: true, Lines: 2, MaxLength: maxWords}}
	case ActWithdraw, ActRemove:
		v.Inputs = []ui.Input{reasonInput(ctx)}
	case ActReplace:
		v.Lead = i18n.T(ctx, "library.replace_lead", "Title", d.Title)
		v.Spec.Multipart, v.Inputs = true, []ui.Input{fileInput(ctx, false)}
		if d.TitleOnly() {
			v.Title, v.Submit, v.Lead = tr(ctx, "library.do.attach"), tr(ctx, "library.do.attach"), i18n.T(ctx, "library.attach_lead", "Title", d.Title)
		}
	case ActSpeaker, ActPaper, ActProject:
		return v, s.aboutMore(r, &v, d)
	}
	return v, nil
}

func onWhen(yes bool) string {
	if yes {
		return "1"
	}
	return ""
}

// askChecked asks whoever issues a document to look at what was found of personal data, each piece with its number covered.
func (s *Service) askChecked(ctx context.Context, v *record.Form, d Document) error {
	if n, err := s.found(ctx, d); err != nil || n == 0 {
		return err
	}
	t, err := s.Text(ctx, d)
	if err != nil {
		return err
	}
	found := PersonalIn(t.Blocks)
	in := ui.Input{Kind: ui.KindCheck, Name: "checked", Label: tr(ctx, "library.checked"), Value: onWhen(d.Checked)}
	for i, x := range found {
		if i == 10 {
			in.Hint += i18n.T(ctx, "library.found_more", "N", len(found)-10)
			break
		}
		in.Hint += i18n.T(ctx, "library.found_line", "Kind", tr(ctx, "library.personal."+string(x.Kind)), "Text", x.Around)
	}
	v.Inputs = append(v.Inputs, in)
	return nil
}

func (s *Service) actPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutAct(r)
	if err != nil {
		return err
	}
	act := r.PathValue("act")
	if act == ActReplace {
		f, list, err := s.readFiles(w, r)
		if err != nil {
			return err
		}
		return s.rec.Sent(w, r, v, f, func(ctx context.Context, f *web.Form) (string, error) {
			if err := f.Problems.Err(); err != nil {
				return "", err
			}
			return v.Back, s.Replace(ctx, v.Ref, f.Version(), list[0])
		})
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		switch act {
		case ActEdit:
			d, _, err := s.Get(ctx, v.Ref)
			if err != nil {
				return "", err
			}
			d.Title, d.Category, d.Summary, d.Source, d.Visible, d.ViewOnly = f.Text("title"), f.Text("category"), f.Text("summary"), f.Text("source"), Visible(f.Text("visible")), f.Text("view_only") != ""
			d.Year, d.Checked = 0, d.Checked || f.Text("checked") != ""
			if text := f.Text("year"); text != "" {
				if d.Year, err = strconv.Atoi(text); err != nil {
					f.Problems.Add("year", "library.year_unreadable")
				}
			}
			return v.Back, s.Save(ctx, v.Ref, f.Version(), d)
		case ActIssue:
			return v.Back, s.Issue(ctx, v.Ref, f.Version(), f.Text("checked") != "")
		case ActSubmit:
			return v.Back, s.Submit(ctx, v.Ref, f.Version(), f.Text("note"))
		case ActWithdraw:
			return v.Back, s.Withdraw(ctx, v.Ref, f.Version(), f.Text("reason"))
		case ActSpeaker, ActPaper, ActProject:
			return v.Back, s.moreDone(ctx, act, v, f)
		case ActRemove:
			return "/library?mine=1", s.Remove(ctx, v.Ref, f.Version(), f.Text("reason"))
		case record.ActUndo:
			if err := s.Undo(ctx, v.Ref, f.Version()); err != nil {
				return "", err
			}
			if _, _, err := s.Get(ctx, v.Ref); errs.Is(err, errs.NotFound) { // the entry itself was taken back
				return "/library?mine=1", nil
			}
			return v.Back, nil
		}
		return "", web.NotFound(r)
	})
}

func (s *Service) aboutReport(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	no, err := numberIn(r)
	if err != nil {
		return record.Form{}, err
	}
	_, d, _, err := s.Number(ctx, no)
	if err != nil {
		return record.Form{}, err
	}
	ground := ui.Input{Kind: ui.KindRadio, Name: "ground", Label: tr(ctx, "library.ground")}
	for _, g := range Grounds {
		ground.Options = append(ground.Options, ui.Option{Value: g, Text: tr(ctx, "library.ground."+g)})
	}
	return record.Form{Title: tr(ctx, "library.do.report"), Lead: d.Title, Back: Path(no), Action: Path(no) + "/report", Submit: tr(ctx, "library.report_do"), Current: "library",
		Inputs: []ui.Input{ground, {Kind: ui.KindArea, Name: "words", Label: tr(ctx, "library.words"), Hint: tr(ctx, "library.words_hint"), Lines: 4, MaxLength: maxWords}}}, nil
}

func (s *Service) reportForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutReport(r)
	if err != nil {
		return err
	}
	if done := r.URL.Query().Get("done"); done != "" {
		ctx := r.Context()
		return web.Render(w, r, web.Page{Title: v.Title, Current: "library", Plain: true}, doneTempl(ui.Result{Title: tr(ctx, "library.report_done"), Next: []ui.Link{{Text: i18n.T(ctx, "library.report_done_why", "N", decideWithin)}, {Text: i18n.T(ctx, "library.report_receipt", "No", grouped(done)), Href: receiptPath(url.QueryEscape(done))}, {Text: v.Lead, Href: v.Back}}}))
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

// grouped writes a receipt in groups of four, as it is copied down.
func grouped(no string) string {
	out := ""
	for i, r := range no {
		if i > 0 && i%4 == 0 {
			out += " "
		}
		out += string(r)
	}
	return out
}

func (s *Service) reportPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutReport(r)
	if err != nil {
		return err
	}
	no, err := numberIn(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		if a := scope.From(ctx); a.Account == 0 && !s.guests.Admit(s.address(r), clock.Millis(ctx)) {
			return "", errs.New(errs.Throttled, "library.reports_many")
		}
		receipt, err := s.Report(ctx, no, f.Text("ground"), f.Text("words"))
		return v.Action + "?" + url.Values{"done": {receipt}}.Encode(), err
	})
}

// aboutReported begins the page on which a report is decided, or appealed against.
func (s *Service) aboutReported(r *http.Request) (record.Form, []ui.Fact, error) {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return record.Form{}, nil, err
	}
	x, _, d, _, err := s.reported(ctx, ref)
	if err != nil {
		return record.Form{}, nil, err
	}
	home, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return record.Form{}, nil, err
	}
	a := scope.From(ctx)
	by := Masked(x.ByName)
	if x.By == 0 {
		by = tr(ctx, "library.visitor")
	}
	facts := []ui.Fact{{Label: tr(ctx, "library.name"), Text: d.Title, Href: Path(d.No)}, {Label: tr(ctx, "library.unit"), Text: home.Name}, {Label: tr(ctx, "library.ground"), Text: tr(ctx, "library.ground."+x.Ground)},
		{Label: tr(ctx, "library.words"), Text: x.Words}, {Label: tr(ctx, "library.report_by"), Text: by}, {Label: tr(ctx, "library.state"), Text: tr(ctx, "library.report_is."+x.State)},
		{Label: tr(ctx, "library.due"), Text: i18n.Day(ctx, x.Due)}}
	if x.Decision != "" {
		facts = append(facts, ui.Fact{Label: tr(ctx, "library.decision"), Text: x.Decision}, ui.Fact{Label: tr(ctx, "library.decided_by"), Text: x.DecidedBy})
	}
	if x.Appeal != "" {
		facts = append(facts, ui.Fact{Label: tr(ctx, "library.appeal"), Text: x.Appeal})
	}
	v := record.Form{Title: tr(ctx, "library.reported"), Back: Path(d.No), Action: reportPath(ref), Current: "library"}
	switch {
	case a.May(scope.Work, x.Pos) && (x.State == ReportOpen || x.State == ReportAppealed):
		v.Submit = tr(ctx, "library.decide")
		v.Inputs = []ui.Input{{Kind: ui.KindRadio, Name: "keep", Label: tr(ctx, "library.decide_which"), Options: []ui.Option{{Value: "1", Text: tr(ctx, "library.keep")}, {Value: "0", Text: tr(ctx, "library.take_down")}}},
			{Kind: ui.KindArea, Name: "why", Label: tr(ctx, "library.why"), Hint: tr(ctx, "library.why_hint"), Lines: 3, MaxLength: maxWords}}
	case x.State == ReportUpheld && mayAppeal(ctx, x, home):
		v.Submit = tr(ctx, "library.appeal_do")
		v.Inputs = []ui.Input{{Kind: ui.KindArea, Name: "words", Label: tr(ctx, "library.appeal"), Hint: tr(ctx, "library.appeal_hint"), Lines: 3, MaxLength: maxWords}}
	}
	return v, facts, nil
}

func (s *Service) reportPage(w http.ResponseWriter, r *http.Request) error {
	v, facts, err := s.aboutReported(r)
	if err != nil {
		return err
	}
	return s.showReported(w, r, v, facts, web.NewKey())
}

func (s *Service) showReported(w http.ResponseWriter, r *http.Request, v record.Form, facts []ui.Fact, key string) error {
	v.Spec = ui.FormSpec{Action: v.Action, Key: key, Submit: v.Submit}
	page := web.Page{Title: v.Title, Current: "library", Plain: true}
	if len(v.Faults) > 0 {
		page.Error, page.Status = true, http.StatusUnprocessableEntity
	}
	return web.Render(w, r, page, reportTempl(v, facts))
}

func (s *Service) decidePost(w http.ResponseWriter, r *http.Request) error {
	v, facts, err := s.aboutReported(r)
	if err != nil {
		return err
	}
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		if f.Has("words") {
			return v.Action, s.Appeal(ctx, ref, f.Text("words"))
		}
		if keep := f.Text("keep"); keep != "0" && keep != "1" {
			f.Problems.Add("keep", "library.keep_missing")
			return "", f.Problems.Err()
		}
		return v.Action, s.Decide(ctx, ref, f.Text("keep") == "1", f.Text("why"))
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	beside, faults, rest := web.Problems(r.Context(), err)
	if rest != nil {
		return rest
	}
	v.Faults = faults
	for i := range v.Inputs {
		v.Inputs[i].Value, v.Inputs[i].Error = f.Get(v.Inputs[i].Name), beside[v.Inputs[i].Name]
	}
	return s.showReported(w, r, v, facts, f.Key())
}
