package volunteer

import (
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// ServiceKind is the kind of record of hours: in the book, the ledger and the log.
const ServiceKind = "service"

// EnteredAs says how hours came in; it stays with them, in lists and as a breakdown of the figures.
type EnteredAs string

// The ways.
const (
	BySelf   EnteredAs = "self"   // by the volunteer
	ByHelper EnteredAs = "helper" // by somebody else, for one volunteer
	ByOffice EnteredAs = "office" // by an office for many at once, or from a table
)

// Ways lists them for filters.
var Ways = []EnteredAs{BySelf, ByHelper, ByOffice}

// Hours are a stretch of service of one volunteer on one day. From and To are quarters of an hour, "08:30"; "24:00" is
// the end of the day.
type Hours struct {
	Volunteer id.Ref    `json:"volunteer"`
	Unit      id.ID     `json:"unit"` // the volunteer's when they were entered: the hours stay with it
	Day       clock.Day `json:"day"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	What      string    `json:"what"`
	Activity  string    `json:"activity,omitempty"` // what it belonged to, in words
	Photo     string    `json:"photo,omitempty"`    // evidence: hash of the picture …
	Thumb     string    `json:"thumb,omitempty"`    // … and of its small one
	EnteredAs EnteredAs `json:"entered_as"`
	EnteredBy string    `json:"entered_by"`
	EnteredOn clock.Day `json:"entered_on"`
}

// Minutes is how long it was.
func (h Hours) Minutes() int64 { return minuteOf(h.To) - minuteOf(h.From) }

// Late tells that the hours were entered more than LateDays after they were given (补记).
func (h Hours) Late() bool { return h.EnteredOn > h.Day.AddDays(LateDays) }

// Starts and Ends are the hours as instants.
func (h Hours) Starts() time.Time { return h.at(h.From) }

// Ends is when the hours end.
func (h Hours) Ends() time.Time { return h.at(h.To) }

func (h Hours) at(s string) time.Time {
	return h.Day.Time().Add(time.Duration(minuteOf(s)) * time.Minute)
}

// Given are hours in a list.
type Given struct {
	Root       int64     `db:"root" json:"-"`
	ID         id.ID     `db:"id" json:"-"`
	Unit       id.ID     `db:"unit" json:"-"`
	PersonRoot int64     `db:"person_root" json:"-"`
	Person     id.ID     `db:"person" json:"-"`
	Day        clock.Day `db:"day" json:"day"`
	From       int64     `db:"from_minute" json:"-"`
	To         int64     `db:"to_minute" json:"-"`
	What       string    `db:"what" json:"what"`
	EnteredAs  EnteredAs `db:"entered_as" json:"entered_as"`
	Late       int64     `db:"late" json:"late"` // 1: entered late
	Photo      string    `db:"photo" json:"-"`
	Again      int64     `db:"again" json:"photo_again"` // 1: the same picture is evidence of another day too
	Long       int64     `db:"long_day" json:"long_day"` // 1: more than LongDay minutes of one person on one day
	ForMany    int64     `db:"for_many" json:"for_many"` // 1: entered one by one by somebody who did so for ManyADay people or more on that day
}

// Look is a reason to look at hours once more. It accuses nobody: honest days look like that too.
type Look string

// The reasons.
const (
	LookAny     Look = "any" // any of the others
	LookLate    Look = "late"
	LookAgain   Look = "again"
	LookLong    Look = "long"
	LookForMany Look = "for_many"
)

// Looks are the reasons by themselves.
var Looks = []Look{LookLate, LookAgain, LookLong, LookForMany}

// Looks are the reasons to look at hours once more; most have none.
func (g Given) Looks() (out []Look) {
	for i, yes := range []int64{g.Late, g.Again, g.Long, g.ForMany} {
		if yes == 1 {
			out = append(out, Looks[i])
		}
	}
	return out
}

// Ref is the hours' outside name.
func (g Given) Ref() id.Ref { return id.Ref{Root: g.Root, ID: g.ID} }

// Volunteer is who gave them.
func (g Given) Volunteer() id.Ref { return id.Ref{Root: g.PersonRoot, ID: g.Person} }

// Minutes is how long it was.
func (g Given) Minutes() int64 { return g.To - g.From }

// HoursFilter narrows a list of hours.
type HoursFilter struct {
	From, To  clock.Day // both within
	Volunteer id.Ref
	EnteredAs EnteredAs
	Look      Look
}
