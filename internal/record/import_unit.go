package record

import (
	"context"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

type unitsKey struct{}

// rememberUnits lets UnitOf look for each unit of a table once: tables name few units in many rows, and no row of records
// changes a unit.
func rememberUnits(ctx context.Context) context.Context {
	return context.WithValue(ctx, unitsKey{}, map[[3]string]org.Unit{})
}

// UnitOf finds the unit of an imported row by code or by full name, among the unit for which the table is taken and
// those below it; a row that names none means that unit itself. Problems are at the columns unit_code and unit.
func (s *Service) UnitOf(ctx context.Context, within org.Unit, code, name string) (org.Unit, error) {
	known, _ := ctx.Value(unitsKey{}).(map[[3]string]org.Unit)
	key := [3]string{within.ID.String(), code, name}
	if u, ok := known[key]; ok {
		return u, nil
	}
	u, err := s.unitOf(ctx, within, code, name)
	if err == nil && known != nil {
		known[key] = u
	}
	return u, err
}

func (s *Service) unitOf(ctx context.Context, within org.Unit, code, name string) (org.Unit, error) {
	var f errs.Fields
	in := within.Range()
	if code != "" {
		u, err := s.org.ByCode(ctx, code)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return u, err
		}
		if err != nil || u.Pos < in.From || u.Pos >= in.To {
			f.Add("unit_code", "record.unit_unknown", "Name", code, "Within", within.Name)
		}
		return u, f.Err()
	}
	if name == "" || name == within.Name {
		return within, nil
	}
	hits, err := s.org.Search(ctx, name, 50)
	if err != nil {
		return org.Unit{}, err
	}
	var found []org.Unit
	for _, h := range hits {
		if h.Unit.Name == name && h.Unit.Pos >= in.From && h.Unit.Pos < in.To {
			found = append(found, h.Unit)
		}
	}
	switch len(found) {
	case 0:
		f.Add("unit", "record.unit_unknown", "Name", name, "Within", within.Name)
	case 1:
		return found[0], nil
	default:
		f.Add("unit", "record.unit_several", "Name", name)
	}
	return org.Unit{}, f.Err()
}

// Bodies are records as they stand, whole, for exports; the caller has kept to the reader's scope. Gone ones are left out.
func (b *Book[T]) Bodies(ctx context.Context, ids []id.ID) (map[id.ID]T, error) {
	out := make(map[id.ID]T, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 500)
		vs, err := b.s.newestOf(ctx, b.k.Name, ids[:n])
		if err != nil {
			return nil, err
		}
		for _, v := range vs {
			if v.Gone == 1 {
				continue
			}
			if out[v.ID], err = decode[T](v); err != nil {
				return nil, err
			}
		}
		ids = ids[n:]
	}
	return out, nil
}

// Before is a record as it stood before an import touched it; NotFound when the import made it. The importer has read
// the record already.
func (b *Book[T]) Before(ctx context.Context, ref id.Ref, batch id.ID) (T, error) {
	var zero T
	vs, err := b.s.versions(ctx, ref)
	if err != nil {
		return zero, err
	}
	for _, v := range vs { // the latest first
		if v.Batch != batch {
			if v.Gone == 1 {
				break
			}
			return decode[T](v)
		}
	}
	return zero, errs.New(errs.NotFound, "errs.not_found")
}
