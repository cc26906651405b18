package mandatory

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// panel tells a unit on its page how much it has yet to report.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 94, Render: func(ctx context.Context, u org.Unit, _ clock.Day) (templ.Component, error) {
		open, err := s.List(ctx, u, true)
		if err != nil || len(open) == 0 {
			return nil, err
		}
		return panelTempl(tr(ctx, "mandatory.panel", "N", len(open)), at("/mandatory", u.ID)), nil
	}}
}

// Box is what stands on the page of a subject, for who reads it: that something has yet to be reported or was, or the first of the two
// taps; urged says that words of danger suggest it.
func (s *Service) Box(ctx context.Context, of id.Ref, urged bool) (templ.Component, error) {
	x, err := s.subject(ctx, of)
	if err != nil {
		return nil, err
	}
	keeps, err := s.seal.Keeps(ctx, x.Owner)
	if err != nil || !keeps {
		return nil, err
	}
	list, err := s.ofAcrossUnits(ctx, of)
	if err != nil {
		return nil, err
	}
	var notes []ui.Note
	for _, d := range list {
		see := []ui.Link{{Text: tr(ctx, "mandatory.see"), Href: path(d.Ref())}}
		switch d.State {
		case Open:
			notes = append(notes, ui.Note{Kind: "w", Title: tr(ctx, "mandatory.box_open"), Text: tr(ctx, "mandatory.box_open_why", "At", moment(ctx, d.OpenedAt)), Links: see})
		case Reported:
			notes = append(notes, ui.Note{Title: tr(ctx, "mandatory.box_reported", "At", moment(ctx, d.ReportedAt), "To", agencyName(ctx, d.Agency)), Links: see})
		case Waived:
			notes = append(notes, ui.Note{Title: tr(ctx, "mandatory.box_waived", "At", moment(ctx, d.EndedAt), "Name", d.EndedName), Links: see})
		}
	}
	start := []ui.Link{{Text: tr(ctx, "mandatory.start"), Href: NewPath(of)}}
	if len(notes) == 0 && urged {
		return boxTempl(append(notes, ui.Note{Kind: "w", Title: tr(ctx, "mandatory.box_urged"), Text: tr(ctx, "mandatory.box_urged_why"), Links: start}), nil), nil
	}
	return boxTempl(notes, start), nil
}
