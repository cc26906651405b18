package account

import (
	"context"
	"errors"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
)

var errCode = errs.New(errs.Invalid, "account.code_wrong")

// Invite makes a one-time code for a new or a forgetful person and answers it, once: it stands hashed. Earlier codes of
// the account are worthless from now on; the old password works until the code is used.
func (s *Service) Invite(ctx context.Context, account id.ID) (code string, err error) {
	err = s.change(ctx, "account.invite", account, "", func(ctx context.Context, a Account) (err error) {
		if a.Disabled() {
			return errs.New(errs.Conflict, "account.is_disabled")
		}
		code, err = s.invite(ctx, a.ID)
		return err
	})
	return code, err
}

// Reset is Invite for somebody who already had a password: it also ends the account's sessions and the password itself.
func (s *Service) Reset(ctx context.Context, account id.ID) (code string, err error) {
	err = s.change(ctx, "account.reset", account, "", func(ctx context.Context, a Account) (err error) {
		if a.Disabled() {
			return errs.New(errs.Conflict, "account.is_disabled")
		}
		if err := s.setPassword(ctx, a.ID, "", 0); err != nil {
			return err
		}
		if err := s.endSessions(ctx, a.ID); err != nil {
			return err
		}
		code, err = s.invite(ctx, a.ID)
		return err
	})
	return code, err
}

func (s *Service) invite(ctx context.Context, account id.ID) (string, error) {
	now := s.now()
	if err := s.dropInvites(ctx, account, now.UnixMilli()); err != nil {
		return "", err
	}
	code := newCode()
	return code, s.insertInvite(ctx, invite{ID: id.New(), Account: account, Code: codeHash(code), ExpiresAt: now.Add(codeLife).UnixMilli()})
}

// CheckCode tells whose code it is, for the page that asks for a password. Wrong, used and ended codes get one answer,
// and failures are counted per address.
func (s *Service) CheckCode(ctx context.Context, code, remoteAddr string) (Account, error) {
	g := codeGate(remoteAddr)
	wait, err := s.tryGates(ctx, g)
	if err != nil {
		return Account{}, err
	}
	if wait > 0 {
		return Account{}, waitError(wait)
	}
	a, _, err := s.openCode(ctx, code)
	if err != nil {
		if errors.Is(err, errCode) {
			if err := s.log.Refuse(ctx, audit.Entry{Act: "account.accept", Subject: "account", Detail: map[string]string{"address": cleanAddr(remoteAddr)}}); err != nil {
				return a, err
			}
		}
		return a, err
	}
	return a, s.db.Tx(ctx, func(ctx context.Context) error { return s.creditGate(ctx, g) })
}

func (s *Service) openCode(ctx context.Context, code string) (Account, invite, error) {
	v, err := s.inviteByCodeAcrossUnits(ctx, codeHash(code))
	if errs.Is(err, errs.NotFound) || err == nil && (v.UsedAt != 0 || v.ExpiresAt <= s.now().UnixMilli()) {
		return Account{}, v, errCode
	}
	if err != nil {
		return Account{}, v, err
	}
	a, err := s.byIDAcrossUnits(ctx, v.Account)
	if err == nil && a.Disabled() {
		err = errCode
	}
	return a, v, err
}

// AcceptInvite sets a password with a one-time code, which is then used up.
func (s *Service) AcceptInvite(ctx context.Context, code, password, remoteAddr string) (Account, error) {
	a, err := s.CheckCode(ctx, code, remoteAddr)
	if err != nil {
		return a, err
	}
	if key := passwordProblem(password, a.Login); key != "" {
		var f errs.Fields
		f.Add("password", key)
		return a, f.Err()
	}
	hash, err := s.hash.hash(ctx, password)
	if err != nil {
		return a, err
	}
	ctx = scope.With(ctx, scope.Actor{Account: a.ID, Name: a.Person, Unit: a.Unit, Pos: a.Pos})
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		_, v, err := s.openCode(ctx, code)
		if err != nil {
			return err
		}
		ok, err := s.useInvite(ctx, v.ID, s.now().UnixMilli())
		if err != nil {
			return err
		}
		if !ok {
			return errCode
		}
		if err := s.openGate(ctx, nameGate(a.Login)); err != nil {
			return err
		}
		return s.newPassword(ctx, a, hash, "account.accept")
	})
	if err != nil {
		return a, err
	}
	return s.byIDAcrossUnits(ctx, a.ID)
}

// maxCandidates bounds one invitation list.
const maxCandidates = 500

// InviteColumns are the columns of an invitation list.
func (s *Service) InviteColumns(ctx context.Context) ([]table.Column, error) {
	cols := []table.Column{
		{Key: "login", Titles: []string{"账号", "登录名", "Account", "Login"}, Hint: i18n.T(ctx, "account.bulk_login_hint"), Width: 18},
		{Key: "person", Titles: []string{"姓名", "Name", "Person"}, Required: true, Width: 12},
		{Key: "unit", Titles: []string{"单位代码", "单位编码", "Unit code"}, Required: true, Width: 16},
		{Key: "phone", Titles: []string{"手机号", "电话", "Phone"}, Width: 16},
	}
	if s.posts == nil {
		return cols, nil
	}
	kinds, err := s.posts.Kinds(ctx)
	if err != nil {
		return nil, err
	}
	post := table.Column{Key: "post", Titles: []string{"职务", "Post"}, Kind: table.Choice, Width: 16}
	for _, k := range kinds {
		post.Choices = append(post.Choices, table.Option{Key: k.Code, Titles: append(k.Names[:len(k.Names):len(k.Names)], k.Code)})
	}
	return append(cols, post), nil
}

// Preview reads an invitation list row by row and says what has to be changed; it writes nothing. Units outside the
// administrator's subtree count as unknown.
func (s *Service) Preview(ctx context.Context, sheet *table.Sheet) ([]Candidate, []table.Problem, error) {
	actor := scope.From(ctx)
	if len(actor.AdminSet) == 0 {
		return nil, nil, s.refuseUnit(ctx, "account.invite", actor.Pos, actor.Unit)
	}
	cols, err := s.InviteColumns(ctx)
	if err != nil {
		return nil, nil, err
	}
	head, err := sheet.Header(cols)
	if err != nil {
		return nil, nil, err
	}
	bound, problems := table.Bind(head.Cells, cols)
	if table.Blocking(problems) {
		return nil, problems, nil
	}
	var list []Candidate
	err = sheet.Rows(func(row table.Row) error {
		if row.Line <= head.Line {
			return nil
		}
		if len(list) >= maxCandidates {
			return errs.New(errs.TooLarge, "account.list_long", "Limit", maxCandidates)
		}
		v, bad := bound.Parse(row)
		problems = append(problems, bad...)
		c := Candidate{Line: row.Line, Login: cleanLogin(v["login"].Text), Person: v["person"].Text, Phone: v["phone"].Text,
			UnitCode: v["unit"].Text, Post: v["post"].Text, Bad: table.Blocking(bad)}
		if c.Login == "" {
			c.Login = strings.ReplaceAll(c.Phone, " ", "")
		}
		list = append(list, c)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	more, err := s.checkCandidates(ctx, list)
	return list, append(problems, more...), err
}

// checkCandidates fills in units and names what keeps each row out.
func (s *Service) checkCandidates(ctx context.Context, list []Candidate) ([]table.Problem, error) {
	actor := scope.From(ctx)
	logins := make([]string, 0, len(list))
	for _, c := range list {
		if c.Login != "" {
			logins = append(logins, c.Login)
		}
	}
	taken, err := s.loginsTakenAcrossUnits(ctx, logins)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	if s.posts != nil {
		kinds, err := s.posts.Kinds(ctx)
		if err != nil {
			return nil, err
		}
		for _, k := range kinds {
			names[k.Code] = k.Names[0]
		}
	}
	var problems []table.Problem
	seen := map[string]int{}
	for i := range list {
		c := &list[i]
		say := func(column, code string, args ...any) {
			a := errs.Args(append(args, "Line", c.Line, "Column", column)...)
			if len(args) > 1 {
				a["Cell"] = args[1] // what is wrong comes first
			}
			problems = append(problems, table.Problem{Line: c.Line, Column: column, Code: code, Args: a})
			c.Bad = true
		}
		unit, err := s.units.ByCode(ctx, c.UnitCode)
		var pos int64
		if err == nil {
			var r scope.Range
			r, err = s.units.Range(ctx, unit)
			pos = r.From
		}
		switch {
		case err != nil && !errs.Is(err, errs.NotFound):
			return nil, err
		case c.UnitCode == "":
		case err != nil || !actor.May(scope.Admin, pos):
			say("单位代码", "account.row_unit", "Code", c.UnitCode)
		default:
			c.Unit = unit
			if c.UnitName, err = s.units.Name(ctx, unit); err != nil {
				return nil, err
			}
		}
		switch {
		case c.Login == "":
			say("账号", "account.row_login_missing")
		case !loginShape.MatchString(c.Login):
			say("账号", "account.row_login", "Login", c.Login)
		case taken[c.Login]:
			say("账号", "account.row_taken", "Login", c.Login)
		case seen[c.Login] > 0:
			say("账号", "account.row_twice", "Login", c.Login, "First", seen[c.Login])
		default:
			seen[c.Login] = c.Line
		}
		if !phoneShape.MatchString(c.Phone) {
			say("手机号", "account.row_phone", "Phone", c.Phone)
		}
		if c.Post != "" {
			if c.PostName = names[c.Post]; c.PostName == "" {
				say("职务", "account.row_post", "Post", c.Post)
			}
		}
	}
	return problems, nil
}

// BulkInvite makes the accounts of the good rows, fills their posts and answers the one-time codes, once. All or none.
func (s *Service) BulkInvite(ctx context.Context, list []Candidate) (out []Invited, err error) {
	if len(list) > maxCandidates {
		return nil, errs.New(errs.TooLarge, "account.list_long", "Limit", maxCandidates)
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		out = nil
		for i := range list {
			list[i].Bad = false
		}
		if _, err := s.checkCandidates(ctx, list); err != nil {
			return err
		}
		for _, c := range list {
			if c.Bad || c.Unit == 0 {
				continue
			}
			a, err := s.Create(ctx, NewAccount{Login: c.Login, Person: c.Person, Phone: c.Phone, Unit: c.Unit})
			if err != nil {
				return err
			}
			if c.Post != "" && s.posts != nil {
				if err := s.posts.Appoint(ctx, c.Unit, c.Post, a.ID, c.Person, clock.Today(ctx)); err != nil {
					return err
				}
			}
			code, err := s.invite(ctx, a.ID)
			if err != nil {
				return err
			}
			out = append(out, Invited{Account: a, UnitName: c.UnitName, PostName: c.PostName, Code: code, Expires: s.now().Add(codeLife).UnixMilli()})
		}
		return nil
	})
	return out, err
}
