package people

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/testkit"
)

func TestATeamTakenOutComesBackByUndo(t *testing.T) { // R201: nothing is erased, and a slip is taken back within ten minutes
	f := open(t)
	ref := f.team("990203013", "B1", nil)
	clerk, show := f.site(f.as("990203013"), f.s.Routes()), "/team/"+ref.String()
	form := url.Values{"_key": {"r1"}, "_version": {"1"}, "reason": {"登记重了"}}
	before := f.export("csv")
	to := f.post(clerk, show+"/remove", form, 303)
	if again := f.post(clerk, show+"/remove", form, 303); again != to {
		t.Errorf("sent twice it leads to %s, then %s", to, again)
	}
	f.expect("9902", today, map[string]int64{"team.active": 0})
	f.get(clerk, show, 404)
	done := testkit.HTML(t, f.get(clerk, to, 200))
	done.MustHave("h1", "这支团队拿掉了")
	done.MustHave("main", "工作团队") // the figure that moved
	version := done.One(`form[action="` + show + `/undo"] input[name="_version"]`).Attr("value")
	f.get(f.site(f.as("990204"), f.s.Routes()), to, 404) // only who took it out is offered this
	f.get(f.site(f.as("9902"), f.s.Routes()), to, 404)
	back := f.post(clerk, show+"/undo", url.Values{"_key": {"r2"}, "_version": {version}}, 303)
	testkit.HTML(t, f.get(clerk, back, 200)).MustHave("h1", "改动撤回了")
	f.get(clerk, show, 200)
	f.expect("9902", today, map[string]int64{"team.active": 1})
	if got := f.export("csv"); got != before {
		t.Errorf("after the undo the export is\n%s\nnot\n%s", got, before)
	}
	form.Set("_key", "r3")
	form.Set("_version", "3")
	to = f.post(clerk, show+"/remove", form, 303)
	f.now = f.now.Add(11 * time.Minute)
	f.get(clerk, to, 404)
	f.post(clerk, show+"/undo", url.Values{"_key": {"r4"}, "_version": {"4"}}, 404)
	if strings.Contains(f.export("csv"), "B1") {
		t.Error("after ten minutes it came back")
	}
}
