package app

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"xinhuo/internal/coord"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// benchNetwork sends one notice to a province of 100,000 committees: how long issuing takes, what its page costs at the top
// while units receive it, and an inbox with 10,000 lines behind it.
func (a *App) benchNetwork(ctx context.Context, w io.Writer) error {
	units := []org.NewUnit{{Code: "99", Name: "东江省", Level: org.Province, From: "2000-01-01"}}
	add := func(parent, code, name string, level org.Level, kind org.Kind) {
		units = append(units, org.NewUnit{Code: code, Name: name, Level: level, Kind: kind, ParentCode: parent, From: "2000-01-01"})
	}
	for c := 1; c <= 10; c++ {
		city := fmt.Sprintf("99%02d", c)
		add("99", city, fmt.Sprintf("第%d市", c), org.City, "")
		for k := 1; k <= 10; k++ {
			county := fmt.Sprintf("%s%02d", city, k)
			add(city, county, fmt.Sprintf("第%d县", k), org.County, "")
			for t := 1; t <= 20; t++ {
				town := fmt.Sprintf("%s%03d", county, t)
				add(county, town, fmt.Sprintf("第%d镇", t), org.Township, org.Town)
				for v := 1; v <= 49; v++ {
					add(town, fmt.Sprintf("%s%03d", town, v), fmt.Sprintf("第%d村", v), org.Village, "")
				}
			}
		}
	}
	began := time.Now()
	if err := a.Org.FoundAll(ctx, units); err != nil {
		return err
	}
	fmt.Fprintf(w, "%-58s %10s\n", fmt.Sprintf("%d units founded", len(units)), round(time.Since(began)))
	top, err := a.Org.ByCode(ctx, "99")
	if err != nil {
		return err
	}
	office := func(u org.Unit) context.Context {
		own := scope.Set{u.Range()}
		return scope.With(ctx, scope.Actor{Account: u.ID, Name: "经办人", Unit: u.ID, Pos: u.Pos, WorkSet: own, ViewSet: own, FindSet: scope.All})
	}
	at := office(top)
	day := clock.Today(ctx)
	began = time.Now()
	ref, err := a.Coord.Create(at, coord.Notice{Unit: top.ID, Kind: "task", Title: "开展暑期安全教育", Due: day.AddDays(20),
		Targets: coord.Targets{Levels: []org.Level{org.City, org.County, org.Township, org.Village}}}, record.Change{})
	if err != nil {
		return err
	}
	if err := a.Coord.Do(at, ref, coord.ActIssue, coord.Step{Version: 1}); err != nil {
		return err
	}
	fmt.Fprintf(w, "%-58s %10s\n", fmt.Sprintf("a notice issued to %d units", len(units)-1), round(time.Since(began)))
	n, _, err := a.Coord.Notice(at, ref)
	if err != nil {
		return err
	}
	page := func() (b coord.Board, took time.Duration, err error) {
		began := time.Now()
		if b, err = a.Coord.Board(at, ref, n, top, day); err == nil {
			_, err = a.Coord.Recipients(at, ref, n, top, day, coord.Waiting, "")
		}
		return b, time.Since(began), err
	}
	_, first, err := page()
	if err != nil {
		return err
	}
	// Units receive it all over the tree, and one in two carries it out; the page is read after each 25th.
	var pages, receipts times
	const answers = 3_000
	for i := range answers {
		x := units[(i*7919)%(len(units)-1)+1]
		u, err := a.Org.Unit(ctx, x.ID)
		if err != nil {
			return err
		}
		began := time.Now()
		if err := a.Coord.Act(office(u), ref, u.ID, coord.ActReceive, coord.Step{}); err != nil {
			return err
		}
		receipts = append(receipts, time.Since(began))
		if i%25 > 0 {
			continue
		}
		b, took, err := page()
		if err != nil {
			return err
		}
		if b.All.Received != int64(i+1) {
			return fmt.Errorf("bench: %d receipts stand on the page after %d", b.All.Received, i+1)
		}
		pages = append(pages, took)
	}
	fmt.Fprintf(w, "%-58s p50 %s  p95 %s\n", fmt.Sprintf("a receipt, %d of them", answers), round(receipts.at(.5)), round(receipts.at(.95)))
	fmt.Fprintf(w, "%-58s p50 %s  p95 %s  first %s\n", "its counts and late list at the top, after 25 receipts", round(pages.at(.5)), round(pages.at(.95)), round(first))
	if err := a.benchMeanwhile(ctx, w, office, top, units[len(units)/2]); err != nil {
		return err
	}
	return a.benchInbox(ctx, w, office, top)
}

// benchMeanwhile issues notices to everybody, one after the other, and asks meanwhile for the inbox of a unit below.
func (a *App) benchMeanwhile(ctx context.Context, w io.Writer, office func(org.Unit) context.Context, top org.Unit, below org.NewUnit) error {
	at := office(top)
	u, err := a.Org.Unit(ctx, below.ID)
	if err != nil {
		return err
	}
	const notices = 10
	done := make(chan error, 1)
	go func() {
		done <- func() error {
			for i := range notices {
				ref, err := a.Coord.Create(at, coord.Notice{Unit: top.ID, Kind: "notice", Title: fmt.Sprintf("关于开展第%d项活动的通知", i+1), Due: clock.Today(ctx).AddDays(30),
					Targets: coord.Targets{Levels: []org.Level{org.City, org.County, org.Township, org.Village}}}, record.Change{})
				if err != nil {
					return err
				}
				if err := a.Coord.Do(at, ref, coord.ActIssue, coord.Step{Version: 1}); err != nil {
					return err
				}
			}
			return nil
		}()
	}()
	var all times
	for began := time.Now(); ; {
		select {
		case err := <-done:
			fmt.Fprintf(w, "%-58s p50 %s  p95 %s  issued in %s\n", fmt.Sprintf("an inbox asked while %d notices are issued to everybody", notices), round(all.at(.5)), round(all.at(.95)), round(time.Since(began)))
			return err
		default:
		}
		asked := time.Now()
		if _, _, err := a.Flow.Inbox(office(u), 50); err != nil {
			return err
		}
		all = append(all, time.Since(asked))
	}
}

// benchInbox asks for the inbox of a unit in which 10,000 lines wait.
func (a *App) benchInbox(ctx context.Context, w io.Writer, office func(org.Unit) context.Context, u org.Unit) error {
	const lines = 10_000
	began := time.Now()
	for i := range lines {
		if err := a.Flow.AddTask(ctx, flow.NewTask{Key: fmt.Sprintf("bench:%d", i), Unit: u.ID, Pos: u.Pos, TitleKey: "coord.task.do", Why: "coord.task.called",
			Args: map[string]any{"Title": "开展暑期安全教育", "Unit": u.Name}, Due: clock.Today(ctx).AddDays(i%60 - 20), Link: "/notice/" + id.New().String()}); err != nil {
			return err
		}
	}
	posted := time.Since(began)
	var all times
	for range 200 {
		began := time.Now()
		if _, _, err := a.Flow.Inbox(office(u), 50); err != nil {
			return err
		}
		all = append(all, time.Since(began))
	}
	fmt.Fprintf(w, "%-58s p50 %s  p95 %s  posted in %s\n", fmt.Sprintf("inbox with %d lines behind it", lines), round(all.at(.5)), round(all.at(.95)), round(posted))
	return nil
}

// benchProvince makes the province in a file of its own.
func benchProvince(ctx context.Context, w io.Writer, dir string) error {
	a, err := Open(ctx, Config{DSN: filepath.Join(dir, "province.db")})
	if err != nil {
		return err
	}
	defer a.Close()
	return a.benchNetwork(a.System(ctx, "bench"), w)
}
