package activity

import (
	"strings"
	"testing"

	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/record"
)

func record0(act string) record.Change { return record.Change{Act: "activity.act." + act} }

// words are an error as a person reads it.
func (w *world) words(err error) string { return i18n.Error(w.ctx, err) }

func has(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("%q is missing in %.3000s", part, text)
	}
}

func hasNot(t *testing.T, text, part string) {
	t.Helper()
	if strings.Contains(text, part) {
		t.Errorf("%q should not be there", part)
	}
}
