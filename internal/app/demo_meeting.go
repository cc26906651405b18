package app

import (
	"context"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/meeting"
	"xinhuo/internal/org"
)

// meetings are the joint meetings of the city and of the county of the demonstration's accounts, with their decisions: one
// done in time, one late, some going on; a meeting to come, to which counties are invited; and one of the province at which
// a township spoke.
func (l *demoLoad) meetings() {
	day := clock.Day(l.city.Day)
	own := map[org.Level]string{}
	for _, a := range l.city.Accounts {
		if strings.HasPrefix(a.Unit, l.city.Home) {
			own[l.unit(a.Unit).Level] = a.Unit
		}
	}
	city, county, town := l.unit(l.city.Home), l.unit(own[org.County]), l.unit(own[org.Township])
	bodies := []string{"市教育局 王书明 副局长", "市民政局 何秀英 副局长", "市司法局 罗建国 副局长", "团市委 李静文 副书记", "市妇联 蒋桂芳 副主席", "市财政局 田永年 副局长"}
	spring := l.meeting(city, meeting.Meeting{Kind: "联席会议", Title: "经费保障专题联席会议", Day: day.AddDays(-96), Time: "14:30", Place: "市老干部活动中心二楼会议室", Chair: "谢广平",
		Agenda: []string{"通报上年度工作和成员单位任务完成情况", "研究乡镇（街道）关工委改革推进办法", "研究青少年法治教育分工"}},
		bodies, "self", "self", "self", "deputy", "self", "away")
	l.decided(spring, city, day.AddDays(-96), "为10所乡镇中学配齐法治副校长并开展首轮法治课", "市司法局", []string{"市教育局"}, day.AddDays(-30), "10所学校全部到位，首轮上课62节，司法局报来了名单和课表。", day.AddDays(-41))
	l.decided(spring, city, day.AddDays(-96), "把县级关工委工作经费列入年初预算，没有列入的补列", "市财政局", []string{"市教育局", county.Name}, day.AddDays(-12), "", "")
	l.minuted(spring, city, day.AddDays(-93), "会议通报了上年度工作，肯定了各成员单位的支持。\n会议指出，乡镇（街道）关工委改革要一镇一策，先易后难，年底前见到成效。\n会议对青少年法治教育作了分工，要求各单位把任务落实到人。", "第1期", true)

	summer := l.meeting(city, meeting.Meeting{Kind: "联席会议", Title: "假期工作专题联席会议", Day: day.AddDays(-9), Time: "9:00", Place: "市委老干部局三楼会议室", Chair: "谢广平",
		Agenda: []string{"通报上次会议议定事项办理情况", "部署假期青少年活动和安全工作"}},
		append([]string{county.Name + " 周文琴 秘书长"}, bodies...), "self", "self", "excused", "self", "self", "deputy", "away")
	l.decided(summer, city, day.AddDays(-9), "假期开放全市校外教育阵地，公布开放时间和负责人", "市教育局", []string{"团市委", "市妇联"}, day.AddDays(21), "", "")
	l.decided(summer, city, day.AddDays(-9), "摸清本区留守儿童底数，逐户登门一次", county.Name, []string{"市民政局", "市妇联"}, day.AddDays(10), "", "")
	l.minuted(summer, city, day.AddDays(-6), "会议通报了上次会议两项议定事项的办理情况，对经费列入预算一项提出了要求。\n会议部署了假期工作，要求成员单位各负其责、相互配合。", "", false)

	l.meeting(city, meeting.Meeting{Kind: "全体会议", Title: "市关工委全体会议", Day: day.AddDays(12), Time: "9:00", Place: "市老干部活动中心报告厅", Chair: "谢广平", Agenda: []string{"通报今年以来的工作", "安排下一步工作"}},
		[]string{county.Name + " 周文琴 秘书长", "市教育局 王书明 副局长", "团市委 李静文 副书记"})
	above := l.meeting(city, meeting.Meeting{Kind: "上级工作会议", Title: "全省关心下一代工作推进会", Day: day.AddDays(-45), Place: "省会", Host: "省关工委", Chair: "省关工委主任"},
		[]string{city.Name + " 谢广平 常务副主任", town.Name + " 梁水旺 主任"}, "self", "self")
	l.at(day.AddDays(-44), func(ctx context.Context) error {
		err := l.a.Meeting.Speak(l.as(ctx, city), *above, l.meetingVersion(ctx, city, *above), city.Name, meeting.Speech{Speaker: "谢广平", Title: "抓基层 建机制 推动乡镇关工委改革落地",
			Text: "我市把乡镇（街道）关工委改革作为一号工程，先试点、再铺开，一镇一策。\n主要做法有三条：一是建立联席会议制度，部门各负其责；二是协会和工作站跟进，有人办事；三是一本账管数，逐镇过筛子。"})
		if err == nil {
			err = l.a.Meeting.Speak(l.as(ctx, city), *above, l.meetingVersion(ctx, city, *above), town.Name, meeting.Speech{Speaker: "梁水旺", Title: "一个镇怎样把老同志组织起来", Text: "我们镇的办法是上门请、按特长编队、每月一次碰头。"})
		}
		return l.name(city.Code, err)
	})
	local := l.meeting(county, meeting.Meeting{Kind: "联席会议", Title: "区关工委联席会议", Day: day.AddDays(-31), Time: "15:00", Place: "区委小会议室", Chair: "邓立新", Agenda: []string{"研究校园周边环境整治"}},
		[]string{"区教育局 高明远 副局长", "区司法局 孙慧 副局长", town.Name + " 梁水旺 主任"}, "self", "deputy", "self")
	l.decided(local, county, day.AddDays(-31), "排查校园周边环境，问题列出清单逐个销号", "区教育局", []string{"区司法局", town.Name}, day.AddDays(-3), "", "")
}

// meeting enters one of a unit on its day, or a fortnight before one that is to come; came says of each seat who came.
func (l *demoLoad) meeting(u org.Unit, m meeting.Meeting, people []string, came ...string) *id.Ref {
	ref := new(id.Ref)
	m.Unit = u.ID
	l.at(min(m.Day, clock.Day(l.city.Day).AddDays(-2)), func(ctx context.Context) (err error) {
		if *ref, err = l.a.Meeting.CreateWith(l.as(ctx, u), m, people); err != nil || len(came) == 0 {
			return l.name(u.Code, err)
		}
		noted := map[int64]string{}
		for i, c := range came {
			noted[int64(i+1)] = c
		}
		return l.name(u.Code, l.a.Meeting.Attend(l.as(ctx, u), *ref, meeting.Change{Version: 1}, noted))
	})
	return ref
}

func (l *demoLoad) meetingVersion(ctx context.Context, u org.Unit, ref id.Ref) meeting.Change {
	_, v, err := l.a.Meeting.Get(l.as(ctx, u), ref)
	if err != nil {
		return meeting.Change{}
	}
	return meeting.Change{Version: v.N}
}

// decided enters what a meeting decided, and closes it on a day when it has evidence.
func (l *demoLoad) decided(m *id.Ref, u org.Unit, on clock.Day, text, lead string, assist []string, due clock.Day, evidence string, done clock.Day) {
	ref := new(id.Ref)
	l.at(on, func(ctx context.Context) (err error) {
		*ref, err = l.a.Meeting.Decide(l.as(ctx, u), meeting.Decision{Meeting: *m, Text: text, Due: due}, lead, assist)
		return l.name(u.Code, err)
	})
	if evidence == "" {
		l.at(on.AddDays(6), func(ctx context.Context) error {
			return l.name(u.Code, l.a.Meeting.Report(l.as(ctx, u), *ref, meeting.Change{Version: 1}, "已经开了协调会，分工到人，正在办理。"))
		})
		return
	}
	l.at(done, func(ctx context.Context) error {
		return l.name(u.Code, l.a.Meeting.Close(l.as(ctx, u), *ref, meeting.Change{Version: 1}, done, meeting.Evidence{Text: evidence}))
	})
}

// minuted writes the minutes, and lets the chair approve and the office issue them.
func (l *demoLoad) minuted(m *id.Ref, u org.Unit, on clock.Day, text, number string, issued bool) {
	l.at(on, func(ctx context.Context) error {
		err := l.a.Meeting.Write(l.as(ctx, u), *m, l.meetingVersion(ctx, u, *m), text)
		if err == nil && issued {
			err = l.a.Meeting.Approve(l.as(ctx, u), *m, l.meetingVersion(ctx, u, *m), on)
		}
		if err == nil && issued {
			err = l.a.Meeting.Issue(l.as(ctx, u), *m, l.meetingVersion(ctx, u, *m), on, number)
		}
		return l.name(u.Code, err)
	})
}
