package app

import (
	"strings"

	kept "xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/survey"
)

// survey is one that the unit issues, which all below it know, and one that it only drafts; then the unit's answer to the
// survey of its province, sent back.
func (s *seeder) survey(u org.Unit) error {
	from := len(s.seeds.canaries)
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	levels := []org.Level{org.County, org.Township, org.Village}
	if u.Level == org.Province {
		levels = append(levels, org.City)
	} else if u.Level == org.County {
		levels = levels[1:]
	} else if u.Level == org.Township {
		levels = levels[2:]
	}
	v := survey.Survey{Unit: u.ID, Title: w("survey"), Text: w("surveytext") + ragged, Document: w("surveydoc"), About: "unit", Levels: levels, Due: "2019-06-30",
		Questions: []survey.Question{{Label: w("surveyquestion"), Kind: "text"}}}
	ref, err := s.a.Survey.Create(s.ctx, v)
	if err != nil {
		return err
	}
	if n, err := s.a.Survey.Addressed(s.ctx, v); err != nil {
		return err
	} else if n > 0 { // a township without villages has nobody to ask
		if err := s.a.Survey.Issue(s.ctx, ref, 1); err != nil {
			return err
		}
	}
	for i := from; i < len(s.seeds.canaries); i++ { // known to every unit below
		s.seeds.canaries[i].rng = u.Range()
	}
	s.seeds.add("survey", u.Code, ref.String())
	v.Title, v.Text, v.Document, v.Questions = w("surveydraft"), "", "", nil
	if _, err := s.a.Survey.Create(s.ctx, v); err != nil || u.Level == org.Province {
		return err
	}
	above, err := id.ParseRef(s.seeds.refs["survey"]["99"])
	if err != nil {
		return err
	}
	if err := s.a.Survey.Fill(s.ctx, above, u.ID, 0, "unit", map[int][]string{1: {w("surveyanswer")}}, record.Change{}); err != nil {
		return err
	}
	if err := s.a.Survey.Send(s.ctx, above, u.ID, 1); err != nil {
		return err
	}
	s.seeds.add("surveyanswer", u.Code, above.String())
	return s.a.Survey.SendBack(s.ctx, above, u.ID, 2, w("surveywhy")+ragged)
}

// research is a report of 2018 that was adopted.
func (s *seeder) research(u org.Unit) error {
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	ref, err := s.a.Survey.AddReport(s.ctx, survey.Report{Unit: u.ID, Title: w("research"), Topic: w("researchtopic"), Sites: []string{w("researchsite")}, Authors: []string{w("researchauthor")}, Findings: w("researchfindings") + ragged,
		FinishedOn: "2018-05-06", AdoptedBy: w("adopter"), AdoptedOn: "2018-06-07", Adoption: w("adoption") + ragged}, record.Change{})
	if err != nil {
		return err
	}
	s.seeds.add("research", u.Code, ref.String())
	paper, err := s.a.Survey.Keep(s.ctx, w("researchfile")+".txt", strings.NewReader("报告"+u.Code))
	if err != nil {
		return err
	}
	s.seeds.add("researchfile", u.Code, paper.Hash)
	return s.a.Survey.AttachFiles(s.ctx, ref, 1, []kept.Kept{paper}, nil)
}

// poll is an anonymous questionnaire, open.
func (s *seeder) poll(u org.Unit) error {
	ref, err := s.a.Survey.AddPoll(s.ctx, survey.Poll{Unit: u.ID, Title: s.seeds.word("poll", u, scope.View), Audience: "young", Needs: []string{"心理健康", "书画"}, Expected: 30, Closes: "2019-06-10"})
	s.seeds.add("poll", u.Code, ref.String())
	return err
}
