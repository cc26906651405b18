package channel

import (
	"context"
	"crypto/subtle"
	"slices"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Mine is what the reader has chosen, with the address of their mail and the one that waits for its code.
func (s *Service) Mine(ctx context.Context) (c Choice, mail, fresh string, err error) {
	a := scope.From(ctx)
	list, err := s.choiceOf(ctx, a.Account)
	if err != nil {
		return c, "", "", err
	}
	if len(list) == 0 {
		return Choice{Root: a.Pos / 1e9, Account: a.Account, Unit: a.Unit, Pos: a.Pos, Mode: None}, "", "", nil
	}
	c = list[0]
	if mail, err = s.address(c, c.Mail); err != nil {
		return c, "", "", err
	}
	fresh, err = s.address(c, c.NewMail)
	return c, mail, fresh, err
}

func (s *Service) address(c Choice, shut string) (string, error) {
	if shut == "" {
		return "", nil
	}
	return s.vault.Unlock(c.place(), shut)
}

// Serves tells whether mail reaches the reader's unit at all.
func (s *Service) Serves(ctx context.Context) (bool, error) {
	ways, err := s.mailAt(ctx, scope.From(ctx).Pos)
	return len(ways) > 0, err
}

// Choose keeps what the reader wants. A new address gets a code and counts once the code was typed; until then the former
// one stays. It answers whether a code was sent.
func (s *Service) Choose(ctx context.Context, mode, mail string) (sent bool, err error) {
	a := scope.From(ctx)
	if a.Account == 0 {
		return false, errs.New(errs.Forbidden, "errs.not_yours")
	}
	var f errs.Fields
	if !slices.Contains([]string{None, AtNow, Daily}, mode) {
		f.Add("mode", "channel.bad.mode")
	}
	if mail != "" && !goodMail(mail) {
		f.Add("mail", "channel.bad.mail")
	}
	if mode != None && mail == "" {
		f.Add("mail", "channel.bad.mail_missing")
	}
	if err := f.Err(); err != nil {
		return false, err
	}
	var code string
	var way Way
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		code = ""
		c, now, _, err := s.Mine(ctx)
		if err != nil {
			return err
		}
		c.Mode, c.Lang, c.Unit, c.Pos = mode, i18n.Lang(ctx), a.Unit, a.Pos
		if mail != "" && (mail != now || c.VerifiedAt == 0) {
			ways, err := s.mailAt(ctx, a.Pos)
			if err != nil {
				return err
			}
			if len(ways) == 0 {
				return errs.New(errs.Conflict, "channel.no_mail_here")
			}
			way = ways[0]
			if code, err = s.newCodeFor(ctx, &c); err != nil {
				return err
			}
			if c.NewMail, err = s.vault.Lock(ctx, c.place(), mail); err != nil {
				return err
			}
		}
		if err := s.putChoice(ctx, c); err != nil {
			return err
		}
		if err := s.addQueue(ctx, c.Root, c.Account); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "channel.act.choose", Subject: "channel", Ref: id.Ref{Root: c.Root, ID: c.Account}, Detail: map[string]string{"mode": mode}})
	})
	if err != nil || code == "" {
		return false, err
	}
	conf, err := s.config(way)
	if err != nil {
		return false, err
	}
	text := i18n.T(ctx, "channel.msg.code", "Code", code, "N", int(codeHolds.Minutes()))
	if err := s.sender.mail(ctx, conf, mail, i18n.T(ctx, "channel.msg.code_subject"), text, id.New().String(), clock.Now(ctx)); err != nil {
		return false, errs.Wrap(err, errs.Conflict, "channel.code_not_sent")
	}
	return true, nil
}

// newCodeFor makes a code, unless too many were asked for.
func (s *Service) newCodeFor(ctx context.Context, c *Choice) (string, error) {
	now, today := clock.Millis(ctx), clock.Today(ctx)
	if c.CodeDay != today {
		c.CodeDay, c.Codes = today, 0
	}
	if now-c.CodeAt < codeEvery.Milliseconds() || c.Codes >= maxCodes {
		return "", errs.New(errs.Conflict, "channel.code_often")
	}
	var code string
	code, c.Code = newCode(c.place())
	c.CodeAt, c.CodeTries, c.Codes = now, 0, c.Codes+1
	return code, nil
}

// Verify takes the code: from now on the address counts.
func (s *Service) Verify(ctx context.Context, code string) error {
	var wrong error
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		wrong = nil
		c, _, _, err := s.Mine(ctx)
		if err != nil {
			return err
		}
		if c.Code == "" || clock.Now(ctx).Sub(time.UnixMilli(c.CodeAt)) > codeHolds || c.CodeTries >= maxTries {
			return fieldError("code", "channel.bad.code_over")
		}
		if subtle.ConstantTimeCompare([]byte(hashCode(c.place(), code)), []byte(c.Code)) != 1 {
			c.CodeTries++ // counts although the answer is no
			wrong = fieldError("code", "channel.bad.code")
			return s.putChoice(ctx, c)
		}
		c.Mail, c.NewMail, c.Code, c.VerifiedAt = c.NewMail, "", "", clock.Millis(ctx)
		if err := s.putChoice(ctx, c); err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: "channel.act.verify", Subject: "channel", Ref: id.Ref{Root: c.Root, ID: c.Account}})
	})
	if err == nil {
		err = wrong
	}
	return err
}

func fieldError(name, key string) error {
	var f errs.Fields
	f.Add(name, key)
	return f.Err()
}
