// Package scope says how far a person's rights reach: always subtrees, kept as ranges of places, so that a query
// filters on an indexed column of the record itself and never joins the tree or checks row by row.
//
// A place (pos) is a 13-digit integer made like the national code: 2 province, 2 city, 2 county, 3 township, 4 leaf.
package scope

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"xinhuo/internal/kit/id"
)

// Right is what a route asks of a person. Rights come with dated posts and expiring grants, not from check boxes.
type Right int

const (
	// None is the zero value: a route that declares it does not start.
	None Right = iota
	// Anyone needs no sign-in.
	Anyone
	// SignedIn needs an account, nothing more.
	SignedIn
	// Find sees names and public facts of the own province.
	Find
	// View sees the records of a subtree.
	View
	// Work writes records of a unit.
	Work
	// Admin manages accounts and units of a subtree.
	Admin
	// Audit reads the log.
	Audit
	// Operate looks after the program itself: what its pages say of it, its settings. Where the three administrators are not
	// kept apart (Actor.Apart), whoever has Admin has it, too.
	Operate
)

var names = map[Right]string{Anyone: "anyone", SignedIn: "signed-in", Find: "find", View: "view", Work: "work", Admin: "admin", Audit: "audit", Operate: "system"}

func (r Right) String() string { return names[r] }

// Range is a subtree: From <= pos < To.
type Range struct{ From, To int64 }

// MaxRanges bounds a scope, so that a query stays a handful of index ranges.
const MaxRanges = 16

// Set is the union of at most MaxRanges subtrees.
type Set []Range

// Contains tells whether the place lies inside.
func (s Set) Contains(pos int64) bool {
	for _, r := range s {
		if r.From <= pos && pos < r.To {
			return true
		}
	}
	return false
}

// Covers tells whether a whole subtree lies inside one of the ranges.
func (s Set) Covers(r Range) bool {
	for _, o := range s {
		if o.From <= r.From && r.To <= o.To {
			return true
		}
	}
	return false
}

// Within is the part of a set that lies in a range.
func (s Set) Within(r Range) Set {
	var out Set
	for _, x := range s {
		if x.From, x.To = max(x.From, r.From), min(x.To, r.To); x.From < x.To {
			out = append(out, x)
		}
	}
	return out
}

// SQL is the condition on a column, e.g. "(pos >= 99 AND pos < 100)"; an empty set lets nothing through. The numbers
// are written in place: they are integers of our own, and a plan must see them.
func (s Set) SQL(column string) string {
	if len(s) == 0 {
		return "(1 = 0)"
	}
	parts := make([]string, len(s))
	for i, r := range s {
		parts[i] = fmt.Sprintf("(%s >= %d AND %s < %d)", column, r.From, column, r.To)
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// All is the whole tree: for jobs and the command line, which act for the operator.
var All = Set{{0, 1 << 62}}

// Actor is who acts: resolved at each request from live posts and grants.
type Actor struct {
	Account id.ID  // 0 for anonymous and for the system
	Name    string // shown in histories
	Unit    id.ID  // the unit of the first post
	Pos     int64
	Role    string // text key of the post or grant, e.g. "org.post.office"
	// By right: the ranges in which it holds.
	FindSet, ViewSet, WorkSet, AdminSet, AuditSet, OperateSet Set

	Factor  int64 // instant (UTC ms) at which the session proved a second factor; 0: it did not
	Apart   bool  // the site keeps the three administrators apart: system, security, audit
	Auditor bool  // holds the log of some subtree (AuditSet)
	System  bool
}

// System acts for the operator: the command line, jobs, imports at start.
func System(name string) Actor {
	return Actor{Name: name, System: true, FindSet: All, ViewSet: All, WorkSet: All, AdminSet: All, AuditSet: All, OperateSet: All, Auditor: true}
}

// Set is the ranges in which the actor holds the right.
func (a Actor) Set(r Right) Set {
	switch r {
	case Anyone:
		return All
	case Find:
		return a.FindSet
	case View:
		return a.ViewSet
	case Work:
		return a.WorkSet
	case Admin:
		return a.AdminSet
	case Audit:
		return a.AuditSet
	case Operate:
		if a.Apart {
			return a.OperateSet
		}
		return append(slices.Clone(a.AdminSet), a.OperateSet...)
	default:
		return nil
	}
}

// SignedIn tells whether somebody is known to act.
func (a Actor) SignedIn() bool { return a.System || a.Account != 0 }

// May tells whether the actor holds the right at the place.
func (a Actor) May(r Right, pos int64) bool {
	switch r {
	case Anyone:
		return true
	case SignedIn:
		return a.SignedIn()
	case Audit:
		return a.Auditor
	}
	return a.Set(r).Contains(pos)
}

type key struct{}

// With puts the actor into the context.
func With(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, key{}, a) }

// From is the actor of the context; anonymous by default, so that a forgotten sign-in lets nobody in.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(key{}).(Actor)
	return a
}

// Join puts ranges together that touch or lie within each other, so that what lies below two units is asked once.
func Join(list []Range) Set {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Range) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To))
	})
	var out Set
	for _, r := range list {
		if n := len(out); n > 0 && r.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, r.To)
			continue
		}
		out = append(out, r)
	}
	return out
}

// Common is what two sets share.
func Common(a, b Set) Set {
	var out Set
	for _, r := range b {
		out = append(out, a.Within(r)...)
	}
	return Join(out)
}

// Widened lets the reader view, or also work at, one place more, where a module has asked for the right by a rule of its
// own. The person stays the same in histories and in the log.
func Widened(ctx context.Context, pos int64, work bool) context.Context {
	a := From(ctx)
	one := Range{From: pos, To: pos + 1}
	a.ViewSet = append(slices.Clone(a.ViewSet), one)
	if work {
		a.WorkSet = append(slices.Clone(a.WorkSet), one)
	}
	return With(ctx, a)
}
