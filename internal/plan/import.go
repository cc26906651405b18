package plan

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: KindItem, Title: "plan.items", Back: "/plan", Current: Kind, Columns: s.columns, Take: s.take, Export: s.export}
}

func quarters() []table.Option {
	return []table.Option{{Key: "0", Titles: []string{"全年", "whole year"}}, {Key: "1", Titles: []string{"一季度", "Q1", "第一季度"}}, {Key: "2", Titles: []string{"二季度", "Q2", "第二季度"}},
		{Key: "3", Titles: []string{"三季度", "Q3", "第三季度"}}, {Key: "4", Titles: []string{"四季度", "Q4", "第四季度"}}}
}

// figureOptions are the figures by which an item can be counted, by their names.
func (s *Service) figureOptions(ctx context.Context) []table.Option {
	var out []table.Option
	for _, code := range Countable {
		d, err := s.ledger.Figure(code)
		if err != nil {
			continue // its module is not part of this program
		}
		titles := []string{d.Name.Zh, d.Name.En, code}
		if i18n.Lang(ctx) == "en" {
			titles[0], titles[1] = titles[1], titles[0]
		}
		out = append(out, table.Option{Key: code, Titles: titles})
	}
	return out
}

func (s *Service) columns(ctx context.Context) []table.Column {
	return []table.Column{
		{Key: "ref", Titles: []string{"记录号", "Record", "ref"}},
		{Key: "unit_code", Titles: []string{"单位代码", "Unit code", "unit_code"}},
		{Key: "unit", Titles: []string{"单位", "Unit", "unit"}},
		{Key: "year", Titles: []string{"年度", "Year", "year"}, Kind: table.Int, Required: true},
		{Key: "title", Titles: []string{"工作内容", "What", "title"}, Required: true, Width: 30},
		{Key: "kind", Titles: []string{"类别", "Kind", "kind"}, Kind: table.Choice, Choices: []table.Option{{Key: "work", Titles: []string{"工作", "work"}}, {Key: "measure", Titles: []string{"改革举措", "measure"}}}},
		{Key: "duty", Titles: []string{"工作方面", "Duty", "duty"}},
		{Key: "quarter", Titles: []string{"完成时间", "Time", "quarter"}, Kind: table.Choice, Choices: quarters()},
		{Key: "owner", Titles: []string{"责任人", "Who", "owner"}},
		{Key: "budget", Titles: []string{"经费(元)", "Budget (yuan)", "budget"}, Kind: table.Money},
		{Key: "figure", Titles: []string{"按哪项数据", "Figure", "figure"}, Kind: table.Choice, Choices: s.figureOptions(ctx)},
		{Key: "target", Titles: []string{"计划数", "Target", "target"}, Kind: table.Int},
		{Key: "document", Titles: []string{"上级文件", "Document", "document"}},
		{Key: "paragraph", Titles: []string{"文件段落", "Paragraph", "paragraph"}, Width: 30},
		{Key: "done_on", Titles: []string{"办结日期", "Done on", "done_on"}, Kind: table.Day},
		{Key: "result", Titles: []string{"结果", "Result", "result"}, Width: 30},
	}
}

// planFor is the plan of a unit's year; a table of items begins one when there is none.
func (s *Service) planFor(ctx context.Context, u org.Unit, year int, duty string, ch record.Change) (id.Ref, error) {
	l, err := s.ByYear(ctx, u.ID, year)
	if err != nil {
		return id.Ref{}, err
	}
	if l == nil {
		p := Plan{Unit: u.ID, Year: year, Title: i18n.T(ctx, "plan.title_of", "Year", year)}
		if duty != "" {
			if p.Duties, err = s.DutiesFor(ctx, u, year); err != nil {
				return id.Ref{}, err
			}
			if !slices.Contains(p.Duties, duty) {
				p.Duties = append(p.Duties, duty)
			}
		}
		return s.Create(ctx, p, ch)
	}
	if duty == "" {
		return l.Ref(), nil
	}
	p, v, err := s.plans.Get(ctx, l.Ref())
	if err != nil || slices.Contains(p.Duties, duty) {
		return l.Ref(), err
	}
	p.Duties = append(p.Duties, duty) // an office's own table knows its own duties
	return l.Ref(), s.Save(ctx, l.Ref(), v.N, p, ch)
}

// take writes one row: one that names its record corrects it, otherwise the same title of a unit's year is the same item.
func (s *Service) take(ctx context.Context, root org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	u, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	title, year := strings.TrimSpace(row["title"].Text), int(row["year"].Num)
	ref, err := id.ParseRef(row["ref"].Text)
	if err != nil {
		list, err := s.store.sameItem(ctx, u.ID, year, title)
		if err != nil {
			return "", "", err
		}
		if len(list) > 0 {
			ref = list[0].Ref()
		}
	}
	ch.Act = "plan.act.import"
	if ref == (id.Ref{}) {
		i := Item{Kind: Kinds[0]}
		i.fill(row)
		if i.Plan, err = s.planFor(ctx, u, year, i.Duty, ch); err != nil {
			return "", "", err
		}
		if ref, err = s.Add(ctx, i, ch); err != nil {
			return "", "", err
		}
		return title, record.Added, s.closeRow(ctx, ref, i.DoneOn, i.Result, ch)
	}
	was, v, err := s.items.Get(ctx, ref)
	if err != nil {
		return "", "", err
	}
	i := was
	i.Links, i.Central = slices.Clone(was.Links), slices.Clone(was.Central)
	i.fill(record.Kept(row, s.columns(ctx), was.cells(ref, u)))
	if i.clean(); was.Unit != u.ID || was.Year != year {
		var f errs.Fields
		f.Add("year", "plan.row_elsewhere")
		return "", "", f.Err()
	}
	if reflect.DeepEqual(i, was) {
		return title, record.Same, nil
	}
	if i.Duty != was.Duty {
		if _, err := s.planFor(ctx, u, year, i.Duty, ch); err != nil {
			return "", "", err
		}
	}
	if i.DoneOn == was.DoneOn && i.Result == was.Result {
		return title, record.Changed, s.SaveItem(ctx, ref, v.N, i, ch)
	}
	done, result := i.DoneOn, i.Result
	i.DoneOn, i.Result = was.DoneOn, was.Result
	if !reflect.DeepEqual(i, was) {
		if err := s.SaveItem(ctx, ref, v.N, i, ch); err != nil {
			return "", "", err
		}
	}
	return title, record.Changed, s.closeRow(ctx, ref, done, result, ch)
}

func (s *Service) closeRow(ctx context.Context, ref id.Ref, on clock.Day, result string, ch record.Change) error {
	if on == clock.Open && result == "" {
		return nil
	}
	_, v, err := s.items.Get(ctx, ref)
	if err != nil {
		return err
	}
	return s.Close(ctx, ref, v.N, on, result, ch)
}

// fill takes over what a row says.
func (i *Item) fill(row map[string]table.Value) {
	for key, to := range map[string]*string{"title": &i.Title, "kind": &i.Kind, "duty": &i.Duty, "owner": &i.Owner, "figure": &i.Figure, "document": &i.Source.Document, "paragraph": &i.Source.Paragraph, "result": &i.Result} {
		*to = row[key].Over(*to)
	}
	if row["quarter"].Set {
		i.Quarter, _ = strconv.Atoi(row["quarter"].Text) // one of our own choices
	}
	if row["budget"].Set {
		i.Budget = row["budget"].Num
	}
	if row["target"].Set {
		i.Target = row["target"].Num
	}
	if row["done_on"].Set {
		i.DoneOn = clock.Day(row["done_on"].Text)
	}
}

// export writes the items of a unit and those below it, this year's first.
func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	ids, err := s.exported(ctx, u)
	if err != nil {
		return err
	}
	bodies, err := s.items.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	var of []id.ID
	for _, i := range bodies {
		of = append(of, i.Unit)
	}
	units, err := s.org.ByIDs(ctx, of)
	if err != nil {
		return err
	}
	for _, k := range ids {
		i := bodies[k]
		if err := yield(i.cells(id.Ref{Root: i.Plan.Root, ID: k}, units[i.Unit])); err != nil {
			return err
		}
	}
	return nil
}

// cells are an item as a table writes it.
func (i Item) cells(ref id.Ref, u org.Unit) []table.Value {
	target := table.Value{}
	if i.Target > 0 {
		target = table.OfInt(i.Target)
	}
	return []table.Value{table.OfText(ref.String()), table.OfText(u.Code), table.OfText(u.Name), table.OfInt(int64(i.Year)), table.OfText(i.Title), table.OfChoice(i.Kind), table.OfText(i.Duty),
		table.OfChoice(strconv.Itoa(i.Quarter)), table.OfText(i.Owner), table.OfFen(i.Budget), table.OfChoice(i.Figure), target, table.OfText(i.Source.Document), table.OfText(i.Source.Paragraph),
		table.OfDay(string(i.DoneOn)), table.OfText(i.Result)}
}
