package volunteer

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
	Ref     id.Ref
	Name    string
	Issued  bool
	Facts   []ui.Fact
	Address string
	QR      templ.Component
	Issue   ui.Post
	Revoke  ui.Button
	Back    ui.Link
	Lead    string
}

// certificatePage is the paper to print, with the code that anyone can check; without one it offers to issue it.
func (s *Service) certificatePage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	p, ver, u, err := s.toWork(ctx, ref)
	if err != nil {
		return err
	}
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	here := "/volunteer/" + ref.String()
	v := certificateView{Ref: ref, Name: p.Name, Back: ui.Link{Href: here}, Lead: tr("volunteer.certificate_lead"),
		Issue: ui.Post{Text: tr("volunteer.issue"), Action: here + "/certificate", Key: web.NewKey(), Main: true, Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(ver.N, 10)}}}}
	code, err := s.Code(ctx, ref)
	if err != nil {
		return err
	}
	if v.Issued = code != ""; v.Issued {
		a, err := s.Attest(ctx, ref, code)
		if err != nil {
			return err
		}
		v.Facts = attested(ctx, a)
		v.Address = origin(r) + "/certificate/" + ref.String() + "?" + url.Values{"code": {code}}.Encode()
		image, err := qr.Encode(v.Address, qr.M)
		if err != nil {
			return err
		}
		v.QR = ui.QRCode(image.Size, image.Black, tr("volunteer.certificate_qr", "Name", p.Name))
		v.Issue.Text, v.Issue.Main = tr("volunteer.reissue"), false
		v.Revoke = ui.Button{Text: tr("volunteer.step.revoke"), Href: here + "/revoke"}
	}
	page := s.crumbs(ctx, tr("volunteer.certificate"), u)
	page.Letter = v.Issued
	return web.Render(w, r, page, certificateTempl(v))
}

// origin is the address under which the reader sees us, for a code that is read by a telephone.
func origin(r *http.Request) string {
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func attested(ctx context.Context, a Attested) []ui.Fact {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	out := []ui.Fact{{Label: tr("volunteer.name"), Text: a.Name}, {Label: tr("volunteer.kind"), Text: tr("volunteer.kind." + string(a.Kind))}, {Label: tr("volunteer.unit"), Text: a.Unit},
		{Label: tr("volunteer.since_label"), Text: i18n.Day(ctx, a.Since)}, {Label: tr("volunteer.hours_total"), Text: tr("volunteer.hours_times", "Hours", ui.Hours(a.Minutes), "N", ui.Number(a.Times))}}
	if a.Until != clock.Open {
		out = append(out, ui.Fact{Label: tr("volunteer.left_on"), Text: i18n.Day(ctx, a.Until)})
	}
	return append(out, ui.Fact{Label: tr("volunteer.issued_on"), Text: i18n.Day(ctx, a.Issued)})
}

func (s *Service) issuePost(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := s.sent(w, r)
	if err != nil {
		return err
	}
	if _, _, _, err := s.toWork(r.Context(), ref); err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return "/volunteer/" + ref.String() + "/certificate", s.Issue(ctx, ref, n)
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

type attestView struct {
	Good  bool
	Left  bool
	Facts []ui.Fact
	Day   string
}

// attestPage answers anyone who has a certificate's code. A code that is none says no more than that.
func (s *Service) attestPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := attestView{Day: i18n.Day(ctx, clock.Today(ctx))}
	p := web.Page{Title: i18n.T(ctx, "volunteer.attest"), Plain: true}
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err == nil {
		var a Attested
		a, err = s.Attest(ctx, ref, r.URL.Query().Get("code"))
		v.Good, v.Left = err == nil, a.Until != clock.Open
		if v.Good {
			v.Facts = attested(ctx, a)
		}
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	if !v.Good {
		p.Status = http.StatusNotFound
	}
	return web.Render(w, r, p, attestTempl(v))
}
