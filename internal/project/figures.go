package project

import (
	"context"
	"strconv"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

// source publishes contracts to the ledger; the book fills in how they are read.
func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "合同", En: "contract"},
		Fields: map[string]any{"status": "", "kind": "", "amount_fen": int64(0)},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.idsOf(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.book.Records(ctx, ids)
		},
		Near: s.placed,
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.byIDs(ctx, recs)
			if err != nil {
				return nil, err
			}
			out := make(map[id.ID]ledger.Description, len(list))
			for _, l := range list {
				out[l.ID] = ledger.Description{Ref: l.Ref(), Code: l.Number, Name: l.Name(), Unit: l.Unit, Href: "/project/" + l.Ref().String(),
					Detail: []string{kindName(ctx, l.Kind)}}
			}
			return out, nil
		},
		Label: func(ctx context.Context, _, value string) string { return kindName(ctx, Kind(value)) },
	}
}

// rows publishes a contract: its signing by the deciding version, and each receipt, at every reporter. The state goes
// with both, because money of a void contract is not money won.
func rows(ref id.Ref, c Contract) ledger.Record {
	d, units := c.Deciding(), c.Units()
	r := ledger.Record{Ref: ref, Attrs: map[string]any{"kind": string(d.Kind)}}
	r.Rows = append(r.Rows, ledger.Row{Type: "signing", From: d.SignedOn, Units: units, Attrs: map[string]any{"status": string(d.Status), "amount_fen": d.AmountFen}})
	for _, x := range c.Receipts {
		r.Rows = append(r.Rows, ledger.Row{Type: "receipt", From: x.Day, Units: units, Attrs: map[string]any{"status": string(d.Status), "amount_fen": x.AmountFen}})
	}
	return r
}

func kindName(ctx context.Context, k Kind) string {
	if i18n.Has(ctx, "project.kind."+string(k)) {
		return i18n.T(ctx, "project.kind."+string(k))
	}
	return string(k)
}

// money writes an amount with its unit: 6万元, 86.4元.
func money(ctx context.Context, fen int64) string {
	n, unit := ui.Money(i18n.Lang(ctx), fen)
	if i18n.Lang(ctx) == "en" {
		return n + " " + unit
	}
	return n + unit
}

// facts says a contract in words for its history.
func (s *Service) facts(ctx context.Context, c Contract) []record.Fact {
	out := []record.Fact{{Key: "project.number", Text: c.Number}, {Key: "project.title_of", Text: c.Title}, {Key: "project.purchaser", Text: c.Purchaser},
		{Key: "project.provider", Text: c.Provider}, {Key: "project.audience", Text: c.Audience}, {Key: "project.served_by", Text: i18n.Day(ctx, c.ServedBy)},
		{Key: "project.note", Text: c.Note}}
	if len(c.Reports) == 0 {
		return out
	}
	d := c.Deciding()
	units, err := s.org.ByIDs(ctx, c.Units())
	names := ""
	if err == nil {
		for i, u := range c.Units() {
			if i > 0 {
				names += i18n.T(ctx, "project.comma")
			}
			names += units[u].Name
		}
	}
	received := ""
	if len(c.Receipts) > 0 {
		received = i18n.T(ctx, "project.received_n", "Money", money(ctx, c.Received()), "N", len(c.Receipts))
	}
	return append(out, record.Fact{Key: "project.kind", Text: kindName(ctx, d.Kind)}, record.Fact{Key: "project.signed_on", Text: i18n.Day(ctx, d.SignedOn)},
		record.Fact{Key: "project.amount", Text: money(ctx, d.AmountFen)}, record.Fact{Key: "project.status", Text: i18n.T(ctx, "project.status."+string(d.Status))},
		record.Fact{Key: "project.version", Text: strconv.FormatInt(d.Version, 10)}, record.Fact{Key: "project.reporters", Text: names},
		record.Fact{Key: "project.received", Text: received})
}
