package seal

import "embed"

// Migrations holds the tables of sealed records, grants and consents.
//
//go:embed migrations
var Migrations embed.FS

// Texts are the words of this module, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
