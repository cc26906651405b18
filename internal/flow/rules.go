package flow

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

// ParseDefinition reads a definition as it is shipped (TOML) and checks it.
func ParseDefinition(text []byte) (Definition, error) {
	var d Definition
	meta, err := toml.Decode(string(text), &d)
	if err != nil {
		return d, fmt.Errorf("flow definition: %w", err)
	}
	if un := meta.Undecoded(); len(un) > 0 {
		return d, fmt.Errorf("flow definition %s: unknown word %s", d.Code, un[0])
	}
	return d, d.Check()
}

// Check refuses a definition in which a case could get lost: an unknown state, a state that nothing leads to or out
// of, somebody waiting whom nobody named, the same act twice from one state.
func (d Definition) Check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("flow definition %s: %s", d.Code, fmt.Sprintf(format, args...))
	}
	if d.Code == "" {
		return bad("no code")
	}
	states := map[string]State{}
	for _, s := range d.States {
		if _, dup := states[s.Key]; dup || s.Key == "" {
			return bad("state %q stands twice or has no key", s.Key)
		}
		if s.Title == (Label{}) {
			return bad("state %s has no title", s.Key)
		}
		if s.Terminal && (len(s.Wait) > 0 || s.Days != 0) {
			return bad("state %s is an end but waits", s.Key)
		}
		if len(s.Wait) > 0 && s.Todo == (Label{}) {
			return bad("state %s waits but does not say for what", s.Key)
		}
		if s.Days < 0 || s.Days > 3660 || s.Count != "" && s.Count != Calendar && s.Count != Working {
			return bad("days of state %s", s.Key)
		}
		if err := checkWho(s.Wait); err != nil {
			return bad("state %s: %v", s.Key, err)
		}
		states[s.Key] = s
	}
	if _, ok := states[d.Start]; !ok {
		return bad("start %q is no state", d.Start)
	}
	type pair struct{ state, act string }
	seen := map[pair]bool{}
	exits := map[string]bool{}
	reached := map[string]bool{d.Start: true}
	for _, t := range d.Transitions {
		if t.Act == "" || t.Title == (Label{}) {
			return bad("an act has no key or no title")
		}
		if _, ok := states[t.To]; !ok {
			return bad("%s leads to %q, which is no state", t.Act, t.To)
		}
		if err := checkWho(t.Who); err != nil {
			return bad("%s: %v", t.Act, err)
		}
		clocked := slices.ContainsFunc(t.Who, func(w Who) bool { return w.At == AtClock })
		if clocked != (t.AfterMonths > 0) {
			return bad("%s: the clock and after_months go together", t.Act)
		}
		if clocked && !t.Plain() {
			return bad("%s: the clock cannot type", t.Act)
		}
		for _, from := range t.From {
			s, ok := states[from]
			switch {
			case !ok:
				return bad("%s leads from %q, which is no state", t.Act, from)
			case s.Terminal:
				return bad("%s leads out of %s, which is an end", t.Act, from)
			case seen[pair{from, t.Act}]:
				return bad("%s stands twice in state %s", t.Act, from)
			case len(t.Who) == 0 && len(s.Wait) == 0:
				return bad("nobody may %s in state %s", t.Act, from)
			}
			seen[pair{from, t.Act}] = true
			exits[from] = true
		}
	}
	for again := true; again; {
		again = false
		for _, t := range d.Transitions {
			if !reached[t.To] && slices.ContainsFunc(t.From, func(f string) bool { return reached[f] }) {
				reached[t.To], again = true, true
			}
		}
	}
	for _, s := range d.States {
		if !s.Terminal && !exits[s.Key] {
			return bad("nothing leads out of state %s", s.Key)
		}
		if !reached[s.Key] {
			return bad("nothing leads to state %s", s.Key)
		}
	}
	return nil
}

func checkWho(list []Who) error {
	for _, w := range list {
		switch w.At {
		case AtOwn, AtIssuer, AtSender, AtClock:
			if w.Level != "" {
				return fmt.Errorf("%s takes no level", w.At)
			}
		case AtLevel:
			if !slices.Contains(levelsUp, w.Level) {
				return fmt.Errorf("level %q", w.Level)
			}
		default:
			return fmt.Errorf("place %q", w.At)
		}
	}
	return nil
}

// levelsUp are the levels that stand above others, from below.
var levelsUp = []string{"village", "township", "county", "city", "province", "nation"}

// levelsFrom are the level and those above it, in the order in which they are tried.
func levelsFrom(level string) []string {
	if i := slices.Index(levelsUp, level); i >= 0 {
		return levelsUp[i:]
	}
	return nil
}

// Version is the fingerprint of the definition's text: the same text has the same version in every city.
func (d Definition) Version() (version string, body []byte, err error) {
	body, err = json.Marshal(d)
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8]), body, err
}

// State is a state by its key.
func (d Definition) State(key string) (State, bool) {
	i := slices.IndexFunc(d.States, func(s State) bool { return s.Key == key })
	if i < 0 {
		return State{}, false
	}
	return d.States[i], true
}

// From lists the acts that the definition knows in a state, with those who may do them filled in.
func (d Definition) From(state string) []Transition {
	s, _ := d.State(state)
	var out []Transition
	for _, t := range d.Transitions {
		if slices.Contains(t.From, state) {
			if len(t.Who) == 0 {
				t.Who = s.Wait
			}
			out = append(out, t)
		}
	}
	return out
}

// Find is the act in a state.
func (d Definition) Find(state, act string) (Transition, bool) {
	for _, t := range d.From(state) {
		if t.Act == act {
			return t, true
		}
	}
	return Transition{}, false
}

// Knows tells whether the act exists in any state, and how it is called.
func (d Definition) Knows(act string) (Label, bool) {
	for _, t := range d.Transitions {
		if t.Act == act {
			return t.Title, true
		}
	}
	return Label{}, false
}

// Effects are the effects that listeners may be asked for.
func (d Definition) Effects() []string {
	var out []string
	for _, t := range d.Transitions {
		if t.Effect != "" && !slices.Contains(out, t.Effect) {
			out = append(out, t.Effect)
		}
	}
	return out
}

// MaxReason bounds a reason, in characters.
const MaxReason = 500

// MaxDocument bounds a document's number, in characters.
const MaxDocument = 100

// Validate says what is missing from an act, at the field.
func (a Act) Validate(t Transition) error {
	var f errs.Fields
	if t.NeedsReason && a.Reason == "" {
		f.Add("reason", "flow.reason_missing")
	}
	if len([]rune(a.Reason)) > MaxReason {
		f.Add("reason", "flow.reason_long", "Max", MaxReason)
	}
	if t.NeedsDay && a.Day == clock.Open {
		f.Add("day", "flow.day_missing")
	}
	if a.Day != clock.Open {
		if _, err := clock.ParseDay(string(a.Day)); err != nil {
			f.Add("day", "flow.day_unreadable")
		}
	}
	if t.NeedsDocument && a.Document == "" {
		f.Add("document", "flow.document_missing")
	}
	if len([]rune(a.Document)) > MaxDocument {
		f.Add("document", "flow.document_long", "Max", MaxDocument)
	}
	if t.NeedsData && a.Data == nil {
		f.Add("data", "flow.data_missing")
	}
	return f.Err()
}

// Due is the last day of a state that begins today; "" when it has no end.
func (s State) Due(today clock.Day) clock.Day {
	if s.Days == 0 {
		return clock.Open
	}
	if s.Count != Working {
		return today.AddDays(s.Days)
	}
	d := today
	for n := 0; n < s.Days; {
		d = d.AddDays(1)
		if Workday(d) {
			n++
		}
	}
	return d
}

// Wake is the day on which the clock takes the next step in the state, counted from the day on which it began, and
// the act it takes; "" when it takes none.
func (d Definition) Wake(state string, since clock.Day) (day clock.Day, act string) {
	for _, t := range d.From(state) {
		if t.AfterMonths == 0 {
			continue
		}
		at := clock.DayOf(since.Time().AddDate(0, t.AfterMonths, 0))
		if day == clock.Open || at < day {
			day, act = at, t.Act
		}
	}
	return day, act
}

// holidays are the days on which the calendar differs from the week, each with whether it is worked.
var holidays = func() map[clock.Day]bool {
	var years map[string]struct{ Off, Worked []string }
	if err := toml.Unmarshal(holidayTable, &years); err != nil {
		panic(err)
	}
	out := map[clock.Day]bool{}
	add := func(list []string, worked bool) {
		for _, span := range list {
			first, last, several := strings.Cut(span, "/")
			if !several {
				last = first
			}
			for d := clock.Day(first); d <= clock.Day(last); d = d.AddDays(1) {
				out[d] = worked
			}
		}
	}
	for _, y := range years {
		add(y.Off, false)
		add(y.Worked, true)
	}
	return out
}()

// Workday tells whether offices work on a day: Monday to Friday, unless the year's table of holidays says otherwise.
func Workday(d clock.Day) bool {
	if worked, known := holidays[d]; known {
		return worked
	}
	w := d.Time().Weekday()
	return w >= time.Monday && w <= time.Friday
}
