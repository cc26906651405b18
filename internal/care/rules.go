package care

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/unicode/norm"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

// Bounds of what is written, in characters.
const (
	maxText    = 20_000
	maxContact = 100
	maxName    = 40
	maxPhrase  = 60
	minPhrase  = 4
	maxShort   = 200
)

// dueIn is how long somebody has to answer. What rises has the same time again.
var dueIn = map[Urgency]time.Duration{Now: time.Hour, Soon: 24 * time.Hour, Usual: 72 * time.Hour}

// bookedWithin is how many days ahead an appointment may lie.
const bookedWithin = 90

// mostRisen is how many levels an unanswered request rises.
const mostRisen = 3

// reopenWithin is how long after its end a word of the asker opens a request again.
const reopenWithin = 30 * 24 * time.Hour

// tokenLife is how long the page on which an answer is read can write back.
const tokenLife = 30 * time.Minute

// Number is a telephone number for emergencies.
type Number struct {
	Tel string `toml:"tel"`
	Zh  string `toml:"zh"`
	En  string `toml:"en"`
}

var words = sync.OnceValue(func() (w struct {
	Danger []string         `toml:"danger"`
	Calm   []string         `toml:"calm"`
	Number []Number         `toml:"number"`
	Apart  []*regexp.Regexp // words of danger with others between them
}) {
	if err := toml.Unmarshal(wordsFile, &w); err != nil {
		panic(err) // it is part of the program
	}
	for i, x := range w.Danger {
		if before, after, ok := strings.Cut(x, "…"); ok {
			w.Apart = append(w.Apart, regexp.MustCompile(bare(before)+".{0,4}"+bare(after)))
		}
		if w.Danger[i] = bare(x); x[0] < utf8.RuneSelf {
			w.Danger[i] = strings.TrimSuffix(spaced(x), " ")
		}
	}
	return w
})

// Numbers are those for emergencies, the first the most urgent.
func Numbers() []Number { return words().Number }

// bare is a text as phrases are compared and Chinese words of danger are looked for in it: letters and digits alone, in lower case.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// spaced is a text as English words of danger are looked for in it: in lower case, a space before and after each word, "don't" one word.
func spaced(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\'' || r == '’' || r == '‘':
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, text)
	return " " + strings.Join(strings.Fields(text), " ") + " "
}

// Dangerous tells whether a text has words after which somebody may be in danger.
func Dangerous(text string) bool {
	text = norm.NFKC.String(text) // letters of full width are letters
	apart, text := spaced(text), bare(text)
	for _, w := range words().Calm {
		text = strings.ReplaceAll(text, w, " ")
	}
	if slices.ContainsFunc(words().Apart, func(w *regexp.Regexp) bool { return w.MatchString(text) }) {
		return true
	}
	return slices.ContainsFunc(words().Danger, func(w string) bool {
		if w[0] == ' ' {
			return strings.Contains(apart, w)
		}
		return strings.Contains(text, w)
	})
}

var phones = regexp.MustCompile(`\+?[0-9][0-9 -]{5,}[0-9]`)

// phoneIn is the first telephone number in what somebody wrote of how to reach them; "" where there is none.
func phoneIn(contact string) string { return phones.FindString(norm.NFKC.String(contact)) }

// grouped is a receipt as it is read out: four by four.
func grouped(receipt string) string {
	var out []string
	for i := 0; i+4 <= len(receipt); i += 4 {
		out = append(out, receipt[i:i+4])
	}
	return strings.Join(out, " ")
}

// phraseOf is a phrase as it is compared: spaces, letter case and punctuation are soon forgotten.
func phraseOf(text string) string { return bare(text) }

func long(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "care.too_long", "N", most)
	}
}

// problems says what has to be changed up to a step of the form, the last being 3.
func (a Ask) problems(step int, d Desk) (f errs.Fields) {
	if !slices.Contains(d.Kinds, a.Kind) {
		f.Add("kind", "care.kind_missing")
	}
	if !slices.Contains(Askers, a.Asker) {
		f.Add("asker", "care.asker_missing")
	}
	if step >= 2 {
		if strings.TrimSpace(a.Text) == "" {
			f.Add("text", "care.text_missing")
		}
		long(&f, "text", a.Text, maxText)
	}
	if step < 3 {
		return f
	}
	if !slices.Contains(Ways, a.Way) {
		f.Add("way", "care.way_missing")
	} else if a.Way != "here" && strings.TrimSpace(a.Contact) == "" {
		f.Add("contact", "care.contact_missing")
	}
	long(&f, "contact", a.Contact, maxContact)
	long(&f, "name", a.Name, maxName)
	switch n := utf8.RuneCountInString(phraseOf(a.Phrase)); {
	case n < minPhrase:
		f.Add("phrase", "care.phrase_short", "N", minPhrase)
	case utf8.RuneCountInString(a.Phrase) > maxPhrase:
		f.Add("phrase", "care.too_long", "N", maxPhrase)
	}
	return f
}

// urgencyOf is how urgent a request is until somebody has looked at it.
func (a Ask) urgencyOf() Urgency {
	if Dangerous(a.Text) {
		return Now
	}
	return Soon
}

// due is when somebody has to have answered.
func due(u Urgency, now int64) int64 { return now + dueIn[u].Milliseconds() }

// slot asks that an appointment, when it names a time of day, names one, and where.
func (e *Entry) slot(f *errs.Fields) {
	if e.Clock != "" {
		t, err := time.Parse("15:04", e.Clock)
		if err != nil {
			f.Add("clock", "care.clock_odd")
		} else {
			e.Clock = t.Format("15:04")
		}
	}
	if e.Way != "" && !slices.Contains(Places, e.Way) {
		f.Add("place", "care.place_odd")
	}
}

// problems says what has to be changed of who answers for what.
func (m *Member) problems(today clock.Day) (f errs.Fields) {
	m.Kinds = slices.DeleteFunc(slices.Clone(Kinds), func(k string) bool { return !slices.Contains(m.Kinds, k) })
	if len(m.Kinds) == 0 {
		f.Add("member_kinds", "care.kinds_missing")
	}
	if m.Skill = strings.TrimSpace(m.Skill); m.Skill == "" {
		f.Add("skill", "care.skill_missing")
	}
	long(&f, "skill", m.Skill, maxName)
	if m.Until != clock.Open {
		if d, err := clock.ParseDay(string(m.Until)); err != nil || d < today {
			f.Add("skill_until", "care.skill_over")
		}
	}
	return f
}
