package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/guarantee"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// inPlace are the documents on which points of the four mechanisms rest: what it is called, and the mark before its year.
var inPlace = map[string]struct{ doc, number string }{
	"agenda": {"党委年度工作要点", "委发"}, "planning": {"国民经济和社会发展规划纲要", "政发"}, "assessed": {"年度目标责任制考核办法", "委办"}, "leader": {"领导班子成员分工的通知", "委办"},
	"leaders": {"关工委领导班子成员任职的通知", "组干"}, "staff": {"关工委办公室人员配备的批复", "编办"}, "guided": {"教育系统关工委联系人名单", "教"}, "scheme": {"基层关工委工作考核细则", "关工"}, "reported": {"关工委工作考核结果的通报", "关工"},
	"budget": {"部门预算的批复", "财预"}, "room": {"办公用房安排的通知", "机管"}, "equipment": {"办公设备配置清单", "关工"},
}

// fundsOf are the city's and its counties' money and revenue of this year and the three before: one county's money grew by 3 % while its
// revenue grew by 8 %, one has nothing in this year's budget.
func (l *demoLoad) fundsOf(code string, n int, today clock.Day, slow bool) {
	u, year := l.unit(code), today.Year()
	l.at(l.begun.AddDays(14+n), func(ctx context.Context) error {
		ctx = l.as(ctx, u)
		money, revenue := int64(8000000+n*700000), int64(380000000000+int64(n)*37000000000) // fen
		if n == 0 {
			money, revenue = 42000000, 5200000000000
		}
		for y := year - 3; y <= year; y++ {
			switch grown := int64(1060 + (n*13+y*7)%30); {
			case y == year && slow:
				money, revenue = money*103/100, revenue*108/100
			case y > year-3:
				money, revenue = money*(grown+10)/1000, revenue*grown/1000
			}
			if _, err := l.a.Guarantee.AddRevenue(ctx, guarantee.Revenue{Unit: u.ID, Year: y, Amount: revenue / 1e9 * 1e9, Source: fmt.Sprintf("%d年财政预算执行情况的报告", y)}, record.Change{}); err != nil {
				return l.name(u.Code, err)
			}
			if y == year && n == without {
				break
			}
			b := guarantee.Budget{Unit: u.ID, Year: y, Amount: money / 10000 * 10000, Source: "fiscal", InBudget: true, Doc: guarantee.Document{Name: fmt.Sprintf("%d年部门预算的批复", y), Number: fmt.Sprintf("财预〔%d〕%d号", y, 6+n), Day: clock.YearOf(y).From.AddDays(45 + n)}}
			b.Doc.Day = min(b.Doc.Day, l.begun)
			if _, err := l.a.Guarantee.AddLine(ctx, b, record.Change{}); err != nil {
				return l.name(u.Code, err)
			}
		}
		if n%4 != 0 {
			return nil
		}
		_, err := l.a.Guarantee.AddLine(ctx, guarantee.Budget{Unit: u.ID, Year: year, Amount: int64(2000000 + n*300000), Source: "donation", Note: "商会捐赠，用于助学"}, record.Change{})
		return l.name(u.Code, err)
	})
}

// enterprises are private enterprises that should have a committee, held by the counties: some have one in the tree.
func (l *demoLoad) enterprises(county string, n int, today clock.Day) {
	u := l.unit(county)
	var there []org.Unit
	for _, x := range l.city.Units {
		if e := l.unit(x.Code); strings.HasPrefix(x.Code, county) && e.Kind == org.Private && e.StandsOn(today) {
			there = append(there, e)
		}
	}
	short := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(u.Name, "市"), "区"), "县")
	l.at(l.begun.AddDays(30+n), func(ctx context.Context) error {
		ctx = l.as(ctx, u)
		for i, e := range there {
			x := guarantee.Should{Unit: u.ID, Name: e.Name, Kind: "enterprise", Young: int64(60 + (i*37+n*11)%240), Source: "工商联规模以上企业名单", From: l.begun}
			if e.Formed != clock.Open && e.Formed <= clock.Today(ctx) {
				x.Committee = e.ID
			}
			if _, err := l.a.Guarantee.AddShould(ctx, x, record.Change{}); err != nil {
				return l.name(u.Code, err)
			}
		}
		for i, trade := range []string{"纺织", "食品", "机械", "建材", "电子"} {
			if (i+n)%3 == 2 {
				continue
			}
			x := guarantee.Should{Unit: u.ID, Name: short + trade + "有限公司", Kind: "enterprise", Young: int64(40 + (i*83+n*29)%380), Source: "工商联规模以上企业名单", From: l.begun}
			if _, err := l.a.Guarantee.AddShould(ctx, x, record.Change{}); err != nil {
				return l.name(u.Code, err)
			}
		}
		return nil
	})
}

// without is the number of the county with nothing in this year's budget.
const without = 9

// guarantees are the four mechanisms of the city and its counties in the year before and in this one: nine of ten counties are in the
// yearly assessment, three lack something, one has confirmed half of what it took over; and the township of the demonstration.
func (l *demoLoad) guarantees() {
	today := clock.Day(l.city.Day)
	counties := l.countiesOf(today)
	own := map[org.Level]string{}
	for _, a := range l.city.Accounts {
		if strings.HasPrefix(a.Unit, l.city.Home) {
			own[l.unit(a.Unit).Level] = a.Unit
		}
	}
	for n, code := range append([]string{l.city.Home, own[org.Township]}, counties...) {
		u := l.unit(code)
		var lacks []string
		switch n {
		case 1:
			lacks = []string{"planning", "staff", "scheme", "reported"}
		case 2 + 2: // a county outside the assessment
			lacks = []string{"assessed"}
		case 2 + 5:
			lacks = []string{"staff", "guided"}
		case without:
			lacks = []string{"budget", "equipment", "reported"}
		}
		l.guaranteed(u, n, today, lacks)
		if n != 1 {
			l.fundsOf(code, n, today, code == own[org.County])
		}
		if n > 1 {
			l.enterprises(code, n, today)
		}
	}
}

// countiesOf are the codes of the home city's counties in their order.
func (l *demoLoad) countiesOf(day clock.Day) (out []string) {
	for _, x := range l.city.Units {
		if u := l.unit(x.Code); strings.HasPrefix(x.Code, l.city.Home) && u.Level == org.County && u.StandsOn(day) {
			out = append(out, x.Code)
		}
	}
	slices.Sort(out)
	return out
}

// guaranteed enters a unit's last year, takes it over into this one and confirms what still holds.
func (l *demoLoad) guaranteed(u org.Unit, n int, today clock.Day, lacks []string) {
	year := today.Year()
	l.at(l.begun.AddDays(n), func(ctx context.Context) error {
		ctx = l.as(ctx, u)
		ref, err := l.a.Guarantee.Begin(ctx, guarantee.Year{Unit: u.ID, Year: year - 1}, record.Change{})
		if err != nil {
			return l.name(u.Code, err)
		}
		y, v, err := l.a.Guarantee.Get(ctx, ref)
		if err != nil {
			return l.name(u.Code, err)
		}
		var held []guarantee.Held
		for i, h := range y.Points {
			if slices.Contains(lacks, h.Code) && h.Code != "reported" {
				continue
			}
			on := clock.YearOf(year - 1).From.AddDays(40 + 9*i + n)
			d := inPlace[h.Code]
			h.Since = min(on, l.begun.AddDays(n))
			h.Doc = guarantee.Document{Name: d.doc, Number: fmt.Sprintf("%s〔%d〕%d号", d.number, year-1, 3+(i*7+n*5)%40), Day: h.Since}
			held = append(held, h)
		}
		return l.name(u.Code, l.a.Guarantee.SaveYear(ctx, ref, v.N, guarantee.Year{Points: held}, record.Change{}))
	})
	l.at(today.AddDays(-30+n), func(ctx context.Context) error {
		ctx = l.as(ctx, u)
		ref, err := l.a.Guarantee.Begin(ctx, guarantee.Year{Unit: u.ID, Year: year, Carry: true}, record.Change{})
		if err != nil {
			return l.name(u.Code, err)
		}
		y, v, err := l.a.Guarantee.Get(ctx, ref)
		if err != nil {
			return l.name(u.Code, err)
		}
		var still []string
		for i, h := range y.Points {
			if h.ToConfirm && (n != 10 || i < 6) && !slices.Contains(lacks, h.Code) {
				still = append(still, h.Code)
			}
		}
		return l.name(u.Code, l.a.Guarantee.Confirm(ctx, ref, v.N, still))
	})
}
