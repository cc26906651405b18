package care

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// As delivered nobody leaves a name. Once who runs the program asks for it, name, number and the tick under the text of that very version are
// needed; what was agreed stands with the request, and nothing that was typed is lost on the way.
func TestWhoAsksSaysWhoTheyAre(t *testing.T) {
	w := openWorld(t)
	w.open()
	q, _ := w.ask(Ask{Text: "想找人说说话。"})
	if q.Rule != 0 {
		t.Error("agreed to a rule that nobody set")
	}
	w.kind(w.s.SetRule(w.by("lead"), Rule{Asks: 1, Body: "x"}), errs.Forbidden)
	chief := w.as["lead"]
	chief.AdminSet, chief.OperateSet = chief.WorkSet, chief.WorkSet
	w.as["chief"] = chief
	w.kind(w.s.SetRule(w.by("chief"), Rule{Asks: 1, Body: "x"}), errs.Forbidden) // it would hold for the neighbours, too
	w.do("chief", "GET", "/care/rule", nil, 403)
	a := w.as["above"]
	a.OperateSet, a.AdminSet = scope.All, scope.All
	w.as["above"] = a
	page := w.do("above", "POST", "/care/rule", url.Values{"_key": {web.NewKey()}, "_version": {"0"}, "asks": {"1"}}, 422).Body.String()
	if !strings.Contains(page, "写上给求助人看的说明") {
		t.Error("a rule without a text")
	}
	w.do("above", "POST", "/care/rule", url.Values{"_key": {web.NewKey()}, "_version": {"0"}, "asks": {"1"}, "body": {"留下姓名和电话，只有帮你的人能看。"}}, 303)
	if page = w.do("above", "POST", "/care/rule", url.Values{"_key": {web.NewKey()}, "_version": {"0"}, "body": {"同时改的"}}, 409).Body.String(); !strings.Contains(page, "同时改的") {
		t.Error("what was typed is lost")
	}
	for _, path := range []string{"/ask", "/ask?unit=" + w.desk.ID.String()} { // nobody is promised what does not hold
		if page = w.do("visitor", "GET", path, nil, 200).Body.String(); strings.Contains(page, "真名") || !strings.Contains(page, "要写姓名和电话") {
			t.Errorf("%s promises that nobody leaves a name: %.900s", path, page)
		}
	}
	receipt, proof, err := w.s.NewReceipt(w.ctx)
	w.must(err)
	form := url.Values{"unit": {w.desk.ID.String()}, "step": {"3"}, "kind": {"mind"}, "asker": {"young"}, "text": {"同学老欺负我。"}, "way": {"here"}, "phrase": {"外婆家的橘子树"}, "receipt": {receipt}, "proof": {proof}, "rule": {"1"}}
	page = w.do("visitor", "POST", "/ask", form, 422).Body.String()
	for _, word := range []string{"写你的姓名", "写一个能找到你的电话", "看过说明，在这里打勾", "只有帮你的人能看", "同学老欺负我。", "第1版", "你的姓名", "联系电话"} {
		if !strings.Contains(page, word) {
			t.Errorf("the form lacks %q", word)
		}
	}
	if strings.Contains(page, "不用留电话") {
		t.Error("the way to be answered promises that no number is needed")
	}
	form.Set("name", "陈小满")
	form.Set("contact", "0500-5552301")
	form.Set("agree", "1")
	w.must(w.s.SetRule(w.by("above"), Rule{Version: 1, Asks: 1, Body: "改过的说明。"}))
	if page = w.do("visitor", "POST", "/ask", form, 422).Body.String(); !strings.Contains(page, "说明刚才改过") || !strings.Contains(page, "改过的说明。") {
		t.Error("a text that was changed meanwhile is agreed to unread")
	}
	form.Set("rule", strconv.Itoa(2))
	w.do("visitor", "POST", "/ask", form, 200)
	list, err := w.s.Requests(w.by("lead"), w.desk, false)
	w.must(err)
	agreed := 0
	for _, q := range list {
		if q.Rule == 2 {
			agreed++
		}
	}
	if agreed != 1 || len(list) != 2 {
		t.Errorf("%d of %d requests agreed to the second version", agreed, len(list))
	}
	w.must(w.s.SetRule(w.by("above"), Rule{Version: 2}))
	if q, _ = w.ask(Ask{Text: "想找人说说话。"}); q.Rule != 0 {
		t.Error("the rule is off and agreed to")
	}
}
