// Package seal (封存) keeps what is recorded of a minor so that only those who need it can read it, and keeps the consent
// of guardians (R133).
//
// A sealed record has a data key of its own; its fields are encrypted with it (AES-256-GCM), bound to their table, column,
// record and field, so that a ciphertext moved elsewhere does not open. Data keys are wrapped by a key that is not in the
// database but in a file beside it (keys.go). Without that file nothing opens, and nothing is lost.
//
// Who opens: the keeper, which is who works in the very unit where it was entered, who works in a unit that the owner names
// beside it (a host that has agreed), and whoever has a live grant (who, of which record, for what, until when). Standing higher
// in the tree opens nothing: there are counts alone. Each reading and each refused attempt stands in the log, which the keeper and
// its auditor read; a reading whose row cannot be written does not happen.
//
// Who erases: the keeper, and who entered something by mistake, and the clock (jobs.go) when the module to which it belongs says
// that it has been kept as long as it may be. Afterwards it says by whom, when and why; never what.
//
// Terms (vocabulary): sealed record 封存记录, grant 查看授权, consent 监护人同意, erase 销毁, key file 密钥文件.
//
// Where to look: model.go the types; keys.go the key file and the ciphers; service.go Seal, Open, Find, Rotate;
// service_grant.go Grant, Revoke, Readings, KeptBy; service_erase.go Erase, Erasures; service_consent.go Consent, Withdraw, Counts;
// pages.go and pages_act.go who may look, who has looked, letting in and erasing.
//
// Routes: /seal (what a unit keeps, in numbers), /seal/{ref} (of the record to which it belongs: grants, readings, erasures),
// /seal/{ref}/readings, /seal/{ref}/grant, /seal/{ref}/revoke, /seal/{ref}/erase, /api/v1/seal/{ref}/grants, …/readings. What is
// sealed is read on the pages of the module to which it belongs, which tells of it with AddMatters.
// Neighbours: org (units; a box on their pages), audit; activity keeps participants here.
package seal
