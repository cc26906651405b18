package campaign

import (
	"context"
	"net/http"
	"net/url"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Routes are this module's addresses.
func (s *Service) Routes() []web.Route {
	return append([]web.Route{
		{Method: "GET", Path: "/campaign", Right: scope.View, Scope: web.ByUnit, Name: "campaign.list", Handler: s.list},
		{Method: "GET", Path: "/campaign/days", Right: scope.View, Scope: web.ByUnit, Name: "campaign.days", Handler: s.daysPage},
		{Method: "POST", Path: "/campaign/days", Right: scope.Admin, Scope: web.ByUnit, Name: "campaign.saveDays", Handler: s.saveDays},
		{Method: "GET", Path: "/campaign/export", Right: scope.View, Scope: web.ByUnit, Name: "campaign.exportFile", Handler: s.exportFile},
		{Method: "GET", Path: "/campaign/new", Right: scope.Work, Scope: web.ByUnit, Name: "campaign.newForm", Handler: s.newForm},
		{Method: "POST", Path: "/campaign/new", Right: scope.Work, Scope: web.ByUnit, Name: "campaign.create", Handler: s.create},
		{Method: "GET", Path: "/campaign/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "campaign.show", Handler: s.show},
		{Method: "GET", Path: "/campaign/known/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "campaign.known", Handler: s.known},
		{Method: "GET", Path: "/campaign/{ref}/{act}", Right: scope.View, Scope: web.ByRecord, Name: "campaign.actForm", Handler: s.actForm},
		{Method: "POST", Path: "/campaign/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "campaign.act", Handler: s.act},
		{Method: "GET", Path: "/campaign/{ref}/duty/{unit}", Right: scope.View, Scope: web.ByUnit, Name: "campaign.duty", Handler: s.duty},
		{Method: "GET", Path: "/campaign/{ref}/duty/{unit}/{act}", Right: scope.View, Scope: web.ByUnit, Name: "campaign.dutyForm", Handler: s.dutyForm},
		{Method: "POST", Path: "/campaign/{ref}/duty/{unit}/{act}", Right: scope.Work, Scope: web.ByUnit, Name: "campaign.dutyAct", Handler: s.dutyAct},
	}, s.apiRoutes()...)
}

// unitIn is the unit that the address names, the reader's own without one.
func (s *Service) unitIn(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

type listView struct {
	Unit   org.Unit
	Day    clock.Day
	Filter Filter
	List   []Listed
	Leads  map[id.ID]string
	States map[id.ID]State
	Works  bool
	Query  url.Values
	Paging ui.Paging
}

func (v listView) at(pairs ...string) string { return web.Address("/campaign", v.Query, pairs...) }

func (s *Service) list(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	v := listView{Unit: u, Day: web.DayIn(r), Query: url.Values{"unit": {u.ID.String()}}, Leads: map[id.ID]string{}, Works: scope.From(ctx).May(scope.Work, u.Pos),
		Filter: Filter{Below: q.Get("below") != "", State: q.Get("state"), Topic: q.Get("topic"), After: q.Get("after")}}
	for _, name := range []string{"below", "state", "topic", "day"} {
		if x := q.Get(name); x != "" {
			v.Query.Set(name, x)
		}
	}
	var next string
	if v.List, next, err = s.List(ctx, u, v.Day, v.Filter); err != nil {
		return err
	}
	if next != "" {
		v.Paging.Next = v.at("after", next)
	}
	if v.Filter.After != "" {
		v.Paging.First = v.at("after", "")
	}
	v.Paging.Here = len(v.List)
	for _, l := range v.List {
		if v.Leads[l.Unit] == "" {
			v.Leads[l.Unit] = s.unitName(ctx, l.Unit)
		}
	}
	if !v.Filter.Below {
		if v.States, err = s.States(ctx, u, v.List, v.Day); err != nil {
			return err
		}
	}
	title := i18n.T(ctx, "campaign.heading")
	return web.Render(w, r, web.Page{Title: title + " · " + u.Name, Current: "campaign", Crumbs: []ui.Link{{Text: title}}}, listPage(v))
}

func (s *Service) exportFile(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitIn(r)
	if err != nil {
		return err
	}
	title := i18n.T(r.Context(), "campaign.heading") + "-" + u.Name
	format := attach(w, r, title)
	return s.rec.Export(r.Context(), w, Kind, format, u.ID, title)
}

// attach announces a table as a file and answers its format.
func attach(w http.ResponseWriter, r *http.Request, title string) string {
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	w.Header().Set("Content-Type", table.ContentType(format))
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+"."+format))
	return format
}

type showView struct {
	Ref       id.Ref
	Campaign  Campaign
	Version   record.Version
	Name      string
	Lead      org.Unit
	Issuers   []ui.Link
	At        org.Unit // seen from
	Day       clock.Day
	Addressed int64
	Board     Board
	Only      State
	Lines     Lines
	Parents   map[id.ID]org.Unit
	Mine      *Task // of the reader's own unit, when it has to do something
	MyActs    map[string]bool
	May       map[string]bool
	KeyDays   []dated // in its time
	Within    []Listed
	Inside    []Listed
	Periods   []period
	Reminded  []Reminder
	History   []ui.Change
	Query     url.Values
	Paging    ui.Paging
	Key       string
	Works     bool // at the unit from which one looks
}

// period is a span of days with the figures of the campaign in it.
type period struct {
	Title, Lead string
	Figures     []ui.Figure
}

func (v showView) at(pairs ...string) string {
	return web.Address("/campaign/"+v.Ref.String(), v.Query, pairs...)
}

// seenFrom is the unit from which a reader looks at a campaign: the one named, otherwise the lead when they view it and
// it issues alone, otherwise their own.
func (s *Service) seenFrom(r *http.Request, c Campaign) (org.Unit, error) {
	ctx, a := r.Context(), scope.From(r.Context())
	if q := r.URL.Query().Get("unit"); q != "" {
		u, err := s.org.Resolve(ctx, q)
		if err != nil || !a.May(scope.View, u.Pos) {
			return u, web.NotFound(r)
		}
		return u, nil
	}
	lead, err := s.org.Unit(ctx, c.Unit)
	if err != nil {
		return lead, err
	}
	own, err := s.org.Unit(ctx, a.Unit)
	if errs.Is(err, errs.NotFound) { // the operator
		return lead, nil
	}
	if err != nil {
		return own, err
	}
	above := own.Pos <= lead.Pos && lead.Pos < own.Range().To
	if a.May(scope.View, lead.Pos) && !(above && len(c.Issuing()) > 1) {
		return lead, nil
	}
	return own, nil
}

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	v, err := s.showIn(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	p := web.Page{Title: v.Name, Current: "campaign", Crumbs: []ui.Link{{Text: i18n.T(ctx, "campaign.heading"), Href: "/campaign"}, {Text: v.Name}}}
	if done := r.URL.Query().Get("done"); done == ActRemind && len(v.Reminded) > 0 {
		p.Flash = &ui.Note{Text: i18n.T(ctx, "campaign.reminded", "N", v.Reminded[0].Sent)}
	}
	return web.Render(w, r, p, showPage(v))
}

func (s *Service) showIn(r *http.Request) (showView, error) {
	ctx, q := r.Context(), r.URL.Query()
	v := showView{Day: web.DayIn(r), Key: web.NewKey(), Query: url.Values{}, Only: State(q.Get("list"))}
	var err error
	if v.Ref, err = web.RefIn(r); err != nil {
		return v, err
	}
	if v.Campaign, v.Version, err = s.Campaign(ctx, v.Ref); err != nil {
		return v, err
	}
	v.Name = Name(ctx, v.Campaign)
	if v.Lead, err = s.org.Unit(ctx, v.Campaign.Unit); err != nil {
		return v, err
	}
	if v.At, err = s.seenFrom(r, v.Campaign); err != nil {
		return v, err
	}
	v.Works = scope.From(ctx).May(scope.Work, v.At.Pos)
	v.Query.Set("unit", v.At.ID.String())
	for _, name := range []string{"list", "day"} {
		if x := q.Get(name); x != "" {
			v.Query.Set(name, x)
		}
	}
	for _, i := range v.Campaign.Issuers {
		l := ui.Link{Text: s.unitName(ctx, i.Unit)}
		if i.JoinedOn == clock.Open {
			l.Sub = i18n.T(ctx, "campaign.waits_to_join")
		}
		v.Issuers = append(v.Issuers, l)
	}
	if v.May, err = s.May(ctx, v.Ref, v.Campaign, v.Version); err != nil {
		return v, err
	}
	if v.Campaign.IssuedOn == clock.Open {
		v.Addressed, err = s.Addressed(ctx, v.Campaign)
	} else {
		err = s.fillBoard(ctx, &v, q.Get("after"))
	}
	if err != nil {
		return v, err
	}
	if err := s.fillAround(ctx, &v); err != nil {
		return v, err
	}
	v.History, err = s.campaigns.Timeline(scope.Widened(ctx, v.Lead.Pos, false), v.Ref, "/campaign/"+v.Ref.String()+"/undo")
	if len(v.History) > 0 && !v.May[ActUndo] {
		v.History[0].Undo = nil
	}
	return v, err
}

// fillBoard reads what units have done: the counts, one list of them, and the reader's own task.
func (s *Service) fillBoard(ctx context.Context, v *showView, after string) (err error) {
	if _, ok := lists[v.Only]; v.Only != all && (!ok || v.Only == "") {
		v.Only = Waiting
	}
	if v.Board, err = s.Board(ctx, v.Ref, v.Campaign, v.At, v.Day); err != nil {
		return err
	}
	if v.Board.All.Targets > 0 {
		only := v.Only
		if only == all {
			only = ""
		}
		if v.Lines, err = s.Targets(ctx, v.Ref, v.Campaign, v.At, v.Day, only, after); err != nil {
			return err
		}
	}
	if v.Lines.Next != "" {
		v.Paging.Next = v.at("after", v.Lines.Next) + "#units"
	}
	if after != "" {
		v.Paging.First = v.at() + "#units"
	}
	v.Paging.Here = len(v.Lines.Lines)
	var ids []id.ID
	for _, l := range v.Lines.Lines {
		ids = append(ids, l.Parent)
	}
	if v.Parents, err = s.org.ByIDs(ctx, ids); err != nil {
		return err
	}
	if v.Reminded, err = s.reminders(ctx, v.Ref, v.At.Pos); err != nil {
		return err
	}
	if a := scope.From(ctx); a.Unit != 0 && a.May(scope.View, a.Pos) {
		t, err := s.Task(ctx, v.Ref, a.Unit)
		if errs.Is(err, errs.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		v.Mine = &t
		v.MyActs, err = s.MayAct(ctx, t)
		return err
	}
	return nil
}

// fillAround reads what stands around the campaign: those it is part of and those within it, and its special days.
func (s *Service) fillAround(ctx context.Context, v *showView) error {
	named, err := s.Named(ctx, v.Campaign.Within)
	if err != nil {
		return err
	}
	for _, w := range v.Campaign.Within {
		if l, ok := named[w.ID]; ok {
			v.Within = append(v.Within, l)
		}
	}
	if v.KeyDays, err = s.keyDaysWithin(ctx, v.Ref.Root, v.Campaign); err != nil {
		return err
	}
	if v.Inside, err = s.inside(ctx, v.Ref); err != nil || v.Campaign.IssuedOn == clock.Open {
		return err
	}
	if _, err := s.ledger.Figure(activities); err == nil { // a program without activities does not know it
		win := Window{From: v.Campaign.From, Last: v.Campaign.Last}
		figs, err := s.figuresIn(ctx, v, win, activities, lectures)
		if err != nil {
			return err
		}
		v.Periods = append(v.Periods, period{i18n.T(ctx, "campaign.activities"), i18n.T(ctx, "campaign.activities_lead"), figs})
	}
	if win := v.Campaign.Window; win.Set() {
		figs, err := s.figuresIn(ctx, v, win, inPeriods...)
		if err != nil {
			return err
		}
		v.Periods = append(v.Periods, period{i18n.T(ctx, "campaign.window"), spanText(ctx, win.From, win.Last), figs})
	}
	if a := v.Campaign.Anniversary; a != nil && a.Day != clock.Open {
		win := Around(a.Day, keyDays)
		figs, err := s.figuresIn(ctx, v, win, inPeriods...)
		if err != nil {
			return err
		}
		v.Periods = append(v.Periods, period{i18n.T(ctx, "campaign.key_days", "Days", keyDays), spanText(ctx, win.From, win.Last), figs})
	}
	return nil
}

// keyDays is how many days before and after a key day belong to it (R113).
const keyDays = 7

// all asks for the list of all targets, as it stands in an address.
const all State = "all"

// activities is the figure of what was held for each campaign, which another module posts (R117: an activity counts in
// each campaign once).
const activities = "activity.in_campaign"

// lectures is the same of lectures alone: its records are the campaign's list of lectures (R119).
const lectures = "activity.lectures_in_campaign"

// inPeriods are the figures that are given for a campaign's special days.
var inPeriods = []string{activities, lectures, "campaign.received", "campaign.localised", "campaign.reported"}

// figuresIn asks the ledger for the campaign's own part of each figure in a span of days, with its records (R139).
func (s *Service) figuresIn(ctx context.Context, v *showView, win Window, codes ...string) (out []ui.Figure, err error) {
	for _, code := range codes {
		def, err := s.ledger.Figure(code)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		q := ledger.Query{Figure: code, Unit: v.At.ID, Day: max(v.Day, win.From), From: win.From, To: min(win.Last, max(v.Day, win.From)), Where: map[string]string{"campaign": v.Ref.String()}}
		val, err := s.ledger.Ask(ctx, q)
		if err != nil {
			return nil, err
		}
		n, unit := ledger.Number(ctx, def, val.Amount)
		label := def.Short.In(i18n.Lang(ctx))
		if code == activities {
			label = i18n.T(ctx, "campaign.activities")
		}
		out = append(out, ui.Figure{Number: n, Unit: unit, Label: label, Href: record.EvidenceHref(q) + "&campaign=" + v.Ref.String()})
	}
	return out, nil
}

func (s *Service) known(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, _, err := s.Campaign(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		d, _, dutyErr := s.duties.Get(ctx, ref)
		if dutyErr != nil {
			return err
		}
		return s.duties.KnownPage(w, r, ref, ui.Link{Text: s.unitName(ctx, d.Unit), Href: dutyPath(d.Campaign, d.Unit)}, "campaign")
	}
	if err != nil {
		return err
	}
	lead, err := s.rec.Home(ctx, c.Unit)
	if err != nil {
		return err
	}
	return s.campaigns.KnownPage(w, r.WithContext(scope.Widened(ctx, lead.Pos, false)), ref, ui.Link{Text: Name(ctx, c), Href: "/campaign/" + ref.String()}, "campaign")
}
