// Package people (队伍) keeps the teams of volunteers of each unit: what they do (need), who leads them, from when to
// when they stand. Volunteers themselves, associations and training come later.
//
// Terms (vocabulary): team 工作团队, need 需要 (what the young need of it: 心理健康, 法治宣讲 …; the list is data and a city
// may add to it), proposed 待批, approved 已批准, dissolved 已解散.
//
// A team counts from the day on which it was founded, once approved, until the day on which it was dissolved or its unit
// ended (R171, R172). The bands of townships by their number of teams are definitions of the ledger; this package asks
// them and makes each a list to work on.
//
// Routes: /team (list, and a band of townships by ?band=), /team/new, /team/export, /team/needs, /team/{ref} with edit,
// approve, dissolve, remove, undo, done; /api/v1/teams, /api/v1/teams/{ref}.
// Neighbours: record keeps the versions, ledger counts, org says where; the unit's page borrows a panel.
package people
