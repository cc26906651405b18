package seal

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// breakable reads the matter of the address for who may let themselves in; a refusal stands in the log.
func (s *Service) breakable(r *http.Request) (id.Ref, Matter, error) {
	ref, m, err := s.of(r)
	if err != nil {
		return ref, m, err
	}
	may, err := s.MayBreak(r.Context(), m.Owners[0])
	if err == nil && !may {
		err = s.refuse(r.Context(), m.Owners[0], "seal.act.emergency")
	}
	return ref, m, err
}

func (s *Service) emergencyForm(w http.ResponseWriter, r *http.Request) error {
	if ref, err := id.ParseRef(r.PathValue("ref")); err == nil { // who has asked hears how it stands, also where they do not see the matter yet
		waits, opens, err := s.myLook(r.Context(), ref)
		switch {
		case err != nil:
			return err
		case opens:
			_, m, err := s.of(r)
			if err != nil {
				return err
			}
			return web.SeeOther(w, r, m.Href)
		case waits:
			return s.waitPage(w, r, ref)
		}
	}
	of, m, err := s.breakable(r)
	if err != nil {
		return err
	}
	return s.askEmergency(w, r, of, m, blank(), nil)
}

// waitPage says to whoever asked that a second person has to agree.
func (s *Service) waitPage(w http.ResponseWriter, r *http.Request, of id.Ref) error {
	ctx := r.Context()
	v := formView{Lead: tr(ctx, "seal.lead.wait", "N", int(emergencyFor.Hours())), Back: ui.Link{Text: tr(ctx, "seal.look_again"), Href: here(of, "/emergency")}, None: tr(ctx, "seal.waits")}
	return s.formPage(w, r, web.Page{Title: tr(ctx, "seal.do.emergency")}, v, nil)
}

func (s *Service) askEmergency(w http.ResponseWriter, r *http.Request, of id.Ref, m Matter, f *web.Form, failed error) error {
	ctx := r.Context()
	reason := input(ctx, f, ui.KindArea, "emergency")
	reason.Name, reason.Value, reason.Lines, reason.MaxLength = "reason", f.Get("reason"), 4, maxText
	return s.ask(w, r, of, m, "emergency", formView{Lead: tr(ctx, "seal.lead.emergency", "N", int(emergencyFor.Hours())), Back: ui.Link{Text: m.Title, Href: m.Href}, Fields: []ui.Input{reason}, Spec: ui.FormSpec{Key: f.Key()}}, failed)
}

func (s *Service) emergencyDo(w http.ResponseWriter, r *http.Request) error {
	of, m, err := s.breakable(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return here(of, "/emergency"), s.Break(ctx, m.Owners[0], f.Text("reason")) // there it leads on once it is open
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if !shown(err) {
		return err
	}
	return s.askEmergency(w, r, of, m, f, err)
}

func (s *Service) seenDo(w http.ResponseWriter, r *http.Request) error {
	of, m, err := s.keptMatter(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	grant, err := id.Parse(f.Text("grant"))
	if err != nil {
		return web.NotFound(r)
	}
	if err := s.Seen(r.Context(), m.Owners[0], grant); err != nil {
		return err
	}
	return web.SeeOther(w, r, here(of, ""))
}

func (s *Service) confirmDo(w http.ResponseWriter, r *http.Request) error {
	of, m, err := s.keptMatter(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	grant, _ := id.Parse(f.Text("grant")) // 0 is none
	if err := s.Confirm(r.Context(), m.Owners[0], grant); err != nil {
		return err
	}
	return web.SeeOther(w, r, here(of, ""))
}

func (s *Service) secondDo(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	if !s.setsSecond(r.Context(), u) { // refused, and logged, whatever else was sent
		return s.SetSecond(r.Context(), u, false)
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return "/seal?unit=" + u.ID.String(), s.SetSecond(ctx, u, f.Text("on") == "1")
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) exportForm(w http.ResponseWriter, r *http.Request) error {
	of, m, err := s.keptMatter(r)
	if err != nil {
		return err
	}
	return s.askExport(w, r, of, m, blank(), nil)
}

func (s *Service) askExport(w http.ResponseWriter, r *http.Request, of id.Ref, m Matter, f *web.Form, failed error) error {
	ctx := r.Context()
	password := input(ctx, f, ui.KindPassword, "password")
	password.Value, password.Autocomplete = "", "new-password"
	return s.ask(w, r, of, m, "export", formView{Lead: tr(ctx, "seal.lead.export"), Fields: []ui.Input{password}, Spec: ui.FormSpec{Key: f.Key()}}, failed)
}

func (s *Service) exportDo(w http.ResponseWriter, r *http.Request) error {
	of, m, err := s.keptMatter(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := s.Export(r.Context(), m, f.Get("password"), &out); err != nil {
		if !shown(err) {
			return err
		}
		return s.askExport(w, r, of, m, f, err)
	}
	return send(w, "application/age", "sealed-"+of.String()+".xlsx.age", out.Bytes())
}

// redacted is the list of a matter without names, for who may oversee it.
func (s *Service) redacted(w http.ResponseWriter, r *http.Request) error {
	of, m, err := s.overseen(r)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := s.Redacted(r.Context(), m, &out); err != nil {
		return err
	}
	return send(w, table.ContentType(table.XLSX), "list-"+of.String()+".xlsx", out.Bytes())
}

func send(w http.ResponseWriter, kind, name string, body []byte) error {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write(body)
	return err
}
