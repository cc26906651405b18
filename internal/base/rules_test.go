package base_test

import (
	"slices"
	"testing"

	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/org"
)

var shipped = []base.Category{{Name: "法治", Aliases: "法制、法治教育"}, {Name: "国防"}}

func sound() base.Base {
	return base.Base{Code: "B1", Name: "桥头军史馆", Host: 3, RunMode: base.Self, Category: "国防", Accreditations: []base.Accreditation{
		{ID: 1, Level: org.City, Issuer: base.Body{Unit: 2}, GrantedOn: "2015-01-01", Status: base.Granted},
		{ID: 2, Level: org.Province, Issuer: base.Body{Unit: 1}, GrantedOn: "2017-01-01", RevokedOn: "2018-01-01", Status: base.Revoked},
		{ID: 3, Level: org.Nation, Issuer: base.Body{Name: "外单位"}, GrantedOn: "2010-01-01", Status: base.Submitted}}}
}

func TestWhatFollowsFromPlaques(t *testing.T) { // R91, R96
	b := sound()
	if b.FirstGranted() != "2015-01-01" || b.LastGranted() != "2017-01-01" || b.TopLevel() != org.Province {
		t.Errorf("first %s, last %s, top %s", b.FirstGranted(), b.LastGranted(), b.TopLevel())
	}
	for day, want := range map[clock.Day]bool{"2014-12-31": false, "2015-01-01": true, "2030-01-01": true} {
		if b.Standing(day) != want {
			t.Errorf("standing on %s: %v", day, !want)
		}
	}
}

func TestWhatHasToBeChanged(t *testing.T) {
	for name, c := range map[string]struct {
		break_ func(b *base.Base)
		field  string
	}{
		"no name":                   {func(b *base.Base) { b.Name = "" }, "name"},
		"no host":                   {func(b *base.Base) { b.Host = 0 }, "host"},
		"unknown run mode":          {func(b *base.Base) { b.RunMode = "x" }, "run_mode"},
		"unknown category":          {func(b *base.Base) { b.Category = "烹饪" }, "category"},
		"unknown second category":   {func(b *base.Base) { b.Secondary = []string{"烹饪"} }, "secondary"},
		"less than nobody":          {func(b *base.Base) { b.Capacity = -1 }, "capacity"},
		"revoked before granted":    {func(b *base.Base) { b.Accreditations[1].RevokedOn = "2016-12-31" }, "accreditations.1.revoked_on"},
		"granted on no day":         {func(b *base.Base) { b.Accreditations[0].GrantedOn = "" }, "accreditations.0.granted_on"},
		"a day that does not exist": {func(b *base.Base) { b.Accreditations[0].GrantedOn = "2019-02-30" }, "accreditations.0.granted_on"},
		"revoked without a day":     {func(b *base.Base) { b.Accreditations[0].Status = base.Revoked }, "accreditations.0.revoked_on"},
		"a level that gives none":   {func(b *base.Base) { b.Accreditations[0].Level = org.Village }, "accreditations.0.level"},
		"given by nobody":           {func(b *base.Base) { b.Accreditations[0].Issuer = base.Body{} }, "accreditations.0.issuer"},
		"ends before it begins": {func(b *base.Base) {
			b.Agreements = []base.Agreement{{Document: "1", Parties: "甲", From: "2019-01-02", To: "2019-01-02"}}
		}, "agreements.0.to"},
		"agreement without document": {func(b *base.Base) { b.Agreements = []base.Agreement{{Parties: "甲", From: "2019-01-02"}} }, "agreements.0.document"},
		"met without evidence":       {func(b *base.Base) { b.Items = []base.ItemState{{Item: "x", Met: true, Day: "2019-01-01"}} }, "items.0.evidence"},
		"checked by nobody":          {func(b *base.Base) { b.Checks = []base.Check{{Year: 2019, Day: "2019-01-01", Result: "pass"}} }, "checks.0.by"},
		"closed without after": { // R95
			func(b *base.Base) {
				b.Plans = []base.Plan{{Title: "x", OpenedOn: "2019-01-01", ClosedOn: "2019-02-01", Before: "漏雨"}}
			}, "plans.0.after"},
		"due before opened": {func(b *base.Base) {
			b.Plans = []base.Plan{{Title: "x", OpenedOn: "2019-02-01", DueOn: "2019-01-31"}}
		}, "plans.0.due_on"},
		"seven photos": {func(b *base.Base) { b.Photos = make([]base.Photo, 7) }, "photo"},
	} {
		b := sound()
		c.break_(&b)
		var e *errs.Error
		if err := b.Check(shipped); err == nil {
			t.Errorf("%s: nothing said", name)
		} else if e, _ = err.(*errs.Error); e == nil || !slices.ContainsFunc(e.Fields, func(f errs.Field) bool { return f.Name == c.field }) {
			t.Errorf("%s: %v, want %s", name, err, c.field)
		}
	}
	b := sound()
	if err := b.Check(shipped); err != nil {
		t.Errorf("a sound base: %v", err)
	}
}

func TestTidyWritesCategoriesByTheirNames(t *testing.T) { // R100: 法制 is 法治
	b := base.Base{Name: "  桥头 军史馆 ", Category: "法制", Secondary: []string{"国防", "法治教育", "国防"}, Items: []base.ItemState{{Item: "old"}, {Item: "b", Met: true}}}
	b.Tidy(shipped, []base.StandardItem{{Code: "a"}, {Code: "b"}})
	if b.Category != "法治" || len(b.Secondary) != 1 || b.Name != "桥头军史馆" {
		t.Errorf("%q, %q, %v", b.Name, b.Category, b.Secondary)
	}
	if len(b.Items) != 2 || b.Items[0].Met || !b.Items[1].Met {
		t.Errorf("items: %+v", b.Items)
	}
}

func TestSecondEyesForOldPlaquesAlone(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(b *base.Base)
		want bool
	}{
		"name":             {func(b *base.Base) { b.Name = "x" }, false},
		"document":         {func(b *base.Base) { b.Accreditations[0].Document = "x" }, false},
		"a new one":        {func(b *base.Base) { b.Accreditations = append(b.Accreditations, base.Accreditation{ID: 9}) }, false},
		"a submitted one":  {func(b *base.Base) { b.Accreditations[2].Level = org.City }, false},
		"level":            {func(b *base.Base) { b.Accreditations[0].Level = org.County }, true},
		"granted":          {func(b *base.Base) { b.Accreditations[0].GrantedOn = "2015-01-02" }, true},
		"revoked":          {func(b *base.Base) { b.Accreditations[1].RevokedOn = "2018-01-02" }, true},
		"taken out":        {func(b *base.Base) { b.Accreditations = b.Accreditations[1:] }, true},
		"changed key":      {func(b *base.Base) { b.Accreditations[0].ID = id.ID(77) }, true},
		"nothing whatever": {func(*base.Base) {}, false},
	} {
		b := sound()
		c.edit(&b)
		if got := base.SecondEyes(sound(), b, today); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	fresh := sound()
	fresh.Accreditations[0].GrantedOn = "2019-05-20"
	changed := sound()
	if base.SecondEyes(fresh, changed, today) {
		t.Error("a plaque of eleven days asks for second eyes")
	}
}
