package portal

import (
	"context"
	"net/http"
	"strings"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// Program is what a site asks of the rest of the program; app gives it. Everything that is answered about a unit lies within its
// subtree, and is what everybody may know.
type Program interface {
	// Bases are those that stand on a day, a page of them from the one after after on.
	Bases(ctx context.Context, u org.Unit, after string, limit int) (list []Base, next string, err error)
	// Coming are the activities that are announced within days.
	Coming(ctx context.Context, u org.Unit, from, to clock.Day) ([]Event, error)
	// Timed says at which time of the day activities are.
	Timed(ctx context.Context, u org.Unit, list []Event) error
	// Documents are the newest that everybody may read.
	Documents(ctx context.Context, u org.Unit, limit int) ([]Document, error)
	// Desks are those that take requests for help, the nearest above where there is none below.
	Desks(ctx context.Context, u org.Unit) ([]Desk, error)
	// Children is how many children were helped in the months from one to another, as is published of a unit and those below; 0
	// while there is no such number. least: it may be more.
	Children(ctx context.Context, u org.Unit) (n int64, least bool, from, to string, err error)
	// Late is how many requests for help at a unit were not answered in time.
	Late(ctx context.Context, u org.Unit) (int64, error)
	// Imprinted tells whether the foot of the pages says under which number the site is registered.
	Imprinted() bool
	// Operates tells whether who acts runs the program: domains are theirs to give. own are hosts at which the program itself stands.
	Operates(ctx context.Context) (may bool, own []string, err error)
}

// Service keeps the sites, their news, what they publish and what is written to them.
type Service struct {
	store
	rec    *record.Service
	ledger *ledger.Service
	org    *org.Service
	flow   *flow.Service
	seal   *seal.Service
	audit  *audit.Service
	out    Program
	blobs  blob.Store
	addr   func(r *http.Request) string
	news   *record.Book[News]
	kept   kept
	pace   pace
	crowd  crowd
}

// New makes the service. Pictures are kept in blobs. addr tells who asks, for the throttle alone: it is not kept.
func New(d *db.DB, rec *record.Service, led *ledger.Service, o *org.Service, f *flow.Service, x *seal.Service, a *audit.Service, out Program, blobs blob.Store, addr func(r *http.Request) string) *Service {
	s := &Service{store: store{d}, rec: rec, ledger: led, org: o, flow: f, seal: x, audit: a, out: out, blobs: blobs, addr: addr}
	s.news = record.NewBook(rec, record.Kind[News]{
		Name: KindNews,
		Home: func(n News) id.ID { return n.Unit },
		Put:  s.put,
		Rows: func(id.Ref, News) ledger.Record { return ledger.Record{} }, // news are counted nowhere
		Facts: func(ctx context.Context, n News) []record.Fact {
			return []record.Fact{{Key: "portal.f.title", Text: n.Title}, {Key: "portal.f.day", Text: i18n.Day(ctx, n.Day)}, {Key: "portal.f.text", Text: n.Text}, {Key: "portal.f.pictures", Text: alts(n.Pictures)}, {Key: "portal.f.state", Text: tr(ctx, "portal.state."+string(n.State))}, {Key: "portal.f.why", Text: n.Why}}
		},
	}, newsSource())
	o.OnMoved(s.unitChanged)
	o.AddPanel(s.panel())
	return s
}

// alts are what pictures show, one a line.
func alts(list []Picture) string {
	var out []string
	for _, p := range list {
		out = append(out, p.Alt)
	}
	return strings.Join(out, "\n")
}

func tr(ctx context.Context, key string, args ...any) string { return i18n.T(ctx, key, args...) }

func (s *Service) put(ctx context.Context, ref id.Ref, n News, gone bool) error {
	u, err := s.rec.Home(ctx, n.Unit)
	if err != nil {
		return err
	}
	s.db.AfterCommit(ctx, s.kept.drop)
	return s.putNews(ctx, ref, u.Pos, n, gone)
}

func (s *Service) unitChanged(ctx context.Context, c org.Changed) error {
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	s.db.AfterCommit(ctx, s.kept.drop)
	return s.move(ctx, c.Unit, u.ID, u.Pos)
}

var (
	errNone    = errs.New(errs.NotFound, "errs.not_found")
	errChanged = errs.New(errs.Conflict, "record.changed_meanwhile")
)

// may asks for a right at a unit: what one may not see is as if it were not there, and who is refused stands in the log.
func (s *Service) may(ctx context.Context, right scope.Right, u org.Unit, act string) error {
	a := scope.From(ctx)
	if a.May(right, u.Pos) {
		return nil
	}
	if !a.May(scope.View, u.Pos) {
		return errNone
	}
	if err := s.audit.Refuse(ctx, audit.Entry{Act: "portal.act." + act, Subject: Kind, Pos: u.Pos, Unit: u.ID}); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "errs.not_yours")
}

// Site is a unit's site as it is set, for who views the unit.
func (s *Service) Site(ctx context.Context, u org.Unit) (Site, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return Site{}, errNone
	}
	return s.siteAcrossUnits(ctx, u.ID)
}

// mostSites is how many sites a page lists.
const mostSites = 200

// Open are the sites of a subtree that are on, in the order of the tree; everybody may know of them.
func (s *Service) Open(ctx context.Context, within scope.Range, limit int) ([]Site, error) {
	return s.sitesAcrossUnits(ctx, within, true, limit)
}

// Below are the sites under a unit, on or off, for who views it.
func (s *Service) Below(ctx context.Context, u org.Unit) ([]Site, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errNone
	}
	return s.sitesAcrossUnits(ctx, u.Range(), false, mostSites)
}

// SetSite keeps a unit's site; Conflict when somebody was quicker than who read version x.Ver. Domains are given by who runs the program
// alone: whoever holds one gets all who come to it.
func (s *Service) SetSite(ctx context.Context, unit id.ID, x Site) (err error) {
	defer errs.Wrapf(&err, "portal.SetSite %d", unit)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.rec.Home(ctx, unit)
		if err != nil {
			return err
		}
		if err := s.may(ctx, scope.Work, u, "set"); err != nil {
			return err
		}
		was, err := s.siteAcrossUnits(ctx, u.ID)
		if err != nil {
			return err
		}
		if was.Ver != x.Ver {
			return errChanged
		}
		x.Root, x.Unit, x.Pos = u.Root(), u.ID, u.Pos
		x.tidy()
		f := x.problems()
		if err := s.hostsMay(ctx, was, x, &f); err != nil {
			return err
		}
		if Slugged(x.Slug) {
			other, err := s.calledAcrossUnits(ctx, x.Slug)
			if err != nil && !errs.Is(err, errs.NotFound) {
				return err
			}
			if err == nil && other != u.ID {
				f.Add("slug", "portal.slug_taken")
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		if ok, err := s.putSite(ctx, x); err != nil || !ok {
			if err == nil {
				err = errChanged
			}
			return err
		}
		taken, err := s.putHosts(ctx, x)
		if err != nil {
			return err
		}
		if taken != "" {
			f.Add("hosts", "portal.host_taken", "Host", taken)
			return f.Err()
		}
		s.db.AfterCommit(ctx, s.kept.drop)
		return s.audit.Log(ctx, audit.Entry{Act: "portal.act.set", Subject: Kind, Pos: u.Pos, Unit: u.ID, Detail: changes(was, x)})
	})
}

// changes are what was set anew, for the log.
func changes(was, now Site) map[string]any {
	out := map[string]any{"on": now.On}
	for _, c := range []struct{ name, a, b string }{{"slug", was.Slug, now.Slug}, {"title", was.Title, now.Title}, {"motto", was.Motto, now.Motto}, {"about", was.About, now.About}, {"colour", was.Colour, now.Colour}, {"hotline", was.Hotline, now.Hotline},
		{"human", was.Human, now.Human}, {"phone", was.Phone, now.Phone}, {"hours", was.Hours, now.Hours}, {"signup", was.Signup, now.Signup}, {"columns", strings.Join(was.Columns, ","), strings.Join(now.Columns, ",")},
		{"hosts", strings.Join(was.Hosts, ","), strings.Join(now.Hosts, ",")}} {
		if c.a != c.b {
			out[c.name] = c.b
		}
	}
	return out
}

func (s *Service) hostsMay(ctx context.Context, was, x Site, f *errs.Fields) error {
	if strings.Join(was.Hosts, ",") == strings.Join(x.Hosts, ",") {
		return nil
	}
	may, own, err := s.out.Operates(ctx)
	if err != nil {
		return err
	}
	if !may {
		f.Add("hosts", "portal.host_not_yours")
	}
	for _, h := range x.Hosts {
		for _, o := range own {
			if h == HostOf(o) {
				f.Add("hosts", "portal.host_own", "Host", h)
			}
		}
	}
	return nil
}

// SetOn switches a site on or off, whatever else is set.
func (s *Service) SetOn(ctx context.Context, u org.Unit, on bool) error {
	x, err := s.siteAcrossUnits(ctx, u.ID)
	if err != nil {
		return err
	}
	x.On = on
	return s.SetSite(ctx, u.ID, x)
}

// wishKept is how long who it was is kept once they were answered.
const wishKept = 90 * 24 * time.Hour
