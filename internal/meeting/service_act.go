package meeting

import (
	"context"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func (s *Service) meetingDesk() *desk[Meeting] {
	d := &desk[Meeting]{s: s, kind: Kind, path: "/meeting", letter: "HY", acts: meetingActs,
		unit: func(m Meeting) id.ID { return m.Unit }, code: func(m *Meeting) *string { return &m.Code }, name: func(m Meeting) string { return m.Title },
		clean: Meeting.clean, link: s.linkMeeting, check: s.checkMeeting, byCode: s.store.meetingByCodeAcrossUnits, ids: s.store.idsOf, shown: Meeting.Public,
		figures: []string{"meeting.held", "meeting.joint_held", "meeting.above_attended", "meeting.expected", "meeting.came", "meeting.minutes_issued", "meeting.speeches"}}
	return d.open(record.Kind[Meeting]{Homes: Meeting.Homes, Put: s.putMeeting, Rows: rows, Facts: s.facts}, ledger.Source{
		Name:     ledger.Words{Zh: "会议", En: "meeting"},
		Fields:   map[string]any{"kind": "", "joint": false, "above": false, "body": "", "expected": int64(0), "came": int64(0), "absent": int64(0)},
		Near:     s.store.near,
		Describe: s.describe,
		Label:    s.label,
	})
}

func (s *Service) putMeeting(ctx context.Context, ref id.Ref, m Meeting, gone bool) error {
	u, err := s.rec.Home(ctx, m.Unit)
	if err != nil {
		return err
	}
	l := Listed{Root: ref.Root, ID: ref.ID, Unit: m.Unit, Pos: u.Pos, Code: m.Code, Title: m.Title, Kind: m.Kind, Host: m.Host, Day: m.Day, Cancelled: m.CancelledOn,
		Minutes: m.Minutes.State(), Seats: int64(len(m.Seats))}
	if m.Above {
		l.Above = 1
	}
	var seats, speakers []Party
	for _, x := range m.Seats {
		if x.came() {
			l.Came++
		}
		seats = append(seats, x.Party)
	}
	for _, x := range m.Speeches {
		speakers = append(speakers, x.Party)
	}
	a, err := s.places(ctx, seats)
	if err != nil {
		return err
	}
	b, err := s.places(ctx, speakers)
	if err != nil {
		return err
	}
	return s.store.putMeeting(ctx, l, m, a, b, gone)
}

// linkMeeting says what follows from the kind.
func (s *Service) linkMeeting(ctx context.Context, home org.Unit, m *Meeting) error {
	list, err := s.store.sorts(ctx, home.Root())
	if err != nil {
		return err
	}
	m.Joint, m.Above = false, false
	i := slices.IndexFunc(list, func(k Sort) bool { return k.Name == m.Kind })
	if i < 0 {
		if m.Kind != "" {
			var f errs.Fields
			f.Add("kind", "meeting.kind_unknown", "Name", m.Kind)
			return f.Err()
		}
		return nil
	}
	m.Joint, m.Above = list[i].Joined == 1, list[i].Above == 1
	if m.Above { // others invited to it
		for i := range m.Seats {
			m.Seats[i].InvitedOn = ""
		}
	} else {
		m.Host = ""
	}
	return nil
}

func (s *Service) checkMeeting(ctx context.Context, home org.Unit, m, was Meeting) (errs.Fields, error) {
	f := m.problems(clock.Today(ctx))
	if m.CancelledOn != "" && m.CancelledOn != was.CancelledOn && slices.ContainsFunc(m.Seats, Seat.came) {
		f.Add("reason", "meeting.cancel_held")
	}
	var parties []Party
	for _, x := range m.Seats {
		parties = append(parties, x.Party)
	}
	far, err := s.below(ctx, home, "people", parties)
	if err != nil {
		return nil, err
	}
	parties = nil
	for _, x := range m.Speeches {
		parties = append(parties, x.Party)
	}
	more, err := s.below(ctx, home, "body", parties)
	return append(append(f, far...), more...), err
}

// Create keeps a new meeting; without a code it is given one. Invalid with fields when something has to be changed.
func (s *Service) Create(ctx context.Context, m Meeting) (id.Ref, error) {
	return s.meetings.create(ctx, m, record.Change{Act: "meeting.act.create"})
}

// Get reads a meeting as its reader may see it: invited units see no draft of the minutes.
func (s *Service) Get(ctx context.Context, ref id.Ref) (Meeting, record.Version, error) {
	return s.meetings.get(ctx, ref)
}

// Save corrects what was typed about a meeting: its people, minutes and speeches have acts of their own.
func (s *Service) Save(ctx context.Context, ref id.Ref, c Change, m Meeting) error {
	if err := c.reason(); err != nil {
		return err
	}
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.correct"), nil, func(_ context.Context, now *Meeting) error {
		m.Unit, m.CancelledOn, m.Seats, m.Speeches, m.Minutes, m.Files = now.Unit, now.CancelledOn, now.Seats, now.Speeches, now.Minutes, now.Files
		*now = m
		return nil
	})
}

// Invite adds seats, a line each: body, person, post. A body that has a seat already gets the person.
func (s *Service) Invite(ctx context.Context, ref id.Ref, c Change, lines []string) error {
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.invite"), nil, func(ctx context.Context, m *Meeting) error {
		u, _, err := s.meetings.home(ctx, *m)
		if err != nil {
			return err
		}
		seats, err := s.seatsOf(ctx, u, lines)
		if err != nil {
			return err
		}
		if len(seats) == 0 {
			var f errs.Fields
			f.Add("people", "meeting.body_missing")
			return f.Err()
		}
		for _, x := range seats {
			if !m.Above {
				x.InvitedOn = clock.Today(ctx)
			}
			m.Seats = append(m.Seats, x)
		}
		return nil
	})
}

// seatsOf reads lines of an invitation.
func (s *Service) seatsOf(ctx context.Context, home org.Unit, lines []string) (out []Seat, err error) {
	for _, line := range lines {
		body, person, post := seatLine(line)
		if body == "" {
			continue
		}
		x := Seat{Person: person, Post: post}
		if x.Party, err = s.party(ctx, home, body, "people"); err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// Reply answers an invitation: by the invited unit itself, or noted by the one that invited.
func (s *Service) Reply(ctx context.Context, ref id.Ref, c Change, no int64, reply, deputy, why string) error {
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.reply"), func(ctx context.Context, m Meeting) (bool, error) { return s.mayAnswer(ctx, m, no) },
		answered(no, reply, deputy, why))
}

// answered notes what a seat answers to its invitation.
func answered(no int64, reply, deputy, why string) func(ctx context.Context, m *Meeting) error {
	return func(ctx context.Context, m *Meeting) error {
		i := m.seat(no)
		var f errs.Fields
		switch {
		case i < 0:
			f.Add("no", "meeting.seat_unknown")
		case !slices.Contains(Replies, reply):
			f.Add("reply", "meeting.reply_missing")
		case m.CancelledOn != "":
			f.Add("reply", "meeting.cancelled_already")
		}
		if err := f.Err(); err != nil {
			return err
		}
		x := &m.Seats[i]
		x.Reply, x.RepliedOn, x.Deputy, x.Why = reply, clock.Today(ctx), "", ""
		switch reply {
		case "deputy":
			x.Deputy = deputy
		case "excused":
			x.Why = why
		}
		return nil
	}
}

// mayAnswer tells whether the reader works at the unit that a seat is for.
func (s *Service) mayAnswer(ctx context.Context, m Meeting, no int64) (bool, error) {
	i := m.seat(no)
	if i < 0 || m.Seats[i].Party.Unit == 0 {
		return false, nil
	}
	u, err := s.rec.Home(ctx, m.Seats[i].Party.Unit)
	return err == nil && scope.From(ctx).May(scope.Work, u.Pos), err
}

// Attend notes who came: by seat, one of Attendance; "" takes the note back.
func (s *Service) Attend(ctx context.Context, ref id.Ref, c Change, came map[int64]string) error {
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.attend"), nil, func(_ context.Context, m *Meeting) error {
		for i := range m.Seats {
			if v, ok := came[m.Seats[i].No]; ok {
				m.Seats[i].Came = v
			}
		}
		return nil
	})
}

// DropSeats takes people off who were entered by mistake.
func (s *Service) DropSeats(ctx context.Context, ref id.Ref, c Change, nos []int64) error {
	if err := c.reason(); err != nil {
		return err
	}
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.unseat"), nil, func(_ context.Context, m *Meeting) error {
		n := len(m.Seats)
		m.Seats = slices.DeleteFunc(m.Seats, func(x Seat) bool { return slices.Contains(nos, x.No) })
		if len(m.Seats) == n {
			var f errs.Fields
			f.Add("seats", "meeting.choose_some")
			return f.Err()
		}
		return nil
	})
}

// Speak adds a speech; the body is named.
func (s *Service) Speak(ctx context.Context, ref id.Ref, c Change, body string, x Speech) error {
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.speech"), nil, func(ctx context.Context, m *Meeting) error {
		u, _, err := s.meetings.home(ctx, *m)
		if err != nil {
			return err
		}
		if x.Party, err = s.party(ctx, u, body, "body"); err != nil {
			return err
		}
		x.No = 0
		m.Speeches = append(m.Speeches, x)
		return nil
	})
}

// Unspeak takes a speech out that was entered by mistake.
func (s *Service) Unspeak(ctx context.Context, ref id.Ref, c Change, no int64) error {
	if err := c.reason(); err != nil {
		return err
	}
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.unspeak"), nil, func(_ context.Context, m *Meeting) error {
		n := len(m.Speeches)
		m.Speeches = slices.DeleteFunc(m.Speeches, func(x Speech) bool { return x.No == no })
		if len(m.Speeches) == n {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		return nil
	})
}

// Attach adds documents to a meeting (R78).
func (s *Service) Attach(ctx context.Context, ref id.Ref, c Change, files []Attachment) error {
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.file"), nil, func(_ context.Context, m *Meeting) error {
		if len(files) == 0 {
			var f errs.Fields
			f.Add("file", "meeting.file_missing")
			return f.Err()
		}
		m.Files = append(m.Files, files...)
		return nil
	})
}

// Write adds a version of the minutes; what the chair has approved is reopened first.
func (s *Service) Write(ctx context.Context, ref id.Ref, c Change, text string) error {
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.minutes"), nil, func(ctx context.Context, m *Meeting) error {
		var f errs.Fields
		if m.Minutes.ApprovedOn != "" {
			f.Add("text", "meeting.minutes_approved")
		}
		if m.CancelledOn != "" {
			f.Add("text", "meeting.cancelled_already")
		}
		if text != "" && text == m.Minutes.Text() {
			f.Add("text", "meeting.minutes_same")
		}
		if err := f.Err(); err != nil {
			return err
		}
		m.Minutes.Drafts = append(m.Minutes.Drafts, Draft{On: clock.Today(ctx), By: scope.From(ctx).Name, Text: text})
		return nil
	})
}

// Approve says that the chair has approved the last version: the chair's own account, or the office for the chair.
func (s *Service) Approve(ctx context.Context, ref id.Ref, c Change, on clock.Day) error {
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.approve"), nil, func(ctx context.Context, m *Meeting) error {
		if m.Minutes.State() != "draft" {
			return errs.New(errs.Conflict, "meeting.not_now")
		}
		m.Minutes.ApprovedOn, m.Minutes.ApprovedBy, m.Minutes.NotedBy = day(ctx, on), m.Chair, ""
		if who := scope.From(ctx).Name; who != m.Chair {
			m.Minutes.NotedBy = who
		}
		return nil
	})
}

// Reopen takes the approval back before the minutes are issued, to write another version.
func (s *Service) Reopen(ctx context.Context, ref id.Ref, c Change) error {
	if err := c.reason(); err != nil {
		return err
	}
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.reopen"), nil, func(_ context.Context, m *Meeting) error {
		if m.Minutes.State() != "approved" {
			return errs.New(errs.Conflict, "meeting.not_now")
		}
		m.Minutes.ApprovedOn, m.Minutes.ApprovedBy, m.Minutes.NotedBy = "", "", ""
		return nil
	})
}

// Issue sends the minutes out on a day, under a number.
func (s *Service) Issue(ctx context.Context, ref id.Ref, c Change, on clock.Day, number string) error {
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.issue"), nil, func(ctx context.Context, m *Meeting) error {
		if m.Minutes.State() == "issued" {
			return errs.New(errs.Conflict, "meeting.not_now")
		}
		m.Minutes.IssuedOn, m.Minutes.Number = day(ctx, on), number
		return nil
	})
}

// Cancel says that a meeting is not held.
func (s *Service) Cancel(ctx context.Context, ref id.Ref, c Change) error {
	if err := c.reason(); err != nil {
		return err
	}
	return s.meetings.change(ctx, ref, c.Version, c.record("meeting.act.cancel"), nil, func(ctx context.Context, m *Meeting) error {
		if m.CancelledOn == "" {
			m.CancelledOn = clock.Today(ctx)
		}
		return nil
	})
}

// Remove takes out a meeting that was entered by mistake, as long as nothing was decided at it.
func (s *Service) Remove(ctx context.Context, ref id.Ref, c Change) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		n, err := s.store.countDecisions(ctx, "meeting = $1", args{ref.ID})
		if err != nil {
			return err
		}
		return s.meetings.remove(ctx, ref, c, "meeting.act.remove", n)
	})
}

// remove takes a record out; bound is how many others name it.
func (d *desk[T]) remove(ctx context.Context, ref id.Ref, c Change, act string, bound int64) error {
	if err := d.book.MayWork(ctx, ref, c.record(act)); err != nil {
		return err
	}
	t, _, err := d.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	if err := d.mayHome(ctx, ref, t, act); err != nil {
		return err
	}
	if err := c.reason(); err != nil {
		return err
	}
	if bound > 0 {
		var f errs.Fields
		f.Add("reason", "meeting.has_decisions", "N", bound)
		return f.Err()
	}
	return d.book.Remove(ctx, ref, c.Version, c.record(act))
}

// CreateWith keeps a new meeting with those who are invited, a line each.
func (s *Service) CreateWith(ctx context.Context, m Meeting, lines []string) (id.Ref, error) {
	c := record.Change{Act: "meeting.act.create"}
	if err := s.meetings.book.MayCreate(ctx, m, c); err != nil { // before what was typed is looked at
		return id.Ref{}, err
	}
	u, err := s.rec.Home(ctx, m.Unit)
	if err != nil {
		return id.Ref{}, err
	}
	if m.Seats, err = s.seatsOf(ctx, u, lines); err != nil {
		return id.Ref{}, err
	}
	if m.Day >= clock.Today(ctx) {
		for i := range m.Seats {
			m.Seats[i].InvitedOn = clock.Today(ctx)
		}
	}
	return s.meetings.create(ctx, m, c)
}
