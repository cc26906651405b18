package extract

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"xinhuo/internal/kit/errs"
)

// zipOf makes a zip of names and contents.
func zipOf(parts ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, _ := z.Create(parts[i])
		io.WriteString(w, parts[i+1])
	}
	z.Close()
	return b.Bytes()
}

const (
	wordRoot = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`
	wordEnd  = `</w:body></w:document>`
)

// docxOf makes a Word document of a body and further parts.
func docxOf(body string, parts ...string) []byte {
	return zipOf(append([]string{"word/document.xml", wordRoot + body + wordEnd}, parts...)...)
}

func para(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }

func xlsxOf(sheet string, parts ...string) []byte {
	return zipOf(append([]string{
		"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="名册" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="t/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData>` + sheet + `</sheetData></worksheet>`}, parts...)...)
}

func pptxOf(slide string) []byte {
	return zipOf("ppt/presentation.xml", `<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst><p:sldId id="256" r:id="rId2"/></p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels", `<Relationships><Relationship Id="rId2" Type="t/slide" Target="slides/slide1.xml"/></Relationships>`,
		"ppt/slides/slide1.xml", `<p:sld xmlns:p="p" xmlns:a="a"><p:cSld><p:spTree>`+slide+`</p:spTree></p:cSld></p:sld>`)
}

func ofdOf(contents ...string) []byte {
	parts := []string{"OFD.xml", `<ofd:OFD xmlns:ofd="o"><ofd:DocBody><ofd:DocInfo><ofd:Title>春耕助学</ofd:Title><ofd:Author>办公室</ofd:Author><ofd:CreationDate>2019-05-31</ofd:CreationDate></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>`}
	list := ""
	for i, c := range contents {
		name := "Pages/Page_" + string(rune('0'+i)) + "/Content.xml"
		list += `<ofd:Page ID="1" BaseLoc="` + name + `"/>`
		parts = append(parts, "Doc_0/"+name, `<ofd:Page xmlns:ofd="o"><ofd:Content><ofd:Layer>`+c+`</ofd:Layer></ofd:Content></ofd:Page>`)
	}
	return zipOf(append(parts, "Doc_0/Document.xml", `<ofd:Document xmlns:ofd="o"><ofd:Pages>`+list+`</ofd:Pages></ofd:Document>`)...)
}

func ofdLine(y, text string) string {
	return `<ofd:TextObject ID="2" Boundary="10 ` + y + ` 150 8"><ofd:TextCode X="0" Y="5">` + text + `</ofd:TextCode></ofd:TextObject>`
}

// stream is one stream of a compound file; those in a storage stand below it.
type stream struct {
	name    string
	storage bool
	data    []byte
}

// compoundOf makes a compound file whose streams all stand at the top.
func compoundOf(streams ...stream) []byte {
	const free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
	le := binary.LittleEndian
	var sectors []byte
	var fat, minifat []uint32
	var mini []byte
	put := func(data []byte) uint32 {
		if len(data) == 0 {
			return end
		}
		start := uint32(len(fat))
		n := (len(data) + 511) / 512
		sectors = append(append(sectors, data...), make([]byte, n*512-len(data))...)
		for i := range n {
			next := start + uint32(i) + 1
			if i == n-1 {
				next = end
			}
			fat = append(fat, next)
		}
		return start
	}
	dir := func(name string, kind byte, child, right, start uint32, size int) []byte {
		e := make([]byte, 128)
		u := utf16.Encode([]rune(name))
		for i, c := range u {
			le.PutUint16(e[2*i:], c)
		}
		le.PutUint16(e[64:], uint16(2*len(u)+2))
		e[66], e[67] = kind, 1
		le.PutUint32(e[68:], free)
		le.PutUint32(e[72:], right)
		le.PutUint32(e[76:], child)
		le.PutUint32(e[116:], start)
		le.PutUint32(e[120:], uint32(size))
		return e
	}
	var entries []byte
	for i, s := range streams {
		right, child, kind, start := uint32(i+2), uint32(free), byte(2), uint32(end)
		if i == len(streams)-1 {
			right = free
		}
		switch {
		case s.storage:
			kind, child = 1, 0
		case len(s.data) >= 4096:
			start = put(s.data)
		default:
			start = uint32(len(minifat))
			n := (len(s.data) + 63) / 64
			mini = append(append(mini, s.data...), make([]byte, n*64-len(s.data))...)
			for j := range n {
				next := start + uint32(j) + 1
				if j == n-1 {
					next = end
				}
				minifat = append(minifat, next)
			}
		}
		entries = append(entries, dir(s.name, kind, child, right, start, len(s.data))...)
	}
	words := func(list []uint32) (b []byte) {
		for _, v := range list {
			b = le.AppendUint32(b, v)
		}
		for len(b)%512 != 0 {
			b = le.AppendUint32(b, free)
		}
		return b
	}
	miniStart := put(mini)
	miniTable := put(words(minifat))
	dirStart := put(append(dir("Root Entry", 5, 1, free, miniStart, len(mini)), entries...))
	fatStart := len(fat)
	n := 0
	for n*128 < len(fat)+n {
		n++
	}
	for range n {
		fat = append(fat, table)
	}
	sectors = append(sectors, words(fat)...)
	head := make([]byte, 512)
	copy(head, compoundMark)
	le.PutUint16(head[24:], 0x3E)
	le.PutUint16(head[26:], 3)
	le.PutUint16(head[28:], 0xFFFE)
	le.PutUint16(head[30:], 9)
	le.PutUint16(head[32:], 6)
	le.PutUint32(head[44:], uint32(n))
	le.PutUint32(head[48:], dirStart)
	le.PutUint32(head[56:], 4096)
	le.PutUint32(head[60:], miniTable)
	le.PutUint32(head[64:], uint32((len(minifat)+127)/128))
	le.PutUint32(head[68:], end)
	for i := range 109 {
		v := uint32(free)
		if i < n {
			v = uint32(fatStart + i)
		}
		le.PutUint32(head[76+4*i:], v)
	}
	return append(head, sectors...)
}

// Ends in the body of docOf that have properties: of a row, of a heading of level 1, of one that is level 2 in the outline.
const (
	endRow      = "\uE007"
	endHeading  = "\uE001"
	endOutlined = "\uE002"
)

// docOf makes a Word 97 document: body and notes as pieces of two bytes a character, and one of one byte a character.
func docOf(body, narrow, notes string, more ...stream) []byte {
	le := binary.LittleEndian
	const at = 1024
	doc := make([]byte, at)
	le.PutUint16(doc, 0xA5EC)
	le.PutUint16(doc[2:], 0x00C1)
	le.PutUint16(doc[10:], 0x0200)
	wide, foot := utf16.Encode([]rune(body)), utf16.Encode([]rune(notes))
	cps := []int{0, len(wide), len(wide) + len(narrow), len(wide) + len(narrow) + len(foot)}
	le.PutUint32(doc[0x4C:], uint32(cps[2]))
	le.PutUint32(doc[0x50:], uint32(len(foot)))
	var fcs []uint32
	fcs = append(fcs, uint32(len(doc)))
	type end struct {
		at    int
		props []byte
	}
	var ends []end
	for _, c := range wide {
		switch c {
		case '\r', 7:
			ends = append(ends, end{len(doc) + 2, nil})
		case 0xE007:
			ends = append(ends, end{len(doc) + 2, []byte{6, 0, 0, 0x08, 0xD6, 3, 0, 1, 1, 0x17, 0x24, 1}})
			c = 7
		case 0xE001:
			ends = append(ends, end{len(doc) + 2, []byte{0, 1, 1, 0}})
			c = '\r'
		case 0xE002:
			ends = append(ends, end{len(doc) + 2, []byte{3, 0, 0, 0x40, 0x26, 1}})
			c = '\r'
		}
		doc = le.AppendUint16(doc, c)
	}
	fcs = append(fcs, uint32(len(doc)*2)|0x4000_0000)
	doc = append(doc, narrow...)
	fcs = append(fcs, uint32(len(doc)))
	for _, c := range foot {
		doc = le.AppendUint16(doc, c)
	}
	doc = append(doc, make([]byte, max(0, 4096-len(doc)))...)
	var bte []byte
	if strings.ContainsAny(body, endRow+endHeading+endOutlined) {
		doc = append(doc, make([]byte, (512-len(doc)%512)%512)...)
		page := make([]byte, 512)
		le.PutUint32(page, at)
		x := 510
		for i, e := range ends {
			le.PutUint32(page[4*i+4:], uint32(e.at))
			if e.props != nil {
				x -= (len(e.props) + 1) / 2 * 2
				copy(page[x:], e.props)
				page[4*(len(ends)+1)+13*i] = byte(x / 2)
			}
		}
		page[511] = byte(len(ends))
		bte = le.AppendUint32(le.AppendUint32(le.AppendUint32(nil, at), uint32(ends[len(ends)-1].at)), uint32(len(doc)/512))
		doc = append(doc, page...)
	}
	clx := []byte{1, 2, 0, 9, 9, 2}
	var plc []byte
	for _, c := range cps {
		plc = le.AppendUint32(plc, uint32(c))
	}
	for _, f := range fcs {
		plc = append(le.AppendUint32(append(plc, 0, 0), f), 0, 0)
	}
	clx = append(le.AppendUint32(clx, uint32(len(plc))), plc...)
	table := append(make([]byte, 100), clx...)
	le.PutUint32(doc[0x01A2:], 100)
	le.PutUint32(doc[0x01A6:], uint32(len(clx)))
	le.PutUint32(doc[0x0102:], uint32(len(table)))
	le.PutUint32(doc[0x0106:], uint32(len(bte)))
	table = append(table, bte...)
	return compoundOf(append([]stream{{name: "WordDocument", data: doc}, {name: "1Table", data: table}}, more...)...)
}

// summaryOf is what a document says about itself, in the code page of Chinese Windows.
func summaryOf() stream {
	le := binary.LittleEndian
	b := make([]byte, 48)
	le.PutUint32(b[44:], 48)
	type prop struct {
		id   uint32
		data []byte
	}
	text := func(s string) []byte { return append(le.AppendUint32(le.AppendUint32(nil, 30), uint32(len(s))), s...) }
	props := []prop{
		{2, text("\xB4\xBA\xB8\xFB\xD6\xFA\xD1\xA7\x00")}, {4, text("office\x00")},
		{1, []byte{2, 0, 0, 0, 0xA8, 3, 0, 0}}, {14, []byte{3, 0, 0, 0, 9, 0, 0, 0}},
		{12, le.AppendUint64([]byte{64, 0, 0, 0}, uint64(1_559_260_800+11_644_473_600)*10_000_000)},
	}
	set := make([]byte, 8+8*len(props))
	le.PutUint32(set[4:], uint32(len(props)))
	for i, p := range props {
		le.PutUint32(set[8+8*i:], p.id)
		le.PutUint32(set[12+8*i:], uint32(len(set)))
		set = append(set, p.data...)
		for len(set)%4 != 0 {
			set = append(set, 0)
		}
	}
	return stream{name: "\x05SummaryInformation", data: append(b, append(set, make([]byte, 8)...)...)}
}

func readAs(t testing.TB, name string, data []byte, l Limits) (Document, error) {
	t.Helper()
	return Read(context.Background(), bytes.NewReader(data), int64(len(data)), name, l)
}

func read(t testing.TB, data []byte) Document {
	t.Helper()
	d, err := readAs(t, "", data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// refused is the key of the words with which a file is refused; "" when it is read.
func refused(t testing.TB, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind == errs.Internal || !strings.HasPrefix(e.Key, "extract.") {
		t.Errorf("no words for a person: %v", err)
		return err.Error()
	}
	return e.Key
}

// pdfOf makes a PDF of one page and further objects.
func pdfOf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n")
	for _, o := range objects {
		b.WriteString("9 0 obj\n" + o + "\nendobj\n")
	}
	b.WriteString("trailer<</Size 10/Root 1 0 R>>\nstartxref\n0\n%%EOF\n")
	return b.Bytes()
}

// objectStream is a stream of a PDF that holds objects.
func objectStream(r io.Reader) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	io.Copy(z, r)
	z.Close()
	return "<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\r\n" + b.String() + "\r\nendstream"
}
