package ledger

import (
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"xinhuo/internal/kit/errs"
)

// compiled is a definition ready to run.
type compiled struct {
	Definition
	id     int64
	owner  int64
	zero   map[string]any // all attributes of the record kind, with their zero values
	filter *vm.Program
	// clauses are the filter's conditions one by one.
	clauses []clause
	value   *vm.Program
	test    *vm.Program
}

// Defaults reads the definitions that ship with the program (figures/*.toml).
func Defaults() ([]Definition, error) {
	var out []Definition
	for _, subject := range subjects {
		var f struct {
			Figure []Definition `toml:"figure"`
		}
		md, err := toml.DecodeFS(shipped, "figures/"+subject+".toml", &f)
		if err != nil {
			return nil, fmt.Errorf("ledger.Defaults %s: %w", subject, err)
		}
		if u := md.Undecoded(); len(u) > 0 {
			return nil, fmt.Errorf("ledger.Defaults %s: unknown keys %v", subject, u)
		}
		out = append(out, f.Figure...)
	}
	for i := range out {
		out[i].Order = i
	}
	return out, nil
}

// reads are the figures from which a condition, a distinct or a derived figure is made.
func (d Definition) reads() []string {
	var out []string
	switch d.Kind {
	case Condition:
		if d.Test != nil {
			for _, m := range []map[string]string{d.Test.Own, d.Test.Subtree} {
				for _, code := range m {
					out = append(out, code)
				}
			}
		}
	case Distinct:
		out = append(out, d.DistinctOf)
	case Derived:
		out = append(out, d.Numerator, d.Denominator)
	}
	return out
}

// compile checks a definition against what its record kind publishes and compiles its expressions.
func compile(d Definition, sources map[string]*Source, known func(code string) *compiled) (*compiled, error) {
	c := &compiled{Definition: d}
	bad := func(format string, args ...any) error {
		return errs.Wrap(fmt.Errorf("figure %s: "+format, append([]any{d.Code}, args...)...), errs.Invalid, "ledger.definition_bad", "Code", d.Code)
	}
	if d.Code == "" || strings.ContainsAny(d.Code, " /?#%") || d.Name.Zh == "" || d.Sentence.Zh == "" {
		return nil, bad("code, name and sentence are needed")
	}
	switch d.Kind {
	case Event, State:
		src := sources[d.Record]
		if src == nil {
			return nil, bad("no record kind %q", d.Record)
		}
		c.zero = map[string]any{"row": ""}
		for k, v := range src.Fields {
			c.zero[k] = v
		}
		var err error
		if d.Filter != "" {
			if c.filter, err = expr.Compile(d.Filter, expr.Env(c.zero), expr.AsBool()); err != nil {
				return nil, bad("filter: %w", err)
			}
			if c.clauses, err = clauses(d.Filter, c.zero); err != nil {
				return nil, bad("filter: %w", err)
			}
		}
		if d.Amount != "" {
			if c.value, err = expr.Compile(d.Amount, expr.Env(c.zero), expr.AsInt64()); err != nil {
				return nil, bad("amount: %w", err)
			}
		}
		for _, b := range d.Breakdowns {
			if _, ok := c.zero[b].(string); !ok {
				return nil, bad("breakdown %q is no text attribute", b)
			}
		}
		if w := d.Window; w != nil {
			if _, ok := c.zero[w.Anchor].(string); !ok || w.Years <= 0 || (w.Part != "within" && w.Part != "after") || d.Kind != State {
				return nil, bad("window")
			}
		}
	case Condition:
		if d.Test == nil || d.Test.Level == "" || len(d.Test.Own)+len(d.Test.Subtree) == 0 {
			return nil, bad("a condition needs a level, figures to read and an expression")
		}
		env := map[string]any{}
		for _, reads := range []map[string]string{d.Test.Own, d.Test.Subtree} {
			for name, code := range reads {
				if f := known(code); f == nil || (f.Kind != State && f.Kind != Event) {
					return nil, bad("reads %q, which is no state or event", code)
				}
				env[name] = int64(0)
			}
		}
		var err error
		if c.test, err = expr.Compile(d.Test.Expr, expr.Env(env), expr.AsBool()); err != nil {
			return nil, bad("test: %w", err)
		}
	case Distinct:
		f := known(d.DistinctOf)
		if f == nil || !contains(f.Breakdowns, d.DistinctBy) {
			return nil, bad("%q has no breakdown %q", d.DistinctOf, d.DistinctBy)
		}
	case Derived:
		if known(d.Numerator) == nil || known(d.Denominator) == nil {
			return nil, bad("terms %q / %q", d.Numerator, d.Denominator)
		}
	default:
		return nil, bad("kind %q", d.Kind)
	}
	return c, nil
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

func (c *compiled) env(r Record, row Row) map[string]any {
	env := make(map[string]any, len(c.zero))
	for k, v := range c.zero {
		env[k] = v
	}
	for k, v := range r.Attrs {
		env[k] = v
	}
	for k, v := range row.Attrs {
		env[k] = v
	}
	env["row"] = row.Type
	return env
}

func (c *compiled) matches(env map[string]any) (bool, error) {
	if c.filter == nil {
		return true, nil
	}
	v, err := expr.Run(c.filter, env)
	if err != nil {
		return false, fmt.Errorf("figure %s: filter: %w", c.Code, err)
	}
	return v.(bool), nil
}

func (c *compiled) amount(env map[string]any) (int64, error) {
	if c.value == nil {
		return 1, nil
	}
	v, err := expr.Run(c.value, env)
	if err != nil {
		return 0, fmt.Errorf("figure %s: amount: %w", c.Code, err)
	}
	return v.(int64), nil
}

func (c *compiled) tuple(env map[string]any) string {
	values := make([]string, len(c.Breakdowns))
	for i, b := range c.Breakdowns {
		values[i], _ = env[b].(string)
	}
	return encodeTuple(values)
}
