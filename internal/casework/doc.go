// Package casework (个案帮扶) follows one child, young person or family from an assessment and a plan over visits with a rhythm to what
// came of it a year later (R35, R45, R48): left-behind children, those in hardship or at risk, those who have offended, and grown-ups
// who are helped to a living.
//
// Terms (vocabulary): case 个案, class 类别 (classes.toml: what is asked, how often one visits, who reads), holder 经办人, lead 负责人,
// assessment 评估, plan 帮扶计划, visit 走访, rhythm 走访间隔, pairing 结对, result 成效 (after twelve months).
//
// Who it is about and what is said is sealed (package seal); the rows here hold class, state and days. Of a class that is Named only
// holder and lead read; of one that is Secret (those who offended) whoever takes a case over reads by a grant of at most 30 days, nobody
// is told that the same person has a case already, and no search finds one. Standing higher opens nothing.
//
// When the next visit is owed is one column (due_on), computed by Case.due whenever something changes, so that "not visited for n days" is
// one question to the database. A case that is paused owes none before the pause ends; a case that is opened again begins anew.
//
// A volunteer is paired only with a valid check (interface Volunteers). Those with an account read and write visits by a grant; it ends
// at once when the check runs out, at the volunteer's next tap or by the clock, and the unit is told.
//
// Above a unit there are counts of closed months alone, published by anon.Release: cases opened, ended and visited. How many are open is
// not published: from two such numbers and the flows between them a small flow would follow by subtraction.
//
// A child that moves is offered with its case to another unit of the city, which sees number and class until somebody there accepts; then keeper, holder
// and lead change, pairings and grants end, and what is owed stays owed. Other modules hear of it (OnPassed).
//
// Where to look: classes.toml and rules.go what each class asks; service.go opening and reading; service_act.go what is done with a
// case; service_pair.go volunteers; service_pass.go handing over to another unit; service_count.go counts; jobs.go what the clock brings.
//
// Routes: /casework (a unit's cases), /casework/new, /casework/{ref} with acts, /casework/{ref}/print; /me/casework (a volunteer's own);
// /api/v1/casework, /api/v1/casework/{ref}, /api/v1/casework/{ref}/visits.
// Neighbours: seal, flow (the inbox), org, record (the heirs of units), audit; volunteers and requests for help by interfaces. Other modules
// lend boxes to a case's page (AddPanel) and may refuse its end (AddCloser).
package casework
