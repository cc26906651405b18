package demo

import (
	"math"
	"time"
)

// plannedAhead is how many days ahead the counties have planned.
const plannedAhead = 340

// makeReform makes the programme and the way of each of the 150 to it.
func (m *maker) makeReform() {
	m.city.Programme = Programme{
		Code: "sihua", Name: "“四化”工作模式", Goal: "全市乡镇（街道）分批建立，先试点，后推开，验收合格才算。",
		StartedOn: iso(m.lastFirst(1, 5)), EndsOn: iso(m.lastFirst(1, -3)),
		Parts: []Part{{"fellowship", "联谊化组合"}, {"professional", "专业化服务"}, {"project", "项目化推进"}, {"fourth", ""}},
		Criteria: []Criterion{{"plan", "有实施方案，分工到人"}, {"teams", "有自己的工作团队并正常活动"}, {"station", "有固定场所和值班安排"},
			{"projects", "至少做成一个服务项目"}, {"satisfaction", "走访十户以上，多数满意"}},
		Maturity: []string{"初建", "巩固", "成熟"},
	}
	done := map[string]bool{}
	order := append([]string(nil), m.adopters...)
	m.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for i, unit := range order {
		done[unit] = true
		t := float64(i) / float64(len(order)-1)
		m.addAdopted(unit, workday(m.ago(6+int(1560*math.Pow(1-t, 1.15)))))
	}
	var rest []string
	for _, c := range m.counties {
		for _, t := range m.townships[c] {
			if !done[t] {
				rest = append(rest, t)
			}
		}
	}
	m.rng.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	for i, unit := range rest {
		switch {
		case i == 0: // accepted; begins on a day to come
			m.addAdopted(unit, workday(m.ahead(11)))
			a := &m.city.Adoptions[len(m.city.Adoptions)-1]
			a.SubmittedOn, a.PlannedOn, a.Stages, a.Slips = iso(workday(m.ago(30))), iso(m.ahead(5)), nil, nil
		case i == 1:
			m.addAdopted(unit, workday(m.day.AddDate(-3, 0, -20)))
			a := &m.city.Adoptions[len(m.city.Adoptions)-1]
			a.Status, a.RevokedOn, a.RevokeReason = "revoked", iso(workday(m.ago(178))), "回访两次没有活动，退回重建"
			a.PlannedOn, a.Stages = iso(workday(m.ahead(160))), a.Stages[:1]
		case i <= 3:
			a := m.plan(unit, workday(m.ago(8*i)))
			a.Status, a.SubmittedOn = "submitted", iso(workday(m.ago(7*i-6)))
			a.Results = m.results(4)
			m.city.Adoptions = append(m.city.Adoptions, a)
		default:
			days := m.planIn(i)
			if a := m.plan(unit, workday(m.ahead(days))); days <= plannedAhead { // the others are not on the plan yet
				m.city.Adoptions = append(m.city.Adoptions, a)
			}
		}
	}
}

// planIn is in how many days the i-th of the rest is planned: five are late, five
// fall in the next two weeks, the others follow.
func (m *maker) planIn(i int) int {
	switch {
	case i < 9:
		return -6 * (i - 3)
	case i < 14:
		return 3 * (i - 8)
	}
	return 20 + (i-14)*11 + m.between(0, 8)
}

// plan is an adoption that has not been handed in, with the days put off before.
func (m *maker) plan(unit string, planned time.Time) Adoption {
	a := Adoption{Unit: unit, PlannedOn: iso(planned), Mentor: m.person(), Status: "planned"}
	if m.rng.IntN(3) > 0 {
		return a
	}
	before := planned.AddDate(0, -m.between(3, 7), 0)
	changed := before.AddDate(0, 0, -m.between(5, 20))
	if changed.Before(m.ago(2)) {
		a.Slips = []Slip{{iso(workday(before)), iso(workday(changed)),
			m.pick([]string{"场所还在装修", "分管的人换了，重新分工", "团队人手不齐", "等县里统一培训", "防汛期间人手抽走"})}}
	}
	return a
}

func (m *maker) addAdopted(unit string, day time.Time) {
	a := m.plan(unit, workday(day.AddDate(0, 0, m.between(-45, 20))))
	a.Status, a.AdoptedOn = "accepted", iso(day)
	a.SubmittedOn = iso(workday(day.AddDate(0, 0, -m.between(16, 40))))
	a.Results = m.results(5)
	if a.PlannedOn > m.city.Day && day.Before(m.day) {
		a.PlannedOn = iso(day)
	}
	for i, level := range m.city.Programme.Maturity {
		from := day.AddDate(0, 14*i, m.between(0, 60)*i)
		if from.Before(m.ago(3)) && (i < 2 || m.rng.IntN(2) == 0) {
			a.Stages = append(a.Stages, Stage{level, iso(workday(from))})
		}
	}
	m.city.Adoptions = append(m.city.Adoptions, a)
}

// results are the outcomes of the criteria of which so many are met.
func (m *maker) results(met int) []CriterionResult {
	notes := map[string]string{"plan": "方案已印发，分工表附后", "teams": "看过团队名单和活动记录", "station": "场所一间，周一至周五有人",
		"projects": "看过一个项目的总结", "satisfaction": "走访十二户，十一户满意"}
	var out []CriterionResult
	for i, c := range m.city.Programme.Criteria {
		r := CriterionResult{Criterion: c.Code, Met: i < met, Note: notes[c.Code]}
		if !r.Met {
			r.Note = "还没有走访"
		}
		out = append(out, r)
	}
	return out
}
