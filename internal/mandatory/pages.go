package mandatory

import (
	"context"
	"net/http"
	"net/url"
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

// Routes are the addresses of this module.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/mandatory", Right: scope.View, Scope: web.ByUnit, Name: "mandatory.index", Handler: s.indexPage},
		{Method: get, Path: lawPath, Right: scope.Anyone, Scope: web.Public, Name: "mandatory.law", Handler: s.lawPage},
		{Method: get, Path: "/mandatory/new/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "mandatory.new", Handler: s.newPage},
		{Method: post, Path: "/mandatory/new/{ref}", Right: scope.Work, Scope: web.ByRecord, Name: "mandatory.start", Handler: s.newPost},
		{Method: get, Path: "/mandatory/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "mandatory.show", Handler: s.showPage},
		{Method: post, Path: "/mandatory/{ref}/{act}", Right: scope.Work, Scope: web.ByRecord, Name: "mandatory.act", Handler: s.actPost},
		{Method: get, Path: "/api/v1/mandatory", Right: scope.View, Scope: web.ByUnit, Name: "mandatory.apiIndex", Handler: s.apiIndex},
		{Method: get, Path: "/api/v1/mandatory/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "mandatory.apiShow", Handler: s.apiShow},
	}
}

const lawPath = "/mandatory/law"

// unitOf is the unit that the address names, the actor's own without one; the router has asked for the right there.
func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

func at(path string, unit id.ID) string {
	return path + "?" + url.Values{"unit": {unit.String()}}.Encode()
}

func moment(ctx context.Context, millis int64) string {
	t := time.UnixMilli(millis).In(clock.Shanghai)
	return i18n.Day(ctx, clock.DayOf(t)) + " " + t.Format("15:04")
}

func english(ctx context.Context) bool { return i18n.Lang(ctx) == "en" }

func situationName(ctx context.Context, key string) string {
	x, _ := situation(key)
	if english(ctx) {
		return x.En
	}
	return x.Zh
}

func agencyName(ctx context.Context, key string) string {
	x, _ := agency(key)
	if english(ctx) {
		return x.En
	}
	return x.Zh
}

type indexView struct {
	Heading ui.Heading
	Notes   []ui.Note
	Here    bool
	Open    ui.Table
	Ended   ui.Table
}

// indexPage is a unit's duties for who works there; for those above how many wait too long.
func (s *Service) indexPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	late, err := s.Late(ctx, u)
	if err != nil {
		return err
	}
	v := indexView{Heading: ui.Heading{Title: tr(ctx, "mandatory.title"), Under: u.Name}, Here: worksAt(ctx, u.ID, u.Pos)}
	if late > 0 {
		v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: tr(ctx, "mandatory.late", "N", late), Text: tr(ctx, "mandatory.late_why")})
	}
	for _, x := range []struct {
		table *ui.Table
		open  bool
		key   string
	}{{&v.Open, true, "mandatory.open_list"}, {&v.Ended, false, "mandatory.ended_list"}} {
		list, err := s.List(ctx, u, x.open)
		if err != nil {
			return err
		}
		*x.table = dutyTable(ctx, tr(ctx, x.key), list)
	}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: v.Heading.Title}}}, indexTempl(v))
}

func dutyTable(ctx context.Context, caption string, list []Duty) ui.Table {
	t := ui.Table{Caption: caption, Columns: []ui.Column{{Text: tr(ctx, "mandatory.f.no")}, {Text: tr(ctx, "mandatory.f.state"), Label: true}, {Text: tr(ctx, "mandatory.f.opened"), Label: true}, {Text: tr(ctx, "mandatory.f.opened_by"), Label: true},
		{Text: tr(ctx, "mandatory.f.ended"), Label: true}, {Text: tr(ctx, "mandatory.f.agency"), Label: true}}}
	for _, d := range list {
		dash := tr(ctx, "mandatory.dash")
		ended, to := dash, dash
		switch d.State {
		case Reported:
			ended, to = moment(ctx, d.ReportedAt), agencyName(ctx, d.Agency)
		case Waived:
			ended = moment(ctx, d.EndedAt)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{ui.To(d.No, path(d.Ref())), stateCell(ctx, d), ui.Text(moment(ctx, d.OpenedAt)), ui.Text(d.OpenedName), ui.Text(ended), ui.Text(to)}})
	}
	return t
}

func stateCell(ctx context.Context, d Duty) ui.Cell {
	switch {
	case d.State == Open && d.OpenedAt <= clock.Millis(ctx)-dueIn.Milliseconds():
		return ui.State(tr(ctx, "mandatory.is_late"), "w")
	case d.State == Open:
		return ui.State(tr(ctx, "mandatory.is.open"), "e")
	}
	return ui.State(tr(ctx, "mandatory.is."+string(d.State)), "")
}

type newView struct {
	Heading    ui.Heading
	Faults     []ui.Fault
	Spec       ui.FormSpec
	Words      ui.Input
	Situations []ui.Option
	Call       []ui.Link
}

// newPage is the second tap: each situation is a button, shown to who has proved who they are.
func (s *Service) newPage(w http.ResponseWriter, r *http.Request) error {
	return s.choose(w, r, nil, nil)
}

func (s *Service) choose(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	of, err := web.RefIn(r)
	if err != nil {
		return err
	}
	x, err := s.subject(ctx, of)
	if err != nil {
		return err
	}
	if keeps, err := s.seal.Keeps(ctx, x.Owner); err != nil {
		return err
	} else if !keeps && worksAt(ctx, x.Unit, x.Pos) {
		return errs.New(errs.Forbidden, "mandatory.closed")
	} else if !keeps {
		return errNone
	}
	if err := s.seal.Proved(ctx); err != nil { // before anything is typed, not after it
		return err
	}
	v := newView{Heading: ui.Heading{Title: tr(ctx, "mandatory.new"), Under: x.Title}, Spec: ui.FormSpec{Action: NewPath(of), Key: web.NewKey()},
		Words: ui.Input{Kind: ui.KindArea, Name: "words", Label: tr(ctx, "mandatory.f.words"), Hint: tr(ctx, "mandatory.words_hint"), Optional: true, Lines: 3, Autocomplete: "off", Sealed: true}}
	page := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: x.Title, Href: x.Href}, {Text: v.Heading.Title}}}
	if failed != nil {
		beside, faults, rest := web.Problems(ctx, failed)
		if rest != nil {
			return rest
		}
		v.Faults, v.Words.Error, v.Words.Value = faults, beside["words"], f.Get("words")
		page.Error, page.Status = true, http.StatusUnprocessableEntity
	}
	for _, x := range Situations() {
		o := ui.Option{Value: x.Key, Text: x.Zh, Sub: x.ZhSub}
		if english(ctx) {
			o.Text, o.Sub = x.En, x.EnSub
		}
		v.Situations = append(v.Situations, o)
	}
	v.Call = calls(ctx)
	return web.Render(w, r, page, newTempl(v))
}

// calls are the numbers of those to whom one reports.
func calls(ctx context.Context) (out []ui.Link) {
	for _, a := range Agencies() {
		out = append(out, ui.Link{Text: agencyName(ctx, a.Key), Href: "tel:" + a.Tel, Sub: a.Tel})
	}
	return out
}

func (s *Service) newPost(w http.ResponseWriter, r *http.Request) error {
	of, err := web.RefIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	ref, err := s.Start(r.Context(), of, f.Text("situation"), f.Text("words"))
	if errs.Is(err, errs.Invalid) {
		return s.choose(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, path(ref))
}

type showView struct {
	Heading ui.Heading
	Notes   []ui.Note
	Facts   []ui.Fact
	Sealed  string // why the words are not here
	Words   []string
	Reason  []string
	Faults  []ui.Fault
	Report  *form
	Waive   *form
	NoWaive string // why whoever reads it cannot, in the place of the form
	Call    []ui.Link
	Who     []ui.Link
}

type form struct {
	Spec   ui.FormSpec
	Inputs []ui.Input
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, nil, nil)
}

// show is a duty's page: with its words for those who may read them, which the log then says.
func (s *Service) show(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	d, x, reads, err := s.Known(ctx, ref)
	if err != nil {
		return err
	}
	v := showView{Heading: ui.Heading{Title: tr(ctx, "mandatory.one", "No", d.No), Under: x.Title, Tags: []ui.Mark{{Text: tr(ctx, "mandatory.is."+string(d.State))}}}}
	page := web.Page{Title: v.Heading.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "mandatory.title"), Href: at("/mandatory", d.Unit)}, {Text: v.Heading.Title}}}
	v.Facts = []ui.Fact{{Label: tr(ctx, "mandatory.f.opened"), Text: moment(ctx, d.OpenedAt)}, {Label: tr(ctx, "mandatory.f.opened_by"), Text: d.OpenedName}, {Label: tr(ctx, "mandatory.f.subject"), Text: x.Title, Href: x.Href}}
	if d.State == Open {
		v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: tr(ctx, "mandatory.do_now"), Text: tr(ctx, "mandatory.do_now_why", "At", moment(ctx, d.OpenedAt+dueIn.Milliseconds()))})
		v.Call = calls(ctx)
	}
	if !reads {
		v.Sealed = tr(ctx, "mandatory.closed")
		return web.Render(w, r, page, showTempl(v))
	}
	o, err := s.Open(ctx, ref)
	if err != nil {
		return err
	}
	v.fill(ctx, o)
	if d.State == Open {
		var beside map[string]string
		if failed != nil {
			var rest error
			if beside, v.Faults, rest = web.Problems(ctx, failed); rest != nil {
				return rest
			}
			page.Error, page.Status = true, http.StatusUnprocessableEntity
		}
		v.forms(ctx, d, f, beside)
		if why := whyNotWaive(ctx, d, x); why != "" {
			v.Waive, v.NoWaive = nil, tr(ctx, why)
		}
	}
	v.Who = []ui.Link{{Text: tr(ctx, "mandatory.who_looked"), Href: "/seal/" + ref.String() + "/readings"}, {Text: tr(ctx, "mandatory.law"), Href: lawPath}}
	return web.Render(w, r, page, showTempl(v))
}

// fill adds what was sealed of a duty.
func (v *showView) fill(ctx context.Context, o Opened) {
	add := func(key, text string) {
		if text != "" {
			v.Facts = append(v.Facts, ui.Fact{Label: tr(ctx, key), Text: text})
		}
	}
	add("mandatory.f.situation", situationName(ctx, o.Situation))
	switch o.Duty.State {
	case Reported:
		add("mandatory.f.agency", agencyName(ctx, o.Report.Agency))
		add("mandatory.f.to", o.Report.To)
		add("mandatory.f.time", moment(ctx, o.Report.At))
		add("mandatory.f.by", o.Report.By)
		add("mandatory.f.receipt", o.Report.No)
	case Waived:
		add("mandatory.f.waived_by", o.Duty.EndedName)
		add("mandatory.f.ended", moment(ctx, o.Duty.EndedAt))
		v.Reason = web.TextLines(o.Reason)
	}
	v.Words = web.TextLines(o.Words)
}

// forms are the two ways in which a duty ends.
func (v *showView) forms(ctx context.Context, d Duty, f *web.Form, beside map[string]string) {
	if f == nil {
		now := time.UnixMilli(clock.Millis(ctx)).In(clock.Shanghai)
		f = &web.Form{Values: url.Values{"agency": {Agencies()[0].Key}, "day": {string(clock.Today(ctx))}, "time": {now.Format("15:04")}, "by": {scope.From(ctx).Name}}}
	}
	var agencies []ui.Option
	for _, a := range Agencies() {
		agencies = append(agencies, ui.Option{Value: a.Key, Text: agencyName(ctx, a.Key)})
	}
	ver := []ui.Pair{{Name: "_version", Value: numbered(d.Ver)}}
	v.Report = &form{Spec: ui.FormSpec{ID: "report", Action: path(d.Ref()) + "/report", Key: web.NewKey(), Submit: tr(ctx, "mandatory.do.report"), Hidden: ver}, Inputs: []ui.Input{
		{Kind: ui.KindRadio, Name: "agency", Label: tr(ctx, "mandatory.f.agency"), Value: f.Get("agency"), Options: agencies, Error: beside["agency"]},
		{Name: "to", Label: tr(ctx, "mandatory.f.to"), Hint: tr(ctx, "mandatory.to_hint"), Value: f.Get("to"), Error: beside["to"], MaxLength: maxShort, Autocomplete: "off", Sealed: true},
		{Kind: ui.KindDate, Name: "day", Label: tr(ctx, "mandatory.f.day"), Value: f.Get("day"), Error: beside["day"], Max: string(clock.Today(ctx))},
		{Name: "time", Label: tr(ctx, "mandatory.f.clock"), Hint: tr(ctx, "mandatory.clock_hint"), Value: f.Get("time"), Error: beside["time"], Short: true, MaxLength: 5, Autocomplete: "off"},
		{Name: "by", Label: tr(ctx, "mandatory.f.by"), Value: f.Get("by"), Error: beside["by"], MaxLength: maxShort, Autocomplete: "off"},
		{Name: "no", Label: tr(ctx, "mandatory.f.receipt"), Hint: tr(ctx, "mandatory.receipt_hint"), Value: f.Get("no"), Error: beside["no"], Optional: true, MaxLength: maxShort, Autocomplete: "off", Sealed: true}}}
	v.Waive = &form{Spec: ui.FormSpec{ID: "waive", Action: path(d.Ref()) + "/waive", Key: web.NewKey(), Submit: tr(ctx, "mandatory.do.waive"), Hidden: ver}, Inputs: []ui.Input{
		{Kind: ui.KindArea, Name: "reason", Label: tr(ctx, "mandatory.f.reason"), Hint: tr(ctx, "mandatory.reason_hint", "N", minReason), Value: f.Get("reason"), Error: beside["reason"], Autocomplete: "off", Sealed: true}}}
}

// instant is a day and a time of day as they were typed, 0 when they make none.
func instant(day clock.Day, text string) int64 {
	t, err := time.ParseInLocation("2006-01-02 15:04", string(day)+" "+text, clock.Shanghai)
	if err != nil {
		return 0
	}
	return t.UnixMilli()
}

func (s *Service) actPost(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	switch r.PathValue("act") {
	case "report":
		err = s.Report(ctx, ref, f.Version(), Report{Agency: f.Text("agency"), To: f.Text("to"), At: instant(f.Day("day"), f.Text("time")), By: f.Text("by"), No: f.Text("no")})
	case "waive":
		err = s.Waive(ctx, ref, f.Version(), f.Text("reason"))
	default:
		return web.NotFound(r)
	}
	if errs.Is(err, errs.Invalid) {
		return s.show(w, r, f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, path(ref))
}

type lawView struct {
	Title string
	Laws  []lawText
	Call  []ui.Link
}

type lawText struct {
	Title, Source string
	Paras         []string
}

// lawPage is the wording of the law, the same for everybody: Chinese in every language, for that is the text that holds.
func (s *Service) lawPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := lawView{Title: tr(ctx, "mandatory.law"), Call: calls(ctx)}
	for _, l := range law().Law {
		t := lawText{Title: l.Title, Source: l.Source, Paras: l.Text}
		if english(ctx) {
			t.Title, t.Source = l.TitleEn, l.SourceEn
		}
		if l.Situations {
			for _, x := range Situations() {
				t.Paras = append(t.Paras[:len(t.Paras):len(t.Paras)], x.Law)
			}
		}
		v.Laws = append(v.Laws, t)
	}
	return web.Render(w, r, web.Page{Title: v.Title, Current: Kind, Crumbs: []ui.Link{{Text: tr(ctx, "mandatory.title"), Href: "/mandatory"}, {Text: v.Title}}}, lawTempl(v))
}
