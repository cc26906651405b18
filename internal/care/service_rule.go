package care

import (
	"context"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
)

// Rule is whether whoever writes to a desk has to say who they are. Whether the law of messages with minors asks for it is for the
// operator's lawyer to say, and so is the text; as delivered nobody is asked.
type Rule struct {
	Version int64     `db:"version" json:"version"` // 0: nothing was ever set
	Asks    int64     `db:"asks" json:"asks"`       // 1: name and telephone are asked for
	Body    string    `db:"body" json:"body"`
	ByName  string    `db:"by_name" json:"by"`
	Day     clock.Day `db:"day" json:"day"`
}

// maxRule bounds its text, in characters.
const maxRule = 2000

// Rule is the one that holds today.
func (s *Service) Rule(ctx context.Context) (Rule, error) {
	r, err := s.ruleAcrossUnits(ctx)
	if errs.Is(err, errs.NotFound) {
		return Rule{}, nil
	}
	return r, err
}

// SetRule writes the version of the rule after the one that r names: who looks after the program does. What was asked before stays as it
// was agreed. Errors: Forbidden; Invalid on "body"; Conflict "care.changed".
func (s *Service) SetRule(ctx context.Context, r Rule) (err error) {
	defer errs.Wrapf(&err, "care.SetRule")
	if may, err := s.seal.Runs(ctx); err != nil {
		return err
	} else if !may {
		return errs.New(errs.Forbidden, "errs.not_yours")
	}
	var f errs.Fields
	if r.Body = strings.TrimSpace(r.Body); r.Body == "" && r.Asks == 1 {
		f.Add("body", "care.rule_text_missing")
	}
	long(&f, "body", r.Body, maxRule)
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		was, err := s.Rule(ctx)
		if err != nil {
			return err
		}
		if was.Version != r.Version {
			return errs.New(errs.Conflict, "care.changed")
		}
		r.Version, r.ByName, r.Day = was.Version+1, scope.From(ctx).Name, clock.Today(ctx)
		if err := s.putRule(ctx, r); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "care.act.rule", Subject: Kind, Detail: map[string]int64{"version": r.Version, "asks": r.Asks}})
	})
}

// problems says what a rule asks of a request that is sent, and of one whose text has changed since.
func (r Rule) problems(a Ask, f *errs.Fields) {
	if r.Asks == 0 {
		return
	}
	if strings.TrimSpace(a.Name) == "" {
		f.Add("name", "care.rule_name")
	}
	if strings.TrimSpace(a.Contact) == "" && (a.Way == "here" || a.Way == "") { // the others ask for it anyhow
		f.Add("contact", "care.rule_contact")
	}
	switch {
	case a.Rule != r.Version:
		f.Add("agree", "care.rule_changed")
	case !a.Agree:
		f.Add("agree", "care.rule_agree")
	}
}
