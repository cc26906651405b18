package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/app/demo"
	"xinhuo/internal/assess"
	"xinhuo/internal/base"
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
		if err := os.Rename(half, path); err != nil {
			return out, err
		}
		_ = os.RemoveAll(filesBeside(half))
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
	return a.loadDemo(a.System(ctx, "演示数据"), day, progress)
}

// generate makes the city of a day; the generator reckons in plain days, without a zone.
func generate(day clock.Day) demo.City {
	t := day.Time()
	return demo.Generate(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC), 1)
}

// demoLoad fills an empty database with a generated city.
type demoLoad struct {
	a     *App
	city  demo.City
	units map[string]org.Unit
}

func (a *App) loadDemo(ctx context.Context, day clock.Day, progress func(done, total int)) error {
	l := &demoLoad{a: a, city: generate(day), units: map[string]org.Unit{}}
	steps := []func(context.Context) error{l.tree, l.posts, l.accounts, l.standard, l.bases, l.teams, l.reforms, l.contracts, l.speech, l.cases}
	for i, step := range steps {
		// one transaction a step: an import of this size waits for the disk once
		if err := a.DB.Tx(ctx, func(ctx context.Context) error { return a.Ledger.Batch(ctx, step) }); err != nil {
			return fmt.Errorf("demonstration, step %d: %w", i+1, err)
		}
		progress(i+1, len(steps)+1)
	}
	if err := a.Ledger.Fold(ctx); err != nil {
		return err
	}
	if err := a.Daily(ctx); err != nil {
		return err
	}
	if err := a.set(ctx, "demo.day", string(day)); err != nil {
		return err
	}
	progress(len(steps)+1, len(steps)+1)
	_, err := a.Audit.Seal(ctx)
	return err
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
		if _, err := l.a.Account.Grant(ctx, account.Grant{Account: acc.ID, Kind: x.Grant, Unit: u.ID, From: clock.Today(ctx), To: clock.Day(x.GrantUntil), Reason: x.Duty}); err != nil {
			return fmt.Errorf("%s: %w", x.Login, err)
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

func (l *demoLoad) bases(ctx context.Context) error {
	for _, x := range l.city.Bases {
		b := base.Base{Code: x.Code, Name: x.Name, Host: l.unit(x.Host).ID, Owner: base.Body{Name: x.Owner}, Manager: base.Body{Name: x.Manager}, RunMode: base.RunMode(x.RunMode),
			Category: x.Category, Secondary: x.Secondary, BuiltOn: clock.Day(x.BuiltOn), Address: x.Address, Hours: x.Hours, Capacity: int64(x.Capacity), AreaM2: int64(x.AreaM2),
			Facilities: x.Facilities, Contact: x.Contact, Phone: x.Phone, Intro: x.Intro}
		for _, p := range x.Accreditations {
			if p.Status == "submitted" {
				continue // under way: see cases
			}
			b.Accreditations = append(b.Accreditations, base.Accreditation{Code: p.Code, Level: org.Level(p.Level), Issuer: base.Body{Unit: l.unit(p.Issuer).ID}, Title: p.Title,
				AppliedOn: clock.Day(p.AppliedOn), GrantedOn: clock.Day(p.GrantedOn), Document: p.DocNo, RevokedOn: clock.Day(p.RevokedOn), RevokeReason: p.RevokeReason,
				RevokeDoc: p.RevokeDocNo, Status: base.Status(p.Status)})
		}
		for _, g := range x.Agreements {
			parties := ""
			for i, p := range g.Parties {
				if i > 0 {
					parties += "、"
				}
				parties += p
			}
			b.Agreements = append(b.Agreements, base.Agreement{Document: g.No, Parties: parties, Duties: g.Duties, SignedOn: clock.Day(g.Signed), From: clock.Day(g.From), To: clock.Day(g.Until)})
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
		if _, err := l.a.Base.Create(ctx, b, record.Change{Act: "record.act.import"}); err != nil {
			return fmt.Errorf("%s: %w", x.Code, err)
		}
	}
	return nil
}

func (l *demoLoad) teams(ctx context.Context) error {
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
			if err := l.a.People.AddNeed(ctx, u, x.Need, x.Need); err != nil {
				return err
			}
			known[u.Root()][x.Need] = true
		}
		t := people.Team{Code: x.Code, Unit: u.ID, Name: x.Name, Need: x.Need, Leader: x.Leader, Phone: x.Phone, Members: int64(x.MemberCount), Intro: x.Intro,
			ProposedOn: clock.Day(x.ProposedOn), ApprovedOn: clock.Day(x.ApprovedOn), ApprovalDoc: x.ApprovalDoc, FoundedOn: clock.Day(x.FoundedOn),
			DissolvedOn: clock.Day(x.DissolvedOn), DissolveReason: x.DissolveReason, Status: people.Status(x.Status)}
		if _, err := l.a.People.Create(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", x.Code, err)
		}
	}
	return nil
}

func (l *demoLoad) reforms(ctx context.Context) error {
	p := l.city.Programme
	refs := map[int64]id.Ref{}
	for _, owner := range []string{l.city.Home, l.city.Neighbour} {
		u := l.unit(owner)
		prog := assess.Programme{Code: p.Code + "-" + owner, Name: p.Name, Goal: p.Goal, Owner: u.ID, From: clock.Day(p.StartedOn), To: clock.Day(p.EndsOn), Main: true, Target: org.Township, Maturity: p.Maturity}
		for _, x := range p.Parts {
			prog.Parts = append(prog.Parts, assess.Part{Code: x.Code, Name: x.Name})
		}
		for _, x := range p.Criteria {
			prog.Criteria = append(prog.Criteria, assess.Criterion{Code: x.Code, Name: x.Name})
		}
		ref, err := l.a.Assess.CreateProgramme(ctx, prog)
		if err != nil {
			return err
		}
		refs[u.Root()] = ref
	}
	for _, x := range l.city.Adoptions {
		u := l.unit(x.Unit)
		a := assess.Adoption{Programme: refs[u.Root()], Unit: u.ID, Mentor: x.Mentor, PlannedOn: clock.Day(x.PlannedOn), SubmittedOn: clock.Day(x.SubmittedOn)}
		for _, s := range x.Slips {
			a.Slips = append(a.Slips, assess.Slip{PlannedOn: clock.Day(s.PlannedOn), ChangedOn: clock.Day(s.ChangedOn), Reason: s.Reason})
		}
		var results []assess.Result
		for _, r := range x.Results {
			results = append(results, assess.Result{Criterion: r.Criterion, Met: r.Met, Evidence: r.Note})
		}
		if x.AdoptedOn != "" {
			a.Periods = []assess.Period{{AdoptedOn: clock.Day(x.AdoptedOn), RevokedOn: clock.Day(x.RevokedOn), Status: assess.Status(x.Status), DocNo: x.DocNo, Results: results, RevokeReason: x.RevokeReason, RevokeDocNo: x.RevokeDocNo}}
			for _, part := range p.Parts {
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
		if _, err := l.a.Assess.CreateAdoption(ctx, a, record.Change{Act: "record.act.import"}); err != nil {
			return fmt.Errorf("%s: %w", x.Unit, err)
		}
	}
	return nil
}

func (l *demoLoad) contracts(ctx context.Context) error {
	for _, x := range l.city.Contracts {
		var ref id.Ref
		for _, r := range x.Reports {
			rep, err := l.a.Project.Report(ctx, project.Entry{Number: x.No, Title: x.Title, Purchaser: x.Purchaser, Provider: x.Provider, Audience: x.Audience, ServedBy: clock.Day(x.ServedBy),
				Report: project.Report{Code: r.Code, Unit: l.unit(r.Unit).ID, Kind: project.Kind(x.Kind), Version: int64(r.Version), SignedOn: clock.Day(r.SignedOn), AmountFen: r.AmountFen,
					Status: project.Status(r.Status), ReportedOn: clock.Day(r.ReportedOn), Reason: r.Reason}})
			if err != nil {
				return fmt.Errorf("%s: %w", x.No, err)
			}
			ref = rep.Ref
		}
		for _, r := range x.Receipts {
			_, v, err := l.a.Project.Get(ctx, ref)
			if err != nil {
				return err
			}
			if err := l.a.Project.Receive(ctx, ref, v.N, project.Receipt{Day: clock.Day(r.Day), AmountFen: r.AmountFen, From: r.From, Document: r.Voucher}); err != nil {
				return fmt.Errorf("%s: %w", x.No, err)
			}
		}
	}
	return nil
}

func (l *demoLoad) speech(ctx context.Context) error {
	_, err := l.a.Report.Create(ctx, report.DemoSpeech(l.unit(l.city.Home).ID, clock.Today(ctx)))
	return err
}

// as acts as somebody of a unit.
func (l *demoLoad) as(ctx context.Context, u org.Unit) context.Context {
	name := u.Name
	for _, p := range l.city.Posts {
		if l.unit(p.Unit).ID == u.ID && p.To == "" && (p.Kind == "secretary_general" || p.Kind == "office_director") {
			name = p.Holder
		}
	}
	own := scope.Set{u.Range()}
	return scope.With(ctx, scope.Actor{Account: id.New(), Name: name, Unit: u.ID, Pos: u.Pos, FindSet: scope.All, ViewSet: own, WorkSet: own})
}

// cases opens what is under way, by the hands of those who would: applications for plaques wait at the county or the
// city, so that the inboxes of the demonstration hold real work.
func (l *demoLoad) cases(ctx context.Context) error {
	for _, x := range l.city.Bases {
		for _, p := range x.Accreditations {
			if p.Status != "submitted" {
				continue
			}
			ref, _, v, err := l.a.Base.ByCode(ctx, l.unit(x.Host).Root(), x.Code)
			if err != nil {
				return fmt.Errorf("%s: %w", x.Code, err)
			}
			if _, err := l.a.Base.Accredit(l.as(ctx, l.unit(x.Host)), ref, v.N, base.Accreditation{Code: p.Code, Level: org.Level(p.Level), Issuer: base.Body{Unit: l.unit(p.Issuer).ID}, Title: p.Title,
				AppliedOn: clock.Day(p.AppliedOn), Status: base.Submitted}); err != nil {
				return fmt.Errorf("%s: %w", x.Code, err)
			}
		}
	}
	return nil
}
