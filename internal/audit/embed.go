package audit

import "embed"

// Migrations holds the tables of the log.
//
//go:embed migrations
var Migrations embed.FS

// Texts are the words of the log's pages, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
