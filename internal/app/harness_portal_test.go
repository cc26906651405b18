package app

import (
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/portal"
)

// portal is a unit's public site with news that only the office and those above see, and a letter that only the office opens.
func (s *seeder) portal(u org.Unit) error {
	x, err := s.a.Portal.Site(s.ctx, u)
	if err != nil {
		return err
	}
	if x.Ver == 0 {
		x = portal.Site{Slug: "site" + u.Code, Title: "网站" + u.Code, Colour: portal.Colours[0], Columns: portal.Columns, Hotline: "12355", Human: "办公室", Phone: "0500-5550126", Hours: "工作日", On: true}
		if err := s.a.Portal.SetSite(s.ctx, u.ID, x); err != nil {
			return err
		}
		x.Unit = u.ID
	}
	pic, err := s.a.Portal.KeepPicture(s.ctx, picture(u.Pos), s.seeds.word("sitepicture", u, scope.View))
	if err != nil {
		return err
	}
	ref, err := s.a.Portal.AddNews(s.ctx, portal.News{Unit: u.ID, Day: harnessDay, Title: s.seeds.word("sitenews", u, scope.View), Text: s.seeds.word("sitetext", u, scope.View), Pictures: []portal.Picture{pic}}, false)
	if err != nil {
		return err
	}
	s.seeds.add("portalpicture", u.Code, pic.Hash)
	s.seeds.add("portalnews", u.Code, ref.String())
	words := portal.Words{Name: s.seeds.word("wishname", u, scope.Work), Phone: "0500-5552377", Can: s.seeds.word("wishcan", u, scope.Work)}
	if err := s.a.Portal.Wish(scope.With(s.ctx, scope.Actor{}), x, id.Ref{}, words, "192.0.2.9"); err != nil {
		return err
	}
	list, err := s.a.Portal.Wishes(s.ctx, u)
	if err != nil {
		return err
	}
	for _, w := range list {
		if _, _, got, err := s.a.Portal.ReadWish(s.ctx, w.Ref()); err == nil && got.Name == words.Name {
			s.seeds.add("portalwish", u.Code, w.Ref().String())
		}
	}
	return nil
}
