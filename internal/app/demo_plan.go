package app

import (
	"context"
	"fmt"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
	"xinhuo/internal/plan"
	"xinhuo/internal/record"
)

// plans are the plans of the year of the city, of the county and of the township of the demonstration's accounts: items that are
// counted from the records, one that is late, one taken out, measures with their effect; and what the year is about.
func (l *demoLoad) plans() {
	day := clock.Day(l.city.Day)
	year := day.Year()
	own := map[org.Level]string{}
	for _, a := range l.city.Accounts {
		if len(a.Unit) >= len(l.city.Home) && a.Unit[:len(l.city.Home)] == l.city.Home {
			own[l.unit(a.Unit).Level] = a.Unit
		}
	}
	city, county, town := l.unit(l.city.Home), l.unit(own[org.County]), l.unit(own[org.Township])
	begun := max(l.begun, clock.YearOf(year).From)
	now := (int(day.Time().Month()) + 2) / 3 // the quarter of the day
	before := max(now-1, 0)                  // in the first quarter the whole year stands in for it

	safe, law := new(id.Ref), new(id.Ref)
	l.central(city, begun, safe, plan.Central{Year: year, Name: "平安××", Civic: true, Text: "少年儿童不发生重大安全事故。"})
	l.central(city, begun, law, plan.Central{Year: year, Name: "青少年法治教育全覆盖", Text: "每所中小学每学期至少上一次法治课。",
		Source: plan.Source{Document: fmt.Sprintf("市委办〔%d〕7号", year), Paragraph: "（三）加强青少年法治教育，每所中小学每学期至少上一次法治课，由法治副校长负责。"}})

	l.yearPlan(city, begun, plan.Plan{}, []plan.Sign{{Side: "committee", Name: "谢广平", Post: "常务副主任"}}, fmt.Sprintf("云关工〔%d〕2号", year),
		planned{item: plan.Item{Title: "全市开展宣讲活动", Duty: "思想道德教育", Owner: "宣讲部", Figure: "activity.lectures", Target: 600, Budget: 3000000}},
		planned{item: plan.Item{Title: "举办法治教育活动", Duty: "法治教育", Owner: "法治教育部", Figure: "activity.law", Target: 150, Budget: 2000000}, central: []*id.Ref{law}, link: true},
		planned{item: plan.Item{Title: "召开联席会议", Duty: "自身建设", Quarter: now, Owner: "办公室", Figure: "meeting.joint_held", Target: 2}, central: []*id.Ref{law}},
		planned{item: plan.Item{Title: "办好五老骨干培训班", Duty: "自身建设", Owner: "办公室", Figure: "training.held", Target: 12, Budget: 5000000}},
		planned{item: plan.Item{Title: "摸清全市留守儿童底数", Duty: "关爱帮扶", Quarter: before, Owner: "关爱部", Budget: 500000}, done: "十个区县全部报来，比上年减少218人，名册由民政部门管。"},
		planned{item: plan.Item{Title: "乡镇（街道）关工委改革再推开一批", Kind: "measure", Duty: "自身建设", Owner: "办公室", Figure: "reform.adopted"}})
	l.yearPlan(county, begun.AddDays(9), plan.Plan{Partner: county.Name + "关心下一代协会"}, []plan.Sign{{Side: "committee", Name: "邓立新", Post: "主任"}, {Side: "association", Name: "钟正民", Post: "会长"}}, fmt.Sprintf("南关工〔%d〕1号", year),
		planned{item: plan.Item{Title: "法治宣讲进校园", Duty: "法治教育", Owner: "周文琴", Figure: "activity.law", Target: 20, Budget: 300000}, central: []*id.Ref{law}, link: true},
		planned{item: plan.Item{Title: "防溺水、防欺凌安全课", Duty: "关爱帮扶", Owner: "周文琴", Figure: "activity.held", Target: 60}, central: []*id.Ref{safe}, link: true},
		planned{item: plan.Item{Title: "校园周边环境排查", Duty: "关爱帮扶", Quarter: before, Owner: "联络组"}, central: []*id.Ref{safe}},
		planned{item: plan.Item{Title: "每个乡镇（街道）都有一支五老骨干队伍", Kind: "measure", Duty: "自身建设", Owner: "组织组", Figure: "team.active"}},
		planned{item: plan.Item{Title: "组织骨干外出考察", Duty: "自身建设", Quarter: now, Owner: "办公室", Budget: 800000}, dropped: "上级要求压减外出活动，改为区内互相观摩。"})
	l.yearPlan(town, begun.AddDays(20), plan.Plan{}, nil, "",
		planned{item: plan.Item{Title: "假期课堂", Duty: "思想道德教育", Owner: "梁水旺", Figure: "activity.held", Target: 10}},
		planned{item: plan.Item{Title: "走访困境儿童家庭", Duty: "关爱帮扶", Quarter: now, Owner: "梁水旺"}})
}

// planned is an item of a plan with what becomes of it.
type planned struct {
	item          plan.Item
	central       []*id.Ref
	link          bool
	done, dropped string
}

func (l *demoLoad) central(u org.Unit, on clock.Day, ref *id.Ref, c plan.Central) {
	c.Unit = u.ID
	l.at(on, func(ctx context.Context) (err error) {
		*ref, err = l.a.Plan.Set(l.as(ctx, u), c, record.Change{})
		return l.name(u.Code, err)
	})
}

// yearPlan draws a plan up on a day, has it signed and issued within a fortnight, and lets its items go their way.
func (l *demoLoad) yearPlan(u org.Unit, on clock.Day, p plan.Plan, signs []plan.Sign, number string, items ...planned) {
	today := clock.Day(l.city.Day)
	ref := new(id.Ref)
	p.Unit, p.Year, p.Title = u.ID, today.Year(), fmt.Sprintf("%d年工作计划", today.Year())
	refs := make([]id.Ref, len(items))
	l.at(on, func(ctx context.Context) (err error) {
		ctx = l.as(ctx, u)
		if *ref, err = l.a.Plan.Create(ctx, p, record.Change{}); err != nil {
			return l.name(u.Code, err)
		}
		for n, x := range items {
			if x.item.Kind == "" {
				x.item.Kind = "work"
			}
			x.item.Plan = *ref
			for _, c := range x.central {
				x.item.Central = append(x.item.Central, *c)
			}
			if refs[n], err = l.a.Plan.Add(ctx, x.item, record.Change{}); err != nil {
				return l.name(u.Code, err)
			}
		}
		return nil
	})
	if len(signs) > 0 {
		issued := min(on.AddDays(12), today)
		l.at(issued, func(ctx context.Context) error {
			ctx = l.as(ctx, u)
			for n, sign := range signs {
				sign.On = issued
				if err := l.a.Plan.Sign(ctx, *ref, int64(n+1), sign); err != nil {
					return l.name(u.Code, err)
				}
			}
			return l.name(u.Code, l.a.Plan.Issue(ctx, *ref, int64(len(signs)+1), issued, number))
		})
	}
	for n, x := range items {
		if x.done != "" {
			l.at(today.AddDays(-20), func(ctx context.Context) error {
				return l.name(u.Code, l.a.Plan.Close(l.as(ctx, u), refs[n], 1, max(today.AddDays(-20), clock.YearOf(today.Year()).From), x.done, record.Change{}))
			})
		}
		if x.dropped != "" {
			l.at(today.AddDays(-30), func(ctx context.Context) error {
				return l.name(u.Code, l.a.Plan.Drop(l.as(ctx, u), refs[n], 1, x.dropped))
			})
		}
		if x.link {
			l.at(today, func(ctx context.Context) error {
				ctx = l.as(ctx, u)
				i, v, err := l.a.Plan.Item(ctx, refs[n])
				if err != nil {
					return l.name(u.Code, err)
				}
				found, err := l.a.Plan.Found(ctx, i, plan.Sought{})
				if err != nil {
					return l.name(u.Code, err)
				}
				var paths []string
				for k, f := range found {
					if f.Kind == "activity" && k%3 == 0 && len(paths) < 8 {
						paths = append(paths, f.Path)
					}
				}
				return l.name(u.Code, l.a.Plan.Attach(ctx, refs[n], v.N, plan.Sought{}, paths))
			})
		}
	}
}
