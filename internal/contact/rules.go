package contact

import (
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// The longest texts, in characters.
const (
	maxName = 100
	maxLine = 500
	maxText = 10000
)

func tooLong(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "contact.too_long", "Most", most)
	}
}

// clean trims what was typed.
func (c *Contact) clean() {
	c.Body, c.Topic, c.Result = strings.TrimSpace(c.Body), strings.TrimSpace(c.Topic), strings.TrimSpace(c.Result)
	c.Lead = c.Lead && c.Kind == "joint"
}

// check says what has to be changed before the entry can stand.
func (c Contact) check(today clock.Day) error {
	var f errs.Fields
	if !slices.Contains(Kinds, c.Kind) {
		f.Add("kind", "contact.kind_missing")
	}
	if c.Body == "" {
		f.Add("body", "contact.body_missing")
	}
	tooLong(&f, "body", c.Body, maxName)
	switch {
	case c.Day == clock.Open:
		f.Add("day", "contact.day_missing")
	case c.Day > today:
		f.Add("day", "contact.day_to_come")
	}
	if c.Topic == "" {
		f.Add("topic", "contact.topic_missing")
	}
	tooLong(&f, "topic", c.Topic, maxLine)
	tooLong(&f, "result", c.Result, maxText)
	return f.Err()
}

// clean trims what was typed.
func (b *Body) clean() {
	for _, p := range []*string{&b.Name, &b.Office, &b.Person, &b.Post, &b.Phone, &b.Offers} {
		*p = strings.TrimSpace(*p)
	}
}

// check says what has to be changed before the body can stand in the register.
func (b Body) check(today clock.Day) error {
	var f errs.Fields
	if b.Name == "" {
		f.Add("name", "contact.body_missing")
	}
	for name, text := range map[string]string{"name": b.Name, "office": b.Office, "person": b.Person, "post": b.Post, "phone": b.Phone} {
		tooLong(&f, name, text, maxName)
	}
	tooLong(&f, "offers", b.Offers, maxLine)
	if !slices.Contains(Fields, b.Field) {
		f.Add("field", "contact.field_missing")
	}
	switch {
	case b.From == clock.Open:
		f.Add("from", "contact.day_missing")
	case b.From > today:
		f.Add("from", "contact.day_to_come")
	}
	if b.To != clock.Open && b.To <= b.From {
		f.Add("to", "contact.to_before_from")
	}
	return f.Err()
}

// stands tells whether it is a partner on a day.
func (b Body) stands(day clock.Day) bool {
	return b.From <= day && (b.To == clock.Open || day < b.To)
}

const maxAssist = 20

// clean trims what was typed; who leads does not also help.
func (t *Task) clean() {
	t.Title, t.Text = strings.TrimSpace(t.Title), strings.TrimSpace(t.Text)
	var assist []id.Ref
	for _, x := range t.Assist {
		if x.ID != t.Lead.ID && !slices.ContainsFunc(assist, func(y id.Ref) bool { return y.ID == x.ID }) {
			assist = append(assist, x)
		}
	}
	t.Assist = assist
}

// check says what has to be changed before the task can go out.
func (t Task) check(today clock.Day) error {
	var f errs.Fields
	if t.Title == "" {
		f.Add("title", "contact.title_missing")
	}
	tooLong(&f, "title", t.Title, maxName)
	tooLong(&f, "text", t.Text, maxText)
	if t.Lead.ID == 0 {
		f.Add("lead", "contact.lead_missing")
	}
	if len(t.Assist) > maxAssist {
		f.Add("assist", "contact.too_many", "Most", maxAssist)
	}
	switch {
	case t.Due == clock.Open:
		f.Add("due", "contact.due_missing")
	case t.Due < t.IssuedOn:
		f.Add("due", "contact.due_past")
	}
	if t.IssuedOn > today {
		f.Add("issued_on", "contact.day_to_come")
	}
	return f.Err()
}

// parts are the bodies that a task is for, its lead first.
func (t Task) parts() []id.Ref { return append([]id.Ref{t.Lead}, t.Assist...) }

// has tells whether the task is for a body.
func (t Task) has(body id.ID) bool {
	return slices.ContainsFunc(t.parts(), func(r id.Ref) bool { return r.ID == body })
}

// lastReport is what a body said last; "" before any did.
func (t Task) lastReport() string {
	if n := len(t.Reports); n > 0 {
		return t.Reports[n-1].Text
	}
	return ""
}

// receivedBy tells whether somebody of the body has signed for it.
func (t Task) receivedBy(body id.ID) bool {
	return slices.ContainsFunc(t.Receipts, func(x Said) bool { return x.Body.ID == body })
}

// receive signs for a task.
func (t *Task) receive(body id.Ref, who string, today clock.Day) error {
	if t.receivedBy(body.ID) {
		return errs.New(errs.Conflict, "contact.received_already")
	}
	t.Receipts = append(slices.Clone(t.Receipts), Said{Body: body, By: who, On: today})
	return nil
}

// report says how far a body has come; only the lead says that all is done. Who reports has received.
func (t *Task) report(body id.Ref, who string, today clock.Day, st Step) error {
	if t.DoneOn != clock.Open {
		return errs.New(errs.Conflict, "contact.done_already")
	}
	var f errs.Fields
	text := strings.TrimSpace(st.Text)
	if text == "" {
		f.Add("text", "contact.report_missing")
	}
	tooLong(&f, "text", text, maxText)
	if err := f.Err(); err != nil {
		return err
	}
	if !t.receivedBy(body.ID) {
		t.Receipts = append(slices.Clone(t.Receipts), Said{Body: body, By: who, On: today})
	}
	done := st.Done && body.ID == t.Lead.ID
	t.Reports = append(slices.Clone(t.Reports), Said{Body: body, By: who, On: today, Text: text, Done: done})
	if done {
		t.DoneOn = today
	}
	return nil
}

// giveBack opens a task again: what was reported does not do.
func (t *Task) giveBack(who string, today clock.Day, st Step) error {
	if t.DoneOn == clock.Open {
		return errs.New(errs.Conflict, "contact.not_done")
	}
	var f errs.Fields
	text := strings.TrimSpace(st.Text)
	if text == "" {
		f.Add("text", "contact.reason_missing")
	}
	tooLong(&f, "text", text, maxLine)
	t.Returned = append(slices.Clone(t.Returned), Said{By: who, On: today, Text: text})
	t.DoneOn = clock.Open
	return f.Err()
}
