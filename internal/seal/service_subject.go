package seal

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// AddSubject tells of a kind of sealed record that is about somebody; call it before serving.
func (s *Service) AddSubject(x Subject) { s.subjects = append(s.subjects, x) }

// subject is what was told of a kind.
func (s *Service) subject(kind string) Subject {
	i := slices.IndexFunc(s.subjects, func(x Subject) bool { return x.Kind == kind })
	if i < 0 {
		return Subject{}
	}
	return s.subjects[i]
}

// Index makes the keyed hashes of what was sealed before its field could be searched for, a batch to a transaction. Text stands open in
// memory alone. It may run at any time, twice and beside the pages; killed, it goes on where it was. It answers how many hashes it made.
func (s *Service) Index(ctx context.Context) (n int, err error) {
	defer errs.Wrapf(&err, "seal.Index")
	ctx = scope.With(ctx, scope.System("seal.clock"))
	for _, x := range s.subjects {
		for _, field := range x.Find {
			for done := false; !done; {
				var made int
				err := s.db.Tx(ctx, func(ctx context.Context) error {
					var err error
					made, done, err = s.indexBatch(ctx, x.Kind, field)
					return err
				})
				if key, ok := asKey(err); ok && key == "seal.key_missing" { // the pages say it
					return n, nil
				}
				if err != nil {
					return n, err
				}
				n += made
			}
		}
	}
	return n, nil
}

// indexBatch makes the hashes of the next records of a kind.
func (s *Service) indexBatch(ctx context.Context, kind, field string) (made int, done bool, err error) {
	at, err := s.store.indexedAcrossUnits(ctx, kind, field)
	if err != nil || at.Done == 1 {
		return 0, err == nil, err
	}
	rows, err := s.store.bareAcrossUnits(ctx, kind, field, at.After, batch)
	if err != nil {
		return 0, false, err
	}
	for _, r := range rows {
		at.After = r.ID
		key, err := s.dataKey(r.recordRow)
		if err != nil {
			return 0, false, err
		}
		if key == nil { // erased, and brought back by a backup: it opens no more
			continue
		}
		text, err := decrypt(key, r.Value, bound("seal_value", "value", r.ref(), field))
		if err != nil || len(text) == 0 { // what was tampered with is told to who opens it
			continue
		}
		ring, err := s.keys.ring(false)
		if err != nil {
			return 0, false, err
		}
		if err := s.store.putBlind(ctx, r.ref(), field, ring.blindOf(kind, field, string(text))); err != nil {
			return 0, false, err
		}
		made++
	}
	if done = len(rows) < batch; done {
		at.Done = 1
	}
	if err := s.store.putIndexed(ctx, kind, field, at); err != nil || made == 0 {
		return made, done, err
	}
	return made, done, s.audit.Log(ctx, audit.Entry{Act: "seal.act.index", Subject: kind, Detail: map[string]int{"records": made}})
}

// hold asks the module of a record whether something has to stay, or is not to be handed over.
func (s *Service) hold(ctx context.Context, x Wish, f Found) (Hold, error) {
	for _, about := range s.subjects {
		if about.Held != nil && (about.Kind == f.Kind || slices.Contains(about.With, f.Kind)) {
			return about.Held(ctx, f.Of, x)
		}
	}
	return Hold{}, nil
}

// Erasable tells whether it may be erased for a wish.
func (f Found) Erasable() bool { return f.Hold.Erase == "" }

// correctable tells whether it is corrected on a page of its own: what names somebody is, the words of officials are not.
func (s *Service) correctable(f Found) bool { return len(s.subject(f.Kind).Find) > 0 }

// found is one of the records that were found for a wish.
func (s *Service) found(ctx context.Context, wish, record id.Ref) (x Wish, f Found, err error) {
	x, list, err := s.Wish(ctx, wish)
	if err != nil {
		return x, f, err
	}
	i := slices.IndexFunc(list, func(f Found) bool { return f.Record == record && s.correctable(f) })
	if i < 0 {
		return x, f, errs.New(errs.NotFound, "errs.not_found")
	}
	return x, list[i], nil
}

// Wrong opens a record that was found for a wish, field by field in a fixed order, to be corrected.
func (s *Service) Wrong(ctx context.Context, wish, record id.Ref) (x Wish, f Found, out []Field, err error) {
	defer errs.Wrapf(&err, "seal.Wrong %s", wish)
	x, f, err = s.found(ctx, wish, record)
	if err != nil {
		return x, f, nil, err
	}
	list, err := s.Open(ctx, f.owner())
	if err != nil {
		return x, f, nil, err
	}
	var is map[string]string
	for _, r := range list {
		if r.Ref == record {
			is = r.Fields
		}
	}
	about := s.subject(f.Kind)
	for field, key := range about.Names {
		if is[field] != "" || slices.Contains(about.Order, field) {
			out = append(out, Field{field, key, is[field]})
		}
	}
	slices.SortFunc(out, func(a, b Field) int { return about.before(a.Name, b.Name) })
	return x, f, out, nil
}

// before compares two fields by their order.
func (x Subject) before(a, b string) int {
	at := func(field string) int {
		if i := slices.Index(x.Order, field); i >= 0 {
			return i
		}
		return len(x.Order)
	}
	return cmp.Or(cmp.Compare(at(a), at(b)), strings.Compare(a, b))
}

// maxField bounds a corrected field, in characters.
const maxField = 20_000

// CorrectNamed writes the fields of a record that was found for a wish anew; those that are not named stay. The module hears of it in the
// same transaction and may refuse. What stood there before is gone. Errors: NotFound; Invalid on a field; Conflict "seal.wish_other".
func (s *Service) CorrectNamed(ctx context.Context, wish, record id.Ref, fields map[string]string) (err error) {
	defer errs.Wrapf(&err, "seal.CorrectNamed %s", wish)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		x, f, err := s.found(ctx, wish, record)
		if err != nil {
			return err
		}
		if x.Kind != ToCorrect || !x.Open() {
			return errs.New(errs.Conflict, "seal.wish_other")
		}
		about := s.subject(f.Kind)
		var faults errs.Fields
		next := map[string]string{}
		for field := range about.Names {
			text, said := fields[field]
			if text = strings.TrimSpace(text); said {
				next[field] = text
			}
			if len([]rune(text)) > maxField {
				faults.Add(field, "seal.too_long", "N", maxField)
			}
		}
		if err := faults.Err(); err != nil {
			return err
		}
		return s.act(ctx, f.owner(), "correct", "№"+x.No, byKeeper, func(ctx context.Context) error {
			r, err := s.mine(ctx, f.owner(), record)
			if err != nil {
				return err
			}
			key, err := s.dataKey(r)
			if err != nil {
				return err
			}
			if key == nil || r.Erased != clock.Open {
				return errs.New(errs.Conflict, "seal.erased_already")
			}
			ring, err := s.keys.ring(true)
			if err != nil {
				return err
			}
			if err := s.putAll(ctx, ring, r, key, next, nil); err != nil || about.Corrected == nil {
				return err
			}
			values, err := s.store.valuesOfAcrossUnits(ctx, record)
			if err != nil {
				return err
			}
			whole, err := s.fields(r, values)
			if err != nil {
				return err
			}
			return about.Corrected(ctx, r.of(), whole)
		})
	})
}
