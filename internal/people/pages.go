package people

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"

	"github.com/a-h/templ"

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
	return append([]web.Route{
		{Method: get, Path: "/team", Right: scope.View, Scope: web.ByUnit, Name: "people.list", Handler: s.listPage},
		{Method: get, Path: "/team/new", Right: scope.Work, Scope: web.ByUnit, Name: "people.new", Handler: s.newForm},
		{Method: post, Path: "/team/new", Right: scope.Work, Scope: web.ByUnit, Name: "people.create", Handler: s.createPost},
		{Method: get, Path: "/team/export", Right: scope.View, Scope: web.ByUnit, Name: "people.export", Handler: s.exportFile},
		{Method: get, Path: "/team/needs", Right: scope.View, Scope: web.ByUnit, Name: "people.needs", Handler: s.needsPage},
		{Method: post, Path: "/team/needs", Right: scope.Admin, Scope: web.ByUnit, Name: "people.addNeed", Handler: s.needPost},
		{Method: get, Path: "/team/match", Right: scope.View, Scope: web.ByUnit, Name: "people.match", Handler: s.matchPage},
		{Method: get, Path: "/team/docking", Right: scope.View, Scope: web.ByUnit, Name: "people.docking", Handler: s.dockingPage},
		{Method: get, Path: "/team/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "people.show", Handler: s.showPage},
		{Method: get, Path: "/team/{ref}/known", Right: scope.View, Scope: web.ByRecord, Name: "people.known", Handler: s.knownPage},
		{Method: get, Path: "/team/{ref}/done", Right: scope.View, Scope: web.ByRecord, Name: "people.done", Handler: s.donePage},
		{Method: get, Path: "/team/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "people.edit", Handler: s.editForm},
		{Method: post, Path: "/team/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "people.save", Handler: s.editPost},
		{Method: get, Path: "/team/{ref}/approve", Right: scope.Work, Scope: web.ByRecord, Name: "people.approveForm", Handler: s.approveForm},
		{Method: post, Path: "/team/{ref}/approve", Right: scope.Work, Scope: web.ByRecord, Name: "people.approve", Handler: s.approvePost},
		{Method: get, Path: "/team/{ref}/dissolve", Right: scope.Work, Scope: web.ByRecord, Name: "people.dissolveForm", Handler: s.dissolveForm},
		{Method: post, Path: "/team/{ref}/dissolve", Right: scope.Work, Scope: web.ByRecord, Name: "people.dissolve", Handler: s.dissolvePost},
		{Method: get, Path: "/team/{ref}/adjust", Right: scope.Work, Scope: web.ByRecord, Name: "people.adjustForm", Handler: s.adjustForm},
		{Method: post, Path: "/team/{ref}/adjust", Right: scope.Work, Scope: web.ByRecord, Name: "people.adjust", Handler: s.adjustPost},
		{Method: get, Path: "/team/{ref}/member", Right: scope.Work, Scope: web.ByRecord, Name: "people.memberForm", Handler: s.memberForm},
		{Method: post, Path: "/team/{ref}/member", Right: scope.Work, Scope: web.ByRecord, Name: "people.member", Handler: s.memberPost},
		{Method: get, Path: "/team/{ref}/end_member", Right: scope.Work, Scope: web.ByRecord, Name: "people.endMemberForm", Handler: s.endMemberForm},
		{Method: post, Path: "/team/{ref}/end_member", Right: scope.Work, Scope: web.ByRecord, Name: "people.endMember", Handler: s.endMemberPost},
		{Method: get, Path: "/team/{ref}/remove", Right: scope.Work, Scope: web.ByRecord, Name: "people.removeForm", Handler: s.removeForm},
		{Method: post, Path: "/team/{ref}/remove", Right: scope.Work, Scope: web.ByRecord, Name: "people.remove", Handler: s.removePost},
		{Method: post, Path: "/team/{ref}/undo", Right: scope.Work, Scope: web.ByRecord, Name: "people.undo", Handler: s.undoPost},
	}, s.apiRoutes()...)
}

const pageSize = 20

func langOf(ctx context.Context) string { return i18n.Lang(ctx) }

// unitOf is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

func dayOf(r *http.Request) clock.Day {
	if d, err := clock.ParseDay(r.URL.Query().Get("day")); err == nil {
		return d
	}
	return clock.Today(r.Context())
}

func refOf(r *http.Request) (id.Ref, error) {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return ref, web.NotFound(r)
	}
	return ref, nil
}

// address is the list's address with what is chosen; pairs are name, value and change it.
func address(u org.Unit, r *http.Request, pairs ...string) string {
	v := url.Values{"unit": {u.ID.String()}}
	for _, k := range []string{"day", "need", "state", "band", "whose", "q"} {
		if x := r.URL.Query().Get(k); x != "" {
			v.Set(k, x)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Del(pairs[i])
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return "/team?" + v.Encode()
}

func (s *Service) page(ctx context.Context, title string, u org.Unit) web.Page {
	return web.Page{Title: title, Current: "team", Crumbs: []ui.Link{{Text: i18n.T(ctx, "people.title"), Href: "/team?unit=" + u.ID.String()}, {Text: title}}}
}

type listView struct {
	Unit    org.Unit
	Under   string
	Acts    []ui.Button
	Figures []ui.Figure
	Choices []ui.Choice
	Filter  ui.FormSpec
	Fields  []ui.Input
	Open    bool
	Total   string
	Bar     []ui.Button
	Table   ui.Table
	Empty   string
	Why     string
	Add     []ui.Button
	Paging  ui.Paging
	Lead    string
}

func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day := dayOf(r)
	v := listView{Unit: u, Under: i18n.T(ctx, "people.under", "Unit", u.Name, "Day", i18n.Day(ctx, day))}
	work := scope.From(ctx).May(scope.Work, u.Pos)
	if work {
		v.Add = []ui.Button{{Text: i18n.T(ctx, "people.add"), Href: "/team/new?unit=" + u.ID.String(), Main: true}}
		v.Acts = append(v.Add, ui.Button{Text: i18n.T(ctx, "people.import"), Href: "/import/team?unit=" + u.ID.String()})
	}
	if u.Level.Rank() <= org.Township.Rank() {
		v.Acts = append(v.Acts, ui.Button{Text: i18n.T(ctx, "people.match"), Href: "/team/match?unit=" + u.ID.String()})
	}
	if u.Level == org.County || u.Level == org.City {
		v.Acts = append(v.Acts, ui.Button{Text: i18n.T(ctx, "people.docking"), Href: "/team/docking?unit=" + u.ID.String()})
	}
	v.Acts = append(v.Acts, ui.Button{Text: i18n.T(ctx, "people.needs"), Href: "/team/needs?unit=" + u.ID.String()})
	if err := s.overview(r, &v, u, day); err != nil {
		return err
	}
	fill := s.teamRows
	if band := r.URL.Query().Get("band"); band != "" {
		fill = s.bandRows
	}
	if err := fill(r, &v, u, day); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: i18n.T(ctx, "people.title"), Current: "team", Crumbs: []ui.Link{{Text: i18n.T(ctx, "people.title")}}}, listTempl(v))
}

// overview is what stands above the list: the figures, each band being a list of townships to work on (R171, R172).
func (s *Service) overview(r *http.Request, v *listView, u org.Unit, day clock.Day) error {
	ctx := r.Context()
	band := r.URL.Query().Get("band")
	views := []ui.Link{{Text: i18n.T(ctx, "people.teams"), Href: address(u, r, "band", ""), Current: band == ""}}
	q := ledger.Query{Figure: "team.active", Unit: u.ID, Day: day}
	f, err := s.figure(ctx, q)
	if err != nil {
		return err
	}
	v.Figures = append(v.Figures, ui.Figure{Number: f.Number, Unit: f.Measure, Label: f.Label, Href: f.Href})
	if u.Level.Rank() >= org.Township.Rank() {
		return nil
	}
	for _, d := range s.Bands() {
		q.Figure = d.Code
		f, err := s.figure(ctx, q)
		if err != nil {
			return err
		}
		here := address(u, r, "band", d.Code, "need", "", "state", "", "q", "")
		v.Figures = append(v.Figures, ui.Figure{Number: f.Number, Unit: f.Measure, Label: f.Label, Href: here})
		views = append(views, ui.Link{Text: f.Label, Href: here, Current: band == d.Code})
	}
	v.Choices = []ui.Choice{{Label: i18n.T(ctx, "people.view"), Links: views}}
	return nil
}

func (s *Service) teamRows(r *http.Request, v *listView, u org.Unit, day clock.Day) error {
	ctx, q := r.Context(), r.URL.Query()
	f := Filter{Need: q.Get("need"), State: State(q.Get("state")), Text: strings.TrimSpace(q.Get("q")), Whose: q.Get("whose")}
	pos, code := afterOf(q.Get("after"))
	p, err := s.List(ctx, u, day, f, pos, code, pageSize)
	if err != nil {
		return err
	}
	if err := s.filterForm(r, v, u, f); err != nil {
		return err
	}
	names, err := s.unitsOf(ctx, p.Teams)
	if err != nil {
		return err
	}
	v.Total = i18n.T(ctx, "people.total", "N", ui.Number(p.Total))
	export := "&unit=" + u.ID.String()
	v.Bar = []ui.Button{{Text: i18n.T(ctx, "people.export_xlsx"), Href: "/team/export?format=xlsx" + export}, {Text: i18n.T(ctx, "people.export_csv"), Href: "/team/export?format=csv" + export}}
	v.Table = ui.Table{Caption: i18n.T(ctx, "people.title"), Columns: []ui.Column{{Text: i18n.T(ctx, "people.name")}, {Text: i18n.T(ctx, "people.unit"), Label: true},
		{Text: i18n.T(ctx, "people.need"), Label: true}, {Text: i18n.T(ctx, "people.leader"), Label: true}, {Text: i18n.T(ctx, "people.founded_on"), Label: true}, {Text: i18n.T(ctx, "people.state")}}}
	for _, t := range p.Teams {
		m := mark(ctx, t.State(day))
		v.Table.Rows = append(v.Table.Rows, ui.Row{ID: t.Ref().String(), Cells: []ui.Cell{
			{Text: t.Name, Href: "/team/" + t.Ref().String(), Sub: t.Owner}, ui.Text(names[t.Unit].Name), ui.Text(s.label(ctx, t.Need)), ui.Text(t.Leader), ui.Text(string(t.FoundedOn)), ui.State(m.Text, tagOf(m))}})
	}
	v.Empty, v.Why = i18n.T(ctx, "people.none"), i18n.T(ctx, "people.none_why")
	v.Paging = ui.Paging{Here: len(p.Teams), Rest: p.Rest}
	if p.Rest > 0 {
		last := p.Teams[len(p.Teams)-1]
		v.Paging.Next = address(u, r, "after", key(last))
	}
	if q.Get("after") != "" {
		v.Paging.First = address(u, r)
	}
	return nil
}

// key names the row after which a page goes on.
func key(l Listed) string { return strconv.FormatInt(l.Pos, 10) + "~" + l.Code }

func afterOf(key string) (int64, string) {
	p, code, _ := strings.Cut(key, "~")
	pos, err := strconv.ParseInt(p, 10, 64)
	if err != nil {
		return 0, ""
	}
	return pos, code
}

func tagOf(m ui.Mark) string {
	if m.Kind == "" {
		return "-"
	}
	return m.Kind
}

func mark(ctx context.Context, st State) ui.Mark {
	kind := map[State]string{Active: "p", Proposed: "w"}[st]
	return ui.Mark{Text: i18n.T(ctx, "people.state."+string(st)), Kind: kind}
}

func (s *Service) filterForm(r *http.Request, v *listView, u org.Unit, f Filter) error {
	ctx := r.Context()
	needs, err := s.Needs(ctx, u)
	if err != nil {
		return err
	}
	all := ui.Option{Value: "", Text: i18n.T(ctx, "people.all")}
	ns, st := []ui.Option{all}, []ui.Option{all}
	for _, n := range needs {
		ns = append(ns, ui.Option{Value: n.Name, Text: n.In(langOf(ctx))})
	}
	for _, x := range States {
		st = append(st, ui.Option{Value: string(x), Text: mark(ctx, x).Text})
	}
	v.Filter = ui.FormSpec{Method: "get", Action: "/team", Submit: i18n.T(ctx, "people.find"), Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}}}
	v.Fields = []ui.Input{
		{Kind: ui.KindSelect, Name: "need", Label: i18n.T(ctx, "people.need"), Value: f.Need, Options: ns},
		{Kind: ui.KindSelect, Name: "state", Label: i18n.T(ctx, "people.state"), Value: string(f.State), Options: st},
		{Kind: ui.KindSelect, Name: "whose", Label: i18n.T(ctx, "people.whose"), Value: f.Whose, Options: []ui.Option{all, {Value: "own", Text: i18n.T(ctx, "people.whose_own")},
			{Value: "others", Text: i18n.T(ctx, "people.whose_others")}}},
		{Name: "q", Label: i18n.T(ctx, "people.find_text"), Value: f.Text, Optional: true},
	}
	v.Open = f != Filter{}
	return nil
}

// bandRows is a band as a list to work on: each township with its number of teams and the way to add one there.
func (s *Service) bandRows(r *http.Request, v *listView, u org.Unit, day clock.Day) error {
	ctx, q := r.Context(), r.URL.Query()
	code := q.Get("band")
	known := false
	for _, d := range s.Bands() {
		if known = d.Code == code; known {
			v.Lead = d.Sentence.In(langOf(ctx))
			break
		}
	}
	if !known {
		return web.NotFound(r)
	}
	list, next, err := s.Band(ctx, ledger.Query{Figure: code, Unit: u.ID, Day: day}, q.Get("after"), pageSize)
	if err != nil {
		return err
	}
	v.Table = ui.Table{Caption: i18n.T(ctx, "people.title"), Columns: []ui.Column{{Text: i18n.T(ctx, "people.unit")}, {Text: i18n.T(ctx, "people.own"), Label: true, Right: true}, {Text: i18n.T(ctx, "people.do")}}}
	for _, p := range list {
		cells := []ui.Cell{ui.To(p.Unit.Name, p.Href), ui.Num(ui.Number(p.Teams), "/team?state=active&unit="+p.Unit.ID.String()), {}}
		if p.Work {
			cells[2] = ui.To(i18n.T(ctx, "people.add_here"), "/team/new?unit="+p.Unit.ID.String())
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{ID: p.Unit.ID.String(), Cells: cells})
	}
	v.Empty, v.Why = i18n.T(ctx, "people.band_none"), ""
	v.Add = nil
	v.Paging = ui.Paging{Here: len(list)}
	if next != "" {
		v.Paging.Next = address(u, r, "after", next)
		n, err := s.led.Ask(ctx, ledger.Query{Figure: code, Unit: u.ID, Day: day})
		if err != nil {
			return err
		}
		v.Paging.Rest = max(1, n.Int()-int64(len(list))-int64(number(q.Get("seen"))))
		v.Paging.Next = address(u, r, "after", next, "seen", strconv.Itoa(number(q.Get("seen"))+len(list)))
	}
	if q.Get("after") != "" {
		v.Paging.First = address(u, r)
	}
	return nil
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

type needPart struct {
	Name, Number, Href string
	N                  int64
}

// byNeed are the standing teams of a subtree by need, the most first.
func (s *Service) byNeed(ctx context.Context, u org.Unit, day clock.Day) ([]needPart, error) {
	parts, err := s.led.ByValue(ctx, ledger.Query{Figure: "team.active", Unit: u.ID, Day: day}, "need")
	if err != nil {
		return nil, err
	}
	var out []needPart
	for need, n := range parts {
		href := "/team?" + url.Values{"unit": {u.ID.String()}, "need": {need}, "state": {string(Active)}}.Encode()
		out = append(out, needPart{s.label(ctx, need), ui.Number(n), href, n})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].N > out[j].N || out[i].N == out[j].N && out[i].Name < out[j].Name })
	return out, nil
}

type showView struct {
	Ref      id.Ref
	Heading  ui.Heading
	Counted  string
	Facts    []ui.Fact
	Timeline []ui.Change
	Roll     rollView
	Docking  *dockingView
}

func (s *Service) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	t, _, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.book.KnownPage(w, r, ref, ui.Link{Text: t.Name, Href: "/team/" + ref.String()}, "team")
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	t, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, t.Unit)
	if err != nil {
		return err
	}
	day := dayOf(r)
	here := "/team/" + ref.String()
	v := showView{Ref: ref, Counted: counted(ctx, t, u, day)}
	v.Heading = ui.Heading{Title: t.Name, Under: u.Name, Tags: []ui.Mark{mark(ctx, t.State(day)), {Text: s.label(ctx, t.Need)}}}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		if t.Status == Submitted && t.DissolvedOn == "" {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "people.approve"), Href: here + "/approve", Main: true})
		}
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "people.edit"), Href: here + "/edit"})
		if t.DissolvedOn == "" {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "people.member"), Href: here + "/member"})
		}
		if t.DissolvedOn == "" && t.Status == Approved {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "people.adjust"), Href: here + "/adjust"})
		}
		if t.DissolvedOn == "" {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "people.dissolve"), Href: here + "/dissolve"})
		}
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "people.remove"), Href: here + "/remove"})
	}
	for _, f := range s.facts(ctx, t) {
		if f.Text == "" || f.Key == "people.name" || f.Key == "people.people" || f.Key == "people.earlier" {
			continue
		}
		fact := ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text}
		switch f.Key {
		case "people.unit":
			fact.Href = "/unit/" + u.ID.String()
		case "people.run_by":
			fact.Href = "/association/" + t.RunBy.String()
		case "people.docked":
			fact.Href = "/team/" + t.Docked.String()
		}
		v.Facts = append(v.Facts, fact)
	}
	if v.Roll, err = s.rollView(ctx, ref, t, u, day); err != nil {
		return err
	}
	if v.Docking, err = s.dockingOf(ctx, ref, t, u, day); err != nil {
		return err
	}
	if v.Timeline, err = s.book.Timeline(ctx, ref, here+"/undo"); err != nil {
		return err
	}
	return web.Render(w, r, s.page(ctx, t.Name, u), showTempl(v))
}

// counted says in a sentence whether the team is in the figures on the day, and if not, why.
func counted(ctx context.Context, t Team, u org.Unit, day clock.Day) string {
	st := t.State(day)
	if t.Owner != "" {
		return i18n.T(ctx, "people.counted.other", "Owner", t.Owner)
	}
	if st == Active && !u.StandsOn(day) {
		return i18n.T(ctx, "people.counted.unit_ended", "Unit", u.Name, "Day", i18n.Day(ctx, u.To))
	}
	d := t.FoundedOn
	if st == Dissolved {
		d = t.DissolvedOn
	}
	return i18n.T(ctx, "people.counted."+string(st), "Day", i18n.Day(ctx, d))
}

func (s *Service) exportFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	title := i18n.T(ctx, "people.title")
	var b bytes.Buffer
	if err := s.rec.Export(ctx, &b, "team", format, u.ID, title); err != nil {
		return err
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(u.Name+title+"."+format))
	_, err = w.Write(b.Bytes())
	return err
}

// chapter are the figures that a change of a team may move.
func (s *Service) chapter() []string {
	out := []string{"team.active"}
	for _, d := range s.Bands() {
		out = append(out, d.Code)
	}
	return append(out, "reform.adopted_under5", "team.with_association", "team.docked", "team.others")
}

// known keeps the figures that this program has.
func (s *Service) known(codes []string) []string {
	var out []string
	for _, c := range codes {
		if _, err := s.led.Figure(c); err == nil {
			out = append(out, c)
		}
	}
	return out
}

func (s *Service) ownBook(ctx context.Context) ledger.Query {
	return ledger.Query{Unit: scope.From(ctx).Unit, Day: clock.Today(ctx)}
}

// act runs a change once and leads to the page that says what moved.
func (s *Service) act(w http.ResponseWriter, r *http.Request, f *web.Form, name string, do func(ctx context.Context) (id.Ref, error)) error {
	ctx := r.Context()
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		var ref id.Ref
		moved, err := s.rec.Watched(ctx, s.ownBook(ctx), s.known(s.chapter()), func(ctx context.Context) (err error) {
			ref, err = do(ctx)
			return err
		})
		if err != nil {
			return "", err
		}
		return "/team/" + ref.String() + "/done?" + url.Values{"act": {name}, "moved": {moved}}.Encode(), nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

var doneActs = map[string]bool{"create": true, "correct": true, "approve": true, "dissolve": true, "remove": true, "undo": true, "adjust": true, "member": true, "end_member": true}

// getOrRemoved reads a team as it stands, or as it was before the reader took it out a moment ago.
func (s *Service) getOrRemoved(ctx context.Context, ref id.Ref) (t Team, v record.Version, removed bool, err error) {
	if t, v, err = s.Get(ctx, ref); errs.Is(err, errs.NotFound) {
		t, v, err = s.book.Removed(ctx, ref)
		removed = true
	}
	return t, v, removed, err
}

func (s *Service) donePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	t, v, removed, err := s.getOrRemoved(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, t.Unit)
	if err != nil {
		return err
	}
	name := r.URL.Query().Get("act")
	if !doneActs[name] || removed != (name == "remove") {
		return web.NotFound(r)
	}
	here := "/team/" + ref.String()
	title := i18n.T(ctx, "people.done."+name)
	res := ui.Result{Title: title, CodeLabel: i18n.T(ctx, "people.code"), Code: t.Code,
		Acts: []ui.Button{{Text: i18n.T(ctx, "people.to_list"), Href: "/team?unit=" + u.ID.String(), Main: removed}}}
	if !removed {
		res.Next = []ui.Link{{Text: counted(ctx, t, u, clock.Today(ctx))}}
		res.Acts = append([]ui.Button{{Text: i18n.T(ctx, "people.see"), Href: here, Main: true}}, res.Acts...)
	}
	if res.Moved, err = s.rec.Moved(ctx, s.ownBook(ctx), s.known(s.chapter()), r.URL.Query().Get("moved")); err != nil {
		return err
	}
	if name != "undo" {
		res.Undo, res.UndoUntil = s.book.UndoPost(ctx, v, here+"/undo")
	}
	return web.Render(w, r, web.Page{Title: title, Current: "team"}, doneTempl(res))
}

func (s *Service) undoPost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := s.sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	t, _, _, err := s.getOrRemoved(ctx, ref)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		if err := s.Undo(ctx, ref, n); err != nil {
			return "", err
		}
		if _, _, err := s.Get(ctx, ref); err != nil { // the entry itself was taken back
			return "/team?unit=" + t.Unit.String(), nil
		}
		return "/team/" + ref.String() + "/done?act=undo", nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// sent reads a form about a record: its name, the form, and the version that was seen.
func (s *Service) sent(w http.ResponseWriter, r *http.Request) (id.Ref, *web.Form, int64, error) {
	ref, err := refOf(r)
	if err != nil {
		return ref, nil, 0, err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return ref, nil, 0, err
	}
	n, err := strconv.ParseInt(f.Text("_version"), 10, 64)
	if err != nil {
		n = 0
	}
	return ref, f, n, nil
}

// again shows a form once more with what was typed, or hands the error on.
func again(ctx context.Context, err error, show func(at map[string]string, faults []ui.Fault) (web.Page, templ.Component), w http.ResponseWriter, r *http.Request) error {
	at, faults, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	if len(faults) == 0 {
		return errors.New("people: a problem without words")
	}
	p, body := show(at, faults)
	p.Error, p.Status = true, http.StatusUnprocessableEntity
	return web.Render(w, r, p, body)
}
