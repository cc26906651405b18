package app

import (
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// Somebody of a body who was let in to a request reads it no more once they do not stand for the body any more, or the body is no partner.
func TestWhoStandsForNoBodyReadsNoRequest(t *testing.T) {
	w := openWorld(t)
	lead, partner := w.byLogin["zhouwenqin"], w.byLogin["partner"]
	ref := w.seeds.refs["care"]["990203"]
	refer := url.Values{"_key": {web.NewKey()}, "guest": {"partner"}, "purpose": {"联系学校"}, "until": {string(harnessDay.AddDays(30))}, "consent": {"1"}}
	if got := w.send(newRequest("POST", "/care/"+ref+"/refer", refer, lead.cookie)); got.code != 303 {
		t.Fatalf("%d %.600s", got.code, got.body)
	}
	page := w.get(partner, "/me/care/"+ref)
	if page.code != 200 || !strings.Contains(page.body, "write") {
		t.Fatalf("let in they do not read: %d", page.code)
	}
	body, err := id.ParseRef(w.seeds.refs["partner"]["9902"])
	if err != nil {
		t.Fatal(err)
	}
	city := scope.With(w.ctx, w.byLogin["chenyulan"].actor)
	_, v, err := w.a.Contact.Body(city, body)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.a.Contact.DropSeat(city, body, v.N, partner.actor.Account); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"/me/care/" + ref, "/me/care/" + ref + "/file/1"} {
		if got := w.get(partner, at); got.code != 404 {
			t.Errorf("%s: %d after they left the body", at, got.code)
		}
	}
}
