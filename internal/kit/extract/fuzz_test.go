package extract

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"xinhuo/internal/kit/errs"
)

// tight are limits under which no run of a fuzzer is slow.
var tight = Limits{Bytes: 1 << 20, Parts: 200, Part: 1 << 20, Total: 4 << 20, Token: 64 << 10, Depth: 64, Text: 100_000, Blocks: 2000}

// check reads a file and holds what holds of every file: words for a person, a text that can be kept and shown, limits.
func check(t *testing.T, name string, data []byte) {
	d, err := Read(context.Background(), bytes.NewReader(data), int64(len(data)), name, tight)
	if err != nil {
		if errs.KindOf(err) == errs.Internal {
			t.Fatalf("no words for a person: %v", err)
		}
		return
	}
	text := d.Text()
	if !slices.Contains(Formats, d.Format) || !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\u202E") || len(text) > tight.Text+len(d.Blocks) || len(d.Blocks) > tight.Blocks {
		t.Fatalf("%q, %d blocks, %d bytes", d.Format, len(d.Blocks), len(text))
	}
	for _, b := range d.Blocks {
		if strings.TrimSpace(b.Text) == "" || b.Level < 0 || b.Level > 9 || (b.Level > 0) != (b.Kind == Heading || b.Kind == ListItem) {
			t.Fatalf("%+v", b)
		}
	}
	if len(d.Title) > 1200 || len(d.Author) > 1200 || strings.ContainsAny(d.Title+d.Author, "\n\x00") || d.Pages < 0 {
		t.Fatalf("%+v", d)
	}
}

// FuzzRead gives whole files of every format, as they are, halved and joined.
func FuzzRead(f *testing.F) {
	for name, data := range samples() {
		f.Add(name, data)
		f.Add(name, data[:len(data)/2])
	}
	for _, h := range odd() {
		if len(h.data) < 20_000 {
			f.Add(h.as, h.data)
		}
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) { check(t, name, data) })
}

// FuzzDocx gives the parts of a Word document, which a fuzzer would not find behind the checksums of a zip.
func FuzzDocx(f *testing.F) {
	f.Add(wordRoot+para("甘露")+wordEnd, `<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>`, "<c><title>春耕</title></c>")
	f.Add(wordRoot+`<w:tbl><w:tr><w:tc>`+para("甘")+`</w:tc></w:tr></w:tbl><w:p><w:pPr><w:numPr><w:ilvl w:val="8"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr></w:p>`+wordEnd, "", "")
	f.Fuzz(func(t *testing.T, document, styles, core string) {
		check(t, "", zipOf("word/document.xml", document, "word/styles.xml", styles, "word/footnotes.xml", document, "docProps/core.xml", core, "docProps/app.xml", core, "word/_rels/document.xml.rels", styles))
	})
}

func FuzzXlsx(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="XFD1" s="0"><v>43616.5</v></c></row>`, `<sst><si><t>甘</t></si></sst>`, `<s><cellXfs><xf numFmtId="22"/></cellXfs></s>`)
	f.Fuzz(func(t *testing.T, sheet, shared, styles string) {
		check(t, "", xlsxOf(sheet, "xl/sharedStrings.xml", shared, "xl/styles.xml", styles))
	})
}

func FuzzPptx(f *testing.F) {
	f.Add(`<p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>春耕</a:t></a:r></a:p></p:sp>`)
	f.Add(`<a:tbl><a:tr><a:tc><a:p><a:r><a:t>地区</a:t></a:r></a:p></a:tc></a:tr></a:tbl>`)
	f.Fuzz(func(t *testing.T, slide string) { check(t, "", pptxOf(slide)) })
}

func FuzzOfd(f *testing.F) {
	f.Add(ofdLine("20", "甘露"), `<x Y="1">`)
	f.Fuzz(func(t *testing.T, one, two string) { check(t, "", ofdOf(one, two)) })
}

// FuzzDoc gives Word 97 documents: changed bytes at two places, since a fuzzer seldom keeps the rest whole.
func FuzzDoc(f *testing.F) {
	whole := docOf("春耕"+endHeading+"甘露\x13 X \x14小学\x15\r地区\x07\x07"+endRow, "20\x96", "注\r", summaryOf())
	f.Add(0, uint32(0), 0, uint32(0))
	for _, at := range []int{30, 44, 48, 60, 68, 76} {
		f.Add(at, uint32(0xFFFFFFF0), at+4, uint32(3))
	}
	f.Fuzz(func(t *testing.T, at int, with uint32, again int, other uint32) {
		data := bytes.Clone(whole)
		for _, p := range []struct {
			at   int
			with uint32
		}{{at, with}, {again, other}} {
			if p.at >= 8 && p.at+4 <= len(data) {
				order.PutUint32(data[p.at:], p.with)
			}
		}
		check(t, "a.doc", data)
	})
}

func FuzzHtml(f *testing.F) {
	f.Add("<title>春耕</title><table><tr><td>甘<td>露<tr></table><h1>一<ul><li>二")
	f.Add("<svg><script>x</script><p onload=x>")
	f.Fuzz(func(t *testing.T, s string) { check(t, "", []byte("<html>"+s)) })
}

func FuzzMd(f *testing.F) {
	f.Add("# 春耕\n\n- 甘\n  - 露\n\n|a|b|\n|-|-|\n|1|2|\n\n<p>x</p>\n\n```\nx\n```\n[a](b) ![c](d)")
	f.Fuzz(func(t *testing.T, s string) { check(t, "a.md", []byte(s)) })
}

func FuzzPdf(f *testing.F) {
	f.Add("<</S/J#61vaScript>>", "1 0 <</S/Launch>>")
	f.Add("<</Type/ObjStm>>stream\nx", "")
	f.Fuzz(func(t *testing.T, object, packed string) {
		check(t, "", pdfOf(object, objectStream(strings.NewReader(packed))))
	})
}
