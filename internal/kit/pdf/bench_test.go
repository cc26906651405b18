package pdf

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/extract"
)

// book is a PDF of pages with 30 lines of Chinese or 45 of English each.
func book(pages int, chinese bool) []byte {
	var sheets []sheet
	for n := range pages {
		var b strings.Builder
		for i := range 45 {
			switch y := 800 - float64(i)*17; {
			case !chinese:
				b.WriteString(latin(50, y, 11, fmt.Sprintf("Page %d line %d: the committee meets every month and hands down its minutes to those below, %d", n, i, n*i)))
			case i < 30:
				b.WriteString(at(60, 800-float64(i)*25, 16, fmt.Sprintf("各级关工委组织老干部老战士老专家老教师老模范关心下一代%02d年", i))) // pdfium takes equal ones for one
			}
		}
		sheets = append(sheets, sheet{draw: b.String()})
	}
	return document("", sheets...).file()
}

// peak is the most memory in MB that the children had so far, where the system tells.
func peak(r *Reader) (most float64) {
	for c := range r.all {
		b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
		if _, after, ok := strings.Cut(string(b), "VmHWM:"); ok {
			var kb float64
			_, _ = fmt.Sscan(after, &kb)
			most = max(most, kb/1024)
		}
	}
	return most
}

func benchmark(b *testing.B, o Options, each func(r *Reader)) {
	o.Command, o.Cache, o.Time, o.Page = Self(), cacheDir(), time.Minute, time.Minute
	r := New(o)
	defer r.Close()
	if err := r.Prepare(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		each(r)
	}
	b.ReportMetric(peak(r), "MB")
}

func BenchmarkFirstStart(b *testing.B) {
	for b.Loop() {
		r := New(Options{Command: Self(), Cache: b.TempDir()})
		c := make(chan error, 1)
		go func() { c <- r.Prepare(b.Context()) }()
		most := 0.0
		for wait := true; wait; {
			select {
			case err := <-c:
				if err != nil {
					b.Fatal(err)
				}
				wait = false
			case <-time.After(20 * time.Millisecond):
				r.mu.Lock()
				most = max(most, peak(r))
				r.mu.Unlock()
			}
		}
		b.ReportMetric(most, "MB")
		_ = r.Close()
	}
}

func BenchmarkWarmStart(b *testing.B) {
	benchmark(b, Options{}, func(r *Reader) {
		c, _, err := r.begin(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(resident(c.cmd.Process.Pid))/(1<<20), "MB-idle")
		r.end(c)
	})
}

func BenchmarkText(b *testing.B) {
	for _, chinese := range []bool{false, true} {
		file := book(100, chinese)
		b.Run(fmt.Sprintf("100pages/chinese=%t", chinese), func(b *testing.B) {
			benchmark(b, Options{}, func(r *Reader) {
				d, err := r.Read(b.Context(), bytes.NewReader(file), int64(len(file)), extract.Limits{})
				if err != nil || len(d.Sizes) != 100 || d.Cut {
					b.Fatal(err, len(d.Sizes), d.Cut)
				}
			})
		})
	}
}

func BenchmarkPage(b *testing.B) {
	file := book(9, false)
	benchmark(b, Options{}, func(r *Reader) {
		img, mime, err := r.Page(b.Context(), bytes.NewReader(file), int64(len(file)), 5, 900)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(img))/1024, "KB-"+strings.TrimPrefix(mime, "image/"))
	})
}

func BenchmarkLines(b *testing.B) {
	for _, chinese := range []bool{false, true} {
		file := book(9, chinese)
		b.Run(fmt.Sprintf("chinese=%t", chinese), func(b *testing.B) {
			benchmark(b, Options{}, func(r *Reader) {
				if _, lines, err := r.Lines(b.Context(), bytes.NewReader(file), int64(len(file)), 5); err != nil || len(lines) < 30 {
					b.Fatal(err, len(lines))
				}
			})
		})
	}
}
