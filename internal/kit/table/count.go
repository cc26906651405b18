package table

import "strings"

// digits are the Chinese numerals below ten.
var digits = map[rune]int64{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// ParseCount reads how many, as people write it: 120, 1.2万, 36人次, 一百二十人, 12间. Never below zero; what could be two numbers
// (一百二) is ErrUnreadable.
func ParseCount(s string) (int64, error) {
	text := strings.TrimRight(strings.ReplaceAll(CleanText(s), " ", ""), "人次场个支家名件篇期处元间所户套本册台座幅份项平方米㎡")
	if v, err := ParseInt(text); err == nil && v >= 0 {
		return v, nil
	}
	runes := []rune(text)
	total, section, digit, last := int64(0), int64(0), int64(-1), int64(10)
	for i, r := range runes {
		d, isDigit := digits[r]
		unit := map[rune]int64{'十': 10, '百': 100, '千': 1000, '万': 10000}[r]
		switch {
		case isDigit && d == 0:
			digit, last = 0, 10
		case isDigit && (digit <= 0):
			digit = d
		case unit == 10000 && total == 0 && i > 0:
			total, section, digit, last = (section+max(digit, 0))*unit, 0, -1, 10000
		case unit > 0 && unit < 10000 && (digit > 0 || unit == 10 && i == 0):
			section, digit, last = section+max(digit, 1)*unit, -1, unit
		default:
			return 0, ErrUnreadable
		}
	}
	if digit > 0 && last > 10 { // 一百二 may be 102 or 120
		return 0, ErrUnreadable
	}
	if len(runes) == 0 {
		return 0, ErrUnreadable
	}
	return total + section + max(digit, 0), nil
}
