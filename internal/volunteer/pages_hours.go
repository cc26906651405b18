package volunteer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

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

func (s *Service) hoursRoutes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/hours", Right: scope.View, Scope: web.ByUnit, Name: "volunteer.hoursList", Handler: s.hoursPage},
		{Method: get, Path: "/hours/new", Right: scope.Work, Scope: web.ByUnit, Name: "volunteer.hoursNew", Handler: s.manyForm},
		{Method: post, Path: "/hours/new", Right: scope.Work, Scope: web.ByUnit, Name: "volunteer.hoursMany", Handler: s.manyPost},
		{Method: get, Path: "/hours/{ref}", Right: scope.View, Scope: web.ByRecord, Name: "volunteer.hoursShow", Handler: s.hoursShow},
		{Method: get, Path: "/hours/{ref}/photo", Right: scope.View, Scope: web.ByRecord, Name: "volunteer.hoursPhoto", Handler: s.hoursPhoto(false)},
		{Method: get, Path: "/hours/{ref}/thumb", Right: scope.View, Scope: web.ByRecord, Name: "volunteer.hoursThumb", Handler: s.hoursPhoto(true)},
		{Method: get, Path: "/hours/{ref}/done", Right: scope.View, Scope: web.ByRecord, Name: "volunteer.hoursDone", Handler: s.hoursDone},
		{Method: get, Path: "/hours/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.hoursEdit", Handler: s.hoursForm("correct")},
		{Method: post, Path: "/hours/{ref}/edit", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.hoursSave", Handler: s.hoursPost("correct")},
		{Method: get, Path: "/hours/{ref}/remove", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.hoursRemoveForm", Handler: s.hoursForm("remove")},
		{Method: post, Path: "/hours/{ref}/remove", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.hoursRemove", Handler: s.hoursPost("remove")},
		{Method: post, Path: "/hours/{ref}/undo", Right: scope.Work, Scope: web.ByRecord, Name: "volunteer.hoursUndo", Handler: s.hoursUndo},
		{Method: get, Path: "/me/hours", Right: scope.SignedIn, Scope: web.Self, Name: "volunteer.mine", Handler: s.minePage},
		{Method: post, Path: "/me/hours", Right: scope.SignedIn, Scope: web.Self, Name: "volunteer.logMine", Handler: s.minePost},
		{Method: post, Path: "/me/hours/drop", Right: scope.SignedIn, Scope: web.Self, Name: "volunteer.dropMine", Handler: s.mineDrop},
	}
}

var hoursKeys = []string{"from", "to", "way", "look", "person"}

// hoursFilterOf reads a list's conditions; without a period it is the year of today.
func hoursFilterOf(r *http.Request) HoursFilter {
	q := r.URL.Query()
	f := HoursFilter{EnteredAs: EnteredAs(q.Get("way")), Look: Look(q.Get("look"))}
	for _, l := range []Look{LookLate, LookAgain} { // addresses from before there were other reasons
		if q.Get(string(l)) == "1" {
			f.Look = l
		}
	}
	if w := EnteredAs(q.Get("entered_as")); f.EnteredAs == "" {
		f.EnteredAs = w
	}
	year := clock.YearOf(clock.Today(r.Context()).Year())
	f.From, f.To = year.From, year.To
	if d, err := clock.ParseDay(q.Get("from")); err == nil {
		f.From = d
	}
	if d, err := clock.ParseDay(q.Get("to")); err == nil {
		f.To = d
	}
	if ref, err := id.ParseRef(q.Get("person")); err == nil {
		f.Volunteer = ref
	}
	return f
}

func hoursKey(g Given) string { return string(g.Day) + "~" + g.ID.String() }

func hoursAfter(key string) (clock.Day, id.ID) {
	d, i, _ := strings.Cut(key, "~")
	day, err := clock.ParseDay(d)
	rec, bad := id.Parse(i)
	if err != nil || bad != nil {
		return "", 0
	}
	return day, rec
}

func (s *Service) hoursCrumbs(ctx context.Context, title string, u org.Unit) web.Page {
	p := s.crumbs(ctx, title, u)
	p.Crumbs = []ui.Link{p.Crumbs[0], {Text: i18n.T(ctx, "volunteer.hours"), Href: "/hours?unit=" + u.ID.String()}, {Text: title}}
	return p
}

func (s *Service) hoursPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f := hoursFilterOf(r)
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	unit := "unit=" + u.ID.String()
	day, after := hoursAfter(r.URL.Query().Get("after"))
	p, err := s.ListHours(ctx, u, f, day, after, pageSize)
	if err != nil {
		return err
	}
	v := listView{Heading: ui.Heading{Title: tr("volunteer.hours"), Under: tr("volunteer.hours_under", "Unit", u.Name, "From", i18n.Day(ctx, f.From), "To", i18n.Day(ctx, f.To))}}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Add = []ui.Button{{Text: tr("volunteer.hours_many"), Href: "/hours/new?" + unit, Main: true}}
		v.Heading.Acts = append(slices.Clone(v.Add), ui.Button{Text: tr("volunteer.import"), Href: "/import/service?" + unit})
	}
	for _, code := range []string{"volunteer.hours", "volunteer.served_times", "volunteer.hours_office", "volunteer.hours_late"} {
		fig, err := s.figure(ctx, ledger.Query{Figure: code, Unit: u.ID, Day: clock.Today(ctx), From: f.From, To: f.To})
		if err != nil {
			return err
		}
		v.Figures = append(v.Figures, ui.Figure{Number: fig.Number, Unit: fig.Measure, Label: fig.Label, Href: fig.Href})
	}
	to := func(way EnteredAs, look Look) string {
		return address("/hours", u, r, hoursKeys, "way", string(way), "look", string(look))
	}
	ways, reasons := []ui.Link{{Text: tr("volunteer.all"), Href: to("", f.Look), Current: f.EnteredAs == ""}}, []ui.Link{{Text: tr("volunteer.all"), Href: to(f.EnteredAs, ""), Current: f.Look == ""}}
	for _, x := range Ways {
		ways = append(ways, ui.Link{Text: wayText(ctx, x), Href: to(x, f.Look), Current: f.EnteredAs == x})
	}
	for _, l := range append([]Look{LookAny}, Looks...) {
		reasons = append(reasons, ui.Link{Text: tr("volunteer.look." + string(l)), Href: to(f.EnteredAs, l), Current: f.Look == l})
	}
	v.Choices = []ui.Choice{{Label: tr("volunteer.h.way"), Links: ways}, {Label: tr("volunteer.look"), Links: reasons}}
	v.Label = tr("volunteer.hours_filter")
	v.Filter = ui.FormSpec{Method: "get", Action: "/hours", Submit: tr("volunteer.do_find"), Hidden: []ui.Pair{{Name: "unit", Value: u.ID.String()}, {Name: "way", Value: string(f.EnteredAs)}, {Name: "look", Value: string(f.Look)}}}
	if f.Volunteer.ID != 0 {
		v.Filter.Hidden = append(v.Filter.Hidden, ui.Pair{Name: "person", Value: f.Volunteer.String()})
	}
	v.Fields = []ui.Input{{Kind: ui.KindDate, Name: "from", Label: tr("volunteer.from_day"), Value: string(f.From)}, {Kind: ui.KindDate, Name: "to", Label: tr("volunteer.to_day"), Value: string(f.To)}}
	v.Total = tr("volunteer.hours_total_n", "N", ui.Number(p.Total), "Hours", ui.Hours(p.Minutes))
	v.Bar = []ui.Button{{Text: tr("volunteer.export_xlsx"), Href: "/volunteer/export?kind=service&format=xlsx&" + unit}, {Text: tr("volunteer.export_csv"), Href: "/volunteer/export?kind=service&format=csv&" + unit}}
	if v.Table, err = s.hoursTable(ctx, p.Hours); err != nil {
		return err
	}
	v.Empty, v.Why = tr("volunteer.hours_none"), tr("volunteer.hours_none_why")
	v.Paging = ui.Paging{Here: len(p.Hours), Rest: p.Rest}
	if p.Rest > 0 {
		v.Paging.Next = address("/hours", u, r, hoursKeys, "after", hoursKey(p.Hours[len(p.Hours)-1]))
	}
	if day != "" {
		v.Paging.First = address("/hours", u, r, hoursKeys)
	}
	page := s.hoursCrumbs(ctx, tr("volunteer.hours"), u)
	page.Crumbs = page.Crumbs[:2]
	page.Crumbs[1].Href = ""
	return web.Render(w, r, page, listTempl(v))
}

func (s *Service) hoursTable(ctx context.Context, list []Given) (ui.Table, error) {
	tr := func(k string) string { return i18n.T(ctx, k) }
	names, err := s.names(ctx, list)
	if err != nil {
		return ui.Table{}, err
	}
	t := ui.Table{Caption: tr("volunteer.hours"), Columns: []ui.Column{{Text: tr("volunteer.h.person")}, {Text: tr("volunteer.h.day"), Label: true}, {Text: tr("volunteer.h.when"), Label: true},
		{Text: tr("volunteer.h.hours"), Label: true, Right: true}, {Text: tr("volunteer.h.what"), Label: true}, {Text: tr("volunteer.h.way"), Label: true}}}
	for _, g := range list {
		way := ui.State(wayText(ctx, g.EnteredAs), "-")
		if g.EnteredAs == ByOffice {
			way.Tag = "w"
		}
		way.Sub = strings.Join(lookTexts(ctx, g), i18n.T(ctx, "volunteer.sep"))
		t.Rows = append(t.Rows, ui.Row{ID: g.Ref().String(), Cells: []ui.Cell{ui.To(names[g.Volunteer()].Name, "/hours/"+g.Ref().String()), ui.Text(string(g.Day)),
			ui.Text(timeOf(g.From) + "–" + timeOf(g.To)), ui.Text(ui.Hours(g.Minutes())), ui.Text(g.What), way}})
	}
	return t, nil
}

// lookTexts are the reasons to look at hours once more, in words.
func lookTexts(ctx context.Context, g Given) (out []string) {
	for _, l := range g.Looks() {
		out = append(out, i18n.T(ctx, "volunteer.look."+string(l)))
	}
	return out
}

func hoursInputs(ctx context.Context, h Hours) []ui.Input {
	tr := func(k string) string { return i18n.T(ctx, k) }
	return []ui.Input{
		{Kind: ui.KindDate, Name: "day", Label: tr("volunteer.h.day"), Value: string(h.Day), Max: string(clock.Today(ctx))},
		{Name: "from", Label: tr("volunteer.h.from"), Value: h.From, Short: true, Hint: tr("volunteer.time_hint"), MaxLength: 10},
		{Name: "to", Label: tr("volunteer.h.to"), Value: h.To, Short: true, MaxLength: 10},
		{Name: "what", Label: tr("volunteer.h.what"), Value: h.What, Hint: tr("volunteer.what_hint"), MaxLength: maxWhat},
		{Name: "activity", Label: tr("volunteer.h.activity"), Value: h.Activity, Optional: true, MaxLength: maxWhat},
		{Kind: ui.KindFile, Name: "photo", Label: tr("volunteer.h.photo"), Hint: tr("volunteer.photo_hint"), Optional: true, Accept: "image/*"},
	}
}

func typedHours(h Hours, f *web.Form) Hours {
	h.Day, h.From, h.To, h.What, h.Activity = day(f, "day"), f.Text("from"), f.Text("to"), f.Text("what"), f.Text("activity")
	return h
}

// picture is what was kept of an uploaded photo, or of a paper.
type picture struct {
	full, thumb string
	pdf         bool
}

// picture takes in the photo of a form, before anything else is written; what is no photo is a problem of the form.
func (s *Service) picture(ctx context.Context, f *web.Form, with files) (p picture, err error) {
	err = uploaded(f, with, "photo", func(upload io.Reader) (err error) {
		p.full, p.thumb, err = s.KeepPhoto(ctx, upload)
		return err
	})
	return p, err
}

// paper takes in the scan of a check's paper in the same way.
func (s *Service) paper(ctx context.Context, f *web.Form, with files) (p picture, err error) {
	err = uploaded(f, with, "paper", func(upload io.Reader) error {
		c, err := s.KeepPaper(ctx, Check{}, upload)
		p.full, p.pdf = c.Paper, c.PDF
		return err
	})
	return p, err
}

// uploaded hands the file of a form on, if one was chosen; what it says of a file that will not do stands at the input.
func uploaded(f *web.Form, with files, name string, keep func(upload io.Reader) error) error {
	sent, chosen := with[name]
	if !chosen {
		return nil
	}
	err := keep(bytes.NewReader(sent.Data))
	var e *errs.Error
	if errors.As(err, &e) && e.Kind != errs.Internal {
		f.Problems = append(f.Problems, errs.Field{Name: name, Key: e.Key, Args: e.Args})
		return nil
	}
	return err
}

func (s *Service) hoursPhoto(small bool) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		f, err := s.HoursPhoto(r.Context(), ref, small)
		if err != nil {
			return err
		}
		defer f.Close()
		h := w.Header()
		h.Set("Content-Type", "image/jpeg") // written by us, whatever was uploaded
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "private, max-age=86400")
		http.ServeContent(w, r, "", time.Time{}, f)
		return nil
	}
}

// manyView is the form by which an office enters the same hours of many.
func (s *Service) manyView(ctx context.Context, u org.Unit, key string) (formView, error) {
	tr := func(k string, args ...any) string { return i18n.T(ctx, k, args...) }
	today := clock.Today(ctx)
	p, err := s.page(ctx, manyOf(scope.From(ctx), u, today), -1, "", maxBulk)
	if err != nil {
		return formView{}, err
	}
	v := formView{Title: tr("volunteer.hours_many"), Lead: tr("volunteer.hours_many_lead"), Step: u.Name, Back: ui.Link{Href: "/hours?unit=" + u.ID.String()},
		Spec: ui.FormSpec{Action: "/hours/new?unit=" + u.ID.String(), Key: key, Multipart: true, Submit: tr("volunteer.hours_many_do")}}
	people := ui.Input{Kind: ui.KindChecks, Name: "people", Label: tr("volunteer.h.people")}
	for _, l := range p.Volunteers {
		people.Options = append(people.Options, ui.Option{Value: l.Ref().String(), Text: l.Name, Sub: l.Code})
	}
	if p.Rest > 0 {
		people.Hint = tr("volunteer.hours_many_rest", "N", maxBulk)
	}
	if len(p.Volunteers) == 0 {
		people.Hint = tr("volunteer.hours_many_none")
	}
	v.Groups = []group{{Inputs: append(hoursInputs(ctx, Hours{Day: today}), people)}}
	return v, nil
}

func (s *Service) manyForm(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v, err := s.manyView(r.Context(), u, web.NewKey())
	if err != nil {
		return err
	}
	return web.Render(w, r, plain(v), formTempl(v))
}

func (s *Service) manyPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, with, err := web.ReadFiles(w, r, file.MaxPhotoBytes)
	if err != nil {
		return err
	}
	pic, err := s.picture(ctx, f, with)
	if err != nil {
		return err
	}
	h := typedHours(Hours{Photo: pic.full, Thumb: pic.thumb}, f)
	var people []id.Ref
	for _, p := range f.Values["people"] {
		if ref, err := id.ParseRef(p); err == nil {
			people = append(people, ref)
		}
	}
	if err = f.Problems.Err(); err == nil {
		err = s.act(w, r, f, "/hours/", "many", func(ctx context.Context) (id.Ref, error) {
			refs, err := s.LogMany(ctx, h, people)
			if err != nil {
				return id.Ref{}, err
			}
			return refs[0], nil
		})
	}
	if err == nil {
		return nil
	}
	view, bad := s.manyView(ctx, u, f.Key())
	if bad != nil {
		return bad
	}
	return again(w, r, err, func(at map[string]string, faults []ui.Fault) (web.Page, templ.Component) {
		view.retyped(f, at, faults)
		return plain(view), formTempl(view)
	})
}

// toWorkHours reads hours for a form; the right is asked when it is shown.
func (s *Service) toWorkHours(ctx context.Context, ref id.Ref) (Hours, record.Version, org.Unit, error) {
	h, ver, err := s.given.Get(ctx, ref)
	if err != nil {
		return h, ver, org.Unit{}, err
	}
	u, err := s.rec.Home(ctx, h.Unit)
	if err == nil && !scope.From(ctx).May(scope.Work, u.Pos) {
		err = s.notYours(ctx, ServiceKind, ref, u)
	}
	return h, ver, u, err
}

type hoursView struct {
	Heading  ui.Heading
	Photo    string // address; "" without one
	Facts    []ui.Fact
	Looks    []string // why it is worth a second look, in sentences
	Timeline []ui.Change
}

// Thumb is the address of the small picture.
func (v hoursView) Thumb() string { return strings.TrimSuffix(v.Photo, "photo") + "thumb" }

func (s *Service) hoursShow(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	h, _, err := s.given.Get(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.rec.Home(ctx, h.Unit)
	if err != nil {
		return err
	}
	people, err := s.ByRefs(ctx, []id.Ref{h.Volunteer})
	if err != nil {
		return err
	}
	here, name := "/hours/"+ref.String(), people[h.Volunteer].Name
	v := hoursView{Heading: ui.Heading{Title: i18n.T(ctx, "volunteer.hours_of", "Name", name, "Hours", ui.Hours(h.Minutes())), Under: i18n.Day(ctx, h.Day), Tags: []ui.Mark{{Text: wayText(ctx, h.EnteredAs)}}}}
	if h.EnteredAs == ByOffice {
		v.Heading.Tags[0].Kind = "w"
	}
	if h.Photo != "" {
		v.Photo = here + "/photo"
	}
	list, err := s.store.hoursByIDs(ctx, []id.ID{ref.ID})
	if err != nil {
		return err
	}
	for _, g := range list {
		for _, l := range g.Looks() {
			v.Heading.Tags = append(v.Heading.Tags, ui.Mark{Text: i18n.T(ctx, "volunteer.look."+string(l)), Kind: "w"})
			v.Looks = append(v.Looks, i18n.T(ctx, "volunteer.look_why."+string(l), "Days", LateDays, "Hours", LongDay/60, "N", ManyADay))
		}
	}
	if scope.From(ctx).May(scope.Work, u.Pos) {
		v.Heading.Acts = []ui.Button{{Text: i18n.T(ctx, "volunteer.edit"), Href: here + "/edit"}, {Text: i18n.T(ctx, "volunteer.step.remove"), Href: here + "/remove"}}
	}
	for _, f := range s.hoursFacts(ctx, h) {
		if f.Text == "" {
			continue
		}
		fact := ui.Fact{Label: i18n.T(ctx, f.Key), Text: f.Text}
		if f.Key == "volunteer.h.person" {
			if _, _, err := s.book.Get(ctx, h.Volunteer); err == nil {
				fact.Href = "/volunteer/" + h.Volunteer.String()
			}
		}
		v.Facts = append(v.Facts, fact)
	}
	if v.Timeline, err = s.given.Timeline(ctx, ref, here+"/undo"); err != nil {
		return err
	}
	return web.Render(w, r, s.hoursCrumbs(ctx, name, u), hoursTempl(v))
}

func (s *Service) hoursStep(ctx context.Context, name string, ref id.Ref, h Hours, version int64, key string) formView {
	tr := func(k string) string { return i18n.T(ctx, k) }
	here := "/hours/" + ref.String()
	reason := ui.Input{Name: "reason", Label: tr("volunteer.why"), Hint: tr("volunteer.why_hint"), MaxLength: 200}
	v := formView{Back: ui.Link{Href: here}, Step: i18n.Day(ctx, h.Day), Spec: ui.FormSpec{Key: key, Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}}}
	if name == "remove" {
		v.Title, v.Lead, v.Spec.Action, v.Spec.Submit = tr("volunteer.hours_remove"), tr("volunteer.hours_remove_lead"), here+"/remove", tr("volunteer.hours_remove_do")
		v.Groups = []group{{Inputs: []ui.Input{reason}}}
		return v
	}
	v.Title, v.Spec.Action, v.Spec.Submit, v.Spec.Multipart = tr("volunteer.hours_correct"), here+"/edit", tr("volunteer.save"), true
	v.Groups = []group{{Inputs: append(hoursInputs(ctx, h), reason)}}
	return v
}

func (s *Service) hoursForm(name string) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		h, ver, _, err := s.toWorkHours(r.Context(), ref)
		if err != nil {
			return err
		}
		v := s.hoursStep(r.Context(), name, ref, h, ver.N, web.NewKey())
		return web.Render(w, r, plain(v), formTempl(v))
	}
}

func (s *Service) hoursPost(name string) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, f, with, n, err := s.sentWith(w, r)
		if err != nil {
			return err
		}
		ctx := r.Context()
		h, _, _, err := s.toWorkHours(ctx, ref)
		if errs.Is(err, errs.NotFound) { // sent twice: the first one took it out
			h, _, err = s.given.Removed(ctx, ref)
		}
		if err != nil {
			return err
		}
		pic, err := s.picture(ctx, f, with)
		if err != nil {
			return err
		}
		is := h
		if name == "correct" {
			is = typedHours(h, f)
			if pic.full != "" {
				is.Photo, is.Thumb = pic.full, pic.thumb
			}
			if f.Text("reason") == "" {
				f.Problems.Add("reason", "volunteer.reason_missing")
			}
		}
		if err = f.Problems.Err(); err == nil {
			err = s.act(w, r, f, "/hours/", name, func(ctx context.Context) (id.Ref, error) {
				if name == "remove" {
					return ref, s.RemoveHours(ctx, ref, n, f.Text("reason"))
				}
				return ref, s.SaveHours(ctx, ref, n, is, f.Text("reason"))
			})
		}
		if err == nil {
			return nil
		}
		return again(w, r, err, func(at map[string]string, faults []ui.Fault) (web.Page, templ.Component) {
			v := s.hoursStep(ctx, name, ref, h, n, f.Key())
			v.retyped(f, at, faults)
			return plain(v), formTempl(v)
		})
	}
}

var hoursActs = []string{"many", "correct", "remove", "undo"}

func (s *Service) hoursDone(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	removed := false
	h, ver, err := s.given.Get(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		h, ver, err = s.given.Removed(ctx, ref)
		removed = true
	}
	if err != nil {
		return err
	}
	name := r.URL.Query().Get("act")
	if !slices.Contains(hoursActs, name) || removed != (name == "remove") {
		return web.NotFound(r)
	}
	here, unit := "/hours/"+ref.String(), "?unit="+h.Unit.String()
	res := ui.Result{Title: i18n.T(ctx, "volunteer.hours_done."+name), Acts: []ui.Button{{Text: i18n.T(ctx, "volunteer.hours_to_list"), Href: "/hours" + unit, Main: true}}}
	if name == "many" {
		res.Next = []ui.Link{{Text: i18n.T(ctx, "volunteer.hours_many_marked")}}
	}
	if res.Moved, err = s.rec.Moved(ctx, s.ownBook(ctx), chapter, r.URL.Query().Get("moved")); err != nil {
		return err
	}
	if name == "correct" || name == "remove" {
		res.Undo, res.UndoUntil = s.given.UndoPost(ctx, ver, here+"/undo")
	}
	return web.Render(w, r, web.Page{Title: res.Title, Current: "volunteer"}, doneTempl(res))
}

func (s *Service) hoursUndo(w http.ResponseWriter, r *http.Request) error {
	ref, f, n, err := s.sent(w, r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	h, _, err := s.given.Get(ctx, ref)
	if errs.Is(err, errs.NotFound) {
		h, _, err = s.given.Removed(ctx, ref)
	}
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		if err := s.UndoHours(ctx, ref, n); err != nil {
			return "", overlapping(ctx, err)
		}
		if _, _, err := s.given.Get(ctx, ref); err != nil { // the entry itself was taken back
			return "/hours?unit=" + h.Unit.String(), nil
		}
		return "/hours/" + ref.String() + "/done?" + url.Values{"act": {"undo"}}.Encode(), nil
	})
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}

type mineView struct {
	Name   string
	Known  bool
	Figure ui.Figure
	Flash  *ui.Note
	Faults []ui.Fault
	Spec   ui.FormSpec
	Inputs []ui.Input
	Table  ui.Table
}

// mine is the page of one's own hours; NotFound of a file is a page that says how to get one.
func (s *Service) mine(ctx context.Context, key string) (mineView, error) {
	v := mineView{Spec: ui.FormSpec{Action: "/me/hours", Key: key, Multipart: true, Submit: i18n.T(ctx, "volunteer.step.hours_do")}, Inputs: hoursInputs(ctx, Hours{Day: clock.Today(ctx)})}
	l, list, minutes, err := s.Mine(ctx)
	if errs.Is(err, errs.NotFound) {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	v.Known, v.Name = true, l.Name
	v.Figure = ui.Figure{Number: ui.Hours(minutes), Unit: i18n.T(ctx, "volunteer.hours_unit"), Label: i18n.T(ctx, "volunteer.hours_total"), Size: "l"}
	if v.Table, err = s.hoursTable(ctx, list); err != nil {
		return v, err
	}
	for i, g := range list {
		cells := v.Table.Rows[i].Cells[1:] // the name is one's own
		if g.EnteredAs == BySelf {
			if post, err := s.dropPost(ctx, g); err != nil {
				return v, err
			} else if post != nil {
				cells[len(cells)-1].Post = post
			}
		}
		v.Table.Rows[i].Cells = cells
	}
	v.Table.Columns = v.Table.Columns[1:]
	return v, nil
}

// dropPost takes one's own entry of a moment ago back.
func (s *Service) dropPost(ctx context.Context, g Given) (*ui.Post, error) {
	u, err := s.rec.Home(ctx, g.Unit)
	if err != nil {
		return nil, err
	}
	_, ver, err := s.given.Get(widened(ctx, u.Pos), g.Ref())
	if err != nil {
		return nil, err
	}
	post, _ := s.given.UndoPost(ctx, ver, "/me/hours/drop")
	if post != nil {
		post.Sub = string(g.Day)
		post.Hidden = append(post.Hidden, ui.Pair{Name: "hours", Value: g.Ref().String()})
	}
	return post, nil
}

func (s *Service) minePage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.mine(r.Context(), web.NewKey())
	if err != nil {
		return err
	}
	p := web.Page{Title: i18n.T(r.Context(), "volunteer.mine"), Current: "me"}
	if r.URL.Query().Get("done") != "" {
		p.Flash = &ui.Note{Text: i18n.T(r.Context(), "volunteer.done.hours")}
	}
	return web.Render(w, r, p, mineTempl(v))
}

func (s *Service) minePost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	me, _, _, err := s.Mine(ctx)
	if err != nil {
		return err
	}
	f, with, err := web.ReadFiles(w, r, file.MaxPhotoBytes)
	if err != nil {
		return err
	}
	pic, err := s.picture(ctx, f, with)
	if err != nil {
		return err
	}
	h := typedHours(Hours{Volunteer: me.Ref(), Photo: pic.full, Thumb: pic.thumb}, f)
	if err = f.Problems.Err(); err == nil {
		var to string
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			_, err := s.LogHours(ctx, h)
			return "/me/hours?done=1", err
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	v, bad := s.mine(ctx, f.Key())
	if bad != nil {
		return bad
	}
	return again(w, r, err, func(at map[string]string, faults []ui.Fault) (web.Page, templ.Component) {
		form := formView{Groups: []group{{Inputs: v.Inputs}}}
		form.retyped(f, at, faults)
		v.Faults = faults
		return web.Page{Title: i18n.T(ctx, "volunteer.mine"), Current: "me"}, mineTempl(v)
	})
}

func (s *Service) mineDrop(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	n, err := strconv.ParseInt(f.Text("_version"), 10, 64)
	if err != nil {
		n = 0
	}
	ref, err := id.ParseRef(f.Text("hours"))
	if err != nil {
		return web.NotFound(r)
	}
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) { return "/me/hours", s.DropMine(ctx, ref, n) })
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, to)
}
