package org

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Rank is the depth of a level: 0 the nation, 5 all leaves.
func (l Level) Rank() int {
	switch l {
	case Nation:
		return 0
	case Province:
		return 1
	case City:
		return 2
	case County:
		return 3
	case Township:
		return 4
	}
	return 5
}

// Leaf tells whether units of the level take leaf digits and have nothing below them in the tree.
func (l Level) Leaf() bool { return l.Span() == 1 }

// Known tells whether the level exists.
func (l Level) Known() bool { return slices.Contains(Levels, l) }

// MayHold tells whether a unit of level l may have one of level c right below it.
func (l Level) MayHold(c Level) bool {
	return l.Known() && c.Known() && l.Rank() < c.Rank() && !l.Leaf()
}

// Kinds lists the kinds of a level for forms; the first is usual. A level without kinds has "".
func (l Level) Kinds() []Kind {
	switch l {
	case Township:
		return []Kind{Town, Rural, Street}
	case Enterprise:
		return []Kind{Private, ""}
	case Park:
		return []Kind{Joint, ""}
	}
	return []Kind{""}
}

// codeWidth is the number of digits of a national code that a level uses.
func (l Level) codeWidth() int {
	switch l {
	case Province:
		return 2
	case City:
		return 4
	case County:
		return 6
	case Township:
		return 9
	case Village:
		return 12
	}
	return 13
}

// placeOfCode is the place that a code of digits names: 2, 4, 6, 9 or 12 digits by level, with zeros behind as the
// national lists write them; 13 digits name a leaf outright.
func placeOfCode(code string, l Level) (int64, bool) {
	if l == Nation || len(code) > 13 {
		return 0, false
	}
	w := l.codeWidth()
	if len(code) < w || strings.Trim(code[w:], "0") != "" {
		return 0, false
	}
	for _, c := range code {
		if c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(code[:w], 10, 64)
	if err != nil {
		return 0, false
	}
	// Number zero of a level belongs to the unit above.
	switch {
	case w < 9:
		return n * l.Span(), n%100 != 0
	case w == 9:
		return n * l.Span(), n%1000 != 0
	case w == 12:
		return n/1000*10000 + n%1000, n%1000 != 0
	}
	return n, n%10000 != 0
}

// lastLeaf is the highest leaf number of a unit: 9999 belongs to the ledger, which books there what several branches of a
// node share.
const lastLeaf = 9998

// slot is the row of numbers from which a unit of one level under one parent takes its own.
type slot struct {
	base, step int64
	lo, hi     int64
}

func slotUnder(parent int64, pl, l Level) slot {
	switch {
	case l == Township:
		return slot{parent, l.Span(), 1, 999}
	case !l.Leaf():
		return slot{parent, l.Span(), 1, 99}
	case l == Village && pl == Township:
		return slot{parent, 1, 1, 999}
	}
	return slot{parent, 1, 1000, lastLeaf}
}

// leafSlot is the row of leaf numbers to which one belongs: villages below 1000, all others above.
func leafSlot(parent, k int64) slot {
	if k < 1000 {
		return slot{parent, 1, 1, 999}
	}
	return slot{parent, 1, 1000, lastLeaf}
}

// slotOf tells whether a place may be taken by a unit of a level right under a parent, and which number of which row it
// is. Digits of a level that is left out must be zero, or the unit would stand in somebody else's block.
func slotOf(parent int64, pl, l Level, pos int64) (slot, int64, bool) {
	sl := slotUnder(parent, pl, l)
	if l.Leaf() {
		sl = leafSlot(parent, pos-parent)
	}
	k := (pos - sl.base) / sl.step
	return sl, k, l != Nation && (pos-sl.base)%sl.step == 0 && k >= sl.lo && k <= sl.hi
}

// next is the number after the highest used one; when there is none left, the lowest that was never used. 0 = full.
func (s slot) next(used map[int64]bool, top int64) int64 {
	if top < s.hi {
		return top + 1
	}
	for n := s.lo; n <= s.hi; n++ {
		if !used[n] {
			return n
		}
	}
	return 0
}

// naming is what a unit is called and of which kind it is over a span of days.
type naming struct {
	Unit    id.ID     `db:"unit" json:"unit"`
	From    clock.Day `db:"from_day" json:"from"`
	To      clock.Day `db:"to_day" json:"to"`
	Name    string    `db:"name" json:"name"`
	Kind    Kind      `db:"kind" json:"kind"`
	Aliases string    `db:"aliases" json:"aliases"` // one a line
}

// life is when a unit stands and who follows it.
type life struct {
	Code   string    `json:"code"`
	From   clock.Day `json:"from"`
	To     clock.Day `json:"to"`
	Heir   id.ID     `json:"heir"`
	Formed clock.Day `json:"formed"`
}

// state is all that the tree knows of one unit: what an event changes, and what its undoing restores.
type state struct {
	ID     id.ID
	Level  Level
	Ver    int64
	Life   life
	Names  []naming
	Places []Place
}

func (s *state) standsOn(d clock.Day) bool { return clock.Covers(s.Life.From, s.Life.To, d) }

// placeOn is the place that holds on the day; places go on after the unit has ended, because its records stay where
// they are and move with the units above.
func (s *state) placeOn(d clock.Day) (Place, bool) {
	for _, p := range s.Places {
		if clock.Covers(p.From, p.To, d) {
			return p, true
		}
	}
	return Place{}, false
}

func (s *state) nameOn(d clock.Day) string {
	for _, n := range s.Names {
		if clock.Covers(n.From, n.To, d) {
			return n.Name
		}
	}
	if len(s.Names) > 0 {
		return s.Names[len(s.Names)-1].Name
	}
	return ""
}

func (s *state) changed() Changed {
	last := s.Names[len(s.Names)-1]
	return Changed{Unit: s.ID, Level: s.Level, Kind: last.Kind, From: s.Life.From, To: s.Life.To,
		Places: slices.Clone(s.Places), Heir: s.Life.Heir}
}

// unit is the unit as it stands now or last stood.
func (s *state) unit() Unit {
	n, p := s.Names[len(s.Names)-1], s.Places[len(s.Places)-1]
	return Unit{ID: s.ID, Code: s.Life.Code, Name: n.Name, Level: s.Level, Kind: n.Kind, Pos: p.Pos, Parent: p.Parent,
		From: s.Life.From, To: s.Life.To, Heir: s.Life.Heir, Formed: s.Life.Formed, Ver: s.Ver}
}

// renumber moves all places of ps that lie in old during [from, to) by shift; a place that reaches out of the window
// keeps its ends where they were.
func renumber(ps []Place, from, to clock.Day, old scope.Range, shift int64, reparent func(*Place)) []Place {
	out := make([]Place, 0, len(ps)+2)
	for _, p := range ps {
		a, b := max(p.From, from), clock.MinEnd(p.To, to)
		if p.Pos < old.From || p.Pos >= old.To || !a.Before(b) {
			out = append(out, p)
			continue
		}
		if p.From < a {
			head := p
			head.To = a
			out = append(out, head)
		}
		mid := p
		mid.From, mid.To, mid.Pos = a, b, p.Pos+shift
		if reparent != nil {
			reparent(&mid)
		}
		out = append(out, mid)
		if b.Before(p.To) {
			tail := p
			tail.From = b
			out = append(out, tail)
		}
	}
	slices.SortFunc(out, func(x, y Place) int { return cmp.Compare(x.From, y.From) })
	return out
}

// rename changes what the unit is called from a day on, up to the next change that is known already.
func rename(ns []naming, day clock.Day, change func(*naming)) []naming {
	out := make([]naming, 0, len(ns)+1)
	for _, n := range ns {
		if !clock.Covers(n.From, n.To, day) {
			out = append(out, n)
			continue
		}
		if n.From < day {
			head := n
			head.To = day
			out = append(out, head)
			n.From = day
		}
		change(&n)
		out = append(out, n)
	}
	return out
}

// window is a span of days in which a unit stands at one place under one parent.
type window struct {
	from, to clock.Day
	at       Place
}

// run is the unbroken row of places from day on in which the unit keeps its parent: an ancestor's move changes the
// number but not the parent.
func run(ps []Place, day clock.Day) []window {
	var out []window
	var parent id.ID
	for _, p := range ps {
		if !day.Before(p.To) {
			continue
		}
		if len(out) > 0 && p.Parent != parent {
			break
		}
		parent = p.Parent
		out = append(out, window{max(p.From, day), p.To, p})
	}
	return out
}

// validate looks at a unit to be founded, apart from what stands in the tree.
func (n NewUnit) validate(f *errs.Fields) {
	if n.Code == "" || len(n.Code) > 40 || strings.ContainsAny(n.Code, " /\\~\t\r\n") {
		f.Add("code", "org.code_unfit")
	}
	if l := len([]rune(n.Name)); l == 0 || l > 80 {
		f.Add("name", "org.name_missing")
	}
	if !n.Level.Known() {
		f.Add("level", "org.level_missing")
	}
	if n.Level.Known() && !slices.Contains(n.Level.Kinds(), n.Kind) && n.Level.Rank() >= 4 && n.Kind != "" {
		f.Add("kind", "org.kind_unfit")
	}
	if _, err := clock.ParseDay(string(n.From)); err != nil {
		f.Add("from", "org.day_missing")
	}
	if n.To != clock.Open {
		if _, err := clock.ParseDay(string(n.To)); err != nil || n.To < n.From {
			f.Add("to", "org.end_before_start")
		}
	}
}

const creditDigits = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var creditWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// CreditCodeOK checks the last digit of an 18-digit unified social credit code by GB 32100-2015.
func CreditCodeOK(code string) bool {
	if len(code) != 18 {
		return false
	}
	sum := 0
	for i := range 17 {
		n := strings.IndexByte(creditDigits, code[i])
		if n < 0 {
			return false
		}
		sum += n * creditWeights[i]
	}
	return creditDigits[(31-sum%31)%31] == code[17]
}

// overlaps tells whether two spans of days share a day.
func overlaps(af, at, bf, bt clock.Day) bool { return af.Before(bt) && bf.Before(at) }

// Dialable tells whether somebody can be called by what was typed as a telephone: it may say more (whose it
// is, an extension), but has a number; short ones within an office have three digits.
func Dialable(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n >= 3
}

// Local puts a place's own name where a text says ×× (R38): 平安×× reads 平安云州 in 云州市.
func Local(text, place string) string {
	short := []rune(place)
	for _, end := range []string{"街道", "地区", "省", "市", "区", "县", "旗", "镇", "乡", "村"} {
		if stem, ok := strings.CutSuffix(place, end); ok && utf8.RuneCountInString(stem) >= 2 {
			short = []rune(stem)
			break
		}
	}
	return strings.ReplaceAll(text, "××", string(short))
}
