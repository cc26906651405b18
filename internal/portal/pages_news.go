package portal

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

func digits(n int64) string { return strconv.FormatInt(n, 10) }

// The acts on news.
const (
	actEdit    = "edit"
	actPublish = "publish"
	actDown    = "down"
	actPicture = "picture"
	actNoPic   = "picture-remove"
)

func (s *Service) subject() record.Subject[News] {
	return record.Subject[News]{Book: s.news, Get: s.GetNews, Acts: []string{actEdit, actPublish, actDown, actPicture, actNoPic}, Save: "portal.act.edit", Home: func(n News) (id.ID, int) { return n.Unit, 0 }, Path: newsPath, Submit: "portal.save", Current: Kind}
}

func newsInputs(ctx context.Context, n News) []ui.Input {
	return []ui.Input{{Name: "title", Label: tr(ctx, "portal.f.title"), Value: n.Title, MaxLength: maxMotto, Autocomplete: "off"},
		{Kind: ui.KindDate, Name: "day", Label: tr(ctx, "portal.f.day"), Value: string(n.Day), Max: string(clock.Today(ctx))},
		{Kind: ui.KindArea, Name: "text", Label: tr(ctx, "portal.f.text"), Hint: tr(ctx, "portal.hint.text"), Value: n.Text, Lines: 14}}
}

// pictureInputs ask for a picture and for what it shows; without either where both may be left out.
func pictureInputs(ctx context.Context, optional bool) []ui.Input {
	return []ui.Input{{Kind: ui.KindFile, Name: "picture", Label: tr(ctx, "portal.f.picture"), Hint: tr(ctx, "portal.hint.picture"), Accept: "image/*", Optional: optional},
		{Name: "alt", Label: tr(ctx, "portal.f.alt"), Hint: tr(ctx, "portal.hint.alt"), MaxLength: maxAlt, Optional: optional, Autocomplete: "off"}}
}

// readNews reads a form that may carry a picture, and keeps it. What is wrong with the file is said beside it, and what was typed stays.
func (s *Service) readNews(w http.ResponseWriter, r *http.Request) (f *web.Form, pics []Picture, err error) {
	f, files, err := web.ReadFiles(w, r, file.MaxPhotoBytes)
	if err != nil {
		return nil, nil, err
	}
	in, chosen := files["picture"]
	if !chosen {
		if f.Text("alt") != "" {
			f.Problems.Add("picture", "portal.picture_missing")
		}
		return f, nil, nil
	}
	p, err := s.KeepPicture(r.Context(), bytes.NewReader(in.Data), f.Text("alt"))
	if err == nil {
		return f, []Picture{p}, nil
	}
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind == errs.Internal {
		return nil, nil, err
	}
	f.Problems = append(f.Problems, errs.Field{Name: "picture", Key: e.Key, Args: e.Args})
	return f, nil, nil
}

// again adds, where something else has to be changed, that the picture has to be chosen once more: no browser keeps a chosen file.
func again(err error, pics []Picture) error {
	var e *errs.Error
	if len(pics) == 0 || !errors.As(err, &e) || e.Kind != errs.Invalid || slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Name == "picture" }) {
		return err
	}
	f := errs.Fields(slices.Clone(e.Fields))
	f.Add("picture", "portal.picture_again")
	return f.Err()
}

func newsIn(f *web.Form, unit id.ID) News {
	return News{Unit: unit, Title: f.Text("title"), Day: f.Day("day"), Text: f.Get("text")}
}

func (s *Service) aboutNew(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return record.Form{}, err
	}
	v := officeForm(ctx, u, "/portal/new", tr(ctx, "portal.new"))
	v.Submit, v.More = tr(ctx, "portal.publish_news"), []ui.Button{{Text: tr(ctx, "portal.keep_draft"), Name: "draft", Value: "1"}}
	v.Inputs = append(newsInputs(ctx, News{Day: clock.Today(ctx)}), pictureInputs(ctx, true)...)
	v.Spec.Multipart = true
	return v, nil
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutNew(r)
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) newPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutNew(r)
	if err != nil {
		return err
	}
	f, pics, err := s.readNews(w, r)
	if err != nil {
		return err
	}
	return s.rec.Sent(w, r, v, f, func(ctx context.Context, f *web.Form) (string, error) {
		n := newsIn(f, v.Unit.ID)
		n.Pictures = pics
		if len(f.Problems) == 0 {
			ref, err := s.AddNews(ctx, n, !f.Has("draft"))
			return newsPath(ref), again(err, pics)
		}
		n.tidy()
		for _, p := range n.problems(clock.Today(ctx)) { // all at once, so that nobody sends it three times
			if !slices.ContainsFunc(f.Problems, func(q errs.Field) bool { return q.Name == p.Name }) {
				f.Problems = append(f.Problems, p)
			}
		}
		if len(pics) > 0 {
			f.Problems.Add("picture", "portal.picture_again")
		}
		return "", nil // Sent says them
	})
}

// newsPage is news as the office keeps them, with their history.
func (s *Service) newsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	n, _, err := s.GetNews(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, n.Unit)
	if err != nil {
		return err
	}
	var pics []picView
	for _, p := range n.Pictures {
		pics = append(pics, picView{p, newsPath(ref) + "/picture/" + p.Hash})
	}
	v := record.Shown{Heading: ui.Heading{Title: n.Title, Under: tr(ctx, "portal.pair", "A", u.Name, "B", i18n.Day(ctx, n.Day)), Tags: []ui.Mark{{Text: tr(ctx, "portal.state."+string(n.State))}}}, Known: "/portal/known/" + ref.String()}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		edit := ui.Button{Text: tr(ctx, "portal.do.edit"), Href: newsPath(ref) + "/" + actEdit}
		if n.State == Published {
			v.Heading.Acts = []ui.Button{edit, {Text: tr(ctx, "portal.do.down"), Href: newsPath(ref) + "/" + actDown}}
		} else {
			v.Heading.Acts = []ui.Button{{Text: tr(ctx, "portal.do.publish"), Href: newsPath(ref) + "/" + actPublish, Main: true}, edit}
		}
	}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		if len(pics) < maxPics {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr(ctx, "portal.do.picture"), Href: newsPath(ref) + "/" + actPicture})
		}
		if len(pics) > 0 {
			v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr(ctx, "portal.do.picture-remove"), Href: newsPath(ref) + "/" + actNoPic})
		}
	}
	x, err := s.siteAcrossUnits(ctx, u.ID)
	if err != nil {
		return err
	}
	if x.On && n.State == Published && x.Unit == n.Unit {
		v.Heading.Acts = append(v.Heading.Acts, ui.Button{Text: tr(ctx, "portal.see"), Href: "/s/" + x.Slug + "/news/" + ref.String()})
	}
	if n.Why != "" {
		v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: tr(ctx, "portal.state.down"), Text: n.Why})
	}
	if v.Timeline, err = s.news.Timeline(ctx, ref, newsPath(ref)+"/"+record.ActUndo); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: n.Title, Current: Kind, Crumbs: crumbs(ctx, u, n.Title)}, newsTempl(v, web.TextLines(n.Text), pics))
}

// officePicture hands over a picture of news to who views the unit.
func (s *Service) officePicture(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	hash := r.PathValue("hash")
	f, err := s.OfficePicture(r.Context(), ref, hash)
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Cache-Control", "private, max-age=3600")
	serve(w, r, hash, f)
	return nil
}

func (s *Service) knownPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	n, _, err := s.GetNews(r.Context(), ref)
	if err != nil {
		return err
	}
	return s.news.KnownPage(w, r, ref, ui.Link{Text: n.Title, Href: newsPath(ref)}, Kind)
}

func (s *Service) aboutNews(r *http.Request) (record.Form, error) {
	ctx, act := r.Context(), r.PathValue("act")
	n, v, err := record.Opened(r, s.subject())
	if err != nil {
		return v, err
	}
	v.Over, v.Title = v.Unit.Name, tr(ctx, "portal.do."+act)
	switch act {
	case actEdit:
		v.Inputs = newsInputs(ctx, n)
	case actPicture:
		v.Lead, v.Submit, v.Spec.Multipart = tr(ctx, "portal.picture_lead", "N", maxPics), v.Title, true
		v.Inputs = pictureInputs(ctx, false)
	case actNoPic:
		v.Lead, v.Submit = tr(ctx, "portal.picture_remove_lead"), v.Title
		in := ui.Input{Kind: ui.KindRadio, Name: "hash", Label: tr(ctx, "portal.f.picture")}
		for _, p := range n.Pictures {
			in.Options = append(in.Options, ui.Option{Value: p.Hash, Text: p.Alt})
		}
		v.Inputs = []ui.Input{in}
	case actPublish:
		v.Lead, v.Submit = tr(ctx, "portal.publish_lead", "Title", n.Title), v.Title
	case actDown:
		v.Lead, v.Submit = tr(ctx, "portal.down_lead", "Title", n.Title), v.Title
		v.Inputs = []ui.Input{{Name: "why", Label: tr(ctx, "portal.f.why"), MaxLength: maxMotto, Autocomplete: "off"}}
	}
	return v, nil
}

func (s *Service) newsForm(w http.ResponseWriter, r *http.Request) error {
	return record.ActForm(s.aboutNews)(w, r)
}

func (s *Service) newsPost(w http.ResponseWriter, r *http.Request) error {
	if r.PathValue("act") == actPicture {
		return s.picturePost(w, r)
	}
	return s.rec.ActPost(s.aboutNews, func(ctx context.Context, v record.Form, act string, f *web.Form) (string, error) {
		switch act {
		case actNoPic:
			return newsPath(v.Ref), s.RemovePicture(ctx, v.Ref, f.Version(), f.Text("hash"))
		case actPublish:
			return newsPath(v.Ref), s.PublishNews(ctx, v.Ref, f.Version())
		case actDown:
			return newsPath(v.Ref), s.TakeDown(ctx, v.Ref, f.Version(), f.Text("why"))
		case record.ActUndo:
			to := newsPath(v.Ref)
			if err := s.UndoNews(ctx, v.Ref, f.Version()); err != nil {
				return "", err
			}
			if _, _, err := s.GetNews(ctx, v.Ref); err != nil { // the first version was taken back
				to = at("/portal", v.Unit.ID)
			}
			return to, nil
		}
		n := newsIn(f, v.Unit.ID)
		if err := f.Problems.Err(); err != nil {
			return "", err
		}
		return newsPath(v.Ref), s.SaveNews(ctx, v.Ref, f.Version(), n)
	})(w, r)
}

// picturePost adds a picture to news; the right is asked before the file is read.
func (s *Service) picturePost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.aboutNews(r)
	if err != nil {
		return err
	}
	f, pics, err := s.readNews(w, r)
	if err != nil {
		return err
	}
	return s.rec.Sent(w, r, v, f, func(ctx context.Context, f *web.Form) (string, error) {
		if len(pics) == 0 {
			if len(f.Problems) == 0 {
				f.Problems.Add("picture", "portal.picture_missing")
			}
			return "", nil
		}
		return newsPath(v.Ref), again(s.AddPicture(ctx, v.Ref, f.Version(), pics[0]), pics)
	})
}
