package seal

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
)

// narrow is the world's owner with one account that alone may look.
func (w *world) narrow() {
	w.owner.Only = []id.ID{1}
}

// tasks are the texts of what is open in a unit's inbox.
func (w *world) tasks(u org.Unit) []flow.Item {
	w.Helper()
	list, _, err := w.flow.Inbox(w.as(u, 1), 50)
	w.must(err)
	return list
}

// Somebody at the keeper who may not look, and somebody above, let themselves in with a reason: for four hours, told to the keeper, in
// the log, three times a day; nobody beside, nobody without work, nobody from elsewhere.
func TestEmergency(t *testing.T) {
	w := open(t)
	w.narrow()
	w.seal()
	reason := "孩子在河边失联，负责人电话打不通，要马上找到家长"
	colleague, above := w.as(w.town, 2), w.as(w.city, 3)
	reads := func(who context.Context) bool {
		_, err := w.s.Open(who, w.owner)
		return err == nil
	}
	for name, who := range map[string]context.Context{"colleague": colleague, "above": above} {
		if reads(who) {
			t.Fatalf("%s reads anyhow", name)
		}
		w.refused(errs.Invalid, "seal.emergency_reason", w.s.Break(who, w.owner, "急"))
		w.must(w.s.Break(who, w.owner, reason))
		if !reads(who) {
			t.Errorf("%s let themselves in and does not read", name)
		}
	}
	if n := len(w.tasks(w.town)); n != 2 {
		t.Errorf("the keeper has %d tasks, want 2", n)
	}
	if n := w.logged("seal.act.emergency", 0); n != 2 {
		t.Errorf("%d rows in the log, want 2", n)
	}
	w.now = w.now.Add(emergencyFor - time.Millisecond)
	if !reads(colleague) {
		t.Error("over too early")
	}
	w.now = w.now.Add(time.Millisecond)
	if reads(colleague) || reads(above) {
		t.Error("still open after four hours")
	}
	w.must(w.s.Break(colleague, w.owner, reason))
	w.must(w.s.Revoke(w.as(w.town, 1), w.owner, w.grants()[2].ID))
	if reads(colleague) {
		t.Error("the keeper ended it and it opens still")
	}
	w.must(w.s.Break(colleague, w.owner, reason))
	w.must(w.s.Revoke(w.as(w.town, 1), w.owner, w.grants()[3].ID))
	w.refused(errs.Conflict, "seal.emergency_often", w.s.Break(colleague, w.owner, reason))
	w.refused(errs.Forbidden, "seal.closed", w.s.Break(w.as(w.town, 1), w.owner, reason)) // who may look need not
	stranger, err := w.s.org.ByCode(w.ctx, "9903")
	w.must(err)
	for name, who := range map[string]context.Context{
		"beside":   w.as(stranger, 5),
		"viewer":   scope.With(w.ctx, scope.Actor{Account: 6, Unit: w.town.ID, Pos: w.town.Pos, ViewSet: scope.Set{w.town.Range()}}),
		"nobody":   scope.With(w.ctx, scope.Actor{}),
		"below":    w.as(w.village(), 7),
		"auditor":  scope.With(w.ctx, scope.Actor{Account: 8, Unit: w.city.ID, Pos: w.city.Pos, ViewSet: scope.Set{w.city.Range()}, AuditSet: scope.Set{w.city.Range()}, Auditor: true}),
		"a system": scope.With(w.ctx, scope.System("job")),
		"lent":     scope.With(w.ctx, scope.Actor{Account: 10, Unit: w.city.ID, Pos: w.city.Pos, ViewSet: scope.Set{w.city.Range()}, WorkSet: scope.Set{w.town.Range()}}), // works for the town, and not above it
	} {
		if err := w.s.Break(who, w.owner, reason); err == nil {
			t.Errorf("%s lets themselves in", name)
		}
	}
	w.refused(errs.NotFound, "errs.not_found", w.s.Seen(w.as(w.town, 1), w.owner, id.New()))
	for _, g := range w.grants() {
		w.must(w.s.Seen(w.as(w.town, 1), w.owner, g.ID))
	}
	if n := len(w.tasks(w.town)); n != 0 {
		t.Errorf("%d tasks left after the keeper looked", n)
	}
}

func (w *world) grants() []Grant {
	w.Helper()
	list, err := w.s.Grants(w.as(w.town, 1), w.owner)
	w.must(err)
	return list
}

func (w *world) village() org.Unit {
	w.Helper()
	u, err := w.s.org.ByCode(w.ctx, "9902030130001")
	w.must(err)
	return u
}

// On the pages: the form, the refusal that keeps what was typed, the keeper's tick, the overview of who looks after accounts.
func TestEmergencyOnItsPages(t *testing.T) {
	w := open(t)
	w.narrow()
	w.seal()
	at, colleague := here(w.owner.Of, ""), w.as(w.town, 2)
	w.holds("form", w.fetch(colleague, at+"/emergency", 200), "能看4小时")
	w.fetch(w.as(w.town, 1), at+"/emergency", 403)
	w.holds("refusal", w.post(colleague, at+"/emergency", url.Values{"_key": {web.NewKey()}, "reason": {"太短了"}}, 422), "太短了", "至少20个字")
	w.post(colleague, at+"/emergency", url.Values{"_key": {web.NewKey()}, "reason": {"孩子在河边失联，负责人电话打不通，要马上找到家长"}}, 303)
	w.now = w.now.Add(emergencyFor)
	w.holds("keeper", w.fetch(w.as(w.town, 1), at, 200), "孩子在河边失联", "还没核对", "核对过了")
	w.post(colleague, at+"/seen", url.Values{"_key": {web.NewKey()}, "grant": {w.grants()[0].ID.String()}}, 403)
	w.post(w.as(w.town, 1), at+"/seen", url.Values{"_key": {web.NewKey()}, "grant": {w.grants()[0].ID.String()}}, 303)
	w.holds("overview", w.fetch(w.as(w.city, 9), "/seal/grants", 200), "孩子在河边失联", "2019年5月31日核对", "稻香镇")
	w.holds("api", w.fetch(w.as(w.city, 9), "/api/v1/seal/grants", 200), "ends_at")
	viewer := scope.With(w.ctx, scope.Actor{Account: 6, Unit: w.town.ID, Pos: w.town.Pos, ViewSet: scope.Set{w.town.Range()}})
	w.fetch(viewer, "/seal/grants", 403)
	other, err := w.s.org.ByCode(w.ctx, "9903")
	w.must(err)
	if page := w.fetch(w.as(other, 5), "/seal/grants", 200); strings.Contains(page, "河边") {
		t.Error("another city sees it")
	}
}

// A consent covers the version that was read, runs out with its text's days, and may be refused instead; each at once.
func TestConsentHasVersionAndEnd(t *testing.T) {
	w := open(t)
	w.s.AddPurpose("camp", "seal.wish_what")
	ref, own := w.seal(), w.as(w.town, 1)
	agrees := func() bool {
		ok, err := w.s.AllAgree(own, w.owner, "camp")
		w.must(err)
		n, err := w.s.Counts(own, w.owner)
		w.must(err)
		if ok != (n.Consented["camp"] == 1) {
			t.Errorf("agreed %v, counted %d", ok, n.Consented["camp"])
		}
		return ok
	}
	consent := func() {
		w.must(w.s.Consent(own, w.owner, ref, Consent{Purpose: "camp", Given: clock.Today(w.ctx), Form: "paper"}))
	}
	consent()
	if !agrees() {
		t.Fatal("given and does not stand")
	}
	w.must(w.s.Refuse(own, w.owner, ref, "camp"))
	if agrees() {
		t.Error("refused and stands")
	}
	w.refused(errs.Conflict, "seal.no_consent", w.s.Withdraw(own, w.owner, ref, "camp"))
	own = w.running(own)
	w.must(w.s.SetText(own, Text{Purpose: "camp", Body: "收集姓名和电话，用来办夏令营。", Days: 30}))
	w.refused(errs.Conflict, "seal.text_changed", w.s.SetText(own, Text{Purpose: "camp", Body: "另一个人同时写的", Days: 30}))
	w.must(w.s.SetText(own, Text{Purpose: "camp", Version: 1, Body: "收集姓名，用来办夏令营。", Days: 10}))
	for _, bad := range []Text{{Purpose: "camp", Version: 2}, {Purpose: "camp", Version: 2, Body: "x", Days: -1}, {Purpose: "camp", Version: 2, Body: strings.Repeat("长", maxBody+1)}, {Purpose: "what", Body: "x"}} {
		if err := w.s.SetText(own, bad); err == nil {
			t.Errorf("%.40v is taken", bad)
		}
	}
	if err := w.s.SetText(scope.With(w.ctx, scope.Actor{Account: 6, Unit: w.town.ID, WorkSet: scope.Set{w.town.Range()}}), Text{Purpose: "camp", Version: 2, Body: "x"}); err == nil {
		t.Error("anybody writes what guardians read")
	}
	consent()
	list, err := w.s.Open(own, w.owner)
	w.must(err)
	if c := list[0].Consents[0]; c.Version != 2 || c.Until != today.AddDays(10) || c.Refused != "" {
		t.Errorf("%+v", c)
	}
	w.now = today.AddDays(10).Time()
	if !agrees() {
		t.Error("over on its last day")
	}
	w.now = today.AddDays(11).Time()
	if agrees() {
		t.Error("stands after its last day")
	}
	page := w.fetch(own, "/seal/text?purpose=camp", 200)
	w.holds("sheet", page, "收集姓名，用来办夏令营。", "我不同意", "第2版", "收集姓名和电话")
	w.holds("list", w.fetch(own, "/seal/texts", 200), "10天")
	w.fetch(own, "/seal/text?purpose=nothing", 404)
	w.holds("refused", w.post(own, "/seal/text?purpose=camp", url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "body": {"打好的字"}, "days": {"5"}}, 409), "打好的字", "刚才有人改过", `name="_version" value="2"`)
	w.post(own, "/seal/text?purpose=camp", url.Values{"_key": {web.NewKey()}, "_version": {"2"}, "body": {"第三版"}, "days": {"5"}}, 303)
}

// A guardian asks what is kept, and to erase it; the unit finds it by the telephone, hands it over, erases it and answers, from one page.
func TestWishes(t *testing.T) {
	w := open(t)
	w.s.AddSubject(Subject{Kind: w.owner.Kind, Find: []string{"name", "phone"}, Names: map[string]string{"name": "seal.f.name", "phone": "seal.f.phone"}})
	w.seal()
	_, err := w.s.Seal(w.as(w.town, 1), w.owner, map[string]string{"name": "别的孩子", "phone": "13900000002"}, "phone")
	w.must(err)
	own := w.as(w.town, 1)
	w.holds("form again", w.post(own, "/wishes/new", url.Values{"_key": {web.NewKey()}, "kind": {"erase"}, "asker": {"guardian"}, "words": {"孩子外婆来的"}, "received": {"2019-06-30"}}, 422), "孩子外婆来的", "选怎样核实的身份", "写姓名或者电话", "收到的日期")
	form := url.Values{"_key": {web.NewKey()}, "kind": {"erase"}, "asker": {"guardian"}, "proof": {"papers"}, "phone": {" 139 0000 0001 "}, "received": {"2019-05-30"}}
	w.post(own, "/wishes/new", form, 303)
	w.post(own, "/wishes/new", form, 303) // sent twice is one
	list, err := w.s.WishesOf(own, w.town)
	w.must(err)
	if len(list) != 1 || list[0].Due != "2019-06-14" || list[0].No != "2019-1" {
		t.Fatalf("%+v", list)
	}
	if n := len(w.tasks(w.town)); n != 1 {
		t.Errorf("%d tasks, want 1", n)
	}
	at := wishPath(list[0].Ref(), "")
	w.holds("list", w.fetch(own, "/wishes", 200), "2019-1", "等待答复")
	w.holds("wish", w.fetch(own, at, 200), "红色研学营", "139 0000 0001", "销毁查到的1条")
	sheet := w.fetch(own, at+"/sheet", 200)
	w.holds("sheet", sheet, name, "13900000001", "您的权利", "谁看过", "陈玉兰", "查看封存内容")
	if strings.Contains(sheet, "别的孩子") {
		t.Error("the sheet tells of another child")
	}
	above := w.as(w.city, 3)
	for _, path := range []string{at, at + "/sheet", at + "/answer", at + "/erase"} {
		w.fetch(above, path, 403)
	}
	w.post(above, at+"/erase", url.Values{"_key": {web.NewKey()}}, 403)
	told := w.fetch(above, "/wishes?unit="+w.town.ID.String(), 200)
	w.holds("for the auditor", told, "2019-1")
	if strings.Contains(told, at) || strings.Contains(told, "/wishes/new") {
		t.Error("the auditor is led to where they are refused")
	}
	w.holds("sure", w.fetch(own, at+"/erase", 200), "确认销毁", "红色研学营")
	w.post(own, at+"/erase", url.Values{"_key": {web.NewKey()}}, 303)
	kept, err := w.s.Open(own, w.owner)
	w.must(err)
	if kept[0].Fields != nil || kept[1].Fields["name"] != "别的孩子" {
		t.Errorf("%+v", kept)
	}
	w.holds("answer again", w.post(own, at+"/answer", url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "outcome": {"done"}}, 422), "写明怎么答复的")
	w.post(own, at+"/answer", url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "outcome": {"done"}, "answer": {"已经销毁，电话告诉了外婆"}}, 303)
	w.holds("second answer", w.post(own, at+"/answer", url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "outcome": {"done"}, "answer": {"再答一次"}}, 409), "已经答复")
	if n := len(w.tasks(w.town)); n != 0 {
		t.Errorf("%d tasks left", n)
	}
	w.holds("api", w.fetch(own, "/api/v1/wishes", 200), `"outcome":"done"`)
	w.now = today.AddDays(wishKept + 1).Time()
	w.must(w.s.Daily(w.ctx))
	if x, _, err := w.s.Wish(own, list[0].Ref()); err != nil || x.Phone != "" || x.Outcome != "done" {
		t.Errorf("kept as long as it has to be, it says %+v, %v", x, err)
	}
	if strings.Contains(w.fetch(own, "/api/v1/wishes", 200), "1390") {
		t.Error("the API names who asked")
	}
}

// What a wish does not ask for is not done.
func TestOnlyAWishToEraseErases(t *testing.T) {
	w := open(t)
	w.s.AddSubject(Subject{Kind: w.owner.Kind, Find: []string{"phone"}})
	w.seal()
	w.fetch(w.as(w.town, 1), "/seal", 200)
	ref, err := w.s.AddWish(w.as(w.town, 1), w.town.ID, Wish{Kind: ToSee, Asker: "minor", Proof: "known", Phone: "13900000001", Received: today})
	w.must(err)
	_, err = w.s.EraseNamed(w.as(w.town, 1), ref)
	w.refused(errs.Conflict, "seal.wish_other", err)
	w.reads()
}

// The year's numbers are those of the records and of the log, of the unit itself and, for who holds the log, of all below.
func TestYear(t *testing.T) {
	w := open(t)
	ref, own := w.seal(), w.as(w.town, 1)
	w.seal()
	w.must(w.s.Consent(own, w.owner, ref, Consent{Purpose: "camp", Given: today, Form: "paper"}))
	w.must(w.s.Erase(own, w.owner, ref, ByGuardian, "监护人要求"))
	_, err := w.s.Open(own, w.owner)
	w.must(err)
	w.s.Open(w.as(w.city, 3), w.owner) // refused
	_, err = w.s.AddWish(own, w.town.ID, Wish{Kind: ToSee, Asker: "minor", Proof: "known", Name: "某某", Received: today})
	w.must(err)
	for who, u := range map[string]org.Unit{"town": w.town, "city": w.city} {
		y, err := w.s.Year(w.as(u, 9), u, 2019)
		w.must(err)
		var k KindYear
		for _, x := range y.Kinds {
			if x.Kind == w.owner.Kind {
				k = x
			}
		}
		if k.Entered != 2 || k.Live != 1 || k.Erased != 1 || k.Expired != 0 || k.Consented != 1 || k.Withdrawn != 1 {
			t.Errorf("%s: %+v", who, k)
		}
		done, refused := int64(0), int64(0)
		for _, a := range y.Acts {
			if a.Act == openAct {
				done, refused = a.Done, a.Refused
			}
		}
		if done != 1 || refused != 1 {
			t.Errorf("%s: opened %d, refused %d", who, done, refused)
		}
		if len(y.Wishes) != 1 || y.Wishes[0].Received != 1 || y.Late != 0 {
			t.Errorf("%s: %+v", who, y.Wishes)
		}
	}
	clerk := scope.With(w.ctx, scope.Actor{Account: 6, Unit: w.city.ID, Pos: w.city.Pos, ViewSet: scope.Set{w.city.Range()}, WorkSet: scope.Set{w.city.Range()}})
	if _, err := w.s.Year(clerk, w.town, 2019); err == nil {
		t.Error("a clerk above reads the town's year")
	}
	if _, err := w.s.Year(own, w.town, 2020); err == nil {
		t.Error("a year that has not begun")
	}
	w.holds("page", w.fetch(own, "/seal/year?year=2019", 200), "2019年未成年人个人信息保护情况", "查看封存内容", "查阅、复制")
	if doc := w.fetch(own, "/seal/year.docx?year=2019", 200); !strings.HasPrefix(doc, "PK") {
		t.Error("no document")
	}
	w.holds("api", w.fetch(own, "/api/v1/seal/year?year=2019", 200), `"entered":2`)
	w.fetch(own, "/seal/year?year=abc", 404)
}

// An export without names has none; one with names opens with its password alone.
func TestExport(t *testing.T) {
	w := open(t)
	w.s.AddSubject(Subject{Kind: w.owner.Kind, Names: map[string]string{"name": "seal.f.name"}})
	w.seal()
	at, own := here(w.owner.Of, ""), w.as(w.town, 1)
	if plain := w.sheetOf(w.fetch(own, at+"/list.xlsx", 200)); strings.Contains(plain, name) || !strings.Contains(plain, "营员") {
		t.Errorf("the list says %s", plain)
	}
	w.holds("short", w.post(own, at+"/export", url.Values{"password": {"short"}}, 422), "至少12个字符")
	w.fetch(w.as(w.city, 3), at+"/export", 403)
	w.post(w.as(w.city, 3), at+"/export", url.Values{"password": {"a long password"}}, 403)
	sealed := w.post(own, at+"/export", url.Values{"password": {"长长的口令十二个字以上啊"}}, 200)
	if strings.Contains(sealed, name) || !strings.HasPrefix(sealed, "age-encryption.org") {
		t.Error("not an age file")
	}
	if _, err := Unseal(strings.NewReader(sealed), "the wrong password"); err == nil {
		t.Error("any password opens it")
	}
	out, err := Unseal(strings.NewReader(sealed), "长长的口令十二个字以上啊")
	w.must(err)
	var b bytes.Buffer
	_, err = b.ReadFrom(out)
	w.must(err)
	if plain := w.sheetOf(b.String()); !strings.Contains(plain, name) {
		t.Errorf("opened, it says %s", plain)
	}
	if n := w.logged("seal.act.export", 0); n != 1 {
		t.Errorf("%d exports in the log", n)
	}
}

// sheetOf is what stands in a workbook.
func (w *world) sheetOf(file string) string {
	w.Helper()
	x, err := excelize.OpenReader(strings.NewReader(file))
	w.must(err)
	rows, err := x.GetRows(x.GetSheetName(0))
	w.must(err)
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, "|") + "\n")
	}
	return b.String()
}

// running is somebody as who looks after the whole site, too.
func (w *world) running(ctx context.Context) context.Context {
	a := scope.From(ctx)
	a.OperateSet = scope.All
	return scope.With(ctx, a)
}

// How long a class is kept, and what guardians read, holds for the whole site: whoever administers a part of it changes it for nobody,
// above all not so that what their neighbours keep is destroyed earlier.
func TestAPartOfTheSiteChangesNothingForTheWhole(t *testing.T) {
	w := open(t)
	w.s.AddClass(Class{Kind: w.owner.Kind, Name: "seal.wish_what", Since: "seal.when", Ground: "seal.what_for", Days: 100, Least: 30, Most: 200})
	w.s.AddPurpose("camp", "seal.wish_what")
	a := scope.From(w.as(w.town, 1))
	a.AdminSet, a.OperateSet = scope.Set{w.town.Range()}, scope.Set{w.town.Range()}
	town := scope.With(w.as(w.town, 1), a)
	w.refused(errs.Forbidden, "errs.not_yours", w.s.SetKeep(town, w.owner.Kind, 30))
	w.refused(errs.Forbidden, "errs.not_yours", w.s.SetText(town, Text{Purpose: "camp", Body: "x"}))
	if n, err := w.s.KeepDays(town, w.owner.Kind); err != nil || n != 100 {
		t.Errorf("kept for %d days, %v", n, err)
	}
	for _, path := range []string{"/seal/keeping", "/seal/text?purpose=camp"} {
		if strings.Contains(w.fetch(town, path, 200), `method="post"`) {
			t.Errorf("%s offers a form that is refused", path)
		}
		if !strings.Contains(w.fetch(w.running(town), path, 200), `method="post"`) {
			t.Errorf("%s offers no form to whom it is for", path)
		}
	}
}

// How long a class is kept is set within its bounds by who looks after the program, and stands with who and when.
func TestKeeping(t *testing.T) {
	w := open(t)
	w.s.AddClass(Class{Kind: w.owner.Kind, Name: "seal.wish_what", Since: "seal.when", Ground: "seal.what_for", Days: 100, Least: 30, Most: 200})
	own := w.running(w.as(w.town, 1))
	w.holds("before anything was sealed", w.fetch(own, "/seal/keeping", 200), "第一次封存内容时生成")
	w.seal()
	days := func() int64 {
		n, err := w.s.KeepDays(own, w.owner.Kind)
		w.must(err)
		return n
	}
	if days() != 100 {
		t.Error("not as delivered")
	}
	w.holds("bounds", w.post(own, "/seal/keeping", url.Values{"_key": {web.NewKey()}, "class": {w.owner.Kind}, "days": {"201"}}, 422), "30到200", "201")
	w.post(own, "/seal/keeping", url.Values{"_key": {web.NewKey()}, "class": {w.owner.Kind}, "days": {"abc"}}, 422)
	w.post(own, "/seal/keeping", url.Values{"_key": {web.NewKey()}, "days": {"50"}}, 422)
	w.post(own, "/seal/keeping", url.Values{"_key": {web.NewKey()}, "class": {w.owner.Kind}, "days": {"50"}}, 303)
	if days() != 50 {
		t.Error("not as set")
	}
	w.holds("page", w.fetch(own, "/seal/keeping", 200), "50天", "陈玉兰", "AES-256-GCM", "没有设定")
	w.refused(errs.NotFound, "errs.not_found", w.s.SetKeep(own, "nothing", 60))
	if err := w.s.SetKeep(scope.With(w.ctx, scope.Actor{Account: 6, WorkSet: scope.Set{w.town.Range()}}), w.owner.Kind, 60); err == nil {
		t.Error("anybody sets it")
	}
	w.holds("api", w.fetch(own, "/api/v1/seal/keeping", 200), `"days":50`)
}

// What was kept as long as its class says is erased by the clock, the rest stays; the module hears of it, also when people erase.
func TestKeptAsLongAsItsClassSays(t *testing.T) {
	w := open(t)
	over, heard := clock.Day(""), 0
	w.s.AddClass(Class{Kind: w.owner.Kind, Name: "seal.wish_what", Since: "seal.when", Ground: "seal.what_for", Days: 100, Least: 30, Most: 200,
		Over:   func(context.Context, id.Ref) (clock.Day, error) { return over, nil },
		Erased: func(context.Context, id.Ref) error { heard++; return nil }})
	ref := w.seal()
	w.seal()
	w.must(w.s.Erase(w.as(w.town, 1), w.owner, ref, ByGuardian, "监护人要求"))
	if heard != 1 {
		t.Error("nobody heard that people erased")
	}
	for _, x := range []struct {
		over  clock.Day
		after int
		there bool
	}{{"", 1000, true}, {today, 100, true}, {today, 101, false}} {
		over, w.now = x.over, today.AddDays(x.after).Time()
		w.must(w.s.Daily(w.ctx))
		n, err := w.s.Counts(w.ctx, w.owner)
		w.must(err)
		if (n.Records == 1) != x.there || (n.Expired == 1) == x.there {
			t.Errorf("over on %q, %d days on: %+v", x.over, x.after, n)
		}
	}
	if heard != 2 {
		t.Errorf("heard %d times, want 2", heard)
	}
}

// Whoever was let in for the work of a unit reads no more once they have another post, and goes on where their unit was joined into another; who
// was let in for themselves is asked for none.
func TestWhoLeavesThePostIsLetInNoMore(t *testing.T) {
	w := open(t)
	w.seal()
	until := clock.Today(w.ctx).AddDays(30)
	reads := func(who context.Context) bool {
		_, err := w.s.Open(who, w.owner)
		return err == nil
	}
	_, err := w.s.Grant(w.as(w.town, 1), w.owner, Grant{Account: 5, At: w.city.ID, Name: "律师", Purpose: "法律援助", Until: until})
	w.must(err)
	other, err := w.s.org.ByCode(w.ctx, "9903")
	w.must(err)
	if !reads(w.as(w.city, 5)) {
		t.Error("in their post they do not read")
	}
	if reads(w.as(other, 5)) {
		t.Error("from another city they read on")
	}
	w.must(w.s.Break(w.as(w.city, 6), w.owner, "孩子在河边失联，负责人电话打不通，要马上找到家长"))
	if !reads(w.as(w.city, 6)) || reads(w.as(other, 6)) {
		t.Error("an emergency look goes along to another post")
	}
	_, err = w.s.Grant(w.as(w.town, 1), w.owner, Grant{Account: 7, Name: "志愿者", Purpose: "走访", Until: until})
	w.must(err)
	if !reads(w.as(other, 7)) {
		t.Error("a volunteer is asked for a post")
	}
}

// Those above are told neither of an emergency look that nobody has looked at nor of a wish that waits: both tell of single children, and lead to them.
func TestThoseAboveAreNotToldOfLooksAndWishes(t *testing.T) {
	w := open(t)
	w.narrow()
	w.seal()
	w.must(w.s.Break(w.as(w.town, 2), w.owner, "孩子在河边失联，负责人电话打不通，要马上找到家长"))
	_, err := w.s.AddWish(w.as(w.town, 1), w.town.ID, Wish{Kind: ToErase, Asker: "guardian", Proof: "papers", Name: "李小满", Received: clock.Today(w.ctx)})
	w.must(err)
	if got := w.tasks(w.town); len(got) != 2 {
		t.Errorf("the unit has %+v", got)
	}
	w.now = w.now.Add(30 * 24 * time.Hour)
	if list, n, err := w.flow.Below(w.as(w.city, 3), 50); err != nil || n != 0 || len(list) != 0 {
		t.Errorf("above: %d, %+v, %v", n, list, err)
	}
}

// Whoever was let in when they stood for a body reads no more once they do not, or stand for another one.
func TestWhoStandsForNoBodyIsLetInNoMore(t *testing.T) {
	w := open(t)
	w.seal()
	stands := id.ID(71)
	w.s.SetBodies(func(_ context.Context, account id.ID) (id.ID, error) {
		if account != 5 {
			return 0, nil
		}
		return stands, nil
	})
	_, err := w.s.Grant(w.as(w.town, 1), w.owner, Grant{Account: 5, At: w.city.ID, Name: "何知远", Purpose: "联系学校", Until: clock.Today(w.ctx).AddDays(30)})
	w.must(err)
	for _, x := range []struct {
		body  id.ID
		reads bool
	}{{71, true}, {0, false}, {72, false}, {71, true}} {
		stands = x.body
		if _, err := w.s.Open(w.as(w.city, 5), w.owner); (err == nil) != x.reads {
			t.Errorf("for body %d they read: %v", x.body, err)
		}
		if list, err := w.s.LetIn(w.as(w.city, 5)); err != nil || (len(list) == 1) != x.reads {
			t.Errorf("for body %d they are told of %v, %v", x.body, list, err)
		}
	}
}

// An emergency look that nobody has looked at yet is the new keeper's to look at once a matter was handed over: it does not end with that.
func TestALookGoesAlongWithTheMatter(t *testing.T) {
	w := open(t)
	w.narrow()
	w.seal()
	reason := "孩子在河边失联，负责人电话打不通，要马上找到家长"
	w.must(w.s.Break(w.as(w.town, 2), w.owner, reason))
	w.must(w.s.Break(w.as(w.town, 4), w.owner, reason))
	looks := w.grants()
	w.must(w.s.Seen(w.as(w.town, 1), w.owner, looks[1].ID))
	to := w.city
	_, err := w.s.Pass(w.ctx, w.owner.Of, to.ID)
	w.must(err)
	w.owner.Unit = to.ID
	if got := w.tasks(w.town); len(got) != 0 {
		t.Errorf("the former keeper is still asked: %+v", got)
	}
	if got := w.tasks(to); len(got) != 1 {
		t.Errorf("the new keeper is not asked: %+v", got)
	}
	w.must(w.s.Seen(w.as(to, 1), w.owner, looks[0].ID))
	if got := w.tasks(to); len(got) != 0 {
		t.Errorf("looked at, and still asked: %+v", got)
	}
}
