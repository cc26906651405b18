package channel

import (
	"context"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Vault keeps what must not stand in the database in plain words, each bound to its place.
type Vault interface {
	Lock(ctx context.Context, place, text string) (string, error)
	Unlock(place, shut string) (string, error)
}

// People tells who an account is today.
type People interface {
	Actor(ctx context.Context, account id.ID) (scope.Actor, error)
}

// Service keeps the ways of units and the choices of persons, and sends.
type Service struct {
	db     *db.DB
	org    *org.Service
	flow   *flow.Service
	audit  *audit.Service
	people People
	vault  Vault
	open   bool // the operator lets messages go to private networks, too
	test   bool // plain http and mail servers with a certificate of their own, in tests alone
	sender sender
}

// New makes the service and listens for tasks; local lets messages go to addresses of the local network, too.
func New(d *db.DB, o *org.Service, f *flow.Service, a *audit.Service, p People, v Vault, local bool) *Service {
	s := &Service{db: d, org: o, flow: f, audit: a, people: p, vault: v, open: local}
	s.sender = newSender(func(ip netip.Addr) bool { return s.open || !private(ip) })
	f.OnPosted(s.posted)
	f.OnCame(s.came)
	o.AddPanel(s.panel())
	return s
}

func (s *Service) shut(ctx context.Context, place string, v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return s.vault.Lock(ctx, place, string(b))
}

func (s *Service) config(w Way) (c Config, err error) {
	text, err := s.vault.Unlock(w.place(), w.Config)
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(text), &c)
}

// mine is the unit, if the reader administers it; otherwise the refusal, written to the log.
func (s *Service) mine(ctx context.Context, unit id.ID, act string) (org.Unit, error) {
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return u, err
	}
	if a := scope.From(ctx); a.System || a.May(scope.Admin, u.Pos) {
		return u, nil
	}
	if err := s.audit.Refuse(ctx, audit.Entry{Act: act, Subject: "channel", Ref: id.Ref{Root: u.Root(), ID: u.ID}, Pos: u.Pos, Unit: u.ID}); err != nil {
		return u, err
	}
	return u, errs.New(errs.Forbidden, "errs.not_yours")
}

// Ways are the unit's ways by kind.
func (s *Service) Ways(ctx context.Context, unit id.ID) (map[string]Way, error) {
	if _, err := s.mine(ctx, unit, "channel.act.look"); err != nil {
		return nil, err
	}
	list, err := s.waysOf(ctx, unit)
	out := map[string]Way{}
	for _, w := range list {
		out[w.Kind] = w
	}
	return out, err
}

// Set keeps where a way leads. What is left empty of addresses, names and secrets, none of which is shown, stays as it was; a
// new way is off.
func (s *Service) Set(ctx context.Context, unit id.ID, kind string, c Config, site string) error {
	if !slices.Contains(Kinds, kind) {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.mine(ctx, unit, "channel.act.set")
		if err != nil {
			return err
		}
		w, old, err := s.known(ctx, u, kind)
		if err != nil {
			return err
		}
		if c.URL == "" {
			c.URL = old.URL
		}
		if c.Secret == "" {
			c.Secret = old.Secret
		}
		if len(c.To) == 0 {
			c.To = old.To
		}
		if c.From == "" {
			c.From = old.From
		}
		// a password goes only where it was meant for: another server or name asks for it again
		if c.User == "" && c.Host == old.Host {
			c.User = old.User
		}
		if c.Password == "" && c.Host == old.Host && c.User == old.User {
			c.Password = old.Password
		}
		if err := check(kind, c, site, s.open, s.test); err != nil {
			return err
		}
		w.Shown, w.Site, w.SetAt, w.SetName = shown(kind, c), strings.TrimRight(site, "/"), clock.Millis(ctx), scope.From(ctx).Name
		if w.Config, err = s.shut(ctx, w.place(), c); err != nil {
			return err
		}
		if err := s.putWay(ctx, w); err != nil {
			return err
		}
		if err := s.addQueue(ctx, w.Root, w.ID); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "channel.act.set", Subject: "channel", Ref: id.Ref{Root: u.Root(), ID: u.ID}, Pos: u.Pos, Unit: u.ID, Detail: map[string]string{"kind": kind}})
	})
}

// known is the unit's way of a kind with where it leads, or a new one.
func (s *Service) known(ctx context.Context, u org.Unit, kind string) (Way, Config, error) {
	list, err := s.waysOf(ctx, u.ID)
	if err != nil {
		return Way{}, Config{}, err
	}
	for _, w := range list {
		if w.Kind == kind {
			c, err := s.config(w)
			if err != nil { // the key file was lost: the address and the secrets are asked for anew
				c = Config{}
			}
			return w, c, nil
		}
	}
	return Way{Root: u.Root(), ID: id.New(), Unit: u.ID, From: u.Pos, To: u.Range().To, Kind: kind}, Config{}, nil
}

// Switch turns a way on or off.
func (s *Service) Switch(ctx context.Context, unit id.ID, kind string, on bool) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		act := "channel.act.off"
		if on {
			act = "channel.act.on"
		}
		u, err := s.mine(ctx, unit, act)
		if err != nil {
			return err
		}
		w, c, err := s.known(ctx, u, kind)
		if err != nil {
			return err
		}
		if w.Config == "" {
			return errs.New(errs.Conflict, "channel.not_set")
		}
		w.Live = 0
		if on {
			// the operator may have closed private networks since
			if err := check(kind, c, w.Site, s.open, s.test); err != nil {
				return errs.New(errs.Conflict, "channel.set_again")
			}
			w.Live = 1
		}
		if err := s.putWay(ctx, w); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: act, Subject: "channel", Ref: id.Ref{Root: u.Root(), ID: u.ID}, Pos: u.Pos, Unit: u.ID, Detail: map[string]string{"kind": kind}})
	})
}

// Try sends a message that says it is a trial, through the queue like any other.
func (s *Service) Try(ctx context.Context, unit id.ID, kind string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.mine(ctx, unit, "channel.act.try")
		if err != nil {
			return err
		}
		w, _, err := s.known(ctx, u, kind)
		if err != nil {
			return err
		}
		if w.Config == "" || w.Live == 0 || kind == Mail {
			return errs.New(errs.Conflict, "channel.not_on")
		}
		if err := s.put(ctx, receiver{Root: w.Root, ID: w.ID, Kind: kind}, u.ID, u.Pos, OfTest, Counts{}); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "channel.act.try", Subject: "channel", Ref: id.Ref{Root: u.Root(), ID: u.ID}, Pos: u.Pos, Unit: u.ID, Detail: map[string]string{"kind": kind}})
	})
}

// Again puts a message that was put aside at the end of its queue; it keeps its ID, so that a receiver knows it again.
func (s *Service) Again(ctx context.Context, unit, message id.ID) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.mine(ctx, unit, "channel.act.again")
		if err != nil {
			return err
		}
		list, err := s.messageOf(ctx, unit, message)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		m := list[0]
		no, err := s.nextNo(ctx, m.Root, m.Queue)
		if err != nil {
			return err
		}
		ok, err := s.again(ctx, m, no, clock.Millis(ctx))
		if err != nil {
			return err
		}
		if !ok {
			return errs.New(errs.Conflict, "channel.again_not")
		}
		return s.audit.Log(ctx, audit.Entry{Act: "channel.act.again", Subject: "channel", Ref: id.Ref{Root: u.Root(), ID: u.ID}, Pos: u.Pos, Unit: u.ID})
	})
}

// Log is what was sent for a unit, the latest first.
func (s *Service) Log(ctx context.Context, unit, before id.ID, aside bool, limit int) ([]Message, error) {
	if _, err := s.mine(ctx, unit, "channel.act.look"); err != nil {
		return nil, err
	}
	if before == 0 {
		before = 1<<63 - 1
	}
	return s.log(ctx, unit, before, aside, limit)
}

// UnitChanged lets the ways follow their unit.
func (s *Service) UnitChanged(ctx context.Context, c org.Changed) error {
	if len(c.Places) == 0 {
		return nil
	}
	u, err := s.org.Unit(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.moveAcrossUnits(ctx, u.ID, u.Pos, u.Range().To)
}

// inLang is a context in which messages are worded for whoever gets them.
func inLang(ctx context.Context, lang string) context.Context {
	if lang == "" {
		lang = i18n.Langs[0]
	}
	return i18n.In(ctx, lang)
}

// Remember writes messages of the past into a way's log, as the demonstration does: what it holds was dealt with and is not
// sent any more.
func (s *Service) Remember(ctx context.Context, unit id.ID, kind string, past []Message) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.mine(ctx, unit, "channel.act.set")
		if err != nil {
			return err
		}
		w, _, err := s.known(ctx, u, kind)
		if err != nil || w.Config == "" {
			return err
		}
		for _, m := range past {
			m.Root, m.ID, m.Queue, m.Unit, m.Pos, m.Kind = w.Root, id.New(), w.ID, u.ID, u.Pos, kind
			if m.No, err = s.nextNo(ctx, w.Root, w.ID); err != nil {
				return err
			}
			if err := s.insertMessage(ctx, m); err != nil {
				return err
			}
		}
		return s.dealtWith(ctx, w.Root, w.ID)
	})
}
