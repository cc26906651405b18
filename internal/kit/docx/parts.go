package docx

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"time"
)

// The page in twips (1/20 point): A4, the margins of GB/T 9704-2012, and the grid of 22 lines of 28 characters that
// follows: 225 mm / 22 = 28.95 pt a line, 156 mm / 28 = 15.79 pt a character, a fifth of a point less than the size itself.
// The lines are a grid; the characters are set closer instead, since programs other than Word tear a grid of them apart.
const (
	pageWidth    = 11906
	pageHeight   = 16838
	marginTop    = 2098 // 37 mm
	marginBottom = 1984 // 35 mm
	marginLeft   = 1588 // 28 mm
	marginRight  = 1474 // 26 mm
	footerAt     = 1304 // the page number stands 7 mm below the text
	textWidth    = pageWidth - marginLeft - marginRight
	linePitch    = 579
	charSpace    = -5 // twips between the characters of size 3
)

// Fonts by the names that Chinese Word and WPS show and look for; the font table names what may stand in for them.
const (
	fontTitle = "方正小标宋简体"
	fontFang  = "仿宋_GB2312"
	fontKai   = "楷体_GB2312"
	fontHei   = "黑体"
	fontSong  = "宋体"
	fontLatin = "Times New Roman"
)

var fontNames = []struct{ name, others, family string }{
	{fontTitle, "FZXiaoBiaoSong-B05S,STZhongsong,华文中宋,SimSun,Noto Serif CJK SC", "roman"},
	{fontFang, "FangSong_GB2312,FangSong,仿宋,STFangsong,Noto Serif CJK SC", "modern"},
	{fontKai, "KaiTi_GB2312,KaiTi,楷体,STKaiti,Noto Serif CJK SC", "modern"},
	{fontHei, "SimHei,STHeiti,Noto Sans CJK SC", "modern"},
	{fontSong, "SimSun,STSong,Noto Serif CJK SC", "auto"},
}

// fonts is the font part of a run: the hint makes Chinese quotation marks and dashes Chinese.
func fonts(eastAsia string) string {
	return fmt.Sprintf(`<w:rFonts w:hint="eastAsia" w:ascii="%s" w:hAnsi="%s" w:cs="%s" w:eastAsia="%s"/>`, fontLatin, fontLatin, fontLatin, eastAsia)
}

const (
	xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordNS  = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	office  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	pkg     = "http://schemas.openxmlformats.org/package/2006/"
	types   = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// style is one paragraph style; size is in half points, indent a finished w:ind.
type style struct {
	id, name, font string
	size, outline  int
	bold           bool
	align, indent  string
	line           int
	before, after  int
	color          string // "" is black
	rule           bool   // a red rule below
	tab            int    // a stop for what stands on the right; 0 is none
}

// red is the colour of the head of an official paper.
const red = "C00000"

const twoCharacters = `<w:ind w:firstLineChars="200" w:firstLine="640"/>`

// Sizes: 2号 is 22 pt, 3号 16 pt, 4号 14 pt, 小4 12 pt.
var styles = []style{
	{id: "Normal", name: "Normal", font: fontFang, size: 32, align: "both", indent: twoCharacters, line: linePitch},
	{id: "Title", name: "Title", font: fontTitle, size: 44, align: "center", line: 700, before: linePitch, after: linePitch},
	// The mark's upper edge stands 35 mm below that of the text, the number two lines below it, the rule 4 mm below that, the
	// title two lines below the rule. A line is higher than what is written in it, by what the first gap is short of 35 mm.
	{id: "Grade", name: "Grade", font: fontHei, size: 32, align: "left", line: linePitch},
	{id: "RedHead", name: "Red Head", font: fontTitle, size: 44, align: "center", line: 800, before: 1804, after: 2 * linePitch, color: red},
	{id: "RedSpace", name: "Red Space", font: fontTitle, size: 2, align: "center", line: 20, before: 1764},
	{id: "RedName", name: "Red Name", font: fontTitle, size: 44, align: "distribute", line: 720, color: red},
	{id: "RedWord", name: "Red Word", font: fontTitle, size: 44, align: "right", line: 720, color: red},
	{id: "Number", name: "Number", font: fontFang, size: 32, align: "center", line: linePitch},
	{id: "RedRule", name: "Red Rule", font: fontFang, size: 32, align: "center", line: linePitch, after: 2 * linePitch, rule: true},
	{id: "Byline", name: "Byline", font: fontKai, size: 32, align: "center", line: linePitch},
	{id: "Heading1", name: "heading 1", font: fontHei, size: 32, outline: 1, indent: twoCharacters, line: linePitch},
	{id: "Heading2", name: "heading 2", font: fontKai, size: 32, outline: 2, indent: twoCharacters, line: linePitch},
	{id: "Heading3", name: "heading 3", font: fontFang, size: 32, outline: 3, bold: true, indent: twoCharacters, line: linePitch},
	{id: "Heading4", name: "heading 4", font: fontFang, size: 32, outline: 4, indent: twoCharacters, line: linePitch},
	{id: "Addressee", name: "Addressee", font: fontFang, size: 32, align: "both", line: linePitch},
	{id: "Sign", name: "Sign", font: fontFang, size: 32, align: "right", indent: `<w:ind w:rightChars="400" w:right="1280"/>`, line: linePitch},
	{id: "EndCopies", name: "End Copies", font: fontFang, size: 28, align: "both", indent: `<w:ind w:left="840" w:hanging="840"/>`, line: 480},
	{id: "EndLine", name: "End Line", font: fontFang, size: 28, line: 480, tab: textWidth - 2*280},
	{id: "Anchor", name: "Anchor", font: fontFang, size: 2, line: 20},
	{id: "Note", name: "Note", font: fontFang, size: 28, align: "both", indent: `<w:ind w:firstLineChars="200" w:firstLine="560"/>`, line: 480},
	{id: "Caption", name: "caption", font: fontHei, size: 28, align: "center", line: 480, before: 120},
	{id: "Cell", name: "Cell", font: fontFang, size: 24, line: 360},
	{id: "CellHead", name: "Cell Head", font: fontHei, size: 24, align: "center", line: 360},
	{id: "CellRight", name: "Cell Right", font: fontFang, size: 24, align: "right", line: 360},
	{id: "FooterOdd", name: "Footer Odd", font: fontSong, size: 28, align: "right", indent: `<w:ind w:rightChars="100" w:right="280"/>`, line: 300},
	{id: "FooterEven", name: "Footer Even", font: fontSong, size: 28, align: "left", indent: `<w:ind w:leftChars="100" w:left="280"/>`, line: 300},
}

func stylesXML() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:styles%s><w:docDefaults><w:rPrDefault><w:rPr>%s<w:kern w:val="2"/><w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`, wordNS, fonts(fontFang))
	for _, s := range styles {
		def, based := "", `<w:basedOn w:val="Normal"/>`
		if s.id == "Normal" {
			def, based = ` w:default="1"`, ""
		}
		fmt.Fprintf(&b, `<w:style w:type="paragraph"%s w:styleId="%s"><w:name w:val="%s"/>%s<w:qFormat/><w:pPr>`, def, s.id, s.name, based)
		if s.outline > 0 || s.id == "Caption" || s.id == "Title" {
			b.WriteString(`<w:keepNext/>`)
		}
		if s.rule {
			fmt.Fprintf(&b, `<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="11" w:color="%s"/></w:pBdr>`, red)
		}
		if s.tab > 0 {
			fmt.Fprintf(&b, `<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs>`, s.tab)
		}
		// A line of another height would be stretched to whole lines of the grid.
		if s.line%linePitch != 0 {
			b.WriteString(`<w:snapToGrid w:val="0"/>`)
		}
		// Exact lines keep 22 of them on a page also where another font stands in.
		fmt.Fprintf(&b, `<w:spacing w:before="%d" w:after="%d" w:line="%d" w:lineRule="exact"/>`, s.before, s.after, s.line)
		if s.indent == "" {
			b.WriteString(`<w:ind w:firstLineChars="0" w:firstLine="0"/>`)
		} else if s.indent == twoCharacters || strings.Contains(s.indent, "firstLine") || strings.Contains(s.indent, "hanging") {
			b.WriteString(s.indent)
		} else {
			b.WriteString(strings.Replace(s.indent, "<w:ind ", `<w:ind w:firstLineChars="0" w:firstLine="0" `, 1))
		}
		align := s.align
		if align == "" {
			align = "left"
		}
		fmt.Fprintf(&b, `<w:jc w:val="%s"/>`, align)
		if s.outline > 0 {
			fmt.Fprintf(&b, `<w:outlineLvl w:val="%d"/>`, s.outline-1)
		}
		b.WriteString(`</w:pPr><w:rPr>` + fonts(s.font))
		if s.bold {
			b.WriteString(`<w:b/>`)
		}
		if s.color != "" {
			fmt.Fprintf(&b, `<w:color w:val="%s"/>`, s.color)
		}
		if s.size == 32 {
			fmt.Fprintf(&b, `<w:spacing w:val="%d"/>`, charSpace)
		} else {
			b.WriteString(`<w:spacing w:val="0"/>`)
		}
		fmt.Fprintf(&b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr></w:style>`, s.size, s.size)
	}
	b.WriteString(`</w:styles>`)
	return b.String()
}

func fontTableXML() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:fonts%s>`, wordNS)
	for _, f := range fontNames {
		fmt.Fprintf(&b, `<w:font w:name="%s"><w:altName w:val="%s"/><w:charset w:val="86"/><w:family w:val="%s"/><w:pitch w:val="variable"/></w:font>`, f.name, f.others, f.family)
	}
	fmt.Fprintf(&b, `<w:font w:name="%s"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>`, fontLatin)
	return b.String()
}

// footerXML is the page number between dashes: — 1 —.
func footerXML(style string) string {
	run := `<w:r><w:rPr>` + fonts(fontSong) + `<w:sz w:val="28"/></w:rPr>%s</w:r>`
	part := func(inner string) string { return fmt.Sprintf(run, inner) }
	return fmt.Sprintf(`<w:ftr%s><w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>`, wordNS, style) +
		part(`<w:t xml:space="preserve">— </w:t>`) + part(`<w:fldChar w:fldCharType="begin"/>`) + part(`<w:instrText xml:space="preserve"> PAGE </w:instrText>`) +
		part(`<w:fldChar w:fldCharType="separate"/>`) + part(`<w:t>1</w:t>`) + part(`<w:fldChar w:fldCharType="end"/>`) +
		part(`<w:t xml:space="preserve"> —</w:t>`) + `</w:p></w:ftr>`
}

func (d *Doc) coreXML() string {
	var b strings.Builder
	b.WriteString(`<cp:coreProperties xmlns:cp="` + pkg + `metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	fmt.Fprintf(&b, `<dc:title>%s</dc:title><dc:creator>%s</dc:creator>`, escape(d.meta.Title), escape(d.meta.Author))
	if !d.meta.Created.IsZero() {
		at := d.meta.Created.UTC().Format(time.RFC3339)
		fmt.Fprintf(&b, `<dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">%s</dcterms:modified>`, at, at)
	}
	b.WriteString(`</cp:coreProperties>`)
	return b.String()
}

func relations(list ...string) string {
	var b strings.Builder
	b.WriteString(`<Relationships xmlns="` + pkg + `relationships">`)
	for i := 0; i+1 < len(list); i += 2 {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s" Target="%s"/>`, i/2+1, list[i], list[i+1])
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}

// Write writes the document; it may be called again and gives the same bytes.
func (d *Doc) Write(w io.Writer) error {
	document := fmt.Sprintf(`<w:document%s><w:body>%s<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>`+
		`<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="%d" w:gutter="0"/><w:docGrid w:type="lines" w:linePitch="%d"/></w:sectPr></w:body></w:document>`,
		wordNS, d.body.String(), pageWidth, pageHeight, marginTop, marginRight, marginBottom, marginLeft, footerAt, linePitch)
	settings := fmt.Sprintf(`<w:settings%s><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>`+
		`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`, wordNS)
	contents := `<Types xmlns="` + pkg + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`
	for _, p := range [][2]string{
		{"/word/document.xml", types + "document.main+xml"}, {"/word/styles.xml", types + "styles+xml"}, {"/word/settings.xml", types + "settings+xml"},
		{"/word/fontTable.xml", types + "fontTable+xml"}, {"/word/footer1.xml", types + "footer+xml"}, {"/word/footer2.xml", types + "footer+xml"},
		{"/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"},
	} {
		contents += fmt.Sprintf(`<Override PartName="%s" ContentType="%s"/>`, p[0], p[1])
	}
	contents += `</Types>`
	z := zip.NewWriter(w)
	for _, p := range [][2]string{
		{"[Content_Types].xml", contents},
		{"_rels/.rels", relations(office+"officeDocument", "word/document.xml", pkg+"relationships/metadata/core-properties", "docProps/core.xml")},
		{"word/document.xml", document},
		{"word/_rels/document.xml.rels", relations(office+"styles", "styles.xml", office+"settings", "settings.xml", office+"fontTable", "fontTable.xml", office+"footer", "footer1.xml", office+"footer", "footer2.xml")},
		{"word/styles.xml", stylesXML()},
		{"word/settings.xml", settings},
		{"word/fontTable.xml", fontTableXML()},
		{"word/footer1.xml", footerXML("FooterOdd")},
		{"word/footer2.xml", footerXML("FooterEven")},
		{"docProps/core.xml", d.coreXML()},
	} {
		f, err := z.Create(p[0])
		if err != nil {
			return fmt.Errorf("docx: %w", err)
		}
		if _, err := io.WriteString(f, xmlHead+p[1]); err != nil {
			return fmt.Errorf("docx: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("docx: %w", err)
	}
	return nil
}
