package portal

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"golang.org/x/net/idna"
	"golang.org/x/text/width"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
)

// Most characters of what is typed.
const (
	maxTitle   = 40
	maxMotto   = 80
	maxAbout   = 3000
	maxShort   = 60
	maxNews    = 10_000
	maxAlt     = 100
	maxHosts   = 5
	maxPics    = 6
	maxFigures = 24
)

// reserved are short addresses that would be taken for something else.
var reserved = []string{"admin", "administrator", "api", "ask", "assets", "care", "demo", "example", "gov", "healthz", "help", "index", "inbox", "invite", "library", "login", "logout", "mail", "manual", "new", "null",
	"official", "portal", "preview", "root", "search", "setup", "site", "static", "system", "test", "undefined", "www", "xinhuo"}

var slugShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// slugOf is what was typed as a short address, as it is kept.
func slugOf(s string) string { return strings.ToLower(strings.TrimSpace(width.Narrow.String(s))) }

// Slugged tells whether a text can be a short address: small letters, digits and single hyphens, 3 to 32 of them, not reserved.
func Slugged(s string) bool {
	return len(s) >= 3 && len(s) <= 32 && slugShape.MatchString(s) && !slices.Contains(reserved, s)
}

// short is how a column is called at a domain of a site's own. /volunteer is a page of the program.
func short(column string) string {
	if column == Volunteer {
		return "join"
	}
	return column
}

// HostOf is a domain as it is kept and compared: without port and last dot, in small letters, in ASCII. "" when it is none: an
// address of numbers, a name without a dot, a pattern.
func HostOf(s string) string {
	s = strings.ToLower(strings.TrimSpace(width.Narrow.String(s)))
	if h, _, err := net.SplitHostPort(s); err == nil {
		s = h
	}
	s = strings.TrimSuffix(s, ".")
	ascii, err := idna.Lookup.ToASCII(s)
	if err != nil || len(ascii) > 253 || !strings.Contains(ascii, ".") || ascii == "" {
		return ""
	}
	if _, err := netip.ParseAddr(ascii); err == nil {
		return ""
	}
	labels := strings.Split(ascii, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || l[0] == '-' || l[len(l)-1] == '-' {
			return ""
		}
	}
	if strings.Trim(labels[len(labels)-1], "0123456789") == "" { // 127.1
		return ""
	}
	return ascii
}

// line is a text of one line, without what cannot be seen.
func line(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ReplaceAll(table.CleanText(s), "\n", " "))
}

// paragraphs is a text of several lines, without what cannot be seen.
func paragraphs(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return -1
	}, table.CleanText(s))
}

func (s *Site) tidy() {
	s.Slug = slugOf(s.Slug)
	for _, p := range []*string{&s.Title, &s.Motto, &s.Human, &s.Hours, &s.Hotline, &s.Phone} {
		*p = line(*p)
	}
	s.Hotline, s.Phone = width.Narrow.String(s.Hotline), width.Narrow.String(s.Phone)
	s.About, s.Signup = paragraphs(s.About), paragraphs(s.Signup)
	s.Columns = slices.DeleteFunc(slices.Clone(Columns), func(c string) bool { return c != Help && !slices.Contains(s.Columns, c) })
	var hosts []string
	for _, h := range s.Hosts {
		if n := HostOf(h); n != "" {
			h = n
		}
		if h = strings.TrimSpace(h); h != "" && !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	slices.Sort(hosts)
	s.Hosts = hosts
}

func long(f *errs.Fields, name, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		f.Add(name, "portal.too_long", "N", most)
	}
}

// problems are what has to be changed before a site can be kept; one that is on asks for more.
func (s Site) problems() (f errs.Fields) {
	if !Slugged(s.Slug) {
		f.Add("slug", "portal.slug_shape")
	}
	if s.Title == "" {
		f.Add("title", "portal.title_missing")
	}
	if !slices.Contains(Colours, s.Colour) {
		f.Add("colour", "portal.colour_unknown")
	}
	for _, p := range []struct{ name, text string }{{"hotline", s.Hotline}, {"phone", s.Phone}} {
		switch {
		case p.text == "" && s.On:
			f.Add(p.name, "portal.phone_missing")
		case p.text != "" && (!org.Dialable(p.text) || strings.ContainsFunc(p.text, unicode.IsLetter)):
			f.Add(p.name, "portal.phone_shape")
		}
	}
	if s.On {
		if s.Human == "" {
			f.Add("human", "portal.human_missing")
		}
		if s.Hours == "" {
			f.Add("hours", "portal.hours_missing")
		}
	}
	if len(s.Hosts) > maxHosts {
		f.Add("hosts", "portal.hosts_many", "N", maxHosts)
	}
	for _, h := range s.Hosts {
		if HostOf(h) != h {
			f.Add("hosts", "portal.host_shape", "Host", h)
		}
	}
	long(&f, "title", s.Title, maxTitle)
	long(&f, "motto", s.Motto, maxMotto)
	long(&f, "about", s.About, maxAbout)
	long(&f, "signup", s.Signup, maxAbout)
	for name, text := range map[string]string{"hotline": s.Hotline, "human": s.Human, "phone": s.Phone, "hours": s.Hours} {
		long(&f, name, text, maxShort)
	}
	return f
}

// shows tells whether a site has a column.
func (s Site) shows(column string) bool { return column == Help || slices.Contains(s.Columns, column) }

func (n *News) tidy() {
	n.Title, n.Text, n.Why = line(n.Title), paragraphs(n.Text), line(n.Why)
	for i := range n.Pictures {
		n.Pictures[i].Alt = line(n.Pictures[i].Alt)
	}
}

func (n News) problems(today clock.Day) (f errs.Fields) {
	if n.Title == "" {
		f.Add("title", "portal.news_title_missing")
	}
	if n.Text == "" {
		f.Add("text", "portal.news_text_missing")
	}
	if _, err := clock.ParseDay(string(n.Day)); err != nil || n.Day == clock.Open {
		f.Add("day", "portal.day_missing")
	} else if n.Day > today {
		f.Add("day", "portal.day_ahead")
	}
	long(&f, "title", n.Title, maxMotto)
	long(&f, "text", n.Text, maxNews)
	for i, p := range n.Pictures {
		if p.Alt == "" {
			f.Add("alt", "portal.alt_missing")
		}
		long(&f, "alt", p.Alt, maxAlt)
		if (News{Pictures: n.Pictures[:i]}).shows(p.Hash) {
			f.Add("picture", "portal.picture_twice")
		}
	}
	if len(n.Pictures) > maxPics {
		f.Add("picture", "portal.pictures_many", "N", maxPics)
	}
	return f
}

// mobile is a number of a person's own telephone.
var mobile = regexp.MustCompile(`^(\+?86)?1[3-9]\d{9}$`)

// PublicPhone is a base's telephone as everybody may read it: that of a person's own pocket is not published, the office's is there.
func PublicPhone(s string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, width.Narrow.String(s))
	if mobile.MatchString(digits) {
		return ""
	}
	return s
}

// persons are the measure words of figures that count people.
var persons = []string{"人", "人次", "名", "位", "户"}

// Told is the amount of a figure as it may be published: a number of people below anon.Fewest is told nobody, nor a share from which
// it could be worked out.
func Told(d ledger.Definition, v ledger.Value, definition func(code string) (ledger.Definition, error)) int64 {
	small := func(code string, n int64) bool {
		x, err := definition(code)
		return err != nil || slices.Contains(persons, x.Measure.Zh) && n < anon.Fewest
	}
	switch {
	case v.Amount == nil:
		return anon.Hidden
	case d.Kind == ledger.Derived && v.Numerator != nil && v.Denominator != nil:
		if small(d.Numerator, *v.Numerator) || small(d.Denominator, *v.Denominator) || small(d.Numerator, *v.Denominator-*v.Numerator) && *v.Denominator > *v.Numerator {
			return anon.Hidden
		}
	case slices.Contains(persons, d.Measure.Zh) && *v.Amount < anon.Fewest:
		return anon.Hidden
	}
	return max(*v.Amount, anon.Hidden)
}

// Limits are how old what a site shows may be; limits.toml says where each comes from.
type Limits struct {
	Home    int   `toml:"home_days"`
	News    int   `toml:"news_days"`
	Figures int   `toml:"figures_days"`
	Ahead   int   `toml:"ahead_days"`
	Wish    int   `toml:"wish_days"`
	Slow    int64 `toml:"slow_ms"`
}

var limits = func() (l Limits) {
	if md, err := toml.Decode(string(limitsFile), &l); err != nil || len(md.Undecoded()) > 0 {
		panic(fmt.Sprint("portal: limits.toml: ", err, md.Undecoded())) // part of the program
	}
	return l
}()

// dueOn is the day until which who wrote on a day is answered: so many working days on.
func dueOn(d clock.Day) clock.Day {
	for n := 0; n < limits.Wish; {
		if d = d.AddDays(1); flow.Workday(d) {
			n++
		}
	}
	return d
}

// dueFor is the day until which who signed up on a day is answered: before the activity, however near it is.
func dueFor(d, activity clock.Day) clock.Day {
	return max(d, min(dueOn(d), activity.AddDays(-1)))
}

// atHost are addresses with a host within a text, of which some may be domains of sites.
var atHost = regexp.MustCompile(`(?i)https?://([^/\s]+)/?([a-z0-9/-]*)`)

// inner are addresses of sites within a text.
var inner = regexp.MustCompile(`(?i)(?:https?://([^/\s]+))?(/s/[a-z0-9-]+(?:/[a-z0-9/-]*)?)`)
