package anon

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

// tree makes a random tree whose cells are given by their number; places says how many there are.
func tree(r *rand.Rand, units int) (root *Node, leaves []*Node) {
	all := []*Node{{Unit: 1}}
	for i := range units {
		n := &Node{Unit: id.ID(i + 2)}
		up := all[r.IntN(len(all))]
		up.Kids = append(up.Kids, n)
		all = append(all, n)
	}
	for _, n := range all {
		if len(n.Kids) == 0 || r.IntN(4) == 0 {
			leaves = append(leaves, n)
		}
	}
	return all[0], leaves
}

func published(root *Node) string {
	var b strings.Builder
	release(root, func(u id.ID, pooled bool, n int64, least bool) { fmt.Fprintf(&b, "%d %v %d %v;", u, pooled, n, least) })
	return b.String()
}

// TestNoSmallCellCanBePinned takes an attacker who sees everything that is published, knows the rules and the tree, and
// works at one of the units, whose cell is therefore known. All assignments of the small cells are tried that publish the
// very same: every small cell of everybody else could then be anything from nothing to four.
func TestNoSmallCellCanBePinned(t *testing.T) { // R160
	r := rand.New(rand.NewPCG(160, 5))
	pooled, supers := 0, 0
	rounds, most := 40, 6
	if testkit.Long() {
		rounds, most = 60, 7
	}
	for range rounds {
		root, leaves := tree(r, 4+r.IntN(7))
		var small []*int64
		for _, n := range leaves {
			v := int64(r.IntN(5))
			if r.IntN(6) == 0 || len(small) == most {
				v = int64(Fewest + r.IntN(4))
			} else {
				small = append(small, &v)
			}
			n.Own = &v
		}
		truth := make([]int64, len(small))
		for i, p := range small {
			truth[i] = *p
		}
		said := published(root)
		if strings.Contains(said, "true") {
			pooled++
		}
		if len(small) > 5 && !strings.Contains(said, "true") {
			supers++
		}
		// could[j][i][x]: cell i could hold x, for somebody who knows cell j; the last j knows none
		could := make([][][5]bool, len(small)+1)
		for j := range could {
			could[j] = make([][5]bool, len(small))
		}
		var try func(i int)
		try = func(i int) {
			if i < len(small) {
				for x := range int64(5) {
					*small[i] = x
					try(i + 1)
				}
				return
			}
			if published(root) != said {
				return
			}
			for j := range could {
				if j < len(small) && *small[j] != truth[j] {
					continue
				}
				for k, p := range small {
					could[j][k][*p] = true
				}
			}
		}
		try(0)
		for j := range could {
			for i := range small {
				if i != j && could[j][i] != [5]bool{true, true, true, true, true} {
					t.Fatalf("cells %v publish %q: whoever knows cell %d learns of cell %d that it is one of %v", truth, said, j, i, could[j][i])
				}
			}
		}
	}
	if pooled == 0 || supers == 0 {
		t.Errorf("the trees tried nothing: %d with small cells together, %d that kept them back", pooled, supers)
	}
}

// TestWhatIsPublishedAddsUp holds that no number is made up: what is published and what is left is what was reported, and
// only the numbers marked "so many or more" fall short.
func TestWhatIsPublishedAddsUp(t *testing.T) { // R160
	r := rand.New(rand.NewPCG(160, 6))
	for range 300 {
		root, leaves := tree(r, 3+r.IntN(60))
		var all, out int64
		for _, n := range leaves {
			v := int64(r.IntN(9))
			n.Own, all = &v, all+v
		}
		exact := true
		left, _ := sum(release(root, func(_ id.ID, _ bool, n int64, least bool) {
			if out += n; n < Fewest {
				t.Fatalf("%d is published", n)
			}
			exact = exact && !least
		}))
		if exact && out+left != all || out+left > all {
			t.Fatalf("of %d, %d is published and %d left", all, out, left)
		}
	}
}
