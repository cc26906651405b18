package ledger

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// clause is one of the conditions that a filter joins by "and", so that it can be said which one a record does not meet.
type clause struct {
	program *vm.Program
	status  bool // it reads the status and nothing else
}

// clauses takes a filter apart; "" has none.
func clauses(filter string, env map[string]any) ([]clause, error) {
	if filter == "" {
		return nil, nil
	}
	tree, err := parser.Parse(filter)
	if err != nil {
		return nil, err
	}
	var out []clause
	var walk func(n ast.Node) error
	walk = func(n ast.Node) error {
		if b, ok := n.(*ast.BinaryNode); ok && (b.Operator == "&&" || b.Operator == "and") {
			if err := walk(b.Left); err != nil {
				return err
			}
			return walk(b.Right)
		}
		p, err := expr.Compile(n.String(), expr.Env(env), expr.AsBool())
		if err != nil {
			return err
		}
		names := names{}
		ast.Walk(&n, &names)
		out = append(out, clause{program: p, status: len(names) == 1 && names["status"]})
		return nil
	}
	return out, walk(tree.Node)
}

// names collects what an expression reads.
type names map[string]bool

func (v *names) Visit(n *ast.Node) {
	if i, ok := (*n).(*ast.IdentifierNode); ok {
		(*v)[i.Value] = true
	}
}

// lack is why a record is not in a figure. The earlier ones are told first.
type lack int

const (
	lackStatus  lack = iota // its status does not count: handed in, void
	lackEnded               // it ended before the day
	lackUnit                // its unit did not stand on the day
	lackLater               // it begins after the day, or its event lies behind the period
	lackBefore              // its event lies before the period
	lackWindow              // it stands, but outside the years asked for
	lackNothing             // nothing in it could count
	counted                 // it is in the figure, or so far from the question that nobody misses it there
)

// near bounds how far outside a period an event may lie and still be told of: a year.
const near = 366

// missing is what a record lacks to be counted.
type missing struct {
	why  lack
	day  clock.Day // on which it ended or begins
	word string    // of its status, or of how it ended (Row.Ends)
	unit id.ID     // that did not stand
}

// why says what a record lacks to be in a figure; counted when it is in it by any unit, when it has nothing to do with the
// question, or when it differs from the values asked for.
func (c *compiled) why(r Record, t tree, q Query) (missing, error) {
	spans, err := c.spans(r, t)
	if err != nil {
		return missing{}, err
	}
	for _, s := range spans {
		if c.Kind == Event && q.From <= s.from && s.from <= q.To || c.Kind != Event && clock.Covers(s.from, s.to, q.Day) {
			return missing{why: counted}, nil
		}
	}
	for name, want := range q.Where {
		if got, ok := r.Attrs[name]; ok && got != want {
			return missing{why: counted}, nil
		}
	}
	best := missing{why: counted}
	if len(r.Rows) == 0 && c.Kind == State {
		best.why = lackNothing
	}
	for _, row := range r.Rows {
		env := c.env(r, row)
		m, err := c.lacks(env, row, t, q)
		if err != nil {
			return missing{}, err
		}
		for name, want := range q.Where {
			if got, _ := env[name].(string); got != want {
				m.why = counted
			}
		}
		if m.why < best.why || m.why == best.why && m.day > best.day {
			best = m
		}
	}
	return best, nil
}

// lacks says what one row lacks.
func (c *compiled) lacks(env map[string]any, row Row, t tree, q Query) (missing, error) {
	status, _ := env["status"].(string)
	unmet := false
	for _, cl := range c.clauses {
		v, err := expr.Run(cl.program, env)
		if err != nil {
			return missing{}, fmt.Errorf("figure %s: %w", c.Code, err)
		}
		if v.(bool) {
			continue
		}
		if !cl.status {
			return missing{why: counted}, nil // another kind of row, another level: not near
		}
		unmet = true
	}
	if c.Kind == Event {
		far := row.From == clock.Open || row.From > q.To.AddDays(near) || row.From.AddDays(near) < q.From
		switch {
		case far:
			return missing{why: counted}, nil
		case row.From > q.To:
			return missing{why: lackLater, day: row.From, word: "event"}, nil
		case row.From < q.From:
			return missing{why: lackBefore, day: row.From}, nil
		case unmet:
			return missing{why: lackStatus, word: status, day: row.From}, nil
		}
		return c.lacksUnit(row, t, row.From), nil
	}
	switch {
	case row.To != clock.Open && row.To <= q.Day:
		if unmet {
			return missing{why: counted}, nil // never counted, and over
		}
		return missing{why: lackEnded, day: row.To, word: row.Ends}, nil
	case unmet:
		return missing{why: lackStatus, word: status}, nil
	case row.From > q.Day:
		return missing{why: lackLater, day: row.From}, nil
	case row.From == clock.Open:
		return missing{why: lackNothing}, nil
	}
	if m := c.lacksUnit(row, t, q.Day); m.why == lackUnit {
		return m, nil
	}
	if c.Window != nil {
		anchor, _ := env[c.Window.Anchor].(string)
		return missing{why: lackWindow, day: clock.Day(anchor)}, nil
	}
	return missing{why: counted}, nil
}

func (c *compiled) lacksUnit(row Row, t tree, d clock.Day) missing {
	if !c.EndsWithUnit {
		return missing{why: counted}
	}
	for _, u := range row.Units {
		if n := t[u]; n.to != clock.Open && n.to <= d {
			return missing{why: lackUnit, day: n.to, unit: u}
		}
	}
	return missing{why: counted}
}

// key is the text of a reason: the word's own when there is one.
func (m missing) key(has func(key string) bool) string {
	base := "ledger.left." + [...]string{"status", "ended", "unit", "later", "before", "window", "nothing"}[m.why]
	if m.word != "" && !strings.ContainsAny(m.word, " .") && has(base+"_"+m.word) {
		return base + "_" + m.word
	}
	return base
}
