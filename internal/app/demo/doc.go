// Package demo invents the demonstration city: 东江省云州市, which exists nowhere.
//
// Generate makes the whole city for a day: the tree with its Party links and
// posts, bases with plaques, agreements, standards, checks and plans, teams,
// contracts with versions and receipts, the reform programme with plans and
// slips, and the accounts to sign in with. Everything is dated relative to that
// day, so that a demonstration made today opens on believable figures, a full
// last year, a seven-year window, and work that is due this week.
//
// The same day and seed give the same city, byte for byte. The package knows no
// database and no module; whoever imports the city maps its structs to services.
// City.Oracle flattens it for the recount.
//
// Names of people and places are invented; telephone numbers lie in 0500-555, a
// block that no exchange has; division codes begin with 99, which no province has.
package demo
