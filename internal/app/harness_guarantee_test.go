package app

import (
	"strings"

	"xinhuo/internal/guarantee"
	kept "xinhuo/internal/kit/file"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// guarantee is a standard that a unit sets for 2014, which those below read, and its year 2014 with a point in place; a line of money and a revenue of 2014, and
// one that should have a committee.
func (s *seeder) guarantee(u org.Unit) error {
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	from := len(s.seeds.canaries)
	v := guarantee.Standard{Unit: u.ID, From: 2014, Until: 2014, Name: w("standard"), Document: w("standarddoc"), Mechanisms: []guarantee.Mechanism{{Code: "leadership", Name: w("mechanism")}},
		Points: []guarantee.Point{{Code: "agenda", Mechanism: "leadership", Name: w("gpoint"), Proof: w("pointproof") + ragged, Body: "party", Required: true, Inclusion: true}, {Code: "assessed", Mechanism: "leadership", Name: w("gap"), Body: "party"}}}
	for i := from; i < len(s.seeds.canaries); i++ { // every unit below reads what is asked of it
		s.seeds.canaries[i].rng = u.Range()
	}
	ref, err := s.a.Guarantee.Set(s.ctx, v, record.Change{})
	if err != nil {
		return err
	}
	s.seeds.add("standard", u.Code, ref.String())
	if ref, err = s.a.Guarantee.Begin(s.ctx, guarantee.Year{Unit: u.ID, Year: 2014}, record.Change{}); err != nil {
		return err
	}
	s.seeds.add("guarantee", u.Code, ref.String())
	file, err := s.a.Guarantee.Keep(s.ctx, w("pointfile")+".txt", strings.NewReader("依据"+u.Code))
	if err != nil {
		return err
	}
	s.seeds.add("guaranteefile", u.Code, file.Hash)
	h := guarantee.Held{Since: "2014-03-01", By: w("pointby"), Doc: guarantee.Document{Name: w("pointdoc"), Number: w("pointno")}, Note: w("pointnote") + ragged, Files: []kept.Kept{file}}
	h.Code = "agenda"
	if err := s.a.Guarantee.Hold(s.ctx, ref, 1, h, record.Change{}); err != nil {
		return err
	}
	if ref, err = s.a.Guarantee.AddLine(s.ctx, guarantee.Budget{Unit: u.ID, Year: 2014, Amount: 70000, InBudget: true, Doc: guarantee.Document{Name: w("budgetdoc"), Number: w("budgetno")}, Note: w("budgetnote") + ragged, Files: []kept.Kept{file}}, record.Change{}); err != nil {
		return err
	}
	s.seeds.add("budget", u.Code, ref.String())
	if ref, err = s.a.Guarantee.AddRevenue(s.ctx, guarantee.Revenue{Unit: u.ID, Year: 2014, Amount: 900000, Source: w("revenuesource")}, record.Change{}); err != nil {
		return err
	}
	s.seeds.add("revenue", u.Code, ref.String())
	ref, err = s.a.Guarantee.AddShould(s.ctx, guarantee.Should{Unit: u.ID, Name: w("should"), Kind: "enterprise", Code: w("shouldcode"), Young: 70, Source: w("shouldsource"), From: "2019-01-01"}, record.Change{})
	s.seeds.add("should", u.Code, ref.String())
	return err
}
