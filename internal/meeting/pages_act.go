package meeting

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

type (
	oneMeeting  = one[Meeting]
	oneDecision = one[Decision]
)

func standing(o oneMeeting, _ clock.Day) bool  { return o.V.CancelledOn == "" }
func held(o oneMeeting, day clock.Day) bool    { return o.V.Held(day) }
func running(o oneDecision, _ clock.Day) bool  { return o.V.DoneOn == "" && o.V.DroppedOn == "" }
func ended(o oneDecision, _ clock.Day) bool    { return o.V.DoneOn != "" || o.V.DroppedOn != "" }
func always[T any](_ one[T], _ clock.Day) bool { return true }
func minutesAre(state string) func(o oneMeeting, day clock.Day) bool {
	return func(o oneMeeting, day clock.Day) bool {
		return o.V.Held(day) && !o.V.Above && o.V.Minutes.State() == state
	}
}

// meetingActs are all that is done to a meeting, one entry each.
var meetingActs = []act[Meeting]{
	{name: "correct", offered: always[Meeting], ask: askMeeting, do: func(ctx context.Context, s *Service, o oneMeeting, c Change, f *web.Form, _ []Attachment) (string, error) {
		return "", s.Save(ctx, o.Ref, c, typed(o.V, f))
	}},
	{name: "invite", offered: standing, ask: func(ctx context.Context, _ *Service, _ oneMeeting) ([]ui.Input, error) {
		return []ui.Input{{Kind: ui.KindArea, Name: "people", Label: i18n.T(ctx, "meeting.f.people"), Hint: i18n.T(ctx, "meeting.hint.people"), Lines: 8}}, nil
	}, do: func(ctx context.Context, s *Service, o oneMeeting, c Change, f *web.Form, _ []Attachment) (string, error) {
		return "", s.Invite(ctx, o.Ref, c, f.Lines("people"))
	}},
	{name: "reply", offered: func(o oneMeeting, day clock.Day) bool {
		return o.V.CancelledOn == "" && len(o.V.Seats) > 0 && !o.V.Above
	}, outside: mayReply, ask: askReply, do: doReply},
	{name: "attend", offered: func(o oneMeeting, day clock.Day) bool { return o.V.Held(day) && len(o.V.Seats) > 0 }, ask: askAttend, do: doAttend},
	{name: "unseat", offered: func(o oneMeeting, _ clock.Day) bool { return len(o.V.Seats) > 0 }, ask: askUnseat, do: doUnseat},
	{name: "speech", offered: held, file: true, ask: askSpeech, do: doSpeech},
	{name: "unspeak", offered: func(o oneMeeting, _ clock.Day) bool { return len(o.V.Speeches) > 0 }, ask: askUnspeak, do: doUnspeak},
	{name: "file", offered: always[Meeting], file: true, ask: func(ctx context.Context, _ *Service, _ oneMeeting) ([]ui.Input, error) {
		return []ui.Input{fileInput(ctx, false)}, nil
	}, do: func(ctx context.Context, s *Service, o oneMeeting, c Change, _ *web.Form, files []Attachment) (string, error) {
		return "", s.Attach(ctx, o.Ref, c, files)
	}},
	{name: "minutes", offered: func(o oneMeeting, day clock.Day) bool {
		return o.V.Held(day) && !o.V.Above && o.V.Minutes.ApprovedOn == ""
	}, ask: func(ctx context.Context, _ *Service, o oneMeeting) ([]ui.Input, error) {
		return []ui.Input{{Kind: ui.KindArea, Name: "text", Label: i18n.T(ctx, "meeting.f.minutes"), Hint: i18n.T(ctx, "meeting.hint.minutes"), Value: o.V.Minutes.Text(), Lines: 16, MaxLength: maxLong}}, nil
	}, do: func(ctx context.Context, s *Service, o oneMeeting, c Change, f *web.Form, _ []Attachment) (string, error) {
		return "", s.Write(ctx, o.Ref, c, f.Text("text"))
	}},
	{name: "approve", offered: minutesAre("draft"), ask: func(ctx context.Context, _ *Service, o oneMeeting) ([]ui.Input, error) {
		chair := o.V.Chair
		if chair == "" {
			chair = i18n.T(ctx, "meeting.chair_open")
		}
		return []ui.Input{{Kind: ui.KindDate, Name: "day", Label: i18n.T(ctx, "meeting.approved_day", "Chair", chair), Value: string(clock.Today(ctx))}}, nil
	}, do: func(ctx context.Context, s *Service, o oneMeeting, c Change, f *web.Form, _ []Attachment) (string, error) {
		return "", s.Approve(ctx, o.Ref, c, f.Day("day"))
	}},
	{name: "reopen", offered: minutesAre("approved"), ask: askWhy[Meeting], do: func(ctx context.Context, s *Service, o oneMeeting, c Change, _ *web.Form, _ []Attachment) (string, error) {
		return "", s.Reopen(ctx, o.Ref, c)
	}},
	{name: "issue", offered: minutesAre("approved"), ask: func(ctx context.Context, _ *Service, _ oneMeeting) ([]ui.Input, error) {
		return []ui.Input{{Name: "number", Label: i18n.T(ctx, "meeting.f.number"), Hint: i18n.T(ctx, "meeting.hint.number"), Optional: true, MaxLength: 40},
			{Kind: ui.KindDate, Name: "day", Label: i18n.T(ctx, "meeting.f.issued_on"), Value: string(clock.Today(ctx))}}, nil
	}, do: func(ctx context.Context, s *Service, o oneMeeting, c Change, f *web.Form, _ []Attachment) (string, error) {
		return "", s.Issue(ctx, o.Ref, c, f.Day("day"), f.Text("number"))
	}},
	{name: "decide", offered: held, ask: func(ctx context.Context, _ *Service, _ oneMeeting) ([]ui.Input, error) {
		return decisionInputs(ctx, Decision{}), nil
	}, do: func(ctx context.Context, s *Service, o oneMeeting, _ Change, f *web.Form, _ []Attachment) (string, error) {
		ref, err := s.Decide(ctx, Decision{Unit: o.V.Unit, Meeting: o.Ref, Text: f.Text("text"), Due: f.Day("due")}, f.Text("lead"), names(f.Get("assist")))
		return "/decision/" + ref.String() + "/done?act=decide", err
	}},
	{name: "cancel", offered: standing, ask: askWhy[Meeting], do: func(ctx context.Context, s *Service, o oneMeeting, c Change, _ *web.Form, _ []Attachment) (string, error) {
		return "", s.Cancel(ctx, o.Ref, c)
	}},
	{name: "remove", offered: always[Meeting], ask: askWhy[Meeting], do: func(ctx context.Context, s *Service, o oneMeeting, c Change, _ *web.Form, _ []Attachment) (string, error) {
		return "", s.Remove(ctx, o.Ref, c)
	}},
}

// decisionActs are all that is done to a decision.
var decisionActs = []act[Decision]{
	{name: "amend", offered: running, ask: func(ctx context.Context, _ *Service, o oneDecision) ([]ui.Input, error) {
		return append(decisionInputs(ctx, o.V), reasonInput(ctx)), nil
	}, do: func(ctx context.Context, s *Service, o oneDecision, c Change, f *web.Form, _ []Attachment) (string, error) {
		return "", s.Amend(ctx, o.Ref, c, f.Text("text"), f.Text("lead"), names(f.Get("assist")), f.Day("due"))
	}},
	{name: "report", offered: running, outside: func(ctx context.Context, s *Service, o oneDecision) (bool, error) {
		return s.works(ctx, append([]Party{o.V.Lead}, o.V.Assist...)...)
	}, ask: func(ctx context.Context, _ *Service, _ oneDecision) ([]ui.Input, error) {
		return []ui.Input{{Kind: ui.KindArea, Name: "text", Label: i18n.T(ctx, "meeting.f.steps"), Hint: i18n.T(ctx, "meeting.hint.steps"), Lines: 4, MaxLength: maxNote}}, nil
	}, do: func(ctx context.Context, s *Service, o oneDecision, c Change, f *web.Form, _ []Attachment) (string, error) {
		return "", s.Report(ctx, o.Ref, c, f.Text("text"))
	}},
	{name: "close", offered: running, file: true, outside: func(ctx context.Context, s *Service, o oneDecision) (bool, error) { return s.works(ctx, o.V.Lead) },
		ask: func(ctx context.Context, _ *Service, _ oneDecision) ([]ui.Input, error) {
			return []ui.Input{{Kind: ui.KindDate, Name: "day", Label: i18n.T(ctx, "meeting.f.done_on"), Value: string(clock.Today(ctx))},
				{Kind: ui.KindArea, Name: "evidence", Label: i18n.T(ctx, "meeting.f.evidence"), Hint: i18n.T(ctx, "meeting.hint.evidence"), Lines: 4, MaxLength: maxNote}, fileInput(ctx, true)}, nil
		}, do: func(ctx context.Context, s *Service, o oneDecision, c Change, f *web.Form, files []Attachment) (string, error) {
			return "", s.Close(ctx, o.Ref, c, f.Day("day"), Evidence{Text: f.Text("evidence"), Files: files})
		}},
	{name: "again", offered: ended, ask: askWhy[Decision], do: func(ctx context.Context, s *Service, o oneDecision, c Change, _ *web.Form, _ []Attachment) (string, error) {
		return "", s.Again(ctx, o.Ref, c)
	}},
	{name: "drop", offered: running, ask: askWhy[Decision], do: func(ctx context.Context, s *Service, o oneDecision, c Change, _ *web.Form, _ []Attachment) (string, error) {
		return "", s.Drop(ctx, o.Ref, c)
	}},
	{name: "unmake", offered: always[Decision], ask: askWhy[Decision], do: func(ctx context.Context, s *Service, o oneDecision, c Change, _ *web.Form, _ []Attachment) (string, error) {
		return "", s.Unmake(ctx, o.Ref, c)
	}},
}

func reasonInput(ctx context.Context) ui.Input {
	return ui.Input{Name: "reason", Label: i18n.T(ctx, "meeting.why"), Hint: i18n.T(ctx, "meeting.hint.why"), MaxLength: maxText}
}

func askWhy[T any](ctx context.Context, _ *Service, _ one[T]) ([]ui.Input, error) {
	return []ui.Input{reasonInput(ctx)}, nil
}

func fileInput(ctx context.Context, optional bool) ui.Input {
	return ui.Input{Kind: ui.KindFile, Name: "file", Label: i18n.T(ctx, "meeting.file"), Hint: i18n.T(ctx, "meeting.hint.file"), Optional: optional}
}

// inputs are the questions about a meeting.
func (s *Service) inputs(ctx context.Context, root org.Unit, m Meeting) ([]ui.Input, error) {
	tr := func(k string) string { return i18n.T(ctx, k) }
	sorts, err := s.Sorts(ctx, root)
	if err != nil {
		return nil, err
	}
	kind := ui.Input{Kind: ui.KindSelect, Name: "kind", Label: tr("meeting.f.kind"), Value: m.Kind, Options: []ui.Option{{Text: tr("meeting.choose")}}}
	for _, k := range sorts {
		kind.Options = append(kind.Options, ui.Option{Value: k.Name, Text: k.in(ctx)})
	}
	return []ui.Input{kind, {Name: "title", Label: tr("meeting.f.title"), Value: m.Title, MaxLength: maxTitle},
		{Kind: ui.KindDate, Name: "day", Label: tr("meeting.f.day"), Value: string(m.Day)},
		{Name: "time", Label: tr("meeting.f.time"), Value: m.Time, Optional: true, Short: true, Hint: tr("meeting.hint.time"), MaxLength: 5},
		{Name: "place", Label: tr("meeting.f.place"), Value: m.Place, Optional: true, MaxLength: maxTitle},
		{Name: "chair", Label: tr("meeting.f.chair"), Value: m.Chair, Optional: true, Hint: tr("meeting.hint.chair"), MaxLength: maxTitle},
		{Name: "host", Label: tr("meeting.f.host"), Value: m.Host, Optional: true, Hint: tr("meeting.hint.host"), MaxLength: maxTitle},
		{Kind: ui.KindArea, Name: "agenda", Label: tr("meeting.f.agenda"), Value: strings.Join(m.Agenda, "\n"), Optional: true, Hint: tr("meeting.hint.agenda"), Lines: 5},
		{Kind: ui.KindArea, Name: "note", Label: tr("meeting.f.note"), Value: m.Note, Optional: true, Lines: 2, MaxLength: maxNote}}, nil
}

func askMeeting(ctx context.Context, s *Service, o oneMeeting) ([]ui.Input, error) {
	list, err := s.inputs(ctx, o.Unit, o.V)
	return append(list, reasonInput(ctx)), err
}

// typed takes over what was typed; what cannot be read is a problem of the form.
func typed(m Meeting, f *web.Form) Meeting {
	for name, to := range map[string]*string{"kind": &m.Kind, "title": &m.Title, "time": &m.Time, "place": &m.Place, "chair": &m.Chair, "host": &m.Host, "note": &m.Note} {
		if f.Has(name) {
			*to = f.Text(name)
		}
	}
	if f.Has("day") {
		m.Day = f.Day("day")
	}
	if f.Has("agenda") {
		m.Agenda = f.Lines("agenda")
	}
	return m
}

func (s *Service) newView(ctx context.Context, u org.Unit, key string) (formView, error) {
	inputs, err := s.inputs(ctx, u, Meeting{})
	people := ui.Input{Kind: ui.KindArea, Name: "people", Label: i18n.T(ctx, "meeting.f.people"), Hint: i18n.T(ctx, "meeting.hint.people"), Optional: true, Lines: 6}
	code := ui.Input{Name: "code", Label: i18n.T(ctx, "meeting.f.code"), Optional: true, Hint: i18n.T(ctx, "meeting.hint.code"), MaxLength: 40}
	return formView{Title: i18n.T(ctx, "meeting.add"), Step: u.Name, Back: ui.Link{Href: at("/meeting", u)}, Inputs: append(inputs, people, code),
		Spec: ui.FormSpec{Action: at("/meeting/new", u), Key: key, Submit: i18n.T(ctx, "meeting.save_new")}}, err
}

func (s *Service) newForm(w http.ResponseWriter, r *http.Request) error {
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	v, err := s.newView(r.Context(), u, web.NewKey())
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: v.Title, Current: Kind, Plain: true}, formTempl(v))
}

func (s *Service) createPost(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	m := typed(Meeting{Unit: u.ID, Code: f.Text("code")}, f)
	if err = f.Problems.Err(); err == nil {
		err = s.once(w, r, f, s.meetings.figures, func(ctx context.Context) (string, error) {
			ref, err := s.CreateWith(ctx, m, f.Lines("people"))
			return "/meeting/" + ref.String() + "/done?act=create", err
		})
	}
	if err == nil {
		return nil
	}
	v, verr := s.newView(ctx, u, f.Key())
	if verr != nil {
		return verr
	}
	return again(w, r, err, v, f)
}

// mayReply tells whether the reader works at the seat of the address, or at any without one.
func mayReply(ctx context.Context, s *Service, o oneMeeting) (bool, error) {
	for _, x := range o.V.Seats {
		if o.No != 0 && x.No != o.No {
			continue
		}
		if ok, err := s.mayAnswer(ctx, o.V, x.No); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func askReply(ctx context.Context, s *Service, o oneMeeting) ([]ui.Input, error) {
	tr := func(k string) string { return i18n.T(ctx, k) }
	seat := ui.Input{Kind: ui.KindSelect, Name: "no", Label: tr("meeting.reply_for")}
	now := Seat{}
	for _, x := range o.V.Seats {
		ok, err := s.mayAnswer(ctx, o.V, x.No)
		if err != nil {
			return nil, err
		}
		if !ok && !o.Works || o.No != 0 && x.No != o.No {
			continue
		}
		if len(seat.Options) == 0 {
			now, seat.Value = x, strconv.FormatInt(x.No, 10)
		}
		seat.Options = append(seat.Options, ui.Option{Value: strconv.FormatInt(x.No, 10), Text: x.who()})
	}
	reply := ui.Input{Kind: ui.KindRadio, Name: "reply", Label: tr("meeting.f.reply"), Value: now.Reply}
	for _, k := range Replies {
		reply.Options = append(reply.Options, ui.Option{Value: k, Text: tr("meeting.reply." + k)})
	}
	return []ui.Input{seat, reply, {Name: "deputy", Label: tr("meeting.f.deputy"), Value: now.Deputy, Hint: tr("meeting.hint.deputy"), Optional: true, MaxLength: maxTitle},
		{Name: "why", Label: tr("meeting.f.excuse"), Value: now.Why, Hint: tr("meeting.hint.excuse"), Optional: true, MaxLength: maxText}}, nil
}

func doReply(ctx context.Context, s *Service, o oneMeeting, c Change, f *web.Form, _ []Attachment) (string, error) {
	no, _ := strconv.ParseInt(f.Text("no"), 10, 64)
	return "", s.Reply(ctx, o.Ref, c, no, f.Text("reply"), f.Text("deputy"), f.Text("why"))
}

func askAttend(ctx context.Context, _ *Service, o oneMeeting) (out []ui.Input, err error) {
	usual := map[string]string{"comes": "self", "deputy": "deputy", "excused": "excused"}
	for _, x := range o.V.Seats {
		in := ui.Input{Kind: ui.KindSelect, Name: fmt.Sprintf("came_%d", x.No), Label: x.who(), Value: x.Came, Hint: x.answer(ctx), Options: []ui.Option{{Text: i18n.T(ctx, "meeting.came_open")}}}
		if in.Value == "" {
			in.Value = usual[x.Reply]
		}
		for _, k := range Attendance {
			in.Options = append(in.Options, ui.Option{Value: k, Text: i18n.T(ctx, "meeting.came."+k)})
		}
		out = append(out, in)
	}
	if len(out) > 0 {
		out[0].ID = ui.FieldID("came")
	}
	return out, nil
}

func doAttend(ctx context.Context, s *Service, o oneMeeting, c Change, f *web.Form, _ []Attachment) (string, error) {
	came := map[int64]string{}
	for _, x := range o.V.Seats {
		if name := fmt.Sprintf("came_%d", x.No); f.Has(name) {
			came[x.No] = f.Text(name)
		}
	}
	return "", s.Attend(ctx, o.Ref, c, came)
}

func askUnseat(ctx context.Context, _ *Service, o oneMeeting) ([]ui.Input, error) {
	in := ui.Input{Kind: ui.KindChecks, Name: "seats", Label: i18n.T(ctx, "meeting.who_not")}
	for _, x := range o.V.Seats {
		in.Options = append(in.Options, ui.Option{Value: strconv.FormatInt(x.No, 10), Text: x.who()})
	}
	return []ui.Input{in, reasonInput(ctx)}, nil
}

func doUnseat(ctx context.Context, s *Service, o oneMeeting, c Change, f *web.Form, _ []Attachment) (string, error) {
	var nos []int64
	for _, x := range f.Values["seats"] {
		if n, err := strconv.ParseInt(x, 10, 64); err == nil {
			nos = append(nos, n)
		}
	}
	return "", s.DropSeats(ctx, o.Ref, c, nos)
}

func askSpeech(ctx context.Context, _ *Service, o oneMeeting) ([]ui.Input, error) {
	tr := func(k string) string { return i18n.T(ctx, k) }
	return []ui.Input{{Name: "body", Label: tr("meeting.f.body"), Value: o.Unit.Name, Hint: tr("meeting.hint.body"), MaxLength: maxTitle},
		{Name: "speaker", Label: tr("meeting.f.speaker"), Optional: true, MaxLength: maxTitle}, {Name: "speech_title", Label: tr("meeting.f.speech_title"), MaxLength: maxTitle},
		{Kind: ui.KindArea, Name: "text", Label: tr("meeting.f.speech_text"), Hint: tr("meeting.hint.speech_text"), Lines: 10, Optional: true, MaxLength: maxLong}, fileInput(ctx, true)}, nil
}

func doSpeech(ctx context.Context, s *Service, o oneMeeting, c Change, f *web.Form, files []Attachment) (string, error) {
	x := Speech{Speaker: f.Text("speaker"), Title: f.Text("speech_title"), Text: f.Text("text")}
	if len(files) > 0 {
		x.File = &files[0]
	}
	return "", s.Speak(ctx, o.Ref, c, f.Text("body"), x)
}

func askUnspeak(ctx context.Context, _ *Service, o oneMeeting) ([]ui.Input, error) {
	in := ui.Input{Kind: ui.KindSelect, Name: "no", Label: i18n.T(ctx, "meeting.f.speeches")}
	for _, x := range o.V.Speeches {
		in.Options = append(in.Options, ui.Option{Value: strconv.FormatInt(x.No, 10), Text: x.Party.Name + " " + x.Title})
	}
	if o.No != 0 {
		in.Value = strconv.FormatInt(o.No, 10)
	}
	return []ui.Input{in, reasonInput(ctx)}, nil
}

func doUnspeak(ctx context.Context, s *Service, o oneMeeting, c Change, f *web.Form, _ []Attachment) (string, error) {
	no, _ := strconv.ParseInt(f.Text("no"), 10, 64)
	return "", s.Unspeak(ctx, o.Ref, c, no)
}

// decisionInputs are the questions about a decision.
func decisionInputs(ctx context.Context, d Decision) []ui.Input {
	tr := func(k string) string { return i18n.T(ctx, k) }
	assist := make([]string, len(d.Assist))
	for i, p := range d.Assist {
		assist[i] = p.Name
	}
	return []ui.Input{{Kind: ui.KindArea, Name: "text", Label: tr("meeting.f.text"), Value: d.Text, Hint: tr("meeting.hint.text"), Lines: 3, MaxLength: 500},
		{Name: "lead", Label: tr("meeting.f.lead"), Value: d.Lead.Name, Hint: tr("meeting.hint.lead"), MaxLength: maxTitle},
		{Kind: ui.KindArea, Name: "assist", Label: tr("meeting.f.assist"), Value: strings.Join(assist, "\n"), Hint: tr("meeting.hint.assist"), Optional: true, Lines: 3},
		{Kind: ui.KindDate, Name: "due", Label: tr("meeting.f.due"), Value: string(d.Due)}}
}
