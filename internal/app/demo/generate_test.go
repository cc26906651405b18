package demo_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/app/demo"
	"xinhuo/internal/app/oracle"
)

// days on which the generator is tried: the speech's, a late one, a leap day, and
// the first and last of a year.
var days = []string{"2019-05-31", "2026-11-23", "2028-02-29", "2027-01-01", "2025-12-31", "2026-03-01"}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func lastYear(d time.Time) *[2]string {
	return &[2]string{time.Date(d.Year()-1, 1, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly),
		time.Date(d.Year(), 1, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)}
}

// R89-R92, R100, R150-R152, R171, R172, R204, R205: whatever the day, the city
// opens on the figures that people know.
func TestFiguresOnAnyDay(t *testing.T) {
	want := map[string]int64{
		"base.accredited": 119, "base.accredited_new7y": 77, "base.accredited_before7y": 42, "base.city_new7y": 34,
		"base.city": 40, "base.province": 2, "base.categories": 7, "unit.townships": 150, "reform.adopted": 87,
		"team.townships_5plus": 81, "team.townships_1to4": 21, "team.townships_none": 48,
		"project.signed": 29, "project.signed_fen": 101_000_000, "reform.adopted_under5": 6,
	}
	for _, s := range days {
		for seed := range uint64(3) {
			d := day(t, s)
			c := demo.Generate(d, seed)
			o := c.Oracle()
			got := oracle.Figures(o, c.Home, s, lastYear(d))
			for code, n := range want {
				if got[code].Value != n {
					t.Errorf("%s seed %d: %s = %d, want %d", s, seed, code, got[code].Value, n)
				}
			}
			if p := got["reform.adopted_share"].Percent; p != "58.0" {
				t.Errorf("%s: share %s", s, p)
			}
			if n := oracle.Figures(o, c.Province, s, nil)["base.province"].Value; n != 12 {
				t.Errorf("%s: the province's plaques = %d", s, n)
			}
			for code, rows := range map[string]int{"accreditations": len(o.Accreditations), "teams": len(o.Teams)} {
				if code == "teams" && (rows < 490 || rows > 540) || code != "teams" && (rows < 145 || rows > 185) {
					t.Errorf("%s: %d %s", s, rows, code)
				}
			}
		}
	}
}

// R104, R99: run modes and the main categories make up the 119; the matrix has gaps.
func TestBasesAddUp(t *testing.T) {
	c := demo.Generate(day(t, "2026-11-23"), 1)
	o := c.Oracle()
	modes, cats, cells := map[string]int{}, map[string]int{}, map[string]int{}
	for _, r := range oracle.Evidence(o, "base.accredited", c.Home, c.Day, nil) {
		for _, b := range c.Bases {
			if b.Code == r.Code {
				modes[b.RunMode]++
				cats[b.Category]++
				cells[b.Host[:6]+b.Category]++
			}
		}
	}
	if modes["self"] != 71 || modes["other"] != 48 {
		t.Errorf("run modes %v", modes)
	}
	if len(cats) != len(c.Categories) || len(c.Categories) != 7 {
		t.Errorf("categories %v", cats)
	}
	if gaps := 70 - len(cells); gaps < 8 || gaps > 30 {
		t.Errorf("%d empty cells of 70", gaps)
	}
}

// R200: over the years the figures grow.
func TestGrowth(t *testing.T) {
	for _, s := range days {
		d := day(t, s)
		c := demo.Generate(d, 1)
		o := c.Oracle()
		before := map[string]int64{}
		for back := 5; back >= 0; back-- {
			asOf := d.AddDate(-back, 0, 0)
			got := oracle.Figures(o, c.Home, asOf.Format(time.DateOnly), lastYear(asOf))
			for _, code := range []string{"base.accredited", "reform.adopted", "team.townships_5plus", "project.signed", "base.city"} {
				if n := got[code].Value; n < before[code] {
					t.Errorf("%s: %s fell from %d to %d, %d years ago", s, code, before[code], n, back)
				}
				before[code] = got[code].Value
			}
			if back == 5 && (before["project.signed"] == 0 || before["base.accredited"] < 45) {
				t.Errorf("%s: five years ago there is nothing: %v", s, before)
			}
		}
	}
}

func TestSameDaySameCity(t *testing.T) {
	d := day(t, "2026-11-23")
	a, b := demo.Generate(d, 7), demo.Generate(d.Add(9*time.Hour), 7)
	if !reflect.DeepEqual(a, b) {
		t.Error("one day gave two cities")
	}
	if reflect.DeepEqual(a, demo.Generate(d, 8)) {
		t.Error("two seeds gave one city")
	}
}

// Every code, name, document number and reference holds.
func TestRegister(t *testing.T) {
	for _, s := range days {
		c := demo.Generate(day(t, s), 1)
		seen := map[string]bool{}
		once := func(kind, key string) {
			t.Helper()
			if key == "" || seen[kind+key] {
				t.Errorf("%s: %s %q is empty or stands twice", s, kind, key)
			}
			seen[kind+key] = true
		}
		for _, u := range c.Units {
			if u.Parent != "" && !seen["unit"+u.Parent] {
				t.Errorf("%s comes before its parent", u.Name)
			}
			once("unit", u.Code)
			once("unit name", u.Name)
			if u.FoundingDoc != "" {
				once("document", u.FoundingDoc)
			}
			if (u.ValidTo != "") != (u.Successor != "" && u.EndDocNo != "") {
				t.Errorf("%s ends without a successor or a document", u.Name)
			}
			for _, mem := range u.Members {
				if !seen["unit"+mem] && !strings.HasPrefix(mem, u.Parent) {
					t.Errorf("member %s of %s", mem, u.Name)
				}
			}
		}
		known := func(code string) {
			t.Helper()
			if !seen["unit"+code] {
				t.Errorf("%s: no unit %q", s, code)
			}
		}
		for _, b := range c.Bases {
			once("base", b.Code)
			once("base name", b.Name)
			known(b.Host)
			if strings.ContainsAny(b.Name, "0123456789") || b.Manager == "" || b.Owner == "" || b.Contact == "" || !strings.HasPrefix(b.Phone, "0500-555") {
				t.Errorf("base %+v", b)
			}
			if len(b.Items) != 7 || len(b.Secondary) > 2 {
				t.Errorf("%s has %d items, %v", b.Name, len(b.Items), b.Secondary)
			}
			for _, a := range b.Accreditations {
				once("accreditation", a.Code)
				known(a.Issuer)
				if a.Status != "submitted" {
					once("document", a.DocNo)
				}
				if a.Status == "revoked" {
					once("document", a.RevokeDocNo)
				}
			}
			if (b.RunMode == "other") != (len(b.Agreements) > 0) {
				t.Errorf("%s: %s with %d agreements", b.Name, b.RunMode, len(b.Agreements))
			}
			for _, a := range b.Agreements {
				once("document", a.No)
			}
		}
		for _, m := range c.Teams {
			once("team", m.Code)
			once("team name", m.Name)
			known(m.Unit)
			if m.ApprovedOn != "" {
				once("document", m.ApprovalDoc)
			}
		}
		for _, a := range c.Adoptions {
			once("adoption", a.Unit)
			known(a.Unit)
			if a.AdoptedOn != "" {
				once("document", a.DocNo)
			}
		}
		for _, k := range c.Contracts {
			once("contract", k.City+k.No)
			for _, r := range k.Reports {
				once("report", r.Code)
				known(r.Unit)
			}
		}
		for _, a := range c.Accounts {
			once("login", a.Login)
			known(a.Unit)
			held := a.Grant != "" || a.Body != ""
			for _, p := range c.Posts {
				held = held || p.Unit == a.Unit && p.Kind == a.Post && p.Holder == a.Name && p.To == ""
			}
			if !held {
				t.Errorf("%s holds no post and no grant, and stands for no body", a.Login)
			}
		}
		if n := len(c.Adoptions); n >= 150 || n < 130 {
			t.Errorf("%d of 150 townships have a plan or an adoption, want a few without", n) // R149
		}
	}
}

// Every day is one, nothing ends before it begins, and nothing lies ahead of the
// day but plans, expiries, terms and three decisions whose first day is to come.
func TestDays(t *testing.T) {
	ahead := map[string]bool{"DueOn": true, "Until": true, "TermUntil": true, "PlannedOn": true, "GrantUntil": true, "EndsOn": true, "ServedBy": true}
	for _, s := range days {
		c := demo.Generate(day(t, s), 1)
		later := []string{}
		var walk func(path string, v reflect.Value)
		walk = func(path string, v reflect.Value) {
			switch v.Kind() {
			case reflect.Slice:
				for i := range v.Len() {
					walk(path, v.Index(i))
				}
			case reflect.Pointer:
				if !v.IsNil() {
					walk(path, v.Elem())
				}
			case reflect.Struct:
				for i := range v.NumField() {
					walk(path+"."+v.Type().Field(i).Name, v.Field(i))
				}
			case reflect.String:
				field := path[strings.LastIndex(path, ".")+1:]
				text := v.String()
				named := strings.HasSuffix(field, "On") || field == "Day" || field == "From" && !strings.HasSuffix(path, "Receipts.From") ||
					field == "To" || field == "ValidFrom" || field == "ValidTo" || field == "Signed" || field == "VacantSince" || field == "Since" || ahead[field]
				if !named || text == "" {
					return
				}
				if _, err := time.Parse(time.DateOnly, text); err != nil {
					t.Errorf("%s: %s = %q is no day", s, path, text)
				}
				if text > c.Day && !ahead[field] {
					later = append(later, path+" "+text)
				}
			}
		}
		walk("City", reflect.ValueOf(c))
		// A plaque, a team that begins, the wished day of proposed ones, an adoption.
		if len(later) < 4 || len(later) > 8 {
			t.Errorf("%s: ahead of the day lie %q", s, later)
		}
		for _, p := range later {
			if !strings.Contains(p, "GrantedOn") && !strings.Contains(p, "FoundedOn") && !strings.Contains(p, "AdoptedOn") {
				t.Errorf("%s: %s", s, p)
			}
		}
		ordered(t, c)
	}
}

func ordered(t *testing.T, c demo.City) {
	t.Helper()
	span := func(what, from, to string) {
		t.Helper()
		if to != "" && to <= from {
			t.Errorf("%s: %s runs from %s to %s", c.Day, what, from, to)
		}
	}
	for _, u := range c.Units {
		span(u.Name, u.ValidFrom, u.ValidTo)
		for _, l := range u.Leaders {
			span(u.Name+l.Name, l.From, l.To)
		}
		for _, l := range u.Party {
			span(u.Name+l.Org, l.From, l.To)
		}
	}
	for _, p := range c.Posts {
		span(p.Unit+p.Kind, p.From, p.To)
		span(p.Unit+p.Kind, p.From, p.TermUntil)
	}
	for _, b := range c.Bases {
		standing := false
		for _, a := range b.Accreditations {
			span(a.Code, a.GrantedOn, a.RevokedOn)
			if a.GrantedOn != "" {
				span(a.Code+" application", a.AppliedOn, a.GrantedOn)
			}
			for i := 1; i < len(a.Steps); i++ {
				if a.Steps[i].Day < a.Steps[i-1].Day {
					t.Errorf("%s: steps of %s go back", c.Day, a.Code)
				}
			}
			standing = standing || a.Status == "granted"
		}
		for i, a := range b.Agreements {
			span(b.Name, a.From, a.Until)
			if i > 0 && b.Agreements[i-1].Until != a.From {
				t.Errorf("%s: a gap between the agreements of %s", c.Day, b.Name) // R107
			}
		}
		if n := len(b.Agreements); n > 0 && standing && (b.Agreements[n-1].Until <= c.Day || b.Agreements[0].From > b.Accreditations[0].GrantedOn) {
			t.Errorf("%s: %s counts without an agreement", c.Day, b.Name) // R107
		}
		for _, p := range b.Plans {
			span(b.Name+p.Title, p.OpenedOn, p.ClosedOn)
			if (p.ClosedOn != "") != (p.After != "") {
				t.Errorf("%s: %s closed without before and after", c.Day, p.Title) // R95
			}
		}
	}
	for _, m := range c.Teams {
		span(m.Name, m.FoundedOn, m.DissolvedOn)
		if m.ApprovedOn != "" && (m.ApprovedOn > m.FoundedOn || m.ProposedOn > m.ApprovedOn) {
			t.Errorf("%s: %s proposed %s approved %s founded %s", c.Day, m.Name, m.ProposedOn, m.ApprovedOn, m.FoundedOn)
		}
	}
	for _, a := range c.Adoptions {
		span(a.Unit, a.AdoptedOn, a.RevokedOn)
	}
}

// The home page has something to do: R10, R95, R106, R193.
func TestWorkIsDue(t *testing.T) {
	for _, s := range days {
		d := day(t, s)
		c := demo.Generate(d, 1)
		week, month := d.AddDate(0, 0, 14).Format(time.DateOnly), d.AddDate(0, 0, 45).Format(time.DateOnly)
		quarter := d.AddDate(0, -3, 0).Format(time.DateOnly)
		n := map[string]int{}
		for _, b := range c.Bases {
			for _, a := range b.Agreements {
				if a.Until > c.Day && a.Until <= month {
					n["agreements running out"]++
				}
			}
			for _, a := range b.Accreditations {
				if a.Status == "submitted" && a.DueOn <= week {
					n["applications"]++
				}
			}
			for _, k := range b.Checks {
				if k.DoneOn == "" && k.DueOn < c.Day {
					n["checks late"]++
				} else if k.DoneOn == "" && k.DueOn <= week {
					n["checks due"]++
				}
			}
		}
		for _, a := range c.Adoptions {
			if a.Status == "planned" && a.PlannedOn < c.Day {
				n["adoptions late"]++
			} else if a.Status == "planned" && a.PlannedOn <= week {
				n["adoptions planned"]++
			}
			if len(a.Slips) > 0 {
				n["slips"]++
			}
			if a.Status == "submitted" {
				n["adoptions handed in"]++
			}
		}
		for _, p := range c.Seats {
			if p.VacantSince != "" && p.VacantSince < quarter {
				n["long vacancies"]++
			}
		}
		for what, least := range map[string]int{"agreements running out": 3, "applications": 4, "checks late": 2, "checks due": 2,
			"adoptions late": 3, "adoptions planned": 3, "adoptions handed in": 2, "slips": 8, "long vacancies": 2} {
			if n[what] < least {
				t.Errorf("%s: %d %s, want at least %d", s, n[what], what, least)
			}
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	d := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		demo.Generate(d, 1)
	}
}
