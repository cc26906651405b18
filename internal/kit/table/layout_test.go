package table

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// office is a workbook as an office makes it: titles, two merged towns, a merged sum, a blank row, hidden parts, digits of
// an input method, a total, another sheet.
func office(t *testing.T, change func(f *excelize.File)) *Sheet {
	t.Helper()
	f := excelize.NewFile()
	for cell, v := range map[string]any{"A1": "某县关工委五老名册", "A3": "乡镇（街道）", "B3": "姓 名", "C3": "入队时间", "D3": "补助（元）", "E3": "备注",
		"A4": "稻香镇", "B4": "王一", "C4": 43616, "D4": "１２０", "B5": "王二", "C5": "２０１９年５月３１日", "D5": "80", "A7": "柳坊镇", "B7": "王三", "C7": "2019.5.31", "D7": 5,
		"A8": "合  计", "B8": "3人", "D8": 205} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{f.MergeCell("Sheet1", "A1", "E2"), f.MergeCell("Sheet1", "A4", "A5")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("Sheet2"); err != nil { // empty, as Excel adds them
		t.Fatal(err)
	}
	if change != nil {
		change(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	s, err := Read("名册.xlsx", b.Bytes(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var officeColumns = []Column{{Key: "unit", Titles: []string{"单位", "乡镇"}}, {Key: "name", Titles: []string{"姓名"}, Required: true},
	{Key: "on", Titles: []string{"入队日期", "入队时间"}, Kind: Day}, {Key: "yuan", Titles: []string{"补助"}, Kind: Money}}

// said are the rows as lines of words, then what is said about them.
func (s *Sheet) said(t *testing.T) (rows []string, codes []string) {
	t.Helper()
	h, err := s.Header(officeColumns)
	if err != nil {
		t.Fatal(err)
	}
	b, problems := Bind(h.Cells, officeColumns)
	problems = append(s.Notes(), problems...)
	err = s.Rows(func(r Row) error {
		if r.Line <= h.Line {
			return nil
		}
		if note, total := r.Total(); total {
			problems = append(problems, note)
			return nil
		}
		v, bad := b.Parse(r)
		problems = append(problems, bad...)
		rows = append(rows, strings.Join([]string{v["unit"].Text, v["name"].Text, v["on"].Text, yuan(v["yuan"].Num)}, " "))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		codes = append(codes, strings.TrimPrefix(p.Code, "table."))
	}
	return rows, codes
}

// Tables as offices send them are read row by row, and what could be meant otherwise is said.
func TestTablesOfOffices(t *testing.T) { // R194
	plain := []string{"稻香镇 王一 2019-05-31 120.00", "稻香镇 王二 2019-05-31 80.00", "柳坊镇 王三 2019-05-31 5.00"}
	said := []string{"cells_merged", "column_unknown", "row_total"}
	for name, c := range map[string]struct {
		change func(f *excelize.File)
		more   []string
	}{
		"titles above, merged towns, a blank row, a total": {nil, nil},
		"a hidden row":    {func(f *excelize.File) { f.SetRowVisible("Sheet1", 5, false) }, []string{"rows_hidden"}},
		"a hidden column": {func(f *excelize.File) { f.SetColVisible("Sheet1", "C:D", false) }, []string{"columns_hidden"}},
		"another sheet":   {func(f *excelize.File) { f.SetCellValue("Sheet2", "B2", "x") }, []string{"sheets_left"}},
		"a hidden sheet":  {func(f *excelize.File) { f.SetCellValue("Sheet2", "B2", "x"); f.SetSheetVisible("Sheet2", false) }, nil},
		"a sheet that is hidden before it": {func(f *excelize.File) {
			f.SetCellValue("Sheet2", "A1", "填表说明")
			f.MoveSheet("Sheet2", "Sheet1")
			f.SetActiveSheet(1)
			f.SetSheetVisible("Sheet2", false)
		}, nil},
	} {
		rows, codes := office(t, c.change).said(t)
		want := append(slices.Clone(c.more), said...)
		slices.Sort(codes)
		slices.Sort(want)
		if !slices.Equal(rows, plain) || !slices.Equal(codes, want) {
			t.Errorf("%s:\n%q %v, want\n%q %v", name, rows, codes, plain, want)
		}
	}
	rows, codes := office(t, func(f *excelize.File) { f.SetCellValue("Sheet1", "D5", nil); f.MergeCell("Sheet1", "D4", "D5") }).said(t)
	if !slices.Contains(codes, "number_merged") || rows[1] != "稻香镇 王二 2019-05-31 0.00" {
		t.Errorf("a sum over two rows: %q %v", rows, codes)
	}
}

// A row that begins with 合计 is a total only when it holds numbers alone; a record whose first words are so is taken.
func TestTotalsHoldNumbersAlone(t *testing.T) { // R194
	for _, c := range []struct {
		cells []string
		total bool
	}{
		{[]string{"合计", "", "", "205.00"}, true},
		{[]string{"", "小 计", "12人", "￥1,205.50", "80%", "—", "/"}, true},
		{[]string{"总计"}, true},
		{[]string{"合计", "", "12", "合并后"}, false},
		{[]string{"合计", "990203-V0001", "", "5"}, false},
		{[]string{"小计", "王德", "2019-05-31", "5"}, false},
		{[]string{"小计", "", "2019年5月31日", "5"}, false},
		{[]string{"990203-V0001", "合计", "5"}, false},
		{[]string{"合计村", "5"}, false},
		{[]string{"", ""}, false},
	} {
		if _, total := (Row{Cells: c.cells}).Total(); total != c.total {
			t.Errorf("%q: total is %v", c.cells, total)
		}
	}
}

// What is said of a workbook's layout is about the rows under its heading, and words of merged cells go no further than they.
func TestLayoutIsSaidOfTheRowsUnderTheHeading(t *testing.T) { // R194
	s := office(t, func(f *excelize.File) {
		f.SetRowVisible("Sheet1", 1, false)
		f.SetCellValue("Sheet1", "B6", "王四") // whose town nobody wrote
	})
	rows, codes := s.said(t)
	if slices.Contains(codes, "rows_hidden") {
		t.Error("a hidden row of the title is told of")
	}
	if len(rows) < 3 || !strings.HasPrefix(rows[1], "稻香镇 王二") || !strings.HasPrefix(rows[2], " 王四") {
		t.Errorf("merged words: %q", rows)
	}
	for _, n := range s.Notes() {
		if n.Code == "table.cells_merged" && (n.Args["N"] != 1 || n.Args["First"] != 4 || n.Args["Last"] != 5) {
			t.Errorf("merged cells: %v", n.Args)
		}
	}
}
