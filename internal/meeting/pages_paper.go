package meeting

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/docx"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/paper"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// paperOf makes the minutes of a version, the last one with 0.
func (s *Service) paperOf(ctx context.Context, ref id.Ref, m Meeting, u org.Unit, version int) (p paper.Paper, err error) {
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
	committee := org.Committee(u.Name)
	office := tr("meeting.paper_office", "Unit", committee)
	p = paper.Paper{Mark: tr("meeting.paper_mark", "Unit", committee, "Kind", m.Kind), Number: m.Minutes.Number, By: office, Day: i18n.Day(ctx, day), At: m.Day.Time(),
		Printer: office, Printed: i18n.Day(ctx, m.Minutes.IssuedOn)}
	opening := tr("meeting.paper_opening", "Day", i18n.Day(ctx, m.Day), "Chair", m.Chair, "Place", m.Place, "Title", m.Title, "Kind", m.Kind)
	p.Parts = []paper.Part{{Text: append([]string{opening}, web.TextLines(text)...)}}
	if m.Minutes.State() == "draft" || version > 0 && version < len(m.Minutes.Drafts) {
		p.Draft = tr("meeting.paper_draft")
	}
	copies := make([]Party, 0, len(m.Seats))
	for _, x := range m.Seats {
		copies = append(copies, x.Party)
	}
	var decided []string
	for i, l := range list {
		d, _, err := s.Decision(ctx, l.Ref())
		if err != nil {
			return p, err
		}
		copies = append(append(copies, d.Lead), d.Assist...)
		decided = append(decided, tr("meeting.paper_item", "N", i+1, "Text", strings.TrimRight(d.Text, "。"), "Lead", d.Lead.Name, "Assist", named(ctx, d.Assist), "Due", i18n.Day(ctx, d.Due)))
	}
	p.Parts = append(p.Parts, paper.Part{Heading: tr("meeting.paper_decided"), Text: decided})
	for _, x := range copies { // who came, or has something to do now
		name := x.Name
		if x.Unit != 0 {
			name = org.CommitteeShort(name)
		}
		if x.Unit != m.Unit && !slices.Contains(p.Copies, name) {
			p.Copies = append(p.Copies, name)
		}
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
			p.Parts = append(p.Parts, paper.Part{Label: tr(k.key), Text: []string{strings.Join(who, tr("meeting.comma"))}})
		}
	}
	return p, nil
}

// readPaper reads the meeting of an address whose minutes there are and may be seen.
func (s *Service) readPaper(r *http.Request) (id.Ref, Meeting, paper.Paper, error) {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return ref, Meeting{}, paper.Paper{}, err
	}
	m, _, err := s.Get(ctx, ref)
	if err != nil {
		return ref, m, paper.Paper{}, err
	}
	if len(m.Minutes.Drafts) == 0 {
		return ref, m, paper.Paper{}, web.NotFound(r)
	}
	u, _, err := s.meetings.home(ctx, m)
	if err != nil {
		return ref, m, paper.Paper{}, err
	}
	version, _ := strconv.Atoi(r.URL.Query().Get("version"))
	p, err := s.paperOf(ctx, ref, m, u, version)
	return ref, m, p, err
}

func (s *Service) paperPage(w http.ResponseWriter, r *http.Request) error {
	ref, m, p, err := s.readPaper(r)
	if err != nil {
		return err
	}
	return s.renderPaper(w, r, ref, m, p, ui.Button{Text: i18n.T(r.Context(), "meeting.docx"), Href: s.meetings.here(ref) + "/minutes", Main: true})
}

func (s *Service) renderPaper(w http.ResponseWriter, r *http.Request, ref id.Ref, m Meeting, p paper.Paper, act ui.Button) error {
	ctx := r.Context()
	u, _, err := s.meetings.home(ctx, m)
	if err != nil {
		return err
	}
	page := crumbs(ctx, p.Name(), u)
	page.Letter = true
	page.Crumbs = slices.Insert(page.Crumbs, 1, ui.Link{Text: m.Title, Href: s.meetings.here(ref)})
	return web.Render(w, r, page, paperTempl(p.Page(act)))
}

func (s *Service) minutesFile(w http.ResponseWriter, r *http.Request) error {
	_, _, p, err := s.readPaper(r)
	if err != nil {
		return err
	}
	return p.Send(w)
}

// readTasks makes the list of what a meeting decided, as an official table.
func (s *Service) readTasks(r *http.Request) (id.Ref, Meeting, paper.Paper, error) {
	ref, err := web.RefIn(r)
	if err != nil {
		return ref, Meeting{}, paper.Paper{}, err
	}
	m, _, err := s.Get(r.Context(), ref)
	if err != nil {
		return ref, m, paper.Paper{}, err
	}
	ctx := i18n.In(r.Context(), "zh")
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	u, _, err := s.meetings.home(ctx, m)
	if err != nil {
		return ref, m, paper.Paper{}, err
	}
	list, err := s.OfMeeting(ctx, ref, u)
	if err != nil {
		return ref, m, paper.Paper{}, err
	}
	if len(list) == 0 {
		return ref, m, paper.Paper{}, web.NotFound(r)
	}
	t := docx.Table{Header: []string{tr("meeting.no"), tr("meeting.decision"), tr("meeting.f.lead"), tr("meeting.f.assist"), tr("meeting.f.due"), tr("meeting.progress")}, Widths: []int{2, 9, 4, 5, 4, 5}}
	today := clock.Today(ctx)
	for i, l := range list {
		d, _, err := s.Decision(ctx, l.Ref())
		if err != nil {
			return ref, m, paper.Paper{}, err
		}
		how := stateCell(ctx, d.StateOn(today), d.Due, d.DoneOn, today).Text
		if n := len(d.Steps); n > 0 && d.DoneOn == "" {
			how = d.Steps[n-1].Text
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), d.Text, d.Lead.Name, named(ctx, d.Assist), i18n.Day(ctx, d.Due), how})
	}
	return ref, m, paper.Paper{Title: tr("meeting.tasks_title", "Title", m.Title), Date: i18n.Day(ctx, m.Day), Table: &t, Signed: []string{org.Committee(u.Name)}, On: i18n.Day(ctx, today), At: m.Day.Time()}, nil
}

func (s *Service) tasksPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, m, p, err := s.readTasks(r)
	if err != nil {
		return err
	}
	return s.renderPaper(w, r, ref, m, p, ui.Button{Text: i18n.T(ctx, "meeting.docx"), Href: s.meetings.here(ref) + "/tasks/docx", Main: true})
}

func (s *Service) tasksFile(w http.ResponseWriter, r *http.Request) error {
	_, _, p, err := s.readTasks(r)
	if err != nil {
		return err
	}
	return p.Send(w)
}
