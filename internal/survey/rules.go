package survey

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
)

const (
	maxName      = 80 // characters
	maxText      = 2000
	maxAnswer    = 500
	maxQuestions = 40
	maxOptions   = 20
	maxEntries   = 300
	mostSaid     = 200 // of what was written, on the page of results; the table holds all
)

func long(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "survey.too_long", "N", most)
	}
}

func trim(texts ...*string) {
	for _, t := range texts {
		*t = strings.TrimSpace(*t)
	}
}

func (s *Survey) clean() {
	trim(&s.Title, &s.Text, &s.Document)
	slices.SortFunc(s.Levels, func(a, b org.Level) int { return a.Rank() - b.Rank() })
	s.Levels = slices.Compact(s.Levels)
}

// check says what has to be changed in a survey of a unit of a level.
func (s Survey) check(issuer org.Level) errs.Fields {
	var f errs.Fields
	if s.Title == "" {
		f.Add("title", "survey.title_missing")
	}
	long(&f, "title", s.Title, maxName)
	long(&f, "text", s.Text, maxText)
	long(&f, "document", s.Document, maxName)
	if !slices.Contains(Abouts, s.About) {
		f.Add("about", "survey.about_missing")
	}
	if len(s.Levels) == 0 && s.About != "base" {
		f.Add("levels", "survey.levels_missing")
	}
	for _, l := range s.Levels {
		if !issuer.MayHold(l) {
			f.Add("levels", "survey.level_unfit")
			break
		}
	}
	day(&f, "due", s.Due)
	if s.Due == clock.Open {
		f.Add("due", "survey.due_missing")
	}
	if len(s.Questions) > maxQuestions {
		f.Add("questions", "survey.questions_many", "N", maxQuestions)
	}
	return f
}

func day(f *errs.Fields, name string, d clock.Day) {
	if d == clock.Open {
		return
	}
	if _, err := clock.ParseDay(string(d)); err != nil {
		f.Add(name, "errs.day_unreadable")
	}
}

// issue sends a survey out.
func (s *Survey) issue(today clock.Day, asked int64) error {
	switch {
	case s.IssuedOn != clock.Open:
		return errs.New(errs.Conflict, "survey.issued_already")
	case len(s.Questions) == 0:
		return errs.New(errs.Conflict, "survey.no_questions")
	case asked == 0:
		return errs.New(errs.Conflict, "survey.nobody")
	case s.Due < today:
		return errs.New(errs.Conflict, "survey.due_past")
	}
	s.IssuedOn, s.Asked = today, asked
	return nil
}

// ask adds a question, or changes the one of its number.
func (s *Survey) ask(q Question, fields []Field) error {
	trim(&q.Label)
	var f errs.Fields
	if s.IssuedOn != clock.Open {
		return errs.New(errs.Conflict, "survey.questions_fixed")
	}
	if q.Field != "" {
		i := slices.IndexFunc(fields, func(x Field) bool { return x.Key == q.Field })
		if i < 0 || s.About != "base" {
			f.Add("field", "survey.field_unknown")
			return f.Err()
		}
		q.Kind, q.Options = fields[i].Kind, nil
		if q.Label == "" {
			q.Label = fields[i].Label
		}
		if slices.ContainsFunc(s.Questions, func(x Question) bool { return x.Field == q.Field && x.No != q.No }) {
			f.Add("field", "survey.field_twice", "Field", fields[i].Label)
		}
	}
	if q.Label == "" {
		f.Add("label", "survey.label_missing")
	}
	long(&f, "label", q.Label, maxName)
	if !slices.Contains(QuestionKinds, q.Kind) {
		f.Add("kind", "survey.kind_missing")
	}
	q.options(&f)
	if err := f.Err(); err != nil {
		return err
	}
	i := slices.IndexFunc(s.Questions, func(x Question) bool { return x.No == q.No })
	if q.No > 0 && i >= 0 {
		s.Questions[i] = q
		return nil
	}
	q.No = 1
	for _, x := range s.Questions {
		q.No = max(q.No, x.No+1)
	}
	s.Questions = append(s.Questions, q)
	return nil
}

// options are there for choices alone, each once.
func (q *Question) options(f *errs.Fields) {
	var list []string
	for _, o := range q.Options {
		if o = table.CleanText(o); o != "" && !slices.Contains(list, o) {
			list = append(list, o)
		}
		long(f, "options", o, maxName)
	}
	q.Options = list
	switch {
	case q.Field != "":
	case q.Kind != "choice" && q.Kind != "several":
		q.Options = nil
	case len(list) < 2:
		f.Add("options", "survey.options_few")
	case len(list) > maxOptions:
		f.Add("options", "survey.options_many", "N", maxOptions)
	}
}

// unask takes a question out of a draft.
func (s *Survey) unask(no int) error {
	if s.IssuedOn != clock.Open {
		return errs.New(errs.Conflict, "survey.questions_fixed")
	}
	n := len(s.Questions)
	if s.Questions = slices.DeleteFunc(slices.Clone(s.Questions), func(q Question) bool { return q.No == no }); len(s.Questions) == n {
		var f errs.Fields
		f.Add("no", "survey.question_unknown")
		return f.Err()
	}
	return nil
}

// question finds a question by its number.
func (s Survey) question(no int) (Question, bool) {
	i := slices.IndexFunc(s.Questions, func(q Question) bool { return q.No == no })
	if i < 0 {
		return Question{}, false
	}
	return s.Questions[i], true
}

// bound are the questions that the register answers already.
func (s Survey) bound() (out []Question) {
	for _, q := range s.Questions {
		if q.Field != "" {
			out = append(out, q)
		}
	}
	return out
}

// goes tells whether a unit of a level is asked.
func (s Survey) goes(l org.Level) bool { return slices.Contains(s.levels(), l) }

// levels are those of the units that answer: about bases any level unless some are named.
func (s Survey) levels() []org.Level {
	if len(s.Levels) == 0 && s.About == "base" {
		return org.Levels
	}
	return s.Levels
}

// besides is the unit that a survey does not go to: its issuer, unless it hosts bases like any other.
func (s Survey) besides() id.ID {
	if s.About == "base" {
		return 0
	}
	return s.Unit
}

// choosable are the values that a question may have, with their words; the register's for a bound one.
func (q Question) choosable(fields []Field) []Option {
	if q.Field != "" {
		for _, f := range fields {
			if f.Key == q.Field {
				return f.Options
			}
		}
		return nil
	}
	out := make([]Option, len(q.Options))
	for i, o := range q.Options {
		out[i] = Option{o, o}
	}
	return out
}

// read takes what was typed for a question: numbers as people write them, choices in their order. What cannot be read is
// told to f under name.
func (q Question) read(f *errs.Fields, name string, typed []string, options []Option) Value {
	var out Value
	for _, t := range typed {
		if t = strings.TrimSpace(t); t != "" {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return nil
	}
	if q.Kind != "several" && len(out) > 1 {
		f.Add(name, "survey.one_only")
		return nil
	}
	switch q.Kind {
	case "number":
		n, err := table.ParseCount(out[0])
		if err != nil || n < 0 {
			f.Add(name, "survey.number_unreadable")
			return nil
		}
		return Value{strconv.FormatInt(n, 10)}
	case "day":
		d, err := table.ParseDay(out[0])
		if err != nil {
			f.Add(name, "errs.day_unreadable")
			return nil
		}
		return Value{d}
	case "text":
		long(f, name, out[0], maxAnswer)
		return out[:1]
	}
	var chosen Value
	for _, o := range options {
		if slices.Contains(out, o.Key) {
			chosen = append(chosen, o.Key)
		}
	}
	slices.Sort(out)
	if len(chosen) != len(slices.Compact(out)) {
		f.Add(name, "survey.not_an_option")
		return nil
	}
	return chosen
}

// order writes several choices in the order of their options, so that equal ones are equal.
func (q Question) order(v Value, options []Option) Value {
	if q.Kind != "several" {
		return v
	}
	var out Value
	for _, o := range options {
		if slices.Contains(v, o.Key) {
			out = append(out, o.Key)
		}
	}
	return out
}

// entry finds the entry about a base; the one about the unit itself has none.
func (a Answer) entry(key string) int {
	return slices.IndexFunc(a.Entries, func(e Entry) bool { return e.key() == key })
}

// key names an entry in addresses; the one about the unit itself is "unit".
func (e Entry) key() string {
	if e.Base.ID == 0 {
		return "unit"
	}
	return e.Base.String()
}

// missing are the required questions of an entry without an answer.
func (e Entry) missing(s Survey) (out []Question) {
	for _, q := range s.Questions {
		if q.Required && len(e.Values[q.No]) == 0 {
			out = append(out, q)
		}
	}
	return out
}

// corrections are the fields in which an entry differs from what the register held, as it was and as it is to be.
func (e Entry) corrections(s Survey) (was, now map[string]Value) {
	was, now = map[string]Value{}, map[string]Value{}
	for _, q := range s.bound() {
		if !slices.Equal(e.Was[q.No], e.Values[q.No]) {
			was[q.Field], now[q.Field] = e.Was[q.No], e.Values[q.No]
		}
	}
	return was, now
}

// editable tells whether the unit may still change its answer.
func (a Answer) editable() bool { return a.State == None || a.State == Draft || a.State == Returned }

// send hands an answer in; subjects are the keys of what it has to speak of, each with its name.
func (a *Answer) send(s Survey, subjects []Entry, today clock.Day, who string) error {
	if !a.editable() {
		return errs.New(errs.Conflict, "survey.sent_already")
	}
	var f errs.Fields
	for _, x := range subjects {
		name := x.Name
		i := a.entry(x.key())
		if i < 0 {
			f.Add(x.key(), "survey.entry_missing", "Name", name)
			continue
		}
		for _, q := range a.Entries[i].missing(s) {
			f.Add(x.key(), "survey.answer_missing", "Name", name, "Question", q.Label)
		}
	}
	if len(f) > 0 {
		return f.Err()
	}
	// a base that was taken out of the register meanwhile is answered about no more
	a.Entries = slices.DeleteFunc(slices.Clone(a.Entries), func(e Entry) bool {
		return !slices.ContainsFunc(subjects, func(x Entry) bool { return x.key() == e.key() })
	})
	a.State, a.Why, a.SentBy = Sent, "", who
	if a.SentOn == clock.Open {
		a.SentOn, a.DueThen = today, s.Due
	}
	return nil
}

// sendBack returns an answer with what is to be mended.
func (a *Answer) sendBack(why string) error {
	trim(&why)
	if a.State != Sent {
		return errs.New(errs.Conflict, "survey.not_waiting")
	}
	var f errs.Fields
	if why == "" {
		f.Add("why", "survey.why_missing")
	}
	long(&f, "why", why, maxAnswer)
	a.State, a.Why = Returned, why
	return f.Err()
}

// accept takes an answer as it is.
func (a *Answer) accept(today clock.Day, who string) error {
	if a.State != Sent {
		return errs.New(errs.Conflict, "survey.not_waiting")
	}
	a.State, a.DoneOn, a.DoneBy = Reviewed, today, who
	return nil
}

// stands tells whether an answer is in, so that nobody waits for it.
func (a Answer) stands() bool { return a.State == Sent || a.State == Reviewed }

func days(from, to clock.Day) int { return int(to.Time().Sub(from.Time()).Hours() / 24) }

// results add the answers that are in up, question by question; of what was written the first are told.
func (s Survey) results(answers []Answer, fields []Field) []Results {
	out := make([]Results, len(s.Questions))
	for n, q := range s.Questions {
		out[n] = Results{Question: q, Chosen: make([]int64, len(q.choosable(fields)))}
	}
	for _, a := range answers {
		if !a.stands() {
			continue
		}
		for _, e := range a.Entries {
			for n, q := range s.Questions {
				if v := e.Values[q.No]; len(v) > 0 {
					out[n].add(a.Unit, e.Name, v, q.choosable(fields))
				}
			}
		}
	}
	return out
}

func (r *Results) add(unit id.ID, name string, v Value, options []Option) {
	r.Answered++
	switch r.Question.Kind {
	case "number":
		n, err := strconv.ParseInt(v[0], 10, 64)
		if err != nil {
			return // read when it was answered, so it is one
		}
		if r.Answered == 1 || n < r.Least {
			r.Least = n
		}
		r.Sum, r.Most = r.Sum+n, max(r.Most, n)
	case "choice", "several":
		for i, o := range options {
			if slices.Contains(v, o.Key) {
				r.Chosen[i]++
			}
		}
	default:
		if len(r.Said) < mostSaid {
			r.Said = append(r.Said, Said{unit, name, v[0]})
		}
	}
}
