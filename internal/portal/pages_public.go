package portal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// face is a site as somebody looks at it: which page, in which language and size. Everything else of an address is passed over, so
// that there are few pages to keep.
type face struct {
	site    Site
	own     bool // at a domain of the site's own, where addresses are short
	unit    org.Unit
	column  string // "" for the home page
	news    id.Ref
	lang    string
	said    bool // the address names the language; else it is the browser's
	size    int
	place   id.ID // whose bases are asked for
	after   string
	about   id.Ref // of the form: the activity to come to
	preview bool
}

// sizes are the text sizes of the pages, in pixels; the first is the usual one.
var sizes = []int{18, 22, 26, 30}

func faceIn(r *http.Request) face {
	q := r.URL.Query()
	f := face{lang: i18n.Lang(r.Context()), size: sizes[0]}
	if said := q.Get("lang"); slices.Contains(i18n.Langs, said) {
		f.lang, f.said = said, true
	}
	if n, err := strconv.Atoi(q.Get("size")); err == nil && slices.Contains(sizes, n) {
		f.size = n
	}
	f.place, _ = id.Parse(q.Get("place"))
	f.about, _ = id.ParseRef(q.Get("for"))
	if after := q.Get("after"); len(after) <= 60 {
		f.after = after
	}
	return f
}

// to is the address of a page of the same site, in the same language and size.
func (f face) to(column string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if f.said || f.preview {
		q.Set("lang", f.lang)
	}
	if f.size != sizes[0] {
		q.Set("size", strconv.Itoa(f.size))
	}
	path := f.base() // "" at the root of a domain
	switch {
	case f.preview:
		path = "/portal/preview"
		q.Set("unit", f.site.Unit.String())
		if column != "" {
			q.Set("column", column)
		}
	case f.own:
		path += "/" + short(column)
	case column != "":
		path += "/" + column
	}
	if ref := q.Get("news"); ref != "" && !f.preview {
		path += "/" + ref
		q.Del("news")
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// base is where the pages of the site stand: at the root of a domain of its own, elsewhere under its short address.
func (f face) base() string {
	if f.own {
		return ""
	}
	return "/s/" + f.site.Slug
}

// canonical is the one address by which search engines know this page: in the usual size, at the site's first own domain where it has one.
func (f face) canonical() string {
	f.size = sizes[0]
	switch {
	case f.preview:
		return ""
	case len(f.site.Hosts) > 0:
		f.own = true
		return "//" + f.site.Hosts[0] + f.here()
	}
	return f.here()
}

// here is the address of this very page, with another language or size.
func (f face) here() string {
	pairs := []string{"after", f.after}
	if f.place != 0 {
		pairs = append(pairs, "place", f.place.String())
	}
	if f.news != (id.Ref{}) {
		pairs = append(pairs, "news", f.news.String())
	}
	if f.about != (id.Ref{}) {
		pairs = append(pairs, "for", f.about.String())
	}
	return f.to(f.column, pairs...)
}

// siteView is a page of a site: a head, and blocks below it.
type siteView struct {
	Title   string
	Under   string
	Paras   []string
	Lead    string  // above the form
	Beside  []block // two that stand beside each other where there is room
	Blocks  []block
	Spec    *ui.FormSpec
	Inputs  []ui.Input
	Faults  []ui.Fault
	Foreign bool // what was typed is Chinese on an English page
	Site    Site
	Home    bool
	Ask     string
	Pics    []picView
	Aloud   bool // there is a text to be read aloud
	Paging  ui.Paging
}

// block is a part of a page.
type block struct {
	ID, Title, Lead, Empty string
	Links                  []ui.Link
	Table                  ui.Table
	Figures                []toldFigure
	More                   ui.Link
	Wide                   bool // short links, several in a row where there is room
}

// picView is a picture as a page shows it.
type picView struct {
	Picture
	Src string
}

// toldFigure is a published figure with what it means.
type toldFigure struct{ Number, Unit, Name, Sentence, When string }

// sitePage answers a page of a site from memory where it can.
func (s *Service) sitePage(w http.ResponseWriter, r *http.Request) error {
	began := time.Now() // measured for the self-check alone
	f := faceIn(r)
	f.column = strings.ToLower(r.PathValue("column"))
	if text := r.PathValue("ref"); text != "" {
		ref, err := id.ParseRef(text)
		if err != nil {
			return web.NotFound(r)
		}
		f.column, f.news = NewsColumn, ref
	}
	slug := strings.ToLower(r.PathValue("slug"))
	return s.answer(w, r, f, slug, began)
}

// AtDomain gives the pages of a site short addresses at its own domain: /news there is the /s/{slug}/news that the router knows, so that what
// it declares holds. At a host that nobody set, and for every other address, the request stays as it is.
func (s *Service) AtDomain(r *http.Request) (*http.Request, error) {
	long, err := s.longPath(r.Context(), r.Host, r.URL.Path)
	if err != nil || long == "" {
		return r, err
	}
	to := *r.URL
	to.Path, to.RawPath = long, ""
	out := r.WithContext(r.Context()) // the caller's own keeps its address
	out.URL = &to
	return out, nil
}

func (s *Service) answer(w http.ResponseWriter, r *http.Request, f face, slug string, began time.Time) error {
	// nothing of who reads goes into a page, whoever they are
	ctx := i18n.In(scope.With(r.Context(), scope.Actor{}), f.lang)
	r = r.WithContext(ctx)
	draw := func(ctx context.Context) (page, error) {
		var err error
		if f.site, f.own, err = s.siteAt(ctx, r.Host, slug); err != nil {
			return page{}, err
		}
		var b drawn
		if err := s.render(&b, r.WithContext(ctx), f, nil, "", nil); err != nil {
			return page{}, err
		}
		sum := sha256.Sum256(b.Bytes())
		return page{body: b.Bytes(), etag: `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}, nil
	}
	var p page
	var err error
	if f.column == Volunteer { // its form has a key of its own each time
		p, err = draw(ctx)
	} else {
		key := strings.Join([]string{r.Host, r.Header.Get("X-Forwarded-Proto"), slug, f.column, f.news.String(), f.lang, strconv.FormatBool(f.said), strconv.Itoa(f.size), f.place.String(), f.after}, "\x00")
		p, err = s.kept.get(key, clock.Millis(ctx), func() (page, error) { return draw(context.WithoutCancel(ctx)) })
	}
	if err != nil {
		return notFoundOr(r, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Language")
	h.Set("Content-Language", map[string]string{"zh": "zh-CN", "en": "en"}[f.lang])
	if f.column == Volunteer {
		h.Set("Cache-Control", "no-store")
	} else {
		h.Set("Cache-Control", "public, max-age=30")
		h.Set("ETag", p.etag)
	}
	s.took(ctx, slug, f.column, time.Since(began))
	if f.column != Volunteer && strings.Contains(r.Header.Get("If-None-Match"), strings.TrimPrefix(p.etag, "W/")) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	body := p.body
	if p.gz != nil {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = p.gz
		}
	}
	_, err = w.Write(body)
	return err
}

// picture hands over a picture of news that the site shows; taken down, it is not there for anybody.
func (s *Service) picture(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	x, _, err := s.siteAt(ctx, r.Host, r.PathValue("slug"))
	if err != nil {
		return notFoundOr(r, err)
	}
	hash := r.PathValue("hash")
	f, err := s.sitePicture(ctx, x, ref, hash)
	if err != nil {
		return notFoundOr(r, err)
	}
	defer f.Close()
	w.Header().Set("Cache-Control", "public, max-age=60") // no longer, so that what was taken down is soon gone everywhere
	serve(w, r, hash, f)
	return nil
}

// serve writes a picture, made by us, whatever was uploaded.
func serve(w http.ResponseWriter, r *http.Request, hash string, f io.ReadSeeker) {
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", `"`+hash+`"`)
	http.ServeContent(w, r, "", time.Time{}, f)
}

// drawn takes a page that is to be kept.
type drawn struct {
	bytes.Buffer
	head http.Header
}

func (d *drawn) Header() http.Header {
	if d.head == nil {
		d.head = http.Header{}
	}
	return d.head
}

func (d *drawn) WriteHeader(int) {}

// previewPage shows the office its site as it is set, on or off.
func (s *Service) previewPage(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f := faceIn(r)
	f.preview = true
	if f.site, err = s.Site(r.Context(), u); err != nil {
		return err
	}
	f.column = r.URL.Query().Get("column")
	f.news, _ = id.ParseRef(r.URL.Query().Get("news"))
	ctx := i18n.In(scope.With(r.Context(), scope.Actor{}), f.lang)
	return notFoundOr(r, s.render(w, r.WithContext(ctx), f, nil, "", nil))
}

// render draws a page of a site that may be seen; failed is what has to be changed in its form, people how many come as it was typed.
func (s *Service) render(w http.ResponseWriter, r *http.Request, f face, words *Words, people string, failed error) error {
	ctx := r.Context()
	x := f.site
	if f.column != "" && !x.shows(f.column) {
		return errNone
	}
	var err error
	if f.unit, err = s.rec.Home(ctx, x.Unit); err != nil {
		return err
	}
	v := siteView{Site: x, Title: x.Title, Under: x.Motto, Home: f.column == "", Foreign: f.lang != i18n.Langs[0], Ask: f.to(Help)}
	title := ""
	if f.column != "" {
		title = columnName(ctx, f.column)
		v.Title, v.Under = title, ""
	}
	status := 0
	switch f.column {
	case "":
		err = s.homeBlocks(ctx, f, &v)
	case About:
		v.Paras = web.TextLines(x.About)
		if len(v.Paras) == 0 {
			v.Blocks = []block{{Empty: tr(ctx, "portal.about_nothing")}}
		}
	case NewsColumn:
		title, err = s.newsBlocks(ctx, f, &v, title)
	case Bases:
		err = s.baseBlocks(ctx, f, &v)
	case Activities:
		err = s.eventBlocks(ctx, f, &v)
	case Documents:
		err = s.documentBlocks(ctx, f, &v)
	case Figures:
		var b block
		b, err = s.figureBlock(ctx, f, maxFigures+1)
		v.Blocks = []block{b}
	case Help:
		err = s.helpBlocks(ctx, f, &v)
	case Volunteer:
		status, err = s.wishForm(ctx, f, &v, words, people, failed)
	}
	if err != nil {
		return err
	}
	front := s.frontOf(ctx, f)
	v.Aloud = len(v.Paras) > 0 && (f.column == About || f.news != (id.Ref{}))
	p := web.Page{Title: title, Front: front, Bare: true, Status: status, Error: len(v.Faults) > 0, Aloud: v.Aloud}
	if f.column != "" {
		p.Crumbs = []ui.Link{{Text: columnName(ctx, ""), Href: f.to("")}, {Text: v.Title}}
		if f.news != (id.Ref{}) {
			p.Crumbs = []ui.Link{{Text: columnName(ctx, ""), Href: f.to("")}, {Text: columnName(ctx, NewsColumn), Href: f.to(NewsColumn)}, {Text: v.Title}}
		}
	}
	return web.Render(w, r, p, siteTempl(v))
}

// frontOf is what surrounds a page of a site.
func (s *Service) frontOf(ctx context.Context, f face) *web.Front {
	front := &web.Front{Name: f.site.Title, Unit: f.unit.Name, Scheme: f.site.Colour, Home: f.to(""), Size: f.size}
	for _, c := range Columns {
		if f.site.shows(c) {
			front.Columns = append(front.Columns, ui.Link{Text: columnName(ctx, c), Href: f.to(c), Current: c == f.column})
		}
	}
	front.SizeURL = func(px int) string { g := f; g.size = px; return g.here() }
	g := f
	g.said = true
	if g.lang = "en"; f.lang == "en" {
		g.lang = i18n.Langs[0]
	}
	front.LangURL, front.Canonical = g.here(), f.canonical()
	return front
}

// How much the home page shows of each column.
const (
	homeNews    = 5
	homeFigures = 4
	homeEvents  = 3
)

func (s *Service) homeBlocks(ctx context.Context, f face, v *siteView) error {
	x := f.site
	if x.shows(NewsColumn) {
		list, err := s.newsAcrossUnits(ctx, x.Unit, true, 0, homeNews)
		if err != nil {
			return err
		}
		b := block{ID: NewsColumn, Title: columnName(ctx, NewsColumn), Links: newsLinks(ctx, f, list), More: ui.Link{Text: tr(ctx, "portal.all_news"), Href: f.to(NewsColumn)}}
		if len(list) > 0 {
			v.Beside = append(v.Beside, b)
		}
	}
	if x.shows(Activities) {
		list, err := s.shownEvents(ctx, f.unit)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			v.Beside = append(v.Beside, block{ID: Activities, Title: columnName(ctx, Activities), Links: eventLinks(ctx, f, list[:min(len(list), homeEvents)]), More: ui.Link{Text: tr(ctx, "portal.all_events"), Href: f.to(Activities)}})
		}
	}
	if x.shows(Figures) {
		b, err := s.figureBlock(ctx, f, homeFigures)
		if err != nil {
			return err
		}
		if len(b.Figures) > 0 {
			b.ID, b.Title, b.More = Figures, columnName(ctx, Figures), ui.Link{Text: tr(ctx, "portal.all_figures"), Href: f.to(Figures)}
			v.Blocks = append(v.Blocks, b)
		}
	}
	v.Blocks = append(v.Blocks, s.columnBlock(ctx, f))
	return nil
}

// columnBlock leads to every column of a site.
func (s *Service) columnBlock(ctx context.Context, f face) block {
	all := block{ID: "columns", Title: tr(ctx, "portal.columns"), Wide: true}
	for _, c := range Columns {
		if f.site.shows(c) {
			all.Links = append(all.Links, ui.Link{Text: columnName(ctx, c), Href: f.to(c), Sub: tr(ctx, "portal.column_sub."+c)})
		}
	}
	return all
}

func newsLinks(ctx context.Context, f face, list []Headline) (out []ui.Link) {
	for _, n := range list {
		out = append(out, ui.Link{Text: n.Title, Href: f.to(NewsColumn, "news", n.Ref().String()), Sub: i18n.Day(ctx, n.Day)})
	}
	return out
}

// newsBlocks are the list of news, or one piece; the title says which.
func (s *Service) newsBlocks(ctx context.Context, f face, v *siteView, title string) (string, error) {
	if f.news != (id.Ref{}) {
		n, err := s.oneAcrossUnits(ctx, f.site.Unit, f.news)
		if err != nil {
			return "", err
		}
		v.Title, v.Under, v.Paras = n.Title, tr(ctx, "portal.by", "A", f.unit.Name, "B", i18n.Day(ctx, n.Day)), web.TextLines(n.Text)
		list, err := s.picturesAcrossUnits(ctx, f.site.Unit, f.news)
		for _, p := range list {
			src := f.base() + "/news/" + f.news.String() + "/" + p.Hash
			if f.preview {
				src = newsPath(f.news) + "/picture/" + p.Hash
			}
			v.Pics = append(v.Pics, picView{p, src})
		}
		return n.Title, err
	}
	skip, _ := strconv.Atoi(f.after)
	skip = min(max(skip, 0), 100_000)
	list, err := s.newsAcrossUnits(ctx, f.site.Unit, true, skip, mostNews+1)
	if err != nil {
		return "", err
	}
	if len(list) > mostNews {
		list, v.Paging.Next = list[:mostNews], f.to(NewsColumn, "after", strconv.Itoa(skip+mostNews))
	}
	if skip > 0 {
		v.Paging.First = f.to(NewsColumn)
	}
	v.Paging.Here = len(list)
	v.Blocks = []block{{Links: newsLinks(ctx, f, list), Empty: tr(ctx, "portal.news_nothing")}}
	return title, nil
}

// mostBases is how many bases a page lists.
const mostBases = 15

// baseBlocks are the bases of the place that was chosen, and the places to choose from.
func (s *Service) baseBlocks(ctx context.Context, f face, v *siteView) error {
	today, chosen := clock.Today(ctx), f.unit
	if f.place != 0 && f.place != f.unit.ID {
		u, err := s.org.Unit(ctx, f.place)
		if err != nil {
			return err
		}
		if r := f.unit.Range(); u.Pos < r.From || u.Pos >= r.To || !u.StandsOn(today) {
			return errNone // another city's, or none: alike
		}
		chosen = u
	}
	v.Under = tr(ctx, "portal.bases_of", "Unit", chosen.Name)
	list, next, err := s.out.Bases(ctx, chosen, f.after, mostBases)
	if err != nil {
		return err
	}
	if !chosen.Level.Leaf() {
		below, err := s.org.Below(ctx, chosen.ID, today, 100)
		if err != nil {
			return err
		}
		b := block{ID: "places", Title: tr(ctx, "portal.near"), Lead: tr(ctx, "portal.near_lead"), Wide: true}
		for _, u := range below {
			if !u.Level.Leaf() {
				b.Links = append(b.Links, ui.Link{Text: u.Name, Href: f.to(Bases, "place", u.ID.String())})
			}
		}
		if chosen.ID != f.unit.ID {
			b.More = ui.Link{Text: tr(ctx, "portal.all_places"), Href: f.to(Bases)}
		}
		if len(b.Links) > 0 || b.More.Href != "" {
			v.Blocks = append(v.Blocks, b)
		}
	}
	t := ui.Table{Caption: columnName(ctx, Bases), Columns: []ui.Column{{Text: tr(ctx, "portal.f.base")}, {Text: tr(ctx, "portal.f.host_unit"), Label: true}, {Text: tr(ctx, "portal.f.address"), Label: true}, {Text: tr(ctx, "portal.f.base_hours"), Label: true}, {Text: tr(ctx, "portal.f.tel"), Label: true}}}
	for _, x := range list {
		name := ui.Text(x.Name)
		name.Sub = x.Category
		tel := ui.Text(tr(ctx, "portal.ask_office"))
		if p := PublicPhone(x.Phone); p != "" {
			tel = ui.To(p, ui.Tel(p))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{name, ui.Text(x.HostName), ui.Text(or(x.Address, tr(ctx, "portal.ask_office"))), ui.Text(or(x.Hours, tr(ctx, "portal.ask_office"))), tel}})
	}
	v.Blocks = append(v.Blocks, block{ID: "list", Title: tr(ctx, "portal.bases_list"), Table: t, Empty: tr(ctx, "portal.bases_nothing")})
	place := ""
	if chosen.ID != f.unit.ID {
		place = chosen.ID.String()
	}
	if next != "" {
		v.Paging.Next = f.to(Bases, "place", place, "after", next)
	}
	if f.after != "" {
		v.Paging.First = f.to(Bases, "place", place)
	}
	v.Paging.Here = len(list)
	return nil
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// when is the day and the time of an activity.
func when(ctx context.Context, e Event) string {
	out := i18n.Day(ctx, e.Day)
	if e.Last != clock.Open && e.Last != e.Day {
		out = tr(ctx, "portal.days", "From", out, "To", i18n.Day(ctx, e.Last))
	}
	if e.From != "" {
		out += " " + e.From
	}
	if e.From != "" && e.To != "" {
		out += "–" + e.To
	}
	return out
}

// eventSub says when and where an activity is, and whose; and whether there is a place yet.
func eventSub(ctx context.Context, e Event) string {
	switch {
	case e.full():
		return eventPlace(ctx, e) + tr(ctx, "portal.event_full")
	case e.Places > 0:
		return eventPlace(ctx, e) + tr(ctx, "portal.event_left", "N", e.left())
	}
	return eventPlace(ctx, e)
}

func eventPlace(ctx context.Context, e Event) string {
	if e.Place == "" {
		return tr(ctx, "portal.event_nowhere", "When", when(ctx, e), "Unit", e.Lead)
	}
	return tr(ctx, "portal.event_sub", "When", when(ctx, e), "Place", e.Place, "Unit", e.Lead)
}

func eventLinks(ctx context.Context, f face, list []Event) (out []ui.Link) {
	for _, e := range list {
		to := f.to(Activities)
		if f.site.shows(Volunteer) {
			to = f.to(Volunteer, "for", e.Ref.String())
		}
		out = append(out, ui.Link{Text: e.Title, Href: to, Sub: eventSub(ctx, e)})
	}
	return out
}

func (s *Service) eventBlocks(ctx context.Context, f face, v *siteView) error {
	list, err := s.shownEvents(ctx, f.unit)
	if err != nil {
		return err
	}
	v.Paras = web.TextLines(f.site.Signup)
	b := block{Links: eventLinks(ctx, f, list), Empty: tr(ctx, "portal.events_nothing")}
	if len(list) > 0 && f.site.shows(Volunteer) {
		b.Lead = tr(ctx, "portal.events_lead")
	}
	v.Blocks = []block{b}
	return nil
}

// mostDocuments is how many documents a site lists.
const mostDocuments = 20

func (s *Service) documentBlocks(ctx context.Context, f face, v *siteView) error {
	list, err := s.out.Documents(ctx, f.unit, mostDocuments)
	if err != nil {
		return err
	}
	b := block{Empty: tr(ctx, "portal.documents_nothing"), More: ui.Link{Text: tr(ctx, "portal.library"), Href: "/library"}}
	for _, d := range list {
		b.Links = append(b.Links, ui.Link{Text: d.Title, Href: "/d/" + digits(d.No), Sub: tr(ctx, "portal.by", "A", d.Unit, "B", i18n.Day(ctx, d.Day))})
	}
	v.Blocks = []block{b}
	return nil
}

// numbered is an amount and its measure word as a site shows it.
func numbered(ctx context.Context, d ledger.Definition, amount int64) (number, unit string) {
	if amount == anon.Hidden {
		if d.Kind == ledger.Derived { // a share is hidden for the few people behind it, however large it is
			return tr(ctx, "portal.share_hidden", "N", anon.Fewest), ""
		}
		return tr(ctx, "portal.fewer", "N", anon.Fewest), d.MeasureIn(i18n.Lang(ctx))
	}
	return ledger.Number(ctx, d, &amount)
}

// figureBlock are the figures that a unit published, at most so many, each with what it means.
func (s *Service) figureBlock(ctx context.Context, f face, most int) (block, error) {
	b := block{ID: Figures, Lead: tr(ctx, "portal.figures_said", "Unit", f.unit.Name), Empty: tr(ctx, "portal.figures_nothing")}
	list, err := s.figuresAcrossUnits(ctx, f.site.Unit)
	if err != nil {
		return b, err
	}
	// Counted by closed months, in which no small number stands by itself. This number always has a place.
	n, least, from, to, err := s.out.Children(ctx, f.unit)
	if err != nil {
		return b, err
	}
	if n > 0 {
		most--
	}
	lang := i18n.Lang(ctx)
	for _, x := range list {
		d, err := s.ledger.Figure(x.Code)
		if errs.Is(err, errs.NotFound) { // its definition was taken away since; the self-check says so
			continue
		}
		if err != nil {
			return b, err
		}
		if len(b.Figures) >= most {
			break
		}
		t := toldFigure{Name: d.Name.In(lang), Sentence: d.Sentence.In(lang), When: tr(ctx, "portal.as_of", "Day", i18n.Day(ctx, x.Day))}
		if t.Number, t.Unit = numbered(ctx, d, x.Amount); d.Kind == ledger.Event {
			t.When = tr(ctx, "portal.in_year", "From", i18n.Day(ctx, clock.YearOf(x.Day.Year()).From), "Day", i18n.Day(ctx, x.Day))
		}
		b.Figures = append(b.Figures, t)
	}
	if n > 0 {
		unit := "portal.children_unit"
		if least {
			unit = "portal.children_least"
		}
		month := func(m string) string { return i18n.Month(ctx, anon.FirstOf(m)) }
		b.Figures = append(b.Figures, toldFigure{Name: tr(ctx, "portal.children"), Sentence: tr(ctx, "portal.children_sentence", "N", anon.Fewest), Number: ui.Number(n), Unit: tr(ctx, unit), When: tr(ctx, "portal.children_when", "From", month(from), "To", month(to))})
	}
	return b, nil
}

func (s *Service) helpBlocks(ctx context.Context, f face, v *siteView) error {
	list, err := s.out.Desks(ctx, f.unit)
	if err != nil {
		return err
	}
	v.Under = tr(ctx, "portal.help_lead")
	if slices.ContainsFunc(list, func(d Desk) bool { return d.Named }) {
		v.Under = tr(ctx, "portal.help_lead_named")
	}
	b := block{Empty: tr(ctx, "portal.help_nothing")}
	for _, d := range list {
		b.Links = append(b.Links, ui.Link{Text: tr(ctx, "portal.ask_at", "Unit", d.Name), Href: "/ask?" + url.Values{"unit": {d.Unit.String()}, "lang": {f.lang}}.Encode(), Sub: d.Hours})
	}
	v.Blocks = []block{b}
	return nil
}
