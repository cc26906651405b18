package clock_test

import (
	"context"
	"testing"
	"time"

	"xinhuo/internal/kit/clock"
)

func TestParseDay(t *testing.T) {
	for _, s := range []string{"1900-01-01", "2019-05-31", "2020-02-29", "2999-12-31"} {
		if d, err := clock.ParseDay(s); err != nil || string(d) != s {
			t.Errorf("%s: %s, %v", s, d, err)
		}
	}
	for _, s := range []string{"", "2019-02-29", "1900-02-29", "2019-13-01", "2019-5-31", "2019/05/31", "20190531", "2019-05-31T00:00:00Z", " 2019-05-31", "1899-12-31", "3000-01-01", "2019年5月31日"} {
		if d, err := clock.ParseDay(s); err == nil {
			t.Errorf("%q was read as %s", s, d)
		}
	}
}

// A day begins at midnight in Shanghai, sixteen o'clock the day before by UTC.
func TestDayOfAnInstant(t *testing.T) {
	midnight := time.Date(2019, 5, 30, 16, 0, 0, 0, time.UTC)
	if d := clock.DayOf(midnight); d != "2019-05-31" {
		t.Errorf("at midnight: %s", d)
	}
	if d := clock.DayOf(midnight.Add(-time.Nanosecond)); d != "2019-05-30" {
		t.Errorf("just before: %s", d)
	}
	if !clock.Day("2019-05-31").Time().Equal(midnight) {
		t.Errorf("the day begins at %s", clock.Day("2019-05-31").Time())
	}
}

// 29 February and n years: 1 March where there is no such day, the data set's rule for windows.
func TestAddYears(t *testing.T) {
	for _, c := range []struct {
		d    clock.Day
		n    int
		want clock.Day
	}{
		{"2020-02-29", 1, "2021-03-01"}, {"2020-02-29", 3, "2023-03-01"}, {"2020-02-29", 4, "2024-02-29"}, {"2020-02-29", -1, "2019-03-01"},
		{"2020-02-28", 1, "2021-02-28"}, {"2019-03-01", 1, "2020-03-01"}, {"2019-12-31", 5, "2024-12-31"}, {clock.Open, 3, clock.Open},
	} {
		if got := c.d.AddYears(c.n); got != c.want {
			t.Errorf("%q and %d years: %q, want %q", c.d, c.n, got, c.want)
		}
	}
}

func TestAddDays(t *testing.T) {
	for _, c := range []struct {
		d    clock.Day
		n    int
		want clock.Day
	}{
		{"2019-12-31", 1, "2020-01-01"}, {"2020-02-28", 1, "2020-02-29"}, {"2020-03-01", -1, "2020-02-29"}, {"2019-05-31", 0, "2019-05-31"},
		// an open end once became a day of the year 1
		{clock.Open, 1, clock.Open},
	} {
		if got := c.d.AddDays(c.n); got != c.want {
			t.Errorf("%q and %d days: %q, want %q", c.d, c.n, got, c.want)
		}
	}
}

// Every day from 1900 on is the same as a text, a number and an instant, and days compare as texts.
func TestEveryDayRoundTrips(t *testing.T) {
	last := clock.Day("1899-12-31")
	for d := clock.Day("1900-01-01"); d < "2101-01-01"; d = d.AddDays(1) {
		if !last.Before(d) || d.Before(last) || last.Int() >= d.Int() || !last.Time().Before(d.Time()) {
			t.Fatalf("%s does not come after %s", d, last)
		}
		if clock.DayOfInt(d.Int()) != d || clock.DayOf(d.Time()) != d {
			t.Fatalf("%s became %s and %s", d, clock.DayOfInt(d.Int()), clock.DayOf(d.Time()))
		}
		last = d
	}
	if clock.Day("2019-05-31").Int() != 20190531 || clock.Open.Int() != 0 || clock.DayOfInt(0) != clock.Open || clock.Day("2019-05-31").Year() != 2019 {
		t.Error("a day and its number differ")
	}
}

// An open end is later than every day.
func TestBeforeAndMinEnd(t *testing.T) {
	const a, b = clock.Day("2019-05-31"), clock.Day("2019-06-01")
	for _, c := range []struct {
		x, y   clock.Day
		before bool
		min    clock.Day
	}{
		{a, b, true, a}, {b, a, false, a}, {a, a, false, a}, {a, clock.Open, true, a}, {clock.Open, a, false, a}, {clock.Open, clock.Open, false, clock.Open},
	} {
		if c.x.Before(c.y) != c.before || clock.MinEnd(c.x, c.y) != c.min {
			t.Errorf("%q, %q: before %v, the earlier end %q", c.x, c.y, c.x.Before(c.y), clock.MinEnd(c.x, c.y))
		}
	}
}

// An end is the first day on which the thing no longer stands.
func TestCovers(t *testing.T) {
	for _, c := range []struct {
		from, to, d clock.Day
		want        bool
	}{
		{"2019-01-01", "2019-05-31", "2018-12-31", false}, {"2019-01-01", "2019-05-31", "2019-01-01", true}, {"2019-01-01", "2019-05-31", "2019-05-30", true},
		{"2019-01-01", "2019-05-31", "2019-05-31", false}, {"2019-01-01", clock.Open, "2999-12-31", true}, {"2019-01-01", "2019-01-01", "2019-01-01", false},
	} {
		if got := clock.Covers(c.from, c.to, c.d); got != c.want {
			t.Errorf("[%s, %s) and %s: %v", c.from, c.to, c.d, got)
		}
	}
	if p := clock.YearOf(2019); p != (clock.Period{From: "2019-01-01", To: "2019-12-31"}) {
		t.Errorf("the year 2019 is %v", p)
	}
}

func TestClockOfTheContext(t *testing.T) {
	at := time.Date(2019, 5, 31, 23, 59, 59, 0, clock.Shanghai)
	ctx := clock.With(context.Background(), func() time.Time { return at })
	if clock.Today(ctx) != "2019-05-31" || clock.Millis(ctx) != at.UnixMilli() || !clock.Now(ctx).Equal(at) {
		t.Errorf("%s, %d", clock.Today(ctx), clock.Millis(ctx))
	}
	before := time.Now()
	if now := clock.Now(context.Background()); now.Before(before) {
		t.Errorf("without a clock of its own the system's counts: %s", now)
	}
}
