package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"
)

// textKey looks like "base.name_missing".
var textKey = regexp.MustCompile(`^[a-z][A-Za-z0-9_]*(\.[A-Za-z0-9_-]+)+$`)

// texts reads every zh.toml and en.toml: language → key → text, and the place.
func texts(files tree) (byLang map[string]map[string]string, place map[string]string, bad []string) {
	byLang = map[string]map[string]string{"zh": {}, "en": {}}
	place = map[string]string{}
	for _, f := range files {
		lang, ok := strings.CutSuffix(path.Base(f.path), ".toml")
		if !ok || byLang[lang] == nil || !strings.HasPrefix(f.path, "internal/") {
			continue
		}
		var nested map[string]any
		if _, err := toml.Decode(f.text, &nested); err != nil {
			bad = append(bad, fmt.Sprintf("%s: %v", f.path, err))
			continue
		}
		flatten(nested, "", func(key, text string) {
			if _, twice := byLang[lang][key]; twice {
				bad = append(bad, fmt.Sprintf("%s: %s stands twice", f.path, key))
			}
			byLang[lang][key] = text
			place[lang+" "+key] = f.path
		})
	}
	return byLang, place, bad
}

func flatten(m map[string]any, prefix string, fn func(key, text string)) {
	for k, v := range m {
		switch v := v.(type) {
		case string:
			fn(prefix+k, v)
		case map[string]any:
			flatten(v, prefix+k+".", fn)
		}
	}
}

// takers are the calls that take a text key, with the last argument that may
// be it: T(ctx, key), t(key), errs.Wrap(err, kind, key), fields.Add(input, key).
var takers = map[string]int{"T": 1, "t": 0, "tr": 1, "Has": 1, "New": 1, "Wrap": 2, "Add": 1}

var (
	templCall = regexp.MustCompile(`\b(?:T|t|tr)\(\s*(?:ctx\s*,\s*)?"([^"]+)"\s*[,)]`)
	dataKey   = regexp.MustCompile(`\bkey\s*=\s*"([^"]+)"`)
)

// usedKeys are the keys that the code asks for, each with one place, and every
// string that might make up a key.
func usedKeys(files tree) (used map[string]string, strs map[string]bool) {
	used, strs = map[string]string{}, map[string]bool{}
	note := func(at, key string) {
		if textKey.MatchString(key) {
			used[key] = at
		}
	}
	for _, f := range files {
		switch {
		case strings.HasSuffix(f.path, ".templ"):
			for _, m := range templCall.FindAllStringSubmatch(f.text, -1) {
				note(f.path, m[1])
			}
			for _, m := range quoted.FindAllStringSubmatch(f.text, -1) {
				strs[m[1]] = true
			}
		case isData(f):
			for _, m := range dataKey.FindAllStringSubmatch(f.text, -1) {
				note(f.path, m[1])
			}
			for _, m := range quoted.FindAllStringSubmatch(f.text, -1) {
				strs[m[1]] = true
			}
		case f.syntax != nil && !f.isTest() && !f.isGenerated() && f.module() != own:
			f.literals(func(_ token.Pos, v string) { strs[v] = true })
			ast.Inspect(f.syntax, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if key, pos, ok := keyOf(n); ok {
						note(f.at(pos), key)
					}
				case *ast.KeyValueExpr:
					if id, ok := n.Key.(*ast.Ident); ok && (id.Name == "Act" || strings.HasSuffix(id.Name, "TextKey")) {
						if v, ok := text(n.Value); ok {
							note(f.at(n.Pos()), v)
						}
					}
				}
				return true
			})
		}
	}
	return used, strs
}

var quoted = regexp.MustCompile(`["` + "`" + `]([A-Za-z0-9_.%-]+)["` + "`" + `]`)

func text(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	v, err := strconv.Unquote(lit.Value)
	return v, err == nil
}

// keyOf finds the text key in i18n.T(ctx, "…"), errs.New(kind, "…"),
// errs.Wrap(err, kind, "…") and fields.Add("input", "…").
func keyOf(call *ast.CallExpr) (string, token.Pos, bool) {
	name, pkg := "", ""
	switch fn := call.Fun.(type) {
	case *ast.Ident:
		name = fn.Name
	case *ast.SelectorExpr:
		name = fn.Sel.Name
		if x, ok := fn.X.(*ast.Ident); ok {
			pkg = x.Name
		}
	}
	last, ok := takers[name]
	if !ok || (name == "New" || name == "Wrap") && pkg != "errs" {
		return "", 0, false
	}
	for i := min(last, len(call.Args)-1); i >= 0; i-- {
		if v, ok := text(call.Args[i]); ok {
			return v, call.Args[i].Pos(), true
		}
	}
	return "", 0, false
}

// isData: definitions that a module keeps as TOML, beside its texts.
func isData(f file) bool {
	return strings.HasPrefix(f.path, "internal/") && strings.HasSuffix(f.path, ".toml") &&
		f.base() != "zh.toml" && f.base() != "en.toml"
}

// textsExist: every key that the code asks for has a text in both languages.
func textsExist(files tree) []string {
	byLang, place, bad := texts(files)
	used, _ := usedKeys(files)
	for key, at := range used {
		var without []string
		for _, lang := range []string{"zh", "en"} {
			if _, ok := byLang[lang][key]; !ok {
				without = append(without, lang)
			}
		}
		if len(without) > 0 {
			bad = append(bad, fmt.Sprintf("%s: %q has no text in %s", at, key, strings.Join(without, " and ")))
		}
	}
	for key := range byLang["zh"] {
		if _, ok := byLang["en"][key]; !ok {
			bad = append(bad, fmt.Sprintf("%s: %q is missing in en.toml", place["zh "+key], key))
		}
	}
	for key := range byLang["en"] {
		if _, ok := byLang["zh"][key]; !ok {
			bad = append(bad, fmt.Sprintf("%s: %q is missing in zh.toml", place["en "+key], key))
		}
	}
	return bad
}

// noOrphanTexts: every text is used, by its key or by a key that the code puts
// together from a beginning ("org.level." + level) or a pattern ("f.%s.name").
func noOrphanTexts(files tree) (bad []string) {
	byLang, place, _ := texts(files)
	_, strs := usedKeys(files)
	var patterns []*regexp.Regexp
	var beginnings []string
	for s := range strs {
		switch {
		case strings.Contains(s, "%"):
			if strings.Contains(s, ".") && !strings.ContainsAny(s, " \n") {
				p := regexp.MustCompile(`%[a-z]`).ReplaceAllString(strings.ReplaceAll(s, ".", `\.`), `[A-Za-z0-9_-]+`)
				if re, err := regexp.Compile("^" + p + "$"); err == nil {
					patterns = append(patterns, re)
				}
			}
		case strings.HasSuffix(s, ".") && len(s) > 1, strings.HasSuffix(s, "_") && strings.Contains(s, "."):
			beginnings = append(beginnings, s)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(byLang["zh"])) {
		if strs[key] ||
			slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(key, b) }) ||
			slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(key) }) {
			continue
		}
		bad = append(bad, fmt.Sprintf("%s: nothing uses %q", place["zh "+key], key))
	}
	return bad
}

var (
	halfWidth  = regexp.MustCompile(`\p{Han}[,;:?!]`)
	typedSpace = regexp.MustCompile(`\p{Han} +[0-9]|[0-9] +\p{Han}`)
	// Words in which a forbidden one is only a part.
	harmless = strings.NewReplacer("申请", "", "邀请", "", "聘请", "", "报请", "", "提请", "", "请示", "", "请求", "", "请假", "", "呈请", "")
	unkind   = regexp.MustCompile(`请|对不起|非法|无效|失败`)
	jargon   = regexp.MustCompile(`(?i)\b(invalid|illegal|failed|sorry|please|oops)\b`)
)

// kindWords: texts are written as the house writes: full-width punctuation, no
// typed spaces, nothing that blames or pleads.
func kindWords(files tree) (bad []string) {
	byLang, place, _ := texts(files)
	for key, s := range byLang["zh"] {
		at := place["zh "+key] + ": " + key
		if m := halfWidth.FindString(s); m != "" {
			bad = append(bad, fmt.Sprintf("%s: half-width %q", at, m))
		}
		if m := typedSpace.FindString(s); m != "" {
			bad = append(bad, fmt.Sprintf("%s: typed space %q", at, m))
		}
		if m := unkind.FindString(harmless.Replace(s)); m != "" {
			bad = append(bad, fmt.Sprintf("%s: the word %q", at, m))
		}
	}
	for key, s := range byLang["en"] {
		if m := jargon.FindString(s); m != "" {
			bad = append(bad, fmt.Sprintf("%s: %s: the word %q", place["en "+key], key, m))
		}
	}
	return bad
}
