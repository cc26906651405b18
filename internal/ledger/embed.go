package ledger

import "embed"

// Migrations holds the ledger's tables.
//
//go:embed migrations
var Migrations embed.FS

// Texts holds the texts of the ledger's pages.
//
//go:embed i18n
var Texts embed.FS

// The figures that ship with Xinhuo, a file for each subject. A definition is data: what counts (record, filter, amount,
// window), what it is called, and the sentence that stands beside the number wherever it is shown. A committee may add
// its own. Filters read the attributes that the record's module publishes (its figures.go). End days are the first day
// on which a thing no longer stands.
//
//go:embed figures
var shipped embed.FS

// subjects are the files in the order in which figures are listed; what a figure reads stands before it.
var subjects = []string{"base", "unit", "team", "reform", "project", "volunteer", "activity", "campaign", "association", "feedback", "training", "signal", "aid", "coord", "meeting", "contact", "plan", "survey", "guarantee", "library"}
