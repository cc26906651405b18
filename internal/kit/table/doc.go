// Package table reads and writes tables, as Excel workbooks (xlsx) and as CSV, by one code path.
//
// Reading: Read sniffs the content, never the name, and bounds it; Sheet.Rows streams the rows; Bind finds the columns
// by their titles in any order; Binding.Parse turns a row into typed values and into problems that say what to do.
// Sheet.Notes and Row.Total say what of a workbook is left out, or could be meant otherwise: other sheets, hidden and merged
// cells, sums.
// With Asking, a Day that may be several is asked about (Doubt) and never guessed.
// Writing: Write makes the same rows in both formats, byte for byte the same for the same input; Template makes an
// empty workbook with hints and choices to be filled in.
//
// Money is in fen, days are YYYY-MM-DD (Asia/Shanghai). The package knows no module and no database.
package table

import "embed"

// Texts are the words of this package's errors and problems, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
