package extract

import (
	"encoding/xml"
	"errors"
	"path"
	"strconv"
	"strings"
)

// relation is a line of a part's relations: what it names by id, or what is fetched from elsewhere.
type relation struct {
	kind, target string
	external     bool
}

// relations reads what a part names by ids; targets are names of parts.
func (w *work) relations(a *archive, of string) (map[string]relation, error) {
	m := map[string]relation{}
	dir := path.Dir(of)
	if dir == "." {
		dir = ""
	}
	err := w.each(a, path.Join(dir, "_rels", path.Base(of)+".rels"), func(_ *xmlReader, e xml.StartElement) error {
		if e.Name.Local == "Relationship" {
			m[attr(e, "Id")] = relation{path.Base(attr(e, "Type")), within(dir, attr(e, "Target")), attr(e, "TargetMode") == "External"}
		}
		return nil
	})
	return m, err
}

// within is the name of a part as another part in dir names it. It is only looked up, so that ../ leads nowhere.
func within(dir, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if strings.HasPrefix(target, "/") {
		dir = ""
	}
	return strings.TrimPrefix(path.Join("/", dir, target), "/")
}

// main is the main part as the package itself names it, "" when it does not.
func (a *archive) main() (string, error) {
	name := ""
	err := a.w.each(a, "_rels/.rels", func(_ *xmlReader, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && path.Base(attr(e, "Type")) == "officeDocument" && attr(e, "TargetMode") != "External" {
			name = strings.ToLower(within("", attr(e, "Target")))
		}
		return nil
	})
	return name, readable(err)
}

// readMarks finds what a zip brings along beside its text.
func (w *work) readMarks(a *archive) error {
	for _, name := range a.names() {
		switch {
		case strings.HasSuffix(name, "vbaproject.bin"), strings.Contains(name, "/macrosheets/"):
			w.doc.mark(Macros)
		case strings.Contains(name, "/embeddings/"), strings.Contains(name, "/activex/"), strings.Contains(name, "oleobject"), strings.HasSuffix(name, "/attachments.xml"):
			w.doc.mark(Embedded)
		case strings.HasSuffix(name, ".rels") && !w.doc.Has(External):
			err := w.each(a, name, func(_ *xmlReader, e xml.StartElement) error {
				if e.Name.Local == "Relationship" && attr(e, "TargetMode") == "External" && path.Base(attr(e, "Type")) != "hyperlink" {
					w.doc.mark(External)
				}
				return nil
			})
			if errors.Is(err, errCut) {
				return tricky("relations: too many")
			}
			if err != nil {
				return readable(err)
			}
		}
	}
	return nil
}

// readProps reads what an Office document says about itself; pages is how app.xml calls them.
func (w *work) readProps(a *archive, pages string) error {
	err := w.each(a, "docProps/core.xml", func(x *xmlReader, e xml.StartElement) error {
		var err error
		var s string
		switch e.Name.Local {
		case "title":
			w.doc.Title, err = x.text()
		case "creator":
			w.doc.Author, err = x.text()
		case "created":
			s, err = x.text()
			w.doc.Created = moment(s)
		case "modified":
			s, err = x.text()
			w.doc.Modified = moment(s)
		}
		return err
	})
	if err != nil {
		return err
	}
	return w.each(a, "docProps/app.xml", func(x *xmlReader, e xml.StartElement) error {
		if e.Name.Local != pages || x.parent() != "Properties" {
			return nil
		}
		s, err := x.text()
		if n, bad := strconv.Atoi(strings.TrimSpace(s)); bad == nil && n > 0 && n <= 1_000_000 {
			w.doc.Pages = n
		}
		return err
	})
}

// fetches tells a field of a document that takes something from elsewhere when it is opened.
func fetches(field string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(field), " ")
	switch strings.ToUpper(word) {
	case "INCLUDEPICTURE", "INCLUDETEXT", "IMPORT", "LINK", "DDE", "DDEAUTO", "DATABASE":
		return true
	}
	return false
}
