package anon

import (
	"slices"

	"xinhuo/internal/kit/id"
)

// knownMost is the most that a number can hold that is told nobody.
const knownMost = Fewest - 1

// Node is a unit in the tree of those that counted something over a closed time. Own is its own number, nil when it counted nothing
// itself.
type Node struct {
	Unit id.ID
	Own  *int64
	Kids []*Node
}

// part is a small cell, or several together, that nothing was said about yet: how many it holds, and the most that it can
// hold by what everybody may know.
type part struct{ n, most int64 }

// Release publishes one kind of number of one closed time from the leaves up, calling out for each: of a unit its own number where it
// is Fewest or more, or small ones below it together (pooled), which may be said as "so many or more" (least). It answers how much is
// told nobody.
//
// Small numbers wait at the unit above. Where so many wait that together they could hold more than enough, they become one number when
// they come to Pooled or more: less the four that somebody knows of their own unit is still five. When they come to less, they wait as
// one, further up. What is said depends on small numbers only through such a sum, or through there being none such: whoever sees all
// that is published, knows these rules and knows one of the small numbers can tell of no other whether it is 0, 1, 2, 3 or 4.
// TestNoSmallCellCanBePinned tries every other possibility. All that is ever shown has to be a sum of what is called out here, and must
// not change afterwards.
func Release(v *Node, out func(unit id.ID, pooled bool, n int64, least bool)) (left int64) {
	left, _ = sum(release(v, out))
	return left
}

func release(v *Node, out func(unit id.ID, pooled bool, n int64, least bool)) (left []part) {
	if v.Own != nil {
		if *v.Own >= Fewest {
			out(v.Unit, false, *v.Own, false)
		} else {
			left = append(left, part{*v.Own, knownMost})
		}
	}
	for _, k := range v.Kids {
		left = append(left, release(k, out)...)
	}
	n, most := sum(left)
	most -= largestTwo(left) // so many or fewer leave room for any of them, and whoever knows one of them, to be nothing
	switch {
	case most < Pooled:
		return left // too few of them to be told together; nothing was decided by what they hold
	case n < Pooled:
		return []part{{n, Pooled - 1}}
	}
	out(v.Unit, true, min(n, most), n >= most)
	return nil
}

func sum(list []part) (n, most int64) {
	for _, p := range list {
		n, most = n+p.n, most+p.most
	}
	return n, most
}

func largestTwo(list []part) (n int64) {
	most := make([]int64, 0, len(list))
	for _, p := range list {
		most = append(most, p.most)
	}
	slices.Sort(most)
	for _, m := range most[max(0, len(most)-2):] {
		n += m
	}
	return n
}
