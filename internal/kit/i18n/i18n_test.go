package i18n_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
)

func file(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

// Modules keep their texts in i18n/, or directly in the folder.
var (
	inFolder = fstest.MapFS{"i18n/zh.toml": file(`"a.title" = "阵地"
"a.count" = "{{.Count}}处要改"
"errs.internal" = "系统出了问题"`), "i18n/en.toml": file(`"a.title" = "Bases"
"a.count" = "{{.Count}} to change"
"errs.internal" = "Something broke"`)}
	flat = fstest.MapFS{"zh.toml": file(`"b.only" = "只有中文"`), "en.toml": file(``)}
)

func load(t *testing.T) *i18n.Texts {
	t.Helper()
	texts, err := i18n.Load(inFolder, flat)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestBothLanguages(t *testing.T) {
	texts := load(t)
	for lang, want := range map[string][]string{"zh": {"阵地", "3处要改", "2019年5月31日", "系统出了问题"}, "en": {"Bases", "3 to change", "31 May 2019", "Something broke"}} {
		ctx := i18n.With(context.Background(), texts, lang)
		got := []string{i18n.T(ctx, "a.title"), i18n.T(ctx, "a.count", "Count", 3), i18n.Day(ctx, "2019-05-31"), i18n.Error(ctx, errors.New("disk"))}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", lang, got[i], want[i])
			}
		}
		if said := i18n.Error(ctx, errs.Wrap(errors.New("disk"), errs.Invalid, "a.count", "Count", 3)); said != want[1] {
			t.Errorf("%s: an error says %q", lang, said)
		}
		// "…从2019-05-31起任这个职务" stood in a refusal
		if said := i18n.T(ctx, "a.count", "Count", clock.Day("2019-05-31")); !strings.HasPrefix(said, want[2]) {
			t.Errorf("%s: a day in a text is %q", lang, said)
		}
		if i18n.Lang(ctx) != lang || i18n.Day(ctx, "") != "" || !i18n.Has(ctx, "a.title") || i18n.Has(ctx, "a.nowhere") {
			t.Errorf("%s: the language, an open day or Has is wrong", lang)
		}
	}
	if len(texts.Keys("zh")) != 4 || len(texts.Keys("en")) != 3 {
		t.Errorf("%d and %d texts", len(texts.Keys("zh")), len(texts.Keys("en")))
	}
}

// A key without a text answers itself: nothing breaks and a test can see it. One language never steps in for the other
// unseen.
func TestMissingKey(t *testing.T) {
	texts := load(t)
	en := i18n.With(context.Background(), texts, "en")
	for _, key := range []string{"a.nowhere", "b.only", ""} {
		if got := i18n.T(en, key, "Count", 1); got != key {
			t.Errorf("%q became %q", key, got)
		}
	}
	if got := texts.Get("fr", "a.title", nil); got != "a.title" {
		t.Errorf("an unknown language says %q", got)
	}
	bare := context.Background()
	if i18n.T(bare, "a.title") != "a.title" || i18n.Lang(bare) != "zh" || i18n.Has(bare, "a.title") {
		t.Error("a context without texts breaks")
	}
}

func TestLoadRefuses(t *testing.T) {
	for what, folders := range map[string][]fs.FS{
		"a language that is not there": {fstest.MapFS{"zh.toml": file("")}},
		"a key that stands twice":      {inFolder, fstest.MapFS{"zh.toml": file(`"a.title" = "又一个"`), "en.toml": file("")}},
		"a file that is spoilt":        {fstest.MapFS{"zh.toml": file(`"a" = `), "en.toml": file("")}},
		"keys within keys":             {fstest.MapFS{"zh.toml": file("[a]\ntitle = \"x\""), "en.toml": file("")}},
	} {
		_, err := i18n.Load(folders...)
		if err == nil {
			t.Errorf("%s was taken", what)
		}
	}
}
