package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"xinhuo/internal/account"
	"xinhuo/internal/assess"
	"xinhuo/internal/association"
	"xinhuo/internal/base"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/project"
	"xinhuo/internal/record"
	"xinhuo/internal/report"
	"xinhuo/internal/training"
	"xinhuo/internal/volunteer"
)

// The whole-product tests ask the program as a browser would, over the demonstration city of one fixed day. On top of
// it stands one record of every kind at each of nine places, filled with words that occur nowhere else (canaries), so
// that a word in an answer tells whose record it came from.

const harnessDay = clock.Day("2019-05-31")

// harnessPlaces are the units that stand for the relations: of whoever asks, each is the own unit, one above, one below,
// one beside, or one of another city. A code that stands twice is a county and then a township of it.
var harnessPlaces = []string{"99", "9902", "990203", "990203013", "990201", "990201", "9907", "990702", "990702"}

// role is somebody who asks. Rights are computed from the program's own directory, never written down here.
type role struct {
	name   string
	login  string // "" for somebody who has not signed in
	cookie string
	actor  scope.Actor
}

// canary is a word that stands in one record, and where it may be seen.
type canary struct {
	word  string
	kind  string
	pos   int64
	rng   scope.Range // of a programme: the units that are to take it over
	right scope.Right // Find, View or Admin at pos
	unit  id.ID       // of what is sealed: those who work in this very unit
	owner id.ID       // of what was put by: this account alone
	// partner: shared with the city's body, for which the role "partner" stands.
	partner bool
}

// seen tells whether a reader may meet the word.
func (c canary) seen(a scope.Actor) bool {
	if c.owner != 0 {
		return a.Account == c.owner
	}
	if c.partner && a.Name == "partner" {
		return true
	}
	if c.unit != 0 {
		return a.Unit == c.unit && a.May(scope.Work, c.pos)
	}
	if c.rng.To > 0 { // whoever sees one of the units that a programme is for sees the programme
		for _, r := range a.ViewSet {
			if r.From < c.rng.To && c.rng.From < r.To {
				return true
			}
		}
		return false
	}
	if c.right == scope.Admin { // accounts: their administrators
		return a.AdminSet.Contains(c.pos)
	}
	return a.Set(c.right).Contains(c.pos)
}

// seeds are the records by kind and place, and what was written into them.
type seeds struct {
	units    map[string]org.Unit
	refs     map[string]map[string]string // kind → place → what an address takes
	canaries []canary
}

func (s *seeds) add(kind, place, ref string) {
	if s.refs[kind] == nil {
		s.refs[kind] = map[string]string{}
	}
	s.refs[kind][place] = ref
}

// ragged stands behind a seed's words as people type them: spaces and wide letters, which a table that is sent back unchanged
// leaves as they are.
const ragged = "　第１  版"

// word makes a canary: letters and digits alone, so that it passes every check and is found again in every format.
func (s *seeds) word(kind string, u org.Unit, right scope.Right) string {
	w := "zk" + kind + "q" + u.Code + "q"
	s.canaries = append(s.canaries, canary{word: w, kind: kind, pos: u.Pos, right: right})
	return w
}

// world is the program over a copy of the demonstration of its own.
type world struct {
	t       *testing.T
	a       *App
	h       http.Handler
	ctx     context.Context // the operator's
	seeds   *seeds
	roles   []*role
	byLogin map[string]*role

	keyFile, dsn, files string // what stands beside the database

	logged id.ID // up to where writes has looked at the log
	wrote  int64
}

// prepared is what is made once for all tests: the roles' sessions, the seeds, and the files beside the database.
var prepared struct {
	sync.Mutex
	seeds   *seeds
	cookies map[string]string
	files   map[string][]byte
	key     []byte // of what is sealed
}

const harnessPassword = "harness-2019"

// logins of the roles in the order in which they ask; the last four are made for it.
var harnessLogins = []string{"chenyulan", "zhouwenqin", "liangshuiwang", "linguangping", "xusuqing", "caihuiqin", "mixed", "expired", "partner", "disabled"}

func openWorld(t *testing.T) *world {
	t.Helper()
	testkit.Full(t) // making the world takes 20 s, before a test has said a word
	dsn := testkit.Prepared(t, "demonstration", prepareWorld)
	prepared.Lock()
	defer prepared.Unlock()
	files := t.TempDir()
	for name, data := range prepared.files {
		path := filepath.Join(files, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(SealKey(dsn, files), prepared.key, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	a, err := Open(ctx, Config{DSN: dsn, Files: files, Clock: clockFrom(harnessDay, harnessDay)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	h, err := a.Handler()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, a: a, h: h, ctx: a.System(ctx, "test"), seeds: prepared.seeds, byLogin: map[string]*role{}, keyFile: SealKey(dsn, files), dsn: dsn, files: files}
	w.roles = []*role{{name: "anonymous"}}
	for _, login := range harnessLogins {
		acc, err := a.Account.ByLogin(w.ctx, login)
		if err != nil {
			t.Fatal(err)
		}
		r := &role{name: login, login: login, cookie: prepared.cookies[login]}
		if r.actor, err = a.Account.Actor(w.ctx, acc.ID); err != nil {
			t.Fatal(err)
		}
		w.roles = append(w.roles, r)
		w.byLogin[login] = r
	}
	return w
}

// prepareWorld fills the template: on PostgreSQL the demonstration is made in a file and moved, since it is the same.
func prepareWorld(dsn string) (err error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "xinhuo-harness-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	made := dsn
	if testkit.Engine() == testkit.Postgres {
		made = filepath.Join(dir, "demo.db")
	}
	if err := makeDemo(ctx, made, harnessDay, func(int, int) {}); err != nil {
		return err
	}
	if made != dsn {
		if err := CopyDatabase(ctx, made, dsn, func(string, int64) {}); err != nil {
			return err
		}
	}
	files := filepath.Join(dir, "files")
	if err := os.Rename(filesBeside(made), files); err != nil { // the demonstration's own photos
		return err
	}
	key, err := os.ReadFile(SealKey(made, ""))
	if err == nil {
		err = os.WriteFile(SealKey(dsn, files), key, 0o600)
	}
	if err != nil {
		return err
	}
	a, err := Open(ctx, Config{DSN: dsn, Files: files, Clock: clockFrom(harnessDay, harnessDay)})
	if err != nil {
		return err
	}
	defer func() {
		if bad := a.Close(); err == nil {
			err = bad
		}
	}()
	h, err := a.Handler()
	if err != nil {
		return err
	}
	s := &seeder{a: a, ctx: a.System(ctx, "播种"), seeds: &seeds{units: map[string]org.Unit{}, refs: map[string]map[string]string{}}}
	if err := s.all(); err != nil {
		return fmt.Errorf("seeding: %w", err)
	}
	cookies := map[string]string{}
	for _, login := range harnessLogins {
		password := DemoPassword
		if s.made[login] {
			password = harnessPassword
		}
		if cookies[login], err = signIn(h, login, password); err != nil {
			return err
		}
	}
	if err := s.drafts(h, cookies); err != nil {
		return err
	}
	if err := s.disable("disabled"); err != nil {
		return err
	}
	if err := a.Ledger.Fold(s.ctx); err != nil {
		return err
	}
	kept := map[string][]byte{}
	err = filepath.WalkDir(files, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(files, path)
		if err != nil {
			return err
		}
		kept[name], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		return err
	}
	prepared.Lock()
	defer prepared.Unlock()
	prepared.seeds, prepared.cookies, prepared.files, prepared.key = s.seeds, cookies, kept, key
	return nil
}

// signIn sends the form of the sign-in page and answers the session's cookie.
func signIn(h http.Handler, login, password string) (string, error) {
	form := url.Values{"login": {login}, "name": {login}, "password": {password}}
	r := newRequest("POST", "/login", form, "")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		if c.Name == "xinhuo" && c.Value != "" && rec.Code == http.StatusSeeOther {
			return c.Name + "=" + c.Value, nil
		}
	}
	return "", fmt.Errorf("%s does not get in: %d %.400s", login, rec.Code, rec.Body)
}

func newRequest(method, target string, form url.Values, cookie string) *http.Request {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, target, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Host, r.RemoteAddr = "127.0.0.1:8400", "127.0.0.1:50000"
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	return r
}

// answer is what came back.
type answer struct {
	code int
	head http.Header
	body string
}

// login tells that the answer sends to the sign-in page, or tells a program to sign in.
func (a answer) login() bool {
	return a.code == http.StatusUnauthorized || a.code == http.StatusSeeOther && strings.HasPrefix(a.head.Get("Location"), "/login")
}

func (w *world) send(r *http.Request) answer {
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r)
	return answer{rec.Code, rec.Result().Header, rec.Body.String()}
}

func (w *world) get(as *role, target string) answer {
	return w.send(newRequest("GET", target, nil, as.cookie))
}

func (w *world) unit(code string) org.Unit { return w.seeds.units[code] }

// seeder writes the records of the seeds as the operator.
type seeder struct {
	a     *App
	ctx   context.Context
	seeds *seeds
	made  map[string]bool
}

func (s *seeder) all() error {
	s.made = map[string]bool{}
	if err := s.findPlaces(); err != nil {
		return err
	}
	for _, code := range harnessPlaces {
		u := s.seeds.units[code]
		for _, step := range []func(org.Unit) error{s.unit, s.base, s.team, s.volunteer, s.association, s.course, s.activity, s.camp, s.contract, s.reform, s.campaign, s.notice, s.meeting, s.partner, s.plan, s.survey, s.research, s.poll, s.guarantee, s.library, s.care, s.portal, s.aid, s.casework, s.mandatory, s.wish, s.document, s.account, s.imports, s.note} {
			if err := step(u); err != nil {
				return fmt.Errorf("%s: %w", u.Code, err)
			}
		}
	}
	if err := s.special(); err != nil {
		return err
	}
	return s.people()
}

// special finds units of the kinds that some acts ask for, within the county of the nine places.
func (s *seeder) special() error {
	town := s.seeds.units["990203013"]
	enterprises, err := s.a.Org.Enterprises(s.ctx, s.seeds.units["9902"].Range(), harnessDay, "", "", 0, 1)
	if err != nil || len(enterprises) == 0 {
		return fmt.Errorf("no enterprise: %w", err)
	}
	s.seeds.units["enterprise"] = enterprises[0]
	for _, x := range []struct {
		key, name, code string
		level           org.Level
		kind            org.Kind
	}{{"bare", "待建村", "990203013980", org.Village, ""}, {"ended", "已撤村", "990203013981", org.Village, ""}, {"park", "试验园区", "9902032001", org.Park, org.Joint}} {
		parent := town
		if x.level == org.Park {
			parent = s.seeds.units["990203"]
		}
		u, err := s.a.Org.Found(s.ctx, org.NewUnit{Code: x.code, Name: x.name, Level: x.level, Kind: x.kind, Parent: parent.ID, From: "2019-01-01", Bare: x.key == "bare"})
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		s.seeds.units[x.key] = u
	}
	return s.a.Org.Close(s.ctx, s.seeds.units["ended"].ID, "2019-05-01", "云关委〔2019〕1号")
}

// findPlaces replaces the last two repeated places by a township below the place before each.
func (s *seeder) findPlaces() error {
	for i, code := range harnessPlaces {
		u, err := s.a.Org.ByCode(s.ctx, code)
		if err != nil {
			return fmt.Errorf("%s: %w", code, err)
		}
		if i > 0 && harnessPlaces[i-1] == code {
			nodes, err := s.a.Org.Children(s.ctx, u.ID, harnessDay, "", 500)
			if err != nil {
				return err
			}
			at := slices.IndexFunc(nodes, func(n org.Node) bool { return n.Unit.Level == org.Township })
			if at < 0 {
				return fmt.Errorf("%s holds no township", code)
			}
			u = nodes[at].Unit
			harnessPlaces[i] = u.Code
		}
		s.seeds.units[u.Code] = u
	}
	return nil
}

func (s *seeder) unit(u org.Unit) error {
	o, v := s.a.Org, scope.View
	d, err := o.Detail(s.ctx, u.ID)
	if err != nil {
		return err
	}
	d.Unit, d.Address, d.Phone, d.Intro = u.ID, s.seeds.word("address", u, v), "0599-"+u.Code, s.seeds.word("unitintro", u, v)
	if err := o.SetDetail(s.ctx, d); err != nil {
		return err
	}
	if err := o.SetLeader(s.ctx, org.Leader{Unit: u.ID, Name: s.seeds.word("leader", u, v), Title: "副书记", From: "2019-01-01"}); err != nil {
		return err
	}
	p, err := o.LinkParty(s.ctx, org.PartyLink{Unit: u.ID, Kind: "leads", Form: "committee", Name: s.seeds.word("party", u, v), From: "2019-01-01"}, true)
	if err != nil {
		return err
	}
	s.seeds.add("party", u.Code, p.ID.String())
	post, err := o.AppointPost(s.ctx, org.Post{Unit: u.ID, Kind: "member", Person: s.seeds.word("member", u, v), From: "2019-01-01"})
	if err != nil {
		return err
	}
	s.seeds.add("post", u.Code, post.ID.String())
	below := u.Level.Below()
	if below == "" {
		below = org.Village
	}
	code := u.Code + map[bool]string{true: "900", false: "95"}[len(u.Code) >= 6]
	n := org.NewUnit{Code: code, Name: s.seeds.word("child", u, scope.Find) + "村", Level: below, Parent: u.ID, From: "2019-01-01", Bare: true}
	if below == org.Township {
		n.Kind = org.Town
	}
	_, err = o.Found(s.ctx, n)
	return err
}

func (s *seeder) base(u org.Unit) error {
	v := scope.View
	w := func(kind string) string { return s.seeds.word(kind, u, v) }
	b := base.Base{Code: w("basecode"), Name: w("basename"), Host: u.ID, RunMode: base.Other, Category: "红色基因", Owner: base.Body{Name: w("owner")}, Address: w("baseaddress"),
		Contact: w("oldcontact"), Phone: w("basephone"), Intro: w("baseintro"), Hours: w("hours"),
		Accreditations: []base.Accreditation{{Level: org.City, Issuer: base.Body{Unit: u.ID}, Title: w("plaque"), GrantedOn: "2018-06-01", Document: w("plaquedoc"), Status: base.Granted}},
		Agreements:     []base.Agreement{{Document: w("agreement"), Parties: w("parties"), From: "2018-01-01", To: "2019-06-15"}},
		Checks:         []base.Check{{Year: 2018, Day: "2018-07-01", By: w("checker"), Result: "pass", Note: w("checknote")}},
		Plans:          []base.Plan{{Title: w("plan"), OpenedOn: "2019-01-01", DueOn: "2019-05-01", Owner: w("planowner")}}}
	categories, err := s.a.Base.Categories(s.ctx, u.Root())
	if err != nil || len(categories) == 0 {
		return fmt.Errorf("categories: %w", err)
	}
	b.Category = categories[0].Name
	ref, err := s.a.Base.Create(s.ctx, b, record.Change{Act: "record.act.import"})
	if err != nil {
		return err
	}
	s.seeds.add("base", u.Code, ref.String())
	got, ver, err := s.a.Base.Get(s.ctx, ref)
	if err != nil {
		return err
	}
	got.Contact = w("contact")
	if _, err := s.a.Base.Save(s.ctx, ref, ver.N, got, record.Change{Act: "base.act.edit", Reason: w("basereason")}); err != nil {
		return err
	}
	if err := s.a.Base.AddPhoto(s.ctx, ref, ver.N+1, picture(u.Pos), w("photo")); err != nil {
		return err
	}
	if got, ver, err = s.a.Base.Get(s.ctx, ref); err != nil {
		return err
	}
	s.seeds.add("photo", u.Code, got.Photos[0].Full)
	s.seeds.add("plaque", u.Code, got.Accreditations[0].ID.String())
	own := scope.Set{u.Range()}
	as := scope.With(s.ctx, scope.Actor{Account: id.New(), Name: w("applicant"), Unit: u.ID, Pos: u.Pos, FindSet: scope.All, ViewSet: own, WorkSet: own})
	if _, err := s.a.Base.Accredit(as, ref, ver.N, base.Accreditation{Level: org.City, Issuer: base.Body{Unit: u.ID}, Title: w("applied"), AppliedOn: "2019-05-20", Status: base.Submitted}); err != nil {
		return err
	}
	cases, err := s.a.Flow.ForSubject(s.ctx, "base", ref)
	if err != nil || len(cases) == 0 {
		return fmt.Errorf("no case: %w", err)
	}
	s.seeds.add("case", u.Code, cases[0].Ref().String())
	return nil
}

// picture is a small photo that no other place has.
func picture(n int64) io.Reader {
	m := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			m.Set(x, y, color.RGBA{uint8(n >> (x % 40)), uint8(x * 3), uint8(y * 5), 255})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m) // a buffer takes everything
	return &b
}

func (s *seeder) team(u org.Unit) error {
	needs, err := s.a.People.Needs(s.ctx, u)
	if err != nil || len(needs) == 0 {
		return fmt.Errorf("needs: %w", err)
	}
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	ref, err := s.a.People.Create(s.ctx, people.Team{Code: w("teamcode"), Unit: u.ID, Name: w("team"), Need: needs[0].Name, Leader: w("teamleader") + ragged, Phone: w("teamphone"), Members: 5,
		Intro: w("teamintro"), ProposedOn: "2019-02-01", ApprovedOn: "2019-03-01", ApprovalDoc: w("teamdoc"), FoundedOn: "2019-03-01", Status: people.Approved, Note: w("teamnote") + ragged})
	s.seeds.add("team", u.Code, ref.String())
	return err
}

// volunteer makes one who agreed to be found, with hours, and one who did not.
func (s *seeder) volunteer(u org.Unit) error {
	w := func(kind string, right scope.Right) string { return s.seeds.word(kind, u, right) }
	open := volunteer.Volunteer{Unit: u.ID, Code: w("volcode", scope.View), Name: w("volname", scope.Find), Kind: volunteer.Teacher, BirthYear: 1950, Profession: "教师", FindConsent: "2019-01-01",
		Employer: w("volemployer", scope.View), Phone: w("volphone", scope.View) + "0500", Health: w("volhealth", scope.Work), Experience: w("volstory", scope.View), AdmittedOn: "2019-01-01",
		Checks: []volunteer.Check{{Kind: volunteer.Background, On: "2019-01-01", Name: w("volcheck", scope.View)}, {Kind: volunteer.Certificate, On: "2019-01-01", Expires: "2022-01-01", Name: w("volpaper", scope.View)}, {Kind: volunteer.Health, On: "2019-01-01", Name: w("volexam", scope.Work)}}}
	ref, err := s.a.Volunteer.Create(s.ctx, open)
	if err != nil {
		return err
	}
	s.seeds.add("volunteer", u.Code, ref.String())
	check, err := s.a.Volunteer.KeepPaper(s.ctx, volunteer.Check{Kind: volunteer.Background, On: "2019-02-01"}, picture(u.Pos)) // the same picture as the base's photo
	if err != nil {
		return err
	}
	if err := s.a.Volunteer.AddCheck(s.ctx, ref, 1, check); err != nil {
		return err
	}
	closed := volunteer.Volunteer{Unit: u.ID, Name: w("volclosed", scope.View), Kind: volunteer.Other, Phone: w("volclosedphone", scope.Work) + "0500", AdmittedOn: "2019-01-01",
		Note: w("volnote", scope.Work)}
	other, err := s.a.Volunteer.Create(s.ctx, closed)
	if err != nil {
		return err
	}
	s.seeds.add("volclosed", u.Code, other.String())
	full, thumb, err := s.a.Volunteer.KeepPhoto(s.ctx, picture(u.Pos))
	if err != nil {
		return err
	}
	hours, err := s.a.Volunteer.LogHours(s.ctx, volunteer.Hours{Volunteer: ref, Photo: full, Thumb: thumb, Day: "2019-05-20", From: "08:00", To: "09:00", What: w("volwhat", scope.View) + ragged, Activity: w("volactivity", scope.View)})
	s.seeds.add("service", u.Code, hours.String())
	return err
}

// association makes one with a charter and a council, a station of it and a visit, all at one unit; a member who may not be
// found from elsewhere stands in the unit's team.
func (s *seeder) association(u org.Unit) error {
	w := func(kind string, right scope.Right) string { return s.seeds.word(kind, u, right) }
	ref, err := s.a.Association.CreateAssociation(s.ctx, association.Association{Unit: u.ID, Code: w("assoccode", scope.View), Name: w("assocname", scope.Find), FoundedOn: "2015-01-01", RegistrationNo: w("assocno", scope.View),
		Registrar: w("registrar", scope.View), RegisteredOn: "2015-02-01", Phone: w("assocphone", scope.View), Note: w("assocnote", scope.View) + ragged, Council: []association.Officer{{Name: w("officer", scope.View), Office: "会长", From: "2015-01-01"}},
		Charters: []association.Charter{{On: "2015-01-01", Title: w("charter", scope.View), Points: []string{w("point", scope.View)}}}})
	if err != nil {
		return err
	}
	s.seeds.add("association", u.Code, ref.String())
	station, err := s.a.Association.CreateStation(s.ctx, association.Station{Unit: u.ID, Code: w("stationcode", scope.View), Name: w("stationname", scope.View), Association: ref, FoundedOn: "2016-01-01", Head: w("stationhead", scope.View),
		Phone: w("stationphone", scope.View), Place: w("stationplace", scope.View), Note: w("stationnote", scope.View) + ragged})
	if err != nil {
		return err
	}
	s.seeds.add("station", u.Code, station.String())
	visit, err := s.a.Association.CreateGuidance(s.ctx, association.Guidance{Unit: u.ID, Association: ref, Day: "2019-03-01", What: w("guidance", scope.View), People: w("guides", scope.View), Result: w("guided", scope.View) + ragged})
	if err != nil {
		return err
	}
	s.seeds.add("guidance", u.Code, visit.String())
	team, err := id.ParseRef(s.seeds.refs["team"][u.Code])
	if err != nil {
		return err
	}
	t, ver, err := s.a.People.Get(s.ctx, team)
	if err != nil {
		return err
	}
	who, err := id.ParseRef(s.seeds.refs["volunteer"][u.Code])
	if err != nil {
		return err
	}
	if t.GuidedBy = u.ID; u.Level.Rank() >= org.City.Rank() {
		t.RunBy = ref
	}
	t.People = []people.Member{{Volunteer: who, From: "2019-03-01"}}
	return s.a.People.Save(s.ctx, team, ver.N, t, "x")
}

// course is one in which a document was studied and that gave the unit's volunteer a certificate.
func (s *seeder) course(u org.Unit) error {
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	who, err := id.ParseRef(s.seeds.refs["volunteer"][u.Code])
	if err != nil {
		return err
	}
	ref, err := s.a.Training.Create(s.ctx, training.Course{Unit: u.ID, Code: w("coursecode"), Title: w("course"), Subject: "法治", From: "2019-03-01", Minutes: 90, Place: w("courseplace"), Teacher: w("teacher"), Note: w("coursenote") + ragged,
		Documents: []training.Document{{Number: w("paperno"), Title: w("papertitle")}}, Competence: "法治宣讲", Months: 3, People: []training.Attendee{{Volunteer: who, Minutes: 90, Passed: true}},
		Cadres: []training.Cadres{{Unit: u.ID, N: 2}}})
	if err != nil {
		return err
	}
	s.seeds.add("training", u.Code, ref.String())
	_, _, err = s.a.Training.Certificate(s.ctx, ref, 1) // the first code that is shown makes the key, once for all
	return err
}

func (s *seeder) contract(u org.Unit) error {
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	rep, err := s.a.Project.Report(s.ctx, project.Entry{Number: w("contractno"), Title: w("contract"), Purchaser: w("purchaser") + ragged, Provider: w("provider"), Audience: w("audience"), Note: w("contractnote") + ragged,
		Report: project.Report{Unit: u.ID, Kind: project.GovPurchase, Version: 1, SignedOn: "2019-02-01", AmountFen: 123456, Status: project.Signed, ReportedOn: "2019-02-02"}})
	if err != nil {
		return err
	}
	s.seeds.add("contract", u.Code, rep.Ref.String())
	if err := s.a.Project.Receive(s.ctx, rep.Ref, 1, project.Receipt{Day: "2019-03-01", AmountFen: 100, From: w("payer") + ragged, Document: w("voucher")}); err != nil {
		return err
	}
	c, _, err := s.a.Project.Get(s.ctx, rep.Ref)
	if err == nil {
		s.seeds.add("receipt", u.Code, c.Receipts[0].ID.String())
	}
	return err
}

// reform makes a programme at every place, and the adoption of it by a township.
func (s *seeder) reform(u org.Unit) error {
	from := len(s.seeds.canaries)
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	p := assess.Programme{Code: w("programmecode"), Name: w("programme"), Goal: w("goal"), Owner: u.ID, From: "2018-01-01", Target: org.Township,
		Parts: []assess.Part{{Code: "a", Name: w("part")}}, Criteria: []assess.Criterion{{Code: "a", Name: w("criterion")}}, Maturity: []string{w("maturity")}}
	ref, err := s.a.Assess.CreateProgramme(s.ctx, p, record.Change{})
	if err != nil {
		return err
	}
	for i := from; i < len(s.seeds.canaries); i++ {
		s.seeds.canaries[i].rng = u.Range()
	}
	s.seeds.add("programme", u.Code, ref.String())
	if u.Level != org.Township {
		return nil
	}
	a, err := s.a.Assess.CreateAdoption(s.ctx, assess.Adoption{Programme: ref, Unit: u.ID, Mentor: s.seeds.word("mentor", u, scope.View), PlannedOn: "2019-06-30",
		Slips: []assess.Slip{{PlannedOn: "2019-05-01", ChangedOn: "2019-04-01", Reason: s.seeds.word("slip", u, scope.View)}}}, record.Change{Act: "record.act.import"})
	s.seeds.add("adoption", u.Code, a.String())
	return err
}

func (s *seeder) document(u org.Unit) error {
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	ref, err := s.a.Report.Create(s.ctx, report.Document{Title: w("document"), Byline: w("byline"), Day: harnessDay, Unit: u.ID, Paragraphs: []report.Paragraph{
		{Heading: w("heading"), Runs: []report.Run{{Text: w("text")}, {Figure: &report.Bound{Code: "base.accredited"}}}, Gloss: w("gloss")}}})
	s.seeds.add("document", u.Code, ref.String())
	return err
}

func (s *seeder) account(u org.Unit) error {
	w := func(kind string) string { return s.seeds.word(kind, u, scope.Admin) }
	acc, err := s.a.Account.Create(s.ctx, account.NewAccount{Login: w("login"), Person: w("person"), Phone: "0599" + fmt.Sprintf("%09s", u.Code), Unit: u.ID, Password: harnessPassword})
	if err != nil {
		return err
	}
	s.seeds.add("account", u.Code, acc.ID.String())
	g, err := s.a.Account.Grant(s.ctx, account.Grant{Account: acc.ID, Kind: "view", Unit: u.ID, From: harnessDay, To: "2019-12-31", Reason: w("grantreason")})
	s.seeds.add("grant", u.Code, g.ID.String())
	return err
}

// imports leaves a table that was sent and not taken, of records and of units.
func (s *seeder) imports(u org.Unit) error {
	name := s.seeds.word("import", u, scope.View)
	table := "code,name,category,run_mode\n" + s.seeds.word("importcode", u, scope.View) + "," + s.seeds.word("importname", u, scope.View) + ",x,self\n"
	p, err := s.a.Record.Upload(s.ctx, "base", u.ID, name+".csv", []byte(table))
	if err != nil {
		return err
	}
	s.seeds.add("batch", u.Code, p.Ref.String())
	code := u.Code + map[bool]string{true: "901", false: "96"}[len(u.Code) >= 6]
	b, err := s.a.Org.ReadUnits(s.ctx, u.ID, s.seeds.word("unitimport", u, scope.Admin)+".csv", []byte("代码,名称,层级,上级代码\n"+code+","+s.seeds.word("unitname", u, scope.Admin)+",village,"+u.Code+"\n"))
	s.seeds.add("unitbatch", u.Code, b.ID.String())
	return err
}

// note leaves a note in the unit's inbox.
func (s *seeder) note(u org.Unit) error {
	key := "harness:" + u.Code
	err := s.a.Flow.AddTask(s.ctx, flow.NewTask{Key: key, Unit: u.ID, Pos: u.Pos, TitleKey: "flow.item", Args: map[string]any{"Todo": "看", "Title": s.seeds.word("task", u, scope.View)},
		Due: "2019-05-01", Link: "/book", Kind: flow.KindNote})
	if err != nil {
		return err
	}
	own := scope.Set{u.Range()}
	items, _, err := s.a.Flow.Inbox(scope.With(s.ctx, scope.Actor{Account: 1, Unit: u.ID, Pos: u.Pos, ViewSet: own, WorkSet: own}), 500)
	if err != nil {
		return err
	}
	for _, it := range items {
		if strings.Contains(it.Title, "zktaskq"+u.Code+"q") {
			s.seeds.add("task", u.Code, it.Task.String())
			return nil
		}
	}
	return errs.New(errs.NotFound, "errs.not_found")
}

// people makes the accounts that the demonstration lacks: one that works below what it views, one whose grants have
// ended, one that is disabled while signed in.
func (s *seeder) people() error {
	city, county, town := s.seeds.units["9902"], s.seeds.units["990203"], s.seeds.units["990203013"]
	for _, x := range []struct {
		login  string
		unit   org.Unit
		grants []account.Grant
	}{
		{"mixed", town, []account.Grant{{Kind: "work", Unit: town.ID, From: "2019-01-01"}, {Kind: "admin", Unit: town.ID, From: "2019-01-01"}, {Kind: "view", Unit: city.ID, From: "2019-01-01"}}},
		{"expired", county, []account.Grant{{Kind: "view", Unit: city.ID, From: "2018-01-01", To: harnessDay}, {Kind: "work", Unit: county.ID, From: "2018-01-01", To: "2019-05-30"},
			{Kind: "audit", Unit: county.ID, From: "2019-06-01"}}},
		{"disabled", city, []account.Grant{{Kind: "work", Unit: city.ID, From: "2019-01-01"}, {Kind: "admin", Unit: city.ID, From: "2019-01-01"}}},
	} {
		acc, err := s.a.Account.Create(s.ctx, account.NewAccount{Login: x.login, Person: x.login, Unit: x.unit.ID, Password: harnessPassword})
		if err != nil {
			return err
		}
		s.made[x.login] = true
		for _, g := range x.grants {
			g.Account, g.Reason = acc.ID, "测试"
			if _, err := s.a.Account.Grant(s.ctx, g); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *seeder) disable(login string) error {
	acc, err := s.a.Account.ByLogin(s.ctx, login)
	if err != nil {
		return err
	}
	return s.a.Account.Disable(s.ctx, acc.ID, "测试")
}

// The harness itself: the roles hold what they are here for.
func TestHarnessRoles(t *testing.T) {
	w := openWorld(t)
	for name, want := range map[string]string{"chenyulan": "view work admin", "linguangping": "view", "xusuqing": "view audit", "mixed": "view work admin", "expired": "", "partner": "", "disabled": "", "caihuiqin": "view work admin"} {
		a := w.byLogin[name].actor
		var got []string
		for _, r := range []scope.Right{scope.View, scope.Work, scope.Admin, scope.Audit} {
			if len(a.Set(r)) > 0 {
				got = append(got, r.String())
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s holds %v, want %s", name, got, want)
		}
	}
	for _, place := range harnessPlaces {
		if w.unit(place).ID == 0 {
			t.Errorf("%s is no place", place)
		}
	}
	if a := w.get(w.byLogin["chenyulan"], "/"); a.code != http.StatusOK {
		t.Errorf("the home page: %d", a.code)
	}
	if a := w.get(w.byLogin["disabled"], "/"); !a.login() {
		t.Errorf("a disabled account: %d", a.code)
	}
}

func readCloser(s string) io.ReadCloser { return io.NopCloser(strings.NewReader(s)) }
