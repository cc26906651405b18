package demo

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Generate invents the city as it stands on day (its calendar day; hour and zone
// are dropped). Nothing in it is dated after day except what is a plan, an expiry,
// a term, or a decision already taken whose first day is still to come: one plaque,
// one team and one adoption. The same day and seed give the same city.
func Generate(day time.Time, seed uint64) City {
	y, mon, d := day.Date()
	day = time.Date(y, mon, d, 0, 0, 0, 0, time.UTC)
	m := &maker{
		day:   day,
		rng:   rand.New(rand.NewPCG(seed, uint64(day.Unix()))),
		taken: map[string]bool{},
		at:    map[string]int{},
	}
	m.city = City{Day: iso(day), Province: "99", Home: "9902", Neighbour: "9907", Categories: categories}
	m.makeUnits()
	m.makePosts()
	m.makeStandard()
	m.makeBases()
	m.makeTeams()
	m.makeReform()
	m.makeContracts()
	m.makeAccounts()
	m.numberDocuments()
	m.makeVolunteers(seed)
	return m.city
}

// maker holds what is needed while a city is being made.
type maker struct {
	day   time.Time
	rng   *rand.Rand
	city  City
	taken map[string]bool // names of persons, bases and teams given already
	at    map[string]int  // place of a unit in city.Units by code
	phone int

	upgraded int // old bases that later got a city plaque

	counties   []string            // codes of the ten, in order
	townships  map[string][]string // standing townships by county
	merged     []string            // townships merged away
	bands      map[string]int      // number of own teams a township is to have
	adopters   []string            // townships that have adopted the model
	under5     map[string]bool     // of them those with fewer than five teams
	decoyTeams []string            // townships one team short of five
}

func iso(t time.Time) string { return t.Format(time.DateOnly) }

// ago and ahead are the days so many days before and after the day of the city.
func (m *maker) ago(days int) time.Time   { return m.day.AddDate(0, 0, -days) }
func (m *maker) ahead(days int) time.Time { return m.day.AddDate(0, 0, days) }

// workday is t, or the Friday before when t falls on a weekend.
func workday(t time.Time) time.Time {
	switch t.Weekday() {
	case time.Saturday:
		return t.AddDate(0, 0, -1)
	case time.Sunday:
		return t.AddDate(0, 0, -2)
	}
	return t
}

// between is a number from low to high, both included.
func (m *maker) between(low, high int) int { return low + m.rng.IntN(high-low+1) }

func (m *maker) pick(from []string) string { return from[m.rng.IntN(len(from))] }

// unit is the unit of a code; it must not be kept while units are still added.
func (m *maker) unit(code string) *Unit { return &m.city.Units[m.at[code]] }

// tel is the next number of the block 0500-555, which belongs to nobody.
func (m *maker) tel() string {
	m.phone++
	return fmt.Sprintf("0500-555%04d", m.phone%10000)
}
