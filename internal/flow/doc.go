// Package flow (流转) moves matters through states: who may do what next, how long they have, and what waits for whom.
//
// The course of a matter is data, a Definition: its states, who has to act in each, within how many working or
// calendar days, and which acts lead from one state to another. The definitions that come with the program stand in
// definitions/*.toml; a city puts its own in their place with SetDefinition, for its subtree only; on a page it
// changes the days and who acts (ChangeCourse), and Definition.With refuses a state in which nobody could act. Each text
// has a version and stays; a running case keeps the text with which it began to its end, and with it the days and the
// people of every further step. A course of a unit's own moves with the unit.
//
// Terms:
//   - Case (事项): one matter in its course; it points at a record of another module by kind and Ref.
//   - Step (步骤): one act that was done, by whom and with which reason, day and document.
//   - Task (任务): what one unit has to do now. A state that waits for somebody posts one; modules post others
//     (an agreement that ends, a form to be filled) with AddTask. A task belongs to a unit, not to a person: whoever
//     works at the unit sees it.
//   - Inbox (待办): the open tasks of the units for which a person acts, the earliest day first.
//   - Sent (我发出的): what the unit sent on and others have to do now. What a module sent to many at once is lent to it.
//   - Handover (交接): both lists of a unit on one page, to be printed and signed when a post changes hands.
//   - Substitute (代): another person who does somebody's tasks for a time; every step says so.
//
// The module whose record is dealt with listens with On and writes in the same transaction. Permission and audit stand
// in Open and Act; an act that the definition does not know changes nothing and is logged as refused.
//
// Routes: GET /inbox (?sent=1, ?below=1, ?whose=own|for), GET /inbox/handover, GET /inbox/live (events), GET /flow/{ref}, POST /flow/{ref}/act, POST /inbox/done, GET and POST /flow/substitute,
// GET /courses, /courses/{course} and /courses/{course}/change, POST /courses/{course}/change and /reset,
// GET /api/v1/inbox, GET /api/v1/flow/{ref}, POST /api/v1/flow/{ref}/act.
//
// Neighbours: org gives the units above a record (interface Units, wired in app), audit keeps the log, base, people and
// assess open cases and listen.
package flow
