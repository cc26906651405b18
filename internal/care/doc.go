// Package care (关爱) lets young people, their parents and teachers ask a committee for help, and follows each request to its end
// (R164, R165, R166). Whoever asks needs no account and leaves no name: a receipt of sixteen digits and a phrase of their own bring
// them back to the answer.
//
// Terms (vocabulary): desk 求助受理点 (a unit that takes requests: hours, telephone, who answers for it, who is on call), request 求助,
// receipt 回执号, phrase 暗语, urgency 缓急, entry 往来 (a word of either side, a note, a visit or call: one line of time online and
// offline), holder 经办人, lead 负责人, rise 逾期上报.
//
// What is said and who says it is sealed (package seal); the rows here hold when, of which kind and how urgent, and nothing else.
// Of those who work at the desk's unit only its leads and the holder read a request, and whoever is on call until somebody holds it;
// standing higher opens nothing. Each reading stands in the log in its own transaction. What nobody takes up in time rises to the
// unit above, as a task that says how many wait and not what they say.
//
// Words of danger (words.toml) raise a request at once and put the numbers for emergencies before everything else. An intake is
// answered with its receipt only once it is kept: cut off before, the form can be sent again and makes one request.
//
// How many asked is published once a month has ended, by anon.Release: numbers that never change, that lead to no record, and from which
// no number below five can be worked out, by comparing parents with children or months with months.
//
// A request may be handed over to another desk of the city, with the asker's consent and the other desk's acceptance; until then all stays
// where it is. Files that come with a word lie encrypted in the folder of uploads, each under a key of its own that goes when its record is
// erased. Other modules lend boxes to a request's page (AddPanel), may refuse that it is closed or handed over (AddCloser) and hear of
// the latter (OnPassed).
//
// Where to look: model.go the types; rules.go due times, danger, receipts; service_desk.go desks and who is on call; service_ask.go
// what askers do; service.go what the desk does; service_pass.go handing over; service_file.go files; service_call.go calling back; service_slot.go appointments that move and end; jobs.go rising; service_count.go how many asked; pages_ask.go the public pages, pages.go and pages_desk.go the others.
//
// Routes: /me/care/{ref} (who was let in and has no post at a committee), /ask (three steps), /ask/back (with receipt and phrase), /ask/say, /ask/rate, /ask/file, /ask/leave; /care (a unit's desk and
// requests), /care/desk, /care/rule (what is asked of who asks), /care/{ref}, /care/{ref}/{act}, /care/{ref}/file/{no}; /api/v1/care, /api/v1/care/{ref}.
// Neighbours: seal, flow (the inbox), org, account (phrases and their throttle, by the interface Gate), audit.
package care
