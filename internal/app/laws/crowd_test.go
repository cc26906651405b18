package laws

import (
	"testing"

	"xinhuo/internal/app/oracle"
	"xinhuo/internal/kit/testkit"
)

// R3 R88 R90 R92 R151 R171 R172: a hundred thousand records obey the law as a hundred do: half of them folded, all folded,
// and after edits among them that are taken back. Every figure at every unit equals the recount, and its evidence at some.
func TestHundredThousandRecords(t *testing.T) {
	testkit.Full(t)
	b := open(t)
	c := oracle.Random(1, oracle.Medium)
	b.found(c.Units)
	oracle.Crowd(&c, 1, 50_000)
	b.load(c)
	b.must(b.led.Fold(b.ctx))
	oracle.Crowd(&c, 2, 50_000)
	b.load(c)
	if n := len(b.recs["team"]) + len(b.recs["base"]); n < 100_000 {
		t.Fatalf("%d records", n)
	}
	k := checker{t: t, ctx: b.ctx, led: b.led, units: b.units, what: "loading"}
	everywhere := func(day string) {
		t.Helper()
		for unit, want := range oracle.AllFigures(c, day, nil) {
			for figure, w := range want {
				k.equal(c, unit, figure, day, nil, w)
			}
		}
	}
	k.agrees(c, []string{"P", "C0", "C0T0"}, oracle.Codes, "2019-05-31", nil)
	b.must(b.led.Fold(b.ctx))
	k.what = "folding"
	everywhere("2012-02-29")
	before := c.Clone()
	for i := range c.Teams {
		if i%997 == 0 {
			c.Teams[i].Unit = c.Units[i%len(c.Units)].ID
		}
	}
	for i := range c.Accreditations {
		if a := &c.Accreditations[i]; i%997 == 0 && a.Status == "granted" && a.GrantedOn < "2019-05-31" {
			a.Status, a.RevokedOn = "revoked", "2019-05-31"
		}
	}
	oracle.Crowd(&c, 3, 50)
	b.follow(c)
	k.what = "edits"
	everywhere("2019-05-31")
	k.agrees(c, []string{"C", "C1"}, oracle.Codes, "2019-05-31", nil)
	c = before
	b.follow(c)
	k.what = "taking the edits back"
	everywhere("2019-05-31")
	k.agrees(c, []string{"P"}, oracle.Codes, "2019-05-31", nil)
	rep, err := b.led.Verify(b.ctx, nil)
	b.must(err)
	if len(rep.Faults) > 0 {
		t.Fatalf("verify: %v", rep.Faults)
	}
}
