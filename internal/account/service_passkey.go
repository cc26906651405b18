package account

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Site is where a passkey is made and used: the name to which the browser binds it, and the whole origin.
type Site struct{ Name, Origin string }

func (s Site) party(ctx context.Context) (*webauthn.WebAuthn, error) {
	limit := webauthn.TimeoutConfig{Enforce: true, Timeout: 5 * time.Minute, TimeoutUVD: 5 * time.Minute}
	return webauthn.New(&webauthn.Config{RPID: s.Name, RPDisplayName: i18n.T(ctx, "account.issuer"), RPOrigins: []string{s.Origin},
		AttestationPreference: protocol.PreferNoAttestation, Timeouts: webauthn.TimeoutsConfig{Login: limit, Registration: limit}})
}

// keyOwner is an account as the library asks for it.
type keyOwner struct {
	account Account
	keys    []webauthn.Credential
}

func (o keyOwner) WebAuthnID() []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(o.account.ID))
}
func (o keyOwner) WebAuthnName() string                       { return o.account.Login }
func (o keyOwner) WebAuthnDisplayName() string                { return o.account.Person }
func (o keyOwner) WebAuthnCredentials() []webauthn.Credential { return o.keys }

// ownerOf is an account with those of its passkeys that work at the site.
func (s *Service) ownerOf(ctx context.Context, a Account, site Site) (keyOwner, error) {
	o := keyOwner{account: a}
	list, err := s.passkeysOf(ctx, a.ID)
	if err != nil {
		return o, err
	}
	for _, p := range list {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(p.Data), &c); err != nil {
			return o, err
		}
		if p.Site == site.Name {
			o.keys = append(o.keys, c)
		}
	}
	return o, nil
}

// maxPasskeys bounds those of one account.
const maxPasskeys = 10

// BeginPasskey answers what the browser needs to make a passkey for the signed-in person, and what to keep of it until
// then. It needs the password, like BeginTOTP.
func (s *Service) BeginPasskey(ctx context.Context, site Site, password string) (options any, kept string, err error) {
	a, err := s.own(ctx, password)
	if err != nil {
		return nil, "", err
	}
	w, err := site.party(ctx)
	if err != nil {
		return nil, "", err
	}
	o, err := s.ownerOf(ctx, a, site)
	if err != nil {
		return nil, "", err
	}
	if len(o.keys) >= maxPasskeys {
		return nil, "", errs.New(errs.Conflict, "account.passkey_many", "N", maxPasskeys)
	}
	creation, session, err := w.BeginRegistration(o, webauthn.WithExclusions(webauthn.Credentials(o.keys).CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred}))
	if err != nil {
		return nil, "", err
	}
	b, err := json.Marshal(session)
	return creation, string(b), err
}

// AddPasskey takes the passkey that the browser made. It answers recovery codes, once, when the account had none.
func (s *Service) AddPasskey(ctx context.Context, site Site, kept, name string, answer []byte) (a Account, codes []string, err error) {
	a, err = s.byIDAcrossUnits(ctx, scope.From(ctx).Account)
	if err != nil {
		return a, nil, err
	}
	if name, err = passkeyName(name); err != nil {
		return a, nil, err
	}
	bad := func(err error) error { return errs.Wrap(err, errs.Invalid, "account.passkey_wrong") }
	var session webauthn.SessionData
	if err := json.Unmarshal([]byte(kept), &session); err != nil {
		return a, nil, bad(err)
	}
	w, err := site.party(ctx)
	if err != nil {
		return a, nil, err
	}
	got, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return a, nil, bad(err)
	}
	c, err := w.CreateCredential(keyOwner{account: a}, session, got)
	if err != nil {
		return a, nil, bad(err)
	}
	data, err := json.Marshal(c)
	if err != nil {
		return a, nil, err
	}
	p := Passkey{ID: id.New(), Account: a.ID, Name: name, Credential: base64.RawURLEncoding.EncodeToString(c.ID), Site: site.Name, Data: string(data), CreatedAt: s.now().UnixMilli()}
	err = s.db.Tx(ctx, func(ctx context.Context) (err error) {
		if err := s.insertPasskey(ctx, p); err != nil {
			return err
		}
		if codes, err = s.firstRecovery(ctx, a.ID); err != nil {
			return err
		}
		return s.factorChanged(ctx, a, "account.second_on", map[string]string{"kind": "passkey", "name": name})
	})
	if err != nil {
		return a, nil, err
	}
	a, err = s.byIDAcrossUnits(ctx, a.ID)
	return a, codes, err
}

// maxPasskeyName bounds the name of a passkey, in characters.
const maxPasskeyName = 40

func passkeyName(typed string) (string, error) {
	name := strings.TrimSpace(typed)
	var f errs.Fields
	if n := len([]rune(name)); n == 0 || n > maxPasskeyName {
		f.Add("name", "account.passkey_name_missing")
	}
	return name, f.Err()
}

// NamePasskey gives one of one's own passkeys another name, under which it stands in the list. Errors: Invalid on "name" and "passkey".
func (s *Service) NamePasskey(ctx context.Context, passkey id.ID, name string) error {
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		a, err := s.byIDAcrossUnits(ctx, scope.From(ctx).Account)
		if err != nil {
			return err
		}
		ok, err := s.namePasskey(ctx, a.ID, passkey, name)
		if err != nil {
			return err
		}
		if !ok {
			var f errs.Fields
			f.Add("passkey", "account.passkey_choose")
			return f.Err()
		}
		return s.log.Log(ctx, audit.Entry{Act: "account.passkey_named", Subject: "account", Ref: a.Ref(), Pos: a.Pos, Unit: a.Unit, Detail: map[string]string{"name": name}})
	})
}

// AskPasskey answers what the browser needs to use a passkey, and what to keep until then: one of the account's, or,
// with the zero account, any that names its account itself and has verified its user, which then opens alone. Whoever asks again and again
// without opening anything waits longer each time, per network address, as for a password.
func (s *Service) AskPasskey(ctx context.Context, site Site, a Account, remoteAddr string) (options any, kept string, err error) {
	switch wait, err := s.tryGates(ctx, askGate(remoteAddr)); {
	case err != nil:
		return nil, "", err
	case wait > 0:
		return nil, "", waitError(wait)
	}
	w, err := site.party(ctx)
	if err != nil {
		return nil, "", err
	}
	var ask *protocol.CredentialAssertion
	var session *webauthn.SessionData
	if a.ID == 0 {
		ask, session, err = w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	} else {
		o, bad := s.ownerOf(ctx, a, site)
		if bad != nil {
			return nil, "", bad
		}
		if len(o.keys) == 0 {
			return nil, "", errs.New(errs.Conflict, "account.passkey_not_here")
		}
		ask, session, err = w.BeginLogin(o, webauthn.WithUserVerification(protocol.VerificationPreferred))
	}
	if err != nil {
		return nil, "", err
	}
	b, err := json.Marshal(session)
	return ask, string(b), err
}

// ProvePasskey checks what the browser answered and says whose passkey it was. A counter that did not rise tells that a
// copy of the key may be about: it does not open, and the log says so.
func (s *Service) ProvePasskey(ctx context.Context, site Site, a Account, kept string, answer []byte, remoteAddr string) (Account, error) {
	gates := []gate{codeGate(remoteAddr)}
	if a.ID != 0 {
		gates = append(gates, secondGate(a.ID))
	}
	wait, err := s.tryGates(ctx, gates...)
	if err != nil {
		return a, err
	}
	if wait > 0 {
		return a, waitError(wait)
	}
	act := "account.second"
	if a.ID == 0 {
		act = "account.sign_in"
	}
	where := func(kind string) any { return map[string]string{"kind": kind, "address": cleanAddr(remoteAddr)} }
	wrong := func(cause error) error {
		e := audit.Entry{Act: act, Subject: "account", Pos: a.Pos, Unit: a.Unit, Detail: where("passkey")}
		if a.ID != 0 {
			e.Ref = a.Ref()
		}
		if err := s.log.Refuse(ctx, e); err != nil {
			return err
		}
		return errs.Wrap(cause, errs.Invalid, "account.passkey_wrong")
	}
	var session webauthn.SessionData
	if err := json.Unmarshal([]byte(kept), &session); err != nil {
		return a, wrong(err)
	}
	got, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return a, wrong(err)
	}
	w, err := site.party(ctx)
	if err != nil {
		return a, err
	}
	whose := a
	cloned := false
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		cloned, whose = false, a
		row, err := s.passkeyByCredentialAcrossUnits(ctx, base64.RawURLEncoding.EncodeToString(got.RawID))
		if err != nil {
			return err
		}
		if whose, err = s.byIDAcrossUnits(ctx, row.Account); err != nil {
			return err
		}
		if whose.Disabled() || a.ID != 0 && whose.ID != a.ID {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		owner, err := s.ownerOf(ctx, whose, site)
		if err != nil {
			return err
		}
		var c *webauthn.Credential
		if a.ID == 0 {
			c, err = w.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) { return owner, nil }, session, got)
		} else {
			c, err = w.ValidateLogin(owner, session, got)
		}
		if err != nil {
			return errs.Wrap(err, errs.Invalid, "account.passkey_wrong")
		}
		if cloned = c.Authenticator.CloneWarning; cloned {
			return errs.New(errs.Invalid, "account.passkey_copied")
		}
		data, err := json.Marshal(c)
		if err != nil {
			return err
		}
		now := s.now().UnixMilli()
		if err := s.usePasskey(ctx, row.ID, string(data), now); err != nil {
			return err
		}
		for _, g := range append(gates, askGate(remoteAddr)) {
			if err := s.creditGate(ctx, g); err != nil {
				return err
			}
		}
		if a.ID == 0 {
			if err := s.setSignedIn(ctx, whose.ID, now); err != nil {
				return err
			}
		}
		ctx = scope.With(ctx, scope.Actor{Account: whose.ID, Name: whose.Person, Unit: whose.Unit, Pos: whose.Pos})
		return s.log.Log(ctx, audit.Entry{Act: act, Subject: "account", Ref: whose.Ref(), Pos: whose.Pos, Unit: whose.Unit, Detail: where("passkey")})
	})
	switch {
	case cloned:
		if err := s.log.Refuse(ctx, audit.Entry{Act: "account.passkey_clone", Subject: "account", Ref: whose.Ref(), Pos: whose.Pos, Unit: whose.Unit, Detail: where("passkey")}); err != nil {
			return a, err
		}
		return a, err
	case errs.Is(err, errs.NotFound), errs.Is(err, errs.Invalid):
		return a, wrong(err)
	}
	return whose, err
}
