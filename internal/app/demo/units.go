package demo

import (
	"fmt"
	"time"
)

// county says how a county-level unit is made up. teams5, teams1 and adopted are
// numbers of townships; adopted exceeds teams5 where a township has the model
// with fewer than five teams.
type county struct {
	name                                   string
	streets, towns, xiang                  int
	teams5, teams1, adopted, bases, leader int
}

// The columns sum to 150 townships, 81 and 21 with teams, 87 adopted, 119 bases.
var counties = []county{
	{"东渡区", 9, 3, 0, 10, 1, 10, 13, 0}, {"西岭区", 7, 6, 0, 9, 2, 10, 12, 1},
	{"南江区", 5, 10, 0, 10, 3, 11, 12, 0}, {"北仓区", 6, 8, 0, 9, 2, 9, 12, 1},
	{"中岭区", 7, 7, 0, 7, 2, 8, 12, 0}, {"海棠区", 6, 7, 0, 7, 2, 8, 11, 2},
	{"云溪县", 2, 12, 3, 9, 3, 9, 12, 1}, {"石桥县", 2, 12, 4, 8, 2, 9, 12, 0},
	{"青禾县", 1, 12, 5, 7, 2, 7, 12, 2}, {"安澜县", 1, 11, 4, 5, 2, 6, 11, 1},
}

const treeBegins = "2000-01-01"

func (m *maker) addUnit(u Unit) {
	if u.ValidFrom == "" {
		u.ValidFrom = treeBegins
	}
	m.at[u.Code] = len(m.city.Units)
	m.city.Units = append(m.city.Units, u)
}

func (m *maker) makeUnits() {
	m.townships, m.bands, m.under5 = map[string][]string{}, map[string]int{}, map[string]bool{}
	m.addUnit(Unit{Code: "99", Level: "province", Kind: "province", Name: "东江省"})
	m.addUnit(Unit{Code: "9902", Parent: "99", Level: "city", Kind: "city", Name: "云州市", Aliases: []string{"云州"}})
	m.addUnit(Unit{Code: "9907", Parent: "99", Level: "city", Kind: "city", Name: "汐门市"})
	left := append([]string(nil), stems...)
	next := func() string {
		s := left[0]
		left = left[1:]
		return s
	}
	for i, c := range counties {
		code := fmt.Sprintf("9902%02d", i+1)
		kind := "district"
		if stem(c.name)+"县" == c.name {
			kind = "county"
		}
		m.addUnit(Unit{Code: code, Parent: "9902", Level: "county", Kind: kind, Name: c.name})
		m.counties = append(m.counties, code)
		for j := range c.streets + c.towns + c.xiang {
			u := Unit{Code: fmt.Sprintf("%s%03d", code, j+1), Parent: code, Level: "township", Kind: "town"}
			switch {
			case j < c.streets:
				u.Name, u.Kind = next()+"街道", "street"
			case c.name == "南江区" && j == 12:
				u.Name = "稻香镇"
			case j < c.streets+c.towns:
				u.Name = next() + "镇"
			default:
				u.Name = next() + "乡"
			}
			m.addUnit(u)
			m.townships[code] = append(m.townships[code], u.Code)
		}
		m.shareOut(code, c)
	}
	m.mergeAway("990203109", "990203", "桥南镇", "990203013", m.lastFirst(9, 3))
	m.mergeAway("990208107", "990208", next()+"乡", m.townships["990208"][9], m.lastFirst(4, 6))
	m.makeNeighbour(next)
	m.makeVillagesAndSchools()
	m.makePark()
	for i := range m.city.Units {
		m.dress(&m.city.Units[i])
	}
}

// shareOut decides which townships of a county have how many teams, and which
// have adopted the model: the later ones in the list have less.
func (m *maker) shareOut(code string, c county) {
	order := append([]string(nil), m.townships[code]...)
	m.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for i, t := range order {
		switch {
		case i < c.teams5:
			m.bands[t] = []int{5, 5, 5, 6, 5, 5, 7, 5, 5, 6}[(i+c.leader)%10]
		case i < c.teams5+c.teams1:
			m.bands[t] = []int{2, 3, 4, 1}[(i+c.leader)%4]
			if m.bands[t] == 4 {
				m.decoyTeams = append(m.decoyTeams, t)
			}
		}
		if i < c.adopted {
			m.adopters = append(m.adopters, t)
			m.under5[t] = i >= c.teams5
		}
	}
}

// lastFirst is the first of a month so many years ago.
func (m *maker) lastFirst(month time.Month, years int) time.Time {
	return time.Date(m.day.Year()-years, month, 1, 0, 0, 0, 0, time.UTC)
}

func (m *maker) mergeAway(code, parent, name, successor string, end time.Time) {
	m.addUnit(Unit{Code: code, Parent: parent, Level: "township", Kind: "town", Name: name,
		ValidTo: iso(end), EndReason: "merged", Successor: successor})
	into := m.unit(successor)
	into.Aliases = append(into.Aliases, "原"+name)
	m.merged = append(m.merged, code)
}

func (m *maker) makeNeighbour(next func() string) {
	for i, name := range []string{"潮湾区", "望潮县"} {
		code := fmt.Sprintf("9907%02d", i+1)
		kind := []string{"district", "county"}[i]
		m.addUnit(Unit{Code: code, Parent: "9907", Level: "county", Kind: kind, Name: name})
		m.addUnit(Unit{Code: code + "001", Parent: code, Level: "township", Kind: "street", Name: next() + "街道"})
		m.addUnit(Unit{Code: code + "002", Parent: code, Level: "township", Kind: "town", Name: next() + "镇"})
	}
}

func (m *maker) makeVillagesAndSchools() {
	for i, c := range m.counties {
		t := m.townships[c][i%3]
		s := stem(m.unit(t).Name)
		kind, name := "village", s+"村"
		if m.unit(t).Kind == "street" {
			kind, name = "community", s+"社区"
		}
		m.addUnit(Unit{Code: t + fmt.Sprintf("%03d", i+2), Parent: t, Level: "village", Kind: kind, Name: name,
			ValidFrom: iso(m.lastFirst(5, 9))})
		last := m.townships[c][len(m.townships[c])-1-i%2]
		school := stem(m.unit(last).Name) + []string{"中学", "小学"}[i%2]
		m.addUnit(Unit{Code: last + fmt.Sprintf("%04d", 1001+i), Parent: last, Level: "campus", Kind: "school", Name: school,
			ValidFrom: iso(m.lastFirst(9, 8))})
	}
	m.addUnit(Unit{Code: "990203013012", Parent: "990203013", Level: "village", Kind: "village", Name: "稻香村",
		Aliases: []string{"稻香"}, ValidFrom: iso(m.lastFirst(5, 9))})
}

// firms are invented; the first seven lie in the park, the others outside.
var firms = []struct {
	name      string
	ownership string
	above     bool
	party     bool
	own       bool
}{
	{"云州砚江精密机械有限公司", "private", true, true, true}, {"云州青棉纺织有限公司", "private", true, true, false},
	{"云州汀光电子有限公司", "private", true, true, false}, {"云州麦香园食品有限公司", "private", true, true, true},
	{"云州鹿鸣文具有限公司", "private", true, false, false}, {"云州竹里家居有限公司", "private", false, false, false},
	{"云州橹声船配有限公司", "private", false, true, false}, {"石桥陶然陶瓷有限公司", "private", true, true, true},
	{"青禾绿垸农业有限公司", "private", true, true, false}, {"云州公共交通有限责任公司", "state", true, true, true},
}

func (m *maker) makePark() {
	park := "9902010001001"
	m.addUnit(Unit{Code: park, Parent: "990201", Level: "park", Kind: "park", Name: "砚江产业园",
		Aliases: []string{"砚江园区"}, ValidFrom: iso(m.lastFirst(3, 5))})
	var members []string
	for i, f := range firms {
		parent, covered := "990201", park
		switch i {
		case 7:
			parent, covered = "990208", ""
		case 8:
			parent, covered = "990209", ""
		case 9:
			parent, covered = "990202", ""
		}
		code := fmt.Sprintf("%s000%04d", parent, 1002+i)
		m.addUnit(Unit{Code: code, Parent: parent, Level: "enterprise", Kind: "enterprise", Name: f.name,
			ValidFrom: iso(m.lastFirst(7, 12-i/2)),
			Enterprise: &Enterprise{CreditCode: creditCode(parent, i), Ownership: f.ownership, AboveSize: f.above,
				HasParty: f.party, Park: covered, HasCommittee: f.own}})
		if covered != "" {
			members = append(members, code)
		}
	}
	m.unit(park).Members = members
}

// creditCode is a unified social credit code whose last character checks.
func creditCode(division string, n int) string {
	const signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	weights := []int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
	code := fmt.Sprintf("91%sMA%07d", division, 4071300+n*10177)
	sum := 0
	for i, w := range weights {
		for v := range len(signs) {
			if signs[v] == code[i] {
				sum += v * w
			}
		}
	}
	return code + string(signs[(31-sum%31)%31])
}

// dress gives a unit its committee, Party organisation, leader and address.
func (m *maker) dress(u *Unit) {
	if u.Enterprise == nil || u.Enterprise.HasCommittee {
		u.Committee = u.Name + "关工委"
	}
	u.Phone = m.tel()
	year := map[string]int{"province": 34, "city": 32, "county": 29, "township": 22, "village": 8, "campus": 7, "park": 4, "enterprise": 3}[u.Level]
	if u.Committee != "" {
		founded := workday(time.Date(m.day.Year()-year, time.Month(m.between(3, 11)), m.between(1, 28), 0, 0, 0, 0, time.UTC))
		if u.Level != "province" && u.Level != "city" && u.Level != "county" && iso(founded) < u.ValidFrom {
			founded = workday(parse(u.ValidFrom).AddDate(0, 2, m.between(0, 60)))
		}
		u.FoundedOn = iso(founded)
	}
	org, kind, title, road := "", "committee", u.Name+"委副书记", stem(u.Name)
	switch u.Level {
	case "province", "city", "county":
		org = "中共" + u.Name + "委员会"
		u.Address = u.Name + "文昌路" + fmt.Sprint(m.between(2, 98)) + "号"
	case "township":
		org, title = "中共"+u.Name+"委员会", u.Name+"党委副书记"
		if u.Kind == "street" {
			org, kind, title = "中共"+u.Name+"工作委员会", "working_committee", u.Name+"党工委副书记"
		}
		u.Address = m.unit(u.Parent).Name + u.Name + road + []string{"东", "南", "西", "北", "中"}[m.rng.IntN(5)] + "路" + fmt.Sprint(m.between(2, 160)) + "号"
	case "village":
		org, kind, title = u.Name+"党总支", "general_branch", u.Name+"党总支书记"
		u.Address = m.unit(u.Parent).Name + u.Name
	case "campus":
		org, kind, title = u.Name+"党支部", "branch", u.Name+"校长"
		u.Address = m.unit(u.Parent).Name + stem(m.unit(u.Parent).Name) + "路" + fmt.Sprint(m.between(2, 90)) + "号"
	case "park":
		org, kind, title = "中共"+u.Name+"工作委员会", "working_committee", u.Name+"党工委副书记"
		u.Address = "东渡区砚江大道" + fmt.Sprint(m.between(2, 300)) + "号"
	case "enterprise":
		org, kind, title = u.Name+"党支部", "branch", u.Name+"工会主席"
		u.Address = m.unit(u.Parent).Name + "工业路" + fmt.Sprint(m.between(2, 300)) + "号"
		if !u.Enterprise.HasParty {
			return
		}
	}
	u.Basis = PartyOrg{Name: org, Kind: kind}
	from := u.FoundedOn
	if from == "" || from < u.ValidFrom {
		from = u.ValidFrom
	}
	u.Party = []PartyLink{{Org: org, From: from, To: u.ValidTo}}
	changed := iso(workday(m.ago(m.between(200, 1400))))
	if u.ValidTo != "" || changed <= from {
		u.Leaders = []Leader{{Name: m.person(), Title: title, From: from, To: u.ValidTo}}
		return
	}
	before := iso(workday(parse(changed).AddDate(-5, 0, m.between(0, 200))))
	if before > from {
		u.Leaders = append(u.Leaders, Leader{Name: m.person(), Title: title, From: before, To: changed})
	}
	u.Leaders = append(u.Leaders, Leader{Name: m.person(), Title: title, From: changed})
}

func parse(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic("demo: " + err.Error())
	}
	return t
}
