package app

import (
	"context"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/testkit"
)

// everyday are pages that a bad day leaves as they are, of somebody who works at the county.
func (w *world) everyday(t *testing.T) {
	t.Helper()
	office, u, refs := w.byLogin["zhouwenqin"], w.unit("990203"), w.seeds.refs
	for _, at := range []string{"/", "/inbox", "/me", "/base?unit=" + u.ID.String(), "/base/" + refs["base"][u.Code], "/activity/" + refs["camp"][u.Code], "/care?unit=" + u.ID.String(), "/seal?unit=" + u.ID.String(),
		"/search?q=zk", "/library", "/evidence/base.accredited?all=1&unit=" + u.ID.String(), "/unit/" + u.ID.String(), "/export/base?format=xlsx&unit=" + u.ID.String()} {
		if got := w.get(office, at); got.code != http.StatusOK {
			t.Errorf("%s: %d", at, got.code)
		}
	}
	if got := w.send(newRequest("GET", "/ask?unit="+u.ID.String(), nil, "")); got.code != http.StatusOK {
		t.Errorf("/ask: %d", got.code)
	}
}

// ask goes through the three steps of somebody who asks for help, and answers the last page.
func (w *world) askForHelp(t *testing.T, unit, text string) answer {
	t.Helper()
	got := w.send(newRequest("GET", "/ask?unit="+unit, nil, ""))
	for _, step := range []url.Values{{"kind": {"mind"}, "asker": {"young"}}, {"text": {text}}, {"way": {"here"}, "phrase": {"外婆家的橘子树"}}} {
		if got.code != http.StatusOK {
			return got
		}
		for _, x := range testkit.HTML(t, got.body).All("form input") {
			if x.Attr("type") == "hidden" && step[x.Attr("name")] == nil {
				step.Set(x.Attr("name"), x.Attr("value"))
			}
		}
		r := newRequest("POST", "/ask", step, "")
		r.RemoteAddr = fmt.Sprintf("192.0.2.%d:50000", crc32.ChecksumIEEE([]byte(text))%250) // one network does not ask a hundred times
		got = w.send(r)
	}
	return got
}

// sealedPages are where something sealed is read, with a word of what stands there.
func (w *world) sealedPages() map[string]string {
	refs := w.seeds.refs
	return map[string]string{"/activity/" + refs["camp"]["990203"] + "/minors": "zksealednameq990203q", "/api/v1/activities/" + refs["camp"]["990203"] + "/minors": "zksealednameq990203q", "/care/" + refs["care"]["990203"]: "zkasktextq990203q",
		"/api/v1/care/" + refs["care"]["990203"]: "zkasktextq990203q"}
}

// refused holds that an answer shows nothing, and says a word that somebody can do something with.
func (a answer) refused(t *testing.T, what string, code int, say string) {
	t.Helper()
	if a.code != code || !strings.Contains(a.body, say) || canaryWord.MatchString(strings.ReplaceAll(a.body, "zkwritten", "")) {
		t.Errorf("%s: %d %.300s", what, a.code, testkit.HTML(t, a.body).Content())
	}
}

// R133: without the key file what is sealed stays shut and says who puts it right; everything else goes on, and nothing is sealed with
// another key beside what is there. With the file in its place again it opens, without a restart.
func TestADayWithoutTheKeyFile(t *testing.T) {
	w := openWorld(t)
	dir := t.TempDir()
	key := w.keyFile
	if err := os.Rename(key, dir+"/kept"); err != nil {
		t.Fatal(err)
	}
	office, u := w.byLogin["zhouwenqin"], w.unit("990203")
	before := w.tableCounts()
	for at := range w.sealedPages() {
		got := w.get(office, at)
		got.refused(t, at, http.StatusConflict, "找系统管理员把密钥文件放回去")
		if !strings.Contains(got.body, "封存的内容暂时打不开") || strings.Contains(got.body, "刚才有变动") { // nobody was quicker
			t.Errorf("%s is headed %.300s", at, testkit.HTML(t, got.body).Content())
		}
	}
	if got := w.askForHelp(t, u.ID.String(), "zkasked"); got.code != http.StatusConflict || !strings.Contains(got.body, "不是你的错") || strings.Contains(got.body, "密钥") || !strings.Contains(got.body, "12355") {
		t.Errorf("somebody asks for help: %d %.300s", got.code, got.body)
	}
	w.everyday(t)
	if got := w.get(office, "/seal/"+w.seeds.refs["camp"][u.Code]); got.code != http.StatusOK { // who was let in, and who has read
		t.Errorf("who reads it: %d", got.code)
	}
	got := w.send(newRequest("POST", "/base/"+w.seeds.refs["base"][u.Code]+"/edit", url.Values{"_key": {"k"}}, office.cookie))
	if got.code != http.StatusUnprocessableEntity { // what was typed is looked at as ever
		t.Errorf("a form: %d", got.code)
	}
	for name, n := range w.tableCounts() {
		if n != before[name] {
			t.Errorf("%s has %d rows, had %d", name, n, before[name])
		}
	}
	if _, err := os.Stat(key); err == nil {
		t.Fatal("another key file was made")
	}
	if err := os.Rename(dir+"/kept", key); err != nil {
		t.Fatal(err)
	}
	for at, word := range w.sealedPages() {
		if got := w.get(office, at); got.code != http.StatusOK || !strings.Contains(got.body, word) {
			t.Errorf("afterwards %s: %d", at, got.code)
		}
	}
}

// R189: a log that cannot be written stops every act and every reading of what is sealed, whole; what needs no row goes on.
func TestADayWithoutTheLog(t *testing.T) {
	w := openWorld(t)
	office, u := w.byLogin["zhouwenqin"], w.unit("990203")
	rename := func(from, to string) {
		t.Helper()
		if err := w.a.DB.Tx(w.ctx, func(ctx context.Context) error {
			_, err := w.a.DB.Exec(ctx, `ALTER TABLE `+from+` RENAME TO `+to)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	count := func() string {
		t.Helper()
		out := ""
		for _, table := range []string{"care_request", "care_entry", "seal_record", "seal_value", "seal_grant", "base_base", "record_version", "flow_task"} {
			n, err := db.Get[int64](w.ctx, w.a.DB, `SELECT COUNT(*) FROM `+table)
			if err != nil {
				t.Fatal(err)
			}
			out += fmt.Sprint(table, n, " ")
		}
		return out
	}
	before := count()
	rename("audit_entry", "audit_gone")
	for at := range w.sealedPages() {
		w.get(office, at).refused(t, at, http.StatusConflict, "留痕现在记不下来")
	}
	if got := w.askForHelp(t, u.ID.String(), "zkasked"); got.code < 500 || !strings.Contains(got.body, "过一会儿再试") {
		t.Errorf("somebody asks for help: %d %.300s", got.code, got.body)
	}
	version := testkit.HTML(t, w.get(office, "/base/"+w.seeds.refs["base"][u.Code]+"/edit").body)
	form := url.Values{}
	for _, x := range version.All("form input, form textarea") {
		if x.Attr("name") != "" && x.Attr("type") != "checkbox" && x.Attr("type") != "radio" {
			form.Set(x.Attr("name"), x.Attr("value"))
		}
	}
	form.Set("name", "zkwritten")
	form.Set("run_mode", "self")
	form.Set("category", "红色基因")
	if got := w.send(newRequest("POST", "/base/"+w.seeds.refs["base"][u.Code]+"/edit", form, office.cookie)); got.code < 422 {
		t.Errorf("a base is changed without a row: %d %.300s", got.code, got.body)
	}
	w.everyday(t)
	if now := count(); now != before {
		t.Errorf("something was kept:\n%s\n%s", before, now)
	}
	rename("audit_gone", "audit_entry")
	for at, word := range w.sealedPages() {
		if got := w.get(office, at); got.code != http.StatusOK || !strings.Contains(got.body, word) {
			t.Errorf("afterwards %s: %d", at, got.code)
		}
	}
	if rep, err := w.a.Audit.Verify(w.ctx); err != nil || !rep.OK() {
		t.Errorf("%+v %v", rep, err)
	}
}

// R189: a log that somebody changed past the program stops every reading of what is sealed as soon as a check has found it, with a word that says
// what is to be done; all else goes on, help is asked for, and a program is told the same. What was found stands on the auditor's page.
func TestADayWithADamagedLog(t *testing.T) {
	w := openWorld(t)
	office, u := w.byLogin["zhouwenqin"], w.unit("990203")
	auditor := w.byLogin["xusuqing"]
	if _, err := w.a.Audit.Seal(w.ctx); err != nil {
		t.Fatal(err)
	}
	if err := w.a.DB.Tx(w.ctx, func(ctx context.Context) error {
		_, err := w.a.DB.Exec(ctx, `UPDATE audit_entry SET actor_name = 'x' WHERE leaf = 3`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := w.send(newRequest("POST", "/audit", url.Values{"_key": {"verify"}}, auditor.cookie)); got.code != http.StatusSeeOther {
		t.Fatalf("verified by the auditor: %d %.300s", got.code, got.body)
	}
	if got := w.get(auditor, "/audit"); !strings.Contains(got.body, "留痕有一处对不上") || !strings.Contains(got.body, "row 3 ") {
		t.Errorf("the auditor's page: %.2000s", testkit.HTML(t, got.body).Content())
	}
	for at := range w.sealedPages() {
		w.get(office, at).refused(t, at, http.StatusConflict, "找系统管理员查清以后恢复")
	}
	if got := w.askForHelp(t, u.ID.String(), "zkasked"); got.code != http.StatusOK || !strings.Contains(got.body, "我们收到了") {
		t.Errorf("somebody asks for help: %d %.300s", got.code, got.body)
	}
	w.everyday(t)
	if _, err := w.a.Audit.Accept(w.ctx, "cli", "第3条被人手工改过，已经和前一天的备份核对清楚。"); err != nil {
		t.Fatal(err)
	}
	for at, word := range w.sealedPages() {
		if got := w.get(office, at); got.code != http.StatusOK || !strings.Contains(got.body, word) {
			t.Errorf("afterwards %s: %d", at, got.code)
		}
	}
}

// R189 R164: a disk that is full keeps nothing by halves: who asks for help is told to try again or to call, what was kept stays, pages are read,
// and what is sealed is read as long as its row finds room and not a moment longer. With room again it goes on by itself. A server of
// PostgreSQL whose disk is full cannot be made here; it answers in the same way as a log that cannot be written.
func TestADayWithAFullDisk(t *testing.T) {
	w := openWorld(t)
	if w.a.DB.Engine != db.SQLite {
		return
	}
	office, u := w.byLogin["zhouwenqin"], w.unit("990203")
	pragma := func(q string) (n int64) {
		t.Helper()
		if err := w.a.DB.Tx(w.ctx, func(ctx context.Context) (err error) { // on the connection that writes
			n, err = db.Get[int64](ctx, w.a.DB, q)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	pragma(fmt.Sprintf(`PRAGMA max_page_count = %d`, pragma(`PRAGMA page_count`)))
	asked := func() int64 {
		t.Helper()
		n, err := db.Get[int64](w.ctx, w.a.DB, `SELECT COUNT(*) FROM care_request`)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	long, told, taken := strings.Repeat("难", 15000), false, 0
	before := asked()
	for range 300 {
		got := w.askForHelp(t, u.ID.String(), long)
		if got.code == http.StatusOK {
			taken++
			continue
		}
		if told = got.code >= 500 && strings.Contains(got.body, "打电话"); !told {
			t.Fatalf("%d %.300s", got.code, got.body)
		}
		break
	}
	if !told {
		t.Fatal("the disk is never full")
	}
	if n := asked(); n != before+int64(taken) {
		t.Errorf("%d were told that it was received, %d are there", taken, n-before)
	}
	sealedValues := func() string {
		t.Helper()
		type pair struct {
			Records int64
			Bare    int64
		}
		p, err := db.Get[pair](w.ctx, w.a.DB, `SELECT COUNT(*) AS records, SUM(CASE WHEN NOT EXISTS (SELECT 1 FROM seal_value v WHERE v.record = r.id) THEN 1 ELSE 0 END) AS bare FROM seal_record r WHERE erased = ''`)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(p.Bare)
	}
	if got := sealedValues(); got != "0" {
		t.Errorf("%s sealed records without a word", got)
	}
	list, refused, word := "/activity/"+w.seeds.refs["camp"]["990203"]+"/minors", false, "zksealednameq990203q"
	rows := func() int {
		t.Helper()
		got, err := w.a.Audit.List(w.ctx, audit.Filter{Act: "seal.act.open", Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		return len(got)
	}
	read, opened := rows(), 0
	for range 600 {
		got := w.get(office, list)
		if got.code == http.StatusOK && strings.Contains(got.body, word) {
			opened++
			continue
		}
		got.refused(t, list, http.StatusConflict, "留痕现在记不下来")
		refused = true
		break
	}
	if now := rows(); now-read != opened {
		t.Errorf("%d readings, %d rows", opened, now-read)
	}
	if !refused {
		t.Error("the log always finds room")
	}
	w.everyday(t)
	pragma(`PRAGMA max_page_count = 4294967294`)
	if got := w.askForHelp(t, u.ID.String(), long); got.code != http.StatusOK || !strings.Contains(got.body, "我们收到了") {
		t.Errorf("with room again: %d %.300s", got.code, got.body)
	}
	if got := w.get(office, list); got.code != http.StatusOK || !strings.Contains(got.body, word) {
		t.Errorf("with room again: %d", got.code)
	}
	if ok, err := db.Get[string](w.ctx, w.a.DB, `PRAGMA integrity_check`); err != nil || ok != "ok" {
		t.Errorf("%s %v", ok, err)
	}
}
