package library

import (
	"context"
	"io"
	"net/http"
	"path"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

// batchRoutes are those on which a zip of documents is sent and followed.
func (s *Service) batchRoutes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/library/bulk", Right: scope.Work, Scope: web.ByUnit, Name: "library.bulkForm", Handler: s.bulkForm},
		{Method: post, Path: "/library/bulk", Right: scope.Work, Scope: web.ByUnit, Name: "library.bulk", Handler: s.bulkPost},
		{Method: get, Path: "/library/bulk/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "library.batch", Handler: s.batchPage},
	}
}

func batchPath(ref id.Ref) string { return "/library/bulk/" + ref.String() }

func (s *Service) aboutBulk(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return record.Form{}, err
	}
	zipInput := ui.Input{Kind: ui.KindFile, Name: "file", Label: tr(ctx, "library.bulk_file"), Hint: i18n.T(ctx, "library.bulk_hint", "N", ui.Number(mostBulk), "GB", MaxZip>>30), Accept: ".zip"}
	v := record.Form{Unit: u, Title: tr(ctx, "library.bulk"), Lead: tr(ctx, "library.bulk_lead"), Back: newPath(u.ID), Action: "/library/bulk?unit=" + u.ID.String(), Submit: tr(ctx, "library.bulk_do"), Current: "library",
		Spec:   ui.FormSpec{Multipart: true, Parts: "/library/part?zip=1&unit=" + u.ID.String()},
		Inputs: []ui.Input{zipInput, s.categoryInput(ctx, ""), visibleInput(ctx, VisibleMembers), {Kind: ui.KindCheck, Name: "issue", Label: tr(ctx, "library.bulk_issue"), Hint: tr(ctx, "library.bulk_issue_hint")}}}
	list, err := s.batchesOf(ctx, u.ID, 5)
	for _, b := range list {
		v.More = append(v.More, ui.Button{Text: i18n.T(ctx, "library.bulk_line", "File", b.File, "Day", i18n.Day(ctx, clock.DayOf(time.UnixMilli(b.At)))), Href: batchPath(b.Ref())})
	}
	return v, err
}

func (s *Service) bulkForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutBulk(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

// bulkPost takes a zip that came in parts, or without a script with the form itself.
func (s *Service) bulkPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutBulk(r)
	if err != nil {
		return err
	}
	sent := ""
	f, err := web.ReadUpload(w, r, MaxTogether, "library.files_large", func(input, name string, from io.Reader) error {
		if input != "file" || sent != "" {
			return nil
		}
		hash, size, err := s.blobs.Put(r.Context(), from)
		if err != nil || size == 0 {
			return err
		}
		a := scope.From(r.Context())
		sent, err = s.sentWhole(r.Context(), a.Account, Incoming{Kept: file.Kept{Name: uploadName(path.Base(name)), Kind: zipKind, Hash: hash, Size: size}})
		return err
	})
	if err != nil {
		return err
	}
	return s.rec.Sent(w, r, v, f, func(ctx context.Context, f *web.Form) (string, error) {
		if f.Text("sent") != "" {
			sent = f.Text("sent")
		}
		if sent == "" {
			f.Problems.Add("file", "library.file_missing")
		}
		as := Document{Category: f.Text("category"), Visible: Visible(f.Text("visible"))}
		if p := append(f.Problems, s.notTitle(ctx, as)...); len(p) > 0 {
			f.Problems = nil
			return "", p.Err()
		}
		ref, err := s.TakeZip(ctx, v.Unit.ID, sent, as, f.Text("issue") != "")
		return batchPath(ref), err
	})
}

// batchPage says how far a zip has come, and what was not taken.
func (s *Service) batchPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	b, refused, err := s.Batch(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, b.Unit)
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: b.File, Under: i18n.T(ctx, "library.bulk_under", "Unit", u.Name, "By", b.Name, "Day", i18n.Day(ctx, clock.DayOf(time.UnixMilli(b.At))))}}
	facts := []ui.Fact{{Label: tr(ctx, "library.state"), Text: tr(ctx, "library.bulk_is."+b.State)}, {Label: tr(ctx, "library.bulk_passed"), Text: i18n.T(ctx, "library.bulk_of", "N", b.Next, "All", b.Entries)},
		{Label: tr(ctx, "library.bulk_taken"), Text: ui.Number(b.Taken)}, {Label: tr(ctx, "library.bulk_there"), Text: ui.Number(b.There)}, {Label: tr(ctx, "library.bulk_refused"), Text: ui.Number(b.Next - b.Taken - b.There)}}
	if b.Problem != "" {
		facts = append(facts, ui.Fact{Label: tr(ctx, "library.bulk_problem"), Text: b.Problem})
	}
	x := record.Section{ID: "state", Title: tr(ctx, "library.bulk"), Facts: facts, Acts: []ui.Button{{Text: tr(ctx, "library.bulk_drafts"), Href: "/library?mine=1&state=" + string(Draft)}}}
	if b.State == batchOpen {
		x.Acts = append(x.Acts, ui.Button{Text: tr(ctx, "library.bulk_again"), Href: batchPath(ref), Main: true})
	}
	v.Sections = []record.Section{x}
	if len(refused) > 0 {
		t := record.Section{ID: "refused", Title: tr(ctx, "library.bulk_refused"), Table: ui.Table{Columns: []ui.Column{{Text: tr(ctx, "library.file")}, {Text: tr(ctx, "library.bulk_why")}}}}
		for _, x := range refused {
			t.Table.Rows = append(t.Table.Rows, ui.Row{Cells: []ui.Cell{ui.Text(x.Name), ui.Text(x.Why)}})
		}
		v.Sections = append(v.Sections, t)
	}
	return web.Render(w, r, web.Page{Title: b.File, Current: "library", Crumbs: []ui.Link{{Text: tr(ctx, "library.title"), Href: "/library"}, {Text: b.File}}}, record.OverviewBody(v))
}
