package app

import (
	"net/url"
	"testing"

	"xinhuo/internal/kit/web"
)

// Whoever was let in to a request makes neither a case nor an aid of it at their own unit, where it would stay when the consent is taken back.
func TestAGuestMakesNothingOfARequest(t *testing.T) {
	w := openWorld(t)
	lead, guest := w.byLogin["zhouwenqin"], w.byLogin["chenyulan"]
	ref := w.seeds.refs["care"]["990203"]
	refer := url.Values{"_key": {web.NewKey()}, "guest": {"chenyulan"}, "purpose": {"提供法律援助"}, "until": {string(harnessDay.AddDays(30))}, "consent": {"1"}}
	if got := w.send(newRequest("POST", "/care/"+ref+"/refer", refer, lead.cookie)); got.code != 303 {
		t.Fatalf("%d %.600s", got.code, got.body)
	}
	if got := w.get(guest, "/care/"+ref); got.code != 200 {
		t.Fatalf("let in they do not read: %d", got.code)
	}
	for unit, as := range map[string]struct {
		*role
		code int
	}{"9902": {guest, 403}, "990203": {lead, 200}} {
		for _, at := range []string{"/casework/new?class=at_risk&from=" + ref, "/aid/new?request=" + ref} {
			if got := w.get(as.role, at+"&unit="+w.unit(unit).ID.String()); got.code != as.code {
				t.Errorf("%s at %s: %d, want %d", at, unit, got.code, as.code)
			}
		}
	}
}
