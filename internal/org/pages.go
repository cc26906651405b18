package org

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// Routes are the addresses of the tree's pages and of its JSON.
func (s *Service) Routes() []web.Route {
	rs := []web.Route{
		{Method: "GET", Path: "/tree", Right: scope.Find, Scope: web.ByList, Name: "org.treePage", Handler: s.treePage},
		{Method: "GET", Path: "/unit/{unit}", Right: scope.View, Scope: web.ByUnit, Name: "org.unitPage", Handler: s.unitPage},
		{Method: "GET", Path: "/unit/{unit}/children", Right: scope.View, Scope: web.ByUnit, Name: "org.childrenPage", Handler: s.childrenPage},
		{Method: "GET", Path: "/unit/{unit}/posts", Right: scope.View, Scope: web.ByUnit, Name: "org.postsPage", Handler: s.postsPage},
		{Method: "GET", Path: "/unit/{unit}/offices", Right: scope.Admin, Scope: web.ByUnit, Name: "org.officesPage", Handler: s.officesPage},
		{Method: "GET", Path: "/coverage", Right: scope.View, Scope: web.ByUnit, Name: "org.coveragePage", Handler: s.coveragePage},
		{Method: "GET", Path: "/unit/export", Right: scope.View, Scope: web.ByUnit, Name: "org.exportUnits", Handler: s.exportUnits},
		{Method: "GET", Path: "/unit/import", Right: scope.Admin, Scope: web.ByUnit, Name: "org.importPage", Handler: s.importPage},
		{Method: "GET", Path: "/unit/import/template", Right: scope.Admin, Scope: web.ByUnit, Name: "org.importTemplate", Handler: s.importTemplate},
		{Method: "POST", Path: "/unit/import", Right: scope.Admin, Scope: web.ByUnit, Name: "org.importRead", Handler: s.importRead},
		{Method: "GET", Path: "/units/import/{batch}", Right: scope.Admin, Scope: web.ByRecord, Name: "org.importPreview", Handler: s.importPreview},
		{Method: "POST", Path: "/units/import/{batch}/take", Right: scope.Admin, Scope: web.ByRecord, Name: "org.importTake", Handler: s.importTake},
		{Method: "POST", Path: "/units/import/{batch}/undo", Right: scope.Admin, Scope: web.ByRecord, Name: "org.importUndo", Handler: s.importUndo},
	}
	for _, f := range forms {
		path := "/unit/{unit}/do/" + f.key
		rs = append(rs,
			web.Route{Method: "GET", Path: path, Right: f.right, Scope: web.ByUnit, Name: "org.form." + f.key, Handler: s.formPage(f)},
			web.Route{Method: "POST", Path: path, Right: f.right, Scope: web.ByUnit, Name: "org.save." + f.key, Handler: s.formSave(f)})
	}
	return append(rs, s.apiRoutes()...)
}

func href(u id.ID) string { return "/unit/" + u.String() }

// dayOf is the day that the address asks for, today without one.
func dayOf(r *http.Request) (clock.Day, error) {
	q := r.URL.Query().Get("day")
	if q == "" {
		return clock.Today(r.Context()), nil
	}
	d, err := clock.ParseDay(q)
	if err != nil {
		return "", invalid("day", "org.day_missing")
	}
	return d, nil
}

// unitOf is the unit of the address, or the actor's own.
func (s *Service) unitOf(r *http.Request) (Unit, error) {
	ref := r.PathValue("unit")
	if ref == "" {
		ref = r.URL.Query().Get("unit")
	}
	if ref == "" {
		return s.Unit(r.Context(), scope.From(r.Context()).Unit)
	}
	return s.Resolve(r.Context(), ref)
}

// asOf is the unit on a day for a page; one that does not stand then is shown as it last stood, and says so.
func (s *Service) asOf(ctx context.Context, u Unit, day clock.Day) (Unit, error) {
	got, err := s.store.on(ctx, u.ID, day)
	if errs.Is(err, errs.NotFound) {
		return u, nil
	}
	return got, err
}

const pageSize = 60

type treeView struct {
	Query  string
	To     string
	Hits   []ui.UnitHit
	Asked  bool
	Recent []ui.Link // the units opened last
	Levels []ui.UnitLevel
}

func (v treeView) hidden() []ui.Pair {
	if v.To == "" {
		return nil
	}
	return []ui.Pair{{Name: "to", Value: v.To}}
}

// chosen is where choosing a unit leads: to its page, or back to the page that asked, on the same program. A unit that
// the reader may find but not look into has no page for them: it only shows its place in the tree.
func chosen(ctx context.Context, to string, u Unit) string {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return treeHref(u.ID, to, "")
	}
	// browsers drop control characters from an address: "/", tab, "/elsewhere" would lead outside
	strange := func(c rune) bool { return c < ' ' || c == 0x7f || c == '\\' }
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsFunc(to, strange) {
		return href(u.ID)
	}
	sep := "?"
	if strings.Contains(to, "?") {
		sep = "&"
	}
	return to + sep + "unit=" + u.ID.String()
}

func treeHref(at id.ID, to, after string) string {
	q := url.Values{"at": {at.String()}}
	if to != "" {
		q.Set("to", to)
	}
	if after != "" {
		q.Set("after", after)
	}
	return "/tree?" + q.Encode()
}

func pathText(path []Unit) string {
	var names []string
	for _, p := range path {
		names = append(names, p.Name)
	}
	return strings.Join(names, " › ")
}

func (s *Service) treePage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	v := treeView{Query: strings.TrimSpace(q.Get("q")), To: q.Get("to")}
	if v.Query != "" {
		v.Asked = true
		hits, err := s.Search(ctx, v.Query, 20)
		if err != nil {
			return err
		}
		for _, h := range hits {
			v.Hits = append(v.Hits, ui.UnitHit{Name: h.Unit.Name, Mark: h.Matched, Path: pathText(h.Path), Code: h.Unit.Code,
				Href: chosen(ctx, v.To, h.Unit), Ended: ended(ctx, h.Unit, h.Became)})
		}
	}
	if err := s.levels(ctx, &v, q.Get("at"), q.Get("after")); err != nil {
		return err
	}
	if !v.Asked {
		var err error
		if v.Recent, err = s.recent(ctx, v.To); err != nil {
			return err
		}
	}
	title := i18n.T(ctx, "org.tree_title")
	return web.Render(w, r, web.Page{Title: title, Current: "unit"}, treeBody(v))
}

// ended says what became of a unit that does not stand any more.
func ended(ctx context.Context, u Unit, heir *Unit) string {
	switch {
	case u.To == clock.Open || clock.Today(ctx) < u.To:
		return ""
	case heir != nil:
		return i18n.T(ctx, "org.merged_into", "Name", heir.Name)
	}
	return i18n.T(ctx, "org.ended_on", "Day", i18n.Day(ctx, u.To))
}

// levels fills the columns of the lazy tree: the path down to the unit asked for, and what is right below it.
func (s *Service) levels(ctx context.Context, v *treeView, at, after string) error {
	a, today := scope.From(ctx), clock.Today(ctx)
	start := a.Unit
	if at != "" {
		u, err := s.Resolve(ctx, at)
		if err != nil {
			return err
		}
		start = u.ID
	}
	if start == 0 {
		top, err := s.Top(ctx)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		start = top.ID
	}
	path, err := s.Ancestors(ctx, start, today)
	if err != nil {
		return err
	}
	// What lies above the own unit is shown by name; what lies beside it only as far as the reader may find.
	seen := func(u Unit) bool {
		r := u.Range()
		return a.May(scope.Find, u.Pos) || r.From <= a.Pos && a.Pos < r.To
	}
	if n := len(path); n == 0 || !seen(path[n-1]) {
		return errs.New(errs.NotFound, "org.no_such_unit")
	}
	for i, u := range path {
		if u.Level.Leaf() || i < len(path)-3 { // three columns are enough to choose from
			continue
		}
		from := ""
		if i == len(path)-1 {
			from = after
		}
		nodes, err := s.Children(ctx, u.ID, today, from, pageSize)
		if err != nil {
			return err
		}
		full := len(nodes) == pageSize
		last := ""
		if full {
			last = nodes[len(nodes)-1].Key()
		}
		n, err := s.ChildCount(ctx, u.ID, today)
		if err != nil {
			return err
		}
		lv := ui.UnitLevel{Name: u.Name, Href: treeHref(u.ID, v.To, ""), Note: i18n.T(ctx, "org.n_units", "N", ui.Number(int64(n)))}
		var next id.ID
		if i+1 < len(path) {
			next = path[i+1].ID
			// The chosen unit may stand behind the first page.
			if !slices.ContainsFunc(nodes, func(x Node) bool { return x.Unit.ID == next }) {
				k, err := s.ChildCount(ctx, next, today)
				if err != nil {
					return err
				}
				nodes = append([]Node{{path[i+1], k}}, nodes...)
			}
		}
		for _, x := range nodes {
			if !seen(x.Unit) {
				continue
			}
			row := ui.UnitRow{Name: x.Unit.Name, Href: chosen(ctx, v.To, x.Unit), Count: int64(x.Children), Current: x.Unit.ID == next}
			if x.Children > 0 {
				row.In = treeHref(x.Unit.ID, v.To, "")
			}
			lv.Units = append(lv.Units, row)
		}
		if full {
			lv.More = ui.Link{Text: i18n.T(ctx, "org.more_units", "Name", u.Name), Href: treeHref(u.ID, v.To, last)}
		}
		v.Levels = append(v.Levels, lv)
	}
	return nil
}

type unitView struct {
	Unit      Unit
	Day       clock.Day
	Today     bool
	Tags      []ui.Mark
	Under     string
	Acts      []ui.Button
	Facts     []ui.Fact
	PostRows  []ui.Row
	Leaving   bool // some row says when somebody leaves, or lets the reader say so
	Vacant    []string
	Party     []ui.Fact
	Links     []ui.Link
	Children  []ui.Link
	More      ui.Link
	N         int
	History   []ui.Event
	Panels    []templ.Component
	Work      bool
	Admin     bool
	Founding  []ui.Link
	PartyActs []ui.Link
}

func (s *Service) crumbs(ctx context.Context, u Unit, day clock.Day) ([]ui.Link, []Unit, error) {
	path, err := s.Ancestors(ctx, u.ID, day)
	if err != nil {
		return nil, nil, err
	}
	var out []ui.Link
	a := scope.From(ctx)
	for _, p := range path {
		l := ui.Link{Text: p.Name}
		if a.May(scope.View, p.Pos) {
			l.Href = href(p.ID)
		}
		out = append(out, l)
	}
	return out, path, nil
}

func (s *Service) unitPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	now, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, err := dayOf(r)
	if err != nil {
		return err
	}
	var v unitView
	var crumbs []ui.Link
	err = s.db.Read(ctx, func(ctx context.Context) error {
		u, err := s.asOf(ctx, now, day)
		if err != nil {
			return err
		}
		v = unitView{Unit: u, Day: day, Today: day == clock.Today(ctx)}
		a := scope.From(ctx)
		v.Work, v.Admin = a.May(scope.Work, now.Pos), a.May(scope.Admin, now.Pos)
		var path []Unit
		if crumbs, path, err = s.crumbs(ctx, u, max(day, u.From)); err != nil {
			return err
		}
		if len(path) > 1 {
			v.Under = pathText(path[:len(path)-1])
		}
		for _, fill := range []func(context.Context, *unitView) error{s.fillHead, s.fillFacts, s.fillPosts, s.fillParty, s.fillBelow, s.fillHistory} {
			if err := fill(ctx, &v); err != nil {
				return err
			}
		}
		ps := slices.Clone(s.panels)
		slices.SortStableFunc(ps, func(a, b Panel) int { return a.Order - b.Order })
		for _, p := range ps {
			c, err := p.Render(ctx, u, day)
			if err != nil {
				return err
			}
			if c != nil {
				v.Panels = append(v.Panels, c)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.noteVisit(ctx, now); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.Unit.Name, Crumbs: crumbs, Current: "unit"}, unitBody(v))
}

func levelText(ctx context.Context, u Unit) string {
	if u.Kind != "" && u.Level == Township {
		return i18n.T(ctx, "org.kind."+string(u.Kind))
	}
	return i18n.T(ctx, "org.level."+string(u.Level))
}

func (s *Service) fillHead(ctx context.Context, v *unitView) error {
	u := v.Unit
	v.Tags = append(v.Tags, ui.Mark{Text: levelText(ctx, u)})
	if u.To != clock.Open && u.To <= v.Day {
		var heir *Unit
		if u.Heir != 0 {
			h, err := s.Unit(ctx, u.Heir)
			if err != nil {
				return err
			}
			heir = &h
			v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, "org.heir"), Text: h.Name, Href: href(h.ID)})
		}
		v.Tags = append(v.Tags, ui.Mark{Text: ended(ctx, u, heir), Kind: "w"})
	} else if v.Day < u.From {
		v.Tags = append(v.Tags, ui.Mark{Text: i18n.T(ctx, "org.not_yet"), Kind: "w"})
	} else if u.Formed == clock.Open {
		v.Tags = append(v.Tags, ui.Mark{Text: i18n.T(ctx, "org.no_committee"), Kind: "w"})
	}
	targeted, err := s.Targeted(ctx, u.ID)
	if err != nil {
		return err
	}
	for _, f := range forms {
		if f.key == "target" && targeted || f.key == "end_target" && !targeted {
			continue
		}
		if f.menu && f.fits(u) && (f.right == scope.Work && v.Work || f.right == scope.Admin && v.Admin) {
			v.Acts = append(v.Acts, ui.Button{Text: i18n.T(ctx, "org.do."+f.key), Href: href(u.ID) + "/do/" + f.key})
		}
	}
	return nil
}

func (s *Service) fillFacts(ctx context.Context, v *unitView) error {
	u := v.Unit
	add := func(key, text, href string) {
		if text != "" {
			v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, "org.fact."+key), Text: text, Href: href})
		}
	}
	add("code", u.Code, "")
	add("founded", i18n.Day(ctx, u.From), "")
	if u.Formed != u.From {
		add("formed", i18n.Day(ctx, u.Formed), "")
	}
	d, err := s.Detail(ctx, u.ID)
	if err != nil {
		return err
	}
	if u.Level == Enterprise {
		add("credit_code", d.CreditCode, "")
		if d.Size != "" {
			add("size", i18n.T(ctx, "org.size."+d.Size), "")
		}
		if d.Ownership != "" {
			add("ownership", i18n.T(ctx, "org.ownership."+d.Ownership), "")
		}
		if d.HasParty == 1 {
			add("has_party", i18n.T(ctx, "org.yes"), "")
		}
		on, err := s.Targeted(ctx, u.ID)
		if err != nil {
			return err
		}
		if on {
			add("target", i18n.T(ctx, "org.yes"), "/coverage?unit="+u.ID.String())
		}
		if d.Area != 0 {
			a, err := s.Unit(ctx, d.Area)
			if err != nil {
				return err
			}
			add("area", a.Name, href(a.ID))
		}
	}
	add("address", d.Address, "")
	add("phone", d.Phone, "")
	add("intro", d.Intro, "")
	f, err := s.FoundingOf(ctx, u.ID)
	if err != nil {
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		return err
	}
	for _, st := range []struct {
		state string
		day   clock.Day
		sub   string
	}{{"plan", f.Planned, ""}, {"preparation", f.Prepared, ""}, {"approved", f.Approved, f.Document}, {"members", "", strings.ReplaceAll(f.Members, "\n", "、")}} {
		if st.day != "" || st.sub != "" {
			v.Founding = append(v.Founding, ui.Link{Text: i18n.T(ctx, "org.founding."+st.state), Sub: strings.TrimSpace(i18n.Day(ctx, st.day) + " " + st.sub)})
		}
	}
	if f.State == "approved" && v.Work && v.Today {
		v.Founding = append(v.Founding, ui.Link{Text: i18n.T(ctx, "org.do.members"), Href: href(u.ID) + "/do/members"})
	}
	return nil
}

func (s *Service) fillPosts(ctx context.Context, v *unitView) error {
	ps, err := s.Posts(ctx, v.Unit.ID, v.Day)
	if err != nil {
		return err
	}
	names, err := s.postNames(ctx, v.Unit)
	if err != nil {
		return err
	}
	for _, p := range ps {
		title := names[p.Kind]
		if p.Acting == 1 {
			title = i18n.T(ctx, "org.acting", "Post", title)
		}
		term := ui.Text(i18n.Day(ctx, p.TermUntil))
		if p.TermUntil != "" && p.TermUntil <= v.Day {
			term = ui.State(i18n.T(ctx, "org.term_over", "Day", i18n.Day(ctx, p.TermUntil)), "w")
		}
		row := ui.Row{Cells: []ui.Cell{ui.Text(title), ui.Text(p.Person), ui.Text(i18n.Day(ctx, p.From)), term}}
		if v.Work && v.Today && p.To == "" && (p.Account == 0 || v.Admin) {
			row.Cells = append(row.Cells, ui.To(i18n.T(ctx, "org.enter_leaving"), href(v.Unit.ID)+"/do/end_post?row="+p.ID.String()))
		} else {
			row.Cells = append(row.Cells, ui.Text(i18n.T(ctx, "org.leaves", "Day", i18n.Day(ctx, p.To))))
			if p.To == clock.Open {
				row.Cells[len(row.Cells)-1] = ui.Text("")
			}
		}
		v.Leaving = v.Leaving || row.Cells[len(row.Cells)-1] != ui.Text("")
		v.PostRows = append(v.PostRows, row)
	}
	gaps, err := s.UnitVacancies(ctx, v.Unit, v.Day)
	if err != nil {
		return err
	}
	for _, g := range gaps {
		v.Vacant = append(v.Vacant, i18n.T(ctx, "org.vacant", "Post", names[g.Kind.Code], "N", g.Quota-g.Holders, "Day", i18n.Day(ctx, g.Since)))
	}
	return nil
}

func (s *Service) postNames(ctx context.Context, u Unit) (map[string]string, error) {
	o, err := s.offices(ctx)
	out := map[string]string{}
	for _, k := range o.kinds {
		out[k.Code] = o.called(u, k).In(i18n.Lang(ctx))
	}
	return out, err
}

// In is the office's title in a language.
func (k PostKind) In(lang string) string {
	if lang == "en" {
		return k.En
	}
	return k.Zh
}

func (s *Service) fillParty(ctx context.Context, v *unitView) error {
	ps, err := s.Parties(ctx, v.Unit.ID)
	if err != nil {
		return err
	}
	leads := false
	end := func(form string, row id.ID) string {
		if !v.Work || !v.Today {
			return ""
		}
		return href(v.Unit.ID) + "/do/" + form + "?row=" + row.String()
	}
	for _, p := range ps {
		if clock.Covers(p.From, p.To, v.Day) {
			leads = leads || p.Kind == PartyLeads
			v.Party = append(v.Party, ui.Fact{Label: i18n.T(ctx, "org.party."+p.Kind), Text: i18n.T(ctx, "org.since", "Name", p.Name, "Day", i18n.Day(ctx, p.From))})
			if to := end("end_party", p.ID); to != "" {
				v.PartyActs = append(v.PartyActs, ui.Link{Text: i18n.T(ctx, "org.end_of", "Name", i18n.T(ctx, "org.party."+p.Kind)), Href: to})
			}
		}
	}
	if !leads && v.Unit.Formed != "" {
		v.Party = append(v.Party, ui.Fact{Label: i18n.T(ctx, "org.party.leads"), Text: i18n.T(ctx, "org.party_none")})
	}
	ls, err := s.Leaders(ctx, v.Unit.ID)
	if err != nil {
		return err
	}
	for _, l := range ls {
		if clock.Covers(l.From, l.To, v.Day) {
			v.Party = append(v.Party, ui.Fact{Label: i18n.T(ctx, "org.leader"), Text: i18n.T(ctx, "org.since", "Name", strings.TrimSpace(l.Name+" "+l.Title), "Day", i18n.Day(ctx, l.From))})
		}
	}
	links, err := s.Links(ctx, v.Unit.ID)
	if err != nil {
		return err
	}
	for _, l := range links {
		if !clock.Covers(l.From, l.To, v.Day) {
			continue
		}
		other, dir := l.Other, "to"
		if l.Other == v.Unit.ID {
			other, dir = l.Unit, "from"
		}
		o, err := s.Unit(ctx, other)
		if err != nil {
			return err
		}
		item := ui.Link{Text: o.Name, Sub: i18n.T(ctx, "org.link_"+dir+"."+l.Kind)}
		if scope.From(ctx).May(scope.View, o.Pos) {
			item.Href = href(o.ID)
		}
		v.Links = append(v.Links, item)
		if dir == "from" {
			if to := end("end_link", l.ID); to != "" {
				v.PartyActs = append(v.PartyActs, ui.Link{Text: i18n.T(ctx, "org.end_of", "Name", o.Name), Href: to})
			}
		}
	}
	return nil
}

func (s *Service) fillBelow(ctx context.Context, v *unitView) error {
	if v.Unit.Level.Leaf() {
		return nil
	}
	n, err := s.ChildCount(ctx, v.Unit.ID, v.Day)
	if err != nil {
		return err
	}
	v.N = n
	nodes, err := s.Children(ctx, v.Unit.ID, v.Day, "", 20)
	if err != nil {
		return err
	}
	for _, x := range nodes {
		v.Children = append(v.Children, childLink(ctx, x))
	}
	if n > len(nodes) {
		v.More = ui.Link{Text: i18n.T(ctx, "org.all_units", "N", ui.Number(int64(n))), Href: href(v.Unit.ID) + "/children?day=" + string(v.Day)}
	}
	return nil
}

func childLink(ctx context.Context, x Node) ui.Link {
	l := ui.Link{Text: x.Unit.Name, Href: href(x.Unit.ID), Sub: levelText(ctx, x.Unit)}
	if x.Children > 0 {
		l.Sub += i18n.T(ctx, "org.comma") + i18n.T(ctx, "org.n_units", "N", ui.Number(int64(x.Children)))
	}
	return l
}

func (s *Service) fillHistory(ctx context.Context, v *unitView) error {
	evs, err := s.History(ctx, v.Unit.ID)
	if err != nil {
		return err
	}
	var ids []id.ID
	for _, e := range evs {
		d := e.Read()
		ids = append(ids, e.Unit, d.Into, d.Parent)
		ids = append(ids, d.Units...)
	}
	us, err := s.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	for _, e := range evs {
		if e.Kind == EventUndo || e.UndoneBy != 0 {
			continue // the log keeps both; the page shows what holds
		}
		d := e.Read()
		var names []string
		for _, u := range d.Units {
			names = append(names, us[u].Name)
		}
		key := "org.event." + string(e.Kind)
		if e.Unit != v.Unit.ID && e.Kind != EventMerge {
			key = "org.event_above." + string(e.Kind)
		} else if e.Kind == EventMerge && (e.Unit != v.Unit.ID || d.Into != 0) {
			key = "org.event.merged"
			if d.Into == 0 {
				d.Into = e.Unit
			}
		}
		x := ui.Event{When: i18n.Day(ctx, e.Day), Text: i18n.T(ctx, key, "Unit", us[e.Unit].Name, "Name", d.Name, "Was", d.Was,
			"Parent", us[d.Parent].Name, "Into", us[d.Into].Name, "Units", strings.Join(names, i18n.T(ctx, "org.comma")))}
		if e.Kind == EventKindOf {
			x.Text = i18n.T(ctx, "org.event.kind", "Kind", i18n.T(ctx, "org.kind."+string(d.Kind)))
		}
		if e.Document != "" {
			x.Text += i18n.T(ctx, "org.event_doc", "Document", e.Document)
		}
		// a merger is written at the heir, and looked for at the unit that is gone
		own := e.Unit == v.Unit.ID || e.Kind == EventMerge && scope.From(ctx).May(scope.Admin, us[e.Unit].Pos)
		if v.Admin && v.Today && own && e.Kind != EventForm {
			x.Link = ui.Link{Text: i18n.T(ctx, "org.take_back"), Href: href(e.Unit) + "/do/undo?row=" + e.ID.String()}
		}
		v.History = append(v.History, x)
	}
	return nil
}

func (s *Service) childrenPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, err := dayOf(r)
	if err != nil {
		return err
	}
	nodes, err := s.Children(ctx, u.ID, day, r.URL.Query().Get("after"), pageSize)
	if err != nil {
		return err
	}
	n, err := s.ChildCount(ctx, u.ID, day)
	if err != nil {
		return err
	}
	crumbs, _, err := s.crumbs(ctx, u, max(day, u.From))
	if err != nil {
		return err
	}
	var links []ui.Link
	for _, x := range nodes {
		links = append(links, childLink(ctx, x))
	}
	p := ui.Paging{Here: len(nodes)}
	if here := href(u.ID) + "/children?day=" + string(day); len(nodes) == pageSize {
		shown, _ := strconv.Atoi(r.URL.Query().Get("shown"))
		shown += len(nodes)
		if n > shown {
			p.Rest = int64(n - shown)
			p.Next = here + "&after=" + nodes[len(nodes)-1].Key() + "&shown=" + strconv.Itoa(shown)
		}
	}
	title := i18n.T(ctx, "org.children_of", "Name", u.Name)
	return web.Render(w, r, web.Page{Title: title, Crumbs: crumbs, Current: "unit"},
		listBody(title, i18n.T(ctx, "org.children_under", "Day", i18n.Day(ctx, day), "N", ui.Number(int64(n))), links, p))
}
