package library

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// R123: lecture material is looked at by somebody else before it is issued; while it is looked at it stands still, and another file
// has to be looked at again.
func TestReview(t *testing.T) {
	w := openWorld(t)
	town, county := "990203001", "990203"
	ref, d := w.draft(town, "宣讲材料.txt", "孩子们，今天讲一个故事。", Document{Category: "teach.lecture"})
	w.kind(w.s.Issue(w.by(town), ref, 1, true), errs.Conflict)
	page := w.get(town, Path(d.No), 200).Body.String()
	if strings.Contains(page, "/issue") || !strings.Contains(page, "/"+ActSubmit) {
		t.Error("it can be issued, or not be sent for review")
	}
	if slices.Contains(w.numbers(county, Filter{}), d.No) {
		t.Error("a draft is seen above")
	}
	w.post(town, actPath(ref)+"/"+ActSubmit, url.Values{"_version": {"1"}, "note": {"假期前要用"}}, 303)
	w.kind(w.s.Submit(w.by(town), ref, 2, ""), errs.Conflict)
	w.kind(w.s.Issue(w.by(town), ref, 2, true), errs.Conflict)
	w.kind(w.s.Remove(w.by(town), ref, 2, "错了"), errs.Conflict)
	in, err := w.s.Take(w.by(town), "新.txt", strings.NewReader("换一个故事。"))
	w.must(err)
	w.kind(w.s.Replace(w.by(town), ref, 2, in), errs.Conflict)
	for who, sees := range map[string]bool{county: true, "9902": true, "990204": false, "990203002": false, "visitor": false, "partner": false} {
		if got := slices.Contains(w.numbers(who, Filter{}), d.No); got != sees {
			t.Errorf("%s sees what waits to be approved: %v", who, got)
		}
	}
	c, _, err := w.s.Reviewing(w.ctx, ref)
	w.must(err)
	if m, err := w.s.matter(w.by(county), c); err != nil || len(m.Facts) < 3 {
		t.Error(m, err)
	}
	if _, err := w.flow.Act(w.by(town), c.Ref(), flow.Act{Key: "approve"}); err == nil {
		t.Error("whoever wrote it approved it")
	}
	if _, err := w.flow.Act(w.by(county), c.Ref(), flow.Act{Key: "return", Reason: "第二段改短些"}); err != nil {
		t.Fatal(err)
	}
	d, v, err := w.s.Get(w.by(town), ref)
	w.must(err)
	if d.State != Draft || d.approved() {
		t.Errorf("returned: %v", d)
	}
	if list, _, _ := w.flow.Inbox(w.by(town), 50); !slices.ContainsFunc(list, func(x flow.Item) bool { return x.Link == Path(d.No) && strings.Contains(x.Why, "第二段改短些") }) {
		t.Errorf("the town is not told: %v", list)
	}
	w.must(w.s.Replace(w.by(town), ref, v.N, in))
	w.must(w.s.Submit(w.by(town), ref, v.N+1, ""))
	c, _, err = w.s.Reviewing(w.ctx, ref)
	w.must(err)
	if _, err := w.flow.Act(w.by(county), c.Ref(), flow.Act{Key: "approve"}); err != nil {
		t.Fatal(err)
	}
	d, v, err = w.s.Get(w.by(town), ref)
	w.must(err)
	if d.State != Approved || d.Approval.By != "林素云" || d.Approval.Hash != in.Hash || d.Approval.On != today {
		t.Errorf("approved: %+v", d)
	}
	w.must(w.s.Issue(w.by(town), ref, v.N, true))
	if got := w.numbers("990204", Filter{Approved: true}); !slices.Equal(got, []int64{d.No}) {
		t.Error(got)
	}
	if page := w.get("990204", Path(d.No), 200).Body.String(); !strings.Contains(page, "林素云审定") {
		t.Error("the page does not say who approved it")
	}
	other, err := w.s.Take(w.by(town), "又新.txt", strings.NewReader("第三个故事。"))
	w.must(err)
	w.must(w.s.Replace(w.by(town), ref, v.N+1, other))
	w.kind(w.s.Issue(w.by(town), ref, v.N+2, true), errs.Conflict)
	// what was issued as something else does not become material without being looked at
	speech, _ := w.issued(town, "讲话.txt", "同志们，今天开会。", Document{})
	s, sv, err := w.s.Get(w.by(town), speech)
	w.must(err)
	s.Category = "teach.lesson"
	w.kind(w.s.Save(w.by(town), speech, sv.N, s), errs.Invalid)
}

// What somebody keeps, thinks and says of a document: only of one that they see, and nobody's own unit rates itself.
func TestWhatMembersThink(t *testing.T) {
	w := openWorld(t)
	ref, d := w.issued("990203001", "经验.txt", "四点钟学校怎么办。", Document{})
	_, hidden := w.issued("990203001", "内部.txt", "只给自己看。", Document{Visible: VisibleUnit})
	for _, no := range []int64{hidden.No, 12345678} {
		for _, err := range []error{w.s.Keep(w.by("990204"), no, true), w.s.Rate(w.by("990204"), no, 5), w.s.Say(w.by("990204"), no, "好")} {
			w.kind(err, errs.NotFound)
		}
	}
	w.kind(w.s.Keep(w.by("visitor"), d.No, true), errs.NotFound)
	w.post("990204", Path(d.No)+"/keep", url.Values{"keep": {"1"}}, 303)
	if got := w.numbers("990204", Filter{Kept: true}); !slices.Equal(got, []int64{d.No}) {
		t.Error(got)
	}
	if got := w.numbers("990203002", Filter{Kept: true}); len(got) != 0 {
		t.Error("another one's favourites", got)
	}
	w.post("990204", Path(d.No)+"/stars", url.Values{}, 422)
	w.post("990204", Path(d.No)+"/stars", url.Values{"stars": {"5"}}, 303)
	w.post("990204", Path(d.No)+"/stars", url.Values{"stars": {"4"}}, 303) // the new word counts
	w.must(w.s.Rate(w.by("9902"), d.No, 5))
	w.kind(w.s.Rate(w.by("990203001"), d.No, 5), errs.Forbidden)
	if r, err := w.s.ratingOf(w.ctx, ref); err != nil || r != (Rating{2, 9}) {
		t.Error(r, err)
	}
	w.must(w.s.Keep(w.by("990204"), d.No, false))
	if m, _ := w.s.markOf(w.ctx, ref, w.as["990204"].Account); m.Kept || m.Stars != 4 {
		t.Error("taking it out of the favourites took the stars", m)
	}
	w.post("990204", Path(d.No)+"/comment", url.Values{"words": {" "}}, 422)
	if got := w.post("990204", Path(d.No)+"/comment", url.Values{"words": {"打我电话13912345678"}}, 422).Body.String(); !strings.Contains(got, "打我电话13912345678") {
		t.Error("what was typed is lost")
	}
	w.post("990204", Path(d.No)+"/comment", url.Values{"words": {"<b>很好</b>"}}, 303)
	w.must(w.s.Say(w.by("9902"), d.No, "可以推广"))
	page := w.get("990203002", Path(d.No), 200).Body.String()
	for _, want := range []string{"&lt;b&gt;很好", "可以推广", "2人评分，平均4.5分"} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not there", want)
		}
	}
	list, err := w.s.Comments(w.ctx, ref, false)
	w.must(err)
	first, second := list[1], list[0]
	w.get("990203002", "/library/comment/"+first.Ref().String(), 404) // not theirs
	w.post("990203002", "/library/comment/"+first.Ref().String(), url.Values{"reason": {"x"}}, 404)
	w.post("990203002", Path(d.No)+"/comment", url.Values{"off": {first.Ref().String()}}, 404)
	w.post("990204", Path(d.No)+"/comment", url.Values{"off": {first.Ref().String()}}, 303) // their own
	w.post("990203001", "/library/comment/"+second.Ref().String(), url.Values{}, 422)
	w.post("990203001", "/library/comment/"+second.Ref().String(), url.Values{"reason": {"和文件无关"}}, 303)
	if page := w.get("990203002", Path(d.No), 200).Body.String(); strings.Contains(page, "可以推广") || strings.Contains(page, "很好") {
		t.Error("what was taken off is read")
	}
	if page := w.get("990203001", Path(d.No), 200).Body.String(); !strings.Contains(page, "和文件无关") {
		t.Error("the unit does not see what it took off")
	}
	for range commentsPerHour - 1 {
		w.must(w.s.Say(w.by("9902"), d.No, "再说一句"))
	}
	w.kind(w.s.Say(w.by("9902"), d.No, "再说一句"), errs.Throttled)
}

// L32: what people with one kind of post opened is shown to those with the same, as far as they see it; who opened it is not kept,
// and it can be off.
func TestWhatOthersWithThePostOpened(t *testing.T) {
	w := openWorld(t)
	_, a := w.issued("9902", "甲.txt", "东风夜放花千树。", Document{})
	_, b := w.issued("9902", "乙.txt", "更吹落星如雨。", Document{})
	_, below := w.issued("990203", "丙.txt", "宝马雕车香满路。", Document{Visible: VisibleBelow})
	for _, d := range []Document{a, below} {
		for range leastOpened {
			w.get("990203001", Path(d.No), 200)
		}
	}
	w.get("990203001", Path(b.No), 200) // once says too much about one
	w.must(w.s.WriteOpened(w.ctx))
	read := func(who string, d Document) []int64 {
		post := w.s.postOf(w.by(who))
		ref, _, _, err := w.s.Number(w.by(who), d.No)
		w.must(err)
		list, err := w.s.Liked(w.by(who), post, ref.ID)
		w.must(err)
		var out []int64
		for _, l := range list {
			out = append(out, l.No)
		}
		slices.Sort(out)
		return out
	}
	both := []int64{a.No, below.No}
	slices.Sort(both)
	if got := read("990203002", b); !slices.Equal(got, both) {
		t.Error("a township of the county", got)
	}
	if got := read("990203002", a); !slices.Equal(got, []int64{below.No}) {
		t.Error("the page names itself", got)
	}
	if got := read("990204", b); len(got) != 0 {
		t.Error("another kind of post", got)
	}
	w.must(w.s.withdrawNow(w, a.No, "9902"))
	if got := read("990203002", b); !slices.Equal(got, []int64{below.No}) {
		t.Error("withdrawn at its origin", got)
	}
	ref, narrowed, v, err := w.s.Number(w.by("990203"), below.No)
	w.must(err)
	narrowed.Visible = VisibleUnit
	w.must(w.s.Save(w.by("990203"), ref, v.N, narrowed))
	if got := read("990203002", b); len(got) != 0 {
		t.Error("what is not for the reader any more", got)
	}
	narrowed.Visible = VisibleBelow
	w.must(w.s.Save(w.by("990203"), ref, v.N+1, narrowed))
	page := w.get("990203002", Path(b.No), 200).Body.String()
	if !strings.Contains(page, "同岗位的人常看") || !strings.Contains(page, Path(below.No)) {
		t.Error("the page does not show it")
	}
	r := httptest.NewRequest("GET", Path(b.No), nil)
	r.AddCookie(&http.Cookie{Name: likedCookie, Value: "0"})
	if got := w.do("990203002", r, 200).Body.String(); strings.Contains(got, "只数每种岗位") {
		t.Error("it cannot be off")
	}
	if got := w.post("990203002", "/library/liked", url.Values{"on": {"0"}, "no": {numbered(b.No)}}, 303).Header().Get("Set-Cookie"); !strings.HasPrefix(got, likedCookie+"=0") {
		t.Error(got)
	}
	if page := w.get("visitor", Path(b.No), 404).Body.String(); strings.Contains(page, "常看") {
		t.Error("visitors")
	}
	rows, err := db.Select[string](w.ctx, w.db, `SELECT DISTINCT post FROM library_opened`)
	w.must(err)
	if !slices.Equal(rows, []string{"township "}) {
		t.Error("more is kept than the kind of post", rows)
	}
}

func (s *Service) withdrawNow(w *world, no int64, code string) error {
	ref, _, v, err := s.Number(w.by(code), no)
	if err != nil {
		return err
	}
	return s.Withdraw(w.by(code), ref, v.N, "旧了")
}

// A collection shows each reader those of its documents that they may see, and is itself seen as a document is.
func TestCollections(t *testing.T) {
	w := openWorld(t)
	docs := map[int64]Document{}
	var set id.Ref
	collectAt := func(code string, no int64) string {
		return "/library/collect?unit=" + w.unit(code).ID.String() + "&no=" + numbered(no)
	}
	for i, c := range Circles {
		_, d := w.issued("990203", "文件"+string(c)+".txt", "第"+string(rune('一'+i))+"份。", Document{Visible: c, ViewOnly: c == VisiblePublic})
		docs[d.No] = d
		w.post("990203", collectAt("990203", d.No), map[bool]url.Values{true: {"title": {"备课用"}}, false: {"collection": {set.String()}}}[i == 0], 303)
		if i == 0 {
			list, err := w.s.Collections(w.by("990203"), 0, 0, 10)
			w.must(err)
			set = list[0].Ref()
		}
	}
	w.post("990203", collectAt("990203", maxKey(docs)), url.Values{}, 422)
	w.post("990204", collectAt("990204", maxKey(docs)), url.Values{"collection": {set.String()}}, 404) // another unit's
	c, _, err := w.s.Collection(w.by("990203"), set)
	w.must(err)
	for _, circle := range Circles {
		c.Visible = circle
		_, err := w.s.SaveCollection(w.by("990203"), c)
		w.must(err)
		c.Version++
		for who := range w.as {
			var doc Document
			for _, d := range docs {
				if d.Visible == circle {
					doc = d
				}
			}
			_, _, _, docErr := w.s.Number(w.by(who), doc.No)
			got, list, err := w.s.Collection(w.by(who), set)
			if (err == nil) != (docErr == nil) {
				t.Fatalf("%s, %s: collection %v, document %v", who, circle, err, docErr)
			}
			if err != nil {
				w.get(who, collectionPath(set), 404)
				w.get(who, collectionPath(set)+"/zip", 404)
				continue
			}
			if got.Title != "备课用" {
				t.Error(got)
			}
			for no, d := range docs {
				_, _, _, err := w.s.Number(w.by(who), no)
				if in := slices.ContainsFunc(list, func(l Listed) bool { return l.No == no }); in != (err == nil) {
					t.Errorf("%s: %s in the collection %v, seen %v", who, d.Visible, in, err)
				}
			}
		}
	}
	// as a zip, what is only for reading is named and not handed out
	body := w.get("visitor", collectionPath(set)+"/zip", 200).Body.Bytes()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	w.must(err)
	if len(z.File) != 1 || z.File[0].Name != "index.csv" {
		t.Errorf("%d files", len(z.File))
	}
	body = w.get("990203", collectionPath(set)+"/zip", 200).Body.Bytes()
	if z, err = zip.NewReader(bytes.NewReader(body), int64(len(body))); err != nil || len(z.File) != len(docs)+1 {
		t.Error(err, z)
	}
	old := c
	old.Version = 1
	_, err = w.s.SaveCollection(w.by("990203"), old)
	w.kind(err, errs.Conflict)
	_, err = w.s.SaveCollection(w.by("990204"), c)
	w.kind(err, errs.NotFound)
	w.get("990204", collectionPath(set)+"/edit", 404)
	w.post("990203", collectionPath(set)+"/sort", url.Values{"_version": {"1"}, "out": {numbered(maxKey(docs))}}, 303)
	if _, list, _ := w.s.Collection(w.by("990203"), set); len(list) != len(docs)-1 {
		t.Error(len(list))
	}
	w.post("990203", collectionPath(set)+"/dissolve", url.Values{"_version": {numbered(c.Version)}}, 303)
	w.get("990203", collectionPath(set), 404)
	if got := w.numbers("990203", Filter{}); len(got) != len(docs) {
		t.Error("documents went with it", got)
	}
}

func maxKey(m map[int64]Document) (out int64) {
	for k := range m {
		out = max(out, k)
	}
	return out
}

// Whoever reports gets a receipt with which they read what was decided, also when the document is gone; visitors cannot flood.
func TestReceiptOfAReport(t *testing.T) {
	w := openWorld(t)
	_, d := w.issued("990203001", "有误.txt", "这里写错了。", Document{Visible: VisiblePublic})
	form := url.Values{"ground": {"wrong"}, "words": {"数字错了"}}
	to := w.post("visitor", Path(d.No)+"/report", form, 303).Header().Get("Location")
	receipt := to[strings.Index(to, "done=")+5:]
	if page := w.get("visitor", to, 200).Body.String(); len(receipt) != 16 || !strings.Contains(page, grouped(receipt)) {
		t.Fatal(to)
	}
	told, err := w.s.Report(w.by("990204"), d.No, "wrong", "我们的数字也错了")
	w.must(err)
	if page := w.get("visitor", receiptPath(receipt), 200).Body.String(); !strings.Contains(page, "数字错了") || !strings.Contains(page, "等待决定") {
		t.Error(page)
	}
	for _, wrong := range []string{"1", "1234567890123456", "abcd", receipt + "1"} {
		w.get("visitor", receiptPath(wrong), 404)
	}
	reports, err := w.s.Reports(w.by("990203"), d.No)
	w.must(err)
	for _, x := range reports {
		w.must(w.s.Decide(w.by("990203"), x.Ref(), false, "核对过，确实错了"))
	}
	w.get("visitor", Path(d.No), 404)
	if page := w.get("visitor", receiptPath(receipt[:4]+"+"+receipt[4:]), 200).Body.String(); !strings.Contains(page, "核对过，确实错了") {
		t.Error("the decision is not told")
	}
	if list, _, _ := w.flow.Inbox(w.by("990204"), 50); !slices.ContainsFunc(list, func(x flow.Item) bool { return x.Link == receiptPath(told) }) {
		t.Error("the unit that reported is not told", list)
	}
	_, d = w.issued("990203001", "又有误.txt", "这里又写错了。", Document{Visible: VisiblePublic})
	for i := range 2 * reportsPerHour {
		code := 303
		if i >= reportsPerHour-1 { // one is above
			code = 400
		}
		w.post("visitor", Path(d.No)+"/report", form, code)
	}
	*w.now = w.now.Add(61 * 60e9)
	w.post("visitor", Path(d.No)+"/report", form, 303)
}

// R196: the units below whose rules do not stand in the library are named.
func TestUnitsWithoutRules(t *testing.T) {
	w := openWorld(t)
	w.issued("990203001", "工作制度.txt", "一、值班。二、交接。", Document{Category: "work.rules"})
	w.draft("990203002", "工作制度.txt", "一、还没有发。", Document{Category: "work.rules"})
	page := w.get("990203", "/library/rules?unit="+w.unit("990203").ID.String(), 200).Body.String()
	missing, has, _ := strings.Cut(page, "已经有的")
	if !strings.Contains(missing, "白沙镇") || strings.Contains(missing, "柳溪镇") || !strings.Contains(has, "柳溪镇") || !strings.Contains(missing, "2个单位里，1个") {
		t.Error(page)
	}
}
