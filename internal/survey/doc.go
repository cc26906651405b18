// Package survey (调查研究) asks units what stands, and says what was found out.
//
// Terms:
//   - Survey (调查): a title, its basis, a due day and questions, issued to the units of some levels below its issuer about
//     each unit itself, or to whoever hosts a base (阵地) about each: the survey of all bases (阵地普查, R103). Whom it goes to
//     is a question to the tree as it was on the day of issue, never a list; about bases, to those who host what the register
//     held on that day.
//   - Question (问题): a choice, several choices, a number, words or a day. One that is bound to a field of the register asks
//     for what the register holds already: the unit confirms or corrects it.
//   - Answer (答复): one for each unit, of one entry for each base, kept as a draft until it is sent. The issuer sends it
//     back with a reason, or accepts it.
//   - Merge (并入): accepting writes the corrections into the register, as a new version of each base that names the
//     survey and the unit. It is refused, and nothing is written, when the register no longer holds what the unit saw. The
//     issuer takes it back as any change, within ten minutes, together with the acceptance.
//   - Questionnaire (匿名问卷): a code, a page without login, ticks alone (R156, R160). Addresses are compared, never kept; bursts are set
//     aside as feedback does (kit/anon). What is told is counts, none below five and none that follows from the rest; every sheet is
//     erased when it is closed. Needs are those of the list by which teams are found.
//   - Research report (调研报告): topic, sites, authors, findings, the day it was finished, who adopted it and when; listed by
//     year (R185).
//
// Routes: /survey, /survey/new, /survey/{ref}, /survey/{ref}/{act}, /survey/known/{ref}, /survey/results/{ref},
// /survey/{ref}/unit/{unit} with its acts; /research and /poll with the same; /q/{ref} (public); /api/v1/surveys…, /api/v1/research…, /api/v1/polls….
// Neighbours: org gives units and the SQL of its tree, record keeps versions, ledger counts, flow shows in inboxes what
// waits. The register of bases is an interface (Register): survey never sees a base's tables.
package survey
