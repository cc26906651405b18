package demo

import (
	"fmt"
	"sort"
)

// paper is a document number to be given.
type paper struct {
	prefix string
	day    string
	into   *string
}

// numberDocuments gives every document of an issuer the next number of its year,
// in the order of days, as an office's register would. It runs last, when the
// records no longer move.
func (m *maker) numberDocuments() {
	var papers []paper
	add := func(issuer, day string, into *string) {
		if day != "" {
			papers = append(papers, paper{m.shortName(issuer) + "关委", day, into})
		}
	}
	c := &m.city
	for i := range c.Units {
		u := &c.Units[i]
		if u.Parent != "" {
			add(u.Parent, u.FoundedOn, &u.FoundingDoc)
		}
		if u.EndReason != "" {
			add("9902", u.ValidTo, &u.EndDocNo)
		}
	}
	for i := range c.Bases {
		for j := range c.Bases[i].Accreditations {
			a := &c.Bases[i].Accreditations[j]
			if a.GrantedOn > c.Day { // decided already, counted from a later day
				add(a.Issuer, a.Steps[2].Day, &a.DocNo)
			} else {
				add(a.Issuer, a.GrantedOn, &a.DocNo)
			}
			add(a.Issuer, a.RevokedOn, &a.RevokeDocNo)
		}
		for j := range c.Bases[i].Agreements {
			a := &c.Bases[i].Agreements[j]
			papers = append(papers, paper{m.shortName(c.Bases[i].Host) + "关协", a.Signed, &a.No})
		}
	}
	for i := range c.Teams {
		t := &c.Teams[i]
		add(m.unit(t.Unit).Parent, t.ApprovedOn, &t.ApprovalDoc)
	}
	for i := range c.Adoptions {
		a := &c.Adoptions[i]
		if a.AdoptedOn > c.Day {
			add("9902", iso(m.ago(1)), &a.DocNo)
		} else {
			add("9902", a.AdoptedOn, &a.DocNo)
		}
		add("9902", a.RevokedOn, &a.RevokeDocNo)
	}
	sort.SliceStable(papers, func(i, j int) bool { return papers[i].day < papers[j].day })
	last := map[string]int{}
	for _, p := range papers {
		key := p.prefix + p.day[:4]
		last[key]++
		*p.into = fmt.Sprintf("%s〔%s〕%d号", p.prefix, p.day[:4], last[key])
	}
}

// shortName is what stands before 关委 in a document number. Only the city has a
// single character, for 东江省 and 东渡区 would share theirs.
func (m *maker) shortName(code string) string {
	if code == m.city.Home {
		return "云"
	}
	return stem(m.unit(code).Name)
}
