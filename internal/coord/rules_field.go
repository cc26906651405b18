package coord

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/ledger"
)

// mostOffered is how many figures stand beside a question that sounds like them.
const mostOffered = 4

var (
	// inBrackets is what a label explains: （场）, （五老）.
	inBrackets = regexp.MustCompile(`[（(][^（()）]*[）)]`)
	// whens are words that say of when or of whom something is asked, not what.
	whens = regexp.MustCompile(`截至[^，,的]*?(底|日|目前)|第?[一二三四1-4]季度|本季度|上半年|下半年|今年以来|今年|本年度|本年|全年|当年|年度|本月|\d{4}年|累计|目前|现有|已经|当前|期内|近一年|你单位|本单位|各单位|本地|本[市县区镇乡]|全[市县区镇乡]|辖区|共|全部`)
	// does are words around what is counted.
	does = regexp.MustCompile(`开展|举办|举行|组织|建立|建有|拥有|登记|在岗|工作|情况|了|的`)
	// counts are the ways to say how many; 人次 stays, because visits are not events.
	counts = regexp.MustCompile(`(场次|次数|场数|人数|个数|支数|家数|数量|总数|总量|多少[场次个支家人名]*|几[场次个支家人名]|数)$`)
	// asksHowMany tells a question about a number from others.
	asksHowMany = regexp.MustCompile(`数|次|率|比例|金额|时长|多少|几[场次个支家人名]|(?i)\b(number|how many|count|total|share|rate|amount)\b`)
	// fillers are English words that say nothing of what is counted.
	fillers = []string{"the", "a", "of", "in", "this", "that", "quarter", "quarter's", "year", "month", "number", "numbers", "how", "many", "total", "count", "all", "your", "unit", "unit's", "held", "were", "are", "have", "been", "to", "date", "by", "at", "and", "for"}
)

// sames are words that mean the same here.
var sames = strings.NewReplacer("五老志愿者", "志愿者", "五老", "志愿者", "队伍", "团队", "讲座", "宣讲", "报告会", "宣讲", "教育基地", "阵地", "教育阵地", "阵地", "基地", "阵地", "校外", "", "乡镇街道", "乡镇", "培训班", "培训", "参与", "参加")

// stem is what a Chinese label asks about, without when, of whom and how many.
func stem(label string) string {
	t := inBrackets.ReplaceAllString(label, "")
	t = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) {
			return -1
		}
		return r
	}, t)
	for {
		next := does.ReplaceAllString(whens.ReplaceAllString(sames.Replace(t), ""), "")
		next = counts.ReplaceAllString(next, "")
		if next == t {
			return t
		}
		t = next
	}
}

// words are what an English label asks about.
func words(label string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(label), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
		if w = strings.TrimSuffix(w, "s"); !slices.Contains(fillers, w) && !slices.Contains(fillers, w+"s") && len(w) > 1 {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func chinese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// likeness is from 0 to 100: how much of two labels is the same.
func likeness(a, b string) int {
	if chinese(a) != chinese(b) {
		return 0
	}
	if chinese(a) {
		x, y := []rune(stem(a)), []rune(stem(b))
		if len(x) > len(y) {
			x, y = y, x
		}
		if len(x) < 2 || !strings.Contains(string(y), string(x)) {
			return 0
		}
		return 100 * len(x) / len(y)
	}
	x, y := words(a), words(b)
	same := 0
	for _, w := range x {
		if slices.Contains(y, w) {
			same++
		}
	}
	if same == 0 {
		return 0
	}
	return 100 * same / (len(x) + len(y) - same)
}

// enough is from which likeness on a question counts as one that the ledger answers.
const enough = 60

// held are the figures that answer what a field asks, the likest first: their names and short names are compared in both
// languages, without the words of when and how many (R176). A question about no number is never one of them.
func held(x Field, figures []ledger.Definition) []ledger.Definition {
	if !x.Number && !asksHowMany.MatchString(x.Label) {
		return nil
	}
	type hit struct {
		d    ledger.Definition
		like int
	}
	var hits []hit
	for _, d := range figures {
		like := 0
		for _, name := range []string{d.Name.Zh, d.Short.Zh, d.Name.En, d.Short.En} {
			like = max(like, likeness(x.Label, name))
		}
		if like >= enough {
			hits = append(hits, hit{d, like})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.like, a.like) })
	var out []ledger.Definition
	for _, h := range hits[:min(len(hits), mostOffered)] {
		out = append(out, h.d)
	}
	return out
}

// answered checks a unit's answers: one for each field that no figure answers; a number is read however it is written.
func (n Notice) answered(given []Answer, f *errs.Fields) []Answer {
	var out []Answer
	for _, x := range n.typed() {
		text := ""
		for _, a := range given {
			if a.No == x.No {
				text = strings.TrimSpace(a.Text)
			}
		}
		name := fieldName(x.No)
		if text == "" {
			f.Add(name, "coord.answer_empty")
			continue
		}
		tooLong(f, name, text, maxLine)
		if x.Number {
			v, err := table.ParseCount(text)
			if err != nil {
				f.Add(name, "coord.number_unreadable", "Text", text)
				continue
			}
			text = strconv.FormatInt(v, 10)
		}
		out = append(out, Answer{No: x.No, Text: text})
	}
	return out
}

func fieldName(no int) string { return "answer_" + strconv.Itoa(no) }
