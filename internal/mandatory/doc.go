// Package mandatory (强制报告) holds what the law makes a duty: whoever finds in their work that a minor was harmed, may have been or is
// about to be, reports it at once to public security. A duty is opened from a matter, such as a request for help, with two taps, and ends
// by "reported": to whom, when, by whom; or by a reason, in the name of somebody who answers for the matter. Until then the matter cannot
// be closed.
//
// Terms (vocabulary): duty 强制报告 (one that has to be reported), situation 情形 (one of the law's nine), subject 事项 (what it was found
// in), rise 逾期上报.
//
// What happened and what was reported is sealed (package seal) and read by exactly those who read the subject; the rows here hold when,
// by whom and to which kind of agency. Above, one hears after an hour that one waits: its number and its unit, nothing else.
//
// Where to look: situations.toml the nine situations, the agencies, the wording of the law; model.go the types; rules.go what a report has
// to say; service.go open, end, read; jobs.go rising; panels.go what is lent to the pages of subjects and units; pages.go, api.go.
//
// Routes: /mandatory (a unit's, open and ended), /mandatory/law, /mandatory/new/{ref} (of a subject), /mandatory/{ref},
// /mandatory/{ref}/{act}; /api/v1/mandatory, /api/v1/mandatory/{ref}.
// Neighbours: seal, flow (the inbox), org, audit. What subjects there are it learns from those who lend them (AddSubjects): it knows none.
package mandatory
