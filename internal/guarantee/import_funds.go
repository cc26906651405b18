package guarantee

import (
	"context"
	"reflect"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

var (
	refCol   = table.Column{Key: "ref", Titles: []string{"编号", "Key", "ref"}}
	yesNoOpt = []table.Option{{Key: "yes", Titles: []string{"是", "yes"}}, {Key: "no", Titles: []string{"否", "no"}}}
)

func choice(yes bool) table.Value {
	if yes {
		return table.OfChoice("yes")
	}
	return table.OfChoice("no")
}

// exporter writes the records of a unit and those below it.
func exporter[T any](s *Service, book *record.Book[T], name, order string, unit func(v T) id.ID, cells func(ref id.Ref, v T, units map[id.ID]org.Unit) []table.Value) func(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	return func(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
		ids, err := s.keysWithin(ctx, name, order, u)
		if err != nil {
			return err
		}
		bodies, err := book.Bodies(ctx, ids)
		if err != nil {
			return err
		}
		var of []id.ID
		for _, v := range bodies {
			of = append(of, unit(v))
			if x, ok := any(v).(Should); ok && x.Committee != 0 {
				of = append(of, x.Committee)
			}
		}
		units, err := s.org.ByIDs(ctx, of)
		if err != nil {
			return err
		}
		for _, k := range ids {
			v := bodies[k]
			if err := yield(cells(id.Ref{Root: units[unit(v)].Root(), ID: k}, v, units)); err != nil {
				return err
			}
		}
		return nil
	}
}

// taker writes one row: one that names its record corrects it, otherwise same finds the record that it means.
func taker[T any](s *Service, book *record.Book[T], columns func(ctx context.Context) []table.Column, same func(ctx context.Context, u org.Unit, row map[string]table.Value) (id.Ref, error), fill func(ctx context.Context, u org.Unit, v *T, row map[string]table.Value) error,
	cells func(ref id.Ref, v T, units map[id.ID]org.Unit) []table.Value, title func(v T) string,
	add func(ctx context.Context, v T, ch record.Change) (id.Ref, error), save func(ctx context.Context, ref id.Ref, version int64, v T, ch record.Change) error) func(ctx context.Context, root org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	return func(ctx context.Context, root org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
		u, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
		if err != nil {
			return "", "", err
		}
		ref, err := id.ParseRef(row["ref"].Text)
		if err != nil {
			if ref, err = same(ctx, u, row); err != nil {
				return "", "", err
			}
		}
		ch.Act = "guarantee.act.import"
		var v T
		if ref == (id.Ref{}) {
			if err := fill(ctx, u, &v, row); err != nil {
				return "", "", err
			}
			_, err = add(ctx, v, ch)
			return title(v), record.Added, err
		}
		was, ver, err := book.Get(ctx, ref)
		if err != nil {
			return "", "", err
		}
		v = was
		units := map[id.ID]org.Unit{u.ID: u}
		if x, ok := any(was).(Should); ok && x.Committee != 0 {
			c, err := s.org.Unit(ctx, x.Committee)
			if err != nil {
				return "", "", err
			}
			units[c.ID] = c
		}
		if err := fill(ctx, u, &v, record.Kept(row, columns(ctx), cells(ref, was, units))); err != nil {
			return "", "", err
		}
		if reflect.DeepEqual(v, was) {
			return title(v), record.Same, nil
		}
		return title(v), record.Changed, save(ctx, ref, ver.N, v, ch)
	}
}

func texts(row map[string]table.Value, to map[string]*string) {
	for key, t := range to {
		*t = row[key].Over(*t)
	}
}

func numbers(row map[string]table.Value, to map[string]*int64) {
	for key, n := range to {
		if row[key].Set {
			*n = row[key].Num
		}
	}
}

func days(row map[string]table.Value, to map[string]*clock.Day) {
	for key, d := range to {
		if row[key].Set {
			*d = clock.Day(row[key].Text)
		}
	}
}

func options(key string, titles map[string][]string, order []string) (out []table.Option) {
	for _, k := range order {
		out = append(out, table.Option{Key: k, Titles: append(titles[k], k)})
	}
	return out
}

func budgetColumns(context.Context) []table.Column {
	sources := options("source", map[string][]string{"fiscal": {"财政预算", "public budget"}, "special": {"专项经费", "special funds"}, "donation": {"捐赠", "donation"}, "other": {"其他", "other"}}, Sources)
	out := []table.Column{refCol, unitCode, unitName, yearCol, {Key: "amount", Titles: []string{"金额(元)", "Amount (yuan)", "amount"}, Kind: table.Money, Required: true}, {Key: "source", Titles: []string{"来源", "Source", "source"}, Kind: table.Choice, Choices: sources},
		{Key: "in_budget", Titles: []string{"纳入年度预算", "In the yearly budget", "in_budget"}, Kind: table.Choice, Choices: yesNoOpt}}
	return append(append(out, docCols...), table.Column{Key: "note", Titles: []string{"备注", "Remark", "note"}})
}

func (s *Service) budgetImporter() *record.Importer {
	cells := func(ref id.Ref, b Budget, units map[id.ID]org.Unit) []table.Value {
		return []table.Value{table.OfText(ref.String()), table.OfText(units[b.Unit].Code), table.OfText(units[b.Unit].Name), table.OfInt(int64(b.Year)), table.OfFen(b.Amount), table.OfChoice(b.Source), choice(b.InBudget),
			table.OfText(b.Doc.Name), table.OfText(b.Doc.Number), table.OfDay(string(b.Doc.Day)), table.OfText(b.Note)}
	}
	fill := func(_ context.Context, u org.Unit, b *Budget, row map[string]table.Value) error {
		year := int64(b.Year)
		b.Unit = u.ID
		numbers(row, map[string]*int64{"year": &year, "amount": &b.Amount})
		texts(row, map[string]*string{"source": &b.Source, "doc_name": &b.Doc.Name, "doc_number": &b.Doc.Number, "note": &b.Note})
		days(row, map[string]*clock.Day{"doc_day": &b.Doc.Day})
		b.Year = int(year)
		if row["in_budget"].Set {
			b.InBudget = row["in_budget"].Text == "yes"
		}
		b.clean()
		return nil
	}
	same := func(ctx context.Context, u org.Unit, row map[string]table.Value) (id.Ref, error) {
		list, err := s.store.lines(ctx, []id.ID{u.ID}, scope.From(ctx).ViewSet, int(row["year"].Num), int(row["year"].Num))
		for _, l := range list {
			if source := row["source"].Text; (source == l.Source || source == "" && l.Source == Sources[0]) && l.Document == strings.TrimSpace(row["doc_name"].Text) {
				return l.Ref(), err
			}
		}
		return id.Ref{}, err
	}
	return &record.Importer{Kind: KindBudget, Title: "guarantee.view.budget", Back: "/budget", Current: Kind, Columns: budgetColumns,
		Take:   taker(s, s.budgets, budgetColumns, same, fill, cells, func(b Budget) string { return moneyShown(b.Amount) }, s.AddLine, s.SaveLine),
		Export: exporter(s, s.budgets, "guarantee_budget", "year DESC", func(b Budget) id.ID { return b.Unit }, cells)}
}

func revenueColumns(context.Context) []table.Column {
	return []table.Column{refCol, unitCode, unitName, yearCol, {Key: "amount", Titles: []string{"财政收入(元)", "Fiscal revenue (yuan)", "amount"}, Kind: table.Money, Required: true}, {Key: "source", Titles: []string{"数据出处", "Source", "source"}, Required: true, Width: 30}}
}

func (s *Service) revenueImporter() *record.Importer {
	cells := func(ref id.Ref, r Revenue, units map[id.ID]org.Unit) []table.Value {
		return []table.Value{table.OfText(ref.String()), table.OfText(units[r.Unit].Code), table.OfText(units[r.Unit].Name), table.OfInt(int64(r.Year)), table.OfFen(r.Amount), table.OfText(r.Source)}
	}
	fill := func(_ context.Context, u org.Unit, r *Revenue, row map[string]table.Value) error {
		year := int64(r.Year)
		r.Unit = u.ID
		numbers(row, map[string]*int64{"year": &year, "amount": &r.Amount})
		texts(row, map[string]*string{"source": &r.Source})
		r.Year = int(year)
		return nil
	}
	same := func(ctx context.Context, u org.Unit, row map[string]table.Value) (id.Ref, error) {
		list, err := s.store.revenues(ctx, []id.ID{u.ID}, scope.From(ctx).ViewSet, int(row["year"].Num), int(row["year"].Num))
		if err != nil || len(list) == 0 {
			return id.Ref{}, err
		}
		return list[0].Ref(), nil
	}
	return &record.Importer{Kind: KindRevenue, Title: "guarantee.revenues", Back: "/budget", Current: Kind, Columns: revenueColumns,
		Take:   taker(s, s.revenues, revenueColumns, same, fill, cells, func(r Revenue) string { return moneyShown(r.Amount) }, s.AddRevenue, s.SaveRevenue),
		Export: exporter(s, s.revenues, "guarantee_revenue", "year DESC", func(r Revenue) id.ID { return r.Unit }, cells)}
}

func shouldCols(context.Context) []table.Column {
	kinds := options("kind", map[string][]string{"enterprise": {"民营企业", "private enterprise"}, "institution": {"事业单位", "institution"}, "school": {"学校", "school"}, "village": {"村（社区）", "village"}, "other": {"其他", "other"}}, ShouldKinds)
	return []table.Column{refCol, unitCode, unitName, {Key: "name", Titles: []string{"名称", "Name", "name"}, Required: true, Width: 30}, {Key: "kind", Titles: []string{"类别", "Kind", "kind"}, Kind: table.Choice, Choices: kinds},
		{Key: "code", Titles: []string{"统一社会信用代码", "Credit code", "code"}}, {Key: "young", Titles: []string{"青年职工", "Young workers", "young"}, Kind: table.Int}, {Key: "minors", Titles: []string{"未成年人", "Minors", "minors"}, Kind: table.Int},
		{Key: "source", Titles: []string{"名单来源", "Source of the list", "source"}}, {Key: "from", Titles: []string{"列入日期", "Listed since", "from"}, Kind: table.Day, Required: true},
		{Key: "committee", Titles: []string{"关工委代码", "Committee's code", "committee"}}, {Key: "founded_on", Titles: []string{"成立日期", "Founded on", "founded_on"}, Kind: table.Day}, {Key: "ceased", Titles: []string{"注销日期", "Ceased on", "ceased"}, Kind: table.Day}}
}

func (s *Service) shouldImporter() *record.Importer {
	count := func(n int64) table.Value {
		if n == 0 {
			return table.Value{}
		}
		return table.OfInt(n)
	}
	cells := func(ref id.Ref, x Should, units map[id.ID]org.Unit) []table.Value {
		return []table.Value{table.OfText(ref.String()), table.OfText(units[x.Unit].Code), table.OfText(units[x.Unit].Name), table.OfText(x.Name), table.OfChoice(x.Kind), table.OfText(x.Code), count(x.Young), count(x.Minors), table.OfText(x.Source),
			table.OfDay(string(x.From)), table.OfText(units[x.Committee].Code), table.OfDay(string(x.FoundedOn)), table.OfDay(string(x.Ceased))}
	}
	fill := func(ctx context.Context, u org.Unit, x *Should, row map[string]table.Value) error {
		x.Unit = u.ID
		texts(row, map[string]*string{"name": &x.Name, "kind": &x.Kind, "code": &x.Code, "source": &x.Source})
		numbers(row, map[string]*int64{"young": &x.Young, "minors": &x.Minors})
		days(row, map[string]*clock.Day{"from": &x.From, "founded_on": &x.FoundedOn, "ceased": &x.Ceased})
		x.clean()
		if row["committee"].Set {
			c, err := s.committeeOf(ctx, u, row["committee"].Text)
			if err != nil {
				return err
			}
			x.Committee = c
		}
		return nil
	}
	same := func(ctx context.Context, u org.Unit, row map[string]table.Value) (id.Ref, error) {
		list, err := s.store.sameShould(ctx, u.ID, strings.TrimSpace(row["code"].Text), strings.TrimSpace(row["name"].Text))
		if err != nil || len(list) == 0 {
			return id.Ref{}, err
		}
		return list[0].Ref(), nil
	}
	return &record.Importer{Kind: KindShould, Title: "guarantee.view.should", Back: "/should", Current: Kind, Columns: shouldCols,
		Take:   taker(s, s.shoulds, shouldCols, same, fill, cells, func(x Should) string { return x.Name }, s.AddShould, s.SaveShould),
		Export: exporter(s, s.shoulds, "guarantee_should", "name", func(x Should) id.ID { return x.Unit }, cells)}
}
