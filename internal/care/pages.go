package care

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/seal"
)

// Routes are the addresses of this module.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/ask", Right: scope.Anyone, Scope: web.Public, Name: "care.ask", Handler: s.askPage},
		{Method: post, Path: "/ask", Right: scope.Anyone, Scope: web.Public, Name: "care.askPost", Handler: s.askPost},
		{Method: get, Path: "/ask/back", Right: scope.Anyone, Scope: web.Public, Name: "care.back", Handler: s.backPage},
		{Method: post, Path: "/ask/back", Right: scope.Anyone, Scope: web.Public, Name: "care.backPost", Handler: s.backPost},
		{Method: post, Path: "/ask/say", Right: scope.Anyone, Scope: web.Public, Name: "care.say", Handler: s.sayPost},
		{Method: post, Path: "/ask/rate", Right: scope.Anyone, Scope: web.Public, Name: "care.rate", Handler: s.ratePost},
		{Method: post, Path: "/ask/file", Right: scope.Anyone, Scope: web.Public, Name: "care.ownFile", Handler: s.ownFilePost},
		{Method: get, Path: "/ask/leave", Right: scope.Anyone, Scope: web.Public, Name: "care.leave", Handler: s.leavePage},
		{Method: get, Path: "/care", Right: scope.View, Scope: web.ByUnit, Name: "care.index", Handler: s.indexPage},
		{Method: get, Path: "/care/desk", Right: scope.Work, Scope: web.ByUnit, Name: "care.desk", Handler: s.deskPage},
		{Method: post, Path: "/care/desk", Right: scope.Work, Scope: web.ByUnit, Name: "care.setDesk", Handler: s.deskPost},
		{Method: get, Path: "/care/rule", Right: scope.Operate, Scope: web.ByUnit, Name: "care.rule", Handler: s.rulePage},
		{Method: post, Path: "/care/rule", Right: scope.Operate, Scope: web.ByUnit, Name: "care.setRule", Handler: s.rulePost},
		{Method: get, Path: "/care/emergency", Right: scope.Work, Scope: web.ByUnit, Name: "care.emergency", Handler: s.emergencyPage},
		{Method: post, Path: "/care/emergency", Right: scope.Work, Scope: web.ByUnit, Name: "care.emergencyPost", Handler: s.emergencyPost},
		{Method: get, Path: "/care/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "care.show", Handler: s.showPage},
		{Method: get, Path: "/care/{ref}/file/{no}", Right: scope.View, Scope: web.ByRecord, Name: "care.file", Handler: s.filePage},
		{Method: post, Path: "/care/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "care.act", Handler: s.actPost},
		{Method: get, Path: MinePath + "/{ref}", Right: scope.SignedIn, Scope: web.Self, Name: "care.mine", Handler: s.mine(s.showPage)},
		{Method: get, Path: MinePath + "/{ref}/file/{no}", Right: scope.SignedIn, Scope: web.Self, Name: "care.mineFile", Handler: s.mine(s.filePage)},
		{Method: post, Path: MinePath + "/{ref}/{act}", Right: scope.SignedIn, Scope: web.Self, Name: "care.mineAct", Handler: s.mine(s.actPost)},
		{Method: get, Path: "/api/v1/care", Right: scope.View, Scope: web.ByUnit, Name: "care.apiIndex", Handler: s.apiIndex},
		{Method: get, Path: "/api/v1/care/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "care.apiShow", Handler: s.apiShow},
	}
}

func tr(ctx context.Context, key string, args ...any) string { return i18n.T(ctx, key, args...) }

// unitOf is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

func at(path string, unit id.ID) string {
	return path + "?" + url.Values{"unit": {unit.String()}}.Encode()
}

type indexView struct {
	Heading ui.Heading
	Notes   []ui.Note
	Facts   []ui.Fact
	Duty    []ui.Fact
	Open    ui.Table
	Ended   ui.Table
	Here    bool
	Call    ui.Table // who wants to be called and was not reached yet
	In, Out ui.Table // what is offered to the desk, and what it offered or handed over
	Below   []ui.Link
	Places  []ui.Link // of other modules
	Counts  ui.Table  // what is published of how many asked
	Period  string
}

// indexPage is a unit's desk: its requests for who works there, for those above that it is there and how many wait too long.
func (s *Service) indexPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	d, err := s.Desk(ctx, u.ID)
	if err != nil {
		return err
	}
	late, err := s.Late(ctx, u)
	if err != nil {
		return err
	}
	v := indexView{Heading: ui.Heading{Title: tr(ctx, "care.title"), Under: u.Name}, Here: worksAt(ctx, u.ID, u.Pos)}
	if late > 0 {
		v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: tr(ctx, "care.late", "N", late), Text: tr(ctx, "care.late_why")})
	}
	v.Facts = s.deskFacts(ctx, d)
	if v.Here {
		if d.Open {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr(ctx, "care.see_public"), Href: at(askPath, u.ID)})
		}
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr(ctx, "care.find"), Href: seal.FindPath(u.ID)}, ui.Button{Text: tr(ctx, "care.set_desk"), Href: at("/care/desk", u.ID), Main: !d.Open})
		if err := s.listsOf(ctx, &v, u); err != nil {
			return err
		}
	}
	if may, err := s.above(ctx, u); err != nil {
		return err
	} else if may && d.Ver > 0 {
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr(ctx, "care.emergency"), Href: at("/care/emergency", u.ID)})
	}
	v.Places = s.placesOf(ctx, u)
	if v.Below, err = s.below(ctx, u); err != nil {
		return err
	}
	if v.Counts, v.Period, err = s.countTable(ctx, u); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, indexTempl(v))
}

// countTable is what is published of how many asked.
func (s *Service) countTable(ctx context.Context, u org.Unit) (t ui.Table, period string, err error) {
	from, to, list, err := s.Counts(ctx, u)
	if err != nil {
		return t, "", err
	}
	t = ui.Table{Caption: tr(ctx, "care.counts"), Columns: []ui.Column{{Text: tr(ctx, "care.f.kind")}, {Text: tr(ctx, "care.f.n"), Label: true, Right: true}}}
	for _, c := range list {
		n := ui.Number(c.N)
		if c.Least {
			n = tr(ctx, "care.or_more", "N", n)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.Text(tr(ctx, "care.kind."+c.Kind)), ui.Text(n)}})
	}
	return t, tr(ctx, "care.counts_lead", "From", i18n.Month(ctx, anon.FirstOf(from)), "To", i18n.Month(ctx, anon.FirstOf(to)), "N", anon.Fewest), nil
}

func (s *Service) deskFacts(ctx context.Context, d Desk) []ui.Fact {
	if d.Ver == 0 {
		return nil
	}
	state := "care.desk_shut"
	if d.Open {
		state = "care.desk_open"
	}
	var kinds []string
	for _, k := range d.Kinds {
		kinds = append(kinds, tr(ctx, "care.kind."+k))
	}
	comma := tr(ctx, "care.comma")
	return []ui.Fact{{Label: tr(ctx, "care.f.state"), Text: tr(ctx, state)}, {Label: tr(ctx, "care.f.kinds"), Text: strings.Join(kinds, comma)}, {Label: tr(ctx, "care.f.hours"), Text: d.Hours},
		{Label: tr(ctx, "care.f.phone"), Text: d.Phone}, {Label: tr(ctx, "care.f.leads"), Text: strings.Join(d.names(), comma)}}
}

// listsOf are a desk's requests and who is on call.
func (s *Service) listsOf(ctx context.Context, v *indexView, u org.Unit) error {
	running, err := s.Requests(ctx, u, false)
	if err != nil {
		return err
	}
	ended, err := s.Requests(ctx, u, true)
	if err != nil {
		return err
	}
	if len(running) == mostListed {
		v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: tr(ctx, "care.more", "N", mostListed), Text: tr(ctx, "care.more_why")})
	}
	v.Open, v.Ended = requestTable(ctx, tr(ctx, "care.running"), running), endedTable(ctx, ended)
	call, err := s.ToCall(ctx, u)
	if err != nil {
		return err
	}
	v.Call = callTable(ctx, call)
	if v.In, v.Out, err = s.passTables(ctx, u); err != nil {
		return err
	}
	duty, err := s.OnCall(ctx, u)
	if err != nil {
		return err
	}
	for _, x := range duty {
		v.Duty = append(v.Duty, ui.Fact{Label: x.Name, Text: tr(ctx, "care.on_call", "From", i18n.Day(ctx, x.From), "To", i18n.Day(ctx, x.To), "Phone", x.Phone)})
	}
	return nil
}

func requestTable(ctx context.Context, caption string, list []Request) ui.Table {
	t := ui.Table{Caption: caption, Columns: []ui.Column{{Text: tr(ctx, "care.f.no")}, {Text: tr(ctx, "care.f.kind"), Label: true}, {Text: tr(ctx, "care.f.urgency"), Label: true}, {Text: tr(ctx, "care.f.state"), Label: true},
		{Text: tr(ctx, "care.f.at"), Label: true}, {Text: tr(ctx, "care.f.due"), Label: true}, {Text: tr(ctx, "care.f.holder"), Label: true}}}
	now := clock.Millis(ctx)
	for _, q := range list {
		dueText, dash := tr(ctx, "care.dash"), tr(ctx, "care.dash")
		if q.DueAt != 0 {
			dueText = moment(ctx, q.DueAt)
		}
		state := ui.State(tr(ctx, "care.is."+string(q.State)), "")
		if q.State != Closed && (q.Risen > 0 || q.DueAt != 0 && q.DueAt <= now) {
			state = ui.State(tr(ctx, "care.is_late"), "w")
		}
		holder := q.HolderName
		if holder == "" {
			holder = dash
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.To(q.No, path(q.Ref())), ui.Text(tr(ctx, "care.kind."+q.Kind)), urgencyCell(ctx, q), state, ui.Text(moment(ctx, q.At)), ui.Text(dueText), ui.Text(holder)}})
	}
	return t
}

// endedTable are requests that are done with: all of one state, and nothing is due any more.
func endedTable(ctx context.Context, list []Request) ui.Table {
	t := ui.Table{Caption: tr(ctx, "care.ended_list"), Columns: []ui.Column{{Text: tr(ctx, "care.f.no")}, {Text: tr(ctx, "care.f.kind"), Label: true}, {Text: tr(ctx, "care.f.at"), Label: true}, {Text: tr(ctx, "care.f.holder"), Label: true}}}
	for _, q := range list {
		holder := q.HolderName
		if holder == "" {
			holder = tr(ctx, "care.dash")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.To(q.No, path(q.Ref())), ui.Text(tr(ctx, "care.kind."+q.Kind)), ui.Text(moment(ctx, q.At)), ui.Text(holder)}})
	}
	return t
}

// callTable are those who want to be called; who calls opens the request, where the number is.
func callTable(ctx context.Context, list []Request) ui.Table {
	t := ui.Table{Caption: tr(ctx, "care.call_list"), Columns: []ui.Column{{Text: tr(ctx, "care.f.no")}, {Text: tr(ctx, "care.f.kind"), Label: true}, {Text: tr(ctx, "care.f.due"), Label: true}, {Text: tr(ctx, "care.f.calls"), Label: true}}}
	for _, q := range list {
		dueText, tried := tr(ctx, "care.dash"), tr(ctx, "care.call_never")
		if q.DueAt != 0 {
			dueText = moment(ctx, q.DueAt)
		}
		if q.CalledAt != 0 {
			tried = tr(ctx, "care.call_tried", "N", q.Calls, "At", moment(ctx, q.CalledAt))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.To(q.No, path(q.Ref())), ui.Text(tr(ctx, "care.kind."+q.Kind)), ui.Text(dueText), ui.Text(tried)}})
	}
	return t
}

func urgencyCell(ctx context.Context, q Request) ui.Cell {
	kind := ""
	if q.Urgency == Now && q.State != Closed {
		kind = "w"
	}
	return ui.State(tr(ctx, "care.urgency."+string(q.Urgency)), kind)
}

// below are the desks under a unit.
func (s *Service) below(ctx context.Context, u org.Unit) (out []ui.Link, err error) {
	list, err := s.Desks(ctx, u.Range())
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		if d.Unit == u.ID {
			continue
		}
		x, err := s.rec.Home(ctx, d.Unit)
		if err != nil {
			return nil, err
		}
		out = append(out, ui.Link{Text: x.Name, Href: at("/care", x.ID), Sub: d.Hours})
	}
	return out, nil
}

type showView struct {
	Heading ui.Heading
	Notes   []ui.Note
	Facts   []ui.Fact
	Ref     id.Ref
	Sealed  string // why the words are not here
	Lines   []ui.Word
	Forms   []form
	Faults  []ui.Fault
	Who     []ui.Link
	Take    *ui.Post
	Calls   []ui.Post         // reached by telephone, or not
	Top     []templ.Component // boxes of other modules, before the words and after them
	Panels  []templ.Component
}

// form is a form on a request's page.
type form struct {
	Title  string
	Spec   ui.FormSpec
	Inputs []ui.Input
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return s.show(w, r, ref, nil, nil)
}

// show is a request's page: with its words for those who may read them, which the log then says.
func (s *Service) show(w http.ResponseWriter, r *http.Request, ref id.Ref, f *web.Form, failed error) error {
	ctx := r.Context()
	q, reads, err := s.Known(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		return s.showOffered(w, r, ref, f, failed)
	}
	if err != nil {
		return err
	}
	q.Guest = ofGuest(r)
	v := showView{Heading: ui.Heading{Title: tr(ctx, "care.one", "No", q.No), Under: tr(ctx, "care.under", "Kind", tr(ctx, "care.kind."+q.Kind), "Asker", tr(ctx, "care.asker."+q.Asker))}}
	v.Heading.Tags = []ui.Mark{{Text: tr(ctx, "care.is."+string(q.State))}}
	if q.Urgency == Now && q.State != Closed {
		v.Heading.Tags = append(v.Heading.Tags, ui.Mark{Text: tr(ctx, "care.urgency.now"), Kind: "w"})
	}
	page := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "care.title"), Href: at("/care", q.Unit)}, {Text: v.Heading.Title}}}
	if q.Guest {
		page.Current, page.Crumbs = "shared", []ui.Link{{Text: v.Heading.Title}}
	}
	v.Facts = requestFacts(ctx, q)
	if !reads {
		v.Sealed, v.Ref = tr(ctx, "care.closed"), ref
		return web.Render(w, r, page, showTempl(v))
	}
	o, err := s.Open(ctx, ref)
	if err != nil {
		return err
	}
	if o.Name != "" || o.Contact != "" {
		contact := ui.Fact{Label: tr(ctx, "care.f.contact"), Text: or(o.Contact, tr(ctx, "care.dash"))}
		if number := phoneIn(o.Contact); number != "" { // whoever is on call rings from the telephone in their hand
			contact.Href = ui.Tel(number)
		}
		v.Facts = append(v.Facts, ui.Fact{Label: tr(ctx, "care.f.name"), Text: or(o.Name, tr(ctx, "care.dash"))}, contact)
	}
	if n, err := s.offerNote(ctx, q); err != nil {
		return err
	} else if n != nil {
		v.Notes = append(v.Notes, *n)
	}
	if q.Danger == 1 {
		n := ui.Note{Kind: "w", Title: tr(ctx, "care.danger"), Text: tr(ctx, "care.danger_what")}
		if q.careful() {
			n.Text += tr(ctx, "care.danger_way")
		}
		v.Notes = append(v.Notes, n)
	}
	for _, e := range o.Entries {
		l := shownOf(ctx, q.at(), e)
		if e.stands() && e.Day <= clock.Today(ctx) {
			l.Posts = slotPosts(ctx, q, e)
		}
		v.Lines = append(v.Lines, l)
	}
	if keeps, err := s.seal.Keeps(ctx, owner(entryKind, q, o.Desk, o.Duty, clock.Today(ctx))); err != nil {
		return err
	} else if keeps {
		v.Who = []ui.Link{{Text: tr(ctx, "care.who_looked"), Href: "/seal/" + ref.String() + "/readings"}, {Text: tr(ctx, "care.let_in"), Href: "/seal/" + ref.String()}}
	}
	if v.Top, v.Panels, err = s.lent(ctx, q); err != nil {
		return err
	}
	if v.Forms, v.Faults, err = s.forms(ctx, q, o.Entries, f, failed); err != nil {
		return err
	}
	if worksAt(ctx, q.Unit, q.Pos) {
		may, err := s.mayHold(ctx, q, scope.From(ctx).Account)
		if err != nil {
			return err
		}
		if may && q.Holder != scope.From(ctx).Account && q.State != Closed {
			v.Take = &ui.Post{Text: tr(ctx, "care.do.take"), Action: path(ref) + "/take", Key: web.NewKey(), Main: q.Holder == 0, Hidden: []ui.Pair{{Name: "_version", Value: numbered(q.Ver)}}}
		}
		if q.Way == "call" && q.State != Closed && q.Reached == 0 {
			for _, x := range []struct{ key, reached string }{{"care.do.reached", "1"}, {"care.do.unreached", "0"}} {
				v.Calls = append(v.Calls, ui.Post{Text: tr(ctx, x.key), Action: path(ref) + "/call", Key: web.NewKey(), Hidden: []ui.Pair{{Name: "_version", Value: numbered(q.Ver)}, {Name: "reached", Value: x.reached}}})
			}
		}
	}
	if len(v.Faults) > 0 {
		page.Error, page.Status = true, http.StatusUnprocessableEntity
	}
	return web.Render(w, r, page, showTempl(v))
}

// lent are the boxes of other modules for a request, those before its words and those after them.
func (s *Service) lent(ctx context.Context, q Request) (top, rest []templ.Component, err error) {
	list := slices.Clone(s.panels)
	slices.SortStableFunc(list, func(a, b Panel) int { return a.Order - b.Order })
	for _, p := range list {
		switch c, err := p.Render(ctx, q); {
		case err != nil:
			return nil, nil, err
		case c == nil:
		case p.Order < 0:
			top = append(top, c)
		default:
			rest = append(rest, c)
		}
	}
	return top, rest, nil
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func requestFacts(ctx context.Context, q Request) []ui.Fact {
	out := []ui.Fact{{Label: tr(ctx, "care.f.at"), Text: moment(ctx, q.At)}, {Label: tr(ctx, "care.f.urgency"), Text: tr(ctx, "care.urgency."+string(q.Urgency))}, {Label: tr(ctx, "care.f.way"), Text: tr(ctx, "care.way."+wayKey(q.Way, q.Asker))}}
	if q.DueAt != 0 {
		out = append(out, ui.Fact{Label: tr(ctx, "care.f.due"), Text: moment(ctx, q.DueAt)})
	}
	if q.AnsweredAt != 0 {
		out = append(out, ui.Fact{Label: tr(ctx, "care.f.answered"), Text: moment(ctx, q.AnsweredAt)})
	}
	if q.HolderName != "" {
		holder := q.HolderName
		if q.Sub.Account != 0 {
			holder = tr(ctx, "care.stood_in", "Name", q.HolderName, "Sub", q.Sub.Name)
		}
		out = append(out, ui.Fact{Label: tr(ctx, "care.f.holder"), Text: holder})
	}
	if q.Rule != 0 {
		out = append(out, ui.Fact{Label: tr(ctx, "care.f.rule"), Text: tr(ctx, "care.rule_agreed", "N", q.Rule)})
	}
	if q.Outcome != "" {
		out = append(out, ui.Fact{Label: tr(ctx, "care.f.outcome"), Text: tr(ctx, "care.outcome."+q.Outcome)})
	}
	if q.Score != 0 {
		out = append(out, ui.Fact{Label: tr(ctx, "care.f.score"), Text: tr(ctx, "care.score."+numbered(q.Score))})
	}
	return out
}

func shownOf(ctx context.Context, at string, e Entry) ui.Word {
	out := ui.Word{Mine: e.Kind == Told, Step: e.Kind == Step, Tag: tr(ctx, "care.entry."+e.Kind), Who: e.ByName, When: moment(ctx, e.At), Paras: web.TextLines(e.Text)}
	if e.Kind == Met || e.Kind == Called || e.Kind == Booked {
		out.When = i18n.Day(ctx, e.Day)
	}
	if e.Kind == Booked {
		out.When = slotText(ctx, e)
		if e.Reply != "" {
			out.Who += " " + tr(ctx, "care.reply."+e.Reply)
		}
		if e.Fate != "" {
			out.Important = tr(ctx, "care.fate."+e.Fate)
		}
	}
	for _, f := range e.Files {
		l := ui.Link{Text: or(f.Name, tr(ctx, "care.file_gone")), Sub: tr(ctx, "care.file_size", "KB", (f.Size+1023)>>10)}
		if f.Name != "" {
			l.Href = at + "/file/" + numbered(f.No)
		}
		out.Files = append(out.Files, l)
	}
	if e.Kind == Step {
		what, arg, _ := strings.Cut(e.Arg, ":")
		if what == "pressed" {
			arg = tr(ctx, "care.urgency."+arg)
		}
		out.Tag = tr(ctx, "care.step."+what, "Arg", arg)
		if to, is := strings.CutPrefix(e.Mark, what+":"); is && (what == Aid || what == Aided) {
			out.Href = "/aid/" + to
		}
	}
	return out
}

// slotText is an appointment's day, with its time of day and its place where it has them.
func slotText(ctx context.Context, e Entry) string {
	out := i18n.Day(ctx, e.Day)
	if e.Clock != "" {
		out += " " + e.Clock
	}
	if e.Way != "" {
		out += " " + tr(ctx, "care.place."+e.Way)
	}
	return out
}

// forms are what can be done with a request from where one stands.
func (s *Service) forms(ctx context.Context, q Request, said []Entry, f *web.Form, failed error) (out []form, faults []ui.Fault, err error) {
	if f == nil {
		f = &web.Form{Values: url.Values{}}
	}
	var beside map[string]string
	if failed != nil {
		if beside, faults, err = web.Problems(ctx, failed); err != nil {
			return nil, nil, err
		}
	}
	here, ver := q.at(), []ui.Pair{{Name: "_version", Value: numbered(q.Ver)}}
	kinds := entryKinds
	if q.State == Closed {
		kinds = kinds[2:]
	}
	value := func(name, otherwise string) string { return or(f.Get(name), otherwise) }
	write := []ui.Input{
		{Kind: ui.KindRadio, Name: "kind", Label: tr(ctx, "care.f.entry"), Value: value("kind", kinds[0]), Options: options(ctx, "care.entry_do.", kinds, "care.entry_sub."), Error: beside["kind"]},
		{Kind: ui.KindArea, Name: "text", Label: tr(ctx, "care.f.words"), Value: f.Get("text"), Error: beside["text"], Lines: 6, Autocomplete: "off", Sealed: true},
		{Kind: ui.KindDate, Name: "day", Label: tr(ctx, "care.f.day"), Hint: tr(ctx, "care.day_hint"), Value: value("day", string(clock.Today(ctx))), Error: beside["day"], Max: string(clock.Today(ctx).AddDays(bookedWithin))}}
	if q.State == Closed { // nothing is arranged any more
		write[2].Hint = tr(ctx, "care.day_was_hint")
	} else {
		write = append(write, ui.Input{Name: "clock", Label: tr(ctx, "care.f.clock"), Hint: tr(ctx, "care.clock_hint"), Value: f.Get("clock"), Error: beside["clock"], Optional: true, Short: true, MaxLength: 5, Autocomplete: "off"},
			ui.Input{Kind: ui.KindSelect, Name: "place", Label: tr(ctx, "care.f.place"), Value: f.Get("place"), Error: beside["place"], Optional: true, Options: append([]ui.Option{{Text: tr(ctx, "care.place_none")}}, options(ctx, "care.place.", Places, "")...)})
	}
	write = append(write, filesInput(tr(ctx, "care.f.files"), tr(ctx, "care.ask.files_hint", "N", MostFiles, "MB", MaxFileBytes>>20), beside["files"]))
	out = append(out, form{Title: tr(ctx, "care.do.write"), Spec: ui.FormSpec{ID: "write", Multipart: true, Action: here + "/write", Key: web.NewKey(), Submit: tr(ctx, "care.do.write_it")}, Inputs: write})
	if slot := slotForm(ctx, q, said, f, beside); slot != nil && q.State != Closed {
		out = append(out, *slot)
	}
	switch {
	case !worksAt(ctx, q.Unit, q.Pos):
		return append(out, leaveForm(ctx, q, f, beside)), faults, nil
	case q.State == Closed:
		return append(out, form{Title: tr(ctx, "care.do.reopen"), Spec: ui.FormSpec{ID: "reopen", Action: here + "/reopen", Key: web.NewKey(), Submit: tr(ctx, "care.do.reopen"), Hidden: ver}, Inputs: []ui.Input{
			{Kind: ui.KindArea, Name: "again", Label: tr(ctx, "care.f.again"), Hint: tr(ctx, "care.again_hint"), Value: f.Get("again"), Error: beside["again"], Autocomplete: "off", Sealed: true}}}), faults, nil
	}
	var urgencies []string
	for _, u := range Urgencies {
		urgencies = append(urgencies, string(u))
	}
	whom, err := s.whomInput(ctx, q, f, beside)
	if err != nil {
		return nil, nil, err
	}
	out = append(out,
		form{Title: tr(ctx, "care.do.assign"), Spec: ui.FormSpec{ID: "assign", Action: here + "/assign", Key: web.NewKey(), Submit: tr(ctx, "care.do.assign_it"), Hidden: ver}, Inputs: []ui.Input{whom}},
		form{Title: tr(ctx, "care.do.refer"), Spec: ui.FormSpec{ID: "refer", Action: here + "/refer", Key: web.NewKey(), Submit: tr(ctx, "care.do.refer_it"), Hidden: ver}, Inputs: []ui.Input{
			{Name: "guest", Label: tr(ctx, "care.f.guest"), Hint: tr(ctx, "care.guest_hint"), Value: f.Get("guest"), Error: beside["guest"], Autocomplete: "off", MaxLength: 60},
			{Name: "purpose", Label: tr(ctx, "care.f.purpose"), Hint: tr(ctx, "care.purpose_hint"), Value: f.Get("purpose"), Error: beside["purpose"], MaxLength: maxShort},
			{Kind: ui.KindDate, Name: "until", Label: tr(ctx, "care.f.until"), Value: value("until", string(clock.Today(ctx).AddDays(30))), Error: beside["until"]},
			{Kind: ui.KindCheck, Name: "consent", Label: tr(ctx, "care.f.consent"), Hint: tr(ctx, "care.consent_hint"), Value: f.Get("consent"), Error: beside["consent"]}}},
		form{Title: tr(ctx, "care.do.press"), Spec: ui.FormSpec{ID: "press", Action: here + "/press", Key: web.NewKey(), Submit: tr(ctx, "care.do.press_it"), Hidden: ver}, Inputs: []ui.Input{
			{Kind: ui.KindRadio, Name: "urgency", Label: tr(ctx, "care.f.urgency"), Value: value("urgency", string(q.Urgency)), Options: options(ctx, "care.urgency.", urgencies, "care.urgency_sub."), Error: beside["urgency"]}}},
		form{Title: tr(ctx, "care.do.close"), Spec: ui.FormSpec{ID: "close", Action: here + "/close", Key: web.NewKey(), Submit: tr(ctx, "care.do.close_it"), Hidden: ver}, Inputs: []ui.Input{
			{Kind: ui.KindRadio, Name: "outcome", Label: tr(ctx, "care.f.outcome"), Value: f.Get("outcome"), Options: options(ctx, "care.outcome.", Outcomes, ""), Error: beside["outcome"]},
			{Kind: ui.KindArea, Name: "last", Label: tr(ctx, "care.f.last"), Hint: tr(ctx, "care.last_hint"), Value: f.Get("last"), Error: beside["last"], Autocomplete: "off", Sealed: true}}})
	pass, err := s.passForm(ctx, q, f, beside, ver)
	if pass != nil {
		out = append(out, *pass)
	}
	return out, faults, err
}

// whomInput asks to whom a request is given: those who answer for its kind, or any colleague where the desk has named nobody.
func (s *Service) whomInput(ctx context.Context, q Request, f *web.Form, beside map[string]string) (ui.Input, error) {
	team, named, err := s.fit(ctx, q)
	if err != nil {
		return ui.Input{}, err
	}
	if !named {
		staff, err := s.who.Colleagues(ctx, q.Unit)
		in := loginInput(ctx, staff, "login", "care.f.whom", f, beside)
		in.Hint = tr(ctx, "care.login_hint")
		return in, err
	}
	in := loginInput(ctx, nil, "login", "care.f.whom", f, beside)
	in.Hint = tr(ctx, "care.whom_hint")
	if len(team) == 0 {
		in.Hint = tr(ctx, "care.whom_nobody")
	}
	var list []ui.Option
	for _, m := range team {
		list = append(list, ui.Option{Value: m.Login, Text: m.Name, Sub: m.says(ctx)})
	}
	return in.Among(list), nil
}

func (s *Service) actPost(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	f, files, err := readWithFiles(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	next, other, err := s.passAct(ctx, ref, r.PathValue("act"), f)
	if other {
		err = s.act(ctx, ref, r.PathValue("act"), f, files)
	}
	if errs.Is(err, errs.Invalid) {
		return s.show(w, r, ref, f, err)
	}
	if err != nil {
		return err
	}
	switch {
	case r.PathValue("act") == "leave": // they do not see it any more
		next = "/"
	case ofGuest(r):
		next = MinePath + "/" + ref.String()
	}
	return web.SeeOther(w, r, next)
}

// act is what a desk does with its own request.
func (s *Service) act(ctx context.Context, ref id.Ref, act string, f *web.Form, files []Upload) error {
	switch act {
	case "call":
		return s.Call(ctx, ref, f.Version(), f.Text("reached") == "1")
	case "take":
		return s.Take(ctx, ref, f.Version())
	case "assign":
		return s.Assign(ctx, ref, f.Version(), f.Text("login"))
	case "refer":
		return s.Refer(ctx, ref, f.Version(), f.Text("guest"), f.Text("purpose"), f.Day("until"), f.Text("consent") != "")
	case "press":
		return s.Press(ctx, ref, f.Version(), Urgency(f.Text("urgency")))
	case "write":
		return s.Write(ctx, ref, Entry{Kind: f.Text("kind"), Day: f.Day("day"), Clock: f.Text("clock"), Way: f.Text("place"), Text: f.Text("text"), Mark: f.Key()}, files...)
	case "slot":
		return s.slotAct(ctx, ref, f)
	case "reopen":
		return s.Reopen(ctx, ref, f.Version(), f.Text("again"))
	case "leave":
		return s.Leave(ctx, ref, f.Text("leave"))
	case "close":
		return s.Close(ctx, ref, f.Version(), f.Text("outcome"), f.Text("last"))
	}
	return errNone
}
