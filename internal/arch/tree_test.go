package arch

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// file is one text file of the repository.
type file struct {
	path   string // from the module's root, with slashes
	text   string
	syntax *ast.File // of Go files, with comments
	fset   *token.FileSet
}

type tree []file

// ignored folders hold what builds make and what others wrote.
var ignored = []string{".git", "bin", "data", "dist", "node_modules", "vendor", "out"}

var kinds = []string{".go", ".templ", ".sql", ".toml", ".md", ".sh", ".mjs", ".js", ".css", ".json", ".yml", ""}

func load(t *testing.T) tree {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var files tree
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains(ignored, d.Name()) || strings.HasPrefix(p, filepath.Join(root, "docs", "shots")) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || !slices.Contains(kinds, filepath.Ext(p)) {
			return nil
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if bytes.IndexByte(b, 0) >= 0 {
			return nil // a picture or a program without an ending
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		f, err := parse(filepath.ToSlash(rel), string(b))
		if err != nil {
			return err
		}
		files = append(files, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func parse(path, text string) (file, error) {
	f := file{path: path, text: text}
	if strings.HasSuffix(path, ".go") {
		f.fset = token.NewFileSet()
		syntax, err := parser.ParseFile(f.fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return f, err
		}
		f.syntax = syntax
	}
	return f, nil
}

// module is the map's name for the place of a file: "base", "kit", "cmd", …;
// empty outside internal and cmd.
func (f file) module() string {
	parts := strings.Split(f.path, "/")
	switch {
	case parts[0] == "cmd":
		return "cmd"
	case parts[0] == "internal" && len(parts) > 2:
		return parts[1]
	}
	return ""
}

func (f file) base() string { return path.Base(f.path) }

func (f file) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

func (f file) isGenerated() bool { return strings.HasSuffix(f.path, "_templ.go") }

func (f file) at(pos token.Pos) string {
	return f.path + ":" + strconv.Itoa(f.fset.Position(pos).Line)
}

// is reports whether the file is of a kind: model.go, model_unit.go.
func (f file) is(kind string) bool {
	name, ok := strings.CutSuffix(f.base(), ".go")
	return ok && !f.isTest() && (name == kind || strings.HasPrefix(name, kind+"_")) && !f.isGenerated()
}

func (f file) imports() []string {
	if f.syntax == nil {
		return nil
	}
	var paths []string
	for _, i := range f.syntax.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

// literals calls fn with every string literal but import paths and tags.
func (f file) literals(fn func(pos token.Pos, value string)) {
	if f.syntax == nil {
		return
	}
	tags := map[*ast.BasicLit]bool{}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			tags[n.Tag] = true // of a struct; nil otherwise, which harms nothing
		case *ast.BasicLit:
			if n.Kind == token.STRING && !tags[n] {
				if v, err := strconv.Unquote(n.Value); err == nil {
					fn(n.Pos(), v)
				}
			}
		}
		return true
	})
}
