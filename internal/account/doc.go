// Package account (账号) knows who signs in and what they may do: accounts, sign-in, sessions, expiring grants,
// one-time codes for new and forgetful people (R189).
//
// Rights come with dated posts (PostRights, filled by org) and with grants that end; they are resolved at each request,
// so that an ended post or a disabled account counts from the next tap on. Sign-in answers the same and does the same
// work for known and unknown names; waits grow per name and per address and stand in the database, so that several
// processes agree.
//
// A second factor (service_factor.go, service_passkey.go): codes of an app on the telephone, passkeys, recovery codes. Whoever has one
// is asked at every sign-in; Strong is what sealed data and others ask for. service_duty.go holds the rules that an operator sets for
// all accounts, among them that system, security and audit administrators are three people.
//
// Fields: login is lower case and unique; unit is the home unit, pos its place; a grant holds on from_day and no longer
// on to_day (Asia/Shanghai); instants are UTC milliseconds; passwords are argon2id, session tokens and one-time codes
// stand hashed.
//
// Routes: /login, /login/second (the second step), /login/passkey, /logout, /invite (enter a one-time code), /me, /me/second (setting
// the second factor up), /view (text size, theme, language), /account and below, /account/rules.
//
// Neighbours: audit below; org and app fill PostRights, Units and Posts; seal fills Secrets.
package account
