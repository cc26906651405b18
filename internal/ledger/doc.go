// Package ledger (账) is the heart of Xinhuo: bookkeeping applied to social work. A figure is a balance and every
// record is a posting; whoever sees a number can reach exactly the records that make it up.
//
// Terms (vocabulary): record, figure 指标, entry 记账, balance 余额, evidence 佐证, as of 截至, as known at 当时所知.
//
// Other modules publish their records as dated rows (Record, Row) through a Source and call Post in the transaction
// that changes a record; definitions (figures/*.toml, or added by a committee) are data that say which rows count.
// lines, in rules.go, is the one pure function from a record and the tree to its entries; Post writes the difference
// between what the ledger holds of a record and what it ought to hold. So the order of import does not matter, undo is
// the same act backwards, and a unit that moves is a re-posting like any other.
//
// Entries are append-only. A writer puts them into ledger_tail; the one folder gives them their sequence and adds them
// to month cells (fold.go). Reading adds cells, entries of open days and the tail (balance.go) on one snapshot.
//
// Beside the records that a figure counts, LeftOut tells which of a unit's records it did not count, and why: the filter's
// clauses, the rows' days and the tree say so, alike for every kind of record.
//
// Routes: /book (a unit's whole account), /figure/{code} (definition, comparison, course), /figure/{code}/known (what was
// said before), /evidence/{code} (the list: html, csv, xlsx, json), /api/v1/figures…
// Neighbours: org publishes Changed; everything that counts needs this package.
package ledger
