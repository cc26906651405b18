package project

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// Routes are the addresses of this module.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return append([]web.Route{
		{Method: get, Path: "/project", Right: scope.View, Scope: web.ByUnit, Name: "project.list", Handler: s.listPage},
		{Method: get, Path: "/project/new", Right: scope.Work, Scope: web.ByUnit, Name: "project.new", Handler: s.newForm},
		{Method: post, Path: "/project/new", Right: scope.Work, Scope: web.ByUnit, Name: "project.report", Handler: s.newPost},
		{Method: get, Path: "/project/export", Right: scope.View, Scope: web.ByUnit, Name: "project.export", Handler: s.exportFile},
		{Method: get, Path: "/project/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "project.show", Handler: s.showPage},
		{Method: get, Path: "/project/{ref}/known", Right: scope.View, Scope: web.ByRecord, Name: "project.known", Handler: s.knownPage},
		{Method: get, Path: "/project/{ref}/done", Right: scope.View, Scope: web.ByRecord, Name: "project.done", Handler: s.donePage},
		{Method: get, Path: "/project/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "project.editForm", Handler: s.stepForm(stepEdit)},
		{Method: post, Path: "/project/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "project.edit", Handler: s.stepPost(stepEdit)},
		{Method: get, Path: "/project/{ref}/version", Right: scope.Work, Scope: web.ByRecord, Name: "project.versionForm", Handler: s.stepForm(stepVersion)},
		{Method: post, Path: "/project/{ref}/version", Right: scope.Work, Scope: web.ByRecord, Name: "project.version", Handler: s.stepPost(stepVersion)},
		{Method: get, Path: "/project/{ref}/void", Right: scope.Work, Scope: web.ByRecord, Name: "project.voidForm", Handler: s.stepForm(stepVoid)},
		{Method: post, Path: "/project/{ref}/void", Right: scope.Work, Scope: web.ByRecord, Name: "project.void", Handler: s.stepPost(stepVoid)},
		{Method: get, Path: "/project/{ref}/receipt", Right: scope.Work, Scope: web.ByRecord, Name: "project.receiptForm", Handler: s.stepForm(stepReceipt)},
		{Method: post, Path: "/project/{ref}/receipt", Right: scope.Work, Scope: web.ByRecord, Name: "project.receipt", Handler: s.stepPost(stepReceipt)},
		{Method: get, Path: "/project/{ref}/withdraw", Right: scope.Work, Scope: web.ByRecord, Name: "project.withdrawForm", Handler: s.stepForm(stepWithdraw)},
		{Method: post, Path: "/project/{ref}/withdraw", Right: scope.Work, Scope: web.ByRecord, Name: "project.withdraw", Handler: s.stepPost(stepWithdraw)},
		{Method: post, Path: "/project/{ref}/receipt/{receipt}/drop", Right: scope.Work, Scope: web.ByRecord, Name: "project.dropReceipt", Handler: s.dropPost},
		{Method: post, Path: "/project/{ref}/undo", Right: scope.Work, Scope: web.ByRecord, Name: "project.undo", Handler: s.undoPost},
	}, s.apiRoutes()...)
}

const (
	pageSize = 20
	course   = 7 // years of the trend (R200)
)

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

func filterOf(q url.Values) Filter {
	f := Filter{Kind: Kind(q.Get("kind")), Text: strings.TrimSpace(q.Get("q"))}
	if y, err := strconv.Atoi(q.Get("year")); err == nil && y > 1900 && y < 3000 {
		f.Year = y
	}
	if !slices.Contains(Kinds, f.Kind) {
		f.Kind = ""
	}
	return f
}

func address(u org.Unit, r *http.Request, pairs ...string) string {
	v := url.Values{"unit": {u.ID.String()}}
	for _, k := range []string{"day", "year", "kind", "q"} {
		if x := r.URL.Query().Get(k); x != "" {
			v.Set(k, x)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Del(pairs[i])
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return "/project?" + v.Encode()
}

// key names the row after which a page goes on.
func key(l Listed) string { return string(l.SignedOn) + "~" + l.Number }

func afterOf(key string) (day, number string) {
	day, number, _ = strings.Cut(key, "~")
	if _, err := clock.ParseDay(day); err != nil {
		return "", ""
	}
	return day, number
}

type listView struct {
	Under   string
	Acts    []ui.Button
	Lead    string
	Figures []ui.Figure
	Years   []ui.Choice
	Kinds   ui.Parts
	Trend   ui.Table
	Spark   ui.Series
	Filter  ui.FormSpec
	Fields  []ui.Input
	Open    bool
	Total   string
	Bar     []ui.Button
	Table   ui.Table
	Add     []ui.Button
	Paging  ui.Paging
}

func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	day, f := dayOf(r), filterOf(q)
	v := listView{Under: i18n.T(ctx, "project.under", "Unit", u.Name, "Day", i18n.Day(ctx, day))}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Add = []ui.Button{{Text: i18n.T(ctx, "project.add"), Href: "/project/new?unit=" + u.ID.String(), Main: true}}
		v.Acts = append(v.Add, ui.Button{Text: i18n.T(ctx, "project.import"), Href: "/import/project?unit=" + u.ID.String()},
			ui.Button{Text: i18n.T(ctx, "project.import_receipts"), Href: "/import/receipt?unit=" + u.ID.String()})
	}
	if err := s.totals(ctx, r, &v, u, day, f); err != nil {
		return err
	}
	if err := s.listRows(r, &v, u, f); err != nil {
		return err
	}
	title := i18n.T(ctx, "project.title")
	return web.Render(w, r, web.Page{Title: title, Current: "project", Crumbs: []ui.Link{{Text: title}}}, listTempl(v))
}

// totals are the figures of the year that is looked at, its kinds, and the course over the years (R200, R204, R205).
func (s *Service) totals(ctx context.Context, r *http.Request, v *listView, u org.Unit, day clock.Day, f Filter) error {
	year := f.Year
	if year == 0 {
		year = day.Year()
	}
	v.Lead = i18n.T(ctx, "project.year_lead", "Year", year)
	q := yearOf(u, year, day)
	var err error
	if v.Figures, err = s.figures(ctx, q); err != nil {
		return err
	}
	q.Figure = "project.signed"
	parts, err := s.led.ByValue(ctx, q, "kind")
	if err != nil {
		return err
	}
	v.Kinds.Label = i18n.T(ctx, "project.by_kind")
	for _, k := range Kinds {
		href := address(u, r, "kind", string(k), "year", strconv.Itoa(year))
		v.Kinds.Parts = append(v.Kinds.Parts, ui.Part{Text: kindName(ctx, k), N: parts[string(k)], Number: ui.Number(parts[string(k)]), Note: i18n.T(ctx, "project.count_unit"), Href: href})
	}
	return s.trend(ctx, r, v, u, day, f)
}

func (s *Service) trend(ctx context.Context, r *http.Request, v *listView, u org.Unit, day clock.Day, f Filter) error {
	v.Trend = ui.Table{Caption: i18n.T(ctx, "project.trend"), Columns: []ui.Column{{Text: i18n.T(ctx, "project.year")},
		{Text: i18n.T(ctx, "project.n_signed"), Label: true, Right: true}, {Text: i18n.T(ctx, "project.signed_money"), Label: true, Right: true}, {Text: i18n.T(ctx, "project.received"), Label: true, Right: true}}}
	cols := make([][]ledger.Point, len(figures))
	for i, code := range figures {
		var err error
		if cols[i], err = s.led.Course(ctx, ledger.Query{Figure: code, Unit: u.ID, Day: day}, course); err != nil {
			return err
		}
	}
	years := []ui.Link{{Text: i18n.T(ctx, "project.all_years"), Href: address(u, r, "year", ""), Current: f.Year == 0}}
	for i := len(cols[0]) - 1; i >= 0; i-- {
		y := cols[0][i].Day.Year()
		here := address(u, r, "year", strconv.Itoa(y), "kind", "", "q", "")
		if len(years) <= 3 {
			years = append(years, ui.Link{Text: i18n.T(ctx, "project.year_n", "Year", y), Href: address(u, r, "year", strconv.Itoa(y)), Current: f.Year == y})
		}
		v.Trend.Rows = append(v.Trend.Rows, ui.Row{ID: "y" + strconv.Itoa(y), Cells: []ui.Cell{ui.To(i18n.T(ctx, "project.year_n", "Year", y), here),
			ui.Num(ui.Number(cols[0][i].Int()), here), ui.Text(money(ctx, cols[1][i].Int())), ui.Text(money(ctx, cols[2][i].Int()))}})
	}
	for i, p := range cols[0] {
		v.Spark.Points = append(v.Spark.Points, ui.Point{X: int64(i), Y: p.Int()})
	}
	v.Spark.Label = i18n.T(ctx, "project.trend_label", "From", cols[0][0].Day.Year(), "N", cols[0][0].Int(), "To", day.Year(), "M", cols[0][len(cols[0])-1].Int())
	v.Spark.Start, v.Spark.End = i18n.T(ctx, "project.year_n", "Year", cols[0][0].Day.Year()), i18n.T(ctx, "project.year_n", "Year", day.Year())
	v.Years = []ui.Choice{{Label: i18n.T(ctx, "project.year"), Links: years}}
	return nil
}

func (s *Service) listRows(r *http.Request, v *listView, u org.Unit, f Filter) error {
	ctx, q := r.Context(), r.URL.Query()
	day, number := afterOf(q.Get("after"))
	p, err := s.List(ctx, u, f, day, number, pageSize)
	if err != nil {
		return err
	}
	kinds := []ui.Option{{Value: "", Text: i18n.T(ctx, "project.all")}}
	for _, k := range Kinds {
		kinds = append(kinds, ui.Option{Value: string(k), Text: kindName(ctx, k)})
	}
	year := ""
	if f.Year != 0 {
		year = strconv.Itoa(f.Year)
	}
	v.Filter = ui.FormSpec{Method: "get", Action: "/project", Submit: i18n.T(ctx, "project.find"), Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}}}
	v.Fields = []ui.Input{
		{Kind: ui.KindNumber, Name: "year", Label: i18n.T(ctx, "project.year"), Value: year, Optional: true, Short: true},
		{Kind: ui.KindSelect, Name: "kind", Label: i18n.T(ctx, "project.kind"), Value: string(f.Kind), Options: kinds},
		{Name: "q", Label: i18n.T(ctx, "project.find_text"), Value: f.Text, Optional: true},
	}
	v.Open = f.Kind != "" || f.Text != ""
	units, err := s.unitsOf(ctx, p.Contracts)
	if err != nil {
		return err
	}
	v.Total = i18n.T(ctx, "project.total", "N", ui.Number(p.Total))
	v.Bar = []ui.Button{{Text: i18n.T(ctx, "project.export_xlsx"), Href: "/project/export?format=xlsx&unit=" + u.ID.String()},
		{Text: i18n.T(ctx, "project.export_csv"), Href: "/project/export?format=csv&unit=" + u.ID.String()},
		{Text: i18n.T(ctx, "project.export_receipts"), Href: "/export/receipt?format=xlsx&unit=" + u.ID.String()}}
	v.Table = ui.Table{Caption: i18n.T(ctx, "project.title"), Columns: []ui.Column{{Text: i18n.T(ctx, "project.title_of")}, {Text: i18n.T(ctx, "project.unit"), Label: true},
		{Text: i18n.T(ctx, "project.kind"), Label: true}, {Text: i18n.T(ctx, "project.signed_on"), Label: true}, {Text: i18n.T(ctx, "project.amount"), Label: true, Right: true},
		{Text: i18n.T(ctx, "project.received"), Label: true, Right: true}, {Text: i18n.T(ctx, "project.status")}}}
	for _, c := range p.Contracts {
		name := ui.To(c.Name(), "/project/"+c.Ref().String())
		name.Sub = c.Number
		who := ui.Text(units[c.Unit].Name)
		if c.Reporters > 1 {
			who.Sub = i18n.T(ctx, "project.and_others", "N", c.Reporters-1)
		}
		m := mark(ctx, c.Status)
		v.Table.Rows = append(v.Table.Rows, ui.Row{ID: c.Ref().String(), Cells: []ui.Cell{name, who, ui.Text(kindName(ctx, c.Kind)), ui.Text(string(c.SignedOn)),
			ui.Text(money(ctx, c.AmountFen)), ui.Text(money(ctx, c.Received)), ui.State(m.Text, m.Kind)}})
	}
	v.Paging = ui.Paging{Here: len(p.Contracts), Rest: p.Rest}
	if p.Rest > 0 {
		v.Paging.Next = address(u, r, "after", key(p.Contracts[len(p.Contracts)-1]))
	}
	if q.Get("after") != "" {
		v.Paging.First = address(u, r)
	}
	return nil
}

func mark(ctx context.Context, st Status) ui.Mark {
	if st == Void {
		return ui.Mark{Text: i18n.T(ctx, "project.status.void"), Kind: "w"}
	}
	return ui.Mark{Text: i18n.T(ctx, "project.status.signed"), Kind: "p"}
}

type showView struct {
	Known    string // address of what was said before
	Heading  ui.Heading
	Counted  string
	Figures  []ui.Figure
	Facts    []ui.Fact
	Reports  ui.Table
	Differ   string
	Receipts ui.Table
	Received string
	Receive  string            // address of the form; "" for readers
	Boxes    []templ.Component // of other modules
	Timeline []ui.Change
}

func (s *Service) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	c, _, err := s.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.book.KnownPage(w, r, ref, ui.Link{Text: c.Name(), Href: "/project/" + ref.String()}, "project")
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	c, ver, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	units, err := s.org.ByIDs(ctx, c.Units())
	if err != nil {
		return err
	}
	d, here := c.Deciding(), "/project/"+ref.String()
	v := showView{Known: here + "/known"}
	v.Heading = ui.Heading{Title: c.Name(), Under: i18n.T(ctx, "project.number_n", "Number", c.Number), Tags: []ui.Mark{mark(ctx, d.Status), {Text: kindName(ctx, d.Kind)}}}
	work := s.keeps(ctx, c)
	if work {
		v.Receive = here + "/receipt"
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "project.receive"), Href: here + "/receipt", Main: true}, {Text: i18n.T(ctx, "project.edit"), Href: here + "/edit"}, {Text: i18n.T(ctx, "project.amend"), Href: here + "/version"}}
		if d.Status == Signed {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "project.void"), Href: here + "/void"})
		}
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: i18n.T(ctx, "project.step.withdraw"), Href: here + "/withdraw"})
	}
	counted := "project.counted." + string(d.Status)
	if d.Status == Signed && len(units) == 1 {
		counted = "project.counted.signed_alone" // nothing to explain when nobody else reports it
	}
	v.Counted = i18n.T(ctx, counted, "Year", d.SignedOn.Year(), "N", len(units))
	n, unit := ui.Money(i18n.Lang(ctx), d.AmountFen)
	got, gotUnit := ui.Money(i18n.Lang(ctx), c.Received())
	v.Figures = []ui.Figure{{Number: n, Unit: unit, Label: i18n.T(ctx, "project.signed_money")}, {Number: got, Unit: gotUnit, Label: i18n.T(ctx, "project.received")}}
	v.Facts = s.factList(ctx, c, units[c.Home()])
	v.Reports, v.Differ = reportTable(ctx, c, units)
	v.Receipts = receiptTable(ctx, c, here, ver.N, work)
	if v.Boxes, err = s.boxes(ctx, ref, c); err != nil {
		return err
	}
	v.Received = i18n.T(ctx, "project.receipts_lead", "Received", money(ctx, c.Received()), "Signed", money(ctx, d.AmountFen))
	if v.Timeline, err = s.book.Timeline(ctx, ref, here+"/undo"); err != nil {
		return err
	}
	p := web.Page{Title: c.Name(), Current: "project", Crumbs: []ui.Link{{Text: i18n.T(ctx, "project.title"), Href: "/project?unit=" + c.Home().String()}, {Text: c.Name()}}}
	return web.Render(w, r, p, showTempl(v))
}

func (s *Service) factList(ctx context.Context, c Contract, home org.Unit) []ui.Fact {
	var out []ui.Fact
	for _, f := range s.facts(ctx, c) {
		if f.Text == "" || f.Key == "project.title_of" || f.Key == "project.received" {
			continue
		}
		fact := ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text}
		if f.Key == "project.reporters" && len(c.Units()) == 1 {
			fact.Href = "/unit/" + home.ID.String()
		}
		out = append(out, fact)
	}
	return out
}

// reportTable shows who reported what; the version that decides is marked, and whoever tells that version otherwise is
// said below.
func reportTable(ctx context.Context, c Contract, units map[id.ID]org.Unit) (ui.Table, string) {
	t := ui.Table{Caption: i18n.T(ctx, "project.versions"), Columns: []ui.Column{{Text: i18n.T(ctx, "project.unit")}, {Text: i18n.T(ctx, "project.version"), Label: true},
		{Text: i18n.T(ctx, "project.signed_on"), Label: true}, {Text: i18n.T(ctx, "project.amount"), Label: true, Right: true}, {Text: i18n.T(ctx, "project.status"), Label: true},
		{Text: i18n.T(ctx, "project.reason"), Label: true}, {Text: i18n.T(ctx, "project.decides")}}}
	d := c.Deciding()
	list := slices.Clone(c.Reports)
	slices.SortStableFunc(list, func(a, b Report) int { return int(b.Version - a.Version) })
	differ := ""
	for _, r := range list {
		last := ui.Text("")
		switch {
		case r == d:
			last = ui.State(i18n.T(ctx, "project.decides_yes"), "p")
		case r.Version == d.Version && (r.AmountFen != d.AmountFen || r.SignedOn != d.SignedOn || r.Status != d.Status):
			last = ui.State(i18n.T(ctx, "project.decides_differs"), "w")
			differ = i18n.T(ctx, "project.differs", "Unit", units[r.Unit].Name, "Version", r.Version, "Other", units[d.Unit].Name)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.To(units[r.Unit].Name, "/unit/"+r.Unit.String()), ui.Text(i18n.T(ctx, "project.version_n", "N", r.Version)),
			ui.Text(i18n.Day(ctx, r.SignedOn)), ui.Text(money(ctx, r.AmountFen)), ui.Text(mark(ctx, r.Status).Text), ui.Text(r.Reason), last}})
	}
	return t, differ
}

func receiptTable(ctx context.Context, c Contract, here string, version int64, work bool) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "project.receipts"), Columns: []ui.Column{{Text: i18n.T(ctx, "project.receipt_day")}, {Text: i18n.T(ctx, "project.receipt_amount"), Label: true, Right: true},
		{Text: i18n.T(ctx, "project.receipt_from"), Label: true}, {Text: i18n.T(ctx, "project.receipt_document"), Label: true}}}
	if work {
		t.Columns = append(t.Columns, ui.Column{Text: i18n.T(ctx, "project.do")})
	}
	list := slices.Clone(c.Receipts)
	slices.SortStableFunc(list, func(a, b Receipt) int { return strings.Compare(string(a.Day), string(b.Day)) })
	for _, x := range list {
		cells := []ui.Cell{ui.Text(string(x.Day)), ui.Text(money(ctx, x.AmountFen)), ui.Text(x.From), ui.Text(x.Document)}
		cells[3].Sub = x.Note
		if work {
			cells = append(cells, ui.Cell{Post: &ui.Post{Text: i18n.T(ctx, "project.drop_receipt"), Sub: string(x.Day), Action: here + "/receipt/" + x.ID.String() + "/drop", Key: web.NewKey(),
				Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}}})
		}
		t.Rows = append(t.Rows, ui.Row{ID: x.ID.String(), Cells: cells})
	}
	return t
}

func (s *Service) exportFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	title := i18n.T(ctx, "project.title")
	var b bytes.Buffer
	if err := s.rec.Export(ctx, &b, "project", format, u.ID, title); err != nil {
		return err
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(u.Name+title+"."+format))
	_, err = w.Write(b.Bytes())
	return err
}
