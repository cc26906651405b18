package feedback

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// slipCode is the code of one slip: its number and eight digits that only the key gives.
func slipCode(sign string, activity id.Ref, n int64) string {
	digits := binary.BigEndian.Uint64(anon.MAC(sign, "slip", activity.String(), strconv.FormatInt(n, 10))) % 1_0000_0000
	return fmt.Sprintf("%03d-%04d-%04d", n, digits/1_0000, digits%1_0000)
}

// slipOf is the number of a slip by its code; 0 when there is none. Spaces and strokes may be left out.
func slipOf(sign string, activity id.Ref, slips int64, code string) int64 {
	var digits strings.Builder
	for _, c := range code {
		if c >= '０' && c <= '９' {
			c -= '０' - '0'
		}
		if c >= '0' && c <= '9' {
			digits.WriteRune(c)
		}
	}
	d := digits.String()
	if len(d) != 11 {
		return 0
	}
	n, _ := strconv.ParseInt(d[:3], 10, 64)
	if n < 1 || n > slips || !anon.Equal(slipCode(sign, activity, n), d[:3]+"-"+d[3:7]+"-"+d[7:]) {
		return 0
	}
	return n
}

// place says whether an answer counts, from what the same address sent before: all of the round, and of the last minutes.
func place(before, lately, heads int64) State {
	if anon.Aside(before, lately, heads) {
		return SetAside
	}
	return Plain
}

// Tally counts answers in their order, up to as many as people were there.
func Tally(list []Answer, heads int64) Outcome {
	o := Outcome{Heads: heads}
	for _, a := range list {
		switch {
		case a.State == SetAside:
			o.Aside++
			continue
		case o.Counted >= heads:
			o.Beyond++
			continue
		case a.State == Admitted:
			o.Admitted++
		}
		o.Counted++
		o.Points += a.Satisfaction
		o.By[a.Satisfaction-1]++
		if a.Satisfaction >= 4 {
			o.Satisfied++
		}
		if a.Useful == 1 {
			o.Useful++
		}
	}
	return o
}

// Shown tells whether the outcome may be shown: fewer than five are shown to nobody (R199).
func (o Outcome) Shown() bool { return o.Counted >= Fewest }

// Mean is in hundredths, rounded.
func (o Outcome) Mean() int64 { return mean(o.Points, o.Counted) }

func mean(points, n int64) int64 {
	if n == 0 {
		return 0
	}
	return (points*200 + n) / (2 * n)
}

// meanText is 4.35 of hundredths.
func meanText(hundredths int64) string {
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}

// check says what has to be changed on a sheet.
func (a Answer) check() error {
	var f errs.Fields
	if a.Satisfaction < 1 || a.Satisfaction > 5 {
		f.Add("satisfaction", "feedback.choose")
	}
	if a.Useful < 1 || a.Useful > 3 {
		f.Add("useful", "feedback.choose")
	}
	if utf8.RuneCountInString(a.Line) > maxLine {
		f.Add("line", "feedback.line_long", "N", maxLine)
	}
	return f.Err()
}

// running tells whether answers are taken at an instant.
func (r Round) running(at int64) bool { return !r.Closed && r.Opens <= at && at < r.Closes }
