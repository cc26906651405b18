package demo

import "fmt"

// need is a specialty of a team with the end of its name and what it does.
type need struct {
	key, suffix, intro string
}

var needs = []need{
	{"心理健康", "心理健康关爱队", "退休教师和医生坐班，周末接听家长来电"},
	{"法治宣讲", "法治宣讲团", "退休政法干部进校讲规则，一学期一轮"},
	{"宣讲", "红色宣讲团", "老党员、老战士讲亲历的事"},
	{"科普", "科普辅导队", "退休工程师带动手小实验"},
	{"帮教", "帮教小组", "两人结一对，月月见一面"},
	{"助学", "助学服务队", "开学前走访，缺什么记什么"},
	{"文艺", "文艺辅导队", "教戏曲、合唱和锣鼓"},
	{"书画", "书画传习社", "假期开书法和国画两个班"},
	{"家庭教育", "家庭教育指导队", "在村里办家长夜校"},
}

// makeTeams gives townships the teams dealt to them, and puts beside them the
// teams that do not count: of counties and a village, of a township merged away,
// dissolved, founded on a day to come, and only proposed.
func (m *maker) makeTeams() {
	for _, c := range m.counties {
		for i, t := range m.townships[c] {
			// Townships begin in different years; later teams follow the first.
			days := m.between(900, 2700)
			for k := range m.bands[t] {
				m.addTeam(t, k+i%2*(k%2), days)
				days = max(days-m.between(40, 380), 6+m.rng.IntN(200))
			}
		}
	}
	m.decoys()
	for k := range 7 {
		m.addTeam("990202", k, 1100-k*90)
	}
	m.addTeam("990203013012", 1, 800)
	for k := range 3 {
		m.addTeam("990701001", k, 900-k*100)
		m.addTeam("990702002", k, 700-k*100)
	}
}

// addTeam adds an approved team founded so many days ago.
func (m *maker) addTeam(unit string, k, days int) *Team {
	n := needs[k%len(needs)]
	u := m.unit(unit)
	name := u.Name + n.suffix
	for i := 1; m.taken[name]; i++ {
		n = needs[(k+i)%len(needs)]
		name = u.Name + n.suffix
	}
	m.taken[name] = true
	founded := workday(m.ago(days))
	m.city.Teams = append(m.city.Teams, Team{
		Code: fmt.Sprintf("TD%s-%02d", unit, m.teamNumber(unit)), Unit: unit, Name: name, Need: n.key,
		Leader: m.person(), Phone: m.tel(), MemberCount: m.between(4, 17), Intro: n.intro + "。",
		ProposedOn: iso(workday(founded.AddDate(0, 0, -m.between(30, 70)))),
		ApprovedOn: iso(workday(founded.AddDate(0, 0, -m.between(0, 12)))),
		FoundedOn:  iso(founded), Status: "approved",
	})
	return &m.city.Teams[len(m.city.Teams)-1]
}

func (m *maker) teamNumber(unit string) int {
	n := 1
	for _, t := range m.city.Teams {
		if t.Unit == unit {
			n++
		}
	}
	return n
}

// decoys makes a fifth team that does not count for townships that have four, and
// the teams of the townships merged away.
func (m *maker) decoys() {
	for i, unit := range m.decoyTeams {
		switch i % 4 {
		case 0:
			t := m.addTeam(unit, 5, 900)
			t.DissolvedOn, t.DissolveReason = iso(workday(m.ago(20))), "队长年高，队员并入帮教小组"
		case 1:
			t := m.addTeam(unit, 5, 10)
			t.Status, t.ApprovedOn, t.FoundedOn = "submitted", "", iso(workday(m.ahead(25)))
			t.ProposedOn = iso(workday(m.ago(9)))
		case 2:
			if i == 2 { // approved, and begins on a day to come
				t := m.addTeam(unit, 5, 10)
				t.FoundedOn, t.ApprovedOn = iso(workday(m.ahead(12))), iso(workday(m.ago(6)))
				t.ProposedOn = iso(workday(m.ago(48)))
			}
		}
	}
	for _, unit := range m.merged {
		end := parse(m.unit(unit).ValidTo)
		for k := range 3 {
			t := m.addTeam(unit, k, int(m.day.Sub(end).Hours()/24)+900-k*100)
			// The first was never closed on paper: the end of its township ends it.
			if k > 0 {
				t.DissolvedOn, t.DissolveReason = iso(end), "随乡镇并入"+m.unit(m.unit(unit).Successor).Name
			}
		}
	}
}
