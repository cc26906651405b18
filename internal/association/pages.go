package association

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

const pageSize = 20

// unitOf is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

func dayOf(r *http.Request) clock.Day {
	if d, err := clock.ParseDay(r.URL.Query().Get("day")); err == nil {
		return d
	}
	return clock.Today(r.Context())
}

func refOf(r *http.Request) (id.Ref, error) {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return ref, web.NotFound(r)
	}
	return ref, nil
}

// key names the row after which a page goes on.
func key(l Listed) string { return strconv.FormatInt(l.Pos, 10) + "~" + l.Code }

func afterOf(key string) (int64, string) {
	p, code, _ := strings.Cut(key, "~")
	pos, err := strconv.ParseInt(p, 10, 64)
	if err != nil {
		return -1, ""
	}
	return pos, code
}

// section is a part of a record's page.
type section struct {
	ID, Title, Lead string
	Facts           []ui.Fact
	Dots            []ui.Link
	Table           ui.Table
	Acts            []ui.Button
}

type listView struct {
	Title, Under string
	Acts         []ui.Button
	Figures      []ui.Figure
	Choices      []ui.Choice
	Filter       ui.FormSpec
	Fields       []ui.Input
	Open         bool
	Total        string
	Bar          []ui.Button
	Table        ui.Table
	Empty, Why   string
	Paging       ui.Paging
}

func (d *desk[T]) title(ctx context.Context) string { return i18n.T(ctx, "association.title."+d.kind) }

func (d *desk[T]) at(u org.Unit, pairs ...string) string {
	v := url.Values{"unit": {u.ID.String()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return d.path + "?" + v.Encode()
}

func (d *desk[T]) crumbs(ctx context.Context, title string, u org.Unit) web.Page {
	return web.Page{Title: title, Current: "association", Crumbs: []ui.Link{{Text: d.title(ctx), Href: d.at(u)}, {Text: title}}}
}

// kinds are the three lists beside each other.
func (s *Service) kinds(ctx context.Context, u org.Unit, current string) ui.Choice {
	c := ui.Choice{Label: i18n.T(ctx, "association.view")}
	for _, k := range [][2]string{{Kind, s.associations.path}, {KindStation, s.stations.path}, {KindGuidance, s.guidance.path}} {
		c.Links = append(c.Links, ui.Link{Text: i18n.T(ctx, "association.title."+k[0]), Href: k[1] + "?unit=" + u.ID.String(), Current: k[0] == current})
	}
	return c
}

func (d *desk[T]) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := d.s.unitOf(r)
	if err != nil {
		return err
	}
	day := dayOf(r)
	f := Filter{Text: strings.TrimSpace(q.Get("q")), Association: q.Get("association")}
	v := listView{Title: d.title(ctx), Under: i18n.T(ctx, "association.under", "Unit", u.Name, "Day", i18n.Day(ctx, day)), Choices: []ui.Choice{d.s.kinds(ctx, u, d.kind)},
		Empty: i18n.T(ctx, "association.none."+d.kind), Why: i18n.T(ctx, "association.none_why")}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Acts = []ui.Button{{Text: i18n.T(ctx, "association.add."+d.kind), Href: d.path + "/new?unit=" + u.ID.String(), Main: true},
			{Text: i18n.T(ctx, "association.import"), Href: "/import/" + d.kind + "?unit=" + u.ID.String()}}
	}
	for _, code := range d.figures {
		fig, err := d.s.figure(ctx, ledger.Query{Figure: code, Unit: u.ID, Day: day})
		if err != nil {
			return err
		}
		if u.Level.Rank() < org.Township.Rank() || !strings.Contains(code, "townships") && !strings.Contains(code, "units_") {
			v.Figures = append(v.Figures, fig)
		}
	}
	pos, code := afterOf(q.Get("after"))
	p, err := d.page(ctx, u, f, pos, code, pageSize)
	if err != nil {
		return err
	}
	v.Filter = ui.FormSpec{Method: "get", Action: d.path, Submit: i18n.T(ctx, "association.find"), Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}}}
	if f.Association != "" {
		v.Filter.Hidden = append(v.Filter.Hidden, ui.Pair{Name: "association", Value: f.Association})
	}
	v.Fields = []ui.Input{{Name: "q", Label: i18n.T(ctx, "association.find_text"), Value: f.Text, Optional: true, MaxLength: 60}}
	v.Open = f.Text != ""
	v.Total = i18n.T(ctx, "association.total", "N", ui.Number(p.Total))
	export := d.path + "/export?unit=" + u.ID.String() + "&format="
	v.Bar = []ui.Button{{Text: i18n.T(ctx, "association.export_xlsx"), Href: export + "xlsx"}, {Text: i18n.T(ctx, "association.export_csv"), Href: export + "csv"}}
	if v.Table, err = d.table(ctx, p.Records, day); err != nil {
		return err
	}
	v.Paging = ui.Paging{Here: len(p.Records), Rest: p.Rest}
	if p.Rest > 0 {
		v.Paging.Next = d.at(u, "q", f.Text, "association", f.Association, "after", key(p.Records[len(p.Records)-1]))
	}
	if q.Get("after") != "" {
		v.Paging.First = d.at(u, "q", f.Text, "association", f.Association)
	}
	return web.Render(w, r, web.Page{Title: v.Title, Current: "association", Crumbs: []ui.Link{{Text: v.Title}}}, listTempl(v))
}

// table lists records: what, where, whose, when, how they stand.
func (d *desk[T]) table(ctx context.Context, list []Listed, day clock.Day) (ui.Table, error) {
	units, err := d.s.unitsOf(ctx, list)
	if err != nil {
		return ui.Table{}, err
	}
	t := ui.Table{Caption: d.title(ctx), Columns: []ui.Column{{Text: i18n.T(ctx, "association.col."+d.kind)}, {Text: i18n.T(ctx, "association.f.unit"), Label: true}}}
	if d.kind != Kind {
		t.Columns = append(t.Columns, ui.Column{Text: i18n.T(ctx, "association.f.association"), Label: true})
	}
	t.Columns = append(t.Columns, ui.Column{Text: i18n.T(ctx, "association.from."+d.kind), Label: true}, ui.Column{Text: i18n.T(ctx, "association.state")})
	names := map[string]string{}
	for _, l := range list {
		row := ui.Row{ID: l.Ref().String(), Cells: []ui.Cell{ui.To(l.Name, d.path+"/"+l.Ref().String()), ui.Text(units[l.Unit].Name)}}
		if d.kind != Kind {
			if _, ok := names[l.Association]; !ok {
				ref, err := id.ParseRef(l.Association)
				if err == nil {
					names[l.Association] = d.s.name(ctx, ref)
				}
			}
			row.Cells = append(row.Cells, ui.Text(names[l.Association]))
		}
		state := ui.State(i18n.T(ctx, "association.stands"), "p")
		switch {
		case d.kind == KindGuidance:
			state = ui.State(i18n.T(ctx, "association.kind."+l.Detail), "-")
		case l.To != "" && l.To <= day:
			state = ui.State(i18n.T(ctx, "association.dissolved"), "-")
		case !l.StandsOn(day):
			state = ui.State(i18n.T(ctx, "association.later"), "-")
		}
		row.Cells = append(row.Cells, ui.Text(string(l.From)), state)
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

type showView struct {
	Heading  ui.Heading
	Notes    []string
	Facts    []ui.Fact
	Sections []section
	Timeline []ui.Change
	Known    string
}

func (d *desk[T]) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	t, _, err := d.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := d.s.rec.Home(ctx, *d.unit(&t))
	if err != nil {
		return err
	}
	day := dayOf(r)
	here := d.path + "/" + ref.String()
	v := showView{Heading: ui.Heading{Title: d.name(t), Under: u.Name}, Known: here + "/known"}
	if d.tags != nil {
		v.Heading.Tags = d.tags(ctx, t, day)
	}
	works, err := d.works(ctx, t)
	if err != nil {
		return err
	}
	if works {
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "association.edit"), Href: here + "/edit"}, {Text: i18n.T(ctx, "association.remove"), Href: here + "/remove"}}
		if d.acts != nil {
			for _, a := range d.acts(t) {
				v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "association.do."+a), Href: here + "/do/" + a})
			}
		}
	}
	v.Facts = []ui.Fact{{Label: i18n.T(ctx, "association.f.code"), Text: *d.code(&t)}, {Label: i18n.T(ctx, "association.f.unit"), Text: u.Name, Href: "/unit/" + u.ID.String()}}
	for _, x := range d.fields {
		text := d.value(ctx, x, &t)
		if text == "" || x.key == "name" {
			continue
		}
		fact := ui.Fact{Label: i18n.T(ctx, "association.f."+x.key), Text: text}
		if x.association != nil {
			fact.Href = "/association/" + x.association(&t).String()
		}
		v.Facts = append(v.Facts, fact)
	}
	if v.Sections, err = d.parts(ctx, ref, t, u, day); err != nil {
		return err
	}
	if v.Timeline, err = d.book.Timeline(ctx, ref, here+"/undo"); err != nil {
		return err
	}
	return web.Render(w, r, d.crumbs(ctx, d.name(t), u), showTempl(v))
}

func (d *desk[T]) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	t, _, err := d.book.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return d.book.KnownPage(w, r, ref, ui.Link{Text: d.name(t), Href: d.path + "/" + ref.String()}, "association")
}

func (d *desk[T]) exportFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := d.s.unitOf(r)
	if err != nil {
		return err
	}
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	var b bytes.Buffer
	if err := d.s.rec.Export(ctx, &b, d.kind, format, u.ID, d.title(ctx)); err != nil {
		return err
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(u.Name+d.title(ctx)+"."+format))
	_, err = w.Write(b.Bytes())
	return err
}

func (s *Service) figure(ctx context.Context, q ledger.Query) (ui.Figure, error) {
	def, err := s.led.Figure(q.Figure)
	if err != nil {
		return ui.Figure{}, err
	}
	v, err := s.led.Ask(ctx, q)
	if err != nil {
		return ui.Figure{}, err
	}
	n, unit := ledger.Number(ctx, def, v.Amount)
	return ui.Figure{Number: n, Unit: unit, Label: def.Short.In(i18n.Lang(ctx)), Href: record.EvidenceHref(q)}, nil
}

func (s *Service) ownBook(ctx context.Context) ledger.Query {
	return ledger.Query{Unit: scope.From(ctx).Unit, Day: clock.Today(ctx)}
}

// act runs a change once and leads to the page that says what moved.
func (d *desk[T]) act(w http.ResponseWriter, r *http.Request, f *web.Form, name string, do func(ctx context.Context) (id.Ref, error)) error {
	ctx := r.Context()
	to, err := web.Once(ctx, d.s.db, f.Key(), func(ctx context.Context) (string, error) {
		var ref id.Ref
		moved, err := d.s.rec.Watched(ctx, d.s.ownBook(ctx), d.figures, func(ctx context.Context) (err error) {
			ref, err = do(ctx)
			return err
		})
		if err != nil {
			return "", err
		}
		return d.path + "/" + ref.String() + "/done?" + url.Values{"act": {name}, "moved": {moved}}.Encode(), nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

var doneActs = map[string]bool{"create": true, "correct": true, "remove": true, "undo": true, "charter": true, "officer": true, "end_officer": true, "count": true, "inspection": true, "drop": true}

// getOrRemoved reads a record as it stands, or as it was before the reader took it out a moment ago.
func (d *desk[T]) getOrRemoved(ctx context.Context, ref id.Ref) (t T, v record.Version, removed bool, err error) {
	if t, v, err = d.book.Get(ctx, ref); errs.Is(err, errs.NotFound) {
		t, v, err = d.book.Removed(ctx, ref)
		removed = true
	}
	return t, v, removed, err
}

func (d *desk[T]) donePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	t, v, removed, err := d.getOrRemoved(ctx, ref)
	if err != nil {
		return err
	}
	u, err := d.s.rec.Home(ctx, *d.unit(&t))
	if err != nil {
		return err
	}
	name := r.URL.Query().Get("act")
	if !doneActs[name] || removed != (name == "remove") {
		return web.NotFound(r)
	}
	here := d.path + "/" + ref.String()
	title := i18n.T(ctx, "association.done."+name)
	res := ui.Result{Title: title, CodeLabel: i18n.T(ctx, "association.f.code"), Code: *d.code(&t),
		Acts: []ui.Button{{Text: i18n.T(ctx, "association.to_list"), Href: d.at(u), Main: removed}}}
	if !removed {
		res.Acts = append([]ui.Button{{Text: i18n.T(ctx, "association.see"), Href: here, Main: true}}, res.Acts...)
	}
	if res.Moved, err = d.s.rec.Moved(ctx, d.s.ownBook(ctx), d.figures, r.URL.Query().Get("moved")); err != nil {
		return err
	}
	if name != "undo" {
		res.Undo, res.UndoUntil = d.book.UndoPost(ctx, v, here+"/undo")
	}
	return web.Render(w, r, web.Page{Title: title, Current: "association"}, doneTempl(res))
}

func (d *desk[T]) undoPost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	t, _, _, err := d.getOrRemoved(ctx, ref)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, d.s.db, f.Key(), func(ctx context.Context) (string, error) {
		if err := d.book.Undo(ctx, ref, n); err != nil {
			return "", err
		}
		if _, _, err := d.book.Get(ctx, ref); err != nil { // the entry itself was taken back
			return d.path + "?unit=" + d.unit(&t).String(), nil
		}
		return d.path + "/" + ref.String() + "/done?act=undo", nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// sent reads a form about a record: its name, the form, and the version that was seen.
func sent(w http.ResponseWriter, r *http.Request) (id.Ref, *web.Form, int64, error) {
	ref, err := refOf(r)
	if err != nil {
		return ref, nil, 0, err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return ref, nil, 0, err
	}
	n, err := strconv.ParseInt(f.Text("_version"), 10, 64)
	if err != nil {
		n = 0
	}
	return ref, f, n, nil
}

// again shows a form once more with what was typed, or hands the error on.
func again(w http.ResponseWriter, r *http.Request, err error, v formView, f *web.Form, body func(v formView) templ.Component) error {
	at, faults, rest := web.Problems(r.Context(), err)
	if rest != nil {
		return rest
	}
	if len(faults) == 0 {
		return errors.New("association: a problem without words")
	}
	v.Faults = faults
	for i := range v.Inputs {
		in := &v.Inputs[i]
		in.Error = at[in.Name]
		if f.Has(in.Name) {
			in.Value = f.Get(in.Name)
		}
	}
	return web.Render(w, r, web.Page{Title: v.Title, Current: "association", Plain: true, Error: true, Status: http.StatusUnprocessableEntity}, body(v))
}
