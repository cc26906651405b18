package library

import (
	_ "embed" // words.toml
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

//go:embed words.toml
var wordTable string

// pattern is a regular expression of the table.
type pattern struct{ *regexp.Regexp }

// UnmarshalText compiles it.
func (p *pattern) UnmarshalText(text []byte) (err error) {
	p.Regexp, err = regexp.Compile(string(text))
	return err
}

// numbering is one way in which points are numbered.
type numbering struct {
	Pattern          pattern
	Through, Decimal bool
}

// lexicon is what the rules know of the language: words.toml, where each part is explained.
var lexicon = func() (l struct {
	Title struct {
		Endings, Noise, Tags, Sites, Keep, Unnamed []string
		Front, Pages, Site                         pattern
		Leaf                                       string
	}
	Numbers struct{ Zero, Ones, Two, Ten, Hundred, Circled string }
	Dates   struct {
		Title, Han, Dated, Bare, Line pattern
		DatedHan                      pattern `toml:"dated_han"`
	}
	Text struct {
		Closing, Quotes, Inner, Stops string
		GoingOn                       string `toml:"going_on"`
		Page, Greeting                pattern
		TailStarts                    []string `toml:"tail_starts"`
		SignedEnds                    []string `toml:"signed_ends"`
		AddresseeEnds                 string   `toml:"addressee_ends"`
		SentenceEnds                  string   `toml:"sentence_ends"`
	}
	Form      []numbering
	Outline   struct{ Contents, Quantity pattern }
	Citations struct {
		Title, Number pattern
		Form          string
		Before        []string
	}
	Speech struct {
		Titles, Roles, Labels []string
		Comrade               string
		At, Day               pattern
	}
	People struct {
		Surnames, Units, Provinces, Pupil, Generic, Nobody string
		Compound, Before, Schools, Classes                 []string
		Common, Serial, Home, Roles                        []string
		Behind, Bounds, Alias, And                         pattern
		NameLabels                                         []string `toml:"name_labels"`
		SchoolLabels                                       []string `toml:"school_labels"`
		ChildLabels                                        []string `toml:"child_labels"`
		AdultLabels                                        []string `toml:"adult_labels"`
	}
	Spellings struct{ Groups [][]string }
	Beside    struct{ Marks [][]string }
}) {
	if err := toml.Unmarshal([]byte(wordTable), &l); err != nil {
		panic(err)
	}
	return l
}()

// Spellings are groups of words that mean the same or are often confused, as search.Parse takes them. They are not to be
// changed.
func Spellings() [][]string { return lexicon.Spellings.Groups }

// plain gives letters, digits, brackets and signs that come in two widths in the narrow one; the marks of Chinese sentences
// stay as they are. No text becomes longer or shorter by it.
func plain(r rune) rune {
	switch {
	case r < 0xA0:
	case r >= '０' && r <= '９', r >= 'Ａ' && r <= 'Ｚ', r >= 'ａ' && r <= 'ｚ':
		return r - 0xFEE0
	case r >= 0xFF00 && r < 0xFF60 && strings.ContainsRune("＿－．／＼＠＋（）［］＃＆＝", r):
		return r - 0xFEE0
	case r == 0x3000 || r == 0xA0:
		return ' '
	}
	return r
}

// headOf and tailOf are a text up to about n bytes from its beginning or its end: what is looked at of a text without end.
func headOf(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

func tailOf(text string, n int) string {
	from := max(0, len(text)-n)
	for from < len(text) && !utf8.RuneStart(text[from]) {
		from++
	}
	return text[from:]
}

// low is plain without capitals.
func low(r rune) rune { return unicode.ToLower(plain(r)) }

// numeral reads a number in Chinese or plain digits, 十二, 二〇一九, 百零五, 12; -1 for what is none.
func numeral(s string) int {
	n, total, value := lexicon.Numbers, 0, 0
	digits, units := 0, false
	for _, r := range s {
		c := string(r)
		d := -1
		switch {
		case r >= '0' && r <= '9':
			d = int(r - '0')
		case strings.Contains(n.Zero, c):
			d = 0
		case strings.Contains(n.Two, c):
			d = 2
		case c == n.Ten || c == n.Hundred:
			unit := 10
			if c == n.Hundred {
				unit = 100
			}
			total, value, units = total+max(1, value)*unit, 0, true
			continue
		default:
			if i := runeIndex(n.Circled, r); i >= 0 {
				return i + 1
			}
			if d = runeIndex(n.Ones, r) + 1; d == 0 {
				return -1
			}
		}
		if digits++; digits > 6 {
			return -1
		}
		if units {
			value = d
		} else {
			value = value*10 + d
		}
	}
	if digits == 0 && !units {
		return -1
	}
	return total + value
}

// runeIndex is the place of a character among the characters of a list, -1 when it is not there.
func runeIndex(list string, r rune) int {
	i := 0
	for _, c := range list {
		if c == r {
			return i
		}
		i++
	}
	return -1
}

// startsAny and endsAny tell whether a text begins or ends with one of the words.
func startsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.HasPrefix(s, w) {
			return true
		}
	}
	return false
}

func endsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.HasSuffix(s, w) {
			return true
		}
	}
	return false
}
