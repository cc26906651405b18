package anon

import (
	"crypto/rand"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Crowd bounds what is sent from one network (Network) without an account within an hour. What it knows stays in memory, is forgotten
// within the hour and is never written down.
type Crowd struct {
	PerHour int // a school stands behind one address: be generous
	Most    int // networks that it remembers; beyond them it forgets all, for a flood from everywhere must not shut out whoever needs help

	mu   sync.Mutex
	list map[string][]int64
}

// Admit tells whether one more is taken from an address, at UTC milliseconds.
func (c *Crowd) Admit(address string, now int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	net := Network(address)
	if len(c.list) >= c.Most {
		for k, at := range c.list {
			if c.lately(at, now) == nil {
				delete(c.list, k)
			}
		}
	}
	if c.list == nil || len(c.list) >= c.Most && c.list[net] == nil {
		c.list = map[string][]int64{}
	}
	at := c.lately(c.list[net], now)
	taken := len(at) < c.PerHour
	if taken {
		at = append(at, now)
	}
	c.list[net] = at
	return taken
}

// lately are the instants within the last hour, nil for none.
func (c *Crowd) lately(at []int64, now int64) []int64 {
	at = slices.DeleteFunc(at, func(t int64) bool { return t <= now-time.Hour.Milliseconds() })
	if len(at) == 0 {
		return nil
	}
	return at
}

// NewReceipt draws the sixteen digits with which whoever sent something without an account comes back to it.
func NewReceipt() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(9e15))
	if err != nil {
		return "", err
	}
	return strconv.FormatInt(n.Int64()+1e15, 10), nil
}

// Digits are those of a receipt as it was typed, wide ones and spaces too; "" when they are not sixteen.
func Digits(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return -1
	}, text)
	if len(text) != 16 {
		return ""
	}
	return text
}
