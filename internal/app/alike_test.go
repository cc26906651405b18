package app

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/scope"
)

// mayCost is how many statements more a module may need to find that something may not be seen than that it is not there: what it keeps is
// nothing that anybody has to hide the existence of. What is sealed has no line here, and no other module needs one.
var mayCost = map[string]int{
	"contact":   2, // a body's own accounts look for the record behind a row that is not theirs
	"flow":      2, // who stands in for whom; a refusal stands in the log
	"guarantee": 1, // for whom a standard is
	"library":   3, // the document of a report, of a comment
	"meeting":   2, // as with contact
	"plan":      1, // for whom a central task is
}

// undoCost is the same for taking back one's own last act: whether it was one's own is asked before the right.
const undoCost = 2

// R189: what somebody may not know of costs the program the same statements as what does not exist, at every address that names a record:
// nobody learns from the time of an answer what its words keep. Counted, not timed; of what is sealed every pair, of the rest every third. The row by which the log says
// of somebody who sees a unit that they tried to act there (audit.Refuse) is written once the answer's transaction has ended, and not counted.
func TestForbiddenCostsWhatAbsentCosts(t *testing.T) {
	w := openWorld(t)
	met, compared, needed := 0, 0, map[string]bool{}
	w.get(w.byLogin["chenyulan"], "/") // what the first request of a program asks, and no later one
	for _, rt := range w.chosenRoutes() {
		if !strings.Contains(rt.Path, "{ref}") || rt.Right == scope.Anyone {
			continue
		}
		aims, err := w.aims(rt)
		if err != nil {
			t.Fatal(err)
		}
		module, _, _ := strings.Cut(rt.Name, ".")
		sealed := sealedFor(rt) || strings.Contains(rt.Path, "/casework/") || strings.Contains(rt.Path, "/wish") || module == "seal" || module == "aid"
		most := mayCost[module]
		if strings.HasSuffix(rt.Path, "/undo") {
			module, most = "", undoCost
		}
		if sealed {
			most = 0
		}
		said := map[string]bool{}
		for _, as := range w.roles {
			for _, m := range aims {
				if w.promised(rt, w.live(as), m) != absent {
					continue
				}
				if met++; !sealed && met%3 != 0 {
					continue
				}
				compared++
				there, none := w.cost(rt.Method, m.target, as), w.cost(rt.Method, m.absent, as)
				more := max(len(there)-len(none), len(none)-len(there))
				needed[module] = needed[module] || more > 0
				x := strings.Join(there, " ") + " | " + strings.Join(none, " ")
				if (more > most || most == 0 && !slices.Equal(there, none)) && !said[x] {
					said[x] = true
					t.Errorf("%s as %s at %s: what is there costs %d, what is not %d: %s", rt, as.name, m.place, len(there), len(none), x)
				}
			}
		}
	}
	for module := range mayCost {
		if !needed[module] && len(w.chosenRoutes()) == len(w.a.Site().Routes()) {
			t.Errorf("%s costs no more any longer: take its line away", module)
		}
	}
	t.Logf("%d pairs compared", compared)
}

// cost are the statements, by name, that an answer takes.
func (w *world) cost(method, target string, as *role) (list []string) {
	w.t.Helper()
	var form url.Values
	if method != http.MethodGet {
		form = everyForm()
	}
	r := newRequest(method, target, form, as.cookie)
	if strings.HasPrefix(target, "/api/") && form != nil {
		r = newRequest(method, target, nil, as.cookie)
		r.Body = readCloser("{}")
	}
	w.send(r.WithContext(db.Watch(context.Background(), func(statement string) { list = append(list, statement) })))
	return list
}
