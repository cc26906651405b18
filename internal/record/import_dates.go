package record

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
)

// Dates are the answers to how doubtful days of a table are read, by kind of doubt and column, year.founded_on, or by kind
// for all columns, year. They are kept with the import.
type Dates map[string]string

// check refuses what is no answer.
func (d Dates) check() error {
	var f errs.Fields
	for key, answer := range d {
		kind, _, _ := strings.Cut(key, ".")
		if !slices.Contains(table.Doubts, table.Doubt(kind)) || len(key) > 100 {
			f.Add("dates", "record.dates_no_question", "Key", key)
		} else if !table.Doubt(kind).Takes(answer) {
			f.Add("dates", "record.dates_no_answer", "Key", key, "Answer", answer)
		}
	}
	return f.Err()
}

// of is what was answered for a column.
func (d Dates) of(kind table.Doubt, column string) string {
	if a := d[string(kind)+"."+column]; a != "" {
		return a
	}
	return d[string(kind)]
}

func (d Dates) text() (string, error) {
	if len(d) == 0 {
		return "", nil
	}
	b, err := json.Marshal(d)
	return string(b), err
}

func datesOf(text string) (d Dates, err error) {
	if text != "" {
		err = json.Unmarshal([]byte(text), &d)
	}
	return d, err
}

// DateQuestion is one thing to be asked about the days of a column.
type DateQuestion struct {
	Doubt  table.Doubt
	Key    string   // names the answer
	Column string   // as it stands in the table
	Rows   int      // that it concerns
	Line   int      // the first of them
	Cell   string   // what it says
	Offers []string // answers to choose from
	Answer string   // that was given
}

// open tells whether a question waits for its answer.
func (p Preview) open() bool {
	return slices.ContainsFunc(p.Dates, func(q DateQuestion) bool { return q.Answer == "" })
}

// mostYears of the table's other days are offered, beside this year and the last.
const mostYears = 3

// wholeTable stands for all columns together.
const wholeTable = ""

// questions collects, over the rows of a table, what has to be asked about its days.
type questions struct {
	dates Dates
	list  []DateQuestion
	last  []int                     // the row that each was last heard of
	years map[string]map[string]int // of the days of a column, and of the whole table, that need no question
}

func (q *questions) asking(ctx context.Context) *table.Asking {
	return &table.Asking{Today: string(clock.Today(ctx)), Answer: func(d table.Doubt, c table.Column, shown string, r table.Row, cell string) string {
		key := string(d) + "." + c.Key
		at := slices.IndexFunc(q.list, func(have DateQuestion) bool { return have.Key == key })
		if at < 0 {
			at = len(q.list)
			q.list = append(q.list, DateQuestion{Doubt: d, Key: key, Column: shown, Line: r.Line, Cell: cell, Answer: q.dates.of(d, c.Key)})
			q.last = append(q.last, 0)
		}
		if q.last[at] != r.Line {
			q.last[at] = r.Line
			q.list[at].Rows++
		}
		return q.list[at].Answer
	}}
}

// note remembers the years of a row, of the days that asked nothing.
func (q *questions) note(cols []table.Column, row map[string]table.Value, line int) {
	for _, c := range cols {
		v := row[c.Key]
		if c.Kind != table.Day || len(v.Text) < 4 || q.heard(c.Key, line) {
			continue
		}
		for _, of := range []string{c.Key, wholeTable} {
			if q.years[of] == nil {
				q.years[of] = map[string]int{}
			}
			q.years[of][v.Text[:4]]++
		}
	}
}

// heard tells whether a column asked something in a row.
func (q *questions) heard(column string, line int) bool {
	for n, at := range q.last {
		if _, of, _ := strings.Cut(q.list[n].Key, "."); at == line && of == column {
			return true
		}
	}
	return false
}

// asked are the questions in their order, with what is offered for each.
func (q *questions) asked(ctx context.Context) []DateQuestion {
	today := clock.Today(ctx)
	for n := range q.list {
		it := &q.list[n]
		if it.Doubt != table.DoubtYear {
			it.Offers = it.Doubt.Answers()
			continue
		}
		_, column, _ := strings.Cut(it.Key, ".")
		if it.Offers = commonYears(q.years[column]); len(it.Offers) == 0 {
			it.Offers = commonYears(q.years[wholeTable])
		}
		for _, y := range []string{string(today[:4]), string(today.AddYears(-1)[:4]), it.Answer} {
			if y != "" && !slices.Contains(it.Offers, y) {
				it.Offers = append(it.Offers, y)
			}
		}
	}
	slices.SortStableFunc(q.list, func(a, b DateQuestion) int {
		return slices.Index(table.Doubts, a.Doubt) - slices.Index(table.Doubts, b.Doubt)
	})
	return q.list
}

func commonYears(seen map[string]int) []string {
	var out []string
	for y := range seen {
		out = append(out, y)
	}
	slices.SortFunc(out, func(a, b string) int {
		if seen[a] != seen[b] {
			return seen[b] - seen[a]
		}
		return strings.Compare(b, a)
	})
	return out[:min(len(out), mostYears)]
}

// Answer says how the doubtful days of a previewed table are read. The answers take the place of those given before; an
// empty one is none.
func (s *Service) Answer(ctx context.Context, ref id.Ref, dates Dates) error {
	given := Dates{}
	for key, answer := range dates {
		if answer != "" {
			given[key] = answer
		}
	}
	if err := given.check(); err != nil {
		return err
	}
	text, err := given.text()
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if _, err := s.getImport(ctx, ref, scope.From(ctx).WorkSet); err != nil {
			return err
		}
		return s.setDates(ctx, ref, text)
	})
}
