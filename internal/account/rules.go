package account

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"math/big"
	"net"
	"net/url"
	"regexp"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// GrantKinds are the rights that can be given until a day.
var GrantKinds = []string{"find", "view", "work", "admin", "audit", "system"}

var kindOf = map[string]scope.Right{"find": scope.Find, "view": scope.View, "work": scope.Work, "admin": scope.Admin, "audit": scope.Audit, "system": scope.Operate}

// Grades is the default table: what a post's grade gives in the subtree of its unit. Work reaches the units below as
// well, for those that have no account: what is entered there is marked as entered for them (代填).
var Grades = map[string][]scope.Right{
	"view":  {scope.View},
	"work":  {scope.Work, scope.View},
	"admin": {scope.Work, scope.View, scope.Admin},
}

// RightsOfGrade spells out a post's grade for a unit; none for an unknown grade.
func RightsOfGrade(grade string, unit id.ID, r scope.Range, role string) []Right {
	var out []Right
	for _, k := range Grades[grade] {
		out = append(out, Right{Kind: k, Range: r, Unit: unit, Role: role})
	}
	return out
}

// compact drops ranges that lie in others and keeps at most scope.MaxRanges, the widest: too many rights become fewer,
// never more.
func compact(set scope.Set, who id.ID) scope.Set {
	sort.Slice(set, func(i, j int) bool {
		wi, wj := set[i].To-set[i].From, set[j].To-set[j].From
		return wi > wj || wi == wj && set[i].From < set[j].From
	})
	var out scope.Set
	for _, r := range set {
		if r.From < r.To && !out.Covers(r) {
			out = append(out, r)
		}
	}
	if len(out) > scope.MaxRanges {
		slog.Warn("account: more ranges than a scope can hold; the narrowest are left out", "account", who.String(), "ranges", len(out))
		out = out[:scope.MaxRanges]
	}
	return out
}

var loginShape = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,31}$`)

// LoginProblem is the text key of what has to be changed in a login name, "" when its shape is right.
func LoginProblem(login string) string {
	if !loginShape.MatchString(cleanLogin(login)) {
		return "account.login_shape"
	}
	return ""
}

func cleanLogin(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func (n *NewAccount) check() error {
	var f errs.Fields
	n.Login, n.Person, n.Phone = cleanLogin(n.Login), strings.TrimSpace(n.Person), strings.TrimSpace(n.Phone)
	if !loginShape.MatchString(n.Login) {
		f.Add("login", "account.login_shape")
	}
	if n.Person == "" {
		f.Add("person", "account.person_missing")
	} else if utf8.RuneCountInString(n.Person) > 40 {
		f.Add("person", "account.person_long")
	}
	if !phoneShape.MatchString(n.Phone) {
		f.Add("phone", "account.phone_shape")
	}
	if n.Unit == 0 {
		f.Add("unit", "account.unit_missing")
	}
	if n.Password != "" {
		if key := passwordProblem(n.Password, n.Login); key != "" {
			f.Add("password", key)
		}
	}
	return f.Err()
}

var phoneShape = regexp.MustCompile(`^([0-9+][0-9 -]{5,19})?$`)

const (
	minPassword = 8   // runes
	maxPassword = 128 // bytes: a hash must not become a way to use up the machine
)

var commonPasswords = []string{"12345678", "123456789", "1234567890", "87654321", "11111111", "88888888", "66666666", "00000000",
	"password", "password1", "qwertyui", "qwerty123", "abcd1234", "1234abcd", "a1234567", "a12345678", "aa123456", "admin123", "abc12345", "iloveyou", "5201314520"}

// passwordProblem is the text key of what has to be changed, "" when the password can be taken.
func passwordProblem(p, login string) string {
	low := strings.ToLower(p)
	switch {
	case utf8.RuneCountInString(p) < minPassword:
		return "account.password_short"
	case len(p) > maxPassword:
		return "account.password_long"
	case login != "" && strings.Contains(low, login):
		return "account.password_has_name"
	}
	for _, c := range commonPasswords {
		if low == c {
			return "account.password_common"
		}
	}
	if strings.Count(low, low[:1]) == len(low) {
		return "account.password_common"
	}
	return ""
}

// codeDigits leaves out what is mistaken for something else, read or heard: 0 O 1 I L U.
const codeDigits = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

const codeLen = 10

// codeLife is how long a one-time code can be used.
const codeLife = 14 * 24 * time.Hour

// newCode makes a one-time code, grouped in two for reading aloud: "7K3MQ-XW9TA", 49 bits.
func newCode() string {
	var b strings.Builder
	for i := range codeLen {
		if i == codeLen/2 {
			b.WriteByte('-')
		}
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(codeDigits))))
		if err != nil {
			panic(err) // crypto/rand never fails on a working machine
		}
		b.WriteByte(codeDigits[n.Int64()])
	}
	return b.String()
}

// codeHash is what is stored of a code as it was typed: capitals, spaces and dashes do not matter; "" when it cannot be one.
func codeHash(typed string) string {
	var b strings.Builder
	for _, c := range strings.ToUpper(typed) {
		switch {
		case c == '-' || c == ' ' || c == '－' || c == '　':
		case c >= '０' && c <= '９':
			b.WriteRune(c - '０' + '0')
		case c >= 'Ａ' && c <= 'Ｚ':
			b.WriteRune(c - 'Ａ' + 'A')
		default:
			b.WriteRune(c)
		}
	}
	if b.Len() != codeLen {
		return ""
	}
	return hash256("code:" + b.String())
}

func hash256(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// gate is one thing whose failures are counted: a name or an address.
type gate struct {
	name string
	free int64 // failures without a wait
}

const (
	firstWait = 30 * time.Second
	longWait  = 15 * time.Minute
	forget    = 24 * time.Hour // failures this old no longer count
)

// nameGate counts under a hash: people type passwords into the wrong box.
func nameGate(login string) gate { return gate{"name:" + hash256(login), 5} }

// addressGate counts a whole office behind one address, so it is wider.
func addressGate(addr string) gate { return gate{"addr:" + cleanAddr(addr), 30} }

// askGate counts who asks at the door for something that a passkey is to sign: each asking begins a session.
func askGate(addr string) gate { return gate{"ask:" + cleanAddr(addr), 30} }

func codeGate(addr string) gate { return gate{"code:" + cleanAddr(addr), 10} }

// wait is how long to wait after so many failures: none, then doubling up to a quarter of an hour.
func (g gate) wait(failures int64) time.Duration {
	if failures < g.free {
		return 0
	}
	return min(firstWait<<min(failures-g.free, 10), longWait)
}

// cleanAddr is the address without port; of IPv6 the network, which one person can fill alone.
func cleanAddr(s string) string {
	if h, _, err := net.SplitHostPort(s); err == nil {
		s = h
	}
	ip := net.ParseIP(s)
	if ip == nil {
		return "?"
	}
	if ip.To4() != nil {
		return ip.To4().String()
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}

// LocalPath answers an address of our own to go to, fallback for anything that could lead elsewhere.
func LocalPath(s, fallback string) string {
	if len(s) > 2000 || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") {
		return fallback
	}
	for _, c := range s {
		if c < 0x20 || c == 0x7f || c == '\\' {
			return fallback
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") {
		return fallback
	}
	for _, own := range []string{"/login", "/logout", "/view"} {
		if u.Path == own {
			return fallback
		}
	}
	return s
}

// maxGrantYears bounds a grant: what lasts comes with a post.
const maxGrantYears = 3

func (g *Grant) check(today clock.Day, system bool) error {
	var f errs.Fields
	g.Reason = strings.TrimSpace(g.Reason)
	if _, ok := kindOf[g.Kind]; !ok {
		f.Add("kind", "account.grant_kind")
	}
	if g.Unit == 0 {
		f.Add("unit", "account.unit_missing")
	}
	if g.From == "" {
		g.From = today
	}
	switch {
	case g.To == "" && !system:
		f.Add("to", "account.grant_end_missing")
	case g.To != "" && g.To <= g.From:
		f.Add("to", "account.grant_end_early")
	case g.To != "" && !system && g.To > today.AddYears(maxGrantYears):
		f.Add("to", "account.grant_end_late", "Years", maxGrantYears)
	}
	if g.Reason == "" {
		f.Add("reason", "account.grant_reason")
	}
	return f.Err()
}

// Sizes are the text sizes in px; the first is the default.
var Sizes = []int{18, 22, 26, 30}

func (s Settings) clean() Settings {
	if s.Lang != "en" && s.Lang != "zh" {
		s.Lang = "" // not chosen: the browser's language
	}
	if s.Theme != "light" && s.Theme != "dark" {
		s.Theme = ""
	}
	ok := false
	for _, n := range Sizes {
		ok = ok || n == s.Size
	}
	if !ok {
		s.Size = Sizes[0]
	}
	return s
}
