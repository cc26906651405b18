package base

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
)

// RemindDays is how long before its end an agreement is brought to mind (R106), and a check before it is due.
const RemindDays = 60

// secondEyesAfter is the age in days from which the dates and the level of a plaque are corrected by two people.
const secondEyesAfter = 30

// Counts tells whether the plaque was ever granted: a submitted one never counts.
func (a Accreditation) Counts() bool { return a.Status != Submitted && a.GrantedOn != clock.Open }

// FirstGranted is the day of the first plaque ever, revoked ones included (R91); "" when there was none.
func (b Base) FirstGranted() clock.Day {
	var first clock.Day
	for _, a := range b.Accreditations {
		if a.Counts() && (first == clock.Open || a.GrantedOn < first) {
			first = a.GrantedOn
		}
	}
	return first
}

// LastGranted is the day of the latest plaque.
func (b Base) LastGranted() clock.Day {
	var last clock.Day
	for _, a := range b.Accreditations {
		if a.Counts() {
			last = max(last, a.GrantedOn)
		}
	}
	return last
}

// TopLevel is the highest level ever granted (R96); "" when there was none.
func (b Base) TopLevel() org.Level {
	for _, l := range Levels {
		if slices.ContainsFunc(b.Accreditations, func(a Accreditation) bool { return a.Counts() && a.Level == l }) {
			return l
		}
	}
	return ""
}

// AgreementEnd is the day on which the last agreement of a base run with others ends; ok tells whether it cuts the
// plaques short: a base that we run ourselves, one without any agreement, and one with an open agreement are not cut.
func (b Base) AgreementEnd() (end clock.Day, ok bool) { // R107
	if b.RunMode == Self || len(b.Agreements) == 0 {
		return clock.Open, false
	}
	for _, g := range b.Agreements {
		if g.To == clock.Open {
			return clock.Open, false
		}
		end = max(end, g.To)
	}
	return end, true
}

// Ends is the first day on which the plaque no longer holds: when it was revoked, or when the last agreement ended.
func (b Base) Ends(a Accreditation) clock.Day {
	if end, ok := b.AgreementEnd(); ok {
		return clock.MinEnd(a.RevokedOn, end)
	}
	return a.RevokedOn
}

// Holds tells whether the plaque is in force on the day.
func (b Base) Holds(a Accreditation, day clock.Day) bool {
	return a.Counts() && clock.Covers(a.GrantedOn, b.Ends(a), day)
}

// Standing tells whether the base counts on the day: some plaque is in force, whoever gave it (R88).
func (b Base) Standing(day clock.Day) bool {
	return slices.ContainsFunc(b.Accreditations, func(a Accreditation) bool { return b.Holds(a, day) })
}

// ItemsMet counts the items of the standard that are met.
func (b Base) ItemsMet() int {
	n := 0
	for _, it := range b.Items {
		if it.Met {
			n++
		}
	}
	return n
}

// MetOn is the day since which all items of the standard are met; ok is false while one is not (R93).
func (b Base) MetOn() (day clock.Day, ok bool) {
	for _, it := range b.Items {
		if !it.Met {
			return clock.Open, false
		}
		day = max(day, it.Day)
	}
	return day, len(b.Items) > 0
}

// MissingFacilities are those that the base does not have, in the usual order (R97).
func (b Base) MissingFacilities() []string {
	var out []string
	for _, f := range Facilities {
		if !slices.Contains(b.Facilities, f) {
			out = append(out, f)
		}
	}
	return out
}

// OpenPlans counts improvement plans under way.
func (b Base) OpenPlans() int {
	n := 0
	for _, p := range b.Plans {
		if p.ClosedOn == clock.Open {
			n++
		}
	}
	return n
}

// Gaps is by what a list puts the bases first that need work: items not met and plans under way (R105).
func (b Base) Gaps() int { return len(b.Items) - b.ItemsMet() + b.OpenPlans() }

// Passed counts the yearly checks passed.
func (b Base) Passed() int {
	n := 0
	for _, c := range b.Checks {
		if c.Result == "pass" {
			n++
		}
	}
	return n
}

// LastCheck is the latest check that was done; nil when there was none.
func (b Base) LastCheck() *Check {
	var last *Check
	for i, c := range b.Checks {
		if c.Day != clock.Open && (last == nil || c.Day > last.Day) {
			last = &b.Checks[i]
		}
	}
	return last
}

// CheckDue is the day of the next check that waits to be done; "" when none does.
func (b Base) CheckDue() clock.Day {
	var due clock.Day
	for _, c := range b.Checks {
		if c.Day == clock.Open && c.DueOn != clock.Open && (due == clock.Open || c.DueOn < due) {
			due = c.DueOn
		}
	}
	return due
}

// accreditation finds a plaque by its key.
func (b *Base) accreditation(key string) *Accreditation {
	for i := range b.Accreditations {
		if b.Accreditations[i].ID.String() == key {
			return &b.Accreditations[i]
		}
	}
	return nil
}

// plan finds an improvement plan by its key.
func (b *Base) plan(key string) *Plan {
	for i := range b.Plans {
		if b.Plans[i].ID.String() == key {
			return &b.Plans[i]
		}
	}
	return nil
}

// CategoryNamed finds a category by its name or one of its other spellings (法制 is 法治).
func CategoryNamed(list []Category, text string) (Category, bool) {
	text = table.CleanText(text)
	for _, c := range list {
		if c.Name == text || slices.Contains(words(c.Aliases), text) {
			return c, true
		}
	}
	return Category{}, false
}

// words splits a list that people type.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、,，;；/ ", r) })
}

// Tidy trims what was typed, writes categories by their names and gives the base one state for each item of the
// standard, in its order.
func (b *Base) Tidy(categories []Category, standard []StandardItem) {
	for _, s := range []*string{&b.Code, &b.Name, &b.Category, &b.Owner.Name, &b.Manager.Name, &b.Address, &b.Hours, &b.Contact, &b.Phone} {
		*s = table.CleanText(*s)
	}
	b.Intro = strings.TrimSpace(b.Intro)
	if c, ok := CategoryNamed(categories, b.Category); ok {
		b.Category = c.Name
	}
	var further []string
	for _, text := range b.Secondary {
		if c, ok := CategoryNamed(categories, text); ok {
			text = c.Name
		}
		if text != "" && text != b.Category && !slices.Contains(further, text) {
			further = append(further, text)
		}
	}
	b.Secondary = further
	items := make([]ItemState, 0, len(standard))
	for _, it := range standard {
		i := slices.IndexFunc(b.Items, func(s ItemState) bool { return s.Item == it.Code })
		if i < 0 {
			items = append(items, ItemState{Item: it.Code})
			continue
		}
		items = append(items, b.Items[i])
	}
	b.Items = items
}

// Check says what has to be changed before the base can be kept. Fields of parts are named like "plans.0.title".
func (b Base) Check(categories []Category) error {
	var f errs.Fields
	required(&f, "name", b.Name, "base.name_missing")
	short(&f, "name", b.Name, maxName)
	if b.Host == 0 {
		f.Add("host", "base.host_missing")
	}
	if !slices.Contains(RunModes, b.RunMode) {
		f.Add("run_mode", "base.run_mode_missing")
	}
	if b.Category == "" {
		f.Add("category", "base.category_missing")
	} else if _, ok := CategoryNamed(categories, b.Category); !ok {
		f.Add("category", "base.category_unknown", "Name", b.Category)
	}
	for _, s := range b.Secondary {
		if _, ok := CategoryNamed(categories, s); !ok {
			f.Add("secondary", "base.category_unknown", "Name", s)
		}
	}
	if b.Capacity < 0 || b.Capacity > 1e6 {
		f.Add("capacity", "base.number_odd")
	}
	if b.AreaM2 < 0 || b.AreaM2 > 1e8 {
		f.Add("area_m2", "base.number_odd")
	}
	for name, s := range map[string]string{"address": b.Address, "hours": b.Hours, "intro": b.Intro} {
		short(&f, name, s, maxText)
	}
	if len(b.Photos) > MaxPhotos {
		f.Add("photo", "base.photos_full", "N", MaxPhotos)
	}
	for i, a := range b.Accreditations {
		part(&f, "accreditations", i, a.Check())
	}
	for i, g := range b.Agreements {
		part(&f, "agreements", i, g.Check())
	}
	for i, it := range b.Items {
		part(&f, "items", i, it.Check())
	}
	for i, c := range b.Checks {
		part(&f, "checks", i, c.Check())
	}
	for i, p := range b.Plans {
		part(&f, "plans", i, p.Check())
	}
	return f.Err()
}

// Check says what has to be changed in a plaque.
func (a Accreditation) Check() errs.Fields {
	var f errs.Fields
	if !slices.Contains(Levels, a.Level) {
		f.Add("level", "base.level_missing")
	}
	if a.Issuer.Zero() {
		f.Add("issuer", "base.issuer_missing")
	}
	day(&f, "granted_on", a.GrantedOn)
	day(&f, "revoked_on", a.RevokedOn)
	switch a.Status {
	case Submitted:
	case Granted, Revoked:
		if a.GrantedOn == clock.Open {
			f.Add("granted_on", "base.granted_missing")
		}
		if a.Status == Revoked && a.RevokedOn == clock.Open {
			f.Add("revoked_on", "base.revoked_missing")
		}
	default:
		f.Add("status", "base.status_unknown")
	}
	if a.RevokedOn != clock.Open && a.RevokedOn < a.GrantedOn {
		f.Add("revoked_on", "base.revoked_early", "Day", a.GrantedOn)
	}
	return f
}

// Check says what has to be changed in an agreement.
func (g Agreement) Check() errs.Fields {
	var f errs.Fields
	required(&f, "document", g.Document, "base.document_missing")
	required(&f, "parties", g.Parties, "base.parties_missing")
	if g.From == clock.Open {
		f.Add("from", "base.from_missing")
	}
	day(&f, "from", g.From)
	day(&f, "to", g.To)
	if g.To != clock.Open && g.To <= g.From {
		f.Add("to", "base.to_early", "Day", g.From)
	}
	return f
}

// Check says what has to be changed in the state of an item: what is met has its evidence and its day (R93).
func (s ItemState) Check() errs.Fields {
	var f errs.Fields
	day(&f, "day", s.Day)
	if s.Met {
		required(&f, "evidence", s.Evidence, "base.evidence_missing")
		if s.Day == clock.Open {
			f.Add("day", "base.day_missing")
		}
	}
	return f
}

// Check says what has to be changed in a yearly check.
func (c Check) Check() errs.Fields {
	var f errs.Fields
	if c.Year < 1990 || c.Year > 2999 {
		f.Add("year", "base.year_odd")
	}
	day(&f, "day", c.Day)
	day(&f, "due_on", c.DueOn)
	if c.Day != clock.Open {
		required(&f, "by", c.By, "base.by_missing")
		if !slices.Contains(Results, c.Result) {
			f.Add("result", "base.result_missing")
		}
	}
	return f
}

// Check says what has to be changed in a plan: it is closed only with the state before and after (R95).
func (p Plan) Check() errs.Fields {
	var f errs.Fields
	required(&f, "title", p.Title, "base.plan_missing")
	if p.OpenedOn == clock.Open {
		f.Add("opened_on", "base.day_missing")
	}
	day(&f, "opened_on", p.OpenedOn)
	day(&f, "due_on", p.DueOn)
	day(&f, "closed_on", p.ClosedOn)
	if p.DueOn != clock.Open && p.DueOn < p.OpenedOn {
		f.Add("due_on", "base.due_early", "Day", p.OpenedOn)
	}
	if p.ClosedOn != clock.Open {
		required(&f, "before", p.Before, "base.before_missing")
		required(&f, "after", p.After, "base.after_missing")
		if p.ClosedOn < p.OpenedOn {
			f.Add("closed_on", "base.closed_early", "Day", p.OpenedOn)
		}
	}
	return f
}

// SecondEyes tells whether a change touches the days or the level of a plaque that is older than 30 days: then a second
// pair of eyes is asked for. Taking such a plaque out is a change too; a new plaque is not.
func SecondEyes(was, is Base, today clock.Day) bool {
	old := today.AddDays(-secondEyesAfter)
	for _, a := range was.Accreditations {
		if !a.Counts() || a.GrantedOn > old {
			continue
		}
		now := is.accreditation(a.ID.String())
		if now == nil || now.GrantedOn != a.GrantedOn || now.RevokedOn != a.RevokedOn || now.Level != a.Level {
			return true
		}
	}
	return false
}

func required(f *errs.Fields, name, value, key string) {
	if strings.TrimSpace(value) == "" {
		f.Add(name, key)
	}
}

func short(f *errs.Fields, name, value string, most int) {
	if utf8.RuneCountInString(value) > most {
		f.Add(name, "base.too_long", "N", most)
	}
}

// day refuses days that do not exist; forms and programs write them as YYYY-MM-DD.
func day(f *errs.Fields, name string, d clock.Day) {
	if d == clock.Open {
		return
	}
	if _, err := clock.ParseDay(string(d)); err != nil {
		f.Add(name, "errs.day_unreadable")
	}
}

func part(f *errs.Fields, list string, i int, bad errs.Fields) {
	for _, b := range bad {
		b.Name = fmt.Sprintf("%s.%d.%s", list, i, b.Name)
		*f = append(*f, b)
	}
}
