package app

import (
	"xinhuo/internal/account"
	"xinhuo/internal/contact"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/meeting"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// partner registers a body at the unit, which units below it know by its name, asks something of it and writes two entries
// of the log, of which the body may read one. At the city the account "partner" stands for it.
func (s *seeder) partner(u org.Unit) error {
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	from := len(s.seeds.canaries)
	b := contact.Body{Unit: u.ID, Name: w("partner"), Field: "education", Person: w("partnerperson") + ragged, Offers: w("partneroffers") + ragged, From: "2019-01-01"}
	for i := from; i < len(s.seeds.canaries); i++ { // known to every unit below, which works with it, too
		s.seeds.canaries[i].rng = u.Range()
	}
	ref, err := s.a.Contact.Register(s.ctx, b, record.Change{})
	if err != nil {
		return err
	}
	s.seeds.add("partner", u.Code, ref.String())
	if u.Code == "9902" {
		if _, err := s.a.Account.Create(s.ctx, account.NewAccount{Login: "partner", Person: "partner", Unit: u.ID, Password: harnessPassword}); err != nil {
			return err
		}
		s.made["partner"] = true
		if err := s.a.Contact.AddSeat(s.ctx, ref, 1, "partner"); err != nil {
			return err
		}
	}
	from = len(s.seeds.canaries)
	c := contact.Contact{Unit: u.ID, Kind: "talk", Body: b.Name, Day: "2019-05-09", Topic: w("sharedtopic"), Result: w("sharedresult"), Shared: true}
	shared, err := s.a.Contact.Add(s.ctx, c, record.Change{})
	if err != nil {
		return err
	}
	s.seeds.add("sharedentry", u.Code, shared.String())
	task, err := s.a.Contact.Assign(s.ctx, contact.Task{Unit: u.ID, Title: w("partnertask"), Text: w("partnertext"), Lead: ref, Due: "2019-06-30"}, record.Change{})
	if err != nil {
		return err
	}
	s.seeds.add("partnertask", u.Code, task.String())
	held, err := id.ParseRef(s.seeds.refs["meeting"][u.Code])
	if err != nil {
		return err
	}
	decided, err := s.a.Meeting.Decide(s.ctx, meeting.Decision{Unit: u.ID, Meeting: held, Text: w("partnerdecision"), Due: "2019-06-20"}, b.Name, nil)
	if err != nil {
		return err
	}
	s.seeds.add("shareddecision", u.Code, decided.String())
	asked, err := s.a.Meeting.CreateWith(s.ctx, meeting.Meeting{Unit: u.ID, Kind: "专题会议", Title: w("partnermeeting"), Day: "2019-06-20"}, []string{b.Name})
	if err != nil {
		return err
	}
	s.seeds.add("sharedmeeting", u.Code, asked.String())
	for i := from; i < len(s.seeds.canaries); i++ {
		s.seeds.canaries[i].partner = u.Code == "9902"
	}
	if u.Code == "9902" { // the body's own name stands on its pages
		for i := range s.seeds.canaries {
			if s.seeds.canaries[i].word == b.Name {
				s.seeds.canaries[i].partner = true
			}
		}
	}
	c = contact.Contact{Unit: u.ID, Kind: "talk", Body: w("talkbody") + ragged, Day: "2019-05-08", Topic: w("talktopic"), Result: w("talkresult") + ragged}
	entry, err := s.a.Contact.Add(s.ctx, c, record.Change{})
	s.seeds.add("contact", u.Code, entry.String())
	return err
}
