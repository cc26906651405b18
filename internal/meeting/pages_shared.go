package meeting

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
)

// sharedRoutes are what an account that stands for a body reaches of meetings: the decisions that the body leads or helps with,
// and the invitations to it.
func (s *Service) sharedRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/shared/decision/{ref}", Right: scope.SignedIn, Scope: web.Self, Name: "meeting.sharedDecision", Handler: s.sharedPage},
		{Method: http.MethodGet, Path: "/shared/meeting/{ref}", Right: scope.SignedIn, Scope: web.Self, Name: "meeting.sharedMeeting", Handler: s.invitationPage},
		{Method: http.MethodPost, Path: "/shared/meeting/{ref}/reply", Right: scope.SignedIn, Scope: web.Self, Name: "meeting.sharedReply", Handler: s.invitationPost},
		{Method: http.MethodPost, Path: "/shared/decision/{ref}/report", Right: scope.SignedIn, Scope: web.Self, Name: "meeting.sharedReport", Handler: s.sharedPost},
	}
}

// SharedPath is where a body reads a decision.
func SharedPath(ref id.Ref) string { return "/shared/decision/" + ref.String() }

// sharedView is a decision or an invitation as a body sees it, with the form of its report or answer while it is open.
type sharedView struct {
	showView
	Title string // of the form
	Form  *formView
}

func (s *Service) sharedView(ctx context.Context, ref id.Ref, key string) (sharedView, error) {
	_, d, ver, _, err := s.SharedDecision(ctx, ref)
	if err != nil {
		return sharedView{}, err
	}
	u, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return sharedView{}, err
	}
	today := clock.Today(ctx)
	state := stateCell(ctx, d.StateOn(today), d.Due, d.DoneOn, today)
	v := sharedView{showView: showView{Heading: ui.Heading{Over: i18n.T(ctx, "meeting.decision"), Title: d.Text, Under: u.Name, Tags: []ui.Mark{{Text: state.Text, Kind: strings.Trim(state.Tag, "-")}}}}, Title: i18n.T(ctx, "meeting.shared_report")}
	v.Facts = []ui.Fact{{Label: i18n.T(ctx, "meeting.f.lead"), Text: d.Lead.Name}}
	for _, p := range d.Assist {
		v.Facts = append(v.Facts, ui.Fact{Label: i18n.T(ctx, "meeting.f.assist"), Text: p.Name})
	}
	v.Facts = append(v.Facts, factsOf(ctx, s.decisionFacts(ctx, d), "decided_on", "due", "done_on", "dropped_on")...)
	steps := section{ID: "steps", Title: i18n.T(ctx, "meeting.f.steps"), Empty: i18n.T(ctx, "meeting.no_steps")}
	for n := len(d.Steps) - 1; n >= 0; n-- {
		st := d.Steps[n]
		steps.Line = append(steps.Line, ui.Event{When: i18n.Day(ctx, st.On), Text: i18n.T(ctx, "meeting.step_line", "By", st.By, "Text", st.Text)})
	}
	v.Sections = []section{steps}
	if d.DoneOn == clock.Open && d.DroppedOn == clock.Open {
		v.Form = &formView{Inputs: []ui.Input{{Kind: ui.KindArea, Name: "text", Label: i18n.T(ctx, "meeting.shared_report"), Lines: 4}},
			Spec: ui.FormSpec{Action: SharedPath(ref) + "/report", Key: key, Submit: i18n.T(ctx, "meeting.shared_send"), Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(ver.N, 10)}}}}
	}
	return v, nil
}

func (s *Service) showShared(w http.ResponseWriter, r *http.Request, v sharedView, status int) error {
	list := ui.Link{Text: i18n.T(r.Context(), "meeting.shared"), Href: "/shared"}
	return web.Render(w, r, web.Page{Title: v.Heading.Title, Current: "shared", Error: status != 0, Status: status, Crumbs: []ui.Link{list, {Text: v.Heading.Title}}}, sharedTempl(v))
}

func (s *Service) sharedPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	v, err := s.sharedView(r.Context(), ref, web.NewKey())
	if err != nil {
		return err
	}
	return s.showShared(w, r, v, 0)
}

func (s *Service) sharedPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	if _, _, _, _, err := s.SharedDecision(ctx, ref); err != nil { // before what was typed is looked at
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		return SharedPath(ref), s.ReportAs(ctx, ref, f.Version(), f.Text("text"))
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	_, faults, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	v, err := s.sharedView(ctx, ref, f.Key())
	if err != nil {
		return err
	}
	if v.Form == nil {
		return errs.New(errs.Conflict, "meeting.not_now")
	}
	in := &v.Form.Inputs[0]
	for n := range faults {
		faults[n].Name = in.Name
		in.Error = faults[n].Text
	}
	v.Form.Faults, in.Value = faults, f.Get(in.Name)
	return s.showShared(w, r, v, http.StatusUnprocessableEntity)
}

// InvitationPath is where a body reads and answers an invitation.
func InvitationPath(ref id.Ref) string { return "/shared/meeting/" + ref.String() }

func (s *Service) invitationView(ctx context.Context, ref id.Ref, key string) (sharedView, error) {
	_, m, ver, _, err := s.SharedMeeting(ctx, ref)
	if err != nil {
		return sharedView{}, err
	}
	u, err := s.rec.Home(ctx, m.Unit)
	if err != nil {
		return sharedView{}, err
	}
	v := sharedView{showView: showView{Heading: ui.Heading{Over: i18n.T(ctx, "meeting.invitation"), Title: m.Title, Under: u.Name, Tags: []ui.Mark{{Text: s.sort(ctx, m.Kind)}}}}, Title: i18n.T(ctx, "meeting.do.reply")}
	if m.CancelledOn != "" {
		v.Heading.Tags = append(v.Heading.Tags, ui.Mark{Text: i18n.T(ctx, "meeting.state.cancelled"), Kind: "w"})
	}
	v.Facts = factsOf(ctx, s.facts(ctx, m), "day", "place", "chair", "cancelled_on")
	for _, x := range m.Seats {
		v.Facts = append(v.Facts, ui.Fact{Label: x.who(), Text: x.answer(ctx)})
	}
	v.Sections = s.agendaPart(ctx, m)
	if m.CancelledOn == "" && m.Day >= clock.Today(ctx) {
		inputs, err := askReply(ctx, s, oneMeeting{Ref: ref, V: m, N: ver.N, Unit: u, Works: true})
		if err != nil {
			return v, err
		}
		v.Form = &formView{Inputs: inputs, Spec: ui.FormSpec{Action: InvitationPath(ref) + "/reply", Key: key, Submit: v.Title, Hidden: []ui.Pair{{Name: "_version", Value: strconv.FormatInt(ver.N, 10)}}}}
	}
	return v, nil
}

func (s *Service) invitationPage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	v, err := s.invitationView(r.Context(), ref, web.NewKey())
	if err != nil {
		return err
	}
	return s.showShared(w, r, v, 0)
}

func (s *Service) invitationPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	if _, _, _, _, err := s.SharedMeeting(ctx, ref); err != nil { // before what was typed is looked at
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	no, _ := strconv.ParseInt(f.Text("no"), 10, 64) // a seat of nobody's is not found
	to, err := web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		return InvitationPath(ref), s.AnswerAs(ctx, ref, f.Version(), no, f.Text("reply"), f.Text("deputy"), f.Text("why"))
	})
	if err == nil {
		return web.SeeOther(w, r, to)
	}
	beside, faults, rest := web.Problems(ctx, err)
	if rest != nil {
		return rest
	}
	v, err := s.invitationView(ctx, ref, f.Key())
	if err != nil {
		return err
	}
	if v.Form == nil {
		return errs.New(errs.Conflict, "meeting.not_now")
	}
	v.Form.Faults = faults
	for i := range v.Form.Inputs {
		in := &v.Form.Inputs[i]
		in.Value, in.Error = f.Get(in.Name), beside[in.Name]
	}
	return s.showShared(w, r, v, http.StatusUnprocessableEntity)
}
