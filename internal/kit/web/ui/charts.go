package ui

import (
	"fmt"
	"strconv"
	"strings"
)

// Part is a part of a whole. N decides the width; Number and Note are what is
// read ("71", "万元" or "58%"). Rest marks what is left over: it is outlined.
type Part struct {
	Text         string
	N            int64
	Number, Note string
	Href         string
	Rest         bool
}

// Parts is a share bar with its key; at most three parts. Label says the
// message in one sentence.
type Parts struct {
	Label string
	Parts []Part
}

// Point is a value at a place in time; X in any unit that grows evenly (days).
type Point struct{ X, Y int64 }

// Series is one course over time. Window > 0 shades from that X to the end.
type Series struct {
	Points     []Point
	Window     int64
	Label      string // the message in one sentence
	Start, End string // captions below
}

// Bar is one row: a child unit on a measure. Value is on the scale of Bars.Max.
type Bar struct {
	Name, Href   string // the unit, and its page
	Value        int64
	Number, Note string // "80%", "12/15"
	Evidence     string // address of the records
}

// BarTable compares child units on one measure, sorted by the caller. Max is
// the end of the scale (0 takes the largest value); Tick > 0 marks the
// parent's value.
type BarTable struct {
	Caption string
	Max     int64
	Tick    int64
	Rows    []Bar
}

// MatrixCell is one count of a matrix. Label is what a screen reader says.
type MatrixCell struct {
	N           int64
	Href, Label string
}

// MatrixRow is a unit with its counts, its total and where they lead.
type MatrixRow struct {
	Name, Href      string
	Total, TotalRef string
	Cells           []MatrixCell
}

// Matrix is a heat table of units by categories (2 to 12 columns). Steps are
// the counts from which a cell is drawn stronger and strongest; zero means 3, 5.
type Matrix struct {
	Caption, Corner string
	Columns         []string
	Rows            []MatrixRow
	Foot            *MatrixRow
	Steps           [2]int64
}

const sparkW, sparkH, sparkTop = 320, 96, 10

type sparkShape struct {
	line, area, axis, dot string
	winX, winW            string
}

// shape computes the spark line. Bars and lines start at 0, so that a small
// change does not look like a large one.
func (s Series) shape() sparkShape {
	var sh sparkShape
	if len(s.Points) == 0 {
		return sh
	}
	first, last := s.Points[0].X, s.Points[len(s.Points)-1].X
	var top int64 = 1
	for _, p := range s.Points {
		top = max(top, p.Y)
	}
	span := max(last-first, 1)
	at := func(p Point) string {
		x := float64(p.X-first) / float64(span) * sparkW
		if len(s.Points) == 1 {
			x = sparkW
		}
		y := sparkH - float64(p.Y)/float64(top)*(sparkH-sparkTop)
		return trim(x) + " " + trim(y)
	}
	var pts []string
	for _, p := range s.Points {
		pts = append(pts, at(p))
	}
	if len(pts) == 1 { // one day only: a level line
		y := strings.Fields(pts[0])[1]
		pts = []string{"0 " + y, pts[0]}
	}
	sh.line = "M" + strings.Join(pts, " ")
	sh.area = "M0 96L" + strings.Join(pts, " ") + " 320 96z"
	sh.dot = "M" + pts[len(pts)-1] + "h.01"
	sh.axis = "M0 96H320"
	if s.Window > first && s.Window < last {
		x := float64(s.Window-first) / float64(span) * sparkW
		sh.winX, sh.winW = trim(x), trim(sparkW-x)
		sh.axis += "M" + trim(x) + " 0V96"
	}
	return sh
}

type slice struct {
	class, x, w string
	outline     bool
	inX, inW    string
}

// slices lays the parts side by side on a width of 100 with small gaps.
func (p Parts) slices() []slice {
	var total int64
	shown := 0
	for _, q := range p.Parts {
		if q.N > 0 {
			total += q.N
			shown++
		}
	}
	if total == 0 {
		return []slice{{class: "c0", x: "0", w: "100", outline: true, inX: ".15", inW: "99.7"}}
	}
	const gap = .5
	room := 100 - gap*float64(shown-1)
	var out []slice
	x := 0.0
	for i, q := range p.Parts {
		if q.N <= 0 {
			continue
		}
		w := room * float64(q.N) / float64(total)
		s := slice{class: q.class(i), x: trim(x), w: trim(w)}
		if q.Rest {
			s.outline, s.inX, s.inW = true, trim(x+.15), trim(max(w-.3, 0))
		}
		out = append(out, s)
		x += w + gap
	}
	return out
}

func (p Part) class(i int) string {
	switch {
	case p.Rest:
		return "c0"
	case i == 0:
		return "c1"
	case i == 1:
		return "c2"
	}
	return "cm"
}

func (b BarTable) max() int64 {
	if b.Max > 0 {
		return b.Max
	}
	top := max(b.Tick, 1)
	for _, r := range b.Rows {
		top = max(top, r.Value)
	}
	return top
}

func (b BarTable) width(v int64) string {
	w := float64(v) / float64(b.max()) * 100
	return trim(min(max(w, 0), 100))
}

func (m Matrix) class(n int64) string {
	strong, strongest := m.Steps[0], m.Steps[1]
	if strong == 0 {
		strong, strongest = 3, 5
	}
	switch {
	case n <= 0:
		return "h0"
	case n < strong:
		return "h1"
	case n < strongest:
		return "h2"
	}
	return "h3"
}

func (m Matrix) tableClass() string {
	return "k" + strconv.Itoa(min(max(len(m.Columns), 1), 12))
}

// trim writes a coordinate with at most two decimals.
func trim(f float64) string {
	s := strconv.FormatFloat(f, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "" || s == "-0" {
		return "0"
	}
	return s
}

// qrPath is the black squares as one path: a run of squares is one rectangle.
func qrPath(size int, black func(x, y int) bool) string {
	var b strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			if !black(x, y) {
				continue
			}
			from := x
			for x < size && black(x, y) {
				x++
			}
			fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+4, y+4, x-from, x-from)
		}
	}
	return b.String()
}
