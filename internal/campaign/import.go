package campaign

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"xinhuo/internal/dispatch"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// importer takes campaigns from a table, one line each; what was exported comes in again without change.
func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: Kind, Title: "campaign.heading", Back: "/campaign", Columns: columnsOf, Take: s.take, Export: s.export}
}

// topicWords are the topics as tables name them.
var topicWords = map[string][]string{"ideology": {"思想道德"}, "patriotism": {"爱国主义"}, "party_history": {"党史国史", "党史"}, "law": {"法治"}, "science": {"科学"},
	"labour": {"劳动"}, "mind": {"心理健康", "心理"}, "family": {"家庭家教家风", "家庭"}, "safety": {"安全"}, "other": {"其他"}}

func columnsOf(context.Context) []table.Column {
	topic := table.Column{Key: "topic", Titles: []string{"专题", "Topic", "topic"}, Kind: table.Choice, Required: true}
	for _, t := range Topics {
		topic.Choices = append(topic.Choices, table.Option{Key: t, Titles: append(slices.Clone(topicWords[t]), t)})
	}
	return []table.Column{
		{Key: "unit_code", Titles: []string{"牵头单位代码", "单位代码", "Unit code", "unit_code"}},
		{Key: "unit", Titles: []string{"牵头单位", "单位", "Unit", "unit"}},
		{Key: "code", Titles: []string{"编号", "代码", "Code", "code"}},
		{Key: "title", Titles: []string{"名称", "主题", "Title", "title"}},
		{Key: "slogan", Titles: []string{"口号", "Slogan", "slogan"}},
		topic,
		{Key: "from", Titles: []string{"开始日期", "From", "from"}, Kind: table.Day, Required: true},
		{Key: "last", Titles: []string{"结束日期", "Last day", "last"}, Kind: table.Day, Required: true},
		{Key: "due", Titles: []string{"上报截止", "Due", "due"}, Kind: table.Day},
		{Key: "window_from", Titles: []string{"集中开展开始", "Concentrated from", "window_from"}, Kind: table.Day},
		{Key: "window_last", Titles: []string{"集中开展结束", "Concentrated until", "window_last"}, Kind: table.Day},
		{Key: "event", Titles: []string{"纪念事件", "Event", "event"}},
		{Key: "event_year", Titles: []string{"事件年份", "Event year", "event_year"}, Kind: table.Int},
		{Key: "event_day", Titles: []string{"纪念日", "Key day", "event_day"}, Kind: table.Day},
		{Key: "levels", Titles: []string{"发到层级", "Levels", "levels"}, Required: true},
		{Key: "kinds", Titles: []string{"乡镇类别", "Township kinds", "kinds"}},
		{Key: "issuers", Titles: []string{"共同发文单位代码", "Issued with", "issuers"}},
		{Key: "within", Titles: []string{"属于", "Part of", "within"}},
		{Key: "issued_on", Titles: []string{"发出日期", "Issued on", "issued_on"}, Kind: table.Day},
		{Key: "documents", Titles: []string{"文件", "Documents", "documents"}},
		{Key: "text", Titles: []string{"要求", "Text", "text"}},
	}
}

func levelsFrom(text string, f *errs.Fields) []org.Level {
	var out []org.Level
	for _, word := range table.Several(text) {
		if l, ok := org.LevelNamed(word); ok {
			out = append(out, l)
		} else {
			f.Add("levels", "campaign.level_unknown", "Name", word)
		}
	}
	return out
}

func kindsFrom(text string, f *errs.Fields) []org.Kind {
	var out []org.Kind
	for _, word := range table.Several(text) {
		if k, ok := org.TownKindNamed(word); ok {
			out = append(out, k)
		} else {
			f.Add("kinds", "campaign.kind_unknown", "Name", word)
		}
	}
	return out
}

// take writes one line: a campaign of a known code at its lead is corrected, any other is new.
func (s *Service) take(ctx context.Context, root org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	lead, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	var ref id.Ref
	var was Campaign
	var v record.Version
	if code := row["code"].Text; code != "" {
		list, err := s.store.byCodeAcrossUnits(ctx, []int64{lead.Root()}, code)
		if err != nil {
			return code, "", err
		}
		for _, r := range list {
			if r.Unit == lead.ID {
				ref = r.ref()
			}
		}
	}
	if ref.ID != 0 {
		if was, v, err = s.Campaign(ctx, ref); err != nil {
			return "", "", err
		}
		cells, err := s.cells(ctx, was)
		if err != nil {
			return "", "", err
		}
		row = record.Kept(row, columnsOf(ctx), cells)
	}
	c, err := s.merge(ctx, was, lead, row)
	if err != nil {
		return "", "", err
	}
	if ref.ID == 0 {
		ref, err = s.Create(ctx, c, ch)
		if err != nil {
			return "", "", err
		}
		c, _, err = s.Campaign(ctx, ref)
		return c.Code, record.Added, err
	}
	c.clean()
	was.clean()
	if reflect.DeepEqual(c, was) {
		return c.Code, record.Same, nil
	}
	return c.Code, record.Changed, s.Save(ctx, ref, v.N, c, ch)
}

func (s *Service) merge(ctx context.Context, was Campaign, lead org.Unit, row map[string]table.Value) (Campaign, error) {
	c := was
	var f errs.Fields
	day := func(key string) clock.Day { return clock.Day(row[key].Text) }
	c.Unit, c.Code, c.Topic = lead.ID, row["code"].Text, row["topic"].Text
	c.Title, c.Slogan, c.Text = row["title"].Over(was.Title), row["slogan"].Over(was.Slogan), row["text"].Over(was.Text)
	c.From, c.Last, c.Due, c.Window = day("from"), day("last"), day("due"), Window{From: day("window_from"), Last: day("window_last")}
	if c.IssuedOn == clock.Open {
		c.IssuedOn = day("issued_on")
	}
	c.Anniversary = nil
	event := row["event"].Text
	if was.Anniversary != nil {
		event = row["event"].Over(was.Anniversary.Event)
	}
	if a := (Anniversary{Event: event, Year: int(row["event_year"].Num), Day: day("event_day")}); a != (Anniversary{}) {
		c.Anniversary = &a
	}
	c.Targets = Targets{Levels: levelsFrom(row["levels"].Text, &f), Kinds: kindsFrom(row["kinds"].Text, &f)}
	if listed := strings.Join(was.Documents, "、"); row["documents"].Over(listed) != listed { // a name may hold the sign between names
		c.Documents = nil
		for _, d := range table.Several(row["documents"].Text) {
			c.Documents = append(c.Documents, strings.TrimSpace(d))
		}
	}
	joined := map[id.ID]clock.Day{}
	for _, i := range was.Issuers {
		joined[i.Unit] = i.JoinedOn
	}
	c.Issuers, c.Within = nil, nil
	for _, code := range table.Several(row["issuers"].Text) {
		u, err := s.org.ByCode(ctx, strings.TrimSpace(code))
		if errs.Is(err, errs.NotFound) {
			f.Add("issuers", "campaign.issuer_unknown", "Name", code)
			continue
		}
		if err != nil {
			return c, err
		}
		c.Issuers = append(c.Issuers, dispatch.Issuer{Unit: u.ID, JoinedOn: joined[u.ID]})
	}
	for _, text := range table.Several(row["within"].Text) {
		ref, err := id.ParseRef(strings.TrimSpace(text))
		if err != nil {
			f.Add("within", "errs.ref_unreadable")
			continue
		}
		c.Within = append(c.Within, ref)
	}
	return c, f.Err()
}

// export writes the campaigns issued by a unit and those below it.
func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	for _, below := range []bool{false, true} {
		for after := ""; ; {
			list, next, err := s.List(ctx, u, clock.Today(ctx), Filter{Below: below, After: after, Limit: 100})
			if err != nil {
				return err
			}
			for _, l := range list {
				if !below && l.Unit != u.ID {
					continue
				}
				c, _, err := s.Campaign(ctx, l.Ref)
				if err != nil {
					return err
				}
				cells, err := s.cells(ctx, c)
				if err != nil {
					return err
				}
				if err := yield(cells); err != nil {
					return err
				}
			}
			if after = next; next == "" {
				break
			}
		}
	}
	return nil
}

func (s *Service) cells(ctx context.Context, c Campaign) ([]table.Value, error) {
	us, err := s.org.ByIDs(ctx, c.Units())
	if err != nil {
		return nil, err
	}
	lead := us[c.Unit]
	var levels, kinds, issuers, within []string
	for _, l := range c.Targets.Levels {
		levels = append(levels, l.Word())
	}
	for _, k := range c.Targets.Kinds {
		kinds = append(kinds, k.Word())
	}
	for _, i := range c.Issuers {
		issuers = append(issuers, us[i.Unit].Code)
	}
	for _, w := range c.Within {
		within = append(within, w.String())
	}
	event, year, key := table.OfText(""), table.Value{}, table.OfDay("")
	if a := c.Anniversary; a != nil {
		event, year, key = table.OfText(a.Event), table.OfInt(int64(a.Year)), table.OfDay(string(a.Day))
	}
	list := func(words []string) table.Value { return table.OfText(strings.Join(words, "、")) }
	day := func(d clock.Day) table.Value { return table.OfDay(string(d)) }
	return []table.Value{table.OfText(lead.Code), table.OfText(lead.Name), table.OfText(c.Code), table.OfText(c.Title), table.OfText(c.Slogan), table.OfChoice(c.Topic),
		day(c.From), day(c.Last), day(c.Due), day(c.Window.From), day(c.Window.Last), event, year, key, list(levels), list(kinds), list(issuers), list(within),
		day(c.IssuedOn), list(c.Documents), table.OfText(c.Text)}, nil
}

// dutyImporter takes what units did from a table, one line for a unit and a campaign.
func (s *Service) dutyImporter() *record.Importer {
	return &record.Importer{Kind: KindDuty, Title: "campaign.duties", Back: "/campaign", Columns: dutyTable, Take: s.takeDuty, Export: s.exportDuties}
}

func dutyTable(context.Context) []table.Column {
	return []table.Column{
		{Key: "campaign", Titles: []string{"主题教育编号", "Campaign", "campaign"}, Required: true},
		{Key: "title", Titles: []string{"主题教育", "Campaign title", "title"}},
		{Key: "unit_code", Titles: []string{"单位代码", "Unit code", "unit_code"}},
		{Key: "unit", Titles: []string{"单位", "单位名称", "Unit", "unit"}},
		{Key: "received_on", Titles: []string{"签收日期", "Received on", "received_on"}, Kind: table.Day},
		{Key: "planned_on", Titles: []string{"部署日期", "Deployed on", "planned_on"}, Kind: table.Day},
		{Key: "wording", Titles: []string{"结合实际部署", "Wording", "wording"}},
		{Key: "due", Titles: []string{"本单位截止", "Own due day", "due"}, Kind: table.Day},
		{Key: "reported_on", Titles: []string{"上报日期", "Reported on", "reported_on"}, Kind: table.Day},
		{Key: "carried_on", Titles: []string{"开展日期", "Carried out on", "carried_on"}, Kind: table.Day},
		{Key: "report", Titles: []string{"结果", "Report", "report"}},
	}
}

func dutyCells(ref id.Ref, title string, u org.Unit, d Duty) []table.Value {
	day := func(d clock.Day) table.Value { return table.OfDay(string(d)) }
	return []table.Value{table.OfText(ref.String()), table.OfText(title), table.OfText(u.Code), table.OfText(u.Name), day(d.ReceivedOn), day(d.PlannedOn), table.OfText(d.Wording),
		day(d.Due), day(d.ReportedOn), day(d.CarriedOn), table.OfText(d.Report)}
}

func (s *Service) takeDuty(ctx context.Context, root org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	u, err := s.rec.UnitOf(ctx, root, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	ref, err := s.named(ctx, u, row["campaign"].Text)
	if err != nil {
		return "", "", err
	}
	t, err := s.Task(ctx, ref, u.ID)
	if err != nil {
		return "", "", err
	}
	row = record.Kept(row, dutyTable(ctx), dutyCells(ref, "", u, t.Duty))
	day := func(key string) clock.Day { return clock.Day(row[key].Text) }
	d := Duty{Campaign: ref, Unit: u.ID, ReceivedOn: day("received_on"), PlannedOn: day("planned_on"), Wording: row["wording"].Over(t.Duty.Wording), Due: day("due"),
		ReportedOn: day("reported_on"), CarriedOn: day("carried_on"), Report: row["report"].Over(t.Duty.Report)}
	o, err := s.Enter(ctx, d, ch)
	return u.Code, o, err
}

// named is the campaign that a table means: by the name of its record, or by a code that one campaign known to the unit has.
func (s *Service) named(ctx context.Context, u org.Unit, text string) (id.Ref, error) {
	var f errs.Fields
	if ref, err := id.ParseRef(text); err == nil {
		if _, _, err := s.Campaign(ctx, ref); err == nil {
			return ref, nil
		}
	}
	var roots []int64
	for _, p := range org.Enclosing(u.Pos) {
		roots = append(roots, org.RootOf(p))
	}
	list, err := s.store.byCodeAcrossUnits(ctx, roots, text)
	if err != nil {
		return id.Ref{}, err
	}
	var found []id.Ref
	for _, r := range list {
		if _, err := s.Task(ctx, r.ref(), u.ID); err == nil {
			found = append(found, r.ref())
		}
	}
	switch len(found) {
	case 0:
		f.Add("campaign", "campaign.unknown", "Code", text)
	case 1:
		return found[0], nil
	default:
		f.Add("campaign", "campaign.several", "Code", text)
	}
	return id.Ref{}, f.Err()
}

// Enter writes what a unit did as it stands on paper: the days are given. A line that says nothing, or nothing new,
// changes nothing. The right to work is asked at the unit.
func (s *Service) Enter(ctx context.Context, d Duty, ch record.Change) (o record.Outcome, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		t, err := s.Task(ctx, d.Campaign, d.Unit)
		if err != nil {
			return err
		}
		if t.Target && d.ReceivedOn == clock.Open {
			d.ReceivedOn = dispatch.Earliest(d.PlannedOn, d.ReportedOn)
		}
		d.ReceivedBy, d.CorrectedOn, d.DueThen = t.Duty.ReceivedBy, t.Duty.CorrectedOn, t.Duty.DueThen
		if d.ReportedOn != clock.Open && d.DueThen == clock.Open {
			d.DueThen = dispatch.Earliest(t.Due, d.Due)
		}
		if o = record.Same; d == t.Duty {
			return nil
		}
		if err := d.check(clock.Today(ctx)); err != nil {
			return err
		}
		if !t.Target && (d.ReportedOn != clock.Open || d.ReceivedOn != clock.Open) {
			return errs.New(errs.Conflict, "campaign.only_deploys")
		}
		if d.Due != clock.Open && d.Due > t.Due {
			var f errs.Fields
			f.Add("due", "campaign.due_later", "Due", t.Due)
			return f.Err()
		}
		if ch.Act == "" {
			ch.Act = "campaign.act.enter"
		}
		o = record.Added
		if t.Version > 0 {
			o = record.Changed
		}
		return s.write(ctx, t, d, nil, ch)
	})
	return o, err
}

// exportDuties writes what the units of a subtree have done, in all campaigns.
func (s *Service) exportDuties(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	pos, after := int64(-1), id.ID(0)
	for {
		list, err := s.store.dutiesIn(ctx, u.Range(), scope.From(ctx).ViewSet, pos, after, 500)
		if err != nil || len(list) == 0 {
			return err
		}
		var ids, units, campaigns []id.ID
		for _, r := range list {
			ids, units, campaigns = append(ids, r.ID), append(units, r.Unit), append(campaigns, r.Campaign)
		}
		bodies, err := s.duties.Bodies(ctx, ids)
		if err != nil {
			return err
		}
		us, err := s.org.ByIDs(ctx, units)
		if err != nil {
			return err
		}
		rows, err := s.store.byIDsAcrossUnits(ctx, campaigns)
		if err != nil {
			return err
		}
		titles := map[id.ID]string{}
		for _, r := range rows {
			titles[r.ID] = r.name(ctx)
		}
		for _, r := range list {
			d := bodies[r.ID]
			if err := yield(dutyCells(d.Campaign, titles[r.Campaign], us[r.Unit], d)); err != nil {
				return err
			}
		}
		pos, after = list[len(list)-1].Pos, list[len(list)-1].ID
	}
}

// targetRows are all targets of a campaign within a unit as lines of a table, with what each has done.
func (s *Service) targetRows(ctx context.Context, ref id.Ref, c Campaign, u org.Unit) (out [][]table.Value, err error) {
	r, err := s.reaching(ctx, ref, c, u, clock.Today(ctx), scope.From(ctx).ViewSet)
	if err != nil || c.IssuedOn == clock.Open {
		return nil, err
	}
	title := Name(ctx, c)
	for from := int64(-1); ; {
		p, err := s.page(ctx, r, c, "", from, 500)
		if err != nil || len(p.Lines) == 0 {
			return out, err
		}
		var ids []id.ID
		for _, l := range p.Lines {
			ids = append(ids, l.duty)
		}
		bodies, err := s.duties.Bodies(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, l := range p.Lines {
			out = append(out, dutyCells(ref, title, org.Unit{Code: l.Code, Name: l.Name}, bodies[l.duty]))
		}
		if from = p.Lines[len(p.Lines)-1].pos; p.Next == "" {
			return out, nil
		}
	}
}
