package contact

import (
	"context"
	"reflect"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: Kind, Title: "contact.heading", Back: "/contact", Current: "contact", Columns: columnsOf, Take: s.take, Export: s.export}
}

func kindChoices() []table.Option {
	zh := map[string]string{"talk": "沟通", "agreement": "协议", "joint": "联动活动", "lent": "借出", "borrowed": "借用"}
	var out []table.Option
	for _, k := range Kinds {
		out = append(out, table.Option{Key: k, Titles: []string{zh[k], k}})
	}
	return out
}

func columnsOf(context.Context) []table.Column {
	return []table.Column{
		{Key: "ref", Titles: []string{"记录号", "Record", "ref"}},
		{Key: "unit_code", Titles: []string{"单位代码", "Unit code", "unit_code"}},
		{Key: "unit", Titles: []string{"单位", "Unit", "unit"}},
		{Key: "kind", Titles: []string{"类型", "Kind", "kind"}, Kind: table.Choice, Choices: kindChoices(), Required: true},
		{Key: "body", Titles: []string{"部门", "Body", "body"}, Required: true},
		{Key: "lead", Titles: []string{"部门牵头", "Led by the body", "lead"}, Kind: table.Choice, Choices: []table.Option{{Key: "yes", Titles: []string{"是", "yes"}}, {Key: "no", Titles: []string{"否", "no"}}}},
		{Key: "day", Titles: []string{"日期", "Day", "day"}, Kind: table.Day, Required: true},
		{Key: "topic", Titles: []string{"事由", "Topic", "topic"}, Required: true},
		{Key: "result", Titles: []string{"结果", "Result", "result"}},
	}
}

// take writes one line of the log: one that names its record corrects it; otherwise the same day, body and topic of
// a unit are the same entry.
func (s *Service) take(ctx context.Context, root org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	u, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	c := Contact{Unit: u.ID, Kind: row["kind"].Text, Body: row["body"].Text, Lead: row["lead"].Text == "yes", Day: clock.Day(row["day"].Text), Topic: row["topic"].Text, Result: row["result"].Text}
	c.clean()
	ref, err := id.ParseRef(row["ref"].Text)
	if err != nil {
		list, err := s.store.same(ctx, c)
		if err != nil {
			return "", "", err
		}
		if len(list) == 0 {
			_, err := s.Add(ctx, c, ch)
			return c.Body, record.Added, err
		}
		ref = list[0].entry().Ref
	}
	was, v, err := s.Get(ctx, ref)
	if err != nil || was.Unit != u.ID {
		var f errs.Fields
		f.Add("ref", "contact.unknown")
		return "", "", f.Err()
	}
	c.Body, c.Topic, c.Result = row["body"].Over(was.Body), row["topic"].Over(was.Topic), row["result"].Over(was.Result)
	if !row["lead"].Set {
		c.Lead = was.Lead
	}
	c.Partner, c.Shared = was.Partner, was.Shared
	if c == was {
		return c.Body, record.Same, nil
	}
	return c.Body, record.Changed, s.Save(ctx, ref, v.N, c, ch)
}

// export writes the log of a unit and those below it.
func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	for after := ""; ; {
		list, next, err := s.List(ctx, u, Filter{After: after, Limit: 100})
		if err != nil {
			return err
		}
		var ids, units []id.ID
		for _, e := range list {
			ids, units = append(ids, e.Ref.ID), append(units, e.Unit)
		}
		bodies, err := s.book.Bodies(ctx, ids)
		if err != nil {
			return err
		}
		us, err := s.org.ByIDs(ctx, units)
		if err != nil {
			return err
		}
		for _, e := range list {
			c, at := bodies[e.Ref.ID], us[e.Unit]
			lead := ""
			if c.Kind == "joint" {
				lead = map[bool]string{true: "yes", false: "no"}[c.Lead]
			}
			if err := yield([]table.Value{table.OfText(e.Ref.String()), table.OfText(at.Code), table.OfText(at.Name), table.OfChoice(c.Kind), table.OfText(c.Body), table.OfChoice(lead), table.OfDay(string(c.Day)),
				table.OfText(c.Topic), table.OfText(c.Result)}); err != nil {
				return err
			}
		}
		if after = next; next == "" {
			return nil
		}
	}
}

func (s *Service) bodyImporter() *record.Importer {
	return &record.Importer{Kind: KindBody, Title: "contact.bodies", Back: "/body", Current: "body", Columns: bodyColumnsOf, Take: s.takeBody, Export: s.exportBodies}
}

var fieldTitles = map[string]string{"education": "教育", "justice": "司法", "civil": "民政", "police": "公安", "court": "法院检察院", "youth": "共青团", "women": "妇联", "union": "工会", "culture": "文化",
	"health": "卫生健康", "media": "宣传媒体", "party": "组织和机关党建", "other": "其他"}

func bodyColumnsOf(context.Context) []table.Column {
	var fields []table.Option
	for _, f := range Fields {
		fields = append(fields, table.Option{Key: f, Titles: []string{fieldTitles[f], f}})
	}
	return []table.Column{
		{Key: "unit_code", Titles: []string{"单位代码", "Unit code", "unit_code"}},
		{Key: "unit", Titles: []string{"登记单位", "单位", "Unit", "unit"}},
		{Key: "name", Titles: []string{"部门", "名称", "Body", "name"}, Required: true},
		{Key: "field", Titles: []string{"领域", "Field", "field"}, Kind: table.Choice, Choices: fields, Required: true},
		{Key: "office", Titles: []string{"对口处室", "Office", "office"}},
		{Key: "person", Titles: []string{"联络员", "Contact person", "person"}},
		{Key: "post", Titles: []string{"职务", "Post", "post"}},
		{Key: "phone", Titles: []string{"电话", "Phone", "phone"}},
		{Key: "offers", Titles: []string{"可以提供的资源", "Can offer", "offers"}},
		{Key: "from", Titles: []string{"协作起始日期", "From", "from"}, Kind: table.Day, Required: true},
		{Key: "to", Titles: []string{"协作结束日期", "To", "to"}, Kind: table.Day},
	}
}

// takeBody writes one line of the register: a body of the same name at its unit is corrected, any other is new.
func (s *Service) takeBody(ctx context.Context, root org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	u, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	b := Body{Unit: u.ID, Name: row["name"].Text, Field: row["field"].Text, Office: row["office"].Text, Person: row["person"].Text, Post: row["post"].Text, Phone: row["phone"].Text, Offers: row["offers"].Text,
		From: clock.Day(row["from"].Text), To: clock.Day(row["to"].Text)}
	b.clean()
	list, err := s.store.bodyByName(ctx, u.ID, b.Name)
	if err != nil {
		return "", "", err
	}
	if len(list) == 0 {
		_, err := s.Register(ctx, b, ch)
		return b.Name, record.Added, err
	}
	ref := list[0].listed().Ref
	was, v, err := s.bodies.Get(ctx, ref)
	if err != nil {
		return "", "", err
	}
	b.Office, b.Person, b.Post = row["office"].Over(was.Office), row["person"].Over(was.Person), row["post"].Over(was.Post)
	b.Phone, b.Offers, b.Seats = row["phone"].Over(was.Phone), row["offers"].Over(was.Offers), was.Seats
	if !row["to"].Set {
		b.To = was.To
	}
	if reflect.DeepEqual(b, was) {
		return b.Name, record.Same, nil
	}
	return b.Name, record.Changed, s.SaveBody(ctx, ref, v.N, b, ch)
}

// exportBodies writes the register of a unit and those below it.
func (s *Service) exportBodies(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	list, err := s.Bodies(ctx, u)
	if err != nil {
		return err
	}
	var ids, units []id.ID
	for _, b := range list {
		ids, units = append(ids, b.Ref.ID), append(units, b.Unit)
	}
	all, err := s.bodies.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	us, err := s.org.ByIDs(ctx, units)
	if err != nil {
		return err
	}
	for _, x := range list {
		b, at := all[x.Ref.ID], us[x.Unit]
		if err := yield([]table.Value{table.OfText(at.Code), table.OfText(at.Name), table.OfText(b.Name), table.OfChoice(b.Field), table.OfText(b.Office), table.OfText(b.Person), table.OfText(b.Post),
			table.OfText(b.Phone), table.OfText(b.Offers), table.OfDay(string(b.From)), table.OfDay(string(b.To))}); err != nil {
			return err
		}
	}
	return nil
}
