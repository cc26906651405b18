package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
)

// editor may change the tree, and is nobody's colleague: its right to do so is all it has at the units.
func (w *world) editor() context.Context {
	city := w.unit("9902")
	w.as["editor"] = scope.Actor{Account: 99, Name: "陈玉兰", Unit: city.ID, Pos: city.Pos, ViewSet: scope.Set{{From: city.Pos, To: city.Pos + 1}}, AdminSet: scope.Set{city.Range()}}
	return w.by("editor")
}

func (w *world) category(code string) Category {
	w.Helper()
	t, err := w.s.Categories(w.ctx)
	w.must(err)
	c, ok := t.find(code)
	if !ok {
		w.Fatalf("no category %s", code)
	}
	return c
}

func (w *world) version(code string) string { return strconv.FormatInt(w.category(code).Version, 10) }

// L34: an editor corrects the tree by page; every change stands in its history, and numbers and links of documents stay.
func TestCategoriesByPage(t *testing.T) {
	w := openWorld(t)
	w.editor()
	_, old := w.issued("990203", "简报.txt", "一条新闻写在这里。", Document{Category: "publicity.news"})
	page := testkit.HTML(t, w.get("990203001", treePath, 200).Body.String())
	page.MustHave("#c-teach", "教案")
	page.MustHave("#c-work th a", "会议讲话")
	if page.Has(`a[href="/library/categories/add"]`) {
		t.Error("whoever may not is offered to add one")
	}
	w.get("990203001", treePath+"/add", 403)
	w.post("990203001", treePath+"/add", url.Values{"name": {"家长课堂"}}, 403)

	w.post("editor", treePath+"/add", url.Values{"name": {"家长课堂"}, "parent": {"teach"}, "place": {"1"}, "reviewed": {"1"}}, 303)
	made := w.category("c1")
	if made.Parent != "teach" || made.Place != 1 || !made.Reviewed || made.From != today || w.category("teach.lesson").Place != 2 {
		t.Errorf("%+v", made)
	}
	w.post("editor", treePath+"/edit?code=publicity.news", url.Values{"_version": {"1"}, "name": {"简报信息"}, "parent": {"work"}, "place": {"2"}}, 303)
	if c := w.category("publicity.news"); c.Parent != "work" || c.Place != 2 || w.category("work.notice").Place != 3 {
		t.Errorf("%+v", c)
	}
	// found under its new parent, no longer under the old one, and called by the new name, in English too
	for category, want := range map[string]int{"work": 1, "publicity": 0, "publicity.news": 1} {
		if got := w.numbers("990204", Filter{Category: category}); len(got) != want {
			t.Errorf("%s finds %v", category, got)
		}
	}
	testkit.HTML(t, w.get("990204", Path(old.No), 200).Body.String()).MustHave(".side", "工作文件：简报信息")
	if got := w.get("990204", "/library?lang=en", 200).Body.String(); !strings.Contains(got, "简报信息") {
		t.Error("the list does not name the category anew")
	}
	// closed: not without a place for its documents, then with one
	form := testkit.HTML(t, w.get("editor", treePath+"/close?code=publicity.news", 200).Body.String())
	form.MustHave("main", "1份文件")
	body := w.post("editor", treePath+"/close?code=publicity.news", url.Values{"_version": {w.version("publicity.news")}}, 422).Body.String()
	if !strings.Contains(body, "还有1份文件") {
		t.Error("it does not say how many documents stand there")
	}
	w.post("editor", treePath+"/close?code=publicity.news", url.Values{"_version": {w.version("publicity.news")}, "successor": {"work"}}, 422) // has others below it
	w.post("editor", treePath+"/close?code=publicity.news", url.Values{"_version": {w.version("publicity.news")}, "successor": {"c1"}}, 422)   // asks for an approval that nobody gave
	w.post("editor", treePath+"/close?code=work", url.Values{"_version": {"1"}, "successor": {"other"}}, 422)
	w.post("editor", treePath+"/close?code=publicity.news", url.Values{"_version": {w.version("publicity.news")}, "successor": {"work.notice"}}, 303)
	doc := testkit.HTML(t, w.get("990203", Path(old.No), 200).Body.String())
	doc.MustHave("#history", "改归新类")
	doc.MustHave("#history", "简报信息")
	doc.MustHave("#history", "通知文件")
	doc.MustHave("#history", "陈玉兰")
	for _, category := range []string{"publicity.news", "work.notice", "work"} {
		list := testkit.HTML(t, w.get("990204", "/library?category="+category, 200).Body.String())
		if n := len(list.All(".found a")); n != 1 {
			t.Errorf("%s lists %d", category, n)
		}
	}
	// what was open in a form meanwhile goes where the documents went
	if _, d := w.draft("990204", "来信.txt", "一封来信。", Document{Category: "publicity.news"}); d.Category != "work.notice" {
		t.Errorf("filed under %s", d.Category)
	}
	page = testkit.HTML(t, w.get("990204", treePath, 200).Body.String())
	page.MustHave("#closed", "文件归入“通知文件”")
	for _, text := range []string{"新增类别“家长课堂”", "修改类别“简报信息”", "停用类别“简报信息”，1份文件改归新类", "陈玉兰（云州市关工委）", "2019-05-31", "新闻宣传", "工作文件"} {
		page.MustHave("#history", text)
	}
	w.post("editor", treePath+"/reopen?code=publicity.news", url.Values{"_version": {w.version("publicity.news")}}, 303)
	if c := w.category("publicity.news"); !c.Open() || c.Successor != "" || c.Parent != "work" {
		t.Errorf("%+v", c)
	}
	if got := w.numbers("990204", Filter{Category: "publicity.news"}); len(got) != 0 {
		t.Errorf("opened again, and has %v", got)
	}
	var answer struct {
		Categories []Category
		History    []CategoryChange
	}
	w.must(json.Unmarshal(w.get("990204", "/api/v1/library/categories", 200).Body.Bytes(), &answer))
	if len(answer.Categories) != 16 || len(answer.History) != 4 || answer.History[1].Docs != 1 || answer.History[2].Was.Name != "新闻宣传" || answer.History[2].Now.Parent != "work" {
		t.Errorf("%+v", answer)
	}
}

// English names are those of the program until somebody renames a category; then the Chinese name stands in for a missing one.
func TestCategoryNamesInEnglish(t *testing.T) {
	w := openWorld(t)
	ed := w.editor()
	en := i18n.In(w.ctx, "en")
	if got := w.category("research.lessons").In(en); got != "Lessons learned" {
		t.Error(got)
	}
	save := func(name, english string) {
		w.must(w.s.EditCategory(ed, "research.lessons", -1, func(e *CategoryEdit) { e.Name, e.En = name, english }))
	}
	for _, x := range [][3]string{{"工作经验", "", "工作经验"}, {"工作经验", "Experience", "Experience"}, {"经验做法", "Lessons learned", "Lessons learned"}} {
		save(x[0], x[1])
		if got := w.category("research.lessons"); got.In(en) != x[2] || got.In(w.ctx) != x[0] {
			t.Errorf("%v: %q", x, got.In(en))
		}
	}
	if got := w.category("research.lessons"); got.Name != "" {
		t.Errorf("named as the program names it, it keeps %q", got.Name)
	}
	// the circles begin large where they stand by themselves, and small within a sentence
	if got := circle(en, VisibleMembers); got != "All committees can see it" || circle(w.ctx, VisibleMembers) != "各级关工委都能看" {
		t.Error(got)
	}
}

// Two editors at once: the second is told, and nothing of the first is lost.
func TestTwoEditorsOfTheTree(t *testing.T) {
	w := openWorld(t)
	w.editor()
	w.post("editor", treePath+"/edit?code=other", url.Values{"_version": {"1"}, "name": {"杂项"}}, 303)
	// what was typed stays, and whoever has read that somebody was quicker may send it once more
	page := testkit.HTML(t, w.post("editor", treePath+"/edit?code=other", url.Values{"_version": {"1"}, "name": {"其他材料"}}, 409).Body.String())
	page.MustHave("main", "刚才有人改过")
	page.MustHave(`input[name="name"][value="其他材料"]`, "")
	page.MustHave(`input[name="_version"][value="2"]`, "")
	w.post("editor", treePath+"/close?code=other", url.Values{"_version": {"1"}}, 409)
	if c := w.category("other"); c.Name != "杂项" || c.Version != 2 {
		t.Errorf("%+v", c)
	}
	// a place that another edit brought along disturbs nobody
	w.post("editor", treePath+"/edit?code=work.rules", url.Values{"_version": {"1"}, "name": {"规章制度"}, "en": {"Rules"}, "parent": {"work"}, "place": {"1"}}, 303)
	w.post("editor", treePath+"/edit?code=work.speech", url.Values{"_version": {"1"}, "name": {"讲话"}, "parent": {"work"}, "place": {"2"}}, 303)
	if list, err := w.s.CategoryChanges(w.ctx, 0, 10); err != nil || len(list) != 3 {
		t.Errorf("%d changes, %v", len(list), err)
	}
	w.post("editor", treePath+"/edit?code=work.speech", url.Values{"_version": {"2"}, "name": {"讲话"}, "parent": {"work"}, "place": {"2"}}, 303)
	if list, err := w.s.CategoryChanges(w.ctx, 0, 10); err != nil || len(list) != 3 {
		t.Errorf("nothing was changed, and the history has %d lines, %v", len(list), err)
	}
}

// What cannot stand in the tree is refused beside its input; two levels, no name twice, nothing unseen.
func TestHostileCategories(t *testing.T) {
	w := openWorld(t)
	ed := w.editor()
	add := func(e CategoryEdit) string {
		_, err := w.s.AddCategory(ed, e)
		var got *errs.Error
		if err == nil {
			return ""
		} else if !errs.Is(err, errs.Invalid) {
			t.Fatalf("%+v: %v", e, err)
		}
		if !errors.As(err, &got) || len(got.Fields) == 0 {
			t.Fatalf("%+v: %v", e, err)
		}
		return got.Fields[0].Name
	}
	for field, list := range map[string][]CategoryEdit{
		"name":   {{}, {Name: strings.Repeat("长", 5000)}, {Name: "甲\u202e乙"}, {Name: "甲\u2066乙"}, {Name: "甲\x00乙"}, {Name: "甲\xff"}, {Name: " \u3000 "}, {Name: "教案", Parent: "teach"}, {Name: "教　案", Parent: "teach"}, {Name: "其他"}},
		"en":     {{Name: "甲", En: strings.Repeat("x", 5000)}, {Name: "甲", En: "a\u200fb"}},
		"parent": {{Name: "甲", Parent: "work.speech"}, {Name: "甲", Parent: "nowhere"}, {Name: "甲", Parent: strings.Repeat("x", 5000)}},
		"place":  {{Name: "甲", Place: -1}},
	} {
		for _, e := range list {
			if got := add(e); got != field {
				t.Errorf("%.40q %.40q under %.40q: %q is wrong, want %q", e.Name, e.En, e.Parent, got, field)
			}
		}
	}
	if got := add(CategoryEdit{Name: "<script>alert(1)", Parent: "work", Place: 1 << 40}); got != "" {
		t.Error("refused beside", got)
	}
	if body := w.get("990203", treePath, 200).Body.String(); strings.Contains(body, "<script>alert") || !strings.Contains(body, "&lt;script&gt;alert") {
		t.Error("a name is not shown as text")
	}
	w.get("990203", "/library?category="+url.QueryEscape(strings.Repeat("x", 5000)), 200)
	w.get("editor", treePath+"/edit?code="+url.QueryEscape("x'\"<"), 404)
	w.get("editor", treePath+"/burn?code=other", 404)
	w.kind(w.s.EditCategory(ed, "work", -1, func(e *CategoryEdit) { e.Parent = "teach" }), errs.Invalid)
	w.kind(w.s.EditCategory(ed, "other", -1, func(e *CategoryEdit) { e.Parent = "other" }), errs.Invalid)
	w.kind(w.s.EditCategory(ed, "nowhere", -1, func(*CategoryEdit) {}), errs.NotFound)
	w.kind(w.s.EditCategory(w.by("9902"), "other", -1, func(*CategoryEdit) {}), errs.Forbidden)
	// documents are filed at the lowest level alone
	for _, code := range []string{"work", "nowhere", ""} {
		in, err := w.s.Take(w.by("990203"), "a.txt", strings.NewReader("一段话写在这里。"))
		w.must(err)
		_, err = w.s.Create(w.by("990203"), w.unit("990203").ID, []Incoming{in}, Document{Category: code, Visible: VisibleUnit})
		w.kind(err, errs.Invalid)
		_, err = w.s.TakeAll(w.by("990203"), w.unit("990203").ID, nil, Document{Category: code}, false, nil)
		w.kind(err, errs.Invalid)
	}
	// what stood in a category before others came below it stays, and can be corrected there
	ref, d := w.draft("990203", "杂记.txt", "一段杂记。", Document{Category: "other"})
	if got := add(CategoryEdit{Name: "来信", Parent: "other"}); got != "" {
		t.Error("refused beside", got)
	}
	d.Title = "杂记一则"
	w.must(w.s.Save(w.by("990203"), ref, 1, d))
	if got := w.numbers("990203", Filter{Category: "other"}); len(got) != 1 {
		t.Error(got)
	}
}

// R123: which categories ask for an approval is said by the tree. What is issued stays; what is not has to be approved from then on.
func TestReviewedCategories(t *testing.T) {
	w := openWorld(t)
	ed := w.editor()
	there, d := w.issued("990203", "通知一.txt", "第一份通知。", Document{Category: "work.notice"})
	waits, _ := w.draft("990203", "通知二.txt", "第二份通知。", Document{Category: "work.notice"})
	w.must(w.s.EditCategory(ed, "work.notice", -1, func(e *CategoryEdit) { e.Reviewed = true }))
	testkit.HTML(t, w.get("editor", treePath+"/edit?code=work.notice", 200).Body.String()).MustHave("main", "现在有1份没有审定就已经发布")
	w.kind(w.s.Issue(w.by("990203"), waits, 1, true), errs.Conflict)
	d.Title = "第一份通知"
	w.must(w.s.Save(w.by("990203"), there, 2, d)) // its title is corrected as before
	speech, d := w.issued("990203", "讲话.txt", "一次讲话。", Document{})
	d.Category = "work.notice"
	w.kind(w.s.Save(w.by("990203"), speech, 2, d), errs.Invalid)
	w.must(w.s.Issue(w.by("990203"), waits, w.approve("990203", waits), true))
	if page := w.get("990203", "/library?category=work", 200).Body.String(); !strings.Contains(page, "只看已审定的") {
		t.Error("the approved ones of a category above cannot be chosen")
	}
	w.must(w.s.EditCategory(ed, "teach.lesson", -1, func(e *CategoryEdit) { e.Reviewed = false }))
	w.issuedPlain("990203", "teach.lesson")
}

// issuedPlain issues a draft without any approval.
func (w *world) issuedPlain(code, category string) {
	w.Helper()
	ref, _ := w.draft(code, "课.txt", "一堂课写在这里。"+category, Document{Category: category})
	w.must(w.s.Issue(w.by(code), ref, 1, true))
}

// Successors lead on from one to the next, and never in a circle; an undo brings nothing back into a category that is closed.
func TestSuccessorsOfSuccessors(t *testing.T) {
	w := openWorld(t)
	ed := w.editor()
	var codes []string
	for _, name := range []string{"甲", "乙", "丙"} {
		code, err := w.s.AddCategory(ed, CategoryEdit{Name: name})
		w.must(err)
		codes = append(codes, code)
	}
	a, b, c := codes[0], codes[1], codes[2]
	shut := func(code, to string) error { _, err := w.s.CloseCategory(ed, code, -1, to); return err }
	ref, d := w.draft("990203", "一.txt", "一份材料。", Document{Category: a})
	d.Category = c
	w.must(w.s.Save(w.by("990203"), ref, 1, d))
	w.issued("990203", "二.txt", "两份材料。", Document{Category: a})
	w.kind(shut(a, a), errs.Invalid)
	w.must(shut(a, b))
	w.kind(w.s.Undo(w.by("990203"), ref, 2), errs.Conflict)
	w.kind(shut(b, a), errs.Invalid)
	w.must(shut(b, c))
	for _, code := range codes {
		if got := w.numbers("990203", Filter{Category: code}); len(got) != 2 {
			t.Errorf("%s finds %v", code, got)
		}
	}
	w.kind(w.s.ReopenCategory(ed, c, -1), errs.Invalid)
	w.must(w.s.ReopenCategory(ed, a, -1))
	w.must(shut(c, a))
	tree, err := w.s.Categories(w.ctx)
	w.must(err)
	for _, code := range []string{a, b, c} {
		if got := tree.Now(code); got != a {
			t.Errorf("%s leads to %s", code, got)
		}
	}
	w.kind(w.s.EditCategory(ed, c, -1, func(*CategoryEdit) {}), errs.Invalid)
	_, err = w.s.AddCategory(ed, CategoryEdit{Name: "乙"})
	w.must(err)
	w.kind(w.s.ReopenCategory(ed, b, -1), errs.Invalid) // its name was given to another
}

// Whoever files a document while its category is closed either goes along or is told: none is left behind in one that does not stand.
func TestClosedWhileOthersFile(t *testing.T) {
	w := openWorld(t)
	ed := w.editor()
	u := w.unit("990203")
	var filed, refused atomic.Int64
	var all sync.WaitGroup
	for k := range 4 {
		all.Go(func() {
			for i := range 8 {
				in, err := w.s.Take(w.by("990203"), "甲.txt", strings.NewReader(fmt.Sprintf("第%d份材料的第%d页写在这里。", k, i)))
				if err == nil {
					_, err = w.s.Create(w.by("990203"), u.ID, []Incoming{in}, Document{Category: "other", Visible: VisibleMembers})
				}
				switch {
				case errs.Is(err, errs.Conflict):
					refused.Add(1)
				case err != nil:
					t.Error(err)
				default:
					filed.Add(1)
				}
			}
		})
	}
	for filed.Load() < 5 {
		runtime.Gosched()
	}
	_, err := w.s.CloseCategory(ed, "other", -1, "work.plan")
	all.Wait()
	w.must(err)
	for code, want := range map[string]int64{"other": 0, "work.plan": filed.Load()} {
		if got, err := w.s.filedAcrossUnits(w.ctx, code); err != nil || got.N != want {
			t.Errorf("%s holds %d documents, not %d (%v)", code, got.N, want, err)
		}
	}
	t.Logf("%d filed, %d refused", filed.Load(), refused.Load())
}

// The last category that takes documents cannot be closed.
func TestOneCategoryStays(t *testing.T) {
	w := openWorld(t)
	ed := w.editor()
	for {
		tree, err := w.s.Categories(w.ctx)
		w.must(err)
		leaves := tree.Leaves()
		_, err = w.s.CloseCategory(ed, leaves[0].Code, -1, "")
		if len(leaves) == 1 {
			w.kind(err, errs.Invalid)
			return
		}
		w.must(err)
	}
}

// L34: after any edits of the tree and of documents, every category finds exactly what a list kept beside says, and the figures of the
// library count it.
func TestTreeAgainstARecount(t *testing.T) {
	w := openWorld(t)
	ed := w.editor()
	seed := uint64(7)
	if testkit.Long() {
		seed = rand.Uint64()
	}
	t.Log("seed", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	type shelf struct {
		over   string
		closed bool
		to     string
		asks   bool
	}
	shelves := map[string]*shelf{"work": {}, "teach": {asks: true}, "research": {}, "publicity": {}, "other": {}}
	order := []string{"work", "teach", "research", "publicity", "other"}
	for _, k := range kinds {
		if over, _, ok := strings.Cut(k, "."); ok {
			shelves[k] = &shelf{over: over, asks: over == "teach"}
			order = append(order, k)
		}
	}
	type paper struct {
		ref     id.Ref
		version int64
		stands  string
		issued  bool
	}
	var papers []*paper
	below := func(code string) (n int) {
		for _, x := range shelves {
			if x.over == code && !x.closed {
				n++
			}
		}
		return n
	}
	any := func(fits func(code string) bool) string {
		for range 40 {
			if code := order[r.IntN(len(order))]; fits(code) {
				return code
			}
		}
		return ""
	}
	leaf := func(code string) bool { return !shelves[code].closed && below(code) == 0 }
	steps := 60
	if testkit.Long() {
		steps = 600
	}
	for i := range steps {
		switch r.IntN(8) {
		case 0, 1: // a document
			code := any(leaf)
			ref, _ := w.draft("990203", fmt.Sprintf("材料%d.txt", i), fmt.Sprintf("第%d份材料写在这里。", i), Document{Category: code})
			x := &paper{ref: ref, version: 1, stands: code}
			if r.IntN(3) > 0 && !shelves[code].asks {
				w.must(w.s.Issue(w.by("990203"), ref, 1, true))
				x.issued, x.version = true, 2
			}
			papers = append(papers, x)
		case 2: // a document goes elsewhere
			if len(papers) == 0 {
				continue
			}
			x, code := papers[r.IntN(len(papers))], any(func(c string) bool { return leaf(c) && !shelves[c].asks })
			if code == "" || code == x.stands {
				continue
			}
			d, v, err := w.s.Get(w.by("990203"), x.ref)
			w.must(err)
			d.Category = code
			w.must(w.s.Save(w.by("990203"), x.ref, v.N, d))
			x.stands = code
		case 3: // a new one
			over := ""
			if r.IntN(3) > 0 {
				over = any(func(c string) bool { return shelves[c].over == "" && !shelves[c].closed })
			}
			code, err := w.s.AddCategory(ed, CategoryEdit{Name: fmt.Sprintf("类别%d", i), Parent: over, Place: r.IntN(4)})
			w.must(err)
			shelves[code], order = &shelf{over: over}, append(order, code)
		case 4, 5: // one moves
			code := any(func(c string) bool { return !shelves[c].closed && below(c) == 0 })
			over := any(func(c string) bool { return c != code && shelves[c].over == "" && !shelves[c].closed })
			if r.IntN(4) == 0 {
				over = ""
			}
			w.must(w.s.EditCategory(ed, code, -1, func(e *CategoryEdit) { e.Parent, e.Place = over, r.IntN(4) }))
			shelves[code].over = over
		case 6: // one closes
			code := any(leaf)
			to := any(func(c string) bool { return c != code && leaf(c) && !shelves[c].asks })
			if to == "" {
				continue
			}
			moved, err := w.s.CloseCategory(ed, code, -1, to)
			w.must(err)
			n := 0
			for _, x := range papers {
				if x.stands == code {
					x.stands = to
					n++
				}
			}
			if int(moved) != n {
				t.Fatalf("step %d: %d documents went along, not %d", i, moved, n)
			}
			shelves[code].closed, shelves[code].to = true, to
		case 7: // one opens again
			code := any(func(c string) bool { return shelves[c].closed })
			if code == "" {
				continue
			}
			w.must(w.s.ReopenCategory(ed, code, -1))
			x := shelves[code]
			x.closed, x.to = false, ""
			if o := shelves[x.over]; o != nil && (o.closed || o.over != "") {
				x.over = ""
			}
		}
	}
	if len(papers) < 5 {
		t.Fatal("nothing to count")
	}
	if report, err := w.led.Verify(w.ctx, nil); err != nil || len(report.Faults) > 0 {
		t.Errorf("the figures differ from their records: %v %v", report.Faults, err)
	}
	issued, materials := 0, 0
	for _, x := range papers {
		if x.issued {
			issued++
			if x.stands == "teach.lesson" || x.stands == "teach.lecture" {
				materials++
			}
		}
	}
	for code := range shelves {
		now := code
		for shelves[now].closed {
			now = shelves[now].to
		}
		want := 0
		for _, x := range papers {
			if x.stands == now || shelves[x.stands].over == now {
				want++
			}
		}
		if got := w.numbers("990203", Filter{Category: code}); len(got) != want {
			t.Errorf("%s finds %d documents, not %d", code, len(got), want)
		}
	}
	_, facets, _, _, err := w.s.List(w.by("990203"), Filter{Limit: 1})
	w.must(err)
	counts := map[string]int64{}
	for _, x := range papers {
		counts[x.stands]++
	}
	for _, x := range facets {
		if x.Facet == "category" && counts[x.Value] != x.N {
			t.Errorf("the facet counts %d of %s, not %d", x.N, x.Value, counts[x.Value])
		}
	}
	for code, want := range map[string]int{"library.documents": issued, "library.materials": materials} {
		v, err := w.led.Ask(w.by("9902"), ledger.Query{Figure: code, Unit: w.unit("9902").ID, Day: today})
		w.must(err)
		if *v.Amount != int64(want) {
			t.Errorf("%s is %d, not %d", code, *v.Amount, want)
		}
	}
	// places run from 1 without gaps
	tree, err := w.s.Categories(w.ctx)
	w.must(err)
	for over := range shelves {
		for i, c := range tree.children(over) {
			if c.Place != i+1 {
				t.Errorf("%s stands at %d, not at %d", c.Code, c.Place, i+1)
			}
		}
	}
	// the history leads from the tree that shipped to the one that stands
	changes, err := w.s.CategoryChanges(w.ctx, 0, 10_000)
	w.must(err)
	slices.Reverse(changes)
	last := map[string]Category{}
	for _, x := range changes {
		if was, ok := last[x.Now.Code]; ok && (was.Version != x.Was.Version || was.Parent != x.Was.Parent || was.To != x.Was.To) {
			t.Errorf("%s: the history breaks between %+v and %+v", x.Now.Code, was, x.Was)
		}
		last[x.Now.Code] = x.Now
	}
	for code, c := range last {
		if now := w.category(code); now.Version != c.Version || now.Parent != c.Parent || now.Successor != c.Successor {
			t.Errorf("%s stands as %+v, and the history says %+v", code, now, c)
		}
	}
}

// While the index is made anew a search says so, in both languages.
func TestSearchSaysThatItsIndexIsFilled(t *testing.T) {
	w := openWorld(t)
	w.issued("990203", "讲话.txt", "在会议上的讲话。", Document{})
	at := "/library?q=" + url.QueryEscape("讲话")
	if strings.Contains(w.get("990204", at, 200).Body.String(), "索引") {
		t.Error("it says so of an index that is whole")
	}
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error {
		_, err := w.db.Exec(ctx, `UPDATE library_search_mark SET filled = 0`)
		return err
	}))
	testkit.HTML(t, w.get("990204", at, 200).Body.String()).MustHave(".note", "文库正在整理")
	if strings.Contains(w.get("990204", "/library", 200).Body.String(), "文库正在整理") {
		t.Error("the list without words has nothing to wait for")
	}
	was := w.ctx
	w.ctx = i18n.In(w.ctx, "en")
	testkit.HTML(t, w.get("990204", at, 200).Body.String()).MustHave(".note", "The library is being put in order")
	w.ctx = was
}

// L29: where all that is found is of one main category, the choice is among what stands below it.
func TestOneMainCategoryOffersWhatStandsBelow(t *testing.T) {
	w := openWorld(t)
	w.issued("990203", "讲话.txt", "阵地要建好。", Document{Category: "work.speech"})
	w.issued("990203", "通知.txt", "阵地要验收。", Document{Category: "work.notice"})
	page := testkit.HTML(t, w.get("990203", "/library?q="+url.QueryEscape("阵地"), 200).Body.String())
	for _, c := range []string{"work.speech", "work.notice"} {
		if !page.Has(`main a[href*="category=` + c + `"]`) {
			t.Error(c, "is not offered")
		}
	}
	w.issued("990203", "教案.txt", "阵地里的一课。", Document{Category: "teach.lesson"})
	page = testkit.HTML(t, w.get("990203", "/library?q="+url.QueryEscape("阵地"), 200).Body.String())
	if !page.Has(`main a[href*="category=teach"]`) || page.Has(`main a[href*="category=work.speech"]`) {
		t.Error("of several, the main ones are offered")
	}
}
