package library

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"xinhuo/internal/kit/citizen"
	"xinhuo/internal/kit/extract"
)

// FindingKind is what kind of personal data was found.
type FindingKind string

// The kinds of personal data that are looked for.
const (
	ResidentNumber FindingKind = "resident_number"
	MobilePhone    FindingKind = "mobile"
	Landline       FindingKind = "landline"
	BankCard       FindingKind = "bank_card"
	ChildAtSchool  FindingKind = "child" // a child's name beside a school or a class
)

// Finding is personal data in a text. Around is the piece in which it stands; all that was found there is masked, so that a
// warning never says what it warns of. Weak is what may well be meant for the public, such as an office's telephone, or may
// be something else. Block is the block or line, from 0.
type Finding struct {
	Kind   FindingKind
	Around string
	Block  int
	Weak   bool
}

const (
	mostFindings = 200 // of one document: whoever looks at so many has been told
	aroundIt     = 12  // characters shown on each side
)

// PersonalIn finds personal data in the blocks of a document, up to 200 pieces.
func PersonalIn(blocks []extract.Block) []Finding {
	var out []Finding
	table := 0 // where the rows begin that stand together
	names := map[int][]span{}
	for i := range blocks {
		if len(out) >= mostFindings {
			break
		}
		if blocks[i].Kind == extract.Row && (i == 0 || blocks[i-1].Kind != extract.Row) {
			for table = i; table < len(blocks) && blocks[table].Kind == extract.Row; table++ {
			}
			childrenInTable(blocks[i:table], i, names)
		}
		text := []rune(strings.Map(plain, blocks[i].Text))
		found := numbersIn(text)
		if rows := names[i]; rows != nil {
			found = append(found, rows...)
			delete(names, i)
		} else {
			found = append(found, childrenIn(string(text))...)
		}
		slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
		masked := []rune(blocks[i].Text) // as long as text: plain changes no length
		for _, s := range found {
			s.mask(masked)
		}
		for _, s := range found {
			if len(out) < mostFindings {
				out = append(out, Finding{Kind: s.kind, Block: i, Weak: s.weak, Around: pieceOf(masked, s)})
			}
		}
	}
	return out
}

// pieceOf is the piece of a masked text in which something was found, on one line.
func pieceOf(masked []rune, s span) string {
	from, to := max(0, s.from-aroundIt), min(len(masked), s.to+aroundIt)
	out := strings.Join(strings.Fields(string(masked[from:to])), " ")
	if from > 0 {
		out = "…" + out
	}
	if to < len(masked) {
		out += "…"
	}
	return out
}

// span is something found between two characters of a text.
type span struct {
	kind     FindingKind
	from, to int
	weak     bool
}

// mask leaves of a number the first three and the last two digits, of a name the first character.
func (s span) mask(text []rune) {
	if s.kind == ChildAtSchool {
		for i := s.from + 1; i < s.to; i++ {
			text[i] = '*'
		}
		return
	}
	digits := 0
	for i := s.from; i < s.to; i++ {
		if isDigit(plain(text[i])) || unicode.IsLetter(text[i]) {
			digits++
		}
	}
	seen := 0
	for i := s.from; i < s.to; i++ {
		if isDigit(plain(text[i])) || unicode.IsLetter(text[i]) {
			if seen++; seen > 3 && seen <= digits-2 {
				text[i] = '*'
			}
		}
	}
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isLatin(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) }

// mostGroups is how many groups of digits one number is written in at most.
const mostGroups = 5

// digitGroup is a stretch of digits.
type digitGroup struct {
	from, to int
	digits   string
}

// numbersIn finds the numbers of one text. Digits that stand in groups, parted by one space, dash or bracket, are read
// together where the groups are such as people write.
func numbersIn(text []rune) []span {
	var out []span
	var chain []digitGroup
	flush := func() {
		out = append(out, classify(text, chain)...)
		chain = chain[:0]
	}
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		from := i
		for i < len(text) && isDigit(text[i]) {
			i++
		}
		digits := ""
		if i-from <= 20 {
			digits = string(text[from:i])
		}
		// The check digit ten of a resident number is written X.
		if n := len(digits); (n == 17 || n == 3) && i < len(text) && (text[i] == 'X' || text[i] == 'x') && (i+1 == len(text) || !isLatin(text[i+1])) {
			digits += "X"
			i++
		}
		if len(chain) > 0 {
			last := chain[len(chain)-1]
			if gap := text[last.to:from]; len(gap) > 2 || !partsNumber(gap) || len(chain) == 64 {
				flush()
			}
		}
		chain = append(chain, digitGroup{from, i, digits})
	}
	flush()
	return out
}

// partsNumber tells whether what stands between two groups of digits may part one number.
func partsNumber(gap []rune) bool {
	for _, r := range gap {
		if !strings.ContainsRune(" -—–‐‑)", r) {
			return false
		}
	}
	return true
}

// classify reads a chain of groups: at each the longest number that it may be.
func classify(text []rune, chain []digitGroup) []span {
	var out []span
	for i := 0; i < len(chain); {
		taken := 1
		for n := min(mostGroups, len(chain)-i); n > 0; n-- {
			if s, ok := number(text, chain[i:i+n]); ok {
				out, taken = append(out, s), n
				break
			}
		}
		i += taken
	}
	return out
}

// number tells what number a few groups of digits are together.
func number(text []rune, groups []digitGroup) (span, bool) {
	s := span{from: groups[0].from, to: groups[len(groups)-1].to}
	var shape [mostGroups]byte
	for i, g := range groups {
		shape[i] = byte(len(g.digits))
	}
	form, ok := shapes[string(shape[:len(groups)])]
	if !ok {
		return s, false
	}
	var digits strings.Builder
	for _, g := range groups {
		digits.WriteString(g.digits)
	}
	d := digits.String()
	before := strings.ToLower(string(text[max(0, s.from-12):s.from]))
	touches := s.from > 0 && (isLatin(text[s.from-1]) || strings.ContainsRune("_/=.&#", text[s.from-1])) ||
		s.to < len(text) && (isLatin(text[s.to]) || text[s.to] == '_')
	counted := s.to < len(text) && strings.ContainsRune(lexicon.People.Units, text[s.to])
	serial := slices.ContainsFunc(lexicon.People.Serial, func(w string) bool { return strings.Contains(before, w) })
	s.weak = serial
	switch {
	case len(d) == 18 && form.resident && born(d[6:14], "20060102") && province(d):
		s.kind = ResidentNumber
		s.weak = s.weak || citizen.CheckDigit(d) != d[17]
		return s, true
	case strings.HasSuffix(d, "X"), counted, touches:
		return s, false
	case len(d) == 15 && form.old && born("19"+d[6:12], "20060102") && province(d):
		s.kind = ResidentNumber
		return s, true
	case form.bank && card(d):
		s.kind = BankCard
		return s, true
	case serial:
		return s, false
	case form.mobile && mobile(strings.TrimPrefix(strings.TrimPrefix(d, "00"), "86")):
		s.kind = MobilePhone
		return s, true
	case form.landline && landline(groups, d):
		s.kind = Landline
		s.weak = !slices.ContainsFunc(lexicon.People.Home, func(w string) bool { return strings.Contains(before, w) })
		return s, true
	}
	return s, false
}

// written are the ways in which a number is written.
type written struct{ resident, old, mobile, landline, bank bool }

// shapes are the lengths of groups, a byte each, in which numbers are written, with what may be written so.
var shapes = func() map[string]written {
	out := map[string]written{}
	add := func(set func(*written), list ...string) {
		for _, l := range list {
			var shape []byte
			for f := range strings.FieldsSeq(l) {
				shape = append(shape, byte(numeral(f)))
			}
			w := out[string(shape)]
			set(&w)
			out[string(shape)] = w
		}
	}
	add(func(w *written) { w.resident = true }, "18", "6 8 4", "6 4 4 4", "6 12", "14 4", "3 3 4 4 4", "3 3 8 4", "6 4 2 2 4")
	add(func(w *written) { w.old = true }, "15", "6 6 3", "6 9", "3 3 3 3 3")
	add(func(w *written) { w.mobile = true }, "11", "3 4 4", "3 8", "7 4", "4 4 3", "4 3 4", "3 3 5", "5 6", "13", "15")
	add(func(w *written) { w.landline = true }, "10", "11", "12", "3 7", "3 8", "4 7", "4 8", "3 4 4", "4 4 4", "4 3 4", "4 4 3")
	add(func(w *written) { w.bank = true }, "16", "17", "18", "19", "4 4 4 4", "4 4 4 4 1", "4 4 4 4 2", "4 4 4 4 3", "6 10", "6 11", "6 12", "6 13", "8 8", "8 11")
	return out
}()

// born tells whether digits are a day on which somebody who lives may have been born.
func born(digits, layout string) bool {
	t, err := time.Parse(layout, digits)
	return err == nil && t.Year() >= 1900 && t.Year() < 2100
}

func province(d string) bool {
	return slices.Contains(strings.Fields(lexicon.People.Provinces), d[:2])
}

func mobile(d string) bool { return len(d) == 11 && d[0] == '1' && d[1] >= '3' }

// landline tells a fixed line with its area code: 010, 02x, 03xx to 09xx, and seven or eight digits.
func landline(groups []digitGroup, d string) bool {
	area := 4
	if d[0] != '0' || d[1] == '0' {
		return false
	}
	if d[1] == '1' || d[1] == '2' {
		area = 3
	}
	if d[1] == '1' && d[2] != '0' || len(groups) > 1 && len(groups[0].digits) != area {
		return false
	}
	return (len(d)-area == 7 || len(d)-area == 8) && d[area] >= '2'
}

// card tells a bank card: the first digits of those that are in use here, the right length, and the check digit of Luhn.
func card(d string) bool {
	switch {
	case strings.HasPrefix(d, "62"):
	case len(d) == 16 && (d[0] == '4' || d[0] == '5' && d[1] >= '1' && d[1] <= '5' || d[:2] == "35" || d[:2] == "60"):
	default:
		return false
	}
	sum := 0
	for i := range len(d) {
		n := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0 && len(d) >= 16 && strings.Trim(d[2:], "0") != ""
}

const (
	beside          = 30   // characters between a school and the name of a child, in the same sentence
	longestSentence = 1200 // bytes; a longer one is read in pieces
)

// childrenIn finds names of children beside a school or a class in running text.
func childrenIn(text string) []span {
	var out []span
	start := 0 // characters before the sentence
	for text != "" {
		sentence := text
		if len(sentence) > longestSentence {
			cut := longestSentence
			for !utf8.RuneStart(sentence[cut]) {
				cut--
			}
			sentence = sentence[:cut]
		}
		if i := strings.IndexAny(sentence, lexicon.Text.Stops); i >= 0 {
			_, size := utf8.DecodeRuneInString(text[i:])
			sentence = text[:i+size]
		}
		if schools, classes := placesOf(sentence); len(schools)+len(classes) > 0 {
			out = append(out, namesIn(sentence, start, schools, classes)...)
		}
		start += utf8.RuneCountInString(sentence)
		text = text[len(sentence):]
	}
	return out
}

// placesOf are where in a sentence schools and classes are named, in bytes.
func placesOf(s string) (schools, classes []int) {
	for _, w := range lexicon.People.Schools {
		for from := 0; ; {
			i := strings.Index(s[from:], w)
			if i < 0 {
				break
			}
			i += from
			from = i + len(w)
			before, _ := utf8.DecodeLastRuneInString(s[:i])
			if i == 0 || strings.ContainsRune(lexicon.People.Generic, before) || strings.HasPrefix(s[from:], lexicon.People.Pupil) {
				continue
			}
			schools = append(schools, i)
		}
	}
	for _, w := range lexicon.People.Classes {
		if i := strings.Index(s, w); i >= 0 {
			classes = append(classes, i)
		}
	}
	return schools, classes
}

// namesIn finds the names of a sentence that stand behind or before a word for children, near a school or a class.
func namesIn(s string, start int, schools, classes []int) []span {
	var out []span
	near := func(at int, places []int) bool {
		return slices.ContainsFunc(places, func(p int) bool {
			from, to := min(at, p), max(at, p)
			return to-from <= beside*utf8.UTFMax && utf8.RuneCountInString(s[from:to]) <= beside
		})
	}
	done, next, n := 0, -1, 0 // where a name ended, and where one that is listed with it would begin; characters before
	for i := range s {
		at := n
		n++
		if i < done {
			continue
		}
		length := nameAt(s, i, i == next)
		if length == 0 {
			continue
		}
		inSchool, inClass := near(i, schools), near(i, classes)
		if !inSchool && !inClass {
			continue
		}
		done = i + length
		if and := lexicon.People.And.FindString(headOf(s[done:], 120)); and != "" {
			next = done + len(and)
		}
		out = append(out, span{kind: ChildAtSchool, from: start + at, to: start + at + utf8.RuneCountInString(s[i:done]), weak: !inSchool})
	}
	return out
}

// nameAt is how many bytes long the name of a child is that begins at i, of one that may be listed behind another's; 0 when
// there is none.
func nameAt(s string, i int, listed bool) int {
	p := lexicon.People
	first, size := utf8.DecodeRuneInString(s[i:])
	if startsAny(s[i:], p.Compound) {
		_, second := utf8.DecodeRuneInString(s[i+size:])
		size += second
	} else if !strings.ContainsRune(p.Surnames, first) {
		return 0
	}
	if startsAny(s[i:], p.Common) {
		return 0
	}
	marked := listed || endsAny(strings.TrimRight(s[:i], "：:“\"、，,（( "), p.Before)
	// The longer name first: 张小明, then 张小.
	ends := []int{}
	end := i + size
	for range 2 {
		r, n := utf8.DecodeRuneInString(s[end:])
		if !unicode.Is(unicode.Han, r) || strings.ContainsRune(p.Nobody, r) {
			break
		}
		end += n
		ends = append(ends, end)
	}
	slices.Reverse(ends)
	for _, end := range ends {
		rest := headOf(s[end:], 120)
		if endsAny(s[i:end], p.Roles) {
			continue
		}
		if p.Alias.MatchString(rest) {
			return 0
		}
		if p.Behind.MatchString(rest) || marked && (rest == "" || p.Bounds.MatchString(rest)) {
			return end - i
		}
	}
	return 0
}

// childrenInTable finds the children of a table that has a column for the name and one for the school or the class, or that is
// a form with such labels. Tables of those who work there are left alone.
func childrenInTable(rows []extract.Block, first int, found map[int][]span) {
	label := func(cell string, list []string) bool {
		return slices.Contains(list, strings.ToLower(strings.Join(strings.Fields(cell), "")))
	}
	p := lexicon.People
	cellsOf := func(b extract.Block) []string { return strings.Split(strings.Map(plain, b.Text), "\t") }
	note := func(row, cell int, cells []string, weak bool) {
		from := 0
		for _, c := range cells[:cell] {
			from += utf8.RuneCountInString(c) + 1
		}
		found[first+row] = append(found[first+row], span{ChildAtSchool, from, from + utf8.RuneCountInString(cells[cell]), weak})
	}
	nameColumn, weak := -1, false
	formName, formCell, formSchool, adults, children := -1, 0, false, false, false
	for i, row := range rows {
		cells := cellsOf(row)
		name, school, child, adult := -1, false, false, false
		for c, cell := range cells {
			isName := label(cell, p.NameLabels)
			if isName && name < 0 {
				name = c
			}
			school = school || label(cell, p.SchoolLabels)
			child = child || label(cell, p.ChildLabels)
			adult = adult || label(cell, p.AdultLabels)
			if isName && formName < 0 && c+1 < len(cells) && personName(cells[c+1]) {
				formName, formCell = i, c+1
			}
			formSchool = formSchool || label(cell, p.SchoolLabels) && c+1 < len(cells) && strings.TrimSpace(cells[c+1]) != ""
		}
		adults, children = adults || adult, children || child
		switch {
		case name >= 0 && school && (name+1 >= len(cells) || !personName(cells[name+1])):
			if nameColumn, weak = name, !child; adult {
				nameColumn = -1
			}
		case nameColumn >= 0 && nameColumn < len(cells) && personName(cells[nameColumn]):
			note(i, nameColumn, cells, weak)
		}
	}
	if formName >= 0 && formSchool && !adults && len(found[first+formName]) == 0 {
		note(formName, formCell, cellsOf(rows[formName]), !children)
	}
}

// personName tells whether a cell holds nothing but a name: a surname and one to three characters more.
func personName(cell string) bool {
	s := strings.Join(strings.Fields(cell), "")
	first, _ := utf8.DecodeRuneInString(s)
	n := 0
	for _, r := range s {
		if !unicode.Is(unicode.Han, r) || strings.ContainsRune(lexicon.People.Nobody, r) {
			return false
		}
		n++
	}
	p := lexicon.People
	return n >= 2 && n <= 4 && (strings.ContainsRune(p.Surnames, first) || startsAny(s, p.Compound)) && !startsAny(s, p.Common) &&
		!slices.Contains(p.NameLabels, s) && !slices.Contains(p.SchoolLabels, s) && !endsAny(s, p.Schools)
}
