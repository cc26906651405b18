package feedback

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// askView is the page that the code leads to; Said is set when there is nothing to fill in.
type askView struct {
	Title, Said, Why string
	Faults           []ui.Fault
	Spec             ui.FormSpec
	Inputs           []ui.Input
}

// askPage shows the questions to whoever has the signed link. It sets no cookie: the language stands in the address.
func (s *Service) askPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	r = inLanguage(r, q.Get("lang"))
	ctx := r.Context()
	if q.Get("done") != "" { // the same for everybody: it says nothing about an activity
		return s.ask(w, r, askView{Title: i18n.T(ctx, "feedback.thanks"), Said: i18n.T(ctx, "feedback.thanks"), Why: i18n.T(ctx, "feedback.thanks_why")}, http.StatusOK)
	}
	round, _, err := s.asked(ctx, ref, q.Get("k"), false)
	if errs.Is(err, errs.NotFound) {
		return s.said(w, r, "feedback.no_link", http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	if !round.running(clock.Millis(ctx)) {
		return s.said(w, r, "feedback.over", http.StatusOK)
	}
	return s.ask(w, r, questions(ctx, ref, round, q.Get("k"), &web.Form{Values: url.Values{"slip": {q.Get("s")}}}, nil), http.StatusOK)
}

// inLanguage answers in the language that the address names.
func inLanguage(r *http.Request, lang string) *http.Request {
	if lang == "zh" || lang == "en" {
		return r.WithContext(i18n.In(r.Context(), lang))
	}
	return r
}

func (s *Service) said(w http.ResponseWriter, r *http.Request, key string, status int) error {
	ctx := r.Context()
	return s.ask(w, r, askView{Title: i18n.T(ctx, "feedback.title"), Said: i18n.T(ctx, key), Why: i18n.T(ctx, key+"_why")}, status)
}

func (s *Service) ask(w http.ResponseWriter, r *http.Request, v askView, status int) error {
	p := web.Page{Title: v.Title, Plain: true, Bare: true, Status: status, Error: len(v.Faults) > 0}
	return web.Render(w, r, p, askTempl(v))
}

// questions are the three of the form, and the code of the slip where one was handed out.
func questions(ctx context.Context, ref id.Ref, round Round, k string, typed *web.Form, at map[string]string) askView {
	tr := func(key string, args ...any) string { return i18n.T(ctx, key, args...) }
	v := askView{Title: round.Title, Spec: ui.FormSpec{Action: "/f/" + ref.String() + "?" + url.Values{"k": {k}, "lang": {i18n.Lang(ctx)}}.Encode(), Key: web.NewKey(), Submit: tr("feedback.send")}}
	if round.Slips > 0 {
		v.Inputs = append(v.Inputs, ui.Input{Kind: ui.KindText, Name: "slip", Label: tr("feedback.q.slip"), Hint: tr("feedback.hint.slip"), MaxLength: 20, Autocomplete: "off"})
	}
	satisfaction := ui.Input{Kind: ui.KindRadio, Name: "satisfaction", Label: tr("feedback.q.satisfaction")}
	for i := 5; i >= 1; i-- {
		satisfaction.Options = append(satisfaction.Options, ui.Option{Value: strconv.Itoa(i), Text: tr("feedback.s" + strconv.Itoa(i))})
	}
	useful := ui.Input{Kind: ui.KindRadio, Name: "useful", Label: tr("feedback.q.useful")}
	for i := 1; i <= 3; i++ {
		useful.Options = append(useful.Options, ui.Option{Value: strconv.Itoa(i), Text: tr("feedback.u" + strconv.Itoa(i))})
	}
	v.Inputs = append(v.Inputs, satisfaction, useful,
		ui.Input{Kind: ui.KindArea, Name: "line", Label: tr("feedback.q.line"), Hint: tr("feedback.hint.line"), Optional: true, MaxLength: maxLine, Lines: 3, Autocomplete: "off"})
	for i, in := range v.Inputs {
		v.Inputs[i].Error = at[in.Name]
		v.Inputs[i].Value = typed.Text(in.Name)
	}
	return v
}

// take keeps one sheet; sent twice it counts once.
func (s *Service) take(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	r = inLanguage(r, q.Get("lang"))
	ctx := r.Context()
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	a := Answer{Satisfaction: number(f, "satisfaction"), Useful: number(f, "useful"), Line: f.Text("line")}
	to, err := web.Once(system(ctx), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return "/f/" + ref.String() + "?" + url.Values{"done": {"1"}, "lang": {i18n.Lang(ctx)}}.Encode(), s.Answer(ctx, ref, q.Get("k"), f.Text("slip"), s.from(r), a)
	})
	switch {
	case err == nil:
		return web.SeeOther(w, r, to)
	case errs.Is(err, errs.NotFound):
		return s.said(w, r, "feedback.no_link", http.StatusNotFound)
	case errs.Is(err, errs.Conflict):
		return s.said(w, r, "feedback.over", http.StatusConflict)
	case errs.Is(err, errs.Throttled):
		return s.said(w, r, "feedback.flooded", http.StatusTooManyRequests)
	}
	at, summary, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	round, _, err := s.asked(ctx, ref, q.Get("k"), false)
	if errs.Is(err, errs.NotFound) {
		return s.said(w, r, "feedback.no_link", http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	v := questions(ctx, ref, round, q.Get("k"), f, at)
	v.Faults = summary
	return s.ask(w, r, v, http.StatusUnprocessableEntity)
}
