package training

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
)

func over(ctx context.Context, u org.Unit, current string, day clock.Day) overView {
	return overView{Heading: ui.Heading{Title: i18n.T(ctx, "training.title."+current), Under: i18n.T(ctx, "training.under", "Unit", u.Name, "Day", i18n.Day(ctx, day))}, Choices: []ui.Choice{views(ctx, u, current)}}
}

func (s *Service) showOver(w http.ResponseWriter, r *http.Request, u org.Unit, v overView) error {
	return web.Render(w, r, crumbs(r.Context(), v.Heading.Title, u), overTempl(v))
}

// planPage holds a year's plan against what was held (R173).
func (s *Service) planPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, year := clock.Today(ctx), yearOf(r)
	p, err := s.List(ctx, u, Filter{Year: year}, clock.Open, "", mostLines)
	if err != nil {
		return err
	}
	units, err := s.unitsOf(ctx, p.Courses)
	if err != nil {
		return err
	}
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	v := over(ctx, u, "plan", day)
	years := ui.Choice{Label: tr("training.year")}
	for y := year - 1; y <= year+1; y++ {
		years.Links = append(years.Links, ui.Link{Text: tr("training.year_n", "Year", y), Href: at("/training/plan", u, "year", strconv.Itoa(y)), Current: y == year})
	}
	v.Choices = append(v.Choices, years)
	n := map[string]int64{}
	t := ui.Table{Caption: v.Heading.Title, Columns: []ui.Column{{Text: tr("training.f.title")}, {Text: tr("training.f.unit"), Label: true}, {Text: tr("training.f.planned"), Label: true}, {Text: tr("training.held_on"), Label: true},
		{Text: tr("training.came"), Label: true, Right: true}, {Text: tr("training.state")}}}
	for _, l := range slices.Backward(p.Courses) {
		st, heldOn := l.State(day), ""
		m := stateMark(ctx, st)
		if l.From != "" {
			heldOn = when(ctx, l.From, l.Last, l.Planned)
		}
		late := st == Planned && l.From == "" && l.Planned < month(day)
		if late {
			m = ui.Mark{Text: tr("training.late"), Kind: "w"}
			n["late"]++
		}
		n[string(st)]++
		t.Rows = append(t.Rows, ui.Row{ID: l.Ref().String(), Bad: late, Cells: []ui.Cell{ui.To(l.Title, "/training/"+l.Ref().String()), ui.Text(units[l.Unit].Name), ui.Text(when(ctx, "", "", l.Planned)), ui.Text(heldOn),
			ui.Text(ui.Number(l.N)), ui.State(m.Text, m.Kind)}})
	}
	sec := section{ID: "plan", Title: tr("training.year_n", "Year", year), Table: t, Empty: tr("training.plan_none")}
	if len(p.Courses) > 0 {
		sec.Empty = ""
		sec.Lead = tr("training.plan_lead", "N", len(p.Courses), "Held", n[string(Held)], "Open", n[string(Planned)], "Off", n[string(Cancelled)], "Late", n["late"])
	}
	if p.Rest > 0 {
		sec.Lead += tr("training.cut", "N", mostLines)
	}
	v.Sections = []section{sec}
	return s.showOver(w, r, u, v)
}

// renewalsPage lists the certificates that end soon, and those that ended and were not renewed.
func (s *Service) renewalsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day := dayOf(r)
	list, err := s.Renewals(ctx, u, day)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(list))
	for i, x := range list {
		ids[i] = x.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	v := over(ctx, u, "renewals", day)
	if v.Figures, err = s.figures(ctx, u, day, "training.holding", "training.due", "training.lapsed"); err != nil {
		return err
	}
	columns := []ui.Column{{Text: tr("training.name")}, {Text: tr("training.f.unit"), Label: true}, {Text: tr("training.f.competence"), Label: true}, {Text: tr("training.until"), Label: true}, {Text: tr("training.from_course"), Label: true}}
	due := section{ID: "due", Title: tr("training.due"), Lead: tr("training.due_lead", "N", RenewDays), Empty: tr("training.due_none"), Table: ui.Table{Caption: tr("training.due"), Columns: columns}}
	lapsed := section{ID: "lapsed", Title: tr("training.lapsed"), Lead: tr("training.lapsed_lead"), Empty: tr("training.lapsed_none"), Table: ui.Table{Caption: tr("training.lapsed"), Columns: columns}}
	for _, x := range list {
		sec := &due
		if x.Lapsed {
			sec = &lapsed
		}
		sec.Empty = ""
		ref := id.Ref{Root: x.Root, ID: x.Course}
		sec.Table.Rows = append(sec.Table.Rows, ui.Row{ID: x.Who.Ref().String() + x.Competence, Cells: []ui.Cell{ui.To(x.Who.Name, "/trainee/"+x.Who.Ref().String()), ui.Text(units[x.Unit].Name),
			ui.Text(s.word(ctx, "competence", x.Competence)), ui.Text(i18n.Day(ctx, x.Expires.AddDays(-1))), s.courseCell(ctx, ref)}})
	}
	v.Sections = []section{due, lapsed}
	return s.showOver(w, r, u, v)
}

// courseCell leads to a course when the reader may see it.
func (s *Service) courseCell(ctx context.Context, ref id.Ref) ui.Cell {
	c, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return ui.Text(i18n.T(ctx, "training.elsewhere"))
	}
	return ui.To(c.Title, "/training/"+ref.String())
}

// skillsPage is the choice of a team, or its skill matrix (R174).
func (s *Service) skillsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day := dayOf(r)
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	v := over(ctx, u, "skills", day)
	teams, err := s.people.List(ctx, u, day, people.Filter{State: people.Active, Whose: "own"}, -1, "", 100)
	if err != nil {
		return err
	}
	if name := r.URL.Query().Get("team"); name != "" {
		ref, err := id.ParseRef(name)
		if err != nil {
			return web.NotFound(r)
		}
		m, err := s.Skills(ctx, ref, day)
		if err != nil {
			return err
		}
		v.Sections = append(v.Sections, s.matrix(ctx, ref, m, day))
	}
	sec := section{ID: "teams", Title: tr("training.teams"), Lead: tr("training.teams_lead"), Empty: tr("training.teams_none")}
	for _, t := range teams.Teams {
		sec.Dots = append(sec.Dots, ui.Link{Text: t.Name, Href: at("/training/skills", u, "team", t.Ref().String()), Sub: tr("training.members_n", "N", t.Members)})
		sec.Empty = ""
	}
	if teams.Rest > 0 {
		sec.Lead += tr("training.cut", "N", len(teams.Teams))
	}
	v.Sections = append(v.Sections, sec)
	return s.showOver(w, r, u, v)
}

func (s *Service) matrix(ctx context.Context, ref id.Ref, m Skills, day clock.Day) section {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	sec := section{ID: "matrix", Title: m.Team.Name, Lead: tr("training.matrix_lead", "Day", i18n.Day(ctx, day)), Acts: []ui.Button{{Text: tr("training.to_team"), Href: "/team/" + ref.String()}}}
	if len(m.Members) == 0 {
		sec.Empty = tr("training.matrix_none")
		return sec
	}
	t := ui.Table{Caption: m.Team.Name, Columns: []ui.Column{{Text: tr("training.name")}}}
	count := make([]int, len(m.Competences))
	for _, w := range m.Competences {
		t.Columns = append(t.Columns, ui.Column{Text: w.In(i18n.Lang(ctx)), Label: true})
	}
	for _, x := range m.Members {
		name := ui.Text(tr("training.unseen"))
		if x.Name != "" {
			name = ui.Text(x.Name)
		}
		if x.Seen {
			name = ui.To(x.Name, "/trainee/"+x.Ref.String())
		}
		row := ui.Row{ID: x.Ref.String(), Cells: []ui.Cell{name}}
		for i, w := range m.Competences {
			holds, _, _ := x.holds[w.Name].on(day)
			if holds {
				count[i]++
			}
			row.Cells = append(row.Cells, holdCell(ctx, x.holds[w.Name], day))
		}
		t.Rows = append(t.Rows, row)
	}
	sum := ui.Row{ID: "sum", Cells: []ui.Cell{ui.Text(tr("training.matrix_sum"))}}
	for i, n := range count {
		if n == 0 {
			sec.Dots = append(sec.Dots, ui.Link{Text: tr("training.nobody_can", "Name", m.Competences[i].In(i18n.Lang(ctx)))})
		}
		sum.Cells = append(sum.Cells, ui.Text(tr("training.persons_n", "N", n)))
	}
	t.Rows = append(t.Rows, sum)
	sec.Table = t
	return sec
}

// holdCell is how a person stands to a competence on a day.
func holdCell(ctx context.Context, h hold, day clock.Day) ui.Cell {
	holds, lapsed, end := h.on(day)
	switch {
	case holds && end == clock.Open:
		return ui.State(i18n.T(ctx, "training.holds"), "p")
	case holds:
		kind := "p"
		if end <= day.AddDays(RenewDays) {
			kind = "w"
		}
		return ui.State(i18n.T(ctx, "training.holds_until", "Day", i18n.Day(ctx, end.AddDays(-1))), kind)
	case lapsed:
		return ui.State(i18n.T(ctx, "training.lapsed_on", "Day", i18n.Day(ctx, end)), "-")
	}
	return ui.Text("–")
}

// personPage is what a volunteer learnt: what they hold, and their courses.
func (s *Service) personPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	day := dayOf(r)
	p, err := s.Person(ctx, ref, day)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, p.File.Unit)
	if err != nil {
		return err
	}
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	v := overView{Heading: ui.Heading{Title: tr("training.person", "Name", p.File.Name), Under: u.Name, Acts: []ui.Button{{Text: tr("training.to_file"), Href: "/volunteer/" + ref.String()}}}}
	can := section{ID: "skills", Title: tr("training.competences"), Empty: tr("training.competences_none")}
	words, err := s.store.words(ctx, ref.Root, "competence")
	if err != nil {
		return err
	}
	for _, x := range words {
		if c := holdCell(ctx, p.holds[x.Name], day); c.Tag != "" {
			can.Facts = append(can.Facts, ui.Fact{Label: x.In(i18n.Lang(ctx)), Text: c.Text})
			can.Empty = ""
		}
	}
	list := section{ID: "courses", Title: tr("training.courses"), Empty: tr("training.courses_none"), Table: ui.Table{Caption: tr("training.courses"),
		Columns: []ui.Column{{Text: tr("training.f.title")}, {Text: tr("training.when"), Label: true}, {Text: tr("training.hours"), Label: true, Right: true}, {Text: tr("training.f.competence"), Label: true}}}}
	if len(p.Seats) > 0 {
		list.Empty, list.Lead = "", tr("training.courses_lead", "N", len(p.Seats), "Hours", ui.Hours(p.Minutes))
	}
	for _, x := range p.Seats {
		l := p.Courses[x.Course]
		name := ui.Text(l.Title)
		if scope.From(ctx).May(scope.View, l.Pos) {
			name = ui.To(l.Title, "/training/"+l.Ref().String())
		}
		list.Table.Rows = append(list.Table.Rows, ui.Row{ID: l.Ref().String(), Cells: []ui.Cell{name, ui.Text(when(ctx, l.From, l.Last, l.Planned)), ui.Text(ui.Hours(x.Minutes)), ui.Text(s.word(ctx, "competence", x.Competence))}})
	}
	v.Sections = []section{can, list}
	return s.showOver(w, r, u, v)
}

// studyPage lists the documents that were studied, or who studied one of them (R85).
func (s *Service) studyPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day := dayOf(r)
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	v := over(ctx, u, "study", day)
	if document := r.URL.Query().Get("document"); document != "" {
		x, err := s.Study(ctx, u, document, day)
		if err != nil {
			return err
		}
		if len(x.Reads) == 0 {
			return web.NotFound(r)
		}
		v.Heading.Title = Document{Title: x.Title}.text()
		if x.Title != document {
			v.Heading.Title = Document{Number: document, Title: x.Title}.text()
		}
		read := section{ID: "read", Title: tr("training.read"), Lead: tr("training.read_lead", "N", x.All-len(x.Missing), "All", x.All, "Share", share(x.All-len(x.Missing), x.All)), Table: ui.Table{Caption: tr("training.read"),
			Columns: []ui.Column{{Text: tr("training.f.unit")}, {Text: tr("training.first_read"), Label: true}, {Text: tr("training.from_course"), Label: true}}}}
		for _, y := range x.Reads {
			at := x.Units[y.Unit]
			read.Table.Rows = append(read.Table.Rows, ui.Row{ID: at.ID.String(), Cells: []ui.Cell{ui.To(at.Name, "/unit/"+at.ID.String()), ui.Text(i18n.Day(ctx, y.Day)), s.courseCell(ctx, id.Ref{Root: at.Root(), ID: y.Course})}})
		}
		not := section{ID: "unread", Title: tr("training.unread", "N", len(x.Missing)), Empty: tr("training.unread_none")}
		for _, y := range x.Missing {
			not.Dots = append(not.Dots, ui.Link{Text: y.Name, Href: "/unit/" + y.ID.String()})
			not.Empty = ""
		}
		v.Sections = []section{read, not}
		return s.showOver(w, r, u, v)
	}
	if v.Figures, err = s.figures(ctx, u, day, "training.studies", "training.units_studied", "training.units_unstudied"); err != nil {
		return err
	}
	papers, all, err := s.Papers(ctx, u, day)
	if err != nil {
		return err
	}
	sec := section{ID: "papers", Title: tr("training.papers"), Lead: tr("training.papers_lead", "All", all), Empty: tr("training.papers_none"), Table: ui.Table{Caption: tr("training.papers"),
		Columns: []ui.Column{{Text: tr("training.document")}, {Text: tr("training.last_read"), Label: true}, {Text: tr("training.units_read"), Label: true, Right: true}, {Text: tr("training.share"), Label: true, Right: true}}}}
	for _, p := range papers {
		d := Document{Title: p.Title}
		if p.Title != p.Document {
			d.Number = p.Document
		}
		href := at("/training/study", u, "document", p.Document)
		sec.Table.Rows = append(sec.Table.Rows, ui.Row{ID: p.Document, Cells: []ui.Cell{ui.To(d.text(), href), ui.Text(i18n.Day(ctx, p.Last)), ui.Num(ui.Number(p.Units), href), ui.Text(share(int(p.Units), all))}})
		sec.Empty = ""
	}
	v.Sections = []section{sec}
	return s.showOver(w, r, u, v)
}

// share is a part of all in per cent; a dash over nothing.
func share(n, all int) string {
	if all == 0 {
		return "–"
	}
	return ui.Percent(int64((n*1000 + all/2) / all))
}

type wordsView struct {
	Heading ui.Heading
	Choices []ui.Choice
	Lists   []section
	Form    *formView
}

func (s *Service) wordsPage(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	return s.showWords(w, r, u, Word{Kind: WordKinds[0]}, web.NewKey(), nil, nil)
}

// showWords shows the lists of subjects and competences, with what was typed.
func (s *Service) showWords(w http.ResponseWriter, r *http.Request, u org.Unit, typed Word, key string, wrong map[string]string, faults []ui.Fault) error {
	ctx := r.Context()
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	o := over(ctx, u, "words", clock.Today(ctx))
	v := wordsView{Heading: o.Heading, Choices: o.Choices}
	admin := org.SetsCity(ctx, u)
	for _, kind := range WordKinds {
		list, err := s.Words(ctx, u, kind)
		if err != nil {
			return err
		}
		sec := section{ID: kind, Title: tr("training.list." + kind), Lead: tr("training.list_lead." + kind), Table: ui.Table{Caption: tr("training.list." + kind), Columns: []ui.Column{{Text: tr("training.word")}, {Text: tr("training.word_note")}}}}
		for _, x := range list {
			note := ui.Text(tr("training.word_shipped"))
			switch {
			case x.CountsAs != "":
				note = ui.Text(tr("training.counts_as." + x.CountsAs))
			case x.Root != 0 && admin:
				note = ui.Cell{Post: &ui.Post{Text: tr("training.word_drop"), Action: at("/training/words/off", u), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "kind", Value: kind}, {Name: "name", Value: x.Name}}}}
			case x.Root != 0:
				note = ui.Text(tr("training.word_own"))
			}
			sec.Table.Rows = append(sec.Table.Rows, ui.Row{ID: kind + x.Name, Cells: []ui.Cell{ui.Text(x.In(i18n.Lang(ctx))), note}})
		}
		v.Lists = append(v.Lists, sec)
	}
	if admin {
		kinds := ui.Input{Kind: ui.KindRadio, Name: "kind", Label: tr("training.word_kind_label"), Value: typed.Kind, Error: wrong["kind"]}
		for _, k := range WordKinds {
			kinds.Options = append(kinds.Options, ui.Option{Value: k, Text: tr("training.list." + k)})
		}
		v.Form = &formView{Faults: faults, Spec: ui.FormSpec{Action: at("/training/words", u), Key: key, Submit: tr("training.word_add")}, Inputs: []ui.Input{kinds,
			{Name: "name", Label: tr("training.word"), Value: typed.Name, Error: wrong["name"], MaxLength: 20}, {Name: "en", Label: tr("training.word_en"), Value: typed.En, Optional: true, MaxLength: maxTitle}}}
	}
	p := crumbs(ctx, v.Heading.Title, u)
	if len(faults) > 0 {
		p.Error, p.Status = true, http.StatusUnprocessableEntity
	}
	return web.Render(w, r, p, wordsTempl(v))
}

func (s *Service) wordPost(w http.ResponseWriter, r *http.Request) error {
	u, f, err := s.wordSent(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return at("/training/words", u), s.AddWord(ctx, u, f.Text("kind"), f.Text("name"), f.Text("en"))
	})
	if errs.Is(err, errs.Invalid) {
		wrong, faults, rest := web.Problems(r.Context(), err)
		if rest != nil {
			return rest
		}
		return s.showWords(w, r, u, Word{Kind: f.Text("kind"), Name: f.Text("name"), En: f.Text("en")}, f.Key(), wrong, faults)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) dropWordPost(w http.ResponseWriter, r *http.Request) error {
	u, f, err := s.wordSent(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return at("/training/words", u) + "#" + url.PathEscape(f.Text("kind")), s.DropWord(ctx, u, f.Text("kind"), f.Text("name"))
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) wordSent(w http.ResponseWriter, r *http.Request) (org.Unit, *web.Form, error) {
	u, err := s.unitOf(r)
	if err != nil {
		return u, nil, err
	}
	f, err := web.ReadForm(w, r)
	return u, f, err
}
