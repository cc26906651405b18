package library

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
)

// titled is a document of a title, and not that of its file, as somebody corrects it after it was taken in.
func (w *world) titled(code, title, text string, as Document) (id.Ref, Document) {
	w.Helper()
	ref, d := w.draft(code, "文件.txt", text, as)
	d.Title, d.Paper = title, as.Paper
	w.must(w.s.Save(w.by(code), ref, 1, d))
	d, _, err := w.s.Get(w.by(code), ref)
	w.must(err)
	return ref, d
}

// figure is what the ledger counts at a unit.
func (w *world) figure(code, unit string) int64 {
	w.Helper()
	v, err := w.led.Ask(w.ctx, ledger.Query{Figure: code, Unit: w.unit(unit).ID, Day: today})
	w.must(err)
	return *v.Amount
}

func (w *world) issueAs(code string, ref id.Ref) {
	w.Helper()
	_, v, err := w.s.Get(w.by(code), ref)
	w.must(err)
	w.must(w.s.Issue(w.by(code), ref, v.N, true))
}

// R120: titles are compared as they mean, not as they are typed.
func TestTitlesThatAreTheSame(t *testing.T) {
	same := []string{"关于印发《五老工作规划》的通知", "《关于印发〈五老工作规划〉的通知》", " 关于印发《五老工作 规划》的通知", "〈关于印发〈五老工作规划〉的通知〉", "关于印发《五老工作规划〉的通知"}
	for _, title := range same {
		if titleKey(title) != titleKey(same[0]) {
			t.Errorf("%q is %q", title, titleKey(title))
		}
	}
	for a, b := range map[string]string{"《甲》和《乙》": "甲》和《乙", "ＡＢＣ规划２０１９": "abc规划2019"} {
		if titleKey(a) != titleKey(b) && a[0] != 0xe3 {
			t.Errorf("%q is not %q", a, b)
		}
		if a[0] == 0xe3 && titleKey(a) != "《甲》和《乙》" {
			t.Errorf("marks that do not belong to each other are taken off: %q", titleKey(a))
		}
	}
	for typed, want := range map[string]string{"中办发〔2010〕12号": "中办发〔2010〕12号", "中办发（2010）12号": "中办发〔2010〕12号", "中办发[2010]第012号": "中办发〔2010〕12号", " 国务院令 第599号 ": "国务院令第599号", "": ""} {
		if got := numberKey(typed); got != want {
			t.Errorf("%q is %q", typed, got)
		}
	}
	// whatever is typed, a key is bounded and says the same of itself
	for _, bad := range []string{"", "《》", "《《《", "〈《〉》", strings.Repeat("《", 5_000), strings.Repeat("长", 5_000), "《" + strings.Repeat("甲《", 2_500), "\x00\xff《\x00》", strings.Repeat("《甲", 400) + strings.Repeat("》", 400)} {
		if k := titleKey(bad); titleKey(k) != k || strings.ContainsAny(k, "\x00 〈〉") || len(k) > 2*len(bad)+8 {
			t.Errorf("%.40q is %.40q", bad, k)
		}
		for _, c := range citeKeys(bad + "，见《甲》。" + bad) {
			if c == (citeKey{}) || len(c.Title) > 1000 {
				t.Errorf("%.40q cites %+v", bad, c)
			}
		}
		if k := (Document{Title: bad}).key(); k.Title == "" {
			t.Errorf("%.40q has no key and would be worked out for ever", bad)
		}
	}
	if got := quoted("关于印发《规划》的通知"); got != "《关于印发〈规划〉的通知》" {
		t.Error(got)
	}
}

// hasCite is what the test knows that a text cites: the place of a title, and of a number, in their lists; -1 for none.
type hasCite struct{ title, number int }

type citing struct {
	code          string
	ref           id.Ref
	d             Document
	title, number int // of the document itself
	cites         []hasCite
}

// means is the rule in the words of the issue, over what the test wrote and not over what was read out of texts.
func (c hasCite) means(d citing) (yes, exact bool) {
	exact = c.number >= 0 && c.number == d.number
	if c.title < 0 {
		return exact, exact
	}
	return c.title == d.title && (c.number < 0 || d.number < 0 || exact), exact
}

var (
	citeTitles  = []string{"关于加强和改进关工委工作的意见", "关于印发《五老工作规划》的通知", "五老志愿者守则", "ABC帮扶计划2019", "四点钟学校办学经验"}
	citeNumbers = []string{"中办发〔2010〕12号", "关工委〔2019〕3号", "教育部〔2018〕7号"}
)

// typedTitle is a title as somebody may write it.
func typedTitle(r *rand.Rand, title string) string {
	switch r.IntN(5) {
	case 0:
		title = strings.NewReplacer("《", "〈", "》", "〉").Replace(title)
	case 1:
		title = strings.NewReplacer("ABC", "ＡＢＣ", "2019", "２０１９").Replace(title)
	case 2:
		r := []rune(title)
		title = string(r[:2]) + " " + string(r[2:])
	}
	return title
}

func numberWritten(r *rand.Rand, n string) string {
	if r.IntN(2) == 0 {
		return strings.NewReplacer("〔", "（", "〕", "）").Replace(n)
	}
	return n
}

func (x *citing) draw(r *rand.Rand) string {
	x.cites = nil
	titles, numbers := r.Perm(len(citeTitles)), r.Perm(len(citeNumbers))
	var b strings.Builder
	for range r.IntN(4) {
		c := hasCite{-1, -1}
		if r.IntN(4) > 0 {
			c.title, titles = titles[0], titles[1:]
		}
		if (c.title < 0 || r.IntN(3) == 0) && len(numbers) > 0 {
			c.number, numbers = numbers[0], numbers[1:]
		}
		switch {
		case c.title < 0 && c.number < 0:
			continue
		case c.number < 0:
			fmt.Fprintf(&b, "学习《%s》。", typedTitle(r, citeTitles[c.title]))
		case c.title < 0:
			fmt.Fprintf(&b, "工作要求。%s文件。", numberWritten(r, citeNumbers[c.number]))
		default:
			fmt.Fprintf(&b, "落实《%s》（%s）。", typedTitle(r, citeTitles[c.title]), numberWritten(r, citeNumbers[c.number]))
		}
		x.cites = append(x.cites, c)
	}
	fmt.Fprintf(&b, "第%d份。《没有人收录的文件%d》。", r.Uint64(), r.IntN(100))
	return b.String()
}

// R120: wherever texts, titles, numbers, states and circles change, each reader is led to the newest document that they see and a citation
// means, and told of every citing document that they see and of no other.
func TestCitationsEqualARecount(t *testing.T) {
	w := openWorld(t)
	r := rand.New(rand.NewPCG(7, 8))
	var all []citing
	for range 24 {
		x := citing{code: places[r.IntN(len(places))], title: r.IntN(len(citeTitles)), number: r.IntN(len(citeNumbers)+2) - 2}
		x.number = max(x.number, -1)
		as := Document{Visible: Circles[r.IntN(len(Circles))]}
		if x.number >= 0 {
			as.Number = numberWritten(r, citeNumbers[x.number])
		}
		if r.IntN(2) == 0 {
			as.Dated = clock.Day(fmt.Sprintf("20%02d-03-01", 10+r.IntN(8)))
		}
		x.ref, _ = w.titled(x.code, typedTitle(r, citeTitles[x.title]), x.draw(r), as)
		if r.IntN(5) > 0 {
			w.issueAs(x.code, x.ref)
		}
		all = append(all, x)
	}
	check := func(when string) {
		t.Helper()
		for i := range all {
			d, _, err := w.s.Get(w.by(all[i].code), all[i].ref)
			w.must(err)
			all[i].d = d
		}
		for who := range w.as {
			seen := func(x citing) bool { return x.d.State == Issued && maySee(who, x.code, x.d) }
			for _, x := range all {
				if !maySee(who, x.code, x.d) {
					continue
				}
				text, err := w.s.Text(w.by(who), x.d)
				w.must(err)
				refs, err := w.s.References(w.by(who), x.ref.ID, text, mostCited)
				w.must(err)
				if len(refs) != len(x.cites)+1 {
					t.Fatalf("%s: %d references, want %d: %+v", when, len(refs), len(x.cites)+1, refs)
				}
				if last := refs[len(refs)-1]; last.No != 0 || last.Others != 0 {
					t.Errorf("%s: what nobody has leads to %+v", when, last)
				}
				for i, c := range x.cites {
					var fit, exact []citing
					for _, y := range all {
						if yes, very := c.means(y); yes && y.ref != x.ref && seen(y) {
							if fit = append(fit, y); very {
								exact = append(exact, y)
							}
						}
					}
					if len(exact) > 0 {
						fit = exact
					}
					var no, others int64
					if len(fit) > 0 {
						newest := slices.MaxFunc(fit, func(a, b citing) int {
							if a.d.dated() != b.d.dated() {
								return strings.Compare(string(a.d.dated()), string(b.d.dated()))
							}
							return int(a.ref.ID - b.ref.ID)
						})
						no, others = newest.d.No, int64(len(fit)-1)
					}
					if refs[i].No != no || refs[i].Others != others {
						t.Errorf("%s: %s at %d: %+v leads to %+v, want %d and %d others", when, who, x.d.No, c, refs[i], no, others)
					}
				}
				want := []int64{}
				for _, y := range all {
					if y.ref != x.ref && seen(y) && slices.ContainsFunc(y.cites, func(c hasCite) bool { yes, _ := c.means(x); return yes }) {
						want = append(want, y.d.No)
					}
				}
				got := append([]int64{}, w.numbers(who, Filter{Cites: x.d.No, State: Issued})...)
				slices.Sort(want)
				list, n, err := w.s.CitedBy(w.by(who), x.ref.ID, x.d, 3, 1000)
				w.must(err)
				newest := []int64{}
				for _, l := range list {
					newest = append(newest, l.No)
				}
				if n != len(got) || !slices.Equal(newest, got[:min(3, len(got))]) {
					t.Errorf("%s: %s: %d is cited by %d, the newest %v, and the list says %v", when, who, x.d.No, n, newest, got)
				}
				if slices.Sort(got); !slices.Equal(got, want) {
					t.Errorf("%s: %s: %d is cited by %v, want %v", when, who, x.d.No, got, want)
				}
			}
			for _, x := range all {
				if got := w.numbers(who, Filter{Cites: x.d.No}); !maySee(who, x.code, x.d) && len(got) > 0 {
					t.Errorf("%s: %s is told what cites %d, which they do not see: %v", when, who, x.d.No, got)
				}
			}
		}
	}
	check("at first")
	steps := 30
	if testkit.Long() {
		steps = 1_000
	}
	for step := range steps {
		x := &all[r.IntN(len(all))]
		ctx := w.by(x.code)
		d, v, err := w.s.Get(ctx, x.ref)
		w.must(err)
		switch r.IntN(5) {
		case 0: // another text
			in, err := w.s.Take(ctx, "新.txt", strings.NewReader(x.draw(r)))
			w.must(err)
			w.must(w.s.Replace(ctx, x.ref, v.N, in))
		case 1: // another title, another circle
			x.title = r.IntN(len(citeTitles))
			d.Title, d.Visible, d.Checked = typedTitle(r, citeTitles[x.title]), Circles[r.IntN(len(Circles))], true
			w.must(w.s.Save(ctx, x.ref, v.N, d))
		case 2:
			x.number = max(r.IntN(len(citeNumbers)+2)-2, -1)
			p := Paper{Dated: clock.Day(fmt.Sprintf("20%02d-03-01", 10+r.IntN(8)))}
			if x.number >= 0 {
				p.Number = numberWritten(r, citeNumbers[x.number])
			}
			w.must(w.s.SetPaper(ctx, x.ref, v.N, p))
		case 3:
			if d.State == Issued {
				w.must(w.s.Withdraw(ctx, x.ref, v.N, "重写"))
			}
		default:
			if d.State != Issued {
				w.must(w.s.Issue(ctx, x.ref, v.N, true))
			}
		}
		if step%10 == 9 {
			check(fmt.Sprintf("after step %d", step))
		}
	}
	check("in the end")
	// what was kept before citations were is filled in, a part at a time
	w.must(w.db.Tx(w.ctx, func(ctx context.Context) error {
		for _, q := range []string{`DELETE FROM library_citation`, `UPDATE library_document SET title_key = '', number_key = '', dated = ''`} {
			if _, err := w.db.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	}))
	if refs := w.numbers("9902", Filter{Cites: all[0].d.No}); len(refs) > 0 {
		t.Fatal("nothing was taken away")
	}
	w.must(w.s.Fill(w.ctx))
	check("filled in")
}

// R120: the page of a text leads to the one document that it cites, that one's page back, and neither tells of what the reader may not see.
func TestCitationsOnPages(t *testing.T) {
	w := openWorld(t)
	cited, c := w.titled("990203", "关于印发《规划》的通知", "各镇：\n照此办理。", Document{Visible: VisiblePublic, Paper: Paper{Number: "南关工〔2018〕3号", Issuers: "南江区关工委", Dated: "2018-03-01"}})
	w.issueAs("990203", cited)
	older, _ := w.titled("990204", "关于印发〈规划〉的通知", "旧的。", Document{Visible: VisibleMembers, Paper: Paper{Dated: "2011-01-01"}})
	w.issueAs("990204", older)
	secret, s := w.titled("990203", "内部掌握的名单", "只给自己看。", Document{Visible: VisibleUnit})
	w.issueAs("990203", secret)
	_, from := w.issued("990203001", "讲话.txt", "学习《关于印发〈规划〉的通知》，看《内部掌握的名单》，还有《没有的文件》。", Document{Visible: VisiblePublic})
	page := w.get("990204", Path(from.No), 200).Body.String()
	for _, want := range []string{`href="` + Path(c.No) + `"`, "同名的还有1份", "/library?q=" + url.QueryEscape("内部掌握的名单"), "/library?q=" + url.QueryEscape("没有的文件")} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not have %s", want)
		}
	}
	if strings.Contains(page, Path(s.No)) {
		t.Error("the page leads to what its reader may not see")
	}
	if page := w.get("visitor", Path(from.No), 200).Body.String(); !strings.Contains(page, Path(c.No)) || strings.Contains(page, "同名的还有") {
		t.Error("a visitor is told of documents that only members see")
	}
	if page := w.get("990203", Path(from.No), 200).Body.String(); !strings.Contains(page, Path(s.No)) {
		t.Error("whoever sees it is not led there")
	}
	page = w.get("visitor", Path(c.No), 200).Body.String()
	for _, want := range []string{"被引用", "1份文件提到它", Path(from.No), "引用时写：南江区关工委《关于印发〈规划〉的通知》（南关工〔2018〕3号），2018年3月1日"} {
		if !strings.Contains(page, want) {
			t.Errorf("the cited document's page does not say %s", want)
		}
	}
	if page := w.get("990203001", "/library?cites="+numbered(s.No), 200).Body.String(); strings.Contains(page, from.Title) || strings.Contains(page, s.Title) {
		t.Error("a list tells what cites a document that its reader may not see")
	}
	if page := w.get("990203", "/library?cites="+numbered(s.No), 200).Body.String(); !strings.Contains(page, from.Title) || !strings.Contains(page, "提到《内部掌握的名单》的文件") {
		t.Error("the list of what cites it is not there")
	}
	w.get("visitor", "/library?cites=nonsense&project=nonsense", 200)
}

// R120: of a document that nobody here has the title is kept: it is found with its title in quotes and cited, and nothing pretends a text.
func TestATitleWithoutAText(t *testing.T) {
	w := openWorld(t)
	w.post("990203", "/library/entry?unit=990203", url.Values{"title": {""}, "category": {"teach.lesson"}, "visible": {"members"}, "dated": {"32"}}, 422)
	to := w.post("990203", "/library/entry?unit=990203", url.Values{"title": {"关于进一步加强关心下一代工作的意见"}, "issuers": {"中共中央办公厅、国务院办公厅"}, "number": {"中办发〔2010〕12号"}, "dated": {"2010-05-04"},
		"source": {"2010年第12期公报"}, "category": {"work.notice"}, "visible": {"public"}}, 303).Header().Get("Location")
	list, _, _, _, err := w.s.List(w.by("990203"), Filter{Unit: w.unit("990203").ID, Limit: 5})
	w.must(err)
	ref := list[0].Ref()
	if to != Path(list[0].No) || !list[0].TitleOnly() || list[0].State != Draft {
		t.Fatalf("%+v %s", list[0], to)
	}
	w.kind(w.s.Submit(w.by("990203"), ref, 1, ""), errs.Conflict)
	w.must(w.s.Issue(w.by("990203"), ref, 1, false))
	for _, q := range []string{"“关于进一步加强关心下一代工作的意见”", `"关于进一步加强关心下一代工作的意见"`, "《关于进一步加强关心下一代工作的意见》", "中办发〔2010〕12号", "国务院办公厅"} {
		if got := w.numbers("visitor", Filter{Words: q}); !slices.Equal(got, []int64{list[0].No}) {
			t.Errorf("%s finds %v", q, got)
		}
	}
	page := w.get("visitor", to, 200).Body.String()
	for _, want := range []string{"仅收录题名，没有正文。", "引用时写：中共中央办公厅、国务院办公厅《关于进一步加强关心下一代工作的意见》（中办发〔2010〕12号），2010年5月4日", "2010年第12期公报", "收录"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	own := w.get("990203", to, 200).Body.String()
	for _, no := range []string{"下载（", "读全文", "全文可在线读", "文字预览", "读不出文字", "上传时的文件名", "KB", "/file", "/read", "页数"} {
		if strings.Contains(page, no) || strings.Contains(own, no) {
			t.Errorf("the page of a title pretends a text: %s", no)
		}
	}
	for _, path := range []string{"/file", "/read", "/pages", "/page/1"} {
		w.get("990203", to+path, 404)
	}
	var e *errs.Error
	if _, _, err := w.s.File(w.by("990203"), list[0].No); !errors.As(err, &e) || e.Key != "library.title_only_told" {
		t.Error("its file is looked for", err)
	}
	if list := w.get("visitor", "/library", 200).Body.String(); !strings.Contains(list, "仅收录题名") {
		t.Error("the list does not say so")
	}
	_, from := w.issued("990204", "讲话.txt", "贯彻中办国办《关于进一步加强关心下一代工作的意见》（中办发〔2010〕12号）。", Document{})
	if page := w.get("990204", Path(from.No), 200).Body.String(); !strings.Contains(page, `href="`+to+`"`) {
		t.Error("what cites it does not lead there")
	}
	if title, point, href, err := w.s.Cited(w.by("990204"), list[0].No, ""); err != nil || title != list[0].Title || point != "" || href != to {
		t.Error("no task can rest on it", title, point, href, err)
	}
	// two titles without texts are not alike, and no figure counts them
	other, err := w.s.Enter(w.by("990203"), w.unit("990203").ID, Document{Title: "另一个题名", Category: "work.rules", Visible: VisibleMembers})
	w.must(err)
	w.must(w.s.Issue(w.by("990203"), other, 1, false))
	if near, err := w.s.Near(w.by("990203"), other.ID, "", Text{}); err != nil || len(near) > 0 {
		t.Error(near, err)
	}
	if n := w.figure("library.documents", "990203"); n != 0 {
		t.Errorf("%d documents are counted of which only titles are kept", n)
	}
	if page := w.get("990203", "/library/rules?unit=990203", 200).Body.String(); !strings.Contains(page, "本级也还没有") {
		t.Error("a title counts as rules on the wall")
	}
	var zip strings.Builder
	if n, err := w.s.ExportAll(w.by("990203"), &zip, Filter{}, nil); err != nil || n != 1 {
		t.Errorf("%d documents are taken out: %v", n, err)
	}
	// the text comes later, under the same number
	w.get("990203", actPath(ref)+"/"+ActReplace, 200)
	w.upload("990203", actPath(ref)+"/"+ActReplace, url.Values{"_version": {"2"}}, map[string]string{"意见.txt": "各省、自治区、直辖市：\n现提出如下意见。"}, 303)
	w.issueAs("990203", ref)
	if page := w.get("visitor", to, 200).Body.String(); strings.Contains(page, "仅收录题名") || !strings.Contains(page, "现提出如下意见") {
		t.Error("the text is not there")
	}
	if n := w.figure("library.documents", "990203"); n != 1 {
		t.Error("it does not count", n)
	}
	w.get("990204", "/library/entry?unit=990204&title=x", 200)
}
