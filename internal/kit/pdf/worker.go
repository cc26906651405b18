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
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// The memory of a child: what pdfium may have, and what the whole process tries to stay below.
const (
	wasmMemory = 320 << 20
	ownMemory  = 96 << 20
	wasmPage   = 64 << 10
)

// Serve is the child: it answers requests from in until that ends. The cache is a folder for compiled code.
func Serve(in io.Reader, out io.Writer, cache string) error {
	signal.Reset() // the system may end it, whatever the program does with signals otherwise
	limitSelf()
	runtime.GOMAXPROCS(2)
	debug.SetMemoryLimit(wasmMemory + ownMemory)
	pool, made, err := engine(cache)
	if err != nil {
		return err
	}
	w := &worker{pool: pool, in: bufio.NewReaderSize(in, stretch+16), out: bufio.NewWriterSize(out, stretch+16)}
	if err := writeJSON(w.out, sayReady, ready{magic, made}); err != nil {
		return err
	}
	for {
		if err := w.out.Flush(); err != nil {
			return err
		}
		kind, payload, err := readFrame(w.in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = w.answer(kind, payload)
		}
		if err != nil {
			return err
		}
	}
}

// engine makes pdfium ready, from the cache or anew. A cache that cannot be read is thrown away.
func engine(cache string) (pool pdfium.Pool, made bool, err error) {
	before := cached(cache)
	if pool, err = compiled(cache); err != nil {
		for _, f := range before {
			_ = os.Remove(f)
		}
		if pool, err = compiled(cache); err != nil {
			return nil, false, err
		}
		return pool, true, nil
	}
	if made = !slices.Equal(before, cached(cache)); made { // of another version
		for _, f := range before {
			_ = os.Remove(f)
		}
	}
	return pool, made, nil
}

func cached(cache string) []string {
	files, _ := filepath.Glob(filepath.Join(cache, "wazero-*", "*"))
	return slices.DeleteFunc(files, func(f string) bool { return filepath.Ext(f) == ".tmp" })
}

func compiled(cache string) (pdfium.Pool, error) {
	dir, err := wazero.NewCompilationCacheWithDir(cache)
	if err != nil {
		return nil, err
	}
	return webassembly.Init(webassembly.Config{
		Context:  experimental.WithMemoryAllocator(context.Background(), &memory{}),
		MaxIdle:  1,
		MaxTotal: 1,
		FSConfig: wazero.NewFSConfig(), // empty: go-pdfium would show it everything
		Stdout:   io.Discard,
		Stderr:   io.Discard,
		RuntimeConfig: wazero.NewRuntimeConfigCompiler().WithCompilationCache(dir).WithMemoryLimitPages(wasmMemory / wasmPage).
			WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling),
	})
}

// memory is what pdfium has: one stretch that is taken from the system once and only as far as it is used, instead of one
// that is copied whenever it grows. It is wiped between documents.
type memory struct {
	all  []byte
	used uint64
}

func (m *memory) Allocate(_, _ uint64) experimental.LinearMemory {
	if m.all == nil {
		m.all = make([]byte, wasmMemory)
	}
	return m
}

func (m *memory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.all)) {
		return nil
	}
	m.used = max(m.used, size)
	return m.all[:size:size]
}

func (m *memory) Free() {
	clear(m.all[:m.used])
	m.used = 0
}

// worker is the child at work.
type worker struct {
	pool pdfium.Pool
	in   *bufio.Reader
	out  *bufio.Writer
	lost error // the parent is gone
}

func (w *worker) answer(kind byte, payload []byte) error {
	var err error
	switch kind {
	case askText:
		var q textRequest
		if err = json.Unmarshal(payload, &q); err == nil {
			err = w.open(q.Size, func(p pdfium.Pdfium, doc references.FPDF_DOCUMENT) error { return w.text(p, doc, q) })
		}
	case askPage, askLines:
		var q pageRequest
		do := w.page
		if kind == askLines {
			do = w.lines
		}
		if err = json.Unmarshal(payload, &q); err == nil {
			err = w.open(q.Size, func(p pdfium.Pdfium, doc references.FPDF_DOCUMENT) error { return do(p, doc, q) })
		}
	default:
		err = unexpected(kind)
	}
	if w.lost != nil {
		return w.lost
	}
	var say wrong
	if errors.As(err, &say) {
		return writeFrame(w.out, sayWrong, []byte(say.why))
	}
	return err
}

// open gives do a document in an instance of its own.
func (w *worker) open(size int64, do func(pdfium.Pdfium, references.FPDF_DOCUMENT) error) error {
	p, err := w.pool.GetInstance(10 * time.Second)
	if err != nil {
		return err
	}
	defer p.Close()
	doc, err := p.OpenDocument(&requests.OpenDocument{FileReader: &remote{w: w, size: size, from: -1}, FileReaderSize: size})
	switch {
	case errors.Is(err, pdferrors.ErrPassword), errors.Is(err, pdferrors.ErrSecurity):
		return wrong{whyLocked}
	case err != nil:
		return wrong{whyDamaged}
	}
	return do(p, doc.Document)
}

// remote is the file, which the parent has.
type remote struct {
	w          *worker
	size, at   int64
	from       int64 // of the stretch at hand
	near       []byte
	kept       map[int64][]byte
	keptInTurn []int64
}

func (f *remote) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart || offset < 0 {
		return 0, errors.New("pdf: seek")
	}
	f.at = offset
	return offset, nil
}

func (f *remote) Read(p []byte) (int, error) {
	if f.at >= f.size {
		return 0, io.EOF
	}
	from := f.at - f.at%stretch
	if from != f.from {
		b, err := f.stretch(from)
		if err != nil {
			return 0, err
		}
		f.from, f.near = from, b
	}
	if f.at-from >= int64(len(f.near)) {
		return 0, io.ErrUnexpectedEOF
	}
	n := copy(p, f.near[f.at-from:])
	f.at += int64(n)
	return n, nil
}

// stretch asks the parent, unless it is one of those that came last.
func (f *remote) stretch(from int64) ([]byte, error) {
	const most = 128
	if b, ok := f.kept[from]; ok {
		return b, nil
	}
	if f.w.lost != nil {
		return nil, f.w.lost
	}
	var q [12]byte
	binary.BigEndian.PutUint64(q[:], uint64(from))
	binary.BigEndian.PutUint32(q[8:], stretch)
	err := writeFrame(f.w.out, needData, q[:])
	if err == nil {
		err = f.w.out.Flush()
	}
	var kind byte
	var b []byte
	if err == nil {
		kind, b, err = readFrame(f.w.in)
	}
	if err == nil && kind != giveData {
		err = unexpected(kind)
	}
	if err != nil {
		f.w.lost = err
		return nil, err
	}
	if f.kept == nil {
		f.kept = map[int64][]byte{}
	}
	if len(f.keptInTurn) == most {
		delete(f.kept, f.keptInTurn[0])
		f.keptInTurn = f.keptInTurn[1:]
	}
	f.kept[from], f.keptInTurn = b, append(f.keptInTurn, from)
	return b, nil
}

// text says what the document says about itself, and then page by page.
func (w *worker) text(p pdfium.Pdfium, doc references.FPDF_DOCUMENT, q textRequest) error {
	begun := time.Now()
	count, err := p.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil || count.PageCount < 1 {
		return wrong{whyDamaged}
	}
	about := func(tag string) string {
		m, err := p.FPDF_GetMetaText(&requests.FPDF_GetMetaText{Document: doc, Tag: tag})
		if err != nil {
			return ""
		}
		return m.Value[:min(len(m.Value), 4000)]
	}
	f := facts{Pages: count.PageCount, Title: about("Title"), Author: about("Author"), Created: about("CreationDate"), Modified: about("ModDate")}
	if err := writeJSON(w.out, sayFacts, f); err != nil {
		return err
	}
	left, blocks := q.Text, q.Blocks
	read := 0
	for n := 1; n <= min(count.PageCount, q.Pages); n++ {
		if left <= 0 || blocks <= 0 || time.Since(begun) > time.Duration(q.Millis)*time.Millisecond {
			return writeJSON(w.out, sayDone, done{Cut: true})
		}
		said := pageText{Page: n}
		if size, err := p.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: doc, Index: n - 1}); err == nil && measurable(size.Width) && measurable(size.Height) {
			said.Width, said.Height = size.Width, size.Height
		}
		lines, cut, err := pageLines(p, doc, n-1, left)
		if w.lost != nil {
			return w.lost
		}
		if err == nil {
			read++
		}
		for _, s := range paragraphs(lines) {
			for s != "" && blocks > 0 && left > 0 {
				var head string
				head, s = split(s, min(piece, left))
				if head == "" {
					left = 0
					break
				}
				said.Text = append(said.Text, head)
				left -= len(head)
				blocks--
				if gathered(said.Text) > piece {
					if err := writeJSON(w.out, sayPage, said); err != nil {
						return err
					}
					said.Text = nil
				}
			}
			cut = cut || s != ""
		}
		if err := writeJSON(w.out, sayPage, said); err != nil {
			return err
		}
		if cut {
			return writeJSON(w.out, sayDone, done{Cut: true})
		}
		if err := w.out.Flush(); err != nil {
			return err
		}
	}
	if read == 0 {
		return wrong{whyDamaged}
	}
	return writeJSON(w.out, sayDone, done{})
}

func gathered(text []string) (n int) {
	for _, s := range text {
		n += len(s) + 1
	}
	return n
}

// page draws one page.
func (w *worker) page(p pdfium.Pdfium, doc references.FPDF_DOCUMENT, q pageRequest) error {
	count, err := p.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil {
		return wrong{whyDamaged}
	}
	if q.Page > count.PageCount {
		return wrong{whyMissing}
	}
	img, err := drawPage(p, doc, q.Page-1, q.Width)
	if err != nil {
		return wrong{whyPage}
	}
	b, err := picture(img)
	if err != nil {
		return fmt.Errorf("pdf: picture: %w", err)
	}
	return writeFrame(w.out, sayImage, b)
}
