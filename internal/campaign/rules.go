package campaign

import (
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/dispatch"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

// Lengths in characters, so that a title fits a list and a report stays a report.
const (
	maxTitle  = 60
	maxText   = 5000
	maxParts  = 8
	maxIssuer = 20
)

// Years is how many years have passed since the event in the year in which the campaign begins (R114: 70 in 2019, 80 in
// 2029); 0 without an anniversary.
func (c Campaign) Years() int {
	if c.Anniversary == nil || c.Anniversary.Year == 0 || c.From == clock.Open {
		return 0
	}
	return c.From.Year() - c.Anniversary.Year
}

// Around is the closed span of days around a key day (R113).
func Around(day clock.Day, days int) Window {
	if day == clock.Open {
		return Window{}
	}
	return Window{From: day.AddDays(-days), Last: day.AddDays(days)}
}

// Set tells whether there is a window.
func (w Window) Set() bool { return w.From != clock.Open && w.Last != clock.Open }

// RunsOn tells whether the campaign was issued and the day is one of its days.
func (c Campaign) RunsOn(day clock.Day) bool {
	return c.IssuedOn != clock.Open && c.IssuedOn <= day && c.From <= day && day <= c.Last
}

// Issuing are the units below which the campaign goes: the lead and those that have joined in.
func (c Campaign) Issuing() []id.ID { return dispatch.Issuing(c.Unit, c.Issuers) }

// Units are the lead and all that were asked to issue with it, joined or not.
func (c Campaign) Units() []id.ID { return dispatch.Units(c.Unit, c.Issuers) }

// Goes tells whether the level and kind of a unit are those asked for; kinds divide townships only. Where the unit stands
// is another question.
func (t Targets) Goes(u org.Unit) bool {
	return slices.Contains(t.Levels, u.Level) && (len(t.Kinds) == 0 || u.Level != org.Township || slices.Contains(t.Kinds, u.Kind))
}

// clean trims what was typed and puts lists into their order, so that the same campaign is kept the same way.
func (c *Campaign) clean() {
	c.Code, c.Title, c.Slogan, c.Text = strings.TrimSpace(c.Code), strings.TrimSpace(c.Title), strings.TrimSpace(c.Slogan), strings.TrimSpace(c.Text)
	if a := c.Anniversary; a != nil {
		if a.Event = strings.TrimSpace(a.Event); *a == (Anniversary{}) {
			c.Anniversary = nil
		}
	}
	var levels []org.Level
	for _, l := range org.Levels {
		if slices.Contains(c.Targets.Levels, l) {
			levels = append(levels, l)
		}
	}
	c.Targets.Levels = levels
	slices.Sort(c.Targets.Kinds)
	c.Targets.Kinds = slices.Compact(c.Targets.Kinds)
	seen := map[id.ID]bool{c.Unit: true}
	c.Issuers = slices.DeleteFunc(slices.Clone(c.Issuers), func(i dispatch.Issuer) bool {
		again := seen[i.Unit]
		seen[i.Unit] = true
		return again
	})
	parts := map[id.Ref]bool{}
	c.Within = slices.DeleteFunc(slices.Clone(c.Within), func(r id.Ref) bool {
		again := parts[r]
		parts[r] = true
		return again
	})
	c.Documents = slices.DeleteFunc(slices.Clone(c.Documents), func(d string) bool { return strings.TrimSpace(d) == "" })
	if c.Due == clock.Open {
		c.Due = c.Last
	}
}

// check says what has to be changed before the campaign can stand.
func (c Campaign) check() error {
	var f errs.Fields
	if strings.ContainsAny(c.Code, " /?#%") || len(c.Code) > 40 {
		f.Add("code", "campaign.code_unfit")
	}
	long := func(name, text string, most int) {
		if utf8.RuneCountInString(text) > most {
			f.Add(name, "campaign.too_long", "Most", most)
		}
	}
	long("title", c.Title, maxTitle)
	long("slogan", c.Slogan, maxTitle)
	long("text", c.Text, maxText)
	if c.Title == "" && c.Years() == 0 {
		f.Add("title", "campaign.title_missing")
	}
	if !slices.Contains(Topics, c.Topic) {
		f.Add("topic", "campaign.topic_missing")
	}
	c.checkDays(&f)
	if len(c.Targets.Levels) == 0 {
		f.Add("levels", "campaign.levels_missing")
	}
	for _, k := range c.Targets.Kinds {
		if !slices.Contains(c.Targets.Levels, org.Township) || !slices.Contains(org.Township.Kinds(), k) {
			f.Add("kinds", "campaign.kind_without_level")
			break
		}
	}
	if len(c.Issuers) > maxIssuer {
		f.Add("issuers", "campaign.issuers_too_many", "Most", maxIssuer)
	}
	if len(c.Within) > maxParts {
		f.Add("within", "campaign.within_too_many", "Most", maxParts)
	}
	return f.Err()
}

func (c Campaign) checkDays(f *errs.Fields) {
	switch {
	case c.From == clock.Open:
		f.Add("from", "campaign.from_missing")
	case c.Last == clock.Open:
		f.Add("last", "campaign.last_missing")
	case c.Last < c.From:
		f.Add("last", "campaign.last_before_from")
	}
	if c.Due != clock.Open && c.Due < c.From {
		f.Add("due", "campaign.due_before_from")
	}
	if a := c.Anniversary; a != nil {
		if a.Event == "" {
			f.Add("event", "campaign.event_missing")
		}
		if a.Year < 1 || c.From != clock.Open && a.Year >= c.From.Year() {
			f.Add("event_year", "campaign.event_year_unfit")
		}
		if a.Day != clock.Open && c.From != clock.Open && a.Day.Year() != c.From.Year() && a.Day.Year() != c.Last.Year() {
			f.Add("event_day", "campaign.event_day_unfit")
		}
	}
	w := c.Window
	switch {
	case w.From == clock.Open && w.Last == clock.Open:
	case w.From == clock.Open:
		f.Add("window_from", "campaign.window_half")
	case w.Last == clock.Open:
		f.Add("window_last", "campaign.window_half")
	case w.Last < w.From:
		f.Add("window_last", "campaign.last_before_from")
	case c.From != clock.Open && c.Last != clock.Open && (w.From < c.From || w.Last > c.Last):
		f.Add("window_from", "campaign.window_outside")
	}
}

// StateOn is how far the unit has come by the end of a day.
func (d Duty) StateOn(day clock.Day) State {
	by := func(on clock.Day) bool { return on != clock.Open && on <= day }
	switch {
	case by(d.ReportedOn):
		return Reported
	case by(d.PlannedOn):
		return Planned
	case by(d.ReceivedOn):
		return Received
	}
	return None
}

// Late tells whether the report came after its day.
func (d Duty) Late() bool { return d.ReportedOn != clock.Open && d.ReportedOn > d.DueThen }

// receive signs for the campaign.
func (d *Duty) receive(who string, today clock.Day) error {
	if d.ReceivedOn != clock.Open {
		return errs.New(errs.Conflict, "campaign.received_already", "Name", d.ReceivedBy)
	}
	d.ReceivedOn, d.ReceivedBy = today, who
	return nil
}

// plan fits the campaign to the unit's own circumstances. Its day may be earlier than the one set above, never later:
// due is that day. A target that deploys has received.
func (d *Duty) plan(st Step, due, today clock.Day, target bool, who string) error {
	var f errs.Fields
	st.Text = strings.TrimSpace(st.Text)
	if st.Text == "" {
		f.Add("text", "campaign.wording_missing")
	}
	if utf8.RuneCountInString(st.Text) > maxText {
		f.Add("text", "campaign.too_long", "Most", maxText)
	}
	if st.Day != clock.Open && st.Day > due {
		f.Add("day", "campaign.due_later", "Due", due)
	}
	if st.Day != clock.Open && st.Day < today && st.Day != d.Due {
		f.Add("day", "campaign.due_past")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if d.PlannedOn == clock.Open {
		d.PlannedOn = today
	}
	if target && d.ReceivedOn == clock.Open {
		d.ReceivedOn, d.ReceivedBy = today, who
	}
	d.Wording, d.Due = st.Text, st.Day
	return nil
}

// report tells what was done. The second report of a unit corrects the first: its day stays (R68). due is the day by
// which it has to come in.
func (d *Duty) report(st Step, from, due, today clock.Day, who string) error {
	var f errs.Fields
	st.Text = strings.TrimSpace(st.Text)
	if st.Text == "" {
		f.Add("text", "campaign.report_missing")
	}
	if utf8.RuneCountInString(st.Text) > maxText {
		f.Add("text", "campaign.too_long", "Most", maxText)
	}
	switch {
	case st.Day == clock.Open:
	case st.Day > today:
		f.Add("day", "campaign.day_to_come")
	case st.Day < from:
		f.Add("day", "campaign.day_before", "From", from)
	}
	if err := f.Err(); err != nil {
		return err
	}
	if d.ReceivedOn == clock.Open {
		d.ReceivedOn, d.ReceivedBy = today, who
	}
	if d.ReportedOn == clock.Open {
		d.ReportedOn, d.DueThen = today, due
	} else {
		d.CorrectedOn = today
	}
	d.Report, d.CarriedOn = st.Text, st.Day
	return nil
}

// check refuses a duty that contradicts itself; it suits imports as well as forms.
func (d Duty) check(today clock.Day) error {
	var f errs.Fields
	for _, x := range []struct {
		name string
		day  clock.Day
	}{{"received_on", d.ReceivedOn}, {"planned_on", d.PlannedOn}, {"reported_on", d.ReportedOn}} {
		if x.day != clock.Open && x.day > today {
			f.Add(x.name, "campaign.day_to_come")
		}
	}
	if d.ReportedOn != clock.Open && d.Report == "" {
		f.Add("report", "campaign.report_missing")
	}
	if d.ReportedOn != clock.Open && d.ReceivedOn != clock.Open && d.ReportedOn < d.ReceivedOn {
		f.Add("reported_on", "campaign.reported_before_received")
	}
	if d.PlannedOn != clock.Open && d.Wording == "" {
		f.Add("wording", "campaign.wording_missing")
	}
	return f.Err()
}
