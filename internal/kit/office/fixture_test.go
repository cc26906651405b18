//go:build linux || darwin

package office

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/pdf"
)

// TestMain makes this binary the child of kit/pdf, and a LibreOffice that goes wrong where it is called soffice.bin.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 3 && os.Args[1] == pdf.Subcommand:
		if err := pdf.Serve(os.Stdin, os.Stdout, os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	case filepath.Base(os.Args[0]) == "soffice.bin":
		os.Exit(pretend(os.Args[1:]))
	}
	code := m.Run()
	for _, f := range atTheEnd {
		f()
	}
	os.Exit(code)
}

var atTheEnd []func()

// real is a Converter with the LibreOffice of this system, one for all tests.
var real = sync.OnceValues(func() (*Converter, error) {
	c := New(Options{Time: time.Minute})
	atTheEnd = append(atTheEnd, func() { _ = c.Close() })
	return c, c.Prepare(context.Background())
})

// libreOffice leaves a test out where there is none or no jail; tools/test.sh then says so.
func libreOffice(t *testing.T) *Converter {
	t.Helper()
	if _, found := Find(); !found {
		t.Skip("no LibreOffice: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui")
	}
	needsJail(t)
	c, err := real()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func needsJail(t *testing.T) {
	t.Helper()
	if err := exec.Command("bwrap", "--ro-bind", "/", "/", "--unshare-all", "true").Run(); err != nil {
		t.Skip("no jail: apt-get install bubblewrap, and let it make name spaces: ", err)
	}
}

var pdfs = sync.OnceValue(func() *pdf.Reader {
	dir, err := os.MkdirTemp("", "xinhuo-office-pdf")
	if err != nil {
		panic(err)
	}
	r := pdf.New(pdf.Options{Command: pdf.Self(), Cache: dir, Time: time.Minute})
	atTheEnd = append(atTheEnd, func() { _ = r.Close(); _ = os.RemoveAll(dir) })
	return r
})

// pagesOf reads a PDF: how many pages, and their text.
func pagesOf(t *testing.T, b []byte) (int, string) {
	t.Helper()
	d, err := pdfs().Read(t.Context(), bytes.NewReader(b), int64(len(b)), extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var s strings.Builder
	for _, b := range d.Blocks {
		s.WriteString(strings.ReplaceAll(b.Text, " ", "")) // it sets Latin a little apart from Chinese
	}
	return d.Pages, s.String()
}

func key(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return fmt.Sprint(err)
}

// archive is a zip of names and texts in turn.
func archive(parts ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: parts[i]}) // stored, as the mimetype must be
		if err != nil {
			panic(err)
		}
		_, _ = w.Write([]byte(parts[i+1]))
	}
	_ = z.Close()
	return b.Bytes()
}

const (
	office        = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	relationships = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
)

// docx is a document of a body, with relations of its own.
func docx(body, relations string) []byte {
	return archive("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`+
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels", relationships+`<Relationship Id="r1" Type="`+office+`/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/_rels/document.xml.rels", relationships+relations+`</Relationships>`,
		"word/document.xml", `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="`+office+`" `+
			`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" `+
			`xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>`+body+`</w:body></w:document>`)
}

// para is a paragraph in a font.
func para(text, font string) string {
	return `<w:p><w:r><w:rPr><w:rFonts w:ascii="` + font + `" w:hAnsi="` + font + `" w:eastAsia="` + font + `"/><w:sz w:val="32"/></w:rPr><w:t>` + text + `</w:t></w:r></w:p>`
}

// report is a docx of pages, each with its number.
func report(pages int) []byte {
	var b strings.Builder
	for n := range pages {
		if n > 0 {
			b.WriteString(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`)
		}
		for range 15 {
			b.WriteString(para(fmt.Sprintf("各级关工委组织老干部老战士，第%d部分", n+1), "仿宋_GB2312"))
		}
	}
	return docx(b.String(), "")
}

const leaf = "%PDF-1.4\n%%EOF\n"

// pretend is a LibreOffice that does what its documents say.
func pretend(args []string) int {
	never := make(chan os.Signal, 1)
	signal.Notify(never, os.Interrupt)
	if args[0] == "hold" { // begun by another, it has a pipe open until it ends
		f, err := os.OpenFile(args[1], os.O_WRONLY, 0)
		if err != nil {
			return 1
		}
		_, _ = f.Write([]byte{1})
		<-never
		_ = f.Close()
		return 0
	}
	mark := filepath.Join(strings.TrimPrefix(args[0], "-env:UserInstallation=file://"), "mark")
	if _, err := os.Stat(mark); err != nil {
		_ = os.WriteFile(mark, nil, 0o600)
		return 81
	}
	at := slices.Index(args, "--outdir")
	for _, in := range args[at+2:] {
		if strings.HasPrefix(in, "--infilter=") {
			continue
		}
		b, _ := os.ReadFile(in)
		out := filepath.Join(args[at+1], strings.TrimSuffix(filepath.Base(in), filepath.Ext(in))+".pdf")
		write := func(b string) { _ = os.WriteFile(out, []byte(b), 0o600) }
		do, what, _ := strings.Cut(string(b), " ")
		switch do {
		case "hang":
			if what != "" {
				_ = exec.Command(os.Args[0], "hold", what).Start()
			}
			<-never
		case "crash":
			write(leaf[:5])
			_ = syscall.Kill(os.Getpid(), syscall.SIGSEGV)
			<-never
		case "eat":
			held := bytes.Repeat([]byte("x"), 300<<20)
			<-never
			_ = held
		case "large":
			write(leaf)
			_ = os.Truncate(out, MaxPDF+1)
		case "endless":
			for f, err := os.Create(out); err == nil; {
				_, err = f.Write(make([]byte, 1<<20))
			}
		case "link":
			_ = os.Symlink(what, out)
		case "pipe":
			_ = syscall.Mkfifo(out, 0o600)
		case "refuse":
		default:
			write(leaf + string(b) + "\n%%EOF\n")
		}
	}
	return 0
}

// pretender is a Converter whose LibreOffice is this binary.
func pretender(t *testing.T, change ...func(*Options)) *Converter {
	t.Helper()
	needsJail(t)
	program := filepath.Join(t.TempDir(), "libreoffice", "program", "soffice.bin")
	b, err := os.ReadFile(os.Args[0])
	if err == nil {
		err = os.MkdirAll(filepath.Dir(program), 0o700)
	}
	if err == nil {
		err = os.WriteFile(program, b, 0o700)
	}
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Program: program, Folder: t.TempDir(), Time: time.Minute}
	for _, f := range change {
		f(&o)
	}
	c := New(o)
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c
}

// document is a file with the ending of its name.
type document struct{ format, file string }

// together converts documents at once.
func together(t *testing.T, c *Converter, docs ...document) (pdfs []string, wrong []error) {
	t.Helper()
	pdfs, wrong = make([]string, len(docs)), make([]error, len(docs))
	var wait sync.WaitGroup
	for i, d := range docs {
		wait.Go(func() {
			b, err := c.PDF(t.Context(), strings.NewReader(d.file), d.format)
			pdfs[i], wrong[i] = string(b), err
		})
	}
	wait.Wait()
	return pdfs, wrong
}

// words are documents for a pretender.
func words(files ...string) (docs []document) {
	for _, f := range files {
		docs = append(docs, document{"docx", f})
	}
	return docs
}
