package training

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

const (
	maxTitle   = 60 // characters
	maxText    = 200
	maxPeople  = 500
	maxPapers  = 20
	maxMinutes = 60 * 24 * 30
)

// stateOn tells how a course stands: it was held once its last day is there.
func stateOn(last, cancelled, day clock.Day) State {
	switch {
	case cancelled != "" && cancelled <= day:
		return Cancelled
	case last != "" && last <= day:
		return Held
	}
	return Planned
}

// State is how the course stands on a day.
func (c Course) State(day clock.Day) State { return stateOn(c.Last, c.CancelledOn, day) }

// counts tells whether the course belongs into what people were trained: it has days and was not cancelled.
func (c Course) counts() bool { return c.Last != "" && c.CancelledOn == "" }

// Expires is the first day on which a competence of this course no longer holds; Open for ever.
func (c Course) Expires() clock.Day {
	if c.Months == 0 || c.Last == "" {
		return clock.Open
	}
	return addMonths(c.Last, int(c.Months))
}

// addMonths goes to the same day of a later month, or to the first of the next where that month is shorter.
func addMonths(day clock.Day, n int) clock.Day {
	return clock.DayOf(day.Time().AddDate(0, n, 0))
}

// month is the first day of a day's month.
func month(day clock.Day) clock.Day {
	if day == clock.Open {
		return day
	}
	t := day.Time()
	return clock.DayOf(t.AddDate(0, 0, 1-t.Day()))
}

// sortDay is by which a course stands in a year and in a list.
func (c Course) sortDay() clock.Day {
	if c.From != "" {
		return c.From
	}
	return c.Planned
}

func (c Course) clean() Course {
	for _, s := range []*string{&c.Code, &c.Title, &c.Subject, &c.Mode, &c.Place, &c.Teacher, &c.Competence, &c.Reason, &c.Note} {
		*s = strings.TrimSpace(*s)
	}
	if c.Mode == "" {
		c.Mode = Modes[0]
	}
	if c.Last == "" {
		c.Last = c.From
	}
	c.Planned = month(c.Planned)
	if c.Planned == "" {
		c.Planned = month(c.From)
	}
	if c.Competence == "" {
		c.Months = 0
	}
	seen := map[string]bool{}
	var papers []Document
	for _, d := range c.Documents {
		d = Document{strings.TrimSpace(d.Number), strings.TrimSpace(d.Title)}
		if k := d.Key(); k != "" && !seen[k] {
			seen[k] = true
			papers = append(papers, d)
		}
	}
	c.Documents = papers
	return c.seated()
}

// seated keeps one person once (R173), and gives a number to who passed: it stays when they pass again, and is gone for
// good when they did not.
func (c Course) seated() Course {
	at := map[id.Ref]int{}
	var people []Attendee
	for _, p := range c.People {
		if i, twice := at[p.Volunteer]; twice {
			people[i].Minutes = max(people[i].Minutes, p.Minutes)
			people[i].Passed = people[i].Passed || p.Passed
			people[i].No = max(people[i].No, p.No)
			continue
		}
		at[p.Volunteer] = len(people)
		people = append(people, p)
	}
	for i := range people {
		p := &people[i]
		switch {
		case !p.Passed:
			p.No = 0
		case p.No == 0:
			c.Given++
			p.No = c.Given
		}
	}
	c.People = people
	units := map[id.ID]int{}
	var cadres []Cadres
	for _, x := range c.Cadres {
		if i, twice := units[x.Unit]; twice {
			cadres[i].N += x.N
		} else if x.N != 0 {
			units[x.Unit] = len(cadres)
			cadres = append(cadres, x)
		}
	}
	c.Cadres = cadres
	return c
}

// keeping takes over from the course as it stands which numbers were given to whom: nobody types them.
func (c Course) keeping(now Course) Course {
	c.Given = now.Given
	no := map[id.Ref]int64{}
	for _, p := range now.People {
		no[p.Volunteer] = p.No
	}
	c.People = slices.Clone(c.People)
	for i := range c.People {
		c.People[i].No = no[c.People[i].Volunteer]
	}
	return c
}

// number is what stands on a certificate; "" for who has none.
func (c Course) number(p Attendee) string {
	if p.No == 0 || c.Competence == "" {
		return ""
	}
	return fmt.Sprintf("%s-%03d", c.Code, p.No)
}

// studied are the units that studied the course's documents: who held it, and the units of those who came.
func (c Course) studied() []id.ID {
	out := []id.ID{c.Unit}
	for _, p := range c.People {
		out = append(out, p.Unit)
	}
	for _, x := range c.Cadres {
		out = append(out, x.Unit)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// persons are all who came, volunteers and cadres.
func (c Course) persons() int64 {
	n := int64(len(c.People))
	for _, x := range c.Cadres {
		n += x.N
	}
	return n
}

// problems says what has to be changed; fields are named after the form's inputs and the table's columns.
func (c Course) problems() (f errs.Fields) {
	long := func(key, text string, n int) {
		if utf8.RuneCountInString(text) > n {
			f.Add(key, "training.long", "N", n)
		}
	}
	if c.Title == "" {
		f.Add("title", "training.title_missing")
	}
	long("title", c.Title, maxTitle)
	long("place", c.Place, maxText)
	long("teacher", c.Teacher, maxTitle)
	long("note", c.Note, maxText)
	long("cancel_reason", c.Reason, maxText)
	if c.Subject == "" {
		f.Add("subject", "training.subject_missing")
	}
	if !slices.Contains(Modes, c.Mode) {
		f.Add("mode", "training.mode_missing")
	}
	if c.Planned == "" {
		f.Add("planned", "training.planned_missing")
	}
	switch {
	case c.Last != "" && c.From == "":
		f.Add("from", "training.from_missing")
	case c.Last < c.From:
		f.Add("last", "training.last_before_from")
	case c.From != "" && c.Last > c.From.AddDays(92):
		f.Add("last", "training.days_many")
	}
	if c.Minutes < 0 || c.Minutes > maxMinutes {
		f.Add("minutes", "training.minutes_odd")
	}
	if c.From != "" && c.CancelledOn == "" && c.Minutes == 0 {
		f.Add("minutes", "training.minutes_missing")
	}
	if c.Months < 0 || c.Months > 240 {
		f.Add("months", "training.months_odd")
	}
	if c.CancelledOn != "" && c.Reason == "" {
		f.Add("cancel_reason", "training.cancel_reason_missing")
	}
	if c.CancelledOn != "" && len(c.People)+len(c.Cadres) > 0 {
		f.Add("cancelled_on", "training.cancelled_people")
	}
	if len(c.Documents) > maxPapers {
		f.Add("documents", "training.documents_many", "N", maxPapers)
	}
	for _, d := range c.Documents {
		long("documents", d.Number+d.Title, maxText)
	}
	if len(c.People) > maxPeople {
		f.Add("came", "training.people_many", "N", maxPeople)
	}
	if len(c.People)+len(c.Cadres) > 0 && c.From == "" {
		f.Add("from", "training.people_without_days")
	}
	for _, p := range c.People {
		if p.Minutes <= 0 || p.Minutes > c.Minutes {
			f.Add("present", "training.present_odd")
			break
		}
	}
	for _, x := range c.Cadres {
		if x.N < 0 || x.N > 10_000 {
			f.Add("cadres", "training.cadres_odd")
			break
		}
	}
	return f
}

// span is a stretch of days; to is the first day that no longer belongs to it.
type span struct{ from, to clock.Day }

// joined puts stretches together that touch or overlap, the earliest first: what a person holds from several courses.
func joined(list []span) (out []span) {
	slices.SortFunc(list, func(a, b span) int { return strings.Compare(string(a.from), string(b.from)) })
	for _, x := range list {
		n := len(out) - 1
		if n < 0 || out[n].to != clock.Open && out[n].to < x.from {
			out = append(out, x)
			continue
		}
		if x.to == clock.Open || out[n].to != clock.Open && x.to > out[n].to {
			out[n].to = x.to
		}
	}
	return out
}

// hold is what one competence, or being trained, means for a person: when it holds, when it is due, and when it ran out
// and was not renewed.
type hold struct{ holds, due, lapsed []span }

// on is how the competence stands on a day: until when it holds, or since when it no longer does.
func (h hold) on(day clock.Day) (holds, lapsed bool, end clock.Day) {
	for _, x := range h.holds {
		if clock.Covers(x.from, x.to, day) {
			return true, false, x.to
		}
		if x.to != clock.Open && x.to <= day {
			lapsed, end = true, x.to
		}
	}
	return false, lapsed, end
}

// held says for each competence when a person holds it, from all their certificates; "" is having been trained within
// twelve months.
func held(seats []Seat) map[string]hold {
	all := map[string][]span{}
	for _, s := range seats {
		all[""] = append(all[""], span{s.Day, s.Day.AddYears(1)})
		if s.Competence != "" {
			all[s.Competence] = append(all[s.Competence], span{s.Day, s.Expires})
		}
	}
	out := map[string]hold{}
	for k, list := range all {
		h := hold{holds: joined(list)}
		for i, x := range h.holds {
			if k == "" || x.to == clock.Open {
				continue
			}
			h.due = append(h.due, span{max(x.from, x.to.AddDays(-RenewDays)), x.to})
			end := x.to.AddDays(OldDays)
			if i+1 < len(h.holds) {
				end = min(end, h.holds[i+1].from)
			}
			h.lapsed = append(h.lapsed, span{x.to, end})
		}
		out[k] = h
	}
	return out
}

// text is a document as it is written: 云关委〔2019〕3号 关于……的通知.
func (d Document) text() string { return strings.TrimSpace(d.Number + " " + d.Title) }

// paperNo is the number of a paper: 云关委〔2019〕3号, also with other brackets.
var paperNo = regexp.MustCompile(`^\S{0,20}[〔\[［（(]\s?\d{4}\s?[〕\]］）)]\s?\d{1,5}\s?号`)

// papersOf reads documents, one a line, the number before the title.
func papersOf(text string) (out []Document) {
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == '；' || r == ';' }) {
		line = strings.TrimSpace(line)
		no := paperNo.FindString(line)
		if line != "" {
			out = append(out, Document{Number: strings.ReplaceAll(no, " ", ""), Title: strings.TrimSpace(line[len(no):])})
		}
	}
	return out
}

func papersText(list []Document, between string) string {
	var out []string
	for _, d := range list {
		out = append(out, d.text())
	}
	return strings.Join(out, between)
}
