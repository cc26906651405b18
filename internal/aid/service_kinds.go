package aid

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

// Kinds are those of a city in their order, or the five that ship (R46); closed ones too.
func (s *Service) Kinds(ctx context.Context, root int64) ([]Class, error) {
	list, err := s.store.kinds(ctx, root)
	if err == nil && len(list) == 0 {
		list, err = s.store.kinds(ctx, 0)
	}
	return list, err
}

// kindNames names the kinds of any city in the reader's language, reading each city's list once.
func (s *Service) kindNames(ctx context.Context) func(root int64, code string) string {
	lists := map[int64][]Class{}
	return func(root int64, code string) string {
		if _, read := lists[root]; !read {
			list, err := s.Kinds(ctx, root)
			if err != nil {
				list = nil // the code is better than no page
			}
			lists[root] = list
		}
		for _, c := range lists[root] {
			if c.Code == code {
				return c.In(ctx)
			}
		}
		return code
	}
}

// Limits say up to how much a unit of a level approves by itself, in a city.
func (s *Service) Limits(ctx context.Context, root int64) ([]Limit, error) {
	list, err := s.store.limits(ctx, root)
	if err == nil && len(list) == 0 {
		list, err = s.store.limits(ctx, 0)
	}
	return list, err
}

// limited are the levels for which a city says how much they approve.
var limited = []string{string(org.Village), string(org.Township), string(org.County), string(org.City)}

// SetLimits says how much the levels of a city approve by themselves, in fen; it needs the right to administer the city.
// Cases that run stay where they are.
func (s *Service) SetLimits(ctx context.Context, unit org.Unit, list []Limit) (err error) {
	defer errs.Wrapf(&err, "aid.SetLimits")
	var f errs.Fields
	for _, l := range list {
		if l.Fen < 0 || l.Fen > maxFen || !slices.Contains(limited, l.Level) {
			f.Add("limit_"+l.Level, "aid.fen_odd")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.org.SetCity(ctx, unit, audit.Entry{Act: "aid.act.limits", Subject: Kind}, func(ctx context.Context) error { return s.store.setLimits(ctx, unit.Root(), list) })
}

// AddKind gives a city one more kind of aid, at the end of its list. Its code is the name with which it begins, and never changes; cities
// that give a kind the same name mean the same.
func (s *Service) AddKind(ctx context.Context, unit org.Unit, c Class) error {
	return s.editKinds(ctx, unit, "kind_add", c.Name, func(list []Class) ([]Class, error) {
		c.Code = letters(c.Name)
		if slices.ContainsFunc(list, func(x Class) bool { return x.Code == c.Code }) {
			var f errs.Fields
			f.Add("name", "aid.kind_twice")
			return nil, f.Err()
		}
		return append(list, s.touched(ctx, c)), nil
	})
}

// EditKind renames a kind or corrects what it is for. Aids keep the purpose that they have.
func (s *Service) EditKind(ctx context.Context, unit org.Unit, code string, c Class) error {
	return s.editKinds(ctx, unit, "kind_edit", c.Name, onKind(code, func(list []Class, i int) ([]Class, error) {
		list[i].Name, list[i].En, list[i].Purposes = c.Name, c.En, c.Purposes
		list[i] = s.touched(ctx, list[i])
		return list, nil
	}))
}

// MoveKind puts a kind at a place of the list, from 1.
func (s *Service) MoveKind(ctx context.Context, unit org.Unit, code string, to int) error {
	return s.editKinds(ctx, unit, "kind_move", code, onKind(code, func(list []Class, i int) ([]Class, error) {
		c := s.touched(ctx, list[i])
		list = slices.Delete(list, i, i+1)
		return slices.Insert(list, min(max(to-1, 0), len(list)), c), nil
	}))
}

// CloseKind offers a kind no longer from today on, or offers it again; what was given stays. At least one is offered.
func (s *Service) CloseKind(ctx context.Context, unit org.Unit, code string, closed bool) error {
	act := "kind_open"
	if closed {
		act = "kind_close"
	}
	return s.editKinds(ctx, unit, act, code, onKind(code, func(list []Class, i int) ([]Class, error) {
		list[i].Closed = clock.Open
		if closed {
			list[i].Closed = clock.Today(ctx)
		}
		list[i] = s.touched(ctx, list[i])
		if !slices.ContainsFunc(list, func(c Class) bool { return c.Closed == clock.Open }) {
			return nil, errs.New(errs.Conflict, "aid.kind_last")
		}
		return list, nil
	}))
}

func onKind(code string, edit func(list []Class, i int) ([]Class, error)) func(list []Class) ([]Class, error) {
	return func(list []Class) ([]Class, error) {
		i := slices.IndexFunc(list, func(c Class) bool { return c.Code == code })
		if i < 0 {
			return nil, errs.New(errs.NotFound, "errs.not_found")
		}
		return edit(list, i)
	}
}

// touched is a kind with who corrected it and when.
func (s *Service) touched(ctx context.Context, c Class) Class {
	c.ByName, c.At = scope.From(ctx).Name, clock.Millis(ctx)
	return c
}

// editKinds changes a city's list; the first change makes it the city's own.
func (s *Service) editKinds(ctx context.Context, unit org.Unit, act, note string, edit func(list []Class) ([]Class, error)) (err error) {
	defer errs.Wrapf(&err, "aid.%s", act)
	return s.org.SetCity(ctx, unit, audit.Entry{Act: "aid.act." + act, Subject: Kind, Note: note}, func(ctx context.Context) error {
		list, err := s.Kinds(ctx, unit.Root())
		if err != nil {
			return err
		}
		if list, err = edit(list); err != nil {
			return err
		}
		var f errs.Fields
		names := map[string]bool{}
		for i := range list {
			c := &list[i]
			c.Name, c.En, c.Purposes = strings.TrimSpace(c.Name), strings.TrimSpace(c.En), strings.Join(c.For(), "\n")
			if c.Name == "" || letters(c.Name) == "" || names[c.Name] {
				f.Add("name", "aid.kind_twice")
			}
			names[c.Name] = true
			required(&f, "purposes", c.Purposes, "aid.purposes_missing")
			long(&f, "name", c.Name, maxShort)
			long(&f, "en", c.En, maxShort)
			for _, p := range c.For() {
				long(&f, "purposes", p, maxShort)
			}
		}
		if err := f.Err(); err != nil {
			return err
		}
		return s.store.setKinds(ctx, unit.Root(), list)
	})
}
