package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// routes are app's own: the home page, search, files, health.
func (a *App) routes() []web.Route {
	out := []web.Route{
		a.homePage(),
		stylesheet.route(), icon.route(), script.route(), passkeys.route(), aloud.route(),
		{Method: "GET", Path: "/healthz", Right: scope.Anyone, Scope: web.Public, Name: "app.health", Handler: a.health},
	}
	return append(out, a.pages()...)
}

func (a *App) health(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.DB.Tables(r.Context()); err != nil {
		return err
	}
	_, err := w.Write([]byte("ok\n"))
	return err
}

// Listen takes the wanted port of an address, or another when it is taken.
func Listen(host string, port int) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(host, fmt.Sprint(port)))
	if err == nil || port == 0 {
		return l, err
	}
	for p := port + 1; p < port+20; p++ {
		if l, again := net.Listen("tcp", net.JoinHostPort(host, fmt.Sprint(p))); again == nil {
			return l, nil
		}
	}
	return nil, fmt.Errorf("app: no free port near %d: %w", port, err)
}

// Serve answers until ctx ends, then lets running requests finish. Background work (folding, sealing the log, what the
// clock brings) runs beside it.
func (a *App) Serve(ctx context.Context, l net.Listener) error {
	h, err := a.Handler()
	if err != nil {
		return err
	}
	jobs, stop := context.WithCancel(a.System(ctx, "jobs"))
	defer stop()
	done := a.jobs(jobs)
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute}
	srv.RegisterOnShutdown(a.Flow.EndLive)
	fail := make(chan error, 1)
	go func() { fail <- srv.Serve(l) }()
	select {
	case err = <-fail:
	case <-ctx.Done():
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		err = srv.Shutdown(end)
	}
	stop()
	<-done
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// jobs starts what runs behind the pages; every one of them may be killed at any moment and go on later.
func (a *App) jobs(ctx context.Context) <-chan struct{} {
	report := func(job string) func(error) {
		return func(err error) { slog.Error("job", "job", job, "err", err) }
	}
	every := func(d time.Duration, name string, f func(context.Context) error) func() {
		return func() {
			t := time.NewTicker(d)
			defer t.Stop()
			for {
				if err := f(ctx); err != nil && ctx.Err() == nil {
					report(name)(err)
				}
				select {
				case <-ctx.Done():
					return
				case <-t.C:
				}
			}
		}
	}
	list := []func(){
		func() { a.Ledger.FoldEvery(ctx, time.Second, report("fold")) },
		every(5*time.Second, "seal", func(ctx context.Context) error { _, err := a.Audit.Seal(ctx); return err }),
		every(time.Hour, "watch", a.Audit.Daily),
		every(2*time.Second, "channel", func(ctx context.Context) error { _, err := a.Channel.Deliver(ctx); return err }),
		every(time.Minute, "digest", func(ctx context.Context) error { _, err := a.Channel.Digest(ctx); return err }),
		every(siteEvery, "site", a.readSite),
		every(5*time.Second, "bulk", a.Library.WorkBatches),
		every(time.Minute, "care", a.Care.Minute),
		every(time.Minute, "mandatory", func(ctx context.Context) error { _, err := a.Mandatory.Rise(ctx); return err }),
		every(time.Minute, "opened", a.Library.WriteOpened),
		every(time.Minute, "pace", a.Portal.WritePace),
		every(time.Hour, "daily", a.Daily),
		every(time.Hour, "library", a.Library.Fill),
	}
	done := make(chan struct{})
	left := make(chan struct{}, len(list))
	for _, f := range list {
		go func() { f(); left <- struct{}{} }()
	}
	go func() {
		for range list {
			<-left
		}
		close(done)
	}()
	return done
}

// Daily is what the clock brings: steps of running cases, reminders of what expires. It may run as often as one likes.
func (a *App) Daily(ctx context.Context) error {
	if _, err := a.Flow.Tick(ctx); err != nil {
		return err
	}
	if _, err := a.Base.Daily(ctx); err != nil {
		return err
	}
	if _, err := a.Volunteer.Daily(ctx); err != nil {
		return err
	}
	if _, err := a.Feedback.Daily(ctx); err != nil {
		return err
	}
	if _, err := a.Survey.Daily(ctx); err != nil {
		return err
	}
	if _, err := a.Signal.Daily(ctx); err != nil {
		return err
	}
	if _, err := a.Care.Publish(ctx); err != nil {
		return err
	}
	if err := a.Seal.Daily(ctx); err != nil {
		return err
	}
	if err := a.Casework.Daily(ctx); err != nil {
		return err
	}
	if _, err := a.Aid.Daily(ctx); err != nil {
		return err
	}
	if _, err := a.Portal.Daily(ctx); err != nil {
		return err
	}
	if _, err := a.Activity.Daily(ctx); err != nil {
		return err
	}
	if _, err := web.ExpireDrafts(ctx, a.DB); err != nil {
		return err
	}
	if _, err := web.ExpireOnce(ctx, a.DB); err != nil {
		return err
	}
	if err := a.Library.Tidy(ctx); err != nil {
		return err
	}
	if err := a.sweepDaily(ctx); err != nil {
		return err
	}
	return a.Account.Clean(ctx)
}
