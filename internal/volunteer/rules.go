package volunteer

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/pinyin"
	"xinhuo/internal/org"
)

// Limits of what is kept, in characters and entries.
const (
	maxName         = 40
	maxText         = 2000
	maxSpecialities = 10
	maxSpeciality   = 20
	maxChecks       = 60
	maxCare         = 100
	youngest        = 14 // years; a volunteer is no child
)

func stateOn(admitted, left, day clock.Day) State {
	switch {
	case left != clock.Open && left <= day:
		return Left
	case admitted == clock.Open || admitted > day:
		return Candidate
	}
	return Active
}

// State is how the volunteer stands on a day.
func (v Volunteer) State(day clock.Day) State { return stateOn(v.AdmittedOn, v.LeftOn, day) }

// Age is the age in years that the volunteer reaches in the day's year; 0 when the year of birth is not known.
func (v Volunteer) Age(day clock.Day) int64 { return ageOn(v.BirthYear, day) }

func ageOn(birth int64, day clock.Day) int64 {
	if birth == 0 {
		return 0
	}
	return int64(day.Year()) - birth
}

// Bands of age by their first year; "" in front is for those whose year of birth is not known (R158).
var Bands = []struct {
	Name string
	From int64
}{{"under_50", 0}, {"50", 50}, {"60", 60}, {"70", 70}, {"80", 80}}

// BandOf is the age band on a day, computed anew each time.
func BandOf(birth int64, day clock.Day) string {
	if birth == 0 {
		return "unknown"
	}
	name := Bands[0].Name
	for _, b := range Bands {
		if ageOn(birth, day) >= b.From {
			name = b.Name
		}
	}
	return name
}

// clean trims what was typed and gives a background check without an end its year.
func (v Volunteer) clean() Volunteer {
	for _, s := range []*string{&v.Code, &v.Name, &v.Profession, &v.Employer, &v.Availability, &v.Phone, &v.Experience, &v.Health, &v.LeaveReason, &v.Note,
		&v.Insurance.Company, &v.Insurance.Number} {
		*s = strings.TrimSpace(*s)
	}
	v.Specialities = specialities(strings.Join(v.Specialities, "\n"))
	v.Checks = slices.Clone(v.Checks)
	for i := range v.Checks {
		c := &v.Checks[i]
		for _, s := range []*string{&c.Name, &c.Number, &c.Issuer} {
			*s = strings.TrimSpace(*s)
		}
		if c.Kind == Background && c.Expires == clock.Open {
			c.Expires = c.On.AddYears(1)
		}
	}
	sort.SliceStable(v.Checks, func(i, j int) bool { return v.Checks[i].On < v.Checks[j].On })
	if len(v.Checks) == 0 {
		v.Checks = nil
	}
	v.Care = slices.Clone(v.Care)
	for i := range v.Care {
		c := &v.Care[i]
		c.What, c.By = strings.TrimSpace(c.What), strings.TrimSpace(c.By)
	}
	sort.SliceStable(v.Care, func(i, j int) bool { return v.Care[i].On < v.Care[j].On })
	if len(v.Care) == 0 {
		v.Care = nil
	}
	return v
}

// specialities reads a list as people write it: separated by commas, 顿号, semicolons or lines; each once.
func specialities(text string) []string {
	var out []string
	for _, s := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("，,、；;\n\r", r) }) {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// problems says what has to be changed; fields are named after the form's inputs and the table's columns.
func (v Volunteer) problems(today clock.Day) (f errs.Fields) {
	if v.Name == "" {
		f.Add("name", "volunteer.name_missing")
	}
	if utf8.RuneCountInString(v.Name) > maxName {
		f.Add("name", "volunteer.name_long", "N", maxName)
	}
	if !slices.Contains(Classes, v.Kind) {
		f.Add("kind", "volunteer.kind_missing")
	}
	if v.Sex != "" && !slices.Contains(Sexes, v.Sex) {
		f.Add("sex", "volunteer.sex_odd")
	}
	if v.Education != "" && !slices.Contains(Educations, v.Education) {
		f.Add("education", "volunteer.education_odd")
	}
	if v.Phone != "" && !org.Dialable(v.Phone) {
		f.Add("phone", "volunteer.phone_odd")
	}
	if v.BirthYear != 0 && (v.BirthYear < 1900 || v.BirthYear > int64(today.Year())-youngest) {
		f.Add("birth_year", "volunteer.birth_year_odd")
	}
	if len(v.Specialities) > maxSpecialities {
		f.Add("specialities", "volunteer.specialities_many", "N", maxSpecialities)
	}
	for _, s := range v.Specialities {
		if utf8.RuneCountInString(s) > maxSpeciality {
			f.Add("specialities", "volunteer.speciality_long", "Name", s, "N", maxSpeciality)
			break
		}
	}
	for name, s := range map[string]string{"experience": v.Experience, "health": v.Health, "note": v.Note} {
		if utf8.RuneCountInString(s) > maxText {
			f.Add(name, "volunteer.text_long", "N", maxText)
		}
	}
	v.dayProblems(&f, today)
	for _, c := range v.Checks {
		c.problems(&f)
	}
	for _, c := range v.Care {
		c.problems(&f, today)
	}
	if len(v.Care) > maxCare {
		f.Add("care_kind", "volunteer.care_many", "N", maxCare)
	}
	if len(v.Checks) > maxChecks {
		f.Add("check_kind", "volunteer.checks_many", "N", maxChecks)
	}
	for _, s := range v.Core {
		if s.From == "" || odd(s.From) || odd(s.To) || s.To != "" && s.To <= s.From {
			f.Add("core_from", "volunteer.core_odd")
		}
	}
	if i := v.Insurance; i.Until != "" && i.From == "" {
		f.Add("insured_from", "volunteer.insured_from_missing")
	} else if i.Until != "" && i.Until <= i.From {
		f.Add("insured_until", "volunteer.insured_odd")
	}
	return f
}

func (v Volunteer) dayProblems(f *errs.Fields, today clock.Day) {
	all := map[string]clock.Day{"candidate_on": v.CandidateOn, "admitted_on": v.AdmittedOn, "left_on": v.LeftOn, "find_consent": v.FindConsent,
		"experience_consent": v.ExperienceConsent, "insured_from": v.Insurance.From, "insured_until": v.Insurance.Until}
	for name, d := range all { // a program may send anything
		if odd(d) {
			f.Add(name, "errs.day_unreadable")
		}
	}
	if v.CandidateOn == "" && v.AdmittedOn == "" {
		f.Add("candidate_on", "volunteer.candidate_missing")
	}
	if v.CandidateOn != "" && v.AdmittedOn != "" && v.AdmittedOn < v.CandidateOn {
		f.Add("admitted_on", "volunteer.admitted_before_candidate")
	}
	if v.AdmittedOn > today {
		f.Add("admitted_on", "volunteer.admitted_future")
	}
	first := v.AdmittedOn
	if first == "" {
		first = v.CandidateOn
	}
	if v.LeftOn != "" && v.LeftOn < first {
		f.Add("left_on", "volunteer.left_before_admitted")
	}
	if v.FindConsent > today {
		f.Add("find_consent", "volunteer.consent_future")
	}
	if v.ExperienceConsent > today {
		f.Add("experience_consent", "volunteer.consent_future")
	}
}

func odd(d clock.Day) bool {
	_, err := clock.ParseDay(string(d))
	return d != clock.Open && err != nil
}

func (c Care) problems(f *errs.Fields, today clock.Day) {
	if !slices.Contains(CareKinds, c.Kind) {
		f.Add("care_kind", "volunteer.care_kind_missing")
	}
	if c.On == "" || odd(c.On) || c.On > today {
		f.Add("care_on", "volunteer.care_on_missing")
	}
	if c.What == "" {
		f.Add("care_what", "volunteer.care_what_missing")
	}
	if utf8.RuneCountInString(c.What) > maxWhat || utf8.RuneCountInString(c.By) > maxWhat {
		f.Add("care_what", "volunteer.what_long", "N", maxWhat)
	}
}

func (c Check) problems(f *errs.Fields) {
	if !slices.Contains(CheckKinds, c.Kind) {
		f.Add("check_kind", "volunteer.check_kind_missing")
	}
	if c.On == "" {
		f.Add("check_on", "volunteer.check_on_missing")
	}
	if odd(c.On) || odd(c.Expires) {
		f.Add("check_on", "errs.day_unreadable")
	}
	if c.Kind == Certificate && c.Expires == "" {
		f.Add("check_expires", "volunteer.check_expires_missing")
	}
	if c.Expires != "" && c.Expires <= c.On {
		f.Add("check_expires", "volunteer.check_expires_early")
	}
}

// spansOf are the days on which a kind of check holds, joined and in order.
func (v Volunteer) spansOf(kind CheckKind) []Stay {
	var out []Stay
	for _, c := range v.Checks {
		if c.Kind == kind {
			out = append(out, Stay{c.On, c.Expires})
		}
	}
	return joined(out)
}

// joined merges stretches that touch or overlap.
func joined(list []Stay) []Stay {
	list = slices.Clone(list)
	sort.Slice(list, func(i, j int) bool { return list[i].From < list[j].From })
	var out []Stay
	for _, s := range list {
		if n := len(out) - 1; n >= 0 && (out[n].To == clock.Open || s.From <= out[n].To) {
			if out[n].To.Before(s.To) {
				out[n].To = s.To
			}
			continue
		}
		out = append(out, s)
	}
	return out
}

// within cuts stretches to one.
func within(list []Stay, in Stay) []Stay {
	var out []Stay
	for _, s := range list {
		from, to := max(s.From, in.From), clock.MinEnd(s.To, in.To)
		if to == clock.Open || from < to {
			out = append(out, Stay{from, to})
		}
	}
	return out
}

// outside is what is left of a stretch beside others, which are joined.
func outside(list []Stay, in Stay) []Stay {
	var out []Stay
	from := in.From
	for _, s := range within(list, in) {
		if from < s.From {
			out = append(out, Stay{from, s.From})
		}
		from = s.To
		if s.To == clock.Open {
			return out
		}
	}
	if in.To == clock.Open || from < in.To {
		out = append(out, Stay{from, in.To})
	}
	return out
}

func holds(list []Stay, day clock.Day) bool {
	return slices.ContainsFunc(list, func(s Stay) bool { return clock.Covers(s.From, s.To, day) })
}

// Valid tells whether a kind of check holds on a day.
func (v Volunteer) Valid(kind CheckKind, day clock.Day) bool { return holds(v.spansOf(kind), day) }

// insured are the days that the insurance covers.
func (v Volunteer) insured() []Stay {
	if v.Insurance.From == "" {
		return nil
	}
	return []Stay{{v.Insurance.From, v.Insurance.Until}}
}

// IsCore tells whether the volunteer is among the core on a day (R157).
func (v Volunteer) IsCore(day clock.Day) bool { return holds(v.Core, day) }

// due is when the first of the checks that have an end runs out for good: the reminder's day. Nobody is reminded of
// somebody who has left.
func (v Volunteer) due() clock.Day {
	if v.LeftOn != "" {
		return clock.Open
	}
	due := clock.Open
	for _, kind := range []CheckKind{Background, Certificate} {
		if spans := v.spansOf(kind); len(spans) > 0 {
			due = clock.MinEnd(due, spans[len(spans)-1].To)
		}
	}
	return due
}

// Items of a complete file (R184).
var Items = []string{"sex", "birth_year", "education", "profession", "specialities", "availability", "phone", "health", "background", "training", "insurance"}

// Missing are the items that the file lacks.
func (v Volunteer) Missing() []string {
	have := map[string]bool{"sex": v.Sex != "", "birth_year": v.BirthYear != 0, "education": v.Education != "", "profession": v.Profession != "",
		"specialities": len(v.Specialities) > 0, "availability": v.Availability != "", "phone": v.Phone != "", "health": v.Health != "" || len(v.spansOf(Health)) > 0,
		"background": len(v.spansOf(Background)) > 0, "training": len(v.spansOf(Training)) > 0, "insurance": v.Insurance.Until != ""}
	var out []string
	for _, k := range Items {
		if !have[k] {
			out = append(out, k)
		}
	}
	return out
}

// Complete is how much of the file is there, in per cent.
func (v Volunteer) Complete() int64 {
	return int64(100 * (len(Items) - len(v.Missing())) / len(Items))
}

// lacking says what keeps a candidate from being admitted on a day (R162).
func (v Volunteer) lacking(day clock.Day) []CheckKind {
	var out []CheckKind
	for _, k := range []CheckKind{Background, Training} {
		if !v.Valid(k, day) {
			out = append(out, k)
		}
	}
	return out
}

// Reader is what decides how much of a file somebody sees.
type Reader struct {
	Works bool // at the person's unit, also from above
	Own   bool // belongs to the person's unit
}

// Health tells whether the reader needs to know of the person's health: only who works for the very unit of the person.
// The offices above plan with the unit, not with the person.
func (r Reader) Health() bool { return r.Works && r.Own }

// shown is the file without what a reader may not see. The seed of the certificate's code is nobody's to see.
func (v Volunteer) shown(r Reader) Volunteer {
	v.Proof.Seed = ""
	if !r.Health() {
		v.Health = ""
		v.Checks = slices.DeleteFunc(slices.Clone(v.Checks), isHealth)
	}
	if r.Works {
		return v
	}
	v.Checks = slices.Clone(v.Checks)
	for i := range v.Checks { // a paper holds more than its day
		v.Checks[i].Paper, v.Checks[i].PDF = "", false
	}
	v.Account, v.Note = 0, ""
	v.Care = slices.DeleteFunc(slices.Clone(v.Care), func(c Care) bool { return c.Kind == Visit }) // a visit tells of hardship
	if v.FindConsent == "" {
		v.Phone = ""
	}
	if v.ExperienceConsent == "" && !r.Own {
		v.Experience = ""
	}
	return v
}

func isHealth(c Check) bool { return c.Kind == Health }

// restored puts back what a reader who corrects a file could not see of it.
func (v Volunteer) restored(was Volunteer, r Reader) Volunteer {
	if r.Health() {
		return v
	}
	v.Health = was.Health
	v.Checks = slices.DeleteFunc(slices.Clone(v.Checks), isHealth)
	for _, c := range was.Checks {
		if isHealth(c) {
			v.Checks = append(v.Checks, c)
		}
	}
	return v
}

// papersOf lets the checks of a file name only papers that the file held already: a paper comes in with its check alone.
func (v Volunteer) papersOf(was Volunteer) Volunteer {
	v.Checks = slices.Clone(v.Checks)
	for i, c := range v.Checks {
		if !slices.ContainsFunc(was.Checks, func(w Check) bool { return w.Kind == c.Kind && w.Paper == c.Paper && w.PDF == c.PDF }) {
			v.Checks[i].Paper, v.Checks[i].PDF = "", false
		}
	}
	return v
}

// mayBeOne tells that neither name nor year of birth speaks against two files being one person's.
func mayBeOne(a, b Volunteer) bool {
	one, _ := pinyin.PersonKeys(a.Name)
	two, _ := pinyin.PersonKeys(b.Name)
	return one == two && (a.BirthYear == b.BirthYear || a.BirthYear == 0 || b.BirthYear == 0)
}

// union joins two files of one person: what the first lacks, the second gives.
func (v Volunteer) union(o Volunteer) Volunteer {
	for _, p := range [][2]*string{{&v.Sex, &o.Sex}, {&v.Profession, &o.Profession}, {&v.Employer, &o.Employer}, {&v.Education, &o.Education}, {&v.Availability, &o.Availability},
		{&v.Phone, &o.Phone}, {&v.Health, &o.Health}, {&v.Note, &o.Note}} {
		if *p[0] == "" {
			*p[0] = *p[1]
		}
	}
	if v.Experience == "" { // a story goes with the consent that was given for it
		v.Experience, v.ExperienceConsent = o.Experience, o.ExperienceConsent
	}
	if v.BirthYear == 0 {
		v.BirthYear = o.BirthYear
	}
	if v.Account == 0 {
		v.Account = o.Account
	}
	if v.Insurance.Until == "" || o.Insurance.Until > v.Insurance.Until {
		if o.Insurance.Until != "" {
			v.Insurance = o.Insurance
		}
	}
	v.CandidateOn, v.AdmittedOn = earlier(v.CandidateOn, o.CandidateOn), earlier(v.AdmittedOn, o.AdmittedOn)
	if v.AdmittedOn != "" && v.CandidateOn > v.AdmittedOn {
		v.CandidateOn = v.AdmittedOn
	}
	v.Specialities = specialities(strings.Join(append(slices.Clone(v.Specialities), o.Specialities...), "\n"))
	if len(v.Specialities) > maxSpecialities {
		v.Specialities = v.Specialities[:maxSpecialities]
	}
	for _, c := range o.Checks {
		if !slices.Contains(v.Checks, c) {
			v.Checks = append(slices.Clone(v.Checks), c)
		}
	}
	for _, c := range o.Care {
		if !slices.Contains(v.Care, c) {
			v.Care = append(slices.Clone(v.Care), c)
		}
	}
	v.Core = joined(append(slices.Clone(v.Core), o.Core...))
	if v.LeftOn != "" && o.LeftOn == "" { // left here, still there
		v.LeftOn, v.LeaveReason = "", ""
	}
	return v
}

// earlier is the earlier of two days of which either may not be known.
func earlier(a, b clock.Day) clock.Day {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

func (p Profession) problems() (f errs.Fields) {
	if p.Name == "" {
		f.Add("name", "volunteer.profession_missing")
	}
	if utf8.RuneCountInString(p.Name) > 20 || utf8.RuneCountInString(p.En) > 40 {
		f.Add("name", "volunteer.profession_long")
	}
	return f
}

func joinSpecialities(list []string) string { return strings.Join(list, "、") }
