package record

import "embed"

// Migrations holds the tables of versions and imports.
//
//go:embed migrations
var Migrations embed.FS

// Texts holds the texts of the import pages and of histories.
//
//go:embed i18n
var Texts embed.FS
