package survey

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// mostInPanel is how many surveys the box names.
const mostInPanel = 4

type panelView struct {
	Surveys []ui.Fact
	Link    ui.Link
}

// panel is the box on a unit's page: the latest surveys that concern it and how far it, or those below it, have come.
func (s *Service) panel() org.Panel {
	return org.Panel{Key: Kind, Order: 45, Render: func(ctx context.Context, u org.Unit, _ clock.Day) (templ.Component, error) {
		if !scope.From(ctx).May(scope.View, u.Pos) {
			return nil, nil
		}
		list, err := s.store.listAcrossUnits(ctx, u, scope.From(ctx).ViewSet, mostInPanel)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		v := panelView{Link: ui.Link{Text: i18n.T(ctx, "survey.see"), Href: at("/survey", u)}}
		for _, l := range list {
			c, err := s.listState(ctx, l, u)
			if err != nil {
				return nil, err
			}
			v.Surveys = append(v.Surveys, ui.Fact{Label: l.Title, Text: c.Text, Href: at(path(l.Ref()), u)})
		}
		return unitPanel(v), nil
	}}
}

// basePanelView is what surveys asked about one base: the latest as it was answered, the others as links.
type basePanelView struct {
	Surveys []ui.Link
	Said    ui.Table
}

// mostOfBase is how many surveys the page of a base names.
const mostOfBase = 5

// BasePanel is the box for the page of a base that stands at a host: the surveys that ask or asked about it, when and what was
// answered, each with its link; what was corrected is marked. Nil when there are none, or when the reader may not see them.
func (s *Service) BasePanel(ctx context.Context, base id.Ref, host id.ID) (templ.Component, error) {
	home, err := s.rec.Home(ctx, host)
	if err != nil || !scope.From(ctx).May(scope.View, home.Pos) {
		return nil, err
	}
	list, err := s.store.listAcrossUnits(ctx, home, scope.From(ctx).ViewSet, mostWaiting)
	if err != nil {
		return nil, err
	}
	var v basePanelView
	for _, l := range list {
		if l.About != "base" || l.IssuedOn == clock.Open || len(v.Surveys) == mostOfBase {
			continue
		}
		t, err := s.Task(ctx, l.Ref(), home.ID)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		i := t.Answer.entry(Entry{Base: base}.key())
		if !t.Answer.stands() { // asked now
			v.Surveys = append(v.Surveys, ui.Link{Text: l.Title, Href: answerPath(l.Ref(), home.ID), Sub: i18n.T(ctx, "survey.base_asked", "Day", i18n.Day(ctx, l.Due))})
			continue
		}
		if i < 0 {
			continue // the base came later, or stood elsewhere
		}
		e := t.Answer.Entries[i]
		was, _ := e.corrections(t.Survey)
		sub := i18n.T(ctx, "survey.base_said", "Day", i18n.Day(ctx, t.Answer.SentOn), "State", stateName(ctx, t.Answer.State), "N", len(was))
		v.Surveys = append(v.Surveys, ui.Link{Text: l.Title, Href: answerPath(l.Ref(), home.ID) + "#e" + e.key(), Sub: sub})
		if len(v.Said.Rows) == 0 {
			v.Said = said(ctx, t, e)
		}
	}
	if len(v.Surveys) == 0 {
		return nil, nil
	}
	return baseBox(v), nil
}

// said are the answers about one base; what differs from what was registered then is marked.
func said(ctx context.Context, t Task, e Entry) ui.Table {
	x := ui.Table{Caption: t.Survey.Title, Columns: []ui.Column{{Text: i18n.T(ctx, "survey.f.question")}, column(ctx, "survey.f.value")}}
	for _, q := range t.Survey.Questions {
		text := words(ctx, q, e.Values[q.No], t.Fields)
		if text == "" {
			continue
		}
		value := ui.Text(text)
		if q.Field != "" && !slices.Equal(e.Was[q.No], e.Values[q.No]) {
			value.Sub = i18n.T(ctx, "survey.corrected")
		}
		x.Rows = append(x.Rows, ui.Row{Cells: []ui.Cell{ui.Text(q.Label), value}})
	}
	return x
}

// BaseRounds are links to the surveys of all bases that reached a unit or one below it, the latest first, with how far each has come there.
func (s *Service) BaseRounds(ctx context.Context, u org.Unit) ([]ui.Link, error) {
	list, err := s.store.listAcrossUnits(ctx, u, scope.From(ctx).ViewSet, mostWaiting)
	if err != nil {
		return nil, err
	}
	var out []ui.Link
	for _, l := range list {
		if l.About != "base" || l.IssuedOn == clock.Open || len(out) == 2 {
			continue
		}
		c, err := s.listState(ctx, l, u)
		if err != nil {
			return nil, err
		}
		if c.Tag == "" {
			continue // nobody here hosted one
		}
		out = append(out, ui.Link{Text: l.Title, Href: at(path(l.Ref()), u), Sub: i18n.T(ctx, "survey.base_round", "State", c.Text)})
	}
	return out, nil
}
