package anon

import "xinhuo/internal/kit/clock"

// MonthOf is the month of a day, 2019-05: numbers are published month by month.
func MonthOf(d clock.Day) string { return string(d)[:7] }

// FirstOf is the first day of a month.
func FirstOf(month string) clock.Day { return clock.Day(month + "-01") }

// MonthAfter is the month so many after one, or before it.
func MonthAfter(month string, n int) string {
	return MonthOf(clock.DayOf(FirstOf(month).Time().AddDate(0, n, 0)))
}
