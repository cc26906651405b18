package activity

import (
	"io"
	"net/http"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
)

const (
	calendarSize = 2000 // events of one file; the latest days come first
	calendarDays = 31   // so far back a file goes that names no days
)

// calendarFile hands a list out for the calendar of a telephone: the same activities that the list shows, each once, a cancelled one as
// such. A later file brings the earlier one up to date, for an event keeps its name.
func (s *Service) calendarFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	u, err := s.unitOf(r)
	if err != nil {
		return err
	}
	f := filterOf(u, r.URL.Query())
	if f.Unit, err = s.area(r, u); err != nil {
		return err
	}
	if f.From == clock.Open {
		f.From = clock.Today(ctx).AddDays(-calendarDays)
	}
	f.After, f.Limit = "", calendarSize
	list, err := s.List(ctx, f)
	if err != nil {
		return err
	}
	whole, err := s.Whole(ctx, list.Rows)
	if err != nil {
		return err
	}
	title := f.Unit.Name + i18n.T(ctx, "activity.title")
	cal := ics.NewCalendarFor("xinhuo")
	cal.SetXWRCalName(title)
	for _, l := range list.Rows {
		e := cal.AddEvent(l.Ref().String() + "@xinhuo")
		e.SetDtStampTime(clock.Now(ctx))
		e.SetSummary(l.Title)
		e.SetLocation(l.Place)
		e.SetStatus(ics.ObjectStatusConfirmed)
		if l.Status == Cancelled {
			e.SetStatus(ics.ObjectStatusCancelled)
		}
		from, to, timed := whole[l.ID].hours()
		if timed {
			e.SetStartAt(from)
			e.SetEndAt(to)
			continue
		}
		e.SetAllDayStartAt(from)
		e.SetAllDayEndAt(to)
	}
	return handOut(w, "text/calendar; charset=utf-8", title+".ics", func(file io.Writer) error { return cal.SerializeTo(file) })
}

// hours are when an activity begins and ends: on one day by its times, otherwise in whole days, the end not included.
func (a Activity) hours() (from, to time.Time, timed bool) {
	if a.From != "" && a.From < a.To && a.Last() == a.Day {
		return at(a.Day, a.From), at(a.Day, a.To), true
	}
	return a.Day.Time(), a.Last().AddDays(1).Time(), false
}

// calendarHref is the file of the list that is shown.
func (v indexView) calendarHref() string {
	return strings.Replace(v.here(), "/activity", "/activity/calendar", 1)
}
