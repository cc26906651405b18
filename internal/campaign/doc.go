// Package campaign (主题教育) holds what is educated about together over a time: a theme that one committee, or several,
// issue to all units below them, and what each unit does about it (R67, R68, R113, R114, R116, R117, R139).
//
// Terms:
//   - Campaign (主题教育): title, slogan, topic, its days, the day by which reports are due, and to whom it goes. A
//     campaign about an anniversary names itself: the year of the event gives the number (R114).
//   - Issuers (发文单位): the lead unit and those that issue with it. The units below an issuer are asked only once it
//     has joined in (会签): nobody sends work into another's subtree.
//   - Targets (应收单位): units of the chosen levels below an issuer that stood on the day of issue and still stand.
//     They are a question to the tree, never a list: issuing to 40,000 townships writes one row.
//   - Duty (任务): what one unit did: received (签收), fitted to its own circumstances (结合实际部署) with wording and an
//     earlier day of its own, reported (上报). It is written when the unit does something; whoever has none is late (未报).
//     A unit between issuer and targets may deploy, too: its wording and its day hold for the units below it.
//   - Part of (属于): a campaign may stand within others, never in a circle; what is done in it counts in all of them,
//     once in each (R117).
//   - Concentrated period (集中开展期间): days within the campaign for which counts are given apart (R139).
//   - Key day (重要日子): a day of every year around which is educated, by the common or the lunar calendar or a solar term; the list
//     is a city's own (R112, R138). Where it says so, a committee without a campaign on it is reminded some days before.
//
// Routes: /campaign, /campaign/new, /campaign/days, /campaign/export, /campaign/{ref}, /campaign/{ref}/{act}, /campaign/{ref}/duty/{unit},
// /campaign/{ref}/duty/{unit}/{act}, /campaign/known/{ref}, /api/v1/campaigns….
// Neighbours: dispatch settles who issues and joins in, org gives units and the SQL of its tree (org.StandingSQL), record keeps versions, ledger counts, flow
// carries reminders and shows in inboxes what waits (flow.Lend). activity asks Open and Chain.
package campaign
