package dispatch

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Issuer is a unit that issues with the lead. Its subtree is asked from the day on which it joined in.
type Issuer struct {
	Unit     id.ID     `json:"unit"`
	JoinedOn clock.Day `json:"joined_on,omitempty"`
}

// Sent is a record as its desk needs it.
type Sent struct {
	Ref     id.Ref
	Lead    id.ID
	Title   string
	Link    string
	Issuers []Issuer
}
