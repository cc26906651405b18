package activity

import (
	"context"
	"errors"
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

// columns are read in either language and written in the reader's.
var columns = []struct {
	key, zh, en string
	more        []string
	kind        table.Kind
	required    bool
	width       float64
}{
	{key: "code", zh: "编号", en: "Code", width: 16},
	{key: "title", zh: "活动名称", en: "Activity", more: []string{"名称", "活动", "活动主题", "标题"}, required: true, width: 30},
	{key: "day", zh: "日期", en: "Day", more: []string{"活动日期", "举办日期", "活动时间", "时间"}, kind: table.Day, required: true},
	{key: "last_day", zh: "结束日期", en: "Last day", more: []string{"最后一天"}, kind: table.Day},
	{key: "from", zh: "开始", en: "From", more: []string{"开始时间"}},
	{key: "to", zh: "结束", en: "To", more: []string{"结束时间"}},
	{key: "unit_code", zh: "单位代码", en: "Unit code", width: 14},
	{key: "unit", zh: "主办单位", en: "Host", more: []string{"单位", "乡镇", "乡镇（街道）"}, width: 16},
	{key: "hosts", zh: "共同主办", en: "Hosted with", more: []string{"联合主办", "协办单位"}, width: 20},
	{key: "type", zh: "类型", en: "Type", more: []string{"活动类型", "形式"}, required: true, width: 12},
	{key: "topic", zh: "主题", en: "Topic", more: []string{"内容", "主题类别"}, width: 12},
	{key: "series", zh: "系列", en: "Series", more: []string{"系列活动"}, width: 12},
	{key: "place", zh: "地点", en: "Place", more: []string{"活动地点", "基地", "阵地"}, width: 24},
	{key: "venue", zh: "场所", en: "Kind of place", more: []string{"场所类别"}, kind: table.Choice},
	{key: "memorial", zh: "纪念地", en: "Memorial site", kind: table.Choice},
	{key: "mode", zh: "方式", en: "Mode", more: []string{"参加方式"}, kind: table.Choice},
	{key: "group", zh: "参加对象", en: "Who came", more: []string{"对象", "受众"}, width: 22},
	{key: "count", zh: "现场人次", en: "In person", more: []string{"人次", "人数", "参加人数", "受教育人数"}, kind: table.Int},
	{key: "online", zh: "线上人次", en: "Online", kind: table.Int},
	{key: "minors", zh: "未成年人", en: "Minors", kind: table.Int},
	{key: "lecturers", zh: "主讲人", en: "Lecturers", more: []string{"主讲"}, width: 16},
	{key: "helpers", zh: "志愿者", en: "Volunteers", more: []string{"五老", "参加五老"}, width: 20},
	{key: "works", zh: "作品", en: "Works", kind: table.Int},
	{key: "awards", zh: "获奖", en: "Awards", kind: table.Int},
	{key: "responsible", zh: "负责人", en: "Responsible", width: 10},
	{key: "phone", zh: "电话", en: "Phone", more: []string{"联系电话"}, width: 16},
	{key: "status", zh: "状态", en: "Status", kind: table.Choice},
	{key: "summary", zh: "内容小结", en: "Summary", more: []string{"小结", "活动内容", "备注"}, width: 40},
}

func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: Kind, Title: "activity.title", Back: "/activity", Columns: importColumns, Take: s.take, Export: s.export}
}

func importColumns(ctx context.Context) []table.Column {
	words := func(prefix string, keys ...string) []table.Option {
		out := make([]table.Option, len(keys))
		for i, k := range keys {
			out[i] = table.Option{Key: k, Titles: []string{i18n.T(ctx, prefix+k), k}}
		}
		return out
	}
	also := func(list []table.Option, more ...[]string) []table.Option {
		for i, titles := range more {
			list[i].Titles = append(list[i].Titles, titles...)
		}
		return list
	}
	out := make([]table.Column, len(columns))
	for i, c := range columns {
		titles := append([]string{c.zh, c.en}, c.more...)
		if i18n.Lang(ctx) == "en" {
			titles[0], titles[1] = c.en, c.zh
		}
		out[i] = table.Column{Key: c.key, Titles: titles, Kind: c.kind, Required: c.required, Width: c.width}
		switch c.key {
		case "venue":
			out[i].Choices = also(words("activity.venue.", Venues...), []string{"阵地", "基地"}, []string{"学校", "校园"}, []string{"社区"}, []string{"乡村", "村"}, []string{"企业"}, []string{"假日学校"}, []string{"其他"})
		case "memorial":
			out[i].Choices = also(words("activity.yes_no.", "yes", "no"), []string{"是", "√", "Yes"}, []string{"否", "No"})
		case "mode":
			out[i].Choices = also(words("activity.mode.", string(Face), string(Online), string(Both)), []string{"面对面", "线下", "现场"}, []string{"线上"}, []string{"线上线下", "线上线下结合"})
		case "status":
			out[i].Choices = also(words("activity.status.", string(Held), string(Open), string(Planned), string(Cancelled)), []string{"已举办", "已完成"}, []string{"已公布"}, []string{"计划中", "计划"}, []string{"已取消", "取消"})
		}
	}
	return out
}

// take writes one row: a code that is known corrects its activity (empty cells keep what is there), and so does a row of
// the same host, day and title; any other row is new.
func (s *Service) take(ctx context.Context, within org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	lead, err := s.rec.UnitOf(ctx, within, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	ref, was, v, err := s.rowKnown(ctx, lead, row)
	known := err == nil
	if err != nil && !errs.Is(err, errs.NotFound) {
		return "", "", err
	}
	if known && v.Batch != 0 && v.Batch == c.Batch {
		var f errs.Fields
		f.Add("title", "activity.row_twice", "Title", was.Title)
		return "", "", f.Err()
	}
	a := was
	if !known {
		a = Activity{Hosts: []Host{{Unit: lead.ID}}, Status: Held, Mode: Face, Topic: "other"}
		if clock.Day(row["day"].Text) > clock.Today(ctx) {
			a.Status = Planned
		}
	}
	if err := s.fill(ctx, within, lead, &a, row); err != nil {
		return "", "", err
	}
	if !known {
		_, err := s.Create(ctx, a, record.Change{Act: "activity.act.create", Batch: c.Batch, Reason: c.Reason})
		return a.Code, record.Added, columnsOf(err)
	}
	if same, err := s.unchanged(ctx, lead.Root(), a, was); err != nil || same {
		return was.Code, record.Same, columnsOf(err)
	}
	err = s.Save(ctx, ref, v.N, a, record.Change{Act: "activity.act.edit", Batch: c.Batch, Reason: c.Reason})
	return was.Code, record.Changed, columnsOf(err)
}

// unchanged tells whether an activity, once tidied, is what is kept already.
func (s *Service) unchanged(ctx context.Context, root int64, a, was Activity) (bool, error) {
	l, err := s.Lists(ctx, root)
	if err != nil {
		return false, err
	}
	a.Tidy(l)
	return sameActivity(a, was), nil
}

// rowKnown finds the activity that a row is about.
func (s *Service) rowKnown(ctx context.Context, lead org.Unit, row map[string]table.Value) (id.Ref, Activity, record.Version, error) {
	if code := row["code"].Text; code != "" {
		return s.ByCode(ctx, lead.Root(), code)
	}
	p, err := s.List(ctx, Filter{Unit: lead, From: clock.Day(row["day"].Text), To: clock.Day(row["day"].Text), Limit: 200})
	if err != nil {
		return id.Ref{}, Activity{}, record.Version{}, err
	}
	for _, l := range p.Rows {
		if l.Lead == lead.ID && plain(l.Title) == plain(row["title"].Text) {
			a, v, err := s.book.Get(ctx, l.Ref())
			return l.Ref(), a, v, err
		}
	}
	return id.Ref{}, Activity{}, record.Version{}, errs.New(errs.NotFound, "errs.not_found")
}

func (s *Service) fill(ctx context.Context, within, lead org.Unit, a *Activity, row map[string]table.Value) error {
	text := func(key string, to *string) {
		if row[key].Set {
			*to = row[key].Over(*to)
		}
	}
	number := func(key string, to *int64) {
		if row[key].Set {
			*to = row[key].Num
		}
	}
	for key, to := range map[string]*string{"code": &a.Code, "title": &a.Title, "from": &a.From, "to": &a.To, "type": &a.Type, "topic": &a.Topic, "series": &a.Series,
		"responsible": &a.Responsible, "phone": &a.Phone, "summary": &a.Summary} {
		text(key, to)
	}
	for key, to := range map[string]*int64{"online": &a.Online, "minors": &a.Minors, "works": &a.Works, "awards": &a.Awards} {
		number(key, to)
	}
	if row["day"].Set {
		a.Day = clock.Day(row["day"].Text)
	}
	if row["last_day"].Set {
		a.LastDay = clock.Day(row["last_day"].Text)
	}
	if row["mode"].Set {
		a.Mode = Mode(row["mode"].Text)
	}
	if row["status"].Set {
		a.Status = Status(row["status"].Text)
		if a.Status == Cancelled && a.CancelReason == "" {
			a.CancelReason = i18n.T(ctx, "activity.cancelled_in_list")
		}
	}
	if row["place"].Set || row["venue"].Set || row["memorial"].Set {
		if err := s.fillStop(ctx, lead.Root(), a, row); err != nil {
			return err
		}
	}
	if err := s.fillHeads(ctx, lead.Root(), a, row); err != nil {
		return err
	}
	for _, role := range []string{"lecturer", "helper"} {
		if row[role+"s"].Set {
			people, err := s.peopleNamed(ctx, role+"s", role, row[role+"s"].Text, a.People)
			if err != nil {
				return err
			}
			a.People = append(slices.DeleteFunc(slices.Clone(a.People), func(p Person) bool { return p.Role == role }), people...)
		}
	}
	if row["hosts"].Set {
		for _, name := range words(row["hosts"].Text) {
			u, err := s.rec.UnitOf(ctx, within, "", name)
			if err != nil {
				return renamed(err, "unit", "hosts")
			}
			if a.host(u.ID) < 0 {
				a.Hosts = append(slices.Clone(a.Hosts), Host{Unit: u.ID})
			}
		}
	}
	return nil
}

// fillStop writes the first stop; a place that is one of the city's bases is that base.
func (s *Service) fillStop(ctx context.Context, root int64, a *Activity, row map[string]table.Value) error {
	a.Stops = slices.Clone(a.Stops)
	if len(a.Stops) == 0 {
		a.Stops = []Stop{{}}
	}
	st := &a.Stops[0]
	if row["place"].Set && row["place"].Text != st.Place {
		var err error
		if *st, err = s.stopNamed(ctx, root, row["place"].Text, Stop{Venue: st.Venue, Memorial: st.Memorial, From: st.From, To: st.To}); err != nil {
			return err
		}
	}
	if row["venue"].Set {
		st.Venue = row["venue"].Text
	}
	if row["memorial"].Set {
		st.Memorial = row["memorial"].Text == "yes"
	}
	return nil
}

// stopNamed is the stop of a place that people wrote: a base of the city by its name or code, or any other place.
func (s *Service) stopNamed(ctx context.Context, root int64, place string, st Stop) (Stop, error) {
	st.Place, st.Base = table.CleanText(place), id.Ref{}
	if st.Place == "" {
		return st, nil
	}
	found, err := s.base.Named(ctx, root, st.Place)
	if err == nil && len(found) == 1 {
		st.Base, st.Place = found[0].Ref, found[0].Name
	}
	return st, err
}

// fillHeads reads "小学生120、家长30", or one group with the number of its column.
func (s *Service) fillHeads(ctx context.Context, root int64, a *Activity, row map[string]table.Value) error {
	if !row["group"].Set && !row["count"].Set {
		return nil
	}
	l, err := s.Lists(ctx, root)
	if err != nil {
		return err
	}
	var out []Audience
	var sum int64
	names := words(row["group"].Text)
	for _, name := range names {
		digits := strings.TrimLeftFunc(strings.TrimRight(name, "人次名个 "), func(r rune) bool { return r < '0' || r > '9' })
		group := table.CleanText(strings.TrimRight(strings.TrimSpace(strings.SplitN(name, digits, 2)[0]), "：:"))
		if digits == "" {
			group = name
		}
		n, _ := strconv.ParseInt(digits, 10, 64)
		c, ok := find(l[GroupList], group)
		if !ok {
			var f errs.Fields
			f.Add("group", "activity.group_unknown", "Name", group)
			return f.Err()
		}
		out, sum = append(out, Audience{Group: c.Code, Count: n}), sum+n
	}
	switch {
	case len(out) == 0:
		out = []Audience{{Group: "other", Count: row["count"].Num}}
	case sum == 0 && len(out) == 1:
		out[0].Count = row["count"].Num
	case row["count"].Set && row["count"].Num != sum:
		var f errs.Fields
		f.Add("count", "activity.count_differs", "N", row["count"].Num, "Sum", sum)
		return f.Err()
	}
	a.Audience, a.Minors = out, 0
	if row["minors"].Set {
		a.Minors = row["minors"].Num
	}
	return nil
}

// words splits a list that people type.
func words(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,；;\n", r) }) {
		if w = table.CleanText(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// columnsOf names the problems of a record after the columns of the table.
func columnsOf(err error) error {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid {
		return err
	}
	var f errs.Fields
	for _, p := range e.Fields {
		name, _, _ := strings.Cut(p.Name, ".")
		if !slices.ContainsFunc(importColumns(context.Background()), func(c table.Column) bool { return c.Key == name }) {
			name = "title"
		}
		p.Name = name
		f = append(f, p)
	}
	if len(f) == 0 {
		return err
	}
	return f.Err()
}

// renamed moves the problems of one column to another.
func renamed(err error, from, to string) error {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid {
		return err
	}
	var f errs.Fields
	for _, p := range e.Fields {
		if p.Name == from {
			p.Name = to
		}
		f = append(f, p)
	}
	return f.Err()
}

// export writes one row for each activity of the unit's subtree that the reader may see, the latest first.
func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	l, err := s.Lists(ctx, u.Root())
	if err != nil {
		return err
	}
	for after := ""; ; {
		p, err := s.List(ctx, Filter{Unit: u, After: after, Limit: 500})
		if err != nil {
			return err
		}
		ids := make([]id.ID, len(p.Rows))
		for i, r := range p.Rows {
			ids[i] = r.ID
		}
		all, err := s.book.Bodies(ctx, ids)
		if err != nil {
			return err
		}
		for _, k := range ids {
			if err := yield(s.cells(ctx, l, all[k])); err != nil {
				return err
			}
		}
		if after = p.Next; after == "" {
			return nil
		}
	}
}

func (s *Service) cells(ctx context.Context, l lists, a Activity) []table.Value {
	comma := i18n.T(ctx, "activity.and")
	var hosts, groups []string
	units, err := s.org.ByIDs(ctx, a.Units())
	if err != nil {
		units = map[id.ID]org.Unit{}
	}
	for i, h := range a.Units() {
		if i > 0 {
			hosts = append(hosts, units[h].Name)
		}
	}
	for _, g := range a.Audience {
		groups = append(groups, named(ctx, l[GroupList], g.Group)+strconv.FormatInt(g.Count, 10))
	}
	people := func(role string) table.Value {
		var out []string
		for _, p := range a.People {
			if p.Role == role {
				out = append(out, p.Name)
			}
		}
		return table.OfText(strings.Join(out, comma))
	}
	venue, memorial := table.Value{}, table.Value{}
	if len(a.Stops) > 0 {
		venue = table.OfChoice(a.Stops[0].Venue)
		if a.Stops[0].Memorial {
			memorial = table.OfChoice("yes")
		}
	}
	some := func(n int64) table.Value {
		if n == 0 {
			return table.Value{}
		}
		return table.OfInt(n)
	}
	cells := map[string]table.Value{"code": table.OfText(a.Code), "title": table.OfText(a.Title), "day": table.OfDay(string(a.Day)), "last_day": table.OfDay(string(a.LastDay)),
		"from": table.OfText(a.From), "to": table.OfText(a.To), "unit_code": table.OfText(units[a.Lead()].Code), "unit": table.OfText(units[a.Lead()].Name),
		"hosts": table.OfText(strings.Join(hosts, comma)), "type": table.OfText(named(ctx, l[TypeList], a.Type)), "topic": table.OfText(named(ctx, l[TopicList], a.Topic)),
		"series": table.OfText(named(ctx, l[SeriesList], a.Series)), "place": table.OfText(a.Place()), "venue": venue, "memorial": memorial,
		"mode": table.OfChoice(string(a.Mode)), "group": table.OfText(strings.Join(groups, comma)), "count": some(a.Heads()), "online": some(a.Online),
		"minors": some(a.Minors), "lecturers": people("lecturer"), "helpers": people("helper"), "works": some(a.Works), "awards": some(a.Awards),
		"responsible": table.OfText(a.Responsible), "phone": table.OfText(a.Phone), "status": table.OfChoice(string(a.Status)), "summary": table.OfText(a.Summary)}
	out := make([]table.Value, len(columns))
	for i, c := range columns {
		out[i] = cells[c.key]
	}
	return out
}
