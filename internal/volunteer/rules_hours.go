package volunteer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

// LateDays is how long after a day its hours may be entered without being called late.
const LateDays = 30

// What is worth a second look: a person's day of more than LongDay minutes, and a day on which one person entered hours
// for ManyADay people or more, one by one. More than a day's 24 hours cannot be entered at all.
const (
	LongDay  = 12 * 60
	ManyADay = 10
)

const (
	maxWhat = 200
	maxBulk = 200 // volunteers for whom an office enters hours at once
)

// minuteOf is the minute of the day of a cleaned time; -1 for what is none.
func minuteOf(s string) int64 {
	h, m, ok := strings.Cut(s, ":")
	hh, err := strconv.Atoi(h)
	mm, bad := strconv.Atoi(m)
	if !ok || err != nil || bad != nil || hh < 0 || mm < 0 || mm > 59 || hh*60+mm > 24*60 {
		return -1
	}
	return int64(hh*60 + mm)
}

func timeOf(minute int64) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// cleanTime reads a time as people write it: 8:30, 8：30, 830, 8, 8点, 8点半, 8时30分, 8.30; what cannot be read stays.
func cleanTime(s string) string {
	t := strings.NewReplacer("：", ":", ".", ":", "点半", ":30", "点", ":", "时", ":", "分", "", " ", "").Replace(strings.TrimSpace(s))
	t = strings.TrimSuffix(t, ":")
	if !strings.Contains(t, ":") {
		switch len(t) {
		case 1, 2:
			t += ":00"
		case 3, 4:
			t = t[:len(t)-2] + ":" + t[len(t)-2:]
		}
	}
	if m := minuteOf(t); m >= 0 {
		return timeOf(m)
	}
	return s
}

func (h Hours) clean() Hours {
	h.From, h.To = cleanTime(h.From), cleanTime(h.To)
	h.What, h.Activity = strings.TrimSpace(h.What), strings.TrimSpace(h.Activity)
	return h
}

// problems says what has to be changed in hours of a volunteer.
func (h Hours) problems(v Volunteer, today clock.Day) (f errs.Fields) {
	switch {
	case h.Day == "" || odd(h.Day):
		f.Add("day", "volunteer.day_missing")
	case h.Day > today:
		f.Add("day", "volunteer.day_future")
	case v.AdmittedOn == "":
		f.Add("day", "volunteer.not_admitted", "Name", v.Name)
	case h.Day < v.AdmittedOn:
		f.Add("day", "volunteer.before_admission", "Name", v.Name, "Day", v.AdmittedOn)
	case v.LeftOn != "" && h.Day >= v.LeftOn:
		f.Add("day", "volunteer.after_leaving", "Name", v.Name, "Day", v.LeftOn)
	}
	from, to := minuteOf(h.From), minuteOf(h.To)
	switch {
	case from < 0 || from%15 != 0 || from == 24*60:
		f.Add("from", "volunteer.time_odd")
	case to < 0 || to%15 != 0:
		f.Add("to", "volunteer.time_odd")
	case to <= from:
		f.Add("to", "volunteer.time_backwards")
	}
	if h.What == "" {
		f.Add("what", "volunteer.what_missing")
	}
	if utf8.RuneCountInString(h.What) > maxWhat || utf8.RuneCountInString(h.Activity) > maxWhat {
		f.Add("what", "volunteer.what_long", "N", maxWhat)
	}
	if !slices.Contains(Ways, h.EnteredAs) {
		f.Add("entered_as", "volunteer.what_missing")
	}
	return f
}
