package library

import (
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/extract"
)

// L22: numbers of residents, telephones and cards are found as people write them, and never said in full. The numbers are
// invented: their days and check digits are right, and nobody has them.
func TestPersonalNumbers(t *testing.T) {
	for text, want := range map[string]FindingKind{
		"身份证号110101199003077774，住南江区": ResidentNumber,
		"身份证号１１０１０１１９９００３０７７７７４":      ResidentNumber,
		"身份证110101 19900307 7774":     ResidentNumber,
		"证件号ID110101199003077774":     ResidentNumber,
		"号码11010119900307109X。":       ResidentNumber,
		"号码11010119900307109x":        ResidentNumber,
		"老号110101900307777":           ResidentNumber,
		"电话13912345678":               MobilePhone,
		"电话：139 1234 5678":            MobilePhone,
		"电话139-1234-5678转":            MobilePhone,
		"+86 13912345678":             MobilePhone,
		"8613912345678":               MobilePhone,
		"邮箱13912345678@example.com":   MobilePhone,
		"办公室0571-88123456":            Landline,
		"办公室（0571）88123456":           Landline,
		"办公室057188123456":             Landline,
		"010-8812 3456":               Landline,
		"卡号6222021234567890128":       BankCard,
		"卡号6222 0212 3456 7890 128":   BankCard,
	} {
		got := Personal("第一行\n" + text)
		if len(got) != 1 || got[0].Kind != want || got[0].Block != 1 {
			t.Errorf("%s: %+v, want %s", text, got, want)
			continue
		}
		digits := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r = plain(r); isDigit(r) {
					return r
				}
				return -1
			}, s)
		}
		if strings.Contains(got[0].Around, digits(text)) || len(digits(got[0].Around)) > 9 || !strings.Contains(got[0].Around, "*") {
			t.Errorf("%s: shown as %s", text, got[0].Around)
		}
		if got[0].Weak != (want == Landline) {
			t.Errorf("%s: weak %v", text, got[0].Weak)
		}
	}
	if got := Personal("电话13912345678、13812345678，住宅电话0571-88123456"); len(got) != 3 || got[2].Weak || got[0].Around != "电话139******78、138******78…" {
		t.Errorf("%+v", got)
	}
	if got := Personal("身份证号110101199003077775"); len(got) != 1 || !got[0].Weak {
		t.Errorf("a wrong check digit: %+v", got)
	}
}

// L22: what is no personal number is left alone.
func TestNumbersThatAreNobodys(t *testing.T) {
	for _, text := range []string{
		"关工委〔2019〕12号", "2019-05-31", "2019年5月31日", "20190531", "2019-2020学年", "第13章 2019 2020 2021",
		"投入13912345678元", "共13912345678人次", "订单编号：13912345678", "http://example.com/content_13912345678.htm",
		"KX13912345678", "12912345678", "400-888-1234", "统一社会信用代码51330100123456789X", "ISBN 978-7-5217-1234-5",
		"3.14159265358979323846", "110101199013077774", "990101199003077774", "6222021234567890123", "1234567890123456", "0000-00000000", "99.13912345",
		"110、119、120", "10086", "88123456", "邮编310000", "62000000000000000000000000", "1 2 3 4 5 6 7 8 9 10 11",
	} {
		if got := Personal(text); len(got) != 0 {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

// R86: a child's name beside a school is found in running text, and the name is not said.
func TestAChildBesideASchool(t *testing.T) {
	for text, around := range map[string]string{
		"学生张小明，就读于实验小学三年级。":      "学生张**，就读于实验小学三年级。",
		"张小明同学（南江中学）获得一等奖":       "张**同学（南江中学）获得一等…",
		"李明，12岁，南江区第一小学学生":       "李*，12岁，南江区第一小学…",
		"实验小学三年级（2）班学生欧阳小明，家中困难": "",
		"留守儿童王小花在稻香镇中心校读书":       "留守儿童王**在稻香镇中心校读书",
		"孩子：陈小雨，学校：南江小学":         "孩子：陈**，学校：南江小学",
		"来自南江幼儿园的赵小宝小朋友唱了一支歌":    "来自南江幼儿园的赵**小朋友唱了一支歌",
		"石头小学学生王明、李强和赵小云获奖":      "石头小学学生王*、李*和赵**获奖",
		"受助学生：王明（南江小学）、李强（实验小学）": "受助学生：王*（南江小学）、李*（实验…",
		"王小花，女，11岁，南江小学五年级学生":    "王**，女，11岁，南江小学五…",
		"表彰南江中学高二（3）班李小军等10名同学":  "表彰南江中学高二（3）班李**等10名同学",
		"由班长周小文（高二）代表发言":         "由班长周**（高二）代表发言",
	} {
		got := Personal(text)
		switch {
		case len(got) < 1 || got[0].Kind != ChildAtSchool:
			t.Errorf("%s: %+v", text, got)
		case around != "" && got[0].Around != around:
			t.Errorf("%s: %s", text, got[0].Around)
		case strings.Contains(got[0].Around, "小明"):
			t.Errorf("%s: says the name", got[0].Around)
		}
	}
	for _, text := range []string{
		"实验小学校长张明华主持会议。", "全区中小学生文明礼仪教育", "中学生安全教育，从小学抓起", "学生高度重视，南江中学做得好", "张小明同学热爱劳动。",
		"学生张某某，就读于实验小学。", "学生张小明（化名），就读于实验小学。", "五老志愿者张明华到实验小学作报告。", "南江中学学生家长代表发言。",
		"学生成长、学生安全，是南江小学的大事。", "各小学、中学要组织学生高举旗帜。", "张老师在南江小学教了三十年书。", "留守儿童关爱中心设在南江小学。",
		"南江小学六年级学生施教区内就近入学。", "五老到南江小学看望学生于老师", "中学生田径赛在南江中学举行",
	} {
		if got := Personal(text); len(got) != 0 {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

// R86: lists and forms with a column or a label for the name and one for the school.
func TestChildrenInTables(t *testing.T) {
	list := "序号\t姓 名\t学校班级\t监护人电话\n1\t张小明\t实验小学三（2）班\t13912345678\n2\t李 小红\t南江小学\t\n3\t合计\t\t"
	got := Personal(list)
	kinds := []FindingKind{}
	for _, f := range got {
		kinds = append(kinds, f.Kind)
	}
	if !slices.Equal(kinds, []FindingKind{ChildAtSchool, MobilePhone, ChildAtSchool}) || got[2].Block != 2 || strings.Contains(got[0].Around+got[2].Around, "小") && strings.Contains(got[0].Around, "小明") {
		t.Errorf("%+v", got)
	}
	if got := Personal("学生姓名\t张小明\t性别\t男\n就读学校\t实验小学\t年龄\t9"); len(got) != 1 || got[0].Block != 0 || got[0].Weak {
		t.Errorf("%+v", got)
	}
	if got := Personal("姓名\t学校\n张小明\t实验小学"); len(got) != 1 || !got[0].Weak {
		t.Errorf("without a word of children it may be anybody: %+v", got)
	}
	for _, text := range []string{
		"姓名\t学校\t职务\n张明华\t实验小学\t校长", "姓名\t原工作单位\n张明华\t实验小学", "姓名\t学校\n合计\t12", "学校\t人数\n实验小学\t12",
		"姓名\t张明华\t职称\t高级教师\n学校\t实验小学",
	} {
		if got := Personal(text); len(got) != 0 {
			t.Errorf("%s: %+v", text, got)
		}
	}
	many := Personal("姓名\t班级\n" + strings.Repeat("张小明\t三（2）班\n", 1000))
	if len(many) != mostFindings {
		t.Error(len(many))
	}
}

// L22: the blocks of a document are counted as they are, whatever lines they have.
func TestFindingsNameTheirBlock(t *testing.T) {
	got := PersonalIn([]extract.Block{{Text: "一\n二"}, {Kind: extract.Row, Text: "电话\t13912345678"}})
	if len(got) != 1 || got[0].Block != 1 {
		t.Errorf("%+v", got)
	}
}

// Personal is PersonalIn of a text, line by line; cells of a table are parted by tabs.
func Personal(text string) []Finding {
	var blocks []extract.Block
	for line := range strings.SplitSeq(text, "\n") {
		b := extract.Block{Text: line}
		if strings.Contains(line, "\t") {
			b.Kind = extract.Row
		}
		blocks = append(blocks, b)
	}
	return PersonalIn(blocks)
}
