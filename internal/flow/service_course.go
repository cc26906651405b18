package flow

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
)

// CourseCodes are the codes of the courses that the program knows.
func (s *Service) CourseCodes() []string {
	var out []string
	for code := range s.shipped {
		out = append(out, code)
	}
	slices.Sort(out)
	return out
}

// Course is a course as it holds at a unit for whatever begins there, and whose it is.
type Course struct {
	Definition
	Fingerprint string // of the text
	Owner       Unit   // whose own it is; zero: it ships with the program
}

// CourseAt is the course that holds at a unit for new cases; those under way keep the one they began with.
func (s *Service) CourseAt(ctx context.Context, code string, u Unit) (Course, error) {
	if _, ok := s.shipped[code]; !ok {
		return Course{}, errs.New(errs.NotFound, "errs.not_found")
	}
	c := Course{}
	err := s.db.Read(ctx, func(ctx context.Context) (err error) {
		if c.Definition, err = s.DefinitionAt(ctx, code, u.Range.From); err != nil {
			return err
		}
		if c.Owner.ID, err = s.overrideOwner(ctx, code, u.Range.From); err != nil || c.Owner.ID == 0 {
			return err
		}
		c.Owner.Name, err = s.units.Name(ctx, c.Owner.ID)
		return err
	})
	if err == nil {
		c.Fingerprint, _, err = c.Definition.Version()
	}
	return c, err
}

// PastCourses are the courses of its own that a unit has had, the latest first. Needs Admin at the unit.
func (s *Service) PastCourses(ctx context.Context, code string, u Unit) ([]PastCourse, error) {
	if !scope.From(ctx).AdminSet.Covers(u.Range) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return s.pastCourses(ctx, code, u.ID, 20)
}

// Change is what an administrator may say of a course: days and who acts. Everything else belongs to the program, whose
// modules listen to the acts.
type Change struct {
	States map[string]StateChange // by key
	Acts   map[int]ActChange      // by the place in Transitions
}

// StateChange is how long a state lasts, and for whom it waits.
type StateChange struct {
	Days  int
	Count Count
	Wait  []Who // empty only where nobody waits today
}

// ActChange is who may take an act of its own, and after how many months the clock does.
type ActChange struct {
	Who         []Who // instead of those whom an administrator may choose; the sender and the clock stay
	AfterMonths int   // 0 only where no clock runs
}

// chosen tells whether an administrator chooses who that is; the sender of a step and the clock belong to the course.
func (w Who) chosen() bool { return w.At == AtOwn || w.At == AtIssuer || w.At == AtLevel }

// With is the course with the changes. It refuses, at the field, whatever would leave a state without somebody who acts.
// A second pair of eyes stays one.
func (d Definition) With(ch Change) (Definition, error) {
	var f errs.Fields
	out := d
	out.States, out.Transitions = slices.Clone(d.States), slices.Clone(d.Transitions)
	for i := range out.States {
		st := &out.States[i]
		c, ok := ch.States[st.Key]
		if !ok {
			continue
		}
		if st.Terminal {
			f.Add("days."+st.Key, "flow.course_end")
			continue
		}
		if c.Days < 0 || c.Days > 3660 {
			f.Add("days."+st.Key, "flow.course_days")
		}
		if c.Count != Working {
			c.Count = ""
		}
		st.Days, st.Count = c.Days, c.Count
		if len(st.Wait) == 0 {
			continue
		}
		if len(c.Wait) == 0 {
			f.Add("who."+st.Key, "flow.course_nobody")
			continue
		}
		st.Wait = replaced(st.Wait, c.Wait)
	}
	for i := range out.Transitions {
		t := &out.Transitions[i]
		c, ok := ch.Acts[i]
		if !ok {
			continue
		}
		if slices.ContainsFunc(t.Who, Who.chosen) {
			if len(c.Who) == 0 {
				f.Add(fmt.Sprintf("act.%d", i), "flow.course_nobody")
			} else {
				t.Who = replaced(t.Who, c.Who)
			}
		}
		if t.AfterMonths > 0 {
			if c.AfterMonths < 1 || c.AfterMonths > 120 {
				f.Add(fmt.Sprintf("months.%d", i), "flow.course_months")
			}
			t.AfterMonths = c.AfterMonths
		}
	}
	if err := f.Err(); err != nil {
		return d, err
	}
	if err := out.Check(); err != nil {
		return d, errs.Wrap(err, errs.Invalid, "flow.definition_broken", "Detail", err.Error())
	}
	return out, nil
}

// replaced puts those who were chosen in the place of those who could be, and keeps the others and the second pair of eyes.
func replaced(was, now []Who) []Who {
	var out []Who
	other := slices.ContainsFunc(was, func(w Who) bool { return w.Other })
	for _, w := range was {
		if !w.chosen() {
			out = append(out, w)
		}
	}
	for _, w := range now {
		w.Other = other
		if w.chosen() && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// ChangeCourse changes days and roles of a course for whatever begins in the unit's subtree from now on; cases under way
// keep the course they began with. fingerprint is of the course that was read: Conflict when it was changed meanwhile.
// Needs Admin over the whole subtree; the log keeps what was changed.
func (s *Service) ChangeCourse(ctx context.Context, u Unit, code, fingerprint string, ch Change) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		if !scope.From(ctx).AdminSet.Covers(u.Range) { // logged where it is set
			return s.SetDefinition(ctx, u.ID, u.Range, s.shipped[code])
		}
		was, err := s.CourseAt(ctx, code, u)
		if err != nil {
			return err
		}
		if was.Fingerprint != fingerprint {
			return errs.New(errs.Conflict, "flow.course_changed")
		}
		next, err := was.With(ch)
		if err != nil {
			return err
		}
		if v, _, err := next.Version(); err != nil || v == was.Fingerprint {
			return err // nothing was changed
		}
		return s.setDefinition(ctx, u.ID, u.Range, next, differences(was.Definition, next))
	})
}

// differences names what a change did, for the log: state and act keys, days and places.
func differences(was, now Definition) string {
	var out []string
	say := func(what string, a, b any) {
		if x, y := fmt.Sprint(a), fmt.Sprint(b); x != y {
			out = append(out, what+": "+x+" → "+y)
		}
	}
	for i := range was.States {
		a, b := was.States[i], now.States[i]
		say(a.Key+".days", fmt.Sprint(a.Days, a.Count), fmt.Sprint(b.Days, b.Count))
		say(a.Key+".wait", a.Wait, b.Wait)
	}
	for i := range was.Transitions {
		a, b := was.Transitions[i], now.Transitions[i]
		say(a.Act+".who", a.Who, b.Who)
		say(a.Act+".months", a.AfterMonths, b.AfterMonths)
	}
	return strings.Join(out, "; ")
}
