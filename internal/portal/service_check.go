package portal

import (
	"context"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Finding is one thing that an inspection of a site would find. What says which, as the text keys portal.find.<what> and
// portal.find.<what>_do; Link leads to where it is mended.
type Finding struct {
	What   string         `json:"what"`
	Column string         `json:"column,omitempty"`
	Args   map[string]any `json:"args,omitempty"`
	Link   string         `json:"link,omitempty"`
}

// Check is what an inspection would find today, for who views the unit; nothing where there is no site. Slow pages are those of the
// last days on all servers.
func (s *Service) Check(ctx context.Context, u org.Unit) (out []Finding, err error) {
	defer errs.Wrapf(&err, "portal.Check %d", u.ID)
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errNone
	}
	x, err := s.siteAcrossUnits(ctx, u.ID)
	if err != nil || x.Ver == 0 {
		return nil, err
	}
	return s.check(ctx, u, x)
}

func (s *Service) check(ctx context.Context, u org.Unit, x Site) (out []Finding, err error) {
	today := clock.Today(ctx)
	settings := at("/portal/settings", u.ID)
	find := func(what, column, link string, args ...any) {
		f := Finding{What: what, Column: column, Link: link}
		for i := 0; i < len(args); i += 2 {
			if f.Args == nil {
				f.Args = map[string]any{}
			}
			f.Args[args[i].(string)] = args[i+1]
		}
		out = append(out, f)
	}
	if !x.On {
		find("off", "", settings)
	}
	if x.Hotline == "" {
		find("no_hotline", "", settings)
	}
	if x.Phone == "" || x.Human == "" || x.Hours == "" {
		find("no_human", "", settings)
	}
	if !s.out.Imprinted() {
		find("no_imprint", "", "")
	}
	news, err := s.newsAcrossUnits(ctx, u.ID, true, 0, mostNews)
	if err != nil {
		return nil, err
	}
	figures, err := s.figuresAcrossUnits(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	events, err := s.shownEvents(ctx, u)
	if err != nil {
		return nil, err
	}
	if x.shows(About) && x.About == "" {
		find("about_empty", About, settings)
	}
	newest := clock.Open // of all that the home page shows
	if x.shows(NewsColumn) {
		switch {
		case len(news) == 0:
			find("news_empty", NewsColumn, at("/portal/new", u.ID))
		default:
			newest = news[0].Day
			if newest < today.AddDays(-limits.News) {
				find("news_old", NewsColumn, at("/portal/new", u.ID), "Day", newest, "N", limits.News)
			}
		}
	}
	if x.shows(Figures) {
		oldest := clock.Open
		for _, f := range figures {
			if oldest == clock.Open || f.Day < oldest {
				oldest = f.Day
			}
			if said := clock.DayOf(timeOf(f.At)); said > newest {
				newest = said
			}
			if _, err := s.ledger.Figure(f.Code); err != nil {
				find("figure_gone", Figures, at("/portal/figures", u.ID), "Code", f.Code)
			}
		}
		switch {
		case len(figures) == 0:
			find("figures_empty", Figures, at("/portal/figures", u.ID))
		case oldest < today.AddDays(-limits.Figures):
			find("figures_old", Figures, at("/portal/figures", u.ID), "Day", oldest, "N", limits.Figures)
		}
	}
	if x.shows(Activities) && len(events) == 0 {
		find("activities_none", Activities, at("/portal/activities", u.ID), "N", limits.Ahead)
	}
	if newest < today.AddDays(-limits.Home) {
		find("home_old", "", at("/portal/new", u.ID), "N", limits.Home)
	}
	if err := s.checkOthers(ctx, u, x, find); err != nil {
		return nil, err
	}
	waits, err := s.waitingAcrossUnits(ctx, u.ID, today)
	if err != nil {
		return nil, err
	}
	if waits > 0 {
		find("wishes_wait", Volunteer, at("/portal", u.ID)+"#wishes", "N", waits, "Days", limits.Wish)
	}
	late, err := s.out.Late(ctx, u)
	if err != nil {
		return nil, err
	}
	if late > 0 {
		find("help_late", Help, at("/care", u.ID), "N", late)
	}
	if err := s.checkLinks(ctx, x, news, find); err != nil {
		return nil, err
	}
	slow, err := s.slow(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range append([]string{""}, x.Columns...) {
		if over, ok := slow[c]; ok {
			find("slow", c, "", "N", over, "Limit", limits.Slow)
		}
	}
	return out, nil
}

// checkOthers looks at columns whose contents other subjects of the program give: one that is empty leads nowhere.
func (s *Service) checkOthers(ctx context.Context, u org.Unit, x Site, find func(what, column, link string, args ...any)) error {
	if x.shows(Bases) {
		list, _, err := s.out.Bases(ctx, u, "", 1)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			find("bases_empty", Bases, at("/base", u.ID))
		}
	}
	if x.shows(Documents) {
		list, err := s.out.Documents(ctx, u, 1)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			find("documents_empty", Documents, "/library")
		}
	}
	desks, err := s.out.Desks(ctx, u)
	if err != nil {
		return err
	}
	if len(desks) == 0 {
		find("help_none", Help, at("/care/desk", u.ID))
	}
	return nil
}

// checkLinks looks for addresses of sites in what a site says, and whether something is there.
func (s *Service) checkLinks(ctx context.Context, x Site, news []Headline, find func(what, column, link string, args ...any)) error {
	type text struct{ column, words, link string }
	texts := []text{{About, x.About, at("/portal/settings", x.Unit)}}
	for _, n := range news {
		texts = append(texts, text{NewsColumn, n.Text, newsPath(n.Ref())})
	}
	look := func(t text, said, path string) error {
		ok, err := s.leads(ctx, path)
		if err == nil && !ok {
			find("link_dead", t.column, t.link, "Address", said)
		}
		return err
	}
	for _, t := range texts {
		for _, m := range inner.FindAllStringSubmatch(t.words, -1) {
			if err := look(t, m[0], strings.ToLower(m[2])); err != nil {
				return err
			}
		}
		for _, m := range atHost.FindAllStringSubmatch(t.words, -1) {
			long, err := s.longPath(ctx, m[1], "/"+strings.ToLower(m[2]))
			if err == nil && long != "" {
				err = look(t, m[0], long)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// leads tells whether a visitor finds something at an address of a site.
func (s *Service) leads(ctx context.Context, path string) (bool, error) {
	parts := strings.Split(strings.Trim(path, "/"), "/") // s, slug, column, ref
	x, err := s.bySlug(ctx, parts[1])
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	switch {
	case len(parts) == 2:
		return true, nil
	case !x.shows(parts[2]):
		return false, nil
	case len(parts) == 3:
		return true, nil
	}
	ref, err := id.ParseRef(parts[3])
	if err != nil || len(parts) > 4 || parts[2] != NewsColumn {
		return false, nil
	}
	_, err = s.oneAcrossUnits(ctx, x.Unit, ref)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, err
}
