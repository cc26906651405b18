// Package contact (联络) holds what a committee does with bodies beside the tree: the register of these bodies (R59), what it asks
// of them (R60), the log of its contacts (R63, R66, R69), and whether the three mechanisms of working together are at work
// (R61, R62).
//
// Terms:
//   - Body (协作部门): education, justice, civil affairs, the Youth League, the Women's Federation …, registered by a unit at
//     its level. Units below it work with it, too. One that ended stays, with its last day.
//   - Seat (部门的账号): an account that stands for a body. It holds no post and no grant, so that every page of a unit refuses
//     it; /shared is all that it reaches: tasks of its body, entries that were shared with it, and what other modules lend
//     (Share) after asking Mine.
//   - Task (交给部门的事项): what a unit asks of bodies. Exactly one leads and says when all is done; others help and report.
//   - Contact (联系记录): a talk with a body, an agreement, an activity carried out with it, something lent to it or borrowed
//     from it. It names its body by words; when a body of that name is registered at the unit or above it, it is that one's.
//   - Mechanism (机制): coordination, linked activities, complementary resources. Kinds of records prove each, as figures of
//     the ledger; a year without any is flagged.
//
// Routes: /contact, /body and /assign, each with new, {ref}, {ref}/{act}, known/{ref}, export; /mechanism;
// /shared, /shared/{ref}, /shared/{ref}/{act}, /shared/entry/{ref} for the accounts of bodies;
// /api/v1/contacts, bodies, assignments, mechanisms, shared.
// Neighbours: org gives units, record keeps versions, ledger counts, flow tells a unit that a body reports. Accounts are asked through an interface.
package contact
