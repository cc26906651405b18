package demo

// City is the demonstration city and all that is kept about it. Every record
// carries a code unique within its kind; units are referred to by Code.
type City struct {
	Day        string // the day for which it was made, YYYY-MM-DD
	Home       string // code of the city itself (云州市)
	Province   string // code of its province
	Neighbour  string // code of the neighbouring city, with a handful of its own rows
	Units      []Unit // parents before children
	Seats      []Seat
	Posts      []Post
	Categories []string // seven main categories of bases, in the usual order
	Standard   Standard
	Bases      []Base
	Teams      []Team
	Programme  Programme
	Adoptions  []Adoption
	Contracts  []Contract
	Accounts   []Account
	Volunteers []Volunteer
	Services   []Service
}

// Unit is one node of the tree: a committee, or a body that could have one.
type Unit struct {
	Code      string   // external code: 99, 9902, 990203, 990203013, 990203013012; schools and enterprises end in a number above 1000
	Parent    string   // code, "" at the province
	Level     string   // province, city, county, township, village, campus, enterprise, park
	Kind      string   // province, city, district, county, town, street, village, community, school, enterprise, park
	Name      string   // of the place or body: 云州市, 稻香镇
	Committee string   // of its committee: 云州市关工委; "" when it has none (yet)
	Aliases   []string // other names it is looked for by
	ValidFrom string
	ValidTo   string // first day on which it no longer stands, "" = still
	EndReason string // merged
	EndDocNo  string
	Successor string // code of the unit it was merged into

	FoundedOn   string      // day of the committee's approval document
	FoundingDoc string      // 云关委〔2004〕3号
	Basis       PartyOrg    // grassroots Party organisation the committee rests on
	Party       []PartyLink // leading Party organisations, dated
	Leaders     []Leader    // leaders in charge (分管领导), dated
	Address     string
	Phone       string
	Enterprise  *Enterprise // enterprises only
	Members     []string    // member units of a joint committee (parks only)
}

// PartyOrg is a Party organisation: kind is committee 党委, working_committee
// 党工委, general_branch 党总支 or branch 党支部.
type PartyOrg struct {
	Name string
	Kind string
}

// PartyLink says which Party organisation led the unit from when to when.
type PartyLink struct {
	Org  string
	From string
	To   string
}

// Leader is the leader in charge of the committee from when to when.
type Leader struct {
	Name  string
	Title string // 市委副书记
	From  string
	To    string
}

// Enterprise holds what only an enterprise has.
type Enterprise struct {
	CreditCode   string // 18 characters with a valid check character, under 99
	Ownership    string // private, state, collective
	AboveSize    bool   // above designated size (规模以上)
	HasParty     bool   // has a Party organisation
	Park         string // code of the joint committee that covers it, "" = none
	HasCommittee bool   // has a committee of its own
}

// Seat is a post of a committee with its quota. A seat with fewer holders than
// its quota is vacant since VacantSince.
type Seat struct {
	Unit        string
	Kind        string // director, executive_deputy, deputy, secretary_general, office_director, member
	Title       string // 主任, 常务副主任, 副主任, 秘书长, 办公室主任, 成员
	Quota       int
	VacantSince string // "" = filled
}

// Post is one person holding one seat for a time.
type Post struct {
	Unit      string
	Kind      string
	Title     string
	Holder    string
	From      string
	To        string // first day on which it no longer is held, "" = still
	TermUntil string // end of the term of office
	Acting    bool
}

// Standard is a numbered standard whose items are data (七有).
type Standard struct {
	Code  string
	Name  string
	Since string
	Items []StandardItem
}

// StandardItem is one item of a standard.
type StandardItem struct {
	Code string
	Name string
	Text string // what is looked at
}

// Base is an out-of-school education base with all that is kept about it.
type Base struct {
	Code      string
	Host      string // unit that answers for it
	Name      string
	Category  string   // main category
	Secondary []string // further categories, without the main one
	RunMode   string   // self (自建自管) or other (他建、他管)
	Owner     string   // body that owns it
	Manager   string   // body that manages it day by day
	BuiltOn   string
	Address   string
	Hours     string
	Capacity  int // persons at a time
	AreaM2    int
	// Facilities are keys: accessible, toilet, accessible_toilet, first_aid, parking, water,
	// canteen, wifi, classroom, projector, cctv, fire.
	Facilities     []string
	Contact        string
	Phone          string
	Intro          string
	Accreditations []Accreditation
	Agreements     []Agreement // of bases run by others: an unbroken chain
	Items          []ItemState // one per item of City.Standard
	Checks         []Check
	Plans          []Plan
}

// Accreditation is one plaque of a base, or the application for one.
type Accreditation struct {
	Code         string
	Level        string // province, city, county, township
	Issuer       string // unit code
	Title        string // words on the plaque
	AppliedOn    string
	GrantedOn    string // "" while under way
	DocNo        string // 云关委〔2019〕5号, "" while under way
	RevokedOn    string
	RevokeReason string
	RevokeDocNo  string
	Status       string // submitted, granted, revoked
	DueOn        string // when the present step of an application is due
	Steps        []Step
}

// Step is one thing done on the way of an application.
type Step struct {
	Day    string
	Unit   string
	Actor  string
	Action string // apply, forward, inspect, grant, return
	Note   string
}

// Agreement is a joint management agreement of a base run by others. Until is
// the first day on which it no longer stands.
type Agreement struct {
	No      string
	Parties []string
	Duties  string
	Signed  string
	From    string
	Until   string
}

// ItemState says whether a base meets one item of the standard, and by what.
type ItemState struct {
	Item     string // code of the item
	Met      bool
	Day      string // when it was looked at
	Evidence string // "" when not met
	Gap      string // what is missing, "" when met
}

// Check is the yearly check of a base. DoneOn is "" while it is due.
type Check struct {
	Year    int
	DueOn   string
	DoneOn  string
	Checker string
	Result  string // pass, improve, "" while due
	Note    string
}

// Plan is an improvement plan of a base. ClosedOn is "" while open; a closed one
// has the state before and after.
type Plan struct {
	Title    string
	Item     string // code of the standard's item
	OpenedOn string
	DueOn    string
	ClosedOn string
	Before   string
	After    string
	Owner    string
}

// Team is a working team of volunteers. It counts from FoundedOn on, when approved.
type Team struct {
	Code           string
	Unit           string
	Name           string
	Need           string // specialty
	Leader         string
	Phone          string
	MemberCount    int
	Intro          string
	ProposedOn     string
	ApprovedOn     string // "" while proposed
	ApprovalDoc    string
	FoundedOn      string // never before ApprovedOn; of a proposal the wished day
	DissolvedOn    string
	DissolveReason string
	Status         string // submitted, approved
}

// Programme is the reform programme (四化) as data. A part whose name is not
// known has an empty name and is shown so.
type Programme struct {
	Code      string
	Name      string
	Goal      string
	StartedOn string
	EndsOn    string
	Parts     []Part
	Criteria  []Criterion
	Maturity  []string // levels after adoption, lowest first
}

// Part is one part of the reform model.
type Part struct {
	Code string
	Name string
}

// Criterion is one thing looked at before an adoption is accepted.
type Criterion struct {
	Code string
	Name string
}

// Adoption is the way of one township to the reform model.
type Adoption struct {
	Unit         string
	PlannedOn    string // the day planned now
	Slips        []Slip // earlier planned days, oldest first
	Mentor       string // person who guides it
	SubmittedOn  string
	AdoptedOn    string // day from which it counts, "" before acceptance
	DocNo        string
	Results      []CriterionResult
	RevokedOn    string
	RevokeReason string
	RevokeDocNo  string
	Status       string // planned, submitted, accepted, revoked
	Stages       []Stage
}

// Slip is a planned day that was put off.
type Slip struct {
	PlannedOn string
	ChangedOn string
	Reason    string
}

// CriterionResult is the outcome of one criterion.
type CriterionResult struct {
	Criterion string
	Met       bool
	Note      string
}

// Stage is a level of maturity reached after adoption.
type Stage struct {
	Level string
	From  string
}

// Contract is one service project under one number within its city. Reports are
// the rows that units handed in: the highest version decides at every reporter.
type Contract struct {
	No        string
	City      string // unit code
	Title     string
	Kind      string // gov_purchase, venture
	Purchaser string
	Provider  string
	Audience  string
	ServedBy  string // last day of service
	Reports   []Report
	Receipts  []Receipt // money received, apart from money signed
}

// Report is one version of a contract as one unit reported it.
type Report struct {
	Code       string
	Unit       string
	Version    int
	SignedOn   string
	AmountFen  int64
	Status     string // signed, void
	ReportedOn string
	Reason     string // why there is a further version
}

// Receipt is money received under a contract.
type Receipt struct {
	Day       string
	AmountFen int64
	From      string
	Voucher   string
}

// Account is somebody who can sign in to the demonstration. Rights follow from
// Post (a kind of seat) or, when that is empty, from Grant until GrantUntil.
type Account struct {
	Login      string
	Name       string
	Unit       string
	Post       string // office_director, secretary_general, ... "" = by grant
	Grant      string // view, audit
	GrantUntil string
	Duty       string // shown beside the account: 云州市关工委办公室
	Body       string // of a body beside the tree, for which it stands without any right
}

// Volunteer is a person who helps. Nobody is among the core, checked or insured before AdmittedOn counts.
type Volunteer struct {
	Code              string // 990203013-V0001
	Unit              string
	Name              string
	Sex               string // m, f
	BirthYear         int
	Kind              string // veteran_cadre, veteran_soldier, veteran_expert, veteran_teacher, veteran_model, other
	Retired           bool
	Profession        string
	Employer          string
	Education         string // primary, junior, senior, college, bachelor, graduate, "" = not known
	Specialities      []string
	Availability      string
	Phone             string
	FindConsent       string // day on which the person agreed to be found, "" = did not
	Experience        string
	ExperienceConsent string
	Health            string
	CandidateOn       string
	AdmittedOn        string // "" = a candidate still
	LeftOn            string // first day on which no volunteer any more
	LeaveReason       string
	Core              []Stay
	Checks            []VolunteerCheck // in order of their days
	Insurance         Insurance
	Login             string // of the account of the demonstration that is this person's
	Account           bool   // has an account of their own beside those
	calling           string
}

// first is the day on which the person first stood in the list as what they are.
func (x Volunteer) first() string {
	if x.AdmittedOn != "" {
		return x.AdmittedOn
	}
	return x.CandidateOn
}

// Stay is a stretch of days; To is the first day that no longer belongs to it.
type Stay struct {
	From string
	To   string
}

// VolunteerCheck is a check of a volunteer. Expires is the first day on which it no longer holds, "" = holds on.
type VolunteerCheck struct {
	Kind    string // background, training, certificate
	Name    string
	Number  string
	Issuer  string
	On      string
	Expires string
}

// Insurance covers a volunteer until the day before Until.
type Insurance struct {
	Company string
	Number  string
	From    string
	Until   string
}

// Service is a stretch of service on one day of one volunteer or, entered by an office for many, of several.
type Service struct {
	Volunteers []string // codes
	Day        string
	Begins     string // 08:30
	Ends       string
	What       string
	Activity   string
	EnteredAs  string // self, helper, office
	EnteredOn  string
}
