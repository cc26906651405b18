package search

import "embed"

// Texts are the words of this package's errors, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
