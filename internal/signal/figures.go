package signal

import (
	"context"
	"slices"
	"strconv"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

// rows publishes the items and nothing else.
func rows(ref id.Ref, p Published) ledger.Record {
	out := ledger.Record{Ref: ref}
	for _, i := range p.Items {
		out.Rows = append(out.Rows, ledger.Row{Type: "raised", From: p.Month.Last(), Units: []id.ID{p.Unit}, Attrs: map[string]any{"n": i.N, "topic": i.Topic}})
	}
	return out
}

func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "问题信号", En: "problem signals"},
		Fields: map[string]any{"n": int64(0), "topic": ""},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.ofUnitAcrossUnits(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.published.Records(ctx, ids)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.byIDsAcrossUnits(ctx, recs)
			if err != nil {
				return nil, err
			}
			units := make([]id.ID, len(list))
			for i, x := range list {
				units[i] = x.Unit
			}
			names, err := s.org.ByIDs(ctx, units)
			if err != nil {
				return nil, err
			}
			out := make(map[id.ID]ledger.Description, len(list))
			for _, x := range list {
				out[x.ID] = ledger.Description{Ref: id.Ref{Root: x.Root, ID: x.ID}, Code: string(x.Month), Name: i18n.T(ctx, "signal.of_unit", "Unit", names[x.Unit].Name, "Month", monthText(ctx, x.Month)),
					Unit: x.Unit, Href: pageAt(x.Unit, x.Month)}
			}
			return out, nil
		},
		Label: func(ctx context.Context, _, value string) string { return topicText(ctx, value) },
	}
}

// nothing is the ledger's source of what is reported: it holds no row, ever.
func (s *Service) nothing() *ledger.Source {
	return &ledger.Source{
		Name: ledger.Words{Zh: "问题信号月报", En: "monthly report of problem signals"}, Fields: map[string]any{},
		OfUnit:   func(context.Context, id.ID) ([]ledger.Record, error) { return nil, nil },
		Describe: func(context.Context, []id.ID) (map[id.ID]ledger.Description, error) { return nil, nil },
	}
}

// topicText is a topic in words.
func topicText(ctx context.Context, topic string) string {
	if !slices.Contains(Topics, topic) {
		return topic
	}
	return i18n.T(ctx, "signal.topic."+topic)
}

// reportFacts says a report in words for its history, which its unit alone sees.
func (s *Service) reportFacts(_ context.Context, r Report) (out []record.Fact) {
	for _, t := range Topics {
		if r.Counts[t] > 0 {
			out = append(out, record.Fact{Key: "signal.topic." + t, Text: strconv.FormatInt(r.Counts[t], 10)})
		}
	}
	return out
}
