package demo

import (
	"fmt"
	"math"
	"time"
)

var categories = []string{"爱国主义", "劳动技能", "法治", "科普知识", "心理健康", "国防", "生态环保"}

// categoryCounts are how many of the 119 have each main category.
var categoryCounts = []int{38, 24, 21, 18, 7, 6, 5}

// theme is what a base is: the end of its name, its owner when run by others
// (%s = the county), and a sentence about it.
type theme struct {
	name, owner, intro string
}

var themes = map[string][]theme{
	"爱国主义": {
		{"革命旧址", "%s文物保护所", "老区交通员落脚的院子，五间正房按原样陈列"},
		{"烈士陵园", "%s退役军人事务局", "安葬本地烈士，清明和烈士纪念日由老战士值守讲解"},
		{"党史馆", "%s党史研究室", "以实物和口述讲本地党组织的建立和发展"},
		{"军史陈列馆", "%s退役军人事务局", "陈列老兵捐赠的证章、军装和家书"},
		{"抗战纪念馆", "%s博物馆", "讲本地民众支前和护送伤员的往事"},
		{"建设成就馆", "%s档案馆", "用老照片对比讲水库、公路和学校怎样建起来"},
		{"家风馆", "%s文化馆", "收集二十余户人家的家训和家书，老教师轮流讲解"},
		{"乡史馆", "%s文化馆", "从农具、粮票到第一台拖拉机，讲乡里的变化"},
		{"红色档案馆", "%s档案馆", "可以翻看复制件，也可以听老同志的录音"},
	},
	"劳动技能": {
		{"学农实践园", "%s农业技术推广站", "春种秋收都有课，老农艺员手把手教"},
		{"茶园劳动基地", "%s茶业合作社", "采茶、摊青、炒制三道活可以动手做"},
		{"果蔬种植园", "%s果蔬合作社", "分班认领菜地，收成送给敬老院"},
		{"竹编工坊", "%s手工业合作社", "由老篾匠带着做一件能拿走的竹器"},
		{"渔家劳动营", "%s渔业合作社", "学结网、认潮水，不下水"},
		{"木工传习所", "%s职业技术学校", "从认识刨和凿开始，做一张小凳"},
		{"陶艺工坊", "%s陶瓷有限公司", "揉泥、拉坯、上釉，半天一课"},
		{"桑蚕园", "%s蚕桑合作社", "四月到六月可以看蚕从出壳到结茧"},
	},
	"法治": {
		{"青少年模拟法庭", "%s人民法院", "学生担任各方，退休法官点评"},
		{"法治教育馆", "%s司法局", "用身边的案例讲规则和权利"},
		{"禁毒教育馆", "%s公安局", "有仿真样品和互动问答，民警和老同志同讲"},
		{"交通安全体验馆", "%s公安局", "模拟路口和安全带体验台各一套"},
		{"检察开放站", "%s人民检察院", "每月一个开放日，讲未成年人保护"},
		{"防溺水体验馆", "%s应急管理局", "教辨认险情和施救的先后，暑假前排满"},
	},
	"科普知识": {
		{"天文观测站", "%s科学技术协会", "口径三十厘米的望远镜一台，晴夜开放"},
		{"地质陈列室", "%s自然资源局", "本地岩石和化石标本一百二十件"},
		{"气象科普馆", "%s气象局", "可以自己读数、画一张天气图"},
		{"农业科技馆", "%s农业技术推广站", "看种子怎样选出来，显微镜四台"},
		{"航模馆", "%s科学技术协会", "老工程师带着做弹射和遥控两类航模"},
		{"机器人工坊", "%s职业技术学校", "从拆旧家电开始认识电路"},
	},
	"心理健康": {
		{"心理健康驿站", "%s第二人民医院", "个别谈心室两间，沙盘一套"},
		{"心晴小屋", "%s妇女联合会", "周末有家长课堂，谈话内容不外传"},
		{"青少年成长中心", "%s团校", "同伴小组每周一次，由有资质的老师带"},
	},
	"国防": {
		{"国防教育馆", "%s人民武装部", "装备模型和疏散演练各一区"},
		{"少年军校", "%s人民武装部", "队列、急救、识图三门课，两天一期"},
		{"人防体验馆", "%s人民防空办公室", "听得懂警报，走得对通道"},
	},
	"生态环保": {
		{"湿地课堂", "%s林业局", "栈道三百米，认鸟认草各有图册"},
		{"护鸟站", "%s林业局", "冬候鸟到的时候有观鸟课"},
		{"苗圃课堂", "%s国有林场", "播种、移栽、挂牌，一年一回看"},
		{"水环境教育馆", "%s水利局", "取河水自己测，结果写在墙上"},
	},
}

// grantDays are the days on which plaques were given.
type grantDays struct {
	window time.Time   // first day inside the last seven years
	old    []time.Time // days before the window, oldest first, with repetition
	county []time.Time // spring rounds inside it
	city   []time.Time // autumn rounds inside it
}

// makeGrantDays finds the edge of the window by its definition, that a day plus
// seven years lies after the day of the city, so that 29 February is right too.
func (m *maker) makeGrantDays() grantDays {
	w := m.day.AddDate(-7, 0, 3)
	for w.AddDate(7, 0, -1).After(m.day) && w.AddDate(0, 0, -1).AddDate(7, 0, 0).After(m.day) {
		w = w.AddDate(0, 0, -1)
	}
	g := grantDays{window: w}
	for i, n := range []int{5, 3, 4, 4, 5, 5, 5, 5, 5} {
		for range n {
			g.old = append(g.old, workday(time.Date(w.Year()-9+i, 9, 10, 0, 0, 0, 0, time.UTC)))
		}
	}
	for y := w.Year(); y <= m.day.Year(); y++ {
		for _, c := range []struct {
			month time.Month
			day   int
			into  *[]time.Time
		}{{4, 20, &g.county}, {10, 15, &g.city}} {
			d := workday(time.Date(y, c.month, c.day, 0, 0, 0, 0, time.UTC))
			if d.After(w.AddDate(0, 0, 4)) && d.Before(m.ago(4)) {
				*c.into = append(*c.into, d)
			}
		}
	}
	return g
}

// round picks the round of the i-th of n bases: later rounds give more plaques.
func round(days []time.Time, i, n int) time.Time {
	return days[int(float64(len(days))*math.Pow(float64(i)/float64(n), 0.85))]
}

// makeBases makes the 119, then the ones that are not counted and why: one whose
// plaque was revoked when its agreement was not renewed, applications under way,
// one granted on a day to come, and those of the neighbouring city.
func (m *maker) makeBases() {
	g := m.makeGrantDays()
	slots := m.baseSlots()
	newCity, newOther := 0, 0
	for i, slot := range slots {
		b := m.newBase(slot.county, slot.category, slot.level)
		switch {
		case i < 41: // long-standing
			m.grantOld(&b, slot.level, g, i)
		case i == 41: // the last day outside the window
			m.grant(&b, slot.level, g.window.AddDate(0, 0, -1))
		case i == 42: // the first day inside
			m.grant(&b, "city", g.window)
			m.grant(&b, "county", g.window)
		case slot.level == "city":
			d := round(g.city, newCity, 33)
			if newCity%3 == 0 {
				m.grant(&b, "county", lastBefore(g.county, d))
			}
			m.grant(&b, "city", d)
			newCity++
		default:
			d := round(g.county, newOther, 43)
			if later := d.AddDate(0, 0, m.between(0, 40)); slot.level == "township" && later.Before(m.ago(3)) {
				d = workday(later)
			}
			m.grant(&b, slot.level, d)
			newOther++
		}
		if i == 60 || i == 63 {
			m.grant(&b, "province", workday(m.ago(11)))
		}
		m.furnish(&b, slot.self)
		m.city.Bases = append(m.city.Bases, b)
	}
	m.makeUncountedBases()
	m.makeNeighbourBases()
	m.applyForMore()
}

func lastBefore(days []time.Time, d time.Time) time.Time {
	found := d
	for _, day := range days {
		if day.Before(d) {
			found = day
		}
	}
	return found
}

// baseSlot is what a base of the 119 is to be.
type baseSlot struct {
	county, category, level string
	self                    bool
}

// baseSlots deals out county, category, level and run mode: 71 run by ourselves,
// 22 with a township's plaque alone, 42 before the window, 34 city ones within.
func (m *maker) baseSlots() []baseSlot {
	var cats []string
	for i, n := range categoryCounts {
		for range n {
			cats = append(cats, categories[i])
		}
	}
	var places []string
	for i, c := range counties {
		for range c.bases {
			places = append(places, m.counties[i])
		}
	}
	self := make([]bool, len(cats))
	for i := range self {
		self[i] = i < 71
	}
	m.rng.Shuffle(len(cats), func(i, j int) { cats[i], cats[j] = cats[j], cats[i] })
	m.rng.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
	m.rng.Shuffle(len(self), func(i, j int) { self[i], self[j] = self[j], self[i] })
	slots := make([]baseSlot, len(cats))
	for i := range slots {
		level := "county"
		switch {
		case i >= 29 && i < 41, i >= 109:
			level = "township"
		case i >= 42 && i < 76:
			level = "city"
		}
		slots[i] = baseSlot{places[i], cats[i], level, self[i]}
	}
	// Rounds are dealt in order, so what comes first must not all be one level.
	m.rng.Shuffle(41, func(i, j int) { slots[i], slots[j] = slots[j], slots[i] })
	tail := slots[76:]
	m.rng.Shuffle(len(tail), func(i, j int) { tail[i], tail[j] = tail[j], tail[i] })
	return slots
}

// newBase makes a base with a name that nobody has: place and theme.
func (m *maker) newBase(county, category, level string) Base {
	host := m.pick(m.townships[county])
	if level != "township" && m.rng.IntN(5) == 0 {
		host = county
	}
	if own := "township of an account"; county == "990203" && level == "county" && (m.at[own] == 0 || m.at[own] == 1 && len(m.city.Bases) > 76) {
		m.at[own]++ // whoever signs in there looks after an old base and a newer one
		host = "990203013"
	}
	b := Base{Code: fmt.Sprintf("JD9902-%03d", len(m.city.Bases)+1), Category: category}
	for try := 0; ; try++ {
		// In turn, so that no theme is everywhere.
		t := themes[category][m.at["theme "+category]%len(themes[category])]
		m.at["theme "+category]++
		name := stem(m.unit(host).Name) + t.name
		if m.taken[name] {
			if try%3 == 2 {
				host = m.pick(m.townships[county])
			}
			continue
		}
		m.taken[name] = true
		b.Host, b.Name, b.Intro = host, name, t.intro+"。"
		b.Owner = fmt.Sprintf(t.owner, m.unit(county).Name)
		return b
	}
}

// issuer is the unit that gives plaques of a level to bases of a host.
func (m *maker) issuer(host, level string) string {
	for code := host; code != ""; code = m.unit(code).Parent {
		if m.unit(code).Level == level {
			return code
		}
	}
	return m.unit(host).Parent
}

var plaqueTitles = map[string]string{"province": "青少年校外教育示范基地", "city": "青少年校外教育阵地", "county": "青少年校外教育阵地", "township": "青少年教育活动点"}

// grant adds a plaque in force, with the way it went.
func (m *maker) grant(b *Base, level string, day time.Time) *Accreditation {
	issuer := m.issuer(b.Host, level)
	applied := workday(day.AddDate(0, 0, -m.between(35, 80)))
	inspected := workday(day.AddDate(0, 0, -m.between(10, 30)))
	b.Accreditations = append(b.Accreditations, Accreditation{
		Code:  fmt.Sprintf("SP%s-%d", b.Code[2:], len(b.Accreditations)+1),
		Level: level, Issuer: issuer, Title: m.unit(issuer).Name + plaqueTitles[level],
		AppliedOn: iso(applied), GrantedOn: iso(day), Status: "granted",
		Steps: []Step{
			{iso(applied), b.Host, m.unit(b.Host).Committee, "apply", "材料齐，附场地照片和安全责任书"},
			{iso(inspected), issuer, m.unit(issuer).Committee, "inspect", m.pick(inspections)},
			{iso(day), issuer, m.unit(issuer).Committee, "grant", ""},
		},
	})
	return &b.Accreditations[len(b.Accreditations)-1]
}

var inspections = []string{"现场看过，场地和制度都到位", "现场看过，补了急救箱后通过", "现场看过，讲解员两名到岗", "现场看过，消防通道已清开", "看过三次活动记录，符合条件"}

// grantOld gives a plaque of before the window; six of them later got a city one,
// which makes "34 of them" and "34 of all" two different figures.
func (m *maker) grantOld(b *Base, level string, g grantDays, i int) {
	m.grant(b, level, g.old[i])
	if i%3 == 0 && level == "county" && m.upgraded < 6 {
		m.upgraded++
		m.grant(b, "city", g.city[i%len(g.city)])
	}
}
