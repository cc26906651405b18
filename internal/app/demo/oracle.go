package demo

import "xinhuo/internal/app/oracle"

// Oracle flattens the city to the rows of the exchange format, in which units go
// by their codes. An application under way carries the day it was handed in where
// the format wants the day of the grant, and a proposed team the day wished for;
// townships that only plan the reform have no row.
func (c City) Oracle() oracle.City {
	var o oracle.City
	for _, u := range c.Units {
		o.Units = append(o.Units, oracle.Unit{ID: u.Code, Parent: u.Parent, Level: u.Level, Name: u.Name, ValidFrom: u.ValidFrom, ValidTo: u.ValidTo})
	}
	for _, b := range c.Bases {
		o.Bases = append(o.Bases, oracle.Base{ID: b.Code, Host: b.Host, Name: b.Name, Category: b.Category, RunMode: b.RunMode})
		for _, a := range b.Accreditations {
			row := oracle.Accreditation{ID: a.Code, Base: b.Code, Level: a.Level, Issuer: a.Issuer, GrantedOn: a.GrantedOn, RevokedOn: a.RevokedOn, Status: a.Status}
			if a.Status == "submitted" {
				row.GrantedOn = a.AppliedOn
			}
			o.Accreditations = append(o.Accreditations, row)
		}
	}
	for _, t := range c.Teams {
		o.Teams = append(o.Teams, oracle.Team{ID: t.Code, Unit: t.Unit, Need: t.Need, FoundedOn: t.FoundedOn, DissolvedOn: t.DissolvedOn, Status: t.Status})
	}
	for _, a := range c.Adoptions {
		row := oracle.Reform{Unit: a.Unit, AdoptedOn: a.AdoptedOn, RevokedOn: a.RevokedOn, Status: a.Status}
		switch a.Status {
		case "planned":
			continue
		case "submitted":
			row.AdoptedOn = a.SubmittedOn
		}
		o.Reforms = append(o.Reforms, row)
	}
	for _, k := range c.Contracts {
		for _, r := range k.Reports {
			o.Projects = append(o.Projects, oracle.Project{ID: r.Code, ContractNo: k.No, Unit: r.Unit, Kind: k.Kind, SignedOn: r.SignedOn, Status: r.Status, AmountFen: r.AmountFen, Version: r.Version})
		}
	}
	return o
}
