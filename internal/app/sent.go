package app

import (
	"context"

	"xinhuo/internal/campaign"
	"xinhuo/internal/contact"
	"xinhuo/internal/coord"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/meeting"
)

// mostSent bounds what one subject lends to the list of what a unit has sent.
const mostSent = 100

// sentDown are the notices and themes that a unit issued and to which answers are due; their pages name who is missing.
func (a *App) sentDown(ctx context.Context, unit id.ID) ([]flow.Item, error) {
	u, err := a.Org.Unit(ctx, unit)
	if err != nil {
		return nil, err
	}
	today := clock.Today(ctx)
	notices, _, err := a.Coord.List(ctx, u, today, coord.Filter{State: "open", Issuer: unit, Limit: mostSent})
	if err != nil {
		return nil, err
	}
	var out []flow.Item
	add := func(key, title, link string, issued, due clock.Day) {
		if due != clock.Open {
			out = append(out, flow.Item{Kind: flow.KindDo, Title: title, Why: i18n.T(ctx, key, "Day", i18n.Day(ctx, issued)), Due: due, Link: link})
		}
	}
	for _, n := range notices {
		add("app.sent_notice", n.Title, "/notice/"+n.Ref.String(), n.IssuedOn, n.Due)
	}
	themes, _, err := a.Campaign.List(ctx, u, today, campaign.Filter{State: "running", Limit: mostSent})
	for _, c := range themes {
		if c.Unit == unit {
			add("app.sent_campaign", c.Title, "/campaign/"+c.Ref.String(), c.IssuedOn, c.Due)
		}
	}
	return out, err
}

// sentAcross are what a unit asked of bodies beside the tree and what its meetings decided for others to do.
func (a *App) sentAcross(ctx context.Context, unit id.ID) ([]flow.Item, error) {
	u, err := a.Org.Unit(ctx, unit)
	if err != nil {
		return nil, err
	}
	tasks, err := a.Contact.Tasks(ctx, u, contact.TaskFilter{State: "open", Day: clock.Today(ctx)})
	if err != nil {
		return nil, err
	}
	var leads []id.ID
	for _, t := range tasks {
		leads = append(leads, t.Lead)
	}
	bodies, err := a.Contact.Named(ctx, leads)
	if err != nil {
		return nil, err
	}
	var out []flow.Item
	for _, t := range tasks {
		if t.Unit == unit {
			out = append(out, flow.Item{Kind: flow.KindDo, Title: t.Title, Why: i18n.T(ctx, "app.sent_task", "Day", i18n.Day(ctx, t.IssuedOn)), Due: t.Due,
				Link: "/assign/" + t.Ref.String(), For: bodies[t.Lead].Name})
		}
	}
	for _, state := range []string{meeting.Late, meeting.Open} { // a list of its own each: open ones are not late
		decided, _, err := a.Meeting.Decisions(ctx, u, meeting.DecisionFilter{State: state}, "", "", mostSent)
		if err != nil {
			return nil, err
		}
		for _, d := range decided {
			if d.Unit == unit && d.LeadUnit != unit {
				out = append(out, flow.Item{Kind: flow.KindDo, Title: d.Text, Why: i18n.T(ctx, "app.sent_decision", "Day", i18n.Day(ctx, d.DecidedOn)), Due: d.Due,
					Link: "/decision/" + d.Ref().String(), For: d.Lead})
			}
		}
	}
	return out, nil
}
