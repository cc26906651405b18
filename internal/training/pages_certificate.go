package training

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

type certificateView struct {
	Name, Said string
	Facts      []ui.Fact
	QR         templ.Component
	Back       string
}

func (s *Service) attestedFacts(ctx context.Context, a Attested) []ui.Fact {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	until := tr("training.for_ever")
	if a.Expires != clock.Open {
		until = i18n.Day(ctx, a.Expires.AddDays(-1))
	}
	return []ui.Fact{{Label: tr("training.name"), Text: a.Name}, {Label: tr("training.course"), Text: a.Title}, {Label: tr("training.f.unit"), Text: a.Unit}, {Label: tr("training.hours"), Text: tr("training.hours_n", "Hours", ui.Hours(a.Minutes))},
		{Label: tr("training.f.competence"), Text: s.word(ctx, "competence", a.Competence)}, {Label: tr("training.since"), Text: i18n.Day(ctx, a.Day)}, {Label: tr("training.until"), Text: until}, {Label: tr("training.certificate_no"), Text: a.Number}}
}

// certificatePage is the paper to print, with the code that anyone can check.
func (s *Service) certificatePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	no, err := strconv.ParseInt(r.URL.Query().Get("no"), 10, 64)
	if err != nil {
		return web.NotFound(r)
	}
	a, code, err := s.Certificate(ctx, ref, no)
	if err != nil {
		return err
	}
	address := origin(r) + "/trained/" + ref.String() + "?" + url.Values{"no": {strconv.FormatInt(no, 10)}, "code": {code}}.Encode()
	image, err := qr.Encode(address, qr.M)
	if err != nil {
		return err
	}
	v := certificateView{Name: a.Name, Said: i18n.T(ctx, "training.certificate_said", "Name", a.Name, "Title", a.Title), Facts: s.attestedFacts(ctx, a),
		QR: ui.QRCode(image.Size, image.Black, i18n.T(ctx, "training.certificate_qr", "Name", a.Name)), Back: "/training/" + ref.String()}
	return web.Render(w, r, web.Page{Title: i18n.T(ctx, "training.certificate"), Current: Kind, Letter: true,
		Crumbs: []ui.Link{{Text: a.Title, Href: v.Back}, {Text: i18n.T(ctx, "training.certificate")}}}, certificateTempl(v))
}

// origin is the address under which the reader sees us, for a code that is read by a telephone.
func origin(r *http.Request) string {
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

type attestView struct {
	Good, Ended bool
	Facts       []ui.Fact
	Day         string
}

// attestPage answers anyone who has a certificate's code. A code that is none says no more than that.
func (s *Service) attestPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	today := clock.Today(ctx)
	v := attestView{Day: i18n.Day(ctx, today)}
	p := web.Page{Title: i18n.T(ctx, "training.attest"), Plain: true}
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err == nil {
		no, bad := strconv.ParseInt(r.URL.Query().Get("no"), 10, 64)
		if bad != nil {
			no = 0
		}
		a, err := s.Attest(ctx, ref, no, r.URL.Query().Get("code"))
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if v.Good = err == nil; v.Good {
			v.Facts, v.Ended = s.attestedFacts(ctx, a), a.Expires != clock.Open && a.Expires <= today
		}
	}
	if !v.Good {
		p.Status = http.StatusNotFound
	}
	return web.Render(w, r, p, attestTempl(v))
}
