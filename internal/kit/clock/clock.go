// Package clock knows the two clocks of Xinhuo: days in the world (Asia/Shanghai) and instants of knowledge (UTC).
package clock

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Shanghai is the one zone in which days are counted. China has no summer time since 1991.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// Day is a calendar day in Asia/Shanghai, "2019-05-31"; days compare as strings. An empty Day is an open end:
// the thing still stands. Every end day is the first day on which the thing no longer stands.
type Day string

// Open is the empty end.
const Open Day = ""

// ParseDay reads YYYY-MM-DD and refuses days that do not exist.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil || t.Year() < 1900 || t.Year() > 2999 {
		return "", fmt.Errorf("day %q", s)
	}
	return Day(s), nil
}

// DayOf is the day of an instant in Shanghai.
func DayOf(t time.Time) Day { return Day(t.In(Shanghai).Format("2006-01-02")) }

// Time is the day's midnight in Shanghai; the zero time for an open end.
func (d Day) Time() time.Time {
	t, _ := time.ParseInLocation("2006-01-02", string(d), Shanghai)
	return t
}

// Int is the day as a number, 20190531, as the ledger keeps it; 0 for an open end.
func (d Day) Int() int64 {
	if len(d) != 10 {
		return 0
	}
	n, _ := strconv.ParseInt(string(d[0:4]+d[5:7]+d[8:10]), 10, 64)
	return n
}

// DayOfInt is the reverse of Int.
func DayOfInt(n int64) Day {
	if n <= 0 {
		return Open
	}
	return Day(fmt.Sprintf("%04d-%02d-%02d", n/10000, n/100%100, n%100))
}

// AddDays moves by calendar days; an open end stays open.
func (d Day) AddDays(n int) Day {
	if d == Open {
		return Open
	}
	return DayOf(d.Time().AddDate(0, 0, n))
}

// AddYears moves by years; 29 February becomes 1 March where there is none (the data set's rule for windows).
func (d Day) AddYears(n int) Day {
	if d == Open {
		return Open
	}
	return DayOf(d.Time().AddDate(n, 0, 0))
}

// Year is the day's year.
func (d Day) Year() int { return d.Time().Year() }

// Before treats an open end as later than every day.
func (d Day) Before(o Day) bool {
	if d == Open {
		return false
	}
	return o == Open || d < o
}

// MinEnd is the earlier of two ends, open being the latest.
func MinEnd(a, b Day) Day {
	if a.Before(b) {
		return a
	}
	return b
}

// Covers tells whether [from, to) holds the day.
func Covers(from, to, d Day) bool { return from <= d && (to == Open || d < to) }

// Period is a closed span of days.
type Period struct{ From, To Day }

// YearOf is the calendar year as a period.
func YearOf(year int) Period {
	return Period{Day(fmt.Sprintf("%04d-01-01", year)), Day(fmt.Sprintf("%04d-12-31", year))}
}

type key struct{}

// Clock tells the instant. A demonstration and a test run on a day of their own.
type Clock func() time.Time

// With puts a clock into the context.
func With(ctx context.Context, c Clock) context.Context { return context.WithValue(ctx, key{}, c) }

// Now is the instant by the context's clock, the system's by default.
func Now(ctx context.Context) time.Time {
	if c, ok := ctx.Value(key{}).(Clock); ok {
		return c()
	}
	return time.Now()
}

// Millis is now as Unix milliseconds, as tables keep instants.
func Millis(ctx context.Context) int64 { return Now(ctx).UnixMilli() }

// Today is the day by the context's clock.
func Today(ctx context.Context) Day { return DayOf(Now(ctx)) }
