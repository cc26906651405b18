package survey

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
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Routes are the addresses of this module.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	out := []web.Route{
		{Method: get, Path: "/survey", Right: scope.View, Scope: web.ByUnit, Name: "survey.list", Handler: s.listPage},
		{Method: get, Path: "/survey/new", Right: scope.Work, Scope: web.ByUnit, Name: "survey.newForm", Handler: s.newForm},
		{Method: post, Path: "/survey/new", Right: scope.Work, Scope: web.ByUnit, Name: "survey.create", Handler: s.createPost},
		{Method: get, Path: "/survey/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "survey.known", Handler: s.knownPage},
		{Method: get, Path: "/survey/results/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "survey.results", Handler: s.resultsPage},
		{Method: get, Path: "/survey/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "survey.show", Handler: s.showPage},
		{Method: get, Path: "/survey/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.form", Handler: record.ActForm(s.aboutSurvey)},
		{Method: post, Path: "/survey/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.act", Handler: s.rec.ActPost(s.aboutSurvey, s.doSurvey)},
		{Method: get, Path: "/survey/{ref}/unit/{unit}", Right: scope.View, Scope: web.ByRecord, Name: "survey.answer", Handler: s.answerPage},
		{Method: get, Path: "/survey/{ref}/unit/{unit}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.answerForm", Handler: record.ActForm(s.aboutAnswer)},
		{Method: post, Path: "/survey/{ref}/unit/{unit}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.answerAct", Handler: s.answerPost},
	}
	return slices.Concat(out, s.pollRoutes(), s.reportRoutes(), s.apiRoutes())
}

// unitIn is the unit that the address names, the reader's own without one; the router has asked for the right there.
func (s *Service) unitIn(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

func at(path string, u org.Unit, more ...string) string {
	return web.Address(path, url.Values{"unit": {u.ID.String()}}, more...)
}

func crumbs(ctx context.Context, u org.Unit, title string) web.Page {
	return web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "survey.title"), Href: at("/survey", u)}, {Text: title}}}
}

func column(ctx context.Context, key string) ui.Column {
	return ui.Column{Text: i18n.T(ctx, key), Label: true}
}

func number(ctx context.Context, key string) ui.Column {
	return ui.Column{Text: i18n.T(ctx, key), Label: true, Right: true}
}

func (s *Service) figures(ctx context.Context, u org.Unit, codes ...string) (out []ui.Figure, err error) {
	for _, code := range codes {
		q := ledger.Query{Figure: code, Unit: u.ID, Day: clock.Today(ctx)}
		def, err := s.ledger.Figure(code)
		if err != nil {
			return nil, err
		}
		v, err := s.ledger.Ask(ctx, q)
		if err != nil {
			return nil, err
		}
		f := ui.Figure{Label: def.Short.In(i18n.Lang(ctx)), Href: record.EvidenceHref(q)}
		f.Number, f.Unit = ledger.Number(ctx, def, v.Amount)
		out = append(out, f)
	}
	return out, nil
}

// listPage are the surveys that come to a unit and those that it, or units below it, issue.
func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, err := s.List(ctx, u)
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: i18n.T(ctx, "survey.title"), Under: u.Name}, Choices: []ui.Choice{views(ctx, u, "/survey")}}
	if v.Figures, err = s.figures(ctx, u, "survey.issued", "survey.asked", "survey.returned", "survey.returned_share", "survey.merged"); err != nil {
		return err
	}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		if !u.Level.Leaf() {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "survey.begin"), Href: at("/survey/new", u), Main: true})
		}
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "survey.import"), Href: at("/import/"+KindAnswer, u)})
	}
	t := ui.Table{Caption: i18n.T(ctx, "survey.surveys"), Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.title")}, column(ctx, "survey.f.issuer"), column(ctx, "survey.f.due"), column(ctx, "survey.f.state")}}
	units, err := s.named(ctx, list)
	if err != nil {
		return err
	}
	for _, l := range list {
		cell, err := s.listState(ctx, l, u)
		if err != nil {
			return err
		}
		t.Rows = append(t.Rows, ui.Row{ID: l.Ref().String(), Bad: cell.Tag == "w", Cells: []ui.Cell{{Text: l.Title, Href: at(path(l.Ref()), u), Sub: i18n.T(ctx, "survey.about."+l.About)}, ui.Text(units[l.Unit].Name), ui.Text(i18n.Day(ctx, l.Due)), cell}})
	}
	v.Sections = []record.Section{{ID: "surveys", Title: i18n.T(ctx, "survey.surveys"), Table: t, Empty: i18n.T(ctx, "survey.none"),
		Acts: []ui.Button{{Text: i18n.T(ctx, "survey.export"), Href: at("/export/"+KindAnswer, u, "format", table.XLSX)}}}}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, record.OverviewBody(v))
}

func (s *Service) named(ctx context.Context, list []Listed) (map[id.ID]org.Unit, error) {
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Unit
	}
	return s.org.ByIDs(ctx, ids)
}

// listState says how far a survey has come, seen from a unit: its own answer, or those of the units below it.
func (s *Service) listState(ctx context.Context, l Listed, u org.Unit) (ui.Cell, error) {
	if l.IssuedOn == clock.Open {
		return ui.State(i18n.T(ctx, "survey.drafted"), "-"), nil
	}
	if l.Unit != u.ID { // the issuer looks at all answers, its own among them
		if t, err := s.Task(ctx, l.Ref(), u.ID); err == nil {
			return stateCell(ctx, t.Answer, l.Due), nil
		} else if !errs.Is(err, errs.NotFound) {
			return ui.Cell{}, err
		}
	}
	v, _, err := s.Get(ctx, l.Ref())
	if err != nil {
		return ui.Cell{}, err
	}
	b, err := s.Board(ctx, l.Ref(), v, u)
	if err != nil || b.All.Targets == 0 {
		return ui.Text(i18n.T(ctx, "survey.not_for_you")), err
	}
	kind := "-"
	switch {
	case b.All.Waiting() == 0:
		kind = "p"
	case l.Due < clock.Today(ctx):
		kind = "w"
	}
	return ui.State(i18n.T(ctx, "survey.back_of", "Sent", b.All.Sent, "All", b.All.Targets), kind), nil
}

// stateCell says how far one answer has come; what is not in after the due day is late.
func stateCell(ctx context.Context, a Answer, due clock.Day) ui.Cell {
	if !a.stands() && due < clock.Today(ctx) {
		return ui.State(i18n.T(ctx, "survey.late_state", "State", stateName(ctx, a.State), "N", days(due, clock.Today(ctx))), "w")
	}
	return ui.State(stateName(ctx, a.State), map[State]string{Reviewed: "p", Returned: "w"}[a.State])
}

// seenFrom is the unit from which a reader looks at a survey: the one named, otherwise the issuer when they view it,
// otherwise their own.
func (s *Service) seenFrom(r *http.Request, v Survey) (org.Unit, error) {
	ctx, a := r.Context(), scope.From(r.Context())
	if q := r.URL.Query().Get("unit"); q != "" {
		u, err := s.org.Resolve(ctx, q)
		if err != nil || !a.May(scope.View, u.Pos) {
			return u, web.NotFound(r)
		}
		if in, err := s.rec.Home(ctx, v.Unit); err != nil || u.Range().From <= in.Pos && in.Pos < u.Range().To {
			return in, err // from above it looks as from the issuer
		}
		return u, nil
	}
	issuer, err := s.rec.Home(ctx, v.Unit)
	if err != nil || a.May(scope.View, issuer.Pos) {
		return issuer, err
	}
	return s.org.Unit(ctx, a.Unit)
}

// surveyActs are what can be done with a survey, beside taking a change back.
var surveyActs = []string{"fields", "ask", "unask", "issue", "remind", "edit", "remove"}

// offered tells whether an act fits a survey as it stands.
func (v Survey) offered(act string) bool {
	switch act {
	case "fields":
		return v.IssuedOn == clock.Open && v.About == "base"
	case "ask":
		return v.IssuedOn == clock.Open
	case "unask", "issue":
		return v.IssuedOn == clock.Open && len(v.Questions) > 0
	case "remind":
		return v.IssuedOn != clock.Open
	}
	return true
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	sv, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.seenFrom(r, sv)
	if err != nil {
		return err
	}
	if format := r.URL.Query().Get("format"); format == table.XLSX || format == table.CSV {
		return s.exportRound(w, r, ref, sv, u, format)
	}
	issuer, works, err := s.issuerOf(ctx, sv)
	if err != nil {
		return err
	}
	v := record.Shown{Heading: ui.Heading{Title: sv.Title, Under: issuer.Name}, Known: "/survey/known/" + ref.String()}
	mark := ui.Mark{Text: i18n.T(ctx, "survey.drafted")}
	if sv.IssuedOn != clock.Open {
		mark = ui.Mark{Text: i18n.T(ctx, "survey.is_issued"), Kind: "p"}
	}
	v.Heading.Tags = []ui.Mark{mark}
	calls, err := s.mayCall(ctx, ref, sv)
	if err != nil {
		return err
	}
	if works {
		for _, a := range surveyActs {
			if sv.offered(a) && (a != "remind" || calls) {
				v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "survey.do."+a), Href: path(ref) + "/" + a, Main: a == "issue"})
			}
		}
	} else if calls {
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "survey.do.remind"), Href: path(ref) + "/remind"}}
	}
	for _, f := range s.surveyFacts(ctx, sv) {
		if f.Text != "" && f.Key != "survey.f.title" && f.Key != "survey.f.question" {
			v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
		}
	}
	if own := scope.From(ctx).Unit; own != 0 {
		if t, err := s.Task(ctx, ref, own); err == nil {
			c := stateCell(ctx, t.Answer, sv.Due)
			v.Sections = append(v.Sections, record.Section{ID: "own", Title: i18n.T(ctx, "survey.own"), Lead: c.Text,
				Acts: []ui.Button{{Text: i18n.T(ctx, "survey.own_open"), Href: answerPath(ref, own), Main: !t.Answer.stands()}}})
		} else if !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	if sv.IssuedOn != clock.Open {
		parts, err := s.boardSections(ctx, ref, sv, u, r.URL.Query())
		if err != nil {
			return err
		}
		v.Sections = append(v.Sections, parts...)
	} else {
		n, err := s.Addressed(ctx, sv)
		if err != nil {
			return err
		}
		v.Notes = append(v.Notes, ui.Note{Text: i18n.T(ctx, "survey.goes_to", "N", n)})
	}
	v.Sections = append(v.Sections, questionSection(ctx, sv, s.fieldsOf(ctx, sv.Unit)))
	if v.Timeline, err = s.surveys.Timeline(scope.Widened(ctx, issuer.Pos, false), ref, path(ref)+"/"+record.ActUndo); err != nil {
		return err
	}
	return web.Render(w, r, crumbs(ctx, u, sv.Title), record.ShownBody(v))
}

func questionSection(ctx context.Context, v Survey, fields []Field) record.Section {
	x := record.Section{ID: "questions", Title: i18n.T(ctx, "survey.questions", "N", len(v.Questions)), Empty: i18n.T(ctx, "survey.questions_none")}
	x.Table = ui.Table{Caption: x.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.question")}, column(ctx, "survey.f.kind"), column(ctx, "survey.f.options")}}
	for _, q := range v.Questions {
		var options []string
		for _, o := range q.choosable(fields) {
			options = append(options, o.Text)
		}
		what := ui.Cell{Text: i18n.T(ctx, "survey.kind."+q.Kind)}
		if q.Required {
			what.Sub = i18n.T(ctx, "survey.required")
		}
		label := ui.Cell{Text: q.Label}
		if q.Field != "" {
			label.Sub = i18n.T(ctx, "survey.from_register")
		}
		x.Table.Rows = append(x.Table.Rows, ui.Row{ID: inputName(q.No), Cells: []ui.Cell{label, what, ui.Text(joined(ctx, options))}})
	}
	return x
}

// boardSections say how far the units within u have come: a line for each unit right below, and one list by name.
func (s *Service) boardSections(ctx context.Context, ref id.Ref, v Survey, u org.Unit, q url.Values) ([]record.Section, error) {
	b, err := s.Board(ctx, ref, v, u)
	own := u.ID == scope.From(ctx).Unit && u.ID != v.Unit // its answer stands on the page already
	if errs.Is(err, errs.NotFound) || err == nil && (b.All.Targets == 0 || own && v.goes(u.Level) && len(b.Below) == 0) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	here := func(unit id.ID, list State) string {
		return web.Address(path(ref), url.Values{"unit": {unit.String()}}, "list", string(list)) + "#units"
	}
	x := record.Section{ID: "progress", Title: i18n.T(ctx, "survey.progress"), Lead: i18n.T(ctx, "survey.progress_lead", "Sent", b.All.Sent, "All", b.All.Targets, "Waiting", b.All.Waiting())}
	x.Table = ui.Table{Caption: x.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.unit")}, number(ctx, "survey.n.targets"), number(ctx, "survey.n.sent"), number(ctx, "survey.n.reviewed"), number(ctx, "survey.n.returned"), number(ctx, "survey.n.waiting")}}
	row := func(c Count) ui.Row {
		return ui.Row{ID: "c" + c.Unit.String(), Bad: c.Waiting() > 0 && v.Due < clock.Today(ctx), Cells: []ui.Cell{ui.To(c.Name, here(c.Unit, Waiting)), ui.Num(ui.Number(c.Targets), here(c.Unit, "all")), ui.Num(ui.Number(c.Sent), here(c.Unit, Sent)),
			ui.Num(ui.Number(c.Reviewed), here(c.Unit, Reviewed)), ui.Num(ui.Number(c.Returned), here(c.Unit, Returned)), ui.Num(ui.Number(c.Waiting()), here(c.Unit, Waiting))}}
	}
	single := func(c Count, name string) ui.Row { // one unit: its answer is all there is to open
		r := row(c)
		for n := range r.Cells {
			r.Cells[n].Href = ""
		}
		r.Cells[0] = ui.To(name, answerPath(ref, c.Unit))
		return r
	}
	if c := b.Own; c != nil {
		x.Table.Rows = append(x.Table.Rows, single(*c, i18n.T(ctx, "survey.own_row", "Unit", u.Name)))
	}
	each := slices.Equal(v.levels(), []org.Level{u.Level.Below()}) // each line is a unit that was asked
	for _, c := range b.Below {
		if each {
			x.Table.Rows = append(x.Table.Rows, single(c, c.Name))
		} else {
			x.Table.Rows = append(x.Table.Rows, row(c))
		}
	}
	total := row(b.All)
	total.Cells[0] = ui.To(i18n.T(ctx, "survey.total", "Unit", u.Name), here(u.ID, Waiting))
	x.Table.Rows = append(x.Table.Rows, total)
	if b.All.Sent > 0 {
		x.Acts = append(x.Acts, ui.Button{Text: i18n.T(ctx, "survey.results"), Href: at("/survey/results/"+ref.String(), u)})
	}
	x.Acts = append(x.Acts, ui.Button{Text: i18n.T(ctx, "survey.export_round"), Href: at(path(ref), u, "format", table.XLSX)})
	names, err := s.unitsSection(ctx, ref, v, u, q)
	return []record.Section{x, names}, err
}

// unitsSection is one list of units by name: those that wait, unless another is asked for.
func (s *Service) unitsSection(ctx context.Context, ref id.Ref, v Survey, u org.Unit, q url.Values) (record.Section, error) {
	only := State(q.Get("list"))
	if _, ok := lists[only]; !ok || only == None {
		if only != "all" {
			only = Waiting
		}
	}
	x := record.Section{ID: "units", Title: i18n.T(ctx, "survey.list."+string(only)), Empty: i18n.T(ctx, "survey.list_none")}
	asked := only
	if asked == "all" {
		asked = None
	}
	lines, next, err := s.Recipients(ctx, ref, v, u, asked, q.Get("after"), pageSize)
	if err != nil {
		return x, err
	}
	parents := make([]id.ID, len(lines))
	for i, l := range lines {
		parents[i] = l.Parent
	}
	units, err := s.org.ByIDs(ctx, parents)
	if err != nil {
		return x, err
	}
	x.Table = ui.Table{Caption: x.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.unit")}, column(ctx, "survey.f.state"), column(ctx, "survey.f.sent_on")}}
	for _, l := range lines {
		st := stateCell(ctx, Answer{State: l.State}, v.Due)
		x.Table.Rows = append(x.Table.Rows, ui.Row{ID: "u" + l.Unit.String(), Cells: []ui.Cell{{Text: l.Name, Href: answerPath(ref, l.Unit), Sub: units[l.Parent].Name}, st, ui.Text(i18n.Day(ctx, l.SentOn))}})
	}
	reminded, err := s.store.remindersAcrossUnits(ctx, ref.ID, u.Pos)
	if len(reminded) > 0 {
		x.Lead = i18n.T(ctx, "survey.reminded", "Day", i18n.Day(ctx, reminded[0].Day), "Name", reminded[0].Name, "N", reminded[0].Sent)
	}
	if next != "" {
		x.Acts = []ui.Button{{Text: i18n.T(ctx, "survey.more"), Href: web.Address(path(ref), q, "after", next) + "#units"}}
	}
	return x, err
}

func (s *Service) knownPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	v, _, err := s.Get(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		a, _, err := s.answers.Get(ctx, ref)
		if err != nil {
			return err
		}
		return s.answers.KnownPage(w, r, ref, ui.Link{Text: i18n.T(ctx, "survey.answer"), Href: answerPath(a.Survey, a.Unit)}, Kind)
	}
	if err != nil {
		return err
	}
	issuer, err := s.rec.Home(ctx, v.Unit)
	if err != nil {
		return err
	}
	return s.surveys.KnownPage(w, r.WithContext(scope.Widened(ctx, issuer.Pos, false)), ref, ui.Link{Text: v.Title, Href: path(ref)}, Kind)
}

func inputName(no int) string { return "q" + strconv.Itoa(no) }

func dayOf(v Value) clock.Day {
	if len(v) == 0 {
		return clock.Open
	}
	return clock.Day(v[0])
}
