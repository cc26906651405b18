package pdf

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
)

// Limits of the lines of a page. What is beyond them is left out.
const (
	MaxLines    = 4000
	MaxLineText = 256 << 10 // bytes of all lines of a page
	longest     = 4 << 10   // bytes of a line, which goes on as another
)

// Line is a line of a page, or what stands in one cell of it, with the space it takes in points from the top left corner of the page as it is shown.
type Line struct {
	Text       string
	X, Y, W, H float64
}

// Lines reads a page, the first being 1: its size and its lines, in the order in which pdfium puts them, so that they can be
// laid over its picture. A page of which there is only a picture has none. Errors are those of Page.
func (r *Reader) Lines(ctx context.Context, file io.ReaderAt, size int64, page int) (Size, []Line, error) {
	if err := fits(size, extract.DefaultLimits.Bytes); err != nil {
		return Size{}, nil, err
	}
	if page < 1 || page > math.MaxInt32 {
		return Size{}, nil, errs.New(errs.NotFound, "pdf.page_missing", "Page", page)
	}
	var t takingLines
	err := r.run(ctx, job{kind: askLines, request: pageRequest{Size: size, Page: page}, page: page, file: file, size: size, limit: r.opt.Page, again: t.again, take: t.take})
	if err != nil {
		return Size{}, nil, err
	}
	return t.size, t.lines, nil
}

// takingLines puts the lines of a page together from what a child says, and takes none that cannot be.
type takingLines struct {
	size  Size
	lines []Line
	text  int
}

func (t *takingLines) again() { *t = takingLines{} }

func (t *takingLines) take(kind byte, payload []byte) (bool, error) {
	switch kind {
	case sayLines:
		var p pageLinesSaid
		if err := json.Unmarshal(payload, &p); err != nil {
			return false, fmt.Errorf("pdf: lines: %w", err)
		}
		if s := (Size{p.Width, p.Height}); t.size == (Size{}) && measurable(s.Width) && measurable(s.Height) {
			t.size = s
		} else if s != t.size {
			return false, errors.New("pdf: a page of no size, or of two")
		}
		for _, l := range p.Lines {
			t.add(l)
		}
		return false, nil
	case sayDone:
		if t.size == (Size{}) {
			return false, errors.New("pdf: done before a page")
		}
		return true, nil
	}
	return false, unexpected(kind)
}

// add takes the part of a line that is on the page.
func (t *takingLines) add(l Line) {
	l.Text = strings.Join(strings.Fields(extract.Clean(l.Text)), " ")
	right, bottom := min(l.X+l.W, t.size.Width), min(l.Y+l.H, t.size.Height)
	l.X, l.Y = max(l.X, 0), max(l.Y, 0)
	l.W, l.H = right-l.X, bottom-l.Y
	if l.Text == "" || !(l.W > 0 && l.H > 0) || len(t.lines) >= MaxLines || t.text+len(l.Text) > MaxLineText {
		return
	}
	t.text += len(l.Text)
	t.lines = append(t.lines, l)
}

// lines says the lines of one page.
func (w *worker) lines(p pdfium.Pdfium, doc references.FPDF_DOCUMENT, q pageRequest) error {
	count, err := p.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil {
		return wrong{whyDamaged}
	}
	if q.Page > count.PageCount {
		return wrong{whyMissing}
	}
	size, err := p.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: doc, Index: q.Page - 1})
	if err != nil || !measurable(size.Width) || !measurable(size.Height) {
		return wrong{whyPage}
	}
	lines, err := boxedLines(p, doc, q.Page-1, Size{size.Width, size.Height})
	if err != nil {
		return wrong{whyPage}
	}
	said := pageLinesSaid{Width: size.Width, Height: size.Height}
	for text := 0; ; {
		n := 0
		for ; n < min(len(lines), 1000) && text < piece/2; n++ {
			text += len(lines[n].Text)
		}
		said.Lines, lines, text = lines[:n], lines[n:], 0
		if err := writeJSON(w.out, sayLines, said); err != nil {
			return err
		}
		if len(lines) == 0 {
			return writeJSON(w.out, sayDone, done{})
		}
	}
}

// boxedLines reads the lines of a page with their boxes. What stands far apart in a line, as the cells of a table do, is lines of its own.
func boxedLines(p pdfium.Pdfium, doc references.FPDF_DOCUMENT, index int, size Size) (lines []Line, err error) {
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: index}}
	shown, err := asShown(p, page, size)
	if err != nil {
		return nil, err
	}
	tp, err := p.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return nil, err
	}
	t := textPage{p: p, ref: tp.TextPage}
	defer p.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: t.ref})
	count, err := p.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: t.ref})
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	var space box
	var before rune
	text := 0
	var end, base, height, angle float64 // of the line so far, along and across its direction
	flush := func() {
		if s := strings.TrimSpace(extract.Clean(b.String())); s != "" && space.some {
			text += len(s)
			lines = append(lines, Line{s, space.left, space.top, space.right - space.left, space.bottom - space.top})
		}
		b.Reset()
		space, before = box{}, 0
	}
	for i, r := range t.runes(count.Count) {
		if len(lines) >= MaxLines || text+b.Len() > MaxLineText {
			break
		}
		switch {
		case r == '\n':
			flush()
			continue
		case r == softHyphen:
			r = '-'
		case unicode.IsSpace(r):
			if !wide(before) || !t.apart(i, count.Count) {
				b.WriteByte(' ')
			}
			before = ' '
			continue
		}
		a := t.angle(i)
		from, to, high := t.box(i, a)
		_, on := t.origin(i, a)
		if h := max(height, high); space.some && (a != angle || from-end > 2*h || end-from > 4*h || math.Abs(on-base) > 0.7*h || b.Len() > longest) {
			flush()
		}
		angle, end, base, height = a, to, on, high
		if c, err := p.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: t.ref, Index: i}); err == nil {
			space.add(shown(float64(c.Rect.Left), float64(c.Rect.Bottom)))
			space.add(shown(float64(c.Rect.Right), float64(c.Rect.Top)))
		}
		b.WriteRune(r)
		before = r
	}
	flush()
	return lines, nil
}

// box is the space around some points.
type box struct {
	left, top, right, bottom float64
	some                     bool
}

func (b *box) add(x, y float64) {
	if math.IsNaN(x) || math.IsNaN(y) || math.Abs(x) > 1e7 || math.Abs(y) > 1e7 {
		return
	}
	if !b.some {
		*b = box{x, y, x, y, true}
		return
	}
	b.left, b.top, b.right, b.bottom = min(b.left, x), min(b.top, y), max(b.right, x), max(b.bottom, y)
}

// asShown gives for a point of a page where it is when the page is shown, turned and cut as it says. pdfium tells whole numbers, so it is
// asked for three points of a large picture.
func asShown(p pdfium.Pdfium, page requests.Page, size Size) (func(x, y float64) (float64, float64), error) {
	const fine, far = 16, 1000
	var at [3][2]float64
	for i, from := range [3][2]float64{{0, 0}, {far, 0}, {0, far}} {
		d, err := p.FPDF_PageToDevice(&requests.FPDF_PageToDevice{Page: page, SizeX: int(math.Round(size.Width * fine)), SizeY: int(math.Round(size.Height * fine)), PageX: from[0], PageY: from[1]})
		if err != nil {
			return nil, err
		}
		at[i] = [2]float64{float64(int32(d.DeviceX)) / fine, float64(int32(d.DeviceY)) / fine}
	}
	zero, right, up := at[0], at[1], at[2]
	return func(x, y float64) (float64, float64) {
		x, y = x/far, y/far
		return zero[0] + x*(right[0]-zero[0]) + y*(up[0]-zero[0]), zero[1] + x*(right[1]-zero[1]) + y*(up[1]-zero[1])
	}, nil
}
