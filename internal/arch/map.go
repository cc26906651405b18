package arch

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Module is one line of the map.
type Module struct {
	Name  string
	Needs []string // what it may import, with all that those need in turn
	// Planned modules stand in the map before their folder exists. The line
	// loses the mark in the commit that makes the folder.
	Planned bool
	// Files are kinds of file that this module has beside the usual ones.
	Files []string
}

// Map says which module may import which. `kit` is open to all and needs
// nobody; `app` and the commands may import every module. It may change with
// a reason in the commit; it stays acyclic.
var Map = []Module{
	{Name: "audit"},
	{Name: "account", Needs: []string{"audit"}},
	{Name: "org", Needs: []string{"account", "audit"}},
	{Name: "ledger", Needs: []string{"org"}, Files: []string{"definition", "units", "post", "fold", "balance", "evidence", "verify"}},
	{Name: "record", Needs: []string{"org", "audit", "ledger"}},
	{Name: "flow", Needs: []string{"org", "account"}},
	// What tells people outside the pages: it listens to flow and knows no subject.
	{Name: "channel", Needs: []string{"org", "account", "audit", "flow"}, Files: []string{"send"}},
	{Name: "base", Needs: []string{"org", "ledger", "record", "flow"}},
	{Name: "people", Needs: []string{"org", "ledger", "record", "flow", "volunteer"}},
	{Name: "project", Needs: []string{"org", "ledger", "record", "flow"}},
	{Name: "assess", Needs: []string{"org", "ledger", "record", "flow"}},
	{Name: "library", Needs: []string{"org", "ledger", "flow", "record"}},
	{Name: "report", Needs: []string{"org", "ledger", "record", "library"}},

	{Name: "seal", Needs: []string{"org", "audit", "flow"}, Files: []string{"keys"}},
	{Name: "booking"},
	// Volunteers have a module of their own beside the teams of people: both together would be too large for one.
	{Name: "volunteer", Needs: []string{"org", "ledger", "record", "flow", "booking"}},
	// Associations and stations stand apart from teams for the same reason; a team knows its association by an interface.
	{Name: "association", Needs: []string{"org", "ledger", "record", "people"}},
	// Training asks volunteers who somebody is and people who is in a team; volunteers know of its certificates by an interface.
	{Name: "training", Needs: []string{"org", "ledger", "record", "people", "volunteer"}},
	// What campaigns and notices share on their way down the tree, so that it is written once.
	{Name: "dispatch", Needs: []string{"org", "audit", "record", "flow"}},
	{Name: "campaign", Needs: []string{"org", "ledger", "record", "flow", "dispatch"}},
	{Name: "activity", Needs: []string{"org", "ledger", "record", "flow", "base", "booking", "seal"}},
	// What those who came say: apart from activity, which is large already and knows nobody who is not signed in.
	{Name: "feedback", Needs: []string{"org", "ledger", "record", "activity"}},
	// Signals know no other subject, so that nothing of a report can be reached but through what is published.
	{Name: "signal", Needs: []string{"org", "ledger", "record", "flow"}},
	{Name: "school", Needs: []string{"org", "ledger", "flow", "people", "booking", "seal"}, Planned: true},
	// Who asks for help, and what becomes of it. Phrases and their throttle come from account by an interface.
	{Name: "care", Needs: []string{"org", "ledger", "record", "flow", "people", "booking", "seal"}},
	// What has to be reported is found in requests, cases and what else there will be: those lend it their subjects by an interface.
	{Name: "mandatory", Needs: []string{"org", "record", "flow", "seal"}},
	// Cases that are followed over visits to a result; volunteers and requests for help are asked by interfaces.
	{Name: "casework", Needs: []string{"org", "record", "flow", "seal"}},
	// Aid is told of requests for help by an interface, so that neither needs the other.
	{Name: "aid", Needs: []string{"org", "ledger", "record", "flow", "seal"}},
	// What is done with bodies beside the tree stands apart from what goes down the tree.
	{Name: "contact", Needs: []string{"org", "ledger", "record", "flow"}},
	{Name: "coord", Needs: []string{"org", "ledger", "record", "flow", "dispatch"}},
	// Meetings know no partner bodies: who has a record of its own is asked by an interface, so that neither needs the other.
	{Name: "meeting", Needs: []string{"org", "ledger", "record", "flow"}},
	// What a year is to bring, compared with what the books say was done; what was done is found through an interface.
	{Name: "plan", Needs: []string{"org", "ledger", "record", "flow"}},
	// Surveys ask about bases and correct them through an interface (Register): they need not know how a base is kept.
	{Name: "survey", Needs: []string{"org", "ledger", "record", "flow"}},
	// What a committee works with: mechanisms, money and the list of those that should have one; apart from the reform that assess holds.
	{Name: "guarantee", Needs: []string{"org", "ledger", "record", "flow"}},
	// A site knows no subject beside its own news: what it shows of bases, activities, documents and help comes by an interface (Program).
	{Name: "portal", Needs: []string{"org", "ledger", "record", "flow", "seal"}},
}

// outside the map: kit knows no module, the others see all of them.
const (
	kit = "kit"
	app = "app"
	own = "arch"
)

func find(modules []Module, name string) (Module, bool) {
	for _, m := range modules {
		if m.Name == name {
			return m, true
		}
	}
	return Module{}, false
}

// reach is everything that a module may import: what it needs and what those
// need in turn. It fails on a circle and on a name that has no line.
func reach(modules []Module, name string) (map[string]bool, error) {
	got := map[string]bool{}
	var walk func(name string, path []string) error
	walk = func(name string, path []string) error {
		if slices.Contains(path, name) {
			return fmt.Errorf("the map has a circle: %s → %s", strings.Join(path, " → "), name)
		}
		m, ok := find(modules, name)
		if !ok {
			return fmt.Errorf("the map has no line for %s", strings.Join(append(path, name), " → "))
		}
		for _, need := range m.Needs {
			if err := walk(need, append(path, name)); err != nil {
				return err
			}
			got[need] = true
		}
		return nil
	}
	if err := walk(name, nil); err != nil {
		return nil, err
	}
	return got, nil
}

// Names lists the modules that exist, in alphabetic order.
func Names() []string {
	names := map[string]bool{}
	for _, m := range Map {
		if !m.Planned {
			names[m.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}
