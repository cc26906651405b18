package seal

import (
	"context"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// maxText bounds purposes and reasons, in characters.
const maxText = 200

// MaxGrant bounds a grant, in days: whoever still needs it then asks again.
const MaxGrant = 180

// Grant lets somebody open an owner's records until a day. Only the keeper gives it.
func (s *Service) Grant(ctx context.Context, o Owner, g Grant) (key id.ID, err error) {
	defer errs.Wrapf(&err, "seal.Grant %s", o.Of)
	today := clock.Today(ctx)
	var f errs.Fields
	if g.Purpose == "" {
		f.Add("purpose", "seal.purpose_missing")
	}
	if len([]rune(g.Purpose)) > maxText {
		f.Add("purpose", "seal.too_long", "N", maxText)
	}
	if _, err := clock.ParseDay(string(g.Until)); err != nil || g.Until < today || g.Until > today.AddDays(o.most()) {
		f.Add("until", "seal.until_odd", "N", o.most())
	}
	if g.Account == 0 {
		f.Add("login", "seal.account_missing")
	}
	if err := f.Err(); err != nil {
		return 0, err
	}
	if g.Body, err = s.standsFor(ctx, g.Account); err != nil {
		return 0, err
	}
	g.ID, g.Revoked, g.ByName, g.Given, g.EndsAt = id.New(), clock.Open, scope.From(ctx).Name, today, 0
	return g.ID, s.act(ctx, o, "grant", g.Name+" · "+g.Purpose+" · "+string(g.Until), byKeeper, func(ctx context.Context) error {
		return s.store.putGrant(ctx, o.Of, o.Unit, g)
	})
}

// GrantLogin does what Grant does for the account with a login. It has to be one that sees the matter: a grant opens what is
// sealed and nothing around it. One that does not exist and one that does not see it are told alike.
func (s *Service) GrantLogin(ctx context.Context, o Owner, login string, g Grant) (key id.ID, err error) {
	u, err := s.home(ctx, o.Unit)
	if err != nil {
		return 0, err
	}
	if s.accounts != nil && login != "" && o.keeps(ctx, u) {
		switch a, err := s.accounts.ByLogin(ctx, login); {
		case errs.Is(err, errs.NotFound):
		case err != nil:
			return 0, err
		case a.May(scope.View, u.Pos) && a.Account != scope.From(ctx).Account:
			g.Account, g.Name, g.At = a.Account, a.Name, a.Unit
		}
	}
	return s.Grant(ctx, o, g)
}

// Revoke ends a grant at once.
func (s *Service) Revoke(ctx context.Context, o Owner, grant id.ID) (err error) {
	defer errs.Wrapf(&err, "seal.Revoke %s", o.Of)
	return s.act(ctx, o, "revoke", "", byKeeper, func(ctx context.Context) error {
		n, err := s.store.revoke(ctx, o.Of, grant, clock.Today(ctx))
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "errs.not_found")
		}
		return err
	})
}

// RevokeOwn ends all grants of a matter for the person whom it is about, whose consent they rest on; the caller, which acts for the
// program, has proved that it is them. It answers whom nobody lets in any more.
func (s *Service) RevokeOwn(ctx context.Context, o Owner) (out []Grant, err error) {
	defer errs.Wrapf(&err, "seal.RevokeOwn %s", o.Of)
	return out, s.act(ctx, o, "revoke", "", bySubject, func(ctx context.Context) error {
		list, err := s.store.grantsAcrossUnits(ctx, o.Of)
		if err != nil {
			return err
		}
		today := clock.Today(ctx)
		for _, g := range list {
			if !g.Live(clock.Now(ctx)) {
				continue
			}
			if _, err := s.store.revoke(ctx, o.Of, g.ID, today); err != nil {
				return err
			}
			out = append(out, g)
		}
		return nil
	})
}

// Lapse ends one grant because what it rests on is gone, such as the valid check of a volunteer; the caller acts for the program. One that
// has ended is left as it is.
func (s *Service) Lapse(ctx context.Context, o Owner, grant id.ID) (err error) {
	defer errs.Wrapf(&err, "seal.Lapse %s", o.Of)
	may := func(ctx context.Context, _ Owner, _ org.Unit, e *audit.Entry) (bool, error) {
		e.Detail = how{"lapse"}
		return scope.From(ctx).System, nil
	}
	return s.act(ctx, o, "revoke", "", may, func(ctx context.Context) error {
		_, err := s.store.revoke(ctx, o.Of, grant, clock.Today(ctx))
		return err
	})
}

// LapseOf ends the grants of one account because what they rest on is gone: a case was handed on to somebody else. The caller acts for the
// program. An emergency look ends by itself.
func (s *Service) LapseOf(ctx context.Context, o Owner, account id.ID) (err error) {
	defer errs.Wrapf(&err, "seal.LapseOf %s", o.Of)
	list, err := s.store.grantsAcrossUnits(ctx, o.Of)
	for _, g := range list {
		if g.Account != account || g.Emergency() || !g.Live(clock.Now(ctx)) {
			continue
		}
		if err := s.Lapse(ctx, o, g.ID); err != nil {
			return err
		}
	}
	return err
}

// Near reads a matter's own row for whoever may know that it is there: who works in the very unit that keeps it, and whom a grant lets in.
// at says of a row where that unit is. For all others it is NotFound, after the same two statements whether it is there or not, so that
// nobody learns from an answer's time what its words keep; whatever else a matter consists of is read after it.
func Near[T any](ctx context.Context, s *Service, of id.Ref, read func(context.Context, id.Ref) (T, error), at func(T) (unit id.ID, pos int64)) (T, error) {
	var none T
	_, granted, err := s.grantOf(ctx, of)
	if err != nil {
		return none, err
	}
	x, err := read(ctx, of)
	if err != nil {
		return none, err
	}
	if unit, pos := at(x); !granted && !keeper(ctx, org.Unit{ID: unit, Pos: pos}) {
		return none, errs.New(errs.NotFound, "errs.not_found")
	}
	return x, nil
}

// LetIn are the matters to which the reader is let in by a grant that runs, the latest first.
func (s *Service) LetIn(ctx context.Context) (out []id.Ref, err error) {
	account := scope.From(ctx).Account
	if account == 0 {
		return nil, nil
	}
	list, err := s.store.grantsOfAcrossUnits(ctx, account, clock.Today(ctx))
	for _, g := range list {
		of := id.Ref{Root: g.OfRoot, ID: g.OfID}
		if runs, err := s.runsFor(ctx, g.Grant); err != nil {
			return nil, err
		} else if runs && !slices.Contains(out, of) {
			out = append(out, of)
		}
	}
	return out, err
}

// grantOf is the reader's own live grant for a matter, if there is one.
func (s *Service) grantOf(ctx context.Context, of id.Ref) (g Grant, live bool, err error) {
	list, err := s.store.grantsAcrossUnits(ctx, of)
	if err != nil || scope.From(ctx).Account == 0 {
		return g, false, err
	}
	for _, g := range list {
		if runs, err := s.runsFor(ctx, g); err != nil || runs {
			return g, runs, err
		}
	}
	return g, false, nil
}

// runsFor tells whether a grant lets whoever acts in. Whoever was let in for the work of a unit and does not work there any more is let in no
// longer, nor who stood for a body that has nothing to do with them any more or is no partner any more.
func (s *Service) runsFor(ctx context.Context, g Grant) (bool, error) {
	a := scope.From(ctx)
	if g.Account != a.Account || !g.Live(clock.Now(ctx)) {
		return false, nil
	}
	if g.Body != 0 {
		if body, err := s.standsFor(ctx, a.Account); err != nil || body != g.Body {
			return false, err
		}
	}
	if g.At == 0 || g.At == a.Unit {
		return true, nil
	}
	u, err := s.home(ctx, g.At) // theirs may have been joined into the one where they are now
	return err == nil && u.ID == a.Unit, err
}

// Oversees tells whether the reader may know who was let in and who has read: the keeper, and whoever holds the log there.
func (s *Service) Oversees(ctx context.Context, o Owner) (bool, error) {
	u, err := s.home(ctx, o.Unit)
	a := scope.From(ctx)
	return err == nil && (o.keeps(ctx, u) || a.Auditor && a.AuditSet.Contains(u.Pos)), err
}

// Grants lists who was let in, for the keeper and the auditor; who is neither hears of none.
func (s *Service) Grants(ctx context.Context, o Owner) ([]Grant, error) {
	if may, err := s.Oversees(ctx, o); err != nil || !may {
		return nil, err
	}
	return s.store.grantsAcrossUnits(ctx, o.Of)
}

// Readings are the rows of the log about what is sealed of a matter, the latest first: who read, who was refused, who was let
// in and what was erased; of one act alone when it is named. After is the key of the last one of the page before.
func (s *Service) Readings(ctx context.Context, o Owner, act string, after id.ID, limit int) ([]audit.Row, error) {
	if may, err := s.Oversees(ctx, o); err != nil || !may {
		return nil, err
	}
	if err := s.Proved(ctx); err != nil {
		return nil, err
	}
	return s.audit.About(ctx, o.Of, "seal.act."+act, after, limit)
}

// KeptBy counts what a unit keeps, by matter, those that the reader sees; what the units have left whose heir it is counts.
func (s *Service) KeptBy(ctx context.Context, u org.Unit) ([]Kept, error) {
	mine, err := s.kept(ctx, u)
	if err != nil || len(mine) == 0 {
		return nil, err
	}
	rows, err := s.store.keptAcrossUnits(ctx, u.Root(), mine, clock.Today(ctx), maxMatters)
	if err != nil {
		return nil, err
	}
	var out []Kept
	for _, r := range rows {
		k := Kept{Of: id.Ref{Root: r.Root, ID: r.ID}, Live: r.Live, Erased: r.Erased, Grants: r.Grants}
		k.Matter, err = s.matter(ctx, k.Of)
		if errs.Is(err, errs.NotFound) { // taken out, or not the reader's to see
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

// kept are the units whose records a unit keeps today: itself, and those that have left and whose heir it is.
func (s *Service) kept(ctx context.Context, u org.Unit) (mine []id.ID, err error) {
	all, err := s.store.unitsAcrossUnits(ctx, u.Root())
	if err != nil || len(all) == 0 {
		return nil, err
	}
	known, err := s.org.ByIDs(ctx, all)
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		if x == u.ID {
			mine = append(mine, x)
		} else if known[x].Heir != 0 {
			if h, err := s.home(ctx, x); err != nil {
				return nil, err
			} else if h.ID == u.ID {
				mine = append(mine, x)
			}
		}
	}
	return mine, nil
}

// maxMatters bounds the list of a unit.
const maxMatters = 200

// SetBodies connects the bodies beside the tree: f answers for which one an account stands today, 0 for none.
func (s *Service) SetBodies(f func(ctx context.Context, account id.ID) (id.ID, error)) { s.bodies = f }

func (s *Service) standsFor(ctx context.Context, account id.ID) (id.ID, error) {
	if s.bodies == nil {
		return 0, nil
	}
	return s.bodies(ctx, account)
}

// SetAccounts connects the accounts; without it no grant can be given by login.
func (s *Service) SetAccounts(a Accounts) { s.accounts = a }

// AddMatters tells what sealed records belong to; call it before serving.
func (s *Service) AddMatters(m Matters) { s.matters = append(s.matters, m) }

// matter asks each module for what the records belong to.
func (s *Service) matter(ctx context.Context, of id.Ref) (Matter, error) {
	for _, find := range s.matters {
		m, err := find(ctx, of)
		if !errs.Is(err, errs.NotFound) {
			return m, err
		}
	}
	return Matter{}, errs.New(errs.NotFound, "errs.not_found")
}
