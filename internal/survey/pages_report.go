package survey

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func reportPath(ref id.Ref) string { return "/research/" + ref.String() }

func (s *Service) reportRoutes() []web.Route {
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut
	return []web.Route{
		{Method: get, Path: "/research", Right: scope.View, Scope: web.ByUnit, Name: "survey.reports", Handler: s.reportsPage},
		{Method: get, Path: "/research/new", Right: scope.Work, Scope: web.ByUnit, Name: "survey.reportNew", Handler: s.reportNew},
		{Method: post, Path: "/research/new", Right: scope.Work, Scope: web.ByUnit, Name: "survey.reportCreate", Handler: s.reportCreate},
		{Method: get, Path: "/research/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "survey.report", Handler: s.reportPage},
		{Method: get, Path: "/research/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "survey.reportKnown", Handler: s.reportKnown},
		{Method: get, Path: "/research/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.reportForm", Handler: record.ActForm(s.aboutReport)},
		{Method: post, Path: "/research/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.reportAct", Handler: s.rec.ActPost(s.aboutReport, s.doReport)},
		{Method: post, Path: "/research/{ref}/file", Right: scope.Work, Scope: web.ByRecord, Name: "survey.reportFileAdd", Handler: s.reportFileAdd},
		{Method: get, Path: "/research/{ref}/file/{hash}", Right: scope.View, Scope: web.ByRecord, Name: "survey.reportFile", Handler: s.reportFile},
		{Method: get, Path: "/api/v1/research", Right: scope.View, Scope: web.ByUnit, Name: "survey.apiReports", Handler: s.apiReports},
		{Method: post, Path: "/api/v1/research", Right: scope.Work, Scope: web.ByRecord, Name: "survey.apiReportAdd", Handler: s.apiReportAdd},
		{Method: get, Path: "/api/v1/research/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "survey.apiReport", Handler: s.apiReport},
		{Method: put, Path: "/api/v1/research/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.apiReportSave", Handler: s.apiReportSave},
	}
}

// yearIn is the year that the address names, this one without.
func yearIn(r *http.Request) int {
	if y, err := strconv.Atoi(r.URL.Query().Get("year")); err == nil && y > 1999 && y < 2200 {
		return y
	}
	return clock.Today(r.Context()).Year()
}

// views are the pages of this module beside each other.
func views(ctx context.Context, u org.Unit, current string) ui.Choice {
	c := ui.Choice{Label: i18n.T(ctx, "survey.view")}
	for _, v := range []struct{ path, key string }{{"/survey", "survey.surveys"}, {"/poll", "survey.polls"}, {"/research", "survey.reports"}} {
		c.Links = append(c.Links, ui.Link{Text: i18n.T(ctx, v.key), Href: at(v.path, u), Current: v.path == current})
	}
	return c
}

// reportsPage lists the reports of a year with who adopted them (R185).
func (s *Service) reportsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	year := yearIn(r)
	list, err := s.Reports(ctx, u, year)
	if err != nil {
		return err
	}
	adopted := 0
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Unit
		if l.AdoptedOn != clock.Open {
			adopted++
		}
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "survey.reports")
	v := record.Overview{Heading: ui.Heading{Title: title, Under: u.Name}, Choices: []ui.Choice{views(ctx, u, "/research")}}
	if v.Figures, err = s.figures(ctx, u, "research.finished", "research.adopted"); err != nil {
		return err
	}
	years := ui.Choice{Label: i18n.T(ctx, "survey.f.year")}
	for _, y := range []int{clock.Today(ctx).Year() - 2, clock.Today(ctx).Year() - 1, clock.Today(ctx).Year()} {
		years.Links = append(years.Links, ui.Link{Text: i18n.T(ctx, "survey.year", "Year", y), Href: at("/research", u, "year", strconv.Itoa(y)), Current: y == year})
	}
	v.Choices = append(v.Choices, years)
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "survey.report_begin"), Href: at("/research/new", u), Main: true}, {Text: i18n.T(ctx, "survey.report_import"), Href: at("/import/"+KindReport, u)}}
	}
	t := ui.Table{Caption: title, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.report")}, column(ctx, "survey.f.topic"), column(ctx, "survey.f.unit"), column(ctx, "survey.f.finished_on"), column(ctx, "survey.f.adopted")}}
	for _, l := range list {
		state := ui.Text(i18n.T(ctx, "survey.not_adopted"))
		if l.AdoptedOn != clock.Open {
			state = ui.Text(i18n.T(ctx, "survey.adopted_by", "Name", l.AdoptedBy, "Day", i18n.Day(ctx, l.AdoptedOn))) // too long for a tag
		}
		t.Rows = append(t.Rows, ui.Row{ID: l.Ref().String(), Cells: []ui.Cell{ui.To(l.Title, reportPath(l.Ref())), ui.Text(l.Topic), ui.Text(units[l.Unit].Name), ui.Text(i18n.Day(ctx, l.FinishedOn)), state}})
	}
	v.Sections = []record.Section{{ID: "reports", Title: i18n.T(ctx, "survey.year_reports", "Year", year), Lead: i18n.T(ctx, "survey.reports_lead", "N", len(list), "Adopted", adopted), Table: t, Empty: i18n.T(ctx, "survey.reports_none"),
		Acts: []ui.Button{{Text: i18n.T(ctx, "survey.report_export"), Href: at("/export/"+KindReport, u, "format", table.XLSX)}}}}
	return web.Render(w, r, web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "survey.title"), Href: at("/survey", u)}, {Text: title}}}, record.OverviewBody(v))
}

var reportActs = []string{"edit", "adopt", "file", "remove"}

func (s *Service) reportPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	p, _, err := s.Report(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, p.Unit)
	if err != nil {
		return err
	}
	v := record.Shown{Heading: ui.Heading{Title: p.Title, Under: u.Name}, Known: "/research/known/" + ref.String()}
	if p.AdoptedOn != clock.Open {
		v.Heading.Tags = []ui.Mark{{Text: i18n.T(ctx, "survey.is_adopted"), Kind: "p"}}
	}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		for _, a := range reportActs {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "survey.rdo."+a), Href: reportPath(ref) + "/" + a, Main: a == "adopt" && p.AdoptedOn == clock.Open})
		}
	}
	for _, f := range reportFacts(ctx, p)[1:] {
		if f.Text != "" && f.Key != "survey.f.files" {
			v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
		}
	}
	files := record.Section{ID: "files", Title: i18n.T(ctx, "survey.f.files")}
	if len(p.Files) == 0 {
		files.Empty = i18n.T(ctx, "survey.files_none")
	}
	for _, f := range p.Files {
		files.Facts = append(files.Facts, ui.Fact{Label: i18n.T(ctx, "survey.f.file"), Text: f.Name, Href: reportPath(ref) + "/file/" + f.Hash})
	}
	v.Sections = append(v.Sections, files)
	if v.Timeline, err = s.reports.Timeline(ctx, ref, reportPath(ref)+"/"+record.ActUndo); err != nil {
		return err
	}
	page := crumbs(ctx, u, p.Title)
	page.Crumbs = slices.Insert(page.Crumbs, 1, ui.Link{Text: i18n.T(ctx, "survey.reports"), Href: at("/research", u, "year", strconv.Itoa(p.FinishedOn.Year()))})
	return web.Render(w, r, page, record.ShownBody(v))
}

func (s *Service) reportKnown(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	p, _, err := s.Report(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.reports.KnownPage(w, r, ref, ui.Link{Text: p.Title, Href: reportPath(ref)}, Kind)
}

func reportInputs(ctx context.Context, p Report) []ui.Input {
	tr := func(key string) string { return i18n.T(ctx, key) }
	return []ui.Input{
		{Name: "title", Label: tr("survey.f.report"), Value: p.Title, MaxLength: maxName},
		{Name: "topic", Label: tr("survey.f.topic"), Hint: tr("survey.topic_hint"), Value: p.Topic, MaxLength: maxName},
		{Kind: ui.KindArea, Name: "sites", Label: tr("survey.f.sites"), Hint: tr("survey.one_a_line"), Value: strings.Join(p.Sites, "\n"), Lines: 4},
		{Kind: ui.KindArea, Name: "authors", Label: tr("survey.f.authors"), Hint: tr("survey.one_a_line"), Value: strings.Join(p.Authors, "\n"), Lines: 3},
		{Kind: ui.KindDate, Name: "finished_on", Label: tr("survey.f.finished_on"), Value: string(p.FinishedOn)},
		{Kind: ui.KindArea, Name: "findings", Label: tr("survey.f.findings"), Hint: tr("survey.findings_hint"), Value: p.Findings, Lines: 12},
	}
}

func adoptInputs(ctx context.Context, p Report) []ui.Input {
	return []ui.Input{{Name: "adopted_by", Label: i18n.T(ctx, "survey.f.adopted_by"), Value: p.AdoptedBy, MaxLength: maxName}, {Kind: ui.KindDate, Name: "adopted_on", Label: i18n.T(ctx, "survey.f.adopted_on"), Value: string(p.AdoptedOn)},
		{Kind: ui.KindArea, Name: "adoption", Label: i18n.T(ctx, "survey.f.adoption"), Hint: i18n.T(ctx, "survey.adoption_hint"), Value: p.Adoption, Optional: true, Lines: 3}}
}

func reportTyped(f *web.Form) Report {
	return Report{Title: f.Text("title"), Topic: f.Text("topic"), Sites: f.Lines("sites"), Authors: f.Lines("authors"), FinishedOn: f.Day("finished_on"), Findings: f.Text("findings")}
}

func (s *Service) toReport(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return record.Form{}, err
	}
	if err := s.reports.MayCreate(ctx, Report{Unit: u.ID}, acted("report")); err != nil {
		return record.Form{}, err
	}
	return record.Form{Current: Kind, Unit: u, Title: i18n.T(ctx, "survey.report_begin"), Over: u.Name, Back: at("/research", u), Action: at("/research/new", u), Submit: i18n.T(ctx, "survey.save"), Inputs: reportInputs(ctx, Report{FinishedOn: clock.Today(ctx)})}, nil
}

func (s *Service) reportNew(w http.ResponseWriter, r *http.Request) error {
	v, err := s.toReport(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) reportCreate(w http.ResponseWriter, r *http.Request) error {
	v, err := s.toReport(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		p := reportTyped(f)
		p.Unit = v.Unit.ID
		ref, err := s.AddReport(ctx, p, record.Change{})
		return reportPath(ref), err
	})
}

// aboutReport is the form of an act on a report, for somebody who works at its unit.
func (s *Service) aboutReport(r *http.Request) (record.Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	p, v, err := record.Opened(r, record.Subject[Report]{Book: s.reports, Get: s.Report, Acts: reportActs, Save: "survey.act.report_save", Home: func(p Report) (id.ID, int) { return p.Unit, p.FinishedOn.Year() }, Path: reportPath, Submit: "survey.save", Current: Kind})
	if err != nil || act == record.ActUndo {
		return v, err
	}
	v.Over, v.Title = p.Title, i18n.T(ctx, "survey.rdo."+act)
	switch act {
	case "edit":
		if v.Inputs = reportInputs(ctx, p); p.AdoptedOn != clock.Open {
			v.Inputs = append(v.Inputs, adoptInputs(ctx, p)...)
		}
	case "adopt":
		if p.AdoptedOn == clock.Open {
			p.AdoptedOn = clock.Today(ctx)
		}
		v.Inputs = adoptInputs(ctx, p)
	case "file":
		v.Spec.Multipart = true
		v.Inputs = []ui.Input{{Kind: ui.KindFile, Name: "file", Label: i18n.T(ctx, "survey.f.file"), Hint: i18n.T(ctx, "survey.file_hint", "N", maxFiles), Optional: true, Multiple: true, Accept: ".pdf,.docx,.xlsx,.txt,image/*"}}
		if len(p.Files) > 0 {
			drop := ui.Input{Kind: ui.KindChecks, Name: "drop", Label: i18n.T(ctx, "survey.f.drop"), Optional: true}
			for _, f := range p.Files {
				drop.Options = append(drop.Options, ui.Option{Value: f.Hash, Text: f.Name})
			}
			v.Inputs = append(v.Inputs, drop)
		}
	case "remove":
		v.Inputs = []ui.Input{{Kind: ui.KindArea, Name: "reason", Label: i18n.T(ctx, "survey.f.reason"), Lines: 2}}
	}
	return v, nil
}

func (s *Service) doReport(ctx context.Context, v record.Form, act string, f *web.Form) (string, error) {
	n, to := f.Version(), reportPath(v.Ref)
	list := web.Address("/research", url.Values{"unit": {v.Unit.ID.String()}, "year": {strconv.Itoa(v.Year)}})
	switch act {
	case "edit":
		p := reportTyped(f)
		p.AdoptedBy, p.AdoptedOn, p.Adoption = f.Text("adopted_by"), f.Day("adopted_on"), f.Text("adoption")
		return to, s.SaveReport(ctx, v.Ref, n, p, record.Change{})
	case "adopt":
		return to, s.Adopt(ctx, v.Ref, n, f.Text("adopted_by"), f.Day("adopted_on"), f.Text("adoption"))
	case "remove":
		return list, s.RemoveReport(ctx, v.Ref, n, f.Text("reason"))
	}
	err := s.reports.Undo(ctx, v.Ref, n)
	if _, _, gone := s.Report(ctx, v.Ref); err == nil && errs.Is(gone, errs.NotFound) {
		to = list
	}
	return to, err
}

// reportFileAdd takes the form by which files come to a report, several at a time, or go.
func (s *Service) reportFileAdd(w http.ResponseWriter, r *http.Request) error {
	r.SetPathValue("act", "file")
	v, err := s.aboutReport(r)
	if err != nil {
		return err
	}
	var kept []file.Kept
	var refused errs.Fields
	f, err := web.ReadUpload(w, r, 4*MaxFile, "errs.form_too_large", func(input, name string, from io.Reader) error {
		data, err := io.ReadAll(io.LimitReader(from, MaxFile+1))
		if err != nil || len(data) == 0 || input != "file" {
			return err
		}
		k, err := s.Keep(r.Context(), name, bytes.NewReader(data))
		var e *errs.Error
		if errors.As(err, &e) && e.Kind != errs.Internal {
			refused = append(refused, errs.Field{Name: "file", Key: e.Key, Args: e.Args})
			return nil
		}
		kept = append(kept, k)
		return err
	})
	if err != nil {
		return err
	}
	f.Problems = append(f.Problems, refused...)
	return s.rec.Sent(w, r, v, f, func(ctx context.Context, f *web.Form) (string, error) {
		if err := f.Problems.Err(); err != nil {
			return "", err
		}
		return reportPath(v.Ref), s.AttachFiles(ctx, v.Ref, f.Version(), kept, f.Values["drop"])
	})
}

func (s *Service) reportFile(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	a, f, err := s.ReportFile(r.Context(), ref, r.PathValue("hash"))
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(a.Name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// wholeReport is a report as programs read and write it.
type wholeReport struct {
	Ref     string `json:"ref,omitempty"`
	Version int64  `json:"version,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Record  Report `json:"record"`
}

func (s *Service) answerReport(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	p, v, err := s.Report(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, status, wholeReport{Ref: ref.String(), Version: v.N, Record: p})
}

// apiReports answers the reports of a year: ?unit= &year=.
func (s *Service) apiReports(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, err := s.Reports(r.Context(), u, yearIn(r))
	if err != nil {
		return err
	}
	type line struct {
		Ref string `json:"ref"`
		ListedReport
	}
	out := []line{}
	for _, l := range list {
		out = append(out, line{l.Ref().String(), l})
	}
	return web.JSON(w, http.StatusOK, map[string]any{"reports": out})
}

func (s *Service) apiReportAdd(w http.ResponseWriter, r *http.Request) error {
	var in wholeReport
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	ref, err := web.OnceRef(r, s.db, func(ctx context.Context) (id.Ref, error) { return s.AddReport(ctx, in.Record, record.Change{}) })
	if err != nil {
		return err
	}
	return s.answerReport(w, r, http.StatusCreated, ref)
}

func (s *Service) apiReport(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return s.answerReport(w, r, http.StatusOK, ref)
}

func (s *Service) apiReportSave(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	var in wholeReport
	if err := web.ReadJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.SaveReport(r.Context(), ref, in.Version, in.Record, record.Change{Reason: in.Reason}); err != nil {
		return err
	}
	return s.answerReport(w, r, http.StatusOK, ref)
}
