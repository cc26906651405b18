package app

import (
	"context"
	"fmt"
	"time"

	"xinhuo/internal/account"
	"xinhuo/internal/casework"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// followed is a case of the demonstration and what became of it; whatever is empty did not happen. All of it is invented. Days are counted
// back from today.
type followed struct {
	by     string // login of who opens, holds and leads it
	before int
	class  string
	person map[string]string
	why    string // why nobody agreed
	scores string // a digit for each item
	safe   string
	found  string // the assessment in words
	goals  string
	steps  string
	rhythm int64
	visits []visited
	paired string // a volunteer's name, "any" for one with a valid check
	pause  string
	end    string // what was said at its end; its goals were reached
}

type visited struct {
	before    int
	how, text string
}

// caseWorkers are accounts of offices that hold cases, beside those that one signs in with.
var caseWorkers = []struct{ login, name, unit string }{{"fangxiaoyu", "方小雨", "990203"}, {"luweiming", "陆为民", "990201"}}

var demoFollowed = []followed{
	{by: "zhouwenqin", before: 72, class: "left_behind", person: map[string]string{"name": "秦晓禾", "birth": "2018", "guardian": "外婆梁桂兰", "contact": "0500-555 3101", "address": "稻香镇柳塘村3组", "school": "稻香小学三（2）班", "narrative": "父母在外打工，过年才回，跟外婆住。孩子懂事，作业没人看。"},
		scores: "210021", safe: "yes", found: "外婆身体还好，作业辅导跟不上。", goals: "作业有人看，每周和爸妈视频一次", steps: "放学到村里四点钟学校；志愿者每月上门；教外婆用手机视频", rhythm: 30,
		visits: []visited{{58, "home", "带了课外书，和外婆说好每天送孩子去四点钟学校。"}, {29, "school", "班主任说最近作业都能交。"}, {8, "home", "孩子教会了外婆开视频，很高兴。"}}, paired: "梁水旺"},
	{by: "zhouwenqin", before: 71, class: "left_behind", person: map[string]string{"name": "罗小川", "birth": "2013", "guardian": "爷爷罗成福", "contact": "0500-555 3102", "address": "稻香镇石桥村", "school": "稻香中学初一（1）班", "narrative": "父母在外省建筑工地，跟爷爷奶奶住，迷上手机游戏。"},
		scores: "121111", safe: "yes", found: "晚上玩手机到很晚，上课打瞌睡。", goals: "晚上十点前睡觉，周末有事做", steps: "参加镇上篮球队；和爷爷约定手机时间", visits: []visited{{45, "home", "和爷爷、孩子一起定了手机时间。"}}, paired: "any"},
	{by: "zhouwenqin", before: 70, class: "left_behind", person: map[string]string{"name": "唐若溪", "birth": "2019", "guardian": "姑姑唐敏", "contact": "0500-555 3103", "address": "南江区临江街18号", "school": "临江小学二（4）班", "narrative": "母亲在外地做工，父亲跑船，住在姑姑家。"},
		scores: "100011", safe: "yes", found: "姑姑照料细心，孩子想妈妈。", visits: []visited{{40, "home", "姑姑家整洁，孩子画了一张画要寄给妈妈。"}, {12, "call", "姑姑说妈妈国庆回来过。"}}},
	{by: "zhouwenqin", before: 69, class: "left_behind", person: map[string]string{"name": "彭天宇", "birth": "2017", "guardian": "奶奶彭秀英", "contact": "0500-555 3104", "address": "稻香镇大坪村5组", "school": "大坪小学四年级", "narrative": "父母离异，父亲在外打工，奶奶腿脚不便。"},
		scores: "212021", safe: "yes", found: "奶奶去年摔伤，家务多由孩子做。", goals: "奶奶有人帮，孩子有时间学习", steps: "联系村里帮奶奶办护理补贴；志愿者每两周上门", rhythm: 14, visits: []visited{{50, "home", "村里答应帮着办补贴。"}, {33, "home", "补贴办下来了。"}}, paired: "any"},
	{by: "fangxiaoyu", before: 68, class: "left_behind", person: map[string]string{"name": "邱雨桐", "birth": "2013", "guardian": "外公邱长根", "contact": "0500-555 3105", "address": "稻香镇稻香街", "school": "稻香中学初二（3）班", "narrative": "父母在沿海工厂，外公外婆照看。今年暑假去和父母一起住。"},
		scores: "100000", safe: "yes", found: "家里和睦，学习好。", visits: []visited{{41, "school", "期中考试全班第三。"}}, pause: "到父母那里住一段时间，回来再走访"},
	{by: "zhouwenqin", before: 40, class: "at_risk", person: map[string]string{"name": "冯子昂", "birth": "2012", "guardian": "母亲冯丽", "contact": "0500-555 3106", "address": "南江区河埠路7号", "school": "南江三中初三（5）班", "narrative": "逃学、和校外的人来往。母亲一个人带，上夜班。"},
		scores: "230221", safe: "yes", found: "每周逃学一两天，晚上家里没人。", goals: "按时到校，晚上有人管", steps: "和学校约好到校就告诉我们；晚自习留校；退休老校长每周谈一次", visits: []visited{{32, "school", "和班主任、孩子坐下来谈，说好每天到校。"}, {20, "home", "母亲调成了白班。"}, {9, "school", "两周没有逃学。"}}, paired: "any"},
	{by: "zhouwenqin", before: 28, class: "at_risk", why: "监护人联系不上，村里先看护", person: map[string]string{"name": "卢梓涵", "birth": "2016", "contact": "0500-555 3107", "address": "稻香镇石桥村", "school": "稻香小学五年级", "narrative": "父亲服刑，母亲多年没有联系，由村里和伯父轮流照看。"},
		scores: "211023", safe: "yes", found: "吃住有着落，没有固定的监护人。", goals: "确定监护人，办好孤儿或困境儿童保障", steps: "和民政、村委一起办；法律援助老师帮写申请", visits: []visited{{21, "home", "伯父愿意做监护人，正在办手续。"}}},
	{by: "fangxiaoyu", before: 110, class: "correction", why: "本人已满十六岁，和监护人分开住", person: map[string]string{"name": "贺一鸣", "birth": "2010", "contact": "0500-555 3108", "address": "南江区工人新村", "narrative": "因打架被处理，社区矫正期间。想学一门手艺。"},
		scores: "121201", safe: "yes", found: "愿意改，缺一份活。", goals: "学会修车，有一份工作", steps: "联系汽修厂师傅带；每月到司法所一次", visits: []visited{{80, "home", "见了汽修厂的师傅，下周开始学。"}, {51, "call", "师傅说肯学，手脚勤快。"}, {23, "home", "开始拿学徒工资了。"}}},
	{by: "zhouwenqin", before: 372, class: "venture", person: map[string]string{"name": "沈国栋", "birth": "1992", "contact": "0500-555 3109", "address": "稻香镇柳塘村6组", "project": "两亩大棚草莓", "narrative": "返乡青年，第一年种草莓，不懂防病。"},
		scores: "322001", safe: "yes", found: "有地、有劲头，缺技术和销路。", goals: "一年见收成，带一户邻居", steps: "农技老专家每季到棚里；合作社包销", visits: []visited{{170, "home", "老专家教了滴灌和防灰霉病。"}, {96, "home", "头茬卖出三千斤。"}, {31, "call", "准备扩到四亩。"}}, paired: "any"},
	{by: "zhouwenqin", before: 120, class: "venture", person: map[string]string{"name": "丁春梅", "birth": "1988", "contact": "0500-555 3110", "address": "稻香镇大坪村", "project": "网上卖土蜂蜜", "narrative": "婆婆常年卧床，想在家门口挣钱。"},
		scores: "213001", safe: "yes", found: "蜂养得好，不会开网店。", goals: "开起网店，月月有单", steps: "电商老师教拍照、发货", visits: []visited{{95, "home", "网店开了，第一天卖出五瓶。"}, {20, "online", "看了网店，帮着改了说明。"}}, end: "网店每月稳定有四五十单，自己会做了。"},
	{by: "luweiming", before: 66, class: "left_behind", person: map[string]string{"name": "蒋沐阳", "birth": "2018", "guardian": "奶奶王秀珍", "contact": "0500-555 3111", "address": "东山路22号", "school": "东山小学三年级", "narrative": "父母在外地开小店，跟奶奶住。"},
		scores: "110011", safe: "yes", found: "奶奶照料好，孩子内向。", visits: []visited{{36, "home", "孩子愿意参加假日学校合唱。"}}},
	{by: "luweiming", before: 60, class: "at_risk", person: map[string]string{"name": "葛晨曦", "birth": "2013", "guardian": "父亲葛伟", "contact": "0500-555 3112", "address": "东山路61号", "school": "东山中学初二", "narrative": "父母常吵架，孩子几次离家到同学家住。"},
		scores: "221121", safe: "no", found: "父亲酒后打过孩子，已和派出所、学校说明。", goals: "孩子安全，父亲戒酒", steps: "派出所训诫；心理老师每周一次；孩子有同学家和老师家两处可去", visits: []visited{{50, "home", "和民警一起上门，父亲写了保证。"}, {37, "school", "心理老师说孩子愿意说话了。"}, {24, "home", "母亲带孩子住到外婆家，安全。"}, {11, "call", "这两周平静。"}}},
}

// cases are the cases of the demonstration, and the accounts that hold them.
func (l *demoLoad) cases() {
	day := clock.Day(l.city.Day)
	l.at(l.begun, func(ctx context.Context) error {
		for _, x := range caseWorkers {
			u := l.unit(x.unit)
			acc, err := l.a.Account.Create(ctx, account.NewAccount{Login: x.login, Person: x.name, Unit: u.ID, Password: DemoPassword})
			if err != nil {
				return l.name(x.login, err)
			}
			if _, err := l.a.Account.Grant(ctx, account.Grant{Account: acc.ID, Kind: "work", Unit: u.ID, From: l.begun, To: day.AddDays(365), Reason: "办理个案"}); err != nil {
				return l.name(x.login, err)
			}
		}
		return nil
	})
	for _, f := range demoFollowed {
		l.followed(f, day)
	}
}

// followed follows a case over the days after it was opened.
func (l *demoLoad) followed(f followed, day clock.Day) {
	var ref id.Ref
	var u org.Unit
	on := func(before int, do func(ctx context.Context) error) {
		then := day.AddDays(-before)
		l.at(then, func(ctx context.Context) error {
			acc, err := l.a.Account.ByLogin(ctx, f.by)
			if err != nil {
				return err
			}
			actor, err := l.a.Account.Actor(ctx, acc.ID)
			if err != nil {
				return err
			}
			if u, err = l.a.Org.Unit(ctx, actor.Unit); err != nil {
				return err
			}
			if then < l.begun { // was written down when the program came
				ctx = clock.With(ctx, func() time.Time { return then.Time().Add(9 * time.Hour) })
			}
			return l.name(f.person["name"], do(scope.With(ctx, actor)))
		})
	}
	cases := l.a.Casework
	on(f.before, func(ctx context.Context) (err error) {
		n := casework.Opening{Unit: u.ID, Class: f.class, Person: f.person, Consent: casework.Given, Given: clock.Today(ctx), Form: "paper"}
		if f.why != "" {
			n.Consent, n.Why = casework.Unasked, f.why
		}
		ref, err = cases.OpenCase(ctx, n)
		if err != nil {
			return err
		}
		k := casework.ClassOf(f.class)
		scores := map[string]string{}
		for i, item := range k.Items {
			scores[item] = f.scores[i : i+1]
		}
		if err := cases.Assess(ctx, ref, 0, clock.Today(ctx), scores, f.safe, f.found); err != nil || f.goals == "" {
			return err
		}
		rhythm := f.rhythm
		if rhythm == 0 {
			rhythm = int64(k.Rhythm)
		}
		return cases.Plan(ctx, ref, 0, f.goals, f.steps, day.AddDays(180), rhythm)
	})
	for _, v := range f.visits {
		on(v.before, func(ctx context.Context) error {
			return cases.Visit(ctx, ref, clock.Today(ctx), v.how, v.text, "", 0, "")
		})
	}
	if f.paired != "" {
		on(7, func(ctx context.Context) error {
			around, err := caseVolunteers{l.a.Volunteer}.Around(ctx, u, clock.Today(ctx))
			if err != nil {
				return err
			}
			n := len(f.person["narrative"]) // not the same volunteer for all
			for i := range around {
				h := around[(i+n)%len(around)]
				if h.Fit && (f.paired == "any" || f.paired == h.Name) {
					return cases.Pair(ctx, ref, 0, h.Ref, day.AddDays(80))
				}
			}
			return fmt.Errorf("nobody to pair with")
		})
	}
	if f.pause != "" {
		on(5, func(ctx context.Context) error { return cases.Pause(ctx, ref, 0, day.AddDays(40), f.pause) })
	}
	if f.end != "" {
		on(4, func(ctx context.Context) error {
			return cases.Close(ctx, ref, 0, "reached", f.end)
		})
	}
}
