package anon

import (
	"fmt"
	"testing"
)

// Of all tables of a known whole that show the same, each hidden number has more than one value: none can be worked out (R160).
func TestNoHiddenNumberFollowsFromTheRest(t *testing.T) { // R160
	const most = 16 // beyond it nothing is tried, so that no whole above is judged
	seen := map[string][]map[int64]bool{}
	var walk func(parts []int64, n int)
	walk = func(parts []int64, n int) {
		if n > 0 {
			for v := range int64(most) {
				walk(append(parts[:len(parts):len(parts)], v), n-1)
			}
			return
		}
		total := int64(0)
		for _, p := range parts {
			total += p
		}
		if total < Fewest || total >= most { // a whole below is told nobody
			return
		}
		shown := Shield(parts)
		key := fmt.Sprint(len(parts), total, shown)
		if seen[key] == nil {
			seen[key] = make([]map[int64]bool, len(parts))
		}
		for i, s := range shown {
			if s != Hidden && (s != parts[i] || s < Fewest) {
				t.Fatalf("%v is shown as %v", parts, shown)
			}
			if s == Hidden {
				if seen[key][i] == nil {
					seen[key][i] = map[int64]bool{}
				}
				seen[key][i][parts[i]] = true
			}
		}
	}
	walk(nil, 2)
	walk(nil, 3)
	for key, values := range seen {
		for i, v := range values {
			if v != nil && len(v) < 2 {
				t.Errorf("shown %s, part %d can only be %v", key, i, v)
			}
		}
	}
}

func TestBursts(t *testing.T) { // R160
	for _, c := range []struct {
		before, lately, heads int64
		aside                 bool
	}{{0, 0, 30, false}, {4, 4, 30, false}, {5, 5, 30, true}, {10, 0, 30, true}, {10, 0, 100, false}, {25, 0, 100, true}} {
		if got := Aside(c.before, c.lately, c.heads); got != c.aside {
			t.Errorf("%+v is set aside: %t", c, got)
		}
	}
	if Network("[2001:db8:1:2:3::4]:80") != Network("2001:db8:1:2::9") || Network("10.0.0.1:80") == Network("10.0.0.2:80") {
		t.Error("networks are not compared as they should be")
	}
}
