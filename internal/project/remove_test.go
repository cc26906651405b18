package project

import (
	"net/url"
	"testing"

	"xinhuo/internal/kit/testkit"
)

func TestAReportTakenBackComesBackByUndo(t *testing.T) { // R204: the last report of a contract, and one unit's only part in a joint one
	f := open(t)
	alone := f.report("990203", "HT-1", nil)
	f.must(f.s.Receive(f.as("990203"), alone.Ref, 1, Receipt{Day: "2018-08-01", AmountFen: 100}))
	joint := f.report("990204", "HT-2", nil)
	f.report("990203", "HT-2", nil)
	clerk := f.site(f.as("990203"), f.s.Routes())
	before := f.export()
	for key, c := range map[string]struct {
		ref     Reported
		version string
		left    map[string]int64
	}{
		"alone": {alone, "2", map[string]int64{"project.signed": 1, "project.received_fen": 0}},
		"joint": {joint, "2", map[string]int64{"project.signed": 1, "project.received_fen": 100}},
	} {
		show := "/project/" + c.ref.Ref.String()
		form := url.Values{"_key": {key}, "_version": {c.version}, "reason": {"号写错了"}, "report": {reportKey(Report{Unit: f.unit("990203").ID, Version: 1})}}
		to := f.post(clerk, show+"/withdraw", form, 303)
		if again := f.post(clerk, show+"/withdraw", form, 303); again != to {
			t.Errorf("%s sent twice leads to %s, then %s", key, to, again)
		}
		f.expect("990203", today, c.left)
		f.get(clerk, show, 404)
		done := testkit.HTML(t, f.get(clerk, to, 200))
		done.MustHave("h1", "上报收回了")
		version := done.One(`form[action="` + show + `/undo"] input[name="_version"]`).Attr("value")
		f.post(clerk, show+"/undo", url.Values{"_key": {key + "u"}, "_version": {version}}, 303)
		f.expect("990203", today, map[string]int64{"project.signed": 2, "project.signed_fen": 12000000, "project.received_fen": 100})
		f.get(clerk, show, 200)
		if got := f.export(); got != before {
			t.Errorf("%s: after the undo the export is\n%s\nnot\n%s", key, got, before)
		}
	}
}
