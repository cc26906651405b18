package library

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
)

// parents is the tree of the fixture, for a recount that knows no place numbers.
var parents = map[string]string{"990203": "9902", "990204": "9902", "990203001": "990203", "990203002": "990203"}

func under(code, top string) bool {
	for c := code; c != ""; c = parents[c] {
		if c == top {
			return true
		}
	}
	return false
}

// maySee is the rule of visibility in the words of the issue.
func maySee(who, code string, d Document) bool {
	switch {
	case who == code:
		return true
	case d.State == Review || d.State == Approved: // whoever may be asked to approve reads it
		return who == "audit" || under(code, who)
	case d.State != Issued:
		return false
	case d.Visible == VisiblePublic || who == "audit":
		return true
	case who == "visitor":
		return false
	case d.Visible == VisiblePartners:
		return true
	case who == "partner":
		return false
	case d.Visible == VisibleMembers:
		return true
	case d.Visible == VisibleBelow:
		return under(who, code) || under(code, who)
	case d.Visible == VisibleAbove:
		return under(code, who)
	}
	return false
}

// L26 L32 L33 R75: list, count, facets, search, related documents, nearly the same ones, page, download and answer for programs show
// everybody exactly what the one rule lets them see.
func TestOneRuleOfVisibility(t *testing.T) {
	w := openWorld(t)
	r := rand.New(rand.NewPCG(1, 2))
	type made struct {
		code string
		ref  id.Ref
		d    Document
	}
	var all []made
	for i := range 60 {
		code := places[r.IntN(len(places))]
		text := fmt.Sprintf("四点钟学校的经验做法第%d份，五老志愿者每天下午陪孩子做作业。云州市各镇都办起来了，家长放心，学校满意。", i%7)
		ref, _ := w.draft(code, fmt.Sprintf("经验材料%d.txt", i), text+strings.Repeat("南江的做法。", i), Document{Visible: Circles[r.IntN(len(Circles))], Category: kinds[r.IntN(len(kinds))]})
		_, v, err := w.s.Get(w.by(code), ref)
		w.must(err)
		if n := r.IntN(6); n == 1 {
			w.must(w.s.Submit(w.by(code), ref, v.N, "")) // waits to be approved
		} else if n > 1 {
			if v.N = w.approve(code, ref); n > 2 {
				w.must(w.s.Issue(w.by(code), ref, v.N, false))
				if r.IntN(4) == 0 {
					w.must(w.s.Withdraw(w.by(code), ref, v.N+1, "重写"))
				}
			}
		}
		d, _, err := w.s.Get(w.by(code), ref)
		w.must(err)
		all = append(all, made{code, ref, d})
	}
	for who := range w.as {
		want := []int64{}
		for _, m := range all {
			if maySee(who, m.code, m.d) {
				want = append(want, m.d.No)
			}
		}
		slices.Sort(want)
		for name, f := range map[string]Filter{"list": {}, "search": {Words: "四点钟学校"}, "title": {Words: "经验材料"}} {
			f.Limit = 1000
			list, facets, total, _, err := w.s.List(w.by(who), f)
			w.must(err)
			var got []int64
			counts := map[string]int64{}
			for _, l := range list {
				got = append(got, l.No)
			}
			for _, x := range facets {
				counts[x.Facet] += x.N
			}
			slices.Sort(got)
			if !slices.Equal(got, want) && len(got)+len(want) > 0 || total != len(want) || counts["category"] != int64(len(want)) || counts["format"] != int64(len(want)) {
				t.Errorf("%s by %s: %d of %d, total %d, facets %v", name, who, len(got), len(want), total, counts)
			}
		}
		issued := map[string]string{} // the titles that may be suggested
		for _, m := range all {
			if m.d.State == Issued && maySee(who, m.code, m.d) {
				issued[Path(m.d.No)] = m.d.Title
			}
		}
		for _, typed := range []string{"经验材料", "验材", "jingyancai", "jycl"} {
			list, err := w.s.Suggest(w.by(who), typed)
			w.must(err)
			for _, x := range list {
				if issued[x.Href] != x.Text {
					t.Errorf("%s types %s and is told of %q %s", who, typed, x.Text, x.Href)
				}
			}
			if len(list) != min(len(issued), mostSuggested) {
				t.Errorf("%s types %s: %d suggestions of %d", who, typed, len(list), len(issued))
			}
		}
		for _, m := range all {
			see := maySee(who, m.code, m.d)
			_, _, _, err := w.s.Number(w.by(who), m.d.No)
			if (err == nil) != see || err != nil && !errs.Is(err, errs.NotFound) {
				t.Errorf("%s reads %s of %s (%s): %v", who, m.d.Visible, m.code, m.d.State, err)
			}
			if _, f, err := w.s.File(w.by(who), m.d.No); (err == nil) != see {
				t.Errorf("%s downloads %s of %s (%s): %v", who, m.d.Visible, m.code, m.d.State, err)
			} else if err == nil {
				f.Close()
			}
			code := 404
			if see {
				code = 200
			}
			w.get(who, Path(m.d.No), code)
			w.get(who, Path(m.d.No)+"/read", code)
			w.get(who, Path(m.d.No)+"/report", code)
			text, err := w.s.text(w.ctx, m.d.File.Hash)
			w.must(err)
			related, err := w.s.Related(w.by(who), m.ref.ID, m.d, text)
			w.must(err)
			twins, err := w.s.Near(w.by(who), m.ref.ID, m.d.File.Hash, text)
			w.must(err)
			for _, l := range twins {
				related = append(related, l.Listed)
			}
			for _, l := range related {
				if !slices.Contains(want, l.No) || l.No == m.d.No {
					t.Errorf("%s is led to %d", who, l.No)
				}
			}
		}
	}
}

// L1 L2 L4 L5 L6 L8 L22 R209: what a file says is taken over, what is wrong with it is told, its own name stays.
func TestTakenIn(t *testing.T) {
	w := openWorld(t)
	text := "在关工委工作会议上的讲话\n（2019年5月30日）\n同志们：\n党建带关建，就是在党委的领导下，推动各级关工委在新时代作出新贡献。2019年5月，全市已有119个阵地。\n希望大家在认真总结工作经验的基础上，科学组织、精心实施的运"
	_, d := w.draft("990203", "2021年在关工委工作会议上的讲话Word文件下载.docx", text, Document{})
	if d.Title != "2021年在关工委工作会议上的讲话" || d.File.Name != "2021年在关工委工作会议上的讲话Word文件下载.docx" {
		t.Errorf("title %q, name %q", d.Title, d.File.Name)
	}
	if d.File.Kind != "txt" || d.File.Size != int64(len(text)) || d.Uploaded != today || d.State != Draft || !strings.HasPrefix(d.Summary, "党建带关建") {
		t.Errorf("%+v", d)
	}
	if n := len(strconv.FormatInt(d.No, 10)); n != 8 {
		t.Errorf("number %d", d.No)
	}
	page := testkit.HTML(t, w.get("990203", Path(d.No), 200).Body.String())
	page.MustHave(".note.w", "标题写2021年，正文讲的是2019年")
	page.MustHave(".note.w", "正文在句子中间断开")
	page.MustHave(".meta", "2019-05-31")
	page.MustHave(".meta", kilobytes(int64(len(text))))
	for name, data := range map[string]string{"讲话.docx": "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "空.txt": "", "图.docx": "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>\x00"} {
		if _, err := w.s.Take(w.by("990203"), name, strings.NewReader(data)); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

// L4: a number stands for one document for ever.
func TestNumbersAreNotGivenAgain(t *testing.T) {
	w := openWorld(t)
	ref, d := w.draft("990203", "一份.txt", "第一份文件的正文写在这里。", Document{})
	w.must(w.s.Remove(w.by("990203"), ref, 1, "传错了"))
	draws := []int64{d.No, d.No, 55555555}
	var no int64
	err := w.db.Tx(w.ctx, func(ctx context.Context) (err error) {
		no, err = w.s.freeNumber(ctx, func() int64 { n := draws[0]; draws = draws[1:]; return n })
		return err
	})
	if err != nil || no != 55555555 {
		t.Errorf("%d given again, %v", no, err)
	}
	if _, _, _, err := w.s.Number(w.by("990203"), d.No); !errs.Is(err, errs.NotFound) {
		t.Errorf("removed, and read: %v", err)
	}
}

// R75: what its unit withdraws is gone everywhere, at once, and comes back under its number.
func TestWithdrawnAtTheOriginGoneEverywhere(t *testing.T) {
	w := openWorld(t)
	text := "红色基因传承宣讲材料，讲革命先烈的故事，五老宣讲团进校园开展主题宣讲。"
	_, other := w.issued("990204", "另一份宣讲材料.txt", text+"北仓区的做法不同。", Document{})
	ref, d := w.issued("990203", "宣讲材料.txt", text+"南江区的做法。", Document{})
	otherText, err := w.s.text(w.ctx, other.File.Hash)
	w.must(err)
	shown := func() (n int) {
		n = len(w.numbers("990204", Filter{Words: "革命先烈"})) + len(w.numbers("990204", Filter{}))
		related, err := w.s.Related(w.by("990204"), 0, other, otherText)
		w.must(err)
		return n + len(related)
	}
	before := shown()
	w.must(w.s.Withdraw(w.by("990203"), ref, 2, "有一处要改"))
	if after := shown(); before != 5 || after != 2 {
		t.Errorf("shown %d times, after it was withdrawn %d", before, after)
	}
	w.get("990204", Path(d.No), 404)
	w.get("990204", Path(d.No)+"/file", 404)
	w.get("990203", Path(d.No), 200)
	w.kind(w.s.Withdraw(w.by("990203"), ref, 3, "再撤一次"), errs.Conflict)
	w.must(w.s.Issue(w.by("990203"), ref, 3, false))
	if shown() != before {
		t.Error("issued again, and not back everywhere")
	}
	w.kind(w.s.Withdraw(w.by("990204"), ref, 4, "不是自己的"), errs.NotFound)
}

// What looks like personal data has to be looked at before others see it, and whoever looks sees no whole number.
func TestPersonalDataIsLookedAtFirst(t *testing.T) {
	w := openWorld(t)
	ref, d := w.draft("990203", "助学名单.txt", "学生张小明，就读于实验小学三年级，家长电话13812345678，身份证号11010519491231002X。", Document{})
	w.kind(w.s.Issue(w.by("990203"), ref, 1, false), errs.Invalid)
	page := w.get("990203", "/library/"+ref.String()+"/issue", 200).Body.String()
	if strings.Contains(page, "13812345678") || strings.Contains(page, "11010519491231002X") || !strings.Contains(page, "138") {
		t.Error("the form shows whole numbers, or none")
	}
	w.post("990203", "/library/"+ref.String()+"/issue", url.Values{"_version": {"1"}}, 422)
	w.post("990203", "/library/"+ref.String()+"/issue", url.Values{"_version": {"1"}, "checked": {"1"}}, 303)
	if v, _, err := w.s.Get(w.by("990203"), ref); err != nil || v.State != Issued || !v.Checked {
		t.Errorf("%+v %v", v, err)
	}
	_ = d
}

// L3: outsiders see who shared a document masked; its unit and those who audit it see the name.
func TestSharerIsMasked(t *testing.T) {
	w := openWorld(t)
	ref, d := w.issued("990203", "总结.txt", "一年来的工作总结写在这里。", Document{})
	for who, name := range map[string]string{"990203": "林素云", "audit": "林素云", "990204": "林**", "9902": "林**"} {
		if got := testkit.HTML(t, w.get(who, Path(d.No), 200).Body.String()).Text(".said"); !strings.Contains(got, name) || name == "林**" && strings.Contains(got, "林素云") {
			t.Errorf("%s reads %q", who, got)
		}
		if got := w.get(who, "/api/v1/library/"+ref.String(), 200).Body.String(); strings.Contains(got, "林素云") != (name == "林素云") {
			t.Errorf("a program of %s is told %s", who, got)
		}
	}
}

// L29 R120: any two characters of the middle find a text, a title in quotes finds it, too; known slips are found under the right
// word; one character is too little and is told so.
func TestFoundByAnyTwoCharacters(t *testing.T) {
	w := openWorld(t)
	text := "去年全市签约公益创投项目29个。《关于加强民营企业关工委工作的通知》已经下发。骨干培训班办了三期。"
	_, d := w.issued("990203", "总结.txt", text, Document{})
	runes := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune("，。《》", r) {
			return '|'
		}
		return r
	}, text))
	for i := range len(runes) - 1 {
		if pair := string(runes[i : i+2]); !strings.Contains(pair, "|") && !strings.Contains(pair, "2") && !strings.Contains(pair, "9") {
			if got := w.numbers("990204", Filter{Words: pair}); !slices.Equal(got, []int64{d.No}) {
				t.Errorf("%q finds %v", pair, got)
			}
		}
	}
	for _, words := range []string{"“关于加强民营企业关工委工作的通知”", "《关于加强民营企业关工委工作的通知》", "公益创授", "总结 培训班"} {
		if got := w.numbers("990204", Filter{Words: words}); !slices.Equal(got, []int64{d.No}) {
			t.Errorf("%q finds %v", words, got)
		}
	}
	if got := w.numbers("990204", Filter{Words: "公益创投", Category: "teach"}); len(got) != 0 {
		t.Errorf("a facet lets %v through", got)
	}
	if got := w.numbers("990204", Filter{Words: "公益创投", Category: "work"}); len(got) != 1 {
		t.Errorf("a category of categories finds %v", got)
	}
	page := testkit.HTML(t, w.get("990204", "/library?q="+url.QueryEscape("公益创投"), 200).Body.String())
	page.MustHave(".snip mark", "公益创投")
	w.issued("990203", "渡口的故事.txt", "渡口的故事\n老渡口有一位摆渡爷爷。", Document{})
	if at := testkit.HTML(t, w.get("990204", "/library?q="+url.QueryEscape("渡口"), 200).Body.String()).Text(".snip"); !strings.Contains(at, "摆渡爷爷") || strings.Contains(at, "渡口的故事") {
		t.Errorf("the title is said twice: %q", at) // L23
	}
	w.issued("990203", "改革.txt", "推进“四化型”改革，公益创投有了新办法。", Document{Visible: VisibleUnit})
	w.issued("990203", "阵地.txt", "按“七有”标准建设阵地，公益创投项目进阵地。", Document{})
	also := testkit.HTML(t, w.get("990204", "/library?q="+url.QueryEscape("公益创投"), 200).Body.String())
	also.MustHave("#also", "七有")
	also.MustNotContain("四化型") // L33: of what the reader does not see nothing is said
	testkit.HTML(t, w.get("990204", "/library?q="+url.QueryEscape("公"), 200).Body.String()).MustHave(".note.w", "")
}

// The index of words is derived: where it is missing it is made anew at start.
func TestIndexIsMadeAnew(t *testing.T) {
	w := openWorld(t)
	_, d := w.issued("990203", "总结.txt", "一年来的工作总结写在这里。", Document{})
	for _, table := range []string{"library_search_part", "library_search_text"} {
		w.must(w.db.Tx(w.ctx, func(ctx context.Context) error {
			_, err := w.db.Exec(ctx, "-- test\nDROP TABLE "+table)
			return err
		}))
	}
	w.must(w.s.Start(w.ctx))
	if got := w.numbers("990204", Filter{Words: "工作总结"}); !slices.Equal(got, []int64{d.No}) {
		t.Errorf("found %v", got)
	}
}

// L9 L20 L21 L23 L24 L25 L27 L28 L30 L31 L34: the page of a document.
func TestPageOfADocument(t *testing.T) {
	w := openWorld(t)
	var text strings.Builder
	text.WriteString("一、工作回顾\n")
	for i := range 400 {
		fmt.Fprintf(&text, "第%d段：关工委的工作一步一步往前走，五老同志不辞辛苦，孩子们在阵地里长大。\n", i)
	}
	text.WriteString("二、下一步打算\n全文到这里结束。\n三、结语\n谢谢大家。")
	ref, d := w.issued("990203", "工作报告.txt", text.String(), Document{Category: "publicity.news", Source: "南江区关工委撰写，可以转载"})
	body := w.get("990204", Path(d.No), 200).Body.String()
	if len(body) > 60<<10 {
		t.Errorf("%d bytes", len(body))
	}
	page := testkit.HTML(t, body)
	if got := page.Texts("h1"); !slices.Equal(got, []string{"工作报告"}) {
		t.Errorf("headings %q", got)
	}
	page.MustHave(`a[href="`+Path(d.No)+`/file"]`, "下载")
	page.MustHave(`a[href="`+Path(d.No)+`/report"]`, "举报")
	page.MustHave("details summary", "展开阅读全文")
	page.MustHave(".said", "分享")
	page.MustHave(".side", "可以转载")
	if page.Has("#related") {
		t.Error("a heading over no related document")
	}
	// the whole text is read page by page, each paragraph once
	seen, at := 0, Path(d.No)+"/read?from=0"
	for at != "" {
		read := testkit.HTML(t, w.get("990204", at, 200).Body.String())
		seen += len(read.All(".full p")) + len(read.All(".full h3"))
		at = ""
		if read.Has(".btns a.btn:not(.alt)") {
			at = read.One(".btns a.btn:not(.alt)").Attr("href")
		}
	}
	if want := strings.Count(text.String(), "\n") + 1; seen != want {
		t.Errorf("%d of %d paragraphs are read", seen, want)
	}
	r := httptest.NewRequest("GET", Path(d.No)+"/file", nil)
	r.Header.Set("Range", "bytes=3-8")
	got := w.do("990204", r, 206)
	if got.Body.String() != text.String()[3:9] || got.Header().Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(got.Header().Get("Content-Disposition"), "attachment") || got.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%v %q", got.Header(), got.Body)
	}
	// filed anew, with its history
	w.post("990203", "/library/"+ref.String()+"/edit", url.Values{"_version": {"2"}, "title": {"工作报告"}, "category": {"work.summary"}, "visible": {"members"}}, 303)
	page = testkit.HTML(t, w.get("990203", Path(d.No), 200).Body.String())
	page.MustHave(".side", "工作总结")
	page.MustHave("#history", "新闻宣传")
	w.post("990203", "/library/"+ref.String()+"/edit", url.Values{"_version": {"2"}, "title": {""}, "category": {"x"}, "visible": {"members"}, "year": {"19"}}, 422)
}

// What is only for reading is not handed to others; each download of what is not public stands in the log.
func TestViewOnly(t *testing.T) {
	w := openWorld(t)
	ref, d := w.issued("990203", "内部材料.txt", "只在网上看的材料写在这里。", Document{})
	w.get("990204", Path(d.No)+"/file", 200)
	d.ViewOnly = true
	w.must(w.s.Save(w.by("990203"), ref, 2, d))
	w.get("990204", Path(d.No)+"/file", 403)
	w.get("990203", Path(d.No)+"/file", 200)
	if strings.Contains(w.get("990204", Path(d.No), 200).Body.String(), Path(d.No)+"/file") {
		t.Error("a button leads to what is refused")
	}
	rows, err := w.s.audit.About(w.ctx, ref, "library.act.download", 0, 10)
	if err != nil || len(rows) != 2 {
		t.Errorf("%d downloads in the log, %v", len(rows), err)
	}
}

// A new version takes its document's number and is a draft until it is issued again; the old one stays in the history.
func TestNewVersion(t *testing.T) { // R82 R123 R196
	w := openWorld(t)
	ref, d := w.issued("990203", "工作制度.txt", "第一条 每月例会一次。第二条 每季检查一次。", Document{Category: "work.rules"})
	w.upload("990203", "/library/"+ref.String()+"/replace", url.Values{"_version": {"2"}}, map[string]string{"工作制度（新）.txt": "第一条 每月例会两次。第二条 每季检查一次。"}, 303)
	v, _, err := w.s.Get(w.by("990203"), ref)
	if err != nil || v.No != d.No || v.State != Draft || v.File.Hash == d.File.Hash {
		t.Fatalf("%+v %v", v, err)
	}
	w.get("990204", Path(d.No), 404)
	w.must(w.s.Issue(w.by("990203"), ref, 3, false))
	if got := w.numbers("990204", Filter{Words: "例会两次"}); len(got) != 1 {
		t.Errorf("the new text finds %v", got)
	}
	if got := w.numbers("990204", Filter{Words: "例会一次"}); len(got) != 0 {
		t.Errorf("the old text finds %v", got)
	}
	old, err := w.s.book.ReadAt(w.by("990203"), ref, 2)
	if err != nil || old.File.Hash != d.File.Hash {
		t.Errorf("%+v %v", old, err)
	}
}

// A report is decided by the office above within a week; what it takes down its unit may appeal once, to the office above that.
func TestReportDecisionAppeal(t *testing.T) {
	w := openWorld(t)
	_, d := w.issued("990203001", "名单.txt", "这里写着不该公开的内容。", Document{Visible: VisiblePublic})
	w.post("visitor", Path(d.No)+"/report", url.Values{"ground": {"x"}}, 422)
	w.post("visitor", Path(d.No)+"/report", url.Values{"ground": {"personal"}, "words": {"第二页有孩子的名字"}}, 303)
	reports, err := w.s.Reports(w.by("990203001"), d.No)
	if err != nil || len(reports) != 1 || reports[0].Due != today.AddDays(7) {
		t.Fatalf("%+v %v", reports, err)
	}
	at := "/library/report/" + reports[0].Ref().String()
	link := func(who string) (out []string) {
		items, _, err := w.flow.Inbox(w.by(who), 50)
		w.must(err)
		for _, it := range items {
			out = append(out, it.Link)
		}
		return out
	}
	if got := link("990203"); !slices.Equal(got, []string{at}) {
		t.Fatalf("the county's inbox: %v", got)
	}
	w.get("990204", at, 404)
	w.get("visitor", at, 404)
	if strings.Contains(w.get("990203001", at, 200).Body.String(), "<form") {
		t.Error("the town decides about itself")
	}
	w.post("990203001", at, url.Values{"keep": {"1"}, "why": {"没有问题"}}, 403)
	w.post("990203", at, url.Values{"keep": {""}, "why": {"有名字"}}, 422)
	w.post("990203", at, url.Values{"keep": {"0"}, "why": {""}}, 422)
	w.post("990203", at, url.Values{"keep": {"0"}, "why": {"有名字"}}, 303)
	w.post("990203", at, url.Values{"keep": {"1"}, "why": {"再想想"}}, 409)
	w.get("990204", Path(d.No), 404)
	if got := link("990203"); len(got) != 0 {
		t.Errorf("decided, and in the inbox: %v", got)
	}
	if got := link("990203001"); !slices.Contains(got, at) {
		t.Errorf("the town is not told: %v", got)
	}
	w.post("990203002", at, url.Values{"words": {"不是我的"}}, 404)
	both := w.as["990203"]
	both.WorkSet = append(both.WorkSet, w.as["990203001"].WorkSet...)
	w.as["both"] = both
	if strings.Contains(w.get("both", at, 200).Body.String(), "<form") {
		t.Error("who took it down is asked to appeal")
	}
	w.post("both", at, url.Values{"words": {"又不撤了"}}, 403)
	if !strings.Contains(w.get("990203001", at, 200).Body.String(), "<form") {
		t.Error("the town is not asked")
	}
	w.post("990203001", at, url.Values{"words": {"那是老师的名字"}}, 303)
	if got := link("9902"); !slices.Equal(got, []string{at}) {
		t.Fatalf("the city's inbox: %v", got)
	}
	w.post("990203", at, url.Values{"keep": {"0"}, "why": {"还是撤"}}, 403)
	w.post("9902", at, url.Values{"keep": {"1"}, "why": {"确是老师"}}, 303)
	w.get("visitor", Path(d.No), 200)
	w.post("990203001", at, url.Values{"words": {"再申诉"}}, 409)
}

// The figure counts what is issued, as of each day, and leads to it.
func TestFigureOfTheLibrary(t *testing.T) { // R75
	w := openWorld(t)
	ref, _ := w.issued("990203", "总结.txt", "一年来的工作总结写在这里。", Document{})
	w.draft("990203", "草稿.txt", "还没有写完的一份草稿。", Document{})
	u := w.unit("9902")
	n := func() int64 {
		v, err := w.led.Ask(w.by("9902"), ledger.Query{Figure: "library.documents", Unit: u.ID, Day: today})
		w.must(err)
		return *v.Amount
	}
	if got := n(); got != 1 {
		t.Errorf("counted %d", got)
	}
	w.must(w.s.Withdraw(w.by("990203"), ref, 2, "重写"))
	if got := n(); got != 0 {
		t.Errorf("withdrawn, and counted %d", got)
	}
}

// Files sent together are drafts each; one that cannot be taken is named, and nothing is kept of the others until all are right.
func TestSeveralAtOnce(t *testing.T) { // L6
	w := openWorld(t)
	path := "/library/new?unit=" + w.unit("990203").ID.String()
	form := url.Values{"category": {"teach.lesson"}, "visible": {"members"}}
	body := w.upload("990203", path, form, map[string]string{"教案一.txt": "第一课的教案写在这里。", "木马.docx": "MZ\x90\x00\x03\x00\x00\x00\x04\x00"}, 422).Body.String()
	if !strings.Contains(body, "木马.docx") || len(w.numbers("990203", Filter{})) != 0 {
		t.Error("what is wrong is not named, or the rest was kept")
	}
	w.upload("990203", path, form, map[string]string{"教案一.txt": "第一课的教案写在这里。", "教案二.txt": "第二课的教案写在这里。"}, 303)
	if got := w.numbers("990203", Filter{State: Draft, Category: "teach.lesson"}); len(got) != 2 {
		t.Errorf("kept %v", got)
	}
	w.upload("990203", path, url.Values{"category": {"teach.lesson"}}, map[string]string{"a.txt": "写在这里的一段话。"}, 422)
	w.upload("990203", path, form, nil, 422)
}

// Whoever types letters finds titles, units and authors by pinyin, and by what a unit is called now.
func TestFoundBySound(t *testing.T) {
	w := openWorld(t)
	_, d := w.issued("990203", "校外教育阵地建设.txt", "南江的做法写在这里。", Document{})
	for typed, want := range map[string]int{"xiaowaijiaoyu": 1, "xwjy": 1, "njqggw": 1, "nanjiang": 1, "bcqggw": 0, "xiaowai 南江": 1, "meiyouzhege": 0} {
		if got := w.numbers("990204", Filter{Words: typed}); len(got) != want {
			t.Errorf("%s: %v", typed, got)
		}
	}
	w.must(w.org.Rename(w.ctx, w.unit("990203").ID, "东湖区关工委", nil, today, "云关工委发〔2019〕9号"))
	for typed, want := range map[string]int{"njqggw": 0, "donghu": 1} {
		if got := w.numbers("990204", Filter{Words: typed}); len(got) != want {
			t.Errorf("renamed, %s: %v of %d", typed, got, d.No)
		}
	}
}

// The index is made anew piece by piece: what is in is found, and a program that was ended goes on.
func TestIndexMadeAnew(t *testing.T) {
	w := openWorld(t)
	for i := range 3 {
		w.issued("990203", fmt.Sprintf("材料%d.txt", i), "校外教育的做法写在这里。", Document{})
	}
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error {
		for _, q := range []string{"DELETE FROM library_search_text", "UPDATE library_search_mark SET version = 0"} {
			if _, err := w.db.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	}))
	ended, end := context.WithCancel(w.ctx)
	end()
	if err := w.s.Start(ended); err == nil {
		t.Error("started without a database")
	}
	w.must(w.s.index.Make(w.ctx))
	if got := w.numbers("990203", Filter{Words: "校外教育"}); len(got) != 0 {
		t.Error("found before it was put in")
	}
	w.must(w.s.Start(w.ctx))
	if got := w.numbers("990203", Filter{Words: "校外教育"}); len(got) != 3 {
		t.Errorf("found %v", got)
	}
	w.must(w.s.Fill(w.ctx))
	if _, all, err := w.s.index.Filled(w.ctx); err != nil || !all {
		t.Error(all, err)
	}
}
