package assess

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// Kind is the record kind of adoptions, in the ledger as in histories; KindProgramme that of programmes, which count
// nothing.
const (
	Kind          = "reform"
	KindProgramme = "programme"
)

// rows publishes an adoption: one row for each period, and one while it waits for acceptance, which no figure of what
// is accepted counts (R151).
func rows(_ id.Ref, a Adoption) ledger.Record {
	var out ledger.Record
	row := func(status Status, from, to clock.Day) {
		ends := "revoked"
		if end := clock.MinEnd(to, a.UnitEnds); end != to {
			to, ends = end, "unit"
		}
		if to != clock.Open && to <= from {
			return
		}
		out.Rows = append(out.Rows, ledger.Row{Type: "adoption", From: from, To: to, Units: []id.ID{a.Unit}, Ends: ends,
			Attrs: map[string]any{"status": string(status), "main": a.Main, "level": string(a.Level)}})
	}
	for _, p := range a.Periods {
		if p.AdoptedOn != clock.Open && p.AdoptedOn != p.RevokedOn {
			status := p.Status
			if status == Submitted {
				status = Accepted
			}
			row(status, p.AdoptedOn, p.RevokedOn)
		}
	}
	if a.SubmittedOn != clock.Open {
		end := clock.Open
		for _, p := range a.Periods {
			if p.AdoptedOn >= a.SubmittedOn {
				end = p.AdoptedOn
				break
			}
		}
		if end != a.SubmittedOn {
			row(Submitted, a.SubmittedOn, end)
		}
	}
	return out
}

func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "改革工作模式的建立", En: "Adoption of a reform model"},
		Fields: map[string]any{"status": "", "main": false, "level": ""},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.idsOfUnit(ctx, unit)
			if err != nil || len(ids) == 0 {
				return nil, err
			}
			return s.adoptions.Records(ctx, ids)
		},
		Near:     s.store.placed,
		Describe: s.describe,
		Label: func(ctx context.Context, breakdown, value string) string {
			if key := "assess.status." + value; breakdown == "status" && i18n.Has(ctx, key) {
				return i18n.T(ctx, key)
			}
			return value
		},
	}
}

// describe names adoptions by their unit: whoever reads the evidence looks for the township.
func (s *Service) describe(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
	list, err := s.store.described(ctx, recs)
	if err != nil {
		return nil, err
	}
	units := make([]id.ID, len(list))
	for i, r := range list {
		units[i] = r.Unit
	}
	names, err := s.org.ByIDs(ctx, units)
	if err != nil {
		return nil, err
	}
	out := map[id.ID]ledger.Description{}
	for _, r := range list {
		u := names[r.Unit]
		out[r.ID] = ledger.Description{Ref: r.ref(), Code: u.Code, Name: u.Name, Unit: r.Unit, Href: "/reform/" + r.ref().String()}
	}
	return out, nil
}

func (s *Service) describeProgrammes(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
	list, err := s.store.describedProgrammes(ctx, recs)
	out := map[id.ID]ledger.Description{}
	for _, r := range list {
		out[r.ID] = ledger.Description{Ref: r.ref(), Code: r.Code, Name: r.Name, Unit: r.Owner, Href: "/reform/programme/" + r.ref().String()}
	}
	return out, err
}
