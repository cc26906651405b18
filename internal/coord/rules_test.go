package coord

import (
	"testing"

	"xinhuo/internal/kit/file"
	"xinhuo/internal/ledger"
)

// R176: what a question asks is compared with the figures without the words of when, of whom and how many.
func TestHeldByTheLedger(t *testing.T) {
	figures, err := ledger.Defaults()
	if err != nil {
		t.Fatal(err)
	}
	for label, code := range map[string]string{
		"本季度活动场次": "activity.held", "今年以来开展活动的次数（场）": "activity.held", "你单位现有工作团队数": "team.active", "工作队伍数量": "team.active", "教育基地个数": "base.accredited",
		"截至2019年底全县五老骨干人数": "volunteer.core", "上半年举办宣讲多少场": "activity.lectures", "志愿服务时长": "volunteer.hours", "How many activities were held this year": "activity.held", "Number of teams": "team.active",
	} {
		list := held(Field{Label: label, Number: true}, figures)
		if len(list) == 0 || list[0].Code != code {
			var got []string
			for _, d := range list {
				got = append(got, d.Code)
			}
			t.Errorf("%s: offered %v, want %s", label, got, code)
		}
	}
	for _, label := range []string{"隐患处数", "留守儿童人数", "活动安全责任人电话号码", "投入经费预算", "水库个数", "Number of reservoirs"} {
		if list := held(Field{Label: label, Number: true}, figures); len(list) > 0 {
			t.Errorf("%s is refused for %s", label, list[0].Code)
		}
	}
	if list := held(Field{Label: "活动有什么困难"}, figures); len(list) > 0 {
		t.Errorf("a question about no number is refused for %s", list[0].Code)
	}
}

// What is late stands before the unit right above at once, before each further one a week later.
func TestEscalated(t *testing.T) {
	for _, x := range []struct {
		above, late int
		want        bool
	}{{1, 0, false}, {1, 1, true}, {2, 1, false}, {2, 7, false}, {2, 8, true}, {3, 14, false}, {3, 15, true}, {0, 30, false}} {
		if got := escalated(x.above, x.late); got != x.want {
			t.Errorf("%d levels above after %d days: %v", x.above, x.late, got)
		}
	}
}

// A file is called by its own name, without folders, and ends as its content is.
func TestPlainName(t *testing.T) {
	for name, want := range map[string]string{`..\..\值班表.exe`: "值班表.pdf", "/etc/passwd": "passwd.pdf", "a\u202egnp.b": "agnp.pdf", "..": "file.pdf", "": "file.pdf", `x<script>".pdf`: "xscript.pdf"} {
		if got := file.PlainName(name, "pdf"); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}
