package pdf

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
)

// Subcommand is the word by which the program is told to be a child. Its only argument is the cache.
const Subcommand = "pdf-worker"

// Limits of a document and of the process that reads it.
const (
	MaxPages   = 2000      // whose text and size are read; of the others only their number is told
	MaxPicture = 80 << 10  // bytes of the picture of a page
	mostMemory = 512 << 20 // resident, after which a child is ended
	warmMemory = 200 << 20 // resident, above which a child is not kept
	mostBusy   = 2 * time.Minute
	startTime  = 3 * time.Minute // compiling takes seconds, on a busy small machine more
	widest     = 2000
)

// Options of a Reader. Command is the command line of a process that calls Serve, as Self gives it; without one, nothing is
// read. Cache is a folder of its own, for this program alone: what lies in it is run as code. Zero fields take what stands behind them.
type Options struct {
	Command []string
	Cache   string
	Workers int           // 1: processes at the same time
	Time    time.Duration // 10 s for the text of a document, at most 2 minutes
	Page    time.Duration // 5 s for the picture of a page
	Warm    time.Duration // 30 s that a child without work is kept
}

// Self is the command line of this very program as a child.
func Self() []string {
	exe, err := os.Executable()
	if err != nil {
		return nil
	}
	return []string{exe, Subcommand}
}

// Size of a page in points, as it is shown (turned when the page says so).
type Size struct{ Width, Height float64 }

// Document is what was read of a PDF. Title, Author, Created and Modified are what the file says about itself, Pages is how many it
// says it has. Sizes are those of the first MaxPages pages, zero where a page is damaged. Blocks are paragraphs, each with
// its page. Cut tells that the text ends before its end: it was longer than the limits or took longer than there is time.
type Document struct {
	Title, Author     string
	Created, Modified time.Time
	Pages             int
	Sizes             []Size
	Blocks            []extract.Block
	Cut               bool
}

// Reader reads PDFs in child processes. It is safe for use by several at once; Close ends its processes.
type Reader struct {
	opt   Options
	slots chan struct{}
	most  int64 // memory of a child

	mu     sync.Mutex
	idle   []*child
	all    map[*child]bool
	made   bool
	making *making
	closed bool
}

// making is the code being compiled, for which all wait who come meanwhile.
type making struct {
	done chan struct{}
	err  error
}

// New makes a Reader. It starts nothing.
func New(o Options) *Reader {
	o.Workers = max(1, o.Workers)
	o.Time = min(cmp.Or(o.Time, 10*time.Second), mostBusy)
	o.Page = min(cmp.Or(o.Page, 5*time.Second), mostBusy)
	o.Warm = cmp.Or(o.Warm, 30*time.Second)
	return &Reader{opt: o, slots: make(chan struct{}, o.Workers), most: mostMemory, all: map[*child]bool{}}
}

// Supported tells whether this machine can run pdfium fast enough: wazero has a compiler for it.
func Supported() bool { return runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64" }

func unavailable(cause error) error {
	return errs.Wrap(cause, errs.Unsupported, "pdf.unavailable")
}

func damaged(cause error) error { return errs.Wrap(cause, errs.Unsupported, "pdf.damaged") }

// Prepare compiles pdfium into the cache where that was not done yet, so that the first document need not wait for it.
func (r *Reader) Prepare(ctx context.Context) error {
	if len(r.opt.Command) == 0 || !Supported() {
		return unavailable(errors.New("no command for the child, or no compiler for " + runtime.GOARCH))
	}
	r.mu.Lock()
	if r.made {
		r.mu.Unlock()
		return nil
	}
	m := r.making
	if m == nil {
		m = &making{done: make(chan struct{})}
		r.making = m
		go func() {
			m.err = r.compile()
			r.mu.Lock()
			r.made, r.making = m.err == nil, nil
			r.mu.Unlock()
			close(m.done)
		}()
	}
	r.mu.Unlock()
	select {
	case <-m.done:
		return m.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// compile starts a child that finds or fills the cache. One that filled it is large and is ended.
func (r *Reader) compile() error {
	if err := os.MkdirAll(r.opt.Cache, 0o700); err != nil {
		return unavailable(err)
	}
	sweep(r.opt.Cache)
	c, made, err := r.begin(context.Background())
	if err != nil {
		return err
	}
	if made {
		r.end(c)
	} else {
		r.keep(c)
	}
	return nil
}

// Read reads the text. A document that takes too long or too much gives what was read of it until then, marked Cut, and
// an error where that is nothing. Errors: errs.Unsupported for a file that needs a password, is damaged or too complex, and
// where nothing can be read here (pdf.unavailable); errs.TooLarge above l.Bytes; those of the file's own reader; ctx's.
func (r *Reader) Read(ctx context.Context, file io.ReaderAt, size int64, l extract.Limits) (Document, error) {
	d := extract.DefaultLimits
	l.Bytes, l.Text, l.Blocks = cmp.Or(l.Bytes, d.Bytes), cmp.Or(l.Text, d.Text), cmp.Or(l.Blocks, d.Blocks)
	if err := fits(size, l.Bytes); err != nil {
		return Document{}, err
	}
	t := &taking{lim: l}
	req := textRequest{Size: size, Text: l.Text, Blocks: l.Blocks, Pages: MaxPages, Millis: (r.opt.Time * 4 / 5).Milliseconds()}
	err := r.run(ctx, job{kind: askText, request: req, file: file, size: size, limit: r.opt.Time, again: t.again, take: t.take})
	if tooComplex(err) && t.pages > 0 {
		t.doc.Cut, err = true, nil
	}
	if err != nil {
		return Document{}, err
	}
	return t.doc, nil
}

// Page draws a page, the first being 1, as a PNG or JPEG about as wide as is asked for, on white, of at most MaxPicture
// bytes; its colours are kept where that is possible. Errors are those of Read, and errs.NotFound where there is no such page.
func (r *Reader) Page(ctx context.Context, file io.ReaderAt, size int64, page, width int) (image []byte, mime string, err error) {
	if err := fits(size, extract.DefaultLimits.Bytes); err != nil {
		return nil, "", err
	}
	if page < 1 || page > math.MaxInt32 {
		return nil, "", errs.New(errs.NotFound, "pdf.page_missing", "Page", page)
	}
	req := pageRequest{Size: size, Page: page, Width: min(max(width, 16), widest)}
	take := func(kind byte, payload []byte) (bool, error) {
		if kind != sayImage || len(payload) > MaxPicture {
			return false, unexpected(kind)
		}
		switch {
		case bytes.HasPrefix(payload, []byte("\x89PNG\r\n\x1a\n")):
			mime = "image/png"
		case bytes.HasPrefix(payload, []byte("\xFF\xD8\xFF")):
			mime = "image/jpeg"
		default:
			return false, errors.New("pdf: no picture")
		}
		image = payload
		return true, nil
	}
	err = r.run(ctx, job{kind: askPage, request: req, page: page, file: file, size: size, limit: r.opt.Page, again: func() {}, take: take})
	if err != nil {
		return nil, "", err
	}
	return image, mime, nil
}

func fits(size, limit int64) error {
	if size > limit {
		return errs.New(errs.TooLarge, "pdf.too_large", "Limit", max(1, limit>>20))
	}
	if size <= 0 {
		return damaged(io.ErrUnexpectedEOF)
	}
	return nil
}

func unexpected(kind byte) error { return fmt.Errorf("pdf: unexpected frame %q", kind) }

func tooComplex(err error) bool {
	var e *errs.Error
	return errors.As(err, &e) && e.Key == "pdf.too_complex"
}

// taking puts a document together from what a child says, and takes no more than the limits allow.
type taking struct {
	lim   extract.Limits
	doc   Document
	facts bool
	pages int // of which something was said
	text  int
}

func (t *taking) again() { *t = taking{lim: t.lim} }

func (t *taking) take(kind byte, payload []byte) (bool, error) {
	switch kind {
	case sayFacts:
		var f facts
		if err := json.Unmarshal(payload, &f); err != nil || t.facts || f.Pages < 0 {
			return false, errors.Join(errors.New("pdf: facts"), err)
		}
		t.facts = true
		t.doc = Document{Title: title(f.Title), Author: title(f.Author), Created: moment(f.Created), Modified: moment(f.Modified), Pages: f.Pages}
		t.doc.Cut = f.Pages > MaxPages
		return false, nil
	case sayPage:
		var p pageText
		if err := json.Unmarshal(payload, &p); err != nil {
			return false, fmt.Errorf("pdf: page: %w", err)
		}
		if !t.facts || p.Page < max(1, t.pages) || p.Page > min(t.doc.Pages, MaxPages) {
			return false, fmt.Errorf("pdf: page %d after %d of %d", p.Page, t.pages, t.doc.Pages)
		}
		for len(t.doc.Sizes) < p.Page {
			t.doc.Sizes = append(t.doc.Sizes, Size{})
		}
		if t.pages = p.Page; measurable(p.Width) && measurable(p.Height) {
			t.doc.Sizes[p.Page-1] = Size{p.Width, p.Height}
		}
		for _, s := range p.Text {
			t.add(s, p.Page)
		}
		return false, nil
	case sayDone:
		var d done
		if err := json.Unmarshal(payload, &d); err != nil || !t.facts {
			return false, errors.Join(errors.New("pdf: done"), err)
		}
		t.doc.Cut = t.doc.Cut || d.Cut
		return true, nil
	}
	return false, unexpected(kind)
}

func (t *taking) add(s string, page int) {
	if s = strings.TrimSpace(extract.Clean(s)); s == "" {
		return
	}
	if len(t.doc.Blocks) >= t.lim.Blocks || t.text+len(s) > t.lim.Text {
		t.doc.Cut = true
		return
	}
	t.text += len(s)
	t.doc.Blocks = append(t.doc.Blocks, extract.Block{Kind: extract.Paragraph, Text: s, Page: page})
}

// measurable leaves out sizes that no sheet has.
func measurable(v float64) bool { return v > 0 && v < 1e6 }

func title(s string) string {
	s = strings.Join(strings.Fields(extract.Clean(s)), " ")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300])
	}
	return s
}

// moment reads a time as a PDF writes it: D:20190531093000+08'00'. The zero time when it makes no sense.
func moment(s string) time.Time {
	s = strings.ReplaceAll(strings.TrimPrefix(strings.TrimSpace(s), "D:"), "'", "")
	for _, layout := range []string{"20060102150405-0700", "20060102150405Z0700", "20060102150405", "200601021504", "20060102"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() > 1990 && t.Year() < 2200 {
			return t.UTC()
		}
	}
	return time.Time{}
}
