package flow

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// An open inbox hears at once that new work has come (server-sent events), while its page works without: the script shows a
// line that leads to the inbox. Nothing of the work itself is sent. One statement a second asks the database for the units of
// all who listen to this server, so that it does not matter on which server somebody posts; lines that modules lend have no
// row to ask for: who sends them out wakes those who listen to the same server, and they are asked for once a minute.

const (
	// mostLive is how many may listen to one server, mostOwn how many pages of one account.
	mostLive, mostOwn = 2000, 6
	// liveFor is how long one connection lasts; the browser comes back by itself, with rights that are asked for anew.
	liveFor = 4 * time.Minute
)

// standing is what waits in some units: how much, and when the last of it came (unix milliseconds).
type standing struct{ n, last int64 }

// live are those who listen.
type live struct {
	mu    sync.Mutex
	all   map[*listener]bool
	ended bool
	polls bool
}

type listener struct {
	account id.ID
	units   []id.ID
	told    chan standing // holds the latest only
	lent    chan struct{} // lines that a module lends have come
}

// EndLive ends all connections, when the server stops.
func (s *Service) EndLive() {
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	if !s.live.ended {
		s.live.ended = true
		for l := range s.live.all {
			close(l.told)
		}
		s.live.all = nil
	}
}

// listen adds a listener; it answers false when there are too many.
func (s *Service) listen(ctx context.Context, l *listener) bool {
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	own := 0
	for o := range s.live.all {
		if o.account == l.account {
			own++
		}
	}
	if s.live.ended || len(s.live.all) >= mostLive || own >= mostOwn {
		return false
	}
	if s.live.all == nil {
		s.live.all = map[*listener]bool{}
	}
	s.live.all[l] = true
	if !s.live.polls {
		s.live.polls = true
		go s.poll(scope.With(context.WithoutCancel(ctx), scope.System("flow.live")))
	}
	return true
}

// listening are the units of all who listen to this server.
func (s *Service) listening() []id.ID {
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	units := map[id.ID]bool{}
	for l := range s.live.all {
		for _, u := range l.units {
			units[u] = true
		}
	}
	return slices.Sorted(maps.Keys(units))
}

// lentCame tells those who listen in some units that lines that a module lends have come to them.
func (s *Service) lentCame(units []id.ID) {
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	for l := range s.live.all {
		if slices.ContainsFunc(l.units, func(u id.ID) bool { return slices.Contains(units, u) }) {
			select {
			case l.lent <- struct{}{}:
			default:
			}
		}
	}
}

func (s *Service) leave(l *listener) {
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	delete(s.live.all, l)
}

// poll asks once a second what stands in the units of all who listen, and ends with the last of them.
func (s *Service) poll(ctx context.Context) {
	for t := time.NewTicker(time.Second); ; <-t.C {
		s.live.mu.Lock()
		if len(s.live.all) == 0 {
			s.live.polls = false
			s.live.mu.Unlock()
			t.Stop()
			return
		}
		s.live.mu.Unlock()
		at, err := s.standingAcrossUnits(ctx, s.listening())
		if err != nil {
			continue // the database is away: the pages say so, this goes on when it is back
		}
		s.live.mu.Lock()
		for l := range s.live.all {
			select { // what was not yet told is out of date
			case <-l.told:
			default:
			}
			l.told <- l.sum(at)
		}
		s.live.mu.Unlock()
	}
}

func (l *listener) sum(at map[id.ID]standing) standing {
	var out standing
	for _, u := range l.units {
		out.n += at[u].n
		out.last = max(out.last, at[u].last)
	}
	return out
}

// LiveAt is where a page that is made now hears of what comes after it.
func LiveAt(now int64) string { return fmt.Sprintf("/inbox/live?seen=-1.%d.-1", now) }

// showLive tells an open page that more has come since it was made, or since it last asked: ?seen= is the number of tasks,
// when the last had come, and the number of lent lines; -1 is what a page does not know. Whoever does not ask for events
// gets one answer.
func (s *Service) showLive(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a := scope.From(ctx)
	h, err := s.hands(ctx, a)
	if err != nil {
		return err
	}
	l := &listener{account: a.Account, units: slices.Clone(h.own), told: make(chan standing, 1), lent: make(chan struct{}, 1)}
	for _, u := range h.sub {
		l.units = append(l.units, u.Unit)
	}
	lent, err := s.lentTo(ctx, a, h)
	if err != nil {
		return err
	}
	at, err := s.standingAcrossUnits(ctx, l.units)
	if err != nil {
		return err
	}
	stream := strings.Contains(r.Header.Get("Accept"), "text/event-stream")
	if stream {
		if !s.listen(ctx, l) {
			return errs.New(errs.Throttled, "flow.live_full")
		}
		defer s.leave(l)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would keep it back
	c := http.NewResponseController(w)
	say := func(text string) error {
		_ = c.SetWriteDeadline(time.Now().Add(time.Minute))
		if _, err := fmt.Fprint(w, text); err != nil {
			return err
		}
		return c.Flush()
	}
	was, wasLent := l.sum(at), len(lent)
	seen := was
	if _, err := fmt.Sscanf(r.URL.Query().Get("seen"), "%d.%d.%d", &seen.n, &seen.last, &wasLent); err != nil {
		seen = was
	}
	if seen.n < 0 {
		seen.n = was.n
	}
	if wasLent < 0 {
		wasLent = len(lent)
	}
	tell := func(now standing, lent int) error {
		word := "same"
		if now.last > seen.last || now.n > seen.n || lent > wasLent {
			word = "new"
		}
		return say(fmt.Sprintf("event: %s\ndata: %d.%d.%d\n\n", word, now.n, now.last, lent))
	}
	if err := tell(was, len(lent)); err != nil || !stream {
		return nil
	}
	seen, wasLent = standing{max(seen.n, was.n), max(seen.last, was.last)}, max(wasLent, len(lent))
	end, minute := time.NewTimer(liveFor), time.NewTicker(time.Minute)
	defer end.Stop()
	defer minute.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-end.C:
			return nil
		case now, open := <-l.told:
			if !open {
				return nil
			}
			if now == was {
				continue
			}
			err = tell(now, wasLent)
			was, seen = now, standing{now.n, max(seen.last, now.last)}
		case <-l.lent:
			if lent, err = s.lentTo(ctx, a, h); err != nil {
				return nil
			}
			wasLent = len(lent)
			err = say(fmt.Sprintf("event: new\ndata: %d.%d.%d\n\n", was.n, was.last, wasLent))
		case <-minute.C:
			if lent, err = s.lentTo(ctx, a, h); err != nil {
				return nil
			}
			err = tell(was, len(lent))
			wasLent = len(lent)
		}
		if err != nil {
			return nil // the page is gone
		}
	}
}

// liveRoute is the address of the events.
func (s *Service) liveRoute() web.Route {
	return web.Route{Method: "GET", Path: "/inbox/live", Right: scope.SignedIn, Scope: web.Self, Name: "flow.showLive", Handler: s.showLive}
}
