package app

import (
	"context"
	"io"
	"slices"

	"xinhuo/internal/care"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// helped is a request of the demonstration and what became of it; whatever is empty did not happen. All of it is invented.
type helped struct {
	before int // days before today
	ask    care.Ask
	told   string
	met    string
	noted  string
	again  string
	last   string
	score  int64
	duty   *demoDuty // what of it had to be reported

	photo       string // that came with it, by its name
	booked      care.Entry
	refer, what string // the login that was let in, and what for
	passed      string // the desk that took it over, by its code; taker is who did
	taker       string
}

var demoHelped = []helped{
	{before: 34, ask: care.Ask{Kind: "mind", Asker: "young", Way: "here", Name: "小满", Text: "期中考试以后一直睡不着，上课老走神，不敢跟爸妈说。想找个人说说话。"},
		told: "小满，谢谢你愿意说出来。睡不着、走神，很多同学考完试都有过，不是你的错。周六上午9点，退休的心理老师在区青少年宫等你，一个人来或者带同学来都行。", met: "周六面谈一小时，教了放松呼吸的办法，孩子愿意下周再来。", noted: "下周三电话回访。",
		again: "我去了，老师人很好，这几天睡得好一点了。", last: "听你这么说我们很高兴。以后难过了，随时来找我们。", score: 5},
	{before: 9, ask: care.Ask{Kind: "hardship", Asker: "parent", Way: "call", Contact: "0500-555 2301，晚上方便", Name: "孩子奶奶", Text: "孩子爸妈在外打工，今年我住院花了钱，开学的书本费和校服钱凑不上，想问问有没有能帮的。"},
		told: "您好，情况收到了。镇上的老同志这两天到家里看看，带好户口本和住院的票据，助学的事我们帮您问。", met: "稻香镇两位老同志上门，情况属实，材料已收齐。"},
	{before: 16, ask: care.Ask{Kind: "law", Asker: "other", Way: "call", Contact: "0500-555 2303", Name: "邻居", Text: "楼下一家的男孩，七八岁，胳膊上总有青一块紫一块的，夏天也穿长袖，问他就哭。我怕是家里大人动的手。"},
		told: "谢谢您告诉我们。我们已经报给派出所，社区和学校今天就去看孩子。再看到什么，随时打我们的电话。", noted: "派出所、社区一起上门，孩子暂由姑姑照看。", duty: &demoHarmed},
	{before: 0, ask: care.Ask{Kind: "other", Asker: "teacher", Way: "call", Contact: "0500-555 2304", Name: "村小老师", Text: "班上有个女孩，爸妈两年没有回来，奶奶上个月去世以后一直一个人住，饭都是自己做。"},
		told: "收到了，我们今天就和村里一起去看她。", duty: &demoAlone},
	{before: 2, ask: care.Ask{Kind: "law", Asker: "young", Way: "here", Text: "有同学老在校门口要我给他买东西，不给就不让走，我不想告诉家里，该怎么办？"},
		told:  "你没有做错什么。这种事老师和学校一定要管，我们请了法律援助的老师来帮你，不会让你一个人去说。放学先和同学一起走。",
		refer: "hezhiyuan", what: "联系学校，处理校门口强要财物"},
	{before: 12, ask: care.Ask{Kind: "law", Asker: "parent", Way: "call", Contact: "0500-555 2305，中午方便", Name: "孩子父亲", Text: "儿子十七岁，暑假在饭店后厨帮工烫伤了手，老板说不是正式工，医药费一分不出。附上工牌和病历的照片。"},
		photo: "工牌和病历.jpg", told: "材料看到了。年满十六岁就受劳动法保护，没签合同也算用工。我们约好司法所的老师，当面给您讲怎么要回医药费。",
		booked: care.Entry{Kind: care.Booked, Clock: "09:30", Way: "there", Text: "请带病历、收据和同事的电话，两位老同志和司法所的老师都在。"}, met: "父子俩来了，司法所当场帮写了调解申请，下周由街道调解。", noted: "下周三问调解结果。"},
	{before: 19, ask: care.Ask{Kind: "mind", Asker: "young", Way: "here", Name: "住校生", Text: "我在市里上职高，一周才回一次南江。宿舍几个人都不理我，一到晚上就想哭，能不能在学校附近找个人聊聊？"},
		told: "谢谢你告诉我们。市里的受理点离你学校两站路，那里有心理老师值班。你同意的话，我们把这件事转给他们，你还用这个回执号。", passed: "9902", taker: "chenyulan"},
	{before: 0, ask: care.Ask{Kind: "mind", Asker: "teacher", Way: "call", Contact: "0500-555 2302", Name: "班主任", Text: "班里一个孩子父母刚离婚，最近不说话也不交作业，想请心理老师来一趟学校。"}},
}

// demoAsked is what was asked in one busy month, so many that how many can be published.
var demoAsked = []struct{ kind, text, last string }{
	{"mind", "快考试了，一看书就心慌。", "先睡够，再定小目标，一天一点就好。心慌得厉害，随时打12355。"},
	{"law", "网上买游戏账号被骗了三百元。", "留好聊天和付款记录，让家长陪着到派出所报案，我们把办法发给你了。"},
	{"mind", "和最好的朋友吵架了，不想上学。", "先别急着说谁对谁错，写一张小纸条给对方试试。想聊聊，周三下午辅导室有人。"},
	{"mind", "爸妈天天吵架，我睡不着。", "大人的事不是你的错。睡不着的时候可以打12356，有人听你说。"},
	{"law", "打暑假工，老板不给工钱。", "不满十六岁不能招用，满十六岁也要给工钱。劳动监察的电话发给你了，家长去最好。"},
}

// demoTeam is who answers what at a county's desk, by which qualification and for how many days more.
var demoTeam = map[string][]struct {
	login string
	kinds []string
	skill string
	days  int
}{"990203": {
	{"zhouwenqin", []string{"law", "hardship", "other"}, "从事司法行政工作二十年", 400},
	{"fangxiaoyu", []string{"mind", "other"}, "国家二级心理咨询师", 500},
}}

// helpDesks are the desks of the city and of a county, with who is on call, and what was asked at the county's.
func (l *demoLoad) helpDesks() {
	day := clock.Day(l.city.Day)
	for _, x := range []struct{ code, login, phone, hours string }{
		{l.city.Home, "chenyulan", "0500-555 0126", "周一至周五8:30—17:30，其他时间有人值班"},
		{"990203", "zhouwenqin", "0500-555 0203", "周一至周五8:30—17:30，夜间和节假日有人值班"},
	} {
		l.at(day.AddDays(-150), func(ctx context.Context) error {
			u := l.unit(x.code)
			if err := l.a.Care.SetDesk(l.as(ctx, u), care.Desk{Unit: u.ID, Open: true, Kinds: care.Kinds, Phone: x.phone, Hours: x.hours}, []string{x.login}); err != nil {
				return l.name(x.code, err)
			}
			for _, m := range demoTeam[x.code] {
				if err := l.a.Care.AddMember(l.as(ctx, u), u.ID, m.login, care.Member{Kinds: m.kinds, Skill: m.skill, Until: day.AddDays(m.days)}); err != nil {
					return l.name(m.login, err)
				}
			}
			return l.name(x.code, l.a.Care.AddDuty(l.as(ctx, u), u.ID, x.login, care.Duty{Phone: x.phone, From: day.AddDays(-150), To: day.AddDays(60)}))
		})
	}
	busy := clock.Day(string(day.AddDays(-75))[:8] + "12") // all within one month
	for i := range 14 {
		x := demoAsked[i%len(demoAsked)]
		l.helped(l.unit("990203"), "zhouwenqin", busy.AddDays(i), helped{ask: care.Ask{Kind: x.kind, Asker: "young", Way: "here", Text: x.text}, told: "收到了，我们看一看怎么帮你。", last: x.last})
	}
	for _, h := range demoHelped {
		l.helped(l.unit("990203"), "zhouwenqin", day.AddDays(-h.before), h)
	}
}

// helped follows a request over the days after it was asked.
func (l *demoLoad) helped(u org.Unit, login string, on clock.Day, h helped) {
	var q care.Request
	by := func(login string, days int, do func(ctx context.Context, ref id.Ref) error) {
		l.at(on.AddDays(days), func(ctx context.Context) error {
			acc, err := l.a.Account.ByLogin(ctx, login)
			if err != nil {
				return err
			}
			actor, err := l.a.Account.Actor(ctx, acc.ID)
			if err != nil {
				return err
			}
			return l.name(u.Code, do(scope.With(ctx, actor), q.Ref()))
		})
	}
	after := func(days int, do func(ctx context.Context, ref id.Ref) error) { by(login, days, do) }
	const phrase = "外婆家的橘子树"
	a := h.ask
	l.at(on, func(ctx context.Context) (err error) {
		if h.photo != "" {
			data, err := io.ReadAll(demoSheets(2))
			if err != nil {
				return err
			}
			a.Files = []care.Upload{{Name: h.photo, Data: data}}
		}
		a.Unit, a.Phrase = u.ID, phrase
		if a.Receipt, a.Proof, err = l.a.Care.NewReceipt(ctx); err != nil {
			return err
		}
		q, err = l.a.Care.Ask(scope.With(ctx, scope.Actor{}), a, "192.0.2.1")
		return err
	})
	if h.told == "" {
		return
	}
	answers := login
	for _, m := range demoTeam[u.Code] { // the first who answers for its kind
		if slices.Contains(m.kinds, a.Kind) {
			answers = m.login
			break
		}
	}
	after(0, func(ctx context.Context, ref id.Ref) error { return l.a.Care.Assign(ctx, ref, 0, answers) })
	by(answers, 0, func(ctx context.Context, ref id.Ref) error {
		return l.a.Care.Write(ctx, ref, care.Entry{Kind: care.Told, Text: h.told})
	})
	if h.booked.Kind != "" {
		after(0, func(ctx context.Context, ref id.Ref) error {
			e := h.booked
			e.Day = clock.Today(ctx).AddDays(3)
			return l.a.Care.Write(ctx, ref, e)
		})
		after(3, func(ctx context.Context, ref id.Ref) error {
			o, err := l.a.Care.Open(ctx, ref)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(o.Entries, func(e care.Entry) bool { return e.Kind == care.Booked })
			return l.a.Care.MetAt(ctx, ref, o.Entries[i].ID, true)
		})
	}
	if h.refer != "" {
		after(1, func(ctx context.Context, ref id.Ref) error {
			return l.a.Care.Refer(ctx, ref, 0, h.refer, h.what, clock.Today(ctx).AddDays(60), true)
		})
	}
	if h.passed != "" {
		after(1, func(ctx context.Context, ref id.Ref) error {
			return l.a.Care.Offer(ctx, ref, 0, l.unit(h.passed).ID, true)
		})
		by(h.taker, 2, func(ctx context.Context, ref id.Ref) error {
			if err := l.a.Care.Accept(ctx, ref); err != nil {
				return err
			}
			return l.a.Care.Write(ctx, ref, care.Entry{Kind: care.Told, Text: "你好，我是市里受理点的陈老师。周三、周五晚上7点到9点心理老师都在，从你学校后门坐3路两站就到。想先在这里说说，也可以。"})
		})
	}
	if h.duty != nil {
		after(0, func(ctx context.Context, ref id.Ref) error { return l.harmed(ctx, ref, *h.duty) })
	}
	if h.met != "" {
		after(3, func(ctx context.Context, ref id.Ref) error {
			return l.a.Care.Write(ctx, ref, care.Entry{Kind: care.Met, Text: h.met})
		})
	}
	if h.ask.Kind == "hardship" {
		after(4, func(ctx context.Context, ref id.Ref) error { return l.aidOfHelped(ctx, u, ref) })
	}
	if h.noted != "" {
		after(3, func(ctx context.Context, ref id.Ref) error {
			return l.a.Care.Write(ctx, ref, care.Entry{Kind: care.Noted, Text: h.noted})
		})
	}
	if h.last == "" {
		return
	}
	back := func(ctx context.Context) (care.Answer, error) {
		return l.a.Care.Back(scope.With(ctx, scope.Actor{}), a.Receipt, phrase, "192.0.2.1")
	}
	after(6, func(ctx context.Context, ref id.Ref) error {
		if h.again != "" {
			out, err := back(ctx)
			if err != nil {
				return err
			}
			if _, err := l.a.Care.Say(scope.With(ctx, scope.Actor{}), out.Token, h.again, ""); err != nil {
				return err
			}
		}
		return l.a.Care.Close(ctx, ref, 0, "helped", h.last)
	})
	if h.score == 0 {
		return
	}
	after(7, func(ctx context.Context, _ id.Ref) error {
		out, err := back(ctx)
		if err == nil {
			_, err = l.a.Care.Rate(scope.With(ctx, scope.Actor{}), out.Token, h.score)
		}
		return err
	})
}
