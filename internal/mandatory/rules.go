package mandatory

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"xinhuo/internal/kit/errs"
)

// Bounds of what is written, in characters.
const (
	maxWords  = 2000
	maxShort  = 100
	minReason = 20
)

// dueIn is how long somebody has to report; after that it rises, and again each time it has passed.
const dueIn = time.Hour

// mostRisen is how many levels an unreported duty rises.
const mostRisen = 3

// earlierBy is how long before it was noted here something may have been reported: first comes the telephone.
const earlierBy = 31 * 24 * time.Hour

var law = sync.OnceValue(func() (l struct {
	Situation []Situation `toml:"situation"`
	Agency    []Agency    `toml:"agency"`
	Law       []Law       `toml:"law"`
}) {
	if err := toml.Unmarshal(lawFile, &l); err != nil {
		panic(err) // it is part of the program
	}
	return l
})

// Situations are the law's nine, in its order.
func Situations() []Situation { return law().Situation }

// Agencies are to whom one reports, public security first.
func Agencies() []Agency { return law().Agency }

func situation(key string) (Situation, bool) {
	i := slices.IndexFunc(Situations(), func(s Situation) bool { return s.Key == key })
	if i < 0 {
		return Situation{}, false
	}
	return Situations()[i], true
}

func agency(key string) (Agency, bool) {
	i := slices.IndexFunc(Agencies(), func(a Agency) bool { return a.Key == key })
	if i < 0 {
		return Agency{}, false
	}
	return Agencies()[i], true
}

func long(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "mandatory.too_long", "N", most)
	}
}

// problems says what a report has yet to say.
func (r Report) problems(opened, now int64) (f errs.Fields) {
	if _, there := agency(r.Agency); !there {
		f.Add("agency", "mandatory.agency_missing")
	}
	if strings.TrimSpace(r.To) == "" {
		f.Add("to", "mandatory.to_missing")
	}
	switch {
	case r.At <= 0:
		f.Add("time", "mandatory.time_missing")
	case r.At > now:
		f.Add("time", "mandatory.time_ahead")
	case r.At < opened-earlierBy.Milliseconds():
		f.Add("time", "mandatory.time_odd")
	}
	if strings.TrimSpace(r.By) == "" {
		f.Add("by", "mandatory.by_missing")
	}
	long(&f, "to", r.To, maxShort)
	long(&f, "by", r.By, maxShort)
	long(&f, "no", r.No, maxShort)
	return f
}

// reasonProblems says what a reason for not reporting has yet to say; spaces do not count.
func reasonProblems(reason string) (f errs.Fields) {
	if utf8.RuneCountInString(strings.Join(strings.Fields(reason), "")) < minReason {
		f.Add("reason", "mandatory.reason_short", "N", minReason)
	}
	long(&f, "reason", reason, maxWords)
	return f
}
