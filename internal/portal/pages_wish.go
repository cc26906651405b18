package portal

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"golang.org/x/text/width"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// wishForm is the form with which somebody wants to help, or to come.
func (s *Service) wishForm(ctx context.Context, f face, v *siteView, words *Words, people string, failed error) (status int, err error) {
	v.Under = tr(ctx, "portal.wish_lead")
	if f.about != (id.Ref{}) {
		list, err := s.shownEvents(ctx, f.unit)
		if err != nil {
			return 0, err
		}
		at := slices.IndexFunc(list, func(e Event) bool { return e.Ref == f.about })
		if at < 0 {
			return 0, errNone
		}
		v.Title, v.Under = tr(ctx, "portal.come", "Title", list[at].Title), eventSub(ctx, list[at])
		if list[at].full() && failed == nil {
			v.Lead = tr(ctx, "portal.full_now")
			return 0, nil
		}
	}
	var beside map[string]string
	if failed != nil {
		status = http.StatusUnprocessableEntity
		if errs.Is(failed, errs.Throttled) { // what was typed stays
			status, v.Faults = http.StatusTooManyRequests, web.Faults(ctx, failed)
		} else if beside, v.Faults, err = web.Problems(ctx, failed); err != nil {
			return 0, err
		}
	}
	if words == nil {
		words = &Words{}
	}
	can := ui.Input{Kind: ui.KindArea, Name: "can", Label: tr(ctx, "portal.f.can"), Hint: tr(ctx, "portal.hint.can"), Value: words.Can, Error: beside["can"], MaxLength: maxAbout, Sealed: true}
	if f.about != (id.Ref{}) {
		can.Label, can.Hint, can.Optional = tr(ctx, "portal.f.say"), "", true
		people = or(people, "1")
	}
	v.Inputs = []ui.Input{{Name: "name", Label: tr(ctx, "portal.f.your_name"), Value: words.Name, Error: beside["name"], Autocomplete: "name", MaxLength: maxShort, Sealed: true},
		{Kind: ui.KindTel, Name: "phone", Label: tr(ctx, "portal.f.your_phone"), Value: words.Phone, Error: beside["phone"], MaxLength: maxShort, Sealed: true}}
	if people != "" {
		v.Inputs = append(v.Inputs, ui.Input{Kind: ui.KindNumber, Name: "people", Label: tr(ctx, "portal.f.people"), Hint: tr(ctx, "portal.hint.people"), Value: people, Error: beside["people"]})
	}
	v.Inputs = append(v.Inputs, can)
	v.Lead = tr(ctx, "portal.wish_private")
	v.Spec = &ui.FormSpec{Action: face{site: f.site, own: f.own, size: sizes[0]}.to(Volunteer), Key: web.NewKey(), Submit: tr(ctx, "portal.send"), Hidden: []ui.Pair{{Name: "lang", Value: f.lang}, {Name: "size", Value: strconv.Itoa(f.size)}}}
	if f.about != (id.Ref{}) {
		v.Spec.Hidden = append(v.Spec.Hidden, ui.Pair{Name: "for", Value: f.about.String()})
	}
	if f.preview { // what is not open yet takes nothing
		v.Spec = nil
		v.Inputs = nil
		v.Lead = tr(ctx, "portal.preview_form")
	}
	return status, nil
}

// wishPost takes the form, once however often it is sent.
func (s *Service) wishPost(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	f := face{column: Volunteer, lang: i18n.Lang(r.Context()), size: sizes[0]}
	if said := form.Text("lang"); slices.Contains(i18n.Langs, said) {
		f.lang, f.said = said, true
	}
	if n, err := strconv.Atoi(form.Text("size")); err == nil && slices.Contains(sizes, n) {
		f.size = n
	}
	f.about, _ = id.ParseRef(form.Text("for"))
	ctx := i18n.In(scope.With(r.Context(), scope.Actor{}), f.lang)
	r = r.WithContext(ctx)
	if f.site, f.own, err = s.siteAt(ctx, r.Host, r.PathValue("slug")); err != nil {
		return notFoundOr(r, err)
	}
	if !f.site.shows(Volunteer) {
		return web.NotFound(r)
	}
	words := Words{Name: form.Text("name"), Phone: form.Text("phone"), Can: form.Get("can")}
	if f.about != (id.Ref{}) {
		if words.People, err = strconv.ParseInt(width.Narrow.String(form.Text("people")), 10, 64); err != nil || words.People < 1 {
			words.People = -1 // said so beside the input
		}
	}
	_, err = web.Once(ctx, s.db, form.Key(), func(ctx context.Context) (string, error) {
		return "/", s.Wish(ctx, f.site, f.about, words, s.addr(r))
	})
	if errs.Is(err, errs.Invalid) || errs.Is(err, errs.Throttled) {
		return notFoundOr(r, s.render(w, r, f, &words, form.Text("people"), err))
	}
	if err != nil {
		return err
	}
	return s.thanks(w, r, f)
}

// thanks says that it arrived and until when somebody calls.
func (s *Service) thanks(w http.ResponseWriter, r *http.Request, f face) error {
	ctx := r.Context()
	var err error
	if f.unit, err = s.rec.Home(ctx, f.site.Unit); err != nil {
		return err
	}
	due := dueOn(clock.Today(ctx))
	list, err := s.shownEvents(ctx, f.unit)
	if err != nil {
		return err
	}
	for _, e := range list {
		if e.Ref == f.about {
			due = dueFor(clock.Today(ctx), e.Day)
		}
	}
	if web.WantsJSON(r) {
		return web.JSON(w, http.StatusOK, map[string]any{"due": due})
	}
	v := siteView{Site: f.site, Title: tr(ctx, "portal.thanks"), Paras: []string{tr(ctx, "portal.thanks_next", "Day", i18n.Day(ctx, due))}, Ask: f.to(Help)}
	if f.about != (id.Ref{}) { // without an account somebody steps back as they would anywhere: they ring
		v.Paras = append(v.Paras, tr(ctx, "portal.thanks_cannot", "Phone", f.site.Phone))
	}
	return web.Render(w, r, web.Page{Title: v.Title, Front: s.frontOf(ctx, f), Bare: true, Crumbs: []ui.Link{{Text: columnName(ctx, ""), Href: f.to("")}, {Text: v.Title}}}, siteTempl(v))
}
