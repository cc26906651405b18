package feedback

import "embed"

// Migrations holds rounds, answers and the keys of the links.
//
//go:embed migrations
var Migrations embed.FS

// Texts are the words of this module's pages, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
