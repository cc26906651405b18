package coord

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

// Lengths in characters, and how many of each a notice may have.
const (
	maxTitle   = 100
	maxLine    = 500
	maxText    = 10000
	maxIssuers = 20
	maxCopies  = 50
	maxParts   = 20
	maxFiles   = 10
	maxUnits   = 2000
)

// Issuing are the units below which the notice goes: the lead and those that have joined in.
func (n Notice) Issuing() []id.ID { return dispatch.Issuing(n.Unit, n.Issuers) }

// Units are the lead and all that were asked to issue with it, joined or not.
func (n Notice) Units() []id.ID { return dispatch.Units(n.Unit, n.Issuers) }

// Joint tells whether several issue it: committees that have joined in, or bodies beside the tree.
func (n Notice) Joint() bool { return len(n.Issuing())+len(n.Bodies) > 1 }

// Named tells whether the recipients are a list: picked, or kept by a fixed rule.
func (t Targets) Named() bool {
	return len(t.Units) > 0 || t.Rule == nil && len(t.Levels) == 0
}

// Goes tells whether the unit is among the recipients by its level and kind, or by name; where it stands and what a rule
// finds are other questions.
func (t Targets) Goes(u org.Unit) bool {
	if t.Named() {
		return slices.Contains(t.Units, u.ID)
	}
	return slices.Contains(t.Levels, u.Level) && (len(t.Kinds) == 0 || u.Level != org.Township || slices.Contains(t.Kinds, u.Kind))
}

// asked are the levels of units that can be among the recipients.
func (t Targets) asked() []org.Level {
	if t.Named() {
		return org.Levels
	}
	return t.Levels
}

// Binds tells whether the obligation binds units of a level.
func (o Obligation) Binds(l org.Level) bool {
	return len(o.Levels) == 0 || slices.Contains(o.Levels, l)
}

// obligation finds one by its number.
func (n Notice) obligation(no int) (Obligation, bool) {
	i := slices.IndexFunc(n.Obligations, func(o Obligation) bool { return o.No == no })
	if i < 0 {
		return Obligation{}, false
	}
	return n.Obligations[i], true
}

// typed are the fields that units answer themselves.
func (n Notice) typed() []Field {
	return slices.DeleteFunc(slices.Clone(n.Fields), func(f Field) bool { return f.Figure != "" })
}

// bound are the fields that the ledger answers.
func (n Notice) bound() []Field {
	return slices.DeleteFunc(slices.Clone(n.Fields), func(f Field) bool { return f.Figure == "" })
}

// nextNo is a number that no obligation or field of the notice has.
func (n Notice) nextNo() int {
	no := 0
	for _, o := range n.Obligations {
		no = max(no, o.No)
	}
	for _, f := range n.Fields {
		no = max(no, f.No)
	}
	return no + 1
}

// clean trims what was typed and puts lists into their order, so that the same notice is kept the same way.
func (n *Notice) clean() {
	n.Code, n.Title, n.Text, n.Document = strings.TrimSpace(n.Code), strings.TrimSpace(n.Title), strings.TrimSpace(n.Text), strings.TrimSpace(n.Document)
	n.Bodies, n.Copies, n.Points = trimmed(n.Bodies), trimmed(n.Copies), trimmed(n.Points)
	n.Targets.Levels = ordered(n.Targets.Levels)
	n.Targets.Kinds = slices.Compact(slices.Sorted(slices.Values(n.Targets.Kinds)))
	n.Targets.Units = slices.Compact(slices.Sorted(slices.Values(n.Targets.Units)))
	seen := map[id.ID]bool{n.Unit: true}
	n.Issuers = slices.DeleteFunc(slices.Clone(n.Issuers), func(i dispatch.Issuer) bool {
		again := seen[i.Unit]
		seen[i.Unit] = true
		return again
	})
}

// trimmed are the texts that say something, each once.
func trimmed(list []string) []string {
	var out []string
	for _, t := range list {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// ordered are levels from the top down, each once.
func ordered(list []org.Level) []org.Level {
	var out []org.Level
	for _, l := range org.Levels {
		if slices.Contains(list, l) {
			out = append(out, l)
		}
	}
	return out
}

func tooLong(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "coord.too_long", "Most", most)
	}
}

// check says what has to be changed before the notice can stand.
func (n Notice) check() error {
	var f errs.Fields
	if strings.ContainsAny(n.Code, " /?#%") || len(n.Code) > 40 {
		f.Add("code", "coord.code_unfit")
	}
	tooLong(&f, "title", n.Title, maxTitle)
	tooLong(&f, "document", n.Document, maxTitle)
	tooLong(&f, "text", n.Text, maxText)
	if n.Title == "" {
		f.Add("title", "coord.title_missing")
	}
	if !slices.Contains(Kinds, n.Kind) {
		f.Add("kind", "coord.kind_missing")
	}
	if n.Urgency != "" && !slices.Contains(Urgencies, n.Urgency) {
		f.Add("urgency", "coord.urgency_unknown")
	}
	if n.Until != clock.Open && n.Until < n.From {
		f.Add("until", "coord.until_before_from")
	}
	if n.Kind == "task" && n.Due == clock.Open {
		f.Add("due", "coord.due_missing")
	}
	if n.Due != clock.Open && n.IssuedOn != clock.Open && n.Due < n.IssuedOn {
		f.Add("due", "coord.due_before_issue")
	}
	n.Targets.check(&f)
	if len(n.Issuers) > maxIssuers || len(n.Bodies) > maxIssuers {
		f.Add("issuers", "coord.too_many", "Most", maxIssuers)
	}
	for _, b := range n.Bodies {
		tooLong(&f, "bodies", b, maxTitle)
	}
	if len(n.Copies) > maxCopies {
		f.Add("copies", "coord.too_many", "Most", maxCopies)
	}
	for _, c := range n.Copies {
		tooLong(&f, "copies", c, maxTitle)
	}
	if len(n.Points) > maxParts {
		f.Add("points", "coord.too_many", "Most", maxParts)
	}
	for _, p := range n.Points {
		tooLong(&f, "points", p, maxLine)
	}
	if len(n.Obligations) > maxParts || len(n.Fields) > maxParts || len(n.Files) > maxFiles {
		f.Add("text", "coord.too_many", "Most", maxParts)
	}
	for _, o := range n.Obligations {
		o.check(n, &f)
	}
	for _, x := range n.Fields {
		x.check(&f)
	}
	return f.Err()
}

// checkDays refuses days of a draft that have passed already; a day that stood there before stays until it is issued.
func (n Notice) checkDays(was Notice, today clock.Day, f *errs.Fields) {
	if n.IssuedOn != clock.Open {
		return
	}
	if n.Due != clock.Open && n.Due < today && n.Due != was.Due {
		f.Add("due", "coord.due_past")
	}
	if n.Until != clock.Open && n.Until < today && n.Until != was.Until {
		f.Add("until", "coord.due_past")
	}
	if o := n.passed(today); len(o) > 0 && !slices.ContainsFunc(was.Obligations, func(x Obligation) bool { return x.No == o[len(o)-1].No }) {
		f.Add("due", "coord.due_past")
	}
}

// passed are the obligations whose day has gone by.
func (n Notice) passed(today clock.Day) []Obligation {
	return slices.DeleteFunc(slices.Clone(n.Obligations), func(o Obligation) bool { return o.Due == clock.Open || o.Due >= today })
}

func (t Targets) check(f *errs.Fields) {
	switch {
	case t.Named():
		if len(t.Units) == 0 {
			f.Add("levels", "coord.nobody_named")
		}
		if len(t.Units) > maxUnits {
			f.Add("units", "coord.too_many", "Most", maxUnits)
		}
	case t.Rule != nil && len(t.Levels) != 1:
		f.Add("levels", "coord.rule_one_level")
	}
	if r := t.Rule; r != nil {
		if r.Figure == "" {
			f.Add("figure", "coord.figure_missing")
		}
		if r.N < 1 || r.N > 1e12 {
			f.Add("n", "coord.n_unfit")
		}
		if (r.By == "") != (r.Value == "") {
			f.Add("value", "coord.value_half")
		}
	}
	for _, k := range t.Kinds {
		if !slices.Contains(t.Levels, org.Township) || !slices.Contains(org.Township.Kinds(), k) {
			f.Add("kinds", "coord.kind_without_level")
			break
		}
	}
}

func (o Obligation) check(n Notice, f *errs.Fields) {
	if o.Text == "" {
		f.Add("text", "coord.obligation_missing")
	}
	tooLong(f, "text", o.Text, maxLine)
	for _, l := range o.Levels {
		if !n.Targets.Named() && !slices.Contains(n.Targets.Levels, l) {
			f.Add("levels", "coord.level_not_asked")
			break
		}
	}
}

func (x Field) check(f *errs.Fields) {
	if x.Label == "" {
		f.Add("label", "coord.label_missing")
	}
	tooLong(f, "label", x.Label, maxTitle)
	tooLong(f, "apart", x.Apart, maxLine)
}

// StateOn is how far the unit has come by the end of a day.
func (r Reply) StateOn(day clock.Day) State {
	by := func(on clock.Day) bool { return on != clock.Open && on <= day }
	switch {
	case by(r.DoneOn):
		return Done
	case by(r.readOn()):
		return Read
	case by(r.ReceivedOn):
		return Received
	}
	return None
}

// readOn is the first day on which somebody of the unit read it.
func (r Reply) readOn() clock.Day {
	day := clock.Day("")
	for _, m := range r.Readers {
		day = dispatch.Earliest(day, m.On)
	}
	return day
}

// asking tells whether a question of the unit waits for an answer.
func (r Reply) asking() bool { return r.Question != "" && r.Answered == nil }

// Late tells whether the answer came after its day.
func (r Reply) Late() bool {
	return r.DoneOn != clock.Open && r.DueThen != clock.Open && r.DoneOn > r.DueThen
}

// receive signs for the notice.
func (r *Reply) receive(who string, today clock.Day) error {
	if r.ReceivedOn != clock.Open {
		return errs.New(errs.Conflict, "coord.received_already", "Name", r.ReceivedBy)
	}
	r.ReceivedOn, r.ReceivedBy = today, who
	return nil
}

// received is what every later step brings along.
func (r *Reply) received(who string, today clock.Day) {
	if r.ReceivedOn == clock.Open {
		r.ReceivedOn, r.ReceivedBy = today, who
	}
}

// read notes who of the unit has read it, each once.
func (r *Reply) read(who string, today clock.Day) error {
	if slices.ContainsFunc(r.Readers, func(m Mark) bool { return m.Name == who }) {
		return errs.New(errs.Conflict, "coord.read_already")
	}
	r.received(who, today)
	r.Readers = append(slices.Clone(r.Readers), Mark{Name: who, On: today})
	return nil
}

// hand passes the notice on to the units below with a wording of the unit's own. Its day may be earlier than the one set
// above, never later: due is that day.
func (r *Reply) hand(st Step, due, today clock.Day, target bool, who string) error {
	var f errs.Fields
	st.Text = strings.TrimSpace(st.Text)
	if st.Text == "" {
		f.Add("text", "coord.wording_missing")
	}
	tooLong(&f, "text", st.Text, maxText)
	if st.Day != clock.Open && due != clock.Open && st.Day > due {
		f.Add("day", "coord.due_later", "Due", due)
	}
	if st.Day != clock.Open && st.Day < today && st.Day != r.Due {
		f.Add("day", "coord.due_past")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if r.PassedOn == clock.Open {
		r.PassedOn = today
	}
	if target {
		r.received(who, today)
	}
	r.Wording, r.Due = st.Text, st.Day
	return nil
}

// reads tells whether two states of a notice read the same to those it went to.
func reads(a, b Notice) bool {
	return a.Title == b.Title && a.Text == b.Text && a.Document == b.Document && a.Urgency == b.Urgency && a.From == b.From && a.Until == b.Until &&
		a.Due == b.Due && slices.Equal(a.Points, b.Points) && slices.Equal(a.Cites, b.Cites) && slices.Equal(a.Files, b.Files)
}

// unseen tells whether a notice was changed since the unit received it and nobody there has read it anew on a later day: days are
// all that is known, so that whoever reads it on the same day is told until the next.
func (r Reply) unseen(n Notice) bool {
	last := r.ReceivedOn
	for _, m := range r.Readers {
		last = max(last, m.On)
	}
	return n.AmendedOn != clock.Open && r.ReceivedOn != clock.Open && last <= n.AmendedOn && r.DoneOn == clock.Open
}

// carry says how it was carried out. The second answer of a unit corrects the first: its day stays. due is the day by
// which it has to come in.
func (r *Reply) carry(n Notice, level org.Level, st Step, due, today clock.Day, who string) error {
	var f errs.Fields
	st.Text = strings.TrimSpace(st.Text)
	if st.Text == "" {
		f.Add("text", "coord.report_missing")
	}
	tooLong(&f, "text", st.Text, maxText)
	answers := n.answered(st.Answers, &f)
	links := trimmed(st.Links)
	for _, l := range links {
		if !strings.HasPrefix(l, "/") || strings.HasPrefix(l, "//") || len(l) > 200 || strings.ContainsAny(l, " \\\t<>\"") {
			f.Add("links", "coord.link_unfit")
			break
		}
	}
	if len(links) > maxParts {
		f.Add("links", "coord.too_many", "Most", maxParts)
	}
	kept := slices.Compact(slices.Sorted(slices.Values(st.Kept)))
	for _, no := range kept {
		if o, ok := n.obligation(no); !ok || !o.Binds(level) {
			f.Add("kept", "coord.obligation_unknown")
			break
		}
	}
	files := append(slices.Clone(r.Files), st.Files...)
	if len(files) > maxFiles {
		f.Add("file", "coord.too_many", "Most", maxFiles)
	}
	if err := f.Err(); err != nil {
		return err
	}
	r.received(who, today)
	if r.DoneOn == clock.Open {
		r.DoneOn, r.DueThen = today, due
	} else {
		r.CorrectedOn = today
	}
	r.Text, r.Answers, r.Links, r.Kept, r.Files = st.Text, answers, links, kept, files
	return nil
}

// ask sends the notice back with a question; a new question takes the place of an old one.
func (r *Reply) ask(st Step, who string, today clock.Day) error {
	var f errs.Fields
	text := strings.TrimSpace(st.Text)
	if text == "" {
		f.Add("text", "coord.question_missing")
	}
	tooLong(&f, "text", text, maxText)
	if err := f.Err(); err != nil {
		return err
	}
	r.received(who, today)
	r.Question, r.AskedOn, r.AskedBy, r.Answered = text, today, who, nil
	return nil
}

// answer is the issuer's to a unit's question.
func (r *Reply) answer(st Step, who string, today clock.Day) error {
	if !r.asking() {
		return errs.New(errs.Conflict, "coord.no_question")
	}
	var f errs.Fields
	text := strings.TrimSpace(st.Text)
	if text == "" {
		f.Add("text", "coord.answer_missing")
	}
	tooLong(&f, "text", text, maxText)
	if err := f.Err(); err != nil {
		return err
	}
	r.Answered = &Mark{Name: who, On: today, Text: text}
	return nil
}

// inspect notes what supervision found of the notice's points.
func (r *Reply) inspect(n Notice, st Step, who string, today clock.Day) error {
	if len(n.Points) == 0 {
		return errs.New(errs.Conflict, "coord.no_points")
	}
	var f errs.Fields
	var out []Finding
	for _, x := range st.Findings {
		if x.Point < 0 || x.Point >= len(n.Points) {
			f.Add("points", "coord.point_unknown")
			break
		}
		x.Note = strings.TrimSpace(x.Note)
		tooLong(&f, "points", x.Note, maxLine)
		x.Name, x.On = who, today
		for _, was := range r.Findings { // what stands as it was found keeps who found it, and when
			if was.Point == x.Point && was.Met == x.Met && was.Note == x.Note {
				x = was
			}
		}
		out = append(out, x)
	}
	if len(out) == 0 && f.Err() == nil {
		f.Add("points", "coord.findings_missing")
	}
	r.Findings = out
	return f.Err()
}

// days is how many days lie between two.
func days(from, to clock.Day) int { return int(to.Time().Sub(from.Time()).Hours() / 24) }

// escalated tells whether what is late this many days stands before a unit so many levels above: before the one right
// above from the first day, before each further one a week later.
func escalated(levelsAbove, daysLate int) bool {
	return daysLate > 0 && levelsAbove > 0 && daysLate > 7*(levelsAbove-1)
}
