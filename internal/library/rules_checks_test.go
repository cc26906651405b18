package library

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"xinhuo/internal/kit/extract"
)

func paragraphs(texts ...string) []extract.Block {
	var out []extract.Block
	for _, t := range texts {
		out = append(out, extract.Block{Text: t})
	}
	return out
}

func codes(warnings []Warning) []Code {
	var out []Code
	for _, w := range warnings {
		out = append(out, w.Code)
	}
	return out
}

// L2: the year of the title and the days of the text.
func TestYearOfTitleAndText(t *testing.T) {
	for _, c := range []struct {
		title string
		text  []string
		told  string // empty: no warning
	}{
		{"2021年在关工委工作会议上的讲话", []string{"同志们：", "2019年5月31日，市里开了会。", "今后三年要抓好落实。"}, "2019"},
		{"2021年在关工委工作会议上的讲话", []string{"今天是二〇一九年五月三十一日。"}, "2019"},
		{"二〇二一年工作要点", []string{"2019年，我们开了会。", "2019年的工作有三点。"}, "2019"},
		{"2021年总结", []string{"2019.5.31 印发。"}, "2019"},
		{"2019年在关工委工作会议上的讲话", []string{"2019年5月31日，市里开了会。"}, ""},
		{"2021年工作总结", []string{"2019年5月起，2021年更进一步。"}, ""},
		{"2018年工作总结", []string{"各项任务已完成。", "2019年1月10日"}, ""},
		{"2020年工作计划", []string{"现将计划印发。", "2019年12月20日"}, ""},
		{"2016—2020年规划", []string{"2018年5月3日修订。"}, ""},
		{"纪念1919年五四运动", []string{"2019年5月4日。"}, ""},
		{"2021年学习资料", []string{"《关于2019年3月工作的意见》要学习。"}, ""},
		{"关工委〔2021〕3号通知", []string{"2019年5月4日。"}, ""},
		{"工作总结", []string{"2019年5月4日。"}, ""},
		{"2021年工作总结", []string{"没有日期。"}, ""},
		{"2021年工作总结", nil, ""},
	} {
		got := Check(c.title, extract.Document{Blocks: paragraphs(append(c.text, "完。")...)})
		told := ""
		if len(got) > 0 && got[0].Code == WarnYear {
			told = got[0].Args["Text"].(string)
		}
		if told != c.told {
			t.Errorf("%s %q: %v", c.title, c.text, got)
		}
	}
}

// R209: a text that ends within a sentence is told, one with an end of its own is not.
func TestATextBreaksOff(t *testing.T) {
	said := extract.Block{Text: "要深入调研、精心选题，精心设计、精心组织、精心实施的运"}
	whole := extract.Block{Text: "要深入调研、精心选题，精心设计、精心组织、精心实施。"}
	for _, c := range []struct {
		name   string
		blocks []extract.Block
		want   bool
	}{
		{"in mid-word", []extract.Block{whole, said}, true},
		{"with a page number below", []extract.Block{said, {Text: "- 9 -"}, {Text: "第9页 共9页"}, {Text: "9"}}, true},
		{"with a note below", []extract.Block{said, {Kind: extract.Note, Text: "注释。"}}, true},
		{"at a comma", paragraphs("要深入调研、精心选题，精心设计、精心组织、"), true},
		{"behind a quotation", paragraphs("要学习好、领会好、贯彻好“大力弘扬光荣传统”"), true},
		{"in a long point", []extract.Block{{Kind: extract.ListItem, Level: 1, Text: said.Text}}, true},
		{"broken into lines", paragraphs("要深入调研、精心选题，精心设计、精心组织", "精心实施的运"), true},
		{"in English", paragraphs("The committee has done a lot of good work for the young and will go on to"), true},
		{"English with an end", paragraphs("The committee has done a lot of good work for the young and will go on."), false},
		{"whole", []extract.Block{whole}, false},
		{"closed within quotation marks", paragraphs("他说：“要深入调研、精心选题，精心设计、精心组织。”"), false},
		{"a day", []extract.Block{whole, {Text: "二〇一九年五月三十一日"}}, false},
		{"a day in digits", []extract.Block{whole, {Text: "２０１９年５月３１日"}}, false},
		{"a signature", []extract.Block{whole, {Text: "南江区关心下一代工作委员会办公室"}}, false},
		{"annexes", []extract.Block{whole, {Text: "附件：1.《工作台账》，2.《任务分解表》，3.《联系名册》"}}, false},
		{"whom to ask", []extract.Block{whole, {Text: "联系人：陈玉兰，办公电话：见通讯录，传真：同上号码"}}, false},
		{"a table", []extract.Block{whole, {Kind: extract.Row, Text: "要深入调研、精心选题，精心设计、精心组织、精心实施的运"}}, false},
		{"short points", []extract.Block{whole, {Kind: extract.ListItem, Level: 1, Text: "示范家长学校"}}, false},
		{"a heading", []extract.Block{whole, {Kind: extract.Heading, Level: 1, Text: "要深入调研、精心选题，精心设计、精心组织"}}, false},
		{"a verse", paragraphs("春眠不觉晓", "处处闻啼鸟"), false},
		{"only a title", paragraphs("关于加强青少年教育工作的意见的补充说明材料汇编"), false},
		{"nothing", nil, false},
	} {
		got := Check("讲话", extract.Document{Blocks: c.blocks})
		if slices.Contains(codes(got), WarnCutOff) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if c.want && got[0].Args["End"] == "" {
			t.Errorf("%s: does not say how it ends", c.name)
		}
	}
	if got := codes(Check("讲话", extract.Document{Cut: true, Blocks: []extract.Block{said}})); !slices.Equal(got, []Code{WarnCut}) {
		t.Errorf("what we cut ourselves: %v", got)
	}
}

// R209: pictures of pages, and what a file brings along, are told.
func TestMarksAndPictures(t *testing.T) {
	got := codes(Check("讲话", extract.Document{Pages: 9, Marks: []extract.Mark{extract.Macros, extract.Embedded, extract.External, extract.Scripts, extract.Encrypted}}))
	if !slices.Equal(got, []Code{WarnNoText, WarnMacros, WarnEmbedded, WarnExternal, WarnScripts, WarnEncrypted}) {
		t.Error(got)
	}
	scanned := extract.Document{Pages: 9, Blocks: paragraphs("1", "2", "扫描全能王", "3")}
	if got := codes(Check("讲话", scanned)); !slices.Contains(got, WarnNoText) {
		t.Error(got)
	}
	scanned.Blocks = paragraphs(strings.Repeat("有字的页面。", 9))
	if got := Check("讲话", scanned); len(got) != 0 {
		t.Error(got)
	}
	if got := Check("通知", extract.Document{Pages: 1, Blocks: paragraphs("停")}); len(got) != 0 {
		t.Error(got)
	}
}

// FuzzCheck: whatever a document holds, it is checked, and no warning says a whole number.
func FuzzCheck(f *testing.F) {
	f.Add("2021年讲话", "2019年5月1日\n学生张小明，就读于实验小学三年级", 3)
	f.Add("2016—2020", "姓名\t学校\n张小明\t小学\n110101199003077774", 0)
	f.Add("\xff", "1-1-1 1) 0571-88123456\x00 6222 0000 0000 0000", -1)
	f.Fuzz(func(t *testing.T, title, text string, kind int) {
		var blocks []extract.Block
		for i, line := range strings.Split(text, "\n") {
			blocks = append(blocks, extract.Block{Text: line, Kind: extract.Kind((i*kind%6 + 6) % 6)})
		}
		Check(title, extract.Document{Pages: kind, Blocks: blocks})
		Summary(blocks)
		for _, found := range append(PersonalIn(blocks), Personal(text)...) {
			if found.Block < 0 || found.Block >= len(blocks) || utf8.RuneCountInString(found.Around) > 2*aroundIt+40 {
				t.Errorf("%+v", found)
			}
			if found.Kind != ChildAtSchool && !strings.Contains(found.Around, "*") {
				t.Errorf("%+v is not masked", found)
			}
		}
	})
}
