package app

import (
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/plan"
	"xinhuo/internal/record"
)

// plan is a unit's plan of 2018 with a central task, which units below read, and two items: a measure, and one that serves the task,
// has a scheme, something done for it, and a result.
func (s *seeder) plan(u org.Unit) error {
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	from := len(s.seeds.canaries)
	c := plan.Central{Unit: u.ID, Year: 2018, Name: w("central"), Text: w("centraltext") + ragged, Source: plan.Source{Document: w("centraldoc"), Paragraph: w("centralpart")}}
	for i := from; i < len(s.seeds.canaries); i++ { // every unit below reads what the year is about
		s.seeds.canaries[i].rng = u.Range()
	}
	central, err := s.a.Plan.Set(s.ctx, c, record.Change{})
	if err != nil {
		return err
	}
	s.seeds.add("central", u.Code, central.String())
	ref, err := s.a.Plan.Create(s.ctx, plan.Plan{Unit: u.ID, Year: 2018, Title: w("plan"), Duties: []string{w("planduty"), "法治教育"}, Note: w("plannote") + ragged}, record.Change{})
	if err != nil {
		return err
	}
	s.seeds.add("plan", u.Code, ref.String())
	if _, err := s.a.Plan.Add(s.ctx, plan.Item{Plan: ref, Title: w("planmeasure"), Kind: "measure", Figure: "activity.held"}, record.Change{}); err != nil {
		return err
	}
	item, err := s.a.Plan.Add(s.ctx, plan.Item{Plan: ref, Title: w("planitem"), Kind: "work", Duty: "法治教育", Quarter: 1, Owner: w("planowner"), Budget: 700, Figure: "activity.held", Target: 3, Central: []id.Ref{central},
		Source: plan.Source{Document: w("plandoc"), Paragraph: w("planpart") + ragged}}, record.Change{})
	if err != nil {
		return err
	}
	s.seeds.add("planitem", u.Code, item.String())
	if err := s.a.Plan.Write(s.ctx, item, 1, w("planscheme")+ragged); err != nil {
		return err
	}
	if err := s.a.Plan.Approve(s.ctx, item, 2, w("planapprover"), "2019-05-06"); err != nil {
		return err
	}
	if err := s.a.Plan.Close(s.ctx, item, 3, "2019-05-07", w("planresult"), record.Change{}); err != nil {
		return err
	}
	return s.a.Plan.Sign(s.ctx, ref, 1, plan.Sign{Side: "committee", Name: w("plansigner"), On: "2019-02-01"})
}
