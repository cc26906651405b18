package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/table"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// corrections are, for each kind of table, one cell that somebody corrects in what was downloaded: the row that holds a
// word, the title of the column, what is written there, and the figures of the county that follow.
var corrections = map[string]struct {
	row, column, cell string
	moved             map[string]int64
}{
	"activity":        {"zkactcodeq990203q", "主题", "思想道德", map[string]int64{"activity.law": -1, "activity.law_times": -30, "activity.moral": 1, "activity.moral_times": 30}},
	"aid":             {"zkaidpastq990203q", "金额或价值(元)", "6", map[string]int64{"aid.goods_fen": 100}},
	"association":     {"990203-XH01", "届期（年）", "1", map[string]int64{"association.term_valid": -1}},
	"base":            {"市级,990203,,,已申报", "类别", "科普知识", map[string]int64{}},
	"campaign":        {"zkdraftcodeq990203q", "发出日期", "2019-05-03", map[string]int64{"campaign.issued": 1, "campaign.running": 1}},
	"campaign_duty":   {"纪念新中国成立70周年,990203001", "上报日期", "2019-05-31", map[string]int64{}},
	"contact":         {"zktalktopicq990203q", "类型", "借出", map[string]int64{"contact.lent": 1, "contact.talks": -1, "mechanism.coordination": -1, "mechanism.resources": 1, "mechanism.counties_all": 1, "mechanism.counties_missing": -1}},
	"decision":        {"zkdecisioncodeq990203q", "完成时限", "2019-05-20", map[string]int64{"decision.done_in_time": -1, "decision.in_time_share": -500}},
	"meeting":         {"zkmeetcodeq990203q", "会议种类", "全体会议", map[string]int64{"meeting.joint_held": -1}},
	"notice":          {"zknoticedraftcodeq990203q", "发出日期", "2019-05-03", map[string]int64{"notice.issued": 1, "notice.in_force": 1}},
	"partner":         {"zkpartnerq990203q", "领域", "司法", map[string]int64{}},
	"partner_task":    {"zkpartnertaskq990203q", "完成时限", "2019-07-01", map[string]int64{}},
	"plan_item":       {"zkplanitemq990203q", "经费(元)", "3", map[string]int64{}},
	"survey_answer":   {"zksurveyanswerq990203q", "答复", "另写一句", map[string]int64{}},
	"budget":          {"zkbudgetnoq990203q", "备注", "x", map[string]int64{}},
	"revenue":         {"zkrevenuesourceq990203q", "财政收入(元)", "9001", map[string]int64{}},
	"should":          {"zkshouldq990203q", "青年职工", "71", map[string]int64{}},
	"guarantee":       {"zkgpointq990203q", "备注", "x", map[string]int64{}},
	"guidance":        {"zkguidanceq990203q", "交办的关工委代码", "990203", map[string]int64{"guidance.tasks": 1}},
	"programme":       {"zkprogrammecodeq990203q", "目标", "150个乡镇都建", map[string]int64{}},
	"project":         {"zkcontractnoq990203q", "金额(元)", "2234.56", map[string]int64{"project.signed_fen": 100000}},
	"receipt":         {"zkcontractnoq990203q", "到账金额(元)", "3", map[string]int64{"project.received_fen": 200}},
	"reform":          {"990203008", "验收日期", "2019-05-06", map[string]int64{"reform.adopted": 1, "reform.adopted_share": 62, "reform.adopted_under5": 1}},
	"research":        {"zkresearchq990203q", "采纳日期", "2019-05-06", map[string]int64{}},
	"service":         {"990203001-V0003,郝明清,2019-05-28", "日期", "2019-05-29", map[string]int64{"volunteer.hours": 90, "volunteer.hours_office": 90, "volunteer.served_times": 1}}, // hours of another day are others,
	"station":         {"990203001-ZD01", "志愿者人数", "60", map[string]int64{"station.volunteers": 3}},
	"team":            {"zkteamcodeq990203q", "解散日期", "2019-05-06", map[string]int64{"team.active": -1, "team.by_standard": -1, "team.with_association": -1}},
	"training":        {"zkcoursecodeq990203q", "有效期（月）", "1", map[string]int64{"training.due": -1, "training.holding": -1, "training.lapsed": 1}},
	"training_people": {"zkcoursecodeq990203q", "到课（分钟）", "30", map[string]int64{"training.minutes": -60}},
	"volunteer":       {"990203-V0001", "列入骨干日期", "2019-05-06", map[string]int64{"volunteer.core": 1}},
}

var formKey = regexp.MustCompile(`name="_key" value="[^"]*"|[0-9a-z]{13,}\.[0-9a-z]+|_key=[^"&]*`)

// A table that is downloaded and sent back changes nothing, in each format and of each kind; one corrected cell changes one
// record and the figures that follow from it; taken back, downloads, figures and the list are to the byte what they were.
func TestEveryTableComesBack(t *testing.T) { // R194
	w := openWorld(t)
	u := w.unit("990203")
	download := func(i *record.Importer, format string) []byte {
		t.Helper()
		var b bytes.Buffer
		if err := w.a.Record.Export(w.ctx, &b, i.Kind, format, u.ID, i.Kind); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	upload := func(i *record.Importer, name string, data []byte) record.Preview {
		t.Helper()
		p, err := w.a.Record.Upload(w.ctx, i.Kind, u.ID, name, data)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range p.Problems {
			t.Errorf("%s: line %d %s: %s %v", name, q.Line, q.Column, q.Code, q.Args)
		}
		return p
	}
	picture := func(i *record.Importer) map[string]string {
		t.Helper()
		out := map[string]string{"xlsx": string(download(i, table.XLSX)), "csv": string(download(i, table.CSV))}
		out["list"] = formKey.ReplaceAllString(w.get(w.byLogin["chenyulan"], i.Back+"?unit="+u.ID.String()).body, "")
		for _, d := range w.a.Ledger.Figures() {
			q := ledger.Query{Figure: d.Code, Unit: u.ID, Day: harnessDay, From: "2008-01-01"}
			v, err := w.a.Ledger.Ask(w.ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			list, err := w.a.Ledger.Evidence(w.ctx, q, "", 50)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal([]any{v, list})
			if err != nil {
				t.Fatal(err)
			}
			out["figure "+d.Code] = string(text)
		}
		return out
	}
	for _, i := range w.a.Record.Importers() {
		t.Run(i.Kind, func(t *testing.T) {
			c, ok := corrections[i.Kind]
			if !ok {
				t.Fatal("no cell of this kind of table is corrected here")
			}
			for _, format := range []string{table.XLSX, table.CSV} {
				p := upload(i, i.Kind+"."+format, download(i, format))
				if len(p.Lines) == 0 || p.Count(record.Same) != len(p.Lines) {
					t.Fatalf("%s: %d rows, of which the same %d", format, len(p.Lines), p.Count(record.Same))
				}
			}
			before, was := picture(i), w.values(t, u)
			p := upload(i, "corrected.csv", corrected(t, download(i, table.CSV), c.row, c.column, c.cell))
			if want := map[bool]record.Outcome{true: record.Added, false: record.Changed}[i.Kind == "service"]; p.Count(want) != 1 || p.Count(record.Same) != len(p.Lines)-1 {
				t.Fatalf("%d changed, %d new of %d", p.Count(record.Changed), p.Count(record.Added), len(p.Lines))
			}
			if _, err := w.a.Record.Take(w.ctx, p.Ref, false); err != nil {
				t.Fatal(err)
			}
			moved := map[string]int64{}
			for code, v := range w.values(t, u) {
				if v != was[code] {
					moved[code] = v - was[code]
				}
			}
			if !maps.Equal(moved, c.moved) {
				t.Errorf("moved %v, want %v", moved, c.moved)
			}
			if err := w.a.Record.UndoImport(w.ctx, p.Ref); err != nil {
				t.Fatal(err)
			}
			after := picture(i)
			for _, key := range slices.Sorted(maps.Keys(before)) {
				if before[key] != after[key] {
					t.Errorf("%s is not what it was:\n%s", key, firstDifference(before[key], after[key]))
				}
			}
		})
	}
	var kinds []string
	for _, i := range w.a.Record.Importers() {
		kinds = append(kinds, i.Kind)
	}
	if !slices.Equal(kinds, TableKinds) || len(corrections) != len(kinds) {
		t.Errorf("%d corrections; the help names %v, there are %v", len(corrections), TableKinds, kinds)
	}
	v, err := w.a.Ledger.Verify(w.ctx, nil)
	if err != nil || len(v.Faults) > 0 {
		t.Errorf("recount: %v %v", v.Faults, err)
	}
}

// values are all figures of a unit.
func (w *world) values(t *testing.T, u org.Unit) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	for _, d := range w.a.Ledger.Figures() {
		v, err := w.a.Ledger.Ask(w.ctx, ledger.Query{Figure: d.Code, Unit: u.ID, Day: harnessDay, From: "2008-01-01"})
		if err != nil {
			t.Fatal(err)
		}
		out[d.Code] = v.Int()
	}
	return out
}

// corrected is a table with another cell in the first row that holds these cells.
func corrected(t *testing.T, data []byte, row, column, cell string) []byte {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], column)
	for _, cells := range rows[1:] {
		if at >= 0 && strings.Contains(strings.Join(cells, ",")+",", row+",") {
			cells[at] = cell
			var b bytes.Buffer
			if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
				t.Fatal(err)
			}
			return b.Bytes()
		}
	}
	t.Fatalf("no row %s or no column %s in %v", row, column, rows[0])
	return nil
}

func firstDifference(a, b string) string {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	from := max(0, n-80)
	return fmt.Sprintf("%q\n%q", a[from:min(len(a), n+120)], b[from:min(len(b), n+120)])
}
