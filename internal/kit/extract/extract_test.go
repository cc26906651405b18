package extract

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xinhuo/internal/kit/docx"
)

func wantBlocks(t *testing.T, d Document, want ...Block) {
	t.Helper()
	if !slices.Equal(d.Blocks, want) {
		t.Errorf("blocks\n%+v\nwant\n%+v", d.Blocks, want)
	}
}

// A Word document: title, headings by style and by outline level, lists, tables, notes, fields, without what a tracked
// change takes away; what it says about itself. (L6, L7)
func TestDOCX(t *testing.T) {
	styles := `<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="a1"><w:name w:val="heading 1"/></w:style><w:style w:type="paragraph" w:styleId="a2"><w:name w:val="节"/><w:basedOn w:val="a1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="List"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="round"><w:name w:val="x"/><w:basedOn w:val="round"/></w:style></w:styles>`
	p := func(props, inner string) string { return `<w:p><w:pPr>` + props + `</w:pPr>` + inner + `</w:p>` }
	r := func(s string) string { return `<w:r><w:t>` + s + `</w:t></w:r>` }
	body := p(`<w:pStyle w:val="t"/>`, r("春耕助学")) +
		p(`<w:pStyle w:val="a1"/>`, r("一、")+r("情况")) + p(`<w:pStyle w:val="a2"/>`, r("（一）人员")) + p(`<w:outlineLvl w:val="2"/>`, r("1.骨干")) +
		p(`<w:pStyle w:val="a1"/><w:outlineLvl w:val="9"/>`, r("不是标题")) +
		p(`<w:pStyle w:val="a3"/>`, r("一项")) + p(`<w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr>`, r("细项")) + p(`<w:pStyle w:val="a3"/><w:numPr><w:numId w:val="0"/></w:numPr>`, r("不是项")) +
		p(`<w:tabs><w:tab w:val="left"/></w:tabs>`, r("共")+`<w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del><w:ins>`+r("新")+`</w:ins><w:moveFrom>`+r("移走")+`</w:moveFrom><w:r><w:tab/><w:t>二十</w:t><w:br/><w:t>人</w:t><w:noBreakHyphen/></w:r>`) +
		p(`<w:rPr><w:del/></w:rPr>`, r("前半")) + p(`<w:rPr><w:b/></w:rPr>`, r("后半")) +
		`<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>` + r("7") + `<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>` +
		`<w:tbl><w:tr><w:tc>` + p("", r("地区")) + `</w:tc><w:tc>` + p("", r("人")) + p("", r("数")) + `</w:tc></w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc>` + p("", r("删去的行")) + `</w:tc></w:tr>` +
		`<w:tr><w:tc>` + p("", "") + `</w:tc><w:tc>` + p("", r("12")) + `<w:tbl><w:tr><w:tc>` + p("", r("里")) + `</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>` +
		`<w:p>` + r("外") + `<mc:AlternateContent xmlns:mc="mc"><mc:Choice><w:txbxContent>` + p("", r("框")) + `</w:txbxContent></mc:Choice><mc:Fallback>` + p("", r("框")) + `</mc:Fallback></mc:AlternateContent>` + r("面") + `</w:p>`
	d := read(t, docxOf(body, "word/styles.xml", styles,
		"word/footnotes.xml", `<w:footnotes xmlns:w="w"><w:footnote w:type="separator">`+para("线")+`</w:footnote><w:footnote>`+para("截至五月。")+`</w:footnote></w:footnotes>`,
		"docProps/core.xml", `<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title> 春耕
助学 </dc:title><dc:creator>办公室</dc:creator><dcterms:created>2019-05-31T00:00:00Z</dcterms:created><dcterms:modified>1601-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>`,
		"docProps/app.xml", `<Properties><Pages>9</Pages></Properties>`))
	if d.Format != DOCX || d.Title != "春耕 助学" || d.Author != "办公室" || d.Pages != 9 || !d.Created.Equal(time.Date(2019, 5, 31, 0, 0, 0, 0, time.UTC)) || !d.Modified.IsZero() || len(d.Marks) > 0 || d.Cut {
		t.Errorf("%+v", d)
	}
	wantBlocks(t, d, Block{Kind: Title, Text: "春耕助学"}, Block{Kind: Heading, Level: 1, Text: "一、情况"}, Block{Kind: Heading, Level: 2, Text: "（一）人员"}, Block{Kind: Heading, Level: 3, Text: "1.骨干"},
		Block{Text: "不是标题"}, Block{Kind: ListItem, Level: 1, Text: "一项"}, Block{Kind: ListItem, Level: 2, Text: "细项"}, Block{Text: "不是项"},
		Block{Text: "共新\t二十\n人-"}, Block{Text: "前半后半"}, Block{Text: "7"}, Block{Kind: Row, Text: "地区\t人 数"}, Block{Kind: Row, Text: "\t12 里"},
		Block{Text: "框"}, Block{Text: "外面"}, Block{Kind: Note, Text: "截至五月。"})
}

// What kit/docx writes is read back: the same paragraphs, headings, rows, title, author and day. (L1, L6)
func TestOwnDocumentsAreReadBack(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	words := []string{"甘露小学", "稻香镇", "a < b & c", "“骨干”", "1236名", " ", "　　", "\t", "（一）", "\n第二行", "𠮷", "—", "2019年5月31日"}
	sentence := func() string {
		var s strings.Builder
		for range rnd.IntN(12) {
			s.WriteString(words[rnd.IntN(len(words))])
		}
		return s.String()
	}
	flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	for range 200 {
		created := time.Date(2019, 5, 1+rnd.IntN(28), 8, 0, 0, 0, time.UTC)
		doc := docx.New(docx.Meta{Title: "报告 <一>", Author: "某市关工委", Created: created})
		var want []Block
		add := func(b Block) {
			if b.Kind != Row {
				b.Text = strings.TrimSpace(strings.ReplaceAll(b.Text, "\t", " "))
			}
			if strings.TrimSpace(b.Text) != "" {
				want = append(want, b)
			}
		}
		for range rnd.IntN(20) {
			s := sentence()
			switch rnd.IntN(4) {
			case 0:
				level := 1 + rnd.IntN(4)
				doc.Heading(level, s)
				add(Block{Kind: Heading, Level: level, Text: s})
			case 1:
				doc.Table(docx.Table{Header: []string{"地区", "人数"}, Rows: [][]string{{"东区", s}}})
				add(Block{Kind: Row, Text: "地区\t人数"})
				add(Block{Kind: Row, Text: strings.TrimRight("东区\t"+flat(s), "\t")})
			default:
				doc.Para(docx.Text(s), docx.Run{Text: "，粗", Bold: true})
				add(Block{Text: s + "，粗"})
			}
		}
		var b bytes.Buffer
		if err := doc.Write(&b); err != nil {
			t.Fatal(err)
		}
		d := read(t, b.Bytes())
		wantBlocks(t, d, want...)
		if d.Title != "报告 <一>" || d.Author != "某市关工委" || !d.Created.Equal(created) {
			t.Errorf("%+v", d)
		}
		if t.Failed() {
			return
		}
	}
}

// A workbook: sheets and rows, shared and own strings, days as days. (L6)
func TestXLSX(t *testing.T) {
	sheet := `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>人</t><t>数</t><rPh><t>ren</t></rPh></is></c></row><row r="2"><c r="A2" s="1"><v>43616</v></c><c r="B2"><v>60000</v></c><c r="C2" s="2"><v>43616.5</v></c><c r="XFD2" t="b"><v>1</v></c></row>` +
		`<row r="3"><c r="A3" t="s"><v>99</v></c></row>`
	d := read(t, xlsxOf(sheet, "xl/sharedStrings.xml", `<sst><si><r><t>地</t></r><r><t>区</t></r></si></sst>`,
		"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m月d日 h:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>`))
	if d.Format != XLSX {
		t.Error(d.Format)
	}
	row := "2019-05-31\t60000\t2019-05-31 12:00" + strings.Repeat("\t", padded-3) + "\tTRUE"
	wantBlocks(t, d, Block{Kind: Heading, Level: 1, Text: "名册"}, Block{Kind: Row, Text: "地区\t\t人数"}, Block{Kind: Row, Text: row})
}

// Slides: the title of each is a heading, tables are rows, pages are counted. (L6, L7)
func TestPPTX(t *testing.T) {
	d := read(t, pptxOf(`<p:sp><p:nvPr><p:ph type="title"/></p:nvPr><a:p><a:r><a:t>春耕</a:t></a:r><a:r><a:t>助学</a:t></a:r></a:p></p:sp><p:sp><a:p><a:r><a:t>一、情况</a:t></a:r></a:p></p:sp>`+
		`<a:tbl><a:tr><a:tc><a:p><a:r><a:t>地区</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>人数</a:t></a:r></a:p></a:tc></a:tr></a:tbl>`))
	if d.Format != PPTX || d.Pages != 1 {
		t.Errorf("%+v", d)
	}
	wantBlocks(t, d, Block{Kind: Heading, Level: 1, Text: "春耕助学", Page: 1}, Block{Text: "一、情况", Page: 1}, Block{Kind: Row, Text: "地区\t人数", Page: 1})
}

// OFD: lines on one height are one, lines that fill the page are joined, pages are counted. (L6, L7)
func TestOFD(t *testing.T) {
	d := read(t, ofdOf(ofdLine("20", "甘露小学的老同志每")+ofdLine("30", "周都来上")+ofdLine("30", "课，共二")+ofdLine("40", "十人。")+ofdLine("50", "　　又一段。"), ofdLine("20", "第二页")))
	if d.Format != OFD || d.Pages != 2 || d.Title != "春耕助学" || d.Author != "办公室" || d.Created.Year() != 2019 {
		t.Errorf("%+v", d)
	}
	wantBlocks(t, d, Block{Text: "甘露小学的老同志每周都来上课，共二十人。", Page: 1}, Block{Text: "又一段。", Page: 1}, Block{Text: "第二页", Page: 2})
}

// A Word 97 document, which WPS also writes: paragraphs, cells, fields without their code, notes, code page of its
// properties. Only the name tells the two apart. (L6, L7)
func TestDOC(t *testing.T) {
	data := docOf("春耕助学"+endHeading+"人员"+endOutlined+"甘露\x01小学𠮷\x13 HYPERLINK \"http://x\" \x14这里\x15有\x0b二十人\r地区\x07人数\x07"+endRow+"东区\x07\x07"+endRow+"结尾\x0c", "20 people\x96all\r", "截至五月。\r", summaryOf())
	for name, want := range map[string]Format{"a.doc": DOC, "A.WPS": WPS, "a.docx": DOC, "": DOC} {
		d, err := readAs(t, name, data, Limits{})
		if err != nil || d.Format != want {
			t.Fatal(name, d.Format, err)
		}
		if d.Title != "春耕助学" || d.Author != "office" || d.Pages != 9 || !d.Created.Equal(time.Date(2019, 5, 31, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%+v", d)
		}
		wantBlocks(t, d, Block{Kind: Heading, Level: 1, Text: "春耕助学"}, Block{Kind: Heading, Level: 2, Text: "人员"}, Block{Text: "甘露小学𠮷这里有\n二十人"}, Block{Kind: Row, Text: "地区\t人数"}, Block{Kind: Row, Text: "东区"},
			Block{Text: "结尾"}, Block{Text: "20 people–all"}, Block{Kind: Note, Text: "截至五月。"})
	}
}

// Where the properties of paragraphs are missing, a row ends with an empty cell, and no text is lost.
func TestDOCWithoutProperties(t *testing.T) {
	d := read(t, docOf("地区\x07人数\x07\x07东区\x0712\x07\x07结尾\r", "a", ""))
	wantBlocks(t, d, Block{Kind: Row, Text: "地区\t人数"}, Block{Kind: Row, Text: "东区\t12"}, Block{Text: "结尾"}, Block{Text: "a"})
}

// Texts in the encodings that Windows writes; the name tells md from txt and nothing else. (L6)
func TestTexts(t *testing.T) {
	const s = "甘露小学\r\n\r\n二十人。"
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String(s)
	for name, data := range map[string]string{
		"utf-8": s, "mark": "\xEF\xBB\xBF" + s, "gb18030": gb, "old mac": "甘露小学\r二十人。",
		"utf-16le": "\xFF\xFE\x18\x75\x32\x97\x0F\x5C\x66\x5B\r\x00\n\x00\x8C\x4E\x41\x53\xBA\x4E\x02\x30", "utf-16be": "\xFE\xFF\x75\x18\x97\x32\x5C\x0F\x5B\x66\x00\n\x4E\x8C\x53\x41\x4E\xBA\x30\x02",
	} {
		d, err := readAs(t, name+".docx", []byte(data), Limits{})
		if err != nil || d.Format != TXT {
			t.Error(name, d.Format, err)
		}
		wantBlocks(t, d, Block{Text: "甘露小学"}, Block{Text: "二十人。"})
	}
}

func TestMarkdown(t *testing.T) {
	const s = "# 春耕*助学*\n\n甘露\n小学有[名单](javascript:x)。\n\n- 一项\n  - 细项\n\n| 地区 | 人数 |\n|---|---|\n| 东区 | 12 |\n\n```\ncode\n```\n\n![图](http://a/b.png)\n\n<p>网页<script>x</script></p>\n"
	d, err := readAs(t, "a.md", []byte(s), Limits{})
	if err != nil || d.Format != MD || !slices.Equal(d.Marks, []Mark{External, Scripts}) {
		t.Errorf("%+v %v", d, err)
	}
	wantBlocks(t, d, Block{Kind: Heading, Level: 1, Text: "春耕助学"}, Block{Text: "甘露小学有名单。"}, Block{Kind: ListItem, Level: 1, Text: "一项"}, Block{Kind: ListItem, Level: 2, Text: "细项"},
		Block{Kind: Row, Text: "地区\t人数"}, Block{Kind: Row, Text: "东区\t12"}, Block{Text: "code"}, Block{Text: "图"}, Block{Text: "网页"})
	if d, _ := readAs(t, "a.txt", []byte(s), Limits{}); d.Format != TXT {
		t.Error(d.Format)
	}
}

func TestHTML(t *testing.T) {
	d := read(t, []byte("<!DOCTYPE html><html><head><title>春耕&amp;助学</title><meta name=Author content=办公室><style>p{}</style><script>alert('旧')</script></head><body onload=x()><h2>情况</h2>"+
		"<p>甘露<b>小学</b>\n20 <i>人</i></p><ul><li>一项<ul><li>细项</li></ul></ul><table><tr><th>地区<th>人数<tr><td><p>东区</p></td><td>12</td></table><img src='//a/b.png'><svg><text>画</text></svg>尾</body></html>"))
	if d.Format != HTML || d.Title != "春耕&助学" || d.Author != "办公室" || !slices.Equal(d.Marks, []Mark{External, Scripts}) {
		t.Errorf("%+v", d)
	}
	wantBlocks(t, d, Block{Kind: Heading, Level: 2, Text: "情况"}, Block{Text: "甘露小学 20 人"}, Block{Kind: ListItem, Level: 1, Text: "一项"}, Block{Kind: ListItem, Level: 2, Text: "细项"},
		Block{Kind: Row, Text: "地区\t人数"}, Block{Kind: Row, Text: "东区\t12"}, Block{Text: "尾"})
}

// A text longer than the limit is cut between characters and says so, in every format; so is one of more blocks. (R209)
func TestLongTextsAreCut(t *testing.T) {
	long := strings.Repeat("甘露小学", 2000)
	many := strings.Repeat(para("甘"), 300)
	for name, data := range map[string][]byte{
		"docx": docxOf(para(long)), "docx table": docxOf(`<w:tbl><w:tr><w:tc>` + para(long) + `</w:tc></w:tr></w:tbl>`), "docx many": docxOf(many), "txt": []byte(long), "xlsx": xlsxOf(`<row><c t="inlineStr"><is><t>` + long + `</t></is></c></row>`),
		"pptx": pptxOf(`<a:p><a:r><a:t>` + long + `</a:t></a:r></a:p>`), "ofd": ofdOf(ofdLine("1", long)), "html": []byte("<p>" + long), "doc": docOf(long+"\r", "", ""),
		"html blanks": []byte("<p>" + strings.Repeat(" <b> ", 9000) + long), "docx blanks": docxOf(para(strings.Repeat(" ", 20_000)) + many),
	} {
		d, err := readAs(t, "", data, Limits{Text: 100, Blocks: 50})
		if err != nil || !d.Cut || len(d.Text()) > 100+50 || len(d.Blocks) == 0 || len(d.Blocks) > 50 || strings.ContainsRune(d.Text(), '\uFFFD') {
			t.Errorf("%s: %v cut %v, %d blocks, %d bytes", name, err, d.Cut, len(d.Blocks), len(d.Text()))
		}
	}
}

// Whoever asked may give up; trouble in reading is ours and is not said to be the file's.
func TestEndsWithItsCaller(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	for name, data := range samples() {
		if _, err := Read(ctx, bytes.NewReader(data), int64(len(data)), name, Limits{}); !errors.Is(err, context.Canceled) {
			t.Error(name, err)
		}
		if _, err := Read(context.Background(), broken{}, int64(len(data)), name, Limits{}); !errors.Is(err, errBroken) {
			t.Error(name, err)
		}
	}
}

var errBroken = errors.New("disk")

type broken struct{}

func (broken) ReadAt([]byte, int64) (int, error) { return 0, errBroken }

// samples are one good file of each format.
func samples() map[string][]byte {
	var p, j, g bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, 30, 20))
	png.Encode(&p, img)
	jpeg.Encode(&j, img, nil)
	gif.Encode(&g, img, nil)
	return map[string][]byte{
		"a.docx": docxOf(para("甘露小学")), "a.xlsx": xlsxOf(`<row><c t="inlineStr"><is><t>甘露</t></is></c></row>`), "a.pptx": pptxOf(`<a:p><a:r><a:t>甘露</a:t></a:r></a:p>`),
		"a.pdf": pdfOf("<</Title(x)>>"), "a.ofd": ofdOf(ofdLine("1", "甘露")), "a.doc": docOf("甘露\r", "a", "", summaryOf()), "a.wps": docOf("甘露\r", "", ""), "a.txt": []byte("甘露小学"), "a.md": []byte("# 甘露"), "a.html": []byte("<html><p>甘露</p></html>"),
		"a.png": p.Bytes(), "a.jpg": j.Bytes(), "a.gif": g.Bytes(), "a.webp": []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"),
	}
}

// The format is told by the content whatever the name says; images have a size. (L6)
func TestFormatByContent(t *testing.T) {
	for name, data := range samples() {
		_, want, _ := strings.Cut(name, ".")
		for _, as := range []string{name, "b.exe", "b.zip"} {
			d, err := readAs(t, as, data, Limits{})
			ok := string(d.Format) == want || as != name && (want == "md" && d.Format == TXT || want == "wps" && d.Format == DOC)
			if err != nil || !ok {
				t.Errorf("%s as %s: %q %v", name, as, d.Format, err)
			}
			if picture := slices.Contains([]Format{PNG, JPEG, GIF}, d.Format); picture && (d.Width != 30 || d.Height != 20) {
				t.Error(name, d.Width, d.Height)
			}
		}
	}
}

// Every text of this package is there in both languages and is used.
func TestWords(t *testing.T) {
	line := regexp.MustCompile(`(?m)^"(extract\.[a-z_]+)" = ".+"$`)
	var keys [2]string
	for i, lang := range []string{"zh", "en"} {
		f, err := Texts.Open("i18n/" + lang + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		data, _ := io.ReadAll(f)
		for _, m := range line.FindAllStringSubmatch(string(data), -1) {
			keys[i] += m[1] + " "
		}
	}
	if keys[0] != keys[1] || len(strings.Fields(keys[0])) != 14 {
		t.Error(keys)
	}
}

// nine is a document of nine pages as kit/docx writes it: 9 x 22 lines of 28 characters.
func nine(t testing.TB) []byte {
	d := docx.New(docx.Meta{Title: "工作报告", Author: "某市关工委", Created: time.Date(2019, 5, 31, 8, 0, 0, 0, time.UTC)})
	d.Title("工作报告")
	for i := range 33 {
		if i%4 == 0 {
			d.Heading(1, "一、基本情况")
		}
		d.Para(docx.Text(strings.Repeat("甘露小学的老同志每周都来上课，共有二十人。", 8)))
	}
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func BenchmarkDocx(b *testing.B) {
	data := nine(b)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := readAs(b, "", data, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
