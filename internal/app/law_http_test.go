package app

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
)

// evidenceRow is a row of a list as a program gets it.
type evidenceRow struct {
	Code   string
	Amount int64
}

// htmlList pages through the list behind a figure and answers the codes, in order, and the number on top.
func (w *world) htmlList(t *testing.T, as *role, target string) (codes []string, number string) {
	t.Helper()
	for target != "" {
		a := w.get(as, target)
		if a.code != http.StatusOK {
			t.Fatalf("%s: %d", target, a.code)
		}
		doc := testkit.HTML(t, a.body)
		number = doc.Text("h1.bigf b")
		for _, row := range doc.All("table.rows tbody tr") {
			cells := row.All("td, th")
			if len(cells) > 1 {
				codes = append(codes, cells[1].Content())
			}
		}
		target = ""
		for _, link := range doc.All(".pager a") {
			if strings.Contains(link.Attr("href"), "after=") {
				target = link.Attr("href")
			}
		}
	}
	return codes, number
}

// digits are the first number that a text names, without separators.
func digits(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, ",", ""), " ", "")
	start := strings.IndexAny(s, "0123456789—")
	if start < 0 {
		return ""
	}
	end := start
	for end < len(s) && strings.ContainsRune("0123456789.", rune(s[end])) {
		end++
	}
	return s[start:end]
}

// R3, R4: the number on the page, the list behind it in every format and the answer for programs are one and the same.
func TestFigureEqualsItsEvidenceEverywhere(t *testing.T) {
	w := openWorld(t)
	as := w.byLogin["linguangping"]
	seen := 0
	for _, place := range []string{"99", "9902", "990203", "990203013", "9907"} {
		for _, d := range w.a.Ledger.Figures() {
			for _, more := range []string{"", "&day=2018-12-31", "&bounds=today&day=2016-12-31"} {
				if more != "" && place != "9902" && place != "990203" { // two nodes in time are enough
					continue
				}
				w.oneFigure(t, as, d, "unit="+w.unit(place).ID.String()+more)
				seen++
			}
		}
	}
	t.Logf("%d figures held against their lists", seen)
}

func (w *world) oneFigure(t *testing.T, as *role, d ledger.Definition, query string) {
	t.Helper()
	name := d.Code + "?" + query
	var api ledger.FigureJSON
	if err := json.Unmarshal([]byte(w.get(as, "/api/v1/figures/"+d.Code+"?"+query).body), &api); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var rows, same []evidenceRow
	if err := json.Unmarshal([]byte(w.get(as, "/api/v1/figures/"+d.Code+"/evidence?"+query).body), &rows); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := json.Unmarshal([]byte(w.get(as, "/evidence/"+d.Code+"?format=json&"+query).body), &same); err != nil || !slices.Equal(rows, same) {
		t.Errorf("%s: the two addresses of the list differ (%v)", name, err)
	}
	var sum int64
	var codes []string
	for _, r := range rows {
		sum += r.Amount
		codes = append(codes, r.Code)
	}
	value, _ := strconv.ParseInt(string(api.Value), 10, 64)
	if api.Numerator != nil {
		value = *api.Numerator
	}
	if sum != value {
		t.Errorf("%s: the list sums to %d, the figure says %d", name, sum, value)
	}

	got := w.get(as, "/evidence/"+d.Code+"?format=csv&"+query)
	lines, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
	if err != nil || len(lines) != len(rows)+1 {
		t.Fatalf("%s: csv has %d rows, json %d (%v)", name, len(lines)-1, len(rows), err)
	}
	for i, r := range rows {
		if lines[i+1][0] != r.Code || lines[i+1][4] != strconv.FormatInt(r.Amount, 10) {
			t.Errorf("%s: csv row %d is %v, json %v", name, i+1, lines[i+1], r)
			break
		}
	}
	sheet, err := table.Read("list.xlsx", []byte(w.get(as, "/evidence/"+d.Code+"?format=xlsx&"+query).body), table.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var inSheet []string
	err = sheet.Rows(func(r table.Row) error {
		if len(r.Cells) > 0 {
			inSheet = append(inSheet, r.Cell(0))
		}
		return nil
	})
	sheet.Close()
	if err != nil || len(inSheet) != len(rows)+1 || !slices.Equal(inSheet[1:], codes) {
		t.Errorf("%s: xlsx has %d rows, json %d (%v)", name, len(inSheet)-1, len(rows), err)
	}

	onPage, number := w.htmlList(t, as, "/evidence/"+d.Code+"?"+query)
	if !slices.Equal(onPage, codes) {
		t.Errorf("%s: the pages list %d records, json %d", name, len(onPage), len(rows))
	}
	page := w.get(as, "/figure/"+d.Code+"?"+query)
	big := testkit.HTML(t, page.body).Text("h1.bigf b")
	if digits(big) != digits(number) {
		t.Errorf("%s: the figure's page says %s, the list's %s", name, big, number)
	}
	if d.Unit == "count" && digits(big) != string(api.Value) {
		t.Errorf("%s: the page says %s, programs are told %s", name, big, api.Value)
	}
	if d.Unit == "percent" && api.Numerator != nil && *api.Denominator > 0 && strings.TrimSuffix(digits(big), ".0") != strings.TrimSuffix(string(api.Value), ".0") {
		t.Errorf("%s: the page says %s, programs are told %s", name, big, api.Value)
	}
}
