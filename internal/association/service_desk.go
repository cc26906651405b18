package association

import (
	"context"
	"fmt"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// desk is what the three kinds of record have in common: how one is written, listed, shown, sent as JSON and taken from a
// table. What differs are its fields and a few functions.
type desk[T any] struct {
	s      *Service
	kind   string
	path   string // /association
	api    string // /api/v1/associations
	letter string // between a unit's code and a number, in codes that are given
	book   *record.Book[T]
	fields []field[T]
	placed bool // the unit is typed in the form, within the one whose page it is

	unit    func(t *T) *id.ID
	code    func(t *T) *string
	name    func(t T) string
	clean   func(t *T)
	check   func(ctx context.Context, t T, f *errs.Fields) error // rules, and those that need a look at what else is kept
	link    func(ctx context.Context, t *T) error                // fills in what follows from the rest
	homes   func(t T) []id.ID
	line    func(ref id.Ref, t T) Listed
	rows    func(ref id.Ref, t T) ledger.Record
	source  ledger.Source
	more    func(ctx context.Context, t T) []record.Fact // of what no field holds
	tags    func(ctx context.Context, t T, day clock.Day) []ui.Mark
	parts   func(ctx context.Context, ref id.Ref, t T, u org.Unit, day clock.Day) ([]section, error)
	acts    func(t T) []string // acts of its own, offered on its page
	figures []string           // that a change may move
}

// field is one thing of a record as forms ask for it, tables hold it and histories tell of it; exactly one of the
// accessors is set.
type field[T any] struct {
	key      string // of the input and the column; its label is association.f.{key}
	titles   []string
	kind     ui.Kind
	optional bool
	hint     bool // association.hint.{key} stands beside it
	required bool // of a table
	max      int
	choices  []string // their texts are association.{key}.{choice}

	text        func(t *T) *string
	day         func(t *T) *clock.Day
	num         func(t *T) *int64
	unit        func(t *T) *id.ID  // a committee at or above the record's unit
	association func(t *T) *id.Ref // one beside a committee at or above the record's unit
}

// open makes the book of a desk and offers it for import.
func (d *desk[T]) open() *desk[T] {
	d.source.OfUnit = func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
		ids, err := d.s.idsOf(ctx, d.kind, unit)
		if err != nil {
			return nil, err
		}
		return d.book.Records(ctx, ids)
	}
	d.source.Near = func(ctx context.Context, within scope.Set, limit int) ([]id.ID, error) {
		return d.s.store.placed(ctx, d.kind, within, limit)
	}
	d.source.Describe = d.describe
	d.source.Label = d.s.label
	k := record.Kind[T]{Name: d.kind, Home: func(t T) id.ID { return *d.unit(&t) }, Put: d.keep, Rows: d.rows, Facts: d.facts}
	if d.homes != nil {
		k.Homes = d.homes
	}
	d.book = record.NewBook(d.s.rec, k, &d.source)
	d.s.rec.AddImporter(d.importer())
	return d
}

func (d *desk[T]) describe(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
	list, err := d.s.byIDs(ctx, recs)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]ledger.Description, len(list))
	for _, l := range list {
		out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Code, Name: l.Name, Unit: l.Unit, Href: d.path + "/" + l.Ref().String()}
	}
	return out, nil
}

func (d *desk[T]) keep(ctx context.Context, ref id.Ref, t T, gone bool) error {
	u, err := d.s.rec.Home(ctx, *d.unit(&t))
	if err != nil {
		return err
	}
	l := d.line(ref, t)
	l.Root, l.ID, l.Kind, l.Unit, l.Pos, l.Code = ref.Root, ref.ID, d.kind, *d.unit(&t), u.Pos, *d.code(&t)
	return d.s.put(ctx, l, gone)
}

func (d *desk[T]) create(ctx context.Context, t T, c record.Change) (ref id.Ref, err error) {
	err = d.s.db.Tx(ctx, func(ctx context.Context) error {
		d.clean(&t)
		if err := d.link(ctx, &t); err != nil {
			return err
		}
		if err := d.book.MayCreate(ctx, t, c); err != nil {
			return err
		}
		u, err := d.s.org.Unit(ctx, *d.unit(&t))
		if err != nil {
			return err
		}
		if *d.code(&t) == "" {
			if *d.code(&t), err = d.freeCode(ctx, u); err != nil {
				return err
			}
		}
		if err := d.checked(ctx, id.Ref{Root: u.Root()}, t); err != nil {
			return err
		}
		ref, err = d.book.Create(ctx, t, c)
		return err
	})
	return ref, err
}

func (d *desk[T]) save(ctx context.Context, ref id.Ref, version int64, t T, c record.Change) error {
	return d.s.db.Tx(ctx, func(ctx context.Context) error {
		if err := d.book.MayWork(ctx, ref, c); err != nil { // before what was typed is looked at
			return err
		}
		d.clean(&t)
		if err := d.link(ctx, &t); err != nil {
			return err
		}
		if err := d.checked(ctx, ref, t); err != nil {
			return err
		}
		return d.book.Save(ctx, ref, version, t, c)
	})
}

// change saves a record with one thing about it different.
func (d *desk[T]) change(ctx context.Context, ref id.Ref, version int64, c record.Change, edit func(t *T) error) error {
	return d.s.db.Tx(ctx, func(ctx context.Context) error {
		t, _, err := d.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		if err := d.book.MayWork(ctx, ref, c); err != nil {
			return err
		}
		if err := edit(&t); err != nil {
			return err
		}
		return d.save(ctx, ref, version, t, c)
	})
}

func (d *desk[T]) checked(ctx context.Context, ref id.Ref, t T) error {
	var f errs.Fields
	other, err := d.s.AcrossUnitsByCode(ctx, ref.Root, d.kind, *d.code(&t))
	switch {
	case err == nil && other.ID != ref.ID:
		f.Add("code", "association.code_taken", "Code", *d.code(&t))
	case err != nil && !errs.Is(err, errs.NotFound):
		return err
	}
	long(&f, "code", *d.code(&t), 40)
	for _, x := range d.fields {
		if x.text != nil && x.max > 0 {
			long(&f, x.key, *x.text(&t), x.max)
		}
	}
	if err := d.check(ctx, t, &f); err != nil {
		return err
	}
	return f.Err()
}

// freeCode numbers a unit's records: the unit's code, letters, and the next number that nobody has.
func (d *desk[T]) freeCode(ctx context.Context, u org.Unit) (string, error) {
	have, err := d.s.idsOf(ctx, d.kind, u.ID)
	if err != nil {
		return "", err
	}
	for n := len(have) + 1; ; n++ {
		code := fmt.Sprintf("%s-%s%02d", u.Code, d.letter, n)
		if _, err := d.s.AcrossUnitsByCode(ctx, u.Root(), d.kind, code); errs.Is(err, errs.NotFound) {
			return code, nil
		} else if err != nil {
			return "", err
		}
	}
}

// Page is a page of a list.
type Page struct {
	Records []Listed
	Total   int64
	Rest    int64 // rows after this page
}

// page reads a unit's subtree, from the row after (pos, code) on.
func (d *desk[T]) page(ctx context.Context, u org.Unit, f Filter, pos int64, code string, limit int) (p Page, err error) {
	where, args := f.where(d.kind, scope.From(ctx).ViewSet, u.Range())
	err = d.s.db.Read(ctx, func(ctx context.Context) error {
		if p.Total, err = d.s.count(ctx, where, args); err != nil {
			return err
		}
		if p.Records, err = d.s.list(ctx, where, args, pos, code, limit+1); err != nil || len(p.Records) <= limit {
			return err
		}
		p.Records = p.Records[:limit]
		last := p.Records[limit-1]
		n := len(args)
		p.Rest, err = d.s.count(ctx, fmt.Sprintf("%s AND (pos > $%d OR pos = $%d AND code > $%d)", where, n+1, n+1, n+2), append(args, last.Pos, last.Code))
		return err
	})
	return p, err
}

// value is a field in words; "" when there is nothing to say.
func (d *desk[T]) value(ctx context.Context, x field[T], t *T) string {
	switch {
	case x.text != nil && len(x.choices) > 0:
		if *x.text(t) == "" {
			return ""
		}
		return i18n.T(ctx, "association."+x.key+"."+*x.text(t))
	case x.text != nil:
		return *x.text(t)
	case x.day != nil:
		return i18n.Day(ctx, *x.day(t))
	case x.num != nil && *x.num(t) != 0:
		return strconv.FormatInt(*x.num(t), 10)
	case x.unit != nil:
		return d.s.unitName(ctx, *x.unit(t))
	case x.association != nil:
		return d.s.name(ctx, *x.association(t))
	}
	return ""
}

// facts says a record in words for its history.
func (d *desk[T]) facts(ctx context.Context, t T) []record.Fact {
	out := []record.Fact{{Key: "association.f.code", Text: *d.code(&t)}, {Key: "association.f.unit", Text: d.s.unitName(ctx, *d.unit(&t))}}
	for _, x := range d.fields {
		out = append(out, record.Fact{Key: "association.f." + x.key, Text: d.value(ctx, x, &t)})
	}
	if d.more != nil {
		out = append(out, d.more(ctx, t)...)
	}
	return out
}

// toWork reads a record for a form; the right to work is asked when it is shown, so that nobody types in vain.
func (d *desk[T]) toWork(ctx context.Context, ref id.Ref, act string) (T, record.Version, org.Unit, error) {
	t, v, err := d.book.Get(ctx, ref)
	if err != nil {
		return t, v, org.Unit{}, err
	}
	if err := d.book.MayWork(ctx, ref, record.Change{Act: "association.act." + act}); err != nil {
		return t, v, org.Unit{}, err
	}
	u, err := d.s.rec.Home(ctx, *d.unit(&t))
	return t, v, u, err
}

// works tells whether the reader may work on a record that is shown.
func (d *desk[T]) works(ctx context.Context, t T) (bool, error) {
	list := []id.ID{*d.unit(&t)}
	if d.homes != nil {
		list = d.homes(t)
	}
	for _, h := range list {
		u, err := d.s.rec.Home(ctx, h)
		if err != nil {
			return false, err
		}
		if scope.From(ctx).May(scope.Work, u.Pos) {
			return true, nil
		}
	}
	return false, nil
}
