package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mutant is one check that is taken out.
type mutant struct {
	n                int
	module, file     string // file as the build names it
	line, start, end int
	fun, kind, text  string // the function, what kind of check, its text on one line
	open, shut       string // what is put around it; open says its number as @
	nth              int    // among those of the same function and text
	source           []byte
}

// String names it so that it stays the same when lines move.
func (m *mutant) String() string {
	s := fmt.Sprintf("%s/%s %s %s: %s", m.module, filepath.Base(m.file), m.fun, m.kind, m.text)
	if m.nth > 0 {
		s += fmt.Sprintf(" #%d", m.nth+1)
	}
	return s
}

func (m *mutant) hash() string {
	h := sha256.New()
	h.Write(m.source)
	fmt.Fprint(h, m.String(), m.open, m.shut)
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Calls that answer whether somebody may: what answers by a bool is made to say yes, by an error to say nothing.
var checks = regexp.MustCompile(`^(May|Covers|Keeps|Oversees|Proved|Strong|Live|keeps|keeper|worksAt|mayOpen|beside|lacks|reads|may[A-Z]\w*|by(Keeper|Writer))$`)

// refusal is what a branch says that turns somebody away.
var refusal = regexp.MustCompile(`\berr(None|NotYours|Closed|NotFound)\b|errs\.(NotFound|Forbidden)\b|\bNotFound\(|\bnotFound\(`)

var places = regexp.MustCompile(`(?i)(?:\w+\.)?pos >= (\$\d+) AND (?:\w+\.)?pos < (\$\d+)`)

const (
	scopePkg = "xinhuo/internal/kit/scope"
	webPkg   = "xinhuo/internal/kit/web"
)

type listed struct {
	ImportPath, Export, Dir string
	GoFiles                 []string
}

// find lists the checks of a package, in the order of its files.
func find(pkg string) ([]*mutant, error) {
	out, err := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export,Dir,GoFiles", pkg).Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", pkg, err)
	}
	exports := map[string]string{}
	var own listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var l listed
		if err := d.Decode(&l); err != nil {
			if errors.Is(err, io.EOF) {
				break
			}
			return nil, err
		}
		exports[l.ImportPath], own = l.Export, l // the last one is the package itself
	}
	fset := token.NewFileSet()
	f := &finder{fset: fset, module: filepath.Base(pkg), info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}}
	var files []*ast.File
	for _, name := range own.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(own.Dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })}
	if _, err := conf.Check(own.ImportPath, fset, files, f.info); err != nil {
		return nil, err
	}
	for _, file := range files {
		if ast.IsGenerated(file) {
			continue
		}
		f.file = fset.File(file.Pos()).Name()
		if f.source, err = os.ReadFile(f.file); err != nil {
			return nil, err
		}
		for _, d := range file.Decls {
			if fn, is := d.(*ast.FuncDecl); is && fn.Body != nil {
				f.fun = fn.Name.Name
				ast.Inspect(fn.Body, f.visit)
			}
		}
	}
	seen := map[string]int{}
	for i, m := range f.found {
		m.n = i + 1
		name := m.String()
		m.nth = seen[name]
		seen[name]++
	}
	return f.found, nil
}

type finder struct {
	fset              *token.FileSet
	info              *types.Info
	module, file, fun string
	source            []byte
	found             []*mutant
}

func (f *finder) text(n ast.Node) string {
	return string(f.source[f.fset.Position(n.Pos()).Offset:f.fset.Position(n.End()).Offset])
}

func (f *finder) add(kind string, n ast.Node, open, shut string) {
	words := strings.Join(strings.Fields(f.text(n)), " ")
	f.found = append(f.found, &mutant{module: f.module, file: f.file, line: f.fset.Position(n.Pos()).Line, start: f.fset.Position(n.Pos()).Offset, end: f.fset.Position(n.End()).Offset,
		fun: f.fun, kind: kind, text: cut(words), open: open, shut: shut, source: f.source})
}

func cut(s string) string {
	if r := []rune(s); len(r) > 120 {
		return string(r[:120]) + "…"
	}
	return s
}

func (f *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		f.call(n)
	case *ast.BinaryExpr:
		if f.compares(n) {
			if (n.Op == token.EQL) != (f.text(n.Y) == "0") { // nobody is like 0: that is what turns away
				f.add("same", n, "mutantYes(@, ", ")")
			} else {
				f.add("same", n, "mutantNo(@, ", ")")
			}
		}
	case *ast.SelectorExpr:
		if f.flag(n) {
			f.add("is", n, "mutantYes(@, ", ")")
		}
	case *ast.IfStmt:
		f.turnsAway([]ast.Expr{n.Cond}, n.Body.List)
	case *ast.SwitchStmt:
		if n.Tag == nil {
			for _, c := range n.Body.List {
				if c, is := c.(*ast.CaseClause); is {
					f.turnsAway(c.List, c.Body)
				}
			}
		}
	case *ast.CompositeLit:
		f.route(n)
	case *ast.BasicLit:
		if n.Kind == token.STRING {
			f.query(n)
		}
	case *ast.GenDecl:
		return n.Tok != token.CONST
	}
	return true
}

// named tells whether a type is that of a package, also behind a pointer.
func named(t types.Type, pkg, name string) bool {
	if p, is := t.(*types.Pointer); is {
		t = p.Elem()
	}
	n, is := t.(*types.Named)
	return is && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == pkg && n.Obj().Name() == name
}

func (f *finder) typeOf(x ast.Expr) types.Type { return f.info.Types[x].Type }

// answers is what kind of answer a call gives: "bool", "bool, error", "error", or "".
func (f *finder) answers(call *ast.CallExpr) string {
	is := func(t types.Type, name string) bool {
		return types.Identical(t, types.Universe.Lookup(name).Type())
	}
	switch t := f.typeOf(call).(type) {
	case nil:
	case *types.Tuple:
		if t.Len() == 2 && is(t.At(0).Type(), "bool") && is(t.At(1).Type(), "error") {
			return "bool, error"
		}
	default:
		for _, name := range []string{"bool", "error"} {
			if is(t, name) {
				return name
			}
		}
	}
	return ""
}

func (f *finder) checks(call *ast.CallExpr) bool {
	name := ""
	var on types.Type
	switch x := call.Fun.(type) {
	case *ast.Ident:
		name = x.Name
	case *ast.SelectorExpr:
		name, on = x.Sel.Name, f.typeOf(x.X)
	}
	if name == "Contains" {
		if on != nil {
			return named(on, scopePkg, "Set")
		}
		// who is on a list of accounts
		return len(call.Args) == 2 && strings.HasSuffix(f.text(call.Args[1]), ".Account")
	}
	return checks.MatchString(name)
}

func (f *finder) call(n *ast.CallExpr) {
	if sel, is := n.Fun.(*ast.SelectorExpr); is && sel.Sel.Name == "SQL" && f.typeOf(sel.X) != nil && named(f.typeOf(sel.X), scopePkg, "Set") {
		f.add("query", n, `mutantPick(@, "(1 = 1)", `, ")")
		return
	}
	if !f.checks(n) {
		return
	}
	switch f.answers(n) {
	case "bool":
		f.add("may", n, "mutantYes(@, ", ")")
	case "bool, error":
		f.add("may", n, "mutantYesErr(@)(", ")")
	case "error":
		f.add("may", n, "mutantNil(@, ", ")")
	}
}

// field of whoever acts, "" for other expressions.
func (f *finder) field(x ast.Expr) string {
	sel, is := x.(*ast.SelectorExpr)
	if !is || f.typeOf(sel.X) == nil || !named(f.typeOf(sel.X), scopePkg, "Actor") {
		return ""
	}
	return sel.Sel.Name
}

func (f *finder) compares(n *ast.BinaryExpr) bool {
	if n.Op != token.EQL && n.Op != token.NEQ {
		return false
	}
	for _, x := range []ast.Expr{n.X, n.Y} {
		switch f.field(x) {
		case "Unit", "Account", "Pos":
			return true
		}
	}
	return false
}

func (f *finder) flag(n *ast.SelectorExpr) bool {
	switch f.field(n) {
	case "Auditor", "System":
		return true
	}
	return false
}

// turnsAway takes out the reasons for which a branch turns somebody away; errors stay, and so do checks that are taken out
// themselves.
func (f *finder) turnsAway(conds []ast.Expr, body []ast.Stmt) {
	if !slices.ContainsFunc(body, func(s ast.Stmt) bool {
		_, returns := s.(*ast.ReturnStmt)
		_, sets := s.(*ast.AssignStmt)
		return (returns || sets) && refusal.MatchString(f.text(s))
	}) {
		return
	}
	var leaf func(x ast.Expr)
	leaf = func(x ast.Expr) {
		if p, is := x.(*ast.ParenExpr); is {
			leaf(p.X)
			return
		}
		if b, is := x.(*ast.BinaryExpr); is && b.Op == token.LOR {
			leaf(b.X)
			leaf(b.Y)
			return
		}
		if b, is := x.(*ast.BinaryExpr); is && b.Op == token.LAND { // nothing went wrong, and somebody is turned away
			if aboutErrors.MatchString(f.text(b.X)) {
				leaf(b.Y)
				return
			}
		}
		if b, is := x.(*ast.BinaryExpr); is && b.Op == token.NEQ && f.compares(b) || aboutErrors.MatchString(f.text(x)) {
			return
		}
		if u, is := x.(*ast.UnaryExpr); is && u.Op == token.NOT {
			switch inner := ast.Unparen(u.X).(type) {
			case *ast.CallExpr:
				if f.checks(inner) {
					return
				}
			case *ast.SelectorExpr:
				if f.flag(inner) {
					return
				}
			}
		}
		f.add("refuses", x, "mutantNo(@, ", ")")
	}
	for _, c := range conds {
		leaf(c)
	}
}

var aboutErrors = regexp.MustCompile(`\berr\b|errs\.Is\(|\bbad\b`)

// route lets anybody who has signed in use a route, and takes its scope rule off.
func (f *finder) route(n *ast.CompositeLit) {
	if f.typeOf(n) == nil || !named(f.typeOf(n), webPkg, "Route") {
		return
	}
	at := ""
	for _, e := range n.Elts {
		if kv, is := e.(*ast.KeyValueExpr); is && (f.text(kv.Key) == "Path" || f.text(kv.Key) == "Method") {
			at += f.text(kv.Value) + " "
		}
	}
	for _, e := range n.Elts {
		kv, is := e.(*ast.KeyValueExpr)
		if !is {
			continue
		}
		before := len(f.found)
		switch sel, _ := kv.Value.(*ast.SelectorExpr); {
		case sel == nil:
		case f.text(kv.Key) == "Right" && sel.Sel.Name != "Anyone" && sel.Sel.Name != "SignedIn":
			f.add("route", kv.Value, "mutantPick(@, "+f.text(sel.X)+".SignedIn, ", ")")
		case f.text(kv.Key) == "Scope" && sel.Sel.Name == "ByUnit":
			f.add("route", kv.Value, "mutantPick(@, "+f.text(sel.X)+".ByList, ", ")")
		}
		for _, m := range f.found[before:] {
			m.text = cut(at + m.text)
		}
	}
}

// query takes the range of places out of a query that writes it as a text.
func (f *finder) query(n *ast.BasicLit) {
	for _, at := range places.FindAllStringSubmatchIndex(n.Value, -1) {
		open := n.Value[:at[0]] + "(CAST(" + n.Value[at[2]:at[3]] + " AS BIGINT) <= CAST(" + n.Value[at[4]:at[5]] + " AS BIGINT) OR 1 = 1)" + n.Value[at[1]:]
		f.add("query", n, "mutantPick(@, "+open+", ", ")")
		f.found[len(f.found)-1].text = n.Value[at[0]:at[1]] + " " + strconv.Itoa(at[0])
	}
}
