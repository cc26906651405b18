package guarantee

import (
	"math/big"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

const (
	maxAmount = 1e13 // fen of one line: a hundred billion yuan
	// Revenue and money of two years are multiplied with each other by the ledger, in numbers with 53 bits.
	maxRevenue = 9e15
	maxPeople  = 1e7
)

func (b *Budget) clean() {
	trim(&b.Doc.Name, &b.Doc.Number, &b.Note)
	if b.Source == "" {
		b.Source = Sources[0]
	}
}

func (b *Budget) attach(files []file.Kept) { b.Files = append(slices.Clone(b.Files), files...) }
func (b *Budget) detach()                  { b.Files = nil }

// checkAmount says of a sum that was left out, and of one that cannot be, what to write.
func checkAmount(f *errs.Fields, fen, most int64) {
	switch {
	case fen == 0:
		f.Add("amount", "guarantee.amount_missing")
	case fen < 0 || fen > most:
		f.Add("amount", "guarantee.amount_unfit")
	}
}

func (b Budget) check(today clock.Day) error {
	var f errs.Fields
	checkYear(&f, "year", b.Year, today)
	checkAmount(&f, b.Amount, maxAmount)
	if !slices.Contains(Sources, b.Source) {
		f.Add("source", "guarantee.source_unknown")
	}
	if b.InBudget && b.Source == "donation" {
		f.Add("in_budget", "guarantee.donation_budget")
	}
	if b.InBudget && b.Doc.Name == "" && len(b.Files) == 0 {
		f.Add("doc_name", "guarantee.doc_missing")
	}
	b.Doc.check(&f, today)
	long(&f, "note", b.Note, maxText)
	if len(b.Files) > maxFiles {
		f.Add("file", "guarantee.files_many", "N", maxFiles)
	}
	return f.Err()
}

func (r *Revenue) clean() { trim(&r.Source) }

func (r Revenue) check(today clock.Day) error {
	var f errs.Fields
	checkYear(&f, "year", r.Year, today)
	checkAmount(&f, r.Amount, maxRevenue)
	if r.Source == "" {
		f.Add("source", "guarantee.revenue_source")
	}
	long(&f, "source", r.Source, maxName)
	return f.Err()
}

// Pace is how the money in the yearly budget grew beside the fiscal revenue (R18).
type Pace string

// The paces. Unknown: one of the four numbers is not there.
const (
	Keeps   Pace = "keeps"
	Behind  Pace = "behind"
	Unknown Pace = "unknown"
)

// PaceOf compares the growth of a year's money with that of the revenue, exactly: money/before < revenue/before is behind.
func PaceOf(now, before Money) Pace {
	if now.Fiscal <= 0 || before.Fiscal <= 0 || !now.Known || !before.Known || now.Revenue <= 0 || before.Revenue <= 0 {
		return Unknown
	}
	left := new(big.Int).Mul(big.NewInt(now.Fiscal), big.NewInt(before.Revenue))
	if left.Cmp(new(big.Int).Mul(big.NewInt(now.Revenue), big.NewInt(before.Fiscal))) < 0 {
		return Behind
	}
	return Keeps
}

// Growth is by how many tenths of a per cent something grew, half away from zero; false without a year before.
func Growth(now, before int64) (tenths int64, ok bool) {
	if before <= 0 {
		return 0, false
	}
	num := new(big.Int).Mul(big.NewInt(now-before), big.NewInt(2000))
	half := big.NewInt(before)
	if num.Sign() < 0 {
		half = new(big.Int).Neg(half)
	}
	return num.Add(num, half).Quo(num, new(big.Int).Mul(big.NewInt(2), big.NewInt(before))).Int64(), true
}

// lineRows publishes a line of money in its year, and, when it stands in the public budget, in the year after as what there was
// before.
func lineRows(_ id.Ref, b Budget) ledger.Record {
	us := []id.ID{b.Unit}
	out := ledger.Record{Attrs: map[string]any{"amount_fen": b.Amount, "source": b.Source, "in_budget": b.InBudget},
		Rows: []ledger.Row{{Type: "line", From: clock.YearOf(b.Year).From, To: nextYear(b.Year), Units: us}}}
	if b.InBudget {
		out.Rows = append(out.Rows, ledger.Row{Type: "before", From: nextYear(b.Year), To: nextYear(b.Year + 1), Units: us})
	}
	return out
}

func revenueRows(_ id.Ref, r Revenue) ledger.Record {
	us := []id.ID{r.Unit}
	return ledger.Record{Attrs: map[string]any{"amount_fen": r.Amount},
		Rows: []ledger.Row{{Type: "revenue", From: clock.YearOf(r.Year).From, To: nextYear(r.Year), Units: us}, {Type: "before", From: nextYear(r.Year), To: nextYear(r.Year + 1), Units: us}}}
}

func (x *Should) clean() {
	trim(&x.Name, &x.Code, &x.Source, &x.Reason)
	if x.Kind == "" {
		x.Kind = ShouldKinds[0]
	}
}

func (x Should) check(today clock.Day) error {
	var f errs.Fields
	if x.Name == "" {
		f.Add("name", "guarantee.name_missing")
	}
	long(&f, "name", x.Name, maxName)
	long(&f, "code", x.Code, 40)
	long(&f, "source", x.Source, maxName)
	if !slices.Contains(ShouldKinds, x.Kind) {
		f.Add("kind", "guarantee.kind_unknown")
	}
	for name, n := range map[string]int64{"minors": x.Minors, "young": x.Young} {
		if n < 0 || n > maxPeople {
			f.Add(name, "guarantee.people_unfit")
		}
	}
	switch {
	case x.From == clock.Open:
		f.Add("from", "guarantee.from_missing")
	case x.From > today:
		f.Add("from", "guarantee.day_ahead")
	}
	if x.Ceased != clock.Open && x.Ceased <= x.From {
		f.Add("ceased", "guarantee.ceased_early")
	}
	if x.Committee != 0 && (x.FoundedOn == clock.Open || x.FoundedOn > today) {
		f.Add("founded_on", "guarantee.founded_unfit")
	}
	return f.Err()
}

// shouldRows publishes one that should have a committee while it is there: with one from the day of its founding, without until then.
func shouldRows(_ id.Ref, x Should) ledger.Record {
	us := []id.ID{x.Unit}
	out := ledger.Record{Attrs: map[string]any{"kind": x.Kind}, Rows: []ledger.Row{{Type: "should", From: x.From, To: x.Ceased, Units: us}}}
	add := func(row string, from, to clock.Day) {
		if to == clock.Open || from < to {
			out.Rows = append(out.Rows, ledger.Row{Type: row, From: from, To: to, Units: us})
		}
	}
	if x.Committee == 0 {
		add("without", x.From, x.Ceased)
		return out
	}
	has := max(x.From, x.FoundedOn)
	add("without", x.From, clock.MinEnd(has, x.Ceased))
	add("has", has, x.Ceased)
	return out
}
