package org

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Level is a layer of the tree. Levels below the township, and committees of schools, enterprises, parks and
// departments that hang under any level, all take leaf digits of the place.
type Level string

const (
	Nation     Level = "nation"
	Province   Level = "province"
	City       Level = "city"
	County     Level = "county"
	Township   Level = "township"
	Village    Level = "village"
	Campus     Level = "campus"     // a school's committee
	Enterprise Level = "enterprise" // R26
	Park       Level = "park"       // an industrial park or trade district (R54); joint committees (R55)
	Department Level = "department"
)

// Levels lists all levels from the top down.
var Levels = []Level{Nation, Province, City, County, Township, Village, Campus, Enterprise, Park, Department}

// Kind divides a level: a township is a town (镇), a township (乡) or a street (街道); one level, several kinds (R11).
type Kind string

const (
	Town    Kind = "town"
	Rural   Kind = "rural" // 乡
	Street  Kind = "street"
	Joint   Kind = "joint"   // a regional joint committee with members (R55)
	Private Kind = "private" // a private enterprise (R31)
)

// Span is the width of a level's subtree in places: 2 province, 2 city, 2 county, 3 township, 4 leaf digits.
func (l Level) Span() int64 {
	switch l {
	case Nation:
		return 1e13
	case Province:
		return 1e11
	case City:
		return 1e9
	case County:
		return 1e7
	case Township:
		return 1e4
	default:
		return 1
	}
}

// Below is the next regular level down; empty for leaves.
func (l Level) Below() Level {
	switch l {
	case Nation:
		return Province
	case Province:
		return City
	case City:
		return County
	case County:
		return Township
	case Township:
		return Village
	}
	return ""
}

// RootOf is the four-digit city code of a place, the key by which a distributed engine shards.
func RootOf(pos int64) int64 { return pos / 1e9 }

// Enclosing are the places that a unit above, or at, a place can have, from the top down.
func Enclosing(pos int64) []int64 {
	return []int64{0, pos / 1e11 * 1e11, pos / 1e9 * 1e9, pos / 1e7 * 1e7, pos / 1e4 * 1e4, pos}
}

// Unit is a node of the tree as it stands on one day: its name, level and place are dated relations.
type Unit struct {
	ID     id.ID     `json:"id" db:"id"`
	Code   string    `json:"code" db:"code"` // the external code: a division code, or the key of an imported list; unique, never reused
	Name   string    `json:"name" db:"name"`
	Level  Level     `json:"level" db:"level"`
	Kind   Kind      `json:"kind" db:"kind"`
	Pos    int64     `json:"-" db:"pos"`
	Parent id.ID     `json:"parent" db:"parent"`   // 0 at the top
	From   clock.Day `json:"from" db:"from_day"`   // founded (the day of the approval, R52)
	To     clock.Day `json:"to" db:"to_day"`       // first day on which it no longer stands; "" = stands
	Heir   id.ID     `json:"heir" db:"heir"`       // took over on To; 0 when nobody did
	Formed clock.Day `json:"formed" db:"formed"`   // its committee was approved on this day; "" = a body that has none yet
	Ver    int64     `json:"version" db:"version"` // rises with every change of the tree that touches the unit
}

// Range is the unit's subtree.
func (u Unit) Range() scope.Range { return scope.Range{From: u.Pos, To: u.Pos + u.Level.Span()} }

// Root is the unit's city code.
func (u Unit) Root() int64 { return RootOf(u.Pos) }

// StandsOn tells whether the unit exists on the day.
func (u Unit) StandsOn(d clock.Day) bool { return clock.Covers(u.From, u.To, d) }

// Place is where a unit stood over a span of days. A pos is never reused.
type Place struct {
	Unit   id.ID     `db:"unit"`
	Pos    int64     `db:"pos"`
	Parent id.ID     `db:"parent"`
	From   clock.Day `db:"from_day"`
	To     clock.Day `db:"to_day"`
}

// Changed is published in the same transaction whenever something about a unit changes that figures depend on:
// founding, merging, splitting, moving, closing, and taking one of these back. It carries the whole state after the
// change, so that a listener needs no memory. When a unit is told of, so are the units that it has taken over, after it
// and through chains of heirs: what was theirs stands at the heir's place.
type Changed struct {
	Unit   id.ID
	Level  Level
	Kind   Kind
	From   clock.Day
	To     clock.Day
	Places []Place // in order; the last one is today's
	// Heir takes over the unit's records from To on (a merger); 0 when nobody does.
	Heir id.ID
	// New tells that the unit has just been founded: nothing is filed under it yet, so that there is nothing to take along.
	New bool
}
