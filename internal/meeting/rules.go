package meeting

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

const (
	maxTitle = 80 // characters
	maxText  = 200
	maxLong  = 20_000
	maxNote  = 2_000
	maxSeats = 200
	maxRows  = 100
)

func long(f *errs.Fields, key, text string, n int) {
	if utf8.RuneCountInString(text) > n {
		f.Add(key, "meeting.long", "N", n)
	}
}

func trim(list ...*string) {
	for _, s := range list {
		*s = strings.TrimSpace(*s)
	}
}

var clockTime = regexp.MustCompile(`^([01]?\d|2[0-3])[:：]([0-5]\d)$`)

// clean trims what was typed and numbers what is new.
func (m Meeting) clean() Meeting {
	trim(&m.Code, &m.Title, &m.Time, &m.Place, &m.Host, &m.Chair, &m.Note)
	if p := clockTime.FindStringSubmatch(m.Time); p != nil {
		m.Time = strings.Repeat("0", 2-len(p[1])) + p[1] + ":" + p[2]
	}
	m.Seats, m.Speeches = slices.Clone(m.Seats), slices.Clone(m.Speeches)
	for i := range m.Seats {
		s := &m.Seats[i]
		trim(&s.Party.Name, &s.Person, &s.Post, &s.Deputy, &s.Why)
		if s.No == 0 {
			s.No = m.freeSeat()
		}
	}
	for i := range m.Speeches {
		s := &m.Speeches[i]
		trim(&s.Party.Name, &s.Speaker, &s.Title, &s.Text)
		if s.No == 0 {
			s.No = m.freeSpeech()
		}
	}
	return m
}

func (m Meeting) freeSeat() (n int64) {
	for _, s := range m.Seats {
		n = max(n, s.No)
	}
	return n + 1
}

func (m Meeting) freeSpeech() (n int64) {
	for _, s := range m.Speeches {
		n = max(n, s.No)
	}
	return n + 1
}

// problems says what has to be changed; fields are named after the form's inputs and the table's columns.
func (m Meeting) problems(today clock.Day) (f errs.Fields) {
	if m.Title == "" {
		f.Add("title", "meeting.title_missing")
	}
	if m.Kind == "" {
		f.Add("kind", "meeting.kind_missing")
	}
	if m.Day == "" {
		f.Add("day", "meeting.day_missing")
	}
	if m.Time != "" && !clockTime.MatchString(m.Time) {
		f.Add("time", "meeting.time_odd")
	}
	if m.Above && m.Host == "" {
		f.Add("host", "meeting.host_missing")
	}
	for key, text := range map[string]string{"title": m.Title, "place": m.Place, "host": m.Host, "chair": m.Chair} {
		long(&f, key, text, maxTitle)
	}
	long(&f, "note", m.Note, maxNote)
	if len(m.Agenda) > maxRows {
		f.Add("agenda", "meeting.rows_many", "N", maxRows)
	}
	for _, a := range m.Agenda {
		long(&f, "agenda", a, maxText)
	}
	if len(m.Seats) > maxSeats {
		f.Add("people", "meeting.rows_many", "N", maxSeats)
	}
	seen := map[[2]string]bool{}
	for _, s := range m.Seats {
		key := [2]string{s.Party.Name, s.Person}
		switch {
		case s.Party.Name == "":
			f.Add("people", "meeting.body_missing")
		case seen[key]:
			f.Add("people", "meeting.seat_twice", "Name", s.Party.Name+s.Person)
		case s.Reply != "" && !slices.Contains(Replies, s.Reply):
			f.Add("reply", "meeting.reply_missing")
		case s.Reply == "deputy" && s.Deputy == "":
			f.Add("deputy", "meeting.deputy_missing")
		case s.Reply == "excused" && s.Why == "":
			f.Add("why", "meeting.excuse_missing")
		case s.Came != "" && !slices.Contains(Attendance, s.Came):
			f.Add("came", "meeting.came_odd")
		case s.Came != "" && m.Day > today:
			f.Add("came", "meeting.not_yet")
		}
		seen[key] = true
		long(&f, "people", s.Party.Name, maxTitle)
		long(&f, "people", s.Person+s.Post, maxTitle)
		long(&f, "deputy", s.Deputy, maxTitle)
		long(&f, "why", s.Why, maxText)
	}
	for _, s := range m.Speeches {
		if s.Title == "" {
			f.Add("speech_title", "meeting.speech_title_missing")
		}
		if s.Party.Name == "" {
			f.Add("body", "meeting.body_missing")
		}
		if s.Text == "" && s.File == nil {
			f.Add("text", "meeting.speech_empty")
		}
		long(&f, "speech_title", s.Title, maxTitle)
		long(&f, "speaker", s.Speaker, maxTitle)
		long(&f, "text", s.Text, maxLong)
	}
	if len(m.Speeches) > maxRows || len(m.Files) > maxRows {
		f.Add("file", "meeting.rows_many", "N", maxRows)
	}
	return append(f, m.Minutes.problems(m, today)...)
}

func (x Minutes) problems(m Meeting, today clock.Day) (f errs.Fields) {
	for _, d := range x.Drafts {
		if strings.TrimSpace(d.Text) == "" {
			f.Add("text", "meeting.minutes_empty")
		}
		long(&f, "text", d.Text, maxLong)
	}
	if len(x.Drafts) > maxRows {
		f.Add("text", "meeting.rows_many", "N", maxRows)
	}
	switch {
	case len(x.Drafts) > 0 && m.Day > today:
		f.Add("text", "meeting.not_yet")
	case x.ApprovedOn != "" && len(x.Drafts) == 0:
		f.Add("day", "meeting.minutes_none")
	case x.ApprovedOn != "" && x.ApprovedBy == "":
		f.Add("day", "meeting.chair_missing")
	case x.ApprovedOn != "" && (x.ApprovedOn < m.Day || x.ApprovedOn > today):
		f.Add("day", "meeting.approved_odd")
	case x.IssuedOn != "" && x.ApprovedOn == "":
		f.Add("day", "meeting.not_approved")
	case x.IssuedOn != "" && (x.IssuedOn < x.ApprovedOn || x.IssuedOn > today):
		f.Add("day", "meeting.issued_odd")
	}
	long(&f, "number", x.Number, 40)
	return f
}

// State is how far the minutes are: "" (none), draft, approved, issued.
func (x Minutes) State() string {
	switch {
	case x.IssuedOn != "":
		return "issued"
	case x.ApprovedOn != "":
		return "approved"
	case len(x.Drafts) > 0:
		return "draft"
	}
	return ""
}

// Text is the latest version.
func (x Minutes) Text() string {
	if len(x.Drafts) == 0 {
		return ""
	}
	return x.Drafts[len(x.Drafts)-1].Text
}

// Public is the meeting as invited units see it: without minutes that the chair has not approved.
func (m Meeting) Public() Meeting {
	if m.Minutes.ApprovedOn == "" {
		m.Minutes = Minutes{}
	}
	return m
}

// Homes are the units whose people see the meeting: the one that meets, and those that are invited.
func (m Meeting) Homes() []id.ID {
	out := []id.ID{m.Unit}
	for _, s := range m.Seats {
		if s.Party.Unit != 0 && !slices.Contains(out, s.Party.Unit) {
			out = append(out, s.Party.Unit)
		}
	}
	for _, s := range m.Speeches {
		if s.Party.Unit != 0 && !slices.Contains(out, s.Party.Unit) {
			out = append(out, s.Party.Unit)
		}
	}
	return out
}

// invites tells whether a seat is for a registered body that was asked to come.
func (s Seat) invites(body id.Ref) bool { return s.InvitedOn != "" && s.Party.Partner == body }

// guests are the registered bodies that were asked to come, each once.
func (m Meeting) guests() (out []id.ID) {
	for _, s := range m.Seats {
		if p := s.Party.Partner.ID; p != 0 && s.InvitedOn != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func (m Meeting) seat(no int64) int {
	return slices.IndexFunc(m.Seats, func(s Seat) bool { return s.No == no })
}

// Held tells whether it has taken place by a day.
func (m Meeting) Held(day clock.Day) bool { return m.CancelledOn == "" && m.Day != "" && m.Day <= day }

// came tells whether the body was there.
func (s Seat) came() bool { return s.Came == "self" || s.Came == "deputy" }

func (d Decision) clean() Decision {
	trim(&d.Code, &d.Text, &d.Lead.Name, &d.Evidence.Text, &d.Dropped)
	var assist []Party
	for _, p := range d.Assist {
		if p.Name = strings.TrimSpace(p.Name); p.Name != "" && !slices.ContainsFunc(assist, func(x Party) bool { return x.Name == p.Name }) {
			assist = append(assist, p)
		}
	}
	d.Assist = assist
	return d
}

// between are the signs that people set between several bodies.
const between = "、，,;；/\n"

// several are two bodies in one line: with a space between, or 和 between what two bodies end in.
var several = regexp.MustCompile(`\p{Han}\s+\p{Han}|(局|委|办|厅|部)(和|与|及|以及)\p{Han}+(局|委|办|厅|部|会)$`)

// problems says what has to be changed. A day that has passed is refused when it is set, not when it goes by: was is the
// decision as it stood before, or nothing.
func (d Decision) problems(was Decision, today clock.Day) (f errs.Fields) {
	if d.Text == "" {
		f.Add("text", "meeting.decision_missing")
	}
	long(&f, "text", d.Text, 500)
	switch {
	case d.Lead.Name == "":
		f.Add("lead", "meeting.lead_missing")
	case strings.ContainsAny(d.Lead.Name, between) || several.MatchString(d.Lead.Name):
		f.Add("lead", "meeting.lead_one")
	case slices.ContainsFunc(d.Assist, func(p Party) bool { return p.Name == d.Lead.Name }):
		f.Add("assist", "meeting.lead_assists", "Name", d.Lead.Name)
	}
	long(&f, "lead", d.Lead.Name, maxTitle)
	if len(d.Assist) > 30 {
		f.Add("assist", "meeting.rows_many", "N", 30)
	}
	for _, p := range d.Assist {
		long(&f, "assist", p.Name, maxTitle)
	}
	switch {
	case d.Due == "":
		f.Add("due", "meeting.due_missing")
	case d.Due < d.DecidedOn:
		f.Add("due", "meeting.due_before", "Day", d.DecidedOn)
	case d.Due < today && d.Due != was.Due && d.DoneOn == "":
		f.Add("due", "meeting.due_past")
	}
	if d.DoneOn != "" {
		if d.DoneOn < d.DecidedOn || d.DoneOn > today {
			f.Add("day", "meeting.done_odd")
		}
		if d.Evidence.Text == "" && len(d.Evidence.Files) == 0 {
			f.Add("evidence", "meeting.evidence_missing")
		}
	}
	long(&f, "evidence", d.Evidence.Text, maxNote)
	if d.DroppedOn != "" && d.Dropped == "" {
		f.Add("reason", "meeting.reason_missing")
	}
	for _, s := range d.Steps {
		if s.Text == "" {
			f.Add("text", "meeting.step_missing")
		}
		long(&f, "text", s.Text, maxNote)
	}
	if len(d.Steps) > maxRows {
		f.Add("text", "meeting.rows_many", "N", maxRows)
	}
	return f
}

// StateOn is how a decision stands on a day.
func (d Decision) StateOn(day clock.Day) string { return stateOn(d.Due, d.DoneOn, d.DroppedOn, day) }

// StateOn is how a listed decision stands on a day.
func (l ListedDecision) StateOn(day clock.Day) string {
	return stateOn(l.Due, l.DoneOn, l.DroppedOn, day)
}

func stateOn(due, done, dropped, day clock.Day) string {
	switch {
	case done != "" && done <= day:
		return Done
	case dropped != "" && dropped <= day:
		return Dropped
	case due < day:
		return Late
	}
	return Open
}

// Homes are the units whose people see a decision: the one that decided, the lead and those who help.
func (d Decision) Homes() []id.ID {
	out := []id.ID{d.Unit}
	for _, p := range append([]Party{d.Lead}, d.Assist...) {
		if p.Unit != 0 && !slices.Contains(out, p.Unit) {
			out = append(out, p.Unit)
		}
	}
	return out
}

// seatLine reads a line of an invitation: the body, then the person, then the post, with commas between them or, where there
// is no comma, spaces.
func seatLine(line string) (body, person, post string) {
	parts := strings.Split(strings.NewReplacer("，", ",", "、", ",", "\t", ",").Replace(line), ",")
	if len(parts) == 1 {
		parts = strings.Fields(line)
	}
	for i := range parts {
		trim(&parts[i])
	}
	for i, to := range []*string{&body, &person} {
		if i < len(parts) {
			*to = parts[i]
		}
	}
	if len(parts) > 2 {
		post = strings.Join(parts[2:], " ")
	}
	return body, person, post
}

// names are the bodies of a list as people type it.
func names(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(between, r) })
}
