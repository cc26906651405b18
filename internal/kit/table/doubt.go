package table

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Doubt is why a cell may mean several days. Nothing is guessed: who sent the table answers once for a column, and cells
// without an answer stay problems.
type Doubt string

const (
	// DoubtYear is a day without its year, 5月1日. The answer is the year.
	DoubtYear Doubt = "year"
	// DoubtMonth is a month without a day, 2019.5. The answer is first or last, of the month's days.
	DoubtMonth Doubt = "month"
	// DoubtTenth is 2019.1, which Excel makes of 2019.10, too. The answer is the month, 1 or 10.
	DoubtTenth Doubt = "tenth"
	// DoubtOrder is 5/6/2019. The answer is md, month first, or dm.
	DoubtOrder Doubt = "order"
	// DoubtShort is 9.5.3, whose year is any of the three or so. The answer is the order: ymd, mdy or dmy.
	DoubtShort Doubt = "short"
	// DoubtCentury is a year of two digits, 19年5月3日. The answer is 20, 19, or past: the latest that is not after today.
	DoubtCentury Doubt = "century"
)

// Doubts are all of them, in the order in which they are asked.
var Doubts = []Doubt{DoubtYear, DoubtOrder, DoubtShort, DoubtCentury, DoubtTenth, DoubtMonth}

var doubtAnswers = map[Doubt][]string{DoubtMonth: {"first", "last"}, DoubtTenth: {"1", "10"}, DoubtOrder: {"md", "dm"},
	DoubtShort: {"ymd", "mdy", "dmy"}, DoubtCentury: {"past", "20", "19"}}

// Answers lists what may be answered; of DoubtYear nothing, since any year from 1900 to 2199 may.
func (d Doubt) Answers() []string { return doubtAnswers[d] }

// Takes tells whether an answer is one.
func (d Doubt) Takes(answer string) bool {
	if d == DoubtYear {
		y, err := strconv.Atoi(answer)
		return err == nil && len(answer) == 4 && y >= 1900 && y < 2200
	}
	return slices.Contains(doubtAnswers[d], answer)
}

// Asking makes a Binding read days that may mean several: Answer is what was answered of a column, "" for nothing yet, and
// hears of each cell that depends on it; Today is for DoubtCentury.
type Asking struct {
	Today  string
	Answer func(d Doubt, column Column, shown string, row Row, cell string) string
}

var (
	partMonth   = regexp.MustCompile(`^(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月份?)$`)
	partDay     = regexp.MustCompile(`^(\d{1,2})月(\d{1,2})[日号]?$`)
	partSlashed = regexp.MustCompile(`^(\d{1,2})[-/](\d{1,2})$`)
	partShort   = regexp.MustCompile(`^(\d{2})年(\d{1,2})月(?:份|(\d{1,2})[日号]?)?$`)
	partThree   = regexp.MustCompile(`^(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{1,2}|\d{4})$`)
	wordsOfYear = regexp.MustCompile(`^([零〇○一二三四五六七八九]{4}|[零〇○一二三四五六七八九]{2})年`)
	wordsOfDay  = regexp.MustCompile(`[一二三四五六七八九十廿卅]+([月日号])`)
)

// plainDay writes the Chinese numbers of a day in digits, where they can be read in one way.
func plainDay(s string) string {
	s = strings.TrimSpace(halfWidth(CleanText(s)))
	if m := dayClock.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	s = strings.Join(strings.Fields(s), "")
	s = wordsOfYear.ReplaceAllStringFunc(s, func(words string) string {
		year := ""
		for _, r := range strings.TrimSuffix(words, "年") {
			digit, _ := chineseNumber(string(r)) // the signs for zero are none
			year += strconv.Itoa(digit)
		}
		return year + "年"
	})
	return wordsOfDay.ReplaceAllStringFunc(s, func(words string) string {
		r := []rune(words)
		n, ok := chineseNumber(string(r[:len(r)-1]))
		if !ok {
			return words
		}
		return strconv.Itoa(n) + string(r[len(r)-1:])
	})
}

// readDay reads what ParseDay reads, and beyond it days that become one by answers. open says that an answer is missing;
// all that a cell depends on is asked, also when the first answer is missing. What can be read in one way alone is not asked.
func readDay(cell, today string, answer func(Doubt) string) (day string, open bool, err error) {
	if day, err = ParseDay(cell); err != ErrUnreadable {
		return day, false, err
	}
	s := plainDay(cell)
	if day, err = ParseDay(s); err != ErrUnreadable {
		return day, false, err
	}
	ask := func(d Doubt) string {
		a := answer(d)
		if !d.Takes(a) {
			open, a = true, ""
		}
		return a
	}
	var year, month, d string
	if m := partMonth.FindStringSubmatch(s); m != nil {
		year, month = m[1], m[2]+m[3]
		if month == "1" && strings.HasSuffix(s, ".1") {
			month = ask(DoubtTenth)
		}
		d = ask(DoubtMonth)
	} else if m := partDay.FindStringSubmatch(s); m != nil {
		year, month, d = ask(DoubtYear), m[1], m[2]
	} else if m := partSlashed.FindStringSubmatch(s); m != nil {
		year = ask(DoubtYear)
		month, d = monthAndDay(m[1], m[2], ask)
	} else if m := partShort.FindStringSubmatch(s); m != nil {
		year, month, d = m[1], m[2], m[3]
		if d == "" {
			d = ask(DoubtMonth)
		}
	} else if m := partThree.FindStringSubmatch(s); m != nil && m[2] == m[4] {
		if len(m[5]) == 4 {
			year = m[5]
			month, d = monthAndDay(m[1], m[3], ask)
		} else {
			year, month, d = shortDay(m[1], m[3], m[5], ask)
		}
	} else {
		return "", false, ErrUnreadable
	}
	if len(year) == 1 {
		year = "0" + year
	}
	if len(year) == 2 {
		year = inCentury(year, month, d, today, ask(DoubtCentury))
	}
	switch n, _ := strconv.Atoi(month); {
	case open:
		return "", true, nil
	case n < 1 || n > 12:
		return "", false, ErrNoSuchDay
	case d == "first":
		d = "1"
	case d == "last":
		y, _ := strconv.Atoi(year)
		d = strconv.Itoa(daysIn(y, n))
	}
	day, err = makeDay(year, month, d)
	return day, false, err
}

func daysIn(year, month int) int {
	for d := 31; d > 28; d-- {
		if _, err := makeDay(strconv.Itoa(year), strconv.Itoa(month), strconv.Itoa(d)); err == nil {
			return d
		}
	}
	return 28
}

// inCentury completes a year of two digits.
func inCentury(year, month, day, today, answer string) string {
	if answer != "past" {
		return answer + year
	}
	if day == "first" || day == "last" {
		day = "1"
	}
	if full, err := makeDay("20"+year, month, day); err == nil && full > today || err != nil && "20"+year > today[:min(4, len(today))] {
		return "19" + year
	}
	return "20" + year
}

// monthAndDay asks which of two numbers is the month, unless one of them can be none.
func monthAndDay(a, b string, ask func(Doubt) string) (month, day string) {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	switch {
	case x == y || y > 12:
		return a, b
	case x > 12:
		return b, a
	case ask(DoubtOrder) == "dm":
		return b, a
	}
	return a, b
}

// shortDay asks for the order of three numbers, unless it can be one alone.
func shortDay(a, b, c string, ask func(Doubt) string) (year, month, day string) {
	orders := map[string][3]string{"ymd": {a, b, c}, "mdy": {c, a, b}, "dmy": {c, b, a}}
	var fit []string
	for _, o := range doubtAnswers[DoubtShort] {
		// 2000 has a 29th of February.
		if _, err := makeDay("2000", orders[o][1], orders[o][2]); err == nil && !slices.ContainsFunc(fit, func(f string) bool { return orders[f] == orders[o] }) {
			fit = append(fit, o)
		}
	}
	order := "ymd"
	if len(fit) == 1 {
		order = fit[0]
	} else if len(fit) > 1 {
		if a := ask(DoubtShort); a != "" {
			order = a
		}
	}
	return orders[order][0], orders[order][1], orders[order][2]
}
