package guarantee

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// yearDesk is what is done with a unit's year.
func (s *Service) yearDesk() *desk[Year] {
	d := &desk[Year]{s: s, book: s.years, path: "/guarantee", list: "/guarantee", api: "guarantees", key: Kind, get: s.Get, add: s.Begin, save: s.SaveYear,
		home:    func(y Year) (id.ID, int) { return y.Unit, y.Year },
		name:    func(ctx context.Context, y Year) string { return i18n.T(ctx, "guarantee.year_of", "Year", y.Year) },
		begin:   func(_ context.Context, u org.Unit, year int) (Year, error) { return Year{Unit: u.ID, Year: year}, nil },
		inputs:  s.beginInputs,
		typed:   func(f *web.Form, y *Year) { y.Carry = f.Text("carry") != "" },
		content: s.yearParts,
		files:   Year.files,
		about: func(ctx context.Context, o one[Year]) string {
			if i := find(o.V.Points, o.Code); i >= 0 {
				return aboutPoint(ctx, o.V.Points[i].Point)
			}
			return ""
		},
		undone: func(ctx context.Context, y Year) error {
			list, err := s.store.ofUnits(ctx, []id.ID{y.Unit}, scope.All, y.Year)
			if err == nil && len(list) > 1 {
				err = errs.New(errs.Conflict, "guarantee.year_taken", "Year", y.Year)
			}
			return err
		},
	}
	d.acts = []act[Year]{
		{name: "point", file: true, offered: func(one[Year]) bool { return false }, ask: s.heldInputs, do: func(ctx context.Context, o one[Year], f sent) error {
			h := Held{Since: f.Day("since"), By: f.Text("by"), Doc: docTyped(f.Form), Paper: paperTyped(f.Form), Note: f.Text("note"), Files: f.files}
			h.Code = o.Code
			return s.Hold(ctx, o.Ref, o.N, h, record.Change{})
		}},
		{name: "confirm", offered: func(o one[Year]) bool {
			return slices.ContainsFunc(o.V.Points, func(h Held) bool { return h.ToConfirm })
		}, ask: confirmInputs, do: func(ctx context.Context, o one[Year], f sent) error {
			return s.Confirm(ctx, o.Ref, o.N, f.Values["points"])
		}},
		{name: "clear", offered: func(one[Year]) bool { return false }, ask: func(ctx context.Context, o one[Year]) ([]ui.Input, error) {
			if find(o.V.Points, o.Code) < 0 {
				return nil, errs.New(errs.NotFound, "errs.not_found")
			}
			return []ui.Input{reasonInput(ctx)}, nil
		}, do: func(ctx context.Context, o one[Year], f sent) error {
			return s.Clear(ctx, o.Ref, o.N, o.Code, f.Text("reason"))
		}},
		{name: "renew", ask: func(context.Context, one[Year]) ([]ui.Input, error) { return nil, nil }, do: func(ctx context.Context, o one[Year], _ sent) error { return s.Renew(ctx, o.Ref, o.N) }},
		d.remove(),
	}
	return d
}

// aboutPoint says which point a form is about, and what usually proves it.
func aboutPoint(ctx context.Context, p Point) string {
	if p.Proof == "" {
		return p.Name
	}
	return i18n.T(ctx, "guarantee.about_point", "Name", p.Name, "Proof", p.Proof)
}

// beginInputs ask whether last year's points are to be taken over.
func (s *Service) beginInputs(ctx context.Context, u org.Unit, y Year, _ bool) ([]ui.Input, error) {
	had, err := s.YearOf(ctx, u.ID, y.Year-1)
	if err != nil || had == nil {
		return nil, err
	}
	return []ui.Input{{Kind: ui.KindCheck, Name: "carry", Value: "yes", Label: i18n.T(ctx, "guarantee.carry", "Year", y.Year-1), Hint: i18n.T(ctx, "guarantee.carry_hint")}}, nil
}

func (s *Service) heldInputs(ctx context.Context, o one[Year]) ([]ui.Input, error) {
	i := find(o.V.Points, o.Code)
	if i < 0 {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	h := o.V.Points[i]
	by := h.By
	if by == "" {
		by = i18n.T(ctx, "guarantee.body."+h.Body)
	}
	since := dayInput(ctx, "since", "guarantee.f.since", h.Since)
	paper, err := s.paperInput(ctx, o.Unit, h.Paper)
	if err != nil {
		return nil, err
	}
	out := append([]ui.Input{since, {Name: "by", Label: i18n.T(ctx, "guarantee.f.by"), Hint: i18n.T(ctx, "guarantee.by_hint"), Value: by, MaxLength: maxName}}, paper...)
	out = append(out, docInputs(ctx, h.Doc)...)
	return append(out, ui.Input{Kind: ui.KindArea, Name: "note", Label: i18n.T(ctx, "guarantee.f.note"), Value: h.Note, Optional: true, Lines: 2}), nil
}

// paperInput offers the documents that came down the tree, and their obligations; none when there are none.
func (s *Service) paperInput(ctx context.Context, u org.Unit, was Cited) ([]ui.Input, error) {
	list, err := s.papers(ctx, u)
	if err != nil || len(list) == 0 && was.Ref == (id.Ref{}) {
		return nil, err
	}
	in := ui.Input{Kind: ui.KindSelect, Name: "paper", Label: i18n.T(ctx, "guarantee.f.paper"), Hint: i18n.T(ctx, "guarantee.paper_hint"), Optional: true, Value: paperValue(was.Ref, was.No), Options: []ui.Option{{Text: i18n.T(ctx, "guarantee.paper_none")}}}
	found := was.Ref == (id.Ref{})
	for _, p := range list {
		found = found || p.Ref == was.Ref && p.No == was.No
		in.Options = append(in.Options, ui.Option{Value: paperValue(p.Ref, p.No), Text: paperWords(ctx, Cited{Title: p.Title, No: p.No, Text: p.Text})})
	}
	if !found { // it has been withdrawn since
		in.Options = append(in.Options, ui.Option{Value: in.Value, Text: paperWords(ctx, was)})
	}
	return []ui.Input{in}, nil
}

func paperWords(ctx context.Context, c Cited) string {
	if c.No == 0 {
		return c.Title
	}
	return i18n.T(ctx, "guarantee.paper_obligation", "Title", c.Title, "N", c.No, "Text", c.Text)
}

func paperValue(ref id.Ref, no int) string {
	if ref == (id.Ref{}) {
		return ""
	}
	return fmt.Sprintf("%s.%d", ref, no)
}

func paperTyped(f *web.Form) Cited {
	text, no, _ := strings.Cut(f.Text("paper"), ".")
	ref, err := id.ParseRef(text)
	if err != nil {
		return Cited{}
	}
	n, _ := strconv.Atoi(no) // anything else is no obligation's number
	return Cited{Ref: ref, No: n}
}

func paperPath(c Cited) string { return "/notice/" + c.Ref.String() }

func confirmInputs(ctx context.Context, o one[Year]) ([]ui.Input, error) {
	in := ui.Input{Kind: ui.KindChecks, Name: "points", Label: i18n.T(ctx, "guarantee.still")}
	for _, h := range o.V.Points {
		if h.ToConfirm {
			in.Options = append(in.Options, ui.Option{Value: h.Code, Text: h.Name, Sub: proof(ctx, h)})
		}
	}
	return []ui.Input{in}, nil
}

// listPage is a year seen from a unit: its own gaps first, then the units right below it by what they have (R6, R8).
func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, year, v, err := s.overview(r, "/guarantee", "guarantee.counties_full", "guarantee.counties_below", "guarantee.counties_assessed", "guarantee.counties_unassessed", "guarantee.inclusion_share")
	if err != nil {
		return err
	}
	day := asOf(ctx, year)
	own, below, err := s.Score(ctx, u, year, day, "")
	if err != nil {
		return err
	}
	works := scope.From(ctx).May(scope.Work, u.Pos)
	x := record.Section{ID: "own", Title: i18n.T(ctx, "guarantee.own", "Unit", u.Name), Lead: i18n.T(ctx, "guarantee.score", "Have", own.Have, "Of", own.Of)}
	if own.Ref == (id.Ref{}) {
		x.Lead, x.Empty = "", i18n.T(ctx, "guarantee.not_begun")
		if works {
			v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "guarantee.new.guarantee", "Year", year), Href: at("/guarantee/new", u, year), Main: true}}
		}
	} else {
		y, _, err := s.Get(ctx, own.Ref)
		if err != nil {
			return err
		}
		x.Table = s.pointTable(ctx, own.Ref, y, y.Gaps(day), works, i18n.T(ctx, "guarantee.gaps"))
		x.Empty = i18n.T(ctx, "guarantee.no_gaps")
		x.Acts = []ui.Button{{Text: i18n.T(ctx, "guarantee.see_year"), Href: path(own.Ref)}}
	}
	v.Sections = append(v.Sections, x)
	if len(below) > 0 {
		slices.SortStableFunc(below, func(a, b Scored) int { return (a.Have - a.Of) - (b.Have - b.Of) })
		t := ui.Table{Caption: i18n.T(ctx, "guarantee.below"), Columns: columns(ctx, "f.unit", ">n_have", ">n_gaps", "f.state")}
		short := 0
		for _, b := range below {
			t.Rows = append(t.Rows, scoreRow(ctx, b, year))
			if b.Have < b.Of {
				short++
			}
		}
		v.Sections = append(v.Sections, record.Section{ID: "below", Title: i18n.T(ctx, "guarantee.below"), Lead: i18n.T(ctx, "guarantee.below_lead", "Short", short, "Of", len(below)), Table: t})
		f, err := s.InForce(ctx, u, year)
		if err != nil {
			return err
		}
		p := record.Section{ID: "points", Title: i18n.T(ctx, "guarantee.by_point"), Lead: i18n.T(ctx, "guarantee.by_point_lead")}
		for _, m := range f.Standard.Mechanisms {
			for _, q := range f.Standard.Points {
				if q.Mechanism == m.Code {
					p.Facts = append(p.Facts, ui.Fact{Label: m.Name, Text: q.Name, Href: at("/guarantee/point", u, year, "point", q.Code)})
				}
			}
		}
		v.Sections = append(v.Sections, p)
	}
	last := &v.Sections[len(v.Sections)-1]
	last.Acts = append(last.Acts, tables(ctx, u, year, "/guarantee", Kind)...)
	return show(w, r, v)
}

func scoreRow(ctx context.Context, b Scored, year int) ui.Row {
	href := at("/guarantee", org.Unit{ID: b.Unit}, year)
	state := ui.State(i18n.T(ctx, "guarantee.state.full"), "p")
	switch {
	case b.Ref == (id.Ref{}):
		state = ui.State(i18n.T(ctx, "guarantee.state.none"), "w")
	case b.Have < b.Of:
		state = ui.State(i18n.T(ctx, "guarantee.state.gaps"), "w")
	}
	if b.Ref != (id.Ref{}) {
		href = path(b.Ref)
	}
	return ui.Row{ID: b.Unit.String(), Bad: b.Have < b.Of, Cells: []ui.Cell{ui.To(b.Name, href), ui.Num(fmt.Sprintf("%d/%d", b.Have, b.Of), href), ui.Num(ui.Number(int64(b.Gaps)), href), state}}
}

// pointPage says which of the units right below have a point and which have not, by name (R14).
func (s *Service) pointPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, year, v, err := s.overview(r, "/guarantee")
	if err != nil {
		return err
	}
	code, day := r.URL.Query().Get("point"), asOf(ctx, year)
	f, err := s.InForce(ctx, u, year)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(f.Standard.Points, func(p Point) bool { return p.Code == code })
	if i < 0 {
		i, code = 0, f.Standard.Points[0].Code
	}
	p := f.Standard.Points[i]
	_, below, err := s.Score(ctx, u, year, day, code)
	if err != nil {
		return err
	}
	have := ui.Table{Caption: i18n.T(ctx, "guarantee.have"), Columns: columns(ctx, "f.unit", "f.since", "f.by", "f.proof")}
	lack := ui.Table{Caption: i18n.T(ctx, "guarantee.lack"), Columns: columns(ctx, "f.unit", "f.state")}
	for _, b := range below {
		href := at("/guarantee", org.Unit{ID: b.Unit}, year)
		if b.Ref != (id.Ref{}) {
			href = path(b.Ref)
		}
		switch {
		case b.Point != nil && b.Point.In(day):
			have.Rows = append(have.Rows, ui.Row{ID: b.Unit.String(), Cells: []ui.Cell{ui.To(b.Name, href), ui.Text(i18n.Day(ctx, b.Point.Since)), ui.Text(b.Point.By), ui.Text(proof(ctx, *b.Point))}})
		case b.Point != nil && b.Point.ToConfirm:
			lack.Rows = append(lack.Rows, ui.Row{ID: b.Unit.String(), Cells: []ui.Cell{ui.To(b.Name, href), ui.Text(i18n.T(ctx, "guarantee.to_confirm"))}})
		case b.Ref == (id.Ref{}):
			lack.Rows = append(lack.Rows, ui.Row{ID: b.Unit.String(), Cells: []ui.Cell{ui.To(b.Name, href), ui.Text(i18n.T(ctx, "guarantee.state.none"))}})
		default:
			lack.Rows = append(lack.Rows, ui.Row{ID: b.Unit.String(), Cells: []ui.Cell{ui.To(b.Name, href), ui.Text(i18n.T(ctx, "guarantee.missing"))}})
		}
	}
	v.Heading.Title = p.Name
	v.Sections = []record.Section{
		{ID: "lack", Title: i18n.T(ctx, "guarantee.lack"), Lead: i18n.T(ctx, "guarantee.counted", "Have", len(have.Rows), "Of", len(below)), Table: lack, Empty: i18n.T(ctx, "guarantee.lack_none")},
		{ID: "have", Title: i18n.T(ctx, "guarantee.have"), Table: have, Empty: i18n.T(ctx, "guarantee.have_none")}}
	return web.Render(w, r, web.Page{Title: p.Name, Current: Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "guarantee.view.guarantee"), Href: at("/guarantee", u, year)}, {Text: p.Name}}}, record.OverviewBody(v))
}

// pointTable lists points of a year: what it is, who has to do it, what shows it.
func (s *Service) pointTable(ctx context.Context, ref id.Ref, y Year, points []Held, works bool, caption string) ui.Table {
	t := ui.Table{Caption: caption, Columns: columns(ctx, "f.point", "f.mechanism", "f.by", "f.proof", "f.state")}
	today := clock.Today(ctx)
	names := map[string]string{}
	for _, m := range y.Mechanisms {
		names[m.Code] = m.Name
	}
	for _, h := range points {
		point := ui.Text(h.Name)
		if works {
			point = ui.To(h.Name, path(ref)+"/point?point="+url.QueryEscape(h.Code))
		}
		point.Sub = marks(ctx, h.Point)
		by, shows := ui.Text(h.By), ui.Text(h.Proof)
		if h.By == "" {
			by = ui.Text(i18n.T(ctx, "guarantee.body."+h.Body))
		}
		if h.Since != clock.Open {
			shows = ui.Text(proof(ctx, h))
			if len(h.Files) > 0 {
				shows = ui.To(proof(ctx, h), path(ref)+"/file/"+h.Files[0].Hash)
			} else if h.Paper.Ref != (id.Ref{}) {
				shows = ui.To(proof(ctx, h), paperPath(h.Paper))
			}
			if h.Paper.No > 0 {
				shows.Sub = paperWords(ctx, h.Paper)
			}
		}
		state := ui.State(i18n.T(ctx, "guarantee.missing"), "-")
		switch {
		case h.In(today):
			state = ui.State(i18n.T(ctx, "guarantee.since", "Day", i18n.Day(ctx, h.Since)), "p")
		case h.ToConfirm:
			state = ui.State(i18n.T(ctx, "guarantee.to_confirm"), "w")
		case h.Required:
			state = ui.State(i18n.T(ctx, "guarantee.missing"), "w")
		}
		t.Rows = append(t.Rows, ui.Row{ID: h.Code, Bad: h.Required && !h.In(today), Cells: []ui.Cell{point, ui.Text(names[h.Mechanism]), by, shows, state}})
	}
	return t
}

// yearParts is a year: gaps first, then what is there; the mechanisms with what each still needs.
func (s *Service) yearParts(ctx context.Context, o one[Year], works bool) (v record.Shown, err error) {
	y, day := o.V, asOf(ctx, o.V.Year)
	f, err := s.InForce(ctx, o.Unit, y.Year)
	if err != nil {
		return v, err
	}
	v.Facts = []ui.Fact{{Label: i18n.T(ctx, "guarantee.have_label"), Text: i18n.T(ctx, "guarantee.score", "Have", y.Have(day), "Of", len(y.Mechanisms))}}
	std := ui.Fact{Label: i18n.T(ctx, "guarantee.view.guarantee-standard"), Text: f.Standard.Name}
	if f.Ref != (id.Ref{}) {
		std.Href = standardPath(f.Ref)
	}
	if !y.follows(f.Standard) {
		std.Text = i18n.T(ctx, "guarantee.standard_changed", "Name", f.Standard.Name)
	}
	v.Facts = append(v.Facts, std)
	x := record.Section{ID: "mechanisms", Title: i18n.T(ctx, "guarantee.mechanisms")}
	for _, m := range y.Mechanisms {
		needed, lack := y.needed(m.Code), 0
		for _, h := range needed {
			if !h.In(day) {
				lack++
			}
		}
		it := ui.Item{Name: m.Name, Met: lack == 0, Text: i18n.T(ctx, "guarantee.in_place")}
		if lack > 0 {
			it.Text = i18n.T(ctx, "guarantee.lacks", "N", lack, "Of", len(needed))
		}
		x.Checks = append(x.Checks, it)
	}
	three := y.of(func(h Held) bool { return h.Inclusion })
	in := 0
	for _, h := range three {
		if h.In(day) {
			in++
		}
	}
	if len(three) > 0 {
		x.Facts = []ui.Fact{{Label: i18n.T(ctx, "guarantee.inclusion"), Text: i18n.T(ctx, "guarantee.included", "Have", in, "Of", len(three))}}
	}
	gaps := y.Gaps(day)
	held := y.of(func(h Held) bool { return h.In(day) })
	g := record.Section{ID: "gaps", Title: i18n.T(ctx, "guarantee.gaps"), Table: s.pointTable(ctx, o.Ref, y, gaps, works, i18n.T(ctx, "guarantee.gaps")), Empty: i18n.T(ctx, "guarantee.no_gaps")}
	if len(gaps) > 0 && works {
		g.Lead = i18n.T(ctx, "guarantee.gaps_lead")
	}
	h := record.Section{ID: "held", Title: i18n.T(ctx, "guarantee.held"), Table: s.pointTable(ctx, o.Ref, y, held, works, i18n.T(ctx, "guarantee.held")), Empty: i18n.T(ctx, "guarantee.held_none")}
	files := filePart(ctx, path(o.Ref), y.files())
	files.Facts = nil
	for _, p := range y.Points { // each beside what it proves
		for _, f := range p.Files {
			files.Facts = append(files.Facts, ui.Fact{Label: p.Name, Text: f.Name, Href: path(o.Ref) + "/file/" + f.Hash})
		}
	}
	if v.Notes, err = s.budgetNotes(ctx, o, day); err != nil {
		return v, err
	}
	v.Sections = []record.Section{g, x, h, files}
	papers := record.Section{ID: "papers", Title: i18n.T(ctx, "guarantee.papers")}
	for _, p := range held {
		if p.Paper.Ref != (id.Ref{}) {
			papers.Facts = append(papers.Facts, ui.Fact{Label: p.Name, Text: paperWords(ctx, p.Paper), Href: paperPath(p.Paper)})
		}
	}
	if len(papers.Facts) > 0 {
		v.Sections = append(v.Sections, papers)
	}
	if works && len(held) > 0 {
		c := record.Section{ID: "clear", Title: i18n.T(ctx, "guarantee.do.guarantee_clear"), Lead: i18n.T(ctx, "guarantee.clear_lead")}
		for _, p := range held {
			c.Facts = append(c.Facts, ui.Fact{Label: i18n.T(ctx, "guarantee.f.point"), Text: p.Name, Href: path(o.Ref) + "/clear?point=" + url.QueryEscape(p.Code)})
		}
		v.Sections = append(v.Sections, c)
	}
	return v, nil
}

// budgetNotes say when the point about the budget and the lines of money do not agree: a county or a city has a budget of its own.
func (s *Service) budgetNotes(ctx context.Context, o one[Year], day clock.Day) ([]ui.Note, error) {
	i := find(o.V.Points, "budget")
	if i < 0 || o.Unit.Level != org.City && o.Unit.Level != org.County {
		return nil, nil
	}
	money, err := s.MoneyOf(ctx, []id.ID{o.Unit.ID}, o.V.Year, o.V.Year)
	if err != nil {
		return nil, err
	}
	held, lines := o.V.Points[i].In(day), money[o.Unit.ID][0].Fiscal > 0
	switch {
	case held && !lines:
		return []ui.Note{{Kind: "w", Text: i18n.T(ctx, "guarantee.no_line_held", "Name", o.V.Points[i].Name, "Year", o.V.Year)}}, nil
	case !held && lines:
		return []ui.Note{{Text: i18n.T(ctx, "guarantee.line_not_held", "Name", o.V.Points[i].Name, "Year", o.V.Year)}}, nil
	}
	return nil, nil
}

// filePart lists the files that a record names.
func filePart(ctx context.Context, here string, files []file.Kept) record.Section {
	x := record.Section{ID: "files", Title: i18n.T(ctx, "guarantee.f.file")}
	if len(files) == 0 {
		x.Empty = i18n.T(ctx, "guarantee.files_none")
	}
	for _, f := range files {
		x.Facts = append(x.Facts, ui.Fact{Label: i18n.T(ctx, "guarantee.f.file"), Text: f.Name, Href: here + "/file/" + f.Hash})
	}
	return x
}

// apiScores answers what a unit and those right below it have of the mechanisms in a year: ?unit= &year= &point=.
func (s *Service) apiScores(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	year := yearIn(r)
	own, below, err := s.Score(ctx, u, year, asOf(ctx, year), r.URL.Query().Get("point"))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"year": year, "own": own, "below": append([]Scored{}, below...)})
}
