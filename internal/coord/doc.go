// Package coord (联动) holds what a committee sends down the tree and what comes back: notices, tasks and policy documents
// with receipts and answers (R7, R24, R25, R115, R118, R176, R177).
//
// Terms:
//   - Notice (通知、任务、文件): title, text, document number, validity, the day by which answers are due, attachments, points
//     that supervision checks. Without a due day it only has to be received. One notice may replace another (替代).
//   - Issuers (发文单位): the lead and the committees that issue with it, whose units are asked once they have joined in
//     (会签); beside them bodies outside the tree, by name. A notice is found under each of them (R24).
//   - Recipients (应收单位): units of some levels below an issuer that stood on the day of issue; or those that a rule finds,
//     by a figure of each unit on that day (“townships without a psychology team”); or units by name. Levels and rules are
//     a question to the tree and the ledger, never a list: issuing to 40,000 townships writes one row. A rule answers
//     about the day of issue with what is known today, so that its evidence is the ledger's own and a late entry corrects
//     it; a rule that is fixed keeps the units that it found when the notice was issued.
//   - Obligation (分解的任务): one thing that some levels of the recipients have to do, with a day of its own (R7).
//   - Field (栏目): a question. Bound to a figure the ledger answers as of the due day and nobody types; one that sounds like
//     a figure is refused until it is bound or says why it is another thing (R176).
//   - Reply (办理): what one unit did: received (签收), read (阅知), handed on with wording and an earlier day of its own (转发),
//     sent back with a question (退回提问), carried out (落实). It is written when the unit does something; whoever has none is
//     late once the day has passed. What is late stands before the unit right above, and each week one level higher.
//
// Routes: /notice, /notice/new, /notice/export, /notice/{ref}, /notice/{ref}/{act}, /notice/{ref}/file/{hash},
// /notice/{ref}/paper/docx, /notice/{ref}/unit/{unit}… (the unit's own answer), /notice/{ref}/over/{unit}/{act} (what units above write into it),
// /notice/known/{ref}, /api/v1/notices….
// Neighbours: dispatch settles who issues and joins in, org gives units and the SQL of its tree (org.StandingSQL), ledger counts, answers fields and finds units by a
// figure (ledger.UnitsSQL), record keeps versions, flow carries reminders and shows in inboxes what waits (flow.Lend).
package coord
