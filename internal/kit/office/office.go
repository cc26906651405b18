package office

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
)

// Limits of a call and of what it makes.
const (
	MaxPDF     = 64 << 20  // bytes of a PDF
	batch      = 50        // documents in one call
	mostMemory = 512 << 20 // resident, after which a call is ended
	mostBusy   = 2 * time.Minute
	startTime  = 10 * time.Second
	gathering  = 20 * time.Millisecond
	retry      = 10 * time.Minute // after which it is tried anew whether LibreOffice works
)

// formats are the endings of what is converted, with the ending by which LibreOffice knows it.
var formats = map[string]string{
	"docx": "docx", "doc": "doc", "wps": "doc", "odt": "odt", "rtf": "rtf", "txt": "txt",
	"xlsx": "xlsx", "xls": "xls", "et": "xls", "ods": "ods",
	"pptx": "pptx", "ppt": "ppt", "dps": "ppt", "odp": "odp",
}

// Options of a Converter. Folder is a folder of its own for what is only there during a call; what lies in it is swept away. Zero
// fields take what stands behind them.
type Options struct {
	Program string        // soffice.bin; what Find finds
	Folder  string        // a new one among the system's temporary files
	Workers int           // 1: calls at the same time
	Time    time.Duration // 20 s for a document
	// Unjailed converts also where there is no bubblewrap. A document can then show what the program's user may read.
	Unjailed bool
}

// Converter turns documents into PDFs. It is safe for use by several at once; Close ends its processes.
type Converter struct {
	opt    Options
	most   int64         // memory of a call
	first  time.Duration // that the first document may take longer
	calls  atomic.Int64  // so far
	serial atomic.Int64  // of files

	mu      sync.Mutex
	waiting []*request
	working int
	running map[*os.Process]bool
	making  *making
	dir     string // of this Converter's files, once it is ready
	jailed  bool
	closed  bool
}

// making is LibreOffice being made ready, for which all wait who come meanwhile.
type making struct {
	done  chan struct{}
	begun time.Time
	err   error
}

// request is one document, in a file, for which somebody waits.
type request struct {
	ctx    context.Context
	path   string
	ending string
	filter string // by which it is read, where LibreOffice is not left to choose; one for a whole call
	alone  bool   // it was the one at which a call ended
	answer chan answer
}

type answer struct {
	pdf []byte
	err error
}

// New makes a Converter. It starts nothing.
func New(o Options) *Converter {
	if o.Program == "" {
		o.Program, _ = Find()
	}
	o.Workers = max(1, o.Workers)
	o.Time = min(cmp.Or(o.Time, 20*time.Second), mostBusy)
	return &Converter{opt: o, most: mostMemory, first: startTime, running: map[*os.Process]bool{}}
}

// Converts tells whether files with this ending (docx) are converted where LibreOffice is.
func Converts(format string) bool { return formats[plain(format)] != "" }

func plain(format string) string { return strings.ToLower(strings.TrimPrefix(format, ".")) }

func unavailable(cause error) error {
	return errs.Wrap(cause, errs.Unsupported, "office.unavailable")
}

func failed(cause error) error { return errs.Wrap(cause, errs.Unsupported, "office.failed") }

// PDF converts what src holds; format is the ending of its name (docx). Errors: errs.Unsupported for a document that cannot be
// converted within the limits (office.failed), a format that is not known (office.unknown_format), and where nothing can be
// converted here (office.unavailable); errs.TooLarge; those of src; ctx's.
func (c *Converter) PDF(ctx context.Context, src io.Reader, format string) ([]byte, error) {
	ending := formats[plain(format)]
	if ending == "" {
		return nil, errs.New(errs.Unsupported, "office.unknown_format")
	}
	if err := c.Prepare(ctx); err != nil {
		return nil, err
	}
	r := &request{ctx: ctx, ending: ending, answer: make(chan answer, 1)}
	r.path = filepath.Join(c.dir, fmt.Sprintf("waiting-%d.%s", c.serial.Add(1), ending))
	var err error
	if r.filter, err = keep(r.path, src, ending); err != nil {
		_ = os.Remove(r.path)
		return nil, err
	}
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		_ = os.Remove(r.path)
		return nil, unavailable(os.ErrClosed)
	}
	c.waiting = append(c.waiting, r)
	if c.working < c.opt.Workers {
		c.working++
		go c.work()
	}
	c.mu.Unlock()
	select {
	case a := <-r.answer:
		return a.pdf, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// How LibreOffice is to read what it would take for something else: web pages, which it lays out on no sheets, and texts.
const (
	webFilter  = "HTML (StarWriter)"
	textFilter = "Text (encoded):UTF8,LF,,,"
)

var webPage = regexp.MustCompile(`(?i)^(\x{FEFF}|\s)*<(!doctype html|html|head|body|meta|xml[^>]*>\s*<html)`)

// keep writes a document into a file and tells the filter that it needs. Text becomes UTF-8, so that nobody need guess.
func keep(path string, src io.Reader, ending string) (filter string, err error) {
	limit := extract.DefaultLimits.Bytes
	all := bufio.NewReaderSize(io.LimitReader(src, limit+1), 4096)
	src = all
	switch ending {
	case "txt":
		b, err := io.ReadAll(all)
		if err != nil {
			return "", err
		}
		if !utf8.Valid(b) {
			if u, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b); err == nil {
				b = u
			}
		}
		src, filter = bytes.NewReader(bytes.TrimPrefix(b, []byte("\uFEFF"))), textFilter
	case "doc", "docx", "rtf", "odt":
		if head, _ := all.Peek(1024); webPage.Match(head) {
			filter = webFilter
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	n, err := io.Copy(f, src)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	if n > limit {
		return "", errs.New(errs.TooLarge, "office.too_large", "Limit", max(1, limit>>20))
	}
	return filter, nil
}

// work serves those who wait until nobody does.
func (c *Converter) work() {
	time.Sleep(gathering) // those who come together are one batch
	for {
		c.mu.Lock()
		b := c.next()
		if len(b) == 0 {
			c.working--
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		c.convert(b)
	}
}

// next takes from the queue whom one call is for.
func (c *Converter) next() (b []*request) {
	var left []*request
	for _, r := range c.waiting {
		switch {
		case r.ctx.Err() != nil:
			r.end(nil, r.ctx.Err())
		case len(b) == 0, len(b) < batch && r.filter == b[0].filter && !r.alone && !b[0].alone:
			b = append(b, r)
		default:
			left = append(left, r)
		}
	}
	c.waiting = left
	return b
}

func (r *request) end(pdf []byte, err error) {
	_ = os.Remove(r.path)
	r.answer <- answer{pdf, err}
}

// convert makes one call. Those after whom it broke wait anew, before all others; the one at which it broke behind them, alone.
func (c *Converter) convert(b []*request) {
	ctx, cancel := context.WithTimeout(context.Background(), mostBusy)
	defer cancel()
	var there atomic.Int64
	there.Store(int64(len(b)))
	for _, r := range b {
		defer context.AfterFunc(r.ctx, func() {
			if there.Add(-1) == 0 {
				cancel()
			}
		})()
	}
	left, broken, err := c.batch(ctx, b)
	c.mu.Lock()
	defer c.mu.Unlock()
	again := broken && len(b) > 1 && !c.closed
	if again && len(left) > 0 {
		left[0].alone = true
		c.waiting = append(slices.Concat(left[1:], c.waiting), left[0])
		return
	}
	for _, r := range left {
		if c.closed {
			err = unavailable(os.ErrClosed)
		}
		r.end(nil, err)
	}
}

// batch has documents converted in a folder of their own, which is gone afterwards, and answers for those that are PDFs now. The others
// are left; broken tells that the call did not come to its end, and the first of them is then the one at which it broke.
func (c *Converter) batch(ctx context.Context, b []*request) (left []*request, broken bool, err error) {
	dir, err := c.folder()
	if err != nil {
		return b, false, err
	}
	defer os.RemoveAll(dir)
	var names []string
	for i, r := range b {
		name := fmt.Sprintf("%d.%s", i, r.ending)
		path := filepath.Join(dir, "in", name)
		if err := os.Rename(r.path, path); err != nil {
			return b, false, err
		}
		r.path = path
		names = append(names, name)
	}
	err = c.call(ctx, dir, b[0].filter, names)
	out, wrong := os.OpenRoot(filepath.Join(dir, "out"))
	if wrong != nil {
		return b, false, wrong
	}
	defer out.Close()
	for i, r := range b {
		pdf, wrong := result(out, fmt.Sprintf("%d.pdf", i))
		if wrong == nil {
			r.end(pdf, nil)
			continue
		}
		r.path = filepath.Join(c.dir, "left-"+filepath.Base(dir)+"-"+names[i])
		if wrong := os.Rename(filepath.Join(dir, "in", names[i]), r.path); wrong != nil {
			r.end(nil, wrong)
			continue
		}
		left = append(left, r)
	}
	return left, err != nil, failed(cmp.Or(err, errors.New("office: no PDF came of it")))
}

// result reads a PDF that is there to its end. Whoever wrote it may have been taken over by a document: it may be anything.
func result(out *os.Root, name string) ([]byte, error) {
	st, err := out.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() || st.Size() > MaxPDF {
		return nil, fmt.Errorf("office: a result of %d bytes, %v", st.Size(), st.Mode())
	}
	f, err := out.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, MaxPDF))
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(b, []byte("%PDF-")) || !bytes.Contains(b[max(0, len(b)-1024):], []byte("%%EOF")) {
		return nil, errors.New("office: a PDF without its end")
	}
	return b, nil
}

// drop sends all who wait away. The caller holds the lock.
func (c *Converter) drop() {
	for _, r := range c.waiting {
		r.end(nil, unavailable(os.ErrClosed))
	}
	c.waiting = nil
}

// Close ends all processes and removes what the Converter has on disk. What is being converted ends with an error.
func (c *Converter) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.drop()
	for p := range c.running {
		killGroup(p)
	}
	if c.dir == "" {
		return nil
	}
	return os.RemoveAll(c.dir)
}
