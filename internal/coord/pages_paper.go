package coord

import (
	"context"
	"fmt"
	"net/http"
	gopath "path"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/paper"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// paperOf makes the official paper of a notice (GB/T 9704): head in red with everybody who issues it, number, title, to
// whom it goes, text, what has to be done and answered, attachments, who signs and when, who gets a copy.
func (s *Service) paperOf(ctx context.Context, n Notice) (paper.Paper, error) {
	ctx = i18n.In(ctx, "zh")
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	p := paper.Paper{Urgency: urgencyName(ctx, n.Urgency), Number: n.Document, Title: n.Title}
	for i, unit := range n.Issuing() {
		u, err := s.org.Unit(ctx, unit)
		if err != nil {
			return p, err
		}
		name := org.Committee(u.Name)
		if i == 0 {
			p.Word = tr("coord.paper_word")
			p.Mark, p.Printer = name+p.Word, tr("coord.paper_printer", "Name", name)
		}
		p.Signed = append(p.Signed, name)
	}
	p.Signed = append(p.Signed, n.Bodies...)
	p.Issuers, p.Copies = p.Signed, n.Copies
	p.To = s.paperTo(ctx, n.Targets)
	if n.IssuedOn == clock.Open {
		p.Draft = tr("coord.paper_draft")
	} else {
		p.On, p.At = i18n.Day(ctx, n.IssuedOn), n.IssuedOn.Time()
		p.Printed = p.On
	}
	add := func(heading string, text []string) {
		if len(text) > 0 {
			p.Parts = append(p.Parts, paper.Part{Heading: heading, Text: text})
		}
	}
	add("", web.TextLines(n.Text))
	var do, tell, points []string
	item := func(list *[]string, text string, due clock.Day) {
		day := ""
		if due != clock.Open {
			day = i18n.Day(ctx, due)
		}
		*list = append(*list, tr("coord.paper_item", "N", len(*list)+1, "Text", strings.TrimRight(text, "。"), "Due", day))
	}
	for _, o := range n.Obligations {
		item(&do, o.Text, o.Due)
	}
	for _, f := range n.Fields {
		item(&tell, f.Label, clock.Open)
	}
	for _, x := range n.Points {
		item(&points, x, clock.Open)
	}
	number := 0
	for _, x := range []struct {
		key  string
		list []string
	}{{"coord.paper_do", do}, {"coord.paper_tell", tell}, {"coord.paper_points", points}} {
		if len(x.list) > 0 {
			number++
			add(tr(fmt.Sprintf("coord.paper_no.%d", number), "Text", tr(x.key)), x.list)
		}
	}
	if n.Due != clock.Open {
		add("", []string{tr("coord.paper_due", "Day", i18n.Day(ctx, n.Due))})
	}
	for _, f := range n.Files {
		p.Files = append(p.Files, strings.TrimSuffix(f.Name, gopath.Ext(f.Name)))
	}
	return p, nil
}

// paperTo names those to whom a notice goes: each unit when they are few, otherwise their levels.
func (s *Service) paperTo(ctx context.Context, t Targets) string {
	if t.Rule != nil || len(t.Units) > mostNamed {
		return i18n.T(ctx, "coord.paper_those")
	}
	if t.Named() {
		return comma(ctx, t.Units, func(u id.ID) string { return org.CommitteeShort(s.unitName(ctx, u)) })
	}
	return i18n.T(ctx, "coord.paper_each", "Level", s.targetsText(ctx, t))
}

// readPaper makes the paper of the notice that an address names.
func (s *Service) readPaper(r *http.Request) (id.Ref, Notice, paper.Paper, error) {
	ref, err := web.RefIn(r)
	if err != nil {
		return ref, Notice{}, paper.Paper{}, err
	}
	n, _, err := s.Notice(r.Context(), ref)
	if err != nil {
		return ref, n, paper.Paper{}, err
	}
	p, err := s.paperOf(r.Context(), n)
	return ref, n, p, err
}

func (s *Service) paperPage(w http.ResponseWriter, r *http.Request) error {
	ref, n, p, err := s.readPaper(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	page := web.Page{Title: n.Title, Current: "notice", Letter: true, Crumbs: []ui.Link{{Text: i18n.T(ctx, "coord.heading"), Href: "/notice"}, {Text: n.Title, Href: path(ref)}, {Text: i18n.T(ctx, "coord.paper")}}}
	return web.Render(w, r, page, ui.LiveDoc(p.Page(ui.Button{Text: i18n.T(ctx, "coord.paper_docx"), Href: path(ref) + "/paper/docx", Main: true})))
}

func (s *Service) paperFile(w http.ResponseWriter, r *http.Request) error {
	_, _, p, err := s.readPaper(r)
	if err != nil {
		return err
	}
	return p.Send(w)
}
