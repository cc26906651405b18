package volunteer

import (
	"context"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

// hoursSource publishes hours to the ledger.
func (s *Service) hoursSource() *ledger.Source {
	return &ledger.Source{
		Name:   ledger.Words{Zh: "服务时长", En: "service hours"},
		Fields: map[string]any{"minutes": int64(0), "entered_as": "", "late": ""},
		OfUnit: func(ctx context.Context, unit id.ID) ([]ledger.Record, error) {
			ids, err := s.store.hoursIDsOf(ctx, unit)
			if err != nil {
				return nil, err
			}
			return s.given.Records(ctx, ids)
		},
		Describe: func(ctx context.Context, recs []id.ID) (map[id.ID]ledger.Description, error) {
			list, err := s.store.hoursByIDs(ctx, recs)
			if err != nil {
				return nil, err
			}
			names, err := s.names(ctx, list)
			if err != nil {
				return nil, err
			}
			out := make(map[id.ID]ledger.Description, len(list))
			for _, g := range list {
				out[g.ID] = ledger.Description{Ref: g.Ref(), Code: string(g.Day), Name: names[g.Volunteer()].Name, Unit: g.Unit, Href: "/hours/" + g.Ref().String(),
					Detail: []string{g.What, wayText(ctx, g.EnteredAs)}}
			}
			return out, nil
		},
		Label: func(ctx context.Context, by, value string) string {
			if by == "late" {
				return i18n.T(ctx, "volunteer.late."+value)
			}
			return wayText(ctx, EnteredAs(value))
		},
	}
}

// hoursRows publishes hours on their day.
func hoursRows(_ id.Ref, h Hours) ledger.Record {
	return ledger.Record{Rows: []ledger.Row{{Type: "service", From: h.Day, Units: []id.ID{h.Unit},
		Attrs: map[string]any{"minutes": h.Minutes(), "entered_as": string(h.EnteredAs), "late": yes(h.Late())}}}}
}

// hoursFacts says hours in words for their history.
func (s *Service) hoursFacts(ctx context.Context, h Hours) []record.Fact {
	name, unit := "", ""
	if people, err := s.ByRefs(ctx, []id.Ref{h.Volunteer}); err == nil {
		name = people[h.Volunteer].Name
	}
	if u, err := s.org.Unit(ctx, h.Unit); err == nil {
		unit = u.Name
	}
	late := ""
	if h.Late() {
		late = i18n.T(ctx, "volunteer.late.yes")
	}
	photo := ""
	if h.Photo != "" {
		photo = i18n.T(ctx, "volunteer.h.photo_kept")
	}
	return []record.Fact{{Key: "volunteer.h.person", Text: name}, {Key: "volunteer.unit", Text: unit}, {Key: "volunteer.h.day", Text: i18n.Day(ctx, h.Day)},
		{Key: "volunteer.h.from", Text: h.From}, {Key: "volunteer.h.to", Text: h.To}, {Key: "volunteer.h.what", Text: h.What}, {Key: "volunteer.h.activity", Text: h.Activity},
		{Key: "volunteer.h.way", Text: wayText(ctx, h.EnteredAs)}, {Key: "volunteer.h.entered_by", Text: h.EnteredBy}, {Key: "volunteer.h.entered_on", Text: i18n.Day(ctx, h.EnteredOn)},
		{Key: "volunteer.h.late", Text: late}, {Key: "volunteer.h.photo", Text: photo}}
}
