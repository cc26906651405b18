// Package anon is how answers are taken from people of whom nothing is known and nothing is to be: a signed link, network
// addresses that are compared without being kept, bursts that are set aside, numbers so small that they are told nobody.
package anon

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"

	"xinhuo/internal/kit/id"
)

// Bounds of what is counted.
const (
	Fewest       = 5   // answers below which nothing is shown
	Burst        = 5   // answers from one address
	BurstMinutes = 10  // within so many minutes; those after them are set aside
	AtOnce       = 120 // answers that one address may send within BurstMinutes at all
	Spare        = 200 // answers kept beyond twice the number of people
)

// NewKey makes a key for signatures or for hashes.
func NewKey() string {
	b := make([]byte, 32)
	rand.Read(b) //nolint:errcheck // never fails
	return hex.EncodeToString(b)
}

// MAC is a keyed hash of words for one purpose.
func MAC(key string, words ...string) []byte {
	h := hmac.New(sha256.New, []byte(key))
	for _, w := range words {
		fmt.Fprintf(h, "%d:%s", len(w), w)
	}
	return h.Sum(nil)
}

// Signature is what the link to a record carries.
func Signature(sign string, of id.Ref) string {
	return base64.RawURLEncoding.EncodeToString(MAC(sign, "link", of.String())[:15])
}

// Equal compares what was sent with what it should be, in constant time.
func Equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Network is the address as it is compared: whole for IPv4, its 64-bit network for IPv6, where one household or telephone
// has all the addresses within.
func Network(address string) string {
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

// NetHash is what is kept of an address while answers are taken.
func NetHash(key, address string) string {
	return base64.RawURLEncoding.EncodeToString(MAC(key, "net", Network(address))[:12])
}

// Aside says whether an answer is set aside, from what the same address sent before: all of it, and of the last minutes. One
// address may give as many as a quarter of the people in all.
func Aside(before, lately, heads int64) bool {
	return lately >= Burst || before >= max(2*Burst, heads/4)
}

// Flooded says whether no more is kept: from one address, or at all.
func Flooded(all, lately, heads int64) bool { return lately >= AtOnce || all >= 2*heads+Spare }

// Hidden stands in place of a number that is told nobody.
const Hidden = -1

// Pooled is how much hidden numbers have to come to together.
const Pooled = Fewest + Fewest - 1

// Shield hides small numbers among the parts of a whole that is known, and as many more as it takes so that none follows
// from the whole and the rest: at least two are hidden, and together they come to Pooled or more. Which ones are hidden
// beside the small ones goes by their place alone, never by their size: that would tell.
func Shield(parts []int64) []int64 {
	out := append([]int64{}, parts...)
	hidden, sum, first := 0, int64(0), -1
	for i, n := range parts {
		if n < Fewest {
			if first < 0 {
				first = i
			}
			out[i], hidden, sum = Hidden, hidden+1, sum+n
		}
	}
	for k := 1; k < len(parts) && hidden > 0 && (hidden < 2 || sum < Pooled); k++ {
		if i := (first + k) % len(parts); out[i] != Hidden {
			hidden, sum, out[i] = hidden+1, sum+out[i], Hidden
		}
	}
	return out
}
