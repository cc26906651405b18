package app

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/coord"
	"xinhuo/internal/flow"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/library"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/report"
)

// R123 R75: material that nobody approved is not attached to an activity; what was withdrawn at its origin is gone from the activity's
// page, and the activity can still be corrected.
func TestOnlyApprovedMaterialIsUsed(t *testing.T) {
	w := openWorld(t)
	city := w.unit("9902")
	take := func(category string) (id.Ref, library.Document) {
		in, err := w.a.Library.Take(w.ctx, category+".txt", strings.NewReader("孩子们，今天讲"+category))
		if err != nil {
			t.Fatal(err)
		}
		refs, err := w.a.Library.Create(w.ctx, city.ID, []library.Incoming{in}, library.Document{Category: category, Visible: library.VisibleMembers})
		if err != nil {
			t.Fatal(err)
		}
		d, _, err := w.a.Library.Get(w.ctx, refs[0])
		if err != nil {
			t.Fatal(err)
		}
		return refs[0], d
	}
	lecture, d := take("teach.lecture")
	ref, err := id.ParseRef(w.seeds.refs["activity"]["9902"])
	if err != nil {
		t.Fatal(err)
	}
	a, v, err := w.a.Activity.Get(w.ctx, ref)
	if err != nil {
		t.Fatal(err)
	}
	attach := func(no int64) error {
		a.Materials = []int64{no}
		err := w.a.Activity.Save(w.ctx, ref, v.N, a, record.Change{Act: "activity.act.edit"})
		if err == nil {
			v.N++
		}
		return err
	}
	speech, sd := take("work.speech")
	if err := w.a.Library.Issue(w.ctx, speech, 1, true); err != nil {
		t.Fatal(err)
	}
	for _, no := range []int64{d.No, sd.No, 1} { // a draft, what nobody approved, nothing
		if err := attach(no); !errs.Is(err, errs.Invalid) {
			t.Fatalf("%d is attached: %v", no, err)
		}
	}
	if err := w.a.Library.Submit(w.ctx, lecture, 1, ""); err != nil {
		t.Fatal(err)
	}
	c, _, err := w.a.Library.Reviewing(w.ctx, lecture)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.a.Flow.Act(w.ctx, c.Ref(), flow.Act{Key: "approve"}); err != nil {
		t.Fatal(err)
	}
	if err := attach(d.No); !errs.Is(err, errs.Invalid) {
		t.Fatal("approved and not issued yet", err)
	}
	if err := w.a.Library.Issue(w.ctx, lecture, 3, true); err != nil {
		t.Fatal(err)
	}
	if err := attach(d.No); err != nil {
		t.Fatal(err)
	}
	page := func() string { return w.get(w.byLogin["chenyulan"], "/activity/"+ref.String()).body }
	if !strings.Contains(page(), library.Path(d.No)) {
		t.Error("the activity does not lead to its material")
	}
	if err := w.a.Library.Withdraw(w.ctx, lecture, 4, "旧了"); err != nil {
		t.Fatal(err)
	}
	if got := w.get(w.byLogin["linguangping"], "/activity/"+ref.String()).body; strings.Contains(got, library.Path(d.No)) {
		t.Error("withdrawn at its origin, and still led to")
	}
	if a.Title += "（改）"; attach(d.No) != nil {
		t.Error("an old record cannot be corrected")
	}
}

// R86: a task rests on a numbered point of a document, which leads to its place; what is not there is refused, and what was withdrawn is
// named by its number alone.
func TestATaskCitesAPoint(t *testing.T) {
	w := openWorld(t)
	city := w.unit("9902")
	in, err := w.a.Library.Take(w.ctx, "讲话.txt", strings.NewReader("在会议上的讲话\n一、着力抓阵地\n（一）提质。各地要把阵地办好。\n（二）扩面。每个镇都要有。\n二、着力抓队伍\n（一）培训。骨干都要培训。"))
	if err != nil {
		t.Fatal(err)
	}
	refs, err := w.a.Library.Create(w.ctx, city.ID, []library.Incoming{in}, library.Document{Category: "work.speech", Visible: library.VisibleMembers})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.a.Library.Issue(w.ctx, refs[0], 1, true); err != nil {
		t.Fatal(err)
	}
	d, _, err := w.a.Library.Get(w.ctx, refs[0])
	if err != nil {
		t.Fatal(err)
	}
	office := w.byLogin["chenyulan"]
	if page := w.get(office, library.Path(d.No)).body; !strings.Contains(page, "/notice/new?cite=") || !strings.Contains(page, "#p1.2") {
		t.Error("the document does not lead to a task about it")
	}
	if page := w.get(office, "/notice/new?unit="+city.ID.String()+"&cite="+strconv.FormatInt(d.No, 10)).body; !strings.Contains(page, strconv.FormatInt(d.No, 10)+"</textarea>") {
		t.Error("the form does not take it over")
	}
	n := coord.Notice{Unit: city.ID, Kind: "task", Title: "阵地扩面", Due: harnessDay.AddDays(20), Targets: coord.Targets{Levels: []org.Level{org.County}}}
	for _, bad := range []coord.Cite{{No: d.No, Point: "1.3"}, {No: d.No, Point: "9"}, {No: 1}} {
		n.Cites = []coord.Cite{bad}
		if _, err := w.a.Coord.Create(w.ctx, n, record.Change{}); !errs.Is(err, errs.Invalid) {
			t.Errorf("%v is cited: %v", bad, err)
		}
	}
	n.Cites = []coord.Cite{{No: d.No, Point: "1.2"}}
	ref, err := w.a.Coord.Create(w.ctx, n, record.Change{})
	if err != nil {
		t.Fatal(err)
	}
	page := w.get(office, "/notice/"+ref.String()).body
	if !strings.Contains(page, "（二）扩面") || !strings.Contains(page, library.Path(d.No)+"/read?from=") {
		t.Error("the task does not say what it rests on")
	}
	if err := w.a.Library.Withdraw(w.ctx, refs[0], 2, "旧了"); err != nil {
		t.Fatal(err)
	}
	if page := w.get(w.byLogin["linguangping"], "/notice/"+ref.String()).body; strings.Contains(page, "（二）扩面") {
		t.Error("what was withdrawn is still told")
	}
}

// A speech that was issued goes into the library as Word, once, and its page there says which of its numbers agree with the book, to whoever
// may read the speech.
func TestALiveDocumentInTheLibrary(t *testing.T) { // R127
	w := openWorld(t)
	city := w.unit("9902")
	ref, err := w.a.Report.Create(w.ctx, report.DemoSpeech(city.ID, harnessDay))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.a.Report.Share(w.ctx, ref); !errs.Is(err, errs.Conflict) {
		t.Fatalf("a draft is shared: %v", err)
	}
	if err := w.a.Report.Issue(w.ctx, ref, 1); err != nil {
		t.Fatal(err)
	}
	if page := w.get(w.byLogin["chenyulan"], "/speech/"+ref.String()).body; !strings.Contains(page, "/share") {
		t.Error("no button puts it into the library")
	}
	no, err := w.a.Report.Share(w.ctx, ref)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.a.Report.Share(w.ctx, ref); err != nil || again != no {
		t.Errorf("%d, shared again %d, %v", no, again, err)
	}
	doc, _, ver, err := w.a.Library.Number(w.ctx, no)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.a.Library.Issue(w.ctx, doc, ver.N, true); err != nil {
		t.Fatal(err)
	}
	for login, linked := range map[string]bool{"chenyulan": true, "caihuiqin": false} {
		got := w.get(w.byLogin[login], library.Path(no))
		if got.code != 200 || strings.Contains(got.body, "/speech/"+ref.String()) != linked || strings.Contains(got.body, "个数都对过账") != linked {
			t.Errorf("%s: %d, linked %v\n%s", login, got.code, linked, got.body)
		}
	}
}

// While the index of words is made anew the search of all records says so, too.
func TestTheSearchOfAllSaysThatTheIndexIsFilled(t *testing.T) {
	w := openWorld(t)
	office := w.byLogin["chenyulan"]
	if page := w.get(office, "/search?q="+url.QueryEscape("阵地")).body; strings.Contains(page, "现在查不全") {
		t.Error("it says so of an index that is whole")
	}
	if err := w.a.DB.Tx(w.ctx, func(ctx context.Context) error {
		_, err := w.a.DB.Exec(ctx, `UPDATE library_search_mark SET filled = 0`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if page := w.get(office, "/search?q="+url.QueryEscape("阵地")).body; !strings.Contains(page, "现在查不全") {
		t.Error("it does not say that not all can be found yet")
	}
}

// R208 R82: a project's page lists what was learnt in it and leads to writing more; only its own unit's documents belong to it, and whoever
// may not see the project is not led there. Who spoke is told by the posts of that day.
func TestLessonsStandWithTheirProject(t *testing.T) {
	w := openWorld(t)
	office, other := w.byLogin["zhouwenqin"], w.byLogin["caihuiqin"]
	project, err := id.ParseRef(w.seeds.refs["contract"]["990203"])
	if err != nil {
		t.Fatal(err)
	}
	county := w.unit("990203")
	page := w.get(office, "/project/"+project.String()).body
	if !strings.Contains(page, "经验做法") || !strings.Contains(page, "category=research.lessons&amp;project="+project.String()) {
		t.Fatalf("the project's page does not lead to writing one\n%s", page)
	}
	in, err := w.a.Library.Take(w.ctx, "经验.txt", strings.NewReader("先调查，再设计，后实施。"))
	if err != nil {
		t.Fatal(err)
	}
	as := library.Document{Category: "research.lessons", Visible: library.VisiblePublic, Project: project, Speaker: library.Speaker{Person: "周文琴", Unit: county.ID, On: harnessDay}}
	if _, err := w.a.Library.Create(w.ctx, w.unit("990204").ID, []library.Incoming{in}, as); !errs.Is(err, errs.Invalid) {
		t.Errorf("another unit's project is taken: %v", err)
	}
	refs, err := w.a.Library.Create(w.ctx, county.ID, []library.Incoming{in}, as)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.a.Library.Issue(w.ctx, refs[0], 1, true); err != nil {
		t.Fatal(err)
	}
	d, _, err := w.a.Library.Get(w.ctx, refs[0])
	if err != nil {
		t.Fatal(err)
	}
	if page := w.get(office, "/project/"+project.String()).body; !strings.Contains(page, library.Path(d.No)) {
		t.Error("the project's page does not list it")
	}
	if page := w.get(office, library.Path(d.No)).body; !strings.Contains(page, "/project/"+project.String()) || !strings.Contains(page, "2019年5月31日，南江区关工委办公室主任 周文琴 讲话") {
		t.Errorf("the document does not lead to its project, or does not say who spoke\n%s", page)
	}
	if page := w.get(other, library.Path(d.No)).body; strings.Contains(page, "/project/") || !strings.Contains(page, "周文琴 讲话") {
		t.Error("who may not see the project is led there, or is not told who spoke")
	}
	if page := w.get(other, "/library?project="+project.String()).body; strings.Contains(page, library.Path(d.No)) {
		t.Error("who may not see the project is told of its documents")
	}
	// L27: who reads a document can look for another, with an account by the search of all, without one in the library
	for who, action := range map[*role]string{office: "/search", {}: "/library"} {
		if got := testkit.HTML(t, w.get(who, library.Path(d.No)).body).One("header [role=search]").Attr("action"); got != action {
			t.Errorf("the box of a document's page searches %q, not %q", got, action)
		}
	}
	if form := w.get(office, "/library/"+refs[0].String()+"/project").body; !strings.Contains(form, project.String()) || strings.Contains(form, w.seeds.refs["contract"]["990203013"]) {
		t.Error("the form does not offer the unit's own projects alone")
	}
}
