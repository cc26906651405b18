package seal

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// wishKind is the kind of what is sealed of a wish.
const wishKind = "seal.wish"

// wishKept is how long it stays sealed who asked and what was answered, so that it can be shown that it was.
const wishKept = 3 * 365

// wishOver is the day on which a wish was answered.
func (s *Service) wishOver(ctx context.Context, of id.Ref) (clock.Day, error) {
	x, err := s.store.wishAcrossUnits(ctx, of)
	return x.Answered, err
}

func wishOwner(x Wish) Owner { return Owner{Kind: wishKind, Of: x.Ref(), Unit: x.Unit} }

func wishTask(ref id.Ref) string { return "seal.wish:" + ref.String() }

// tends tells whether the reader answers the wishes of a unit.
func (s *Service) tends(ctx context.Context, u org.Unit) error {
	if keeper(ctx, u) {
		return nil
	}
	if err := s.audit.Refuse(ctx, audit.Entry{Act: "seal.act.wish", Subject: wishKind, Pos: u.Pos, Unit: u.ID}); err != nil {
		return err
	}
	return errs.New(errs.Forbidden, "seal.closed", "Unit", u.Name)
}

// AddWish takes down what a guardian or a minor asks of the reader's unit; the inbox says until when it has to be answered.
func (s *Service) AddWish(ctx context.Context, unit id.ID, x Wish) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "seal.AddWish")
	x.Name, x.Phone = strings.TrimSpace(x.Name), strings.TrimSpace(x.Phone)
	var f errs.Fields
	choose := func(field, value string, from []string) {
		if !slices.Contains(from, value) {
			f.Add(field, "seal.missing."+field)
		}
	}
	choose("kind", x.Kind, Wishes)
	choose("asker", x.Asker, Askers)
	choose("proof", x.Proof, Proofs)
	if x.Name == "" && x.Phone == "" {
		f.Add("name", "seal.wish_who")
	}
	for field, text := range map[string]string{"name": x.Name, "phone": x.Phone, "words": x.Words} {
		if len([]rune(text)) > maxText {
			f.Add(field, "seal.too_long", "N", maxText)
		}
	}
	today := clock.Today(ctx)
	if _, err := clock.ParseDay(string(x.Received)); err != nil || x.Received > today || x.Received < today.AddDays(-60) {
		f.Add("received", "seal.received_odd")
	}
	if err := f.Err(); err != nil {
		return ref, err
	}
	return ref, s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.org.Unit(ctx, unit)
		if err != nil {
			return err
		}
		if err := s.tends(ctx, u); err != nil {
			return err
		}
		n, err := s.store.wishesOfAcrossUnits(ctx, u.Root(), u.ID, x.Received.Year())
		if err != nil {
			return err
		}
		x.Root, x.ID, x.Unit, x.Pos, x.Ver = u.Root(), id.New(), u.ID, u.Pos, 1
		x.No, x.Due = fmt.Sprintf("%d-%d", x.Received.Year(), n+1), x.Received.AddDays(wishDays)
		if err := s.store.insertWish(ctx, x); err != nil {
			return err
		}
		if _, err := s.Seal(ctx, wishOwner(x), map[string]string{"name": x.Name, "phone": x.Phone, "words": x.Words}); err != nil {
			return err
		}
		ref = x.Ref()
		if s.inbox == nil {
			return nil
		}
		return s.inbox.AddTask(ctx, flow.NewTask{OwnOnly: true, Key: wishTask(ref), Unit: u.ID, Pos: u.Pos, TitleKey: "seal.task.wish." + x.Kind, Why: "seal.task.wish_why", Args: map[string]any{"No": x.No, "Day": string(x.Due)}, Due: x.Due, Link: "/wishes/" + ref.String()})
	})
}

// WishesOf lists the wishes of a unit, those that wait first; without names.
func (s *Service) WishesOf(ctx context.Context, u org.Unit) ([]Wish, error) {
	if a := scope.From(ctx); !keeper(ctx, u) && !(a.Auditor && a.AuditSet.Contains(u.Pos)) {
		return nil, s.tends(ctx, u)
	}
	return s.store.wishesAcrossUnits(ctx, u.Root(), u.ID)
}

// wish reads a wish of a unit at which the reader answers them.
func (s *Service) wish(ctx context.Context, ref id.Ref) (Wish, org.Unit, error) {
	x, err := s.store.wishAcrossUnits(ctx, ref)
	if err != nil {
		return x, org.Unit{}, s.org.Alike(ctx, err)
	}
	u, err := s.home(ctx, x.Unit)
	if err == nil && !scope.From(ctx).May(scope.View, u.Pos) {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	if err == nil {
		err = s.tends(ctx, u)
	}
	return x, u, err
}

// Wish opens a wish, and finds what the unit keeps of whom it is about: by the keyed hashes of what was said, so that nothing else is
// opened. It stands in the log.
func (s *Service) Wish(ctx context.Context, ref id.Ref) (x Wish, found []Found, err error) {
	defer errs.Wrapf(&err, "seal.Wish %s", ref)
	x, u, err := s.wish(ctx, ref)
	if err != nil {
		return x, nil, err
	}
	list, err := s.Open(ctx, wishOwner(x))
	if err != nil {
		return x, nil, err
	}
	for _, r := range list {
		x.Name, x.Phone, x.Words = r.Fields["name"], r.Fields["phone"], r.Fields["words"]
	}
	found, err = s.whereNamed(ctx, u, x)
	return x, found, err
}

// whereNamed are the records of a unit that name whom a wish is about, as far as the reader keeps them.
func (s *Service) whereNamed(ctx context.Context, u org.Unit, wish Wish) (out []Found, err error) {
	ring, err := s.keys.ring(false)
	if err != nil {
		return nil, err
	}
	units, err := s.kept(ctx, u)
	if err != nil {
		return nil, err
	}
	seen := map[id.Ref]bool{}
	for _, x := range s.subjects {
		for _, field := range x.Find {
			for _, text := range []string{wish.Name, wish.Phone} {
				if text == "" {
					continue
				}
				for _, unit := range units {
					rows, err := s.store.foundAcrossUnits(ctx, u.Root(), x.Kind, field, ring.blindOf(x.Kind, field, text), unit)
					if err != nil {
						return nil, err
					}
					for _, r := range rows {
						if seen[r.ref()] {
							continue
						}
						list, err := s.about(ctx, u, wish, x, r)
						if err != nil {
							return nil, err
						}
						for _, f := range list {
							if !seen[f.Record] {
								seen[f.Record] = true
								out = append(out, f)
							}
						}
					}
				}
			}
		}
	}
	return out, nil
}

// about are a record that names somebody and, where all of a matter is about one person, the others of it, as far as the reader keeps them.
func (s *Service) about(ctx context.Context, u org.Unit, wish Wish, x Subject, r recordRow) (out []Found, err error) {
	m, err := s.matter(ctx, r.of())
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, o := range m.Owners {
		if o.Kind != x.Kind && !slices.Contains(x.With, o.Kind) || !o.keeps(ctx, u) {
			continue
		}
		rows := []recordRow{r}
		if len(x.With) > 0 {
			if rows, err = s.store.ofAcrossUnits(ctx, r.of(), o.Kind); err != nil {
				return nil, err
			}
		} else if o.Kind != r.Kind {
			continue
		}
		for _, r := range rows {
			if r.Erased != clock.Open {
				continue
			}
			f := Found{Record: r.ref(), Kind: r.Kind, Matter: m, Of: r.of()}
			if f.Hold, err = s.hold(ctx, wish, f); err != nil {
				return nil, err
			}
			out = append(out, f)
		}
	}
	return out, nil
}

func (f Found) owner() Owner {
	return f.Matter.Owners[slices.IndexFunc(f.Matter.Owners, func(o Owner) bool { return o.Kind == f.Kind })]
}

// Told is what is kept of somebody in one record, field by field, to be handed to who asked.
type Told struct {
	Found  Found
	Fields []Pair
}

// Pair is a field's name as a text key, and what stands in it.
type Pair struct{ Name, Text string }

// Tell opens what was found for a wish, to be handed to who asked: the records of one and the same name or telephone only. What is held back
// is not opened, and that it is there does not stand on the sheet.
func (s *Service) Tell(ctx context.Context, ref id.Ref) (x Wish, out []Told, err error) {
	defer errs.Wrapf(&err, "seal.Tell %s", ref)
	x, found, err := s.Wish(ctx, ref)
	if err != nil {
		return x, nil, err
	}
	for _, f := range found {
		if f.Hold.Tell != "" {
			continue
		}
		list, err := s.Open(ctx, f.owner())
		if err != nil {
			return x, nil, err
		}
		i := slices.IndexFunc(list, func(r Record) bool { return r.Ref == f.Record })
		if i < 0 {
			continue
		}
		out = append(out, Told{f, s.named(ctx, f.Kind, list[i].Fields)})
	}
	return x, out, nil
}

// named are the fields of a record in their order; those that say how and not what are left out.
func (s *Service) named(ctx context.Context, kind string, fields map[string]string) (out []Pair) {
	x := s.subject(kind)
	for _, field := range slices.SortedFunc(maps.Keys(fields), x.before) {
		text, name := fields[field], x.Names[field]
		if text == "" || slices.Contains(x.Inner, field) {
			continue
		}
		if name == "" {
			name = "seal.field"
		}
		if key := x.Said[field]; key != "" {
			text = tr(ctx, key+text)
		}
		out = append(out, Pair{name, text})
	}
	return out
}

// EraseNamed erases what was found for a wish to erase, each with its row in the log; what has to stay stays (Hold).
func (s *Service) EraseNamed(ctx context.Context, ref id.Ref) (n int, err error) {
	defer errs.Wrapf(&err, "seal.EraseNamed %s", ref)
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		n = 0
		x, found, err := s.Wish(ctx, ref)
		if err != nil {
			return err
		}
		if x.Kind != ToErase || !x.Open() {
			return errs.New(errs.Conflict, "seal.wish_other")
		}
		for _, f := range found {
			if !f.Erasable() {
				continue
			}
			if err := s.Erase(ctx, f.owner(), f.Record, ByGuardian, "№"+x.No); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

// Answer ends a wish.
func (s *Service) Answer(ctx context.Context, ref id.Ref, ver int64, outcome, words string) (err error) {
	defer errs.Wrapf(&err, "seal.Answer %s", ref)
	var f errs.Fields
	if !slices.Contains(Results, outcome) {
		f.Add("outcome", "seal.missing.outcome")
	}
	if words = strings.TrimSpace(words); words == "" {
		f.Add("answer", "seal.answer_missing")
	}
	if len([]rune(words)) > maxText {
		f.Add("answer", "seal.too_long", "N", maxText)
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		x, u, err := s.wish(ctx, ref)
		if err != nil {
			return err
		}
		if !x.Open() || x.Ver != ver {
			return errs.New(errs.Conflict, "seal.wish_answered")
		}
		x.Answered, x.Outcome, x.ByName = clock.Today(ctx), outcome, scope.From(ctx).Name
		ok, err := s.store.answerWish(ctx, x)
		if err == nil && !ok {
			err = errs.New(errs.Conflict, "seal.wish_answered")
		}
		if err != nil {
			return err
		}
		if _, err := s.Seal(ctx, wishOwner(x), map[string]string{"answer": words}); err != nil {
			return err
		}
		if err := s.audit.Log(ctx, audit.Entry{Act: "seal.act.answer", Subject: wishKind, Ref: ref, Pos: u.Pos, Unit: u.ID, Detail: map[string]string{"outcome": outcome}}); err != nil || s.inbox == nil {
			return err
		}
		return s.inbox.DoneTask(ctx, wishTask(ref))
	})
}

// wishMatter is a wish as the pages of sealed data need it.
func (s *Service) wishMatter(ctx context.Context, of id.Ref) (Matter, error) {
	x, err := s.store.wishAcrossUnits(ctx, of)
	if err != nil {
		return Matter{}, err
	}
	u, err := s.home(ctx, x.Unit)
	if err != nil {
		return Matter{}, err
	}
	if a := scope.From(ctx); !keeper(ctx, u) && !(a.Auditor && a.AuditSet.Contains(u.Pos)) && !a.System {
		return Matter{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return Matter{Owners: []Owner{wishOwner(x)}, Title: tr(ctx, "seal.wish_one", "No", x.No), Href: "/wishes/" + of.String(), Hint: "seal.wish_effect",
		Label: func(ctx context.Context, _ string) string { return tr(ctx, "seal.wish_what") }, Name: func(string, Record) string { return "№" + x.No }}, nil
}
