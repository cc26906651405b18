// Package feedback (活动反馈) asks those who were at an activity what they thought of it: a code on paper, a page without
// login, three questions (R111), and the mean with the number of answers (R199).
//
// Terms (vocabulary): round 一轮反馈 (an activity has one; it may be opened again), answer 一份反馈, slip 一次性反馈票, set
// aside 另放 (kept and shown, not counted), admit 计入 (the host counts them after all, with a reason).
//
// A Round is a record: record.Book keeps its window and, once it is closed, its Outcome. Answers are rows of their own,
// belong to nobody and say nothing about who wrote them. Figures come from closed rounds alone, and what fewer than five
// people said is shown to nobody, the host included.
//
// # Who would stuff the box, and what stands in the way
//
//   - Somebody with the link and patience. The link is signed for one activity and ends with its window; answers from one
//     network address beyond Burst within BurstMinutes, or beyond a quarter of the people in all, are set aside, shown as
//     such, and never counted in silence. A new browser, a cleared cookie or another telephone in the same network change
//     nothing: nothing but the address is looked at.
//   - Somebody with many addresses (a mobile network gives out new ones): no more answers count than people were reported.
//     What comes after them is beyond the head count. Inside the head count a stuffer with many addresses wins in the open
//     mode; the strong mode is slips: so many single-use codes as there are people, printed and handed out in the room, and
//     no answer without one.
//   - The host, who has most to gain. The host can admit what was set aside, since a school's pupils share one address; it
//     costs a reason, stands in the history and in the log, and the number admitted stands beside the mean and in a figure
//     of its own. The host can print slips and fill them in alone: that no software prevents, and an inspector compares
//     the hands. A head count made larger to let more answers in is a version of the activity.
//   - Somebody who wants to fill the disk: a bound on what is kept of a round, and on what one address may send.
//
// Addresses are not kept. An answer carries a keyed hash of its address (a 64-bit network for IPv6) until the round is
// closed; then key, hashes and times are struck out, so that nobody can tell afterwards which came from where or when.
//
// Routes: /f/{ref} (public, without cookie or script), /feedback, /feedback/{ref} (of the activity), its open, close,
// admit, slips, export; /api/v1/activities/{ref}/feedback.
// Neighbours: activity (which lends a place on its page), record, ledger, org.
package feedback
