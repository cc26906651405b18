package survey

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func pollPath(ref id.Ref) string { return "/poll/" + ref.String() }

func (s *Service) pollRoutes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/q/{ref}", Right: scope.Anyone, Scope: web.Public, Name: "survey.sheet", Handler: s.sheetPage},
		{Method: post, Path: "/q/{ref}", Right: scope.Anyone, Scope: web.Public, Name: "survey.sheetTake", Handler: s.sheetTake},
		{Method: get, Path: "/poll", Right: scope.View, Scope: web.ByUnit, Name: "survey.polls", Handler: s.pollsPage},
		{Method: get, Path: "/poll/new", Right: scope.Work, Scope: web.ByUnit, Name: "survey.pollNew", Handler: s.pollNew},
		{Method: post, Path: "/poll/new", Right: scope.Work, Scope: web.ByUnit, Name: "survey.pollCreate", Handler: s.pollCreate},
		{Method: get, Path: "/poll/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "survey.poll", Handler: s.pollPage},
		{Method: get, Path: "/poll/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.pollForm", Handler: record.ActForm(s.aboutPoll)},
		{Method: post, Path: "/poll/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "survey.pollAct", Handler: s.rec.ActPost(s.aboutPoll, s.doPoll)},
		{Method: get, Path: "/api/v1/polls", Right: scope.View, Scope: web.ByUnit, Name: "survey.apiPolls", Handler: s.apiPolls},
		{Method: get, Path: "/api/v1/polls/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "survey.apiPoll", Handler: s.apiPoll},
	}
}

// sheetView is the page that the code leads to; Said is set when there is nothing to fill in.
type sheetView struct {
	Title, Said, Why string
	Faults           []ui.Fault
	Spec             ui.FormSpec
	Inputs           []ui.Input
}

func showSheet(w http.ResponseWriter, r *http.Request, v sheetView, status int) error {
	return web.Render(w, r, web.Page{Title: v.Title, Plain: true, Bare: true, Status: status, Error: len(v.Faults) > 0}, sheetTempl(v))
}

func saySheet(w http.ResponseWriter, r *http.Request, key string, status int) error {
	ctx := r.Context()
	return showSheet(w, r, sheetView{Title: i18n.T(ctx, "survey.poll"), Said: i18n.T(ctx, key), Why: i18n.T(ctx, key+"_why")}, status)
}

// inLanguage answers in the language that the address names: nobody here has a cookie.
func inLanguage(r *http.Request) *http.Request {
	if lang := r.URL.Query().Get("lang"); lang == "zh" || lang == "en" {
		return r.WithContext(i18n.In(r.Context(), lang))
	}
	return r
}

// sheetPage asks whoever has the signed link. It sets no cookie.
func (s *Service) sheetPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return saySheet(w, r, "survey.no_link", http.StatusNotFound)
	}
	r = inLanguage(r)
	if r.URL.Query().Get("done") != "" { // the same for everybody
		return saySheet(w, r, "survey.thanks", http.StatusOK)
	}
	p, _, err := s.askedFor(r.Context(), ref, r.URL.Query().Get("k"), false)
	if errs.Is(err, errs.NotFound) {
		return saySheet(w, r, "survey.no_link", http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	if p.Closed || p.Closes < clock.Today(r.Context()) {
		return saySheet(w, r, "survey.poll_over", http.StatusOK)
	}
	v, err := s.sheet(r, ref, p, &web.Form{Values: url.Values{}}, nil)
	if err != nil {
		return err
	}
	return showSheet(w, r, v, http.StatusOK)
}

// sheet are the questions: how old, which help, how one feels. None takes words, so that none can hold a name.
func (s *Service) sheet(r *http.Request, ref id.Ref, p Poll, f *web.Form, beside map[string]string) (sheetView, error) {
	ctx := r.Context()
	tr := func(key string) string { return i18n.T(ctx, key) }
	v := sheetView{Title: p.Title, Spec: ui.FormSpec{Action: "/q/" + ref.String() + "?" + url.Values{"k": {r.URL.Query().Get("k")}, "lang": {i18n.Lang(ctx)}}.Encode(), Key: web.NewKey(), Submit: tr("survey.sheet_send")}}
	age := ui.Input{Kind: ui.KindRadio, Name: "age", Label: tr("survey.q.age")}
	for _, a := range ages[p.Audience] {
		age.Options = append(age.Options, ui.Option{Value: a, Text: tr("survey.age." + a)})
	}
	v.Inputs = append(v.Inputs, age)
	u, err := s.rec.Home(ctx, p.Unit)
	if err != nil {
		return v, err
	}
	known, err := s.needs(outsider(ctx), u)
	if err != nil {
		return v, err
	}
	for _, area := range areas {
		in := ui.Input{Kind: ui.KindChecks, Name: "need_" + area, Label: tr("survey.q." + area), Optional: true}
		for _, n := range known {
			if n.Area == area && slices.Contains(p.Needs, n.Name) {
				in.Options = append(in.Options, ui.Option{Value: n.Name, Text: n.Label})
			}
		}
		if len(in.Options) > 0 {
			v.Inputs = append(v.Inputs, in)
		}
	}
	mood := ui.Input{Kind: ui.KindRadio, Name: "mood", Label: tr("survey.q.mood." + p.Audience)}
	for _, m := range moods {
		mood.Options = append(mood.Options, ui.Option{Value: m, Text: tr("survey.mood." + m)})
	}
	v.Inputs = append(v.Inputs, mood)
	for i, in := range v.Inputs {
		v.Inputs[i].Value, v.Inputs[i].Values, v.Inputs[i].Error = f.Get(in.Name), f.Values[in.Name], beside[in.Name]
	}
	return v, nil
}

// sheetTake keeps one sheet; sent twice it counts once.
func (s *Service) sheetTake(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return saySheet(w, r, "survey.no_link", http.StatusNotFound)
	}
	r = inLanguage(r)
	ctx, k := r.Context(), r.URL.Query().Get("k")
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	var chosen []string
	for _, area := range areas {
		chosen = append(chosen, f.Values["need_"+area]...)
	}
	slices.Sort(chosen)
	x := Sheet{Age: f.Text("age"), Mood: f.Text("mood"), Needs: strings.Join(slices.Compact(chosen), "\n")}
	to, err := web.Once(outsider(ctx), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return "/q/" + ref.String() + "?" + url.Values{"done": {"1"}, "lang": {i18n.Lang(ctx)}}.Encode(), s.Answer(ctx, ref, k, s.from(r), x)
	})
	switch {
	case err == nil:
		return web.SeeOther(w, r, to)
	case errs.Is(err, errs.NotFound):
		return saySheet(w, r, "survey.no_link", http.StatusNotFound)
	case errs.Is(err, errs.Conflict):
		return saySheet(w, r, "survey.poll_over", http.StatusConflict)
	case errs.Is(err, errs.Throttled):
		return saySheet(w, r, "survey.flooded", http.StatusTooManyRequests)
	}
	beside, faults, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	p, _, err := s.askedFor(ctx, ref, k, false)
	if errs.Is(err, errs.NotFound) {
		return saySheet(w, r, "survey.no_link", http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	v, err := s.sheet(r, ref, p, f, beside)
	if err != nil {
		return err
	}
	v.Faults = faults
	return showSheet(w, r, v, http.StatusUnprocessableEntity)
}

// pollsPage lists the questionnaires of a unit and those below it, and what young people need by all of them together.
func (s *Service) pollsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, err := s.Polls(ctx, u)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(list))
	for i, l := range list {
		ids[i] = l.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "survey.polls")
	v := record.Overview{Heading: ui.Heading{Title: title, Under: u.Name}, Choices: []ui.Choice{views(ctx, u, "/poll")}}
	if v.Figures, err = s.figures(ctx, u, "poll.answers", "poll.needs", "poll.low"); err != nil {
		return err
	}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "survey.poll_begin"), Href: at("/poll/new", u), Main: true}}
	}
	t := ui.Table{Caption: title, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.poll")}, column(ctx, "survey.f.unit"), column(ctx, "survey.f.closes"), column(ctx, "survey.f.answers")}}
	for _, l := range list {
		state := ui.State(i18n.T(ctx, "survey.poll_open"), "-")
		if l.Closed == 1 {
			if state = ui.State(i18n.T(ctx, "survey.poll_few", "N", anon.Fewest), "-"); l.Counted > 0 {
				state = ui.Text(i18n.T(ctx, "survey.n_answers", "N", l.Counted))
			}
		}
		t.Rows = append(t.Rows, ui.Row{ID: l.Ref().String(), Cells: []ui.Cell{ui.To(l.Title, pollPath(l.Ref())), ui.Text(units[l.Unit].Name), ui.Text(i18n.Day(ctx, l.Closes)), state}})
	}
	v.Sections = []record.Section{{ID: "polls", Title: title, Lead: i18n.T(ctx, "survey.polls_lead", "N", anon.Fewest), Table: t, Empty: i18n.T(ctx, "survey.polls_none"),
		Acts: []ui.Button{{Text: i18n.T(ctx, "survey.by_need"), Href: "/figure/poll.needs?by=need&unit=" + u.ID.String()}}}}
	return web.Render(w, r, web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "survey.title"), Href: at("/survey", u)}, {Text: title}}}, record.OverviewBody(v))
}

type pollView struct {
	record.Shown
	QR      templ.Component
	Address string
}

func (s *Service) pollPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	p, _, err := s.Poll(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, p.Unit)
	if err != nil {
		return err
	}
	v := pollView{Shown: record.Shown{Heading: ui.Heading{Title: p.Title, Under: u.Name}}}
	works := scope.From(ctx).May(scope.Work, u.Pos)
	if works {
		for _, a := range pollActs {
			if a != "close" || !p.Closed {
				v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "survey.pdo."+a), Href: pollPath(ref) + "/" + a, Main: a == "close"})
			}
		}
	}
	for _, f := range pollFacts(ctx, p)[1:] {
		v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
	}
	switch {
	case p.Outcome.Shown():
		known, err := s.needs(ctx, u)
		if err != nil {
			return err
		}
		v.Sections = outcomeSections(ctx, p, u, known)
	case p.Closed:
		v.Notes = []ui.Note{{Text: i18n.T(ctx, "survey.poll_few_why", "N", anon.Fewest)}}
	default:
		v.Notes = []ui.Note{{Text: i18n.T(ctx, "survey.poll_later")}}
		if works {
			link, err := s.PollLink(ctx, ref)
			if err != nil {
				return err
			}
			v.Address = origin(r) + link
			image, err := qr.Encode(v.Address, qr.M)
			if err != nil {
				return err
			}
			v.QR = ui.QRCode(image.Size, image.Black, i18n.T(ctx, "survey.scan"))
		}
	}
	page := crumbs(ctx, u, p.Title)
	page.Crumbs = slices.Insert(page.Crumbs, 1, ui.Link{Text: i18n.T(ctx, "survey.polls"), Href: at("/poll", u)})
	return web.Render(w, r, page, pollTempl(v))
}

// origin is the address under which the reader sees us, for a code that is read by a telephone.
func origin(r *http.Request) string {
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// told is a number as it may be told.
func told(ctx context.Context, n int64) ui.Cell {
	if n == anon.Hidden {
		return ui.Text(i18n.T(ctx, "survey.hidden"))
	}
	return ui.Num(ui.Number(n), "")
}

// outcomeSections say what came of a questionnaire: needs by area and age, with the teams that can answer them (R156), and how
// people feel (R160).
func outcomeSections(ctx context.Context, p Poll, u org.Unit, known []Need) (out []record.Section) {
	o := p.Outcome
	x := record.Section{ID: "outcome", Title: i18n.T(ctx, "survey.outcome"), Lead: i18n.T(ctx, "survey.outcome_lead", "N", o.Counted, "Aside", o.Aside, "Fewest", anon.Fewest)}
	x.Table = ui.Table{Caption: x.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.need")}, number(ctx, "survey.f.all")}}
	all := ui.Row{ID: "all", Cells: []ui.Cell{ui.Text(i18n.T(ctx, "survey.f.answers")), told(ctx, o.Counted)}}
	for i, a := range ages[p.Audience] {
		x.Table.Columns = append(x.Table.Columns, number(ctx, "survey.age."+a))
		all.Cells = append(all.Cells, told(ctx, o.Ages[i]))
	}
	x.Table.Columns = append(x.Table.Columns, column(ctx, "survey.f.helps"))
	x.Table.Rows = []ui.Row{{ID: all.ID, Cells: append(all.Cells, ui.Text(""))}}
	for _, n := range needsByArea(known) {
		row, ok := o.Needs[n.Name]
		if !ok {
			continue
		}
		cells := []ui.Cell{{Text: n.Label, Sub: i18n.T(ctx, "survey.area."+n.Area)}}
		for _, c := range row {
			cells = append(cells, told(ctx, c))
		}
		x.Table.Rows = append(x.Table.Rows, ui.Row{Cells: append(cells, ui.To(i18n.T(ctx, "survey.who_helps"), "/team/match?"+url.Values{"unit": {u.ID.String()}, "need": {n.Name}}.Encode()))})
	}
	y := record.Section{ID: "moods", Title: i18n.T(ctx, "survey.moods"), Lead: i18n.T(ctx, "survey.moods_lead")}
	y.Table = ui.Table{Caption: y.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.mood")}, number(ctx, "survey.f.all")}}
	for i, m := range moods {
		y.Table.Rows = append(y.Table.Rows, ui.Row{ID: m, Cells: []ui.Cell{ui.Text(i18n.T(ctx, "survey.mood."+m)), told(ctx, o.Moods[i])}})
	}
	return []record.Section{x, y}
}

func (s *Service) toPoll(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return record.Form{}, err
	}
	if err := s.polls.MayCreate(ctx, Poll{Unit: u.ID}, acted("poll")); err != nil {
		return record.Form{}, err
	}
	known, err := s.needs(ctx, u)
	tr := func(key string, args ...any) string { return i18n.T(ctx, key, args...) }
	audience, needs := ui.Input{Kind: ui.KindRadio, Name: "audience", Label: tr("survey.f.audience"), Value: Audiences[0]}, ui.Input{Kind: ui.KindChecks, Name: "needs", Label: tr("survey.f.needs"), Hint: tr("survey.needs_hint")}
	for _, a := range Audiences {
		audience.Options = append(audience.Options, ui.Option{Value: a, Text: tr("survey.audience." + a)})
	}
	for _, n := range needsByArea(known) {
		needs.Options, needs.Values = append(needs.Options, ui.Option{Value: n.Name, Text: n.Label, Sub: tr("survey.area." + n.Area)}), append(needs.Values, n.Name)
	}
	return record.Form{Current: Kind, Unit: u, Title: tr("survey.poll_begin"), Lead: tr("survey.poll_lead"), Over: u.Name, Back: at("/poll", u), Action: at("/poll/new", u), Submit: tr("survey.save"),
		Inputs: []ui.Input{{Name: "title", Label: tr("survey.f.poll"), MaxLength: maxName}, audience, needs, {Name: "expected", Label: tr("survey.f.expected"), Hint: tr("survey.expected_hint"), Short: true},
			{Kind: ui.KindDate, Name: "closes", Label: tr("survey.f.closes"), Value: string(clock.Today(ctx).AddDays(14))}}}, err
}

func (s *Service) pollNew(w http.ResponseWriter, r *http.Request) error {
	v, err := s.toPoll(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) pollCreate(w http.ResponseWriter, r *http.Request) error {
	v, err := s.toPoll(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		p := Poll{Unit: v.Unit.ID, Title: f.Text("title"), Audience: f.Text("audience"), Needs: f.Values["needs"], Closes: f.Day("closes")}
		if n, err := table.ParseCount(f.Text("expected")); err == nil {
			p.Expected = n
		}
		ref, err := s.AddPoll(ctx, p)
		return pollPath(ref), err
	})
}

var pollActs = []string{"close", "remove"}

func (s *Service) aboutPoll(r *http.Request) (record.Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	p, v, err := record.Opened(r, record.Subject[Poll]{Book: s.polls, Get: s.Poll, Acts: pollActs, Save: "survey.act.poll_close", Home: func(p Poll) (id.ID, int) { return p.Unit, 0 }, Path: pollPath, Submit: "survey.save", Current: Kind})
	if err != nil || act == record.ActUndo {
		return v, err
	}
	v.Over, v.Title, v.Submit = p.Title, i18n.T(ctx, "survey.pdo."+act), i18n.T(ctx, "survey.pdo."+act)
	if act == "remove" {
		v.Inputs = []ui.Input{{Kind: ui.KindArea, Name: "reason", Label: i18n.T(ctx, "survey.f.reason"), Lines: 2}}
	} else {
		v.Lead = i18n.T(ctx, "survey.close_lead", "N", anon.Fewest)
	}
	return v, nil
}

func (s *Service) doPoll(ctx context.Context, v record.Form, act string, f *web.Form) (string, error) {
	switch act {
	case "close":
		return pollPath(v.Ref), s.ClosePoll(ctx, v.Ref, f.Version())
	case "remove":
		return at("/poll", v.Unit), s.RemovePoll(ctx, v.Ref, f.Version(), f.Text("reason"))
	}
	return pollPath(v.Ref), s.polls.Undo(ctx, v.Ref, f.Version())
}

// apiPolls answers the questionnaires of a unit and those below it: ?unit=.
func (s *Service) apiPolls(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	list, err := s.Polls(r.Context(), u)
	if err != nil {
		return err
	}
	type line struct {
		Ref string `json:"ref"`
		ListedPoll
	}
	out := []line{}
	for _, l := range list {
		out = append(out, line{l.Ref().String(), l})
	}
	return web.JSON(w, http.StatusOK, map[string]any{"polls": out})
}

// apiPoll answers a questionnaire with what may be told of it: -1 stands for what is told nobody.
func (s *Service) apiPoll(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	p, _, err := s.Poll(r.Context(), ref)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"ref": ref.String(), "record": p})
}
