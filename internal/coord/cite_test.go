package coord

import (
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
)

// R86: what a task rests on is read as it is typed or pasted; whatever is no reference is said, and nothing is guessed.
func TestCitesAsTheyAreTyped(t *testing.T) {
	for text, want := range map[string][]Cite{
		"":                            nil,
		"14566431":                    {{14566431, ""}},
		"14566431#p2.3":               {{14566431, "2.3"}},
		" 14566431#2.3. ":             {{14566431, "2.3"}},
		"/d/14566431#p1":              {{14566431, "1"}},
		"https://x.example/d/7#p1.2":  {{7, "1.2"}},
		"7\n7\n8#p1":                  {{7, ""}, {8, "1"}},
		"二、（三）":                       nil,
		"7#第三点":                       nil,
		"7 8":                         nil,
		"javascript:alert(1)":         nil,
		"99999999999999999999999999":  nil,
		strings.Repeat("9/", 3000):    nil,
		"/d/7#p" + "1." + "<script>x": nil,
	} {
		var f errs.Fields
		var lines []string
		if text != "" {
			lines = strings.Split(text, "\n")
		}
		got := readCites(lines, &f)
		if !slices.Equal(got, want) || (len(f) > 0) != (want == nil && text != "") {
			t.Errorf("%.40q: %v %v, want %v", text, got, f, want)
		}
		for _, c := range got { // what is written is read again
			var again errs.Fields
			if x := readCites([]string{c.String()}, &again); !slices.Equal(x, []Cite{c}) {
				t.Errorf("%v is written as %s and read as %v", c, c, x)
			}
		}
	}
}
