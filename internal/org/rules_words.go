package org

import (
	"slices"
	"strings"
)

// tableLevels are the levels as tables name them; the first is written.
var tableLevels = map[Level][]string{Province: {"省"}, City: {"市"}, County: {"区县", "县"}, Township: {"乡镇", "乡镇（街道）", "乡镇街道"}, Village: {"村社区", "村（社区）", "村"},
	Campus: {"学校"}, Enterprise: {"企业"}, Park: {"园区"}, Department: {"部门"}}

var tableKinds = map[Kind]string{Town: "镇", Rural: "乡", Street: "街道"}

// Word is the level as a table names it.
func (l Level) Word() string {
	if w := tableLevels[l]; len(w) > 0 {
		return w[0]
	}
	return string(l)
}

// Word is the kind of township as a table names it.
func (k Kind) Word() string { return tableKinds[k] }

// LevelNamed reads a level from a cell of a table.
func LevelNamed(word string) (Level, bool) {
	for l, words := range tableLevels {
		if string(l) == word || slices.Contains(words, word) {
			return l, true
		}
	}
	return "", false
}

// TownKindNamed reads a kind of township from a cell of a table.
func TownKindNamed(word string) (Kind, bool) {
	for k, w := range tableKinds {
		if string(k) == word || w == word {
			return k, true
		}
	}
	return "", false
}

// Committee is how official papers name the committee of a unit; a name that says that it is a committee stays.
func Committee(name string) string { return committee(name, "关心下一代工作委员会") }

// CommitteeShort is the same as papers write it between others: 稻香镇关工委.
func CommitteeShort(name string) string { return committee(name, "关工委") }

// Names tells whether a typed name means a unit: its own name, or that with 关工委 behind it, as people write it.
func Names(unit, typed string) bool {
	return typed == unit || typed == CommitteeShort(unit) || typed == Committee(unit)
}

// OfCommittee is a typed name without 关工委 behind it, by which the unit is looked for.
func OfCommittee(typed string) string {
	for _, ending := range []string{"关心下一代工作委员会", "关工委"} {
		if rest := strings.TrimSuffix(typed, ending); rest != "" {
			typed = rest
		}
	}
	return typed
}

func committee(name, ending string) string {
	if strings.Contains(name, "委员会") || strings.Contains(name, "关工委") {
		return name
	}
	return name + ending
}
