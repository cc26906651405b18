package library

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// memberRoutes are what somebody with an account does with a document: each asks, by the one rule, whether they see it.
func (s *Service) memberRoutes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: post, Path: "/d/{no}/keep", Right: scope.SignedIn, Scope: web.Self, Name: "library.keep", Handler: s.keepPost},
		{Method: get, Path: "/d/{no}/stars", Right: scope.SignedIn, Scope: web.Self, Name: "library.starsForm", Handler: s.memberForm(s.aboutStars)},
		{Method: post, Path: "/d/{no}/stars", Right: scope.SignedIn, Scope: web.Self, Name: "library.stars", Handler: s.starsPost},
		{Method: get, Path: "/d/{no}/comment", Right: scope.SignedIn, Scope: web.Self, Name: "library.commentForm", Handler: s.memberForm(s.aboutComment)},
		{Method: post, Path: "/d/{no}/comment", Right: scope.SignedIn, Scope: web.Self, Name: "library.comment", Handler: s.commentPost},
		{Method: get, Path: "/library/comment/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "library.commentOffForm", Handler: s.memberForm(s.aboutTakeOff)},
		{Method: post, Path: "/library/comment/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "library.commentOff", Handler: s.takeOffPost},
		{Method: post, Path: "/library/liked", Right: scope.SignedIn, Scope: web.Self, Name: "library.liked", Handler: s.likedPost},
		{Method: get, Path: "/library/receipt", Right: scope.Anyone, Scope: web.Public, Name: "library.receipt", Handler: s.receiptPage},
		{Method: get, Path: "/library/rules", Right: scope.View, Scope: web.ByUnit, Name: "library.rules", Handler: s.rulesPage},
	}
}

func (s *Service) memberForm(about func(r *http.Request) (record.Form, error)) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := about(r)
		if err != nil {
			return err
		}
		return record.ShowForm(w, r, v, web.NewKey())
	}
}

func (s *Service) keepPost(w http.ResponseWriter, r *http.Request) error {
	no, err := numberIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	switch f.Text("keep") {
	case "1", "0":
		err = s.Keep(r.Context(), no, f.Text("keep") == "1")
	default:
		err = errs.New(errs.Invalid, "errs.form_unreadable")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, Path(no))
}

// aboutDocument begins a form about a document that the reader sees.
func (s *Service) aboutDocument(r *http.Request, title, act string) (record.Form, id.Ref, Document, error) {
	no, err := numberIn(r)
	if err != nil {
		return record.Form{}, id.Ref{}, Document{}, err
	}
	ref, d, err := s.asMember(r.Context(), no)
	return record.Form{Title: tr(r.Context(), title), Lead: d.Title, Back: Path(no), Action: Path(no) + "/" + act, Submit: tr(r.Context(), title+"_do"), Current: "library"}, ref, d, err
}

func (s *Service) aboutStars(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	v, ref, _, err := s.aboutDocument(r, "library.rate", "stars")
	if err != nil {
		return v, err
	}
	m, err := s.markOf(ctx, ref, scope.From(ctx).Account)
	in := ui.Input{Kind: ui.KindRadio, Name: "stars", Label: tr(ctx, "library.stars")}
	for n := 5; n >= 1; n-- {
		in.Options = append(in.Options, ui.Option{Value: strconv.Itoa(n), Text: tr(ctx, "library.stars."+strconv.Itoa(n))})
	}
	if m.Stars > 0 {
		in.Value = strconv.FormatInt(m.Stars, 10)
	}
	v.Inputs = []ui.Input{in}
	return v, err
}

func (s *Service) starsPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutStars(r)
	if err != nil {
		return err
	}
	no, err := numberIn(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		n, _ := strconv.ParseInt(f.Text("stars"), 10, 64)
		return v.Back + "#said", s.Rate(ctx, no, n)
	})
}

func (s *Service) aboutComment(r *http.Request) (record.Form, error) {
	v, _, _, err := s.aboutDocument(r, "library.comment", "comment")
	v.Inputs = []ui.Input{{Kind: ui.KindArea, Name: "words", Label: tr(r.Context(), "library.comment_words"), Hint: tr(r.Context(), "library.comment_hint"), Lines: 4, MaxLength: maxWords}}
	return v, err
}

func (s *Service) commentPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutComment(r)
	if err != nil {
		return err
	}
	no, err := numberIn(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		if off := f.Text("off"); off != "" { // one's own
			ref, err := id.ParseRef(off)
			if err != nil {
				return "", web.NotFound(r)
			}
			_, err = s.TakeOff(ctx, ref, "")
			return v.Back + "#said", err
		}
		return v.Back + "#said", s.Say(ctx, no, f.Text("words"))
	})
}

func (s *Service) aboutTakeOff(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return record.Form{}, err
	}
	c, err := s.commentAcrossUnits(ctx, ref)
	if err != nil || c.GoneAt != 0 {
		return record.Form{}, errs.New(errs.NotFound, "library.not_here")
	}
	d, _, err := s.Get(ctx, id.Ref{Root: c.Root, ID: c.Doc})
	if err != nil {
		return record.Form{}, err
	}
	u, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return record.Form{}, err
	}
	if a := scope.From(ctx); !a.May(scope.Work, u.Pos) {
		if a.May(scope.View, u.Pos) {
			return record.Form{}, errs.New(errs.Forbidden, "errs.not_yours")
		}
		return record.Form{}, errs.New(errs.NotFound, "library.not_here")
	}
	return record.Form{Title: tr(ctx, "library.comment_off"), Lead: c.Words, Back: Path(d.No), Action: "/library/comment/" + ref.String(), Submit: tr(ctx, "library.comment_off_do"), Current: "library", Inputs: []ui.Input{reasonInput(ctx)}}, nil
}

func (s *Service) takeOffPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutTakeOff(r)
	if err != nil {
		return err
	}
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		_, err := s.TakeOff(ctx, ref, f.Text("reason"))
		return v.Back + "#said", err
	})
}

// said is what members think of a document.
type said struct {
	Rating   string
	Comments []remark
	Acts     []ui.Button
}

// remark is one comment as the page shows it.
type remark struct {
	By, When, Words, Gone string
	Off                   string  // the page on which the document's unit takes it off
	Own                   ui.Post // takes one's own off
}

func (s *Service) saidOf(ctx context.Context, ref id.Ref, v Document, works bool) (out said, err error) {
	a := scope.From(ctx)
	rate, err := s.ratingOf(ctx, ref)
	if err != nil {
		return out, err
	}
	if rate.N > 0 {
		out.Rating = i18n.T(ctx, "library.rating", "N", rate.N, "Stars", fmt.Sprintf("%.1f", float64(rate.Sum)/float64(rate.N)))
	}
	list, err := s.Comments(ctx, ref, works)
	if err != nil {
		return out, err
	}
	ids := make([]id.ID, len(list))
	for i, c := range list {
		ids[i] = c.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return out, err
	}
	for _, c := range list {
		x := remark{By: units[c.Unit].Name + " " + c.Name, When: i18n.Day(ctx, clock.DayOf(time.UnixMilli(c.At))), Words: c.Words}
		if a.Account == 0 {
			x.By = units[c.Unit].Name + " " + Masked(c.Name)
		}
		switch {
		case c.GoneAt != 0:
			x.Gone = i18n.T(ctx, "library.comment_gone", "By", c.GoneBy, "Reason", c.Reason)
		case a.Account != 0 && a.Account == c.Account:
			x.Own = ui.Post{Text: tr(ctx, "library.comment_off_do"), Sub: tr(ctx, "library.comment"), Action: Path(v.No) + "/comment", Key: web.NewKey(), Hidden: []ui.Pair{{Name: "off", Value: c.Ref().String()}}}
		case works:
			x.Off = "/library/comment/" + c.Ref().String()
		}
		out.Comments = append(out.Comments, x)
	}
	if a.Account != 0 && v.State == Issued {
		if v.Unit != a.Unit {
			out.Acts = append(out.Acts, ui.Button{Text: tr(ctx, "library.rate"), Href: Path(v.No) + "/stars"})
		}
		out.Acts = append(out.Acts, ui.Button{Text: tr(ctx, "library.comment"), Href: Path(v.No) + "/comment"})
	}
	return out, nil
}

// likedCookie is set by whoever does not want to see what people with their post read.
const likedCookie = "xinhuo_liked"

func likedOff(r *http.Request) bool {
	c, err := r.Cookie(likedCookie)
	return err == nil && c.Value == "0"
}

func (s *Service) likedPost(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	value, age := "0", 365*24*3600
	if f.Text("on") == "1" {
		value, age = "", -1
	}
	http.SetCookie(w, &http.Cookie{Name: likedCookie, Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil})
	no, _ := strconv.ParseInt(f.Text("no"), 10, 64)
	if no <= 0 {
		return web.SeeOther(w, r, "/library")
	}
	return web.SeeOther(w, r, Path(no))
}

// receiptPage shows what became of a report to whoever holds its receipt.
func (s *Service) receiptPage(w http.ResponseWriter, r *http.Request) error {
	ctx, no := r.Context(), r.URL.Query().Get("no")
	v := receiptView{Title: tr(ctx, "library.receipt"), Spec: ui.FormSpec{Method: http.MethodGet, Action: "/library/receipt", Submit: tr(ctx, "library.receipt_do")},
		Inputs: []ui.Input{{Name: "no", Label: tr(ctx, "library.receipt_no"), Hint: tr(ctx, "library.receipt_hint"), Value: no, MaxLength: 30, Autocomplete: "off"}}}
	page := web.Page{Title: v.Title, Current: "library", Plain: true}
	if no != "" {
		x, title, err := s.Receipt(ctx, no)
		if err != nil {
			v.Inputs[0].Error = i18n.Error(ctx, err)
			page.Error, page.Status = true, http.StatusNotFound
		} else {
			v.Facts = []ui.Fact{{Label: tr(ctx, "library.name"), Text: title}, {Label: tr(ctx, "library.ground"), Text: tr(ctx, "library.ground."+x.Ground)}, {Label: tr(ctx, "library.words"), Text: x.Words},
				{Label: tr(ctx, "library.state"), Text: tr(ctx, "library.report_is."+x.State)}}
			if x.Decision != "" {
				v.Facts = append(v.Facts, ui.Fact{Label: tr(ctx, "library.decision"), Text: x.Decision})
			} else {
				v.Facts = append(v.Facts, ui.Fact{Label: tr(ctx, "library.due"), Text: i18n.Day(ctx, x.Due)})
			}
		}
	}
	return web.Render(w, r, page, receiptTempl(v))
}

type receiptView struct {
	Title  string
	Facts  []ui.Fact
	Spec   ui.FormSpec
	Inputs []ui.Input
}

// rulesPage lists the units right below one whose rules do not stand in the library (R196).
func (s *Service) rulesPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	tree, err := s.categories(ctx)
	if err != nil {
		return err
	}
	ids, err := s.ruled(ctx, scope.Set{u.Range()}, tree.Under(rulesCode))
	if err != nil {
		return err
	}
	ruled := make(map[id.ID]bool, len(ids))
	for _, x := range ids {
		ruled[x] = true
	}
	nodes, err := s.org.Children(ctx, u.ID, clock.Today(ctx), r.URL.Query().Get("after"), 201)
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: tr(ctx, "library.rules"), Under: u.Name}}
	if len(nodes) > 200 {
		nodes = nodes[:200]
		v.Paging = ui.Paging{Next: web.Address("/library/rules", url.Values{"unit": {u.ID.String()}, "after": {nodes[199].Unit.Code}}), Here: len(nodes)}
	}
	missing, has := record.Section{ID: "missing", Empty: tr(ctx, "library.rules_whole")}, record.Section{ID: "has", Title: tr(ctx, "library.rules_has")}
	add := func(to *record.Section, n org.Node) {
		line := ui.Row{Cells: []ui.Cell{{Text: n.Unit.Name, Href: "/unit/" + n.Unit.ID.String()}, {}}}
		if n.Children > 0 {
			line.Cells[1] = ui.Cell{Text: tr(ctx, "library.rules_below"), Href: "/library/rules?unit=" + n.Unit.ID.String()}
		}
		to.Table.Rows = append(to.Table.Rows, line)
	}
	for _, n := range nodes {
		if ruled[n.Unit.ID] {
			add(&has, n)
		} else {
			add(&missing, n)
		}
	}
	missing.Title = i18n.T(ctx, "library.rules_missing", "N", len(missing.Table.Rows), "All", len(nodes))
	if !ruled[u.ID] {
		missing.Lead = i18n.T(ctx, "library.rules_own", "Unit", u.Name)
	}
	for _, x := range []*record.Section{&missing, &has} {
		x.Table.Columns = []ui.Column{{Text: tr(ctx, "library.unit")}, {Text: tr(ctx, "library.rules_units")}}
	}
	v.Sections = []record.Section{missing}
	if len(has.Table.Rows) > 0 {
		v.Sections = append(v.Sections, has)
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: "library", Crumbs: []ui.Link{{Text: tr(ctx, "library.title"), Href: "/library"}, {Text: v.Heading.Title}}}, record.OverviewBody(v))
}
