package oracle

import (
	"math/rand/v2"
	"slices"
	"strconv"
)

// Change is what happens to one row. Before is nil for an addition and After for
// a removal; otherwise they hold a Unit, Base, Accreditation, Team, Reform or
// Project by value. Key is the row's id (of a Reform its unit).
type Change struct {
	Table  string // unit, base, accreditation, team, reform, project
	Key    string
	Before any
	After  any
	at     int // where the row stood, or goes, among the rows of its table
}

// Edit is one act upon a city: changes that belong together, such as a base and
// its plaques, or all reports of one version of a contract.
type Edit struct {
	Name    string // what is done, for the message of a failing test
	Changes []Change
}

// Apply does the edit to c.
func (e Edit) Apply(c *City) {
	for _, ch := range e.Changes {
		switch ch.Table {
		case "unit":
			c.Units = applied(c.Units, ch)
		case "base":
			c.Bases = applied(c.Bases, ch)
		case "accreditation":
			c.Accreditations = applied(c.Accreditations, ch)
		case "team":
			c.Teams = applied(c.Teams, ch)
		case "reform":
			c.Reforms = applied(c.Reforms, ch)
		case "project":
			c.Projects = applied(c.Projects, ch)
		}
	}
}

// Inverse is the edit that takes e back: applied right after e it gives the city
// before e, the order of rows included.
func (e Edit) Inverse() Edit {
	back := Edit{Name: "undo " + e.Name}
	for _, ch := range slices.Backward(e.Changes) {
		ch.Before, ch.After = ch.After, ch.Before
		back.Changes = append(back.Changes, ch)
	}
	return back
}

func applied[T any](rows []T, ch Change) []T {
	switch {
	case ch.Before == nil:
		return slices.Insert(rows, ch.at, ch.After.(T))
	case ch.After == nil:
		return slices.Delete(rows, ch.at, ch.at+1)
	}
	rows[ch.at] = ch.After.(T)
	return rows
}

// Mutate makes one random edit to c and returns it, applied. It keeps the city
// consistent in the sense of Random. Some edits are small on purpose: a day moved
// by one over an edge, a status taken back, a unit ended and begun again.
func Mutate(rng *rand.Rand, c *City) Edit {
	for {
		e := draft(rng, c)
		if len(e.Changes) > 0 {
			e.Apply(c)
			return e
		}
	}
}

func draft(rng *rand.Rand, c *City) Edit {
	m := maker{rng: rng, city: c.Clone(), next: lastID(*c)}
	switch rng.IntN(16) {
	case 0:
		m.addBase()
	case 1, 2:
		if len(c.Bases) > 0 {
			m.addAccreditation()
		}
	case 3, 4:
		m.addTeam()
	case 5:
		m.addReform()
	case 6, 7:
		m.addProject()
	case 8:
		return m.changeUnit()
	case 9:
		return m.changeBase()
	case 10:
		return m.changeAccreditation()
	case 11, 12:
		return m.changeTeam()
	case 13:
		return m.changeReform()
	case 14:
		return m.changeProject()
	case 15:
		return m.remove()
	}
	return additions(*c, m.city)
}

// lastID is the greatest number in an id of c, so that an id is not given twice
// while its first holder is there.
func lastID(c City) int {
	last := 0
	see := func(id string) {
		if n, err := strconv.Atoi(id[1:]); err == nil && n > last {
			last = n
		}
	}
	for _, r := range c.Bases {
		see(r.ID)
	}
	for _, r := range c.Accreditations {
		see(r.ID)
	}
	for _, r := range c.Teams {
		see(r.ID)
	}
	for _, r := range c.Projects {
		see(r.ID)
	}
	return last
}

// additions is the edit that appends the one row which after has and before has not.
func additions(before, after City) Edit {
	if n := len(before.Bases); len(after.Bases) > n {
		return one("base", after.Bases[n].ID, nil, after.Bases[n], n)
	}
	if n := len(before.Accreditations); len(after.Accreditations) > n {
		return one("accreditation", after.Accreditations[n].ID, nil, after.Accreditations[n], n)
	}
	if n := len(before.Teams); len(after.Teams) > n {
		return one("team", after.Teams[n].ID, nil, after.Teams[n], n)
	}
	if n := len(before.Reforms); len(after.Reforms) > n {
		return one("reform", after.Reforms[n].Unit, nil, after.Reforms[n], n)
	}
	if n := len(before.Projects); len(after.Projects) > n {
		return one("project", after.Projects[n].ID, nil, after.Projects[n], n)
	}
	return Edit{}
}

func one(table, key string, before, after any, at int) Edit {
	what := "change "
	if before == nil {
		what = "add "
	} else if after == nil {
		what = "remove "
	}
	return Edit{Name: what + table + " " + key, Changes: []Change{{table, key, before, after, at}}}
}

// changeUnit ends a township or village, moves its end, or lets it stand again.
func (m *maker) changeUnit() Edit {
	i := m.rng.IntN(len(m.city.Units))
	u := m.city.Units[i]
	if u.Level != "township" && u.Level != "village" {
		return Edit{}
	}
	after := u
	if u.ValidTo != "" && m.chance(50) {
		after.ValidTo = ""
	} else {
		after.ValidTo = m.end(u.ValidFrom)
	}
	return one("unit", u.ID, u, after, i)
}

func (m *maker) changeBase() Edit {
	if len(m.city.Bases) == 0 {
		return Edit{}
	}
	i := m.rng.IntN(len(m.city.Bases))
	b := m.city.Bases[i]
	after := b
	if m.chance(50) {
		after.Host = m.unit().ID
	} else {
		after.Category = m.pick("爱国主义", "劳动技能", "法治", "科普知识", "国防")
	}
	return one("base", b.ID, b, after, i)
}

func (m *maker) changeAccreditation() Edit {
	if len(m.city.Accreditations) == 0 {
		return Edit{}
	}
	i := m.rng.IntN(len(m.city.Accreditations))
	a := m.city.Accreditations[i]
	after := a
	switch m.rng.IntN(3) {
	case 0:
		after.GrantedOn, after.RevokedOn, after.Status = m.day(), "", "granted"
	case 1:
		after.Status, after.RevokedOn = "revoked", m.end(a.GrantedOn)
	case 2:
		after.Level = m.pick("province", "city", "county", "township")
	}
	return one("accreditation", a.ID, a, after, i)
}

func (m *maker) changeTeam() Edit {
	if len(m.city.Teams) == 0 {
		return Edit{}
	}
	i := m.rng.IntN(len(m.city.Teams))
	t := m.city.Teams[i]
	after := t
	switch m.rng.IntN(4) {
	case 0:
		after.FoundedOn, after.DissolvedOn, after.Status = m.day(), "", "approved"
	case 1:
		after.DissolvedOn = m.end(t.FoundedOn)
	case 2:
		after.Status, after.DissolvedOn = "submitted", ""
	case 3:
		after.Unit = m.township().ID
	}
	return one("team", t.ID, t, after, i)
}

func (m *maker) changeReform() Edit {
	if len(m.city.Reforms) == 0 {
		return Edit{}
	}
	i := m.rng.IntN(len(m.city.Reforms))
	r := m.city.Reforms[i]
	after := r
	switch m.rng.IntN(3) {
	case 0:
		after.AdoptedOn, after.RevokedOn, after.Status = m.day(), "", "accepted"
	case 1:
		after.Status, after.RevokedOn = "revoked", m.end(r.AdoptedOn)
	case 2:
		after.Status, after.RevokedOn = "submitted", ""
	}
	return one("reform", r.Unit, r, after, i)
}

// changeProject amends one version of a contract at every reporter of its city.
func (m *maker) changeProject() Edit {
	if len(m.city.Projects) == 0 {
		return Edit{}
	}
	k := newCount(m.city, "2019-01-01", nil)
	p := m.city.Projects[m.rng.IntN(len(m.city.Projects))]
	day, status, fen := p.SignedOn, p.Status, p.AmountFen
	switch m.rng.IntN(3) {
	case 0:
		day = m.day()
	case 1:
		status = m.pick("signed", "void")
	case 2:
		fen = int64(m.rng.IntN(1_000_000))
	}
	e := Edit{Name: "change project " + p.ContractNo}
	for i, q := range m.city.Projects {
		if q.ContractNo == p.ContractNo && q.Version == p.Version && k.cityOf(q.Unit) == k.cityOf(p.Unit) {
			after := q
			after.SignedOn, after.Status, after.AmountFen = day, status, fen
			e.Changes = append(e.Changes, Change{"project", q.ID, q, after, i})
		}
	}
	return e
}

// remove takes out one row; with a base go its plaques, first.
func (m *maker) remove() Edit {
	switch m.rng.IntN(5) {
	case 0:
		if n := len(m.city.Bases); n > 1 {
			i := m.rng.IntN(n)
			return m.removeBase(i)
		}
	case 1:
		if n := len(m.city.Accreditations); n > 0 {
			i := m.rng.IntN(n)
			return one("accreditation", m.city.Accreditations[i].ID, m.city.Accreditations[i], nil, i)
		}
	case 2:
		if n := len(m.city.Teams); n > 0 {
			i := m.rng.IntN(n)
			return one("team", m.city.Teams[i].ID, m.city.Teams[i], nil, i)
		}
	case 3:
		if n := len(m.city.Reforms); n > 0 {
			i := m.rng.IntN(n)
			return one("reform", m.city.Reforms[i].Unit, m.city.Reforms[i], nil, i)
		}
	case 4:
		if n := len(m.city.Projects); n > 0 {
			i := m.rng.IntN(n)
			return one("project", m.city.Projects[i].ID, m.city.Projects[i], nil, i)
		}
	}
	return Edit{}
}

func (m *maker) removeBase(i int) Edit {
	b := m.city.Bases[i]
	e := Edit{Name: "remove base " + b.ID}
	// From the last to the first, so that the places told stay right.
	for j := len(m.city.Accreditations) - 1; j >= 0; j-- {
		if a := m.city.Accreditations[j]; a.Base == b.ID {
			e.Changes = append(e.Changes, Change{"accreditation", a.ID, a, nil, j})
		}
	}
	e.Changes = append(e.Changes, Change{"base", b.ID, b, nil, i})
	return e
}
