// Command newmodule starts a module: a folder that compiles, passes its own
// tests and the map, and shows where each thing goes. It keeps one kind of
// record with list, page, forms, history, undo, import and export, published
// to the ledger; rename and grow it from there.
//
//	go run ./tools/newmodule NAME 中文名
//
// NAME becomes the folder, the package, the beginning of table names and of
// text keys; 中文名 is what people call it. Run it at the root of the project.
package main

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
	"time"
)

//go:embed files
var files embed.FS

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: go run ./tools/newmodule NAME 中文名")
		os.Exit(2)
	}
	m, err := newModule(os.Args[1], os.Args[2], time.Now())
	if err == nil {
		err = m.write(".")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "newmodule:", err)
		os.Exit(1)
	}
	fmt.Printf(`internal/%[1]s stands. What is left:
  1. make generate
  2. go test ./internal/%[1]s ./internal/arch
  3. in internal/app: its migrations, its texts, %[1]s.New(…), its Routes()
  4. in internal/ledger/figures: a definition with record = "%[1]s", so that it counts
  5. in e2e/pages.mjs: a line for each template
  6. doc.go: say what it is, its terms, its neighbours
  7. docs/: the schema dumps; CHANGELOG.md: what people will notice
`, m.Name)
}

// module is what the files are filled with.
type module struct {
	Name  string // booking
	Type  string // Booking
	Mark  string // B, in the codes that records are given
	Title string // 预约
	Stamp string // the migration's date and number, 20261123094500
}

var fitName = regexp.MustCompile(`^[a-z]{3,16}$`)

func newModule(name, title string, now time.Time) (module, error) {
	if !fitName.MatchString(name) {
		return module{}, fmt.Errorf("a module's name is one word of 3 to 16 small letters, not %q", name)
	}
	if title == "" {
		return module{}, fmt.Errorf("the module needs its Chinese name")
	}
	return module{
		Name:  name,
		Type:  strings.ToUpper(name[:1]) + name[1:],
		Mark:  strings.ToUpper(name[:1]),
		Title: title,
		Stamp: now.UTC().Format("20060102150405"),
	}, nil
}

// render gives the module's files by their path below the project's root.
// The marks are << and >>, because templ and the texts use braces themselves.
func (m module) render() (map[string][]byte, error) {
	rendered := map[string][]byte{}
	err := fs.WalkDir(files, "files", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := files.ReadFile(p)
		if err != nil {
			return err
		}
		tpl, err := template.New(p).Delims("<<", ">>").Option("missingkey=error").Parse(string(text))
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := tpl.Execute(&b, m); err != nil {
			return err
		}
		out := b.Bytes()
		name := strings.TrimSuffix(strings.TrimPrefix(p, "files/"), ".tmpl")
		if strings.HasSuffix(name, ".go") {
			if out, err = format.Source(out); err != nil {
				return fmt.Errorf("%s: %w", p, err)
			}
		}
		name = strings.NewReplacer("STAMP", m.Stamp, "NAME", m.Name).Replace(name)
		rendered["internal/"+m.Name+"/"+name] = out
		return nil
	})
	return rendered, err
}

func (m module) write(root string) error {
	folder := filepath.Join(root, "internal", m.Name)
	if _, err := os.Stat(folder); err == nil {
		return fmt.Errorf("%s exists already", folder)
	}
	mapFile := filepath.Join(root, "internal", "arch", "map.go")
	old, err := os.ReadFile(mapFile)
	if err != nil {
		return fmt.Errorf("run it at the root of the project: %w", err)
	}
	line, err := onMap(string(old), m.Name)
	if err != nil {
		return err
	}
	rendered, err := m.render()
	if err != nil {
		return err
	}
	for p, text := range rendered {
		p = filepath.Join(root, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(p, text, 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(mapFile, []byte(line), 0o644)
}

// onMap takes the mark Planned from the module's line and lets it need record, or adds a line that needs what every
// module of records needs.
func onMap(text, name string) (string, error) {
	planned := regexp.MustCompile(`\{Name: "` + name + `"(?:, Needs: \[\]string\{([^}]*)\})?, Planned: true\}`)
	if at := planned.FindStringSubmatchIndex(text); at != nil {
		needs := `"org", "ledger", "record"`
		if at[2] >= 0 {
			needs = text[at[2]:at[3]]
			if !strings.Contains(needs, `"record"`) {
				needs += `, "record"`
			}
		}
		return text[:at[0]] + `{Name: "` + name + `", Needs: []string{` + needs + `}}` + text[at[1]:], nil
	}
	if strings.Contains(text, `{Name: "`+name+`"`) {
		return text, nil
	}
	const end = "\n}\n\n// outside the map"
	if !strings.Contains(text, end) {
		return "", fmt.Errorf("internal/arch/map.go has changed its shape: add the line for %s by hand", name)
	}
	return strings.Replace(text, end, "\n\t{Name: \""+name+"\", Needs: []string{\"org\", \"ledger\", \"record\"}},"+end, 1), nil
}
