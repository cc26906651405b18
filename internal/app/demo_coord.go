package app

import (
	"context"
	"fmt"
	"strings"

	"xinhuo/internal/coord"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// notices are what the city and the county of the demonstration's accounts sent down this season: a task to all townships
// of that county, of which one is late; a document issued with another body, with obligations; a notice to the townships
// without a psychology team, found by a rule; a task whose numbers the ledger gives.
func (l *demoLoad) notices() {
	day := clock.Day(l.city.Day)
	own := map[org.Level]string{}
	for _, a := range l.city.Accounts {
		if strings.HasPrefix(a.Unit, l.city.Home) {
			own[l.unit(a.Unit).Level] = a.Unit
		}
	}
	city, county, township := l.unit(l.city.Home), l.unit(own[org.County]), l.unit(own[org.Township])
	var mine []org.Unit
	var ids []id.ID
	for _, x := range l.city.Units {
		if u := l.unit(x.Code); u.Level == org.Township && u.Parent == county.ID && u.StandsOn(day) && u.StandsOn(day.AddDays(-30)) {
			mine, ids = append(mine, u), append(ids, u.ID)
		}
	}
	year := string(day[:4])
	task := l.notice(city, day.AddDays(-20), coord.Notice{Kind: "task", Title: "关于排查假期青少年活动场所安全的通知", Document: "云关工委〔" + year + "〕15号", Due: day.AddDays(-3), Targets: coord.Targets{Units: ids},
		Text:   "对辖区内青少年常去的活动场所逐个排查，发现隐患当场登记、限期整改。\n反馈时写清排查了几处、整改了几处。",
		Points: []string{"每处场所有没有责任人", "隐患有没有登记、有没有整改期限", "假期值班表有没有张贴"}, Fields: []coord.Field{{No: 1, Label: "排查出的隐患（处）", Number: true}}})
	late := 0
	for i, u := range mine {
		if u.ID != township.ID {
			late = i
		}
	}
	for i, u := range mine {
		if i == late {
			continue
		}
		l.replied(task, u, day.AddDays(-19+i%4), coord.ActReceive, coord.Step{})
		l.replied(task, u, day.AddDays(-10+i%6), coord.ActCarry, coord.Step{Version: 1, Text: fmt.Sprintf("排查%d处，隐患已经登记，正在整改。", 4+i%5), Answers: []coord.Answer{{No: 1, Text: fmt.Sprint(i % 4)}}})
	}
	l.at(day.AddDays(-2), func(ctx context.Context) error {
		return l.name(city.Code, l.a.Coord.Do(l.as(ctx, city), *task, coord.ActRemind, coord.Step{}))
	})

	policy := l.notice(city, day.AddDays(-60), coord.Notice{Kind: "policy", Title: "关于进一步加强关心下一代工作队伍建设的意见", Document: "云组通〔" + year + "〕9号", Bodies: []string{"市委组织部"},
		Until: day.AddDays(3 * 365), Targets: coord.Targets{Levels: []org.Level{org.County, org.Township}}, Text: "各级把关心下一代工作队伍建设纳入离退休干部工作一并部署、一并检查。",
		Obligations: []coord.Obligation{{No: 1, Text: "建立退休干部自愿加入的登记制度", Due: day.AddDays(40)}, {No: 2, Text: "每年至少举办一次骨干培训", Due: day.AddDays(120), Levels: []org.Level{org.County}},
			{No: 3, Text: "每个乡镇（街道）至少有一支工作团队", Due: day.AddDays(200), Levels: []org.Level{org.Township}}, {No: 4, Text: "把工作经费列入预算", Due: day.AddDays(90), Levels: []org.Level{org.County}}}})
	l.replied(policy, county, day.AddDays(-58), coord.ActReceive, coord.Step{})
	l.replied(policy, county, day.AddDays(-55), coord.ActPass, coord.Step{Version: 1, Text: "各乡镇（街道）先摸清近两年退休干部名单，再逐个上门请。"})
	for i, u := range mine {
		if u.ID != township.ID {
			l.replied(policy, u, day.AddDays(-54+i%9), coord.ActReceive, coord.Step{})
		}
	}

	rule := l.notice(county, day.AddDays(-6), coord.Notice{Kind: "notice", Title: "关于心理健康工作团队空白乡镇（街道）抓紧组队的通知", Due: day.AddDays(10), Text: "还没有心理健康工作团队的，从退休教师、医生中物色人选；有困难的，县里帮助对接。",
		Targets: coord.Targets{Levels: []org.Level{org.Township}, Rule: &coord.Rule{Figure: "team.active", By: "need", Value: "心理健康", Less: true, N: 1}}})
	asked := false
	l.at(day.AddDays(-4), func(ctx context.Context) error {
		for _, u := range mine {
			st := coord.Step{Text: "退休的心理教师都在县城住，能不能两个镇合组一支？"}
			if _, err := l.a.Coord.Task(l.as(ctx, u), *rule, u.ID); err != nil || u.ID == township.ID || asked {
				continue // it has a team
			}
			asked = true
			return l.name(u.Code, l.a.Coord.Act(l.as(ctx, u), *rule, u.ID, coord.ActAsk, st))
		}
		return nil
	})

	l.notice(county, day.AddDays(-5), coord.Notice{Kind: "task", Title: "关于报送本年度工作情况的通知", Due: day.AddDays(2), Targets: coord.Targets{Levels: []org.Level{org.Township}}, Text: "数由一本账给出，各单位不再填表，只写做法和困难。",
		Fields: []coord.Field{{No: 1, Label: "今年举办活动", Number: true, Figure: "activity.held"}, {No: 2, Label: "现有工作团队", Number: true, Figure: "team.active"}, {No: 3, Label: "最需要上级帮助的一件事"}}})

	l.partners(city, county)
}

// notice sends one out on a day; what it answers is known from that day on.
func (l *demoLoad) notice(u org.Unit, day clock.Day, n coord.Notice) *id.Ref {
	ref := new(id.Ref)
	l.at(day, func(ctx context.Context) (err error) {
		n.Unit, n.IssuedOn = u.ID, day
		*ref, err = l.a.Coord.Create(l.as(ctx, u), n, record.Change{Act: "coord.act.issue"})
		return l.name(u.Code, err)
	})
	return ref
}

// replied lets a unit do one step about a notice on a day.
func (l *demoLoad) replied(ref *id.Ref, u org.Unit, day clock.Day, act string, st coord.Step) {
	l.at(day, func(ctx context.Context) error {
		return l.name(u.Code, l.a.Coord.Act(l.as(ctx, u), *ref, u.ID, act, st))
	})
}
