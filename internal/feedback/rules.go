package feedback

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// mac is a keyed hash of words for one purpose.
func mac(key string, words ...string) []byte {
	h := hmac.New(sha256.New, []byte(key))
	for _, w := range words {
		fmt.Fprintf(h, "%d:%s", len(w), w)
	}
	return h.Sum(nil)
}

// signature is what the link of an activity carries.
func signature(sign string, activity id.Ref) string {
	return base64.RawURLEncoding.EncodeToString(mac(sign, "link", activity.String())[:15])
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// slipCode is the code of one slip: its number and eight digits that only the key gives.
func slipCode(sign string, activity id.Ref, n int64) string {
	digits := binary.BigEndian.Uint64(mac(sign, "slip", activity.String(), strconv.FormatInt(n, 10))) % 1_0000_0000
	return fmt.Sprintf("%03d-%04d-%04d", n, digits/1_0000, digits%1_0000)
}

// slipOf is the number of a slip by its code; 0 when there is none. Spaces and strokes may be left out.
func slipOf(sign string, activity id.Ref, slips int64, code string) int64 {
	var digits strings.Builder
	for _, c := range code {
		if c >= '０' && c <= '９' {
			c -= '０' - '0'
		}
		if c >= '0' && c <= '9' {
			digits.WriteRune(c)
		}
	}
	d := digits.String()
	if len(d) != 11 {
		return 0
	}
	n, _ := strconv.ParseInt(d[:3], 10, 64)
	if n < 1 || n > slips || !equal(slipCode(sign, activity, n), d[:3]+"-"+d[3:7]+"-"+d[7:]) {
		return 0
	}
	return n
}

// network is the address as it is compared: whole for IPv4, its 64-bit network for IPv6, where one household or telephone
// has all the addresses within.
func network(address string) string {
	host := address
	if ap, err := netip.ParseAddrPort(address); err == nil {
		host = ap.Addr().String()
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err != nil {
		return host
	}
	a = a.Unmap()
	if a.Is6() {
		p, _ := a.WithZone("").Prefix(64)
		return p.String()
	}
	return a.String()
}

// netHash is what is kept of an address while the round is open.
func netHash(key, address string) string {
	return base64.RawURLEncoding.EncodeToString(mac(key, "net", network(address))[:12])
}

// share is how many answers one address may give in all before the others are set aside.
func share(heads int64) int64 { return max(2*Burst, heads/4) }

// place says whether an answer counts, from what the same address sent before: all of the round, and of the last minutes.
func place(before, lately, heads int64) State {
	if lately >= Burst || before >= share(heads) {
		return SetAside
	}
	return Plain
}

// Tally counts answers in their order, up to as many as people were there.
func Tally(list []Answer, heads int64) Outcome {
	o := Outcome{Heads: heads}
	for _, a := range list {
		switch {
		case a.State == SetAside:
			o.Aside++
			continue
		case o.Counted >= heads:
			o.Beyond++
			continue
		case a.State == Admitted:
			o.Admitted++
		}
		o.Counted++
		o.Points += a.Satisfaction
		o.By[a.Satisfaction-1]++
		if a.Satisfaction >= 4 {
			o.Satisfied++
		}
		if a.Useful == 1 {
			o.Useful++
		}
	}
	return o
}

// Shown tells whether the outcome may be shown: fewer than five are shown to nobody (R199).
func (o Outcome) Shown() bool { return o.Counted >= Fewest }

// Mean is in hundredths, rounded.
func (o Outcome) Mean() int64 { return mean(o.Points, o.Counted) }

func mean(points, n int64) int64 {
	if n == 0 {
		return 0
	}
	return (points*200 + n) / (2 * n)
}

// meanText is 4.35 of hundredths.
func meanText(hundredths int64) string {
	return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
}

// check says what has to be changed on a sheet.
func (a Answer) check() error {
	var f errs.Fields
	if a.Satisfaction < 1 || a.Satisfaction > 5 {
		f.Add("satisfaction", "feedback.choose")
	}
	if a.Useful < 1 || a.Useful > 3 {
		f.Add("useful", "feedback.choose")
	}
	if utf8.RuneCountInString(a.Line) > maxLine {
		f.Add("line", "feedback.line_long", "N", maxLine)
	}
	return f.Err()
}

// running tells whether answers are taken at an instant.
func (r Round) running(at int64) bool { return !r.Closed && r.Opens <= at && at < r.Closes }
