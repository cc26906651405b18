package channel

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// sender hands messages over to other machines.
type sender struct {
	client *http.Client
	dialer *net.Dialer
	tls    *tls.Config // of mail servers; nil for the usual trust
}

// sendFor bounds one handing over; a lease lasts longer.
const sendFor = 15 * time.Second

// newSender makes one that connects only where allowed says so. The address is looked at when the connection is made, so
// that a name which leads elsewhere the second time it is asked gets nowhere.
func newSender(allowed func(netip.Addr) bool) sender {
	d := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !allowed(to.Addr()) {
			return problem("channel.err.private", err)
		}
		return nil
	}}
	return sender{dialer: d, client: &http.Client{
		Timeout:       sendFor,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{Proxy: nil, DialContext: d.DialContext, TLSHandshakeTimeout: 10 * time.Second,
			MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true},
	}}
}

// hook posts to a webhook, a robot or a gateway.
func (s sender) hook(ctx context.Context, m Message, c Config, text, link string, now time.Time) error {
	u, err := url.Parse(c.URL)
	if err != nil {
		return problem("channel.err.address", err)
	}
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}, "User-Agent": {"Xinhuo"}}
	body, err := bodyOf(m, c, text, link)
	if err != nil {
		return err
	}
	switch m.Kind {
	case DingTalk:
		signDing(u, c.Secret, now.UnixMilli())
	case Webhook, SMS:
		header.Set("X-Xinhuo-Id", m.ID.String())
		header.Set("X-Xinhuo-Timestamp", strconv.FormatInt(now.Unix(), 10))
		header.Set("X-Xinhuo-Signature", "sha256="+Sign(c.Secret, now.Unix(), body))
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return problem("channel.err.address", err)
	}
	r.Header = header
	got, err := s.client.Do(r)
	if err != nil {
		var t trouble
		if errors.As(err, &t) {
			return t
		}
		return problem("channel.err.reach", err)
	}
	defer got.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(got.Body, 64<<10))
	if got.StatusCode < 200 || got.StatusCode > 299 {
		return problem("channel.err.refused", fmt.Errorf("status %d", got.StatusCode))
	}
	if m.Kind == DingTalk || m.Kind == WeCom { // they answer 200 in any case and say in the body what they think
		var said struct {
			Code *int `json:"errcode"`
		}
		if json.Unmarshal(answer, &said) != nil || said.Code == nil || *said.Code != 0 {
			return problem("channel.err.refused", nil)
		}
	}
	return nil
}

// bodyOf is what a receiver of this kind understands.
func bodyOf(m Message, c Config, text, link string) ([]byte, error) {
	type content struct {
		Content string `json:"content"`
	}
	switch m.Kind {
	case DingTalk, WeCom:
		return json.Marshal(struct {
			Type string  `json:"msgtype"`
			Text content `json:"text"`
		}{"text", content{text}})
	}
	out := struct {
		ID   string   `json:"id"`
		No   int64    `json:"no"`
		Kind string   `json:"kind"`
		At   string   `json:"at"`
		To   []string `json:"to,omitempty"`
		Text string   `json:"text"`
		Link string   `json:"link"`
	}{m.ID.String(), m.No, m.What, time.UnixMilli(m.At).UTC().Format(time.RFC3339), nil, text, link}
	if m.Kind == SMS {
		out.To = c.To
	}
	return json.Marshal(out)
}

// implicitTLS is the port on which mail servers speak TLS from the first byte.
const implicitTLS = 465

// mail hands one mail to a server. The connection is encrypted or there is none: a password never goes out in plain text.
func (s sender) mail(ctx context.Context, c Config, to, subject, text, messageID string, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	msg := gomail.NewMsg()
	if err := errors.Join(msg.From(c.From), msg.To(to)); err != nil {
		return problem("channel.err.address", err)
	}
	msg.Subject(subject)
	msg.SetMessageIDWithValue(messageID + "@xinhuo")
	msg.SetDateWithValue(now)
	msg.SetBodyString(gomail.TypeTextPlain, text)
	opts := []gomail.Option{gomail.WithPort(c.Port), gomail.WithTimeout(sendFor), gomail.WithHELO("xinhuo.invalid"), gomail.WithTLSPolicy(gomail.TLSMandatory)}
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.tls != nil {
		conf = s.tls.Clone()
	}
	conf.ServerName = c.Host
	opts = append(opts, gomail.WithTLSConfig(conf))
	if c.Port == implicitTLS {
		opts = append(opts, gomail.WithSSL(), gomail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			return (&tls.Dialer{NetDialer: s.dialer, Config: conf}).DialContext(ctx, network, address)
		}))
	} else {
		opts = append(opts, gomail.WithDialContextFunc(s.dialer.DialContext))
	}
	if c.User != "" {
		opts = append(opts, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(c.User), gomail.WithPassword(c.Password))
	}
	client, err := gomail.NewClient(c.Host, opts...)
	if err != nil {
		return problem("channel.err.address", err)
	}
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		var t trouble
		if errors.As(err, &t) {
			return t
		}
		return problem("channel.err.mail", err)
	}
	return nil
}
