// Package oracle recounts a city by brute force.
//
// It holds a city as plain rows (the columns of the CSV exchange format), and
// answers the sixteen figures and their evidence with nested loops written from
// the definitions alone. It shares no code with the ledger and imports nothing
// of the program: a figure on which both agree was reached by two ways, and the
// property tests lean on exactly that. Speed is no aim here; being obviously
// right is.
//
// Conventions: days are "YYYY-MM-DD" texts that compare as days do, an empty end
// means "still", every end is the first day on which the thing no longer stands,
// money is in fen.
//
// random.go makes hostile cities, mutate.go makes random edits with an inverse.
package oracle
