package oracle

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Size says how large a random city is.
type Size int

// Small has some twenty units and a hundred rows, Medium about four times that.
const (
	Small Size = iota
	Medium
)

// Random makes a hostile city: every kind of decoy, days crowded on the edges of
// years and windows, 29 February, merged townships with open teams, contracts
// reported by several levels and cities in several versions. The same seed and
// size give the same city. Its rows are consistent: each id once, each reference
// to a unit or base that is there, ends after beginnings, and rows of one version
// of one contract agree.
func Random(seed uint64, size Size) City {
	m := maker{rng: rand.New(rand.NewPCG(seed, 0x6f7261636c65))}
	scale := 1
	if size == Medium {
		scale = 4
	}
	m.makeUnits(scale)
	for range 12 * scale {
		m.addBase()
	}
	for range 18 * scale {
		m.addAccreditation()
	}
	m.crowdedTownship()
	for range 30 * scale {
		m.addTeam()
	}
	for range 8 * scale {
		m.addReform()
	}
	for range 18 * scale {
		m.addProject()
	}
	return m.city
}

// Crowd adds n records to a city of Random, decoys among them: seven of ten are teams, three are bases with an
// accreditation for each. No contracts: a hundred numbers are enough for every rule, and each looks at all others.
func Crowd(c *City, seed uint64, n int) {
	m := maker{rng: rand.New(rand.NewPCG(seed, 0x63726f7764)), city: c.Clone(), next: lastID(*c)}
	for i := range n {
		if i%10 < 7 {
			m.addTeam()
		} else {
			m.addBase()
			m.addAccreditation()
		}
	}
	*c = m.city
}

// maker grows a city row by row; Mutate uses the same steps for its additions.
type maker struct {
	rng  *rand.Rand
	city City
	next int // number of the last id given, by which ids stay unique
}

// edges are days on which rules meet: ends of years, of February, and of windows
// seen from 2019-05-31, 2019-02-28, 2020-02-29 and the days beside them.
var edges = []string{
	"2012-02-28", "2012-02-29", "2012-03-01", "2012-05-30", "2012-05-31", "2012-06-01",
	"2013-02-28", "2013-03-01", "2016-02-29", "2016-09-01", "2017-12-31", "2018-01-01",
	"2018-06-30", "2018-12-31", "2019-01-01", "2019-02-28", "2019-03-01", "2019-05-30",
	"2019-05-31", "2019-06-01", "2020-02-29",
}

// EdgeDays are the days worth asking a random city about: those on which its
// rows begin and end, and some on which nothing happens.
func EdgeDays() []string {
	return append([]string{"1999-12-31", "2010-07-15", "2015-11-11", "2021-01-01"}, edges...)
}

func (m *maker) id(prefix string) string {
	m.next++
	return fmt.Sprintf("%s%04d", prefix, m.next)
}

func (m *maker) chance(percent int) bool { return m.rng.IntN(100) < percent }

func (m *maker) pick(from ...string) string { return from[m.rng.IntN(len(from))] }

func (m *maker) day() string {
	if m.chance(70) {
		return edges[m.rng.IntN(len(edges))]
	}
	return time.Date(2008, 1, 1+m.rng.IntN(12*365), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// end is a day after from, now and then the very next.
func (m *maker) end(from string) string {
	if m.chance(30) {
		return dayAfter(from)
	}
	for range 8 {
		if d := m.day(); d > from {
			return d
		}
	}
	return dayAfter(from)
}

func (m *maker) addUnit(id, parent, level, from string) {
	m.city.Units = append(m.city.Units, Unit{ID: id, Parent: parent, Level: level, Name: level + " " + id, ValidFrom: from})
}

func (m *maker) makeUnits(scale int) {
	m.addUnit("P", "", "province", "2000-01-01")
	m.addUnit("C", "P", "city", "2000-01-01")
	m.addUnit("X", "P", "city", "2000-01-01")
	m.addUnit("X0", "X", "county", "2000-01-01")
	m.addUnit("X0T0", "X0", "township", "2000-01-01")
	m.addUnit("CS", "C", "campus", "2000-01-01")
	for i := range 2 + scale/2 {
		county := fmt.Sprintf("C%d", i)
		m.addUnit(county, "C", "county", "2000-01-01")
		for j := range 3 + scale {
			township := fmt.Sprintf("%sT%d", county, j)
			m.addUnit(township, county, "township", "2000-01-01")
			last := &m.city.Units[len(m.city.Units)-1]
			if m.chance(20) {
				last.ValidTo = m.end("2012-01-01")
			} else if m.chance(10) {
				last.ValidFrom = m.day()
			}
			if m.chance(30) {
				m.addUnit(township+"V", township, "village", "2000-01-01")
			}
		}
		// A unit beside the levels, and a township straight under the city.
		if m.chance(50) {
			m.addUnit(county+"E", county, "enterprise", "2000-01-01")
		}
	}
	m.addUnit("CT", "C", "township", "2000-01-01")
}

func (m *maker) unit() Unit { return m.city.Units[m.rng.IntN(len(m.city.Units))] }

func (m *maker) township() Unit {
	for {
		if u := m.unit(); u.Level == "township" {
			return u
		}
	}
}

func (m *maker) addBase() {
	id := m.id("B")
	m.city.Bases = append(m.city.Bases, Base{
		ID: id, Host: m.unit().ID, Name: "base " + id,
		Category: m.pick("爱国主义", "劳动技能", "法治", "科普知识"), RunMode: m.pick("self", "other"),
	})
}

func (m *maker) addAccreditation() {
	a := Accreditation{
		ID: m.id("A"), Base: m.city.Bases[m.rng.IntN(len(m.city.Bases))].ID,
		Level: m.pick("province", "city", "city", "county", "county", "township"), Issuer: m.unit().ID,
		GrantedOn: m.day(), Status: "granted",
	}
	switch {
	case m.chance(10):
		a.Status = "submitted"
	case m.chance(20):
		a.Status, a.RevokedOn = "revoked", m.end(a.GrantedOn)
	}
	m.city.Accreditations = append(m.city.Accreditations, a)
}

// crowdedTownship gives some townships teams on both sides of the bound of five.
func (m *maker) crowdedTownship() {
	for _, u := range m.city.Units {
		if u.Level != "township" || m.chance(60) {
			continue
		}
		for range 4 + m.rng.IntN(2) {
			m.city.Teams = append(m.city.Teams, Team{ID: m.id("W"), Unit: u.ID, Need: "宣讲", FoundedOn: m.pick("2011-01-01", "2012-02-29"), Status: "approved"})
		}
	}
}

func (m *maker) addTeam() {
	t := Team{ID: m.id("W"), Unit: m.township().ID, Need: m.pick("宣讲", "科普", "帮教"), FoundedOn: m.day(), Status: "approved"}
	if m.chance(15) {
		t.Unit = m.unit().ID
	}
	switch {
	case m.chance(10):
		t.Status = "submitted"
	case m.chance(25):
		t.DissolvedOn = m.end(t.FoundedOn)
	}
	m.city.Teams = append(m.city.Teams, t)
}

// addReform adds the adoption of a unit that has none; without such a unit it
// adds nothing, for the exchange format knows one row a unit.
func (m *maker) addReform() {
	u := m.township().ID
	if m.chance(10) {
		u = m.unit().ID
	}
	for _, r := range m.city.Reforms {
		if r.Unit == u {
			return
		}
	}
	r := Reform{Unit: u, AdoptedOn: m.day(), Status: "accepted"}
	switch {
	case m.chance(15):
		r.Status = "submitted"
	case m.chance(20):
		r.Status, r.RevokedOn = "revoked", m.end(r.AdoptedOn)
	}
	m.city.Reforms = append(m.city.Reforms, r)
}

func (m *maker) addProject() {
	p := Project{
		ID: m.id("J"), ContractNo: fmt.Sprintf("HT-%03d", m.rng.IntN(100)), Unit: m.unit().ID,
		Kind: m.pick("gov_purchase", "venture"), SignedOn: m.day(), Status: "signed",
		AmountFen: int64(m.rng.IntN(1_000_000)), Version: 1,
	}
	if n := len(m.city.Projects); n > 0 && m.chance(45) {
		old := m.city.Projects[m.rng.IntN(n)]
		unit := p.Unit
		if m.chance(30) {
			unit = old.Unit // the same reporter once more
		}
		p.ContractNo, p.Unit = old.ContractNo, unit
		if m.chance(50) {
			p.Version = old.Version + 1 + m.rng.IntN(2)
		} else {
			p.Version = old.Version
		}
	}
	if m.chance(12) {
		p.Status = "void"
	}
	p = agree(m.city, p)
	for _, q := range m.city.Projects {
		if q.ContractNo == p.ContractNo && q.Unit == p.Unit && q.Version == p.Version {
			return // one reporter tells one version once
		}
	}
	m.city.Projects = append(m.city.Projects, p)
}

// agree makes p tell the same as the other rows of its version of its contract
// within its city: a version is one paper, whoever reports it.
func agree(c City, p Project) Project {
	k := newCount(c, "2019-01-01", nil)
	for _, q := range c.Projects {
		if q.ID != p.ID && q.ContractNo == p.ContractNo && q.Version == p.Version && k.cityOf(q.Unit) == k.cityOf(p.Unit) {
			p.Kind, p.SignedOn, p.Status, p.AmountFen = q.Kind, q.SignedOn, q.Status, q.AmountFen
		}
	}
	return p
}
