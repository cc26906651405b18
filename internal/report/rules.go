package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// Bounds lists the bound figures in the order of the text.
func (d Document) Bounds() []Bound {
	var out []Bound
	for _, p := range d.Paragraphs {
		for _, r := range p.Runs {
			if r.Figure != nil {
				out = append(out, *r.Figure)
			}
		}
	}
	return out
}

// question is what a bound figure asks, as of a day; a relative period is counted from the document's own date (R201).
func (d Document) question(b Bound, day clock.Day, known int64) ledger.Query {
	q := ledger.Query{Figure: b.Code, Unit: b.Unit, Day: day, Where: b.Where, KnownAt: known}
	if q.Unit == 0 {
		q.Unit = d.Unit
	}
	if b.Period == LastYear {
		y := clock.YearOf(d.Day.Year() - 1)
		q.From, q.To = y.From, y.To
	}
	return q
}

// Check says what has to be changed before a document can be kept.
func (d Document) Check() error {
	var f errs.Fields
	if strings.TrimSpace(d.Title) == "" {
		f.Add("title", "report.title_missing")
	}
	if d.Day == clock.Open {
		f.Add("day", "report.day_missing")
	}
	if len(d.Paragraphs) == 0 {
		f.Add("text_0", "report.text_missing")
	}
	return f.Err()
}

const measures = `(?:个|支|类|项|件|家|所|场|次|名|人|位|元|万元|亿元|%|％)`

// A number that counts something: digits before a measure word, Chinese numerals of two and more signs before one, or a
// share in words. "七个方面" and dates are words, not results.
var (
	digits   = regexp.MustCompile(`第?[0-9０-９][0-9０-９,，.．]*(?:多|余)?(?:万|亿)?` + measures)
	numerals = regexp.MustCompile(`第?[一二三四五六七八九十百千万两〇零]{2,}(?:多|余)?` + measures + `|百分之[一二三四五六七八九十百点〇零]+`)
)

// looseNumbers finds results written by hand in a paragraph: they cannot be traced to records, so a document with one
// is not issued (R20).
func looseNumbers(p Paragraph) []string {
	var out []string
	for _, r := range p.Runs {
		if r.Figure != nil {
			continue
		}
		for _, re := range []*regexp.Regexp{digits, numerals} {
			for _, m := range re.FindAllString(r.Text, -1) {
				if !strings.HasPrefix(m, "第") {
					out = append(out, m)
				}
			}
		}
	}
	return out
}

func (d Document) loose() map[int][]string {
	out := map[int][]string{}
	for i, p := range d.Paragraphs {
		if m := looseNumbers(p); len(m) > 0 {
			out[i] = m
		}
	}
	return out
}

// written is a figure's amount as it stands in the text.
func written(def ledger.Definition, f Format, amount *int64) string {
	if amount == nil {
		return "—"
	}
	n := *amount
	switch def.Unit {
	case "percent":
		return percent(n)
	case "fen":
		return money(n)
	case "minutes":
		return strconv.FormatFloat(math.Round(float64(n)/0.6)/100, 'f', -1, 64) + def.Measure.Zh
	}
	switch f {
	case Bare:
		return strconv.FormatInt(n, 10)
	case Words:
		return numeral(n, def.Measure.Zh) + def.Measure.Zh
	}
	return strconv.FormatInt(n, 10) + def.Measure.Zh
}

// percent writes tenths of a per cent: 580 is 58%, 583 is 58.3%.
func percent(tenths int64) string {
	return decimal(tenths, 10, 1) + "%"
}

// money writes fen: from ten thousand yuan on in 万元, below in 元.
func money(fen int64) string {
	if fen >= 1e6 || fen <= -1e6 {
		return decimal(fen, 1e6, 6) + "万元"
	}
	return decimal(fen, 100, 2) + "元"
}

// decimal writes n/unit with as many places as it has, at most the given number.
func decimal(n, unit int64, places int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	rest := strconv.FormatInt(n%unit, 10)
	rest = strings.TrimRight(strings.Repeat("0", places-len(rest))+rest, "0")
	if rest != "" {
		rest = "." + rest
	}
	return sign + strconv.FormatInt(n/unit, 10) + rest
}

// numeral writes a number in Chinese; two before a measure word is 两.
func numeral(n int64, measure string) string {
	if n == 2 && measure != "" {
		return "两"
	}
	if n < 0 || n > 99_999_999 {
		return strconv.FormatInt(n, 10)
	}
	if n >= 10000 {
		s := under(n/10000) + "万"
		if r := n % 10000; r > 0 {
			if r < 1000 {
				s += "零"
			}
			s += under(r)
		}
		return s
	}
	return strings.TrimPrefix(under(n), map[bool]string{true: "一"}[n >= 10 && n < 20])
}

func under(n int64) string {
	digits := []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	if n == 0 {
		return digits[0]
	}
	var s string
	gap := false
	for _, u := range []struct {
		v    int64
		name string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / u.v
		n %= u.v
		if d == 0 {
			gap = s != ""
			continue
		}
		if gap {
			s += digits[0]
		}
		gap = false
		s += digits[d] + u.name
	}
	return s
}

// text is a paragraph as it is read; numbers are the texts of all figures from this paragraph's first on.
func (p Paragraph) text(numbers []string) (string, []string) {
	var b strings.Builder
	for _, r := range p.Runs {
		if r.Figure == nil {
			b.WriteString(r.Text)
			continue
		}
		b.WriteString(numbers[0])
		numbers = numbers[1:]
	}
	return b.String(), numbers
}

// fingerprint is SHA-256 over everything that is read and every number in it, so that text and figures cannot change
// without it.
func (d Document) fingerprint(day clock.Day, numbers []string, amounts []*int64) string {
	type para struct{ Heading, Text string }
	sealed := struct {
		Title, Byline string
		Day, AsOf     clock.Day
		Unit          id.ID
		Paragraphs    []para
		Bounds        []Bound
		Amounts       []*int64
	}{d.Title, d.Byline, d.Day, day, d.Unit, nil, d.Bounds(), amounts}
	for _, p := range d.Paragraphs {
		var t string
		t, numbers = p.text(numbers)
		sealed.Paragraphs = append(sealed.Paragraphs, para{p.Heading, t})
	}
	b, err := json.Marshal(sealed)
	if err != nil {
		return "" // strings and integers always marshal
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// shortPrint is the beginning of a fingerprint in groups that can be read aloud.
func shortPrint(f string) string {
	f = strings.ToUpper(f)
	if len(f) < 16 {
		return f
	}
	return f[:4] + " " + f[4:8] + " " + f[8:12] + " " + f[12:16]
}

// The words of a placeholder, 【name，…，…】 or {{code|…|…}}: the first of each is the one written.
var (
	wordsLastYear = []string{"去年", "上年", "last_year"}
	wordsThisYear = []string{"今年", "this_year"}
	wordsBare     = []string{"只写数", "bare"}
	wordsWords    = []string{"汉字", "words"}
	keyUnit       = []string{"单位", "unit"}
	keyLabel      = []string{"叫", "label"}
)

func among(list []string, s string) bool {
	for _, w := range list {
		if w == s {
			return true
		}
	}
	return false
}

var placeholder = regexp.MustCompile(`\{\{([^{}]*)\}\}|【([^【】]*)】`)

// names are the names of figures in every language by code, and back. A name that two figures have means neither.
type names struct {
	of   map[string]string // by code, in the language that is written
	code map[string]string // by name
}

func namesOf(defs []ledger.Definition, lang string) names {
	n := names{of: map[string]string{}, code: map[string]string{}}
	twice := map[string]bool{}
	for _, d := range defs {
		for _, w := range []string{d.Name.Zh, d.Name.En} {
			if other, ok := n.code[w]; ok && other != d.Code {
				twice[w] = true
			}
			n.code[w] = d.Code
		}
	}
	for w := range twice {
		delete(n.code, w)
	}
	for _, d := range defs {
		if w := d.Name.In(lang); n.code[w] == d.Code && !strings.ContainsAny(w, "【】{}|｜") {
			n.of[d.Code] = w
		}
	}
	return n
}

// mark is a figure as it is typed into a text, with what is said about it.
func (n names) mark(code string, said ...string) string {
	parts := append([]string{n.of[code]}, said...)
	if parts[0] == "" {
		parts[0] = code
	}
	whole := strings.Join(parts, "")
	switch {
	case strings.ContainsAny(whole, "【】"):
		return "{{" + strings.Join(parts, "|") + "}}"
	case len(parts) > 1 && strings.ContainsAny(whole, "，,"):
		return "【" + strings.Join(parts, "|") + "】"
	}
	return "【" + strings.Join(parts, "，") + "】"
}

// parse reads a paragraph's text with placeholders. unit finds a unit by its code or name.
func parse(text string, n names, unit func(named string) (id.ID, error)) ([]Run, error) {
	var runs []Run
	at := 0
	add := func(s string) {
		if s != "" {
			runs = append(runs, Run{Text: s})
		}
	}
	for _, m := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		add(text[at:m[0]])
		inside := text[m[0]:m[1]]
		b, err := parseBound(strings.Trim(inside, "{}【】"), n, unit)
		if err != nil {
			return nil, err
		}
		runs = append(runs, Run{Figure: &b})
		at = m[1]
	}
	add(text[at:])
	return runs, nil
}

func parseBound(s string, n names, unit func(named string) (id.ID, error)) (Bound, error) {
	if code, ok := n.code[strings.TrimSpace(s)]; ok { // a name may have a comma of its own
		return Bound{Code: code}, nil
	}
	marks := "|｜"
	if !strings.ContainsAny(s, marks) {
		marks = "，,"
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(marks, r) })
	if len(parts) == 0 {
		parts = []string{""}
	}
	b := Bound{Code: strings.TrimSpace(parts[0])}
	if code, ok := n.code[b.Code]; ok {
		b.Code = code
	}
	for _, p := range parts[1:] {
		p = strings.TrimSpace(p)
		key, value, pair := strings.Cut(p, "=")
		switch {
		case among(wordsLastYear, p):
			b.Period = LastYear
		case among(wordsThisYear, p), p == "":
		case among(wordsBare, p):
			b.Format = Bare
		case among(wordsWords, p):
			b.Format = Words
		case pair && among(keyUnit, key):
			u, err := unit(value)
			if err != nil {
				return b, err
			}
			b.Unit = u
		case pair && among(keyLabel, key):
			b.Label = value
		case pair:
			if b.Where == nil {
				b.Where = map[string]string{}
			}
			b.Where[key] = value
		default:
			return b, errs.New(errs.Invalid, "report.placeholder_word", "Word", p)
		}
	}
	return b, nil
}

// source is a paragraph as it is edited; code names a unit.
func (p Paragraph) source(n names, code func(id.ID) string) string {
	var b strings.Builder
	for _, r := range p.Runs {
		if r.Figure == nil {
			b.WriteString(r.Text)
			continue
		}
		f := r.Figure
		var parts []string
		if f.Period == LastYear {
			parts = append(parts, wordsLastYear[0])
		}
		switch f.Format {
		case Bare:
			parts = append(parts, wordsBare[0])
		case Words:
			parts = append(parts, wordsWords[0])
		}
		if f.Unit != 0 {
			parts = append(parts, keyUnit[0]+"="+code(f.Unit))
		}
		keys := make([]string, 0, len(f.Where))
		for k := range f.Where {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			parts = append(parts, k+"="+f.Where[k])
		}
		if f.Label != "" {
			parts = append(parts, keyLabel[0]+"="+f.Label)
		}
		b.WriteString(n.mark(f.Code, parts...))
	}
	return b.String()
}

// dateLine is the date under a title, as documents write it.
func dateLine(d clock.Day) string {
	t := d.Time()
	return "（" + strconv.Itoa(t.Year()) + "年" + strconv.Itoa(int(t.Month())) + "月" + strconv.Itoa(t.Day()) + "日）"
}
