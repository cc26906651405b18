package org

import (
	"context"
	"strings"

	"xinhuo/internal/account"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Posts are the holders of a unit's offices on a day; with an open day those of all times (R12).
func (s *Service) Posts(ctx context.Context, unit id.ID, day clock.Day) ([]Post, error) {
	return s.store.posts(ctx, unit, day)
}

// Post is one holding of an office.
func (s *Service) Post(ctx context.Context, post id.ID) (Post, error) { return s.store.post(ctx, post) }

// AppointPost lets somebody hold an office from a day on. Of an office with one holder (主任) a second is refused as long
// as their days overlap, unless one of them is acting (R12). A post with an account gives rights, so it asks for the
// right to administer; one without asks for the right to work.
func (s *Service) AppointPost(ctx context.Context, p Post) (Post, error) {
	right := scope.Work
	if p.Account != 0 {
		right = scope.Admin
	}
	u, err := s.allowed(ctx, right, p.Unit, "org.appoint")
	if err != nil {
		return p, err
	}
	p.Person = strings.TrimSpace(p.Person)
	var f errs.Fields
	if p.Person == "" || len([]rune(p.Person)) > 40 {
		f.Add("person", "org.person_missing")
	}
	if _, err := clock.ParseDay(string(p.From)); err != nil {
		f.Add("from", "org.day_missing")
	} else if p.From < u.From || u.To != clock.Open && u.To <= p.From {
		f.Add("from", "org.not_standing", "Name", u.Name)
	}
	if p.To != clock.Open && p.To <= p.From {
		f.Add("to", "org.end_before_start")
	}
	if p.TermUntil != clock.Open && p.TermUntil <= p.From {
		f.Add("term", "org.end_before_start")
	}
	if err := f.Err(); err != nil {
		return p, err
	}
	p.ID, p.Ver = id.New(), 1
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.vacantFor(ctx, u, p, false); err != nil {
			return err
		}
		if err := s.store.insertPost(ctx, p); err != nil {
			return err
		}
		return s.log(ctx, "org.appoint", u, "", map[string]any{"post": p.Kind, "person": p.Person, "from": p.From})
	})
	return p, err
}

// vacantFor refuses an appointment to an office that is not offered, or that somebody holds at the time. An appointment
// that comes back may be to an office that was hidden since.
func (s *Service) vacantFor(ctx context.Context, u Unit, p Post, hidden bool) error {
	if err := s.store.lock(ctx); err != nil {
		return err
	}
	kind, err := s.postKind(ctx, u, p.Kind)
	if err != nil {
		return err
	}
	if kind.Hidden && !hidden {
		return invalid("kind", "org.post_kind_missing")
	}
	all, err := s.store.posts(ctx, p.Unit, clock.Open)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Kind != p.Kind || !overlaps(o.From, o.To, p.From, p.To) {
			continue
		}
		if o.Person == p.Person {
			return invalid("person", "org.post_held", "Name", o.Person)
		}
		if kind.Single == 1 && p.Acting == 0 && o.Acting == 0 {
			return invalid("kind", "org.post_taken", "Name", o.Person, "From", o.From)
		}
	}
	return nil
}

// EndPost lets a holding end on a day: the first day on which the office is not held any more.
func (s *Service) EndPost(ctx context.Context, post id.ID, day clock.Day) error {
	return s.changePost(ctx, post, "org.end_post", func(p *Post) error {
		if _, err := clock.ParseDay(string(day)); err != nil || day <= p.From {
			return invalid("to", "org.end_before_start")
		}
		if p.To != clock.Open || p.RemovedAt != 0 {
			return errs.New(errs.Conflict, "org.changed_meanwhile")
		}
		p.To = day
		return nil
	})
}

// RemovePost takes an appointment back that was entered by mistake, and says why. It leaves every list and gives no rights
// from now on; AllPosts still shows it, and RestorePost lets it hold again.
func (s *Service) RemovePost(ctx context.Context, post id.ID, why string) error {
	why = strings.TrimSpace(why)
	if n := len([]rune(why)); n == 0 || n > 200 {
		return invalid("why", "org.why_missing")
	}
	return s.changePost(ctx, post, "org.remove_post", func(p *Post) error {
		p.RemovedAt, p.RemovedBy, p.RemovedWhy = max(clock.Millis(ctx), 1), scope.From(ctx).Name, why
		return nil
	})
}

// RestorePost lets an appointment hold again that was taken back; refused when the office was filled meanwhile.
func (s *Service) RestorePost(ctx context.Context, post id.ID) error {
	return s.changePost(ctx, post, "org.restore_post", func(p *Post) error {
		p.RemovedAt, p.RemovedBy, p.RemovedWhy = 0, "", ""
		return nil
	})
}

// AllPosts are a unit's appointments of all times, those taken back too, the latest first.
func (s *Service) AllPosts(ctx context.Context, unit id.ID) ([]Post, error) {
	return s.store.allPosts(ctx, unit)
}

func (s *Service) changePost(ctx context.Context, post id.ID, act string, change func(*Post) error) error {
	p, err := s.store.post(ctx, post)
	if err != nil {
		return err
	}
	right := scope.Work
	if p.Account != 0 {
		right = scope.Admin
	}
	u, err := s.allowed(ctx, right, p.Unit, act)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, err := s.store.post(ctx, post)
		if err != nil {
			return err
		}
		p := was
		if err := change(&p); err != nil {
			return err
		}
		detail := map[string]any{"post": p.Kind, "person": p.Person, "from": p.From, "to": p.To}
		switch {
		case was.RemovedAt == 0 && p.RemovedAt == 0:
			err = s.store.updatePost(ctx, p)
		case was.RemovedAt == 0:
			err, detail["why"] = s.store.setRemoved(ctx, p), p.RemovedWhy
		case p.RemovedAt == 0:
			if err = s.vacantFor(ctx, u, p, true); err == nil {
				err = s.store.setRemoved(ctx, p)
			}
		default:
			err = errs.New(errs.Conflict, "org.changed_meanwhile")
		}
		if err != nil {
			return err
		}
		if p.Account != 0 && was.To == clock.Open && p.To != clock.Open {
			for _, f := range s.postEnded {
				if err := f(ctx, u, p); err != nil {
					return err
				}
			}
		}
		return s.log(ctx, act, u, "", detail)
	})
}

// SetQuota says how many holders an office of a unit should have, asked for since a day (R10).
func (s *Service) SetQuota(ctx context.Context, unit id.ID, kind string, quota int, since clock.Day) error {
	u, err := s.allowed(ctx, scope.Work, unit, "org.quota")
	if err != nil {
		return err
	}
	if quota < 0 || quota > 500 {
		return invalid("quota", "org.quota_unfit")
	}
	if _, err := s.postKind(ctx, u, kind); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.store.setQuota(ctx, unit, kind, quota, max(since, u.From)); err != nil {
			return err
		}
		return s.log(ctx, "org.quota", u, "", map[string]any{"post": kind, "quota": quota})
	})
}

// UnitVacancies are the offices of one unit that are short of holders on a day, however recent.
func (s *Service) UnitVacancies(ctx context.Context, unit Unit, day clock.Day) ([]Vacancy, error) {
	rows, err := s.store.quotas(ctx, unit.ID, day)
	if err != nil {
		return nil, err
	}
	return s.vacancies(ctx, rows, map[id.ID]Unit{unit.ID: unit})
}

// Vacancies lists the offices of a subtree that have been short of holders for months, by today's places (R10: a scoring
// table asks for three). months below 1 is 3; after is the place of the last unit of the page before, 0 at first.
func (s *Service) Vacancies(ctx context.Context, r scope.Range, months int, after int64, limit int) ([]Vacancy, error) {
	if months < 1 {
		months = 3
	}
	if limit < 1 || limit > 500 {
		limit = 100
	}
	day := clock.Today(ctx)
	rows, err := s.store.short(ctx, r, day, clock.DayOf(day.Time().AddDate(0, -months, 0)), max(after, r.From-1), limit)
	if err != nil {
		return nil, err
	}
	ids := make([]id.ID, 0, len(rows))
	for _, q := range rows {
		ids = append(ids, q.Unit)
	}
	us, err := s.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	return s.vacancies(ctx, rows, us)
}

func (s *Service) vacancies(ctx context.Context, rows []quotaRow, us map[id.ID]Unit) ([]Vacancy, error) {
	offices, err := s.offices(ctx)
	if err != nil {
		return nil, err
	}
	var out []Vacancy
	for _, q := range rows {
		if q.Holders < q.Quota {
			out = append(out, Vacancy{us[q.Unit], offices.kind(us[q.Unit], q.Kind), q.Quota, q.Holders, max(q.Since, q.Left)})
		}
	}
	return out, nil
}

// Workers are the accounts with a post at one of the units that lets them work there on a day. It fills account.PostRights.
func (s *Service) Workers(ctx context.Context, units []id.ID, day clock.Day) (map[id.ID][]id.ID, error) {
	posts, err := s.store.postsWithAccount(ctx, units, day)
	if err != nil || len(posts) == 0 {
		return nil, err
	}
	offices, err := s.offices(ctx)
	if err != nil {
		return nil, err
	}
	held := make([]id.ID, len(posts))
	for i, p := range posts {
		held[i] = p.Unit
	}
	us, err := s.ByIDs(ctx, held)
	if err != nil {
		return nil, err
	}
	out := map[id.ID][]id.ID{}
	for _, p := range posts {
		if r := offices.kind(us[p.Unit], p.Kind).Rights; r == "admin" || r == "work" {
			out[p.Unit] = append(out[p.Unit], p.Account)
		}
	}
	return out, nil
}

// RightsOf is what an account's posts give on a day: the unit's subtree to administer, to work in or to view, and the
// subtrees of units that have it as a second parent to view (R195). It fills account.PostRights.
func (s *Service) RightsOf(ctx context.Context, acc id.ID, day clock.Day) ([]account.Right, error) {
	posts, err := s.store.accountPosts(ctx, acc, day)
	if err != nil || len(posts) == 0 {
		return nil, err
	}
	offices, err := s.offices(ctx)
	if err != nil {
		return nil, err
	}
	var ids []id.ID
	for _, p := range posts {
		ids = append(ids, p.Unit)
	}
	lent, err := s.store.lentTo(ctx, ids, day)
	if err != nil {
		return nil, err
	}
	for _, l := range lent {
		ids = append(ids, l.Unit)
	}
	us, err := s.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []account.Right
	add := func(kind scope.Right, u Unit, role string, to clock.Day) {
		if u.StandsOn(day) {
			out = append(out, account.Right{Kind: kind, Range: u.Range(), Unit: u.ID, Role: role, To: to})
		}
	}
	for _, p := range posts {
		u := us[p.Unit]
		kind := offices.kind(u, p.Kind)
		role := offices.role(kind)
		add(scope.View, u, role, p.To)
		switch kind.Rights {
		case "admin":
			add(scope.Work, u, role, p.To)
			add(scope.Admin, u, role, p.To)
		case "work":
			add(scope.Work, u, role, p.To)
		}
	}
	for _, l := range lent {
		add(scope.View, us[l.Unit], offices.role(offices.kind(us[posts[0].Unit], posts[0].Kind)), l.To)
	}
	return out, nil
}
