package volunteer

import (
	"context"
	"math"
	"reflect"
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

// column is read in either language and written in the reader's.
type column struct {
	key, zh, en string
	more        []string
	kind        table.Kind
	required    bool
	width       float64
}

// columns of the table of volunteers. Health is not among them, nor the person's story.
var columns = []column{
	{key: "code", zh: "编号", en: "Code", width: 18},
	{key: "unit_code", zh: "单位代码", en: "Unit code", width: 14},
	{key: "unit", zh: "单位", en: "Unit", more: []string{"所属单位", "乡镇", "乡镇（街道）"}, width: 16},
	{key: "name", zh: "姓名", en: "Name", required: true, width: 10},
	{key: "sex", zh: "性别", en: "Sex", kind: table.Choice},
	{key: "birth_year", zh: "出生年", en: "Year of birth", more: []string{"出生年份"}, kind: table.Int},
	{key: "kind", zh: "类别", en: "Kind", more: []string{"人员类别", "五老类别"}, kind: table.Choice, required: true},
	{key: "retired", zh: "是否退休", en: "Retired", more: []string{"退休"}, kind: table.Choice},
	{key: "profession", zh: "职业", en: "Profession", more: []string{"原职业"}, width: 12},
	{key: "employer", zh: "原工作单位", en: "Former employer", more: []string{"工作单位"}, width: 20},
	{key: "education", zh: "文化程度", en: "Education", more: []string{"学历"}, kind: table.Choice},
	{key: "specialities", zh: "特长", en: "Specialities", more: []string{"专长"}, width: 20},
	{key: "availability", zh: "服务时间", en: "When available", more: []string{"可服务时间"}, width: 16},
	{key: "phone", zh: "电话", en: "Phone", more: []string{"联系电话", "手机"}, width: 16},
	{key: "find_consent", zh: "同意被查找日期", en: "Agreed to be found on", kind: table.Day},
	{key: "candidate_on", zh: "列为候选日期", en: "Candidate since", kind: table.Day},
	{key: "admitted_on", zh: "入队日期", en: "Admitted on", more: []string{"加入日期"}, kind: table.Day},
	{key: "core_from", zh: "列入骨干日期", en: "Core since", kind: table.Day},
	{key: "background_on", zh: "背景核查日期", en: "Background check on", kind: table.Day},
	{key: "background_expires", zh: "背景核查到期日", en: "Background check ends on", kind: table.Day},
	{key: "training_on", zh: "培训日期", en: "Trained on", kind: table.Day},
	{key: "insured_from", zh: "保险起始日期", en: "Insured from", kind: table.Day},
	{key: "insured_until", zh: "保险到期日", en: "Insurance ends on", kind: table.Day},
	{key: "left_on", zh: "离队日期", en: "Left on", kind: table.Day},
	{key: "leave_reason", zh: "离队原因", en: "Why left", width: 16},
	{key: "not_same", zh: "确认不是同一人", en: "Not the same person", kind: table.Choice},
}

func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: Kind, Title: "volunteer.title", Back: "/volunteer", Columns: importColumns, Begin: s.begin, Ahead: s.ahead, Take: s.take, Export: s.export}
}

func choices(ctx context.Context, prefix string, keys ...string) []table.Option {
	var out []table.Option
	for _, k := range keys {
		out = append(out, table.Option{Key: k, Titles: append([]string{i18n.T(ctx, prefix+k)}, otherTitles[prefix+k]...)})
	}
	return out
}

// otherTitles are further ways in which people write a choice.
var otherTitles = map[string][]string{
	"volunteer.kind.veteran_cadre": {"老干部", "Veteran cadre"}, "volunteer.kind.veteran_soldier": {"老战士", "老军人", "Veteran soldier"},
	"volunteer.kind.veteran_expert": {"老专家", "老科技工作者", "Veteran expert"}, "volunteer.kind.veteran_teacher": {"老教师", "Veteran teacher"},
	"volunteer.kind.veteran_model": {"老模范", "老劳模", "Veteran model worker"}, "volunteer.kind.other": {"其他", "志愿者", "Other"},
	"volunteer.sex.m": {"男", "Male", "m"}, "volunteer.sex.f": {"女", "Female", "f"},
	"volunteer.yes": {"是", "已退休", "yes"}, "volunteer.no": {"否", "未退休", "no"},
	"volunteer.education.primary": {"小学", "小学及以下", "Primary school"}, "volunteer.education.junior": {"初中", "Middle school"},
	"volunteer.education.senior": {"高中", "中专", "高中（中专）", "High school"}, "volunteer.education.college": {"大专", "专科", "Junior college"},
	"volunteer.education.bachelor": {"本科", "大学", "大学本科", "Bachelor"}, "volunteer.education.graduate": {"研究生", "硕士", "博士", "Graduate"},
	"volunteer.way.self": {"本人登记", "self"}, "volunteer.way.helper": {"代记", "helper"}, "volunteer.way.office": {"批量登记", "office"},
}

func importColumns(ctx context.Context) []table.Column {
	classes := make([]string, len(Classes))
	for i, c := range Classes {
		classes[i] = string(c)
	}
	return tableColumns(ctx, columns, map[string][]table.Option{
		"sex": choices(ctx, "volunteer.sex.", Sexes...), "kind": choices(ctx, "volunteer.kind.", classes...), "education": choices(ctx, "volunteer.education.", Educations...),
		"retired": choices(ctx, "volunteer.", "yes", "no"), "not_same": choices(ctx, "volunteer.", "yes", "no")})
}

func tableColumns(ctx context.Context, list []column, options map[string][]table.Option) []table.Column {
	out := make([]table.Column, len(list))
	for i, c := range list {
		titles := append([]string{c.zh, c.en}, c.more...)
		if i18n.Lang(ctx) == "en" {
			titles[0], titles[1] = c.en, c.zh
		}
		out[i] = table.Column{Key: c.key, Titles: titles, Kind: c.kind, Required: c.required, Width: c.width, Choices: options[c.key]}
	}
	return out
}

// take writes one row: a code that is known corrects its volunteer (empty cells keep what is there), any other row is new
// unless somebody who reads alike stands in the city already and the row does not say that it is another person.
func (s *Service) take(ctx context.Context, within org.Unit, row map[string]table.Value, c record.Change) (string, record.Outcome, error) {
	var ref id.Ref
	var was Volunteer
	var ver record.Version
	known := false
	if code := row["code"].Text; code != "" && !aheadOf(ctx).free(code) {
		var err error
		ref, was, ver, err = s.byCode(ctx, within.Root(), code)
		switch {
		case err == nil && ver.Batch != 0 && ver.Batch == c.Batch:
			var f errs.Fields
			f.Add("code", "volunteer.code_twice", "Code", code)
			return "", "", f.Err()
		case err == nil:
			known = true
		case !errs.Is(err, errs.NotFound):
			return "", "", err
		}
	}
	v := was
	v.Checks, v.Core = slices.Clone(was.Checks), slices.Clone(was.Core)
	if !known || row["unit"].Set || row["unit_code"].Set {
		u, err := s.rec.UnitOf(ctx, within, row["unit_code"].Text, row["unit"].Text)
		if err != nil {
			return "", "", err
		}
		v.Unit = u.ID
	}
	fill(&v, row)
	if v.CandidateOn == "" && v.AdmittedOn == "" {
		v.CandidateOn = clock.Today(ctx)
	}
	if !known {
		if row["not_same"].Text != "yes" && !aheadOf(ctx).stranger(v.Name, v.BirthYear) {
			if err := s.notAlike(ctx, id.Ref{Root: within.Root()}, v); err != nil {
				return "", "", err
			}
		}
		_, code, err := s.create(ctx, v, c)
		return code, record.Added, err
	}
	if reflect.DeepEqual(v.clean(), was.clean()) {
		return was.Code, record.Same, nil
	}
	return was.Code, record.Changed, s.save(ctx, ref, ver.N, v, c)
}

// notAlike refuses a row whose person may be on file already, and says where.
func (s *Service) notAlike(ctx context.Context, own id.Ref, v Volunteer) error {
	list, err := s.Alike(ctx, own, v.Name, v.BirthYear)
	if err != nil || len(list) == 0 {
		return err
	}
	units, err := s.unitsOf(ctx, list)
	if err != nil {
		return err
	}
	var f errs.Fields
	f.Add("name", "volunteer.alike_row", "Name", list[0].Name, "Unit", units[list[0].Unit].Name, "Code", list[0].Code)
	return f.Err()
}

func fill(v *Volunteer, row map[string]table.Value) {
	text := map[string]*string{"code": &v.Code, "name": &v.Name, "sex": &v.Sex, "profession": &v.Profession, "employer": &v.Employer, "education": &v.Education,
		"availability": &v.Availability, "phone": &v.Phone, "leave_reason": &v.LeaveReason}
	for key, to := range text {
		if row[key].Set {
			*to = row[key].Over(*to)
		}
	}
	dates := map[string]*clock.Day{"find_consent": &v.FindConsent, "candidate_on": &v.CandidateOn, "admitted_on": &v.AdmittedOn, "left_on": &v.LeftOn,
		"insured_from": &v.Insurance.From, "insured_until": &v.Insurance.Until}
	for key, to := range dates {
		if row[key].Set {
			*to = clock.Day(row[key].Text)
		}
	}
	if row["birth_year"].Set {
		v.BirthYear = row["birth_year"].Num
	}
	if row["kind"].Set {
		v.Kind = Class(row["kind"].Text)
	}
	if row["retired"].Set {
		v.Retired = row["retired"].Text == "yes"
	}
	if row["specialities"].Set {
		v.Specialities = specialities(row["specialities"].Text)
	}
	if on := clock.Day(row["core_from"].Text); on != "" && !v.IsCore(on) {
		v.Core = append(v.Core, Stay{From: on})
	}
	check := func(kind CheckKind, on, expires clock.Day) {
		if kind == Background && expires == "" {
			expires = on.AddYears(1)
		}
		if on != "" && !slices.ContainsFunc(v.Checks, func(c Check) bool { return c.Kind == kind && c.On == on && c.Expires == expires }) {
			v.Checks = append(v.Checks, Check{Kind: kind, On: on, Expires: expires})
		}
	}
	check(Background, clock.Day(row["background_on"].Text), clock.Day(row["background_expires"].Text))
	check(Training, clock.Day(row["training_on"].Text), "")
}

// last is the newest check of a kind.
func (v Volunteer) last(kind CheckKind) (out Check) {
	for _, c := range v.Checks {
		if c.Kind == kind {
			out = c
		}
	}
	return out
}

// each reads the volunteers of a unit's subtree whole, as the reader may see them, in the order of the list.
func (s *Service) each(ctx context.Context, u org.Unit, f Filter, do func(l Listed, v Volunteer, at org.Unit) error) error {
	p, err := s.List(ctx, u, clock.Today(ctx), f, -1, "", math.MaxInt32)
	if err != nil {
		return err
	}
	units, err := s.unitsOf(ctx, p.Volunteers)
	if err != nil {
		return err
	}
	a := scope.From(ctx)
	for len(p.Volunteers) > 0 {
		part := p.Volunteers[:min(len(p.Volunteers), 500)]
		p.Volunteers = p.Volunteers[len(part):]
		ids := make([]id.ID, len(part))
		for i, l := range part {
			ids[i] = l.ID
		}
		bodies, err := s.book.Bodies(ctx, ids)
		if err != nil {
			return err
		}
		for _, l := range part {
			if err := do(l, bodies[l.ID].shown(readerAt(a, l.Pos, l.Unit)), units[l.Unit]); err != nil {
				return err
			}
		}
	}
	return nil
}

// export writes the volunteers of a unit's subtree in the order of the list.
func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	return s.each(ctx, u, Filter{}, func(_ Listed, v Volunteer, at org.Unit) error {
		background, core := v.last(Background), clock.Open
		if n := len(v.Core); n > 0 && v.Core[n-1].To == clock.Open {
			core = v.Core[n-1].From
		}
		birth := table.Value{}
		if v.BirthYear > 0 {
			birth = table.OfInt(v.BirthYear)
		}
		day := func(d clock.Day) table.Value { return table.OfDay(string(d)) }
		cells := map[string]table.Value{
			"code": table.OfText(v.Code), "unit_code": table.OfText(at.Code), "unit": table.OfText(at.Name), "name": table.OfText(v.Name), "sex": table.OfChoice(v.Sex),
			"birth_year": birth, "kind": table.OfChoice(string(v.Kind)), "retired": table.OfChoice(yes(v.Retired)), "profession": table.OfText(v.Profession),
			"employer": table.OfText(v.Employer), "education": table.OfChoice(v.Education), "specialities": table.OfText(joinSpecialities(v.Specialities)),
			"availability": table.OfText(v.Availability), "phone": table.OfText(v.Phone), "find_consent": day(v.FindConsent), "candidate_on": day(v.CandidateOn),
			"admitted_on": day(v.AdmittedOn), "core_from": day(core), "background_on": day(background.On), "background_expires": day(background.Expires),
			"training_on": day(v.last(Training).On), "insured_from": day(v.Insurance.From), "insured_until": day(v.Insurance.Until), "left_on": day(v.LeftOn),
			"leave_reason": table.OfText(v.LeaveReason),
		}
		row := make([]table.Value, len(columns))
		for i, c := range columns {
			row[i] = cells[c.key]
		}
		return yield(row)
	})
}
