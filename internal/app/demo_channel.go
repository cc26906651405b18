package app

import (
	"context"
	"time"

	"xinhuo/internal/channel"
	"xinhuo/internal/kit/clock"
)

// channels are those of the city: a work group's robot and a mail server, set up and switched off, with what the robot sent
// while it was on. Their addresses lead nowhere.
func (l *demoLoad) channels() {
	city, day := l.unit(l.city.Home), clock.Day(l.city.Day)
	l.at(day.AddDays(-4), func(ctx context.Context) error {
		ctx = l.as(ctx, city)
		site := "https://gx.example.cn"
		if err := l.a.Channel.Set(ctx, city.ID, channel.DingTalk, channel.Config{URL: "https://oapi.dingtalk.example/robot/send?access_token=demo", Secret: "SEC-demonstration"}, site); err != nil {
			return err
		}
		if err := l.a.Channel.Set(ctx, city.ID, channel.Mail, channel.Config{Host: "smtp.example.cn", Port: 465, User: "gx@example.cn", Password: "demonstration", From: "gx@example.cn"}, site); err != nil {
			return err
		}
		var past []channel.Message
		for i := range 9 {
			at := day.AddDays(-40 + 4*i).Time().Add(9*time.Hour + time.Duration(17*i)*time.Minute).UnixMilli()
			m := channel.Message{What: channel.OfTask, At: at, State: channel.Sent, Tries: 1, TriedAt: at + 1800}
			switch i {
			case 0:
				m.What = channel.OfTest
			case 5: // an hour without a line
				m.Tries, m.TriedAt = 16, at+int64(62*time.Minute/time.Millisecond)
			case 8: // the robot had been taken out of the group
				m.State, m.Tries, m.TriedAt, m.Error = channel.Aside, 870, at+int64(73*time.Hour/time.Millisecond), "channel.err.refused"
			}
			past = append(past, m)
		}
		return l.a.Channel.Remember(ctx, city.ID, channel.DingTalk, past)
	})
}
