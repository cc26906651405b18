package search

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
)

type fixture struct {
	*testing.T
	ctx context.Context
	x   *Index
}

// open makes an index beside a table of documents with one column, by which they may be narrowed.
func open(t *testing.T) *fixture {
	ctx := context.Background()
	d, err := db.Open(ctx, testkit.DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	f := &fixture{t, ctx, New(d, "paper")}
	if err := d.Tx(ctx, func(ctx context.Context) error {
		_, err := d.Exec(ctx, `CREATE TABLE paper (id BIGINT PRIMARY KEY, kind TEXT NOT NULL)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := f.x.Make(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

func (f *fixture) put(doc id.ID, kind, title, body string) {
	f.Helper()
	err := f.x.db.Tx(f.ctx, func(ctx context.Context) error {
		if _, err := f.x.db.Exec(ctx, `INSERT INTO paper (id, kind) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind`, doc, kind); err != nil {
			return err
		}
		return f.x.Put(ctx, Text{Doc: doc, Title: title, Body: body})
	})
	if err != nil {
		f.Fatal(err)
	}
}

type row struct {
	Doc  id.ID
	Kind string
}

func (f *fixture) find(text, where string, args ...any) ([]id.ID, bool) {
	f.Helper()
	q, err := Parse(text, nil)
	if err != nil {
		f.Fatal(err)
	}
	return f.ask(q, where, args...)
}

func (f *fixture) ask(q Query, where string, args ...any) ([]id.ID, bool) {
	f.Helper()
	hits, more, err := Find(f.ctx, f.x, q, Among{From: "paper d", Doc: "d.id", Where: where, Args: args}, "d.id AS doc, d.kind", func(r row) id.ID { return r.Doc })
	if err != nil {
		f.Fatal(err)
	}
	docs := make([]id.ID, len(hits))
	for i, h := range hits {
		docs[i] = h.Doc
	}
	return docs, more
}

// An index is derived: what lists, copies and compares tables does not know it.
func TestAnIndexIsNoTableOfTheDatabase(t *testing.T) {
	f := open(t)
	f.put(1, "x", "讲话", "校外教育")
	tables, err := f.x.db.Tables(f.ctx)
	if err != nil || !slices.Equal(tables, []string{"paper"}) {
		t.Error(tables, err)
	}
	schema, err := f.x.db.Schema(f.ctx)
	if err != nil || strings.Contains(schema, "search") {
		t.Error(schema, err)
	}
}

// plain is the recount: it reads the text from beginning to end, and knows nothing of units and pairs.
func plain(text, needle string) bool {
	e := regexp.QuoteMeta(needle)
	if needle[0] < 0x80 {
		e = `(^|[^0-9a-z])` + e
	}
	if needle[len(needle)-1] < 0x80 {
		e += `($|[^0-9a-z])`
	}
	return regexp.MustCompile(e).MatchString(text)
}

// L29: whatever is looked for, of two characters or more, is found in every text that holds it and in no other, after texts
// were put in, changed and dropped; both engines answer alike because both answer as a plain scan does.
func TestFoundIsWhatAPlainScanFinds(t *testing.T) {
	f := open(t)
	r := rand.New(rand.NewPCG(5, 29))
	alphabet := []string{"关", "工", "委", "爱", "国", "家", "。", "，", " ", "70", "7", "ab", "a", "第", "年"}
	write := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(alphabet[r.IntN(len(alphabet))])
		}
		return b.String()
	}
	texts := map[id.ID][2]string{}
	readings := map[rune]string{'关': "guan", '工': "gong", '委': "wei", '爱': "ai", '国': "guo", '家': "jia", '第': "di", '年': "nian"}
	steps := 400
	if testkit.Long() {
		steps = 4_000
	}
	for step := range steps {
		doc := id.ID(1 + r.IntN(60))
		if r.IntN(5) == 0 {
			if err := f.x.db.Tx(f.ctx, func(ctx context.Context) error { return f.x.Drop(ctx, doc) }); err != nil {
				t.Fatal(err)
			}
			delete(texts, doc)
		} else {
			texts[doc] = [2]string{write(1 + r.IntN(4)), write(r.IntN(14))}
			f.put(doc, "x", texts[doc][0], texts[doc][1])
		}
		var needles []string
		for len(needles) < 1+r.IntN(2) {
			said := write(1 + r.IntN(4))
			if body := []rune(texts[doc][1]); len(body) > 4 && r.IntN(2) == 0 { // what a text says, perhaps over a full stop
				from := r.IntN(len(body) - 3)
				said = string(body[from:min(len(body), from+2+r.IntN(5))])
			}
			n := strings.Trim(strings.NewReplacer("。", "", "，", "", " ", "").Replace(said), " ")
			if r.IntN(3) == 0 {
				n = pieceOfSound(r, readings, n)
			}
			if len([]rune(n)) > 1 || n != "" && n[0] < 0x80 {
				needles = append(needles, n)
			}
		}
		var want []id.ID
		for doc, t := range texts {
			if !slices.ContainsFunc(needles, func(n string) bool { return !plain(t[0], n) && !plain(t[1], n) && !spoken(readings, t[0], n) }) {
				want = append(want, doc)
			}
		}
		got, more := f.find(strings.Join(needles, " "), "1 = 1")
		slices.SortFunc(want, func(a, b id.ID) int {
			rank := func(doc id.ID) (sum float64) {
				for _, n := range needles {
					sum += plainRank(texts[doc][0], texts[doc][1], n, spoken(readings, texts[doc][0], n))
				}
				return sum
			}
			return cmp.Or(cmp.Compare(rank(b), rank(a)), cmp.Compare(b, a))
		})
		if more || !slices.Equal(got, want) {
			t.Fatalf("step %d, %q: found %v in this order, a plain scan finds %v\n%q", step, needles, got, want, texts)
		}
	}
}

// plainRank is the recount of how well a text answers a needle. A sound of which an index keeps only a piece counts where nothing else speaks
// for the text.
func plainRank(title, body, needle string, heard bool) float64 {
	wordy := func(text string, at int) bool {
		return at >= 0 && at < len(text) && strings.IndexByte("0123456789"+latin, text[at]) >= 0
	}
	times, end := 0, len(needle)
	for i := range body {
		if rest := body[i:]; strings.HasPrefix(rest, needle) && !(wordy(needle, 0) && wordy(body, i-1)) && !(wordy(needle, end-1) && wordy(rest, end)) {
			times++
		}
	}
	f := math.Log2(1 + float64(times))
	if plain(title, needle) {
		f += 10 + 10*float64(end)/float64(len(Fold(title)))
	}
	if heard && (f == 0 || slices.Contains([]int{2, 4, 6}, end)) {
		f = max(f, 5)
	}
	return f
}

// pieceOfSound is what somebody types who looks for a title by its sound: a piece of its reading or of the initials.
func pieceOfSound(r *rand.Rand, readings map[rune]string, title string) string {
	var full, initials string
	for _, c := range title {
		if s := readings[c]; s != "" {
			full, initials = full+s, initials+s[:1]
		}
	}
	if r.IntN(2) == 0 || len(full) < 2 {
		return initials
	}
	return full[:2+r.IntN(len(full)-1)]
}

// spoken is the recount of sounds: it writes down all that may be typed for a title.
func spoken(readings map[rune]string, title, typed string) bool {
	if strings.Trim(typed, "abcdefghijklmnopqrstuvwxyz") != "" || len(typed) < 2 {
		return false
	}
	marked := func(write func(s string) string) string { // every place at which a typed piece may begin has a mark before it
		var b strings.Builder
		for _, c := range title {
			if s := readings[c]; s != "" {
				b.WriteString("|" + write(s))
			} else if strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789", c) {
				b.WriteString("#")
			}
		}
		return b.String()
	}
	pattern := regexp.MustCompile(`\|` + strings.Join(strings.Split(typed, ""), `\|?`))
	return pattern.MatchString(marked(func(s string) string { return s })) || pattern.MatchString(marked(func(s string) string { return s[:1] }))
}

// Titles, names of units and of people are found by pinyin and by initials, from any syllable on; a surname is read as one.
func TestFoundByItsSound(t *testing.T) {
	f := open(t)
	keep := func(x Text) {
		t.Helper()
		if err := f.x.db.Tx(f.ctx, func(ctx context.Context) error {
			if _, err := f.x.db.Exec(ctx, `INSERT INTO paper (id, kind) VALUES ($1, 'x') ON CONFLICT (id) DO NOTHING`, x.Doc); err != nil {
				return err
			}
			return f.x.Put(ctx, x)
		}); err != nil {
			t.Fatal(err)
		}
	}
	keep(Text{Doc: 1, Title: "“五老”精神宣讲材料", Body: "张三在重庆讲的", Names: []string{"南江区关工委"}, People: []string{"单青禾"}})
	keep(Text{Doc: 2, Title: "GOV采购办法", Body: "zhong", People: []string{"张三"}})
	for typed, want := range map[string][]id.ID{"wulao": {1}, "wlj": {1}, "jingshen": {1}, "jgggw": nil, "ggw": {1}, "njqggw": {1}, "guangongwei": {1}, "gongw": {1}, "uangong": nil, "shanqing": {1},
		"danqing": nil, "sqh": {1}, "zhangsan": {2}, "ZHANGSAN": {2}, "zs": {2}, "chongqing": nil, "zhong": {2}, "gov": {2}, "govcaigou": nil, "caigou": {2}, "wulao xuanjiang": {1}, "wulao 重庆": {1}, "g": nil} {
		got, _ := f.find(typed, "1 = 1")
		if !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%s: %v, want %v", typed, got, want)
		}
	}
	keep(Text{Doc: 2, Title: "GOV采购办法", Body: "zhong", People: []string{"李四"}})
	if got, _ := f.find("zhangsan", "1 = 1"); len(got) != 0 {
		t.Error("found by a name that it no longer has")
	}
	if got, _ := f.find("ls", "1 = 1"); len(got) != 1 {
		t.Error("not found by its new name")
	}
}

// An index that is made anew is filled piece by piece: cut off anywhere it goes on, what is in is found, what changed meanwhile stays as
// it is, and what a former program made is made anew.
func TestFilledPieceByPiece(t *testing.T) {
	f := open(t)
	texts := []Text{}
	for i := range id.ID(25) {
		texts = append(texts, Text{Doc: i + 1, Title: "讲话", Body: "校外教育"})
		f.put(i+1, "x", "旧", "旧的")
	}
	if err := f.x.db.Tx(f.ctx, func(ctx context.Context) error {
		_, err := f.x.db.Exec(ctx, `UPDATE paper_search_mark SET version = version - 1`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := f.x.Make(f.ctx); err != nil {
		t.Fatal(err)
	}
	if got, _ := f.find("旧的", "1 = 1"); len(got) != 0 {
		t.Error("the old index is still there")
	}
	var most int
	next := func(cut bool) func(ctx context.Context, after id.ID) ([]Text, error) {
		return func(_ context.Context, after id.ID) ([]Text, error) {
			if cut {
				return nil, errs.New(errs.Conflict, "search.too_short")
			}
			list := texts[min(int(after), len(texts)):]
			list = list[:min(10, len(list))]
			most += len(list)
			return list, nil
		}
	}
	for step, want := range []int{10, 20, 25} {
		if _, err := f.x.Fill(f.ctx, next(true)); err == nil {
			t.Error("a failure is swallowed")
		}
		all, err := f.x.Fill(f.ctx, next(false))
		if err != nil || all {
			t.Fatal(all, err)
		}
		if got, _ := f.find("校外教育", "1 = 1"); len(got) != want {
			t.Errorf("step %d: %d are found, want %d", step, len(got), want)
		}
		if step == 0 {
			f.put(3, "x", "改了", "改了的")
			f.put(3, "x", "讲话", "校外教育")
			f.put(15, "x", "讲话", "校外教育") // somebody was quicker
			if err := f.x.db.Tx(f.ctx, func(ctx context.Context) error { return f.x.Drop(ctx, 15) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 2 {
		if all, err := f.x.Fill(f.ctx, next(false)); err != nil || !all {
			t.Error(all, err)
		}
	}
	if err := f.x.Make(f.ctx); err != nil || most != 25 {
		t.Errorf("%d put in, %v", most, err)
	}
	if upTo, all, err := f.x.Filled(f.ctx); err != nil || !all || upTo != last {
		t.Error(upTo, all, err)
	}
}

// Folding by what is known of most characters is folding.
func TestFoldedAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	alphabet := []rune("关工委爱，。！？“”‘’（）《》【】、·…—ＡｚＺ０９ａ　 \t\n\x00\r\vabXYZ09,.éÅßİ\u0301\u00a0ｶﾞがㄱ①㎡")
	for range 20_000 {
		var b strings.Builder
		for range r.IntN(8) {
			b.WriteRune(alphabet[r.IntN(len(alphabet))])
		}
		if got, want := Fold(b.String()), foldAny(b.String()); got != want {
			t.Fatalf("%q: %q, want %q", b.String(), got, want)
		}
	}
	for c := range rune(0x11000) {
		if s := "a " + string(c) + "b"; Fold(s) != foldAny(s) {
			t.Errorf("%x: %q, want %q", c, Fold(s), foldAny(s))
		}
	}
}

func TestAStretchDoesNotReachOverAFullStop(t *testing.T) {
	f := open(t)
	f.put(1, "x", "讲话", "热爱祖国。国家富强")
	if got, _ := f.find("祖国家", "1 = 1"); len(got) != 0 {
		t.Error("祖国。国家 holds 祖国家")
	}
	if got, _ := f.find("祖国", "1 = 1"); len(got) != 1 {
		t.Error("祖国 is not found")
	}
}

// What the reader may not see is neither found nor counted: the condition stands inside the statement.
func TestOnlyAmongWhatMayBeFound(t *testing.T) {
	f := open(t)
	f.put(1, "public", "公开的通知", "校外教育")
	f.put(2, "secret", "校外教育", "校外教育")
	if got, _ := f.find("校外教育", "d.kind = $1", "public"); !slices.Equal(got, []id.ID{1}) {
		t.Error(got)
	}
}

// L29 L33: a title that says it comes first, then what says it more often, then the newest; words that mean the same or are
// often confused are found, after what was typed.
func TestOrderAndSpellings(t *testing.T) {
	f := open(t)
	f.put(1, "x", "公益创投项目办法", "办法如下")
	f.put(2, "x", "总结", "公益创投，公益创投，又是公益创投")
	f.put(3, "x", "计划", "公益创投")
	f.put(4, "x", "简报", "公益创投")
	f.put(5, "x", "来信", "公益创授")
	f.put(6, "x", "无关", "公益")
	q, err := Parse("公益创投", [][]string{{"公益创投", "公益创授"}, {"阵地", "基地"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := f.ask(q, "1 = 1"); !slices.Equal(got, []id.ID{1, 2, 4, 3, 5}) {
		t.Error(got)
	}
	if q, _ := Parse("校外教育阵地建设", [][]string{{"阵地", "基地"}}); !slices.Equal(q.Needles[0].Spellings, []string{"校外教育阵地建设", "校外教育基地建设"}) {
		t.Error(q)
	}
	if got, _ := f.find("ＧＯＶ", "1 = 1"); len(got) != 0 {
		t.Error(got)
	}
	f.put(7, "x", "Government purchase of services", "GOV 70周年")
	for text, n := range map[string]int{"ＧＯＶ": 1, "government": 1, "govern": 0, "70周年": 1, "0周年": 0, "purchase 周年": 1} {
		if got, _ := f.find(text, "1 = 1"); len(got) != n {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// Beyond the most that are counted, it is said that there are more; those counted are the newest, and an old one whose title
// answers is among them.
func TestMoreThanAreCounted(t *testing.T) {
	testkit.Full(t)
	f := open(t)
	err := f.x.db.Tx(f.ctx, func(ctx context.Context) error {
		for i := range id.ID(Most + 50) {
			title := "材料"
			if i == 3 {
				title = "志愿服务"
			}
			if _, err := f.x.db.Exec(ctx, `INSERT INTO paper (id, kind) VALUES ($1, 'x')`, i+1); err != nil {
				return err
			}
			if err := f.x.Put(ctx, Text{Doc: i + 1, Title: title, Body: fmt.Sprintf("第%d次志愿服务", i)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got, more := f.find("志愿服务", "1 = 1")
	if len(got) != Most || !more || got[0] != 4 || got[1] != Most+50 {
		t.Error(len(got), more, got[:2])
	}
	if got, more := f.find("志愿服务", "d.id <= $1", Most); len(got) != Most || more {
		t.Error(len(got), more)
	}
}

// Whatever is typed, it is a text to be looked for and never a word of the engine's own language.
func TestWhatIsTypedIsOnlyText(t *testing.T) {
	f := open(t)
	f.put(1, "x", `title: "a" OR b`, "near not and 关工委")
	for _, text := range []string{`"关工委`, `关工委 OR`, `NEAR(关工委)`, `-关工委`, `关工委*`, `title:关工委`, `{a b}:关工委`, `'; DROP TABLE paper; --关工委`, "关工委\x00", strings.Repeat("关工委", 500)} {
		if q, err := Parse(text, nil); err == nil {
			f.ask(q, "1 = 1")
		}
	}
	for _, text := range []string{"", " ", "委", "。", "委 关", "\x00"} {
		if _, err := Parse(text, nil); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
	f.put(2, "x", "a\x00b", "c\x00d\xff")
}

func TestSnippet(t *testing.T) {
	q, err := Parse("关工委 gov", [][]string{{"关工委", "关心下一代工作委员会"}})
	if err != nil {
		t.Fatal(err)
	}
	show := func(text string, width int) string {
		var b strings.Builder
		for _, p := range q.Snippet(text, width) {
			if p.Hit {
				b.WriteString("[" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
		return b.String()
	}
	for text, want := range map[string]string{
		"":           "",
		"没有":         "没有",
		"市关工委的ＧＯＶ项目": "市[关工委]的[ＧＯＶ]项目",
		"关心下一代\n工作":  "关心下一代 工作",
		"各级关心下一代工作委员会和关工委": "各级[关心下一代工作委员会]和[关工委]",
		"ﬁx Gov": "ﬁx [Gov]",
		"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十关工委一二三四五六七八九十一二三四五六七八九十": "…六七八九十[关工委]一二三四五六七八九十一二…",
		// written otherwise, it stands before the first place that is written so
		"ＧＯＶ一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十关工委" + strings.Repeat("一二三四五六七八九十", 30): "[ＧＯＶ]一二三四五六七八九十一二三四五六七…",
	} {
		if got := show(text, 20); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// FuzzParse: whatever is typed and whatever a text holds, nothing breaks, and a snippet is a piece of the text.
func FuzzParse(f *testing.F) {
	f.Add("关工委", "各级关工委")
	f.Add("ﬃ 70周年", "ﬃﬃ\x0070周年")
	f.Add("İ", "İstanbul ß")
	f.Fuzz(func(t *testing.T, typed, text string) {
		q, err := Parse(typed, [][]string{{"关工委", "关心下一代工作委员会"}})
		if err != nil {
			return
		}
		for _, n := range q.Needles {
			n.heard(Text{Title: text}.sounds())
		}
		whole := "…" + strings.Join(strings.Fields(text), " ") + "…"
		for _, p := range q.Snippet(text, 40) {
			if p.Text != "…" && !strings.Contains(string([]rune(whole)), p.Text) {
				t.Errorf("%q is not in %q", p.Text, text)
			}
		}
	})
}

// A mark narrows to what bears it and changes no other answer; taken off or put on it counts at once, though the text is the same.
func TestMarkNarrows(t *testing.T) {
	f := open(t)
	put := func(doc id.ID, mark string) {
		t.Helper()
		if err := f.x.db.Tx(f.ctx, func(ctx context.Context) error {
			return f.x.Put(ctx, Text{Doc: doc, Title: "阵地建设", Body: "讲阵地建设。", Mark: mark})
		}); err != nil {
			t.Fatal(err)
		}
	}
	found := func(mark string) (out []id.ID) {
		t.Helper()
		q, err := Parse("阵地", nil)
		if err != nil {
			t.Fatal(err)
		}
		hits, _, err := Find(f.ctx, f.x, q, Among{From: "paper d", Doc: "d.id", Where: "1 = 1", Mark: mark}, "d.id AS doc, d.kind", func(r row) id.ID { return r.Doc })
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hits {
			out = append(out, h.Doc)
		}
		return out
	}
	for i := range 3 {
		f.put(id.ID(i+1), "a", "另一份", "别的")
		put(id.ID(i+1), map[int]string{1: "public"}[i])
	}
	if all, some := found(""), found("public"); len(all) != 3 || len(some) != 1 || some[0] != 2 {
		t.Errorf("%v and %v", all, some)
	}
	put(2, "")
	put(3, "public")
	if some := found("public"); len(some) != 1 || some[0] != 3 {
		t.Errorf("%v", some)
	}
}
