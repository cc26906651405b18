package aid

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"xinhuo/internal/kit/citizen"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

// Bounds of what is typed.
const (
	maxShort   = 60
	maxText    = 200
	maxWords   = 5_000
	maxFen     = 100_000_000_00 // 1亿元: more is a slip of the pen
	maxQty     = 1_000_000
	maxMinutes = 60 * 24 * 366
)

// receiptWithin is after how many days an aid that nobody signed for stands as open, followWithin after how many somebody asks how
// the child is.
const (
	receiptWithin = 30
	followWithin  = 90
)

// mostCompared is how many applications an account can have compared on one day.
const mostCompared = 40

// purposeOfConsent is what a guardian agrees to.
const purposeOfConsent = "aid"

func long(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "aid.too_long", "N", most)
	}
}

func required(f *errs.Fields, name, text, key string) {
	if strings.TrimSpace(text) == "" {
		f.Add(name, key)
	}
}

// bare is an amount with what belongs to its form and nothing else.
func (m Amount) bare(form string) Amount {
	m.What = strings.TrimSpace(m.What)
	switch form {
	case Money:
		return Amount{Fen: m.Fen}
	case Goods:
		m.Minutes = 0
	case Hours:
		m.Fen, m.Qty = 0, 0
	}
	return m
}

// problems says what has to be changed of an amount of a form.
func (m Amount) problems(f *errs.Fields, form string) {
	switch form {
	case Money:
		if m.Fen < 1 || m.Fen > maxFen {
			f.Add("fen", "aid.fen_odd")
		}
	case Goods:
		if m.Fen < 1 || m.Fen > maxFen {
			f.Add("fen", "aid.fen_odd")
		}
		if m.Qty < 1 || m.Qty > maxQty {
			f.Add("qty", "aid.qty_odd")
		}
		required(f, "what", m.What, "aid.what_missing")
	case Hours:
		if m.Minutes < 1 || m.Minutes > maxMinutes {
			f.Add("hours", "aid.hours_odd")
		}
		required(f, "what", m.What, "aid.what_missing")
	}
	long(f, "what", m.What, maxText)
}

// within says, by key, of which part an amount is more than another.
func (m Amount) within(f *errs.Fields, most Amount, key string) {
	for name, more := range map[string]bool{"fen": m.Fen > most.Fen, "qty": m.Qty > most.Qty, "hours": m.Minutes > most.Minutes} {
		if more {
			f.Add(name, key)
		}
	}
}

// problems says what has to be changed of an application; kinds are the city's. A kind or purpose that is offered no longer stays right
// for the aid that has it (was).
func (a Aid) problems(kinds []Class, was *Aid, today clock.Day) (f errs.Fields) {
	i := slices.IndexFunc(kinds, func(c Class) bool { return c.Code == a.Kind })
	kept := was != nil && was.Kind == a.Kind && was.Purpose == a.Purpose
	if !kept && (i < 0 || kinds[i].Closed != clock.Open && kinds[i].Closed <= today || !slices.Contains(kinds[i].For(), a.Purpose)) {
		f.Add("kind", "aid.kind_missing")
	}
	if y := int64(today.Year()); a.Year < y-5 && !a.Past || a.Year < 1990 || a.Year > y+1 {
		f.Add("year", "aid.year_odd")
	}
	if !slices.Contains(Forms, a.Form) {
		f.Add("form", "aid.form_missing")
	}
	if !slices.Contains(Reasons, a.Reason) && !a.Past {
		f.Add("reason", "aid.reason_missing")
	}
	a.Asked.problems(&f, a.Form)
	return f
}

var (
	numberShape = regexp.MustCompile(`^[0-9]{17}[0-9X]$`)
	bankShape   = regexp.MustCompile(`^[0-9]{4}$`)
)

// clean is a child as it is kept.
func (c Child) clean() Child {
	for _, p := range []*string{&c.Name, &c.Guardian, &c.Phone, &c.School, &c.Address, &c.Bank, &c.Words} {
		*p = strings.TrimSpace(*p)
	}
	c.Number = strings.ToUpper(letters(c.Number))
	if born, ok := bornBy(c.Number); ok && c.Born == clock.Open {
		c.Born = born
	}
	return c
}

// bornBy reads the birthday out of an identity number.
func bornBy(number string) (clock.Day, bool) {
	if !numberShape.MatchString(number) {
		return clock.Open, false
	}
	day, err := clock.ParseDay(number[6:10] + "-" + number[10:12] + "-" + number[12:14])
	return day, err == nil
}

func (c Child) problems(today clock.Day) (f errs.Fields) {
	required(&f, "child", c.Name, "aid.child_missing")
	if c.Number == "" && c.Born == clock.Open {
		f.Add("number", "aid.number_or_born")
	}
	born, ok := bornBy(c.Number)
	if c.Number != "" && (!ok || born != c.Born || citizen.Number(c.Number) == "") {
		f.Add("number", "aid.number_odd")
	}
	if c.Born != clock.Open && (c.Born > today || c.Born.Year() < today.Year()-100) {
		f.Add("born", "aid.born_odd")
	}
	required(&f, "guardian", c.Guardian, "aid.guardian_missing")
	required(&f, "phone", c.Phone, "aid.phone_missing")
	if c.Bank != "" && !bankShape.MatchString(c.Bank) {
		f.Add("bank", "aid.bank_odd")
	}
	required(&f, "words", c.Words, "aid.words_missing")
	for name, text := range map[string]string{"child": c.Name, "guardian": c.Guardian, "phone": c.Phone, "school": c.School} {
		long(&f, name, text, maxShort)
	}
	long(&f, "address", c.Address, maxText)
	long(&f, "words", c.Words, maxWords)
	return f
}

// fields are a child as seal keeps it.
func (c Child) fields() map[string]string {
	return map[string]string{"name": c.Name, "number": c.Number, "born": string(c.Born), "guardian": c.Guardian, "phone": c.Phone, "school": c.School, "address": c.Address, "bank": c.Bank, "words": c.Words}
}

func childOf(m map[string]string) Child {
	return Child{Name: m["name"], Number: m["number"], Born: clock.Day(m["born"]), Guardian: m["guardian"], Phone: m["phone"], School: m["school"], Address: m["address"], Bank: m["bank"], Words: m["words"]}
}

// letters is a text as it is compared: letters and digits of their plain width, in lower case.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(text))
}

// marks are the texts by which the same child is found again, each before it is hashed: the identity number, the name with it, with the
// birthday, and with the guardian's telephone. Two who share one of them are taken for the same.
func (c Child) marks() (out []string) {
	c = c.clean()
	name := letters(c.Name)
	if c.Number != "" {
		out = append(out, "only:"+c.Number)
	}
	if name == "" {
		return out
	}
	if c.Number != "" {
		out = append(out, "number:"+name+":"+c.Number)
	}
	if c.Born != clock.Open {
		out = append(out, "born:"+name+":"+string(c.Born))
	}
	if tel := lastDigits(c.Phone, 11); len(tel) >= 7 {
		out = append(out, "phone:"+name+":"+tel)
	}
	return out
}

// lastDigits are the last so many digits of a text: +86 before a number changes nothing.
func lastDigits(text string, most int) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, norm.NFKC.String(text))
	return digits[max(0, len(digits)-most):]
}

// numbered is the number of an aid: its year and how many came before it.
func numbered(year, n int64) string { return fmt.Sprintf("%d-%04d", year, n) }

// dayProblem says what is wrong with the day of a step: it lies between the step before and today.
func dayProblem(f *errs.Fields, name string, day, from, today clock.Day) {
	if d, err := clock.ParseDay(string(day)); err != nil || d > today || d < from {
		f.Add(name, "aid.day_odd")
	}
}

func (d Donor) problems() (f errs.Fields) {
	if !slices.Contains(DonorKinds, d.Kind) {
		f.Add("kind", "aid.donor_kind_missing")
	}
	if d.Name == "" && d.Named {
		f.Add("named", "aid.named_without_name")
	}
	long(&f, "name", d.Name, maxShort)
	long(&f, "note", d.Note, maxText)
	return f
}

func (g Gift) problems(today clock.Day) (f errs.Fields) {
	if g.Donor.ID == 0 {
		f.Add("donor", "aid.donor_missing")
	}
	if d, err := clock.ParseDay(string(g.Day)); err != nil || d > today || d < "1990-01-01" {
		f.Add("day", "aid.gift_day_odd")
	}
	if g.Form != Money && g.Form != Goods {
		f.Add("form", "aid.form_missing")
	}
	Amount{Fen: g.Fen, Qty: g.Qty, What: g.What}.problems(&f, g.Form)
	long(&f, "note", g.Note, maxText)
	return f
}

// fits tells whether an aid of a form and kind may be given out of a gift; own says that both are of one unit.
func (r GiftRow) fits(form, kind string, own bool) bool {
	return r.Form == form && (r.Kinds == "" || slices.Contains(strings.Split(r.Kinds, ","), kind)) && (own || r.Below == 1)
}
