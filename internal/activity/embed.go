package activity

import "embed"

// Migrations holds the tables of activities.
//
//go:embed migrations
var Migrations embed.FS

// Texts are the words of this module, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
