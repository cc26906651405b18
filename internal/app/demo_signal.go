package app

import (
	"context"
	"hash/fnv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/org"
	"xinhuo/internal/signal"
)

// signals are the monthly reports of the home city's townships and counties since the office began: a few of each problem
// in a place, more of school work before examinations, some places that hear of many; every ninth unit misses a month.
// Each month is published on its day.
func (l *demoLoad) signals() {
	day := clock.Day(l.city.Day)
	last := signal.MonthOf(day)
	for m := signal.MonthOf(l.begun); m <= last; m = signal.MonthOf(m.Published()) {
		for i, x := range l.city.Units {
			u := l.unit(x.Code)
			if !strings.HasPrefix(x.Code, l.city.Home) || u.Level != org.Township && u.Level != org.County || !u.StandsOn(m.Last()) || chance(x.Code, m, "missed")%9 == 0 {
				continue
			}
			on := m.Published().AddDays(-9 + i%9)
			if m == last { // what is under way: some have begun to write it down
				if i%3 != 0 {
					continue
				}
				on = day
			}
			l.at(on, func(ctx context.Context) error {
				return l.name(x.Code, l.a.Signal.Keep(l.as(ctx, u), 0, m, troubles(u, m)))
			})
		}
		if m.Published() <= day {
			l.at(m.Published(), func(ctx context.Context) error {
				_, err := l.a.Signal.Daily(ctx)
				return err
			})
		}
	}
}

// chance is a number that is the same at each run.
func chance(words string, m signal.Month, more string) int64 {
	h := fnv.New32a()
	h.Write([]byte(words + string(m) + more))
	return int64(h.Sum32() >> 4)
}

// troubles are what a unit heard of in a month.
func troubles(u org.Unit, m signal.Month) map[string]int64 {
	usual := map[string]int64{"mind": 4, "family": 4, "net": 5, "study": 4, "friends": 3, "bullying": 2, "alone": 2, "other": 2}
	if u.Kind == org.Town || u.Kind == org.Rural {
		usual["alone"] = 7
	} else {
		usual["mind"], usual["study"] = 7, 6
	}
	if n := string(m[5:]); n == "01" || n == "05" || n == "06" { // examinations
		usual["study"] += 3
	}
	if chance(u.Code, "", "many")%7 == 0 {
		usual["net"], usual["mind"] = 12, 9
	}
	out := map[string]int64{}
	for _, t := range signal.Topics {
		out[t] = chance(u.Code, m, t) % (usual[t] + 1)
	}
	return out
}
