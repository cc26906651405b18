package care

import (
	"context"
	"net/http"
	"net/url"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

const rulePath = "/care/rule"

func (s *Service) rulePage(w http.ResponseWriter, r *http.Request) error {
	return s.showRule(w, r, nil, nil)
}

// showRule is where it is said whether whoever writes has to say who they are, with what was typed where it could not be taken.
func (s *Service) showRule(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	if may, err := s.seal.Runs(ctx); err != nil {
		return err
	} else if !may {
		return errs.New(errs.Forbidden, "errs.not_yours")
	}
	rule, err := s.Rule(ctx)
	if err != nil {
		return err
	}
	ver := numbered(rule.Version)
	if f == nil {
		f = &web.Form{Values: url.Values{"body": {rule.Body}}}
		if rule.Asks == 1 {
			f.Set("asks", "1")
		}
	} else if !errs.Is(failed, errs.Conflict) { // who has seen that it was changed may save over it
		ver = f.Text("_version")
	}
	v := deskView{Heading: ui.Heading{Title: tr(ctx, "care.rule")}, Lead: tr(ctx, "care.rule_lead")}
	page := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "care.title"), Href: "/care"}, {Text: v.Heading.Title}}}
	var beside map[string]string
	if failed != nil {
		var rest error
		if beside, v.Faults, rest = web.Problems(ctx, failed); rest != nil {
			v.Faults = web.Faults(ctx, rest)
		}
		page.Error, page.Status = true, errs.KindOf(failed).Status()
	}
	v.Desk = form{Spec: ui.FormSpec{Action: rulePath, Key: web.NewKey(), Submit: tr(ctx, "care.rule_save"), Hidden: []ui.Pair{{Name: "_version", Value: ver}}}, Inputs: []ui.Input{
		{Kind: ui.KindCheck, Name: "asks", Label: tr(ctx, "care.rule_asks"), Value: f.Get("asks")},
		{Kind: ui.KindArea, Name: "body", Label: tr(ctx, "care.rule_body"), Hint: tr(ctx, "care.rule_body_hint"), Value: f.Get("body"), Error: beside["body"], Lines: 6, Optional: true}}}
	return web.Render(w, r, page, deskTempl(v))
}

func (s *Service) rulePost(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	_, err = web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		rule := Rule{Version: f.Version(), Body: f.Get("body")}
		if f.Text("asks") != "" {
			rule.Asks = 1
		}
		return rulePath, s.SetRule(ctx, rule)
	})
	switch {
	case err == nil:
		return web.SeeOther(w, r, rulePath)
	case errs.Is(err, errs.Invalid) || errs.Is(err, errs.Conflict):
		return s.showRule(w, r, f, err)
	}
	return err
}
