package flow

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

type coursesView struct {
	head ui.Heading
	list []ui.Link
}

type courseView struct {
	head   ui.Heading
	faults []ui.Fault
	notes  []string
	table  ui.Table
	past   []ui.Event
	reset  ui.Post
	form   ui.FormSpec
	groups []courseGroup
}

type courseGroup struct {
	title  string
	fields []ui.Input
}

func courseHref(code, then string, u Unit) string {
	return "/courses/" + code + then + "?unit=" + u.ID.String()
}

// unitOf is the unit whose courses a page is about.
func (s *Service) unitOf(r *http.Request) (Unit, error) {
	return s.places(r.Context(), r.URL.Query().Get("unit"))
}

func (s *Service) showCourses(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "flow.courses")
	v := coursesView{head: ui.Heading{Over: u.Name, Title: title, Under: i18n.T(ctx, "flow.courses_under")}}
	for _, code := range s.CourseCodes() {
		c, err := s.CourseAt(ctx, code, u)
		if err != nil {
			return err
		}
		v.list = append(v.list, ui.Link{Text: c.Title.In(ctx), Href: courseHref(code, "", u), Sub: whose(ctx, c)})
	}
	return web.Render(w, r, web.Page{Title: title, Current: "inbox", Crumbs: []ui.Link{{Text: i18n.T(ctx, "flow.inbox"), Href: "/inbox"}, {Text: title}}}, coursesPage(v))
}

func whose(ctx context.Context, c Course) string {
	if c.Owner.ID == 0 {
		return i18n.T(ctx, "flow.course_shipped")
	}
	return i18n.T(ctx, "flow.course_of", "Unit", c.Owner.Name)
}

// whoText says in words who acts.
func whoText(ctx context.Context, list []Who) string {
	var out []string
	for _, w := range list {
		key := "flow.who." + string(w.At)
		if w.At == AtLevel {
			key += "." + w.Level
		}
		text := i18n.T(ctx, key)
		if w.Other {
			text = i18n.T(ctx, "flow.who_other", "Who", text)
		}
		out = append(out, text)
	}
	return strings.Join(out, i18n.T(ctx, "flow.who_or"))
}

func daysText(ctx context.Context, st State) string {
	switch {
	case st.Terminal:
		return i18n.T(ctx, "flow.closed")
	case st.Days == 0:
		return i18n.T(ctx, "flow.due_none")
	case st.Count == Working:
		return i18n.T(ctx, "flow.course_working", "Days", st.Days)
	}
	return i18n.T(ctx, "flow.course_calendar", "Days", st.Days)
}

// actsText says what can be done in a state, where it leads, and by whom where that is somebody else.
func actsText(ctx context.Context, d Definition, st State) string {
	var out []string
	for _, t := range d.Transitions {
		if !slices.Contains(t.From, st.Key) {
			continue
		}
		to, _ := d.State(t.To)
		who := ""
		if len(t.Who) > 0 {
			who = i18n.T(ctx, "flow.course_by", "Who", whoText(ctx, t.Who))
		}
		if t.AfterMonths > 0 {
			who += i18n.T(ctx, "flow.course_after", "Months", t.AfterMonths)
		}
		out = append(out, i18n.T(ctx, "flow.course_act", "Act", t.Title.In(ctx), "State", to.Title.In(ctx), "Who", who))
	}
	if len(out) == 0 {
		return i18n.T(ctx, "flow.course_nothing")
	}
	return strings.Join(out, i18n.T(ctx, "flow.step_join"))
}

func (s *Service) courseOf(r *http.Request) (Unit, Course, error) {
	u, err := s.unitOf(r)
	if err != nil {
		return u, Course{}, err
	}
	c, err := s.CourseAt(r.Context(), r.PathValue("course"), u)
	if errs.Is(err, errs.NotFound) {
		err = web.NotFound(r)
	}
	return u, c, err
}

func courseCrumbs(ctx context.Context, u Unit, c Course, last string) []ui.Link {
	out := []ui.Link{{Text: i18n.T(ctx, "flow.inbox"), Href: "/inbox"}, {Text: i18n.T(ctx, "flow.courses"), Href: "/courses?unit=" + u.ID.String()}}
	if last != "" {
		return append(out, ui.Link{Text: c.Title.In(ctx), Href: courseHref(c.Code, "", u)}, ui.Link{Text: last})
	}
	return append(out, ui.Link{Text: c.Title.In(ctx)})
}

func (s *Service) showCourse(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, c, err := s.courseOf(r)
	if err != nil {
		return err
	}
	title := c.Title.In(ctx)
	v := courseView{head: ui.Heading{Over: u.Name, Title: title, Under: whose(ctx, c),
		Acts: []ui.Button{{Text: i18n.T(ctx, "flow.course_change"), Href: courseHref(c.Code, "/change", u)}}},
		table: ui.Table{Caption: title, Columns: []ui.Column{{Text: i18n.T(ctx, "flow.course_state")}, {Text: i18n.T(ctx, "flow.course_f_who"), Label: true},
			{Text: i18n.T(ctx, "flow.course_due"), Label: true}, {Text: i18n.T(ctx, "flow.course_acts"), Label: true}}}}
	for _, st := range c.States {
		name := ui.Text(st.Title.In(ctx))
		if st.Key == c.Start {
			name.Sub = i18n.T(ctx, "flow.course_start")
		}
		wait := i18n.T(ctx, "flow.waits_nobody")
		if len(st.Wait) > 0 {
			wait = whoText(ctx, st.Wait)
		}
		v.table.Rows = append(v.table.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(wait), ui.Text(daysText(ctx, st)), ui.Text(actsText(ctx, c.Definition, st))}})
	}
	past, err := s.PastCourses(ctx, c.Code, u)
	if err != nil {
		return err
	}
	for _, p := range past {
		from := i18n.Day(ctx, clock.DayOf(time.UnixMilli(p.MadeAt)))
		text := i18n.T(ctx, "flow.course_stands", "Name", p.MadeName)
		if p.EndedAt > 0 {
			text = i18n.T(ctx, "flow.course_ended", "Name", p.MadeName, "Day", i18n.Day(ctx, clock.DayOf(time.UnixMilli(p.EndedAt))))
		}
		v.past = append(v.past, ui.Event{When: from, Text: text})
	}
	if c.Owner.ID == u.ID {
		v.reset = ui.Post{Text: i18n.T(ctx, "flow.course_reset"), Action: courseHref(c.Code, "/reset", u), Key: web.NewKey()}
	}
	return web.Render(w, r, web.Page{Title: title, Current: "inbox", Crumbs: courseCrumbs(ctx, u, c, "")}, coursePage(v))
}

// whoValue is how a form names who acts; "" is nobody more.
func whoValue(w Who) string {
	if w.At == AtLevel {
		return string(w.At) + "." + w.Level
	}
	return string(w.At)
}

func whoOf(value string) (Who, bool) {
	at, level, _ := strings.Cut(value, ".")
	w := Who{At: At(at), Level: level}
	return w, w.chosen() && checkWho([]Who{w}) == nil
}

func whoInput(ctx context.Context, name, label, value string, none bool) ui.Input {
	in := ui.Input{Kind: ui.KindSelect, Name: name, Label: i18n.T(ctx, label), Value: value, Optional: none}
	if none {
		in.Options = append(in.Options, ui.Option{Text: i18n.T(ctx, "flow.course_none")})
	}
	for _, w := range []Who{{At: AtOwn}, {At: AtIssuer}, {At: AtLevel, Level: "township"}, {At: AtLevel, Level: "county"}, {At: AtLevel, Level: "city"}, {At: AtLevel, Level: "province"}} {
		in.Options = append(in.Options, ui.Option{Value: whoValue(w), Text: whoText(ctx, []Who{w})})
	}
	return in
}

// twoOf are the first two of those who can be chosen, as a form names them.
func twoOf(list []Who) (a, b string) {
	list = slices.DeleteFunc(slices.Clone(list), func(w Who) bool { return !w.chosen() })
	if len(list) > 0 {
		a = whoValue(list[0])
	}
	if len(list) > 1 {
		b = whoValue(list[1])
	}
	return a, b
}

// courseGroups are the questions of the form, one group for each state and for each act with somebody of its own.
func courseGroups(ctx context.Context, c Course) []courseGroup {
	var out []courseGroup
	for _, st := range c.States {
		if len(st.Wait) == 0 { // nobody has to act, so nothing presses
			continue
		}
		g := courseGroup{title: st.Title.In(ctx), fields: []ui.Input{
			{Kind: ui.KindNumber, Name: "days." + st.Key, Label: i18n.T(ctx, "flow.course_f_days"), Hint: i18n.T(ctx, "flow.course_f_days_hint"), Value: strconv.Itoa(st.Days)},
			{Kind: ui.KindCheck, Name: "count." + st.Key, Label: i18n.T(ctx, "flow.course_f_working"), Optional: true, Value: map[bool]string{true: "1"}[st.Count == Working]}}}
		first, second := twoOf(st.Wait)
		g.fields = append(g.fields, whoInput(ctx, "who."+st.Key, "flow.course_f_who", first, false), whoInput(ctx, "also."+st.Key, "flow.course_f_also", second, true))
		out = append(out, g)
	}
	for i, t := range c.Transitions {
		g := courseGroup{title: i18n.T(ctx, "flow.course_act_of", "Act", t.Title.In(ctx))}
		if slices.ContainsFunc(t.Who, Who.chosen) {
			first, second := twoOf(t.Who)
			g.fields = append(g.fields, whoInput(ctx, fmt.Sprintf("act.%d", i), "flow.course_f_who", first, false),
				whoInput(ctx, fmt.Sprintf("act_also.%d", i), "flow.course_f_also", second, true))
		}
		if t.AfterMonths > 0 {
			g.fields = append(g.fields, ui.Input{Kind: ui.KindNumber, Name: fmt.Sprintf("months.%d", i), Label: i18n.T(ctx, "flow.course_f_months"), Value: strconv.Itoa(t.AfterMonths)})
		}
		if len(g.fields) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func (s *Service) changeCourseForm(w http.ResponseWriter, r *http.Request) error {
	return s.renderChange(w, r, nil, nil, nil)
}

func (s *Service) renderChange(w http.ResponseWriter, r *http.Request, typed *web.Form, at map[string]string, faults []ui.Fault) error {
	ctx := r.Context()
	u, c, err := s.courseOf(r)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "flow.course_change")
	version, status := c.Fingerprint, 0
	v := courseView{head: ui.Heading{Over: u.Name, Title: i18n.T(ctx, "flow.course_change_of", "Course", c.Title.In(ctx))}, faults: faults,
		notes: []string{i18n.T(ctx, "flow.course_running"), i18n.T(ctx, "flow.course_reach", "Unit", u.Name)}, groups: courseGroups(ctx, c)}
	if typed != nil {
		version, status = typed.Text("_version"), http.StatusUnprocessableEntity
		for _, g := range v.groups {
			for i := range g.fields {
				g.fields[i].Value, g.fields[i].Error = typed.Get(g.fields[i].Name), at[g.fields[i].Name]
			}
		}
	}
	v.form = ui.FormSpec{Action: courseHref(c.Code, "/change", u), Key: web.NewKey(), Submit: i18n.T(ctx, "flow.course_save"),
		Hidden: []ui.Pair{{Name: "_version", Value: version}}, More: []ui.Button{{Text: i18n.T(ctx, "flow.course_back"), Href: courseHref(c.Code, "", u)}}}
	return web.Render(w, r, web.Page{Title: v.head.Title, Current: "inbox", Error: len(faults) > 0, Status: status, Crumbs: courseCrumbs(ctx, u, c, title)}, changePage(v))
}

// changeOf reads the form of a course.
func changeOf(f *web.Form, d Definition) (Change, error) {
	ch := Change{States: map[string]StateChange{}, Acts: map[int]ActChange{}}
	var bad errs.Fields
	number := func(name, key string) int {
		n, err := strconv.Atoi(f.Text(name))
		if err != nil {
			bad.Add(name, key)
		}
		return n
	}
	who := func(names ...string) []Who {
		var out []Who
		for _, name := range names {
			if f.Text(name) == "" {
				continue
			}
			w, ok := whoOf(f.Text(name))
			if !ok {
				bad.Add(name, "flow.course_nobody")
			}
			out = append(out, w)
		}
		return out
	}
	for _, st := range d.States {
		if len(st.Wait) == 0 {
			continue
		}
		c := StateChange{Days: number("days."+st.Key, "flow.course_days"), Wait: who("who."+st.Key, "also."+st.Key)}
		if f.Text("count."+st.Key) != "" {
			c.Count = Working
		}
		if f.Text("who."+st.Key) == "" {
			bad.Add("who."+st.Key, "flow.course_nobody")
		}
		ch.States[st.Key] = c
	}
	for i, t := range d.Transitions {
		chosen := slices.ContainsFunc(t.Who, Who.chosen)
		if !chosen && t.AfterMonths == 0 {
			continue
		}
		c := ActChange{Who: who(fmt.Sprintf("act.%d", i), fmt.Sprintf("act_also.%d", i))}
		if t.AfterMonths > 0 {
			c.AfterMonths = number(fmt.Sprintf("months.%d", i), "flow.course_months")
		}
		ch.Acts[i] = c
	}
	return ch, bad.Err()
}

func (s *Service) changeCourse(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, c, err := s.courseOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		ch, err := changeOf(f, c.Definition)
		if err != nil {
			return "", err
		}
		return courseHref(c.Code, "", u), s.ChangeCourse(ctx, u, c.Code, f.Text("_version"), ch)
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	at, faults, rest := web.Problems(ctx, err)
	if rest != nil {
		if k := errs.KindOf(rest); k != errs.Conflict && k != errs.Invalid {
			return rest
		}
		faults = web.Faults(ctx, rest)
	}
	return s.renderChange(w, r, f, at, faults)
}

func (s *Service) resetCourse(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, c, err := s.courseOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		if c.Owner.ID != u.ID {
			return "", errs.New(errs.Conflict, "flow.course_no_own")
		}
		return courseHref(c.Code, "", u), s.ResetDefinition(ctx, u.ID, u.Range, c.Code)
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}
