package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func sample() *Doc {
	d := New(Meta{Title: "工作报告 <一>", Author: "某市关工委", Created: time.Date(2019, 5, 31, 8, 0, 0, 0, time.FixedZone("", 8*3600))})
	d.Title("关于春耕助学情况的报告")
	d.Byline("办公室")
	d.DateLine("（2019年5月31日）")
	d.Addressee("各站：")
	d.Heading(1, "一、基本情况")
	d.Heading(2, "（一）人员")
	d.Heading(3, "1.骨干")
	d.Heading(9, "（1）分工")
	d.Para(Text("全市共有“骨干”"), Run{Text: "1236名", Bold: true, Note: 1}, Text("，a < b & c。\n第二行\x00\x0b\xff"))
	d.Table(Table{Caption: "表1", Header: []string{"地区", "人数", "占比"}, Widths: []int{2, 1}, Right: []bool{false, true, true},
		Rows: [][]string{{"东区", "12", "3%"}, {"西区"}}})
	d.Note(1, "截至2019年5月31日。")
	d.Attachments("值班表", "名单")
	d.Sign([]string{"某市关工委"}, "2019年5月31日")
	d.EndBlock("抄送：市委办公室。", "某市关工委办公室", "2019年5月31日印发")
	return d
}

func write(t *testing.T, d *Doc) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func parts(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if !f.Modified.IsZero() && f.Modified.Year() > 1980 {
			t.Error(f.Name, "carries a time", f.Modified)
		}
		m[f.Name] = string(b)
	}
	return m
}

// The head of an official paper: what it is in red, who issues it and when above a red rule; labels in 黑体. (GB/T 9704)
func TestRedHead(t *testing.T) {
	d := New(Meta{Title: "纪要"})
	d.RedHead(RedHead{Mark: "某市关工委联席会议纪要", Number: "第3期", Issuer: "某市关工委", Issued: "2019年5月31日"})
	d.Labelled("出席：", "王明（市教育局）")
	m := parts(t, write(t, d))
	for _, want := range []string{`<w:pStyle w:val="RedHead"/>`, "第3期", `<w:pStyle w:val="RedRule"/><w:tabs>`, `<w:tab/></w:r>`, `w:left="1600" w:hangingChars="300"`, "出席：", "王明（市教育局）"} {
		if !strings.Contains(m["word/document.xml"], want) {
			t.Errorf("the document has no %s", want)
		}
	}
	if !strings.Contains(m["word/styles.xml"], `<w:color w:val="C00000"/>`) {
		t.Error("the head is not red")
	}
	if !strings.Contains(m["word/styles.xml"], `w:space="11" w:color="C00000"/></w:pBdr>`) {
		t.Error("no red rule 4 mm below")
	}
}

// R24: of several that issue it (联合行文) the red head names all, the lead first, with 文件 once beside them; a number stands
// on the line above the red rule. A long name makes all of them smaller, so that none breaks. (GB/T 9704, 7.2.4)
func TestRedHeadOfSeveral(t *testing.T) {
	head := func(names ...string) string {
		d := New(Meta{})
		d.RedHead(RedHead{Mark: names[0] + "文件", Names: names, Word: "文件", Number: "某关委〔2019〕3号"})
		doc := parts(t, write(t, d))["word/document.xml"]
		doc, _, _ = strings.Cut(doc, "<w:sectPr>")
		return doc
	}
	doc := head("某市关心下一代工作委员会", "某市教育局", "共青团某市委员会")
	var seen []string
	for _, line := range strings.Split(doc, "<w:t")[1:] {
		if _, text, ok := strings.Cut(line, ">"); ok && !strings.HasPrefix(line, "bl") {
			text, _, _ = strings.Cut(text, "</w:t>")
			if strings.Contains(line, "</w:t>") {
				seen = append(seen, text)
			}
		}
	}
	if got := strings.Join(seen, " "); got != "某市关心下一代工作委员会 文件 某市教育局 共青团某市委员会 某关委〔2019〕3号" {
		t.Errorf("the head says %s", got)
	}
	if strings.Count(doc, `<w:vMerge`) != 3 || strings.Count(doc, `<w:pStyle w:val="RedName"/>`) != 3 || !strings.Contains(doc, `<w:pStyle w:val="RedRule"/></w:pPr><w:r>`) {
		t.Error("the word does not stand beside all names, or the number not above the rule:", doc)
	}
	if !strings.Contains(doc, `<w:sz w:val="44"/>`) {
		t.Error("a name that has room is small")
	}
	if long := head(strings.Repeat("某", 30), "某市教育局"); strings.Contains(long, `<w:sz w:val="44"/>`) {
		t.Error("a name of thirty characters does not fit")
	}
	if one := head("某市关心下一代工作委员会"); !strings.Contains(one, ">某市关心下一代工作委员会文件<") || strings.Contains(one, "<w:tbl>") {
		t.Error("one issuer:", one)
	}
}

// 附件说明 stands a line below the text and numbers several; the day ends four characters from the right and the names
// stand over its middle; 版记 closes the last page between a thick and a thin rule. (GB/T 9704, 7.3.4, 7.3.5, 7.4)
func TestEndOfAPaper(t *testing.T) {
	doc := parts(t, write(t, sample()))["word/document.xml"]
	at := 0
	for _, want := range []string{`<w:pStyle w:val="Addressee"/></w:pPr></w:p>`, ">附件：1．值班表<", `w:leftChars="650" w:left="2080" w:hangingChars="150"`, ">2．名单<",
		`w:rightChars="475"`, ">某市关工委<", `w:rightChars="400" w:right="1280"`, ">2019年5月31日<",
		`w:vertAnchor="margin"`, `w:tblpYSpec="bottom"`, `<w:top w:val="single" w:sz="8"`, ">抄送：市委办公室。<", `<w:top w:val="single" w:sz="6"`, `<w:bottom w:val="single" w:sz="8"`, ">某市关工委办公室<", ">2019年5月31日印发<"} {
		i := strings.Index(doc[at:], want)
		if i < 0 {
			t.Fatalf("the document lacks %s, or has it before what stands above it", want)
		}
		at += i
	}
	one := New(Meta{})
	one.Attachments("名单")
	one.EndBlock("", "某市关工委办公室", "")
	doc = parts(t, write(t, one))["word/document.xml"]
	if !strings.Contains(doc, ">附件：名单<") || strings.Contains(doc, "抄送") {
		t.Error(doc)
	}
}

// Each part is well-formed, and each part that is named is there.
func TestParts(t *testing.T) {
	m := parts(t, write(t, sample()))
	for name, text := range m {
		d := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	var types struct {
		Override []struct {
			PartName string `xml:",attr"`
		}
	}
	if err := xml.Unmarshal([]byte(m["[Content_Types].xml"]), &types); err != nil {
		t.Fatal(err)
	}
	if len(types.Override) != 7 {
		t.Error(types)
	}
	for _, o := range types.Override {
		if m[strings.TrimPrefix(o.PartName, "/")] == "" {
			t.Error("no part", o.PartName)
		}
	}
	var rels struct {
		Relationship []struct {
			Id, Target string `xml:",attr"`
		}
	}
	if err := xml.Unmarshal([]byte(m["word/_rels/document.xml.rels"]), &rels); err != nil {
		t.Fatal(err)
	}
	for _, r := range rels.Relationship {
		if m["word/"+r.Target] == "" {
			t.Error("no part", r.Target)
		}
	}
	if len(rels.Relationship) != 5 || rels.Relationship[3].Id != "rId4" || rels.Relationship[4].Target != "footer2.xml" {
		t.Error(rels)
	}
	if core := m["docProps/core.xml"]; !strings.Contains(core, "2019-05-31T00:00:00Z") || !strings.Contains(core, "工作报告 &lt;一&gt;") {
		t.Error(core)
	}
}

func TestSameBytes(t *testing.T) {
	d := sample()
	if first := write(t, d); !bytes.Equal(first, write(t, d)) || !bytes.Equal(first, write(t, sample())) {
		t.Error("other bytes")
	}
}

// GB/T 9704-2012: paper, margins, grid, sizes, fonts, page number.
func TestOfficialLook(t *testing.T) {
	m := parts(t, write(t, sample()))
	doc, styles := m["word/document.xml"], m["word/styles.xml"]
	for _, want := range []string{
		`<w:pgSz w:w="11906" w:h="16838"/>`, `w:top="2098" w:right="1474" w:bottom="1984" w:left="1588"`,
		`<w:docGrid w:type="lines" w:linePitch="579"/>`, `<w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t>`,
		`a &lt; b &amp; c。</w:t><w:br/><w:t xml:space="preserve">第二行</w:t>`, `<w:tblHeader/>`,
	} {
		if !strings.Contains(doc, want) {
			t.Error("document lacks", want)
		}
	}
	for id, want := range map[string][2]string{
		"Title": {fontTitle, "44"}, "Normal": {fontFang, "32"}, "Heading1": {fontHei, "32"}, "Heading2": {fontKai, "32"}, "FooterOdd": {fontSong, "28"}, "FooterEven": {fontSong, "28"},
	} {
		_, s, _ := strings.Cut(styles, `w:styleId="`+id+`"`)
		s, _, _ = strings.Cut(s, `</w:style>`)
		if !strings.Contains(s, `w:eastAsia="`+want[0]+`"`) || !strings.Contains(s, `<w:sz w:val="`+want[1]+`"/>`) {
			t.Error(id, s)
		}
	}
	_, normal, _ := strings.Cut(styles, `w:styleId="Normal"`)
	normal, _, _ = strings.Cut(normal, `</w:style>`)
	if !strings.Contains(normal, `<w:spacing w:val="-5"/>`) {
		t.Error("the characters stand too wide")
	}
	if !strings.Contains(normal, `w:firstLineChars="200"`) {
		t.Error("the first line is not indented")
	}
	for _, f := range []string{fontTitle, fontFang, fontKai, fontHei, fontSong} {
		if !strings.Contains(m["word/fontTable.xml"], `<w:font w:name="`+f+`"><w:altName`) {
			t.Error("no fallback for", f)
		}
	}
	if f := m["word/footer1.xml"]; !strings.Contains(f, "— </w:t>") || !strings.Contains(f, " PAGE ") || strings.Contains(f, "FooterEven") {
		t.Error(f)
	}
	// 22 lines must fit between the margins, 28 characters between the others.
	if lines := (pageHeight - marginTop - marginBottom) / linePitch; lines != 22 {
		t.Error(lines, "lines")
	}
	if chars := float64(textWidth) / 20 / (16 + float64(charSpace)/20); chars < 28 || chars >= 28.1 {
		t.Error(chars, "characters")
	}
}

// Every run names its East Asian font.
func TestEveryRunHasItsFont(t *testing.T) {
	for name, text := range parts(t, write(t, sample())) {
		for i, run := range strings.Split(text, "<w:r>")[1:] {
			if !strings.HasPrefix(run, `<w:rPr><w:rFonts w:hint="eastAsia"`) || !strings.Contains(strings.SplitN(run, "</w:rPr>", 2)[0], "w:eastAsia=") {
				t.Errorf("%s run %d: %.120s", name, i, run)
			}
		}
	}
}

// The cells of each row are as many as the grid's columns, and the columns together as wide as the text.
func TestTable(t *testing.T) {
	doc := parts(t, write(t, sample()))["word/document.xml"]
	_, tbl, _ := strings.Cut(doc, "<w:tbl>")
	tbl, _, _ = strings.Cut(tbl, "</w:tbl>")
	if rows, cells := strings.Count(tbl, "<w:tr>"), strings.Count(tbl, "<w:tc>"); rows != 3 || cells != 9 {
		t.Error(rows, "rows", cells, "cells")
	}
	for _, c := range []struct {
		parts []int
		n     int
	}{{nil, 7}, {[]int{2, 1}, 3}, {[]int{1, 100, 0, -5}, 4}, {nil, 1}} {
		sum := 0
		for _, w := range shares(c.parts, c.n) {
			if w <= 0 {
				t.Error(c, "no width")
			}
			sum += w
		}
		if sum != textWidth {
			t.Error(c, sum)
		}
	}
	empty := New(Meta{})
	empty.Table(Table{})
	if strings.Contains(parts(t, write(t, empty))["word/document.xml"], "<w:tbl>") {
		t.Error("a table without columns")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteFails(t *testing.T) {
	if sample().Write(full{}) == nil {
		t.Error("no error")
	}
}

func FuzzPara(f *testing.F) {
	f.Add("甘露 & <a>\x00\xff\u2028")
	f.Fuzz(func(t *testing.T, s string) {
		d := New(Meta{Title: s})
		d.Para(Text(s))
		for name, text := range parts(t, write(t, d)) {
			dec := xml.NewDecoder(strings.NewReader(text))
			for {
				if _, err := dec.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
	})
}
