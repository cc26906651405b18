package training

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
	"xinhuo/internal/volunteer"
)

// kindAttendance names the table of who came to which course.
const kindAttendance = "training_people"

// importer takes courses from a table; who came has a table of its own, and the numbers of cadres stay on the page.
func (s *Service) importer() *record.Importer {
	return &record.Importer{Kind: Kind, Title: "training.title", Back: "/training", Current: Kind, Columns: s.columns, Take: s.take, Export: s.export}
}

// titled puts the reader's title first: it is the one that is written. The last one is English.
func titled(ctx context.Context, titles ...string) []string {
	if i18n.Lang(ctx) == "en" {
		slices.Reverse(titles)
	}
	return titles
}

func (s *Service) columns(ctx context.Context) []table.Column {
	mode := table.Column{Key: "mode", Titles: titled(ctx, "方式", "Held as"), Kind: table.Choice, Width: 10}
	for _, m := range Modes {
		mode.Choices = append(mode.Choices, table.Option{Key: m, Titles: []string{i18n.T(ctx, "training.mode."+m), m}})
	}
	return []table.Column{
		{Key: "code", Titles: titled(ctx, "编号", "培训班编号", "Code"), Width: 16},
		{Key: "unit_code", Titles: titled(ctx, "单位代码", "Unit code"), Width: 14},
		{Key: "unit", Titles: titled(ctx, "举办单位", "单位", "Unit"), Width: 16},
		{Key: "title", Titles: titled(ctx, "培训班名称", "名称", "Course"), Required: true, Width: 28},
		{Key: "subject", Titles: titled(ctx, "内容", "Subject"), Required: true, Width: 14},
		{Key: "planned", Titles: titled(ctx, "计划月份", "计划", "Planned for"), Kind: table.Day, Width: 12},
		{Key: "from", Titles: titled(ctx, "开始日期", "日期", "First day"), Kind: table.Day, Width: 12},
		{Key: "last", Titles: titled(ctx, "结束日期", "Last day"), Kind: table.Day, Width: 12},
		{Key: "minutes", Titles: titled(ctx, "时长（分钟）", "Minutes"), Kind: table.Int, Width: 12}, mode,
		{Key: "place", Titles: titled(ctx, "地点", "Place"), Width: 16},
		{Key: "teacher", Titles: titled(ctx, "授课人", "Teacher"), Width: 14},
		{Key: "documents", Titles: titled(ctx, "学习文件", "Documents"), Width: 30},
		{Key: "competence", Titles: titled(ctx, "结业能力", "Competence"), Width: 14},
		{Key: "months", Titles: titled(ctx, "有效期（月）", "Valid for months"), Kind: table.Int, Width: 12},
		{Key: "cancelled_on", Titles: titled(ctx, "取消日期", "Cancelled on"), Kind: table.Day, Width: 12},
		{Key: "cancel_reason", Titles: titled(ctx, "取消原因", "Why cancelled"), Width: 16},
		{Key: "note", Titles: titled(ctx, "备注", "Note"), Width: 16},
	}
}

// take writes one row: a row about a course that is known corrects it (empty cells keep what is there), any other is new.
func (s *Service) take(ctx context.Context, within org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	at, err := s.rec.UnitOf(ctx, within, row["unit_code"].Text, row["unit"].Text)
	if err != nil {
		return "", "", err
	}
	ref, was, v, err := s.rowsCourse(ctx, within, at, row)
	known := err == nil
	if err != nil && !errs.Is(err, errs.NotFound) {
		return "", "", err
	}
	if known && v.Batch != 0 && v.Batch == ch.Batch {
		var f errs.Fields
		f.Add("code", "training.twice", "Name", was.Title)
		return "", "", f.Err()
	}
	c := filled(was, row)
	if !known || row["unit"].Set || row["unit_code"].Set {
		c.Unit = at.ID
	}
	if c.Subject, err = s.wordOf(ctx, within.Root(), "subject", c.Subject); err != nil {
		return "", "", err
	}
	if c.Competence, err = s.wordOf(ctx, within.Root(), "competence", c.Competence); err != nil {
		return "", "", err
	}
	if !known {
		ref, err := s.create(ctx, c, ch)
		if err != nil {
			return "", "", err
		}
		c, _, err = s.book.Get(ctx, ref)
		return c.Code, record.Added, err
	}
	if reflect.DeepEqual(c.clean(), was) {
		return was.Code, record.Same, nil
	}
	return was.Code, record.Changed, s.save(ctx, ref, v.N, c, ch)
}

// wordOf is a word of a city's list as it is kept, whatever the language in which it is written.
func (s *Service) wordOf(ctx context.Context, root int64, kind, text string) (string, error) {
	list, err := s.store.words(ctx, root, kind)
	for _, w := range list {
		if text != "" && (w.Name == text || w.En == text) {
			return w.Name, err
		}
	}
	return text, err
}

// rowsCourse finds the course that a row is about: by its code or, as lists of a committee's own have none, by unit, title
// and time.
func (s *Service) rowsCourse(ctx context.Context, within, at org.Unit, row map[string]table.Value) (ref id.Ref, c Course, v record.Version, err error) {
	var l Listed
	if code := row["code"].Text; code != "" {
		l, err = s.store.AcrossUnitsByCode(ctx, within.Root(), code)
	} else {
		fresh := filled(Course{}, row).clean()
		l, err = s.store.alike(ctx, at.ID, fresh.Title, fresh.sortDay())
	}
	if err != nil {
		return ref, c, v, err
	}
	c, v, err = s.book.Get(ctx, l.Ref())
	return l.Ref(), c, v, err
}

// filled takes over a row's cells.
func filled(c Course, row map[string]table.Value) Course {
	for k, text := range map[string]*string{"code": &c.Code, "title": &c.Title, "subject": &c.Subject, "mode": &c.Mode, "place": &c.Place, "teacher": &c.Teacher, "competence": &c.Competence, "cancel_reason": &c.Reason, "note": &c.Note} {
		if row[k].Set {
			*text = row[k].Over(*text)
		}
	}
	for k, day := range map[string]*clock.Day{"planned": &c.Planned, "from": &c.From, "last": &c.Last, "cancelled_on": &c.CancelledOn} {
		if row[k].Set {
			*day = clock.Day(row[k].Text)
		}
	}
	for k, n := range map[string]*int64{"minutes": &c.Minutes, "months": &c.Months} {
		if row[k].Set {
			*n = row[k].Num
		}
	}
	if was := papersText(c.Documents, "；"); row["documents"].Over(was) != was && row["documents"].Set { // how it was split stays
		c.Documents = papersOf(row["documents"].Text)
	}
	return c
}

// each reads the courses of a unit's subtree in the order of the list.
func (s *Service) each(ctx context.Context, u org.Unit, do func(ref id.Ref, c Course, at org.Unit) error) error {
	p, err := s.List(ctx, u, Filter{}, clock.Open, "", math.MaxInt32)
	if err != nil {
		return err
	}
	ids := make([]id.ID, len(p.Courses))
	for i, l := range p.Courses {
		ids[i] = l.ID
	}
	bodies, err := s.book.Bodies(ctx, ids)
	if err != nil {
		return err
	}
	units, err := s.unitsOf(ctx, p.Courses)
	if err != nil {
		return err
	}
	for _, l := range p.Courses {
		if err := do(l.Ref(), bodies[l.ID], units[l.Unit]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) export(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	n := func(n int64) table.Value {
		if n == 0 {
			return table.Value{}
		}
		return table.OfInt(n)
	}
	return s.each(ctx, u, func(_ id.Ref, c Course, at org.Unit) error {
		return yield([]table.Value{table.OfText(c.Code), table.OfText(at.Code), table.OfText(at.Name), table.OfText(c.Title), table.OfText(s.word(ctx, "subject", c.Subject)), table.OfDay(string(c.Planned)),
			table.OfDay(string(c.From)), table.OfDay(string(c.Last)), n(c.Minutes), table.OfChoice(c.Mode), table.OfText(c.Place), table.OfText(c.Teacher), table.OfText(papersText(c.Documents, "；")),
			table.OfText(s.word(ctx, "competence", c.Competence)), n(c.Months), table.OfDay(string(c.CancelledOn)), table.OfText(c.Reason), table.OfText(c.Note)})
	})
}

// attendanceImporter takes who came to which course, a row a person.
func (s *Service) attendanceImporter() *record.Importer {
	return &record.Importer{Kind: kindAttendance, Title: "training.attendance", Back: "/training", Current: Kind, Columns: s.attendanceColumns, Take: s.takePerson, Export: s.exportPeople}
}

func (s *Service) attendanceColumns(ctx context.Context) []table.Column {
	passed := table.Column{Key: "passed", Titles: titled(ctx, "结业", "是否合格", "Passed"), Kind: table.Choice, Width: 10}
	for _, k := range []string{"yes", "no"} {
		passed.Choices = append(passed.Choices, table.Option{Key: k, Titles: []string{i18n.T(ctx, "training.passed."+k), i18n.T(ctx, "training.word."+k), k}})
	}
	return []table.Column{
		{Key: "course", Titles: titled(ctx, "培训班编号", "编号", "Course code"), Required: true, Width: 16},
		{Key: "title", Titles: titled(ctx, "培训班名称", "Course"), Width: 28},
		{Key: "volunteer", Titles: titled(ctx, "志愿者编号", "Volunteer code"), Width: 16},
		{Key: "name", Titles: titled(ctx, "姓名", "Name"), Width: 12},
		{Key: "minutes", Titles: titled(ctx, "到课（分钟）", "Minutes there"), Kind: table.Int, Width: 12}, passed,
		{Key: "number", Titles: titled(ctx, "证书号", "Certificate"), Width: 18},
	}
}

// takePerson writes one row: the person is noted in the course, once; empty cells keep what is there, or mean all of it.
func (s *Service) takePerson(ctx context.Context, within org.Unit, row map[string]table.Value, ch record.Change) (string, record.Outcome, error) {
	var f errs.Fields
	l, err := s.store.AcrossUnitsByCode(ctx, within.Root(), row["course"].Text)
	if err == nil && !(scope.Set{within.Range()}).Contains(l.Pos) {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	var c Course
	var v record.Version
	if err == nil {
		c, v, err = s.book.Get(ctx, l.Ref())
	}
	if errs.Is(err, errs.NotFound) {
		f.Add("course", "training.course_unknown")
		return "", "", f.Err()
	}
	if err != nil {
		return "", "", err
	}
	who, key := row["volunteer"].Text, "volunteer"
	if who == "" {
		who, key = row["name"].Text, "name"
	}
	x, err := s.named(ctx, within.Root(), who)
	if err != nil {
		if i := slices.IndexFunc(c.People, func(p Attendee) bool { return who != "" && s.codeOf(ctx, p.Volunteer).Code == who }); i >= 0 {
			x = c.People[i].Volunteer // who cannot be found any more stays as noted
		} else if !errs.Is(err, errs.Invalid) {
			return "", "", err
		} else {
			f.Add(key, "training.person_unknown", "Name", who)
			return "", "", f.Err()
		}
	}
	p := Attendee{Volunteer: x, Minutes: c.Minutes, Passed: true}
	i := slices.IndexFunc(c.People, func(y Attendee) bool { return y.Volunteer == x })
	if i >= 0 {
		p = c.People[i]
	}
	if row["minutes"].Set {
		p.Minutes = row["minutes"].Num
	}
	if row["passed"].Set {
		p.Passed = row["passed"].Text == "yes"
	}
	if i >= 0 && c.People[i] == p {
		return c.Code, record.Same, nil
	}
	if i >= 0 {
		c.People[i] = p
	} else {
		c.People = append(c.People, p)
	}
	if c.CancelledOn != "" {
		f.Add("course", "training.cancelled_people")
		return "", "", f.Err()
	}
	return c.Code, record.Changed, s.save(ctx, l.Ref(), v.N, c, ch)
}

func (s *Service) codeOf(ctx context.Context, ref id.Ref) volunteer.Listed {
	names, err := s.volunteers.ByRefs(ctx, []id.Ref{ref})
	if err != nil {
		return volunteer.Listed{}
	}
	return names[ref]
}

func (s *Service) exportPeople(ctx context.Context, u org.Unit, yield func([]table.Value) error) error {
	return s.each(ctx, u, func(_ id.Ref, c Course, _ org.Unit) error {
		refs := make([]id.Ref, len(c.People))
		for i, p := range c.People {
			refs[i] = p.Volunteer
		}
		names, err := s.volunteers.ByRefs(ctx, refs)
		if err != nil {
			return err
		}
		for _, p := range c.People {
			l := names[p.Volunteer]
			if l.Code == "" { // the file is gone: no row could name it
				continue
			}
			if err := yield([]table.Value{table.OfText(c.Code), table.OfText(c.Title), table.OfText(l.Code), table.OfText(l.Name), table.OfInt(p.Minutes), table.OfChoice(yes(p.Passed)), table.OfText(c.number(p))}); err != nil {
				return err
			}
		}
		return nil
	})
}
