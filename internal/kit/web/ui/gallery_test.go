package ui

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"
)

// words reads a catalogue of flat "key" = "text" lines.
func words(t *testing.T, lang string) map[string]string {
	t.Helper()
	raw, err := Texts.ReadFile("i18n/" + lang + ".toml")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, line := range strings.Split(string(raw), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		k, v, ok := strings.Cut(line, " = ")
		key, err1 := strconv.Unquote(k)
		text, err2 := strconv.Unquote(v)
		if !ok || err1 != nil || err2 != nil {
			t.Fatalf("%s: not a flat text: %s", lang, line)
		}
		if _, twice := out[key]; twice {
			t.Fatalf("%s: %s is there twice", lang, key)
		}
		out[key] = text
	}
	return out
}

func textsIn(t *testing.T, lang string) TextFunc {
	all := words(t, lang)
	return func(key string, args ...any) string {
		text, ok := all[key]
		if !ok {
			t.Errorf("%s: no text for %s", lang, key)
		}
		for i := 0; i+1 < len(args); i += 2 {
			text = strings.ReplaceAll(text, "{{."+args[i].(string)+"}}", args[i+1].(string))
		}
		if strings.Contains(text, "{{") {
			t.Errorf("%s: %s has an unfilled place: %s", lang, key, text)
		}
		return text
	}
}

// in renders kids as the children of parent.
func in(parent templ.Component, kids ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return parent.Render(templ.WithChildren(ctx, templ.Join(kids...)), w)
	})
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// words of the gallery in the language at hand
type tongue struct {
	en bool
	t  TextFunc
}

func (g tongue) l(zh, en string) string {
	if g.en {
		return en
	}
	return zh
}

func (g tongue) chrome(title string) Chrome {
	c := Chrome{Follow: "7", Live: "/inbox/live",
		Lang: g.l("zh", "en"), Title: title, Brand: g.l("云州市关工委", "Yunzhou City Committee"), BrandURL: "/",
		Nav: []Link{
			{Text: g.l("待办", "Inbox"), Href: "/inbox"}, {Text: g.l("一本账", "Our book"), Href: "/ledger", Current: true},
			{Text: g.l("阵地", "Bases"), Href: "/base"}, {Text: g.l("队伍", "Teams"), Href: "/team"}, {Text: g.l("项目", "Projects"), Href: "/project"},
		},
		Tabs: []Tab{
			{Link{Text: g.l("待办", "Inbox"), Href: "/inbox"}, "inbox"}, {Link{Text: g.l("账本", "Book"), Href: "/ledger", Current: true}, "ledger"},
			{Link{Text: g.l("上报", "Report"), Href: "/new"}, "add"}, {Link{Text: g.l("全部", "All"), Href: "/all"}, "all"}, {Link{Text: g.l("我的", "Me"), Href: "/me"}, "me"},
		},
		Me:     &Link{Text: g.l("林秋实 · 办公室", "Lin Qiushi · office"), Href: "/me"},
		Crumbs: []Link{{Text: g.l("全国", "Nation"), Href: "/u/1"}, {Text: g.l("东江省", "Dongjiang"), Href: "/u/2"}, {Text: g.l("云州市", "Yunzhou")}},
		Phone:  "0500-555 0126", PhoneNote: g.l("云州市关工委办公室，工作日8:30–17:00", "City office, weekdays 8:30–17:00"),
		FootLinks: []Link{{Text: g.l("使用手册", "Handbook"), Href: "/help"}},
		Footer:    []string{g.l("云州市关心下一代工作委员会", "Yunzhou Committee for the Next Generation")},
		SizeURL:   func(px int) string { return "?size=" + strconv.Itoa(px) },
		ThemeURL:  func(s string) string { return "?theme=" + s },
		LangURL:   "?lang=x", SearchURL: "/find", CSS: "xinhuo.css", Icon: "favicon.svg", T: g.t,
	}
	if s, err := strconv.Atoi(os.Getenv("GALLERY_SIZE")); err == nil {
		c.Size = s
	}
	c.Theme = os.Getenv("GALLERY_THEME")
	return c
}

// pages is the gallery: every component, on pages like those they are made for.
func (g tongue) pages() map[string]templ.Component {
	return map[string]templ.Component{"home": g.home(), "evidence": g.evidence(), "record": g.record(), "form": g.form(), "check": g.check(),
		"done": g.done(), "units": g.units(), "doc": g.doc(), "gate": g.gate(), "slips": g.slips()}
}

func (g tongue) home() templ.Component {
	l := g.l
	c := g.chrome(l("我的待办和我市一本账", "My inbox and our book"))
	c.Banner = l("这是演示数据，城市和人名都是编的", "Demonstration data: city and people are invented")
	c.Flash = &Note{Title: l("存好了。", "Saved."), Text: l("白塔农艺园的地址改好了。", "The address has been changed."), Post: &Post{Text: l("撤回", "Undo"), Action: "/undo", Key: "k1"}}
	side := in(SideBox("days", l("这几天", "These days")), DayList([]Event{
		{When: l("6月1日", "1 Jun"), Text: l("主题活动，10个区县同办，", "Programme in 10 counties. "), Link: Link{Text: l("看安排", "See the plan"), Href: "/d"}},
		{When: l("6月4日", "4 Jun"), Text: l("部门联席会议，9:00", "Joint meeting, 9:00")}}))
	counties := []string{"东渡区", "西岭区", "南江区", "北仓区"}
	var bars []Bar
	var rows []MatrixRow
	for i, n := range counties {
		bars = append(bars, Bar{Name: n, Href: "/u", Value: int64(800 - 70*i), Number: Percent(int64(800 - 70*i)), Note: strconv.Itoa(12-i) + "/15", Evidence: "/e"})
		var cells []MatrixCell
		for k := range 7 {
			v := int64((i*3 + k*5) % 7)
			cells = append(cells, MatrixCell{N: v, Href: "/e", Label: n + strconv.Itoa(k) + l("类", " kind ") + Number(v)})
		}
		rows = append(rows, MatrixRow{Name: n, Href: "/u", Total: "12", TotalRef: "/e", Cells: cells})
	}
	foot := rows[0]
	foot.Name, foot.Href, foot.Total = l("合计", "Total"), "", "48"
	return in(Page(c),
		Hello(l("5月31日 星期五", "Friday 31 May"), l("林老师，今天有2件事要办", "Two things to do today"),
			Button{Text: l("登记一个阵地", "Register a base"), Href: "/new", Main: true}, Button{Text: l("给阵地授牌", "Accredit"), Href: "/g"}, Button{Text: l("换个单位看", "Other unit"), Href: "/u"}),
		in(Columns(side), Todo([]Due{
			{Due: l("今天到期", "Due today"), Now: true, Title: l("审核2个阵地授牌申请", "Review 2 applications"), Why: l("青禾县关工委报来，已过县级审核", "From Qinghe County, passed by the county"), Href: "/t1",
				Acts: []Post{{Text: l("同意", "Agree"), Action: "/f", Key: "k2", Sub: l("审核", "review"), Main: true}, {Text: l("退回", "Return"), Action: "/f", Key: "k3"}}},
			{Due: l("还有3天", "3 days left"), Title: l("更正白塔农艺园的面积", "Correct an area"), Why: l("要第二个人看过", "A second pair of eyes is needed"), Href: "/t2", Tags: []Mark{{l("代办", "Substitute"), "w"}}}}),
			More(l("全部待办11件", "All 11"), "/inbox")),
		in(Section("ledger", l("我市一本账", "Our book"), l("截至2019年5月31日，按当时区划。", "As of 31 May 2019, boundaries of that day.")),
			Legend(),
			Choices([]Choice{{l("时间", "Time"), []Link{{Text: l("今天", "Today"), Href: "?a", Current: true}, {Text: l("2018年底", "End of 2018"), Href: "?b"}}},
				{l("区划", "Boundaries"), []Link{{Text: l("按当时区划", "Then"), Href: "?c", Current: true}, {Text: l("按现区划", "Now"), Href: "?d"}}}}),
			Lead(Figure{Number: "119", Unit: l("个", "bases"), Label: l("校外教育阵地", "Out-of-school bases"), Href: "/e", Size: "xl"},
				Series{Points: []Point{{0, 5}, {10, 22}, {20, 42}, {24, 80}, {30, 119}}, Window: 20, Label: l("阵地数，2003年5个，2019年5月119个", "From 5 in 2003 to 119 in 2019"), Start: l("2003年5个", "5 in 2003"), End: l("灰底是近7年，增77个", "Shaded: last 7 years, 77 more")}),
			FigRow([]Figure{{Number: "77", Unit: l("个", ""), Label: l("近7年新增", "Last 7 years"), Href: "/e"}, {Number: "34", Unit: l("个", ""), Label: l("新增中市级", "Of these, city level"), Href: "/e"},
				{Number: "2", Unit: l("个", ""), Label: l("省级，全省12", "Provincial, of 12"), Href: "/e"}, {Number: "7", Unit: l("类", ""), Label: l("类别已齐", "Categories"), Href: "/e"}})),
		in(Halves(),
			in(Section("reform", l("乡镇（街道）改革", "Reform in townships"), ""), Fig(Figure{Number: "150", Unit: l("个", ""), Label: l("乡镇（街道）", "Townships"), Href: "/e", Size: "l"}),
				Share(Parts{Label: l("150个中87个已建立", "87 of 150 have it"), Parts: []Part{{Text: l("已建立“四化”模式", "Have the model"), N: 87, Number: "87", Note: "58%", Href: "/e"}, {Text: l("尚未建立", "Not yet"), N: 63, Number: "63", Note: "42%", Href: "/e", Rest: true}}}),
				Sub(l("工作团队", "Teams")),
				Share(Parts{Label: l("三段", "Three parts"), Parts: []Part{{Text: l("5个以上", "5 or more"), N: 81, Number: "81", Note: "54%", Href: "/e"}, {Text: l("1至4个", "1 to 4"), N: 21, Number: "21", Note: "14%", Href: "/e"}, {Text: l("还没有", "None"), N: 48, Number: "48", Note: "32%", Href: "/e", Rest: true}}})),
			in(Section("money", l("服务项目", "Projects"), ""), Fig(Figure{Number: "101", Unit: l("万元", "0,000 yuan"), Label: l("签约金额", "Signed"), Href: "/e", Size: "l"}), N("86.4", "/e"))),
		in(Halves(),
			in(Section("compare", l("区县比一比", "Counties compared"), l("竖线是全市58%。", "The line marks the city's 58%.")), Seg([]Link{{Text: l("四化占比", "Share"), Href: "?m", Current: true}, {Text: l("阵地数", "Bases"), Href: "?n"}}), Bars(BarTable{Caption: l("四化占比", "Share"), Max: 1000, Tick: 580, Rows: bars})),
			in(Section("matrix", l("七类阵地，哪里还空着", "Where are the gaps"), l("虚线格是空白。", "Dashed cells are gaps.")), Heat(Matrix{Caption: l("阵地数", "Bases"), Corner: l("区县", "County"),
				Columns: []string{l("爱国主义", "Patriotism"), l("劳动技能", "Skills"), l("法制", "Law"), l("科普知识", "Science"), l("心理健康", "Mind"), l("国防", "Defence"), l("生态环保", "Nature")}, Rows: rows, Foot: &foot}))),
		Fresh(l("账本更新到9:41，与12,480条记录逐条对过，没有差错。", "Updated 9:41, checked against 12,480 records.")))
}

func (g tongue) evidence() templ.Component {
	l := g.l
	table := Table{Caption: l("名单", "List"), Columns: []Column{{Text: l("阵地", "Base")}, {Text: l("类别", "Category")}, {Text: l("最高牌级", "Level")}, {Text: l("授牌", "Granted")}, {Text: l("来过", "Visits"), Right: true, Label: true}, {Text: l("依据", "Document")}},
		Rows: []Row{{ID: "r1", Cells: []Cell{To(l("白塔模拟法庭", "Baita Mock Court"), "/b"), Text(l("法制", "Law")), {Text: l("省级", "Province"), Tag: "e", Sub: l("共2块牌", "2 plaques")}, Text("2019-05-20"), Num("1,846", "/e"), To(l("东关委〔2019〕22号", "No. 22 of 2019"), "/d")}},
			{ID: "r2", Bad: true, Cells: []Cell{To(l("清泉观星台", "Qingquan Observatory"), "/b"), Text(l("科普知识", "Science")), State(l("县级", "County"), ""), Text("2018-10-15"), Num("92", "/e"), Text("—")}}}}
	return in(Page(g.chrome(l("119个校外教育阵地是哪些", "Which 119 bases"))),
		BigFig("119", l("个", ""), l("校外教育阵地", "bases")),
		in(Section("sum", l("怎么合成的", "How it adds up"), l("只按最高的一块算一次。", "Counted once, at its highest level.")),
			Sum([]Part{{Text: l("省级", "Province"), Number: "2", Href: "/e"}, {Text: l("市级", "City"), Number: "32", Href: "/e"}, {Text: l("县级", "County"), Number: "63", Href: "/e"}, {Text: l("乡镇级", "Township"), Number: "22", Href: "/e"}}, Part{Text: l("合计", "Total"), Number: "119"})),
		in(Halves(), in(Def(l("算进来的", "Counted")), Dots([]Link{{Text: l("由省、市、县、乡任一级授牌", "Accredited at any level")}})), in(Def(l("没算的1个", "Left out: 1")), Dots([]Link{{Text: l("沙洲科普园", "Shazhou Park"), Href: "/b", Sub: l("，还在审核", ", under review")}}))),
		in(Section("list", l("名单", "List"), ""),
			in(Filter(l("筛选：区县、类别", "Filter: county, category"), true, FormSpec{Action: "/e", Submit: l("筛选", "Filter"), More: []Button{{Text: l("清除", "Clear"), Href: "/e"}}}),
				Field(Input{Kind: KindSelect, Name: "county", Label: l("区县", "County"), Options: []Option{{Text: l("全部", "All")}, {Value: "1", Text: "东渡区"}}}), Field(Input{Name: "word", Label: l("名称", "Name")})),
			ListBar(l("共119条，最近授牌的在前", "119, newest first"), Button{Text: l("导出表格", "Export"), Href: "/x"}, Button{Text: l("打印", "Print"), Href: "/p"}),
			Rows(table), Pager(Paging{Here: 20, Rest: 99, Next: "?after=1", First: "?"}), Pager(Paging{Here: 20, Next: "?after=1"}), Pager(Paging{Here: 19})),
		in(Section("prob", l("这几行要改", "Rows to put right"), ""), Problems(l("要改的行", "Rows"), []Problem{{Column: l("层级", "Level"), Text: l("表头缺这一列", "The heading lacks this column")}, {Row: 12, Column: l("授牌日", "Granted"), Value: "2019-02-30", Text: l("2月没有30日，写成2019-02-28这样", "February has no 30th")}, {Row: 15, Column: l("单位", "Unit"), Text: l("写上单位的名称或代码", "Give the unit's name or code")}})),
		in(Section("none", l("来过的学生", "Pupils"), ""), Empty(l("还没有记录", "No records yet"), l("活动报上来以后，这里自己会有。", "They appear once activities are reported."), Button{Text: l("看阵地", "See bases"), Href: "/b"})))
}

func (g tongue) record() templ.Component {
	l := g.l
	side := templ.Join(in(SideBox("facts", l("基本情况", "Facts")), Facts([]Fact{{Label: l("一次容纳", "Holds"), Text: l("120人", "120")}, {Label: l("负责人", "Head"), Text: l("沈国良，园长", "Shen Guoliang"), Href: "/p"}}, true)),
		in(SideBox("past", l("来历", "Past")), Line([]Event{{When: l("2019年5月20日", "20 May 2019"), Text: l("省关工委授牌", "Accredited by the province")}, {When: l("2016年9月1日", "1 Sep 2016"), Text: l("桥南镇并入稻香镇。", "Merged into Daoxiang. "), Link: Link{Text: l("按当时区划看", "As it was"), Href: "/t"}}})))
	return in(Page(g.chrome(l("南江农艺园", "Nanjiang Garden"))),
		Head(Heading{Tags: []Mark{{l("劳动技能", "Skills"), ""}, {l("牌子有效", "In force"), "p"}, {l("缺计划", "No plan"), "w"}}, Title: l("南江农艺园", "Nanjiang Garden"), Under: l("南江区稻香镇18号", "18 Daoxiang"), Acts: []Button{{Text: l("更正这条记录", "Correct this record"), Href: "/c", Main: true}, {Text: l("打电话", "Call"), Href: "tel:05005550188"}}}),
		FigList([]Figure{{Number: "1,007,610", Unit: l("元", "yuan"), Label: l("2025年到账", "Received in 2025"), Href: "/e"}, {Number: "65.5", Unit: "%", Label: l("达标率", "Meet the standard"), Href: "/e"}}),
		FigRow([]Figure{{Number: "23", Unit: l("场", ""), Label: l("今年活动", "Activities"), Href: "/e"}, {Number: "6/7", Label: l("七有达到", "Met"), Href: "/e"}, {Number: "—", Label: l("满意度，还没有问过", "Not asked yet")}}),
		in(Columns(side),
			in(Section("plaques", l("三块牌", "Plaques"), ""), Plaques([]Plaque{{Level: l("省级", "Province"), Name: l("校外教育基地", "Education base"), Issuer: l("东江省关工委", "Dongjiang"), When: l("2019年5月20日", "20 May 2019"), Doc: Link{Text: l("东关委〔2019〕20号", "No. 20"), Href: "/d"}}, {Level: l("市级", "City"), Name: l("校外教育阵地", "Base"), Issuer: l("云州市关工委", "Yunzhou"), When: l("2012年6月1日", "1 Jun 2012"), Ended: l("2018年已摘牌", "Revoked 2018")}})),
			in(Section("have", l("七有，达到6项", "Standard, 6 met"), ""), Have([]Item{{Name: l("有场地", "Place"), Text: l("农田12亩", "12 mu"), Met: true, Link: Link{Text: l("平面图", "Plan"), Href: "/f"}}, {Name: l("有计划", "Plan"), Text: l("2019年计划还没有传上来", "Not uploaded yet"), Link: Link{Text: l("补传", "Upload"), Href: "/f"}}})),
			in(Section("rel", l("相关", "Related"), ""), LinkList([]Link{{Text: l("协议书", "Agreement"), Href: "/a", Sub: l("2021年到期", "Ends 2021")}})),
			in(Section("said", l("来往经过", "What was said"), ""), Said([]Word{{When: "2019-05-30", Tag: l("走访", "Visit"), Who: l("林秋实", "Lin Qiushi"), Facts: []Fact{{Label: l("下次", "Next"), Text: "2019-06-30"}}, Paras: []string{l("孩子在家。", "The child was at home.")}}, {Mine: true, When: "2019-05-31", Tag: l("回复", "Answer"), Files: []Link{{Text: "a.jpg", Href: "#said"}}}, {Step: true, When: "2019-05-31", Tag: l("办结", "Closed"), Href: "#said", Important: l("现在不安全", "Not safe now")}})),
			in(Section("log", l("谁在什么时候改过", "Who changed what"), ""), Timeline([]Change{{When: "2019-05-31 9:40", Who: l("林秋实，办公室", "Lin Qiushi"), What: l("更正", "Correction"), Fields: []Diff{{l("面积", "Area"), l("10亩", "10 mu"), l("12亩", "12 mu")}, {l("负责人", "Head"), "", l("沈国良", "Shen Guoliang")}}, Undo: &Post{Text: l("撤回", "Undo"), Action: "/undo", Key: "k9", Sub: l("更正", "correction")}}}))))
}

func (g tongue) form() templ.Component {
	l := g.l
	c := g.chrome(l("登记一个阵地", "Register a base"))
	c.Plain, c.Error = true, true
	aside := templ.Join(in(SideBox("known", l("已经替您填好", "Already filled in")), Facts([]Fact{{Label: l("谁管", "Run by"), Text: l("稻香镇关工委", "Daoxiang")}}, true)))
	opts := []Option{{Value: "a", Text: l("自建自管", "Own"), Sub: l("关工委自己建、自己管", "Built and run by the committee")}, {Value: "b", Text: l("他建他管", "Others'"), Or: l("都不是？", "Neither?")}}
	return in(Page(c), in(Task(Link{Href: "/back"}, l("登记阵地，第1步，共3步", "Step 1 of 3"), aside),
		ErrorSummary([]Fault{{Name: "name", Text: l("填写阵地名称", "Give the base a name")}, {Name: "kids", Text: l("填写学生人数，没有就填0", "Give the number of pupils, 0 if none")}}),
		in(Form(FormSpec{Action: "/new", Key: "key-1", Multipart: true, Parts: "/part", Keep: "7", Follow: "later", FileMax: 1000, Hidden: []Pair{{"v", "3"}}, Submit: l("继续", "Continue"), More: []Button{{Text: l("先存着", "Save for later"), Name: "act", Value: "draft", NoCheck: true}}}),
			Field(Input{Kind: KindRadio, Name: "mode", Label: l("谁建谁管？", "Who runs it?"), Question: true, Hint: l("选一个", "Choose one"), Options: opts, Value: "a"}),
			in(Group(l("名称和地址", "Name and place"), l("照牌子上写的填。", "As on the plaque.")), Fields([]Input{
				{Name: "name", Label: l("名称", "Name"), Hint: l("不写简称", "In full"), Error: l("填写阵地名称", "Give the base a name")},
				{Kind: KindSelect, Name: "cat", Label: l("类别", "Category"), Value: "2", Options: []Option{{Value: "1", Text: l("爱国主义", "Patriotism")}, {Value: "2", Text: l("法制", "Law")}}},
				{Kind: KindDate, Name: "day", Label: l("授牌日", "Granted on"), Value: "2019-05-20"},
				{Kind: KindTel, Name: "tel", Label: l("电话", "Telephone"), Optional: true, Short: true},
				{Kind: KindMoney, Name: "money", Label: l("金额", "Amount"), Unit: l("元", "yuan"), Value: "12000"},
				{Kind: KindArea, Name: "memo", Label: l("说明", "Remarks"), Optional: true, Value: l("临江，有坡道", "By the river")},
				{Kind: KindFile, Name: "photo", Label: l("照片", "Photos"), Accept: "image/*", Multiple: true, Optional: true},
				{Kind: KindChecks, Name: "more", Label: l("还属于哪些类", "Further categories"), Values: []string{"1"}, Options: []Option{{Value: "1", Text: l("国防", "Defence")}, {Value: "2", Text: l("生态环保", "Nature")}}},
				{Kind: KindCheck, Name: "sure", Label: l("已经和园里核对过", "Checked with the base"), Value: "1"},
				{Kind: KindPassword, Name: "pw", Label: l("密码", "Password")}, {Kind: KindCode, Name: "code", Label: l("验证码", "Code"), Short: true}})),
			in(Entry(l("春节", "Spring Festival")), Fields([]Input{{Name: "day-name", Label: l("名称", "Name"), Value: l("春节", "Spring Festival")}, {Name: "day-each", Label: l("每年哪天", "Day"), Value: l("农历1月1日", "Lunar 1-1"), Short: true}})),
			in(Group(l("人数", "People"), ""), Fields([]Input{{Kind: KindNumber, Inline: true, Name: "kids", Label: l("学生", "Pupils"), Unit: l("人", ""), Error: l("填写学生人数，没有就填0", "Give the number of pupils, 0 if none")}, {Kind: KindNumber, Inline: true, Name: "old", Label: l("五老", "Volunteers"), Unit: l("人", ""), Value: "6"}})))))
}

func (g tongue) check() templ.Component {
	l := g.l
	c := g.chrome(l("核对后提交", "Check and hand in"))
	c.Plain = true
	return in(Page(c), in(Task(Link{Text: l("返回", "Back"), Href: "/b"}, l("最后一步", "Last step"), nil),
		Head(Heading{Title: l("看一遍，没错就交", "Check your answers")}),
		CheckAnswers([]Answer{{l("名称", "Name"), l("南江农艺园", "Nanjiang Garden"), "/1"}, {l("电话（选填）", "Telephone (optional)"), "", "/2"}}),
		NoteBox(Note{Title: l("只报这一次。", "Report once."), Text: l("镇、区、市、省的账里都有了。", "Every level has it.")}),
		NoteBox(Note{Kind: "w", Title: l("签约不等于到账", "Signed is not received"), Text: l("到账另填。", "Enter it apart."), Links: []Link{{Text: l("去填", "Enter"), Href: "/m"}}}),
		in(Form(FormSpec{Action: "/ok", Key: "key-2", Submit: l("提交这个阵地", "Hand in"), More: []Button{{Text: l("先存着", "Later"), Href: "/later"}}})),
		Aloud(), in(Prose(), paragraph(l("一段说明。", "A paragraph."))), in(Card(), paragraph(l("一张卡片。", "A card.")))))
}

func paragraph(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<p>"+templ.EscapeString(s)+"</p>")
		return err
	})
}

func (g tongue) done() templ.Component {
	l := g.l
	c := g.chrome(l("已经登记好了", "Registered"))
	c.Plain = true
	return in(Page(c), Done(Result{Title: l("已经登记好了", "Registered"), CodeLabel: l("编号", "Number"), Code: "B-0120",
		Moved: []Moved{{l("云州市校外教育阵地", "Bases in the city"), "119", "120", l("个", ""), "/e"}, {l("南江区法制类", "Law, Nanjiang"), "4", "5", l("个", ""), ""}},
		Next:  []Link{{Text: l("区关工委3天内核对。", "The county checks within 3 days.")}, {Text: l("补一张照片", "Add a photo"), Href: "/p", Sub: l("，以后也行", ", later will do")}},
		Undo:  &Post{Text: l("撤回", "Undo"), Action: "/undo", Key: "k"}, UndoUntil: "9:51", Acts: []Button{{Text: l("回到待办", "To my inbox"), Href: "/", Main: true}, {Text: l("再登记一个", "Another"), Href: "/new"}}}))
}

func (g tongue) units() templ.Component {
	l := g.l
	rows := []UnitRow{{Name: "南江区", Href: "/u", In: "/d", Count: 15, Current: true}, {Name: "北仓区", Href: "/u", In: "/d", Count: 1500, Sub: l("没有管理员", "No administrator")}, {Name: "桥头社区", Href: "/u"}}
	return in(Page(g.chrome(l("选一个单位", "Choose a unit"))), Head(Heading{Title: l("选一个单位", "Choose a unit")}),
		UnitSearch("/u", "njq", Pair{"to", "x"}),
		in(Section("hits", l("找到2个", "2 found"), ""), UnitHits([]UnitHit{{Name: "南江区关工委", Mark: "南江区", Path: "东江省 › 云州市", Code: "99 02 03", Href: "/u"}, {Name: "南江渠镇关工委", Mark: "南江", Path: "东江省 › 云州市", Code: "99 02 03 109", Href: "/u", Ended: l("已并入稻香镇", "Merged")}})),
		in(Section("tree", l("或者一级一级找", "Or go down level by level"), ""), UnitLevels([]UnitLevel{{Name: "东江省", Note: l("11个市", "11 cities"), Href: "/l", Units: rows}, {Name: "云州市", Note: l("10个区县", "10 counties"), Units: rows, More: Link{Text: l("其余9个", "9 more"), Href: "/m"}}})))
}

func (g tongue) doc() templ.Component {
	l := g.l
	c := g.chrome(l("在工作会议上的发言", "Remarks at a meeting"))
	c.Letter = true
	return in(Page(c), LiveDoc(Document{Tags: []Mark{{l("活文稿", "Live text"), "e"}, {l("已定稿", "Issued"), "p"}}, Acts: []Button{{Text: l("打印", "Print"), Href: "/p"}},
		Verdict: []Verdict{{"2", "/a", l("处数字，当日与记录一致", " figures agree"), "pos"}, {"1", "#p2", l("处不一致", " disagrees"), "wrn"}, {"2", "/c", l("处后来变了", " changed since"), ""}},
		Intro:   l("“当日”是2019年5月31日的数，“现在”是今天的数。", "Then is 31 May 2019, now is today."), Title: l("在工作会议上的发言", "Remarks at a meeting"), By: []string{l("云州市关工委", "Yunzhou"), l("（2019年5月31日）", "(31 May 2019)")},
		Paras: []Para{{Heading: l("一、阵地", "1. Bases"), Runs: []Run{{Text: l("到今天，全市挂牌的阵地有", "Today the city has ")}, {Text: l("119个", "119"), Href: "/e", No: 1}, {Text: l("，七年里添了", " bases, ")}, {Text: l("77个", "77"), Href: "/e", No: 2}, {Text: l("，跑的路、流的汗，大家心里有数。", " of them in seven years.")}},
			Rows: []LiveRow{{1, l("校外教育阵地", "Bases"), "119", "/e", "138", "/e"}, {2, l("近7年新增", "Last 7 years"), "77", "/e", "54", ""}}, Aside: []Run{{Text: l("没有提到的还有", "Not mentioned: ")}, {Text: "16", Href: "/e", Num: true}, {Text: l("处空白。", " gaps.")}, {Text: l("看空白", "See them"), Href: "/g"}}},
			{ID: "p2", Runs: []Run{{Text: l("去年筹到", "Last year ")}, {Text: l("101万元", "1,010,000 yuan"), Href: "/e", No: 3, Bad: true}, {Text: l("。", " came in.")}}, Cut: l("节选到这里", "The excerpt ends here"),
				Faults: []LiveFault{{Title: l("第3处对不上", "Figure 3 disagrees"), Runs: []Run{{Text: l("101万元是签约金额。", "That was signed.")}}, Acts: []Button{{Text: l("看合同", "See contracts"), Href: "/e"}}, Posts: []Post{{Text: l("改成签约", "Say signed"), Action: "/f", Key: "k"}}}}}},
		Seal: l("2019年5月31日14:05定稿。", "Issued 31 May 2019, 14:05.")}))
}

func (g tongue) gate() templ.Component {
	l := g.l
	c := g.chrome(l("登录", "Sign in"))
	c.Plain = true
	return in(Gate(c, l("网上关工委", "The committee online"), l("全国一本账，一点到名单", "One book, one tap to the records")), h2(l("登录", "Sign in")),
		in(Form(FormSpec{Action: "/in", Submit: l("登录", "Sign in")}), Fields([]Input{{Name: "account", Label: l("账号", "Account"), Autocomplete: "username"}, {Kind: KindPassword, Name: "pass", Label: l("密码", "Password")}})))
}

func h2(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<h2>"+templ.EscapeString(s)+"</h2>")
		return err
	})
}

func (g tongue) slips() templ.Component {
	l := g.l
	qr := QRCode(21, func(x, y int) bool { return (x*y+x+y)%3 == 0 }, l("登录网址", "Sign-in address"))
	s := Slip{Unit: "稻香镇关工委", Name: "沈国良", Role: l("秘书长", "Secretary"), Address: "http://192.168.1.20:8080", Account: "dxz", Code: "7KQM 3PXA", Expires: l("2019年6月14日前有效，用一次就作废。", "Valid until 14 June 2019, once."), QR: qr}
	t := s
	t.QR = nil
	return in(Page(g.chrome(l("邀请函", "Invitations"))), Head(Heading{Title: l("打印邀请函", "Print invitations")}), Slips(l("邀请您使用薪火", "You are invited"), []Slip{s, t, s}))
}

// TestGallery writes the gallery as files, so that people can look at it.
func TestGallery(t *testing.T) {
	dir := os.Getenv("GALLERY_DIR")
	if dir == "" {
		dir = t.TempDir()
	}
	for _, lang := range []string{"zh", "en"} {
		g := tongue{en: lang == "en", t: textsIn(t, lang)}
		for name, c := range g.pages() {
			out := render(t, c)
			if strings.Contains(out, "ui.") && strings.Contains(out, ">ui.") {
				t.Errorf("%s %s shows a text key", lang, name)
			}
			if err := os.WriteFile(filepath.Join(dir, name+"."+lang+".html"), []byte(out), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
