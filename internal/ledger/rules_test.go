package ledger

import "testing"

// A record of several units counts once at each of them and at all that they lie in, also where a county answers to its
// province with no city between (R56).
func TestSharedRecordCountsOnceUnderDirectCounty(t *testing.T) {
	for name, c := range map[string]struct {
		pos  []int64
		want map[int64]int64 // subtree's beginning -> width
	}{
		"two townships of a county under the province":   {[]int64{100010030001, 100010040000}, map[int64]int64{100010030001: 1, 100010040000: 1, 100010000000: 1e7, 100000000000: 1e11}},
		"a county under the province and one of its own": {[]int64{100010000000, 100010040000, 100020000000}, map[int64]int64{100010000000: 1e7, 100020000000: 1e7, 100000000000: 1e11}},
		"an enterprise of the city and a township of it": {[]int64{102000000007, 102010010000, 102010010003}, map[int64]int64{102010010000: 1e4, 102010000000: 1e7, 102000000000: 1e9, 100000000000: 1e11}},
		"a village under the county, one in a township":  {[]int64{102010000004, 102010010003}, map[int64]int64{102010000000: 1e7, 102000000000: 1e9}},
	} {
		lines := meeting(c.pos)
		for from, width := range c.want {
			sum := int64(0)
			for _, l := range lines {
				if l.pos >= from && l.pos < from+width {
					sum += l.sign
				}
			}
			if sum != 1 {
				t.Errorf("%s: %d of width %d counts it %d times: %v", name, from, width, sum, lines)
			}
		}
	}
}
