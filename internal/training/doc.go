// Package training (培训) keeps the training courses (培训班) of a unit's yearly plan, who came, the certificates and the
// competence that they give, and which documents were studied.
//
// Terms (vocabulary): course 培训班, plan 培训计划, attendance 到课, certificate 结业证书, renewal 到期复训, competence 专业能力, skill matrix
// 能力表, study 学习.
//
// A course is one record: planned for a month, held on days, or cancelled. It names the volunteers who came, with the
// minutes they were there and whether they passed; cadres of units are numbers only. One person counts once a course
// (R173). Whoever passed a course that gives a competence has a certificate: its number is the course's code and a count
// that is never given again, and anyone who has its code can check it without signing in.
//
// What a person holds follows from all courses: it is published as a record of its own, "trainee", so that a person who
// came to three courses is one trained person, and a renewed certificate is not due. A document is studied by the unit
// that held the course and by the units of those who came (R85).
//
// Routes: /training (list, plan, renewals, study, skills, words, new, export, {ref} with edit, attend, certificate,
// cadres, drop, cancel, remove, undo, done, known); /trainee/{ref}, what a volunteer learnt; /trained/{ref}, open to anyone who has a certificate's code; /api/v1/training.
// Neighbours: record keeps the versions, ledger counts, org says where, volunteer says who and keys the codes, people says
// who is in a team.
package training
