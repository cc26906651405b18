package guarantee

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

const pageSize = 50

func (s *Service) shouldDesk() *desk[Should] {
	d := &desk[Should]{s: s, book: s.shoulds, path: "/should", list: "/should", api: "should", key: KindShould, get: s.ShouldOf, add: s.AddShould, save: s.SaveShould,
		home: func(x Should) (id.ID, int) { return x.Unit, x.From.Year() },
		name: func(_ context.Context, x Should) string { return x.Name },
		begin: func(ctx context.Context, u org.Unit, _ int) (Should, error) {
			return Should{Unit: u.ID, Kind: ShouldKinds[0], From: clock.Today(ctx)}, nil
		},
		inputs: shouldInputs,
		typed: func(f *web.Form, x *Should) {
			x.Name, x.Kind, x.Code, x.Source, x.From = f.Text("name"), f.Text("kind"), f.Text("code"), f.Text("source"), f.Day("from")
			x.Minors, x.Young = countTyped(f, "minors"), countTyped(f, "young")
		},
		content: func(ctx context.Context, o one[Should], _ bool) (v record.Shown, _ error) {
			state := ui.Mark{Text: i18n.T(ctx, "guarantee.without"), Kind: "w"}
			switch {
			case o.V.Ceased != clock.Open:
				state = ui.Mark{Text: i18n.T(ctx, "guarantee.gone")}
			case o.V.Committee != 0:
				state = ui.Mark{Text: i18n.T(ctx, "guarantee.has"), Kind: "p"}
			}
			v.Heading.Tags = []ui.Mark{state}
			for _, f := range s.shouldFacts(ctx, o.V) {
				if f.Text != "" && f.Key != "guarantee.f.name" {
					x := ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text}
					if f.Key == "guarantee.f.committee" {
						x.Href = "/unit/" + o.V.Committee.String()
					}
					v.Facts = append(v.Facts, x)
				}
			}
			return v, nil
		},
		undone: func(ctx context.Context, x Should) error { return s.shouldFree(ctx, x, 1) }}
	d.acts = []act[Should]{
		{name: "link", offered: func(o one[Should]) bool { return o.V.Committee == 0 && o.V.Ceased == clock.Open }, ask: func(ctx context.Context, _ one[Should]) ([]ui.Input, error) {
			day := dayInput(ctx, "founded_on", "guarantee.f.founded_on", clock.Open)
			day.Optional, day.Hint = true, i18n.T(ctx, "guarantee.founded_hint")
			return []ui.Input{{Name: "committee", Label: i18n.T(ctx, "guarantee.committee_code"), Hint: i18n.T(ctx, "guarantee.committee_hint"), MaxLength: 40}, day}, nil
		}, do: func(ctx context.Context, o one[Should], f sent) error {
			u, err := s.committeeOf(ctx, o.Unit, f.Text("committee"))
			if err != nil {
				return err
			}
			o.V.Committee, o.V.FoundedOn = u, f.Day("founded_on")
			return s.SaveShould(ctx, o.Ref, o.N, o.V, acted(record.Change{}, "link"))
		}},
		{name: "unlink", offered: func(o one[Should]) bool { return o.V.Committee != 0 }, ask: func(ctx context.Context, _ one[Should]) ([]ui.Input, error) {
			return []ui.Input{reasonInput(ctx)}, nil
		}, do: func(ctx context.Context, o one[Should], f sent) error {
			ch, err := because("unlink", f.Text("reason"))
			if err != nil {
				return err
			}
			o.V.Committee, o.V.FoundedOn = 0, clock.Open
			return s.SaveShould(ctx, o.Ref, o.N, o.V, ch)
		}},
		{name: "cease", offered: func(o one[Should]) bool { return o.V.Ceased == clock.Open }, ask: func(ctx context.Context, _ one[Should]) ([]ui.Input, error) {
			return []ui.Input{dayInput(ctx, "ceased", "guarantee.f.ceased", clock.Today(ctx)), reasonInput(ctx)}, nil
		}, do: func(ctx context.Context, o one[Should], f sent) error {
			ch, err := because("cease", f.Text("reason"))
			if err != nil {
				return err
			}
			if o.V.Ceased, o.V.Reason = f.Day("ceased"), ch.Reason; o.V.Ceased == clock.Open {
				f.Problems.Add("ceased", "guarantee.ceased_early")
			}
			return s.SaveShould(ctx, o.Ref, o.N, o.V, ch)
		}},
		d.edit(), d.remove(),
	}
	return d
}

// countTyped reads a number of people as people write it.
func countTyped(f *web.Form, name string) int64 {
	if f.Text(name) == "" {
		return 0
	}
	n, err := table.ParseCount(f.Text(name))
	if err != nil {
		f.Problems.Add(name, "guarantee.people_unfit")
	}
	return n
}

func shouldInputs(ctx context.Context, _ org.Unit, x Should, _ bool) ([]ui.Input, error) {
	kind := ui.Input{Kind: ui.KindSelect, Name: "kind", Label: i18n.T(ctx, "guarantee.f.kind"), Value: x.Kind}
	for _, k := range ShouldKinds {
		kind.Options = append(kind.Options, ui.Option{Value: k, Text: i18n.T(ctx, "guarantee.kind."+k)})
	}
	count := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	return []ui.Input{{Name: "name", Label: i18n.T(ctx, "guarantee.f.name"), Value: x.Name, MaxLength: maxName}, kind,
		{Name: "code", Label: i18n.T(ctx, "guarantee.f.code"), Hint: i18n.T(ctx, "guarantee.code_hint"), Value: x.Code, Optional: true, MaxLength: 40},
		{Name: "young", Label: i18n.T(ctx, "guarantee.f.young"), Value: count(x.Young), Optional: true, Short: true}, {Name: "minors", Label: i18n.T(ctx, "guarantee.f.minors"), Value: count(x.Minors), Optional: true, Short: true},
		{Name: "source", Label: i18n.T(ctx, "guarantee.f.list_source"), Hint: i18n.T(ctx, "guarantee.list_source_hint"), Value: x.Source, Optional: true, MaxLength: maxName}, dayInput(ctx, "from", "guarantee.f.listed_from", x.From)}, nil
}

// shouldPage is the coverage by list: how many of those that should have a committee have one, and who has not, the largest first (R49).
func (s *Service) shouldPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, year, v, err := s.overview(r, "/should", "should.listed", "should.has", "should.without", "should.share")
	if err != nil {
		return err
	}
	v.Choices = v.Choices[1:] // the list is as it stands today
	if v.Figures, err = s.figures(ctx, u, clock.Today(ctx), "should.listed", "should.has", "should.without", "should.share"); err != nil {
		return err
	}
	v.Heading.Under = u.Name
	kind := r.URL.Query().Get("kind")
	if !slices.Contains(ShouldKinds, kind) {
		kind = ""
	}
	kinds := ui.Choice{Label: i18n.T(ctx, "guarantee.f.kind"), Links: []ui.Link{{Text: i18n.T(ctx, "guarantee.all_kinds"), Href: at("/should", u, year), Current: kind == ""}}}
	for _, k := range ShouldKinds {
		kinds.Links = append(kinds.Links, ui.Link{Text: i18n.T(ctx, "guarantee.kind."+k), Href: at("/should", u, year, "kind", k), Current: kind == k})
	}
	v.Choices = append(v.Choices, kinds)
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "guarantee.new.should"), Href: at("/should/new", u, year), Main: true}}
	}
	after, _ := strconv.Atoi(r.URL.Query().Get("after")) // anything else begins at the first
	after = min(max(after, 0), 1e6)
	list, err := s.Shoulds(ctx, u, kind, after, pageSize+1)
	if err != nil {
		return err
	}
	if len(list) > pageSize {
		list = list[:pageSize]
		v.Paging.Next = at("/should", u, year, "kind", kind, "after", strconv.Itoa(after+pageSize))
	}
	if v.Paging.Here = len(list); after > 0 {
		v.Paging.First = at("/should", u, year, "kind", kind)
	}
	var ids []id.ID
	for _, l := range list {
		ids = append(ids, l.Unit, l.Committee)
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	lack := record.Section{ID: "lack", Title: i18n.T(ctx, "guarantee.should_lack"), Empty: i18n.T(ctx, "guarantee.should_lack_none"), Table: ui.Table{Caption: i18n.T(ctx, "guarantee.should_lack"), Columns: columns(ctx, "f.name", "f.kind", "f.unit", ">f.people")}}
	has := record.Section{ID: "has", Title: i18n.T(ctx, "guarantee.should_has"), Table: ui.Table{Caption: i18n.T(ctx, "guarantee.should_has"), Columns: columns(ctx, "f.name", "f.kind", "f.unit", "f.committee", "f.founded_on")}}
	for _, l := range list {
		cells := []ui.Cell{ui.To(l.Name, shouldPath(l.Ref())), ui.Text(i18n.T(ctx, "guarantee.kind."+l.Kind)), ui.Text(units[l.Unit].Name)}
		if l.Committee == 0 {
			people := ui.Text("")
			if l.Size > 0 {
				people = ui.Text(ui.Number(l.Size))
			}
			lack.Table.Rows = append(lack.Table.Rows, ui.Row{ID: l.Ref().String(), Cells: append(cells, people)})
			continue
		}
		has.Table.Rows = append(has.Table.Rows, ui.Row{ID: l.Ref().String(), Cells: append(cells, ui.To(units[l.Committee].Name, "/unit/"+l.Committee.String()), ui.Text(i18n.Day(ctx, l.FoundedOn)))})
	}
	has.Acts = append(tables(ctx, u, year, "/should", KindShould), ui.Button{Text: i18n.T(ctx, "guarantee.tree_coverage"), Href: "/coverage?unit=" + u.ID.String()})
	v.Sections = []record.Section{lack, has}
	return show(w, r, v)
}

// apiShould answers those that should have a committee: ?unit= &kind= &after=.
func (s *Service) apiShould(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	after, _ := strconv.Atoi(r.URL.Query().Get("after")) // anything else begins at the first
	after = min(max(after, 0), 1e6)
	list, err := s.Shoulds(r.Context(), u, r.URL.Query().Get("kind"), after, pageSize+1)
	if err != nil {
		return err
	}
	out := struct {
		Next int `json:"next,omitempty"`
		List any `json:"should"`
	}{}
	if len(list) > pageSize {
		list, out.Next = list[:pageSize], after+pageSize
	}
	type line struct {
		Ref string `json:"ref"`
		ListedShould
	}
	lines := []line{}
	for _, l := range list {
		lines = append(lines, line{l.Ref().String(), l})
	}
	out.List = lines
	return web.JSON(w, http.StatusOK, out)
}
