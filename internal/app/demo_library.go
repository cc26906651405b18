package app

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/docx"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/library"
	"xinhuo/internal/org"
	"xinhuo/internal/report"
)

// shared is a document of the demonstration: a line of text that begins with # is a heading. {Y} is the year of its day, {U} its unit.
type shared struct {
	title, name, category string
	visible               library.Visible
	source                string
	ago                   int // days before the day of the demonstration
	text                  string
	speaker               string // the kind of post of whoever spoke
	project               bool   // belongs to the unit's latest project
}

// demoPaper is a document of which the demonstration's library has the title alone.
var demoPaper = library.Document{Title: "关于推进校外教育阵地建设的指导意见", Category: "work.notice", Visible: library.VisiblePublic, Source: "东江省关工委网站",
	Paper: library.Paper{Issuers: "东江省关工委", Number: "东关工委〔2018〕6号", Dated: "2018-04-12"}}

// cityDocuments are what the city's office shared.
var cityDocuments = []shared{
	{"在全市关工委工作会议上的讲话", "{Y}年在全市关工委工作会议上的讲话（定稿）.docx", "work.speech", library.VisibleMembers, "", 120, `同志们：
今天召开全市关心下一代工作会议，主要任务是总结上半年工作，安排下一步任务。下面我讲四点意见。
# 一、着力在服务大局上有新成果
围绕中心、服务大局，是关工委工作的基本要求。要置身大局谋事、融入大局干事、服务大局成事，组织五老发挥优势，在乡村振兴、社会治理、家庭教育中多做实事。
# 二、着力抓好校外教育阵地建设
各级关工委挂牌的校外教育阵地要提质扩面，要落实《关于推进校外教育阵地建设的指导意见》（东关工委〔2018〕6号），对照《校外教育阵地“七有”标准》，县级以上阵地做到有牌子、有场所、有队伍、有制度、有活动、有经费、有档案。阵地建好了还要用好，清明节、七一、十一等重要节日，要组织青少年到阵地接受教育。
# 三、着力推动乡镇（街道）改革
“四化型”工作模式要一个乡镇一个乡镇地抓。联谊化组合重在选好骨干，社团化管理重在建好协会和工作站，项目化推进重在调查需求、精心设计，信息化引领重在用好网上关工委。
# 四、着力关爱困难青少年
对留守儿童、困境儿童和失足失范青少年，要一人一档、结对帮扶，助学、助困、助残、助孤、助医一项一项落实。心理健康问题比较突出，各地要物色退休教师和医护人员，组建心理健康关爱团队。
同志们，关心下一代工作是党的事业的重要组成部分。让我们携手努力，把各项任务落到实处。`, "director", false},
	{"校外教育阵地“七有”标准", "校外教育阵地七有标准.docx", "work.rules", library.VisiblePublic, "{U}制定，欢迎各地参照使用", 150, `为了规范校外教育阵地的建设和管理，制定本标准。
# 第一条 有牌子
阵地由关工委命名并挂牌，牌子写明类别、级别和命名日期。
# 第二条 有场所
固定的活动场所不少于六十平方米，通风采光良好，有消防设施，有明显的安全提示。
# 第三条 有队伍
每个阵地有一名负责人、三名以上五老志愿者，上岗以前完成背景核查和安全培训。
# 第四条 有制度
值班、安全、活动、档案四项制度上墙。
# 第五条 有活动
每年开展活动不少于十二次，寒暑假各不少于三次。
# 第六条 有经费
经费有来源、有预算、有账目，每年向命名单位报告一次。
# 第七条 有档案
活动有方案、有签到、有照片、有总结，照片里有孩子的先征得监护人同意。
本标准自印发之日起施行，由{U}办公室负责解释。`, "", false},
	{"五老志愿者守则", "五老志愿者守则.docx", "work.rules", library.VisiblePublic, "{U}制定，可以转载", 160, `一、热爱祖国，拥护党的领导，自愿为青少年健康成长出力。
二、尊重孩子，耐心倾听，不打骂、不讥讽、不许诺做不到的事。
三、与孩子单独相处时保持房门敞开，不私下加孩子的联系方式，不收受钱物。
四、孩子的姓名、住址、照片和家里的难处，不对外人说，不发到群里。
五、发现孩子可能受到伤害，当天报告关工委和村（社区），紧急时先报警。
六、量力而行，身体不适时及时请假，安全第一。`, "", false},
	{"关于做好假期青少年活动安全工作的通知", "安全工作通知.docx", "work.notice", library.VisibleBelow, "", 45, `各区县（市）关工委，各乡镇（街道）关工委：
假期临近，各地将集中开展青少年活动。为了保证安全，现就有关事项通知如下。
一、每项活动确定一名安全负责人，出发前点名，返回后再点名。
二、户外活动看天气，高温、暴雨、雷电时一律改期或者移到室内。
三、乘车查验驾驶员和车辆手续，不超员，不夜间行车。
四、涉水活动一律不得组织，教孩子防溺水要讲清“六不”。
五、突发情况先救人，一小时以内报告。`, "", false},
	{"乡镇（街道）四化型改革经验汇编", "四化型改革经验汇编（第二稿）.docx", "research.lessons", library.VisibleMembers, "{U}编，供各地学习参考", 75, `全市乡镇（街道）关工委推进“四化型”改革以来，涌现出一批可学可用的做法。现选编四篇。
# 一、联谊化组合：把有专长的五老请出来
南江区按退休教师、退休干部、退休医护、老兵、老工匠分头登记，逐个上门，组建了法治宣讲、心理关爱、科技兴农等工作团队，骨干平均每年服务三十次。
# 二、社团化管理：关工委、协会、团队三位一体
协会负责招募、培训和考核，关工委负责方向和保障，工作团队负责服务，各干各的事，月末碰一次头。
# 三、项目化推进：先调查，再设计，后实施
稻香镇先用问卷摸清孩子们最缺什么，再设计“四点半课堂”项目，参加公益创投得到经费，做完请家长打分。
# 四、信息化引领：数字从记录里来
活动当天在手机上登记，月底不再填表，上级看到的每个数字都能点开看到是哪几次活动。`, "", false},
}

// countyDocuments are what the county of the demonstration shared.
var countyDocuments = []shared{
	{"四点钟学校办学经验", "四点钟学校办学经验（修改）.docx", "research.lessons", library.VisibleMembers, "", 60, `{U}从第一所四点钟学校办起，到现在各乡镇都有了点。主要做法有三条。
# 一、选址跟着孩子走
学校门口、村口祠堂、社区党群服务中心，哪里孩子放学顺路就办在哪里，家长少跑一趟。
# 二、师资靠五老
退休教师教作业，老工匠教手艺，老战士讲故事。每个点每天两名五老值班，有事互相替。
# 三、管理有章法
到点签到，离点有人接，接的人写名字。每学期开一次家长会，听意见，改毛病。
现在全区的四点钟学校和假日学校连成一片，平时管放学，假期管整天，孩子有去处，家长上班放心。`, "", true},
	{"青少年心理健康状况调研报告", "心理健康调研报告.docx", "research.report", library.VisibleAbove, "", 90, `为了摸清青少年心理健康状况，{U}用两个月时间走访了辖区学校和社区，召开座谈会八次，收回匿名问卷一千二百份。
# 一、基本情况
多数孩子情绪平稳，能和家人、老师说心里话。留守儿童和初三学生的压力明显高于其他孩子。
# 二、主要问题
一是学业压力大，睡眠不足；二是手机依赖，亲子冲突多；三是求助渠道少，有了心事不知道找谁。
# 三、建议
学校开足心理课，社区设倾听室，关工委组建退休教师和医护人员的心理关爱团队，网上开通留言窗口，有人留言当天回应。`, "", false},
	{"网络安全教育课教案", "网络安全教案.docx", "teach.lesson", library.VisibleMembers, "", 30, `教学对象：小学五、六年级。课时：一课时，四十分钟。
# 一、教学目标
知道个人信息不能随便给人，遇到陌生人要照片、要转账会拒绝、会告诉大人。
# 二、教学准备
情景卡六张，写着聊天内容；一张“可以说、不可以说”的大表。
# 三、教学过程
1. 导入：讲一个真实改编的故事，问孩子们错在哪里。
2. 分组：每组抽一张情景卡，演一演，再说一说该怎么办。
3. 归纳：姓名、住址、电话、照片、密码，不给陌生人；害怕了，告诉家长和老师。
# 四、作业
和爸爸妈妈一起检查一次手机里的隐私设置。`, "", false},
}

// townDocuments are what the township of the demonstration shared.
var townDocuments = []shared{
	{"红色故事进校园宣讲材料", "红色故事宣讲材料.docx", "teach.lecture", library.VisibleMembers, "{U}五老宣讲团编写，宣讲前须经审定", 40, `孩子们，今天爷爷给你们讲一个发生在我们镇上的故事。
# 一、油灯下的夜校
八十多年前，镇上的祠堂里有一盏油灯。白天种田的人，晚上来这里认字。教书的是一位年轻的先生，他教的第一个字是“人”，第二个字是“国”。
# 二、一封没有寄出的信
先生后来上了前线。人们在他的箱子里找到一封没有寄出的信，信上说：等打完仗，我还回来教书。他没有回来，他教过的孩子把学校办了下来。
# 三、我们能做什么
今天的学校宽敞明亮。记住油灯下的人，把书读好，把同学帮好，就是把那盏灯接过来。`, "", false},
	{"五老工作站值班制度", "工作站值班制度.docx", "work.rules", library.VisibleMembers, "", 70, `一、工作站每天上午九点到十一点半、下午两点到五点有五老值班，节假日另行排班。
二、值班的人接待来访、接听电话，来人来事当天登记。
三、遇到孩子可能受到伤害的情况，先保护孩子，当天报告镇关工委和村（社区）。
四、交班时把没有办完的事当面交清，双方签名。
五、本制度上墙公布，每年修订一次。`, "", false},
	{"假日学校剪纸课教案", "剪纸课教案.docx", "teach.lesson", library.VisiblePublic, "{U}，可以转载，注明出处", 25, `教学对象：假日学校混龄班。课时：两课时。
# 一、教学目标
学会折叠剪法，剪出一张窗花；知道剪纸是本地的老手艺。
# 二、安全提示
用圆头剪刀，传递时刀尖朝自己，剪完放回盒子里再起身。
# 三、教学过程
先看老艺人的作品，再学对折、四折，画半边图案，从里往外剪。剪坏了不要紧，换一张纸再来。
# 四、展示
把窗花贴在教室玻璃上，请孩子说说剪的是什么，送给谁。`, "", false},
}

// documents put the library's documents into the demonstration: what the city, a county and a township shared, a draft that was never
// issued, and one about which somebody reported that it names children.
func (l *demoLoad) documents() {
	day := clock.Day(l.city.Day)
	own := map[org.Level]org.Unit{}
	for _, a := range l.city.Accounts {
		if u := l.unit(a.Unit); strings.HasPrefix(a.Unit, l.city.Home) {
			own[u.Level] = u
		}
	}
	for _, g := range []struct {
		of   org.Unit
		list []shared
	}{{own[org.City], cityDocuments}, {own[org.County], countyDocuments}, {own[org.Township], townDocuments}} {
		for _, x := range g.list {
			l.at(day.AddDays(-x.ago), func(ctx context.Context) error {
				_, err := l.share(l.as(ctx, g.of), g.of, x, day.AddDays(-x.ago), true)
				return l.name(g.of.Code, err)
			})
		}
	}
	l.at(day.AddDays(-170), func(ctx context.Context) error {
		ctx = l.as(ctx, own[org.City])
		ref, err := l.a.Library.Enter(ctx, own[org.City].ID, demoPaper)
		if err != nil {
			return err
		}
		return l.a.Library.Issue(ctx, ref, 1, false)
	})
	l.at(day.AddDays(-3), func(ctx context.Context) error {
		_, err := l.share(l.as(ctx, own[org.City]), own[org.City], shared{title: "下一年度工作要点（征求意见）", name: "下一年度工作要点.docx", category: "work.plan", visible: library.VisibleBelow,
			text: "明年的工作重点有三项：阵地提质、队伍培训、困难青少年关爱。\n各地对要点有什么意见，书面报来。"}, day, false)
		return l.name(own[org.City].Code, err)
	})
	l.at(day.AddDays(-2), func(ctx context.Context) error {
		ctx = l.as(ctx, own[org.Township])
		no, err := l.share(ctx, own[org.Township], shared{title: "结对关爱活动小结", name: "结对关爱活动小结.docx", category: "work.summary", visible: library.VisibleMembers,
			text: "这次结对关爱活动，十二位五老和十二个孩子见了面。\n活动先由各村报名，再由镇关工委上门核实。\n下一步每月走访一次，填写走访记录。"}, day, true)
		if err != nil {
			return l.name(own[org.Township].Code, err)
		}
		_, err = l.a.Library.Report(l.as(ctx, l.unit(l.city.Neighbour)), no, "copyright", "这份小结第二段和我们上月发的一样，没有注明出处")
		return l.name(own[org.County].Code, err)
	})
	l.at(day.AddDays(-1), func(ctx context.Context) error {
		return l.name(own[org.Township].Code, l.readers(ctx, own[org.Township], own[org.City], day))
	})
}

// share writes a document as Word, takes it in and issues it.
func (l *demoLoad) share(ctx context.Context, u org.Unit, x shared, day clock.Day, issue bool) (no int64, err error) {
	fill := strings.NewReplacer("{Y}", fmt.Sprint(day.Year()), "{U}", u.Name+"关工委")
	doc := docx.New(docx.Meta{Title: x.title, Author: u.Name + "关工委"})
	doc.Title(x.title)
	for _, t := range strings.Split(fill.Replace(x.text), "\n") {
		if h, ok := strings.CutPrefix(t, "# "); ok {
			doc.Heading(1, h)
		} else {
			doc.Para(docx.Text(t))
		}
	}
	var b bytes.Buffer
	if err := doc.Write(&b); err != nil {
		return 0, err
	}
	in, err := l.a.Library.Take(ctx, fill.Replace(x.name), &b)
	if err != nil {
		return 0, err
	}
	as := library.Document{Category: x.category, Visible: x.visible, Source: fill.Replace(x.source), Year: day.Year()}
	if as.Speaker, err = l.speaking(ctx, u, x.speaker, day); err != nil {
		return 0, err
	}
	if x.project {
		list, err := libraryProjects{l.a.Project, l.a.Record}.Of(ctx, u.ID, "", 1)
		if err != nil {
			return 0, err
		}
		for _, p := range list {
			as.Project = p.Ref
		}
	}
	refs, err := l.a.Library.Create(ctx, u.ID, []library.Incoming{in}, as)
	if err != nil {
		return 0, err
	}
	ver := int64(1)
	tree, err := l.a.Library.Categories(ctx)
	if err != nil {
		return 0, err
	}
	if issue && tree.Reviewed(x.category) {
		if ver, err = l.approved(ctx, refs[0]); err != nil {
			return 0, err
		}
	}
	if issue {
		if err := l.a.Library.Issue(ctx, refs[0], ver, true); err != nil {
			return 0, err
		}
	}
	d, _, err := l.a.Library.Get(ctx, refs[0])
	return d.No, err
}

// speaking is whoever held a kind of post of a unit on the day on which they spoke; nobody for no kind.
func (l *demoLoad) speaking(ctx context.Context, u org.Unit, kind string, day clock.Day) (library.Speaker, error) {
	posts, err := l.a.Org.Posts(ctx, u.ID, day)
	for _, p := range posts {
		if p.Kind == kind {
			return library.Speaker{Person: p.Person, Unit: u.ID, On: day}, err
		}
	}
	return library.Speaker{}, err
}

// approved has a document looked at by the city and answers its version.
func (l *demoLoad) approved(ctx context.Context, ref id.Ref) (int64, error) {
	if err := l.a.Library.Submit(ctx, ref, 1, ""); err != nil {
		return 0, err
	}
	c, _, err := l.a.Library.Reviewing(ctx, ref)
	if err != nil {
		return 0, err
	}
	if _, err := l.a.Flow.Act(l.as(ctx, l.units[l.city.Home]), c.Ref(), flow.Act{Key: "approve"}); err != nil {
		return 0, err
	}
	_, v, err := l.a.Library.Get(ctx, ref)
	return v.N, err
}

// readers are what members made of the documents: a lecture that waits to be approved, a collection, what was thought and said.
func (l *demoLoad) readers(ctx context.Context, town, city org.Unit, day clock.Day) error {
	no, err := l.share(l.as(ctx, town), town, shared{title: "暑期防溺水宣讲材料", name: "防溺水宣讲材料.docx", category: "teach.lecture", visible: library.VisibleMembers, source: "{U}五老宣讲团编写",
		text: "孩子们，天热了，水边的事今天讲清楚。\n# 一、六个不能\n不私自下水，不和别人结伴下水，没有大人带着不下水，没有救生员的地方不下水，不熟悉的水域不下水，不会水的不下水救人。\n# 二、看见有人落水\n大声喊大人，打110，把竹竿、绳子、空桶扔过去，自己不下水。\n# 三、记在心里\n回家讲给爸爸妈妈和弟弟妹妹听，一家人都记住。"}, day, false)
	if err != nil {
		return err
	}
	ref, _, v, err := l.a.Library.Number(ctx, no)
	if err != nil {
		return err
	}
	if err := l.a.Library.Submit(l.as(ctx, town), ref, v.N, "假期前要用，麻烦尽早看"); err != nil {
		return err
	}
	as := l.as(ctx, city)
	lessons, _, _, _, err := l.a.Library.List(as, library.Filter{Category: "teach", State: library.Issued, Limit: 10})
	if err != nil {
		return err
	}
	set, err := l.a.Library.SaveCollection(as, library.Collection{Unit: city.ID, Title: "假日学校备课用", Note: "审定过的教案和宣讲材料，假日学校、四点钟学校可以直接用。", Visible: library.VisiblePublic})
	if err != nil {
		return err
	}
	for _, x := range lessons {
		if err := l.a.Library.Collect(as, set, x.No, true); err != nil {
			return err
		}
	}
	for _, x := range []struct {
		login, words string
		stars        int64
	}{{"zhouwenqin", "我们区三所假日学校都用了，孩子们坐得住。", 5}, {"caihuiqin", "剪刀那段安全提示写得细，建议再加一条：低年级两人一组，有五老看着。", 4}, {"chenyulan", "", 5}} {
		acc, err := l.a.Account.ByLogin(ctx, x.login)
		if err != nil {
			return err
		}
		a, err := l.a.Account.Actor(ctx, acc.ID)
		if err != nil {
			return err
		}
		for _, y := range lessons {
			if y.Unit != town.ID {
				continue
			}
			who := scope.With(ctx, a)
			if err := l.a.Library.Rate(who, y.No, x.stars); err != nil {
				return err
			}
			if x.words != "" && y.Visible == library.VisiblePublic {
				if err := l.a.Library.Say(who, y.No, x.words); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// speech is what was said a month ago, issued and put into the library.
func (l *demoLoad) speech(ctx context.Context) error {
	u := l.unit(l.city.Home)
	ctx = l.as(ctx, u)
	v := report.DemoSpeech(u.ID, clock.Today(ctx))
	v.Title = "家底清楚，才好办事"
	ref, err := l.a.Report.Create(ctx, v)
	if err != nil {
		return err
	}
	if err := l.a.Report.Issue(ctx, ref, 1); err != nil {
		return err
	}
	no, err := l.a.Report.Share(ctx, ref)
	if err != nil {
		return err
	}
	doc, _, ver, err := l.a.Library.Number(ctx, no)
	if err != nil {
		return err
	}
	sp, err := l.speaking(ctx, u, "director", v.Day)
	if err != nil {
		return err
	}
	if err := l.a.Library.SetSpeaker(ctx, doc, ver.N, sp); err != nil {
		return err
	}
	return l.a.Library.Issue(ctx, doc, ver.N+1, true)
}
