package account

import (
	"crypto/subtle"
	"net"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

const (
	// totpPeriod is how long a code of the app stands (RFC 6238).
	totpPeriod = 30
	// totpDigits are those of a code.
	totpDigits = 6
	// recoveryCodes are given at once.
	recoveryCodes = 10
	// secondLife is how long whoever gave the right password may take for the second step.
	secondLife = 10 * time.Minute
)

// StrongFor is how long ago a second factor may have been proved at most by whoever opens what is sealed: a working day.
const StrongFor = 12 * time.Hour

// typedCode brings a code into the shape in which it is compared: capitals, no spaces and dashes, no wide digits.
func typedCode(typed string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == ' ' || c == '-' || c == '－' || c == '　':
			return -1
		case c >= '０' && c <= '９':
			return c - '０' + '0'
		case c >= 'Ａ' && c <= 'Ｚ':
			return c - 'Ａ' + 'A'
		case c >= 'ａ' && c <= 'ｚ':
			return c - 'ａ' + 'A'
		}
		return c
	}, strings.ToUpper(typed))
}

// stepOf is the period whose code was typed: the present one or a neighbour of it, because telephones' clocks differ,
// and none that was used up. ok is false when it is no such code.
func stepOf(secret, typed string, now time.Time, last int64) (step int64, ok bool) {
	code := typedCode(typed)
	if len(code) != totpDigits {
		return 0, false
	}
	for _, d := range []int64{0, -1, 1} {
		t := now.Unix()/totpPeriod + d
		want, err := totp.GenerateCode(secret, time.Unix(t*totpPeriod, 0))
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && t > last {
			step, ok = t, true
		}
	}
	return step, ok
}

// recoveryHash is what is stored of a recovery code of an account as it was typed; "" when it cannot be one.
func recoveryHash(account id.ID, typed string) string {
	code := typedCode(typed)
	if len(code) != codeLen {
		return ""
	}
	return hash256("recovery:" + account.String() + ":" + code)
}

// fours writes a key in groups of four, for typing.
func fours(s string) string {
	var b strings.Builder
	for i, c := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// secondGate counts wrong codes of one account: only whoever has the password comes as far.
func secondGate(account id.ID) gate { return gate{"second:" + account.String(), 5} }

// ownGate counts wrong passwords of whoever is signed in, so that a stranger's guesses at the door do not shut it.
func ownGate(account id.ID) gate { return gate{"own:" + account.String(), 5} }

// knownGate counts at one device on which the account was signed in before: nobody else's guesses shut it.
func knownGate(device string) gate { return gate{"known:" + hash256(device), 5} }

// deviceOf says in two short words from what a browser is: a system and a program, as "android wechat"; each is a text
// key of its own (account.dev_…).
func deviceOf(agent string) string {
	first := func(list [][2]string) string {
		low := strings.ToLower(agent)
		for _, x := range list {
			if strings.Contains(low, x[0]) {
				return x[1]
			}
		}
		return "other"
	}
	// the more special first: nearly every browser says that it is some others as well
	return first([][2]string{{"harmony", "harmony"}, {"openharmony", "harmony"}, {"iphone", "iphone"}, {"ipad", "ipad"}, {"android", "android"}, {"windows", "windows"},
		{"macintosh", "mac"}, {"uos", "uos"}, {"kylin", "kylin"}, {"linux", "linux"}}) + " " +
		first([][2]string{{"micromessenger", "wechat"}, {"dingtalk", "dingtalk"}, {"qqbrowser", "qq"}, {"ucbrowser", "uc"}, {"360se", "360"}, {"360ee", "360"}, {"huaweibrowser", "huawei"},
			{"miuibrowser", "xiaomi"}, {"edg", "edge"}, {"firefox", "firefox"}, {"chrome", "chrome"}, {"safari", "safari"}})
}

// placeOf is the beginning of an address: enough to tell the office from a stranger, too little to follow somebody.
func placeOf(addr string) string {
	ip := net.ParseIP(cleanAddr(addr))
	if ip == nil {
		return ""
	}
	if ip.IsLoopback() || cleanAddr(addr) == "::" && strings.Contains(addr, "::1") {
		return "here"
	}
	if v4 := ip.To4(); v4 != nil {
		return strings.Join(strings.Split(v4.String(), ".")[:2], ".") + ".*.*"
	}
	return strings.TrimRight(ip.Mask(net.CIDRMask(32, 128)).String(), ":") + ":*"
}

// Duties are the kinds of grant of the three administrators, who may be kept apart: system, security, audit.
var Duties = []string{"system", "admin", "audit"}

func isDuty(r scope.Right) bool { return r == scope.Operate || r == scope.Admin || r == scope.Audit }

// dutiesOf are those of the three that rights amount to.
func dutiesOf(list []Right) []scope.Right {
	var out []scope.Right
	for _, d := range Duties {
		for _, r := range list {
			if r.Kind == kindOf[d] {
				out = append(out, r.Kind)
				break
			}
		}
	}
	return out
}

// apart leaves an account one of the three, whatever it came to hold: that of its post, otherwise the one it was given
// first.
func apart(list []Right) []Right {
	var kept scope.Right
	out := list[:0:0]
	for _, r := range list {
		if isDuty(r.Kind) {
			if kept == scope.None {
				kept = r.Kind
			}
			if r.Kind != kept {
				continue
			}
		}
		out = append(out, r)
	}
	return out
}

func checkReason(reason string) error {
	var f errs.Fields
	if strings.TrimSpace(reason) == "" {
		f.Add("reason", "account.reset_reason")
	} else if len([]rune(reason)) > 200 {
		f.Add("reason", "account.reason_long")
	}
	return f.Err()
}

// live tells whether a grant holds today or will.
func (g Grant) live(today clock.Day) bool { return g.To == "" || g.To > today }
