package extract

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"xinhuo/internal/kit/errs"
)

// Format is what a document is by its content.
type Format string

// The formats that are taken. Unknown is everything else and is refused.
const (
	Unknown Format = ""
	DOCX    Format = "docx"
	DOC     Format = "doc"
	WPS     Format = "wps"
	XLSX    Format = "xlsx"
	PPTX    Format = "pptx"
	PDF     Format = "pdf"
	OFD     Format = "ofd"
	TXT     Format = "txt"
	HTML    Format = "html"
	MD      Format = "md"
	JPEG    Format = "jpg"
	PNG     Format = "png"
	GIF     Format = "gif"
	WebP    Format = "webp"
)

// Formats are all that are taken, in the order in which a person is told them.
var Formats = []Format{DOCX, DOC, WPS, XLSX, PPTX, PDF, OFD, TXT, HTML, MD, JPEG, PNG, GIF, WebP}

// Kind is what a block is in the text.
type Kind int

// The kinds of block. A Row is a row of a table, its cells parted by tabs; a Note is a footnote or an endnote.
const (
	Paragraph Kind = iota
	Title
	Heading
	ListItem
	Row
	Note
)

// Block is one piece of the text. Level is 1 to 9 for headings and list items, 0 otherwise. Page is 0 where the format
// has no pages of its own.
type Block struct {
	Kind  Kind
	Level int
	Text  string
	Page  int
}

// Mark is something in a document that a reader has to be told of. It is kept and never run.
type Mark string

// The marks. External is what a program would fetch from elsewhere on opening the document: linked pictures, templates,
// objects; a link that somebody must click is not. Encrypted is a pdf that is encrypted, be it only against printing;
// documents of other formats that need a password are refused.
const (
	Macros    Mark = "macros"
	Embedded  Mark = "embedded"
	External  Mark = "external"
	Scripts   Mark = "scripts"
	Encrypted Mark = "encrypted"
)

// Document is what was read. Title, Author, Created, Modified and, but for pptx and ofd, Pages are what the file says about
// itself: they may be wrong or missing. Width and Height, in pixels, are those of an image.
type Document struct {
	Format            Format
	Title, Author     string
	Created, Modified time.Time
	Pages             int
	Width, Height     int
	Blocks            []Block
	Marks             []Mark
	Cut               bool // the text was longer than the limit and ends before its end
}

// Text is the text of all blocks, a line each.
func (d Document) Text() string {
	n := 0
	for _, b := range d.Blocks {
		n += len(b.Text) + 1
	}
	var s strings.Builder
	s.Grow(n)
	for _, b := range d.Blocks {
		s.WriteString(b.Text)
		s.WriteByte('\n')
	}
	return s.String()
}

// Has tells whether the document carries a mark.
func (d Document) Has(m Mark) bool { return slices.Contains(d.Marks, m) }

func (d *Document) mark(m Mark) {
	if !d.Has(m) {
		d.Marks = append(d.Marks, m)
	}
}

// Limits bound what a document may cost us. A zero field takes the value of DefaultLimits.
type Limits struct {
	Bytes  int64 // of the file as it came
	Parts  int   // in a zip
	Part   int64 // bytes of one unfolded part of a zip
	Total  int64 // bytes that are unfolded altogether
	Token  int   // bytes of one piece of XML or HTML: a tag, a stretch of text
	Depth  int   // of elements within elements
	Pieces int   // of XML that are read altogether; what follows is cut
	Text   int   // bytes of text that are kept; more is cut
	Blocks int   // that are kept; more are cut
	Pixels int   // of an image
}

// DefaultLimits suit a library: the longest books pass, and no file holds more than about 100 MB of memory.
var DefaultLimits = Limits{Bytes: 100 << 20, Parts: 10_000, Part: 128 << 20, Total: 192 << 20, Token: 1 << 20, Depth: 256, Pieces: 4_000_000, Text: 8 << 20, Blocks: 200_000, Pixels: 100_000_000}

func orDefault[T int | int64](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits
	orDefault(&l.Bytes, d.Bytes)
	orDefault(&l.Parts, d.Parts)
	orDefault(&l.Part, d.Part)
	orDefault(&l.Total, d.Total)
	orDefault(&l.Token, d.Token)
	orDefault(&l.Depth, d.Depth)
	orDefault(&l.Pieces, d.Pieces)
	orDefault(&l.Text, d.Text)
	orDefault(&l.Blocks, d.Blocks)
	orDefault(&l.Pixels, d.Pixels)
	return l
}

// source is the file as it came. It remembers when reading itself went wrong, which is our trouble and not the file's.
type source struct {
	io.ReaderAt
	size int64
	err  error
}

func (s *source) ReadAt(p []byte, at int64) (int, error) {
	n, err := s.ReaderAt.ReadAt(p, at)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// all is the whole file.
func (s *source) all() ([]byte, error) {
	return io.ReadAll(io.NewSectionReader(s, 0, s.size))
}

// work is one document being read.
type work struct {
	ctx    context.Context
	src    *source
	lim    Limits
	doc    Document
	left   int    // bytes of text that are still kept
	pieces int    // of XML that are still read
	window []byte // of the part at hand: parts are read one after the other
}

// errCut ends the reading of a text that is longer than the limit.
var errCut = errors.New("extract: text cut")

// Read tells the format of a document and reads it. The name tells only what the content cannot: md from txt, and wps from
// doc, which are the same inside. Errors: errs.Unsupported for what is not taken, is damaged or is built to deceive,
// errs.TooLarge above a limit, errs.Invalid for an empty file.
func Read(ctx context.Context, r io.ReaderAt, size int64, name string, l Limits) (Document, error) {
	l = l.withDefaults()
	if size > l.Bytes {
		return Document{}, errs.New(errs.TooLarge, "extract.too_large", "Limit", max(1, l.Bytes>>20))
	}
	if size <= 0 {
		return Document{}, errs.New(errs.Invalid, "extract.empty")
	}
	w := &work{ctx: ctx, src: &source{ReaderAt: r, size: size}, lim: l, left: l.Text, pieces: l.Pieces}
	err := w.read(strings.ToLower(path.Ext(name)))
	if w.src.err != nil {
		return Document{}, w.src.err
	}
	if errors.Is(err, errCut) {
		w.doc.Cut, err = true, nil
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return Document{}, err
	}
	w.doc.Title, w.doc.Author = line(w.doc.Title), line(w.doc.Author)
	slices.Sort(w.doc.Marks)
	return w.doc, nil
}

func (w *work) read(ending string) error {
	head := make([]byte, min(w.src.size, 4096))
	if n, err := w.src.ReadAt(head, 0); n < len(head) {
		if err == nil || errors.Is(err, io.EOF) {
			return damaged(io.ErrUnexpectedEOF)
		}
		return err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return w.readZip()
	case bytes.HasPrefix(head, []byte(compoundMark)):
		return w.readCompound(ending)
	case bytes.HasPrefix(head, []byte("%PDF-")):
		w.doc.Format = PDF
		return w.readPDF()
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")), bytes.HasPrefix(head, []byte("\xFF\xD8\xFF")), bytes.HasPrefix(head, []byte("GIF87a")),
		bytes.HasPrefix(head, []byte("GIF89a")), len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return w.readImage()
	case len(head) >= 12 && string(head[4:8]) == "ftyp" && slices.Contains([]string{"heic", "heix", "hevc", "mif1", "msf1"}, string(head[8:12])):
		return errs.New(errs.Unsupported, "extract.heic")
	case bytes.HasPrefix(head, []byte("MZ")), bytes.HasPrefix(head, []byte("\x7fELF")), bytes.HasPrefix(head, []byte("#!")),
		bytes.HasPrefix(head, []byte("\xCF\xFA\xED\xFE")), bytes.HasPrefix(head, []byte("\xCA\xFE\xBA\xBE")):
		return errs.New(errs.Unsupported, "extract.program")
	case bytes.HasPrefix(head, []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR`)):
		return errs.New(errs.Unsupported, "extract.eicar")
	case bytes.HasPrefix(head, []byte(`{\rtf`)):
		return saveAs("RTF", DOCX)
	}
	return w.readText(ending, head)
}

func damaged(cause error) error { return errs.Wrap(cause, errs.Unsupported, "extract.damaged") }

// tricky is for what no program writes that means well.
func tricky(what string) error {
	return errs.Wrap(errors.New(what), errs.Unsupported, "extract.tricky")
}

func saveAs(name string, to Format) error {
	return errs.New(errs.Unsupported, "extract.save_as", "Name", name, "Format", string(to))
}

func unknown() error {
	names := make([]string, len(Formats))
	for i, f := range Formats {
		names[i] = string(f)
	}
	return errs.New(errs.Unsupported, "extract.format_unknown", "Formats", strings.Join(names, "、"))
}

// readable keeps damage, limits and the caller's own end apart: an error that is ours already stays as it is.
func readable(err error) error {
	var e *errs.Error
	if err == nil || errors.As(err, &e) || errors.Is(err, errCut) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return damaged(err)
}

// add keeps a block; one without text is left out. At the limit it gives errCut.
func (w *work) add(b Block) error {
	b.Text = Clean(b.Text)
	if b.Kind != Row {
		b.Text = strings.TrimSpace(b.Text)
	}
	if b.Text == "" {
		return nil
	}
	if len(w.doc.Blocks) >= w.lim.Blocks {
		return errCut
	}
	if len(b.Text) > w.left {
		at := w.left
		for at > 0 && !utf8.RuneStart(b.Text[at]) {
			at--
		}
		if b.Text = b.Text[:at]; b.Text != "" {
			w.doc.Blocks = append(w.doc.Blocks, b)
		}
		w.left = 0
		return errCut
	}
	w.left -= len(b.Text)
	w.doc.Blocks = append(w.doc.Blocks, b)
	return nil
}

// full tells that a text being gathered is longer than what is still kept: there is no use in gathering more.
func (w *work) full(gathered int) bool { return gathered > 2*w.left+4096 }

// Clean leaves out what has no place in a text: control characters, NUL, and marks that turn the direction of writing, by
// which one text can be shown as another. Blanks around it go, tabs between cells stay.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ', r >= 0x7F && r < 0xA0, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F, r == 0x061C, r == 0xFEFF, r == 0xFFFE, r == 0xFFFF, r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return strings.Trim(strings.TrimRight(s, " \n\t"), "\n")
}

// line is a text of one line for a title or a name, of at most 300 characters.
func line(s string) string {
	s = strings.Join(strings.Fields(Clean(s)), " ")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300])
	}
	return s
}

// moment reads a time as documents write it; the zero time when it makes no sense.
func moment(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return sane(t)
		}
	}
	return time.Time{}
}

// sane leaves out times that no document was written at, such as the first day that a format can name.
func sane(t time.Time) time.Time {
	if t.Year() < 1981 || t.Year() > 2200 {
		return time.Time{}
	}
	return t.UTC()
}
