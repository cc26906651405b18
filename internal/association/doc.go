// Package association (协会) keeps the associations beside the committees, the volunteer stations (工作站, 分会) that belong to
// an association and to a township's committee at once, and the guidance (指导) that associations give to committees.
//
// Terms (vocabulary): association 关心下一代协会, charter 章程, council 理事会, term 届期, inspection 年检, station 志愿者工作站,
// branch 分会, guidance 指导. The committee guides, the association runs, the team works (R179): a team names both.
//
// An association stands beside one committee, which keeps its record; it is no unit of the tree (docs/decisions/0011). A
// station or a visit is kept by either of its two sides: the township's committee, or the one beside which the association
// stands; it counts once, at the township (R195). What is missing is said on the association's page: a term that ran out
// (R190), a year without inspection, townships that it did not guide (R169). Its charter is shown as it read on the day
// that is asked about (R191).
//
// Routes: /association, /station, /guidance (list, new, export, {ref} with edit, remove, undo, done, known);
// /association/{ref}/do/{act} for charter, officer, end_officer, count, inspection, drop; /api/v1/associations, /stations,
// /guidance.
// Neighbours: record keeps the versions, ledger counts, org says where, people says which teams an association runs.
package association
