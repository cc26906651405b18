package report

import (
	"reflect"
	"testing"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/ledger"
)

// What the list offers and the form shows again is read as the same figure, whatever its name looks like.
func TestAMarkIsReadAsItWasWritten(t *testing.T) {
	def := func(code, zh, en string) ledger.Definition {
		return ledger.Definition{Code: code, Name: ledger.Words{Zh: zh, En: en}}
	}
	defs := []ledger.Definition{def("a.plain", "阵地", "Bases"), def("a.comma", "团队，按类别", "Teams, by need"), def("a.twin", "同名", "Twin A"), def("b.twin", "同名", "Twin B"),
		def("a.bar", "甲|乙", "Bar")}
	unit := func(string) (id.ID, error) { return 7, nil }
	code := func(id.ID) string { return "990203" }
	for _, lang := range []string{"zh", "en"} {
		n := namesOf(defs, lang)
		for _, d := range defs {
			for _, b := range []Bound{{Code: d.Code}, {Code: d.Code, Period: LastYear, Format: Words, Unit: 7, Label: "全市，一共", Where: map[string]string{"category": "国防"}}, {Code: d.Code, Format: Bare}} {
				text := Paragraph{Runs: []Run{{Text: "有"}, {Figure: &b}, {Text: "。"}}}.source(n, code)
				runs, err := parse(text, n, unit)
				if err != nil || len(runs) != 3 || !reflect.DeepEqual(*runs[1].Figure, b) {
					t.Errorf("%s %q: %+v %v", lang, text, runs, err)
				}
			}
		}
	}
	if runs, err := parse("【没有这个数】{{}}", namesOf(defs, "zh"), unit); err != nil || len(runs) != 2 || runs[0].Figure.Code != "没有这个数" {
		t.Errorf("%+v %v", runs, err)
	}
}
