package guarantee

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// standardDesk is what is done with a standard.
func (s *Service) standardDesk() *desk[Standard] {
	d := &desk[Standard]{s: s, book: s.standards, path: "/guarantee-standard", list: "/guarantee-standard", api: "guarantee-standards", key: "standard", get: s.Standard, add: s.Set, save: s.SaveStandard,
		home: func(v Standard) (id.ID, int) { return v.Unit, v.From },
		name: func(_ context.Context, v Standard) string { return v.Name },
		begin: func(ctx context.Context, u org.Unit, year int) (Standard, error) {
			f, err := s.InForce(ctx, u, year)
			v := f.Standard
			v.Unit, v.From, v.Until, v.Document, v.Name = u.ID, year, 0, "", i18n.T(ctx, "guarantee.standard_of", "Unit", u.Name)
			return v, err
		},
		inputs: standardInputs,
		typed: func(f *web.Form, v *Standard) {
			v.Name, v.Document = f.Text("name"), f.Text("document")
			v.From, v.Until = yearTyped(f, "from"), yearTyped(f, "until")
			v.Mechanisms = slices.Clone(v.Mechanisms)
			for i, m := range v.Mechanisms {
				if f.Has("m_" + m.Code) {
					v.Mechanisms[i].Name = f.Text("m_" + m.Code)
				}
			}
		},
		about: func(ctx context.Context, o one[Standard]) string {
			if i := slices.IndexFunc(o.V.Points, func(p Point) bool { return p.Code == o.Code }); i >= 0 {
				return aboutPoint(ctx, o.V.Points[i])
			}
			return ""
		},
		content: s.standardParts}
	d.acts = []act[Standard]{
		{name: "point", ask: pointInputs, do: func(ctx context.Context, o one[Standard], f sent) error {
			return s.SetPoint(ctx, o.Ref, o.N, Point{Code: o.Code, Mechanism: f.Text("mechanism"), Name: f.Text("name"), Proof: f.Text("proof"), Body: f.Text("body"), Required: f.Text("required") != "", Inclusion: f.Text("inclusion") != ""})
		}},
		{name: "drop", offered: func(one[Standard]) bool { return false }, ask: func(ctx context.Context, _ one[Standard]) ([]ui.Input, error) {
			return []ui.Input{reasonInput(ctx)}, nil
		}, do: func(ctx context.Context, o one[Standard], f sent) error {
			return s.DropPoint(ctx, o.Ref, o.N, o.Code, f.Text("reason"))
		}},
		d.edit(), d.remove(),
	}
	return d
}

// yearTyped reads a year; what is none is refused beside the input.
func yearTyped(f *web.Form, name string) int {
	if f.Text(name) == "" {
		return 0
	}
	n, err := strconv.Atoi(f.Text(name))
	if err != nil {
		f.Problems.Add(name, "guarantee.year_unfit")
	}
	return n
}

func standardInputs(ctx context.Context, _ org.Unit, v Standard, _ bool) ([]ui.Input, error) {
	until := ""
	if v.Until != 0 {
		until = strconv.Itoa(v.Until)
	}
	out := []ui.Input{{Name: "name", Label: i18n.T(ctx, "guarantee.f.name"), Value: v.Name, MaxLength: maxName},
		{Name: "from", Label: i18n.T(ctx, "guarantee.f.from"), Value: strconv.Itoa(v.From), Short: true, MaxLength: 4},
		{Name: "until", Label: i18n.T(ctx, "guarantee.f.until"), Hint: i18n.T(ctx, "guarantee.until_hint"), Value: until, Short: true, Optional: true, MaxLength: 4},
		{Name: "document", Label: i18n.T(ctx, "guarantee.f.document"), Value: v.Document, Optional: true, MaxLength: maxName}}
	for i, m := range v.Mechanisms {
		out = append(out, ui.Input{Name: "m_" + m.Code, Label: i18n.T(ctx, "guarantee.mechanism_no", "N", i+1), Value: m.Name, MaxLength: 30})
	}
	return out, nil
}

func pointInputs(ctx context.Context, o one[Standard]) ([]ui.Input, error) {
	p := Point{Body: Bodies[0]}
	if o.Code != "" {
		i := slices.IndexFunc(o.V.Points, func(p Point) bool { return p.Code == o.Code })
		if i < 0 {
			return nil, errs.New(errs.NotFound, "errs.not_found")
		}
		p = o.V.Points[i]
	}
	body, mech := ui.Input{Kind: ui.KindSelect, Name: "body", Label: i18n.T(ctx, "guarantee.f.body"), Value: p.Body}, ui.Input{Kind: ui.KindSelect, Name: "mechanism", Label: i18n.T(ctx, "guarantee.f.mechanism"), Value: p.Mechanism}
	for _, b := range Bodies {
		body.Options = append(body.Options, ui.Option{Value: b, Text: i18n.T(ctx, "guarantee.body."+b)})
	}
	for _, m := range o.V.Mechanisms {
		mech.Options = append(mech.Options, ui.Option{Value: m.Code, Text: m.Name})
	}
	yes := func(on bool) string {
		if on {
			return "yes"
		}
		return ""
	}
	return []ui.Input{{Name: "name", Label: i18n.T(ctx, "guarantee.f.point"), Value: p.Name, MaxLength: maxName}, mech, body,
		{Kind: ui.KindArea, Name: "proof", Label: i18n.T(ctx, "guarantee.f.proof"), Hint: i18n.T(ctx, "guarantee.proof_hint"), Value: p.Proof, Optional: true, Lines: 2},
		{Kind: ui.KindCheck, Name: "required", Label: i18n.T(ctx, "guarantee.is_required"), Value: yes(p.Required)}, {Kind: ui.KindCheck, Name: "inclusion", Label: i18n.T(ctx, "guarantee.is_inclusion"), Value: yes(p.Inclusion)}}, nil
}

func standardTables(ctx context.Context, ref id.Ref, v Standard, works bool) (out []record.Section) {
	for i, m := range v.Mechanisms {
		x := record.Section{ID: fmt.Sprintf("m%d", i+1), Title: m.Name, Table: ui.Table{Caption: m.Name, Columns: columns(ctx, "f.point", "f.body", "f.proof", "f.marks")}}
		for _, p := range v.Points {
			if p.Mechanism != m.Code {
				continue
			}
			name := ui.Text(p.Name)
			if works {
				name = ui.To(p.Name, standardPath(ref)+"/point?point="+url.QueryEscape(p.Code))
			}
			x.Table.Rows = append(x.Table.Rows, ui.Row{ID: p.Code, Cells: []ui.Cell{name, ui.Text(i18n.T(ctx, "guarantee.body."+p.Body)), ui.Text(p.Proof), ui.Text(marks(ctx, p))}})
			if works {
				x.Acts = append(x.Acts, ui.Button{Text: i18n.T(ctx, "guarantee.drop_point", "Name", p.Name), Href: standardPath(ref) + "/drop?point=" + url.QueryEscape(p.Code)})
			}
		}
		out = append(out, x)
	}
	return out
}

func (s *Service) standardParts(ctx context.Context, o one[Standard], works bool) (v record.Shown, err error) {
	for _, f := range standardFacts(ctx, o.V) {
		if f.Text != "" && f.Key != "guarantee.f.point" && f.Key != "guarantee.f.mechanism" && f.Key != "guarantee.f.name" {
			v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text})
		}
	}
	v.Sections = standardTables(ctx, o.Ref, o.V, works)
	return v, nil
}

// standardsPage is the standard that holds for a unit in a year, and all that were set there and above (R8, R9).
func (s *Service) standardsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, year, v, err := s.overview(r, "/guarantee-standard")
	if err != nil {
		return err
	}
	f, err := s.InForce(ctx, u, year)
	if err != nil {
		return err
	}
	list, err := s.StandardsFor(ctx, u)
	if err != nil {
		return err
	}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "guarantee.set_own"), Href: at("/guarantee-standard/new", u, year)}}
	}
	ids := []id.ID{u.ID}
	for _, x := range list {
		ids = append(ids, x.Standard.Unit)
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: i18n.T(ctx, "guarantee.standards"), Columns: columns(ctx, "f.name", "f.set_by", "f.valid")}
	for _, x := range list {
		t.Rows = append(t.Rows, ui.Row{ID: x.Ref.String(), Cells: []ui.Cell{ui.To(x.Standard.Name, standardPath(x.Ref)), ui.Text(units[x.Standard.Unit].Name), ui.Text(validWords(ctx, x.Standard))}})
	}
	v.Sections = append([]record.Section{{ID: "standards", Title: i18n.T(ctx, "guarantee.standards"), Lead: i18n.T(ctx, "guarantee.holds", "Year", year, "Name", f.Standard.Name), Table: t, Empty: i18n.T(ctx, "guarantee.standards_none")}}, standardTables(ctx, f.Ref, f.Standard, false)...)
	return show(w, r, v)
}
