package base

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// importer takes and writes bases as a table: a row for each plaque, the base's own columns repeated. Rows with the
// same code add plaques to one base; an empty cell leaves what stands. A list that has no codes names a base by its unit
// and name, so that taking the list again makes no second record.
func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: Kind, Title: "base.title", Back: "/base", Columns: importColumns, Take: s.take, Export: s.export}
}

// alsoCalled are the titles that offices' own tables have for a column, besides ours in either language (R77).
var alsoCalled = map[string][]string{
	"code":       {"阵地编号", "基地编号"},
	"name":       {"阵地名称", "基地名称", "阵地", "基地"},
	"host":       {"所属单位", "单位", "乡镇", "乡镇（街道）", "所在地", "所在乡镇"},
	"category":   {"主类别", "阵地类别", "基地类别", "类型"},
	"secondary":  {"次要类别", "兼有类别"},
	"run_mode":   {"管理方式", "建管方式"},
	"address":    {"详细地址", "阵地地址"},
	"capacity":   {"接待（人）", "接待人数", "可容纳人数"},
	"area_m2":    {"面积（㎡）", "面积（平方米）", "建筑面积"},
	"contact":    {"负责人"},
	"phone":      {"联系电话", "手机"},
	"level":      {"牌级", "级别", "阵地级别", "命名级别"},
	"issuer":     {"命名单位", "发牌单位"},
	"granted_on": {"命名日期", "命名时间", "授牌时间", "挂牌日期"},
	"revoked_on": {"摘牌日期"},
	"document":   {"命名文号", "授牌文号", "批文号"},
}

func importColumns(ctx context.Context) []table.Column {
	col := func(key string, kind table.Kind) table.Column {
		titles := []string{i18n.T(ctx, "base.import."+key), key}
		for _, lang := range i18n.Langs {
			titles = append(titles, i18n.T(i18n.In(ctx, lang), "base.import."+key))
		}
		return table.Column{Key: key, Kind: kind, Titles: append(titles, alsoCalled[key]...)}
	}
	needed := func(c table.Column) table.Column { c.Required = true; return c }
	choice := func(key, beginning string, keys ...string) table.Column {
		c := col(key, table.Choice)
		for _, k := range keys {
			c.Choices = append(c.Choices, table.Option{Key: k, Titles: []string{i18n.T(ctx, beginning+k), k}})
		}
		return c
	}
	return []table.Column{
		col("code", table.Text), needed(col("name", table.Text)), col("host", table.Text), needed(col("category", table.Text)),
		col("secondary", table.Text), needed(choice("run_mode", "base.run_mode.", "self", "joint", "other")), col("address", table.Text),
		col("hours", table.Text), col("capacity", table.Int), col("area_m2", table.Int), col("contact", table.Text), col("phone", table.Text),
		choice("level", "base.level.", "nation", "province", "city", "county", "township"), col("issuer", table.Text),
		col("granted_on", table.Day), col("revoked_on", table.Day), choice("status", "base.status.", "submitted", "granted", "revoked"),
		col("document", table.Text),
	}
}

// take writes one row.
func (s *Service) take(ctx context.Context, unit org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	code, said := row["code"].Text, row["code"].Text
	if said == "" {
		said = row["name"].Text // a preview must not promise a code that is drawn anew when the table is taken
	}
	var f errs.Fields
	host := unit
	if v := row["host"]; v.Set {
		u, ok, err := s.unitNamed(ctx, v.Text)
		if err != nil {
			return said, "", err
		}
		if !ok || !(scope.Set{unit.Range()}).Contains(u.Pos) {
			f.Add("host", "base.unit_unknown", "Name", v.Text, "Unit", unit.Name)
			return said, "", f.Err()
		}
		host = u
	}
	ref, was, v, err := s.rowsBase(ctx, host, row)
	fresh := errs.Is(err, errs.NotFound)
	if err != nil && !fresh {
		return said, "", err
	}
	b, _, err := s.copyOf(ctx, ref, fresh)
	if err != nil {
		return said, "", err
	}
	if code != "" {
		b.Code = code
	}
	if fresh || row["host"].Set {
		b.Host = host.ID
	}
	for key, to := range map[string]*string{"name": &b.Name, "category": &b.Category, "address": &b.Address, "hours": &b.Hours,
		"contact": &b.Contact, "phone": &b.Phone} {
		if v := row[key]; v.Set {
			*to = v.Over(*to)
		}
	}
	for key, to := range map[string]*int64{"capacity": &b.Capacity, "area_m2": &b.AreaM2} {
		if v := row[key]; v.Set {
			*to = v.Num
		}
	}
	if v := row["run_mode"]; v.Set {
		b.RunMode = RunMode(v.Text)
	}
	if v := row["secondary"]; v.Set {
		b.Secondary = words(v.Text)
	}
	if err := s.takePlaque(ctx, &b, row); err != nil {
		return said, "", err
	}
	if err := s.prepare(ctx, &b); err != nil {
		return said, "", err
	}
	if fresh {
		_, err := s.Create(ctx, b, c)
		return said, record.Added, err
	}
	if sameBase(was, b) {
		return said, record.Same, nil
	}
	if v.Batch != 0 && v.Batch == c.Batch {
		if err := s.agreeing(ctx, ref, c.Batch, was, b); err != nil {
			return said, "", err
		}
	}
	if !scope.From(ctx).System && SecondEyes(was, b, clock.Today(ctx)) {
		f.Add("granted_on", "base.import_second_eyes")
		return said, "", f.Err()
	}
	return said, record.Changed, s.save(ctx, ref, v.N, was, b, c)
}

// agreeing refuses a row that takes back what an earlier row of the same table said of its base: a base with several
// plaques stands in several rows, and a correction made in one of them alone would be lost without a word.
func (s *Service) agreeing(ctx context.Context, ref id.Ref, batch id.ID, was, b Base) error {
	before, err := s.book.Before(ctx, ref, batch)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	var f errs.Fields
	had, has, will := before.cells(), was.cells(), b.cells()
	for i, key := range []string{"name", "host", "category", "secondary", "run_mode", "address", "hours", "capacity", "area_m2", "contact", "phone"} {
		if has[i] != "" && has[i] != will[i] && has[i] != had[i] {
			f.Add(key, "base.import_rows_differ")
		}
	}
	return f.Err()
}

// cells are what every row of a base repeats.
func (b Base) cells() []string {
	return []string{b.Name, b.Host.String(), b.Category, strings.Join(b.Secondary, "、"), string(b.RunMode), b.Address, b.Hours, numeral(b.Capacity), numeral(b.AreaM2), b.Contact, b.Phone}
}

// numeral is a number as a cell says it; 0 is none.
func numeral(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// rowsBase finds the base that a row is about: by its code, or by its unit and name when the row has none.
func (s *Service) rowsBase(ctx context.Context, host org.Unit, row map[string]table.Value) (id.Ref, Base, record.Version, error) {
	if code := row["code"].Text; code != "" {
		return s.ByCode(ctx, host.Root(), code)
	}
	name := table.CleanText(row["name"].Text)
	list, err := s.store.namesakesAcrossUnits(ctx, host.ID, name)
	if err == nil && len(list) > 1 {
		var f errs.Fields
		f.Add("code", "base.import_namesakes", "Name", name, "Unit", host.Name, "N", len(list))
		err = f.Err()
	} else if err == nil && len(list) == 0 {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	if err != nil {
		return id.Ref{}, Base{}, record.Version{}, err
	}
	b, v, err := s.book.Get(ctx, list[0].Ref())
	return list[0].Ref(), b, v, err
}

// copyOf reads a base once more, as a copy to write into.
func (s *Service) copyOf(ctx context.Context, ref id.Ref, fresh bool) (Base, record.Version, error) {
	if fresh {
		return Base{}, record.Version{}, nil
	}
	return s.book.Get(ctx, ref)
}

// takePlaque puts a row's plaque in its place: the one of the same level, issuer and day, or a new one.
func (s *Service) takePlaque(ctx context.Context, b *Base, row map[string]table.Value) error {
	if !row["level"].Set && !row["issuer"].Set && !row["granted_on"].Set {
		return nil
	}
	a := Accreditation{Level: org.Level(row["level"].Text), GrantedOn: clock.Day(row["granted_on"].Text), RevokedOn: clock.Day(row["revoked_on"].Text),
		Status: Status(row["status"].Text), Document: row["document"].Text}
	if v := row["issuer"]; v.Set {
		u, ok, err := s.unitNamed(ctx, v.Text)
		if err != nil {
			return err
		}
		if a.Issuer.Name = v.Text; ok {
			a.Issuer = Body{Unit: u.ID}
		}
	}
	if a.Status == "" {
		if a.Status = Granted; a.RevokedOn != clock.Open {
			a.Status = Revoked
		}
	}
	if err := a.Check().Err(); err != nil {
		return err
	}
	for i := range b.Accreditations {
		old := &b.Accreditations[i]
		if old.Level == a.Level && old.Issuer == a.Issuer && old.GrantedOn == a.GrantedOn {
			old.RevokedOn, old.Status = a.RevokedOn, a.Status
			if a.Document != "" {
				old.Document = a.Document
			}
			return nil
		}
	}
	b.Accreditations = append(b.Accreditations, a)
	return nil
}

// unitNamed finds a unit by its code, or by a name that only one unit has.
func (s *Service) unitNamed(ctx context.Context, text string) (org.Unit, bool, error) {
	u, err := s.org.ByCode(ctx, text)
	if err == nil || !errs.Is(err, errs.NotFound) {
		return u, err == nil, err
	}
	hits, err := s.org.Search(ctx, text, 20)
	if err != nil {
		return org.Unit{}, false, err
	}
	var found []org.Unit
	for _, h := range hits {
		if h.Unit.Name == text {
			found = append(found, h.Unit)
		}
	}
	if len(found) > 1 { // a unit that has ended gives way to the one that bears its name now
		found = slices.DeleteFunc(found, func(u org.Unit) bool { return u.To != clock.Open })
	}
	if len(found) != 1 {
		return org.Unit{}, false, nil
	}
	return found[0], true, nil
}

// export yields the bases of a unit's subtree within the reader's view, as take would read them.
func (s *Service) export(ctx context.Context, unit org.Unit, yield func([]table.Value) error) error {
	list, err := s.store.allRefs(ctx, Filter{Unit: unit}, scope.From(ctx).ViewSet)
	if err != nil {
		return err
	}
	for _, r := range list {
		b, _, err := s.book.Get(ctx, r.Ref())
		if err != nil {
			return err
		}
		own := []table.Value{table.OfText(b.Code), table.OfText(b.Name), table.OfText(s.codeOf(ctx, Body{Unit: b.Host})), table.OfText(b.Category),
			table.OfText(strings.Join(b.Secondary, "、")), table.OfChoice(string(b.RunMode)), table.OfText(b.Address), table.OfText(b.Hours),
			number(b.Capacity), number(b.AreaM2), table.OfText(b.Contact), table.OfText(b.Phone)}
		plaques := b.Accreditations
		if len(plaques) == 0 {
			plaques = []Accreditation{{}}
		}
		for _, a := range plaques {
			row := append(own[:len(own):len(own)], table.OfChoice(string(a.Level)), table.OfText(s.codeOf(ctx, a.Issuer)), table.OfDay(string(a.GrantedOn)),
				table.OfDay(string(a.RevokedOn)), table.OfChoice(string(a.Status)), table.OfText(a.Document))
			if err := yield(row); err != nil {
				return err
			}
		}
	}
	return nil
}

func number(n int64) table.Value {
	if n == 0 {
		return table.Value{}
	}
	return table.OfInt(n)
}

// codeOf is a body as a table names it: a unit by its code, which is unique, an outside body by its name.
func (s *Service) codeOf(ctx context.Context, b Body) string {
	if b.Unit == 0 {
		return b.Name
	}
	u, err := s.org.Unit(ctx, b.Unit)
	if err != nil {
		return ""
	}
	return u.Code
}
