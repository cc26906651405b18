package table

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Errors of the cell parsers. Binding.Parse turns them into problems.
var (
	ErrUnreadable = errors.New("table: unreadable cell")
	ErrNoSuchDay  = errors.New("table: no such day")
	ErrTooFine    = errors.New("table: smaller than a fen")
)

// CleanText takes out what cannot be seen (zero-width signs, byte order marks), makes full-width letters and digits
// half-width, trims, and folds runs of spaces; between two Chinese characters (张  三) spaces go altogether.
// Chinese punctuation stays.
func CleanText(s string) string {
	in := []rune(s)
	out := make([]rune, 0, len(in))
	space := false
	for _, r := range in {
		switch {
		case r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u2060' || r == '\ufeff' || r == '\u00ad':
			continue
		case r == '\r':
			continue
		case r != '\n' && (unicode.IsSpace(r) || r == '\u3000'):
			space = true
			continue
		case r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ':
			r -= 0xFEE0
		}
		if last := len(out) - 1; space && last >= 0 && out[last] != '\n' && r != '\n' &&
			!(unicode.Is(unicode.Han, out[last]) && unicode.Is(unicode.Han, r)) {
			out = append(out, ' ')
		}
		space = false
		out = append(out, r)
	}
	return strings.Trim(string(out), "\n ")
}

// halfWidth makes all full-width ASCII half-width, for cells that are not words.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			return r - 0xFEE0
		case r == '\u3000' || r == '\u00a0':
			return ' '
		case r == '。':
			return '.'
		case r == '—' || r == '–' || r == '−' || r == '‐' || r == '‑':
			return '-'
		case r == '￥':
			return '¥'
		}
		return r
	}, s)
}

func compact(s string) string {
	return strings.Join(strings.Fields(halfWidth(CleanText(s))), "")
}

var (
	dayNumbers = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})[日号]?$`)
	dayEight   = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	dayChinese = regexp.MustCompile(`^([零〇○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十廿卅]{1,3})[日号]$`)
	daySerial  = regexp.MustCompile(`^\d{5}$`)
	dayClock   = regexp.MustCompile(`^(.*?[\d日号])(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|\+08:00)?)$`)
)

// ParseDay reads a day: 2019-05-31, 2019/5/31, 2019.5.31, 2019年5月31日, 20190531, 二〇一九年五月三十一日, or the number that
// Excel keeps for it; a time of day behind it is left out. It gives YYYY-MM-DD. ErrNoSuchDay for 2019-02-30 and for
// years outside 1800-2199, ErrUnreadable for anything else.
func ParseDay(s string) (string, error) {
	s = strings.TrimSpace(halfWidth(CleanText(s)))
	if m := dayClock.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	s = strings.Join(strings.Fields(s), "")
	if m := dayNumbers.FindStringSubmatch(s); m != nil {
		return makeDay(m[1], m[2]+m[3]+m[4]+m[5], m[6])
	}
	if m := dayEight.FindStringSubmatch(s); m != nil {
		return makeDay(m[1], m[2], m[3])
	}
	if m := dayChinese.FindStringSubmatch(s); m != nil {
		year := ""
		for _, r := range m[1] {
			digit, _ := chineseNumber(string(r)) // the signs for zero are none
			year += strconv.Itoa(digit)
		}
		month, ok := chineseNumber(m[2])
		day, ok2 := chineseNumber(m[3])
		if !ok || !ok2 {
			return "", ErrUnreadable
		}
		return makeDay(year, strconv.Itoa(month), strconv.Itoa(day))
	}
	if daySerial.MatchString(s) {
		// 20000 is 1954, 80000 is 2119: a five-digit number outside is a mistake, not a day.
		if n, _ := strconv.Atoi(s); n >= 20000 && n <= 80000 {
			return serialToDay(n), nil
		}
	}
	return "", ErrUnreadable
}

func makeDay(year, month, day string) (string, error) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1800 || y > 2199 || t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return "", ErrNoSuchDay
	}
	return t.Format(time.DateOnly), nil
}

// chineseNumber reads 一 to 三十一, also 廿 (20) and 卅 (30).
func chineseNumber(s string) (int, bool) {
	s = strings.NewReplacer("廿", "二十", "卅", "三十").Replace(s)
	tens, ones, found := strings.Cut(s, "十")
	if !found {
		tens, ones = "", s
		if s == "" {
			return 0, false
		}
	}
	digit := func(s string) (int, bool) {
		i := strings.Index("一二三四五六七八九", s)
		return i/3 + 1, len(s) == 3 && i >= 0
	}
	n := 0
	if found {
		n = 10
		if tens != "" {
			t, ok := digit(tens)
			if !ok {
				return 0, false
			}
			n = t * 10
		}
	}
	if ones != "" {
		o, ok := digit(ones)
		if !ok {
			return 0, false
		}
		n += o
	}
	return n, true
}

// excelEpoch is day 0 of Excel's calendar for days from 1900-03-01 on; before it Excel counts a day that never was.
var excelEpoch = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

func serialToDay(n int) string { return excelEpoch.AddDate(0, 0, n).Format(time.DateOnly) }

// daySerialOf is the number of a day in Excel; ok is false for days that Excel cannot count.
func daySerialOf(day string) (n int, ok bool) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, false
	}
	n = int((t.Unix() - excelEpoch.Unix()) / 86400) // a Duration ends after 292 years
	return n, n > 60
}

// moneyUnits from long to short, so that 百万 is not read as 万.
var moneyUnits = []struct {
	word string
	yuan int64
}{{"千万", 10_000_000}, {"百万", 1_000_000}, {"亿", 100_000_000}, {"万", 10_000}, {"千", 1_000}, {"百", 100}, {"", 1}}

var moneyParts = regexp.MustCompile(`^(-?)([0-9.,]+)(千万|百万|亿|万|千|百)?(?:[元圆块])?(?:([0-9])角)?(?:([0-9])分)?$`)

// ParseMoney reads an amount into fen, exactly: 60000, 60,000.00, ¥6000, 6万元, 1.2万, 3元5角. ErrTooFine for what is
// smaller than a fen, ErrUnreadable for what is no amount.
func ParseMoney(s string) (int64, error) { return parseMoney(s, 1) }

// parseMoney takes the unit that the title of the column names; a unit in the cell goes before it.
func parseMoney(s string, unit int64) (int64, error) {
	s = compact(s)
	sign := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	upper := strings.ToUpper(s)
	for _, p := range []string{"人民币", "RMB", "CNY"} {
		if strings.HasPrefix(upper, p) {
			s = strings.TrimPrefix(s[len(p):], ":")
			break
		}
	}
	if strings.HasPrefix(s, "¥") {
		s, unit = strings.TrimPrefix(s, "¥"), 1
	}
	if strings.HasPrefix(s, "-") && !sign {
		sign, s = true, s[1:]
	}
	s = strings.TrimSuffix(strings.TrimSuffix(s, "整"), "正")
	m := moneyParts.FindStringSubmatch(s)
	if m == nil || m[1] != "" {
		return 0, ErrUnreadable
	}
	small := m[4] + m[5]
	if small != "" && (m[3] != "" || strings.ContainsAny(m[2], ".") || !strings.ContainsAny(s, "元圆块")) {
		return 0, ErrUnreadable
	}
	// Words for yuan say that the unit of the title is not meant.
	if m[3] != "" || strings.ContainsAny(s, "元圆块角分") {
		unit = 1
	}
	for _, u := range moneyUnits {
		if u.word != "" && u.word == m[3] {
			unit = u.yuan
		}
	}
	fen, err := decimal(m[2], unit*100)
	if err != nil {
		return 0, err
	}
	if m[4] != "" {
		fen += int64(m[4][0]-'0') * 10
	}
	if m[5] != "" {
		fen += int64(m[5][0] - '0')
	}
	if sign {
		fen = -fen
	}
	return fen, nil
}

// numberLimit keeps sums of many amounts within 64 bits.
const numberLimit = 100_000_000_000_000_000

var groups = regexp.MustCompile(`^(\d{1,3}(,\d{3})+|\d{1,4}(,\d{4})+)$`)

// decimal reads digits, with a point and separated groups, times a power of ten, without a float.
func decimal(s string, times int64) (int64, error) {
	whole, fraction, point := strings.Cut(s, ".")
	if strings.Contains(whole, ",") {
		if !groups.MatchString(whole) {
			return 0, ErrUnreadable
		}
		whole = strings.ReplaceAll(whole, ",", "")
	}
	if whole == "" || point && fraction == "" || strings.ContainsAny(fraction, ".,") {
		return 0, ErrUnreadable
	}
	n := int64(0)
	for _, r := range whole {
		if r < '0' || r > '9' || n > numberLimit/10 {
			return 0, ErrUnreadable
		}
		n = n*10 + int64(r-'0')
	}
	if n > numberLimit/times {
		return 0, ErrUnreadable
	}
	n *= times
	for _, r := range fraction {
		if r < '0' || r > '9' {
			return 0, ErrUnreadable
		}
		switch {
		case times > 1:
			times /= 10
			n += int64(r-'0') * times
		case r != '0':
			return 0, ErrTooFine
		}
	}
	return n, nil
}

var intParts = regexp.MustCompile(`^(-?)([0-9.,]+)(亿|万|千|百)?(人次|人|名|个|次|场|项|篇|件|期|岁|年|户|所|支|天|份|册|本)?$`)

// ParseInt reads a whole number: 1200, 1,200, 1.2万, 36人次. ErrTooFine for fractions, ErrUnreadable for what is none.
func ParseInt(s string) (int64, error) {
	m := intParts.FindStringSubmatch(compact(s))
	if m == nil {
		return 0, ErrUnreadable
	}
	times := int64(1)
	for _, u := range moneyUnits {
		if u.word != "" && u.word == m[3] {
			times = u.yuan
		}
	}
	n, err := decimal(m[2], times)
	if m[1] != "" {
		n = -n
	}
	return n, err
}

// lostDigits finds long numbers (identity cards, accounts) that Excel kept as numbers, which cut off their last digits.
var lostDigits = regexp.MustCompile(`^\d(\.\d+)?[Ee]\+(1[1-9]|2\d)$`)

// yuan writes fen as yuan with two decimals: 6000050 is 60000.50.
func yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign = "-"
		if fen == math.MinInt64 {
			return "-92233720368547758.08"
		}
		fen = -fen
	}
	return sign + strconv.FormatInt(fen/100, 10) + "." + string(rune('0'+fen/10%10)) + string(rune('0'+fen%10))
}
