package arch

import (
	"slices"
	"strings"
	"testing"
)

// rule is one promise about the repository. Good and bad are files (path, text)
// on which it must hold and must not.
type rule struct {
	name  string
	check func(tree) []string
	good  map[string]string
	bad   []map[string]string
}

var rules = []rule{
	{
		name: "imports follow the map", check: followMap,
		good: map[string]string{
			"internal/base/sub/store.go": `package sub; import _ "xinhuo/internal/audit"; import _ "xinhuo/internal/kit/db"`,
			"internal/app/app.go":        `package app; import _ "xinhuo/internal/base"`,
		},
		bad: []map[string]string{
			{"internal/org/store.go": `package org; import _ "xinhuo/internal/base"`},
			{"internal/org/sub/store.go": `package sub; import _ "xinhuo/internal/ledger/x"`},
			{"internal/kit/web/web.go": `package web; import _ "xinhuo/internal/account"`},
			{"internal/kit/testkit/kit.go": `package testkit; import _ "xinhuo/internal/app"`},
			{"internal/base/store_test.go": `package base; import _ "xinhuo/internal/app"`},
			{"internal/nowhere/store.go": `package nowhere; import _ "xinhuo/internal/org"`},
		},
	},
	{
		name: "the map is true", check: mapIsTrue, good: everyModule(),
		bad: []map[string]string{
			{},
			with(everyModule(), "internal/nowhere/doc.go", "package nowhere"),
			with(everyModule(), "internal/school/doc.go", "package school"),
		},
	},
	{
		name: "model and rules are pure", check: pureRules,
		good: map[string]string{"internal/base/pages.go": `package base; import _ "net/http"`},
		bad: []map[string]string{
			{"internal/base/model.go": `package base; import _ "database/sql"`},
			{"internal/base/rules_term.go": `package base; import _ "net/http"`},
			{"internal/base/rules.go": `package base; import _ "xinhuo/internal/kit/db"`},
		},
	},
	{
		name: "SQL stands in stores", check: sqlInStores,
		good: map[string]string{
			"internal/base/store_check.go": "package base\nconst q = \"-- base.Get\\nSELECT id FROM base\"",
			"internal/base/pages.go":       `package base; const title = "Select a base"`,
		},
		bad: []map[string]string{
			{"internal/base/pages.go": `package base; const q = "select id from base"`},
			{"internal/base/service.go": "package base\nconst q = `-- base.Set\n UPDATE base SET name = $1`"},
			{"internal/base/api.go": "package base\nconst q = `WITH x AS (SELECT 1) TABLE x`"},
			{"cmd/xinhuo/main.go": "package main\nconst q = `delete from base`"},
		},
	},
	{
		name: "queries carry their name", check: namedQueries,
		good: map[string]string{"internal/base/store.go": "package base\nconst part = `SELECT id FROM base`\n" +
			"var _, _ = db.Get[Base](ctx, d, `-- base.Get\n `+part), d.Exec(ctx, fmt.Sprintf(`-- base.Set\n UPDATE base SET x = %d`, 1))"},
		bad: []map[string]string{
			{"internal/base/store.go": `package base; var _ = db.Select[Base](ctx, d, "SELECT id FROM base")`},
			{"internal/base/store.go": `package base; var _ = d.Exec(ctx, "DELETE FROM " + table)`},
			{"internal/base/store_x.go": "package base\nvar _ = d.Rows(ctx, `-- org.Get\n SELECT id FROM base`)"},
		},
	},
	{
		name: "pages ask the service", check: pagesAskTheService,
		good: map[string]string{"internal/base/service.go": `package base; import _ "xinhuo/internal/kit/db"`},
		bad: []map[string]string{
			{"internal/base/pages_list.go": `package base; import _ "xinhuo/internal/kit/db"`},
			{"internal/base/api.go": `package base; import _ "database/sql"`},
		},
	},
	{
		name: "words stand in the catalogues", check: wordsInCatalogues,
		good: map[string]string{
			"internal/base/list.templ": "// 阵地 is a base\ntempl x() { <p>{ t(\"base.title\") }</p> }",
			"internal/base/pages.go":   "package base // 阵地",
		},
		bad: []map[string]string{
			{"internal/base/list.templ": "templ x() { <p>阵地</p> }"},
			{"internal/base/pages.go": `package base; const title = "阵地"`},
		},
	},
	{
		name: "known kinds of file", check: knownFiles,
		good: map[string]string{
			"internal/base/doc.go": "package base", "internal/base/pages_list.go": "package base",
			"internal/base/anything_test.go": "package base", "internal/base/list_templ.go": "package base",
			"internal/ledger/doc.go": "package ledger", "internal/ledger/fold.go": "package ledger",
		},
		bad: []map[string]string{
			{"internal/base/doc.go": "package base", "internal/base/utils.go": "package base"},
			{"internal/base/doc.go": "package base", "internal/base/fold.go": "package base"},
			{"internal/base/model.go": "package base"},
		},
	},
	{
		name: "files stay short", check: shortFiles,
		good: map[string]string{"internal/base/list_templ.go": "package base" + strings.Repeat("\n", 900)},
		bad: []map[string]string{
			{"internal/base/store.go": "package base" + strings.Repeat("\n", 801)},
			{"internal/base/list.templ": strings.Repeat("\n", 801)},
		},
	},
	{
		name: "tables carry the module's name", check: honestTables,
		good: map[string]string{"internal/base/migrations/1.sql": "-- a date\nCREATE TABLE base_check (\n id BIGINT,\n day TEXT)"},
		bad: []map[string]string{
			{"internal/base/migrations/1.sql": "CREATE TABLE checks (id BIGINT)"},
			{"internal/kit/job/migrations/1.sql": "create table if not exists queue (id BIGINT)"},
			{"internal/base/migrations/1.sql": "CREATE TABLE base (\n open BOOLEAN)"},
			{"internal/base/migrations/1.sql": "CREATE TRIGGER base_x AFTER INSERT"},
		},
	},
	{
		name: "every text exists in both languages", check: textsExist,
		good: map[string]string{
			"internal/base/i18n/zh.toml": `"base.title" = "阵地"`,
			"internal/base/i18n/en.toml": "[base]\ntitle = \"Bases\"",
			"internal/base/pages.go":     `package base; var _ = i18n.T(ctx, "base.title")`,
		},
		bad: []map[string]string{
			{"internal/base/pages.go": `package base; var _ = i18n.T(ctx, "base.title")`},
			{"internal/base/list.templ": `<h1>{ i18n.T(ctx, "base.title") }</h1>`},
			{"internal/base/list.templ": `<h1>{ t("base.title", "N", 3) }</h1>`},
			{"internal/base/pages.go": `package base; var _ = p.T("base.title")`},
			{"internal/base/service.go": `package base; var _ = audit.Entry{Act: "base.accredit"}`},
			{"internal/flow/definitions/x.toml": `title = { key = "flow.x" }`},
			{"internal/base/rules.go": `package base; var _ = errs.New(errs.Invalid, "base.name_missing")`},
			{"internal/base/rules.go": `package base; var _ = f.Add("name", "base.name_missing")`},
			{"internal/base/i18n/zh.toml": `"base.title" = "阵地"`, "internal/base/i18n/en.toml": ``},
			{"internal/base/i18n/en.toml": `"base.title" = "Bases"`, "internal/base/i18n/zh.toml": ``},
			{"internal/base/i18n/zh.toml": `"base.title" = `},
		},
	},
	{
		name: "no text without use", check: noOrphanTexts,
		good: map[string]string{
			"internal/base/i18n/zh.toml": "\"base.level.city\" = \"市级\"\n\"base.kind.a.name\" = \"甲\"\n\"base.title\" = \"阵地\"",
			"internal/base/pages.go":     `package base; var _ = T(ctx, "base.level."+l) + fmt.Sprintf("base.kind.%s.name", k)`,
			"internal/base/list.templ":   `{ T(ctx, "base.title") }`,
		},
		bad: []map[string]string{
			{"internal/base/i18n/zh.toml": `"base.title" = "阵地"`, "internal/base/pages.go": `package base; var _ = "base.titles"`},
		},
	},
	{
		name: "texts are written as the house writes", check: kindWords,
		good: map[string]string{
			"internal/base/i18n/zh.toml": `"a.b" = "提交申请，截至2019年5月31日共34个。"`,
			"internal/base/i18n/en.toml": `"a.b" = "Choose a day, then submit"`,
		},
		bad: []map[string]string{
			{"internal/base/i18n/zh.toml": `"a.b" = "名称,地址"`},
			{"internal/base/i18n/zh.toml": `"a.b" = "共 34个"`},
			{"internal/base/i18n/zh.toml": `"a.b" = "请输入名称"`},
			{"internal/base/i18n/zh.toml": `"a.b" = "保存失败"`},
			{"internal/base/i18n/en.toml": `"a.b" = "Invalid date"`},
		},
	},
	{
		name: "no test sleeps", check: noSleep,
		good: map[string]string{"internal/kit/job/run.go": `package job; func f() { time.Sleep(1) }`},
		bad:  []map[string]string{{"internal/base/a_test.go": `package base; func f() { time.Sleep(1) }`}},
	},
	{
		name: "no test skips in silence", check: noSilentSkip,
		good: map[string]string{"internal/base/a_test.go": `package base; func f(t *testing.T) { if testing.Short() { t.Skip("long") } }`},
		bad: []map[string]string{
			{"internal/base/a_test.go": `package base; func f(t *testing.T) { t.Skip("later") }`},
			{"internal/base/a_test.go": `package base; func f(t *testing.T) { if broken { t.SkipNow() } }`},
			{"internal/base/a_test.go": `package base; func f(t *testing.T) { if testing.Short() { return } else { t.Skip() } }`},
		},
	},
	{
		name: "nothing unwanted in the repository", check: noUnwantedText,
		good: map[string]string{"a.go": "package a; var _ = context.TO" + "DO()"},
		bad: []map[string]string{
			{"docs/a.md": "see /wo" + "rk/main/x"},
			{"docs/a.md": "see ../sha" + "red/x"},
			{"a.go": "package a // TO" + "DO later"},
			{"e2e/package-lock.json": "https://registry.npm" + "js.org/x"},
		},
	},
	{
		name: "exported things are documented", check: documented,
		good: map[string]string{"internal/base/model.go": "package base\n// Base is a place.\ntype Base struct{}\nfunc (Base) String() string { return \"\" }"},
		bad: []map[string]string{
			{"internal/base/model.go": "package base\n\ntype Base struct{}"},
			{"internal/base/rules.go": "package base\n\nfunc Check() {}"},
		},
	},
}

// everyModule is the smallest tree on which the map is true.
func everyModule() map[string]string {
	files := map[string]string{"internal/kit/db/db.go": "package db"}
	for _, name := range Names() {
		files["internal/"+name+"/doc.go"] = "package " + name
	}
	return files
}

func with(files map[string]string, path, text string) map[string]string {
	files[path] = text
	return files
}

func example(t *testing.T, files map[string]string) tree {
	t.Helper()
	var tr tree
	for path, text := range files {
		f, err := parse(path, text)
		if err != nil {
			t.Fatal(err)
		}
		tr = append(tr, f)
	}
	return tr
}

func TestTheRepositoryKeepsItsRules(t *testing.T) {
	repository := load(t)
	if len(repository) < 20 {
		t.Fatalf("only %d files found: the walk is wrong", len(repository))
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			bad := r.check(repository)
			slices.Sort(bad)
			for _, b := range bad {
				t.Error(b)
			}
		})
	}
}

func TestEachRuleCanFail(t *testing.T) {
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			if bad := r.check(example(t, r.good)); len(bad) > 0 {
				t.Errorf("refuses the good example: %v", bad)
			}
			for i, b := range r.bad {
				if len(r.check(example(t, b))) == 0 {
					t.Errorf("accepts bad example %d", i)
				}
			}
		})
	}
}

func TestTheMapRefusesACircleAndAnUnknownName(t *testing.T) {
	if _, err := reach([]Module{{Name: "a", Needs: []string{"b"}}, {Name: "b", Needs: []string{"a"}}}, "a"); err == nil {
		t.Error("a circle passes")
	}
	if _, err := reach([]Module{{Name: "a", Needs: []string{"b"}}}, "a"); err == nil {
		t.Error("a name without a line passes")
	}
	got, err := reach(Map, "base")
	if err != nil || !got["audit"] || got["people"] {
		t.Errorf("base reaches %v, %v", got, err)
	}
}
