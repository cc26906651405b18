package assess_test

import (
	"net/url"
	"strings"
	"testing"

	"xinhuo/internal/assess"
	"xinhuo/internal/kit/errs"
)

func TestARecordTakenOutComesBackByUndo(t *testing.T) { // R149, R201: a slip is taken back within ten minutes
	f := open(t)
	ref := f.planned("990203013")
	must(t, f.do("9902", ref, assess.ActAccept, assess.Step{Day: "2019-05-01", Document: "云关工〔2019〕1号", Results: met()}))
	f.want("reform.adopted", "9902", 1)
	if err := f.do("990203013", ref, assess.ActRemove, assess.Step{Reason: "登记重了"}); !errs.Is(err, errs.Forbidden) {
		t.Errorf("an accepted record was taken out by the unit itself: %v", err)
	}
	if err := f.do("9902", ref, assess.ActRemove, assess.Step{}); !errs.Is(err, errs.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	show := "/reform/" + ref.String()
	f.page("9902", show, "登记错了，拿掉")
	f.page("9902", show+"/remove", "为什么拿掉")
	form := url.Values{"_key": {"r1"}, "_version": {"2"}, "reason": {"登记重了"}}
	w := f.serve("9902", "zh", "POST", show+"/remove", form)
	to := w.Header().Get("Location")
	if w.Code != 303 || f.serve("9902", "zh", "POST", show+"/remove", form).Header().Get("Location") != to {
		t.Fatalf("%d to %s, sent again elsewhere: %s", w.Code, to, w.Body)
	}
	f.want("reform.adopted", "9902", 0)
	if w := f.serve("9902", "zh", "GET", show, nil); w.Code == 200 {
		t.Error("the record is still there")
	}
	body := f.page("9902", to, "这条记录拿掉了", `action="`+show+`/undo"`)
	if !strings.Contains(body, `name="_version" value="3"`) {
		t.Error("the button does not carry the version")
	}
	if w := f.serve("990203013", "zh", "GET", to, nil); w.Code == 200 {
		t.Error("somebody else is offered the undo")
	}
	w = f.serve("9902", "zh", "POST", show+"/undo", url.Values{"_key": {"r2"}, "_version": {"3"}})
	if w.Code != 303 {
		t.Fatalf("undo: %d %s", w.Code, w.Body)
	}
	f.want("reform.adopted", "9902", 1)
	f.page("9902", w.Header().Get("Location"), "已经撤回")
	f.page("9902", show, "已验收")
}
