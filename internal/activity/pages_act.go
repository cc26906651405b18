package activity

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/ledger"
	"xinhuo/internal/record"
)

// act is one thing that is done to an activity: a form, and what its answers do. The address, the version, problems, the
// idempotency key and the page after it are the same for all.
type act struct {
	path  string // /activity/{ref}/{path}; its texts are activity.do.{path} and activity.did.{path}
	name  string // activity.act.{name} in histories and in the log
	file  bool   // the form takes pictures, named photo
	ask   func(s *Service, ctx context.Context, ref id.Ref, a Activity, f *web.Form) ([]group, error)
	write func(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, photos []Photo) error
}

var acts = []act{
	{path: "edit", name: "edit", ask: (*Service).askEdit, write: (*Service).writeEdit},
	{path: "held", name: "held", ask: (*Service).askHeld, write: (*Service).writeHeld},
	{path: "cancel", name: "cancel", ask: askReason, write: (*Service).writeCancel},
	{path: "safety", name: "safety", ask: askSafety, write: (*Service).writeSafety},
	{path: "contest", name: "contest", ask: askContest, write: (*Service).writeContest},
	{path: "feedback", name: "feedback", ask: askFeedback, write: (*Service).writeFeedback},
	{path: "classes", name: "classes", ask: (*Service).askClasses, write: (*Service).writeClasses},
	{path: "photo", name: "photo", file: true, ask: askPhoto, write: writePhoto},
	{path: "photo-remove", name: "photo_remove", ask: askPhotoRemove, write: writePhotoRemove},
	{path: "photo-consent", name: "photo_consent", ask: askPhotoConsent, write: writePhotoConsent},
	{path: "photo-stop", name: "photo_stop", ask: askPhotoStop, write: writePhotoStop},
	{path: "incident", name: "incident", ask: askIncident, write: writeIncident},
	{path: "minor", name: "minor", ask: askMinor, write: writeMinor},
	{path: "consent", name: "consent", ask: askConsent, write: writeConsent},
	{path: "withdraw", name: "withdraw", ask: askWithdraw, write: writeWithdraw},
	{path: "remove", name: "remove", ask: askReason, write: writeRemove},
}

// watched are the figures of which the page after an act says how they moved.
var watched = []string{"activity.held", "activity.person_times", "activity.online_times", "activity.minors_times", "activity.at_base", "activity.joint", "activity.themed",
	"activity.active_townships"}

// mayAct refuses who may not do the act before its form is shown or read.
func (s *Service) mayAct(ctx context.Context, a act, ref id.Ref) (Activity, record.Version, error) {
	body, v, err := s.Get(ctx, ref)
	if err != nil {
		return body, v, err
	}
	return body, v, s.mayEdit(ctx, ref, body, record.Change{Act: "activity.act." + a.name})
}

func (s *Service) actForm(a act) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		body, v, err := s.mayAct(r.Context(), a, ref)
		if err != nil {
			return err
		}
		return s.renderAct(w, r, a, ref, body, v.N, &web.Form{Values: url.Values{}}, web.NewKey(), nil)
	}
}

func (s *Service) actDo(a act) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		ref, err := refOf(r)
		if err != nil {
			return err
		}
		body, _, err := s.mayAct(ctx, a, ref)
		if a.path == "remove" && errs.Is(err, errs.NotFound) { // sent twice: the first one took it out
			body, _, err = s.book.Removed(ctx, ref)
		}
		if err != nil {
			return err
		}
		f, photos := &web.Form{}, []Photo(nil)
		if a.file {
			f, photos, err = s.readUpload(w, r)
		} else {
			f, err = web.ReadForm(w, r)
		}
		if err != nil {
			return err
		}
		version, err := strconv.ParseInt(f.Text("_version"), 10, 64)
		if err != nil {
			return errs.Wrap(err, errs.Invalid, "errs.key_missing")
		}
		to, err := s.once(ctx, f, a.path, func(ctx context.Context) (id.Ref, error) {
			if err := f.Problems.Err(); err != nil {
				return ref, err
			}
			return ref, a.write(s, ctx, ref, version, f, photos)
		})
		if err == nil {
			return web.SeeOther(w, r, to)
		}
		if k := errs.KindOf(err); k == errs.Internal || k == errs.NotFound {
			return err
		}
		return s.renderAct(w, r, a, ref, body, version, f, f.Key(), err)
	}
}

// photoLater takes a photo that follows its report, from the script that sends it: once for its key. It answers in words
// what is wrong with one that cannot be taken.
func (s *Service) photoLater(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	a, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	if err := s.mayEdit(ctx, ref, a, record.Change{Act: "activity.act.photo"}); err != nil {
		return err
	}
	f, photos, err := s.readUpload(w, r)
	if err == nil && len(photos) == 0 {
		f.Problems.Add("photo", "activity.photo_missing")
	}
	if err == nil {
		_, err = web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
			if err := f.Problems.Err(); err != nil {
				return "", err
			}
			return "/activity/" + ref.String(), s.AddLater(ctx, ref, photos)
		})
	}
	if err == nil {
		return web.JSON(w, http.StatusOK, map[string]int{"photos": len(photos)})
	}
	if k := errs.KindOf(err); k == errs.Internal || k == errs.NotFound || k == errs.Forbidden {
		return err
	}
	text := i18n.Error(ctx, err)
	if _, list, rest := web.Problems(ctx, err); rest == nil && len(list) > 0 {
		text = list[0].Text
	}
	return web.JSON(w, errs.KindOf(err).Status(), map[string]string{"text": text})
}

func (s *Service) renderAct(w http.ResponseWriter, r *http.Request, a act, ref id.Ref, body Activity, version int64, f *web.Form, key string, failed error) error {
	ctx := r.Context()
	groups, err := a.ask(s, ctx, ref, body, f)
	if errors.Is(err, errNoCamp) && r.Method == http.MethodGet {
		http.Redirect(w, r, "/activity/"+ref.String(), http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	v := formView{Title: i18n.T(ctx, "activity.do."+a.path), Back: ui.Link{Text: body.Title, Href: "/activity/" + ref.String()}, Action: "/activity/" + ref.String() + "/" + a.path,
		Key: key, Version: version, Groups: groups, File: a.file, Submit: i18n.T(ctx, "activity.do."+a.path)}
	if lead := "activity.do_lead." + a.path; i18n.Has(ctx, lead) {
		v.Lead = i18n.T(ctx, lead)
	}
	if a.path == "edit" {
		v.Hidden = append(v.Hidden, ui.Pair{Name: "asked_campaigns", Value: "1"})
	}
	for _, k := range f.Values["kept"] {
		v.Hidden = append(v.Hidden, ui.Pair{Name: "kept", Value: k})
	}
	return renderForm(w, r, v, failed)
}

// once does an act once for its key and answers the address of the page that says which figures it moved.
func (s *Service) once(ctx context.Context, f *web.Form, path string, do func(ctx context.Context) (id.Ref, error)) (string, error) {
	return web.Once(ctx, s.db, f.Key(), func(ctx context.Context) (string, error) {
		var ref id.Ref
		on := clock.Today(ctx)
		if d, err := table.ParseDay(f.Text("day")); err == nil {
			on = clock.Day(d)
		}
		moved, err := s.rec.Watched(ctx, moves(ctx, on), watched, func(ctx context.Context) (err error) {
			ref, err = do(ctx)
			return err
		})
		if err != nil {
			return "", err
		}
		if path == "remove" { // there is no page of its own any more
			version, err := strconv.ParseInt(f.Text("_version"), 10, 64)
			return link("/activity", "done", path, "ref", ref.String(), "version", strconv.FormatInt(version+1, 10)), err
		}
		return link("/activity/"+ref.String()+"/done", "did", path, "day", string(on), "moved", moved), nil
	})
}

// moves asks the figures of a day's year in the reader's own book.
func moves(ctx context.Context, on clock.Day) ledger.Query {
	p := clock.YearOf(on.Year())
	return ledger.Query{Unit: scope.From(ctx).Unit, Day: clock.Today(ctx), From: p.From, To: p.To}
}

// done is the page after an act: the figures that moved, what comes next, and the way back.
func (s *Service) done(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	a, v, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	did := q.Get("did")
	if did != "open" && !slices.ContainsFunc(acts, func(x act) bool { return x.path == did }) {
		did = "create"
	}
	if did == "create" && a.Status == Planned {
		did = "planned"
	}
	here := "/activity/" + ref.String()
	title := i18n.T(ctx, "activity.did."+did)
	res := ui.Result{Title: title, CodeLabel: a.Title, Code: a.Code,
		Acts: []ui.Button{{Text: i18n.T(ctx, "activity.see"), Href: here, Main: true}, {Text: i18n.T(ctx, "activity.to_list"), Href: link("/activity", "unit", s.viewUnit(ctx, a.Lead()))}}}
	if did == "create" {
		res.Next = append(res.Next, ui.Link{Text: i18n.T(ctx, "activity.next_none")})
	}
	notes, err := s.notes(ctx, a)
	if err != nil {
		return err
	}
	for _, n := range notes {
		res.Next = append(res.Next, ui.Link{Text: n.Title, Sub: n.Text})
	}
	if res.Moved, err = s.rec.Moved(ctx, moves(ctx, dayOf(q, "day", a.Day)), watched, q.Get("moved")); err != nil {
		return err
	}
	if did == "create" {
		if first, ok, err := s.reported(ctx, ref); err != nil {
			return err
		} else if ok {
			v = first
		}
	}
	res.Undo, res.UndoUntil = s.book.UndoPost(ctx, v, here+"/undo")
	p := web.Page{Title: title, Plain: true, Current: Kind, Follows: s.keeps(ctx, a), Crumbs: []ui.Link{{Text: a.Title, Href: here}, {Text: title}}}
	return web.Render(w, r, p, donePage(res))
}

// the forms

func (s *Service) askEdit(ctx context.Context, ref id.Ref, a Activity, f *web.Form) ([]group, error) {
	u, err := s.rec.Home(ctx, a.Lead())
	if err != nil {
		return nil, err
	}
	if !f.Has("title") {
		s.setForm(ctx, f, a)
	}
	return s.sections(ctx, u, f, true)
}

// setForm fills a form with an activity.
func (s *Service) setForm(ctx context.Context, f *web.Form, a Activity) {
	and := i18n.T(ctx, "activity.and")
	people := func(role string) string {
		var out []string
		for _, p := range a.People {
			if p.Role == role {
				out = append(out, p.Name)
			}
		}
		return strings.Join(out, and)
	}
	var hosts []string
	for i, h := range a.Hosts {
		if i > 0 {
			hosts = append(hosts, s.unitName(ctx, h.Unit))
		}
	}
	for name, value := range map[string]string{"title": a.Title, "type": a.Type, "topic": a.Topic, "series": a.Series, "day": string(a.Day), "last_day": string(a.LastDay),
		"from": a.From, "to": a.To, "mode": string(a.Mode), "online": typed(a.Online), "works": typed(a.Works), "awards": typed(a.Awards), "responsible": a.Responsible,
		"phone": a.Phone, "aim": a.Aim, "method": a.Method, "summary": a.Summary, "lecturers": people("lecturer"), "helpers": people("helper"), "hosts": strings.Join(hosts, and), "materials": numbersOf(a.Materials)} {
		f.Set(name, value)
	}
	for i, st := range a.Stops {
		no := strconv.Itoa(i)
		f.Set("place."+no, st.Place)
		f.Set("venue."+no, st.Venue)
		f.Set("stop_from."+no, st.From)
		f.Set("stop_to."+no, st.To)
		if st.Memorial {
			f.Set("memorial."+no, "1")
		}
	}
	for i, g := range a.Audience {
		f.Set("group."+strconv.Itoa(i), g.Group)
		f.Set("count."+strconv.Itoa(i), typed(g.Count))
	}
	for _, c := range a.Campaigns {
		f.Add("campaigns", c.String())
	}
}

func (s *Service) writeEdit(ctx context.Context, ref id.Ref, version int64, f *web.Form, _ []Photo) error {
	was, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	a, err := s.fromForm(ctx, ref.Root, f, was)
	if err != nil {
		return err
	}
	return s.Save(ctx, ref, version, a, record.Change{Act: "activity.act.edit"})
}

func (s *Service) askHeld(ctx context.Context, ref id.Ref, a Activity, f *web.Form) ([]group, error) {
	l, err := s.Lists(ctx, ref.Root)
	if err != nil {
		return nil, err
	}
	if !f.Has(nth("group", 0)) {
		s.setForm(ctx, f, a)
	}
	heads := s.headGroup(ctx, f, l, false)
	heads.Fields = heads.Fields[1:] // how it was planned stays
	return []group{heads, {Title: i18n.T(ctx, "activity.g.results"), Fields: []ui.Input{optional(brief(input(ctx, f, ui.KindNumber, "works"))), optional(brief(input(ctx, f, ui.KindNumber, "awards"))),
		optional(hinted(ctx, input(ctx, f, ui.KindArea, "summary")))}}}, nil
}

func (s *Service) writeHeld(ctx context.Context, ref id.Ref, version int64, f *web.Form, _ []Photo) error {
	o := Outcome{Audience: audienceFrom(f), Online: number(f, "online"), Works: number(f, "works"), Awards: number(f, "awards"), Summary: f.Text("summary")}
	if err := f.Problems.Err(); err != nil {
		return err
	}
	return s.Finish(ctx, ref, version, o)
}

func askReason(_ *Service, ctx context.Context, _ id.Ref, _ Activity, f *web.Form) ([]group, error) {
	return []group{{Fields: []ui.Input{input(ctx, f, ui.KindArea, "reason")}}}, nil
}

func (s *Service) writeCancel(ctx context.Context, ref id.Ref, version int64, f *web.Form, _ []Photo) error {
	return s.Cancel(ctx, ref, version, f.Text("reason"))
}

func askSafety(_ *Service, ctx context.Context, _ id.Ref, a Activity, f *web.Form) ([]group, error) {
	if !f.Has("plan") {
		for name, value := range map[string]string{"plan": a.Safety.Plan, "emergency": a.Safety.Emergency, "signed_by": a.Safety.SignedBy, "signed_on": string(a.Safety.SignedOn),
			"insurance": a.Safety.Insurance, "staff": typed(a.Safety.Staff)} {
			f.Set(name, value)
		}
		f.Values["risks"] = a.Safety.Risks
		preset(f, "signed_by", scope.From(ctx).Name)
	}
	return []group{safetyGroup(ctx, f, a.Class == Camp)}, nil
}

func (s *Service) writeSafety(ctx context.Context, ref id.Ref, version int64, f *web.Form, _ []Photo) error {
	a, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	sf := safetyFrom(f, a.Safety)
	if err := f.Problems.Err(); err != nil {
		return err
	}
	if reflect.DeepEqual(sf, Safety{}) && reflect.DeepEqual(a.Safety, Safety{}) { // an empty form says nothing and is no plan
		return problem("plan", "activity.plan_missing")
	}
	return s.SetSafety(ctx, ref, version, sf)
}

func askContest(_ *Service, ctx context.Context, _ id.Ref, a Activity, f *web.Form) ([]group, error) {
	if !f.Has("entries") {
		var lines []string
		for _, e := range a.Contest.Entries {
			lines = append(lines, strings.TrimSpace(e.Name+" "+points(e.Score)+" "+e.Award))
		}
		f.Set("rules", a.Contest.Rules)
		f.Set("entries", strings.Join(lines, "\n"))
	}
	list := hinted(ctx, input(ctx, f, ui.KindArea, "entries"))
	list.Lines = 10
	return []group{{Fields: []ui.Input{optional(input(ctx, f, ui.KindArea, "rules")), list}}}, nil
}

func (s *Service) writeContest(ctx context.Context, ref id.Ref, version int64, f *web.Form, _ []Photo) error {
	list, err := entriesOf(f.Get("entries"))
	if err != nil {
		return err
	}
	a, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	if f.Text("rules") == "" && len(list) == 0 && a.Contest.Rules == "" && len(a.Contest.Entries) == 0 {
		return problem("entries", "activity.entries_missing")
	}
	return s.SetContest(ctx, ref, version, Contest{Rules: f.Text("rules"), Entries: list})
}

func askFeedback(_ *Service, ctx context.Context, _ id.Ref, a Activity, f *web.Form) ([]group, error) {
	if !f.Has("answers") {
		f.Set("answers", typed(a.Feedback.Answers))
		f.Set("satisfied", typed(a.Feedback.Satisfied))
	}
	return []group{{Fields: []ui.Input{brief(input(ctx, f, ui.KindNumber, "answers")), brief(input(ctx, f, ui.KindNumber, "satisfied"))}}}, nil
}

func (s *Service) writeFeedback(ctx context.Context, ref id.Ref, version int64, f *web.Form, _ []Photo) error {
	fb := Feedback{Answers: number(f, "answers"), Satisfied: number(f, "satisfied")}
	if err := f.Problems.Err(); err != nil {
		return err
	}
	a, _, err := s.Get(ctx, ref)
	if err != nil {
		return err
	}
	if f.Text("answers") == "" && f.Text("satisfied") == "" && a.Feedback == (Feedback{}) {
		return problem("answers", "activity.answers_missing")
	}
	return s.SetFeedback(ctx, ref, version, fb)
}

// problem is one thing to change in a form.
func problem(field, key string) error {
	var f errs.Fields
	f.Add(field, key)
	return f.Err()
}

func askPhoto(_ *Service, ctx context.Context, _ id.Ref, a Activity, f *web.Form) ([]group, error) {
	in := hinted(ctx, input(ctx, f, ui.KindFile, "photo"))
	in.Accept, in.Multiple = "image/*", true
	preset(f, "alt", a.Title)
	return []group{{Fields: []ui.Input{in, hinted(ctx, input(ctx, f, ui.KindText, "alt")), optional(recognised(ctx, f))}}}, nil
}

func writePhoto(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, photos []Photo) error {
	if len(photos) == 0 {
		return problem("photo", "activity.photo_missing")
	}
	return s.AddPhotos(ctx, ref, version, photos)
}

func askPhotoRemove(_ *Service, ctx context.Context, _ id.Ref, a Activity, f *web.Form) ([]group, error) {
	in := input(ctx, f, ui.KindSelect, "hash")
	for i, p := range a.Photos {
		in.Options = append(in.Options, ui.Option{Value: p.Full, Text: i18n.T(ctx, "activity.photo_n", "N", i+1, "Alt", p.Alt)})
	}
	return []group{{Fields: []ui.Input{in}}}, nil
}

func writePhotoRemove(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ []Photo) error {
	return s.RemovePhoto(ctx, ref, version, f.Text("hash"))
}

func askIncident(_ *Service, ctx context.Context, _ id.Ref, a Activity, f *web.Form) ([]group, error) {
	preset(f, "on", string(min(clock.Today(ctx), a.Last())))
	what, done := hinted(ctx, input(ctx, f, ui.KindArea, "what")), optional(input(ctx, f, ui.KindArea, "done"))
	people := optional(hinted(ctx, input(ctx, f, ui.KindArea, "people")))
	people.Label = i18n.T(ctx, "activity.sealed_people")
	what.Sealed, done.Sealed, people.Sealed = true, true, true
	return []group{{Fields: []ui.Input{what, people, input(ctx, f, ui.KindDate, "on"), optional(brief(input(ctx, f, ui.KindText, "at"))),
		optional(brief(input(ctx, f, ui.KindNumber, "hurt"))), done}}}, nil
}

func writeIncident(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ []Photo) error {
	in := Incident{On: day(f, "on"), At: f.Text("at"), What: f.Text("what"), Hurt: number(f, "hurt"), Done: f.Text("done")}
	if err := f.Problems.Err(); err != nil {
		return err
	}
	return s.ReportIncident(ctx, ref, version, in, f.Text("people"))
}

func writeRemove(s *Service, ctx context.Context, ref id.Ref, version int64, f *web.Form, _ []Photo) error {
	return s.Remove(ctx, ref, version, f.Text("reason"))
}
