//go:build linux || darwin

package office

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// alone checks that nothing is left on disk but the profile, once all is done.
func alone(t *testing.T, c *Converter) {
	t.Helper()
	if _, err := c.PDF(t.Context(), strings.NewReader("last"), "docx"); err != nil { // what was before is over then
		t.Error(err)
	}
	files, _ := filepath.Glob(filepath.Join(c.dir, "*"))
	for _, f := range files {
		if filepath.Base(f) != "ready" && !strings.HasPrefix(filepath.Base(f), "call-") {
			t.Error("left:", f)
		}
	}
}

// held is a pipe that a process begun by LibreOffice has open; begun is closed when it has, gone when it has no more.
func held(t *testing.T, c *Converter) (path string, begun, gone chan struct{}) {
	t.Helper()
	path = filepath.Join(filepath.Dir(c.opt.Program), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	begun, gone = make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		f, err := os.Open(path)
		if err != nil {
			return
		}
		defer f.Close()
		if _, err := io.ReadFull(f, make([]byte, 1)); err == nil {
			close(begun)
			_, _ = io.Copy(io.Discard, f)
		}
	}()
	return path, begun, gone
}

// What hangs is ended with all that it began, in the jail and without one.
func TestWhatHangsIsEndedWithItsGroup(t *testing.T) {
	for _, jailed := range []bool{true, false} {
		c := pretender(t, func(o *Options) { o.Unjailed = !jailed })
		c.jailed, c.opt.Time, c.first = jailed, 300*time.Millisecond, 300*time.Millisecond
		path, begun, gone := held(t, c)
		if _, err := c.PDF(t.Context(), strings.NewReader("hang "+path), "docx"); key(err) != "office.failed" {
			t.Error(err)
		}
		<-begun
		<-gone
		alone(t, c)
	}
}

func TestNobodyWaitsAnyMore(t *testing.T) {
	c := pretender(t)
	path, begun, gone := held(t, c)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := c.PDF(ctx, strings.NewReader("hang "+path), "docx")
		ended <- err
	}()
	<-begun
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-gone
	alone(t, c)
}

// One that hangs, breaks or eats costs only the one who sent it, wherever it stands among others.
func TestOneHostileDocumentCostsNoOther(t *testing.T) {
	for bad, places := range map[string][]int{"hang": {0, 4}, "crash": {0, 2, 4}, "eat": {2}, "endless": {2}, "refuse": {2, 4}, "large": {2}, "pipe": {2}, "link /etc/passwd": {2}} {
		for _, at := range places {
			c := pretender(t)
			c.opt.Time, c.first = time.Second, 2*time.Second // tests share a busy machine
			if bad == "eat" {
				c.opt.Time, c.first, c.most = time.Minute, time.Minute, 200<<20
			}
			docs := []string{"a", "b", "c", "d", "e"}
			docs[at] = bad
			got, wrong := together(t, c, words(docs...)...)
			for n := range docs {
				switch {
				case n == at && key(wrong[n]) != "office.failed":
					t.Errorf("%s at %d: %v", bad, at, wrong[n])
				case n != at && (wrong[n] != nil || !strings.Contains(got[n], docs[n])):
					t.Errorf("%s: %s has %q, %v", bad, docs[n], got[n], wrong[n])
				}
			}
			alone(t, c)
			_ = c.Close()
			if left, _ := filepath.Glob(filepath.Join(c.opt.Folder, "*")); len(left) > 0 {
				t.Error("left:", left)
			}
		}
	}
}

// All that hang are told apart, and nobody waits for ever.
func TestSeveralHostileDocuments(t *testing.T) {
	c := pretender(t)
	c.opt.Time, c.first = time.Second, 2*time.Second
	docs := []string{"hang", "a", "crash", "hang", "b", "crash"}
	got, wrong := together(t, c, words(docs...)...)
	for n, d := range docs {
		if good := len(d) == 1; good != (wrong[n] == nil) || good && !strings.Contains(got[n], d) {
			t.Errorf("%s: %q, %v", d, got[n], wrong[n])
		}
	}
	alone(t, c)
}

// What a killed program left in its folder is gone after the next start.
func TestFolderIsSwept(t *testing.T) {
	dir := t.TempDir()
	left := filepath.Join(dir, "xinhuo-office-1", "call-2")
	if err := os.MkdirAll(left, 0o700); err != nil {
		t.Fatal(err)
	}
	pretender(t, func(o *Options) { o.Folder = dir })
	if _, err := os.Stat(left); err == nil {
		t.Error("still there")
	}
}
