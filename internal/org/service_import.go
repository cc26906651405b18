package org

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
)

var importLimits = table.Limits{Bytes: 8 << 20, Rows: 50_000}

// ReadUnits looks at a list of units (xlsx or CSV) to be founded below a unit, and keeps it to be taken: nothing is
// founded yet. A row whose code stands in the tree already is left as it is, so that a list can be taken twice.
func (s *Service) ReadUnits(ctx context.Context, below id.ID, file string, data []byte) (Batch, error) {
	u, err := s.allowed(ctx, scope.Admin, below, "org.import")
	if err != nil {
		return Batch{}, err
	}
	plan, err := s.plan(ctx, u, file, data)
	if err != nil {
		return Batch{}, err
	}
	text, err := json.Marshal(plan)
	if err != nil {
		return Batch{}, err
	}
	a := scope.From(ctx)
	b := Batch{ID: id.New(), Unit: below, File: file, At: clock.Millis(ctx), Actor: a.Account, ActorName: a.Name, State: "read", Plan: string(text)}
	return b, s.db.Tx(ctx, func(ctx context.Context) error { return s.store.insertBatch(ctx, b) })
}

func (s *Service) plan(ctx context.Context, u Unit, file string, data []byte) (ImportPlan, error) {
	var plan ImportPlan
	sheet, err := table.Read(file, data, importLimits)
	if err != nil {
		return plan, err
	}
	defer sheet.Close()
	cols := columns()
	header, err := sheet.Header(cols)
	if err != nil {
		return plan, err
	}
	binding, problems := table.Bind(header.Cells, cols)
	plan.Problems = problems
	if table.Blocking(problems) {
		return plan, nil
	}
	lines := map[string]int{}
	var rows []NewUnit
	at := map[string]int{} // code -> line
	if err := sheet.Rows(func(r table.Row) error {
		if r.Line <= header.Line {
			return nil
		}
		values, bad := binding.Parse(r)
		plan.Problems = append(plan.Problems, bad...)
		if table.Blocking(bad) {
			plan.Bad++
			return nil
		}
		n := NewUnit{Code: values["code"].Text, Name: values["name"].Text, Level: Level(values["level"].Text), Kind: Kind(values["kind"].Text),
			ParentCode: values["parent"].Text, From: dayOrOf(values["from"], u.From), To: dayOrOf(values["to"], clock.Open)}
		if n.Level == Township && n.Kind == "" {
			n.Kind = KindOfName(n.Name)
		}
		if n.Level == Enterprise && n.Kind == "" {
			n.Kind = Private
		}
		if first, twice := lines[n.Code]; twice {
			plan.problem(r.Line, "org.import_twice", "Code", n.Code, "First", first)
			return nil
		}
		lines[n.Code] = r.Line
		at[n.Code] = r.Line
		rows = append(rows, n)
		return nil
	}); err != nil {
		return plan, err
	}
	return plan, s.planRows(ctx, u, &plan, rows, at)
}

// planRows keeps the rows that can be founded: their parent stands in the tree within reach, or is founded by the list.
func (s *Service) planRows(ctx context.Context, u Unit, plan *ImportPlan, rows []NewUnit, at map[string]int) error {
	if err := s.parentsByName(ctx, u, rows, at); err != nil {
		return err
	}
	var codes []string
	for _, n := range rows {
		codes = append(codes, n.Code)
		if n.ParentCode != "" {
			codes = append(codes, n.ParentCode)
			continue
		}
		parentByCode(n.Code, func(c string) bool { codes = append(codes, c); return false }) // all that it might be
	}
	slices.Sort(codes)
	there, err := s.ByCodes(ctx, slices.Compact(codes))
	if err != nil {
		return err
	}
	coming := map[string]NewUnit{}
	slices.SortStableFunc(rows, func(a, b NewUnit) int { return a.Level.Rank() - b.Level.Rank() })
	for _, n := range rows {
		line := at[n.Code]
		if _, same := there[n.Code]; same {
			plan.Same++
			continue
		}
		if n.ParentCode == "" {
			n.ParentCode = parentByCode(n.Code, func(c string) bool {
				_, a := there[c]
				_, b := coming[c]
				return a || b
			})
		}
		if n.ParentCode == "" {
			n.ParentCode = u.Code
			if _, ok := there[u.Code]; !ok {
				there[u.Code] = u
			}
		}
		if _, known := there[n.ParentCode]; !known && coming[n.ParentCode].Code == "" {
			if p, err := s.ByCode(ctx, n.ParentCode); err == nil {
				there[n.ParentCode] = p
			}
		}
		var f errs.Fields
		n.validate(&f)
		for _, p := range f {
			plan.problem(line, p.Key)
		}
		if len(f) > 0 {
			continue
		}
		p, standing := there[n.ParentCode]
		c, inList := coming[n.ParentCode]
		switch {
		case standing && !scope.From(ctx).May(scope.Admin, p.Pos) || !standing && !inList:
			plan.problem(line, "org.parent_unknown", "Code", n.ParentCode)
		case standing && !p.Level.MayHold(n.Level) || inList && !c.Level.MayHold(n.Level):
			plan.problem(line, "org.parent_unfit")
		case standing && (n.From < p.From || p.To != clock.Open && (n.To == clock.Open || p.To < n.To)),
			inList && (n.From < c.From || c.To != clock.Open && (n.To == clock.Open || c.To < n.To)):
			plan.problem(line, "org.parent_not_standing", "Day", n.From)
		default:
			coming[n.Code] = n
			plan.Units = append(plan.Units, n)
		}
	}
	slices.SortStableFunc(plan.Problems, func(a, b table.Problem) int { return a.Line - b.Line })
	return nil
}

// parentsByName puts codes where a list names its parents in words, as offices do: a unit of the list, the unit it is
// for, or one right below it. A name that several bear stays, and is reported as unknown.
func (s *Service) parentsByName(ctx context.Context, u Unit, rows []NewUnit, at map[string]int) error {
	codes := map[string]string{}
	note := func(name, code string) {
		if c, there := codes[name]; there && c != code {
			code = ""
		}
		codes[name] = code
	}
	for _, n := range rows {
		note(n.Name, n.Code)
	}
	note(u.Name, u.Code)
	for after := ""; ; {
		below, err := s.Children(ctx, u.ID, clock.Today(ctx), after, 500)
		if err != nil {
			return err
		}
		for _, n := range below {
			note(n.Unit.Name, n.Unit.Code)
			after = n.Key()
		}
		if len(below) < 500 {
			break
		}
	}
	for i, n := range rows {
		if _, isCode := at[n.ParentCode]; !isCode && codes[n.ParentCode] != "" {
			rows[i].ParentCode = codes[n.ParentCode]
		}
	}
	return nil
}

func (p *ImportPlan) problem(line int, code string, args ...any) {
	p.Bad++
	m := errs.Args(append(args, "Line", line)...)
	p.Problems = append(p.Problems, table.Problem{Line: line, Code: code, Args: m})
}

// KindOfName reads a township's kind off its name: 望江街道, 桥头乡; a town otherwise.
func KindOfName(name string) Kind {
	name = plainName(name)
	switch {
	case strings.HasSuffix(name, "街道") || strings.HasSuffix(name, "街道办事处"):
		return Street
	case strings.HasSuffix(name, "乡"):
		return Rural
	}
	return Town
}

// parentByCode finds the parent of a division by its code, as the national lists leave it out.
func parentByCode(code string, known func(string) bool) string {
	if _, err := strconv.ParseInt(code, 10, 64); err != nil {
		return ""
	}
	trimmed := code
	if len(code) == 12 {
		for _, w := range []int{2, 4, 6, 9} {
			if strings.Trim(code[w:], "0") == "" {
				trimmed = code[:w]
				break
			}
		}
	}
	for _, w := range []int{9, 6, 4, 2} {
		if w >= len(trimmed) {
			continue
		}
		short := trimmed[:w]
		for _, c := range []string{short, short + strings.Repeat("0", max(0, 6-w)), short + strings.Repeat("0", 12-w)} {
			if c != code && known(c) {
				return c
			}
		}
	}
	return ""
}

// Batch is a list that was read, for whoever may administer the unit it is for.
func (s *Service) Batch(ctx context.Context, batch id.ID) (Batch, ImportPlan, error) {
	b, err := s.store.batch(ctx, batch)
	if err != nil { // the same words as for a list of a unit that one may not know of
		return b, ImportPlan{}, noUnit(err)
	}
	if _, err := s.allowed(ctx, scope.Admin, b.Unit, "org.import"); err != nil {
		return b, ImportPlan{}, err
	}
	var p ImportPlan
	return b, p, json.Unmarshal([]byte(b.Plan), &p)
}

// Batches are the lists read for a unit, the newest first.
func (s *Service) Batches(ctx context.Context, unit id.ID) ([]Batch, error) {
	return s.store.batches(ctx, unit, 20)
}

// TakeUnits founds the good rows of a list.
func (s *Service) TakeUnits(ctx context.Context, batch id.ID) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		b, plan, err := s.Batch(ctx, batch)
		if err != nil {
			return err
		}
		if b.State != "read" || len(plan.Units) == 0 {
			return errs.New(errs.Conflict, "org.import_taken")
		}
		if err := s.foundBatch(ctx, plan.Units, b.ID); err != nil {
			if errs.Is(err, errs.Invalid) { // the tree has changed since the list was read
				return errs.Wrap(err, errs.Conflict, "org.import_stale")
			}
			return err
		}
		return s.store.setBatch(ctx, b.ID, "read", "taken")
	})
}

// UndoUnits takes a list back as a whole; it is refused once something was done with one of its units.
func (s *Service) UndoUnits(ctx context.Context, batch id.ID) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		b, _, err := s.Batch(ctx, batch)
		if err != nil {
			return err
		}
		if err := s.store.setBatch(ctx, b.ID, "taken", "undone"); err != nil {
			return err
		}
		return s.undoBatch(ctx, b.ID)
	})
}

// EachUnit walks a subtree on a day in the order of places, itself first, without holding it in memory.
func (s *Service) EachUnit(ctx context.Context, u Unit, day clock.Day, f func(u Unit, parentCode string) error) error {
	r := u.Range()
	after := r.From - 1
	codes := map[id.ID]string{}
	for {
		page, err := s.store.subtree(ctx, r, day, after, 500)
		if err != nil {
			return err
		}
		var unknown []id.ID
		for _, x := range page {
			codes[x.ID] = x.Code
		}
		for _, x := range page {
			if _, ok := codes[x.Parent]; !ok && x.Parent != 0 {
				unknown = append(unknown, x.Parent)
			}
		}
		above, err := s.ByIDs(ctx, unknown)
		if err != nil {
			return err
		}
		for _, p := range above {
			codes[p.ID] = p.Code
		}
		for _, x := range page {
			if err := f(x, codes[x.Parent]); err != nil {
				return err
			}
			after = x.Pos
		}
		if len(page) < 500 {
			return nil
		}
	}
}
