package library

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xinhuo/internal/kit/extract"
)

// L1: what sharing sites and offices hang on a name is no part of the title; what says something stays.
func TestCleanTitle(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("关工委工作总结.doc")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"2021年在关工委工作会议上的讲话文稿Word文件下载.docx": "2021年在关工委工作会议上的讲话文稿",
		"2021年在关工委工作会议上的讲话(9页珍藏版).docx":    "2021年在关工委工作会议上的讲话",
		"在关工委会议上的讲话（共12页）Word版.doc.docx":   "在关工委会议上的讲话",
		"【精品】关工委工作总结_百度文库.pdf":             "关工委工作总结",
		"关工委工作总结-冰豆网.docx":                 "关工委工作总结",
		"关工委工作总结 - 道客巴巴 (1).docx":          "关工委工作总结",
		"关工委工作总结 - 副本 (2) - 副本.docx":       "关工委工作总结",
		"复件 (2) 关工委工作总结.doc":               "关工委工作总结",
		"关工委工作总结[1].doc":                   "关工委工作总结",
		"关工委工作总结_1.doc":                    "关工委工作总结",
		"关工委工作总结最新版免费下载可编辑.docx":           "关工委工作总结",
		"工作总结范文模板.docx":                    "工作总结",
		"范文模板.docx":                        "范文模板",
		"Word文件下载.docx":                    "Word文件下载",
		"副本":                               "副本",
		"民办学校办学许可证副本.jpg":                  "民办学校办学许可证副本",
		"２０１９年＿工作＿总结．ＤＯＣＸ":                 "2019年 工作 总结",
		"关于报送2019年工作总结的通知（征求意见稿）.docx":     "关于报送2019年工作总结的通知（征求意见稿）",
		"【推荐下载】关工委工作总结(精选5篇).docx":         "关工委工作总结",
		"(完整word版)关工委工作总结（9页珍藏版）.doc":      "关工委工作总结",
		"非遗精品.docx":                        "非遗精品",
		"党史教育第2讲（2）.pptx":                  "党史教育第2讲（2）",
		"2019.5.31讲话.docx":                 "2019.5.31讲话",
		"2018/2019学年计划":                    "2018/2019学年计划",
		"../../etc/passwd.txt":             "passwd",
		`C:\Users\陈\桌面\年度总结.docx`:          "年度总结",
		`C:年度总结.docx`:                      "年度总结",
		"资料/2019/年度总结.docx":                "年度总结",
		"年度\u202Excod.总结\u200B.docx":       "年度xcod.总结",
		"年度\x00总\x1b结\n.docx":              "年度总结",
		"\ufeff年度总结":                       "年度总结",
		gb:                                 "关工委工作总结",
		"Annual report - Copy (3).docx":    "Annual report",
		"www.example.com_年度总结.doc":         "www.example.com 年度总结",
		"年度总结-www.example.com.doc":         "年度总结",
		"年度总结——在全市关工委主任会议上":                "年度总结——在全市关工委主任会议上",
		"":      "",
		"../":   "",
		".docx": "docx",
		"   ":   "",
		"a":     "a",
		"《关于加强青少年教育的意见》.docx":              "《关于加强青少年教育的意见》",
		"关工委〔2019〕12号.docx":                "关工委〔2019〕12号",
		strings.Repeat("长", 300) + ".docx": strings.Repeat("长", 200),
	} {
		if got := CleanTitle(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// L1: whatever a file is called, its title is one short line that can be seen, and is not empty while there was a letter.
func FuzzCleanTitle(f *testing.F) {
	for _, s := range []string{"Word文件下载.docx", "../..\\a:b/(1)[1]_1 - 副本", "\u202E\u200B【精品】", "复件 (1) 复件 ", "\xff\xfe\xd0", "((((", ")))]", "C:", "a/.", "(9页珍藏版)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := CleanTitle(name)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > longestTitle || strings.Contains(got, "\\") || strings.TrimSpace(got) != got || strings.Contains(got, "../") {
			t.Errorf("%q: %q", name, got)
		}
		for _, r := range got {
			if !unicode.IsGraphic(r) {
				t.Errorf("%q: %q holds %U", name, got, r)
			}
		}
		if says := (&cleaning{text: inFolder(visibleRunes(name))}); says.says() && got == "" {
			t.Errorf("%q has no title", name)
		}
	})
}

// L1: a name that says nothing gives way to what the file is called inside; one that says something stays.
func TestNamesThatSayNothing(t *testing.T) {
	heading := []extract.Block{{Text: "稻香镇关工委"}, {Kind: extract.Heading, Level: 1, Text: "竹乡少年宫夏令营小结"}}
	for _, c := range []struct {
		name, own string
		blocks    []extract.Block
		want      string
	}{
		{"scan0012.pdf", "夏令营总结.doc", heading, "夏令营总结"},
		{"新建 Microsoft Word 文档 (2).docx", "", heading, "竹乡少年宫夏令营小结"},
		{"文档1.docx", "Microsoft Word - 1", heading, "竹乡少年宫夏令营小结"},
		{"nine.doc", "", heading[:1], "nine"},
		{"未命名.docx", "", nil, "未命名"},
		{"Annual report.pdf", "Annual report", nil, "Annual report"},
		{"新建校舍情况.docx", "夏令营总结", heading, "新建校舍情况"},
		{"茶山手记.docx", "夏令营总结", heading, "茶山手记"},
	} {
		if got := (Text{Title: c.own, Blocks: c.blocks}).title(c.name); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
