package demo

import "time"

// seatPlan is which seats a committee of a level has.
type seatPlan struct {
	kind, title string
	quota       int
}

var titles = map[string]string{"director": "主任", "executive_deputy": "常务副主任", "deputy": "副主任",
	"secretary_general": "秘书长", "office_director": "办公室主任", "member": "成员"}

var seatPlans = map[string][]seatPlan{
	"province": {{"director", "", 1}, {"executive_deputy", "", 1}, {"deputy", "", 3}, {"secretary_general", "", 1}, {"office_director", "", 1}, {"member", "", 6}},
	"city":     {{"director", "", 1}, {"executive_deputy", "", 1}, {"deputy", "", 3}, {"secretary_general", "", 1}, {"office_director", "", 1}, {"member", "", 6}},
	"county":   {{"director", "", 1}, {"executive_deputy", "", 1}, {"deputy", "", 2}, {"secretary_general", "", 1}, {"office_director", "", 1}, {"member", "", 4}},
	"township": {{"director", "", 1}, {"executive_deputy", "", 1}, {"secretary_general", "", 1}, {"member", "", 3}},
	"park":     {{"director", "", 1}, {"executive_deputy", "", 1}, {"secretary_general", "", 1}, {"member", "", 6}},
	"other":    {{"director", "", 1}, {"secretary_general", "", 1}, {"member", "", 2}},
}

// vacancies are seats without a holder: unit, kind, days since. The first two
// have been so for more than three months.
func (m *maker) vacancies() map[[2]string]int {
	return map[[2]string]int{
		{m.townships["990208"][5], "secretary_general"}: 148,
		{m.townships["990210"][7], "director"}:          112,
		{m.townships["990205"][2], "executive_deputy"}:  37,
	}
}

// named are the holders whom the accounts of the demonstration belong to.
var named = map[[2]string]string{
	{"9902", "office_director"}:        "陈玉兰",
	{"990203", "office_director"}:      "周文琴",
	{"990203013", "secretary_general"}: "梁水旺",
}

func (m *maker) makePosts() {
	for _, name := range named {
		m.taken[name] = true
	}
	vacant := m.vacancies()
	for _, u := range m.city.Units {
		if u.Committee == "" {
			continue
		}
		plan, ok := seatPlans[u.Level]
		if !ok {
			plan = seatPlans["other"]
		}
		for _, s := range plan {
			m.fillSeat(u, s, vacant[[2]string{u.Code, s.kind}])
		}
	}
}

// fillSeat makes one seat of a unit, its holders, and of the heads the one before.
func (m *maker) fillSeat(u Unit, s seatPlan, vacantDays int) {
	seat := Seat{Unit: u.Code, Kind: s.kind, Title: titles[s.kind], Quota: s.quota}
	begin := maxDay(u.FoundedOn, u.ValidFrom)
	// Terms of office run five years and begin together in one unit.
	term := time.Date(m.day.Year()-1-len(u.Name)%4, time.Month(3+len(u.Code)%3), 1+m.at[u.Code]%27, 0, 0, 0, 0, time.UTC)
	if vacantDays > 0 {
		seat.VacantSince = iso(m.ago(vacantDays))
		m.addPost(u, s.kind, m.person(), maxDay(iso(term), begin), seat.VacantSince, term)
		m.city.Seats = append(m.city.Seats, seat)
		return
	}
	m.city.Seats = append(m.city.Seats, seat)
	for i := range s.quota {
		name := named[[2]string{u.Code, s.kind}]
		if name == "" || i > 0 {
			name = m.person()
		}
		from, to := maxDay(iso(term), begin), u.ValidTo
		if to != "" && from >= to {
			from = begin
		}
		if s.kind != "member" && s.kind != "deputy" && to == "" && from == iso(term) {
			if before := iso(term.AddDate(-5, 0, 0)); before > begin {
				m.addPost(u, s.kind, m.person(), before, from, term.AddDate(-5, 0, 0))
			}
		}
		m.addPost(u, s.kind, name, from, to, term)
	}
}

func (m *maker) addPost(u Unit, kind, holder, from, to string, term time.Time) {
	m.city.Posts = append(m.city.Posts, Post{Unit: u.Code, Kind: kind, Title: titles[kind], Holder: holder,
		From: from, To: to, TermUntil: iso(term.AddDate(5, 0, 0)),
		Acting: kind == "director" && u.Level == "township" && to == "" && m.at[u.Code]%41 == 0})
}

func maxDay(a, b string) string {
	if a > b {
		return a
	}
	return b
}

// holder is who holds a seat now, or somebody when nobody does.
func (m *maker) holder(unit, kind string) string {
	for _, p := range m.city.Posts {
		if p.Unit == unit && p.Kind == kind && p.To == "" {
			return p.Holder
		}
	}
	return m.person()
}

func (m *maker) makeAccounts() {
	until := iso(m.day.AddDate(1, 0, 0))
	m.city.Accounts = []Account{
		{Login: "chenyulan", Name: "陈玉兰", Unit: "9902", Post: "office_director", Duty: "云州市关工委办公室"},
		{Login: "zhouwenqin", Name: "周文琴", Unit: "990203", Post: "office_director", Duty: "南江区关工委办公室"},
		{Login: "liangshuiwang", Name: "梁水旺", Unit: "990203013", Post: "secretary_general", Duty: "稻香镇关工委秘书长"},
		{Login: "linguangping", Name: "林广平", Unit: "99", Grant: "view", GrantUntil: until, Duty: "东江省关工委，只看不改"},
		{Login: "xusuqing", Name: "许素清", Unit: "9902", Grant: "audit", GrantUntil: until, Duty: "云州市审计人员，看账看留痕"},
		{Login: "caihuiqin", Name: m.rename("9907", "office_director", "蔡惠勤"), Unit: "9907", Post: "office_director", Duty: "汐门市关工委办公室"},
		{Login: "hezhiyuan", Name: "何知远", Unit: "9902", Body: "市教育局", Duty: "云州市教育局，只看交给它的事项"},
	}
}

// rename gives the seat's present holder the name of an account.
func (m *maker) rename(unit, kind, name string) string {
	for i := range m.city.Posts {
		if p := &m.city.Posts[i]; p.Unit == unit && p.Kind == kind && p.To == "" {
			p.Holder = name
		}
	}
	return name
}
