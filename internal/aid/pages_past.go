package aid

import (
	"context"
	"net/http"
	"path/filepath"
	"strconv"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

func paperPath(ref id.Ref) string { return "/aid/paper/" + ref.String() }

// aboutPaper is the form with which a receipt or another paper is added.
func (s *Service) aboutPaper(r *http.Request) (id.Ref, record.Form, error) {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return ref, record.Form{}, err
	}
	a, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return ref, record.Form{}, err
	}
	if err := s.book.MayWork(ctx, ref, record.Change{Act: "aid.act.paper"}); err != nil {
		return ref, record.Form{}, err
	}
	u, err := s.rec.Home(ctx, a.Unit)
	v := blankForm(ctx, u, "aid.add_paper", path(ref), paperPath(ref))
	v.Over, v.Lead, v.Submit, v.Spec.Multipart = s.title(ctx, ref, a), tr(ctx, "aid.paper_lead", "N", mostPapers, "MB", maxPaperBytes>>20), tr(ctx, "aid.add_paper_it"), true
	v.Inputs = []ui.Input{{Kind: ui.KindFile, Name: "paper", Label: tr(ctx, "aid.f.papers"), Hint: tr(ctx, "aid.papers_hint"), Accept: ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,.txt", Sealed: true}}
	return ref, v, err
}

func (s *Service) paperForm(w http.ResponseWriter, r *http.Request) error {
	_, v, err := s.aboutPaper(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) paperAdd(w http.ResponseWriter, r *http.Request) error {
	ref, v, err := s.aboutPaper(r)
	if err != nil {
		return err
	}
	f, files, err := web.ReadFiles(w, r, maxPaperBytes)
	if err != nil {
		return err
	}
	return s.rec.Sent(w, r, v, f, func(ctx context.Context, f *web.Form) (string, error) {
		up, there := files["paper"]
		if !there {
			f.Problems.Add("paper", "aid.paper_missing")
			return "", f.Problems.Err()
		}
		return path(ref), s.AddPaper(ctx, ref, seal.Upload(up))
	})
}

func (s *Service) paperFile(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	no, _ := strconv.ParseInt(r.PathValue("no"), 10, 64) // 0 is none
	name, kind, data, err := s.OpenPaper(r.Context(), ref, no)
	if err != nil {
		return err
	}
	return seal.Hand(w, name, kind, data)
}

// childrenSection is what is published of how many children were helped.
func (s *Service) childrenSection(ctx context.Context, u org.Unit) (record.Section, error) {
	h, err := s.Children(ctx, u)
	sec := record.Section{ID: "children", Title: tr(ctx, "aid.children"), Lead: tr(ctx, "aid.children_lead", "From", i18n.Month(ctx, anon.FirstOf(h.From)), "To", i18n.Month(ctx, anon.FirstOf(h.To)), "N", anon.Fewest), Empty: tr(ctx, "aid.children_none")}
	if h.N > 0 {
		sec.Empty, sec.Facts = "", []ui.Fact{{Label: tr(ctx, "aid.f.children"), Text: h.Text(ctx)}}
	}
	return sec, err
}

// Text is the number as it is said.
func (h Helped) Text(ctx context.Context) string {
	if h.Least {
		return tr(ctx, "aid.children_least", "N", ui.Number(h.N))
	}
	return tr(ctx, "aid.children_n", "N", ui.Number(h.N))
}

// pastForm asks for a list of earlier years.
func (s *Service) pastForm(ctx context.Context, u org.Unit) record.Form {
	v := blankForm(ctx, u, "aid.past", at("/aid", u.ID), at("/aid/past", u.ID))
	v.Lead, v.Submit, v.Spec.Multipart = tr(ctx, "aid.past_lead", "N", pastYears), tr(ctx, "aid.past_it"), true
	v.Inputs = []ui.Input{{Kind: ui.KindFile, Name: "list", Label: tr(ctx, "aid.f.past_list"), Hint: tr(ctx, "aid.past_hint"), Accept: ".xlsx,.csv", Sealed: true}}
	return v
}

// showPast shows the form with the lists that were brought in, and after one with faults those.
func (s *Service) showPast(w http.ResponseWriter, r *http.Request, u org.Unit, faults []ui.Fault) error {
	ctx := r.Context()
	lists, err := s.PastLists(ctx, u.ID)
	if err != nil {
		return err
	}
	v := s.pastForm(ctx, u)
	v.Faults = faults
	t := ui.Table{Caption: tr(ctx, "aid.past_lists"), Columns: []ui.Column{{Text: tr(ctx, "aid.f.past_day")}, {Text: tr(ctx, "aid.f.past_by"), Label: true}, {Text: tr(ctx, "aid.f.past_n"), Label: true, Right: true}, {Text: tr(ctx, "aid.past_drop"), Label: true}}}
	for _, l := range lists {
		t.Rows = append(t.Rows, ui.Row{ID: l.ID.String(), Cells: []ui.Cell{ui.Text(i18n.Day(ctx, l.Day)), ui.Text(l.ByName), ui.Text(ui.Number(l.N)),
			{Post: &ui.Post{Text: tr(ctx, "aid.past_drop"), Sub: i18n.Day(ctx, l.Day), Action: at("/aid/past", u.ID), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "drop", Value: l.ID.String()}}}}}})
	}
	v.After = []record.Section{{ID: "lists", Title: tr(ctx, "aid.past_lists"), Empty: tr(ctx, "aid.past_none"), Table: t}}
	v.Spec.Action, v.Spec.Key, v.Spec.Submit = v.Action, web.NewKey(), v.Submit
	page := web.Page{Title: v.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "aid.title"), Href: at("/aid", u.ID)}, {Text: v.Title}}}
	if len(faults) > 0 {
		page.Error, page.Status = true, http.StatusUnprocessableEntity
	}
	return web.Render(w, r, page, record.FormBody(v))
}

func (s *Service) pastPage(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	return s.showPast(w, r, u, nil)
}

func (s *Service) pastAdd(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, files, err := web.ReadFiles(w, r, pastLimits.Bytes)
	if err != nil {
		return err
	}
	if drop, err := id.Parse(f.Text("drop")); err == nil {
		if err := s.DropPast(ctx, u.ID, drop); err != nil {
			return err
		}
		return web.SeeOther(w, r, at("/aid/past", u.ID))
	}
	refused := func(key string, args ...any) error {
		return s.showPast(w, r, u, []ui.Fault{{Name: "list", Text: tr(ctx, key, args...)}})
	}
	up, there := files["list"]
	if !there {
		return refused("aid.past_missing")
	}
	var problems []table.Problem
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		var err error
		_, problems, err = s.TakePast(ctx, u.ID, filepath.Base(up.Name), up.Data)
		if err == nil && len(problems) > 0 {
			err = errs.New(errs.Invalid, "aid.past_faults")
		}
		return at("/aid/past", u.ID), err
	})
	switch {
	case err == nil:
		return web.SeeOther(w, r, to)
	case len(problems) > 0:
		var faults []ui.Fault
		for _, p := range problems {
			faults = append(faults, ui.Fault{Name: "list", Text: FaultText(ctx, p)})
		}
		return s.showPast(w, r, u, faults)
	case errs.Is(err, errs.Unsupported), errs.Is(err, errs.TooLarge), errs.Is(err, errs.Invalid):
		return s.showPast(w, r, u, []ui.Fault{{Name: "list", Text: i18n.Error(ctx, err)}})
	}
	return err
}

// FaultText says a fault of a list of earlier years, by its line.
func FaultText(ctx context.Context, p table.Problem) string {
	if p.Line == 0 {
		return tr(ctx, p.Code, pairs(p.Args)...)
	}
	return tr(ctx, "aid.past_fault", "Line", p.Line, "Column", p.Column, "Text", tr(ctx, p.Code, pairs(p.Args)...))
}

func pairs(args map[string]any) (out []any) {
	for k, v := range args {
		out = append(out, k, v)
	}
	return out
}
