package ledger

import (
	"bytes"
	"context"
	"net/http"
	"slices"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

const (
	pageRows = 20
	// printRows bounds the page for printing; longer lists are for tables.
	printRows = 5000
	// mostParts is how many parts the opening account of a list may have.
	mostParts = 12
)

type evidenceView struct {
	number, unit, label string
	caption             string
	missing             string
	filters             []ui.Choice
	parts               *partsView
	counted             []ui.Link
	left                []ui.Link
	leftTitle           string
	choose              *ui.FormSpec
	selects             []ui.Input
	bar                 string
	acts                []ui.Button
	table               ui.Table
	paging              *ui.Paging
	more                []ui.Link
}

func (s *Service) evidencePage(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), i18n.Lang(r.Context())
	q, err := s.read(r, r.PathValue("code"))
	if err != nil {
		return err
	}
	if f := r.URL.Query().Get("format"); f != "" {
		return s.download(w, r, q, f)
	}
	after, limit := r.URL.Query().Get("after"), pageRows
	if r.URL.Query().Get("all") != "" {
		after, limit = "", printRows
	}
	v := evidenceView{label: q.def.Name.In(lang), caption: q.caption(ctx)}
	var crumbs []ui.Link
	err = s.snapshot(ctx, func(ctx context.Context) error {
		whole, err := s.Ask(ctx, q.Query)
		if err != nil {
			return err
		}
		v.number, v.unit = Number(ctx, q.def, whole.Amount)
		v.missing = s.whyMissing(ctx, q, whole)
		if err := s.list(ctx, q, after, limit, &v); err != nil {
			return err
		}
		if v.parts, err = s.opening(ctx, q, whole); err != nil {
			return err
		}
		if err := s.explain(ctx, q, &v); err != nil {
			return err
		}
		if err := s.selects(ctx, q, &v); err != nil {
			return err
		}
		crumbs, err = s.crumbs(ctx, q, ui.Link{Text: v.label, Href: q.figureHref()}, ui.Link{Text: i18n.T(ctx, "ledger.list")})
		return err
	})
	if err != nil {
		return err
	}
	v.more = []ui.Link{
		{Text: i18n.T(ctx, "ledger.see_figure"), Href: q.figureHref(), Sub: i18n.T(ctx, "ledger.see_figure_why")},
		{Text: i18n.T(ctx, "ledger.said_before"), Href: address("/figure/"+q.Figure+"/known", q.values("known", "")), Sub: i18n.T(ctx, "ledger.said_before_why")},
	}
	title := i18n.T(ctx, "ledger.list_title", "Value", v.number+v.unit, "Figure", v.label)
	return web.Render(w, r, web.Page{Title: title, Crumbs: crumbs, Current: "ledger"}, evidenceBody(v))
}

// list reads a page of records, says how many there are in all and what they sum to.
func (s *Service) list(ctx context.Context, q question, after string, limit int, v *evidenceView) error {
	list, err := s.Evidence(ctx, q.Query, after, limit)
	if err != nil {
		return err
	}
	n, sum, err := s.length(ctx, q.Query, "")
	if err != nil {
		return err
	}
	def := q.def
	if def.Kind == Derived { // the list is its numerator's
		if def, err = s.Figure(def.Numerator); err != nil {
			return err
		}
	}
	v.bar = i18n.T(ctx, "ledger.list_sum", "N", ui.Number(n), "Sum", exact(ctx, def, sum))
	v.table = s.rows(ctx, q, def, list.Items)
	v.acts = []ui.Button{
		{Text: i18n.T(ctx, "ledger.export_xlsx"), Href: q.evidenceHref("format", table.XLSX)},
		{Text: i18n.T(ctx, "ledger.export_csv"), Href: q.evidenceHref("format", table.CSV)},
	}
	if limit == pageRows && n > pageRows && n <= printRows {
		v.acts = append(v.acts, ui.Button{Text: i18n.T(ctx, "ledger.print_all"), Href: q.evidenceHref("all", "1")})
	}
	v.acts = append(v.acts, ui.Button{Text: i18n.T(ctx, "ledger.for_programs"), Href: q.evidenceHref("format", "json")})
	if n <= int64(limit) && after == "" {
		return nil
	}
	v.paging = &ui.Paging{Here: len(list.Items)}
	if after != "" {
		v.paging.First = q.evidenceHref()
	}
	if list.Next != "" {
		if v.paging.Rest, _, err = s.length(ctx, q.Query, list.Next); err != nil {
			return err
		}
		v.paging.Next = q.evidenceHref("after", list.Next)
	}
	return nil
}

// rows shows records with their unit, day and, of money, their amount.
func (s *Service) rows(ctx context.Context, q question, def Definition, items []Item) ui.Table {
	t := ui.Table{Caption: def.Name.In(i18n.Lang(ctx)), Columns: []ui.Column{{Text: i18n.T(ctx, "ledger.name"), Block: true},
		{Text: i18n.T(ctx, "ledger.code")}, {Text: i18n.T(ctx, "ledger.unit")}, {Text: i18n.T(ctx, "ledger.day")}}}
	amounts := def.Unit == "fen" || slices.ContainsFunc(items, func(it Item) bool { return it.Amount != 1 })
	if amounts {
		t.Columns = append(t.Columns, ui.Column{Text: i18n.T(ctx, "ledger.amount"), Right: true})
	}
	for _, it := range items {
		name := ui.To(or(or(it.Name, it.Code), it.Rec.String()), it.Href)
		if it.Value != "" {
			of := q.about(s, def.DistinctOf)
			name.Href = of.partHref(def.DistinctBy, it.Value)
		}
		for i, d := range it.Detail {
			if i > 0 {
				name.Sub += i18n.T(ctx, "ledger.comma")
			}
			name.Sub += d
		}
		row := ui.Row{Cells: []ui.Cell{name, ui.Text(it.Code), ui.Text(it.UnitName), ui.Text(string(it.Day))}}
		if amounts {
			row.Cells = append(row.Cells, ui.Text(exact(ctx, def, it.Amount)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// opening is how the number is put together: by the highest level of plaques when the records have one, else by the
// first breakdown that is not asked for already.
func (s *Service) opening(ctx context.Context, q question, whole Value) (*partsView, error) {
	if q.def.Kind == Distinct || q.def.Kind == Derived {
		return nil, nil
	}
	order := slices.Clone(q.def.Breakdowns)
	if i := slices.Index(order, "top_level"); i > 0 {
		order[0], order[i] = order[i], order[0]
	}
	for _, b := range order {
		if _, asked := q.Where[b]; asked {
			continue
		}
		p, err := s.parts(ctx, q, b, whole)
		if err != nil || p == nil || len(p.parts) > mostParts {
			return nil, err
		}
		if p.share != nil { // an account, also of two parts: here it is about the sum
			p.share, p.total = nil, ui.Part{Text: i18n.T(ctx, "ledger.total"), Number: joined(ctx, q.def, whole.Amount)}
			if q.def.Unit != "fen" {
				p.total.Number, _ = Number(ctx, q.def, whole.Amount)
			} else {
				for i := range p.parts {
					p.parts[i].Number = joined(ctx, q.def, &p.parts[i].N)
				}
			}
		}
		return p, nil
	}
	return nil, nil
}

// explain says what was counted, and lists what was not.
func (s *Service) explain(ctx context.Context, q question, v *evidenceView) error {
	lang := i18n.Lang(ctx)
	v.counted = []ui.Link{{Text: q.def.Sentence.In(lang)}, {Text: i18n.T(ctx, "ledger.counted_unit", "Unit", q.unit.Name)}}
	n := q.normal()
	if q.eventful {
		v.counted = append(v.counted, ui.Link{Text: i18n.T(ctx, "ledger.counted_period", "From", i18n.Day(ctx, n.From), "To", i18n.Day(ctx, n.To))})
	} else {
		v.counted = append(v.counted, ui.Link{Text: i18n.T(ctx, "ledger.counted_day", "Day", i18n.Day(ctx, q.Day))})
	}
	if q.def.Kind == Derived {
		num := q.about(s, q.def.Numerator)
		v.counted = append(v.counted, ui.Link{Text: i18n.T(ctx, "ledger.counted_numerator", "Figure", num.def.Name.In(lang)), Href: num.evidenceHref()})
	}
	left, err := s.LeftOut(ctx, q.Query)
	if err != nil {
		return err
	}
	for _, l := range left.Rows {
		v.left = append(v.left, ui.Link{Text: or(l.Name, l.Code), Href: l.Href, Sub: i18n.T(ctx, "ledger.left_reason", "Reason", l.Reason)})
	}
	if left.More > 0 {
		v.left = append(v.left, ui.Link{Text: i18n.T(ctx, "ledger.left_more", "N", ui.Number(int64(left.More)))})
	}
	if left.Cut {
		v.left = append(v.left, ui.Link{Text: i18n.T(ctx, "ledger.left_cut", "N", ui.Number(mostLooked))})
	}
	v.leftTitle = i18n.T(ctx, "ledger.left_out", "N", ui.Number(int64(len(left.Rows)+left.More)))
	return nil
}

// selects offer the values of the breakdowns, with their counts; values in force can be taken away.
func (s *Service) selects(ctx context.Context, q question, v *evidenceView) error {
	free := q
	free.Where = nil
	if q.def.Kind == Derived || q.def.Kind == Distinct || len(q.def.Breakdowns) == 0 {
		return nil
	}
	form := ui.FormSpec{Action: "/evidence/" + q.Figure, Method: "get", Submit: i18n.T(ctx, "ledger.filter"),
		More: []ui.Button{{Text: i18n.T(ctx, "ledger.filter_clear"), Href: free.evidenceHref()}}}
	for name, vs := range free.values() {
		form.Hidden = append(form.Hidden, ui.Pair{Name: name, Value: vs[0]})
	}
	slices.SortFunc(form.Hidden, func(a, b ui.Pair) int { return bytes.Compare([]byte(a.Name), []byte(b.Name)) })
	for _, b := range q.def.Breakdowns {
		if slices.Contains(reserved, b) {
			continue
		}
		by, err := s.ByValue(ctx, free.Query, b)
		if err != nil {
			return err
		}
		in := ui.Input{Kind: ui.KindSelect, Name: b, Label: breakdownName(ctx, b),
			Options: []ui.Option{{Text: i18n.T(ctx, "ledger.all")}}}
		for _, value := range byAmount(by) {
			n := by[value]
			in.Options = append(in.Options, ui.Option{Value: or(value, noValue),
				Text: i18n.T(ctx, "ledger.value_count", "Name", s.valueName(ctx, q.def.Record, b, value), "Number", joined(ctx, q.def, &n))})
		}
		if w, asked := q.Where[b]; asked {
			in.Value = or(w, noValue)
			v.filters = append(v.filters, ui.Choice{Label: in.Label, Links: []ui.Link{
				{Text: i18n.T(ctx, "ledger.all"), Href: q.evidenceHref(b, "")},
				{Text: s.valueName(ctx, q.def.Record, b, w), Href: q.evidenceHref(), Current: true}}})
		}
		v.selects = append(v.selects, in)
	}
	v.choose = &form
	return nil
}

// download writes the whole list; an unknown format looks like any other address that is not there.
func (s *Service) download(w http.ResponseWriter, r *http.Request, q question, format string) error {
	kind := "application/json; charset=utf-8"
	switch format {
	case table.CSV, table.XLSX:
		kind = table.ContentType(format)
	case "json":
	default:
		return errs.New(errs.NotFound, "ledger.no_format")
	}
	var b bytes.Buffer // whole or not at all
	if err := s.WriteEvidence(r.Context(), &b, q.Query, format); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	if format != "json" {
		h.Set("Content-Disposition", `attachment; filename="`+q.Figure+"-"+string(q.Day)+"."+format+`"`)
	}
	_, err := w.Write(b.Bytes())
	return err
}
