package plan

import (
	"context"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

func path(ref id.Ref) string        { return "/plan/" + ref.String() }
func itemPath(ref id.Ref) string    { return "/plan/item/" + ref.String() }
func centralPath(ref id.Ref) string { return "/central/" + ref.String() }

// ofUnit reads the records of a unit, for when it moves or ends.
func ofUnit(ids func(ctx context.Context, unit id.ID) ([]id.ID, error), records func(ctx context.Context, ids []id.ID) ([]ledger.Record, error)) func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
	return func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
		list, err := ids(ctx, unit)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		return records(ctx, list)
	}
}

func (s *Service) planSource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "年度计划", En: "Yearly plan"},
		Fields: map[string]any{},
		OfUnit: ofUnit(s.store.idsOfUnit, func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.plans.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.byIDs(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Ref().String(), Name: l.Title, Unit: l.Unit, Href: path(l.Ref())}
			}
			return out, err
		},
	}
}

func (s *Service) itemSource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "计划事项", En: "Item of a plan"},
		Fields: map[string]any{"kind": "", "duty": "", "budget_fen": int64(0), "work": "", "task": ""},
		OfUnit: ofUnit(s.store.itemIDsOfUnit, func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.items.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.itemsByIDs(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Ref().String(), Name: l.Title, Unit: l.Unit, Href: itemPath(l.Ref())}
			}
			return out, err
		},
		Label: func(ctx context.Context, breakdown, value string) string {
			switch breakdown {
			case "kind":
				return i18n.T(ctx, "plan.kind."+value)
			case "work":
				return i18n.T(ctx, "plan.work."+value)
			case "task":
				if ref, err := id.ParseRef(value); err == nil {
					if list, err := s.CentralNamed(ctx, []id.Ref{ref}); err == nil && len(list) == 1 {
						return list[0].Name
					}
				}
			}
			return value
		},
	}
}

func (s *Service) centralSource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "中心任务", En: "Central task"},
		Fields: map[string]any{"civic": false},
		OfUnit: ofUnit(s.store.centralIDsOfUnit, func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.central.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.centralByIDsAcrossUnits(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Ref().String(), Name: l.Name, Unit: l.Unit, Href: centralPath(l.Ref())}
			}
			return out, err
		},
	}
}
