// Package base (阵地) keeps the out-of-school education bases: what they are, who runs them, which plaques they hold,
// how far they meet the city's standard, and what is done about the gaps. It is the module that others are modelled on.
//
// Terms (vocabulary): base 阵地, accreditation 授牌, revoke 摘牌, run mode 自建自管 共建共管 他建他管, standard 七有 (its
// items are data that a city words itself), agreement 共建协议, yearly check 年度检查, improvement plan 提升计划.
//
// One Base is one record: record.Book keeps it whole as a chain of versions, asks for the right at the host unit,
// writes the log and posts to the ledger. The module's own tables hold only what its lists filter by; Put writes them
// anew with every version. A base is counted once however many plaques it holds (R88): figures.go publishes a row for
// each plaque and the ledger takes their union.
//
// Where to look: model.go the record; rules.go what is right and what follows from it; service.go who may do what;
// service_act.go the acts on one base; service_flow.go what approvals do; store.go the lists; pages_act.go the forms,
// one entry of a table each.
//
// Routes: /base, /base/{ref}, /base/new, /base/{ref}/{act}, /base/matrix, /base/rank, /base/settings, /base/export,
// /api/v1/bases.
// Neighbours: org (units), record (versions, import), ledger (figures), flow (approvals, inbox), kit/blob (photos).
package base
