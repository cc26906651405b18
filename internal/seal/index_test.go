package seal

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web"

	"context"
)

// What was sealed before names could be searched for is found once the job has been by; it goes on where it was killed, makes nothing
// twice and writes no name anywhere.
func TestIndexFindsOldNames(t *testing.T) {
	w := open(t)
	own := w.as(w.town, 1)
	for range batch + 3 { // two batches, sealed while nothing could be found by name
		_, err := w.s.Seal(own, w.owner, map[string]string{"name": "别的孩子", "phone": ""})
		w.must(err)
	}
	w.seal()
	gone := w.seal()
	w.must(w.s.Erase(own, w.owner, gone, ByGuardian, "监护人要求"))
	w.s.AddSubject(Subject{Kind: w.owner.Kind, Find: []string{"name", "phone"}})
	ref, err := w.s.AddWish(own, w.town.ID, Wish{Kind: ToSee, Asker: "minor", Proof: "known", Name: name, Received: today})
	w.must(err)
	w.fetch(own, "/seal", 200) // tells what the records belong to
	named := func() int {
		_, found, err := w.s.Wish(own, ref)
		w.must(err)
		return len(found)
	}
	if named() != 0 {
		t.Fatal("found before it has a hash")
	}
	w.must(w.d.Tx(w.ctx, func(ctx context.Context) error { // the first batch, and then it is killed
		n, done, err := w.s.indexBatch(ctx, w.owner.Kind, "name")
		if n != batch || done {
			t.Errorf("%d made, done %v", n, done)
		}
		return err
	}))
	n, err := w.s.Index(w.ctx)
	w.must(err)
	if n != 4 { // the names that were left; the telephone has its hash
		t.Errorf("%d made, want 4", n)
	}
	if named() != 1 {
		t.Error("not found after the job")
	}
	if n, err := w.s.Index(w.ctx); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
	_, err = w.s.Seal(own, w.owner, map[string]string{"name": name}) // from now on at once
	w.must(err)
	if named() != 2 {
		t.Error("what is sealed now is not found")
	}
	w.logged("seal.act.index", 0) // and no row names the child
	if data, err := os.ReadFile(w.s.keys.Path); err != nil || strings.Contains(string(data), name) {
		t.Error("the key file names the child")
	}
	for table, column := range map[string]string{"seal_value": "value || blind", "seal_indexed": "kind || field"} {
		list, err := db.Select[string](w.ctx, w.d, `SELECT `+column+` FROM `+table)
		w.must(err)
		if strings.Contains(strings.Join(list, " "), name) {
			t.Errorf("%s names the child", table)
		}
	}
}

// One page answers for a matter about one person: what belongs to it goes with it, what has to stay stays with its reason, what is held
// back is not on the sheet, what is wrong is put right and its module hears.
func TestWishOfAWholeMatter(t *testing.T) {
	w := open(t)
	own := w.as(w.town, 1)
	said := w.owner
	said.Kind = "test.said"
	var hold Hold
	var heard map[string]string
	w.more = []Owner{said}
	w.s.AddSubject(Subject{Kind: w.owner.Kind, Find: []string{"name"}, Names: map[string]string{"name": "seal.f.name", "phone": "seal.f.phone"}, With: []string{said.Kind},
		Held:      func(context.Context, id.Ref, Wish) (Hold, error) { return hold, nil },
		Corrected: func(_ context.Context, _ id.Ref, fields map[string]string) error { heard = fields; return nil }})
	w.s.AddSubject(Subject{Kind: said.Kind, Names: map[string]string{"text": "seal.f.words"}, Inner: []string{"of"}, Said: map[string]string{"safe": "seal.wish."}})
	w.seal()
	_, err := w.s.Seal(own, said, map[string]string{"text": "家访记录的话", "of": "inner-code", "safe": "see"})
	w.must(err)
	add := func(kind string) string {
		ref, err := w.s.AddWish(own, w.town.ID, Wish{Kind: kind, Asker: "guardian", Proof: "papers", Name: name, Received: today})
		w.must(err)
		return wishPath(ref, "")
	}
	see := add(ToSee)
	sheet := w.fetch(own, see+"/sheet", 200)
	w.holds("sheet", sheet, name, "家访记录的话", "查阅、复制")
	if looked, matters := strings.Count(sheet, "用途或原因</th>"), 1; looked > matters {
		t.Errorf("who has looked stands %d times on the sheet", looked)
	}
	if strings.Contains(sheet, "inner-code") {
		t.Error("the sheet tells how it is kept")
	}
	w.holds("who looked", w.fetch(own, see, 200), "谁查过", "陈玉兰")
	hold = Hold{Erase: "seal.wish_late", Tell: "seal.wish_open"}
	if sheet := w.fetch(own, see+"/sheet", 200); strings.Contains(sheet, "红色研学营") || strings.Contains(sheet, "家访记录的话") || strings.Contains(sheet, "13900000001") {
		t.Error("what is held back is on the sheet")
	}
	// R133: what has to stay is not erased, and the page says why
	erase := add(ToErase)
	w.holds("stays", w.fetch(own, erase, 200), "超期")
	w.holds("nothing to erase", w.fetch(own, erase+"/erase", 200), "没有可以销毁的内容了")
	w.post(own, erase+"/erase", url.Values{"_key": {web.NewKey()}}, 303)
	if list, err := w.s.Open(own, said); err != nil || list[0].Fields == nil {
		t.Errorf("erased what has to stay: %v", err)
	}
	// correcting
	correct := add(ToCorrect)
	ref, err := id.ParseRef(strings.TrimPrefix(correct, "/wishes/"))
	w.must(err)
	_, found, err := w.s.Wish(own, ref)
	w.must(err)
	for _, f := range found {
		at := correct + "/correct?record=" + f.Record.String()
		if f.Kind == said.Kind { // the words of officials are theirs
			w.fetch(own, at, 404)
			continue
		}
		w.holds("form", w.fetch(own, at, 200), name, "13900000001")
		w.post(w.as(w.city, 3), at, url.Values{"_key": {web.NewKey()}, "name": {"改了"}}, 403)
		w.fetch(own, see+"/correct?record="+f.Record.String(), 200)
		w.post(own, see+"/correct?record="+f.Record.String(), url.Values{"_key": {web.NewKey()}, "name": {"改了"}}, 409)
		w.post(own, at, url.Values{"_key": {web.NewKey()}, "name": {"陈小曼"}, "of": {"别的"}}, 303)
	}
	if heard["name"] != "陈小曼" || heard["phone"] != "13900000001" || heard["of"] != "" {
		t.Errorf("the module heard %v", heard)
	}
	if _, found, err := w.s.Wish(own, ref); err != nil || len(found) != 0 { // by the old name nobody is found any more
		t.Errorf("%d found by the name that was wrong, %v", len(found), err)
	}
	w.fetch(own, correct+"/correct?record=nonsense", 404)
	if n := w.logged("seal.act.correct", 0); n != 1 {
		t.Errorf("%d rows in the log, want 1", n)
	}
	// once nothing stands against it all of it goes
	hold = Hold{}
	again, err := w.s.AddWish(own, w.town.ID, Wish{Kind: ToErase, Asker: "guardian", Proof: "papers", Name: "陈小曼", Received: clock.Day(today)})
	w.must(err)
	if n, err := w.s.EraseNamed(own, again); n != 2 || err != nil {
		t.Errorf("%d erased, %v", n, err)
	}
}
