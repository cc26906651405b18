package oracle_test

import (
	"os"
	"reflect"
	"testing"
	"time"

	"xinhuo/internal/app/demo"
	"xinhuo/internal/app/oracle"
)

var year2018 = &[2]string{"2018-01-01", "2019-01-01"}

// R88-R92, R150-R152, R171, R172, R204, R205: the figures of the speech. With
// XINHUO_CITY_DIR they are recounted on the exchange files found there; without
// it on the demonstration city of the same day, whose counts are made the same.
func TestFiguresOfTheSpeech(t *testing.T) {
	dir := os.Getenv("XINHUO_CITY_DIR")
	city, home, province := oracle.City{}, "C", "P"
	want := map[string]int64{
		"base.accredited": 119, "base.accredited_new7y": 77, "base.accredited_before7y": 42,
		"base.city_new7y": 34, "base.city": 34, "base.province": 2, "base.categories": 7,
		"unit.townships": 150, "reform.adopted": 87,
		"team.townships_5plus": 81, "team.townships_1to4": 21, "team.townships_none": 48,
		"project.signed": 29, "project.signed_fen": 101_000_000, "reform.adopted_under5": 6,
	}
	if dir == "" {
		made := demo.Generate(time.Date(2019, 5, 31, 0, 0, 0, 0, time.UTC), 1)
		city, home, province = made.Oracle(), made.Home, made.Province
		want["base.city"] = 40 // both readings of "34 of them" are told apart
	} else {
		var err error
		if city, err = oracle.ReadCSV(dir); err != nil {
			t.Fatal(err)
		}
	}
	got := oracle.Figures(city, home, "2019-05-31", year2018)
	for code, n := range want {
		if got[code].Value != n {
			t.Errorf("%s = %d, want %d", code, got[code].Value, n)
		}
	}
	share := oracle.Value{Share: true, Numerator: 87, Denominator: 150, Percent: "58.0"}
	if got["reform.adopted_share"] != share {
		t.Errorf("share = %+v", got["reform.adopted_share"])
	}
	if n := oracle.Figures(city, province, "2019-05-31", nil)["base.province"].Value; n != 12 {
		t.Errorf("plaques of the province = %d, want 12", n)
	}
	if len(got) != 16 || len(oracle.Codes) != 16 {
		t.Errorf("%d figures, %d codes", len(got), len(oracle.Codes))
	}
}

func TestCSVThereAndBack(t *testing.T) {
	want := oracle.Random(3, oracle.Medium)
	dir := t.TempDir()
	if err := oracle.WriteCSV(dir, want); err != nil {
		t.Fatal(err)
	}
	got, err := oracle.ReadCSV(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("the city read is not the city written")
	}
	if err := os.WriteFile(dir+"/team.csv", []byte("id,unit\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := oracle.ReadCSV(dir); err == nil {
		t.Error("a wrong header was read")
	}
}

// small is a city in which each rule can be seen alone.
func small() oracle.City {
	return oracle.City{
		Units: []oracle.Unit{
			{ID: "P", Level: "province", ValidFrom: "2000-01-01"},
			{ID: "C", Parent: "P", Level: "city", ValidFrom: "2000-01-01"},
			{ID: "X", Parent: "P", Level: "city", ValidFrom: "2000-01-01"},
			{ID: "A", Parent: "C", Level: "county", ValidFrom: "2000-01-01"},
			{ID: "B", Parent: "C", Level: "county", ValidFrom: "2000-01-01"},
			{ID: "A1", Parent: "A", Level: "township", ValidFrom: "2000-01-01"},
			{ID: "A2", Parent: "A", Level: "township", ValidFrom: "2000-01-01", ValidTo: "2018-09-01"},
			{ID: "V", Parent: "A1", Level: "village", ValidFrom: "2000-01-01"},
		},
	}
}

func figure(t *testing.T, c oracle.City, code, unit, day string, period *[2]string, want int64) {
	t.Helper()
	if got := oracle.Figures(c, unit, day, period)[code].Value; got != want {
		t.Errorf("%s at %s on %s = %d, want %d", code, unit, day, got, want)
	}
}

// R90: first granted day + 7 years > the as-of day; 29 February + n = 1 March.
func TestWindowEdges(t *testing.T) {
	c := small()
	c.Bases = []oracle.Base{{ID: "b", Host: "A2", Category: "法治"}}
	c.Accreditations = []oracle.Accreditation{{ID: "a", Base: "b", Level: "city", GrantedOn: "2012-02-29", Status: "granted"}}
	figure(t, c, "base.accredited", "C", "2012-02-28", nil, 0)
	figure(t, c, "base.accredited_new7y", "C", "2012-02-29", nil, 1)
	figure(t, c, "base.city_new7y", "C", "2019-02-28", nil, 1)
	figure(t, c, "base.accredited_new7y", "C", "2019-03-01", nil, 0)
	figure(t, c, "base.accredited_before7y", "C", "2019-03-01", nil, 1)
	figure(t, c, "base.city_new7y", "C", "2019-03-01", nil, 0)
	figure(t, c, "base.city", "C", "2019-03-01", nil, 1)
	// The host ended in 2018: the base stays with those above, not at the host.
	figure(t, c, "base.accredited", "A", "2019-03-01", nil, 1)
	figure(t, c, "base.accredited", "A2", "2019-03-01", nil, 0)
	// A plaque revoked long ago keeps the base out of the new ones.
	c.Accreditations = append(c.Accreditations, oracle.Accreditation{
		ID: "o", Base: "b", Level: "county", GrantedOn: "2005-01-01", RevokedOn: "2006-01-01", Status: "revoked"})
	figure(t, c, "base.accredited_new7y", "C", "2015-01-01", nil, 0)
	figure(t, c, "base.accredited", "C", "2005-12-31", nil, 1)
	figure(t, c, "base.accredited", "C", "2006-01-01", nil, 0)
	// One only submitted counts for nothing, not even as the first.
	c.Accreditations = []oracle.Accreditation{
		{ID: "s", Base: "b", Level: "city", GrantedOn: "2001-01-01", Status: "submitted"},
		{ID: "a", Base: "b", Level: "county", GrantedOn: "2015-01-01", Status: "granted"}}
	figure(t, c, "base.accredited_new7y", "C", "2019-01-01", nil, 1)
	figure(t, c, "base.city", "C", "2019-01-01", nil, 0)
}

// R57, R171, R172: own teams of standing townships only; the bound 5 included.
func TestTeamBands(t *testing.T) {
	c := small()
	add := func(unit, from, to, status string) {
		c.Teams = append(c.Teams, oracle.Team{ID: unit + from + string(rune('a'+len(c.Teams))), Unit: unit, FoundedOn: from, DissolvedOn: to, Status: status})
	}
	for range 4 {
		add("A1", "2016-01-01", "", "approved")
		add("A2", "2016-01-01", "", "approved")
		add("V", "2016-01-01", "", "approved")
		add("A", "2016-01-01", "", "approved")
	}
	add("A1", "2016-01-01", "", "submitted")
	add("A1", "2017-01-01", "2017-06-01", "approved")
	figure(t, c, "team.townships_none", "C", "2015-12-31", nil, 2)
	figure(t, c, "team.townships_1to4", "C", "2016-12-31", nil, 2)
	figure(t, c, "team.townships_5plus", "A1", "2017-01-01", nil, 1)
	figure(t, c, "team.townships_5plus", "A", "2017-05-31", nil, 1)
	figure(t, c, "team.townships_5plus", "C", "2017-06-01", nil, 0)
	figure(t, c, "team.townships_1to4", "C", "2018-08-31", nil, 2)
	figure(t, c, "team.townships_1to4", "C", "2018-09-01", nil, 1)
	figure(t, c, "unit.townships", "C", "2018-08-31", nil, 2)
	figure(t, c, "unit.townships", "C", "2018-09-01", nil, 1)
	figure(t, c, "unit.townships", "V", "2018-09-01", nil, 0)
	figure(t, c, "unit.townships", "A2", "2018-09-01", nil, 0)

	c.Reforms = []oracle.Reform{
		{Unit: "A1", AdoptedOn: "2016-06-30", RevokedOn: "2017-06-30", Status: "revoked"},
		{Unit: "A2", AdoptedOn: "2017-06-30", Status: "accepted"}}
	figure(t, c, "reform.adopted", "C", "2017-06-29", nil, 1)
	figure(t, c, "reform.adopted_under5", "C", "2017-05-31", nil, 0)
	figure(t, c, "reform.adopted_under5", "C", "2017-06-01", nil, 1)
	figure(t, c, "reform.adopted", "C", "2017-06-30", nil, 1)
	figure(t, c, "reform.adopted", "C", "2018-09-01", nil, 0)
	if got := oracle.Figures(c, "V", "2018-01-01", nil)["reform.adopted_share"]; got.Percent != "" || got.Denominator != 0 {
		t.Errorf("a village's share = %+v, want null", got)
	}
	if got := oracle.Figures(c, "C", "2018-01-01", nil)["reform.adopted_share"]; got.Percent != "50.0" {
		t.Errorf("share = %+v, want 50.0", got)
	}
}

// R204, R205: one contract = one number within a city; the highest version decides.
func TestContracts(t *testing.T) {
	c := small()
	p := func(id, no, unit, day, status string, fen int64, version int) {
		c.Projects = append(c.Projects, oracle.Project{ID: id, ContractNo: no, Unit: unit, SignedOn: day, Status: status, AmountFen: fen, Version: version})
	}
	p("1", "n1", "A", "2018-05-01", "signed", 100, 1)
	p("2", "n1", "C", "2018-05-01", "signed", 100, 1)
	p("3", "n1", "B", "2018-06-01", "signed", 70, 2)
	p("4", "n1", "X", "2018-05-01", "signed", 1000, 1)
	p("5", "n2", "A2", "2018-12-31", "signed", 5, 1)
	p("6", "n3", "A", "2019-01-01", "signed", 9, 1)
	p("7", "n4", "A", "2018-03-01", "signed", 9, 1)
	p("8", "n4", "A", "2018-03-01", "void", 9, 2)
	figure(t, c, "project.signed_fen", "A", "2018-12-31", year2018, 70)
	figure(t, c, "project.signed", "C", "2018-05-31", year2018, 0)
	figure(t, c, "project.signed_fen", "C", "2018-06-01", nil, 70)
	figure(t, c, "project.signed_fen", "P", "2018-06-01", nil, 1070)
	figure(t, c, "project.signed", "B", "2019-05-31", year2018, 1)
	figure(t, c, "project.signed", "C", "2019-05-31", nil, 1)
	// Its only reporter ended on 2018-09-01.
	figure(t, c, "project.signed", "A2", "2018-12-31", year2018, 0)
}
