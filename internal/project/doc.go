// Package project (项目) keeps the contracts of service projects that units win: bought by government (政府购买服务) or
// from a venture fund for the public good (公益创投), with the money signed and, kept apart from it, the money received.
//
// Terms (vocabulary): contract 合同, report 上报 (one version of a contract as one unit tells it), version 版本,
// receipt 到账, void 作废.
//
// A contract is one number within a city. Several units may report it, and it may be amended: the highest version of any
// reporter decides day, state and money at every reporter, and it counts once at each of them and once at each unit above
// them (R204). Money received is dated by the day on which it arrived (R205).
//
// A unit that enters a number which others reported joins that contract, once it has said that it is the same one; joining
// stands in the log and in the history. Contracts and receipts are imported as tables of their own.
//
// Routes: /project (list, totals, trend), /project/new, /project/export, /project/{ref} with version, edit, void, receipt,
// withdraw, undo, done; /api/v1/projects, /api/v1/projects/{ref}.
// Neighbours: record keeps the versions, ledger counts, org says where; the unit's page borrows a panel.
package project
