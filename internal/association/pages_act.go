package association

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

// act is one thing that is added to an association, or taken out of its lists: a short form and what its answers do.
type act struct {
	name  string
	ask   func(ctx context.Context, a Association) []ui.Input
	write func(f *web.Form, a *Association) error
}

var acts = []act{
	{"charter", func(ctx context.Context, a Association) []ui.Input {
		last := ""
		if n := len(a.Charters); n > 0 {
			last = strings.Join(a.Charters[n-1].Points, "\n")
		}
		return []ui.Input{input(ctx, ui.KindDate, "on", "charter_on"), {Name: "title", Label: i18n.T(ctx, "association.f.charter_title"), Value: i18n.T(ctx, "association.charter_usual", "Name", a.Name), MaxLength: maxName},
			{Name: "document", Label: i18n.T(ctx, "association.f.document"), Optional: true, MaxLength: 60},
			{Kind: ui.KindArea, Name: "points", Label: i18n.T(ctx, "association.f.points"), Value: last, Optional: true, Hint: i18n.T(ctx, "association.hint.points"), Lines: 8}}
	}, func(f *web.Form, a *Association) error {
		c := Charter{On: day(f, "on"), Title: f.Text("title"), Document: f.Text("document")}
		for _, line := range strings.Split(f.Get("points"), "\n") {
			if line = strings.TrimSpace(line); line != "" {
				c.Points = append(c.Points, line)
			}
		}
		a.Charters = append(slices.Clone(a.Charters), c)
		return nil
	}},
	{"officer", func(ctx context.Context, _ Association) []ui.Input {
		return []ui.Input{input(ctx, ui.KindText, "officer", "officer"), input(ctx, ui.KindText, "office", "office"), input(ctx, ui.KindDate, "from", "office_from")}
	}, func(f *web.Form, a *Association) error {
		a.Council = append(slices.Clone(a.Council), Officer{Name: f.Text("officer"), Office: f.Text("office"), From: day(f, "from")})
		return nil
	}},
	{"end_officer", func(ctx context.Context, a Association) []ui.Input {
		who := input(ctx, ui.KindSelect, "officer", "officer")
		who.Options = []ui.Option{{Text: i18n.T(ctx, "association.choose")}}
		for i, o := range a.Council {
			if o.To == clock.Open {
				who.Options = append(who.Options, ui.Option{Value: strconv.Itoa(i), Text: officerText(ctx, o)})
			}
		}
		to := input(ctx, ui.KindDate, "to", "office_to")
		to.Hint = i18n.T(ctx, "association.hint.office_to")
		return []ui.Input{who, to}
	}, func(f *web.Form, a *Association) error {
		i, err := strconv.Atoi(f.Text("officer"))
		to := day(f, "to")
		if err != nil || i < 0 || i >= len(a.Council) {
			f.Problems.Add("officer", "association.choose_one")
		}
		if to == clock.Open {
			f.Problems.Add("to", "association.day_missing")
		}
		if err := f.Problems.Err(); err != nil {
			return err
		}
		a.Council = slices.Clone(a.Council)
		a.Council[i].To = to
		return nil
	}},
	{"count", func(ctx context.Context, _ Association) []ui.Input {
		n := input(ctx, ui.KindNumber, "members", "members")
		n.Short = true
		return []ui.Input{n, input(ctx, ui.KindDate, "on", "count_on")}
	}, func(f *web.Form, a *Association) error {
		a.Counts = append(slices.Clone(a.Counts), Count{On: day(f, "on"), Members: number(f, "members")})
		return nil
	}},
	{"inspection", func(ctx context.Context, _ Association) []ui.Input {
		year := input(ctx, ui.KindNumber, "year", "year")
		year.Short, year.Value = true, strconv.Itoa(clock.Today(ctx).Year()-1)
		result := input(ctx, ui.KindRadio, "result", "inspection_result")
		for _, k := range Results {
			result.Options = append(result.Options, ui.Option{Value: k, Text: i18n.T(ctx, "association.result."+k)})
		}
		return []ui.Input{year, result, input(ctx, ui.KindDate, "on", "inspection_on")}
	}, func(f *web.Form, a *Association) error {
		a.Inspections = append(slices.Clone(a.Inspections), Inspection{Year: number(f, "year"), Result: f.Text("result"), On: day(f, "on")})
		return nil
	}},
	{"drop", func(ctx context.Context, a Association) []ui.Input {
		what := input(ctx, ui.KindSelect, "row", "row")
		what.Options = []ui.Option{{Text: i18n.T(ctx, "association.choose")}}
		for _, r := range a.rows() {
			what.Options = append(what.Options, ui.Option{Value: r.key, Text: r.text(ctx)})
		}
		return []ui.Input{what, {Name: "reason", Label: i18n.T(ctx, "association.why"), Hint: i18n.T(ctx, "association.hint.why"), MaxLength: 200}}
	}, func(f *web.Form, a *Association) error {
		if f.Text("reason") == "" {
			f.Problems.Add("reason", "association.reason_missing")
		}
		i := slices.IndexFunc(a.rows(), func(r row) bool { return r.key == f.Text("row") })
		if i < 0 {
			f.Problems.Add("row", "association.choose_one")
		}
		if err := f.Problems.Err(); err != nil {
			return err
		}
		a.rows()[i].drop(a)
		return nil
	}},
}

func input(ctx context.Context, kind ui.Kind, name, label string) ui.Input {
	return ui.Input{Kind: kind, Name: name, Label: i18n.T(ctx, "association.f."+label), MaxLength: map[ui.Kind]int{ui.KindText: 40}[kind]}
}

// row is an entry of one of an association's lists that can be taken out again.
type row struct {
	key  string
	text func(ctx context.Context) string
	drop func(a *Association)
}

func (a Association) rows() (out []row) {
	add := func(list string, i int, text func(ctx context.Context) string, drop func(a *Association)) {
		out = append(out, row{list + strconv.Itoa(i), text, drop})
	}
	for i, c := range a.Charters {
		add("charter", i, func(ctx context.Context) string {
			return i18n.T(ctx, "association.charter_line", "Day", i18n.Day(ctx, c.On), "Title", c.Title)
		}, func(a *Association) { a.Charters = slices.Delete(slices.Clone(a.Charters), i, i+1) })
	}
	for i, o := range a.Council {
		add("officer", i, func(ctx context.Context) string { return officerText(ctx, o) }, func(a *Association) { a.Council = slices.Delete(slices.Clone(a.Council), i, i+1) })
	}
	for i, c := range a.Counts {
		add("count", i, func(ctx context.Context) string { return countText(ctx, c) }, func(a *Association) { a.Counts = slices.Delete(slices.Clone(a.Counts), i, i+1) })
	}
	for i, x := range a.Inspections {
		add("inspection", i, func(ctx context.Context) string { return inspectionText(ctx, x) }, func(a *Association) { a.Inspections = slices.Delete(slices.Clone(a.Inspections), i, i+1) })
	}
	return out
}

func actView(ctx context.Context, a act, ref id.Ref, t Association, version int64, key string) formView {
	here := "/association/" + ref.String()
	return formView{Title: i18n.T(ctx, "association.do."+a.name), Step: t.Name, Back: ui.Link{Href: here}, Inputs: a.ask(ctx, t),
		Spec: ui.FormSpec{Action: here + "/do/" + a.name, Key: key, Submit: i18n.T(ctx, "association.do_submit"), Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}}}
}

func (s *Service) actForm(a act) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		t, v, _, err := s.associations.toWork(ctx, ref, a.name)
		if err != nil {
			return err
		}
		view := actView(ctx, a, ref, t, v.N, web.NewKey())
		return web.Render(w, r, web.Page{Title: view.Title, Current: "association", Plain: true}, formTempl(view))
	}
}

func (s *Service) actPost(a act) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, f, n, err := sent(w, r)
		if err != nil {
			return err
		}
		ctx := r.Context()
		t, _, _, err := s.associations.toWork(ctx, ref, a.name)
		if err != nil {
			return err
		}
		err = s.associations.act(w, r, f, a.name, func(ctx context.Context) (id.Ref, error) {
			c := record.Change{Act: "association.act." + a.name, Reason: f.Text("reason")}
			return ref, s.associations.change(ctx, ref, n, c, func(t *Association) error {
				if err := a.write(f, t); err != nil {
					return err
				}
				return f.Problems.Err()
			})
		})
		if err == nil || errs.Is(err, errs.NotFound) {
			return err
		}
		return again(w, r, err, actView(ctx, a, ref, t, n, f.Key()), f, formTempl)
	}
}
