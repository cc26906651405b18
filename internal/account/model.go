package account

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Account is a person's way in. The password's hash never leaves the store.
type Account struct {
	ID         id.ID  `db:"id" json:"id"`
	Login      string `db:"login" json:"login"`
	Person     string `db:"person" json:"person"`
	Phone      string `db:"phone" json:"phone,omitempty"`
	Unit       id.ID  `db:"unit" json:"unit"` // home unit
	Pos        int64  `db:"pos" json:"-"`     // its place today
	Password   string `db:"password" json:"-"`
	MustChange int64  `db:"must_change" json:"-"` // 1: nothing else is open until a password of one's own is set
	Epoch      int64  `db:"epoch" json:"-"`       // sessions of an earlier epoch have ended
	DisabledAt int64  `db:"disabled_at" json:"disabled_at,omitempty"`
	Lang       string `db:"lang" json:"-"`
	Size       int    `db:"size" json:"-"`
	Theme      string `db:"theme" json:"-"`
	CreatedAt  int64  `db:"created_at" json:"-"`
	SignedInAt int64  `db:"signed_in_at" json:"-"` // 0: never
}

// Disabled tells that nobody can sign in with it.
func (a Account) Disabled() bool { return a.DisabledAt != 0 }

// Invited tells that no password was ever set.
func (a Account) Invited() bool { return a.Password == "" }

// Ref is the outside name in the log.
func (a Account) Ref() id.Ref { return id.Ref{Root: a.Pos / 1e9, ID: a.ID} }

// NewAccount is what making an account takes.
type NewAccount struct {
	Login, Person, Phone string
	Unit                 id.ID
	Password             string // "" leaves it to a one-time code
	MustChange           bool   // the password is somebody else's and has to be changed at the first sign-in
}

// Grant is a right given by a person until a day.
type Grant struct {
	ID      id.ID     `db:"id"`
	Account id.ID     `db:"account"`
	Kind    string    `db:"kind"` // one of GrantKinds
	Unit    id.ID     `db:"unit"` // holds in its subtree
	From    clock.Day `db:"from_day"`
	To      clock.Day `db:"to_day"` // first day on which it no longer holds
	Reason  string    `db:"reason"`
	GivenBy id.ID     `db:"given_by"`
	At      int64     `db:"at"`
}

// Settings is how somebody wants to see the pages.
type Settings struct {
	Lang  string // "zh" or "en"
	Size  int    // text size in px: 18, 22, 26, 30
	Theme string // "" follows the system, "light", "dark"
}

// Session is one browser in which an account is signed in.
type Session struct {
	Token     string `db:"token"` // hashed: names a session and opens none
	StartedAt int64  `db:"started_at"`
	ExpiresAt int64  `db:"expires_at"`
	SeenAt    int64  `db:"seen_at"` // last use, to five minutes
	Device    string `db:"device"`  // as deviceOf writes it
	Place     string `db:"place"`   // the beginning of the address; "here" is this machine
	Here      bool   `db:"-"`       // the browser that asks
}

// Right is one right in one subtree, and where it comes from.
type Right struct {
	Kind  scope.Right
	Range scope.Range
	Unit  id.ID
	Role  string    // text key or words of the post; "account.role_grant" for a grant
	To    clock.Day // last end known; "" for open
}

// PostRights tells what rights an account's posts give on a day; filled by org.
type PostRights interface {
	RightsOf(ctx context.Context, account id.ID, day clock.Day) ([]Right, error)
	// Workers are the accounts that a post at one of the units lets work there on a day, whoever's home unit that is.
	Workers(ctx context.Context, units []id.ID, day clock.Day) (map[id.ID][]id.ID, error)
}

// Units is what accounts ask of the tree; filled by org. errs.NotFound when there is no such unit today.
type Units interface {
	// Range is the unit's subtree today.
	Range(ctx context.Context, unit id.ID) (scope.Range, error)
	// ProvinceRange is the subtree of the unit's province, or of the tree's top where there is no province.
	ProvinceRange(ctx context.Context, unit id.ID) (scope.Range, error)
	// Top is the whole tree.
	Top(ctx context.Context) (scope.Range, error)
	// Named is the unit that an address names, as in ?unit=.
	Named(ctx context.Context, name string) (id.ID, error)
	// ByCode is the unit with the external code.
	ByCode(ctx context.Context, code string) (id.ID, error)
	// Name is the unit's full name.
	Name(ctx context.Context, unit id.ID) (string, error)
}

// PostKind is a kind of post that an invitation can name.
type PostKind struct {
	Code  string
	Names []string // the first is the one shown
}

// Posts lets an invitation also fill a post; filled by org. Without it the column is not offered.
type Posts interface {
	Kinds(ctx context.Context) ([]PostKind, error)
	Appoint(ctx context.Context, unit id.ID, kind string, account id.ID, person string, from clock.Day) error
}

// Candidate is one row of an invitation list.
type Candidate struct {
	Line                 int // as in the sheet
	Login, Person, Phone string
	UnitCode, UnitName   string
	Unit                 id.ID
	Post, PostName       string
	Bad                  bool // has a problem that keeps it out
}

// Invited is one made account with its one-time code, shown once.
type Invited struct {
	Account  Account
	UnitName string
	PostName string
	Code     string // grouped for reading aloud
	Expires  int64  // UTC milliseconds
}

// Secrets encrypts what is kept of a second factor, so that a copy of the database alone makes no codes; filled by seal.
type Secrets interface {
	Lock(ctx context.Context, place, text string) (string, error)
	Unlock(place, shut string) (string, error)
}

// Passkey is a key that a telephone or a computer keeps for an account.
type Passkey struct {
	ID         id.ID  `db:"id"`
	Account    id.ID  `db:"account"`
	Name       string `db:"name"`
	Credential string `db:"credential"` // base64url
	Site       string `db:"site"`       // the name of the site at which it was made, and works
	Data       string `db:"data"`       // webauthn.Credential as JSON: public, no secret
	CreatedAt  int64  `db:"created_at"`
	UsedAt     int64  `db:"used_at"`
}

// Told is what waits for the owner of an account: who took the second factor off, and why.
type Told struct {
	By     string `db:"by_name"`
	Reason string `db:"reason"`
	At     int64  `db:"at"`
}

// Factors is what an account has beside its password.
type Factors struct {
	TOTP     bool // confirmed by a first code
	Passkeys []Passkey
	Left     int64 // recovery codes that were not used
}

// Any tells whether there is a second factor.
func (f Factors) Any() bool { return f.TOTP || len(f.Passkeys) > 0 }
