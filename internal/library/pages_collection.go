package library

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

// collectionRoutes are those of collections: reading asks the one rule of visibility, changing the right at their unit.
func (s *Service) collectionRoutes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/library/collections", Right: scope.Anyone, Scope: web.Public, Name: "library.collections", Handler: s.collectionsPage},
		{Method: get, Path: "/library/collections/new", Right: scope.Work, Scope: web.ByUnit, Name: "library.collectionNew", Handler: s.memberForm(s.aboutNewCollection)},
		{Method: post, Path: "/library/collections/new", Right: scope.Work, Scope: web.ByUnit, Name: "library.collectionCreate", Handler: s.collectionCreate},
		{Method: get, Path: "/library/collection/{ref}", Right: scope.Anyone, Scope: web.Public, Name: "library.collection", Handler: s.collectionPage},
		{Method: get, Path: "/library/collection/{ref}/zip", Right: scope.Anyone, Scope: web.Public, Name: "library.collectionZip", Handler: s.collectionZip},
		{Method: get, Path: "/library/collection/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "library.collectionForm", Handler: s.memberForm(s.aboutCollection)},
		{Method: post, Path: "/library/collection/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "library.collectionAct", Handler: s.collectionPost},
		{Method: get, Path: "/library/collect", Right: scope.Work, Scope: web.ByUnit, Name: "library.collectForm", Handler: s.memberForm(s.aboutCollect)},
		{Method: post, Path: "/library/collect", Right: scope.Work, Scope: web.ByUnit, Name: "library.collect", Handler: s.collectPost},
	}
}

func collectionPath(ref id.Ref) string { return "/library/collection/" + ref.String() }

func (s *Service) collectionsPage(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), scope.From(r.Context())
	after, _ := id.Parse(r.URL.Query().Get("after"))
	list, err := s.Collections(ctx, 0, after, pageSize+1)
	if err != nil {
		return err
	}
	v := record.Overview{Heading: ui.Heading{Title: tr(ctx, "library.collections"), Under: tr(ctx, "library.collections_lead")}}
	if a.Unit != 0 && a.May(scope.Work, a.Pos) {
		v.Heading.Acts = []ui.Button{{Text: tr(ctx, "library.collection_new"), Href: "/library/collections/new?unit=" + a.Unit.String(), Main: true}}
	}
	if len(list) > pageSize {
		list = list[:pageSize]
		v.Paging = ui.Paging{Next: web.Address("/library/collections", url.Values{"after": {list[pageSize-1].ID.String()}}), Here: pageSize}
	}
	ids := make([]id.ID, len(list))
	for i, c := range list {
		ids[i] = c.Unit
	}
	units, err := s.org.ByIDs(ctx, ids)
	if err != nil {
		return err
	}
	x := record.Section{ID: "list", Empty: tr(ctx, "library.collections_none"), Table: ui.Table{Columns: []ui.Column{{Text: tr(ctx, "library.collection")}, {Text: tr(ctx, "library.unit")}, {Text: tr(ctx, "library.visible")}}}}
	for _, c := range list {
		x.Table.Rows = append(x.Table.Rows, ui.Row{Cells: []ui.Cell{{Text: c.Title, Href: collectionPath(c.Ref())}, {Text: units[c.Unit].Name}, {Text: circle(ctx, c.Visible)}}})
	}
	v.Sections = []record.Section{x}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: "library", Crumbs: []ui.Link{{Text: tr(ctx, "library.title"), Href: "/library"}, {Text: v.Heading.Title}}}, record.OverviewBody(v))
}

type collectionView struct {
	Heading ui.Heading
	Note    string
	Lines   []line
}

func (s *Service) collectionPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, list, err := s.Collection(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	v := collectionView{Heading: ui.Heading{Title: c.Title, Under: i18n.T(ctx, "library.collection_under", "Unit", u.Name, "To", tr(ctx, "library.to."+string(c.Visible)), "N", len(list))}, Note: c.Note}
	if v.Lines, _, err = s.lines(ctx, Filter{}, list); err != nil {
		return err
	}
	if len(list) > 0 {
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr(ctx, "library.collection_zip"), Href: collectionPath(ref) + "/zip"})
	}
	if scope.From(ctx).May(scope.Work, c.Pos) {
		for _, act := range []string{"edit", "sort", "dissolve"} {
			if act != "sort" || len(list) > 0 {
				v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr(ctx, "library.collection_"+act), Href: collectionPath(ref) + "/" + act})
			}
		}
	}
	crumbs := []ui.Link{{Text: tr(ctx, "library.title"), Href: "/library"}, {Text: tr(ctx, "library.collections"), Href: "/library/collections"}, {Text: c.Title}}
	return web.Render(w, r, web.Page{Title: c.Title, Current: "library", Crumbs: crumbs}, collectionTempl(v))
}

// collectionZip hands out a collection's documents together.
func (s *Service) collectionZip(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, _, err := s.Collection(r.Context(), ref)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(c.Title+".zip"))
	h.Set("Cache-Control", "no-store")
	_, err = s.ExportCollection(r.Context(), w, ref)
	return err
}

func collectionInputs(ctx context.Context, c Collection) []ui.Input {
	return []ui.Input{{Name: "title", Label: tr(ctx, "library.name"), Value: c.Title, MaxLength: maxTitle}, {Kind: ui.KindArea, Name: "note", Label: tr(ctx, "library.collection_note"), Value: c.Note, Optional: true, Lines: 3, MaxLength: maxSummary},
		visibleInput(ctx, c.Visible)}
}

func (s *Service) aboutNewCollection(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitOf(r)
	return record.Form{Unit: u, Title: tr(ctx, "library.collection_new"), Lead: tr(ctx, "library.collection_new_lead"), Back: "/library/collections", Action: "/library/collections/new?unit=" + u.ID.String(),
		Submit: tr(ctx, "library.save"), Current: "library", Inputs: collectionInputs(ctx, Collection{Visible: VisibleMembers})}, err
}

func (s *Service) collectionCreate(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutNewCollection(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		ref, err := s.SaveCollection(ctx, Collection{Unit: v.Unit.ID, Title: f.Text("title"), Note: f.Text("note"), Visible: Visible(f.Text("visible"))})
		return collectionPath(ref), err
	})
}

// aboutCollection begins the form of an act on a collection.
func (s *Service) aboutCollection(r *http.Request) (record.Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	ref, err := web.RefIn(r)
	if err != nil {
		return record.Form{}, err
	}
	c, list, err := s.Collection(ctx, ref)
	if err != nil {
		return record.Form{}, err
	}
	if a := scope.From(ctx); !a.May(scope.Work, c.Pos) {
		if a.May(scope.View, c.Pos) {
			return record.Form{}, errs.New(errs.Forbidden, "errs.not_yours")
		}
		return record.Form{}, errs.New(errs.NotFound, "library.not_here")
	}
	v := record.Form{Ref: ref, Title: tr(ctx, "library.collection_"+act), Lead: c.Title, Back: collectionPath(ref), Action: collectionPath(ref) + "/" + act, Version: c.Version, Submit: tr(ctx, "library.save"), Current: "library"}
	switch act {
	case "edit":
		v.Inputs = collectionInputs(ctx, c)
	case "dissolve":
		v.Submit = v.Title
	case "sort":
		in := ui.Input{Kind: ui.KindChecks, Name: "out", Label: tr(ctx, "library.collection_out")}
		for _, l := range list {
			in.Options = append(in.Options, ui.Option{Value: numbered(l.No), Text: l.Title})
		}
		v.Inputs = []ui.Input{in}
	default:
		return v, web.NotFound(r)
	}
	return v, nil
}

func (s *Service) collectionPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutCollection(r)
	if err != nil {
		return err
	}
	act := r.PathValue("act")
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (string, error) {
		switch act {
		case "dissolve":
			return "/library/collections", s.Dissolve(ctx, v.Ref, f.Version())
		case "sort":
			for _, text := range f.Values["out"] {
				no, err := strconv.ParseInt(text, 10, 64)
				if err != nil {
					continue
				}
				if err := s.Collect(ctx, v.Ref, no, false); err != nil {
					return "", err
				}
			}
			return v.Back, nil
		}
		c, _, err := s.Collection(ctx, v.Ref)
		if err != nil {
			return "", err
		}
		c.Title, c.Note, c.Visible, c.Version = f.Text("title"), f.Text("note"), Visible(f.Text("visible")), f.Version()
		_, err = s.SaveCollection(ctx, c)
		return v.Back, err
	})
}

// aboutCollect begins the form that puts a document into a collection of a unit, or into a new one.
func (s *Service) aboutCollect(r *http.Request) (record.Form, error) {
	ctx, no := r.Context(), r.URL.Query().Get("no")
	u, err := s.unitOf(r)
	if err != nil {
		return record.Form{}, err
	}
	v := record.Form{Unit: u, Title: tr(ctx, "library.collect"), Back: "/library/collections", Action: web.Address("/library/collect", url.Values{"unit": {u.ID.String()}, "no": {no}}), Submit: tr(ctx, "library.collect_do"), Current: "library"}
	if n, err := strconv.ParseInt(no, 10, 64); err == nil {
		if _, d, _, err := s.Number(ctx, n); err == nil {
			v.Lead, v.Back = d.Title, Path(n)
		}
	}
	if v.Lead == "" {
		v.Inputs = append(v.Inputs, ui.Input{Name: "no", Label: tr(ctx, "library.collect_no"), Value: no, MaxLength: 20})
	}
	list, err := s.Collections(ctx, u.ID, 0, 100)
	in := ui.Input{Kind: ui.KindRadio, Name: "collection", Label: tr(ctx, "library.collect_which"), Optional: true}
	for _, c := range list {
		in.Options = append(in.Options, ui.Option{Value: c.Ref().String(), Text: c.Title})
	}
	if len(list) > 6 {
		in.Kind = ui.KindSelect
	}
	if len(list) > 0 {
		v.Inputs = append(v.Inputs, in)
	}
	v.Inputs = append(v.Inputs, ui.Input{Name: "title", Label: tr(ctx, "library.collect_new"), Hint: tr(ctx, "library.collect_new_hint"), Optional: len(list) > 0, MaxLength: maxTitle})
	return v, err
}

func (s *Service) collectPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutCollect(r)
	if err != nil {
		return err
	}
	return s.rec.Send(w, r, v, func(ctx context.Context, f *web.Form) (to string, err error) {
		text := r.URL.Query().Get("no")
		if f.Has("no") {
			text = f.Text("no")
		}
		no, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			f.Problems.Add("no", "library.collect_no_missing")
		}
		title := f.Text("title")
		if title == "" && f.Text("collection") == "" {
			f.Problems.Add("title", "library.collect_missing")
		}
		if err := f.Problems.Err(); err != nil {
			return "", err
		}
		var ref id.Ref
		if title != "" {
			ref, err = s.SaveCollection(ctx, Collection{Unit: v.Unit.ID, Title: title, Visible: VisibleMembers})
		} else if ref, err = id.ParseRef(f.Text("collection")); err != nil {
			err = web.NotFound(r)
		}
		if err != nil {
			return "", err
		}
		return collectionPath(ref), s.Collect(ctx, ref, no, true)
	})
}
