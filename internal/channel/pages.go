package channel

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// Routes are this module's addresses.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/channel", Right: scope.Admin, Scope: web.ByUnit, Name: "channel.index", Handler: s.index},
		{Method: "GET", Path: "/channel/set", Right: scope.Admin, Scope: web.ByUnit, Name: "channel.setForm", Handler: s.setForm},
		{Method: "POST", Path: "/channel/set", Right: scope.Admin, Scope: web.ByUnit, Name: "channel.set", Handler: s.setDo},
		{Method: "POST", Path: "/channel/switch", Right: scope.Admin, Scope: web.ByUnit, Name: "channel.switch", Handler: s.switchDo},
		{Method: "POST", Path: "/channel/try", Right: scope.Admin, Scope: web.ByUnit, Name: "channel.try", Handler: s.tryDo},
		{Method: "POST", Path: "/channel/again", Right: scope.Admin, Scope: web.ByUnit, Name: "channel.again", Handler: s.againDo},
		{Method: "GET", Path: "/me/channel", Right: scope.SignedIn, Scope: web.Self, Name: "channel.mine", Handler: s.mineForm},
		{Method: "POST", Path: "/me/channel", Right: scope.SignedIn, Scope: web.Self, Name: "channel.choose", Handler: s.chooseDo},
		{Method: "POST", Path: "/me/channel/code", Right: scope.SignedIn, Scope: web.Self, Name: "channel.verify", Handler: s.verifyDo},
		{Method: "GET", Path: "/api/v1/channels", Right: scope.Admin, Scope: web.ByUnit, Name: "channel.apiWays", Handler: s.apiWays},
		{Method: "GET", Path: "/api/v1/channels/log", Right: scope.Admin, Scope: web.ByUnit, Name: "channel.apiLog", Handler: s.apiLog},
	}
}

func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

// at is an address of the unit's channels.
func at(u org.Unit, tail string, more ...string) string {
	q := url.Values{"unit": {u.ID.String()}}
	for i := 0; i+1 < len(more); i += 2 {
		if more[i+1] != "" {
			q.Set(more[i], more[i+1])
		}
	}
	return "/channel" + tail + "?" + q.Encode()
}

type indexView struct {
	Unit   org.Unit
	Ways   ui.Table
	Log    ui.Table
	Aside  bool
	Next   string
	Choice ui.Choice
}

const pageSize = 50

func (s *Service) index(w http.ResponseWriter, r *http.Request) error {
	return s.renderIndex(w, r, nil)
}

func (s *Service) renderIndex(w http.ResponseWriter, r *http.Request, failed error) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v := indexView{Unit: u, Aside: r.URL.Query().Get("state") == Aside}
	if v.Ways, err = s.wayTable(ctx, u); err != nil {
		return err
	}
	list, next, err := s.logPage(r, u)
	if err != nil {
		return err
	}
	if next != "" {
		v.Next = at(u, "", "state", r.URL.Query().Get("state"), "before", next)
	}
	v.Log = logTable(ctx, u, list)
	v.Choice = ui.Choice{Label: i18n.T(ctx, "channel.show"), Links: []ui.Link{{Text: i18n.T(ctx, "channel.all"), Href: at(u, ""), Current: !v.Aside},
		{Text: i18n.T(ctx, "channel.state.aside"), Href: at(u, "", "state", Aside), Current: v.Aside}}}
	title := i18n.T(ctx, "channel.title")
	p := web.Page{Title: title, Current: "unit", Crumbs: []ui.Link{{Text: u.Name, Href: "/unit/" + u.ID.String()}, {Text: title}}}
	if done := r.URL.Query().Get("done"); slices.Contains([]string{"set", "on", "off", "try", "again"}, done) {
		p.Flash = &ui.Note{Title: i18n.T(ctx, "channel.did."+done)}
	}
	if failed != nil {
		p.Flash, p.Status = &ui.Note{Kind: "w", Title: i18n.Error(ctx, failed)}, errs.KindOf(failed).Status()
	}
	return web.Render(w, r, p, indexTempl(v))
}

func (s *Service) wayTable(ctx context.Context, u org.Unit) (ui.Table, error) {
	ways, err := s.Ways(ctx, u.ID)
	if err != nil {
		return ui.Table{}, err
	}
	sums, err := s.tallies(ctx, u.ID)
	if err != nil {
		return ui.Table{}, err
	}
	t := ui.Table{Caption: i18n.T(ctx, "channel.title"), Columns: []ui.Column{{Text: i18n.T(ctx, "channel.way")}, {Text: i18n.T(ctx, "channel.state")}, {Text: i18n.T(ctx, "channel.address"), Label: true},
		{Text: i18n.T(ctx, "channel.last"), Label: true}, {Text: i18n.T(ctx, "channel.waits"), Label: true, Right: true}, {Text: i18n.T(ctx, "channel.set_up"), Block: true}, {Text: i18n.T(ctx, "channel.acts")}, {Text: i18n.T(ctx, "channel.try")}}}
	for _, kind := range Kinds {
		way, set := ways[kind]
		var last, waits int64
		for _, x := range sums {
			switch {
			case x.Kind != kind:
			case x.State == Sent:
				last = x.Last
			case x.State == Ready:
				waits = x.N
			}
		}
		name := i18n.T(ctx, "channel.kind."+kind)
		state := ui.State(i18n.T(ctx, "channel.off"), "-")
		if way.Live == 1 {
			state = ui.State(i18n.T(ctx, "channel.on"), "p")
		}
		row := ui.Row{ID: kind, Cells: []ui.Cell{ui.Text(name), state, ui.Text(way.Shown), ui.Text(minute(last)), ui.Text(ui.Number(waits)), ui.To(i18n.T(ctx, "channel.set_up"), at(u, "/set", "kind", kind))}}
		if set {
			post := func(text, tail, on string) ui.Cell {
				return ui.Cell{Post: &ui.Post{Text: i18n.T(ctx, text), Sub: name, Action: at(u, tail), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "kind", Value: kind}, {Name: "on", Value: on}}}}
			}
			if way.Live == 1 {
				row.Cells = append(row.Cells, post("channel.switch_off", "/switch", "0"))
				if kind != Mail {
					row.Cells = append(row.Cells, post("channel.try", "/try", ""))
				}
			} else {
				row.Cells = append(row.Cells, post("channel.switch_on", "/switch", "1"))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

func (s *Service) logPage(r *http.Request, u org.Unit) (list []Message, next string, err error) {
	var before id.ID
	if q := r.URL.Query().Get("before"); q != "" {
		if before, err = id.Parse(q); err != nil {
			return nil, "", web.NotFound(r)
		}
	}
	list, err = s.Log(r.Context(), u.ID, before, r.URL.Query().Get("state") == Aside, pageSize+1)
	if len(list) > pageSize {
		list = list[:pageSize]
		next = list[pageSize-1].ID.String()
	}
	return list, next, err
}

func logTable(ctx context.Context, u org.Unit, list []Message) ui.Table {
	t := ui.Table{Caption: i18n.T(ctx, "channel.log"), Columns: []ui.Column{{Text: i18n.T(ctx, "channel.when")}, {Text: i18n.T(ctx, "channel.way"), Label: true}, {Text: i18n.T(ctx, "channel.what"), Label: true},
		{Text: i18n.T(ctx, "channel.state")}, {Text: i18n.T(ctx, "channel.tries"), Label: true, Right: true}, {Text: i18n.T(ctx, "channel.number"), Label: true}, {Text: i18n.T(ctx, "channel.again")}}}
	for _, m := range list {
		state := ui.State(i18n.T(ctx, "channel.state."+m.State), map[string]string{Sent: "p", Aside: "w", Ready: "-"}[m.State])
		if m.Error != "" {
			state.Sub = i18n.T(ctx, m.Error)
		}
		row := ui.Row{ID: m.ID.String(), Bad: m.State == Aside, Cells: []ui.Cell{ui.Text(minute(m.At)), ui.Text(i18n.T(ctx, "channel.kind."+m.Kind)), ui.Text(i18n.T(ctx, "channel.what."+m.What)), state, ui.Text(ui.Number(m.Tries)), ui.Text(m.ID.String())}}
		if m.State == Aside {
			row.Cells = append(row.Cells, ui.Cell{Post: &ui.Post{Text: i18n.T(ctx, "channel.again"), Sub: m.ID.String(), Action: at(u, "/again"), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "message", Value: m.ID.String()}}}})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func minute(millis int64) string {
	if millis == 0 {
		return ""
	}
	return time.UnixMilli(millis).In(clock.Shanghai).Format("2006-01-02 15:04")
}

type formView struct {
	Title, Lead string
	Back        ui.Link
	Faults      []ui.Fault
	Fields      []ui.Input
	Spec        ui.FormSpec
}

func (s *Service) setForm(w http.ResponseWriter, r *http.Request) error {
	return s.askSet(w, r, &web.Form{Values: url.Values{}}, nil)
}

// askSet shows the form of a way. Addresses and secrets that were kept are not shown again.
func (s *Service) askSet(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	kind := kindOf(r)
	ways, err := s.Ways(ctx, u.ID)
	if err != nil {
		return err
	}
	way, kept := ways[kind]
	if failed == nil {
		f.Set("site", way.Site)
		if way.Site == "" {
			f.Set("site", siteOf(r))
		}
		if host, port, ok := strings.Cut(way.Shown, ":"); ok && kind == Mail {
			f.Set("host", host)
			f.Set("port", port)
		} else if kind == Mail {
			f.Set("port", "465")
		}
	}
	faultAt, faults, rest := web.Problems(ctx, failed)
	if rest != nil {
		faults = web.Faults(ctx, rest)
	}
	in := func(name string, kind ui.Kind) ui.Input {
		x := ui.Input{Kind: kind, Name: name, Label: i18n.T(ctx, "channel.f."+name), Value: f.Get(name), Error: faultAt[name]}
		if hint := "channel.hint." + name; i18n.Has(ctx, hint) {
			x.Hint = i18n.T(ctx, hint)
		}
		if kept && slices.Contains([]string{"url", "secret", "user", "password", "from", "to"}, name) {
			x.Hint, x.Optional = i18n.T(ctx, "channel.kept"), true
		}
		if kind == ui.KindPassword {
			x.Value, x.Autocomplete = "", "new-password"
		}
		return x
	}
	lead := "channel.saved_off"
	if way.Live == 1 {
		lead = "channel.saved_on"
	}
	v := formView{Title: i18n.T(ctx, "channel.set_title", "Kind", i18n.T(ctx, "channel.kind."+kind)), Lead: i18n.T(ctx, lead, "Lead", i18n.T(ctx, "channel.lead."+kind)), Faults: faults,
		Back: ui.Link{Text: i18n.T(ctx, "channel.title"), Href: at(u, "")}, Spec: ui.FormSpec{Action: at(u, "/set", "kind", kind), Key: web.NewKey(), Submit: i18n.T(ctx, "channel.save")}}
	switch kind {
	case Mail:
		user, pass := in("user", ui.KindText), in("password", ui.KindPassword)
		user.Optional, pass.Optional = true, true
		v.Fields = []ui.Input{in("host", ui.KindText), in("port", ui.KindNumber), user, pass, in("from", ui.KindEmail)}
	case WeCom:
		v.Fields = []ui.Input{in("url", ui.KindText)}
	case DingTalk:
		secret := in("secret", ui.KindPassword)
		if secret.Optional = true; !kept { // the robot's, not of one's own making
			secret.Hint = ""
		}
		v.Fields = []ui.Input{in("url", ui.KindText), secret}
	case SMS:
		v.Fields = []ui.Input{in("url", ui.KindText), in("secret", ui.KindPassword), in("to", ui.KindArea)}
	default:
		v.Fields = []ui.Input{in("url", ui.KindText), in("secret", ui.KindPassword)}
	}
	v.Fields = append(v.Fields, in("site", ui.KindText))
	w.Header().Set("Cache-Control", "no-store")
	p := web.Page{Title: v.Title, Current: "unit", Plain: true, Error: failed != nil}
	if failed != nil {
		p.Status = errs.KindOf(failed).Status()
	}
	return web.Render(w, r, p, formTempl(v))
}

// kindOf is the way that a form is about; a webhook when it does not say.
func kindOf(r *http.Request) string {
	if k := r.URL.Query().Get("kind"); slices.Contains(Kinds, k) {
		return k
	}
	return Webhook
}

// siteOf is the address under which the administrator sees us.
func siteOf(r *http.Request) string {
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// form reads a form of the unit's channels, acts once and goes back to the list; a refusal that can be mended is shown.
func (s *Service) form(w http.ResponseWriter, r *http.Request, shown func(*web.Form, error) error, act func(ctx context.Context, u org.Unit, f *web.Form) (done string, err error)) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		done, err := act(ctx, u, f)
		return at(u, "", "done", done), err
	})
	if k := errs.KindOf(err); err != nil && (k == errs.Invalid || k == errs.Conflict) {
		return shown(f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) setDo(w http.ResponseWriter, r *http.Request) error {
	return s.form(w, r, func(f *web.Form, err error) error { return s.askSet(w, r, f, err) }, func(ctx context.Context, u org.Unit, f *web.Form) (string, error) {
		port, _ := strconv.Atoi(f.Text("port"))
		c := Config{URL: f.Text("url"), Secret: f.Text("secret"), Host: f.Text("host"), Port: port, User: f.Text("user"), Password: f.Get("password"), From: f.Text("from"),
			To: strings.FieldsFunc(f.Text("to"), func(c rune) bool { return strings.ContainsRune(" \r\n\t,;，；、", c) })}
		return "set", s.Set(ctx, u.ID, kindOf(r), c, f.Text("site"))
	})
}

func (s *Service) listed(w http.ResponseWriter, r *http.Request, act func(ctx context.Context, u org.Unit, f *web.Form) (string, error)) error {
	return s.form(w, r, func(_ *web.Form, err error) error { return s.renderIndex(w, r, err) }, act)
}

func (s *Service) switchDo(w http.ResponseWriter, r *http.Request) error {
	return s.listed(w, r, func(ctx context.Context, u org.Unit, f *web.Form) (string, error) {
		on := f.Text("on") == "1"
		return map[bool]string{true: "on", false: "off"}[on], s.Switch(ctx, u.ID, f.Text("kind"), on)
	})
}

func (s *Service) tryDo(w http.ResponseWriter, r *http.Request) error {
	return s.listed(w, r, func(ctx context.Context, u org.Unit, f *web.Form) (string, error) {
		return "try", s.Try(ctx, u.ID, f.Text("kind"))
	})
}

func (s *Service) againDo(w http.ResponseWriter, r *http.Request) error {
	return s.listed(w, r, func(ctx context.Context, u org.Unit, f *web.Form) (string, error) {
		m, err := id.Parse(f.Text("message"))
		if err != nil {
			return "", errs.New(errs.Conflict, "channel.again_not")
		}
		return "again", s.Again(ctx, u.ID, m)
	})
}
