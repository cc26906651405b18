package library

import (
	"bytes"
	"context"
	"encoding/json"
	"image/jpeg"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
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
	Making   bool      // they are being made
	Here     string
	Live     ui.Link // to the live document, with how its numbers stand
	Told     string  // that the text is shown without its layout, or that there is none
	Open     []para
	Folded   []para
	Rest     string
	Outline  []ui.Link
	Related  []ui.Link
	Category string
	Filed    string // the same, after the category over it
	File     string
	Source   string
	SourceIs string // its heading
	Cited    []ui.Link
	CitedBy  []ui.Link
	CitedByN ui.Link
	Spoken   ui.Link // who spoke; Sub says what the link leads to
	Citation string
	Project  []ui.Link
	Ways     []ui.Link // to say more of it, for those who work there
	Bare     bool      // only its title is kept
	Reports  []ui.Link
	Timeline []ui.Change
	Known    string

	Keep        ui.Post // put it among one's favourites, or take it out
	Said        said
	Collections []ui.Link
	Liked       []ui.Link
	LikedSwitch ui.Post
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
	tree, err := s.categories(ctx)
	if err != nil {
		return err
	}
	page := docView{Title: v.Title, Summary: v.Summary, Source: v.Source, SourceIs: tr(ctx, "library.source"), Bare: v.TitleOnly(), Category: tree.Name(ctx, v.Category), Filed: tree.path(ctx, v.Category)}
	if page.Bare {
		page.SourceIs = tr(ctx, "library.entry_source")
	}
	s.headOf(ctx, &page, ref, v, u, t, tree.Reviewed(v.Category))
	all, err := s.sheetsOf(ctx, ref.Root, v)
	if err != nil {
		return err
	}
	if page.Pages, page.More, err = s.pictures(ctx, v, all, 1); err != nil {
		return err
	}
	page.Making, page.Here = all.Making, Path(no)
	page.Live = s.liveOf(ctx, v)
	s.textOf(ctx, &page, v, t, all.N)
	if err := s.sideOf(ctx, &page, ref, v, ver, u, t); err != nil {
		return err
	}
	if err := s.aboutOf(ctx, &page, ref, v, u, t); err != nil {
		return err
	}
	if err := s.membersOf(r, &page, ref, v, u); err != nil {
		return err
	}
	crumbs := []ui.Link{{Text: tr(ctx, "library.title"), Href: "/library"}}
	if top := tree.top(v.Category); top != v.Category {
		crumbs = append(crumbs, ui.Link{Text: tree.Name(ctx, top), Href: categoryPath(top)})
	}
	crumbs = append(crumbs, ui.Link{Text: page.Category, Href: categoryPath(v.Category)})
	return web.Render(w, r, web.Page{Title: v.Title, Current: "library", Crumbs: crumbs}, docTempl(page))
}

// headOf is what stands above a text: where it comes from, what can be done, what it is. reviewed: it is issued only when it was approved.
func (s *Service) headOf(ctx context.Context, p *docView, ref id.Ref, v Document, u org.Unit, t Text, reviewed bool) {
	a := scope.From(ctx)
	by := v.ByName
	if !knows(a, v.Unit, u.Pos) {
		by = Masked(by)
	}
	p.Under = i18n.T(ctx, "library.under", "Unit", u.Name, "Category", p.Category, "To", tr(ctx, "library.to."+string(v.Visible)))
	p.Shared = i18n.T(ctx, "library.shared_by", "By", by, "Unit", u.Name)
	if v.TitleOnly() {
		p.Shared = i18n.T(ctx, "library.entered_by", "By", by, "Unit", u.Name)
	}
	if v.State != Issued {
		p.Tags = []ui.Mark{{Text: tr(ctx, "library.is."+string(v.State)), Kind: "w"}}
	}
	if v.approved() {
		p.Tags = append(p.Tags, ui.Mark{Text: i18n.T(ctx, "library.approved_line", "Day", i18n.Day(ctx, v.Approval.On), "By", v.Approval.By), Kind: "p"})
	}
	works := a.May(scope.Work, u.Pos)
	ready := !reviewed || v.approved()
	if works && (v.State == Draft || v.State == Withdrawn) && !v.approved() && !v.TitleOnly() {
		p.Acts = append(p.Acts, ui.Button{Text: tr(ctx, "library.do.submit"), Href: actPath(ref) + "/" + ActSubmit, Main: !ready})
	}
	if works && v.State != Issued && v.State != Review && ready {
		p.Acts = append(p.Acts, ui.Button{Text: tr(ctx, "library.do.issue"), Href: actPath(ref) + "/" + ActIssue, Main: true})
	}
	if (!v.ViewOnly || knows(a, v.Unit, u.Pos)) && !v.TitleOnly() {
		p.Acts = append(p.Acts, ui.Button{Text: i18n.T(ctx, "library.download", "Size", kilobytes(v.File.Size)), Href: Path(v.No) + "/file", Main: v.State == Issued})
	}
	if !v.TitleOnly() {
		p.Acts = append(p.Acts, ui.Button{Text: tr(ctx, "library.to_text"), Href: "#text"})
	}
	if works {
		for _, act := range []string{ActEdit, ActReplace, ActWithdraw, ActRemove} {
			if act == ActWithdraw && v.State != Issued || v.State == Review && act != ActEdit {
				continue
			}
			key := "library.do." + act
			if act == ActReplace && v.TitleOnly() {
				key = "library.do.attach"
			}
			p.Acts = append(p.Acts, ui.Button{Text: tr(ctx, key), Href: actPath(ref) + "/" + act})
		}
	} else {
		p.Acts = append(p.Acts, ui.Button{Text: tr(ctx, "library.do.report"), Href: Path(v.No) + "/report"})
	}
	if a.Unit != 0 && a.May(scope.Work, a.Pos) && v.State == Issued {
		p.Acts = append(p.Acts, ui.Button{Text: tr(ctx, "library.collect"), Href: web.Address("/library/collect", url.Values{"unit": {a.Unit.String()}, "no": {numbered(v.No)}})})
	}
	if a.Unit != 0 && a.May(scope.Work, a.Pos) && v.State == Issued && !reviewed {
		p.Acts = append(p.Acts, ui.Button{Text: tr(ctx, "library.cite"), Href: web.Address("/notice/new", url.Values{"unit": {a.Unit.String()}, "cite": {numbered(v.No)}})})
	}
	pages := tr(ctx, "library.pages_none")
	if v.Pages > 0 {
		pages = i18n.T(ctx, "library.pages_n", "N", v.Pages)
	}
	p.Meta = []ui.Fact{{Label: tr(ctx, "library.no"), Text: numbered(v.No)}}
	if !v.TitleOnly() {
		p.Meta = append(p.Meta, ui.Fact{Label: tr(ctx, "library.format"), Text: formatName(v.File.Kind)}, ui.Fact{Label: tr(ctx, "library.pages"), Text: pages}, ui.Fact{Label: tr(ctx, "library.size"), Text: kilobytes(v.File.Size)})
	}
	when, who := "library.uploaded", "library.by"
	if v.TitleOnly() {
		when, who = "library.entered", "library.entered_who"
	}
	p.Meta = append(p.Meta, ui.Fact{Label: tr(ctx, when), Text: string(v.Uploaded)}, ui.Fact{Label: tr(ctx, who), Text: by})
	for key, day := range map[string]clock.Day{"library.made": t.Made, "library.edited": t.Edited} {
		if day != clock.Open && (key == "library.edited" || t.Edited == clock.Open) {
			p.Meta = append(p.Meta, ui.Fact{Label: tr(ctx, key), Text: string(day)})
		}
	}
}

// textOf is the text: openly its beginning, folded what a page holds, and the way to the rest.
func (s *Service) textOf(ctx context.Context, p *docView, v Document, t Text, sheets int) {
	if v.TitleOnly() {
		return
	}
	a := scope.From(ctx)
	works := a.May(scope.Work, a.Pos)
	points := Outline(t.Blocks)
	for _, x := range points {
		if x.Missing {
			p.Outline = append(p.Outline, ui.Link{Text: i18n.T(ctx, "library.point_missing", "Label", x.Label)})
			continue
		}
		l := ui.Link{Text: x.Label + flowBrief(x.Text), Href: "#p" + x.Anchor}
		if works { // who gives tasks cites a point by this
			l.Sub = l.Href
		}
		p.Outline = append(p.Outline, l)
	}
	switch {
	case len(t.Blocks) == 0 && v.File.Kind == string(extract.JPEG):
		p.Told = tr(ctx, "library.told_picture")
	case len(t.Blocks) == 0 && sheets > 0:
		p.Told = tr(ctx, "library.told_scan")
	case len(t.Blocks) == 0:
		p.Told = tr(ctx, "library.told_none")
	case sheets == 0:
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
		if v.State == Review {
			c, there, err := s.Reviewing(ctx, ref)
			if err != nil {
				return err
			}
			if there {
				p.Notes = append(p.Notes, ui.Note{Title: tr(ctx, "library.is.review"), Text: tr(ctx, "library.in_review"), Links: []ui.Link{{Text: tr(ctx, "library.review_case"), Href: "/flow/" + c.Ref().String()}}})
			}
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
	p.File = v.File.Name
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

// membersOf is what members make of a document: whether the reader keeps it, what is thought of it, in which collections it stands,
// and what people with the reader's post opened.
func (s *Service) membersOf(r *http.Request, p *docView, ref id.Ref, v Document, u org.Unit) (err error) {
	ctx, a := r.Context(), scope.From(r.Context())
	if p.Said, err = s.saidOf(ctx, ref, v, a.May(scope.Work, u.Pos)); err != nil {
		return err
	}
	in, err := s.collectionsOf(ctx, a, ref.ID)
	if err != nil {
		return err
	}
	for _, c := range in {
		p.Collections = append(p.Collections, ui.Link{Text: c.Title, Href: collectionPath(c.Ref())})
	}
	if a.Account == 0 {
		return nil
	}
	m, err := s.markOf(ctx, ref, a.Account)
	if err != nil {
		return err
	}
	p.Keep = ui.Post{Text: tr(ctx, "library.keep_do"), Action: Path(v.No) + "/keep", Key: web.NewKey(), Hidden: []ui.Pair{{Name: "keep", Value: "1"}}}
	if m.Kept {
		p.Keep.Text, p.Keep.Hidden[0].Value = tr(ctx, "library.keep_undo"), "0"
	}
	post := s.postOf(ctx)
	if post == "" || v.State != Issued {
		return nil
	}
	if r.Method == http.MethodGet && v.Unit != a.Unit {
		s.noteOpened(ctx, ref, post)
	}
	p.LikedSwitch = ui.Post{Text: tr(ctx, "library.liked_off"), Action: "/library/liked", Key: web.NewKey(), Hidden: []ui.Pair{{Name: "on", Value: "0"}, {Name: "no", Value: numbered(v.No)}}}
	if likedOff(r) {
		p.LikedSwitch.Text, p.LikedSwitch.Hidden[0].Value = tr(ctx, "library.liked_on"), "1"
		return nil
	}
	liked, err := s.Liked(ctx, post, ref.ID)
	if err != nil {
		return err
	}
	p.Liked, err = s.links(ctx, liked)
	return err
}

// warned are the things about a text that an editor should look at, in words.
func (s *Service) warned(ctx context.Context, v Document, t Text) (out []string) {
	if v.TitleOnly() {
		return nil
	}
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
	t, err := s.categories(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]ui.Link, len(list))
	for i, l := range list {
		out[i] = ui.Link{Text: l.Title, Href: Path(l.No), Sub: about(ctx, t, l, units[l.Unit].Name)}
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
	if v.TitleOnly() {
		return errs.New(errs.NotFound, "library.title_only_told")
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
	return web.Render(w, r, web.Page{Title: v.Title, Current: "library", Crumbs: crumbs, Aloud: true}, readTempl(out))
}

// picture is a page as it is shown: its address, what is said of it to whoever does not see it, where it stands.
type picture struct {
	Src, Alt, At string
	Sheet        Sheet // its lines, to be selected; none when they were not read yet
}

// points writes a length for a drawing.
func points(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// wide and high are the size of a page as it is laid out before its picture is there; A4 where it is not known.
func (p picture) wide() string {
	if p.Sheet.Width > 0 {
		return strconv.Itoa(int(p.Sheet.Width))
	}
	return "595"
}

func (p picture) high() string {
	if p.Sheet.Height > 0 {
		return strconv.Itoa(int(p.Sheet.Height))
	}
	return "842"
}

// pictures are the pages from one on of which pictures are shown, and the ways to those before and after (L10 to L20).
func (s *Service) pictures(ctx context.Context, v Document, sheets sheets, from int) (out []picture, more []ui.Link, err error) {
	all := sheets.N
	most := all
	if !scope.From(ctx).SignedIn() {
		most = min(all, s.guestPages)
	}
	rows, err := s.sheetsAcrossUnits(ctx, sheets.Hash, from, from+pagesAtOnce)
	if err != nil {
		return nil, nil, err
	}
	lines := map[int]Sheet{}
	for _, x := range rows {
		var sheet Sheet
		if err := json.Unmarshal([]byte(x.Lines), &sheet); err != nil {
			return nil, nil, err
		}
		lines[int(x.Page)] = sheet
	}
	if sheets.Photo {
		if lines[1], err = s.photoSize(ctx, sheets.Hash); err != nil {
			return nil, nil, err
		}
	}
	for n := from; n < from+pagesAtOnce && n <= most; n++ {
		out = append(out, picture{Src: Path(v.No) + "/page/" + strconv.Itoa(n), Alt: i18n.T(ctx, "library.page_alt", "Title", v.Title, "N", n), At: i18n.T(ctx, "library.page_at", "N", n, "All", all), Sheet: lines[n]})
	}
	link := func(from int) {
		to := min(from+pagesAtOnce-1, most)
		text := i18n.T(ctx, "library.pages_more", "From", from, "To", to)
		if from == to {
			text = i18n.T(ctx, "library.pages_one_more", "N", to)
		}
		more = append(more, ui.Link{Text: text, Href: Path(v.No) + "/pages?from=" + strconv.Itoa(from)})
	}
	if from > 1 {
		link(max(1, from-pagesAtOnce))
	}
	if next := from + pagesAtOnce; next <= most {
		link(next)
	} else if most < all {
		more = append(more, ui.Link{Text: i18n.T(ctx, "library.pages_sign_in", "N", all), Href: "/login"})
	}
	return out, more, nil
}

// photoSize is how large a photo is laid out, as its head says; nothing where it cannot be read.
func (s *Service) photoSize(ctx context.Context, hash string) (out Sheet, err error) {
	f, err := s.blobs.Get(ctx, hash)
	if errs.Is(err, errs.NotFound) {
		return out, nil
	} else if err != nil {
		return out, err
	}
	defer f.Close()
	c, _ := jpeg.DecodeConfig(f) // of what cannot be read no size is known; its page says so
	return Sheet{Width: float64(c.Width), Height: float64(c.Height)}, nil
}

// pagesPage shows more pages by plain links, a few at a time.
func (s *Service) pagesPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	no, err := numberIn(r)
	if err != nil {
		return err
	}
	ref, v, _, err := s.Number(ctx, no)
	if err != nil {
		return err
	}
	all, err := s.sheetsOf(ctx, ref.Root, v)
	if err != nil {
		return err
	}
	from, err := strconv.Atoi(r.URL.Query().Get("from"))
	if err != nil || from < 1 || from > all.N {
		from = 1
	}
	out := pagesView{Title: v.Title, Back: Path(no)}
	if out.Pages, out.More, err = s.pictures(ctx, v, all, from); err != nil {
		return err
	}
	if len(out.Pages) == 0 {
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

// coverPicture answers the cover of a document. It may be kept by whoever sees it; that they still do is asked each time.
func (s *Service) coverPicture(w http.ResponseWriter, r *http.Request) error {
	no, err := numberIn(r)
	if err != nil {
		return err
	}
	image, mime, hash, err := s.Cover(r.Context(), no)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", mime)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+hash[:32]+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(image))
	return nil
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
