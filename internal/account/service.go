package account

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Config is what app decides.
type Config struct {
	// TrustProxy takes the words of a reverse proxy on this machine for the protocol and the address of a request.
	TrustProxy bool
	// Address is how browsers reach the program from outside, as https://xinhuo.example.org; passkeys are bound to its name.
	// "" takes that of each request.
	Address string
	// Guests are listed on the sign-in page: the accounts of a demonstration, never those of a real city.
	Guests []Guest
}

// Guest is an account that anybody may sign in with; Duty says in a few words who that is.
type Guest struct{ Login, Password, Duty string }

// Service is accounts, sign-in, rights and invitations.
type Service struct {
	db     *db.DB
	log    *audit.Service
	units  Units
	rights PostRights
	posts  Posts
	hash   *hasher
	conf   Config
	sites  Sites
	// secrets encrypts what is kept of second factors
	secrets Secrets
	doors   doors
	// now drives what keeps strangers out. It is the machine's clock even where the pages live on another day.
	now func() time.Time
}

// New makes the service. rights and units are filled by org; posts may be nil, then invitations name no post.
func New(d *db.DB, log *audit.Service, units Units, rights PostRights, posts Posts, conf Config) *Service {
	s := &Service{db: d, log: log, units: units, rights: rights, posts: posts, hash: newHasher(fullCost), conf: conf, now: time.Now}
	s.doors = newDoors(&sessionStore{d})
	return s
}

// manage asks for the right to manage an account and notes a refusal. Whoever manages an account could sign in as its
// holder, so it must not reach further than the administrator does (R189).
func (s *Service) manage(ctx context.Context, act string, account id.ID) (Account, error) {
	actor := scope.From(ctx)
	a, err := s.byIDAcrossUnits(ctx, account)
	if err != nil {
		return a, errs.New(errs.NotFound, "account.not_found")
	}
	refuse := func(kind errs.Kind, key string) (Account, error) {
		if err := s.log.Refuse(ctx, audit.Entry{Act: act, Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit}); err != nil {
			return Account{}, err
		}
		return Account{}, errs.New(kind, key)
	}
	if !actor.May(scope.Admin, a.Pos) {
		return refuse(errs.NotFound, "account.not_found")
	}
	if actor.System {
		return a, nil
	}
	rights, err := s.rightsOf(ctx, a, clock.Today(ctx))
	if err != nil {
		return a, err
	}
	for _, r := range rights {
		if r.Kind != scope.Find && !actor.AdminSet.Covers(r.Range) {
			return refuse(errs.Forbidden, "account.reaches_further")
		}
	}
	return a, nil
}

// Get is one account, for its administrator.
func (s *Service) Get(ctx context.Context, account id.ID) (Account, error) {
	return s.manage(ctx, "account.open", account)
}

// ByLogin is one account by its name, for the command line.
func (s *Service) ByLogin(ctx context.Context, login string) (Account, error) {
	a, err := s.byLoginAcrossUnits(ctx, cleanLogin(login))
	if err != nil {
		return a, errs.New(errs.NotFound, "account.not_found")
	}
	return s.manage(ctx, "account.open", a.ID)
}

// List answers the accounts of a unit's subtree within the administrator's ranges, by login; after is the last login of
// the page before, find a part of login or name.
func (s *Service) List(ctx context.Context, unit id.ID, find, after string, limit int) ([]Account, error) {
	r, err := s.units.Range(ctx, unit)
	if err != nil {
		return nil, err
	}
	return s.list(ctx, scope.From(ctx).AdminSet, r, find, after, limit)
}

// Create makes an account in a unit of the administrator's subtree. Errors: errs.Invalid with the fields, errs.NotFound
// for a unit outside.
func (s *Service) Create(ctx context.Context, n NewAccount) (a Account, err error) {
	if err := n.check(); err != nil {
		return a, err
	}
	r, err := s.units.Range(ctx, n.Unit)
	if err != nil {
		return a, err
	}
	if !scope.From(ctx).May(scope.Admin, r.From) {
		return a, s.refuseUnit(ctx, "account.create", r.From, n.Unit)
	}
	a = Account{ID: id.New(), Login: n.Login, Person: n.Person, Phone: n.Phone, Unit: n.Unit, Pos: r.From, CreatedAt: clock.Millis(ctx)}
	if n.Password != "" {
		if a.Password, err = s.hash.hash(ctx, n.Password); err != nil {
			return a, err
		}
		if n.MustChange {
			a.MustChange = 1
		}
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		taken, err := s.loginsTakenAcrossUnits(ctx, []string{a.Login})
		if err != nil {
			return err
		}
		if taken[a.Login] {
			return loginTaken()
		}
		if err := s.insertAccount(ctx, a); err != nil {
			if errs.Is(err, errs.Conflict) {
				return loginTaken()
			}
			return err
		}
		return s.log.Log(ctx, audit.Entry{Act: "account.create", Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit})
	})
	return a, err
}

func loginTaken() error {
	var f errs.Fields
	f.Add("login", "account.login_taken")
	return f.Err()
}

func (s *Service) refuseUnit(ctx context.Context, act string, pos int64, unit id.ID) error {
	if err := s.log.Refuse(ctx, audit.Entry{Act: act, Subject: "unit", Ref: id.Ref{Root: pos / 1e9, ID: unit}, Pos: pos, Unit: unit}); err != nil {
		return err
	}
	return errs.New(errs.NotFound, "account.no_unit")
}

// Disable ends an account at once, with all its sessions; Enable lets it in again.
func (s *Service) Disable(ctx context.Context, account id.ID, reason string) error {
	if account == scope.From(ctx).Account {
		return errs.New(errs.Conflict, "account.not_oneself")
	}
	return s.change(ctx, "account.disable", account, reason, func(ctx context.Context, a Account) error {
		if err := s.setDisabled(ctx, a.ID, s.now().UnixMilli()); err != nil {
			return err
		}
		if err := s.dropInvites(ctx, a.ID, s.now().UnixMilli()); err != nil {
			return err
		}
		return s.endSessions(ctx, a.ID)
	})
}

// Enable lets a disabled account in again, with its old password.
func (s *Service) Enable(ctx context.Context, account id.ID) error {
	return s.change(ctx, "account.enable", account, "", func(ctx context.Context, a Account) error {
		return s.setDisabled(ctx, a.ID, 0)
	})
}

// SetPassword sets a password for somebody else, from the command line; it has to be changed at the next sign-in.
func (s *Service) SetPassword(ctx context.Context, account id.ID, password string) error {
	a, err := s.manage(ctx, "account.set_password", account)
	if err != nil {
		return err
	}
	if key := passwordProblem(password, a.Login); key != "" {
		var f errs.Fields
		f.Add("password", key)
		return f.Err()
	}
	hash, err := s.hash.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.change(ctx, "account.set_password", account, "", func(ctx context.Context, a Account) error {
		if err := s.setPassword(ctx, a.ID, hash, 1); err != nil {
			return err
		}
		return s.endSessions(ctx, a.ID)
	})
}

// change is permission, act and log in one transaction.
func (s *Service) change(ctx context.Context, act string, account id.ID, note string, fn func(context.Context, Account) error) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		a, err := s.manage(ctx, act, account)
		if err != nil {
			return err
		}
		if err := fn(ctx, a); err != nil {
			return err
		}
		return s.log.Log(ctx, audit.Entry{Act: act, Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit, Note: note})
	})
}

// SaveSettings keeps how the signed-in person wants to see the pages.
func (s *Service) SaveSettings(ctx context.Context, v Settings) error {
	who := scope.From(ctx).Account
	if who == 0 {
		return errs.New(errs.Unauthenticated, "errs.sign_in")
	}
	return s.db.Tx(ctx, func(ctx context.Context) error { return s.setSettings(ctx, who, v.clean()) })
}

// Moved keeps accounts' places up with the tree: app calls it when a unit got another place.
func (s *Service) Moved(ctx context.Context, unit id.ID, pos int64) error {
	return s.db.Tx(ctx, func(ctx context.Context) error { return s.setPosAcrossUnits(ctx, unit, pos) })
}

// Clean removes sessions, codes and counters that have run out; app calls it every few minutes.
func (s *Service) Clean(ctx context.Context) error {
	if err := s.clean(ctx); err != nil {
		return fmt.Errorf("account.Clean: %w", err)
	}
	return nil
}

// Staffed tells at which of the units somebody works who can sign in: by a post there or a grant for it that holds today, with an
// account that is neither disabled nor still to be opened. Whoever has left the post is nobody's hands, though the
// account still opens (R66: what waits for a vacant post waits for those above).
func (s *Service) Staffed(ctx context.Context, units []id.ID) (map[id.ID]bool, error) {
	out := map[id.ID]bool{}
	if len(units) == 0 {
		return out, nil
	}
	at, err := s.working(ctx, units)
	if err != nil {
		return nil, err
	}
	opened, err := s.opened(ctx, slices.Collect(maps.Keys(at)))
	for _, acc := range opened {
		for _, u := range at[acc.ID] {
			out[u] = true
		}
	}
	return out, err
}

// mostColleagues bounds Colleagues: a longer list nobody chooses from.
const mostColleagues = 30

// Colleagues are those who work at a unit today and can sign in, by name: those whom its pages let one choose from instead of typing an
// account. Who works at several units is one of the first's. None where there are more than 30. Whose page asks has to let only people
// of that unit see it.
func (s *Service) Colleagues(ctx context.Context, unit id.ID) (out []Account, err error) {
	defer errs.Wrapf(&err, "account.Colleagues")
	at, err := s.working(ctx, []id.ID{unit})
	if err != nil || len(at) == 0 || len(at) > mostColleagues {
		return nil, err
	}
	opened, err := s.opened(ctx, slices.Collect(maps.Keys(at)))
	if err != nil {
		return nil, err
	}
	for _, acc := range opened {
		switch a, err := s.actor(ctx, acc); {
		case err != nil:
			return nil, err
		case a.Unit == unit && a.May(scope.Work, a.Pos):
			out = append(out, acc)
		}
	}
	return out, nil
}

// working tells for those with a post or a grant to work at one of the units today at which of them that is.
func (s *Service) working(ctx context.Context, units []id.ID) (map[id.ID][]id.ID, error) {
	day, at := clock.Today(ctx), map[id.ID][]id.ID{}
	if s.rights != nil {
		workers, err := s.rights.Workers(ctx, units, day)
		if err != nil {
			return nil, err
		}
		for u, accounts := range workers {
			for _, acc := range accounts {
				at[acc] = append(at[acc], u)
			}
		}
	}
	grants, err := s.workGrants(ctx, units, day)
	if err != nil {
		return nil, err
	}
	for _, g := range grants {
		at[g.Account] = append(at[g.Account], g.Unit)
	}
	return at, nil
}

// Count is the number of accounts that List has in store after a login.
func (s *Service) Count(ctx context.Context, unit id.ID, find, after string) (int64, error) {
	r, err := s.units.Range(ctx, unit)
	if err != nil {
		return 0, err
	}
	return s.count(ctx, scope.From(ctx).AdminSet, r, find, after)
}
