package org

import (
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/table"
)

// Batch is a list of units that was read from a file: looked at, taken or undone as a whole.
type Batch struct {
	ID        id.ID  `db:"id"`
	Unit      id.ID  `db:"unit"` // below which it founds
	File      string `db:"file"`
	At        int64  `db:"at"` // unix milliseconds UTC
	Actor     id.ID  `db:"actor"`
	ActorName string `db:"actor_name"`
	State     string `db:"state"` // read, taken, undone
	Plan      string `db:"plan"`
}

func (b Batch) href() string { return "/units/import/" + b.ID.String() }

// ImportPlan is what a file would do: units to be founded, rows that stand in the tree as they are, and problems.
type ImportPlan struct {
	Units    []NewUnit
	Same     int // rows whose code stands in the tree already
	Bad      int // rows that are left out
	Problems []table.Problem
}

// columns of a list of units, in imports and exports alike.
func columns() []table.Column {
	level := table.Column{Key: "level", Titles: []string{"层级", "级别", "单位层级", "单位级别", "Level"}, Required: true, Kind: table.Choice}
	for _, l := range Levels {
		level.Choices = append(level.Choices, table.Option{Key: string(l), Titles: append(levelTitles[l], string(l))})
	}
	kind := table.Column{Key: "kind", Titles: []string{"类别", "Kind"}, Kind: table.Choice}
	for _, k := range []Kind{Town, Rural, Street, Joint, Private} {
		kind.Choices = append(kind.Choices, table.Option{Key: string(k), Titles: append(kindTitles[k], string(k))})
	}
	return []table.Column{
		{Key: "code", Titles: []string{"代码", "单位代码", "行政区划代码", "Code", "id"}, Required: true, Width: 18},
		{Key: "name", Titles: []string{"名称", "单位名称", "Name"}, Required: true, Width: 30},
		level, kind,
		{Key: "parent", Titles: []string{"上级代码", "上级", "上级单位代码", "上级单位", "Parent code", "Parent", "parent"}, Width: 18},
		{Key: "from", Titles: []string{"成立日期", "From", "valid_from"}, Kind: table.Day},
		{Key: "to", Titles: []string{"终止日期", "To", "valid_to"}, Kind: table.Day},
	}
}

var levelTitles = map[Level][]string{
	Nation: {"全国", "国家"}, Province: {"省", "省级", "自治区", "直辖市"}, City: {"市", "地市", "地级", "设区市"}, County: {"区县", "县", "区", "县级", "区（县）", "县（市、区）"},
	Township: {"乡镇（街道）", "乡镇", "镇", "乡", "街道", "乡镇街道", "乡级", "镇街"}, Village: {"村（社区）", "村", "社区", "村级"},
	Campus: {"学校"}, Enterprise: {"企业"}, Park: {"园区", "商贸区"}, Department: {"部门", "机关"},
}

var kindTitles = map[Kind][]string{Town: {"镇"}, Rural: {"乡"}, Street: {"街道"}, Joint: {"联合"}, Private: {"民营", "民营企业"}}

// dayOrOf is the day of a cell, or the other one for an empty cell.
func dayOrOf(v table.Value, other clock.Day) clock.Day {
	if !v.Set {
		return other
	}
	return clock.Day(v.Text)
}
