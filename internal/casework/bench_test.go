package casework

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// The page of a case with XINHUO_CASE_LINES lines of time (30 without it), sealed each, among three hundred cases of its unit: opened with its
// two readings in the log and written as HTML. The milliseconds are reported; a test asserts no time.
func BenchmarkCasePage(b *testing.B) {
	lines := 30
	if n, err := strconv.Atoi(os.Getenv("XINHUO_CASE_LINES")); err == nil {
		lines = n
	}
	w := openWorld(b)
	w.in(-lines)
	var paths []string
	for i := range 300 {
		n := w.opening("left_behind")
		n.Person["name"] = fmt.Sprint("孩子", i)
		ref, err := w.s.OpenCase(w.by("lead"), n)
		w.must(err)
		if i%30 == 0 { // ten are read, one after the other
			paths = append(paths, path(ref))
			for day := range lines {
				w.must(w.s.Visit(w.by("lead"), ref, w.today(), "home", fmt.Sprintf("第%d次走访：孩子在家写作业，外婆身体还好，缺一双雨鞋，下次带去。", day), "", 0, ""))
			}
		}
	}
	w.in(lines)
	var took []time.Duration
	b.ResetTimer()
	for b.Loop() {
		for i := range 200 {
			began := time.Now()
			w.do("lead", "GET", paths[i%len(paths)], nil, 200)
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	for name, at := range map[string]int{"p50-ms": len(took) / 2, "p95-ms": len(took) * 95 / 100} {
		b.ReportMetric(float64(took[at].Microseconds())/1000, name)
	}
}
