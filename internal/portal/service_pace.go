package portal

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// How long pages took is kept as how many answers of a day took at most so many milliseconds: so it can be summed over servers, and
// stays small. The limit of the self-check must be a step.
var paceSteps = []int64{10, 20, 50, 100, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000}

const (
	paceDays = 7  // the self-check speaks of
	paceKept = 35 // days after which the times of a day are forgotten
	paceFew  = 20 // answers of a page that say nothing yet
)

// paceOf is the step for a time; beyond the last one -1.
func paceOf(d time.Duration) int64 {
	for _, most := range paceSteps {
		if d <= time.Duration(most)*time.Millisecond {
			return most
		}
	}
	return -1
}

// timed are answers of one kind of page of one site on one day, within one step.
type timed struct {
	slug, part string
	day        clock.Day
	most       int64
}

// pace is what this server has answered since it last wrote it down.
type pace struct {
	mu    sync.Mutex
	times map[timed]int64
}

func (p *pace) add(t timed, n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.times == nil {
		p.times = map[timed]int64{}
	}
	p.times[t] += n
}

func (s *Service) took(ctx context.Context, slug, column string, d time.Duration) {
	s.pace.add(timed{slug, column, clock.Today(ctx), paceOf(d)}, 1)
}

// WritePace writes down how long pages took since the last time; the clock calls it each minute. What a crash or the end of
// the program takes with it is no loss to anybody.
func (s *Service) WritePace(ctx context.Context) (err error) {
	defer errs.Wrapf(&err, "portal.WritePace")
	s.pace.mu.Lock()
	times := s.pace.times
	s.pace.times = nil
	s.pace.mu.Unlock()
	if len(times) == 0 {
		return nil
	}
	keys := make([]timed, 0, len(times))
	for t := range times {
		keys = append(keys, t)
	}
	slices.SortFunc(keys, func(a, b timed) int { // two servers at once go in the same order, so that neither waits for the other
		return cmp.Or(cmp.Compare(a.slug, b.slug), cmp.Compare(a.day, b.day), cmp.Compare(a.part, b.part), cmp.Compare(a.most, b.most))
	})
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		for _, t := range keys {
			unit, err := s.calledAcrossUnits(ctx, t.slug)
			if errs.Is(err, errs.NotFound) { // it has another address since
				continue
			}
			if err != nil {
				return err
			}
			x, err := s.siteAcrossUnits(ctx, unit)
			if err == nil {
				err = s.addPace(ctx, x.Root, unit, t, times[t])
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil { // another time
		for t, n := range times {
			s.pace.add(t, n)
		}
	}
	return err
}

// slow are the kinds of page of a unit's site of which more than 5 of 100 answers took longer than the limit in the last days, on all
// servers, each with the milliseconds that they took at least.
func (s *Service) slow(ctx context.Context, unit id.ID) (map[string]int64, error) {
	rows, err := s.paceAcrossUnits(ctx, unit, clock.Today(ctx).AddDays(1-paceDays))
	if err != nil {
		return nil, err
	}
	counts := map[string]map[int64]int64{}
	for _, r := range rows {
		if counts[r.Part] == nil {
			counts[r.Part] = map[int64]int64{}
		}
		counts[r.Part][r.Most] += r.N
	}
	out := map[string]int64{}
	for part, n := range counts {
		if over, ok := p95(n); ok && over >= limits.Slow {
			out[part] = over
		}
	}
	return out, nil
}

// p95 is what 95 of 100 answers did not take longer than: more than over, and no more than the next step. False before paceFew answers.
func p95(n map[int64]int64) (over int64, ok bool) {
	var all, up int64
	for _, c := range n {
		all += c
	}
	if all < paceFew {
		return 0, false
	}
	for _, most := range paceSteps {
		if up += n[most]; up*100 >= all*95 {
			return over, true
		}
		over = most
	}
	return over, true
}
