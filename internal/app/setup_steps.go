package app

import (
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/account"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// setupStep is one question of the first start: its input's name and the keys of its words.
type setupStep struct {
	name, question, hint, short string
	optional                    bool
}

var setupSteps = []setupStep{
	{name: "name", question: "app.setup.q_name", hint: "app.setup.q_name_hint", short: "app.setup.name"},
	{name: "level", question: "app.setup.q_level", short: "app.setup.level"},
	{name: "code", question: "app.setup.q_code", hint: "app.setup.q_code_hint", short: "app.setup.code", optional: true},
	{name: "above", question: "app.setup.q_above", hint: "app.setup.q_above_hint", short: "app.setup.above", optional: true},
	{name: "founded", question: "app.setup.q_founded", hint: "app.setup.q_founded_hint", short: "app.setup.founded", optional: true},
	{name: "person", question: "app.setup.q_person", hint: "app.setup.q_person_hint", short: "app.setup.person"},
	{name: "login", question: "app.setup.q_login", hint: "account.login_hint", short: "app.setup.login"},
	{name: "password", short: "app.setup.password"},
}

func stepIndex(name string) int {
	for i, s := range setupSteps {
		if s.name == name {
			return i
		}
	}
	return -1
}

// setupAnswers is what has been answered so far.
type setupAnswers struct {
	Key                                              string // the console's
	Name, Level, Code, Above, Founded, Person, Login string
}

// answersOf reads the answers of an address or a form and puts them into the shape in which they are kept.
func answersOf(q url.Values) setupAnswers {
	get := func(name string) string { return table.CleanText(q.Get(name)) }
	v := setupAnswers{Key: q.Get("key"), Name: placeName(get("name")), Level: get("level"), Code: get("code"), Above: placeName(get("above")),
		Founded: get("founded"), Person: get("person"), Login: strings.ToLower(get("login"))}
	if d, err := table.ParseDay(v.Founded); err == nil {
		v.Founded = d
	}
	if c, ok := divisionCode(v.Code, org.Level(v.Level)); ok {
		v.Code = c
	}
	return v
}

// placeName leaves the place of a committee's full name: the tree names places.
func placeName(s string) string {
	for _, tail := range []string{"关心下一代工作委员会", "关工委"} {
		s = strings.TrimSuffix(s, tail)
	}
	return strings.TrimSpace(s)
}

// divisionCode writes the national code of a city or county with six digits; people know it with 4, 6 or 12.
func divisionCode(code string, l org.Level) (string, bool) {
	w := 4
	if l == org.County {
		w = 6
	}
	if len(code) != w && len(code) != 6 && len(code) != 12 || strings.Trim(code, "0123456789") != "" {
		return "", false
	}
	if strings.Trim(code[w:], "0") != "" || code[:2] == "00" || code[w-2:w] == "00" {
		return "", false
	}
	return (code[:w] + "00")[:6], true
}

func (v setupAnswers) get(step string) string {
	switch step {
	case "name":
		return v.Name
	case "level":
		return v.Level
	case "code":
		return v.Code
	case "above":
		return v.Above
	case "founded":
		return v.Founded
	case "person":
		return v.Person
	case "login":
		return v.Login
	}
	return ""
}

// pairs are the answers beside one, to be carried on by its form.
func (v setupAnswers) pairs(but string) []ui.Pair {
	var out []ui.Pair
	if v.Key != "" {
		out = append(out, ui.Pair{Name: "key", Value: v.Key})
	}
	for _, s := range setupSteps {
		if x := v.get(s.name); x != "" && s.name != but {
			out = append(out, ui.Pair{Name: s.name, Value: x})
		}
	}
	return out
}

// href is the page of a step with all answers; "" is the first screen.
func (v setupAnswers) href(step string) string {
	q := url.Values{}
	for _, p := range v.pairs("") {
		q.Set(p.Name, p.Value)
	}
	if step != "" {
		q.Set("step", step)
	}
	if len(q) == 0 {
		return "/setup"
	}
	return "/setup?" + q.Encode()
}

// after is the step that follows one.
func (s setupStep) after() string {
	if i := stepIndex(s.name) + 1; i < len(setupSteps) {
		return setupSteps[i].name
	}
	return s.name
}

// saying is a text key with its values.
type saying struct {
	key  string
	args []any
}

// Text is the saying in the reader's language.
func (s saying) Text(ctx context.Context) string {
	if s.key == "" {
		return ""
	}
	return i18n.T(ctx, s.key, s.args...)
}

// firstFault is the first step before the given one whose answer cannot be used, with what to do; the given one when
// all are right.
func (v setupAnswers) firstFault(today clock.Day, before int) (int, saying) {
	for i, s := range setupSteps[:before] {
		if said := v.fault(s.name, today); said.key != "" {
			return i, said
		}
	}
	return before, saying{}
}

func (v setupAnswers) fault(step string, today clock.Day) saying {
	long := func(s string, most int) bool { return utf8.RuneCountInString(s) > most }
	switch step {
	case "name":
		if v.Name == "" || long(v.Name, 40) {
			return saying{key: "app.setup.name_missing"}
		}
	case "level":
		if v.Level != string(org.City) && v.Level != string(org.County) {
			return saying{key: "app.setup.level_missing"}
		}
	case "code":
		if _, ok := divisionCode(v.Code, org.Level(v.Level)); v.Code != "" && !ok {
			if v.Level == string(org.County) {
				return saying{key: "app.setup.code_county"}
			}
			return saying{key: "app.setup.code_city"}
		}
	case "above":
		switch {
		case long(v.Above, 40):
			return saying{key: "app.setup.above_long"}
		case v.Above != "" || v.Code == "" || provinces[v.Code[:2]] != "" && (v.Level == string(org.City) || municipal(v.Code)):
		case v.Level == string(org.County):
			return saying{key: "app.setup.above_city"}
		default:
			return saying{key: "app.setup.above_province"}
		}
	case "founded":
		if v.Founded == "" {
			break
		}
		if d, err := clock.ParseDay(v.Founded); err != nil {
			return saying{key: "errs.day_unreadable"}
		} else if d > today {
			return saying{key: "app.setup.founded_late"}
		}
	case "person":
		if v.Person == "" || long(v.Person, 40) {
			return saying{key: "account.person_missing"}
		}
	case "login":
		if key := account.LoginProblem(v.Login); key != "" {
			return saying{key: key}
		}
	}
	return saying{}
}

// provinces by the first two digits of the national code (GB/T 2260), so that nobody has to type them.
var provinces = map[string]string{"11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省", "22": "吉林省",
	"23": "黑龙江省", "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省", "37": "山东省", "41": "河南省", "42": "湖北省",
	"43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省", "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区",
	"61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区"}

// municipal tells that the county lies right under a municipality: the city between them is one on paper only.
func municipal(code string) bool {
	return code != "" && (code[:2] == "11" || code[:2] == "12" || code[:2] == "31" || code[:2] == "50")
}

const (
	// setupBegin is the founding of a committee whose day nobody remembers; records may not be older than their unit.
	setupBegin clock.Day = "1990-01-01"
	// setupAbove is older than every committee, so that a neighbour of any age fits under the same unit.
	setupAbove clock.Day = "1949-10-01"
)

// units are the committee, last, and the units above it that are known.
func (v setupAnswers) units() []org.NewUnit {
	own := org.NewUnit{Code: v.Code, Name: v.Name, Level: org.Level(v.Level), From: clock.Day(v.Founded)}
	if own.From == clock.Open {
		own.From = setupBegin
	}
	var above []org.NewUnit
	up := func(code, name string, l org.Level) {
		n := org.NewUnit{Code: code, Name: name, Level: l, From: min(setupAbove, own.From)}
		if n.Code == "" { // a committee without a code has superiors without one
			n.Code = "u" + id.New().String()
		}
		if len(above) > 0 {
			n.ParentCode = above[len(above)-1].Code
		}
		above = append(above, n)
	}
	province := ""
	if v.Code != "" {
		province = provinces[v.Code[:2]]
	}
	switch {
	case own.Level == org.City && v.Above != "":
		province = v.Above
		fallthrough
	case own.Level == org.City && province != "", own.Level == org.County && municipal(v.Code):
		up(prefixed(v.Code, 2), province, org.Province)
	case own.Level == org.County && v.Above != "":
		if province != "" {
			up(prefixed(v.Code, 2), province, org.Province)
		}
		up(prefixed(v.Code, 4), v.Above, org.City)
	}
	if len(above) > 0 {
		own.ParentCode = above[len(above)-1].Code
	}
	return append(above, own)
}

// prefixed is the code of the unit above: the first digits, filled up to six; "" without a code.
func prefixed(code string, digits int) string {
	if code == "" {
		return ""
	}
	return code[:digits] + strings.Repeat("0", 6-digits)
}

func (s setupStep) input(ctx context.Context, v setupAnswers) ui.Input {
	t := func(key string) string { return i18n.T(ctx, key) }
	in := ui.Input{Name: s.name, Label: t(s.question), Value: v.get(s.name), Question: true, Optional: s.optional, Focus: true, MaxLength: 60}
	if s.hint != "" {
		in.Hint = t(s.hint)
	}
	switch s.name {
	case "level":
		in.Kind, in.Focus = ui.KindRadio, false
		in.Options = []ui.Option{{Value: string(org.City), Text: t("app.setup.level_city"), Sub: t("app.setup.level_city_sub")},
			{Value: string(org.County), Text: t("app.setup.level_county"), Sub: t("app.setup.level_county_sub")}}
		if in.Value == "" {
			in.Value = string(org.City)
		}
	case "code":
		in.Short = true
	case "founded":
		in.Kind = ui.KindDate
	case "person":
		in.Autocomplete = "name"
	case "login":
		in.Autocomplete = "username"
	}
	return in
}

// shown is an answer for the last look at all of them.
func (v setupAnswers) shown(ctx context.Context, step string) string {
	text := v.get(step)
	switch {
	case step == "level" && text == string(org.County):
		return i18n.T(ctx, "app.setup.level_county")
	case step == "level":
		return i18n.T(ctx, "app.setup.level_city")
	case step == "founded" && text == "":
		return i18n.T(ctx, "app.setup.founded_default", "Day", i18n.Day(ctx, setupBegin))
	case step == "founded":
		return i18n.Day(ctx, clock.Day(text))
	case step == "above" && text == "":
		if us := v.units(); len(us) > 1 {
			return us[len(us)-2].Name
		}
	}
	if text == "" {
		return i18n.T(ctx, "app.setup.none")
	}
	return text
}
