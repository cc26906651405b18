package seal

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Service seals and opens.
type Service struct {
	db    *db.DB
	store store
	audit *audit.Service
	org   *org.Service
	keys  *Keys

	strong   func(ctx context.Context) error
	runs     func(ctx context.Context) (bool, error)
	accounts Accounts
	bodies   func(ctx context.Context, account id.ID) (id.ID, error)
	matters  []Matters
	subjects []Subject
	inbox    *flow.Service
	classes  []Class
	purposes []purposeOf
	consents []purposeOf // consents that have no text
}

// Acts in the log: a reading, and erasing by the clock.
const (
	openAct   = "seal.act.open"
	expireAct = "seal.act.expire"
)

// New makes the service and lends its box to the pages of units; the key file need not be there yet.
func New(d *db.DB, a *audit.Service, o *org.Service, keys *Keys) *Service {
	s := &Service{db: d, store: store{d}, audit: a, org: o, keys: keys}
	o.AddPanel(s.panel())
	s.AddMatters(s.wishMatter)
	s.AddClass(Class{Kind: wishKind, Name: "seal.wish_what", Since: "seal.wish_since", Ground: "seal.wish_law", Days: wishKept, Least: 365, Most: 3650, Over: s.wishOver})
	return s
}

// SetStrong connects what asks for a second factor of whoever opens what is sealed; without it nobody is asked.
func (s *Service) SetStrong(strong func(ctx context.Context) error) { s.strong = strong }

// SetRunner connects who runs the site; without it it is who looks after the program at the top of the tree.
func (s *Service) SetRunner(runs func(ctx context.Context) (bool, error)) { s.runs = runs }

// runner refuses whoever does not run the site.
func (s *Service) runner(ctx context.Context) error {
	may, err := s.Runs(ctx)
	if err == nil && !may {
		err = errs.New(errs.Forbidden, "errs.not_yours")
	}
	return err
}

// Runs tells whether whoever acts may change what is the same for the whole site: how long sealed records are kept, what guardians read
// before they agree. Whoever looks after a part of the tree may not: it would be changed for their neighbours.
func (s *Service) Runs(ctx context.Context) (bool, error) {
	a := scope.From(ctx)
	switch {
	case a.System:
		return true, nil
	case s.runs != nil:
		return s.runs(ctx)
	}
	top, err := s.org.Top(ctx)
	return err == nil && a.May(scope.Operate, top.Pos), err
}

// asksStrong are the acts by which somebody comes to read what is sealed.
var asksStrong = []string{"open", "find", "grant", "emergency", "confirm", "export"}

// Proved tells by errs.StepUp that whoever acts has to prove a second factor first, where the operator asks for one.
func (s *Service) Proved(ctx context.Context) error {
	if s.strong == nil {
		return nil
	}
	return s.strong(ctx)
}

// home is the unit that keeps something today: the one where it was entered, or its heir.
func (s *Service) home(ctx context.Context, unit id.ID) (org.Unit, error) {
	u, err := s.org.Unit(ctx, unit)
	for hops := 0; err == nil && u.Heir != 0 && hops < 50; hops++ {
		u, err = s.org.Unit(ctx, u.Heir)
	}
	return u, err
}

// keeper tells whether the reader works in this very unit; from above nobody is a keeper.
func keeper(ctx context.Context, u org.Unit) bool {
	a := scope.From(ctx)
	return a.Unit == u.ID && a.May(scope.Work, u.Pos)
}

// asked tells whether the reader may; it may add to the row in the log how.
type asked func(ctx context.Context, o Owner, u org.Unit, e *audit.Entry) (bool, error)

// act runs something that only the keeper may do, with its row in the log; who is refused stands there, too.
func (s *Service) act(ctx context.Context, o Owner, name, note string, may asked, do func(ctx context.Context) error) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.home(ctx, o.Unit)
		if err != nil {
			return err
		}
		e := audit.Entry{Act: "seal.act." + name, Subject: o.Kind, Ref: o.Of, Pos: u.Pos, Unit: u.ID, Note: note}
		ok, err := may(ctx, o, u, &e)
		if err != nil {
			return err
		}
		if !ok {
			if err := s.audit.Refuse(ctx, e); err != nil {
				return err
			}
			return errs.New(errs.Forbidden, "seal.closed", "Unit", u.Name)
		}
		if slices.Contains(asksStrong, name) { // asked for, not refused: the log hears of it once it is done
			if err := s.readable(ctx); err != nil {
				return err
			}
		}
		if err := s.audit.Log(ctx, e); err != nil {
			return unlogged(ctx, name, err)
		}
		return do(ctx)
	})
}

// readable refuses whoever has yet to prove who they are, and everybody while the log does not fit; whoever asks for help reads their own
// answer all the same.
func (s *Service) readable(ctx context.Context) error {
	if err := s.Proved(ctx); err != nil || scope.From(ctx).System {
		return err
	}
	return s.audit.Sound(ctx)
}

// shut are the words for what nobody can read for now: the key file, the master key or the log is not as it should be.
var shut = []string{"seal.key_missing", "seal.key_unreadable", "seal.key_wrong", "seal.master_missing", "seal.master_wrong", "seal.tampered", "seal.log_shut", "audit.damaged"}

// Shut tells whether something was refused because nothing of its kind can be opened for now, whoever asks: all else goes on.
func Shut(err error) bool {
	var e *errs.Error
	return errors.As(err, &e) && slices.Contains(shut, e.Key)
}

// unlogged is said to whoever would read something when its row cannot be written: a word, and no more than a word. The cause is for whoever
// looks after the program.
func unlogged(ctx context.Context, name string, err error) error {
	if !slices.Contains(asksStrong, name) || scope.From(ctx).System || ctx.Err() != nil {
		return err
	}
	slog.Error("seal: the log cannot be written", "act", name, "err", err)
	return errs.Wrap(err, errs.Conflict, "seal.log_shut")
}

// keeps tells whether the reader is the keeper, or of those there who alone may.
func (o Owner) keeps(ctx context.Context, u org.Unit) bool {
	return keeper(ctx, u) && (len(o.Only) == 0 || slices.Contains(o.Only, scope.From(ctx).Account))
}

func byKeeper(ctx context.Context, o Owner, u org.Unit, _ *audit.Entry) (bool, error) {
	return o.keeps(ctx, u), nil
}

// byWriter lets in who may enter for the unit or for one beside it; whoever enters for a unit below does not read it
// afterwards.
func (s *Service) byWriter(ctx context.Context, o Owner, u org.Unit, _ *audit.Entry) (bool, error) {
	a := scope.From(ctx)
	if len(o.Only) > 0 && !a.System { // who reads it adds to it, and nobody else
		return s.mayOpen(ctx, o, u, &audit.Entry{})
	}
	if a.System || a.May(scope.Work, u.Pos) {
		return true, nil
	}
	return s.beside(ctx, o, func(u org.Unit) bool { return a.May(scope.Work, u.Pos) })
}

// beside tells whether one of the units beside the keeper is as asked.
func (s *Service) beside(ctx context.Context, o Owner, is func(u org.Unit) bool) (bool, error) {
	for _, unit := range o.Also {
		if u, err := s.home(ctx, unit); err != nil || is(u) {
			return err == nil, err
		}
	}
	return false, nil
}

// Seal writes a new sealed record of an owner and answers its name. searched are the fields that Find looks for. Errors:
// Forbidden for who may not work at the owner's unit; Conflict "seal.key_missing" when the key file has gone.
func (s *Service) Seal(ctx context.Context, o Owner, fields map[string]string, searched ...string) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "seal.Seal %s", o.Of)
	ref = id.Ref{Root: o.Of.Root, ID: id.New()}
	return ref, s.act(ctx, o, "seal", "", s.byWriter, func(ctx context.Context) error {
		return s.enter(ctx, o, ref, random(), fields, searched)
	})
}

// enter writes a record with its data key, wrapped, and its fields.
func (s *Service) enter(ctx context.Context, o Owner, ref id.Ref, key []byte, fields map[string]string, searched []string) error {
	ring, err := s.ringForNew(ctx)
	if err != nil {
		return err
	}
	first := ring.newest()
	r := recordRow{Root: ref.Root, ID: ref.ID, Kind: o.Kind, OfRoot: o.Of.Root, OfID: o.Of.ID, Unit: o.Unit, KEK: first.name,
		EnteredBy: scope.From(ctx).Account, Entered: clock.Today(ctx)}
	if r.Wrapped, err = ring.suite.encrypt(first.key, key, bound("seal_record", "wrapped", ref, o.Kind)); err != nil {
		return err
	}
	if err := s.store.insert(ctx, r); err != nil {
		return err
	}
	return s.putAll(ctx, ring, r, key, fields, searched)
}

func (s *Service) putAll(ctx context.Context, ring *keyring, r recordRow, key []byte, fields map[string]string, searched []string) error {
	for field, text := range fields {
		v := valueRow{Record: r.ID, Field: field}
		var err error
		if v.Value, err = ring.suite.encrypt(key, []byte(text), bound("seal_value", "value", r.ref(), field)); err != nil {
			return err
		}
		if text != "" && (slices.Contains(searched, field) || slices.Contains(s.subject(r.Kind).Find, field)) {
			v.Blind = ring.blindOf(r.Kind, field, text)
		}
		if err := s.store.putValue(ctx, r.Root, v); err != nil {
			return err
		}
	}
	return nil
}

// ringForNew is the key file, made when there is none and nothing was sealed yet.
func (s *Service) ringForNew(ctx context.Context) (*keyring, error) {
	ring, err := s.keys.ring(true) // never with a key that was turned meanwhile
	if err == nil {
		return ring, nil
	}
	if e, ok := asKey(err); !ok || e != "seal.key_missing" {
		return nil, err
	}
	n, bad := s.store.countAcrossUnits(ctx)
	if bad != nil {
		return nil, bad
	}
	if n > 0 {
		return nil, err
	}
	if err := s.keys.make(clock.Today(ctx)); err != nil {
		return nil, err
	}
	return s.keys.ring(true)
}

// Lock encrypts what another module has to keep secret and to read again by itself, such as the key of a webhook. It is
// bound to its place and stays readable when the keys of sealed records are turned.
func (s *Service) Lock(ctx context.Context, place, text string) (string, error) {
	ring, err := s.ringForNew(ctx)
	if err != nil {
		return "", err
	}
	return ring.suite.encrypt(ring.ownKey(), []byte(text), []byte(place))
}

// Blind is a text as a keyed hash, the same each time for the same place: what must be found again and may stand nowhere, such as
// the number of a receipt.
func (s *Service) Blind(ctx context.Context, place, text string) (string, error) {
	ring, err := s.ringForNew(ctx)
	if err != nil {
		return "", err
	}
	return ring.blindOf(place, "", text), nil
}

// Unlock reads what Lock wrote.
func (s *Service) Unlock(place, shut string) (string, error) {
	ring, err := s.keys.ring(false)
	if err != nil {
		return "", err
	}
	text, err := decrypt(ring.ownKey(), shut, []byte(place))
	return string(text), err
}

// mayOpen lets in the keeper, who works in a unit beside it, and who has a live grant; the log says which of them it was, and
// for a grant what it was given for.
func (s *Service) mayOpen(ctx context.Context, o Owner, u org.Unit, e *audit.Entry) (bool, error) {
	if o.keeps(ctx, u) {
		e.Detail = how{"keeper"}
		return true, nil
	}
	if ok, err := s.beside(ctx, o, func(u org.Unit) bool { return keeper(ctx, u) }); err != nil || ok {
		e.Detail = how{"beside"}
		return ok, err
	}
	g, live, err := s.grantOf(ctx, o.Of)
	if err != nil || !live {
		return false, err
	}
	e.Detail, e.Note = how{"grant"}, g.Purpose
	if g.Emergency() {
		e.Detail = how{"emergency"}
	}
	return true, nil
}

// how is what a row of the log adds to a reading.
type how struct {
	As string `json:"as"`
}

// May tells whether the reader may open an owner's records, without opening one.
func (s *Service) May(ctx context.Context, o Owner) (bool, error) {
	u, err := s.home(ctx, o.Unit)
	if err != nil {
		return false, err
	}
	return s.mayOpen(ctx, o, u, &audit.Entry{})
}

// Keeps tells whether the reader is the keeper, who gives grants.
func (s *Service) Keeps(ctx context.Context, o Owner) (bool, error) {
	u, err := s.home(ctx, o.Unit)
	return err == nil && o.keeps(ctx, u), err
}

// Open reads all sealed records of an owner. The reading stands in the log or does not happen. Errors: Forbidden
// "seal.closed"; Conflict "seal.key_missing", "seal.key_wrong", "seal.tampered".
func (s *Service) Open(ctx context.Context, o Owner) (out []Record, err error) {
	defer errs.Wrapf(&err, "seal.Open %s", o.Of)
	err = s.act(ctx, o, "open", "", s.mayOpen, func(ctx context.Context) error {
		out, err = s.records(ctx, o, true)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// bySubject lets in the program for the person whom something is about; the log says so, and not who it is.
func bySubject(ctx context.Context, _ Owner, _ org.Unit, e *audit.Entry) (bool, error) {
	e.Detail = how{"subject"}
	return scope.From(ctx).System, nil
}

// OpenOwn reads an owner's records for the person whom they are about; the caller, which acts for the program, has proved that it is
// them. The log says so, and not who it is.
func (s *Service) OpenOwn(ctx context.Context, o Owner) (out []Record, err error) {
	defer errs.Wrapf(&err, "seal.OpenOwn %s", o.Of)
	return out, s.act(ctx, o, "open", "", bySubject, func(ctx context.Context) error {
		out, err = s.records(ctx, o, true)
		return err
	})
}

// records are those of an owner with what was agreed to, their fields only when they are to be opened.
func (s *Service) records(ctx context.Context, o Owner, open bool) ([]Record, error) {
	rows, err := s.store.ofAcrossUnits(ctx, o.Of, o.Kind)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var values []valueRow
	if open {
		if values, err = s.store.valuesAcrossUnits(ctx, o.Of, o.Kind); err != nil {
			return nil, err
		}
	}
	consents, err := s.store.consentsAcrossUnits(ctx, o.Of, o.Kind)
	if err != nil {
		return nil, err
	}
	var out []Record
	for _, r := range rows {
		rec := Record{Ref: r.ref(), Entered: r.Entered, Erased: r.Erased}
		if open {
			if rec.Fields, err = s.fields(r, values); err != nil {
				return nil, err
			}
		}
		for _, c := range consents {
			if c.Record == r.ID {
				rec.Consents = append(rec.Consents, c)
			}
		}
		out = append(out, rec)
	}
	return out, nil
}

// fields opens those of the values that are a record's; nil once it was erased.
func (s *Service) fields(r recordRow, values []valueRow) (map[string]string, error) {
	key, err := s.dataKey(r)
	if err != nil || key == nil {
		return nil, err
	}
	var out map[string]string
	for _, v := range values {
		if v.Record != r.ID {
			continue
		}
		text, err := decrypt(key, v.Value, bound("seal_value", "value", r.ref(), v.Field))
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = map[string]string{}
		}
		out[v.Field] = string(text)
	}
	return out, nil
}

// dataKey unwraps a record's key; nil once it was erased, also where a backup has brought the row back.
func (s *Service) dataKey(r recordRow) ([]byte, error) {
	if r.Erased != clock.Open {
		return nil, nil
	}
	ring, err := s.keys.ring(false)
	if err != nil {
		return nil, err
	}
	key := ring.named(r.KEK)
	if key == nil { // turned by another process meanwhile
		if ring, err = s.keys.ring(true); err != nil {
			return nil, err
		}
		if key = ring.named(r.KEK); key == nil {
			return nil, errs.New(errs.Conflict, "seal.key_wrong", "Key", r.KEK)
		}
	}
	if ring.erased[r.ref().String()] {
		return nil, nil
	}
	return decrypt(key, r.Wrapped, bound("seal_record", "wrapped", r.ref(), r.Kind))
}

// Pass makes another unit the keeper of all that is sealed of a matter. The caller has asked whoever the matter is about and the unit
// that takes it. Grants that the former keeper gave end, and it answers which; keys and words stay as they are.
func (s *Service) Pass(ctx context.Context, of id.Ref, to id.ID) (ended []Grant, err error) {
	defer errs.Wrapf(&err, "seal.Pass %s", of)
	return ended, s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.home(ctx, to)
		if err != nil {
			return err
		}
		today := clock.Today(ctx)
		list, err := s.store.grantsAcrossUnits(ctx, of)
		if err != nil {
			return err
		}
		for _, g := range list {
			if err := s.lookGoesAlong(ctx, of, u, g); err != nil {
				return err
			}
			if g.Revoked != clock.Open {
				continue
			}
			if _, err := s.store.revoke(ctx, of, g.ID, today); err != nil {
				return err
			}
			ended = append(ended, g)
		}
		if err := s.store.pass(ctx, of, u.ID); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "seal.act.pass", Subject: "seal", Ref: of, Pos: u.Pos, Unit: u.ID})
	})
}

// mine is a sealed record that belongs to the owner; of another's nobody hears that it exists.
func (s *Service) mine(ctx context.Context, o Owner, ref id.Ref) (recordRow, error) {
	r, err := s.store.recordAcrossUnits(ctx, ref)
	if err == nil && (r.of() != o.Of || r.Kind != o.Kind) {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return r, err
}
