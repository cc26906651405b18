package ledger

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// units is the source of the record kind "unit": figures of units live here, because org does not know the ledger.
func (s *Service) units() *Source {
	record := func(u unitRow) Record {
		return Record{Ref: id.Ref{ID: u.Unit}, Rows: []Row{{Type: "unit", From: clock.DayOfInt(u.From), To: clock.DayOfInt(u.To), Units: []id.ID{u.Unit},
			Attrs: map[string]any{"level": u.Level, "kind": u.Kind}}}}
	}
	return &Source{
		Kind:   "unit",
		Name:   Words{Zh: "单位", En: "unit"},
		Fields: map[string]any{"level": "", "kind": ""},
		Label: func(ctx context.Context, _, value string) string {
			if key := "ledger.unit_kind." + value; i18n.Has(ctx, key) {
				return i18n.T(ctx, key)
			}
			return value
		},
		Load: func(ctx context.Context, recs []id.ID) ([]Record, error) {
			t, err := s.nodes(ctx, recs)
			if err != nil {
				return nil, err
			}
			var out []Record
			for _, u := range recs {
				n := t[u]
				out = append(out, record(unitRow{Unit: u, Level: n.level, Kind: n.kind, From: n.from.Int(), To: n.to.Int()}))
			}
			return out, nil
		},
		Each: func(ctx context.Context, f func(Record) error) error {
			for after := id.ID(0); ; {
				us, err := s.eachUnit(ctx, after, 1000)
				if err != nil || len(us) == 0 {
					return err
				}
				for _, u := range us {
					if err := f(record(u)); err != nil {
						return err
					}
				}
				after = us[len(us)-1].Unit
			}
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]Description, error) {
			us, err := s.org.ByIDs(ctx, recs)
			if err != nil {
				return nil, err
			}
			out := map[id.ID]Description{}
			for _, u := range us {
				out[u.ID] = Description{Code: u.Code, Name: u.Name, Unit: u.ID, Href: "/unit/" + u.ID.String(), Ref: id.Ref{Root: org.RootOf(u.Pos), ID: u.ID}}
			}
			return out, nil
		},
	}
}
