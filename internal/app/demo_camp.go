package app

import (
	"context"
	"fmt"

	"xinhuo/internal/activity"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// demoCampers are those who come to the camps: child, guardian, telephones of the guardian and of somebody else to call. All
// are invented.
var demoCampers = []struct{ name, guardian, phone, contact, contactPhone string }{
	{"林晓禾", "林建国", "0500-555 2101", "林秀英（奶奶）", "0500-555 2201"},
	{"陈雨桐", "陈志明", "0500-555 2102", "王春兰（外婆）", "0500-555 2202"},
	{"蔡思远", "蔡丽娟", "0500-555 2103", "蔡文忠（舅舅）", "0500-555 2203"},
	{"周子涵", "周海燕", "0500-555 2104", "周德福（爷爷）", "0500-555 2204"},
	{"吴欣怡", "吴国强", "0500-555 2105", "吴美玲（姑姑）", "0500-555 2205"},
	{"徐浩然", "徐素芬", "0500-555 2106", "徐长河（外公）", "0500-555 2206"},
	{"何梦琪", "何俊杰", "0500-555 2107", "何桂花（奶奶）", "0500-555 2207"},
	{"黄俊熙", "黄少华", "0500-555 2108", "黄永祥（叔叔）", "0500-555 2208"},
	{"郑可馨", "郑晓红", "0500-555 2109", "郑友根（外公）", "0500-555 2209"},
	{"梁一鸣", "梁志伟", "0500-555 2110", "梁凤仙（姑姑）", "0500-555 2210"},
}

// camps are one that a township and its county plan together, two papers short of opening, and one that the city held in
// spring.
func (l *demoLoad) camps() {
	day := clock.Day(l.city.Day)
	county, town, city := l.unit("990203"), l.unit("990203013"), l.unit(l.city.Home)
	var coming id.Ref
	l.at(day.AddDays(-12), func(ctx context.Context) (err error) {
		a := l.camp(day.AddDays(-12), day.AddDays(24), town, county)
		coming, err = l.a.Activity.Create(l.as(ctx, town), a, record.Change{Act: "activity.act.create"})
		return l.name(town.Code, err)
	})
	l.at(day.AddDays(-5), func(ctx context.Context) error {
		for i, who := range []org.Unit{town, county} {
			if err := l.campers(l.as(ctx, who), coming, i*6, i*4+6, day.AddDays(-5), i == 1); err != nil {
				return err
			}
		}
		return nil
	})
	var held id.Ref
	l.at(day.AddDays(-60), func(ctx context.Context) (err error) {
		if held, err = l.a.Activity.Create(l.as(ctx, city), l.camp(day.AddDays(-60), day.AddDays(-48), city), record.Change{Act: "activity.act.create"}); err != nil {
			return err
		}
		if err := l.campers(l.as(ctx, city), held, 0, len(demoCampers), day.AddDays(-60), false); err != nil {
			return err
		}
		return l.a.Activity.Publish(l.as(ctx, city), held, 1)
	})
	l.at(day.AddDays(-58), func(ctx context.Context) error {
		ctx = l.as(ctx, city)
		o := seal.Owner{Kind: "activity.minor", Of: held, Unit: city.ID}
		list, err := l.a.Seal.Open(ctx, o)
		if err != nil {
			return err
		}
		return l.a.Seal.Erase(ctx, o, list[len(list)-1].Ref, seal.ByGuardian, "家长来电，孩子不参加了，要求销毁登记")
	})
	l.at(day.AddDays(-5), func(ctx context.Context) error {
		for _, x := range []struct {
			login, why string
			unit       org.Unit
			of         id.Ref
			until      clock.Day
		}{{"linguangping", "核对研学营的保险理赔", city, held, day.AddDays(20)}, {"chenyulan", "抽查监护人同意书是否齐全", town, coming, day.AddDays(-2)}} {
			guest, err := l.a.Account.ByLogin(ctx, x.login)
			if err != nil {
				return err
			}
			if _, err := l.a.Seal.Grant(l.as(ctx, x.unit), seal.Owner{Kind: "activity.minor", Of: x.of, Unit: x.unit.ID}, seal.Grant{Account: guest.ID, Name: guest.Person, Purpose: x.why, Until: x.until}); err != nil {
				return err
			}
		}
		return nil
	})
	l.at(day.AddDays(-46), func(ctx context.Context) error {
		return l.a.Activity.ReportIncident(l.as(ctx, city), held, 2, activity.Incident{On: day.AddDays(-46), At: "15:20", What: "登山途中一名营员滑倒，脚踝扭伤，随队医务人员当场处理", Hurt: 1, Done: "已送云州市人民医院拍片，没有骨折，当晚由家长接回"},
			"吴欣怡，右脚踝扭伤。带队老师16时10分打电话给父亲吴国强，18时在医院交接，保险已报案。")
	})
	l.at(day.AddDays(-44), func(ctx context.Context) error {
		return l.a.Activity.Finish(l.as(ctx, city), held, 3, activity.Outcome{Audience: []activity.Audience{{Group: "junior", Count: 10}},
			Summary: "走访三处革命旧址，听两位老战士讲当年的事，每人写了一篇营地日记。"})
	})
	l.at(day.AddDays(-43), func(ctx context.Context) error {
		ctx = l.as(ctx, city)
		papers := activity.Papers{Where: "市关工委办公室档案柜，研学营卷", By: "林育德", On: day.AddDays(-60)}
		for i, x := range []struct {
			alt     string
			papers  activity.Papers
			stopped string
		}{{"营员列队走向纪念碑，背影", activity.Papers{}, ""}, {"营员给老战士献红领巾", papers, ""}, {"两名营员读自己的营地日记", papers, "一名营员的监护人来电，撤回同意"}} {
			if err := l.pictured(ctx, held, 300+i, i < 2, x.alt, x.papers, x.stopped); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *demoLoad) camp(signed, from clock.Day, hosts ...org.Unit) activity.Activity {
	lead := hosts[0]
	who := l.names[lead.ID]
	if who == "" {
		who = lead.Name + "关工委办公室"
	}
	a := activity.Activity{Title: lead.Name + "红色研学营", Type: "camp", Topic: "patriotism", Day: from, LastDay: from.AddDays(4), From: "08:00", To: "17:00", Mode: activity.Face,
		Stops: []activity.Stop{{Place: "云州青少年营地", Venue: "other"}}, Audience: []activity.Audience{{Group: "junior", Count: 10}}, Responsible: who, Phone: "0500-555 0136",
		Aim: "走进革命旧址，学会自己照顾自己", Status: activity.Planned,
		Safety: activity.Safety{Plan: "五天四夜，两人一间，带队老师住同一层；出营地要点名，下水项目不安排；营地医务室全天有人。", Risks: activity.Risks,
			Emergency: "林育德老师0500-555 0137", SignedBy: who, SignedOn: signed, Insurance: fmt.Sprintf("云州财险 研学%d-06号", from.Year()), Staff: 3}}
	for _, h := range hosts {
		a.Hosts = append(a.Hosts, activity.Host{Unit: h.ID})
	}
	return a
}

// campers puts children on the list; of the last two of an unfinished one the consent or the policy is still missing.
func (l *demoLoad) campers(ctx context.Context, ref id.Ref, from, to int, on clock.Day, unfinished bool) error {
	for i, c := range demoCampers[from:to] {
		m := activity.Minor{Name: c.name, Guardian: c.guardian, Phone: c.phone, Contact: c.contact, ContactPhone: c.contactPhone, Consented: on, Form: "paper", Insured: true, Photos: i != 4}
		switch left := to - from - i; {
		case unfinished && left == 2:
			m.Consented = clock.Open
		case unfinished && left == 1:
			m.Insured = false
		case i%3 == 2:
			m.Form = "electronic"
		}
		if err := l.a.Activity.AddMinor(ctx, ref, m); err != nil {
			return err
		}
	}
	return nil
}
