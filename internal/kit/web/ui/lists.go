package ui

import "strings"

// column is the i-th column, or a plain one when a row has more cells than the
// table has columns.
func (t Table) column(i int) Column {
	if i < len(t.Columns) {
		return t.Columns[i]
	}
	return Column{}
}

func (c Column) cellClass() string {
	return classes(when(!c.Block, "i"), when(c.Right, "r"))
}

// kindClass lets only the known kinds of Mark through.
func kindClass(kind string) string {
	switch kind {
	case "p", "w", "e":
		return kind
	}
	return ""
}

// cut splits text around the first place of part.
func cut(text, part string) (before, after string, ok bool) {
	if part == "" {
		return "", "", false
	}
	return strings.Cut(text, part)
}
