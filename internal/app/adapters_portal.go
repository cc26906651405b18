package app

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"xinhuo/internal/account"
	"xinhuo/internal/activity"
	"xinhuo/internal/base"
	"xinhuo/internal/care"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/library"
	"xinhuo/internal/org"
	"xinhuo/internal/portal"
)

// portalProgram is what a unit's public site shows of the rest of the program. Whoever reads it has no rights: each question is asked
// with a view of the site's own subtree and nothing else, and of each record only what everybody may know is handed on.
type portalProgram struct {
	*App
	address string
}

// within is the context of a question about one subtree.
func (portalProgram) within(ctx context.Context, u org.Unit) context.Context {
	return scope.With(ctx, scope.Actor{Name: portal.Kind, ViewSet: scope.Set{u.Range()}})
}

// Children is how many children were helped, as aid publishes it.
func (p portalProgram) Children(ctx context.Context, u org.Unit) (n int64, least bool, from, to string, err error) {
	h, err := p.Aid.Children(p.within(ctx, u), u)
	return h.N, h.Least, h.From, h.To, err
}

func (p portalProgram) Bases(ctx context.Context, u org.Unit, after string, limit int) (list []portal.Base, next string, err error) {
	ctx = p.within(ctx, u)
	found, err := p.Base.List(ctx, base.Filter{Unit: u, Standing: clock.Today(ctx), After: after, Limit: limit})
	if err != nil {
		return nil, "", err
	}
	hosts := make([]id.ID, len(found.Rows))
	for i, r := range found.Rows {
		hosts[i] = r.Host
	}
	units, err := p.Org.ByIDs(ctx, hosts)
	if err != nil {
		return nil, "", err
	}
	for _, r := range found.Rows {
		b, _, err := p.Base.Get(ctx, r.Ref())
		if err != nil {
			return nil, "", err
		}
		list = append(list, portal.Base{Ref: r.Ref(), Name: b.Name, Host: r.Host, HostName: units[r.Host].Name, Category: b.Category, Address: b.Address, Hours: b.Hours, Phone: b.Phone, Intro: b.Intro})
	}
	slices.SortStableFunc(list, func(a, b portal.Base) int {
		return cmp.Or(cmp.Compare(units[a.Host].Pos, units[b.Host].Pos), cmp.Compare(a.Name, b.Name))
	})
	return list, found.Next, nil
}

// mostComing is how many announced activities are looked at.
const mostComing = 2000

func (p portalProgram) Coming(ctx context.Context, u org.Unit, from, to clock.Day) ([]portal.Event, error) {
	ctx = p.within(ctx, u)
	found, err := p.Activity.List(ctx, activity.Filter{Unit: u, Status: activity.Open, From: from, To: to, Limit: mostComing})
	if err != nil {
		return nil, err
	}
	leads := make([]id.ID, len(found.Rows))
	for i, r := range found.Rows {
		leads[i] = r.Lead
	}
	units, err := p.Org.ByIDs(ctx, leads)
	if err != nil {
		return nil, err
	}
	var out []portal.Event
	for _, r := range found.Rows {
		out = append(out, portal.Event{Ref: r.Ref(), Title: r.Title, Lead: units[r.Lead].Name, Day: r.Day, Last: r.LastDay, Place: r.Place})
	}
	slices.SortStableFunc(out, func(a, b portal.Event) int { return cmp.Compare(a.Day, b.Day) })
	return out, nil
}

func (p portalProgram) Timed(ctx context.Context, u org.Unit, list []portal.Event) error {
	ctx = p.within(ctx, u)
	for i := range list {
		a, _, err := p.Activity.Get(ctx, list[i].Ref)
		if err != nil {
			return err
		}
		list[i].From, list[i].To = a.From, a.To
	}
	return nil
}

func (p portalProgram) Documents(ctx context.Context, u org.Unit, limit int) ([]portal.Document, error) {
	ctx = scope.With(ctx, scope.Actor{}) // what a visitor reads
	list, _, _, _, err := p.Library.List(ctx, library.Filter{Within: u.Range(), Limit: limit})
	if err != nil {
		return nil, err
	}
	units := make([]id.ID, len(list))
	for i, l := range list {
		units[i] = l.Unit
	}
	names, err := p.Org.ByIDs(ctx, units)
	var out []portal.Document
	for _, l := range list {
		out = append(out, portal.Document{No: l.No, Title: l.Title, Unit: names[l.Unit].Name, Day: l.Uploaded})
	}
	return out, err
}

func (p portalProgram) Desks(ctx context.Context, u org.Unit) ([]portal.Desk, error) {
	list, err := p.Care.Desks(ctx, u.Range())
	if err != nil {
		return nil, err
	}
	if len(list) == 0 { // the nearest above
		above, err := p.Org.Ancestors(ctx, u.ID, clock.Today(ctx))
		if err != nil {
			return nil, err
		}
		for _, x := range slices.Backward(above) {
			d, err := p.Care.Desk(ctx, x.ID)
			if err != nil {
				return nil, err
			}
			if d.Open {
				list = []care.Desk{d}
				break
			}
		}
	}
	rule, err := p.Care.Rule(ctx)
	if err != nil {
		return nil, err
	}
	var out []portal.Desk
	for _, d := range list {
		at, err := p.Record.Home(ctx, d.Unit)
		if err != nil {
			return nil, err
		}
		out = append(out, portal.Desk{Unit: at.ID, Name: at.Name, Hours: d.Hours, Phone: d.Phone, Named: rule.Asks == 1})
	}
	return out, nil
}

func (p portalProgram) Late(ctx context.Context, u org.Unit) (int64, error) {
	return p.Care.Late(p.within(ctx, u), u)
}

func (p portalProgram) Imprinted() bool {
	s := p.site.Load()
	return s != nil && s.ICP != ""
}

func (p portalProgram) Operates(ctx context.Context) (may bool, own []string, err error) {
	if u, bad := url.Parse(p.address); bad == nil && u.Host != "" {
		own = append(own, u.Host)
	}
	may, err = p.maySite(ctx)
	return may, own, err
}

// mostOpenSites is how many public sites the sign-in page lists: those of the units highest in the tree.
const mostOpenSites = 10

func (a *App) openSites(r *http.Request) ([]ui.Link, error) {
	ctx := r.Context()
	own, err := a.Portal.SlugAt(ctx, r.Host)
	if err != nil {
		return nil, err
	}
	list, err := a.Portal.Open(ctx, scope.All[0], 200)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]id.ID, len(list))
	for i, x := range list {
		ids[i] = x.Unit
	}
	units, err := a.Org.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(x, y portal.Site) int {
		return cmp.Compare(units[x.Unit].Level.Rank(), units[y.Unit].Level.Rank())
	})
	var out []ui.Link
	for _, x := range list {
		if own == "" || own == x.Slug { // at a domain of its own a site stands alone
			to := "/s/" + x.Slug
			if own != "" {
				to = "/"
			}
			out = append(out, ui.Link{Text: x.Title, Href: to, Sub: units[x.Unit].Name})
		}
	}
	return out[:min(len(out), mostOpenSites)], nil
}

// ownDomain answers short addresses at the domain of a site. Its first page is the site's for whoever has not signed in, and theirs for
// who has.
func (a *App) ownDomain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, signedIn := account.Current(r.Context()); r.URL.Path != "/" || !signedIn {
			var err error
			if r, err = a.Portal.AtDomain(r); err != nil {
				a.fail(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
