package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

const moduleRoot = "xinhuo/internal/"

// followMap: imports follow the map, also in sub-folders; kit imports no
// module, and only app and the commands import app.
func followMap(files tree) (bad []string) {
	for _, f := range files {
		from := f.module()
		if from == "" || from == "cmd" || from == app {
			continue
		}
		allowed := map[string]bool{}
		if from != kit && from != own {
			var err error
			if allowed, err = reach(Map, from); err != nil {
				bad = append(bad, fmt.Sprintf("%s: %v", f.path, err))
				continue
			}
		}
		for _, p := range f.imports() {
			to, ok := strings.CutPrefix(p, moduleRoot)
			if !ok {
				continue
			}
			to, _, _ = strings.Cut(to, "/")
			if to != kit && to != from && !allowed[to] {
				bad = append(bad, fmt.Sprintf("%s: %s imports %s, which the map does not allow", f.path, from, to))
			}
		}
	}
	return bad
}

// mapIsTrue: every folder has a line, every line a folder (or the mark
// Planned), and the map has no circle.
func mapIsTrue(files tree) (bad []string) {
	exists := map[string]bool{}
	for _, f := range files {
		if m := f.module(); m != "" && m != "cmd" && strings.HasSuffix(f.path, ".go") {
			exists[m] = true
		}
	}
	for _, m := range Map {
		if _, err := reach(Map, m.Name); err != nil {
			bad = append(bad, err.Error())
		}
		if m.Planned && exists[m.Name] {
			bad = append(bad, fmt.Sprintf("internal/%s exists: take the mark Planned from its line", m.Name))
		}
		if !m.Planned && !exists[m.Name] {
			bad = append(bad, fmt.Sprintf("internal/%s does not exist: its line is stale, or Planned", m.Name))
		}
	}
	for m := range exists {
		if _, ok := find(Map, m); !ok && m != kit && m != app && m != own {
			bad = append(bad, fmt.Sprintf("internal/%s has no line in the map", m))
		}
	}
	return bad
}

// pureRules: types and rules know neither HTTP nor SQL nor templates, so that
// they can be read and tested alone.
func pureRules(files tree) (bad []string) {
	unfit := []string{"net/http", "database/sql", "html/template", "github.com/a-h/templ",
		moduleRoot + "kit/db", moduleRoot + "kit/web"}
	for _, f := range files {
		if !inModule(f) || !f.is("model") && !f.is("rules") {
			continue
		}
		for _, p := range f.imports() {
			if slices.ContainsFunc(unfit, func(u string) bool { return p == u || strings.HasPrefix(p, u+"/") }) {
				bad = append(bad, fmt.Sprintf("%s imports %s", f.path, p))
			}
		}
	}
	return bad
}

// sqlText starts like a statement; English sentences that begin with Select
// or Update do not go on like one.
var sqlText = regexp.MustCompile(`(?is)^\s*(--[^\n]*\n\s*)*(select\s.*\bfrom\b|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|with\s+\w+(\s*\([^)]*\))?\s+as\s*\(|create\s+(table|index)\s)`)

// sqlInStores: SQL stands in store*.go, in kit/db and in tests.
func sqlInStores(files tree) (bad []string) {
	for _, f := range files {
		if f.isTest() || f.module() == "" || f.is("store") || strings.HasPrefix(f.path, "internal/kit/db/") {
			continue
		}
		f.literals(func(pos token.Pos, v string) {
			if sqlText.MatchString(v) {
				bad = append(bad, f.at(pos)+": SQL outside store*.go")
			}
		})
	}
	return bad
}

var namedSQL = regexp.MustCompile(`^\s*-- (\w+)\.\w+`)

// runners are the calls that send a statement, with its place among their arguments.
var runners = map[string]int{"Select": 2, "Get": 2, "Exec": 1, "Rows": 1, "Prepare": 1}

// namedQueries: each statement that is sent begins with its Go name, so that
// the engine's own list of slow queries points at the code.
func namedQueries(files tree) (bad []string) {
	for _, f := range files {
		if f.isTest() || !f.is("store") {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			fun := call.Fun
			if generic, ok := fun.(*ast.IndexExpr); ok {
				fun = generic.X
			}
			s, ok := fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			i, ok := runners[s.Sel.Name]
			if !ok || i >= len(call.Args) {
				return true
			}
			if v, ok := beginning(call.Args[i]); ok {
				if m := namedSQL.FindStringSubmatch(v); m == nil || m[1] != f.syntax.Name.Name {
					bad = append(bad, fmt.Sprintf("%s: the query does not begin with -- %s.Func", f.at(call.Pos()), f.syntax.Name.Name))
				}
			}
			return true
		})
	}
	return bad
}

// beginning is the literal with which a string expression starts.
func beginning(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return beginning(e.X)
	case *ast.ParenExpr:
		return beginning(e.X)
	case *ast.CallExpr:
		if s, ok := e.Fun.(*ast.SelectorExpr); ok && isSelector(s, "fmt", "Sprintf") && len(e.Args) > 0 {
			return beginning(e.Args[0])
		}
	case *ast.BasicLit:
		return text(e)
	}
	return "", false
}

// pagesAskTheService: pages and the API reach data through the service alone.
func pagesAskTheService(files tree) (bad []string) {
	for _, f := range files {
		if !inModule(f) || !f.is("pages") && !f.is("api") && !f.is("panels") {
			continue
		}
		for _, p := range f.imports() {
			if p == "database/sql" || p == moduleRoot+"kit/db" {
				bad = append(bad, fmt.Sprintf("%s imports %s", f.path, p))
			}
		}
	}
	return bad
}

var han = regexp.MustCompile(`\p{Han}`)

// wordsInCatalogues: what a page says stands in zh.toml and en.toml, not
// between the code; comments are free.
func wordsInCatalogues(files tree) (bad []string) {
	for _, f := range files {
		if !inModule(f) && f.module() != app {
			continue
		}
		switch {
		case strings.HasSuffix(f.path, ".templ"):
			for i, line := range strings.Split(f.text, "\n") {
				if code, _, _ := strings.Cut(line, "//"); han.MatchString(code) {
					bad = append(bad, fmt.Sprintf("%s:%d: words of a page outside the catalogues", f.path, i+1))
				}
			}
		case f.is("pages") || f.is("api") || f.is("panels"):
			f.literals(func(pos token.Pos, v string) {
				if han.MatchString(v) {
					bad = append(bad, f.at(pos)+": words of a page outside the catalogues")
				}
			})
		}
	}
	return bad
}

// usualFiles are the kinds of Go file that every module may have; a big module
// puts the noun second: store_case.go.
var usualFiles = []string{"doc", "model", "rules", "store", "service", "pages", "api", "figures", "panels", "jobs",
	"import", "export", "events", "routes", "embed"}

func inModule(f file) bool {
	_, ok := find(Map, f.module())
	return ok
}

// knownFiles: a module has only the known kinds of file, and a doc.go.
func knownFiles(files tree) (bad []string) {
	hasDoc := map[string]bool{}
	seen := map[string]bool{}
	for _, f := range files {
		m, ok := find(Map, f.module())
		if !ok || !strings.HasSuffix(f.path, ".go") {
			continue
		}
		seen[m.Name] = true
		if f.path == "internal/"+m.Name+"/doc.go" {
			hasDoc[m.Name] = true
		}
		if f.isTest() || f.isGenerated() {
			continue
		}
		if !slices.ContainsFunc(slices.Concat(usualFiles, m.Files), f.is) {
			bad = append(bad, fmt.Sprintf("%s: no known kind of file (%s)", f.path, strings.Join(slices.Concat(usualFiles, m.Files), " ")))
		}
	}
	for m := range seen {
		if !hasDoc[m] {
			bad = append(bad, "internal/"+m+" has no doc.go")
		}
	}
	return bad
}

const mostLines = 800

// shortFiles: a file that grows past 800 lines is split by subject.
func shortFiles(files tree) (bad []string) {
	for _, f := range files {
		if f.isGenerated() || !regexp.MustCompile(`\.(go|templ|css|js|mjs|sh)$`).MatchString(f.path) {
			continue
		}
		if n := strings.Count(f.text, "\n"); n > mostLines {
			bad = append(bad, fmt.Sprintf("%s has %d lines, more than %d", f.path, n, mostLines))
		}
	}
	return bad
}

var (
	sqlComment  = regexp.MustCompile(`(?m)--.*$`)
	createTable = regexp.MustCompile(`(?i)create\s+table\s+(?:if\s+not\s+exists\s+)?"?(\w+)`)
	otherType   = regexp.MustCompile(`(?im)^\s*\w+\s+(blob|bytea|boolean|bool|serial|bigserial|date|timestamp\w*|json|jsonb|real|double|numeric|varchar)\b`)
	trigger     = regexp.MustCompile(`(?i)\b(create\s+(or\s+replace\s+)?(trigger|function)|now\(\)|current_timestamp)`)
)

// honestTables: a module's tables carry its name, and hold only the three
// types that both engines read alike.
func honestTables(files tree) (bad []string) {
	for _, f := range files {
		if !strings.Contains(f.path, "/migrations/") || !strings.HasSuffix(f.path, ".sql") {
			continue
		}
		owner := f.module()
		if owner == kit {
			owner = strings.Split(f.path, "/")[2]
		}
		sql := sqlComment.ReplaceAllString(f.text, "")
		for _, m := range createTable.FindAllStringSubmatch(sql, -1) {
			if m[1] != owner && !strings.HasPrefix(m[1], owner+"_") {
				bad = append(bad, fmt.Sprintf("%s: table %s does not start with %s", f.path, m[1], owner))
			}
		}
		for _, m := range otherType.FindAllString(sql, -1) {
			bad = append(bad, fmt.Sprintf("%s: %q is neither BIGINT, INTEGER nor TEXT", f.path, strings.TrimSpace(m)))
		}
		for _, m := range trigger.FindAllString(sql, -1) {
			bad = append(bad, fmt.Sprintf("%s: %q works on one engine only", f.path, m))
		}
	}
	return bad
}

// noSleep: a test that sleeps is slow or wrong, often both.
func noSleep(files tree) (bad []string) {
	for _, f := range files {
		if !f.isTest() {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && isSelector(s, "time", "Sleep") {
				bad = append(bad, f.at(s.Pos())+": time.Sleep in a test")
			}
			return true
		})
	}
	return bad
}

func isSelector(s *ast.SelectorExpr, pkg, name string) bool {
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == pkg && s.Sel.Name == name
}

// skips lists the tests that may leave themselves out, with the reason. A
// skip under testing.Short() needs no line: the full round runs it.
var skips = map[string]string{
	"internal/kit/office/fixture_test.go": "LibreOffice and bubblewrap are packages of the system; tools/test.sh says where they are left out",
	"internal/kit/office/office_test.go":  "so are Chinese fonts",
}

// noSilentSkip: what a run leaves out is listed here or does not exist.
func noSilentSkip(files tree) (bad []string) {
	for _, f := range files {
		if !f.isTest() || skips[f.path] != "" {
			continue
		}
		var walk func(n ast.Node)
		walk = func(n ast.Node) {
			ast.Inspect(n, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.IfStmt:
					if call, ok := n.Cond.(*ast.CallExpr); ok {
						if s, ok := call.Fun.(*ast.SelectorExpr); ok && isSelector(s, "testing", "Short") {
							if n.Else != nil {
								walk(n.Else)
							}
							return false
						}
					}
				case *ast.CallExpr:
					s, ok := n.Fun.(*ast.SelectorExpr)
					if ok && (s.Sel.Name == "Skip" || s.Sel.Name == "Skipf" || s.Sel.Name == "SkipNow") {
						if x, ok := s.X.(*ast.Ident); ok && (x.Name == "t" || x.Name == "b" || x.Name == "tb") {
							bad = append(bad, f.at(n.Pos())+": a skip that internal/arch does not list")
						}
					}
				}
				return true
			})
		}
		walk(f.syntax)
	}
	return bad
}

// unwanted texts betray a machine, an unfinished place or a registry's host.
// They are put together here, so that this file does not contain them.
var unwanted = regexp.MustCompile(strings.Join([]string{
	`/wo` + `rk/(main|shared|\.library)`,
	`\.\./sha` + `red\b`,
	`/ro` + `ot/\w`,
	`\bTO` + `DO\b`,
	`\bFIX` + `ME\b`,
	`registry\.npm` + `js`,
	`proxy\.gol` + `ang`,
	`deb\.deb` + `ian\.org`,
}, "|"))

func noUnwantedText(files tree) (bad []string) {
	for _, f := range files {
		text := strings.ReplaceAll(f.text, "context.TO"+"DO()", "")
		for i, line := range strings.Split(text, "\n") {
			if m := unwanted.FindString(line); m != "" {
				bad = append(bad, fmt.Sprintf("%s:%d: %q must not stand in the repository", f.path, i+1, m))
			}
		}
	}
	return bad
}

// documented: each exported function and type of a module says what it is for.
func documented(files tree) (bad []string) {
	for _, f := range files {
		if f.syntax == nil || f.isTest() || f.isGenerated() || f.module() == "" {
			continue
		}
		for _, d := range f.syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.IsExported() && d.Doc == nil {
					bad = append(bad, f.at(d.Pos())+": "+d.Name.Name+" has no comment")
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if ts, ok := s.(*ast.TypeSpec); ok && ts.Name.IsExported() && d.Doc == nil && ts.Doc == nil {
						bad = append(bad, f.at(ts.Pos())+": "+ts.Name.Name+" has no comment")
					}
				}
			}
		}
	}
	return bad
}
