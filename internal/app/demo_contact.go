package app

import (
	"context"
	"strings"

	"xinhuo/internal/contact"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// partnerLogin is the account of the city's education bureau.
const partnerLogin = "hezhiyuan"

// partners are the bodies with which the city and a county work, the log of contacts, and what they were asked to do: one
// done, one under way, one late. The county has lent and borrowed nothing yet.
func (l *demoLoad) partners(city, county org.Unit) {
	day := clock.Day(l.city.Day)
	bodies := map[string]*id.Ref{}
	for _, b := range []contact.Body{{Name: "市教育局", Field: "education", Office: "基础教育科", Person: "何知远", Post: "科长", Offers: "心理教师、学校礼堂"}, {Name: "市司法局", Field: "justice", Office: "普法科", Person: "罗建章", Post: "副科长", Offers: "法治副校长"},
		{Name: "市民政局", Field: "civil", Office: "儿童福利科", Person: "邓美兰", Post: "科长"}, {Name: "团市委", Field: "youth", Office: "少年部", Person: "秦朗", Post: "部长", Offers: "青年志愿者"}, {Name: "市妇联", Field: "women", Office: "家庭儿童部", Person: "苏敏", Post: "部长", Offers: "家庭教育讲师"}} {
		ref := new(id.Ref)
		bodies[b.Name] = ref
		l.body(city, day.AddDays(-300), b, ref)
		if b.Field == "youth" || b.Field == "women" || b.Field == "education" {
			b.Name, b.Office, b.Person, b.Post, b.Offers = strings.Replace(b.Name, "市", "区", 1), "", "", "", ""
			l.body(county, day.AddDays(-290), b, new(id.Ref))
		}
	}
	var he scope.Actor
	l.at(day.AddDays(-280), func(ctx context.Context) error {
		acc, err := l.a.Account.ByLogin(ctx, partnerLogin)
		if err != nil {
			return err
		}
		he = scope.Actor{Account: acc.ID, Name: acc.Person, Unit: city.ID, Pos: city.Pos}
		return l.name(partnerLogin, l.a.Contact.AddSeat(l.as(ctx, city), *bodies["市教育局"], 1, partnerLogin))
	})
	for i, c := range []contact.Contact{{Kind: "talk", Body: "市教育局", Topic: "商量心理教师参加乡镇团队的办法", Result: "由教育局列出名单，乡镇自行联系", Shared: true}, {Kind: "joint", Body: "团市委", Lead: true, Topic: "青春伴夕阳志愿服务月"},
		{Kind: "joint", Body: "市妇联", Topic: "家庭教育大讲堂"}, {Kind: "borrowed", Body: "市教育局", Topic: "借用第三中学报告厅办骨干培训"}, {Kind: "lent", Body: "团市委", Topic: "借出红色展板12块"},
		{Kind: "agreement", Body: "市司法局", Topic: "法治副校长进校园合作协议", Result: "每校每学期不少于一课"}} {
		c.Unit = city.ID
		l.contact(city, day.AddDays(-9-13*i), c)
		if i < 3 {
			c.Unit, c.Body, c.Shared = county.ID, strings.Replace(c.Body, "市", "区", 1), false
			l.contact(county, day.AddDays(-4-17*i), c)
		}
	}
	for _, x := range []struct {
		asked, due   int
		title, text  string
		lead, assist string
		report       string
		done         bool
	}{
		{-50, -15, "摸清留守学生人数和分布", "以学校为单位列出人数，和乡镇（街道）的数核对。", "市教育局", "市民政局", "各校人数已经核对，民政部门的数相差37人，已经逐户弄清。", true},
		{-18, 12, "选派心理教师参加乡镇（街道）团队", "每个县级单位不少于两名，开学前到位。", "市教育局", "市妇联", "名单已经报来八个县级单位，还差两个。", false},
		{-30, -6, "编一本适合小学高年级的普法小册子", "送审稿先给关工委看。", "市司法局", "市教育局", "", false},
	} {
		ref := new(id.Ref)
		l.at(day.AddDays(x.asked), func(ctx context.Context) (err error) {
			*ref, err = l.a.Contact.Assign(l.as(ctx, city), contact.Task{Unit: city.ID, Title: x.title, Text: x.text, Lead: *bodies[x.lead], Assist: []id.Ref{*bodies[x.assist]}, Due: day.AddDays(x.due)}, record.Change{})
			return l.name(x.title, err)
		})
		if x.report != "" {
			l.at(day.AddDays(min(x.due, 0)-2), func(ctx context.Context) error {
				return l.name(x.title, l.a.Contact.Answer(scope.With(ctx, he), *ref, contact.ActReport, contact.Step{Version: 1, Text: x.report, Done: x.done}))
			})
		}
	}
}

func (l *demoLoad) body(u org.Unit, day clock.Day, b contact.Body, ref *id.Ref) {
	b.Unit, b.From = u.ID, day
	l.at(day, func(ctx context.Context) (err error) {
		*ref, err = l.a.Contact.Register(l.as(ctx, u), b, record.Change{})
		return l.name(b.Name, err)
	})
}

func (l *demoLoad) contact(u org.Unit, day clock.Day, c contact.Contact) {
	c.Day = day
	l.at(day, func(ctx context.Context) error {
		_, err := l.a.Contact.Add(l.as(ctx, u), c, record.Change{})
		return l.name(u.Code, err)
	})
}
