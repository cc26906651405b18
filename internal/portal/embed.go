package portal

import "embed"

// Migrations holds the tables of this module.
//
//go:embed migrations
var Migrations embed.FS

// Texts are the words of this module's pages, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS

//go:embed limits.toml
var limitsFile []byte
