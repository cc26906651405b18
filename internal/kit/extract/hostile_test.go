package extract

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xinhuo/internal/kit/errs"
)

// hostile is one file that means harm or is odd, with the words it is refused with, or what it is read as.
type hostile struct {
	name  string
	data  []byte
	as    string // the name it comes with
	key   string // of the words; "" when it is read
	want  Format
	marks []Mark
	text  string // the whole text, when it matters
	cut   bool
}

// rawZip is a zip written by hand, for what no writer would write.
type rawZip struct {
	bytes.Buffer
	dir     []byte
	entries int
}

func deflated(r io.Reader) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression)
	io.Copy(w, r)
	w.Close()
	return b.Bytes()
}

// local writes the head of a part and its data, and gives where it begins.
func (z *rawZip) local(name string, method uint16, data []byte) int {
	at := z.Len()
	h := binary.LittleEndian.AppendUint32(nil, 0x04034b50)
	h = append(h, 20, 0, 0, 0)
	h = binary.LittleEndian.AppendUint16(h, method)
	h = append(h, make([]byte, 16)...)
	h = binary.LittleEndian.AppendUint16(h, uint16(len(name)))
	z.Write(append(append(h, 0, 0), name...))
	z.Write(data)
	return at
}

// list lists a part in the directory with whatever sizes.
func (z *rawZip) list(name string, flags, method uint16, crc, packed, size uint32, at int) {
	le := binary.LittleEndian
	d := le.AppendUint32(nil, 0x02014b50)
	d = append(d, 20, 0, 20, 0)
	d = le.AppendUint16(le.AppendUint16(d, flags), method)
	d = append(d, 0, 0, 0, 0)
	d = le.AppendUint32(le.AppendUint32(le.AppendUint32(d, crc), packed), size)
	d = le.AppendUint16(d, uint16(len(name)))
	d = append(d, make([]byte, 12)...)
	d = le.AppendUint32(d, uint32(at))
	z.dir = append(append(z.dir, d...), name...)
	z.entries++
}

func (z *rawZip) end() []byte {
	le := binary.LittleEndian
	e := append(le.AppendUint32(nil, 0x06054b50), 0, 0, 0, 0)
	e = le.AppendUint16(le.AppendUint16(e, uint16(z.entries)), uint16(z.entries))
	e = le.AppendUint32(le.AppendUint32(e, uint32(len(z.dir))), uint32(z.Len()))
	return slices.Concat(z.Bytes(), z.dir, e, []byte{0, 0})
}

// repeated is a reader of n times the same bytes between a head and a tail.
func repeated(head, body string, n int, tail string) io.Reader {
	chunk := strings.Repeat(body, 1000)
	readers := []io.Reader{strings.NewReader(head)}
	for range n / 1000 {
		readers = append(readers, strings.NewReader(chunk))
	}
	return io.MultiReader(append(readers, strings.NewReader(tail))...)
}

// bomb is a Word document whose text unfolds to n times body; the directory claims size bytes, or what is true.
func bomb(head, body string, n int, tail string, size int64) []byte {
	sum := crc32.NewIEEE()
	length, _ := io.Copy(sum, repeated(head, body, n, tail))
	if size < 0 {
		size = length
	}
	data := deflated(repeated(head, body, n, tail))
	var z rawZip
	at := z.local("word/document.xml", 8, data)
	z.list("word/document.xml", 0, 8, sum.Sum32(), uint32(len(data)), uint32(size), at)
	return z.end()
}

// overlapping lists one part many times, as the zip bombs without nesting do.
func overlapping() []byte {
	body := wordRoot + para("甘露") + wordEnd
	var z rawZip
	at := z.local("word/document.xml", 0, []byte(body))
	z.list("word/document.xml", 0, 0, crc32.ChecksumIEEE([]byte(body)), uint32(len(body)), uint32(len(body)), at)
	for i := range 50 {
		z.list(fmt.Sprintf("word/%d.xml", i), 0, 0, crc32.ChecksumIEEE([]byte(body)), uint32(len(body)), uint32(len(body)), at)
	}
	return z.end()
}

// manyEntries is a directory of n parts, of which the end claims fewer.
func manyEntries(n int, claimed int) []byte {
	var z rawZip
	at := z.local("a", 0, nil)
	d := z.dir
	for i := range n {
		z.dir = nil
		z.list(fmt.Sprint(i), 0, 0, 0, 0, 0, at)
		d = append(d, z.dir...)
	}
	z.dir, z.entries = d, claimed
	return z.end()
}

func claiming(method, flags uint16, packed, size uint32, at int) []byte {
	var z rawZip
	body := []byte(wordRoot + para("甘露") + wordEnd)
	z.local("word/document.xml", method, body)
	if packed == 0 {
		packed = uint32(len(body))
	}
	if size == 0 {
		size = uint32(len(body))
	}
	z.list("word/document.xml", flags, method, crc32.ChecksumIEEE(body), packed, size, at)
	return z.end()
}

func patched(data []byte, at int, with ...byte) []byte {
	data = bytes.Clone(data)
	copy(data[at:], with)
	return data
}

func pngClaiming(w, h uint32) []byte {
	le := binary.BigEndian
	head := append(le.AppendUint32(le.AppendUint32([]byte("IHDR"), w), h), 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0D"), head...)
	return append(le.AppendUint32(out, crc32.ChecksumIEEE(head)), "\x00\x00\x00\x00IEND\xAE\x42\x60\x82"...)
}

func rels(mode, kind string) string {
	return `<Relationships><Relationship Id="rId9" Type="http://x/` + kind + `" Target="http://127.0.0.1/a" TargetMode="` + mode + `"/></Relationships>`
}

// corpus are all hostile and odd files, made once.
var corpus = sync.OnceValue(func() []hostile { return append(bombs(), odd()...) })

// bombs are the files that cost somebody time or memory.
func bombs() []hostile {
	return []hostile{
		{name: "zip bomb", data: bomb(wordRoot+"<w:p><w:r><w:t>", strings.Repeat("甘露小学", 50), 20_000, "</w:t></w:r></w:p>"+wordEnd, -1), key: "extract.tricky"},
		{name: "zip bomb of comments", data: bomb(wordRoot, "<!--"+strings.Repeat("x", 900)+"-->", 150_000, wordEnd, -1), key: "extract.unfolds"},
		{name: "zip bomb of empty paragraphs", data: bomb(wordRoot, "<w:p></w:p>", 2_100_000, wordEnd, -1), want: DOCX, cut: true},
		{name: "zip bomb of paragraphs", data: bomb(wordRoot, para("甘露小学"), 210_000, wordEnd, -1), want: DOCX, cut: true},
		{name: "zip bomb that claims to be small", data: bomb(wordRoot, para("甘露小学"), 1000, wordEnd, 100), key: "extract.damaged"},
		{name: "zip bomb that claims to be huge", data: bomb(wordRoot, para("甘"), 1000, wordEnd, 0xFFFF_FFF0), key: "extract.damaged"},
		{name: "zip bomb within", data: docxOf(para("甘露小学"), "word/embeddings/a.zip", string(bomb("", "\x00", 50_000_000, "", -1))), want: DOCX, marks: []Mark{Embedded}, text: "甘露小学\n"},
		{name: "a million entries", data: manyEntries(1_000_000, 1_000_000%65_536), key: "extract.too_many_parts"},
		{name: "more entries than said", data: manyEntries(65_537, 1), key: "extract.too_many_parts"},
		{name: "PDF bomb", data: pdfOf(objectStream(repeated("", strings.Repeat(" ", 1000), 210_000, ""))), key: "extract.unfolds"},
		{name: "relations without end", data: zipOf("word/document.xml", wordRoot+wordEnd, "word/_rels/document.xml.rels", "<Relationships>"+strings.Repeat("<x></x>", 2_100_000)+rels("External", "image")), key: "extract.tricky"},
	}
}

// odd makes the other files, all small. What is refused has words; what is harmless, or only dangerous to a program that
// believes it, is read and marked.
func odd() []hostile {
	const (
		evil = `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>`
		laug = `<!DOCTYPE d [<!ENTITY a "甘甘甘甘甘甘甘甘"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	)
	good, s := docxOf(para("甘露小学")), samples()
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String("名单/甘露.xml")
	field := func(code string) string {
		half := len(code) / 2
		return `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>` + code[:half] + `</w:instrText></w:r><w:r><w:instrText>` + code[half:] + `</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>甘露</w:t></w:r></w:p>`
	}
	list := []hostile{
		// Zips.
		{name: "zip within zip", data: zipOf("a.zip", string(zipOf("b.zip", string(good)))), key: "extract.format_unknown"},
		{name: "overlapping parts", data: overlapping(), key: "extract.tricky"},
		{name: "a name twice", data: docxOf(para("甘露"), "word/document.xml", wordRoot+para("别的")+wordEnd), key: "extract.tricky"},
		{name: "a name twice, in capitals", data: docxOf(para("甘露"), `WORD\Document.xml`, wordRoot+para("别的")+wordEnd), key: "extract.tricky"},
		{name: "two documents in one", data: docxOf(para("甘露"), "xl/workbook.xml", "<workbook/>"), key: "extract.tricky"},
		{name: "part outside the file", data: claiming(0, 0, 0, 0, 1<<30), key: "extract.damaged"},
		{name: "part longer than the file", data: claiming(0, 0, 1<<30, 0, 0), key: "extract.damaged"},
		{name: "part in the middle of another", data: claiming(0, 0, 0, 0, 7), key: "extract.damaged"},
		{name: "unknown packing", data: claiming(99, 0, 0, 0, 0), key: "extract.damaged"},
		{name: "packing that is none", data: claiming(8, 0, 0, 0, 0), key: "extract.damaged"},
		{name: "zip with a password", data: claiming(0, 1, 0, 0, 0), key: "extract.locked"},
		{name: "wrong checksum", data: bytes.Replace(claiming(0, 0, 0, 0, 0), []byte("甘"), []byte("乙"), 1), key: "extract.damaged"},
		{name: "other zip", data: zipOf("a.exe", "MZ"), as: "a.docx", key: "extract.format_unknown"},
		{name: "empty zip", data: zipOf(), key: "extract.format_unknown"},
		{name: "only a zip's beginning", data: []byte("PK\x03\x04"), key: "extract.damaged"},
		// XML.
		{name: "entities from elsewhere", data: zipOf("word/document.xml", evil+wordRoot+para("&x;")+wordEnd), key: "extract.entities"},
		{name: "entities of entities", data: zipOf("word/document.xml", laug+wordRoot+para("&c;")+wordEnd), key: "extract.entities"},
		{name: "entities in a workbook", data: zipOf("xl/workbook.xml", evil+"<workbook/>"), key: "extract.entities"},
		{name: "entities in what it says about itself", data: docxOf(para("甘露"), "docProps/core.xml", evil+"<cp:coreProperties/>"), key: "extract.entities"},
		{name: "entities in relations", data: docxOf(para("甘露"), "word/_rels/document.xml.rels", evil+"<Relationships/>"), key: "extract.entities"},
		{name: "entities in slides", data: zipOf("ppt/presentation.xml", evil+"<p/>"), key: "extract.entities"},
		{name: "entities in OFD", data: zipOf("OFD.xml", evil+"<OFD/>"), key: "extract.entities"},
		{name: "an entity nobody declared", data: docxOf(para("&x;")), key: "extract.damaged"},
		{name: "a million elements deep", data: docxOf(strings.Repeat("<w:p>", 1_000_000)), key: "extract.tricky"},
		{name: "one tag of three million bytes", data: docxOf(`<w:p ` + strings.Repeat(`a="" `, 600_000) + `/>`), key: "extract.tricky"},
		{name: "XML that does not end", data: zipOf("word/document.xml", wordRoot+para("甘露")), key: "extract.damaged"},
		{name: "XML that ends in disorder", data: docxOf("<w:p><w:r></w:p></w:r>"), key: "extract.damaged"},
		{name: "XML of another alphabet", data: zipOf("word/document.xml", `<?xml version="1.0" encoding="EBCDIC-CP-US"?>`+wordRoot+wordEnd), key: "extract.damaged"},
		{name: "control characters", data: docxOf(para("甘\x01露")), key: "extract.damaged"},
		// What a document brings along.
		{name: "macros", data: docxOf(para("甘露"), "word/vbaProject.bin", "\xD0\xCF"), want: DOCX, marks: []Mark{Macros}, text: "甘露\n"},
		{name: "macros of a workbook", data: xlsxOf("", "xl/macrosheets/sheet1.xml", "<x/>"), want: XLSX, marks: []Mark{Macros}},
		{name: "embedded object", data: docxOf(para("甘露"), "word/embeddings/oleObject1.bin", "\xD0\xCF"), want: DOCX, marks: []Mark{Embedded}},
		{name: "controls", data: docxOf(para("甘露"), "word/activeX/activeX1.bin", "x"), want: DOCX, marks: []Mark{Embedded}},
		{name: "linked picture", data: docxOf(para("甘露"), "word/_rels/document.xml.rels", rels("External", "image")), want: DOCX, marks: []Mark{External}},
		{name: "template from elsewhere", data: docxOf(para("甘露"), "word/_rels/settings.xml.rels", rels("External", "attachedTemplate")), want: DOCX, marks: []Mark{External}},
		{name: "a link to click", data: docxOf(para("甘露"), "word/_rels/document.xml.rels", rels("External", "hyperlink")), want: DOCX},
		{name: "command in a field", data: docxOf(field(` DDEAUTO c:\\windows\\cmd.exe `)), want: DOCX, marks: []Mark{External}, text: "甘露\n"},
		{name: "picture by a field", data: docxOf(`<w:p><w:fldSimple w:instr="INCLUDEPICTURE http://127.0.0.1/a"/></w:p>`), want: DOCX, marks: []Mark{External}},
		{name: "main part elsewhere", data: docxOf(para("甘露"), "_rels/.rels", `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="../../../etc/passwd"/></Relationships>`), want: DOCX, text: "甘露\n"},
		{name: "sheet elsewhere", data: xlsxOf("", "xl/_rels/x.rels", rels("External", "worksheet")), want: XLSX, marks: []Mark{External}},
		{name: "old macros", data: docOf("甘露\r", "", "", stream{name: "_VBA_PROJECT", data: []byte("x")}), want: DOC, marks: []Mark{Macros}},
		{name: "old object", data: docOf("甘露\r", "", "", stream{name: "\x01Ole10Native", data: []byte("x")}), want: DOC, marks: []Mark{Embedded}},
		// Names.
		{name: "names with ../", data: docxOf(para("甘露"), "../../etc/cron.d/x", "x", `..\..\x.bat`, "x", "/word/../../y", "x"), want: DOCX, text: "甘露\n"},
		{name: "names that turn", data: docxOf(para("甘露"), "word/\u202Excod.exe", "x"), as: "\u202Efdp.exe", want: DOCX, text: "甘露\n"},
		{name: "names in GB18030", data: docxOf(para("甘露"), gb, "x"), as: gb, want: DOCX, text: "甘露\n"},
		{name: "name of nothing", data: docxOf(para("甘露"), "", "x", "\x00", "x"), want: DOCX, text: "甘露\n"},
		{name: "text that turns", data: docxOf(para("甘\u202E露\u2066小\u200F学"), "docProps/core.xml", "<c><title>春\u202E耕</title></c>"), want: DOCX, text: "甘露小学\n"},
		// Dressed as something else.
		{name: "SVG dressed as docx", data: []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), as: "a.docx", key: "extract.format_unknown"},
		{name: "SVG with a head", data: []byte("\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- x --><svg/>"), as: "a.txt", key: "extract.format_unknown"},
		{name: "HTML dressed as docx", data: []byte("<!-- a --><HTML><img src=http://127.0.0.1/a><p>甘露</p></HTML>"), as: "a.docx", want: HTML, marks: []Mark{External}, text: "甘露\n"},
		{name: "script dressed as text", data: []byte("<script>alert(1)</script>甘露"), as: "a.txt", want: HTML, marks: []Mark{Scripts}, text: "甘露\n"},
		{name: "address that runs", data: []byte("<html><a href='java\nscript:x()'>甘露</a>"), want: HTML, marks: []Mark{Scripts}},
		{name: "XML of Word 2003", data: []byte(`<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>`), as: "a.doc", key: "extract.format_unknown"},
		{name: "program", data: []byte("MZ\x90\x00\x03"), as: "a.docx", key: "extract.program"},
		{name: "program of Linux", data: []byte("\x7fELF\x02\x01"), as: "a.pdf", key: "extract.program"},
		{name: "shell script", data: []byte("#!/bin/sh\nrm -rf /\n"), as: "a.txt", key: "extract.program"},
		{name: "mark of virus scanners", data: []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR` + `-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`), as: "a.txt", key: "extract.eicar"},
		{name: "RTF", data: []byte(`{\rtf1\ansi 甘露}`), as: "a.doc", key: "extract.save_as"},
		{name: "OpenDocument", data: zipOf("mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<x/>"), key: "extract.save_as"},
		{name: "picture of an iPhone", data: []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), key: "extract.heic"},
		{name: "picture and zip", data: append(bytes.Clone(s["a.png"]), good...), as: "a.docx", want: PNG},
		{name: "picture and page", data: append(bytes.Clone(s["a.gif"]), "<script>alert(1)</script>;"...), as: "a.html", want: GIF},
		{name: "PDF and zip", data: append([]byte("%PDF-1.7\n"), good...), as: "a.docx", key: "extract.damaged"},
		{name: "text and zip", data: append([]byte("甘露\n"), good...), as: "a.docx", key: "extract.format_unknown"},
		{name: "zip and page", data: append(bytes.Clone(good), "<script>alert(1)</script>"...), as: "a.html", want: DOCX, text: "甘露小学\n"},
		// PDF.
		{name: "PDF that runs a script", data: pdfOf("<</S/JavaScript/JS(app.alert(1))>>"), want: PDF, marks: []Mark{Scripts}},
		{name: "PDF that hides its script", data: pdfOf("<</S/J#61va#53cript/JS(x)>>"), want: PDF, marks: []Mark{Scripts}},
		{name: "PDF with a script among packed objects", data: pdfOf(objectStream(strings.NewReader("1 0 <</S/JavaScript>>"))), want: PDF, marks: []Mark{Scripts}},
		{name: "PDF that starts a program", data: pdfOf("<</S/Launch/F(cmd.exe)>>"), want: PDF, marks: []Mark{Scripts}},
		{name: "PDF that carries a file", data: pdfOf("<</Type/EmbeddedFile>>"), want: PDF, marks: []Mark{Embedded}},
		{name: "PDF with a password", data: pdfOf("<</Encrypt 5 0 R>>"), want: PDF, marks: []Mark{Encrypted}},
		{name: "PDF whose name lies across windows", data: pdfOf(strings.Repeat(" ", pdfWindow-120) + "/S/JavaScript"), want: PDF, marks: []Mark{Scripts}},
		{name: "PDF of objects that are damaged", data: pdfOf("<</Type/ObjStm>>stream\nx\nendstream", "<</Type/ObjStm/ObjStm/ObjStm>>"), want: PDF},
		{name: "half a PDF", data: pdfOf(strings.Repeat(" ", 10_000))[:5000], key: "extract.damaged"},
		// Pictures.
		{name: "picture of 50,000 x 50,000", data: pngClaiming(50_000, 50_000), key: "extract.too_many_pixels"},
		{name: "picture as wide as can be said", data: pngClaiming(1<<31-1, 1<<31-1), key: "extract.damaged"},
		{name: "picture of no width", data: pngClaiming(0, 10), key: "extract.damaged"},
		// Old Word.
		{name: "compound file of nothing", data: []byte(compoundMark), key: "extract.damaged"},
		{name: "compound file of zeros", data: append([]byte(compoundMark), make([]byte, 2000)...), key: "extract.damaged"},
		{name: "old workbook", data: compoundOf(stream{name: "Workbook", data: []byte("x")}), as: "a.doc", key: "extract.save_as"},
		{name: "old slides", data: compoundOf(stream{name: "PowerPoint Document", data: []byte("x")}), key: "extract.save_as"},
		{name: "document with a password", data: compoundOf(stream{name: "EncryptionInfo"}, stream{name: "EncryptedPackage", data: []byte("x")}), as: "a.docx", key: "extract.locked"},
		{name: "something else in a compound file", data: compoundOf(stream{name: "HwpSummaryInformation", data: []byte("x")}), key: "extract.format_unknown"},
		{name: "Word of nothing", data: compoundOf(stream{name: "WordDocument", data: []byte("x")}), key: "extract.damaged"},
		{name: "chain that goes round", data: looped(), key: "extract.damaged"},
		{name: "table of sectors as long as can be said", data: patched(s["a.doc"], 44, 0xFF, 0xFF, 0xFF, 0x7F), want: DOC},
		{name: "old Word with a password", data: wordPatched(10, 0, 3), key: "extract.locked"},
		{name: "Word 95", data: wordPatched(2, 0x65-1, 0), key: "extract.save_as"},
		{name: "pieces outside the file", data: wordPatched(0x01A2, 0xFF, 0xFF, 0xFF, 0x7F), key: "extract.damaged"},
		{name: "text longer than can be", data: wordPatched(0x4C, 0xFF, 0xFF, 0xFF, 0x7F), want: DOC},
		// Texts.
		{name: "zero bytes", data: nil, key: "extract.empty"},
		{name: "blanks", data: []byte(" \r\n\t"), key: "extract.empty"},
		{name: "NULs", data: make([]byte, 100), as: "a.txt", key: "extract.format_unknown"},
		{name: "half a character", data: []byte("\xE7\x94"), as: "a.txt", want: TXT},
		{name: "UTF-16 that ends early", data: []byte("\xFF\xFE\x18"), as: "a.txt", key: "extract.format_unknown"},
		{name: "page of tags alone", data: []byte("<html>" + strings.Repeat("<div><ul>", 200_000) + "甘露"), want: HTML, text: "甘露\n"},
		{name: "page of one tag", data: []byte("<html><p " + strings.Repeat("a ", 1_000_000)), key: "extract.tricky"},
		{name: "Markdown of brackets", data: []byte(strings.Repeat("[", 50_000)), as: "a.md", want: MD},
		{name: "Markdown of quotes", data: []byte(strings.Repeat(">", 500_000) + "甘露"), as: "a.md", want: MD},
		{name: "Markdown of lists", data: []byte(strings.Repeat("- ", 100_000) + "甘露"), as: "a.md", want: MD},
		{name: "Markdown of stars", data: []byte(strings.Repeat("*a **a ", 10_000)), as: "a.md", want: MD},
	}
	for name, data := range s {
		key := "extract.damaged"
		switch name {
		case "a.txt", "a.md", "a.html":
			continue // half a text is a text
		}
		list = append(list, hostile{name: "half of " + name, data: data[:len(data)/2], as: name, key: key},
			hostile{name: name + " without its end", data: data[:len(data)-1], as: name, key: "?"})
	}
	return list
}

// wordPatched is a Word 97 document with other bytes at a place of its head.
func wordPatched(at int, with ...byte) []byte {
	data := docOf("甘露\r", "a", "")
	head := bytes.Index(data, []byte{0xEC, 0xA5, 0xC1, 0})
	return patched(data, head+at, with...)
}

// looped is a compound file whose list of streams leads back to its beginning.
func looped() []byte {
	data := docOf("甘露\r", "a", "")
	fat, dir := int(binary.LittleEndian.Uint32(data[76:])+1)*512, binary.LittleEndian.Uint32(data[48:])
	binary.LittleEndian.PutUint32(data[fat+4*int(dir):], dir)
	return data
}

// counting counts what is read of a file: who reads it again and again would have it as large as it likes.
type counting struct {
	*bytes.Reader
	n int64
}

func (c *counting) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.Reader.ReadAt(p, at)
	c.n += int64(n)
	return n, err
}

// Whatever is uploaded gets a clear word or is read, is never run, and costs no more than it may. (L6)
func TestHostileFiles(t *testing.T) {
	files := corpus()
	if len(files) < 60 {
		t.Fatal("only", len(files))
	}
	for _, h := range files {
		t.Run(h.name, func(t *testing.T) {
			src := &counting{Reader: bytes.NewReader(h.data)}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			d, err := Read(t.Context(), src, int64(len(h.data)), h.as, Limits{})
			runtime.ReadMemStats(&after)
			key := refused(t, err)
			switch h.key {
			case "?":
			default:
				if key != h.key || d.Format != h.want {
					t.Errorf("%q %q, want %q %q: %v", key, d.Format, h.key, h.want, err)
				}
			}
			if h.marks != nil && !slices.Equal(d.Marks, h.marks) || h.marks == nil && len(d.Marks) > 0 && h.key == "" {
				t.Errorf("marks %v, want %v", d.Marks, h.marks)
			}
			if text := d.Text(); h.text != "" && text != h.text || strings.ContainsAny(text+d.Title, "\x00\u202E\u2066") || d.Cut != h.cut {
				t.Errorf("cut %v, text %.200q", d.Cut, text)
			}
			if err != nil && (len(d.Blocks) > 0 || d.Format != Unknown) {
				t.Error("half a document comes with the refusal")
			}
			if used := after.HeapSys - before.HeapSys; after.HeapSys > before.HeapSys && used > 256<<20 {
				t.Errorf("%d MB of memory", used>>20)
			}
			if src.n > 4*int64(len(h.data))+1<<20 {
				t.Errorf("%d bytes read of a file of %d", src.n, len(h.data))
			}
		})
	}
}

// What is held is bounded by the limits and not by the file: with small ones, little is allocated for a large file.
func TestMemoryFollowsTheLimits(t *testing.T) {
	small := Limits{Text: 10_000, Blocks: 100, Parts: 100, Part: 1 << 20, Total: 2 << 20, Token: 10_000}
	for name, data := range map[string][]byte{
		"paragraphs": bomb(wordRoot, para("甘露小学"), 300_000, wordEnd, -1), "comments": bomb(wordRoot, "<!--xxxxxxxxxxxxxxxxxxxx-->", 1_000_000, wordEnd, -1),
		"one text": bomb(wordRoot+"<w:p><w:r><w:t>", "甘露小学", 1_000_000, "", -1), "entries": manyEntries(60_000, 60_000),
		"strings": xlsxOf("", "xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si><t>甘露</t></si>", 100_000)+"</sst>"),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		d, err := readAs(t, "", data, small)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 48<<20 {
			t.Errorf("%s: %d MB allocated altogether: %v", name, used>>20, err)
		}
		if len(d.Blocks) > 100 || len(d.Text()) > 10_200 {
			t.Error(name, len(d.Blocks), len(d.Text()))
		}
	}
}

// The file's own size has a limit, and a smaller one where it is a text; what is no text is told so first.
func TestTooLarge(t *testing.T) {
	if _, err := readAs(t, "", make([]byte, 1<<20+1), Limits{Bytes: 1 << 20}); !errs.Is(err, errs.TooLarge) || refused(t, err) != "extract.too_large" {
		t.Error(err)
	}
	for key, data := range map[string][]byte{"extract.too_large": bytes.Repeat([]byte("a "), maxText), "extract.format_unknown": make([]byte, maxText+1)} {
		if _, err := readAs(t, "a.txt", data, Limits{}); refused(t, err) != key {
			t.Error(key, err)
		}
	}
}

// The standard library reads what we read, and no more: a zip that only one of the two understands could show a scanner
// one document and a reader another.
func TestZipAgreesWithTheStandardLibrary(t *testing.T) {
	for _, h := range corpus() {
		if h.want != DOCX && h.want != XLSX && h.want != PPTX && h.want != OFD {
			continue
		}
		z, err := zip.NewReader(bytes.NewReader(h.data), int64(len(h.data)))
		if err != nil {
			t.Error(h.name, err)
			continue
		}
		w := &work{ctx: t.Context(), src: &source{ReaderAt: bytes.NewReader(h.data), size: int64(len(h.data))}, lim: DefaultLimits}
		a, err := w.openZip()
		if err != nil || len(a.parts) != len(z.File) {
			t.Error(h.name, err)
			continue
		}
		for _, f := range z.File {
			p := a.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))]
			if at, err := f.DataOffset(); err != nil || p == nil || p.at != at {
				t.Error(h.name, f.Name, err)
			}
		}
	}
}
