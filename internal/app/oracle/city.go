package oracle

// City is a whole city as rows, the recount's only input. The order of rows
// carries no meaning.
type City struct {
	Units          []Unit
	Bases          []Base
	Accreditations []Accreditation
	Teams          []Team
	Reforms        []Reform
	Projects       []Project
}

// Unit is one node of the tree. Parent is "" at a root.
type Unit struct {
	ID        string
	Parent    string
	Level     string // province, city, county, township, village and others
	Name      string
	ValidFrom string
	ValidTo   string // first day on which it no longer stands, "" = still
}

// Base is an out-of-school education base.
type Base struct {
	ID       string
	Host     string // unit
	Name     string
	Category string // main category
	RunMode  string // self or other
}

// Accreditation is one plaque of one base.
type Accreditation struct {
	ID        string
	Base      string
	Level     string // province, city, county, township
	Issuer    string // unit; any unit may issue
	GrantedOn string
	RevokedOn string
	Status    string // submitted, granted, revoked
}

// Team is a working team of volunteers.
type Team struct {
	ID          string
	Unit        string
	Need        string
	FoundedOn   string
	DissolvedOn string
	Status      string // submitted, approved
}

// Reform is the adoption of the reform model by one unit.
type Reform struct {
	Unit      string
	AdoptedOn string // for a submitted one the day of submission
	RevokedOn string
	Status    string // submitted, accepted, revoked
}

// Project is one report of one contract by one unit. Several rows may carry the
// same contract number: other reporters, or later versions.
type Project struct {
	ID         string
	ContractNo string
	Unit       string
	Kind       string // gov_purchase, venture
	SignedOn   string
	Status     string // signed, void
	AmountFen  int64
	Version    int
}

// Clone returns a copy that shares no slice with c.
func (c City) Clone() City {
	return City{
		Units:          append([]Unit(nil), c.Units...),
		Bases:          append([]Base(nil), c.Bases...),
		Accreditations: append([]Accreditation(nil), c.Accreditations...),
		Teams:          append([]Team(nil), c.Teams...),
		Reforms:        append([]Reform(nil), c.Reforms...),
		Projects:       append([]Project(nil), c.Projects...),
	}
}
