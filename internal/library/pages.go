package library

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/search"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Routes are the addresses of this module, each with its right and scope rule. What is open to everybody shows, by the one
// rule of visibility, what is public and what the reader's own unit may see.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return slices.Concat(s.memberRoutes(), s.collectionRoutes(), s.batchRoutes(), s.treeRoutes(), s.entryRoutes(), s.apiRoutes(), []web.Route{
		{Method: get, Path: "/library", Right: scope.Anyone, Scope: web.Public, Name: "library.list", Handler: s.listPage},
		{Method: get, Path: "/library/suggest", Right: scope.Anyone, Scope: web.Public, Name: "library.suggest", Handler: s.suggestPage},
		{Method: get, Path: "/library/new", Right: scope.Work, Scope: web.ByUnit, Name: "library.new", Handler: s.newForm},
		{Method: post, Path: "/library/new", Right: scope.Work, Scope: web.ByUnit, Name: "library.create", Handler: s.newPost},
		{Method: post, Path: "/library/part", Right: scope.Work, Scope: web.ByUnit, Name: "library.part", Handler: s.partPost},
		{Method: get, Path: "/library/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "library.known", Handler: s.knownPage},
		{Method: get, Path: "/library/report/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "library.reported", Handler: s.reportPage},
		{Method: post, Path: "/library/report/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "library.decide", Handler: s.decidePost},
		{Method: get, Path: "/library/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "library.actForm", Handler: record.ActForm(s.aboutAct)},
		{Method: post, Path: "/library/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "library.act", Handler: s.actPost},
		{Method: get, Path: "/d/{no}", Right: scope.Anyone, Scope: web.Public, Name: "library.show", Handler: s.showPage},
		{Method: get, Path: "/d/{no}/read", Right: scope.Anyone, Scope: web.Public, Name: "library.read", Handler: s.readPage},
		{Method: get, Path: "/d/{no}/pages", Right: scope.Anyone, Scope: web.Public, Name: "library.pages", Handler: s.pagesPage},
		{Method: get, Path: "/d/{no}/page/{page}", Right: scope.Anyone, Scope: web.Public, Name: "library.page", Handler: s.pagePicture},
		{Method: get, Path: "/d/{no}/cover", Right: scope.Anyone, Scope: web.Public, Name: "library.cover", Handler: s.coverPicture},
		{Method: get, Path: "/d/{no}/file", Right: scope.Anyone, Scope: web.Public, Name: "library.file", Handler: s.filePage},
		{Method: get, Path: "/d/{no}/report", Right: scope.Anyone, Scope: web.Public, Name: "library.reportForm", Handler: s.reportForm},
		{Method: post, Path: "/d/{no}/report", Right: scope.Anyone, Scope: web.Public, Name: "library.report", Handler: s.reportPost},
		{Method: get, Path: "/api/v1/library", Right: scope.SignedIn, Scope: web.ByList, Name: "library.apiList", Handler: s.apiList},
		{Method: get, Path: "/api/v1/library/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "library.apiGet", Handler: s.apiGet},
	})
}

const (
	pageSize   = 20
	mostBeside = 6 // other searches that a page names
)

// Path is the permanent address of a document (L4).
func Path(no int64) string { return "/d/" + numbered(no) }

func numbered(n int64) string                 { return strconv.FormatInt(n, 10) }
func actPath(ref id.Ref) string               { return "/library/" + ref.String() }
func reportPath(ref id.Ref) string            { return "/library/report/" + ref.String() }
func receiptPath(no string) string            { return "/library/receipt?no=" + no }
func newPath(unit id.ID) string               { return "/library/new?unit=" + unit.String() }
func kilobytes(n int64) string                { return fmt.Sprintf("%.2fKB", float64(n)/1024) }
func formatName(f string) string              { return strings.ToUpper(f) }
func tr(ctx context.Context, k string) string { return i18n.T(ctx, k) }

// unitOf is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

// numberIn is the number in the address.
func numberIn(r *http.Request) (int64, error) {
	no, err := strconv.ParseInt(r.PathValue("no"), 10, 64)
	if err != nil || no <= 0 {
		return 0, web.NotFound(r)
	}
	return no, nil
}

// line is a document in a list: its title, where it comes from, and the piece of its text that answers.
type line struct {
	Title   []search.Part
	Href    string
	Sub     string
	Tags    []ui.Mark
	Snippet []search.Part
	Cover   string // address of the small picture of its first page
}

type listView struct {
	Heading ui.Heading
	Query   string
	Hidden  []ui.Pair
	Total   string
	Problem string
	Filling bool // not every text can be found yet
	Choices []ui.Choice
	Lines   []line
	Also    []ui.Link // what else is looked for beside it
	Paging  ui.Paging
	Add     []ui.Button
	More    []ui.Link // other pages of the library
}

// filterIn reads what an address asks for.
func filterIn(r *http.Request) Filter {
	q := r.URL.Query()
	f := Filter{Words: strings.TrimSpace(q.Get("q")), Category: q.Get("category"), Format: q.Get("format"), Years: q.Get("years") == "1", Kept: q.Get("kept") == "1", Approved: q.Get("approved") == "1", Limit: pageSize + 1}
	f.aboutIn(q)
	f.Year, _ = strconv.Atoi(q.Get("year"))
	if q.Get("mine") == "1" {
		f.Unit = scope.From(r.Context()).Unit
	}
	if st := State(q.Get("state")); slices.Contains(States, st) {
		f.State = st
	}
	f.After, _ = id.Parse(q.Get("after"))
	if n, err := strconv.Atoi(q.Get("page")); err == nil && n > 1 {
		f.From = (min(n, search.Most) - 1) * pageSize
	}
	return f
}

func (f Filter) query() url.Values {
	q := url.Values{}
	set := func(k, v string) {
		if v != "" && v != "0" {
			q.Set(k, v)
		}
	}
	set("q", f.Words)
	set("category", f.Category)
	set("format", f.Format)
	set("year", strconv.Itoa(f.Year))
	set("state", string(f.State))
	set("speaker", f.Speaker)
	set("cites", numbered(f.Cites))
	if f.Project != (id.Ref{}) {
		set("project", f.Project.String())
	}
	for k, on := range map[string]bool{"years": f.Years, "mine": f.Unit != 0, "kept": f.Kept, "approved": f.Approved} {
		if on {
			q.Set(k, "1")
		}
	}
	return q
}

func (s *Service) listPage(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), scope.From(r.Context())
	f := filterIn(r)
	v := listView{Heading: ui.Heading{Title: tr(ctx, "library.title"), Under: tr(ctx, "library.lead")}, Query: f.Words}
	if a.Unit != 0 && a.May(scope.Work, a.Pos) {
		v.Add = []ui.Button{{Text: tr(ctx, "library.add"), Href: newPath(a.Unit), Main: true}}
		v.Heading.Acts = v.Add
	}
	under, all := s.narrowed(ctx, f)
	v.Heading.Under = cmp.Or(under, v.Heading.Under)
	v.More = append(all, ui.Link{Text: tr(ctx, "library.collections"), Href: "/library/collections"})
	if a.Unit != 0 && a.May(scope.View, a.Pos) {
		v.More = append(v.More, ui.Link{Text: tr(ctx, "library.rules"), Href: "/library/rules?unit=" + a.Unit.String()})
	}
	if a.SignedIn() {
		v.More = append(v.More, ui.Link{Text: tr(ctx, "library.categories"), Href: treePath})
	}
	v.More = append(v.More, ui.Link{Text: tr(ctx, "library.receipt"), Href: "/library/receipt"})
	for k, vs := range f.query() {
		if k != "q" {
			v.Hidden = append(v.Hidden, ui.Pair{Name: k, Value: vs[0]})
		}
	}
	slices.SortFunc(v.Hidden, func(a, b ui.Pair) int { return strings.Compare(a.Name, b.Name) })
	list, facets, total, more, err := s.List(ctx, f)
	if err != nil {
		if _, _, rest := web.Problems(ctx, err); rest != nil {
			return rest
		}
		v.Problem = i18n.Error(ctx, err)
	}
	v.Total = i18n.T(ctx, "library.total", "N", ui.Number(int64(total)))
	if more {
		v.Total = i18n.T(ctx, map[bool]string{true: "library.total_newest", false: "library.total_more"}[f.Words == ""], "N", ui.Number(search.Most))
	}
	t, err := s.categories(ctx)
	if err != nil {
		return err
	}
	v.Choices = s.choices(ctx, t, f, facets, more)
	list = v.page(f, list, total)
	var texts []string
	if v.Lines, texts, err = s.lines(ctx, f, list); err != nil {
		return err
	}
	for _, w := range Beside(f.Words, texts, mostBeside) {
		v.Also = append(v.Also, ui.Link{Text: w, Href: web.Address("/library", Filter{Words: w}.query())})
	}
	if f.Words != "" {
		if v.Filling, err = s.Filling(ctx); err != nil {
			return err
		}
	}
	title := v.Heading.Title
	if f.Words != "" {
		title = i18n.T(ctx, "library.found_title", "Words", f.Words)
	}
	return web.Render(w, r, web.Page{Title: title, Current: "library", Suggests: true, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, listTempl(v))
}

// page cuts a page out of a list and leads to the next: from the document after the last one, or of what words found, by the number of the
// page.
func (v *listView) page(f Filter, list []Listed, total int) []Listed {
	q, full := f.query(), len(list) > pageSize
	if full {
		list = list[:pageSize]
	}
	if f.Words == "" {
		if full {
			q.Set("after", list[pageSize-1].ID.String())
			v.Paging.Next = web.Address("/library", q)
		}
		if f.After != 0 {
			v.Paging.First = web.Address("/library", f.query())
		}
	} else {
		if full {
			q.Set("page", strconv.Itoa(f.From/pageSize+2))
			v.Paging.Next, v.Paging.Rest = web.Address("/library", q), int64(total-f.From-pageSize)
		}
		if f.From > 0 {
			v.Paging.First = web.Address("/library", f.query())
		}
	}
	v.Paging.Here = len(list)
	return list
}

// mostYears is how many years the list offers before it leads to the earlier ones.
const mostYears = 12

// choices are the facets as links: each value with how many documents it would leave, or at least would where not all are counted.
func (s *Service) choices(ctx context.Context, t Tree, f Filter, facets []Facet, more bool) (out []ui.Choice) {
	number := func(name string, n int64) string {
		switch {
		case n == 0: // there are some, and they were not counted
			return name
		case more:
			return i18n.T(ctx, "library.facet", "Name", name, "N", ui.Number(n)+"+")
		}
		return i18n.T(ctx, "library.facet", "Name", name, "N", ui.Number(n))
	}
	row := func(facet, label string, now string, name func(string) string, with func(f Filter, v string) Filter, rest ...ui.Link) {
		c := ui.Choice{Label: label}
		if now != "" {
			c.Links = append(c.Links, ui.Link{Text: tr(ctx, "library.any"), Href: web.Address("/library", with(f, "").query())})
		}
		n := 0
		for _, x := range facets {
			if x.Facet == facet && x.Value != "" && x.Value != "0" {
				n++
				c.Links = append(c.Links, ui.Link{Text: number(name(x.Value), x.N), Href: web.Address("/library", with(f, x.Value).query()), Current: x.Value == now})
			}
		}
		if c.Links = append(c.Links, rest...); n > 1 || now != "" {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(facets, func(a, b Facet) int {
		if a.Facet == "year" {
			return strings.Compare(b.Value, a.Value)
		}
		return int(b.N - a.N)
	})
	out = append(out, s.categoryChoices(ctx, t, f, facets, number)...)
	row("format", tr(ctx, "library.format"), f.Format, formatName, func(f Filter, v string) Filter { f.Format = v; return f })
	year := ""
	if f.Year != 0 {
		year = strconv.Itoa(f.Year)
	}
	var earlier []ui.Link
	shown := 0
	facets = slices.DeleteFunc(slices.Clone(facets), func(x Facet) bool {
		if x.Facet != "year" || x.Value == "0" {
			return false
		}
		shown++
		return shown > mostYears && !f.Years && x.Value != year
	})
	if shown > mostYears && !f.Years {
		g := f
		g.Years = true
		earlier = []ui.Link{{Text: tr(ctx, "library.years_before"), Href: web.Address("/library", g.query())}}
	}
	row("year", tr(ctx, "library.year"), year, func(v string) string { return i18n.T(ctx, "library.of_year", "Year", v) }, func(f Filter, v string) Filter { f.Year, _ = strconv.Atoi(v); return f }, earlier...)
	if a := scope.From(ctx); a.Unit != 0 {
		c := ui.Choice{Label: tr(ctx, "library.whose")}
		for _, unit := range []id.ID{0, a.Unit} {
			g := f
			g.Unit, g.State, g.Kept = unit, "", false
			key := map[bool]string{false: "library.all_units", true: "library.own_unit"}[unit != 0]
			c.Links = append(c.Links, ui.Link{Text: tr(ctx, key), Href: web.Address("/library", g.query()), Current: f.Unit == unit && f.State == "" && !f.Kept})
		}
		if a.May(scope.Work, a.Pos) {
			g := f
			g.Unit, g.State, g.Kept = a.Unit, Draft, false
			c.Links = append(c.Links, ui.Link{Text: tr(ctx, "library.own_drafts"), Href: web.Address("/library", g.query()), Current: f.State == Draft})
		}
		g := f
		g.Unit, g.State, g.Kept = 0, "", true
		c.Links = append(c.Links, ui.Link{Text: tr(ctx, "library.own_kept"), Href: web.Address("/library", g.query()), Current: f.Kept})
		out = append(out, c)
	}
	if f.Category != "" && slices.ContainsFunc(t.Under(f.Category), t.Reviewed) {
		c := ui.Choice{Label: tr(ctx, "library.approval")}
		for _, only := range []bool{false, true} {
			g := f
			g.Approved = only
			key := map[bool]string{false: "library.any", true: "library.approved_only"}[only]
			c.Links = append(c.Links, ui.Link{Text: tr(ctx, key), Href: web.Address("/library", g.query()), Current: f.Approved == only})
		}
		out = append(out, c)
	}
	return out
}

// lines are the documents of a page and, where words are looked for, their texts.
func (s *Service) lines(ctx context.Context, f Filter, list []Listed) (out []line, bodies []string, err error) {
	units, err := s.unitsOf(ctx, list)
	if err != nil {
		return nil, nil, err
	}
	var q search.Query
	texts := map[string]keptText{}
	if f.Words != "" {
		if q, err = s.Query(f.Words); err != nil {
			return nil, nil, nil // said already
		}
		var hashes []string
		for _, l := range list {
			hashes = append(hashes, l.Hash)
		}
		if texts, err = s.textsAcrossUnits(ctx, hashes); err != nil {
			return nil, nil, err
		}
	}
	t, err := s.categories(ctx)
	if err != nil {
		return nil, nil, err
	}
	covers, err := s.covered(ctx, list)
	if err != nil {
		return nil, nil, err
	}
	for _, l := range list {
		x := line{Title: []search.Part{{Text: l.Title}}, Href: Path(l.No), Sub: about(ctx, t, l, units[l.Unit].Name)}
		if f.Words != "" {
			x.Title = q.Snippet(l.Title, maxTitle)
			if t, err := decodeText(texts[l.Hash].Blocks); err == nil {
				if len(t.Blocks) > 0 && t.Blocks[0].Text == l.Title { // it stands above
					t.Blocks = t.Blocks[1:]
				}
				if body := t.document().Text(); body != "" {
					x.Snippet = q.Snippet(body, 90)
					bodies = append(bodies, body)
				}
			}
		}
		if covers[l.Hash] {
			x.Cover = Path(l.No) + "/cover"
		}
		if l.State != Issued {
			x.Tags = []ui.Mark{{Text: tr(ctx, "library.is."+string(l.State)), Kind: "w"}}
		}
		if l.Approved {
			x.Tags = append(x.Tags, ui.Mark{Text: tr(ctx, "library.approved"), Kind: "p"})
		}
		out = append(out, x)
	}
	return out, bodies, nil
}

// about says in a line where a document comes from and what it is.
func about(ctx context.Context, t Tree, l Listed, unit string) string {
	parts := []string{unit, t.Name(ctx, l.Category)}
	if l.Year != 0 {
		parts = append(parts, i18n.T(ctx, "library.of_year", "Year", l.Year))
	}
	if l.Pages > 0 {
		parts = append(parts, i18n.T(ctx, "library.pages_n", "N", l.Pages))
	}
	format := formatName(l.Format)
	if l.TitleOnly() {
		format = tr(ctx, "library.title_only")
	}
	return strings.Join(append(parts, format, i18n.Day(ctx, l.Uploaded)), tr(ctx, "library.comma"))
}

// filePage hands out a file as something to be saved: what others uploaded is never opened within our pages (L21).
func (s *Service) filePage(w http.ResponseWriter, r *http.Request) error {
	no, err := numberIn(r)
	if err != nil {
		return err
	}
	v, f, err := s.File(r.Context(), no)
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(v.Title+"."+v.File.Kind))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("ETag", `"`+v.File.Hash[:32]+`"`) // so that a download that broke off goes on
	http.ServeContent(w, r, "", time.Time{}, f)
	return nil
}

func (s *Service) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	v, _, err := s.book.Get(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.book.KnownPage(w, r, ref, ui.Link{Text: v.Title, Href: Path(v.No)}, "library")
}

// para is a piece of the text as a page shows it.
type para struct {
	ID      string
	Text    string
	Heading bool
}

// paras are the blocks from one on, up to so many bytes, and the block after them (0 at the end).
func paras(blocks []extract.Block, points []Point, from, most int) (out []para, next int) {
	anchors := map[int]string{}
	for _, p := range points {
		if !p.Missing {
			anchors[p.Block] = p.Anchor
		}
	}
	size := 0
	for i := from; i < len(blocks); i++ {
		b := blocks[i]
		if size > 0 && size+len(b.Text) > most {
			return out, i
		}
		size += len(b.Text)
		p := para{Text: strings.ReplaceAll(b.Text, "\t", "\u3000"), Heading: b.Kind == extract.Title || b.Kind == extract.Heading}
		if a := anchors[i]; a != "" {
			p.ID = "p" + a
		}
		out = append(out, p)
	}
	return out, 0
}

// apiDocument is a document in an answer.
type apiDocument struct {
	Ref  string `json:"ref"`
	Unit string `json:"unit"` // external code
	Listed
}

// apiList answers what the reader sees of the library: ?q= &category= &format= &year= &state= &mine=1 &speaker= &project= &cites= &after=.
func (s *Service) apiList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := filterIn(r)
	f.Limit = mostListed
	f.From = 0
	list, _, total, more, err := s.List(ctx, f)
	if err != nil {
		return err
	}
	out := struct {
		Total   int           `json:"total"`
		More    bool          `json:"more"` // there are more than are counted
		Next    string        `json:"next,omitempty"`
		Records []apiDocument `json:"records"`
	}{Total: total, More: more}
	if out.Records, err = s.apiRecords(ctx, list); err != nil {
		return err
	}
	if f.Words == "" && len(list) == f.Limit {
		out.Next = list[len(list)-1].ID.String()
	}
	return web.JSON(w, http.StatusOK, out)
}

// apiGet answers a document with its text, who spoke in which post, and the first documents that it cites.
func (s *Service) apiGet(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return s.apiAnswer(w, r, http.StatusOK, ref)
}

func (s *Service) apiAnswer(w http.ResponseWriter, r *http.Request, status int, ref id.Ref) error {
	ctx := r.Context()
	v, ver, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, v.Unit)
	if err != nil {
		return err
	}
	t, err := s.Text(ctx, v)
	if err != nil {
		return err
	}
	spoke, err := s.SpokenOf(ctx, v)
	if err != nil {
		return err
	}
	cites, err := s.References(ctx, ref.ID, t, mostCited)
	if err != nil {
		return err
	}
	if !knows(scope.From(ctx), v.Unit, u.Pos) {
		v.ByName, v.By = Masked(v.ByName), 0
	}
	return web.JSON(w, status, map[string]any{"ref": ref.String(), "unit": u.Code, "version": ver.N, "record": v, "text": t.document().Text(), "title_only": v.TitleOnly(), "spoken": spoke.Text, "cites": cites})
}
