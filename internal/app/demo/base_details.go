package demo

import (
	"fmt"
	"time"
)

func (m *maker) makeStandard() {
	m.city.Standard = Standard{Code: "qiyou", Name: "七有", Since: iso(m.lastFirst(1, 3)), Items: []StandardItem{
		{"plaque", "有牌子", "牌子挂在入口，与文件一致"},
		{"place", "有场地", "面积、座位、通道合乎接待人数"},
		{"staff", "有队伍", "讲解和辅导人员有名单、有分工"},
		{"rules", "有制度", "安全、接待、值班三项制度上墙"},
		{"plan", "有计划", "全年活动排到月，年初上报"},
		{"events", "有活动", "每学期不少于四场，场场有记录"},
		{"files", "有档案", "照片、签到、意见一场一袋"},
	}}
}

// furnish gives a base all that a page about it shows.
func (m *maker) furnish(b *Base, self bool) {
	host := m.unit(b.Host)
	place := host.Name
	if host.Level == "township" {
		place = m.unit(host.Parent).Name + host.Name
	}
	first := firstGrant(*b)
	b.BuiltOn = iso(workday(first.AddDate(-m.between(1, 6), 0, -m.between(0, 300))))
	b.RunMode, b.Manager = "other", b.Owner
	if self {
		b.RunMode, b.Owner, b.Manager = "self", host.Name+"关工委", host.Name+"关工委"
	} else if m.rng.IntN(3) == 0 {
		b.Manager = host.Name + "关工委" // owned by others, managed by us
	}
	b.Address = fmt.Sprintf("%s%s%d号", place, m.pick([]string{"新街", "老街", "河沿路", "学前路", "文化路", "后山路", "中心路", "堤上路"}), m.between(1, 188))
	b.Hours = m.pick([]string{"周一至周六8:30–16:30", "周二至周日9:00–17:00", "周末和寒暑假9:00–16:30", "周一至周五8:30–17:00，节假日预约", "每天8:00–17:30"})
	b.Capacity = 10 * m.between(4, 24)
	b.AreaM2 = b.Capacity*m.between(3, 9) + m.between(0, 49)
	b.Facilities = m.facilities()
	b.Contact, b.Phone = m.person(), m.tel()
	for range m.rng.IntN(3) {
		c := m.pick(categories)
		if c != b.Category && (len(b.Secondary) == 0 || b.Secondary[0] != c) {
			b.Secondary = append(b.Secondary, c)
		}
	}
	if !self {
		m.agree(b, place, first)
	}
	m.check(b, first)
	m.lookAtItems(b)
}

func firstGrant(b Base) time.Time {
	first := ""
	for _, a := range b.Accreditations {
		if a.GrantedOn != "" && (first == "" || a.GrantedOn < first) {
			first = a.GrantedOn
		}
	}
	if first == "" {
		first = b.Accreditations[0].AppliedOn
	}
	return parse(first)
}

func (m *maker) facilities() []string {
	keys := []struct {
		key  string
		odds int
	}{{"toilet", 97}, {"first_aid", 88}, {"fire", 94}, {"water", 85}, {"accessible", 62}, {"accessible_toilet", 44}, {"classroom", 70},
		{"projector", 63}, {"parking", 58}, {"canteen", 24}, {"wifi", 47}, {"cctv", 76}}
	var out []string
	for _, k := range keys {
		if m.rng.IntN(100) < k.odds {
			out = append(out, k.key)
		}
	}
	return out
}

// agree makes an unbroken chain of agreements from before the first plaque to
// beyond the day. Of every eight, one runs out within six weeks.
func (m *maker) agree(b *Base, place string, first time.Time) {
	until := m.ahead(m.between(50, 1500))
	if n := len(m.city.Bases); n%8 == 1 {
		until = m.ahead(3 + n%40)
	}
	m.chain(b, place, first, until)
}

// chain adds agreements of up to five years that end on until.
func (m *maker) chain(b *Base, place string, first, until time.Time) {
	var ends []time.Time
	for d := until; d.After(first); d = d.AddDate(-5, 0, 0) {
		ends = append([]time.Time{d}, ends...)
	}
	from := first.AddDate(0, 0, -m.between(10, 60))
	for _, end := range ends {
		signed := workday(from.AddDate(0, 0, -m.between(3, 25)))
		b.Agreements = append(b.Agreements, Agreement{
			Parties: []string{m.unit(b.Host).Name + "关工委", b.Owner},
			Duties:  b.Owner + "管房屋、水电和安全，" + place + "关工委排课、派讲解员，每季度碰一次头。",
			Signed:  iso(signed), From: iso(from), Until: iso(end),
		})
		from = end
	}
}

// check makes the yearly checks since the first plaque. This year's is done at
// most bases; some are due in the next two weeks, a few are late.
func (m *maker) check(b *Base, first time.Time) {
	n := len(m.city.Bases)
	due, done := m.ago(20+n%110), true
	switch {
	case n%24 == 5:
		due, done = m.ahead(2+n/24*2), false
	case n%40 == 7:
		due, done = m.ago(4+n/40*3), false
	case n%3 == 0:
		due, done = m.ahead(30+n%120), false
	}
	var checks []Check
	for range 4 {
		if due.Before(first.AddDate(0, 6, 0)) {
			break
		}
		c := Check{Year: due.Year(), DueOn: iso(due)}
		if done {
			c.DoneOn = iso(workday(due.AddDate(0, 0, -m.between(1, 18))))
			c.Checker = m.holder(m.issuer(b.Host, "county"), "executive_deputy")
			c.Result, c.Note = "pass", m.pick([]string{"制度在墙上，记录齐", "抽看三场记录，与照片相符", "急救箱药品在有效期内", "现场接待了两批学生，秩序好"})
			if m.rng.IntN(7) == 0 {
				c.Result, c.Note = "improve", m.pick([]string{"台阶边缘要贴防滑条", "签到表缺两次，补齐", "讲解词多年没有更新", "消防器材要换新"})
			}
		}
		checks = append([]Check{c}, checks...)
		due, done = due.AddDate(-1, 0, 0), true
	}
	b.Checks = checks
}

// evidence and gaps of the standard's items, and what a plan does about a gap.
var itemTexts = map[string]struct {
	evidence []string
	gap      string
	plan     string
	after    string
}{
	"plaque": {[]string{"牌子挂在大门右侧，字迹清楚", "入口立牌一块，文件存档"}, "牌子褪色，看不清级别", "换新牌", "新牌已挂，拍照存档"},
	"place":  {[]string{"展厅两间，室外场地一块", "教室三间，雨天有备用场地", "主展厅一间，坐得下一个班"}, "雨天没有室内场地", "腾出一间室内教室", "室内教室腾出来，放桌椅四十套"},
	"staff":  {[]string{"讲解员四人，辅导员六人", "老教师三人轮值，志愿者八人", "专职一人，五老七人"}, "讲解员只有一人", "再请两名讲解员", "请到退休教师两人，已试讲"},
	"rules":  {[]string{"安全、接待、值班三项制度上墙", "制度五项，附应急电话"}, "没有应急疏散图", "画疏散图并演练一次", "疏散图上墙，演练一次"},
	"plan":   {[]string{"全年活动排到月，共二十二场", "与六所学校排好全年课表"}, "今年计划还没有报来", "补报全年计划", "全年计划已报，共十八场"},
	"events": {[]string{"上学期九场，记录齐", "上学期六场，附签到表", "上学期十二场，来过七所学校"}, "上学期只有两场", "与两所学校约定每月一课", "两所学校每月各来一个班"},
	"files":  {[]string{"一场一袋，按月装订", "电子档和纸质档各一份"}, "去年下半年的照片没有归档", "补齐去年的档案", "缺的照片和签到已补齐"},
}

func (m *maker) lookAtItems(b *Base) {
	looked := iso(workday(m.ago(m.between(15, 300))))
	if first := iso(firstGrant(*b)); looked < first {
		looked = first
	}
	missing := ""
	if m.rng.IntN(10) < 3 {
		missing = m.city.Standard.Items[m.rng.IntN(7)].Code
	}
	for _, it := range m.city.Standard.Items {
		text := itemTexts[it.Code]
		s := ItemState{Item: it.Code, Met: it.Code != missing, Day: looked}
		if s.Met {
			s.Evidence = m.pick(text.evidence)
		} else {
			s.Gap = text.gap
			b.Plans = append(b.Plans, Plan{Title: text.plan, Item: it.Code, OpenedOn: looked,
				DueOn: iso(workday(m.ahead(m.between(-12, 90)))), Before: text.gap, Owner: b.Contact})
		}
		b.Items = append(b.Items, s)
	}
	if m.rng.IntN(4) > 0 {
		return
	}
	// A gap of an earlier year that has been closed.
	opened := workday(m.ago(m.between(420, 700)))
	it := m.city.Standard.Items[m.rng.IntN(7)].Code
	if it == missing || opened.Before(firstGrant(*b)) {
		return
	}
	text := itemTexts[it]
	b.Plans = append(b.Plans, Plan{Title: text.plan, Item: it, OpenedOn: iso(opened), DueOn: iso(workday(opened.AddDate(0, 3, 0))),
		ClosedOn: iso(workday(opened.AddDate(0, 2, m.between(0, 50)))), Before: text.gap, After: text.after, Owner: b.Contact})
}

// makeUncountedBases makes the three that are near the list and not on it.
func (m *maker) makeUncountedBases() {
	b := m.newBase(m.counties[2], "国防", "county")
	a := m.grant(&b, "county", workday(m.day.AddDate(-8, -1, -3)))
	end := workday(m.ago(440))
	a.Status, a.RevokedOn, a.RevokeReason = "revoked", iso(end), "房屋收回另用，共管协议到期没有续签"
	m.furnish(&b, false)
	b.Agreements, b.Plans = nil, nil
	m.chain(&b, m.unit(b.Host).Name, firstGrant(b), end)
	b.Checks = keepBefore(b.Checks, iso(end))
	for i := range b.Items {
		b.Items[i].Day = iso(workday(end.AddDate(0, -2, 0)))
	}
	m.city.Bases = append(m.city.Bases, b)

	b = m.newBase(m.counties[3], "法治", "county")
	m.apply(&b, "county", 26, 4)
	m.furnish(&b, true)
	b.Checks = nil
	m.city.Bases = append(m.city.Bases, b)

	// Decided this week; the plaque is handed over in two weeks and counts from then.
	b = m.newBase(m.counties[4], "科普知识", "county")
	a = m.grant(&b, "county", workday(m.ahead(15)))
	applied, inspected, decided := iso(workday(m.ago(41))), iso(workday(m.ago(12))), iso(m.ago(2))
	a.AppliedOn = applied
	a.Steps[0].Day, a.Steps[1].Day, a.Steps[2].Day = applied, inspected, decided
	a.Steps[2].Note = "揭牌那天起算"
	m.furnish(&b, true)
	b.BuiltOn, b.Checks, b.Plans = iso(m.ago(600)), nil, nil
	for i := range b.Items {
		b.Items[i].Day = inspected
	}
	m.city.Bases = append(m.city.Bases, b)
}

func keepBefore(checks []Check, end string) []Check {
	var kept []Check
	for _, c := range checks {
		if c.DueOn < end {
			kept = append(kept, c)
		}
	}
	return kept
}

// apply adds an application under way: handed in so many days ago, its present
// step due in so many days.
func (m *maker) apply(b *Base, level string, handedIn, due int) {
	issuer := m.issuer(b.Host, level)
	applied := workday(m.ago(handedIn))
	a := Accreditation{
		Code:  fmt.Sprintf("SP%s-%d", b.Code[2:], len(b.Accreditations)+1),
		Level: level, Issuer: issuer, Title: m.unit(issuer).Name + plaqueTitles[level],
		AppliedOn: iso(applied), Status: "submitted", DueOn: iso(m.ahead(due)),
		Steps: []Step{{iso(applied), b.Host, m.unit(b.Host).Committee, "apply", "材料已报齐"}},
	}
	if up := m.unit(b.Host).Parent; level == "city" && up != issuer {
		a.Steps = append(a.Steps, Step{iso(workday(m.ago(handedIn / 2))), up, m.unit(up).Committee, "forward", "核过，同意上报"})
	}
	b.Accreditations = append(b.Accreditations, a)
}

// applyForMore lets bases with a county plaque ask for a city one: work for the
// city's office today and this week.
func (m *maker) applyForMore() {
	due := []int{0, 0, 3, 9, -2}
	for i := 10; i < 119 && len(due) > 0; i++ {
		b := &m.city.Bases[i]
		if len(b.Accreditations) == 1 && b.Accreditations[0].Level == "county" && m.unit(b.Host).Level == "township" && i%7 == 3 {
			m.apply(b, "city", 18+i%9, due[0])
			due = due[1:]
		}
	}
}

// makeNeighbourBases makes the bases of the neighbouring city: ten with a plaque
// of the province, and one that lost it and keeps its county's.
func (m *maker) makeNeighbourBases() {
	hosts := []string{"990701001", "990701002", "990702001", "990702002", "990701", "990702"}
	for i := range 11 {
		host := hosts[i%len(hosts)]
		cat := categories[i%3]
		t := themes[cat][(i+i/6)%len(themes[cat])]
		b := Base{Code: fmt.Sprintf("JD9907-%03d", i+1), Host: host, Category: cat, Name: stem(m.unit(host).Name) + t.name,
			Intro: t.intro + "。", Owner: fmt.Sprintf(t.owner, "汐门市")}
		m.taken[b.Name] = true
		m.grant(&b, "county", workday(m.day.AddDate(-9+i%5, 0, -40)))
		p := m.grant(&b, "province", workday(m.ago(11)))
		if i == 10 {
			p.GrantedOn = iso(workday(m.day.AddDate(-4, 0, -11)))
			p.AppliedOn = iso(workday(m.day.AddDate(-4, -2, -11)))
			p.Steps = nil
			p.Status, p.RevokedOn, p.RevokeReason = "revoked", iso(workday(m.ago(97))), "复核两次没有达到条件"
		}
		m.furnish(&b, i%2 == 0)
		m.city.Bases = append(m.city.Bases, b)
	}
}
