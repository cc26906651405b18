package flow

import (
	"context"
	"net/http"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

type substituteView struct {
	faults []ui.Fault
	list   []arranged
	form   ui.FormSpec
	fields []ui.Input
}

type arranged struct {
	text string
	end  ui.Post
}

func (s *Service) showSubstitute(w http.ResponseWriter, r *http.Request) error {
	today := string(clock.Today(r.Context()))
	return s.renderSubstitute(w, r, web.Page{}, map[string]string{"from": today}, nil, nil)
}

func (s *Service) renderSubstitute(w http.ResponseWriter, r *http.Request, p web.Page, values, at map[string]string, faults []ui.Fault) error {
	ctx := r.Context()
	v := substituteView{faults: faults}
	list, err := s.Substitutes(ctx)
	if err != nil {
		return err
	}
	for _, u := range list {
		e := arranged{text: i18n.T(ctx, "flow.substitute_mine", "Sub", u.SubName, "Name", u.Name,
			"From", i18n.Day(ctx, u.From), "To", i18n.Day(ctx, u.To.AddDays(-1)))}
		if u.Person == scope.From(ctx).Account {
			e.end = ui.Post{Text: i18n.T(ctx, "flow.substitute_end"), Sub: e.text, Action: "/flow/substitute/end", Key: web.NewKey(),
				Hidden: []ui.Pair{{Name: "ref", Value: id.Ref{Root: u.Root, ID: u.ID}.String()}}}
		}
		v.list = append(v.list, e)
	}
	people, err := s.Candidates(ctx)
	if err != nil {
		return err
	}
	if len(people) > 0 {
		who := ui.Input{Kind: ui.KindSelect, Name: "sub", Label: i18n.T(ctx, "flow.substitute_sub"), Value: values["sub"], Error: at["sub"],
			Options: []ui.Option{{}}}
		for _, q := range people {
			who.Options = append(who.Options, ui.Option{Value: q.Account.String(), Text: i18n.T(ctx, "flow.substitute_option", "Name", q.Name, "Place", q.Place)})
		}
		v.form = ui.FormSpec{Action: "/flow/substitute", Key: web.NewKey(), Submit: i18n.T(ctx, "flow.substitute_save")}
		v.fields = []ui.Input{who,
			{Kind: ui.KindDate, Name: "from", Label: i18n.T(ctx, "flow.substitute_first"), Value: values["from"], Error: at["from"]},
			{Kind: ui.KindDate, Name: "to", Label: i18n.T(ctx, "flow.substitute_last"), Value: values["to"], Error: at["to"]}}
	}
	p.Title, p.Current, p.Error = i18n.T(ctx, "flow.substitute"), "inbox", len(faults) > 0
	p.Crumbs = []ui.Link{{Text: i18n.T(ctx, "flow.inbox"), Href: "/inbox"}, {Text: p.Title}}
	return web.Render(w, r, p, substitutePage(v))
}

func (s *Service) setSubstitute(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		sub, _ := id.Parse(f.Text("sub")) // what cannot be read is nobody, and the service says so at the field
		return "/flow/substitute", s.SetSubstitute(ctx, sub, clock.Day(f.Text("from")), clock.Day(f.Text("to")))
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	at, faults, rest := web.Problems(r.Context(), err)
	if rest != nil {
		return rest
	}
	typed := map[string]string{"sub": f.Text("sub"), "from": f.Text("from"), "to": f.Text("to")}
	return s.renderSubstitute(w, r, web.Page{Status: http.StatusUnprocessableEntity}, typed, at, faults)
}

func (s *Service) dropSubstitute(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		ref, err := id.ParseRef(f.Text("ref"))
		if err != nil {
			return "", web.NotFound(r)
		}
		return "/flow/substitute", s.EndSubstitute(ctx, ref)
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}
