package app

import (
	"strings"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
)

// mandatory is something in a request for help that has to be reported.
func (s *seeder) mandatory(u org.Unit) error {
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
	of, err := id.ParseRef(s.seeds.refs["care"][u.Code])
	if err != nil {
		return err
	}
	word := s.seeds.word("dutywords", u, scope.Work)
	s.seeds.canaries[len(s.seeds.canaries)-1].owner = acc.ID
	ref, err := s.a.Mandatory.Start(scope.With(s.ctx, actor), of, "other", word)
	s.seeds.add("mandatory", u.Code, ref.String())
	return err
}

// sealedFor tells the routes of requests for help and of what has to be reported in one: exactly those who answer for the request read.
func sealedFor(rt web.Route) bool {
	return rt.Scope == web.ByRecord && (strings.Contains(rt.Path, "/care/{ref}") || strings.Contains(rt.Path, "/mandatory/"))
}
