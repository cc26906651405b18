//go:build linux || darwin

package office

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"xinhuo/internal/kit/errs"
)

func TestDocumentOfNinePages(t *testing.T) {
	b, err := libreOffice(t).PDF(t.Context(), bytes.NewReader(report(9)), "docx")
	if err != nil {
		t.Fatal(err)
	}
	pages, text := pagesOf(t, b)
	if pages != 9 || strings.Count(text, "各级关工委组织老干部老战士，第9部分") != 15 {
		t.Errorf("%d pages: %s", pages, text)
	}
}

func TestEveryFormat(t *testing.T) {
	c := libreOffice(t)
	book := excelize.NewFile()
	if err := book.SetCellStr("Sheet1", "A1", "五老人数"); err != nil {
		t.Fatal(err)
	}
	var xlsx bytes.Buffer
	if err := book.Write(&xlsx); err != nil {
		t.Fatal(err)
	}
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String("五老人数\n")
	if err != nil {
		t.Fatal(err)
	}
	open := func(kind, body string) []byte {
		return archive("mimetype", "application/vnd.oasis.opendocument."+kind, "META-INF/manifest.xml",
			`<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.`+kind+`"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`,
			"content.xml", `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.2"><office:body>`+body+`</office:body></office:document-content>`)
	}
	slide := `<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/><p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="900000" y="900000"/><a:ext cx="5000000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></p:spPr><p:txBody><a:bodyPr/><a:p><a:r><a:t>五老人数</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>`
	pptx := archive("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		`<Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/><Override PartName="/ppt/slides/slide1.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.slide+xml"/></Types>`,
		"_rels/.rels", relationships+`<Relationship Id="r1" Type="`+office+`/officeDocument" Target="ppt/presentation.xml"/></Relationships>`,
		"ppt/_rels/presentation.xml.rels", relationships+`<Relationship Id="r1" Type="`+office+`/slide" Target="slides/slide1.xml"/></Relationships>`,
		"ppt/presentation.xml", `<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="`+office+`"><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>`,
		"ppt/slides/slide1.xml", slide)
	var docs []document
	for format, file := range map[string][]byte{
		"DOCX": docx(para("五老人数", "宋体"), ""),
		".rtf": []byte(`{\rtf1\ansi\u20116?\u32769?\u20154?\u25968?\par}`),
		"doc":  []byte("<html><meta charset=utf-8><p>五老人数</p></html>"),
		"wps":  []byte(`{\rtf1\ansi\u20116?\u32769?\u20154?\u25968?\par}`),
		"txt":  []byte(gbk),
		"xlsx": xlsx.Bytes(),
		"odt":  open("text", `<office:text><text:p>五老人数</text:p></office:text>`),
		"ods":  open("spreadsheet", `<office:spreadsheet><table:table xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" table:name="a"><table:table-row><table:table-cell office:value-type="string"><text:p>五老人数</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>`),
		"odp":  open("presentation", `<office:presentation><draw:page draw:name="a"><draw:frame svg:width="9cm" svg:height="3cm" svg:x="1cm" svg:y="1cm"><draw:text-box><text:p>五老人数</text:p></draw:text-box></draw:frame></draw:page></office:presentation>`),
		"pptx": pptx,
	} {
		docs = append(docs, document{format, string(file)})
	}
	got, wrong := together(t, c, docs...)
	for i, d := range docs {
		if wrong[i] != nil {
			t.Errorf("%s: %v", d.format, wrong[i])
		} else if pages, text := pagesOf(t, []byte(got[i])); pages != 1 || !strings.Contains(text, "五老人数") {
			t.Errorf("%s: %d pages, %q", d.format, pages, text)
		}
	}
	if _, err := c.PDF(t.Context(), strings.NewReader("x"), "exe"); key(err) != "office.unknown_format" || Converts("exe") || !Converts(".DocX") {
		t.Error(err)
	}
}

func TestManyAtOnceAreFewCalls(t *testing.T) {
	c := libreOffice(t)
	before := c.calls.Load()
	var docs []string
	for n := range 12 {
		docs = append(docs, string(docx(para(fmt.Sprintf("第%d份", n), "宋体"), "")))
	}
	got, wrong := together(t, c, words(docs...)...)
	for n := range got {
		if wrong[n] != nil {
			t.Fatal(wrong[n])
		}
		if _, text := pagesOf(t, []byte(got[n])); text != fmt.Sprintf("第%d份", n) {
			t.Errorf("document %d became %q", n, text)
		}
	}
	if calls := c.calls.Load() - before; calls > 3 {
		t.Errorf("%d calls", calls)
	}
}

func TestOneDamagedDocumentCostsNoOther(t *testing.T) {
	good := string(report(1))
	got, wrong := together(t, libreOffice(t), words(good, good, good[:len(good)/3], good, good)...)
	for n := range got {
		if bad := n == 2; bad != (wrong[n] != nil) || bad && (key(wrong[n]) != "office.failed" || errs.KindOf(wrong[n]) != errs.Unsupported) {
			t.Errorf("document %d: %v", n, wrong[n])
		}
	}
}

// listening counts who calls.
func listening(t *testing.T) (address string, calls *atomic.Int64) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	calls = new(atomic.Int64)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			calls.Add(1)
			_ = conn.Close()
		}
	}()
	return "http://" + l.Addr().String() + "/a.png", calls
}

var pictures = regexp.MustCompile(`/Subtype ?/Image ?/Width 40`)

// What a document refers to outside itself is not fetched: not from the network, not from the disk. Where there is no jail, the
// profile alone keeps it off the network.
func TestNothingOutsideIsFetched(t *testing.T) {
	c := libreOffice(t)
	url, calls := listening(t)
	var drawn bytes.Buffer
	img := image.NewRGBA(image.Rect(0, 0, 40, 40))
	for i := range 1600 {
		img.Set(i%40, i/40, color.RGBA{200, uint8(i), uint8(i / 7), 255})
	}
	if err := png.Encode(&drawn, img); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "secret.png")
	if err := os.WriteFile(path, drawn.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	linked := func(target string) string {
		return string(docx(`<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="a"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">`+
			`<pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="a"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="p1"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>`+
			`</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p><w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDEPICTURE "`+target+`" \d</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`,
			`<Relationship Id="p1" Type="`+office+`/image" Target="`+target+`" TargetMode="External"/><Relationship Id="t1" Type="`+office+`/attachedTemplate" Target="`+target+`" TargetMode="External"/>`))
	}
	dressed := func(target string) string {
		return `<html><head><link rel=stylesheet href="` + target + `"></head><body background="` + target + `"><p>a</p><img src="` + target + `" width=40 height=40><iframe src="` + target + `"></iframe></body></html>`
	}
	open := func(target string) string {
		return `<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>a<draw:frame svg:width="3cm" svg:height="3cm"><draw:image xlink:href="` + target + `" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p></office:text></office:body></office:document>`
	}
	found := func(c *Converter, targets ...string) []int {
		var docs []document
		for _, target := range targets {
			docs = append(docs, document{"docx", linked(target)}, document{"doc", dressed(target)}, document{"odt", open(target)})
		}
		n := make([]int, len(targets))
		got, wrong := together(t, c, docs...)
		for i, d := range docs {
			if wrong[i] != nil {
				t.Errorf("%s of %s: %v", d.format, targets[i/3], wrong[i])
			}
			n[i/3] += len(pictures.FindAllString(got[i], -1))
		}
		return n
	}
	if n := found(c, url, "file://"+path, path, "data:image/png;base64,"+base64.StdEncoding.EncodeToString(drawn.Bytes())); n[0]+n[1]+n[2] > 0 || n[3] == 0 {
		t.Errorf("pictures from the network, from files and from the document itself, which alone may be there: %d", n)
	}
	free := New(Options{Unjailed: true})
	defer free.Close()
	if err := free.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	free.jailed = false
	if n := found(free, url); n[0] != 0 {
		t.Errorf("%d pictures from the network", n)
	}
	if n := calls.Load(); n != 0 {
		t.Errorf("%d connections", n)
	}
}

var fontName = regexp.MustCompile(`/FontName ?/[^/\s]+`)

// Fonts of official documents that are not installed have Chinese ones of their kind in their place.
func TestOfficialFontsAreReplaced(t *testing.T) {
	c := libreOffice(t)
	here, _ := filepath.Glob("/usr/share/fonts/*/noto/NotoSerifCJK-Regular.ttc")
	if len(here) == 0 {
		t.Skip("no Chinese fonts: apt-get install fonts-noto-cjk")
	}
	fonts, kinds := []string{"仿宋_GB2312", "方正小标宋_GBK", "楷体_GB2312", "宋体", "黑体"}, []string{"Serif", "Serif", "Serif", "Serif", "Sans"}
	var docs []string
	for _, f := range fonts {
		docs = append(docs, string(docx(para("关心下一代", f), "")))
	}
	got, wrong := together(t, c, words(docs...)...)
	for i, f := range fonts {
		if wrong[i] != nil {
			t.Fatal(wrong[i])
		}
		if names := fontName.FindAllString(got[i], -1); len(names) != 1 || !strings.Contains(names[0], kinds[i]+"CJK") {
			t.Errorf("%s: %q", f, names)
		}
	}
}

func TestWithoutLibreOfficeItSaysSo(t *testing.T) {
	none := New(Options{})
	none.opt.Program = ""
	closed := New(Options{})
	_ = closed.Close()
	for name, c := range map[string]*Converter{
		"nothing found":    none,
		"no such program":  New(Options{Program: filepath.Join(t.TempDir(), "none")}),
		"another program":  New(Options{Program: "/bin/echo", Unjailed: true}),
		"no folder":        New(Options{Program: "/bin/echo", Folder: filepath.Join(os.DevNull, "x")}),
		"closed":           closed,
		"closed meanwhile": func() *Converter { c := pretender(t); _ = c.Close(); return c }(),
	} {
		if _, err := c.PDF(t.Context(), strings.NewReader("x"), "docx"); key(err) != "office.unavailable" || errs.KindOf(err) != errs.Unsupported {
			t.Errorf("%s: %v", name, err)
		}
		_ = c.Close()
	}
}

func TestWhatIsTooLargeOrUnreadable(t *testing.T) {
	c := pretender(t)
	if _, err := c.PDF(t.Context(), zeros{}, "docx"); errs.KindOf(err) != errs.TooLarge {
		t.Error(err)
	}
	disk := errors.New("disk")
	if _, err := c.PDF(t.Context(), io.MultiReader(strings.NewReader("x"), broken{disk}), "docx"); !errors.Is(err, disk) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.PDF(ctx, strings.NewReader("x"), "docx"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	alone(t, c)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }
