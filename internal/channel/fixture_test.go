package channel

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/audit"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
)

const (
	today  = clock.Day("2019-05-31")
	canary = "zk金丝雀陈小满" // stands in titles and names, never in a message
	secret = "a-secret-of-32-characters-or-so!"
	site   = "https://gx.example.cn"
)

type world struct {
	testing.TB
	d    *db.DB
	s    *Service
	two  *Service // another process on the same database
	flow *flow.Service
	now  time.Time
	ctx  context.Context
	town org.Unit
	city org.Unit
	who  map[id.ID]scope.Actor
}

// Actor makes the world the directory of accounts.
func (w *world) Actor(_ context.Context, account id.ID) (scope.Actor, error) {
	return w.who[account], nil
}

// vault stands in for seal; it opens nothing at another place.
type vault struct{}

func (vault) Lock(_ context.Context, place, text string) (string, error) {
	return base64.StdEncoding.EncodeToString([]byte(place + "\n" + text)), nil
}

func (vault) Unlock(place, shut string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(shut)
	text, ok := strings.CutPrefix(string(b), place+"\n")
	if err != nil || !ok {
		return "", errors.New("not from here")
	}
	return text, nil
}

func open(t testing.TB) *world {
	t.Helper()
	bg := context.Background()
	dsn := testkit.Prepared(t, "channel", func(dsn string) error {
		d, err := db.Open(bg, dsn)
		if err != nil {
			return err
		}
		return errors.Join(d.Migrate(bg, []db.Source{{Module: "web", Files: web.Migrations}, {Module: "audit", Files: audit.Migrations}, {Module: "account", Files: account.Migrations},
			{Module: "org", Files: org.Migrations}, {Module: "flow", Files: flow.Migrations}, {Module: "channel", Files: Migrations}}), d.Close())
	})
	d, err := db.Open(bg, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	texts, err := i18n.Load(Texts, flow.Texts, db.Texts)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, d: d, now: today.Time().Add(9 * time.Hour), who: map[id.ID]scope.Actor{}}
	w.ctx = i18n.With(clock.With(scope.With(bg, scope.System("test")), func() time.Time { return w.now }), texts, "zh")
	a := audit.New(d)
	o := org.New(d, a)
	tree := org.Tree{Service: o}
	w.flow = flow.New(d, a, tree)
	w.s = New(d, o, w.flow, a, w, vault{}, true)
	w.two = New(d, o, flow.New(d, a, tree), a, w, vault{}, true)
	w.s.test, w.two.test = true, true
	w.must(o.FoundAll(w.ctx, []org.NewUnit{
		{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"},
		{Code: "9902", Name: "云州市", Level: org.City, ParentCode: "99", From: "2000-01-01"},
		{Code: "990203", Name: "南江区", Level: org.County, ParentCode: "9902", From: "2000-01-01"},
		{Code: "990203013", Name: "稻香镇", Level: org.Township, Kind: org.Town, ParentCode: "990203", From: "2000-01-01"},
	}))
	w.town, err = o.ByCode(w.ctx, "990203013")
	w.must(err)
	w.city, err = o.ByCode(w.ctx, "9902")
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) refused(key string, err error) {
	w.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Key != key {
		w.Errorf("got %v, want %s", err, key)
	}
}

// as acts for somebody who works in and administers a unit.
func (w *world) as(u org.Unit, account id.ID) context.Context {
	all := scope.Set{u.Range()}
	w.who[account] = scope.Actor{Account: account, Name: "陈玉兰", Unit: u.ID, Pos: u.Pos, FindSet: all, ViewSet: all, WorkSet: all, AdminSet: all}
	return scope.With(w.ctx, w.who[account])
}

// on sets a way up and switches it on.
func (w *world) on(u org.Unit, kind string, c Config) {
	w.Helper()
	ctx := w.as(u, 1)
	w.must(w.s.Set(ctx, u.ID, kind, c, site))
	w.must(w.s.Switch(ctx, u.ID, kind, true))
}

// task posts one into the town's inbox; its words hold the canary.
func (w *world) task(n int) {
	w.Helper()
	w.must(w.flow.AddTask(w.ctx, flow.NewTask{Key: canary + strconv.Itoa(n), Unit: w.town.ID, Pos: w.town.Pos, TitleKey: "flow.handover_task", Args: map[string]any{"Person": canary, "Day": canary}, Link: "/x/" + canary}))
}

// log is the state of the town's messages, the first one first.
func (w *world) log() (out []Message) {
	w.Helper()
	list, err := w.s.Log(w.ctx, w.town.ID, 0, false, 1000)
	w.must(err)
	for _, m := range list {
		out = append([]Message{m}, out...)
	}
	return out
}

func (w *world) deliver(s *Service) int {
	w.Helper()
	n, err := s.Deliver(w.ctx)
	w.must(err)
	return n
}

// got is one request that a receiver took or refused.
type got struct {
	header http.Header
	query  string
	body   string
	took   bool
}

// receiver of hooks that can be told to be away.
type catcher struct {
	*httptest.Server
	mu     sync.Mutex
	away   bool
	answer string
	before func() // while a request is under way
	list   []got
}

func (w *world) catch(answer string) *catcher {
	c := &catcher{answer: answer}
	c.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if c.before != nil {
			c.before()
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.list = append(c.list, got{r.Header, r.URL.RawQuery, string(body), !c.away})
		if c.away {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		io.WriteString(rw, c.answer)
	}))
	w.Cleanup(c.Close)
	return c
}

func (c *catcher) taken() (out []got) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, g := range c.list {
		if g.took {
			out = append(out, g)
		}
	}
	return out
}

// mailbox is a small mail server that offers STARTTLS and takes a password only behind it.
type mailbox struct {
	port  int
	trust *tls.Config
	plain bool // offers no STARTTLS

	mu    sync.Mutex
	mails []string
	said  []string // all commands, in order
}

func (w *world) mailbox(plain bool) *mailbox {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.must(err)
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	w.must(err)
	cert, err := x509.ParseCertificate(der)
	w.must(err)
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	w.Cleanup(func() { l.Close() })
	m := &mailbox{port: l.Addr().(*net.TCPAddr).Port, trust: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, plain: plain}
	conf := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go m.talk(c, conf)
		}
	}()
	w.s.sender.tls, w.two.sender.tls = m.trust, m.trust
	return m
}

func (m *mailbox) talk(c net.Conn, conf *tls.Config) {
	defer func() { c.Close() }()
	secure := false
	say := func(s string) { io.WriteString(c, s+"\r\n") }
	in := bufio.NewReader(c)
	say("220 test")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		m.mu.Lock()
		m.said = append(m.said, line)
		m.mu.Unlock()
		switch word := strings.ToUpper(strings.Fields(line + " x")[0]); word {
		case "EHLO":
			switch {
			case secure:
				say("250-test\r\n250 AUTH PLAIN")
			case m.plain:
				say("250-test\r\n250 AUTH PLAIN")
			default:
				say("250-test\r\n250 STARTTLS")
			}
		case "STARTTLS":
			say("220 go on")
			t := tls.Server(c, conf)
			if t.Handshake() != nil {
				return
			}
			c, in, secure = t, bufio.NewReader(t), true
		case "AUTH":
			say("235 welcome")
		case "DATA":
			say("354 go on")
			var text strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				text.WriteString(line)
			}
			m.mu.Lock()
			m.mails = append(m.mails, text.String())
			m.mu.Unlock()
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// texts are the mails that came, headers as sent and the body read.
func (m *mailbox) texts() (out []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, raw := range m.mails {
		head, body, _ := strings.Cut(raw, "\r\n\r\n")
		if strings.Contains(head, "base64") {
			if b, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\r\n", "")); err == nil {
				body = string(b)
			}
		}
		out = append(out, head+"\n\n"+unquote(body))
	}
	return out
}

// unquote reads quoted-printable without minding what is none.
func unquote(s string) string {
	s = strings.ReplaceAll(s, "=\r\n", "")
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '=' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
