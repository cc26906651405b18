package app

import (
	"strings"
	"testing"
)

// What a unit sent down the tree and across to other bodies stands in one list, with whom it waits; a neighbour and a unit
// below see nothing of it there.
func TestWhatWasSentOfEverySubject(t *testing.T) { // R66
	w := openWorld(t)
	list := w.get(w.byLogin["chenyulan"], "/inbox?sent=1").body
	for _, part := range []string{`href="/notice/`, `href="/campaign/`, `href="/assign/`, `href="/decision/`} {
		if !strings.Contains(list, part) {
			t.Errorf("nothing leads to %s", part)
		}
	}
	for _, login := range []string{"caihuiqin", "liangshuiwang"} {
		other := w.get(w.byLogin[login], "/inbox?sent=1").body
		for _, kind := range []string{"notice", "campaign", "assign", "decision"} {
			for _, part := range strings.Split(other, `href="/`+kind+"/")[1:] {
				if ref, _, _ := strings.Cut(part, `"`); strings.Contains(list, ref) {
					t.Errorf("%s sees %s/%s as sent by itself", login, kind, ref)
				}
			}
		}
	}
}
