package flow_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
)

// may says by names alone who may act, as a reader of the definition would: it shares nothing with the program's way
// over places.
func may(role string, who []flow.Who, last string) bool {
	for _, w := range who {
		if w.Other && role == "asker" {
			continue
		}
		switch {
		case w.At == flow.AtOwn && (role == "asker" || role == "colleague"),
			w.At == flow.AtLevel && w.Level == role,
			w.At == flow.AtIssuer && role == "city",
			w.At == flow.AtSender && role == last:
			return true
		}
	}
	return false
}

type move struct{ role, act string }

// paths finds a legal way from the start to every state.
func paths(def flow.Definition) map[string][]move {
	out := map[string][]move{def.Start: {}}
	queue := []string{def.Start}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		last := "asker"
		if p := out[state]; len(p) > 0 {
			last = p[len(p)-1].role
		}
		for _, t := range def.From(state) {
			if _, ok := out[t.To]; ok {
				continue
			}
			for _, role := range roles {
				if may(role, t.Who, last) {
					out[t.To] = append(slices.Clone(out[state]), move{role, t.Act})
					queue = append(queue, t.To)
					break
				}
			}
		}
	}
	return out
}

func (f *fixture) at(code string, way []move) (flow.Case, string) {
	f.t.Helper()
	c, last := f.begin(code), "asker"
	for _, m := range way {
		c, last = f.act(m.role, c, m.act), m.role
	}
	return c, last
}

// snapshot is everything that an act could change about a case.
func (f *fixture) snapshot(c flow.Case) string {
	f.t.Helper()
	got, err := f.s.Get(f.as("system"), c.Ref())
	if err != nil {
		f.t.Fatal(err)
	}
	steps, err := f.s.Steps(f.as("system"), c)
	if err != nil {
		f.t.Fatal(err)
	}
	rows, err := f.db.Rows(f.ctx, "SELECT id, unit, done_at FROM flow_task WHERE case_id = $1 ORDER BY id", c.ID)
	if err != nil {
		f.t.Fatal(err)
	}
	defer rows.Close()
	tasks := ""
	for rows.Next() {
		var a, b, d int64
		if err := rows.Scan(&a, &b, &d); err != nil {
			f.t.Fatal(err)
		}
		tasks += fmt.Sprintln(a, b, d)
	}
	b, err := json.Marshal([]any{got, steps, tasks, f.effects.Load()})
	if err != nil {
		f.t.Fatal(err)
	}
	return string(b)
}

func (f *fixture) logged(c flow.Case) (done, refused int) {
	f.t.Helper()
	rows, err := f.audit.Of(f.ctx, c.Subject(), 1000)
	if err != nil {
		f.t.Fatal(err)
	}
	for _, r := range rows {
		if r.Refused == 1 {
			refused++
		} else {
			done++
		}
	}
	return done, refused
}

// Every pair of state, act and role that a definition does not know is refused, logged and changes nothing; every
// legal one moves the case, leaves one step and is logged. The cases come from the definitions themselves.
func TestEveryStateActAndRole(t *testing.T) {
	defs, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for code, def := range defs {
		t.Run(code, func(t *testing.T) {
			f := open(t)
			acts := []string{"no-such-act", ""}
			for _, tr := range def.Transitions {
				if !slices.Contains(acts, tr.Act) {
					acts = append(acts, tr.Act)
				}
			}
			ways := paths(def)
			for _, st := range def.States {
				way, ok := ways[st.Key]
				if !ok {
					t.Fatalf("no person can bring a case to %s", st.Key)
				}
				standing, last := f.at(code, way)
				for _, act := range acts {
					tr, known := def.Find(st.Key, act)
					for _, role := range roles {
						if known && may(role, tr.Who, last) {
							c, _ := f.at(code, way)
							f.legal(c, role, tr)
							continue
						}
						f.illegal(standing, st.Key, role, act)
					}
				}
			}
		})
	}
}

func (f *fixture) legal(c flow.Case, role string, tr flow.Transition) {
	f.t.Helper()
	steps, effects := c.Steps, f.effects.Load()
	done, _ := f.logged(c)
	buttons := f.s.Allowed(f.as(role), c)
	if !slices.ContainsFunc(buttons, func(b flow.Transition) bool { return b.Act == tr.Act }) {
		f.t.Errorf("%s may %s in %s and has no button", role, tr.Act, c.State)
	}
	c, err := f.s.Act(f.as(role), c.Ref(), whole(tr.Act))
	if err != nil {
		f.t.Errorf("%s %s: %v", role, tr.Act, err)
		return
	}
	if c.State != tr.To || c.Steps != steps+1 {
		f.t.Errorf("%s %s leads to %s with %d steps", role, tr.Act, c.State, c.Steps)
	}
	if now, _ := f.logged(c); now != done+1 {
		f.t.Errorf("%s %s leaves %d rows in the log, want one more than %d", role, tr.Act, now, done)
	}
	want := effects
	if tr.Effect != "" {
		want++
	}
	if f.effects.Load() != want {
		f.t.Errorf("%s %s: effects %d, want %d", role, tr.Act, f.effects.Load(), want)
	}
}

func (f *fixture) illegal(c flow.Case, state, role, act string) {
	f.t.Helper()
	before := f.snapshot(c)
	_, refused := f.logged(c)
	_, err := f.s.Act(f.as(role), c.Ref(), whole(act))
	if err == nil {
		f.t.Fatalf("%s may %q in %s, which the definition does not know", role, act, state)
	}
	outside := role == "sibling" || role == "elsewhere" || role == "anonymous"
	switch kind := errs.KindOf(err); {
	case kind == errs.Internal:
		f.t.Errorf("%s %q in %s: %v", role, act, state, err)
	case outside != (kind == errs.NotFound):
		f.t.Errorf("%s %q in %s is told %v", role, act, state, err)
	}
	if words := i18n.Error(f.ctx, err); !outside && (words == "" || words == i18n.T(f.ctx, "errs.internal") || len([]rune(words)) < 6) {
		f.t.Errorf("%s %q in %s is told %q", role, act, state, words)
	}
	if after := f.snapshot(c); after != before {
		f.t.Fatalf("%s %q in %s was refused and changed\n%s\ninto\n%s", role, act, state, before, after)
	}
	if _, now := f.logged(c); now != refused+1 {
		f.t.Errorf("%s %q in %s: %d refusals in the log, want one more than %d", role, act, state, now, refused)
	}
	for _, b := range f.s.Allowed(f.as(role), c) {
		if b.Act == act {
			f.t.Errorf("%s has a button %q in %s", role, act, state)
		}
	}
}

// A definition in which a case could get lost is refused.
func TestDefinitionsAreChecked(t *testing.T) {
	good := func() flow.Definition {
		defs, err := flow.Shipped()
		if err != nil {
			t.Fatal(err)
		}
		return defs["record.correction"]
	}
	for name, spoil := range map[string]func(d *flow.Definition){
		"no code":               func(d *flow.Definition) { d.Code = "" },
		"start unknown":         func(d *flow.Definition) { d.Start = "nowhere" },
		"state twice":           func(d *flow.Definition) { d.States = append(d.States, d.States[0]) },
		"no way out":            func(d *flow.Definition) { d.Transitions = d.Transitions[:0] },
		"end waits":             func(d *flow.Definition) { d.States[1].Days = 3 },
		"unreached state":       func(d *flow.Definition) { d.Transitions = d.Transitions[:1] },
		"leads nowhere":         func(d *flow.Definition) { d.Transitions[0].To = "nowhere" },
		"from nowhere":          func(d *flow.Definition) { d.Transitions[0].From = []string{"nowhere"} },
		"out of an end":         func(d *flow.Definition) { d.Transitions[0].From = []string{"applied"} },
		"same act twice":        func(d *flow.Definition) { d.Transitions = append(d.Transitions, d.Transitions[0]) },
		"unknown level":         func(d *flow.Definition) { d.Transitions[0].Who = []flow.Who{{At: flow.AtLevel, Level: "moon"}} },
		"unknown place":         func(d *flow.Definition) { d.Transitions[0].Who = []flow.Who{{At: "moon"}} },
		"clock without months":  func(d *flow.Definition) { d.Transitions[0].Who = []flow.Who{{At: flow.AtClock}} },
		"negative days":         func(d *flow.Definition) { d.States[0].Days = -1 },
		"unknown count":         func(d *flow.Definition) { d.States[0].Count = "lunar" },
		"waits without a title": func(d *flow.Definition) { d.States[0].Todo = flow.Label{} },
		"act without a title":   func(d *flow.Definition) { d.Transitions[0].Title = flow.Label{} },
		"nobody may act at all": func(d *flow.Definition) { d.States[0].Wait = nil },
		"state without a title": func(d *flow.Definition) { d.States[2].Title = flow.Label{} },
		"clock that has to type": func(d *flow.Definition) {
			d.Transitions[1].Who = []flow.Who{{At: flow.AtClock}}
			d.Transitions[1].AfterMonths = 1
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := good()
			if err := d.Check(); err != nil {
				t.Fatal(err)
			}
			d = clone(t, d)
			spoil(&d)
			if d.Check() == nil {
				t.Error("taken as it is")
			}
		})
	}
}

func clone(t *testing.T, d flow.Definition) flow.Definition {
	t.Helper()
	_, body, err := d.Version()
	if err != nil {
		t.Fatal(err)
	}
	var c flow.Definition
	if err := json.Unmarshal(body, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// Every word that a shipped definition uses exists in both languages.
func TestDefinitionsHaveWords(t *testing.T) {
	texts, err := i18n.Load(flow.Texts)
	if err != nil {
		t.Fatal(err)
	}
	defs, err := flow.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for code, d := range defs {
		labels := []flow.Label{d.Title}
		for _, s := range d.States {
			labels = append(labels, s.Title)
			if len(s.Wait) > 0 {
				labels = append(labels, s.Todo)
			}
		}
		for _, tr := range d.Transitions {
			labels = append(labels, tr.Title)
		}
		for _, lang := range i18n.Langs {
			for _, l := range labels {
				if _, ok := texts.Keys(lang)[l.Key]; !ok {
					t.Errorf("%s: %q has no text in %s", code, l.Key, lang)
				}
			}
		}
	}
	for key := range texts.Keys("zh") {
		if _, ok := texts.Keys("en")[key]; !ok {
			t.Errorf("%s has no English", key)
		}
	}
	for key := range texts.Keys("en") {
		if _, ok := texts.Keys("zh")[key]; !ok {
			t.Errorf("%s has no Chinese", key)
		}
	}
}

// The week, the days off in it and the weekends worked for them; a year without a table has only the week.
func TestWorkday(t *testing.T) {
	for day, want := range map[clock.Day]bool{
		"2026-02-13": true, "2026-02-14": true, "2026-02-15": false, "2026-02-16": false, "2026-02-23": false, "2026-02-24": true, // Spring Festival
		"2026-10-10": true, "2026-11-21": false, "2026-11-23": true,
		"2031-10-01": true, "2031-10-04": false,
	} {
		if got := flow.Workday(day); got != want {
			t.Errorf("%s worked: %v", day, got)
		}
	}
}
