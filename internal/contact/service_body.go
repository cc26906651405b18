package contact

import (
	"context"
	"errors"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// mostBodies bounds the register of one unit and those below it on a page.
const mostBodies = 1000

// Accounts finds accounts for bodies. ByLogin answers one whose home is where the reader works; Free tells whether it holds
// no right of its own, so that what is shared is all that it sees.
type Accounts interface {
	ByLogin(ctx context.Context, login string) (seat Seat, free bool, err error)
}

// SetAccounts says who knows accounts; without it no body has any.
func (s *Service) SetAccounts(a Accounts) { s.accounts = a }

func (s *Service) putBody(ctx context.Context, ref id.Ref, b Body, gone bool) error {
	u, err := s.rec.Home(ctx, b.Unit)
	if err != nil {
		return err
	}
	return s.store.putBody(ctx, ref, u.Pos, b, gone)
}

// taken puts the refusal of a second body of the same name beside the name.
func taken(err error) error {
	var e *errs.Error
	if errs.Is(err, errs.Conflict) && errors.As(err, &e) && e.Key == "errs.exists_already" {
		var f errs.Fields
		f.Add("name", "contact.body_taken")
		return f.Err()
	}
	return err
}

// Register enters a body at a unit.
func (s *Service) Register(ctx context.Context, b Body, ch record.Change) (id.Ref, error) {
	if ch.Act == "" {
		ch.Act = "contact.act.body"
	}
	if err := s.bodies.MayCreate(ctx, b, ch); err != nil {
		return id.Ref{}, err
	}
	b.clean()
	b.Seats = nil
	if err := b.check(clock.Today(ctx)); err != nil {
		return id.Ref{}, err
	}
	ref, err := s.bodies.Create(ctx, b, ch)
	return ref, taken(err)
}

// SaveBody changes a body as it was read at a version; it stays at its unit and keeps its accounts.
func (s *Service) SaveBody(ctx context.Context, ref id.Ref, version int64, b Body, ch record.Change) error {
	if ch.Act == "" {
		ch.Act = "contact.act.body_save"
	}
	if err := s.bodies.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	was, _, err := s.bodies.Get(ctx, ref)
	if err != nil {
		return err
	}
	b.Unit, b.Seats = was.Unit, was.Seats
	b.clean()
	if err := b.check(clock.Today(ctx)); err != nil {
		return err
	}
	return taken(s.bodies.Save(ctx, ref, version, b, ch))
}

// AddSeat lets an account stand for a body. It has to be one without rights of its own, whose home is the body's unit.
func (s *Service) AddSeat(ctx context.Context, ref id.Ref, version int64, login string) error {
	ch := record.Change{Act: "contact.act.seat"}
	if err := s.bodies.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	b, _, err := s.bodies.Get(ctx, ref)
	if err != nil {
		return err
	}
	var f errs.Fields
	refuse := func(key string) error { f.Add("login", key); return f.Err() }
	if login = strings.TrimSpace(login); login == "" || s.accounts == nil {
		return refuse("contact.login_missing")
	}
	x, free, err := s.accounts.ByLogin(ctx, login)
	if errs.Is(err, errs.NotFound) {
		return refuse("contact.login_unknown")
	}
	if err != nil {
		return err
	}
	if !free {
		return refuse("contact.login_has_rights")
	}
	if sits, err := s.store.bodyOfAcrossUnits(ctx, x.Account); err != nil || len(sits) > 0 {
		return errors.Join(err, refuse("contact.login_taken"))
	}
	b.Seats = append(slices.Clone(b.Seats), x)
	return s.bodies.Save(ctx, ref, version, b, ch)
}

// DropSeat ends that an account stands for a body.
func (s *Service) DropSeat(ctx context.Context, ref id.Ref, version int64, account id.ID) error {
	ch := record.Change{Act: "contact.act.unseat"}
	if err := s.bodies.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	b, _, err := s.bodies.Get(ctx, ref)
	if err != nil {
		return err
	}
	n := len(b.Seats)
	b.Seats = slices.DeleteFunc(slices.Clone(b.Seats), func(x Seat) bool { return x.Account == account })
	if len(b.Seats) == n {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	return s.bodies.Save(ctx, ref, version, b, ch)
}

// RemoveBody takes out a body that was entered by mistake: one with which nothing was done. One that is no partner any
// more gets a last day instead.
func (s *Service) RemoveBody(ctx context.Context, ref id.Ref, version int64, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		var f errs.Fields
		f.Add("reason", "contact.reason_missing")
		return f.Err()
	}
	ch := record.Change{Act: "contact.act.body_remove", Reason: reason}
	if err := s.bodies.MayWork(ctx, ref, ch); err != nil {
		return err
	}
	used, err := s.store.usedAcrossUnits(ctx, ref.ID)
	if err != nil {
		return err
	}
	if used {
		return errs.New(errs.Conflict, "contact.body_used")
	}
	return s.bodies.Remove(ctx, ref, version, ch)
}

// UndoBody takes one's own last change back.
func (s *Service) UndoBody(ctx context.Context, ref id.Ref, version int64) error {
	return taken(s.bodies.Undo(ctx, ref, version))
}

// Body reads a body, for whoever views its unit or one below it: they work with it, too.
func (s *Service) Body(ctx context.Context, ref id.Ref) (Body, record.Version, error) {
	list, err := s.store.bodiesAcrossUnits(ctx, []id.ID{ref.ID})
	if err != nil {
		return Body{}, record.Version{}, err
	}
	if len(list) == 1 {
		u, err := s.rec.Home(ctx, list[0].Unit)
		if err != nil {
			return Body{}, record.Version{}, err
		}
		if len(scope.From(ctx).ViewSet.Within(u.Range())) > 0 {
			ctx = scope.Widened(ctx, list[0].Pos, false)
		}
	}
	return s.bodies.Get(ctx, ref)
}

// Bodies are those that a unit and the units below it have registered. Needs View at the unit.
func (s *Service) Bodies(ctx context.Context, u org.Unit) ([]ListedBody, error) {
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	list, err := s.store.bodies(ctx, u.Range(), scope.From(ctx).ViewSet, mostBodies)
	out := make([]ListedBody, len(list))
	for i, r := range list {
		out[i] = r.listed()
	}
	return out, err
}

// PartnersOf are the bodies with which a unit works today: its own, then those of the units above it. A name that stands
// twice is the nearest.
func (s *Service) PartnersOf(ctx context.Context, u org.Unit) ([]ListedBody, error) {
	list, err := s.store.bodiesOfAcrossUnits(ctx, org.Enclosing(u.Pos))
	if err != nil {
		return nil, err
	}
	var out []ListedBody
	today, seen := clock.Today(ctx), map[string]bool{}
	for _, r := range list {
		if b := (Body{From: r.From, To: r.To}); b.stands(today) && !seen[r.Name] {
			seen[r.Name] = true
			out = append(out, r.listed())
		}
	}
	return out, nil
}

// Named are bodies by their key; it asks for no right: whoever names one has met it in a record.
func (s *Service) Named(ctx context.Context, ids []id.ID) (map[id.ID]ListedBody, error) {
	list, err := s.store.bodiesAcrossUnits(ctx, ids)
	out := map[id.ID]ListedBody{}
	for _, r := range list {
		out[r.ID] = r.listed()
	}
	return out, err
}

// Mine is the body for which the reader's account stands today; nil for everybody else.
func (s *Service) Mine(ctx context.Context) (*ListedBody, error) {
	return s.standsFor(ctx, scope.From(ctx).Account)
}

// BodyOf is the body for which an account stands today; 0 for none. It asks for no right: what is done with it is its caller's.
func (s *Service) BodyOf(ctx context.Context, account id.ID) (id.ID, error) {
	b, err := s.standsFor(ctx, account)
	if err != nil || b == nil {
		return 0, err
	}
	return b.Ref.ID, nil
}

func (s *Service) standsFor(ctx context.Context, account id.ID) (*ListedBody, error) {
	if account == 0 {
		return nil, nil
	}
	list, err := s.store.bodyOfAcrossUnits(ctx, account)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if b := (Body{From: list[0].From, To: list[0].To}); !b.stands(clock.Today(ctx)) {
		return nil, nil
	}
	out := list[0].listed()
	return &out, nil
}
