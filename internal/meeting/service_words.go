package meeting

import (
	"context"
	"strconv"
	"strings"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

func (s *Service) unitName(ctx context.Context, unit id.ID) string {
	u, err := s.org.Unit(ctx, unit)
	if err != nil {
		return ""
	}
	return u.Name
}

// when is the day and time of a meeting in words.
func (m Meeting) when(ctx context.Context) string {
	return strings.TrimSpace(i18n.Day(ctx, m.Day) + " " + m.Time)
}

// who is the seat's body, person and post in words.
func (x Seat) who() string {
	return strings.Join(strings.Fields(x.Party.Name+" "+x.Person+" "+x.Post), " ")
}

// answer is a seat's reply in words.
func (x Seat) answer(ctx context.Context) string {
	switch x.Reply {
	case "":
		return i18n.T(ctx, "meeting.reply.none")
	case "deputy":
		return i18n.T(ctx, "meeting.reply_deputy", "Name", x.Deputy)
	case "excused":
		return i18n.T(ctx, "meeting.reply_excused", "Why", x.Why)
	}
	return i18n.T(ctx, "meeting.reply."+x.Reply)
}

// facts says a meeting in words, for its page and its history. The texts of minutes stand on the meeting's page alone.
func (s *Service) facts(ctx context.Context, m Meeting) []record.Fact {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	out := []record.Fact{{Key: "meeting.f.code", Text: m.Code}, {Key: "meeting.f.unit", Text: s.unitName(ctx, m.Unit)}, {Key: "meeting.f.title", Text: m.Title},
		{Key: "meeting.f.kind", Text: s.sort(ctx, m.Kind)}, {Key: "meeting.f.day", Text: m.when(ctx)}, {Key: "meeting.f.place", Text: m.Place}, {Key: "meeting.f.host", Text: m.Host},
		{Key: "meeting.f.chair", Text: m.Chair}, {Key: "meeting.f.note", Text: m.Note}, {Key: "meeting.f.cancelled_on", Text: i18n.Day(ctx, m.CancelledOn)}}
	for _, a := range m.Agenda {
		out = append(out, record.Fact{Key: "meeting.f.agenda", Text: a})
	}
	for _, x := range m.Seats {
		text := x.who()
		if x.Reply != "" {
			text += " " + x.answer(ctx)
		}
		if x.Came != "" {
			text += " " + tr("meeting.came."+x.Came)
		}
		out = append(out, record.Fact{Key: "meeting.f.people", Text: text, Item: strconv.FormatInt(x.No, 10)})
	}
	for _, x := range m.Speeches {
		out = append(out, record.Fact{Key: "meeting.f.speeches", Text: strings.Join(strings.Fields(x.Party.Name+" "+x.Speaker+" "+x.Title), " ")})
	}
	for _, f := range m.Files {
		out = append(out, record.Fact{Key: "meeting.f.files", Text: f.Name})
	}
	for i, d := range m.Minutes.Drafts {
		out = append(out, record.Fact{Key: "meeting.f.minutes", Text: tr("meeting.version_line", "N", i+1, "Day", i18n.Day(ctx, d.On), "By", d.By)})
	}
	return append(out, record.Fact{Key: "meeting.f.approved_on", Text: strings.TrimSpace(i18n.Day(ctx, m.Minutes.ApprovedOn) + " " + m.Minutes.ApprovedBy)},
		record.Fact{Key: "meeting.f.issued_on", Text: strings.TrimSpace(i18n.Day(ctx, m.Minutes.IssuedOn) + " " + m.Minutes.Number)})
}

// named are the names of parties, as a list.
func named(ctx context.Context, list []Party) string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Name
	}
	return strings.Join(out, i18n.T(ctx, "meeting.comma"))
}

// decisionFacts says a decision in words, for its page and its history.
func (s *Service) decisionFacts(ctx context.Context, d Decision) []record.Fact {
	out := []record.Fact{{Key: "meeting.f.code", Text: d.Code}, {Key: "meeting.f.unit", Text: s.unitName(ctx, d.Unit)}, {Key: "meeting.f.text", Text: d.Text}, {Key: "meeting.f.lead", Text: d.Lead.Name},
		{Key: "meeting.f.assist", Text: named(ctx, d.Assist)}, {Key: "meeting.f.decided_on", Text: i18n.Day(ctx, d.DecidedOn)}, {Key: "meeting.f.due", Text: i18n.Day(ctx, d.Due)}}
	for _, x := range d.Steps {
		out = append(out, record.Fact{Key: "meeting.f.steps", Text: i18n.Day(ctx, x.On) + " " + x.By + " " + x.Text})
	}
	out = append(out, record.Fact{Key: "meeting.f.done_on", Text: i18n.Day(ctx, d.DoneOn)}, record.Fact{Key: "meeting.f.evidence", Text: d.Evidence.Text})
	for _, f := range d.Evidence.Files {
		out = append(out, record.Fact{Key: "meeting.f.files", Text: f.Name})
	}
	return append(out, record.Fact{Key: "meeting.f.dropped_on", Text: strings.TrimSpace(i18n.Day(ctx, d.DroppedOn) + " " + d.Dropped)})
}

// seesAll tells whether the reader views the unit whose record it is.
func (s *Service) seesAll(ctx context.Context, unit id.ID) (bool, error) {
	u, err := s.rec.Home(ctx, unit)
	return err == nil && scope.From(ctx).May(scope.View, u.Pos), err
}
