package library

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

const (
	treePath    = "/library/categories"
	changesPage = 20
)

// treeRoutes are those of the categories: everybody who is signed in reads them, who runs the site changes them.
func (s *Service) treeRoutes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: treePath, Right: scope.SignedIn, Scope: web.Public, Name: "library.categories", Handler: s.treePage},
		{Method: get, Path: treePath + "/{act}", Right: scope.Admin, Scope: web.ByUnit, Name: "library.categoryForm", Handler: s.memberForm(s.aboutCategory)},
		{Method: post, Path: treePath + "/{act}", Right: scope.Admin, Scope: web.ByUnit, Name: "library.category", Handler: s.categoryPost},
		{Method: get, Path: "/api/v1/library/categories", Right: scope.SignedIn, Scope: web.Public, Name: "library.apiCategories", Handler: s.apiCategories},
	}
}

func categoryPath(code string) string {
	return web.Address("/library", url.Values{"category": {code}})
}

func categoryAct(act, code string) string {
	return web.Address(treePath+"/"+act, url.Values{"code": {code}})
}

type treeView struct {
	Heading  ui.Heading
	Sections []record.Section
	Timeline []ui.Change
	Paging   ui.Paging
}

func (s *Service) treePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := s.categories(ctx)
	if err != nil {
		return err
	}
	_, may, err := s.siteOf(ctx)
	if err != nil {
		return err
	}
	v := treeView{Heading: ui.Heading{Title: tr(ctx, "library.categories"), Under: tr(ctx, "library.categories_lead")}}
	if may {
		v.Heading.Acts = []ui.Button{{Text: tr(ctx, "library.category_add"), Href: treePath + "/add", Main: true}}
	}
	row := func(c Category) ui.Row {
		x := ui.Row{Cells: []ui.Cell{{Text: c.In(ctx), Href: categoryPath(c.Code), Sub: s.standsSince(ctx, t, c)}, ui.Text(c.Code)}}
		if c.Reviewed && c.Open() {
			x.Cells = append(x.Cells, ui.State(tr(ctx, "library.category_reviewed_yes"), "p"))
		} else {
			x.Cells = append(x.Cells, ui.Text(tr(ctx, "library.category_reviewed_no")))
		}
		switch {
		case may && c.Open():
			x.Cells = append(x.Cells, ui.To(tr(ctx, "library.category_edit"), categoryAct("edit", c.Code)))
		case may:
			x.Cells = append(x.Cells, ui.To(tr(ctx, "library.category_reopen"), categoryAct("reopen", c.Code)))
		}
		return x
	}
	columns := []ui.Column{{Text: tr(ctx, "library.category")}, {Text: tr(ctx, "library.category_code"), Label: true}, {Text: tr(ctx, "library.approval")}}
	if may {
		columns = append(columns, ui.Column{Text: tr(ctx, "library.category_change")})
	}
	var closed []ui.Row
	for _, top := range t.children("") {
		x := record.Section{ID: "c-" + top.Code, Title: top.In(ctx), Table: ui.Table{Caption: top.In(ctx), Columns: columns, Rows: []ui.Row{row(top)}, Even: true}}
		for _, c := range t.children(top.Code) {
			x.Table.Rows = append(x.Table.Rows, row(c))
		}
		v.Sections = append(v.Sections, x)
	}
	for _, c := range t {
		if !c.Open() {
			closed = append(closed, row(c))
		}
	}
	if len(closed) > 0 {
		v.Sections = append(v.Sections, record.Section{ID: "closed", Title: tr(ctx, "library.category_closed_all"), Table: ui.Table{Caption: tr(ctx, "library.category_closed_all"), Columns: columns, Rows: closed, Even: true}})
	}
	before, _ := id.Parse(r.URL.Query().Get("before"))
	changes, err := s.CategoryChanges(ctx, before, changesPage+1)
	if err != nil {
		return err
	}
	if len(changes) > changesPage {
		changes = changes[:changesPage]
		v.Paging = ui.Paging{Here: changesPage, Next: web.Address(treePath, url.Values{"before": {changes[changesPage-1].ID.String()}}) + "#history"}
	}
	if v.Timeline, err = s.treeTimeline(ctx, t, changes); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: "library", Crumbs: []ui.Link{{Text: tr(ctx, "library.title"), Href: "/library"}, {Text: v.Heading.Title}}}, treeTempl(v))
}

// standsSince says from when to when a category stands, and what came after it.
func (s *Service) standsSince(ctx context.Context, t Tree, c Category) string {
	switch {
	case !c.Open() && c.Successor != "":
		return i18n.T(ctx, "library.category_went", "Day", c.To, "Name", t.Name(ctx, c.Successor))
	case !c.Open():
		return i18n.T(ctx, "library.category_ended", "Day", c.To)
	case c.From == clock.Open:
		return ""
	}
	return i18n.T(ctx, "library.category_since", "Day", c.From)
}

// treeTimeline is what was done to the tree, in words.
func (s *Service) treeTimeline(ctx context.Context, t Tree, list []CategoryChange) ([]ui.Change, error) {
	var ids []id.ID
	for _, x := range list {
		ids = append(ids, x.ActorUnit)
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []ui.Change
	for _, x := range list {
		c := ui.Change{When: time.UnixMilli(x.At).In(clock.Shanghai).Format("2006-01-02 15:04"), Who: x.ActorName, What: i18n.T(ctx, "library.category_did", "Act", tr(ctx, x.Act), "Name", x.Now.In(ctx))}
		if u, ok := units[x.ActorUnit]; ok {
			c.Who = i18n.T(ctx, "library.category_by", "Name", x.ActorName, "Unit", u.Name)
		}
		if x.Docs > 0 {
			c.What = i18n.T(ctx, "library.category_refiled", "Act", c.What, "N", x.Docs)
		}
		for _, d := range record.Diffs(s.factsOf(ctx, t, x.Was), s.factsOf(ctx, t, x.Now)) {
			c.Fields = append(c.Fields, ui.Diff{Label: tr(ctx, d.Key), Before: d.Before, After: d.After})
		}
		out = append(out, c)
	}
	return out, nil
}

// factsOf says a category in words; nothing of one that was not there.
func (s *Service) factsOf(ctx context.Context, t Tree, c Category) []record.Fact {
	if c.Code == "" {
		return nil
	}
	zh, en := c.names(ctx)
	parent, reviewed, state := tr(ctx, "library.category_top"), tr(ctx, "library.category_reviewed_no"), tr(ctx, "library.category_open")
	if c.Parent != "" {
		parent = t.Name(ctx, c.Parent)
	}
	if c.Reviewed {
		reviewed = tr(ctx, "library.category_reviewed_yes")
	}
	if !c.Open() {
		state = s.standsSince(ctx, t, c)
	}
	return []record.Fact{{Key: "library.category_name", Text: zh}, {Key: "library.category_en", Text: en}, {Key: "library.category_parent", Text: parent}, {Key: "library.category_place", Text: strconv.Itoa(c.Place)},
		{Key: "library.approval", Text: reviewed}, {Key: "library.category_state", Text: state}}
}

// aboutCategory begins the form of an act on the tree: add, edit, close or reopen.
func (s *Service) aboutCategory(r *http.Request) (record.Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	if _, may, err := s.siteOf(ctx); err != nil {
		return record.Form{}, err
	} else if !may {
		return record.Form{}, errs.New(errs.Forbidden, "errs.not_yours")
	}
	t, err := s.categories(ctx)
	if err != nil {
		return record.Form{}, err
	}
	code := r.URL.Query().Get("code")
	c, known := t.find(code)
	v := record.Form{Title: tr(ctx, "library.category_"+act), Back: treePath, Action: treePath + "/add", Submit: tr(ctx, "library.save"), Current: "library", Version: c.Version}
	if act != "add" {
		if !known {
			return v, errs.New(errs.NotFound, "library.no_category")
		}
		v.Action, v.Over = categoryAct(act, code), c.In(ctx)
	}
	switch act {
	case "add":
		e := CategoryEdit{Parent: r.URL.Query().Get("under")}
		v.Version, v.Lead, v.Inputs = 0, tr(ctx, "library.category_add_lead"), categoryInputs(ctx, t, "", e)
	case "edit":
		v.Inputs = categoryInputs(ctx, t, code, c.edit(ctx))
		v.More = []ui.Button{{Text: tr(ctx, "library.category_close"), Href: categoryAct("close", code)}}
		filed, err := s.filedAcrossUnits(ctx, code)
		if err != nil {
			return v, err
		}
		if in := &v.Inputs[len(v.Inputs)-1]; filed.Unapproved > 0 {
			in.Hint += i18n.T(ctx, "library.category_issued", "N", filed.Unapproved)
		}
	case "close":
		v.Submit = v.Title
		if v.Lead, v.Inputs, err = s.closing(ctx, t, c); err != nil {
			return v, err
		}
	case "reopen":
		v.Submit, v.Lead = v.Title, tr(ctx, "library.category_reopen_lead")
	default:
		return v, web.NotFound(r)
	}
	return v, nil
}

// categoryInputs ask what can be said about a category.
func categoryInputs(ctx context.Context, t Tree, code string, e CategoryEdit) []ui.Input {
	place := ""
	if e.Place > 0 {
		place = strconv.Itoa(e.Place)
	}
	parent := ui.Input{Kind: ui.KindSelect, Name: "parent", Label: tr(ctx, "library.category_parent_of"), Value: e.Parent, Options: []ui.Option{{Value: "", Text: tr(ctx, "library.category_top")}}}
	for _, c := range t.children("") {
		if c.Code != code {
			parent.Options = append(parent.Options, ui.Option{Value: c.Code, Text: c.In(ctx)})
		}
	}
	return []ui.Input{{Name: "name", Label: tr(ctx, "library.category_name"), Value: e.Name, MaxLength: maxCategory}, {Name: "en", Label: tr(ctx, "library.category_en"), Value: e.En, MaxLength: maxCategoryEn, Optional: true, Hint: tr(ctx, "library.category_en_hint")},
		parent, {Kind: ui.KindNumber, Name: "place", Label: tr(ctx, "library.category_place"), Value: place, Short: true, Optional: true, Hint: tr(ctx, "library.category_place_hint")},
		{Kind: ui.KindCheck, Name: "reviewed", Label: tr(ctx, "library.category_reviewed_do"), Value: onWhen(e.Reviewed), Hint: tr(ctx, "library.category_reviewed_hint")}}
}

// rulesCode is the category in which rules are looked for (R196).
const rulesCode = "work.rules"

// countedCodes are the categories by which the program itself counts or looks, whatever they are called, with what that is for.
var countedCodes = map[string]string{"teach.lesson": "library.category_counts_materials", "teach.lecture": "library.category_counts_materials", rulesCode: "library.category_counts_rules", "work.speech": "library.category_counts_live"}

// closing says what closing a category brings, and asks where its documents go.
func (s *Service) closing(ctx context.Context, t Tree, c Category) (lead string, inputs []ui.Input, err error) {
	filed, err := s.filedAcrossUnits(ctx, c.Code)
	if err != nil {
		return "", nil, err
	}
	in := ui.Input{Kind: ui.KindSelect, Name: "successor", Label: tr(ctx, "library.category_to"), Optional: filed.N == 0, Hint: tr(ctx, "library.category_to_hint")}
	if lead = i18n.T(ctx, "library.category_close_lead", "N", filed.N); filed.N == 0 {
		lead = tr(ctx, "library.category_empty")
	}
	in.Options = append([]ui.Option{{Text: tr(ctx, "library.category_to_none")}}, leafOptions(ctx, t.without(c.Code), "")...)
	if key := countedCodes[c.Code]; key != "" {
		lead += "\n" + tr(ctx, key)
	}
	return lead, []ui.Input{in}, nil
}

// path is what a category is called, after the one over it.
func (t Tree) path(ctx context.Context, code string) string {
	top := t.top(code)
	if top == code {
		return t.Name(ctx, code)
	}
	return i18n.T(ctx, "library.category_path", "Over", t.Name(ctx, top), "Name", t.Name(ctx, code))
}

// leafOptions are the categories under which documents are filed, each with the one over it; now is offered in any case.
func leafOptions(ctx context.Context, t Tree, now string) (out []ui.Option) {
	for _, c := range t {
		if !t.Takes(c.Code) && c.Code != now {
			continue
		}
		out = append(out, ui.Option{Value: c.Code, Text: t.path(ctx, c.Code)})
	}
	return out
}

func (s *Service) categoryPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutCategory(r)
	if err != nil {
		return err
	}
	act, code := r.PathValue("act"), r.URL.Query().Get("code")
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		switch act {
		case "close":
			_, err := s.CloseCategory(ctx, code, f.Version(), f.Text("successor"))
			return treePath, err
		case "reopen":
			return treePath, s.ReopenCategory(ctx, code, f.Version())
		}
		e := CategoryEdit{Parent: f.Text("parent"), Name: f.Text("name"), En: f.Text("en"), Reviewed: f.Text("reviewed") != ""}
		if text := f.Text("place"); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				n = -1 // said beside the input, with the rest
			}
			e.Place = n
		}
		if act == "add" {
			_, err := s.AddCategory(ctx, e)
			return treePath, err
		}
		return treePath, s.EditCategory(ctx, code, f.Version(), func(now *CategoryEdit) { *now = e })
	})
}

// apiCategories answers the tree with its names in both languages, and what was done to it: ?before= is the id of the last change read.
func (s *Service) apiCategories(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := s.categories(ctx)
	if err != nil {
		return err
	}
	before, _ := id.Parse(r.URL.Query().Get("before"))
	changes, err := s.CategoryChanges(ctx, before, 200)
	if err != nil {
		return err
	}
	out := struct {
		Categories Tree             `json:"categories"`
		History    []CategoryChange `json:"history"`
	}{t.Named(ctx), []CategoryChange{}}
	out.History = append(out.History, changes...)
	return web.JSON(w, http.StatusOK, out)
}

// categoryChoices are the rows of the facet: the categories at the top, and those below the one that is chosen.
func (s *Service) categoryChoices(ctx context.Context, t Tree, f Filter, facets []Facet, number func(string, int64) string) (out []ui.Choice) {
	n, there := map[string]int64{}, map[string]bool{}
	for _, x := range facets {
		if x.Facet == "category" {
			n[x.Value] += x.N
			there[x.Value] = true
			if top := t.top(x.Value); top != x.Value {
				n[top] += x.N
				there[top] = true
			}
		}
	}
	now := t.Now(f.Category)
	top := t.top(now)
	row := func(label, any string, list []Category, now string) {
		list = slices.DeleteFunc(list, func(c Category) bool { return !there[c.Code] && c.Code != now })
		c := ui.Choice{Label: label}
		all := f
		if all.Category = any; now != "" {
			c.Links = append(c.Links, ui.Link{Text: tr(ctx, "library.any"), Href: web.Address("/library", all.query())})
		}
		slices.SortStableFunc(list, func(a, b Category) int { return cmp.Compare(n[b.Code], n[a.Code]) })
		for _, x := range list {
			g := f
			g.Category = x.Code
			c.Links = append(c.Links, ui.Link{Text: number(x.In(ctx), n[x.Code]), Href: web.Address("/library", g.query()), Current: x.Code == now})
		}
		if len(list) > 1 || now != "" {
			out = append(out, c)
		}
	}
	tops := t.children("")
	if found := slices.DeleteFunc(slices.Clone(tops), func(c Category) bool { return !there[c.Code] }); top == "" && len(found) == 1 {
		tops = t.children(found[0].Code) // all found is of one: the choice is what of it
	}
	row(tr(ctx, "library.category"), "", tops, top)
	if below := t.children(top); top != "" && len(below) > 0 {
		child := now
		if now == top {
			child = ""
		}
		row(tr(ctx, "library.category_finer"), top, below, child)
	}
	return out
}
