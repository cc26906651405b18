package oracle

import (
	"fmt"
	"sort"
	"time"
)

// Codes are the sixteen figures, in the order in which they are told.
var Codes = []string{
	"base.accredited", "base.accredited_new7y", "base.accredited_before7y", "base.city_new7y",
	"base.city", "base.province", "base.categories", "unit.townships",
	"reform.adopted", "reform.adopted_share",
	"team.townships_5plus", "team.townships_1to4", "team.townships_none",
	"project.signed", "project.signed_fen", "reform.adopted_under5",
}

// Value is the answer to one figure. Value is a count, or fen for money. A share
// has both terms; its Percent is in per cent with one decimal, rounded half up,
// and "" (null) when the denominator is 0; its Value is then unused.
type Value struct {
	Value       int64
	Share       bool
	Numerator   int64
	Denominator int64
	Percent     string
}

// Row is one record behind a figure. Code is the code of the base, team or unit,
// the number of a contract, or the value itself for a distinct figure. Unit is
// the host, the unit itself, or of a contract the first of its reporters inside
// the unit asked. Day is the day from which the record counts; "" for values and
// for units listed by their number of teams. Amount is 1, or fen for money.
type Row struct {
	Code   string
	Name   string
	Unit   string
	Day    string
	Amount int64
}

// Figures answers the sixteen figures of one unit as of a day. period is
// [from, to) for the contracts; nil means from 1 January of the as-of year to the
// as-of day, that day included. A period never reaches beyond the as-of day.
// A unit that does not exist at the day answers 0.
func Figures(c City, unit, asOf string, period *[2]string) map[string]Value {
	return newCount(c, asOf, period).figures(unit)
}

// AllFigures is Figures at every unit of c, by unit id.
func AllFigures(c City, asOf string, period *[2]string) map[string]map[string]Value {
	k := newCount(c, asOf, period)
	all := map[string]map[string]Value{}
	for _, u := range c.Units {
		all[u.ID] = k.figures(u.ID)
	}
	return all
}

// Evidence lists the records behind one figure, ordered by code: one row per
// record; of a distinct figure one per value; of a share its numerator's records;
// of a condition one per unit; of money the contracts with their amounts. The
// amounts sum to the figure. An unknown code panics: it is a mistake of the test.
func Evidence(c City, code, unit, asOf string, period *[2]string) []Row {
	return newCount(c, asOf, period).rows(code, unit)
}

// count is one question's view of the city.
type count struct {
	c        City
	asOf     string
	from, to string // contracts signed on from <= day < to
	units    map[string]Unit

	// The rows of c, put together once: a hundred thousand of them are asked about at each unit.
	granted   map[string][]Accreditation // by base
	teamsOf   map[string]int             // in force at the day, by unit
	contracts map[contract][]Project
	order     []contract // as they first come
}

// contract is one number within a city.
type contract struct{ city, no string }

func newCount(c City, asOf string, period *[2]string) count {
	k := count{c: c, asOf: asOf, units: map[string]Unit{}, granted: map[string][]Accreditation{}, teamsOf: map[string]int{}, contracts: map[contract][]Project{}}
	for _, u := range c.Units {
		k.units[u.ID] = u
	}
	for _, a := range c.Accreditations {
		k.granted[a.Base] = append(k.granted[a.Base], a)
	}
	for _, t := range c.Teams {
		if t.Status == "approved" && stands(t.FoundedOn, t.DissolvedOn, asOf) {
			k.teamsOf[t.Unit]++
		}
	}
	for _, p := range c.Projects {
		at := contract{k.cityOf(p.Unit), p.ContractNo}
		if len(k.contracts[at]) == 0 {
			k.order = append(k.order, at)
		}
		k.contracts[at] = append(k.contracts[at], p)
	}
	k.from, k.to = asOf[:4]+"-01-01", dayAfter(asOf)
	if period != nil {
		k.from = period[0]
		if period[1] < k.to {
			k.to = period[1]
		}
	}
	return k
}

func (k count) figures(unit string) map[string]Value {
	out := map[string]Value{}
	for _, code := range Codes {
		rows := k.rows(code, unit)
		var v Value
		for _, r := range rows {
			v.Value += r.Amount
		}
		if code == "reform.adopted_share" {
			v = share(int64(len(rows)), int64(len(k.rows("unit.townships", unit))))
		}
		out[code] = v
	}
	return out
}

func share(num, den int64) Value {
	v := Value{Share: true, Numerator: num, Denominator: den}
	if den > 0 {
		tenths := (num*2000 + den) / (den * 2)
		v.Percent = fmt.Sprintf("%d.%d", tenths/10, tenths%10)
	}
	return v
}

func (k count) rows(code, unit string) []Row {
	var rows []Row
	if k.exists(unit) {
		rows = k.find(code, unit)
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].Code < rows[j].Code })
	return rows
}

func (k count) find(code, unit string) []Row {
	switch code {
	case "base.accredited":
		return k.bases(unit, "", true, true)
	case "base.accredited_new7y":
		return k.bases(unit, "", true, false)
	case "base.accredited_before7y":
		return k.bases(unit, "", false, true)
	case "base.city_new7y":
		return k.bases(unit, "city", true, false)
	case "base.city":
		return k.bases(unit, "city", true, true)
	case "base.province":
		return k.bases(unit, "province", true, true)
	case "base.categories":
		return k.categories(unit)
	case "unit.townships":
		return k.townships(unit, func(u Unit) (string, bool) { return u.ValidFrom, true })
	case "reform.adopted", "reform.adopted_share":
		return k.townships(unit, func(u Unit) (string, bool) { return k.adopted(u.ID) })
	case "reform.adopted_under5":
		return k.townships(unit, func(u Unit) (string, bool) {
			day, ok := k.adopted(u.ID)
			return day, ok && k.teamsOf[u.ID] < 5
		})
	case "team.townships_5plus":
		return k.townships(unit, func(u Unit) (string, bool) { return "", k.teamsOf[u.ID] >= 5 })
	case "team.townships_1to4":
		return k.townships(unit, func(u Unit) (string, bool) { return "", k.teamsOf[u.ID] >= 1 && k.teamsOf[u.ID] <= 4 })
	case "team.townships_none":
		return k.townships(unit, func(u Unit) (string, bool) { return "", k.teamsOf[u.ID] == 0 })
	case "project.signed":
		return k.signed(unit, false)
	case "project.signed_fen":
		return k.signed(unit, true)
	}
	panic("oracle: no figure " + code)
}

// exists reports whether the unit stands at the as-of day.
func (k count) exists(id string) bool {
	u, ok := k.units[id]
	return ok && stands(u.ValidFrom, u.ValidTo, k.asOf)
}

// stands is the one rule of time: from its first day up to, not including, its end.
func stands(from, to, day string) bool {
	return from <= day && (to == "" || day < to)
}

// within reports whether id lies in the subtree of top, itself included.
func (k count) within(id, top string) bool {
	for steps := 0; id != "" && steps <= len(k.units); steps++ {
		if id == top {
			return true
		}
		id = k.units[id].Parent
	}
	return false
}

// cityOf is the nearest city above a unit, itself included; without one, its root.
func (k count) cityOf(id string) string {
	for steps := 0; steps <= len(k.units); steps++ {
		u := k.units[id]
		if u.Level == "city" || u.Parent == "" {
			return id
		}
		id = u.Parent
	}
	return id
}

// bases lists the bases of a subtree that hold an accreditation in force (of the
// given level, when one is given), new or old by the seven-year window.
func (k count) bases(unit, level string, wantNew, wantOld bool) []Row {
	var rows []Row
	for _, b := range k.c.Bases {
		if !k.within(b.Host, unit) {
			continue
		}
		holds, first := false, ""
		for _, a := range k.granted[b.ID] {
			if a.Status == "submitted" {
				continue
			}
			// The first granted day ever, of a plaque since revoked too.
			if first == "" || a.GrantedOn < first {
				first = a.GrantedOn
			}
			if (level == "" || a.Level == level) && stands(a.GrantedOn, a.RevokedOn, k.asOf) {
				holds = true
			}
		}
		if !holds {
			continue
		}
		isNew := yearsLater(first, 7) > k.asOf
		if isNew && wantNew || !isNew && wantOld {
			rows = append(rows, Row{b.ID, b.Name, b.Host, first, 1})
		}
	}
	return rows
}

func (k count) categories(unit string) []Row {
	var rows []Row
	holds, seen := map[string]bool{}, map[string]bool{}
	for _, r := range k.bases(unit, "", true, true) {
		holds[r.Code] = true
	}
	for _, b := range k.c.Bases {
		if holds[b.ID] && !seen[b.Category] {
			seen[b.Category] = true
			rows = append(rows, Row{b.Category, b.Category, "", "", 1})
		}
	}
	return rows
}

// townships lists the townships of a subtree that exist at the day and meet a
// test, which also tells since when.
func (k count) townships(unit string, test func(Unit) (string, bool)) []Row {
	var rows []Row
	for _, u := range k.c.Units {
		if u.Level != "township" || !k.exists(u.ID) || !k.within(u.ID, unit) {
			continue
		}
		if day, ok := test(u); ok {
			rows = append(rows, Row{u.ID, u.Name, u.ID, day, 1})
		}
	}
	return rows
}

// adopted tells since when a unit has the reform model, accepted and not revoked.
func (k count) adopted(unit string) (string, bool) {
	for _, r := range k.c.Reforms {
		if r.Unit == unit && r.Status != "submitted" && stands(r.AdoptedOn, r.RevokedOn, k.asOf) {
			return r.AdoptedOn, true
		}
	}
	return "", false
}

// signed lists the contracts signed in the period and in force that a unit of
// the subtree has reported, once per number within a city, by the highest version
// of any reporter of that city.
//
// A signing is done, not open: what a unit signed while it stood stays counted on
// its day after the unit has ended; what is dated from its end on is in no count.
// Its versions still decide for the others.
// Of two rows of one version the one with the smaller id decides, so that the
// order of rows never matters.
func (k count) signed(unit string, money bool) []Row {
	var rows []Row
	for _, at := range k.order {
		last, reporter := Project{Version: -1}, ""
		for _, q := range k.contracts[at] {
			if q.Version > last.Version || q.Version == last.Version && q.ID < last.ID {
				last = q
			}
		}
		for _, q := range k.contracts[at] {
			if !k.within(q.Unit, unit) {
				continue
			}
			ended := k.units[q.Unit].ValidTo
			if (ended == "" || last.SignedOn < ended) && (reporter == "" || q.Unit < reporter) {
				reporter = q.Unit
			}
		}
		if reporter == "" || last.Status != "signed" || last.SignedOn < k.from || last.SignedOn >= k.to {
			continue
		}
		row := Row{last.ContractNo, last.ContractNo, reporter, last.SignedOn, 1}
		if money {
			row.Amount = last.AmountFen
		}
		rows = append(rows, row)
	}
	return rows
}

// yearsLater adds years to a day; 29 February becomes 1 March in a common year.
func yearsLater(day string, years int) string {
	return parse(day).AddDate(years, 0, 0).Format(time.DateOnly)
}

func dayAfter(day string) string {
	return parse(day).AddDate(0, 0, 1).Format(time.DateOnly)
}

// parse reads a day; the rows are the test's own, so a wrong one is a mistake there.
func parse(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic("oracle: " + err.Error())
	}
	return t
}
