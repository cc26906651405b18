package account

import (
	"context"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// The rules that an operator sets for all accounts.
const (
	ruleStrong = "strong" // sealed data asks for a second factor
	ruleApart  = "apart"  // the three administrators are three people
	ruleOn     = "1"
	deviceKey  = "device_key" // signs the cookies of known devices
)

// Rules are what the operator has set for all accounts.
type Rules struct {
	Strong bool // what is sealed, and acts on second factors, ask for a second factor
	Apart  bool // no account holds two of system, security and audit
}

// Rules are what is set now.
func (s *Service) Rules(ctx context.Context) (r Rules, err error) {
	strong, err := s.setting(ctx, ruleStrong)
	if err != nil {
		return r, err
	}
	apart, err := s.setting(ctx, ruleApart)
	return Rules{strong == ruleOn, apart == ruleOn}, err
}

// mayRule tells whether who acts may set rules for all: the operator, and who manages the accounts of the whole tree.
func (s *Service) mayRule(ctx context.Context) (bool, error) {
	a := scope.From(ctx)
	if a.System || len(a.AdminSet) == 0 {
		return a.System, nil
	}
	top, err := s.units.Top(ctx)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && a.AdminSet.Covers(top), err
}

// SetRules changes what holds for all accounts. Keeping the three apart is refused with the names of who holds two, or
// while one of the three is nobody's.
func (s *Service) SetRules(ctx context.Context, r Rules) error {
	may, err := s.mayRule(ctx)
	if err != nil {
		return err
	}
	if !may {
		if err := s.log.Refuse(ctx, audit.Entry{Act: "account.rules", Subject: "account"}); err != nil {
			return err
		}
		return errs.New(errs.Forbidden, "errs.not_yours")
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, err := s.Rules(ctx)
		if err != nil {
			return err
		}
		if r.Apart && !was.Apart {
			if err := s.mayPart(ctx); err != nil {
				return err
			}
		}
		detail := map[string]bool{}
		for _, x := range []struct {
			name     string
			was, now bool
		}{{ruleStrong, was.Strong, r.Strong}, {ruleApart, was.Apart, r.Apart}} {
			if x.was == x.now {
				continue
			}
			value := ""
			if x.now {
				value = ruleOn
			}
			if err := s.putSetting(ctx, x.name, value); err != nil {
				return err
			}
			detail[x.name] = x.now
		}
		if len(detail) == 0 {
			return nil
		}
		return s.log.Log(ctx, audit.Entry{Act: "account.rules", Subject: "account", Detail: detail})
	})
}

// Holder is an account with what it holds of the three by grants.
type Holder struct {
	Account Account
	Grants  []Grant       // those of the three that hold today or will
	Duties  []scope.Right // by posts and grants together
}

// holders are the accounts with a grant of one of the three, wherever they are.
func (s *Service) holders(ctx context.Context) ([]Holder, error) {
	today := clock.Today(ctx)
	grants, err := s.dutyGrantsAcrossUnits(ctx, today)
	if err != nil {
		return nil, err
	}
	var out []Holder
	at := map[id.ID]int{}
	for _, g := range grants {
		i, ok := at[g.Account]
		if !ok {
			a, err := s.byIDAcrossUnits(ctx, g.Account)
			if err != nil {
				return nil, err
			}
			if a.Disabled() {
				continue
			}
			i = len(out)
			at[g.Account], out = i, append(out, Holder{Account: a})
		}
		out[i].Grants = append(out[i].Grants, g)
	}
	for i := range out {
		if out[i].Duties, err = s.held(ctx, out[i].Account, out[i].Grants); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// held are those of the three that an account has by posts and grants, those included that only begin later.
func (s *Service) held(ctx context.Context, a Account, coming []Grant) ([]scope.Right, error) {
	rights, err := s.rightsOf(ctx, a, clock.Today(ctx))
	if err != nil {
		return nil, err
	}
	for _, g := range coming {
		rights = append(rights, Right{Kind: kindOf[g.Kind]})
	}
	return dutiesOf(rights), nil
}

// Holders are those within the administrator's ranges.
func (s *Service) Holders(ctx context.Context) ([]Holder, error) {
	all, err := s.holders(ctx)
	var out []Holder
	for _, h := range all {
		if scope.From(ctx).May(scope.Admin, h.Account.Pos) {
			out = append(out, h)
		}
	}
	return out, err
}

func (s *Service) mayPart(ctx context.Context) error {
	list, err := s.holders(ctx)
	if err != nil {
		return err
	}
	var two []string
	seen := map[scope.Right]bool{scope.Admin: true} // comes with posts, and whoever switches has it
	for _, h := range list {
		if len(h.Duties) > 1 {
			two = append(two, h.Account.Person+" "+h.Account.Login)
		}
		for _, d := range h.Duties {
			seen[d] = true
		}
	}
	if len(two) > 0 {
		return errs.New(errs.Conflict, "account.apart_two", "Names", strings.Join(two, " · "))
	}
	if !seen[scope.Operate] || !seen[scope.Audit] {
		return errs.New(errs.Conflict, "account.apart_nobody")
	}
	return nil
}

// oneDuty refuses a grant that would give an account a second one of the three.
func (s *Service) oneDuty(ctx context.Context, a Account, kind string) error {
	if !isDuty(kindOf[kind]) {
		return nil
	}
	on, err := s.setting(ctx, ruleApart)
	if err != nil || on != ruleOn {
		return err
	}
	grants, err := s.grantsOf(ctx, a.ID)
	if err != nil {
		return err
	}
	var coming []Grant
	for _, g := range grants {
		if g.live(clock.Today(ctx)) {
			coming = append(coming, g)
		}
	}
	held, err := s.held(ctx, a, coming)
	for _, d := range held {
		if d != kindOf[kind] {
			var f errs.Fields
			f.Add("kind", "account.duty_two")
			return f.Err()
		}
	}
	return err
}
