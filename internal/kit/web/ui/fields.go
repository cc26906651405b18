package ui

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// Kind is how an Input is asked.
type Kind string

// The kinds of Input.
const (
	KindText     Kind = "text" // also the zero value
	KindNumber   Kind = "number"
	KindMoney    Kind = "money"
	KindDate     Kind = "date"
	KindTel      Kind = "tel"
	KindEmail    Kind = "email"
	KindPassword Kind = "password"
	KindCode     Kind = "code" // one-time code
	KindArea     Kind = "area" // several lines
	KindSelect   Kind = "select"
	KindRadio    Kind = "radio"  // cards; at most six
	KindChecks   Kind = "checks" // several of a list
	KindCheck    Kind = "check"  // one yes
	KindFile     Kind = "file"
)

// Option is a choice of a select, of radio cards or of a list of checks.
type Option struct {
	Value, Text, Sub string
	Or               string // a line before this radio card: "都不是？"
}

// Input is one question of a form. What was typed is kept in Value (Values for
// checks) when the form comes back with Error.
type Input struct {
	Kind         Kind
	Name, Label  string
	ID           string // "" makes one from Name
	Value        string
	Values       []string
	Options      []Option
	Hint, Error  string
	Unit         string // measure word after a number
	Optional     bool   // adds （选填）
	Inline       bool   // a number row: label, number, unit
	Short        bool   // a narrow box
	Question     bool   // the label is the page's h1: one question a page
	Autocomplete string
	Accept       string // for files
	Multiple     bool   // several files
	Min, Max     string // days or numbers
	MaxLength    int
	Lines        int    // height of an area; 0 means 4
	Focus        bool   // first thing to type on this page
	Describe     string // id of a text elsewhere that explains this input
	Sealed       bool   // about a minor or someone's health: never kept on the telephone
}

// FormSpec is a form. Key is the idempotency key, sent as _key. Method is
// "post" unless "get".
type FormSpec struct {
	ID, Action, Method, Key string
	Multipart               bool
	Hidden                  []Pair
	Submit                  string   // text of the main button; "" leaves the row out
	More                    []Button // beside it: save as draft, cancel
	Follow                  string   // with Keep: where photos go that follow once the form is sent, beside the page after it; "" sends all at once
	FileMax                 int64    // with Follow: the most bytes that the server takes for one
	Parts                   string   // where files go in parts before the form is sent, so that their progress shows and a broken line goes on; "" sends all at once
	Keep                    string   // whose: what is typed stays on this telephone until it is sent; "" keeps nothing
	Draft                   *DraftSpec
}

// DraftSpec gives a form a second button that puts it by on the server, unfinished, for whoever types: it works without
// script, too. The form's Action must be an address that app takes drafts of.
type DraftSpec struct {
	Key string // of the draft that is opened; "" when the form is a new one
}

// Fault is one thing to mend: the input's Name (or ID) and what to do.
type Fault struct{ Name, ID, Text string }

// FieldID is the id of the input with this name, for links to it.
func FieldID(name string) string {
	return "f-" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '-'
	}, name)
}

func (f Fault) href() string {
	if f.ID != "" {
		return "#" + f.ID
	}
	return "#" + FieldID(f.Name)
}

func (in Input) id() string { return or(in.ID, FieldID(in.Name)) }

func (in Input) optionID(i int) string {
	if i == 0 {
		return in.id()
	}
	return in.id() + "-" + strconv.Itoa(i+1)
}

// describedBy lists the ids of hint and error, in reading order.
func (in Input) describedBy() string {
	return classes(in.Describe, when(in.Hint != "", in.id()+"-h"), when(in.Error != "", in.id()+"-e"))
}

func (in Input) checked(v string) bool {
	if in.Kind == KindChecks {
		return slices.Contains(in.Values, v)
	}
	return in.Value == v
}

// Among lets one be chosen from a short list instead of being typed: cards, or beyond six a list that opens, which nobody is chosen in
// yet. Without options the input stays as it is.
func (in Input) Among(options []Option) Input {
	switch {
	case len(options) == 0:
		return in
	case len(options) <= 6:
		in.Kind = KindRadio
	default:
		in.Kind, options = KindSelect, append([]Option{{}}, options...)
	}
	in.Options = options
	return in
}

func (in Input) group() bool { return in.Kind == KindRadio || in.Kind == KindChecks }

func (in Input) number() bool { return in.Kind == KindNumber || in.Kind == KindMoney }

// inputType keeps numbers as text: a number box of the browser drops what it
// cannot read, and a form must keep what was typed.
func (in Input) inputType() string {
	switch in.Kind {
	case KindDate:
		// what is no day would be dropped by a date box
		if _, err := time.Parse(time.DateOnly, in.Value); err != nil && in.Value != "" {
			return "text"
		}
		return "date"
	case KindTel, KindEmail, KindPassword, KindFile:
		return string(in.Kind)
	}
	return "text"
}

func (in Input) inputMode() string {
	switch in.Kind {
	case KindNumber, KindCode:
		return "numeric"
	case KindMoney:
		return "decimal"
	}
	return ""
}

func (in Input) autocomplete() string {
	if in.Autocomplete != "" {
		return in.Autocomplete
	}
	switch in.Kind {
	case KindTel:
		return "tel"
	case KindEmail:
		return "email"
	case KindPassword:
		return "current-password"
	case KindCode:
		return "one-time-code"
	}
	return "off"
}

func (in Input) lines() string {
	if in.Lines > 0 {
		return strconv.Itoa(in.Lines)
	}
	return "4"
}

// more are the buttons beside the main one.
func (f FormSpec) more(text string) []Button {
	if f.Draft == nil {
		return f.More
	}
	return append([]Button{{Text: text, FormAction: "/draft?to=" + url.QueryEscape(f.Action), NoCheck: true}}, f.More...)
}

func (f FormSpec) method() string {
	if strings.EqualFold(f.Method, "get") {
		return "get"
	}
	return "post"
}

// common are the attributes that every control shares.
func (in Input) common() templ.Attributes {
	a := templ.Attributes{}
	if d := in.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	if in.Error != "" {
		a["aria-invalid"] = "true"
	}
	if in.MaxLength > 0 {
		a["maxlength"] = strconv.Itoa(in.MaxLength)
	}
	if in.Kind == KindDate {
		if in.Min != "" {
			a["min"] = in.Min
		}
		if in.Max != "" {
			a["max"] = in.Max
		}
	}
	if in.Sealed {
		a["data-sealed"] = true
	}
	if in.Focus {
		a["autofocus"] = true
	}
	return a
}

func (in Input) boxClass() string {
	return classes(when(in.number(), "num"), when(in.Short || in.Kind == KindDate, "short"))
}

// checkValue is what a single check sends when it is set.
func (in Input) checkValue() string {
	if len(in.Options) > 0 {
		return in.Options[0].Value
	}
	return "1"
}

// Wrong tells whether something in a form has to be changed.
func Wrong(inputs []Input) bool {
	return slices.ContainsFunc(inputs, func(in Input) bool { return in.Error != "" })
}
