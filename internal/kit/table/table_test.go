package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"xinhuo/internal/kit/errs"
)

var columns = []Column{
	{Key: "name", Titles: []string{"姓名", "Name"}, Required: true, Hint: "身份证上的姓名"},
	{Key: "born", Titles: []string{"出生日期", "Born"}, Kind: Day},
	{Key: "money", Titles: []string{"金额", "Amount"}, Kind: Money},
	{Key: "times", Titles: []string{"参加人次", "Times"}, Kind: Int},
	{Key: "kind", Titles: []string{"类别", "Kind"}, Kind: Choice, Choices: []Option{
		{Key: "cadre", Titles: []string{"老干部", "cadre"}}, {Key: "teacher", Titles: []string{"老教师", "teacher"}}}},
}

var sample = [][]Value{
	{OfText("甘露"), OfDay("1951-02-28"), OfFen(600_000_05), OfInt(12), OfChoice("cadre")},
	{OfText("=HYPERLINK(\"http://a.example\")"), OfDay("1899-03-05"), OfFen(-1), OfInt(-3), OfChoice("teacher")},
	{OfText("+86 571\n第二行"), {}, {}, {}, {}},
	{OfText("'=已有撇号"), OfDay("2024-02-29"), OfFen(10), OfInt(0), {}},
	{OfText("''@双撇号"), {}, OfFen(99_999_999_999_999_999), OfInt(1_000_000_000_000_000), {}},
	{OfText("＝全角, \"引号\" _x000D_ <b>&amp;"), OfDay("2199-12-31"), OfFen(0), {}, {}},
	{OfText("- 减号;分号\t制表"), OfDay("1900-03-01"), OfFen(33), {}, {}},
	{OfText("'s 只是撇号"), {}, {}, {}, {}},
}

func rowsOf(rows [][]Value) iter.Seq2[[]Value, error] {
	return func(yield func([]Value, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func write(t testing.TB, format string, tb Table) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, tb); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readAll(t testing.TB, data []byte) []Row {
	t.Helper()
	s, err := Read("test", data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var rows []Row
	if err := s.Rows(func(r Row) error { rows = append(rows, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return rows
}

// What is written comes back unchanged from both formats, formulas stay text, and the bytes do not change.
func TestRoundTrip(t *testing.T) {
	for _, format := range []string{XLSX, CSV} {
		t.Run(format, func(t *testing.T) {
			tb := Table{Title: "五老名册/2019", Columns: columns, Rows: rowsOf(sample)}
			data := write(t, format, tb)
			for range 5 {
				if !bytes.Equal(data, write(t, format, tb)) {
					t.Fatal("the same table gave other bytes")
				}
			}
			rows := readAll(t, data)
			b, problems := Bind(rows[0].Cells, columns)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if len(rows) != len(sample)+1 {
				t.Fatalf("%d rows", len(rows))
			}
			for i, want := range sample {
				got := rows[i+1]
				if got.Cell(0) != want[0].Text {
					t.Errorf("row %d: text %q, want %q", i, got.Cell(0), want[0].Text)
				}
				values, problems := b.Parse(got)
				if len(problems) > 0 {
					t.Errorf("row %d: %v", i, problems)
				}
				for j, c := range columns[1:] {
					if values[c.Key] != want[j+1] {
						t.Errorf("row %d %s: %v, want %v (cell %q)", i, c.Key, values[c.Key], want[j+1], got.Cell(j+1))
					}
				}
			}
		})
	}
}

func TestNoFormulaLeaves(t *testing.T) {
	tb := Table{Title: "t", Columns: columns[:1], Rows: rowsOf([][]Value{
		{OfText("=1+1")}, {OfText("@x")}, {OfText("-1")}, {OfText("+1")}, {OfText("\t=1")}, {OfText(" =1")}, {OfText("＝1")}})}
	for line := range strings.SplitSeq(strings.TrimSpace(string(write(t, CSV, tb))), "\r\n") {
		if s := strings.Trim(line, `"`); s != "姓名" && !strings.HasPrefix(s, "'") {
			t.Errorf("CSV has %q", line)
		}
	}
	z, _ := zip.NewReader(bytes.NewReader(write(t, XLSX, tb)), int64(len(write(t, XLSX, tb))))
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	x, _ := io.ReadAll(f)
	if bytes.Contains(x, []byte("<f")) || bytes.Count(x, []byte(`t="inlineStr"`)) != 8 {
		t.Errorf("worksheet: %s", x)
	}
}

func TestCSVMarkOnlyWhenAsked(t *testing.T) {
	tb := Table{Title: "t", Columns: columns[:1]}
	if bytes.HasPrefix(write(t, CSV, tb), []byte("\xEF\xBB\xBF")) {
		t.Error("byte order mark without being asked")
	}
	tb.BOM = true
	data := write(t, CSV, tb)
	if !bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")) {
		t.Error("no byte order mark")
	}
	if rows := readAll(t, data); rows[0].Cells[0] != "姓名" {
		t.Errorf("%q", rows[0].Cells)
	}
}

func TestWriteRefuses(t *testing.T) {
	tb := Table{Columns: []Column{{Key: "m", Titles: []string{"金额（万元）"}, Kind: Money}}}
	if Write(io.Discard, CSV, tb) == nil {
		t.Error("yuan written under a title that says 万元")
	}
	tb = Table{Columns: columns, Rows: rowsOf([][]Value{{OfText("a")}})}
	if Write(io.Discard, XLSX, tb) == nil || Write(io.Discard, CSV, tb) == nil {
		t.Error("short row written")
	}
	boom := errors.New("boom")
	tb.Rows = func(yield func([]Value, error) bool) { yield(nil, boom) }
	if err := Write(io.Discard, XLSX, tb); !errors.Is(err, boom) {
		t.Error(err)
	}
	if Write(io.Discard, "ods", tb) == nil {
		t.Error("unknown format written")
	}
}

// A template asks for what Read takes: its header binds, the hidden list of choices is not read for data.
func TestTemplate(t *testing.T) {
	for _, format := range []string{XLSX, CSV} {
		var b, again bytes.Buffer
		if err := Template(&b, format, "名册", columns); err != nil {
			t.Fatal(err)
		}
		if err := Template(&again, format, "名册", columns); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Error(format, "template changes")
		}
		rows := readAll(t, b.Bytes())
		if _, problems := Bind(rows[0].Cells, columns); len(rows) != 1 || len(problems) > 0 {
			t.Error(format, rows, problems)
		}
		if format != XLSX {
			continue
		}
		book, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		dvs, err := book.GetDataValidations("名册")
		if err != nil || len(dvs) != 2 || dvs[0].Prompt == nil || *dvs[0].Prompt != "身份证上的姓名" || !strings.Contains(dvs[1].Formula1, "choices!$E$1:$E$2") {
			t.Errorf("%v %+v", err, dvs)
		}
		if visible, _ := book.GetSheetVisible("choices"); visible {
			t.Error("the list of choices shows")
		}
	}
}

func TestEncodings(t *testing.T) {
	text := "姓名,类别\r\n甘露,老干部\r\n"
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String(text)
	le, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(text, ",", "\t"))
	be, _ := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	for name, data := range map[string]string{
		"utf8": text, "bom": "\uFEFF" + text, "gb18030": gb, "utf16le, tabs": le, "utf16be": be,
		"semicolon": strings.ReplaceAll(text, ",", ";"), "comma in quotes": "\"姓名\";\"类别\"\n甘露;老干部\n",
	} {
		rows := readAll(t, []byte(data))
		if len(rows) != 2 || !reflect.DeepEqual(rows[0].Cells, []string{"姓名", "类别"}) || !reflect.DeepEqual(rows[1].Cells, []string{"甘露", "老干部"}) {
			t.Errorf("%s: %v", name, rows)
		}
	}
}

func zipOf(t testing.TB, files ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, files[i+1])
	}
	z.Close()
	return b.Bytes()
}

func TestReadRefuses(t *testing.T) {
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)
	good := write(t, XLSX, Table{Title: "t", Columns: columns, Rows: rowsOf(sample)})
	damaged := bytes.Clone(good)
	at := bytes.Index(damaged, []byte("xl/worksheets/sheet1.xml"))
	for i := at + 60; i < at+90; i++ {
		damaged[i] ^= 0x55
	}
	bomb := zipOf(t, "xl/workbook.xml", strings.Repeat("0", 3<<20))
	// A bomb that lies about its size in the directory.
	liar := bytes.Clone(bomb)
	dir := bytes.LastIndex(liar, []byte("PK\x01\x02"))
	copy(liar[dir+24:], []byte{10, 0, 0, 0})
	small := Limits{Bytes: 1 << 20, Unzipped: 1 << 20, Rows: 2, Columns: 3, Cell: 10}
	for _, c := range []struct {
		name string
		data []byte
		kind errs.Kind
		key  string
	}{
		{"empty", []byte(" \r\n"), errs.Invalid, "table.file_empty"},
		{"xls", []byte(ole), errs.Unsupported, "table.file_old_excel"},
		{"locked", append([]byte(ole), utf16LE("EncryptedPackage")...), errs.Unsupported, "table.file_locked"},
		{"web page", []byte("\n<HTML><table>"), errs.Unsupported, "table.file_old_excel"},
		{"picture", []byte("\x89PNG\r\n\x1a\n\x00\x00"), errs.Unsupported, "table.file_not_table"},
		{"program", []byte("MZ\x90\x00\x03\x00\x00\x00\x04"), errs.Unsupported, "table.file_not_table"},
		{"docx", zipOf(t, "word/document.xml", "<x/>"), errs.Unsupported, "table.file_not_table"},
		{"half a zip", good[:len(good)/2], errs.Unsupported, "table.file_damaged"},
		{"damaged part", damaged, errs.Unsupported, "table.file_damaged"},
		{"bomb", bomb, errs.TooLarge, "table.file_too_large"},
		{"lying bomb", liar, errs.Unsupported, "table.file_damaged"},
		{"no sheets", zipOf(t, "xl/workbook.xml", "<workbook/>"), errs.Unsupported, "table.file_damaged"},
		{"no xml", zipOf(t, "xl/workbook.xml", "\x00<<", "[Content_Types].xml", "?"), errs.Unsupported, ""},
		{"bytes", bytes.Repeat([]byte("a"), 2<<20), errs.TooLarge, "table.file_too_large"},
		{"rows", []byte("a\nb\nc\n"), errs.TooLarge, "table.too_many_rows"},
		{"columns", []byte("a,b,c,d\n"), errs.TooLarge, "table.too_many_columns"},
		{"cell", []byte("a," + strings.Repeat("长", 11)), errs.TooLarge, "table.cell_too_long"},
	} {
		s, err := Read(c.name, c.data, small)
		if err == nil {
			err = s.Rows(func(Row) error { return nil })
			s.Close()
		}
		var e *errs.Error
		if !errors.As(err, &e) || e.Kind != c.kind || c.key != "" && e.Key != c.key {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Days however they are shown, numbers without noise and without their format, formulas by their value.
func TestWorkbookOfOthers(t *testing.T) {
	f := excelize.NewFile()
	set := func(cell string, value any, format string) {
		f.SetCellValue("Sheet1", cell, value)
		if format != "" {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			if err != nil {
				t.Fatal(err)
			}
			f.SetCellStyle("Sheet1", cell, cell, id)
		}
	}
	builtin := func(cell string, value any, id int) {
		style, _ := f.NewStyle(&excelize.Style{NumFmt: id})
		f.SetCellValue("Sheet1", cell, value)
		f.SetCellStyle("Sheet1", cell, cell, style)
	}
	set("A1", "某市关工委一览表", "")
	f.MergeCell("Sheet1", "A1", "F1")
	set("A3", 43616, `yyyy"年"m"月"d"日";@`)
	set("B3", 43616, "m/d/yy")
	builtin("C3", 43616, 14)
	builtin("D3", 43616, 31)
	set("E3", 43616.5, "yyyy/m/d h:mm")
	set("F3", 43616, "[$-804]aaaa yyyy-mm-dd")
	set("A4", 0.1+0.2, "")
	set("B4", 60000, `0!.0,"万"`)
	set("C4", 0.5, "0%")
	set("D4", 1234.5, `[Red]#,##0.00;-#,##0.00`)
	set("E4", 330106195101011234, "")
	set("F4", 1.25, "[h]:mm")
	f.SetCellFormula("Sheet1", "G4", "=B4*2")
	f.SetCellValue("Sheet1", "A5", true)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	rows := readAll(t, b.Bytes())
	want := [][]string{{"某市关工委一览表"},
		{"2019-05-31", "2019-05-31", "2019-05-31", "2019-05-31", "2019-05-31 12:00", "2019-05-31"},
		{"0.3", "60000", "0.5", "1234.5", "3.30106195101011E+17", "1.25"}, {"TRUE"}}
	for i, r := range rows {
		if !reflect.DeepEqual(r.Cells, want[i]) {
			t.Errorf("line %d: %q, want %q", r.Line, r.Cells, want[i])
		}
	}
	if rows[1].Line != 3 {
		t.Error("line of the row", rows[1].Line)
	}
	b1, _ := Bind([]string{"姓名"}, columns)
	if _, p := b1.Parse(Row{Line: 4, Cells: rows[2].Cells[4:5]}); len(p) != 1 || p[0].Code != "table.long_number" {
		t.Error("lost digits unnoticed", p)
	}
}

// The value that a formula had when it was saved is read, the formula is not.
func TestFormulaValue(t *testing.T) {
	sheet := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c></row></sheetData></worksheet>`
	good := write(t, XLSX, Table{Title: "t", Columns: columns[:1]})
	z, _ := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	var parts []string
	for _, f := range z.File {
		r, _ := f.Open()
		data, _ := io.ReadAll(r)
		if f.Name == "xl/worksheets/sheet1.xml" {
			data = []byte(sheet)
		}
		parts = append(parts, f.Name, string(data))
	}
	rows := readAll(t, zipOf(t, parts...))
	if len(rows) != 1 || !reflect.DeepEqual(rows[0].Cells, []string{"2", "a"}) {
		t.Errorf("%v", rows)
	}
}

func TestHeaderBelowTitle(t *testing.T) {
	s, err := Read("t", []byte("五老名册,,\n填表单位：某站,,\n类别（必填）,姓 名,备注\n老教师,张  三,x\n"), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Header(columns)
	if err != nil || h.Line != 3 {
		t.Fatal(h, err)
	}
	b, problems := Bind(h.Cells, columns)
	if !reflect.DeepEqual(b.Unknown, []string{"备注"}) || len(problems) != 1 || !problems[0].Warning || Blocking(problems) {
		t.Error(b.Unknown, problems)
	}
	v, problems := b.Parse(Row{Line: 4, Cells: []string{"老教师", "张  三"}})
	if len(problems) > 0 || v["name"].Text != "张三" || v["kind"].Text != "teacher" {
		t.Error(v, problems)
	}
}

func TestBindProblems(t *testing.T) {
	_, problems := Bind([]string{"类别", "金额（元）", "金额（万元）"}, columns)
	if len(problems) != 2 || problems[0].Code != "table.column_missing" || problems[1].Code != "table.column_twice" || !Blocking(problems) {
		t.Error(problems)
	}
	b, _ := Bind([]string{"Name", "BORN", "金额(万元)", "Times", "Kind"}, columns)
	v, problems := b.Parse(Row{Line: 2, Cells: []string{"A", "", "6.5", "", ""}})
	if len(problems) > 0 || v["money"].Num != 65_000_00 {
		t.Error("the unit of the title is lost", v, problems)
	}
	v, problems = b.Parse(Row{Line: 2, Cells: []string{"A", "", "65000元"}})
	if len(problems) > 0 || v["money"].Num != 65_000_00 {
		t.Error("the unit of the cell goes first", v, problems)
	}
	_, problems = b.Parse(Row{Line: 7, Cells: []string{" ", "2019-02-30", "很多", "1.5", "老人"}})
	var codes []string
	for _, p := range problems {
		codes = append(codes, p.Code)
		if p.Line != 7 || p.Args["Line"] != 7 || p.Args["Column"] == "" {
			t.Error(p)
		}
	}
	if want := []string{"table.cell_missing", "table.day_impossible", "table.money_unreadable", "table.number_unreadable", "table.choice_unknown"}; !reflect.DeepEqual(codes, want) {
		t.Error(codes)
	}
}

func TestParseDay(t *testing.T) {
	for in, want := range map[string]string{
		"2019-05-31": "2019-05-31", "2019/5/31": "2019-05-31", "2019.5.31": "2019-05-31", "2019年5月31日": "2019-05-31",
		"20190531": "2019-05-31", "43616": "2019-05-31", "二〇一九年五月三十一日": "2019-05-31", "二零一九年十一月二十日": "2019-11-20",
		"一九五一年十月一日": "1951-10-01", "２０１９年５月３１日": "2019-05-31", " 2019 年 5 月 31 日 ": "2019-05-31", "2019－05－31": "2019-05-31",
		"2019-05-31 08:30:00": "2019-05-31", "2019/5/31 8:30": "2019-05-31", "2019-05-31T00:00:00Z": "2019-05-31", "2019。5。31": "2019-05-31",
		"2024-02-29": "2024-02-29",
	} {
		if got, err := ParseDay(in); err != nil || got != want {
			t.Errorf("%q: %q %v", in, got, err)
		}
	}
	for in, want := range map[string]error{
		"2019-02-30": ErrNoSuchDay, "2023年2月29日": ErrNoSuchDay, "20191301": ErrNoSuchDay, "1019-01-01": ErrNoSuchDay, "二〇一九年二月三十日": ErrNoSuchDay,
		"2019-00-10": ErrNoSuchDay, "2019年5月": ErrUnreadable, "5/31/2019": ErrUnreadable, "19-5-31": ErrUnreadable, "五月": ErrUnreadable, "": ErrUnreadable,
		"10000": ErrUnreadable, "2019-5/31": ErrUnreadable, "二〇一九年十十月一日": ErrUnreadable, "长期": ErrUnreadable, "-43616": ErrUnreadable,
	} {
		if got, err := ParseDay(in); err != want {
			t.Errorf("%q: %q %v, want %v", in, got, err, want)
		}
	}
}

func TestParseMoney(t *testing.T) {
	for in, want := range map[string]int64{
		"6万元": 60_000_00, "60,000.00": 60_000_00, "¥6000": 6000_00, "1.2万": 12_000_00, "6000元整": 6000_00, "人民币6000元": 6000_00, "RMB 6,000": 6000_00,
		"１２００．５０": 1200_50, "￥１，２００": 1200_00, "0.01": 1, "3元5角": 350, "3元5角2分": 352, "-500": -500_00, "¥-500": -500_00, "1.23亿": 123_000_000_00,
		"0.000001万": 1, "12.30": 1230, "2千元": 2000_00, "1百万元": 1_000_000_00, "6 万 元": 60_000_00, "0": 0, "6,0000": 60_000_00, "600圆": 600_00, "1.000": 100,
		"0.29": 29, "1.15": 115, "900719925474993.01": 900719925474993_01,
	} {
		if got, err := ParseMoney(in); err != nil || got != want {
			t.Errorf("%q: %d %v", in, got, err)
		}
	}
	for in, want := range map[string]error{
		"": ErrUnreadable, "六千": ErrUnreadable, "1.234": ErrTooFine, "0.0000001万": ErrTooFine, "6,00": ErrUnreadable, "1.2.3": ErrUnreadable, "1e5": ErrUnreadable,
		"--5": ErrUnreadable, "-": ErrUnreadable, ".": ErrUnreadable, "5.": ErrUnreadable, "约6000": ErrUnreadable, "6000/人": ErrUnreadable, "99999999999999999999": ErrUnreadable,
		"9007199254740993": ErrUnreadable, "9999999999亿": ErrUnreadable, "5角": ErrUnreadable, "（500）": ErrUnreadable,
	} {
		if got, err := ParseMoney(in); err != want {
			t.Errorf("%q: %d %v, want %v", in, got, err, want)
		}
	}
}

func TestParseInt(t *testing.T) {
	for in, want := range map[string]int64{"12": 12, "1,200": 1200, "36人次": 36, "1.2万": 12000, "１２": 12, "12.0": 12, "-3": -3, "1.5万人次": 15000} {
		if got, err := ParseInt(in); err != nil || got != want {
			t.Errorf("%q: %d %v", in, got, err)
		}
	}
	for _, in := range []string{"", "1.5", "十二", "12只", "1e3", "0x10", "99999999999999999999"} {
		if got, err := ParseInt(in); err == nil {
			t.Errorf("%q: %d", in, got)
		}
	}
}

func TestWordsOnRecordKeepTheirSpaces(t *testing.T) {
	for _, c := range [][3]string{{"市委党校 方明远", "市委党校方明远", "市委党校 方明远"}, {"１２号", "12号", "１２号"}, {"甲 乙", "甲丙", "甲丙"}, {"", "甲", "甲"}} {
		if got := OfText(c[1]).Over(c[0]); got != c[2] {
			t.Errorf("%q over %q is %q", c[1], c[0], got)
		}
	}
}

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		" 张\u3000三 ": "张三", "１３８ＡＢ": "138AB", "第 1 组": "第 1 组", "甘\u200b露\ufeff": "甘露", "云州市（东区）": "云州市（东区）", "a\r\nb": "a\nb", "\n": "", "A  B": "A B",
	} {
		if got := CleanText(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

// Every key of this package has words in both languages, and they take the same arguments.
func TestTexts(t *testing.T) {
	if err := fstest.TestFS(Texts, "i18n/zh.toml", "i18n/en.toml"); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^"(table\.[a-z_]+)" = "(.+)"$`)
	args := regexp.MustCompile(`{{\.\w+}}`)
	words := map[string]map[string]string{}
	for _, lang := range []string{"zh", "en"} {
		data, _ := Texts.ReadFile("i18n/" + lang + ".toml")
		words[lang] = map[string]string{}
		for _, m := range line.FindAllStringSubmatch(string(data), -1) {
			set := map[string]bool{}
			for _, a := range args.FindAllString(m[2], -1) {
				set[a] = true
			}
			words[lang][m[1]] = fmt.Sprint(set)
		}
	}
	if !reflect.DeepEqual(words["zh"], words["en"]) || len(words["zh"]) != 27 {
		t.Errorf("%d %v", len(words["zh"]), words)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("姓名,类别\n甘露,'=1\n"))
	f.Add([]byte("\xFF\xFEa\x00,\x00b\x00"))
	f.Add([]byte("\xD5\xC5\xC8\xFD,1\n"))
	f.Add(write(f, XLSX, Table{Title: "t", Columns: columns, Rows: rowsOf(sample)}))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Read("f", data, Limits{Bytes: 1 << 20, Unzipped: 8 << 20, Rows: 1000})
		if err != nil {
			if errs.KindOf(err) == errs.Internal {
				t.Fatalf("no words for a person: %v", err)
			}
			return
		}
		defer s.Close()
		h, err := s.Header(columns)
		if err != nil {
			return
		}
		b, _ := Bind(h.Cells, columns)
		s.Rows(func(r Row) error {
			if r.Line < 1 || len(r.Cells) == 0 {
				t.Fatalf("row %v", r)
			}
			b.Parse(r)
			return nil
		})
	})
}

func FuzzDay(f *testing.F) {
	for _, s := range []string{"2019-05-31", "二〇一九年五月三十一日", "43616", "20190531", "2019年5月31日 8:30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, err := ParseDay(s)
		if err != nil {
			return
		}
		if again, err := ParseDay(day); err != nil || again != day {
			t.Fatalf("%q gives %q, which gives %q %v", s, day, again, err)
		}
	})
}

func FuzzMoney(f *testing.F) {
	for _, s := range []string{"6万元", "¥60,000.00", "3元5角", "-0.01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fen, err := ParseMoney(s)
		if err != nil {
			return
		}
		if again, err := ParseMoney(yuan(fen)); err != nil || again != fen {
			t.Fatalf("%q gives %d, written %s, gives %d %v", s, fen, yuan(fen), again, err)
		}
	})
}

func FuzzGuard(f *testing.F) {
	f.Add("=1")
	f.Add("'' +")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		if g := guard(s); unguard(g) != s || dangerous(g) {
			t.Fatalf("%q %q", s, g)
		}
	})
}
