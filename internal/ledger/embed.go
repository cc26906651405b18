package ledger

import "embed"

// Migrations holds the ledger's tables.
//
//go:embed migrations
var Migrations embed.FS

// Texts holds the texts of the ledger's pages.
//
//go:embed i18n
var Texts embed.FS

//go:embed figures.toml
var defaults []byte
