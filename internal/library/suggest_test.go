package library

import (
	"encoding/json"
	"net/url"
	"slices"
	"testing"

	"xinhuo/internal/kit/testkit"
)

// Whoever types is told of titles by their characters, pinyin and initials, and of words that mean the same; nothing else of a text.
func TestSuggestions(t *testing.T) {
	w := openWorld(t)
	_, old := w.issued("990203", "校外教育阵地建设经验.txt", "四化型标准。", Document{Visible: VisiblePublic})
	_, d := w.issued("990203", "关工委工作总结.txt", "校外教育写在正文里。", Document{})
	w.draft("990203", "校外教育草稿.txt", "还没有写完的一份草稿。", Document{})
	ask := func(who, typed string) (texts []string) {
		var out struct{ List []Suggestion }
		w.must(json.Unmarshal(w.get(who, "/library/suggest?q="+url.QueryEscape(typed), 200).Body.Bytes(), &out))
		if out.List == nil {
			t.Errorf("%s: no list", typed)
		}
		for _, x := range out.List {
			if w.get(who, x.Href, 200); x.Href != Path(old.No) && x.Href != Path(d.No) && x.Href != "/library?q="+url.QueryEscape(x.Text) {
				t.Errorf("%s leads to %s", x.Text, x.Href)
			}
			texts = append(texts, x.Text)
		}
		return texts
	}
	for typed, want := range map[string][]string{
		"":         nil,
		"校":        nil,
		"校外教":      {"校外教育阵地建设经验"},
		"xiaowa":   {"校外教育阵地建设经验", "校外辅导员", "校外辅导老师"},
		"XWJY":     {"校外教育阵地建设经验"},
		"四化型":      nil,
		"zongj":    {"关工委工作总结"},
		"阵地":       {"校外教育阵地建设经验", "基地"},
		"ggw":      {"关工委工作总结", "关工委", "关心下一代工作委员会"}, // what its unit is called is no title
		"没有的词":     nil,
		"\"; DROP": nil,
	} {
		got := ask("990203", typed)
		if !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	if got := ask("visitor", "gongzuo"); slices.Contains(got, d.Title) {
		t.Error("a visitor is told of what only members see")
	}
	page := testkit.HTML(t, w.get("visitor", "/library", 200).Body.String())
	page.MustHave("#suggest[data-for=lq][data-from=\"/library/suggest\"] ul[hidden]", "")
	page.MustHave("form.find.lib input[name=q]", "")
}
