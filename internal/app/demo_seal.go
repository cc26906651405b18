package app

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/seal"
)

// demoTexts are what guardians read in the demonstration; a lawyer has seen none of it, and it says so.
var demoTexts = map[string]seal.Text{
	"camp":  {Body: "演示文本，未经律师审定。\n一、收集什么：孩子的姓名，监护人姓名和电话，紧急联系人和电话。\n二、做什么用：办理本次夏（冬）令营的报名、保险和紧急联系，不作别的用途。\n三、谁能看：主办单位的工作人员。别的人要看，须经主办单位授权，每次查看都留痕。\n四、保存多久：营期结束90天后自动销毁。"},
	"photo": {Body: "演示文本，未经律师审定。\n一、收集什么：活动中拍到孩子的照片，不写姓名。\n二、做什么用：在关工委的网页和简报上介绍活动。\n三、怎样撤回：告诉主办单位，照片马上停用，7天后清除。", Days: 365},
}

// wishes are what guardians asked of the city about the camp in spring: one answered, one that waits.
func (l *demoLoad) wishes() {
	day, city := clock.Day(l.city.Day), l.unit(l.city.Home)
	l.at(day.AddDays(-200), func(ctx context.Context) error {
		for _, purpose := range []string{"camp", "photo"} {
			t := demoTexts[purpose]
			t.Purpose = purpose
			if err := l.a.Seal.SetText(l.as(ctx, city), t); err != nil {
				return err
			}
		}
		return nil
	})
	var answered id.Ref
	l.at(day.AddDays(-30), func(ctx context.Context) (err error) {
		x := demoCampers[1]
		answered, err = l.a.Seal.AddWish(l.as(ctx, city), city.ID, seal.Wish{Kind: seal.ToSee, Asker: "guardian", Proof: "papers", Received: day.AddDays(-30), Name: x.name, Phone: x.phone, Words: "想知道研学营留了孩子哪些信息。"})
		return l.name(city.Code, err)
	})
	l.at(day.AddDays(-27), func(ctx context.Context) error {
		return l.a.Seal.Answer(l.as(ctx, city), answered, 1, "done", "打印了保存的信息，当面交给孩子父亲。")
	})
	l.at(day.AddDays(-3), func(ctx context.Context) error {
		x := demoCampers[4]
		_, err := l.a.Seal.AddWish(l.as(ctx, city), city.ID, seal.Wish{Kind: seal.ToErase, Asker: "guardian", Proof: "known", Received: day.AddDays(-3), Name: x.name, Phone: x.phone, Words: "孩子转学去了外地，要求删掉登记。"})
		return l.name(city.Code, err)
	})
}
