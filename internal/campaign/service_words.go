package campaign

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/dispatch"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Name is a campaign's title, made of its anniversary when it has none of its own (R114).
func Name(ctx context.Context, c Campaign) string {
	a := c.Anniversary
	if c.Title != "" || a == nil {
		return c.Title
	}
	return anniversary(ctx, a.Event, c.Years())
}

func (r row) name(ctx context.Context) string {
	if r.Title != "" || r.EventYear == 0 {
		return r.Title
	}
	return anniversary(ctx, r.Event, r.From.Year()-r.EventYear)
}

func anniversary(ctx context.Context, event string, years int) string {
	return i18n.T(ctx, "campaign.anniversary_title", "Event", event, "Years", years, "Nth", ordinal(years))
}

// ordinal is the number as English says it: 71st, 70th.
func ordinal(n int) string {
	end := "th"
	if t := n % 100; t < 11 || t > 13 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return strconv.Itoa(n) + end
}

func topicName(ctx context.Context, topic string) string {
	if key := "campaign.topic." + topic; i18n.Has(ctx, key) {
		return i18n.T(ctx, key)
	}
	return topic
}

func levelName(ctx context.Context, l org.Level) string { return i18n.T(ctx, "org.level."+string(l)) }

func kindName(ctx context.Context, k org.Kind) string { return i18n.T(ctx, "org.kind."+string(k)) }

// comma writes a list in the reader's language.
func comma[T any](ctx context.Context, list []T, text func(T) string) string {
	words := make([]string, 0, len(list))
	for _, v := range list {
		if t := text(v); t != "" {
			words = append(words, t)
		}
	}
	return strings.Join(words, i18n.T(ctx, "campaign.comma"))
}

func targetsText(ctx context.Context, t Targets) string {
	return comma(ctx, t.Levels, func(l org.Level) string {
		if l == org.Township && len(t.Kinds) > 0 {
			return comma(ctx, t.Kinds, func(k org.Kind) string { return kindName(ctx, k) })
		}
		return levelName(ctx, l)
	})
}

// spanText is a span of days in words; "" without one.
func spanText(ctx context.Context, from, last clock.Day) string {
	if from == clock.Open || last == clock.Open {
		return ""
	}
	return i18n.T(ctx, "campaign.span", "From", i18n.Day(ctx, from), "Last", i18n.Day(ctx, last))
}

func (s *Service) unitName(ctx context.Context, unit id.ID) string {
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return ""
	}
	return u.Name
}

// facts says a campaign in words, for its history.
func (s *Service) facts(ctx context.Context, c Campaign) []record.Fact {
	out := []record.Fact{{Key: "campaign.title_of", Text: Name(ctx, c)}, {Key: "campaign.code", Text: c.Code}, {Key: "campaign.slogan", Text: c.Slogan},
		{Key: "campaign.topic_of", Text: topicName(ctx, c.Topic)}, {Key: "campaign.days", Text: spanText(ctx, c.From, c.Last)},
		{Key: "campaign.due", Text: i18n.Day(ctx, c.Due)}, {Key: "campaign.window", Text: spanText(ctx, c.Window.From, c.Window.Last)},
		{Key: "campaign.targets", Text: targetsText(ctx, c.Targets)},
		{Key: "campaign.issuers", Text: comma(ctx, c.Issuers, func(i dispatch.Issuer) string {
			name := s.unitName(ctx, i.Unit)
			if i.JoinedOn == clock.Open {
				return i18n.T(ctx, "campaign.not_joined", "Name", name)
			}
			return name
		})},
		{Key: "campaign.text", Text: c.Text}, {Key: "campaign.documents", Text: comma(ctx, c.Documents, func(d string) string { return d })},
		{Key: "campaign.issued_on", Text: i18n.Day(ctx, c.IssuedOn)}}
	if named, err := s.Named(ctx, c.Within); err == nil {
		out = append(out, record.Fact{Key: "campaign.within", Text: comma(ctx, c.Within, func(r id.Ref) string { return named[r.ID].Title })})
	}
	if a := c.Anniversary; a != nil {
		out = append(out, record.Fact{Key: "campaign.event", Text: i18n.T(ctx, "campaign.event_line", "Event", a.Event, "Year", a.Year)},
			record.Fact{Key: "campaign.event_day", Text: i18n.Day(ctx, a.Day)})
	}
	return out
}

func dutyFacts(ctx context.Context, d Duty) []record.Fact {
	return []record.Fact{{Key: "campaign.received_on", Text: i18n.Day(ctx, d.ReceivedOn)}, {Key: "campaign.received_by", Text: d.ReceivedBy},
		{Key: "campaign.planned_on", Text: i18n.Day(ctx, d.PlannedOn)}, {Key: "campaign.wording", Text: d.Wording}, {Key: "campaign.own_due", Text: i18n.Day(ctx, d.Due)},
		{Key: "campaign.reported_on", Text: i18n.Day(ctx, d.ReportedOn)}, {Key: "campaign.carried_on", Text: i18n.Day(ctx, d.CarriedOn)},
		{Key: "campaign.report", Text: d.Report}, {Key: "campaign.corrected_on", Text: i18n.Day(ctx, d.CorrectedOn)}}
}
