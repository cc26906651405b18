// Package search finds words in texts of Chinese and English, on both engines alike. It takes a text apart into units (a
// Chinese character, or a word of other letters or digits) and keeps every pair of neighbours, so that any two characters
// are found wherever they stand (L29), without a dictionary, which would miss names. Titles, names and people are found by
// pinyin and its initials, too. Where each token stands is kept in packed pages of our own, in parts that are merged as they become many
// (docs/decisions/0027): which documents answer, and how well, is told from them alone, so that both engines agree.
//
// An Index is derived: its tables are made at start, named …_search_…, left out of copies between databases and of the
// schema dumps, and can be made anew from the texts at any time, piece by piece. Who may see what is the caller's condition, inside the
// same statement.
package search
