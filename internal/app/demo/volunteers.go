package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// calling is a former profession with what goes with it. In employers %c is the county and %t the township.
type calling struct {
	profession   string
	employers    []string
	education    []string
	specialities []string
	services     []string // what such people do as volunteers
	certificate  string   // "" = none
	issuer       string
}

var callings = map[string]calling{
	"cadre": {"党政机关", []string{"%t党政办公室", "%c委组织部", "%c委老干部局", "%c民政局", "%c教育局", "%c委宣传部"}, []string{"college", "bachelor", "senior"},
		[]string{"党史宣讲", "文稿写作", "政策解读", "组织活动", "调解纠纷"}, []string{"讲红色故事", "走访困境儿童家庭", "主题教育宣讲", "协助办活动"}, "", ""},
	"police": {"警察", []string{"%c公安局", "%t派出所", "%c公安局交警大队"}, []string{"college", "senior", "bachelor"},
		[]string{"交通安全", "防诈骗宣传", "帮教", "防溺水"}, []string{"上学放学护路", "防诈骗安全课", "帮教谈心", "防溺水巡查"}, "", ""},
	"judge":      {"法官", []string{"%c人民法院"}, []string{"bachelor", "college"}, []string{"法治宣讲", "模拟法庭", "调解纠纷"}, []string{"法治课", "排练模拟法庭", "帮教谈心"}, "", ""},
	"prosecutor": {"检察官", []string{"%c人民检察院"}, []string{"bachelor", "college"}, []string{"法治宣讲", "帮教"}, []string{"法治课", "帮教谈心"}, "", ""},
	"lawyer": {"律师", []string{"%c法律援助中心", "云州砚江律师事务所"}, []string{"bachelor"}, []string{"法律咨询", "法治宣讲", "未成年人保护"}, []string{"法律咨询坐班", "法治课"},
		"律师执业证", "东江省司法厅"},
	"teacher": {"教师", []string{"%t中心小学", "%t中学", "%c第一中学", "%c实验小学", "%c教师进修学校"}, []string{"college", "bachelor", "senior"},
		[]string{"作文辅导", "数学", "书法", "朗诵", "家庭教育", "心理辅导", "英语"}, []string{"放学后作业辅导", "托管班", "书法班", "家长夜校"}, "教师资格证", "云州市教育局"},
	"doctor": {"医生", []string{"%c人民医院", "%t卫生院", "%c中医院", "%c妇幼保健院"}, []string{"bachelor", "college"},
		[]string{"急救", "儿科", "青春期卫生", "中医推拿", "视力保护"}, []string{"义诊", "青春期卫生课", "急救培训", "视力筛查"}, "", ""},
	"nurse":    {"护士", []string{"%c人民医院", "%t卫生院"}, []string{"college", "senior"}, []string{"急救", "护理", "营养"}, []string{"急救培训", "义诊"}, "", ""},
	"engineer": {"科研技术", []string{"%c农机研究所", "云州机床厂技术科", "%c水利局"}, []string{"bachelor", "college"}, []string{"小实验", "航模", "电工", "机器人"}, []string{"科普小实验课", "航模兴趣班"}, "", ""},
	"agronomist": {"农技", []string{"%c农技推广站", "%t农技站", "%c畜牧水产局", "%c林业局"}, []string{"college", "senior", "bachelor"},
		[]string{"果树修剪", "水稻栽培", "养蜂", "水产养殖", "病虫防治"}, []string{"青年农民果树修剪指导", "田间技术指导", "学农基地带班"}, "", ""},
	"counsellor": {"心理咨询", []string{"%c精神卫生中心", "%c教师进修学校"}, []string{"bachelor", "graduate"}, []string{"心理辅导", "情绪疏导", "亲子沟通"}, []string{"心理咨询坐班", "家长夜校"},
		"心理咨询师证书", "东江省心理卫生学会"},
	"soldier":   {"军人", []string{"%c人民武装部", "某部队"}, []string{"senior", "college", "junior"}, []string{"国防教育", "军训", "党史宣讲"}, []string{"讲当兵的经历", "国防教育课", "军训辅导"}, "", ""},
	"farmer":    {"农民", []string{"%t各村", ""}, []string{"junior", "primary", "senior"}, []string{"竹编", "剪纸", "种植", "锣鼓"}, []string{"学农基地带班", "竹编手艺课", "走访困境儿童家庭"}, "", ""},
	"worker":    {"企业职工", []string{"云州机床厂", "云州棉纺厂", "%c供销社"}, []string{"senior", "junior", "college"}, []string{"木工", "电工", "钳工", "家电修理"}, []string{"青工带徒", "手工课", "上学放学护路"}, "", ""},
	"manager":   {"企业管理", []string{"云州棉纺厂", "%c供销社", "%c粮食局"}, []string{"college", "senior"}, []string{"企业管理", "财务", "创业辅导"}, []string{"青年创业咨询", "青工讲座"}, "", ""},
	"artist":    {"文艺体育", []string{"%c文化馆", "%c少年宫", "%c体育局"}, []string{"college", "senior"}, []string{"合唱", "国画", "戏曲", "乒乓球", "二胡"}, []string{"合唱排练", "国画班", "乒乓球训练"}, "", ""},
	"community": {"社区工作", []string{"%t各社区", "%c妇联"}, []string{"senior", "college"}, []string{"家庭教育", "组织活动", "手工"}, []string{"走访困境儿童家庭", "社区托管班", "协助办活动"}, "", ""},
}

// share is how often one of several comes.
type share struct {
	key string
	of  int
}

var volunteerKinds = []share{{"veteran_cadre", 30}, {"veteran_teacher", 28}, {"veteran_expert", 15}, {"veteran_soldier", 11}, {"veteran_model", 6}, {"other", 10}}

var callingsOf = map[string][]share{
	"veteran_cadre":   {{"cadre", 60}, {"police", 16}, {"judge", 6}, {"prosecutor", 4}, {"manager", 8}, {"community", 6}},
	"veteran_teacher": {{"teacher", 100}},
	"veteran_expert":  {{"doctor", 34}, {"agronomist", 34}, {"engineer", 20}, {"nurse", 6}, {"counsellor", 6}},
	"veteran_soldier": {{"soldier", 80}, {"police", 20}},
	"veteran_model":   {{"farmer", 50}, {"worker", 50}},
	"other":           {{"lawyer", 14}, {"counsellor", 14}, {"artist", 24}, {"community", 24}, {"worker", 24}},
}

// varied are kinds and callings that a watched unit has, so that a search there finds somebody.
var varied = [][2]string{{"veteran_expert", "doctor"}, {"veteran_expert", "agronomist"}, {"other", "lawyer"}, {"veteran_cadre", "police"}, {"veteran_model", "farmer"}, {"veteran_soldier", "soldier"}}

var (
	womensNames = strings.Fields(`兰 英 芳 梅 珍 琴 娥 莲 芬 萍 霞 仙 娟 珠 华 云 清`)
	mensNames   = strings.Fields(`良 生 发 旺 祥 林 松 山 海 波 涛 江 平 安 和 顺 昌 荣 福 全 才 仁 义 礼 信 学 勤`)
	womensFirst = strings.Fields(`玉 秀 桂 春 淑 雪 月 素 瑞 惠 美 巧 凤 水 银 宝 佩 金 文 明`)
	mensFirst   = strings.Fields(`国 建 志 文 春 明 永 德 家 庆 兴 宝 兆 贵 广 世 光 成 根 良 树 金 水 锦 其 福`)
	freeAt      = []string{"周末", "工作日上午", "寒暑假", "每周两个半天", "工作日放学以后", "提前一天约", ""}
	healths     = []string{"血压偏高，按时服药", "身体好", "膝关节不好，不上高楼", "有糖尿病，随身带糖", "听力稍差，说话大声些", "做过白内障手术，夜里不出门"}
	stories     = []string{"在%s做了三十多年，退休后回到镇上，邻里有事都来找。", "年轻时在%s，最难的那几年带出一批徒弟。", "从%s退下来那年开始到学校讲课，一学期四次。",
		"在%s时管过未成年人的事，知道孩子们怕什么、想什么。"}
	leavings = []string{"年纪大了，走路不便", "随子女搬到外地", "照顾家里的病人", "身体原因", "本人提出"}
	periods  = [][2]string{{"08:00", "10:00"}, {"08:30", "11:00"}, {"09:00", "10:30"}, {"09:00", "11:30"}, {"14:00", "16:00"}, {"14:30", "17:00"}, {"15:00", "16:30"}}
	evening  = [2]string{"19:00", "20:30"}

	afterSchool = [2]string{"15:45", "17:15"}
)

// hoursWanted is about how many stretches of service the city has.
const hoursWanted = 900

// volunteers makes people and hours. It has dice of its own, so that the rest of the city is the same with and without.
type volunteers struct {
	*maker
	dice    *rand.Rand
	numbers map[string]int
	busy    map[string]bool // person and day
	policy  int
}

// makeVolunteers lets every township, county and the city have its people: candidates, active ones, the core, some who
// have left; most with a background check in force, some about to run out, some without.
func (m *maker) makeVolunteers(seed uint64) {
	v := &volunteers{maker: m, dice: rand.New(rand.NewPCG(seed^0x5a17, uint64(m.day.Unix()))), numbers: map[string]int{}, busy: map[string]bool{}}
	for _, a := range m.city.Accounts {
		m.taken[a.Name] = true
	}
	for _, u := range slices.Clone(m.city.Units) {
		n := 0
		switch {
		case u.ValidTo != "" || u.Level == "province":
		case strings.HasPrefix(u.Code, m.city.Neighbour):
			n = map[string]int{"city": 2, "county": 2, "township": 3}[u.Level]
		case u.Code == "990203" || u.Code == "990203013": // where the accounts of the demonstration are
			n = 20
		case u.Level == "city":
			n = 32
		case u.Level == "county":
			n = 8 + v.dice.IntN(5)
		case u.Level == "township":
			n = 2 + v.dice.IntN(3)
		case u.Level == "campus" || u.Code == "990203013012":
			n = 2
		}
		for i := range n {
			v.add(u, i)
		}
	}
	v.own()
	v.hours()
}

func (v *volunteers) one(from []string) string { return from[v.dice.IntN(len(from))] }

func (v *volunteers) chance(percent int) bool { return v.dice.IntN(100) < percent }

func (v *volunteers) span(low, high int) int { return low + v.dice.IntN(high-low+1) }

func (v *volunteers) drawn(from []share) string {
	n := 0
	for _, s := range from {
		n += s.of
	}
	n = v.dice.IntN(n)
	for _, s := range from {
		if n -= s.of; n < 0 {
			return s.key
		}
	}
	return ""
}

// called is a name that nobody in the city bears yet.
func (v *volunteers) called(sex string) string {
	first, second := mensFirst, mensNames
	if sex == "f" {
		first, second = womensFirst, womensNames
	}
	for {
		n := v.one(surnames) + v.one(first) + v.one(second)
		if r := []rune(n); !v.taken[n] && !famous[n] && r[1] != r[2] {
			v.taken[n] = true
			return n
		}
	}
}

// add makes the i-th volunteer of a unit.
func (v *volunteers) add(u Unit, i int) {
	x := Volunteer{Code: v.code(u.Code), Unit: u.Code, Sex: "m", Kind: v.drawn(volunteerKinds), Retired: true, Phone: v.tel()}
	if n := i - 7; watched(u.Code) && n >= 0 && n < len(varied) {
		x.Kind, x.calling = varied[n][0], varied[n][1]
	} else {
		x.calling = v.drawn(callingsOf[x.Kind])
	}
	c := callings[x.calling]
	if v.chance(map[string]int{"teacher": 58, "nurse": 95, "doctor": 45, "community": 75, "soldier": 4, "police": 12}[x.calling] + 8) {
		x.Sex = "f"
	}
	x.Name = v.called(x.Sex)
	x.BirthYear = v.day.Year() - min(v.span(60, 86), v.span(60, 86))
	if x.Kind == "other" && v.chance(35) {
		x.BirthYear, x.Retired = v.day.Year()-v.span(60, 61), false
	}
	x.Profession, x.Employer = c.profession, v.employer(c, u)
	if !v.chance(9) {
		x.Education = v.one(c.education)
	}
	for range 1 + v.dice.IntN(2) {
		if s := v.one(c.specialities); !slices.Contains(x.Specialities, s) {
			x.Specialities = append(x.Specialities, s)
		}
	}
	x.Availability = v.one(freeAt)
	v.standing(&x, i)
	v.papers(&x, c, i)
	if v.chance(60) {
		x.FindConsent = x.first()
	}
	if v.chance(20) && x.Employer != "" {
		x.Experience = fmt.Sprintf(v.one(stories), x.Employer)
		if v.chance(50) {
			x.ExperienceConsent = x.first()
		}
	}
	if v.chance(30) {
		x.Health = v.one(healths)
	}
	v.city.Volunteers = append(v.city.Volunteers, x)
}

func (v *volunteers) code(unit string) string {
	v.numbers[unit]++
	return fmt.Sprintf("%s-V%04d", unit, v.numbers[unit])
}

// employer names where somebody worked after the places around the unit.
func (v *volunteers) employer(c calling, u Unit) string {
	e := v.one(c.employers)
	if u.Level == "city" {
		e = strings.NewReplacer("%t", u.Name, "%c", u.Name).Replace(e)
	}
	for ; u.Parent != "" && u.Level != "county"; u = *v.unit(u.Parent) {
		if u.Level == "township" {
			e = strings.ReplaceAll(e, "%t", u.Name)
		}
	}
	return strings.NewReplacer("%t", u.Name, "%c", u.Name).Replace(e)
}

// watched are units in which every kind of work is to be found, whatever the dice say.
func watched(unit string) bool { return unit == "990203" || unit == "990203013" }

// standing decides when somebody became a candidate, was admitted and left, and was among the core.
func (v *volunteers) standing(x *Volunteer, i int) {
	admitted := v.round(v.ago(v.span(40, 365*9)))
	switch {
	case watched(x.Unit) && i < 3: // the check of two years is about to run out, or has
		admitted = workday(v.ago(730 - []int{9, 24, -31}[i] - 12))
	case watched(x.Unit) && i > 3 && i < 7: // among the core for years
		admitted = workday(v.ago(1400 + v.dice.IntN(900)))
		x.Core = []Stay{{From: iso(v.ago(900 + v.dice.IntN(400)))}}
	case watched(x.Unit) && i == 3 || v.chance(4):
		x.CandidateOn = iso(workday(v.ago(v.span(6, 70))))
		return
	}
	x.CandidateOn, x.AdmittedOn = iso(workday(admitted.AddDate(0, 0, -14*v.span(2, 5)))), iso(admitted)
	if begins := iso(admitted.AddDate(0, 0, v.span(150, 700))); v.chance(15) && begins < iso(v.ago(3)) && x.Core == nil {
		stay := Stay{From: begins}
		if ends := iso(parse(begins).AddDate(0, 0, v.span(200, 1500))); v.chance(15) && ends < iso(v.day) {
			stay.To = ends
		}
		x.Core = []Stay{stay}
	}
	if left := iso(workday(v.ago(v.span(5, 600)))); v.chance(8) && !(watched(x.Unit) && i < 7) && left > x.AdmittedOn {
		x.LeftOn, x.LeaveReason = left, v.one(leavings)
		if len(x.Core) > 0 && (x.Core[0].From >= left || x.Core[0].To >= left) { // the core ends with the rest
			x.Core = nil
		}
	}
}

// round is the last day before another on which offices admitted: in the middle of every other month.
func (v *volunteers) round(t time.Time) time.Time {
	for t = t.AddDate(0, 0, 1); t.Day() != 15 || t.Month()%2 == 0; {
		t = t.AddDate(0, 0, -1)
	}
	return workday(t)
}

// papers are the checks and the insurance. A background check holds for two years and is renewed a little before its
// end; one in eight of those that ran out in the last months was not renewed in time.
func (v *volunteers) papers(x *Volunteer, c calling, i int) {
	ends := v.day
	if x.LeftOn != "" {
		ends = parse(x.LeftOn)
	}
	on := parse(x.CandidateOn).AddDate(0, 0, 5)
	if x.AdmittedOn != "" { // asked for together
		on = parse(x.AdmittedOn).AddDate(0, 0, -13)
	}
	if watched(x.Unit) && i < 3 {
		on = parse(x.AdmittedOn).AddDate(0, 0, -3)
	}
	lapses := v.chance(12) && !(watched(x.Unit) && i < 7)
	for first := true; on.Before(ends) && (x.AdmittedOn != "" || !first || v.chance(50)); first = false {
		until := on.AddDate(2, 0, 0)
		x.Checks = append(x.Checks, VolunteerCheck{Kind: "background", Name: "无犯罪记录查询", Number: fmt.Sprintf("WF%s%04d", iso(on)[:4], v.dice.IntN(10000)),
			Issuer: "云州市公安局", On: iso(on), Expires: iso(until)})
		on = until.AddDate(0, 0, -14-7*v.dice.IntN(2))
		if !on.Before(ends) || lapses && until.After(v.ago(200)) || watched(x.Unit) && i < 3 || x.AdmittedOn == "" {
			break
		}
	}
	if x.AdmittedOn == "" {
		return
	}
	x.Checks = append(x.Checks, VolunteerCheck{Kind: "training", Name: "未成年人工作岗前培训", On: iso(parse(x.AdmittedOn).AddDate(0, 0, -6))})
	// valid for five years, so that one in twenty or so has run out
	if name, issuer, got := c.certificate, c.issuer, v.ago(v.span(30, 1900)); name != "" && v.chance(70) && (x.LeftOn == "" || iso(got) < x.LeftOn) {
		x.Checks = append(x.Checks, VolunteerCheck{Kind: "certificate", Name: name, Number: fmt.Sprintf("%s%06d", iso(got)[:4], v.dice.IntN(1000000)),
			Issuer: issuer, On: iso(got), Expires: iso(got.AddDate(5, 0, 0))})
	}
	slices.SortStableFunc(x.Checks, func(a, b VolunteerCheck) int { return strings.Compare(a.On, b.On) })
	if v.chance(86) {
		v.policy++
		year := v.day.Year()
		if v.chance(6) {
			year--
		}
		if x.LeftOn != "" {
			year = min(year, parse(x.LeftOn).Year())
		}
		from := maxDay(iso(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)), x.AdmittedOn)
		x.Insurance = Insurance{Company: "东江互助保险云州支公司", Number: fmt.Sprintf("ZY%d-%05d", year, v.policy), From: from, Until: fmt.Sprintf("%d-01-01", max(year, parse(from).Year())+1)}
	}
}

// own gives the secretary-general of the township, a retired teacher, a file that belongs to his account, and some
// others the accounts with which they enter their own hours.
func (v *volunteers) own() {
	list := v.city.Volunteers
	for i := range list {
		x := &list[i]
		switch {
		case x.Code == "990203013-V0005": // among the core for years, and checked
			x.Name, x.Sex, x.Kind, x.calling, x.Login = named[[2]string{"990203013", "secretary_general"}], "m", "veteran_cadre", "cadre", "liangshuiwang"
			x.Profession, x.Employer, x.Specialities = "党政机关", "稻香镇党政办公室", []string{"组织活动", "调解纠纷"}
			x.FindConsent, x.Experience, x.ExperienceConsent, x.Health = x.AdmittedOn, "", "", ""
		case x.LeftOn == "" && x.AdmittedOn != "" && x.AdmittedOn < iso(v.ago(400)) && strings.HasPrefix(x.Unit, v.city.Home) && i%25 == 7:
			x.Account = true
		}
	}
}

// hours are what people gave in the last two years: some week by week, many now and then, a good part of them never.
// What lies before half a year is entered once a month, as offices did before.
func (v *volunteers) hours() {
	var active []*Volunteer
	weights, sum := []int{}, 0
	units := map[string][]*Volunteer{}
	for i := range v.city.Volunteers {
		x := &v.city.Volunteers[i]
		if x.AdmittedOn == "" {
			continue
		}
		w := []int{0, 1, 1, 2, 4, 6}[v.dice.IntN(6)]
		if x.Account || x.Login != "" {
			w = 60
		}
		active, weights, sum = append(active, x), append(weights, w), sum+w
		units[x.Unit] = append(units[x.Unit], x)
	}
	for i, x := range active {
		for range (weights[i]*hoursWanted*7/10 + v.dice.IntN(sum)) / sum {
			s := v.stretch(x)
			s.EnteredAs = "helper"
			if (x.Account || x.Login != "") && v.chance(90) {
				s.EnteredAs = "self"
			}
			v.give(s, []*Volunteer{x}, v.span(0, 9))
		}
	}
	var codes []string
	for _, u := range v.city.Units { // in the order of the tree, not of a map
		if len(units[u.Code]) >= 4 {
			codes = append(codes, u.Code)
		}
	}
	for left := hoursWanted * 3 / 10; left > 0; {
		people := units[v.one(codes)]
		n := min(3+v.dice.IntN(6), len(people))
		at := v.dice.IntN(len(people) - n + 1)
		s := v.stretch(people[at])
		s.EnteredAs = "office"
		left -= max(v.give(s, people[at:at+n], v.span(1, 12)), 1)
	}
	for i := range 12 { // those with accounts of the demonstration see some of each
		people := units[[]string{"990203", "990203013"}[i%2]]
		s := v.stretch(people[i])
		s.EnteredAs = "office"
		v.give(s, people[i:min(i+6, len(people))], v.span(1, 12))
	}
	// the whole city office on one day
	s := Service{Day: iso(workday(v.ago(20))), Begins: "08:30", Ends: "11:30", What: "主题教育宣讲", Activity: "五老宣讲月启动", EnteredAs: "office"}
	v.give(s, units[v.city.Home], 2)
	slices.SortStableFunc(v.city.Services, func(a, b Service) int { return strings.Compare(a.EnteredOn+a.Day, b.EnteredOn+b.Day) })
}

// stretch is what a volunteer may have done one day of the last two years, more often lately: at an hour and on a day on
// which such things are done.
func (v *volunteers) stretch(x *Volunteer) Service {
	day := v.ago(1 + min(v.dice.IntN(729), v.dice.IntN(1100)))
	when := periods[v.dice.IntN(len(periods))]
	what := v.one(callings[x.calling].services)
	switch {
	case strings.Contains(what, "放学"):
		day, when = workday(day), afterSchool
	case what == "家长夜校":
		when = evening
	case what == "防溺水巡查" && (day.Month() < time.May || day.Month() > time.September):
		what = "防诈骗安全课"
	}
	return Service{Day: iso(day), Begins: when[0], Ends: when[1], What: what}
}

// give keeps hours of those people who were volunteers on the day and had nothing else, and answers how many those are.
// days is how long after the day they were entered; a few were entered late.
func (v *volunteers) give(s Service, people []*Volunteer, days int) int {
	for _, x := range people {
		if s.Day < x.AdmittedOn || x.LeftOn != "" && s.Day >= x.LeftOn || v.busy[x.Code+s.Day] {
			continue
		}
		v.busy[x.Code+s.Day] = true
		s.Volunteers = append(s.Volunteers, x.Code)
	}
	if len(s.Volunteers) == 0 {
		return 0
	}
	if v.chance(2) {
		days = v.span(33, 80)
	}
	day := parse(s.Day)
	entered := day.AddDate(0, 0, days)
	if month := time.Date(day.Year(), day.Month(), 28, 0, 0, 0, 0, time.UTC); entered.Before(v.ago(183)) && days <= 30 {
		if entered = month; month.Before(day) {
			entered = month.AddDate(0, 1, 0)
		}
	}
	s.EnteredOn = min(iso(entered), iso(v.day))
	v.city.Services = append(v.city.Services, s)
	return len(s.Volunteers)
}
