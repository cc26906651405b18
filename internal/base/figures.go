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
		if !a.Counts() {
			continue
		}
		row := ledger.Row{Type: "accreditation", From: a.GrantedOn, To: b.Ends(a), Units: []id.ID{b.Host}, Attrs: map[string]any{
			"status": string(a.Status), "level": string(a.Level), "issuer": a.Issuer.key()}}
		if !clock.Covers(row.From, row.To, row.From) {
			continue // the agreement had ended before the plaque was given
		}
		r.Rows = append(r.Rows, row)
		if from := max(a.GrantedOn, met); ok && clock.Covers(from, row.To, from) {
			r.Rows = append(r.Rows, ledger.Row{Type: "standard", From: from, To: row.To, Units: row.Units})
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
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.byIDsAcrossUnits(ctx, recs)
			if err != nil {
				return nil, err
			}
			out := make(map[id.ID]ledger.Description, len(list))
			names := map[int64]func(string) string{}
			for _, r := range list {
				if names[r.Ref().Root] == nil {
					names[r.Ref().Root] = s.categoryWords(ctx, r.Ref().Root)
				}
				out[r.ID] = ledger.Description{Ref: r.Ref(), Code: r.Code, Name: r.Name, Unit: r.Host, Href: "/base/" + r.Ref().String(),
					Detail: []string{names[r.Ref().Root](r.Category), levelName(ctx, r.TopLevel), string(r.LastGranted)}}
			}
			return out, err
		},
		Label: func(ctx context.Context, breakdown, value string) string {
			switch {
			case value == "":
				return i18n.T(ctx, "base.unknown")
			case breakdown == "category":
				return s.categoryWords(ctx, org.RootOf(scope.From(ctx).Pos))(value)
			case breakdown == "run_mode":
				return i18n.T(ctx, "base.run_mode."+value)
			case breakdown == "top_level":
				return i18n.T(ctx, "base.level."+value)
			}
			return value
		},
	}
}

// categoryWords names the categories of a root in the reader's language. In Chinese that is how they are stored.
func (s *Service) categoryWords(ctx context.Context, root int64) func(name string) string {
	same := func(name string) string { return name }
	if i18n.Lang(ctx) != "en" {
		return same
	}
	list, err := s.Categories(ctx, root)
	if err != nil {
		return same // a label in the other language is better than no page
	}
	return func(name string) string {
		if c, ok := CategoryNamed(list, name); ok {
			return c.in(ctx)
		}
		return name
	}
}
