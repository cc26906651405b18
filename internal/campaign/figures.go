package campaign

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// Kind is the record kind of campaigns, in the ledger as in histories; KindDuty that of what units do about them.
const (
	Kind     = "campaign"
	KindDuty = "campaign_duty"
)

// rows publishes a campaign once it is issued, at all who issue it: the issue, its days, its concentrated period. At a
// unit above several issuers it counts once.
func rows(_ id.Ref, c Campaign) ledger.Record {
	out := ledger.Record{Attrs: map[string]any{"topic": c.Topic}}
	if c.IssuedOn == clock.Open {
		return out
	}
	units := c.Issuing()
	out.Rows = append(out.Rows, ledger.Row{Type: "issue", From: c.IssuedOn, Units: units})
	run := func(kind string, from, last clock.Day) {
		if from = max(from, c.IssuedOn); from <= last {
			out.Rows = append(out.Rows, ledger.Row{Type: kind, From: from, To: last.AddDays(1), Units: units})
		}
	}
	run("run", c.From, c.Last)
	if c.Window.Set() {
		run("window", c.Window.From, c.Window.Last)
	}
	return out
}

// dutyRows publishes what a unit did, each on its day. A corrected report is the same report.
func dutyRows(_ id.Ref, d Duty) ledger.Record {
	out := ledger.Record{Attrs: map[string]any{"campaign": d.Campaign.String(), "late": d.Late()}}
	for _, x := range []struct {
		row string
		day clock.Day
	}{{"received", d.ReceivedOn}, {"planned", d.PlannedOn}, {"reported", d.ReportedOn}} {
		if x.day != clock.Open {
			out.Rows = append(out.Rows, ledger.Row{Type: x.row, From: x.day, Units: []id.ID{d.Unit}})
		}
	}
	return out
}

func (s *Service) source() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "主题教育", En: "Campaign"},
		Fields: map[string]any{"topic": ""},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.idsOfUnit(ctx, unit)
			if err != nil || len(ids) == 0 {
				return nil, err
			}
			return s.campaigns.Records(ctx, ids)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.byIDsAcrossUnits(ctx, recs)
			out := map[id.ID]ledger.Description{}
			for _, r := range list {
				out[r.ID] = ledger.Description{Ref: r.ref(), Code: r.Code, Name: r.name(ctx), Unit: r.Unit, Href: "/campaign/" + r.ref().String()}
			}
			return out, err
		},
		Label: s.label,
	}
}

func (s *Service) dutySource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "主题教育办理", En: "Campaign carried out by a unit"},
		Fields: map[string]any{"campaign": "", "late": false},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.dutyIDsOfUnit(ctx, unit)
			if err != nil || len(ids) == 0 {
				return nil, err
			}
			return s.duties.Records(ctx, ids)
		},
		Describe: s.describeDuties,
		Label:    s.label,
	}
}

// describeDuties names duties by their campaign; the list itself names the unit beside it.
func (s *Service) describeDuties(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
	list, err := s.store.describedDuties(ctx, recs)
	if err != nil {
		return nil, err
	}
	var ids []id.ID
	for _, r := range list {
		ids = append(ids, r.Campaign)
	}
	of, err := s.store.byIDsAcrossUnits(ctx, ids)
	if err != nil {
		return nil, err
	}
	campaigns := map[id.ID]row{}
	for _, r := range of {
		campaigns[r.ID] = r
	}
	out := map[id.ID]ledger.Description{}
	for _, r := range list {
		c := campaigns[r.Campaign]
		out[r.ID] = ledger.Description{Ref: r.ref(), Code: c.Code, Name: c.name(ctx), Unit: r.Unit, Href: dutyPath(c.ref(), r.Unit)}
	}
	return out, nil
}

// label names the values of the breakdowns: topics, and campaigns by their title.
func (s *Service) label(ctx context.Context, breakdown, value string) string {
	if breakdown == "topic" {
		return topicName(ctx, value)
	}
	ref, err := id.ParseRef(value)
	if err != nil {
		return value
	}
	if r, err := s.store.campaignAcrossUnits(ctx, ref); err == nil {
		return r.name(ctx)
	}
	return value
}
