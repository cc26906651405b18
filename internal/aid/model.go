package aid

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
)

// Kinds of record, as the log, tables and addresses name them.
const (
	Kind      = "aid"
	KindGift  = "aid_gift"
	KindDonor = "aid_donor"
)

// Forms of what is given.
const (
	Money = "money"
	Goods = "goods"
	Hours = "service"
)

// Forms lists them in the usual order.
var Forms = []string{Money, Goods, Hours}

// Reasons are the classes of why somebody needs aid: what units above see of it.
var Reasons = []string{"poor", "ill", "accident", "disabled", "orphan", "left_behind", "other"}

// State is how far an aid has come.
type State string

// The states, in their order; Refused and Withdrawn end it on the way.
const (
	Applied   State = "applied"
	Verified  State = "verified"
	Approved  State = "approved"
	Given     State = "given"
	Signed    State = "signed" // the receipt is there
	Done      State = "done"   // followed up
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
)

// States lists all of them.
var States = []State{Applied, Verified, Approved, Given, Signed, Done, Refused, Withdrawn}

// stopped are those that ended without anything given.
func (s State) stopped() bool { return s == Refused || s == Withdrawn }

// handedOver tells whether something was given.
func (s State) handedOver() bool { return s == Given || s == Signed || s == Done }

// Amount is what is asked, approved or given. Fen is money, or the value of goods.
type Amount struct {
	Fen     int64  `json:"fen,omitempty"`
	What    string `json:"what,omitempty"` // goods or service in words
	Qty     int64  `json:"qty,omitempty"`  // of goods
	Minutes int64  `json:"minutes,omitempty"`
}

// Check is that somebody looked into an application; what they found is sealed.
type Check struct {
	Way string    `json:"way"` // visit or call
	Day clock.Day `json:"day"`
	By  string    `json:"by"` // who looked
}

// Ways are how somebody looks into an application.
var Ways = []string{"visit", "call"}

// Decision is an approval; Amount may be less than was asked.
type Decision struct {
	Amount Amount    `json:"amount"`
	Day    clock.Day `json:"day"`
	By     string    `json:"by"`
	Unit   id.ID     `json:"unit"`
	Note   string    `json:"note,omitempty"`
}

// Handing is that something was given, by two people.
type Handing struct {
	Day    clock.Day `json:"day"`
	Amount Amount    `json:"amount"`
	Gift   id.Ref    `json:"gift,omitzero"` // zero: the unit's own means
	Hands  []string  `json:"hands,omitempty"`
}

// Receipt is that the guardian signed for it on paper; No is the number of the paper.
type Receipt struct {
	Day clock.Day `json:"day"`
	By  string    `json:"by"` // young, guardian or school
	No  string    `json:"no,omitempty"`
}

// Signers are who signs for an aid.
var Signers = []string{"guardian", "young", "school"}

// Aid is one aid without the person for whom it is.
type Aid struct {
	Unit     id.ID     `json:"unit"`
	No       string    `json:"no"`
	Kind     string    `json:"kind"`
	Purpose  string    `json:"purpose"`
	Year     int64     `json:"year"`
	Form     string    `json:"form"`
	Asked    Amount    `json:"asked"`
	Reason   string    `json:"reason"`
	State    State     `json:"state"`
	Applied  clock.Day `json:"applied"`
	By       id.ID     `json:"by,omitempty"` // who applied: somebody else checks and approves
	ByName   string    `json:"by_name,omitempty"`
	Double   string    `json:"double,omitempty"` // why there is a second aid for the same child, purpose and year
	Request  string    `json:"request,omitempty"`
	RequestN string    `json:"request_no,omitempty"`
	Check    *Check    `json:"check,omitempty"`
	Decision *Decision `json:"decision,omitempty"`
	Given    *Handing  `json:"given,omitempty"`
	Receipt  *Receipt  `json:"receipt,omitempty"`
	Followed clock.Day `json:"followed,omitempty"`
	Ended    string    `json:"ended,omitempty"` // why it was refused or withdrawn
	Past     bool      `json:"past,omitempty"`  // from a table of what was given before
}

// Child is for whom an aid is, as it is typed; all of it is sealed.
type Child struct {
	Name     string
	Number   string // of the identity card
	Born     clock.Day
	Guardian string
	Phone    string
	School   string
	Address  string
	Bank     string // the last four digits of the account to which money goes
	Words    string
}

// Agreed is the guardian's word that all this is kept and compared for the aid.
type Agreed struct {
	Given clock.Day
	Form  string // as in seal.Forms
}

// Row is an aid in a list.
type Row struct {
	Root      int64     `db:"root" json:"-"`
	ID        id.ID     `db:"id" json:"-"`
	Unit      id.ID     `db:"unit" json:"unit"`
	Pos       int64     `db:"pos" json:"-"`
	No        string    `db:"no" json:"no"`
	Kind      string    `db:"kind" json:"kind"`
	Purpose   string    `db:"purpose" json:"purpose"`
	Year      int64     `db:"year" json:"year"`
	Form      string    `db:"form" json:"form"`
	State     State     `db:"state" json:"state"`
	AskedFen  int64     `db:"asked_fen" json:"asked_fen"`
	AppliedOn clock.Day `db:"applied_on" json:"applied_on"`
	GivenOn   clock.Day `db:"given_on" json:"given_on,omitempty"`
	GivenFen  int64     `db:"given_fen" json:"given_fen"`
	GivenQty  int64     `db:"given_qty" json:"given_qty"`
	Minutes   int64     `db:"minutes" json:"minutes"`
	GiftRoot  int64     `db:"gift_root" json:"-"`
	Gift      id.ID     `db:"gift" json:"-"`
	ReceiptOn clock.Day `db:"receipt_on" json:"receipt_on,omitempty"`
	Request   string    `db:"request" json:"-"`
}

// Ref is the aid's outside name.
func (r Row) Ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

// Filter narrows a list of aids; zero values take all.
type Filter struct {
	Year  int64
	Kind  string
	Form  string
	State State
	Only  string // given: handed over; receipt: handed over 30 days ago or more and not signed for; double: found to be a second one
	Gift  id.Ref
	Day   clock.Day // today, for Only
	After id.ID
	Limit int
}

// Sum is what was given of one kind.
type Sum struct {
	Kind     string `db:"kind" json:"kind"`
	N        int64  `db:"n" json:"n"`
	MoneyFen int64  `db:"money_fen" json:"money_fen"`
	GoodsFen int64  `db:"goods_fen" json:"goods_fen"`
	Minutes  int64  `db:"minutes" json:"minutes"`
}

// Class is a kind of aid as a city has it. Purposes are the choices of what it is for; two aids of one kind and purpose in one year
// are for the same. Closed is the first day on which it is no longer offered.
type Class struct {
	Root     int64     `db:"root" json:"-"`
	Code     string    `db:"code" json:"code"`
	Name     string    `db:"name" json:"name"`
	En       string    `db:"en" json:"en,omitempty"`
	Purposes string    `db:"purposes" json:"purposes"` // a line for each
	Ord      int64     `db:"ord" json:"-"`
	Closed   clock.Day `db:"closed_on" json:"closed,omitempty"`
	ByName   string    `db:"by_name" json:"by,omitempty"`
	At       int64     `db:"at" json:"at,omitempty"`
}

// In is the name in the reader's language.
func (c Class) In(ctx context.Context) string {
	if i18n.Lang(ctx) == "en" && c.En != "" {
		return c.En
	}
	return c.Name
}

// For are the purposes, in their order.
func (c Class) For() (out []string) {
	for _, p := range strings.Split(c.Purposes, "\n") {
		if p = strings.TrimSpace(p); p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// Limit is up to how much a unit of a level approves by itself, in fen.
type Limit struct {
	Level string `db:"level" json:"level"`
	Fen   int64  `db:"fen" json:"fen"`
}

// DonorKinds are who gives.
var DonorKinds = []string{"person", "enterprise", "fund"}

// Donor is somebody who gives. Named says that they agree to being thanked by name before everybody.
type Donor struct {
	Unit  id.ID  `json:"unit"`
	Name  string `json:"name"` // empty: wants to stay unknown
	Kind  string `json:"kind"`
	Named bool   `json:"named"`
	Note  string `json:"note,omitempty"`
}

// Gift is what a donor gave to a committee to be passed on.
type Gift struct {
	Unit  id.ID     `json:"unit"`
	Donor id.Ref    `json:"donor"`
	Day   clock.Day `json:"day"`
	Form  string    `json:"form"` // Money or Goods
	Fen   int64     `json:"fen"`  // money, or the value of all goods
	What  string    `json:"what,omitempty"`
	Qty   int64     `json:"qty,omitempty"`
	Kinds []string  `json:"kinds,omitempty"` // bound to these kinds of aid; empty: to none
	Below bool      `json:"below,omitempty"` // units below may give out of it, too
	Note  string    `json:"note,omitempty"`
}

// DonorRow is a donor in a list, with what they gave.
type DonorRow struct {
	Root  int64  `db:"root" json:"-"`
	ID    id.ID  `db:"id" json:"-"`
	Unit  id.ID  `db:"unit" json:"unit"`
	Name  string `db:"name" json:"name"`
	Kind  string `db:"kind" json:"kind"`
	Named int64  `db:"named" json:"named"`
	Gifts int64  `db:"gifts" json:"gifts"`
	Fen   int64  `db:"fen" json:"fen"`
}

// Ref is the donor's outside name.
func (r DonorRow) Ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

// GiftRow is a gift in a list, with what was spent of it.
type GiftRow struct {
	Root     int64     `db:"root" json:"-"`
	ID       id.ID     `db:"id" json:"-"`
	Unit     id.ID     `db:"unit" json:"unit"`
	Pos      int64     `db:"pos" json:"-"`
	Donor    id.ID     `db:"donor" json:"-"`
	Name     string    `db:"name" json:"donor"` // of the donor
	Named    int64     `db:"named" json:"-"`
	Day      clock.Day `db:"day" json:"day"`
	Form     string    `db:"form" json:"form"`
	Fen      int64     `db:"fen" json:"fen"`
	Qty      int64     `db:"qty" json:"qty"`
	What     string    `db:"what" json:"what,omitempty"`
	Kinds    string    `db:"kinds" json:"kinds,omitempty"`
	Below    int64     `db:"below" json:"below"`
	SpentFen int64     `db:"spent_fen" json:"spent_fen"`
	SpentQty int64     `db:"spent_qty" json:"spent_qty"`
	Aids     int64     `db:"aids" json:"aids"`
}

// Ref is the gift's outside name.
func (r GiftRow) Ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

// LeftFen is the balance: given less spent.
func (r GiftRow) LeftFen() int64 { return r.Fen - r.SpentFen }

// LeftQty is the balance of goods.
func (r GiftRow) LeftQty() int64 { return r.Qty - r.SpentQty }

// Request is a request for help as an application takes it over, for whoever may read it.
type Request struct {
	Ref     id.Ref
	Unit    id.ID
	No      string
	Young   bool // the young person asks, not somebody for them
	Name    string
	Contact string
	Words   string
}

// Requests are the requests for help. Read opens one for whoever may read it, which the log says; Told writes into its line of time
// what became of it: "aid" when an application was made, "aided" when something was given.
type Requests interface {
	Read(ctx context.Context, ref id.Ref) (Request, error)
	Told(ctx context.Context, ref id.Ref, what string, no string, aid id.Ref) error
}
