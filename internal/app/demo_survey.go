package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/survey"
)

// surveys are those of the city: the survey of all bases, answered by every unit that hosts one and merged; and one
// that runs, with counties that are late.
func (l *demoLoad) surveys() {
	city, day := l.unit(l.city.Home), clock.Day(l.city.Day)
	var counties []org.Unit
	for _, u := range l.city.Units {
		if x := l.unit(u.Code); x.Level == org.County && u.Parent == l.city.Home && u.ValidTo == "" {
			counties = append(counties, x)
		}
	}
	slices.SortFunc(counties, func(a, b org.Unit) int { return int(a.Pos - b.Pos) })
	census := new(id.Ref)
	begun := day.AddDays(-92)
	l.at(begun, func(ctx context.Context) (err error) {
		*census, err = l.issueSurvey(l.as(ctx, city), survey.Survey{Unit: city.ID, Title: fmt.Sprintf("%d年阵地普查", begun.Year()), Document: fmt.Sprintf("云关工委〔%d〕6号", begun.Year()), About: "base",
			Due: begun.AddDays(30), Text: "谁的阵地谁核对，按登记逐个看。登记不对的直接改，市里审定以后登记跟着改。",
			Questions: []survey.Question{{Field: "run_mode"}, {Field: "hours"}, {Field: "capacity"}, {Field: "area_m2"}, {Field: "facilities"},
				{Label: "上一年接待青少年多少人次", Kind: "number"}, {Label: "最缺什么", Kind: "several", Options: []string{"讲解员", "展陈更新", "场地维修", "活动经费", "什么都不缺"}}}})
		return l.name(city.Code, err)
	})
	for n, u := range l.hosts(city) {
		sent := begun.AddDays(3 + n*7%26) // all in time but every fortieth, which was called upon
		if n%40 == 39 {
			sent = begun.AddDays(32)
		}
		l.at(sent, func(ctx context.Context) error { return l.name(u.Code, l.answerCensus(l.as(ctx, u), *census, u, n)) })
		l.at(begun.AddDays(34), func(ctx context.Context) error {
			if l.answerVersion(ctx, *census, u) == 0 {
				return nil // its first base came later
			}
			return l.name(u.Code, l.a.Survey.Accept(l.as(ctx, city), *census, u.ID, l.answerVersion(ctx, *census, u)))
		})
	}
	l.research(city, counties)
	l.poll(city)
	running := new(id.Ref)
	issued := max(day.AddDays(-24), l.begun)
	l.at(issued, func(ctx context.Context) (err error) {
		*running, err = l.issueSurvey(l.as(ctx, city), survey.Survey{Unit: city.ID, Title: "青少年课后服务情况调查", Document: fmt.Sprintf("云关工委〔%d〕11号", issued.Year()), About: "unit", Levels: []org.Level{org.County},
			Due: issued.AddDays(20), Text: "摸清各区县课后服务和五老参与的底数，供下半年会商使用。",
			Questions: []survey.Question{{Label: "开展课后服务的学校有多少所", Kind: "number", Required: true}, {Label: "其中有五老参与的有多少所", Kind: "number", Required: true},
				{Label: "最受欢迎的内容", Kind: "several", Options: []string{"书法绘画", "红色故事", "法治课", "科普", "体育", "心理辅导"}}, {Label: "经费从哪里来", Kind: "choice", Options: []string{"财政安排", "学校自筹", "社会捐助", "没有经费"}, Required: true},
				{Label: "最大的困难", Kind: "text"}}})
		return l.name(city.Code, err)
	})
	for n, u := range counties {
		if n%3 == 1 {
			continue // has not answered
		}
		l.at(issued.AddDays(6+n), func(ctx context.Context) error {
			ctx = l.as(ctx, u)
			typed := map[int][]string{1: {fmt.Sprint(42 + n*7)}, 2: {fmt.Sprint(9 + n*3)}, 3: {"书法绘画", []string{"红色故事", "法治课", "科普"}[n%3]}, 4: {[]string{"财政安排", "学校自筹", "社会捐助"}[n%3]},
				5: {[]string{"愿意来的老师多，车费没有着落。", "乡镇学校远，五老来回要半天。", "会讲科普的人少。"}[n%3]}}
			if err := l.a.Survey.Fill(ctx, *running, u.ID, 0, "unit", typed, record.Change{}); err != nil {
				return l.name(u.Code, err)
			}
			return l.name(u.Code, l.a.Survey.Send(ctx, *running, u.ID, 1))
		})
		l.at(day.AddDays(-3), func(ctx context.Context) error {
			ctx = l.as(ctx, city)
			switch n {
			case 0, 2:
				return l.name(u.Code, l.a.Survey.Accept(ctx, *running, u.ID, 2))
			case 3:
				return l.name(u.Code, l.a.Survey.SendBack(ctx, *running, u.ID, 2, "学校总数和教育部门的不一致，核对以后再报"))
			}
			return nil
		})
	}
}

// hosts are the units of a city that host a base as it stands, in the order of the tree.
func (l *demoLoad) hosts(city org.Unit) (out []org.Unit) {
	seen := map[id.ID]bool{}
	for _, b := range l.city.Bases {
		u := l.unit(b.Host)
		if r := city.Range(); !seen[u.ID] && u.Pos >= r.From && u.Pos < r.To && u.StandsOn(clock.Day(l.city.Day)) {
			seen[u.ID] = true
			out = append(out, u)
		}
	}
	slices.SortFunc(out, func(a, b org.Unit) int { return int(a.Pos - b.Pos) })
	return out
}

// issueSurvey writes and issues a survey as the office of a unit.
func (l *demoLoad) issueSurvey(ctx context.Context, v survey.Survey) (id.Ref, error) {
	ref, err := l.a.Survey.Create(ctx, v)
	if err != nil {
		return ref, err
	}
	return ref, l.a.Survey.Issue(ctx, ref, 1)
}

func (l *demoLoad) answerVersion(ctx context.Context, ref id.Ref, u org.Unit) int64 {
	t, err := l.a.Survey.Task(ctx, ref, u.ID)
	if err != nil {
		return 0
	}
	return t.Version
}

// answerCensus checks each base of a host: most are as registered, some have grown, opened longer or got their net.
func (l *demoLoad) answerCensus(ctx context.Context, ref id.Ref, u org.Unit, n int) error {
	t, err := l.a.Survey.Task(ctx, ref, u.ID)
	if errs.Is(err, errs.NotFound) {
		return nil // its first base came later
	}
	if err != nil {
		return err
	}
	list, err := l.a.Survey.Subjects(ctx, t)
	if err != nil {
		return err
	}
	for k, e := range list {
		typed := map[int][]string{6: {fmt.Sprint(300 + (n*7+k*13)%40*35)}, 7: {[]string{"讲解员", "展陈更新", "活动经费", "什么都不缺"}[(n+k)%4]}}
		for no, v := range e.Was {
			typed[no] = v
		}
		switch (n + k*3) % 5 {
		case 0:
			if held, err := strconv.Atoi(strings.Join(typed[3], "")); err == nil {
				typed[3] = []string{fmt.Sprint(held + 20)} // a room more
			}
		case 1:
			typed[2] = []string{"周二至周日9:00—17:00，周一闭馆"}
		case 2:
			if slices.Contains(typed[5], "wifi") {
				break
			}
			typed[5] = append(slices.Clone(typed[5]), "wifi")
		}
		if err := l.a.Survey.Fill(ctx, ref, u.ID, l.answerVersion(ctx, ref, u), e.Base.String(), typed, record.Change{}); err != nil {
			return err
		}
	}
	return l.a.Survey.Send(ctx, ref, u.ID, l.answerVersion(ctx, ref, u))
}

// research are six reports: four of the city, two of counties; half of them were adopted.
func (l *demoLoad) research(city org.Unit, counties []org.Unit) {
	day := clock.Day(l.city.Day)
	for n, x := range []survey.Report{
		{Unit: city.ID, Title: "关于乡镇留守儿童校外看护情况的调研报告", Topic: "留守儿童", Sites: []string{"稻香镇", "桥南镇", "柳溪乡"}, Authors: []string{"谢广平", "陈玉兰"}, AdoptedBy: "云州市委、市政府", Adoption: "市委主要负责同志批示，写进全市留守儿童关爱方案",
			Findings: "走访三个乡镇、五十六户。放学以后到家长下工前这段时间没人看管的占三成，多在四、五年级。建议村级活动室周一至周五开到晚上七点，由五老轮值，市里补照明和取暖。"},
		{Unit: city.ID, Title: "五老参与课后服务的现状和建议", Topic: "课后服务", Sites: []string{"东渡区实验小学", "南江区第三小学"}, Authors: []string{"陈玉兰"}, AdoptedBy: "云州市教育局", Adoption: "列入下学期课后服务课程目录",
			Findings: "两所学校的书法、红色故事课报名超过名额一倍，难在来回路费和排课。建议教育部门把五老课程列入目录，按课时给交通补助。"},
		{Unit: city.ID, Title: "青少年网络沉迷家庭因素调查", Topic: "网络", Sites: []string{"西岭区", "海棠区"}, Authors: []string{"谢广平", "罗淑芬"},
			Findings: "沉迷的孩子里，父母一方长期在外的占六成。单讲管手机作用不大，家里有人陪着做一件事，见效最快。建议家长学校增加亲子活动。"},
		{Unit: city.ID, Title: "阵地利用率调研报告", Topic: "阵地建设", Sites: []string{"中岭区", "石桥县", "青禾县"}, Authors: []string{"陈玉兰", "罗淑芬"}, AdoptedBy: "云州市关工委主任会议", Adoption: "会议决定阵地每年核对一次登记",
			Findings: "一半阵地平日闭门，周末开放的不到三分之一。讲解员不足是主要原因。建议和学校排好全年课表，讲解员从骨干里培训。"},
		{Title: "城乡结合部青少年法治教育调研", Topic: "法治教育", Sites: []string{"桥头镇", "新桥街道"}, Authors: []string{"周文琴"}, Findings: "流动人口子女换学校多，法治课断续。建议把法治课放进社区暑期课堂，由法治副校长轮流去。"},
		{Title: "职校学生就业心态调研", Topic: "就业", Sites: []string{"区职业中专"}, Authors: []string{"周文琴", "邓立新"}, AdoptedBy: "区人力资源和社会保障局", Adoption: "开了两场五老企业家见面会", Findings: "六成学生不了解本地企业。愿意听做过车间主任的五老讲，不愿意听空道理。"},
	} {
		u := city
		if x.Unit == 0 && len(counties) > 0 {
			u = counties[2%len(counties)]
		}
		x.Unit, x.FinishedOn = u.ID, max(day.AddDays(-150+n*22), l.begun)
		if x.AdoptedBy != "" {
			x.AdoptedOn = x.FinishedOn.AddDays(12)
		}
		l.at(x.FinishedOn.AddDays(12), func(ctx context.Context) error {
			_, err := l.a.Survey.AddReport(l.as(ctx, u), x, record.Change{})
			return l.name(u.Code, err)
		})
	}
}

// poll is a questionnaire to the city's young people, closed a month ago: most want to draw and to be helped with their learning,
// and one in eight often feels low.
func (l *demoLoad) poll(city org.Unit) {
	day := clock.Day(l.city.Day)
	ref, link := new(id.Ref), new(string)
	opened := max(day.AddDays(-50), l.begun)
	l.at(opened, func(ctx context.Context) (err error) {
		ctx = l.as(ctx, city)
		needs := []string{"心理健康", "法治宣讲", "科普", "助学", "书画", "家庭教育", "技能传授"}
		if *ref, err = l.a.Survey.AddPoll(ctx, survey.Poll{Unit: city.ID, Title: "你最想要哪些帮助", Audience: "young", Needs: needs, Expected: 400, Closes: opened.AddDays(20)}); err != nil {
			return l.name(city.Code, err)
		}
		*link, err = l.a.Survey.PollLink(ctx, *ref)
		return l.name(city.Code, err)
	})
	wishes := []string{"书画\n科普", "助学", "书画", "科普\n心理健康", "心理健康", "助学\n书画", "法治宣讲", "家庭教育\n心理健康", "科普"}
	group, moods := []string{"12to14", "12to14", "15to17", "15to17", "15to17", "to11", "12to14"}, []string{"seldom", "seldom", "sometimes", "seldom", "seldom", "sometimes", "seldom", "often"}
	l.at(opened.AddDays(6), func(ctx context.Context) error {
		_, sig, _ := strings.Cut(*link, "?k=")
		for n := range 263 {
			x := survey.Sheet{Age: group[n*5%7], Mood: moods[(n*3+n/8)%8], Needs: wishes[(n*7+n/9)%9]}
			if n%60 == 59 {
				x.Age, x.Needs = "from18", "技能传授"
			}
			if err := l.a.Survey.Answer(ctx, *ref, sig, fmt.Sprintf("10.%d.%d.9:80", n/200, n%200), x); err != nil {
				return l.name(city.Code, err)
			}
		}
		return nil
	})
	l.at(opened.AddDays(20), func(ctx context.Context) error {
		return l.name(city.Code, l.a.Survey.ClosePoll(l.as(ctx, city), *ref, 1))
	})
}
