package demo

import (
	"fmt"
	"slices"
	"time"
)

// Amounts of last year's contracts in hundreds of yuan: 17 purchases by
// government make 710,000 yuan, 12 ventures 300,000.
var (
	purchaseAmounts = []int64{860, 720, 680, 600, 550, 520, 480, 450, 400, 380, 350, 300, 260, 200, 150, 120, 80}
	ventureAmounts  = []int64{420, 380, 350, 300, 280, 260, 240, 220, 180, 160, 120, 90}
)

// topic is what a contract is about.
type topic struct {
	title, audience string
}

var topics = []topic{
	{"留守儿童假期陪伴", "留守儿童"}, {"青少年心理辅导", "中小学生"}, {"家长夜校", "家长"}, {"法治课进校园", "中学生"},
	{"困境儿童走访", "困境儿童"}, {"课后阅读陪伴", "小学生"}, {"社区科普周末课", "小学生"}, {"青年职工技能比武", "青年职工"},
	{"防溺水巡护和宣讲", "中小学生"}, {"返乡青年创业辅导", "青年农民"}, {"乡村少年合唱", "中小学生"}, {"老少同读一本书", "中小学生"},
	{"涉案未成年人观护", "未成年人"}, {"暑期工坊", "中学生"}, {"口述史采集", "中学生"},
}

// makeContracts makes seven years of contracts, growing; last year has 29 in
// force, and beside them those on the neighbouring days, a void one, two that two
// levels reported, and one that was amended.
func (m *maker) makeContracts() {
	last := m.day.Year() - 1
	for i, n := range []int{9, 12, 16, 20, 24} {
		year := last - 5 + i
		for k := range n {
			kind, amount := "gov_purchase", purchaseAmounts[(k*3+i)%17]
			if k*10 >= n*6 {
				kind, amount = "venture", ventureAmounts[(k*5+i)%12]
			}
			m.addContract(kind, m.dayIn(year, k, n), amount*(70+int64(i)*6)/100)
		}
	}
	m.lastYear(last)
	m.addContract("gov_purchase", date(last-1, 12, 31), 990)
	m.addContract("gov_purchase", date(last+1, 1, 1), 880)
	passed := m.day.YearDay() - 1
	for k := range passed * 33 / 365 {
		kind, amounts := "gov_purchase", purchaseAmounts
		if k%5 > 2 {
			kind, amounts = "venture", ventureAmounts
		}
		day := workday(date(last+1, 1, 1).AddDate(0, 0, 1+passed*k/max(1, passed*33/365)))
		if day.Year() == last+1 {
			m.addContract(kind, day, amounts[(k*7+3)%len(amounts)]*11/10)
		}
	}
	// The neighbour's, under a number that ours has too: numbers are a city's own.
	for i, unit := range []string{"9907", "990701"} {
		c := m.newContract("gov_purchase", unit, m.dayIn(last, i, 2), 300)
		c.No = m.city.Contracts[60+i].No
		m.city.Contracts = append(m.city.Contracts, c)
	}
	for i := range m.city.Contracts {
		m.receive(&m.city.Contracts[i])
	}
}

func date(y, mon, d int) time.Time { return time.Date(y, time.Month(mon), d, 0, 0, 0, 0, time.UTC) }

// dayIn is the workday of the k-th of n contracts of a year.
func (m *maker) dayIn(year, k, n int) time.Time {
	return workday(date(year, 1, 8).AddDate(0, 0, k*340/n+m.between(0, 9)))
}

func (m *maker) lastYear(year int) {
	kinds := make([]string, 0, 29)
	amounts := append(slices.Clone(purchaseAmounts), ventureAmounts...)
	for i := range amounts {
		if i < 17 {
			kinds = append(kinds, "gov_purchase")
		} else {
			kinds = append(kinds, "venture")
		}
	}
	m.rng.Shuffle(29, func(i, j int) {
		kinds[i], kinds[j] = kinds[j], kinds[i]
		amounts[i], amounts[j] = amounts[j], amounts[i]
	})
	for k := range amounts {
		c := m.addContract(kinds[k], m.dayIn(year, k, 29), amounts[k])
		switch k {
		case 0: // the first and the last working day of the year as it happens
			c.Reports[0].SignedOn = iso(date(year, 1, 2))
			c.Reports[0].ReportedOn = iso(date(year, 1, 9))
		case 28:
			c.Reports[0].SignedOn = iso(date(year, 12, 31))
			c.Reports[0].ReportedOn = c.Reports[0].SignedOn
		case 4, 13: // the level above, or a township of it, reported it too
			m.reportTwice(c)
		case 9: // it was agreed at more, and amended
			m.amend(c)
		}
	}
	c := m.addContract("venture", m.dayIn(year, 14, 29), 270)
	r := c.Reports[0]
	r.Code, r.Version, r.Status, r.Reason = r.Code+"b", 2, "void", "承接方退出，双方同意解除"
	r.ReportedOn = iso(workday(parse(r.SignedOn).AddDate(0, 0, 20)))
	if r.ReportedOn > m.city.Day {
		r.ReportedOn = m.city.Day
	}
	c.Reports = append(c.Reports, r)
}

func (m *maker) reportTwice(c *Contract) {
	r := c.Reports[0]
	r.Code += "b"
	if up := m.unit(r.Unit).Parent; up != "99" {
		r.Unit = up
	} else {
		r.Unit = m.counties[2]
	}
	c.Reports = append(c.Reports, r)
}

func (m *maker) amend(c *Contract) {
	r := c.Reports[0]
	c.Reports[0].AmountFen += 120_000
	r.Code, r.Version, r.Reason = r.Code+"b", 2, "少办两场，金额相应减少"
	r.ReportedOn = iso(workday(parse(r.SignedOn).AddDate(0, 0, 35)))
	if r.ReportedOn > m.city.Day {
		r.ReportedOn = m.city.Day
	}
	c.Reports = append(c.Reports, r)
}

// addContract adds a contract of some unit of the city; amount in hundreds of yuan.
func (m *maker) addContract(kind string, day time.Time, amount int64) *Contract {
	unit := m.city.Home
	switch n := len(m.city.Contracts); n % 5 {
	case 1, 2, 3:
		unit = m.counties[(n*3+n/5)%10]
	case 4:
		unit = m.townships[m.counties[n*7/5%10]][n%7]
	}
	m.city.Contracts = append(m.city.Contracts, m.newContract(kind, unit, day, amount))
	return &m.city.Contracts[len(m.city.Contracts)-1]
}

func (m *maker) newContract(kind, unit string, day time.Time, amount int64) Contract {
	t := topics[(len(m.city.Contracts)*4+len(m.city.Contracts)/5*3)%len(topics)]
	u := m.unit(unit)
	county := u.Name
	if u.Level == "township" {
		county = m.unit(u.Parent).Name
	}
	code, letters, purchaser := "YZ", "GM", county+m.pick([]string{"民政局", "教育局", "司法局", "财政局"})
	if kind == "venture" {
		letters, purchaser = "CT", county+m.pick([]string{"慈善会", "公益创投办公室", "志愿服务基金会"})
	}
	year := day.Year()
	key := fmt.Sprint(letters, year)
	m.at[key]++
	reported := workday(day.AddDate(0, 0, m.between(2, 9)))
	if reported.Before(day) || reported.After(m.day) {
		reported = day
	}
	city := m.city.Home
	if unit[:4] == m.city.Neighbour {
		city = m.city.Neighbour
	}
	no := fmt.Sprintf("%s%d-%s-%03d", code, year, letters, m.at[key])
	return Contract{
		No: no, City: city, Title: stem(u.Name) + t.title, Kind: kind, Purchaser: purchaser,
		Provider: stem(county) + m.pick([]string{"薪传社会工作服务中心", "同行青少年服务中心", "老少情志愿者协会", "明灯公益服务社"}),
		Audience: t.audience, ServedBy: iso(day.AddDate(1, 0, -1)),
		Reports: []Report{{Code: "HT" + city + no[2:6] + no[7:], Unit: unit, Version: 1, SignedOn: iso(day),
			AmountFen: amount * 10_000, Status: "signed", ReportedOn: iso(reported)}},
	}
}

// receive pays a contract in three parts as time goes by.
func (m *maker) receive(c *Contract) {
	r := c.Reports[len(c.Reports)-1]
	if r.Status == "void" {
		return
	}
	paid := int64(0)
	for i, part := range []struct{ days, percent int }{{18, 50}, {130, 30}, {320, 20}} {
		day := workday(parse(r.SignedOn).AddDate(0, 0, part.days+m.between(0, 20)))
		if day.After(m.day) {
			return
		}
		amount := r.AmountFen * int64(part.percent) / 100
		if i == 2 {
			amount = r.AmountFen - paid
		}
		paid += amount
		c.Receipts = append(c.Receipts, Receipt{Day: iso(day), AmountFen: amount, From: c.Purchaser,
			Voucher: fmt.Sprintf("%s-%s-%d", iso(day)[:4], c.Reports[0].Code[2:], i+1)})
	}
}
