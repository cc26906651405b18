package app

import (
	"context"
	"fmt"
	"io"
	"slices"

	"xinhuo/internal/aid"
	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// helpedBy is an aid of the demonstration: how many days ago it was applied for, and how far it went. All of it is invented.
type helpedBy struct {
	unit          string
	before        int
	kind, purpose string
	form          string
	amount        aid.Amount
	reason        string
	child         string
	age           int
	words         string
	to            aid.State
	gift          int // of demoGifts, 0 for the unit's own means
}

// demoDonors are who gives to the city and to the county; the third wants to stay unknown.
var demoDonors = []struct {
	unit  string
	donor aid.Donor
}{
	{"9902", aid.Donor{Name: "云州市向阳慈善基金会", Kind: "fund", Named: true}},
	{"9902", aid.Donor{Name: "东江绿源食品有限公司", Kind: "enterprise", Named: true}},
	{"990203", aid.Donor{Kind: "person", Note: "退休教师，不愿留名"}},
	{"990203", aid.Donor{Name: "南江区文具商会", Kind: "enterprise"}},
}

// demoGifts are what they gave; donor counts from 1.
var demoGifts = []struct {
	donor int
	gift  aid.Gift
}{
	{1, aid.Gift{Form: aid.Money, Fen: 10_000_000, Below: true, Kinds: []string{"study", "hardship"}}},
	{2, aid.Gift{Form: aid.Goods, Fen: 1_200_000, What: "营养食品礼盒", Qty: 200, Below: true}},
	{3, aid.Gift{Form: aid.Money, Fen: 500_000, Below: true, Kinds: []string{"study"}}},
	{4, aid.Gift{Form: aid.Goods, Fen: 900_000, What: "书包和文具", Qty: 100, Below: true, Kinds: []string{"study"}}},
}

var demoAids = []helpedBy{
	{unit: "990203013", before: 170, kind: "study", purpose: "学费和书本费", form: aid.Money, amount: aid.Amount{Fen: 80_000}, reason: "poor", child: "何小禾", age: 12, words: "父亲腿伤半年没有上工，书本费一时凑不齐。", to: aid.Done, gift: 3},
	{unit: "990203013", before: 150, kind: "hardship", purpose: "过节慰问", form: aid.Goods, amount: aid.Amount{Fen: 18_000, Qty: 3, What: "营养食品礼盒"}, reason: "left_behind", child: "田小苗", age: 9, words: "兄妹三人跟外公外婆住，外公高血压。", to: aid.Done, gift: 2},
	{unit: "990203013", before: 120, kind: "study", purpose: "学习用品", form: aid.Goods, amount: aid.Amount{Fen: 9_000, Qty: 1, What: "书包和文具"}, reason: "left_behind", child: "田小苗", age: 9, words: "书包破了还在背。", to: aid.Done, gift: 4},
	{unit: "990203013", before: 96, kind: "medical", purpose: "住院治疗", form: aid.Money, amount: aid.Amount{Fen: 400_000}, reason: "ill", child: "罗小川", age: 14, words: "孩子住院做手术，报销后自付部分家里拿不出。", to: aid.Signed},
	{unit: "990203013", before: 45, kind: "study", purpose: "生活费", form: aid.Money, amount: aid.Amount{Fen: 60_000}, reason: "poor", child: "江小舟", age: 16, words: "住校生活费每月要三百，家里只有奶奶的养老金。", to: aid.Given, gift: 3},
	{unit: "990203013", before: 12, kind: "disabled", purpose: "辅助器具", form: aid.Money, amount: aid.Amount{Fen: 320_000}, reason: "disabled", child: "叶小禾", age: 8, words: "助听器用了五年，听不清了，老师也反映上课跟不上。", to: aid.Verified},
	{unit: "990203013", before: 4, kind: "hardship", purpose: "家庭临时困难", form: aid.Money, amount: aid.Amount{Fen: 100_000}, reason: "accident", child: "江小舟", age: 16, words: "上月家里厨房失火，锅灶和粮食都没了。", to: aid.Applied},
	{unit: "990203", before: 140, kind: "orphan", purpose: "监护照料", form: aid.Hours, amount: aid.Amount{What: "每周上门照料", Minutes: 2400}, reason: "orphan", child: "安小宁", age: 10, words: "父母车祸去世，跟姑姑住，姑姑上夜班。", to: aid.Done},
	{unit: "990203", before: 75, kind: "study", purpose: "其他", form: aid.Hours, amount: aid.Amount{What: "周末补习数学", Minutes: 960}, reason: "left_behind", child: "安小宁", age: 10, words: "姑姑辅导不了功课。", to: aid.Signed},
	{unit: "990203", before: 60, kind: "medical", purpose: "大病救助", form: aid.Money, amount: aid.Amount{Fen: 600_000}, reason: "ill", child: "石小雨", age: 11, words: "白血病第二个疗程，已经借了亲戚的钱。", to: aid.Given},
	{unit: "990203", before: 20, kind: "study", purpose: "学费和书本费", form: aid.Money, amount: aid.Amount{Fen: 120_000}, reason: "poor", child: "石小雨", age: 11, words: "休学后复读要补交书本费。", to: aid.Refused},
	{unit: "990204", before: 130, kind: "study", purpose: "学费和书本费", form: aid.Money, amount: aid.Amount{Fen: 150_000}, reason: "poor", child: "沈小麦", age: 13, words: "父亲病休，母亲打零工。", to: aid.Done, gift: 1},
	{unit: "990204", before: 90, kind: "hardship", purpose: "基本生活", form: aid.Goods, amount: aid.Amount{Fen: 24_000, Qty: 4, What: "营养食品礼盒"}, reason: "poor", child: "马小溪", age: 7, words: "四口人靠低保，孩子瘦。", to: aid.Signed, gift: 2},
	{unit: "990204", before: 40, kind: "disabled", purpose: "康复训练", form: aid.Money, amount: aid.Amount{Fen: 300_000}, reason: "disabled", child: "马小溪", age: 7, words: "每周两次康复，路费和自付部分。", to: aid.Given},
	{unit: "990204", before: 9, kind: "study", purpose: "生活费", form: aid.Money, amount: aid.Amount{Fen: 90_000}, reason: "poor", child: "江小舟", age: 16, words: "转学到本区住校，生活费没有着落。", to: aid.Applied},
	{unit: "990204", before: 30, kind: "orphan", purpose: "基本生活", form: aid.Money, amount: aid.Amount{Fen: 200_000}, reason: "orphan", child: "丁小岩", age: 15, words: "由伯父照看，等孤儿补贴批下来。", to: aid.Approved, gift: 0},
	{unit: "990203013", before: 25, kind: "study", purpose: "学习用品", form: aid.Goods, amount: aid.Amount{Fen: 18_000, Qty: 2, What: "书包和文具"}, reason: "left_behind", child: "何小禾", age: 12, words: "姐弟两人一个学校，同时开学。", to: aid.Given, gift: 4},
}

// demoEarlier are what was given the year before, as it came from a table: without the person.
var demoEarlier = []struct {
	unit, kind, purpose string
	fen                 int64
}{{"990203013", "study", "学费和书本费", 60_000}, {"990203013", "hardship", "过节慰问", 30_000}, {"990203", "medical", "住院治疗", 250_000}, {"990204", "study", "生活费", 80_000}}

// aids are the donors, their gifts and what was given out of them in two counties.
func (l *demoLoad) aids() {
	day := clock.Day(l.city.Day)
	donors, gifts := make([]id.Ref, len(demoDonors)+1), make([]id.Ref, len(demoGifts)+1)
	l.at(l.begun, func(ctx context.Context) (err error) {
		for i, d := range demoDonors {
			u := l.unit(d.unit)
			d.donor.Unit = u.ID
			if donors[i+1], err = l.a.Aid.SaveDonor(l.as(ctx, u), id.Ref{}, 0, d.donor); err != nil {
				return l.name(d.unit, err)
			}
		}
		for i, g := range demoGifts {
			u := l.unit(demoDonors[g.donor-1].unit)
			g.gift.Unit, g.gift.Donor, g.gift.Day = u.ID, donors[g.donor], l.begun
			if gifts[i+1], err = l.a.Aid.SaveGift(l.as(ctx, u), id.Ref{}, 0, g.gift); err != nil {
				return l.name(u.Code, err)
			}
		}
		for i, x := range demoEarlier {
			u, m := l.unit(x.unit), aid.Amount{Fen: x.fen}
			on := clock.Day(fmt.Sprintf("%04d-0%d-15", day.Year()-1, i+2))
			if _, err := l.a.Aid.Earlier(l.as(ctx, u), aid.Aid{Unit: u.ID, Kind: x.kind, Purpose: x.purpose, Year: int64(on.Year()), Form: aid.Money, Asked: m, Applied: on, Given: &aid.Handing{Day: on, Amount: m}}, record.Change{Act: "aid.act.apply"}); err != nil {
				return l.name(x.unit, err)
			}
		}
		return nil
	})
	for _, x := range demoAids {
		l.aidOf(l.unit(x.unit), day.AddDays(-x.before), x, gifts)
	}
	// In the last month that has ended, so many that their number may be published.
	first := anon.FirstOf(anon.MonthAfter(anon.MonthOf(day), -1))
	for i, child := range demoSchoolbags {
		l.aidOf(l.unit("990203013"), first, helpedBy{kind: "study", purpose: "学习用品", form: aid.Goods, amount: aid.Amount{Fen: 9_000, Qty: 1, What: "书包和文具"}, reason: "left_behind", child: child, age: 7 + i,
			words: "爸妈在外打工，书包和文具由镇里统一送到学校。", to: aid.Signed, gift: 4}, gifts)
	}
}

// demoSchoolbags are the children of a township who were given a schoolbag on the same day.
var demoSchoolbags = []string{"苗小安", "严小禾", "葛小雨", "柏小山", "路小溪", "纪小满", "申小麦"}

// aidOf lets an aid go its steps over the days after it was applied for.
func (l *demoLoad) aidOf(u org.Unit, on clock.Day, x helpedBy, gifts []id.Ref) {
	on = max(on, l.begun)
	var ref id.Ref
	after := func(days int, do func(ctx context.Context) error) {
		l.at(on.AddDays(days), func(ctx context.Context) error { return l.name(u.Code, do(l.as(ctx, u))) })
	}
	reached := func(st aid.State) bool {
		if x.to == aid.Refused {
			return st == aid.Verified
		}
		return slices.Index(aid.States, st) <= slices.Index(aid.States, x.to)
	}
	after(0, func(ctx context.Context) (err error) {
		ref, err = l.a.Aid.Apply(ctx, aid.Aid{Unit: u.ID, Kind: x.kind, Purpose: x.purpose, Year: int64(clock.Day(l.city.Day).Year()), Form: x.form, Asked: x.amount, Reason: x.reason},
			aid.Child{Name: x.child, Born: clock.Day(l.city.Day).AddYears(-x.age), Guardian: string([]rune(x.child)[:1]) + "奶奶", Phone: "0500-555 23" + fmt.Sprintf("%02d", len(x.words)%100), School: u.Name + "中心学校", Words: x.words}, aid.Agreed{Given: on, Form: "paper"}, id.Ref{})
		return err
	})
	// Others than who applied look and decide, as the program asks of people.
	other := func(ctx context.Context, u org.Unit, name string) context.Context {
		a := scope.From(l.as(ctx, u))
		a.Name = name
		return scope.With(ctx, a)
	}
	if reached(aid.Verified) {
		after(2, func(ctx context.Context) error {
			ctx = other(ctx, u, "石长根")
			return l.a.Aid.Verify(ctx, ref, 0, aid.Check{Way: "visit", Day: clock.Today(ctx), By: "两位老同志"}, "上门看过，情况属实。")
		})
	}
	if x.to == aid.Refused {
		after(4, func(ctx context.Context) error {
			return l.a.Aid.Refuse(ctx, ref, 0, "学校已经减免，不再重复。")
		})
	}
	if reached(aid.Approved) {
		after(4, func(ctx context.Context) error {
			decides, err := l.a.Aid.Decider(ctx, u, x.amount.Fen)
			if err != nil {
				return err
			}
			return l.a.Aid.Approve(other(ctx, decides, "严淑芳"), ref, 0, x.amount, "")
		})
	}
	if reached(aid.Given) {
		after(6, func(ctx context.Context) error {
			return l.a.Aid.Give(ctx, ref, 0, aid.Handing{Day: clock.Today(ctx), Amount: x.amount, Gift: gifts[x.gift], Hands: []string{"石大爷", "梁水旺"}})
		})
	}
	if reached(aid.Signed) {
		after(8, func(ctx context.Context) error {
			if err := l.a.Aid.Sign(ctx, ref, 0, aid.Receipt{Day: clock.Today(ctx), By: "guardian"}); err != nil {
				return err
			}
			data, err := io.ReadAll(demoSheets(1))
			if err != nil {
				return err
			}
			return l.a.Aid.AddPaper(ctx, ref, seal.Upload{Name: "收条.jpg", Data: data})
		})
	}
	if reached(aid.Done) {
		after(98, func(ctx context.Context) error {
			return l.a.Aid.Follow(ctx, ref, 0, clock.Today(ctx), "孩子状态好，家里也缓过来了。")
		})
	}
}

// aidOfHelped makes an application of a request for help, by whoever holds it.
func (l *demoLoad) aidOfHelped(ctx context.Context, u org.Unit, request id.Ref) error {
	today := clock.Today(ctx)
	_, err := l.a.Aid.Apply(ctx, aid.Aid{Unit: u.ID, Kind: "hardship", Purpose: "家庭临时困难", Year: int64(today.Year()), Form: aid.Money, Asked: aid.Amount{Fen: 80_000}, Reason: "ill"},
		aid.Child{Name: "陈小穗", Born: today.AddYears(-9), Guardian: "孩子奶奶", Phone: "0500-555 2301", Words: "孩子爸妈在外打工，今年我住院花了钱，开学的书本费和校服钱凑不上，想问问有没有能帮的。"}, aid.Agreed{Given: today, Form: "paper"}, request)
	return err
}
