package aid

import (
	"context"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// tableColumns are read in either language and written in the reader's. None says for whom an aid is: a table is kept as it came, so that no
// name of a child may stand in it.
var tableColumns = []struct {
	key, zh, en string
	kind        table.Kind
	required    bool
	width       float64
}{
	{key: "no", zh: "编号", en: "No.", width: 12},
	{key: "kind", zh: "类别", en: "Kind", required: true, width: 10},
	{key: "purpose", zh: "用途", en: "Purpose", required: true, width: 16},
	{key: "year", zh: "年度", en: "Year", kind: table.Int, required: true},
	{key: "unit_code", zh: "单位代码", en: "Unit code", width: 14},
	{key: "unit", zh: "单位", en: "Unit", width: 16},
	{key: "form", zh: "形式", en: "Form", kind: table.Choice, required: true},
	{key: "given_on", zh: "送到日期", en: "Given on", kind: table.Day},
	{key: "amount", zh: "金额或价值(元)", en: "Amount or value (yuan)", kind: table.Money},
	{key: "what", zh: "物品或服务", en: "Goods or service", width: 18},
	{key: "qty", zh: "数量", en: "Quantity", kind: table.Int},
	{key: "minutes", zh: "服务分钟", en: "Minutes of service", kind: table.Int},
	{key: "asked", zh: "申请金额(元)", en: "Applied for (yuan)", kind: table.Money},
	{key: "state", zh: "状态", en: "State", width: 10},
}

func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: Kind, Title: "aid.title", Back: "/aid", Columns: importColumns, Take: s.take, Export: s.export}
}

func importColumns(ctx context.Context) []table.Column {
	out := make([]table.Column, len(tableColumns))
	for i, c := range tableColumns {
		titles := []string{c.zh, c.en}
		if i18n.Lang(ctx) == "en" {
			titles = []string{c.en, c.zh}
		}
		out[i] = table.Column{Key: c.key, Titles: titles, Kind: c.kind, Required: c.required, Width: c.width}
		if c.key == "form" {
			for _, f := range Forms {
				out[i].Choices = append(out[i].Choices, table.Option{Key: f, Titles: []string{tr(ctx, "aid.form."+f), f}})
			}
		}
	}
	return out
}

// take writes one row: an aid of earlier years that was handed over, without the person. What went its steps here is never changed by a
// table; a row that says of it what stands is the same.
func (s *Service) take(ctx context.Context, within org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	u, err := s.rec.UnitOf(ctx, within, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	kinds, err := s.Kinds(ctx, u.Root())
	if err != nil {
		return "", "", err
	}
	no := row["no"].Text
	if no != "" {
		if known, err := s.store.byNoAcrossUnits(ctx, u.Root(), no); err == nil {
			return s.retake(ctx, known, u, row, ch)
		} else if !errs.Is(err, errs.NotFound) {
			return "", "", err
		}
	}
	a := pastIn(kinds, u, row)
	a.No = no
	ref, err := s.Earlier(ctx, a, ch)
	if err != nil {
		return "", "", err
	}
	a, _, err = s.book.Get(ctx, ref)
	return a.No, record.Added, err
}

// Earlier writes an aid that was handed over before it was kept here, without the person; without a number it takes the next of its year.
func (s *Service) Earlier(ctx context.Context, a Aid, ch record.Change) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "aid.Earlier")
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.book.MayCreate(ctx, a, ch); err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, a.Unit)
		if err != nil {
			return err
		}
		kinds, err := s.Kinds(ctx, u.Root())
		if err != nil {
			return err
		}
		a.State, a.Past = Done, true
		if err := s.checkPast(ctx, a, kinds); err != nil {
			return err
		}
		if a.No == "" {
			n, err := s.store.nextNumber(ctx, u.Root(), a.Year)
			if err != nil {
				return err
			}
			a.No = numbered(a.Year, n)
		}
		ref, err = s.book.Create(ctx, a, ch)
		return err
	})
	return ref, err
}

// retake is a row about an aid that is there.
func (s *Service) retake(ctx context.Context, known Row, u org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	ref := known.Ref()
	if err := s.book.MayWork(ctx, ref, ch); err != nil {
		return "", "", err
	}
	was, v, err := s.book.Get(ctx, ref)
	if err != nil {
		return "", "", err
	}
	kinds, err := s.Kinds(ctx, ref.Root)
	if err != nil {
		return "", "", err
	}
	a := pastIn(kinds, u, row)
	if !was.Past {
		if a.Unit == was.Unit && a.Kind == was.Kind && a.Purpose == was.Purpose && a.Year == was.Year && a.Form == was.Form {
			return was.No, record.Same, nil
		}
		var f errs.Fields
		f.Add("no", "aid.not_by_table", "No", was.No)
		return "", "", f.Err()
	}
	if err := s.checkPast(ctx, a, kinds); err != nil {
		return "", "", err
	}
	if a.No = was.No; a.Unit == was.Unit && a.Kind == was.Kind && a.Purpose == was.Purpose && a.Year == was.Year && a.Form == was.Form && a.Given.Day == was.Given.Day && a.Given.Amount == was.Given.Amount {
		return was.No, record.Same, nil
	}
	return was.No, record.Changed, s.book.Save(ctx, ref, v.N, a, ch)
}

// pastIn reads a row as an aid that was handed over.
func pastIn(kinds []Class, u org.Unit, row map[string]table.Value) Aid {
	a := Aid{Unit: u.ID, Kind: row["kind"].Text, Purpose: row["purpose"].Text, Year: row["year"].Num, Form: row["form"].Text, State: Done, Past: true}
	for _, c := range kinds {
		if slices.Contains([]string{c.Name, c.En, c.Code}, row["kind"].Text) {
			a.Kind = c.Code
		}
	}
	m := Amount{Fen: row["amount"].Num, What: row["what"].Text, Qty: row["qty"].Num, Minutes: row["minutes"].Num}.bare(a.Form)
	day := clock.Day(row["given_on"].Text)
	a.Asked, a.Applied, a.Given = m, day, &Handing{Day: day, Amount: m}
	return a
}

// checkPast says what has to be changed of a row, by the columns of the table.
func (s *Service) checkPast(ctx context.Context, a Aid, kinds []Class) error {
	var f errs.Fields
	if a.Given.Day == clock.Open {
		f.Add("given_on", "aid.given_on_missing")
	} else {
		dayProblem(&f, "given_on", a.Given.Day, "1990-01-01", clock.Today(ctx))
	}
	column := map[string]string{"fen": "amount", "hours": "minutes"}
	for _, p := range a.problems(kinds, nil, clock.Today(ctx)) {
		if to, there := column[p.Name]; there {
			p.Name = to
		}
		f = append(f, p)
	}
	return f.Err()
}

// export writes one row for each aid of a unit's subtree, the earliest first.
func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	within := scope.From(ctx).ViewSet
	list, err := s.store.list(ctx, Filter{Limit: 1_000_000}, u.Range(), within)
	if err != nil {
		return err
	}
	slices.Reverse(list)
	var ids, units []id.ID
	for _, r := range list {
		ids, units = append(ids, r.ID), append(units, r.Unit)
	}
	bodies, err := s.book.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	at, err := s.org.ByIDs(ctx, units)
	if err != nil {
		return err
	}
	name := s.kindNames(ctx)
	for _, r := range list {
		a := bodies[r.ID]
		cells := map[string]table.Value{"no": table.OfText(a.No), "kind": table.OfText(name(r.Root, a.Kind)), "purpose": table.OfText(a.Purpose), "year": table.OfInt(a.Year), "unit_code": table.OfText(at[a.Unit].Code), "unit": table.OfText(at[a.Unit].Name),
			"form": table.OfChoice(a.Form), "asked": table.OfFen(a.Asked.Fen), "state": table.OfText(tr(ctx, "aid.is."+string(a.State)))}
		if g := a.Given; g != nil {
			cells["given_on"], cells["amount"], cells["what"] = table.OfDay(string(g.Day)), table.OfFen(g.Amount.Fen), table.OfText(g.Amount.What)
			cells["qty"], cells["minutes"] = table.OfInt(g.Amount.Qty), table.OfInt(g.Amount.Minutes)
		}
		line := make([]table.Value, len(tableColumns))
		for i, c := range tableColumns {
			line[i] = cells[c.key]
		}
		if err := yield(line); err != nil {
			return err
		}
	}
	return nil
}
