package pdf

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"
)

// TestMain makes this binary its own child, as the program is.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == Subcommand {
		if err := Serve(os.Stdin, os.Stdout, os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	if made {
		_ = os.RemoveAll(filepath.Dir(cacheDir()))
	}
	os.Exit(code)
}

var made bool

// cacheDir is one for all tests: compiling takes seconds.
var cacheDir = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("", "xinhuo-pdf")
	if err != nil {
		panic(err)
	}
	made = true
	return filepath.Join(dir, "cache")
})

func reader(t *testing.T, change ...func(*Options)) *Reader {
	t.Helper()
	o := Options{Command: Self(), Cache: cacheDir(), Time: time.Minute, Page: time.Minute} // tests share a busy machine
	for _, f := range change {
		f(&o)
	}
	r := New(o)
	t.Cleanup(func() { _ = r.Close() })
	if err := r.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return r
}

// maker writes a PDF object by object.
type maker struct {
	objects []string
	trailer string
}

func (m *maker) add(format string, a ...any) int {
	m.objects = append(m.objects, fmt.Sprintf(format, a...))
	return len(m.objects)
}

func (m *maker) stream(dict, data string) int {
	return m.add("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

// file is the PDF; its first object is the catalogue.
func (m *maker) file() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	at := make([]int, len(m.objects))
	for i, o := range m.objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, m.trailer, start)
	return b.Bytes()
}

// sheet is one page: its dictionary beside the usual, and what is drawn.
type sheet struct{ dict, draw string }

const a4 = "/MediaBox [0 0 595 842]"

// document makes a PDF of pages. Font /L is Latin; /C is Chinese: two bytes are UTF-16, of which the font says so in ToUnicode.
func document(catalog string, sheets ...sheet) *maker {
	m := &maker{}
	m.objects = make([]string, 2)
	latin := m.add("<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>")
	uni := m.stream("", "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"+
		"1 begincodespacerange <0000> <FFFF> endcodespacerange\n2 beginbfrange <0000> <D7FF> <0000> <E001> <FFFF> <E001> endbfrange\n"+
		"1 beginbfchar <E000> <D842DFB7> endbfchar endcmap end end") // E000 stands for 𠮷, which is beyond two bytes
	descriptor := m.add("<</Type /FontDescriptor /FontName /Fang /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80>>")
	cid := m.add("<</Type /Font /Subtype /CIDFontType2 /BaseFont /Fang /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /DW 1000 /FontDescriptor %d 0 R>>", descriptor)
	chinese := m.add("<</Type /Font /Subtype /Type0 /BaseFont /Fang /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>", cid, uni)
	var kids []string
	for _, s := range sheets {
		c := m.stream("", s.draw)
		if !strings.Contains(s.dict, "MediaBox") {
			s.dict += a4
		}
		kids = append(kids, fmt.Sprintf("%d 0 R", m.add("<</Type /Page /Parent 2 0 R %s /Contents %d 0 R /Resources <</Font <</L %d 0 R /C %d 0 R>>>>>>", s.dict, c, latin, chinese)))
	}
	m.objects[0] = "<</Type /Catalog /Pages 2 0 R " + catalog + ">>"
	m.objects[1] = fmt.Sprintf("<</Type /Pages /Count %d /Kids [%s]>>", len(kids), strings.Join(kids, " "))
	return m
}

// at draws a line of Chinese in a size at a point.
func at(x, y, size float64, text string) string {
	var hex strings.Builder
	for _, r := range text {
		if r > 0xFFFF {
			r = 0xE000
		}
		fmt.Fprintf(&hex, "%04X", utf16.Encode([]rune{r})[0])
	}
	return fmt.Sprintf("BT /C %g Tf 1 0 0 1 %g %g Tm <%s> Tj ET\n", size, x, y, hex.String())
}

// latin draws a line of English.
func latin(x, y, size float64, text string) string {
	return fmt.Sprintf("BT /L %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n", size, x, y, text)
}
