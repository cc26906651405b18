package app

import (
	"context"
	"fmt"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
	"xinhuo/internal/training"
	"xinhuo/internal/volunteer"
)

// trainings are the yearly plans of the home city and its counties: courses that were held, with those who came, some
// certificates that end soon or have ended, meetings on a document, and courses that are still to come or are late.
func (l *demoLoad) trainings() {
	city := l.unit(l.city.Home)
	day := clock.Day(l.city.Day)
	var counties []org.Unit
	for _, x := range l.city.Units {
		if u := l.unit(x.Code); strings.HasPrefix(x.Code, l.city.Home) && u.Level == org.County && u.StandsOn(day) {
			counties = append(counties, u)
		}
	}
	paper := training.Document{Number: fmt.Sprintf("云关委〔%d〕4号", day.Year()), Title: "关于加强新时代关心下一代工作队伍建设的意见"}
	spring := training.Course{Unit: city.ID, Title: "全市关工委骨干读书班", Subject: "理论学习", From: day.AddDays(-74), Last: day.AddDays(-73), Minutes: 600, Place: "市老干部活动中心", Teacher: "市委党校 方明远", Documents: []training.Document{paper}}
	for i, c := range counties {
		spring.Cadres = append(spring.Cadres, training.Cadres{Unit: c.ID, N: int64(2 + i%3)})
	}
	l.course(city, spring, nil)
	l.course(city, training.Course{Unit: city.ID, Title: "急救知识培训班", Subject: "安全", Planned: day.AddDays(62), Minutes: 360, Competence: "急救", Months: 24, Note: "和市红十字会一起办"}, nil)
	for i, c := range counties {
		l.trainingOf(c, i+1, paper)
	}
}

func (l *demoLoad) trainingOf(county org.Unit, n int, paper training.Document) {
	day := clock.Day(l.city.Day)
	var towns []org.Unit
	for _, x := range l.city.Units {
		if u := l.unit(x.Code); u.Parent == county.ID && u.Level == org.Township && u.StandsOn(day) {
			towns = append(towns, u)
		}
	}
	school := county.Name + "青少年宫"
	l.course(county, training.Course{Unit: county.ID, Title: "志愿者岗前培训班", Subject: "岗前培训", From: day.AddDays(-150 - 3*n), Minutes: 180, Place: school, Teacher: county.Name + "检察院 未检科", Competence: "未成年人保护", Months: 36}, towns)
	parents := training.Course{Unit: county.ID, Title: "家庭教育指导培训班", Subject: "关爱业务", From: day.AddDays(-365 + 12 + 9*n), Minutes: 360, Place: school, Teacher: "市妇联 家庭教育讲师", Competence: "家庭教育指导", Months: 12}
	if n%3 == 0 { // certificates of this one have ended already
		parents.From = day.AddDays(-365 - 5*n)
	}
	l.course(county, parents, towns[:min(len(towns), 4)])
	study := training.Course{Unit: county.ID, Title: "学习队伍建设意见座谈会", Subject: "政策文件学习", From: day.AddDays(-20 - n), Minutes: 120, Place: county.Name + "老干部局会议室", Documents: []training.Document{paper}}
	for i, t := range towns {
		if (i+n)%4 != 0 { // every fourth township did not come
			study.Cadres = append(study.Cadres, training.Cadres{Unit: t.ID, N: int64(1 + i%2)})
		}
	}
	l.course(county, study, nil)
	late := day.AddDays(32)
	if n%3 == 1 {
		late = day.AddDays(-45)
	}
	l.course(county, training.Course{Unit: county.ID, Title: "心理辅导骨干培训班", Subject: "心理辅导", Planned: late, Minutes: 720, Competence: "心理辅导", Months: 24}, nil)
	if n%4 == 1 {
		l.course(county, training.Course{Unit: county.ID, Title: "智能手机使用班", Subject: "信息技术", Planned: day.AddDays(-60), Minutes: 120, CancelledOn: day.AddDays(-50), Reason: "场地维修，并入下半年的班"}, nil)
	}
}

// course enters a course after it was held, or when the plan was made; from each of some townships three volunteers came.
func (l *demoLoad) course(u org.Unit, c training.Course, towns []org.Unit) {
	entered := l.begun
	switch {
	case c.From != "":
		entered = max(c.From, c.Last).AddDays(1)
	case c.CancelledOn != "":
		entered = c.CancelledOn
	}
	l.at(entered, func(ctx context.Context) error {
		ctx = l.as(ctx, u)
		for _, t := range towns {
			p, err := l.a.Volunteer.List(ctx, t, c.From, volunteer.Filter{State: volunteer.Active}, -1, "", 3)
			if err != nil {
				return err
			}
			for i, v := range p.Volunteers {
				c.People = append(c.People, training.Attendee{Volunteer: id.Ref{Root: v.Root, ID: v.ID}, Minutes: c.Minutes, Passed: i < 2 || len(c.People)%5 != 0})
			}
		}
		_, err := l.a.Training.Create(ctx, c)
		return l.name(u.Code, err)
	})
}
