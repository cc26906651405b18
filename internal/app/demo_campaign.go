package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/campaign"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// campaigns are two themes of this season: the city's, on which all counties and all townships but one have reported, and
// within it one of the county of the demonstration's accounts, on which all of its townships but one have. The township
// that has not reported to the city is the one of the accounts, so that it can be done from there.
func (l *demoLoad) campaigns() {
	own := map[org.Level]string{}
	for _, a := range l.city.Accounts {
		if u := l.unit(a.Unit); strings.HasPrefix(a.Unit, l.city.Home) {
			own[u.Level] = a.Unit
		}
	}
	day := clock.Day(l.city.Day)
	var counties, townships, mine []org.Unit
	for _, x := range l.city.Units { // parents before children: the order is that of the generator
		u := l.unit(x.Code)
		if !strings.HasPrefix(x.Code, l.city.Home) || !u.StandsOn(day) || !u.StandsOn(day.AddDays(-45)) {
			continue
		}
		switch {
		case u.Level == org.County:
			counties = append(counties, u)
		case u.Level == org.Township:
			townships = append(townships, u)
			if strings.HasPrefix(x.Code, own[org.County]) {
				mine = append(mine, u)
			}
		}
	}
	city, county, township := l.unit(l.city.Home), l.unit(own[org.County]), l.unit(own[org.Township])
	text := "各地结合实际安排，每个乡镇（街道）至少办一场宣讲、一次实践。上报时写清办了什么、多少青少年参加。"
	begun := day.AddDays(-45)
	birthday := clock.Day(fmt.Sprintf("%d-10-01", begun.Year()))
	if birthday < begun || birthday > day { // the page counts the days around it: on others there is nothing to count
		birthday = clock.Open
	}
	top := l.issue(city, day.AddDays(-40), nil, campaign.Campaign{Slogan: "我和祖国共成长", Topic: "patriotism", From: begun, Last: day.AddDays(60), Due: day.AddDays(7),
		Anniversary: &campaign.Anniversary{Event: "新中国成立", Year: 1949, Day: birthday},
		Window:      campaign.Window{From: day.AddDays(-28), Last: day.AddDays(-8)}, Targets: campaign.Targets{Levels: []org.Level{org.County, org.Township}}, Text: text,
		Documents: []string{"云关工委〔" + string(day[:4]) + "〕11号"}})
	for i, u := range counties {
		l.carriedOut(top, u, i, "召开动员会，排定各乡镇的场次，由片区联系人跟进。")
	}
	for i, u := range townships {
		if u.ID != township.ID {
			l.carriedOut(top, u, i, "")
		}
	}
	l.remindAt(city, top, day.AddDays(-1))

	late := slices.IndexFunc(mine, func(u org.Unit) bool { return u.ID != township.ID })
	below := l.issue(county, day.AddDays(-30), top, campaign.Campaign{Title: "红色故事我来讲", Slogan: "听老人讲，自己再讲", Topic: "party_history", From: day.AddDays(-30), Last: day.AddDays(30),
		Due: day.AddDays(-2), Targets: campaign.Targets{Levels: []org.Level{org.Township}}, Text: "每个乡镇（街道）请五老讲一次，选两名学生再讲一次。"})
	for i, u := range mine {
		if i != late {
			l.carriedOut(below, u, i, "")
		}
	}
}

// issue begins a campaign of a unit and sends it out on a day; what it answers is known from that day on.
func (l *demoLoad) issue(u org.Unit, day clock.Day, within *id.Ref, c campaign.Campaign) *id.Ref {
	ref := new(id.Ref)
	l.at(day, func(ctx context.Context) (err error) {
		c.Unit, c.IssuedOn = u.ID, day
		if within != nil {
			c.Within = []id.Ref{*within}
		}
		*ref, err = l.a.Campaign.Create(l.as(ctx, u), c, record.Change{Act: "campaign.act.issue"})
		return l.name(u.Code, err)
	})
	return ref
}

// carriedOut enters what a unit did about a campaign on the day of its report; every third has deployed it its own way.
func (l *demoLoad) carriedOut(ref *id.Ref, u org.Unit, i int, wording string) {
	day := clock.Day(l.city.Day)
	reported := day.AddDays(-26 + (i*7)%23)
	l.at(reported, func(ctx context.Context) error {
		d := campaign.Duty{Campaign: *ref, Unit: u.ID, ReceivedOn: day.AddDays(-29 + i%3), ReportedOn: reported, CarriedOn: reported.AddDays(-1),
			Report: fmt.Sprintf("办了%d场宣讲、1次实践，%d名青少年参加。", 1+i%4, 40+(i*37)%260)}
		if d.Wording = wording; wording == "" && i%3 == 0 {
			d.Wording = "放在周末办，由学校和村（社区）一起组织。"
		}
		if d.Wording != "" {
			d.PlannedOn = d.ReceivedOn
		}
		_, err := l.a.Campaign.Enter(l.as(ctx, u), d, record.Change{Act: "campaign.act.report"})
		return l.name(u.Code, err)
	})
}

// remindAt lets a unit call upon those that have not reported.
func (l *demoLoad) remindAt(u org.Unit, ref *id.Ref, day clock.Day) {
	l.at(day, func(ctx context.Context) error {
		return l.name(u.Code, l.a.Campaign.Do(l.as(ctx, u), *ref, campaign.ActRemind, campaign.Step{}))
	})
}
