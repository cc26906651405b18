// Package meeting (会议) keeps the meetings of a unit, those who belong there and came, what was said, the minutes, and the
// decisions, which are tasks with exactly one lead and a day.
//
// Terms (vocabulary): joint meeting 联席会议, full session 全体会议, director's office meeting 主任办公会, meeting of a level
// above 上级会议, member body 成员单位, minutes 会议纪要 (draft 草稿, approved by the chair 核定, issued 印发), decision 议定事项,
// lead 牵头单位, assisting 配合单位, exchange speech 交流发言. The kinds of meeting are data.
//
// A member body is a unit of the tree below the one that meets, or a body beside the tree by its name (Party); which names
// are bodies with an id is asked of Partners, an interface that app fills in. Units that are invited see the meeting,
// answer for themselves, as a registered body does by its own account (/shared/meeting, /shared/decision), and see nothing of
// the minutes before the chair has approved them. Units that lead a decision or
// help with it see it, report on it, and may close it with evidence; all else is done by the unit that decided.
//
// What waits is lent to the inbox and kept nowhere (flow.Lend): invitations without an answer, decisions that are due,
// minutes that were not issued.
//
// Routes: /meeting (list, bodies, kinds, new, export, {ref} with known, done, undo, do/{act}, speech/{no}, file/{hash},
// paper, minutes, tasks); /decision (list, overdue, export, {ref} with known, done, undo, do/{act}, file/{hash});
// /api/v1/meetings, /api/v1/decisions.
// Neighbours: record keeps the versions, ledger counts, org says where, flow shows what waits.
package meeting
