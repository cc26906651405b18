package guarantee

import (
	"context"
	"reflect"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

var (
	unitCode = table.Column{Key: "unit_code", Titles: []string{"单位代码", "Unit code", "unit_code"}}
	unitName = table.Column{Key: "unit", Titles: []string{"单位", "Unit", "unit"}}
	yearCol  = table.Column{Key: "year", Titles: []string{"年度", "Year", "year"}, Kind: table.Int, Required: true}
	docCols  = []table.Column{{Key: "doc_name", Titles: []string{"文件名称", "Document", "doc_name"}, Width: 30}, {Key: "doc_number", Titles: []string{"文号", "Document number", "doc_number"}},
		{Key: "doc_day", Titles: []string{"文件日期", "Document day", "doc_day"}, Kind: table.Day}}
)

// pointImporter takes the points of years as a table, one row each.
func (s *Service) pointImporter() *record.Importer {
	return &record.Importer{Kind: Kind, Title: "guarantee.points", Back: "/guarantee", Current: Kind, Columns: pointColumns, Take: s.takePoint, Export: s.exportPoints}
}

func pointColumns(context.Context) []table.Column {
	out := []table.Column{unitCode, unitName, yearCol, {Key: "point", Titles: []string{"项目", "Point", "point"}, Required: true, Width: 30},
		{Key: "since", Titles: []string{"落实日期", "In place since", "since"}, Kind: table.Day}, {Key: "by", Titles: []string{"由谁", "By", "by"}}}
	return append(append(out, docCols...), table.Column{Key: "note", Titles: []string{"备注", "Remark", "note"}})
}

// takePoint writes one row: a point is found by its name or its code in the standard of the unit's year; the year is begun when there is none.
func (s *Service) takePoint(ctx context.Context, root org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	u, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	year, title := int(row["year"].Num), strings.TrimSpace(row["point"].Text)
	ch.Act = "guarantee.act.import"
	had, err := s.YearOf(ctx, u.ID, year)
	if err != nil {
		return "", "", err
	}
	outcome := record.Changed
	var ref id.Ref
	if had != nil {
		ref = had.Ref()
	} else if ref, err = s.Begin(ctx, Year{Unit: u.ID, Year: year}, ch); err != nil {
		return "", "", err
	} else {
		outcome = record.Added
	}
	y, v, err := s.years.Get(ctx, ref)
	if err != nil {
		return "", "", err
	}
	was, ok := y.named(title)
	if !ok {
		var f errs.Fields
		f.Add("point", "guarantee.point_unknown", "Name", title)
		return "", "", f.Err()
	}
	h := was
	h.fill(record.Kept(row, pointColumns(ctx), was.cells(u, year)))
	h.clean()
	if reflect.DeepEqual(h, was) { // a line of the template that nobody filled in, or what is there already
		if had == nil {
			return title, outcome, nil
		}
		return title, record.Same, nil
	}
	if was.Since == clock.Open {
		outcome = record.Added
	}
	h.Files = nil
	return title, outcome, s.Hold(ctx, ref, v.N, h, ch)
}

// named finds a point by its name or its code.
func (y Year) named(title string) (Held, bool) {
	for _, h := range y.Points {
		if h.Name == title || h.Code == title {
			return h, true
		}
	}
	return Held{}, false
}

func (h *Held) fill(row map[string]table.Value) {
	for key, to := range map[string]*string{"by": &h.By, "doc_name": &h.Doc.Name, "doc_number": &h.Doc.Number, "note": &h.Note} {
		*to = row[key].Over(*to)
	}
	for key, to := range map[string]*clock.Day{"since": &h.Since, "doc_day": &h.Doc.Day} {
		if row[key].Set {
			*to = clock.Day(row[key].Text)
		}
	}
}

func (h Held) cells(u org.Unit, year int) []table.Value {
	return []table.Value{table.OfText(u.Code), table.OfText(u.Name), table.OfInt(int64(year)), table.OfText(h.Name), table.OfDay(string(h.Since)), table.OfText(h.By),
		table.OfText(h.Doc.Name), table.OfText(h.Doc.Number), table.OfDay(string(h.Doc.Day)), table.OfText(h.Note)}
}

// exportPoints writes the points of a unit and those below it, the latest year first.
func (s *Service) exportPoints(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	ids, err := s.keysWithin(ctx, "guarantee_year", "year DESC", u)
	if err != nil {
		return err
	}
	bodies, err := s.years.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	var of []id.ID
	for _, y := range bodies {
		of = append(of, y.Unit)
	}
	units, err := s.org.ByIDs(ctx, of)
	if err != nil {
		return err
	}
	for _, k := range ids {
		for _, h := range bodies[k].Points {
			if err := yield(h.cells(units[bodies[k].Unit], bodies[k].Year)); err != nil {
				return err
			}
		}
	}
	return nil
}
