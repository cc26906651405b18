package app

import (
	"archive/zip"
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// plain is the text of an answer, whatever its format: tables and documents are unpacked.
func plain(body string) string {
	if !strings.HasPrefix(body, "PK\x03\x04") {
		return body
	}
	z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		return body
	}
	var b strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return body
		}
		_, err = io.Copy(&b, r)
		r.Close()
		if err != nil {
			return body
		}
	}
	return b.String()
}

// sealedWords are the kinds of words that no log and no list about what is sealed may hold.
var sealedWords = []string{"sealedname", "sealedguardian", "sealedphone", "sealedcontact", "sealednumber", "sealedhurt", "casename", "caseguardian", "casecontact", "caseaddress", "caseschool", "casestory", "casevisit"}

var canaryWord = regexp.MustCompile(`zk[a-z]+q[0-9]+q`)

// leaks are the words in an answer that the reader may not meet. Words of the request itself are no leak: a search says
// what it looked for.
func (w *world) leaks(a scope.Actor, target, body string) []string {
	var out []string
	for _, word := range canaryWord.FindAllString(plain(body), -1) {
		c, known := w.known(word)
		inLog := known && (strings.Contains(target, "/audit") || strings.Contains(target, "/seal")) && !slices.Contains(sealedWords, c.kind) && a.AuditSet.Contains(c.pos) // the log tells who, what and why
		if known && c.seen(a) || inLog || strings.Contains(target, word) || slices.Contains(out, word) {
			continue
		}
		out = append(out, word)
	}
	return out
}

func (w *world) known(word string) (canary, bool) {
	i := slices.IndexFunc(w.seeds.canaries, func(c canary) bool { return c.word == word })
	if i < 0 {
		return canary{}, false
	}
	return w.seeds.canaries[i], true
}

// logBook is a log that a test reads.
type logBook struct {
	sync.Mutex
	b bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.b.Write(p)
}

func watchLog(t *testing.T) *logBook {
	l := &logBook{}
	was := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(was) })
	return l
}

// R189: whatever the reader asks for and in whatever format, no word of a record outside their ranges comes back; and no
// word of a record at all in an error page or in the log.
func TestCanaries(t *testing.T) {
	w := openWorld(t)
	log := watchLog(t)
	met := map[string]map[string]bool{} // kind of word → roles that met one of theirs: the words do stand there
	asked := 0
	check := func(as *role, what, target string, got answer) {
		asked++
		a := w.live(as)
		if bad := w.leaks(a, target, got.body); len(bad) > 0 {
			t.Errorf("%s as %s, %s: %d with %v", what, as.name, target, got.code, bad[:min(3, len(bad))])
		}
		if got.code >= 400 && got.code != http.StatusUnprocessableEntity && got.code != http.StatusConflict {
			if words := canaryWord.FindString(got.body); words != "" && !strings.Contains(target, words) {
				t.Errorf("%s as %s, %s: an error page (%d) says %s", what, as.name, target, got.code, words)
			}
		}
		for _, h := range got.head {
			if word := canaryWord.FindString(strings.Join(h, " ")); word != "" && !strings.Contains(target, word) {
				if c, _ := w.known(word); !c.seen(a) {
					t.Errorf("%s as %s: a header says %s", what, as.name, word)
				}
			}
		}
		for _, word := range canaryWord.FindAllString(plain(got.body), -1) {
			if c, ok := w.known(word); ok && !strings.Contains(target, word) {
				if met[c.kind] == nil {
					met[c.kind] = map[string]bool{}
				}
				met[c.kind][as.name] = true
			}
		}
	}
	for _, rt := range w.a.Site().Routes() {
		if rt.Method != http.MethodGet || rt.Right == scope.Anyone {
			continue
		}
		aims, err := w.aims(rt)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, as := range w.roles[1:] {
			for _, m := range aims {
				v := w.promised(rt, w.live(as), m)
				if v != allowed && rt.Scope == web.ByUnit { // the door is shut before anything is read: see TestMatrix
					continue
				}
				for _, f := range []string{"", "csv", "xlsx"} {
					if f != "" && (v != allowed || !slices.Contains(formats(rt), f)) {
						continue
					}
					check(as, rt.String()+" "+f, m.target, w.ask(rt, as, m, false, f, true))
				}
			}
		}
	}
	for _, as := range w.roles[1:] {
		for _, target := range w.further() {
			check(as, "GET", target, w.get(as, target))
		}
	}
	if words := canaryWord.FindString(log.b.String()); words != "" {
		t.Errorf("the log says %s", words)
	}
	for _, kind := range []string{"basename", "contact", "oldcontact", "basephone", "plaque", "team", "teamleader", "contract", "payer", "programme", "mentor", "slip", "document", "text", "login", "grantreason",
		"import", "unitimport", "unitname", "task", "photo", "address", "leader", "party", "member", "child", "applicant", "basereason",
		"sitenews", "sitetext", "wishname", "wishcan", "volname", "aidpast", "rightsname", "volclosed", "volphone", "volclosedphone", "volhealth", "volstory", "volexam", "volwhat", "campaign", "draft", "slogan", "wording", "dutyreport", "notice", "noticetext", "noticebody", "noticepoint", "noticefile", "noticedraft", "noticewording", "noticequestion", "noticereport", "replyfile", "meet", "meetplace", "chair", "meetnote", "agenda", "meetbody", "meetperson", "meetfile", "speaker", "said", "saidtext", "minutes", "decision", "lead", "helper", "goeson", "donehow", "donefile", "partner", "partnerperson", "partneroffers", "partnertask", "partnertext", "sharedtopic", "sharedresult", "talktopic", "talkbody", "talkresult", "central", "centraltext", "plan", "planduty", "planmeasure", "planitem", "planowner", "planresult", "planscheme", "planapprover", "planpart", "plansigner", "survey", "surveytext", "surveydoc", "surveyquestion", "surveydraft", "surveyanswer", "surveywhy", "research", "researchtopic", "researchsite", "researchauthor", "researchfindings", "adopter", "adoption", "poll", "activity", "actplace", "actphone", "actsummary", "actentry", "actphoto", "actclosed", "incident", "remark", "camp", "sealedname", "sealedguardian", "sealedphone", "sealedcontact", "sealednumber", "sealedhurt", "sealpurpose", "unfinished", "standard", "mechanism", "gpoint", "pointproof", "gap", "pointby", "pointdoc", "pointno", "pointnote", "pointfile", "budgetdoc", "budgetno", "budgetnote", "revenuesource", "should", "shouldcode", "shouldsource", "asktext", "askname", "askcontact", "casename", "caseguardian", "casecontact", "caseaddress", "caseschool", "casestory", "askfile", "dutywords"} {
		if !met[kind]["chenyulan"] {
			t.Errorf("nobody of the city met %s of their own: the test looks in the wrong places", kind)
		}
	}
	t.Logf("%d words in %d kinds, %d answers read", len(w.seeds.canaries), len(met), asked)
}

// further are addresses with queries of their own: searches, filters, earlier days, other units of a list.
func (w *world) further() []string {
	out := []string{"/inbox?below=1", "/audit?refused=1", "/api/v1/audit?after=", "/tree?at=99", "/book?day=2018-12-31", "/search?q=zk", "/tree?q=zk", "/api/v1/units?q=zk"}
	for _, login := range drafters { // each one's draft at the address where it stands, asked for by everybody
		out = append(out, "/activity/new?unit="+w.byLogin[login].actor.Unit.String()+"&draft="+draftKey(login))
	}
	for _, place := range harnessPlaces {
		u, refs := w.unit(place), w.seeds.refs
		unit := "unit=" + u.ID.String()
		for _, kind := range []string{"basename", "basecode", "team", "teamcode", "contract", "contractno", "child", "document", "login", "person"} {
			word := url.QueryEscape("zk" + kind + "q" + u.Code + "q")
			out = append(out, "/search?q="+word, "/tree?q="+word, "/api/v1/units?q="+word)
		}
		out = append(out, "/tree?at="+u.ID.String(), "/base?q=zk&"+unit, "/team?q=zk&"+unit, "/project?q=zk&"+unit, "/account?q=zk&"+unit, "/base?q=zk", "/team?q=zk", "/project?q=zk", "/account?q=zk",
			"/evidence/base.accredited?all=1&"+unit, "/evidence/team.active?all=1&"+unit, "/evidence/project.signed_fen?all=1&"+unit, "/evidence/project.received_fen?all=1&"+unit,
			"/volunteer?q=zk&"+unit, "/volunteer/find?q=zk&"+unit, "/volunteer?speciality=zk&"+unit, "/volunteer?only=unchecked&"+unit, "/hours?from=2019-01-01&"+unit, "/evidence/volunteer.active?all=1&"+unit, "/evidence/volunteer.hours?all=1&"+unit,
			"/volunteer/export?kind=service&format=csv&"+unit, "/volunteer/"+refs["volunteer"][place]+"/merge?other="+refs["volclosed"][place],
			"/activity?q=zk&"+unit, "/activity?class=contest&"+unit, "/activity/export?format=csv&"+unit, "/evidence/activity.held?all=1&"+unit, "/evidence/activity.incidents?all=1&"+unit,
			"/activity?q=zksealed&"+unit, "/activity?class=camp&"+unit, "/search?q=zksealednameq"+u.Code+"q", "/activity/"+refs["camp"][place], "/activity/"+refs["camp"][place]+"/known", "/activity/"+refs["camp"][place]+"/done",
			"/api/v1/activities/"+refs["camp"][place], "/api/v1/activities?"+unit, "/audit?ref="+refs["camp"][place], "/seal?"+unit, "/api/v1/audit?ref="+refs["camp"][place],
			"/campaign?below=1&"+unit, "/campaign?state=draft&"+unit, "/campaign/"+refs["campaign"][place]+"?list=all&"+unit, "/campaign/export?format=csv&"+unit,
			"/campaign/"+refs["campaign"]["99"]+"/export?format=csv&"+unit, "/evidence/campaign.issued?all=1&"+unit, "/evidence/campaign.reported?all=1&"+unit,
			"/notice?below=1&"+unit, "/notice?state=draft&"+unit, "/notice/"+refs["notice"][place]+"?list=all&"+unit, "/notice/export?format=csv&"+unit, "/contact/export?format=csv&"+unit,
			"/notice/"+refs["notice"]["99"]+"/export?format=csv&"+unit, "/evidence/notice.issued?all=1&"+unit, "/evidence/notice.done?all=1&"+unit, "/evidence/contact.entries?all=1&"+unit, "/contact?year=2019&"+unit, "/body/export?format=csv&"+unit, "/assign/export?format=csv&"+unit, "/evidence/partner.bodies?all=1&"+unit, "/evidence/partner.tasks?all=1&"+unit,
			"/plan?year=2018&"+unit, "/plan/late?"+unit, "/plan/measures?year=2018&"+unit, "/central?year=2018&"+unit, "/plan/export?format=csv&"+unit, "/evidence/plan.items?all=1&"+unit, "/evidence/central.tasks?all=1&"+unit, "/figure/central.works?by=task&"+unit,
			"/figure/plan.items?by=duty&"+unit, "/plan/"+refs["plan"][place], "/plan/"+refs["plan"][place]+"/add", "/plan/item/"+refs["planitem"][place]+"/approve", "/central/"+refs["central"][place], "/api/v1/plans?year=2018&"+unit, "/api/v1/central-tasks?year=2018&"+unit,
			"/survey?"+unit, "/survey/new?"+unit, "/survey/"+refs["survey"][place]+"?list=all&"+unit, "/survey/"+refs["survey"]["99"]+"?list=all&"+unit, "/survey/"+refs["survey"]["99"]+"?format=csv&"+unit, "/survey/"+refs["survey"]["99"]+"/unit/"+w.unit(place).ID.String(),
			"/poll?"+unit, "/poll/"+refs["poll"][place], "/api/v1/polls?"+unit, "/evidence/poll.answers?all=1&"+unit, "/research?year=2018&"+unit, "/research/"+refs["research"][place], "/research/"+refs["research"][place]+"/edit", "/evidence/research.finished?all=1&from=2018-01-01&"+unit, "/api/v1/research?year=2018&"+unit,
			"/evidence/survey.issued?all=1&"+unit, "/evidence/survey.sent?all=1&"+unit, "/evidence/survey.asked?all=1&"+unit, "/figure/survey.sent?by=survey&"+unit, "/api/v1/surveys?"+unit,
			"/guarantee?year=2014&"+unit, "/guarantee/point?year=2014&point=agenda&"+unit, "/guarantee-standard?year=2014&"+unit, "/guarantee-standard/new?year=2014&"+unit, "/guarantee/export?format=csv&"+unit, "/guarantee/"+refs["guarantee"][place]+"/point?point=agenda", "/guarantee/"+refs["guarantee"][place]+"/clear?point=agenda", "/guarantee-standard/"+refs["standard"][place]+"/point?point=agenda",
			"/budget?year=2014&"+unit, "/budget/"+refs["budget"][place]+"/edit", "/revenue/"+refs["revenue"][place]+"/edit", "/budget/export?format=csv&"+unit, "/revenue/export?format=csv&"+unit, "/api/v1/budgets?year=2014&"+unit, "/evidence/funds.fiscal_fen?day=2014-12-31&all=1&"+unit,
			"/aid?"+unit, "/aid?only=double&"+unit, "/aid/"+refs["aid"][place], "/aid/known/"+refs["aid"][place], "/api/v1/aids?"+unit, "/api/v1/aids/"+refs["aid"][place], "/aid/gifts?"+unit, "/aid/donors?"+unit, "/aid/thanks?"+unit, "/audit?ref="+refs["aid"][place], "/seal/"+refs["aid"][place],
			"/care?"+unit, "/api/v1/care?"+unit, "/ask?"+unit, "/seal/"+refs["care"][place], "/seal/"+refs["care"][place]+"/readings", "/audit?ref="+refs["care"][place],
			"/mandatory?"+unit, "/mandatory/"+refs["mandatory"][place], "/api/v1/mandatory?"+unit, "/seal/"+refs["mandatory"][place], "/audit?ref="+refs["mandatory"][place],
			"/casework?"+unit, "/casework?only=overdue&"+unit, "/api/v1/casework?"+unit, "/casework/"+refs["casework"][place]+"/print?whole=1", "/seal/"+refs["casework"][place], "/seal/"+refs["casework"][place]+"/readings", "/audit?ref="+refs["casework"][place], "/search?q=zkcasenameq"+u.Code+"q",
			"/library", "/library?q=zklibtextq"+u.Code+"q", "/library?q=zklibtitleq"+u.Code+"q", "/api/v1/library?q=zklibtextq"+u.Code+"q", "/d/"+refs["libraryaboveno"][place], "/d/"+refs["libraryaboveno"][place]+"/read", "/d/"+refs["libraryaboveno"][place]+"/file", "/d/"+refs["libraryaboveno"][place]+"/report",
			"/d/"+refs["librarypublicno"][place], "/library?cites="+refs["libraryaboveno"][place], "/library?speaker="+url.QueryEscape("zklibspeakerq"+u.Code+"q"), "/api/v1/library?speaker="+url.QueryEscape("zklibspeakerq"+u.Code+"q"), "/library?project="+refs["contract"][place], "/api/v1/library/"+refs["libraryabove"][place]+"/comments", "/api/v1/library-collections?"+unit, "/api/v1/library-collections/"+refs["librarycollection"][place],
			"/library/collections", "/library/collection/"+refs["librarycollection"][place], "/library/collection/"+refs["librarycollection"][place]+"/zip", "/library/comment/"+refs["librarycomment"][place], "/library/rules?"+unit, "/library/bulk?"+unit, "/library/bulk/"+refs["librarybatch"][place], "/d/"+refs["libraryaboveno"][place]+"/comment", "/library/report/"+refs["libraryreport"][place], "/library/known/"+refs["libraryabove"][place], "/api/v1/library/"+refs["libraryabove"][place], "/evidence/library.documents?all=1&"+unit,
			"/should?"+unit, "/should?kind=enterprise&"+unit, "/should/"+refs["should"][place]+"/edit", "/should/export?format=csv&"+unit, "/api/v1/should?"+unit, "/evidence/should.without?all=1&"+unit,
			"/api/v1/guarantees?year=2014&point=agenda&"+unit, "/evidence/guarantee.held?day=2014-12-31&all=1&"+unit, "/evidence/guarantee.mechanisms?day=2014-12-31&all=1&"+unit,
			"/notice/new?"+unit, "/contact/new?"+unit, "/figure/contact.entries?by=body&"+unit,
			"/evidence/base.accredited?bounds=today&day=2019-01-31&"+unit, "/figure/base.accredited/known?at=2019-05-30&"+unit, "/coverage?"+unit, "/api/v1/reforms?"+unit,
			"/audit?ref="+refs["base"][place], "/audit?ref="+refs["account"][place], "/api/v1/audit?ref="+refs["base"][place],
			"/reform?programme="+refs["programme"][place], "/reform?programme="+refs["programme"][place]+"&"+unit, "/reform/export?format=csv&programme="+refs["programme"][place],
			"/api/v1/reforms?programme="+refs["programme"][place], "/base/"+refs["base"][place]+"/done?done=edit", "/base/"+refs["base"][place]+"?known=2019-05-31", "/inbox?done="+refs["case"][place])
		for _, kind := range []string{"base", "team", "project", "reform", "volunteer", "service", "campaign", "campaign_duty", "activity", "notice", "contact", "partner", "plan_item", "survey_answer", "research", "guarantee", "budget", "revenue", "should", "aid"} {
			out = append(out, "/export/"+kind+"?format=csv&"+unit, "/export/"+kind+"?format=xlsx&"+unit, "/import/"+kind+"/template?"+unit, "/import/"+kind+"?"+unit)
		}
		// a record of one's own with a part of somebody else's
		for _, own := range harnessPlaces {
			if own == place {
				continue
			}
			out = append(out, "/base/"+refs["base"][own]+"/photo/"+refs["photo"][place], "/base/"+refs["base"][own]+"/correct?id="+refs["plaque"][place],
				"/unit/"+w.unit(own).ID.String()+"/do/end_post?row="+refs["post"][place], "/unit/"+w.unit(own).ID.String()+"/do/end_party?row="+refs["party"][place],
				"/reform/new?programme="+refs["programme"][place]+"&unit="+w.unit(own).ID.String(), "/reform?programme="+refs["programme"][place]+"&unit="+w.unit(own).ID.String())
		}
	}
	return out
}

// A part of somebody else's record cannot be reached through a record of one's own, to read or to write.
func TestPartsOfOthersRecords(t *testing.T) {
	w := openWorld(t)
	clerk, own, other, refs := w.byLogin["liangshuiwang"], "990203013", "990702", w.seeds.refs
	unit := w.unit(own).ID.String()
	if got := w.get(clerk, "/base/"+refs["base"][own]+"/photo/"+refs["photo"][own]); got.code != http.StatusOK {
		t.Fatalf("the own photo: %d", got.code)
	}
	if got := w.get(clerk, "/base/"+refs["base"][own]+"/photo/"+refs["photo"][other]); got.code != http.StatusNotFound {
		t.Errorf("another's photo: %d", got.code)
	}
	before := w.writes()
	for _, x := range []struct {
		path string
		form url.Values
	}{
		{"/unit/" + unit + "/do/end_post", url.Values{"row": {refs["post"][other]}, "to": {"2019-05-30"}}},
		{"/unit/" + unit + "/do/remove_post", url.Values{"row": {refs["post"][other]}, "why": {"x"}}},
		{"/unit/" + unit + "/do/restore_post", url.Values{"row": {refs["post"][other]}}},
		{"/unit/" + unit + "/do/end_party", url.Values{"row": {refs["party"][other]}, "to": {"2019-05-30"}}},
		{"/unit/" + unit + "/do/second", url.Values{"other": {other}, "link_kind": {"second_parent"}, "from": {"2019-05-30"}}},
		{"/unit/" + unit + "/do/move", url.Values{"parent": {other}, "day": {"2019-05-30"}, "document": {"x"}}},
		{"/unit/" + unit + "/do/merge", url.Values{"into": {other}, "day": {"2019-05-30"}, "document": {"x"}}},
		{"/account/" + refs["account"][own] + "/revoke", url.Values{"grant": {refs["grant"][other]}}},
		{"/account/" + refs["account"][own] + "/grant", url.Values{"kind": {"view"}, "unit": {other}, "to": {"2019-12-31"}, "reason": {"x"}}},
		{"/project/" + refs["contract"][own] + "/receipt/" + refs["receipt"][other] + "/drop", url.Values{"_version": {"2"}}},
		{"/base/" + refs["base"][own] + "/revoke", url.Values{"_version": {"4"}, "id": {refs["plaque"][other]}, "on": {"2019-05-30"}, "reason": {"x"}, "document": {"x"}}},
		{"/base/new?unit=" + unit, url.Values{"name": {"x"}, "host": {other}, "unit": {other}, "run_mode": {"self"}, "category": {"x"}}},
		{"/flow/substitute", url.Values{"sub": {refs["account"][other]}, "from": {"2019-05-30"}, "to": {"2019-06-30"}}},
		{"/inbox/done", url.Values{"task": {refs["task"][other]}}},
	} {
		x.form.Set("_key", web.NewKey())
		got := w.send(newRequest("POST", x.path, x.form, clerk.cookie))
		if now := w.writes(); now != before || got.code < 400 {
			t.Errorf("POST %s %v: %d and %d acts in the log", x.path, x.form, got.code, now-before)
			before = now
		}
		if bad := w.leaks(clerk.actor, x.path, got.body); len(bad) > 0 {
			t.Errorf("POST %s says %v", x.path, bad)
		}
	}
	mine := url.Values{"_key": {web.NewKey()}, "row": {refs["post"][own]}, "to": {"2019-05-30"}}
	if got := w.send(newRequest("POST", "/unit/"+unit+"/do/end_post", mine, clerk.cookie)); got.code >= 400 || w.writes() == before {
		t.Errorf("an own post is ended: %d, %d acts in the log", got.code, w.writes()-before)
	}
}
