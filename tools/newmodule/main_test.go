package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2026, 11, 23, 9, 45, 0, 0, time.UTC)

func TestScaffoldIsFilledAndParses(t *testing.T) {
	m, err := newModule("lamp", "灯", day)
	if err != nil {
		t.Fatal(err)
	}
	files, err := m.render() // formats, and so parses, each Go file
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"doc.go", "model.go", "rules.go", "store.go", "service.go", "figures.go", "import.go", "pages.go", "lamp.templ",
		"i18n/zh.toml", "i18n/en.toml", "migrations/20261123094500_lamp.sql", "lamp_test.go"} {
		text := files["internal/lamp/"+want]
		if len(text) == 0 {
			t.Errorf("no %s", want)
		}
		if bytes.Contains(text, []byte("<<")) || bytes.Contains(text, []byte("no value")) {
			t.Errorf("%s has an unfilled place", want)
		}
	}
}

func TestNamesThatDoNotFitAreRefused(t *testing.T) {
	for _, name := range []string{"", "Lamp", "two words", "a", "lamp_post", "../lamp"} {
		if _, err := newModule(name, "灯", day); err == nil {
			t.Errorf("%q passes", name)
		}
	}
}

func TestTheMapGetsOneLine(t *testing.T) {
	text, err := os.ReadFile("../../internal/arch/map.go")
	if err != nil {
		t.Fatal(err)
	}
	added, err := onMap(string(text), "lamp")
	if err != nil || strings.Count(added, `{Name: "lamp"`) != 1 {
		t.Errorf("the line is not added: %v", err)
	}
	again, err := onMap(added, "lamp")
	if err != nil || again != added {
		t.Errorf("a second run changes the map: %v", err)
	}
	for planned, want := range map[string]string{
		`{Name: "lamp", Needs: []string{"org", "seal"}, Planned: true},`: `{Name: "lamp", Needs: []string{"org", "seal", "record"}},`,
		`{Name: "lamp", Needs: []string{"record"}, Planned: true},`:      `{Name: "lamp", Needs: []string{"record"}},`,
		`{Name: "lamp", Planned: true},`:                                 `{Name: "lamp", Needs: []string{"org", "ledger", "record"}},`,
	} {
		if landed, err := onMap(planned, "lamp"); err != nil || landed != want {
			t.Errorf("%s becomes %s, %v", planned, landed, err)
		}
	}
}
