package app

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/portal"
)

// demoNews is a piece of news of a demonstration's site; all of it is invented.
type demoNews struct {
	before      int // days before today
	title, text string
	picture     string // what its picture shows; "" for none
}

// demoSites are the public sites of the demonstration: two cities in different colours, and a county.
var demoSites = []struct {
	code    string
	site    portal.Site
	figures []string
	news    []demoNews
}{
	{"9902", portal.Site{Slug: "yunzhou", Title: "云州网上关工委", Motto: "老少同心，代代相传", Colour: "ember", Hotline: "12355", Human: "办公室值班的同志", Phone: "0500-555 0126", Hours: "工作日8:30—17:30", Columns: portal.Columns,
		About:  "云州市关心下一代工作委员会由热心青少年工作的老干部、老战士、老专家、老教师、老模范组成。\n我们到学校、村、社区给孩子讲党史、讲法治、讲科学，节假日开放阵地，帮助有困难的孩子。\n孩子、家长、老师有难处，可以在“我要求助”里写给我们，不用写真名。",
		Signup: "报名以后，我们打电话确认。\n十四岁以下的孩子由家长陪着来。"},
		[]string{"base.accredited", "activity.held", "activity.person_times", "team.active", "volunteer.active", "project.received_fen"},
		[]demoNews{
			{3, "老战士进校园，讲渡口的故事", "本周三，三位老战士走进稻香镇中心小学，给五年级的孩子讲他们年轻时候的事。\n八十六岁的老人带来一张老地图，指着渡口的位置，孩子们围了三层。\n讲完以后，孩子们自己提问，问得最多的是：那时候你们怕不怕？", "教室里，一位白发老人站在黑板前讲课，孩子们坐着听。"},
			{9, "今年第二批教育阵地开放时间公布", "全市新挂牌的阵地从本月起固定开放，周末和寒暑假都有人讲解。\n地址、时间和电话在“身边的阵地”里查，选自己住的地方就能看到。", ""},
			{16, "“小案大讲”巡讲走了十二个乡镇", "退休法官和检察官组成的巡讲小组，用发生在身边的小事讲法。\n每场留半小时答疑，家长问得最多的是孩子网上花钱怎么办。", ""},
			{27, "爱心书屋旧书新读", "市直老同志捐出的三千多册书，整理编目后分到六个村的书屋。\n每本书里夹一张卡片，写着捐书人想对孩子说的一句话。", ""},
			{41, "关爱工作培训班结业", "两天的课，讲怎样听孩子说话，怎样分清急和缓，怎样把求助接住。\n参加的老同志说，以前是一肚子热心，现在知道怎么用劲了。", ""},
			{58, "清明祭扫，孩子写下的话", "全市的孩子在纪念馆前留下了自己写的卡片。\n有一张写着：谢谢你们，我们记得。", ""},
		}},
	{"9907", portal.Site{Slug: "ximen", Title: "汐门关爱下一代网", Motto: "把心交给孩子", Colour: "river", Hotline: "12355", Human: "办公室值班的同志", Phone: "0507-555 0107", Hours: "工作日9:00—17:00", Columns: portal.Columns,
		About: "汐门市关工委的老同志做的是一件事：让每个孩子身边有一位可以说话的老人。"},
		[]string{"base.accredited", "team.active"},
		[]demoNews{
			{5, "老教师课后讲堂开讲", "每周二、周四放学以后，社区活动室里有老教师陪孩子读书、做手工。", ""},
			{22, "潮汐科普馆迎来第一批小讲解员", "十二名孩子经过一个月练习，周末开始给来馆的人讲解。", ""},
			{33, "滩涂护鸟队成立", "老护林员带着孩子认鸟、记录，一季度出一期小报。", ""},
		}},
	{"990203", portal.Site{Slug: "nanjiang", Title: "南江区网上关工委", Motto: "南江孩子的好邻居", Colour: "pine", Hotline: "12355", Human: "办公室值班的同志", Phone: "0500-555 0203", Hours: "工作日8:30—17:30", Columns: []string{portal.About, portal.NewsColumn, portal.Bases, portal.Activities, portal.Volunteer},
		About: "南江区关工委和各镇街的老同志，在家门口陪孩子长大。"},
		nil,
		[]demoNews{{6, "稻香镇假日课堂排好了课表", "书法、二胡、农具课都有人教，名额不限。", ""}, {24, "老支书带孩子认村史", "从祠堂走到新渠，一路讲这个村是怎么来的。", ""}}},
}

// portals are the public sites, with their news and what they published.
func (l *demoLoad) portals() {
	day := clock.Day(l.city.Day)
	for _, x := range demoSites {
		u := l.unit(x.code)
		l.at(day.AddDays(-90), func(ctx context.Context) error {
			x.site.On = true
			return l.name(x.code, l.a.Portal.SetSite(l.as(ctx, u), u.ID, x.site))
		})
		for _, n := range x.news {
			l.at(day.AddDays(-n.before), func(ctx context.Context) error {
				news := portal.News{Unit: u.ID, Day: day.AddDays(-n.before), Title: n.title, Text: n.text}
				if n.picture != "" {
					p, err := l.a.Portal.KeepPicture(ctx, demoPhoto(n.before, false), n.picture)
					if err != nil {
						return l.name(x.code, err)
					}
					news.Pictures = []portal.Picture{p}
				}
				_, err := l.a.Portal.AddNews(l.as(ctx, u), news, true)
				return l.name(x.code, err)
			})
		}
	}
}

// published says the figures of the sites and shows their activities, once everything else is there.
func (l *demoLoad) published(ctx context.Context) error {
	day := clock.Day(l.city.Day)
	for _, x := range demoSites {
		u := l.unit(x.code)
		as := l.as(ctx, u)
		if len(x.figures) > 0 {
			if err := l.a.Portal.Publish(as, u, day.AddDays(-day.Time().Day()), x.figures); err != nil {
				return l.name(x.code, err)
			}
		}
		list, _, err := l.a.Portal.Coming(as, u)
		if err != nil {
			return err
		}
		var refs []id.Ref
		for _, e := range list {
			refs = append(refs, e.Ref)
		}
		places := map[id.Ref]int64{}
		for i, ref := range refs[:min(len(refs), 2)] {
			places[ref] = []int64{30, 8}[i]
		}
		if err := l.a.Portal.Show(as, u, refs[:min(len(refs), 4)], places); err != nil {
			return l.name(x.code, err)
		}
	}
	home := l.unit(l.city.Home)
	site, err := l.a.Portal.Site(l.as(ctx, home), home)
	if err != nil {
		return err
	}
	// somebody wrote yesterday
	return l.a.Portal.Wish(scope.With(l.on(ctx, day.AddDays(-1)), scope.Actor{}), site, id.Ref{}, portal.Words{Name: "贺老师", Phone: "0500-555 2377", Can: "退休数学老师，愿意周末到社区给孩子讲数学小故事。"}, "192.0.2.5")
}
