package library

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
)

const (
	speakerLines = 8  // of a text's beginning in which a speaker is looked for
	speakerLine  = 40 // characters of a line that can name one
)

// Speech is who spoke, where and when, as a text says it: words for an editor to look at.
type Speech struct {
	Person string
	Unit   string // as it is written, 云州市关工委
	On     clock.Day
}

// isSpeech tells what is likely to have been said by somebody: by its category, or as it is called.
func isSpeech(d Document) bool {
	return d.Category == "work.speech" || endsAny(strings.TrimRight(strings.Map(plain, d.Title), ")] "), lexicon.Speech.Titles)
}

// SpokenIn finds who spoke by the title, the lines under it and what the file says of its author: 陈玉兰同志在…会议上的讲话; 云州市关工委主任
// 陈玉兰; （2019年5月31日）. What the text does not say is empty.
func SpokenIn(title string, t Text) (out Speech) {
	lines := []string{title}
	for i, b := range t.Blocks[:min(len(t.Blocks), speakerLines)] {
		text := strings.TrimSpace(b.Text)
		if utf8.RuneCountInString(headOf(text, 4*speakerLine+1)) <= speakerLine {
			lines = append(lines, text)
		} else if i > 0 { // the text itself begins
			break
		}
	}
	for i, line := range lines {
		line = strings.Map(plain, line)
		if m := lexicon.Speech.Day.FindStringSubmatchIndex(line); m != nil {
			if day, ok := dayIn(line[m[2]:m[3]], line[m[4]:m[5]], line[m[6]:m[7]]); ok && out.On == clock.Open && i > 0 {
				out.On = day
			}
			line = line[:m[0]] + " " + line[m[1]:]
		}
		if out.Person == "" {
			out.Person, out.Unit = speakerIn(line)
		}
	}
	if out.Person == "" && personName(t.Author) {
		out.Person = plainName(t.Author)
	}
	return out
}

// speakerIn is the person that a line names, with the unit before their post.
func speakerIn(line string) (person, unit string) {
	line = strings.Trim(line, " ()[]—-·:：")
	if m := lexicon.Speech.At.FindStringIndex(line); m != nil { // …在…会议上的讲话
		line = line[:m[0]]
	}
	line = strings.TrimSuffix(strings.TrimSpace(line), lexicon.Speech.Comrade)
	for _, label := range lexicon.Speech.Labels {
		line = strings.TrimPrefix(line, label)
	}
	if line = strings.Trim(line, " :："); personName(line) && (utf8.RuneCountInString(plainName(line)) < 4 || startsAny(line, lexicon.People.Compound)) {
		return plainName(line), ""
	}
	at, size := -1, 0
	for _, role := range lexicon.Speech.Roles {
		if i := strings.LastIndex(line, role); i >= 0 && i+len(role) > at+size {
			at, size = i, len(role)
		}
	}
	if at < 0 {
		return "", ""
	}
	for _, role := range lexicon.Speech.Roles { // the longest that ends there
		if end := at + size; strings.HasSuffix(line[:end], role) && len(role) > size {
			at, size = end-len(role), len(role)
		}
	}
	name := strings.Trim(line[at+size:], " :：")
	if !personName(name) {
		return "", ""
	}
	unit = strings.TrimSpace(line[:at])
	if i := strings.LastIndexAny(unit, lexicon.Text.Inner+" "); i >= 0 {
		_, n := utf8.DecodeRuneInString(unit[i:])
		unit = unit[i+n:]
	}
	return plainName(name), unit
}

// plainName is a name without the spaces with which short ones are drawn out, and without what cannot be seen.
func plainName(name string) string {
	name = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, name)), " ")
	if strings.IndexFunc(name, func(r rune) bool { return !unicode.Is(unicode.Han, r) && r != ' ' }) >= 0 {
		return name
	}
	return strings.ReplaceAll(name, " ", "")
}

// dayIn is a day of year, month and day as they are written, in plain digits or in Chinese.
func dayIn(year, month, day string) (clock.Day, bool) {
	y, m, d := numeral(year), numeral(month), numeral(day)
	if m < 0 {
		m = 1 // 元月
	}
	if y < minYear || d < 1 {
		return clock.Open, false
	}
	out, err := clock.ParseDay(fmt.Sprintf("%04d-%02d-%02d", y, m, d))
	return out, err == nil
}
