package volunteer

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Kind is the kind of record of a person's file: in the book, the ledger and the log.
const Kind = "volunteer"

// Class is the kind of volunteer.
type Class string

// The five kinds of 五老, and everybody else.
const (
	Cadre   Class = "veteran_cadre"   // 老干部
	Soldier Class = "veteran_soldier" // 老战士
	Expert  Class = "veteran_expert"  // 老专家
	Teacher Class = "veteran_teacher" // 老教师
	Model   Class = "veteran_model"   // 老模范
	Other   Class = "other"
)

// Classes lists them in the order of forms.
var Classes = []Class{Cadre, Soldier, Expert, Teacher, Model, Other}

// Sexes and Educations are what forms offer; "" is unknown.
var (
	Sexes      = []string{"m", "f"}
	Educations = []string{"primary", "junior", "senior", "college", "bachelor", "graduate"}
)

// State is how a volunteer stands on a day.
type State string

// The states.
const (
	Candidate State = "candidate" // looked at, not admitted yet
	Active    State = "active"
	Left      State = "left"
)

// States lists them in the order in which a list offers them.
var States = []State{Active, Candidate, Left}

// CheckKind is what was looked at.
type CheckKind string

// The kinds of check. Without a valid background check nobody works with minors (R162); counselling takes a valid
// certificate as well (R163).
const (
	Background  CheckKind = "background"
	Training    CheckKind = "training"
	Health      CheckKind = "health"
	Certificate CheckKind = "certificate"
)

// CheckKinds lists them for forms.
var CheckKinds = []CheckKind{Background, Training, Health, Certificate}

// RemindDays is how long before its end an expiring check is put into the unit's inbox.
const RemindDays = 30

// Check is one check with its paper. Expires is the first day on which it no longer holds; Open = it does not expire.
type Check struct {
	Kind    CheckKind `json:"kind"`
	Name    string    `json:"name,omitempty"`   // what exactly: 无犯罪记录查询, 心理咨询师证书
	Number  string    `json:"number,omitempty"` // of the paper
	Issuer  string    `json:"issuer,omitempty"`
	On      clock.Day `json:"on"`
	Expires clock.Day `json:"expires,omitempty"`
	Paper   string    `json:"paper,omitempty"` // the scanned paper: hash of a photo or of a PDF
	PDF     bool      `json:"pdf,omitempty"`   // the paper is a PDF
}

// CareKind is what was done for a volunteer.
type CareKind string

// The kinds of care.
const (
	Visit  CareKind = "visit"  // 走访慰问
	Honour CareKind = "honour" // 表彰
)

// CareKinds lists them for forms.
var CareKinds = []CareKind{Visit, Honour}

// Care is a visit to a volunteer, or a commendation (R184).
type Care struct {
	Kind CareKind  `json:"kind"`
	On   clock.Day `json:"on"`
	What string    `json:"what"`
	By   string    `json:"by,omitempty"` // who visited or commended
}

// Stay is a stretch of days; To is the first day that no longer belongs to it.
type Stay struct {
	From clock.Day `json:"from"`
	To   clock.Day `json:"to,omitempty"`
}

// Insurance is the accident insurance of a volunteer; Until is the first day that it no longer covers.
type Insurance struct {
	Company string    `json:"company,omitempty"`
	Number  string    `json:"number,omitempty"`
	From    clock.Day `json:"from,omitempty"`
	Until   clock.Day `json:"until,omitempty"`
}

// Proof is the certificate that was handed to a volunteer, checked by anyone who reads its code. Seed goes into the code,
// so that a new one makes all earlier papers void.
type Proof struct {
	Seed     string    `json:"seed,omitempty"`
	IssuedOn clock.Day `json:"issued_on,omitempty"`
	IssuedBy string    `json:"issued_by,omitempty"`
}

// Merge says which file was joined into this one, and under which batch, so that it can be undone.
type Merge struct {
	Batch id.ID     `json:"batch"`
	Code  string    `json:"code"`
	Name  string    `json:"name"`
	On    clock.Day `json:"on"`
}

// Volunteer is a person's file: one version of the record. Days are in Asia/Shanghai. Phone, Health and Experience are
// shown only as shown says.
type Volunteer struct {
	Code         string    `json:"code"` // unique within the city
	Unit         id.ID     `json:"unit"` // whose volunteer
	Name         string    `json:"name"`
	Sex          string    `json:"sex,omitempty"`
	BirthYear    int64     `json:"birth_year,omitempty"`
	Kind         Class     `json:"kind"`
	Retired      bool      `json:"retired"`
	Profession   string    `json:"profession,omitempty"` // former, or present: a name of the list of professions
	Employer     string    `json:"employer,omitempty"`
	Education    string    `json:"education,omitempty"`
	Specialities []string  `json:"specialities,omitempty"`
	Availability string    `json:"availability,omitempty"`
	Phone        string    `json:"phone,omitempty"`
	FindConsent  clock.Day `json:"find_consent,omitempty"` // agreed to be found, on this day (R161)

	Experience        string    `json:"experience,omitempty"`
	ExperienceConsent clock.Day `json:"experience_consent,omitempty"` // agreed that others read it (R128)
	Health            string    `json:"health,omitempty"`

	Core        []Stay    `json:"core,omitempty"` // when among the core (R157)
	CandidateOn clock.Day `json:"candidate_on,omitempty"`
	AdmittedOn  clock.Day `json:"admitted_on,omitempty"`
	LeftOn      clock.Day `json:"left_on,omitempty"` // first day on which no longer a volunteer
	LeaveReason string    `json:"leave_reason,omitempty"`

	Checks    []Check   `json:"checks,omitempty"`
	Insurance Insurance `json:"insurance"`
	Care      []Care    `json:"care,omitempty"`
	Note      string    `json:"note,omitempty"`

	Account id.ID   `json:"account,omitempty"` // may log own hours
	Proof   Proof   `json:"proof"`
	Merges  []Merge `json:"merges,omitempty"`
}

// Listed is a volunteer in a list: nothing that not everybody who views the unit may see.
type Listed struct {
	Root       int64     `db:"root" json:"-"`
	ID         id.ID     `db:"id" json:"-"`
	Unit       id.ID     `db:"unit" json:"-"`
	Pos        int64     `db:"pos" json:"-"`
	Code       string    `db:"code" json:"code"`
	Name       string    `db:"name" json:"name"`
	Sex        string    `db:"sex" json:"sex"`
	BirthYear  int64     `db:"birth_year" json:"birth_year"`
	Kind       Class     `db:"kind" json:"kind"`
	Profession string    `db:"profession" json:"profession"`
	AdmittedOn clock.Day `db:"admitted_on" json:"admitted_on"`
	LeftOn     clock.Day `db:"left_on" json:"left_on"`
	Complete   int64     `db:"complete" json:"complete"` // per cent of the file (R184)
	Due        clock.Day `db:"due" json:"-"`             // when a check runs out
}

// Ref is the volunteer's outside name.
func (l Listed) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// State is how the volunteer stands on a day.
func (l Listed) State(day clock.Day) State { return stateOn(l.AdmittedOn, l.LeftOn, day) }

// Profession is one entry of the list of professions: the shipped ones, and what a city added.
type Profession struct {
	Root int64  `db:"root" json:"-"` // 0 = shipped
	Name string `db:"name" json:"name"`
	En   string `db:"en" json:"en"`
}

// In is the profession in a language.
func (p Profession) In(lang string) string {
	if lang == "en" && p.En != "" {
		return p.En
	}
	return p.Name
}

// Filter narrows a list of volunteers. Profession, Speciality and Text find a person: beyond where the reader works they
// meet only who agreed to be found.
type Filter struct {
	Kind       Class
	State      State // "" takes all
	Profession string
	Speciality string
	Text       string
	Retired    bool
	Only       string // one of Onlys
}

// Onlys are further conditions of a list: on the day active without a valid background check, among the core, a check
// that runs out within RemindDays, a file with gaps.
var Onlys = []string{"unchecked", "core", "expiring", "gaps"}

// Unfit says who may not be assigned to work with minors on a day, and why: Missing are the kinds of check that are not
// valid on the day; Left tells that the person is no volunteer on it.
type Unfit struct {
	Ref     id.Ref
	Name    string
	Left    bool
	Missing []CheckKind
}
