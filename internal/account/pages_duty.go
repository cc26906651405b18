package account

import (
	"context"
	"net/http"
	"strings"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

func (s *Service) sessionsEnd(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, "sessions_of", func(ctx context.Context, account id.ID, _ *web.Form) error { return s.EndSessionsOf(ctx, account) })
}

func (s *Service) secondReset(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	account, err := idOf(r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return "/account/" + account.String() + "?done=second_reset", s.ResetSecond(ctx, account, f.Text("reason"))
	})
	if err != nil {
		at, faults, err := web.Problems(r.Context(), err)
		if err != nil {
			return err
		}
		for i := range faults {
			faults[i].ID = "second-reason"
		}
		return s.renderShow(w, r, account, showView{Grant: Grant{}, At: map[string]string{"second": at["reason"]}, Faults: faults}, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(w, r, to)
}

// rulesView is what holds for all accounts, and who holds the three.
type rulesView struct {
	Rules   Rules
	May     bool
	Holders ui.Table
	Faults  []ui.Fault
	Key     string
}

func (s *Service) rulesForm(w http.ResponseWriter, r *http.Request) error {
	return s.renderRules(w, r, rulesView{}, 0)
}

func (s *Service) renderRules(w http.ResponseWriter, r *http.Request, v rulesView, status int) error {
	ctx := r.Context()
	var err error
	if len(v.Faults) == 0 {
		if v.Rules, err = s.Rules(ctx); err != nil {
			return err
		}
	}
	if v.May, err = s.mayRule(ctx); err != nil {
		return err
	}
	list, err := s.Holders(ctx)
	if err != nil {
		return err
	}
	v.Key = web.NewKey()
	v.Holders = ui.Table{Caption: i18n.T(ctx, "account.holders"), Columns: []ui.Column{{Text: i18n.T(ctx, "account.person")}, {Text: i18n.T(ctx, "account.duty"), Label: true},
		{Text: i18n.T(ctx, "account.right_unit"), Label: true}, {Text: i18n.T(ctx, "account.state"), Label: true}}}
	for _, h := range list {
		var units []string
		for _, g := range h.Grants {
			units = append(units, i18n.T(ctx, "account.duty_"+g.Kind)+" "+s.unitName(r, g.Unit))
		}
		state := ui.State(i18n.T(ctx, "account.duty_one"), "p")
		if len(h.Duties) > 1 {
			state = ui.State(i18n.T(ctx, "account.duty_more"), "w")
		}
		v.Holders.Rows = append(v.Holders.Rows, ui.Row{ID: h.Account.ID.String(), Bad: len(h.Duties) > 1, Cells: []ui.Cell{
			ui.To(h.Account.Person, "/account/"+h.Account.ID.String()), ui.Text(dutyWords(ctx, h.Duties)), ui.Text(strings.Join(units, " · ")), state}})
	}
	title := i18n.T(ctx, "account.rules_title")
	p := web.Page{Title: title, Current: "account", Error: len(v.Faults) > 0, Flash: saved(r), Status: status,
		Crumbs: []ui.Link{{Text: i18n.T(ctx, "account.title"), Href: "/account"}, {Text: title}}}
	return web.Render(w, r, p, rulesPage(v))
}

// dutyWords names those of the three that an account has.
func dutyWords(ctx context.Context, list []scope.Right) string {
	var out []string
	for _, d := range list {
		out = append(out, i18n.T(ctx, "account.duty_"+d.String()))
	}
	return strings.Join(out, " · ")
}

func (s *Service) setRules(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	want := Rules{Strong: f.Text("strong") == ruleOn, Apart: f.Text("apart") == ruleOn}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return "/account/rules?done=rules", s.SetRules(ctx, want)
	})
	if errs.Is(err, errs.Conflict) { // said beside the switch, with the names
		return s.renderRules(w, r, rulesView{Rules: want, Faults: []ui.Fault{{Name: ruleApart, Text: i18n.Error(r.Context(), err)}}}, http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}
