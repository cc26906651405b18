package coord

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/dispatch"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func kindName(ctx context.Context, kind string) string  { return i18n.T(ctx, "coord.kind."+kind) }
func levelName(ctx context.Context, l org.Level) string { return i18n.T(ctx, "org.level."+string(l)) }

// comma writes a list in the reader's language.
func comma[T any](ctx context.Context, list []T, text func(T) string) string {
	var words []string
	for _, v := range list {
		if t := text(v); t != "" {
			words = append(words, t)
		}
	}
	return strings.Join(words, i18n.T(ctx, "coord.comma"))
}

func same(text string) string { return text }

// mostNamed is how many recipients are named where a list is told in words.
const mostNamed = 8

// targetsText says to whom a notice goes.
func (s *Service) targetsText(ctx context.Context, t Targets) string {
	if r := t.Rule; r != nil {
		key := "coord.rule_least"
		if r.Less {
			key = "coord.rule_less"
		}
		if r.Less && r.N == 1 {
			key = "coord.rule_none"
		}
		name := s.figureName(ctx, r.Figure)
		if r.By != "" {
			name = i18n.T(ctx, "coord.rule_value", "Name", name, "Value", s.ledger.ValueName(ctx, r.Figure, r.By, r.Value))
		}
		text := i18n.T(ctx, key, "Level", comma(ctx, t.Levels, func(l org.Level) string { return levelName(ctx, l) }), "Name", name, "N", r.N)
		if r.Fixed {
			text = i18n.T(ctx, "coord.rule_fixed", "Text", text)
		}
		return text
	}
	if t.Named() {
		names := comma(ctx, t.Units[:min(len(t.Units), mostNamed)], func(u id.ID) string { return s.unitName(ctx, u) })
		if len(t.Units) > mostNamed {
			return i18n.T(ctx, "coord.named_more", "Names", names, "N", len(t.Units))
		}
		return names
	}
	return comma(ctx, t.Levels, func(l org.Level) string {
		if l == org.Township && len(t.Kinds) > 0 {
			return comma(ctx, t.Kinds, func(k org.Kind) string { return i18n.T(ctx, "org.kind."+string(k)) })
		}
		return levelName(ctx, l)
	})
}

func (s *Service) unitName(ctx context.Context, unit id.ID) string {
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return ""
	}
	return u.Name
}

// forceText is when a document is in force.
func forceText(ctx context.Context, from, until clock.Day) string {
	switch {
	case from == clock.Open && until == clock.Open:
		return ""
	case until == clock.Open:
		return i18n.T(ctx, "coord.force_from", "From", i18n.Day(ctx, from))
	}
	return i18n.T(ctx, "coord.force_span", "From", i18n.Day(ctx, from), "Until", i18n.Day(ctx, until))
}

func obligationText(ctx context.Context, o Obligation) string {
	if o.Due == clock.Open {
		return o.Text
	}
	return i18n.T(ctx, "coord.obligation_due", "Text", o.Text, "Due", i18n.Day(ctx, o.Due))
}

// fieldText is a field with how it is answered.
func (s *Service) fieldText(ctx context.Context, x Field) string {
	switch {
	case x.Figure != "":
		return i18n.T(ctx, "coord.field_bound", "Label", x.Label, "Name", s.figureName(ctx, x.Figure))
	case x.Apart != "":
		return i18n.T(ctx, "coord.field_apart", "Label", x.Label, "Why", x.Apart)
	}
	return x.Label
}

// urgencyName is how pressing a notice is, in words; "" is ordinary and has none.
func urgencyName(ctx context.Context, u string) string {
	if u == "" {
		return ""
	}
	return i18n.T(ctx, "flow.urgency."+u)
}

// facts says a notice in words, for its history.
func (s *Service) facts(ctx context.Context, n Notice) []record.Fact {
	out := []record.Fact{{Key: "coord.title", Text: n.Title}, {Key: "coord.kind", Text: kindName(ctx, n.Kind)}, {Key: "coord.urgency", Text: urgencyName(ctx, n.Urgency)}, {Key: "coord.document", Text: n.Document}, {Key: "coord.cites", Text: strings.Join(citeLines(n.Cites), " ")}, {Key: "coord.code", Text: n.Code},
		{Key: "coord.force", Text: forceText(ctx, n.From, n.Until)}, {Key: "coord.due", Text: i18n.Day(ctx, n.Due)}, {Key: "coord.targets", Text: s.targetsText(ctx, n.Targets)},
		{Key: "coord.issuers", Text: comma(ctx, n.Issuers, func(i dispatch.Issuer) string {
			name := s.unitName(ctx, i.Unit)
			if i.JoinedOn == clock.Open {
				return i18n.T(ctx, "coord.not_joined", "Name", name)
			}
			return name
		})},
		{Key: "coord.bodies", Text: comma(ctx, n.Bodies, same)}, {Key: "coord.copies", Text: comma(ctx, n.Copies, same)}, {Key: "coord.text", Text: n.Text}, {Key: "coord.issued_on", Text: i18n.Day(ctx, n.IssuedOn)}}
	for _, o := range n.Obligations {
		out = append(out, record.Fact{Key: "coord.obligations", Text: obligationText(ctx, o)})
	}
	for _, p := range n.Points {
		out = append(out, record.Fact{Key: "coord.points", Text: p})
	}
	for _, x := range n.Fields {
		out = append(out, record.Fact{Key: "coord.fields", Text: s.fieldText(ctx, x)})
	}
	for _, a := range n.Files {
		out = append(out, record.Fact{Key: "coord.files", Text: a.Name})
	}
	if n.Supersedes != (id.Ref{}) {
		if r, err := s.store.noticeAcrossUnits(ctx, n.Supersedes); err == nil {
			out = append(out, record.Fact{Key: "coord.supersedes", Text: r.Title})
		}
	}
	return out
}

func (s *Service) replyFacts(ctx context.Context, r Reply) []record.Fact {
	out := []record.Fact{{Key: "coord.received_on", Text: i18n.Day(ctx, r.ReceivedOn)}, {Key: "coord.received_by", Text: r.ReceivedBy},
		{Key: "coord.readers", Text: comma(ctx, r.Readers, func(m Mark) string { return markText(ctx, m) })},
		{Key: "coord.passed_on", Text: i18n.Day(ctx, r.PassedOn)}, {Key: "coord.wording", Text: r.Wording}, {Key: "coord.own_due", Text: i18n.Day(ctx, r.Due)},
		{Key: "coord.done_on", Text: i18n.Day(ctx, r.DoneOn)}, {Key: "coord.report", Text: r.Text}, {Key: "coord.corrected_on", Text: i18n.Day(ctx, r.CorrectedOn)},
		{Key: "coord.links", Text: comma(ctx, r.Links, same)}, {Key: "coord.files", Text: comma(ctx, r.Files, func(a Attachment) string { return a.Name })},
		{Key: "coord.question", Text: r.Question}}
	if r.Answered != nil {
		out = append(out, record.Fact{Key: "coord.answer", Text: r.Answered.Text})
	}
	n := Notice{}
	if ref := r.Notice; len(r.Answers)+len(r.Kept)+len(r.Findings) > 0 {
		if row, err := s.store.noticeAcrossUnits(ctx, ref); err == nil {
			if x, _, err := s.notices.Get(scope.Widened(ctx, row.Pos, false), ref); err == nil {
				n = x
			}
		}
	}
	for _, x := range r.Answers {
		if i := slices.IndexFunc(n.Fields, func(f Field) bool { return f.No == x.No }); i >= 0 {
			out = append(out, record.Fact{Key: "coord.fields", Text: i18n.T(ctx, "coord.pair", "Label", n.Fields[i].Label, "Text", x.Text)})
		}
	}
	for _, no := range r.Kept {
		if o, ok := n.obligation(no); ok {
			out = append(out, record.Fact{Key: "coord.kept", Text: o.Text})
		}
	}
	for _, x := range r.Findings {
		if x.Point < len(n.Points) {
			out = append(out, record.Fact{Key: "coord.findings", Text: i18n.T(ctx, "coord.pair", "Label", n.Points[x.Point], "Text", metText(ctx, x))})
		}
	}
	return out
}

func metText(ctx context.Context, x Finding) string {
	key := "coord.unmet"
	if x.Met {
		key = "coord.met"
	}
	if x.Note == "" {
		return i18n.T(ctx, key)
	}
	return i18n.T(ctx, "coord.pair", "Label", i18n.T(ctx, key), "Text", x.Note)
}

func markText(ctx context.Context, m Mark) string {
	return i18n.T(ctx, "coord.mark", "Name", m.Name, "Day", i18n.Day(ctx, m.On))
}
