package care

import (
	"context"
	"net/http"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/record"
)

// emergencyForm asks whoever works above a desk for the number of a request and the reason.
func (s *Service) emergencyForm(r *http.Request) (record.Form, error) {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return record.Form{}, err
	}
	may, err := s.above(ctx, u)
	if err == nil && !may {
		err = errs.New(errs.Forbidden, "errs.not_yours")
	}
	return record.Form{Unit: u, Over: u.Name, Title: tr(ctx, "care.emergency"), Lead: tr(ctx, "care.emergency_lead"), Back: at("/care", u.ID), Action: at("/care/emergency", u.ID), Submit: tr(ctx, "care.emergency"), Current: Kind, Inputs: []ui.Input{
		{Name: "no", Label: tr(ctx, "care.f.request_no"), Hint: tr(ctx, "care.emergency_no"), Autocomplete: "off", Short: true, MaxLength: 20},
		{Kind: ui.KindArea, Name: "reason", Label: tr(ctx, "care.f.emergency"), Hint: tr(ctx, "care.emergency_hint"), Lines: 4, MaxLength: maxShort, Sealed: true, Autocomplete: "off"}}}, err
}

func (s *Service) emergencyPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.emergencyForm(r)
	if errs.Is(err, errs.Forbidden) && scope.From(r.Context()).Unit == v.Unit.ID { // the desk's own people have their list
		return web.SeeOther(w, r, v.Back)
	}
	if err != nil {
		return err
	}
	return record.ShowForm(w, r, v, web.NewKey())
}

func (s *Service) emergencyPost(w http.ResponseWriter, r *http.Request) error {
	v, err := s.emergencyForm(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	ref, err := s.numbered(r.Context(), v.Unit.ID, f.Text("no"))
	return s.rec.Sent(w, r, v, f, func(ctx context.Context, f *web.Form) (string, error) {
		if err == nil {
			err = s.breakInto(ctx, ref, f.Text("reason"))
		}
		return "/seal/" + ref.String() + "/emergency", err // there it leads on once it is open
	})
}
