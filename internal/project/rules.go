package project

import (
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
)

const (
	maxText  = 200
	maxMoney = 1_000_000_000_00 // a thousand million yuan: more is a slip of the pen
)

// Deciding is the report that decides day, state, kind and money: the highest version; of one version reported twice
// the smaller code, so that the order of import never matters.
func (c Contract) Deciding() Report {
	var best Report
	for i, r := range c.Reports {
		if i == 0 || r.Version > best.Version || r.Version == best.Version && before(r.Code, best.Code) {
			best = r
		}
	}
	return best
}

// before orders codes; a report without one stands behind.
func before(a, b string) bool {
	if a == "" || b == "" {
		return a != "" && b == ""
	}
	return a < b
}

// Units are all that reported the contract, the first reporter first.
func (c Contract) Units() []id.ID {
	var out []id.ID
	for _, r := range c.Reports {
		if !slices.Contains(out, r.Unit) {
			out = append(out, r.Unit)
		}
	}
	return out
}

// Home is the first reporter.
func (c Contract) Home() id.ID {
	if len(c.Reports) == 0 {
		return 0
	}
	return c.Reports[0].Unit
}

// Name is the title, or the number of a contract that has none.
func (c Contract) Name() string {
	if c.Title != "" {
		return c.Title
	}
	return c.Number
}

// Received is all money that arrived.
func (c Contract) Received() int64 {
	var sum int64
	for _, r := range c.Receipts {
		sum += r.AmountFen
	}
	return sum
}

// place is where a report of the same row, or of the same unit and version, stands; -1 when there is none.
func (c Contract) place(r Report) int {
	if r.Code != "" {
		if i := slices.IndexFunc(c.Reports, func(o Report) bool { return o.Code == r.Code }); i >= 0 {
			return i
		}
	}
	return slices.IndexFunc(c.Reports, func(o Report) bool {
		return o.Unit == r.Unit && o.Version == r.Version && (o.Code == "" || r.Code == "")
	})
}

// with takes an entry in and says whether anything changed.
func (c Contract) with(e Entry) (Contract, bool) {
	was := c
	for _, p := range []struct {
		to   *string
		text string
	}{{&c.Title, e.Title}, {&c.Purchaser, e.Purchaser}, {&c.Provider, e.Provider}, {&c.Audience, e.Audience}, {&c.Note, e.Note}} {
		if p.text != "" {
			*p.to = p.text
		}
	}
	if e.ServedBy != "" {
		c.ServedBy = e.ServedBy
	}
	c.Reports = slices.Clone(c.Reports)
	if i := c.place(e.Report); i >= 0 {
		if e.Code == "" {
			e.Code = c.Reports[i].Code
		}
		if e.ReportedOn == "" {
			e.ReportedOn = c.Reports[i].ReportedOn
		}
		if e.Reason == "" {
			e.Reason = c.Reports[i].Reason
		}
		c.Reports[i] = e.Report
	} else {
		c.Reports = append(c.Reports, e.Report)
	}
	same := c.Number == was.Number && c.Title == was.Title && c.Purchaser == was.Purchaser && c.Provider == was.Provider &&
		c.Audience == was.Audience && c.Note == was.Note && c.ServedBy == was.ServedBy && slices.Equal(c.Reports, was.Reports)
	return c, !same
}

func (e Entry) clean() Entry {
	for _, s := range []*string{&e.Number, &e.Title, &e.Purchaser, &e.Provider, &e.Audience, &e.Note, &e.Code, &e.Reason} {
		*s = strings.TrimSpace(*s)
	}
	e.Number = table.CleanText(e.Number) // as a table reads it, so that it is found again
	if e.Version == 0 {
		e.Version = 1
	}
	if e.Status == "" {
		e.Status = Signed
	}
	return e
}

// problems says what has to be changed; fields are named after the form's inputs and the table's columns.
func (e Entry) problems() (f errs.Fields) {
	if e.Number == "" {
		f.Add("number", "project.number_missing")
	}
	for name, s := range map[string]string{"number": e.Number, "title": e.Title, "purchaser": e.Purchaser, "provider": e.Provider, "audience": e.Audience} {
		if utf8.RuneCountInString(s) > maxText {
			f.Add(name, "project.text_long", "N", maxText)
		}
	}
	if !slices.Contains(Kinds, e.Kind) {
		f.Add("kind", "project.kind_missing")
	}
	if e.SignedOn == clock.Open {
		f.Add("signed_on", "project.signed_missing")
	}
	if e.AmountFen < 0 || e.AmountFen > maxMoney {
		f.Add("amount", "project.amount_odd")
	}
	if e.Status != Signed && e.Status != Void {
		f.Add("status", "project.status_missing")
	}
	if e.Version < 1 || e.Version > 1000 {
		f.Add("version", "project.version_odd")
	}
	return f
}

func (r Receipt) problems() (f errs.Fields) {
	if r.Day == clock.Open {
		f.Add("day", "project.receipt_day_missing")
	}
	if r.AmountFen <= 0 || r.AmountFen > maxMoney {
		f.Add("amount", "project.receipt_amount_odd")
	}
	for name, s := range map[string]string{"from": r.From, "document": r.Document, "note": r.Note} {
		if utf8.RuneCountInString(s) > maxText {
			f.Add(name, "project.text_long", "N", maxText)
		}
	}
	return f
}

// among is where a payment stands in a list: by its key, otherwise the one of the same day and amount that says nothing
// else of payer, voucher and note, the same voucher first; -1 when it is new. Two payments of one day and amount are told
// apart by their vouchers.
func (r Receipt) among(list []Receipt) int {
	agree := func(a, b string) bool { return a == "" || b == "" || a == b }
	for _, same := range []func(o Receipt) bool{
		func(o Receipt) bool { return r.ID != 0 && o.ID == r.ID },
		func(o Receipt) bool {
			return r.Document == o.Document && agree(r.From, o.From) && agree(r.Note, o.Note)
		},
		func(o Receipt) bool {
			return agree(r.Document, o.Document) && agree(r.From, o.From) && agree(r.Note, o.Note)
		},
	} {
		if i := slices.IndexFunc(list, func(o Receipt) bool {
			return same(o) && (r.ID != 0 && o.ID == r.ID || o.Day == r.Day && o.AmountFen == r.AmountFen)
		}); i >= 0 {
			return i
		}
	}
	return -1
}

// over is a payment on record with what a row says of it; empty texts leave what is kept.
func (r Receipt) over(was Receipt) Receipt {
	r.ID = was.ID
	for _, p := range []struct {
		to   *string
		kept string
	}{{&r.From, was.From}, {&r.Document, was.Document}, {&r.Note, was.Note}} {
		if *p.to == "" {
			*p.to = p.kept
		}
	}
	return r
}

// ventureWords are ways in which people write 公益创投; the second is a slip of the pen that stands in real documents (R203).
var ventureWords = []string{"公益创投", "公益创授", "创投", "创授", "venture"}

// kindOf reads a search text that means a kind; "" when it means none.
func kindOf(text string) Kind {
	t := strings.ToLower(strings.TrimSpace(text))
	t = strings.TrimSuffix(t, "项目")
	switch {
	case slices.Contains(ventureWords, t):
		return Venture
	case t == "政府购买服务" || t == "政府购买" || t == "购买服务":
		return GovPurchase
	}
	return ""
}
