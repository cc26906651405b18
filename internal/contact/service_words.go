package contact

import (
	"context"
	"strings"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/record"
)

func kindName(ctx context.Context, kind string) string {
	return i18n.T(ctx, "contact.kind."+kind)
}

func fieldName(ctx context.Context, field string) string {
	return i18n.T(ctx, "contact.field."+field)
}

func facts(ctx context.Context, c Contact) []record.Fact {
	lead, shared := "", ""
	if c.Shared {
		shared = i18n.T(ctx, "contact.shared_with_it")
	}
	if c.Lead {
		lead = i18n.T(ctx, "contact.lead_body")
	}
	return []record.Fact{{Key: "contact.kind", Text: kindName(ctx, c.Kind)}, {Key: "contact.body", Text: c.Body}, {Key: "contact.led_by", Text: lead},
		{Key: "contact.day", Text: i18n.Day(ctx, c.Day)}, {Key: "contact.topic", Text: c.Topic}, {Key: "contact.result", Text: c.Result}, {Key: "contact.sharing", Text: shared}}
}

func bodyFacts(ctx context.Context, b Body) []record.Fact {
	var seats []string
	for _, x := range b.Seats {
		seats = append(seats, x.Name)
	}
	return []record.Fact{{Key: "contact.body", Text: b.Name}, {Key: "contact.field", Text: fieldName(ctx, b.Field)}, {Key: "contact.office", Text: b.Office}, {Key: "contact.person", Text: b.Person},
		{Key: "contact.post", Text: b.Post}, {Key: "contact.phone", Text: b.Phone}, {Key: "contact.offers", Text: b.Offers}, {Key: "contact.from", Text: i18n.Day(ctx, b.From)},
		{Key: "contact.to", Text: i18n.Day(ctx, b.To)}, {Key: "contact.seats", Text: strings.Join(seats, i18n.T(ctx, "contact.comma"))}}
}

func (s *Service) taskFacts(ctx context.Context, t Task) []record.Fact {
	names, err := s.namesOf(ctx, t)
	if err != nil {
		return nil
	}
	var assist, said []string
	for _, b := range t.Assist {
		assist = append(assist, names[b.ID])
	}
	for _, x := range t.Receipts {
		said = append(said, i18n.T(ctx, "contact.mark", "Name", x.By, "Day", i18n.Day(ctx, x.On)))
	}
	out := []record.Fact{{Key: "contact.task_title", Text: t.Title}, {Key: "contact.task_text", Text: t.Text}, {Key: "contact.lead", Text: names[t.Lead.ID]}, {Key: "contact.assist", Text: strings.Join(assist, i18n.T(ctx, "contact.comma"))},
		{Key: "contact.due", Text: i18n.Day(ctx, t.Due)}, {Key: "contact.received", Text: strings.Join(said, i18n.T(ctx, "contact.comma"))}}
	for _, x := range t.Reports {
		out = append(out, record.Fact{Key: "contact.report", Text: i18n.T(ctx, "contact.pair", "Label", x.By, "Text", x.Text)})
	}
	for _, x := range t.Returned {
		out = append(out, record.Fact{Key: "contact.returned", Text: x.Text})
	}
	return append(out, record.Fact{Key: "contact.done_on", Text: i18n.Day(ctx, t.DoneOn)})
}

// namesOf are the names of a task's bodies.
func (s *Service) namesOf(ctx context.Context, t Task) (map[id.ID]string, error) {
	var ids []id.ID
	for _, b := range t.parts() {
		ids = append(ids, b.ID)
	}
	list, err := s.Named(ctx, ids)
	out := map[id.ID]string{}
	for k, b := range list {
		out[k] = b.Name
	}
	return out, err
}
