package app

import (
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/kit/web"
)

// R46, issue of mandatory reporting: two taps from an application for aid, too; the unit ends it when what was found has been reported or not, with
// a reason; those above see the application and nothing of the duty.
func TestAnAidHasTheBoxOfWhatHasToBeReported(t *testing.T) {
	w := openWorld(t)
	town, county := w.byLogin["liangshuiwang"], w.byLogin["zhouwenqin"]
	ref := w.seeds.refs["aid"]["990203013"]
	page := w.get(town, "/aid/"+ref)
	if start := "/mandatory/new/" + ref; page.code != 200 || !strings.Contains(page.body, start) {
		t.Fatalf("no way to report: %d", page.code)
	}
	if got := w.get(county, "/aid/"+ref); got.code != 200 || strings.Contains(got.body, "/mandatory/new") {
		t.Errorf("the county is offered to report: %d", got.code)
	}
	if got := w.get(county, "/mandatory/new/"+ref); got.code != 404 {
		t.Errorf("the county opens the form: %d", got.code)
	}
	sent := w.send(newRequest("POST", "/mandatory/new/"+ref, url.Values{"_key": {web.NewKey()}, "situation": {"other"}}, town.cookie))
	if sent.code != 303 {
		t.Fatalf("%d %s", sent.code, sent.body)
	}
	duty := sent.head.Get("Location")
	end := url.Values{"_key": {web.NewKey()}, "_version": {"0"}, "reason": {"家里不用了"}}
	if got := w.send(newRequest("POST", "/aid/"+ref+"/withdraw", end, town.cookie)); got.code != 422 || !strings.Contains(got.body, "还没有了结") {
		t.Errorf("withdrawn meanwhile: %d", got.code)
	}
	if got := w.get(county, duty); got.code != 404 {
		t.Errorf("the county reads the duty: %d", got.code)
	}
	report := url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "agency": {"police"}, "to": {"稻香派出所"}, "day": {string(harnessDay)}, "time": {"00:01"}, "by": {"梁水旺"}}
	if got := w.send(newRequest("POST", duty+"/report", report, town.cookie)); got.code != 303 {
		t.Fatalf("reported: %d %.600s", got.code, got.body)
	}
	end.Set("_key", web.NewKey())
	if got := w.send(newRequest("POST", "/aid/"+ref+"/withdraw", end, town.cookie)); got.code != 303 {
		t.Errorf("withdrawn after that: %d", got.code)
	}
}
