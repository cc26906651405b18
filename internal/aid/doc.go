// Package aid (帮扶, 五助) follows what a committee gives to one young person or family: applied for, looked into, approved, handed over,
// signed for and followed up; and the donors and gifts out of which it is given (R46, R47, R167).
//
// Terms (vocabulary): aid 帮扶, kind 类别 (five ship as a list that each city corrects: 助学 助困 助残 助孤 助医), purpose 用途, donor 捐赠人,
// gift 捐赠, double 重复帮扶.
//
// For whom an aid is, why in words, and what was found stand sealed (package seal), in no version of the record: those who work at the
// very unit read it, units above see number, kind, amount and class of reason. An aid goes its steps in one direction, each by a book's
// version (package record); approval is a case of package flow whose decider follows from the amount (aid_limit).
//
// The same child is found again by keyed hashes of name with identity number, birthday or the guardian's telephone. The comparison
// answers only when an application is kept, by number alone for what other units did, so many times a day for an account, and each
// warning stands in the log; the nearest unit above both is told the two numbers. A second aid for the same purpose and year goes on
// only with a reason that stands on the record.
//
// What is spent of a gift is what the aids given out of it say: it is summed, never kept beside them, and never more than was given.
//
// Where to look: model.go the types; rules.go what is right, marks of a child; service.go applying and reading; service_act.go the
// steps; service_double.go the comparison; service_kinds.go kinds and limits; service_gift.go donors and gifts; figures.go what the
// ledger counts; import.go tables; jobs.go what the clock brings; pages*.go, api.go.
//
// Routes: /aid, /aid/new, /aid/{ref}, /aid/{ref}/{act}, /aid/known/{ref}, /aid/gifts, /aid/gift/new, /aid/gift/{ref}, /aid/gift/{ref}/{act},
// /aid/donors, /aid/donor/new, /aid/donor/{ref}, /aid/donor/{ref}/{act}, /aid/kinds, /aid/thanks (everybody), /api/v1/aids, /api/v1/aids/{ref},
// /api/v1/aid-kinds, /api/v1/aid-gifts.
// Neighbours: org, ledger, record, flow, seal; requests for help by the interface Requests, wired in app.
package aid
