package app

import (
	"strings"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/meeting"
	"xinhuo/internal/org"
)

// meeting is one that the unit held with a body, at which it spoke, with minutes in draft and a decision.
func (s *seeder) meeting(u org.Unit) error {
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	ref, err := s.a.Meeting.CreateWith(s.ctx, meeting.Meeting{Unit: u.ID, Code: w("meetcode"), Kind: "联席会议", Title: w("meet"), Day: "2019-05-03", Place: w("meetplace") + ragged, Chair: w("chair"), Note: w("meetnote") + ragged,
		Agenda: []string{w("agenda")}}, []string{w("meetbody") + " " + w("meetperson"), u.Name})
	if err != nil {
		return err
	}
	s.seeds.add("meeting", u.Code, ref.String())
	paper, err := s.a.Meeting.Keep(s.ctx, w("meetfile")+".txt", strings.NewReader("会议材料"+u.Code))
	if err != nil {
		return err
	}
	s.seeds.add("meetingfile", u.Code, paper.Hash)
	evidence, err := s.a.Meeting.Keep(s.ctx, w("donefile")+".txt", strings.NewReader("佐证"+u.Code))
	if err != nil {
		return err
	}
	s.seeds.add("decisionfile", u.Code, evidence.Hash)
	if err := s.a.Meeting.Attach(s.ctx, ref, meeting.Change{Version: 1}, []meeting.Attachment{paper}); err != nil {
		return err
	}
	if err := s.a.Meeting.Attend(s.ctx, ref, meeting.Change{Version: 2}, map[int64]string{1: "away", 2: "self"}); err != nil {
		return err
	}
	if err := s.a.Meeting.Speak(s.ctx, ref, meeting.Change{Version: 3}, u.Name, meeting.Speech{Speaker: w("speaker"), Title: w("said"), Text: w("saidtext")}); err != nil {
		return err
	}
	if err := s.a.Meeting.Write(s.ctx, ref, meeting.Change{Version: 4}, w("minutes")); err != nil {
		return err
	}
	d, err := s.a.Meeting.Decide(s.ctx, meeting.Decision{Unit: u.ID, Meeting: ref, Code: w("decisioncode"), Text: w("decision"), Due: "2019-06-20"}, w("lead"), []string{w("helper")})
	if err != nil {
		return err
	}
	s.seeds.add("decision", u.Code, d.String())
	if err := s.a.Meeting.Report(s.ctx, d, meeting.Change{Version: 1}, w("goeson")); err != nil {
		return err
	}
	return s.a.Meeting.Close(s.ctx, d, meeting.Change{Version: 2}, "2019-05-28", meeting.Evidence{Text: w("donehow"), Files: []meeting.Attachment{evidence}})
}
