package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/org"
)

// aim is one way to ask a route about something at a place: the address, the body of a form, and the same for something
// that does not exist, which must look the same from outside.
type aim struct {
	place        string // code of the unit; "" when the route names none
	target       string
	absent       string
	form         url.Values // beside the words that every form gets
	absentForm   url.Values
	json, noJSON string   // body of a program's request
	own, gone    []string // what to strike out before two answers are compared
}

// kindOfPath says what {ref} means below an address. A new module's records are made in harness_test.go and named here.
var kindOfPath = map[string]string{
	"/base/{ref}": "base", "/api/v1/bases/{ref}": "base", "/team/{ref}": "team", "/api/v1/teams/{ref}": "team", "/api/v1/programmes/{ref}": "programme",
	"/project/{ref}": "contract", "/api/v1/projects/{ref}": "contract", "/reform/programme/{ref}": "programme", "/reform/known/{ref}": "adoption", "/reform/{ref}": "adoption",
	"/api/v1/reforms/{ref}": "adoption", "/speech/{ref}": "document", "/api/v1/documents/{ref}": "document", "/flow/{ref}": "case",
	"/api/v1/flow/{ref}": "case", "/batch/{ref}": "batch",
	"/campaign/{ref}": "campaign", "/campaign/known/{ref}": "campaign", "/api/v1/campaigns/{ref}": "campaign", "/campaign/{ref}/duty": "duty", "/api/v1/campaigns/{ref}/duties": "duty",
	"/notice/{ref}": "notice", "/notice/known/{ref}": "notice", "/api/v1/notices/{ref}": "notice", "/notice/{ref}/unit": "reply", "/notice/{ref}/over": "reply", "/api/v1/notices/{ref}/replies": "reply",
	"/meeting/{ref}": "meeting", "/api/v1/meetings/{ref}": "meeting", "/decision/{ref}": "decision", "/api/v1/decisions/{ref}": "decision",
	"/body/{ref}": "partner", "/body/known/{ref}": "partner", "/api/v1/bodies/{ref}": "partner", "/assign/{ref}": "partnertask", "/assign/known/{ref}": "partnertask", "/api/v1/assignments/{ref}": "partnertask",
	"/shared/{ref}": "partnertask", "/api/v1/shared/{ref}": "partnertask", "/shared/entry/{ref}": "sharedentry", "/shared/decision/{ref}": "shareddecision", "/shared/meeting/{ref}": "sharedmeeting",
	"/plan/{ref}": "plan", "/plan/known/{ref}": "plan", "/api/v1/plans/{ref}": "plan", "/plan/item/{ref}": "planitem", "/plan/item/known/{ref}": "planitem", "/api/v1/plan-items/{ref}": "planitem",
	"/central/{ref}": "central", "/central/known/{ref}": "central", "/api/v1/central-tasks/{ref}": "central",
	"/poll/{ref}": "poll", "/q/{ref}": "poll", "/api/v1/polls/{ref}": "poll",
	"/research/{ref}": "research", "/research/known/{ref}": "research", "/api/v1/research/{ref}": "research",
	"/survey/{ref}": "survey", "/survey/known/{ref}": "survey", "/survey/results/{ref}": "survey", "/api/v1/surveys/{ref}": "survey", "/survey/{ref}/unit": "surveyanswer", "/api/v1/surveys/{ref}/answers": "surveyanswer",
	"/guarantee/{ref}": "guarantee", "/guarantee/known/{ref}": "guarantee", "/api/v1/guarantees/{ref}": "guarantee", "/guarantee-standard/{ref}": "standard", "/guarantee-standard/known/{ref}": "standard", "/api/v1/guarantee-standards/{ref}": "standard",
	"/library/{ref}": "libraryabove", "/library/known/{ref}": "libraryabove", "/library/report/{ref}": "libraryreport", "/library/collection/{ref}": "librarycollection", "/library/comment/{ref}": "librarycomment", "/library/bulk/{ref}": "librarybatch", "/api/v1/library/{ref}": "libraryabove", "/api/v1/library-comments/{ref}": "librarycomment", "/api/v1/library-collections/{ref}": "librarycollection",
	"/budget/{ref}": "budget", "/budget/known/{ref}": "budget", "/api/v1/budgets/{ref}": "budget", "/revenue/{ref}": "revenue", "/revenue/known/{ref}": "revenue", "/api/v1/revenues/{ref}": "revenue",
	"/should/{ref}": "should", "/should/known/{ref}": "should", "/api/v1/should/{ref}": "should",
	"/contact/{ref}": "contact", "/contact/known/{ref}": "contact", "/api/v1/contacts/{ref}": "contact",
	"/activity/{ref}": "activity", "/api/v1/activities/{ref}": "activity",
	"/seal/{ref}": "camp", "/api/v1/seal/{ref}": "camp", "/wishes/{ref}": "wish",
	"/activity/{ref}/minors": "camp", "/api/v1/activities/{ref}/minors": "camp", "/activity/{ref}/minor": "camp", "/activity/{ref}/withdraw": "camp", "/activity/{ref}/consent": "camp",
	"/feedback/{ref}": "activity", "/f/{ref}": "activity",
	"/association/{ref}": "association", "/api/v1/associations/{ref}": "association", "/station/{ref}": "station", "/api/v1/stations/{ref}": "station",
	"/training/{ref}": "training", "/api/v1/training/{ref}": "training", "/trained/{ref}": "training", "/trainee/{ref}": "volunteer",
	"/care/{ref}": "care", "/api/v1/care/{ref}": "care", "/me/care/{ref}": "care",
	"/mandatory/new/{ref}": "care", "/mandatory/{ref}": "mandatory", "/api/v1/mandatory/{ref}": "mandatory",
	"/casework/{ref}": "casework", "/api/v1/casework/{ref}": "casework", "/me/casework/{ref}": "casework",
	"/aid/{ref}": "aid", "/aid/known/{ref}": "aid", "/aid/paper/{ref}": "aid", "/api/v1/aids/{ref}": "aid", "/aid/gift/{ref}": "aidgift", "/aid/donor/{ref}": "aiddonor",
	"/portal/news/{ref}": "portalnews", "/portal/known/{ref}": "portalnews", "/portal/wish/{ref}": "portalwish", "/s/{slug}/news/{ref}": "portalnews",
	"/guidance/{ref}": "guidance", "/api/v1/guidance/{ref}": "guidance",
	"/volunteer/{ref}": "volunteer", "/api/v1/volunteers/{ref}": "volunteer", "/certificate/{ref}": "volunteer", "/hours/{ref}": "service",
}

// paths of routes by record whose subject stands in the query or the body.
const (
	tickOffPath     = "POST /inbox/done"
	newAdoptionPath = "/reform/new"
)

// creates are the bodies by which a program makes a record at a unit.
var creates = map[string]func(unit string) any{
	"POST /api/v1/bases": func(unit string) any {
		return map[string]any{"base": map[string]any{"name": "x", "host": unit, "run_mode": "self", "category": "红色基因"}}
	},
	"POST /api/v1/teams": func(unit string) any {
		return map[string]any{"name": "x", "unit": unit, "need": "科普", "status": "submitted"}
	},
	"POST /api/v1/associations": func(unit string) any {
		return map[string]any{"record": map[string]any{"name": "x", "unit": unit, "founded_on": "2019-01-01"}}
	},
	"POST /api/v1/stations": func(unit string) any {
		return map[string]any{"record": map[string]any{"name": "x", "unit": unit, "founded_on": "2019-01-01"}}
	},
	"POST /api/v1/guidance": func(unit string) any {
		return map[string]any{"record": map[string]any{"what": "x", "unit": unit, "day": "2019-01-01"}}
	},
	"POST /api/v1/training": func(unit string) any {
		return map[string]any{"course": map[string]any{"title": "x", "unit": unit, "subject": "法治", "planned": "2019-01-01"}}
	},
	"POST /api/v1/projects": func(unit string) any {
		return map[string]any{"number": "x", "report": map[string]any{"unit": unit, "kind": "venture", "version": 1, "signed_on": "2019-05-30", "amount_fen": 7, "status": "signed"}}
	},
	"POST /api/v1/campaigns": func(unit string) any {
		return map[string]any{"unit": unit, "title": "x", "topic": "law", "from": "2019-05-30", "last": "2019-06-30", "targets": map[string]any{"levels": []string{"township"}}}
	},
	"POST /api/v1/notices": func(unit string) any {
		return map[string]any{"unit": unit, "title": "x", "kind": "notice", "targets": map[string]any{"levels": []string{"township"}}}
	},
	"POST /api/v1/meetings": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "kind": "联席会议", "title": "x", "day": "2019-05-30"}}
	},
	"POST /api/v1/decisions": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "text": "x", "due": "2019-06-30", "lead": map[string]any{"name": "x"}}}
	},
	"POST /api/v1/contacts": func(unit string) any {
		return map[string]any{"unit": unit, "kind": "talk", "body": "x", "day": "2019-05-30", "topic": "x"}
	},
	"POST /api/v1/bodies": func(unit string) any {
		return map[string]any{"unit": unit, "name": "x", "field": "youth", "from": "2019-05-30"}
	},
	"POST /api/v1/plans": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "year": 2017, "title": "x"}}
	},
	"POST /api/v1/central-tasks": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "year": 2019, "name": "x"}}
	},
	"POST /api/v1/research": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "title": "x", "topic": "x", "sites": []string{"x"}, "authors": []string{"x"}, "findings": "x", "finished_on": "2019-05-06"}}
	},
	"POST /api/v1/surveys": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "title": "x", "about": "unit", "levels": []string{"village"}, "due": "2019-06-30"}}
	},
	"POST /api/v1/library": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "title": "x", "category": "work.notice", "visible": "members"}}
	},
	"POST /api/v1/library-collections": func(unit string) any {
		return map[string]any{"unit": unit, "title": "x", "visible": "members"}
	},
	"POST /api/v1/guarantees": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "year": 2013}}
	},
	"POST /api/v1/guarantee-standards": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "from": 2013, "name": "x"}}
	},
	"POST /api/v1/budgets": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "year": 2013, "amount_fen": 7, "source": "special"}}
	},
	"POST /api/v1/revenues": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "year": 2013, "amount_fen": 7, "source": "x"}}
	},
	"POST /api/v1/should": func(unit string) any {
		return map[string]any{"record": map[string]any{"unit": unit, "name": "x", "from": "2019-01-01"}}
	},
	"POST /api/v1/assignments": func(unit string) any {
		return map[string]any{"unit": unit, "title": "x", "due": "2019-06-30"}
	},
	"POST /api/v1/activities": func(unit string) any {
		return map[string]any{"activity": map[string]any{"hosts": []any{map[string]any{"unit": unit}}, "title": "x", "type": "lecture", "topic": "law", "day": "2019-05-30", "mode": "face",
			"stops": []any{map[string]any{"place": "x", "venue": "other"}}, "audience": []any{map[string]any{"group": "parent", "count": 7}}, "responsible": "x", "phone": "13800138000", "status": "held"}}
	},
	"POST /api/v1/programmes": func(unit string) any {
		return map[string]any{"programme": map[string]any{"code": "x", "name": "x", "owner": unit, "main": false, "target": "township", "parts": []any{map[string]any{"code": "a", "name": "x"}},
			"criteria": []any{}}}
	},
}

// fills are the path's other variables: what any record has.
var fills = map[string]string{"{code}": "base.accredited", "{kind}": "base", "{course}": "record.correction", "{act}": "plan", "{no}": "1", "{page}": "1", "{slug}": "yunzhou", "{column}": "about", "{$}": ""}

// actFor are the acts that a route is asked about when the usual one does not fit it: pages that everybody who sees the
// record may open, forms of those who work at it.
var actFor = map[string]string{"GET /campaign/{ref}/{act}": "export", "POST /campaign/{ref}/{act}": "edit", "POST /api/v1/campaigns/{ref}/{act}": "issue",
	"GET /campaign/{ref}/duty/{unit}/{act}": "done",
	"GET /notice/{ref}/{act}":               "export", "POST /notice/{ref}/{act}": "edit", "POST /api/v1/notices/{ref}/{act}": "issue", "GET /notice/{ref}/unit/{unit}/{act}": "done", "POST /notice/{ref}/unit/{unit}/{act}": "pass",
	"GET /notice/{ref}/over/{unit}/{act}": "inspect", "POST /notice/{ref}/over/{unit}/{act}": "inspect", "POST /api/v1/notices/{ref}/replies/{unit}/{act}": "pass",
	"GET /guarantee/{ref}/{act}": "renew", "POST /guarantee/{ref}/{act}": "renew", "GET /guarantee-standard/{ref}/{act}": "edit", "POST /guarantee-standard/{ref}/{act}": "edit",
	"GET /budget/{ref}/{act}": "edit", "POST /budget/{ref}/{act}": "edit", "GET /revenue/{ref}/{act}": "edit", "POST /revenue/{ref}/{act}": "edit", "GET /should/{ref}/{act}": "edit", "POST /should/{ref}/{act}": "edit",
	"GET /library/categories/{act}": "add", "POST /library/categories/{act}": "add",
	"GET /library/collection/{ref}/{act}": "edit", "POST /library/collection/{ref}/{act}": "edit",
	"GET /library/{ref}/{act}": "edit", "POST /library/{ref}/{act}": "edit",
	"POST /care/{ref}/{act}":      "press",
	"POST /mandatory/{ref}/{act}": "report",
	"GET /contact/{ref}/{act}":    "edit", "POST /contact/{ref}/{act}": "edit",
	"POST /casework/{ref}/{act}": "note",
	"GET /poll/{ref}/{act}":      "close", "POST /poll/{ref}/{act}": "remove",
	"GET /aid/{ref}/{act}": "withdraw", "POST /aid/{ref}/{act}": "withdraw", "GET /aid/gift/{ref}/{act}": "edit", "POST /aid/gift/{ref}/{act}": "edit", "GET /aid/donor/{ref}/{act}": "edit", "POST /aid/donor/{ref}/{act}": "edit",
	"GET /portal/news/{ref}/{act}": "edit", "POST /portal/news/{ref}/{act}": "edit",
	"GET /research/{ref}/{act}": "edit", "POST /research/{ref}/{act}": "edit",
	"GET /survey/{ref}/{act}": "edit", "POST /survey/{ref}/{act}": "edit", "POST /api/v1/surveys/{ref}/{act}": "issue", "GET /survey/{ref}/unit/{unit}/{act}": "fill", "POST /survey/{ref}/unit/{unit}/{act}": "fill", "POST /api/v1/surveys/{ref}/answers/{unit}/{act}": "fill",
	"GET /plan/{ref}/{act}": "edit", "POST /plan/{ref}/{act}": "edit", "GET /plan/item/{ref}/{act}": "edit", "POST /plan/item/{ref}/{act}": "edit", "GET /central/{ref}/{act}": "edit", "POST /central/{ref}/{act}": "edit",
	"GET /body/{ref}/{act}": "edit", "POST /body/{ref}/{act}": "edit", "GET /assign/{ref}/{act}": "edit", "POST /assign/{ref}/{act}": "edit", "POST /shared/{ref}/{act}": "report", "POST /api/v1/shared/{ref}/{act}": "report"}

// special names the kind of unit that an act is for, as world.unit takes it; at others its form is not there.
var special = map[string]string{"member": "park", "target": "enterprise", "end_target": "enterprise", "plan": "bare", "approve": "bare", "kind": "990203013", "reopen": "ended"}

// actOf is the act of a unit's form, "" for other routes.
func actOf(rt web.Route) string {
	act, ok := strings.CutPrefix(rt.Path, "/unit/{unit}/do/")
	if !ok {
		return ""
	}
	return act
}

// elsewhere are acts for which the right is asked at another place than the record's, with the reason. Whoever views
// the record and works anywhere may see the form; the service decides by what is typed.
var elsewhere = map[string]string{
	"/base/{ref}/accredit":            "a plaque is granted, or applied for, by its issuer",
	"/base/{ref}/correct":             "a plaque is corrected by its issuer",
	"/base/{ref}/revoke":              "a plaque is taken back by its issuer",
	"/flow/{ref}/act":                 "a case is moved by the unit that it waits for",
	"/api/v1/flow/{ref}/act":          "a case is moved by the unit that it waits for",
	"/notice/{ref}/over/{unit}/{act}": "what supervision found is written down by a unit above",
	"/library/report/{ref}":           "a report is decided by the office above",
	"/reform/{ref}/{act}":             "an adoption is accepted by the programme's owner",
	"/api/v1/reforms/{ref}/{act}":     "an adoption is accepted by the programme's owner",
}

// sealed are routes that open what is recorded of minors: beside their right they ask that one works in the very unit.
var sealed = []string{"/activity/{ref}/minors", "/api/v1/activities/{ref}/minors", "/activity/{ref}/withdraw", "/activity/{ref}/consent", "/activity/{ref}/incidents", "/api/v1/activities/{ref}/incidents", "/aid/paper/{ref}/{no}"}

// keptBy are routes about what a unit keeps sealed: that very unit's own people alone, or its auditor as well.
var keptBy = map[string]bool{"/seal/{ref}": true, "/seal/{ref}/readings": true, "/api/v1/seal/{ref}/grants": true, "/api/v1/seal/{ref}/readings": true,
	"/seal/{ref}/grant": false, "/seal/{ref}/revoke": false, "/seal/{ref}/erase": false, "/seal/{ref}/export": false, "/seal/{ref}/seen": false, "/seal/{ref}/confirm": false, "/seal/{ref}/list.xlsx": true}

// asked are the words without which a page shows nothing.
var asked = map[string]string{"/notice/{ref}/unit/{unit}/{act}": "act=pass", "/campaign/{ref}/duty/{unit}/{act}": "act=plan", "/project/{ref}/done": "act=report", "/team/{ref}/done": "act=create", "/association/{ref}/done": "act=create", "/station/{ref}/done": "act=create", "/guidance/{ref}/done": "act=create", "/meeting/{ref}/done": "act=create", "/decision/{ref}/done": "act=decide", "/training/{ref}/done": "act=create", "/training/{ref}/certificate": "no=1", "/volunteer/{ref}/done": "act=correct", "/hours/{ref}/done": "act=correct"}

// aims lists how to ask a route about each place; an error says what to add for a route that is not known.
func (w *world) aims(rt web.Route) ([]aim, error) {
	refKind, longest := "", ""
	for path, kind := range kindOfPath {
		if (rt.Path == path || strings.HasPrefix(rt.Path, path+"/")) && len(path) > len(longest) {
			refKind, longest = kind, path
		}
	}
	var out []aim
	own := rt.Path // of a route about a unit that the query names
	if act := actFor[rt.String()]; act != "" {
		own = strings.ReplaceAll(own, "{act}", act)
	}
	places := harnessPlaces
	if extra := special[actOf(rt)]; extra != "" && !slices.Contains(places, extra) {
		places = append(slices.Clone(places), extra)
	}
	for _, place := range places {
		u := w.unit(place)
		nowhere := id.ID(int64(u.ID) ^ 0x5a5a)
		a := aim{place: place, target: rt.Path, absent: rt.Path}
		swap := func(what, real, none string) {
			a.target = strings.ReplaceAll(a.target, what, real)
			a.absent = strings.ReplaceAll(a.absent, what, none)
			a.own, a.gone = append(a.own, real), append(a.gone, none)
		}
		none := func(real string) string { // a ref of the same city that nobody has
			ref, err := id.ParseRef(real)
			if err != nil {
				return nowhere.String()
			}
			return id.Ref{Root: ref.Root, ID: ref.ID ^ 0x5a5a}.String()
		}
		refs := w.seeds.refs
		hash := refs[map[string]string{"notice": "noticefile", "reply": "replyfile", "meeting": "meetingfile", "decision": "decisionfile", "guarantee": "guaranteefile", "budget": "guaranteefile", "research": "researchfile", "portalnews": "portalpicture"}[refKind]][place]
		if hash == "" {
			hash = refs["photo"][place]
		}
		for what, real := range map[string]string{"{hash}": hash, "{receipt}": refs["receipt"][place]} {
			a.target, a.absent = strings.ReplaceAll(a.target, what, real), strings.ReplaceAll(a.absent, what, real)
		}
		if act := actFor[rt.String()]; act != "" {
			a.target, a.absent = strings.ReplaceAll(a.target, "{act}", act), strings.ReplaceAll(a.absent, "{act}", act)
		}
		if strings.HasPrefix(rt.Path, "/d/{no}") {
			a.target, a.absent = strings.ReplaceAll(a.target, "{no}", refs["librarypublicno"][place]), strings.ReplaceAll(a.absent, "{no}", "1")
		}
		for what, text := range fills {
			a.target, a.absent = strings.ReplaceAll(a.target, what, text), strings.ReplaceAll(a.absent, what, text)
		}
		record := ""
		switch {
		case strings.Contains(rt.Path, "{ref}"):
			if refKind == "" {
				return nil, fmt.Errorf("%s: which record is {ref}? Seed one at every place in harness_test.go and name it in kindOfPath", rt)
			}
			if record = refs[refKind][place]; record == "" {
				continue // this kind does not stand at every place
			}
			swap("{ref}", record, none(record))
			a.target, a.absent = strings.ReplaceAll(a.target, "{unit}", u.ID.String()), strings.ReplaceAll(a.absent, "{unit}", u.ID.String())
		case strings.Contains(rt.Path, "{id}"):
			record = refs["account"][place]
			swap("{id}", record, nowhere.String())
		case strings.Contains(rt.Path, "{batch}"):
			record = refs["unitbatch"][place]
			swap("{batch}", record, nowhere.String())
		case strings.Contains(rt.Path, "{unit}"):
			swap("{unit}", u.ID.String(), nowhere.String())
		case rt.Scope == web.ByUnit:
			a.target, a.absent = own+"?unit={unit}", own+"?unit={unit}"
			for what, text := range fills {
				a.target, a.absent = strings.ReplaceAll(a.target, what, text), strings.ReplaceAll(a.absent, what, text)
			}
			swap("{unit}", u.ID.String(), nowhere.String())
		case rt.Scope == web.ByRecord:
			switch {
			case rt.String() == tickOffPath:
				task := refs["task"][place]
				a.form, a.absentForm = url.Values{"task": {task}}, url.Values{"task": {none(task)}}
			case creates[rt.String()] != nil:
				body := func(at id.ID) string {
					b, _ := json.Marshal(creates[rt.String()](at.String()))
					return string(b)
				}
				a.json, a.noJSON = body(u.ID), body(nowhere)
			case rt.Path == newAdoptionPath:
				p := refs["programme"][place]
				if refs["adoption"][place] == "" {
					continue
				}
				a.target, a.absent = rt.Path+"?programme={p}&unit={u}", rt.Path+"?programme={p}&unit={u}"
				swap("{p}", p, none(p))
				swap("{u}", u.ID.String(), nowhere.String())
			case rt.String() == "POST /api/v1/plan-items":
				body := func(ref string) string {
					return `{"record":{"plan":"` + ref + `","title":"x","kind":"work"}}`
				}
				a.json, a.noJSON = body(refs["plan"][place]), body(none(refs["plan"][place]))
			default:
				return nil, fmt.Errorf("%s names its record in none of the known ways; tell world.aims how to fill it", rt)
			}
		default: // nothing in particular: once is enough
			a.place = ""
		}
		if q := asked[rt.Path]; q != "" {
			sep := "?"
			if strings.Contains(a.target, "?") {
				sep = "&"
			}
			a.target, a.absent = a.target+sep+q, a.absent+sep+q
		}
		if row := map[string]string{"remove_post": refs["post"][place], "restore_post": refs["post"][place], "call_office": "member"}[path.Base(rt.Path)]; row != "" && strings.HasPrefix(rt.Path, "/unit/{unit}/do/") {
			a.target, a.absent = a.target+"?row="+row, a.absent+"?row="+row
			a.form, a.absentForm = url.Values{"row": {row}}, url.Values{"row": {row}}
		}
		if rt.Path == "/base/{ref}/correct" { // which plaque
			q := "?id=" + refs["plaque"][place]
			a.target, a.absent = a.target+q, a.absent+q
		}
		if strings.Contains(a.target, "{") {
			return nil, fmt.Errorf("%s: %s is not known; tell world.aims how to fill it", rt, a.target)
		}
		if strings.HasPrefix(rt.Path, "/unit/{unit}/do/end_") {
			row := map[string]string{"post": refs["post"][place], "party": refs["party"][place], "link": refs["post"][place], "target": refs["post"][place]}[strings.TrimPrefix(rt.Path, "/unit/{unit}/do/end_")]
			a.form = url.Values{"row": {row}}
			a.absentForm = a.form
		}
		out = append(out, a)
		if a.place == "" {
			break
		}
	}
	if rt.Scope == web.ByUnit && !strings.Contains(rt.Path, "{unit}") { // without a name the own unit is meant
		target := own
		for what, text := range fills {
			target = strings.ReplaceAll(target, what, text)
		}
		out = append(out, aim{target: target, absent: target})
	}
	return out, nil
}

// verdict is what a declaration promises somebody.
type verdict string

const (
	allowed   verdict = "let in"
	toSignIn  verdict = "sent to the sign-in page"
	forbidden verdict = "told that it is not theirs"
	hidden    verdict = "told that it is not theirs, or as if absent" // seen, but the right is missing
	absent    verdict = "as if absent"
)

// ofNotice tells whether a route is about a whole notice or survey, which every unit below its issuers knows.
func ofNotice(rt web.Route) bool {
	return rt.Scope == web.ByRecord && (strings.HasPrefix(rt.Path, "/notice/") || strings.HasPrefix(rt.Path, "/api/v1/notices/") || strings.HasPrefix(rt.Path, "/survey/") || strings.HasPrefix(rt.Path, "/api/v1/surveys/")) && !strings.Contains(rt.Path, "{unit}")
}

// promised computes the verdict from the declaration and the reader's ranges alone.
func (w *world) promised(rt web.Route, a scope.Actor, m aim) verdict {
	switch {
	case rt.Right == scope.Anyone:
		return allowed
	case !a.SignedIn():
		return toSignIn
	case rt.Scope == web.Self && strings.Contains(rt.Path, "/shared/"): // the body's own accounts, and nobody else whatever their rights
		if a.Name == "partner" && m.place == "9902" {
			return allowed
		}
		return absent
	case strings.HasPrefix(rt.Path, "/me/casework/{ref}"), strings.HasPrefix(rt.Path, "/me/care/{ref}"): // the volunteer who is paired with it, who was let in with consent, and nobody else
		return absent
	case rt.Right == scope.SignedIn:
		return allowed
	case rt.Right == scope.Audit:
		if a.Auditor {
			return allowed
		}
		return absent
	case len(a.Set(rt.Right)) == 0:
		return forbidden
	case rt.Scope == web.Self, rt.Scope == web.ByList:
		return allowed
	}
	u := w.unit(m.place)
	pos := u.Pos
	if m.place == "" {
		pos = a.Pos
	}
	if sealedFor(rt) {
		return w.careVerdict(a, u, rt.Path != "/care/{ref}" && rt.Path != "/mandatory/{ref}")
	}
	if rt.Scope == web.ByRecord && strings.Contains(rt.Path, "/casework/{ref}") { // as with requests for help
		return w.careVerdict(a, u, rt.Path != "/casework/{ref}")
	}
	seen := a.ViewSet.Contains(pos)
	if strings.HasPrefix(rt.Path, "/campaign/{ref}") && rt.Scope == web.ByRecord || strings.HasPrefix(rt.Path, "/api/v1/campaigns/{ref}") && rt.Scope == web.ByRecord || ofNotice(rt) || rt.Path == "/campaign/known/{ref}" ||
		rt.Path == "/body/{ref}" || rt.Path == "/body/{ref}/{act}" || rt.Path == "/api/v1/bodies/{ref}" || rt.Path == "/central/{ref}" || rt.Path == "/central/{ref}/{act}" || rt.Path == "/api/v1/central-tasks/{ref}" || rt.Path == "/guarantee-standard/{ref}" || rt.Path == "/guarantee-standard/{ref}/{act}" || rt.Path == "/api/v1/guarantee-standards/{ref}" || strings.HasPrefix(rt.Path, "/reform/programme/{ref}") || rt.Path == "/api/v1/programmes/{ref}" { // seen from every unit that it is for
		c := canary{rng: u.Range()}
		seen = c.seen(a)
		if rt.Right == scope.View && seen {
			return allowed
		}
	}
	switch {
	case strings.Contains(rt.Path, "/over/") && seen: // not even a unit itself writes what others found there
		return hidden
	case a.May(rt.Right, pos):
		return allowed
	case m.place == "" && rt.Scope == web.ByUnit:
		return forbidden
	case seen:
		return hidden
	}
	return absent
}

// everyForm are words and days for every input that any form has, so that a hole would write and be noticed.
func everyForm() url.Values {
	f := url.Values{"_key": {web.NewKey()}, "_version": {"1"}, "version": {"1"}, "seen": {"1"}, "act": {"grant"}, "kind": {"member"}, "level": {"city"}, "quota": {"9"},
		"party_kind": {"leads"}, "form": {"committee"}, "run_mode": {"self"}, "category": {"红色基因"}, "result": {"pass"}, "status": {"granted"}, "good": {"1"}, "met": {"1"}}
	for _, k := range []string{"day", "from", "to", "on", "signed_on", "granted_on", "applied_on", "founded_on", "proposed_on", "approved_on", "dissolved_on"} {
		f.Set(k, "2019-05-30")
	}
	for _, k := range []string{"name", "title", "reason", "document", "note", "person", "party_name", "members", "code", "address", "contact", "text_0", "byline", "parties", "alt", "need", "number", "doc", "evidence"} {
		f.Set(k, "zkwritten")
	}
	for _, k := range []string{"amount", "amount_fen", "year", "capacity"} {
		f.Set(k, "7")
	}
	return f
}

// forCity are the pages of what holds for all of a city.
var forCity = []string{"/activity/settings", "/base/settings", "/aid/kinds/change", "/training/words", "/training/words/off", "/meeting/kinds", "/meeting/kinds/off", "/team/needs", "/volunteer/professions", "/campaign/days"}

// freely are forms that anybody sends for themselves, without a key: they change only the sender's own session or view.
var freely = []string{"POST /login", "POST /logout", "POST /me/sessions", "POST /me/settings", "POST /setup", "POST /invite", "GET /view", "POST /me/password", "PUT /api/v1/library/{ref}/favourite"}

func (w *world) ask(rt web.Route, as *role, m aim, none bool, format string, good bool) answer {
	target, body, form := m.target, m.json, m.form
	if none {
		target, body, form = m.absent, m.noJSON, m.absentForm
	}
	if format == "csv" || format == "xlsx" {
		sep := "?"
		if strings.Contains(target, "?") {
			sep = "&"
		}
		target += sep + "format=" + format
	}
	if rt.Method == http.MethodGet {
		r := newRequest("GET", target, nil, as.cookie)
		if format == "json" {
			r.Header.Set("Accept", "application/json")
		}
		return w.send(r)
	}
	if strings.HasPrefix(rt.Path, "/api/") {
		if body == "" || !good {
			body = "{}"
		}
		r := newRequest(rt.Method, target, nil, as.cookie)
		r.Body = readCloser(body)
		r.ContentLength = int64(len(body))
		r.Header.Set("Content-Type", "application/json")
		return w.send(r)
	}
	f := url.Values{}
	if good {
		f = everyForm()
	}
	for k, v := range form {
		f[k] = v
	}
	return w.send(newRequest(rt.Method, target, f, as.cookie))
}

// strike makes two answers comparable: what names the thing that was asked about is taken out of both.
func strike(body string, names []string) string {
	for _, n := range names {
		body = strings.ReplaceAll(body, n, "@")
		body = strings.ReplaceAll(body, url.QueryEscape(n), "@")
	}
	return body
}

// kept lets a verdict be held against an answer; "" when it is.
func (w *world) kept(rt web.Route, as *role, m aim, v verdict, got answer, format string, good bool) string {
	same := func() string {
		none := w.ask(rt, as, m, true, format, good)
		if got.code != none.code {
			return fmt.Sprintf("%d, but %d for what does not exist", got.code, none.code)
		}
		if a, b := strike(got.body, m.own), strike(none.body, m.gone); a != b {
			return fmt.Sprintf("%d differs from what does not exist: %s", got.code, firstDifferent(a, b))
		}
		if got.code < 400 {
			return fmt.Sprintf("%d", got.code)
		}
		return ""
	}
	if a := w.live(as); v == allowed && rt.Method == http.MethodGet && slices.Contains(sealed, rt.Path) && !(a.Unit == w.unit(m.place).ID && a.May(scope.Work, a.Pos)) {
		v = forbidden
	}
	if v == allowed && (rt.Path == sitePath || rt.Path == "/library/categories/{act}") && !w.live(as).May(scope.Admin, w.unit("9902").Pos) { // one site, run by one office
		v = forbidden
	}
	if slices.Contains(forCity, rt.Path) && v == allowed && rt.Right == scope.Admin {
		u := org.Unit{Pos: w.live(as).Pos}
		if m.place != "" {
			u = w.unit(m.place)
		}
		if !org.SetsCity(scope.With(context.Background(), w.live(as)), u) {
			if got.code == http.StatusUnprocessableEntity { // the form is looked at before the right to send it
				return ""
			}
			v = forbidden
		}
	}
	if v == allowed && rt.Path == "/care/desk" { // its leads; where there is none yet, who works in the very unit
		a, own := w.live(as), w.live(as).Unit
		if m.place != "" {
			own = w.unit(m.place).ID
		}
		for code, login := range leadOf {
			if w.unit(code).ID == own && w.byLogin[login].actor.Account != a.Account {
				v = forbidden
			}
		}
		if a.Unit != own {
			v = forbidden
		}
	}
	if v == allowed {
		v = w.sealVerdict(rt, w.live(as), m.place)
	}
	if a := w.live(as); v == allowed && rt.Path == "/casework/new" && m.place != "" && a.Unit != w.unit(m.place).ID { // who works in the very unit
		v = forbidden
	}
	if strings.HasPrefix(rt.Path, "/portal/wish/{ref}") && v == allowed && w.live(as).Unit != w.unit(m.place).ID { // from above nobody reads it, but where nobody works
		staffed, err := w.a.Account.Staffed(w.ctx, []id.ID{w.unit(m.place).ID})
		if err != nil {
			return err.Error()
		}
		if staffed[w.unit(m.place).ID] {
			v = absent
		}
	}
	if auditors, is := keptBy[rt.Path]; is && v == allowed {
		a, u := w.live(as), w.unit(m.place)
		if !(a.Unit == u.ID && a.May(scope.Work, u.Pos)) && !(auditors && a.Auditor && a.AuditSet.Contains(u.Pos)) {
			v = forbidden
		}
	}
	switch v {
	case allowed:
		if act := actOf(rt); got.code == http.StatusNotFound && special[act] != "" && special[act] != m.place {
			return "" // not a unit of the kind that the act is for
		}
		if rt.String() == "POST /logout" && got.code == http.StatusSeeOther {
			return ""
		}
		if got.login() || got.code == http.StatusForbidden || got.code >= 500 || got.code == http.StatusNotFound && rt.Method == http.MethodGet && rt.Scope != web.Public {
			return fmt.Sprintf("%d", got.code)
		}
	case toSignIn:
		if !got.login() {
			return fmt.Sprintf("%d", got.code)
		}
	case forbidden:
		if got.code != http.StatusForbidden {
			return fmt.Sprintf("%d", got.code)
		}
	case hidden:
		if got.code != http.StatusForbidden && (elsewhere[rt.Path] == "" || rt.Method != http.MethodGet && got.code < 400) {
			return same()
		}
	case absent:
		if rt.Right == scope.Audit {
			if got.code != http.StatusNotFound {
				return fmt.Sprintf("%d", got.code)
			}
			return ""
		}
		return same()
	}
	return ""
}

func firstDifferent(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	cut := func(s string) string { return fmt.Sprintf("%.120q", s[max(0, min(i, len(s))-20):]) }
	return cut(a) + " / " + cut(b)
}

// formats in which a route is asked beside its own.
func formats(rt web.Route) []string {
	out := []string{""}
	if rt.Method != http.MethodGet {
		return out
	}
	if strings.Contains(rt.Path, "export") || strings.Contains(rt.Path, "/evidence/") || strings.Contains(rt.Path, "template") {
		out = append(out, "csv", "xlsx")
	}
	return append(out, "json")
}

// writes counts what has been written since it was first asked, by anybody who was let: the log has a row of every act, in its
// transaction. Those of reading what is sealed are no act. Each row of the log is looked at once: keys only grow, and nobody
// writes beside the requests.
func (w *world) writes() int64 {
	type news struct {
		Last  id.ID
		Wrote int64
	}
	n, err := db.Get[news](w.ctx, w.a.DB, `SELECT COALESCE(MAX(id), $1) AS last, COALESCE(SUM(CASE WHEN refused = 0 AND act NOT IN ('seal.act.open', 'portal.act.read') THEN 1 ELSE 0 END), 0) AS wrote
		FROM audit_entry WHERE id > $1`, w.logged)
	if err != nil {
		w.t.Fatal(err)
	}
	w.logged, w.wrote = n.Last, w.wrote+n.Wrote
	return w.wrote
}

// tableCounts counts the rows of every table that only acts on records fill.
func (w *world) tableCounts() map[string]int64 {
	names, err := w.a.DB.Tables(w.ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]int64{}
	for _, name := range names {
		if slices.Contains([]string{"audit_entry", "audit_hash", "audit_head", "account_session", "account_gate", "account_throttle", "web_once", "org_visit"}, name) {
			continue
		}
		n, err := db.Get[int64](w.ctx, w.a.DB, `SELECT COUNT(*) FROM `+name)
		if err != nil {
			w.t.Fatal(err)
		}
		out[name] = n
	}
	return out
}

// R189 and deny by default: every route of the program, asked by everybody about something at every place in every
// format, keeps what it declares.
func TestMatrix(t *testing.T) {
	w := openWorld(t)
	before := w.tableCounts()
	wrote := w.writes()
	routes, sent, denied := 0, 0, 0
	covered := map[string]map[string]bool{}
	for _, rt := range w.chosenRoutes() {
		aims, err := w.aims(rt)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(aims) == 0 {
			t.Errorf("%s is asked about nothing: seed a record for it in harness_test.go", rt)
			continue
		}
		routes++
		free := slices.Contains(freely, rt.String())
		covered[rt.String()] = map[string]bool{}
		for _, as := range w.roles {
			said := 0
			for n, m := range aims {
				v := w.promised(rt, w.live(as), m)
				list := formats(rt)
				if n > 0 && n != len(aims)/2 && len(list) > 1 { // the other formats go through the same door
					list = list[:1]
				}
				for _, f := range list {
					if free && as.login != "" && rt.Method != http.MethodGet {
						continue // would end the session or change the view: see the module's own tests
					}
					sent++
					good := v != allowed // a form that could write is sent only where it must not
					got := w.ask(rt, as, m, false, f, good)
					covered[rt.String()][as.name] = true
					if v != allowed {
						denied++
					}
					if bad := w.kept(rt, as, m, v, got, f, good); bad != "" {
						if said++; said <= 3 {
							t.Errorf("%s (%s, %s) as %s at %s %s: %s, promised %s", rt, rt.Right, rt.Scope, as.name, m.place, f, bad, v)
						}
					}
					if rt.Method == http.MethodGet {
						continue
					}
					if now := w.writes(); now != wrote {
						if !free {
							t.Errorf("%s as %s at %s (promised %s) wrote: %d %.200s", rt, as.name, m.place, v, got.code, got.body)
						}
						wrote = now
					}
				}
			}
		}
		if rt.Method == http.MethodGet {
			wrote = w.writes()
		}
	}
	for name, n := range w.tableCounts() {
		if n != before[name] {
			t.Errorf("%s has %d rows, had %d", name, n, before[name])
		}
	}
	t.Logf("%d routes, %d roles, %d requests of which %d were to be refused", routes, len(w.roles), sent, denied)
}

// live is the actor of a role as the program sees it now: a disabled account is nobody.
func (w *world) live(as *role) scope.Actor {
	if as.login == "disabled" {
		return scope.Actor{}
	}
	return as.actor
}
