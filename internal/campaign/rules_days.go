package campaign

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/6tail/lunar-go/calendar"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
)

const (
	maxDays   = 60
	maxBefore = 90 // days
	lunarMark = "lunar:"
	termMark  = "term:"
)

// KeyDay is a day of every year around which is educated (R112, R138). Its rule is a day of the common calendar (07-01), one of the
// lunar one (lunar:09-09), or a solar term by its name (term:…), which moves by a day or two from year to year.
type KeyDay struct {
	Root   int64  `db:"root"`
	Code   string `db:"code"`
	Zh     string `db:"zh"`
	En     string `db:"en"`
	Rule   string `db:"rule"`
	Before int64  `db:"before"` // days before it on which who has no campaign is reminded; 0 = never
}

// Name is what a reader calls the day.
func (k KeyDay) Name(ctx context.Context) string {
	if i18n.Lang(ctx) == "en" && k.En != "" {
		return k.En
	}
	return k.Zh
}

// On is the day in a year, Open when the year has none (the thirtieth of a short lunar month).
func (k KeyDay) On(year int) clock.Day {
	if name, is := strings.CutPrefix(k.Rule, termMark); is {
		for _, y := range []int{year, year + 1} { // the terms of a winter stand with the year to come
			at := calendar.NewSolarFromYmd(y, 6, 1).GetLunar().GetJieQiTable()[name]
			if at != nil && at.GetYear() == year {
				return day(at)
			}
		}
		return clock.Open
	}
	text, lunar := strings.CutPrefix(k.Rule, lunarMark)
	var m, d int
	if _, err := fmt.Sscanf(text, "%02d-%02d", &m, &d); err != nil {
		return clock.Open
	}
	if lunar {
		month := calendar.NewLunarYear(year).GetMonth(m)
		if month == nil || d > month.GetDayCount() {
			return clock.Open
		}
		return day(calendar.NewLunarFromYmd(year, m, d).GetSolar())
	}
	out, err := clock.ParseDay(fmt.Sprintf("%04d-%02d-%02d", year, m, d))
	if err != nil {
		return clock.Open
	}
	return out
}

func day(s *calendar.Solar) clock.Day {
	return clock.Day(fmt.Sprintf("%04d-%02d-%02d", s.GetYear(), s.GetMonth(), s.GetDay()))
}

// Next is the first such day that is not past, Open when there is none within two years.
func (k KeyDay) Next(today clock.Day) clock.Day {
	for y := today.Year() - 1; y <= today.Year()+2; y++ { // the end of a lunar year lies in the next common one
		if d := k.On(y); d != clock.Open && d >= today {
			return d
		}
	}
	return clock.Open
}

// dated is a key day with the day on which it comes.
type dated struct {
	KeyDay
	Day clock.Day
}

// coming are key days in the order in which they come, from a day on.
func coming(list []KeyDay, from clock.Day) (out []dated) {
	for _, k := range list {
		if d := k.Next(from); d != clock.Open {
			out = append(out, dated{k, d})
		}
	}
	slices.SortStableFunc(out, func(a, b dated) int { return strings.Compare(string(a.Day), string(b.Day)) })
	return out
}

// ruleText is a rule as people write it.
func (k KeyDay) ruleText(ctx context.Context) string {
	if name, is := strings.CutPrefix(k.Rule, termMark); is {
		return name
	}
	text, lunar := strings.CutPrefix(k.Rule, lunarMark)
	m, d, _ := strings.Cut(text, "-")
	key := "campaign.day_common"
	if lunar {
		key = "campaign.day_lunar"
	}
	return i18n.T(ctx, key, "Month", strings.TrimPrefix(m, "0"), "Day", strings.TrimPrefix(d, "0"))
}

var twoNumbers = regexp.MustCompile(`^(\D*?)(\d{1,2})\D+(\d{1,2})\D*$`)

// readRule reads what somebody typed: month and day in figures, with the word for lunar ones before them, or the name of a solar term.
func readRule(ctx context.Context, text string) (string, bool) {
	text = strings.TrimSpace(text)
	rule := termMark + text
	if text == "" || text[0] < utf8.RuneSelf && (text[0] < '0' || text[0] > '9') && !strings.HasPrefix(strings.ToLower(text), i18n.T(ctx, "campaign.lunar_word")) {
		return "", false
	}
	if got := twoNumbers.FindStringSubmatch(text); got != nil {
		m, _ := strconv.Atoi(got[2])
		d, _ := strconv.Atoi(got[3])
		rule = fmt.Sprintf("%02d-%02d", m, d)
		switch strings.ToLower(strings.TrimSpace(got[1])) {
		case "":
		case i18n.T(ctx, "campaign.lunar_word"):
			rule = lunarMark + rule
		default:
			return "", false
		}
		if m < 1 || m > 12 || d < 1 {
			return "", false
		}
	}
	k := KeyDay{Rule: rule}
	for y := 2024; y < 2034; y++ { // a day that not every year has is none of every year
		if k.On(y) == clock.Open {
			return "", false
		}
	}
	return rule, true
}

// dayProblems says what has to be changed in a list; fields are named by the place in it.
func dayProblems(list []KeyDay) (f errs.Fields) {
	seen := map[string]bool{}
	if len(list) == 0 {
		f.Add("name.0", "campaign.days_none")
	}
	if len(list) > maxDays {
		f.Add("name.0", "campaign.days_many", "N", maxDays)
	}
	for i, k := range list {
		n := "." + strconv.Itoa(i)
		switch {
		case k.Zh == "" || seen[k.Zh]:
			f.Add("name"+n, "campaign.day_name")
		case utf8.RuneCountInString(k.Zh) > maxTitle:
			f.Add("name"+n, "campaign.too_long", "Most", maxTitle)
		}
		seen[k.Zh] = true
		if k.Rule == "" {
			f.Add("rule"+n, "campaign.day_rule")
		}
		if k.Before < 0 || k.Before > maxBefore {
			f.Add("before"+n, "campaign.day_before_odd", "N", maxBefore)
		}
	}
	return f
}
