package signal

import (
	"maps"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

// MonthOf is the month of a day.
func MonthOf(d clock.Day) Month { return Month(d[:7]) }

// ParseMonth reads 2019-05.
func ParseMonth(text string) (Month, bool) {
	text = strings.TrimSpace(text)
	if len(text) != 7 {
		return "", false
	}
	d := clock.Day(text + "-01")
	return Month(text), text >= "2000" && text < "2200" && string(clock.DayOf(d.Time())) == string(d)
}

// add is the month so many before or after.
func (m Month) add(n int) Month {
	d := m.First().Time()
	return MonthOf(clock.DayOf(d.AddDate(0, n, 0)))
}

// open tells whether a month can be reported and corrected on a day.
func (m Month) open(on clock.Day) bool { return m.First() <= on && on < m.Published() }

// openMonths are those that can be reported on a day, the latest first.
func openMonths(on clock.Day) (out []Month) {
	for _, m := range []Month{MonthOf(on), MonthOf(on).add(-1)} {
		if m.open(on) {
			out = append(out, m)
		}
	}
	return out
}

// lastClosed is the latest month that is published on a day.
func lastClosed(on clock.Day) Month {
	m := MonthOf(on)
	for m.Published() > on {
		m = m.add(-1)
	}
	return m
}

// most are the topics of the greatest numbers, at most n.
func most(counts map[string]int64, n int) []string {
	out := slices.DeleteFunc(slices.Clone(Topics), func(t string) bool { return counts[t] == 0 })
	slices.SortStableFunc(out, func(a, b string) int { return int(counts[b] - counts[a]) })
	return out[:min(n, len(out))]
}

// clean leaves out what is zero.
func (r Report) clean() Report {
	r.Counts = maps.Clone(r.Counts)
	maps.DeleteFunc(r.Counts, func(_ string, n int64) bool { return n == 0 })
	return r
}

// problems says what has to be changed; fields are named as topics, as the form's inputs.
func (r Report) problems() (f errs.Fields) {
	for _, t := range slices.Sorted(maps.Keys(r.Counts)) {
		switch n := r.Counts[t]; {
		case !slices.Contains(Topics, t):
			f.Add(t, "signal.topic_unknown", "Topic", t)
		case n < 0 || n > mostCount:
			f.Add(t, "signal.count_odd", "N", mostCount)
		}
	}
	return f
}
