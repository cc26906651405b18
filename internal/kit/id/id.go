// Package id makes the keys of all records: 64-bit, ordered by time, made by the application so that no two
// cities ever share a serial number (scale: keys must not need a central counter).
//
// Layout: 41 bits of milliseconds since 2020, 10 bits of process, 12 bits of counter.
package id

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ID is a key. JSON carries it as a string, because JavaScript rounds large numbers.
type ID int64

const epoch = 1577836800000 // 2020-01-01T00:00:00Z

var gen struct {
	sync.Mutex
	last int64
	n    int64
	proc int64
}

func init() {
	var b [2]byte
	_, _ = rand.Read(b[:])
	gen.proc = int64(binary.BigEndian.Uint16(b[:]) & 0x3ff)
}

// New makes a key greater than every key this process made before.
func New() ID {
	gen.Lock()
	defer gen.Unlock()
	ms := time.Now().UnixMilli() - epoch
	if ms <= gen.last {
		ms = gen.last
		gen.n++
		if gen.n > 0xfff { // the counter is used up: borrow the next millisecond
			ms, gen.n = ms+1, 0
		}
	} else {
		gen.n = 0
	}
	gen.last = ms
	return ID(ms<<22 | gen.proc<<12 | gen.n)
}

const digits = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford: no i l o u, so that it can be read out on the phone

// String is the short form used in addresses, e.g. "3k5f8q2m0a".
func (v ID) String() string {
	if v == 0 {
		return "0"
	}
	var b [13]byte
	i := len(b)
	for u := uint64(v); u > 0; u >>= 5 {
		i--
		b[i] = digits[u&31]
	}
	return string(b[i:])
}

// Parse reads the short form; capitals are taken too.
func Parse(s string) (ID, error) {
	if s == "" || len(s) > 13 {
		return 0, fmt.Errorf("id %q: length", s)
	}
	var u uint64
	for _, c := range strings.ToLower(s) {
		k := strings.IndexRune(digits, c)
		if k < 0 {
			return 0, fmt.Errorf("id %q: character %q", s, c)
		}
		if u > (1<<63-1)>>5 { // before the shift: what falls out of 64 bits would be lost unseen
			return 0, fmt.Errorf("id %q: too large", s)
		}
		u = u<<5 | uint64(k)
	}
	return ID(u), nil
}

// Value stores the key as BIGINT.
func (v ID) Value() (driver.Value, error) { return int64(v), nil }

// MarshalText lets JSON and query strings carry the short form.
func (v ID) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads the short form.
func (v *ID) UnmarshalText(b []byte) (err error) { *v, err = Parse(string(b)); return err }

// Ref is how a record is named outside: its root (a four-digit city code, a hint for a distributed engine that
// survives a move) and its key, as in "9902-3k5f8q2m0a".
type Ref struct {
	Root int64
	ID   ID
}

func (r Ref) String() string { return fmt.Sprintf("%04d-%s", r.Root, r.ID) }

// ParseRef reads the outside name of a record.
func ParseRef(s string) (Ref, error) {
	root, rest, ok := strings.Cut(s, "-")
	if !ok || len(root) != 4 {
		return Ref{}, fmt.Errorf("ref %q", s)
	}
	n, err := strconv.ParseUint(root, 10, 16) // unlike ParseInt it takes no sign
	if err != nil {
		return Ref{}, fmt.Errorf("ref %q", s)
	}
	v, err := Parse(rest)
	return Ref{int64(n), v}, err
}

// MarshalText lets JSON carry the outside name.
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the outside name.
func (r *Ref) UnmarshalText(b []byte) (err error) { *r, err = ParseRef(string(b)); return err }
