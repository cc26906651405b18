package activity

import (
	"context"
	"strings"
	"unicode"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// checkSchools finds what is odd about the classes that came.
func (a Activity) checkSchools(f *errs.Fields) {
	if len(a.Schools) > MaxSchools {
		f.Add("school", "activity.schools_many", "N", MaxSchools)
	}
	seen, pupils := map[id.ID]bool{}, int64(0)
	for _, sc := range a.Schools {
		if seen[sc.Unit] {
			f.Add("school", "activity.school_twice")
		}
		seen[sc.Unit] = true
		length(f, "lesson", sc.Lesson, 20)
		if sc.Credit < 0 || sc.Credit > maxCredit {
			f.Add("credit", "activity.credit_odd")
		}
		if len(sc.Classes) == 0 || len(sc.Classes) > maxClasses {
			f.Add("classes", "activity.classes_missing", "N", maxClasses)
		}
		names := map[string]bool{}
		for _, c := range sc.Classes {
			length(f, "classes", c.Name, 20)
			if c.Name == "" || names[c.Name] {
				f.Add("classes", "activity.class_twice", "Name", c.Name)
			}
			names[c.Name] = true
			if c.Count < 1 || c.Count > maxClass {
				f.Add("classes", "activity.class_odd", "Name", c.Name, "N", maxClass)
			}
			pupils += c.Count
		}
	}
	if all := a.Heads() + a.Online; a.Status == Held && pupils > all {
		f.Add("classes", "activity.classes_many", "N", pupils, "All", all)
	}
}

// areSchools finds units that are no schools of the same city standing on the activity's day. A school that stands in the
// record already stays, whatever has become of it.
func (s *Service) areSchools(ctx context.Context, root int64, a, was Activity, f *errs.Fields) error {
	known := map[id.ID]bool{}
	for _, sc := range was.Schools {
		known[sc.Unit] = true
	}
	for _, sc := range a.Schools {
		if known[sc.Unit] {
			continue
		}
		u, err := s.rec.Home(ctx, sc.Unit)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err != nil || u.Root() != root || u.Level != org.Campus || !u.StandsOn(a.Day) {
			f.Add("school", "activity.school_none", "Name", u.Name)
		}
	}
	return nil
}

// SetClasses writes which classes of a school came; without classes the school leaves the record (R109).
func (s *Service) SetClasses(ctx context.Context, ref id.Ref, version int64, sc School) error {
	return s.change(ctx, ref, version, record.Change{Act: "activity.act.classes"}, func(a *Activity) error {
		list := []School{}
		done := false
		for _, o := range a.Schools {
			if o.Unit == sc.Unit {
				o, done = sc, true
			}
			if len(o.Classes) > 0 {
				list = append(list, o)
			}
		}
		if !done && len(sc.Classes) == 0 {
			var f errs.Fields
			f.Add("classes", "activity.classes_missing", "N", maxClasses)
			return f.Err()
		}
		if !done {
			list = append(list, sc)
		}
		a.Schools = list
		return nil
	})
}

// classesOf reads one class a line: its name and how many came, "七年级2班 45".
func classesOf(text string) ([]SchoolClass, error) {
	var out []SchoolClass
	var bad errs.Fields
	for i, line := range strings.Split(text, "\n") {
		parts := strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("，,、：:", r) })
		if len(parts) == 0 {
			continue
		}
		last := len(parts) - 1
		n, err := table.ParseInt(strings.TrimSuffix(strings.TrimSuffix(parts[last], "人"), "名"))
		if last == 0 || err != nil {
			bad.Add("classes", "activity.class_line", "N", i+1, "Line", strings.TrimSpace(line))
			continue
		}
		out = append(out, SchoolClass{Name: strings.Join(parts[:last], " "), Count: n})
	}
	return out, bad.Err()
}

// Visit is one class of a school at one activity held.
type Visit struct {
	Root   int64     `db:"root" json:"-"`
	ID     id.ID     `db:"id" json:"-"`
	Ref    id.Ref    `db:"-" json:"ref"`
	Unit   id.ID     `db:"unit" json:"-"`
	Lead   id.ID     `db:"lead" json:"-"`
	Class  string    `db:"class" json:"class"`
	Day    clock.Day `db:"day" json:"day"`
	Title  string    `db:"title" json:"title"`
	Place  string    `db:"place" json:"place"`
	Heads  int64     `db:"heads" json:"pupils"`
	Lesson string    `db:"lesson" json:"lesson,omitempty"`
	Credit int64     `db:"credit" json:"credit_tenths"`
}

// Visits are the activities of a period at which classes of the schools of a unit were, whoever the hosts are: a school
// reads of its own pupils (R109). The latest first, at most mostVisits.
func (s *Service) Visits(ctx context.Context, u org.Unit, p clock.Period) ([]Visit, error) {
	list, err := s.store.visits(ctx, u, p, scope.From(ctx).ViewSet)
	for i := range list {
		list[i].Ref = id.Ref{Root: list[i].Root, ID: list[i].ID}
	}
	return list, err
}

// schoolLine says a school with its classes in words.
func (s *Service) schoolLine(ctx context.Context, sc School) string {
	var classes []string
	for _, c := range sc.Classes {
		classes = append(classes, i18n.T(ctx, "activity.group_n", "Group", c.Name, "N", ui.Number(c.Count)))
	}
	t := i18n.T(ctx, "activity.school_classes", "School", s.unitName(ctx, sc.Unit), "Classes", strings.Join(classes, i18n.T(ctx, "activity.and")))
	if sc.Lesson != "" {
		t += i18n.T(ctx, "activity.comma") + sc.Lesson
	}
	if sc.Credit > 0 {
		t += i18n.T(ctx, "activity.comma") + i18n.T(ctx, "activity.credit_each", "N", tenths(sc.Credit))
	}
	return t
}

// tenths writes tenths of a lesson without a zero that says nothing.
func tenths(n int64) string { return points(10 * n) }
