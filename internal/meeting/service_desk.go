package meeting

import (
	"context"
	"fmt"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// desk is what meetings and decisions have in common: how one is written, done something to, shown and sent as JSON.
type desk[T any] struct {
	s      *Service
	kind   string
	path   string // /meeting
	letter string // between a unit's code and a number, in codes that are given
	book   *record.Book[T]
	acts   []act[T]

	unit   func(t T) id.ID
	code   func(t *T) *string
	name   func(t T) string
	clean  func(t T) T
	link   func(ctx context.Context, home org.Unit, t *T) error // fills in what follows from the rest
	check  func(ctx context.Context, home org.Unit, t, was T) (errs.Fields, error)
	byCode func(ctx context.Context, root int64, code string) (id.ID, error)
	ids    func(ctx context.Context, unit id.ID) ([]id.ID, error)
	shown  func(t T) T // as others than the home see it

	figures []string // that a change may move
}

// open makes the book of a desk.
func (d *desk[T]) open(k record.Kind[T], src ledger.Source) *desk[T] {
	k.Name, k.Home = d.kind, func(t T) id.ID { return d.unit(t) }
	src.OfUnit = func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
		ids, err := d.ids(ctx, unit)
		if err != nil {
			return nil, err
		}
		return d.book.Records(ctx, ids)
	}
	d.book = record.NewBook(d.s.rec, k, &src)
	return d
}

// home is the unit whose record it is, where it stands today, and whether the reader works there.
func (d *desk[T]) home(ctx context.Context, t T) (org.Unit, bool, error) {
	u, err := d.s.rec.Home(ctx, d.unit(t))
	return u, err == nil && scope.From(ctx).May(scope.Work, u.Pos), err
}

// mayHome refuses, and logs, who works at no unit but one that is invited, leads or helps.
func (d *desk[T]) mayHome(ctx context.Context, ref id.Ref, t T, act string) error {
	u, works, err := d.home(ctx, t)
	if err != nil || works {
		return err
	}
	if err := d.s.audit.Refuse(ctx, audit.Entry{Act: act, Subject: d.kind, Ref: ref, Pos: u.Pos, Unit: u.ID}); err != nil {
		return err
	}
	if ref.ID == 0 && !scope.From(ctx).May(scope.View, u.Pos) {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	return errs.New(errs.Forbidden, "record.not_your_unit", "Unit", u.Name)
}

func (d *desk[T]) create(ctx context.Context, t T, c record.Change) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "%s.create", d.kind)
	err = d.s.db.Tx(ctx, func(ctx context.Context) error {
		if err := d.book.MayCreate(ctx, t, c); err != nil {
			return err
		}
		if err := d.mayHome(ctx, ref, t, c.Act); err != nil {
			return err
		}
		u, err := d.s.org.Unit(ctx, d.unit(t))
		if err != nil {
			return err
		}
		t = d.clean(t)
		if *d.code(&t) == "" {
			if *d.code(&t), err = d.freeCode(ctx, u); err != nil {
				return err
			}
		}
		var none T
		if err := d.checked(ctx, id.Ref{Root: u.Root()}, u, &t, none); err != nil {
			return err
		}
		ref, err = d.book.Create(ctx, t, c)
		return err
	})
	return ref, err
}

// change edits a record as it was read at a version and saves it, in one transaction. The right comes first: to others the
// rules say nothing of a record. Units that are invited, lead or help may do only what may says.
func (d *desk[T]) change(ctx context.Context, ref id.Ref, version int64, c record.Change, may func(ctx context.Context, t T) (bool, error), edit func(ctx context.Context, t *T) error) error {
	return d.s.db.Tx(ctx, func(ctx context.Context) error {
		if err := d.book.MayWork(ctx, ref, c); err != nil {
			return err
		}
		was, _, err := d.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		ok := false
		if may != nil {
			if ok, err = may(ctx, was); err != nil {
				return err
			}
		}
		if !ok {
			if err := d.mayHome(ctx, ref, was, c.Act); err != nil {
				return err
			}
		}
		t, v, err := d.book.Get(ctx, ref) // a second one, so that nothing of was is edited
		if err != nil {
			return err
		}
		if v.N != version {
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		}
		if err := edit(ctx, &t); err != nil {
			return err
		}
		t = d.clean(t)
		if *d.code(&t) == "" {
			*d.code(&t) = *d.code(&was)
		}
		u, _, err := d.home(ctx, t)
		if err != nil {
			return err
		}
		if err := d.checked(ctx, ref, u, &t, was); err != nil {
			return err
		}
		return d.book.Save(ctx, ref, version, t, c)
	})
}

// save corrects a record: whatever is not one's to type is kept by edit.
func (d *desk[T]) save(ctx context.Context, ref id.Ref, version int64, t T, c record.Change) error {
	return d.change(ctx, ref, version, c, nil, func(_ context.Context, now *T) error {
		*now = t
		return nil
	})
}

// checked holds the rules, and those that need a look at what else is kept.
func (d *desk[T]) checked(ctx context.Context, ref id.Ref, u org.Unit, t *T, was T) error {
	if err := d.link(ctx, u, t); err != nil {
		return err
	}
	f, err := d.check(ctx, u, *t, was)
	if err != nil {
		return err
	}
	long(&f, "code", *d.code(t), 40)
	other, err := d.byCode(ctx, ref.Root, *d.code(t))
	switch {
	case err == nil && other != ref.ID:
		f.Add("code", "meeting.code_taken", "Code", *d.code(t))
	case err != nil && !errs.Is(err, errs.NotFound):
		return err
	}
	return f.Err()
}

// freeCode numbers a unit's records: the unit's code, letters, and the next number that nobody has.
func (d *desk[T]) freeCode(ctx context.Context, u org.Unit) (string, error) {
	have, err := d.ids(ctx, u.ID)
	if err != nil {
		return "", err
	}
	for n := len(have) + 1; ; n++ {
		code := fmt.Sprintf("%s-%s%02d", u.Code, d.letter, n)
		if _, err := d.byCode(ctx, u.Root(), code); errs.Is(err, errs.NotFound) {
			return code, nil
		} else if err != nil {
			return "", err
		}
	}
}

// get reads a record as its reader may see it; NotFound outside the reader's view.
func (d *desk[T]) get(ctx context.Context, ref id.Ref) (T, record.Version, error) {
	t, v, err := d.book.Get(ctx, ref)
	if err != nil {
		return t, v, err
	}
	u, _, err := d.home(ctx, t)
	if err == nil && !scope.From(ctx).May(scope.View, u.Pos) {
		t = d.shown(t)
	}
	return t, v, err
}

// Change is what a person gives with an act: the version that was seen, and a reason where one is asked for.
type Change struct {
	Version int64
	Reason  string
	Batch   id.ID
}

func (c Change) record(act string) record.Change {
	return record.Change{Act: act, Reason: c.Reason, Batch: c.Batch}
}

// reason refuses a change without one.
func (c Change) reason() error {
	var f errs.Fields
	if c.Reason == "" {
		f.Add("reason", "meeting.reason_missing")
	}
	return f.Err()
}

// day is the day that was given, today without one.
func day(ctx context.Context, d clock.Day) clock.Day {
	if d == "" {
		return clock.Today(ctx)
	}
	return d
}
