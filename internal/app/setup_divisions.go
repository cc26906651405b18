package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
)

// division is one row of the open files of administrative divisions as people download them (cities, areas, streets,
// villages; CSV or JSON): national codes of 2, 4, 6, 9 and 12 digits.
type division struct{ code, name string }

// divisionParents are the columns by which such a file is known; a list of our own has none of them.
var divisionParents = []string{"provinceCode", "cityCode", "areaCode", "streetCode"}

// readDivisions reads one file of divisions; ok is false for a table of another kind.
func readDivisions(name string, data []byte) (list []division, ok bool, err error) {
	if trimmed := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))); len(trimmed) > 0 && (trimmed[0] == '[' || trimmed[0] == '{') {
		return divisionsOfJSON(name, trimmed)
	}
	sheet, err := table.Read(name, data, table.Limits{})
	if err != nil {
		return nil, false, err
	}
	defer sheet.Close()
	var code, title = -1, -1
	first := true
	err = sheet.Rows(func(r table.Row) error {
		if first {
			first = false
			for i, h := range r.Cells {
				switch h = strings.TrimSpace(h); {
				case strings.EqualFold(h, "code"):
					code = i
				case strings.EqualFold(h, "name"):
					title = i
				case slices.ContainsFunc(divisionParents, func(p string) bool { return strings.EqualFold(p, h) }):
					ok = true
				}
			}
			ok = ok && code >= 0 && title >= 0
			return nil
		}
		if ok {
			list = append(list, division{table.CleanText(r.Cell(code)), table.CleanText(r.Cell(title))})
		}
		return nil
	})
	if !ok {
		return nil, false, nil
	}
	return list, ok, err
}

func divisionsOfJSON(name string, data []byte) ([]division, bool, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var rows []map[string]any
	if err := d.Decode(&rows); err != nil {
		return nil, false, errs.Wrap(err, errs.Invalid, "app.setup.file_json", "Name", name)
	}
	word := func(v any) string {
		switch v := v.(type) {
		case string:
			return table.CleanText(v)
		case json.Number:
			return v.String()
		}
		return ""
	}
	list := make([]division, 0, len(rows))
	for _, r := range rows {
		x := division{word(r["code"]), word(r["name"])}
		if x.code == "" || x.name == "" {
			return nil, false, errs.New(errs.Invalid, "app.setup.file_json", "Name", name)
		}
		list = append(list, x)
	}
	return list, len(list) > 0, nil
}

// divisionWidths are the digits of the national code by level, from the county down.
var divisionWidths = []struct {
	digits int
	level  org.Level
	title  string
}{{6, org.County, "区县"}, {9, org.Township, "乡镇（街道）"}, {12, org.Village, "村（社区）"}}

// divisionPrefix is the part of the national code that all divisions of a city or county share; "" for a code that is
// none of the nation's.
func divisionPrefix(code string, l org.Level) string {
	c, ok := divisionCode(code, l)
	if !ok {
		return ""
	}
	if l == org.County {
		return c
	}
	return c[:4]
}

// onPaper tells that a county of the lists is no place with a committee: the city's own row, or a heading such as 市辖区.
func onPaper(d division) bool {
	return len(d.code) == 6 && (d.code[4:] == "00" || d.name == "市辖区" || d.name == "县" || strings.HasSuffix(d.name, "直辖县级行政区划"))
}

// unitList writes the divisions below a unit as a list that org reads. known answers the code under which a unit stands
// in the tree already. Errors: errs.Invalid when the files hold nothing of the unit, or streets without their counties.
func unitList(u org.Unit, prefix string, list []division, known func(code string) (string, bool)) ([]byte, error) {
	coming := map[string]bool{}
	var mine []division
	for _, d := range list {
		if !strings.HasPrefix(d.code, prefix) || len(d.code) <= len(prefix) {
			continue
		}
		if onPaper(d) {
			continue
		}
		coming[d.code] = true
		mine = append(mine, d)
	}
	if len(mine) == 0 {
		return nil, errs.New(errs.Invalid, "app.setup.none_of_unit", "Name", u.Name, "Code", prefix)
	}
	paper := map[string]bool{}
	for _, d := range list {
		paper[d.code] = paper[d.code] || onPaper(d)
	}
	parent := func(code string) (string, bool) {
		for i := len(divisionWidths) - 1; i >= 0; i-- {
			w := divisionWidths[i].digits
			if w >= len(code) || w <= len(prefix) {
				continue
			}
			short := code[:w]
			if coming[short] {
				return short, true
			}
			if c, there := known(short); there {
				return c, true
			}
			return u.Code, w == 6 && (paper[short] || short[4:] == "00")
		}
		return u.Code, true
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	_ = w.Write([]string{"代码", "名称", "层级", "上级代码"}) // a buffer takes everything
	for _, d := range mine {
		title := ""
		for _, l := range divisionWidths {
			if l.digits == len(d.code) {
				title = l.title
			}
		}
		p, ok := parent(d.code)
		if !ok {
			return nil, errs.New(errs.Invalid, "app.setup.areas_first", "Name", d.name, "Code", d.code)
		}
		_ = w.Write([]string{d.code, d.name, title, p})
	}
	w.Flush()
	return out.Bytes(), nil
}
