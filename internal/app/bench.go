package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"time"

	"xinhuo/internal/activity"
	"xinhuo/internal/app/oracle"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/volunteer"
)

// Bench measures what docs/benchmarks.md promises, on this machine, and prints it. Everything happens in a folder that
// is removed at the end.
func Bench(ctx context.Context, w io.Writer) error {
	dir, err := os.MkdirTemp("", "xinhuo-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	host, _ := os.Hostname()
	fmt.Fprintf(w, "%s, %d cores, %s/%s, %s, %s\n\n", host, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), time.Now().Format("2006-01-02"))
	day := clock.DayOf(time.Now())
	csv := filepath.Join(dir, "city")
	if err := os.Mkdir(csv, 0o700); err != nil {
		return err
	}
	if err := oracle.WriteCSV(csv, generate(day).Oracle()); err != nil {
		return err
	}
	if err := benchImport(ctx, w, dir, csv); err != nil {
		return err
	}
	path := filepath.Join(dir, "demo.db")
	began := time.Now()
	if _, err := MakeDemo(ctx, path, day, func(int, int) {}); err != nil {
		return err
	}
	fmt.Fprintf(w, "%-58s %10s\n", "demonstration city made", round(time.Since(began)))
	a, err := Open(ctx, Config{DSN: path, Demo: true})
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.benchFigures(a.System(ctx, "bench"), w, day); err != nil {
		return err
	}
	if err := a.benchHome(ctx, w); err != nil {
		return err
	}
	if err := a.benchLibrary(a.System(ctx, "bench"), w); err != nil {
		return err
	}
	if err := a.benchSites(ctx, w); err != nil {
		return err
	}
	fmt.Fprintf(w, "%-58s %9.0fM\n", "resident memory after all of it", residentMB())
	return benchProvince(ctx, w, dir)
}

func round(d time.Duration) string {
	if d > time.Second {
		return d.Round(10 * time.Millisecond).String()
	}
	return d.Round(10 * time.Microsecond).String()
}

func benchImport(ctx context.Context, w io.Writer, dir, csv string) error {
	a, err := Open(ctx, Config{DSN: filepath.Join(dir, "import.db")})
	if err != nil {
		return err
	}
	defer a.Close()
	began := time.Now()
	rep, err := a.ImportCity(a.System(ctx, "bench"), csv, false, func(int, int) {})
	if err != nil {
		return fmt.Errorf("%w %v", err, rep.Problems)
	}
	fmt.Fprintf(w, "%-58s %10s\n", fmt.Sprintf("city imported (%d units, %d records)", rep.Units, rep.New), round(time.Since(began)))
	began = time.Now()
	v, err := a.Ledger.Verify(a.System(ctx, "bench"), nil)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%-58s %10s\n", fmt.Sprintf("recounted (%d records, %d differences)", v.Records, len(v.Faults)), round(time.Since(began)))
	return a.benchTables(a.System(ctx, "bench"), w)
}

// benchTables takes the longest table of volunteers that is let in, then asks for a county's year of activities.
func (a *App) benchTables(ctx context.Context, w io.Writer) error {
	top, err := a.Org.Top(ctx)
	if err != nil {
		return err
	}
	day := clock.Today(ctx)
	var county org.Unit
	if err := a.Org.EachUnit(ctx, top, day, func(u org.Unit, _ string) error {
		if county.ID == 0 && u.Level == org.County {
			county = u
		}
		return nil
	}); err != nil {
		return err
	}
	var t strings.Builder
	t.WriteString("姓名,性别,出生年,类别,专长,电话,入队日期,背景核查日期,培训日期\n")
	given := []rune("安白保兵才春德东方福刚广国海洪建江军凯康兰丽林龙明宁平强清荣山胜石松涛天伟文祥兴学阳义永友玉云泽志忠")
	const people = 20_000
	for i := range people {
		fmt.Fprintf(&t, "王%c%c,男,%d,老教师,书法、普法,1380000%04d,2018-03-01,2019-01-05,2018-02-01\n", given[i%50], given[i/50%50], 1940+i/2500, i%10000)
	}
	preview, took, err := a.benchTable(ctx, volunteer.Kind, county, t.String())
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%-58s %10s  preview %s  taken %s\n", fmt.Sprintf("%d volunteers imported", people), round(preview+took), round(preview), round(took))
	t.Reset()
	t.WriteString("活动名称,日期,类型,主题,地点,参加对象,人次\n")
	const events = 5000
	for i := range events {
		fmt.Fprintf(&t, "第%d场,%s,%s,%s,礼堂%d,小学生,%d\n", i, day.AddDays(-1-i%365), []string{"主题宣讲", "报告会、座谈会"}[i%2], []string{"法治", "心理健康"}[i%2], i%40, 20+i%80)
	}
	if preview, took, err = a.benchTable(ctx, activity.Kind, county, t.String()); err != nil {
		return err
	}
	fmt.Fprintf(w, "%-58s %10s  preview %s  taken %s\n", fmt.Sprintf("%d activities imported", events), round(preview+took), round(preview), round(took))
	var all times
	for i := range 160 {
		f := []activity.Filter{{}, {Class: "camp"}, {Topic: "law"}, {From: day.AddDays(-60), To: day.AddDays(-30)}, {Text: "第77"}, {Mode: activity.Face}, {Venue: "campus"}, {Series: "x"}}[i%8]
		f.Unit = county
		began := time.Now()
		if _, err := a.Activity.List(ctx, f); err != nil {
			return err
		}
		all = append(all, time.Since(began))
	}
	fmt.Fprintf(w, "%-58s p50 %s  p95 %s\n", fmt.Sprintf("a county's list of %d activities, 8 filters", events), round(all.at(.5)), round(all.at(.95)))
	return nil
}

// benchTable previews a table of a unit and takes it.
func (a *App) benchTable(ctx context.Context, kind string, u org.Unit, csv string) (preview, took time.Duration, err error) {
	began := time.Now()
	p, err := a.Record.Upload(ctx, kind, u.ID, "x.csv", []byte(csv))
	if err != nil {
		return 0, 0, err
	}
	if p.Bad > 0 {
		return 0, 0, fmt.Errorf("bench: %d rows of %s are refused: %+v", p.Bad, kind, p.Problems[:min(3, len(p.Problems))])
	}
	preview, began = time.Since(began), time.Now()
	_, err = a.Record.Take(ctx, p.Ref, false)
	return preview, time.Since(began), err
}

type times []time.Duration

func (t times) at(q float64) time.Duration {
	sort.Slice(t, func(i, j int) bool { return t[i] < t[j] })
	return t[min(len(t)-1, int(q*float64(len(t))))]
}

// benchFigures asks every figure at every node.
func (a *App) benchFigures(ctx context.Context, w io.Writer, day clock.Day) error {
	var units []org.Unit
	top, err := a.Org.Top(ctx)
	if err != nil {
		return err
	}
	if err := a.Org.EachUnit(ctx, top, day, func(u org.Unit, _ string) error { units = append(units, u); return nil }); err != nil {
		return err
	}
	var all, lists times
	for range 3 {
		for _, u := range units {
			for _, d := range a.Ledger.Figures() {
				q := ledger.Query{Figure: d.Code, Unit: u.ID, Day: day}
				began := time.Now()
				if _, err := a.Ledger.Ask(ctx, q); err != nil {
					return err
				}
				all = append(all, time.Since(began))
			}
		}
	}
	for _, d := range a.Ledger.Figures() {
		began := time.Now()
		if _, err := a.Ledger.Evidence(ctx, ledger.Query{Figure: d.Code, Unit: top.ID, Day: day}, "", 20); err != nil {
			return err
		}
		lists = append(lists, time.Since(began))
	}
	fmt.Fprintf(w, "%-58s p50 %s  p99 %s\n", fmt.Sprintf("any figure at any of %d nodes, %d questions", len(units), len(all)), round(all.at(.5)), round(all.at(.99)))
	fmt.Fprintf(w, "%-58s p50 %s  p95 %s\n", "first page of evidence at the top", round(lists.at(.5)), round(lists.at(.95)))
	return nil
}

// benchHome asks for the home page at a steady 50 a second, as the city's clerk, through the whole handler.
func (a *App) benchHome(ctx context.Context, w io.Writer) error {
	get, end, err := a.asClerk(ctx)
	if err != nil {
		return err
	}
	defer end()
	const rate, seconds = 50, 6
	got := make(chan time.Duration, rate*seconds)
	fail := make(chan error, rate*seconds)
	tick := time.NewTicker(time.Second / rate)
	defer tick.Stop()
	for range rate * seconds {
		<-tick.C
		go func() {
			d, _, err := get("/")
			got <- d
			fail <- err
		}()
	}
	var all times
	for range rate * seconds {
		all = append(all, <-got)
		if err := <-fail; err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "%-58s p50 %s  p95 %s\n", fmt.Sprintf("home page at %d requests/s for %d s", rate, seconds), round(all.at(.5)), round(all.at(.95)))
	_, page, err := get("/")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%-58s %7d B in 3 requests (page %d, style %d, icon %d)\n", "first visit, gzip", int(page)+len(stylesheet.gz)+len(icon.gz), page, len(stylesheet.gz), len(icon.gz))
	return nil
}

// processorMS is the processor time that this process has used; 0 where the system does not say.
func processorMS() float64 {
	b, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	var user, system float64
	if f := strings.Fields(rest); len(f) > 12 {
		_, _ = fmt.Sscan(f[11], &user) // a number, or the 0 that it is
		_, _ = fmt.Sscan(f[12], &system)
	}
	return (user + system) * 10 // Linux counts hundredths of a second
}

// residentMB is this process' resident memory; 0 where the system does not say.
func residentMB() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(b), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			var kb float64
			if _, err := fmt.Sscanf(rest, "%f", &kb); err == nil {
				return kb / 1024
			}
		}
	}
	return 0
}
