package casework

import (
	"testing"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/seal"
)

// wished are a wish by name and what a person of the office finds for it.
func (w *world) wished(login, kind, name string) (id.Ref, []seal.Found) {
	w.Helper()
	ref, err := w.seal.AddWish(w.by(login), w.desk.ID, seal.Wish{Kind: kind, Asker: "guardian", Proof: "papers", Received: w.today(), Name: name})
	w.must(err)
	_, list, err := w.seal.Wish(w.by(login), ref)
	w.must(err)
	return ref, list
}

// A case is found by the name it is about by those who read it, stays while it runs, and is put right with the marks by which a second case is
// found. // R45 R48 R133
func TestWishFindsACase(t *testing.T) {
	w := openWorld(t)
	open := w.opened("holder", "left_behind")
	secret := w.opened("lead", "correction")
	w.must(w.s.Note(w.by("holder"), open, "电话里孩子说想妈妈", ""))
	if _, list := w.wished("holder", seal.ToSee, "秦晓禾"); len(list) != 2 { // who and the words; not the other's secret case
		t.Fatalf("%d found by who keeps the open one", len(list))
	}
	if _, list := w.wished("lead", seal.ToSee, "秦晓禾"); len(list) != 3 {
		t.Errorf("%d found by who keeps both", len(list))
	}
	ref, list := w.wished("holder", seal.ToErase, "秦晓禾")
	for _, f := range list {
		if f.Hold.Erase != "casework.stays_running" {
			t.Errorf("%+v", f.Hold)
		}
	}
	if n, err := w.seal.EraseNamed(w.by("holder"), ref); n != 0 || err != nil {
		t.Errorf("%d erased of a case that runs, %v", n, err)
	}
	_, told, err := w.seal.Tell(w.by("holder"), ref)
	w.must(err)
	if len(told) != 2 {
		t.Errorf("%d parts on the sheet", len(told))
	}
	// unsafe: nobody is handed it
	scores := map[string]string{}
	for _, item := range ClassOf("left_behind").Items {
		scores[item] = "3"
	}
	w.must(w.s.Assess(w.by("holder"), open, 0, w.today(), scores, "no", "夜里一个人在家"))
	if _, told, err := w.seal.Tell(w.by("holder"), ref); err != nil || len(told) != 0 {
		t.Errorf("%d parts handed over of who is not safe, %v", len(told), err)
	}
	// the name was written wrong
	ref, list = w.wished("holder", seal.ToCorrect, "秦晓禾")
	for _, f := range list {
		if f.Kind != "casework.child" {
			continue
		}
		w.key(w.seal.CorrectNamed(w.by("holder"), ref, f.Record, map[string]string{"id_no": "123"}), "casework.id_odd")
		w.key(w.seal.CorrectNamed(w.by("holder"), ref, f.Record, map[string]string{"name": ""}), "casework.missing.name")
		w.must(w.seal.CorrectNamed(w.by("holder"), ref, f.Record, map[string]string{"name": "秦小禾", "id_no": "11010519491231002X"}))
	}
	o, err := w.s.Open(w.by("holder"), open)
	w.must(err)
	if o.Person["name"] != "秦小禾" || o.Person["guardian"] != "外婆梁桂兰" {
		t.Errorf("%v", o.Person)
	}
	n := w.opening("left_behind")
	n.Person["name"], n.Person["id_no"] = "秦禾", "11010519491231002X"
	_, err = w.s.OpenCase(w.by("office"), n)
	w.key(err, "casework.there")
	// ended, all of it goes
	w.must(w.s.Close(w.by("holder"), open, 0, "reached", "好了"))
	ref, _ = w.wished("holder", seal.ToErase, "秦小禾")
	if n, err := w.seal.EraseNamed(w.by("holder"), ref); n < 3 || err != nil {
		t.Errorf("%d erased, %v", n, err)
	}
	if c := w.known(secret); c.State != Open {
		t.Error("another case was touched")
	}
}

// key asks for an error by its text key.
func (w *world) key(err error, key string) {
	w.Helper()
	testkit.Told(w, err, key)
}
