package library

import (
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/search"
)

// L29 R203: whoever looks for one spelling finds the others; no word of a group holds another, or the search would write 工作工作简报.
func TestSpellings(t *testing.T) {
	seen := map[string]bool{}
	for _, group := range Spellings() {
		if len(group) < 2 || len(group) > 8 {
			t.Errorf("%q", group)
		}
		for i, w := range group {
			if w != search.Fold(w) && !strings.Contains(w, "、") || seen[w] {
				t.Errorf("%s", w)
			}
			seen[w] = true
			for j, other := range group {
				if i != j && strings.Contains(w, other) {
					t.Errorf("%s holds %s", w, other)
				}
			}
		}
	}
	for typed, want := range map[string]string{"公益创投": "公益创授", "校外教育阵地": "校外教育基地", "市关工委": "市关心下一代工作委员会", "法制教育": "法治教育"} {
		q, err := search.Parse(typed, Spellings())
		if err != nil || !slices.Contains(q.Needles[0].Spellings, search.Fold(want)) {
			t.Errorf("%s does not find %s: %v %v", typed, want, q, err)
		}
	}
}
