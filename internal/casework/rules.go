package casework

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"xinhuo/internal/kit/citizen"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/table"
)

// Bounds of what is written, in characters.
const (
	maxText  = 20_000
	maxShort = 200
)

// Bounds of days.
const (
	mostRhythm = 180 // between two visits
	mostPause  = 366
	ripe       = 30 // days before a year is over from which on it may be said what came of it
)

// top is the highest score of an assessment: 0 is good, 3 needs help most.
const top = 3

// Classes are the classes of case, in the order of forms.
var Classes = sync.OnceValue(func() []Class {
	var f struct {
		Class []Class `toml:"class"`
	}
	if err := toml.Unmarshal(classFile, &f); err != nil {
		panic(err) // it is part of the program
	}
	return f.Class
})

// classOf is the class with a code.
func classOf(code string) (Class, bool) {
	i := slices.IndexFunc(Classes(), func(c Class) bool { return c.Code == code })
	if i < 0 {
		return Class{}, false
	}
	return Classes()[i], true
}

// ClassOf is the class with a code, an empty one for a code that is none.
func ClassOf(code string) Class { k, _ := classOf(code); return k }

func (c Case) class() Class { return ClassOf(c.Class) }

// due is when the next visit is owed: the day named at the last one, or a rhythm after it or after the case was opened, but not before a
// pause has ended. "" for a case that ended.
func (c Case) due() clock.Day {
	if c.State == Closed {
		return ""
	}
	from := max(c.LastOn, c.SinceOn)
	day := from.AddDays(int(c.Rhythm))
	if c.NextOn > from && c.NextOn < day {
		day = c.NextOn
	}
	return max(day, c.FloorOn)
}

// asOf is a case as it stood at the end of a day, by all that was done up to then; entries come in the order in which they were written.
func (c Case) asOf(entries []Entry, day clock.Day) Case {
	c.State, c.SinceOn, c.LastOn, c.NextOn, c.FloorOn = Open, c.OpenedOn, "", "", ""
	if slices.ContainsFunc(entries, func(e Entry) bool { return e.Kind == Planned }) { // it has been changed since
		c.Rhythm = int64(c.class().Rhythm)
	}
	for _, e := range entries {
		if e.Day > day {
			continue
		}
		what, _, _ := strings.Cut(e.Arg, ":")
		switch {
		case e.Kind == Visited && e.Day >= c.LastOn:
			c.LastOn, c.NextOn = e.Day, e.Until
		case e.Kind == Planned, e.Kind == Step && what == "opened" && e.N > 0:
			c.Rhythm = e.N
		case e.Kind != Step:
		case what == "paused":
			c.State, c.FloorOn = Paused, e.Until
		case what == "resumed":
			c.State, c.FloorOn = Open, min(c.FloorOn, e.Day)
		case what == "closed":
			c.State, c.NextOn, c.FloorOn = Closed, "", ""
		case what == "reopened":
			c.State, c.SinceOn = Open, e.Day
		}
	}
	c.DueOn = c.due()
	return c
}

// Overdue tells whether a visit is overdue on a day.
func (c Case) Overdue(on clock.Day) bool { return c.DueOn != "" && c.DueOn < on }

// Unvisited is how many days nobody visited.
func (c Case) Unvisited(on clock.Day) int {
	return int(on.Time().Sub(max(c.LastOn, c.SinceOn).Time()).Hours() / 24)
}

// ripeOn tells whether it may be said on a day what came of the case.
func (c Case) ripeOn(on clock.Day) bool { return c.ResultDue != "" && on >= c.ResultDue.AddDays(-ripe) }

func long(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "casework.too_long", "N", most)
	}
}

func words(f *errs.Fields, name, text, missing string) {
	if strings.TrimSpace(text) == "" {
		f.Add(name, missing)
	}
	long(f, name, text, maxText)
}

// bare is a text as it is compared: letters and digits alone, capital.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			r += '0' - '０'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, text)
}

// problems says what has to be changed before a case can be opened.
func (n Opening) problems(today clock.Day) (f errs.Fields) {
	k, ok := classOf(n.Class)
	if !ok {
		f.Add("class", "casework.class_missing")
		return f
	}
	for _, name := range k.Required {
		if strings.TrimSpace(n.Person[name]) == "" {
			f.Add(name, "casework.missing."+name)
		}
	}
	for _, name := range k.Fields {
		most := maxShort
		if name == "narrative" {
			most = maxText
		}
		long(&f, name, n.Person[name], most)
	}
	if x := n.Person["id_no"]; x != "" && citizen.Number(x) == "" {
		f.Add("id_no", "casework.id_odd")
	}
	if y := n.Person["birth"]; y != "" {
		if year, err := table.ParseInt(y); err != nil || year < int64(today.Year()-100) || year > int64(today.Year()) {
			f.Add("birth", "casework.birth_odd")
		}
	} else if n.Person["id_no"] == "" {
		f.Add("birth", "casework.birth_missing")
	}
	if n.Rhythm < 0 || n.Rhythm > mostRhythm {
		f.Add("rhythm", "casework.rhythm_odd", "N", mostRhythm)
	}
	switch {
	case !slices.Contains(Consents, n.Consent) || k.Consent == "must" && n.Consent != Given:
		f.Add("consent", "casework.consent_missing."+k.Consent)
	case n.Consent != Given && strings.TrimSpace(n.Why) == "":
		f.Add("consent_why", "casework.consent_why_missing")
	}
	long(&f, "consent_why", n.Why, maxShort)
	return f
}

// scores reads the scores of an assessment, one for each item of the class, from 0 to 3.
func (k Class) scores(ctx context.Context, given map[string]string, f *errs.Fields) {
	for _, item := range k.Items {
		if n, err := strconv.Atoi(given[item]); err != nil || n < 0 || n > top {
			f.Add(item, "casework.score_missing", "Item", tr(ctx, "casework.item."+item))
		}
	}
}

// hide is what a paper may show of a name: its first character.
func hide(name string) string {
	r := []rune(name)
	if len(r) == 0 {
		return ""
	}
	return string(r[:1]) + strings.Repeat("＊", min(2, max(1, len(r)-1)))
}

// redact takes out of a text what tells who the person is and where they live.
func redact(text string, person map[string]string) string {
	for field, value := range person {
		if field == "narrative" || field == "project" || utf8.RuneCountInString(value) < 2 {
			continue
		}
		for _, part := range append([]string{value}, strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" ,，、;；", r) })...) {
			if utf8.RuneCountInString(part) > 1 {
				text = strings.ReplaceAll(text, part, "▇▇")
			}
		}
	}
	return text
}
