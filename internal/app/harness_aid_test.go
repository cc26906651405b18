package app

import (
	"xinhuo/internal/aid"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// aid is an application with for whom it is, a donor and a gift. What is said of the child is for those who work in the very unit.
func (s *seeder) aid(u org.Unit) error {
	w := func(kind string) string {
		word := s.seeds.word(kind, u, scope.Work)
		s.seeds.canaries[len(s.seeds.canaries)-1].unit = u.ID
		return word
	}
	ref, err := s.a.Aid.Apply(s.ctx, aid.Aid{Unit: u.ID, Kind: "study", Purpose: "生活费", Year: 2019, Form: aid.Goods, Asked: aid.Amount{Fen: 100, Qty: 1, What: s.seeds.word("aidwhat", u, scope.View)}, Reason: "poor"},
		aid.Child{Name: w("aidchild"), Born: "2009-01-01", Guardian: w("aidguardian"), Phone: w("aidphone") + "0500", School: w("aidschool"), Address: w("aidaddress"), Words: w("aidwords")}, aid.Agreed{Given: harnessDay, Form: "paper"}, id.Ref{})
	if err != nil {
		return err
	}
	s.seeds.add("aid", u.Code, ref.String())
	if err := s.a.Aid.AddPaper(s.ctx, ref, seal.Upload{Name: "a.txt", Data: []byte(w("aidpaper"))}); err != nil {
		return err
	}
	past := aid.Amount{Fen: 500, Qty: 1, What: s.seeds.word("aidpast", u, scope.View)}
	if _, err := s.a.Aid.Earlier(s.ctx, aid.Aid{Unit: u.ID, Kind: "study", Purpose: "生活费", Year: 2019, Form: aid.Goods, State: aid.Done, Past: true, Asked: past, Applied: "2019-03-05", Given: &aid.Handing{Day: "2019-03-05", Amount: past}},
		record.Change{Act: "record.act.import"}); err != nil {
		return err
	}
	donor, err := s.a.Aid.SaveDonor(s.ctx, id.Ref{}, 0, aid.Donor{Unit: u.ID, Name: s.seeds.word("aiddonor", u, scope.View), Kind: "person", Note: s.seeds.word("aiddonornote", u, scope.View)})
	if err != nil {
		return err
	}
	s.seeds.add("aiddonor", u.Code, donor.String())
	gift, err := s.a.Aid.SaveGift(s.ctx, id.Ref{}, 0, aid.Gift{Unit: u.ID, Donor: donor, Day: harnessDay, Form: aid.Money, Fen: 100, Note: s.seeds.word("aidgiftnote", u, scope.View)})
	s.seeds.add("aidgift", u.Code, gift.String())
	return err
}
