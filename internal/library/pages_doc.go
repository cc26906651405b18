package library

import (
	"cmp"
	"context"
	"net/http"
	"strconv"
	"strings"

	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// How much of a text a page shows at once, in bytes: openly, folded, and on a page of reading of its own.
const (
	openBytes = 3_000
	foldBytes = 24_000
	readBytes = 30_000
)

// mostCited is how many titles that a text cites its page names.
const mostCited = 12

type docView struct {
	Title    string
	Tags     []ui.Mark
	Under    string
	Acts     []ui.Button
	Notes    []ui.Note
	Meta     []ui.Fact
	Summary  string
	Shared   string
	Pages    []picture
	More     []ui.Link // pages of pictures before and after those
	Live     ui.Link   // to the live document, with how its numbers stand
	Told     string    // that the text is shown without its layout, or that there is none
	Open     []para
	Folded   []para
	Rest     string
	Outline  []ui.Link
	Related  []ui.Link
	Category string
	Changed  string
	File     string
	Source   string
	Cited    []ui.Link
	Reports  []ui.Link
	Timeline []ui.Change
	Known    string
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	no, err := numberIn(r)
	if err != nil {
		return err
	}
	ref, v, ver, err := s.Number(ctx, no)
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
	page := docView{Title: v.Title, Summary: v.Summary, Source: v.Source}
	s.headOf(ctx, &page, ref, v, u)
	page.Pages, page.More = s.pictures(ctx, v, 1)
	page.Live = s.liveOf(ctx, v)
	s.textOf(ctx, &page, v, t)
	if err := s.sideOf(ctx, &page, ref, v, ver, u, t); err != nil {
		return err
	}
	crumbs := []ui.Link{{Text: tr(ctx, "library.title"), Href: "/library"}, {Text: tr(ctx, "library.cat."+v.Category), Href: "/library?category=" + v.Category}}
	return web.Render(w, r, web.Page{Title: v.Title, Current: "library", Crumbs: crumbs}, docTempl(page))
}

// headOf is what stands above a text: where it comes from, what can be done, what it is.
func (s *Service) headOf(ctx context.Context, p *docView, ref id.Ref, v Document, u org.Unit) {
	a := scope.From(ctx)
	by := v.ByName
	if !knows(a, v.Unit, u.Pos) {
		by = Masked(by)
	}
	p.Under = i18n.T(ctx, "library.under", "Unit", u.Name, "Category", tr(ctx, "library.cat."+v.Category), "To", tr(ctx, "library.to."+string(v.Visible)))
	p.Shared = i18n.T(ctx, "library.shared_by", "By", by, "Unit", u.Name)
	if v.State != Issued {
		p.Tags = []ui.Mark{{Text: tr(ctx, "library.is."+string(v.State)), Kind: "w"}}
	}
	works := a.May(scope.Work, u.Pos)
	if works && v.State != Issued {
		p.Acts = append(p.Acts, ui.Button{Text: tr(ctx, "library.do.issue"), Href: actPath(ref) + "/" + ActIssue, Main: true})
	}
	if !v.ViewOnly || knows(a, v.Unit, u.Pos) {
		p.Acts = append(p.Acts, ui.Button{Text: i18n.T(ctx, "library.download", "Size", kilobytes(v.File.Size)), Href: Path(v.No) + "/file", Main: v.State == Issued})
	}
	p.Acts = append(p.Acts, ui.Button{Text: tr(ctx, "library.to_text"), Href: "#text"})
	if works {
		for _, act := range []string{ActEdit, ActReplace, ActWithdraw, ActRemove} {
			if act != ActWithdraw || v.State == Issued {
				p.Acts = append(p.Acts, ui.Button{Text: tr(ctx, "library.do."+act), Href: actPath(ref) + "/" + act})
			}
		}
	} else {
		p.Acts = append(p.Acts, ui.Button{Text: tr(ctx, "library.do.report"), Href: Path(v.No) + "/report"})
	}
	pages := tr(ctx, "library.pages_none")
	if v.Pages > 0 {
		pages = i18n.T(ctx, "library.pages_n", "N", v.Pages)
	}
	p.Meta = []ui.Fact{{Label: tr(ctx, "library.no"), Text: numbered(v.No)}, {Label: tr(ctx, "library.format"), Text: formatName(v.File.Kind)}, {Label: tr(ctx, "library.pages"), Text: pages},
		{Label: tr(ctx, "library.size"), Text: kilobytes(v.File.Size)}, {Label: tr(ctx, "library.uploaded"), Text: string(v.Uploaded)}, {Label: tr(ctx, "library.by"), Text: by}}
}

// textOf is the text: openly its beginning, folded what a page holds, and the way to the rest.
func (s *Service) textOf(ctx context.Context, p *docView, v Document, t Text) {
	points := Outline(t.Blocks)
	for _, x := range points {
		if x.Missing {
			p.Outline = append(p.Outline, ui.Link{Text: i18n.T(ctx, "library.point_missing", "Label", x.Label)})
			continue
		}
		p.Outline = append(p.Outline, ui.Link{Text: x.Label + flowBrief(x.Text), Href: "#p" + x.Anchor})
	}
	switch {
	case len(t.Blocks) == 0 && v.File.Kind == string(extract.JPEG):
		p.Told = tr(ctx, "library.told_picture")
	case len(t.Blocks) == 0 && s.drawable(v) > 0:
		p.Told = tr(ctx, "library.told_scan")
	case len(t.Blocks) == 0:
		p.Told = tr(ctx, "library.told_none")
	case s.drawable(v) == 0:
		p.Told = tr(ctx, "library.told_text")
	}
	var next int
	first := 0
	if len(t.Blocks) > 0 && t.Blocks[0].Text == v.Title { // it stands above already
		first = 1
	}
	p.Open, next = paras(t.Blocks, points, first, openBytes)
	if next > 0 {
		p.Folded, next = paras(t.Blocks, points, next, foldBytes)
	}
	if next > 0 {
		p.Rest = Path(v.No) + "/read?from=" + strconv.Itoa(next)
		for i, x := range p.Outline {
			if k := i; !points[k].Missing && points[k].Block >= next {
				p.Outline[i].Href = Path(v.No) + "/read?from=" + strconv.Itoa(points[k].Block) + x.Href
			}
		}
	}
	if len(p.Outline) < 3 {
		p.Outline = nil
	}
}

// sideOf is what stands beside a text: what an editor should look at, related documents, reports, history.
func (s *Service) sideOf(ctx context.Context, p *docView, ref id.Ref, v Document, ver record.Version, u org.Unit, t Text) error {
	a := scope.From(ctx)
	works := a.May(scope.Work, u.Pos)
	if lines := s.warned(ctx, v, t); len(lines) > 0 {
		p.Notes = append(p.Notes, ui.Note{Kind: "w", Title: tr(ctx, "library.warnings"), Text: strings.Join(lines, tr(ctx, "library.semicolon"))})
	}
	if works {
		if n, err := s.found(ctx, v); err != nil {
			return err
		} else if n > 0 && !v.Checked {
			p.Notes = append(p.Notes, ui.Note{Kind: "w", Title: i18n.T(ctx, "library.found", "N", n), Text: tr(ctx, "library.found_why"), Links: []ui.Link{{Text: tr(ctx, "library.found_look"), Href: actPath(ref) + "/" + ActIssue}}})
		}
		near, err := s.Near(ctx, ref.ID, v.File.Hash, t)
		if err != nil {
			return err
		}
		for _, x := range near {
			p.Notes = append(p.Notes, ui.Note{Kind: "w", Title: i18n.T(ctx, "library.near", "Percent", x.Percent, "No", x.No), Links: []ui.Link{{Text: x.Title, Href: Path(x.No)}}})
		}
	}
	related, err := s.Related(ctx, ref.ID, v, t)
	if err != nil {
		return err
	}
	if p.Related, err = s.links(ctx, related); err != nil {
		return err
	}
	p.Category, p.File = tr(ctx, "library.cat."+v.Category), v.File.Name
	for _, c := range Citations(t.document().Text()) {
		if words := cmp.Or(c.Title, c.Number); len(p.Cited) < mostCited {
			p.Cited = append(p.Cited, ui.Link{Text: words, Href: web.Address("/library", Filter{Words: words}.query())})
		}
	}
	reports, err := s.Reports(ctx, v.No)
	if err != nil {
		return err
	}
	for _, x := range reports {
		p.Reports = append(p.Reports, ui.Link{Text: i18n.T(ctx, "library.report_line", "Ground", tr(ctx, "library.ground."+x.Ground), "State", tr(ctx, "library.report_is."+x.State)), Href: reportPath(x.Ref()), Sub: flowBrief(x.Words)})
	}
	if a.May(scope.View, u.Pos) {
		p.Known = "/library/known/" + ref.String()
		p.Timeline, err = s.book.Timeline(ctx, ref, actPath(ref)+"/"+record.ActUndo)
	}
	return err
}

// warned are the things about a text that an editor should look at, in words.
func (s *Service) warned(ctx context.Context, v Document, t Text) (out []string) {
	for _, x := range Check(v.Title+" "+CleanTitle(v.File.Name), t.document()) {
		args := []any{}
		for k, a := range x.Args {
			args = append(args, k, a)
		}
		out = append(out, i18n.T(ctx, "library.warn."+string(x.Code), args...))
	}
	return out
}

func (s *Service) links(ctx context.Context, list []Listed) ([]ui.Link, error) {
	units, err := s.unitsOf(ctx, list)
	if err != nil {
		return nil, err
	}
	out := make([]ui.Link, len(list))
	for i, l := range list {
		out[i] = ui.Link{Text: l.Title, Href: Path(l.No), Sub: about(ctx, l, units[l.Unit].Name)}
	}
	return out, nil
}

type readView struct {
	Title      string
	Under      string
	Paras      []para
	Back, Next string
}

// readPage is the text from a place on, where it is too long for the document's own page.
func (s *Service) readPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	no, err := numberIn(r)
	if err != nil {
		return err
	}
	_, v, _, err := s.Number(ctx, no)
	if err != nil {
		return err
	}
	t, err := s.Text(ctx, v)
	if err != nil {
		return err
	}
	from, err := strconv.Atoi(r.URL.Query().Get("from"))
	if err != nil || from < 0 || from >= max(len(t.Blocks), 1) {
		from = 0
	}
	out := readView{Title: v.Title, Under: i18n.T(ctx, "library.read_from", "From", from+1, "All", len(t.Blocks)), Back: Path(no)}
	var next int
	if out.Paras, next = paras(t.Blocks, Outline(t.Blocks), from, readBytes); next > 0 {
		out.Next = Path(no) + "/read?from=" + strconv.Itoa(next)
	}
	crumbs := []ui.Link{{Text: tr(ctx, "library.title"), Href: "/library"}, {Text: v.Title, Href: Path(no)}, {Text: tr(ctx, "library.text")}}
	return web.Render(w, r, web.Page{Title: v.Title, Current: "library", Crumbs: crumbs}, readTempl(out))
}

// picture is a page as it is shown: its address, what is said of it to whoever does not see it, where it stands.
type picture struct {
	Src, Alt, At string
}

// pictures are the pages from one on of which pictures are shown, and the ways to those before and after (L10 to L20).
func (s *Service) pictures(ctx context.Context, v Document, from int) (out []picture, more []ui.Link) {
	all := s.drawable(v)
	most := all
	if !scope.From(ctx).SignedIn() {
		most = min(all, pagesForGuest)
	}
	for n := from; n < from+pagesAtOnce && n <= most; n++ {
		out = append(out, picture{Src: Path(v.No) + "/page/" + strconv.Itoa(n), Alt: i18n.T(ctx, "library.page_alt", "Title", v.Title, "N", n), At: i18n.T(ctx, "library.page_at", "N", n, "All", all)})
	}
	link := func(from int) {
		more = append(more, ui.Link{Text: i18n.T(ctx, "library.pages_more", "From", from, "To", min(from+pagesAtOnce-1, most)), Href: Path(v.No) + "/pages?from=" + strconv.Itoa(from)})
	}
	if from > 1 {
		link(max(1, from-pagesAtOnce))
	}
	if next := from + pagesAtOnce; next <= most {
		link(next)
	} else if most < all {
		more = append(more, ui.Link{Text: i18n.T(ctx, "library.pages_sign_in", "N", all), Href: "/login"})
	}
	return out, more
}

// pagesPage shows more pages by plain links, a few at a time.
func (s *Service) pagesPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	no, err := numberIn(r)
	if err != nil {
		return err
	}
	_, v, _, err := s.Number(ctx, no)
	if err != nil {
		return err
	}
	from, err := strconv.Atoi(r.URL.Query().Get("from"))
	if err != nil || from < 1 || from > s.drawable(v) {
		from = 1
	}
	out := pagesView{Title: v.Title, Back: Path(no)}
	if out.Pages, out.More = s.pictures(ctx, v, from); len(out.Pages) == 0 {
		return web.NotFound(r)
	}
	crumbs := []ui.Link{{Text: tr(ctx, "library.title"), Href: "/library"}, {Text: v.Title, Href: Path(no)}, {Text: tr(ctx, "library.preview")}}
	return web.Render(w, r, web.Page{Title: v.Title, Current: "library", Crumbs: crumbs}, pagesTempl(out))
}

type pagesView struct {
	Title string
	Pages []picture
	More  []ui.Link
	Back  string
}

// pagePicture answers the picture of a page, which we drew ourselves.
func (s *Service) pagePicture(w http.ResponseWriter, r *http.Request) error {
	no, err := numberIn(r)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.PathValue("page"))
	if err != nil {
		return web.NotFound(r)
	}
	image, mime, err := s.Page(r.Context(), no, n)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", mime)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-cache") // who sees it is asked each time
	_, err = w.Write(image)
	return err
}

// liveOf leads to the live document of which a document is the Word and says how its numbers stand; nothing for others, and for
// whoever may not read it.
func (s *Service) liveOf(ctx context.Context, v Document) ui.Link {
	ref, err := id.ParseRef(v.Live)
	if err != nil || s.live == nil {
		return ui.Link{}
	}
	x, err := s.live(ctx, ref)
	switch {
	case err != nil:
		return ui.Link{}
	case x.Differ > 0:
		return ui.Link{Text: i18n.T(ctx, "library.live_differ", "Agree", x.Agree, "Differ", x.Differ), Href: x.Href}
	}
	return ui.Link{Text: i18n.T(ctx, "library.live_agree", "Agree", x.Agree), Href: x.Href}
}
