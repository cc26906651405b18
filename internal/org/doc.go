// Package org (组织) is the tree of committees in time: units with their names, kinds, places and parents as dated
// relations, so that the tree of any day can be asked (R57, R150), and what hangs on a unit: offices and their holders
// (R10, R12), Party organisations and leaders in charge (R1, R2, R50), ties beside the tree (R55, R195), facts of
// enterprises (R26, R31, R54), the founding of a committee (R52) and the coverage (R49, R53).
//
// Terms. A unit's key never changes; its place (pos) is a number of the block of its parent and changes with a move.
// A place once given is never given again. Each end day is the first day on which the thing no longer stands. A unit
// that has ended keeps its last place open: its records stay there, and move when the units above move; when an heir took
// it over, they stand where the heir stands, and go along when the heir moves or is taken over in its turn. A founding
// that was taken back leaves a unit with From = To.
//
// An appointment entered by mistake is taken back (RemovePost) and stays on record; it can be restored. The kinds of office
// are data: those that ship, and a unit's own for itself and all below (AddPostKind); a unit may call one otherwise or hide
// it (CallPostKind), and the nearest unit above has the last word.
//
// An event (found, merge, split, move, rename, kind, close, reopen, form) may be entered late, for a day before others
// that are known already; it leaves a trace of each unit it touched, by which it is taken back exactly, or refused when
// something was changed since. Listeners (OnChanged) hear the whole state of each touched unit, and then of those
// it has taken over, in the same transaction.
//
// Routes: /tree, /unit/{unit} with /children, /posts, /offices and /do/{act}, /coverage, /unit/import, /unit/export, /api/v1/units.
// Other modules lend boxes to the unit's page (AddPanel).
//
// Neighbours: account (posts give rights: RightsOf, Tree) and audit below; ledger hears Changed; all modules above ask
// the tree.
package org
