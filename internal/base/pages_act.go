package base

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// act is one thing that is done to a base: a form, and what its answers do. The address, the version, problems, the
// idempotency key and the page after it are the same for all.
type act struct {
	path  string // /base/{ref}/{path}; its texts are base.do.{path} and base.did.{path}
	name  string // base.act.{name} in histories and in the log; "" when the right is asked at a plaque's issuer
	file  bool   // the form takes a file, named photo
	ask   func(s *Service, ctx context.Context, b Base, f *web.Form) ([]group, error)
	write func(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, upload *photo) (pending bool, err error)
}

// group is a section of a form; a short form has one without a title.
type group struct {
	Title, Hint string
	Fields      []ui.Input
}

var acts = []act{
	{path: "edit", name: "edit", ask: (*Service).askEdit, write: (*Service).writeEdit},
	{path: "accredit", ask: askAccredit, write: writeAccredit},
	{path: "correct", ask: askCorrect, write: writeCorrect},
	{path: "revoke", ask: askRevoke, write: writeRevoke},
	{path: "agreement", name: "agree", ask: askAgreement, write: writeAgreement},
	{path: "standard", name: "measure", ask: askStandard, write: writeStandard},
	{path: "check", name: "check", ask: askCheck, write: writeCheck},
	{path: "plan", name: "plan", ask: askPlan, write: writePlan},
	{path: "photo", name: "photo", file: true, ask: askPhoto, write: writePhoto},
	{path: "photo-remove", name: "photo_remove", ask: askPhotoRemove, write: writePhotoRemove},
	{path: "remove", name: "remove", ask: askRemove, write: writeRemove},
}

type formView struct {
	Title   string
	Back    ui.Link
	Lead    string
	Action  string
	Key     string
	Version int64
	Hidden  []ui.Pair
	Groups  []group
	File    bool
	Faults  []ui.Fault
	Submit  string
}

// mayAct refuses whoever may not do the act before its form is shown or read: most acts are the host's. A plaque is its
// issuer's, and which that is stands in the form.
func (s *Service) mayAct(ctx context.Context, a act, ref id.Ref) error {
	if a.name == "" {
		return nil
	}
	return s.book.MayWork(ctx, ref, record.Change{Act: "base.act." + a.name})
}

func (s *Service) actForm(a act) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		if err := s.mayAct(r.Context(), a, ref); err != nil {
			return err
		}
		b, v, err := s.Get(r.Context(), ref)
		if err != nil {
			return err
		}
		return s.renderAct(w, r, a, ref, b, v.N, &web.Form{Values: r.URL.Query()}, web.NewKey(), nil)
	}
}

func (s *Service) actDo(a act) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		if err := s.mayAct(r.Context(), a, ref); err != nil {
			return err
		}
		f, upload, err := readForm(w, r)
		if err != nil {
			return err
		}
		version, err := strconv.ParseInt(f.Text("_version"), 10, 64)
		if err != nil {
			return errs.Wrap(err, errs.Invalid, "errs.key_missing")
		}
		to, err := s.once(r.Context(), f.Key(), a.path, version, func(ctx context.Context) (id.Ref, bool, error) {
			pending, err := a.write(s, ctx, ref, version, f, upload)
			return ref, pending, err
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
		if k := errs.KindOf(err); k == errs.Internal || k == errs.NotFound {
			return err
		}
		b, _, gone := s.Get(r.Context(), ref)
		if gone != nil {
			return gone
		}
		return s.renderAct(w, r, a, ref, b, version, f, f.Key(), err)
	}
}

// maxUpload bounds a form with a photo, in bytes: one that is much larger than is taken still comes back as a form, with
// what was typed.
const maxUpload = 4 * file.MaxPhotoBytes

// photo is a file that was chosen, at most one byte larger than is taken; what more it had is passed over.
type photo struct {
	name string
	data []byte
}

// readForm reads an ordinary form, or one with a photo.
func readForm(w http.ResponseWriter, r *http.Request) (*web.Form, *photo, error) {
	var p *photo
	f, err := web.ReadUpload(w, r, maxUpload, "base.photo_huge", func(input, name string, from io.Reader) error {
		if input != "photo" || p != nil {
			return nil
		}
		data, err := io.ReadAll(io.LimitReader(from, file.MaxPhotoBytes+1))
		p = &photo{name: name, data: data}
		return err
	})
	return f, p, err
}

func (s *Service) renderAct(w http.ResponseWriter, r *http.Request, a act, ref id.Ref, b Base, version int64, f *web.Form, key string, failed error) error {
	ctx := r.Context()
	groups, err := a.ask(s, ctx, b, f)
	if err != nil {
		return err
	}
	v := formView{Title: i18n.T(ctx, "base.do."+a.path), Back: ui.Link{Text: b.Name, Href: "/base/" + ref.String()},
		Lead: i18n.T(ctx, "base.do_lead."+a.path), Action: "/base/" + ref.String() + "/" + a.path, Key: key, Version: version,
		Groups: groups, File: a.file, Submit: i18n.T(ctx, "base.do."+a.path)}
	if part := f.Text("id"); part != "" { // the plaque or plan that the form is about
		v.Hidden = []ui.Pair{{Name: "id", Value: part}}
	}
	return renderForm(w, r, v, failed)
}

// renderForm shows a form; after a refusal with what to change, on top and beside the fields.
func renderForm(w http.ResponseWriter, r *http.Request, v formView, failed error) error {
	ctx := r.Context()
	status := 0
	if failed != nil {
		at, summary, rest := web.Problems(ctx, failed)
		if rest != nil {
			summary = web.Faults(ctx, rest)
		}
		v.Faults, status = summary, errs.KindOf(failed).Status()
		for _, g := range v.Groups {
			for i := range g.Fields {
				g.Fields[i].Error = at[g.Fields[i].Name]
			}
		}
	}
	p := web.Page{Title: v.Title, Plain: true, Current: Kind, Error: failed != nil, Status: status, Crumbs: []ui.Link{v.Back, {Text: v.Title}}}
	return web.Render(w, r, p, formPage(v))
}

// once does an act once for its key, over the version that was read (0 for a new base), and answers the address of the
// page that says which figures it moved.
func (s *Service) once(ctx context.Context, key string, path string, version int64, do func(ctx context.Context) (id.Ref, bool, error)) (string, error) {
	return web.Once(ctx, s.db, key, func(ctx context.Context) (string, error) {
		before, err := s.chapter(ctx)
		if err != nil {
			return "", err
		}
		watched, moves := ledger.Watch(ctx)
		ref, pending, err := do(watched)
		if err != nil {
			return "", err
		}
		if path == "remove" { // there is no page of its own any more
			return link("/base", "done", path, "ref", ref.String(), "version", strconv.FormatInt(version+1, 10)), nil
		}
		to := []string{"did", path}
		if pending {
			to = append(to, "pending", "1")
		}
		if len(moves.Codes()) > 0 {
			after, err := s.chapter(ctx)
			if err != nil {
				return "", err
			}
			var moved []string
			for code, was := range before {
				if after[code] != was {
					moved = append(moved, code+":"+strconv.FormatInt(was, 10))
				}
			}
			slices.Sort(moved)
			to = append(to, "moved", strings.Join(moved, ","))
		}
		return link("/base/"+ref.String()+"/done", to...), nil
	})
}

// chapter is every figure about bases at the actor's unit today.
func (s *Service) chapter(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	unit := scope.From(ctx).Unit
	if unit == 0 {
		return out, nil
	}
	for _, d := range s.ledger.Figures() {
		if d.Chapter != Kind {
			continue
		}
		v, err := s.ledger.Ask(ctx, ledger.Query{Figure: d.Code, Unit: unit, Day: clock.Today(ctx)})
		if err != nil {
			return nil, err
		}
		out[d.Code] = v.Int()
	}
	return out, nil
}

// done is the page after an act: the figures that moved, with what they are now, and the way back.
func (s *Service) done(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	b, v, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	did := q.Get("did")
	if !slices.ContainsFunc(acts, func(a act) bool { return a.path == did }) {
		did = "create"
	}
	title := i18n.T(ctx, "base.did."+did)
	if q.Get("pending") != "" {
		title = i18n.T(ctx, "base.did_pending."+did)
	}
	res := ui.Result{Title: title, CodeLabel: b.Name, Code: b.Code,
		Acts: []ui.Button{{Text: i18n.T(ctx, "base.back_to_base"), Href: "/base/" + ref.String(), Main: true}, {Text: i18n.T(ctx, "base.back_to_list"), Href: "/base"}}}
	if q.Get("pending") == "" {
		res.Undo, res.UndoUntil = s.undoPost(ctx, ref, v)
	} else {
		lines, err := s.casesOf(ctx, ref)
		if err != nil {
			return err
		}
		for _, c := range lines {
			res.Next = append(res.Next, ui.Link{Text: c.Title, Href: c.Href, Sub: c.State})
		}
	}
	if res.Moved, err = s.moved(ctx, q.Get("moved")); err != nil {
		return err
	}
	p := web.Page{Title: title, Plain: true, Current: Kind, Crumbs: []ui.Link{{Text: b.Name, Href: "/base/" + ref.String()}, {Text: title}}}
	return web.Render(w, r, p, ui.Done(res))
}

// moved reads "code:before,…": what each figure was before the act, beside what it is now. Codes that the ledger does
// not know are left out.
func (s *Service) moved(ctx context.Context, list string) ([]ui.Moved, error) {
	var out []ui.Moved
	unit, today, lang := scope.From(ctx).Unit, clock.Today(ctx), i18n.Lang(ctx)
	for _, m := range strings.Split(list, ",") {
		code, was, _ := strings.Cut(m, ":")
		n, err := strconv.ParseInt(was, 10, 64)
		d, unknown := s.ledger.Figure(code)
		if err != nil || unknown != nil || unit == 0 {
			continue
		}
		v, err := s.ledger.Ask(ctx, ledger.Query{Figure: code, Unit: unit, Day: today})
		if err != nil {
			return nil, err
		}
		measure := d.MeasureIn(lang)
		if d.Unit == "percent" {
			measure = ""
		}
		out = append(out, ui.Moved{Label: d.Name.In(lang), Before: written(d, ledger.Value{Amount: &n}), After: written(d, v), Unit: measure,
			Href: link("/evidence/"+code, "unit", unit.String(), "day", string(today))})
	}
	return out, nil
}

func (s *Service) undo(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(f.Text("_version"), 10, 64)
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "errs.key_missing")
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		if version == 1 { // taking back the first version takes the base out
			return "/base?done=undo", s.Undo(ctx, ref, version)
		}
		return "/base/" + ref.String() + "?done=undo", s.Undo(ctx, ref, version)
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

// what the forms share

func input(ctx context.Context, f *web.Form, kind ui.Kind, name string) ui.Input {
	return ui.Input{Kind: kind, Name: name, Label: i18n.T(ctx, "base.f."+name), Value: f.Get(name)}
}

func optional(in ui.Input) ui.Input { in.Optional = true; return in }

func hinted(ctx context.Context, in ui.Input) ui.Input {
	in.Hint = i18n.T(ctx, "base.hint."+in.Name)
	return in
}

func choose(in ui.Input, options []ui.Option) ui.Input { in.Options = options; return in }

func options(ctx context.Context, beginning string, keys ...string) []ui.Option {
	out := make([]ui.Option, len(keys))
	for i, k := range keys {
		out[i] = ui.Option{Value: k, Text: i18n.T(ctx, beginning+k)}
	}
	return out
}

func levelKeys() []string {
	out := make([]string, len(Levels))
	for i, l := range Levels {
		out[i] = string(l)
	}
	return out
}

// preset fills an answer that the address did not give.
func preset(f *web.Form, name, value string) {
	if !f.Has(name) {
		f.Set(name, value)
	}
}

func one(fields ...ui.Input) []group { return []group{{Fields: fields}} }

// body reads who was named: a unit by its code or name, otherwise a body outside the tree.
func (s *Service) body(ctx context.Context, text string, was Body) (Body, error) {
	if text == "" || text == s.bodyName(ctx, was) {
		if text == "" {
			was = Body{}
		}
		return was, nil
	}
	u, ok, err := s.unitNamed(ctx, text)
	if ok {
		return Body{Unit: u.ID}, err
	}
	return Body{Name: text}, err
}

// accreditation

func askAccredit(s *Service, ctx context.Context, b Base, f *web.Form) ([]group, error) {
	if a := scope.From(ctx); a.Unit != 0 {
		u, err := s.org.Unit(ctx, a.Unit)
		if err != nil {
			return nil, err
		}
		preset(f, "issuer", u.Name)
		if slices.Contains(Levels, u.Level) {
			preset(f, "level", string(u.Level))
		}
	}
	return one(
		choose(input(ctx, f, ui.KindRadio, "level"), options(ctx, "base.level.", levelKeys()...)),
		hinted(ctx, input(ctx, f, ui.KindText, "issuer")),
		optional(input(ctx, f, ui.KindText, "title")),
		optional(hinted(ctx, input(ctx, f, ui.KindDate, "granted_on"))),
		optional(input(ctx, f, ui.KindText, "document")),
	), nil
}

func (s *Service) plaqueFrom(ctx context.Context, f *web.Form, was Body) (Accreditation, error) {
	issuer, err := s.body(ctx, f.Text("issuer"), was)
	return Accreditation{Level: org.Level(f.Text("level")), Issuer: issuer, Title: f.Text("title"), GrantedOn: clock.Day(f.Text("granted_on")),
		RevokedOn: clock.Day(f.Text("revoked_on")), Document: f.Text("document")}, err
}

func writeAccredit(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ *photo) (bool, error) {
	a, err := s.plaqueFrom(ctx, f, Body{})
	if err != nil {
		return false, err
	}
	return s.Accredit(ctx, ref, version, a)
}

func askCorrect(s *Service, ctx context.Context, b Base, f *web.Form) ([]group, error) {
	a := b.accreditation(f.Text("id"))
	if a == nil {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	for name, value := range map[string]string{"level": string(a.Level), "issuer": s.bodyName(ctx, a.Issuer), "title": a.Title,
		"granted_on": string(a.GrantedOn), "revoked_on": string(a.RevokedOn), "document": a.Document} {
		preset(f, name, value)
	}
	return one(
		choose(input(ctx, f, ui.KindRadio, "level"), options(ctx, "base.level.", levelKeys()...)),
		input(ctx, f, ui.KindText, "issuer"),
		optional(input(ctx, f, ui.KindText, "title")),
		input(ctx, f, ui.KindDate, "granted_on"),
		optional(input(ctx, f, ui.KindDate, "revoked_on")),
		optional(input(ctx, f, ui.KindText, "document")),
		hinted(ctx, input(ctx, f, ui.KindArea, "reason")),
	), nil
}

func writeCorrect(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ *photo) (bool, error) {
	b, _, err := s.Get(ctx, ref)
	if err != nil {
		return false, err
	}
	old := b.accreditation(f.Text("id"))
	if old == nil {
		return false, errs.New(errs.NotFound, "errs.not_found")
	}
	a, err := s.plaqueFrom(ctx, f, old.Issuer)
	if err != nil {
		return false, err
	}
	a.ID = old.ID
	return s.Correct(ctx, ref, version, a, f.Text("reason"))
}

func askRevoke(s *Service, ctx context.Context, b Base, f *web.Form) ([]group, error) {
	var list []ui.Option
	for _, a := range b.Accreditations {
		if a.Status == Granted {
			list = append(list, ui.Option{Value: a.ID.String(), Text: levelName(ctx, a.Level) + i18n.T(ctx, "base.comma") + s.bodyName(ctx, a.Issuer),
				Sub: i18n.Day(ctx, a.GrantedOn)})
		}
	}
	preset(f, "accreditation", f.Text("id"))
	return one(
		choose(input(ctx, f, ui.KindRadio, "accreditation"), list),
		hinted(ctx, input(ctx, f, ui.KindDate, "on")),
		input(ctx, f, ui.KindArea, "reason"),
		input(ctx, f, ui.KindText, "document"),
	), nil
}

func writeRevoke(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ *photo) (bool, error) {
	return false, s.Revoke(ctx, ref, version, Revocation{Accreditation: f.Text("accreditation"), On: clock.Day(f.Text("on")), Reason: f.Text("reason"),
		Document: f.Text("document")})
}

// agreement

func askAgreement(_ *Service, ctx context.Context, b Base, f *web.Form) ([]group, error) {
	// A renewal is mostly the same parties with the same duties.
	if n := len(b.Agreements); n > 0 {
		preset(f, "parties", b.Agreements[n-1].Parties)
		preset(f, "duties", b.Agreements[n-1].Duties)
	}
	return one(
		input(ctx, f, ui.KindText, "document"),
		hinted(ctx, input(ctx, f, ui.KindArea, "parties")),
		optional(hinted(ctx, input(ctx, f, ui.KindArea, "duties"))),
		optional(input(ctx, f, ui.KindDate, "signed_on")),
		input(ctx, f, ui.KindDate, "from"),
		optional(hinted(ctx, input(ctx, f, ui.KindDate, "to"))),
	), nil
}

func writeAgreement(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ *photo) (bool, error) {
	g := Agreement{Document: f.Text("document"), Parties: f.Text("parties"), Duties: f.Text("duties"), SignedOn: clock.Day(f.Text("signed_on")), From: clock.Day(f.Text("from"))}
	if last := clock.Day(f.Text("to")); last != clock.Open { // people give the last day, we keep the first on which it no longer stands
		var bad errs.Fields
		if day(&bad, "to", last); len(bad) > 0 {
			return false, bad.Err()
		}
		g.To = last.AddDays(1)
	}
	return false, s.Agree(ctx, ref, version, g)
}

// standard

func askStandard(s *Service, ctx context.Context, b Base, f *web.Form) ([]group, error) {
	u, err := s.org.Unit(ctx, b.Host)
	if err != nil {
		return nil, err
	}
	items, err := s.Standard(ctx, u.Root())
	if err != nil {
		return nil, err
	}
	var out []group
	for _, it := range items {
		var is ItemState
		for _, st := range b.Items {
			if st.Item == it.Code {
				is = st
			}
		}
		met := "no"
		if is.Met {
			met = "yes"
		}
		field := func(kind ui.Kind, name, value string) ui.Input {
			preset(f, name+"."+it.Code, value)
			return ui.Input{Kind: kind, Name: name + "." + it.Code, Label: i18n.T(ctx, "base.f."+name), Value: f.Get(name + "." + it.Code)}
		}
		text := is.Evidence
		if !is.Met {
			text = is.Gap
		}
		out = append(out, group{Title: it.Name, Hint: it.Text, Fields: []ui.Input{
			choose(field(ui.KindRadio, "met", met), options(ctx, "base.met.", "yes", "no")),
			field(ui.KindArea, "evidence", text),
			optional(field(ui.KindDate, "day", string(is.Day))),
		}})
	}
	return out, nil
}

func writeStandard(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ *photo) (bool, error) {
	var list []ItemState
	for name := range f.Values {
		code, ok := strings.CutPrefix(name, "met.")
		if !ok {
			continue
		}
		it := ItemState{Item: code, Met: f.Text(name) == "yes", Day: clock.Day(f.Text("day." + code))}
		if it.Met {
			it.Evidence = f.Text("evidence." + code)
		} else {
			it.Gap = f.Text("evidence." + code)
		}
		list = append(list, it)
	}
	slices.SortFunc(list, func(a, b ItemState) int { return strings.Compare(a.Item, b.Item) })
	return false, s.Measure(ctx, ref, version, list)
}

// yearly check

func askCheck(_ *Service, ctx context.Context, _ Base, f *web.Form) ([]group, error) {
	today := clock.Today(ctx)
	preset(f, "year", strconv.Itoa(today.Year()))
	preset(f, "day", string(today))
	preset(f, "by", scope.From(ctx).Name)
	return one(
		input(ctx, f, ui.KindNumber, "year"),
		input(ctx, f, ui.KindDate, "day"),
		input(ctx, f, ui.KindText, "by"),
		choose(input(ctx, f, ui.KindRadio, "result"), options(ctx, "base.result.", Results...)),
		optional(input(ctx, f, ui.KindArea, "note")),
	), nil
}

func writeCheck(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ *photo) (bool, error) {
	year, _ := strconv.ParseInt(f.Text("year"), 10, 64) // what is no year is 0, which Check refuses
	return false, s.Inspect(ctx, ref, version, Check{Year: year, Day: clock.Day(f.Text("day")), By: f.Text("by"), Result: f.Text("result"), Note: f.Text("note")})
}

// improvement plan

func askPlan(s *Service, ctx context.Context, b Base, f *web.Form) ([]group, error) {
	closing := []ui.Input{}
	if p := b.plan(f.Text("id")); p != nil {
		for name, value := range map[string]string{"title": p.Title, "opened_on": string(p.OpenedOn), "due_on": string(p.DueOn), "before": p.Before, "owner": p.Owner} {
			preset(f, name, value)
		}
		closing = []ui.Input{optional(input(ctx, f, ui.KindArea, "after")), optional(hinted(ctx, input(ctx, f, ui.KindDate, "closed_on")))}
	}
	preset(f, "opened_on", string(clock.Today(ctx)))
	title := input(ctx, f, ui.KindText, "title")
	title.Label = i18n.T(ctx, "base.f.plan")
	owner := input(ctx, f, ui.KindText, "owner")
	owner.Label = i18n.T(ctx, "base.f.plan_owner")
	return one(append([]ui.Input{
		title,
		optional(owner),
		input(ctx, f, ui.KindDate, "opened_on"),
		optional(input(ctx, f, ui.KindDate, "due_on")),
		optional(hinted(ctx, input(ctx, f, ui.KindArea, "before"))),
	}, closing...)...), nil
}

func writePlan(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ *photo) (bool, error) {
	b, _, err := s.Get(ctx, ref)
	if err != nil {
		return false, err
	}
	p := Plan{ID: id.New()}
	if old := b.plan(f.Text("id")); old != nil {
		p = *old
	}
	p.Title, p.Owner, p.OpenedOn, p.DueOn = f.Text("title"), f.Text("owner"), clock.Day(f.Text("opened_on")), clock.Day(f.Text("due_on"))
	p.Before, p.After, p.ClosedOn = f.Text("before"), f.Text("after"), clock.Day(f.Text("closed_on"))
	return false, s.Plan(ctx, ref, version, p)
}

// photos

func askPhoto(_ *Service, ctx context.Context, _ Base, f *web.Form) ([]group, error) {
	in := hinted(ctx, input(ctx, f, ui.KindFile, "photo"))
	in.Accept = "image/*"
	return one(in, hinted(ctx, input(ctx, f, ui.KindText, "alt"))), nil
}

func writePhoto(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, upload *photo) (bool, error) {
	if upload == nil {
		var bad errs.Fields
		bad.Add("photo", "base.photo_missing")
		return false, bad.Err()
	}
	err := s.AddPhoto(ctx, ref, version, bytes.NewReader(upload.data), f.Text("alt"))
	if err == nil || errs.Is(err, errs.Internal) || errs.Is(err, errs.NotFound) || errs.Is(err, errs.Forbidden) || errs.Is(err, errs.Conflict) {
		return false, err
	}
	var bad errs.Fields
	var e *errs.Error
	if errors.As(err, &e) && len(e.Fields) > 0 { // something else has to be changed, and no browser keeps a chosen file
		bad = append(bad, e.Fields...)
		bad.Add("photo", "base.photo_again", "Name", upload.name)
		return false, bad.Err()
	}
	bad.Add("photo", "base.photo_bad", "Name", upload.name, "Why", i18n.Error(ctx, err))
	return false, bad.Err()
}

func askPhotoRemove(_ *Service, ctx context.Context, b Base, f *web.Form) ([]group, error) {
	var list []ui.Option
	for _, p := range b.Photos {
		list = append(list, ui.Option{Value: p.Full, Text: p.Alt})
	}
	return one(choose(input(ctx, f, ui.KindRadio, "hash"), list)), nil
}

func writePhotoRemove(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ *photo) (bool, error) {
	return false, s.RemovePhoto(ctx, ref, version, f.Text("hash"))
}

// entered by mistake

func askRemove(_ *Service, ctx context.Context, _ Base, f *web.Form) ([]group, error) {
	return one(hinted(ctx, input(ctx, f, ui.KindArea, "reason"))), nil
}

func writeRemove(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ *photo) (bool, error) {
	return false, s.Remove(ctx, ref, version, f.Text("reason"))
}
