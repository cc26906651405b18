package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// asked reads a cell with answers, "year=2019 month=last", and says what was asked.
func asked(cell, answers string) (day string, open bool, questions string, err error) {
	given := map[Doubt]string{}
	for _, a := range strings.Fields(answers) {
		k, v, _ := strings.Cut(a, "=")
		given[Doubt(k)] = v
	}
	var list []string
	day, open, err = readDay(cell, "2019-05-31", func(d Doubt) string { list = append(list, string(d)); return given[d] })
	slices.Sort(list)
	return day, open, strings.Join(list, " "), err
}

// Ambiguous dates are asked about, not guessed: without an answer there is no day.
func TestDoubtfulDaysAreAskedAbout(t *testing.T) {
	for _, c := range []struct{ cell, questions, answers, want string }{
		{"5月1日", "year", "year=2018", "2018-05-01"},
		{"五月一号", "year", "year=2018", "2018-05-01"},
		{"2月29日", "year", "year=2020", "2020-02-29"},
		{"2月29日", "year", "year=2019", "no such day"},
		{"5/1", "order year", "year=2018 order=md", "2018-05-01"},
		{"5-1", "order year", "year=2018 order=dm", "2018-01-05"},
		{"5/31", "year", "year=2018", "2018-05-31"},
		{"5/6/2019", "order", "order=md", "2019-05-06"},
		{"5/6/2019", "order", "order=dm", "2019-06-05"},
		{"31/5/2019", "", "", "2019-05-31"},
		{"5.5.2019", "", "", "2019-05-05"},
		{"13/13/2019", "", "", "no such day"},
		{"19.5.3", "century short", "short=ymd century=20", "2019-05-03"},
		{"19.5.3", "century short", "short=ymd century=19", "1919-05-03"},
		{"5/3/19", "century short", "short=mdy century=past", "2019-05-03"},
		{"3/6/19", "century short", "short=mdy century=past", "2019-03-06"},
		{"1-6-19", "century short", "short=mdy century=past", "2019-01-06"},
		{"6/1/19", "century short", "short=mdy century=past", "1919-06-01"},
		{"19.5.31", "century short", "short=dmy century=20", "2031-05-19"},
		{"45.3.2", "century", "century=past", "1945-03-02"},
		{"45.3.2", "century", "century=20", "2045-03-02"},
		{"一九年五月三日", "century", "century=past", "2019-05-03"},
		{"19年5月", "century month", "century=past month=last", "2019-05-31"},
		{"2019.5", "month", "month=first", "2019-05-01"},
		{"2019年2月", "month", "month=last", "2019-02-28"},
		{"二〇二〇年二月份", "month", "month=last", "2020-02-29"},
		{"２０１９/１２", "month", "month=last", "2019-12-31"},
		{"2019-1", "month", "month=first", "2019-01-01"},
		{"2019.1", "month tenth", "month=first tenth=10", "2019-10-01"},
		{"2019.1", "month tenth", "month=first tenth=1", "2019-01-01"},
		{"2019.01", "month", "month=first", "2019-01-01"},
		{"2019.10", "month", "month=first", "2019-10-01"},
		{"2019.13", "month", "month=first", "no such day"},
		{"2019年五月三十一日", "", "", "2019-05-31"},
		{"2019-05-31", "", "", "2019-05-31"},
	} {
		day, open, questions, err := asked(c.cell, c.answers)
		if err == ErrNoSuchDay {
			day = "no such day"
		}
		if day != c.want || open || questions != c.questions {
			t.Errorf("%s with %s: %q %v, asked %q, want %q asked %q", c.cell, c.answers, day, err, questions, c.want, c.questions)
		}
		if c.questions == "" {
			continue
		}
		parts := strings.Fields(c.answers)
		for left := range parts { // each answer is needed
			some := strings.Join(slices.Delete(slices.Clone(parts), left, left+1), " ")
			if day, open, questions, _ := asked(c.cell, some); day != "" || !open || questions != c.questions {
				t.Errorf("%s with %q alone: %q, open %v, asked %q", c.cell, some, day, open, questions)
			}
		}
		for _, bad := range []string{"year=19", "year=99999", "year=-201", "month=1", "order=ymd", "century=18", "tenth=2", "short=yyy"} {
			kind, _, _ := strings.Cut(bad, "=")
			if strings.Contains(c.questions, kind) {
				if day, open, _, _ := asked(c.cell, bad); day != "" || !open {
					t.Errorf("%s takes the answer %s: %q", c.cell, bad, day)
				}
			}
		}
	}
	for _, cell := range []string{"", "5", "5.1", "2019", "2019年", "201905", "190503", "5/6/201", "5-6/2019", "19.5/3", "5月", "一二月三日", "五月三十一二日", "长期", "0/0/0/0", "-5月1日",
		strings.Repeat("5月", 4000), strings.Repeat("十", 4000) + "月一日"} {
		if day, open, questions, err := asked(cell, "year=2019 month=first order=md short=ymd century=20 tenth=1"); err != ErrUnreadable || open || questions != "" {
			t.Errorf("%.20q: %q %v, asked %q", cell, day, err, questions)
		}
	}
	for _, cell := range []string{"0月0日", "0.0.0", "00/00/00", "2019.0", "99年99月99日", "2月31日", "32/1"} {
		if day, _, _, err := asked(cell, "year=2019 month=last order=md short=ymd century=past tenth=1"); err != ErrNoSuchDay {
			t.Errorf("%q: %q %v", cell, day, err)
		}
	}
}

func TestABindingAsksOnlyWhenItIsTold(t *testing.T) {
	cols := []Column{{Key: "on", Titles: []string{"日期"}, Kind: Day}}
	b, _ := Bind([]string{"日期"}, cols)
	row := Row{Line: 3, Cells: []string{"5月1日"}}
	if _, p := b.Parse(row); len(p) != 1 || p[0].Code != "table.day_unreadable" {
		t.Error(p)
	}
	var heard []string
	b.Asking = &Asking{Today: "2019-05-31", Answer: func(d Doubt, c Column, shown string, r Row, cell string) string {
		heard = append(heard, fmt.Sprint(d, c.Key, shown, r.Line, cell))
		return map[bool]string{true: "2018"}[len(heard) > 1]
	}}
	if _, p := b.Parse(row); len(p) != 1 || p[0].Code != "table.day_doubtful" || heard[0] != "yearon日期35月1日" {
		t.Error(p, heard)
	}
	if v, p := b.Parse(row); len(p) != 0 || v["on"].Text != "2018-05-01" {
		t.Error(v, p)
	}
}

func FuzzDoubt(f *testing.F) {
	for _, s := range []string{"5月1日", "19.5.3", "2019.1", "5/6/2019", "二〇一九年五月", "一九年五月三日"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, open, err := readDay(s, "2019-05-31", func(d Doubt) string { return append(d.Answers(), "2019")[0] })
		if open {
			t.Fatalf("%q: asked though all is answered", s)
		}
		if err == nil {
			if again, err := ParseDay(day); err != nil || again != day {
				t.Fatalf("%q gives %q, which gives %q %v", s, day, again, err)
			}
		}
	})
}
