package volunteer

import (
	"context"
	"math"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// hoursColumns are those of the table of hours. A person is named by code, or by a name that only one volunteer of the
// unit's subtree has.
var hoursColumns = []column{
	{key: "person_code", zh: "志愿者编号", en: "Volunteer code", more: []string{"编号"}, width: 18},
	{key: "person", zh: "姓名", en: "Name", width: 10},
	{key: "day", zh: "日期", en: "Day", more: []string{"服务日期"}, kind: table.Day, required: true},
	{key: "from", zh: "开始时间", en: "From", more: []string{"开始"}, required: true},
	{key: "to", zh: "结束时间", en: "To", more: []string{"结束"}, required: true},
	{key: "what", zh: "服务内容", en: "What", more: []string{"内容"}, required: true, width: 30},
	{key: "activity", zh: "活动", en: "Activity", more: []string{"活动名称"}, width: 24},
	{key: "way", zh: "登记方式", en: "Entered by", kind: table.Choice},
}

func (s *Service) hoursImporter() *record.Importer {
	return &record.Importer{Kind: ServiceKind, Title: "volunteer.hours", Back: "/hours", Take: s.takeHours, Export: s.exportHours,
		Columns: func(ctx context.Context) []table.Column {
			ways := make([]string, len(Ways))
			for i, w := range Ways {
				ways[i] = string(w)
			}
			return tableColumns(ctx, hoursColumns, map[string][]table.Option{"way": choices(ctx, "volunteer.way.", ways...)})
		}}
}

// takeHours writes one row: hours that stand already to the quarter are the same, any other row is new. Whatever the
// table says of how they were entered, a table is an office's entry for many.
func (s *Service) takeHours(ctx context.Context, within org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	l, err := s.personOf(ctx, within, row["person_code"].Text, row["person"].Text)
	if err != nil {
		return "", "", err
	}
	h := Hours{Volunteer: l.Ref(), Day: clock.Day(row["day"].Text), From: row["from"].Text, To: row["to"].Text, What: row["what"].Text, Activity: row["activity"].Text}.clean()
	have, err := s.store.onDayAcrossUnits(ctx, l.Ref(), h.Day)
	if err != nil {
		return "", "", err
	}
	for _, g := range have {
		if g.From == minuteOf(h.From) && g.To == minuteOf(h.To) && table.CleanText(g.What) == h.What {
			return l.Code, record.Same, nil
		}
	}
	_, err = s.logOne(ctx, h, true, c)
	return l.Code, record.Added, err
}

// personOf finds the volunteer of a row among those whom the table's unit and those below have.
func (s *Service) personOf(ctx context.Context, within org.Unit, code, name string) (Listed, error) {
	var f errs.Fields
	in := within.Range()
	if code != "" {
		l, err := s.store.AcrossUnitsByCode(ctx, within.Root(), code)
		if err == nil && l.Pos >= in.From && l.Pos < in.To {
			return l, nil
		}
		if err != nil && !errs.Is(err, errs.NotFound) {
			return l, err
		}
		f.Add("person_code", "volunteer.person_unknown", "Name", code)
		return l, f.Err()
	}
	if name == "" {
		f.Add("person", "volunteer.person_missing")
		return Listed{}, f.Err()
	}
	list, err := s.store.named(ctx, in, name)
	switch {
	case err != nil:
		return Listed{}, err
	case len(list) == 0:
		f.Add("person", "volunteer.person_unknown", "Name", name)
	case len(list) > 1:
		f.Add("person", "volunteer.person_several", "Name", name)
	default:
		return list[0], nil
	}
	return Listed{}, f.Err()
}

// exportHours writes the hours of a unit's subtree, the latest first.
func (s *Service) exportHours(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	return s.eachHours(ctx, u, HoursFilter{}, func(g Given, h Hours, l Listed, _ org.Unit) error {
		cells := map[string]table.Value{"person_code": table.OfText(l.Code), "person": table.OfText(l.Name), "day": table.OfDay(string(g.Day)), "from": table.OfText(timeOf(g.From)),
			"to": table.OfText(timeOf(g.To)), "what": table.OfText(g.What), "activity": table.OfText(h.Activity), "way": table.OfChoice(string(g.EnteredAs))}
		row := make([]table.Value, len(hoursColumns))
		for i, c := range hoursColumns {
			row[i] = cells[c.key]
		}
		return yield(row)
	})
}

// eachHours reads the hours of a unit's subtree whole, with who gave them and where.
func (s *Service) eachHours(ctx context.Context, u org.Unit, f HoursFilter, do func(g Given, h Hours, l Listed, at org.Unit) error) error {
	p, err := s.ListHours(ctx, u, f, "", 0, math.MaxInt32)
	if err != nil {
		return err
	}
	var ids []id.ID
	for _, g := range p.Hours {
		ids = append(ids, g.Unit)
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	people, err := s.names(ctx, p.Hours)
	if err != nil {
		return err
	}
	for len(p.Hours) > 0 {
		part := p.Hours[:min(len(p.Hours), 500)]
		p.Hours = p.Hours[len(part):]
		ids := make([]id.ID, len(part))
		for i, g := range part {
			ids[i] = g.ID
		}
		bodies, err := s.given.Bodies(ctx, ids)
		if err != nil {
			return err
		}
		for _, g := range part {
			if err := do(g, bodies[g.ID], people[g.Volunteer()], units[g.Unit]); err != nil {
				return err
			}
		}
	}
	return nil
}
