package record

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// Service knows all books and importers.
type Service struct {
	store
	audit     *audit.Service
	ledger    *ledger.Service
	org       *org.Service
	books     map[string]keeper
	importers map[string]*Importer
}

// keeper is a book whatever its type of record.
type keeper interface {
	back(ctx context.Context, top Version, n int64, c Change, granted bool) error
	facts(ctx context.Context, v Version) ([]Fact, error)
}

// New makes the service.
func New(d *db.DB, a *audit.Service, l *ledger.Service, o *org.Service) *Service {
	return &Service{store: store{d}, audit: a, ledger: l, org: o, books: map[string]keeper{}, importers: map[string]*Importer{}}
}

// Book keeps one kind of record.
type Book[T any] struct {
	s *Service
	k Kind[T]
}

// NewBook opens a book and publishes its records to the ledger through src, whose Load and Each it fills in.
func NewBook[T any](s *Service, k Kind[T], src *ledger.Source) *Book[T] {
	b := &Book[T]{s, k}
	s.books[k.Name] = b
	src.Kind = k.Name
	src.Load = func(ctx context.Context, recs []id.ID) ([]ledger.Record, error) {
		vs, err := s.newestOf(ctx, k.Name, recs)
		if err != nil {
			return nil, err
		}
		return b.rows(vs)
	}
	src.Each = func(ctx context.Context, f func(ledger.Record) error) error {
		for after := id.ID(0); ; {
			vs, err := s.each(ctx, k.Name, after, 500)
			if err != nil || len(vs) == 0 {
				return err
			}
			recs, err := b.rows(vs)
			if err != nil {
				return err
			}
			for _, r := range recs {
				if err := f(r); err != nil {
					return err
				}
			}
			after = vs[len(vs)-1].ID
		}
	}
	s.ledger.Register(src)
	return b
}

func (b *Book[T]) rows(vs []Version) ([]ledger.Record, error) {
	out := make([]ledger.Record, 0, len(vs))
	for _, v := range vs {
		r, err := b.row(v)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func (b *Book[T]) row(v Version) (ledger.Record, error) {
	if v.Gone == 1 {
		return ledger.Record{Ref: v.Ref()}, nil
	}
	body, err := decode[T](v)
	if err != nil {
		return ledger.Record{}, err
	}
	r := b.k.Rows(v.Ref(), body)
	r.Ref = v.Ref()
	return r, nil
}

// Records answers what the ledger counts of records: modules give it as their Source's OfUnit.
func (b *Book[T]) Records(ctx context.Context, recs []id.ID) ([]ledger.Record, error) {
	vs, err := b.s.newestOf(ctx, b.k.Name, recs)
	if err != nil {
		return nil, err
	}
	return b.rows(vs)
}

type batchKey struct{}

// InBatch makes every write of the context part of an import, whoever does it, so that UndoBatch finds it.
func InBatch(ctx context.Context, batch id.ID) context.Context {
	return context.WithValue(ctx, batchKey{}, batch)
}

// Create writes a new record. The right to work is asked at its home unit.
func (b *Book[T]) Create(ctx context.Context, v T, c Change) (id.Ref, error) {
	u, err := b.s.Home(ctx, b.k.Home(v))
	if err != nil {
		return id.Ref{}, err
	}
	ref := id.Ref{Root: u.Root(), ID: id.New()}
	return ref, b.write(ctx, Version{Root: ref.Root, ID: ref.ID}, v, u, b.homes(v, v), false, c)
}

// Save replaces a record as it was read at a version; Conflict when somebody was quicker.
func (b *Book[T]) Save(ctx context.Context, ref id.Ref, version int64, v T, c Change) error {
	return b.s.db.Tx(ctx, func(ctx context.Context) error {
		// a record may move to another unit only by somebody who works at both: at asks at the old one, write at the new
		old, was, err := b.at(ctx, ref, version, &v, c)
		if err != nil {
			return err
		}
		to, err := b.s.Home(ctx, b.k.Home(v))
		if err != nil {
			return err
		}
		return b.write(ctx, old, v, to, b.homes(v, was), false, c)
	})
}

// Remove takes a record out of every list and figure; its history stays.
func (b *Book[T]) Remove(ctx context.Context, ref id.Ref, version int64, c Change) error {
	return b.s.db.Tx(ctx, func(ctx context.Context) error {
		old, was, err := b.at(ctx, ref, version, nil, c)
		if err != nil {
			return err
		}
		u, err := b.s.Home(ctx, b.k.Home(was))
		if err != nil {
			return err
		}
		return b.write(ctx, old, was, u, b.homes(was, was), true, c)
	})
}

// Home is where the records of a unit are kept today: at the unit, or at whoever took it over in a merger. A record that
// names no unit, as a program may send it, is to be changed; it is not what does not exist.
func (s *Service) Home(ctx context.Context, unit id.ID) (org.Unit, error) {
	if unit == 0 {
		var f errs.Fields
		f.Add("unit", "record.unit_missing")
		return org.Unit{}, f.Err()
	}
	u, err := s.org.Unit(ctx, unit)
	for hops := 0; err == nil && u.Heir != 0 && hops < 50; hops++ {
		u, err = s.org.Unit(ctx, u.Heir)
	}
	return u, err
}

// homes are the units at any of which a right suffices: of the record as it will be and, when it may have several, as it was.
func (b *Book[T]) homes(now, was T) []id.ID {
	if b.k.Homes == nil {
		return []id.ID{b.k.Home(now)}
	}
	return append(b.k.Homes(now), b.k.Homes(was)...)
}

// may tells whether the actor holds the right at the home, or at one of the homes: where the unit is, or where its heir is
// that took it over. Where a unit that was taken over once stood gives no right any more: its heir may have moved away.
func (b *Book[T]) may(ctx context.Context, right scope.Right, home org.Unit, homes []id.ID) (bool, error) {
	a := scope.From(ctx)
	if a.May(right, home.Pos) {
		return true, nil
	}
	for _, k := range homes {
		if k == home.ID {
			continue
		}
		at, err := b.s.Home(ctx, k)
		if err != nil {
			return false, err
		}
		if a.May(right, at.Pos) {
			return true, nil
		}
	}
	return false, nil
}

func (b *Book[T]) mayWork(ctx context.Context, home org.Unit, homes []id.ID, ref id.Ref, c Change) error {
	if ok, err := b.may(ctx, scope.Work, home, homes); ok || err != nil {
		return err
	}
	return b.s.mayWork(ctx, home, b.k.Name, ref, c)
}

// MayWork asks for the right to work on a record, before a form about it is shown or what was typed is looked at. The
// answers are those of a write: NotFound outside the reader's view, Forbidden within it; a refusal is logged.
func (b *Book[T]) MayWork(ctx context.Context, ref id.Ref, c Change) error {
	v, _, err := b.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := b.s.Home(ctx, b.k.Home(v))
	if err != nil {
		return err
	}
	return b.mayWork(ctx, u, b.homes(v, v), ref, c)
}

// MayCreate asks for the right to write a new record at its home, before what it holds is looked at: whoever may not is
// not told whether the rest is right, nor by that whether the unit is there.
func (b *Book[T]) MayCreate(ctx context.Context, v T, c Change) error {
	u, err := b.s.Home(ctx, b.k.Home(v))
	if err != nil {
		return err
	}
	return b.mayWork(ctx, u, b.homes(v, v), id.Ref{}, c)
}

// at reads a record for writing and refuses whoever may not, then those who saw another version than the newest. next
// is what it will be, nil when only its past decides.
func (b *Book[T]) at(ctx context.Context, ref id.Ref, version int64, next *T, c Change) (Version, T, error) {
	var zero T
	old, err := b.s.newest(ctx, b.k.Name, ref)
	if err != nil {
		return old, zero, err
	}
	was, err := decode[T](old)
	if err != nil {
		return old, zero, err
	}
	u, err := b.s.Home(ctx, b.k.Home(was))
	if err != nil {
		return old, zero, err
	}
	if next == nil {
		next = &was
	}
	if err := b.mayWork(ctx, u, b.homes(was, *next), ref, c); err != nil {
		return old, zero, err
	}
	if old.N != version {
		return old, zero, errs.New(errs.Conflict, "record.changed_meanwhile")
	}
	return old, was, nil
}

type freshKey struct{}

// Fresh tells a Put that its record was never kept before, so that it need not take out what stands of it.
func Fresh(ctx context.Context) bool { fresh, _ := ctx.Value(freshKey{}).(bool); return fresh }

// write is the only place where a record changes.
func (b *Book[T]) write(ctx context.Context, old Version, v T, home org.Unit, homes []id.ID, gone bool, c Change) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	a := scope.From(ctx)
	if c.Batch == 0 {
		c.Batch, _ = ctx.Value(batchKey{}).(id.ID)
	}
	next := Version{Root: old.Root, ID: old.ID, N: old.N + 1, At: clock.Millis(ctx), Actor: a.Account, ActorName: a.Name, ActorUnit: a.Unit,
		Act: c.Act, Reason: c.Reason, Batch: c.Batch, Body: string(body)}
	if gone {
		next.Gone = 1
	}
	return b.s.db.Tx(ctx, func(ctx context.Context) error {
		if err := b.mayWork(ctx, home, homes, next.Ref(), c); err != nil {
			return err
		}
		if err := b.s.add(ctx, b.k.Name, next); err != nil {
			return err
		}
		if err := b.k.Put(context.WithValue(ctx, freshKey{}, next.N == 1), next.Ref(), v, gone); err != nil {
			return err
		}
		rec, err := b.row(next)
		if err != nil {
			return err
		}
		if err := b.s.ledger.Post(ctx, b.k.Name, rec); err != nil {
			return err
		}
		return b.s.audit.Log(ctx, audit.Entry{Act: c.Act, Subject: b.k.Name, Ref: next.Ref(), Pos: home.Pos, Unit: home.ID, Note: c.Reason,
			Detail: map[string]any{"version": next.N}})
	})
}

// mayWork asks for the right and logs a refusal, in one call. Outside the reader's view the record does not exist.
func (s *Service) mayWork(ctx context.Context, home org.Unit, kind string, ref id.Ref, c Change) error {
	a := scope.From(ctx)
	if a.May(scope.Work, home.Pos) {
		return nil
	}
	if err := s.audit.Refuse(ctx, audit.Entry{Act: c.Act, Subject: kind, Ref: ref, Pos: home.Pos, Unit: home.ID}); err != nil {
		return err
	}
	if a.May(scope.View, home.Pos) {
		return errs.New(errs.Forbidden, "record.not_your_unit", "Unit", home.Name)
	}
	return errs.New(errs.NotFound, "errs.not_found")
}

// Get reads a record as it stands. The right to view is asked at its home unit; a record that is gone is not found.
func (b *Book[T]) Get(ctx context.Context, ref id.Ref) (T, Version, error) {
	v, err := b.s.newest(ctx, b.k.Name, ref)
	if err != nil {
		var zero T
		return zero, v, b.s.org.Alike(ctx, err)
	}
	body, err := decode[T](v)
	if err != nil {
		return body, v, err
	}
	u, err := b.s.Home(ctx, b.k.Home(body))
	if err != nil {
		return body, v, err
	}
	seen, err := b.may(ctx, scope.View, u, b.homes(body, body))
	if err != nil {
		return body, v, err
	}
	if !seen || v.Gone == 1 {
		var zero T
		return zero, Version{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return body, v, nil
}

// ReadAt reads a record as it stood at a version, such as the one that somebody has open in a form.
func (b *Book[T]) ReadAt(ctx context.Context, ref id.Ref, n int64) (T, error) {
	var zero T
	if _, _, err := b.Get(ctx, ref); err != nil {
		return zero, err
	}
	vs, err := b.s.versions(ctx, ref)
	if err != nil {
		return zero, err
	}
	for _, v := range vs {
		if v.N == n {
			return decode[T](v)
		}
	}
	return zero, errs.New(errs.NotFound, "record.not_yet_known")
}

// KnownAt reads a record as it was known at an instant, for "what was said then".
func (b *Book[T]) KnownAt(ctx context.Context, ref id.Ref, at int64) (T, Version, error) {
	var zero T
	if _, _, err := b.Get(ctx, ref); err != nil {
		return zero, Version{}, err
	}
	vs, err := b.s.versions(ctx, ref)
	if err != nil {
		return zero, Version{}, err
	}
	for _, v := range vs {
		if v.At <= at {
			body, err := decode[T](v)
			return body, v, err
		}
	}
	return zero, Version{}, errs.New(errs.NotFound, "record.not_yet_known")
}

// Step is one entry of a history in words.
type Step struct {
	Version
	UnitName string // set when another unit than the record's own did it
	Part     bool   // that unit acted in its own name, or is one of several that keep the record; otherwise it entered for them (代填)
	Changes  []Diff
}

// Diff is one fact before and after.
type Diff struct{ Key, Before, After string }

// History lists what was done to a record, the latest first, with what changed.
func (b *Book[T]) History(ctx context.Context, ref id.Ref) ([]Step, error) {
	body, _, err := b.Get(ctx, ref)
	if err != nil {
		return nil, err
	}
	vs, err := b.s.versions(ctx, ref)
	if err != nil {
		return nil, err
	}
	home := b.k.Home(body)
	out := make([]Step, len(vs))
	var older []Fact
	for i := len(vs) - 1; i >= 0; i-- {
		facts, err := b.facts(ctx, vs[i])
		if err != nil {
			return nil, err
		}
		out[i] = Step{Version: vs[i], Changes: Diffs(older, facts)}
		older = facts
		if u := vs[i].ActorUnit; u != 0 && u != home {
			if unit, err := b.s.org.Unit(ctx, u); err == nil {
				out[i].UnitName = unit.Name
			}
			if out[i].Part, err = b.keeps(vs[i], u); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// keeps tells whether a unit is one of several that keep a record as it was at a version, or acted in its own name.
func (b *Book[T]) keeps(v Version, unit id.ID) (bool, error) {
	if slices.Contains(b.k.Own, v.Act) {
		return true, nil
	}
	if b.k.Homes == nil {
		return false, nil
	}
	body, err := decode[T](v)
	return err == nil && slices.Contains(b.k.Homes(body), unit), err
}

func (b *Book[T]) facts(ctx context.Context, v Version) ([]Fact, error) {
	if v.Gone == 1 || b.k.Facts == nil {
		return nil, nil
	}
	body, err := decode[T](v)
	if err != nil {
		return nil, err
	}
	return b.k.Facts(ctx, body), nil
}

// Diffs says what changed between two states of a record. A key that stands several times is a list: each entry that came, went or, known by its Item, was changed is a change by itself.
func Diffs(before, after []Fact) []Diff {
	was, is := byKey(before), byKey(after)
	var keys []string
	for _, f := range after {
		if !slices.Contains(keys, f.Key) {
			keys = append(keys, f.Key)
		}
	}
	return append(diffOf(keys, was, is), diffOf(slices.DeleteFunc(slices.Sorted(maps.Keys(was)), func(k string) bool { return slices.Contains(keys, k) }), was, is)...)
}

func byKey(facts []Fact) map[string][]Fact {
	out := map[string][]Fact{}
	for _, f := range facts {
		if f.Text != "" {
			out[f.Key] = append(out[f.Key], f)
		}
	}
	return out
}

func diffOf(keys []string, was, is map[string][]Fact) (out []Diff) {
	for _, k := range keys {
		if len(was[k]) == 1 && len(is[k]) == 1 && was[k][0].Item == is[k][0].Item {
			if was[k][0].Text != is[k][0].Text {
				out = append(out, Diff{k, was[k][0].Text, is[k][0].Text})
			}
			continue
		}
		paired := map[string]bool{}
		for _, x := range was[k] {
			if n := slices.IndexFunc(is[k], func(y Fact) bool { return x.Item != "" && y.Item == x.Item }); n >= 0 {
				paired[x.Item] = true
				if y := is[k][n]; y.Text != x.Text {
					out = append(out, Diff{k, x.Text, y.Text})
				}
			} else if !says(is[k], x) {
				out = append(out, Diff{k, x.Text, ""})
			}
		}
		for _, x := range is[k] {
			if !paired[x.Item] && !says(was[k], x) {
				out = append(out, Diff{k, "", x.Text})
			}
		}
	}
	return out
}

// says tells whether a list holds an entry of the same words.
func says(list []Fact, x Fact) bool {
	return slices.ContainsFunc(list, func(y Fact) bool { return y.Text == x.Text && y.Item == x.Item })
}

// Undoable tells until when the reader may take the newest version back; zero when they may not.
func (b *Book[T]) Undoable(ctx context.Context, v Version) time.Time {
	a := scope.From(ctx)
	until := v.Instant().Add(UndoFor)
	if v.Batch != 0 || v.Actor != a.Account || a.Account == 0 && !a.System || !clock.Now(ctx).Before(until) {
		return time.Time{}
	}
	if b.k.Settled != nil && b.k.Settled(ctx, v.Ref(), v.At) != nil {
		return time.Time{}
	}
	return until
}

// Undo takes one's own newest version back: a new version equal to the one before (R-history: nothing is erased). Whoever
// gave up their part of a record by that version may bring it back.
func (b *Book[T]) Undo(ctx context.Context, ref id.Ref, version int64) error {
	return b.s.db.Tx(ctx, func(ctx context.Context) error {
		c := Change{Act: "record.act.undo"}
		before, err := b.before(ctx, ref)
		if err != nil {
			return err
		}
		v, _, err := b.at(ctx, ref, version, before, c)
		if err != nil {
			return err
		}
		if b.k.Settled != nil {
			if err := b.k.Settled(ctx, ref, v.At); err != nil {
				return err
			}
		}
		if b.Undoable(ctx, v).IsZero() {
			return errs.New(errs.Conflict, "record.undo_too_late")
		}
		return b.back(ctx, v, v.N-1, c, false)
	})
}

// before is a record as it was before the reader's own newest version; nil when somebody else wrote that or it is the first.
func (b *Book[T]) before(ctx context.Context, ref id.Ref) (*T, error) {
	top, err := b.s.newest(ctx, b.k.Name, ref)
	if err != nil || top.N == 1 || top.Actor != scope.From(ctx).Account {
		return nil, err
	}
	v, err := b.s.version(ctx, ref, top.N-1)
	if err != nil {
		return nil, err
	}
	body, err := decode[T](v)
	return &body, err
}

// Removed reads a record that the reader's own last act took out of every list, or out of the reader's sight, as long as
// that act can be undone: for the page that offers so. To everybody else, and later, it is not found.
func (b *Book[T]) Removed(ctx context.Context, ref id.Ref) (T, Version, error) {
	var zero T
	v, err := b.s.newest(ctx, b.k.Name, ref)
	if err != nil {
		return zero, v, err
	}
	if b.Undoable(ctx, v).IsZero() {
		return zero, Version{}, errs.New(errs.NotFound, "errs.not_found")
	}
	before, err := b.before(ctx, ref)
	if err != nil {
		return zero, v, err
	}
	if before == nil {
		return zero, Version{}, errs.New(errs.NotFound, "errs.not_found")
	}
	u, err := b.s.Home(ctx, b.k.Home(*before))
	if err != nil {
		return zero, v, err
	}
	seen, err := b.may(ctx, scope.View, u, b.homes(*before, *before))
	if err == nil && !seen { // the post has ended meanwhile
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	if err != nil {
		return zero, Version{}, err
	}
	return *before, v, nil
}

// back writes version n anew on top of the newest; before the first version stands a record that is gone. granted: the
// right was asked already.
func (b *Book[T]) back(ctx context.Context, top Version, n int64, c Change, granted bool) error {
	was, err := decode[T](top)
	if err != nil {
		return err
	}
	body, gone := was, true
	if n > 0 {
		before, err := b.s.version(ctx, top.Ref(), n)
		if err != nil {
			return err
		}
		if body, err = decode[T](before); err != nil {
			return err
		}
		gone = before.Gone == 1
	}
	u, err := b.s.Home(ctx, b.k.Home(body))
	if err != nil {
		return err
	}
	if granted {
		ctx = scope.Widened(ctx, u.Pos, true)
	}
	return b.write(ctx, top, body, u, b.homes(body, was), gone, c)
}

// UndoBatch takes a whole import back, refused when one of its records was changed since. Several versions that one
// import made of a record go back together.
func (s *Service) UndoBatch(ctx context.Context, batch id.ID) (n int, err error) {
	return s.UndoTogether(ctx, batch, "record.act.undo_import")
}

// UndoTogether is UndoBatch of writes that were made together by another act than an import; act is how the histories
// call it.
func (s *Service) UndoTogether(ctx context.Context, batch id.ID, act string) (n int, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		return s.ledger.Batch(ctx, func(ctx context.Context) error {
			n, err = s.undoVersions(ctx, batch, act, false)
			return err
		})
	})
	return n, err
}

// undoVersions writes what stood before a batch. granted: the right was asked for the batch as a whole.
func (s *Service) undoVersions(ctx context.Context, batch id.ID, act string, granted bool) (int, error) {
	vs, err := s.ofBatch(ctx, batch)
	if err != nil {
		return 0, err
	}
	for i := 0; i < len(vs); {
		top := vs[i]
		for i < len(vs) && vs[i].Ref() == top.Ref() {
			i++
		}
		first := vs[i-1]
		kind, err := s.kindOf(ctx, top.Ref())
		if err != nil {
			return 0, err
		}
		now, err := s.newest(ctx, kind, top.Ref())
		if err != nil {
			return 0, err
		}
		if now.N != top.N {
			return 0, errs.New(errs.Conflict, "record.import_changed_since", "Name", now.ActorName)
		}
		if err := s.books[kind].back(ctx, top, first.N-1, Change{Act: act}, granted); err != nil {
			return 0, err
		}
	}
	return len(vs), nil
}
