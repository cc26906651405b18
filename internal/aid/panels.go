package aid

import (
	"context"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Box is what another module lends to the page of an aid, for who opens for whom it is. One with nothing to show answers nil.
type Box func(ctx context.Context, ref id.Ref) (templ.Component, error)

// AddBox lends a box to the page of an aid; call it before serving.
func (s *Service) AddBox(b Box) { s.boxes = append(s.boxes, b) }

// lent are the boxes of other modules on the page of an aid.
func (s *Service) lent(ctx context.Context, ref id.Ref) (out []templ.Component, err error) {
	for _, box := range s.boxes {
		c, err := box(ctx, ref)
		if err != nil {
			return nil, err
		}
		if c != nil {
			out = append(out, c)
		}
	}
	return out, nil
}

// Closer may refuse that the unit ends an aid, with the reason as an error to be shown; another module knows of something that is open.
type Closer func(ctx context.Context, ref id.Ref) error

// AddCloser asks another module before the unit withdraws an aid or writes its last step; call it before serving. Whoever decides above
// is not asked: they do not hear of what is open at the unit.
func (s *Service) AddCloser(c Closer) { s.closers = append(s.closers, c) }

func (s *Service) mayEnd(ctx context.Context, ref id.Ref) error {
	for _, ask := range s.closers {
		if err := ask(ctx, ref); err != nil {
			return err
		}
	}
	return nil
}

// panel is the box of aids on a unit's page: what was given this year.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 65, Render: func(ctx context.Context, u org.Unit, day clock.Day) (templ.Component, error) {
		a := scope.From(ctx)
		if !a.May(scope.View, u.Pos) {
			return nil, nil
		}
		p, err := s.List(ctx, u, Filter{Limit: 1})
		if err != nil {
			return nil, err
		}
		works := a.May(scope.Work, u.Pos) && u.StandsOn(day)
		if p.Total == 0 && !works {
			return nil, nil
		}
		sec := record.Section{ID: Kind, Title: tr(ctx, "aid.title"), Lead: tr(ctx, "aid.year_lead", "Year", day.Year()), Acts: []ui.Button{{Text: tr(ctx, "aid.to_list"), Href: at("/aid", u.ID)}}}
		if works {
			sec.Acts = append(sec.Acts, ui.Button{Text: tr(ctx, "aid.apply"), Href: at("/aid/new", u.ID)})
		}
		if sec.Facts, err = s.yearFacts(ctx, u, day); err != nil {
			return nil, err
		}
		return record.Sections([]record.Section{sec}), nil
	}}
}

// yearFacts are this year's figures of a unit; each leads to its evidence.
func (s *Service) yearFacts(ctx context.Context, u org.Unit, day clock.Day) (out []ui.Fact, err error) {
	p := clock.YearOf(day.Year())
	q := ledger.Query{Unit: u.ID, Day: day, From: p.From, To: clock.MinEnd(p.To, max(day, p.From))}
	for _, code := range figures {
		d, err := s.led.Figure(code)
		if err != nil {
			return nil, err
		}
		q.Figure = code
		v, err := s.led.Ask(ctx, q)
		if err != nil {
			return nil, err
		}
		n, unit := ledger.Number(ctx, d, v.Amount)
		if i18n.Lang(ctx) == "en" {
			unit = " " + unit
		}
		out = append(out, ui.Fact{Label: d.Name.In(i18n.Lang(ctx)), Text: n + unit, Href: record.EvidenceHref(q)})
	}
	return out, nil
}

// RequestPanel is the box on the page of a request for help: the applications that it became, and that it can become one. Whoever does
// not see the unit of an application is not told of it.
func (s *Service) RequestPanel(ctx context.Context, request id.Ref, unit id.ID, open bool) (templ.Component, error) {
	list, err := s.store.ofRequest(ctx, request.String(), scope.From(ctx).ViewSet)
	if err != nil {
		return nil, err
	}
	u, err := s.rec.Home(ctx, unit)
	if err != nil {
		return nil, err
	}
	a := scope.From(ctx)
	works := open && a.Unit == u.ID && a.May(scope.Work, u.Pos) // whoever was let in from elsewhere carries nothing off
	if len(list) == 0 && !works {
		return nil, nil
	}
	sec := record.Section{ID: Kind, Title: tr(ctx, "aid.of_request"), Lead: tr(ctx, "aid.of_request_lead")}
	name := s.kindNames(ctx)
	for _, r := range list {
		sec.Facts = append(sec.Facts, ui.Fact{Label: tr(ctx, "aid.one", "Kind", name(r.Root, r.Kind), "No", r.No), Text: tr(ctx, "aid.is."+string(r.State)), Href: path(r.Ref())})
	}
	if works {
		sec.Acts = []ui.Button{{Text: tr(ctx, "aid.make_of_request"), Href: at("/aid/new", u.ID, "request", request.String()), Main: len(list) == 0}}
	}
	return record.Sections([]record.Section{sec}), nil
}
