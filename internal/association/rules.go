package association

import (
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

const (
	maxName   = 60
	maxNote   = 2000
	maxPoints = 100
	maxRows   = 200
)

func long(f *errs.Fields, key, text string, n int) {
	if utf8.RuneCountInString(text) > n {
		f.Add(key, "association.long", "N", n)
	}
}

func trim(list ...*string) {
	for _, s := range list {
		*s = strings.TrimSpace(*s)
	}
}

func clean(a *Association) {
	trim(&a.Code, &a.Name, &a.RegistrationNo, &a.Registrar, &a.Phone, &a.Note)
	slices.SortStableFunc(a.Charters, func(x, y Charter) int { return strings.Compare(string(x.On), string(y.On)) })
	slices.SortStableFunc(a.Counts, func(x, y Count) int { return strings.Compare(string(x.On), string(y.On)) })
	slices.SortStableFunc(a.Inspections, func(x, y Inspection) int { return int(x.Year - y.Year) })
}

// problems says what has to be changed; fields are named after the form's inputs and the table's columns.
func (a Association) problems(today clock.Day) (f errs.Fields) {
	if a.Name == "" {
		f.Add("name", "association.name_missing")
	}
	long(&f, "name", a.Name, maxName)
	long(&f, "note", a.Note, maxNote)
	if a.FoundedOn == "" {
		f.Add("founded_on", "association.founded_missing")
	} else if a.FoundedOn > today {
		f.Add("founded_on", "association.founded_later")
	}
	if a.RegistrationNo != "" && a.RegisteredOn == "" {
		f.Add("registered_on", "association.registered_missing")
	}
	if a.RegisteredOn != "" && a.RegisteredOn < a.FoundedOn {
		f.Add("registered_on", "association.before_founded")
	}
	if a.DissolvedOn != "" && a.DissolvedOn < a.FoundedOn {
		f.Add("dissolved_on", "association.before_founded")
	}
	if (a.TermFrom == "") != (a.TermYears == 0) {
		f.Add("term_years", "association.term_both")
	} else if a.TermYears < 0 || a.TermYears > 10 {
		f.Add("term_years", "association.term_odd")
	}
	if len(a.Charters) > maxRows || len(a.Council) > maxRows || len(a.Counts) > maxRows || len(a.Inspections) > maxRows {
		f.Add("note", "association.rows_many", "N", maxRows)
	}
	for i, c := range a.Charters {
		if c.On == "" || c.Title == "" {
			f.Add("on", "association.charter_missing")
		}
		long(&f, "title", c.Title, maxName)
		if len(c.Points) > maxPoints {
			f.Add("points", "association.points_many", "N", maxPoints)
		}
		if i > 0 && c.On == a.Charters[i-1].On {
			f.Add("on", "association.charter_twice")
		}
	}
	for _, o := range a.Council {
		if o.Name == "" || o.Office == "" || o.From == "" {
			f.Add("officer", "association.officer_missing")
		}
		long(&f, "officer", o.Name+o.Office, maxName)
		if o.To != "" && o.To < o.From {
			f.Add("to", "association.officer_to")
		}
	}
	for i, c := range a.Counts {
		if c.On == "" || c.Members < 0 || c.Members > 10_000_000 {
			f.Add("members", "association.members_odd")
		}
		if i > 0 && c.On == a.Counts[i-1].On {
			f.Add("on", "association.count_twice")
		}
	}
	for i, x := range a.Inspections {
		switch {
		case x.Year < 1980 || x.Year > 2200 || x.On == "" || int64(x.On.Year()) < x.Year:
			f.Add("year", "association.inspection_odd")
		case !slices.Contains(Results, x.Result):
			f.Add("result", "association.result_missing")
		case i > 0 && x.Year == a.Inspections[i-1].Year:
			f.Add("year", "association.inspection_twice")
		}
	}
	return f
}

// TermEnds is the first day after the council's term; Open without one.
func (a Association) TermEnds() clock.Day {
	if a.TermFrom == "" || a.TermYears <= 0 {
		return clock.Open
	}
	return a.TermFrom.AddYears(int(a.TermYears))
}

// CharterOn is the charter in force on a day (R191); false before the first.
func (a Association) CharterOn(day clock.Day) (Charter, bool) {
	for i := len(a.Charters) - 1; i >= 0; i-- {
		if a.Charters[i].On <= day {
			return a.Charters[i], true
		}
	}
	return Charter{}, false
}

// inspectBy is the month from which the inspection for the year before is overdue: associations hand in until the middle
// of the year.
const inspectBy = "-07-01"

// mostYears bounds how far back missing inspections are told of.
const mostYears = 5

// Flags are what wants attention on a day (R190).
func (a Association) Flags(day clock.Day) (out []Flag) {
	if a.FoundedOn > day || a.DissolvedOn != "" && a.DissolvedOn <= day {
		return nil
	}
	if a.RegistrationNo == "" || a.RegisteredOn > day {
		out = append(out, Flag{Key: "unregistered"})
	}
	if _, ok := a.CharterOn(day); !ok {
		out = append(out, Flag{Key: "no_charter"})
	}
	switch end := a.TermEnds(); {
	case end == clock.Open:
		out = append(out, Flag{Key: "no_term"})
	case end <= day:
		out = append(out, Flag{Key: "term_over", Day: end})
	}
	if a.RegisteredOn == "" {
		return out
	}
	last := int64(day.Year()) - 1
	if string(day)[4:] < inspectBy {
		last--
	}
	for y := max(int64(a.RegisteredOn.Year()), last-mostYears+1); y <= last; y++ {
		if !slices.ContainsFunc(a.Inspections, func(x Inspection) bool { return x.Year == y && x.On <= day }) {
			out = append(out, Flag{Key: "not_inspected", Year: y})
		}
	}
	return out
}

// MembersOn is the latest count by a day; false before the first.
func (a Association) MembersOn(day clock.Day) (Count, bool) {
	for i := len(a.Counts) - 1; i >= 0; i-- {
		if a.Counts[i].On <= day {
			return a.Counts[i], true
		}
	}
	return Count{}, false
}

func cleanStation(s *Station) {
	trim(&s.Code, &s.Name, &s.Head, &s.Place, &s.Phone, &s.Note)
	if s.Kind == "" {
		s.Kind = StationKinds[0]
	}
}

func (s Station) problems(today clock.Day) (f errs.Fields) {
	if s.Name == "" {
		f.Add("name", "association.station_name_missing")
	}
	long(&f, "name", s.Name, maxName)
	long(&f, "note", s.Note, maxNote)
	long(&f, "head", s.Head, 40)
	long(&f, "place", s.Place, 100)
	if !slices.Contains(StationKinds, s.Kind) {
		f.Add("kind", "association.kind_missing")
	}
	if s.FoundedOn == "" {
		f.Add("founded_on", "association.founded_missing")
	} else if s.FoundedOn > today {
		f.Add("founded_on", "association.founded_later")
	}
	if s.ClosedOn != "" && s.ClosedOn < s.FoundedOn {
		f.Add("closed_on", "association.before_founded")
	}
	if s.Volunteers < 0 || s.Volunteers > 100_000 {
		f.Add("volunteers", "association.members_odd")
	}
	return f
}

func cleanGuidance(g *Guidance) {
	trim(&g.Code, &g.What, &g.People, &g.Result)
	g.Kind = GuidanceKinds[0]
	if g.TaskOf != 0 { // a committee set it: who sets a task is not who carries it out (R183)
		g.Kind = GuidanceKinds[1]
	}
}

func (g Guidance) problems(today clock.Day) (f errs.Fields) {
	if g.Day == "" {
		f.Add("day", "association.day_missing")
	} else if g.Day > today {
		f.Add("day", "association.day_later")
	}
	if g.What == "" {
		f.Add("what", "association.what_missing")
	}
	long(&f, "what", g.What, 200)
	long(&f, "people", g.People, 200)
	long(&f, "result", g.Result, maxNote)
	if g.Association.ID == 0 {
		f.Add("association", "association.association_missing")
	}
	return f
}
