package app

import (
	"xinhuo/internal/campaign"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// campaign makes one that the unit issues, which all below it know, and one that it only drafts; then what the unit did
// about a campaign of its province.
func (s *seeder) campaign(u org.Unit) error {
	from := len(s.seeds.canaries)
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	c := campaign.Campaign{Unit: u.ID, Code: w("campaigncode"), Title: w("campaign"), Slogan: w("slogan") + ragged, Text: w("campaigntext") + ragged, Documents: []string{w("campaigndoc") + "、上下册" + ragged}, Topic: "law",
		From: "2019-05-01", Last: "2019-06-30", IssuedOn: "2019-05-02", Targets: campaign.Targets{Levels: []org.Level{org.City, org.County, org.Township, org.Village}}}
	ref, err := s.a.Campaign.Create(s.ctx, c, record.Change{})
	if err != nil {
		return err
	}
	for i := from; i < len(s.seeds.canaries); i++ { // known to every unit below
		s.seeds.canaries[i].rng = u.Range()
	}
	s.seeds.add("campaign", u.Code, ref.String())
	c.Code, c.Title, c.Slogan, c.Text, c.Documents, c.IssuedOn = w("draftcode"), w("draft"), "", "", nil, ""
	if _, err := s.a.Campaign.Create(s.ctx, c, record.Change{}); err != nil {
		return err
	}
	if u.Level == org.Province {
		return nil
	}
	above, err := id.ParseRef(s.seeds.refs["campaign"]["99"])
	if err != nil {
		return err
	}
	from = len(s.seeds.canaries)
	d := campaign.Duty{Campaign: above, Unit: u.ID, ReceivedOn: "2019-05-03", PlannedOn: "2019-05-04", Wording: w("wording") + ragged, ReportedOn: "2019-05-20"}
	s.seeds.canaries[from].rng = u.Range() // holds for the units below, too
	d.Report = w("dutyreport") + ragged
	_, err = s.a.Campaign.Enter(s.ctx, d, record.Change{})
	s.seeds.add("duty", u.Code, above.String())
	return err
}
