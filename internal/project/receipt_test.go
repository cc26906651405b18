package project

import (
	"bytes"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/record"
)

func (f *fixture) receipts() string {
	f.Helper()
	var b bytes.Buffer
	f.must(f.rec.Export(f.ctx, &b, "receipt", "csv", f.unit("9902").ID, "到账"))
	return b.String()
}

func received(fen int64) map[string]int64 { return map[string]int64{"project.received_fen": fen} }

func TestReceiptsAreImportedExportedAndTakenBack(t *testing.T) { // R205
	f := open(t)
	one := f.report("990203", "HT-1", nil)
	f.report("990204", "HT-2", nil)
	f.report("9903", "HT-9", nil)
	f.must(f.s.Receive(f.as("990203"), one.Ref, 1, Receipt{Day: "2018-07-01", AmountFen: 100, Document: "凭18-1"}))
	before, contracts := f.receipts(), f.export()
	csv := "合同号,到账日期,到账金额(元),付款单位,凭证号,备注\n" +
		"HT-1,2018-07-01,1.00,区民政局,凭18-1,\n" + // says more of the one on record
		"HT-1,2018年8月1日,6万元,区民政局,凭18-2,第二笔\n" +
		"HT-2,2018-12-31,\"12,345.67\",,凭18-8,\n" +
		"HT-2,2018-12-31,\"12,345.67\",,,\n" + // twice in one table
		"HT-2,2018-12-31,\"12,345.67\",,凭18-9,\n" + // the voucher tells it apart
		"HT-3,2018-12-31,1,,,\n" +
		"HT-9,2018-12-31,1,,,\n" + // of another city
		"HT-2,2018-02-30,1,,,\n" +
		"HT-2,2018-03-01,-5,,,\n" +
		"HT-2,2018-03-01,0,,,\n" +
		"HT-2,2018-03-01,六万多,,,\n"
	p, err := f.rec.Upload(f.ctx, "receipt", f.unit("9902").ID, "t.csv", []byte(csv))
	f.must(err)
	said := map[int]string{}
	for _, q := range p.Problems {
		said[q.Line] = q.Code
	}
	for line, key := range map[int]string{5: "project.receipt_twice", 7: "project.number_unknown", 8: "project.number_unknown", 9: "table.day_impossible",
		10: "project.receipt_amount_odd", 11: "project.receipt_amount_odd", 12: "table.money_unreadable"} {
		if said[line] != key {
			t.Errorf("row %d is told %q, want %q", line, said[line], key)
		}
	}
	if p.Bad != 7 || p.Count(record.Changed) != 1 || p.Count(record.Added) != 3 {
		t.Fatalf("%d bad, %+v, %+v", p.Bad, p.Lines, p.Problems)
	}
	f.expect("9902", today, received(100)) // a preview writes nothing
	_, err = f.rec.Take(f.ctx, p.Ref, true)
	f.must(err)
	f.expect("9902", today, received(100+6000000+2*1234567))
	f.expect("990203", today, received(100+6000000))
	f.expect("9903", today, received(0))
	_, c, _, err := f.s.ByCode(f.ctx, 9902, "HT-1")
	f.must(err)
	if len(c.Receipts) != 2 || c.Receipts[0].From != "区民政局" || c.Receipts[1].Note != "第二笔" || c.Receipts[1].Day != clock.Day("2018-08-01") {
		t.Errorf("kept %+v", c.Receipts)
	}
	for what, text := range map[string]string{"what was exported": f.receipts(), "the same table": csv} {
		again, err := f.rec.Upload(f.ctx, "receipt", f.unit("9902").ID, "t.csv", []byte(text))
		f.must(err)
		if again.Count(record.Added)+again.Count(record.Changed) > 0 || again.Count(record.Same) < 4 {
			t.Errorf("%s comes back as %+v %+v", what, again.Lines, again.Problems)
		}
	}
	if !strings.Contains(f.receipts(), "第二笔") {
		t.Error("the export lost a note")
	}
	f.must(f.rec.UndoImport(f.ctx, p.Ref))
	f.expect("9902", today, received(100))
	if f.receipts() != before || f.export() != contracts {
		t.Errorf("after the undo the export is\n%s\nnot\n%s", f.receipts(), before)
	}
}

func TestReceiptsKeepToTheUnitOfTheTable(t *testing.T) { // R205: absent and not yours look alike
	f := open(t)
	f.report("990204", "HT-2", nil)
	f.report("990203", "HT-1", nil)
	row := func(number string) []byte {
		return []byte("合同号,到账日期,到账金额(元)\n" + number + ",2018-12-31,1\n")
	}
	told := map[string]string{}
	for _, number := range []string{"HT-2", "HT-X"} {
		p, err := f.rec.Upload(f.as("990203"), "receipt", f.unit("990203").ID, "t.csv", row(number))
		f.must(err)
		if len(p.Lines) != 0 || len(p.Problems) != 1 {
			t.Fatalf("%s: %+v %+v", number, p.Lines, p.Problems)
		}
		told[number] = p.Problems[0].Code
	}
	if told["HT-2"] != told["HT-X"] {
		t.Errorf("the neighbour's contract is told of as %v", told)
	}
	_, err := f.rec.Upload(f.as("9902"), "receipt", f.unit("990203").ID, "t.csv", row("HT-1"))
	f.kind(err, errs.Forbidden)
	p, err := f.rec.Upload(f.as("990203"), "receipt", f.unit("990203").ID, "t.csv", row("HT-1"))
	f.must(err)
	_, err = f.rec.Take(f.as("990203"), p.Ref, false)
	f.must(err)
	f.expect("9902", today, received(100))
	var b bytes.Buffer
	f.must(f.rec.Export(f.as("990204"), &b, "receipt", "csv", f.unit("990204").ID, "到账"))
	if strings.Contains(b.String(), "HT-1") {
		t.Error("the neighbour's payments are in the export")
	}
	list := testkit.HTML(t, f.get(f.site(f.as("990203"), f.s.Routes()), "/project", 200))
	list.MustHave(`a[href^="/import/receipt?"]`, "用表格导入到账")
	list.MustHave(`a[href^="/export/receipt?"]`, "下载到账表")
	f.get(f.site(f.as("990203"), f.rec.Routes()), "/export/receipt?format=xlsx", 200)
	page := testkit.HTML(t, f.get(f.site(f.as("990203"), f.rec.Routes()), "/import/receipt", 200))
	page.MustHave("h1", "到账")
}
