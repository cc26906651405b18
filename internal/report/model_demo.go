package report

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// DemoSpeech is the living speech of the demonstration: two pages of a city's own account of its work, every result
// bound to the ledger. It is a draft of the given day.
func DemoSpeech(unit id.ID, day clock.Day) Document {
	t := func(s string) Run { return Run{Text: s} }
	n := func(code string) Run { return Run{Figure: &Bound{Code: code}} }
	words := func(code string) Run { return Run{Figure: &Bound{Code: code, Format: Words}} }
	last := func(code string) Run { return Run{Figure: &Bound{Code: code, Period: LastYear}} }
	return Document{
		Title:  "把家底盘清楚，把实事办到位",
		Byline: "云州市关工委",
		Day:    day,
		Unit:   unit,
		Paragraphs: []Paragraph{
			{Runs: []Run{t("各位老领导、同志们：今天这个会不长，只做两件事，一是盘家底，二是定活计。盘家底用的数，都是从账上直接取的，哪个数有疑问，当场就能翻到后面的名单，一条一条核。账上没有的，今天不讲。")},
				Gloss: "Opening: two matters only, taking stock and setting tasks. Every number comes from the book and can be traced to its list."},
			{Heading: "一、阵地先要开得了门，再要留得住人",
				Runs: []Run{t("全市挂着牌、仍在使用的校外教育阵地现有"), n("base.accredited"), t("，覆盖"), words("base.categories"), t("。近七年新挂牌的有"), n("base.accredited_new7y"),
					t("，其中达到市级的"), n("base.city_new7y"), t("；七年以前就有、一直守到现在的"), n("base.accredited_before7y"), t("。拿到省级牌子的，全市有"), n("base.province"), t("。")},
				Gloss: "Bases in use, by category; those new in the last seven years and how many of them reached city level; those older; those with a provincial plaque."},
			{Runs: []Run{t("牌子挂上墙只是起头。有的地方一年到头锁着门，孩子走到门口又折回去；有的地方只有两间旧屋，周末却坐得满满当当。差别不在房子新旧，在有没有人值守，有没有课表，有没有人过问。下半年，各县（市、区）要把自己的阵地挨个走一遍：缺人的，从退下来的老同志里找；缺课的，和学校商量着排；常年不开门的，写明原因，定出日子，到期再看。")},
				Gloss: "A plaque is only a beginning: each county visits its bases, finds people and timetables, and sets a date for those that stay closed."},
			{Heading: "二、改革要一个镇一个镇地落下去",
				Runs: []Run{t("全市现有乡镇（街道）"), n("unit.townships"), t("，改革工作模式已经通过验收的"), n("reform.adopted"), t("，占"), n("reform.adopted_share"),
					t("。只报了材料、还没验收的，没有算进去；验收以后又撤销的，也已经拿掉。这个比例，经得起到村里去问。")},
				Gloss: "Townships in all, those whose reform model was accepted, and their share. Reports not yet accepted and revoked ones are not counted."},
			{Runs: []Run{t("验收合格不是终点。模式立起来了，自己的团队却还不足五支的，有"), n("reform.adopted_under5"), t("，这些镇要回头补课，市里派人跟着补。其余的乡镇，计划日期都排在表上。日子可以改，但每改一次都要写清为什么，让人看得见是真有难处，还是没有上心。")},
				Gloss: "Accepted townships that still have fewer than five teams of their own have to make up for it; every change of a planned day is recorded with its reason."},
			{Heading: "三、团队要建在离孩子最近的地方",
				Runs: []Run{t("眼下全市登记在册的工作团队共"), n("team.active"), t("。按乡镇（街道）自己的团队来分，五支和五支以上的有"), n("team.townships_5plus"), t("，一至四支的有"), n("team.townships_1to4"),
					t("，一支也没有的还有"), n("team.townships_none"), t("。")},
				Gloss: "Teams on the book, and townships by the number of teams of their own: five or more, one to four, none."},
			{Runs: []Run{t("最后这个数，最该记住。没有团队，再好的课也送不进教室，再细的心也够不到村口的孩子。各县（市、区）要在自己的名单上挑出条件最成熟的镇，先帮着把头一支队伍拉起来，不求人多，只求每个月都有动静。讲法律的、谈心理的、教手艺的，缺哪样先补哪样。")},
				Gloss: "The last number matters most: each county helps its readiest townships to a first team, small but active every month."},
			{Heading: "四、项目要接得住，也要交得清账",
				Runs: []Run{t("去年，全市签下政府购买服务和公益创投项目"), last("project.signed"), t("，合同写明"), last("project.signed_fen"), t("，当年实际到账"), last("project.received_fen"),
					t("。签的是签的，到的是到的，两笔账分开记，谁也不要拿合同上的数当成口袋里的数。")},
				Gloss: "Last year's service contracts, the money written in them and the money that arrived: two accounts, never mixed."},
			{Runs: []Run{t("项目做得好不好，最后要看服务到的孩子和家长怎么说。接了项目的单位，到期要把做了几回、来了哪些人、家长怎么评价，一并写进总结，随账归档。做得扎实的，明年优先续；只有照片没有人的，要把话说明白。")},
				Gloss: "A project is judged by the children and parents it served; sound ones are renewed first."},
			{Runs: []Run{t("同志们，我们这些人，多数已经离开了原来的岗位，图的不是名，也不是利，就是想趁着还走得动，替孩子们多铺几块砖。数字会变，今天说的，过些日子再看，可能多了，也可能少了。变了不要紧，要紧的是每一次变化，背后都真有一个孩子被看见。")},
				Gloss: "Closing: numbers will change; what matters is that behind each change a child has been seen."},
		},
	}
}
