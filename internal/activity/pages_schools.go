package activity

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// mostSchools is up to how many schools the form offers to choose from; beyond it the name is typed.
const mostSchools = 60

// askClasses asks which classes of one school came. It begins with the school that stands in the record, if it is one.
func (s *Service) askClasses(ctx context.Context, _ id.Ref, a Activity, f *web.Form) ([]group, error) {
	lead, err := s.org.Unit(ctx, a.Lead())
	if err != nil {
		return nil, err
	}
	offered, err := s.schoolsOf(ctx, lead, a.Day)
	if err != nil {
		return nil, err
	}
	school := hinted(ctx, input(ctx, f, ui.KindText, "school"))
	if len(offered) > 0 {
		school = choose(input(ctx, f, ui.KindSelect, "school"), offered)
	}
	if !f.Has("school") && len(a.Schools) == 1 {
		sc := a.Schools[0]
		f.Set("school", sc.Unit.String())
		if len(offered) == 0 {
			f.Set("school", s.unitName(ctx, sc.Unit))
		}
		f.Set("lesson", sc.Lesson)
		if sc.Credit > 0 {
			f.Set("credit", tenths(sc.Credit))
		}
		var lines []string
		for _, c := range sc.Classes {
			lines = append(lines, fmt.Sprint(c.Name, " ", c.Count))
		}
		f.Set("classes", strings.Join(lines, "\n"))
	}
	school.Value = f.Get("school")
	classes := hinted(ctx, input(ctx, f, ui.KindArea, "classes"))
	classes.Lines = 6
	return []group{{Fields: []ui.Input{school, classes, optional(brief(hinted(ctx, input(ctx, f, ui.KindText, "credit")))), optional(hinted(ctx, input(ctx, f, ui.KindText, "lesson")))}}}, nil
}

// schoolsOf are the schools below a unit to choose from; nil when there are none or more than anybody wants to look through.
func (s *Service) schoolsOf(ctx context.Context, u org.Unit, day clock.Day) ([]ui.Option, error) {
	list := []ui.Option{}
	err := s.org.EachUnit(ctx, u, day, func(x org.Unit, _ string) error {
		if x.Level == org.Campus && len(list) <= mostSchools {
			list = append(list, ui.Option{Value: x.ID.String(), Text: x.Name})
		}
		return nil
	})
	if err != nil || len(list) > mostSchools {
		return nil, err
	}
	return list, nil
}

func (s *Service) writeClasses(ctx context.Context, ref id.Ref, version int64, f *web.Form, _ []Photo) error {
	sc := School{Lesson: f.Text("lesson")}
	if n, err := id.Parse(f.Text("school")); err == nil {
		sc.Unit = n
	} else if hosts, err := s.hostsNamed(ctx, f.Text("school")); err != nil {
		return renamed(err, "hosts", "school")
	} else if len(hosts) == 1 {
		sc.Unit = hosts[0].Unit
	}
	if sc.Unit == 0 {
		f.Problems.Add("school", "activity.school_missing")
	}
	if text := f.Text("credit"); text != "" {
		n, err := table.ParseMoney(strings.TrimSuffix(text, i18n.T(ctx, "activity.lessons"))) // hundredths, as money is
		if err != nil || n%10 != 0 {
			f.Problems.Add("credit", "activity.credit_odd")
		}
		sc.Credit = n / 10
	}
	list, err := classesOf(f.Get("classes"))
	if err != nil {
		return err
	}
	if sc.Classes = list; f.Problems.Err() != nil {
		return f.Problems.Err()
	}
	return s.SetClasses(ctx, ref, version, sc)
}

type classesView struct {
	Unit   org.Unit
	Year   int
	Years  []ui.Choice
	Sums   ui.Table
	Visits ui.Table
}

func (v classesView) here(format string) string {
	return link("/activity/classes", "unit", v.Unit.ID.String(), "year", strconv.Itoa(v.Year), "format", format)
}

// classesPage is what a school reads of its classes: how often each came, and each visit (R109). Above schools it has those
// of the whole subtree.
func (s *Service) classesPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v := classesView{Unit: u, Year: yearOf(r)}
	v.Years = years(ctx, "/activity/classes", u, v.Year)
	list, err := s.Visits(ctx, u, clock.YearOf(v.Year))
	if err != nil {
		return err
	}
	units, err := s.unitsOf(ctx, list)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "activity.classes")
	if format := r.URL.Query().Get("format"); format == table.XLSX || format == table.CSV {
		return handOut(w, table.ContentType(format), u.Name+title+"."+format, func(file io.Writer) error { return writeVisits(ctx, file, format, u.Name+title, list, units) })
	}
	named := func(school id.ID, class string) ui.Cell { // with its school where the page is about more than one
		c := ui.Text(class)
		if u.ID != school {
			c.Sub = units[school].Name
		}
		return c
	}
	t := func(key string) string { return i18n.T(ctx, key) }
	right := func(key string) ui.Column { return ui.Column{Text: t(key), Label: true, Right: true} }
	v.Sums = ui.Table{Caption: t("activity.classes_sums"), Columns: []ui.Column{{Text: t("activity.f.class_name")}, right("activity.n_events"), right("activity.n_heads"), right("activity.f.credit_sum")}}
	for _, n := range sumVisits(list) {
		v.Sums.Rows = append(v.Sums.Rows, ui.Row{Cells: []ui.Cell{named(n.Unit, n.Class), ui.Text(ui.Number(n.Times)), ui.Text(ui.Number(n.Heads)), ui.Text(tenths(n.Credit))}})
	}
	v.Visits = ui.Table{Caption: t("activity.classes_visits"), Columns: []ui.Column{{Text: t("activity.f.title")}, {Text: t("activity.f.day"), Label: true}, {Text: t("activity.f.class_name"), Label: true},
		right("activity.n_heads"), {Text: t("activity.f.lesson"), Label: true}, right("activity.f.credit")}}
	open := map[id.Ref]bool{}
	for i, x := range list {
		if _, known := open[x.Ref]; !known { // others' activities are told of, and open only to who may read them
			open[x.Ref] = scope.From(ctx).May(scope.View, units[x.Lead].Pos)
			if !open[x.Ref] {
				_, _, err := s.Get(ctx, x.Ref)
				open[x.Ref] = err == nil
			}
		}
		what := ui.Text(x.Title)
		if open[x.Ref] {
			what = ui.To(x.Title, "/activity/"+x.Ref.String())
		}
		what.Sub = units[x.Lead].Name + i18n.T(ctx, "activity.comma") + x.Place
		credit := ""
		if x.Credit > 0 {
			credit = tenths(x.Credit)
		}
		v.Visits.Rows = append(v.Visits.Rows, ui.Row{ID: x.Ref.String() + "-" + strconv.Itoa(i), Cells: []ui.Cell{what, ui.Text(string(x.Day)), named(x.Unit, x.Class), ui.Text(ui.Number(x.Heads)), ui.Text(x.Lesson), ui.Text(credit)}})
	}
	return web.Render(w, r, web.Page{Title: title, Current: Kind, Crumbs: []ui.Link{{Text: t("activity.title"), Href: link("/activity", "unit", u.ID.String())}, {Text: title}}}, classesTempl(v))
}

// unitsOf are the schools and the leads of visits.
func (s *Service) unitsOf(ctx context.Context, list []Visit) (map[id.ID]org.Unit, error) {
	var units []id.ID
	for _, x := range list {
		units = append(units, x.Unit, x.Lead)
	}
	return s.org.ByIDs(ctx, units)
}

// classSum is one class in a period.
type classSum struct {
	Unit                 id.ID
	Class                string
	Times, Heads, Credit int64
}

// sumVisits adds visits up by school and class; Credit is what a pupil has who came each time. In the order of names.
func sumVisits(list []Visit) []classSum {
	at := map[classSum]int{}
	var out []classSum
	for _, x := range list {
		key := classSum{Unit: x.Unit, Class: x.Class}
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, key)
		}
		out[i].Times++
		out[i].Heads += x.Heads
		out[i].Credit += x.Credit
	}
	slices.SortFunc(out, func(a, b classSum) int {
		if a.Unit != b.Unit {
			return int(a.Unit - b.Unit)
		}
		return strings.Compare(a.Class, b.Class)
	})
	return out
}

func writeVisits(ctx context.Context, file io.Writer, format, title string, list []Visit, units map[id.ID]org.Unit) error {
	col := func(key string, kind table.Kind, width float64) table.Column {
		return table.Column{Key: key, Titles: []string{i18n.T(ctx, "activity.f."+key)}, Kind: kind, Width: width}
	}
	cols := []table.Column{col("school", table.Text, 22), col("class_name", table.Text, 14), col("day", table.Day, 12), col("title", table.Text, 30), col("lead", table.Text, 24),
		col("pupils", table.Int, 8), col("credit", table.Text, 8), col("lesson", table.Text, 14), col("code", table.Text, 22)}
	return table.Write(file, format, table.Table{Title: title, Columns: cols, BOM: true, Rows: func(yield func([]table.Value, error) bool) {
		for _, x := range list {
			if !yield([]table.Value{table.OfText(units[x.Unit].Name), table.OfText(x.Class), table.OfDay(string(x.Day)), table.OfText(x.Title), table.OfText(units[x.Lead].Name),
				table.OfInt(x.Heads), table.OfText(tenths(x.Credit)), table.OfText(x.Lesson), table.OfText(x.Ref.String())}, nil) {
				return
			}
		}
	}})
}

// apiClasses answers the visits of a unit's schools in a year: ?unit= &year=.
func (s *Service) apiClasses(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.Visits(ctx, u, clock.YearOf(yearOf(r)))
	if err != nil {
		return err
	}
	type row struct {
		School string `json:"school"` // external code
		Lead   string `json:"lead"`
		Visit
	}
	known, err := s.unitsOf(ctx, list)
	if err != nil {
		return err
	}
	out := struct {
		Visits []row `json:"visits"`
	}{[]row{}}
	for _, x := range list {
		out.Visits = append(out.Visits, row{known[x.Unit].Code, known[x.Lead].Code, x})
	}
	return web.JSON(w, http.StatusOK, out)
}
