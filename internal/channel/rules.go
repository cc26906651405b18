package channel

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"xinhuo/internal/kit/errs"
)

const (
	leaseFor   = 2 * time.Minute  // longer than one sending may take
	giveUp     = 72 * time.Hour   // a message older than this is put aside
	firstPause = 10 * time.Second // before the second try
	maxPause   = 5 * time.Minute
	codeHolds  = 30 * time.Minute
	codeEvery  = time.Minute
	maxCodes   = 10 // a day and person
	maxTries   = 5  // of typing a code
	digestHour = 8
)

// pause is how long a receiver is left alone after so many failures in a row.
func pause(failures int64) time.Duration {
	return min(maxPause, firstPause<<min(max(failures-1, 0), 10))
}

// Sign is the signature of a webhook's body: HMAC-SHA256 over the time, a full stop and the body, in hex.
func Sign(secret string, unix int64, body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(m, "%d.", unix)
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

// signDing adds to the address of a DingTalk robot what its 加签 asks for: HMAC-SHA256 of time and secret, keyed with the secret.
func signDing(u *url.URL, secret string, millis int64) {
	if secret == "" {
		return
	}
	m := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(m, "%d\n%s", millis, secret)
	q := u.Query()
	q.Set("timestamp", strconv.FormatInt(millis, 10))
	q.Set("sign", base64.StdEncoding.EncodeToString(m.Sum(nil)))
	u.RawQuery = q.Encode()
}

// newCode is six digits and their hash.
func newCode(place string) (code, hash string) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic(err) // the system's source of chance never fails
	}
	code = fmt.Sprintf("%06d", n.Int64())
	return code, hashCode(place, code)
}

func hashCode(place, code string) string {
	sum := sha256.Sum256([]byte(place + "|" + strings.Join(strings.Fields(code), "")))
	return hex.EncodeToString(sum[:])
}

// hidden are networks that no message goes to unless the operator allows it: this machine, the local network, the
// addresses of clouds for their own machines.
var hidden = []netip.Prefix{netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/32")}

// private tells whether an address is not one of the open internet.
func private(a netip.Addr) bool {
	a = a.Unmap()
	return !a.IsGlobalUnicast() || a.IsPrivate() || slices.ContainsFunc(hidden, func(p netip.Prefix) bool { return p.Contains(a) })
}

var phone = regexp.MustCompile(`^1\d{10}$`)

// check says what is wrong with where a way leads. open lets through private networks, test plain http to this machine.
func check(kind string, c Config, site string, open, test bool) error {
	var f errs.Fields
	if kind == Mail {
		if c.Host == "" || strings.ContainsAny(c.Host, "/:@ ") {
			f.Add("host", "channel.bad.host")
		} else if ip, err := netip.ParseAddr(c.Host); err == nil && private(ip) && !open {
			f.Add("host", "channel.bad.private")
		}
		if c.Port < 1 || c.Port > 65535 {
			f.Add("port", "channel.bad.port")
		}
		if !goodMail(c.From) {
			f.Add("from", "channel.bad.mail")
		}
	} else {
		checkURL(&f, c.URL, open, test)
		if kind == Webhook && len(c.Secret) < 16 || kind == SMS && len(c.Secret) < 16 {
			f.Add("secret", "channel.bad.secret")
		}
		if kind == SMS && (len(c.To) == 0 || len(c.To) > 20 || slices.ContainsFunc(c.To, func(p string) bool { return !phone.MatchString(p) })) {
			f.Add("to", "channel.bad.phone")
		}
	}
	if u, err := url.Parse(site); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.User != nil {
		f.Add("site", "channel.bad.site")
	}
	return f.Err()
}

func checkURL(f *errs.Fields, text string, open, test bool) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && !(test && u.Scheme == "http") {
		f.Add("url", "channel.bad.url")
		return
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if (err == nil && private(ip) || strings.EqualFold(u.Hostname(), "localhost")) && !open {
		f.Add("url", "channel.bad.private")
	}
}

func goodMail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 200 && !strings.ContainsAny(s, "\r\n")
}

// shown is what may be shown of where a way leads.
func shown(kind string, c Config) string {
	if kind == Mail {
		return fmt.Sprintf("%s:%d", c.Host, c.Port)
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host + "/…"
}

// maskMail shows enough of an address for its owner to know it again.
func maskMail(s string) string {
	name, host, ok := strings.Cut(s, "@")
	if !ok {
		return ""
	}
	return string([]rune(name)[:1]) + "***@" + host
}
