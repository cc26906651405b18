package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/app/demo"
	"xinhuo/internal/assess"
	"xinhuo/internal/base"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/project"
	"xinhuo/internal/record"
	"xinhuo/internal/report"
)

// DemoPassword opens every account of the demonstration. It is printed at start and stands on the sign-in page.
const DemoPassword = "xinhuo-demo"

// Demonstration is a made demonstration: the day it lives on and who can sign in.
type Demonstration struct {
	Clock    clock.Clock
	Accounts []demo.Account
}

// Guests are those accounts for the sign-in page.
func (d Demonstration) Guests() []account.Guest {
	var out []account.Guest
	for _, a := range d.Accounts {
		out = append(out, account.Guest{Login: a.Login, Password: DemoPassword, Duty: a.Duty})
	}
	return out
}

// MakeDemo makes the demonstration city in a file, unless it is there already: then it is kept as it is. It is made
// beside and put in place at the end, so that a half-made one is never met.
func MakeDemo(ctx context.Context, path string, day clock.Day, progress func(done, total int)) (Demonstration, error) {
	out := Demonstration{}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return out, err
		}
		half := path + ".new"
		for _, f := range []string{half, half + "-wal", half + "-shm"} {
			_ = os.Remove(f) // of a run that was cut off
		}
		if err := makeDemo(ctx, half, day, progress); err != nil {
			return out, err
		}
		if err := os.Rename(SealKey(half, ""), SealKey(path, "")); err != nil { // what is sealed opens with the keys that were made
			return out, err
		}
		if err := errors.Join(os.RemoveAll(filesBeside(path)), os.Rename(filesBeside(half), filesBeside(path))); err != nil { // photos come along
			return out, err
		}
		if err := os.Rename(half, path); err != nil {
			return out, err
		}
	} else if err != nil {
		return out, err
	}
	a, err := Open(ctx, Config{DSN: path})
	if err != nil {
		return out, err
	}
	defer a.Close()
	made, err := a.setting(ctx, "demo.day")
	if err != nil {
		return out, err
	}
	if made == "" {
		return out, fmt.Errorf("app: %s holds no demonstration", path)
	}
	out.Clock = clockFrom(clock.Day(made), day)
	out.Accounts = generate(clock.Day(made)).Accounts
	return out, nil
}

// clockFrom is the system's clock for a demonstration that was made for today or an earlier day, and a clock moved to
// the wanted day otherwise: the time of day always runs.
func clockFrom(made, wanted clock.Day) clock.Clock {
	day := max(made, wanted)
	if day == clock.DayOf(time.Now()) {
		return nil
	}
	shift := day.Time().Sub(clock.DayOf(time.Now()).Time())
	return func() time.Time { return time.Now().Add(shift) }
}

func makeDemo(ctx context.Context, path string, day clock.Day, progress func(done, total int)) (err error) {
	a, err := Open(ctx, Config{DSN: path, Clock: clockFrom(day, day)})
	if err != nil {
		return err
	}
	defer func() {
		if bad := a.Close(); err == nil {
			err = bad
		}
	}()
	if err := a.DB.Hasten(ctx); err != nil {
		return err
	}
	if err := a.loadDemo(a.System(ctx, "演示数据"), day, progress); err != nil {
		return err
	}
	return a.DB.Settle(ctx)
}

// generate makes the city of a day; the generator reckons in plain days, without a zone.
func generate(day clock.Day) demo.City {
	t := day.Time()
	return demo.Generate(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), 1)
}

// demoLoad fills an empty database with a generated city, day by day: what was there when the office began to use Xinhuo
// (half a year ago) is loaded then, later things on their own days by the hands of those who did them. So histories and
// "as known at" have something to tell.
type demoLoad struct {
	a      *App
	city   demo.City
	units  map[string]org.Unit
	names  map[id.ID]string // who enters for a unit
	refs   map[int64]id.Ref // the main programme of each root
	begun  clock.Day
	events []event
}

// event is something that was entered on a day; what is aside is written in a transaction of its own after the rest of
// the day, so that the conditions of townships are not looked for among thousands of entries that do not bear on them.
type event struct {
	day   clock.Day
	aside bool
	do    func(ctx context.Context) error
}

// before tells whether an event belongs into an earlier transaction than another.
func (e event) before(o event) bool {
	if e.day != o.day {
		return e.day < o.day
	}
	return !e.aside && o.aside
}

func (a *App) loadDemo(ctx context.Context, day clock.Day, progress func(done, total int)) error {
	l := &demoLoad{a: a, city: generate(day), units: map[string]org.Unit{}, names: map[id.ID]string{}, refs: map[int64]id.Ref{}, begun: day.AddDays(-183)}
	began := l.on(ctx, l.begun)
	for i, step := range []func(context.Context) error{l.tree, l.posts, l.accounts, l.standard, l.programmes} {
		// one transaction a step: an import of this size waits for the disk once
		if err := a.DB.Tx(began, func(ctx context.Context) error { return a.Ledger.Batch(ctx, step) }); err != nil {
			return fmt.Errorf("demonstration, step %d: %w", i+1, err)
		}
	}
	l.bases()
	l.teams()
	l.reforms()
	l.contracts()
	l.campaigns()
	l.notices()
	l.meetings()
	l.plans()
	l.surveys()
	l.guarantees()
	l.documents()
	l.channels()
	l.activities()
	l.camps()
	l.unfinished()
	l.volunteers()
	l.associations()
	l.trainings()
	l.signals()
	l.helpDesks()
	l.wishes()
	l.cases()
	l.aids()
	l.portals()
	l.at(day, func(ctx context.Context) error {
		_, err := a.Report.Create(l.as(ctx, l.unit(l.city.Home)), report.DemoSpeech(l.unit(l.city.Home).ID, day))
		return err
	})
	l.at(day.AddDays(-30), l.speech)
	sort.SliceStable(l.events, func(i, j int) bool { return l.events[i].before(l.events[j]) })
	for i := 0; i < len(l.events); {
		now := l.events[i]
		d := now.day
		today := l.on(ctx, d)
		err := a.DB.Tx(today, func(ctx context.Context) error {
			return a.Ledger.Batch(org.Remembering(ctx), func(ctx context.Context) error {
				for ; i < len(l.events) && !now.before(l.events[i]); i++ {
					if err := l.events[i].do(ctx); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if err != nil {
			return fmt.Errorf("demonstration, %s: %w", d, err)
		}
		if err := a.Ledger.Fold(today); err != nil {
			return err
		}
		progress(i, len(l.events)+1)
	}
	if err := a.Daily(ctx); err != nil {
		return err
	}
	if err := l.published(ctx); err != nil {
		return err
	}
	if err := a.SetImprint(ctx, -1, func(s *Imprint) { *s = demoSite(day, l.unit(l.city.Home).ID) }); err != nil {
		return err
	}
	if err := a.set(ctx, "demo.day", string(day)); err != nil {
		return err
	}
	progress(len(l.events)+1, len(l.events)+1)
	_, err := a.Audit.Seal(ctx)
	return err
}

// demoSite is the foot of the demonstration's pages: it looks like one, and its numbers are nobody's.
func demoSite(day clock.Day, unit id.ID) Imprint {
	return Imprint{Copyright: fmt.Sprintf("© %d 云州市关心下一代工作委员会（演示，不是真实的网站）", day.Year()), ICP: "云ICP备00000000号", Police: "云公网安备00000000000000号",
		Mark: "YS00000000", MarkURL: "https://mark.example.org/YS00000000", Phone: "0500-555 0126", PhoneNote: "云州市关工委办公室（演示），工作日8:30–17:00", Unit: unit}
}

// on is the context at nine in the morning of a day.
func (l *demoLoad) on(ctx context.Context, day clock.Day) context.Context {
	t := day.Time().Add(9 * time.Hour)
	if now := clock.Now(ctx); t.After(now) { // what comes later must not stand before what was loaded
		t = now
	}
	return clock.With(ctx, func() time.Time { return t })
}

// at enters something on a day; what is older than the office's beginning is loaded then.
func (l *demoLoad) at(day clock.Day, do func(ctx context.Context) error) {
	if day < l.begun {
		day = l.begun
	}
	if today := clock.Day(l.city.Day); day > today {
		day = today
	}
	l.events = append(l.events, event{day: day, do: do})
}

// as acts as the office of a unit.
func (l *demoLoad) as(ctx context.Context, u org.Unit) context.Context {
	a := scope.System(l.names[u.ID])
	if a.Unit, a.Pos = u.ID, u.Pos; a.Name == "" {
		a.Name = u.Name
	}
	return scope.With(ctx, a)
}

func (l *demoLoad) unit(code string) org.Unit { return l.units[code] }

var unitKinds = map[string]org.Kind{"town": org.Town, "township": org.Rural, "rural": org.Rural, "street": org.Street, "park": org.Joint}

func (l *demoLoad) tree(ctx context.Context) error {
	var batch []org.NewUnit
	for _, u := range l.city.Units {
		n := org.NewUnit{Code: u.Code, ParentCode: u.Parent, Name: u.Name, Aliases: u.Aliases, Level: org.Level(u.Level), Kind: unitKinds[u.Kind],
			From: clock.Day(u.ValidFrom), To: clock.Day(u.ValidTo), HeirCode: u.Successor, Document: u.FoundingDoc, Bare: u.Committee == ""}
		if n.Level == org.Township {
			n.Kind = org.KindOfName(u.Name)
		}
		if u.Enterprise != nil && u.Enterprise.Ownership == "private" {
			n.Kind = org.Private
		}
		batch = append(batch, n)
	}
	if err := l.a.Org.FoundAll(ctx, batch); err != nil {
		return err
	}
	for _, n := range batch {
		u, err := l.a.Org.Unit(ctx, n.ID)
		if err != nil {
			return err
		}
		l.units[n.Code] = u
	}
	for _, u := range l.city.Units {
		if err := l.facts(ctx, u); err != nil {
			return fmt.Errorf("%s: %w", u.Code, err)
		}
	}
	return nil
}

func (l *demoLoad) facts(ctx context.Context, u demo.Unit) error {
	o, unit := l.a.Org, l.unit(u.Code)
	if u.ValidTo != "" {
		return nil
	}
	for _, p := range u.Party {
		if _, err := o.LinkParty(ctx, org.PartyLink{Unit: unit.ID, Kind: "leads", Name: p.Org, From: clock.Day(p.From), To: clock.Day(p.To)}, false); err != nil {
			return err
		}
	}
	if u.Basis.Name != "" {
		if _, err := o.LinkParty(ctx, org.PartyLink{Unit: unit.ID, Kind: "basis", Name: u.Basis.Name, From: clock.Day(u.ValidFrom)}, false); err != nil {
			return err
		}
	}
	for _, x := range u.Leaders {
		if err := o.SetLeader(ctx, org.Leader{Unit: unit.ID, Name: x.Name, Title: x.Title, From: clock.Day(x.From), To: clock.Day(x.To)}); err != nil {
			return err
		}
	}
	d := org.Detail{Unit: unit.ID, Address: u.Address, Phone: u.Phone}
	if e := u.Enterprise; e != nil {
		d.CreditCode, d.Ownership, d.Size = e.CreditCode, e.Ownership, "below"
		if e.AboveSize {
			d.Size = "above"
		}
		if e.HasParty {
			d.HasParty = 1
		}
		d.Area = l.unit(e.Park).ID
	}
	if err := o.SetDetail(ctx, d); err != nil {
		return err
	}
	for _, m := range u.Members {
		if _, err := o.AddLink(ctx, org.Link{Unit: l.unit(m).ID, Other: unit.ID, Kind: org.LinkMember, From: unit.From}); err != nil {
			return err
		}
	}
	if e := u.Enterprise; e != nil && e.AboveSize && e.HasParty {
		return o.AddTarget(ctx, unit.ID, unit.From)
	}
	return nil
}

// postKinds are the kinds of office that the generator calls otherwise.
func postKind(kind string) string {
	if kind == "office_director" {
		return "office"
	}
	return kind
}

func (l *demoLoad) posts(ctx context.Context) error {
	for _, s := range l.city.Seats {
		since := clock.Day(s.VacantSince)
		if since == clock.Open {
			since = l.unit(s.Unit).From
		}
		if err := l.a.Org.SetQuota(ctx, l.unit(s.Unit).ID, postKind(s.Kind), s.Quota, since); err != nil {
			return fmt.Errorf("%s %s: %w", s.Unit, s.Kind, err)
		}
	}
	accounts := map[string]bool{}
	for _, acc := range l.city.Accounts {
		if acc.Post != "" {
			accounts[acc.Unit+acc.Post+acc.Name] = true
		}
	}
	for _, p := range l.city.Posts {
		if p.To == "" && (p.Kind == "secretary_general" || p.Kind == "office_director") {
			l.names[l.unit(p.Unit).ID] = p.Holder
		}
		if p.To == "" && accounts[p.Unit+p.Kind+p.Holder] {
			continue // appointed together with the account
		}
		acting := 0
		if p.Acting {
			acting = 1
		}
		if _, err := l.a.Org.AppointPost(ctx, org.Post{Unit: l.unit(p.Unit).ID, Kind: postKind(p.Kind), Person: p.Holder, From: clock.Day(p.From), To: clock.Day(p.To), TermUntil: clock.Day(p.TermUntil), Acting: acting}); err != nil {
			return fmt.Errorf("%s %s %s: %w", p.Unit, p.Kind, p.Holder, err)
		}
	}
	return nil
}

func (l *demoLoad) accounts(ctx context.Context) error {
	for _, x := range l.city.Accounts {
		u := l.unit(x.Unit)
		acc, err := l.a.Account.Create(ctx, account.NewAccount{Login: x.Login, Person: x.Name, Unit: u.ID, Password: DemoPassword})
		if err != nil {
			return err
		}
		if x.Post != "" {
			from := u.From
			for _, p := range l.city.Posts {
				if p.Unit == x.Unit && p.Kind == x.Post && p.Holder == x.Name && p.To == "" {
					from = clock.Day(p.From)
				}
			}
			if _, err := l.a.Org.AppointPost(ctx, org.Post{Unit: u.ID, Kind: postKind(x.Post), Person: x.Name, Account: acc.ID, From: from}); err != nil {
				return fmt.Errorf("%s: %w", x.Login, err)
			}
			continue
		}
		if x.Body != "" { // what is shared with it is all that it sees
			continue
		}
		kinds := []string{x.Grant}
		if x.Grant == "audit" { // who audits sees the book as well as the log
			kinds = append(kinds, "view")
		}
		for _, kind := range kinds {
			if _, err := l.a.Account.Grant(ctx, account.Grant{Account: acc.ID, Kind: kind, Unit: u.ID, From: clock.Today(ctx), To: clock.Day(x.GrantUntil), Reason: x.Duty}); err != nil {
				return fmt.Errorf("%s: %w", x.Login, err)
			}
		}
	}
	return nil
}

func (l *demoLoad) standard(ctx context.Context) error {
	var items []base.StandardItem
	for i, it := range l.city.Standard.Items {
		items = append(items, base.StandardItem{Code: it.Code, Name: it.Name, Text: it.Text, Order: int64(i)})
	}
	return l.a.Base.SetStandard(ctx, l.unit(l.city.Home), items)
}

// bases enters each base as it stood at the beginning, and then each plaque on its day.
func (l *demoLoad) bases() {
	for _, x := range l.city.Bases {
		whole := l.base(x)
		first := clock.Open // a base that came later is entered with its first plaque
		for _, a := range whole.Accreditations {
			if d := entered(a); first == clock.Open || d < first {
				first = d
			}
		}
		first = max(first, l.begun)
		l.at(first, func(ctx context.Context) error {
			b := whole
			b.Accreditations = upTo(whole.Accreditations, first)
			_, err := l.a.Base.Create(l.as(ctx, l.unit(x.Host)), b, record.Change{Act: "record.act.import"})
			return l.name(x.Code, err)
		})
		for _, d := range changeDays(whole.Accreditations, first) {
			l.at(d, func(ctx context.Context) error {
				ref, b, v, err := l.a.Base.ByCode(ctx, l.unit(x.Host).Root(), x.Code)
				if err != nil {
					return l.name(x.Code, err)
				}
				b.Accreditations = upTo(whole.Accreditations, d)
				_, err = l.a.Base.Save(l.as(ctx, l.unit(x.Host)), ref, v.N, b, record.Change{Act: "base.act.accredit"})
				return l.name(x.Code, err)
			})
		}
		for _, p := range x.Accreditations {
			if p.Status == "submitted" {
				l.application(x, p)
			}
		}
	}
	l.waiting()
}

// waiting hands in more applications in the county and the township of the demonstration's accounts, so that these
// inboxes hold work of this week, too: two wait for the county to look at them, one was sent back to the township.
func (l *demoLoad) waiting() {
	county, township := "", ""
	for _, a := range l.city.Accounts {
		switch l.unit(a.Unit).Level {
		case org.County:
			county = a.Unit
		case org.Township:
			township = a.Unit
		}
	}
	today := clock.Day(l.city.Day)
	toCounty, toTownship := []int{-21, -12}, 1 // 15 working days to look at it: one is due today
	for _, x := range l.city.Bases {
		if len(x.Accreditations) != 1 || x.Accreditations[0].Level == "city" || x.Accreditations[0].Status != "granted" {
			continue
		}
		ask := demo.Accreditation{Code: "SP" + x.Code, Level: "city", Issuer: l.city.Home, Title: l.unit(l.city.Home).Name + "青少年校外教育阵地", AppliedOn: string(today.AddDays(-9))}
		switch {
		case x.Host == township && toTownship > 0:
			toTownship--
			ask.Steps = []demo.Step{{Day: string(today.AddDays(-2)), Unit: county, Action: "return", Note: "平面图看不清，重拍一张再报"}}
		case x.Host != township && x.Host != county && strings.HasPrefix(x.Host, county) && len(toCounty) > 0:
			ask.AppliedOn = string(today.AddDays(toCounty[0]))
			toCounty = toCounty[1:]
		default:
			continue
		}
		l.application(x, ask)
	}
}

// entered is the day on which a plaque became known.
func entered(a base.Accreditation) clock.Day { return a.GrantedOn }

// upTo is what was known of plaques on a day.
func upTo(list []base.Accreditation, d clock.Day) []base.Accreditation {
	var out []base.Accreditation
	for _, a := range list {
		if entered(a) > d {
			continue
		}
		if a.RevokedOn > d {
			a.RevokedOn, a.RevokeReason, a.RevokeDoc, a.Status = clock.Open, "", "", base.Granted
		}
		out = append(out, a)
	}
	return out
}

func changeDays(list []base.Accreditation, after clock.Day) []clock.Day {
	seen := map[clock.Day]bool{}
	var out []clock.Day
	for _, a := range list {
		for _, d := range []clock.Day{entered(a), a.RevokedOn} {
			if d > after && !seen[d] {
				seen[d] = true
				out = append(out, d)
			}
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// name says of which record an error speaks.
func (l *demoLoad) name(code string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", code, err)
	}
	return nil
}

// grantDays are the ten working days within which an issuer decides, in days: an application that is due on a day was
// passed on by the county so long before.
const grantDays = 14

// application hands in what is under way, and lets the county look at it where it has.
func (l *demoLoad) application(x demo.Base, p demo.Accreditation) {
	host := l.unit(x.Host)
	l.at(clock.Day(p.AppliedOn), func(ctx context.Context) error {
		ref, b, v, err := l.a.Base.ByCode(ctx, host.Root(), x.Code)
		if err != nil {
			return l.name(x.Code, err)
		}
		if p.Issuer == x.Host { // who issues needs nobody's approval: it is noted and decided in the same office
			b.Accreditations = append(b.Accreditations, base.Accreditation{Code: p.Code, Level: org.Level(p.Level), Issuer: base.Body{Unit: host.ID}, Title: p.Title, AppliedOn: clock.Day(p.AppliedOn), Status: base.Submitted})
			_, err = l.a.Base.Save(l.as(ctx, host), ref, v.N, b, record.Change{Act: "base.act.apply"})
			return l.name(x.Code, err)
		}
		a := scope.From(l.as(ctx, host))
		own := scope.Set{host.Range()}
		a.Account, a.System, a.ViewSet, a.WorkSet, a.AdminSet = host.ID, false, scope.All, own, nil
		_, err = l.a.Base.Accredit(scope.With(ctx, a), ref, v.N, base.Accreditation{Code: p.Code, Level: org.Level(p.Level), Issuer: base.Body{Unit: l.unit(p.Issuer).ID}, Title: p.Title})
		return l.name(x.Code, err)
	})
	for i, st := range p.Steps {
		if i == len(p.Steps)-1 && st.Action == "forward" && p.DueOn != "" {
			st.Day = string(max(clock.Day(p.AppliedOn), min(clock.Day(p.DueOn).AddDays(-grantDays), clock.Day(l.city.Day))))
		}
		act := flow.Act{Key: "inspect", Reason: st.Note, Day: clock.Day(st.Day)}
		switch st.Action {
		case "return":
			act.Key, act.Day = "return", clock.Open
		case "forward", "inspect":
		default:
			continue
		}
		l.at(clock.Day(st.Day), func(ctx context.Context) error {
			ref, _, _, err := l.a.Base.ByCode(ctx, host.Root(), x.Code)
			if err != nil {
				return l.name(x.Code, err)
			}
			cases, err := l.a.Flow.ForSubject(ctx, base.Kind, ref)
			if err != nil {
				return err
			}
			for _, c := range cases {
				if c.State == "applied" {
					_, err = l.a.Flow.Act(l.as(ctx, l.unit(st.Unit)), c.Ref(), act)
					return l.name(x.Code, err)
				}
			}
			return nil
		})
	}
}

// base is a generated base with all that has been decided about it.
func (l *demoLoad) base(x demo.Base) base.Base {
	b := base.Base{Code: x.Code, Name: x.Name, Host: l.unit(x.Host).ID, Owner: base.Body{Name: x.Owner}, Manager: base.Body{Name: x.Manager}, RunMode: base.RunMode(x.RunMode),
		Category: x.Category, Secondary: x.Secondary, BuiltOn: clock.Day(x.BuiltOn), Address: x.Address, Hours: x.Hours, Capacity: int64(x.Capacity), AreaM2: int64(x.AreaM2),
		Facilities: x.Facilities, Contact: x.Contact, Phone: x.Phone, Intro: x.Intro}
	for _, p := range x.Accreditations {
		if p.Status == "submitted" {
			continue
		}
		b.Accreditations = append(b.Accreditations, base.Accreditation{Code: p.Code, Level: org.Level(p.Level), Issuer: base.Body{Unit: l.unit(p.Issuer).ID}, Title: p.Title,
			AppliedOn: clock.Day(p.AppliedOn), GrantedOn: clock.Day(p.GrantedOn), Document: p.DocNo, RevokedOn: clock.Day(p.RevokedOn), RevokeReason: p.RevokeReason,
			RevokeDoc: p.RevokeDocNo, Status: base.Status(p.Status)})
	}
	for _, g := range x.Agreements {
		b.Agreements = append(b.Agreements, base.Agreement{Document: g.No, Parties: strings.Join(g.Parties, "、"), Duties: g.Duties, SignedOn: clock.Day(g.Signed), From: clock.Day(g.From), To: clock.Day(g.Until)})
	}
	for _, it := range x.Items {
		b.Items = append(b.Items, base.ItemState{Item: it.Item, Met: it.Met, Day: clock.Day(it.Day), Evidence: it.Evidence, Gap: it.Gap})
	}
	for _, c := range x.Checks {
		b.Checks = append(b.Checks, base.Check{Year: int64(c.Year), DueOn: clock.Day(c.DueOn), Day: clock.Day(c.DoneOn), By: c.Checker, Result: c.Result, Note: c.Note})
	}
	for _, p := range x.Plans {
		b.Plans = append(b.Plans, base.Plan{Title: p.Title, Item: p.Item, OpenedOn: clock.Day(p.OpenedOn), DueOn: clock.Day(p.DueOn), ClosedOn: clock.Day(p.ClosedOn), Before: p.Before, After: p.After, Owner: p.Owner})
	}
	return b
}

func (l *demoLoad) teams() {
	for _, x := range l.city.Teams {
		u := l.unit(x.Unit)
		t := people.Team{Code: x.Code, Unit: u.ID, Name: x.Name, Need: x.Need, Leader: x.Leader, Phone: x.Phone, Members: int64(x.MemberCount), Intro: x.Intro,
			ProposedOn: clock.Day(x.ProposedOn), ApprovedOn: clock.Day(x.ApprovedOn), ApprovalDoc: x.ApprovalDoc, FoundedOn: clock.Day(x.FoundedOn),
			DissolvedOn: clock.Day(x.DissolvedOn), DissolveReason: x.DissolveReason, Status: people.Status(x.Status)}
		known := max(t.ProposedOn, t.ApprovedOn)
		if known == clock.Open {
			known = t.FoundedOn
		}
		later := t.DissolvedOn > l.begun && t.DissolvedOn > known
		l.at(known, func(ctx context.Context) error {
			if later {
				t := t
				t.DissolvedOn, t.DissolveReason = clock.Open, ""
				_, err := l.a.People.Create(l.as(ctx, u), t)
				return l.name(x.Code, err)
			}
			_, err := l.a.People.Create(l.as(ctx, u), t)
			return l.name(x.Code, err)
		})
		if later {
			l.at(t.DissolvedOn, func(ctx context.Context) error {
				ref, _, v, err := l.a.People.ByCode(ctx, u.Root(), x.Code)
				if err == nil {
					err = l.a.People.Dissolve(l.as(ctx, u), ref, v.N, t.DissolvedOn, t.DissolveReason)
				}
				return l.name(x.Code, err)
			})
		}
	}
}

// needs lists what teams are for, where the shipped list lacks it.
func (l *demoLoad) needs(ctx context.Context) error {
	known := map[int64]map[string]bool{}
	for _, x := range l.city.Teams {
		u := l.unit(x.Unit)
		if known[u.Root()] == nil {
			known[u.Root()] = map[string]bool{}
			needs, err := l.a.People.Needs(ctx, u)
			if err != nil {
				return err
			}
			for _, n := range needs {
				known[u.Root()][n.Name] = true
			}
		}
		if !known[u.Root()][x.Need] {
			if err := l.a.People.AddNeed(ctx, u, x.Need, x.Need, ""); err != nil {
				return err
			}
			known[u.Root()][x.Need] = true
		}
	}
	return nil
}

func (l *demoLoad) programmes(ctx context.Context) error {
	if err := l.needs(ctx); err != nil {
		return err
	}
	p := l.city.Programme
	for _, owner := range []string{l.city.Home, l.city.Neighbour} {
		u := l.unit(owner)
		prog := assess.Programme{Code: p.Code + "-" + owner, Name: p.Name, Goal: p.Goal, Owner: u.ID, From: clock.Day(p.StartedOn), To: clock.Day(p.EndsOn), Main: true, Target: org.Township, Maturity: p.Maturity}
		for _, x := range p.Parts {
			prog.Parts = append(prog.Parts, assess.Part{Code: x.Code, Name: x.Name})
		}
		for _, x := range p.Criteria {
			prog.Criteria = append(prog.Criteria, assess.Criterion{Code: x.Code, Name: x.Name})
		}
		ref, err := l.a.Assess.CreateProgramme(l.as(ctx, u), prog, record.Change{})
		if err != nil {
			return err
		}
		l.refs[u.Root()] = ref
	}
	return nil
}

func (l *demoLoad) reforms() {
	for _, x := range l.city.Adoptions {
		u := l.unit(x.Unit)
		a := assess.Adoption{Programme: l.refs[u.Root()], Unit: u.ID, Mentor: x.Mentor, PlannedOn: clock.Day(x.PlannedOn), SubmittedOn: clock.Day(x.SubmittedOn)}
		for _, s := range x.Slips {
			a.Slips = append(a.Slips, assess.Slip{PlannedOn: clock.Day(s.PlannedOn), ChangedOn: clock.Day(s.ChangedOn), Reason: s.Reason})
		}
		var results []assess.Result
		for _, r := range x.Results {
			results = append(results, assess.Result{Criterion: r.Criterion, Met: r.Met, Evidence: r.Note})
		}
		if x.AdoptedOn != "" {
			a.Periods = []assess.Period{{AdoptedOn: clock.Day(x.AdoptedOn), RevokedOn: clock.Day(x.RevokedOn), Status: assess.Status(x.Status), DocNo: x.DocNo, Results: results, RevokeReason: x.RevokeReason, RevokeDocNo: x.RevokeDocNo}}
			for _, part := range l.city.Programme.Parts {
				if part.Name != "" {
					a.Parts = append(a.Parts, assess.PartOn{Part: part.Code, From: clock.Day(x.AdoptedOn)})
				}
			}
		} else {
			a.Results = results
		}
		for _, s := range x.Stages {
			a.Stages = append(a.Stages, assess.Stage{Level: s.Level, From: clock.Day(s.From)})
		}
		known := max(clock.Day(x.AdoptedOn), clock.Day(x.SubmittedOn))
		later := clock.Day(x.RevokedOn) > max(known, l.begun)
		l.at(known, func(ctx context.Context) error {
			first := a
			if later {
				first.Periods = []assess.Period{a.Periods[0]}
				p := &first.Periods[0]
				p.RevokedOn, p.RevokeReason, p.RevokeDocNo, p.Status = clock.Open, "", "", assess.Accepted
			}
			ref, err := l.a.Assess.CreateAdoption(l.as(ctx, u), first, record.Change{Act: "record.act.import"})
			if err == nil { // what is handed in waits in the inbox of the programme's owner
				err = l.a.Assess.BeginAcceptance(l.as(ctx, u), ref)
			}
			return l.name(x.Unit, err)
		})
		if later {
			l.at(clock.Day(x.RevokedOn), func(ctx context.Context) error {
				ref, _, v, err := l.a.Assess.AdoptionOf(ctx, a.Programme, u.ID)
				if err == nil {
					err = l.a.Assess.SaveAdoption(l.as(ctx, l.unit(l.city.Home)), ref, v.N, a, record.Change{Act: "assess.act.revoke", Reason: x.RevokeReason})
				}
				return l.name(x.Unit, err)
			})
		}
	}
}

func (l *demoLoad) contracts() {
	for _, x := range l.city.Contracts {
		for _, r := range x.Reports {
			u := l.unit(r.Unit)
			l.at(max(clock.Day(r.ReportedOn), clock.Day(r.SignedOn)), func(ctx context.Context) error {
				_, err := l.a.Project.Report(l.as(ctx, u), project.Entry{Number: x.No, Title: x.Title, Purchaser: x.Purchaser, Provider: x.Provider, Audience: x.Audience, ServedBy: clock.Day(x.ServedBy),
					Report: project.Report{Code: r.Code, Unit: u.ID, Kind: project.Kind(x.Kind), Version: int64(r.Version), SignedOn: clock.Day(r.SignedOn), AmountFen: r.AmountFen,
						Status: project.Status(r.Status), ReportedOn: clock.Day(r.ReportedOn), Reason: r.Reason}})
				return l.name(x.No, err)
			})
		}
		home := l.unit(x.Reports[0].Unit)
		first := max(clock.Day(x.Reports[0].ReportedOn), clock.Day(x.Reports[0].SignedOn))
		for _, r := range x.Receipts {
			l.at(max(clock.Day(r.Day), first), func(ctx context.Context) error {
				ref, _, v, err := l.a.Project.ByCode(ctx, home.Root(), x.No)
				if err == nil {
					err = l.a.Project.Receive(l.as(ctx, home), ref, v.N, project.Receipt{Day: clock.Day(r.Day), AmountFen: r.AmountFen, From: r.From, Document: r.Voucher})
				}
				return l.name(x.No, err)
			})
		}
	}
}
