//go:build linux || darwin

package office

import (
	"bytes"
	"context"
	"sync/atomic"
	"testing"
	"time"
)

// measured is a Converter and the most memory in MB that its calls have, as far as it was looked at.
func measured(b *testing.B) (*Converter, func() float64) {
	c := New(Options{})
	if err := c.Prepare(b.Context()); err != nil {
		b.Fatal(err)
	}
	var most atomic.Int64
	ctx, cancel := context.WithCancel(b.Context())
	b.Cleanup(func() { cancel(); _ = c.Close() })
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				c.mu.Lock()
				for p := range c.running {
					most.Store(max(most.Load(), resident(p.Pid)))
				}
				c.mu.Unlock()
			}
		}
	}()
	return c, func() float64 { return float64(most.Load()) / (1 << 20) }
}

func BenchmarkPrepare(b *testing.B) {
	for b.Loop() {
		c := New(Options{})
		if err := c.Prepare(b.Context()); err != nil {
			b.Fatal(err)
		}
		_ = c.Close()
	}
}

func BenchmarkOne(b *testing.B) { many(b, 1) }

func BenchmarkFifty(b *testing.B) { many(b, 50) }

// many converts reports of nine pages at once.
func many(b *testing.B, n int) {
	c, most := measured(b)
	file := report(9)
	for b.Loop() {
		wrong := make(chan error, n)
		for range n {
			go func() {
				_, err := c.PDF(b.Context(), bytes.NewReader(file), "docx")
				wrong <- err
			}()
		}
		for range n {
			if err := <-wrong; err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(most(), "MB")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*n), "ms/document")
}
