package app

import (
	"fmt"
	"strings"

	"xinhuo/internal/activity"
	"xinhuo/internal/feedback"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// activity makes one that was held, with a photo that everybody of the unit's subtree may see and one that is the host's.
func (s *seeder) activity(u org.Unit) error {
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	a := activity.Activity{Code: w("actcode"), Hosts: []activity.Host{{Unit: u.ID}}, Title: w("activity"), Type: "contest", Topic: "law", Day: "2019-05-20", Mode: activity.Face,
		Stops: []activity.Stop{{Place: w("actplace"), Venue: "campus"}}, Audience: []activity.Audience{{Group: "parent", Count: 30}}, People: []activity.Person{{Name: w("actguest"), Role: "lecturer"}},
		Responsible: w("actresponsible"), Phone: w("actphone") + "0500", Aim: w("aim"), Method: w("method"), Summary: w("actsummary") + ragged, Status: activity.Held,
		Contest: activity.Contest{Rules: w("actrules"), Entries: []activity.Entry{{Name: w("actentry"), Score: 900, Award: w("actaward")}}}}
	ref, err := s.a.Activity.Create(s.ctx, a, record.Change{Act: "activity.act.create"})
	if err != nil {
		return err
	}
	s.seeds.add("activity", u.Code, ref.String())
	open, err := s.a.Activity.Keep(s.ctx, []activity.Upload{{File: picture(u.Pos)}}, w("actphoto"), activity.None)
	if err != nil {
		return err
	}
	closed, err := s.a.Activity.Keep(s.ctx, []activity.Upload{{File: picture(u.Pos + 7)}}, s.seeds.word("actclosed", u, scope.Work), "")
	if err != nil {
		return err
	}
	if err := s.a.Activity.AddPhotos(s.ctx, ref, 1, append(open, closed...)); err != nil {
		return err
	}
	hurt := s.seeds.word("sealedhurt", u, scope.Work)
	s.seeds.canaries[len(s.seeds.canaries)-1].unit = u.ID
	if err := s.a.Activity.ReportIncident(s.ctx, ref, 2, activity.Incident{On: "2019-05-20", What: w("incident"), Done: w("incidentdone")}, hurt); err != nil {
		return err
	}
	return s.feedback(u, ref)
}

// camp makes one with a child on its sealed list.
func (s *seeder) camp(u org.Unit) error {
	w := func(kind string) string {
		word := s.seeds.word(kind, u, scope.Work)
		s.seeds.canaries[len(s.seeds.canaries)-1].unit = u.ID
		return word
	}
	ref, err := s.a.Activity.Create(s.ctx, activity.Activity{Hosts: []activity.Host{{Unit: u.ID}}, Title: s.seeds.word("camp", u, scope.View), Type: "camp", Topic: "law", Day: "2019-07-20", LastDay: "2019-07-22", Mode: activity.Face,
		Stops: []activity.Stop{{Place: "x", Venue: "campus"}}, Audience: []activity.Audience{{Group: "junior", Count: 1}}, Responsible: "x", Phone: "110", Status: activity.Planned}, record.Change{Act: "activity.act.create"})
	if err != nil {
		return err
	}
	s.seeds.add("camp", u.Code, ref.String())
	if err := s.grant(u, ref); err != nil {
		return err
	}
	return s.a.Activity.AddMinor(s.ctx, ref, activity.Minor{Name: w("sealedname"), Guardian: w("sealedguardian"), Phone: w("sealedphone") + "0500", Contact: w("sealedcontact"), ContactPhone: w("sealednumber") + "0500",
		Consented: harnessDay, Form: "paper", Insured: true})
}

// grant lets somebody of the city look at a camp and ends it at once: it opens nothing, and its purpose stands where the unit and
// its auditor look.
func (s *seeder) grant(u org.Unit, ref id.Ref) error {
	o := seal.Owner{Kind: "activity.minor", Of: ref, Unit: u.ID}
	guest, err := s.a.Account.ByLogin(s.ctx, "zhouwenqin")
	if err != nil {
		return err
	}
	own := scope.Set{u.Range()}
	as := scope.With(s.ctx, scope.Actor{Account: id.New(), Name: "x", Unit: u.ID, Pos: u.Pos, FindSet: scope.All, ViewSet: own, WorkSet: own})
	purpose := s.seeds.word("sealpurpose", u, scope.Work)
	s.seeds.canaries[len(s.seeds.canaries)-1].unit = u.ID
	g, err := s.a.Seal.Grant(as, o, seal.Grant{Account: guest.ID, Name: guest.Person, Purpose: purpose, Until: harnessDay})
	if err != nil {
		return err
	}
	return s.a.Seal.Revoke(as, o, g)
}

// feedback asks six people about an activity; one leaves a remark for the host alone.
func (s *seeder) feedback(u org.Unit, ref id.Ref) error {
	if err := s.a.Feedback.Open(s.ctx, ref, feedback.Opening{Days: 7}); err != nil {
		return err
	}
	link, err := s.a.Feedback.Link(s.ctx, ref)
	if err != nil {
		return err
	}
	_, sig, _ := strings.Cut(link, "?k=")
	for i := range 6 {
		a := feedback.Answer{Satisfaction: 5, Useful: 1}
		if i == 0 {
			a.Line = s.seeds.word("remark", u, scope.Work)
		}
		if err := s.a.Feedback.Answer(s.ctx, ref, sig, "", fmt.Sprintf("203.0.113.%d", i), a); err != nil {
			return err
		}
	}
	return s.a.Feedback.Close(s.ctx, ref)
}
