package org

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Service keeps the tree in time.
type Service struct {
	db        *db.DB
	store     store
	audit     *audit.Service
	listeners []func(ctx context.Context, c Changed) error
	postEnded []func(ctx context.Context, u Unit, p Post) error
	panels    []Panel
}

// New makes the service over a migrated database.
func New(d *db.DB, a *audit.Service) *Service {
	return &Service{db: d, store: store{d}, audit: a}
}

// OnChanged registers a listener; it is called in the transaction of the change, and its error takes the change back.
// Register all listeners before the first change.
func (s *Service) OnChanged(f func(ctx context.Context, c Changed) error) {
	s.listeners = append(s.listeners, f)
}

// OnMoved is OnChanged for what is filed under a unit and follows it: it does not hear of foundings, at which there is
// nothing yet. A nation's villages are founded a hundred thousand at a time.
func (s *Service) OnMoved(f func(ctx context.Context, c Changed) error) {
	s.OnChanged(func(ctx context.Context, c Changed) error {
		if c.New {
			return nil
		}
		return f(ctx, c)
	})
}

// OnPostEnded registers a listener that hears of a holding with an account whose last day was set; it is called in the
// transaction of the change, and its error takes the change back. Register before the first change.
func (s *Service) OnPostEnded(f func(ctx context.Context, u Unit, p Post) error) {
	s.postEnded = append(s.postEnded, f)
}

func (s *Service) publish(ctx context.Context, c Changed) error {
	clear(remembered(ctx))
	for _, f := range s.listeners {
		if err := f(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func noUnit(err error) error {
	if errs.Is(err, errs.NotFound) {
		return errs.Wrap(err, errs.NotFound, "org.no_such_unit")
	}
	return err
}

// Unit is the unit as it stands now, or as it last stood.
func (s *Service) Unit(ctx context.Context, u id.ID) (Unit, error) {
	known := remembered(ctx)
	if got, ok := known[u]; ok {
		return got, nil
	}
	got, err := s.store.unit(ctx, u)
	if err == nil && known != nil {
		known[u] = got
	}
	return got, noUnit(err)
}

// Alike answers err, that something is not there, after the one reading of a unit that it takes to find that it may not be seen: nobody
// learns from an answer's time which of the two it was.
func (s *Service) Alike(ctx context.Context, err error) error {
	if !errs.Is(err, errs.NotFound) {
		return err
	}
	if _, other := s.store.unit(ctx, scope.From(ctx).Unit); other != nil && !errs.Is(other, errs.NotFound) {
		return other
	}
	return err
}

// AsOf is the unit with the name, kind, place and parent of the day; errs.NotFound when it does not stand on it (R57).
func (s *Service) AsOf(ctx context.Context, u id.ID, day clock.Day) (Unit, error) {
	got, err := s.store.on(ctx, u, day)
	if err != nil {
		return Unit{}, noUnit(err)
	}
	if !got.StandsOn(day) {
		return Unit{}, errs.New(errs.NotFound, "org.not_standing", "Name", got.Name)
	}
	return got, nil
}

// ByCode finds a unit by its external code.
func (s *Service) ByCode(ctx context.Context, code string) (Unit, error) {
	got, err := s.store.byCode(ctx, code)
	return got, noUnit(err)
}

// ByCodes finds units by their external codes; codes that nobody has are left out.
func (s *Service) ByCodes(ctx context.Context, codes []string) (map[string]Unit, error) {
	us, err := s.store.byCodes(ctx, codes)
	out := make(map[string]Unit, len(us))
	for _, u := range us {
		out[u.Code] = u
	}
	return out, err
}

// ByIDs finds units by their keys; unknown keys are left out.
func (s *Service) ByIDs(ctx context.Context, ids []id.ID) (map[id.ID]Unit, error) {
	us, err := s.store.byIDs(ctx, ids)
	out := make(map[id.ID]Unit, len(us))
	for _, u := range us {
		out[u.ID] = u
	}
	return out, err
}

// Resolve finds the unit of an address: the short form of its key, or its external code. A key has ten characters and
// begins with its time, so a code that reads like one is tried second.
func (s *Service) Resolve(ctx context.Context, ref string) (Unit, error) {
	if k, err := id.Parse(ref); err == nil && len(ref) >= 10 {
		if u, err := s.store.unit(ctx, k); err == nil || !errs.Is(err, errs.NotFound) {
			return u, err
		}
	}
	return s.ByCode(ctx, ref)
}

// Top is the standing unit above all others; errs.NotFound in an empty tree.
func (s *Service) Top(ctx context.Context) (Unit, error) {
	got, err := s.store.top(ctx)
	return got, noUnit(err)
}

// TakenOver are the units that a unit has taken over by now, through chains of heirs, the earliest ended first.
func (s *Service) TakenOver(ctx context.Context, unit id.ID) ([]Unit, error) {
	var out []Unit
	heirs, today := []id.ID{unit}, clock.Today(ctx)
	for len(heirs) > 0 {
		ids, err := s.store.takenOver(ctx, heirs)
		if err != nil || len(ids) == 0 {
			return out, err
		}
		us, err := s.ByIDs(ctx, ids)
		if err != nil {
			return nil, err
		}
		heirs = nil
		for _, u := range us {
			if u.To <= today {
				out, heirs = append(out, u), append(heirs, u.ID)
			}
		}
		slices.SortFunc(out, func(a, b Unit) int { return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.ID, b.ID)) })
	}
	return out, nil
}

// TreeState names the state of the tree that this reader sees: as long as it stands, no unit's life, name or place has
// changed, and what was counted over units can be kept.
func (s *Service) TreeState(ctx context.Context) (int64, error) { return s.store.treeState(ctx) }

// Empty tells whether the tree has never held a unit.
func (s *Service) Empty(ctx context.Context) (bool, error) { return s.store.empty(ctx) }

// Children are the units right below one on a day, in the order of their places. after is the Key of the last node of
// the page before; a limit outside 1-500 is 100.
func (s *Service) Children(ctx context.Context, u id.ID, day clock.Day, after string, limit int) ([]Node, error) {
	from := int64(-1)
	if after != "" {
		var err error
		if from, err = strconv.ParseInt(after, 10, 64); err != nil {
			return nil, errs.New(errs.Invalid, "org.page_unknown")
		}
	}
	if limit < 1 || limit > 500 {
		limit = 100
	}
	var out []Node
	err := s.db.Read(ctx, func(ctx context.Context) error {
		us, err := s.store.children(ctx, u, day, from, limit)
		if err != nil || len(us) == 0 {
			return err
		}
		ids := make([]id.ID, 0, len(us))
		for _, c := range us {
			if !c.Level.Leaf() {
				ids = append(ids, c.ID)
			}
		}
		n := map[id.ID]int{}
		if len(ids) > 0 {
			if n, err = s.store.childCounts(ctx, ids, day); err != nil {
				return err
			}
		}
		for _, c := range us {
			out = append(out, Node{c, n[c.ID]})
		}
		return nil
	})
	return out, err
}

// Below are the units right below one on a day, without how many each has.
func (s *Service) Below(ctx context.Context, u id.ID, day clock.Day, limit int) ([]Unit, error) {
	return s.store.children(ctx, u, day, -1, limit)
}

// Key is where the next page of Children begins.
func (n Node) Key() string { return strconv.FormatInt(n.Unit.Pos, 10) }

// ChildCount is the number of units right below one on a day.
func (s *Service) ChildCount(ctx context.Context, u id.ID, day clock.Day) (int, error) {
	n, err := s.store.childCounts(ctx, []id.ID{u}, day)
	return n[u], err
}

// Ancestors are the units above one on a day, from the top down, itself last. A unit that does not stand on the day has
// those of its nearest place.
func (s *Service) Ancestors(ctx context.Context, u id.ID, day clock.Day) ([]Unit, error) {
	var out []Unit
	err := s.db.Read(ctx, func(ctx context.Context) error {
		me, err := s.store.on(ctx, u, day)
		if errs.Is(err, errs.NotFound) { // before its founding
			if me, err = s.store.unit(ctx, u); err == nil {
				day = max(me.From, day)
				me, err = s.store.on(ctx, u, day)
			}
		}
		if err != nil {
			return noUnit(err)
		}
		out, err = s.store.ancestors(ctx, me.Pos, day)
		return err
	})
	return out, err
}

// Above are the units over one on a day, the nearest first; itself where there is none.
func (s *Service) Above(ctx context.Context, u Unit, day clock.Day) ([]Unit, error) {
	list, err := s.Ancestors(ctx, u.ID, day)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(x Unit) bool { return x.ID == u.ID })
	slices.SortStableFunc(list, func(a, b Unit) int { return b.Level.Rank() - a.Level.Rank() })
	if len(list) == 0 {
		list = append(list, u)
	}
	return list, nil
}

const mostLookedAt = 400

// Search finds units by name, former name, alias, pinyin, initials or code, within what the reader may find. A unit
// that has ended is shown with what it became. Words before the last one name units above.
func (s *Service) Search(ctx context.Context, q string, limit int) ([]Hit, error) {
	if limit < 1 || limit > 100 {
		limit = 20
	}
	find := scope.From(ctx).FindSet
	var out []Hit
	err := s.db.Read(ctx, func(ctx context.Context) error {
		for _, ask := range ask(q) {
			for _, word := range slices.Compact([]string{ask.word, ask.sounds, shorter(ask.word)}) {
				if word == "" {
					continue
				}
				var err error
				if out, err = s.hits(ctx, ask, word, find, limit); err != nil || len(out) > 0 {
					return err
				}
			}
		}
		return nil
	})
	return out, err
}

// shorter leaves out the last character, when enough remains: it may be mistyped.
func shorter(w string) string {
	if r := []rune(w); len(r) >= 4 || len(r) == 3 && r[0] > 127 {
		return string(r[:len(r)-1])
	}
	return ""
}

func (s *Service) hits(ctx context.Context, q question, word string, find scope.Set, limit int) ([]Hit, error) {
	us, err := s.store.found(ctx, word, find, mostLookedAt)
	if err != nil {
		return nil, err
	}
	own := scope.From(ctx).Pos
	slices.SortStableFunc(us, func(a, b Unit) int { return closeness(a, word, own) - closeness(b, word, own) })
	var out []Hit
	for _, u := range us {
		if len(out) == limit {
			break
		}
		path, err := s.store.ancestors(ctx, u.Pos, placeDay(ctx, u))
		if err != nil {
			return nil, err
		}
		path = slices.DeleteFunc(path, func(p Unit) bool { return p.ID == u.ID })
		if !fits(q.above, path) {
			continue
		}
		h := Hit{Unit: u, Path: path, Matched: matched(u.Name, word)}
		if u.Heir != 0 {
			heir, err := s.store.unit(ctx, u.Heir)
			if err != nil {
				return nil, err
			}
			h.Became = &heir
		}
		out = append(out, h)
	}
	return out, nil
}

// placeDay is today, or for a unit to come its first day.
func placeDay(ctx context.Context, u Unit) clock.Day { return max(clock.Today(ctx), u.From) }

// closeness orders hits: the whole name before a part, what stands before what has ended, the own city first, higher
// levels first.
func closeness(u Unit, word string, own int64) int {
	n := u.Level.Rank()
	plain := plainName(u.Name)
	if plain != word && u.Code != word {
		n += 8
		if !strings.HasPrefix(plain, word) {
			n += 8
		}
	}
	if u.To != clock.Open {
		n += 64
	}
	if own != 0 && RootOf(u.Pos) != RootOf(own) {
		n += 32
	}
	return n
}

// History is what happened to a unit, the earliest first; events that were taken back carry UndoneBy.
func (s *Service) History(ctx context.Context, u id.ID) ([]Event, error) {
	return s.store.history(ctx, u)
}

// may refuses who does not hold the right at the unit, and leaves a trace of the attempt. From outside one's view a
// unit looks as if it did not exist.
func (s *Service) may(ctx context.Context, right scope.Right, u Unit, act string) error {
	a := scope.From(ctx)
	if a.May(right, u.Pos) {
		return nil
	}
	kind, key := errs.Forbidden, "errs.not_yours"
	if !a.May(scope.View, u.Pos) {
		kind, key = errs.NotFound, "org.no_such_unit"
	}
	if !s.db.InTx(ctx) {
		if err := s.audit.Refuse(ctx, audit.Entry{Act: act, Subject: "unit", Ref: refOf(u), Pos: u.Pos, Unit: u.ID}); err != nil {
			return err
		}
	}
	return errs.New(kind, key)
}

func refOf(u Unit) id.Ref { return id.Ref{Root: u.Root(), ID: u.ID} }

// allowed reads a unit and asks for the right there.
func (s *Service) allowed(ctx context.Context, right scope.Right, unit id.ID, act string) (Unit, error) {
	u, err := s.Unit(ctx, unit)
	if err != nil {
		return u, err
	}
	return u, s.may(ctx, right, u, act)
}

func (s *Service) log(ctx context.Context, act string, u Unit, note string, detail any) error {
	return s.audit.Log(ctx, audit.Entry{Act: act, Subject: "unit", Ref: refOf(u), Pos: u.Pos, Unit: u.ID, Note: note, Detail: detail})
}
