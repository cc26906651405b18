package ledger

import (
	"encoding/json"
	"fmt"
	"sort"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// node is where a unit stood, and whether it still stands: all that lines needs of the tree.
type node struct {
	unit   id.ID
	level  string
	kind   string
	from   clock.Day
	to     clock.Day
	heir   id.ID
	places []place
}

type place struct {
	pos      int64
	from, to clock.Day
}

// tree is the part of the tree that a record touches, heirs included.
type tree map[id.ID]node

// today is the unit's place by today's boundaries: its own last one, or its heir's.
func (t tree) today(u id.ID) int64 {
	for hops := 0; ; hops++ {
		n := t[u]
		if n.heir == 0 || hops > 50 {
			if len(n.places) == 0 {
				return 0
			}
			return n.places[len(n.places)-1].pos
		}
		u = n.heir
	}
}

// then is where the unit's records stood over time by the boundaries of the day: a chain of places without gaps, the
// first reaching back and the last reaching on for ever.
func (t tree) then(u id.ID) []place {
	var out []place
	start := clock.Day("0000-00-00")
	for hops := 0; hops <= 50; hops++ {
		n := t[u]
		end := clock.Open
		if n.heir != 0 {
			end = n.to
		}
		for i, p := range n.places {
			to := p.to
			if i == len(n.places)-1 {
				to = end
			}
			if to != clock.Open && to <= start {
				continue
			}
			out = append(out, place{pos: p.pos, from: start, to: to})
			start = to
			if to == clock.Open {
				return out
			}
		}
		if n.heir == 0 {
			return out
		}
		u = n.heir
	}
	return out
}

// span is a stretch of days in which a record counts in the same way.
type span struct {
	from, to clock.Day
	units    []id.ID
	dims     string
	amount   int64
}

// spans turns a record into the stretches in which it counts for a figure: for a state the union of the matching rows
// (a base accredited at three levels is one base), cut by the window; for an event one stretch of no length a row.
func (c *compiled) spans(r Record, t tree) ([]span, error) {
	var hits []span
	for _, row := range r.Rows {
		env := c.env(r, row)
		ok, err := c.matches(env)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		amount, err := c.amount(env)
		if err != nil {
			return nil, err
		}
		if amount == 0 || row.From == clock.Open {
			continue
		}
		s := span{from: row.From, to: row.To, units: row.Units, dims: c.tuple(env), amount: amount}
		if c.Kind == Event {
			s.to = s.from
			if c.EndsWithUnit {
				s.units = notEnded(t, s.units, s.from)
			}
			if len(s.units) > 0 {
				hits = append(hits, s)
			}
			continue
		}
		if w := c.Window; w != nil {
			anchor, _ := env[w.Anchor].(string)
			edge := clock.Day(anchor).AddYears(w.Years)
			if anchor == "" {
				continue
			}
			if w.Part == "after" {
				if s.from < edge {
					s.from = edge
				}
			} else {
				s.to = clock.MinEnd(s.to, edge)
			}
		}
		if s.to == clock.Open || s.from < s.to {
			hits = append(hits, s)
		}
	}
	if c.Kind == Event {
		return hits, nil
	}
	return union(hits, t, c.EndsWithUnit), nil
}

// notEnded leaves out units that have ended on the day, whether or not another took them over. A signing is done, not
// open: what a unit did while it stood stays counted on its day.
func notEnded(t tree, units []id.ID, d clock.Day) []id.ID {
	var out []id.ID
	for _, u := range units {
		n := t[u]
		if n.to == clock.Open || d < n.to {
			out = append(out, u)
		}
	}
	return out
}

// standing leaves out units that do not stand on the day: what is open counts only while its unit is there.
func standing(t tree, units []id.ID, d clock.Day) []id.ID {
	var out []id.ID
	for _, u := range notEnded(t, units, d) {
		if t[u].from <= d {
			out = append(out, u)
		}
	}
	return out
}

// union merges overlapping stretches: at each moment the record counts once, for all units that the rows of that
// moment name, with the breakdowns and the amount of the first of them.
func union(hits []span, t tree, endsWithUnit bool) []span {
	if len(hits) == 0 {
		return nil
	}
	cuts := map[clock.Day]bool{}
	for _, h := range hits {
		cuts[h.from] = true
		if h.to != clock.Open {
			cuts[h.to] = true
		}
		if endsWithUnit {
			for _, u := range h.units {
				n := t[u]
				if n.to != clock.Open {
					cuts[n.to] = true
				}
				if h.from < n.from {
					cuts[n.from] = true
				}
			}
		}
	}
	days := make([]clock.Day, 0, len(cuts))
	for d := range cuts {
		days = append(days, d)
	}
	sort.Slice(days, func(i, j int) bool { return days[i] < days[j] })
	var out []span
	for i, d := range days {
		end := clock.Open
		if i+1 < len(days) {
			end = days[i+1]
		}
		var s span
		seen := map[id.ID]bool{}
		for _, h := range hits {
			if !clock.Covers(h.from, h.to, d) {
				continue
			}
			units := h.units
			if endsWithUnit {
				units = standing(t, units, d)
			}
			if len(units) == 0 {
				continue
			}
			if len(seen) == 0 {
				s = span{from: d, to: end, dims: h.dims, amount: h.amount}
			}
			for _, u := range units {
				if !seen[u] {
					seen[u] = true
					s.units = append(s.units, u)
				}
			}
		}
		if len(seen) == 0 {
			continue
		}
		sort.Slice(s.units, func(i, j int) bool { return s.units[i] < s.units[j] })
		if n := len(out); n > 0 && out[n-1].to == s.from && out[n-1].dims == s.dims && out[n-1].amount == s.amount && sameUnits(out[n-1].units, s.units) {
			out[n-1].to = s.to
			continue
		}
		out = append(out, s)
	}
	return out
}

func sameUnits(a, b []id.ID) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// account adds up what ought to stand in the ledger, by line.
type account map[line]int64

func (a account) add(l line, delta int64) {
	if v := a[l] + delta; v == 0 {
		delete(a, l)
	} else {
		a[l] = v
	}
}

// views is what a record ought to hold by the boundaries of then and by today's; frame is 0 in both.
type views struct{ then, today account }

func (v views) add(o views) {
	for l, n := range o.then {
		v.then.add(l, n)
	}
	for l, n := range o.today {
		v.today.add(l, n)
	}
}

// lines is the one pure function from stretches and the tree to entries. A state begins with +amount on its first day
// and ends with -amount on the day after its last; what the calendar will bring is posted ahead on its day.
func lines(figure int64, kind Kind, spans []span, t tree, dimID func(string) int64, v views) {
	for _, s := range spans {
		dim := dimID(s.dims)
		put := func(a account, pos []int64, from, to clock.Day) {
			for _, p := range meeting(pos) {
				a.add(line{figure: figure, pos: p.pos, day: from.Int(), dim: dim}, p.sign*s.amount)
				if kind != Event && to != clock.Open {
					a.add(line{figure: figure, pos: p.pos, day: to.Int(), dim: dim}, -p.sign*s.amount)
				}
			}
		}
		var now []int64
		for _, u := range s.units {
			now = append(now, t.today(u))
		}
		put(v.today, now, s.from, s.to)

		// by the boundaries of then, the stretch is cut wherever one of its units changed place
		cuts := []clock.Day{s.from}
		chains := make([][]place, len(s.units))
		for i, u := range s.units {
			chains[i] = t.then(u)
			if kind == Event {
				continue
			}
			for _, p := range chains[i] {
				if p.from > s.from && (s.to == clock.Open || p.from < s.to) {
					cuts = append(cuts, p.from)
				}
			}
		}
		sort.Slice(cuts, func(i, j int) bool { return cuts[i] < cuts[j] })
		for i, d := range cuts {
			if i > 0 && d == cuts[i-1] {
				continue
			}
			end := s.to
			for _, later := range cuts[i+1:] {
				if later > d {
					end = later
					break
				}
			}
			var pos []int64
			for _, chain := range chains {
				for _, p := range chain {
					if clock.Covers(p.from, p.to, d) {
						pos = append(pos, p.pos)
						break
					}
				}
			}
			put(v.then, pos, d, end)
		}
	}
}

type signed struct{ pos, sign int64 }

// spans of places from the nation down to the township.
var widths = []int64{1e13, 1e11, 1e9, 1e7, 1e4, 1}

// meeting is the posting of a record of several units: +1 at each, and -(k-1) in the tree that joins them at every
// node where k of its branches meet, so that each unit and each common ancestor count it once (R56).
func meeting(pos []int64) []signed {
	seen := map[int64]bool{}
	var own []int64
	for _, p := range pos {
		if !seen[p] {
			seen[p] = true
			own = append(own, p)
		}
	}
	sort.Slice(own, func(i, j int) bool { return own[i] < own[j] })
	out := make([]signed, 0, len(own))
	for _, p := range own {
		out = append(out, signed{p, 1})
	}
	if len(own) > 1 {
		join(own, 0, 0, &out)
	}
	return out
}

// join books at the node at place base, of the level whose subtree is widths[level] wide, what its branches share.
func join(pos []int64, base int64, level int, out *[]signed) {
	if len(pos) < 2 {
		return
	}
	if n := branches(pos, base, level, out); n > 1 {
		*out = append(*out, signed{base + joint, 1 - n})
	}
}

// branches is how many branches of the node at base the places lie in, after it booked what is shared further down.
// A unit may hang under a node with levels left out, as a county that answers to its province: it lies in the part of
// the subtree that begins like the node itself, and is a branch with a subtree of its own like any other.
func branches(pos []int64, base int64, level int, out *[]signed) (n int64) {
	if level+1 >= len(widths) {
		return int64(len(pos))
	}
	w := widths[level+1]
	for i, j := 0, 0; i < len(pos); i = j {
		code := pos[i] / w
		for j = i; j < len(pos) && pos[j]/w == code; {
			j++
		}
		if code*w == base {
			n += branches(pos[i:j], base, level+1, out)
		} else {
			n++
			join(pos[i:j], code*w, level+1, out)
		}
	}
	return n
}

// joint is the leaf number, never given to a unit, at which a node books what several of its branches share: inside
// the node's subtree, but none of its own records.
const joint = 9999

// tuple of breakdown values, as it is interned.
func encodeTuple(values []string) string {
	if len(values) == 0 {
		return "[]"
	}
	b, err := json.Marshal(values)
	if err != nil {
		panic(fmt.Sprintf("ledger: tuple %q: %v", values, err)) // strings always marshal
	}
	return string(b)
}

// difference is what has to be appended so that the ledger shows the wanted views. What both views need alike gets
// frame 0; the rest is told apart. Nothing is ever updated.
func difference(have map[line]int64, want views) map[line]int64 {
	needThen, needToday := account{}, account{}
	for l, v := range want.then {
		needThen.add(l, v)
	}
	for l, v := range want.today {
		needToday.add(l, v)
	}
	for l, v := range have {
		f := l.frame
		l.frame = frameBoth
		if f != frameToday {
			needThen.add(l, -v)
		}
		if f != frameThen {
			needToday.add(l, -v)
		}
	}
	out := map[line]int64{}
	for l, v := range needThen {
		if needToday[l] == v {
			out[l] = v
			delete(needToday, l)
			continue
		}
		l.frame = frameThen
		out[l] = v
	}
	for l, v := range needToday {
		l.frame = frameToday
		out[l] = v
	}
	return out
}
