package activity

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/audit"
	"xinhuo/internal/base"
	"xinhuo/internal/booking"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

const today = clock.Day("2019-05-31")

var created = record.Change{Act: "activity.act.create"}

// world is a province with two cities, two counties and four towns, and everything that activities need.
type world struct {
	testing.TB
	ctx     context.Context // acts for the operator on the day of now
	now     time.Time
	d       *db.DB
	org     *org.Service
	ledger  *ledger.Service
	rec     *record.Service
	flow    *flow.Service
	base    *base.Service
	booking *booking.Service
	s       *Service
	texts   *i18n.Texts
	units   map[string]org.Unit
	people  register
	themes  themes
}

// register stands in for the volunteers.
type register struct {
	list  []Volunteer
	unfit map[id.Ref]string
}

func (r *register) Named(_ context.Context, name string) ([]Volunteer, error) {
	var out []Volunteer
	for _, v := range r.list {
		if v.Name == name {
			out = append(out, v)
		}
	}
	return out, nil
}

func (r *register) Known(_ context.Context, refs []id.Ref) (map[id.Ref]string, error) {
	out := map[id.Ref]string{}
	for _, v := range r.list {
		if slices.Contains(refs, v.Ref) {
			out[v.Ref] = v.Name
		}
	}
	return out, nil
}

func (r *register) Unfit(_ context.Context, refs []id.Ref, _ clock.Day) ([]Unfit, error) {
	var out []Unfit
	for _, v := range r.list {
		if why := r.unfit[v.Ref]; why != "" && slices.Contains(refs, v.Ref) {
			out = append(out, Unfit{v.Ref, v.Name, why})
		}
	}
	return out, nil
}

// themes stands in for the campaigns: each with the one that it is part of.
type themes struct {
	titles map[id.Ref]string
	within map[id.Ref]id.Ref
}

func (t *themes) Open(context.Context, id.ID, clock.Day) ([]Campaign, error) {
	var out []Campaign
	for r, title := range t.titles {
		out = append(out, Campaign{r, title})
	}
	slices.SortFunc(out, func(a, b Campaign) int { return int(a.Ref.ID - b.Ref.ID) })
	return out, nil
}

func (t *themes) Chain(_ context.Context, refs []id.Ref) ([]id.Ref, error) {
	var out []id.Ref
	for _, r := range refs {
		for ; r.ID != 0 && !slices.Contains(out, r); r = t.within[r] {
			out = append(out, r)
		}
	}
	return out, nil
}

func (t *themes) Titles(context.Context, []id.Ref) (map[id.Ref]string, error) { return t.titles, nil }

// places is what flow needs of the tree.
type places struct{ o *org.Service }

func (p places) AncestorAt(ctx context.Context, unit id.ID, level string, day clock.Day) (id.ID, int64, error) {
	up, err := p.o.Ancestors(ctx, unit, day)
	for _, u := range up {
		if string(u.Level) == level {
			return u.ID, u.Pos, nil
		}
	}
	return 0, 0, errors.Join(err, errs.New(errs.NotFound, "errs.not_found"))
}

func (p places) Pos(ctx context.Context, unit id.ID) (int64, error) {
	u, err := p.o.Unit(ctx, unit)
	return u.Pos, err
}

func (p places) Name(ctx context.Context, unit id.ID) (string, error) {
	u, err := p.o.Unit(ctx, unit)
	return u.Name, err
}

func open(t testing.TB) *world {
	t.Helper()
	bg := context.Background()
	sources := []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
		{Module: "org", Files: org.Migrations}, {Module: "ledger", Files: ledger.Migrations}, {Module: "record", Files: record.Migrations},
		{Module: "flow", Files: flow.Migrations}, {Module: "base", Files: base.Migrations}, {Module: "booking", Files: booking.Migrations}, {Module: "activity", Files: Migrations}, {Module: "seal", Files: seal.Migrations}}
	dsn := testkit.Prepared(t, "activity", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(bg, sources), d.Close())
	})
	d, err := db.Open(bg, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	texts, err := i18n.Load(Texts, seal.Texts, base.Texts, booking.Texts, record.Texts, flow.Texts, org.Texts, ledger.Texts, ui.Texts, web.Texts, table.Texts, file.Texts, blob.Texts)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.NewFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, d: d, now: today.Time().Add(9 * time.Hour), texts: texts, units: map[string]org.Unit{}, people: register{unfit: map[id.Ref]string{}},
		themes: themes{titles: map[id.Ref]string{}, within: map[id.Ref]id.Ref{}}}
	w.ctx = i18n.With(clock.With(scope.With(bg, scope.System("test")), func() time.Time { return w.now }), texts, "zh")
	a := audit.New(d)
	w.org = org.New(d, a)
	w.ledger = ledger.New(d, w.org)
	w.rec = record.New(d, a, w.ledger, w.org)
	w.flow = flow.New(d, a, places{w.org})
	w.base = base.New(d, w.rec, w.ledger, w.org, w.flow, a, blobs)
	w.booking = booking.New(d)
	w.s = New(d, w.rec, w.ledger, w.org, w.flow, a, blobs, w.base, w.booking)
	w.s.SetVolunteers(&w.people)
	w.s.SetSeal(seal.New(d, a, w.org, &seal.Keys{Path: filepath.Join(t.TempDir(), "k")}))
	w.s.SetCampaigns(&w.themes)
	w.org.OnChanged(w.ledger.UnitChanged)
	w.org.OnChanged(w.base.UnitChanged)
	w.org.OnChanged(w.s.UnitChanged)
	w.must(w.ledger.Load(w.ctx))
	w.must(w.org.FoundAll(w.ctx, []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "9907", Name: "临海市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990204", Name: "北仓区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203013", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203109", Name: "桥南镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990203110", Name: "柳塘镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
		{Code: "990204003", Name: "桥头镇", Level: org.Township, Kind: org.Town, ParentCode: "990204", From: "2000-01-01"},
	}))
	for _, code := range []string{"99", "9902", "9907", "990203", "990204", "990203013", "990203109", "990203110", "990204003"} {
		w.units[code], err = w.org.ByCode(w.ctx, code)
		w.must(err)
	}
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) kind(err error, k errs.Kind) {
	w.Helper()
	if !errs.Is(err, k) {
		w.Fatalf("got %v, want kind %d", err, k)
	}
}

// says tells that an error asks for a change at a field, with words in it.
func (w *world) says(err error, field string, words ...string) {
	w.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid {
		w.Fatalf("got %v, want a problem at %s", err, field)
	}
	for _, f := range e.Fields {
		if f.Name != field {
			continue
		}
		at, _, _ := web.Problems(w.ctx, errs.Fields{f}.Err())
		for _, word := range words {
			if !strings.Contains(at[field], word) {
				w.Errorf("%s: %q does not say %q", field, at[field], word)
			}
		}
		return
	}
	w.Errorf("%v has no problem at %s", e, field)
}

// as is a person who works at the unit alone, views and administers its subtree.
func (w *world) as(code string) context.Context {
	w.Helper()
	u := w.units[code]
	all := scope.Set{u.Range()}
	return scope.With(w.ctx, scope.Actor{Account: id.ID(u.Pos + 1), Name: u.Name + "的周文琴", Unit: u.ID, Pos: u.Pos,
		WorkSet: scope.Set{{From: u.Pos, To: u.Pos + 1}}, ViewSet: all, AdminSet: all, FindSet: scope.All})
}

// lecture is an ordinary activity of a unit, held a week ago.
func (w *world) lecture(code string) Activity {
	return Activity{Hosts: []Host{{Unit: w.units[code].ID}}, Title: "法治宣讲", Type: "lecture", Topic: "law", Day: "2019-05-24", From: "09:00", To: "10:30", Mode: Face,
		Stops: []Stop{{Place: "稻香小学", Venue: "campus"}}, Audience: []Audience{{"primary", 60}}, Responsible: "周文琴", Phone: "0500-555 0101", Status: Held}
}

// with is an activity changed by edit.
func with(a Activity, edit func(a *Activity)) Activity {
	edit(&a)
	return a
}

func (w *world) create(ctx context.Context, a Activity) id.Ref {
	w.Helper()
	ref, err := w.s.Create(ctx, a, created)
	w.must(err)
	return ref
}

func (w *world) get(ref id.Ref) (Activity, int64) {
	w.Helper()
	a, v, err := w.s.Get(w.ctx, ref)
	w.must(err)
	return a, v.N
}

// wants compares figures of the year 2019 at a unit.
func (w *world) wants(unit string, want map[string]int64) {
	w.Helper()
	for code, n := range want {
		v, err := w.ledger.Ask(w.ctx, ledger.Query{Figure: code, Unit: w.units[unit].ID, Day: today, From: "2019-01-01", To: "2019-12-31"})
		w.must(err)
		if v.Int() != n {
			w.Errorf("%s at %s is %d, want %d", code, unit, v.Int(), n)
		}
	}
}

// parts are the parts of a figure of 2019 by a breakdown.
func (w *world) parts(code, unit, by string) map[string]int64 {
	w.Helper()
	out, err := w.ledger.ByValue(w.ctx, ledger.Query{Figure: code, Unit: w.units[unit].ID, Day: today, From: "2019-01-01", To: "2019-12-31"}, by)
	w.must(err)
	return out
}

// hall makes a base in force at a unit.
func (w *world) hall(unit, name string, capacity int64) id.Ref {
	w.Helper()
	ref, err := w.base.Create(w.ctx, base.Base{Host: w.units[unit].ID, Name: name, Category: "法治", RunMode: base.Self, Capacity: capacity,
		Accreditations: []base.Accreditation{{Level: org.City, Issuer: base.Body{Unit: w.units["9902"].ID}, GrantedOn: "2015-01-01", Status: base.Granted, Document: "云1号"}}}, record.Change{Act: "base.act.create"})
	w.must(err)
	return ref
}

// volunteer enters somebody into the register; missing says why they may not work with minors.
func (w *world) volunteer(name, unit, missing string) id.Ref {
	ref := id.Ref{Root: 9902, ID: id.New()}
	w.people.list = append(w.people.list, Volunteer{ref, name, unit})
	w.people.unfit[ref] = missing
	return ref
}

// site serves the module's pages for one person; errors answer with their status.
func (w *world) site(ctx context.Context) http.Handler {
	w.Helper()
	s := &web.Site{Actor: func(*http.Request) (scope.Actor, error) { return scope.From(ctx), nil },
		UnitPos: func(ctx context.Context, ref string) (int64, error) {
			u, err := w.org.Resolve(ctx, ref)
			return u.Pos, err
		},
		Fail: func(rw http.ResponseWriter, r *http.Request, err error) {
			http.Error(rw, i18n.Error(r.Context(), err)+fmt.Sprintf(" (%v)", err), errs.KindOf(err).Status())
		}}
	s.Add(w.s.Routes()...)
	s.Add(w.base.Routes()...)
	h, err := s.Handler()
	w.must(err)
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { h.ServeHTTP(rw, r.WithContext(ctx)) })
}

func (w *world) fetch(h http.Handler, path string, status int) string {
	w.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	if rec.Code != status {
		w.Fatalf("GET %s answers %d, want %d: %.600s", path, rec.Code, status, rec.Body)
	}
	return rec.Body.String()
}

func (w *world) send(h http.Handler, r *http.Request, status int) string {
	w.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	if rec.Code != status {
		w.Fatalf("%s %s answers %d, want %d: %.900s", r.Method, r.URL, rec.Code, status, rec.Body)
	}
	if to := rec.Header().Get("Location"); to != "" {
		return to
	}
	return rec.Body.String()
}

// post sends a form and answers where it leads, or the page.
func (w *world) post(h http.Handler, path string, form url.Values, status int) string {
	w.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(h, r, status)
}
