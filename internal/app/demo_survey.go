package app

import (
	"context"
	"fmt"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/survey"
)

// surveys are those of the city: the survey of all bases, answered by every county and town that hosts one and merged; and one
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
		*census, err = l.issueSurvey(l.as(ctx, city), survey.Survey{Unit: city.ID, Title: fmt.Sprintf("%d年阵地普查", begun.Year()), Document: fmt.Sprintf("云关工委〔%d〕6号", begun.Year()), About: "base", Levels: []org.Level{org.County},
			Due: begun.AddDays(30), Text: "按登记逐个核对区县本级的阵地。登记不对的直接改，市里审定以后登记跟着改。",
			Questions: []survey.Question{{Field: "run_mode"}, {Field: "hours"}, {Field: "capacity"}, {Field: "area_m2"}, {Field: "facilities"},
				{Label: "上一年接待青少年多少人次", Kind: "number"}, {Label: "最缺什么", Kind: "several", Options: []string{"讲解员", "展陈更新", "场地维修", "活动经费", "什么都不缺"}}}})
		return l.name(city.Code, err)
	})
	for n, u := range counties {
		l.at(begun.AddDays(8+n*2), func(ctx context.Context) error { return l.name(u.Code, l.answerCensus(l.as(ctx, u), *census, u, n)) })
		l.at(begun.AddDays(34), func(ctx context.Context) error {
			return l.name(u.Code, l.a.Survey.Accept(l.as(ctx, city), *census, u.ID, l.answerVersion(ctx, *census, u)))
		})
	}
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

// answerCensus checks each base of a county: most are as registered, some have grown, opened longer or got their net.
func (l *demoLoad) answerCensus(ctx context.Context, ref id.Ref, u org.Unit, n int) error {
	t, err := l.a.Survey.Task(ctx, ref, u.ID)
	if err != nil {
		return err
	}
	list, err := l.a.Survey.Subjects(ctx, t)
	if err != nil {
		return err
	}
	for k, e := range list {
		typed := map[int][]string{6: {fmt.Sprint(600 + (n*7+k*13)%40*50)}, 7: {[]string{"讲解员", "展陈更新", "活动经费", "什么都不缺"}[(n+k)%4]}}
		for no, v := range e.Was {
			typed[no] = v
		}
		switch (n + k*3) % 5 {
		case 0:
			typed[3] = []string{fmt.Sprint(80 + k*10)}
		case 1:
			typed[2] = []string{"周二至周日9:00—17:00，周一闭馆"}
		case 2:
			typed[5] = append(slices.Clone(typed[5]), "wifi")
		}
		if err := l.a.Survey.Fill(ctx, ref, u.ID, l.answerVersion(ctx, ref, u), e.Base.String(), typed, record.Change{}); err != nil {
			return err
		}
	}
	return l.a.Survey.Send(ctx, ref, u.ID, l.answerVersion(ctx, ref, u))
}
