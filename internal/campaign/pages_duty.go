package campaign

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// dutyView is a campaign as one unit carries it out.
type dutyView struct {
	Task
	Name    string
	Lead    string
	State   State
	Day     clock.Day
	May     map[string]bool
	History []ui.Change
	Key     string
}

func (v dutyView) path() string { return dutyPath(v.Ref, v.Unit.ID) }

func (s *Service) taskIn(r *http.Request) (Task, error) {
	ref, err := web.RefIn(r)
	if err != nil {
		return Task{}, err
	}
	u, err := s.org.Resolve(r.Context(), r.PathValue("unit"))
	if err != nil {
		return Task{}, web.NotFound(r)
	}
	t, err := s.Task(r.Context(), ref, u.ID)
	if errs.Is(err, errs.NotFound) {
		return t, web.NotFound(r)
	}
	return t, err
}

func (s *Service) duty(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	v := dutyView{Task: t, Name: Name(ctx, t.Campaign), Lead: s.unitName(ctx, t.Campaign.Unit), Day: clock.Today(ctx), Key: web.NewKey()}
	v.State = t.Duty.StateOn(v.Day)
	if v.May, err = s.MayAct(ctx, t); err != nil {
		return err
	}
	if t.Version > 0 {
		if v.History, err = s.duties.Timeline(ctx, t.Duties, v.path()+"/undo"); err != nil {
			return err
		}
		if len(v.History) > 0 && !v.May[ActUndo] {
			v.History[0].Undo = nil
		}
	}
	title := v.Unit.Name + " · " + v.Name
	p := web.Page{Title: title, Current: "campaign", Crumbs: []ui.Link{{Text: i18n.T(ctx, "campaign.heading"), Href: "/campaign"},
		{Text: v.Name, Href: "/campaign/" + v.Ref.String()}, {Text: v.Unit.Name}}}
	return web.Render(w, r, p, dutyPage(v))
}

// dutyActs are the acts with a page of their own.
var dutyActs = []string{ActPlan, ActReport, ActRemove}

func (s *Service) dutyForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	act := r.PathValue("act")
	if act == "done" {
		return s.dutyDone(w, r, t)
	}
	if !slices.Contains(dutyActs, act) {
		return web.NotFound(r)
	}
	if err := s.mayAct(ctx, t, "campaign.act."+act); err != nil {
		return err
	}
	may, err := s.MayAct(ctx, t)
	if err != nil {
		return err
	}
	if !may[act] {
		return errs.New(errs.Conflict, "campaign.not_now")
	}
	return s.renderAct(w, r, s.dutyActOf(ctx, t, act), nil, 0)
}

func (s *Service) dutyActOf(ctx context.Context, t Task, act string) actView {
	here := dutyPath(t.Ref, t.Unit.ID)
	d := t.Duty
	v := actView{Act: act, Over: t.Unit.Name + " · " + Name(ctx, t.Campaign), Title: i18n.T(ctx, "campaign.form."+act), Lead: t.Campaign.Slogan,
		Action: here + "/" + act, BackTo: here, Version: t.Version, Key: web.NewKey()}
	switch act {
	case ActPlan:
		v.Fields = []ui.Input{
			{Kind: ui.KindArea, Name: "text", Label: i18n.T(ctx, "campaign.wording"), Hint: i18n.T(ctx, "campaign.wording_hint"), Value: d.Wording, Lines: 6},
			{Kind: ui.KindDate, Name: "day", Label: i18n.T(ctx, "campaign.own_due"), Hint: i18n.T(ctx, "campaign.own_due_hint", "Due", i18n.Day(ctx, t.Due)),
				Value: string(d.Due), Max: string(t.Due), Optional: true},
		}
	case ActReport:
		if d.ReportedOn != clock.Open {
			v.Title = i18n.T(ctx, "campaign.form.correct")
		}
		v.Fields = []ui.Input{
			{Kind: ui.KindArea, Name: "text", Label: i18n.T(ctx, "campaign.report"), Hint: i18n.T(ctx, "campaign.report_hint"), Value: d.Report, Lines: 8},
			{Kind: ui.KindDate, Name: "day", Label: i18n.T(ctx, "campaign.carried_on"), Value: string(d.CarriedOn), Max: string(clock.Today(ctx)), Optional: true},
		}
	case ActRemove:
		v.Title, v.Lead = i18n.T(ctx, "campaign.form.remove_duty"), ""
		v.Fields = []ui.Input{{Kind: ui.KindArea, Name: "reason", Label: i18n.T(ctx, "campaign.remove_reason"), Hint: i18n.T(ctx, "campaign.remove_duty_hint")}}
	}
	return v
}

func (s *Service) dutyAct(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	act := r.PathValue("act")
	if !slices.Contains(dutyActs, act) && act != ActReceive && act != ActUndo {
		return web.NotFound(r)
	}
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	t, err := s.taskIn(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	st := Step{Version: f.Version(), Text: f.Text("text"), Reason: f.Text("reason")}
	if st.Day, err = clock.ParseDay(f.Text("day")); err != nil && f.Text("day") != "" {
		f.Problems.Add("day", "errs.day_unreadable")
	}
	if err = f.Problems.Err(); err == nil {
		var to string
		to, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			q := url.Values{"act": {act}}
			moved, err := s.rec.Watched(ctx, ownBook(ctx), watched, func(ctx context.Context) error {
				if withdrawn, bad := id.ParseRef(r.URL.Query().Get("duty")); act == ActUndo && bad == nil && t.Version == 0 {
					return s.Restore(ctx, withdrawn, st.Version)
				}
				return s.Act(ctx, ref, t.Unit.ID, act, st)
			})
			if q.Set("moved", moved); act == ActRemove {
				q.Set("duty", t.Duties.String())
			}
			return dutyPath(ref, t.Unit.ID) + "/done?" + q.Encode(), err
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
	}
	if !slices.Contains(dutyActs, act) {
		return err
	}
	v := s.dutyActOf(ctx, t, act)
	v.Version = st.Version
	return s.refused(w, r, v, f, err)
}

// dutyDone says what the unit did, which figures moved, and how to take it back.
func (s *Service) dutyDone(w http.ResponseWriter, r *http.Request, t Task) error {
	ctx, q := r.Context(), r.URL.Query()
	act := q.Get("act")
	if !slices.Contains(append([]string{ActReceive, ActUndo}, dutyActs...), act) {
		return web.NotFound(r)
	}
	key := "campaign.done." + act
	if act == ActReport && t.Duty.CorrectedOn != clock.Open {
		key = "campaign.done.correct"
	}
	if act == ActRemove {
		key = "campaign.done.remove_duty"
	}
	here := dutyPath(t.Ref, t.Unit.ID)
	res := ui.Result{Title: i18n.T(ctx, key), CodeLabel: Name(ctx, t.Campaign), Code: t.Unit.Name, Acts: []ui.Button{{Text: i18n.T(ctx, "campaign.see"), Href: here, Main: true},
		{Text: i18n.T(ctx, "campaign.to_list"), Href: "/campaign"}}}
	var err error
	if res.Moved, err = s.rec.Moved(ctx, ownBook(ctx), watched, q.Get("moved")); err != nil {
		return err
	}
	res.Next = []ui.Link{{Text: i18n.T(ctx, "campaign.next."+string(t.Duty.StateOn(clock.Today(ctx))), "Due", i18n.Day(ctx, t.DueHere()))}}
	if withdrawn, bad := id.ParseRef(q.Get("duty")); act == ActRemove && bad == nil && t.Version == 0 {
		_, v, err := s.Withdrawn(ctx, withdrawn)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		if err == nil {
			res.Undo, res.UndoUntil = s.duties.UndoPost(ctx, v, here+"/undo?duty="+withdrawn.String())
		}
	}
	if t.Version > 0 && act != ActUndo {
		_, v, err := s.duties.Get(ctx, t.Duties)
		if err != nil {
			return err
		}
		res.Undo, res.UndoUntil = s.duties.UndoPost(ctx, v, here+"/undo")
	}
	return web.Render(w, r, web.Page{Title: res.Title, Current: "campaign"}, donePanel(res))
}

// exportTargets is the list of a campaign's targets within a unit as a table, with what each has done: whoever fills it in
// can import it again.
func (s *Service) exportTargets(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	c, _, err := s.Campaign(ctx, ref)
	if err != nil {
		return err
	}
	u, err := s.seenFrom(r, c)
	if err != nil {
		return err
	}
	if !scope.From(ctx).May(scope.View, u.Pos) {
		return web.NotFound(r)
	}
	rows, err := s.targetRows(ctx, ref, c, u)
	if err != nil {
		return err
	}
	title := Name(ctx, c) + "-" + u.Name
	format := attach(w, r, title)
	return table.Write(w, format, table.Table{Title: title, Columns: dutyTable(ctx), BOM: format == table.CSV, Rows: func(yield func([]table.Value, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}})
}
