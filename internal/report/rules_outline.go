package report

import (
	"path"
	"strings"

	"github.com/BurntSushi/toml"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// Yearly is the outline of a yearly report, chapter by chapter, one of them on a harmonious society (R36).
const Yearly = "yearly"

// outline is a document to begin from, for a unit: its chapters with their figures, and the unit's own name where the outline
// says ×× (R38).
func outline(name string, u org.Unit, figures []ledger.Definition) (Document, error) {
	var file struct {
		Title   string
		Section []struct{ Heading, Text, Gloss string }
	}
	if name != path.Base(name) {
		return Document{}, errs.New(errs.NotFound, "errs.not_found")
	}
	if _, err := toml.DecodeFS(outlines, "outlines/"+name+".toml", &file); err != nil {
		return Document{}, errs.New(errs.NotFound, "errs.not_found")
	}
	d := Document{Title: strings.ReplaceAll(file.Title, "××", u.Name), Unit: u.ID}
	known := namesOf(figures, "zh")
	for _, x := range file.Section {
		runs, err := parse(org.Local(x.Text, u.Name), known, func(string) (id.ID, error) { return 0, errs.New(errs.NotFound, "errs.not_found") })
		if err != nil {
			return d, err
		}
		d.Paragraphs = append(d.Paragraphs, Paragraph{Heading: org.Local(x.Heading, u.Name), Runs: runs, Gloss: x.Gloss})
	}
	return d, nil
}
