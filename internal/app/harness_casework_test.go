package app

import (
	"xinhuo/internal/casework"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// casework is a case of a child at risk, which its holder alone reads, with who it is about and what was said.
func (s *seeder) casework(u org.Unit) error {
	login, there := leadOf[u.Code]
	if !there {
		return nil
	}
	acc, err := s.a.Account.ByLogin(s.ctx, login)
	if err != nil {
		return err
	}
	actor, err := s.a.Account.Actor(s.ctx, acc.ID)
	if err != nil {
		return err
	}
	w := func(kind string) string {
		word := s.seeds.word(kind, u, scope.Work)
		s.seeds.canaries[len(s.seeds.canaries)-1].owner = acc.ID
		return word
	}
	ctx := scope.With(s.ctx, actor)
	ref, err := s.a.Casework.OpenCase(ctx, casework.Opening{Unit: u.ID, Class: "at_risk", Consent: casework.Given, Given: clock.Today(s.ctx), Form: "paper", Person: map[string]string{"name": w("casename"), "birth": "2008",
		"guardian": w("caseguardian"), "contact": w("casecontact"), "address": w("caseaddress"), "school": w("caseschool"), "narrative": w("casestory")}})
	if err != nil {
		return err
	}
	s.seeds.add("casework", u.Code, ref.String())
	return s.a.Casework.Visit(ctx, ref, clock.Today(s.ctx), "home", w("casevisit"), "", 0, "")
}
