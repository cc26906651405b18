// Package plan (工作计划) holds what a committee sets out to do in a year, and compares it with what its records say was done.
//
// Terms:
//   - Plan (年度计划): one a year and unit (R181). It names the duties (方面) under which its work is sorted, four by custom, of
//     which each should have an item (R180). It is issued when the committee has signed it and, where it was drawn up
//     together with the association, the association has, too (R182).
//   - Item (计划事项): one thing to be done by the end of a quarter or of the year: who, for how much, and, when it can be
//     counted, by which figure and how many. What was done is never typed: it is that figure's balance, with its records
//     behind it (R124, R181). An item without a result after its last day is late, and stands on a list until it has one (R22).
//   - Measure (改革举措): an item that changes how work is done; its effect is its figure at the beginning of the year and
//     now (R148).
//   - Source (来源): the higher document and the very paragraph from which an item was taken (R84).
//   - Scheme (方案): how a large activity is to be carried out; it has to be approved before the item can be reported as
//     done (R136).
//   - Central task (中心任务): what a year is about, set by a unit for itself and those below it, civic programmes among them
//     (R21, R37). Items serve it, and what was done for them is listed under it. ×× in a name stands for the place that
//     reads it (R38).
//
// Routes: /plan, /plan/new, late, measures, export, /plan/{ref}, /plan/{ref}/{act}, /plan/known/{ref}; /plan/item/{ref} with
// the same; /central with the same; /api/v1/plans, plan-items, central-tasks.
// Neighbours: org gives units, record keeps versions, ledger counts and is asked for what was done. Activities, courses and
// meetings that carried an item out are found through an interface (Works).
package plan
