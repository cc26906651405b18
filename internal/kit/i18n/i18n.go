// Package i18n speaks the two languages of the pages, Chinese (default) and English, from TOML files that each
// module keeps beside its code (nicksnyder/go-i18n). Keys are flat: "base.title". A test checks them both ways.
package i18n

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

// Langs are the languages that every text exists in; the first is the default.
var Langs = []string{"zh", "en"}

// Texts is all loaded texts.
type Texts struct {
	local map[string]*goi18n.Localizer
	keys  map[string]map[string]string
}

// Load reads i18n/zh.toml and i18n/en.toml (or zh.toml and en.toml) of each folder.
func Load(folders ...fs.FS) (*Texts, error) {
	b := goi18n.NewBundle(language.Chinese)
	b.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	t := &Texts{local: map[string]*goi18n.Localizer{}, keys: map[string]map[string]string{}}
	for _, lang := range Langs {
		t.keys[lang] = map[string]string{}
		for _, f := range folders {
			name := "i18n/" + lang + ".toml"
			data, err := fs.ReadFile(f, name)
			if err != nil {
				name = lang + ".toml"
				if data, err = fs.ReadFile(f, name); err != nil {
					return nil, fmt.Errorf("i18n.Load: %w", err)
				}
			}
			var flat map[string]string
			if err := toml.Unmarshal(data, &flat); err != nil {
				return nil, fmt.Errorf("i18n.Load %s: %w", name, err)
			}
			var msgs []*goi18n.Message
			for k, v := range flat {
				if _, dup := t.keys[lang][k]; dup {
					return nil, fmt.Errorf("i18n.Load: %s stands twice in %s", k, lang)
				}
				t.keys[lang][k] = v
				msgs = append(msgs, &goi18n.Message{ID: k, Other: v})
			}
			if err := b.AddMessages(language.MustParse(lang), msgs...); err != nil {
				return nil, fmt.Errorf("i18n.Load: %w", err)
			}
		}
		t.local[lang] = goi18n.NewLocalizer(b, lang)
	}
	return t, nil
}

// Keys are all texts of a language.
func (t *Texts) Keys(lang string) map[string]string { return t.keys[lang] }

// Get is the text of a key; a key without text answers itself, so that nothing breaks and a test can see it.
func (t *Texts) Get(lang, key string, args map[string]any) string {
	plain, ok := t.keys[lang][key]
	if !ok {
		return key
	}
	if !strings.Contains(plain, "{{") {
		return plain
	}
	s, err := t.local[lang].Localize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: args})
	if err != nil {
		return plain
	}
	return s
}

type ctxKey struct{}

type ctxVal struct {
	texts *Texts
	lang  string
}

// With puts the texts and the reader's language into the context.
func With(ctx context.Context, t *Texts, lang string) context.Context {
	return context.WithValue(ctx, ctxKey{}, ctxVal{t, lang})
}

// Lang is the reader's language, "zh" by default.
func Lang(ctx context.Context) string {
	if v, ok := ctx.Value(ctxKey{}).(ctxVal); ok {
		return v.lang
	}
	return Langs[0]
}

// In is the context of somebody who reads another language, with the same texts.
func In(ctx context.Context, lang string) context.Context {
	v, ok := ctx.Value(ctxKey{}).(ctxVal)
	if !ok {
		return ctx
	}
	return With(ctx, v.texts, lang)
}

// T is the text of a key in the reader's language; args are name, value pairs. A clock.Day among them is written
// as Day writes it.
func T(ctx context.Context, key string, args ...any) string {
	v, ok := ctx.Value(ctxKey{}).(ctxVal)
	if !ok {
		return key
	}
	named := errs.Args(args...)
	for name, arg := range named {
		if d, ok := arg.(clock.Day); ok {
			named[name] = Day(ctx, d)
		}
	}
	return v.texts.Get(v.lang, key, named)
}

// Has tells whether a key has a text.
func Has(ctx context.Context, key string) bool {
	v, ok := ctx.Value(ctxKey{}).(ctxVal)
	if !ok {
		return false
	}
	_, ok = v.texts.keys[v.lang][key]
	return ok
}

// Error is what a person is told of an error, in their language.
func Error(ctx context.Context, err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return T(ctx, e.Key, pairs(e.Args)...)
	}
	return T(ctx, "errs.internal")
}

// Day writes a day in the reader's language: 2019年5月31日, 31 May 2019.
func Day(ctx context.Context, d clock.Day) string {
	if d == clock.Open {
		return ""
	}
	t := d.Time()
	if Lang(ctx) == "en" {
		return t.Format("2 January 2006")
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}

// Month writes the month of a day in the reader's language: 2019年5月, May 2019.
func Month(ctx context.Context, d clock.Day) string {
	t := d.Time()
	if Lang(ctx) == "en" {
		return t.Format("January 2006")
	}
	return fmt.Sprintf("%d年%d月", t.Year(), t.Month())
}

func pairs(m map[string]any) []any {
	out := make([]any, 0, 2*len(m))
	for k, v := range m {
		out = append(out, k, v)
	}
	return out
}
