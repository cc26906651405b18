package app

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"xinhuo/internal/activity"
	"xinhuo/internal/feedback"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// demoKinds are the activities of a year: what, on which topic, for whom, how many.
var demoKinds = []struct {
	title, typ, topic, series, group string
	heads                            int64
	place, venue                     string
}{
	{"法治副校长进校园", "lecture", "law", "", "junior", 80, "中心学校", "campus"},
	{"红色故事会", "lecture", "patriotism", "", "primary", 60, "中心学校", "campus"},
	{"学农体验日", "study_tour", "labour", "", "primary", 45, "", "village"},
	{"青年农民果树管理培训", "training", "science", "village_skills", "young_farmer", 35, "农技站", "village"},
	{"防溺水安全课", "lecture", "safety", "", "primary", 90, "中心学校", "campus"},
	{"走访慰问困境儿童", "visit", "family", "", "hardship", 12, "各村（社区）", "village"},
	{"好家风家长课堂", "talk", "family", "", "parent", 50, "社区服务中心", "community"},
	{"青工技能比武", "contest", "labour", "learn_skills", "young_worker", 40, "镇工业园", "enterprise"},
	{"祭扫烈士陵园", "practice", "patriotism", "", "junior", 70, "镇烈士陵园", "other"},
	{"读书征文评选", "reading", "ideology", "", "primary", 55, "文化站", "community"},
	{"科普大篷车", "practice", "science", "", "primary", 95, "", "campus"},
	{"企业青年学管理讲座", "course", "ideology", "learn_management", "young_worker", 30, "镇工业园", "enterprise"},
}

// activities are what the townships and counties did in the last fourteen months and what they plan for the next weeks:
// most townships often enough to be covered in earnest, some by name only.
func (l *demoLoad) activities() {
	day := clock.Day(l.city.Day)
	halls := map[string][]string{}   // county -> names of its bases
	schools := map[string][]string{} // county -> codes of its schools
	for _, x := range l.city.Units {
		if x.Level == "campus" {
			schools[x.Code[:6]] = append(schools[x.Code[:6]], x.Code)
		}
	}
	for _, b := range l.city.Bases {
		if len(b.Host) >= 6 {
			halls[b.Host[:6]] = append(halls[b.Host[:6]], b.Name)
		}
	}
	n := 0
	for _, x := range l.city.Units {
		u := l.unit(x.Code)
		if !strings.HasPrefix(x.Code, l.city.Home) || u.Level != org.Township || !u.StandsOn(day) {
			continue
		}
		n++
		for i := range n % 7 {
			back := (n*29+i*61)%420 + 1
			on := day.AddDays(-back)
			if on < u.From {
				continue
			}
			hall := ""
			if list := halls[x.Code[:6]]; len(list) > 0 {
				hall = list[(n+i)%len(list)]
			}
			l.heldAt(u, on, n+i*5, hall, schools[x.Code[:6]])
		}
		if n%5 == 0 {
			l.planned(u, day.AddDays(3+n%20), n)
		}
	}
}

// heldAt enters one activity two days after it was held; every ninth is hosted together with the county.
func (l *demoLoad) heldAt(u org.Unit, on clock.Day, n int, hall string, schools []string) {
	l.at(on.AddDays(2), func(ctx context.Context) error {
		a := l.demoActivity(u, on, n)
		if a.Stops[0].Place == "" {
			a.Stops[0].Place = "村文化礼堂"
			if found, err := l.a.Base.Named(ctx, u.Root(), hall); err != nil {
				return err
			} else if len(found) == 1 {
				a.Stops[0] = activity.Stop{Base: found[0].Ref}
			}
		}
		a.Status, a.ReportedOn = activity.Held, on.AddDays(2)
		if n%9 == 0 && u.Parent != 0 {
			a.Hosts = append(a.Hosts, activity.Host{Unit: u.Parent})
		}
		if n%11 == 0 {
			a.Mode, a.Online = activity.Both, 150+int64(n%7)*40
		}
		if n%4 == 0 {
			a.Feedback = activity.Feedback{Answers: 30, Satisfied: 27 + int64(n%4)}
		}
		a.Schools = l.classes(u, a, n, schools)
		if open, err := l.a.Campaign.Open(ctx, u.ID, on); err != nil {
			return err
		} else if len(open) > 0 && (a.Topic == "patriotism" || a.Topic == "ideology") {
			a.Campaigns = []id.Ref{open[0].Ref}
		}
		ref, err := l.a.Activity.Create(l.as(ctx, u), a, record.Change{Act: "activity.act.create"})
		if err == nil && n%13 == 0 && on >= l.begun { // before that there was no program to ask with
			err = l.answered(ctx, u, ref, n)
		}
		if err == nil && n%3 != 1 && on >= clock.Day(l.city.Day).AddDays(-60) {
			err = l.photographed(ctx, u, ref, a, n)
		}
		return l.name(u.Code, err)
	})
}

// photographed puts a photo on a report: mostly one on which nobody can be recognised, at times one with the guardians'
// consent on paper, which a few took back later.
func (l *demoLoad) photographed(ctx context.Context, u org.Unit, ref id.Ref, a activity.Activity, n int) error {
	ctx = l.as(ctx, u)
	code, _ := strconv.Atoi(u.Code[len(u.Code)-6:]) // of a region: all digits
	seed := code*8 + n%4*2
	outdoors := a.Type == "practice" || a.Type == "study_tour" || a.Type == "training"
	if err := l.pictured(ctx, ref, seed, outdoors, "活动现场，大家在听讲，拍的是背影", activity.Papers{}, ""); err != nil || n%2 == 1 {
		return err
	}
	stopped := ""
	if n%8 == 0 {
		stopped = "一名孩子的母亲来电，不同意再用这张照片"
	}
	return l.pictured(ctx, ref, seed+1, outdoors, "孩子们向老同志提问",
		activity.Papers{Where: u.Name + "关工委办公室2号柜", By: a.Responsible, On: a.Day}, stopped)
}

// classes are two classes of a school that fits those who came: the town's own, or one of the county's where the activity
// was at no school.
func (l *demoLoad) classes(town org.Unit, a activity.Activity, n int, schools []string) []activity.School {
	kind, grade := "中学", []string{"七年级", "八年级"}[n%2]
	if a.Audience[0].Group == "primary" {
		kind, grade = "小学", []string{"三年级", "五年级"}[n%2]
	} else if a.Audience[0].Group != "junior" {
		return nil
	}
	for i := range schools {
		u := l.unit(schools[(i+n)%len(schools)])
		if !strings.HasSuffix(u.Name, kind) || !u.StandsOn(a.Day) || u.Parent != town.ID && a.Venue() == "campus" {
			continue
		}
		heads := a.Audience[0].Count / 2
		return []activity.School{{Unit: u.ID, Credit: 20, Lesson: []string{"周三第7节", "周五第7节", ""}[n%3],
			Classes: []activity.SchoolClass{{Name: grade + "1班", Count: min(heads, 45)}, {Name: grade + "2班", Count: min(heads, 45) - 2}}}}
	}
	return nil
}

// answered asks those who came to an activity, by code; every third round was answered by a class behind one address.
func (l *demoLoad) answered(ctx context.Context, u org.Unit, ref id.Ref, n int) error {
	ctx = l.as(ctx, u)
	if err := l.a.Feedback.Open(ctx, ref, feedback.Opening{Days: 7}); err != nil {
		return err
	}
	link, err := l.a.Feedback.Link(ctx, ref)
	if err != nil {
		return err
	}
	_, sig, _ := strings.Cut(link, "?k=")
	lines := []string{"希望多办几场", "讲得通俗，听得懂", "时间可以再长一点", "材料字印大一些"}
	for i := range 6 + n%17 {
		from := fmt.Sprintf("198.51.100.%d", i)
		if n%3 == 0 {
			from = "198.51.100.1"
		}
		a := feedback.Answer{Satisfaction: int64(5 - (n+i*i)%7/3), Useful: int64(1 + (n+i)%5/3)}
		if i%6 == 2 {
			a.Line = lines[(n+i)%len(lines)]
		}
		if err := l.a.Feedback.Answer(ctx, ref, sig, "", from, a); err != nil {
			return err
		}
	}
	return l.a.Feedback.Close(ctx, ref)
}

// planned enters an activity of the weeks to come.
func (l *demoLoad) planned(u org.Unit, on clock.Day, n int) {
	l.at(clock.Day(l.city.Day).AddDays(-n%9), func(ctx context.Context) error {
		a := l.demoActivity(u, on, n)
		if a.Stops[0].Place == "" {
			a.Stops[0].Place = "村文化礼堂"
		}
		a.Status = activity.Planned
		if n%2 == 0 {
			a.Status = activity.Open
		}
		_, err := l.a.Activity.Create(l.as(ctx, u), a, record.Change{Act: "activity.act.create"})
		return l.name(u.Code, err)
	})
}

func (l *demoLoad) demoActivity(u org.Unit, on clock.Day, n int) activity.Activity {
	k := demoKinds[n%len(demoKinds)]
	who := l.names[u.ID]
	if who == "" {
		who = u.Name + "关工委办公室"
	}
	place := k.place
	if place != "" && !strings.HasPrefix(place, "各") {
		place = u.Name + strings.TrimPrefix(place, "镇")
	}
	a := activity.Activity{Hosts: []activity.Host{{Unit: u.ID}}, Title: u.Name + k.title, Type: k.typ, Topic: k.topic, Series: k.series, Day: on, From: "09:00", To: "10:30",
		Mode: activity.Face, Stops: []activity.Stop{{Place: place, Venue: k.venue, Memorial: strings.Contains(k.place, "烈士")}},
		Audience: []activity.Audience{{Group: k.group, Count: k.heads - int64(n%10)}}, Responsible: who, Phone: fmt.Sprintf("0500-555 %04d", 100+n%900)}
	if k.typ == "reading" || k.typ == "contest" {
		a.Works, a.Awards = k.heads/2, 6
	}
	if k.typ == "contest" {
		a.Contest = activity.Contest{Rules: "理论和实操各占一半", Entries: []activity.Entry{{Name: "1号", Score: 9150, Award: "一等奖"}, {Name: "2号", Score: 8800, Award: "二等奖"}, {Name: "3号", Score: 8800, Award: "二等奖"}, {Name: "4号", Score: 8325}}}
	}
	return a
}

// unfinished is a report that the secretary-general of a town began yesterday and put by.
func (l *demoLoad) unfinished() {
	yesterday := clock.Day(l.city.Day).AddDays(-1)
	l.at(yesterday, func(ctx context.Context) error {
		acc, err := l.a.Account.ByLogin(ctx, "liangshuiwang")
		if err != nil {
			return err
		}
		_, err = web.KeepDraft(scope.With(ctx, scope.Actor{Account: acc.ID}), l.a.DB, web.Draft{Key: web.NewKey(), Form: "/activity/new?unit=" + acc.Unit.String(), Title: "敬老院里的家风故事会",
			Values: url.Values{"type": {"lecture"}, "title": {"敬老院里的家风故事会"}, "topic": {"family"}, "day": {string(yesterday)}, "from": {"14:30"}, "place.0": {"镇敬老院"}, "venue.0": {"community"}, "mode": {"face"},
				"group.0": {"primary"}, "summary": {"三位老人讲了家风故事，孩子们"}}})
		return err
	})
}
