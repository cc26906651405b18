package portal

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// BenchmarkVisitors reads the pages of a site as visitors do, 300 a second for five seconds, while its office publishes news each second, and says
// within which time 95 of 100 were answered.
func BenchmarkVisitors(b *testing.B) {
	w := openWorld(b)
	w.open("9902", "yunzhou")
	for n := range 50 {
		w.news("9902", News{Title: "新闻", Text: "正文", Day: today.AddDays(-n), State: Published})
		w.bases = append(w.bases, Base{Name: "馆", HostName: "镇", Host: w.unit("990203").ID, Address: "路", Hours: "每天", Phone: "0500-5550001"})
	}
	w.get("/s/yunzhou")
	paths := []string{"", "/news", "/bases", "/figures", "/about", "/help?size=26", "?lang=en"}
	const rate, seconds = 300, 5
	var mu sync.Mutex
	var times []time.Duration
	for b.Loop() {
		tick := time.NewTicker(time.Second / rate)
		var all sync.WaitGroup
		for n := range rate * seconds {
			<-tick.C
			if n%rate == rate-1 {
				w.news("9902", News{Title: "新的", Text: "正文", State: Published})
			}
			due := time.Now()
			all.Go(func() {
				w.get("/s/yunzhou" + paths[n%len(paths)])
				mu.Lock()
				defer mu.Unlock()
				times = append(times, time.Since(due))
			})
		}
		all.Wait()
		tick.Stop()
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
}
