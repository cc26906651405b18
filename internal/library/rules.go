package library

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const (
	maxTitle   = 200
	maxSummary = 300
	maxSource  = 200
	maxIssuers = 100
	maxNumber  = 50
	maxPerson  = 40
	maxWords   = 500
	minYear    = 1949
)

// clean takes off what only stands around.
func (d Document) clean() Document {
	for _, p := range []*string{&d.Title, &d.Summary, &d.Source, &d.Issuers, &d.Number} {
		*p = strings.TrimSpace(*p)
	}
	d.Speaker.Person = plainName(d.Speaker.Person)
	return d
}

// problems says what has to be changed before a document can be kept; this year's number bounds its year.
func (d Document) problems(year int) errs.Fields {
	var f errs.Fields
	long := func(name, text string, most int) {
		if utf8.RuneCountInString(text) > most {
			f.Add(name, "library.too_long", "N", most)
		}
	}
	if d.Title == "" {
		f.Add("title", "library.title_missing")
	}
	long("title", d.Title, maxTitle)
	long("summary", d.Summary, maxSummary)
	long("source", d.Source, maxSource)
	if !slices.Contains(Circles, d.Visible) {
		f.Add("visible", "library.visible_missing")
	}
	if d.Year != 0 && (d.Year < minYear || d.Year > year+1) {
		f.Add("year", "library.year_wrong", "From", minYear, "To", year+1)
	}
	long("issuers", d.Issuers, maxIssuers)
	long("number", d.Number, maxNumber)
	if _, err := clock.ParseDay(string(d.Dated)); err != nil && d.Dated != clock.Open {
		f.Add("dated", "library.day_unreadable")
	}
	return append(f, d.Speaker.problems()...)
}

func (s Speaker) problems() errs.Fields {
	var f errs.Fields
	if s == (Speaker{}) {
		return f
	}
	if s.Person == "" {
		f.Add("person", "library.person_missing")
	} else if utf8.RuneCountInString(s.Person) > maxPerson {
		f.Add("person", "library.too_long", "N", maxPerson)
	}
	if s.On == clock.Open {
		f.Add("on", "library.on_missing")
	} else if _, err := clock.ParseDay(string(s.On)); err != nil {
		f.Add("on", "library.day_unreadable")
	}
	return f
}

// approved tells whether the file that the document has now was approved.
func (d Document) approved() bool { return d.Approval.Hash != "" && d.Approval.Hash == d.File.Hash }

// Usable tells whether a document may be used before children: it was approved, and it is issued (R123).
func (d Document) Usable() bool { return d.State == Issued && d.approved() }

// title is what a document is called: as its first page says, where the file tells which line that is; otherwise as the file is
// called, without what sharing sites and offices add to names (L1). A name that says nothing (scan0012, 新建文档) gives way to the
// title that the file says it has, or to its first heading.
func (t Text) title(name string) string {
	for _, b := range t.Blocks[:min(len(t.Blocks), 5)] {
		if b.Kind == extract.Title && b.Text != "" && utf8.RuneCountInString(b.Text) <= maxTitle {
			return b.Text
		}
	}
	name = CleanTitle(name)
	if says(name) {
		return name
	}
	own := []string{CleanTitle(t.Title)}
	for _, b := range t.Blocks[:min(len(t.Blocks), 5)] {
		if b.Kind == extract.Heading && utf8.RuneCountInString(b.Text) <= longestTitle {
			own = append(own, b.Text)
		}
	}
	if i := slices.IndexFunc(own, says); i >= 0 {
		return own[i]
	}
	return name
}

// says tells whether a title says in Chinese what a document is, beyond what programs call a new one.
func says(title string) bool {
	for _, w := range lexicon.Title.Unnamed {
		title = strings.ReplaceAll(title, w, "")
	}
	return strings.ContainsFunc(title, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// Masked is how outsiders see who shared a document: the first character and stars (L3).
func Masked(name string) string {
	r, _ := utf8.DecodeRuneInString(name)
	if name == "" {
		return ""
	}
	return string(r) + "**"
}

// knows tells whether the reader belongs to the unit or audits it, and so sees who shared a document by name (L3).
func knows(a scope.Actor, unit id.ID, pos int64) bool {
	return a.Unit == unit && a.ViewSet.Contains(a.Pos) || a.WorkSet.Contains(pos) || a.AuditSet.Contains(pos)
}

// uploadName is what a file was called, without folders and without what cannot be seen.
func uploadName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > maxTitle {
		name = string(r[len(r)-maxTitle:]) // its ending is at the end
	}
	return strings.TrimSpace(name)
}
