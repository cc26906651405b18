package library

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/org"
)

// R82: who spoke is found by the title, the lines under it, or what the file says of its author.
func TestSpokenIn(t *testing.T) {
	text := func(author string, lines ...string) Text { return Text{Author: author, Blocks: paragraphs(lines...)} }
	long := "今天召开全市关心下一代工作会议，主要任务是总结上半年工作，安排下一步任务，下面我讲四点意见，供大家参考，不妥之处各位批评。"
	for _, c := range []struct {
		title string
		text  Text
		want  Speech
	}{
		{"在全市关工委工作会议上的讲话", text("", "在全市关工委工作会议上的讲话", "云州市关工委主任  陈玉兰", "（2019年5月31日）", "同志们：", long), Speech{"陈玉兰", "云州市关工委", "2019-05-31"}},
		{"在全市关工委工作会议上的讲话", text("", "（2019年5月31日）", "陈 玉 兰"), Speech{"陈玉兰", "", "2019-05-31"}},
		{"陈玉兰同志在全市关工委工作会议上的讲话", text("李文"), Speech{"陈玉兰", "", ""}},
		{"讲话", text("", "南江区关工委常务副主任欧阳修文", "二〇一九年五月三十一日"), Speech{"欧阳修文", "南江区关工委", "2019-05-31"}},
		{"讲话", text("", "讲话人：周文琴"), Speech{"周文琴", "", ""}},
		{"讲话", text("周文琴", "同志们：", long), Speech{"周文琴", "", ""}},
		{"讲话", text("云州市关工委", "同志们：", long, "主任 陈玉兰", "2019年5月31日"), Speech{}}, // behind its beginning a text names others
		{"工作安排", text("Administrator", "严明纪律", "安全工作", "2019年13月41日"), Speech{}},
		{"在云州市关工委主任会议上的讲话", text("", "各位领导"), Speech{}},
	} {
		if got := SpokenIn(c.title, c.text); got != c.want {
			t.Errorf("%s %v: %+v, want %+v", c.title, c.text.Blocks, got, c.want)
		}
	}
	for title, is := range map[string]bool{"在会上的讲话": true, "会上的讲话（定稿）": false, "开学典礼致辞": true, "关于讲话的通知": false} {
		if isSpeech(Document{Title: title, Category: "other"}) != is {
			t.Errorf("%s is a speech: %v", title, !is)
		}
	}
}

// FuzzSpokenIn: whatever a text says, who is offered is a name, and the day one that there is.
func FuzzSpokenIn(f *testing.F) {
	f.Add("陈玉兰同志在会上的讲话", "云州市关工委主任 陈玉兰\n（2019年5月31日）", "李文")
	f.Add("《", "主任主任主任\n二〇一九年元月三十二日\n\xff", "\x00")
	f.Fuzz(func(t *testing.T, title, text, author string) {
		var blocks []extract.Block
		for _, line := range strings.Split(text, "\n") {
			blocks = append(blocks, extract.Block{Text: line})
		}
		got := SpokenIn(title, Text{Author: author, Blocks: blocks})
		if got.Person != "" && !personName(got.Person) || strings.Contains(got.Person, " ") || utf8.RuneCountInString(got.Unit) > 4*speakerLine && got.Unit != "" && !strings.Contains(title, got.Unit) {
			t.Errorf("%+v", got)
		}
		if _, err := clock.ParseDay(string(got.On)); err != nil && got.On != clock.Open {
			t.Errorf("%+v", got)
		}
	})
}

// R82: a document says who spoke in which post on that day, also when the person has left since and the unit is called otherwise.
func TestWhoSpokeInWhichPost(t *testing.T) {
	w := openWorld(t)
	city := w.unit("9902")
	post := func(kind, person string, from, to clock.Day, acting int) {
		t.Helper()
		_, err := w.org.AppointPost(w.ctx, org.Post{Unit: city.ID, Kind: kind, Person: person, From: from, To: to, Acting: acting})
		w.must(err)
	}
	post("director", "陈玉兰", "2015-01-01", "2018-01-01", 0)
	post("executive_deputy", "陈玉兰", "2012-01-01", "2015-01-01", 0)
	post("director", "周文琴", "2018-01-01", "", 0)
	post("deputy", "周文琴", "2018-01-01", "", 0)
	post("secretary_general", "李文", "2018-01-01", "", 1)
	w.must(w.org.Rename(w.ctx, city.ID, "云海市关工委", nil, "2017-01-01", "云府〔2017〕1号"))
	ref, d := w.issued("9902", "讲话.txt", "在全市关工委工作会议上的讲话\n云州市关工委主任 陈玉兰\n（2016年5月31日）\n同志们：\n今天开会。", Document{Visible: VisiblePublic})
	if d.Speaker != (Speaker{}) {
		t.Fatal("a speaker was written without an editor", d.Speaker)
	}
	page := w.get("9902", Path(d.No), 200).Body.String()
	if !strings.Contains(page, "填讲话人") || !strings.Contains(page, "文中像是陈玉兰") {
		t.Error("nothing is offered")
	}
	if page := w.get("990203", Path(d.No), 200).Body.String(); strings.Contains(page, "填讲话人") || strings.Contains(page, "文中像是") {
		t.Error("it is offered to those who do not work there")
	}
	form := w.get("9902", actPath(ref)+"/"+ActSpeaker, 200).Body.String()
	for _, want := range []string{`value="陈玉兰"`, `value="云州市关工委"`, `value="2016-05-31"`, "核对以后再保存"} {
		if !strings.Contains(form, want) {
			t.Errorf("the form does not offer %s", want)
		}
	}
	w.get("990203", actPath(ref)+"/"+ActSpeaker, 404)
	if d, _, _ := w.s.Get(w.ctx, ref); d.Speaker != (Speaker{}) {
		t.Fatal("looking at the form wrote it")
	}
	version := int64(2)
	say := func(person, unit, on string, want int) string {
		t.Helper()
		got := w.post("9902", actPath(ref)+"/"+ActSpeaker, url.Values{"_version": {numbered(version)}, "person": {person}, "unit": {unit}, "on": {on}}, want).Body.String()
		if want == 303 {
			version++
		}
		return got
	}
	for _, bad := range [][3]string{{"", "9902", "2016-05-31"}, {"陈玉兰", "9902", ""}, {"陈玉兰", "9902", "2016-02-31"}, {"陈玉兰", "没有的单位", "2016-05-31"}, {strings.Repeat("长", 41), "", "2016-05-31"}} {
		if got := say(bad[0], bad[1], bad[2], 422); bad[0] != "" && !strings.Contains(got, bad[0]) {
			t.Errorf("what was typed is lost: %v", bad)
		}
	}
	for _, c := range []struct{ person, unit, on, want string }{
		{"陈 玉 兰", "云州市关工委", "2016-05-31", "2016年5月31日，时任云州市关工委主任 陈玉兰 讲话"}, // by its former name
		{"陈玉兰", "9902", "2017-05-31", "2017年5月31日，时任云海市关工委主任 陈玉兰 讲话"},
		{"陈玉兰", "9902", "2014-12-31", "2014年12月31日，时任云州市关工委常务副主任 陈玉兰 讲话"},
		{"周文琴", "9902", "2019-05-30", "2019年5月30日，云海市关工委主任、副主任 周文琴 讲话"},
		{"李文", "云海市关工委", "2019-05-30", "2019年5月30日，云海市关工委" + i18n.T(w.ctx, "org.acting", "Post", "秘书长") + " 李文 讲话"},
		{"陈玉兰", "9902", "2018-01-01", "2018年1月1日，陈玉兰 讲话"}, // the first day on which the post was not held any more
		{"陈玉兰", "9902", "1999-01-01", "1999年1月1日，陈玉兰 讲话"}, // the unit did not stand yet
		{"何知远", "", "2019-05-30", "2019年5月30日，何知远 讲话"},
	} {
		say(c.person, c.unit, c.on, 303)
		for _, who := range []string{"9902", "visitor"} {
			page := w.get(who, Path(d.No), 200).Body.String()
			if !strings.Contains(page, ">"+c.want+"<") {
				t.Errorf("%v as %s: the page does not say %s", c, who, c.want)
			}
			none, posts := !strings.Contains(c.want, "关工委"), "/unit/"+city.ID.String()+"/posts"
			if told := strings.Contains(page, "查不到"); told != (none && who == "9902") || strings.Contains(page, posts) != (told && c.unit != "") {
				t.Errorf("%v as %s: told that no post is known: %v", c, who, told)
			}
		}
	}
	say("陈玉兰", "9902", "2016-05-31", 303)
	for _, f := range []Filter{{Speaker: "陈玉兰"}, {Words: "陈玉兰"}, {Words: "chenyulan"}, {Words: "cyl"}} {
		if got := w.numbers("visitor", f); !slices.Equal(got, []int64{d.No}) {
			t.Errorf("%+v finds %v", f, got)
		}
	}
	if got := w.numbers("visitor", Filter{Speaker: "陈玉"}); len(got) > 0 {
		t.Error("a part of a name is somebody else", got)
	}
	list := w.get("visitor", "/library?speaker="+url.QueryEscape("陈 玉 兰"), 200).Body.String()
	if !strings.Contains(list, "陈玉兰的讲话") || !strings.Contains(list, Path(d.No)) || !strings.Contains(list, `name="speaker" value="陈玉兰"`) {
		t.Error("the list by speaker does not say whose it is, or forgets it with the next search")
	}
	history := w.get("9902", Path(d.No), 200).Body.String()
	if !strings.Contains(history, "改了讲话人") || !strings.Contains(history, "1999年1月1日、陈玉兰") {
		t.Error("the history does not say what was corrected")
	}
	w.kind(w.s.SetSpeaker(w.by("990203"), ref, version, Speaker{}), errs.NotFound)
	w.kind(w.s.SetSpeaker(w.by("9902"), ref, version-1, Speaker{}), errs.Conflict)
	near := w.as["9902"] // finds nothing but its own
	near.FindSet = near.WorkSet
	w.as["narrow"] = near
	w.kind(w.s.SetSpeaker(w.by("narrow"), ref, version, Speaker{Person: "陈玉兰", Unit: w.unit("990204").ID, On: today}), errs.Invalid)
	say("", "云海市关工委", "", 303)
	if d, _, _ := w.s.Get(w.ctx, ref); d.Speaker != (Speaker{}) || strings.Contains(w.get("9902", Path(d.No), 200).Body.String(), "陈玉兰 讲话") {
		t.Error("taken off, and still there", d.Speaker)
	}
	if got := w.numbers("visitor", Filter{Speaker: "陈玉兰"}); len(got) > 0 {
		t.Error(got)
	}
}
