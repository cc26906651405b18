package guarantee

import (
	"context"
	"strconv"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

func (s *Service) yearSource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "保障机制年度记录", En: "Mechanisms of a year"},
		Fields: map[string]any{"point": "", "mechanism": "", "asked": int64(0), "held": int64(0), "mechanisms": int64(0), "inclusions_asked": int64(0), "inclusions": int64(0)},
		OfUnit: ofUnit(s.store.idsOfUnit("guarantee_year"), func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.years.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.yearsByIDs(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Ref().String(), Name: i18n.T(ctx, "guarantee.year_of", "Year", l.Year), Unit: l.Unit, Href: path(l.Ref())}
			}
			return out, err
		},
	}
}

func (s *Service) standardSource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "保障机制标准", En: "Standard of mechanisms"},
		OfUnit: ofUnit(s.store.idsOfUnit("guarantee_standard"), func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.standards.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.standardsByIDsAcrossUnits(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.ref(), Code: l.ref().String(), Name: strconv.Itoa(l.First), Unit: l.Unit, Href: standardPath(l.ref())}
			}
			return out, err
		},
	}
}

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

func path(ref id.Ref) string         { return "/guarantee/" + ref.String() }
func standardPath(ref id.Ref) string { return "/guarantee-standard/" + ref.String() }

func budgetPath(ref id.Ref) string  { return "/budget/" + ref.String() }
func revenuePath(ref id.Ref) string { return "/revenue/" + ref.String() }
func shouldPath(ref id.Ref) string  { return "/should/" + ref.String() }

func (s *Service) budgetSource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "经费", En: "Money"},
		Fields: map[string]any{"amount_fen": int64(0), "source": "", "in_budget": false},
		OfUnit: ofUnit(s.store.idsOfUnit("guarantee_budget"), func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.budgets.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.budgetsByIDs(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Ref().String(), Name: lineName(ctx, l.Year, l.Source), Unit: l.Unit, Href: budgetPath(l.Ref())}
			}
			return out, err
		},
		Label: func(ctx context.Context, breakdown, value string) string {
			if breakdown == "source" {
				return i18n.T(ctx, "guarantee.source."+value)
			}
			return value
		},
	}
}

func (s *Service) revenueSource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "财政收入", En: "Fiscal revenue"},
		Fields: map[string]any{"amount_fen": int64(0)},
		OfUnit: ofUnit(s.store.idsOfUnit("guarantee_revenue"), func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.revenues.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.revenuesByIDs(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Ref().String(), Name: i18n.T(ctx, "guarantee.revenue_of", "Year", l.Year), Unit: l.Unit, Href: revenuePath(l.Ref())}
			}
			return out, err
		},
	}
}

func (s *Service) shouldSource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "应建组织的单位", En: "Those that should have a committee"},
		Fields: map[string]any{"kind": ""},
		OfUnit: ofUnit(s.store.idsOfUnit("guarantee_should"), func(ctx context.Context, ids []id.ID) ([]ledger.Record, error) { return s.shoulds.Records(ctx, ids) }),
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.shouldByIDs(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Ref().String(), Name: l.Name, Unit: l.Unit, Href: shouldPath(l.Ref())}
			}
			return out, err
		},
		Label: func(ctx context.Context, breakdown, value string) string {
			if breakdown == "kind" {
				return i18n.T(ctx, "guarantee.kind."+value)
			}
			return value
		},
	}
}
