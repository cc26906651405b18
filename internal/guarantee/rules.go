package guarantee

import (
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

const (
	maxName       = 80 // characters
	maxText       = 500
	maxMechanisms = 8
	maxPoints     = 40
	maxFiles      = 10
	firstYear     = 2000
)

func long(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "guarantee.too_long", "N", most)
	}
}

func checkYear(f *errs.Fields, name string, year int, today clock.Day) {
	if year < firstYear || year > today.Year()+5 {
		f.Add(name, "guarantee.year_unfit")
	}
}

func trim(list ...*string) {
	for _, s := range list {
		*s = strings.TrimSpace(*s)
	}
}

// nextYear is the first day after a year.
func nextYear(year int) clock.Day { return clock.YearOf(year).To.AddDays(1) }

// Customary reads the mechanisms that hold where nobody set others: a line "# code name" begins a mechanism, each line after it
// is a point: code, name, proof, body, and the marks r (required) and i (inclusion).
func Customary(text string) (s Standard) {
	for _, line := range strings.Split(text, "\n") {
		part := strings.Split(strings.TrimSpace(line), "|")
		switch {
		case len(part) == 2:
			s.Mechanisms = append(s.Mechanisms, Mechanism{Code: part[0], Name: part[1]})
		case len(part) == 5 && len(s.Mechanisms) > 0:
			s.Points = append(s.Points, Point{Code: part[0], Mechanism: s.Mechanisms[len(s.Mechanisms)-1].Code, Name: part[1], Proof: part[2], Body: part[3],
				Required: strings.Contains(part[4], "r"), Inclusion: strings.Contains(part[4], "i")})
		}
	}
	return s
}

func (s *Standard) clean() {
	trim(&s.Name, &s.Document)
	s.Mechanisms, s.Points = slices.Clone(s.Mechanisms), slices.Clone(s.Points)
	for i := range s.Mechanisms {
		m := &s.Mechanisms[i]
		trim(&m.Code, &m.Name)
		if m.Code == "" {
			m.Code = m.Name
		}
	}
	for i := range s.Points {
		p := &s.Points[i]
		trim(&p.Code, &p.Name, &p.Proof, &p.Mechanism)
		if p.Code == "" {
			p.Code = p.Name
		}
	}
}

func (s Standard) check(today clock.Day) error {
	var f errs.Fields
	checkYear(&f, "from", s.From, today)
	if s.Until != 0 && (s.Until < s.From || s.Until > today.Year()+50) {
		f.Add("until", "guarantee.until_unfit")
	}
	if s.Name == "" {
		f.Add("name", "guarantee.name_missing")
	}
	long(&f, "name", s.Name, maxName)
	long(&f, "document", s.Document, maxName)
	if len(s.Mechanisms) == 0 || len(s.Mechanisms) > maxMechanisms {
		f.Add("name", "guarantee.mechanisms_unfit", "N", maxMechanisms)
	}
	if len(s.Points) > maxPoints {
		f.Add("name", "guarantee.points_many", "N", maxPoints)
	}
	seen := map[string]bool{}
	for _, m := range s.Mechanisms {
		if m.Name == "" || utf8.RuneCountInString(m.Name) > 30 || utf8.RuneCountInString(m.Code) > 40 || seen[m.Code] {
			f.Add("m_"+m.Code, "guarantee.mechanism_unfit", "N", 30)
		}
		seen[m.Code] = true
		if !slices.ContainsFunc(s.Points, func(p Point) bool { return p.Mechanism == m.Code && p.Required }) {
			f.Add("m_"+m.Code, "guarantee.mechanism_empty", "Name", m.Name)
		}
	}
	points := map[string]bool{}
	for _, p := range s.Points {
		p.check(&f, seen)
		if points[p.Code] {
			f.Add("name", "guarantee.point_twice", "Name", p.Name)
		}
		points[p.Code] = true
	}
	return f.Err()
}

func (p Point) check(f *errs.Fields, mechanisms map[string]bool) {
	if p.Name == "" {
		f.Add("name", "guarantee.point_missing")
	}
	long(f, "name", p.Name, maxName)
	long(f, "name", p.Code, maxName)
	long(f, "proof", p.Proof, maxText)
	if !slices.Contains(Bodies, p.Body) {
		f.Add("body", "guarantee.body_unknown")
	}
	if !mechanisms[p.Mechanism] {
		f.Add("mechanism", "guarantee.mechanism_unknown")
	}
}

// put adds a point, or changes the one of its code.
func (s *Standard) put(p Point) {
	s.Points = slices.Clone(s.Points)
	if i := slices.IndexFunc(s.Points, func(o Point) bool { return p.Code != "" && o.Code == p.Code }); i >= 0 {
		s.Points[i] = p
		return
	}
	s.Points = append(s.Points, p)
}

func (s *Standard) drop(code string) bool {
	was := len(s.Points)
	s.Points = slices.DeleteFunc(slices.Clone(s.Points), func(p Point) bool { return p.Code == code })
	return len(s.Points) < was
}

// holds tells whether a standard is valid in a year.
func (s Standard) holds(year int) bool { return s.From <= year && (s.Until == 0 || year <= s.Until) }

// take fills a year with the points of a standard: what the year already has of a point stays, by its code; what of last is
// taken over has to be confirmed.
func (y *Year) take(ref id.Ref, s Standard, last []Held) {
	was := y.Points
	y.Standard, y.Mechanisms, y.Points = ref, s.Mechanisms, nil
	for _, p := range s.Points {
		h := Held{Point: p}
		if i := find(was, p.Code); i >= 0 {
			h = was[i]
			h.Point = p
		} else if i := find(last, p.Code); i >= 0 && last[i].Since != clock.Open {
			h = last[i]
			h.Point, h.ToConfirm = p, true
		}
		y.Points = append(y.Points, h)
	}
}

func find(list []Held, code string) int {
	return slices.IndexFunc(list, func(h Held) bool { return h.Code == code })
}

// follows tells whether the points of a year are those of a standard, word for word.
func (y Year) follows(s Standard) bool {
	if len(y.Points) != len(s.Points) || !slices.Equal(y.Mechanisms, s.Mechanisms) {
		return false
	}
	for i, h := range y.Points {
		if h.Point != s.Points[i] {
			return false
		}
	}
	return true
}

// In tells whether a point is there on a day.
func (h Held) In(day clock.Day) bool { return h.Since != clock.Open && !h.ToConfirm && h.Since <= day }

func (h *Held) clean() { trim(&h.By, &h.Doc.Name, &h.Doc.Number, &h.Note) }

// check says what has to be changed of what shows that a point is there.
func (h Held) check(year int, today clock.Day) error {
	var f errs.Fields
	switch {
	case h.Since == clock.Open:
		f.Add("since", "guarantee.since_missing")
	case h.Since > today:
		f.Add("since", "guarantee.day_ahead")
	case h.Since > clock.YearOf(year).To:
		f.Add("since", "guarantee.since_later", "Year", year)
	}
	if h.Doc.Name == "" && len(h.Files) == 0 {
		f.Add("doc_name", "guarantee.doc_missing")
	}
	h.Doc.check(&f, today)
	long(&f, "by", h.By, maxName)
	long(&f, "note", h.Note, maxText)
	if len(h.Files) > maxFiles {
		f.Add("file", "guarantee.files_many", "N", maxFiles)
	}
	return f.Err()
}

func (d Document) check(f *errs.Fields, today clock.Day) {
	long(f, "doc_name", d.Name, maxName)
	long(f, "doc_number", d.Number, 40)
	if d.Day > today {
		f.Add("doc_day", "guarantee.day_ahead")
	}
}

// since is the day from which each of some points is there; false when one is not.
func since(points []Held) (day clock.Day, all bool) {
	for _, h := range points {
		if h.Since == clock.Open || h.ToConfirm {
			return clock.Open, false
		}
		day = max(day, h.Since)
	}
	return day, len(points) > 0
}

func (y Year) of(keep func(h Held) bool) (out []Held) {
	for _, h := range y.Points {
		if keep(h) {
			out = append(out, h)
		}
	}
	return out
}

// needed are the points without which a mechanism is not in place.
func (y Year) needed(m string) []Held {
	return y.of(func(h Held) bool { return h.Mechanism == m && h.Required })
}

// Have counts the mechanisms that are in place on a day (R8).
func (y Year) Have(day clock.Day) (n int) {
	for _, m := range y.Mechanisms {
		if d, all := since(y.needed(m.Code)); all && d <= day {
			n++
		}
	}
	return n
}

// Gaps are the points that are not there on a day, those that a mechanism needs first.
func (y Year) Gaps(day clock.Day) []Held {
	out := y.of(func(h Held) bool { return !h.In(day) })
	slices.SortStableFunc(out, func(a, b Held) int {
		switch {
		case a.Required == b.Required:
			return 0
		case a.Required:
			return -1
		}
		return 1
	})
	return out
}

// yearRows publishes a year: how much of it there is in each stretch between two days on which something came, for a record
// counts once at a time; each point that is there, each mechanism in place, all of them, and all of the inclusions. None
// outside the year.
func yearRows(_ id.Ref, y Year) ledger.Record {
	first, end, us := clock.YearOf(y.Year).From, nextYear(y.Year), []id.ID{y.Unit}
	var out ledger.Record
	add := func(row string, from clock.Day, h Held) {
		if from = max(from, first); from < end {
			out.Rows = append(out.Rows, ledger.Row{Type: row, From: from, To: end, Units: us, Attrs: map[string]any{"point": h.Code, "mechanism": h.Mechanism}})
		}
	}
	cuts := []clock.Day{first}
	for _, h := range y.Points {
		if h.Since != clock.Open && !h.ToConfirm {
			add("held", h.Since, h)
			if h.Since > first && h.Since < end {
				cuts = append(cuts, h.Since)
			}
		}
	}
	slices.Sort(cuts)
	cuts = append(slices.Compact(cuts), end)
	for i, day := range cuts[:len(cuts)-1] {
		in := func(h Held) bool { return h.In(day) }
		out.Rows = append(out.Rows, ledger.Row{Type: "count", From: day, To: cuts[i+1], Units: us, Attrs: map[string]any{
			"asked": int64(len(y.Points)), "held": int64(len(y.of(in))), "mechanisms": int64(y.Have(day)),
			"inclusions_asked": int64(len(y.of(Held.inclusion))), "inclusions": int64(len(y.of(func(h Held) bool { return h.inclusion() && in(h) })))}})
	}
	full, every := first, len(y.Mechanisms) > 0
	for _, m := range y.Mechanisms {
		day, all := since(y.needed(m.Code))
		if full, every = max(full, day), every && all; all {
			add("mechanism", day, Held{Point: Point{Mechanism: m.Code}})
		}
	}
	if every {
		add("full", full, Held{})
	}
	if day, all := since(y.of(Held.inclusion)); all {
		add("included", day, Held{})
	}
	return out
}

func (h Held) inclusion() bool { return h.Inclusion }
