package seal

import (
	"context"
	"net/http"
	"slices"
	"strconv"
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

// overviewDays is how far back the overview shows emergency looks.
const overviewDays = 365

// OverviewRow is a grant with the unit that keeps what it opens.
type OverviewRow struct {
	Grant
	Of   id.Ref   `json:"of"`
	Unit org.Unit `json:"-"`
	Kept id.ID    `json:"unit"`
}

// Overview lists who may look at what is sealed beside its keepers, and who let themselves in within a year, in the subtrees whose log or
// whose accounts the reader looks after; what is sealed stays shut. The latest first; at most limit of them.
func (s *Service) Overview(ctx context.Context, limit int) ([]OverviewRow, error) {
	a := scope.From(ctx)
	in := append(slices.Clone(a.AuditSet), a.AdminSet...)
	if len(in) == 0 {
		return nil, errs.New(errs.Forbidden, "errs.not_yours")
	}
	const page = 500
	today := clock.Today(ctx)
	var out []OverviewRow
	for before := id.ID(0); len(out) < limit; {
		rows, err := s.store.grantsAboutAcrossUnits(ctx, in, today, today.AddDays(-overviewDays), before, page)
		if err != nil {
			return nil, err
		}
		ids := make([]id.ID, 0, len(rows))
		for _, r := range rows {
			ids = append(ids, r.Unit)
		}
		units, err := s.org.ByIDs(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if before = r.ID; in.Contains(units[r.Unit].Pos) && len(out) < limit {
				out = append(out, OverviewRow{r.Grant, id.Ref{Root: r.Root, ID: r.OfID}, units[r.Unit], r.Unit})
			}
		}
		if len(rows) < page {
			break
		}
	}
	return out, nil
}

// mostOverview bounds the page of the overview.
const mostOverview = 500

func (s *Service) overview(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := s.Overview(ctx, mostOverview)
	if err != nil {
		return err
	}
	now := clock.Now(ctx)
	cols := []ui.Column{{Text: tr(ctx, "seal.f.who")}, {Text: tr(ctx, "seal.f.keeper"), Label: true}, {Text: tr(ctx, "seal.f.purpose"), Label: true, Block: true}, {Text: tr(ctx, "seal.f.by"), Label: true}, {Text: tr(ctx, "seal.f.until"), Label: true}, {Text: tr(ctx, "seal.state")}}
	alone := ui.Table{Caption: tr(ctx, "seal.emergencies"), Columns: cols}
	live := ui.Table{Caption: tr(ctx, "seal.grants_live"), Columns: cols}
	for _, g := range list {
		row := ui.Row{ID: g.ID.String(), Cells: []ui.Cell{ui.Text(g.Name), ui.To(g.Unit.Name, "/unit/"+g.Unit.ID.String()), ui.Text(g.Purpose), ui.Text(g.ByName), ui.Text(i18n.Day(ctx, g.Until)), ui.State(tr(ctx, "seal.holds"), "p")}}
		if !g.Emergency() {
			live.Rows = append(live.Rows, row)
			continue
		}
		row.Cells[3], row.Cells[4], row.Cells[5] = ui.Text(tr(ctx, "seal.themselves")), ui.Text(minute(g.EndsAt)), emergencyState(ctx, g.Grant, now)
		row.Bad = g.Seen == clock.Open
		alone.Rows = append(alone.Rows, row)
	}
	title := tr(ctx, "seal.overview")
	v := sheet{Heading: ui.Heading{Title: title}, Lead: tr(ctx, "seal.overview_lead"), Parts: []part{
		{ID: "emergencies", Title: tr(ctx, "seal.emergencies"), Lead: tr(ctx, "seal.emergencies_lead"), Table: &alone, Empty: tr(ctx, "seal.emergencies_none"), Why: tr(ctx, "seal.emergencies_why")},
		{ID: "grants", Title: tr(ctx, "seal.grants_live"), Table: &live, Empty: tr(ctx, "seal.no_grant"), Why: tr(ctx, "seal.overview_none_why")}}}
	if len(list) == mostOverview {
		v.Parts[1].Lead = tr(ctx, "seal.latest_grants", "N", mostOverview)
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.Render(w, r, web.Page{Title: title, Current: "seal", Crumbs: []ui.Link{{Text: tr(ctx, "seal.kept"), Href: "/seal"}, {Text: title}}}, sheetTempl(v))
}

// emergencyState says whether the keeper has looked at it, and whether it opens still.
func emergencyState(ctx context.Context, g Grant, now time.Time) ui.Cell {
	switch {
	case g.Live(now):
		return ui.State(tr(ctx, "seal.holds"), "w")
	case g.Pending(now):
		return ui.State(tr(ctx, "seal.pending"), "w")
	case g.Seen == clock.Open:
		return ui.State(tr(ctx, "seal.unseen"), "w")
	}
	return ui.State(tr(ctx, "seal.seen_on", "Day", i18n.Day(ctx, g.Seen)), "p")
}

func (s *Service) apiOverview(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Overview(r.Context(), mostOverview)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return web.JSON(w, http.StatusOK, struct {
		Grants []OverviewRow `json:"grants"`
	}{append([]OverviewRow{}, list...)})
}

// keepRow is a class as the page and the API tell of it.
type keepRow struct {
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Days   int64  `json:"days"`
	Since  string `json:"since"`
	Ground string `json:"ground"`
	class  Class
	set    keptRow
}

// keepRows are the classes with how long each is kept in the reader's city.
func (s *Service) keepRows(ctx context.Context) (out []keepRow, err error) {
	set, err := s.store.retentionAcrossUnits(ctx)
	if err != nil {
		return nil, err
	}
	root := scope.From(ctx).Pos / org.City.Span()
	for _, c := range s.classes {
		k := keepRow{Kind: c.Kind, Name: tr(ctx, c.Name), Since: tr(ctx, c.Since), Ground: tr(ctx, c.Ground), class: c}
		if k.Days, err = s.keepIn(ctx, root, c.Kind); err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(set, func(r keptRow) bool { return r.Kind == c.Kind }); i >= 0 {
			k.set = set[i]
		}
		out = append(out, k)
	}
	return out, nil
}

func (s *Service) keeping(w http.ResponseWriter, r *http.Request) error {
	return s.showKeeping(w, r, nil, nil)
}

func (s *Service) showKeeping(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	list, err := s.keepRows(ctx)
	if err != nil {
		return err
	}
	title := tr(ctx, "seal.keeping")
	t := ui.Table{Caption: title, Columns: []ui.Column{{Text: tr(ctx, "seal.what")}, {Text: tr(ctx, "seal.f.keep"), Label: true, Right: true}, {Text: tr(ctx, "seal.f.since"), Label: true}, {Text: tr(ctx, "seal.f.law"), Label: true, Block: true}, {Text: tr(ctx, "seal.f.set"), Label: true}}}
	operates, err := s.Runs(ctx)
	if err != nil {
		return err
	}
	form := formView{Title: tr(ctx, "seal.do.keep"), Lead: tr(ctx, "seal.lead.keep")}
	if f == nil {
		f = blank()
	}
	which, days := input(ctx, f, ui.KindSelect, "class"), input(ctx, f, ui.KindNumber, "days")
	which.Options = []ui.Option{{Text: tr(ctx, "seal.choose")}}
	for _, k := range list {
		by := tr(ctx, "seal.as_shipped")
		switch {
		case k.set.Kind != "":
			by = tr(ctx, "seal.set_by", "Name", k.set.ByName, "Day", i18n.Day(ctx, k.set.Day))
		case k.class.Setting != "":
			by = tr(ctx, "seal.set_there")
		}
		set := ui.Text(by)
		if len(scope.From(ctx).AdminSet) > 0 {
			set.Href = k.class.Setting
		}
		if k.class.Most > 0 {
			which.Options = append(which.Options, ui.Option{Value: k.Kind, Text: tr(ctx, "seal.class_line", "Name", k.Name, "Least", k.class.Least, "Most", k.class.Most)})
		}
		kept := daysText(ctx, k.Days)
		if k.Days == 0 {
			kept = tr(ctx, "seal.as_record")
		}
		t.Rows = append(t.Rows, ui.Row{ID: k.Kind, Cells: []ui.Cell{ui.Text(k.Name), ui.Text(kept), ui.Text(k.Since), ui.Text(k.Ground), set}})
	}
	v := sheet{Heading: ui.Heading{Title: title}, Lead: tr(ctx, "seal.keeping_lead"), Parts: []part{{ID: "classes", Table: &t, Empty: tr(ctx, "seal.kept_none")}, s.keyPart(ctx)}}
	p := web.Page{Title: title, Current: "seal", Crumbs: []ui.Link{{Text: tr(ctx, "seal.kept"), Href: "/seal"}, {Text: title}}, Error: failed != nil}
	if !operates {
		return web.Render(w, r, p, sheetTempl(v))
	}
	form.Fields = []ui.Input{which, days}
	form.Spec = ui.FormSpec{Action: "/seal/keeping", Submit: tr(ctx, "seal.do.keep"), Key: web.NewKey()}
	if failed != nil {
		p.Status = form.refused(ctx, failed)
	}
	return web.Render(w, r, p, sheetFormTempl(v, form))
}

// yearDays is a year as retention counts it.
const yearDays = 365

// daysText says a span of days, in whole years where it is some: nobody reckons with 1,825 days.
func daysText(ctx context.Context, days int64) string {
	if days >= yearDays && days%yearDays == 0 {
		return tr(ctx, "seal.years", "N", days/yearDays)
	}
	return tr(ctx, "seal.days", "N", ui.Number(days))
}

// keyPart tells how the keys stand, for who reads how long things are kept: erasing reaches backups through them.
func (s *Service) keyPart(ctx context.Context) part {
	p := part{ID: "keys", Title: tr(ctx, "seal.keys"), Lead: tr(ctx, "seal.keys_lead")}
	k, err := s.KeyState()
	if err != nil {
		p.Words = []string{i18n.Error(ctx, err)}
		if n, bad := s.store.countAcrossUnits(ctx); bad == nil && n == 0 {
			p.Words = []string{tr(ctx, "seal.key_none")}
		}
		return p
	}
	newest := tr(ctx, "seal.key_old")
	if k.Newest != clock.Open {
		newest = i18n.Day(ctx, k.Newest)
	}
	locked, rhythm := "seal.key_plain", tr(ctx, "seal.rhythm_none")
	if k.Locked {
		locked = "seal.key_locked"
	}
	if k.Rhythm.Rotate > 0 {
		rhythm = tr(ctx, "seal.rhythm_rotate", "N", k.Rhythm.Rotate)
	}
	if k.Rhythm.Forget > 0 {
		rhythm = tr(ctx, "seal.rhythm_both", "N", k.Rhythm.Rotate, "Days", k.Rhythm.Forget)
	}
	p.Facts = []ui.Fact{{Label: tr(ctx, "seal.f.suite"), Text: tr(ctx, "seal.suite."+string(k.Suite))}, {Label: tr(ctx, "seal.f.newest"), Text: newest}, {Label: tr(ctx, "seal.f.keys"), Text: strconv.Itoa(k.Keys)},
		{Label: tr(ctx, "seal.f.locked"), Text: tr(ctx, locked)}, {Label: tr(ctx, "seal.f.rhythm"), Text: rhythm}}
	return p
}

func (s *Service) keepDo(w http.ResponseWriter, r *http.Request) error {
	if err := s.runner(r.Context()); err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	_, err = web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		if f.Text("class") == "" {
			f.Problems.Add("class", "seal.missing.class")
			return "", f.Problems.Err()
		}
		days, bad := strconv.ParseInt(f.Text("days"), 10, 64)
		if bad != nil {
			days = -1 // out of every bound
		}
		return "/seal/keeping", s.SetKeep(ctx, f.Text("class"), days)
	})
	if err == nil {
		return web.SeeOther(w, r, "/seal/keeping")
	}
	if !shown(err) {
		return err
	}
	return s.showKeeping(w, r, f, err)
}

func (s *Service) apiKeeping(w http.ResponseWriter, r *http.Request) error {
	list, err := s.keepRows(r.Context())
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, struct {
		Classes []keepRow `json:"classes"`
	}{append([]keepRow{}, list...)})
}

func (s *Service) texts(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	title := tr(ctx, "seal.texts")
	t := ui.Table{Caption: title, Columns: []ui.Column{{Text: tr(ctx, "seal.f.consent_to")}, {Text: tr(ctx, "seal.f.version"), Label: true, Right: true}, {Text: tr(ctx, "seal.f.since_day"), Label: true}, {Text: tr(ctx, "seal.f.lasts"), Label: true}}}
	for _, x := range s.purposes {
		latest, err := s.latest(ctx, x.purpose)
		if err != nil {
			return err
		}
		row := ui.Row{ID: x.purpose, Cells: []ui.Cell{ui.To(tr(ctx, x.nameKey), "/seal/text?purpose="+x.purpose), ui.Text(tr(ctx, "seal.text_none")), ui.Text(""), ui.Text("")}}
		if latest.Version > 0 {
			row.Cells[1], row.Cells[2], row.Cells[3] = ui.Text(ui.Number(latest.Version)), ui.Text(i18n.Day(ctx, latest.Day)), ui.Text(lasts(ctx, latest))
		}
		t.Rows = append(t.Rows, row)
	}
	v := sheet{Heading: ui.Heading{Title: title}, Lead: tr(ctx, "seal.texts_lead"), Parts: []part{{ID: "texts", Table: &t, Empty: tr(ctx, "seal.kept_none")}}}
	return web.Render(w, r, web.Page{Title: title, Current: "seal", Crumbs: []ui.Link{{Text: tr(ctx, "seal.kept"), Href: "/seal"}, {Text: title}}}, sheetTempl(v))
}

func lasts(ctx context.Context, t Text) string {
	if t.Days == 0 {
		return tr(ctx, "seal.lasts_purpose")
	}
	return tr(ctx, "seal.days", "N", ui.Number(t.Days))
}

func (s *Service) text(w http.ResponseWriter, r *http.Request) error {
	return s.showText(w, r, nil, nil)
}

// showText is the sheet that a guardian reads and signs, agreeing or refusing; below it the versions, and for who looks after the program
// the next one.
func (s *Service) showText(w http.ResponseWriter, r *http.Request, f *web.Form, failed error) error {
	ctx := r.Context()
	asked := r.URL.Query().Get("purpose") // the first one when none is named
	i := slices.IndexFunc(s.purposes, func(p purposeOf) bool { return asked == "" || p.purpose == asked })
	if i < 0 {
		return web.NotFound(r)
	}
	list, err := s.Texts(ctx, s.purposes[i].purpose)
	if err != nil {
		return err
	}
	name := tr(ctx, s.purposes[i].nameKey)
	v := textView{Title: tr(ctx, "seal.consent_sheet", "What", name), List: list}
	p := web.Page{Title: v.Title, Current: "seal", Crumbs: []ui.Link{{Text: tr(ctx, "seal.texts"), Href: "/seal/texts"}, {Text: name}}, Error: failed != nil}
	if may, err := s.Runs(ctx); err != nil {
		return err
	} else if may {
		version := int64(0)
		if len(list) > 0 {
			version = list[0].Version
		}
		if f == nil {
			f = blank()
			if f.Set("days", "0"); len(list) > 0 {
				f.Set("body", list[0].Body)
				f.Set("days", strconv.FormatInt(list[0].Days, 10))
			}
		} else if !errs.Is(failed, errs.Conflict) { // who has seen that it was changed may save over it
			version = f.Version()
		}
		body, days := input(ctx, f, ui.KindArea, "body"), input(ctx, f, ui.KindNumber, "days_consent")
		body.Lines, days.Value = 10, f.Get("days")
		days.Name = "days"
		v.Form = &formView{Title: tr(ctx, "seal.do.text"), Lead: tr(ctx, "seal.lead.text"), Fields: []ui.Input{body, days},
			Spec: ui.FormSpec{Action: "/seal/text?purpose=" + s.purposes[i].purpose, Submit: tr(ctx, "seal.do.text"), Key: web.NewKey(), Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(version, 10)}}}}
		if failed != nil {
			p.Status = v.Form.refused(ctx, failed)
		}
	}
	return web.Render(w, r, p, textTempl(v))
}

type textView struct {
	Title string
	List  []Text
	Form  *formView
}

func (s *Service) textDo(w http.ResponseWriter, r *http.Request) error {
	if err := s.runner(r.Context()); err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	purpose := r.URL.Query().Get("purpose")
	to, err := web.Once(r.Context(), s.db, f.Key(), func(ctx context.Context) (string, error) {
		days, bad := strconv.ParseInt(f.Text("days"), 10, 64)
		if bad != nil {
			days = -1
		}
		return "/seal/text?purpose=" + purpose, s.SetText(ctx, Text{Purpose: purpose, Version: f.Version(), Body: f.Get("body"), Days: days})
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	if !shown(err) {
		return err
	}
	return s.showText(w, r, f, err)
}
