package app

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"xinhuo/internal/kit/clock"
)

// BenchSites measures the public site of the demonstration's city alone: visitors at a steady 300 a second, as docs/benchmarks.md promises.
func BenchSites(ctx context.Context, w io.Writer) error {
	dir, err := os.MkdirTemp("", "xinhuo-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "demo.db")
	if _, err := MakeDemo(ctx, path, clock.DayOf(time.Now()), func(int, int) {}); err != nil {
		return err
	}
	a, err := Open(ctx, Config{DSN: path, Demo: true})
	if err != nil {
		return err
	}
	defer a.Close()
	return a.benchSites(ctx, w)
}

const (
	visits       = 300 // a second
	visitSeconds = 20
)

// benchSites sends visitors to a server as it runs, jobs and all: each asks when their time has come, whether those before were answered or
// not, and the time counts from then.
func (a *App) benchSites(ctx context.Context, w io.Writer) (err error) {
	l, err := Listen("127.0.0.1", 0)
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- a.Serve(serving, l) }()
	defer func() {
		stop()
		if e := <-ended; err == nil {
			err = e
		}
	}()
	c := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 512, DisableCompression: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	get := func(path string) (body []byte, err error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+l.Addr().String()+path, nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Accept-Encoding", "gzip")
		r, err := c.Do(req)
		if err != nil {
			return nil, err
		}
		defer r.Body.Close()
		if body, err = io.ReadAll(r.Body); err == nil && r.StatusCode != http.StatusOK {
			err = fmt.Errorf("bench: %s answered %d", path, r.StatusCode)
		}
		return body, err
	}
	paths, err := a.visitedPages(ctx)
	if err != nil {
		return err
	}
	took := make([]times, len(paths))
	var mu sync.Mutex
	var failed error
	var all sync.WaitGroup
	spent := processorMS()
	began := time.Now()
	for n := range visits * visitSeconds {
		due := began.Add(time.Duration(n) * time.Second / visits)
		time.Sleep(time.Until(due))
		all.Go(func() {
			_, err := get(paths[n%len(paths)])
			d := time.Since(due)
			mu.Lock()
			defer mu.Unlock()
			if took[n%len(paths)] = append(took[n%len(paths)], d); err != nil {
				failed = err
			}
		})
	}
	all.Wait()
	spent = processorMS() - spent
	if failed != nil {
		return failed
	}
	var every times
	for n, path := range paths {
		every = append(every, took[n]...)
		fmt.Fprintf(w, "%-58s p50 %s  p95 %s\n", "  "+path, round(took[n].at(.5)), round(took[n].at(.95)))
	}
	fmt.Fprintf(w, "%-58s p50 %s  p95 %s  p99 %s\n", fmt.Sprintf("public site at %d requests/s for %d s", visits, visitSeconds), round(every.at(.5)), round(every.at(.95)), round(every.at(.99)))
	fmt.Fprintf(w, "%-58s %8.2fms\n", "  processor time a request, of server and visitor", spent/visits/visitSeconds)
	for _, path := range paths {
		page, err := get(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%-58s %7d B with style %d and icon %d, gzip\n", "  first visit "+path, len(page)+len(stylesheet.gz)+len(icon.gz), len(stylesheet.gz), len(icon.gz))
	}
	return nil
}

// visitedPages are pages of the demonstration's city that visitors look at: the home page, news, one piece of them, figures, where help is asked for.
func (a *App) visitedPages(ctx context.Context) ([]string, error) {
	ctx = a.System(ctx, "bench")
	u, err := a.Org.ByCode(ctx, demoSites[0].code)
	if err != nil {
		return nil, err
	}
	site := "/s/" + demoSites[0].site.Slug
	news, err := a.Portal.News(ctx, u, 0)
	if err != nil {
		return nil, err
	}
	desks, err := (portalProgram{App: a}).Desks(ctx, u)
	if err != nil {
		return nil, err
	}
	if len(news) == 0 || len(desks) == 0 {
		return nil, fmt.Errorf("bench: the demonstration has %d news and %d desks", len(news), len(desks))
	}
	return []string{site, site + "/news", site + "/news/" + news[0].Ref().String(), site + "/figures", "/ask?unit=" + desks[0].Unit.String()}, nil
}
