package ledger

import (
	"context"
	"testing"

	"xinhuo/internal/kit/i18n"
)

// English pages once said "119 个": an empty word in English is meant, not missing.
func TestEnglishCountsWithoutMeasureWords(t *testing.T) { // R89
	d, n := Definition{Unit: "count", Measure: Words{Zh: "个"}}, int64(119)
	for lang, want := range map[string]string{"zh": "119个", "en": "119"} {
		ctx := i18n.With(context.Background(), nil, lang)
		if got := joined(ctx, d, &n); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
