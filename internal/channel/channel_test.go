package channel

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// hookBody is what a webhook's receiver reads.
type hookBody struct {
	ID, Kind, Text, Link string
	No                   int64
	To                   []string
}

func read(t testing.TB, list []got) (out []hookBody) {
	t.Helper()
	for _, g := range list {
		var b hookBody
		if err := json.Unmarshal([]byte(g.body), &b); err != nil {
			t.Fatalf("%s: %v", g.body, err)
		}
		out = append(out, b)
	}
	return out
}

func numbers(list []hookBody) (out []int64) {
	for _, b := range list {
		out = append(out, b.No)
	}
	return out
}

// R176: what waits is told at once; issue 4, item 8: signed, and nothing but a link.
func TestATaskIsToldSignedAndWithoutAWordOfIt(t *testing.T) {
	w := open(t)
	c := w.catch("ok")
	w.task(0) // nobody asked to be told yet
	w.on(w.town, Webhook, Config{URL: c.URL, Secret: secret})
	w.task(1)
	w.task(1) // changed, not new
	if n := w.deliver(w.s); n != 1 {
		t.Fatalf("%d messages arrived", n)
	}
	g := c.taken()[0]
	stamp := g.header.Get("X-Xinhuo-Timestamp")
	m := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(m, "%s.%s", stamp, g.body)
	if want := fmt.Sprintf("sha256=%x", m.Sum(nil)); stamp != fmt.Sprint(w.now.Unix()) || g.header.Get("X-Xinhuo-Signature") != want {
		t.Errorf("at %s signed %s, want %s", stamp, g.header.Get("X-Xinhuo-Signature"), want)
	}
	b := read(t, c.taken())[0]
	if b.ID == "" || b.ID != g.header.Get("X-Xinhuo-Id") || b.Link != site+"/inbox" || b.Kind != OfTask || b.No != 1 {
		t.Errorf("%+v", b)
	}
	if strings.Contains(g.body, canary) || strings.Contains(g.body, w.town.Name) {
		t.Errorf("the message tells what it is about: %s", g.body)
	}
	if l := w.log(); len(l) != 1 || l[0].State != Sent || l[0].Tries != 1 {
		t.Errorf("%+v", l)
	}
}

// What comes to many units at once, and has no row in their inboxes, is told to those of them that want to know, and to nobody
// else; in the transaction that sends it.
func TestWhatComesToManyIsToldAtOnce(t *testing.T) {
	w := open(t)
	c := w.catch("ok")
	w.on(w.town, Webhook, Config{URL: c.URL, Secret: secret})
	w.on(w.city, Webhook, Config{URL: c.URL, Secret: secret})
	var asked []id.ID
	came := func(_ context.Context, units []id.ID) ([]id.ID, error) {
		asked = append(asked, units...)
		return []id.ID{w.town.ID}, nil
	}
	w.must(w.d.Tx(w.ctx, func(ctx context.Context) error { return w.flow.TellCame(ctx, came) }))
	if n := w.deliver(w.s); n != 1 || len(asked) != 2 {
		t.Fatalf("%d messages arrived, %d units were asked about", n, len(asked))
	}
	if b := read(t, c.taken())[0]; b.Kind != OfTask || b.Link != site+"/inbox" {
		t.Errorf("%+v", b)
	}
	if err := w.d.Tx(w.ctx, func(ctx context.Context) error {
		return errors.Join(w.flow.TellCame(ctx, came), errors.New("stop"))
	}); err == nil {
		t.Fatal("not taken back")
	}
	if n := w.deliver(w.s); n != 0 {
		t.Errorf("%d messages about what was taken back", n)
	}
}

// A transaction that is taken back tells nobody.
func TestATaskThatIsTakenBackTellsNobody(t *testing.T) {
	w := open(t)
	c := w.catch("ok")
	w.on(w.town, Webhook, Config{URL: c.URL, Secret: secret})
	stop := fmt.Errorf("stop")
	if err := w.d.Tx(w.ctx, func(ctx context.Context) error {
		if err := w.flow.AddTask(ctx, flow.NewTask{Key: "k", Unit: w.town.ID, Pos: w.town.Pos, TitleKey: "t"}); err != nil {
			return err
		}
		return stop
	}); err == nil {
		t.Fatal("it was kept")
	}
	w.task(1)
	w.deliver(w.s)
	if got := numbers(read(t, c.taken())); !slices.Equal(got, []int64{1}) {
		t.Errorf("got %v", got)
	}
}

// Issue 4, figures: an outage of an hour; all delivered after, in order, once.
func TestAnOutageOfAnHour(t *testing.T) {
	w := open(t)
	c := w.catch("ok")
	other := w.catch("ok")
	w.on(w.town, Webhook, Config{URL: c.URL, Secret: secret})
	w.on(w.town, SMS, Config{URL: other.URL, Secret: secret, To: []string{"13900000001"}})
	c.away = true
	var want []int64
	for i := range 60 {
		w.task(i)
		want = append(want, int64(i+1))
		w.deliver(w.s)
		w.now = w.now.Add(time.Minute)
	}
	if n := len(other.taken()); n != 60 {
		t.Errorf("a receiver that was there got %d", n)
	}
	if tries := len(c.list); tries > 25 {
		t.Errorf("%d tries in an hour", tries)
	}
	c.away = false
	w.now = w.now.Add(maxPause)
	w.deliver(w.s)
	b := read(t, c.taken())
	if got := numbers(b); !slices.Equal(got, want) {
		t.Fatalf("got %v", got)
	}
	ids := map[string]bool{}
	for _, x := range b {
		ids[x.ID] = true
	}
	if len(ids) != 60 {
		t.Errorf("%d different messages", len(ids))
	}
}

// A process that dies after sending and before noting it: the message comes again with the same ID, and none is lost.
func TestKilledBetweenSendingAndNoting(t *testing.T) {
	w := open(t)
	c := w.catch("ok")
	w.on(w.town, Webhook, Config{URL: c.URL, Secret: secret})
	for i := range 3 {
		w.task(i)
	}
	ctx, kill := context.WithCancel(w.ctx)
	c.before = kill
	if _, err := w.s.Deliver(ctx); err != nil && ctx.Err() == nil {
		t.Fatal(err)
	}
	c.before = nil
	if n := w.deliver(w.two); n != 0 {
		t.Fatalf("the other process took a queue that was held: %d", n)
	}
	w.now = w.now.Add(leaseFor)
	w.deliver(w.two)
	b := read(t, c.list)
	if got := numbers(b); !slices.Equal(got, []int64{1, 1, 2, 3}) || b[0].ID != b[1].ID {
		t.Errorf("got %v, %s and %s", got, b[0].ID, b[1].ID)
	}
}

// Two processes at once: each message goes out once, in order.
func TestTwoProcesses(t *testing.T) {
	w := open(t)
	c := w.catch("ok")
	w.on(w.town, Webhook, Config{URL: c.URL, Secret: secret})
	var want []int64
	for i := range 30 {
		w.task(i)
		want = append(want, int64(i+1))
	}
	var wg sync.WaitGroup
	for _, s := range []*Service{w.s, w.two} {
		wg.Go(func() {
			if _, err := s.Deliver(w.ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := numbers(read(t, c.list)); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

// A process whose lease ran out while it was sending changes nothing afterwards.
func TestALeaseThatRanOut(t *testing.T) {
	w := open(t)
	c := w.catch("ok")
	w.on(w.town, Webhook, Config{URL: c.URL, Secret: secret})
	w.task(1)
	q, ok, err := w.s.claim(w.ctx)
	w.must(err)
	w.now = w.now.Add(leaseFor)
	w.deliver(w.two)
	ours, err := w.s.give(w.ctx, q, 5, 0)
	if err != nil || ours || !ok {
		t.Errorf("took back what somebody else had finished: %v, %v", ours, err)
	}
}

// What never arrives is put aside after three days, holds up nothing, and is sent again by hand with its own ID.
func TestPutAsideAndSentAgain(t *testing.T) {
	w := open(t)
	c := w.catch("ok")
	w.on(w.town, Webhook, Config{URL: c.URL, Secret: secret})
	c.away = true
	w.task(1)
	w.deliver(w.s)
	w.now = w.now.Add(giveUp + time.Minute)
	w.deliver(w.s)
	l := w.log()
	if l[0].State != Aside || l[0].Error != "channel.err.refused" {
		t.Fatalf("%+v", l)
	}
	c.away = false
	w.task(2)
	w.deliver(w.s)
	w.must(w.s.Again(w.as(w.town, 1), w.town.ID, l[0].ID))
	w.refused("channel.again_not", w.s.Again(w.as(w.town, 1), w.town.ID, l[0].ID))
	w.deliver(w.s)
	b := read(t, c.taken())
	if len(b) != 2 || b[0].No != 2 || b[1].ID != l[0].ID.String() {
		t.Errorf("%+v", b)
	}
}

// Switched off means that nothing more goes out, not even what was waiting.
func TestSwitchedOff(t *testing.T) {
	w := open(t)
	c := w.catch("ok")
	w.on(w.town, Webhook, Config{URL: c.URL, Secret: secret})
	w.task(1)
	w.must(w.s.Switch(w.as(w.town, 1), w.town.ID, Webhook, false))
	w.task(2)
	w.deliver(w.s)
	if l := w.log(); len(c.list) != 0 || len(l) != 1 || l[0].State != Aside {
		t.Errorf("%d sent, %+v", len(c.list), l)
	}
}

// The robots' own schemes: DingTalk's signature in the address, WeCom's key; both say in the body what they think.
func TestRobots(t *testing.T) {
	w := open(t)
	ding, wecom := w.catch(`{"errcode":0,"errmsg":"ok"}`), w.catch(`{"errcode":45009,"errmsg":"too fast"}`)
	w.on(w.town, DingTalk, Config{URL: ding.URL + "/robot/send?access_token=t1", Secret: "SECxyz"})
	w.on(w.town, WeCom, Config{URL: wecom.URL + "/cgi-bin/webhook/send?key=k1"})
	w.task(1)
	if n := w.deliver(w.s); n != 1 {
		t.Fatalf("%d arrived", n)
	}
	q, err := url.ParseQuery(ding.list[0].query)
	w.must(err)
	m := hmac.New(sha256.New, []byte("SECxyz"))
	fmt.Fprintf(m, "%d\nSECxyz", w.now.UnixMilli())
	if q.Get("access_token") != "t1" || q.Get("timestamp") != fmt.Sprint(w.now.UnixMilli()) || q.Get("sign") != base64.StdEncoding.EncodeToString(m.Sum(nil)) {
		t.Errorf("%v", q)
	}
	if wecom.list[0].query != "key=k1" {
		t.Error(wecom.list[0].query)
	}
	wecom.answer = `{"errcode":0}`
	w.now = w.now.Add(time.Minute)
	w.deliver(w.s)
	for _, g := range append(ding.list, wecom.list...) {
		var b struct {
			Msgtype string
			Text    struct{ Content string }
		}
		if err := json.Unmarshal([]byte(g.body), &b); err != nil || b.Msgtype != "text" || !strings.Contains(b.Text.Content, site+"/inbox") || !strings.Contains(b.Text.Content, "编号") || strings.Contains(g.body, canary) {
			t.Errorf("%s %v", g.body, err)
		}
	}
}

// verified lets somebody of a unit choose mail and type the code that came.
func (w *world) verified(ctx context.Context, box *mailbox, mode, mail string) {
	w.Helper()
	sent, err := w.s.Choose(ctx, mode, mail)
	w.must(err)
	if !sent {
		w.Fatal("no code was sent")
	}
	all := box.texts()
	code := regexp.MustCompile(`\d{6}`).FindString(all[len(all)-1][strings.Index(all[len(all)-1], "\n\n"):])
	w.must(w.s.Verify(ctx, code))
}

func (w *world) mailOn(box *mailbox) {
	w.Helper()
	w.on(w.city, Mail, Config{Host: "127.0.0.1", Port: box.port, User: "u", Password: "p", From: "gx@example.cn"})
}

// A mail goes only to an address whose owner has typed the code, over TLS, and holds a link alone.
func TestMailAtOnce(t *testing.T) {
	w := open(t)
	box := w.mailbox(false)
	me := w.as(w.town, 7)
	_, err := w.s.Choose(me, AtNow, "chen@example.cn")
	w.refused("channel.no_mail_here", err)
	w.mailOn(box)
	sent, err := w.s.Choose(me, AtNow, "chen@example.cn")
	if err != nil || !sent {
		t.Fatal(sent, err)
	}
	w.task(1) // the address does not count yet
	if n := w.deliver(w.s); n != 0 {
		t.Fatalf("%d mails before the code", n)
	}
	if err := w.s.Verify(me, "no"); err == nil {
		t.Error("a wrong code was taken")
	}
	_, err = w.s.Choose(me, AtNow, "other@example.cn")
	w.refused("channel.code_often", err)
	w.now = w.now.Add(time.Minute)
	w.verified(me, box, AtNow, "chen@example.cn")
	w.task(2)
	if n := w.deliver(w.s); n != 1 {
		t.Fatalf("%d mails; %+v", n, w.log())
	}
	last := box.texts()[2]
	if !strings.Contains(last, site+"/inbox") || !strings.Contains(last, w.log()[0].ID.String()+"@xinhuo") || strings.Contains(last, canary) {
		t.Errorf("%s", last)
	}
	if slices.IndexFunc(box.said, func(s string) bool { return strings.HasPrefix(s, "AUTH") }) < slices.Index(box.said, "STARTTLS") {
		t.Error("the password came before the encryption")
	}
	w.who[7] = scope.Actor{} // the account is disabled
	w.task(3)
	w.deliver(w.s)
	if l := w.log(); l[1].State != Aside || l[1].Error != "channel.err.person" {
		t.Errorf("%+v", l)
	}
}

// A server that offers no encryption gets neither password nor mail.
func TestNoMailInPlainText(t *testing.T) {
	w := open(t)
	box := w.mailbox(true)
	w.mailOn(box)
	_, err := w.s.Choose(w.as(w.town, 7), AtNow, "chen@example.cn")
	w.refused("channel.code_not_sent", err)
	for _, line := range box.said {
		if strings.HasPrefix(line, "AUTH") || strings.HasPrefix(line, "MAIL") {
			t.Errorf("said %q", line)
		}
	}
}

// A code is tried five times and holds for half an hour.
func TestCodesRunOut(t *testing.T) {
	w := open(t)
	box := w.mailbox(false)
	w.mailOn(box)
	me := w.as(w.town, 7)
	for _, spoil := range []func(){
		func() {
			for range maxTries {
				_ = w.s.Verify(me, "000")
			}
		},
		func() { w.now = w.now.Add(codeHolds + time.Second) },
	} {
		_, err := w.s.Choose(me, AtNow, "chen@example.cn")
		w.must(err)
		all := box.texts()
		code := regexp.MustCompile(`\d{6}`).FindString(all[len(all)-1][strings.Index(all[len(all)-1], "\n\n"):])
		spoil()
		if w.s.Verify(me, code) == nil {
			t.Error("a spoilt code was taken")
		}
		w.now = w.now.Add(time.Minute)
	}
}

// Issue 4, item 2: one digest a day at eight, of counts; none when nothing waits.
func TestDailyDigest(t *testing.T) {
	w := open(t)
	box := w.mailbox(false)
	w.mailOn(box)
	w.verified(w.as(w.town, 7), box, Daily, "chen@example.cn")
	w.verified(w.as(w.city, 8), box, Daily, "li@example.cn") // nothing waits for the city
	w.task(1)
	w.must(w.flow.AddTask(w.ctx, flow.NewTask{Key: "late", Unit: w.town.ID, Pos: w.town.Pos, TitleKey: "t", Due: today}))
	digest := func(at time.Time) int {
		w.now = at
		n, err := w.s.Digest(w.ctx)
		w.must(err)
		return n
	}
	morning := today.AddDays(1).Time()
	if n := digest(morning.Add(7*time.Hour + 59*time.Minute)); n != 0 {
		t.Errorf("%d before eight", n)
	}
	if n := digest(morning.Add(8 * time.Hour)); n != 1 {
		t.Errorf("%d at eight", n)
	}
	if n := digest(morning.Add(9 * time.Hour)); n != 0 {
		t.Errorf("%d more at nine", n)
	}
	w.deliver(w.s)
	all := box.texts()
	last := all[len(all)-1]
	if len(all) != 3 || !strings.Contains(last, "待办2件，其中逾期1件，新到2件") || strings.Contains(last, canary) {
		t.Errorf("%d mails, %s", len(all), last)
	}
	w.must(w.flow.DoneTask(w.ctx, "late"))
	w.must(w.flow.DoneTask(w.ctx, canary+"1"))
	if n := digest(morning.AddDate(0, 0, 1).Add(8 * time.Hour)); n != 0 {
		t.Errorf("%d although nothing waits", n)
	}
}

// Secrets, addresses and telephone numbers stand nowhere in plain words, and are kept when a form leaves them empty.
func TestSecretsStaySecret(t *testing.T) {
	w := open(t)
	c := w.catch("ok")
	w.on(w.town, SMS, Config{URL: c.URL + "/path-is-secret", Secret: secret, To: []string{"13900000001"}})
	rows, err := db.Select[string](w.ctx, w.d, `SELECT config || shown || site FROM channel_way`)
	w.must(err)
	for _, word := range []string{secret, "path-is-secret", "13900000001"} {
		if strings.Contains(strings.Join(rows, ""), word) {
			t.Errorf("%s stands in the database", word)
		}
	}
	w.must(w.s.Set(w.as(w.town, 1), w.town.ID, SMS, Config{To: []string{"13900000002"}}, site))
	w.task(1)
	w.deliver(w.s)
	if b := read(t, c.taken()); len(b) != 1 || !slices.Equal(b[0].To, []string{"13900000002"}) {
		t.Errorf("%+v", b)
	}
	w.must(w.s.Set(w.as(w.town, 1), w.town.ID, SMS, Config{}, site))
	if _, conf, err := w.s.known(w.ctx, w.town, SMS); err != nil || !slices.Equal(conf.To, []string{"13900000002"}) {
		t.Errorf("the numbers were not kept: %v", err)
	}
	// what the form does not show of a mail server stays, too
	box := w.mailbox(false)
	w.mailOn(box)
	w.must(w.s.Set(w.as(w.city, 1), w.city.ID, Mail, Config{Host: "127.0.0.1", Port: 587}, site))
	if _, conf, err := w.s.known(w.ctx, w.city, Mail); err != nil || conf.Port != 587 || conf.User != "u" || conf.Password != "p" || conf.From != "gx@example.cn" {
		t.Errorf("another port, and %+v, %v", conf, err)
	}
	// another server does not get the password of the former one
	w.must(w.s.Set(w.as(w.city, 1), w.city.ID, Mail, Config{Host: "localhost", Port: box.port, User: "u", From: "gx@example.cn"}, site))
	_, conf, err := w.s.known(w.ctx, w.city, Mail)
	if err != nil || conf.Password != "" {
		t.Errorf("the password went along: %v", err)
	}
}

// Only the open internet is reached, whatever a name leads to, unless the operator says otherwise.
func TestPrivateNetworksAreClosed(t *testing.T) {
	for ip, want := range map[string]bool{"127.0.0.1": true, "10.1.2.3": true, "192.168.0.1": true, "172.16.0.1": true, "169.254.169.254": true, "100.100.100.200": true, "0.0.0.0": true, "::1": true, "fd00::1": true,
		"::ffff:10.0.0.1": true, "224.0.0.1": true, "64:ff9b::a00:1": true, "8.8.8.8": false, "2400:3200::1": false} {
		if private(netip.MustParseAddr(ip)) != want {
			t.Errorf("%s: private is %v", ip, !want)
		}
	}
	for _, u := range []string{"http://example.cn/x", "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "ftp://example.cn", "https://u:p@example.cn/", ""} {
		if check(Webhook, Config{URL: u, Secret: secret}, site, false, false) == nil {
			t.Errorf("%s was taken", u)
		}
	}
	w := open(t)
	c := w.catch("ok")
	w.on(w.town, Webhook, Config{URL: strings.Replace(c.URL, "127.0.0.1", "localhost", 1), Secret: secret})
	w.s.open = false // the name was taken, what it leads to is looked at when the connection is made
	w.task(1)
	w.deliver(w.s)
	if l := w.log(); len(c.list) != 0 || l[0].Error != "channel.err.private" {
		t.Errorf("%d requests, %+v", len(c.list), l)
	}
}

// Only an administrator of the unit runs its channels.
func TestWhoRunsChannels(t *testing.T) {
	w := open(t)
	ctx := w.as(w.town, 1)
	if _, err := w.s.Ways(ctx, w.city.ID); err == nil {
		t.Error("a town reads the channels of the city")
	}
	w.refused("errs.not_yours", w.s.Set(ctx, w.city.ID, Webhook, Config{URL: "https://example.cn", Secret: secret}, site))
	w.refused("channel.not_set", w.s.Switch(ctx, w.town.ID, Webhook, true))
	if err := w.s.Again(ctx, w.town.ID, id.New()); err == nil {
		t.Error("a message of nobody was sent again")
	}
}
