package activity

import (
	"context"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/seal"
)

// recognised asks whether minors can be recognised on photos.
func recognised(ctx context.Context, f *web.Form) ui.Input {
	return choose(hinted(ctx, input(ctx, f, ui.KindRadio, "photo_minors")), options(ctx, "activity.recognised.", Recognised...))
}

// whichPhotos offers the photos of an activity to be chosen, with what holds of each.
func (s *Service) whichPhotos(ctx context.Context, ref id.Ref, a Activity, f *web.Form) (ui.Input, error) {
	in := input(ctx, f, ui.KindChecks, "hash")
	in.Label, in.Values = i18n.T(ctx, "activity.which_photos"), f.Values["hash"]
	views, err := s.photoViews(ctx, ref, a)
	for i, p := range a.Photos {
		in.Options = append(in.Options, ui.Option{Value: p.Full, Text: i18n.T(ctx, "activity.photo_n", "N", i+1, "Alt", p.Alt), Sub: photoState(ctx, p, views[p.Full])})
	}
	if len(in.Options) == 1 {
		in.Values = []string{a.Photos[0].Full}
	}
	return in, err
}

// photoState says of a photo who sees it and why.
func photoState(ctx context.Context, p Photo, v photoView) string {
	switch {
	case v == toNobody:
		return i18n.T(ctx, "activity.photo_stopped")
	case v == toHosts && p.Minors == Some:
		return i18n.T(ctx, "activity.photo_lacks")
	case v == toHosts:
		return i18n.T(ctx, "activity.photo_closed")
	case p.Papers.List:
		return i18n.T(ctx, "activity.photo_by_list")
	case p.Papers.ID != 0:
		return i18n.T(ctx, "activity.photo_papers", "Where", p.Papers.Where, "By", p.Papers.By, "Day", i18n.Day(ctx, p.Papers.On))
	}
	return i18n.T(ctx, "activity.photo_none")
}

func askPhotoConsent(s *Service, ctx context.Context, ref id.Ref, a Activity, f *web.Form) ([]group, error) {
	which, err := s.whichPhotos(ctx, ref, a, f)
	if err != nil {
		return nil, err
	}
	preset(f, "taken_by", scope.From(ctx).Name)
	preset(f, "given", string(clock.Today(ctx)))
	papers := group{Title: i18n.T(ctx, "activity.g.papers"), Hint: i18n.T(ctx, "activity.hint.papers")}
	if a.Class == Camp {
		papers.Fields = append(papers.Fields, optional(hinted(ctx, input(ctx, f, ui.KindCheck, "by_list"))))
	}
	papers.Fields = append(papers.Fields, hinted(ctx, input(ctx, f, ui.KindText, "papers_at")), input(ctx, f, ui.KindText, "taken_by"), input(ctx, f, ui.KindDate, "given"))
	for i := range papers.Fields {
		papers.Fields[i].Optional = true // only where somebody can be recognised
	}
	return []group{{Fields: []ui.Input{which, recognised(ctx, f)}}, papers}, nil
}

func writePhotoConsent(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ []Photo) error {
	st := Statement{Minors: f.Text("photo_minors"), Papers: Papers{List: f.Text("by_list") != ""}}
	if st.Minors == Some && !st.Papers.List {
		st.Papers = Papers{Where: f.Text("papers_at"), By: f.Text("taken_by"), On: day(f, "given")}
	}
	if err := f.Problems.Err(); err != nil {
		return err
	}
	return s.StatePhotos(ctx, ref, version, f.Values["hash"], st)
}

func askPhotoStop(s *Service, ctx context.Context, ref id.Ref, a Activity, f *web.Form) ([]group, error) {
	which, err := s.whichPhotos(ctx, ref, a, f)
	if err != nil {
		return nil, err
	}
	reason := hinted(ctx, input(ctx, f, ui.KindText, "reason"))
	reason.Hint = i18n.T(ctx, "activity.hint.stop_reason")
	return []group{{Fields: []ui.Input{which, reason}}}, nil
}

func writePhotoStop(s *Service, ctx context.Context, ref id.Ref, _ int64, f *web.Form, _ []Photo) error {
	return s.StopPhotos(ctx, ref, f.Values["hash"], f.Text("reason"))
}

// purposes are what a guardian on the list of a camp is asked for.
var purposes = []string{toCamp, onPhotos}

func askConsent(s *Service, ctx context.Context, ref id.Ref, _ Activity, f *web.Form) ([]group, error) {
	_, list, err := s.Minors(ctx, ref)
	if err != nil {
		return nil, err
	}
	in := whichMinor(ctx, f, list, func(seal.Record) bool { return true })
	preset(f, "form", seal.Forms[0])
	preset(f, "given", string(clock.Today(ctx)))
	return []group{{Fields: []ui.Input{in, choose(input(ctx, f, ui.KindRadio, "purpose"), options(ctx, "activity.agree.", purposes...)), input(ctx, f, ui.KindDate, "given"),
		choose(input(ctx, f, ui.KindRadio, "form"), options(ctx, "activity.form.", seal.Forms...))}}}, nil
}

func writeConsent(s *Service, ctx context.Context, ref id.Ref, _ int64, f *web.Form, _ []Photo) error {
	minor, err := id.ParseRef(f.Text("minor"))
	if err != nil {
		f.Problems.Add("minor", "activity.minor_missing")
	}
	if !slices.Contains(purposes, f.Text("purpose")) {
		f.Problems.Add("purpose", "activity.purpose_missing")
	}
	on := day(f, "given")
	if err := f.Problems.Err(); err != nil {
		return err
	}
	return s.ConsentMinor(ctx, ref, minor, f.Text("purpose"), on, f.Text("form"))
}

func consent(purpose string, on clock.Day, form string) seal.Consent {
	return seal.Consent{Purpose: purpose, Given: on, Form: form}
}

// shownPhoto is a photo on the page of its activity; of a stopped one those who work at it are told, and see nothing.
type shownPhoto struct {
	Photo
	Stopped bool
	Says    string
}

func (s *Service) shownPhotos(ctx context.Context, ref id.Ref, a Activity, works bool) ([]shownPhoto, error) {
	views, err := s.photoViews(ctx, ref, a)
	var out []shownPhoto
	for _, p := range a.Photos {
		x := shownPhoto{Photo: p, Stopped: views[p.Full] == toNobody}
		if !works && views[p.Full] != toAll {
			continue
		}
		if works && !x.Stopped {
			x.Says = photoState(ctx, p, views[p.Full])
		}
		out = append(out, x)
	}
	return out, err
}
