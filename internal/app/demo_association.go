package app

import (
	"context"
	"fmt"
	"strings"

	"xinhuo/internal/association"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
	"xinhuo/internal/people"
	"xinhuo/internal/volunteer"
)

// demoTasks are what associations do when they come to a township.
var demoTasks = []string{"指导团队建档立卡", "看工作站怎么值班，帮着定了制度", "给团队讲心理辅导的分寸", "和镇里一起排下半年的活动", "查志愿者核查和保险办得齐不齐"}

// associations are what stands beside the committees of the home city's counties: an association each, stations in every
// second township, visits, and a few teams that the association runs, with their members.
func (l *demoLoad) associations() {
	n := 0
	for _, x := range l.city.Units {
		county := l.unit(x.Code)
		if !strings.HasPrefix(x.Code, l.city.Home) || county.Level != org.County || !county.StandsOn(clock.Day(l.city.Day)) {
			continue
		}
		n++
		l.associationOf(county, n)
	}
}

func (l *demoLoad) associationOf(county org.Unit, n int) {
	day := clock.Day(l.city.Day)
	year := day.Year()
	first := func(y int) clock.Day { return clock.Day(fmt.Sprintf("%04d-03-%02d", y, 1+n)) }
	var ref id.Ref
	l.at(l.begun, func(ctx context.Context) (err error) {
		a := association.Association{Unit: county.ID, Name: county.Name + "关心下一代协会", FoundedOn: first(year - 5), RegistrationNo: fmt.Sprintf("51%sMJ%05d", county.Code, 20000+n*37), Registrar: county.Name + "民政局",
			RegisteredOn: first(year - 5).AddDays(40), TermFrom: first(year - 2), TermYears: 5, Phone: fmt.Sprintf("0500-556 %04d", 1000+n*31),
			Charters: []association.Charter{{On: first(year - 5), Title: county.Name + "关心下一代协会章程", Points: []string{"协会由热心关心下一代工作的离退休老同志和各界人士自愿组成。", "会员大会每两年开一次。", "接受本级关工委指导和登记机关监督。"}}},
			Council:  []association.Officer{{Name: "钟" + string([]rune("怀远守正明德")[n%6]) + "民", Office: "会长", From: first(year - 5)}, {Name: "陶" + string([]rune("静安若水知行")[n%6]) + "兰", Office: "秘书长", From: first(year - 5)}}}
		if n%2 == 1 {
			a.Charters = append(a.Charters, association.Charter{On: first(year - 1), Title: county.Name + "关心下一代协会章程（修订）", Points: []string{a.Charters[0].Points[0], "会员大会每年开一次。", a.Charters[0].Points[2]}})
		}
		if n%4 == 0 {
			a.TermFrom, a.TermYears = first(year-5), 4 // the council's term ran out, nobody elected a new one
		}
		for y := year - 4; y < year; y++ {
			a.Counts = append(a.Counts, association.Count{On: clock.Day(fmt.Sprintf("%d-01-10", y)), Members: int64(60 + n*9 + (y-year)*5)})
			// A third of them have not been through the last inspection.
			if on := clock.Day(fmt.Sprintf("%d-05-12", y+1)); on <= day && (n%3 != 0 || y < year-2) {
				a.Inspections = append(a.Inspections, association.Inspection{Year: int64(y), Result: "passed", On: on})
			}
		}
		a.Inspections = append([]association.Inspection{{Year: int64(year - 5), Result: "passed", On: clock.Day(fmt.Sprintf("%d-05-12", year-4))}}, a.Inspections...)
		ref, err = l.a.Association.CreateAssociation(l.as(ctx, county), a)
		return l.name(county.Code, err)
	})
	var above id.Ref
	l.countyTeams(county, n, first(year-3), &above)
	i := 0
	for _, x := range l.city.Units {
		town := l.unit(x.Code)
		if town.Parent != county.ID || town.Level != org.Township || !town.StandsOn(day) {
			continue
		}
		i++
		if i%2 == 1 {
			founded := max(first(year-3), town.From)
			l.at(l.begun, func(ctx context.Context) error {
				_, err := l.a.Association.CreateStation(l.as(ctx, town), association.Station{Unit: town.ID, Association: ref, Name: town.Name + "志愿者工作站", FoundedOn: founded, Head: l.names[town.ID], Place: town.Name + "文化站", Volunteers: int64(12 + i*3)})
				return l.name(town.Code, err)
			})
		}
		if i%4 != 0 { // every fourth township waits for a visit
			on := day.AddDays(-((i*23+n*17)%140 + 2))
			l.at(on.AddDays(1), func(ctx context.Context) error {
				g := association.Guidance{Unit: town.ID, Association: ref, Day: on, What: demoTasks[(i+n)%len(demoTasks)], People: "会长、秘书长等3人", Result: "说好下月回头再看"}
				if i%5 == 0 {
					g.TaskOf = county.ID
				}
				_, err := l.a.Association.CreateGuidance(l.as(ctx, county), g)
				return l.name(town.Code, err)
			})
		}
		if i%3 == 1 {
			l.at(day.AddDays(-20), func(ctx context.Context) error {
				return l.name(town.Code, l.runBy(l.as(ctx, town), town, county, ref, above))
			})
		}
	}
}

// countyTeams are a county's own team for counselling, which those of its townships extend, and in every third county
// the team of another department in its directory.
func (l *demoLoad) countyTeams(county org.Unit, n int, founded clock.Day, counsel *id.Ref) {
	l.at(l.begun, func(ctx context.Context) (err error) {
		*counsel, err = l.a.People.Create(l.as(ctx, county), people.Team{Code: "TX" + county.Code, Unit: county.ID, Name: county.Name + "心理健康关爱团", Need: "心理健康", Leader: "杜" + string([]rune("文清若谷怀瑾")[n%6]) + "华",
			Members: int64(8 + n), Intro: "退休医生、心理教师组成，带着乡镇团队做。", Status: people.Approved, ApprovedOn: founded.AddDays(-20), FoundedOn: founded})
		if err == nil && n%3 == 1 {
			_, err = l.a.People.Create(l.as(ctx, county), people.Team{Code: "TB" + county.Code, Unit: county.ID, Name: county.Name + "法律援助律师团", Need: "法治", Owner: county.Name + "司法局",
				Members: int64(5 + n), Status: people.Approved, ApprovedOn: founded, FoundedOn: founded})
		}
		return l.name(county.Code, err)
	})
}

// runBy gives the first team of a township its guiding committee, its association, the county's team that it extends and
// those of its volunteers who may work with minors.
func (l *demoLoad) runBy(ctx context.Context, town, county org.Unit, ref, above id.Ref) error {
	day := clock.Today(ctx)
	p, err := l.a.People.List(ctx, town, day, people.Filter{State: people.Active}, 0, "", 1)
	if err != nil || len(p.Teams) == 0 || p.Teams[0].Unit != town.ID {
		return err
	}
	team := p.Teams[0].Ref()
	t, v, err := l.a.People.Get(ctx, team)
	if err != nil {
		return err
	}
	t.GuidedBy, t.RunBy, t.Docked = county.ID, ref, above
	list, err := l.a.Volunteer.List(ctx, town, day, volunteer.Filter{State: volunteer.Active}, -1, "", 60)
	if err != nil {
		return err
	}
	refs := make([]id.Ref, len(list.Volunteers))
	for i, x := range list.Volunteers {
		refs[i] = x.Ref()
	}
	unfit, err := l.a.Volunteer.FitToCounsel(ctx, refs, day)
	if err != nil {
		return err
	}
	bad := map[id.Ref]bool{}
	for _, u := range unfit {
		bad[u.Ref] = true
	}
	for _, r := range refs {
		if !bad[r] && len(t.People) < 5 {
			t.People = append(t.People, people.Member{Volunteer: r, Role: "队员", From: day.AddDays(-10)})
		}
	}
	return l.a.People.Save(ctx, team, v.N, t, "补登协会和成员")
}
