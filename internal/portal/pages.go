package portal

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// Routes are the addresses of this module: the sites themselves, and the pages on which an office looks after its own.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/s/{slug}", Right: scope.Anyone, Scope: web.Public, Name: "portal.home", Handler: s.sitePage},
		{Method: get, Path: "/s/{slug}/{column}", Right: scope.Anyone, Scope: web.Public, Name: "portal.column", Handler: s.sitePage},
		{Method: get, Path: "/s/{slug}/news/{ref}", Right: scope.Anyone, Scope: web.Public, Name: "portal.one", Handler: s.sitePage},
		{Method: get, Path: "/s/{slug}/news/{ref}/{hash}", Right: scope.Anyone, Scope: web.Public, Name: "portal.picture", Handler: s.picture},
		{Method: post, Path: "/s/{slug}/volunteer", Right: scope.Anyone, Scope: web.Public, Name: "portal.wish", Handler: s.wishPost},
		{Method: get, Path: "/portal", Right: scope.View, Scope: web.ByUnit, Name: "portal.index", Handler: s.indexPage},
		{Method: get, Path: "/portal/settings", Right: scope.Work, Scope: web.ByUnit, Name: "portal.settings", Handler: s.settingsPage},
		{Method: post, Path: "/portal/settings", Right: scope.Work, Scope: web.ByUnit, Name: "portal.setSite", Handler: s.settingsPost},
		{Method: get, Path: "/portal/preview", Right: scope.Work, Scope: web.ByUnit, Name: "portal.preview", Handler: s.previewPage},
		{Method: get, Path: "/portal/new", Right: scope.Work, Scope: web.ByUnit, Name: "portal.newForm", Handler: s.newForm},
		{Method: post, Path: "/portal/new", Right: scope.Work, Scope: web.ByUnit, Name: "portal.create", Handler: s.newPost},
		{Method: get, Path: "/portal/news/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "portal.showNews", Handler: s.newsPage},
		{Method: get, Path: "/portal/news/{ref}/picture/{hash}", Right: scope.View, Scope: web.ByRecord, Name: "portal.showPicture", Handler: s.officePicture},
		{Method: get, Path: "/portal/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "portal.known", Handler: s.knownPage},
		{Method: get, Path: "/portal/news/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "portal.newsForm", Handler: s.newsForm},
		{Method: post, Path: "/portal/news/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "portal.newsAct", Handler: s.newsPost},
		{Method: get, Path: "/portal/figures", Right: scope.Work, Scope: web.ByUnit, Name: "portal.figures", Handler: s.figuresPage},
		{Method: post, Path: "/portal/figures", Right: scope.Work, Scope: web.ByUnit, Name: "portal.publish", Handler: s.figuresPost},
		{Method: get, Path: "/portal/activities", Right: scope.Work, Scope: web.ByUnit, Name: "portal.activities", Handler: s.activitiesPage},
		{Method: post, Path: "/portal/activities", Right: scope.Work, Scope: web.ByUnit, Name: "portal.show", Handler: s.activitiesPost},
		{Method: get, Path: "/portal/wish/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "portal.readWish", Handler: s.wishPage},
		{Method: post, Path: "/portal/wish/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "portal.answer", Handler: s.answerPost},
		{Method: get, Path: "/portal/check", Right: scope.View, Scope: web.ByUnit, Name: "portal.check", Handler: s.checkPage},
		{Method: get, Path: "/api/v1/portal", Right: scope.View, Scope: web.ByUnit, Name: "portal.apiSite", Handler: s.apiSite},
		{Method: http.MethodPut, Path: "/api/v1/portal", Right: scope.Work, Scope: web.ByUnit, Name: "portal.apiSet", Handler: s.apiSet},
		{Method: get, Path: "/api/v1/portal/check", Right: scope.View, Scope: web.ByUnit, Name: "portal.apiCheck", Handler: s.apiCheck},
	}
}

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

func newsPath(ref id.Ref) string { return "/portal/news/" + ref.String() }

func crumbs(ctx context.Context, u org.Unit, title string) []ui.Link {
	return []ui.Link{{Text: tr(ctx, "portal.title"), Href: at("/portal", u.ID)}, {Text: title}}
}

type indexView struct {
	Heading ui.Heading
	Notes   []ui.Note
	Facts   []ui.Fact
	News    ui.Table
	Wishes  ui.Table
	Works   bool
	Below   ui.Table
	More    string // address of older news
}

// indexPage is what an office does with its site; whoever stands above sees how it is.
func (s *Service) indexPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	x, err := s.Site(ctx, u)
	if err != nil {
		return err
	}
	v := indexView{Heading: ui.Heading{Title: tr(ctx, "portal.title"), Under: u.Name}, Works: scope.From(ctx).May(scope.Work, u.Pos)}
	if v.Works {
		v.Heading.Acts = officeActs(ctx, u, x)
	}
	if x.On {
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr(ctx, "portal.see"), Href: "/s/" + x.Slug})
	}
	if x.Ver > 0 {
		found, err := s.check(ctx, u, x)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: tr(ctx, "portal.found", "N", len(found)), Links: []ui.Link{{Text: tr(ctx, "portal.check"), Href: at("/portal/check", u.ID)}}})
		}
	}
	v.Facts = siteFacts(ctx, x)
	skip, _ := strconv.Atoi(r.URL.Query().Get("after"))
	news, err := s.News(ctx, u, max(0, skip))
	if err != nil {
		return err
	}
	if len(news) > mostNews {
		news, v.More = news[:mostNews], web.Address("/portal", nil, "unit", u.ID.String(), "after", strconv.Itoa(skip+mostNews))
	}
	v.News = newsTable(ctx, news)
	wishes, err := s.Wishes(ctx, u)
	if err != nil {
		return err
	}
	v.Wishes = wishTable(ctx, wishes)
	if v.Below, err = s.belowTable(ctx, u); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, indexTempl(v))
}

func officeActs(ctx context.Context, u org.Unit, x Site) []ui.Button {
	if x.Ver == 0 {
		return []ui.Button{{Text: tr(ctx, "portal.begin"), Href: at("/portal/settings", u.ID), Main: true}}
	}
	return []ui.Button{{Text: tr(ctx, "portal.new"), Href: at("/portal/new", u.ID), Main: true}, {Text: tr(ctx, "portal.figures"), Href: at("/portal/figures", u.ID)}, {Text: tr(ctx, "portal.activities"), Href: at("/portal/activities", u.ID)},
		{Text: tr(ctx, "portal.settings"), Href: at("/portal/settings", u.ID)}, {Text: tr(ctx, "portal.preview"), Href: at("/portal/preview", u.ID)}, {Text: tr(ctx, "portal.check"), Href: at("/portal/check", u.ID)}}
}

func siteFacts(ctx context.Context, x Site) []ui.Fact {
	if x.Ver == 0 {
		return nil
	}
	state := "portal.is_off"
	if x.On {
		state = "portal.is_on"
	}
	out := []ui.Fact{{Label: tr(ctx, "portal.f.on"), Text: tr(ctx, state)}, {Label: tr(ctx, "portal.f.name"), Text: x.Title}, {Label: tr(ctx, "portal.f.slug"), Text: "/s/" + x.Slug}}
	for _, h := range x.Hosts {
		out = append(out, ui.Fact{Label: tr(ctx, "portal.f.host"), Text: h})
	}
	return append(out, ui.Fact{Label: tr(ctx, "portal.f.hotline"), Text: x.Hotline}, ui.Fact{Label: tr(ctx, "portal.f.phone"), Text: tr(ctx, "portal.called", "Who", x.Human, "Phone", x.Phone, "Hours", x.Hours)})
}

func newsTable(ctx context.Context, list []Headline) ui.Table {
	t := ui.Table{Caption: tr(ctx, "portal.column.news"), Columns: []ui.Column{{Text: tr(ctx, "portal.f.title")}, {Text: tr(ctx, "portal.f.day"), Label: true}, {Text: tr(ctx, "portal.f.state"), Label: true}}}
	for _, n := range list {
		kind := ""
		if n.State == Published {
			kind = "p"
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.To(n.Title, newsPath(n.Ref())), ui.Text(i18n.Day(ctx, n.Day)), ui.State(tr(ctx, "portal.state."+string(n.State)), kind)}})
	}
	return t
}

func wishTable(ctx context.Context, list []Wish) ui.Table {
	t := ui.Table{Caption: tr(ctx, "portal.wishes"), Columns: []ui.Column{{Text: tr(ctx, "portal.f.what")}, {Text: tr(ctx, "portal.f.at"), Label: true}, {Text: tr(ctx, "portal.f.due"), Label: true}, {Text: tr(ctx, "portal.f.state"), Label: true}}}
	today := clock.Today(ctx)
	for _, x := range list {
		state := ui.State(tr(ctx, "portal.waits"), "")
		switch {
		case x.Outcome != "":
			state = ui.State(tr(ctx, "portal.outcome."+x.Outcome), "p")
		case x.Due < today:
			state = ui.State(tr(ctx, "portal.late"), "w")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.To(wishTitle(ctx, x), wishPath(x.Ref())), ui.Text(i18n.Day(ctx, clock.DayOf(timeOf(x.At)))), ui.Text(i18n.Day(ctx, x.Due)), state}})
	}
	return t
}

func wishTitle(ctx context.Context, x Wish) string {
	return tr(ctx, "portal.wish."+x.Kind, "About", x.About)
}

// mostChecked is how many sites below are looked at for one page.
const mostChecked = 30

// belowTable are the sites of the units below, with how many things an inspection would find.
func (s *Service) belowTable(ctx context.Context, u org.Unit) (ui.Table, error) {
	t := ui.Table{Caption: tr(ctx, "portal.below"), Columns: []ui.Column{{Text: tr(ctx, "portal.f.unit")}, {Text: tr(ctx, "portal.f.on"), Label: true}, {Text: tr(ctx, "portal.f.found"), Label: true}}}
	list, err := s.Below(ctx, u)
	if err != nil {
		return t, err
	}
	for n, x := range list {
		if x.Unit == u.ID {
			continue
		}
		below, err := s.rec.Home(ctx, x.Unit)
		if err != nil {
			return t, err
		}
		row := ui.Row{Cells: []ui.Cell{ui.To(below.Name, at("/portal", below.ID)), ui.State(tr(ctx, "portal.is_off"), ""), ui.Text(tr(ctx, "portal.dash"))}}
		if x.On {
			row.Cells[1] = ui.State(tr(ctx, "portal.is_on"), "p")
		}
		if n < mostChecked {
			found, err := s.check(ctx, below, x)
			if err != nil {
				return t, err
			}
			if row.Cells[2] = ui.To(tr(ctx, "portal.found_short", "N", len(found)), at("/portal/check", below.ID)); len(found) == 0 {
				row.Cells[2] = ui.Text(tr(ctx, "portal.found_none"))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

type checkView struct {
	Heading ui.Heading
	Lead    string
	List    []ui.Item
	None    bool // no site
	Source  string
}

// checkPage is the self-check, to be printed.
func (s *Service) checkPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	x, err := s.Site(ctx, u)
	if err != nil {
		return err
	}
	found, err := s.Check(ctx, u)
	if err != nil {
		return err
	}
	v := checkView{Heading: ui.Heading{Over: u.Name, Title: tr(ctx, "portal.check"), Under: i18n.Day(ctx, clock.Today(ctx))}, None: x.Ver == 0, Source: tr(ctx, "portal.check_source", "Home", limits.Home, "News", limits.News, "Figures", limits.Figures, "Wish", limits.Wish)}
	for _, f := range found {
		item := ui.Item{Name: tr(ctx, "portal.find."+f.What, args(ctx, f)...), Text: tr(ctx, "portal.find."+f.What+"_do")}
		if f.Link != "" && (scope.From(ctx).May(scope.Work, u.Pos) || !workOnly(f.Link)) {
			item.Link = ui.Link{Text: tr(ctx, "portal.mend"), Href: f.Link}
		}
		v.List = append(v.List, item)
	}
	if v.Lead = tr(ctx, "portal.found", "N", len(found)); len(found) == 0 {
		v.Lead = tr(ctx, "portal.found_none_long")
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: crumbs(ctx, u, v.Heading.Title)}, checkTempl(v))
}

// workOnly tells whether an address leads to a form, which only who works at the unit may open.
func workOnly(link string) bool {
	for _, p := range []string{"/portal/settings", "/portal/new?", "/portal/figures", "/portal/activities", "/care/desk"} {
		if len(link) >= len(p) && link[:len(p)] == p {
			return true
		}
	}
	return false
}

// args are a finding's, for its text: days in words.
func args(ctx context.Context, f Finding) []any {
	out := []any{"Column", columnName(ctx, f.Column)}
	for k, v := range f.Args {
		if d, ok := v.(clock.Day); ok {
			v = i18n.Day(ctx, d)
		}
		out = append(out, k, v)
	}
	return out
}

func columnName(ctx context.Context, c string) string {
	if c == "" {
		return tr(ctx, "portal.column.home")
	}
	return tr(ctx, "portal.column."+c)
}
