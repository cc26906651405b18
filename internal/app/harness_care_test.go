package app

import (
	"xinhuo/internal/care"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// leadOf are the accounts that answer for the desks of the harness: they alone read what is asked there.
var leadOf = map[string]string{"9902": "chenyulan", "990203": "zhouwenqin", "990203013": "liangshuiwang"}

// care is a request for help at a desk, with who asks and what they said.
func (s *seeder) care(u org.Unit) error {
	login, there := leadOf[u.Code]
	if !there {
		return nil
	}
	acc, err := s.a.Account.ByLogin(s.ctx, login)
	if err != nil {
		return err
	}
	d, err := s.a.Care.Desk(s.ctx, u.ID)
	if err != nil {
		return err
	}
	d.Unit, d.Open, d.Kinds, d.Phone, d.Hours = u.ID, true, care.Kinds, "0500-5550126", "全天"
	if err := s.a.Care.SetDesk(s.ctx, d, []string{login}); err != nil {
		return err
	}
	w := func(kind string) string {
		word := s.seeds.word(kind, u, scope.Work)
		s.seeds.canaries[len(s.seeds.canaries)-1].owner = acc.ID
		return word
	}
	a := care.Ask{Unit: u.ID, Kind: "mind", Asker: "young", Way: "call", Text: w("asktext"), Name: w("askname"), Contact: w("askcontact"), Phrase: "外婆家的橘子树", Files: []care.Upload{{Name: "a.txt", Data: []byte(w("askfile"))}}}
	if a.Receipt, a.Proof, err = s.a.Care.NewReceipt(s.ctx); err != nil {
		return err
	}
	q, err := s.a.Care.Ask(s.ctx, a, "192.0.2.7:4711")
	s.seeds.add("care", u.Code, q.Ref().String())
	return err
}

// careVerdict is what is promised about a request for help: who works in its very unit sees that it is there, its leads read it, and
// nobody else hears of it, wherever they stand.
func (w *world) careVerdict(a scope.Actor, u org.Unit, reads bool) verdict {
	switch {
	case a.Unit != u.ID || !a.May(scope.Work, u.Pos):
		return absent
	case reads && w.byLogin[leadOf[u.Code]].actor.Account != a.Account:
		return forbidden
	}
	return allowed
}
