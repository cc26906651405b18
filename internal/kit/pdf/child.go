package pdf

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"xinhuo/internal/kit/errs"
)

// child is a process that reads PDFs, seen from the parent.
type child struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	said    *tail
	busy    time.Duration // that it has worked so far
	expires *time.Timer   // while it is idle
	killing sync.Once
	killed  atomic.Bool
}

// tail keeps the first of what a child says when it breaks down, for the log.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p[:min(len(p), 1000-len(t.b))]...)
	return len(p), nil
}

// begin starts a child and waits until it can read. Its environment is empty.
func (r *Reader) begin(ctx context.Context) (c *child, made bool, err error) {
	cache, err := filepath.Abs(r.opt.Cache)
	if err != nil {
		return nil, false, unavailable(err)
	}
	c = &child{cmd: exec.Command(r.opt.Command[0], append(slices.Clone(r.opt.Command[1:]), cache)...), said: &tail{}}
	c.cmd.Env, c.cmd.Dir, c.cmd.Stderr, c.cmd.WaitDelay = []string{}, cache, c.said, time.Second
	ownGroup(c.cmd)
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, false, unavailable(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, false, unavailable(err)
	}
	c.out = bufio.NewReaderSize(out, 4096)
	r.mu.Lock()
	if r.closed {
		r.mu.Unlock()
		return nil, false, unavailable(os.ErrClosed)
	}
	if err := c.cmd.Start(); err != nil {
		r.mu.Unlock()
		return nil, false, unavailable(err)
	}
	r.all[c] = true
	r.mu.Unlock()

	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	defer context.AfterFunc(ctx, c.kill)()
	var k ready
	kind, payload, err := readFrame(c.out)
	if err == nil {
		err = json.Unmarshal(payload, &k)
	}
	if err != nil || kind != sayReady || k.Magic != magic {
		r.end(c)
		return nil, false, unavailable(fmt.Errorf("the child did not begin: %w; %s", errors.Join(err, ctx.Err()), c.said.b))
	}
	return c, k.Made, nil
}

func (c *child) kill() {
	c.killing.Do(func() {
		c.killed.Store(true)
		killGroup(c.cmd.Process)
	})
}

// end ends a child; there is nothing in it that is worth keeping.
func (r *Reader) end(c *child) {
	c.kill()
	_ = c.in.Close()
	_ = c.cmd.Wait()
	r.mu.Lock()
	delete(r.all, c)
	r.mu.Unlock()
}

// take gives an idle child or a new one. The caller holds a slot.
func (r *Reader) take(ctx context.Context) (*child, error) {
	if err := r.Prepare(ctx); err != nil {
		return nil, err
	}
	r.mu.Lock()
	if n := len(r.idle); n > 0 {
		c := r.idle[n-1]
		r.idle = r.idle[:n-1]
		c.expires.Stop()
		r.mu.Unlock()
		return c, nil
	}
	r.mu.Unlock()
	c, _, err := r.begin(ctx)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return c, err
}

// keep lets a child wait for more work, unless it has become large or old.
func (r *Reader) keep(c *child) {
	r.mu.Lock()
	if r.closed || c.killed.Load() || c.busy > mostBusy || resident(c.cmd.Process.Pid) > warmMemory {
		r.mu.Unlock()
		r.end(c)
		return
	}
	r.idle = append(r.idle, c)
	c.expires = time.AfterFunc(r.opt.Warm, func() {
		r.mu.Lock()
		i := slices.Index(r.idle, c)
		if i >= 0 {
			r.idle = slices.Delete(r.idle, i, i+1)
		}
		r.mu.Unlock()
		if i >= 0 {
			r.end(c)
		}
	})
	r.mu.Unlock()
}

// Close ends all processes. What is being read ends with an error.
func (r *Reader) Close() error {
	r.mu.Lock()
	r.closed = true
	idle := r.idle
	r.idle = nil
	for c := range r.all {
		c.kill()
	}
	r.mu.Unlock()
	for _, c := range idle {
		c.expires.Stop()
		r.end(c)
	}
	return nil
}

// job is one request. take gets the frames of the answer until it says that it was the last; again forgets what it got.
type job struct {
	kind    byte
	request any
	page    int
	file    io.ReaderAt
	size    int64
	limit   time.Duration
	again   func()
	take    func(kind byte, payload []byte) (last bool, err error)
}

// wrong is what the child says of a document; the child itself is well.
type wrong struct{ why string }

func (w wrong) Error() string { return "pdf: " + w.why }

// source remembers that reading the file itself went wrong, which is our trouble and not the file's.
type source struct{ err error }

// run has a job done by a child. One that dies of itself or is killed from outside is begun anew, once.
func (r *Reader) run(ctx context.Context, j job) error {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	for attempt := 0; ; attempt++ {
		c, err := r.take(ctx)
		if err != nil {
			return err
		}
		var src source
		stopped, err := c.do(ctx, j, r.most, &src)
		var w wrong
		if err == nil || errors.As(err, &w) {
			r.keep(c)
		} else {
			r.end(c)
			err = fmt.Errorf("%w; %s", err, c.said.b)
		}
		switch {
		case src.err != nil:
			return src.err
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case w.why == whyLocked:
			return errs.Wrap(err, errs.Unsupported, "pdf.locked")
		case w.why == whyMissing:
			return errs.Wrap(err, errs.NotFound, "pdf.page_missing", "Page", j.page)
		case w.why == whyPage:
			return errs.Wrap(err, errs.Unsupported, "pdf.page_damaged", "Page", j.page)
		case w.why != "":
			return damaged(err)
		case stopped, attempt > 0: // what ends two children in turn is more than a child can do
			return errs.Wrap(err, errs.Unsupported, "pdf.too_complex")
		}
		j.again()
	}
}

// do asks a child and serves it the file. stopped tells that it was ended because it took too much time or memory.
func (c *child) do(ctx context.Context, j job, most int64, src *source) (stopped bool, err error) {
	begun := time.Now()
	defer func() { c.busy += time.Since(begun) }()
	timed, cancel := context.WithTimeout(ctx, j.limit)
	spare := context.AfterFunc(timed, c.kill)
	var heavy atomic.Bool
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		tick := time.NewTicker(50 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-timed.Done():
				return
			case <-tick.C:
				if resident(c.cmd.Process.Pid) > most {
					heavy.Store(true)
					c.kill()
					return
				}
			}
		}
	}()
	err = c.talk(j, src)
	spare()
	late := errors.Is(timed.Err(), context.DeadlineExceeded)
	cancel()
	<-watched
	return late || heavy.Load(), err
}

func (c *child) talk(j job, src *source) error {
	w := bufio.NewWriterSize(c.in, stretch+16)
	if err := writeJSON(w, j.kind, j.request); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return listen(c.out, w, j, src)
}

// listen takes a child's answer, whatever bytes come.
func listen(out io.Reader, in *bufio.Writer, j job, src *source) error {
	for {
		kind, payload, err := readFrame(out)
		if err != nil {
			return err
		}
		switch kind {
		case needData:
			if len(payload) != 12 {
				return unexpected(kind)
			}
			if err := serve(in, j, src, int64(binary.BigEndian.Uint64(payload)), int64(binary.BigEndian.Uint32(payload[8:]))); err != nil {
				return err
			}
		case sayWrong:
			why := string(payload)
			if !slices.Contains([]string{whyLocked, whyDamaged, whyPage, whyMissing}, why) {
				return unexpected(kind)
			}
			return wrong{why}
		default:
			last, err := j.take(kind, payload)
			if err != nil || last {
				return err
			}
		}
	}
}

// serve gives the child a stretch of the file, and never anything beyond it.
func serve(in *bufio.Writer, j job, src *source, at, n int64) error {
	if at < 0 || at >= j.size || n <= 0 || n > stretch {
		return fmt.Errorf("pdf: a stretch of %d at %d of %d", n, at, j.size)
	}
	b := make([]byte, min(n, j.size-at))
	got, err := j.file.ReadAt(b, at)
	if err != nil && !errors.Is(err, io.EOF) {
		src.err = err
		return err
	}
	if err := writeFrame(in, giveData, b[:got]); err != nil {
		return err
	}
	return in.Flush()
}

// resident is the memory of a process in bytes, 0 where the system does not tell.
func resident(pid int) int64 {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b))
	if len(f) < 2 {
		return 0
	}
	n, _ := strconv.ParseInt(f[1], 10, 64)
	return n * int64(os.Getpagesize())
}

// sweep removes what children left that were ended while they wrote into the cache.
func sweep(cache string) {
	left, _ := filepath.Glob(filepath.Join(cache, "wazero-*", "*.tmp"))
	for _, f := range left {
		if st, err := os.Stat(f); err == nil && time.Since(st.ModTime()) > startTime {
			_ = os.Remove(f)
		}
	}
}
