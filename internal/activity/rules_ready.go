package activity

import (
	"reflect"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

// Need is one thing that an activity needs before it may open or be reported as held. Act is the form in which it is
// given; Field the input, for a form that came back.
type Need struct {
	Key   string // text key: activity.need.{…}
	Field string
	Act   string
	Args  []any
	Met   bool
}

// Needs are all that the activity needs by its size and class, met or not, in the order in which they are shown (R133,
// R143, R145). unfit are those of its people who may not work with minors on its day (R162).
func (a Activity) Needs(limit Limits, unfit []Unfit) []Need {
	list := []Need{{Key: "activity.need.responsible", Field: "responsible", Act: "edit", Met: a.Responsible != "" && a.Phone != ""}}
	camp := a.Class == Camp
	if camp || a.Minors >= limit.Minors {
		list = append(list, Need{Key: "activity.need.plan", Field: "signed_by", Act: "safety", Args: []any{"N", limit.Minors},
			Met: a.Safety.Plan != "" && a.Safety.SignedBy != "" && a.Safety.SignedOn != clock.Open && a.Safety.SignedOn <= a.Day && len(a.Safety.Risks) > 0})
		list = append(list, Need{Key: "activity.need.emergency", Field: "emergency", Act: "safety", Met: a.Safety.Emergency != ""})
	}
	if camp {
		list = append(list,
			Need{Key: "activity.need.insurance", Field: "insurance", Act: "safety", Met: a.Safety.Insurance != ""},
			Need{Key: "activity.need.staff", Field: "staff", Act: "safety", Args: []any{"N", limit.CampRatio, "Have", a.Safety.Staff},
				Met: a.Safety.Staff > 0 && a.Safety.Staff*limit.CampRatio >= a.Minors})
	}
	if a.Minors > 0 {
		for _, u := range unfit {
			list = append(list, Need{Key: "activity.need.fit", Field: "lecturers", Act: "edit", Args: []any{"Name", u.Name, "Missing", u.Missing}})
		}
		// Nobody has looked at the papers of a name that is in no register. What has been held is reported as it was, with a
		// warning; who is still to come can be entered as a volunteer first.
		if a.Status != Held {
			for _, name := range a.guests() {
				list = append(list, Need{Key: "activity.need.guest", Field: "lecturers", Act: "edit", Args: []any{"Name", name}})
			}
		}
	}
	return list
}

// ready refuses an activity that lacks something.
func ready(needs []Need) error {
	var f errs.Fields
	for _, n := range needs {
		if !n.Met {
			f.Add(n.Field, n.Key, n.Args...)
		}
	}
	return f.Err()
}

// sameNeeds tells whether all that Needs looks at is as it was.
func (a Activity) sameNeeds(was Activity) bool {
	return a.Class == was.Class && a.Minors <= was.Minors && a.Day == was.Day && a.Responsible == was.Responsible && a.Phone == was.Phone &&
		reflect.DeepEqual(a.Safety, was.Safety) && slices.Equal(a.People, was.People)
}

// counts tells whether the status asks for all needs to be met.
func (s Status) counts() bool { return s == Open || s == Held }

// checkStatus says what a status asks beside its needs: what was held has a day behind it and somebody was there.
func (a Activity) checkStatus(today clock.Day) (f errs.Fields) {
	if a.Status == Held {
		if a.Day > today {
			f.Add("day", "activity.not_yet")
		}
		if a.Heads()+a.Online == 0 {
			name := "count.0"
			if a.Mode == Online {
				name = "online"
			}
			f.Add(name, "activity.nobody")
		}
	}
	if a.Status == Cancelled {
		required(&f, "reason", a.CancelReason, "activity.reason_missing")
	}
	return f
}
