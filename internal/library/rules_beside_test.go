package library

import (
	"slices"
	"strings"
	"testing"
)

// L33: other searches are terms of the texts that were found, those of most texts first; what was typed, a sentence that somebody quotes and
// a mark that is never shut are none.
func TestBeside(t *testing.T) {
	texts := []string{"“四化型”改革，“七有”标准，“四化型”模式。", "“四化型”经验和‘五好’创建，他说：“今天，大家都来了。”", "“没有关上", "“" + strings.Repeat("长", 13) + "”"}
	if got := Beside("改革", texts, 6); !slices.Equal(got, []string{"四化型", "七有", "五好"}) {
		t.Errorf("%q", got)
	}
	if got := Beside("“四化型”改革", texts, 1); !slices.Equal(got, []string{"七有"}) {
		t.Errorf("%q", got)
	}
	if got := Beside("", nil, 6); len(got) != 0 {
		t.Errorf("%q", got)
	}
}
