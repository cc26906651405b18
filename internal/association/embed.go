package association

import "embed"

// Migrations holds the table that lists and filters need.
//
//go:embed migrations
var Migrations embed.FS

// Texts are the words of this module's pages, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
