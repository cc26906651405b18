package channel

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// The kinds of ways. Mail goes to persons, the others to the unit.
const (
	Mail     = "mail"
	Webhook  = "webhook"
	DingTalk = "dingtalk"
	WeCom    = "wecom"
	SMS      = "sms"
)

// Kinds are all of them, in the order of the page.
var Kinds = []string{Mail, Webhook, DingTalk, WeCom, SMS}

// What a person wants by mail.
const (
	None  = "none"
	AtNow = "now"
	Daily = "daily"
)

// What a message tells.
const (
	OfTask   = "task"
	OfDigest = "digest"
	OfTest   = "test"
)

// States of a message. Put aside is what waited too long or whose way was switched off.
const (
	Ready = "ready"
	Sent  = "sent"
	Aside = "aside"
)

// Config is where a way leads, kept encrypted.
type Config struct {
	URL      string   `json:"url,omitempty"`
	Secret   string   `json:"secret,omitempty"`
	To       []string `json:"to,omitempty"` // telephone numbers of an SMS gateway
	Host     string   `json:"host,omitempty"`
	Port     int      `json:"port,omitempty"`
	User     string   `json:"user,omitempty"`
	Password string   `json:"password,omitempty"`
	From     string   `json:"from,omitempty"`
}

// Way is one way of a unit.
type Way struct {
	Root    int64  `db:"root" json:"-"`
	ID      id.ID  `db:"id" json:"-"`
	Unit    id.ID  `db:"unit" json:"-"`
	From    int64  `db:"pos_from" json:"-"`
	To      int64  `db:"pos_to" json:"-"`
	Kind    string `db:"kind" json:"kind"`
	Live    int64  `db:"live" json:"live"`
	Config  string `db:"config" json:"-"`
	Shown   string `db:"shown" json:"address"` // what may be shown of the address
	Site    string `db:"site" json:"site"`     // our own address, for the links
	SetAt   int64  `db:"set_at" json:"set_at"`
	SetName string `db:"set_name" json:"-"`
}

func (w Way) place() string { return "channel.way|" + w.ID.String() }

// Choice is what one person wants.
type Choice struct {
	Root       int64     `db:"root"`
	Account    id.ID     `db:"account"`
	Unit       id.ID     `db:"unit"`
	Pos        int64     `db:"pos"`
	Mode       string    `db:"mode"`
	Lang       string    `db:"lang"`
	Mail       string    `db:"mail"` // encrypted
	VerifiedAt int64     `db:"verified_at"`
	NewMail    string    `db:"new_mail"` // encrypted, until its code was typed
	Code       string    `db:"code"`     // hash
	CodeAt     int64     `db:"code_at"`
	CodeTries  int64     `db:"code_tries"`
	CodeDay    clock.Day `db:"code_day"`
	Codes      int64     `db:"codes"` // sent on that day
	DigestDay  clock.Day `db:"digest_day"`
}

func (c Choice) place() string { return "channel.choice|" + c.Account.String() }

// Counts are the numbers of a digest.
type Counts struct {
	Waiting int64 `db:"waiting" json:"waiting"`
	Late    int64 `db:"late" json:"late"`
	Fresh   int64 `db:"fresh" json:"new"`
}

// Message is one line of the outbox and of the log.
type Message struct {
	Root    int64  `db:"root" json:"-"`
	ID      id.ID  `db:"id" json:"id"`
	Queue   id.ID  `db:"queue" json:"-"`
	No      int64  `db:"no" json:"no"`
	Unit    id.ID  `db:"unit" json:"-"`
	Pos     int64  `db:"pos" json:"-"`
	Kind    string `db:"kind" json:"channel"`
	What    string `db:"what" json:"kind"`
	Waiting int64  `db:"waiting" json:"waiting,omitempty"`
	Late    int64  `db:"late" json:"late,omitempty"`
	Fresh   int64  `db:"fresh" json:"new,omitempty"`
	At      int64  `db:"at" json:"at"`
	State   string `db:"state" json:"state"`
	Tries   int64  `db:"tries" json:"tries"`
	TriedAt int64  `db:"tried_at" json:"tried_at,omitempty"`
	Error   string `db:"error" json:"error,omitempty"` // text key
}

// queue is what one receiver has to get.
type queue struct {
	Root  int64 `db:"root"`
	ID    id.ID `db:"id"`
	Head  int64 `db:"head_no"`
	Tries int64 `db:"tries"`
	lease id.ID
}

// receiver is whom a task of a unit is told to.
type receiver struct {
	Root    int64  `db:"root"`
	ID      id.ID  `db:"id"`
	Kind    string `db:"kind"`
	Account id.ID  `db:"account"`
}
