package feedback

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"xinhuo/internal/activity"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// Routes are the addresses of this module; {ref} is the activity's.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/f/{ref}", Right: scope.Anyone, Scope: web.Public, Name: "feedback.ask", Handler: s.askPage},
		{Method: post, Path: "/f/{ref}", Right: scope.Anyone, Scope: web.Public, Name: "feedback.take", Handler: s.take},
		{Method: get, Path: "/feedback", Right: scope.View, Scope: web.ByUnit, Name: "feedback.index", Handler: s.index},
		{Method: get, Path: "/feedback/export", Right: scope.View, Scope: web.ByUnit, Name: "feedback.exportList", Handler: s.exportList},
		{Method: get, Path: "/feedback/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "feedback.show", Handler: s.show},
		{Method: get, Path: "/feedback/{ref}/open", Right: scope.Work, Scope: web.ByRecord, Name: "feedback.openForm", Handler: s.openForm},
		{Method: post, Path: "/feedback/{ref}/open", Right: scope.Work, Scope: web.ByRecord, Name: "feedback.open", Handler: s.openPost},
		{Method: post, Path: "/feedback/{ref}/close", Right: scope.Work, Scope: web.ByRecord, Name: "feedback.close", Handler: s.closePost},
		{Method: get, Path: "/feedback/{ref}/admit", Right: scope.Work, Scope: web.ByRecord, Name: "feedback.admitForm", Handler: s.admitForm},
		{Method: post, Path: "/feedback/{ref}/admit", Right: scope.Work, Scope: web.ByRecord, Name: "feedback.admit", Handler: s.admitPost},
		{Method: get, Path: "/feedback/{ref}/slips", Right: scope.Work, Scope: web.ByRecord, Name: "feedback.slips", Handler: s.slipsPage},
		{Method: get, Path: "/feedback/{ref}/export", Right: scope.Work, Scope: web.ByRecord, Name: "feedback.exportAnswers", Handler: s.exportAnswers},
		{Method: get, Path: "/api/v1/activities/{ref}/feedback", Right: scope.View, Scope: web.ByRecord, Name: "feedback.apiGet", Handler: s.apiGet},
		{Method: get, Path: "/api/v1/feedback", Right: scope.View, Scope: web.ByUnit, Name: "feedback.apiList", Handler: s.apiList},
	}
}

func refOf(r *http.Request) (id.Ref, error) {
	ref, err := id.ParseRef(r.PathValue("ref"))
	if err != nil {
		return ref, web.NotFound(r)
	}
	return ref, nil
}

func (s *Service) unitOf(r *http.Request) (org.Unit, error) {
	if q := r.URL.Query().Get("unit"); q != "" {
		return s.org.Resolve(r.Context(), q)
	}
	return s.org.Unit(r.Context(), scope.From(r.Context()).Unit)
}

// origin is the address under which the reader sees us, for a code that is read by a telephone.
func origin(r *http.Request) string {
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// code draws an address to be read by a telephone.
func code(address, label string) (templ.Component, error) {
	image, err := qr.Encode(address, qr.M)
	if err != nil {
		return nil, err
	}
	return ui.QRCode(image.Size, image.Black, label), nil
}

type indexView struct {
	Unit  org.Unit
	Table ui.Table
	Bar   []ui.Button
	Total string
}

func (s *Service) index(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.List(ctx, u)
	if err != nil {
		return err
	}
	tr := func(k string, a ...any) string { return i18n.T(ctx, k, a...) }
	v := indexView{Unit: u, Total: tr("feedback.total", "N", len(list)), Bar: []ui.Button{{Text: tr("feedback.export_list"), Href: "/feedback/export?unit=" + u.ID.String()}},
		Table: ui.Table{Caption: tr("feedback.title"), Columns: []ui.Column{{Text: tr("feedback.f.activity")}, {Text: tr("feedback.f.day")}, {Text: tr("feedback.f.state"), Label: true},
			{Text: tr("feedback.f.answers"), Label: true, Right: true}, {Text: tr("feedback.f.mean"), Label: true, Right: true}, {Text: tr("feedback.f.admitted"), Label: true, Right: true}}}}
	for _, l := range list {
		state, n, m, adm := tr("feedback.state.open"), tr("feedback.dash"), tr("feedback.dash"), tr("feedback.dash")
		if l.Closed == 1 {
			if state = tr("feedback.state.few"); l.Counted > 0 {
				state, n, m, adm = tr("feedback.state.closed"), ui.Number(l.Counted), meanText(mean(l.Points, l.Counted)), ui.Number(l.Admitted)
			}
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{Cells: []ui.Cell{ui.To(l.Title, "/feedback/"+l.ActivityRef().String()), ui.Text(i18n.Day(ctx, l.Day)), ui.Text(state), ui.Text(n), ui.Text(m), ui.Text(adm)}})
	}
	title := tr("feedback.title")
	return web.Render(w, r, web.Page{Title: title, Current: activity.Kind, Crumbs: []ui.Link{{Text: tr("activity.title"), Href: "/activity?unit=" + u.ID.String()}, {Text: title}}}, indexTempl(v))
}

type showView struct {
	Ref      id.Ref
	Title    string
	Result   Result
	OK       bool
	Now      int64
	Address  string
	QR       templ.Component
	Facts    []ui.Fact
	Bars     ui.Table
	Acts     []ui.Button
	Close    *ui.Post
	Notes    []ui.Note
	Timeline []ui.Change
}

func (v showView) running() bool { return v.OK && v.Result.Round.running(v.Now) }

func (s *Service) show(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	a, _, err := s.activity.Get(ctx, ref)
	if err != nil {
		return err
	}
	v := showView{Ref: ref, Title: a.Title, Now: clock.Millis(ctx)}
	if v.Result, v.OK, err = s.Of(ctx, ref); err != nil {
		return err
	}
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	here := "/feedback/" + ref.String()
	if v.OK {
		if v.Timeline, err = s.history(ctx, ref); err != nil {
			return err
		}
		v.outcome(ctx)
	}
	if v.Result.Keeps {
		switch {
		case !v.running() && !askable(a, clock.Today(ctx)): // nobody is led to what would be refused
		case !v.running():
			v.Acts = append(v.Acts, ui.Button{Text: tr("feedback.do.open"), Href: here + "/open", Main: true})
		default:
			v.Close = &ui.Post{Text: tr("feedback.do.close"), Action: here + "/close", Key: web.NewKey()}
			path, err := s.Link(ctx, ref)
			if err != nil {
				return err
			}
			v.Address = origin(r) + path
			if v.QR, err = code(v.Address, tr("feedback.qr", "Name", a.Title)); err != nil {
				return err
			}
		}
		if v.OK && v.Result.Round.Slips > 0 && v.running() {
			v.Acts = append(v.Acts, ui.Button{Text: tr("feedback.do.slips"), Href: here + "/slips"})
		}
		if v.Result.Aside > 0 {
			v.Acts = append(v.Acts, ui.Button{Text: tr("feedback.do.admit"), Href: here + "/admit"})
		}
		if v.Result.Shown {
			v.Acts = append(v.Acts, ui.Button{Text: tr("feedback.do.export"), Href: here + "/export"})
		}
	}
	return web.Render(w, r, s.page(ctx, ref, a.Title, tr("feedback.title")), showTempl(v))
}

func (s *Service) page(ctx context.Context, ref id.Ref, activityTitle, title string) web.Page {
	return web.Page{Title: title, Current: activity.Kind, Crumbs: []ui.Link{{Text: i18n.T(ctx, "activity.title"), Href: "/activity"},
		{Text: activityTitle, Href: "/activity/" + ref.String()}, {Text: title}}}
}

// outcome says in words what came of a round.
func (v *showView) outcome(ctx context.Context) {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	fact := func(label, text string) { v.Facts = append(v.Facts, ui.Fact{Label: tr(label), Text: text}) }
	r, o := v.Result.Round, v.Result.Outcome
	switch {
	case v.running():
		fact("feedback.f.state", tr("feedback.until", "At", moment(ctx, r.Closes)))
	case r.Closed:
		fact("feedback.f.state", tr("feedback.closed_at", "At", moment(ctx, r.Closes)))
	default:
		fact("feedback.f.state", tr("feedback.closing"))
	}
	mode := tr("feedback.mode.link")
	if r.Slips > 0 {
		mode = tr("feedback.mode.slips", "N", r.Slips)
	}
	fact("feedback.f.mode", mode)
	if v.Result.Keeps {
		fact("feedback.f.in", tr("feedback.in", "N", v.Result.In))
		if v.Result.Aside > 0 {
			v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: tr("feedback.aside", "N", v.Result.Aside), Text: tr("feedback.aside_why", "Burst", Burst, "Minutes", BurstMinutes)})
		}
	}
	if !v.Result.Shown {
		return
	}
	fact("feedback.f.mean", tr("feedback.mean", "Mean", meanText(o.Mean()), "N", o.Counted))
	fact("feedback.f.satisfied", tr("feedback.of", "N", o.Satisfied, "All", o.Counted))
	fact("feedback.f.useful", tr("feedback.of", "N", o.Useful, "All", o.Counted))
	fact("feedback.f.heads", tr("feedback.heads", "N", o.Heads))
	if o.Admitted > 0 {
		fact("feedback.f.admitted", tr("feedback.admitted", "N", o.Admitted))
	}
	if o.Aside > 0 {
		fact("feedback.f.aside", tr("feedback.not_counted", "N", o.Aside))
	}
	if o.Beyond > 0 {
		v.Notes = append(v.Notes, ui.Note{Kind: "w", Title: tr("feedback.beyond", "N", o.Beyond), Text: tr("feedback.beyond_why", "Heads", o.Heads)})
	}
	v.Bars = ui.Table{Caption: tr("feedback.by"), Columns: []ui.Column{{Text: tr("feedback.f.satisfaction")}, {Text: tr("feedback.f.answers"), Label: true, Right: true}}}
	for i := 4; i >= 0; i-- {
		v.Bars.Rows = append(v.Bars.Rows, ui.Row{Cells: []ui.Cell{ui.Text(tr("feedback.s" + strconv.Itoa(i+1))), ui.Text(ui.Number(o.By[i]))}})
	}
}

// history is the round's, with the acts on it; it is not undone but closed, or opened again.
func (s *Service) history(ctx context.Context, ref id.Ref) ([]ui.Change, error) {
	at, _, _, ok, err := s.round(ctx, ref)
	if err != nil || !ok {
		return nil, err
	}
	list, err := s.book.Timeline(system(ctx), at, "")
	for i := range list {
		list[i].Undo = nil
	}
	return list, err
}

type formView struct {
	Title, Lead string
	Back        ui.Link
	Faults      []ui.Fault
	Spec        ui.FormSpec
	Inputs      []ui.Input
}

// form shows a form of the host, with what was typed and what to change.
func (s *Service) form(w http.ResponseWriter, r *http.Request, ref id.Ref, act, submit string, inputs []ui.Input, f *web.Form, err error) error {
	ctx := r.Context()
	a, _, e := s.activity.Get(ctx, ref)
	if e != nil {
		return e
	}
	if e := s.activity.MayWork(ctx, ref, "feedback.act."+act); e != nil {
		return e
	}
	at, summary, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	for i, in := range inputs {
		inputs[i].Error = at[in.Name]
		if f != nil {
			inputs[i].Value = f.Text(in.Name)
		}
	}
	v := formView{Title: i18n.T(ctx, "feedback.do."+act), Lead: i18n.T(ctx, "feedback.lead."+act, "Burst", Burst, "Minutes", BurstMinutes), Back: ui.Link{Text: a.Title, Href: "/feedback/" + ref.String()}, Faults: summary,
		Spec: ui.FormSpec{Action: "/feedback/" + ref.String() + "/" + act, Key: web.NewKey(), Submit: i18n.T(ctx, submit)}, Inputs: inputs}
	p := s.page(ctx, ref, a.Title, v.Title)
	if p.Plain = true; len(summary) > 0 {
		p.Error, p.Status = true, http.StatusUnprocessableEntity
	}
	return web.Render(w, r, p, formTempl(v))
}

func openInputs(ctx context.Context) []ui.Input {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	return []ui.Input{{Kind: ui.KindNumber, Name: "days", Label: tr("feedback.f.days"), Hint: tr("feedback.hint.days", "N", MostDays), Value: "7", Short: true},
		{Kind: ui.KindNumber, Name: "slips", Label: tr("feedback.f.slips"), Hint: tr("feedback.hint.slips", "N", MostSlips), Optional: true, Short: true}}
}

func (s *Service) openForm(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	return s.form(w, r, ref, "open", "feedback.do.open", openInputs(r.Context()), nil, nil)
}

func (s *Service) openPost(w http.ResponseWriter, r *http.Request) error {
	return s.post(w, r, func(ctx context.Context, ref id.Ref, f *web.Form) error {
		return s.Open(ctx, ref, Opening{Days: number(f, "days"), Slips: number(f, "slips")})
	}, func(ref id.Ref, f *web.Form, err error) error {
		return s.form(w, r, ref, "open", "feedback.do.open", openInputs(r.Context()), f, err)
	})
}

// number is a whole number; nothing is 0, and what is none is out of every bound.
func number(f *web.Form, name string) int64 {
	if f.Text(name) == "" {
		return 0
	}
	n, err := table.ParseInt(f.Text(name))
	if err != nil {
		return -1
	}
	return n
}

func (s *Service) closePost(w http.ResponseWriter, r *http.Request) error {
	return s.post(w, r, func(ctx context.Context, ref id.Ref, _ *web.Form) error { return s.Close(ctx, ref) },
		func(_ id.Ref, _ *web.Form, err error) error { return err })
}

func admitInputs(ctx context.Context) []ui.Input {
	return []ui.Input{{Kind: ui.KindText, Name: "reason", Label: i18n.T(ctx, "feedback.f.reason"), Hint: i18n.T(ctx, "feedback.hint.reason"), MaxLength: 100}}
}

func (s *Service) admitForm(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	return s.form(w, r, ref, "admit", "feedback.do.admit", admitInputs(r.Context()), nil, nil)
}

func (s *Service) admitPost(w http.ResponseWriter, r *http.Request) error {
	return s.post(w, r, func(ctx context.Context, ref id.Ref, f *web.Form) error { return s.Admit(ctx, ref, f.Text("reason")) },
		func(ref id.Ref, f *web.Form, err error) error {
			return s.form(w, r, ref, "admit", "feedback.do.admit", admitInputs(r.Context()), f, err)
		})
}

// post does an act once and goes back to the page; again shows the form when something has to be changed.
func (s *Service) post(w http.ResponseWriter, r *http.Request, do func(ctx context.Context, ref id.Ref, f *web.Form) error, again func(ref id.Ref, f *web.Form, err error) error) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		return "/feedback/" + ref.String(), do(ctx, ref, f)
	})
	if errs.Is(err, errs.Invalid) {
		return again(ref, f, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

type slipsView struct {
	Title, Lead string
	Slips       []slipLine
}

// slipLine is one slip: its number to type, and a code to scan that types it.
type slipLine struct {
	Code string
	QR   templ.Component
}

func (s *Service) slipsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	a, _, err := s.activity.Get(ctx, ref)
	if err != nil {
		return err
	}
	v := slipsView{Title: a.Title, Lead: i18n.T(ctx, "feedback.slips_lead")}
	codes, err := s.Slips(ctx, ref)
	if err != nil {
		return err
	}
	for _, c := range codes {
		path, err := s.Link(ctx, ref)
		if err != nil {
			return err
		}
		image, err := code(origin(r)+path+"&s="+c, i18n.T(ctx, "feedback.qr", "Name", a.Title))
		if err != nil {
			return err
		}
		v.Slips = append(v.Slips, slipLine{c, image})
	}
	return web.Render(w, r, s.page(ctx, ref, a.Title, i18n.T(ctx, "feedback.do.slips")), slipsTempl(v))
}

// write hands a table out, whole or not at all.
func write(w http.ResponseWriter, r *http.Request, title string, cols []table.Column, rows [][]table.Value) error {
	format := table.XLSX
	if r.URL.Query().Get("format") == table.CSV {
		format = table.CSV
	}
	var file bytes.Buffer
	if err := table.Write(&file, format, table.Table{Title: title, Columns: cols, BOM: true, Rows: func(yield func([]table.Value, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}}); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", table.ContentType(format))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(title+"."+format))
	_, err := file.WriteTo(w)
	return err
}

func column(ctx context.Context, key string, kind table.Kind) table.Column {
	return table.Column{Key: key, Titles: []string{i18n.T(ctx, "feedback.f."+key)}, Kind: kind}
}

// exportList is the list of a unit's rounds as a table.
func (s *Service) exportList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	list, err := s.List(ctx, u)
	if err != nil {
		return err
	}
	var rows [][]table.Value
	for _, l := range list {
		row := []table.Value{table.OfText(l.Title), table.OfDay(string(l.Day)), {}, {}, {}, {}}
		if l.Closed == 1 && l.Counted > 0 {
			row[2], row[3], row[4], row[5] = table.OfInt(l.Counted), table.OfText(meanText(mean(l.Points, l.Counted))), table.OfInt(l.Satisfied), table.OfInt(l.Admitted)
		}
		rows = append(rows, row)
	}
	return write(w, r, u.Name+i18n.T(ctx, "feedback.title"), []table.Column{column(ctx, "activity", table.Text), column(ctx, "day", table.Day), column(ctx, "answers", table.Int),
		column(ctx, "mean", table.Text), column(ctx, "satisfied", table.Int), column(ctx, "admitted", table.Int)}, rows)
}

// exportAnswers is the distribution and the free lines of a closed round, for its host: never a sheet by itself, which
// would say that the one who wrote a line was the one who was not satisfied.
func (s *Service) exportAnswers(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	if err := s.activity.MayWork(ctx, ref, "feedback.act.export"); err != nil {
		return err
	}
	a, _, err := s.activity.Get(ctx, ref)
	if err != nil {
		return err
	}
	res, ok, err := s.Of(ctx, ref)
	if err != nil {
		return err
	}
	var rows [][]table.Value
	if ok && res.Shown {
		for i := 4; i >= 0; i-- {
			rows = append(rows, []table.Value{table.OfText(i18n.T(ctx, "feedback.s"+strconv.Itoa(i+1))), table.OfInt(res.Outcome.By[i]), {}})
		}
		for _, l := range res.Lines {
			rows = append(rows, []table.Value{{}, {}, table.OfText(l)})
		}
	}
	return write(w, r, a.Title+i18n.T(ctx, "feedback.title"), []table.Column{column(ctx, "satisfaction", table.Text), column(ctx, "answers", table.Int), column(ctx, "line", table.Text)}, rows)
}
