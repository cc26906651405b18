package meeting

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

type showView struct {
	Heading  ui.Heading
	Facts    []ui.Fact
	Sections []section
	Timeline []ui.Change
	Known    string
}

// facts are those of some keys that have a text.
func factsOf(ctx context.Context, list []record.Fact, keys ...string) (out []ui.Fact) {
	for _, f := range list {
		if f.Text != "" && slices.Contains(keys, strings.TrimPrefix(f.Key, "meeting.f.")) {
			out = append(out, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
		}
	}
	return out
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	m, ver, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	o := oneMeeting{Ref: ref, V: m, N: ver.N}
	if o.Unit, o.Works, err = s.meetings.home(ctx, m); err != nil {
		return err
	}
	d, here := s.meetings, s.meetings.here(ref)
	under := o.Unit.Name
	if m.Host != "" {
		under = i18n.T(ctx, "meeting.host_line", "Host", m.Host, "Unit", o.Unit.Name)
	}
	v := showView{Heading: ui.Heading{Title: m.Title, Under: under, Tags: []ui.Mark{{Text: s.sort(ctx, m.Kind)}}}, Known: here + "/known"}
	if m.CancelledOn != "" {
		v.Heading.Tags = append(v.Heading.Tags, ui.Mark{Text: i18n.T(ctx, "meeting.state.cancelled"), Kind: "w"})
	}
	v.Heading.Acts = d.buttons(ctx, o, "correct", "cancel", "remove")
	v.Facts = factsOf(ctx, s.facts(ctx, m), "code", "day", "place", "host", "chair", "note", "cancelled_on")
	v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, "meeting.f.unit"), Text: o.Unit.Name, Href: "/unit/" + o.Unit.ID.String()})
	v.Sections = append(v.Sections, s.agendaPart(ctx, m)...)
	v.Sections = append(v.Sections, s.peoplePart(ctx, o))
	decisions, err := s.decisionsPart(ctx, o)
	if err != nil {
		return err
	}
	v.Sections = append(v.Sections, decisions...)
	v.Sections = append(v.Sections, s.minutesPart(ctx, o)...)
	v.Sections = append(v.Sections, s.speechPart(ctx, o), s.filesPart(ctx, o))
	all, err := s.seesAll(ctx, m.Unit)
	if err != nil {
		return err
	}
	if v.Timeline, err = d.book.Timeline(ctx, ref, here+"/undo"); err != nil {
		return err
	}
	if !all && len(v.Timeline) > 0 && !o.Works {
		v.Timeline[0].Undo = nil
	}
	return web.Render(w, r, crumbs(ctx, m.Title, o.Unit), showTempl(v))
}

func (s *Service) agendaPart(ctx context.Context, m Meeting) []section {
	if len(m.Agenda) == 0 {
		return nil
	}
	x := section{ID: "agenda", Title: i18n.T(ctx, "meeting.f.agenda")}
	for _, a := range m.Agenda {
		x.Dots = append(x.Dots, ui.Link{Text: a})
	}
	return []section{x}
}

// peoplePart are the members: who was asked, what they answered, who came. Of a meeting of a level above they are those of
// us who went (R78).
func (s *Service) peoplePart(ctx context.Context, o oneMeeting) section {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	m := o.V
	x := section{ID: "people", Title: tr("meeting.f.people"), Empty: tr("meeting.no_people"), Acts: s.meetings.buttons(ctx, o, "invite", "reply", "attend", "unseat")}
	if m.Above {
		x.Title = tr("meeting.who_went")
	}
	came, noted := 0, 0
	t := ui.Table{Caption: x.Title, Columns: []ui.Column{{Text: tr("meeting.f.body")}, {Text: tr("meeting.person"), Label: true}, {Text: tr("meeting.f.reply"), Label: true}, {Text: tr("meeting.f.came"), Label: true}}}
	for _, y := range m.Seats {
		body := ui.Text(y.Party.Name)
		if y.Party.Unit != 0 {
			body.Href = "/unit/" + y.Party.Unit.String()
		}
		state := ui.Text("")
		if y.Came != "" {
			noted++
			kind := "p"
			if y.came() {
				came++
			} else {
				kind = "-"
			}
			if y.Came == "away" {
				kind = "w"
			}
			state = ui.State(tr("meeting.came."+y.Came), kind)
		}
		answer := y.answer(ctx)
		if y.Reply == "" && (m.Above || y.Came != "") {
			answer = "" // nobody waits for one any more
		}
		t.Rows = append(t.Rows, ui.Row{ID: fmt.Sprintf("seat-%d", y.No), Cells: []ui.Cell{body, ui.Text(strings.TrimSpace(y.Person + " " + y.Post)), ui.Text(answer), state}})
	}
	if noted > 0 {
		x.Lead = tr("meeting.came_line", "N", came, "Of", noted)
	}
	x.Table = t
	return x
}

// decisionsPart lists what was decided, which is seen by those whom it concerns.
func (s *Service) decisionsPart(ctx context.Context, o oneMeeting) ([]section, error) {
	if o.V.Above {
		return nil, nil
	}
	list, err := s.OfMeeting(ctx, o.Ref, o.Unit)
	if err != nil {
		return nil, err
	}
	x := section{ID: "decisions", Title: i18n.T(ctx, "meeting.decisions"), Empty: i18n.T(ctx, "meeting.no_decisions"), Acts: s.meetings.buttons(ctx, o, "decide")}
	if len(list) > 0 {
		x.Table = s.decisionTable(ctx, list, true)
		x.Acts = append(x.Acts, ui.Button{Text: i18n.T(ctx, "meeting.tasks_paper"), Href: s.meetings.here(o.Ref) + "/tasks"})
	}
	return []section{x}, nil
}

// minutesPart shows how far the minutes are, their text and their versions.
func (s *Service) minutesPart(ctx context.Context, o oneMeeting) []section {
	m := o.V
	if m.Above || !m.Held(clock.Today(ctx)) {
		return nil
	}
	st := m.Minutes.State()
	if st == "" {
		st = "none"
	}
	x := section{ID: "minutes", Title: i18n.T(ctx, "meeting.f.minutes"), Lead: i18n.T(ctx, "meeting.minutes."+st), Acts: s.meetings.buttons(ctx, o, "minutes", "approve", "reopen", "issue")}
	if m.Minutes.IssuedOn != "" {
		x.Line = append(x.Line, ui.Event{When: i18n.Day(ctx, m.Minutes.IssuedOn), Text: i18n.T(ctx, "meeting.issued_line", "Number", m.Minutes.Number)})
	}
	if m.Minutes.ApprovedOn != "" {
		x.Line = append(x.Line, ui.Event{When: i18n.Day(ctx, m.Minutes.ApprovedOn), Text: i18n.T(ctx, "meeting.approved_line", "Name", m.Minutes.ApprovedBy, "By", m.Minutes.NotedBy)})
	}
	for i := len(m.Minutes.Drafts) - 1; i >= 0; i-- {
		d := m.Minutes.Drafts[i]
		e := ui.Event{When: i18n.Day(ctx, d.On), Text: i18n.T(ctx, "meeting.draft_line", "N", i+1, "By", d.By)}
		if len(m.Minutes.Drafts) > 1 {
			e.Link = ui.Link{Text: i18n.T(ctx, "meeting.see_version"), Href: s.meetings.here(o.Ref) + "/paper?version=" + strconv.Itoa(i+1)}
		}
		x.Line = append(x.Line, e)
	}
	if len(m.Minutes.Drafts) > 0 {
		x.Text = web.TextLines(m.Minutes.Text())
		x.Acts = append(x.Acts, ui.Button{Text: i18n.T(ctx, "meeting.paper"), Href: s.meetings.here(o.Ref) + "/paper"}, ui.Button{Text: i18n.T(ctx, "meeting.docx"), Href: s.meetings.here(o.Ref) + "/minutes"})
	}
	return []section{x}
}

// speechPart names the speakers' units (R78, R79).
func (s *Service) speechPart(ctx context.Context, o oneMeeting) section {
	x := section{ID: "speeches", Title: i18n.T(ctx, "meeting.f.speeches"), Empty: i18n.T(ctx, "meeting.no_speeches"), Acts: s.meetings.buttons(ctx, o, "speech", "unspeak")}
	t := ui.Table{Caption: x.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "meeting.f.speech_title")}, {Text: i18n.T(ctx, "meeting.f.body"), Label: true}, {Text: i18n.T(ctx, "meeting.f.speaker"), Label: true}}}
	for _, y := range o.V.Speeches {
		body := ui.Text(y.Party.Name)
		if y.Party.Unit != 0 {
			body.Href = "/unit/" + y.Party.Unit.String()
		}
		t.Rows = append(t.Rows, ui.Row{ID: fmt.Sprintf("speech-%d", y.No), Cells: []ui.Cell{ui.To(y.Title, speechHref(o.Ref, y.No)), body, ui.Text(y.Speaker)}})
	}
	x.Table = t
	return x
}

func speechHref(ref id.Ref, no int64) string { return fmt.Sprintf("/meeting/%s/speech/%d", ref, no) }

func (s *Service) filesPart(ctx context.Context, o oneMeeting) section {
	x := section{ID: "files", Title: i18n.T(ctx, "meeting.f.files"), Empty: i18n.T(ctx, "meeting.no_files"), Acts: s.meetings.buttons(ctx, o, "file")}
	for _, f := range o.V.Files {
		x.Dots = append(x.Dots, ui.Link{Text: f.Name, Href: s.meetings.here(o.Ref) + "/file/" + f.Hash})
	}
	return x
}

func (s *Service) speechPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	m, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	no, _ := strconv.ParseInt(r.PathValue("no"), 10, 64)
	i := slices.IndexFunc(m.Speeches, func(x Speech) bool { return x.No == no })
	if i < 0 {
		return web.NotFound(r)
	}
	x := m.Speeches[i]
	u, _, err := s.meetings.home(ctx, m)
	if err != nil {
		return err
	}
	v := showView{Heading: ui.Heading{Title: x.Title, Under: strings.TrimSpace(x.Party.Name + " " + x.Speaker)}}
	who := ui.Fact{Label: i18n.T(ctx, "meeting.f.body"), Text: x.Party.Name}
	if x.Party.Unit != 0 {
		who.Href = "/unit/" + x.Party.Unit.String()
	}
	v.Facts = []ui.Fact{{Label: i18n.T(ctx, "meeting.col.meeting"), Text: m.Title, Href: s.meetings.here(ref)}, {Label: i18n.T(ctx, "meeting.f.day"), Text: i18n.Day(ctx, m.Day)}, who}
	if x.File != nil {
		v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, "meeting.file"), Text: x.File.Name, Href: s.meetings.here(ref) + "/file/" + x.File.Hash})
	}
	if x.Text != "" {
		v.Sections = []section{{ID: "text", Title: i18n.T(ctx, "meeting.f.speech_text"), Text: web.TextLines(x.Text)}}
	}
	p := crumbs(ctx, x.Title, u)
	p.Crumbs = slices.Insert(p.Crumbs, 1, ui.Link{Text: m.Title, Href: s.meetings.here(ref)})
	return web.Render(w, r, p, plainTempl(v))
}

func (s *Service) filePage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	a, f, err := s.File(r.Context(), ref, r.PathValue("hash"))
	if err != nil {
		return err
	}
	return serve(w, r, a, f)
}

func (s *Service) evidencePage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	a, f, err := s.EvidenceFile(r.Context(), ref, r.PathValue("hash"))
	if err != nil {
		return err
	}
	return serve(w, r, a, f)
}

func serve(w http.ResponseWriter, r *http.Request, a Attachment, f io.ReadSeekCloser) error {
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(a.Name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

func (s *Service) decisionPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	x, ver, err := s.Decision(ctx, ref)
	if err != nil {
		return err
	}
	o := oneDecision{Ref: ref, V: x, N: ver.N}
	if o.Unit, o.Works, err = s.decisions.home(ctx, x); err != nil {
		return err
	}
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	d, here, today := s.decisions, s.decisions.here(ref), clock.Today(ctx)
	state := stateCell(ctx, x.StateOn(today), x.Due, x.DoneOn, today)
	v := showView{Heading: ui.Heading{Over: tr("meeting.decision"), Title: x.Text, Under: o.Unit.Name, Tags: []ui.Mark{{Text: state.Text, Kind: strings.Trim(state.Tag, "-")}}}, Known: here + "/known"}
	v.Heading.Acts = d.buttons(ctx, o, "close", "report", "amend", "again", "drop", "unmake")
	if len(v.Heading.Acts) > 0 {
		v.Heading.Acts[0].Main = o.V.DoneOn == "" && o.V.DroppedOn == ""
	}
	v.Facts = []ui.Fact{partyFact(tr("meeting.f.lead"), x.Lead)}
	for _, p := range x.Assist {
		v.Facts = append(v.Facts, partyFact(tr("meeting.f.assist"), p))
	}
	v.Facts = append(v.Facts, factsOf(ctx, s.decisionFacts(ctx, x), "due", "code", "done_on", "dropped_on")...)
	meeting := ui.Fact{Label: tr("meeting.col.meeting")}
	if list, err := s.Named(ctx, x.Meeting); err != nil {
		return err
	} else if list.ID != 0 {
		meeting.Text = tr("meeting.meeting_line", "Title", list.Title, "Day", i18n.Day(ctx, list.Day))
		if _, _, err := s.Get(ctx, x.Meeting); err == nil {
			meeting.Href = "/meeting/" + x.Meeting.String()
		}
	}
	v.Facts = append(v.Facts, meeting)
	steps := section{ID: "steps", Title: tr("meeting.f.steps"), Empty: tr("meeting.no_steps")}
	for i := len(x.Steps) - 1; i >= 0; i-- {
		st := x.Steps[i]
		steps.Line = append(steps.Line, ui.Event{When: i18n.Day(ctx, st.On), Text: tr("meeting.step_line", "By", st.By, "Text", st.Text)})
	}
	v.Sections = []section{steps}
	if x.Evidence.Text != "" || len(x.Evidence.Files) > 0 {
		e := section{ID: "evidence", Title: tr("meeting.f.evidence"), Text: web.TextLines(x.Evidence.Text)}
		for _, f := range x.Evidence.Files {
			e.Dots = append(e.Dots, ui.Link{Text: f.Name, Href: here + "/file/" + f.Hash})
		}
		v.Sections = append(v.Sections, e)
	}
	if v.Timeline, err = d.book.Timeline(ctx, ref, here+"/undo"); err != nil {
		return err
	}
	p := crumbs(ctx, tr("meeting.decision"), o.Unit)
	p.Crumbs = slices.Insert(p.Crumbs, 1, ui.Link{Text: tr("meeting.decisions"), Href: at("/decision", o.Unit)})
	p.Title = x.Text
	return web.Render(w, r, p, showTempl(v))
}

func partyFact(label string, p Party) ui.Fact {
	f := ui.Fact{Label: label, Text: p.Name}
	if p.Unit != 0 {
		f.Href = "/unit/" + p.Unit.String()
	}
	return f
}
