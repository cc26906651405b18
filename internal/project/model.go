package project

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Kind of a contract (R202, R203).
type Kind string

const (
	GovPurchase Kind = "gov_purchase" // 政府购买服务
	Venture     Kind = "venture"      // 公益创投
)

// Kinds lists them in the usual order.
var Kinds = []Kind{GovPurchase, Venture}

// Status of a version.
type Status string

const (
	Signed Status = "signed"
	Void   Status = "void"
)

// Report is one version of a contract as one unit reported it. Money is in fen.
type Report struct {
	Code       string    `json:"code,omitempty"` // external id of the row, unique within the city
	Unit       id.ID     `json:"unit"`
	Version    int64     `json:"version"` // 1, 2 …
	Kind       Kind      `json:"kind"`
	SignedOn   clock.Day `json:"signed_on"`
	AmountFen  int64     `json:"amount_fen"`
	Status     Status    `json:"status"`
	ReportedOn clock.Day `json:"reported_on,omitempty"`
	Reason     string    `json:"reason,omitempty"` // why there is a further version
}

// Receipt is money that arrived under a contract, in fen.
type Receipt struct {
	ID        id.ID     `json:"id"`
	Day       clock.Day `json:"day"`
	AmountFen int64     `json:"amount_fen"`
	From      string    `json:"from,omitempty"`
	Document  string    `json:"document,omitempty"` // number of the voucher
	Note      string    `json:"note,omitempty"`
}

// Contract is one service project under one number within its city.
type Contract struct {
	Number    string    `json:"number"`
	Title     string    `json:"title,omitempty"`
	Purchaser string    `json:"purchaser,omitempty"`
	Provider  string    `json:"provider,omitempty"`
	Audience  string    `json:"audience,omitempty"`
	ServedBy  clock.Day `json:"served_by,omitempty"` // last day of service
	Note      string    `json:"note,omitempty"`
	Reports   []Report  `json:"reports"` // in the order in which they came
	Receipts  []Receipt `json:"receipts,omitempty"`
}

// Entry is what a unit hands in about a contract: one report, and what is known of the contract as a whole. Empty texts
// leave what is kept already.
type Entry struct {
	Number, Title, Purchaser, Provider, Audience, Note string
	ServedBy                                           clock.Day
	Report
}

// Listed is a contract in a list, as its deciding version tells it.
type Listed struct {
	Root      int64     `db:"root" json:"-"`
	ID        id.ID     `db:"id" json:"-"`
	Unit      id.ID     `db:"unit" json:"-"` // first reporter
	Number    string    `db:"number" json:"number"`
	Title     string    `db:"title" json:"title"`
	Kind      Kind      `db:"kind" json:"kind"`
	SignedOn  clock.Day `db:"signed_on" json:"signed_on"`
	AmountFen int64     `db:"amount_fen" json:"amount_fen"`
	Status    Status    `db:"status" json:"status"`
	Version   int64     `db:"version" json:"version"`
	Received  int64     `db:"received_fen" json:"received_fen"` // all that arrived ever
	Reporters int64     `db:"reporters" json:"reporters"`
}

// Ref is the contract's outside name.
func (l Listed) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

// Name is the title, or the number of a contract that has none.
func (l Listed) Name() string {
	if l.Title != "" {
		return l.Title
	}
	return l.Number
}

// Filter narrows a list of contracts.
type Filter struct {
	Year int // signed in it; 0 takes all
	Kind Kind
	Text string
}
