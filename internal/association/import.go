package association

import (
	"context"
	"math"
	"reflect"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/record"
)

// importer takes a desk's records from a table; what was exported comes in again without change. What stands in an
// association's lists (charter, council, counts, inspections) is kept on its page and not in the table.
func (d *desk[T]) importer() *record.Importer {
	return &record.Importer{Kind: d.kind, Title: "association.title." + d.kind, Back: d.path, Current: "association", Columns: d.columns, Take: d.take, Export: d.export}
}

func (d *desk[T]) columns(ctx context.Context) []table.Column {
	out := []table.Column{
		{Key: "code", Titles: sorted(ctx, []string{"编号", "Code"}), Width: 16},
		{Key: "unit_code", Titles: sorted(ctx, []string{"单位代码", "Unit code"}), Width: 14},
		{Key: "unit", Titles: sorted(ctx, []string{"单位", "Unit", "所属单位", "乡镇", "乡镇（街道）"}), Width: 16},
	}
	for _, x := range d.fields {
		c := table.Column{Key: x.key, Titles: sorted(ctx, x.titles), Required: x.required, Width: 16}
		switch {
		case x.day != nil:
			c.Kind = table.Day
		case x.num != nil:
			c.Kind = table.Int
		case len(x.choices) > 0:
			c.Kind = table.Choice
			for _, k := range x.choices {
				c.Choices = append(c.Choices, table.Option{Key: k, Titles: []string{i18n.T(ctx, "association."+x.key+"."+k), k}})
			}
		}
		out = append(out, c)
	}
	return out
}

// sorted puts the reader's title first: it is the one that is written. The English one begins with a capital letter.
func sorted(ctx context.Context, titles []string) []string {
	out := slices.Clone(titles)
	if i18n.Lang(ctx) == "en" {
		if i := slices.IndexFunc(out, func(s string) bool { return s[0] >= 'A' && s[0] <= 'Z' }); i > 0 {
			out[0], out[i] = out[i], out[0]
		}
	}
	return out
}

// take writes one row: a row about a record that is known corrects it (empty cells keep what is there), any other is new.
func (d *desk[T]) take(ctx context.Context, within org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	at, err := d.s.rec.UnitOf(ctx, within, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	ref, was, v, err := d.rowsRecord(ctx, within, at, row)
	known := err == nil
	if err != nil && !errs.Is(err, errs.NotFound) {
		return "", "", err
	}
	if known && v.Batch != 0 && v.Batch == c.Batch {
		var f errs.Fields
		f.Add("code", "association.twice", "Name", d.name(was))
		return "", "", f.Err()
	}
	t := was
	if !known || row["unit"].Set || row["unit_code"].Set {
		*d.unit(&t) = at.ID
	}
	if row["code"].Set {
		*d.code(&t) = row["code"].Text
	}
	if err := d.fill(ctx, at, &t, row); err != nil {
		return "", "", err
	}
	if !known {
		ref, err := d.create(ctx, t, c)
		if err != nil {
			return "", "", err
		}
		t, _, err = d.book.Get(ctx, ref)
		return *d.code(&t), record.Added, err
	}
	d.clean(&t)
	if err := d.link(ctx, &t); err != nil {
		return "", "", err
	}
	if reflect.DeepEqual(t, was) {
		return *d.code(&was), record.Same, nil
	}
	return *d.code(&was), record.Changed, d.save(ctx, ref, v.N, t, c)
}

// rowsRecord finds the record that a row is about: by its code or, as lists of a committee's own have none, by unit, name
// and first day.
func (d *desk[T]) rowsRecord(ctx context.Context, within, at org.Unit, row map[string]table.Value) (ref id.Ref, t T, v record.Version, err error) {
	var found []Listed
	if code := row["code"].Text; code != "" {
		l, err := d.s.AcrossUnitsByCode(ctx, within.Root(), d.kind, code)
		if err != nil {
			return ref, t, v, err
		}
		found = []Listed{l}
	} else {
		var fresh T
		*d.unit(&fresh) = at.ID
		if err := d.fill(ctx, at, &fresh, row); err != nil {
			return ref, t, v, err
		}
		d.clean(&fresh)
		want := d.line(id.Ref{}, fresh)
		all, err := d.s.alike(ctx, d.kind, at.ID, want.Name)
		if err != nil {
			return ref, t, v, err
		}
		for _, l := range all {
			if l.From == want.From && l.Association == want.Association {
				found = append(found, l)
			}
		}
	}
	if len(found) == 0 {
		return ref, t, v, errs.New(errs.NotFound, "errs.not_found")
	}
	t, v, err = d.book.Get(ctx, found[0].Ref())
	return found[0].Ref(), t, v, err
}

// fill takes over a row's cells.
func (d *desk[T]) fill(ctx context.Context, at org.Unit, t *T, row map[string]table.Value) error {
	var f errs.Fields
	for _, x := range d.fields {
		cell := row[x.key]
		if !cell.Set {
			continue
		}
		switch {
		case x.text != nil:
			*x.text(t) = cell.Over(*x.text(t))
		case x.day != nil:
			*x.day(t) = clock.Day(cell.Text)
		case x.num != nil:
			*x.num(t) = cell.Num
		case x.unit != nil:
			up, err := d.s.org.Ancestors(ctx, at.ID, clock.Today(ctx))
			if err != nil {
				return err
			}
			i := slices.IndexFunc(up, func(u org.Unit) bool { return u.Code == cell.Text || u.Name == cell.Text })
			if i < 0 {
				f.Add(x.key, "association.task_not_above")
				continue
			}
			*x.unit(t) = up[i].ID
		case x.association != nil:
			list, err := d.s.Beside(ctx, at, clock.Today(ctx))
			if err != nil {
				return err
			}
			i := slices.IndexFunc(list, func(a people.Association) bool { return a.Code == cell.Text || a.Name == cell.Text })
			if i < 0 {
				f.Add(x.key, "association.association_far")
				continue
			}
			*x.association(t) = list[i].Ref
		}
	}
	return f.Err()
}

// export writes the records of a unit's subtree in the order of the list.
func (d *desk[T]) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	p, err := d.page(ctx, u, Filter{}, -1, "", math.MaxInt32)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(p.Records))
	for i, l := range p.Records {
		ids[i] = l.ID
	}
	bodies, err := d.book.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	units, err := d.s.unitsOf(ctx, p.Records)
	if err != nil {
		return err
	}
	codes := map[id.Ref]string{}
	for _, k := range ids {
		t := bodies[k]
		at := units[*d.unit(&t)]
		row := []table.Value{table.OfText(*d.code(&t)), table.OfText(at.Code), table.OfText(at.Name)}
		for _, x := range d.fields {
			cell := table.Value{}
			switch {
			case x.text != nil && len(x.choices) > 0:
				cell = table.OfChoice(*x.text(&t))
			case x.text != nil:
				cell = table.OfText(*x.text(&t))
			case x.day != nil:
				cell = table.OfDay(string(*x.day(&t)))
			case x.num != nil && *x.num(&t) != 0:
				cell = table.OfInt(*x.num(&t))
			case x.unit != nil && *x.unit(&t) != 0:
				above, err := d.s.org.Unit(ctx, *x.unit(&t))
				if err != nil {
					return err
				}
				cell = table.OfText(above.Code)
			case x.association != nil && x.association(&t).ID != 0:
				ref := *x.association(&t)
				if _, ok := codes[ref]; !ok {
					list, err := d.s.Named(ctx, []id.Ref{ref})
					if err != nil {
						return err
					}
					codes[ref] = ""
					if len(list) > 0 {
						codes[ref] = list[0].Code
					}
				}
				cell = table.OfText(codes[ref])
			}
			row = append(row, cell)
		}
		if err := yield(row); err != nil {
			return err
		}
	}
	return nil
}
