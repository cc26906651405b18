package base_test

import (
	"net/url"
	"strconv"
	"testing"

	"xinhuo/internal/kit/clock"
)

func TestABaseTakenOutComesBackByUndo(t *testing.T) { // R201: a slip is taken back within ten minutes
	w := open(t)
	ref := w.create(w.base("990203", "法治", w.plaque("990203", "2018-06-01", clock.Open)))
	clerk, show := w.as("990203"), "/base/"+ref.String()
	_, v := w.get(ref)
	before := w.picture()
	rw, err := w.do(clerk, "POST", show+"/remove", url.Values{"_key": {"r1"}, "_version": {strconv.FormatInt(v.N, 10)}, "reason": {"登记重了"}})
	must(t, err)
	w.wants("base.accredited", "9902", today, 0)
	if w.picture() == before {
		t.Error("taking it out moves no figure")
	}
	to, err := url.Parse(rw.Header().Get("Location")) // the list, whose note carries the button
	must(t, err)
	if q := to.Query(); q.Get("done") != "remove" || q.Get("ref") != ref.String() {
		t.Errorf("it leads to %s, where nothing offers the undo", to)
	}
	_, err = w.do(clerk, "POST", show+"/undo", url.Values{"_key": {"r2"}, "_version": {to.Query().Get("version")}})
	must(t, err)
	if now := w.picture(); now != before {
		t.Errorf("after the undo the figures are\n%s\nnot\n%s", now, before)
	}
	w.page(clerk, show)
}
