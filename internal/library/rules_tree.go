package library

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/table"
)

const (
	maxCategory   = 20 // characters of a category's Chinese name
	maxCategoryEn = 60
	madeCode      = "c" // codes that the program makes are this and a number
)

// Open tells whether a category stands.
func (c Category) Open() bool { return c.To == clock.Open }

// Tree is all categories, those that are closed among them: the top ones in their order, each with its children after it.
type Tree []Category

// sorted brings categories into the order of the tree; the closed ones of a parent come after the open ones.
func (t Tree) sorted() Tree {
	key := func(c Category) (own Category, child bool) {
		if c.Parent == "" {
			return c, false
		}
		own, _ = t.find(c.Parent)
		return own, true
	}
	beside := func(a, b Category) int {
		return cmp.Or(cmp.Compare(bit(!a.Open()), bit(!b.Open())), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Code, b.Code))
	}
	out := slices.Clone(t)
	slices.SortFunc(out, func(a, b Category) int {
		ta, ca := key(a)
		tb, cb := key(b)
		if ta.Code != tb.Code {
			return beside(ta, tb)
		}
		if ca != cb {
			return cmp.Compare(bit(ca), bit(cb))
		}
		return beside(a, b)
	})
	return out
}

func (t Tree) find(code string) (Category, bool) {
	if i := slices.IndexFunc(t, func(c Category) bool { return c.Code == code }); i >= 0 && code != "" {
		return t[i], true
	}
	return Category{}, false
}

// Now is the category under which stands what was filed under one: itself, or where its successors lead; the last one of them
// when that is closed, too, and has none.
func (t Tree) Now(code string) string {
	for range t { // there are no circles: a successor stands when it is named
		c, ok := t.find(code)
		if !ok || c.Open() || c.Successor == "" {
			break
		}
		code = c.Successor
	}
	return code
}

// children are the open categories below one, in their order; "" for those at the top.
func (t Tree) children(code string) (out []Category) {
	for _, c := range t {
		if c.Parent == code && c.Open() {
			out = append(out, c)
		}
	}
	return out
}

// Takes tells whether documents are filed under a category: it stands and has no others below.
func (t Tree) Takes(code string) bool {
	c, ok := t.find(code)
	return ok && c.Open() && len(t.children(code)) == 0
}

// Leaves are the categories under which documents are filed, in the order of the tree.
func (t Tree) Leaves() (out []Category) {
	for _, c := range t {
		if t.Takes(c.Code) {
			out = append(out, c)
		}
	}
	return out
}

// Under are the codes of a category, or of what succeeded it, and of all below.
func (t Tree) Under(code string) []string {
	code = t.Now(code)
	out := []string{code}
	for _, c := range t {
		if c.Parent == code {
			out = append(out, c.Code)
		}
	}
	return out
}

// top is the category at the top under which one stands, itself when it is there.
func (t Tree) top(code string) string {
	if c, ok := t.find(code); ok && c.Parent != "" {
		return c.Parent
	}
	return code
}

// Reviewed tells whether documents of a category are issued only when they were approved, because they are used before children (R123).
func (t Tree) Reviewed(code string) bool {
	c, _ := t.find(t.Now(code))
	return c.Reviewed
}

// filed is the category under which a document is to be filed for which somebody named one: that, or its successor. was is where it
// stands already, which is good in any case.
func (t Tree) filed(code, was string) (string, errs.Fields) {
	var f errs.Fields
	code = t.Now(code)
	switch c, ok := t.find(code); {
	case code == was && ok, t.Takes(code):
	case ok && c.Open():
		f.Add("category", "library.category_parent_chosen")
	case ok:
		f.Add("category", "library.category_closed")
	default:
		f.Add("category", "library.category_missing")
	}
	return code, f
}

// files is filed for a document: one of which only the title is known cannot stand where its text would have to be approved.
func (t Tree) files(d Document, was string) (string, errs.Fields) {
	code, f := t.filed(d.Category, was)
	if len(f) == 0 && d.TitleOnly() && t.Reviewed(code) {
		f.Add("category", "library.title_only_reviewed")
	}
	return code, f
}

// freeCode is a code that no category has had.
func (t Tree) freeCode() string {
	most := 0
	for _, c := range t {
		if n, err := strconv.Atoi(strings.TrimPrefix(c.Code, madeCode)); err == nil && strings.HasPrefix(c.Code, madeCode) {
			most = max(most, n)
		}
	}
	return madeCode + strconv.Itoa(most+1)
}

// CategoryEdit is what an editor says about a category. Place counts from 1 among those beside it; 0 is the last.
type CategoryEdit struct {
	Parent   string
	Name     string // in Chinese
	En       string // "" falls back to the Chinese one
	Place    int
	Reviewed bool
}

// clean takes off what only stands around.
func (e CategoryEdit) clean() CategoryEdit {
	for _, p := range []*string{&e.Name, &e.En} {
		*p = strings.ReplaceAll(table.CleanText(*p), "\n", " ")
	}
	return e
}

// problems says what keeps an edit of a category out of the tree; code is "" for a new one, called are the Chinese names of the others.
func (t Tree) problems(code string, e CategoryEdit, called map[string]string) errs.Fields {
	var f errs.Fields
	for _, x := range []struct {
		name, text string
		most       int
	}{{"name", e.Name, maxCategory}, {"en", e.En, maxCategoryEn}} {
		switch {
		case utf8.RuneCountInString(x.text) > x.most:
			f.Add(x.name, "library.too_long", "N", x.most)
		case strings.ContainsFunc(x.text, func(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }):
			f.Add(x.name, "library.category_unprintable")
		}
	}
	if e.Name == "" {
		f.Add("name", "library.category_unnamed")
	}
	for _, c := range t.children(e.Parent) {
		if c.Code != code && called[c.Code] == e.Name && e.Name != "" {
			f.Add("name", "library.category_twice", "Name", e.Name)
		}
	}
	if e.Place < 0 {
		f.Add("place", "library.category_place")
	}
	if e.Parent == "" {
		return f
	}
	switch p, ok := t.find(e.Parent); {
	case !ok || !p.Open():
		f.Add("parent", "library.category_no_parent")
	case e.Parent == code:
		f.Add("parent", "library.category_itself")
	case p.Parent != "" || code != "" && len(t.children(code)) > 0:
		f.Add("parent", "library.category_deep")
	}
	return f
}

// placed are the places of those that stand beside a category at the top or below a parent when it takes its own; 0 is the last.
func (t Tree) placed(code, parent string, place int) []Category {
	var list []Category
	own, _ := t.find(code)
	for _, c := range t.children(parent) {
		if c.Code != code {
			list = append(list, c)
		}
	}
	if place <= 0 || place > len(list)+1 {
		place = len(list) + 1
	}
	list = slices.Insert(list, place-1, own)
	for i := range list {
		list[i].Place = i + 1
	}
	return list
}
