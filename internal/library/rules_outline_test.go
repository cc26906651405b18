package library

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"xinhuo/internal/kit/extract"
)

func showPoints(points []Point) string {
	var lines []string
	for _, p := range points {
		s := fmt.Sprintf("%s %s%s", p.Anchor, p.Label, p.Text)
		if p.Missing {
			s += "?"
		}
		lines = append(lines, strings.Repeat(">", p.Level-1)+s)
	}
	return strings.Join(lines, "\n")
}

// R86: headings and numbered points, whatever they are numbered with, stand within each other; what the numbers leave out is
// told: of the speech, heading 一 is missing, and points 5, 3, 3, 3 are there.
func TestOutline(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
	}{
		{"a heading is missing", "同志们：\n二、抓阵地\n第一，建好站。要建好。\n第二，用好站。\n三、抓队伍\n第一，选人。\n四、抓项目\n（一）调研\n（三）实施",
			"1 一、?\n2 二、抓阵地\n>2.1 第一，建好站\n>2.2 第二，用好站\n3 三、抓队伍\n>3.1 第一，选人\n4 四、抓项目\n>4.1 （一）调研\n>4.2 （二）?\n>4.3 （三）实施"},
		{"depths", "一、总体要求\n（一）目标\n1.第一步\n（1）细目\n①更细\n2．第二步\n3、第三步\n（二）原则\n二、任务", "1 一、总体要求\n>1.1 （一）目标\n>>1.1.1 1.第一步\n>>>1.1.1.1 （1）细目\n>>>>1.1.1.1.1 ①更细\n>>1.1.2 2．第二步\n>>1.1.3 3、第三步\n>1.2 （二）原则\n2 二、任务"},
		{"articles go on through chapters", "第一章 总则\n第一条 为了规范，制定本办法。\n第二条 本办法适用于各级。\n第二章 职责\n第三条 办公室负责。\n第四条 另行规定。\n第六条 附件。", "1 第一章总则\n>1.1 第一条为了规范，制定本办法\n>1.2 第二条本办法适用于各级\n2 第二章职责\n>2.3 第三条办公室负责\n>2.4 第四条另行规定\n>2.5 第五条?\n>2.6 第六条附件"},
		{"a part of the articles", "第十二条 一。\n第十三条 二。", "12 第十二条一\n13 第十三条二"},
		{"quantities and days are no points", "1.5万元用于慰问。\n3、5月份开会。\n2019年5月31日\n（2019年）\n5.31专项行动\n十年来，成绩很大。\n一个孩子。", ""},
		{"a table of contents is passed over", "目录\n一、总体要求……………3\n二、任务\t5\n一、总体要求\n二、任务", "1 一、总体要求\n2 二、任务"},
		{"numbers that begin again", "1.甲\n2.乙\n又一段。\n1.丙\n2.丁", "1 1.甲\n2 2.乙\n1-2 1.丙\n2-2 2.丁"},
		{"a number by itself", "七、其他", "7 七、其他"},
		{"points in a row", "一是抓学习。要学好。\n二是抓落实。", "1 一是抓学习\n2 二是抓落实"},
	} {
		if got := showPoints(Outline(paragraphs(strings.Split(c.text, "\n")...))); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
	h := func(level int, text string) extract.Block {
		return extract.Block{Kind: extract.Heading, Level: level, Text: text}
	}
	got := showPoints(Outline([]extract.Block{{Kind: extract.Title, Text: "一、不是标题"}, h(1, "前言"), h(1, "一、背景"), h(2, "由来"), {Kind: extract.Row, Text: "1.\t甲"}, h(1, "附则"), h(2, "1.1 解释")}))
	if got != "h1 前言\n1 一、背景\n>1.h1 由来\nh2 附则\n>h2.1 1.1解释" {
		t.Error(got)
	}
}

// R86: the same words in other order keep their anchors by number, so that what cites a point finds it.
func TestAnchorsDoNotHangOnWords(t *testing.T) {
	anchors := func(texts ...string) (out []string) {
		for _, p := range Outline(paragraphs(texts...)) {
			out = append(out, p.Anchor)
		}
		return out
	}
	a, b := anchors("一、抓阵地", "（一）建站", "二、抓队伍", "（一）选人"), anchors("引言。", "一、阵地建设", "（一）建好站", "说明。", "二、队伍", "（一）选好人")
	if !slices.Equal(a, b) || !slices.Equal(a, []string{"1", "1.1", "2", "2.1"}) {
		t.Error(a, b)
	}
}

// L22: the first sentences, without what stands before and behind them.
func TestSummary(t *testing.T) {
	blocks := append([]extract.Block{{Kind: extract.Title, Text: "在会上的讲话。"}, {Kind: extract.Heading, Level: 1, Text: "讲话。"}}, paragraphs("（2019年5月31日）", "各区县关工委：", "同志们，大家好！", "大家上午好！今天我们开会，部署工作。重点讲三点。", "一、抓阵地。要抓好。", "南江区关工委", "2019年5月31日")...)
	if got := Summary(blocks); got != "今天我们开会，部署工作。重点讲三点。" {
		t.Error(got)
	}
	long := strings.Repeat("抓好工作，", 30) + "抓实。"
	if got := Summary(paragraphs(long)); utf8.RuneCountInString(got) > longestSummary || !strings.HasSuffix(got, "工作…") {
		t.Error(got)
	}
	if got := Summary(paragraphs("短句一。", long)); got != "短句一。" {
		t.Error(got)
	}
	if got := Summary(paragraphs("一、抓学习。", "二、抓落实。")); got != "抓学习。抓落实。" {
		t.Error(got)
	}
	if got := Summary(paragraphs("We met on 31.5.2019 in Nanjiang. More will follow.")); got != "We met on 31.5.2019 in Nanjiang. More will follow." {
		t.Error(got)
	}
	if got := Summary(paragraphs("没有句号", "")); got != "" {
		t.Error(got)
	}
}

// R120: documents that a text names, each once, with title and number where both are said.
func TestCitations(t *testing.T) {
	got := Citations("根据中办国办印发的《关于加强和改进工作的意见》（中办发〔2016〕3号）和关工委〔2019〕12号文件，贯彻《意见〉里的《关于印发《规划》的通知》。按照中办发（2016）3号，学习《关于加强和改进工作的意见》，见教育部〔2018〕第7号。")
	want := []Citation{{"关于加强和改进工作的意见", "中办发〔2016〕3号", 3}, {"", "关工委〔2019〕12号", 1}, {"关于印发《规划》的通知", "", 1}, {"", "教育部〔2018〕7号", 1}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := Citations("《》《\n》2019年5月31日12号楼，第3号，《未完"); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

// FuzzOutline: whatever a text holds, its outline is bounded and its anchors are each one point's.
func FuzzOutline(f *testing.F) {
	f.Add("二、甲\n（一）乙\n1.丙\n第九十九条 丁\n①戊", 1)
	f.Add("十、\n一、\n十、\n第一章\n\xff", 2)
	f.Add("《甲》（乙丙〔2019〕1号）", 0)
	f.Fuzz(func(t *testing.T, text string, kind int) {
		var blocks []extract.Block
		for i, line := range strings.Split(text, "\n") {
			blocks = append(blocks, extract.Block{Text: line, Kind: extract.Kind((i*kind%6 + 6) % 6), Level: i%12 - 1})
		}
		points := Outline(blocks)
		seen := map[string]bool{}
		for _, p := range points {
			if seen[p.Anchor] || p.Anchor == "" || p.Level < 1 || p.Block < 0 || p.Block >= len(blocks) || utf8.RuneCountInString(p.Text) > pointText {
				t.Errorf("%+v", p)
			}
			seen[p.Anchor] = true
		}
		if len(points) > mostPoints {
			t.Error(len(points))
		}
		if s := Summary(blocks); utf8.RuneCountInString(s) > longestSummary+1 {
			t.Error(s)
		}
		for _, c := range Citations(text) {
			if c.Count < 1 || c.Title == "" && c.Number == "" {
				t.Errorf("%+v", c)
			}
		}
	})
}
