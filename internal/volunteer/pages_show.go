package volunteer

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

type showView struct {
	Ref      id.Ref
	Heading  ui.Heading
	Fit      *ui.Note
	Alike    []ui.Link
	Merged   []mergedView
	Complete string
	Missing  []ui.Link
	Checks   []ui.Fact
	Care     []ui.Fact
	Facts    []ui.Fact
	Hours    []ui.Fact
	Acts     []ui.Button // of hours
	More     ui.Link
	Work     bool
	Timeline []ui.Change
}

type mergedView struct {
	Text string
	Post ui.Post
}

func (s *Service) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	v, _, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.book.KnownPage(w, r, ref, ui.Link{Text: v.Name, Href: "/volunteer/" + ref.String()}, "volunteer")
}

// paperFile answers a scanned paper. It is never kept by the browser, and a PDF is never opened within our pages.
func (s *Service) paperFile(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	if _, _, _, err := s.toWork(r.Context(), ref); err != nil {
		return err
	}
	c, f, err := s.Paper(r.Context(), ref, r.PathValue("hash"))
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", "image/jpeg") // written by us, whatever was uploaded
	if c.PDF {
		h.Set("Content-Type", "application/pdf")
		h.Set("Content-Disposition", "attachment; filename=paper.pdf")
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

// apart are facts that the page shows in sections of their own, or in its heading.
var apart = []string{"volunteer.name", "volunteer.checks", "volunteer.cares", "volunteer.certificate"}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	p, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, p.Unit)
	if err != nil {
		return err
	}
	day := dayOf(r)
	here := "/volunteer/" + ref.String()
	v := showView{Ref: ref, Work: scope.From(ctx).May(scope.Work, u.Pos)}
	v.Heading = s.heading(ctx, p, u, day, here, v.Work)
	v.Fit = fitNote(ctx, p, day, here, v.Work)
	for _, f := range s.facts(ctx, p) {
		if f.Text == "" || slices.Contains(apart, f.Key) {
			continue
		}
		fact := ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text}
		switch f.Key {
		case "volunteer.unit":
			fact.Href = "/unit/" + u.ID.String()
		case "volunteer.birth_year":
			fact.Text = i18n.T(ctx, "volunteer.born_age", "Year", f.Text, "Age", p.Age(day))
		}
		v.Facts = append(v.Facts, fact)
	}
	for _, c := range p.Checks {
		fact := ui.Fact{Label: i18n.T(ctx, "volunteer.check."+string(c.Kind)), Text: checkLine(ctx, c, day)}
		if c.Paper != "" {
			fact.Href = here + "/paper/" + c.Paper
		}
		v.Checks = append(v.Checks, fact)
	}
	for _, c := range p.Care {
		v.Care = append(v.Care, ui.Fact{Label: i18n.T(ctx, "volunteer.care."+string(c.Kind)), Text: careDetail(ctx, c)})
	}
	v.Complete = i18n.T(ctx, "volunteer.complete_n", "N", strconv.FormatInt(p.Complete(), 10))
	if v.Work {
		for _, m := range p.Missing() {
			to := here + "/edit"
			if m == "background" || m == "training" {
				to = here + "/check"
			}
			v.Missing = append(v.Missing, ui.Link{Text: i18n.T(ctx, "volunteer.item."+m), Href: to})
		}
		if err := s.doubles(ctx, &v, ref, p, here); err != nil {
			return err
		}
	}
	if err := s.hoursSection(ctx, &v, ref, u, here); err != nil {
		return err
	}
	if v.Timeline, err = s.book.Timeline(ctx, ref, here+"/undo"); err != nil {
		return err
	}
	return web.Render(w, r, s.crumbs(ctx, p.Name, u), showTempl(v))
}

func (s *Service) heading(ctx context.Context, p Volunteer, u org.Unit, day clock.Day, here string, work bool) ui.Heading {
	tr := func(k string) string { return i18n.T(ctx, k) }
	h := ui.Heading{Title: p.Name, Under: u.Name, Tags: []ui.Mark{mark(ctx, p.State(day)), {Text: tr("volunteer.kind." + string(p.Kind))}}}
	if p.IsCore(day) && p.State(day) == Active { // who has left is no longer among the core, as the figure says
		h.Tags = append(h.Tags, ui.Mark{Text: tr("volunteer.core_tag"), Kind: "e"})
	}
	if !work {
		return h
	}
	add := func(key, path string, main bool) {
		h.Acts = append(h.Acts, ui.Button{Text: tr(key), Href: here + path, Main: main})
	}
	st := p.State(day)
	if st == Candidate && p.LeftOn == "" {
		add("volunteer.step.admit", "/admit", len(p.lacking(day)) == 0)
	}
	add("volunteer.step.check", "/check", st == Candidate && len(p.lacking(day)) > 0)
	if st == Active {
		if p.IsCore(day) {
			add("volunteer.step.uncore", "/uncore", false)
		} else {
			add("volunteer.step.core", "/core", false)
		}
		add("volunteer.certificate", "/certificate", false)
	}
	add("volunteer.edit", "/edit", false)
	if p.LeftOn == "" {
		add("volunteer.step.leave", "/leave", false)
	}
	add("volunteer.step.remove", "/remove", false)
	return h
}

// fitNote says whether the person may work with minors on the day, and if not, what to do (R162).
func fitNote(ctx context.Context, p Volunteer, day clock.Day, here string, work bool) *ui.Note {
	st := p.State(day)
	if st == Left {
		return &ui.Note{Text: i18n.T(ctx, "volunteer.fit_left", "Day", i18n.Day(ctx, p.LeftOn))}
	}
	var n ui.Note
	switch {
	case p.Valid(Background, day) && st == Active:
		return &ui.Note{Text: i18n.T(ctx, "volunteer.fit_yes")}
	case p.Valid(Background, day):
		n = ui.Note{Text: i18n.T(ctx, "volunteer.fit_candidate")}
	case len(p.spansOf(Background)) > 0:
		n = ui.Note{Kind: "w", Text: i18n.T(ctx, "volunteer.fit_expired", "Day", i18n.Day(ctx, p.last(Background).Expires))}
	default:
		n = ui.Note{Kind: "w", Text: i18n.T(ctx, "volunteer.fit_never")}
	}
	if work && n.Kind == "w" {
		n.Links = []ui.Link{{Text: i18n.T(ctx, "volunteer.step.check"), Href: here + "/check"}}
	}
	return &n
}

// checkLine is a check on the record's page, with how it stands on the day.
func checkLine(ctx context.Context, c Check, day clock.Day) string {
	line := checkDetail(ctx, c)
	if c.Expires != clock.Open && c.Expires <= day {
		return i18n.T(ctx, "volunteer.check_ended", "Check", line)
	}
	if c.Expires != clock.Open && c.Expires <= day.AddDays(RemindDays) {
		return i18n.T(ctx, "volunteer.check_ending", "Check", line)
	}
	return line
}

// doubles shows who may be the same person, and which files were joined into this one.
func (s *Service) doubles(ctx context.Context, v *showView, ref id.Ref, p Volunteer, here string) error {
	list, err := s.Alike(ctx, ref, p.Name, p.BirthYear)
	if err != nil {
		return err
	}
	units, err := s.unitsOf(ctx, list)
	if err != nil {
		return err
	}
	a := scope.From(ctx)
	for _, l := range list {
		link := ui.Link{Text: l.Name, Sub: units[l.Unit].Name}
		if a.May(scope.Work, l.Pos) {
			link.Text = i18n.T(ctx, "volunteer.merge_with", "Name", l.Name, "Code", l.Code)
			link.Href = here + "/merge?other=" + l.Ref().String()
		}
		v.Alike = append(v.Alike, link)
	}
	for _, m := range p.Merges {
		v.Merged = append(v.Merged, mergedView{Text: i18n.T(ctx, "volunteer.merged", "Name", m.Name, "Code", m.Code, "Day", i18n.Day(ctx, m.On)),
			Post: ui.Post{Text: i18n.T(ctx, "volunteer.unmerge"), Sub: m.Code, Action: here + "/unmerge", Key: web.NewKey(), Hidden: []ui.Pair{{Name: "batch", Value: m.Batch.String()}}}})
	}
	return nil
}

// hoursSection is what the person gave: in all, and the latest.
func (s *Service) hoursSection(ctx context.Context, v *showView, ref id.Ref, u org.Unit, here string) error {
	times, minutes, err := s.Total(ctx, ref)
	if err != nil {
		return err
	}
	p, err := s.ListHours(ctx, u, HoursFilter{Volunteer: ref}, "", 0, 5)
	if err != nil {
		return err
	}
	v.Hours = append(v.Hours, ui.Fact{Label: i18n.T(ctx, "volunteer.hours_total"), Text: i18n.T(ctx, "volunteer.hours_times", "Hours", ui.Hours(minutes), "N", ui.Number(times))})
	for _, g := range p.Hours {
		v.Hours = append(v.Hours, ui.Fact{Label: string(g.Day), Text: givenLine(ctx, g), Href: "/hours/" + g.Ref().String()})
	}
	if p.Rest > 0 {
		v.More = ui.Link{Text: i18n.T(ctx, "volunteer.hours_all"), Href: fmt.Sprintf("/hours?unit=%s&person=%s&from=1990-01-01", u.ID, ref)}
	}
	if v.Work {
		v.Acts = []ui.Button{{Text: i18n.T(ctx, "volunteer.step.hours"), Href: here + "/hours"}}
	}
	return nil
}

// givenLine says hours in a line.
func givenLine(ctx context.Context, g Given) string {
	line := i18n.T(ctx, "volunteer.h.line", "From", timeOf(g.From), "To", timeOf(g.To), "What", g.What, "Way", wayText(ctx, g.EnteredAs))
	if g.Late == 1 {
		line += i18n.T(ctx, "volunteer.h.line_late")
	}
	return line
}
