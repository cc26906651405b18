package meeting

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/docx"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// docxKind is the content type of a Word document.
const docxKind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// paper is the minutes of a meeting as an official text. It is Chinese whatever the language of the pages around it.
type paper struct {
	Mark    string // 云州市关工委联席会议纪要
	Number  string
	By, Day string // who issues it and when
	Opening string
	Text    []string
	Heading string // of what was decided
	Decided []string
	People  [][2]string // 出席：…
	Draft   string      // said when the chair has not approved it
	at      time.Time
}

// paperOf makes the minutes of a version, the last one with 0.
func (s *Service) paperOf(ctx context.Context, ref id.Ref, m Meeting, u org.Unit, version int) (p paper, err error) {
	ctx = i18n.In(ctx, "zh")
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	text := m.Minutes.Text()
	if version > 0 && version <= len(m.Minutes.Drafts) {
		text = m.Minutes.Drafts[version-1].Text
	}
	list, err := s.OfMeeting(ctx, ref, u)
	if err != nil {
		return p, err
	}
	day := m.Minutes.IssuedOn
	if day == "" {
		day = m.Day
	}
	p = paper{Mark: tr("meeting.paper_mark", "Unit", u.Name, "Kind", m.Kind), Number: m.Minutes.Number, By: u.Name, Day: i18n.Day(ctx, day), Text: web.TextLines(text), at: m.Day.Time(),
		Opening: tr("meeting.paper_opening", "Day", i18n.Day(ctx, m.Day), "Chair", m.Chair, "Place", m.Place, "Title", m.Title, "Kind", m.Kind)}
	if m.Minutes.State() == "draft" || version > 0 && version < len(m.Minutes.Drafts) {
		p.Draft = tr("meeting.paper_draft")
	}
	if len(list) > 0 {
		p.Heading = tr("meeting.paper_decided")
	}
	for i, l := range list {
		d, _, err := s.Decision(ctx, l.Ref())
		if err != nil {
			return p, err
		}
		p.Decided = append(p.Decided, tr("meeting.paper_item", "N", i+1, "Text", strings.TrimRight(d.Text, "。"), "Lead", d.Lead.Name, "Assist", named(ctx, d.Assist), "Due", i18n.Day(ctx, d.Due)))
	}
	for _, k := range []struct {
		key  string
		when []string
	}{{"meeting.paper_present", []string{"self", "deputy"}}, {"meeting.paper_excused", []string{"excused"}}, {"meeting.paper_absent", []string{"away"}}} {
		var who []string
		for _, x := range m.Seats {
			if slices.Contains(k.when, x.Came) {
				name := x.Person
				if x.Came == "deputy" && x.Deputy != "" {
					name = tr("meeting.paper_deputy", "Name", x.Deputy)
				}
				if name == "" {
					name = x.Party.Name
				} else {
					name = tr("meeting.paper_person", "Name", name, "Body", x.Party.Name)
				}
				who = append(who, name)
			}
		}
		if len(who) > 0 {
			p.People = append(p.People, [2]string{tr(k.key), strings.Join(who, tr("meeting.comma"))})
		}
	}
	return p, nil
}

// readPaper reads the meeting of an address whose minutes there are and may be seen.
func (s *Service) readPaper(r *http.Request) (id.Ref, Meeting, paper, error) {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return ref, Meeting{}, paper{}, err
	}
	m, _, err := s.Get(ctx, ref)
	if err != nil {
		return ref, m, paper{}, err
	}
	if len(m.Minutes.Drafts) == 0 {
		return ref, m, paper{}, web.NotFound(r)
	}
	u, _, err := s.meetings.home(ctx, m)
	if err != nil {
		return ref, m, paper{}, err
	}
	version, _ := strconv.Atoi(r.URL.Query().Get("version"))
	p, err := s.paperOf(ctx, ref, m, u, version)
	return ref, m, p, err
}

func (s *Service) paperPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, m, p, err := s.readPaper(r)
	if err != nil {
		return err
	}
	u, _, err := s.meetings.home(ctx, m)
	if err != nil {
		return err
	}
	doc := ui.Document{Title: p.Mark, Intro: p.Draft, Acts: []ui.Button{{Text: i18n.T(ctx, "meeting.docx"), Href: s.meetings.here(ref) + "/minutes", Main: true}}}
	for _, t := range []string{p.Number, p.By + " " + p.Day} {
		if t != "" {
			doc.By = append(doc.By, t)
		}
	}
	add := func(heading string, list ...string) {
		for i, t := range list {
			x := ui.Para{ID: "p" + strconv.Itoa(len(doc.Paras)+1), Runs: []ui.Run{{Text: t}}}
			if i == 0 {
				x.Heading = heading
			}
			doc.Paras = append(doc.Paras, x)
		}
	}
	add("", p.Opening)
	add("", p.Text...)
	add(p.Heading, p.Decided...)
	for _, x := range p.People {
		add("", x[0]+x[1])
	}
	page := crumbs(ctx, p.Mark, u)
	page.Crumbs = slices.Insert(page.Crumbs, 1, ui.Link{Text: m.Title, Href: s.meetings.here(ref)})
	return web.Render(w, r, page, paperTempl(doc))
}

func (s *Service) minutesFile(w http.ResponseWriter, r *http.Request) error {
	_, m, p, err := s.readPaper(r)
	if err != nil {
		return err
	}
	data, err := p.docx()
	if err != nil {
		return err
	}
	return send(w, docxKind, m.Title+".docx", data)
}

// docx is the minutes in the official layout; the same minutes give the same bytes.
func (p paper) docx() ([]byte, error) {
	doc := docx.New(docx.Meta{Title: p.Mark, Author: p.By, Created: p.at})
	doc.RedHead(p.Mark, p.Number, p.By, p.Day)
	doc.Para(docx.Text(p.Opening))
	for _, t := range p.Text {
		doc.Para(docx.Text(t))
	}
	if p.Heading != "" {
		doc.Heading(1, p.Heading)
		for _, t := range p.Decided {
			doc.Para(docx.Text(t))
		}
	}
	for _, x := range p.People {
		doc.Labelled(x[0], x[1])
	}
	if p.Draft != "" {
		doc.Note(1, p.Draft)
	}
	var b bytes.Buffer
	err := doc.Write(&b)
	return b.Bytes(), err
}

// tasksFile is the list of what a meeting decided, as an official table.
func (s *Service) tasksFile(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	m, _, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	ctx := i18n.In(r.Context(), "zh")
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	u, _, err := s.meetings.home(ctx, m)
	if err != nil {
		return err
	}
	list, err := s.OfMeeting(ctx, ref, u)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return web.NotFound(r)
	}
	title := tr("meeting.tasks_title", "Title", m.Title)
	t := docx.Table{Header: []string{tr("meeting.no"), tr("meeting.decision"), tr("meeting.f.lead"), tr("meeting.f.assist"), tr("meeting.f.due"), tr("meeting.progress")}, Widths: []int{2, 9, 4, 5, 4, 5}}
	today := clock.Today(ctx)
	for i, l := range list {
		d, _, err := s.Decision(ctx, l.Ref())
		if err != nil {
			return err
		}
		how := stateCell(ctx, d.StateOn(today), d.Due, d.DoneOn, today).Text
		if n := len(d.Steps); n > 0 && d.DoneOn == "" {
			how = d.Steps[n-1].Text
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), d.Text, d.Lead.Name, named(ctx, d.Assist), i18n.Day(ctx, d.Due), how})
	}
	doc := docx.New(docx.Meta{Title: title, Author: u.Name, Created: m.Day.Time()})
	doc.Title(title)
	doc.DateLine(i18n.Day(ctx, m.Day))
	doc.Table(t)
	doc.Sign(u.Name, i18n.Day(ctx, today))
	var b bytes.Buffer
	if err := doc.Write(&b); err != nil {
		return err
	}
	return send(w, docxKind, title+".docx", b.Bytes())
}
