package channel

import (
	"context"
	"net/http"
	"net/url"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

type mineView struct {
	Mode, Mail, Key string
	Typed           string // what stands in the box of the address
	Waits           string // the address that waits for its code, hidden in part
	Verified        bool
	Served          bool
	Runs            *ui.Link // to the unit's channels, for its administrator
	Faults          []ui.Fault
	At              map[string]string
}

func (s *Service) mineForm(w http.ResponseWriter, r *http.Request) error {
	return s.renderMine(w, r, &web.Form{Values: url.Values{}}, nil)
}

func (s *Service) renderMine(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	c, mail, fresh, err := s.Mine(ctx)
	if err != nil {
		return err
	}
	v := mineView{Mode: c.Mode, Mail: mail, Typed: mail, Key: web.NewKey(), Verified: c.VerifiedAt > 0, Waits: maskMail(fresh)}
	if v.Typed == "" {
		v.Typed = fresh
	}
	if f.Has("mode") {
		v.Mode, v.Typed = f.Text("mode"), f.Text("mail")
	}
	if v.Served, err = s.Serves(ctx); err != nil {
		return err
	}
	if a := scope.From(ctx); a.May(scope.Admin, a.Pos) {
		v.Runs = &ui.Link{Text: i18n.T(ctx, "channel.title"), Href: "/channel"}
	}
	title := i18n.T(ctx, "channel.mine")
	p := web.Page{Title: title, Current: "me", Error: failed != nil, Crumbs: []ui.Link{{Text: i18n.T(ctx, "channel.me"), Href: "/me"}, {Text: title}}}
	switch done := r.URL.Query().Get("done"); done {
	case "chosen", "sent", "verified":
		p.Flash = &ui.Note{Title: i18n.T(ctx, "channel.did."+done)}
	}
	if failed != nil {
		var rest error
		if v.At, v.Faults, rest = web.Problems(ctx, failed); rest != nil {
			v.Faults = web.Faults(ctx, rest)
		}
		p.Status = errs.KindOf(failed).Status()
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, p, mineTempl(v))
}

func (s *Service) chooseDo(w http.ResponseWriter, r *http.Request) error {
	return s.own(w, r, func(ctx context.Context, f *web.Form) (string, error) {
		sent, err := s.Choose(ctx, f.Text("mode"), f.Text("mail"))
		if sent {
			return "sent", err
		}
		return "chosen", err
	})
}

func (s *Service) verifyDo(w http.ResponseWriter, r *http.Request) error {
	return s.own(w, r, func(ctx context.Context, f *web.Form) (string, error) {
		return "verified", s.Verify(ctx, f.Text("code"))
	})
}

// own runs a form of one's own. It needs no key: sent twice, the second one changes nothing or is told so.
func (s *Service) own(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, f *web.Form) (done string, err error)) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	done, err := act(r.Context(), f)
	if k := errs.KindOf(err); err != nil && (k == errs.Invalid || k == errs.Conflict) {
		return s.renderMine(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/me/channel?done="+done)
}
