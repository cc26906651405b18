package mandatory

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/seal"
)

// The law's nine situations are data: each has words of its own in both languages, and public security comes first.
func TestNineSituations(t *testing.T) {
	if len(Situations()) != 9 || Agencies()[0].Key != "police" {
		t.Fatalf("%d situations, first %s", len(Situations()), Agencies()[0].Key)
	}
	seen := map[string]bool{}
	for _, s := range Situations() {
		for _, text := range []string{s.Key, s.Law, s.Zh, s.En} {
			if text == "" || seen[text] {
				t.Errorf("%+v", s)
			}
			seen[text] = true
		}
	}
}

// Two taps open a duty; meanwhile its subject cannot be closed; "reported: to whom, when" ends it. The button twice makes one.
func TestOpenedWithTwoTapsAndReported(t *testing.T) {
	w := openWorld(t)
	w.must(w.s.MayClose(w.ctx, w.matter))
	page := testkit.HTML(t, w.do("helper", "GET", NewPath(w.matter), nil, 200))
	page.MustHave("button[name=situation]", "身上多处伤")
	w.do("helper", "POST", NewPath(w.matter), url.Values{"situation": {"violence"}, "words": {"手臂上有多处旧伤。"}}, 303)
	w.do("helper", "POST", NewPath(w.matter), url.Values{"situation": {"violence"}}, 303)
	list, err := w.s.ofAcrossUnits(w.ctx, w.matter)
	w.must(err)
	if len(list) != 1 || list[0].State != Open || list[0].OpenedName != "宋以宁" || list[0].Unit != w.county.ID {
		t.Fatalf("%+v", list)
	}
	ref := list[0].Ref()
	w.kind(w.s.MayClose(w.ctx, w.matter), errs.Invalid)
	if got := w.inbox("office"); !slices.Contains(got, tr(w.ctx, "mandatory.task.report")) {
		t.Errorf("the inbox has %v", got)
	}
	bad := w.report()
	bad.At = w.now.Add(time.Minute).UnixMilli()
	w.kind(w.s.Report(w.by("helper"), ref, 0, bad), errs.Invalid)
	for _, r := range []Report{{}, {Agency: "police", To: "x", By: "x"}, {Agency: "army", To: "x", By: "x", At: w.now.UnixMilli()}, {Agency: "police", To: " ", By: "x", At: w.now.UnixMilli()}, {Agency: "police", To: "x", By: "x", At: 1}} {
		w.kind(w.s.Report(w.by("helper"), ref, 0, r), errs.Invalid)
	}
	form := url.Values{"agency": {"police"}, "to": {"南江派出所张警官"}, "day": {string(today)}, "time": {"8:70"}, "by": {"宋以宁"}, "no": {"A-17"}, "_version": {"1"}}
	if got := w.do("helper", "POST", path(ref)+"/report", form, 422); !strings.Contains(got, tr(w.ctx, "mandatory.time_missing")) || !strings.Contains(got, "南江派出所张警官") {
		t.Error("the form forgets what was typed, or does not say what to change")
	}
	form.Set("time", "08:40")
	w.do("helper", "POST", path(ref)+"/report", form, 303)
	w.kind(w.s.Report(w.by("helper"), ref, 0, w.report()), errs.Conflict)
	w.must(w.s.MayClose(w.ctx, w.matter))
	if got := w.inbox("office"); len(got) != 0 {
		t.Errorf("ended, and still waiting: %v", got)
	}
	o, err := w.s.Open(w.by("second"), ref)
	w.must(err)
	if o.Situation != "violence" || o.Words != "手臂上有多处旧伤。" || o.Report.To != "南江派出所张警官" || o.Report.No != "A-17" || o.Report.At != today.Time().Add(8*time.Hour+40*time.Minute).UnixMilli() {
		t.Errorf("%+v", o)
	}
	testkit.HTML(t, w.do("lead", "GET", path(ref), nil, 200)).MustHave("main, body", "A-17")
}

// Not reporting needs a reason of twenty characters in the name of a lead, and not of the one who thought it had to be reported, unless
// there is no other.
func TestAReasonNotToReportIsAnothersWord(t *testing.T) {
	w := openWorld(t)
	ref, err := w.s.Start(w.by("lead"), w.matter, "other", "")
	w.must(err)
	const reason = "电话问过学校和家长，是体育课上摔伤的，当时有老师在场，校医有记录。"
	w.kind(w.s.Waive(w.by("helper"), ref, 0, reason), errs.Forbidden)
	w.kind(w.s.Waive(w.by("lead"), ref, 0, reason), errs.Forbidden)
	w.kind(w.s.Waive(w.by("second"), ref, 0, "没 有 事"+strings.Repeat(" ", 40)), errs.Invalid)
	for login, says := range map[string]string{"helper": "不报告的理由只有负责人能写", "lead": "由另一位负责人写", "second": `name="reason"`} { // a form that would be refused is not shown
		page := w.do(login, "GET", path(ref), nil, 200)
		if !strings.Contains(page, says) || strings.Contains(page, `name="reason"`) != (login == "second") {
			t.Errorf("%s reads %.900s", login, page)
		}
	}
	w.must(w.s.Waive(w.by("second"), ref, 0, reason))
	o, err := w.s.Open(w.by("lead"), ref)
	w.must(err)
	if o.Duty.State != Waived || o.Duty.EndedName != "何家明" || o.Reason != reason {
		t.Errorf("%+v", o)
	}
	w.leads = w.leads[:1]
	if ref, err = w.s.Start(w.by("lead"), w.matter, "alone", ""); err != nil {
		t.Fatal(err)
	}
	w.must(w.s.Waive(w.by("lead"), ref, 0, reason))
}

// What is not reported within the hour rises level by level, each hour one, up to three; above one hears the number and the unit, and
// nothing of what happened. What ends ends there, too.
func TestRisesAfterAnHour(t *testing.T) {
	w := openWorld(t)
	ref := w.start()
	rise := func(want int) {
		t.Helper()
		for _, n := range []int{want, 0} { // again at once: nothing more
			got, err := w.s.Rise(w.ctx)
			w.must(err)
			if got != n {
				t.Fatalf("%d rose, want %d", got, n)
			}
		}
	}
	w.now = w.now.Add(59 * time.Minute)
	rise(0)
	w.now = w.now.Add(time.Minute)
	rise(1)
	list, _, err := w.flow.Inbox(w.by("above"), 50)
	w.must(err)
	if len(list) != 1 || !strings.Contains(list[0].Why, "南江区关工委") || !strings.Contains(list[0].Why, "2019-0531") || strings.Contains(list[0].Title+list[0].Why, "伤") {
		t.Fatalf("above: %+v", list)
	}
	if n, err := w.s.Late(w.by("above"), w.county); err != nil || n != 1 {
		t.Errorf("%d late, %v", n, err)
	}
	for _, want := range []int{1, 1, 0} {
		w.now = w.now.Add(time.Hour)
		rise(want)
	}
	w.must(w.s.Report(w.by("helper"), ref, 0, w.report()))
	if got := w.inbox("above"); len(got) != 0 {
		t.Errorf("ended, and still above: %v", got)
	}
	w.now = w.now.Add(time.Hour)
	rise(0)
}

// Exactly those who read the subject read the duty; of the others at its unit it is there, above and beside it is absent, in the same
// words as one that does not exist.
func TestOnlyWhoReadsTheSubjectReadsIt(t *testing.T) {
	w := openWorld(t)
	ref := w.start()
	absent := ref
	absent.ID++
	_, err := w.s.Open(w.by("office"), ref)
	w.kind(err, errs.Forbidden)
	if got := w.do("office", "GET", path(ref), nil, 200); strings.Contains(got, "旧伤") || strings.Contains(got, "身上多处伤") {
		t.Error("who may not read it reads it")
	}
	w.do("office", "GET", "/api/v1"+path(ref), nil, 403)
	w.do("office", "POST", path(ref)+"/report", url.Values{}, 403)
	w.do("office", "GET", NewPath(w.matter), nil, 403)
	w.do("office", "POST", NewPath(w.matter), url.Values{"situation": {"other"}}, 403)
	for _, login := range []string{"above", "beside"} {
		for _, target := range []string{path(ref), "/api/v1" + path(ref)} {
			if here, not := w.do(login, "GET", target, nil, 404), w.do(login, "GET", strings.Replace(target, ref.String(), absent.String(), 1), nil, 404); here != not {
				t.Errorf("%s %s: %q and %q", login, target, here, not)
			}
		}
		w.do(login, "GET", NewPath(w.matter), nil, 404)
		w.do(login, "POST", NewPath(w.matter), url.Values{"situation": {"other"}}, 404)
		w.do(login, "POST", path(ref)+"/waive", url.Values{}, 404)
		if list, err := w.s.List(w.by(login), w.county, true); err != nil || len(list) != 0 {
			t.Errorf("%s is told of %d, %v", login, len(list), err)
		}
	}
	for login, lists := range map[string]bool{"office": true, "above": false} { // those above see that something waits too long, and no list of it
		if got := w.do(login, "GET", "/mandatory?unit="+w.county.ID.String(), nil, 200); strings.Contains(got, `id="open"`) != lists {
			t.Errorf("%s: lists %v", login, !lists)
		}
	}
	if box, err := w.s.Box(w.by("office"), w.matter, true); err != nil || box != nil {
		t.Errorf("the office has a box: %v %v", box, err)
	}
	auditor := w.as["above"]
	auditor.Auditor, auditor.AuditSet = true, auditor.ViewSet
	w.as["auditor"] = auditor
	rows, err := w.audit.List(w.by("auditor"), audit.Filter{Limit: 100})
	w.must(err)
	for _, r := range rows {
		if strings.Contains(r.Note+r.Detail, "伤") || strings.Contains(r.Detail, "violence") {
			t.Errorf("the log says what happened: %+v", r)
		}
	}
}

// Whoever finds the subject learns of no duty by that: who does not work at its unit is answered as if there were none, whatever the module
// that lends the subject lets them see.
func TestToFindTheSubjectOpensNothing(t *testing.T) {
	w := openWorld(t)
	ref := w.start()
	w.wide = true
	for _, login := range []string{"above", "beside", "looker"} {
		for _, target := range []string{path(ref), "/api/v1" + path(ref), NewPath(w.matter)} {
			w.do(login, "GET", target, nil, 404)
		}
		w.do(login, "POST", NewPath(w.matter), url.Values{"situation": {"other"}}, 404)
		w.do(login, "POST", path(ref)+"/report", url.Values{}, 404)
		if list, err := w.s.List(w.by(login), w.county, true); err != nil || len(list) != 0 {
			t.Errorf("%s is told of %d, %v", login, len(list), err)
		}
	}
	_, err := w.s.Late(w.by("beside"), w.county)
	w.kind(err, errs.NotFound)
}

// Where a second factor is asked for, nobody opens or ends a duty without it.
func TestASecondFactorComesFirst(t *testing.T) {
	w := openWorld(t)
	ref := w.start()
	w.x.SetStrong(func(context.Context) error { return errs.New(errs.StepUp, "account.step_up") })
	_, err := w.s.Start(w.by("helper"), w.matter, "other", "")
	w.kind(err, errs.StepUp)
	w.kind(w.s.Report(w.by("helper"), ref, 0, w.report()), errs.StepUp)
	w.x.SetStrong(nil)
	w.must(w.s.Report(w.by("helper"), ref, 0, w.report()))
}

// Who may begin proves who they are before anything is typed; who may not hears what was heard before. Until then nothing is begun.
func TestTheSecondFactorIsAskedBeforeTheForm(t *testing.T) {
	w := openWorld(t)
	proved := false
	w.x.SetStrong(func(context.Context) error {
		if proved {
			return nil
		}
		return errs.New(errs.StepUp, "second_needed")
	})
	for login, want := range map[string]string{"helper": "second_needed", "lead": "second_needed", "office": "mandatory.closed"} {
		if got := strings.TrimSpace(w.do(login, "GET", NewPath(w.matter), nil, 403)); got != want {
			t.Errorf("%s: %q, want %q", login, got, want)
		}
	}
	w.do("above", "GET", NewPath(w.matter), nil, 404)
	form := url.Values{"situation": {"violence"}, "words": {"手臂上有多处旧伤。"}}
	if got := strings.TrimSpace(w.do("helper", "POST", NewPath(w.matter), form, 403)); got != "second_needed" {
		t.Errorf("sending: %q", got)
	}
	if list, err := w.s.ofAcrossUnits(w.ctx, w.matter); err != nil || len(list) != 0 {
		t.Errorf("begun without: %v %v", list, err)
	}
	proved = true
	testkit.HTML(t, w.do("helper", "GET", NewPath(w.matter), nil, 200)).MustHave("button[name=situation]", "身上多处伤")
	// what was typed and not taken is still there
	form = url.Values{"situation": {"none"}, "words": {"手臂上有多处旧伤。"}}
	if got := testkit.HTML(t, w.do("helper", "POST", NewPath(w.matter), form, 422)).Text("textarea[name=words]"); got != "手臂上有多处旧伤。" {
		t.Errorf("the form forgets what was typed: %q", got)
	}
}

// What was found and reported is erased by nobody's hand, open or ended, whatever the ground: that would be a way round the duty.
func TestWhatWasReportedStays(t *testing.T) {
	w := openWorld(t)
	ref := w.start()
	kept := func() (records []seal.Record) {
		t.Helper()
		d, x, _, err := w.s.Known(w.by("lead"), ref)
		w.must(err)
		records, err = w.s.seal.Open(w.by("lead"), ownerOf(d, x))
		w.must(err)
		for _, r := range records {
			if r.Erased != clock.Open {
				t.Errorf("erased: %+v", r)
			}
			for _, ground := range seal.Grounds {
				w.kind(w.s.seal.Erase(w.by("lead"), ownerOf(d, x), r.Ref, ground, "不要了"), errs.Conflict)
			}
		}
		return records
	}
	if n := len(kept()); n != 1 {
		t.Fatalf("%d", n)
	}
	w.must(w.s.Report(w.by("helper"), ref, 0, w.report()))
	if n := len(kept()); n != 2 {
		t.Fatalf("%d", n)
	}
	kept()
}

// On a day on which nothing sealed can be read, because the log does not fit, one reports all the same.
func TestReportedOnABadDay(t *testing.T) {
	w := openWorld(t)
	first := w.start()
	w.must(w.s.db.Tx(w.ctx, func(ctx context.Context) error {
		_, err := w.s.db.Exec(ctx, `INSERT INTO audit_fault (id, leaf, fault, found_at, accepted_at, accepted_name, accepted_why) VALUES (1, 0, 'row 0 was changed', 1, 0, '', '')`)
		return err
	}))
	_, err := w.s.Open(w.by("lead"), first)
	w.kind(err, errs.Conflict)
	ref, err := w.s.Start(w.by("lead"), w.matter, "violence", "")
	w.must(err)
	w.must(w.s.Report(w.by("helper"), ref, 0, w.report()))
}

// A duty follows its subject to the unit to which that was handed over.
func TestFollowsItsSubject(t *testing.T) {
	w := openWorld(t)
	ref := w.start()
	w.must(w.s.Report(w.by("helper"), ref, 0, w.report()))
	w.must(w.s.Passed(w.ctx, w.matter, w.as["beside"].Unit, w.as["beside"].Pos))
	d, err := w.s.dutyAcrossUnits(w.ctx, ref)
	w.must(err)
	if d.Unit != w.as["beside"].Unit {
		t.Errorf("it stayed at %d", d.Unit)
	}
}

// The wording of the law is there for everybody, in Chinese on the English page, too.
func TestTheWordingOfTheLaw(t *testing.T) {
	w := openWorld(t)
	got := w.do("nobody", "GET", lawPath, nil, 200)
	for _, s := range Situations() {
		if !strings.Contains(got, s.Law) {
			t.Errorf("%s is missing", s.Key)
		}
	}
	if !strings.Contains(got, "第十一条") || !strings.Contains(got, "tel:110") {
		t.Error("the law or the telephone is missing")
	}
}
