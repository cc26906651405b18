package table

import (
	"slices"
	"strings"
)

// Kind is what a column holds.
type Kind int

const (
	// Text is words; stray spaces and full-width letters and digits are normalised.
	Text Kind = iota
	// Day is a day, YYYY-MM-DD.
	Day
	// Money is an amount in fen.
	Money
	// Int is a whole number.
	Int
	// Choice is one of the column's Choices.
	Choice
)

// Option is one of the choices of a column: its key in the program and the titles under which people write it. The first
// title is the one written.
type Option struct {
	Key    string
	Titles []string
}

// Column describes one column of a table.
type Column struct {
	Key      string   // in the program
	Titles   []string // Chinese, English, further names; the first is the one written
	Required bool     // the column and each of its cells
	Kind     Kind
	Choices  []Option
	Hint     string  // shown in templates beside the cell
	Width    float64 // in characters; 0 takes one that suits the kind
}

func (c Column) title() string {
	if len(c.Titles) == 0 {
		return c.Key
	}
	return c.Titles[0]
}

// Problem is one thing that a person has to change in their table. Line is the row as Excel shows it, 0 for the whole
// table; Column is the title as it stands in the table; Code is a text key. A Warning does not keep the table out.
type Problem struct {
	Line    int
	Column  string
	Code    string
	Args    map[string]any
	Warning bool
}

// Blocking tells whether some of the problems keep the table, or the row, out.
func Blocking(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return !p.Warning })
}

// Value is one cell. The zero Value is an empty cell. Text holds words, a day as YYYY-MM-DD or the key of a choice; Num
// holds fen or a whole number.
type Value struct {
	Set  bool
	Text string
	Num  int64
}

// Over is the words of a cell, to be put in place of those on record; what a table would read as the same words stays as
// it was written, with its spaces.
func (v Value) Over(was string) string {
	if CleanText(was) == v.Text {
		return was
	}
	return v.Text
}

// OfText is a cell of words; an empty text is an empty cell.
func OfText(s string) Value { return Value{Set: s != "", Text: s} }

// OfDay is a cell with a day, YYYY-MM-DD; an empty day is an empty cell.
func OfDay(day string) Value { return Value{Set: day != "", Text: day} }

// OfFen is a cell with an amount in fen.
func OfFen(fen int64) Value { return Value{Set: true, Num: fen} }

// OfInt is a cell with a whole number.
func OfInt(n int64) Value { return Value{Set: true, Num: n} }

// OfChoice is a cell with the key of a choice; an empty key is an empty cell.
func OfChoice(key string) Value { return Value{Set: key != "", Text: key} }

// Binding says which column of a table stands where.
type Binding struct {
	Unknown []string // titles that no column knows
	Asking  *Asking  // how days that may mean several are read; without it they are unreadable

	cols []boundColumn
}

// Titles says what each column is called in the table, by key; its own title where the table lacks it.
func (b Binding) Titles() map[string]string {
	out := make(map[string]string, len(b.cols))
	for _, c := range b.cols {
		out[c.Key] = c.shown
	}
	return out
}

type boundColumn struct {
	Column
	at    int    // -1 when the table lacks it
	shown string // the title in the table
	unit  int64  // of money: how many yuan a plain number stands for
}

// Bind finds the columns by their titles, in any order. Missing required columns and titles that stand twice are
// problems, unknown titles are warnings.
func Bind(header []string, cols []Column) (Binding, []Problem) {
	var b Binding
	var problems []Problem
	taken := make([]bool, len(header))
	for _, c := range cols {
		bound := boundColumn{Column: c, at: -1, shown: c.title(), unit: 1}
		// A title that fits to the letter goes before one that fits without its brackets.
		for _, fits := range []func(string, Column) bool{fitsExactly, fitsLoosely} {
			for i, h := range header {
				if taken[i] || !fits(h, c) {
					continue
				}
				taken[i] = true
				if bound.at >= 0 {
					problems = append(problems, Problem{Column: bound.shown, Code: "table.column_twice",
						Args: map[string]any{"Column": bound.shown, "First": bound.at + 1, "Second": i + 1}})
					continue
				}
				bound.at, bound.shown, bound.unit = i, strings.TrimSpace(h), titleUnit(h)
			}
			if bound.at >= 0 {
				break
			}
		}
		if bound.at < 0 && c.Required {
			problems = append(problems, Problem{Column: c.title(), Code: "table.column_missing", Args: map[string]any{"Column": c.title()}})
		}
		b.cols = append(b.cols, bound)
	}
	for i, h := range header {
		if h = strings.TrimSpace(h); !taken[i] && h != "" {
			b.Unknown = append(b.Unknown, h)
			problems = append(problems, Problem{Column: h, Code: "table.column_unknown", Args: map[string]any{"Column": h}, Warning: true})
		}
	}
	return b, problems
}

// Parse turns a row into values by column key. Empty cells have no entry; a cell with a problem has none either.
func (b Binding) Parse(row Row) (map[string]Value, []Problem) {
	values := make(map[string]Value, len(b.cols))
	var problems []Problem
	for _, c := range b.cols {
		if c.at < 0 {
			continue
		}
		cell := row.Cell(c.at)
		over, merged := row.merged[c.at]
		if merged && strings.TrimSpace(cell) == "" && strings.TrimSpace(over) != "" {
			if cell = over; c.Kind == Money || c.Kind == Int { // of a sum nobody knows how much is whose
				problems = append(problems, Problem{Line: row.Line, Column: c.shown, Code: "table.number_merged",
					Args: map[string]any{"Line": row.Line, "Column": c.shown, "Cell": shorten(cell)}})
				continue
			}
		}
		v, code, args := c.parse(cell, b.Asking, row)
		if code == "" && !v.Set && c.Required {
			code = "table.cell_missing"
		}
		if code != "" {
			all := map[string]any{"Line": row.Line, "Column": c.shown, "Cell": shorten(cell)}
			for k, a := range args {
				all[k] = a
			}
			problems = append(problems, Problem{Line: row.Line, Column: c.shown, Code: code, Args: all})
			continue
		}
		if v.Set {
			values[c.Key] = v
		}
	}
	return values, problems
}

func (c boundColumn) parse(cell string, asking *Asking, row Row) (v Value, code string, args map[string]any) {
	text := CleanText(cell)
	if text == "" {
		return Value{}, "", nil
	}
	switch c.Kind {
	case Day:
		day, open, err := c.day(text, asking, row)
		switch {
		case open:
			return Value{}, "table.day_doubtful", nil
		case err == nil:
			return OfDay(day), "", nil
		case err == ErrNoSuchDay:
			return Value{}, "table.day_impossible", nil
		}
		return Value{}, "table.day_unreadable", nil
	case Money:
		fen, err := parseMoney(text, c.unit)
		switch err {
		case nil:
			return OfFen(fen), "", nil
		case ErrTooFine:
			return Value{}, "table.money_too_fine", nil
		}
		return Value{}, "table.money_unreadable", nil
	case Int:
		n, err := ParseInt(text)
		if err != nil {
			return Value{}, "table.number_unreadable", nil
		}
		return OfInt(n), "", nil
	case Choice:
		for _, o := range c.Choices {
			if slices.ContainsFunc(o.Titles, func(t string) bool { return fold(t) == fold(text) }) {
				return OfChoice(o.Key), "", nil
			}
		}
		var titles []string
		for _, o := range c.Choices {
			if len(o.Titles) > 0 {
				titles = append(titles, o.Titles[0])
			}
		}
		return Value{}, "table.choice_unknown", map[string]any{"Choices": strings.Join(titles, "、")}
	}
	if lostDigits.MatchString(text) {
		return Value{}, "table.long_number", nil
	}
	return OfText(text), "", nil
}

func (c boundColumn) day(text string, asking *Asking, row Row) (day string, open bool, err error) {
	if asking == nil {
		day, err = ParseDay(text)
		return day, false, err
	}
	return readDay(text, asking.Today, func(d Doubt) string { return asking.Answer(d, c.Column, c.shown, row, shorten(text)) })
}

func shorten(cell string) string {
	r := []rune(strings.TrimSpace(cell))
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return string(r)
}

func matches(header []string, cols []Column) int {
	n := 0
	for _, h := range header {
		if slices.ContainsFunc(cols, func(c Column) bool { return fitsLoosely(h, c) }) {
			n++
		}
	}
	return n
}

func fitsExactly(header string, c Column) bool {
	h := fold(header)
	return h != "" && slices.ContainsFunc(c.Titles, func(t string) bool { return fold(t) == h })
}

func fitsLoosely(header string, c Column) bool {
	h := bare(header)
	return h != "" && slices.ContainsFunc(c.Titles, func(t string) bool { return bare(t) == h })
}

// fold makes titles comparable: half-width, lower-case, without spaces, asterisks and colons.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n*:_-", r) {
			return -1
		}
		return r
	}, strings.ToLower(halfWidth(CleanText(s))))
}

// bare is a title without what stands in brackets: 金额(万元), 备注(选填).
func bare(s string) string {
	s = fold(s)
	for {
		from := strings.IndexByte(s, '(')
		if from < 0 {
			return s
		}
		to := strings.IndexByte(s[from:], ')')
		if to < 0 {
			return s[:from]
		}
		s = s[:from] + s[from+to+1:]
	}
}

// titleUnit reads the unit in the brackets of a title: under 金额(万元) a plain 6 means 60,000 yuan.
func titleUnit(title string) int64 {
	_, inside, found := strings.Cut(fold(title), "(")
	if !found {
		return 1
	}
	inside, _, _ = strings.Cut(inside, ")")
	for _, u := range moneyUnits {
		if u.word != "" && strings.Contains(inside, u.word+"元") {
			return u.yuan
		}
	}
	return 1
}

// Several reads a list written into one cell.
func Several(text string) []string {
	var out []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,，;；\n", r) }) {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}
