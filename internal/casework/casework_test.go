package casework

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"xinhuo/internal/kit/citizen"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/seal"
)

func (w *world) visit(login string, ref id.Ref, day clock.Day) error {
	return w.s.Visit(w.by(login), ref, day, "home", "外婆身体好，孩子作业按时交。", "", 0, "")
}

var scores = map[string]string{"home": "2", "school": "1", "health": "0", "conduct": "1", "safety": "3", "money": "2"}

// R45: of a case of somebody who has offended holder and lead read alone: not others of the office, not those above, not the command line.
func TestWhoReads(t *testing.T) {
	w := openWorld(t)
	for _, x := range []struct {
		class  string
		office bool
	}{{"left_behind", true}, {"at_risk", false}, {"correction", false}, {"venture", true}} {
		n := w.opening(x.class)
		n.Holder = "holder"
		ref, err := w.s.OpenCase(w.by("lead"), n)
		w.must(err)
		for _, login := range []string{"lead", "holder"} {
			o, err := w.s.Open(w.by(login), ref)
			w.must(err)
			if o.Person["name"] != "秦晓禾" {
				t.Errorf("%s of %s reads %v", login, x.class, o.Person)
			}
		}
		_, err = w.s.Open(w.by("office"), ref)
		if x.office && err != nil {
			t.Errorf("%s: %v", x.class, err)
		} else if !x.office {
			w.kind(err, errs.Forbidden)
			page := testkit.HTML(t, w.do("office", "GET", path(ref), nil, 200).Body.String())
			page.MustNotContain("秦晓禾")
			w.kind(w.visit("office", ref, today), errs.Forbidden)
			page.MustHave("main a[href='/seal/"+ref.String()+"/emergency']", "紧急查看")
			m, err := w.s.matter(w.by("office"), ref) // what the page of the emergency asks
			w.must(err)
			if _, err := w.s.matter(w.by("above"), ref); !errs.Is(err, errs.NotFound) {
				t.Errorf("from above: %v", err)
			}
			w.must(w.s.seal.Break(w.by("office"), m.Owners[0], "孩子来电话说要离家出走，经办人和负责人都打不通"))
			_, err = w.s.Open(w.by("office"), ref)
			w.must(err)
		}
		for _, login := range []string{"above", "beside", "volunteer", "visitor"} {
			_, err = w.s.Open(w.by(login), ref)
			w.kind(err, errs.NotFound)
			w.kind(w.visit(login, ref, today), errs.NotFound)
		}
		if _, err = w.s.Open(w.ctx, ref); err == nil {
			t.Errorf("%s: the command line reads", x.class)
		}
	}
	list, err := w.s.List(w.by("above"), w.desk, Filter{})
	w.must(err)
	if len(list) != 0 {
		t.Errorf("the city is told of %d cases", len(list))
	}
}

// R45: who takes over a case of somebody who has offended reads it by a grant of at most 30 days, and not because they hold it.
func TestHandedOverByGrant(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "correction")
	w.kind(w.s.Hand(w.by("lead"), ref, 0, "holder", "接手帮教", w.today().AddDays(31)), errs.Invalid)
	w.kind(w.s.Hand(w.by("lead"), ref, 0, "above", "接手帮教", w.today()), errs.Invalid)
	w.must(w.s.Hand(w.by("lead"), ref, 0, "holder", "接手帮教", w.today().AddDays(30)))
	w.must(w.visit("holder", ref, today))
	if _, err := w.s.Open(w.by("office"), ref); !errs.Is(err, errs.Forbidden) {
		t.Error(err)
	}
	w.in(31)
	_, err := w.s.Open(w.by("holder"), ref)
	w.kind(err, errs.Forbidden)
	w.kind(w.visit("holder", ref, today), errs.Forbidden)
	_, err = w.s.Open(w.by("lead"), ref)
	w.must(err)
	// the pages of seal hold to the same bound
	_, err = w.seal.Grant(w.by("lead"), owner("casework.juvenile", w.known(ref)), seal.Grant{Account: 1001, Name: "x", Purpose: "x", Until: w.today().AddDays(31)})
	w.kind(err, errs.Invalid)
	// where neither holder nor lead works there any more an administrator of the unit names a lead, and nobody before
	w.kind(w.s.Name(w.by("chief"), ref, 0, "office"), errs.Forbidden)
	w.kind(w.s.Name(w.by("office"), ref, 0, "office"), errs.Forbidden)
	for _, login := range []string{"lead", "holder"} {
		a := w.as[login]
		a.Unit = w.city.ID
		w.as[login] = a
	}
	w.kind(w.s.Name(w.by("office"), ref, 0, "office"), errs.Forbidden)
	w.must(w.s.Name(w.by("chief"), ref, 0, "office"))
	_, err = w.s.Open(w.by("office"), ref)
	w.must(err)
}

// The same child is not registered twice at a unit, by number or by name; another unit and another class know nothing of it, and of those
// who have offended only who entered it is told.
func TestRegisteredOnce(t *testing.T) {
	w := openWorld(t)
	with := func(login, class, name, idNo string, other bool) error {
		n := w.opening(class)
		n.Unit = w.as[login].Unit
		n.Person["name"], n.Person["id_no"], n.Other = name, idNo, other
		_, err := w.s.OpenCase(w.by(login), n)
		return err
	}
	const number = "110105201103072345"
	good := number[:17] + check(number)
	w.must(with("lead", "left_behind", "秦晓禾", good, false))
	w.kind(with("office", "left_behind", "晓禾", strings.ToLower(good), false), errs.Invalid) // the same number
	w.kind(with("office", "left_behind", "秦 晓禾", "", false), errs.Invalid)                  // the same name and year
	w.must(with("office", "left_behind", "秦晓禾", "", true))
	w.must(with("beside", "left_behind", "秦晓禾", good, false))
	w.must(with("office", "at_risk", "秦晓禾", good, false))
	w.must(with("lead", "correction", "秦晓禾", good, false))
	w.kind(with("lead", "correction", "秦晓禾", good, false), errs.Invalid)
	w.must(with("office", "correction", "秦晓禾", good, false)) // is not told that there is one
	w.kind(with("lead", "left_behind", "秦晓禾", good[:17]+"?", true), errs.Invalid)
}

// check is the last place of an identity number, computed by trying.
func check(number string) string {
	for _, c := range "0123456789X" {
		if citizen.Number(number[:17]+string(c)) != "" {
			return string(c)
		}
	}
	return ""
}

// Consent is asked for, or the reason why there is none where the class lets it be.
func TestConsent(t *testing.T) {
	w := openWorld(t)
	for _, x := range []struct {
		class, consent, why string
		ok                  bool
	}{{"left_behind", Refused, "监护人不同意", false}, {"at_risk", Refused, "", false}, {"at_risk", Refused, "监护人不同意", true}, {"correction", Unasked, "监护人联系不上", true}, {"venture", Unasked, "x", false}, {"venture", "", "", false}} {
		n := w.opening(x.class)
		n.Consent, n.Why, n.Other = x.consent, x.why, true
		n.Person["name"] = x.class + x.consent + x.why
		ref, err := w.s.OpenCase(w.by("lead"), n)
		if (err == nil) != x.ok {
			t.Errorf("%+v: %v", x, err)
		}
		if err == nil {
			o, err := w.s.Open(w.by("lead"), ref)
			w.must(err)
			if o.Person["consent_why"] != x.why {
				t.Errorf("%+v: %v", x, o.Person)
			}
		}
	}
	n := w.opening("left_behind")
	n.Given = w.today().AddDays(1)
	_, err := w.s.OpenCase(w.by("lead"), n)
	w.kind(err, errs.Invalid)
	ref := w.opened("lead", "left_behind")
	list, err := w.seal.Open(w.by("lead"), owner("casework.child", w.known(ref)))
	w.must(err)
	if len(list) != 1 || len(list[0].Consents) != 1 || !list[0].Consents[0].Stands(w.today()) {
		t.Errorf("%+v", list)
	}
}

// R48: a child who was not visited for as many days stands in the list and, by its number alone, in the inbox, until somebody visits.
func TestNotVisitedIsListed(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "left_behind")
	overdue := func() int {
		list, err := w.s.List(w.by("office"), w.desk, Filter{Only: "overdue"})
		w.must(err)
		return len(list)
	}
	w.in(30)
	w.must(w.s.Daily(w.ctx))
	if overdue() != 0 || len(w.inbox("office")) != 0 {
		t.Error("a visit is owed on the day, and overdue the day after")
	}
	w.in(1)
	w.must(w.s.Daily(w.ctx))
	w.must(w.s.Daily(w.ctx))
	if got := w.inbox("office"); overdue() != 1 || len(got) != 1 || got[0] != "走访个案 "+w.known(ref).No {
		t.Errorf("%d overdue, %v", overdue(), got)
	}
	w.must(w.s.Pause(w.by("lead"), ref, 0, w.today().AddDays(10), "跟爸妈去外地过暑假"))
	if overdue() != 0 || len(w.inbox("office")) != 0 {
		t.Error("what rests is not overdue")
	}
	w.in(10)
	w.must(w.s.Daily(w.ctx))
	if c := w.known(ref); c.State != Open || c.DueOn != w.today() {
		t.Errorf("after the pause: %+v", c)
	}
	w.in(1)
	w.must(w.s.Daily(w.ctx))
	if overdue() != 1 {
		t.Error("after the pause it is overdue again")
	}
	w.kind(w.s.Visit(w.by("lead"), ref, w.today(), "home", "好", w.today().AddDays(31), 0, ""), errs.Invalid)
	w.must(w.s.Visit(w.by("lead"), ref, w.today(), "home", "好", w.today().AddDays(7), 0, "k1"))
	w.must(w.s.Visit(w.by("lead"), ref, w.today(), "home", "好", w.today().AddDays(7), 0, "k1"))
	if c := w.known(ref); overdue() != 0 || len(w.inbox("office")) != 0 || c.DueOn != w.today().AddDays(7) {
		t.Errorf("%+v", c)
	}
	w.must(w.s.Visit(w.by("lead"), ref, w.today().AddDays(-3), "call", "补记", "", 0, "")) // of an earlier day: changes nothing of what is owed
	if c := w.known(ref); c.DueOn != w.today().AddDays(7) {
		t.Errorf("%+v", c)
	}
	o, err := w.s.Open(w.by("lead"), ref)
	w.must(err)
	if n := len(slices.DeleteFunc(o.Entries, func(e Entry) bool { return e.Kind != Visited })); n != 2 {
		t.Errorf("%d visits: a form counts once", n)
	}
	w.kind(w.s.Visit(w.by("lead"), ref, w.today().AddDays(1), "home", "好", "", 0, ""), errs.Invalid)
	w.kind(w.s.Visit(w.by("lead"), ref, today.AddDays(-1), "home", "好", "", 0, ""), errs.Invalid)
}

// R48, R162: only who has a valid check is paired; they read and write by a grant that ends with the check, at once.
func TestPairing(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "left_behind")
	unchecked := w.vol.add("吴大勇", 0, "")
	w.kind(w.s.Pair(w.by("lead"), ref, 0, unchecked, w.today().AddDays(30)), errs.Invalid)
	w.kind(w.s.Pair(w.by("lead"), ref, 0, id.Ref{Root: 9902, ID: 7}, w.today().AddDays(30)), errs.Invalid)
	checked := w.vol.add("梁水旺", 2000, w.today().AddDays(20))
	w.kind(w.s.Pair(w.by("lead"), ref, 0, checked, w.today().AddDays(181)), errs.Invalid)
	w.must(w.s.Pair(w.by("lead"), ref, 0, checked, w.today().AddDays(60)))
	w.kind(w.s.Pair(w.by("lead"), ref, 0, checked, w.today().AddDays(60)), errs.Invalid)
	w.must(w.s.Assess(w.by("lead"), ref, 0, today, scores, "yes", "外婆年纪大，村里帮着照看。"))
	w.must(w.s.Plan(w.by("lead"), ref, 0, "按时上学", "每月到家一次", w.today().AddDays(90), 20))

	mine, err := w.s.Mine(w.by("volunteer"))
	w.must(err)
	if len(mine) != 1 || mine[0].Ref() != ref {
		t.Fatalf("%+v", mine)
	}
	o, err := w.s.OpenMine(w.by("volunteer"), ref)
	w.must(err)
	if o.Person["name"] != "秦晓禾" || o.Person["narrative"] != "" || slices.ContainsFunc(o.Entries, func(e Entry) bool { return e.Kind == Assessed }) {
		t.Errorf("a volunteer reads %+v", o)
	}
	w.do("volunteer", "GET", MinePath+"/"+ref.String(), nil, 200)
	w.do("volunteer", "POST", MinePath+"/"+ref.String(), url.Values{"_key": {"v1"}, "day": {string(w.today())}, "how": {"home"}, "text": {"陪孩子写作业"}}, 303)
	if c := w.known(ref); c.LastOn != w.today() || c.DueOn != w.today().AddDays(20) {
		t.Errorf("%+v", c)
	}
	if err := w.s.Note(w.by("volunteer"), ref, "x", ""); !errs.Is(err, errs.NotFound) {
		t.Error("a volunteer does nothing but visit:", err)
	}
	if list, err := w.s.Mine(w.by("above")); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	w.in(20) // the check has run out; the clock has not come yet
	_, err = w.s.OpenMine(w.by("volunteer"), ref)
	w.kind(err, errs.NotFound)
	w.kind(w.visit("volunteer", ref, w.today()), errs.NotFound)
	w.must(w.s.Daily(w.ctx))
	pairs, err := w.s.pairsAcrossUnits(w.ctx, ref)
	w.must(err)
	grants, err := w.seal.Grants(w.by("lead"), owner("casework.child", w.known(ref)))
	w.must(err)
	if pairs[0].State != Suspended || len(grants) != 1 || grants[0].Live(w.now) {
		t.Errorf("%+v %+v", pairs, grants)
	}
	if got := w.inbox("office"); !slices.ContainsFunc(got, func(x string) bool { return strings.Contains(x, "换志愿者") }) {
		t.Errorf("the unit is not told: %v", got)
	}
	w.vol.until[checked] = w.today().AddDays(400) // checked again
	w.must(w.s.Pair(w.by("lead"), ref, 0, checked, w.today().AddDays(30)))
	if _, err = w.s.OpenMine(w.by("volunteer"), ref); err != nil {
		t.Error(err)
	}
	again, err := w.s.pairsAcrossUnits(w.ctx, ref)
	w.must(err)
	w.must(w.s.Unpair(w.by("lead"), ref, 0, again[1].ID, "family"))
	_, err = w.s.OpenMine(w.by("volunteer"), ref)
	w.kind(err, errs.NotFound)
	if got := w.inbox("office"); slices.ContainsFunc(got, func(x string) bool { return strings.Contains(x, "换志愿者") }) {
		t.Errorf("%v", got)
	}
	// one without an account: the holder writes for them
	old := w.vol.add("赵长生", 0, w.today().AddDays(500))
	w.must(w.s.Pair(w.by("lead"), ref, 0, old, w.today().AddDays(30)))
	pairs, err = w.s.pairsAcrossUnits(w.ctx, ref)
	w.must(err)
	w.must(w.s.Visit(w.by("lead"), ref, w.today(), "school", "到校看过", "", pairs[2].ID, ""))
	all, err := w.s.Open(w.by("lead"), ref)
	w.must(err)
	if e := all.Entries[len(all.Entries)-1]; e.ByName != "赵长生" {
		t.Errorf("%+v", e)
	}
	w.in(31) // its last day has passed
	w.must(w.s.Daily(w.ctx))
	if pairs, err = w.s.pairsAcrossUnits(w.ctx, ref); err != nil || pairs[2].State != Ended {
		t.Error(pairs, err)
	}
}

// R35: after twelve months somebody has to say what came of it, of those that ended, too.
func TestResultAfterAYear(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "venture")
	w.kind(w.s.Result(w.by("lead"), ref, 0, "better", "好", "", ""), errs.Conflict)
	w.in(365)
	w.must(w.s.Daily(w.ctx))
	owed := func() int {
		list, err := w.s.List(w.by("office"), w.desk, Filter{Only: "result"})
		w.must(err)
		return len(list)
	}
	title := "填写个案 " + w.known(ref).No + " 的成效"
	if owed() != 0 || slices.Contains(w.inbox("office"), title) {
		t.Error("2020 is a leap year: the day is 31 May")
	}
	w.in(1)
	w.must(w.s.Daily(w.ctx))
	if owed() != 1 || !slices.Contains(w.inbox("office"), title) {
		t.Errorf("%d %v", owed(), w.inbox("office"))
	}
	w.kind(w.s.Result(w.by("lead"), ref, 0, "better", "好", "一万", "2万"), errs.Invalid)
	w.must(w.s.Result(w.by("lead"), ref, 0, "better", "两亩草莓卖得好。", "12000", "3.5万"))
	o, err := w.s.Open(w.by("lead"), ref)
	w.must(err)
	if e := o.Entries[len(o.Entries)-1]; e.Words["income_before"] != "1200000" || e.Words["income_after"] != "3500000" {
		t.Errorf("%+v", e)
	}
	if owed() != 0 || slices.Contains(w.inbox("office"), title) || w.known(ref).ResultDue != "2021-05-31" {
		t.Errorf("%+v", w.known(ref))
	}
	w.must(w.s.Close(w.by("lead"), ref, 0, "reached", "自己干得起来了"))
	if c := w.known(ref); c.DueOn != "" || c.ResultDue != w.today().AddYears(1) {
		t.Errorf("%+v", c)
	}
	w.kind(w.visit("lead", ref, w.today()), errs.Conflict)
	w.in(370)
	if owed() != 1 {
		t.Error("of those that ended it is asked, too")
	}
	w.must(w.s.Result(w.by("lead"), ref, 0, "much_better", "带了三户", "", ""))
	if c := w.known(ref); c.ResultDue != "" {
		t.Errorf("%+v", c)
	}
	w.must(w.s.Reopen(w.by("lead"), ref, 0, "遇到冰雹，再帮一把"))
	if c := w.known(ref); c.State != Open || c.DueOn != w.today().AddDays(90) || c.ResultDue != w.today().AddYears(1) {
		t.Errorf("%+v", c)
	}
}

// Another module lends a box to a case's page and may refuse its end.
func TestBoxesAndClosers(t *testing.T) {
	w := openWorld(t)
	open := true
	w.s.AddPanel(Panel{Key: "fake", Render: func(_ context.Context, c Case) (templ.Component, error) {
		return templ.Raw("<p id=fake>" + c.No + "</p>"), nil
	}})
	w.s.AddPanel(Panel{Key: "empty", Render: func(context.Context, Case) (templ.Component, error) { return nil, nil }})
	w.s.AddCloser(func(context.Context, id.Ref) error {
		if open {
			return errs.New(errs.Conflict, "casework.changed")
		}
		return nil
	})
	ref := w.opened("lead", "at_risk")
	w.must(w.s.Assess(w.by("lead"), ref, 0, today, scores, "no", "身上有伤。"))
	page := testkit.HTML(t, w.do("lead", "GET", path(ref), nil, 200).Body.String())
	page.MustHave("#fake", w.known(ref).No)
	mustSay(t, page, "有侵害迹象的")
	other := testkit.HTML(t, w.do("office", "GET", path(ref), nil, 200).Body.String())
	other.MustNotContain("有侵害迹象的")
	w.kind(w.s.Close(w.by("lead"), ref, 0, "reached", "好了"), errs.Conflict)
	w.do("lead", "POST", path(ref)+"/close", url.Values{"_key": {"k"}, "outcome": {"reached"}, "close_text": {"好了"}}, 409)
	open = false
	w.must(w.s.Close(w.by("lead"), ref, 0, "reached", "好了"))
}

type request struct{ read, became int }

func (r *request) Read(ctx context.Context, ref id.Ref) (Asked, error) {
	if r.read++; ref.ID != 7 {
		return Asked{}, errNone
	}
	return Asked{Name: "小满", Contact: "0500-555 2301", Text: "想找个人说说话。"}, nil
}

func (r *request) Became(context.Context, id.Ref, string) error { r.became++; return nil }

// A request for help becomes a case without being typed again, by who may read it.
func TestFromRequest(t *testing.T) {
	w := openWorld(t)
	r := &request{}
	w.s.SetRequests(r)
	from := id.Ref{Root: 9902, ID: 7}
	address := "/casework/new?unit=" + w.desk.ID.String() + "&from=" + from.String()
	w.do("lead", "GET", address, nil, 200)
	if r.read != 0 {
		t.Error("nothing is read before a class is chosen")
	}
	page := testkit.HTML(t, w.do("lead", "GET", address+"&class=at_risk", nil, 200).Body.String())
	mustSay(t, page, "想找个人说说话。")
	mustSay(t, page, "0500-555 2301")
	w.do("lead", "GET", strings.ReplaceAll(address, from.String(), id.Ref{Root: 9902, ID: 8}.String())+"&class=at_risk", nil, 404)
	w.do("above", "GET", address+"&class=at_risk", nil, 403)
	rec := w.do("lead", "POST", address+"&class=at_risk", url.Values{"_key": {"k"}, "name": {"小满"}, "birth": {"2008"}, "narrative": {"想找个人说说话。"}, "consent": {Unasked}, "consent_why": {"本人不愿意告诉家里"}}, 303)
	ref, err := id.ParseRef(strings.TrimPrefix(rec.Header().Get("Location"), "/casework/"))
	w.must(err)
	if c := w.known(ref); c.FromID != 7 || r.became != 1 {
		t.Errorf("%+v %+v", c, r)
	}
	list, err := w.s.CameFrom(w.by("lead"), from)
	w.must(err)
	if len(list) != 1 {
		t.Error(list)
	}
	if list, err = w.s.CameFrom(w.by("above"), from); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
}

// On paper what tells who it is about is left out, unless everything is asked for, which is logged.
func TestPrintIsRedacted(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "left_behind")
	w.must(w.s.Visit(w.by("lead"), ref, today, "home", "到稻香镇柳塘村3组看秦晓禾，打13900001234联系外婆梁桂兰。", "", 0, ""))
	page := testkit.HTML(t, w.do("lead", "GET", path(ref)+"/print", nil, 200).Body.String())
	for _, secret := range []string{"秦晓禾", "梁桂兰", "13900001234", "柳塘村", "稻香小学"} {
		page.MustNotContain(secret)
	}
	mustSay(t, page, "秦＊＊")
	whole := testkit.HTML(t, w.do("lead", "GET", path(ref)+"/print?whole=1", nil, 200).Body.String())
	mustSay(t, whole, "柳塘村")
	w.do("above", "GET", path(ref)+"/print", nil, 404)
}

// What is sealed stands nowhere else: not in the tables, the log or the inbox, and on SQLite in no byte of the file.
func TestNamesStandNowhere(t *testing.T) {
	w := openWorld(t)
	ref := w.opened("lead", "correction")
	w.must(w.s.Assess(w.by("lead"), ref, 0, today, scores, "no", "秦晓禾的评估"))
	w.must(w.s.Plan(w.by("lead"), ref, 0, "秦晓禾上学", "秦晓禾的措施", today.AddDays(30), 10))
	w.must(w.visit("lead", ref, today))
	w.must(w.s.Pause(w.by("lead"), ref, 0, today.AddDays(3), "秦晓禾住院"))
	w.in(400)
	w.must(w.s.Daily(w.ctx))
	secrets := []string{"秦晓禾", "梁桂兰", "13900001234", "柳塘村", "作业按时"}
	for _, question := range []string{
		`SELECT no || class || holder_name || lead_name || outcome || result FROM casework_case`,
		`SELECT kind || arg || by_name || mark FROM casework_entry`,
		`SELECT mark FROM casework_mark`,
		`SELECT value || blind || field FROM seal_value`,
		`SELECT act || note || detail FROM audit_entry`,
		`SELECT key || args || link FROM flow_task`,
	} {
		rows, err := db.Select[string](w.ctx, w.db, question)
		w.must(err)
		if len(rows) == 0 {
			t.Errorf("%s answers nothing: the test looks in the wrong place", question)
		}
		for _, secret := range secrets {
			if strings.Contains(strings.Join(rows, "\n"), secret) {
				t.Errorf("%s says %s", question, secret)
			}
		}
	}
}

// Nobody has to know accounts: the case worker, the lead and whom a case is handed to are chosen by name; whoever opens it stands chosen.
func TestColleaguesAreChosenByName(t *testing.T) {
	w := openWorld(t)
	page := testkit.HTML(t, w.do("office", "GET", at("/casework/new", w.desk.ID)+"&class=correction", nil, 200).Body.String())
	for _, x := range []string{`input[type=radio][name=holder][value=office][checked]`, `input[type=radio][name=lead][value=office][checked]`, `input[type=radio][name=holder][value=holder]`} {
		page.MustHave(x, "")
	}
	ref := w.opened("lead", "correction")
	page = testkit.HTML(t, w.do("lead", "GET", path(ref), nil, 200).Body.String())
	page.MustHave(`#do-hand input[type=radio][name=login][value=holder]`, "")
	if page.Has(`input[value=above]`) {
		t.Error("somebody of the city is offered")
	}
}

// Days and years are read as people write them, and a score that is missing is named.
func TestNumbersAsTheyAreTyped(t *testing.T) {
	w := openWorld(t)
	n := w.opening("left_behind")
	form := url.Values{"class": {"left_behind"}, "consent": {"given"}, "given": {string(w.today())}, "form": {"paper"}, "rhythm": {"２０天"}, "_key": {"k1"}}
	for k, v := range n.Person {
		form.Set(k, v)
	}
	form.Set("birth", "２０１１年")
	where := w.do("lead", "POST", at("/casework/new", w.desk.ID), form, 303).Header().Get("Location")
	ref, err := id.ParseRef(where[len("/casework/"):])
	w.must(err)
	o, err := w.s.Open(w.by("lead"), ref)
	w.must(err)
	if o.Case.Rhythm != 20 || o.Person["birth"] != "2011" {
		t.Errorf("%+v", o)
	}
	form.Set("_key", "k2")
	form.Set("birth", "2011") // the same child
	w.do("lead", "POST", at("/casework/new", w.desk.ID), form, 422)
	form.Set("name", "别人")
	for i, odd := range []string{"0", "很久", "-1", "181"} {
		form.Set("_key", "x"+strconv.Itoa(i))
		form.Set("rhythm", odd)
		w.do("lead", "POST", at("/casework/new", w.desk.ID), form, 422)
	}
	w.do("lead", "POST", path(ref)+"/plan", url.Values{"goals": {"好"}, "steps": {"每周去"}, "plan_until": {string(w.today().AddDays(90))}, "rhythm": {"１０"}}, 303)
	if c := w.known(ref); c.Rhythm != 10 {
		t.Errorf("%+v", c)
	}
	page := testkit.HTML(t, w.do("lead", "POST", path(ref)+"/assess", url.Values{"home": {"1"}, "assess_text": {"还行"}}, 422).Body.String())
	mustSay(t, page, tr(w.ctx, "casework.score_missing", "Item", tr(w.ctx, "casework.item.school")))
}
