package base

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// rows publishes a base to the ledger: one row for each plaque that was granted, and beside it one for the days on which
// the base meets the standard as well. The ledger takes the union, so that a base counts once (R88).
func rows(ref id.Ref, b Base) ledger.Record {
	r := ledger.Record{Ref: ref, Attrs: map[string]any{
		"category":      b.Category,
		"run_mode":      string(b.RunMode),
		"top_level":     string(b.TopLevel()),
		"first_granted": string(b.FirstGranted()),
	}}
	met, ok := b.MetOn()
	for _, a := range b.Accreditations {
		if !a.Counts() { // no figure counts it; it is told of among what was left out
			r.Rows = append(r.Rows, ledger.Row{Type: "accreditation", From: max(a.AppliedOn, a.GrantedOn), Units: []id.ID{b.Host}, Attrs: map[string]any{
				"status": string(Submitted), "level": string(a.Level), "issuer": a.Issuer.key()}})
			continue
		}
		row := ledger.Row{Type: "accreditation", From: a.GrantedOn, To: b.Ends(a), Units: []id.ID{b.Host}, Attrs: map[string]any{
			"status": string(a.Status), "level": string(a.Level), "issuer": a.Issuer.key()}}
		if row.Ends = "revoked"; row.To != a.RevokedOn {
			row.Ends = "agreement"
		}
		if !clock.Covers(row.From, row.To, row.From) {
			continue // the agreement had ended before the plaque was given
		}
		r.Rows = append(r.Rows, row)
		if from := max(a.GrantedOn, met); ok && clock.Covers(from, row.To, from) {
			r.Rows = append(r.Rows, ledger.Row{Type: "standard", From: from, To: row.To, Units: row.Units, Ends: row.Ends})
		}
	}
	return r
}

// key names an issuer in a filter: a unit by its key, an outside body by its name.
func (b Body) key() string {
	if b.Unit != 0 {
		return b.Unit.String()
	}
	return b.Name
}

// source is how the ledger reads bases; the book fills in Load and Each.
func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name: ledger.Words{Zh: "阵地", En: "base"},
		Fields: map[string]any{"category": "", "run_mode": "", "top_level": "", "first_granted": "",
			"status": "", "level": "", "issuer": ""},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			recs, err := s.store.ofHostAcrossUnits(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.book.Records(ctx, recs)
		},
		Near: s.store.placed,
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.byIDsAcrossUnits(ctx, recs)
			if err != nil {
				return nil, err
			}
			out := make(map[id.ID]ledger.Description, len(list))
			category := s.categoryNames(ctx)
			for _, r := range list {
				out[r.ID] = ledger.Description{Ref: r.Ref(), Code: r.Code, Name: r.Name, Unit: r.Host, Href: "/base/" + r.Ref().String(),
					Detail: []string{category(r.Ref().Root, r.Category), levelName(ctx, r.TopLevel)}} // the day stands in a column of its own
			}
			return out, err
		},
		Label: func(ctx context.Context, breakdown, value string) string {
			switch {
			case value == "":
				return i18n.T(ctx, "base.unknown")
			case breakdown == "category":
				return s.categoryNames(ctx)(org.RootOf(scope.From(ctx).Pos), value)
			case breakdown == "run_mode":
				return i18n.T(ctx, "base.run_mode."+value)
			case breakdown == "top_level":
				return i18n.T(ctx, "base.level."+value)
			}
			return value
		},
	}
}

// categoryNames names the categories of any city in the reader's language, reading each city's list once. In Chinese
// that is how they are stored.
func (s *Service) categoryNames(ctx context.Context) func(root int64, name string) string {
	lists := map[int64][]Category{}
	return func(root int64, name string) string {
		if i18n.Lang(ctx) != "en" {
			return name
		}
		if _, read := lists[root]; !read {
			list, err := s.Categories(ctx, root)
			if err != nil {
				list = nil // a label in the other language is better than no page
			}
			lists[root] = list
		}
		if c, ok := CategoryNamed(lists[root], name); ok {
			return c.in(ctx)
		}
		return name
	}
}
