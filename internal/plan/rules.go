package plan

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

const (
	maxName   = 80 // characters
	maxText   = 2000
	maxDuties = 12
	maxBudget = 1e13 // fen
	maxTarget = 1e9
	maxLinks  = 60
	maxServed = 8
)

// firstDay and lastDay are the days on which an item's time begins and ends.
func (i Item) firstDay() clock.Day {
	if i.Quarter == 0 {
		return clock.YearOf(i.Year).From
	}
	return clock.Day(fmt.Sprintf("%04d-%02d-01", i.Year, i.Quarter*3-2))
}

func (i Item) lastDay() clock.Day {
	if i.Quarter == 0 || i.Quarter == 4 {
		return clock.YearOf(i.Year).To
	}
	return clock.Day(fmt.Sprintf("%04d-%02d-01", i.Year, i.Quarter*3+1)).AddDays(-1)
}

// nextYear is the first day after a year.
func nextYear(year int) clock.Day { return clock.YearOf(year).To.AddDays(1) }

// State is how an item stands on a day.
type State string

// The states of an item.
const (
	Open    State = "open"
	Late    State = "late"
	Done    State = "done"
	Dropped State = "dropped"
)

// On is the item's state on a day.
func (i Item) On(day clock.Day) State {
	switch {
	case i.Dropped != clock.Open:
		return Dropped
	case i.DoneOn != clock.Open:
		return Done
	case i.lastDay() < day:
		return Late
	}
	return Open
}

func long(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "plan.too_long", "N", most)
	}
}

func (p *Plan) clean() {
	for _, s := range []*string{&p.Title, &p.Partner, &p.Note, &p.Number} {
		*s = strings.TrimSpace(*s)
	}
	var duties []string
	for _, d := range p.Duties {
		if d = strings.TrimSpace(d); d != "" && !slices.Contains(duties, d) {
			duties = append(duties, d)
		}
	}
	p.Duties = duties
}

func checkYear(f *errs.Fields, year int, today clock.Day) {
	if year < 2000 || year > today.Year()+5 {
		f.Add("year", "plan.year_unfit")
	}
}

func (p Plan) check(today clock.Day) error {
	var f errs.Fields
	checkYear(&f, p.Year, today)
	if p.Title == "" {
		f.Add("title", "plan.title_missing")
	}
	long(&f, "title", p.Title, maxName)
	long(&f, "partner", p.Partner, maxName)
	long(&f, "note", p.Note, maxText)
	if len(p.Duties) > maxDuties {
		f.Add("duties", "plan.duties_many", "N", maxDuties)
	}
	for _, d := range p.Duties {
		if utf8.RuneCountInString(d) > 40 {
			f.Add("duties", "plan.duty_long", "N", 40)
			break
		}
	}
	return f.Err()
}

// signed finds a side's signature.
func (p Plan) signed(side string) (Sign, bool) {
	for i := len(p.Signs) - 1; i >= 0; i-- {
		if p.Signs[i].Side == side {
			return p.Signs[i], true
		}
	}
	return Sign{}, false
}

// needs are the sides whose signature a plan has to have.
func (p Plan) needs() []string {
	if p.Partner == "" {
		return Sides[:1]
	}
	return Sides
}

// sign adds a signature; one that is there is replaced.
func (p *Plan) sign(s Sign, today clock.Day) error {
	var f errs.Fields
	s.Name, s.Post = strings.TrimSpace(s.Name), strings.TrimSpace(s.Post)
	if !slices.Contains(p.needs(), s.Side) {
		f.Add("side", "plan.side_missing")
	}
	if s.Name == "" {
		f.Add("name", "plan.signer_missing")
	}
	long(&f, "name", s.Name, 40)
	long(&f, "post", s.Post, 40)
	if s.On == clock.Open {
		f.Add("on", "plan.day_missing")
	} else if s.On > today {
		f.Add("on", "plan.day_ahead")
	}
	if err := f.Err(); err != nil {
		return err
	}
	p.Signs = append(slices.DeleteFunc(slices.Clone(p.Signs), func(o Sign) bool { return o.Side == s.Side }), s)
	return nil
}

// issue sends a plan out: not before everybody who has to has signed it, nor without an item.
func (p *Plan) issue(on clock.Day, number string, items int, today clock.Day) error {
	var f errs.Fields
	if on == clock.Open {
		f.Add("on", "plan.day_missing")
	} else if on > today {
		f.Add("on", "plan.day_ahead")
	}
	for _, side := range p.needs() {
		if s, ok := p.signed(side); !ok {
			f.Add("on", "plan.unsigned_"+side)
		} else if on != clock.Open && s.On > on {
			f.Add("on", "plan.signed_later")
		}
	}
	if items == 0 {
		f.Add("on", "plan.no_items")
	}
	long(&f, "number", number, 40)
	if err := f.Err(); err != nil {
		return err
	}
	p.IssuedOn, p.Number = on, strings.TrimSpace(number)
	return nil
}

func (i *Item) clean() {
	for _, s := range []*string{&i.Title, &i.Duty, &i.Owner, &i.Figure, &i.Source.Document, &i.Source.Paragraph, &i.Scheme.Text, &i.Result, &i.Why} {
		*s = strings.TrimSpace(*s)
	}
	if i.Kind == "" {
		i.Kind = Kinds[0]
	}
	if i.Figure == "" {
		i.Target = 0
	}
}

// check says what has to be changed of an item of a plan.
func (i Item) check(p Plan) error {
	var f errs.Fields
	if i.Title == "" {
		f.Add("title", "plan.item_missing")
	}
	long(&f, "title", i.Title, maxName)
	if !slices.Contains(Kinds, i.Kind) {
		f.Add("kind", "plan.kind_unknown")
	}
	if i.Duty != "" && !slices.Contains(p.Duties, i.Duty) {
		f.Add("duty", "plan.duty_unknown", "Duty", i.Duty)
	}
	if i.Quarter < 0 || i.Quarter > 4 {
		f.Add("quarter", "plan.quarter_unknown")
	}
	long(&f, "owner", i.Owner, 40)
	if i.Budget < 0 || i.Budget > maxBudget {
		f.Add("budget", "plan.budget_unfit")
	}
	switch {
	case i.Figure == "":
		if i.Kind == "measure" {
			f.Add("figure", "plan.measure_figure")
		}
	case !slices.Contains(Countable, i.Figure):
		f.Add("figure", "plan.figure_unknown")
	case i.Kind == "work" && (i.Target < 1 || i.Target > maxTarget):
		f.Add("target", "plan.target_missing")
	}
	if len(i.Central) > maxServed {
		f.Add("central", "plan.central_many", "N", maxServed)
	}
	long(&f, "document", i.Source.Document, maxName)
	long(&f, "paragraph", i.Source.Paragraph, maxText)
	return f.Err()
}

// Countable are the figures by which an item can be counted: what a committee does in a year and what it has on a day.
var Countable = []string{"activity.held", "activity.person_times", "activity.lectures", "activity.practices", "activity.trainings", "activity.contests", "activity.visits", "activity.camps", "activity.law", "activity.moral",
	"activity.patriotic", "activity.joint", "campaign.issued", "notice.issued", "meeting.joint_held", "training.held", "training.attendances", "volunteer.active", "volunteer.core", "team.active", "association.standing",
	"station.standing", "base.accredited", "reform.adopted", "project.signed",
	"survey.issued", "research.finished", "research.adopted", "contact.joint", "guidance.visits", "decision.done", "volunteer.visits"}

// period is the time over which an item is counted, cut at a day.
func (i Item) period(day clock.Day) (from, to clock.Day) {
	from, to = i.firstDay(), i.lastDay()
	if day < to {
		to = day
	}
	return from, to
}

// close says what was reached. A scheme that was not approved stands in the way (R136).
func (i *Item) close(on clock.Day, result string, today clock.Day) error {
	var f errs.Fields
	i.Result = strings.TrimSpace(result)
	if on == clock.Open {
		f.Add("on", "plan.day_missing")
	} else if on > today {
		f.Add("on", "plan.day_ahead")
	} else if on < clock.YearOf(i.Year).From {
		f.Add("on", "plan.day_before")
	}
	if i.Result == "" {
		f.Add("result", "plan.result_missing")
	}
	long(&f, "result", i.Result, maxText)
	if i.Scheme.Text != "" && i.Scheme.ApprovedOn == clock.Open {
		f.Add("result", "plan.scheme_open")
	}
	if i.Dropped != clock.Open {
		f.Add("result", "plan.is_dropped")
	}
	if err := f.Err(); err != nil {
		return err
	}
	i.DoneOn = on
	return nil
}

// drop takes an item out of the plan with its reason; it stays to be read.
func (i *Item) drop(on clock.Day, why string) error {
	var f errs.Fields
	i.Why = strings.TrimSpace(why)
	if i.Why == "" {
		f.Add("reason", "plan.reason_missing")
	}
	long(&f, "reason", i.Why, maxText)
	if i.DoneOn != clock.Open {
		f.Add("reason", "plan.is_done")
	}
	if err := f.Err(); err != nil {
		return err
	}
	i.Dropped = on
	return nil
}

// approve says that somebody agreed with the scheme.
func (i *Item) approve(by string, on, today clock.Day) error {
	var f errs.Fields
	by = strings.TrimSpace(by)
	if i.Scheme.Text == "" {
		f.Add("by", "plan.scheme_missing")
	}
	if by == "" {
		f.Add("by", "plan.signer_missing")
	}
	long(&f, "by", by, 40)
	if on == clock.Open {
		f.Add("on", "plan.day_missing")
	} else if on > today {
		f.Add("on", "plan.day_ahead")
	}
	if err := f.Err(); err != nil {
		return err
	}
	i.Scheme.ApprovedBy, i.Scheme.ApprovedOn = by, on
	return nil
}

func (c *Central) clean() {
	for _, s := range []*string{&c.Name, &c.Text, &c.Source.Document, &c.Source.Paragraph} {
		*s = strings.TrimSpace(*s)
	}
	c.Name = strings.NewReplacer("XX", "××", "xx", "××", "××", "××").Replace(c.Name)
}

func (c Central) check(today clock.Day) error {
	var f errs.Fields
	checkYear(&f, c.Year, today)
	if c.Name == "" {
		f.Add("name", "plan.central_missing")
	}
	long(&f, "name", c.Name, maxName)
	long(&f, "text", c.Text, maxText)
	long(&f, "document", c.Source.Document, maxName)
	long(&f, "paragraph", c.Source.Paragraph, maxText)
	return f.Err()
}

// Extracted makes an item of each paragraph of a higher document: the paragraph is kept as it stands there, its first
// clause is the title (R84).
func Extracted(document, text string) []Item {
	var out []Item
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		out = append(out, Item{Title: firstClause(line), Kind: Kinds[0], Source: Source{Document: document, Paragraph: line}})
	}
	return out
}

// firstClause is the beginning of a paragraph up to its first stop, without its number, at most as long as a title.
func firstClause(line string) string {
	for _, marks := range []string{"、", ".", "．", "）", ")"} {
		if head, rest, ok := strings.Cut(line, marks); ok && utf8.RuneCountInString(head) <= 4 && strings.Trim(head, "（(一二三四五六七八九十0123456789 ") == "" {
			line = strings.TrimSpace(rest)
			break
		}
	}
	if at := strings.IndexAny(line, "。；;！"); at > 0 {
		line = line[:at]
	}
	if utf8.RuneCountInString(line) > 30 {
		if at := strings.IndexAny(line, "，,"); at > 0 {
			line = line[:at]
		}
	}
	if r := []rune(line); len(r) > 40 {
		line = string(r[:40])
	}
	return line
}

func planRows(_ id.Ref, p Plan) ledger.Record {
	if p.IssuedOn == clock.Open {
		return ledger.Record{}
	}
	return ledger.Record{Rows: []ledger.Row{{Type: "issued", From: max(p.IssuedOn, clock.YearOf(p.Year).From), To: max(nextYear(p.Year), p.IssuedOn.AddDays(1)), Units: []id.ID{p.Unit}}}}
}

// itemRows publishes an item: planned in its year, done from its day to the year's end, late from the day after its last
// one until something is said, and each thing done for it, for every central task that it serves.
func itemRows(_ id.Ref, i Item) ledger.Record {
	us, year, end := []id.ID{i.Unit}, clock.YearOf(i.Year), nextYear(i.Year)
	out := ledger.Record{Attrs: map[string]any{"kind": i.Kind, "duty": i.Duty, "budget_fen": i.Budget}}
	planned := ledger.Row{Type: "item", From: year.From, To: end, Units: us}
	if i.Dropped != clock.Open && i.Dropped < end {
		planned.To = max(i.Dropped, year.From)
	}
	if planned.To > planned.From {
		out.Rows = append(out.Rows, planned)
	}
	if i.DoneOn != clock.Open && i.DoneOn < end {
		out.Rows = append(out.Rows, ledger.Row{Type: "done", From: i.DoneOn, To: end, Units: us})
	}
	after, ended := i.lastDay().AddDays(1), clock.MinEnd(i.DoneOn, i.Dropped)
	if ended == clock.Open || ended > after {
		out.Rows = append(out.Rows, ledger.Row{Type: "late", From: after, To: ended, Units: us})
	}
	for _, l := range i.Links {
		out.Rows = append(out.Rows, ledger.Row{Type: "work", From: l.Day, Units: us, Attrs: map[string]any{"work": l.Kind}})
		for _, c := range i.Central {
			out.Rows = append(out.Rows, ledger.Row{Type: "served", From: l.Day, Units: us, Attrs: map[string]any{"task": c.String(), "work": l.Kind}})
		}
	}
	return out
}

func centralRows(_ id.Ref, c Central) ledger.Record {
	return ledger.Record{Attrs: map[string]any{"civic": c.Civic}, Rows: []ledger.Row{{Type: "central", From: clock.YearOf(c.Year).From, To: nextYear(c.Year), Units: []id.ID{c.Unit}}}}
}
