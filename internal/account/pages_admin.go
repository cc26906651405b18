package account

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"rsc.io/qr"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// unitName is a unit's name for a page; a unit that has ended keeps a dash rather than breaking the page.
func (s *Service) unitName(r *http.Request, unit id.ID) string {
	name, err := s.units.Name(r.Context(), unit)
	if err != nil || name == "" {
		return "—"
	}
	return name
}

// unitOf is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (s *Service) unitOf(r *http.Request) (id.ID, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.units.Named(r.Context(), q)
	}
	return scope.From(r.Context()).Unit, nil
}

func idOf(r *http.Request) (id.ID, error) {
	v, err := id.Parse(r.PathValue("id"))
	if err != nil {
		return 0, web.NotFound(r)
	}
	return v, nil
}

const pageSize = 50

type indexView struct {
	Unit     id.ID
	UnitName string
	Find     string
	Total    int64
	Rows     []indexRow
	Apart    bool
	Next     string
	Rest     int64
	First    string
}

type indexRow struct {
	Account Account
	Unit    string
	Duties  []scope.Right // of the three administrators, where they are kept apart
}

func (v indexView) query() string { return "unit=" + url.QueryEscape(v.Unit.String()) }

func (s *Service) index(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	unit, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v := indexView{Unit: unit, UnitName: s.unitName(r, unit), Find: q.Get("q")}
	list, err := s.List(ctx, unit, v.Find, q.Get("after"), pageSize)
	if err != nil {
		return err
	}
	if v.Total, err = s.Count(ctx, unit, v.Find, ""); err != nil {
		return err
	}
	rules, err := s.Rules(ctx)
	if err != nil {
		return err
	}
	v.Apart = rules.Apart
	names := map[id.ID]string{}
	for _, a := range list {
		if _, ok := names[a.Unit]; !ok {
			names[a.Unit] = s.unitName(r, a.Unit)
		}
		row := indexRow{Account: a, Unit: names[a.Unit]}
		if v.Apart {
			if row.Duties, err = s.held(ctx, a, nil); err != nil {
				return err
			}
		}
		v.Rows = append(v.Rows, row)
	}
	here := "/account?" + v.query() + "&q=" + url.QueryEscape(v.Find)
	if len(list) == pageSize {
		if v.Rest, err = s.Count(ctx, unit, v.Find, list[len(list)-1].Login); err != nil {
			return err
		}
	}
	if v.Rest > 0 {
		v.Next = here + "&after=" + url.QueryEscape(list[len(list)-1].Login)
	}
	if q.Get("after") != "" {
		v.First = here
	}
	p := web.Page{Title: i18n.T(ctx, "account.title"), Current: "account", Crumbs: []ui.Link{{Text: i18n.T(ctx, "account.title")}}}
	return web.Render(w, r, p, indexPage(v))
}

type newView struct {
	Unit     id.ID
	UnitName string
	Value    NewAccount
	At       map[string]string
	Faults   []ui.Fault
	Key      string
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	return s.renderNew(w, r, newView{Key: web.NewKey()}, 0)
}

func (s *Service) renderNew(w http.ResponseWriter, r *http.Request, v newView, status int) error {
	var err error
	if v.Unit, err = s.unitOf(r); err != nil {
		return err
	}
	v.UnitName = s.unitName(r, v.Unit)
	p := web.Page{Title: i18n.T(r.Context(), "account.new"), Plain: true, Error: len(v.Faults) > 0, Status: status}
	return web.Render(w, r, p, newPage(v))
}

func (s *Service) create(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	unit, err := s.unitOf(r)
	if err != nil {
		return err
	}
	n := NewAccount{Login: f.Text("login"), Person: f.Text("person"), Phone: f.Text("phone"), Unit: unit}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		a, err := s.Create(ctx, n)
		return "/account/" + a.ID.String() + "?done=made", err
	})
	if err != nil {
		at, faults, err := web.Problems(ctx, err)
		if err != nil {
			return err
		}
		return s.renderNew(w, r, newView{Value: n, At: at, Faults: faults, Key: f.Key()}, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(w, r, to)
}

type showView struct {
	Account  Account
	UnitName string
	Rights   []rightLine
	Grants   []grantLine
	Grant    Grant
	UnitCode string
	Units    []ui.Option
	Today    clock.Day
	Self     bool
	Has      Factors
	Sessions []Session
	At       map[string]string
	Faults   []ui.Fault
	Key      string
}

type grantLine struct {
	Grant Grant
	Unit  string
	Live  bool
}

func (v showView) path(act string) string { return "/account/" + v.Account.ID.String() + act }

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	account, err := idOf(r)
	if err != nil {
		return err
	}
	return s.renderShow(w, r, account, showView{}, 0)
}

func (s *Service) renderShow(w http.ResponseWriter, r *http.Request, account id.ID, v showView, status int) error {
	ctx := r.Context()
	a, err := s.Get(ctx, account)
	if err != nil {
		return err
	}
	v.Account, v.UnitName, v.Key, v.Today = a, s.unitName(r, a.Unit), web.NewKey(), clock.Today(ctx)
	v.Self = a.ID == scope.From(ctx).Account
	if v.Has, err = s.factors(ctx, a.ID); err != nil {
		return err
	}
	if v.Sessions, err = s.sessionsOf(ctx, a.ID); err != nil {
		return err
	}
	rights, err := s.rightsOf(ctx, a, v.Today)
	if err != nil {
		return err
	}
	for _, x := range rights {
		v.Rights = append(v.Rights, rightLine{i18n.T(ctx, "account.may_"+x.Kind.String()), s.unitName(r, x.Unit), i18n.T(ctx, x.Role), i18n.Day(ctx, x.To)})
	}
	grants, err := s.grantsOf(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, g := range grants {
		v.Grants = append(v.Grants, grantLine{g, s.unitName(r, g.Unit), clock.Covers(g.From, g.To, v.Today)})
	}
	p := web.Page{Title: a.Person, Current: "account", Error: len(v.Faults) > 0, Flash: saved(r), Status: status,
		Crumbs: []ui.Link{{Text: i18n.T(ctx, "account.title"), Href: "/account"}, {Text: a.Person}}}
	return web.Render(w, r, p, showPage(v))
}

// once runs one act on the account of the address and goes back to its page.
func (s *Service) once(w http.ResponseWriter, r *http.Request, done string, act func(ctx context.Context, account id.ID, f *web.Form) error) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	account, err := idOf(r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return "/account/" + account.String() + "?done=" + done, act(ctx, account, f)
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

func (s *Service) disable(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, "disabled", func(ctx context.Context, account id.ID, f *web.Form) error {
		return s.Disable(ctx, account, f.Text("reason"))
	})
}

func (s *Service) enable(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, "enabled", func(ctx context.Context, account id.ID, _ *web.Form) error { return s.Enable(ctx, account) })
}

func (s *Service) revoke(w http.ResponseWriter, r *http.Request) error {
	return s.once(w, r, "revoked", func(ctx context.Context, account id.ID, f *web.Form) error {
		grant, err := id.Parse(f.Text("grant"))
		if err != nil {
			return errs.New(errs.NotFound, "account.no_grant")
		}
		return s.Revoke(ctx, account, grant)
	})
}

func (s *Service) grant(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	account, err := idOf(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	g := Grant{Account: account, Kind: f.Text("kind"), Reason: f.Text("reason")}
	var bad errs.Fields
	days := func(name string) clock.Day {
		if f.Text(name) == "" {
			return ""
		}
		d, err := clock.ParseDay(f.Text(name))
		if err != nil {
			bad.Add(name, "account.day")
		}
		return d
	}
	g.From, g.To = days("from"), days("to")
	if code := f.Text("unit"); code != "" {
		unit, err := s.units.ByCode(ctx, code)
		switch {
		case errs.Is(err, errs.NotFound):
			bad.Add("unit", "account.no_unit")
		case err != nil:
			return err
		}
		g.Unit = unit
	}
	to := ""
	if err = bad.Err(); err == nil {
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			_, err := s.Grant(ctx, g)
			return "/account/" + account.String() + "?done=granted", err
		})
		if errs.Is(err, errs.NotFound) { // a unit outside looks like none
			bad.Add("unit", "account.no_unit")
			err = bad.Err()
		}
	}
	if err != nil {
		at, faults, err := web.Problems(ctx, err)
		if err != nil {
			return err
		}
		return s.renderShow(w, r, account, showView{Grant: g, UnitCode: f.Text("unit"), At: at, Faults: faults}, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(w, r, to)
}

// code makes a one-time code and shows it, once: a repeated form leads back to the account.
func (s *Service) code(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	account, err := idOf(r)
	if err != nil {
		return err
	}
	code := ""
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		a, err := s.Get(ctx, account)
		if err != nil {
			return "", err
		}
		if a.Invited() {
			code, err = s.Invite(ctx, account)
		} else {
			code, err = s.Reset(ctx, account)
		}
		return "/account/" + account.String(), err
	})
	if err != nil {
		return err
	}
	if code == "" {
		return web.SeeOther(w, r, to)
	}
	a, err := s.Get(r.Context(), account)
	if err != nil {
		return err
	}
	return s.slips(w, r, []Invited{{Account: a, UnitName: s.unitName(r, a.Unit), Code: code, Expires: s.now().Add(codeLife).UnixMilli()}}, to)
}

type slipsView struct {
	Slips []ui.Slip
	Back  string
}

// slips shows one-time codes for printing. They cannot be shown again.
func (s *Service) slips(w http.ResponseWriter, r *http.Request, list []Invited, back string) error {
	ctx := r.Context()
	base := "http://" + r.Host
	if s.Protected(r) {
		base = "https://" + r.Host
	}
	code, err := qr.Encode(base+"/invite", qr.M)
	if err != nil {
		return err
	}
	image := ui.QRCode(code.Size, code.Black, i18n.T(ctx, "account.slip_qr"))
	v := slipsView{Back: back}
	for _, x := range list {
		v.Slips = append(v.Slips, ui.Slip{QR: image, Unit: x.UnitName, Name: x.Account.Person, Role: x.PostName, Address: base + "/invite",
			Account: x.Account.Login, Code: x.Code, Expires: i18n.T(ctx, "account.slip_until", "Day", i18n.Day(ctx, dayOf(x.Expires)))})
	}
	title := i18n.T(ctx, "account.slips")
	return web.Render(w, r, web.Page{Title: title, Plain: true}, slipsPage(v))
}

type bulkView struct {
	Unit     id.ID
	Faults   []ui.Fault
	Good     []Candidate
	Problems []ui.Problem
	Total    int
	Packed   string // the good rows, carried to the next step and checked again there
	Key      string
}

func (v bulkView) query() string { return "?unit=" + url.QueryEscape(v.Unit.String()) }

func (s *Service) renderBulk(w http.ResponseWriter, r *http.Request, v bulkView, status int) error {
	var err error
	if v.Unit, err = s.unitOf(r); err != nil {
		return err
	}
	v.Key = web.NewKey()
	p := web.Page{Title: i18n.T(r.Context(), "account.bulk"), Plain: true, Error: len(v.Faults) > 0, Status: status}
	if v.Total > 0 {
		return web.Render(w, r, p, previewPage(v))
	}
	return web.Render(w, r, p, bulkPage(v))
}

func (s *Service) bulkForm(w http.ResponseWriter, r *http.Request) error {
	return s.renderBulk(w, r, bulkView{}, 0)
}

func (s *Service) bulkTemplate(w http.ResponseWriter, r *http.Request) error {
	cols, err := s.InviteColumns(r.Context())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	title := i18n.T(r.Context(), "account.bulk")
	if err := table.Template(&b, table.XLSX, title, cols); err != nil {
		return err
	}
	w.Header().Set("Content-Type", table.ContentType(table.XLSX))
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+".xlsx"))
	_, err = w.Write(b.Bytes())
	return err
}

// maxUpload bounds an invitation list, in bytes.
const maxUpload = 4 << 20

func (s *Service) bulkPreview(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	fault := func(err error) error {
		if k := errs.KindOf(err); k != errs.Invalid && k != errs.TooLarge && k != errs.Unsupported {
			return err
		}
		return s.renderBulk(w, r, bulkView{Faults: []ui.Fault{{Name: "file", Text: i18n.Error(ctx, err)}}}, http.StatusUnprocessableEntity)
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload+web.MaxForm)
	if err := web.ParseUpload(r, maxUpload); errs.Is(err, errs.Garbled) {
		return err
	} else if err != nil {
		return fault(errs.Wrap(err, errs.TooLarge, "errs.form_too_large"))
	}
	defer r.MultipartForm.RemoveAll()
	file, head, err := r.FormFile("file")
	if err != nil {
		return fault(errs.New(errs.Invalid, "account.file_missing"))
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxUpload+1))
	if err != nil {
		return fault(errs.Wrap(err, errs.TooLarge, "errs.form_too_large"))
	}
	sheet, err := table.Read(head.Filename, data, table.Limits{Bytes: maxUpload, Rows: maxCandidates + 20})
	if err != nil {
		return fault(err)
	}
	defer sheet.Close()
	list, problems, err := s.Preview(ctx, sheet)
	if err != nil {
		return fault(err)
	}
	v := bulkView{Total: len(list)}
	for _, c := range list {
		if !c.Bad {
			v.Good = append(v.Good, c)
		}
	}
	for _, p := range problems {
		value, _ := p.Args["Cell"].(string)
		v.Problems = append(v.Problems, ui.Problem{Row: p.Line, Column: p.Column, Value: value, Text: i18n.T(ctx, p.Code, pairs(p.Args)...)})
	}
	if v.Total == 0 {
		for _, p := range v.Problems {
			v.Faults = append(v.Faults, ui.Fault{Name: "file", Text: p.Text})
		}
		if len(v.Faults) == 0 {
			v.Faults = []ui.Fault{{Name: "file", Text: i18n.T(ctx, "account.file_no_rows")}}
		}
	}
	packed, err := json.Marshal(v.Good)
	if err != nil {
		return err
	}
	v.Packed = string(packed)
	return s.renderBulk(w, r, v, 0)
}

func (s *Service) bulkMake(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	var list []Candidate
	if err := json.Unmarshal([]byte(f.Get("rows")), &list); err != nil || len(list) == 0 {
		return errs.New(errs.Invalid, "account.file_missing")
	}
	unit, err := s.unitOf(r)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].Unit = 0 // found again from the code, within the administrator's subtree
	}
	var made []Invited
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		made, err = s.BulkInvite(ctx, list)
		return "/account?unit=" + unit.String() + "&done=made", err
	})
	if err != nil {
		return err
	}
	if len(made) == 0 {
		return web.SeeOther(w, r, to)
	}
	return s.slips(w, r, made, to)
}

func pairs(m map[string]any) []any {
	out := make([]any, 0, 2*len(m))
	for k, v := range m {
		out = append(out, k, v)
	}
	return out
}
