package survey

import (
	"slices"
	"strings"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// KindPoll is the kind of record of anonymous questionnaires.
const KindPoll = "poll"

// Poll is an anonymous questionnaire to young people or residents (R156, R160): how old, which help they want, how they feel.
type Poll struct {
	Unit     id.ID     `json:"unit"`
	Title    string    `json:"title"`
	Audience string    `json:"audience"`          // one of Audiences
	Needs    []string  `json:"needs"`             // names in the list of needs, which are asked about
	Expected int64     `json:"expected"`          // how many people it is handed to
	Closes   clock.Day `json:"closes"`            // the last day
	Closed   bool      `json:"closed,omitempty"`  // counted, its sheets are gone
	Outcome  *Outcome  `json:"outcome,omitempty"` // once it is closed
}

// Audiences are whom a questionnaire asks, each with its age groups.
var (
	Audiences = []string{"young", "resident"}
	ages      = map[string][]string{"young": {"to11", "12to14", "15to17", "from18"}, "resident": {"to34", "35to59", "from60"}}
	moods     = []string{"seldom", "sometimes", "often"}
	// areas are the taxonomy of what young people need, by the needs that ship in the list of teams (R156).
	areas    = []string{"thought", "culture", "mind", "growth"}
	areaOf   = map[string]string{"宣讲": "thought", "法治宣讲": "thought", "帮教": "thought", "文艺": "culture", "书画": "culture", "科普": "culture", "心理健康": "mind", "家庭教育": "mind", "助学": "growth", "技能传授": "growth"}
	mostDays = 62
)

// Need is an entry of the list of needs, by which teams are found; Area is one of the four of the taxonomy.
type Need struct{ Name, Label, Area string }

// AreaOf is where a need of the standard list stands in the taxonomy; what is not named there counts to growth.
func AreaOf(standard string) string {
	if a, ok := areaOf[standard]; ok {
		return a
	}
	return "growth"
}

// Outcome is what may be told of a questionnaire: numbers below Fewest, and what they would follow from, are anon.Hidden.
type Outcome struct {
	Counted int64              `json:"counted"`
	Aside   int64              `json:"aside,omitempty"`
	Ages    []int64            `json:"ages,omitempty"`  // in the order of the age groups
	Moods   []int64            `json:"moods,omitempty"` // seldom, sometimes, often
	Needs   map[string][]int64 `json:"needs,omitempty"` // by need: in all, then by age group
}

// Shown tells whether there is anything to tell.
func (o *Outcome) Shown() bool { return o != nil && o.Counted >= anon.Fewest }

// Sheet is what one person answered.
type Sheet struct {
	N     int64  `db:"n"`
	At    int64  `db:"at"`
	Net   string `db:"net"`
	Age   string `db:"age"`
	Mood  string `db:"mood"`
	Needs string `db:"needs"`
	Aside int64  `db:"aside"`
}

// ListedPoll is a questionnaire in a list.
type ListedPoll struct {
	Root    int64     `db:"root" json:"-"`
	ID      id.ID     `db:"id" json:"-"`
	Unit    id.ID     `db:"unit" json:"unit"`
	Title   string    `db:"title" json:"title"`
	Closes  clock.Day `db:"closes" json:"closes"`
	Closed  int64     `db:"closed" json:"closed"`
	Counted int64     `db:"counted" json:"counted"`
}

// Ref is the questionnaire's outside name.
func (l ListedPoll) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// check says what has to be changed in a questionnaire; known are the needs of the unit's city.
func (p Poll) check(today clock.Day, known []Need) error {
	var f errs.Fields
	if p.Title == "" {
		f.Add("title", "survey.poll_title_missing")
	}
	long(&f, "title", p.Title, maxName)
	if !slices.Contains(Audiences, p.Audience) {
		f.Add("audience", "survey.audience_missing")
	}
	if len(p.Needs) == 0 {
		f.Add("needs", "survey.needs_missing")
	}
	for _, n := range p.Needs {
		if !slices.ContainsFunc(known, func(x Need) bool { return x.Name == n }) {
			f.Add("needs", "survey.need_unknown")
			break
		}
	}
	if p.Expected < anon.Fewest || p.Expected > 1e6 {
		f.Add("expected", "survey.expected_odd", "N", anon.Fewest)
	}
	day(&f, "closes", p.Closes)
	if p.Closes < today || p.Closes > today.AddDays(mostDays) {
		f.Add("closes", "survey.closes_odd", "N", mostDays)
	}
	return f.Err()
}

// check says what has to be changed on a sheet.
func (x Sheet) check(p Poll) error {
	var f errs.Fields
	if !slices.Contains(ages[p.Audience], x.Age) {
		f.Add("age", "survey.age_missing")
	}
	if !slices.Contains(moods, x.Mood) {
		f.Add("mood", "survey.mood_missing")
	}
	for _, n := range x.needs() {
		if !slices.Contains(p.Needs, n) {
			f.Add("needs", "survey.not_an_option")
		}
	}
	return f.Err()
}

func (x Sheet) needs() []string {
	if x.Needs == "" {
		return nil
	}
	return strings.Split(x.Needs, "\n")
}

// count says what may be told of the sheets that count (R160): when they are fewer than Fewest, nothing.
func (p Poll) count(list []Sheet) *Outcome {
	o := &Outcome{Needs: map[string][]int64{}}
	groups := ages[p.Audience]
	byAge, byMood, byNeed := make([]int64, len(groups)), make([]int64, len(moods)), map[string][]int64{}
	for _, n := range p.Needs {
		byNeed[n] = make([]int64, len(groups))
	}
	for _, x := range list {
		if x.Aside == 1 {
			o.Aside++
			continue
		}
		if o.Counted >= p.Expected { // more than people
			continue
		}
		o.Counted++
		a := slices.Index(groups, x.Age)
		byAge[a]++
		byMood[slices.Index(moods, x.Mood)]++
		for _, n := range x.needs() {
			byNeed[n][a]++
		}
	}
	if o.Counted < anon.Fewest {
		return &Outcome{}
	}
	o.Ages, o.Moods = anon.Shield(byAge), anon.Shield(byMood)
	for n, row := range byNeed {
		total := int64(0)
		for _, c := range row {
			total += c
		}
		cells := anon.Shield(row)
		if total < anon.Fewest {
			total = anon.Hidden
			for i := range cells {
				cells[i] = anon.Hidden
			}
		}
		o.Needs[n] = append([]int64{total}, cells...)
	}
	return o
}
