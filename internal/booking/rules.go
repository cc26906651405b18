package booking

import (
	"slices"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

const quarter = 15 * 60 // seconds

// zone is how far Shanghai is ahead of UTC: a whole number of quarters, so that a day begins with a quarter.
const zone = 8 * 3600

// slotOf is the quarter in which an instant lies.
func slotOf(t time.Time) int64 { return floor(t.Unix()+zone, quarter) }

// slotBefore is the first quarter that lies wholly behind an instant.
func slotBefore(t time.Time) int64 {
	s := t.Unix()
	if t.Nanosecond() > 0 {
		s++
	}
	return floor(s+zone+quarter-1, quarter)
}

func floor(a, b int64) int64 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

// instant is the beginning of a quarter.
func instant(slot int64) time.Time {
	return time.Unix(slot*quarter-zone, 0).In(clock.Shanghai)
}

// quarters are the rows of all claims in the order of their key, each once: two writers who lock in one order cannot
// wait for each other.
func quarters(h Holder, claims []Claim) ([]row, error) {
	if len(claims) > MaxClaims {
		return nil, errs.New(errs.Invalid, "booking.too_many", "N", MaxClaims)
	}
	var out []row
	for _, c := range claims {
		from, to := slotOf(c.From), slotBefore(c.To)
		if !c.From.Before(c.To) {
			return nil, errs.New(errs.Invalid, "booking.ends_early", "Subject", c.Name)
		}
		if to-from > MaxDays*96 || len(out)+int(to-from) > MaxQuarters {
			return nil, errs.New(errs.Invalid, "booking.too_long", "Subject", c.Name, "Days", MaxDays)
		}
		for s := from; s < to; s++ {
			out = append(out, row{Root: c.Subject.Root, Subject: c.Subject.ID, Slot: s, Name: c.Name, Kind: h.Kind, HolderRoot: h.Ref.Root,
				Holder: h.Ref.ID, HolderName: h.Name})
		}
	}
	slices.SortFunc(out, byKey)
	return slices.CompactFunc(out, func(a, b row) bool { return byKey(a, b) == 0 }), nil
}

func byKey(a, b row) int {
	for _, d := range []int64{a.Root - b.Root, int64(a.Subject - b.Subject), a.Slot - b.Slot} {
		if d < 0 {
			return -1
		}
		if d > 0 {
			return 1
		}
	}
	return 0
}

// spans joins neighbouring quarters of one holder; rows come in the order of their key.
func spans(rows []row) []Span {
	var out []Span
	for _, r := range rows {
		if n := len(out) - 1; n >= 0 && out[n].Subject == r.subject() && out[n].Holder.Ref == r.holder().Ref && out[n].To.Equal(instant(r.Slot)) {
			out[n].To = instant(r.Slot + 1)
			continue
		}
		out = append(out, Span{Subject: r.subject(), Name: r.Name, Holder: r.holder(), From: instant(r.Slot), To: instant(r.Slot + 1)})
	}
	return out
}
