package flow_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/id"
)

// stream opens the events of a role and answers the next one each time it is asked; "" when the stream has ended.
func (b browser) stream(role, path string) func() string {
	b.f.t.Helper()
	srv := httptest.NewServer(b.h)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	b.f.t.Cleanup(func() { cancel(); srv.CloseClientConnections(); srv.Close() })
	r, err := http.NewRequestWithContext(ctx, "GET", srv.URL+path, nil)
	if err != nil {
		b.f.t.Fatal(err)
	}
	r.Header.Set("Role", role)
	r.Header.Set("Accept", "text/event-stream")
	got, err := srv.Client().Do(r)
	if err != nil {
		b.f.t.Fatal(err)
	}
	if got.StatusCode != http.StatusOK {
		return func() string { return got.Status }
	}
	in := bufio.NewScanner(got.Body)
	return func() string {
		word := ""
		for in.Scan() {
			if in.Text() == "" {
				return word
			}
			if w, ok := strings.CutPrefix(in.Text(), "event: "); ok {
				word = w
			}
		}
		return ""
	}
}

// An open inbox hears at once that something has come, and not when something is done; it hears nothing of others' work, and
// the stream ends with the server. // issue 4, item 8: in-app at once
func TestAnOpenInboxHearsAtOnce(t *testing.T) {
	f := open(t)
	b := f.browser()
	post := func(key string, unit int) {
		t.Helper()
		u := []flow.NewTask{{Key: key, Unit: county, Pos: f.tree[county].pos, TitleKey: "x"}, {Key: key, Unit: sibling, Pos: f.tree[sibling].pos, TitleKey: "x"}}[unit]
		if err := f.s.AddTask(f.as("system"), u); err != nil {
			t.Fatal(err)
		}
	}
	post("one", 0)
	next := b.stream("county", "/inbox/live")
	if got := next(); got != "same" {
		t.Fatalf("at first: %q", got)
	}
	post("another's", 1)
	post("two", 0)
	if got := next(); got != "new" {
		t.Errorf("after a task: %q", got)
	}
	if err := f.s.DoneTask(f.as("system"), "one"); err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "same" {
		t.Errorf("after one was done: %q", got)
	}
	// What came to many units at once and has no row is heard of as soon as it was sent, by those whom it reaches.
	sent := func(to id.ID) {
		t.Helper()
		if err := f.db.Tx(f.as("system"), func(ctx context.Context) error {
			return f.s.TellCame(ctx, func(_ context.Context, units []id.ID) ([]id.ID, error) {
				if slices.Contains(units, to) {
					return []id.ID{to}, nil
				}
				return nil, nil
			})
		}); err != nil {
			t.Fatal(err)
		}
	}
	sent(sibling)
	if err := f.s.DoneTask(f.as("system"), "two"); err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "same" {
		t.Errorf("after something came to another unit: %q", got)
	}
	sent(county)
	if got := next(); got != "new" {
		t.Errorf("after something came to many: %q", got)
	}
	post("four", 0)
	if got := next(); got != "new" {
		t.Errorf("after one more task: %q", got)
	}
	if got := b.get("county", "/inbox/live?seen=0.0.0").Body.String(); !strings.HasPrefix(got, "event: new\ndata: 1.") || strings.Contains(got, "four") {
		t.Errorf("whoever comes back after something has come: %q", got)
	}
	if got := b.get("county", "/inbox/live?seen=x").Body.String(); !strings.HasPrefix(got, "event: same\n") {
		t.Errorf("an address that says nothing: %q", got)
	}
	for range 5 {
		b.stream("county", "/inbox/live")()
	}
	if got := b.stream("county", "/inbox/live")(); got != "429 Too Many Requests" {
		t.Errorf("the seventh page of one account: %q", got)
	}
	f.s.EndLive()
	if got := next(); got != "" {
		t.Errorf("after the server's end: %q", got)
	}
}
