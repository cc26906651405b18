package campaign

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// emptyDays is how many empty lines the list of key days offers.
const emptyDays = 3

type daysView struct {
	Unit   org.Unit
	Table  ui.Table
	Faults []ui.Fault
	Groups []dayGroup // nil for who may not write the list
	Key    string
}

type dayGroup struct {
	Title  string
	Fields []ui.Input
}

// daysPage shows the key days in the order in which they come, with what runs on each; who may, writes the list below it.
func (s *Service) daysPage(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	return s.renderDays(w, r, u, nil, nil)
}

func (s *Service) renderDays(w http.ResponseWriter, r *http.Request, u org.Unit, f *web.Form, failed error) error {
	ctx := r.Context()
	list, err := s.Days(ctx, u.Root())
	if err != nil {
		return err
	}
	today := clock.Today(ctx)
	days := coming(list, today)
	v := daysView{Unit: u, Key: web.NewKey(), Table: ui.Table{Caption: i18n.T(ctx, "campaign.days_title"), Columns: []ui.Column{{Text: i18n.T(ctx, "campaign.day_of")}, {Text: i18n.T(ctx, "campaign.day_next"), Label: true},
		{Text: i18n.T(ctx, "campaign.day_rule_of"), Label: true}, {Text: i18n.T(ctx, "campaign.day_running"), Label: true}}}}
	for _, x := range days {
		running, next, err := s.List(ctx, u, x.Day, Filter{State: "running", Limit: mostInPanel})
		if err != nil {
			return err
		}
		cell := ui.Text(i18n.T(ctx, "campaign.day_nothing"))
		if len(running) > 0 {
			n := strconv.Itoa(len(running))
			if next != "" {
				n += "+"
			}
			cell = ui.To(i18n.T(ctx, "campaign.day_campaigns", "N", n), web.Address("/campaign", nil, "unit", u.ID.String(), "day", string(x.Day), "state", "running"))
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{Cells: []ui.Cell{ui.Text(x.Name(ctx)), ui.Text(i18n.Day(ctx, x.Day)), ui.Text(x.ruleText(ctx)), cell}})
	}
	p := web.Page{Title: i18n.T(ctx, "campaign.days_title"), Current: "campaign", Crumbs: []ui.Link{{Text: i18n.T(ctx, "campaign.heading"), Href: "/campaign?unit=" + u.ID.String()}, {Text: i18n.T(ctx, "campaign.days_title")}}}
	at := map[string]string{}
	if failed != nil {
		var rest error
		if at, v.Faults, rest = web.Problems(ctx, failed); rest != nil {
			return rest
		}
		p.Error, p.Status = true, http.StatusUnprocessableEntity
	}
	if r.URL.Query().Get("done") != "" {
		p.Flash = &ui.Note{Title: i18n.T(ctx, "campaign.days_kept")}
	}
	if org.SetsCity(ctx, u) {
		all := make([]KeyDay, 0, len(days)+emptyDays)
		for _, x := range days {
			all = append(all, x.KeyDay)
		}
		for i, k := range append(all, make([]KeyDay, emptyDays)...) {
			v.Groups = append(v.Groups, groupOf(ctx, i, k, f, at))
		}
	}
	return web.Render(w, r, p, daysTempl(v))
}

// groupOf asks for one day of the list; an empty name takes it out.
func groupOf(ctx context.Context, i int, k KeyDay, f *web.Form, at map[string]string) dayGroup {
	n := "." + strconv.Itoa(i)
	name, rule, before := k.Zh, "", ""
	g := dayGroup{Title: i18n.T(ctx, "campaign.day_new")}
	if k.Code != "" {
		g.Title, rule = k.Name(ctx), k.ruleText(ctx)
	}
	if k.Before > 0 {
		before = strconv.FormatInt(k.Before, 10)
	}
	if f != nil {
		name, rule, before = f.Get("name"+n), f.Get("rule"+n), f.Get("before"+n)
	}
	g.Fields = []ui.Input{
		{Name: "name" + n, Label: i18n.T(ctx, "campaign.day_name_of"), Value: name, MaxLength: maxTitle, Error: at["name"+n]},
		{Name: "rule" + n, Label: i18n.T(ctx, "campaign.day_rule_of"), Value: rule, MaxLength: 20, Short: true, Error: at["rule"+n]},
		{Kind: ui.KindNumber, Name: "before" + n, Label: i18n.T(ctx, "campaign.day_before_of"), Value: before, Short: true, Optional: true, Error: at["before"+n]}}
	return g
}

func (s *Service) saveDays(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		list, err := s.daysFrom(ctx, u, f)
		if err != nil {
			return "", err
		}
		return web.Address("/campaign/days", nil, "unit", u.ID.String(), "done", "1"), s.SetDays(ctx, u, list)
	})
	if errs.Is(err, errs.Invalid) {
		return s.renderDays(w, r, u, f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// daysFrom reads the list that was sent; a day that keeps its name keeps its name in English, too.
func (s *Service) daysFrom(ctx context.Context, u org.Unit, f *web.Form) (list []KeyDay, err error) {
	was, err := s.Days(ctx, u.Root())
	if err != nil {
		return nil, err
	}
	var lines []string // of the form, by the place in the list
	for i := range maxDays + emptyDays {
		n := "." + strconv.Itoa(i)
		if !f.Has("name" + n) {
			break
		}
		k := KeyDay{Zh: f.Text("name" + n)}
		if k.Zh == "" && (f.Text("rule"+n) == "" || i < len(was)) {
			continue
		}
		for _, x := range was {
			if x.Zh == k.Zh {
				k.Code, k.En = x.Code, x.En
			}
		}
		k.Rule, _ = readRule(ctx, f.Text("rule"+n))
		if text := f.Text("before" + n); text != "" {
			if k.Before, err = strconv.ParseInt(text, 10, 64); err != nil {
				k.Before = -1
			}
		}
		list, lines = append(list, k), append(lines, n)
	}
	bad := dayProblems(list)
	for i, p := range bad {
		name, at, _ := strings.Cut(p.Name, ".")
		if n, err := strconv.Atoi(at); err == nil && n < len(lines) {
			bad[i].Name = name + lines[n]
		}
	}
	return list, bad.Err()
}
