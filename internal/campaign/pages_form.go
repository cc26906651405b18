package campaign

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"xinhuo/internal/dispatch"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// formView is the form of a campaign, new or as it stands.
type formView struct {
	Ref     id.Ref
	Version int64
	Lead    org.Unit
	Value   Campaign
	Issuers string // as typed: one name or code a line
	Running []Listed
	At      map[string]string
	Faults  []ui.Fault
	Key     string
}

func (v formView) action() string {
	if v.Ref.ID == 0 {
		return "/campaign/new?unit=" + v.Lead.ID.String()
	}
	return "/campaign/" + v.Ref.String() + "/" + ActEdit
}

func (v formView) back() string {
	if v.Ref.ID == 0 {
		return "/campaign?unit=" + v.Lead.ID.String()
	}
	return "/campaign/" + v.Ref.String()
}

func (s *Service) newIn(r *http.Request) (formView, error) {
	u, err := s.unitIn(r)
	v := formView{Lead: u, Key: web.NewKey(), At: map[string]string{}}
	v.Value.Unit = u.ID
	if below := u.Level.Below(); below != "" {
		v.Value.Targets.Levels = []org.Level{below}
	}
	return v, err
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	v, err := s.newIn(r)
	if err != nil {
		return err
	}
	return s.renderForm(w, r, v, 0)
}

func (s *Service) editIn(r *http.Request) (formView, error) {
	ctx := r.Context()
	v := formView{Key: web.NewKey(), At: map[string]string{}}
	ref, err := web.RefIn(r)
	if err != nil {
		return v, err
	}
	c, ver, err := s.Campaign(ctx, ref)
	if err != nil {
		return v, err
	}
	if err := s.mayLead(ctx, ref, c, "campaign.act.save"); err != nil {
		return v, err
	}
	v.Ref, v.Value, v.Version = ref, c, ver.N
	for _, i := range c.Issuers {
		v.Issuers += s.unitName(ctx, i.Unit) + "\n"
	}
	v.Lead, err = s.org.Unit(ctx, c.Unit)
	return v, err
}

func (s *Service) renderForm(w http.ResponseWriter, r *http.Request, v formView, status int) error {
	ctx := r.Context()
	var err error
	if v.Running, err = s.Open(ctx, v.Lead.ID, clock.Today(ctx)); err != nil {
		return err
	}
	v.Running = slices.DeleteFunc(v.Running, func(l Listed) bool { return l.Ref == v.Ref })
	named, err := s.Named(ctx, v.Value.Within)
	if err != nil {
		return err
	}
	for _, ref := range v.Value.Within { // what it stands within is offered although it has ended
		if l, ok := named[ref.ID]; ok && !slices.ContainsFunc(v.Running, func(x Listed) bool { return x.Ref == ref }) {
			v.Running = append(v.Running, l)
		}
	}
	title := i18n.T(ctx, "campaign.form.new")
	if v.Ref.ID != 0 {
		title = i18n.T(ctx, "campaign.form.edit")
	}
	return web.Render(w, r, web.Page{Title: title, Plain: true, Error: len(v.Faults) > 0, Status: status}, formPage(v, title))
}

// typed reads the form; what cannot be read is a problem beside its input.
func (s *Service) typed(ctx context.Context, f *web.Form, was Campaign) Campaign {
	day := f.Day
	c := Campaign{Code: f.Text("code"), Unit: was.Unit, Title: f.Text("title"), Slogan: f.Text("slogan"), Topic: f.Text("topic"), Text: f.Text("text"),
		From: day("from"), Last: day("last"), Due: day("due"), Window: Window{From: day("window_from"), Last: day("window_last")}}
	a := Anniversary{Event: f.Text("event"), Day: day("event_day")}
	if y := f.Text("event_year"); y != "" {
		n, err := strconv.Atoi(y)
		if err != nil {
			f.Problems.Add("event_year", "campaign.year_unreadable")
		}
		a.Year = n
	}
	if a != (Anniversary{}) {
		c.Anniversary = &a
	}
	for _, l := range f.Values["levels"] {
		c.Targets.Levels = append(c.Targets.Levels, org.Level(l))
	}
	for _, k := range f.Values["kinds"] {
		c.Targets.Kinds = append(c.Targets.Kinds, org.Kind(k))
	}
	for _, w := range f.Values["within"] {
		if ref, err := id.ParseRef(w); err == nil {
			c.Within = append(c.Within, ref)
		} else {
			f.Problems.Add("within", "errs.ref_unreadable")
		}
	}
	c.Documents = web.TextLines(f.Get("documents"))
	for _, name := range web.TextLines(f.Get("issuers")) {
		if unit := s.unitNamed(ctx, f, name); unit != 0 {
			c.Issuers = append(c.Issuers, dispatch.Issuer{Unit: unit})
		}
	}
	return c
}

// unitNamed finds a unit by its code or whole name.
func (s *Service) unitNamed(ctx context.Context, f *web.Form, name string) id.ID {
	list, err := s.org.Called(ctx, name)
	switch {
	case err != nil || len(list) == 0:
		f.Problems.Add("issuers", "campaign.issuer_unknown", "Name", name)
	case len(list) > 1:
		f.Problems.Add("issuers", "campaign.issuer_several", "Name", name)
	default:
		return list[0].ID
	}
	return 0
}

func (s *Service) create(w http.ResponseWriter, r *http.Request) error {
	v, err := s.newIn(r)
	if err != nil {
		return err
	}
	return s.writeForm(w, r, v, func(ctx context.Context, c Campaign, _ int64) (id.Ref, error) {
		return s.Create(ctx, c, record.Change{})
	})
}

func (s *Service) writeForm(w http.ResponseWriter, r *http.Request, v formView, write func(context.Context, Campaign, int64) (id.Ref, error)) error {
	ctx := r.Context()
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	c := s.typed(ctx, f, v.Value)
	if err = f.Problems.Err(); err == nil {
		var to string
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			ref, err := write(ctx, c, f.Version())
			act := ActEdit
			if v.Ref.ID == 0 {
				act = "new"
			}
			return "/campaign/" + ref.String() + "/done?act=" + act, err
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	v.Issuers, v.Value = f.Get("issuers"), c
	status, rest := http.StatusUnprocessableEntity, error(nil)
	if errs.KindOf(err) == errs.Conflict {
		v.Faults, status = web.Faults(ctx, err), http.StatusConflict
	} else if v.At, v.Faults, rest = web.Problems(ctx, err); rest != nil {
		return rest
	}
	return s.renderForm(w, r, v, status)
}

// actView is the page of one act on a campaign or a duty.
type actView struct {
	Act            string
	Over, Title    string
	Lead           string
	Action, BackTo string
	Version        int64
	Fields         []ui.Input
	Faults         []ui.Fault
	Key            string
}

// watched are the figures that these acts move in the reader's own book.
var watched = []string{"campaign.running", "campaign.issued", "campaign.received", "campaign.localised", "campaign.reported", "campaign.reported_late"}

// ownBook asks for the numbers of the reader's own unit: what they see move.
func ownBook(ctx context.Context) ledger.Query {
	return ledger.Query{Unit: scope.From(ctx).Unit, Day: clock.Today(ctx)}
}

func (s *Service) actForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	act := r.PathValue("act")
	switch act {
	case "done":
		return s.donePage(w, r)
	case "export":
		return s.exportTargets(w, r)
	case ActEdit:
		v, err := s.editIn(r)
		if err != nil {
			return err
		}
		return s.renderForm(w, r, v, 0)
	case ActIssue, ActRemove:
	default:
		return web.NotFound(r)
	}
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, ver, err := s.Campaign(ctx, ref)
	if err != nil {
		return err
	}
	if err := s.mayLead(ctx, ref, c, "campaign.act."+act); err != nil {
		return err
	}
	v, err := s.actOf(ctx, ref, c, ver.N, act)
	if err != nil {
		return err
	}
	return s.renderAct(w, r, v, nil, 0)
}

func (s *Service) actOf(ctx context.Context, ref id.Ref, c Campaign, version int64, act string) (actView, error) {
	here := "/campaign/" + ref.String()
	v := actView{Act: act, Over: Name(ctx, c), Title: i18n.T(ctx, "campaign.form."+act), Action: here + "/" + act, BackTo: here, Version: version, Key: web.NewKey()}
	if act == ActRemove {
		v.Fields = []ui.Input{{Kind: ui.KindArea, Name: "reason", Label: i18n.T(ctx, "campaign.remove_reason"), Hint: i18n.T(ctx, "campaign.remove_hint")}}
		return v, nil
	}
	n, err := s.Addressed(ctx, c)
	v.Lead = i18n.T(ctx, "campaign.issue_lead", "N", n, "Due", i18n.Day(ctx, c.Due))
	return v, err
}

func (s *Service) renderAct(w http.ResponseWriter, r *http.Request, v actView, f *web.Form, status int) error {
	if f != nil {
		for i := range v.Fields {
			v.Fields[i].Value = f.Text(v.Fields[i].Name)
		}
	}
	return web.Render(w, r, web.Page{Title: v.Title, Plain: true, Error: len(v.Faults) > 0, Status: status}, actPage(v))
}

// refused puts a refusal into a page of an act, so that what was typed stays.
func (s *Service) refused(w http.ResponseWriter, r *http.Request, v actView, f *web.Form, err error) error {
	ctx := r.Context()
	if errs.KindOf(err) == errs.Conflict {
		v.Faults = web.Faults(ctx, err)
		return s.renderAct(w, r, v, f, http.StatusConflict)
	}
	at, faults, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	v.Faults = faults
	for i := range v.Fields {
		v.Fields[i].Error = at[v.Fields[i].Name]
	}
	return s.renderAct(w, r, v, f, http.StatusUnprocessableEntity)
}

func (s *Service) act(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	act := r.PathValue("act")
	if act == ActEdit {
		v, err := s.editIn(r)
		if err != nil {
			return err
		}
		return s.writeForm(w, r, v, func(ctx context.Context, c Campaign, version int64) (id.Ref, error) {
			return v.Ref, s.Save(ctx, v.Ref, version, c, record.Change{})
		})
	}
	if !slices.Contains([]string{ActIssue, ActJoin, ActRemind, ActRemove, ActUndo}, act) {
		return web.NotFound(r)
	}
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, _, err := s.Campaign(ctx, ref)
	if (act == ActUndo || act == ActRemove) && errs.Is(err, errs.NotFound) { // brought back, or taken out twice
		c, _, err = s.Removed(ctx, ref)
	}
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	st := Step{Version: f.Version(), Reason: f.Text("reason")}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		moved, err := s.rec.Watched(ctx, ownBook(ctx), watched, func(ctx context.Context) error { return s.Do(ctx, ref, act, st) })
		if act == ActRemind {
			return "/campaign/" + ref.String() + "?done=" + act, err
		}
		return "/campaign/" + ref.String() + "/done?" + url.Values{"act": {act}, "moved": {moved}}.Encode(), err
	})
	if err == nil {
		if _, _, gone := s.Campaign(ctx, ref); gone != nil && act == ActUndo { // taking back the first version leaves nothing to show
			to = "/campaign?unit=" + c.Unit.String()
		}
		return web.SeeOther(w, r, to)
	}
	if act != ActIssue && act != ActRemove {
		return err
	}
	v, bad := s.actOf(ctx, ref, c, st.Version, act)
	if bad != nil {
		return bad
	}
	return s.refused(w, r, v, f, err)
}

// donePage says what was done, which figures moved, and how to take it back.
func (s *Service) donePage(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	act := q.Get("act")
	if !slices.Contains([]string{"new", ActEdit, ActIssue, ActJoin, ActRemove, ActUndo}, act) {
		return web.NotFound(r)
	}
	c, v, err := s.Campaign(ctx, ref)
	if act == ActRemove && errs.Is(err, errs.NotFound) {
		c, v, err = s.Removed(ctx, ref)
	}
	if err != nil {
		return err
	}
	here := "/campaign/" + ref.String()
	title := i18n.T(ctx, "campaign.done."+act)
	res := ui.Result{Title: title, CodeLabel: i18n.T(ctx, "campaign.code"), Code: c.Code,
		Acts: []ui.Button{{Text: i18n.T(ctx, "campaign.to_list"), Href: "/campaign", Main: act == ActRemove}}}
	if act != ActRemove {
		res.Next = []ui.Link{{Text: Name(ctx, c)}}
		if c.IssuedOn == clock.Open {
			res.Next = append(res.Next, ui.Link{Text: i18n.T(ctx, "campaign.draft_next")})
		}
		res.Acts = append([]ui.Button{{Text: i18n.T(ctx, "campaign.see"), Href: here, Main: true}}, res.Acts...)
	}
	if res.Moved, err = s.rec.Moved(ctx, ownBook(ctx), watched, q.Get("moved")); err != nil {
		return err
	}
	if act != ActUndo {
		lead, err := s.rec.Home(ctx, c.Unit)
		if err != nil {
			return err
		}
		res.Undo, res.UndoUntil = s.campaigns.UndoPost(scope.Widened(ctx, lead.Pos, false), v, here+"/undo")
	}
	return web.Render(w, r, web.Page{Title: title, Current: "campaign"}, donePanel(res))
}
