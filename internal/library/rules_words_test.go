package library

import (
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/search"
)

// L33: the pairs that tell a text from others: often in it, seldom in the rest, and none that nothing else holds.
func TestKeywords(t *testing.T) {
	text := "关工委开展泥塑教学。泥塑进校园，泥塑传承人到校教泥塑。关工委，关工委，关工委组织工作，工作，工作，工作。GPS 7 x"
	df := func(pair string) int {
		switch {
		case strings.Contains("关工委工作组织开展", pair):
			return 90_000
		case pair == "校园":
			return 0
		case pair == "gps":
			return 2
		}
		return 20
	}
	got := Keywords(text, df, 3)
	if len(got) != 3 || !slices.Equal(got[:2], []string{"泥塑", "gps"}) {
		t.Error(got)
	}
	all := Keywords(text, df, 100)
	if slices.Contains(all, "校园") || slices.ContainsFunc(all, func(p string) bool { return p == "7" || p == "x" || strings.ContainsAny(p, "，。 ") }) {
		t.Error(all)
	}
	if got := Keywords(text, nil, 2); !slices.Equal(got, []string{"关工", "工委"}) {
		t.Error(got)
	}
	if Keywords("", df, 5) != nil || Keywords(text, df, 0) != nil || Keywords("\xff\x00，", df, 5) != nil {
		t.Error("words of nothing")
	}
	asked := 0
	Keywords(strings.Join(newAuthor().clauses(), ""), func(string) int { asked++; return 1 }, 12)
	if asked > 120 {
		t.Errorf("asked about %d pairs", asked)
	}
}

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
		if err != nil || !q.Matches("", want) {
			t.Errorf("%s does not find %s: %v %v", typed, want, q, err)
		}
	}
}
